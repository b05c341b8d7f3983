//! What does each thing a shopper does weigh, and how fast does it fade?
//!
//! The start weights of field guide section 7: priors, until a store's own outcomes are enough to fit better ones. `line` is the row of
//! that table a weight comes from. Half-lives are in days, points and caps in points of the score; a cap holds a whole signal.

use crate::domain::{score::Signal, visitor::Did};

/// The things that count, the weaker form of a signal before the stronger one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Evidence {
    FourLooks,
    SomeLooks,
    ReturnVisit,
    ThreeOfOneModel,
    PriceAlertOpened,
    PriceAlertClicked,
    TradeToolStarted,
    TradeToolFinished,
    FinanceStarted,
    FinanceSubmitted,
    CreditApplication,
    PaymentTool,
    Hours,
    ClickToCall,
    InboundCall,
    ChatEngaged,
    ContactCaptured,
    VisitBooked,
    VisitKept,
    Reply,
    ShareOrCompare,
    AbandonedForm,
    Enquiry,
    SecondEnquiry,
    BoughtHere,
    WrongNumber,
    SilentAttempt,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Weight {
    pub evidence: Evidence,
    pub signal: Signal,
    /// Points while it is fresh.
    pub points: f64,
    /// Days until half of it is left; infinite where nothing fades.
    pub half_life_days: f64,
    /// The most (or, for what counts against, the least) a signal can bring, without its sign.
    pub cap: f64,
    /// Where the numbers come from.
    pub line: &'static str,
}

const fn row(evidence: Evidence, signal: Signal, points: f64, half_life_days: f64, cap: f64, line: &'static str) -> Weight {
    Weight { evidence, signal, points, half_life_days, cap, line }
}

/// In the order of [`Evidence`].
pub static WEIGHTS: [Weight; 27] = [
    row(Evidence::FourLooks, Signal::FourLooksAtOneCar, 30.0, 2.0, 30.0, ">=4 VDP views of same VIN in 48 h | 30 | 2 | 30"),
    row(Evidence::SomeLooks, Signal::SomeLooksAtOneCar, 12.0, 3.0, 12.0, "2-3 VDP views same VIN in 48 h | 12 | 3 | 12"),
    row(Evidence::ReturnVisit, Signal::ReturnVisits, 5.0, 5.0, 15.0, "Return session (each, <=7 d) | 5 | 5 | 15"),
    row(Evidence::ThreeOfOneModel, Signal::ManyOfOneModel, 8.0, 7.0, 8.0, ">=3 VDPs of one model | 8 | 7 | 8"),
    row(Evidence::PriceAlertOpened, Signal::PriceAlert, 6.0, 3.0, 20.0, "Price-drop alert opened / clicked | 6 / 15 | 3 | 20"),
    row(Evidence::PriceAlertClicked, Signal::PriceAlert, 15.0, 3.0, 20.0, "Price-drop alert opened / clicked | 6 / 15 | 3 | 20"),
    row(Evidence::TradeToolStarted, Signal::TradeTool, 10.0, 10.0, 25.0, "Trade-in tool start / submit | 10 / 20 | 10 | 25"),
    row(Evidence::TradeToolFinished, Signal::TradeTool, 20.0, 10.0, 25.0, "Trade-in tool start / submit | 10 / 20 | 10 | 25"),
    row(Evidence::FinanceStarted, Signal::Finance, 12.0, 14.0, 35.0, "Finance pre-qual start / submit; credit app | 12 / 25 ; 30 | 14 | 35"),
    row(Evidence::FinanceSubmitted, Signal::Finance, 25.0, 14.0, 35.0, "Finance pre-qual start / submit; credit app | 12 / 25 ; 30 | 14 | 35"),
    row(Evidence::CreditApplication, Signal::Finance, 30.0, 14.0, 35.0, "Finance pre-qual start / submit; credit app | 12 / 25 ; 30 | 14 | 35"),
    row(Evidence::PaymentTool, Signal::PaymentTool, 6.0, 5.0, 12.0, "Payment calculator use | 6 | 5 | 12"),
    row(Evidence::Hours, Signal::HoursOrDirections, 10.0, 2.0, 15.0, "Hours/directions view | 10 | 2 | 15"),
    row(Evidence::ClickToCall, Signal::Call, 18.0, 4.0, 30.0, "Click-to-call / inbound call | 18 / 25 | 4 | 30"),
    row(Evidence::InboundCall, Signal::Call, 25.0, 4.0, 30.0, "Click-to-call / inbound call | 18 / 25 | 4 | 30"),
    row(Evidence::ChatEngaged, Signal::Chat, 8.0, 4.0, 20.0, "Chat engage / contact captured | 8 / 18 | 4 | 20"),
    row(Evidence::ContactCaptured, Signal::Chat, 18.0, 4.0, 20.0, "Chat engage / contact captured | 8 / 18 | 4 | 20"),
    row(Evidence::VisitBooked, Signal::VisitBooked, 30.0, 7.0, 40.0, "Appointment booked / kept / missed | 30 / 35 / -5 | 7 | 40"),
    row(Evidence::VisitKept, Signal::VisitBooked, 35.0, 7.0, 40.0, "Appointment booked / kept / missed | 30 / 35 / -5 | 7 | 40"),
    row(Evidence::Reply, Signal::Reply, 15.0, 5.0, 30.0, "Inbound reply to us | 15 | 5 | 30"),
    row(Evidence::ShareOrCompare, Signal::ShareOrCompare, 6.0, 7.0, 12.0, "Share / compare / favourites | 6 | 7 | 12"),
    row(Evidence::AbandonedForm, Signal::AbandonedForm, 8.0, 2.0, 8.0, "Form abandoned after contact fields | 8 | 2 | 8"),
    // The guide has no row for a first enquiry: it weighs as an inbound call does and fades as an appointment does.
    row(Evidence::Enquiry, Signal::Enquiry, 25.0, 7.0, 25.0, "inbound call | 25, Appointment booked | 7"),
    row(Evidence::SecondEnquiry, Signal::ReInquiry, 15.0, 14.0, 15.0, "Re-inquiry, second source | 15 | 14 | 15"),
    row(Evidence::BoughtHere, Signal::RepeatBuyer, 15.0, 365.0, 20.0, "Repeat buyer / referral | 15 / 12 | 365 | 20"),
    row(
        Evidence::WrongNumber,
        Signal::WrongNumber,
        -40.0,
        f64::INFINITY,
        40.0,
        "Email bounce, wrong number, \"bought elsewhere\" | -25 / -40 / lost",
    ),
    row(Evidence::SilentAttempt, Signal::SilentAfterAttempts, -3.0, 30.0, 20.0, "Silent after k attempts | -3 each | 30 | -20"),
];

/// The row of one kind of evidence.
#[must_use]
pub fn weight(evidence: Evidence) -> &'static Weight {
    &WEIGHTS[evidence as usize]
}

/// What a single doing is evidence of. Looks, visits and forms are found by more than one doing and are not here; enquiries are counted
/// by their leads.
#[must_use]
pub fn evidence_of(did: Did) -> Option<Evidence> {
    match did {
        Did::UsedPaymentTool => Some(Evidence::PaymentTool),
        Did::StartedTradeTool => Some(Evidence::TradeToolStarted),
        Did::FinishedTradeTool => Some(Evidence::TradeToolFinished),
        Did::StartedFinance => Some(Evidence::FinanceStarted),
        Did::SubmittedFinance => Some(Evidence::FinanceSubmitted),
        Did::OpenedPriceAlert => Some(Evidence::PriceAlertOpened),
        Did::ClickedPriceAlert => Some(Evidence::PriceAlertClicked),
        Did::ViewedHours => Some(Evidence::Hours),
        Did::ClickedToCall => Some(Evidence::ClickToCall),
        Did::EngagedChat => Some(Evidence::ChatEngaged),
        Did::GaveContact => Some(Evidence::ContactCaptured),
        Did::BookedVisit => Some(Evidence::VisitBooked),
        Did::Replied => Some(Evidence::Reply),
        Did::Compared | Did::Shared => Some(Evidence::ShareOrCompare),
        Did::ViewedPage
        | Did::ViewedLot
        | Did::ViewedCar
        | Did::ViewedMedia
        | Did::StartedForm
        | Did::SubmittedForm
        | Did::Searched
        | Did::Enquired
        | Did::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_evidence() {
        for (place, row) in WEIGHTS.iter().enumerate() {
            assert_eq!(row.evidence as usize, place, "{:?}", row.evidence);
        }
        assert_eq!(weight(Evidence::SilentAttempt).evidence, Evidence::SilentAttempt);
    }

    #[test]
    fn one_signal_has_one_half_life_and_one_cap() {
        for a in WEIGHTS {
            for b in WEIGHTS.iter().filter(|b| b.signal == a.signal) {
                assert_eq!((a.half_life_days, a.cap), (b.half_life_days, b.cap), "{:?}", a.signal);
            }
            assert!(a.points.abs() <= a.cap && a.half_life_days > 0.0, "{:?}", a.evidence);
        }
    }

    #[test]
    fn every_number_stands_in_the_line_it_comes_from() {
        for row in WEIGHTS {
            assert!(row.line.contains(&format!("{}", row.points.abs())), "{:?}", row.evidence);
            let life = row.half_life_days.is_infinite() || row.line.contains(&format!("| {}", row.half_life_days));
            assert!(life, "{:?}", row.evidence);
        }
    }

    #[test]
    fn a_doing_counts_for_the_signal_the_domain_names() {
        use crate::domain::score::signal_of;
        for did in
            [Did::UsedPaymentTool, Did::FinishedTradeTool, Did::SubmittedFinance, Did::ClickedPriceAlert, Did::Shared, Did::Replied, Did::GaveContact]
        {
            assert_eq!(evidence_of(did).map(|e| weight(e).signal), signal_of(did), "{did:?}");
        }
    }
}
