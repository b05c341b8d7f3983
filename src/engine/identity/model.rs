//! How much does each agreement say?
//!
//! Fellegi and Sunter's weights, with a third kind of pair beside "one person" and "two strangers": two who live together. They share a
//! surname, a phone and everything about the house, so only what is a person's own (given name, day of birth, email) tells them apart.

use super::{
    census,
    compare::{Agreement, Crowded, FIELDS, Field, Pattern, birth, digits, email, first, levels, mail_text, word},
    person::Person,
};
use std::collections::BTreeMap;

/// Fellegi-Sunter weights by field and level of agreement, with the frequency of names: Smith says less than Abernathy.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Model {
    /// Of pairs that are one person, the share with each level of each field. The level 0, "not said", is no part of it.
    pub(super) same: Table,
    /// Of pairs of strangers.
    pub(super) strangers: Table,
    /// Of all pairs there are, the share that is one person.
    pub(super) same_share: f64,
    /// Of all pairs there are, the share that lives together.
    pub(super) housemates_share: f64,
    /// Share of people by given name, for the frequent ones of this store.
    pub(super) firsts: BTreeMap<String, f64>,
    pub(super) lasts: BTreeMap<String, f64>,
    /// How many people the shares of names were counted from; 0 for the shipped ones.
    pub(super) counted: u32,
    /// Phones and email addresses that too many share.
    pub(super) crowded: Crowded,
}

/// A share for each level of each field, in the order of the fields.
pub(super) type Table = Vec<Vec<f64>>;

/// A name that few bear is taken for one that this share bears: rarer ones would decide by themselves.
const RAREST: f64 = 1.0 / 12_000.0;
/// Until own people are counted the census speaks with the weight of so many.
const CENSUS_WEIGHS: f64 = 500.0;

/// Of pairs that are one person, as files of many stores have them: mostly the same, sometimes a slip, seldom something else.
const SHIPPED_SAME: [&[f64]; FIELDS.len()] = [
    &[0.0, 0.72, 0.06, 0.07, 0.02, 0.02, 0.06, 0.03, 0.02],
    &[0.0, 0.84, 0.07, 0.02, 0.02, 0.05],
    &[0.0, 0.50, 0.44, 0.06],
    &[0.0, 0.90, 0.01, 0.04, 0.02, 0.01, 0.02],
    &[0.0, 0.60, 0.03, 0.37],
    &[0.0, 0.60, 0.05, 0.05, 0.04, 0.26],
    &[0.0, 0.85, 0.05, 0.10],
    &[0.0, 0.78, 0.09, 0.03, 0.02, 0.08],
    &[0.0, 0.74, 0.08, 0.02, 0.03, 0.13],
    &[0.0, 0.64, 0.06, 0.02, 0.05, 0.05, 0.01, 0.01, 0.06, 0.01, 0.02, 0.05, 0.02],
];
/// Of pairs of strangers in one town's customers.
const SHIPPED_STRANGERS: [&[f64]; FIELDS.len()] = [
    &[0.0, 0.008, 0.005, 0.003, 0.006, 0.025, 0.9495, 0.0005, 0.003],
    &[0.0, 0.004, 0.002, 0.0005, 0.0095, 0.984],
    &[0.0, 0.04, 0.06, 0.90],
    &[0.0, 0.000_045, 0.000_03, 0.0005, 0.004, 0.03, 0.965_425],
    &[0.0, 0.000_01, 0.000_02, 0.999_97],
    &[0.0, 0.000_002, 0.000_002, 0.000_2, 0.004, 0.995_796],
    &[0.0, 0.008, 0.04, 0.952],
    &[0.0, 0.003, 0.001, 0.000_5, 0.01, 0.985_5],
    &[0.0, 0.03, 0.02, 0.000_5, 0.02, 0.929_5],
    &[0.0, 0.04, 0.001, 0.004, 0.010, 0.010, 0.001, 0.006, 0.08, 0.002, 0.03, 0.5, 0.316],
];
/// One pair in 65,536: some 5,000 doubles among 25,000 records.
const SHIPPED_SHARE: f64 = 1.0 / 65_536.0;

/// In a base of some hundred people with every one of them ten times, one pair in twenty-five is one person; more is no store.
const MOST_PAIRS: f64 = 0.04;

/// A father and a son of one name, mother and daughter.
const NAMED_AFTER: f64 = 0.03;
/// Twins, and the slip of who typed the same day for both.
const BORN_TOGETHER: f64 = 0.012;
/// People make their address of their name, so the addresses of one family are alike half as often as those of one person.
const LIKE_A_RELATIVES: f64 = 0.5;
/// Of two under one roof: the share with one surname, one phone, one email address.
const ONE_SURNAME: f64 = 0.7;
const ONE_PHONE: f64 = 0.5;
const ONE_EMAIL: f64 = 0.08;

impl Default for Model {
    fn default() -> Self {
        Self::shipped()
    }
}

impl Model {
    /// The weights that come with the program, for a store that has not brought its people yet.
    #[must_use]
    pub fn shipped() -> Self {
        let table = |shares: [&[f64]; FIELDS.len()]| shares.iter().map(|s| s.to_vec()).collect();
        Self {
            same: table(SHIPPED_SAME),
            strangers: table(SHIPPED_STRANGERS),
            same_share: SHIPPED_SHARE,
            housemates_share: SHIPPED_SHARE,
            firsts: BTreeMap::new(),
            lasts: BTreeMap::new(),
            counted: 0,
            crowded: Crowded::new(),
        }
    }

    /// The same weights, passing over every phone and email address that more than `shared_by_most` of these people have: a tow
    /// company's phone, a salesperson's own address.
    #[must_use]
    pub fn passing_over<'p>(mut self, people: impl IntoIterator<Item = &'p Person>, shared_by_most: usize) -> Self {
        let mut held: BTreeMap<String, usize> = BTreeMap::new();
        for person in people {
            for value in person.phones.iter().cloned().chain(person.mails.iter().map(mail_text)) {
                *held.entry(value).or_default() += 1;
            }
        }
        self.crowded.extend(held.into_iter().filter(|(_, holders)| *holders > shared_by_most).map(|(value, _)| value));
        self
    }

    /// Whether a store's people can be so. Weights learnt from too few or from odd data may say that agreement speaks against one person, or
    /// that nearly every two are one; judged by such, anybody would be joined with anybody.
    #[must_use]
    pub fn is_plausible(&self) -> bool {
        let is_share = |share: f64| share > 0.0 && share < 1.0;
        let is_rare = |share: f64| is_share(share) && share < MOST_PAIRS;
        let is_whole = |shares: &Vec<f64>| shares.iter().skip(1).all(|s| is_share(*s)) && (shares.iter().sum::<f64>() - 1.0).abs() < 1e-6;
        let has_shape = |table: &Table| table.len() == FIELDS.len() && FIELDS.iter().zip(table).all(|(field, s)| s.len() == levels(*field));
        let speaks_up = || {
            // Where all live in one town, the town says nothing; what is a person's own does in every store.
            let own = [Field::First, Field::Last, Field::Birth, Field::Phone, Field::Email];
            own.into_iter().all(|field| {
                let (same, strangers) = (&self.same[field as usize], &self.strangers[field as usize]);
                let other = if field == Field::First { usize::from(first::OTHER) } else { levels(field) - 1 };
                same[1] > strangers[1] && same[other] < strangers[other]
            })
        };
        is_rare(self.same_share)
            && is_rare(self.housemates_share)
            && [&self.same, &self.strangers].into_iter().all(|table| has_shape(table) && table.iter().all(is_whole))
            && speaks_up()
    }

    /// How likely two people who agree so are one person. From 0 to 1.
    pub(super) fn probability(&self, agreement: &Agreement) -> f64 {
        let kinds = self.kinds(&agreement.pattern, self.names_shares(agreement));
        kinds.same / (kinds.same + kinds.housemates + kinds.strangers)
    }

    /// How likely each kind of pair is to show this pattern, times how many of the kind there are.
    pub(super) fn kinds(&self, pattern: &Pattern, names: NamesShares) -> Kinds {
        let mut kinds = Kinds { same: self.same_share, housemates: self.housemates_share, strangers: 1.0 };
        for (at, field) in FIELDS.into_iter().enumerate() {
            let level = usize::from(pattern[at]);
            if level == 0 {
                continue;
            }
            let same = self.same[at][level];
            let by_chance = match field {
                Field::First if pattern[at] == first::SAME => names.first.unwrap_or(self.strangers[at][level]),
                Field::Last if pattern[at] == word::SAME => names.last.unwrap_or(self.strangers[at][level]),
                Field::First
                | Field::Last
                | Field::Middle
                | Field::Birth
                | Field::Phone
                | Field::Email
                | Field::Number
                | Field::Street
                | Field::Door
                | Field::Place => self.strangers[at][level],
            };
            kinds.same *= same;
            kinds.strangers *= by_chance;
            kinds.housemates *= under_one_roof(field, pattern[at], same, by_chance);
        }
        kinds
    }

    fn names_shares(&self, agreement: &Agreement) -> NamesShares {
        let Some((name, _)) = agreement.names else { return NamesShares::default() };
        let share = |own: &BTreeMap<String, f64>, text: &str, listed: fn(&str) -> Option<f64>| {
            let people = f64::from(self.counted);
            let census = listed(text).unwrap_or(RAREST);
            let counted = own.get(text).copied().unwrap_or(if self.counted == 0 { census } else { 0.0 });
            ((counted * people + census * CENSUS_WEIGHS) / (people + CENSUS_WEIGHS)).max(RAREST)
        };
        NamesShares {
            first: Some(share(&self.firsts, &name.first, census::first_share)),
            last: Some(share(&self.lasts, &name.last, census::last_share)),
        }
    }
}

/// The shares of people who bear the names that agree.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NamesShares {
    pub(super) first: Option<f64>,
    pub(super) last: Option<f64>,
}

/// How well each kind of pair explains what is seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kinds {
    pub(super) same: f64,
    pub(super) housemates: f64,
    pub(super) strangers: f64,
}

/// How often two who live together show this level: what belongs to the house as one person would, what is a person's own as strangers.
fn under_one_roof(field: Field, level: u8, same: f64, by_chance: f64) -> f64 {
    let or_chance = |shared: f64, is_same: bool| if is_same { shared } else { (1.0 - shared) * by_chance };
    match field {
        Field::First => or_chance(NAMED_AFTER, level == first::SAME),
        Field::Last => ONE_SURNAME * same + (1.0 - ONE_SURNAME) * by_chance,
        Field::Middle => by_chance,
        Field::Birth => or_chance(BORN_TOGETHER, level == birth::SAME),
        // The lines of one family often have neighbouring numbers.
        Field::Phone if level == digits::SLIP => same,
        Field::Phone => or_chance(ONE_PHONE, level == digits::SAME),
        Field::Email if level == email::SAME || level == email::OTHER => or_chance(ONE_EMAIL, level == email::SAME),
        Field::Email => LIKE_A_RELATIVES * same + (1.0 - LIKE_A_RELATIVES) * by_chance,
        Field::Number | Field::Street | Field::Door | Field::Place => same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_by_which_anybody_would_be_joined_are_not_plausible() {
        let shipped = Model::shipped();
        assert!(shipped.is_plausible());
        let with = |change: fn(&mut Model)| {
            let mut odd = shipped.clone();
            change(&mut odd);
            odd.is_plausible()
        };
        assert!(!with(|m| m.same_share = 0.9));
        assert!(!with(|m| m.housemates_share = f64::NAN));
        assert!(!with(|m| m.same[0].swap(1, usize::from(first::OTHER))), "another given name would speak for one person");
        assert!(!with(|m| m.strangers[4][1] = 0.0), "what never happens by chance would decide by itself");
        assert!(!with(|m| drop(m.same.pop())));
    }

    #[test]
    fn the_shipped_shares_of_each_field_make_one_whole() {
        for (at, field) in FIELDS.into_iter().enumerate() {
            for table in [SHIPPED_SAME[at], SHIPPED_STRANGERS[at]] {
                assert_eq!(table.len(), levels(field), "{field:?}");
                assert!((table.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{field:?} {}", table.iter().sum::<f64>());
                assert!(table[1..].iter().all(|share| *share > 0.0), "{field:?}");
            }
        }
    }
}
