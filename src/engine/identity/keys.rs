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
