//! Somebody promised to get back to them, and it is time.

use super::{Basis, Proposal};
use crate::{
    domain::{
        alert::{Icon, Level, Matter, Reason, RuleKind},
        picture::Picture,
        rule_setting::Knob,
        time::At,
    },
    engine::wording::phrases,
};

/// Stands from the set time until somebody reaches for them on that day or later, or the follow-up is set anew. A day late, or as late as the store
/// set it, it is urgent.
pub(super) fn propose(picture: &Picture, now: At) -> Option<Proposal> {
    let follow_up = picture.opportunity.as_ref().filter(|o| o.is_open())?.follow_up.as_ref()?;
    let day_of = picture.rooftop.zone.midnight(follow_up.due).max(follow_up.at);
    let kept = picture.last_store_touch.is_some_and(|touch| touch > day_of);
    if now < follow_up.due || kept {
        return None;
    }
    let urgent_ms = picture.rules.ms(RuleKind::FollowUpDue, Knob::UrgentAfterHours);
    let by = picture.person(follow_up.by).map_or_else(|| "A colleague".to_owned(), |p| p.staff.short_name());
    let what = phrases::quoted(&follow_up.what, 120);
    let text = if follow_up.what.is_empty() { format!("{by} set a follow-up for now") } else { format!("{by} set for now: {what}") };
    Some(Proposal {
        matter: Matter::of(RuleKind::FollowUpDue),
        level: if now.since(follow_up.due) > urgent_ms { Level::ActNow } else { Level::NextUp },
        headline: format!("{} is due for a follow-up.", phrases::who(picture.customer)),
        short: if follow_up.what.is_empty() { "Follow-up due".to_owned() } else { format!("Follow up: {}", phrases::quoted(&follow_up.what, 36)) },
        reasons: vec![Reason { at: follow_up.due, icon: Icon::Note, text, vehicle: None }],
        vehicle: None,
        first_response: false,
        evidence: follow_up.due,
        holds_until: (now.since(follow_up.due) <= urgent_ms).then(|| follow_up.due.plus_ms(urgent_ms + 1)),
        basis: Basis::Told,
    })
}

/// When the rule begins to stand, if nothing happens.
pub(super) fn begins(picture: &Picture) -> Option<At> {
    picture.opportunity.as_ref().filter(|o| o.is_open())?.follow_up.as_ref().map(|f| f.due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ids::{OpportunityId, PartId, StaffId},
            opportunity::{FollowUp, Lost, LostReason, Opportunity},
        },
        engine::sample::{Sample, hours_ago, now},
    };

    fn promised(due: i64) -> Sample {
        Sample::dana().change(|s| {
            let follow_up = FollowUp { due: hours_ago(due), what: "Numbers on the CR-V".into(), by: StaffId(2), at: hours_ago(50) };
            s.opportunity = Some(Opportunity { follow_up: Some(follow_up), ..Opportunity::new(OpportunityId(1), PartId(7), hours_ago(90)) });
        })
    }

    #[test]
    fn it_stands_from_its_time_until_they_are_reached_for() {
        for (due, touched, level) in [
            (-1, None, None),
            (0, None, Some(Level::NextUp)),
            (23, None, Some(Level::NextUp)),
            (25, None, Some(Level::ActNow)),
            (1, Some(0), None),
            // The same morning, an hour before it was due, is the call that was promised; the day before is not.
            (1, Some(2), None),
            (1, Some(30), Some(Level::NextUp)),
        ] {
            let sample = promised(due).change(|s| s.last_store_touch = touched.map(hours_ago));
            assert_eq!(propose(&sample.picture(), now()).map(|p| p.level), level, "{due} {touched:?}");
        }
    }

    #[test]
    fn it_says_what_was_promised_and_by_whom() {
        let card = propose(&promised(0).picture(), now()).unwrap();
        assert_eq!(card.headline, "Dana is due for a follow-up.");
        assert_eq!(card.reasons[0].text, "Jo L. set for now: \u{201c}Numbers on the CR-V\u{201d}");
    }

    #[test]
    fn a_sale_that_was_given_up_needs_none() {
        let lost = Lost { why: LostReason::Price, note: String::new(), by: StaffId(2), at: hours_ago(3), again: None };
        let sample = promised(1).change(|s| s.opportunity.as_mut().unwrap().lost = Some(lost));
        assert_eq!(propose(&sample.picture(), now()), None);
        assert_eq!(begins(&sample.picture()), None);
        assert_eq!(begins(&promised(-5).picture()), Some(hours_ago(-5)));
    }
}
