//! How near to buying, as a number that is exactly the sum of its reasons.

use super::visitor::Did;

/// 0 to 100. `points` is the sum of the parts, held in that range by a part of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Score {
    pub points: i16,
    pub parts: Vec<ScorePart>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct ScorePart {
    pub signal: Signal,
    pub points: i16,
    /// A sentence a rep understands: "4 looks at #24117 in 48 h".
    pub text: String,
}

/// The reasons a score can have. Weights, half-lives and caps are in `engine/intent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    FourLooksAtOneCar,
    SomeLooksAtOneCar,
    ReturnVisits,
    ManyOfOneModel,
    PriceAlert,
    TradeTool,
    Finance,
    PaymentTool,
    HoursOrDirections,
    Call,
    Chat,
    VisitBooked,
    Reply,
    ShareOrCompare,
    AbandonedForm,
    ReInquiry,
    Enquiry,
    RepeatBuyer,
    WrongNumber,
    SilentAfterAttempts,
    /// Keeps the sum between 0 and 100.
    Limit,
    #[serde(other)]
    Unknown,
}

/// How many times as much as shipped each signal weighs in this store; one that is not named weighs as shipped.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Weighing(pub Vec<(Signal, f64)>);

impl Weighing {
    #[must_use]
    pub fn factor(&self, signal: Signal) -> f64 {
        self.0.iter().find(|(of, _)| *of == signal).map_or(1.0, |(_, factor)| *factor)
    }
}

impl Score {
    /// The parts, and nothing else, make the number.
    #[must_use]
    pub fn from_parts(mut parts: Vec<ScorePart>) -> Self {
        let sum: i32 = parts.iter().map(|p| i32::from(p.points)).sum();
        let points = i16::try_from(sum.clamp(0, 100)).unwrap_or(0);
        let over = i16::try_from(i32::from(points) - sum).unwrap_or(0);
        if over != 0 {
            let text = if over < 0 { "Nobody is more than 100" } else { "Nobody is less than 0" };
            parts.push(ScorePart { signal: Signal::Limit, points: over, text: text.to_owned() });
        }
        Self { points, parts }
    }

    #[must_use]
    pub fn level(&self) -> u8 {
        match self.points {
            ..30 => 1,
            30..55 => 2,
            55..80 => 3,
            80.. => 4,
        }
    }
}

/// Which doings count as one signal of the web.
#[must_use]
pub fn signal_of(did: Did) -> Option<Signal> {
    match did {
        Did::UsedPaymentTool => Some(Signal::PaymentTool),
        Did::StartedTradeTool | Did::FinishedTradeTool => Some(Signal::TradeTool),
        Did::StartedFinance | Did::SubmittedFinance => Some(Signal::Finance),
        Did::OpenedPriceAlert | Did::ClickedPriceAlert => Some(Signal::PriceAlert),
        Did::ViewedHours => Some(Signal::HoursOrDirections),
        Did::ClickedToCall => Some(Signal::Call),
        Did::EngagedChat | Did::GaveContact => Some(Signal::Chat),
        Did::BookedVisit => Some(Signal::VisitBooked),
        Did::Compared | Did::Shared => Some(Signal::ShareOrCompare),
        Did::Enquired => Some(Signal::Enquiry),
        Did::Replied => Some(Signal::Reply),
        Did::StartedForm => Some(Signal::AbandonedForm),
        Did::ViewedPage | Did::ViewedLot | Did::ViewedCar | Did::ViewedMedia | Did::SubmittedForm | Did::Searched | Did::Other => None,
    }
}
