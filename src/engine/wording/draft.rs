//! What could the rep write?

use super::{
    cars,
    times::{clock, day},
    told::{self, How, Purpose},
    visits::two_visit_times,
};
use crate::{
    domain::{
        alert::{Draft, RuleKind},
        consent::Channel,
        lead::{Lead, LeadKind},
        picture::Picture,
        time::At,
        vehicle::{ListingStatus, Vehicle},
    },
    engine::rules::{Basis, Proposal, is_about_lead, unhappy},
};

/// Two segments of a text message: 2 x 153 characters.
pub const TEXT_LIMIT: usize = 306;

/// A message for a person to read, change and send, from the rule's template; `None` when there is nothing lawful to say or no way to
/// say it.
///
/// It uses what the customer told the store: their lead and its car, a price alert they set, a trade tool they finished, a message.
/// What was only seen on the site never enters it. By text when a number and permission are there, else by e-mail.
#[must_use]
pub fn draft(picture: &Picture, card: &Proposal, staff_name: &str, now: At) -> Option<Draft> {
    let (body, purpose) = match card.matter.rule {
        RuleKind::NewLead | RuleKind::AskedAgain | RuleKind::LeadUntouched => {
            (about_lead(picture, card.matter.lead.and_then(|id| picture.lead(id))?, now), Purpose::Answer)
        }
        RuleKind::ReplyReceived => (about_reply(picture, card, now), Purpose::Answer),
        RuleKind::TradeToolUsed if card.basis == Basis::Told => (about_trade_tool(picture, now), Purpose::Answer),
        RuleKind::FinanceFormUsed if card.basis == Basis::Told => (about_finance_form(picture, now), Purpose::Answer),
        RuleKind::TradeToolUsed
        | RuleKind::BackOnSameCar
        | RuleKind::FollowUpDue
        | RuleKind::TryAgain
        | RuleKind::BackAfterSilence
        | RuleKind::PriceAlertUsed
        | RuleKind::FinanceFormUsed
        | RuleKind::FormAbandoned
        | RuleKind::HoursViewed
        | RuleKind::ClickedToCall
        | RuleKind::ComparedOrShared
        | RuleKind::WatchedCarSold
        | RuleKind::WatchedCarReduced
        | RuleKind::WishMatched
        | RuleKind::OwnerShopping
        | RuleKind::HouseholdShopping => unasked(picture, card, now),
        // Nothing is sold to somebody who is unhappy.
        RuleKind::Unhappy => (sorry(picture, now)?, Purpose::Answer),
        RuleKind::AppointmentMissed => {
            (vec![say("We had you down for service and missed you."), say("Which day suits you best?")], Purpose::Outreach)
        }
        RuleKind::VisitEndedUnsold => (about_visit(picture, card), Purpose::Outreach),
        // A colleague asked, not the customer: there is nothing to send.
        RuleKind::InTheLane | RuleKind::Mentioned | RuleKind::Unknown => return None,
    };
    let channel = channel(picture, card, purpose, now)?;
    Some(write(picture, channel, &body, staff_name, playbook(card.matter.rule)))
}

/// What the store writes by itself to whoever asked and found nobody: in its own name, with the car's facts, its hours as they are and two
/// times to come by (field guide 8, P1 and P18). `None` when the matter is no lead, or there is no lawful way to write.
#[must_use]
pub fn first_response(picture: &Picture, card: &Proposal, now: At) -> Option<Draft> {
    let lead = card.matter.lead.and_then(|id| picture.lead(id)).filter(|_| is_about_lead(card.matter.rule))?;
    let car = lead.vehicle.and_then(|id| picture.car(id));
    let described = cars::wanted(lead).filter(|c| cars::has_name(c)).map(|c| c.facts.short());
    let thanks = match car.map(cars::spoken).or(described) {
        Some(name) => say("Thanks for asking about the ").fact(name).then("."),
        None => say("Thanks for getting in touch."),
    };
    let on_lot = car.and_then(|car| car.listing.as_ref()).filter(|listing| listing.status == ListingStatus::Available);
    let here = on_lot.map(|listing| match listing.price {
        Some(price) => say("It is here at ").fact(price.to_string()).then("."),
        None => say("It is here."),
    });
    let opens = picture.rooftop.next_open(now);
    let hours = if opens > now {
        let zone = &picture.rooftop.zone;
        say("We are closed right now and open ").fact(format!("{} at {}", day(zone, opens, now), clock(zone, opens))).then(".")
    } else {
        say("Everybody is with a customer right now; one of us will write to you shortly.")
    };
    let visit = two_visit_times(picture.rooftop, now).map(|times| say("Would ").fact(times).then(" work for a look?"));
    let body: Vec<Sentence> = [Some(thanks), here, Some(hours), visit].into_iter().flatten().collect();
    let channel = channel(picture, card, Purpose::Answer, now)?;
    Some(write(picture, channel, &body, "", "First response"))
}

fn playbook(rule: RuleKind) -> &'static str {
    match rule {
        RuleKind::NewLead | RuleKind::LeadUntouched => "New lead",
        RuleKind::AskedAgain => "Asked again",
        RuleKind::Unhappy => "Complaint",
        RuleKind::BackAfterSilence => "Back after silence",
        RuleKind::PriceAlertUsed => "Price alert",
        RuleKind::FinanceFormUsed => "Finance form",
        RuleKind::FormAbandoned => "Unfinished form",
        RuleKind::HoursViewed | RuleKind::ClickedToCall | RuleKind::ComparedOrShared => "Active shopper",
        RuleKind::WatchedCarSold => "Car sold",
        RuleKind::WatchedCarReduced => "Price drop",
        RuleKind::WishMatched => "New arrival",
        RuleKind::OwnerShopping | RuleKind::HouseholdShopping => "Owner shopping",
        RuleKind::AppointmentMissed => "Missed appointment",
        RuleKind::ReplyReceived => "Reply waiting",
        RuleKind::BackOnSameCar => "Returning shopper",
        RuleKind::TradeToolUsed => "Trade tool",
        RuleKind::FollowUpDue => "Follow-up",
        RuleKind::VisitEndedUnsold => "Unsold visit",
        RuleKind::TryAgain => "Try again",
        RuleKind::InTheLane | RuleKind::Mentioned | RuleKind::Unknown => "",
    }
}

/// An e-mail is answered by e-mail; otherwise a text is read first.
fn channel(picture: &Picture, card: &Proposal, purpose: Purpose, now: At) -> Option<Channel> {
    let by_mail = matches!(card.matter.rule, RuleKind::ReplyReceived | RuleKind::Unhappy)
        && picture.unanswered.last().is_some_and(|u| u.channel == Channel::Email);
    let order = if by_mail { [Channel::Email, Channel::Text] } else { [Channel::Text, Channel::Email] };
    order.into_iter().find(|channel| told::may_write(picture, *channel, purpose, now))
}

/// A sentence in pieces: our words, and the facts put in.
#[derive(Debug, Clone, Default)]
struct Sentence {
    pieces: Vec<Piece>,
    /// Left out when a text would get too long.
    spare: bool,
}

#[derive(Debug, Clone)]
enum Piece {
    Ours(String),
    Fact(String),
}

fn say(words: &str) -> Sentence {
    Sentence { pieces: vec![Piece::Ours(words.to_owned())], spare: false }
}

impl Sentence {
    fn fact(mut self, fact: String) -> Self {
        self.pieces.push(Piece::Fact(fact));
        self
    }

    fn then(mut self, words: &str) -> Self {
        self.pieces.push(Piece::Ours(words.to_owned()));
        self
    }

    fn spare(self) -> Self {
        Self { spare: true, ..self }
    }
}

fn about_lead(picture: &Picture, lead: &Lead, now: At) -> Vec<Sentence> {
    let car = lead.vehicle.and_then(|id| picture.car(id));
    let described = cars::wanted(lead).filter(|c| cars::has_name(c)).map(|c| c.facts.short());
    let name = car.map(cars::spoken).or(described);
    let opening = |with_car: &str, without: &str| match &name {
        Some(name) => say(with_car).fact(name.clone()).then("."),
        None => say(without),
    };
    match lead.said.kind {
        LeadKind::TradeIn => {
            let theirs = cars::brought(lead).filter(|c| cars::has_name(c)).map(|c| c.facts.short());
            let thanks =
                theirs.map_or_else(|| say("Thanks for telling us about your car."), |c| say("Thanks for telling us about your ").fact(c).then("."));
            vec![thanks, say("A ten-minute look here gives you a firm figure."), come_by(picture, "work?", now)]
        }
        LeadKind::Finance => {
            vec![
                opening("Thanks for your application for the ", "Thanks for your application."),
                come_by(picture, "work to go over it together?", now),
            ]
        }
        LeadKind::Service => vec![say("Thanks for asking about service."), say("Which day suits you best to bring your car in?")],
        LeadKind::PhoneCall | LeadKind::TestDrive | LeadKind::Enquiry | LeadKind::Unknown | LeadKind::Test => {
            let thanks = match lead.said.kind {
                LeadKind::PhoneCall => opening("Thanks for your call about the ", "Thanks for your call."),
                LeadKind::TestDrive => opening("Thanks for asking to drive the ", "Thanks for asking for a test drive."),
                LeadKind::Enquiry | LeadKind::Unknown | LeadKind::Test | LeadKind::TradeIn | LeadKind::Finance | LeadKind::Service => {
                    opening("Thanks for asking about the ", "Thanks for getting in touch.")
                }
            };
            let purpose = if lead.said.kind == LeadKind::TestDrive { "work for the drive?" } else { "work for a look?" };
            let mut body = vec![thanks];
            match (car, &name) {
                (Some(car), _) => body.extend(car_today(picture, car, asks_if_here(lead), purpose, now)),
                (None, Some(_)) => body.push(say("I am checking on it now and will write again shortly.")),
                (None, None) => body.push(say("What can I help you with?")),
            }
            body
        }
    }
}

/// Whether their words ask if the car is still there.
fn asks_if_here(lead: &Lead) -> bool {
    let words = lead.said.comments.to_lowercase();
    ["available", "still have", "still there", "still here", "in stock"].iter().any(|asked| words.contains(asked))
}

/// How the car stands today and what comes of it: the answer to "is it still there" comes first.
fn car_today(picture: &Picture, car: &Vehicle, asked_if_here: bool, purpose: &str, now: At) -> Vec<Sentence> {
    let Some(listing) = &car.listing else { return vec![come_by(picture, purpose, now)] };
    match listing.status {
        ListingStatus::Available => {
            let here = if asked_if_here { "Yes, it is still here" } else { "It is here" };
            let here = match listing.price {
                Some(price) => say(here).then(" at ").fact(price.to_string()).then("."),
                None => say(here).then("."),
            };
            let trade =
                told::trade(picture, now).map(|c| say("I can put numbers together with your ").fact(c.facts.short()).then(" as the trade.").spare());
            [Some(here), trade, Some(come_by(picture, purpose, now))].into_iter().flatten().collect()
        }
        ListingStatus::Hold => vec![say("It is on hold right now."), say("Shall I tell you the moment that changes?")],
        ListingStatus::Recon => vec![say("It is still being prepared for sale."), say("Shall I tell you when it is ready to show?")],
        ListingStatus::Inbound => vec![say("It is on its way to us."), say("Shall I tell you when it is here?")],
        ListingStatus::Sold | ListingStatus::Missing => vec![say("It is no longer on our lot."), say("Shall I look for another one like it?")],
        ListingStatus::Unknown => vec![say("I am checking on it now and will write again shortly.")],
    }
}

fn come_by(picture: &Picture, purpose: &str, now: At) -> Sentence {
    match two_visit_times(picture.rooftop, now) {
        Some(times) => say("Would ").fact(times).then(" ").then(purpose),
        None => say("What time suits you?"),
    }
}

fn about_reply(picture: &Picture, card: &Proposal, now: At) -> Vec<Sentence> {
    let called = picture.unanswered.last().is_some_and(|u| u.channel == Channel::Call);
    let thanks = say(if called { "Sorry we missed your call." } else { "Thanks for your message." });
    let mut body = vec![thanks];
    match told::car(picture, card.vehicle, now) {
        Some((car, how)) => body.extend(spoken_of(picture, car, how, now)),
        None => body.push(say("What can I do for you?")),
    }
    body
}

fn about_trade_tool(picture: &Picture, now: At) -> Vec<Sentence> {
    vec![
        say("Thanks for using our trade-in tool."),
        say("A ten-minute look here turns the estimate into a firm figure."),
        come_by(picture, "work?", now),
    ]
}

fn about_finance_form(picture: &Picture, now: At) -> Vec<Sentence> {
    vec![say("Thanks for your application."), come_by(picture, "work to go over it together?", now)]
}

/// To somebody who is unhappy, in plain words; nothing to who wants to be left alone.
fn sorry(picture: &Picture, now: At) -> Option<Vec<Sentence>> {
    (!unhappy::wants_peace(picture, now)).then(|| {
        vec![say("I am sorry that we let you down."), say("I would like to hear what happened and put it right."), say("When may I call you?")]
    })
}

/// We saw something they did not tell us: the message is about what they did tell us, and leaves room for another car when we saw one;
/// else it only offers help.
fn unasked(picture: &Picture, card: &Proposal, now: At) -> (Vec<Sentence>, Purpose) {
    match told::car(picture, card.vehicle, now) {
        Some((car, how)) => {
            let mut body = spoken_of(picture, car, how, now);
            if card.vehicle.is_some_and(|seen| seen != car.id) {
                body.push(say("If you would rather see another car, tell me which.").spare());
            }
            (body, Purpose::Answer)
        }
        None => (vec![say("If there is a car I can help you with, just reply and I will look into it.")], Purpose::Outreach),
    }
}

/// Thanks for coming in; the car they came for is one they spoke of.
fn about_visit(picture: &Picture, card: &Proposal) -> Vec<Sentence> {
    let thanks = match card.vehicle.and_then(|id| picture.car(id)) {
        Some(car) => say("Thank you for coming in to see the ").fact(cars::spoken(car)).then("."),
        None => say("Thank you for coming in."),
    };
    vec![thanks, say("What could I find out for you that would make it easier?")]
}

/// A car they spoke of, named, and how it stands.
fn spoken_of(picture: &Picture, car: &Vehicle, how: How, now: At) -> Vec<Sentence> {
    let named = match how {
        How::Asked => say("You asked us about the ").fact(cars::spoken(car)).then("."),
        How::SetPriceAlert => say("You set a price alert on the ").fact(cars::spoken(car)).then("."),
    };
    let today = car_today(picture, car, false, "work for a look?", now);
    [named].into_iter().chain(today).collect()
}

fn write(picture: &Picture, channel: Channel, body: &[Sentence], staff_name: &str, playbook: &str) -> Draft {
    let store = &picture.rooftop.name;
    let first = staff_name.split_whitespace().next().unwrap_or_default();
    let hello = match picture.customer.first_name() {
        "" => say("Hi"),
        name => say("Hi ").fact(name.to_owned()),
    };
    let whole = |body: &[&Sentence]| match channel {
        Channel::Email => {
            let mut pieces = vec![hello.clone().then(",\n\n")];
            pieces.extend(joined(body));
            let sign = if staff_name.is_empty() { say("\n\n") } else { say("\n\n").fact(staff_name.to_owned()).then("\n") };
            pieces.push(sign.fact(store.clone()));
            pieces
        }
        Channel::Text | Channel::Call => {
            let me = match first {
                "" => hello.clone().then(", this is ").fact(store.clone()).then(". "),
                first => hello.clone().then(", it's ").fact(first.to_owned()).then(" at ").fact(store.clone()).then(". "),
            };
            [me].into_iter().chain(joined(body)).collect()
        }
    };
    let all: Vec<&Sentence> = body.iter().collect();
    let needed: Vec<&Sentence> = body.iter().filter(|s| !s.spare).collect();
    let full = set(&whole(&all));
    let (text, inserted) = if channel == Channel::Text && full.0.chars().count() > TEXT_LIMIT { set(&whole(&needed)) } else { full };
    Draft { channel, text, inserted, playbook: playbook.to_owned() }
}

/// With a space between two.
fn joined(body: &[&Sentence]) -> Vec<Sentence> {
    let mut out: Vec<Sentence> = Vec::with_capacity(body.len() * 2);
    for sentence in body {
        if !out.is_empty() {
            out.push(say(" "));
        }
        out.push((*sentence).clone());
    }
    out
}

fn set(sentences: &[Sentence]) -> (String, Vec<String>) {
    let (mut text, mut inserted) = (String::new(), Vec::new());
    for piece in sentences.iter().flat_map(|s| &s.pieces) {
        match piece {
            Piece::Ours(words) => text.push_str(words),
            Piece::Fact(fact) => {
                text.push_str(fact);
                inserted.push(fact.clone());
            }
        }
    }
    (text, inserted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            consent::{ConsentBasis, ConsentState},
            lead::{LeadCar, LeadInterest},
            rooftop::Rooftop,
            score::Score,
            vehicle::CarFacts,
            visitor::Did,
        },
        engine::{
            rules,
            sample::{CRV, RAV4, Sample, hours_ago, listed, now},
            wording::guards,
        },
    };

    fn written(sample: &Sample) -> Option<Draft> {
        let picture = sample.picture();
        let proposals = rules::propose(&picture, &Score::default(), now());
        draft(&picture, proposals.first()?, "Priya Nair", now())
    }

    fn check(sample: &Sample, expected: Option<(Channel, &str)>) {
        let draft = written(sample);
        assert_eq!(draft.as_ref().map(|d| (d.channel, d.text.as_str())), expected);
        let Some(draft) = draft else { return };
        let mut from = 0;
        for fact in &draft.inserted {
            let at = draft.text[from..].find(fact.as_str()).expect("each fact stands in the text, in order");
            from += at + fact.len();
        }
        let blocked: Vec<String> = guards(&draft, &sample.picture(), now()).into_iter().filter(|g| !g.ok).map(|g| g.text).collect();
        assert_eq!(blocked, Vec::<String>::new(), "a draft of ours passes our own guards");
        assert!(draft.channel != Channel::Text || draft.text.chars().count() <= TEXT_LIMIT);
    }

    fn texting() -> Sample {
        Sample::dana().may(Channel::Text, ConsentState::Allowed, ConsentBasis::Enquiry)
    }

    fn asked(change: impl FnOnce(&mut Lead)) -> Sample {
        texting().lead(1, 0, change)
    }

    #[expect(clippy::unnecessary_wraps, reason = "reads as the expectation it is")]
    fn text(words: &str) -> Option<(Channel, &str)> {
        Some((Channel::Text, words))
    }

    fn civic() -> LeadCar {
        let facts = CarFacts { year: Some(2018), model: "Civic".into(), ..CarFacts::default() };
        LeadCar { interest: LeadInterest::TradeIn, facts, ..LeadCar::default() }
    }

    #[test]
    fn a_new_lead_gets_its_answer_first() {
        check(
            &asked(|_| {}),
            text(
                "Hi Dana, it's Priya at Harbor Point. Thanks for asking about the 2022 CR-V. Yes, it is still here at $27,650. Would 11:00 today or 2:00 work for a look?",
            ),
        );
        check(
            &asked(|l| l.said.comments.clear()),
            text(
                "Hi Dana, it's Priya at Harbor Point. Thanks for asking about the 2022 CR-V. It is here at $27,650. Would 11:00 today or 2:00 work for a look?",
            ),
        );
    }

    #[test]
    fn each_kind_of_lead_has_its_words() {
        let hi = "Hi Dana, it's Priya at Harbor Point. ";
        for (kind, cars, words) in [
            (
                LeadKind::TestDrive,
                1,
                "Thanks for asking to drive the 2022 CR-V. Yes, it is still here at $27,650. Would 11:00 today or 2:00 work for the drive?",
            ),
            (LeadKind::PhoneCall, 0, "Thanks for your call. What can I help you with?"),
            (LeadKind::Finance, 1, "Thanks for your application for the 2022 CR-V. Would 11:00 today or 2:00 work to go over it together?"),
            (LeadKind::Service, 0, "Thanks for asking about service. Which day suits you best to bring your car in?"),
            (
                LeadKind::TradeIn,
                0,
                "Thanks for telling us about your car. A ten-minute look here gives you a firm figure. Would 11:00 today or 2:00 work?",
            ),
            (
                LeadKind::TradeIn,
                2,
                "Thanks for telling us about your 2018 Civic. A ten-minute look here gives you a firm figure. Would 11:00 today or 2:00 work?",
            ),
            (LeadKind::Enquiry, 0, "Thanks for getting in touch. What can I help you with?"),
        ] {
            let sample = asked(|l| {
                l.said.kind = kind;
                match cars {
                    0 => l.said.cars.clear(),
                    1 => {}
                    _ => l.said.cars = vec![civic()],
                }
                if cars != 1 {
                    l.vehicle = None;
                }
            });
            check(&sample, text(&format!("{hi}{words}")));
        }
    }

    #[test]
    fn a_car_that_is_not_for_sale_today_is_not_offered() {
        let hi = "Hi Dana, it's Priya at Harbor Point. Thanks for asking about the 2022 CR-V. ";
        for (status, words) in [
            (ListingStatus::Sold, "It is no longer on our lot. Shall I look for another one like it?"),
            (ListingStatus::Missing, "It is no longer on our lot. Shall I look for another one like it?"),
            (ListingStatus::Hold, "It is on hold right now. Shall I tell you the moment that changes?"),
            (ListingStatus::Recon, "It is still being prepared for sale. Shall I tell you when it is ready to show?"),
            (ListingStatus::Inbound, "It is on its way to us. Shall I tell you when it is here?"),
        ] {
            check(&asked(|_| {}).change(|s| s.cars = vec![listed(CRV.0, "24117", "CR-V", status)]), text(&format!("{hi}{words}")));
        }
        check(&asked(|l| l.vehicle = None), text(&format!("{hi}I am checking on it now and will write again shortly.")));
    }

    #[test]
    fn their_trade_is_spoken_of_when_there_is_room() {
        let with_trade = asked(|l| l.said.cars.push(civic()));
        check(
            &with_trade,
            text(
                "Hi Dana, it's Priya at Harbor Point. Thanks for asking about the 2022 CR-V. Yes, it is still here at $27,650. I can put numbers together with your 2018 Civic as the trade. Would 11:00 today or 2:00 work for a look?",
            ),
        );
        let long_name = with_trade.change(|s| {
            s.rooftop = Rooftop {
                name: "The Harbor Point Family Motor Company of Greater Portland, the Lakes Region and all of the Coast down to Kittery".into(),
                ..Rooftop::default()
            }
        });
        assert!(!written(&long_name).unwrap().text.contains("Civic"));
        check(&long_name, written(&long_name).as_ref().map(|d| (Channel::Text, d.text.as_str())));
    }

    #[test]
    fn without_permission_to_text_it_is_an_email_and_without_either_nothing() {
        check(
            &Sample::dana().lead(1, 0, |_| {}),
            Some((
                Channel::Email,
                "Hi Dana,\n\nThanks for asking about the 2022 CR-V. Yes, it is still here at $27,650. Would 11:00 today or 2:00 work for a look?\n\nPriya Nair\nHarbor Point",
            )),
        );
        check(&Sample::dana().lead(1, 0, |_| {}).change(|s| s.customer.emails.clear()), None);
        check(&Sample::dana().lead(1, 0, |_| {}).may(Channel::Email, ConsentState::Revoked, ConsentBasis::DmsFlag), None);
    }

    #[test]
    fn a_message_is_answered_on_its_own_channel() {
        let hi = "Hi Dana, it's Priya at Harbor Point. ";
        check(&Sample::dana().wrote(0, "Hello"), text(&format!("{hi}Thanks for your message. What can I do for you?")));
        let known = Sample::dana().lead(1, 30, |l| l.answered = Some(hours_ago(29))).wrote(0, "Yes please");
        check(
            &known,
            text(&format!(
                "{hi}Thanks for your message. You asked us about the 2022 CR-V. It is here at $27,650. Would 11:00 today or 2:00 work for a look?"
            )),
        );
        let by_mail = texting().wrote(0, "Hello").change(|s| s.unanswered[0].channel = Channel::Email);
        assert_eq!(written(&by_mail).map(|d| d.channel), Some(Channel::Email));
        let called = texting().wrote(0, "").change(|s| s.unanswered[0].channel = Channel::Call);
        check(&called, text(&format!("{hi}Sorry we missed your call. What can I do for you?")));
    }

    #[test]
    fn a_finished_trade_tool_is_something_they_told_us() {
        check(
            &texting().did(Did::FinishedTradeTool, 1, None),
            text(
                "Hi Dana, it's Priya at Harbor Point. Thanks for using our trade-in tool. A ten-minute look here turns the estimate into a firm figure. Would 11:00 today or 2:00 work?",
            ),
        );
    }

    #[test]
    fn silent_browsing_never_enters_a_message() {
        let hi = "Hi Dana, it's Priya at Harbor Point. ";
        let looks = |sample: Sample| sample.looks(CRV, &[40, 26, 14, 0]);
        let may_begin = || Sample::dana().may(Channel::Text, ConsentState::Allowed, ConsentBasis::Form);
        let neutral = format!("{hi}If there is a car I can help you with, just reply and I will look into it.");
        check(&looks(may_begin()), text(&neutral));
        check(&may_begin().did(Did::StartedTradeTool, 1, None), text(&neutral));
        check(&looks(texting()), None);
        check(&looks(Sample::dana()), None);
        let answered = |l: &mut Lead| l.answered = Some(hours_ago(90));
        let asked = "You asked us about the 2022 CR-V. It is here at $27,650. Would 11:00 today or 2:00 work for a look?";
        check(&looks(texting().lead(1, 100, answered)), text(&format!("{hi}{asked}")));
        let asked_rav4 = texting().lead(1, 100, |l| {
            answered(l);
            l.vehicle = Some(RAV4);
        });
        let other = "You asked us about the 2022 RAV4. It is here at $27,650. Would 11:00 today or 2:00 work for a look? \
                     If you would rather see another car, tell me which.";
        check(&looks(asked_rav4), text(&format!("{hi}{other}")));
    }

    #[test]
    fn a_price_alert_is_something_they_told_us() {
        check(
            &texting().looks(CRV, &[40, 26, 14, 0]).did(Did::OpenedPriceAlert, 0, Some(CRV)),
            text(
                "Hi Dana, it's Priya at Harbor Point. You set a price alert on the 2022 CR-V. It is here at $27,650. Would 11:00 today or 2:00 work for a look?",
            ),
        );
    }

    #[test]
    fn names_that_are_missing_are_left_out() {
        let unnamed = asked(|l| {
            l.said.cars.clear();
            l.vehicle = None;
        })
        .change(|s| s.customer.name = crate::domain::profile::PersonName::default());
        check(&unnamed, text("Hi, it's Priya at Harbor Point. Thanks for getting in touch. What can I help you with?"));
        let picture = unnamed.picture();
        let card = &rules::propose(&picture, &Score::default(), now())[0];
        assert_eq!(
            draft(&picture, card, "", now()).map(|d| d.text).unwrap(),
            "Hi, this is Harbor Point. Thanks for getting in touch. What can I help you with?"
        );
    }
}
