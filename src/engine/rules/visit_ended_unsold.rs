//! They came in and left without a car.

use super::{Basis, Proposal};
use crate::{
    domain::{
        alert::{Icon, Level, Matter, Reason, RuleKind},
        picture::Picture,
        rule_setting::Knob,
        time::{At, DAY_MS},
        visit::VisitResult,
    },
    engine::wording::{phrases, times::day},
};

/// Stands from two hours after the visit until somebody reaches for them, at most a week, or as the store set both;
/// whoever is to come back on a day is left in peace until it is over.
pub(super) fn propose(picture: &Picture, now: At) -> Option<Proposal> {
    let open_ms = picture.rules.ms(RuleKind::VisitEndedUnsold, Knob::OpenDays);
    let home_ms = home_ms(picture);
    let visit = picture.visits.iter().rev().find(|v| !v.is_mistake())?;
    let end = visit.end.as_ref().filter(|_| visit.ended_unsold())?;
    let (from, why) = match end.result {
        VisitResult::BeBack { on: Some(on) } => (on.plus_ms(home_ms), Some(format!("Was to come back {}", day(&picture.rooftop.zone, on, now)))),
        VisitResult::BeBack { on: None } => (end.at.plus_ms(home_ms), Some("Wants to come back".to_owned())),
        VisitResult::Unsold { why } if why.is_final() => return None,
        VisitResult::Unsold { why } => (end.at.plus_ms(home_ms), Some(format!("Left because of {}", why.words()))),
        VisitResult::Sold | VisitResult::Mistake | VisitResult::Unknown => return None,
    };
    let touched = picture.last_store_touch.is_some_and(|touch| touch > end.at);
    if touched || now < from || now.since(from) >= open_ms {
        return None;
    }
    let when = day(&picture.rooftop.zone, end.at, now);
    let who = phrases::who(picture.customer);
    let steps = visit.steps.iter().map(|s| s.step.words()).collect::<Vec<_>>().join(", ");
    let mut reasons: Vec<Reason> = why.into_iter().map(|text| Reason { at: end.at, icon: Icon::Store, text, vehicle: visit.vehicle }).collect();
    if !steps.is_empty() {
        reasons.push(Reason { at: end.at, icon: Icon::Check, text: phrases::capitalised(&steps), vehicle: None });
    }
    if !end.note.is_empty() {
        reasons.push(Reason { at: end.at, icon: Icon::Note, text: phrases::quoted(&end.note, 120), vehicle: None });
    }
    Some(Proposal {
        matter: Matter { vehicle: visit.vehicle, ..Matter::of(RuleKind::VisitEndedUnsold) },
        level: if now.since(from) < DAY_MS { Level::NextUp } else { Level::ActNow },
        headline: format!("{who} left unsold {when}."),
        short: format!("Left unsold {when}"),
        reasons,
        vehicle: visit.vehicle,
        first_response: false,
        evidence: from,
        holds_until: Some(if now.since(from) < DAY_MS { from.plus_ms(DAY_MS) } else { from.plus_ms(open_ms) }),
        basis: Basis::Told,
    })
}

/// How long after they left they are home.
fn home_ms(picture: &Picture) -> i64 {
    picture.rules.ms(RuleKind::VisitEndedUnsold, Knob::WaitHours)
}

/// When the rule begins to stand, if nothing happens.
pub(super) fn begins(picture: &Picture) -> Option<At> {
    let end = picture.visits.iter().rev().find(|v| !v.is_mistake())?.end.as_ref()?;
    match end.result {
        VisitResult::BeBack { on: Some(on) } => Some(on.plus_ms(home_ms(picture))),
        VisitResult::BeBack { on: None } | VisitResult::Unsold { .. } => Some(end.at.plus_ms(home_ms(picture))),
        VisitResult::Sold | VisitResult::Mistake | VisitResult::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ids::{PartId, Seq, StaffId, VisitId},
            opportunity::LostReason,
            visit::{StepDone, Visit, VisitEnd, VisitStep},
        },
        engine::sample::{CRV, Sample, hours_ago, now},
    };

    fn left(ended: i64, result: VisitResult) -> Sample {
        Sample::dana().change(|s| {
            let end = VisitEnd { at: hours_ago(ended), by: StaffId(1), result, note: "Wants 9,000 for the Civic".into(), cause: Seq(2) };
            let steps = vec![StepDone { step: VisitStep::DemoDrive, at: hours_ago(ended), by: StaffId(1) }];
            s.visits = vec![Visit {
                id: VisitId(1),
                part: PartId(7),
                with: StaffId(1),
                began: hours_ago(ended + 1),
                vehicle: Some(CRV),
                be_back: false,
                steps,
                end: Some(end),
                cause: Seq(1),
            }];
            s.last_store_touch = Some(hours_ago(ended + 1));
        })
    }

    #[test]
    fn it_stands_from_two_hours_after_they_left_until_they_are_reached_for() {
        const PRICE: VisitResult = VisitResult::Unsold { why: LostReason::Price };
        for (ended, result, level) in [
            (1, PRICE, None),
            (2, PRICE, Some(Level::NextUp)),
            (30, PRICE, Some(Level::ActNow)),
            (169, PRICE, Some(Level::ActNow)),
            (171, PRICE, None),
            (3, VisitResult::BeBack { on: None }, Some(Level::NextUp)),
            (3, VisitResult::BeBack { on: Some(hours_ago(-20)) }, None),
            (48, VisitResult::BeBack { on: Some(hours_ago(3)) }, Some(Level::NextUp)),
            (3, VisitResult::Unsold { why: LostReason::BoughtElsewhere }, None),
            (3, VisitResult::Sold, None),
            (3, VisitResult::Mistake, None),
        ] {
            assert_eq!(propose(&left(ended, result).picture(), now()).map(|p| p.level), level, "{ended} {result:?}");
        }
        let touched = left(3, PRICE).change(|s| s.last_store_touch = Some(hours_ago(1)));
        assert_eq!(propose(&touched.picture(), now()), None);
    }

    #[test]
    fn the_card_says_why_they_left() {
        let card = propose(&left(3, VisitResult::Unsold { why: LostReason::TradeValue }).picture(), now()).unwrap();
        assert_eq!((card.headline.as_str(), card.vehicle), ("Dana left unsold today.", Some(CRV)));
        let texts: Vec<&str> = card.reasons.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(texts, ["Left because of value of the trade", "Drove it", "\u{201c}Wants 9,000 for the Civic\u{201d}"]);
    }
}
