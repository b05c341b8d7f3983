//! What is asked of a car's state, in words that everybody understands, and what each answer does to its price?

use crate::domain::appraisal::{Aspect, Grade};

/// One question with its answers, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    pub aspect: Aspect,
    pub asks: &'static str,
    pub answers: [Answer; 3],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    pub grade: Grade,
    pub says: &'static str,
    /// How one would tell.
    pub example: &'static str,
    pub bears: Bearing,
}

/// What an answer does to a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearing {
    /// A share of the price, in basis points, against a car in the usual state for its age; where it takes something away, at least these
    /// cents: a set of tires costs the same on a cheap car.
    Share { bps: i32, least_cents: i64 },
    /// No table can say: what such a car is worth hangs on what is wrong with it.
    NeedsAPerson(&'static str),
}

const fn answer(grade: Grade, says: &'static str, example: &'static str, bps: i32, least_cents: i64) -> Answer {
    Answer { grade, says, example, bears: Bearing::Share { bps, least_cents } }
}

const fn by_hand(says: &'static str, example: &'static str, why: &'static str) -> Answer {
    Answer { grade: Grade::Poor, says, example, bears: Bearing::NeedsAPerson(why) }
}

/// The six questions, in order.
///
/// Source of the shares: the steps between the condition classes of US trade-in guides (from rough to clean some 15 to 25 % together) and of
/// accident history (a minor one 5 to 10 %, structural 15 to 30 %), in the form the house keeps them; the least of each is what a shop
/// takes for the smallest such repair. Error: a third of each step.
pub const QUESTIONS: [Question; 6] = [
    Question {
        aspect: Aspect::Drives,
        asks: "How does it run and drive?",
        answers: [
            answer(Grade::Good, "As it should", "Starts at once, no warning lights, nothing leaks.", 100, 0),
            answer(Grade::Fair, "Something is off", "A warning light, a noise, a leak, weak air conditioning.", -700, 50_000),
            by_hand("It does not run", "Has to be towed, or stops on the road.", "What a car is worth that does not run hangs on the repair."),
        ],
    },
    Question {
        aspect: Aspect::Outside,
        asks: "How does it look outside?",
        answers: [
            answer(Grade::Good, "Clean", "Small stone chips, nothing you see from three steps away.", 100, 0),
            answer(Grade::Fair, "Dents or scratches", "A door ding, a scraped bumper, faded paint.", -300, 30_000),
            answer(Grade::Poor, "Damage or rust", "A panel to be replaced, hail, rust that comes through.", -900, 90_000),
        ],
    },
    Question {
        aspect: Aspect::Inside,
        asks: "How does it look inside?",
        answers: [
            answer(Grade::Good, "Clean", "No stains or tears, everything works, no smell.", 100, 0),
            answer(Grade::Fair, "Worn", "A stain, a worn seat, one thing that does not work.", -200, 15_000),
            answer(Grade::Poor, "Torn, broken or smoked in", "Torn seats, missing parts, a smell that stays.", -600, 50_000),
        ],
    },
    Question {
        aspect: Aspect::Tires,
        asks: "How are tires, brakes and glass?",
        answers: [
            answer(Grade::Good, "Good for another year", "Plenty of tread, brakes quiet, no crack in the glass.", 50, 0),
            answer(Grade::Fair, "One of them is due", "Tires near the end, or brakes that grind, or a chipped windshield.", -200, 40_000),
            answer(Grade::Poor, "Several are due", "Worn tires and brakes, or a cracked windshield on top.", -400, 90_000),
        ],
    },
    Question {
        aspect: Aspect::Crashes,
        asks: "Has it been in a crash?",
        answers: [
            answer(Grade::Good, "Never", "Nothing worse than a parking bump.", 50, 0),
            answer(Grade::Fair, "Yes, and put right", "A fender or bumper replaced, no airbag went off.", -600, 40_000),
            answer(Grade::Poor, "Yes, a hard one", "An airbag went off, or the frame was bent.", -1_800, 120_000),
        ],
    },
    Question {
        aspect: Aspect::Title,
        asks: "What does the title say?",
        answers: [
            answer(Grade::Good, "Clean, in my name", "A loan on it is fine.", 0, 0),
            answer(Grade::Fair, "Clean, but papers are missing", "A lost title, or it is in somebody else's name.", 0, 0),
            by_hand(
                "Salvage, rebuilt or lemon",
                "The title is branded.",
                "A branded title takes a fifth to a half of a price, and only a look tells how much.",
            ),
        ],
    },
];

/// The question about this.
#[must_use]
pub fn question(aspect: Aspect) -> &'static Question {
    // One of each, in the order of the list: a test holds the two together.
    QUESTIONS.iter().find(|question| question.aspect == aspect).unwrap_or(&QUESTIONS[0])
}

/// The answer of this grade; none when nobody said.
#[must_use]
pub fn answered(aspect: Aspect, grade: Grade) -> Option<&'static Answer> {
    question(aspect).answers.iter().find(|answer| answer.grade == grade)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_question_of_each_with_its_answers_from_good_to_poor() {
        assert_eq!(QUESTIONS.map(|question| question.aspect), Aspect::ALL);
        for question in QUESTIONS {
            assert_eq!(question.answers.map(|answer| answer.grade), [Grade::Good, Grade::Fair, Grade::Poor], "{:?}", question.aspect);
            let shares = question.answers.map(|answer| match answer.bears {
                Bearing::Share { bps, .. } => bps,
                Bearing::NeedsAPerson(_) => i32::MIN,
            });
            assert!(shares.is_sorted_by(|better, worse| better >= worse), "{:?}", question.aspect);
        }
    }
}
