//! The price of a car somebody cares for came down.

use super::{Proposal, watched};
use crate::{
    domain::{
        alert::{Icon, Matter, Reason, RuleKind},
        money::Cents,
        picture::Picture,
        rule_setting::Knob,
        score::Score,
        time::At,
        vehicle::Vehicle,
    },
    engine::wording::{cars, phrases, times::date},
};

/// Stands for a week after the price of an available car came down by 300 dollars or 2 %, whichever is more, or as the store set it, until
/// somebody reaches for them.
pub(super) fn propose(picture: &Picture, score: &Score, now: At) -> Option<Proposal> {
    let (rule, open_ms) = (RuleKind::WatchedCarReduced, picture.rules.ms(RuleKind::WatchedCarReduced, Knob::OpenDays));
    let reduced = picture.cars.iter().filter_map(|car| Some((car, reduction(picture, car)?)));
    let fresh = reduced.filter(|(_, down)| now.since(down.at) < open_ms && picture.last_store_touch.is_none_or(|touch| touch < down.at));
    let cared = fresh.filter_map(|(car, down)| {
        let cares = watched::cares(picture, car.id, rule, down.at)?;
        Some((car, down, cares))
    });
    let (car, down, cares) = cared.max_by_key(|(car, down, cares)| (cares.asked, down.at, car.id))?;
    let who = phrases::who(picture.customer);
    Some(Proposal {
        matter: Matter { vehicle: Some(car.id), ..Matter::of(rule) },
        level: cares.level(score),
        headline: format!("{who} {} the {}, which came down {} to {}.", cares.words(), cars::spoken_and_tag(car), down.by, down.to),
        short: format!("{} came down {} to {}", phrases::capitalised(&cars::tag(car)), down.by, down.to),
        reasons: vec![
            Reason {
                at: down.at,
                icon: Icon::Price,
                text: format!("{} came down {} to {}", cars::tag(car), down.by, down.to),
                vehicle: Some(car.id),
            },
            Reason {
                at: cares.last,
                icon: if cares.asked { Icon::Form } else { Icon::Eye },
                text: format!("Last {} it {}", cares.words(), date(&picture.rooftop.zone, cares.last, now)),
                vehicle: Some(car.id),
            },
        ],
        vehicle: Some(car.id),
        first_response: false,
        evidence: down.at,
        holds_until: Some(down.at.plus_ms(open_ms)),
        basis: cares.basis(),
    })
}

struct Reduction {
    at: At,
    by: Cents,
    to: Cents,
}

/// The newest change of its price, when it is a reduction worth a word.
fn reduction(picture: &Picture, car: &Vehicle) -> Option<Reduction> {
    let listing = car.listing.as_ref().filter(|_| cars::is_available(car))?;
    let [.., before, newest] = listing.prices.as_slice() else { return None };
    let by = Cents(before.price.0 - newest.price.0);
    let set = |knob| i64::from(picture.rules.value(RuleKind::WatchedCarReduced, knob));
    let least = (set(Knob::DropDollars) * 100).max(before.price.0.saturating_mul(set(Knob::DropPercent)) / 100);
    (by.0 > 0 && by.0 >= least).then_some(Reduction { at: newest.at, by, to: newest.price })
}

#[cfg(test)]
mod tests {
    use super::{super::Basis, *};
    use crate::{
        domain::vehicle::{ListingStatus, PricePoint},
        engine::sample::{CRV, Sample, hours_ago, listed, now},
    };

    fn priced(sample: Sample, dollars: &[i64], status: ListingStatus) -> Sample {
        sample.change(|s| {
            let mut car = listed(CRV.0, "24117", "CR-V", status);
            let prices = dollars.iter().rev().zip([2, 300, 600]).map(|(d, hours)| PricePoint { at: hours_ago(hours), price: Cents(d * 100) });
            let mut prices: Vec<PricePoint> = prices.collect();
            prices.reverse();
            car.listing.as_mut().unwrap().prices = prices;
            s.cars[0] = car;
        })
    }

    fn proposed(sample: &Sample) -> Option<Proposal> {
        propose(&sample.picture(), &Score::default(), now())
    }

    #[test]
    fn it_stands_when_the_price_came_down_enough_on_a_car_that_can_be_had() {
        let looked = || Sample::dana().looks(CRV, &[90, 50]);
        for (prices, stands) in [
            (&[10_000, 9_700][..], true),
            (&[10_000, 9_701], false),
            (&[30_000, 29_400], true),
            (&[30_000, 29_401], false),
            (&[9_000, 10_000], false),
            (&[10_000], false),
            (&[12_000, 10_000, 9_900], false),
        ] {
            assert_eq!(proposed(&priced(looked(), prices, ListingStatus::Available)).is_some(), stands, "{prices:?}");
        }
        assert!(proposed(&priced(looked(), &[10_000, 9_000], ListingStatus::Hold)).is_none());
        assert!(proposed(&priced(Sample::dana(), &[10_000, 9_000], ListingStatus::Available)).is_none(), "nobody cares");
        let touched = looked().change(|s| s.last_store_touch = Some(hours_ago(1)));
        assert!(proposed(&priced(touched, &[10_000, 9_000], ListingStatus::Available)).is_none());
    }

    #[test]
    fn the_card_says_by_how_much() {
        let card = proposed(&priced(Sample::dana().looks(CRV, &[90, 50]), &[28_400, 27_650], ListingStatus::Available)).unwrap();
        assert_eq!(card.headline, "Dana looked at the 2022 CR-V (#24117), which came down $750 to $27,650.");
        assert_eq!((card.evidence, card.basis, card.vehicle), (hours_ago(2), Basis::Seen, Some(CRV)));
        let asked = Sample::dana().lead(1, 100, |l| l.answered = Some(hours_ago(99)));
        assert_eq!(proposed(&priced(asked, &[28_400, 27_650], ListingStatus::Available)).map(|c| c.basis), Some(Basis::Told));
    }
}
