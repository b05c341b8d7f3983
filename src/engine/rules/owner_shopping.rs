//! Somebody who bought here, or has a car serviced here, looks at cars.

use super::{Proposal, newest_first, seen};
use crate::{
    domain::{
        alert::{Icon, Reason, RuleKind},
        picture::{OwnedCar, Picture},
        rule_setting::Knob,
        score::Score,
        time::At,
    },
    engine::{
        intent::looks::{self, Look},
        wording::{cars, phrases, times::date},
    },
};

/// Stands for three days after the newest of two looks within a week at cars that are not theirs, or as the store set it, until somebody
/// reaches for them.
pub(super) fn propose(picture: &Picture, score: &Score, now: At) -> Option<Proposal> {
    let drives = picture.owned.iter().find(|o| o.until.is_none())?;
    let (rules, rule) = (&picture.rules, RuleKind::OwnerShopping);
    let (window_ms, fresh_ms) = (rules.ms(rule, Knob::WindowHours), rules.ms(rule, Knob::FreshHours));
    let mut all: Vec<Look> = looks::looks(&picture.activity);
    all.retain(|l| !l.late && !picture.owned.iter().any(|o| o.vehicle == l.car));
    all.sort_by_key(|l| (l.at, l.car));
    let newest = *all.last().filter(|l| now.since(l.at) < fresh_ms)?;
    let count = all.iter().filter(|l| newest.at.since(l.at) <= window_ms).count();
    let touched = picture.last_store_touch.is_some_and(|touch| touch >= newest.at);
    if touched || count < usize::try_from(rules.value(rule, Knob::Looks)).unwrap_or(usize::MAX) {
        return None;
    }
    let mark = picture.activity.0.iter().rev().find(|m| m.car == Some(newest.car))?;
    Some(Proposal {
        level: seen::strong(score),
        headline: format!("{}, who drives a {}, looks at cars.", phrases::who(picture.customer), with_us(drives)),
        short: format!("Drives a {}, looks at cars", drives.short),
        reasons: newest_first(reasons(picture, drives, &all, now)),
        evidence: newest.at,
        holds_until: Some(newest.at.plus_ms(fresh_ms)),
        ..seen::card(picture, rule, mark, now)
    })
}

fn with_us(car: &OwnedCar) -> String {
    let how = if car.bought_here { "bought" } else { "known" };
    format!("{} {how} here", car.label)
}

fn reasons(picture: &Picture, drives: &OwnedCar, looked: &[Look], now: At) -> Vec<Reason> {
    let zone = &picture.rooftop.zone;
    let looks = looked.iter().map(|l| Reason {
        at: l.at,
        icon: Icon::Eye,
        text: format!("Looked at {}", cars::tag_of(picture, Some(l.car))),
        vehicle: Some(l.car),
    });
    let since = if drives.bought_here { "Bought" } else { "First here with" };
    let owns =
        Reason { at: drives.since, icon: Icon::Car, text: format!("{since} the {} {}", drives.label, date(zone, drives.since, now)), vehicle: None };
    let service =
        picture.last_service.map(|at| Reason { at, icon: Icon::Wrench, text: format!("In service {}", date(zone, at, now)), vehicle: None });
    // What they drive is what the card is about; of the looks the newest two say enough.
    let newest = looks.rev().take(2);
    newest.chain(service).chain([owns]).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::Basis, *};
    use crate::{
        domain::{alert::Level, ids::VehicleId},
        engine::sample::{CRV, RAV4, Sample, hours_ago},
    };

    const CIVIC: VehicleId = VehicleId(9);

    fn owner(looks: &[i64]) -> Sample {
        Sample::dana().bought(CIVIC, hours_ago(24 * 1_100)).looks(CRV, looks)
    }

    #[test]
    fn it_stands_for_three_days_after_two_looks_within_a_week() {
        for (looks, stands) in [(&[1][..], false), (&[100, 1], true), (&[170, 1], false), (&[72, 71], true), (&[73, 72], false)] {
            assert_eq!(seen::tests::proposed(propose, &owner(looks), 0).is_some(), stands, "{looks:?}");
        }
        assert!(seen::tests::proposed(propose, &Sample::dana().looks(CRV, &[3, 1]), 0).is_none(), "drives nothing we know");
        assert!(seen::tests::proposed(propose, &owner(&[3, 1]).change(|s| s.owned[0].until = Some(hours_ago(900))), 0).is_none());
        assert!(seen::tests::proposed(propose, &owner(&[30, 10]).change(|s| s.last_store_touch = Some(hours_ago(9))), 0).is_none());
        assert!(seen::tests::proposed(propose, &Sample::dana().bought(CRV, hours_ago(900)).looks(CRV, &[3, 1]), 0).is_none(), "their own car");
    }

    #[test]
    fn the_card_says_what_they_drive_and_what_they_look_at() {
        let serviced = owner(&[20]).looks(RAV4, &[1]).change(|s| s.last_service = Some(hours_ago(24 * 12)));
        let card = seen::tests::proposed(propose, &serviced, 0).unwrap();
        assert_eq!(card.headline, "Dana, who drives a 2018 Honda Civic EX bought here, looks at cars.");
        assert_eq!((card.vehicle, card.level, card.basis), (Some(RAV4), Level::NextUp, Basis::Seen));
        let texts: Vec<&str> = card.reasons.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(texts, ["Looked at #24093", "Looked at #24117", "In service Nov 12", "Bought the 2018 Honda Civic EX Nov 20, 2023"]);
        let known = owner(&[3, 1]).change(|s| s.owned[0].bought_here = false);
        assert!(seen::tests::proposed(propose, &known, 0).unwrap().headline.contains("known here"));
    }
}
