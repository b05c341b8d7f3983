//! What does a screen show of a car that a customer brings?

use super::{Me, People, named};
use crate::{
    domain::{
        appraisal::{Appraisal, Range, Stage},
        ids::{AppraisalId, CustomerId},
        money::Cents,
        time::{At, DAY_MS},
        vehicle::CarFacts,
    },
    engine::{
        equity::valuation::Market,
        trade::{self, Outcome, TheirCar},
    },
    service::{appraisals, people, shapes as s, trade_tool},
    store::{Rows, StoreError, tables},
};

pub fn row(people: &People, held: &Appraisal, now: At) -> s::AppraisalRow {
    let sheet = &held.sheet;
    s::AppraisalRow {
        id: held.id.0,
        label: sheet.car.label(),
        vehicle_id: held.vehicle.map(|id| id.0),
        stage: stage(held.stage(now)),
        acv_cents: sheet.acv.map(|acv| acv.value.0),
        allowance_cents: cents(sheet.allowance),
        payoff_cents: sheet.payoff.as_ref().map(|payoff| payoff.amount.0),
        equity_cents: cents(sheet.equity()),
        opened_ms: held.opened.0,
        by: held.by.and_then(|by| people.person(by)),
    }
}

fn stage(stage: Stage) -> s::AppraisalStage {
    match stage {
        Stage::Draft => s::AppraisalStage::Draft,
        Stage::Appraised { .. } => s::AppraisalStage::Appraised,
        Stage::Expired { .. } => s::AppraisalStage::Expired,
        Stage::Accepted(_) => s::AppraisalStage::Accepted,
        Stage::Declined(_) => s::AppraisalStage::Declined,
    }
}

fn cents(money: Option<Cents>) -> Option<i64> {
    money.map(|money| money.0)
}

fn range(range: Range) -> s::MoneyRange {
    s::MoneyRange { low_cents: range.low.0, high_cents: range.high.0 }
}

/// One worksheet, as far as whoever reads it may see.
pub fn page(tx: &impl Rows, market: &Market, id: AppraisalId, me: Me, now: At) -> Result<Option<s::AppraisalPage>, StoreError> {
    let Some(held) = tx.get(tables::APPRAISALS, &id)? else { return Ok(None) };
    let Some(customer) = people::of_part(tx, held.part)? else { return Ok(None) };
    let people = People::read(tx)?;
    let beside = held.beside.map(|id| tx.get(tables::APPRAISALS, &id)).transpose()?.flatten();
    let may_see_cost = me.role.may_see_cost();
    let sheet = &held.sheet;
    let both = sheet.equity().zip(beside.as_ref().and_then(|other| other.sheet.equity())).map(|(one, other)| one.0 + other.0);
    let may_undo = |by| by == me.staff || me.role.manages();
    let mut photos = Vec::new();
    for photo in &sheet.photos {
        let file = tx.get(tables::FILES, photo)?.filter(|file| file.removed.is_none());
        photos.extend(file.map(|file| s::PhotoShape { id: file.id.0, name: file.name }));
    }
    Ok(Some(s::AppraisalPage {
        row: row(&people, &held, now),
        revision: held.revision,
        customer: named(&customer),
        may_write: me.role.may_appraise(),
        may_see_cost,
        car: car(sheet.vin.as_ref().map(|vin| vin.as_str().to_owned()), &sheet.car),
        state: sheet.state.into(),
        questions: trade_tool::questions(),
        recon: sheet
            .recon
            .iter()
            .map(|line| s::ReconLineShape { id: line.id, what: line.what.clone(), cost_cents: cents(line.cost).filter(|_| may_see_cost) })
            .collect(),
        recon_total_cents: cents(sheet.recon_total()).filter(|_| may_see_cost),
        book: sheet.book.as_ref().filter(|_| may_see_cost).map(|book| s::BookShape {
            value_cents: book.value.0,
            source: book.source.clone(),
            on_ms: book.on.0,
        }),
        acv: sheet.acv.map(|acv| s::AcvShape {
            value_cents: acv.value.0,
            by: people.person(acv.by),
            at_ms: acv.at.0,
            until_ms: acv.until.0,
            days: acv.until.since(acv.at) / DAY_MS,
        }),
        payoff: sheet.payoff.as_ref().map(|payoff| s::PayoffShape {
            amount_cents: payoff.amount.0,
            said_by: payoff.said_by.clone(),
            good_through_ms: payoff.good_through.map(|at| at.0),
        }),
        over_allowance_cents: cents(sheet.over_allowance()).filter(|_| may_see_cost),
        notes: sheet.notes.clone(),
        photos,
        decided: held.decided.map(|decided| s::WhoAndWhen { by: people.person(decided.by), at_ms: decided.at.0 }),
        market: by_market(market, &held, now),
        tool: held.told.and_then(|told| told.shown).map(range),
        beside: beside.as_ref().map(|other| row(&people, other, now)),
        both_equity_cents: both,
        undo: held
            .before
            .last()
            .filter(|last| me.role.may_appraise() && may_undo(last.by))
            .map(|last| s::WhoAndWhen { by: people.person(last.by), at_ms: last.at.0 }),
    }))
}

fn car(vin: Option<String>, car: &CarFacts) -> s::AppraisedCar {
    s::AppraisedCar {
        vin,
        year: car.year,
        make: car.make.clone(),
        model: car.model.clone(),
        trim: car.trim.clone(),
        color: car.exterior_color.clone(),
        plate: car.plate.clone(),
        odometer_mi: car.odometer_mi,
    }
}

fn by_market(market: &Market, held: &Appraisal, now: At) -> s::MarketShape {
    let car = TheirCar { vin: held.sheet.vin.clone(), facts: held.sheet.car.clone() };
    match trade::figure(market, &car, &held.sheet.state, trade_tool::day(now)) {
        Outcome::Range(figure) => s::MarketShape { range: Some(range(figure.range)), why_none: None, reasons: figure.reasons, raises: figure.raises },
        Outcome::NeedsAPerson(why) => s::MarketShape { range: None, why_none: Some(why), reasons: vec![], raises: vec![] },
    }
}

/// The worksheets of a customer.
pub fn of_customer(tx: &impl Rows, customer: CustomerId, now: At) -> Result<Option<s::Appraisals>, StoreError> {
    let Some(customer) = people::shown(tx, customer)? else { return Ok(None) };
    let people = People::read(tx)?;
    let items = appraisals::of_customer(tx, &customer)?.iter().map(|held| row(&people, held, now)).collect();
    Ok(Some(s::Appraisals { items }))
}
