//! A car came in that somebody wished for, or such as they look for.

use super::{Basis, Proposal};
use crate::{
    domain::{
        alert::{Icon, Level, Matter, Reason, RuleKind},
        picture::Picture,
        rule_setting::Knob,
        time::At,
        vehicle::Vehicle,
        wish::Match,
    },
    engine::wording::{cars, phrases},
};

/// Stands for five days after the car came, or as long as the store set it, while it can be had and nobody reached for them; never for a car
/// they have. What they wished for goes before what only looks like it.
pub(super) fn propose(picture: &Picture, now: At) -> Option<Proposal> {
    let rule = RuleKind::WishMatched;
    let (open_ms, least) = (picture.rules.ms(rule, Knob::OpenDays), picture.rules.value(rule, Knob::Points));
    let fresh = picture.arrivals.iter().filter(|m| now.since(m.at) < open_ms && picture.last_store_touch.is_none_or(|touch| touch < m.at));
    let fits = fresh.filter(|m| m.wish.is_some() || u32::from(m.fit) >= least);
    let here = fits.filter_map(|m| Some((m, picture.car(m.vehicle).filter(|car| cars::is_available(car))?)));
    let (came, car) = here.filter(|(m, car)| is_for_them(picture, car, m.at)).max_by_key(|(m, car)| (m.wish.is_some(), m.fit, m.at, car.id))?;
    let who = phrases::who(picture.customer);
    let named = cars::spoken_and_tag(car);
    let headline = match came.wish {
        Some(_) => format!("{who} wished for a car like the {named}, which came in."),
        None => format!("{who} looks at cars like the {named}, which came in."),
    };
    Some(Proposal {
        matter: Matter { vehicle: Some(car.id), ..Matter::of(rule) },
        level: if came.wish.is_some() { Level::NextUp } else { Level::Later },
        headline,
        short: format!("{} came in", phrases::capitalised(&cars::tag(car))),
        reasons: reasons(came, car),
        vehicle: Some(car.id),
        first_response: false,
        evidence: came.at,
        holds_until: Some(came.at.plus_ms(open_ms)),
        basis: if came.wish.is_some() { Basis::Told } else { Basis::Seen },
    })
}

/// A car they bought or drive is never offered to them, and whoever bought here since it came has found theirs.
fn is_for_them(picture: &Picture, car: &Vehicle, came: At) -> bool {
    !picture.owned.iter().any(|o| o.vehicle == car.id || (o.bought_here && o.since >= came))
}

fn reasons(came: &Match, car: &Vehicle) -> Vec<Reason> {
    let icon = |n: usize| if n == 0 { Icon::Car } else { Icon::Check };
    let arrived = format!("{} came in", phrases::capitalised(&cars::tag(car)));
    let lines = std::iter::once(arrived).chain(came.because.iter().cloned()).take(super::MOST_REASONS);
    lines.enumerate().map(|(n, text)| Reason { at: came.at, icon: icon(n), text, vehicle: Some(car.id) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{ids::WishId, vehicle::ListingStatus},
        engine::sample::{CRV, RAV4, Sample, hours_ago, now},
    };

    fn came(hours: i64, fit: u8, wish: Option<u64>) -> Match {
        Match { vehicle: CRV, at: hours_ago(hours), fit, wish: wish.map(WishId), because: vec!["CR-V, as they wished".into()] }
    }

    fn with(arrivals: &[Match]) -> Sample {
        Sample::dana().change(|s| s.arrivals = arrivals.to_vec())
    }

    fn stands(sample: &Sample) -> bool {
        propose(&sample.picture(), now()).is_some()
    }

    #[test]
    fn it_stands_for_five_days_for_what_was_wished_or_fits_well_enough() {
        for (hours, fit, wish, expected) in
            [(1, 92, Some(1), true), (119, 60, Some(1), true), (120, 100, Some(1), false), (1, 70, None, true), (1, 69, None, false)]
        {
            assert_eq!(stands(&with(&[came(hours, fit, wish)])), expected, "{hours} {fit} {wish:?}");
        }
        assert!(!stands(&Sample::dana()));
    }

    #[test]
    fn a_car_they_have_or_that_is_gone_is_never_offered() {
        assert!(!stands(&with(&[came(1, 100, Some(1))]).bought(CRV, hours_ago(900))));
        assert!(stands(&with(&[came(1, 100, Some(1))]).bought(RAV4, hours_ago(900))));
        let held = with(&[came(1, 100, Some(1))]).change(|s| s.cars[0].listing.as_mut().unwrap().status = ListingStatus::Hold);
        assert!(!stands(&held));
        assert!(!stands(&with(&[came(2, 100, Some(1))]).change(|s| s.last_store_touch = Some(hours_ago(1)))));
    }

    #[test]
    fn what_was_wished_goes_first_and_may_be_spoken_of() {
        let both = with(&[came(1, 100, None), Match { vehicle: RAV4, ..came(3, 80, Some(1)) }]);
        let card = propose(&both.picture(), now()).unwrap();
        assert_eq!((card.vehicle, card.level, card.basis), (Some(RAV4), Level::NextUp, Basis::Told));
        let looked = propose(&with(&[came(1, 100, None)]).picture(), now()).unwrap();
        assert_eq!(looked.headline, "Dana looks at cars like the 2022 CR-V (#24117), which came in.");
        assert_eq!((looked.level, looked.basis, looked.reasons.len()), (Level::Later, Basis::Seen, 2));
    }
}
