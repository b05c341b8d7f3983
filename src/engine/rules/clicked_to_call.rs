//! Somebody tapped our phone number; whether the call came through, the website cannot say.

use super::{Proposal, seen};
use crate::{
    domain::{alert::RuleKind, picture::Picture, score::Score, time::At, visitor::Did},
    engine::wording::phrases,
};

/// Stands for a day, or as long as the store set it, until somebody reaches for them.
pub(super) fn propose(picture: &Picture, score: &Score, now: At) -> Option<Proposal> {
    let mark = seen::newest(picture, RuleKind::ClickedToCall, now, |did| did == Did::ClickedToCall)?;
    Some(Proposal {
        level: seen::strong(score),
        headline: format!("{} tapped our phone number on the website.", phrases::who(picture.customer)),
        short: "Tapped our phone number".to_owned(),
        ..seen::card(picture, RuleKind::ClickedToCall, mark, now)
    })
}

#[cfg(test)]
mod tests {
    use super::{super::Basis, *};
    use crate::{
        domain::alert::Level,
        engine::sample::{CRV, Sample},
    };

    #[test]
    fn it_stands_for_a_day_until_a_touch() {
        seen::tests::check_window(propose, Did::ClickedToCall, 24);
    }

    #[test]
    fn it_is_a_strong_sign() {
        seen::tests::check_levels(propose, Did::ClickedToCall, [(10, Level::NextUp), (90, Level::ActNow)]);
    }

    #[test]
    fn the_card_says_on_which_page() {
        let card = seen::tests::proposed(propose, &Sample::dana().did(Did::ClickedToCall, 1, Some(CRV)), 0).unwrap();
        assert_eq!((card.headline.as_str(), card.vehicle, card.basis), ("Dana tapped our phone number on the website.", Some(CRV), Basis::Seen));
    }
}
