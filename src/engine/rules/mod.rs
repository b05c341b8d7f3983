//! What should somebody do about it?
//!
//! One rule a file, each with its test table. A rule says what should stand open for a picture, not what should happen: the desk opens,
//! refreshes and closes the difference. Adding one: its file, a line in [`RULES`] and a variant of [`RuleKind`].
mod back_on_same_car;
mod evidence;
mod mentioned;
mod new_lead;
mod reply_received;
mod trade_tool_used;

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
    Rule { kind: RuleKind::BackOnSameCar, propose: Propose::One(back_on_same_car::propose) },
    Rule { kind: RuleKind::TradeToolUsed, propose: Propose::One(trade_tool_used::propose) },
    Rule { kind: RuleKind::Mentioned, propose: Propose::Each(mentioned::propose) },
];

/// The whole set of matters that should stand open for this picture, the most urgent first.
#[must_use]
pub fn propose(picture: &Picture, score: &Score, now: At) -> Vec<Proposal> {
    let mut all: Vec<Proposal> = RULES.iter().flat_map(|rule| rule.proposed(picture, score, now)).collect();
    all.sort_by_key(|p| urgency(p.level, p.matter.rule));
    all
}

/// Smaller is more urgent: the level, then the place of the rule.
pub(super) fn urgency(level: Level, rule: RuleKind) -> (Level, usize) {
    (level, RULES.iter().position(|r| r.kind == rule).unwrap_or(RULES.len()))
}

/// A customer's own words open a card at once; what was only done on the site can wait out a cool-down.
pub(super) fn is_their_word(rule: RuleKind) -> bool {
    match rule {
        RuleKind::NewLead | RuleKind::ReplyReceived => true,
        RuleKind::BackOnSameCar | RuleKind::TradeToolUsed | RuleKind::Mentioned | RuleKind::Unknown => false,
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
    use crate::engine::{
        intent::score,
        sample::{CRV, Sample, now},
    };

    #[test]
    fn every_rule_stands_once_and_proposes_its_own_kind() {
        let busy = Sample::dana().lead(1, 1, |_| {}).wrote(0, "Yes please").mentions(2, 1, 0, "Can you call her?").looks(CRV, &[40, 26, 14, 0]).did(
            crate::domain::visitor::Did::FinishedTradeTool,
            0,
            None,
        );
        let picture = busy.picture();
        let proposed: Vec<RuleKind> = propose(&picture, &score(&picture, now()), now()).iter().map(|p| p.matter.rule).collect();
        assert_eq!(proposed, RULES.iter().map(|r| r.kind).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_done_proposes_nothing() {
        let quiet = Sample::dana();
        assert_eq!(propose(&quiet.picture(), &Score::default(), now()), vec![]);
    }
}
