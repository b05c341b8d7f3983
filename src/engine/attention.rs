//! How much may ask for one person's attention in a day?
//!
//! Whoever is called thirty times is not called at all. What nobody waits for takes a place of the day, and of more than there are places
//! the nearest to buying have them; the others come with the next morning. A customer who waits for an answer, and what somebody
//! promised, take no place and are never held back.

use super::rules::{Proposal, is_their_word};
use crate::domain::{
    alert::{Level, RuleKind},
    ids::AlertId,
};

/// A card that took a place of somebody's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub alert: AlertId,
    /// The score it came with: how much is to be expected of it.
    pub value: u64,
    /// Nobody has answered it yet.
    pub untouched: bool,
}

/// What becomes of another card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    Comes,
    /// It comes, and this one goes to the next morning for it.
    InsteadOf(AlertId),
    /// It goes to the next morning.
    Waits,
}

/// Whether a card takes a place of the day.
#[must_use]
pub fn takes_a_place(card: &Proposal) -> bool {
    let waits = card.first_response || card.level == Level::ActNow || is_their_word(card.matter.rule);
    !waits && card.matter.to.is_none() && card.matter.rule != RuleKind::FollowUpDue
}

/// Whether a card of this value comes today, when these came before it.
#[must_use]
pub fn admit(taken: &[Taken], places: u16, value: u64) -> Admission {
    if taken.len() < usize::from(places) {
        return Admission::Comes;
    }
    let least = taken.iter().filter(|t| t.untouched).min_by_key(|t| (t.value, std::cmp::Reverse(t.alert)));
    match least {
        Some(least) if least.value < value => Admission::InsteadOf(least.alert),
        Some(_) | None => Admission::Waits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(all: &[(u64, u64, bool)]) -> Vec<Taken> {
        all.iter().map(|(alert, value, untouched)| Taken { alert: AlertId(*alert), value: *value, untouched: *untouched }).collect()
    }

    #[test]
    fn a_full_day_keeps_the_nearest_to_buying() {
        let day = [(1, 60, true), (2, 20, true), (3, 10, false)];
        for (places, value, becomes) in [
            (4, 1, Admission::Comes),
            (3, 30, Admission::InsteadOf(AlertId(2))),
            // The same is no better, and what somebody worked on is not taken away.
            (3, 20, Admission::Waits),
            (3, 15, Admission::Waits),
            (0, 90, Admission::InsteadOf(AlertId(2))),
        ] {
            assert_eq!(admit(&taken(&day), places, value), becomes, "{places} {value}");
        }
        assert_eq!(admit(&[], 0, 99), Admission::Waits);
    }
}
