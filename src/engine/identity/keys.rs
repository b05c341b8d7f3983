//! Where in the store do we look for somebody who may be this one?

use super::{
    compare::mail_text,
    home::home,
    person::{Person, mail},
    points::{Point, StorePoints, points},
};
use crate::domain::{customer::Customer, email::Email, phone::Phone, profile::Profile};

/// Something exact under which a person is found. The store keeps its keyed hash, never the value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Number {
        source: String,
        number: String,
    },
    Email(String),
    /// The digits of a phone; of a number of another country with its code.
    Phone(String),
    /// A day of birth with how the surname sounds.
    Born(String),
    Home(String),
    /// All that one source said of somebody it gave no number: the same word again is the same record.
    Word(String),
}

impl Key {
    #[must_use]
    pub fn number(source: &str, number: &str) -> Self {
        Self::Number { source: source.to_owned(), number: number.to_owned() }
    }

    #[must_use]
    pub fn phone(phone: &Phone) -> Self {
        Self::Phone(phone.digits().to_owned())
    }

    #[must_use]
    pub fn email(email: &Email) -> Self {
        Self::Email(mail_text(&mail(email.as_str())))
    }

    /// Where a customer lives; `None` for a business, and for an address that is not full.
    #[must_use]
    pub fn home(customer: &Customer) -> Option<Self> {
        home(customer).map(Self::Home)
    }

    /// By what a source's record of somebody is known when it comes again: its number there, else its very words.
    #[must_use]
    pub fn record(profile: &Profile) -> Self {
        let by_number = points(profile, &StorePoints::default()).into_iter().find_map(|point| match point {
            Point::Number { source, number } => Some(Self::Number { source, number }),
            Point::Email(_) | Point::Phone(_) => None,
        });
        by_number.unwrap_or_else(|| {
            let name = &profile.name;
            let phones = profile.phones.iter().map(Phone::e164);
            let emails = profile.emails.iter().map(Email::as_str);
            let address = &profile.address;
            let words = [&profile.source.name, &name.first, &name.middle, &name.last, &name.suffix, &name.full, &address.line1, &address.postal_code];
            Self::Word(words.into_iter().map(String::as_str).chain(phones).chain(emails).collect::<Vec<_>>().join("\u{1f}"))
        })
    }

    /// What kind of key it is, and its text: together they are what the store hashes.
    #[must_use]
    pub fn parts(&self) -> (&'static str, String) {
        match self {
            Self::Number { source, number } => ("number", format!("{source}\u{1f}{number}")),
            Self::Email(address) => ("email", address.clone()),
            Self::Phone(digits) => ("phone", digits.clone()),
            Self::Born(day) => ("born", day.clone()),
            Self::Home(address) => ("home", address.clone()),
            Self::Word(words) => ("word", words.clone()),
        }
    }
}

/// A source that says more than this is a list of phones and not a person.
const MOST_KEYS: usize = 8;

/// The exact keys under which somebody who may be this person is found, in falling sureness, at most eight.
#[must_use]
pub fn keys(person: &Person) -> Vec<Key> {
    let numbers = person.numbers.iter().map(|(source, number)| Key::Number { source: source.clone(), number: number.clone() });
    let mails = person.mails.iter().map(|mail| Key::Email(mail_text(mail)));
    let phones = person.phones.iter().cloned().map(Key::Phone);
    let births = person.births.iter().flat_map(|day| {
        let sounds = person.names.iter().filter(|n| !n.last.is_empty()).map(|n| super::words::sound(&n.last));
        sounds.map(|sound| Key::Born(format!("{} {sound}", String::from_utf8_lossy(day)))).collect::<Vec<_>>()
    });
    let homes = person.places.iter().filter_map(|place| place.home.clone()).map(Key::Home);
    let mut found: Vec<Key> = Vec::new();
    for key in numbers.chain(mails.take(3)).chain(phones.take(3)).chain(births.take(1)).chain(homes.take(2)) {
        if !found.contains(&key) && found.len() < MOST_KEYS {
            found.push(key);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{address::Address, birth::BirthDate, profile::SourceKind},
        engine::{
            identity::StorePoints,
            sample::{email, now, phone, profile},
        },
    };

    #[test]
    fn the_surest_come_first_and_are_few() {
        let mut dana = profile(SourceKind::Dms, "DealerVault", now());
        dana.name.last = "Whitfield".into();
        dana.number = Some("00417".into());
        dana.emails = (1..6).map(|n| email(&format!("dana{n}@example.com"))).collect();
        dana.phones = (1..6).map(|n| phone(&format!("207555014{n}"))).collect();
        dana.birth = BirthDate::parse("1956-04-09");
        dana.address = Address { line1: "84 Stevens Avenue".into(), postal_code: "04102".into(), ..Address::default() };
        let found = keys(&Person::of(&[&dana], &StorePoints::default()));
        assert_eq!(found.len(), 8);
        assert_eq!(found[0], Key::Number { source: "DealerVault".into(), number: "00417".into() });
        assert_eq!(found[1], Key::Email("dana1@example.com".into()));
        assert_eq!(found[4], Key::Phone("2075550141".into()));
        assert!(matches!(&found[7], Key::Born(said) if said.starts_with("19560409")));
    }

    #[test]
    fn one_home_is_one_key_however_it_was_written() {
        let home = |line1: &str| {
            let mut dana = profile(SourceKind::Dms, "DealerVault", now());
            dana.address = Address { line1: line1.into(), postal_code: "04102".into(), ..Address::default() };
            keys(&Person::of(&[&dana], &StorePoints::default()))
        };
        assert_eq!(home("84 Stevens Avenue Apt 2"), home("84 STEVENS AVE #2"));
        assert_eq!(home("PO Box 84"), vec![]);
    }
}
