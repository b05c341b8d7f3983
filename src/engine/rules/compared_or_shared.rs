//! Somebody weighs cars against each other, or shows one to somebody else.

use super::{Proposal, seen};
use crate::{
    domain::{alert::RuleKind, picture::Picture, score::Score, time::At, visitor::Did},
    engine::wording::{cars, phrases},
};

/// Stands for two days, or as long as the store set it, until somebody reaches for them.
pub(super) fn propose(picture: &Picture, score: &Score, now: At) -> Option<Proposal> {
    let mark = seen::newest(picture, RuleKind::ComparedOrShared, now, |did| matches!(did, Did::Compared | Did::Shared))?;
    let car = mark.car.and_then(|id| picture.car(id));
    let (whole, tag) = (car.map(|c| format!("the {}", cars::spoken_and_tag(c))), car.map(cars::tag));
    let did = |what: Option<String>| match (mark.did == Did::Compared, what) {
        (true, Some(car)) => format!("compared {car} with others"),
        (true, None) => "compared cars".to_owned(),
        (false, Some(car)) => format!("shared or saved {car}"),
        (false, None) => "shared or saved a car".to_owned(),
    };
    Some(Proposal {
        level: seen::light(score),
        headline: format!("{} {}.", phrases::who(picture.customer), did(whole)),
        short: phrases::capitalised(&did(tag)),
        ..seen::card(picture, RuleKind::ComparedOrShared, mark, now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::alert::Level,
        engine::sample::{CRV, Sample},
    };

    #[test]
    fn it_stands_for_two_days_until_a_touch() {
        for did in [Did::Compared, Did::Shared] {
            seen::tests::check_window(propose, did, 48);
            seen::tests::check_levels(propose, did, [(10, Level::Later), (60, Level::NextUp)]);
        }
    }

    #[test]
    fn the_card_names_the_car() {
        for (did, car, headline, short) in [
            (Did::Compared, Some(CRV), "Dana compared the 2022 CR-V (#24117) with others.", "Compared #24117 with others"),
            (Did::Compared, None, "Dana compared cars.", "Compared cars"),
            (Did::Shared, Some(CRV), "Dana shared or saved the 2022 CR-V (#24117).", "Shared or saved #24117"),
            (Did::Shared, None, "Dana shared or saved a car.", "Shared or saved a car"),
        ] {
            let card = seen::tests::proposed(propose, &Sample::dana().did(did, 1, car), 0).unwrap();
            assert_eq!((card.headline.as_str(), card.short.as_str()), (headline, short));
        }
    }
}
