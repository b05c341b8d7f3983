//! What are people, streets and firms called around here?

use super::dice::{Dice, running};
use std::sync::LazyLock;

/// Names with the running sum of how common they are.
struct Names {
    names: Vec<&'static str>,
    running: Vec<u32>,
}

impl Names {
    fn read(text: &'static str) -> Self {
        let rows: Vec<(&str, u32)> =
            text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('|')).filter_map(|(n, c)| Some((n, c.parse().ok()?))).collect();
        Self { names: rows.iter().map(|r| r.0).collect(), running: running(rows.iter().map(|r| r.1)) }
    }

    fn pick(&self, dice: &mut Dice) -> &'static str {
        self.names[dice.by_weight(&self.running)]
    }
}

static FIRST: LazyLock<Names> = LazyLock::new(|| Names::read(include_str!("first_names.txt")));
static LAST: LazyLock<Names> = LazyLock::new(|| Names::read(include_str!("last_names.txt")));

pub(super) fn first(dice: &mut Dice) -> &'static str {
    FIRST.pick(dice)
}

pub(super) fn last(dice: &mut Dice) -> &'static str {
    LAST.pick(dice)
}

/// As people sign a message; the DMS has the long form.
const SHORT: &[(&str, &str)] = &[
    ("Michael", "Mike"),
    ("Robert", "Bob"),
    ("William", "Bill"),
    ("David", "Dave"),
    ("Richard", "Rick"),
    ("Joseph", "Joe"),
    ("Thomas", "Tom"),
    ("Patricia", "Pat"),
    ("Christopher", "Chris"),
    ("Barbara", "Barb"),
    ("Daniel", "Dan"),
    ("Elizabeth", "Liz"),
    ("Jennifer", "Jen"),
    ("Donald", "Don"),
    ("Kenneth", "Ken"),
    ("Susan", "Sue"),
    ("Steven", "Steve"),
    ("Edward", "Ed"),
    ("Margaret", "Peg"),
    ("Deborah", "Deb"),
    ("Anthony", "Tony"),
    ("Matthew", "Matt"),
    ("Timothy", "Tim"),
    ("Jeffrey", "Jeff"),
    ("Gregory", "Greg"),
    ("Rebecca", "Becky"),
    ("Kathleen", "Kathy"),
    ("Samuel", "Sam"),
    ("Nicholas", "Nick"),
    ("Benjamin", "Ben"),
    ("Jonathan", "Jon"),
    ("Stephen", "Steve"),
    ("Katherine", "Kate"),
    ("Andrew", "Andy"),
    ("Raymond", "Ray"),
    ("Lawrence", "Larry"),
];

pub(super) fn short_form(first: &str) -> Option<&'static str> {
    SHORT.iter().find(|(long, _)| *long == first).map(|(_, short)| *short)
}

/// Towns within an hour of the store, with their ZIP code and how many of its customers live there.
pub(super) struct Town {
    pub(super) name: &'static str,
    pub(super) state: &'static str,
    pub(super) zip: &'static str,
    weight: u32,
}

const fn town(name: &'static str, state: &'static str, zip: &'static str, weight: u32) -> Town {
    Town { name, state, zip, weight }
}

pub(super) const TOWNS: &[Town] = &[
    town("Portland", "ME", "04103", 150),
    town("Portland", "ME", "04101", 60),
    town("Portland", "ME", "04102", 90),
    town("South Portland", "ME", "04106", 130),
    town("Westbrook", "ME", "04092", 90),
    town("Scarborough", "ME", "04074", 90),
    town("Gorham", "ME", "04038", 60),
    town("Windham", "ME", "04062", 60),
    town("Saco", "ME", "04072", 55),
    town("Biddeford", "ME", "04005", 55),
    town("Falmouth", "ME", "04105", 50),
    town("Cape Elizabeth", "ME", "04107", 35),
    town("Yarmouth", "ME", "04096", 35),
    town("Cumberland", "ME", "04021", 25),
    town("Freeport", "ME", "04032", 30),
    town("Brunswick", "ME", "04011", 50),
    town("Old Orchard Beach", "ME", "04064", 30),
    town("Standish", "ME", "04084", 25),
    town("Buxton", "ME", "04093", 25),
    town("Gray", "ME", "04039", 25),
    town("Raymond", "ME", "04071", 15),
    town("Lewiston", "ME", "04240", 60),
    town("Auburn", "ME", "04210", 40),
    town("Bath", "ME", "04530", 20),
    town("Topsham", "ME", "04086", 20),
    town("Kennebunk", "ME", "04043", 25),
    town("Wells", "ME", "04090", 20),
    town("Sanford", "ME", "04073", 35),
    town("Augusta", "ME", "04330", 20),
    town("Bridgton", "ME", "04009", 12),
    town("Limington", "ME", "04049", 8),
    town("Poland", "ME", "04274", 10),
    town("Portsmouth", "NH", "03801", 18),
    town("Dover", "NH", "03820", 18),
    town("Rochester", "NH", "03867", 12),
    town("North Conway", "NH", "03860", 8),
];

static TOWN_SUMS: LazyLock<Vec<u32>> = LazyLock::new(|| running(TOWNS.iter().map(|t| t.weight)));

pub(super) fn home_town(dice: &mut Dice) -> &'static Town {
    &TOWNS[dice.by_weight(&TOWN_SUMS)]
}

const STREETS: &[&str] = &[
    "Maple",
    "Oak",
    "Pine",
    "Elm",
    "Birch",
    "Spruce",
    "Main",
    "High",
    "Pleasant",
    "Spring",
    "Summer",
    "Winter",
    "School",
    "Church",
    "Mill",
    "Bridge",
    "River",
    "Lake",
    "Highland",
    "Congress",
    "Cumberland",
    "Forest",
    "Ocean",
    "Washington",
    "Lincoln",
    "Franklin",
    "Park",
    "State",
    "Pearl",
    "Grove",
    "Cedar",
    "Prospect",
    "Meadow",
    "Orchard",
    "Brook",
    "Harbor",
    "Bay",
    "Shore",
    "Cottage",
    "Deering",
    "Stevens",
    "Brighton",
    "Longfellow",
    "Ridgeway",
    "Blackstrap",
    "Falmouth",
    "Ledgewood",
    "Fox Run",
    "Deer Hill",
    "Mast",
    "Tannery",
    "Old County",
    "Duck Pond",
    "Mitchell",
    "Hillside",
];
const STREET_KINDS: &[&str] = &["Street", "Street", "Street", "Street", "Road", "Road", "Avenue", "Lane", "Drive", "Drive", "Terrace", "Court"];

pub(super) fn street_line(dice: &mut Dice) -> String {
    let number = 1 + dice.low_below(1_200);
    format!("{number} {} {}", dice.pick(STREETS), dice.pick(STREET_KINDS))
}

const FIRM_PLACES: &[&str] =
    &["Casco Bay", "Back Cove", "Pine State", "Coastal", "Munjoy", "Presumpscot", "Seaside", "Northeast", "Stroudwater", "Sebago"];
const FIRM_TRADES: &[&str] = &[
    "Plumbing & Heating",
    "Electric",
    "Landscaping",
    "Property Care",
    "Roofing",
    "Builders",
    "Seafood",
    "Catering",
    "Painting",
    "Tree Service",
    "Cleaning",
    "Flooring",
    "Home Care",
    "Courier",
    "Marine",
    "Septic",
    "Masonry",
    "Appliance Repair",
    "Pest Control",
    "Glass",
];

pub(super) fn firm(dice: &mut Dice) -> String {
    let trade = dice.pick(FIRM_TRADES);
    match dice.below(5) {
        0 => format!("{} {trade}", dice.pick(FIRM_PLACES)),
        1 => format!("{} & Sons {trade}", last(dice)),
        2 => format!("{} {trade} LLC", last(dice)),
        3 => format!("{} {trade} of {}", dice.pick(FIRM_PLACES), home_town(dice).name),
        _ => format!("{} {trade}", last(dice)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::About;
    use super::*;

    #[test]
    fn names_come_as_often_as_they_do_in_the_country() {
        let mut dice = Dice::of(3, About::Person, 0);
        let smiths = (0..50_000).filter(|_| last(&mut dice) == "Smith").count();
        let share = u64::from(LAST.running[0]) * 50_000 / u64::from(*LAST.running.last().unwrap());
        assert!(smiths.abs_diff(usize::try_from(share).unwrap()) < 200, "{smiths} Smiths, {share} expected");
        assert_eq!((FIRST.names.len(), LAST.names.len()), (420, 1000));
    }
}
