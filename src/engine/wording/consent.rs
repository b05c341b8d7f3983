//! Why may we, or may we not? One note to each channel, on what it rests and since when.

use super::times::date;
use crate::domain::{
    consent::{ConsentBasis, ConsentFact, ConsentState},
    time::{At, Zone},
};

/// `Agreed to in the website form, Nov 21`. The evidence names the paper; how they said it and the day stand around it once.
#[must_use]
pub fn consent_note(fact: &ConsentFact, zone: &Zone, now: At) -> String {
    let verb = match fact.state {
        ConsentState::Allowed => "Agreed to",
        ConsentState::NotGiven => "Not agreed to",
        ConsentState::Revoked => "Refused",
    };
    let paper = |unnamed: &'static str| if fact.evidence.is_empty() { unnamed.to_owned() } else { fact.evidence.clone() };
    let what = match (fact.basis, fact.state) {
        (ConsentBasis::Enquiry, ConsentState::Allowed) => format!("To answer their {}", paper("enquiry")),
        (ConsentBasis::Reply, ConsentState::Allowed) => format!("They wrote to us: {}", paper("a message")),
        (ConsentBasis::Enquiry, ConsentState::NotGiven | ConsentState::Revoked) => format!("{verb} in their {}", paper("enquiry")),
        (ConsentBasis::Reply, ConsentState::NotGiven | ConsentState::Revoked) => format!("{verb} in their {}", paper("message")),
        (ConsentBasis::Form, _) => format!("{verb} in the {}", paper("form")),
        (ConsentBasis::DmsFlag, _) => format!("Blocked by a flag in the {}", paper("dealer system")),
        (ConsentBasis::Verbal, _) if fact.evidence.is_empty() => format!("{verb} in person or by phone"),
        (ConsentBasis::Verbal, _) => format!("{verb} in person or by phone: {}", fact.evidence),
        (ConsentBasis::Unknown, _) => format!("On record: {}", paper("no paper named")),
    };
    format!("{what}, {}", date(zone, fact.at, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{consent::Channel, time::DAY_MS},
        engine::sample::now,
    };

    #[test]
    fn a_note_says_once_on_what_it_rests_and_since_when() {
        let check = |basis, state, evidence: &str, days: i64, expected: &str| {
            let fact = ConsentFact { channel: Channel::Text, state, basis, at: now().plus_ms(-days * DAY_MS), evidence: evidence.to_owned() };
            assert_eq!(consent_note(&fact, &Zone::named("America/New_York").unwrap(), now()), expected);
        };
        check(ConsentBasis::Enquiry, ConsentState::Allowed, "Cars.com lead", 3, "To answer their Cars.com lead, Nov 21");
        check(ConsentBasis::Form, ConsentState::Allowed, "website form", 3, "Agreed to in the website form, Nov 21");
        check(ConsentBasis::Form, ConsentState::Revoked, "Cars.com lead", 400, "Refused in the Cars.com lead, Oct 20, 2025");
        check(ConsentBasis::Reply, ConsentState::Allowed, "email reply", 0, "They wrote to us: email reply, Nov 24");
        check(ConsentBasis::Reply, ConsentState::Revoked, "email reply", 0, "Refused in their email reply, Nov 24");
        check(ConsentBasis::DmsFlag, ConsentState::Revoked, "customers.csv row", 0, "Blocked by a flag in the customers.csv row, Nov 24");
        check(ConsentBasis::Verbal, ConsentState::Allowed, "", 1, "Agreed to in person or by phone, Nov 23");
    }
}
