//! Somebody opened a price alert of ours, or followed it to the car.

use super::{Proposal, seen};
use crate::{
    domain::{
        alert::{Level, Matter, RuleKind},
        picture::Picture,
        score::Score,
        time::At,
        visitor::Did,
    },
    engine::wording::{cars, phrases},
};

/// Stands for two days, or as long as the store set it, until somebody reaches for them. To follow it says more than to open it.
pub(super) fn propose(picture: &Picture, score: &Score, now: At) -> Option<Proposal> {
    let newest = |wanted: Did| seen::newest(picture, RuleKind::PriceAlertUsed, now, |did| did == wanted);
    let followed = newest(Did::ClickedPriceAlert);
    let mark = followed.or_else(|| newest(Did::OpenedPriceAlert))?;
    let verb = if followed.is_some() { "followed" } else { "opened" };
    let car = mark.car.and_then(|id| picture.car(id));
    let on = |name: Option<String>| name.map(|name| format!(" on {name}")).unwrap_or_default();
    Some(Proposal {
        matter: Matter { vehicle: mark.car, ..Matter::of(RuleKind::PriceAlertUsed) },
        level: if followed.is_some() { seen::strong(score) } else { Level::Later },
        headline: format!(
            "{} {verb} the price alert{}.",
            phrases::who(picture.customer),
            on(car.map(|c| format!("the {}", cars::spoken_and_tag(c))))
        ),
        short: phrases::capitalised(&format!("{verb} the price alert{}", on(car.map(cars::tag)))),
        ..seen::card(picture, RuleKind::PriceAlertUsed, mark, now)
    })
}

#[cfg(test)]
mod tests {
    use super::{super::Basis, *};
    use crate::engine::sample::{CRV, Sample};

    #[test]
    fn it_stands_for_two_days_until_a_touch() {
        for did in [Did::OpenedPriceAlert, Did::ClickedPriceAlert] {
            seen::tests::check_window(propose, did, 48);
        }
        seen::tests::check_levels(propose, Did::OpenedPriceAlert, [(10, Level::Later), (90, Level::Later)]);
        seen::tests::check_levels(propose, Did::ClickedPriceAlert, [(10, Level::NextUp), (90, Level::ActNow)]);
    }

    #[test]
    fn who_followed_it_is_nearer_than_who_opened_it() {
        let both = Sample::dana().did(Did::ClickedPriceAlert, 3, Some(CRV)).did(Did::OpenedPriceAlert, 1, Some(CRV));
        let card = seen::tests::proposed(propose, &both, 0).unwrap();
        assert_eq!((card.headline.as_str(), card.matter.vehicle), ("Dana followed the price alert on the 2022 CR-V (#24117).", Some(CRV)));
        assert_eq!((card.short.as_str(), card.basis), ("Followed the price alert on #24117", Basis::Seen));
        let opened = seen::tests::proposed(propose, &Sample::dana().did(Did::OpenedPriceAlert, 1, None), 0).unwrap();
        assert_eq!(opened.headline, "Dana opened the price alert.");
    }
}
