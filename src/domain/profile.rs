//! What one source said of a person, kept as it was.

use super::{address::Address, birth::BirthDate, consent::ConsentFact, email::Email, phone::Phone, time::At, vehicle::CarFacts, vin::Vin};

/// Where a profile came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    Lead,
    Import,
    Staff,
    Dms,
    /// Written by a newer Headlight.
    #[serde(other)]
    Unknown,
}

impl SourceKind {
    /// Who wins when two sources of equal age disagree: the DMS over staff, staff over a list, a list over a form.
    #[must_use]
    pub fn trust(self) -> u8 {
        match self {
            Self::Dms => 4,
            Self::Staff => 3,
            Self::Import => 2,
            Self::Lead => 1,
            Self::Unknown => 0,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Source {
    pub kind: SourceKind,
    /// The sender or system by name: "Cars.com", "DealerVault SL".
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct PersonName {
    pub first: String,
    pub middle: String,
    pub last: String,
    pub suffix: String,
    /// As given in one piece, or a business name.
    pub full: String,
    pub is_business: bool,
}

impl PersonName {
    /// A name given in one piece: the last word is the surname, `Last, First` is turned round.
    #[must_use]
    pub fn from_full(text: &str) -> Self {
        let full = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((last, rest)) = full.split_once(',') {
            let (last, rest) = (last.trim().to_owned(), rest.trim());
            let (first, middle) = rest.split_once(' ').unwrap_or((rest, ""));
            return Self { first: first.to_owned(), middle: middle.to_owned(), last, full, ..Self::default() };
        }
        let words: Vec<&str> = full.split(' ').collect();
        let (first, middle, last) = match words.as_slice() {
            [] | [""] => ("", String::new(), ""),
            [only] => (*only, String::new(), ""),
            [first, .., last] => (*first, words[1..words.len() - 1].join(" "), *last),
        };
        let (first, last) = (first.to_owned(), last.to_owned());
        Self { first, middle, last, full, ..Self::default() }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first.is_empty() && self.last.is_empty() && self.full.is_empty()
    }

    /// As given; `None` when the source gave no name.
    #[must_use]
    pub fn display(&self) -> Option<String> {
        if self.is_business && !self.full.is_empty() {
            return Some(self.full.clone());
        }
        let parts: Vec<&str> = [&self.first, &self.last, &self.suffix].into_iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
        if parts.is_empty() { (!self.full.is_empty()).then(|| self.full.clone()) } else { Some(parts.join(" ")) }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Profile {
    pub source: Source,
    /// When the source said it.
    pub at: At,
    #[serde(default)]
    pub name: PersonName,
    /// First is the preferred one.
    #[serde(default)]
    pub phones: Vec<Phone>,
    #[serde(default)]
    pub emails: Vec<Email>,
    #[serde(default)]
    pub address: Address,
    /// The customer number in the source system, text because of leading zeros.
    #[serde(default)]
    pub number: Option<String>,
    #[serde(default)]
    pub consent: Vec<ConsentFact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<BirthDate>,
    /// Words a store sorts its people by, as the source had them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Values of fields the store defined itself: the field's key, and the value as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, String)>,
    /// What the source said beside all that, a line each: columns without a place of their own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remarks: String,
    /// A car that is named beside them and known by its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub car: Option<Box<NamedCar>>,
}

/// A car as a list of people names it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct NamedCar {
    pub vin: Vin,
    #[serde(default)]
    pub facts: CarFacts,
}

impl Profile {
    /// A source that has said nothing yet.
    #[must_use]
    pub fn new(source: Source, at: At) -> Self {
        Self {
            source,
            at,
            name: PersonName::default(),
            phones: vec![],
            emails: vec![],
            address: Address::default(),
            number: None,
            consent: vec![],
            birth: None,
            tags: vec![],
            fields: vec![],
            remarks: String::new(),
            car: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_one_piece_is_parted_where_people_part_it() {
        for (text, first, middle, last) in [
            ("Dana Whitfield", "Dana", "", "Whitfield"),
            ("Whitfield, Dana R", "Dana", "R", "Whitfield"),
            ("Cher", "Cher", "", ""),
            ("Ana Maria de la Cruz", "Ana", "Maria de la", "Cruz"),
            ("", "", "", ""),
        ] {
            let name = PersonName::from_full(text);
            assert_eq!((name.first.as_str(), name.middle.as_str(), name.last.as_str()), (first, middle, last), "{text}");
        }
    }
}
