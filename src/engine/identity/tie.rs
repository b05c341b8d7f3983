//! Whose browser sent this lead?

use crate::domain::{
    ids::VisitorId,
    lead::{LeadCar, NewLead},
    time::{At, MINUTE_MS},
    vin::Vin,
    visitor::Did,
};

/// A lead follows its form within seconds, by mail within minutes. Beyond five, a second shopper on the same car is too likely.
pub const TIE_MS: i64 = 5 * MINUTE_MS;

/// Something a browser did lately, as far as it can be met with a lead.
#[derive(Debug, Clone)]
pub struct RecentLook<'a> {
    pub visitor: VisitorId,
    pub did: Did,
    pub at: At,
    pub vin: Option<&'a Vin>,
    /// Empty when unknown.
    pub stock: &'a str,
    /// The site's client id and the submission ids of its forms.
    pub web_ids: &'a [String],
}

/// The one browser a lead came from. An equal web id decides; else exactly one visitor who sent a form or looked at the lead's car within
/// five minutes of the lead. Two who might be it are nobody: a wrong tie would show one shopper's browsing under another's name.
#[must_use]
pub fn tie(lead: &NewLead, lead_at: At, looks: &[RecentLook]) -> Option<VisitorId> {
    let by_id = looks.iter().filter(|l| l.web_ids.iter().any(|id| !id.is_empty() && lead.web_ids.contains(id)));
    match only_one(by_id.map(|l| l.visitor)) {
        Found::One(visitor) => Some(visitor),
        Found::Several => None,
        Found::None => {
            let near = looks.iter().filter(|l| l.at.since(lead_at).abs() <= TIE_MS && could_have_sent(lead, l));
            match only_one(near.map(|l| l.visitor)) {
                Found::One(visitor) => Some(visitor),
                Found::Several | Found::None => None,
            }
        }
    }
}

/// What a browser does in the moment in which it sends a lead.
#[must_use]
pub fn sends_a_lead(did: Did) -> bool {
    matches!(did, Did::SubmittedForm | Did::SubmittedFinance | Did::FinishedTradeTool | Did::GaveContact | Did::BookedVisit)
}

/// A form on no car's page can have sent a lead that names no car.
fn could_have_sent(lead: &NewLead, look: &RecentLook) -> bool {
    let mut wanted = lead.cars.iter().filter(|c| !c.is_theirs()).peekable();
    let names_no_car = wanted.peek().is_none();
    let same_car = wanted.any(|c| is_car(c, look));
    match look.did {
        Did::SubmittedForm | Did::SubmittedFinance | Did::FinishedTradeTool | Did::GaveContact | Did::BookedVisit => {
            same_car || (names_no_car && look.vin.is_none() && look.stock.is_empty())
        }
        Did::ViewedCar | Did::ViewedMedia | Did::StartedForm | Did::StartedFinance | Did::StartedTradeTool | Did::UsedPaymentTool => same_car,
        Did::ViewedPage
        | Did::ViewedLot
        | Did::ViewedHours
        | Did::OpenedPriceAlert
        | Did::ClickedPriceAlert
        | Did::ClickedToCall
        | Did::EngagedChat
        | Did::Compared
        | Did::Shared
        | Did::Searched
        | Did::Enquired
        | Did::Replied
        | Did::Other => false,
    }
}

fn is_car(car: &LeadCar, look: &RecentLook) -> bool {
    let by_vin = car.vin.as_ref().is_some_and(|v| Some(v) == look.vin);
    by_vin || (!car.stock.is_empty() && car.stock.eq_ignore_ascii_case(look.stock))
}

enum Found {
    None,
    One(VisitorId),
    Several,
}

fn only_one(mut visitors: impl Iterator<Item = VisitorId>) -> Found {
    match visitors.next() {
        None => Found::None,
        Some(first) if visitors.all(|v| v == first) => Found::One(first),
        Some(_) => Found::Several,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sample;

    fn looked(visitor: u64, did: Did, minutes_after_lead: i64, stock: &'static str) -> RecentLook<'static> {
        RecentLook { visitor: VisitorId(visitor), did, at: sample::now().plus_ms(minutes_after_lead * MINUTE_MS), vin: None, stock, web_ids: &[] }
    }

    fn check(looks: &[RecentLook], expected: Option<u64>) {
        let lead = sample::lead(1, sample::now()).said;
        assert_eq!(tie(&lead, sample::now(), looks), expected.map(VisitorId));
    }

    #[test]
    fn one_visitor_on_the_leads_car_within_five_minutes_sent_it() {
        check(&[looked(1, Did::ViewedCar, -4, "24117"), looked(1, Did::SubmittedForm, -1, "24117")], Some(1));
        check(&[looked(1, Did::ViewedCar, -6, "24117")], None);
        check(&[looked(1, Did::ViewedCar, -1, "24093")], None);
        check(&[looked(1, Did::ViewedLot, -1, "24117")], None);
    }

    #[test]
    fn two_who_might_be_it_are_nobody() {
        check(&[looked(1, Did::ViewedCar, -4, "24117"), looked(2, Did::SubmittedForm, 0, "24117")], None);
    }

    #[test]
    fn an_equal_web_id_decides_whoever_else_looked() {
        let mut lead = sample::lead(1, sample::now()).said;
        lead.web_ids = vec!["form-81".into()];
        let ids = ["form-81".to_owned()];
        let long_ago = RecentLook { web_ids: &ids, ..looked(2, Did::ViewedPage, -90, "") };
        assert_eq!(tie(&lead, sample::now(), &[looked(1, Did::ViewedCar, -1, "24117"), long_ago.clone()]), Some(VisitorId(2)));
        let twin = RecentLook { visitor: VisitorId(3), ..long_ago.clone() };
        assert_eq!(tie(&lead, sample::now(), &[looked(1, Did::ViewedCar, -1, "24117"), long_ago, twin]), None);
    }

    #[test]
    fn a_lead_without_a_car_comes_from_a_form_without_one() {
        let mut lead = sample::lead(1, sample::now()).said;
        lead.cars.clear();
        assert_eq!(tie(&lead, sample::now(), &[looked(1, Did::SubmittedForm, -1, ""), looked(2, Did::ViewedCar, -1, "24117")]), Some(VisitorId(1)));
    }
}
