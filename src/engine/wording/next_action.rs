//! What is the one next thing to do for this customer?

use super::{cars, phrases, steps, times::day, told};
use crate::domain::{
    alert::{Alert, RuleKind},
    consent::Channel,
    ids::AlertId,
    picture::Picture,
    time::At,
};

/// One thing to do, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextAction {
    pub title: String,
    pub why: String,
    /// The card that asks for it, if one does.
    pub alert: Option<AlertId>,
}

/// The open card's matter by the best open way; without a card the next step of the playbook of their newest enquiry, while they have
/// not answered; without either, nothing: a customer may simply be left in peace.
#[must_use]
pub fn next_action(picture: &Picture, now: At) -> Option<NextAction> {
    let standing = picture.alerts.iter().filter(|a| !a.is_closed()).min_by_key(|a| (a.level, a.id));
    match standing {
        Some(alert) => Some(for_card(picture, alert, now)),
        None => follow_up(picture, now),
    }
}

fn for_card(picture: &Picture, alert: &Alert, now: At) -> NextAction {
    let who = phrases::who(picture.customer);
    let way = match alert.draft.as_ref().map(|d| d.channel) {
        Some(Channel::Text) => format!("Text {who}"),
        Some(Channel::Email) => format!("Email {who}"),
        Some(Channel::Call) => format!("Call {who}"),
        None if steps::may_call(picture) => format!("Call {who}"),
        None => format!("Find a way to reach {who}"),
    };
    let told = told::car(picture, alert.matter.vehicle, now).map(|(c, _)| format!(" about the {}", cars::spoken(c)));
    let about = match alert.matter.rule {
        RuleKind::NewLead | RuleKind::BackOnSameCar | RuleKind::Unknown => told.unwrap_or_default(),
        RuleKind::ReplyReceived => " back".to_owned(),
        RuleKind::TradeToolUsed => " about their trade".to_owned(),
    };
    NextAction { title: way + &about, why: alert.headline.clone(), alert: Some(alert.id) }
}

fn follow_up(picture: &Picture, now: At) -> Option<NextAction> {
    let lead = told::enquiry(picture, now)?;
    let silent = picture.attempts_unanswered > 0 && picture.last_store_touch.is_some_and(|t| t >= lead.received);
    if !silent {
        return None;
    }
    let car = lead.vehicle.and_then(|id| picture.car(id)).map(|c| format!("the {}", cars::spoken(c)));
    let (at, step) = steps::ahead(picture, lead.received, now).next()?;
    let zone = &picture.rooftop.zone;
    let words = steps::in_words(step, car.as_deref());
    let attempts = if picture.attempts_unanswered == 1 { "1 attempt".to_owned() } else { format!("{} attempts", picture.attempts_unanswered) };
    let source = if lead.said.source.is_empty() { String::new() } else { format!(" through {}", lead.said.source) };
    Some(NextAction {
        title: format!("{words}, {}", day(zone, at, now)),
        why: format!("Asked{source} {} and has not answered {attempts}", day(zone, lead.received, now)),
        alert: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            alert::{AlertState, Draft},
            consent::{ConsentBasis, ConsentState},
        },
        engine::sample::{Sample, card, done, hours_ago, now},
    };

    fn check(sample: &Sample, expected: Option<(&str, &str)>) {
        let action = next_action(&sample.picture(), now());
        assert_eq!(action.as_ref().map(|a| (a.title.as_str(), a.why.as_str())), expected);
    }

    fn with_card(rule: RuleKind, channel: Option<Channel>) -> Sample {
        let draft = channel.map(|channel| Draft { channel, text: String::new(), inserted: vec![], playbook: String::new() });
        Sample::dana().lead(1, 3, |_| {}).change(|s| s.alerts = vec![Alert { draft, headline: "Why.".into(), ..card(1, rule, AlertState::Open) }])
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
    fn a_silent_enquiry_is_followed_by_its_playbook() {
        let silent = |attempts: u16| {
            Sample::dana().lead(1, 30, |l| l.answered = Some(hours_ago(29))).may(Channel::Text, ConsentState::Allowed, ConsentBasis::Enquiry).change(
                |s| {
                    s.alerts = vec![card(1, RuleKind::NewLead, done(hours_ago(29)))];
                    s.last_store_touch = Some(hours_ago(29));
                    s.attempts_unanswered = attempts;
                },
            )
        };
        check(
            &silent(1),
            Some(("Email three alternatives to the 2022 CR-V, tomorrow", "Asked through Cars.com yesterday and has not answered 1 attempt")),
        );
        check(&silent(0), None);
    }

    #[test]
    fn a_quiet_customer_is_left_in_peace() {
        check(&Sample::dana(), None);
    }
}
