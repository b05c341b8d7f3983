//! What is worth asking them? Three questions for a sheet of paper, of what we know and what we do not.

use super::cars;
use crate::domain::{
    consent::{Channel, ConsentState, state_of},
    lead::LeadKind,
    picture::Picture,
    time::{At, DAY_MS},
};

const MOST: usize = 3;
/// By then most people think of the next one (field guide 1.2).
const OLD_CAR_MS: i64 = 4 * 365 * DAY_MS;

/// Three questions, the most telling first. All of them can be read aloud: none speaks of silent browsing.
#[must_use]
pub fn questions(picture: &Picture, now: At) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let lead = picture.leads.last();
    let owned = picture.owned.iter().find(|o| o.until.is_none());
    if let Some(car) = lead.and_then(|l| l.vehicle).and_then(|id| picture.car(id)) {
        all.push(format!("What matters most to you in the {}, and what would you change?", cars::spoken(car)));
        all.push("When would you like to be driving it?".to_owned());
    } else if lead.is_some() {
        all.push("What must the next car do that the one you have does not?".to_owned());
    }
    if lead.is_some_and(|l| matches!(l.said.kind, LeadKind::Finance)) {
        all.push("What would you like a month to come to, all in?".to_owned());
    }
    if let Some(owned) = owned {
        if now.since(owned.since) > OLD_CAR_MS || lead.is_some() {
            all.push(format!("What are your plans for the {}?", owned.short));
        } else {
            all.push(format!("How are you getting on with the {}?", owned.short));
        }
    }
    if state_of(&picture.customer.consent, Channel::Text).is_none_or(|fact| fact.state == ConsentState::NotGiven) {
        all.push("May we text you, and at which number?".to_owned());
    }
    all.push("Who else drives it, or decides with you?".to_owned());
    all.push("What has changed since we last talked?".to_owned());
    all.push("How did you hear of us, and how do you like to be reached?".to_owned());
    all.truncate(MOST);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sample::{CRV, Sample, now};

    fn check(sample: &Sample, expected: &[&str]) {
        assert_eq!(questions(&sample.picture(), now()), expected);
    }

    #[test]
    fn three_questions_fit_what_is_known() {
        check(
            &Sample::dana(),
            &["May we text you, and at which number?", "Who else drives it, or decides with you?", "What has changed since we last talked?"],
        );
        let asked = Sample::dana().lead(1, 1, |l| l.vehicle = Some(CRV));
        check(
            &asked,
            &[
                "What matters most to you in the 2022 CR-V, and what would you change?",
                "When would you like to be driving it?",
                "May we text you, and at which number?",
            ],
        );
    }

    #[test]
    fn what_was_only_looked_at_is_never_asked_about() {
        let looked = Sample::dana().looks(CRV, &[40, 26, 14, 0]);
        assert!(questions(&looked.picture(), now()).iter().all(|q| !q.contains("CR-V")));
    }
}
