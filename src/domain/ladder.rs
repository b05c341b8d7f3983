//! Who is asked first when a lead of some source waits, and who after them.

/// What a store decided for the leads of one source.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Ladder {
    /// The source, as its leads name it; empty: every source that has no ladder of its own.
    pub source: String,
    pub first: First,
    /// Minutes of store hours that whoever is asked first has.
    pub minutes: u16,
    /// Who is asked after them, one after the other.
    pub rungs: Vec<Rung>,
    /// Whoever has this skill is asked before others; empty: it takes none.
    pub skill: String,
}

/// Who is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum First {
    /// Who knows the customer, else whose turn it is.
    #[default]
    Turn,
    /// Who knows the customer, else all who take leads: it is theirs who takes it first.
    Claim,
    #[serde(other)]
    Unknown,
}

/// One further step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Rung {
    pub to: RungTo,
    /// Minutes of store hours that they have.
    pub minutes: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RungTo {
    /// Whoever's turn it is of those who take leads.
    Rep,
    Bdc,
    #[serde(other)]
    Manager,
}

impl Ladder {
    /// Steps after the first.
    pub const RUNGS_MOST: usize = 6;
    /// A day of store time.
    pub const MINUTES_MOST: u16 = 1_440;

    /// What holds until the store decides otherwise: a second rep, then a manager, each with the minutes of a first response.
    #[must_use]
    pub fn usual(minutes: u16) -> Self {
        let rungs = [RungTo::Rep, RungTo::Manager].map(|to| Rung { to, minutes }).into();
        Self { source: String::new(), first: First::Turn, minutes, rungs, skill: String::new() }
    }
}
