//! How is a car called?

use crate::domain::{
    ids::VehicleId,
    lead::{Lead, LeadCar},
    picture::Picture,
    vehicle::{ListingStatus, Vehicle},
};

/// To a colleague: `#24117`, or `2022 CR-V` for a car without a stock number.
#[must_use]
pub fn tag(car: &Vehicle) -> String {
    match &car.listing {
        Some(listing) if !listing.stock.is_empty() => format!("#{}", listing.stock),
        Some(_) | None => spoken(car),
    }
}

/// To a customer: `2022 CR-V`.
#[must_use]
pub fn spoken(car: &Vehicle) -> String {
    car.facts.short()
}

/// `2022 CR-V (#24117)`: both, for a headline.
#[must_use]
pub(crate) fn spoken_and_tag(car: &Vehicle) -> String {
    match tag(car) {
        tag if tag.starts_with('#') => format!("{} ({tag})", spoken(car)),
        _ => spoken(car),
    }
}

/// The tag of a car of the picture, or "a car" for one we do not know.
#[must_use]
pub(crate) fn tag_of(picture: &Picture, car: Option<VehicleId>) -> String {
    car.and_then(|id| picture.car(id)).map_or_else(|| "a car".to_owned(), tag)
}

/// On the lot and for sale now.
#[must_use]
pub fn is_available(car: &Vehicle) -> bool {
    car.listing.as_ref().is_some_and(|l| l.status == ListingStatus::Available)
}

/// The first car a lead comes for, as its sender described it.
#[must_use]
pub(crate) fn wanted(lead: &Lead) -> Option<&LeadCar> {
    lead.said.cars.iter().find(|c| !c.is_theirs())
}

/// The first car a lead comes with.
#[must_use]
pub(crate) fn brought(lead: &Lead) -> Option<&LeadCar> {
    lead.said.cars.iter().find(|c| c.is_theirs())
}

/// Whether a described car says enough to be named.
#[must_use]
pub(crate) fn has_name(car: &LeadCar) -> bool {
    !(car.facts.make.is_empty() && car.facts.model.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::vehicle::CarFacts, engine::sample};

    #[test]
    fn a_car_is_called_by_its_stock_number_among_colleagues() {
        let listed = sample::listed(1, "24117", "CR-V", ListingStatus::Available);
        assert_eq!((tag(&listed), spoken_and_tag(&listed)), ("#24117".to_owned(), "2022 CR-V (#24117)".to_owned()));
        let theirs = Vehicle {
            id: VehicleId(2),
            vin: None,
            facts: CarFacts { year: Some(2018), model: "Civic".to_owned(), ..CarFacts::default() },
            from_vin: CarFacts::default(),
            listing: None,
        };
        assert_eq!((tag(&theirs), spoken_and_tag(&theirs)), ("2018 Civic".to_owned(), "2018 Civic".to_owned()));
    }
}
