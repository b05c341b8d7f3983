//! How far a sale has come, and why it came no further.

/// Why somebody did not buy (field guide 3.7). Each says when to try again: [`LostReason::again_after_days`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LostReason {
    Price,
    Credit,
    NoMatch,
    BoughtElsewhere,
    BoughtHere,
    TradeValue,
    Timing,
    Unreachable,
    WrongNumber,
    OutOfArea,
    NotBuying,
    DoNotContact,
    Duplicate,
    /// Written by a newer Headlight.
    #[serde(other)]
    Unknown,
}

impl LostReason {
    pub const ALL: [Self; 13] = [
        Self::Price,
        Self::Credit,
        Self::NoMatch,
        Self::BoughtElsewhere,
        Self::BoughtHere,
        Self::TradeValue,
        Self::Timing,
        Self::Unreachable,
        Self::WrongNumber,
        Self::OutOfArea,
        Self::NotBuying,
        Self::DoNotContact,
        Self::Duplicate,
    ];

    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Price => "price or payment",
            Self::Credit => "credit",
            Self::NoMatch => "no car that fits",
            Self::BoughtElsewhere => "bought elsewhere",
            Self::BoughtHere => "bought here under another name",
            Self::TradeValue => "value of the trade",
            Self::Timing => "later",
            Self::Unreachable => "cannot be reached",
            Self::WrongNumber => "wrong number",
            Self::OutOfArea => "too far away",
            Self::NotBuying => "not buying",
            Self::DoNotContact => "asked not to be contacted",
            Self::Duplicate => "entered twice",
            Self::Unknown => "another reason",
        }
    }

    /// Days after which to try again, where time alone says so (field guide 8, P15); `None` where only a new fact does, or nothing may.
    #[must_use]
    pub fn again_after_days(self) -> Option<i64> {
        match self {
            Self::Credit => Some(90),
            Self::BoughtElsewhere => Some(730),
            Self::Timing | Self::TradeValue | Self::Unreachable | Self::NotBuying => Some(45),
            Self::Price
            | Self::NoMatch
            | Self::BoughtHere
            | Self::WrongNumber
            | Self::OutOfArea
            | Self::DoNotContact
            | Self::Duplicate
            | Self::Unknown => None,
        }
    }
}
