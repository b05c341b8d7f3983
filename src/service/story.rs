//! What happened, in order: lines written under a customer or a browser, read as one story.

use crate::{
    domain::{
        alert::Reason,
        customer::Customer,
        ids::{PartId, Seq, VisitorId},
        story::{Road, StoryRow},
        time::At,
        visitor::Activity,
    },
    store::{
        Rows, Span, StoreError, WriteTx,
        tables::{self, StoryOf, story_of_part, story_of_visitor},
    },
};

pub fn tell(tx: &WriteTx<'_>, part: PartId, row: &StoryRow) -> Result<(), StoreError> {
    tx.put(tables::STORY, &(story_of_part(part), (row.at, row.cause)), row)
}

/// A line of a browser. The same thing on the same car in the same visit is one line that counts.
pub fn tell_of_visitor(tx: &WriteTx<'_>, visitor: VisitorId, row: &StoryRow) -> Result<(), StoreError> {
    let of = story_of_visitor(visitor);
    let newest = tx.last(tables::STORY, &Span::under(&of), 4)?;
    let same = newest
        .into_iter()
        .find(|(_, r)| r.vehicle == row.vehicle && r.icon == row.icon && row.at.since(r.until).abs() <= Activity::VISIT_MS && row.at >= r.at);
    match same {
        Some((key, mut line)) => {
            line.until = line.until.max(row.at);
            line.times = line.times.saturating_add(1);
            tx.put(tables::STORY, &key, &line)
        }
        None => tx.put(tables::STORY, &(of, (row.at, row.cause)), row),
    }
}

/// Where one line stands among all; also its id on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub at: At,
    pub cause: Seq,
    of: StoryOf,
}

impl Place {
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}-{}-{}-{}", self.at.0, self.cause.0, self.of.0, self.of.1)
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.rsplitn(4, '-');
        let subject = parts.next()?.parse().ok()?;
        let kind = parts.next()?.parse().ok()?;
        let cause = parts.next()?.parse().ok()?;
        let at = parts.next()?.parse().ok()?;
        Some(Self { at: At(at), cause: Seq(cause), of: (kind, subject) })
    }
}

/// Newest first, over the lines of all parts of a customer and those of their browsers.
pub fn page(
    tx: &impl Rows,
    customer: &Customer,
    road: Option<Road>,
    before: Option<Place>,
    limit: usize,
) -> Result<Vec<(Place, StoryRow)>, StoreError> {
    let mut all: Vec<(Place, StoryRow)> = Vec::new();
    for of in subjects(customer) {
        let mut span = Span::under(&of);
        if let Some(place) = before {
            // A line at the very same instant is told apart by its place, below.
            span = span.before(&(of, (place.at.plus_ms(1), Seq(0))));
        }
        let mut found = 0;
        tx.each_back(tables::STORY, &span, |(_, (at, cause)), row: StoryRow| {
            let place = Place { at, cause, of };
            if before.is_none_or(|b| place < b) && road.is_none_or(|r| r == row.road) {
                all.push((place, row));
                found += 1;
            }
            Ok(if found < limit { std::ops::ControlFlow::Continue(()) } else { std::ops::ControlFlow::Break(()) })
        })?;
    }
    all.sort_by(|(a, _), (b, _)| b.cmp(a));
    all.truncate(limit);
    Ok(all)
}

/// The line that a reason of a card rests on: the one that was being written at its moment. Of several, the one whose sign and car are
/// the reason's own.
pub fn cited(tx: &impl Rows, customer: &Customer, reason: &Reason) -> Result<Option<Place>, StoreError> {
    let mut best: Option<(Fit, Place)> = None;
    for of in subjects(customer) {
        let span = Span::under(&of).before(&(of, (reason.at.plus_ms(1), Seq(0))));
        for ((_, (at, cause)), row) in tx.last(tables::STORY, &span, LINES_SEARCHED)? {
            let found = Fit::of(&row, reason).map(|fit| (fit, Place { at, cause, of }));
            best = best.max(found);
        }
    }
    Ok(best.map(|(_, place)| place))
}

/// Lines of one browser or person that can have been in writing at once: one a kind of doing and car of a visit.
const LINES_SEARCHED: usize = 32;

/// How well a line fits a reason; the greater the better.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    same_sign: bool,
    same_car: bool,
    same_moment: bool,
}

impl Fit {
    fn of(row: &StoryRow, reason: &Reason) -> Option<Self> {
        let fit = Self { same_sign: row.icon == reason.icon, same_car: row.vehicle == reason.vehicle, same_moment: row.at == reason.at };
        let is_its_time = row.at <= reason.at && reason.at <= row.at.max(row.until);
        (is_its_time && (fit.same_sign || fit.same_car || fit.same_moment)).then_some(fit)
    }
}

fn subjects(customer: &Customer) -> impl Iterator<Item = StoryOf> {
    customer.all_parts().map(story_of_part).chain(customer.visitors.iter().map(|v| story_of_visitor(*v)))
}

/// How many lines a story has, up to a bound.
pub fn count(tx: &impl Rows, customer: &Customer, most: usize) -> Result<usize, StoreError> {
    let mut lines = 0;
    for of in subjects(customer) {
        lines += tx.keys(tables::STORY, &Span::under(&of), most - lines)?.len();
    }
    Ok(lines)
}

/// The earliest dated fact between us and them: a deal, a lead, a repair order, a visit, a message. A note only says when it was written.
pub fn first(tx: &impl Rows, customer: &Customer) -> Result<Option<At>, StoreError> {
    let mut first: Option<At> = None;
    for of in subjects(customer) {
        tx.each(tables::STORY, &Span::under(&of), |(_, (at, _)), row: StoryRow| {
            if row.road == Road::Note {
                return Ok(std::ops::ControlFlow::Continue(()));
            }
            first = Some(first.map_or(at, |earlier| earlier.min(at)));
            Ok(std::ops::ControlFlow::Break(()))
        })?;
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{alert::Icon, ids::VehicleId};

    #[test]
    fn a_reason_rests_on_the_line_of_its_moment_its_sign_and_its_car() {
        const CAR: Option<VehicleId> = Some(VehicleId(7));
        let row = |at, until, icon, vehicle| StoryRow {
            at: At(at),
            until: At(until),
            road: Road::Web,
            icon,
            title: String::new(),
            detail: String::new(),
            vehicle,
            by: None,
            times: 1,
            cause: Seq(1),
        };
        let reason = |at, icon, vehicle| Reason { at: At(at), icon, text: String::new(), vehicle };
        let look = row(100, 500, Icon::Eye, CAR);
        let lead = row(300, 300, Icon::Form, CAR);
        let hours = row(250, 350, Icon::Store, None);
        let better = |one: &StoryRow, other: &StoryRow, reason: &Reason| Fit::of(one, reason) > Fit::of(other, reason);
        assert!(better(&look, &lead, &reason(300, Icon::Eye, CAR)), "a look within a visit");
        assert!(better(&lead, &look, &reason(300, Icon::Form, CAR)), "the lead sent from the midst of it");
        assert!(better(&lead, &look, &reason(300, Icon::Car, None)), "the car that the lead brings has no line of its own");
        assert!(better(&hours, &look, &reason(300, Icon::Globe, None)), "what is about no car");
        for outside in [99, 501] {
            assert_eq!(Fit::of(&look, &reason(outside, Icon::Eye, CAR)), None, "{outside}");
        }
        assert_eq!(Fit::of(&look, &reason(300, Icon::Phone, None)), None, "nothing of it fits");
    }

    #[test]
    fn a_place_reads_back_from_its_text() {
        for place in [Place { at: At(1_764_000_000_000), cause: Seq(42), of: (1, 7) }, Place { at: At(-5), cause: Seq(1), of: (2, 9) }] {
            assert_eq!(Place::parse(&place.text()), Some(place));
        }
        assert_eq!(Place::parse("nonsense"), None);
    }
}
