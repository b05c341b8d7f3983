//! What do we know that matters when they pick up the phone?

use super::{
    cars,
    phrases::capitalised,
    times::{day, moment, month},
    told,
};
use crate::domain::{
    ids::VehicleId,
    lead::LeadKind,
    money::grouped,
    picture::{OwnedCar, Picture},
    time::At,
    vehicle::{ListingStatus, Vehicle},
};

/// One line of "What we know".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub label: &'static str,
    pub value: String,
    /// Where it comes from or how old it is.
    pub note: Option<String>,
}

/// Lines on a card (design section 7).
const MOST: usize = 6;

/// At most six lines, only what is known: what they want, drive and bring, what they asked, when we last reached for them. Never an
/// estimate without its source, never credit facts.
#[must_use]
pub fn facts(picture: &Picture, now: At) -> Vec<Fact> {
    let lines = [wants(picture, now), drives(picture), trades(picture, now), asked(picture, now), owned_before(picture), last_contact(picture, now)];
    lines.into_iter().flatten().take(MOST).collect()
}

fn wants(picture: &Picture, now: At) -> Option<Fact> {
    let lead = told::enquiry(picture, now)?;
    if let Some(car) = lead.vehicle.and_then(|id| picture.car(id)) {
        let price = car.listing.as_ref().and_then(|l| l.price).map(|p| format!(", {p}")).unwrap_or_default();
        let stock = car.listing.as_ref().filter(|l| !l.stock.is_empty()).map(|l| format!(" #{}", l.stock)).unwrap_or_default();
        return Some(Fact { label: "Wants", value: format!("{}{stock}{price}", car.facts.label()), note: on_the_lot(car) });
    }
    let described = cars::wanted(lead).filter(|c| cars::has_name(c))?;
    Some(Fact { label: "Wants", value: described.facts.label(), note: Some("Not on our lot by that description".to_owned()) })
}

fn on_the_lot(car: &Vehicle) -> Option<String> {
    let words = match car.listing.as_ref()?.status {
        ListingStatus::Available => "Available",
        ListingStatus::Hold => "On hold",
        ListingStatus::Recon => "Being prepared",
        ListingStatus::Inbound => "Not here yet",
        ListingStatus::Sold => "Sold",
        ListingStatus::Missing => "No longer in the feed",
        ListingStatus::Unknown => return None,
    };
    Some(words.to_owned())
}

fn drives(picture: &Picture) -> Option<Fact> {
    let car = picture.owned.iter().find(|o| o.until.is_none())?;
    let note = bought(picture, car);
    Some(Fact { label: "Drives", value: format!("{}{}", car.label, miles(picture, car.vehicle)), note })
}

fn bought(picture: &Picture, car: &OwnedCar) -> Option<String> {
    car.bought_here.then(|| format!("Bought here in {}", month(&picture.rooftop.zone, car.since)))
}

fn miles(picture: &Picture, car: VehicleId) -> String {
    let odometer = picture.car(car).and_then(|c| c.facts.odometer_mi);
    odometer.map(|m| format!(", {}\u{a0}mi", grouped(m.into()))).unwrap_or_default()
}

fn trades(picture: &Picture, now: At) -> Option<Fact> {
    let theirs = told::trade(picture, now)?;
    let miles = theirs.facts.odometer_mi.map(|m| format!(", {}\u{a0}mi", grouped(m.into()))).unwrap_or_default();
    Some(Fact { label: "Trade", value: format!("{}{miles}", theirs.facts.label()), note: Some("As they described it".to_owned()) })
}

fn asked(picture: &Picture, now: At) -> Option<Fact> {
    let leads = || picture.leads.iter().filter(|l| l.said.kind != LeadKind::Test);
    let newest = leads().max_by_key(|l| (l.received, l.id))?;
    let count = leads().count();
    let source = if newest.said.source.is_empty() { String::new() } else { format!("{}, ", newest.said.source) };
    let when = moment(&picture.rooftop.zone, newest.received, now);
    Some(Fact { label: "Asked", value: format!("{source}{when}"), note: (count > 1).then(|| format!("{count} times in 90 days")) })
}

fn owned_before(picture: &Picture) -> Option<Fact> {
    let car = picture.owned.iter().find(|o| o.until.is_some())?;
    Some(Fact { label: "Drove", value: car.label.clone(), note: bought(picture, car) })
}

fn last_contact(picture: &Picture, now: At) -> Option<Fact> {
    let touched = picture.last_store_touch?;
    let note = match picture.attempts_unanswered {
        0 => None,
        1 => Some("No answer yet".to_owned()),
        n => Some(format!("{n} attempts without an answer")),
    };
    let said = day(&picture.rooftop.zone, touched, now);
    let value =
        if said == "today" { format!("Today {}", moment(&picture.rooftop.zone, touched, now)) } else { moment(&picture.rooftop.zone, touched, now) };
    Some(Fact { label: "Last contact", value: capitalised(&value), note })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            lead::{LeadCar, LeadInterest},
            vehicle::CarFacts,
        },
        engine::sample::{CRV, Sample, at, hours_ago, listed, now},
    };

    fn check(sample: &Sample, expected: &[(&str, &str, Option<&str>)]) {
        let facts = facts(&sample.picture(), now());
        let said: Vec<(&str, &str, Option<&str>)> = facts.iter().map(|f| (f.label, f.value.as_str(), f.note.as_deref())).collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn only_what_is_known_is_shown() {
        check(&Sample::dana(), &[]);
    }

    #[test]
    fn a_known_customer_in_six_lines() {
        let facts = CarFacts {
            year: Some(2018),
            make: "Honda".into(),
            model: "Civic".into(),
            trim: "EX".into(),
            odometer_mi: Some(61_240),
            ..CarFacts::default()
        };
        let civic = LeadCar { interest: LeadInterest::TradeIn, facts: facts.clone(), ..LeadCar::default() };
        let known =
            Sample::dana().bought(VehicleId(9), at("2022-06-03T10:00:00-04:00")).lead(1, 30, |_| {}).lead(2, 3, |l| l.said.cars.push(civic)).change(
                |s| {
                    let mut theirs = listed(9, "", "Civic", ListingStatus::Unknown);
                    (theirs.facts, theirs.listing) = (facts, None);
                    s.cars.push(theirs);
                    s.owned.push(OwnedCar {
                        vehicle: VehicleId(8),
                        label: "2015 Honda Pilot".into(),
                        short: "2015 Pilot".into(),
                        since: At(0),
                        until: Some(now()),
                        bought_here: false,
                    });
                    s.last_store_touch = Some(hours_ago(2));
                    s.attempts_unanswered = 2;
                },
            );
        check(
            &known,
            &[
                ("Wants", "2022 Honda CR-V EX-L #24117, $27,650", Some("Available")),
                ("Drives", "2018 Honda Civic EX, 61,240\u{a0}mi", Some("Bought here in Jun 2022")),
                ("Trade", "2018 Honda Civic EX, 61,240\u{a0}mi", Some("As they described it")),
                ("Asked", "Cars.com, 6:41 am", Some("2 times in 90 days")),
                ("Drove", "2015 Honda Pilot", None),
                ("Last contact", "Today 7:41 am", Some("2 attempts without an answer")),
            ],
        );
    }

    #[test]
    fn how_the_car_stands_goes_with_it() {
        let sold = Sample::dana().lead(1, 30, |_| {}).change(|s| s.cars = vec![listed(CRV.0, "24117", "CR-V", ListingStatus::Sold)]);
        assert_eq!(facts(&sold.picture(), now()).first().and_then(|f| f.note.clone()).as_deref(), Some("Sold"));
        let unknown = Sample::dana().lead(1, 30, |l| l.vehicle = None);
        let first = facts(&unknown.picture(), now()).into_iter().next().unwrap();
        assert_eq!((first.value.as_str(), first.note.as_deref()), ("2022 Honda CR-V EX-L", Some("Not on our lot by that description")));
    }
}
