//! What should somebody do about it?
//!
//! One rule a file, each with its test table. A rule says what should stand open for a picture, not what should happen: the desk opens,
//! refreshes and closes the difference. Adding one: its file, a line in [`RULES`] and a variant of [`RuleKind`].
mod back_on_same_car;
mod evidence;
mod follow_up_due;
mod mentioned;
mod new_lead;
mod reply_received;
mod trade_tool_used;
mod try_again;
mod visit_ended_unsold;

use crate::domain::{
    alert::{Level, Matter, Reason, RuleKind},
    ids::VehicleId,
    picture::Picture,
    score::Score,
    time::At,
};

/// One matter that should be in front of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub matter: Matter,
    pub level: Level,
    /// One sentence, past tense, the customer as its subject.
    pub headline: String,
    /// The same in a few words, for the list.
    pub short: String,
    /// What speaks for it, newest first, at most [`MOST_REASONS`].
    pub reasons: Vec<Reason>,
    pub vehicle: Option<VehicleId>,
    /// Somebody waits for an answer: a clock runs until the first touch.
    pub first_response: bool,
    /// The newest thing that speaks for it. After a card was done only newer evidence opens another.
    pub evidence: At,
    /// Until when it stands if nothing else happens; `None` while only a person can end it.
    pub holds_until: Option<At>,
    pub basis: Basis,
}

/// How we know, which decides what a message may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// They told the store: a form, a message, a finished tool. A message may answer it.
    Told,
    /// Seen on the website without a word to us. A message never mentions it.
    Seen,
}

/// A card shows four lines of evidence (design section 7).
pub const MOST_REASONS: usize = 4;

/// One rule of the house.
pub struct Rule {
    pub kind: RuleKind,
    pub propose: Propose,
}

/// How many matters a rule can see at a time.
pub enum Propose {
    /// One about the customer.
    One(fn(&Picture, &Score, At) -> Option<Proposal>),
    /// One for each colleague it concerns.
    Each(fn(&Picture) -> Vec<Proposal>),
}

impl Rule {
    fn proposed(&self, picture: &Picture, score: &Score, now: At) -> Vec<Proposal> {
        match self.propose {
            Propose::One(propose) => propose(picture, score, now).into_iter().collect(),
            Propose::Each(propose) => propose(picture),
        }
    }
}

/// Every rule, the most urgent first: of two matters of one level the earlier leads the card.
pub const RULES: &[Rule] = &[
    Rule { kind: RuleKind::ReplyReceived, propose: Propose::One(reply_received::propose) },
    Rule { kind: RuleKind::NewLead, propose: Propose::One(new_lead::propose) },
    Rule { kind: RuleKind::FollowUpDue, propose: Propose::One(|picture, _, now| follow_up_due::propose(picture, now)) },
    Rule { kind: RuleKind::VisitEndedUnsold, propose: Propose::One(|picture, _, now| visit_ended_unsold::propose(picture, now)) },
    Rule { kind: RuleKind::BackOnSameCar, propose: Propose::One(back_on_same_car::propose) },
    Rule { kind: RuleKind::TradeToolUsed, propose: Propose::One(trade_tool_used::propose) },
    Rule { kind: RuleKind::TryAgain, propose: Propose::One(|picture, _, now| try_again::propose(picture, now)) },
    Rule { kind: RuleKind::Mentioned, propose: Propose::Each(mentioned::propose) },
];

/// The whole set of matters that should stand open for this picture, the most urgent first.
#[must_use]
pub fn propose(picture: &Picture, score: &Score, now: At) -> Vec<Proposal> {
    let mut all: Vec<Proposal> = RULES.iter().flat_map(|rule| rule.proposed(picture, score, now)).collect();
    // Whoever was given up is given up with all that was known then.
    if let Some(lost) = picture.opportunity.as_ref().and_then(|o| o.lost.as_ref()) {
        all.retain(|p| p.evidence > lost.at || p.matter.rule == RuleKind::Mentioned);
    }
    all.sort_by_key(|p| urgency(p.level, p.matter.rule));
    all
}

/// When a rule will begin to stand though nothing happens.
pub fn begins(picture: &Picture) -> impl Iterator<Item = At> {
    [follow_up_due::begins(picture), visit_ended_unsold::begins(picture), try_again::begins(picture)].into_iter().flatten()
}

/// Smaller is more urgent: the level, then the place of the rule.
pub(super) fn urgency(level: Level, rule: RuleKind) -> (Level, usize) {
    (level, RULES.iter().position(|r| r.kind == rule).unwrap_or(RULES.len()))
}

/// A customer's own words open a card at once; what was only done on the site can wait out a cool-down.
pub(super) fn is_their_word(rule: RuleKind) -> bool {
    match rule {
        RuleKind::NewLead | RuleKind::ReplyReceived => true,
        RuleKind::BackOnSameCar
        | RuleKind::TradeToolUsed
        | RuleKind::Mentioned
        | RuleKind::FollowUpDue
        | RuleKind::VisitEndedUnsold
        | RuleKind::TryAgain
        | RuleKind::Unknown => false,
    }
}

/// Newest first, each line once, as many as a card shows.
fn newest_first(mut reasons: Vec<Reason>) -> Vec<Reason> {
    reasons.sort_by_key(|r| std::cmp::Reverse(r.at));
    reasons.dedup();
    reasons.truncate(MOST_REASONS);
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ids::{OpportunityId, PartId, Seq, StaffId, VisitId},
            opportunity::{FollowUp, Lost, LostReason, Opportunity},
            visit::{Visit, VisitEnd, VisitResult},
            visitor::Did,
        },
        engine::{
            intent::score,
            sample::{CRV, Sample, hours_ago, now},
        },
    };

    #[test]
    fn every_rule_stands_once_and_proposes_its_own_kind() {
        let busy = || {
            Sample::dana().lead(1, 1, |_| {}).wrote(0, "Yes please").mentions(2, 1, 0, "Can you call her?").looks(CRV, &[40, 26, 14, 0]).did(
                Did::FinishedTradeTool,
                0,
                None,
            )
        };
        let under_way = Opportunity::new(OpportunityId(1), PartId(7), hours_ago(90));
        let promised = FollowUp { due: hours_ago(1), what: String::new(), by: StaffId(2), at: hours_ago(50) };
        let left = VisitEnd { at: hours_ago(5), by: StaffId(1), result: VisitResult::BeBack { on: None }, note: String::new(), cause: Seq(2) };
        let visit = Visit {
            id: VisitId(1),
            part: PartId(7),
            with: StaffId(1),
            began: hours_ago(6),
            vehicle: None,
            be_back: false,
            steps: vec![],
            end: Some(left),
            cause: Seq(1),
        };
        let lost = Lost { why: LostReason::Timing, note: String::new(), by: StaffId(1), at: hours_ago(800), again: Some(hours_ago(2)) };
        let open = busy().change(|s| {
            s.visits = vec![visit];
            s.opportunity = Some(Opportunity { follow_up: Some(promised), ..under_way.clone() });
        });
        let given_up = busy().change(|s| s.opportunity = Some(Opportunity { lost: Some(lost), ..under_way }));
        let proposed = |sample: &Sample| -> Vec<RuleKind> {
            let picture = sample.picture();
            propose(&picture, &score(&picture, now()), now()).iter().map(|p| p.matter.rule).collect()
        };
        let all = |but: &[RuleKind]| -> Vec<RuleKind> { RULES.iter().map(|r| r.kind).filter(|kind| !but.contains(kind)).collect() };
        let by_urgency = |mut kinds: Vec<RuleKind>| {
            kinds.sort();
            kinds
        };
        assert_eq!(by_urgency(proposed(&open)), by_urgency(all(&[RuleKind::TryAgain])));
        assert_eq!(by_urgency(proposed(&given_up)), by_urgency(all(&[RuleKind::FollowUpDue, RuleKind::VisitEndedUnsold])));
    }

    #[test]
    fn whoever_was_given_up_is_given_up_with_all_that_was_known_then() {
        let lost = Lost { why: LostReason::Price, note: String::new(), by: StaffId(1), at: hours_ago(1), again: None };
        let under_way = Opportunity::new(OpportunityId(1), PartId(7), hours_ago(90));
        let given_up = |lead: i64| {
            let sample =
                Sample::dana().lead(1, lead, |_| {}).change(|s| s.opportunity = Some(Opportunity { lost: Some(lost.clone()), ..under_way.clone() }));
            propose(&sample.picture(), &Score::default(), now()).len()
        };
        assert_eq!((given_up(2), given_up(0)), (0, 1));
    }

    #[test]
    fn nothing_done_proposes_nothing() {
        let quiet = Sample::dana();
        assert_eq!(propose(&quiet.picture(), &Score::default(), now()), vec![]);
    }
}
