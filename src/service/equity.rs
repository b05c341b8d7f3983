//! How does a customer's car stand? Value, payoff and what is left, from everything the store knows of it, and whether it is worth a talk.

use super::{Rooms, alerts, household, lifecycle, market, payoffs, people, service_drive::brief, shapes as s};
use crate::{
    domain::{
        customer::Customer,
        deal::{Deal, DealKind},
        ids::{CustomerId, PartId, ServiceVisitId, VehicleId},
        money::{Bps, Cents},
        repair_order::RepairOrder,
        service_visit::Lane,
        time::{At, DAY_MS},
        vehicle::{Condition, ListingStatus, Ownership, Vehicle},
    },
    engine::{
        equity::{
            book::{Line, Owes},
            loan::{self, Terms},
            odometer::{self, Doubt, Odometer, Reading},
            payment_match::{self, Match, RateTable, Today, Unit},
            position::{self, Contract, Equity, LeaseEnd, Owed, OwedSource, SaidBalance},
            reasons::{self, Situation, Stops, Talk, Warranty},
            valuation::{self, Market, SaidValue, Source, Subject, Worth, worth},
        },
        matching::traits,
    },
    store::{Rows, Span, StoreError, tables},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Cars of the lot that are looked at for a worksheet.
const LOT_MOST: usize = 5_000;
const LEADS_MOST: usize = 20_000;
/// The lot as it was so long ago still does.
const LOT_HOLDS_MS: i64 = 20_000;
const ORDERS_MOST: usize = 60;
const DEALS_MOST: usize = 20;
const REPAIR_MS: i64 = 30 * DAY_MS;
const YEAR_MS: i64 = 365 * DAY_MS;
const LOOKS_MS: i64 = 14 * DAY_MS;

/// The store at one moment: what its market says, what stands on its lot, what it asks for money.
pub struct Now {
    market: Arc<Market>,
    lot: Vec<Unit>,
    /// Whose household had a car that stands on the lot: nobody offers it to them.
    had_by: HashMap<VehicleId, Vec<CustomerId>>,
    /// By make and model: how many stand on the lot, and how many leads of the last month ask for one.
    models: HashMap<String, (u16, u16)>,
    rates: RateTable,
    talk_from: Cents,
    read: At,
}

/// The newest of them, for all who ask within the same moment.
#[derive(Default)]
pub struct Kept(Mutex<Option<Arc<Now>>>);

/// What the store stands at now.
pub fn now(rooms: &Rooms, tx: &impl Rows, now: At) -> Result<Arc<Now>, StoreError> {
    let market = market::of(rooms);
    let held = rooms.equity.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(held) = held.filter(|held| now.since(held.read) < LOT_HOLDS_MS && now >= held.read && Arc::ptr_eq(&held.market, &market)) {
        return Ok(held);
    }
    let made = Arc::new(Now::read(tx, market, rooms.policy.money.rates.clone(), rooms.policy.money.talk_from, now)?);
    *rooms.equity.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&made));
    Ok(made)
}

impl Now {
    fn read(tx: &impl Rows, market: Arc<Market>, rates: RateTable, talk_from: Cents, now: At) -> Result<Self, StoreError> {
        const ASKED_MS: i64 = 30 * DAY_MS;
        let (mut lot, mut had_by, mut models) = (Vec::new(), HashMap::new(), HashMap::<String, (u16, u16)>::new());
        for id in tx.keys(tables::ON_LOT, &Span::all(), LOT_MOST)? {
            let Some(car) = tx.get(tables::VEHICLES, &id)? else { continue };
            models.entry(model_key(&car)).or_default().0 += 1;
            let had = household::owners_of(tx, id)?;
            if !had.is_empty() {
                had_by.insert(id, had);
            }
            let listing = car.listing.as_ref().filter(|l| l.status == ListingStatus::Available);
            lot.extend(listing.and_then(|l| l.price).map(|price| Unit {
                vehicle: id,
                price,
                year: car.facts.year,
                miles: car.facts.odometer_mi,
                body: body_of(&car),
            }));
        }
        let mut asked: HashMap<VehicleId, u16> = HashMap::new();
        for (vehicle, (at, _)) in tx.keys(tables::RECENT_LEADS, &Span::all(), LEADS_MOST)? {
            if now.since(at) <= ASKED_MS {
                *asked.entry(vehicle).or_default() += 1;
            }
        }
        for (vehicle, count) in asked {
            if let Some(car) = tx.get(tables::VEHICLES, &vehicle)? {
                let wanted = &mut models.entry(model_key(&car)).or_default().1;
                *wanted = wanted.saturating_add(count);
            }
        }
        Ok(Self { market, lot, had_by, models, rates, talk_from, read: now })
    }

    #[must_use]
    pub fn market(&self) -> &Market {
        &self.market
    }
}

fn model_key(car: &Vehicle) -> String {
    format!("{} {}", car.facts.make, car.facts.model).to_lowercase()
}

/// The kind of body in few words: feeds say it in many.
fn body_of(car: &Vehicle) -> String {
    traits::body(&car.facts.body).map_or_else(|| car.facts.body.to_lowercase(), |body| body.words().to_owned())
}

/// What is only true today: from the service department, or nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Visit {
    /// What the work of this visit would cost.
    pub quote: Option<Cents>,
    pub recall_only: bool,
    /// They said not today, and that still holds.
    pub refused: bool,
    pub asked_not: bool,
}

/// All that is known of one car of a customer.
struct Known {
    customer: CustomerId,
    vehicle: Vehicle,
    ownership: Ownership,
    deal: Option<Deal>,
    /// Newest first.
    orders: Vec<RepairOrder>,
    balances: Vec<SaidBalance>,
    said: Vec<SaidValue>,
    /// Read off it in the service lane.
    in_lane: Vec<(ServiceVisitId, Reading)>,
}

/// How one car stands.
pub struct Standing {
    pub vehicle: Vehicle,
    pub ownership: Ownership,
    pub deal: Option<Deal>,
    pub worth: Option<Worth>,
    pub owed: Option<Owed>,
    /// Why nobody knows what is owed, when nobody does.
    pub unclear: Option<&'static str>,
    pub odometer: Option<Odometer>,
    pub equity: Option<Equity>,
    pub lease: Option<LeaseEnd>,
    pub warranty: Option<Warranty>,
    pub declined: Vec<String>,
    pub matches: Vec<Match>,
    pub talk: Talk,
}

/// How a car of this customer stands; `None` when it is not theirs now.
pub fn standing(
    tx: &impl Rows,
    store: &Now,
    customer: &Customer,
    vehicle: VehicleId,
    visit: &Visit,
    now: At,
) -> Result<Option<Standing>, StoreError> {
    let Some(part) = payoffs::owner_part(tx, customer.all_parts(), vehicle)? else { return Ok(None) };
    let Some(known) = known(tx, customer, part, vehicle)? else { return Ok(None) };
    let looks = looks(tx, customer, vehicle, now)?;
    let stops = Stops {
        asked_not: visit.asked_not,
        complaint_open: alerts::complains(tx, customer)?,
        refused: visit.refused,
        bought: newest_purchase(tx, customer)?,
        recall_only: visit.recall_only,
    };
    Ok(Some(known.standing(store, visit, looks, &stops, now)))
}

/// A car as the book of all cars keeps it.
pub struct BookLine {
    pub line: Line,
    pub vehicle: VehicleId,
    pub bought: Option<At>,
    pub lease_ends: Option<At>,
    /// When the last payment of a loan falls due.
    pub loan_ends: Option<At>,
    pub warranty_ends: Option<At>,
    pub declined: u16,
    pub bought_here: bool,
    /// Since when nobody looked at what was said of its value or its balance; none where nothing was said.
    pub figures_of: Option<At>,
}

/// The lines of a customer's cars.
pub fn lines(tx: &impl Rows, store: &Now, customer: &Customer, now: At) -> Result<Vec<BookLine>, StoreError> {
    let mut all = Vec::new();
    let owned = owned(tx, customer)?;
    if owned.is_empty() {
        return Ok(all);
    }
    let bought = newest_purchase(tx, customer)?;
    for ownership in owned {
        if let Some(known) = known(tx, customer, ownership.part, ownership.vehicle)? {
            all.push(known.line(store, bought, now));
        }
    }
    Ok(all)
}

/// The cars a customer has now, the newest first.
pub fn of_customer(tx: &impl Rows, store: &Now, customer: &Customer, now: At) -> Result<Vec<Standing>, StoreError> {
    let mut all = Vec::new();
    for ownership in owned(tx, customer)? {
        let visit = brief::visit_of(tx, customer, ownership.vehicle, now)?;
        all.extend(standing(tx, store, customer, ownership.vehicle, &visit, now)?);
    }
    Ok(all)
}

/// Whether a number read off a car of theirs should be looked at again; never of a car that is not known to be theirs. What was read at
/// the visit `instead_of` does not count.
pub fn odometer_doubt(
    tx: &impl Rows,
    customer: &Customer,
    vehicle: VehicleId,
    new: Reading,
    instead_of: Option<ServiceVisitId>,
) -> Result<Option<Doubt>, StoreError> {
    let Some(part) = payoffs::owner_part(tx, customer.all_parts(), vehicle)? else { return Ok(None) };
    let Some(mut known) = known(tx, customer, part, vehicle)? else { return Ok(None) };
    known.in_lane.retain(|(visit, _)| Some(*visit) != instead_of);
    Ok(known.doubt(new))
}

fn owned(tx: &impl Rows, customer: &Customer) -> Result<Vec<Ownership>, StoreError> {
    const CARS_MOST: usize = 8;
    let mut owned: Vec<Ownership> = Vec::new();
    for part in customer.all_parts() {
        for (_, vehicle) in tx.keys(tables::OWNED, &Span::under(&part), CARS_MOST)? {
            owned.extend(tx.get(tables::OWNERS, &(vehicle, part))?.filter(|o| o.until.is_none()));
        }
    }
    owned.sort_by_key(|o| std::cmp::Reverse((o.since, o.vehicle)));
    owned.dedup_by_key(|o| o.vehicle);
    owned.truncate(CARS_MOST);
    Ok(owned)
}

fn known(tx: &impl Rows, customer: &Customer, part: PartId, id: VehicleId) -> Result<Option<Known>, StoreError> {
    let (Some(vehicle), Some(ownership)) = (tx.get(tables::VEHICLES, &id)?, tx.get(tables::OWNERS, &(id, part))?) else { return Ok(None) };
    if ownership.until.is_some() {
        return Ok(None);
    }
    let (mut deal, mut orders): (Option<Deal>, Vec<RepairOrder>) = (None, Vec::new());
    let (mut balances, mut in_lane) = (Vec::new(), Vec::new());
    for part in customer.all_parts() {
        for ((_, number), ()) in tx.last(tables::CUSTOMER_DEALS, &Span::under(&part), DEALS_MOST)? {
            let theirs = tx.get(tables::DEALS, &number)?.filter(|d| d.vehicle == Some(id) && d.said.is_retail());
            deal = deal.into_iter().chain(theirs).max_by_key(|d| (d.said.sold, d.id));
        }
        for ((_, number), ()) in tx.last(tables::CUSTOMER_REPAIR_ORDERS, &Span::under(&part), ORDERS_MOST)? {
            orders.extend(tx.get(tables::REPAIR_ORDERS, &number)?.filter(|o| o.vehicle == Some(id)));
        }
        for ((_, number), ()) in tx.last(tables::CUSTOMER_SERVICE_VISITS, &Span::under(&part), ORDERS_MOST)? {
            let visit = tx.get(tables::SERVICE_VISITS, &number)?.filter(|v| v.vehicle == Some(id) && v.lane != Lane::Mistake);
            in_lane.extend(visit.and_then(|v| Some((v.id, Reading { at: v.arrived, miles: v.odometer_mi? }))));
        }
        let payoff = tx.get(tables::PAYOFFS, &(part, id))?;
        balances.extend(payoff.map(|p| SaidBalance { amount: p.amount, at: p.at, is_verified: true }));
    }
    orders.sort_by_key(|o| std::cmp::Reverse((o.said.opened, o.id)));
    let booked =
        deal.as_ref().and_then(|d| Some(SaidBalance { amount: d.said.balance?, at: d.said.balance_at.unwrap_or(d.said.sold), is_verified: false }));
    balances.extend(booked);
    Ok(Some(Known { customer: customer.id, vehicle, ownership, deal, orders, balances, said: super::appraisals::said_value(tx, id)?, in_lane }))
}

impl Known {
    fn line(&self, store: &Now, bought: Option<At>, now: At) -> BookLine {
        let contract = self.contract();
        let owed = position::owed(contract, &self.balances, now);
        let terms = owed.and_then(|o| o.terms);
        let owes = match (&owed, contract) {
            (None, _) => Owes::Unknown,
            (Some(Owed { source: OwedSource::PaidOff, .. }), _) => Owes::Nothing,
            (Some(Owed { source: OwedSource::Estimated, .. }), Contract::Terms(terms)) => Owes::Contract(terms),
            (Some(owed), _) => Owes::Said { amount: owed.balance, at: now, terms },
        };
        let odometer = odometer::now(&self.readings(), now);
        let miles_at_start = self.deal.as_ref().and_then(|d| d.said.facts.odometer_mi).unwrap_or_default();
        let lease = terms.and_then(|t| position::lease_end(&t, None, miles_at_start, None, now));
        let said = valuation::said_to_be(&self.said, now);
        // What is reckoned anew each day, and what was paid off once, does not grow old.
        let balance_of = owed.filter(|o| matches!(o.source, OwedSource::Verified | OwedSource::Books) && o.balance > Cents(0)).map(|o| o.at);
        let declined: usize = self.orders.iter().filter(|o| now.since(o.said.opened) <= YEAR_MS).map(|o| o.said.declined.len()).sum();
        BookLine {
            line: Line {
                car: store.market.settle(&Subject::of(&self.vehicle.facts, self.vehicle.vin.as_ref())),
                said: said.map(|worth| worth.middle),
                odometer,
                owes,
            },
            vehicle: self.vehicle.id,
            bought,
            lease_ends: lease.map(|l| l.at),
            loan_ends: terms.filter(|t| !t.is_lease() && t.left(now) > 0).map(|t| t.ends()),
            warranty_ends: self.warranty().map(|w| w.ends),
            declined: u16::try_from(declined).unwrap_or(u16::MAX),
            bought_here: self.ownership.bought_here,
            figures_of: said.map(|worth| worth.at).into_iter().chain(balance_of).min(),
        }
    }

    /// What was read off it, each with its day; where nothing was, what its record says.
    fn readings(&self) -> Vec<Reading> {
        let dated = self.dated();
        if dated.is_empty() { vec![self.undated()] } else { dated }
    }

    fn dated(&self) -> Vec<Reading> {
        let sold = self.deal.as_ref().and_then(|d| Some(Reading { at: d.said.sold, miles: d.said.facts.odometer_mi? }));
        let services = self.orders.iter().filter_map(|o| Some(Reading { at: o.said.opened, miles: o.said.facts.odometer_mi? }));
        sold.into_iter().chain(services).chain(self.in_lane.iter().map(|(_, read)| *read)).collect()
    }

    /// What the record of the car says has no day of its own: it is of when the car was last heard of.
    fn undated(&self) -> Reading {
        Reading { at: self.ownership.last_seen, miles: self.vehicle.facts.odometer_mi.unwrap_or_default() }
    }

    /// Whether a number read off it now should be looked at again. What has no day can only be gone behind, not run away from.
    fn doubt(&self, new: Reading) -> Option<Doubt> {
        let undated = self.undated();
        match self.dated() {
            dated if dated.is_empty() => (new.miles < undated.miles).then_some(Doubt::Behind(undated)),
            dated => odometer::doubt(&dated, new),
        }
    }

    fn contract(&self) -> Contract {
        let Some(deal) = &self.deal else { return Contract::NotKnown };
        let said = &deal.said;
        if said.kind == DealKind::Cash
            || (said.financed.is_none()
                && said.payment.is_none()
                && said.lender.is_empty()
                && said.kind != DealKind::Lease
                && said.kind != DealKind::Bhph
                && said.kind != DealKind::Finance)
        {
            return Contract::Cash;
        }
        let terms = loan::Said {
            financed: said.financed,
            apr: said.apr,
            payments: said.payments.or(said.term_months),
            payments_a_year: said.payments_a_year,
            payment: said.payment,
            is_lease: said.kind == DealKind::Lease,
            residual: said.residual,
            signed: said.sold,
            first_due: said.first_due,
        };
        Terms::parse(&terms).map_or_else(Contract::Unclear, Contract::Terms)
    }

    fn warranty(&self) -> Option<Warranty> {
        let deal = self.deal.as_ref()?;
        let sold_with = deal
            .said
            .warranty_months
            .map(|months| Warranty { ends: deal.said.sold.plus_ms(i64::from(months) * 36_525 * DAY_MS / 1_200), ends_mi: deal.said.warranty_mi });
        let was_new =
            self.vehicle.listing.as_ref().is_some_and(|l| l.condition == Condition::New) || deal.said.facts.odometer_mi.is_some_and(|mi| mi < 300);
        sold_with.or_else(|| was_new.then(|| Warranty::basic(deal.said.sold)))
    }

    fn standing(self, store: &Now, visit: &Visit, looks: u16, stops: &Stops, now: At) -> Standing {
        let odometer = odometer::now(&self.readings(), now);
        let contract = self.contract();
        let owed = position::owed(contract, &self.balances, now);
        let car = |miles: Option<u32>| {
            let mut facts = self.vehicle.facts.clone();
            facts.odometer_mi = miles;
            Subject::of(&facts, self.vehicle.vin.as_ref())
        };
        let subject = car(odometer.as_ref().map(|o| o.miles));
        let worth_now = worth(&store.market, &subject, &self.said, now);
        let equity = worth_now.as_ref().zip(owed.as_ref()).map(|(w, o)| position::equity(w, o, odometer.as_ref(), now));
        let equity_before = self.month_ago(store, contract, odometer.as_ref(), &car, now);
        let terms = owed.and_then(|o| o.terms);
        let miles_at_start = self.deal.as_ref().and_then(|d| d.said.facts.odometer_mi).unwrap_or_default();
        let allowed = self.deal.as_ref().and_then(|d| d.said.allowed_mi);
        let lease = terms.and_then(|t| position::lease_end(&t, allowed, miles_at_start, odometer.as_ref(), now));
        let matches = worth_now.as_ref().map(|w| self.matches(store, w, owed.as_ref(), equity.as_ref(), odometer.as_ref(), now)).unwrap_or_default();
        let declined: Vec<String> =
            self.orders.iter().filter(|o| now.since(o.said.opened) <= YEAR_MS).flat_map(|o| o.said.declined.clone()).collect();
        let lately = self.orders.iter().filter(|o| now.since(o.said.opened) <= REPAIR_MS).filter_map(|o| o.said.customer_pay).max();
        let (in_stock, wanted_by) = store.models.get(&model_key(&self.vehicle)).copied().unwrap_or_default();
        let visits = self.orders.iter().filter(|o| now.since(o.said.opened) <= YEAR_MS).count();
        let short = self.vehicle.facts.short();
        let warranty = self.warranty();
        let apr = owed.as_ref().and_then(position::rate);
        let situation = Situation {
            car: &short,
            owned_since: Some(self.ownership.since),
            value: worth_now.map(|w| w.middle),
            owed: owed.as_ref(),
            equity,
            equity_before,
            odometer: odometer.as_ref(),
            lease,
            warranty,
            repair: visit.quote.max(lately),
            declined: &declined,
            visits_in_a_year: u16::try_from(visits).unwrap_or(u16::MAX),
            // A lot without a single car is one that we were never told of.
            in_stock: (!store.lot.is_empty()).then_some(in_stock),
            wanted_by,
            matches: &matches,
            rate_today: store.rates.tier(apr).and_then(|t| t.terms.iter().map(|(_, rate)| *rate).min()),
            looks,
        };
        let talk = reasons::talk(&situation, store.talk_from, stops, now);
        let unclear = match contract {
            _ if owed.is_some() => None,
            Contract::NotKnown => Some("No payoff on file: it was not bought here. Ask, and write it down."),
            Contract::Unclear(why) => Some(why.sentence()),
            Contract::Cash | Contract::Terms(_) => None,
        };
        Standing {
            worth: worth_now,
            owed,
            unclear,
            odometer,
            equity,
            lease,
            warranty,
            declined,
            matches,
            talk,
            deal: self.deal,
            ownership: self.ownership,
            vehicle: self.vehicle,
        }
    }

    fn month_ago(
        &self,
        store: &Now,
        contract: Contract,
        odometer: Option<&Odometer>,
        car: &impl Fn(Option<u32>) -> Subject,
        now: At,
    ) -> Option<Cents> {
        const MONTH_MS: i64 = 30 * DAY_MS;
        let then = now.plus_ms(-MONTH_MS);
        let odometer = odometer?;
        let miles = if odometer.read.at > then { odometer.read.miles } else { odometer.at(then) };
        let owed = position::owed(contract, &self.balances, then)?;
        let worth = worth(&store.market, &car(Some(miles)), &self.said, then)?;
        Some(Cents(worth.middle.0 - owed.balance.0))
    }

    fn matches(&self, store: &Now, worth: &Worth, owed: Option<&Owed>, equity: Option<&Equity>, odometer: Option<&Odometer>, now: At) -> Vec<Match> {
        let Some(equity) = equity else { return vec![] };
        let terms = owed.and_then(|o| o.terms).filter(|t| t.left(now) > 0);
        let today = Today {
            payment: terms.map(|t| t.payment_a_month()),
            apr: owed.and_then(position::rate),
            equity: equity.middle,
            value: worth.middle,
            year: self.vehicle.facts.year,
            miles: odometer.map(|o| o.miles),
            body: body_of(&self.vehicle),
        };
        let had = |unit: &&Unit| store.had_by.get(&unit.vehicle).is_some_and(|had| had.contains(&self.customer));
        payment_match::matches(&today, store.lot.iter().filter(|unit| !had(unit)), &store.rates)
    }
}

/// Looks of the last two weeks at cars that are not theirs.
fn looks(tx: &impl Rows, customer: &Customer, own: VehicleId, now: At) -> Result<u16, StoreError> {
    let mut count = 0_usize;
    for id in &customer.visitors {
        if let Some(visitor) = tx.get(tables::VISITORS, id)? {
            count += visitor.activity.0.iter().filter(|mark| now.since(mark.at) <= LOOKS_MS && mark.car.is_some_and(|car| car != own)).count();
        }
    }
    Ok(u16::try_from(count).unwrap_or(u16::MAX))
}

fn newest_purchase(tx: &impl Rows, customer: &Customer) -> Result<Option<At>, StoreError> {
    let mut newest = None;
    for part in customer.all_parts() {
        for ((_, deal), ()) in tx.last(tables::CUSTOMER_DEALS, &Span::under(&part), 3)? {
            newest = newest.max(tx.get(tables::DEALS, &deal)?.filter(|d| d.said.is_retail()).map(|d| d.said.sold));
        }
    }
    Ok(newest)
}

/// As the screens read it.
pub fn shape(tx: &impl Rows, people: &super::views::People, standing: &Standing, now: At) -> Result<s::EquityShape, StoreError> {
    let Standing { vehicle, ownership, deal, worth, owed, odometer, equity, talk, .. } = standing;
    let mut matches = Vec::new();
    for m in &standing.matches {
        if let Some(car) = tx.get(tables::VEHICLES, &m.vehicle)? {
            matches.push(matched(&car, m));
        }
    }
    let payoff_by = match tx.get(tables::PAYOFFS, &(ownership.part, vehicle.id))? {
        Some(said) => people.short_name(said.by),
        None => None,
    };
    Ok(s::EquityShape {
        vehicle_id: vehicle.id.0,
        label: vehicle.facts.label(),
        short: vehicle.facts.short(),
        since_ms: ownership.since.0,
        bought_here: ownership.bought_here,
        odometer: odometer.as_ref().map(odometer_shape),
        worth: worth.as_ref().map(worth_shape),
        owed: owed.as_ref().map(|o| owed_shape(o, payoff_by, now)),
        unclear: standing.unclear.map(str::to_owned),
        lender: deal.as_ref().map(|d| d.said.lender.clone()).filter(|l| !l.is_empty()),
        left: equity.map(|e| s::LeftShape {
            low_cents: e.low.0,
            middle_cents: e.middle.0,
            high_cents: e.high.0,
            tier: e.tier,
            confidence: e.confidence,
        }),
        lease: standing.lease.map(|l| s::LeaseShape { ends_ms: l.at.0, days: l.days, over_mi: l.over_mi }),
        warranty_ends_ms: standing.warranty.map(|w| w.ends.0),
        declined: standing.declined.clone(),
        matches,
        talk: s::TalkShape {
            is_worth_it: talk.is_worth_it,
            reasons: talk.reasons.iter().map(|r| s::TalkReason { kind: r.kind, text: r.text.clone() }).collect(),
            stopped: talk.stopped.as_ref().map(|stop| s::TalkStop { kind: stop.kind, text: stop.text.to_owned() }),
        },
    })
}

fn matched(car: &Vehicle, m: &Match) -> s::PaymentMatch {
    s::PaymentMatch {
        vehicle_id: car.id.0,
        label: car.facts.label(),
        stock: car.listing.as_ref().map(|l| l.stock.clone()).unwrap_or_default(),
        price_cents: car.listing.as_ref().and_then(|l| l.price).map(|p| p.0),
        financed_cents: m.financed.0,
        months: m.months,
        apr_bps: m.apr.0,
        payment_cents: m.payment.0,
        more_cents: m.more.map(|c| c.0),
        down_to_match_cents: m.down_to_match.map(|c| c.0),
    }
}

fn odometer_shape(o: &Odometer) -> s::OdometerShape {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "miles a year of a car")]
    let a_year = (o.a_day * 365.25).round().max(0.0) as u32;
    s::OdometerShape {
        miles: o.miles,
        read_mi: o.read.miles,
        read_ms: o.read.at.0,
        a_year_mi: a_year,
        is_own_rate: o.is_own_rate,
        left_out: o.left_out,
        rolled_over: o.rolled_over,
    }
}

fn worth_shape(w: &Worth) -> s::WorthShape {
    let source = match w.source {
        Source::Appraisal => "Appraised by the store",
        Source::Book => "Price guide",
        Source::OwnSales => "Sales of this store",
        Source::ShippedCurves => "Usual prices, no sale of such a car here yet",
    };
    s::WorthShape {
        low_cents: w.low.0,
        middle_cents: w.middle.0,
        high_cents: w.high.0,
        source: source.to_owned(),
        comparables: w.comparables,
        at_ms: w.at.0,
    }
}

fn owed_shape(o: &Owed, by: Option<String>, now: At) -> s::OwedShape {
    let source = match (o.source, by) {
        (OwedSource::Verified, Some(by)) => format!("Asked of the lender by {by}"),
        (OwedSource::Verified, None) => "Asked of the lender".to_owned(),
        (OwedSource::Books, _) => "Balance of the books".to_owned(),
        (OwedSource::Estimated, _) => "Estimated from the deal, every payment taken as made".to_owned(),
        (OwedSource::PaidOff, _) => "By the deal, no loan is left".to_owned(),
    };
    let terms = o.terms;
    s::OwedShape {
        balance_cents: o.balance.0,
        per_diem_cents: o.per_diem.0,
        ten_day_cents: o.ten_day_payoff.0,
        source,
        is_estimate: o.source == OwedSource::Estimated,
        is_verified: o.source == OwedSource::Verified,
        at_ms: o.at.0,
        payment_cents: terms.filter(|t| t.left(now) > 0).map(|t| t.payment_a_month().0),
        apr_bps: terms.map(|t| t.apr()).map(|Bps(bps)| bps),
        left: o.left,
        payments: terms.map(|t| t.payments()),
        ends_ms: terms.map(|t| t.ends().0),
        residual_cents: terms.filter(Terms::is_lease).map(|t| t.residual().0),
    }
}

/// The cars of a customer as they stand.
pub fn page(rooms: &Rooms, id: CustomerId, sees_gross: bool, at: At) -> Result<Option<s::EquityPage>, StoreError> {
    let tx = rooms.store.read()?;
    let Some(customer) = people::shown(&tx, id)? else { return Ok(None) };
    let people = super::views::People::read(&tx)?;
    let store = now(rooms, &tx, at)?;
    let mut cars = Vec::new();
    for standing in of_customer(&tx, &store, &customer, at)? {
        cars.push(shape(&tx, &people, &standing, at)?);
    }
    let lifecycle = lifecycle::of(&tx, &customer, &rooms.policy.rooftop.zone, sees_gross, at)?;
    Ok(Some(s::EquityPage { cars, lifecycle }))
}
