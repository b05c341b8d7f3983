//! What does a screen show of the sales under way?

use super::{People, closed, named, named_vehicle};
use crate::{
    domain::{
        customer::Customer,
        ids::{StaffId, VehicleId},
        opportunity::{Opportunity, Stage},
        picture::Picture,
        time::At,
    },
    engine::pipeline::reached,
    service::{
        pipeline::{self, NextStep},
        shapes as s,
    },
    store::{Rows, Span, StoreError, tables},
};

/// The sale with the customer of this picture.
pub fn shape(people: &People, picture: &Picture<'_>) -> Option<s::OpportunityShape> {
    let held = picture.opportunity.as_ref()?;
    let path: Vec<s::ReachedShape> =
        reached(picture, held).into_iter().map(|r| s::ReachedShape { stage: r.stage, at_ms: r.at.0, because: r.because }).collect();
    let last = path.last().map_or(0, |r| r.at_ms);
    Some(s::OpportunityShape {
        id: held.id.0,
        stage: held.stage,
        since_ms: held.since.0,
        opened_ms: held.opened.0,
        is_open: held.is_open(),
        by_hand: held.by_hand.last().is_some_and(|said| said.at.0 == last),
        path,
        lost: held.lost.as_ref().map(|lost| s::LostShape {
            why: lost.why,
            note: lost.note.clone(),
            by: people.short_name(lost.by),
            at_ms: lost.at.0,
            again_ms: lost.again.map(|at| at.0),
        }),
        follow_up: promised(people, held),
    })
}

fn promised(people: &People, opportunity: &Opportunity) -> Option<s::FollowUpShape> {
    opportunity.follow_up.as_ref().map(|f| s::FollowUpShape { due_ms: f.due.0, what: f.what.clone(), by: people.short_name(f.by) })
}

/// The board: of everybody, or of one owner's customers.
pub fn board(tx: &impl Rows, owner: Option<StaffId>, rows: usize, now: At) -> Result<s::Board, StoreError> {
    let people = People::read(tx)?;
    let mut open = pipeline::all_open(tx)?;
    open.retain(|(customer, _)| is_of(owner, customer));
    open.sort_by_key(|(customer, o)| (std::cmp::Reverse(customer.score.points), o.since, o.id));
    let mut columns = Vec::new();
    for stage in Stage::OPEN {
        let here = || open.iter().filter(|(_, o)| o.stage == stage);
        let mut shown = Vec::new();
        for (customer, opportunity) in here().take(rows) {
            shown.push(row(tx, &people, customer, opportunity, now)?);
        }
        columns.push(s::BoardColumn { stage, total: here().count() as u64, rows: shown });
    }
    let mut in_void = 0;
    for (customer, opportunity) in &open {
        in_void += u64::from(pipeline::next_step(tx, customer, opportunity, now)? == NextStep::None);
    }
    Ok(s::Board { columns, in_void })
}

fn is_of(owner: Option<StaffId>, customer: &Customer) -> bool {
    owner.is_none() || customer.owner == owner
}

/// Sales for which nothing comes next, the nearest to buying first: of everybody, or of one owner's customers.
pub fn void(tx: &impl Rows, owner: Option<StaffId>, after: usize, limit: usize, now: At) -> Result<s::Page<s::BoardRow>, StoreError> {
    let people = People::read(tx)?;
    let mut lost = Vec::new();
    for (customer, opportunity) in pipeline::all_open(tx)? {
        if is_of(owner, &customer) && pipeline::next_step(tx, &customer, &opportunity, now)? == NextStep::None {
            lost.push((customer, opportunity));
        }
    }
    lost.sort_by_key(|(customer, o)| (std::cmp::Reverse(customer.score.points), std::cmp::Reverse(o.stage), o.since, o.id));
    let total = lost.len();
    let mut items = Vec::new();
    for (customer, opportunity) in lost.iter().skip(after).take(limit) {
        items.push(row(tx, &people, customer, opportunity, now)?);
    }
    let next = (after + limit < total).then(|| (after + limit).to_string());
    Ok(s::Page { items, next, total: total as u64 })
}

fn row(tx: &impl Rows, people: &People, customer: &Customer, opportunity: &Opportunity, now: At) -> Result<s::BoardRow, StoreError> {
    let next = match pipeline::next_step(tx, customer, opportunity, now)? {
        NextStep::InShowroom => s::NextStepShape::InShowroom,
        NextStep::Card { comes_back } => {
            s::NextStepShape::Card { alert: customer.open_alert.map_or(0, |id| id.0), comes_back_ms: comes_back.map(|at| at.0) }
        }
        NextStep::FollowUp { due } => s::NextStepShape::FollowUp { due_ms: due.0 },
        NextStep::None => s::NextStepShape::Nothing { card: last_card(tx, people, customer)? },
    };
    let car = match wanted(tx, customer)? {
        Some(id) => tx.get(tables::VEHICLES, &id)?,
        None => None,
    };
    Ok(s::BoardRow {
        opportunity: opportunity.id.0,
        customer: named(customer),
        score: customer.score.points,
        stage: opportunity.stage,
        since_ms: opportunity.since.0,
        owner: customer.owner.and_then(|id| people.person(id)),
        vehicle: car.as_ref().map(named_vehicle),
        next,
        follow_up: promised(people, opportunity),
        last_touch_ms: customer.last_touch.as_ref().map(|t| t.at.0),
        last_touch: customer.last_touch.as_ref().map(|t| t.text.clone()),
    })
}

/// How their last card closed.
fn last_card(tx: &impl Rows, people: &People, customer: &Customer) -> Result<Option<s::Closed>, StoreError> {
    let last = tx.last(tables::CUSTOMER_ALERTS, &Span::under(&customer.id), 1)?;
    let alert = match last.first() {
        Some(((_, id), ())) => tx.get(tables::ALERTS, id)?,
        None => None,
    };
    Ok(alert.and_then(|alert| closed(people, &alert)))
}

/// The car of their newest lead.
fn wanted(tx: &impl Rows, customer: &Customer) -> Result<Option<VehicleId>, StoreError> {
    let mut newest = None;
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_LEADS, &Span::under(&part), 1)? {
            newest = newest.max(Some(id));
        }
    }
    let lead = match newest {
        Some(id) => tx.get(tables::LEADS, &id)?,
        None => None,
    };
    Ok(lead.and_then(|lead| lead.vehicle))
}
