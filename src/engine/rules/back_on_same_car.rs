//! Somebody keeps coming back to one car on our lot.

use super::{Basis, MOST_REASONS, Proposal, evidence::doing, newest_first};
use crate::{
    domain::{
        alert::{Icon, Level, Matter, Reason, RuleKind},
        picture::Picture,
        rule_setting::Knob,
        score::Score,
        time::{At, HOUR_MS},
        vehicle::Vehicle,
    },
    engine::{
        intent::looks::{self, Look},
        wording::{cars, phrases},
    },
};

/// What the store wants to see before it is told.
struct Wanted {
    looks: usize,
    window_ms: i64,
    /// After so long without another look the moment has passed.
    fresh_ms: i64,
}

impl Wanted {
    fn by(picture: &Picture) -> Self {
        let (rules, rule) = (&picture.rules, RuleKind::BackOnSameCar);
        Self {
            looks: usize::try_from(rules.value(rule, Knob::Looks)).unwrap_or(usize::MAX),
            window_ms: rules.ms(rule, Knob::WindowHours),
            fresh_ms: rules.ms(rule, Knob::FreshHours),
        }
    }

    fn count(&self, of_car: &[Look]) -> usize {
        looks::within(of_car, self.window_ms)
    }

    fn is_met(&self, of_car: &[Look], now: At) -> bool {
        self.count(of_car) >= self.looks && of_car.last().is_some_and(|l| now.since(l.at) < self.fresh_ms)
    }

    fn hours(&self) -> i64 {
        self.window_ms / HOUR_MS
    }
}

/// Stands while four looks at one available car of ours fall in forty-eight hours and the newest is younger than a day, or as the store set
/// it. Looks of which we hear late count with the next that we hear of in time. Not for a car they own or owned. Of several such cars the
/// most looked at is the matter.
pub(super) fn propose(picture: &Picture, _: &Score, now: At) -> Option<Proposal> {
    let (wanted, all) = (Wanted::by(picture), looks::looks(&picture.activity));
    let of_cars = all.chunk_by(|a, b| a.car == b.car).map(looks::heard_in_time).filter(|of_car| wanted.is_met(of_car, now));
    let offered = of_cars.filter_map(|of_car| Some((of_car, offered(picture, of_car)?)));
    let (of_car, car) = offered.max_by_key(|(of_car, car)| (wanted.count(of_car), of_car.last().map(|l| l.at), car.id))?;
    let newest = of_car.last()?.at;
    let (nth, hours) = (phrases::ordinal(wanted.count(of_car)), wanted.hours());
    Some(Proposal {
        matter: Matter { vehicle: Some(car.id), ..Matter::of(RuleKind::BackOnSameCar) },
        level: Level::ActNow,
        headline: format!("{} is back on the {}: {nth} look in {hours} hours.", phrases::who(picture.customer), cars::spoken_and_tag(car)),
        short: format!("{nth} look at {} in {hours} h", cars::tag(car)),
        reasons: reasons(picture, car, &wanted, of_car),
        vehicle: Some(car.id),
        first_response: true,
        evidence: newest,
        holds_until: Some(newest.plus_ms(wanted.fresh_ms)),
        basis: Basis::Seen,
    })
}

fn offered<'p>(picture: &'p Picture, of_car: &[Look]) -> Option<&'p Vehicle> {
    let car = picture.car(of_car.first()?.car)?;
    let theirs = picture.owned.iter().any(|o| o.vehicle == car.id);
    (cars::is_available(car) && !theirs).then_some(car)
}

fn reasons(picture: &Picture, car: &Vehicle, wanted: &Wanted, of_car: &[Look]) -> Vec<Reason> {
    let (in_window, hours) = (wanted.count(of_car), wanted.hours());
    let newest = of_car.last().map_or(At(0), |l| l.at);
    let counted = of_car.iter().rev().zip((1..=in_window).rev()).take(MOST_REASONS);
    let looks = counted.map(|(look, nth)| Reason {
        at: look.at,
        icon: Icon::Eye,
        text: format!("Looked at {}, {} time in {hours} h", cars::tag(car), phrases::ordinal(nth)),
        vehicle: Some(car.id),
    });
    let doings = picture.activity.0.iter().filter(|m| m.car == Some(car.id) && newest.since(m.at) <= wanted.window_ms);
    newest_first(looks.chain(doings.filter_map(|m| doing(picture, m))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{vehicle::ListingStatus, visitor::Did},
        engine::sample::{CRV, RAV4, Sample, hours_ago, now},
    };

    fn proposed(sample: &Sample) -> Option<Proposal> {
        propose(&sample.picture(), &Score::default(), now())
    }

    #[test]
    fn it_stands_on_the_fourth_look_in_two_days_for_a_day() {
        for (looks, stands) in [
            (&[26, 14, 0][..], false),
            (&[40, 26, 14, 0], true),
            (&[48, 26, 14, 0], true),
            (&[49, 26, 14, 0], false),
            (&[70, 50, 40, 23], true),
            (&[70, 50, 40, 24], false),
        ] {
            assert_eq!(proposed(&Sample::dana().looks(CRV, looks)).is_some(), stands, "{looks:?}");
        }
    }

    #[test]
    fn looks_heard_of_late_open_nothing_until_the_next_that_is_heard_of_in_time() {
        for (late, in_time, said) in [
            (&[26, 14, 3][..], &[40][..], None),
            (&[40, 26, 14, 3], &[], None),
            (&[40, 26, 14], &[0], Some("4th look at #24117 in 48 h")),
            (&[1], &[40, 26, 14, 3], Some("4th look at #24117 in 48 h")),
            (&[2], &[40, 26, 14, 3, 1], Some("6th look at #24117 in 48 h")),
        ] {
            let sample = Sample::dana().looks(CRV, in_time).looks_heard_late(CRV, late);
            assert_eq!(proposed(&sample).map(|p| p.short).as_deref(), said, "{late:?} {in_time:?}");
        }
    }

    #[test]
    fn a_store_may_be_told_sooner_or_later() {
        for (looks, hours, fresh, said) in [
            (2, 48, 24, Some("3rd look at #24117 in 48 h")),
            (3, 30, 24, Some("3rd look at #24117 in 30 h")),
            (3, 24, 24, None),
            (3, 30, 1, None),
            (5, 336, 24, None),
        ] {
            let sample = Sample::dana().looks(CRV, &[27, 14, 2]).sets(RuleKind::BackOnSameCar, |s| {
                for (threshold, value) in s.thresholds.iter_mut().zip([looks, hours, fresh]) {
                    threshold.value = value;
                }
            });
            assert_eq!(proposed(&sample).map(|p| p.short).as_deref(), said, "{looks} {hours} {fresh}");
        }
    }

    #[test]
    fn looks_at_two_cars_are_not_four_at_one() {
        assert_eq!(proposed(&Sample::dana().looks(CRV, &[20, 0]).looks(RAV4, &[21, 1])), None);
    }

    #[test]
    fn a_car_that_cannot_be_offered_is_no_matter() {
        for status in [ListingStatus::Sold, ListingStatus::Hold, ListingStatus::Recon, ListingStatus::Inbound, ListingStatus::Missing] {
            let gone =
                Sample::dana().looks(CRV, &[40, 26, 14, 0]).change(|s| s.cars = vec![crate::engine::sample::listed(CRV.0, "24117", "CR-V", status)]);
            assert_eq!(proposed(&gone), None, "{status:?}");
        }
    }

    #[test]
    fn the_buyer_of_the_car_is_left_alone() {
        assert_eq!(proposed(&Sample::dana().looks(CRV, &[40, 26, 14, 0]).bought(CRV, hours_ago(900))), None);
    }

    #[test]
    fn of_two_hot_cars_the_most_looked_at_leads() {
        let torn = Sample::dana().looks(CRV, &[40, 26, 14, 0]).looks(RAV4, &[41, 30, 27, 15, 1]);
        assert_eq!(proposed(&torn).map(|p| p.vehicle), Some(Some(RAV4)));
    }

    #[test]
    fn the_card_says_what_was_seen_and_that_it_was_only_seen() {
        let card = proposed(&Sample::dana().looks(CRV, &[40, 26, 14, 2]).did(Did::UsedPaymentTool, 1, Some(CRV))).unwrap();
        assert_eq!(card.headline, "Dana is back on the 2022 CR-V (#24117): 4th look in 48 hours.");
        assert_eq!(card.short, "4th look at #24117 in 48 h");
        let texts: Vec<&str> = card.reasons.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Used the payment tool on #24117",
                "Looked at #24117, 4th time in 48 h",
                "Looked at #24117, 3rd time in 48 h",
                "Looked at #24117, 2nd time in 48 h"
            ]
        );
        assert_eq!((card.basis, card.evidence, card.first_response), (Basis::Seen, hours_ago(2), true));
    }
}
