//! Somebody asked us something and nobody has answered.

use super::{Basis, Proposal, newest_first};
use crate::{
    domain::{
        alert::{Icon, Level, Matter, Reason, RuleKind},
        lead::{Lead, LeadKind},
        money::grouped,
        picture::Picture,
        rule_setting::Knob,
        score::Score,
        time::At,
    },
    engine::{
        intent::looks,
        wording::{
            cars,
            phrases::{self, capitalised},
        },
    },
};

/// Stands from the newest unanswered lead until somebody of the store reaches for the customer, at most a week or as long as the store set
/// it. The sender's own tests are no leads.
pub(super) fn propose(picture: &Picture, _: &Score, now: At) -> Option<Proposal> {
    about_waiting(picture, RuleKind::NewLead, now)
}

/// The leads nobody has answered for which this rule may stand, oldest first.
pub(super) fn waiting<'p>(picture: &'p Picture, rule: RuleKind, now: At) -> Vec<&'p Lead> {
    let open_ms = picture.rules.ms(rule, Knob::OpenDays);
    picture.leads.iter().filter(|l| now.since(l.received) < open_ms && is_unanswered(picture, l)).collect()
}

/// What every rule says that stands for a lead that waits.
pub(super) fn about_waiting(picture: &Picture, rule: RuleKind, now: At) -> Option<Proposal> {
    let waiting = waiting(picture, rule, now);
    let lead = waiting.iter().max_by_key(|l| (l.received, l.id))?;
    let vehicle = lead.vehicle;
    let described = cars::wanted(lead).filter(|c| cars::has_name(c)).map(|c| c.facts.short());
    let spoken = vehicle.and_then(|id| picture.car(id)).map(cars::spoken_and_tag).or_else(|| described.clone());
    let tag = vehicle.and_then(|id| picture.car(id)).map(cars::tag).or(described);
    let again = picture.leads.iter().any(|l| l.received < lead.received && l.said.kind != LeadKind::Test);
    Some(Proposal {
        matter: Matter { vehicle, lead: Some(lead.id), ..Matter::of(rule) },
        level: Level::ActNow,
        headline: format!("{} {}.", phrases::who(picture.customer), asked(lead, spoken.map(|s| format!("the {s}")), again)),
        short: capitalised(&asked(lead, tag, again)),
        reasons: reasons(picture, &waiting, now),
        vehicle,
        first_response: true,
        evidence: lead.received,
        holds_until: Some(lead.received.plus_ms(picture.rules.ms(rule, Knob::OpenDays))),
        basis: Basis::Told,
    })
}

pub(super) fn is_unanswered(picture: &Picture, lead: &Lead) -> bool {
    let touched = picture.last_store_touch.is_some_and(|t| t >= lead.received);
    lead.said.kind != LeadKind::Test && lead.answered.is_none() && !touched
}

/// `asked about the 2022 CR-V (#24117) through Cars.com`.
fn asked(lead: &Lead, car: Option<String>, again: bool) -> String {
    let theirs = cars::brought(lead).filter(|c| cars::has_name(c)).map(|c| c.facts.short());
    let again = if again { " again" } else { "" };
    let did = match (lead.said.kind, car) {
        (LeadKind::Enquiry | LeadKind::Unknown, Some(car)) => format!("asked{again} about {car}"),
        (LeadKind::Enquiry | LeadKind::Unknown | LeadKind::Test, None) => format!("asked us something{again}"),
        (LeadKind::TestDrive, Some(car)) => format!("asked{again} to drive {car}"),
        (LeadKind::TestDrive, None) => format!("asked{again} for a test drive"),
        (LeadKind::TradeIn, _) => match theirs {
            Some(theirs) => format!("offered us a {theirs}{again}"),
            None => format!("asked{again} what their car is worth"),
        },
        (LeadKind::Finance, Some(car)) => format!("applied{again} for financing on {car}"),
        (LeadKind::Finance, None) => format!("applied{again} for financing"),
        (LeadKind::PhoneCall, Some(car)) => format!("called{again} about {car}"),
        (LeadKind::PhoneCall, None) => format!("called us{again}"),
        (LeadKind::Service, _) => format!("asked{again} for service"),
        (LeadKind::Test, Some(car)) => format!("tested a lead about {car}"),
    };
    did + &road(lead)
}

pub(super) fn road(lead: &Lead) -> String {
    match (lead.said.kind, lead.said.source.trim()) {
        (LeadKind::PhoneCall, _) | (_, "") => String::new(),
        (_, source) if source.eq_ignore_ascii_case("website") => " on our website".to_owned(),
        (_, source) => format!(" through {source}"),
    }
}

fn reasons(picture: &Picture, waiting: &[&Lead], now: At) -> Vec<Reason> {
    let mut lines: Vec<Reason> = Vec::new();
    for lead in waiting.iter().rev() {
        let icon = if lead.said.kind == LeadKind::PhoneCall { Icon::Phone } else { Icon::Form };
        let what = capitalised(&asked(lead, lead.vehicle.and_then(|id| picture.car(id)).map(cars::tag), false));
        let text = match lead.said.comments.trim() {
            "" => what,
            words => format!("{what}: {}", phrases::quoted(words, 120)),
        };
        lines.push(Reason { at: lead.received, icon, text, vehicle: lead.vehicle });
        if let Some(theirs) = cars::brought(lead).filter(|c| cars::has_name(c)) {
            let miles = theirs.facts.odometer_mi.map(|m| format!(", {}\u{a0}mi", grouped(m.into()))).unwrap_or_default();
            lines.push(Reason { at: lead.received, icon: Icon::Car, text: format!("Comes with a {}{miles}", theirs.facts.label()), vehicle: None });
        }
    }
    let looks = looks::looks(&picture.activity);
    for of_car in looks.chunk_by(|a, b| a.car == b.car) {
        let (Some(newest), count) = (of_car.last(), looks::within_window(of_car)) else { continue };
        let asked_for = waiting.iter().any(|l| l.vehicle == Some(newest.car));
        if asked_for && now.since(newest.at) <= looks::WINDOW_MS {
            let text = format!("Looked at {} {} in 48 h", cars::tag_of(picture, Some(newest.car)), phrases::times(count));
            lines.push(Reason { at: newest.at, icon: Icon::Eye, text, vehicle: Some(newest.car) });
        }
    }
    newest_first(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ids::LeadId,
            lead::{LeadCar, LeadInterest},
            vehicle::CarFacts,
        },
        engine::sample::{CRV, Sample, hours_ago, now},
    };

    fn proposed(sample: &Sample) -> Option<Proposal> {
        propose(&sample.picture(), &Score::default(), now())
    }

    fn stands(sample: &Sample) -> bool {
        proposed(sample).is_some()
    }

    fn civic() -> LeadCar {
        let facts = CarFacts {
            year: Some(2018),
            make: "Honda".into(),
            model: "Civic".into(),
            trim: "EX".into(),
            odometer_mi: Some(61_240),
            ..CarFacts::default()
        };
        LeadCar { interest: LeadInterest::TradeIn, facts, ..LeadCar::default() }
    }

    #[test]
    fn it_stands_from_the_lead_until_a_touch_for_a_week() {
        assert!(!stands(&Sample::dana()));
        assert!(stands(&Sample::dana().lead(1, 0, |_| {})));
        assert!(stands(&Sample::dana().lead(1, 167, |_| {})));
        assert!(!stands(&Sample::dana().lead(1, 168, |_| {})));
        assert!(!stands(&Sample::dana().lead(1, 2, |l| l.answered = Some(hours_ago(1)))));
        assert!(!stands(&Sample::dana().lead(1, 2, |_| {}).change(|s| s.last_store_touch = Some(hours_ago(1)))));
        assert!(stands(&Sample::dana().lead(1, 2, |_| {}).change(|s| s.last_store_touch = Some(hours_ago(3)))));
        assert!(!stands(&Sample::dana().lead(1, 2, |l| l.said.kind = LeadKind::Test)));
    }

    #[test]
    fn the_newest_lead_is_the_matter_and_the_others_are_reasons() {
        let twice = Sample::dana().lead(1, 5, |l| l.said.comments = "First".into()).lead(2, 1, |l| l.said.comments = "Second".into());
        let card = proposed(&twice).unwrap();
        assert_eq!((card.matter.lead, card.vehicle, card.evidence, card.level), (Some(LeadId(2)), Some(CRV), hours_ago(1), Level::ActNow));
        assert!(card.first_response);
        let texts: Vec<&str> = card.reasons.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(texts, ["Asked about #24117 through Cars.com: “Second”", "Asked about #24117 through Cars.com: “First”"]);
    }

    #[test]
    fn the_card_says_what_they_asked() {
        let check = |kind: LeadKind, change: fn(&mut Lead), headline: &str, short: &str| {
            let card = proposed(&Sample::dana().lead(1, 1, |l| {
                l.said.kind = kind;
                change(l);
            }))
            .unwrap();
            assert_eq!((card.headline.as_str(), card.short.as_str()), (headline, short));
        };
        let no_car: fn(&mut Lead) = |l| {
            l.vehicle = None;
            l.said.cars.clear();
        };
        let unknown_car: fn(&mut Lead) = |l| l.vehicle = None;
        check(LeadKind::Enquiry, |_| {}, "Dana asked about the 2022 CR-V (#24117) through Cars.com.", "Asked about #24117 through Cars.com");
        check(LeadKind::Enquiry, unknown_car, "Dana asked about the 2022 CR-V through Cars.com.", "Asked about 2022 CR-V through Cars.com");
        check(
            LeadKind::Enquiry,
            |l| l.said.source = "Website".into(),
            "Dana asked about the 2022 CR-V (#24117) on our website.",
            "Asked about #24117 on our website",
        );
        check(LeadKind::Enquiry, no_car, "Dana asked us something through Cars.com.", "Asked us something through Cars.com");
        check(LeadKind::TestDrive, |_| {}, "Dana asked to drive the 2022 CR-V (#24117) through Cars.com.", "Asked to drive #24117 through Cars.com");
        check(LeadKind::TestDrive, no_car, "Dana asked for a test drive through Cars.com.", "Asked for a test drive through Cars.com");
        check(LeadKind::TradeIn, no_car, "Dana asked what their car is worth through Cars.com.", "Asked what their car is worth through Cars.com");
        check(
            LeadKind::TradeIn,
            |l| l.said.cars = vec![civic()],
            "Dana offered us a 2018 Civic through Cars.com.",
            "Offered us a 2018 Civic through Cars.com",
        );
        check(
            LeadKind::Finance,
            |_| {},
            "Dana applied for financing on the 2022 CR-V (#24117) through Cars.com.",
            "Applied for financing on #24117 through Cars.com",
        );
        check(LeadKind::PhoneCall, |_| {}, "Dana called about the 2022 CR-V (#24117).", "Called about #24117");
        check(LeadKind::PhoneCall, no_car, "Dana called us.", "Called us");
        check(LeadKind::Service, |_| {}, "Dana asked for service through Cars.com.", "Asked for service through Cars.com");
    }

    #[test]
    fn who_asked_before_asks_again() {
        let again = Sample::dana().lead(1, 800, |_| {}).lead(2, 1, |_| {});
        assert_eq!(proposed(&again).unwrap().headline, "Dana asked again about the 2022 CR-V (#24117) through Cars.com.");
    }

    #[test]
    fn a_customer_without_a_name_is_called_by_their_number() {
        let unnamed = Sample::dana().lead(1, 1, |_| {}).change(|s| s.customer.name = crate::domain::profile::PersonName::default());
        assert_eq!(proposed(&unnamed).unwrap().headline, "(207) 555-0148 asked about the 2022 CR-V (#24117) through Cars.com.");
    }

    #[test]
    fn their_trade_and_their_looks_at_the_car_are_evidence() {
        let card = proposed(&Sample::dana().looks(CRV, &[20, 3]).lead(1, 1, |l| l.said.cars.push(civic()))).unwrap();
        let texts: Vec<&str> = card.reasons.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Asked about #24117 through Cars.com: “Is it still available?”",
                "Comes with a 2018 Honda Civic EX, 61,240\u{a0}mi",
                "Looked at #24117 twice in 48 h"
            ]
        );
    }
}
