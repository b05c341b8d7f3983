//! What happens in the showroom? A visit is opened, goes its steps and ends; whoever it is with is busy meanwhile.

use super::{Policy, Rooms, advance, alerts, floor, people, pipeline, seen::Asked, story, think};
use crate::{
    domain::{
        alert::Icon,
        change::Changed,
        customer::Customer,
        event::Event,
        ids::{Seq, StaffId, VehicleId, VisitId},
        profile::{Profile, Source, SourceKind},
        story::{Road, StoryRow},
        time::{At, DAY_MS, MINUTE_MS},
        visit::{StepDone, Visit, VisitEnd, VisitResult, VisitStep, Visiting},
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Whoever comes again within this is a be-back; later it is a new visit.
const BE_BACK_MS: i64 = 90 * DAY_MS;
/// Visits of the log that are read at once.
pub const LOG_MOST: usize = 200;

/// Why nothing was done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    /// They are with somebody already.
    AlreadyHere {
        visit: VisitId,
        with: String,
    },
    NobodyByThatId,
    AlreadyEnded,
    NotEnded,
    Unusable(String),
}

/// Who is met, by whom, about what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVisit {
    pub visiting: Visiting,
    pub with: StaffId,
    pub vehicle: Option<VehicleId>,
}

/// A person who walked in, as the store writes them down.
#[must_use]
pub fn walk_in(person: Profile, now: At) -> Profile {
    Profile { source: Source { kind: SourceKind::Staff, name: "Walk-in".to_owned() }, at: now, ..person }
}

/// Opens a visit. The same key twice opens one.
pub async fn open(rooms: &Rooms, new: NewVisit, asked: Asked, now: At) -> Result<Result<VisitId, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if let Some(gave) = asked.before(tx, "visit")? {
                return Ok(Ok(VisitId(gave)));
            }
            if let Err(refusal) = may_open(tx, &new)? {
                return Ok(Err(refusal));
            }
            let event = Event::VisitOpened { visiting: new.visiting.clone(), with: new.with, vehicle: new.vehicle, by: asked.by };
            advance::append_applied(tx, &policy, event, now)?;
            // Numbers grow: the newest is this one.
            let Some((id, _)) = tx.last(tables::VISITS, &Span::all(), 1)?.pop() else { return Ok(Err(Refusal::NotThere)) };
            asked.remember(tx, "visit", id.0)?;
            Ok(Ok(id))
        })
        .await
}

fn may_open(tx: &WriteTx<'_>, new: &NewVisit) -> Result<Result<(), Refusal>, StoreError> {
    if !tx.get(tables::STAFF, &new.with)?.is_some_and(|staff| staff.active) {
        return Ok(Err(Refusal::NobodyByThatId));
    }
    if let Some(vehicle) = new.vehicle
        && !tx.has(tables::VEHICLES, &vehicle)?
    {
        return Ok(Err(Refusal::Unusable("There is no such car any more.".to_owned())));
    }
    match &new.visiting {
        Visiting::Customer { customer } => {
            let Some(customer) = people::shown(tx, *customer)? else { return Ok(Err(Refusal::NotThere)) };
            if let Some(visit) = open_visit_of(tx, &customer)? {
                let with = tx.get(tables::STAFF, &visit.with)?.map(|s| s.short_name()).unwrap_or_default();
                return Ok(Err(Refusal::AlreadyHere { visit: visit.id, with }));
            }
        }
        Visiting::WalkIn { person } if person.name.is_empty() && person.phones.is_empty() && person.emails.is_empty() => {
            return Ok(Err(Refusal::Unusable("A visitor needs a name, a phone number or an email address; a first name will do.".to_owned())));
        }
        Visiting::WalkIn { .. } => {}
    }
    Ok(Ok(()))
}

/// The visit this customer is on now.
pub fn open_visit_of(tx: &impl Rows, customer: &Customer) -> Result<Option<Visit>, StoreError> {
    Ok(all_open(tx)?.into_iter().find(|visit| customer.all_parts().any(|part| part == visit.part)))
}

/// Everybody in the showroom, whoever came first before the others.
pub fn all_open(tx: &impl Rows) -> Result<Vec<Visit>, StoreError> {
    let mut all = Vec::new();
    for id in tx.keys(tables::VISITS_OPEN, &Span::all(), usize::MAX)? {
        all.extend(tx.get(tables::VISITS, &id)?);
    }
    Ok(all)
}

/// The visits of a customer, oldest first.
pub fn of_customer(tx: &impl Rows, customer: &Customer) -> Result<Vec<Visit>, StoreError> {
    const OF_A_PART_MOST: usize = 20;
    let mut all = Vec::new();
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_VISITS, &Span::under(&part), OF_A_PART_MOST)? {
            all.extend(tx.get(tables::VISITS, &id)?);
        }
    }
    all.sort_by_key(|visit: &Visit| visit.began);
    Ok(all)
}

/// The log of the showroom, newest first; `before` goes on where a page ended.
pub fn log(tx: &impl Rows, before: Option<VisitId>, limit: usize) -> Result<Vec<Visit>, StoreError> {
    let span = before.map_or_else(Span::all, |id| Span::all().before(&id));
    Ok(tx.last(tables::VISITS, &span, limit.min(LOG_MOST))?.into_iter().map(|(_, visit)| visit).collect())
}

/// Says that a step was done, or was not.
pub async fn step(rooms: &Rooms, visit: VisitId, step: VisitStep, done: bool, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    act(rooms, visit, now, move |held| {
        if !held.is_open() {
            return Err(Refusal::AlreadyEnded);
        }
        Ok((held.has(step) != done).then_some(Event::VisitStepped { visit, step, done, by }))
    })
    .await
}

/// Ends a visit. Ending it again the same way changes nothing.
pub async fn end(rooms: &Rooms, visit: VisitId, result: VisitResult, note: String, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    const NOTE_MOST: usize = 2_000;
    if note.chars().count() > NOTE_MOST {
        return Ok(Err(Refusal::Unusable(format!("A note has at most {NOTE_MOST} characters."))));
    }
    if let VisitResult::BeBack { on: Some(on) } = result
        && on <= now
    {
        return Ok(Err(Refusal::Unusable("The day they come back lies ahead.".to_owned())));
    }
    act(rooms, visit, now, move |held| match &held.end {
        Some(end) if end.result == result => Ok(None),
        Some(_) => Err(Refusal::AlreadyEnded),
        None => Ok(Some(Event::VisitEnded { visit, result, note: note.clone(), by })),
    })
    .await
}

/// They have not left after all: the undo of an ending.
pub async fn reopen(rooms: &Rooms, visit: VisitId, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    act(rooms, visit, now, move |held| match &held.end {
        None => Err(Refusal::NotEnded),
        Some(_) => Ok(Some(Event::VisitReopened { visit, by })),
    })
    .await
}

async fn act(
    rooms: &Rooms,
    visit: VisitId,
    now: At,
    event: impl Fn(&Visit) -> Result<Option<Event>, Refusal> + Send + 'static,
) -> Result<Result<(), Refusal>, StoreError> {
    advance::act(rooms, now, move |tx| Ok(tx.get(tables::VISITS, &visit)?.map_or(Err(Refusal::NotThere), |held| event(&held)))).await
}

/// The effects of an opening.
pub(super) fn take_opening(
    tx: &WriteTx<'_>,
    policy: &Policy,
    seq: Seq,
    (visiting, with, vehicle): (&Visiting, StaffId, Option<VehicleId>),
    now: At,
) -> Result<(), StoreError> {
    let part = match visiting {
        Visiting::Customer { customer } => match people::shown(tx, *customer)? {
            Some(customer) => customer.id.into(),
            None => return Ok(()),
        },
        Visiting::WalkIn { person } => people::file(tx, policy, person, now)?.part,
    };
    let Some(customer) = people::of_part(tx, part)? else { return Ok(()) };
    let last = of_customer(tx, &customer)?.into_iter().rev().find(|v| !v.is_mistake());
    let be_back = last.is_some_and(|v| v.ended_unsold() && now.since(v.began) <= BE_BACK_MS);
    let id = VisitId(tx.next("visit")?);
    tx.put(tables::VISITS, &id, &Visit { id, part, with, began: now, vehicle, be_back, steps: vec![], end: None, cause: seq })?;
    tx.put(tables::VISITS_OPEN, &id, &())?;
    tx.put(tables::CUSTOMER_VISITS, &(part, id), &())?;
    alerts::reached(tx, &customer, with, now)?;
    people::change(tx, part, |own| own.touch(now, "In the showroom", true))?;
    let title = if be_back { "Came back into the showroom" } else { "Came into the showroom" };
    let row = StoryRow::new(now, Road::Sales, Icon::Store, title.to_owned(), seq);
    story::tell(tx, part, &StoryRow { by: Some(with), vehicle, ..row })?;
    told(tx, id, with);
    pipeline::begin(tx, part, now)?;
    think::think(tx, policy, customer.id, now)?;
    floor::left(tx, policy, with, now)
}

fn told(tx: &WriteTx<'_>, id: VisitId, with: StaffId) {
    tx.announce(Changed::Visit(id));
    tx.announce(Changed::Staff(with));
}

pub(super) fn take_step(tx: &WriteTx<'_>, id: VisitId, step: VisitStep, done: bool, by: StaffId, now: At) -> Result<(), StoreError> {
    let Some(mut visit) = tx.get(tables::VISITS, &id)? else { return Ok(()) };
    visit.steps.retain(|held| held.step != step);
    if done {
        visit.steps.push(StepDone { step, at: now, by });
    }
    tx.put(tables::VISITS, &id, &visit)?;
    tx.announce(Changed::Visit(id));
    Ok(())
}

pub(super) fn take_end(
    tx: &WriteTx<'_>,
    policy: &Policy,
    seq: Seq,
    (id, result, note, by): (VisitId, VisitResult, &str, StaffId),
    now: At,
) -> Result<(), StoreError> {
    let Some(mut visit) = tx.get(tables::VISITS, &id)? else { return Ok(()) };
    visit.end = Some(VisitEnd { at: now, by, result, note: note.to_owned(), cause: seq });
    tx.put(tables::VISITS, &id, &visit)?;
    tx.remove(tables::VISITS_OPEN, &id)?;
    let Some(customer) = people::of_part(tx, visit.part)? else { return Ok(()) };
    if result == VisitResult::Mistake {
        tx.remove(tables::STORY, &(tables::story_of_part(visit.part), (visit.began, visit.cause)))?;
        alerts::not_reached(tx, &customer, visit.began)?;
    } else {
        let row = StoryRow::new(now, Road::Sales, Icon::Store, ending(&visit, result, now), seq);
        story::tell(tx, visit.part, &StoryRow { by: Some(by), vehicle: visit.vehicle, detail: what_was_done(&visit, note), ..row })?;
        people::change(tx, visit.part, |own| own.touch(now, "Left the showroom", true))?;
    }
    if let VisitResult::Unsold { why } = result
        && why.is_final()
    {
        pipeline::give_up(tx, &customer, why, note, by, now)?;
    }
    told(tx, id, visit.with);
    think::think(tx, policy, customer.id, now)?;
    floor::came_free(tx, policy, now)
}

fn ending(visit: &Visit, result: VisitResult, now: At) -> String {
    let minutes = (now.since(visit.began) / MINUTE_MS).max(1);
    match result {
        VisitResult::Sold => format!("Bought after {minutes} min in the showroom"),
        VisitResult::BeBack { .. } => format!("Left after {minutes} min, to come back"),
        VisitResult::Unsold { why } => format!("Left unsold after {minutes} min: {}", why.words()),
        VisitResult::Mistake | VisitResult::Unknown => format!("Left after {minutes} min"),
    }
}

fn what_was_done(visit: &Visit, note: &str) -> String {
    let steps = visit.steps.iter().map(|s| s.step.words()).collect::<Vec<_>>().join(", ");
    [steps.as_str(), note.trim()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n")
}

pub(super) fn take_reopening(tx: &WriteTx<'_>, policy: &Policy, id: VisitId, now: At) -> Result<(), StoreError> {
    let Some(mut visit) = tx.get(tables::VISITS, &id)? else { return Ok(()) };
    let Some(end) = visit.end.take() else { return Ok(()) };
    let Some(customer) = people::of_part(tx, visit.part)? else { return Ok(()) };
    tx.put(tables::VISITS, &id, &visit)?;
    tx.put(tables::VISITS_OPEN, &id, &())?;
    let of = tables::story_of_part(visit.part);
    if end.result == VisitResult::Mistake {
        let title = if visit.be_back { "Came back into the showroom" } else { "Came into the showroom" };
        let row = StoryRow::new(visit.began, Road::Sales, Icon::Store, title.to_owned(), visit.cause);
        story::tell(tx, visit.part, &StoryRow { by: Some(visit.with), vehicle: visit.vehicle, ..row })?;
        alerts::reached(tx, &customer, visit.with, visit.began)?;
    } else {
        tx.remove(tables::STORY, &(of, (end.at, end.cause)))?;
        pipeline::not_given_up(tx, &customer, end.at)?;
    }
    told(tx, id, visit.with);
    think::think(tx, policy, customer.id, now)?;
    floor::left(tx, policy, visit.with, now)
}

/// With whom people are now: they are not free for anybody else.
pub(super) fn busy(tx: &impl Rows) -> Result<Vec<StaffId>, StoreError> {
    Ok(all_open(tx)?.into_iter().map(|visit| visit.with).collect())
}
