//! A lead's clock is long out and nobody has reached for them: somebody who manages should know.

use super::{MOST_REASONS, Proposal, new_lead};
use crate::{
    domain::{
        alert::{Icon, Reason, RuleKind},
        picture::Picture,
        rule_setting::Knob,
        time::At,
    },
    engine::wording::phrases,
};

/// Stands from thirty minutes of store hours after the oldest lead that waits, or as long as the store set it, as long as the lead itself.
pub(super) fn propose(picture: &Picture, now: At) -> Option<Proposal> {
    let from = begins(picture, now).filter(|from| *from <= now)?;
    let card = new_lead::about_waiting(picture, RuleKind::LeadUntouched, now)?;
    let asked = card.headline.strip_prefix(&phrases::who(picture.customer)).unwrap_or_default();
    let minutes = picture.rules.value(RuleKind::LeadUntouched, Knob::WaitMinutes);
    let waits = Reason { at: from, icon: Icon::Store, text: format!("Nobody reached for them in {minutes} minutes of store hours"), vehicle: None };
    let mut reasons = card.reasons.clone();
    reasons.insert(0, waits);
    reasons.sort_by_key(|r| std::cmp::Reverse(r.at));
    reasons.truncate(MOST_REASONS);
    Some(Proposal {
        headline: format!("Nobody has reached for {}, who{asked}", phrases::who(picture.customer)),
        short: format!("Untouched: {}", lower(&card.short)),
        reasons,
        ..card
    })
}

/// When the rule begins to stand, if nothing happens.
pub(super) fn begins(picture: &Picture, now: At) -> Option<At> {
    let waiting = new_lead::waiting(picture, RuleKind::LeadUntouched, now);
    let oldest = waiting.iter().map(|l| l.received).min()?;
    let minutes = u16::try_from(picture.rules.value(RuleKind::LeadUntouched, Knob::WaitMinutes)).unwrap_or(u16::MAX);
    Some(picture.rooftop.after_open_minutes(oldest, minutes))
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            alert::Level,
            ids::LeadId,
            time::{HOUR_MS, MINUTE_MS},
        },
        engine::sample::{Sample, hours_ago, now},
    };

    fn waiting(minutes: i64) -> Sample {
        Sample::dana().lead(1, 0, |l| l.received = now().plus_ms(-minutes * MINUTE_MS))
    }

    #[test]
    fn it_stands_once_the_lead_has_waited_long_in_store_hours() {
        for (minutes, stands) in [(0, false), (29, false), (30, true), (60, true)] {
            assert_eq!(propose(&waiting(minutes).picture(), now()).is_some(), stands, "{minutes}");
        }
        assert_eq!(begins(&waiting(10).picture(), now()), Some(now().plus_ms(20 * MINUTE_MS)));
        // Last evening at eleven; the store opened at nine, forty-one minutes ago.
        let night = waiting(10 * 60 + 41);
        assert_eq!(begins(&night.picture(), now()), Some(now().plus_ms(-11 * MINUTE_MS)));
        assert!(propose(&Sample::dana().lead(1, 170, |_| {}).picture(), now()).is_none(), "a week is over");
    }

    #[test]
    fn whoever_was_reached_is_not_untouched() {
        assert!(propose(&waiting(60).change(|s| s.last_store_touch = Some(now().plus_ms(-HOUR_MS / 2))).picture(), now()).is_none());
        assert!(propose(&waiting(60).change(|s| s.leads[0].answered = Some(now())).picture(), now()).is_none());
    }

    #[test]
    fn the_clock_is_that_of_the_oldest_and_the_matter_is_the_newest() {
        let card = propose(&waiting(60).lead(2, 0, |_| {}).picture(), now()).unwrap();
        assert_eq!((card.matter.lead, card.evidence, card.level, card.first_response), (Some(LeadId(2)), hours_ago(0), Level::ActNow, true));
        assert_eq!(card.headline, "Nobody has reached for Dana, who asked again about the 2022 CR-V (#24117) through Cars.com.");
        assert!(card.short.starts_with("Untouched: asked"), "{}", card.short);
        assert!(card.reasons.iter().any(|r| r.text == "Nobody reached for them in 30 minutes of store hours"));
    }
}
