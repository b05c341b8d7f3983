//! What did the store say of those who asked: given up and why, or how far they came and when they are got back to?

use super::{
    Plan,
    dice::{About, Dice},
};
use crate::domain::{
    opportunity::{LostReason, Said, Stage},
    time::{At, DAY_MS, HOUR_MS, MINUTE_MS},
};

/// A word on the sale with whoever sent a lead.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PastWord {
    pub at: At,
    /// The lead's number, as its reader names it.
    pub lead: String,
    pub by: &'static str,
    pub said: Said,
}

/// Nobody is given up before this many days of trying, and everybody within four weeks.
const TRIED_DAYS: u32 = 3;
const GIVEN_UP_WITHIN_DAYS: u32 = 25;
/// Of every hundred who are still tried, so many have a follow-up. The others were forgotten: a store has some.
const REMEMBERED: u32 = 85;

const REASONS: [(LostReason, u32); 7] = [
    (LostReason::Unreachable, 30),
    (LostReason::BoughtElsewhere, 22),
    (LostReason::Price, 16),
    (LostReason::Timing, 14),
    (LostReason::NoMatch, 8),
    (LostReason::TradeValue, 6),
    (LostReason::Credit, 4),
];

/// What only a person of the store knows of how far it came.
const STAGES: &[(Stage, &str)] = &[
    (Stage::Appointment, "Said on the phone they come Saturday at ten"),
    (Stage::Appointment, "Booked a drive for after work"),
    (Stage::Visit, "Came by on their way home, I was at lunch"),
    (Stage::Visit, "Walked the lot together, no drive yet"),
    (Stage::Proposal, "Has our numbers, wants to sleep on it"),
    (Stage::Proposal, "Numbers sent, waiting for the bank"),
];

const NEXT: &[&str] = &["Call about the numbers", "Send the walkaround video", "Ask when they can come in", "Check on the trade photos", "", ""];

impl Plan {
    /// Every word of the history, in time order.
    pub fn past_words(&self) -> impl Iterator<Item = PastWord> + '_ {
        let mut words: Vec<PastWord> = (0..self.sizes.leads).flat_map(|n| self.words_on(n)).collect();
        words.sort_by_key(|word| word.at);
        words.into_iter()
    }

    fn words_on(&self, n: u32) -> Vec<PastWord> {
        let mut dice = Dice::of(self.seed, About::Word, u64::from(n));
        let answer = self.past_answer_to(n);
        let word = |at, said| PastWord { at, lead: answer.lead.clone(), by: answer.by, said };
        let given_up_on = self.calendar.day_of(answer.at) + TRIED_DAYS + dice.below(GIVEN_UP_WITHIN_DAYS);
        if given_up_on < self.calendar.today() {
            let why = REASONS[dice.weighted(&REASONS.map(|(_, weight)| weight))].0;
            let at = self.calendar.selling(&mut dice, given_up_on);
            // What is tried again by now has been: only days that lie ahead are left.
            let again = why.again_after_days().map(|days| at.plus_ms(days * DAY_MS)).filter(|again| *again > self.now);
            return vec![word(at, Said::Lost { why, note: String::new(), again })];
        }
        let mut words = vec![];
        if dice.percent(45) {
            let (stage, why) = dice.pick(STAGES);
            words.push(word(answer.at.plus_ms(dice.between(5, 55) * MINUTE_MS), Said::Stage { stage, why: why.to_owned() }));
        }
        if dice.percent(REMEMBERED) {
            let due = self.zone.midnight(self.now.plus_ms(dice.between(1, 4) * DAY_MS)).plus_ms(dice.between(9, 17) * HOUR_MS);
            let what = dice.pick(NEXT).to_owned();
            words.push(word(answer.at.plus_ms(HOUR_MS), Said::FollowUp { due, what }));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{Scale, tests::plan};

    #[test]
    fn whoever_asked_long_ago_is_given_up_and_of_the_others_most_are_got_back_to() {
        let plan = plan(7, Scale::Small);
        let words: Vec<PastWord> = plan.past_words().collect();
        assert!(words.is_sorted_by_key(|word| word.at));
        let (mut lost, mut ahead) = (0, 0);
        for word in &words {
            assert!(word.at < plan.now, "nothing is said in the future");
            match &word.said {
                Said::Lost { again, .. } => {
                    assert!(again.is_none_or(|again| again > plan.now));
                    lost += 1;
                }
                Said::FollowUp { due, .. } => {
                    assert!(*due > plan.now, "what was due has been kept");
                    ahead += 1;
                }
                Said::Stage { stage, why } => assert!(Stage::OPEN.contains(stage) && !why.is_empty()),
                Said::StageUndone | Said::LostUndone | Said::NoFollowUp | Said::FollowUpUndone | Said::Unknown => panic!("{word:?}"),
            }
        }
        let leads = plan.sizes.leads as usize;
        assert!(lost * 100 > leads * 90 && ahead > leads / 100, "{lost} lost, {ahead} to be followed up, of {leads}");
    }
}
