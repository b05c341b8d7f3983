//! What is a car worth that somebody brings? Its state, what it needs, and what people said of it.
//!
//! Whatever nobody said is `None` and is never taken for zero.

use super::{
    ids::{AppraisalId, FileId, LeadId, PartId, Seq, StaffId, VehicleId},
    money::Cents,
    time::{At, DAY_MS},
    vehicle::CarFacts,
    vin::Vin,
};

/// What of a car is asked about, in the order in which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    Drives,
    Outside,
    Inside,
    Tires,
    Crashes,
    Title,
}

impl Aspect {
    pub const ALL: [Self; 6] = [Self::Drives, Self::Outside, Self::Inside, Self::Tires, Self::Crashes, Self::Title];
}

/// How it stands with one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    Good,
    Fair,
    Poor,
    /// Nobody said.
    #[default]
    #[serde(other)]
    Unknown,
}

/// The six answers about one car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct CarState {
    pub drives: Grade,
    pub outside: Grade,
    pub inside: Grade,
    pub tires: Grade,
    pub crashes: Grade,
    pub title: Grade,
}

impl CarState {
    #[must_use]
    pub fn of(&self, aspect: Aspect) -> Grade {
        match aspect {
            Aspect::Drives => self.drives,
            Aspect::Outside => self.outside,
            Aspect::Inside => self.inside,
            Aspect::Tires => self.tires,
            Aspect::Crashes => self.crashes,
            Aspect::Title => self.title,
        }
    }
}

/// What a shopper told the trade-in tool of their car, and the range it showed them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct ToldTool {
    pub state: CarState,
    /// None where the tool could give no figure.
    pub shown: Option<Range>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Range {
    pub low: Cents,
    pub high: Cents,
}

/// Something that has to be done before it can be sold.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct ReconLine {
    /// Its number on this sheet, so that a line keeps its cost when its words change.
    pub id: u32,
    pub what: String,
    pub cost: Option<Cents>,
}

/// What a price guide says, as somebody looked it up.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct BookValue {
    pub value: Cents,
    /// The guide and its line: "Black Book, clean".
    pub source: String,
    /// The day for which it holds.
    pub on: At,
}

/// The actual cash value: what the store would pay, as the word of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Acv {
    pub value: Cents,
    pub by: StaffId,
    pub at: At,
    /// Until when the store stands by it.
    pub until: At,
}

/// What is still owed on it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Payoff {
    pub amount: Cents,
    /// Who said so: the bank by phone, the customer, a letter.
    pub said_by: String,
    /// The last day on which it holds; none when nobody said.
    pub good_through: Option<At>,
}

/// Everything on the worksheet that a person may change.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Sheet {
    pub vin: Option<Vin>,
    pub car: CarFacts,
    pub state: CarState,
    pub recon: Vec<ReconLine>,
    pub book: Option<BookValue>,
    pub acv: Option<Acv>,
    pub payoff: Option<Payoff>,
    /// What the customer is shown for it on the deal.
    pub allowance: Option<Cents>,
    pub notes: String,
    pub photos: Vec<FileId>,
}

impl Sheet {
    /// What all recon lines cost. None while the cost of one is not known.
    #[must_use]
    pub fn recon_total(&self) -> Option<Cents> {
        self.recon.iter().map(|line| line.cost.map(|cost| cost.0)).sum::<Option<i64>>().map(Cents)
    }

    /// What is allowed above the ACV: over-allowance, below zero under-allowance.
    #[must_use]
    pub fn over_allowance(&self) -> Option<Cents> {
        Some(Cents(self.allowance?.0 - self.acv?.value.0))
    }

    /// What the customer brings into the deal: the allowance, else the ACV, minus what is owed. Below zero it is owed by the deal.
    #[must_use]
    pub fn equity(&self) -> Option<Cents> {
        let worth = self.allowance.or(self.acv.map(|acv| acv.value))?;
        Some(Cents(worth.0 - self.payoff.as_ref()?.amount.0))
    }
}

/// What the customer said to the figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TradeDecision {
    Accepted,
    Declined,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Decided {
    pub decision: TradeDecision,
    pub at: At,
    pub by: StaffId,
}

/// The worksheet of one car of one customer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Appraisal {
    pub id: AppraisalId,
    /// The record it lies under.
    pub part: PartId,
    /// The car as the house knows it, once its VIN is known.
    pub vehicle: Option<VehicleId>,
    /// The lead it came with from the trade-in tool.
    pub lead: Option<LeadId>,
    pub told: Option<ToldTool>,
    /// The worksheet of the other trade on the same deal.
    pub beside: Option<AppraisalId>,
    pub opened: At,
    /// Who began it; none when the shopper did.
    pub by: Option<StaffId>,
    pub sheet: Sheet,
    pub decided: Option<Decided>,
    /// How often it was written on: what `If-Match` names.
    pub revision: u32,
    /// What stood there before each change, the oldest first, as long as it can be undone.
    #[serde(default)]
    pub before: Vec<Before>,
    /// The journal entry that opened it.
    pub cause: Seq,
}

/// How a worksheet stood before a change.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Before {
    pub sheet: Sheet,
    pub vehicle: Option<VehicleId>,
    pub decided: Option<Decided>,
    /// When it was changed, by whom, and the journal entry that did.
    pub at: At,
    pub by: StaffId,
    pub cause: Seq,
}

/// How far an appraisal has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has said a value yet.
    Draft,
    Appraised {
        until: At,
    },
    /// The store no longer stands by its value.
    Expired {
        since: At,
    },
    Accepted(Decided),
    Declined(Decided),
}

impl Appraisal {
    /// Changes that can be undone; of more the oldest are forgotten.
    pub const BEFORE_MOST: usize = 30;

    #[must_use]
    pub fn stage(&self, now: At) -> Stage {
        match (self.decided, self.sheet.acv) {
            (Some(decided), _) if decided.decision == TradeDecision::Accepted => Stage::Accepted(decided),
            (Some(decided), _) if decided.decision == TradeDecision::Declined => Stage::Declined(decided),
            (_, None) => Stage::Draft,
            (_, Some(acv)) if now > acv.until => Stage::Expired { since: acv.until },
            (_, Some(acv)) => Stage::Appraised { until: acv.until },
        }
    }
}

/// How long the store stands by a value unless it says otherwise: a week, as most stores print it.
pub const STANDS_DAYS: i64 = 7;

/// The end of so many days from now.
#[must_use]
pub fn stands_until(now: At, days: i64) -> At {
    now.plus_ms(days * DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acv(dollars: i64) -> Acv {
        Acv { value: Cents(dollars * 100), by: StaffId(1), at: At(0), until: At(DAY_MS) }
    }

    #[test]
    fn what_is_not_known_makes_no_sum() {
        let line = |id, cost| ReconLine { id, what: "Tires".to_owned(), cost };
        let mut sheet = Sheet { recon: vec![line(1, Some(Cents(60_000))), line(2, None)], ..Sheet::default() };
        assert_eq!((sheet.recon_total(), sheet.over_allowance(), sheet.equity()), (None, None, None));
        sheet.recon.pop();
        sheet.acv = Some(acv(9_000));
        assert_eq!((sheet.recon_total(), sheet.equity()), (Some(Cents(60_000)), None));
        sheet.payoff = Some(Payoff { amount: Cents(1_100_000), said_by: "The bank".to_owned(), good_through: None });
        assert_eq!(sheet.equity(), Some(Cents(-200_000)));
        sheet.allowance = Some(Cents(1_000_000));
        assert_eq!((sheet.over_allowance(), sheet.equity()), (Some(Cents(100_000)), Some(Cents(-100_000))));
    }

    #[test]
    fn a_value_stands_until_its_day_and_a_word_of_the_customer_ends_the_waiting() {
        let mut appraisal = Appraisal {
            id: AppraisalId(1),
            part: PartId(1),
            vehicle: None,
            lead: None,
            told: None,
            beside: None,
            opened: At(0),
            by: None,
            sheet: Sheet::default(),
            decided: None,
            revision: 0,
            before: vec![],
            cause: Seq(1),
        };
        assert_eq!(appraisal.stage(At(5)), Stage::Draft);
        appraisal.sheet.acv = Some(acv(9_000));
        assert_eq!(appraisal.stage(At(DAY_MS)), Stage::Appraised { until: At(DAY_MS) });
        assert_eq!(appraisal.stage(At(DAY_MS + 1)), Stage::Expired { since: At(DAY_MS) });
        let decided = Decided { decision: TradeDecision::Declined, at: At(9), by: StaffId(2) };
        appraisal.decided = Some(decided);
        assert_eq!(appraisal.stage(At(DAY_MS + 1)), Stage::Declined(decided));
    }
}
