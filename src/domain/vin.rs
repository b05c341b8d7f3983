//! A vehicle identification number: 17 characters, and whether its check digit holds.

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
        let vin: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{2022}')).map(|c| c.to_ascii_uppercase()).collect();
        let shaped = vin.len() == 17 && vin.bytes().all(|b| value(b).is_some());
        let placeholder = vin.bytes().all(|b| Some(&b) == vin.as_bytes().first()) && !vin.starts_with('1');
        (shaped && !placeholder).then_some(Self(vin))
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

    /// The number with its ninth character made to hold, for cars that we make up.
    #[must_use]
    pub fn with_check_digit(text: &str) -> Option<Self> {
        let mut vin = Self::parse(text)?;
        let digit = char::from(check_digit(&vin.0));
        vin.0.replace_range(8..9, digit.encode_utf8(&mut [0; 4]));
        Some(vin)
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
}
