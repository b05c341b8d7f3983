//! A vehicle identification number: 17 characters, whether its check digit holds, and which years it may name.

use std::fmt;

/// 17 characters without I, O and Q, upper case.
///
/// A failing check digit does not refuse the number: public feeds carry such numbers for real cars, and outside North America the digit
/// is not mandatory (49 CFR 565.15). [`Vin::check_digit_holds`] says which it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Vin(String);

impl Vin {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(text).ok()
    }

    /// The number, or why it is none. A check digit that fails is no reason: see [`Vin::fault`].
    pub fn read(text: &str) -> Result<Self, Fault> {
        let plain: Vec<char> = plain(text).collect();
        if plain.len() != LENGTH {
            return Err(Fault::Length { found: plain.len() });
        }
        let wrong = plain.iter().position(|c| u8::try_from(*c).ok().and_then(value).is_none());
        if let Some((at, found)) = wrong.and_then(|at| Some((at, *plain.get(at)?))) {
            return Err(Fault::Character { place: at + 1, found });
        }
        // Seventeen ones do hold their digit and stand in print as the test number.
        let first = plain.first().copied().unwrap_or_default();
        let is_placeholder = first != '1' && plain.iter().all(|c| *c == first);
        if is_placeholder { Err(Fault::Placeholder) } else { Ok(Self(plain.into_iter().collect())) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last eight characters: model year, plant and serial, what people read aloud.
    #[must_use]
    pub fn tail(&self) -> &str {
        &self.0[9..]
    }

    #[must_use]
    pub fn check_digit_holds(&self) -> bool {
        self.0.as_bytes()[8] == check_digit(&self.0)
    }

    /// What is wrong with it by the rules of where it was given. Only in North America the digit must hold.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        let must_hold = self.is_north_american() && !self.check_digit_holds();
        must_hold.then(|| Fault::CheckDigit { found: char::from(self.0.as_bytes()[8]), expected: char::from(check_digit(&self.0)) })
    }

    /// Given to a maker in the United States, Canada or Mexico. Source: ISO 3780; 7F to 70 went to the United States later.
    #[must_use]
    pub fn is_north_american(&self) -> bool {
        match self.0.as_bytes() {
            [b'1'..=b'5', ..] => true,
            [b'7', second, ..] => !(b'A'..=b'E').contains(second),
            _ => false,
        }
    }

    /// The two model years that the tenth character may mean, the likelier first; `None` where it means none.
    ///
    /// The letters come again after 30 years. Cars and light trucks tell the turns apart by the seventh character: a digit until 2009, a
    /// letter from 2010 (49 CFR 565.15(d)). Heavy trucks and makers elsewhere need not.
    #[must_use]
    pub fn model_years(&self) -> Option<[u16; 2]> {
        const CODES: &[u8] = b"ABCDEFGHJKLMNPRSTVWXY123456789";
        let code = self.0.as_bytes()[9];
        let turn = u16::try_from(CODES.iter().position(|c| *c == code)?).ok()?;
        let (early, late) = (1980 + turn, 2010 + turn);
        Some(if self.0.as_bytes()[6].is_ascii_digit() { [early, late] } else { [late, early] })
    }

    /// The number with its ninth character made to hold, for cars that we make up.
    #[must_use]
    pub fn with_check_digit(text: &str) -> Option<Self> {
        let mut vin = Self::parse(text)?;
        let digit = char::from(check_digit(&vin.0));
        vin.0.replace_range(8..9, digit.encode_utf8(&mut [0; 4]));
        Some(vin)
    }
}

const LENGTH: usize = 17;

/// The characters of a number as somebody wrote it, upper case, without what only parts it.
pub fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{2022}')).map(|c| c.to_ascii_uppercase())
}

/// Why a text is no sound vehicle number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Length {
        found: usize,
    },
    /// I, O, Q, or what is neither letter nor digit.
    Character {
        /// The first character is 1.
        place: usize,
        found: char,
    },
    /// One character seventeen times.
    Placeholder,
    /// Its ninth character is not what the others sum to.
    CheckDigit {
        found: char,
        expected: char,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { found: 0 } => write!(f, "it is empty"),
            Self::Length { found } => write!(f, "it has {found} characters instead of {LENGTH}"),
            Self::Character { place, found: found @ ('I' | 'O' | 'Q') } => {
                write!(f, "character {place} is {found}; a VIN has no I, O or Q")
            }
            Self::Character { place, found } => write!(f, "character {place} is {found:?}; a VIN has only letters and digits"),
            Self::Placeholder => write!(f, "one character repeated stands for no car"),
            Self::CheckDigit { found, expected } => write!(f, "its check digit, character 9, is {found} and should be {expected}"),
        }
    }
}

/// Source: 49 CFR 565.15(c), transliteration and weights; the ninth place weighs nothing.
fn check_digit(vin: &str) -> u8 {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let sum: u32 = vin.bytes().zip(WEIGHTS).map(|(b, w)| value(b).unwrap_or(0) * w).sum();
    match sum % 11 {
        10 => b'X',
        n => b'0' + u8::try_from(n).unwrap_or(0),
    }
}

fn value(b: u8) -> Option<u32> {
    Some(match b {
        b'0'..=b'9' => u32::from(b - b'0'),
        b'A' | b'J' => 1,
        b'B' | b'K' | b'S' => 2,
        b'C' | b'L' | b'T' => 3,
        b'D' | b'M' | b'U' => 4,
        b'E' | b'N' | b'V' => 5,
        b'F' | b'W' => 6,
        b'G' | b'P' | b'X' => 7,
        b'H' | b'Y' => 8,
        b'R' | b'Z' => 9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_number_is_given_the_digit_that_holds() {
        let vin = Vin::with_check_digit("1HGCM82603A004352").unwrap();
        assert_eq!(vin.as_str(), "1HGCM82633A004352");
        assert!(vin.check_digit_holds());
    }

    #[test]
    fn check_digits_agree_with_numbers_in_print() {
        for vin in [
            "1M8GDM9AXKP042788",
            "11111111111111111",
            "1HGCM82633A004352",
            "5GZCZ43D13S812715",
            "2G4WF52L6S1472882",
            "1HD1ZH110PB311358",
            "1FADP5AU6DL536022",
        ] {
            assert_eq!(Vin::parse(vin).map(|v| v.check_digit_holds()), Some(true), "{vin}");
        }
        for vin in ["1HGCM82633A123456", "1FTEW1EP7MFA12345"] {
            assert_eq!(Vin::parse(vin).map(|v| v.check_digit_holds()), Some(false), "{vin}");
        }
    }

    #[test]
    fn seventeen_characters_without_i_o_q() {
        for text in ["", "1HGCM82633A00435", "1HGCM82633A0O4352", "00000000000000000"] {
            assert_eq!(Vin::parse(text), None, "{text}");
        }
        assert_eq!(Vin::parse("1hgcm826 33a004352").map(|v| v.tail().to_owned()), Some("3A004352".to_owned()));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, fault) in [
            ("", Fault::Length { found: 0 }),
            ("1HGCM82633A00435", Fault::Length { found: 16 }),
            ("1HGCM82633A0O4352", Fault::Character { place: 13, found: 'O' }),
            ("1HGCM82633A0\u{fc}4352", Fault::Character { place: 13, found: '\u{fc}' }),
            ("00000000000000000", Fault::Placeholder),
        ] {
            assert_eq!(Vin::read(text), Err(fault), "{text}");
        }
        let digit = Vin::parse("1HGCM82633A123456").and_then(|v| v.fault());
        assert_eq!(digit.map(|f| f.to_string()).as_deref(), Some("its check digit, character 9, is 3 and should be 7"));
    }

    #[test]
    fn outside_north_america_the_digit_may_be_anything() {
        for (vin, north_american) in
            [("WVWZZZ1KZAW000001", false), ("7SYYGDEE5PA000001", true), ("7A8AG0A00PA000001", false), ("JHMFB4F37CS003478", false)]
        {
            let vin = Vin::parse(vin).unwrap();
            assert_eq!((vin.is_north_american(), vin.check_digit_holds(), vin.fault().is_some()), (north_american, false, north_american), "{vin:?}");
        }
    }

    #[test]
    fn the_seventh_character_tells_which_turn_of_the_years() {
        for (vin, years) in [
            ("1M8GDM9AXKP042788", Some([1989, 2019])),
            ("1FADP5AU6DL536022", Some([2013, 1983])),
            ("5GZCZ43D13S812715", Some([2003, 2033])),
            ("WVWZZZ1KZUW000001", None),
        ] {
            assert_eq!(Vin::parse(vin).unwrap().model_years(), years, "{vin}");
        }
    }
}
