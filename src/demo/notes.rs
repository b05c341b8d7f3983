//! What did people of the store remember of somebody?

use super::{
    Plan, cast,
    dice::{About, Dice},
};
use crate::domain::time::At;

/// A note on a customer of the DMS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastNote {
    pub at: At,
    /// The customer's number in the DMS.
    pub customer: String,
    /// Who of the staff wrote it.
    pub by: &'static str,
    pub text: &'static str,
}

const OF_SALES: &[&str] = &[
    "Prefers text, works days at the hospital.",
    "Call after 5, on the road until then.",
    "Needs room for two car seats in back.",
    "Tows a small boat, asks about hitch ratings.",
    "Wants heated seats, not fussed about color.",
    "Daughter gets her license in spring, may want a second car.",
    "Waiting on the tax refund before deciding.",
    "Happy with the car, sent a cousin our way.",
    "Lease with another store runs out next year.",
    "Said the payment is the number that matters, not the price.",
    "Drives to Boston twice a week, fuel first.",
    "Came in to look at trucks, will be back with his wife.",
    "Likes to be told when something comes in, no weekly mail please.",
    "Asked us to keep an eye out for a low-mile Outback.",
    "Dog goes everywhere with her, wants a flat cargo floor.",
];
const OF_SERVICE: &[&str] = &[
    "Always waits in the lounge, no loaner needed.",
    "Drops off the evening before, key box.",
    "Asked for photos of anything we recommend.",
    "Keep the old parts for him to see.",
    "Snow tires are stored with us, rack 14.",
    "Wants a call before anything over $200.",
    "Rust on the rockers, told him it may not pass next year.",
    "Pays for the whole family's cars.",
];

impl Plan {
    /// Notes of the history, in time order.
    pub fn past_notes(&self) -> impl Iterator<Item = PastNote> + '_ {
        let mut agenda: Vec<(u32, u32)> = (0..self.sizes.notes)
            .map(|n| {
                let mut dice = Dice::of(self.seed, About::Note, u64::from(n));
                let day = self.calendar.today() - 1 - dice.below(self.sizes.history_days - 1);
                (self.calendar.second(self.calendar.selling(&mut dice, day)), n)
            })
            .collect();
        agenda.sort_unstable();
        agenda.into_iter().map(|(second, n)| self.past_note(self.calendar.of_second(second), n))
    }

    fn past_note(&self, at: At, n: u32) -> PastNote {
        let mut dice = Dice::of(self.seed, About::Note, (1 << 32) + u64::from(n));
        let customer = format!("{:07}", 10_000 + dice.below(self.sizes.customers));
        if dice.percent(60) {
            PastNote { at, customer, by: cast::STAFF[dice.below(4) as usize].0, text: dice.pick(OF_SALES) }
        } else {
            PastNote { at, customer, by: cast::STAFF[4 + dice.below(2) as usize].0, text: dice.pick(OF_SERVICE) }
        }
    }
}
