//! What of this person can be compared?

use super::{
    StorePoints,
    home::{of_address, zip},
    points::{Point, is_nobodys, points},
    street::House,
    words::{folded, folded_words},
};
use crate::domain::{
    address::Address,
    email::Email,
    phone::Phone,
    profile::{PersonName, Profile},
};

/// What can be compared of one person, normalised once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Person {
    pub(super) names: Vec<Name>,
    /// A business by its name, without what only says its legal form.
    pub(super) firm: String,
    pub(super) phones: Vec<String>,
    pub(super) mails: Vec<Mail>,
    /// Days of birth as eight digits, as given: a slip may have made a day that no calendar has.
    pub(super) births: Vec<[u8; 8]>,
    pub(super) places: Vec<Place>,
    /// Customer numbers, each with the system that gave it.
    pub(super) numbers: Vec<(String, String)>,
}

/// One name, folded. A couple written as one stands here as two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(super) struct Name {
    pub(super) first: String,
    pub(super) middle: String,
    pub(super) last: String,
    /// The parts of a surname that has several.
    pub(super) last_parts: Vec<String>,
    pub(super) generation: Option<Generation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub(super) enum Generation {
    Senior,
    /// A second of the name is called a junior as well.
    Junior,
    Third,
    Fourth,
}

/// An email address without what its provider passes over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Mail {
    pub(super) local: String,
    pub(super) domain: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(super) struct Place {
    pub(super) house: House,
    pub(super) city: String,
    pub(super) region: String,
    pub(super) zip: String,
    /// The home as one text, where it is full and one.
    pub(super) home: Option<String>,
}

/// What stands where a name is required and none is known.
const NO_NAMES: &[&str] = &[
    "unknown",
    "none",
    "na",
    "noname",
    "test",
    "testtest",
    "customer",
    "cash",
    "anonymous",
    "lead",
    "websitelead",
    "cashcustomer",
    "null",
    "nil",
    "xxx",
    "notgiven",
    "guest",
    "user",
    "shopper",
    "new",
    "newcustomer",
    "walkin",
    "housedeal",
];
/// The legal form of a business, which is written or not.
const LEGAL_FORMS: &[&str] =
    &["llc", "inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "lp", "llp", "pllc", "pc", "dba", "the"];
/// Only these say by themselves that a name is a business's.
const SURELY_FIRMS: &[&str] = &["llc", "inc", "incorporated", "corp", "corporation", "ltd", "llp", "pllc"];
/// Days that stand for "not known".
const NO_BIRTHS: &[&str] = &["19000101", "19010101", "19110101", "19111111", "18991231", "19700101", "11111111"];

impl Person {
    /// Of everything that the profiles of one source record say, the newest last. `ours` are the store's own points, which tell nothing.
    #[must_use]
    pub fn of(profiles: &[&Profile], ours: &StorePoints) -> Self {
        let mut person = Self::default();
        for profile in profiles {
            person.named(&profile.name);
            for point in points(profile, ours) {
                match point {
                    Point::Number { source, number } => add(&mut person.numbers, (source, number)),
                    Point::Email(email) => person.mailed(&email),
                    Point::Phone(phone) => person.phoned(&phone),
                }
            }
            person.lives(&profile.address);
            if let Some(birth) = profile.birth {
                person.born(&birth.to_string());
            }
        }
        person
    }

    /// The same in half the room: for a base of which everybody is held at once.
    #[must_use]
    pub fn tight(mut self) -> Self {
        self.names.shrink_to_fit();
        self.phones.shrink_to_fit();
        self.mails.shrink_to_fit();
        self.births.shrink_to_fit();
        self.places.shrink_to_fit();
        self.numbers.shrink_to_fit();
        self
    }

    /// Of a row of a table as it was written, however badly: what a parser would refuse can still be a slip of what is right.
    #[must_use]
    pub fn written(row: &Written) -> Self {
        let mut person = Self::default();
        person.named(&PersonName { first: row.first_name.clone(), last: row.last_name.clone(), ..PersonName::default() });
        match Phone::parse(&row.phone) {
            Some(phone) if is_nobodys(&phone) => {}
            Some(phone) => person.phoned(&phone),
            None => person.dialled(&row.phone),
        }
        match Email::parse(&row.email) {
            Some(email) if !email.is_shared() => person.mailed(&email),
            Some(_) => {}
            None => person.wrote_from(&row.email.trim().to_lowercase()),
        }
        let line1 = format!("{} {}", row.street_number, row.street);
        let address = Address {
            line1: line1.trim().to_owned(),
            line2: row.street2.clone(),
            city: row.city.clone(),
            region: row.region.clone(),
            postal_code: row.postcode.clone(),
            country: String::new(),
        };
        person.lives(&address);
        person.born(&row.birth_date);
        person
    }

    /// Whether anything at all can be compared.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn is_business(&self) -> bool {
        !self.firm.is_empty()
    }

    fn named(&mut self, name: &PersonName) {
        let whole = if name.full.is_empty() { format!("{} {}", name.first, name.last) } else { name.full.clone() };
        let words = folded_words(&whole);
        if name.is_business || words.last().is_some_and(|w| SURELY_FIRMS.contains(&w.as_str())) {
            self.firm = words.iter().filter(|w| !LEGAL_FORMS.contains(&w.as_str())).map(String::as_str).collect();
            return;
        }
        let parted = if name.first.trim().is_empty() && name.last.trim().is_empty() { without_generation(&name.full) } else { name.clone() };
        let mut generation = generation(&parted.suffix).or_else(|| generation(&name.suffix));
        let mut last_parts = folded_words(&parted.last);
        if last_parts.len() > 1
            && let Some(said) = last_parts.last().and_then(|w| self::generation(w))
        {
            generation = generation.or(Some(said));
            last_parts.pop();
        }
        let last = no_placeholder(last_parts.concat());
        if last_parts.len() < 2 {
            last_parts.clear();
        }
        let couple = parted.first.replace(" and ", "&").replace(" AND ", "&");
        let firsts: Vec<&str> = couple.split('&').filter(|part| !part.trim().is_empty()).collect();
        for first in if firsts.is_empty() { vec![""] } else { firsts } {
            let mut words = folded_words(first).into_iter();
            let mut own = words.next().unwrap_or_default();
            let mut middle = folded(&parted.middle);
            // "J Robert" goes by Robert; "Robert J" has a middle name; "Rob ert" is one word with a gap too many.
            for word in words {
                if word.len() == 1 && middle.is_empty() {
                    middle = word;
                } else {
                    own.push_str(&word);
                }
            }
            let first = no_placeholder(own);
            if !first.is_empty() || !last.is_empty() {
                add(&mut self.names, Name { first, middle, last: last.clone(), last_parts: last_parts.clone(), generation });
            }
        }
    }

    fn phoned(&mut self, phone: &Phone) {
        add(&mut self.phones, phone.digits().to_owned());
    }

    /// A number that cannot be one: too short by a slip, or of a plan we do not know.
    fn dialled(&mut self, text: &str) {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_filler = digits.bytes().all(|b| Some(b) == digits.bytes().next()) || "12345678901".starts_with(&digits) || digits.ends_with("5551212");
        if (7..=13).contains(&digits.len()) && !is_filler && !digits.ends_with("0000000") {
            add(&mut self.phones, digits);
        }
    }

    fn mailed(&mut self, email: &Email) {
        self.wrote_from(email.as_str());
    }

    fn wrote_from(&mut self, address: &str) {
        let mail = mail(address);
        if !mail.local.is_empty() && !mail.domain.is_empty() {
            add(&mut self.mails, mail);
        }
    }

    fn lives(&mut self, address: &Address) {
        let mut place = Place {
            house: House::of(&address.line1, &address.line2),
            city: folded(&address.city),
            region: folded(&address.region),
            zip: zip(&address.postal_code).unwrap_or_else(|| folded(&address.postal_code)),
            home: None,
        };
        if place != Place::default() {
            place.home = of_address(address);
            add(&mut self.places, place);
        }
    }

    /// Reads `19560409`, `1956-04-09` and the American `04/09/1956`.
    fn born(&mut self, text: &str) {
        let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
        let digits = match parts.as_slice() {
            [whole] => (*whole).to_owned(),
            [year, month, day, ..] if year.len() == 4 => format!("{year}{month:0>2}{day:0>2}"),
            [month, day, year, ..] => format!("{year}{month:0>2}{day:0>2}"),
            [] | [_, _] => return,
        };
        if !NO_BIRTHS.contains(&digits.as_str())
            && let Ok(digits) = <[u8; 8]>::try_from(digits.as_bytes())
        {
            add(&mut self.births, digits);
        }
    }
}

/// An address without what its provider passes over: the tag behind a plus, the dots of gmail. Empty when it is none.
pub(super) fn mail(address: &str) -> Mail {
    let Some((local, domain)) = address.split_once('@') else { return Mail::default() };
    let local = local.split('+').next().unwrap_or(local);
    let domain = if domain == "googlemail.com" { "gmail.com" } else { domain };
    let local = if domain == "gmail.com" { local.replace('.', "") } else { local.to_owned() };
    Mail { local, domain: domain.to_owned() }
}

/// One row as it was written. What is not known is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    pub first_name: String,
    pub last_name: String,
    pub phone: String,
    pub email: String,
    pub street_number: String,
    pub street: String,
    pub street2: String,
    pub city: String,
    pub region: String,
    pub postcode: String,
    pub birth_date: String,
}

fn add<T: PartialEq>(to: &mut Vec<T>, value: T) {
    if !to.contains(&value) {
        to.push(value);
    }
}

fn no_placeholder(name: String) -> String {
    if NO_NAMES.contains(&name.as_str()) { String::new() } else { name }
}

/// "Robert Whitfield Jr": the last word is no surname.
fn without_generation(full: &str) -> PersonName {
    let trimmed = full.trim().trim_end_matches('.');
    match trimmed.rsplit_once([' ', ',']) {
        Some((before, last)) if generation(last).is_some() && before.split_whitespace().count() > 1 => {
            PersonName { suffix: last.to_owned(), ..PersonName::from_full(before.trim_end_matches(',')) }
        }
        Some(_) | None => PersonName::from_full(full),
    }
}

fn generation(suffix: &str) -> Option<Generation> {
    match folded(suffix).as_str() {
        "sr" | "senior" => Some(Generation::Senior),
        "jr" | "junior" | "ii" | "2nd" => Some(Generation::Junior),
        "iii" | "3rd" => Some(Generation::Third),
        "iv" | "4th" => Some(Generation::Fourth),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(full: &str) -> Vec<(String, String, Option<Generation>)> {
        let mut person = Person::default();
        person.named(&PersonName { full: full.into(), ..PersonName::default() });
        person.names.into_iter().map(|n| (n.first, n.last, n.generation)).collect()
    }

    fn name(first: &str, last: &str) -> (String, String, Option<Generation>) {
        (first.to_owned(), last.to_owned(), None)
    }

    #[test]
    fn a_name_is_taken_apart_and_folded() {
        assert_eq!(named("Whitfield, DANA"), vec![name("dana", "whitfield")]);
        assert_eq!(named("José Núñez"), vec![name("jose", "nunez")]);
        assert_eq!(named("Robert & Susan Cole")[0], name("robert", "cole"));
        assert_eq!(named("Robert Whitfield Jr."), vec![("robert".into(), "whitfield".into(), Some(Generation::Junior))]);
        assert_eq!(named("Unknown"), vec![]);
    }

    #[test]
    fn a_couple_written_as_one_is_two() {
        let mut person = Person::default();
        person.named(&PersonName { first: "Robert & Susan".into(), last: "Cole".into(), ..PersonName::default() });
        assert_eq!(person.names.iter().map(|n| n.first.as_str()).collect::<Vec<_>>(), ["robert", "susan"]);
    }

    #[test]
    fn a_legal_form_makes_a_business_and_is_no_part_of_its_name() {
        let mut person = Person::default();
        person.named(&PersonName { full: "The Whitfield Plumbing Co. LLC".into(), ..PersonName::default() });
        assert_eq!((person.firm.as_str(), person.names.len()), ("whitfieldplumbing", 0));
    }

    #[test]
    fn a_row_is_read_however_badly_it_was_written() {
        let row = Written { phone: "207 555 01".into(), email: "dana@@example".into(), birth_date: "19561309".into(), ..Written::default() };
        let person = Person::written(&row);
        assert_eq!(person.phones, ["20755501"]);
        assert_eq!(person.births, [*b"19561309"]);
        assert_eq!(person.mails.len(), 1);
    }

    #[test]
    fn a_day_of_birth_is_read_in_three_forms_and_a_filler_in_none() {
        for text in ["19560409", "1956-04-09", "04/09/1956", "4/9/1956", "1956-04-09T00:00:00"] {
            assert_eq!(Person::written(&Written { birth_date: text.into(), ..Written::default() }).births, [*b"19560409"], "{text}");
        }
        for text in ["", "1900-01-01", "01/01/1900", "n/a", "1956"] {
            assert!(Person::written(&Written { birth_date: text.into(), ..Written::default() }).is_blank(), "{text}");
        }
    }

    #[test]
    fn fillers_where_something_was_required_say_nothing() {
        for phone in ["0000000000", "9999999999", "1234567890", "207-555-1212", "none"] {
            assert!(Person::written(&Written { phone: phone.into(), ..Written::default() }).is_blank(), "{phone}");
        }
        for email in ["none@example.com", "x1@messages.cargurus.com", "n/a", "@"] {
            assert!(Person::written(&Written { email: email.into(), ..Written::default() }).is_blank(), "{email}");
        }
    }
}
