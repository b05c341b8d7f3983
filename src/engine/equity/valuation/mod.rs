//! What is a car worth, how sure is that, and by what sales?
//!
//! | room | its question |
//! |---|---|
//! | `subject` | which car is asked about? |
//! | `prior` | what becomes of a price before any sale is known? |
//! | `features` | what of a car bears on its price? |
//! | `ridge` | which parts does a price fall into? |
//! | `spread` | how far off may a value be? |
//! | `worth` | what counts: the model, or what somebody said of this very car? |
mod features;
mod prior;
mod ridge;
mod spread;
mod subject;
mod worth;

pub use spread::Basis;
pub use subject::Subject;
pub use worth::{SaidValue, Source, Worth, said_to_be, worth};

use crate::domain::money::Cents;
use features::{DETAILS, FAMILIES, Family, Ruler, Seen};
use ridge::{Fitted, Member};
use spread::{HeldOut, Spread, Told};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

/// What a car was sold for.
#[derive(Debug, Clone, PartialEq)]
pub struct Sale {
    pub subject: Subject,
    /// Above zero, in the currency of the table.
    pub price: Cents,
}

/// Eight of ten cars like this one are sold within the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    pub low: Cents,
    pub middle: Cents,
    pub high: Cents,
    /// Sales of the same model; where there are none, of whatever the basis is.
    pub comparables: u32,
    pub basis: Basis,
}

/// A fitted market: the log of a price as what is known of cars in general (`prior`), and what the sales of one table or one store add.
///
/// Source of the shape: hedonic regression of log price on age, miles and condition, with effects of make, model, trim and year shrunk to
/// their parents. Error: `headlight value evaluate` measures it on any table of sales.
#[derive(Debug, Clone)]
pub struct Market {
    ruler: Ruler,
    /// The body that most sales of a model have, by its key: for cars of which nobody says it.
    bodies: HashMap<u64, String>,
    fit: Fit,
    spread: Spread,
}

/// How far the level of all prices may lie from that of the shipped curves (log of price): anywhere, where the currency is not known.
const ANY_LEVEL: f64 = 100.0;
const NEAR_SHIPPED: f64 = 0.3;
/// The shipped curves tell as much of how far off values are as so many sales.
const SHIPPED_COUNTS_AS: u32 = 400;
/// One of so many sales is held out to learn how far off values are.
const ONE_HELD_OUT_OF: usize = 4;
/// Below so many later sales, earlier ones are dealt out as well.
const ENOUGH_LATER: usize = 400;
/// Models and makes are left out in so many turns, to learn how far off values of unknown ones are.
const TURNS: u64 = 3;
const FEWEST_HELD_OUT: usize = 8;
/// The unknown is learnt from so many sales at most.
const MOST_LEFT_OUT: usize = 12_000;

impl Market {
    /// The market of a table of sales, in whatever currency. `None` when no sale has a model year.
    #[must_use]
    pub fn of_table(sales: &[Sale]) -> Option<Self> {
        let market = Self::of(sales, ANY_LEVEL);
        (market.fit.sales > 0).then_some(market)
    }

    /// The market of a store that trades in US dollars. Without sales of its own, that of the shipped curves.
    #[must_use]
    pub fn of_store(sales: &[Sale]) -> Self {
        Self::of(sales, NEAR_SHIPPED)
    }

    fn of(sales: &[Sale], level: f64) -> Self {
        let (ruler, bodies) = (ruler(sales), bodies(sales));
        let mut seen: Vec<Sold> = sales.iter().filter_map(|sale| Sold::of(sale, &bodies, &ruler)).collect();
        in_order_of_sale(&mut seen);
        let has_days = seen.iter().any(|sale| sale.day.is_some());
        let mut held_out = if has_days { later_ones(&seen, level) } else { vec![] };
        if held_out.len() < ENOUGH_LATER {
            held_out.extend(dealt_out(&seen, level));
        }
        held_out.extend(left_out(&seen, Family::Model, level));
        held_out.extend(left_out(&seen, Family::Make, level));
        let all: Vec<&Sold> = seen.iter().collect();
        Self { ruler, bodies, fit: Fit::on(&all, level), spread: Spread::learn(&held_out) }
    }

    /// `None` without a model year: a car of any age may be worth anything.
    #[must_use]
    pub fn value(&self, subject: &Subject) -> Option<Estimate> {
        let seen = features::see(&with_body(subject, &self.bodies), &self.ruler)?;
        let told = self.fit.tell(&seen, subject.day);
        let (low, high) = self.spread.range(&told);
        Some(Estimate { low: cents(low), middle: cents(told.value), high: cents(high), comparables: told.comparables, basis: told.basis })
    }
}

/// A car of which a market has looked up all that does not change with days and miles. Belongs to that market alone.
#[derive(Debug, Clone, Copy)]
pub struct Settled(features::Settled);

impl Market {
    /// Looks a car up, to be valued again and again. `None` without a model year.
    #[must_use]
    pub fn settle(&self, subject: &Subject) -> Option<Settled> {
        let subject = with_body(subject, &self.bodies);
        features::Settled::of(&subject, &self.ruler, |member| self.fit.fitted.adds(member)).map(Settled)
    }

    /// What [`Self::value`] says in the middle, for a day (since 1970-01-01) and an odometer, without looking anything up. `room` is memory
    /// that is used again.
    #[must_use]
    pub fn value_settled(&self, car: &Settled, odometer: Option<f64>, day: i32, room: &mut Vec<(f64, f64)>) -> Cents {
        cents(car.0.value(odometer, day, &self.ruler, self.fit.fitted.dense(), room))
    }
}

struct Sold {
    seen: Seen,
    day: Option<i32>,
    /// Log of the price in cents, less what is expected before any sale.
    target: f64,
    /// A number of its own, by which sales without a day are dealt out.
    lot: u64,
}

impl Sold {
    fn of(sale: &Sale, bodies: &HashMap<u64, String>, ruler: &Ruler) -> Option<Self> {
        let seen = features::see(&with_body(&sale.subject, bodies), ruler)?;
        let target = log(sale.price)? - seen.expected;
        let lot = features::key(&[&format!("{:?}{}", sale.subject, sale.price.0)]);
        Some(Self { seen, day: sale.subject.day, target, lot })
    }
}

fn bodies(sales: &[Sale]) -> HashMap<u64, String> {
    let mut counted: HashMap<u64, BTreeMap<&str, u32>> = HashMap::new();
    for Sale { subject, .. } in sales.iter().filter(|sale| sale.subject.names_its_model() && !sale.subject.segment.is_empty()) {
        *counted.entry(model_of(subject)).or_default().entry(&subject.segment).or_default() += 1;
    }
    let most = |of: BTreeMap<&str, u32>| of.into_iter().max_by_key(|(_, sales)| *sales).map(|(body, _)| body.to_owned());
    counted.into_iter().filter_map(|(model, of)| Some((model, most(of)?))).collect()
}

fn model_of(subject: &Subject) -> u64 {
    features::key(&[&subject.make, &subject.model])
}

/// A car whose body nobody says has that of its model.
fn with_body<'s>(subject: &'s Subject, bodies: &HashMap<u64, String>) -> Cow<'s, Subject> {
    match bodies.get(&model_of(subject)) {
        Some(body) if subject.segment.is_empty() => Cow::Owned(Subject { segment: body.clone(), ..subject.clone() }),
        Some(_) | None => Cow::Borrowed(subject),
    }
}

fn ruler(sales: &[Sale]) -> Ruler {
    let days = || sales.iter().filter_map(|sale| sale.subject.day);
    // Without a day of sale, the newest model year is taken as the year of all sales.
    let newest = sales.iter().filter_map(|sale| sale.subject.year).max().unwrap_or(1970);
    let end_of_newest = (i32::from(newest) - 1969) * 365;
    let (first_day, last_day) = (days().min().unwrap_or_default(), days().max().unwrap_or_default());
    Ruler { today: days().max().unwrap_or(end_of_newest), first_day, last_day }
}

/// By day; those of one day, and those without, in an order that nothing about them decides.
fn in_order_of_sale(sold: &mut [Sold]) {
    sold.sort_by_key(|sale| (sale.day, sale.lot));
}

/// A fit, and how far its sales reach.
#[derive(Debug, Clone)]
struct Fit {
    fitted: Fitted,
    /// By model, for each of the details: how far its cars lie apart for it (variance of the log of price).
    apart: HashMap<u64, [f64; DETAILS.len()]>,
    sales: u32,
    /// Prices are in the money of the shipped curves, so that a few sales are not all that is known.
    is_anchored: bool,
    /// Between these ages nearly all of its sales lie.
    ages: (f64, f64),
    last_day: Option<i32>,
}

impl Fit {
    fn on(sold: &[&Sold], level: f64) -> Self {
        let (rows, targets): (Vec<_>, Vec<_>) = sold.iter().map(|sale| (sale.seen.row.clone(), sale.target)).unzip();
        let spreads: Vec<f64> = FAMILIES.iter().map(|(_, spread)| *spread).collect();
        let mut ages: Vec<f64> = sold.iter().map(|sale| sale.seen.measures.age).collect();
        ages.sort_unstable_by(f64::total_cmp);
        let age = |at: usize| ages.get(at).copied().unwrap_or_default();
        let fitted = ridge::fit(&rows, &targets, &features::sizes(level), &spreads);
        Self {
            apart: apart(sold, &fitted),
            fitted,
            sales: count(sold.len()),
            is_anchored: level < ANY_LEVEL,
            ages: (age(ages.len() / 50), age(ages.len().saturating_sub(1 + ages.len() / 50))),
            last_day: sold.iter().filter_map(|sale| sale.day).max(),
        }
    }

    fn tell(&self, seen: &Seen, day: Option<i32>) -> Told {
        let rows = |family: Family| group(seen, family).map_or(0, |member| self.fitted.rows_of(member));
        let (model, make, segment) = (rows(Family::Model), rows(Family::Make), rows(Family::Segment));
        let (basis, comparables) = match (model, make, segment) {
            (1.., _, _) => (Basis::Model, model),
            (0, 1.., _) => (Basis::Make, make),
            (0, 0, 1..) => (Basis::Segment, segment),
            (0, 0, 0) => (Basis::General, self.sales),
        };
        let kind = group(seen, Family::Model).or_else(|| group(seen, Family::Make)).map_or(0, |member| member.key);
        let value = self.fitted.at(&seen.row) + seen.expected;
        let known = if self.is_anchored { self.sales.saturating_add(SHIPPED_COUNTS_AS) } else { self.sales };
        Told { basis, comparables, known, value, measures: seen.measures, beyond: self.beyond(seen, day), kind }
    }

    /// What none of its sales could tell of a car of this age on this day.
    fn beyond(&self, seen: &Seen, day: Option<i32>) -> f64 {
        // What makes keep of their price differs by so much for each year that was never seen; and markets move so much in a month.
        const A_YEAR: f64 = 0.08;
        const A_MONTH: f64 = 0.025;
        let (youngest, oldest) = self.ages;
        let age = seen.measures.age;
        let years = (age - oldest).max(youngest - age).max(0.0);
        let months = day.zip(self.last_day).map_or(0.0, |(day, last)| f64::from(day - last) / 30.0).clamp(0.0, 24.0);
        (A_YEAR * years).hypot(A_MONTH * months.sqrt()).hypot(self.of_what_is_unsaid(seen))
    }

    /// How far cars of its model lie apart for the details of which nothing is said: it may be any of them.
    fn of_what_is_unsaid(&self, seen: &Seen) -> f64 {
        let Some(apart) = group(seen, Family::Model).and_then(|model| self.apart.get(&model.key)) else { return 0.0 };
        let is_unsaid = |families: &[Family]| families.iter().all(|family| group(seen, *family).is_none());
        DETAILS.iter().zip(apart).filter(|(families, _)| is_unsaid(families)).map(|(_, apart)| apart).sum::<f64>().sqrt()
    }
}

fn apart(sold: &[&Sold], fitted: &Fitted) -> HashMap<u64, [f64; DETAILS.len()]> {
    type Sums = [(f64, f64); DETAILS.len()];
    let mut models: HashMap<u64, (Sums, f64)> = HashMap::new();
    for sale in sold {
        let Some(model) = group(&sale.seen, Family::Model) else { continue };
        let (sums, sales) = models.entry(model.key).or_default();
        *sales += 1.0;
        for ((sum, squares), families) in sums.iter_mut().zip(DETAILS) {
            let of_it = sale.seen.row.groups.iter().filter(|member| families.iter().any(|family| family.place() == member.family));
            let adds: f64 = of_it.map(|member| fitted.adds(member)).sum();
            (*sum, *squares) = (*sum + adds, *squares + adds * adds);
        }
    }
    let variance = |(sum, squares): (f64, f64), sales: f64| (squares / sales - (sum / sales).powi(2)).max(0.0);
    models.into_iter().map(|(model, (sums, sales))| (model, sums.map(|of| variance(of, sales)))).collect()
}

/// How far off the later sales lie from a fit of the earlier ones: the last quarter from three, the one before from two. One quarter alone
/// may have been a calm one.
fn later_ones(sold: &[Sold], level: f64) -> Vec<HeldOut> {
    let quarter = sold.len() / ONE_HELD_OUT_OF;
    let judged_from = |from: usize| {
        let (earlier, later) = sold.split_at(from);
        judged(&earlier.iter().collect::<Vec<_>>(), &later.iter().take(quarter).collect::<Vec<_>>(), level)
    };
    [sold.len() - 2 * quarter, sold.len() - quarter].into_iter().flat_map(judged_from).collect()
}

/// How far off sales lie from a fit of the others, each dealt out once.
fn dealt_out(sold: &[Sold], level: f64) -> Vec<HeldOut> {
    let turn = |turn: usize| {
        let is_out = |at: usize| at % ONE_HELD_OUT_OF == turn;
        let some = |wanted: bool| sold.iter().enumerate().filter(|(at, _)| is_out(*at) == wanted).map(|(_, sale)| sale).collect::<Vec<_>>();
        judged(&some(false), &some(true), level)
    };
    (0..ONE_HELD_OUT_OF).flat_map(turn).collect()
}

/// How far off sales of models or makes lie that the fit has never met.
fn left_out(sold: &[Sold], family: Family, level: f64) -> Vec<HeldOut> {
    let step = sold.len().div_ceil(MOST_LEFT_OUT).max(1);
    let turn = |turn: u64| {
        let is_out = |sale: &&Sold| group(&sale.seen, family).is_some_and(|member| member.key % TURNS == turn);
        let (out, kept): (Vec<_>, Vec<_>) = sold.iter().step_by(step).partition(is_out);
        judged(&kept, &out, level)
    };
    (0..TURNS).flat_map(turn).collect()
}

fn judged(fitted_on: &[&Sold], judged: &[&Sold], level: f64) -> Vec<HeldOut> {
    if fitted_on.len() < FEWEST_HELD_OUT || judged.is_empty() {
        return vec![];
    }
    let fit = Fit::on(fitted_on, level);
    let held_out = |sale: &&Sold| {
        // As if sold on the fit's last day: what the market did meanwhile belongs to how far off values are.
        let told = fit.tell(&sale.seen, None);
        HeldOut { off: sale.target + sale.seen.expected - told.value, told }
    };
    judged.iter().map(held_out).collect()
}

fn group(seen: &Seen, family: Family) -> Option<&Member> {
    seen.row.groups.iter().find(|member| member.family == family.place())
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// `None` where it is not above zero.
#[expect(clippy::cast_precision_loss, reason = "a price of a car")]
fn log(price: Cents) -> Option<f64> {
    (price.0 > 0).then(|| (price.0 as f64).ln())
}

#[expect(clippy::cast_possible_truncation, reason = "held to what a car may cost")]
fn cents(log: f64) -> Cents {
    const DEAREST: f64 = 1e12;
    // A value to the cent would claim what nobody knows: whole units, and no car is worth nothing.
    Cents((log.exp().min(DEAREST) / 100.0).round().max(1.0) as i64 * 100)
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "prices and dice of tests")]
mod tests {
    use super::*;
    use crate::domain::vehicle::CarFacts;

    /// A market we made up: a price by model, age, miles and condition, and what chance adds, always the same.
    struct MadeUp {
        state: u64,
    }

    impl MadeUp {
        fn new(seed: u64) -> Self {
            Self { state: seed }
        }

        /// Between 0 and 1.
        fn chance(&mut self) -> f64 {
            self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((self.state >> 40) as f64) / f64::from(1 << 24)
        }

        fn sale(&mut self) -> Sale {
            const MODELS: [(&str, &str, f64); 5] =
                [("Honda", "Civic", 24e3), ("Honda", "Pilot", 42e3), ("Toyota", "Camry", 28e3), ("Ford", "F-150", 50e3), ("BMW", "X5", 68e3)];
            let (make, model, new) = MODELS[(self.chance() * 5.0) as usize % 5];
            let year = 2012 + (self.chance() * 12.0) as u16;
            let age = 2024.5 - f64::from(year);
            let miles = 12e3 * age * (0.5 + self.chance());
            let condition = 1.5 + 3.5 * self.chance();
            let noise = (0..6).map(|_| self.chance() - 0.5).sum::<f64>() * 0.14;
            let price = new * (-0.12 * age - 0.002 * (miles / 1e3 - 12.0 * age) + 0.05 * (condition - 3.0) + noise).exp();
            let facts = CarFacts { year: Some(year), make: make.into(), model: model.into(), odometer_mi: Some(miles as u32), ..CarFacts::default() };
            let day = 19_700 + (self.chance() * 180.0) as i32;
            Sale { subject: Subject::of(&facts, None).sold(Some(condition), Some(day)), price: Cents((price * 100.0) as i64) }
        }

        fn sales(&mut self, n: usize) -> Vec<Sale> {
            (0..n).map(|_| self.sale()).collect()
        }
    }

    /// The median of how far off, and the share held by the ranges.
    fn judged(market: &Market, sales: &[Sale]) -> (f64, f64) {
        let values: Vec<(f64, bool)> = sales
            .iter()
            .map(|sale| {
                let value = market.value(&sale.subject).unwrap();
                ((value.middle.0 as f64 / sale.price.0 as f64 - 1.0).abs(), (value.low..=value.high).contains(&sale.price))
            })
            .collect();
        let mut off: Vec<f64> = values.iter().map(|(off, _)| *off).collect();
        off.sort_by(f64::total_cmp);
        (off[off.len() / 2], values.iter().filter(|(_, held)| *held).count() as f64 / values.len() as f64)
    }

    fn car(make: &str, model: &str, year: u16) -> Subject {
        let facts = CarFacts { year: Some(year), make: make.into(), model: model.into(), odometer_mi: Some(60_000), ..CarFacts::default() };
        Subject::of(&facts, None)
    }

    #[test]
    fn a_car_that_was_settled_is_worth_the_same_on_every_day_and_at_every_mile() {
        let mut market = MadeUp::new(7);
        let fitted = Market::of_table(&market.sales(600)).unwrap();
        let mut room = Vec::new();
        for sale in market.sales(50) {
            let settled = fitted.settle(&sale.subject).unwrap();
            for (day, odometer) in [(19_600, Some(12_000.0)), (19_780, None), (20_400, Some(150_000.0))] {
                let subject = Subject { day: Some(day), odometer, ..sale.subject.clone() };
                let middle = fitted.value(&subject).unwrap().middle;
                assert_eq!(fitted.value_settled(&settled, odometer, day, &mut room), middle);
            }
        }
    }

    #[test]
    fn values_come_near_and_ranges_hold_what_they_promise() {
        let mut market = MadeUp::new(7);
        let (fit, judge) = (market.sales(1_500), market.sales(1_500));
        let (off, held) = judged(&Market::of_table(&fit).unwrap(), &judge);
        assert!(off < 0.08 && (0.75..=0.85).contains(&held), "off {off:.3}, held {held:.3}");
    }

    #[test]
    fn prices_written_wrong_do_not_move_the_rest() {
        let mut market = MadeUp::new(11);
        let (mut fit, judge) = (market.sales(800), market.sales(800));
        let (before, _) = judged(&Market::of_table(&fit).unwrap(), &judge);
        for sale in fit.iter_mut().step_by(20) {
            sale.price = Cents(100);
        }
        let (after, held) = judged(&Market::of_table(&fit).unwrap(), &judge);
        assert!(after < before + 0.01 && held > 0.75, "before {before:.3}, after {after:.3}, held {held:.3}");
    }

    #[test]
    fn a_car_of_an_unknown_model_or_make_has_a_wider_range() {
        let market = Market::of_table(&MadeUp::new(3).sales(800)).unwrap();
        let value = |make, model| market.value(&car(make, model, 2018)).unwrap();
        let width = |e: &Estimate| e.high.0 as f64 / e.low.0 as f64;
        let (model, make, none) = (value("Honda", "Civic"), value("Honda", "Prelude"), value("Lada", "Niva"));
        assert_eq!((model.basis, make.basis, none.basis), (Basis::Model, Basis::Make, Basis::General));
        assert!(width(&model) < width(&make) && width(&model) < width(&none), "{model:?} {make:?} {none:?}");
        assert!(model.comparables > 100 && make.comparables > model.comparables);
    }

    #[test]
    fn odd_rows_are_no_trouble() {
        let mut odd = MadeUp::new(5).sales(1);
        let one = Market::of_table(&odd).unwrap().value(&odd[0].subject).unwrap();
        assert!(one.low < one.middle && one.middle < one.high, "{one:?}");
        odd[0].price = Cents(-500);
        assert!(Market::of_table(&odd).is_none() && Market::of_table(&[]).is_none());
        for (year, miles) in [(1900, 1), (2024, 1), (2099, 999_999), (1995, 0)] {
            let facts = CarFacts { year: Some(year), odometer_mi: Some(miles), ..CarFacts::default() };
            let market = Market::of_table(&MadeUp::new(5).sales(50)).unwrap();
            let value = market.value(&Subject::of(&facts, None).sold(Some(f64::NAN), Some(i32::MAX))).unwrap();
            assert!(value.low.0 > 0 && value.low <= value.middle && value.middle <= value.high, "{year} {value:?}");
        }
        assert_eq!(Market::of_store(&[]).value(&Subject::default()), None);
    }

    #[test]
    fn the_same_sales_in_another_order_are_the_same_market() {
        let sales = MadeUp::new(9).sales(400);
        let turned: Vec<Sale> = sales.iter().rev().cloned().collect();
        let ask = car("Toyota", "Camry", 2019);
        assert_eq!(Market::of_table(&sales).unwrap().value(&ask), Market::of_table(&turned).unwrap().value(&ask));
    }

    /// Coupes of one year, with their number and equipment or without.
    fn accord(vin: Option<&str>, trim: &str, day: i32) -> Subject {
        let facts = CarFacts { year: Some(2003), make: "Honda".into(), model: "Accord".into(), odometer_mi: Some(60_000), ..CarFacts::default() };
        let vin = vin.and_then(crate::domain::vin::Vin::parse);
        Subject::of(&CarFacts { trim: trim.into(), ..facts }, vin.as_ref()).sold(None, Some(day))
    }

    #[test]
    fn a_car_without_a_number_has_the_body_of_its_model() {
        let vin = "1HGCM82633A004352";
        let sales: Vec<Sale> = (0..60).map(|n| Sale { subject: accord(Some(vin), "", 19_700 + n), price: Cents(600_000) }).collect();
        let market = Market::of_store(&sales);
        let value = |vin| market.value(&accord(vin, "", 19_760)).unwrap().middle.0;
        assert!((value(None) - value(Some(vin))).abs() < 6_000, "{} where {}", value(None), value(Some(vin)));
        let settled = market.settle(&accord(None, "", 19_760)).unwrap();
        assert_eq!(market.value_settled(&settled, Some(60_000.0), 19_760, &mut vec![]).0, value(None));
    }

    #[test]
    fn a_car_whose_equipment_is_not_said_is_worth_what_is_sold_most_in_a_wider_range() {
        let sale = |n: i32| {
            let (trim, price) = if n % 6 == 0 { ("Touring", 1_000_000) } else { ("LX", 600_000) };
            // Two of one kind lie up to a twentieth from the usual.
            Sale { subject: accord(None, trim, 19_700 + n), price: Cents(price * i64::from(95 + n * 7 % 11) / 100) }
        };
        let market = Market::of_store(&(0..60).map(sale).collect::<Vec<_>>());
        let value = |trim| market.value(&accord(None, trim, 19_760)).unwrap().middle.0;
        // Five LX for each Touring: the mean of their logs.
        let mean = (600_000_f64.ln() * 5.0 / 6.0 + 1_000_000_f64.ln() / 6.0).exp();
        assert!((value("") as f64 / mean - 1.0).abs() < 0.03, "{} where {mean:.0}: LX {}, Touring {}", value(""), value("LX"), value("Touring"));
        let width = |trim| {
            let of = market.value(&accord(None, trim, 19_760)).unwrap();
            of.high.0 as f64 / of.low.0 as f64
        };
        assert!(width("") > width("LX") * 1.2, "it may be either: {} where an LX has {}", width(""), width("LX"));
    }

    #[test]
    fn a_store_without_sales_goes_by_the_curves_and_with_some_by_its_own() {
        let ask = || car("Toyota", "Camry", 2019).sold(None, Some(19_800));
        let shipped = Market::of_store(&[]).value(&ask()).unwrap();
        assert!((Cents(1_000_000)..Cents(2_500_000)).contains(&shipped.middle), "{shipped:?}");
        let dear: Vec<Sale> = (0..60).map(|n| Sale { subject: ask().sold(None, Some(19_700 + n)), price: Cents(2_600_000) }).collect();
        let one = Market::of_store(&dear[..1]).value(&ask()).unwrap();
        let many = Market::of_store(&dear).value(&ask()).unwrap();
        assert!(shipped.middle < one.middle && one.middle < many.middle, "{shipped:?} {one:?} {many:?}");
        assert!((many.middle.0 - 2_600_000).abs() < 80_000 && many.comparables == 60, "{many:?}");
    }
}
