//! How long have they been with us, what did it come to, and what comes next by their own habit?

use super::{StoreError, shapes as s, story};
use crate::{
    domain::{
        customer::Customer,
        ids::VehicleId,
        time::{At, DAY_MS, Zone},
    },
    store::{Rows, Span, tables},
};

const OF_A_PART_MOST: usize = 200;
/// A habit of two times is one.
const TIMES_LEAST: usize = 2;
const MONTH_MS: i64 = 36_525 * DAY_MS / 1_200;

/// `sees_gross`: whether whoever reads may see what the store earned.
pub fn of(tx: &impl Rows, customer: &Customer, zone: &Zone, sees_gross: bool, now: At) -> Result<s::Lifecycle, StoreError> {
    let (mut bought, mut gross, mut knows_gross) = (Vec::<(At, Option<VehicleId>)>::new(), 0_i64, false);
    let (mut visits, mut paid) = (Vec::<At>::new(), 0_i64);
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_DEALS, &Span::under(&part), OF_A_PART_MOST)? {
            let Some(deal) = tx.get(tables::DEALS, &id)?.filter(|d| d.said.is_retail()) else { continue };
            bought.push((deal.said.sold, deal.vehicle));
            knows_gross |= deal.said.front_gross.is_some() || deal.said.back_gross.is_some();
            gross += deal.said.front_gross.unwrap_or_default().0 + deal.said.back_gross.unwrap_or_default().0;
        }
        for ((_, id), ()) in tx.last(tables::CUSTOMER_REPAIR_ORDERS, &Span::under(&part), OF_A_PART_MOST)? {
            let Some(order) = tx.get(tables::REPAIR_ORDERS, &id)? else { continue };
            visits.push(order.said.opened);
            paid += order.said.customer_pay.unwrap_or_default().0;
        }
    }
    bought.sort_unstable();
    visits.sort_unstable();
    let purchases: Vec<At> = bought.iter().map(|(at, _)| *at).collect();
    Ok(s::Lifecycle {
        since_ms: story::first(tx, customer)?.map(|at| at.0),
        bought: u32::try_from(bought.len()).unwrap_or(u32::MAX),
        last_bought_ms: purchases.last().map(|at| at.0),
        gross_cents: (sees_gross && knows_gross).then_some(gross),
        visits: u32::try_from(visits.len()).unwrap_or(u32::MAX),
        customer_pay_cents: (!visits.is_empty()).then_some(paid),
        next: next(&purchases, &visits, zone, now),
    })
}

/// By their own habit, never by a saying of the trade: the middle of the times between.
fn next(purchases: &[At], visits: &[At], zone: &Zone, now: At) -> Option<String> {
    let month = |at: At| zone.local(at).strftime("%B %Y").to_string();
    let due = |times: &[At]| {
        let every = habit_ms(times)?;
        let (months, at) = ((every / MONTH_MS).max(1), times.last()?.plus_ms(every));
        // A habit that has lapsed for as long again is none any more.
        (now.since(at) < every).then_some((months, at))
    };
    if let Some((months, at)) = due(purchases) {
        let when = if at <= now { "is due now".to_owned() } else { format!("is due around {}", month(at)) };
        return Some(format!("Buys about every {months} months; the next car {when}"));
    }
    let (months, at) = due(visits)?;
    let when = if at <= now { "is due now".to_owned() } else { format!("around {}", month(at)) };
    Some(format!("Comes to the service about every {months} months; next {when}"))
}

/// The middle time between two, of those that lie apart at all: several cars of one day are one purchase.
fn habit_ms(times: &[At]) -> Option<i64> {
    const APART_MS: i64 = 14 * DAY_MS;
    let mut between: Vec<i64> = times.windows(2).filter_map(|pair| Some(pair.last()?.since(*pair.first()?))).filter(|ms| *ms >= APART_MS).collect();
    if between.len() + 1 < TIMES_LEAST || between.is_empty() {
        return None;
    }
    between.sort_unstable();
    between.get(between.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At(1_795_531_260_000);

    fn months_ago(months: &[i64]) -> Vec<At> {
        months.iter().map(|n| NOW.plus_ms(-n * MONTH_MS)).collect()
    }

    #[test]
    fn what_comes_next_follows_from_their_own_habit() {
        let zone = Zone::utc();
        for (bought, visits, says) in [
            (vec![98, 66, 30], vec![], Some("Buys about every 36 months; the next car is due around May 2027")),
            (vec![70, 35], vec![12, 6], Some("Buys about every 35 months; the next car is due now")),
            (vec![30], vec![11, 7, 3], Some("Comes to the service about every 4 months; next around December 2026")),
            // Two cars of one week are one purchase, and a habit of long ago is none.
            (vec![30, 30], vec![], None),
            (vec![150, 120], vec![], None),
            (vec![], vec![], None),
        ] {
            assert_eq!(next(&months_ago(&bought), &months_ago(&visits), &zone, NOW).as_deref(), says, "{bought:?} {visits:?}");
        }
    }
}
