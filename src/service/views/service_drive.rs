//! What does a screen show of the service drive?

use super::{People, named};
use crate::{
    domain::{
        alert::{Alert, AlertState, CloseReason, RuleKind},
        appointment::Appointment,
        customer::Customer,
        ids::{AppointmentId, CustomerId, ServiceVisitId, VehicleId},
        money::Cents,
        phone::Phone,
        picture::LaneAsk,
        service_visit::{Lane, Refused, RefusedHow, SalesAsked, ServiceVisit},
        staff::Role,
        time::{At, DAY_MS, HOUR_MS, day_text},
    },
    engine::{
        departments,
        equity::reasons::{self, StopKind},
        intent,
        routing::LANE_SKILL,
        rules,
    },
    service::{
        Policy, Rooms,
        equity::{self, Standing},
        lists, people,
        service_drive::{self as drive, brief, calendar},
        shapes as s, think,
    },
    store::{Rows, Span, StoreError, tables},
};

/// Whoever is most worth preparing for tomorrow; the strip has room for so many.
const PREPARED: usize = 3;
/// Visits of today are among the newest of all.
const LATELY: usize = 400;

/// One day's board for one person.
struct Board<'r, T: Rows> {
    tx: &'r T,
    store: &'r equity::Now,
    people: People,
    role: Role,
    now: At,
}

/// A car of the board before it is drawn.
struct Held {
    visit: Option<ServiceVisit>,
    booked: Option<Appointment>,
    customer: Customer,
}

/// The board of the day that begins at `midnight`.
pub fn board(rooms: &Rooms, role: Role, midnight: At, now: At) -> Result<s::ServiceBoard, StoreError> {
    let tx = rooms.store.read()?;
    let store = equity::now(rooms, &tx, now)?;
    let zone = &rooms.policy.rooftop.zone;
    let people = People::read(&tx)?;
    let on_duty = people.0.iter().filter(|p| {
        let is_here = p.staff.active && p.staff.off_duty(zone, now).is_none();
        is_here && p.staff.role.takes_leads() && p.staff.skills.iter().any(|skill| skill == LANE_SKILL)
    });
    let on_duty = on_duty.map(|p| super::person(&p.staff)).collect();
    let board = Board { tx: &tx, store: &store, people, role, now };
    let is_today = zone.midnight(now) == midnight;
    let end = next_midnight(zone, midnight);
    let mut cards = board.due(midnight, end, is_today)?;
    let mut gone = 0;
    if is_today {
        for visit in drive::all_open(&tx)? {
            cards.extend(board.of_visit(visit)?);
        }
        gone = tx.last(tables::SERVICE_VISITS, &Span::all(), LATELY)?.iter().filter(|(_, v)| v.lane == Lane::Gone && v.arrived >= midnight).count();
    }
    cards.sort_by_key(|card| (card.lane, card.moved_ms.or(card.expected_ms), card.visit, card.appointment));
    let count = |is: fn(&s::ServiceCard) -> bool| u32::try_from(cards.iter().filter(|card| is(card)).count()).unwrap_or(u32::MAX);
    let numbers = s::ServiceNumbers {
        visits: count(|_| true).saturating_add(u32::try_from(gone).unwrap_or(u32::MAX)),
        worth_a_talk: count(|card| card.talk.is_worth_it),
        sales_asked: count(|card| card.asked.is_some()),
        waiting: count(|card| card.waiting && card.lane != s::LaneWord::DueIn),
    };
    let after = next_midnight(zone, end);
    let next = s::ServiceNext {
        day: day_text(zone.day_number(end)),
        booked: u32::try_from(calendar::count_between(&tx, end, after)?).unwrap_or(u32::MAX),
        worth: if is_today { board.worth_preparing(end, after)? } else { vec![] },
    };
    Ok(s::ServiceBoard {
        now_ms: now.0,
        day: day_text(zone.day_number(midnight)),
        is_today,
        sees_money: role.may_see_what_is_owed(),
        may_write: role.runs_service(),
        cards,
        numbers,
        on_duty,
        next,
    })
}

/// 36 hours after a midnight is the next day, whatever daylight saving does.
fn next_midnight(zone: &crate::domain::time::Zone, midnight: At) -> At {
    zone.midnight(midnight.plus_ms(DAY_MS + 12 * HOUR_MS))
}

impl<T: Rows> Board<'_, T> {
    /// The bookings of a day; of today those that nobody came by.
    fn due(&self, from: At, to: At, but_kept: bool) -> Result<Vec<s::ServiceCard>, StoreError> {
        let mut cards = Vec::new();
        for booked in calendar::between(self.tx, from, to)? {
            if but_kept && self.tx.has(tables::APPOINTMENTS_KEPT, &booked.id)? {
                continue;
            }
            if let Some(customer) = people::of_part(self.tx, booked.part)? {
                cards.push(self.card(&Held { visit: None, booked: Some(booked), customer })?.0);
            }
        }
        Ok(cards)
    }

    fn worth_preparing(&self, from: At, to: At) -> Result<Vec<s::ServiceCard>, StoreError> {
        let mut worth: Vec<s::ServiceCard> = self.due(from, to, true)?.into_iter().filter(|card| card.talk.is_worth_it).collect();
        worth.sort_by_key(|card| std::cmp::Reverse(card.left.as_ref().map(|left| left.middle_cents)));
        worth.truncate(PREPARED);
        worth.sort_by_key(|card| card.expected_ms);
        Ok(worth)
    }

    fn of_visit(&self, visit: ServiceVisit) -> Result<Option<s::ServiceCard>, StoreError> {
        let Some(customer) = people::of_part(self.tx, visit.part)? else { return Ok(None) };
        let booked = drive::booking_of(self.tx, &visit)?;
        Ok(Some(self.card(&Held { visit: Some(visit), booked, customer })?.0))
    }

    fn card(&self, held: &Held) -> Result<(s::ServiceCard, Option<Standing>), StoreError> {
        let (tx, now) = (self.tx, self.now);
        let visit = brief::visit_now(tx, &held.customer, held.quote(), held.work(), now)?;
        let standing = brief::standing(tx, self.store, &held.customer, (held.vehicle(), &visit), now)?;
        let sees_money = self.role.may_see_what_is_owed();
        let car = match (&standing, held.vehicle()) {
            (Some(standing), _) => Some(car_shape(&standing.vehicle, standing.odometer.as_ref().map(|o| o.miles))),
            (None, Some(id)) => {
                let read = held.visit.as_ref().and_then(|v| v.odometer_mi);
                tx.get(tables::VEHICLES, &id)?.map(|car| car_shape(&car, read.or(car.facts.odometer_mi)))
            }
            (None, None) => None,
        };
        let at = held.visit.as_ref();
        let next_from = held.booked.as_ref().map_or(now, |b| b.said.at.max(now)).plus_ms(1);
        let card = s::ServiceCard {
            visit: at.map(|v| v.id.0),
            appointment: held.booked.as_ref().map(|b| b.id.0),
            lane: at.map_or(s::LaneWord::DueIn, |v| lane_word(v.lane)),
            customer: named(&held.customer),
            vehicle: car,
            expected_ms: held.booked.as_ref().map(|b| b.said.at.0),
            arrived_ms: at.map(|v| v.arrived.0),
            moved_ms: at.map(|v| v.moved.0),
            bay: at.map(|v| v.bay.clone()).unwrap_or_default(),
            work: held.work().to_vec(),
            waiting: held.waits(),
            odometer_mi: held.visit.as_ref().and_then(|v| v.odometer_mi),
            quote_cents: held.quote().filter(|_| sees_money).map(|quote| quote.0),
            advisor: held.advisor(&self.people),
            left: standing.as_ref().and_then(|s| s.equity).filter(|_| sees_money).map(|e| s::LeftShape {
                low_cents: e.low.0,
                middle_cents: e.middle.0,
                high_cents: e.high.0,
                tier: e.tier,
                confidence: e.confidence,
            }),
            unclear: standing.as_ref().and_then(|s| s.unclear).map(str::to_owned),
            talk: talk_shape(standing.as_ref(), &visit, sees_money),
            asked: match at.and_then(|v| v.asked.as_ref()) {
                Some(asked) => Some(self.asked(&held.customer, asked)?),
                None => None,
            },
            next_ms: if at.is_some_and(|v| v.lane == Lane::Ready) { next_booking(tx, &held.customer, next_from)? } else { None },
        };
        Ok((card, standing))
    }

    /// What became of an asking, by the card it opened.
    fn asked(&self, customer: &Customer, asked: &SalesAsked) -> Result<s::LaneAsked, StoreError> {
        let alert = lane_card(self.tx, customer, asked.at)?;
        let (state, who) = match alert.as_ref().map(|alert| &alert.state) {
            Some(AlertState::Claimed { by, .. }) => (s::LaneAskedState::Coming, Some(*by)),
            Some(AlertState::Closed { why: CloseReason::Done { .. }, by, .. }) => (s::LaneAskedState::Done, *by),
            Some(AlertState::Open | AlertState::Snoozed { .. } | AlertState::Closed { .. } | AlertState::Unknown) | None => {
                (s::LaneAskedState::Asked, alert.as_ref().and_then(|alert| alert.owner))
            }
        };
        let clock = alert.as_ref().and_then(|alert| alert.clock.as_ref()).filter(|clock| clock.stopped.is_none());
        Ok(s::LaneAsked {
            by: self.people.short_name(asked.by),
            at_ms: asked.at.0,
            state,
            who: who.and_then(|id| self.people.person(id)),
            due_ms: clock.map(|clock| clock.due.0),
        })
    }
}

impl Held {
    fn vehicle(&self) -> Option<VehicleId> {
        self.visit.as_ref().and_then(|v| v.vehicle).or_else(|| self.booked.as_ref().and_then(|b| b.vehicle))
    }

    fn quote(&self) -> Option<Cents> {
        match (&self.visit, &self.booked) {
            (Some(visit), _) => visit.quote,
            (None, Some(booked)) => booked.said.estimate,
            (None, None) => None,
        }
    }

    fn work(&self) -> &[String] {
        match (&self.visit, &self.booked) {
            (Some(visit), _) => &visit.work,
            (None, Some(booked)) if booked.said.work.is_empty() => std::slice::from_ref(&booked.said.complaint),
            (None, Some(booked)) => &booked.said.work,
            (None, None) => &[],
        }
    }

    fn waits(&self) -> bool {
        self.visit.as_ref().is_some_and(|v| v.waiting) || self.booked.as_ref().is_some_and(|b| b.said.waiting)
    }

    fn advisor(&self, people: &People) -> Option<String> {
        let by_booking = self.booked.as_ref().map(|b| b.said.advisor.clone()).filter(|name| !name.is_empty());
        self.visit.as_ref().and_then(|v| people.short_name(v.advisor)).or(by_booking)
    }
}

fn lane_word(lane: Lane) -> s::LaneWord {
    match lane {
        Lane::InLane => s::LaneWord::InLane,
        Lane::InBay => s::LaneWord::InBay,
        Lane::Ready => s::LaneWord::Ready,
        Lane::Gone | Lane::Mistake | Lane::Unknown => s::LaneWord::Gone,
    }
}

fn car_shape(car: &crate::domain::vehicle::Vehicle, miles: Option<u32>) -> s::ServiceCar {
    s::ServiceCar { id: car.id.0, label: car.facts.label(), short: car.facts.short(), miles }
}

/// What speaks for a talk and what stops it. Whoever may not see amounts reads none in the words either.
fn talk_shape(standing: Option<&Standing>, visit: &equity::Visit, sees_money: bool) -> s::TalkShape {
    let Some(Standing { talk, .. }) = standing else {
        let stop = |kind, text: &str| Some(s::TalkStop { kind, text: text.to_owned() });
        let stopped = match visit {
            equity::Visit { asked_not: true, .. } => stop(StopKind::AskedNot, RefusedHow::NotToBeSoldTo.words()),
            equity::Visit { refused: true, .. } => stop(StopKind::Refused, RefusedHow::NotToday.words()),
            equity::Visit { .. } => None,
        };
        return s::TalkShape { is_worth_it: false, reasons: vec![], stopped };
    };
    let told = talk.reasons.iter().filter(|reason| sees_money || !reason.text.contains('$'));
    s::TalkShape {
        is_worth_it: talk.is_worth_it,
        reasons: told.map(|reason| s::TalkReason { kind: reason.kind, text: reason.text.clone() }).collect(),
        stopped: talk.stopped.as_ref().map(|stop| s::TalkStop { kind: stop.kind, text: stop.text.to_owned() }),
    }
}

/// The card that an asking opened.
fn lane_card(tx: &impl Rows, customer: &Customer, asked: At) -> Result<Option<Alert>, StoreError> {
    const ALERTS_MOST: usize = 10;
    let mut newest: Option<Alert> = None;
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_ALERTS, &Span::under(&CustomerId::from(part)), ALERTS_MOST)? {
            let alert = tx.get(tables::ALERTS, &id)?.filter(|alert| alert.matter.rule == RuleKind::InTheLane && alert.opened >= asked);
            newest = newest.into_iter().chain(alert).max_by_key(|alert| alert.id);
        }
    }
    Ok(newest)
}

fn next_booking(tx: &impl Rows, customer: &Customer, after: At) -> Result<Option<i64>, StoreError> {
    const BOOKED_MOST: usize = 10;
    let mut next: Option<At> = None;
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_APPOINTMENTS, &Span::under(&part), BOOKED_MOST)? {
            let at = tx.get(tables::APPOINTMENTS, &id)?.map(|booked| booked.said.at).filter(|at| *at >= after);
            next = next.into_iter().chain(at).min();
        }
    }
    Ok(next.map(|at| at.0))
}

/// A visit with all that is known before a talk; `None` when there is no such visit.
pub fn visit(rooms: &Rooms, role: Role, id: ServiceVisitId, now: At) -> Result<Option<s::ServiceDetail>, StoreError> {
    let tx = rooms.store.read()?;
    let Some(visit) = tx.get(tables::SERVICE_VISITS, &id)? else { return Ok(None) };
    let Some(customer) = people::of_part(&tx, visit.part)? else { return Ok(None) };
    let booked = drive::booking_of(&tx, &visit)?;
    detail(rooms, &tx, role, &Held { visit: Some(visit), booked, customer }, now).map(Some)
}

/// The same of a booking that nobody came by yet.
pub fn booking(rooms: &Rooms, role: Role, id: AppointmentId, now: At) -> Result<Option<s::ServiceDetail>, StoreError> {
    let tx = rooms.store.read()?;
    let Some(booked) = tx.get(tables::APPOINTMENTS, &id)? else { return Ok(None) };
    let Some(customer) = people::of_part(&tx, booked.part)? else { return Ok(None) };
    detail(rooms, &tx, role, &Held { visit: None, booked: Some(booked), customer }, now).map(Some)
}

fn detail(rooms: &Rooms, tx: &impl Rows, role: Role, held: &Held, now: At) -> Result<s::ServiceDetail, StoreError> {
    let store = equity::now(rooms, tx, now)?;
    let board = Board { tx, store: &store, people: People::read(tx)?, role, now };
    let (card, standing) = board.card(held)?;
    let would_come = would_come(tx, &rooms.policy, &board.people, &held.customer, now)?;
    let says = standing.as_ref().filter(|s| s.talk.is_worth_it);
    let colleague = would_come.as_ref().and_then(|p| p.name.split_whitespace().next()).unwrap_or_default();
    let equity = match &standing {
        Some(standing) if role.may_see_what_is_owed() => Some(equity::shape(tx, &board.people, standing, now)?),
        Some(_) | None => None,
    };
    Ok(s::ServiceDetail {
        may_write: role.runs_service(),
        sees_money: role.may_see_what_is_owed(),
        phone: held.customer.phones.first().map(Phone::display),
        visits_before: visits_before(tx, held)?,
        equity,
        say: says.map(|s| reasons::a_way_to_say_it(&s.talk, colleague, brief::spoken(&s.vehicle))).unwrap_or_default(),
        refused: drive::refusal_of(tx, &held.customer, now)?.map(|refused| refused_shape(&board.people, &refused)),
        would_come,
        card,
    })
}

pub fn refused_shape(people: &People, refused: &Refused) -> s::TalkRefusedShape {
    s::TalkRefusedShape { how: refused.how, at_ms: refused.at.0, until_ms: refused.until.map(|until| until.0), by: people.short_name(refused.by) }
}

/// How often they were in service before, by the books.
fn visits_before(tx: &impl Rows, held: &Held) -> Result<u32, StoreError> {
    const COUNTED_MOST: usize = 200;
    let mut count = 0;
    for part in held.customer.all_parts() {
        count += tx.keys(tables::CUSTOMER_REPAIR_ORDERS, &Span::under(&part), COUNTED_MOST)?.len();
    }
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Who would be asked over, by the very rules that ask.
fn would_come(tx: &impl Rows, policy: &Policy, people: &People, customer: &Customer, now: At) -> Result<Option<s::Person>, StoreError> {
    let mut picture = think::gather(tx, policy, customer, &people.0, now)?;
    let asked = picture.lane.take();
    picture.lane =
        asked.or_else(|| people.0.first().map(|p| LaneAsk { by: p.staff.id, at: now, brief: crate::domain::service_visit::LaneBrief::default() }));
    let card = rules::proposed_by(RuleKind::InTheLane, &picture, &intent::score(&picture, now), now);
    let route = card.map(|card| departments::route(&picture, &card, None, now));
    Ok(route.and_then(|route| route.to).and_then(|to| people.person(to)))
}

/// Who may be at the counter: by plate, VIN, phone or name, each with the car they may have come with.
pub fn find(rooms: &Rooms, text: &str, now: At) -> Result<s::CheckInMatches, StoreError> {
    const FOUND_MOST: usize = 12;
    const SHOWN_MOST: usize = 8;
    let found = lists::search(rooms, text, FOUND_MOST)?;
    let tx = rooms.store.read()?;
    let zone = &rooms.policy.rooftop.zone;
    let midnight = zone.midnight(now);
    let today = calendar::between(&tx, midnight, next_midnight(zone, midnight))?;
    let mut pairs: Vec<(Customer, Option<VehicleId>, String)> = Vec::new();
    for hit in found.hits {
        match hit.kind {
            s::HitKind::Customer => {
                let Some(customer) = people::shown(&tx, CustomerId(hit.id))? else { continue };
                let booked = today.iter().filter(|b| customer.all_parts().any(|part| part == b.part)).filter_map(|b| b.vehicle);
                let mut cars: Vec<VehicleId> = booked.chain(cars_of(&tx, &customer)?).collect();
                let mut seen = std::collections::BTreeSet::new();
                cars.retain(|car| seen.insert(*car));
                let with = |car| (customer.clone(), car, hit.why.clone());
                if cars.is_empty() { pairs.push(with(None)) } else { pairs.extend(cars.into_iter().map(Some).map(with)) }
            }
            s::HitKind::Vehicle => {
                for ((vehicle, part), owner) in tx.some(tables::OWNERS, &Span::under(&VehicleId(hit.id)), FOUND_MOST)? {
                    if owner.until.is_none()
                        && let Some(customer) = people::of_part(&tx, part)?
                    {
                        pairs.push((customer, Some(vehicle), hit.why.clone()));
                    }
                }
            }
        }
    }
    let mut matches: Vec<s::CheckInMatch> = Vec::new();
    for (customer, vehicle, why) in pairs {
        let is_known = |m: &s::CheckInMatch| m.customer.id == customer.id.0 && m.vehicle.as_ref().map(|car| car.id) == vehicle.map(|v| v.0);
        if matches.iter().any(is_known) {
            continue;
        }
        let theirs =
            |booked: &&Appointment| customer.all_parts().any(|part| part == booked.part) && (booked.vehicle == vehicle || booked.vehicle.is_none());
        let booked = today.iter().find(theirs);
        let here = drive::open_visits_of(&tx, &customer)?.into_iter().find(|visit| visit.vehicle == vehicle);
        let car = match vehicle {
            Some(id) => tx.get(tables::VEHICLES, &id)?,
            None => None,
        };
        matches.push(s::CheckInMatch {
            customer: named(&customer),
            phone: customer.phones.first().map(Phone::display),
            vehicle: car.map(|car| car_shape(&car, car.facts.odometer_mi)),
            why,
            appointment: booked.map(|b| b.id.0),
            expected_ms: booked.map(|b| b.said.at.0),
            visit: here.map(|visit| visit.id.0),
        });
        if matches.len() == SHOWN_MOST {
            break;
        }
    }
    // Whoever is booked for today is the likeliest to stand there.
    matches.sort_by_key(|m| m.appointment.is_none());
    Ok(s::CheckInMatches { matches })
}

fn cars_of(tx: &impl Rows, customer: &Customer) -> Result<Vec<VehicleId>, StoreError> {
    let owned = think::owned_by(tx, customer)?;
    Ok(owned.into_iter().filter(|car| car.until.is_none()).map(|car| car.vehicle).collect())
}
