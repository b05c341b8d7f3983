//! What does one see of it all? The lines as they were told, the visits of a browser drawn together, and between them what is worked out
//! when it is read: prices of the cars they care for, and which records and browsers were found to be theirs.

use super::{Place, subjects};
use crate::{
    domain::{
        alert::Icon,
        customer::Customer,
        ids::{CustomerId, MergeId, PartId, Seq, VehicleId, VisitorId},
        merge::Merge,
        money::Cents,
        story::{Road, StoryRow},
        time::{At, Zone},
        vehicle::Vehicle,
        visitor::Activity,
    },
    engine::wording::{self, NamedCar},
    service::people,
    store::{Rows, Span, StoreError, tables},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

/// One line as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// By what it is known, however much is added to it.
    pub id: String,
    /// Where it stands among all.
    pub place: Place,
    pub row: StoryRow,
    /// The lines drawn together in it, newest first; none of a line that was told as it is.
    pub within: Vec<(Place, StoryRow)>,
    pub joined: Option<Joined>,
}

/// What was found to be one person's, and how it can be told apart again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// The record alone came to the customer.
    Part(PartId),
    /// Two customers became one.
    Merge(MergeId),
    /// Two customers were one for a while.
    TakenApart,
    /// A browser was taken for theirs.
    Browser(VisitorId),
}

// Of whom a line is that nobody told: beside the parts (1) and the browsers (2) of the table.
const OF_PRICE: u8 = 3;
const OF_PART: u8 = 4;
const OF_MERGE: u8 = 5;
const OF_UNMERGE: u8 = 6;
const OF_BROWSER: u8 = 7;

/// Prices of cars change often; of more cars nobody reads.
const CARS_MOST: usize = 60;
const MERGES_MOST: usize = 200;

/// All of a customer's story, newest first. Read whole: what belongs together, and how much there is, shows only in all of it.
pub fn whole(tx: &impl Rows, zone: &Zone, customer: &Customer) -> Result<Vec<Line>, StoreError> {
    let mut told: Vec<(Place, StoryRow)> = Vec::new();
    for of in subjects(customer) {
        tx.each_back(tables::STORY, &Span::under(&of), |(_, (at, cause)), row: StoryRow| {
            told.push((Place { at, cause, of }, row));
            Ok(ControlFlow::Continue(()))
        })?;
    }
    told.sort_by(|(a, _), (b, _)| b.cmp(a));
    let cars = cars_in(tx, &told)?;
    let prices = prices(&told, &cars);
    let joinings = joinings(tx, customer)?;
    let browsers = browsers(tx, customer)?;
    let mut lines = drawn_together(zone, told, &cars);
    lines.extend(prices);
    lines.extend(joinings);
    lines.extend(browsers);
    lines.sort_by_key(|line| std::cmp::Reverse(line.place));
    Ok(lines)
}

impl Line {
    fn of(place: Place, row: StoryRow) -> Self {
        Self { id: place.text(), place, row, within: vec![], joined: None }
    }
}

fn cars_in(tx: &impl Rows, told: &[(Place, StoryRow)]) -> Result<BTreeMap<VehicleId, Vehicle>, StoreError> {
    let mut cars = BTreeMap::new();
    for id in told.iter().filter_map(|(_, row)| row.vehicle) {
        if cars.len() < CARS_MOST
            && !cars.contains_key(&id)
            && let Some(car) = tx.get(tables::VEHICLES, &id)?
        {
            cars.insert(id, car);
        }
    }
    Ok(cars)
}

fn named(car: &Vehicle) -> NamedCar {
    let stock = car.listing.as_ref().map(|l| format!("#{}", l.stock)).filter(|s| s.len() > 1);
    let facts = car.facts.short();
    match stock {
        Some(stock) => NamedCar { name: format!("{facts} {stock}"), short: stock },
        None => NamedCar { name: facts.clone(), short: facts },
    }
}

// Visits.

/// Lines of browsers that belong together while they are drawn together, newest first.
struct Visits {
    lines: Vec<(Place, StoryRow)>,
    count: usize,
}

/// Lines of one visit of one browser become one, and so do the visits of a day with nothing between them.
fn drawn_together(zone: &Zone, told: Vec<(Place, StoryRow)>, cars: &BTreeMap<VehicleId, Vehicle>) -> Vec<Line> {
    let mut all: Vec<Visits> = Vec::new();
    // The visit that each browser's next older line may belong to, and when that visit began as far as is known.
    let mut under_way: BTreeMap<u64, (usize, At)> = BTreeMap::new();
    for (place, row) in told {
        let (kind, browser) = place.of;
        if kind != tables::STORY_OF_VISITOR {
            all.push(Visits { lines: vec![(place, row)], count: 0 });
            continue;
        }
        let same_visit = under_way.get(&browser).filter(|(_, began)| began.since(row.until.max(row.at)) <= Activity::VISIT_MS).map(|(at, _)| *at);
        let newest = all.len().checked_sub(1);
        let same_day = newest.filter(|at| all[*at].count > 0 && is_same_day(zone, &all[*at], row.at));
        let at = if let Some(at) = same_visit {
            all[at].lines.push((place, row));
            at
        } else if let Some(at) = same_day {
            all[at].lines.push((place, row));
            all[at].count += 1;
            at
        } else {
            all.push(Visits { lines: vec![(place, row)], count: 1 });
            all.len() - 1
        };
        under_way.insert(browser, (at, place.at));
    }
    all.into_iter().filter_map(|visits| as_line(visits, cars)).collect()
}

fn is_same_day(zone: &Zone, visits: &Visits, at: At) -> bool {
    visits.lines.first().is_some_and(|(newest, _)| zone.day_number(newest.at) == zone.day_number(at))
}

fn as_line(visits: Visits, cars: &BTreeMap<VehicleId, Vehicle>) -> Option<Line> {
    let Visits { mut lines, count } = visits;
    if lines.len() < 2 {
        return lines.pop().map(|(place, row)| Line::of(place, row));
    }
    let rows: Vec<&StoryRow> = lines.iter().map(|(_, row)| row).collect();
    let (title, detail) = wording::browsing(&rows, count, |id| cars.get(&id).map(named));
    let about: BTreeSet<VehicleId> = rows.iter().filter_map(|row| row.vehicle).collect();
    let icon = if about.is_empty() { Icon::Globe } else { Icon::Eye };
    let (newest, oldest) = (lines.first()?.0, lines.last()?.0);
    let row = StoryRow::new(newest.at, Road::Web, icon, title, newest.cause);
    let vehicle = about.first().copied().filter(|_| about.len() == 1);
    // By its first line, which stays the first while the visit goes on.
    Some(Line { id: format!("v{}", oldest.text()), place: newest, row: StoryRow { detail, vehicle, ..row }, within: lines, joined: None })
}

// Prices.

/// Changes of price since they first looked at a car or asked about it.
fn prices(told: &[(Place, StoryRow)], cars: &BTreeMap<VehicleId, Vehicle>) -> Vec<Line> {
    let mut cares_since: BTreeMap<VehicleId, At> = BTreeMap::new();
    for (place, row) in told {
        let cares = place.of.0 == tables::STORY_OF_VISITOR || row.icon == Icon::Form;
        if let Some(id) = row.vehicle.filter(|_| cares) {
            // Newest first: the last written is the first look.
            cares_since.insert(id, place.at);
        }
    }
    let mut lines = Vec::new();
    for (id, since) in cares_since {
        let Some((car, listing)) = cars.get(&id).and_then(|car| Some((car, car.listing.as_ref()?))) else { continue };
        for pair in listing.prices.windows(2) {
            let [before, after] = pair else { continue };
            if after.at > since && after.price != before.price {
                let title = price_title(&named(car), before.price, after.price);
                let place = Place { at: after.at, cause: Seq(0), of: (OF_PRICE, id.0) };
                let row = StoryRow::new(after.at, Road::Sales, Icon::Price, title, Seq(0));
                lines.push(Line::of(place, StoryRow { vehicle: Some(id), ..row }));
            }
        }
    }
    lines
}

fn price_title(car: &NamedCar, before: Cents, after: Cents) -> String {
    let verb = if after < before { "fell" } else { "rose" };
    format!("Price of the {} {verb} {} to {after}", car.name, Cents((after.0 - before.0).abs()))
}

// Joinings.

fn joinings(tx: &impl Rows, customer: &Customer) -> Result<Vec<Line>, StoreError> {
    let mut lines = Vec::new();
    let mut explained: BTreeSet<PartId> = BTreeSet::new();
    let mut seen: BTreeSet<MergeId> = BTreeSet::new();
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_MERGES, &Span::under(&CustomerId::from(part)), MERGES_MOST)? {
            let Some(merge) = tx.get(tables::MERGES, &id)?.filter(|_| seen.insert(id)) else { continue };
            if merge.undone.is_none() {
                explained.extend(merge.folded_parts.iter().copied().chain([merge.folded.into()]));
            }
            lines.extend(of_merge(tx, customer, &merge)?);
        }
    }
    for part in customer.all_parts().filter(|part| *part != customer.id.into() && !explained.contains(part)) {
        let Some(because) = people::because_of_part(tx, part)? else { continue };
        // Joinings of before had no time of their own: they stand where the record begins.
        let Some(at) = because.at.map_or_else(|| since(tx, part), |at| Ok(Some(at)))? else { continue };
        let place = Place { at, cause: Seq(part.0), of: (OF_PART, part.0) };
        let title = format!("Joined with the record {}", source_of(tx, part)?);
        let row = StoryRow { detail: reasons(&because.reasons), ..StoryRow::new(at, Road::Note, Icon::Link, title, Seq(0)) };
        lines.push(Line { joined: Some(Joined::Part(part)), ..Line::of(place, row) });
    }
    Ok(lines)
}

/// The line of a joining, and of its end when it was taken apart.
fn of_merge(tx: &impl Rows, customer: &Customer, merge: &Merge) -> Result<Vec<Line>, StoreError> {
    let is_kept = customer.all_parts().any(|p| p == merge.kept.into());
    let other: PartId = if is_kept { merge.folded.into() } else { merge.kept.into() };
    let source = source_of(tx, other)?;
    let line = |kind: u8, at: At, title: String| {
        let place = Place { at, cause: Seq(merge.id.0), of: (kind, merge.id.0) };
        Line::of(place, StoryRow::new(at, Road::Note, Icon::Link, title, Seq(0)))
    };
    let mut joined = line(OF_MERGE, merge.at, format!("Joined with the record {source}"));
    joined.row.detail = reasons(&merge.because.reasons);
    joined.row.by = merge.by;
    let Some((at, by)) = merge.undone else {
        return Ok(vec![Line { joined: Some(Joined::Merge(merge.id)), ..joined }]);
    };
    let mut apart = line(OF_UNMERGE, at, format!("Taken apart again from the record {source}"));
    apart.row.by = Some(by);
    apart.joined = Some(Joined::TakenApart);
    joined.joined = Some(Joined::TakenApart);
    Ok(vec![joined, apart])
}

/// Since when each of their browsers is known for theirs, and by what.
fn browsers(tx: &impl Rows, customer: &Customer) -> Result<Vec<Line>, StoreError> {
    let mut lines = Vec::new();
    for id in &customer.visitors {
        let Some(tie) = tx.get(tables::VISITORS, id)?.and_then(|visitor| visitor.tie) else { continue };
        let place = Place { at: tie.at, cause: Seq(id.0), of: (OF_BROWSER, id.0) };
        let row = StoryRow::new(tie.at, Road::Web, Icon::Link, format!("This browser is theirs: {}", tie.why), Seq(0));
        lines.push(Line { joined: Some(Joined::Browser(*id)), ..Line::of(place, row) });
    }
    Ok(lines)
}

fn since(tx: &impl Rows, part: PartId) -> Result<Option<At>, StoreError> {
    Ok(tx.get(tables::PARTS, &part)?.map(|own| own.since))
}

/// `of DealerVault SL (Dana Whitfield)`: where a record came from, and its own name.
fn source_of(tx: &impl Rows, part: PartId) -> Result<String, StoreError> {
    let own = match tx.get(tables::PARTS, &part)? {
        Some(own) => Some(own),
        None => people::of_part(tx, part)?,
    };
    let Some(own) = own else { return Ok("of a customer".to_owned()) };
    let name = own.display_name();
    let source = match own.profiles.first() {
        Some(id) => tx.get(tables::PROFILES, id)?.map(|p| p.source.name),
        None => None,
    };
    Ok(source.filter(|s| !s.is_empty()).map_or_else(|| format!("of {name}"), |source| format!("of {source} ({name})")))
}

/// `Same phone, same name.`
fn reasons(reasons: &[String]) -> String {
    wording::capitalised(&reasons.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        rooftop::Rooftop,
        time::{HOUR_MS, MINUTE_MS},
        visitor::Did,
    };

    fn look(browser: u64, at: i64) -> (Place, StoryRow) {
        let row = StoryRow::new(At(at), Road::Web, Icon::Eye, "Looked at a car".into(), Seq(1));
        (Place { at: At(at), cause: Seq(1), of: (tables::STORY_OF_VISITOR, browser) }, StoryRow { did: Some(Did::ViewedCar), ..row })
    }

    fn call(at: i64) -> (Place, StoryRow) {
        let row = StoryRow::new(At(at), Road::Messages, Icon::Phone, "Called".into(), Seq(2));
        (Place { at: At(at), cause: Seq(2), of: (tables::STORY_OF_PART, 7) }, row)
    }

    /// Lines as `kind at (how many within)`, newest first.
    fn check(mut told: Vec<(Place, StoryRow)>, expected: &[&str]) {
        told.sort_by(|(a, _), (b, _)| b.cmp(a));
        let lines = drawn_together(&Rooftop::default().zone, told, &BTreeMap::new());
        let said: Vec<String> = lines
            .iter()
            .map(|l| {
                let minutes = l.place.at.0 / MINUTE_MS;
                if l.within.is_empty() { format!("{} {minutes}", l.row.title) } else { format!("{} {minutes}", l.row.detail) }
            })
            .collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn a_visit_is_one_line_and_what_came_between_stays_in_its_place() {
        let base = 12 * HOUR_MS;
        let minute = |n: i64| base + n * MINUTE_MS;
        check(vec![look(1, minute(0))], &["Looked at a car 720"]);
        check(vec![look(1, minute(0)), look(1, minute(10)), look(1, minute(35))], &["3 looks 755"]);
        check(vec![look(1, minute(0)), look(1, minute(90))], &["2 visits, 2 looks 810"]);
        check(vec![look(1, minute(0)), look(2, minute(90))], &["2 visits, 2 looks 810"]);
        check(vec![look(1, minute(0)), call(minute(5)), look(1, minute(10))], &["2 looks 730", "Called 725"]);
        check(vec![look(1, minute(0)), call(minute(45)), look(1, minute(90))], &["Looked at a car 810", "Called 765", "Looked at a car 720"]);
        check(vec![look(1, minute(0)), look(1, minute(24 * 60))], &["Looked at a car 2160", "Looked at a car 720"]);
    }

    #[test]
    fn a_visit_keeps_its_name_while_it_goes_on() {
        let (first, second, third) = (look(1, 0), look(1, 5 * MINUTE_MS), look(1, 9 * MINUTE_MS));
        let name = |told: Vec<(Place, StoryRow)>| drawn_together(&Rooftop::default().zone, told, &BTreeMap::new())[0].id.clone();
        assert_eq!(name(vec![second.clone(), first.clone()]), name(vec![third, second, first]));
    }

    #[test]
    fn a_price_that_fell_says_by_how_much() {
        let car = NamedCar { name: "2022 CR-V #24117".into(), short: "#24117".into() };
        assert_eq!(price_title(&car, Cents(2_815_000), Cents(2_765_000)), "Price of the 2022 CR-V #24117 fell $500 to $27,650");
        assert_eq!(price_title(&car, Cents(2_765_000), Cents(2_815_000)), "Price of the 2022 CR-V #24117 rose $500 to $28,150");
    }
}
