//! Which makes and models were sold in a year? Out of the table of vehicle numbers, for whoever has no number at hand.

use super::{
    names,
    table::{FIRST_YEAR, Table},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

/// A make and its models of one year, each by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MakeLine {
    pub make: String,
    pub models: Vec<String>,
}

/// Years that the table may come to tell of.
const YEARS: usize = 64;

/// The makes of a model year with their models, by name. Empty for years of which the table says nothing.
#[must_use]
pub fn sold_in(year: u16) -> &'static [MakeLine] {
    static KNOWN: [OnceLock<Vec<MakeLine>>; YEARS] = [const { OnceLock::new() }; YEARS];
    let place = year.checked_sub(FIRST_YEAR).map(usize::from);
    place.and_then(|place| KNOWN.get(place)).map_or(&[], |known| known.get_or_init(|| read(year)))
}

/// The newest model year that the table tells of.
#[must_use]
pub fn newest_year() -> u16 {
    Table::shipped().newest_year
}

/// The make and model of this name in that year or one beside it, as dealers write them: makers file late, and names are typed freely.
#[must_use]
pub fn named(year: u16, make: &str, model: &str) -> Option<(String, String)> {
    let (make, model) = (plain(make), plain(model));
    if make.is_empty() || model.is_empty() {
        return None;
    }
    let lines = [year, year.saturating_sub(1), year.saturating_add(1)].into_iter().flat_map(sold_in);
    let mut models = lines.filter(|line| plain(&line.make) == make).flat_map(|line| line.models.iter().map(move |model| (line, model)));
    // `CR-V EX-L` is the CR-V; of `Civic` and `Civic Si` the longer name that fits.
    let found = models.by_ref().filter(|(_, known)| model.starts_with(&plain(known))).max_by_key(|(_, known)| plain(known).len())?;
    Some((found.0.make.clone(), found.1.clone()))
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn read(year: u16) -> Vec<MakeLine> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (make, filed) in Table::shipped().models(year) {
        let (make, model) = names::listed(make, filed, year);
        if !make.is_empty() && !model.is_empty() {
            found.entry(make).or_default().insert(model);
        }
    }
    found.into_iter().map(|(make, models)| MakeLine { make, models: models.into_iter().collect() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_year_are_those_that_were_sold() {
        let honda = sold_in(2019).iter().find(|line| line.make == "Honda").unwrap();
        for model in ["Accord", "Civic", "CR-V", "Odyssey", "Pilot"] {
            assert!(honda.models.iter().any(|known| known == model), "{model}: {:?}", honda.models);
        }
        assert!(sold_in(2019).iter().any(|line| line.make == "BMW" && line.models.contains(&"3 Series".to_owned())));
        assert!(sold_in(1979).is_empty() && sold_in(3000).is_empty());
        assert!((30..400).contains(&sold_in(2019).len()), "{}", sold_in(2019).len());
    }

    #[test]
    fn a_name_is_found_however_it_is_typed() {
        for (year, make, model, found) in [
            (2019, "honda", "crv", Some(("Honda", "CR-V"))),
            (2019, "Honda", "CR-V EX-L", Some(("Honda", "CR-V"))),
            (2021, "FORD", "f150", Some(("Ford", "F-150"))),
            (2019, "Honda", "Gold Wing", None),
            (2019, "", "Civic", None),
            (2019, "Honda", "", None),
        ] {
            let found = found.map(|(make, model): (&str, &str)| (make.to_owned(), model.to_owned()));
            assert_eq!(named(year, make, model), found, "{make} {model}");
        }
    }
}
