//! What does the finance office still have to see to? Deals of the last weeks: payoffs to verify, figures that are missing, first payments.

use super::{
    Rooms, people, shapes as s,
    views::{self, People},
    visits,
};
use crate::{
    domain::{
        deal::{Deal, DealKind, NewDeal},
        ids::{PartId, VehicleId},
        time::{At, DAY_MS},
        visit::{Visit, VisitStep},
    },
    store::{Rows, Span, StoreError, tables},
};

/// Deals of so many days are still worked on.
const WORKED_ON_MS: i64 = 60 * DAY_MS;
const DEALS_MOST: usize = 20_000;
const LISTED_MOST: usize = 300;
/// Around its day a first payment is asked after.
const FIRST_PAYMENT_MS: i64 = 10 * DAY_MS;
/// A turnover so near to a deal belongs to it.
const TURNOVER_MS: i64 = 7 * DAY_MS;

/// What is still to do, the newest deals first; whoever was handed over and sits there now before them.
pub fn list(rooms: &Rooms, now: At) -> Result<s::FinanceList, StoreError> {
    let tx = rooms.store.read()?;
    let people = People::read(&tx)?;
    let mut items = Vec::new();
    for visit in visits::all_open(&tx)? {
        items.extend(handed_over(&tx, &people, &visit)?);
    }
    let mut deals: Vec<Deal> = Vec::new();
    for (_, deal) in tx.last(tables::DEALS, &Span::all(), DEALS_MOST)? {
        if deal.said.is_retail() && now.since(deal.said.sold) <= WORKED_ON_MS && deal.said.sold <= now.plus_ms(DAY_MS) {
            deals.push(deal);
        }
    }
    deals.sort_by_key(|d| (std::cmp::Reverse(d.said.sold), d.id));
    for deal in deals.iter().take(LISTED_MOST) {
        items.extend(of_deal(&tx, &people, deal, now)?);
    }
    Ok(s::FinanceList { items })
}

/// In the office now, before there is a deal.
fn handed_over(tx: &impl Rows, people: &People, visit: &Visit) -> Result<Option<s::FinanceRow>, StoreError> {
    let Some(step) = visit.steps.iter().find(|s| s.step == VisitStep::FinanceTurnover) else { return Ok(None) };
    let Some(customer) = people::of_part(tx, visit.part)? else { return Ok(None) };
    let vehicle = visit.vehicle.map(|id| tx.get(tables::VEHICLES, &id)).transpose()?.flatten();
    Ok(Some(s::FinanceRow {
        customer: views::named(&customer),
        deal: None,
        vehicle: vehicle.map(|v| v.facts.label()),
        at_ms: step.at.0,
        kind: None,
        lender: None,
        handed_by: people.short_name(step.by),
        told: None,
        payoffs: vec![],
        missing: vec![],
        first_payment_ms: None,
    }))
}

/// A deal of which something is left to do.
fn of_deal(tx: &impl Rows, people: &People, deal: &Deal, now: At) -> Result<Option<s::FinanceRow>, StoreError> {
    let payoffs = payoffs(tx, deal)?;
    let missing = missing(&deal.said);
    let first = deal.said.first_due.filter(|due| due.since(now).abs() <= FIRST_PAYMENT_MS);
    if payoffs.is_empty() && missing.is_empty() && first.is_none() {
        return Ok(None);
    }
    let Some(customer) = people::of_part(tx, deal.part)? else { return Ok(None) };
    let turned_over = visits::of_customer(tx, &customer)?.into_iter().rev().find(|v| v.began.since(deal.said.sold).abs() <= TURNOVER_MS);
    let step = turned_over.as_ref().and_then(|v| v.steps.iter().find(|s| s.step == VisitStep::FinanceTurnover));
    Ok(Some(s::FinanceRow {
        customer: views::named(&customer),
        deal: Some(deal.said.number.clone()),
        vehicle: Some(deal.said.facts.label()),
        at_ms: deal.said.sold.0,
        kind: Some(deal.said.kind),
        lender: Some(deal.said.lender.clone()).filter(|l| !l.is_empty()),
        handed_by: step.and_then(|s| people.short_name(s.by)),
        told: turned_over.and_then(|v| v.end).map(|end| end.note).filter(|note| !note.is_empty()),
        payoffs,
        missing,
        first_payment_ms: first.map(|at| at.0),
    }))
}

/// Cars taken in on which somebody may still be owed, and nobody has asked the lender since.
fn payoffs(tx: &impl Rows, deal: &Deal) -> Result<Vec<s::PayoffToVerify>, StoreError> {
    let mut all = Vec::new();
    for trade in deal.said.trades().filter(|t| t.payoff.is_some_and(|p| p.0 > 0)) {
        let vehicle = match &trade.vin {
            Some(vin) => tx.get(tables::VINS, &vin.as_str().to_owned())?,
            None => None,
        };
        if is_verified(tx, deal.part, vehicle)? {
            continue;
        }
        all.push(s::PayoffToVerify { vehicle_id: vehicle.map(|v| v.0), label: trade.facts.label(), said_cents: trade.payoff.map(|p| p.0) });
    }
    Ok(all)
}

fn is_verified(tx: &impl Rows, part: PartId, vehicle: Option<VehicleId>) -> Result<bool, StoreError> {
    let Some(vehicle) = vehicle else { return Ok(false) };
    tx.has(tables::PAYOFFS, &(part, vehicle))
}

/// Figures that a deal of its kind has and this one does not.
fn missing(said: &NewDeal) -> Vec<String> {
    let lacks = |what: &str, is_there: bool| (!is_there).then(|| what.to_owned());
    let term = said.term_months.is_some() || said.payments.is_some();
    let financed = [
        lacks("lender", !said.lender.is_empty() || said.kind == DealKind::Bhph),
        lacks("amount financed", said.financed.is_some()),
        lacks("term", term),
        lacks("rate or payment", said.apr.is_some() || said.payment.is_some()),
    ];
    let leased = [lacks("residual", said.residual.is_some()), lacks("miles allowed", said.allowed_mi.is_some())];
    let mut all: Vec<String> = match said.kind {
        DealKind::Finance | DealKind::Bhph => financed.into_iter().flatten().collect(),
        DealKind::Lease => financed.into_iter().chain(leased).flatten().collect(),
        DealKind::Cash | DealKind::Wholesale | DealKind::Unknown => vec![],
    };
    all.extend(lacks("VIN of the trade", said.trades().all(|t| t.vin.is_some())));
    all
}
