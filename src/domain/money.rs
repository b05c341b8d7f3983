//! Money in whole cents, rates in basis points: never a float.

/// US cents; may be negative (negative equity).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Cents(pub i64);

/// Hundredths of a percent: 6.9 % is 690.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Bps(pub i32);

impl Cents {
    /// Reads what price columns and tags carry: `27650`, `$27,650.00`, `10499 USD`, `10,956.00 USD`, `(1,250)`.
    /// `None` when there is no number, so that a missing cost never turns into a cost of zero.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let negative = text.starts_with('-') || text.starts_with('\u{2212}') || (text.starts_with('(') && text.ends_with(')'));
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let mut whole: i64 = 0;
        let mut cents: i64 = 0;
        let mut decimals = None;
        for c in text[start..].chars() {
            match (c, decimals) {
                ('0'..='9', None) => whole = whole.checked_mul(10)?.checked_add(i64::from(c as u8 - b'0'))?,
                ('0'..='9', Some(n @ 0..=1)) => {
                    cents = cents * 10 + i64::from(c as u8 - b'0');
                    decimals = Some(n + 1);
                }
                ('0'..='9', Some(_)) | (',' | '\'', None) => {}
                ('.', None) => decimals = Some(0),
                _ => break,
            }
        }
        if decimals == Some(1) {
            cents *= 10;
        }
        let value = whole.checked_mul(100)?.checked_add(cents)?;
        Some(Self(if negative { -value } else { value }))
    }
}

impl std::fmt::Display for Cents {
    /// `$27,650`, or `$27,650.50` when there are cents.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whole = grouped(self.0.unsigned_abs() / 100);
        let cents = self.0.unsigned_abs() % 100;
        let sign = if self.0 < 0 { "\u{2212}" } else { "" };
        if cents == 0 { write!(f, "{sign}${whole}") } else { write!(f, "{sign}${whole}.{cents:02}") }
    }
}

/// `61240` as `61,240`.
#[must_use]
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_read_however_it_is_written() {
        for (text, cents) in [
            ("27650", 2_765_000),
            ("$27,650.00", 2_765_000),
            ("10499 USD", 1_049_900),
            ("10,956.5 USD", 1_095_650),
            ("-12.34", -1_234),
            ("(1,250)", -125_000),
            ("0", 0),
            ("0.005", 0),
        ] {
            assert_eq!(Cents::parse(text), Some(Cents(cents)), "{text}");
        }
    }

    #[test]
    fn no_number_is_not_zero() {
        for text in ["", "call", "N/A", "$", "99999999999999999999"] {
            assert_eq!(Cents::parse(text), None, "{text}");
        }
    }

    #[test]
    fn money_is_shown_with_a_true_minus() {
        assert_eq!(Cents(2_765_000).to_string(), "$27,650");
        assert_eq!(Cents(-230_050).to_string(), "\u{2212}$2,300.50");
    }
}
