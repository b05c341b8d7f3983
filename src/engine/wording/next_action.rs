//! What is the one next thing to do for this customer?

use super::{
    cars, phrases, steps,
    times::{day, moment},
    told,
};
use crate::{
    domain::{
        alert::{Alert, RuleKind},
        consent::Channel,
        ids::AlertId,
        picture::Picture,
        time::At,
    },
    engine::rules::unhappy,
};

/// One thing to do, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextAction {
    pub title: String,
    pub why: String,
    /// The card that asks for it, if one does.
    pub alert: Option<AlertId>,
}

/// What the open card asks for, by the best open way; without a card the step of the playbook of their newest enquiry that was missed
/// or comes next, while they have not answered; without either, nothing: a customer may simply be left in peace.
#[must_use]
pub fn next_action(picture: &Picture, card: Option<&Alert>, now: At) -> Option<NextAction> {
    match card {
        Some(alert) => Some(for_card(picture, alert, now)),
        None => follow_up(picture, now),
    }
}

fn for_card(picture: &Picture, alert: &Alert, now: At) -> NextAction {
    let who = phrases::who(picture.customer);
    if alert.matter.rule == RuleKind::Unhappy && unhappy::wants_peace(picture, now) {
        let title = format!("Leave {who} alone, and note it under permissions");
        return NextAction { title, why: alert.headline.clone(), alert: Some(alert.id) };
    }
    if alert.matter.rule == RuleKind::InTheLane {
        return NextAction { title: format!("Go to {who} in the service lane"), why: alert.headline.clone(), alert: Some(alert.id) };
    }
    let way = match alert.draft.as_ref().map(|d| d.channel) {
        Some(Channel::Text) => format!("Text {who}"),
        Some(Channel::Email) => format!("Email {who}"),
        Some(Channel::Call) => format!("Call {who}"),
        None if steps::may_call(picture) => format!("Call {who}"),
        None => format!("Find a way to reach {who}"),
    };
    let named = || told::car_of(picture, alert.matter, alert.matter.vehicle, now).map(|car| format!(" about the {car}"));
    let seen = || alert.matter.vehicle.and_then(|id| picture.car(id)).map(|car| format!(", who is back on the {}", cars::spoken(car)));
    let about = match alert.matter.rule {
        RuleKind::NewLead
        | RuleKind::AskedAgain
        | RuleKind::LeadUntouched
        | RuleKind::InTheLane
        | RuleKind::Mentioned
        | RuleKind::FollowUpDue
        | RuleKind::TryAgain
        | RuleKind::BackAfterSilence
        | RuleKind::PriceAlertUsed
        | RuleKind::FormAbandoned
        | RuleKind::HoursViewed
        | RuleKind::ClickedToCall
        | RuleKind::ComparedOrShared
        | RuleKind::WatchedCarSold
        | RuleKind::WatchedCarReduced
        | RuleKind::WishMatched
        | RuleKind::OwnerShopping
        | RuleKind::HouseholdShopping
        | RuleKind::Unknown => named().unwrap_or_default(),
        // What they only looked at is for the rep to know, not to write about.
        RuleKind::BackOnSameCar => named().or_else(seen).unwrap_or_default(),
        RuleKind::ReplyReceived => " back".to_owned(),
        RuleKind::TradeToolUsed => " about their trade".to_owned(),
        RuleKind::FinanceFormUsed => " about how to pay for it".to_owned(),
        RuleKind::Unhappy => " and hear them out".to_owned(),
        RuleKind::AppointmentMissed => " and find another day".to_owned(),
        RuleKind::VisitEndedUnsold => " and thank them for coming in".to_owned(),
    };
    NextAction { title: way + &about, why: alert.headline.clone(), alert: Some(alert.id) }
}

fn follow_up(picture: &Picture, now: At) -> Option<NextAction> {
    let lead = told::enquiry(picture, now)?;
    let silent = picture.attempts_unanswered > 0 && picture.last_store_touch.is_some_and(|t| t >= lead.received);
    if !silent {
        return None;
    }
    let zone = &picture.rooftop.zone;
    let car = told::asked_for(picture, lead).map(|car| format!("the {car}"));
    let plan = steps::Plan::of(picture, lead.received, now);
    let title = match plan.missed(None) {
        Some((at, step)) => format!("{}, was due {}", steps::in_words(step, car.as_deref()), moment(zone, at, now)),
        None => plan.ahead().next().map(|(at, step)| format!("{}, {}", steps::in_words(step, car.as_deref()), day(zone, at, now)))?,
    };
    let attempts = if picture.attempts_unanswered == 1 { "1 attempt".to_owned() } else { format!("{} attempts", picture.attempts_unanswered) };
    let source = if lead.said.source.is_empty() { String::new() } else { format!(" through {}", lead.said.source) };
    Some(NextAction { title, why: format!("Asked{source} {} and has not answered {attempts}", day(zone, lead.received, now)), alert: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            alert::{AlertState, Draft, Matter},
            consent::{ConsentBasis, ConsentState},
            ids::LeadId,
            lead::Lead,
        },
        engine::sample::{CRV, RAV4, Sample, card, done, hours_ago, now},
    };

    fn check(sample: &Sample, expected: Option<(&str, &str)>) {
        let card = sample.alerts.iter().find(|a| !a.is_closed());
        let action = next_action(&sample.picture(), card, now());
        assert_eq!(action.as_ref().map(|a| (a.title.as_str(), a.why.as_str())), expected);
    }

    fn with_card(rule: RuleKind, channel: Option<Channel>) -> Sample {
        let matter = Matter { lead: Some(LeadId(1)), ..Matter::of(rule) };
        let draft = channel.map(|channel| Draft { channel, text: String::new(), inserted: vec![], playbook: String::new() });
        Sample::dana()
            .lead(1, 3, |_| {})
            .change(|s| s.alerts = vec![Alert { draft, matter, headline: "Why.".into(), ..card(1, rule, AlertState::Open) }])
    }

    #[test]
    fn an_open_card_says_what_is_next() {
        check(&with_card(RuleKind::NewLead, Some(Channel::Text)), Some(("Text Dana about the 2022 CR-V", "Why.")));
        check(&with_card(RuleKind::NewLead, None), Some(("Call Dana about the 2022 CR-V", "Why.")));
        check(&with_card(RuleKind::ReplyReceived, Some(Channel::Email)), Some(("Email Dana back", "Why.")));
        check(&with_card(RuleKind::TradeToolUsed, Some(Channel::Text)), Some(("Text Dana about their trade", "Why.")));
        check(
            &with_card(RuleKind::TradeToolUsed, None).change(|s| s.wrong_number = true),
            Some(("Find a way to reach Dana about their trade", "Why.")),
        );
    }

    #[test]
    fn the_action_speaks_of_the_car_that_its_reason_speaks_of() {
        let check_about = |sample: &Sample, vehicle, lead, rule, expected: &str| {
            let matter = Matter { vehicle, lead, ..Matter::of(rule) };
            let draft = Draft { channel: Channel::Text, text: String::new(), inserted: vec![], playbook: String::new() };
            let alert = Alert { matter, draft: Some(draft), ..card(1, rule, AlertState::Open) };
            assert_eq!(next_action(&sample.picture(), Some(&alert), now()).map(|a| a.title).as_deref(), Some(expected));
        };
        let asked = Sample::dana().lead(1, 100, |_| {});
        check_about(&asked, Some(CRV), None, RuleKind::BackOnSameCar, "Text Dana about the 2022 CR-V");
        check_about(&asked, Some(RAV4), None, RuleKind::BackOnSameCar, "Text Dana, who is back on the 2022 RAV4");
        let nameless = |l: &mut Lead| {
            l.vehicle = None;
            l.said.cars.clear();
        };
        let described = |l: &mut Lead| {
            l.vehicle = None;
            l.said.cars.iter_mut().for_each(|c| c.facts.model = "F-150".into());
        };
        check_about(&asked.clone().lead(2, 1, nameless), None, Some(LeadId(2)), RuleKind::NewLead, "Text Dana");
        check_about(&asked.lead(2, 1, described), None, Some(LeadId(2)), RuleKind::NewLead, "Text Dana about the 2022 F-150");
    }

    #[test]
    fn a_silent_enquiry_is_followed_by_its_playbook() {
        let silent = |touched: i64, attempts: u16| {
            Sample::dana().lead(1, 30, |l| l.answered = Some(hours_ago(29))).may(Channel::Text, ConsentState::Allowed, ConsentBasis::Enquiry).change(
                |s| {
                    s.alerts = vec![card(1, RuleKind::NewLead, done(hours_ago(29)))];
                    s.last_store_touch = Some(hours_ago(touched));
                    s.attempts_unanswered = attempts;
                },
            )
        };
        check(&silent(29, 1), Some(("Call, then text, was due 9:00 am", "Asked through Cars.com yesterday and has not answered 1 attempt")));
        check(
            &silent(0, 1),
            Some(("Email three alternatives to the 2022 CR-V, tomorrow", "Asked through Cars.com yesterday and has not answered 1 attempt")),
        );
        check(&silent(29, 0), None);
    }

    #[test]
    fn a_quiet_customer_is_left_in_peace() {
        check(&Sample::dana(), None);
    }
}
