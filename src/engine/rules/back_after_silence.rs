//! Somebody of whom nothing was heard for a long time is on the website again.

use super::{Proposal, seen};
use crate::{
    domain::{
        alert::{Icon, Reason, RuleKind},
        picture::Picture,
        rule_setting::Knob,
        score::Score,
        time::{At, DAY_MS},
        visitor::{Did, Mark},
    },
    engine::{
        intent::looks::last,
        rules::newest_first,
        wording::{phrases, times::date},
    },
};

/// Stands for two days after they came back from a month's silence, or as the store set both, until somebody reaches for them. What they
/// do after they are back is the same return.
pub(super) fn propose(picture: &Picture, score: &Score, now: At) -> Option<Proposal> {
    let fresh_ms = picture.rules.ms(RuleKind::BackAfterSilence, Knob::FreshHours);
    let silent_ms = picture.rules.ms(RuleKind::BackAfterSilence, Knob::SilentDays);
    let mut recent = picture.activity.0.iter().rev().take_while(|m| now.since(m.at) < fresh_ms).filter(|m| is_web(m) && !m.late);
    let back = |mark: &'_ Mark| sign_before(picture, mark.at).filter(|before| mark.at.since(*before) >= silent_ms);
    let (mark, before) = recent.find_map(|m| Some((m, back(m)?)))?;
    if picture.last_store_touch.is_some_and(|touch| touch >= mark.at) {
        return None;
    }
    let days = mark.at.since(before) / DAY_MS;
    let card = seen::card(picture, RuleKind::BackAfterSilence, mark, now);
    let heard = Reason {
        at: mark.at,
        icon: Icon::Globe,
        text: format!("Back on the website; the last sign before was {}", date(&picture.rooftop.zone, before, now)),
        vehicle: None,
    };
    Some(Proposal {
        level: seen::strong(score),
        headline: format!("{} is on the website again after {days} days of silence.", phrases::who(picture.customer)),
        short: format!("Back after {days} days"),
        reasons: newest_first(card.reasons.iter().cloned().chain([heard]).collect()),
        evidence: mark.at,
        holds_until: Some(mark.at.plus_ms(fresh_ms)),
        ..card
    })
}

fn is_web(mark: &Mark) -> bool {
    !matches!(mark.did, Did::Enquired | Did::Replied)
}

/// The last sign of them before a moment: what they did, asked, bought or came for; at the least that we knew them.
fn sign_before(picture: &Picture, at: At) -> Option<At> {
    let done = picture.activity.0.iter().filter(|m| m.at < at).map(last);
    let asked = picture.leads.iter().map(|l| l.received);
    let came = picture.visits.iter().map(|v| v.began).chain(picture.last_service);
    let bought = picture.owned.iter().map(|o| o.since);
    done.chain(asked).chain(came).chain(bought).chain([picture.customer.since]).filter(|sign| *sign < at).max()
}

#[cfg(test)]
mod tests {
    use super::{super::Basis, *};
    use crate::{
        domain::alert::Level,
        engine::sample::{CRV, Sample, hours_ago, now},
    };

    /// Known for long; last seen and back so many hours ago.
    fn seen_and_back(seen: i64, back: i64) -> Sample {
        Sample::dana().change(|s| s.customer.since = hours_ago(24 * 900)).looks(CRV, &[seen, back])
    }

    #[test]
    fn it_stands_for_two_days_after_a_month_of_silence() {
        for (seen, back, stands) in [(24 * 30 + 1, 1, true), (24 * 30, 1, false), (24 * 40, 47, true), (24 * 40, 48, false)] {
            assert_eq!(seen::tests::proposed(propose, &seen_and_back(seen, back), 0).is_some(), stands, "{seen} {back}");
        }
        let touched = seen_and_back(24 * 40, 5).change(|s| s.last_store_touch = Some(hours_ago(4)));
        assert!(seen::tests::proposed(propose, &touched, 0).is_none());
        assert!(seen::tests::proposed(propose, &Sample::dana().looks(CRV, &[1]), 0).is_none(), "known for three weeks only");
    }

    #[test]
    fn a_lead_a_visit_or_a_purchase_between_is_no_silence() {
        assert!(seen::tests::proposed(propose, &seen_and_back(24 * 40, 1).lead(1, 24 * 10, |_| {}), 0).is_none());
        assert!(seen::tests::proposed(propose, &seen_and_back(24 * 40, 1).bought(CRV, hours_ago(24 * 10)), 0).is_none());
        assert!(seen::tests::proposed(propose, &seen_and_back(24 * 40, 1).change(|s| s.last_service = Some(hours_ago(24 * 10))), 0).is_none());
    }

    #[test]
    fn what_they_do_once_back_is_the_same_return() {
        let card = seen::tests::proposed(propose, &seen_and_back(24 * 45, 6).looks(CRV, &[3, 1]), 0).unwrap();
        assert_eq!((card.evidence, card.level, card.basis), (hours_ago(6), Level::NextUp, Basis::Seen));
        assert_eq!(card.headline, "Dana is on the website again after 44 days of silence.");
        assert_eq!(card.reasons[0].text, "Back on the website; the last sign before was Oct 10");
        assert_eq!(card.holds_until, Some(now().plus_ms(42 * crate::domain::time::HOUR_MS)));
    }
}
