//! What a store wants to know of its customers beside what everybody does: fields it defined itself, each of one kind.

use super::money::Cents;

/// A field the store defined.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Field {
    /// Letters, digits and dashes; never changed, for values are kept under it.
    pub key: String,
    pub label: String,
    pub kind: FieldKind,
    /// Of a choice: what may be chosen.
    #[serde(default)]
    pub choices: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    Number,
    Money,
    /// Stored as `2026-11-24`.
    Date,
    YesNo,
    Choice,
    #[serde(other)]
    Text,
}

impl Field {
    pub const LABEL_MOST_CHARS: usize = 60;
    pub const VALUE_MOST_CHARS: usize = 500;

    /// What a value is, in a sentence for whoever gave one that is not.
    #[must_use]
    pub fn takes(&self) -> String {
        let label = &self.label;
        match self.kind {
            FieldKind::Text => format!("{label} takes up to {} characters.", Self::VALUE_MOST_CHARS),
            FieldKind::Number => format!("{label} is a number."),
            FieldKind::Money => format!("{label} is an amount of money, such as $1,250."),
            FieldKind::Date => format!("{label} is a date, such as 11/24/2026."),
            FieldKind::YesNo => format!("{label} is yes or no."),
            FieldKind::Choice => format!("{label} is one of {}.", self.choices.join(", ")),
        }
    }

    /// A value as it is kept: the same value is the same text however it was typed. The error is a sentence; an empty value is none.
    pub fn read(&self, text: &str) -> Result<String, String> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Ok(text);
        }
        if text.chars().count() > Self::VALUE_MOST_CHARS {
            return Err(format!("{} takes up to {} characters.", self.label, Self::VALUE_MOST_CHARS));
        }
        match self.kind {
            FieldKind::Text => Ok(text),
            FieldKind::Number => {
                let plain = text.replace(',', "");
                let is_number = plain.parse::<f64>().is_ok_and(f64::is_finite) && !plain.contains(['e', 'E', 'n', 'N']);
                if is_number { Ok(plain) } else { Err(self.takes()) }
            }
            FieldKind::Money => {
                let cents = Cents::parse(&text).ok_or_else(|| self.takes())?;
                let sign = if cents.0 < 0 { "-" } else { "" };
                Ok(format!("{sign}{}.{:02}", cents.0.abs() / 100, cents.0.abs() % 100))
            }
            FieldKind::Date => date(&text).ok_or_else(|| self.takes()),
            FieldKind::YesNo => match text.to_lowercase().as_str() {
                "yes" | "y" | "true" | "1" | "x" => Ok("yes".to_owned()),
                "no" | "n" | "false" | "0" => Ok("no".to_owned()),
                _ => Err(self.takes()),
            },
            FieldKind::Choice => {
                let found = self.choices.iter().find(|c| c.to_lowercase() == text.to_lowercase());
                found.cloned().ok_or_else(|| self.takes())
            }
        }
    }

    /// The key of a label: `Spouse's name` is `spouse-s-name`. `None` when nothing of it is left.
    #[must_use]
    pub fn key_of(label: &str) -> Option<String> {
        let mut key = String::new();
        for c in label.to_lowercase().chars() {
            if c.is_ascii_alphanumeric() {
                key.push(c);
            } else if !key.ends_with('-') && !key.is_empty() {
                key.push('-');
            }
        }
        let key = key.trim_end_matches('-');
        (!key.is_empty() && key.len() <= 60).then(|| key.to_owned())
    }
}

/// `11/24/2026` and `2026-11-24`.
fn date(text: &str) -> Option<String> {
    let parts: Vec<i16> = text.split(['/', '-', '.']).map(|p| p.parse().ok()).collect::<Option<_>>()?;
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if *year > 31 => (*year, *month, *day),
        [month, day, year] => (if *year < 100 { *year + 2000 } else { *year }, *month, *day),
        _ => return None,
    };
    let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind) -> Field {
        Field { key: "it".into(), label: "It".into(), kind, choices: vec!["Gold".into(), "Silver".into()] }
    }

    #[test]
    fn a_value_is_kept_as_one_text_however_it_was_typed_and_another_is_refused() {
        for (kind, text, kept) in [
            (FieldKind::Text, "  two   words ", Some("two words")),
            (FieldKind::Number, "1,250.5", Some("1250.5")),
            (FieldKind::Number, "many", None),
            (FieldKind::Money, "$1,250", Some("1250.00")),
            (FieldKind::Date, "11/24/2026", Some("2026-11-24")),
            (FieldKind::Date, "2026-11-24", Some("2026-11-24")),
            (FieldKind::Date, "13/24/2026", None),
            (FieldKind::YesNo, "Y", Some("yes")),
            (FieldKind::YesNo, "maybe", None),
            (FieldKind::Choice, "gold", Some("Gold")),
            (FieldKind::Choice, "lead", None),
            (FieldKind::Choice, "", Some("")),
        ] {
            assert_eq!(field(kind).read(text).ok().as_deref(), kept, "{kind:?} {text}");
        }
    }

    #[test]
    fn a_label_gives_its_key() {
        assert_eq!(Field::key_of("Spouse\u{2019}s name").as_deref(), Some("spouse-s-name"));
        assert_eq!(Field::key_of("\u{2014}"), None);
    }
}
