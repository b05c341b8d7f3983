//! What does somebody see who decides whether two are one? Both beside each other, with what they share marked.

use super::{
    duplicates::{self, Place, Standing, UnderWay},
    people, shapes as s,
    views::{self, People},
};
use crate::{
    domain::{birth::BirthDate, customer::Customer, ids::PartId, merge::Likeness},
    engine::identity::Key,
    store::{Rows, Span, StoreError, tables},
};

/// Cars of one side.
const CARS_MOST: usize = 4;
const STORY_LINES_MOST: usize = 1_000;
/// Rows of the list read at once; of customers joined meanwhile there are several or none to show.
const READ_AT_ONCE: usize = 100;

/// A place in the list as it was said on the wire.
#[must_use]
pub fn place(text: &str) -> Option<Place> {
    let mut numbers = text.split('-').map(str::parse::<u64>);
    let mut next = || numbers.next().and_then(Result::ok);
    let (rank, one, other) = (next()?, next()?, next()?);
    Some((u32::try_from(rank).ok()?, (PartId(one), PartId(other))))
}

fn text(place: Place) -> String {
    let (rank, (one, other)) = place;
    format!("{rank}-{one}-{other}")
}

/// Pairs that nobody has decided, the most likely first: of two customers the likeliest pair of their records.
pub fn page(tx: &impl Rows, after: Option<Place>, limit: usize) -> Result<s::Duplicates, StoreError> {
    let people = People::read(tx)?;
    let (mut items, mut last) = (Vec::new(), after);
    let mut is_end = false;
    while items.len() < limit && !is_end {
        let span = last.map_or_else(Span::all, |place| Span::all().after(&place));
        let places = tx.keys(tables::LIKELY_FIRST, &span, READ_AT_ONCE)?;
        is_end = places.len() < READ_AT_ONCE;
        for place in places {
            if items.len() == limit {
                is_end = false;
                break;
            }
            last = Some(place);
            items.extend(pair(tx, &people, place)?);
        }
    }
    let next = last.filter(|_| !is_end).map(text);
    let scan = scan(&duplicates::standing(tx)?);
    Ok(s::Duplicates { scan, items, next, total: tx.count(tables::LIKELY_FIRST)? })
}

/// `None` for records that are one customer by now, and where a likelier pair of the same two customers says it already.
fn pair(tx: &impl Rows, people: &People, place: Place) -> Result<Option<s::DuplicatePair>, StoreError> {
    let (one, other) = place.1;
    let (Some(left), Some(right)) = (people::of_part(tx, one)?, people::of_part(tx, other)?) else { return Ok(None) };
    if left.id == right.id {
        return Ok(None);
    }
    let Some((_, likeness)) = people::likely_of(tx, &left)?.into_iter().find(|(id, _)| *id == right.id) else { return Ok(None) };
    if (likeness.one, likeness.other) != place.1 {
        return Ok(None);
    }
    let Likeness { because, found, .. } = likeness;
    Ok(Some(s::DuplicatePair {
        id: text(place),
        why: because.reasons,
        probability_bps: because.probability.map(|p| p.0),
        found_ms: found.0,
        one: side(tx, people, &left, &right)?,
        other: side(tx, people, &right, &left)?,
    }))
}

fn side(tx: &impl Rows, people: &People, mine: &Customer, theirs: &Customer) -> Result<s::DuplicateSide, StoreError> {
    let compared = |text: String, is_shared: bool| s::Compared { text, is_shared };
    let name = mine.display_name();
    let is_same_name = name.to_lowercase() == theirs.display_name().to_lowercase();
    let their_cars = cars(tx, theirs)?;
    let mut story_lines = 0;
    for part in mine.all_parts() {
        story_lines += tx.keys(tables::STORY, &Span::under(&tables::story_of_part(part)), STORY_LINES_MOST)?.len();
    }
    let mut sources: Vec<String> = Vec::new();
    for source in views::sources(tx, mine)? {
        if !sources.contains(&source.label) {
            sources.push(source.label);
        }
    }
    Ok(s::DuplicateSide {
        id: mine.id.0,
        name: compared(name, is_same_name),
        phones: mine.phones.iter().map(|p| compared(p.display(), theirs.phones.contains(p))).collect(),
        emails: mine.emails.iter().map(|e| compared(e.as_str().to_owned(), has_email(theirs, &Key::email(e)))).collect(),
        address: address(mine).map(|text| compared(text, lives_with(mine, theirs))),
        birth_year: mine.birth.map(|b| born(b, theirs.birth)),
        cars: cars(tx, mine)?.into_iter().map(|car| compared(car.clone(), their_cars.contains(&car))).collect(),
        sources,
        owner: mine.owner.and_then(|o| people.person(o)),
        last_touch_ms: mine.last_touch.as_ref().map(|t| t.at.0),
        last_touch: mine.last_touch.as_ref().map(|t| t.text.clone()),
        story_lines: story_lines.min(STORY_LINES_MOST) as u64,
    })
}

/// The year says enough to tell two people apart; the day stays where it is needed.
fn born(mine: BirthDate, theirs: Option<BirthDate>) -> s::Compared {
    let is_shared = theirs == Some(mine);
    let is_other_day = !is_shared && theirs.is_some_and(|b| b.year() == mine.year());
    s::Compared { text: format!("{}{}", mine.year(), if is_other_day { ", another day" } else { "" }), is_shared }
}

fn has_email(customer: &Customer, key: &Key) -> bool {
    customer.emails.iter().any(|e| Key::email(e) == *key)
}

fn address(customer: &Customer) -> Option<String> {
    let a = &customer.address;
    let lines = [&a.line1, &a.line2, &a.city, &a.region, &a.postal_code];
    let said: Vec<&str> = lines.into_iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn lives_with(mine: &Customer, theirs: &Customer) -> bool {
    match (Key::home(mine), Key::home(theirs)) {
        (Some(home), Some(other)) => home == other,
        _ => address(mine) == address(theirs),
    }
}

/// The cars a customer has by our records.
fn cars(tx: &impl Rows, customer: &Customer) -> Result<Vec<String>, StoreError> {
    let mut labels: Vec<String> = Vec::new();
    for part in customer.all_parts() {
        for (_, vehicle) in tx.keys(tables::OWNED, &Span::under(&part), CARS_MOST)? {
            let is_theirs = tx.get(tables::OWNERS, &(vehicle, part))?.is_some_and(|o| o.until.is_none());
            let label = tx.get(tables::VEHICLES, &vehicle)?.map(|v| v.facts.label()).filter(|_| is_theirs);
            labels.extend(label.filter(|l| labels.len() < CARS_MOST && !labels.contains(l)));
        }
    }
    Ok(labels)
}

/// How far a search is, and what came of the last.
#[must_use]
pub fn scan(standing: &Standing) -> s::DuplicateScan {
    let last = standing.last.unwrap_or_default();
    let (done, of, found) = match standing.under_way {
        Some(UnderWay { done, of, found, .. }) => (done, of, found),
        None => (last.of, last.of, last.found),
    };
    s::DuplicateScan {
        is_running: standing.under_way.is_some() || standing.asked.is_some(),
        begun_ms: standing.under_way.map(|u| u.begun).or(standing.asked).map(|t| t.0),
        done: done as u64,
        of: of as u64,
        joined: found.joined as u64,
        likely: found.likely as u64,
        ended_ms: standing.last.map(|l| l.ended.0),
    }
}
