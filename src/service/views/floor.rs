//! What does a screen show of the showroom?

use super::{People, named, named_vehicle};
use crate::{
    domain::{
        ids::{StaffId, VisitId},
        time::{At, Zone},
        visit::{Visit, VisitResult, VisitStep},
    },
    service::{people, shapes as s, visits},
    store::{Rows, StoreError, tables},
};

/// Ended visits beside those that are open.
const LATELY: usize = 12;

pub fn floor(tx: &impl Rows, zone: &Zone, now: At) -> Result<s::Floor, StoreError> {
    let people = People::read(tx)?;
    let open = visits::all_open(tx)?;
    let on_floor = people.0.iter().filter(|p| p.staff.active).map(|p| {
        let visit = open.iter().find(|v| v.with == p.staff.id).map(|v| v.id.0);
        let is_at_work = p.staff.off_duty(zone, now).is_none();
        let state = match (visit, p.staff.available && is_at_work) {
            (Some(_), _) => s::FloorState::WithCustomer,
            (None, true) => s::FloorState::Free,
            (None, false) => s::FloorState::Away,
        };
        s::OnFloor { person: super::person(&p.staff), state, visit, open_cards: p.load }
    });
    let people_now = on_floor.collect();
    let midnight = zone.midnight(now);
    let lately: Vec<Visit> = visits::log(tx, None, visits::LOG_MOST)?;
    let mut today = s::FloorToday { visits: 0, be_backs: 0, demo_drives: 0, write_ups: 0, sold: 0 };
    for visit in lately.iter().filter(|v| v.began >= midnight && !v.is_mistake()) {
        today.visits += 1;
        today.be_backs += u64::from(visit.be_back);
        today.demo_drives += u64::from(visit.has(VisitStep::DemoDrive));
        today.write_ups += u64::from(visit.has(VisitStep::WriteUp));
        today.sold += u64::from(visit.sold_at().is_some());
    }
    let ended = lately.iter().filter(|v| !v.is_open() && !v.is_mistake()).take(LATELY);
    Ok(s::Floor { now_ms: now.0, visits: all(tx, &people, open.iter())?, people: people_now, lately: all(tx, &people, ended)?, today })
}

fn all<'v>(tx: &impl Rows, people: &People, visits: impl Iterator<Item = &'v Visit>) -> Result<Vec<s::VisitShape>, StoreError> {
    let mut shown = Vec::new();
    for visit in visits {
        shown.extend(shape(tx, people, visit)?);
    }
    Ok(shown)
}

/// A page of the showroom's log, newest first.
pub fn log(tx: &impl Rows, before: Option<VisitId>, limit: usize) -> Result<s::Page<s::VisitShape>, StoreError> {
    let people = People::read(tx)?;
    let rows = visits::log(tx, before, limit)?;
    let next = rows.last().filter(|last| rows.len() == limit && last.id.0 > 1).map(|last| last.id.to_string());
    Ok(s::Page { items: all(tx, &people, rows.iter())?, next, total: tx.count(tables::VISITS)? })
}

pub fn shape(tx: &impl Rows, people: &People, visit: &Visit) -> Result<Option<s::VisitShape>, StoreError> {
    let Some(customer) = people::of_part(tx, visit.part)? else { return Ok(None) };
    let vehicle = match visit.vehicle {
        Some(id) => tx.get(tables::VEHICLES, &id)?,
        None => None,
    };
    let name = |id: StaffId| people.short_name(id);
    let steps = visit.steps.iter().map(|done| s::VisitStepShape { step: done.step, at_ms: done.at.0, by: name(done.by) });
    let end = visit.end.as_ref().and_then(|end| {
        let result = match end.result {
            VisitResult::Sold => s::VisitResultShape::Sold,
            VisitResult::BeBack { on } => s::VisitResultShape::BeBack { on_ms: on.map(|at| at.0) },
            VisitResult::Unsold { why } => s::VisitResultShape::Unsold { why },
            VisitResult::Mistake => s::VisitResultShape::Mistake,
            VisitResult::Unknown => return None,
        };
        Some(s::VisitEndShape { at_ms: end.at.0, by: name(end.by), result, note: end.note.clone() })
    });
    Ok(Some(s::VisitShape {
        id: visit.id.0,
        customer: named(&customer),
        with: people.person(visit.with),
        began_ms: visit.began.0,
        vehicle: vehicle.as_ref().map(named_vehicle),
        be_back: visit.be_back,
        steps: steps.collect(),
        end,
    }))
}
