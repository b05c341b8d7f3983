//! Somebody began a form and did not send it.

use super::{Proposal, newest_first, seen};
use crate::{
    domain::{
        alert::{Icon, Reason, RuleKind},
        picture::Picture,
        rule_setting::Knob,
        score::Score,
        time::At,
        visitor::{Did, Mark},
    },
    engine::{
        intent::looks::last,
        wording::{cars, phrases},
    },
};

/// Stands from half an hour after they began until they send one or somebody reaches for them, at most a day, or as the store set both.
pub(super) fn propose(picture: &Picture, score: &Score, now: At) -> Option<Proposal> {
    let mark = unsent(picture, now)?;
    if now < left_at(picture, mark) {
        return None;
    }
    let car = mark.car.and_then(|id| picture.car(id));
    let card = seen::card(picture, RuleKind::FormAbandoned, mark, now);
    let on_car = car.map(|c| format!(" on {}", cars::tag(c))).unwrap_or_default();
    let began = Reason { at: last(mark), icon: Icon::Form, text: format!("Began a form{on_car}"), vehicle: mark.car };
    let about = |name: Option<String>| name.map(|name| format!(" about {name}")).unwrap_or_default();
    Some(Proposal {
        level: seen::strong(score),
        headline: format!(
            "{} began a form{} and did not send it.",
            phrases::who(picture.customer),
            about(car.map(|c| format!("the {}", cars::spoken_and_tag(c))))
        ),
        short: format!("Left a form unfinished{on_car}"),
        reasons: newest_first(card.reasons.iter().cloned().chain([began]).collect()),
        ..card
    })
}

/// When the rule begins to stand, if nothing happens.
pub(super) fn begins(picture: &Picture, now: At) -> Option<At> {
    unsent(picture, now).map(|mark| left_at(picture, mark))
}

/// The newest form they began, when none was sent since.
fn unsent<'p>(picture: &'p Picture, now: At) -> Option<&'p Mark> {
    let mark = seen::newest(picture, RuleKind::FormAbandoned, now, |did| did == Did::StartedForm)?;
    let sent = picture.activity.0.iter().filter(|m| sends(m.did)).any(|m| last(m) >= mark.at);
    let told = picture.leads.iter().any(|lead| lead.received >= mark.at);
    (!sent && !told).then_some(mark)
}

fn sends(did: Did) -> bool {
    matches!(
        did,
        Did::SubmittedForm | Did::GaveContact | Did::SubmittedFinance | Did::FinishedTradeTool | Did::BookedVisit | Did::Enquired | Did::Replied
    )
}

fn left_at(picture: &Picture, mark: &Mark) -> At {
    last(mark).plus_ms(picture.rules.ms(RuleKind::FormAbandoned, Knob::WaitMinutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{alert::Level, time::MINUTE_MS},
        engine::sample::{CRV, Sample, hours_ago, now},
    };

    fn began(minutes: i64) -> Sample {
        Sample::dana().change(|s| s.activity.note(Did::StartedForm, now().plus_ms(-minutes * MINUTE_MS), Some(CRV)))
    }

    #[test]
    fn it_stands_once_they_had_time_to_finish_for_a_day() {
        for (minutes, stands) in [(0, false), (29, false), (30, true), (24 * 60 - 1, true), (24 * 60, false)] {
            assert_eq!(seen::tests::proposed(propose, &began(minutes), 0).is_some(), stands, "{minutes}");
        }
        assert_eq!(begins(&began(10).picture(), now()), Some(now().plus_ms(20 * MINUTE_MS)));
        seen::tests::check_levels(propose, Did::StartedForm, [(10, Level::NextUp), (90, Level::ActNow)]);
    }

    #[test]
    fn whoever_sent_one_since_has_not_left() {
        assert!(seen::tests::proposed(propose, &began(120).did(Did::SubmittedForm, 1, None), 0).is_none());
        assert!(seen::tests::proposed(propose, &began(120).lead(1, 1, |_| {}), 0).is_none());
        assert!(seen::tests::proposed(propose, &began(120).did(Did::SubmittedForm, 3, None), 0).is_some(), "an older one is another");
        assert!(seen::tests::proposed(propose, &began(120).change(|s| s.last_store_touch = Some(hours_ago(1))), 0).is_none());
        assert_eq!(begins(&began(120).lead(1, 1, |_| {}).picture(), now()), None);
    }

    #[test]
    fn the_card_says_about_which_car() {
        let card = seen::tests::proposed(propose, &began(60), 0).unwrap();
        assert_eq!(card.headline, "Dana began a form about the 2022 CR-V (#24117) and did not send it.");
        assert_eq!((card.short.as_str(), card.reasons[0].text.as_str()), ("Left a form unfinished on #24117", "Began a form on #24117"));
    }
}
