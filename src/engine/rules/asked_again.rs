//! Somebody who asked before asks once more: no noise but a sign, and the first road to us stays the first.

use super::{MOST_REASONS, Proposal, new_lead};
use crate::{
    domain::{
        alert::{Icon, Reason, RuleKind},
        lead::{Lead, LeadKind},
        picture::Picture,
        time::{At, DAY_MS},
    },
    engine::wording::times::date,
};

/// Marketplaces send a lead again within the day; a shopper who asks again does so later or elsewhere.
const RESENT_MS: i64 = DAY_MS;

/// Stands as a new lead does, when they asked before about buying: a day earlier, or by another road.
pub(super) fn propose(picture: &Picture, now: At) -> Option<Proposal> {
    let card = new_lead::about_waiting(picture, RuleKind::AskedAgain, now)?;
    let lead = picture.lead(card.matter.lead?).filter(|l| asks(l))?;
    let earlier = || picture.leads.iter().filter(|l| asks(l) && l.received < lead.received);
    if !earlier().any(|l| l.said.source != lead.said.source || lead.received.since(l.received) > RESENT_MS) {
        return None;
    }
    let first = earlier().min_by_key(|l| (l.received, l.id))?;
    let day = date(&picture.rooftop.zone, first.received, now);
    let road = if first.said.source == lead.said.source { format!(" on {day}") } else { new_lead::road(first) };
    let road = if road.is_empty() { format!(" on {day}") } else { road };
    let said =
        Reason { at: first.received, icon: Icon::Form, text: format!("First asked{} on {day}", new_lead::road(first)), vehicle: first.vehicle };
    let mut reasons = card.reasons.clone();
    reasons.truncate(MOST_REASONS - 1);
    reasons.push(said);
    Some(Proposal { headline: format!("{}, first{road}.", card.headline.trim_end_matches('.')), reasons, ..card })
}

fn asks(lead: &Lead) -> bool {
    match lead.said.kind {
        LeadKind::Enquiry | LeadKind::TestDrive | LeadKind::TradeIn | LeadKind::Finance | LeadKind::PhoneCall | LeadKind::Unknown => true,
        LeadKind::Service | LeadKind::Test => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ids::LeadId,
            score::{Score, Signal},
        },
        engine::{
            intent::score,
            sample::{CRV, Sample, hours_ago, now},
        },
    };

    fn asked(first: i64, source: &str) -> Sample {
        Sample::dana().lead(1, first, |l| (l.said.source, l.answered) = (source.into(), Some(hours_ago(first - 1)))).lead(2, 1, |_| {})
    }

    #[test]
    fn it_stands_when_they_asked_a_day_before_or_elsewhere() {
        for (first, source, stands) in [(400, "Cars.com", true), (25, "Cars.com", false), (26, "Cars.com", true), (3, "Website", true)] {
            assert_eq!(propose(&asked(first, source).picture(), now()).is_some(), stands, "{first} {source}");
        }
        assert!(propose(&Sample::dana().lead(1, 1, |_| {}).picture(), now()).is_none());
        assert!(propose(&Sample::dana().lead(1, 900, |l| l.said.kind = LeadKind::Service).lead(2, 1, |_| {}).picture(), now()).is_none());
        assert!(propose(&asked(400, "Website").change(|s| s.last_store_touch = Some(hours_ago(0))).picture(), now()).is_none());
    }

    #[test]
    fn the_card_is_about_the_new_lead_and_says_by_which_road_they_first_came() {
        let card = propose(&asked(500, "CarGurus").picture(), now()).unwrap();
        assert_eq!(card.headline, "Dana asked again about the 2022 CR-V (#24117) through Cars.com, first through CarGurus.");
        assert_eq!((card.matter.lead, card.vehicle, card.first_response), (Some(LeadId(2)), Some(CRV), true));
        assert_eq!(card.reasons.last().map(|r| r.text.as_str()), Some("First asked through CarGurus on Nov 3"));
        let same_road = propose(&asked(500, "Cars.com").picture(), now()).unwrap();
        assert!(same_road.headline.ends_with("through Cars.com, first on Nov 3."), "{}", same_road.headline);
    }

    #[test]
    fn asking_again_raises_the_score() {
        let of = |sample: Sample| -> Score { score(&sample.picture(), now()) };
        let again = of(asked(26, "Cars.com"));
        assert!(again.parts.iter().any(|p| p.signal == Signal::ReInquiry && p.points > 0), "{:?}", again.parts);
        assert!(again.points > of(Sample::dana().lead(2, 1, |_| {})).points);
    }
}
