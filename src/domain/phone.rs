//! A telephone number in E.164. Extensions and the words around a number are not part of it.

use phonenumber::{Mode, country};

/// E.164, for example `+12075550148`. Debug output shows the last two digits only: numbers do not belong in logs.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Reads a number as people write it, US when no country is given.
    /// Placeholders that senders put where a number is required are no numbers: all digits alike, `(000) 000-0000`, `123-456-7890`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
        if !(10..=18).contains(&digits.len()) || text.len() > 60 {
            return None;
        }
        if let Some(ten) = plain_us(text, &digits) {
            return Self::checked_us(ten);
        }
        let number = phonenumber::parse(Some(country::US), text).ok()?;
        if phonenumber::metadata::DATABASE.by_code(&number.code().value()).is_none_or(|m| m.is_empty()) {
            return None;
        }
        let e164 = number.format().mode(Mode::E164).to_string();
        let national = e164.strip_prefix("+1");
        let e164 = e164.split(';').next()?.to_owned();
        match national {
            Some(n) => Self::checked_us(n.as_bytes().get(..10)?),
            None if (8..=16).contains(&e164.len()) => Some(Self(e164)),
            None => None,
        }
    }

    /// The North American plan: `NXX NXX XXXX` with N from 2 to 9, no N11 codes, no digit ten times over.
    fn checked_us(ten: &[u8]) -> Option<Self> {
        let ok = ten.len() == 10
            && matches!(ten[0], b'2'..=b'9')
            && matches!(ten[3], b'2'..=b'9')
            && &ten[1..3] != b"11"
            && &ten[4..6] != b"11"
            && ten.iter().any(|d| *d != ten[0]);
        ok.then(|| Self(format!("+1{}", String::from_utf8_lossy(ten))))
    }

    /// A number already in E.164, as the store keeps it.
    #[must_use]
    pub fn from_e164(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+')?;
        (digits.bytes().all(|b| b.is_ascii_digit()) && (7..=15).contains(&digits.len())).then(|| Self(text.to_owned()))
    }

    #[must_use]
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// `(207) 555-0148`; other countries keep the plus.
    #[must_use]
    pub fn display(&self) -> String {
        match self.0.strip_prefix("+1") {
            Some(n) if n.len() == 10 => format!("({}) {}-{}", &n[..3], &n[3..6], &n[6..]),
            Some(_) | None => self.0.clone(),
        }
    }

    /// The digits after the country code's plus, for fragments typed into search.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.strip_prefix("+1").unwrap_or(&self.0[1..])
    }
}

/// The ten digits of a US number written with the usual marks and nothing else: no table is needed for those.
fn plain_us<'d>(text: &str, digits: &'d [u8]) -> Option<&'d [u8]> {
    let usual = |b: u8| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'(' | b')' | b'.' | b'+' | b'/');
    if !text.bytes().all(usual) {
        return None;
    }
    match (digits.len(), digits.first(), text.starts_with('+')) {
        (10, _, false) => Some(digits),
        (11, Some(b'1'), _) => Some(&digits[1..]),
        _ => None,
    }
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Phone(…{})", &self.0[self.0.len().saturating_sub(2)..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_number_however_it_is_written() {
        for text in ["(207) 555-0148", "207.555.0148", "1-207-555-0148", "+1 207 555 0148", "2075550148", "207-555-0148 x12", "tel: 207 555 0148"] {
            assert_eq!(Phone::parse(text).map(|p| p.0), Some("+12075550148".to_owned()), "{text}");
        }
        assert_eq!(Phone::parse("+49 30 901820").map(|p| p.0), Some("+4930901820".to_owned()));
    }

    #[test]
    fn placeholders_and_fragments_are_no_numbers() {
        for text in ["", "(000) 000-0000", "1111111111", "555-0148", "none", "207-155-0148", "123-456-7890", "911-555-0100"] {
            assert_eq!(Phone::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_does_not_reach_a_log() {
        assert_eq!(format!("{:?}", Phone::parse("2075550148")), "Some(Phone(…48))");
    }
}
