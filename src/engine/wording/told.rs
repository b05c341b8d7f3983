//! What has the customer told the store?

use super::cars;
use crate::domain::{
    alert::{Matter, RuleKind},
    consent::{Channel, ConsentBasis, ConsentState, state_of},
    ids::VehicleId,
    lead::{Lead, LeadKind},
    picture::Picture,
    time::{At, DAY_MS},
    vehicle::Vehicle,
    visitor::Did,
};

/// An enquiry is a relationship for three months, a purchase for eighteen (47 CFR 64.1200(f)(5)).
const ENQUIRY_MS: i64 = 90 * DAY_MS;
const PURCHASE_MS: i64 = 548 * DAY_MS;

/// How a car came up between them and us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Asked,
    SetPriceAlert,
}

/// Their newest lead about a sale within three months.
pub(super) fn enquiry<'p>(picture: &'p Picture, now: At) -> Option<&'p Lead> {
    let about_a_sale = |l: &&Lead| !matches!(l.said.kind, LeadKind::Service | LeadKind::Test) && now.since(l.received) < ENQUIRY_MS;
    picture.leads.iter().filter(about_a_sale).max_by_key(|l| (l.received, l.id))
}

/// The car they spoke of last: `first` when they did speak of it, else the newest they asked about or set an alert on.
pub(super) fn car<'p>(picture: &'p Picture, first: Option<VehicleId>, now: At) -> Option<(&'p Vehicle, How)> {
    let asked = picture.leads.iter().filter(|l| l.said.kind != LeadKind::Test && now.since(l.received) < ENQUIRY_MS);
    let asked = asked.filter_map(|l| Some((l.received, l.vehicle?, How::Asked)));
    let alerts = picture.activity.0.iter().filter(|m| matches!(m.did, Did::OpenedPriceAlert | Did::ClickedPriceAlert));
    let alerts = alerts.filter(|m| now.since(m.at) < ENQUIRY_MS).filter_map(|m| Some((m.at, m.car?, How::SetPriceAlert)));
    let (_, id, how) = asked.chain(alerts).max_by_key(|(at, id, how)| (Some(*id) == first, *how == How::Asked, *at, *id))?;
    Some((picture.car(id)?, how))
}

/// What a lead came for, as it is called to a customer: our car, else the one its sender described.
pub(super) fn asked_for(picture: &Picture, lead: &Lead) -> Option<String> {
    let described = cars::wanted(lead).filter(|c| cars::has_name(c)).map(|c| c.facts.short());
    lead.vehicle.and_then(|id| picture.car(id)).map(cars::spoken).or(described)
}

/// The car of a matter as it may be called to them; none when the matter names none, or only one they never spoke of.
pub(super) fn car_of(picture: &Picture, matter: Matter, vehicle: Option<VehicleId>, now: At) -> Option<String> {
    let spoken_of = car(picture, vehicle, now).map(|(car, _)| car);
    match matter.rule {
        RuleKind::NewLead | RuleKind::AskedAgain | RuleKind::LeadUntouched => asked_for(picture, matter.lead.and_then(|id| picture.lead(id))?),
        RuleKind::BackOnSameCar | RuleKind::WatchedCarSold | RuleKind::WatchedCarReduced | RuleKind::PriceAlertUsed => {
            spoken_of.filter(|car| Some(car.id) == matter.vehicle).map(cars::spoken)
        }
        RuleKind::ReplyReceived
        | RuleKind::TradeToolUsed
        | RuleKind::Mentioned
        | RuleKind::FollowUpDue
        | RuleKind::VisitEndedUnsold
        | RuleKind::TryAgain
        | RuleKind::Unhappy
        | RuleKind::BackAfterSilence
        | RuleKind::FinanceFormUsed
        | RuleKind::FormAbandoned
        | RuleKind::HoursViewed
        | RuleKind::ClickedToCall
        | RuleKind::ComparedOrShared
        | RuleKind::WishMatched
        | RuleKind::OwnerShopping
        | RuleKind::HouseholdShopping
        | RuleKind::AppointmentMissed
        | RuleKind::InTheLane
        | RuleKind::Unknown => spoken_of.map(cars::spoken),
    }
}

/// Whether a car may be named to them at all: they asked about it (or about one that goes by its name), watch its price or own it.
pub(super) fn may_name(picture: &Picture, car: &Vehicle) -> bool {
    let described = |l: &Lead| l.said.cars.iter().any(|c| cars::has_name(c) && c.facts.short() == cars::spoken(car));
    let asked = picture.leads.iter().any(|l| l.vehicle == Some(car.id) || (l.vehicle.is_none() && described(l)));
    let watched = picture.activity.0.iter().any(|m| m.car == Some(car.id) && matches!(m.did, Did::OpenedPriceAlert | Did::ClickedPriceAlert));
    asked || watched || picture.owned.iter().any(|o| o.vehicle == car.id)
}

/// What a message is for decides what permission it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Answers what they asked or wrote.
    Answer,
    /// We begin: an enquiry's consent does not reach that far.
    Outreach,
}

/// Whether a written message may go by this channel. A text needs permission; an answer by e-mail only the absence of a refusal. What we
/// begin ourselves needs a permission that was not given for an enquiry alone, or, by e-mail, a purchase in the last eighteen months.
pub(super) fn may_write(picture: &Picture, channel: Channel, purpose: Purpose, now: At) -> bool {
    let fact = state_of(&picture.customer.consent, channel);
    let state = fact.map_or(ConsentState::NotGiven, |f| f.state);
    let wrote_first = picture.unanswered.iter().any(|u| u.channel == channel);
    let beyond_enquiry = fact.is_some_and(|f| f.state == ConsentState::Allowed && f.basis != ConsentBasis::Enquiry);
    let bought = picture.owned.iter().any(|o| o.bought_here && now.since(o.since) < PURCHASE_MS);
    let reachable = match channel {
        Channel::Text => !picture.customer.phones.is_empty() && !picture.wrong_number,
        Channel::Email => !picture.customer.emails.is_empty(),
        Channel::Call => false,
    };
    if state == ConsentState::Revoked || !reachable {
        return false;
    }
    match (channel, purpose) {
        (Channel::Call, Purpose::Answer | Purpose::Outreach) => false,
        (Channel::Text, Purpose::Answer) => state == ConsentState::Allowed || wrote_first,
        (Channel::Email, Purpose::Answer) => true,
        (Channel::Text, Purpose::Outreach) => beyond_enquiry,
        (Channel::Email, Purpose::Outreach) => beyond_enquiry || bought,
    }
}

/// Their own car as they described it with their newest lead that named one.
pub(super) fn trade<'p>(picture: &'p Picture, now: At) -> Option<&'p crate::domain::lead::LeadCar> {
    let recent = picture.leads.iter().rev().filter(|l| now.since(l.received) < ENQUIRY_MS);
    recent.filter_map(cars::brought).find(|c| cars::has_name(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sample::{CRV, RAV4, Sample, hours_ago, now};

    #[test]
    fn a_car_was_spoken_of_when_they_asked_or_watch_its_price() {
        let check = |sample: &Sample, first, expected: Option<(VehicleId, How)>| {
            assert_eq!(car(&sample.picture(), first, now()).map(|(c, how)| (c.id, how)), expected);
        };
        check(&Sample::dana().looks(CRV, &[30, 20, 10, 0]), Some(CRV), None);
        let asked = Sample::dana().lead(1, 50, |_| {}).did(Did::OpenedPriceAlert, 1, Some(RAV4));
        check(&asked, Some(RAV4), Some((RAV4, How::SetPriceAlert)));
        check(&asked, None, Some((CRV, How::Asked)));
        check(&Sample::dana().lead(1, 91 * 24, |_| {}), Some(CRV), None);
    }

    #[test]
    fn permission_reaches_as_far_as_it_was_given() {
        let check = |sample: Sample, channel, answer, outreach| {
            let picture = sample.picture();
            let may = |purpose| may_write(&picture, channel, purpose, now());
            assert_eq!((may(Purpose::Answer), may(Purpose::Outreach)), (answer, outreach), "{channel:?} {:?}", sample.customer.consent);
        };
        let dana = || Sample::dana();
        check(dana(), Channel::Text, false, false);
        check(dana().may(Channel::Text, ConsentState::Allowed, ConsentBasis::Enquiry), Channel::Text, true, false);
        check(dana().may(Channel::Text, ConsentState::Allowed, ConsentBasis::Form), Channel::Text, true, true);
        check(dana().may(Channel::Text, ConsentState::Revoked, ConsentBasis::Reply), Channel::Text, false, false);
        check(dana().wrote(1, "Hello"), Channel::Text, true, false);
        check(dana().may(Channel::Text, ConsentState::Allowed, ConsentBasis::Form).change(|s| s.wrong_number = true), Channel::Text, false, false);
        check(dana(), Channel::Email, true, false);
        check(dana().bought(RAV4, hours_ago(24 * 400)), Channel::Email, true, true);
        check(dana().bought(RAV4, hours_ago(24 * 600)), Channel::Email, true, false);
        check(dana().may(Channel::Email, ConsentState::Revoked, ConsentBasis::DmsFlag), Channel::Email, false, false);
        check(dana().change(|s| s.customer.emails.clear()), Channel::Email, false, false);
        check(dana(), Channel::Call, false, false);
    }
}
