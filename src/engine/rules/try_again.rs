//! They were given up for a reason that passes, and the time has come.

use super::{Basis, Proposal};
use crate::{
    domain::{
        alert::{Icon, Level, Matter, Reason, RuleKind},
        opportunity::Lost,
        picture::Picture,
        rule_setting::Knob,
        time::At,
    },
    engine::wording::{phrases, times::day},
};

/// Stands from the day that the reason gave (field guide 8, P15) until somebody reaches for them, at most a month or as long as the
/// store set it.
pub(super) fn propose(picture: &Picture, now: At) -> Option<Proposal> {
    let (lost, again) = lost(picture)?;
    let open_ms = picture.rules.ms(RuleKind::TryAgain, Knob::OpenDays);
    let touched = picture.last_store_touch.is_some_and(|touch| touch >= again);
    if touched || now < again || now.since(again) >= open_ms {
        return None;
    }
    let mut text = format!("Given up {}: {}", day(&picture.rooftop.zone, lost.at, now), lost.why.words());
    if !lost.note.is_empty() {
        text = format!("{text}. {}", phrases::quoted(&lost.note, 100));
    }
    Some(Proposal {
        matter: Matter::of(RuleKind::TryAgain),
        level: Level::Later,
        headline: format!("It is time to try {} again.", phrases::who(picture.customer)),
        short: format!("Try again: {}", lost.why.words()),
        reasons: vec![Reason { at: again, icon: Icon::Note, text, vehicle: None }],
        vehicle: None,
        first_response: false,
        evidence: again,
        holds_until: Some(again.plus_ms(open_ms)),
        basis: Basis::Told,
    })
}

/// When the rule begins to stand, if nothing happens.
pub(super) fn begins(picture: &Picture) -> Option<At> {
    lost(picture).map(|(_, again)| again)
}

fn lost<'p>(picture: &'p Picture<'_>) -> Option<(&'p Lost, At)> {
    let lost = picture.opportunity.as_ref()?.lost.as_ref()?;
    Some((lost, lost.again?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ids::{OpportunityId, PartId, StaffId},
            opportunity::{LostReason, Opportunity},
        },
        engine::sample::{Sample, hours_ago, now},
    };

    #[test]
    fn it_stands_for_a_month_from_its_day_until_they_are_reached_for() {
        for (again, touched, stands) in [
            (Some(-1), None, false),
            (Some(0), None, true),
            (Some(719), None, true),
            (Some(721), None, false),
            (Some(5), Some(4), false),
            (Some(5), Some(900), true),
            (None, None, false),
        ] {
            let sample = Sample::dana().change(|s| {
                let lost = Lost {
                    why: LostReason::Timing,
                    note: "After the move".into(),
                    by: StaffId(1),
                    at: hours_ago(1_000),
                    again: again.map(hours_ago),
                };
                s.opportunity = Some(Opportunity { lost: Some(lost), ..Opportunity::new(OpportunityId(1), PartId(7), hours_ago(2_000)) });
                s.last_store_touch = touched.map(hours_ago);
            });
            assert_eq!(propose(&sample.picture(), now()).is_some(), stands, "{again:?} {touched:?}");
        }
    }
}
