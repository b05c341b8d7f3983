//! What does a talk in the lane rest on? How the car stands today, with what only the service department knows.

use super::{booking_of, open_visits_of, refusal_of};
use crate::{
    domain::{
        customer::Customer,
        ids::VehicleId,
        money::{Cents, grouped},
        service_visit::{LaneBrief, RefusedHow, ServiceVisit},
        time::At,
        vehicle::Vehicle,
    },
    engine::equity::reasons,
    service::equity::{self, Standing},
    store::{Rows, StoreError, tables},
};

/// What is only true of this visit.
pub fn visit_now(tx: &impl Rows, customer: &Customer, quote: Option<Cents>, work: &[String], now: At) -> Result<equity::Visit, StoreError> {
    let refused = refusal_of(tx, customer, now)?.map(|refused| refused.how);
    Ok(equity::Visit {
        quote,
        recall_only: is_recall_only(work),
        refused: refused == Some(RefusedHow::NotToday),
        asked_not: refused == Some(RefusedHow::NotToBeSoldTo),
    })
}

/// The same of one car of theirs, whether it is in service now or not.
pub fn visit_of(tx: &impl Rows, customer: &Customer, vehicle: VehicleId, now: At) -> Result<equity::Visit, StoreError> {
    let here = open_visits_of(tx, customer)?.into_iter().find(|visit| visit.vehicle == Some(vehicle));
    let (quote, work) = here.map(|visit| (visit.quote, visit.work)).unwrap_or_default();
    visit_now(tx, customer, quote, &work, now)
}

/// A recall is the maker's work: whoever came for that alone is not talked to about money.
fn is_recall_only(work: &[String]) -> bool {
    !work.is_empty() && work.iter().all(|line| line.to_lowercase().contains("recall"))
}

/// How the car of a visit stands; `None` where it is not known to be theirs.
pub fn standing(
    tx: &impl Rows,
    store: &equity::Now,
    customer: &Customer,
    (vehicle, visit): (Option<VehicleId>, &equity::Visit),
    now: At,
) -> Result<Option<Standing>, StoreError> {
    vehicle.map_or(Ok(None), |vehicle| equity::standing(tx, store, customer, vehicle, visit, now))
}

/// What whoever comes over has to know, as of now.
pub fn of(tx: &impl Rows, store: &equity::Now, customer: &Customer, held: &ServiceVisit, now: At) -> Result<LaneBrief, StoreError> {
    let visit = visit_now(tx, customer, held.quote, &held.work, now)?;
    let standing = standing(tx, store, customer, (held.vehicle, &visit), now)?;
    let car = match held.vehicle {
        Some(id) => tx.get(tables::VEHICLES, &id)?,
        None => None,
    };
    let waits = if held.waiting || booking_of(tx, held)?.is_some_and(|b| b.said.waiting) { "waiting" } else { "" };
    let work = [held.work_line().as_str(), waits].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
    Ok(LaneBrief {
        car: car.as_ref().map(|car| car_line(car, standing.as_ref())).unwrap_or_default(),
        work,
        why: standing.iter().flat_map(|s| &s.talk.reasons).map(|reason| reason.text.clone()).collect(),
        say: standing.as_ref().zip(car.as_ref()).map(|(s, car)| reasons::a_way_to_say_it(&s.talk, "I", spoken(car))).unwrap_or_default(),
    })
}

/// What an owner calls their car.
pub fn spoken(car: &Vehicle) -> &str {
    if car.facts.model.is_empty() { "car" } else { &car.facts.model }
}

fn car_line(car: &Vehicle, standing: Option<&Standing>) -> String {
    let miles = standing.and_then(|s| s.odometer.as_ref()).map(|o| o.miles).or(car.facts.odometer_mi);
    let miles = miles.map(|miles| format!(", {} mi", grouped(u64::from(miles)))).unwrap_or_default();
    format!("{}{miles}", car.facts.label())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whoever_came_for_nothing_but_a_recall_is_here_for_a_recall() {
        for (work, is_so) in [(vec![], false), (vec!["Recall 23TA-11"], true), (vec!["RECALL 21V-04", "Oil"], false), (vec!["Oil"], false)] {
            let work: Vec<String> = work.into_iter().map(str::to_owned).collect();
            assert_eq!(is_recall_only(&work), is_so, "{work:?}");
        }
    }
}
