//! Somebody wants to know what their car is worth.

use super::{Basis, Proposal, evidence::doing, newest_first};
use crate::{
    domain::{
        alert::{Level, Matter, RuleKind},
        picture::Picture,
        rule_setting::Knob,
        score::Score,
        time::At,
        visitor::{Did, Mark},
    },
    engine::{intent::looks::last, wording::phrases},
};

/// Stands for three days, or as long as the store set it, after the trade tool was started or finished, until somebody of the store reaches for the customer. Finishing
/// is telling us about their car; only starting is not. What we hear of late is history.
pub(super) fn propose(picture: &Picture, score: &Score, now: At) -> Option<Proposal> {
    let fresh_ms = picture.rules.ms(RuleKind::TradeToolUsed, Knob::FreshHours);
    let fresh = |m: &&Mark| !m.late && now.since(last(m)) < fresh_ms && picture.last_store_touch.is_none_or(|t| t < last(m));
    let newest_of = |did: Did| picture.activity.0.iter().filter(|m| m.did == did).filter(fresh).max_by_key(|m| last(m));
    let (finished, started) = (newest_of(Did::FinishedTradeTool), newest_of(Did::StartedTradeTool));
    let used = finished.or(started)?;
    let evidence = [finished, started].into_iter().flatten().map(last).max()?;
    let (verb, basis) = if finished.is_some() { ("finished", Basis::Told) } else { ("started", Basis::Seen) };
    let doings = picture.activity.0.iter().filter(|m| now.since(last(m)) < fresh_ms);
    Some(Proposal {
        matter: Matter::of(RuleKind::TradeToolUsed),
        level: level(finished.is_some(), score),
        headline: format!("{} {verb} the trade-in tool.", phrases::who(picture.customer)),
        short: format!("{} the trade-in tool", phrases::capitalised(verb)),
        reasons: newest_first(doings.filter_map(|m| doing(picture, m)).collect()),
        vehicle: used.car,
        first_response: false,
        evidence,
        holds_until: Some(last(used).plus_ms(fresh_ms)),
        basis,
    })
}

/// A finished one comes next, a started one later; a hot customer moves either up a step.
fn level(finished: bool, score: &Score) -> Level {
    match (finished, score.level()) {
        (true, 4..) => Level::ActNow,
        (true, _) | (false, 3..) => Level::NextUp,
        (false, _) => Level::Later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sample::{CRV, Sample, hours_ago, now};

    fn proposed(sample: &Sample, points: i16) -> Option<Proposal> {
        propose(&sample.picture(), &Score { points, parts: vec![] }, now())
    }

    #[test]
    fn it_stands_for_three_days_until_a_touch() {
        for (used, touched, stands) in [(0, None, true), (71, None, true), (72, None, false), (10, Some(9), false), (10, Some(11), true)] {
            for did in [Did::StartedTradeTool, Did::FinishedTradeTool] {
                let sample = Sample::dana().did(did, used, None).change(|s| s.last_store_touch = touched.map(hours_ago));
                assert_eq!(proposed(&sample, 0).is_some(), stands, "{did:?} {used} {touched:?}");
            }
        }
        assert_eq!(proposed(&Sample::dana().did(Did::UsedPaymentTool, 0, None), 0), None);
    }

    #[test]
    fn a_tool_that_was_heard_of_late_is_history() {
        let late = |s: &mut Sample| s.activity.0.iter_mut().for_each(|mark| mark.late = true);
        assert_eq!(proposed(&Sample::dana().did(Did::FinishedTradeTool, 3, None).change(late), 20), None);
    }

    #[test]
    fn finishing_is_nearer_than_starting_and_a_hot_customer_nearer_than_a_cool_one() {
        for (did, points, level) in [
            (Did::FinishedTradeTool, 20, Level::NextUp),
            (Did::FinishedTradeTool, 80, Level::ActNow),
            (Did::StartedTradeTool, 10, Level::Later),
            (Did::StartedTradeTool, 55, Level::NextUp),
        ] {
            assert_eq!(proposed(&Sample::dana().did(did, 1, None), points).map(|p| p.level), Some(level), "{did:?} {points}");
        }
    }

    #[test]
    fn the_card_says_how_far_they_came() {
        let both =
            Sample::dana().did(Did::StartedTradeTool, 2, Some(CRV)).did(Did::FinishedTradeTool, 1, Some(CRV)).did(Did::UsedPaymentTool, 0, Some(CRV));
        let card = proposed(&both, 0).unwrap();
        assert_eq!((card.headline.as_str(), card.short.as_str()), ("Dana finished the trade-in tool.", "Finished the trade-in tool"));
        assert_eq!((card.basis, card.vehicle, card.first_response), (Basis::Told, Some(CRV), false));
        let texts: Vec<&str> = card.reasons.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(texts, ["Used the payment tool on #24117", "Finished the trade tool", "Started the trade tool"]);
        let started = proposed(&Sample::dana().did(Did::StartedTradeTool, 2, None), 0).unwrap();
        assert_eq!((started.headline.as_str(), started.basis), ("Dana started the trade-in tool.", Basis::Seen));
    }
}
