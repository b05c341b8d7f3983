//! How far has a sale come? Read off the facts each time; what somebody says by hand holds until a later fact goes further.

use crate::domain::{
    opportunity::{Opportunity, Stage},
    picture::Picture,
    time::{At, DAY_MS},
    visit::VisitStep,
    visitor::Did,
};

/// A stage that was come to, when, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    pub stage: Stage,
    pub at: At,
    pub because: String,
}

/// The stages of a sale as the facts since its beginning give them, in the order in which they were reached, each further than the one
/// before; words by hand stand among them.
#[must_use]
pub fn reached(picture: &Picture, opportunity: &Opportunity) -> Vec<Reached> {
    let mut facts = facts(picture, opportunity.opened);
    facts.extend(opportunity.by_hand.iter().map(|said| Fact { by_hand: true, ..Fact::new(said.stage, said.at, &said.why) }));
    facts.sort_by_key(|fact| (fact.at, fact.by_hand, fact.stage));
    let because = if opportunity.begun_by_us { "A follow-up was set" } else { "Raised a hand" };
    let mut path: Vec<Reached> = vec![Reached { stage: Stage::New, at: opportunity.opened, because: because.to_owned() }];
    for Fact { stage, at, because, by_hand } in facts {
        let stands = path.last().map_or(Stage::New, |last| last.stage);
        if stage > stands || (by_hand && stage != stands) {
            path.push(Reached { stage, at, because });
        }
    }
    path
}

/// Where a sale stands, and since when.
#[must_use]
pub fn stage(picture: &Picture, opportunity: &Opportunity) -> (Stage, At) {
    reached(picture, opportunity).last().map_or((Stage::New, opportunity.opened), |last| (last.stage, last.at))
}

/// What of their doings brings a sale on.
const SIGNS: &[(Did, Stage, &str)] = &[
    (Did::Replied, Stage::Engaged, "They wrote to us"),
    (Did::SubmittedFinance, Stage::Engaged, "Sent a finance form"),
    (Did::BookedVisit, Stage::Appointment, "Booked a visit"),
];

struct Fact {
    stage: Stage,
    at: At,
    because: String,
    by_hand: bool,
}

impl Fact {
    fn new(stage: Stage, at: At, because: &str) -> Self {
        Self { stage, at, because: because.to_owned(), by_hand: false }
    }
}

fn facts(picture: &Picture, opened: At) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let touches = picture.customer.store_touches.iter().filter(|at| **at >= opened);
    facts.extend(touches.map(|at| Fact::new(Stage::Attempted, *at, "The store reached for them")));
    for (did, stage, because) in SIGNS {
        let marks = picture.activity.0.iter().filter(|m| m.did == *did && m.until >= opened);
        facts.extend(marks.map(|m| Fact::new(*stage, m.at.max(opened), because)));
    }
    for visit in picture.visits.iter().filter(|v| v.began >= opened && !v.is_mistake()) {
        facts.push(Fact::new(Stage::Visit, visit.began, "Came into the showroom"));
        let steps = visit.steps.iter().filter(|s| matches!(s.step, VisitStep::WriteUp | VisitStep::FinanceTurnover));
        facts.extend(steps.map(|s| Fact::new(Stage::Proposal, s.at, "Written up")));
        facts.extend(visit.sold_at().map(|at| Fact::new(Stage::Sold, at, "Bought in the showroom")));
    }
    // A deal is booked with its day alone.
    let bought = picture.owned.iter().filter(|car| car.bought_here && car.since >= opened.plus_ms(-DAY_MS));
    facts.extend(bought.map(|car| Fact::new(Stage::Sold, car.since.max(opened), "The deal is booked")));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ids::{OpportunityId, PartId, Seq, StaffId, VehicleId, VisitId},
            opportunity::ByHand,
            visit::{StepDone, Visit, VisitEnd, VisitResult},
        },
        engine::sample::{CRV, Sample, hours_ago},
    };

    const PRIYA: StaffId = StaffId(1);

    fn opened(hours: i64) -> Opportunity {
        Opportunity::new(OpportunityId(1), PartId(7), hours_ago(hours))
    }

    fn visit(began: i64, steps: &[(VisitStep, i64)], end: Option<(i64, VisitResult)>) -> Visit {
        let done = |(step, hours): &(VisitStep, i64)| StepDone { step: *step, at: hours_ago(*hours), by: PRIYA };
        let end = end.map(|(hours, result)| VisitEnd { at: hours_ago(hours), by: PRIYA, result, note: String::new(), cause: Seq(2) });
        let steps = steps.iter().map(done).collect();
        Visit { id: VisitId(1), part: PartId(7), with: PRIYA, began: hours_ago(began), vehicle: None, be_back: false, steps, end, cause: Seq(1) }
    }

    fn check(sample: &Sample, opportunity: &Opportunity, expected: (Stage, i64)) {
        assert_eq!(stage(&sample.picture(), opportunity), (expected.0, hours_ago(expected.1)));
    }

    #[test]
    fn a_sale_goes_on_by_facts_alone() {
        let touched = |hours: &[i64]| Sample::dana().change(|s| s.customer.store_touches = hours.iter().map(|h| hours_ago(*h)).collect());
        check(&Sample::dana(), &opened(50), (Stage::New, 50));
        check(&touched(&[40, 30]), &opened(50), (Stage::Attempted, 40));
        check(&touched(&[60]), &opened(50), (Stage::New, 50));
        check(&touched(&[40]).did(Did::Replied, 20, None), &opened(50), (Stage::Engaged, 20));
        check(&touched(&[40]).did(Did::Replied, 20, None).did(Did::BookedVisit, 10, Some(CRV)), &opened(50), (Stage::Appointment, 10));
        check(&touched(&[40]).change(|s| s.visits = vec![visit(8, &[], None)]), &opened(50), (Stage::Visit, 8));
        let written_up = visit(8, &[(VisitStep::Greet, 8), (VisitStep::WriteUp, 7)], None);
        check(&Sample::dana().change(|s| s.visits = vec![written_up]), &opened(50), (Stage::Proposal, 7));
        let sold = visit(8, &[], Some((6, VisitResult::Sold)));
        check(&Sample::dana().change(|s| s.visits = vec![sold]), &opened(50), (Stage::Sold, 6));
        check(&Sample::dana().bought(CRV, hours_ago(5)), &opened(50), (Stage::Sold, 5));
        check(&Sample::dana().bought(VehicleId(9), hours_ago(500)), &opened(50), (Stage::New, 50));
        let mistake = visit(8, &[], Some((7, VisitResult::Mistake)));
        check(&Sample::dana().change(|s| s.visits = vec![mistake]), &opened(50), (Stage::New, 50));
    }

    #[test]
    fn a_lesser_fact_takes_nothing_back() {
        let sample = Sample::dana().did(Did::BookedVisit, 30, None).did(Did::Replied, 20, None);
        check(&sample, &opened(50), (Stage::Appointment, 30));
    }

    #[test]
    fn a_word_by_hand_holds_until_a_later_fact_goes_further() {
        let said = |stage, hours| Opportunity {
            by_hand: vec![ByHand { stage, why: "Cannot come before May".into(), by: PRIYA, at: hours_ago(hours) }],
            ..opened(50)
        };
        let booked = Sample::dana().did(Did::BookedVisit, 30, None);
        check(&booked, &said(Stage::Engaged, 20), (Stage::Engaged, 20));
        check(&booked, &said(Stage::Engaged, 40), (Stage::Appointment, 30));
        check(&booked, &said(Stage::Proposal, 20), (Stage::Proposal, 20));
        let path = reached(&booked.picture(), &said(Stage::Engaged, 20));
        let told: Vec<(Stage, &str)> = path.iter().map(|r| (r.stage, r.because.as_str())).collect();
        assert_eq!(told, [(Stage::New, "Raised a hand"), (Stage::Appointment, "Booked a visit"), (Stage::Engaged, "Cannot come before May")]);
    }
}
