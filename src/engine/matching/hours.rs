//! When may a message that nobody asked for by the minute reach somebody?

use crate::domain::{rooftop::Rooftop, time::At};

/// The hours in which an automated text is lawful in every state that narrows 47 CFR 64.1200(c)(1) (field guide 4.3): 9 to 8, on Sundays
/// noon to 8. Minutes of the day, Monday first.
const TEXTS: [(u16, u16); 7] = {
    const DAY: (u16, u16) = (9 * 60, 20 * 60);
    [DAY, DAY, DAY, DAY, DAY, DAY, (12 * 60, 20 * 60)]
};

/// `at`, or the next minute in which a text may be sent, by the store's clock.
#[must_use]
pub fn for_text(rooftop: &Rooftop, at: At) -> At {
    let mut day = rooftop.zone.local(at).date();
    for _ in 0..3 {
        let place = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        let (from, until) = TEXTS.get(place).copied().unwrap_or((12 * 60, 20 * 60));
        if at < rooftop.wall(day, until) {
            return at.max(rooftop.wall(day, from));
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    at
}

/// The morning after, when the next of a batch are told.
#[must_use]
pub fn next_morning(rooftop: &Rooftop, at: At) -> At {
    let tomorrow = rooftop.zone.local(at).date().tomorrow();
    tomorrow.map_or(at, |day| rooftop.wall(day, TEXTS[0].0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_leaves_only_in_hours_that_are_lawful_everywhere() {
        let at = |text: &str| At::parse_rfc3339(text).unwrap();
        for (now, leaves) in [
            ("2026-11-24T09:41:00-05:00", "2026-11-24T09:41:00-05:00"),
            ("2026-11-24T08:30:00-05:00", "2026-11-24T09:00:00-05:00"),
            ("2026-11-24T20:00:00-05:00", "2026-11-25T09:00:00-05:00"),
            // Saturday evening to Sunday noon.
            ("2026-11-28T21:00:00-05:00", "2026-11-29T12:00:00-05:00"),
            ("2026-11-29T11:00:00-05:00", "2026-11-29T12:00:00-05:00"),
        ] {
            assert_eq!(for_text(&Rooftop::default(), at(now)), at(leaves), "{now}");
        }
        assert_eq!(next_morning(&Rooftop::default(), at("2026-11-24T09:41:00-05:00")), at("2026-11-25T09:00:00-05:00"));
    }
}
