//! What was known of each customer at the end of each week, and did they buy soon after? As they were then: nothing later counts.

use super::{Policy, StoreError, think, visits};
use crate::{
    domain::{
        customer::Customer,
        ids::CustomerId,
        ladder::Ladder,
        lead::Lead,
        picture::{OwnedCar, Picture},
        score::Weighing,
        time::{At, DAY_MS},
        vehicle::Vehicle,
        visit::Visit,
        visitor::Activity,
    },
    engine::intent::{self, SOLD_WITHIN_MS, Snapshot},
    store::{Rows, Span, tables},
};
use std::sync::Arc;

/// Customers of one snapshot of the store, and where to go on.
#[derive(Debug)]
pub struct Watched {
    pub snapshots: Vec<Snapshot>,
    pub next: Option<CustomerId>,
}

/// Weeks looked back over: what was done is kept long enough for the first of them to be whole.
const WEEKS: i64 = 48;
const WEEK_MS: i64 = 7 * DAY_MS;
/// What was done longer ago than this counts in no week, whether it is still kept or not: what came later must not decide.
const LOOKS_BACK_MS: i64 = 60 * DAY_MS;
const _: () = assert!(SOLD_WITHIN_MS + (WEEKS - 1) * WEEK_MS + LOOKS_BACK_MS <= Activity::KEPT_MS);
/// A picture in which nothing weighs as much as this says nothing.
const LEAST_POINTS: f64 = 0.5;
const LEADS_MOST: usize = 40;
const DEALS_MOST: usize = 40;
const CARS_MOST: usize = 64;

/// The ends of the weeks that can be judged by now: a sale that follows has had its thirty days. The newest first; each is the beginning of
/// a day by the store's wall, which is when the sales of that day are booked.
#[must_use]
pub fn weeks(policy: &Policy, now: At) -> Vec<At> {
    let zone = &policy.rooftop.zone;
    let start_of_day = |at: At| zone.instant(zone.local(at).date().at(0, 0, 0, 0));
    (0..WEEKS).map(|week| start_of_day(now.plus_ms(-SOLD_WITHIN_MS - week * WEEK_MS))).collect()
}

/// The next customers at each of these moments.
pub fn watch(tx: &impl Rows, policy: &Policy, weeks: &[At], after: Option<CustomerId>, at_most: usize) -> Result<Watched, StoreError> {
    let span = after.map_or_else(Span::all, |id| Span::all().after(&id));
    let customers = tx.some(tables::CUSTOMERS, &span, at_most)?;
    let mut snapshots = Vec::new();
    for (_, customer) in &customers {
        if let Some(past) = Past::of(tx, customer)? {
            snapshots.extend(weeks.iter().filter_map(|at| past.snapshot(policy, customer, *at)));
        }
    }
    Ok(Watched { snapshots, next: customers.last().filter(|_| customers.len() == at_most).map(|(id, _)| *id) })
}

/// All that may count for a score, with the time at which each came to be known.
struct Past {
    activities: Vec<Activity>,
    /// Each browser from the moment it was known to be theirs.
    browsers: Vec<(At, Activity)>,
    leads: Vec<Lead>,
    owned: Vec<OwnedCar>,
    visits: Vec<Visit>,
    cars: Vec<Vehicle>,
    sales: Vec<At>,
}

impl Past {
    /// `None` for a customer of whom nothing was ever seen.
    fn of(tx: &impl Rows, customer: &Customer) -> Result<Option<Self>, StoreError> {
        let (mut activities, mut browsers, mut leads, mut sales) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for part in customer.all_parts() {
            activities.extend(tx.get(tables::ACTIVITY, &part)?);
            for ((_, lead), ()) in tx.last(tables::CUSTOMER_LEADS, &Span::under(&part), LEADS_MOST)? {
                leads.extend(tx.get(tables::LEADS, &lead)?);
            }
            for ((_, deal), ()) in tx.last(tables::CUSTOMER_DEALS, &Span::under(&part), DEALS_MOST)? {
                sales.extend(tx.get(tables::DEALS, &deal)?.filter(|deal| !deal.said.cancelled).map(|deal| deal.said.sold));
            }
        }
        for id in &customer.visitors {
            if let Some(visitor) = tx.get(tables::VISITORS, id)? {
                browsers.extend(visitor.tie.map(|tie| (tie.at, visitor.activity)));
            }
        }
        if activities.is_empty() && browsers.is_empty() && leads.is_empty() {
            return Ok(None);
        }
        leads.sort_by_key(|lead: &Lead| (lead.received, lead.id));
        let seen = activities.iter().chain(browsers.iter().map(|(_, activity)| activity));
        let mut looked: Vec<_> = seen.flat_map(|activity| activity.0.iter().filter_map(|mark| mark.car)).collect();
        looked.sort_unstable();
        looked.dedup();
        let mut cars = Vec::new();
        for id in looked.into_iter().take(CARS_MOST) {
            cars.extend(tx.get(tables::VEHICLES, &id)?);
        }
        Ok(Some(Self { activities, browsers, leads, owned: think::owned_by(tx, customer)?, visits: visits_that_were(tx, customer)?, cars, sales }))
    }

    /// As it was at that moment; `None` when nothing weighed anything then.
    fn snapshot(&self, policy: &Policy, customer: &Customer, at: At) -> Option<Snapshot> {
        let known = self.browsers.iter().filter(|(tied, _)| *tied <= at).map(|(_, activity)| activity);
        let cut: Vec<Activity> = self.activities.iter().chain(known).map(|activity| until(activity, at)).collect();
        let activity = Activity::merged(&cut.iter().collect::<Vec<_>>());
        let leads: Vec<Lead> =
            self.leads.iter().filter(|l| l.aside.is_none() && l.received < at && at.since(l.received) <= think::LEADS_MS).cloned().collect();
        let touches = || customer.store_touches.iter().copied().filter(|touch| *touch < at);
        let last_sign = activity.0.last().map(|mark| mark.at).into_iter().chain(leads.last().map(|l| l.received)).max().unwrap_or(customer.since);
        let picture = Picture {
            customer,
            activity,
            cars: self.cars.clone(),
            leads,
            unanswered: vec![],
            wrote: vec![],
            remarks: vec![],
            mentions: vec![],
            owned: self.owned.iter().filter(|o| o.since < at).map(|o| OwnedCar { until: o.until.filter(|until| *until < at), ..o.clone() }).collect(),
            alerts: vec![],
            last_store_touch: touches().max(),
            attempts_unanswered: u16::try_from(touches().filter(|touch| *touch > last_sign).count()).unwrap_or(u16::MAX),
            // When it was found to be wrong is not kept; to know it then would be to know later things.
            wrong_number: false,
            visits: self
                .visits
                .iter()
                .filter(|v| v.began < at)
                .map(|v| Visit { end: v.end.clone().filter(|end| end.at < at), ..v.clone() })
                .collect(),
            // No signal of the score is read off these.
            opportunity: None,
            lane: None,
            last_service: None,
            expected: vec![],
            arrivals: vec![],
            household: vec![],
            staff: &[],
            ladder: Ladder::usual(policy.rooftop.first_response_minutes),
            rooftop: &policy.rooftop,
            weighing: Arc::new(Weighing::default()),
            rules: Arc::default(),
        };
        let points = intent::signal_points(&picture, at);
        let sold = self.sales.iter().any(|sold| (0..SOLD_WITHIN_MS).contains(&sold.since(at)));
        points.iter().any(|(_, points)| *points >= LEAST_POINTS).then_some(Snapshot { at, customer: customer.id.0, points, sold })
    }
}

/// Opened by mistake there was none, whenever that was said.
fn visits_that_were(tx: &impl Rows, customer: &Customer) -> Result<Vec<Visit>, StoreError> {
    Ok(visits::of_customer(tx, customer)?.into_iter().filter(|visit| !visit.is_mistake()).collect())
}

/// What had been done by then, lately. A visit that went on is known by its beginning; what was heard of only afterwards was not known.
fn until(activity: &Activity, at: At) -> Activity {
    let before = activity.0.iter().filter(|mark| mark.at < at && !mark.late && at.since(mark.at) <= LOOKS_BACK_MS).cloned();
    Activity(
        before
            .map(|mut mark| {
                if mark.until >= at {
                    (mark.until, mark.times) = (mark.at, 1);
                }
                mark
            })
            .collect(),
    )
}
