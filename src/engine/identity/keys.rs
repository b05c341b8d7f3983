//! Where in the store do we look for somebody who may be this one?

use super::{compare::mail_text, person::Person};

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
