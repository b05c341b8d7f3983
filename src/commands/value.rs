//! How near do values come? Fits a table of sales, judges another, and counts how far off they lay and how many the ranges held.

use super::{Out, wall};
use crate::{
    engine::equity::valuation::{Market, Sale, Subject},
    formats::sale_rows::{self, Sales, SoldCar},
};
use anyhow::{Context, ensure};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

pub(super) struct Wish {
    pub(super) fit: Vec<PathBuf>,
    pub(super) judge: PathBuf,
}

pub(super) fn evaluate(wish: &Wish, out: Out) -> anyhow::Result<()> {
    let mut fitted = Vec::new();
    let mut unused: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &wish.fit {
        fitted.extend(usable(&read(file)?, &mut unused));
    }
    let judged = read(&wish.judge)?;
    let began = wall().now();
    let market = Market::of_table(&fitted);
    let market = market.with_context(|| format!("no row of {} could be fitted{}", named(&wish.fit), told(&unused)))?;
    let mut unvalued = BTreeMap::new();
    let off = judge(&market, &usable(&judged, &mut unvalued));
    let seconds = f64::from(u32::try_from(wall().now().since(began)).unwrap_or(u32::MAX)) / 1000.0;
    ensure!(!off.is_empty(), "no row of {} could be judged{}", wish.judge.display(), told(&unvalued));
    let score = Score::of(off);
    let n_unvalued: usize = unvalued.values().sum();
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    out.line(&format!("{} sales fitted, {} judged in {seconds:.1} s", fitted.len(), score.n));
    out.line(&format!("mape {}   median ape {}   80 % ranges held {}", percent(score.mape), percent(score.median_ape), percent(score.coverage80)));
    for (why, rows, count) in unused.iter().map(|(why, n)| (why, "not fitted", n)).chain(unvalued.iter().map(|(why, n)| (why, "not judged", n))) {
        out.line(&format!("{count} rows {rows}: {why}"));
    }
    out.json(&serde_json::json!({
        "mape": score.mape, "median_ape": score.median_ape, "coverage80": score.coverage80, "median_range": score.median_range,
        "n": score.n, "n_unvalued": n_unvalued, "unvalued": unvalued, "n_fit": fitted.len(), "unused": unused, "seconds": seconds,
    }));
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Sales> {
    let bytes = fs::read(file).with_context(|| format!("{} could not be read", file.display()))?;
    sale_rows::read(&bytes).map_err(|sentence| anyhow::anyhow!("{}: {sentence}", file.display()))
}

/// The sales among the rows; the others are counted by what they lack.
fn usable<'w>(sales: &Sales, lacking: &mut BTreeMap<&'w str, usize>) -> Vec<Sale> {
    let mut lack = |why: &'w str, n: usize| {
        if n > 0 {
            *lacking.entry(why).or_default() += n;
        }
    };
    lack("the row does not fit the header", sales.broken);
    let mut usable = Vec::with_capacity(sales.cars.len());
    for (_, car) in &sales.cars {
        match sale(car) {
            Ok(sale) => usable.push(sale),
            Err(why) => lack(why, 1),
        }
    }
    usable
}

fn sale(car: &SoldCar) -> Result<Sale, &'static str> {
    let price = car.price.ok_or("no price is readable")?;
    let subject = Subject::of(&car.facts, car.vin.as_ref()).sold(car.condition, car.day);
    match (price.0 > 0, subject.has_year()) {
        (false, _) => Err("the price is not above zero"),
        (true, false) => Err("neither the row nor its VIN says a model year"),
        (true, true) => Ok(Sale { subject, price }),
    }
}

/// One value beside its price.
struct Judged {
    /// How far off the value is, as a share of the price.
    off: f64,
    held: bool,
    /// The width of the range as a share of the value.
    range: f64,
}

#[expect(clippy::cast_precision_loss, reason = "prices of cars")]
fn judge(market: &Market, sales: &[Sale]) -> Vec<Judged> {
    let judged = |sale: &Sale| {
        let value = market.value(&sale.subject)?;
        let (price, middle) = (sale.price.0 as f64, value.middle.0 as f64);
        let held = (value.low..=value.high).contains(&sale.price);
        Some(Judged { off: (middle - price).abs() / price, held, range: (value.high.0 - value.low.0) as f64 / middle })
    };
    sales.iter().filter_map(judged).collect()
}

struct Score {
    n: usize,
    /// Mean of how far off, as a share of the price.
    mape: f64,
    median_ape: f64,
    /// The share of prices within their 80 % ranges.
    coverage80: f64,
    median_range: f64,
}

impl Score {
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    fn of(judged: Vec<Judged>) -> Self {
        let n = judged.len();
        let held = judged.iter().filter(|j| j.held).count();
        let (off, range): (Vec<f64>, Vec<f64>) = judged.into_iter().map(|j| (j.off, j.range)).unzip();
        Self { n, mape: off.iter().sum::<f64>() / n as f64, coverage80: held as f64 / n as f64, median_ape: median(off), median_range: median(range) }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    let at = |place: usize| values.get(place).copied().unwrap_or_default();
    if values.len().is_multiple_of(2) { f64::midpoint(at(middle.saturating_sub(1)), at(middle)) } else { at(middle) }
}

fn named(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(" and ")
}

/// `: 3 rows, the price is not above zero; …`, or that there are no rows.
fn told(lacking: &BTreeMap<&str, usize>) -> String {
    let parts: Vec<String> = lacking.iter().map(|(why, n)| format!("{n} rows, {why}")).collect();
    if parts.is_empty() { ": there are no rows under the header".to_owned() } else { format!(": {}", parts.join("; ")) }
}
