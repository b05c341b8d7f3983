//! What is a car? What its VIN says of it, without asking anybody.
//!
//! | room | its question |
//! |---|---|
//! | `table` | what did the makers tell the road safety administration? |
//! | `makers` | whose number is it, where that table has no word of it? |
//! | `names` | how do dealers write that? |
//! | `drive` | which wheels does it drive? |
//! | `lines` | which makes and models were sold in a year? |
//! | `suggest` | which number was meant? |
mod drive;
pub mod features;
mod lines;
mod makers;
mod names;
mod suggest;
mod table;

pub use lines::{MakeLine, named, newest_year, sold_in};
pub use suggest::suggestions;

use crate::domain::{vehicle::CarFacts, vin::Vin};
use std::iter;
use table::{Read, Table};

/// What a number says of its car. Empty and `None` are unknown.
///
/// Source: vPIC patterns (see `vpic.md` beside this file), put as dealers write. What a maker filed is right for nearly every car; see the
/// test of agreement in `tests/house/vpic.rs` for how often.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decoded {
    pub year: Option<u16>,
    pub make: String,
    pub model: String,
    /// A hint, never a fact: makers file several trims under one number, and equipment is not part of it.
    pub trims: Vec<String>,
    pub series: String,
    pub body: String,
    /// `FWD`, `RWD`, `AWD`, `4WD`; `2WD` where it is one of two.
    pub drivetrain: String,
    pub fuel: String,
    pub cylinders: Option<u8>,
    /// Engine size in tenths of a liter.
    pub deciliters: Option<u16>,
}

impl Decoded {
    /// The trim where only one goes by this number.
    #[must_use]
    pub fn one_trim(&self) -> &str {
        if let [one] = self.trims.as_slice() { one } else { "" }
    }

    /// What may stand on a car's page as long as nobody says otherwise. Without a trim: that is a hint.
    #[must_use]
    pub fn facts(&self) -> CarFacts {
        let size = self.deciliters.map(|d| format!("{}.{}L", d / 10, d % 10));
        let cylinders = self.cylinders.map(|n| format!("{n}-cylinder"));
        CarFacts {
            year: self.year,
            make: self.make.clone(),
            model: self.model.clone(),
            body: self.body.clone(),
            drivetrain: self.drivetrain.clone(),
            fuel: self.fuel.clone(),
            engine: [size, cylinders].into_iter().flatten().collect::<Vec<_>>().join(" "),
            ..CarFacts::default()
        }
    }
}

/// How far the patterns of another year may stand in for those of a year that has none: makers file late, and a car changes little.
const YEARS_AROUND: [i16; 6] = [-1, 1, -2, 2, -3, 3];

/// What the number says. Nothing where it says nothing; a failing check digit is no hindrance.
#[must_use]
pub fn decode(vin: &Vin) -> Decoded {
    let table = Table::shipped();
    let text = vin.as_str();
    let years = years(vin, table);
    let makers = makers::of(text);
    let own = wmi(text);
    let wmis: Vec<&str> = iter::once(own.as_str()).chain(makers::also_filed_under(text).iter().copied()).collect();
    for year in years.iter().flatten() {
        if let Some(read) = wmis.iter().map(|wmi| table.read(wmi, *year, text)).find(|read| read.model.is_some()) {
            return names::dealers_write(vin, Some(*year), &read);
        }
    }
    for (year, around) in years.iter().flatten().take(1).flat_map(|year| YEARS_AROUND.map(|n| (*year, n))) {
        let near = year.saturating_add_signed(around);
        if let Some(read) = wmis.iter().map(|wmi| table.read(wmi, near, text)).find(|read| read.model.is_some()) {
            return names::dealers_write(vin, Some(year), &Read { trim: None, ..read });
        }
    }
    let trusts_year = vin.is_north_american() || vin.check_digit_holds();
    // Makers elsewhere keep no rule for the seventh character either.
    let year = if vin.is_north_american() { years.iter().flatten().next() } else { years.iter().flatten().max() };
    let year = year.copied().filter(|_| trusts_year);
    let mut read = wmis.first().zip(year).map(|(wmi, year)| table.read(wmi, year, text)).unwrap_or_default();
    read.make = read.make.or_else(|| wmis.iter().find_map(|wmi| table.only_make(wmi))).or(makers.map(|m| m.make));
    names::dealers_write(vin, year, &read)
}

/// The maker's code: for makers of few cars, whose third character is a 9, positions 12 to 14 belong to it.
fn wmi(vin: &str) -> String {
    let (front, back) = (vin.get(..3).unwrap_or_default(), vin.get(11..14).unwrap_or_default());
    if front.ends_with('9') { format!("{front}{back}") } else { front.to_owned() }
}

/// The years the number may mean, the likelier first, none that has not come.
fn years(vin: &Vin, table: &Table) -> [Option<u16>; 2] {
    let Some([mut first, mut second]) = vin.model_years() else { return [None; 2] };
    let newest = table.newest_year.saturating_add(1);
    let is_heavy = makers::of(vin.as_str()).is_some_and(|m| m.is_heavy);
    // Heavy trucks keep no rule for the seventh character; a young one is likelier than one of 30 years more.
    if is_heavy && second > first || first > newest {
        (first, second) = (second, first);
    }
    [Some(first), Some(second)].map(|year| year.filter(|y| *y <= newest))
}
