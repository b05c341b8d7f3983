//! What should somebody do about it?
//!
//! One rule a file, each with its test table. A rule says what should stand open for a picture, not what should happen: the desk opens,
//! refreshes and closes the difference. Adding one: its file, a line in [`RULES`] and a variant of [`RuleKind`].
mod appointment_missed;
mod asked_again;
mod back_after_silence;
mod back_on_same_car;
mod clicked_to_call;
mod compared_or_shared;
mod evidence;
mod finance_form_used;
mod follow_up_due;
mod form_abandoned;
mod hours_viewed;
mod household_shopping;
mod in_the_lane;
mod lead_untouched;
mod mentioned;
mod new_lead;
mod owner_shopping;
mod price_alert_used;
mod reply_received;
mod seen;
mod trade_tool_used;
mod try_again;
pub(crate) mod unhappy;
mod visit_ended_unsold;
mod watched;
mod watched_car_reduced;
mod watched_car_sold;
mod wish_matched;

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
    pub about: About,
    pub speaks: Speaks,
}

/// What makes two matters of one rule one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The customer as a whole.
    Customer,
    Lead,
    Vehicle,
    /// Whom it is for.
    Colleague,
}

/// Who speaks by it: which decides after what a cool-down counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    /// The customer, in their own words.
    Customer,
    /// A promise, a day, a colleague.
    House,
    /// Something they did that asks for an answer of its own: it rests after cards of its own kind.
    Deed,
    /// Browsing: after any card was done there is nothing to add for a while.
    Silent,
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

const fn rule(kind: RuleKind, about: About, speaks: Speaks, propose: Propose) -> Rule {
    Rule { kind, propose, about, speaks }
}

/// Every rule, the most urgent first: of two matters of one level the earlier leads the card.
pub const RULES: &[Rule] = &[
    rule(RuleKind::Unhappy, About::Customer, Speaks::Customer, Propose::One(|picture, _, now| unhappy::propose(picture, now))),
    rule(RuleKind::ReplyReceived, About::Customer, Speaks::Customer, Propose::One(reply_received::propose)),
    rule(RuleKind::LeadUntouched, About::Lead, Speaks::Customer, Propose::One(|picture, _, now| lead_untouched::propose(picture, now))),
    rule(RuleKind::AskedAgain, About::Lead, Speaks::Customer, Propose::One(|picture, _, now| asked_again::propose(picture, now))),
    rule(RuleKind::NewLead, About::Lead, Speaks::Customer, Propose::One(new_lead::propose)),
    rule(RuleKind::InTheLane, About::Customer, Speaks::House, Propose::One(|picture, _, _| in_the_lane::propose(picture))),
    rule(RuleKind::FollowUpDue, About::Customer, Speaks::House, Propose::One(|picture, _, now| follow_up_due::propose(picture, now))),
    rule(RuleKind::VisitEndedUnsold, About::Customer, Speaks::House, Propose::One(|picture, _, now| visit_ended_unsold::propose(picture, now))),
    rule(RuleKind::AppointmentMissed, About::Customer, Speaks::House, Propose::One(|picture, _, now| appointment_missed::propose(picture, now))),
    rule(RuleKind::BackOnSameCar, About::Vehicle, Speaks::Silent, Propose::One(back_on_same_car::propose)),
    rule(RuleKind::ClickedToCall, About::Customer, Speaks::Deed, Propose::One(clicked_to_call::propose)),
    rule(RuleKind::TradeToolUsed, About::Customer, Speaks::Deed, Propose::One(trade_tool_used::propose)),
    rule(RuleKind::FinanceFormUsed, About::Customer, Speaks::Deed, Propose::One(finance_form_used::propose)),
    rule(RuleKind::FormAbandoned, About::Customer, Speaks::Deed, Propose::One(form_abandoned::propose)),
    rule(RuleKind::PriceAlertUsed, About::Vehicle, Speaks::Deed, Propose::One(price_alert_used::propose)),
    rule(RuleKind::WatchedCarReduced, About::Vehicle, Speaks::Deed, Propose::One(watched_car_reduced::propose)),
    rule(RuleKind::WatchedCarSold, About::Vehicle, Speaks::Deed, Propose::One(watched_car_sold::propose)),
    rule(RuleKind::WishMatched, About::Vehicle, Speaks::House, Propose::One(|picture, _, now| wish_matched::propose(picture, now))),
    rule(RuleKind::OwnerShopping, About::Customer, Speaks::Silent, Propose::One(owner_shopping::propose)),
    rule(RuleKind::BackAfterSilence, About::Customer, Speaks::Silent, Propose::One(back_after_silence::propose)),
    rule(RuleKind::HouseholdShopping, About::Customer, Speaks::Silent, Propose::One(|picture, _, now| household_shopping::propose(picture, now))),
    rule(RuleKind::HoursViewed, About::Customer, Speaks::Silent, Propose::One(hours_viewed::propose)),
    rule(RuleKind::ComparedOrShared, About::Customer, Speaks::Silent, Propose::One(compared_or_shared::propose)),
    rule(RuleKind::TryAgain, About::Customer, Speaks::House, Propose::One(|picture, _, now| try_again::propose(picture, now))),
    rule(RuleKind::Mentioned, About::Colleague, Speaks::House, Propose::Each(mentioned::propose)),
];

/// The rule of a kind; `None` for one of a newer Headlight.
pub(super) fn of(kind: RuleKind) -> Option<&'static Rule> {
    RULES.iter().find(|r| r.kind == kind)
}

/// The whole set of matters that should stand open for this picture, the most urgent first.
#[must_use]
pub fn propose(picture: &Picture, score: &Score, now: At) -> Vec<Proposal> {
    let in_force = RULES.iter().filter(|rule| picture.rules.is_on(rule.kind));
    let mut all: Vec<Proposal> = in_force.flat_map(|rule| rule.proposed(picture, score, now)).collect();
    // Whoever was given up is given up with all that was known then.
    if let Some(lost) = picture.opportunity.as_ref().and_then(|o| o.lost.as_ref()) {
        all.retain(|p| p.evidence > lost.at || p.matter.rule == RuleKind::Mentioned);
    }
    all.sort_by_key(|p| urgency(p.level, p.matter.rule));
    all
}

/// What one rule says of this picture, set aside that others may say more urgent things.
#[must_use]
pub fn proposed_by(rule: RuleKind, picture: &Picture, score: &Score, now: At) -> Option<Proposal> {
    propose(picture, score, now).into_iter().find(|p| p.matter.rule == rule)
}

/// When a rule will begin to stand though nothing happens; whether it is on or not, so that switching it on misses nobody.
pub fn begins(picture: &Picture, now: At) -> impl Iterator<Item = At> {
    let all = [
        follow_up_due::begins(picture),
        visit_ended_unsold::begins(picture),
        try_again::begins(picture),
        form_abandoned::begins(picture, now),
        lead_untouched::begins(picture, now),
        appointment_missed::begins(picture),
    ];
    all.into_iter().flatten()
}

/// Whether a matter is a lead that waits for an answer, whichever rule says so.
#[must_use]
pub fn is_about_lead(rule: RuleKind) -> bool {
    of(rule).is_some_and(|r| r.about == About::Lead)
}

/// Smaller is more urgent: the level, then the place of the rule.
pub(super) fn urgency(level: Level, rule: RuleKind) -> (Level, usize) {
    (level, RULES.iter().position(|r| r.kind == rule).unwrap_or(RULES.len()))
}

/// A customer's own words wake a card that was put off; what was only done on the site does not.
pub(super) fn is_their_word(rule: RuleKind) -> bool {
    of(rule).is_some_and(|r| r.speaks == Speaks::Customer)
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
            consent::{Channel, ConsentBasis, ConsentState},
            ids::{OpportunityId, PartId, Seq, StaffId, VehicleId, VisitId, WishId},
            money::Cents,
            opportunity::{FollowUp, Lost, LostReason, Opportunity},
            picture::{Expected, LaneAsk, Relative},
            rule_setting::TERMS,
            service_visit::LaneBrief,
            vehicle::{ListingStatus, PricePoint},
            visit::{Visit, VisitEnd, VisitResult},
            visitor::Did,
            wish::Match,
        },
        engine::{
            intent::score,
            sample::{CRV, Sample, hours_ago, now},
        },
    };

    /// For each rule somebody of whom it has something to say.
    fn somebody_for(kind: RuleKind) -> Sample {
        let dana = Sample::dana;
        let answered = |hours: i64| move |l: &mut crate::domain::lead::Lead| l.answered = Some(hours_ago(hours));
        let under_way = || Opportunity::new(OpportunityId(1), PartId(7), hours_ago(900));
        match kind {
            RuleKind::Unhappy => dana().wrote(1, "This is unacceptable"),
            RuleKind::ReplyReceived => dana().wrote(1, "Yes please"),
            RuleKind::LeadUntouched => dana().lead(1, 2, |_| {}),
            RuleKind::AskedAgain => dana().lead(1, 90, answered(80)).lead(2, 0, |_| {}),
            RuleKind::NewLead => dana().lead(1, 0, |_| {}),
            RuleKind::FollowUpDue => dana().change(|s| {
                let promised = FollowUp { due: hours_ago(1), what: String::new(), by: StaffId(2), at: hours_ago(50) };
                s.opportunity = Some(Opportunity { follow_up: Some(promised), ..under_way() });
            }),
            RuleKind::VisitEndedUnsold => dana().change(|s| {
                let left =
                    VisitEnd { at: hours_ago(5), by: StaffId(1), result: VisitResult::BeBack { on: None }, note: String::new(), cause: Seq(2) };
                s.visits = vec![Visit {
                    id: VisitId(1),
                    part: PartId(7),
                    with: StaffId(1),
                    began: hours_ago(6),
                    vehicle: None,
                    be_back: false,
                    steps: vec![],
                    end: Some(left),
                    cause: Seq(1),
                }];
            }),
            RuleKind::AppointmentMissed => dana().change(|s| s.expected = vec![Expected { at: hours_ago(30), work: String::new() }]),
            RuleKind::BackOnSameCar => dana().looks(CRV, &[40, 26, 14, 0]),
            RuleKind::ClickedToCall => dana().did(Did::ClickedToCall, 1, None),
            RuleKind::TradeToolUsed => dana().did(Did::FinishedTradeTool, 0, None),
            RuleKind::FinanceFormUsed => dana().did(Did::StartedFinance, 1, None),
            RuleKind::FormAbandoned => dana().did(Did::StartedForm, 1, None),
            RuleKind::WatchedCarReduced => dana().looks(CRV, &[90, 50]).change(|s| {
                let price = |hours, dollars: i64| PricePoint { at: hours_ago(hours), price: Cents(dollars * 100) };
                s.cars[0].listing.as_mut().unwrap().prices = vec![price(300, 28_400), price(2, 27_650)];
            }),
            RuleKind::WatchedCarSold => dana().looks(CRV, &[90, 50]).change(|s| {
                let listing = s.cars[0].listing.as_mut().unwrap();
                (listing.status, listing.status_since) = (ListingStatus::Sold, Some(hours_ago(2)));
            }),
            RuleKind::PriceAlertUsed => dana().did(Did::ClickedPriceAlert, 1, Some(CRV)),
            RuleKind::WishMatched => dana().change(|s| {
                s.arrivals =
                    vec![Match { vehicle: CRV, at: hours_ago(1), fit: 90, wish: Some(WishId(1)), because: vec!["CR-V, as they wished".into()] }];
            }),
            RuleKind::OwnerShopping => dana().bought(VehicleId(9), hours_ago(9_000)).looks(CRV, &[3, 1]),
            RuleKind::BackAfterSilence => dana().looks(CRV, &[24 * 40, 1]).change(|s| s.customer.since = hours_ago(24 * 900)),
            RuleKind::HouseholdShopping => dana().bought(VehicleId(9), hours_ago(9_000)).change(|s| {
                s.household = vec![Relative { name: "Sam Whitfield".into(), relation: "signed together".into(), points: 60, at: hours_ago(3) }];
            }),
            RuleKind::HoursViewed => dana().did(Did::ViewedHours, 1, None),
            RuleKind::ComparedOrShared => dana().did(Did::Shared, 1, None),
            RuleKind::TryAgain => dana().change(|s| {
                let lost = Lost { why: LostReason::Timing, note: String::new(), by: StaffId(1), at: hours_ago(800), again: Some(hours_ago(2)) };
                s.opportunity = Some(Opportunity { lost: Some(lost), ..under_way() });
            }),
            RuleKind::InTheLane => dana().change(|s| {
                let brief = LaneBrief { why: vec!["Looked at two trucks".to_owned()], ..LaneBrief::default() };
                s.lane = Some(LaneAsk { by: StaffId(2), at: hours_ago(0), brief });
            }),
            RuleKind::Mentioned => dana().mentions(2, 1, 0, "Can you call her?"),
            RuleKind::Unknown => dana(),
        }
    }

    #[test]
    fn every_rule_proposes_its_own_kind_and_has_its_terms_in_the_same_order() {
        let in_terms: Vec<RuleKind> = TERMS.iter().map(|t| t.rule).collect();
        assert_eq!(RULES.iter().map(|r| r.kind).collect::<Vec<_>>(), in_terms);
        for rule in RULES {
            let sample = somebody_for(rule.kind);
            let picture = sample.picture();
            let proposed = rule.proposed(&picture, &score(&picture, now()), now());
            assert!(proposed.iter().all(|p| p.matter.rule == rule.kind) && !proposed.is_empty(), "{:?}", rule.kind);
            assert!(proposed.iter().all(|p| !p.reasons.is_empty() && p.reasons.len() <= MOST_REASONS && p.headline.len() > 10), "{:?}", rule.kind);
        }
    }

    #[test]
    fn a_rule_that_is_switched_off_says_nothing() {
        for rule in RULES {
            let sample = somebody_for(rule.kind).sets(rule.kind, |s| s.on = false);
            let picture = sample.picture();
            let proposed = propose(&picture, &score(&picture, now()), now());
            assert!(proposed.iter().all(|p| p.matter.rule != rule.kind), "{:?}", rule.kind);
        }
    }

    #[test]
    fn what_was_only_seen_stands_in_no_message() {
        for rule in RULES {
            let sample = somebody_for(rule.kind).may(Channel::Text, ConsentState::Allowed, ConsentBasis::Form);
            let picture = sample.picture();
            let Some(card) = proposed_by(rule.kind, &picture, &score(&picture, now()), now()).filter(|card| card.basis == Basis::Seen) else {
                continue;
            };
            // A price alert is theirs: they set it on that car.
            let text = crate::engine::wording::draft(&picture, &card, "Priya Nair", now()).map(|d| d.text).unwrap_or_default();
            let named = ["CR-V", "24117", "website", "looked", "Sam"].iter().any(|word| text.contains(word));
            assert_eq!(named, rule.kind == RuleKind::PriceAlertUsed, "{:?}: {text}", rule.kind);
        }
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
