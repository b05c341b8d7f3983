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
