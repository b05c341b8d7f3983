//! A car somebody cares for was sold to somebody else.

use super::{Proposal, watched};
use crate::{
    domain::{
        alert::{Icon, Matter, Reason, RuleKind},
        picture::Picture,
        rule_setting::Knob,
        score::Score,
        time::At,
        vehicle::{ListingStatus, Vehicle},
    },
    engine::wording::{cars, phrases, times::date},
};

/// Stands for a week after we learnt that it was sold, or as long as the store set it, until somebody reaches for them.
pub(super) fn propose(picture: &Picture, score: &Score, now: At) -> Option<Proposal> {
    let (rule, open_ms) = (RuleKind::WatchedCarSold, picture.rules.ms(RuleKind::WatchedCarSold, Knob::OpenDays));
    let gone = picture.cars.iter().filter_map(|car| Some((car, sold_at(car)?)));
    let fresh = gone.filter(|(_, at)| now.since(*at) < open_ms && picture.last_store_touch.is_none_or(|touch| touch < *at));
    let cared = fresh.filter_map(|(car, at)| Some((car, at, watched::cares(picture, car.id, rule, at)?)));
    let (car, at, cares) = cared.max_by_key(|(car, at, cares)| (cares.asked, *at, car.id))?;
    let who = phrases::who(picture.customer);
    Some(Proposal {
        matter: Matter { vehicle: Some(car.id), ..Matter::of(rule) },
        level: cares.level(score),
        headline: format!("{who} {} the {}, which was sold to somebody else.", cares.words(), cars::spoken_and_tag(car)),
        short: format!("{} was sold to somebody else", phrases::capitalised(&cars::tag(car))),
        reasons: vec![
            Reason { at, icon: Icon::Tag, text: format!("{} was sold", cars::tag(car)), vehicle: Some(car.id) },
            Reason {
                at: cares.last,
                icon: if cares.asked { Icon::Form } else { Icon::Eye },
                text: format!("Last {} it {}", cares.words(), date(&picture.rooftop.zone, cares.last, now)),
                vehicle: Some(car.id),
            },
        ],
        vehicle: Some(car.id),
        first_response: false,
        evidence: at,
        holds_until: Some(at.plus_ms(open_ms)),
        basis: cares.basis(),
    })
}

fn sold_at(car: &Vehicle) -> Option<At> {
    car.listing.as_ref().filter(|l| l.status == ListingStatus::Sold)?.status_since
}

#[cfg(test)]
mod tests {
    use super::{super::Basis, *};
    use crate::{
        domain::alert::Level,
        engine::sample::{CRV, RAV4, Sample, hours_ago, listed, now},
    };

    fn sold(sample: Sample, hours: i64) -> Sample {
        sample.change(|s| {
            let mut car = listed(CRV.0, "24117", "CR-V", ListingStatus::Sold);
            car.listing.as_mut().unwrap().status_since = Some(hours_ago(hours));
            s.cars[0] = car;
        })
    }

    fn stands(sample: &Sample) -> bool {
        propose(&sample.picture(), &Score::default(), now()).is_some()
    }

    #[test]
    fn it_stands_for_a_week_for_who_asked_or_looked_more_than_once() {
        let asked = || Sample::dana().lead(1, 100, |l| l.answered = Some(hours_ago(99)));
        for (hours, expected) in [(0, true), (167, true), (168, false)] {
            assert_eq!(stands(&sold(asked(), hours)), expected, "{hours}");
        }
        assert!(!stands(&asked()), "it is still here");
        assert!(stands(&sold(Sample::dana().looks(CRV, &[90, 50]), 1)));
        assert!(!stands(&sold(Sample::dana().looks(CRV, &[50]), 1)));
        assert!(!stands(&sold(Sample::dana().looks(CRV, &[61 * 24, 61 * 24 + 5]), 1)), "long ago");
        assert!(!stands(&sold(Sample::dana().looks(RAV4, &[90, 50]), 1)), "another car");
        assert!(!stands(&sold(asked().change(|s| s.last_store_touch = Some(hours_ago(1))), 2)));
    }

    #[test]
    fn who_bought_it_or_another_is_left_alone() {
        let looked = || sold(Sample::dana().looks(CRV, &[90, 50]), 1);
        assert!(!stands(&looked().bought(CRV, hours_ago(1))));
        assert!(!stands(&looked().bought(RAV4, hours_ago(20))));
        assert!(stands(&looked().bought(RAV4, hours_ago(900))), "a purchase before they cared for it");
    }

    #[test]
    fn a_message_may_speak_of_it_only_to_who_asked() {
        let card = |sample: Sample| propose(&sold(sample, 2).picture(), &Score::default(), now()).unwrap();
        let asked = card(Sample::dana().lead(1, 100, |l| l.answered = Some(hours_ago(99))));
        assert_eq!(asked.headline, "Dana asked about the 2022 CR-V (#24117), which was sold to somebody else.");
        assert_eq!((asked.basis, asked.level, asked.evidence), (Basis::Told, Level::NextUp, hours_ago(2)));
        let looked = card(Sample::dana().looks(CRV, &[90, 50]));
        assert_eq!((looked.basis, looked.level), (Basis::Seen, Level::Later));
        assert_eq!(looked.reasons[1].text, "Last looked at it Nov 22");
    }
}
