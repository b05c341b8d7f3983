//! How is a file to be read? What each of its columns means, decided once and remembered.

use crate::domain::import_run::ImportKind;
use crate::formats::{cells::DateOrder, columns::Column, people_rows::NameOrder};

/// How a file is to be read. Stored: kept under the file's signature, so that next month's file needs no second thought.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(transform = require_all)]
pub struct Mapping {
    pub kind: ImportKind,
    /// The system the rows come from, "DealerVault": customer numbers mean something only within it.
    #[serde(default)]
    pub system: String,
    /// By place.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub columns: Vec<Target>,
    #[serde(default)]
    pub dates: DateOrder,
    #[serde(default)]
    pub names: NameOrder,
}

/// Fields are optional for the sake of what is stored; the description has one shape for what is given and what is taken.
fn require_all(schema: &mut schemars::Schema) {
    let names = schema.get("properties").and_then(|p| p.as_object()).map(|p| p.keys().cloned().collect::<Vec<_>>());
    schema.insert("required".to_owned(), names.unwrap_or_default().into());
}

/// What becomes of a column. Stored and sent as one word: `skip`, `note`, `tags`, `field:spouse`, `first-name`, `co-buyer:first-name`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Target {
    Skip,
    /// A line of the person's remarks: the column's name and what the cell says.
    Note,
    /// Words to sort people by, between commas, semicolons or bars.
    Tags,
    /// A field the store defined itself, by its key.
    Field(String),
    Column(Column),
    /// The same of whoever signed with the buyer.
    CoBuyer(Column),
}

const FIELD: &str = "field:";
const CO_BUYER: &str = "co-buyer:";

impl Target {
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Skip => "skip".to_owned(),
            Self::Note => "note".to_owned(),
            Self::Tags => "tags".to_owned(),
            Self::Field(key) => format!("{FIELD}{key}"),
            Self::Column(column) => column.word().to_owned(),
            Self::CoBuyer(column) => format!("{CO_BUYER}{}", column.word()),
        }
    }

    /// `None` for a word that this Headlight does not know.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let column = |word: &str| Column::ALL.iter().copied().find(|column| column.word() == word);
        match word {
            "skip" => Some(Self::Skip),
            "note" => Some(Self::Note),
            "tags" => Some(Self::Tags),
            _ => match (word.strip_prefix(FIELD), word.strip_prefix(CO_BUYER)) {
                (Some(key), _) => (!key.is_empty()).then(|| Self::Field(key.to_owned())),
                (None, Some(word)) => column(word).filter(|column| column.group().is_of_a_person()).map(Self::CoBuyer),
                (None, None) => column(word).map(Self::Column),
            },
        }
    }
}

/// A word of a newer Headlight reads as a note: what it says is kept.
impl From<String> for Target {
    fn from(word: String) -> Self {
        Self::parse(&word).unwrap_or(Self::Note)
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.word()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_reads_back_from_its_word() {
        let columns = Column::ALL.iter().map(|column| Target::Column(*column));
        let co_buyers = Column::ALL.iter().filter(|column| column.group().is_of_a_person()).map(|column| Target::CoBuyer(*column));
        let others = [Target::Skip, Target::Note, Target::Tags, Target::Field("spouse".to_owned())];
        for target in columns.chain(co_buyers).chain(others) {
            assert_eq!(Target::parse(&target.word()), Some(target));
        }
        assert_eq!(Target::from("shoe-size".to_owned()), Target::Note);
        assert_eq!(Target::parse("co-buyer:vin"), None);
    }

    #[test]
    fn a_mapping_is_given_and_taken_in_one_shape() {
        let settings = schemars::generate::SchemaSettings::draft2020_12;
        let given = settings().for_serialize().into_generator().into_root_schema_for::<Mapping>();
        let taken = settings().for_deserialize().into_generator().into_root_schema_for::<Mapping>();
        assert_eq!(given, taken);
    }

    #[test]
    fn a_mapping_that_says_little_is_read() {
        let mapping: Mapping = serde_json::from_str(r#"{"kind":"customers","columns":["first-name","field:spouse","skip"]}"#).unwrap();
        assert_eq!(mapping.columns, vec![Target::Column(Column::FirstName), Target::Field("spouse".to_owned()), Target::Skip]);
        assert_eq!((mapping.dates, mapping.names), (DateOrder::MonthFirst, NameOrder::Guess));
    }
}
