//! Somebody looked up when we are open or how to get here.

use super::{Proposal, seen};
use crate::{
    domain::{alert::RuleKind, picture::Picture, score::Score, time::At, visitor::Did},
    engine::wording::phrases,
};

/// Stands for a day, or as long as the store set it, until somebody reaches for them.
pub(super) fn propose(picture: &Picture, score: &Score, now: At) -> Option<Proposal> {
    let mark = seen::newest(picture, RuleKind::HoursViewed, now, |did| did == Did::ViewedHours)?;
    Some(Proposal {
        level: seen::light(score),
        headline: format!("{} looked up our hours or the way to us.", phrases::who(picture.customer)),
        short: "Looked up hours or directions".to_owned(),
        ..seen::card(picture, RuleKind::HoursViewed, mark, now)
    })
}

#[cfg(test)]
mod tests {
    use super::{super::Basis, *};
    use crate::{domain::alert::Level, engine::sample::Sample};

    #[test]
    fn it_stands_for_a_day_until_a_touch() {
        seen::tests::check_window(propose, Did::ViewedHours, 24);
    }

    #[test]
    fn it_is_a_light_sign() {
        seen::tests::check_levels(propose, Did::ViewedHours, [(10, Level::Later), (60, Level::NextUp)]);
    }

    #[test]
    fn the_card_says_what_was_seen_and_that_it_was_only_seen() {
        let card = seen::tests::proposed(propose, &Sample::dana().did(Did::ViewedHours, 1, None), 0).unwrap();
        assert_eq!((card.headline.as_str(), card.basis), ("Dana looked up our hours or the way to us.", Basis::Seen));
        assert_eq!(card.reasons[0].text, "Looked up hours or directions");
    }
}
