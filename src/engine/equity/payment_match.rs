//! Which cars of the lot could they drive for about what they pay now? A worksheet for the rep, never a message: figures of credit in an
//! advertisement bring duties with them (Regulation Z, 12 CFR 1026.24).

use super::loan::{financed_by, monthly_payment};
use crate::domain::{
    ids::VehicleId,
    money::{Bps, Cents},
};

/// What the store asks of a rate: maintained by the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateTable {
    /// From the best credit to the worst.
    pub tiers: Vec<RateTier>,
    /// Of the price.
    pub sales_tax: Bps,
    /// Title, registration, documents.
    pub fees: Cents,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateTier {
    /// Whoever bears at most this rate today is taken for one of this tier.
    pub today_up_to: Bps,
    /// Months and the yearly rate, shortest first.
    pub terms: Vec<(u16, Bps)>,
}

impl Default for RateTable {
    /// What a store has before it writes its own: usual retail rates of used cars by credit tier, as consumer finance surveys print them.
    fn default() -> Self {
        let tier =
            |up_to, rates: [i32; 5]| RateTier { today_up_to: Bps(up_to), terms: [60, 66, 72, 75, 84].into_iter().zip(rates.map(Bps)).collect() };
        Self {
            tiers: vec![
                tier(750, [690, 710, 740, 760, 790]),
                tier(1_200, [990, 1_010, 1_040, 1_060, 1_090]),
                tier(9_999, [1_590, 1_610, 1_640, 1_660, 1_690]),
            ],
            sales_tax: Bps(600),
            fees: Cents(49_900),
        }
    }
}

impl RateTable {
    /// The tier of somebody who bears this rate today; of whom nothing is known, the middle one.
    #[must_use]
    pub fn tier(&self, today: Option<Bps>) -> Option<&RateTier> {
        match today {
            Some(rate) => self.tiers.iter().find(|t| rate <= t.today_up_to).or(self.tiers.last()),
            None => self.tiers.get(self.tiers.len() / 2),
        }
    }
}

/// What they drive and pay now.
#[derive(Debug, Clone, PartialEq)]
pub struct Today {
    pub payment: Option<Cents>,
    pub apr: Option<Bps>,
    /// What is left when theirs is sold; may be negative, and is then carried over.
    pub equity: Cents,
    pub value: Cents,
    pub year: Option<u16>,
    pub miles: Option<u32>,
    pub body: String,
}

/// A car that could be theirs.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    pub vehicle: VehicleId,
    pub price: Cents,
    pub year: Option<u16>,
    pub miles: Option<u32>,
    pub body: String,
}

/// One line of the worksheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    pub vehicle: VehicleId,
    pub financed: Cents,
    pub months: u16,
    pub apr: Bps,
    pub payment: Cents,
    /// More than today's; unknown without one.
    pub more: Option<Cents>,
    /// What they would put down to pay as now; nought when it is no more.
    pub down_to_match: Option<Cents>,
}

impl Match {
    /// A swap for about the same payment: within 25 dollars or a twentieth (field guide section 6).
    #[must_use]
    pub fn is_same_payment(&self) -> bool {
        const NEAR: i64 = 2_500;
        self.more.is_some_and(|more| more.0.abs() <= NEAR || more.0.abs() * 20 <= self.payment.0 - more.0)
    }

    #[must_use]
    pub fn is_lower(&self) -> bool {
        self.more.is_some_and(|more| more.0 < 0)
    }
}

/// So many cars of the worksheet.
pub const MOST: usize = 3;
/// Dearer than so many times theirs is another kind of car.
const PRICE_BAND: (f64, f64) = (0.7, 1.9);

/// At most three cars of the same body, newer or driven less, in the price band, nearest to what they pay now.
#[must_use]
pub fn matches<'a>(today: &Today, lot: impl IntoIterator<Item = &'a Unit>, rates: &RateTable) -> Vec<Match> {
    let Some(tier) = rates.tier(today.apr) else { return vec![] };
    let mut all: Vec<Match> = lot.into_iter().filter(|unit| is_like(today, unit)).filter_map(|unit| best(today, unit, tier, rates)).collect();
    all.sort_by_key(|m| (m.more.map_or(m.payment.0, |more| more.0.abs()), m.vehicle));
    all.truncate(MOST);
    all
}

#[expect(clippy::cast_precision_loss, reason = "prices of cars")]
fn is_like(today: &Today, unit: &Unit) -> bool {
    let same_body = !today.body.is_empty() && unit.body.eq_ignore_ascii_case(&today.body);
    let newer = unit.year.zip(today.year).is_some_and(|(a, b)| a > b);
    let less_driven = unit.miles.zip(today.miles).is_some_and(|(a, b)| a < b);
    let older = unit.year.zip(today.year).is_some_and(|(a, b)| a < b);
    let band = unit.price.0 as f64 / today.value.0.max(1) as f64;
    same_body && (newer || less_driven) && !older && (PRICE_BAND.0..=PRICE_BAND.1).contains(&band)
}

/// The term whose payment comes nearest to today's; without one, six years.
fn best(today: &Today, unit: &Unit, tier: &RateTier, rates: &RateTable) -> Option<Match> {
    const USUAL: u16 = 72;
    let tax = unit.price.0 * i64::from(rates.sales_tax.0) / 10_000;
    let financed = Cents(unit.price.0 + tax + rates.fees.0 - today.equity.0);
    let lines = tier.terms.iter().filter_map(|(months, apr)| {
        let payment = monthly_payment(financed, *apr, *months)?;
        let more = today.payment.map(|now| Cents(payment.0 - now.0));
        let down = today.payment.map(|now| Cents((financed.0 - financed_by(now, *apr, *months).0).max(0)));
        Some(Match { vehicle: unit.vehicle, financed, months: *months, apr: *apr, payment, more, down_to_match: down })
    });
    lines.min_by_key(|m| (m.more.map_or_else(|| i64::from(m.months.abs_diff(USUAL)), |more| more.0.abs()), m.months))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Today {
        Today {
            payment: Some(Cents(61_200)),
            apr: Some(Bps(690)),
            equity: Cents(618_000),
            value: Cents(2_550_000),
            year: Some(2019),
            miles: Some(72_410),
            body: "Pickup".into(),
        }
    }

    fn unit(id: u64, dollars: i64, year: u16, miles: u32, body: &str) -> Unit {
        Unit { vehicle: VehicleId(id), price: Cents(dollars * 100), year: Some(year), miles: Some(miles), body: body.into() }
    }

    #[test]
    fn cars_like_theirs_come_nearest_payment_first_and_three_at_most() {
        let lot = [
            unit(1, 38_995, 2022, 31_000, "pickup"),
            unit(2, 36_500, 2021, 44_000, "Pickup"),
            unit(3, 27_650, 2022, 31_000, "SUV"),
            unit(4, 30_000, 2018, 20_000, "Pickup"),
            unit(5, 33_000, 2019, 90_000, "Pickup"),
            unit(6, 44_000, 2023, 12_000, "Pickup"),
            unit(7, 41_000, 2022, 12_000, "Pickup"),
            unit(8, 79_000, 2026, 10, "Pickup"),
        ];
        let found = matches(&today(), &lot, &RateTable::default());
        assert_eq!(found.len(), MOST);
        assert!(found.iter().all(|m| [1, 2, 6, 7].contains(&m.vehicle.0)), "{found:?}");
        assert!(found.is_sorted_by_key(|m| m.more.unwrap().0.abs()));
    }

    #[test]
    fn a_car_of_another_kind_or_no_better_than_theirs_is_on_no_worksheet() {
        let on_it = |today: &Today, unit: Unit| !matches(today, &[unit], &RateTable::default()).is_empty();
        let now = today();
        assert!(on_it(&now, unit(1, 33_000, 2021, 90_000, "Pickup")) && on_it(&now, unit(1, 33_000, 2019, 50_000, "Pickup")));
        for (unit, why) in [
            (unit(1, 33_000, 2021, 44_000, "SUV"), "another body"),
            (unit(1, 33_000, 2018, 20_000, "Pickup"), "older"),
            (unit(1, 33_000, 2019, 72_410, "Pickup"), "as old and as far driven"),
            (unit(1, 48_451, 2021, 44_000, "Pickup"), "much dearer"),
            (unit(1, 17_849, 2021, 44_000, "Pickup"), "much cheaper"),
        ] {
            assert!(!on_it(&now, unit), "{why}");
        }
        let unknown = Today { body: String::new(), ..today() };
        assert!(!on_it(&unknown, unit(1, 33_000, 2021, 44_000, "")), "nobody knows whether it is like theirs");
    }

    #[test]
    fn what_they_owe_beyond_its_value_is_carried_over_at_the_rate_of_their_tier() {
        let under = Today { equity: Cents(-300_000), apr: Some(Bps(1_500)), ..today() };
        let one = matches(&under, &[unit(1, 40_000, 2022, 31_000, "Pickup")], &RateTable::default()).remove(0);
        assert_eq!(one.financed, Cents(4_000_000 + 240_000 + 49_900 + 300_000));
        let tier = RateTable::default().tiers.remove(2);
        assert!(tier.terms.contains(&(one.months, one.apr)), "{one:?}");
    }

    #[test]
    fn a_line_is_reckoned_to_the_cent() {
        let one = matches(&today(), &[unit(1, 40_000, 2022, 31_000, "Pickup")], &RateTable::default()).remove(0);
        // 40,000 and 6 % tax and 499, less 6,180 of equity.
        assert_eq!(one.financed, Cents(4_000_000 + 240_000 + 49_900 - 618_000));
        assert_eq!(one.payment, monthly_payment(one.financed, one.apr, one.months).unwrap());
        assert_eq!(one.more, Some(Cents(one.payment.0 - 61_200)));
        let down = one.down_to_match.unwrap();
        let with_down = monthly_payment(Cents(one.financed.0 - down.0), one.apr, one.months).unwrap();
        assert!(down == Cents(0) || with_down.0.abs_diff(61_200) <= 1, "{with_down}");
    }

    #[test]
    fn a_swap_is_the_same_within_25_dollars_or_a_twentieth() {
        let line = |payment: i64, more: i64| Match {
            vehicle: VehicleId(1),
            financed: Cents(1),
            months: 72,
            apr: Bps(690),
            payment: Cents(payment),
            more: Some(Cents(more)),
            down_to_match: None,
        };
        for (payment, more, same) in
            [(42_500, 2_500, true), (42_501, 2_501, false), (84_000, 4_000, true), (84_001, 4_001, false), (57_400, -3_800, false)]
        {
            assert_eq!(line(payment, more).is_same_payment(), same, "{payment} {more}");
        }
        assert!(line(57_400, -3_800).is_lower());
    }

    #[test]
    fn whoever_bears_a_rate_today_is_taken_for_one_of_its_tier() {
        let rates = RateTable::default();
        let apr = |today: Option<i32>| rates.tier(today.map(Bps)).unwrap().terms[2].1;
        assert_eq!(
            (apr(Some(500)), apr(Some(750)), apr(Some(751)), apr(Some(2_400)), apr(None)),
            (Bps(740), Bps(740), Bps(1_040), Bps(1_640), Bps(1_040))
        );
        assert!(matches(&today(), &[unit(1, 40_000, 2022, 31_000, "Pickup")], &RateTable { tiers: vec![], ..RateTable::default() }).is_empty());
    }

    #[test]
    fn without_a_payment_of_today_the_usual_term_is_shown() {
        let cash = Today { payment: None, apr: None, ..today() };
        let one = matches(&cash, &[unit(1, 40_000, 2022, 31_000, "Pickup")], &RateTable::default()).remove(0);
        assert_eq!((one.months, one.more, one.down_to_match), (72, None, None));
    }
}
