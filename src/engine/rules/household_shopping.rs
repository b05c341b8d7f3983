//! Somebody of the household of a customer we know is near to buying.

use super::{Basis, Proposal};
use crate::{
    domain::{
        alert::{Icon, Level, Matter, Reason, RuleKind},
        picture::{Picture, Relative},
        rule_setting::Knob,
        time::At,
    },
    engine::wording::phrases,
};

/// Stands for a week, or as long as the store set it, after the last sign of somebody who belongs to them and has a score of forty, until
/// somebody reaches for the customer. For customers the store knows: who bought here, or whom a rep has.
pub(super) fn propose(picture: &Picture, now: At) -> Option<Proposal> {
    let is_known = picture.customer.owner.is_some() || picture.owned.iter().any(|o| o.bought_here);
    let (rules, rule) = (&picture.rules, RuleKind::HouseholdShopping);
    let (points, open_ms) = (rules.value(rule, Knob::Points), rules.ms(rule, Knob::OpenDays));
    let untouched = |at: At| picture.last_store_touch.is_none_or(|touch| touch < at);
    let shops = |r: &&Relative| u32::try_from(r.points).is_ok_and(|p| p >= points) && now.since(r.at) < open_ms && untouched(r.at);
    let other = picture.household.iter().filter(|_| is_known).filter(shops).max_by_key(|r| (r.points, r.at))?;
    Some(Proposal {
        matter: Matter::of(rule),
        level: Level::Later,
        headline: format!("{}, of {}'s household, looks at cars.", other.name, phrases::who(picture.customer)),
        short: format!("{} looks at cars", other.name),
        reasons: vec![Reason {
            at: other.at,
            icon: Icon::Link,
            text: format!("{} ({}): score {}", other.name, other.relation, other.points),
            vehicle: None,
        }],
        vehicle: None,
        first_response: false,
        evidence: other.at,
        holds_until: Some(other.at.plus_ms(open_ms)),
        // What one of them did is not said to the other.
        basis: Basis::Seen,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::ids::VehicleId,
        engine::sample::{Sample, hours_ago, now},
    };

    fn with_sam(points: i16, seen: i64) -> Sample {
        Sample::dana().bought(VehicleId(9), hours_ago(24 * 400)).change(|s| {
            s.household = vec![Relative { name: "Sam Whitfield".into(), relation: "signed together".into(), points, at: hours_ago(seen) }];
        })
    }

    #[test]
    fn it_stands_for_a_week_after_somebody_near_to_buying_was_seen() {
        for (points, seen, stands) in [(40, 1, true), (39, 1, false), (90, 167, true), (90, 168, false)] {
            assert_eq!(propose(&with_sam(points, seen).picture(), now()).is_some(), stands, "{points} {seen}");
        }
        assert!(propose(&with_sam(90, 5).change(|s| s.last_store_touch = Some(hours_ago(4))).picture(), now()).is_none());
        assert!(propose(&with_sam(90, 5).change(|s| s.owned.clear()).picture(), now()).is_none(), "nobody the store knows");
    }

    #[test]
    fn the_card_says_who_and_how_they_belong_together() {
        let card = propose(&with_sam(62, 3).picture(), now()).unwrap();
        assert_eq!((card.headline.as_str(), card.basis), ("Sam Whitfield, of Dana's household, looks at cars.", Basis::Seen));
        assert_eq!(card.reasons[0].text, "Sam Whitfield (signed together): score 62");
    }
}
