//! What of all that reaches a person, and when does it leave?
//!
//! Rules say the whole set of matters that should stand open; the desk compares it with the cards there are and says the difference.
//! One customer has at most one open card: the most urgent matter leads it, the others add their reasons. Settling the same picture
//! twice changes nothing the second time.

use super::{
    routing,
    rules::{self, About, MOST_REASONS, Proposal, Speaks, is_their_word, urgency},
};
use crate::domain::{
    alert::{Alert, AlertState, CloseReason, Level, Matter, Reason},
    event::Answer,
    ids::{AlertId, CustomerId, StaffId},
    picture::Picture,
    score::Score,
    time::At,
};
use std::collections::BTreeSet;

/// One thing to do to a customer's cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// A new card: to be routed and worded.
    Open {
        card: Proposal,
    },
    /// The card says something else now. It keeps its person; `owes_answer` when somebody waits anew and a clock must start.
    Refresh {
        alert: AlertId,
        card: Proposal,
        owes_answer: bool,
    },
    Close {
        alert: AlertId,
        why: CloseReason,
    },
    /// A snoozed card comes back.
    Wake {
        alert: AlertId,
    },
}

/// The difference between what should stand open and what does.
///
/// - A card whose reasons are all gone closes itself, snoozed or claimed or not.
/// - After a card was done, only evidence newer than that opens another. The customer's own words (a lead, a message) do at once; a look
///   waits until a day after the last card, a tool until a day after a card about it, or as the store set the rule. What a store wants to
///   hear of in its hours alone waits for the opening.
/// - A snoozed card stays so until its time, a more urgent matter, or a new word of the customer.
/// - A claimed card is refreshed and never taken away, but for a complaint that is for others (`departments`).
/// - Two open cards (two customers became one) become one: the claimed one, else the most urgent, else the oldest.
/// - What is for one person alone has a card of its own beside all that, and neither holds the other back.
#[must_use]
pub fn settle(alerts: &[Alert], proposals: &[Proposal], score: &Score, picture: &Picture, now: At) -> Vec<Move> {
    let mut moves = Vec::new();
    for to in own_people(alerts, proposals) {
        let (alerts, proposals) = (of(alerts, to), for_whom(proposals, to));
        moves.extend(settle_desk(&alerts, &proposals, score, picture, now));
    }
    moves
}

/// The store's desk, then those of the people who have matters of their own.
fn own_people(alerts: &[Alert], proposals: &[Proposal]) -> BTreeSet<Option<StaffId>> {
    let people = alerts.iter().map(|a| a.matter.to).chain(proposals.iter().map(|p| p.matter.to));
    people.chain([None]).collect()
}

fn of(alerts: &[Alert], to: Option<StaffId>) -> Vec<&Alert> {
    alerts.iter().filter(|a| a.matter.to == to).collect()
}

fn for_whom(proposals: &[Proposal], to: Option<StaffId>) -> Vec<&Proposal> {
    proposals.iter().filter(|p| p.matter.to == to).collect()
}

fn settle_desk(alerts: &[&Alert], proposals: &[&Proposal], score: &Score, picture: &Picture, now: At) -> Vec<Move> {
    let mut moves = Vec::new();
    let mut open: Vec<&Alert> = alerts.iter().copied().filter(|a| a.customer == picture.customer.id && standing(a).is_some()).collect();
    open.sort_by_key(|a| (standing(a), urgency(a.level, a.matter.rule), a.id));
    let held = open.first().copied();
    for spare in open.iter().skip(1) {
        moves.push(Move::Close { alert: spare.id, why: CloseReason::ReasonGone });
    }
    let standing = matters_standing(alerts, proposals, held, picture, now);
    match (held, bundle(&standing)) {
        (None, None) => {}
        (None, Some(card)) => moves.push(Move::Open { card }),
        (Some(alert), None) => moves.push(Move::Close { alert: alert.id, why: CloseReason::ReasonGone }),
        (Some(alert), Some(card)) => {
            if wakes(alert, &card, &standing, now) {
                moves.push(Move::Wake { alert: alert.id });
            }
            let owes_answer = owes_answer(alert, &standing);
            if owes_answer || says_something_else(alert, &card, score) {
                moves.push(Move::Refresh { alert: alert.id, card, owes_answer });
            }
        }
    }
    moves
}

/// What a card that stands says as of `now`; `None` while another matter has come to lead it: the next thought puts that there.
#[must_use]
pub fn says_now(alert: &Alert, proposals: &[Proposal], picture: &Picture, now: At) -> Option<Proposal> {
    let (alerts, proposals) = (of(&picture.alerts, alert.matter.to), for_whom(proposals, alert.matter.to));
    bundle(&matters_standing(&alerts, &proposals, Some(alert), picture, now))
        .filter(|card| same_matter(card.matter, alert.matter) || same_lead(card.matter, alert.matter))
}

/// When the next matter that only a cool-down or the hour holds back may open; `None` when there is none.
#[must_use]
pub fn cools_at(picture: &Picture, proposals: &[Proposal], now: At) -> Option<At> {
    let held = proposals.iter().filter_map(|p| match gate(p, &of(&picture.alerts, p.matter.to), picture, now) {
        Gate::Until(at) => Some(at),
        Gate::Open | Gate::Shut => None,
    });
    held.min()
}

/// The card as it opens; routing and wording add who, by when and what to say.
#[must_use]
pub fn open(id: AlertId, customer: CustomerId, card: &Proposal, score: &Score, now: At) -> Alert {
    Alert {
        id,
        customer,
        matter: card.matter,
        level: card.level,
        headline: card.headline.clone(),
        short: card.short.clone(),
        reasons: card.reasons.clone(),
        score: score.clone(),
        score_at_first: score.points,
        state: AlertState::Open,
        owner: None,
        routed_because: String::new(),
        for_all: false,
        held_back: false,
        judged: None,
        clock: None,
        draft: None,
        steps: vec![],
        opened: now,
        refreshed: now,
        before: None,
    }
}

/// Puts what the card says now into the alert; its person, state and answers stay.
pub fn refresh(alert: &mut Alert, card: &Proposal, score: &Score, now: At) {
    alert.matter = card.matter;
    alert.level = card.level;
    alert.headline.clone_from(&card.headline);
    alert.short.clone_from(&card.short);
    alert.reasons.clone_from(&card.reasons);
    alert.score = score.clone();
    alert.refreshed = now;
}

/// A snoozed card is open again; one that was claimed before is its claimer's again. Other cards stay as they are.
pub fn wake(alert: &mut Alert) {
    if let AlertState::Snoozed { by, .. } = alert.state {
        let claimed = alert.before.as_ref().map(|b| &b.state).filter(|s| matches!(s, AlertState::Claimed { by: claimer, .. } if *claimer == by));
        alert.state = claimed.cloned().unwrap_or(AlertState::Open);
        if alert.state == AlertState::Open && alert.routed_because == routing::CLAIMED {
            "had it before it was put off".clone_into(&mut alert.routed_because);
        }
    }
}

/// Closes a card by itself: no person did.
pub fn close(alert: &mut Alert, why: CloseReason, now: At) {
    alert.state = AlertState::Closed { at: now, why, by: None };
}

/// The order in which open cards are kept; `None` for a card that does not stand open.
fn standing(alert: &Alert) -> Option<u8> {
    match alert.state {
        AlertState::Claimed { .. } => Some(0),
        AlertState::Open => Some(1),
        AlertState::Snoozed { .. } => Some(2),
        AlertState::Closed { .. } | AlertState::Unknown => None,
    }
}

/// Whether a matter may open a card now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gate {
    Open,
    /// Cooling down, or the store is closed.
    Until(At),
    /// Already dealt with: nothing new since.
    Shut,
}

fn gate(proposal: &Proposal, alerts: &[&Alert], picture: &Picture, now: At) -> Gate {
    let rule = proposal.matter.rule;
    let last_done = alerts.iter().copied().filter_map(done_at).max();
    if last_done.is_some_and(|done| proposal.evidence <= done) {
        return Gate::Shut;
    }
    let cooling_since = match rules::of(rule).map(|r| r.speaks) {
        Some(Speaks::Silent) => last_done,
        Some(Speaks::Customer | Speaks::House | Speaks::Deed) | None => {
            alerts.iter().copied().filter(|a| a.matter.rule == rule).filter_map(done_at).max()
        }
    };
    let cools = cooling_since.map(|at| at.plus_ms(picture.rules.cool_down_ms(rule)));
    let opens = cools.into_iter().chain([proposal.evidence]).max().unwrap_or(proposal.evidence);
    let opens = if picture.rules.waits_for_opening(rule) { picture.rooftop.next_open(opens) } else { opens };
    if opens > now { Gate::Until(opens) } else { Gate::Open }
}

fn done_at(alert: &Alert) -> Option<At> {
    match &alert.state {
        AlertState::Closed { at, why: CloseReason::Done { .. }, .. } => Some(*at),
        AlertState::Closed { .. } | AlertState::Open | AlertState::Claimed { .. } | AlertState::Snoozed { .. } | AlertState::Unknown => None,
    }
}

/// The matters that may be on the card now: all the gate lets through, and the held card's own one while that still leads. A card that
/// stands is not shut by another that was done; once another matter leads it, what was dealt with before drops off.
fn matters_standing<'p>(alerts: &[&Alert], proposals: &[&'p Proposal], held: Option<&Alert>, picture: &Picture, now: At) -> Vec<&'p Proposal> {
    let open: Vec<&Proposal> = proposals.iter().copied().filter(|p| gate(p, alerts, picture, now) == Gate::Open).collect();
    let own = |p: &Proposal| held.is_some_and(|a| same_matter(a.matter, p.matter));
    let with_own: Vec<&Proposal> = proposals.iter().copied().filter(|p| own(p) || open.contains(p)).collect();
    if leading(&with_own).is_some_and(own) { with_own } else { open }
}

/// Two leads are two matters; looks at two cars are too.
fn same_matter(a: Matter, b: Matter) -> bool {
    a.rule == b.rule
        && match rules::of(a.rule).map(|r| r.about) {
            Some(About::Lead) => a.lead == b.lead,
            Some(About::Vehicle) => a.vehicle == b.vehicle,
            Some(About::Colleague) => a.to == b.to,
            Some(About::Customer) | None => true,
        }
}

/// One lead that waits, whichever rule says so.
fn same_lead(a: Matter, b: Matter) -> bool {
    a.lead.is_some() && a.lead == b.lead
}

/// One card of several matters: the most urgent leads, the others add their reasons.
fn bundle(matters: &[&Proposal]) -> Option<Proposal> {
    let leading = leading(matters)?;
    let others = || matters.iter().filter(|p| p.matter != leading.matter);
    Some(Proposal {
        level: matters.iter().map(|p| p.level).min().unwrap_or(Level::Later),
        reasons: merged_reasons(&leading.reasons, others().flat_map(|p| p.reasons.iter())),
        vehicle: leading.vehicle.or_else(|| others().find_map(|p| p.vehicle)),
        first_response: matters.iter().any(|p| p.first_response),
        evidence: matters.iter().map(|p| p.evidence).max().unwrap_or(leading.evidence),
        holds_until: if matters.iter().all(|p| p.holds_until.is_some()) { matters.iter().filter_map(|p| p.holds_until).max() } else { None },
        ..leading.clone()
    })
}

fn leading<'p>(matters: &[&'p Proposal]) -> Option<&'p Proposal> {
    matters.iter().copied().min_by_key(|p| (urgency(p.level, p.matter.rule), p.matter))
}

/// Newest first, but never without the leading matter's own newest two: they are what the headline speaks of.
fn merged_reasons<'a>(leading: &'a [Reason], others: impl Iterator<Item = &'a Reason>) -> Vec<Reason> {
    let mut rest: Vec<&Reason> = leading.iter().skip(2).chain(others).collect();
    rest.sort_by_key(|r| std::cmp::Reverse(r.at));
    let mut kept: Vec<Reason> = leading.iter().take(2).cloned().collect();
    for reason in rest {
        if kept.len() < MOST_REASONS && !kept.contains(reason) {
            kept.push(reason.clone());
        }
    }
    kept.sort_by_key(|r| std::cmp::Reverse(r.at));
    kept
}

fn wakes(alert: &Alert, card: &Proposal, matters: &[&Proposal], now: At) -> bool {
    let AlertState::Snoozed { until, .. } = alert.state else { return false };
    let snoozed = alert.before.as_ref().filter(|b| matches!(b.answer, Answer::Snoozed { .. })).map_or(alert.refreshed, |b| b.at);
    // Whoever put a lead off knows that nobody has reached for it.
    let another_matter = !same_lead(card.matter, alert.matter)
        && card.matter.rule != alert.matter.rule
        && urgency(card.level, card.matter.rule) < urgency(alert.level, alert.matter.rule);
    let new_word = matters.iter().any(|p| (is_their_word(p.matter.rule) || p.matter.to.is_some()) && p.evidence > snoozed);
    until <= now || another_matter || new_word
}

/// Somebody waits whose waiting no clock counts: there was none, or it was stopped by an answer to something older.
fn owes_answer(alert: &Alert, matters: &[&Proposal]) -> bool {
    let Some(since) = matters.iter().filter(|p| p.first_response).map(|p| p.evidence).max() else { return false };
    alert.clock.as_ref().is_none_or(|c| c.stopped.is_some_and(|stopped| since > stopped))
}

fn says_something_else(alert: &Alert, card: &Proposal, score: &Score) -> bool {
    let said = (&alert.matter, alert.level, &alert.headline, &alert.short, &alert.reasons, alert.score.points);
    said != (&card.matter, card.level, &card.headline, &card.short, &card.reasons, score.points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            alert::{Before, Clock, RuleKind},
            ids::LeadId,
            time::{DAY_MS, HOUR_MS},
            visitor::Did,
        },
        engine::{
            intent::score,
            routing, rules,
            sample::{CRV, RAV4, Sample, card, done, hours_ago, now, shoppers},
        },
    };
    use proptest::prelude::*;

    const PRIYA: StaffId = StaffId(1);

    fn moves(sample: &Sample, now: At) -> Vec<Move> {
        let picture = sample.picture();
        let score = score(&picture, now);
        settle(&sample.alerts, &rules::propose(&picture, &score, now), &score, &picture, now)
    }

    /// Does what a store does with the moves.
    fn carry_out(sample: &mut Sample, moves: &[Move], now: At) {
        let score = score(&sample.picture(), now);
        for one in moves {
            match one {
                Move::Open { card } => {
                    let id = AlertId(sample.alerts.iter().map(|a| a.id.0).max().unwrap_or(0) + 1);
                    let mut alert = open(id, sample.customer.id, card, &score, now);
                    let route = routing::route(&sample.picture(), card, None, now);
                    (alert.owner, alert.routed_because, alert.clock) = (route.to, route.because, route.clock);
                    sample.alerts.push(alert);
                }
                Move::Refresh { alert, card, owes_answer } => {
                    let route = routing::route(&sample.picture(), card, sample.alerts.iter().find(|a| a.id == *alert), now);
                    let alert = sample.alerts.iter_mut().find(|a| a.id == *alert).unwrap();
                    refresh(alert, card, &score, now);
                    if *owes_answer {
                        alert.clock = route.clock;
                    }
                }
                Move::Close { alert, why } => close(sample.alerts.iter_mut().find(|a| a.id == *alert).unwrap(), why.clone(), now),
                Move::Wake { alert } => wake(sample.alerts.iter_mut().find(|a| a.id == *alert).unwrap()),
            }
        }
    }

    /// A day of a store in a few words: what it does to the cards, then the cards.
    fn check(sample: &Sample, expected: &[&str]) -> Sample {
        let moves = moves(sample, now());
        let said: Vec<String> = moves.iter().map(words).collect();
        assert_eq!(said, expected);
        let mut after = sample.clone();
        carry_out(&mut after, &moves, now());
        assert_eq!(self::moves(&after, now()), vec![], "thinking twice is thinking once");
        after
    }

    fn words(one: &Move) -> String {
        match one {
            Move::Open { card } => format!("open {:?}", card.matter.rule),
            Move::Refresh { alert, card, owes_answer } => {
                format!("refresh {alert} {:?}{}", card.matter.rule, if *owes_answer { " clock" } else { "" })
            }
            Move::Close { alert, why } => format!("close {alert} {why:?}"),
            Move::Wake { alert } => format!("wake {alert}"),
        }
    }

    fn hot() -> Sample {
        Sample::dana().looks(CRV, &[40, 26, 14, 0])
    }

    /// Lets the desk open the card, then puts it into a state.
    fn with_card(sample: Sample, state: AlertState) -> Sample {
        let mut sample = sample;
        let moves = moves(&sample, now());
        carry_out(&mut sample, &moves, now());
        sample.alerts[0].state = state;
        sample
    }

    fn claimed() -> AlertState {
        AlertState::Claimed { by: PRIYA, at: now() }
    }

    fn snoozed(hours: i64) -> AlertState {
        AlertState::Snoozed { by: PRIYA, until: hours_ago(-hours) }
    }

    #[test]
    fn a_matter_opens_one_card_and_then_nothing() {
        check(&Sample::dana(), &[]);
        check(&hot(), &["open BackOnSameCar"]);
        check(&with_card(hot(), AlertState::Open), &[]);
    }

    #[test]
    fn several_matters_are_one_card_led_by_the_most_urgent() {
        let busy = hot().lead(1, 0, |_| {}).did(Did::FinishedTradeTool, 0, None);
        let after = check(&busy, &["open NewLead"]);
        let card = &after.alerts[0];
        assert_eq!(card.reasons.len(), MOST_REASONS);
        assert!(card.reasons.is_sorted_by_key(|r| std::cmp::Reverse(r.at)));
        assert!(card.reasons.iter().any(|r| r.text.starts_with("Asked about #24117")), "the headline's own reason stays");
        assert!(card.reasons.iter().any(|r| r.text == "Finished the trade tool"));
    }

    #[test]
    fn new_evidence_refreshes_the_card_and_a_more_urgent_matter_takes_its_lead() {
        let more = with_card(Sample::dana().did(Did::FinishedTradeTool, 2, None), AlertState::Open);
        assert_eq!(more.alerts[0].clock, None);
        let after = check(&more.lead(1, 0, |_| {}), &["refresh 1 NewLead clock"]);
        assert_eq!((after.alerts.len(), after.alerts[0].matter.lead, after.alerts[0].level), (1, Some(LeadId(1)), Level::ActNow));
        assert!(after.alerts[0].clock.is_some());
    }

    #[test]
    fn a_running_clock_is_not_set_back_by_more_evidence() {
        let waiting = with_card(Sample::dana().lead(1, 0, |_| {}), AlertState::Open);
        check(&waiting.wrote(0, "Hello?"), &["refresh 1 ReplyReceived"]);
    }

    #[test]
    fn a_clock_that_was_stopped_starts_again_for_a_newer_word() {
        let mut answered = with_card(Sample::dana().lead(1, 5, |_| {}), claimed());
        answered.alerts[0].clock =
            Some(Clock { started: hours_ago(5), due: hours_ago(5), starts: None, then: None, stopped: Some(hours_ago(3)), rung: 0 });
        check(&answered.wrote(1, "Yes please"), &["refresh 1 ReplyReceived clock"]);
    }

    #[test]
    fn a_claimed_card_is_refreshed_and_stays_its_claimers() {
        let mut mine = with_card(hot(), claimed());
        mine.alerts[0].owner = Some(PRIYA);
        let after = check(&mine.wrote(0, "Still there?"), &["refresh 1 ReplyReceived"]);
        assert_eq!((after.alerts[0].owner, &after.alerts[0].state), (Some(PRIYA), &claimed()));
    }

    #[test]
    fn a_card_whose_reasons_are_gone_closes_itself() {
        for state in [AlertState::Open, claimed(), snoozed(3)] {
            let sold = with_card(hot(), state).change(|s| s.cars.clear());
            let after = check(&sold, &["close 1 ReasonGone"]);
            assert_eq!(after.alerts[0].state, AlertState::Closed { at: now(), why: CloseReason::ReasonGone, by: None });
        }
        let one_left = with_card(hot().lead(1, 1, |_| {}), AlertState::Open).change(|s| s.leads.clear());
        check(&one_left, &["refresh 1 BackOnSameCar"]);
    }

    #[test]
    fn a_snoozed_card_sleeps_until_its_time() {
        check(&with_card(hot(), snoozed(1)), &[]);
        let after = check(&with_card(hot(), snoozed(0)), &["wake 1"]);
        assert_eq!(after.alerts[0].state, AlertState::Open);
    }

    #[test]
    fn a_snoozed_card_wakes_for_a_more_urgent_matter_and_for_a_new_word() {
        let tool = || with_card(Sample::dana().did(Did::FinishedTradeTool, 30, None), snoozed(5));
        check(&tool().looks(CRV, &[40, 26, 14, 0]), &["wake 1", "refresh 1 BackOnSameCar clock"]);
        check(&with_card(hot(), snoozed(5)).did(Did::FinishedTradeTool, 0, None), &["refresh 1 BackOnSameCar"]);
        let lead = || with_card(Sample::dana().lead(1, 9, |_| {}), snoozed(5)).change(|s| s.alerts[0].refreshed = hours_ago(8));
        check(&lead(), &[]);
        check(&lead().lead(2, 1, |_| {}), &["wake 1", "refresh 1 LeadUntouched"]);
        check(&lead().wrote(1, "Hello?"), &["wake 1", "refresh 1 ReplyReceived"]);
    }

    #[test]
    fn who_put_a_lead_off_is_not_called_back_because_nobody_reached_for_it() {
        let asleep = with_card(Sample::dana().lead(1, 0, |_| {}), snoozed(5));
        let said: Vec<String> = moves(&asleep, now().plus_ms(HOUR_MS)).iter().map(words).collect();
        assert_eq!(said, ["refresh 1 LeadUntouched"]);
    }

    #[test]
    fn who_claimed_before_snoozing_has_it_again_when_it_wakes() {
        let mut slept = with_card(hot(), snoozed(0));
        let before = Before {
            answer: Answer::Snoozed { until: now() },
            by: PRIYA,
            at: hours_ago(2),
            state: claimed(),
            owner: Some(PRIYA),
            clock: None,
            routed_because: String::new(),
        };
        slept.alerts[0].routed_because = routing::CLAIMED.to_owned();
        slept.alerts[0].before = Some(Box::new(before.clone()));
        let woken = check(&slept, &["wake 1"]).alerts.remove(0);
        assert_eq!((woken.state, woken.routed_because.as_str()), (claimed(), routing::CLAIMED));
        // A colleague put it off: nobody is on it now, and it says so.
        slept.alerts[0].before = Some(Box::new(Before { state: AlertState::Claimed { by: StaffId(2), at: now() }, ..before }));
        let woken = check(&slept, &["wake 1"]).alerts.remove(0);
        assert_eq!((woken.state, woken.routed_because.as_str()), (AlertState::Open, "had it before it was put off"));
    }

    #[test]
    fn done_is_done_until_something_new_happens() {
        for rule in [RuleKind::BackOnSameCar, RuleKind::NewLead, RuleKind::TradeToolUsed] {
            let dealt_with = hot().lead(1, 2, |_| {}).did(Did::FinishedTradeTool, 2, None).change(|s| s.alerts = vec![card(1, rule, done(now()))]);
            check(&dealt_with, &[]);
        }
    }

    #[test]
    fn their_own_words_open_a_card_at_once() {
        let just_done = |rule| Sample::dana().change(|s| s.alerts = vec![card(1, rule, done(hours_ago(2)))]);
        check(&just_done(RuleKind::NewLead).lead(2, 0, |_| {}), &["open NewLead"]);
        check(&just_done(RuleKind::ReplyReceived).wrote(1, "Yes"), &["open ReplyReceived"]);
    }

    #[test]
    fn what_was_only_done_on_the_site_waits_out_the_cool_down() {
        let after_done = |rule, hours: i64| move |s: &mut Sample| s.alerts = vec![card(1, rule, done(hours_ago(hours)))];
        for (hours, expected) in [(2, vec![]), (23, vec![]), (24, vec!["open BackOnSameCar"])] {
            check(&hot().change(after_done(RuleKind::BackOnSameCar, hours)), &expected);
            check(&hot().change(after_done(RuleKind::NewLead, hours)), &expected);
        }
        let tool = || Sample::dana().did(Did::FinishedTradeTool, 1, None);
        check(&tool().change(after_done(RuleKind::TradeToolUsed, 2)), &[]);
        check(&tool().change(after_done(RuleKind::NewLead, 2)), &["open TradeToolUsed"]);
    }

    #[test]
    fn a_store_sets_how_long_a_rule_rests() {
        let cooling = |hours: u32| {
            let rests = move |s: &mut crate::domain::rule_setting::RuleSetting| s.cool_down_hours = hours;
            hot().sets(RuleKind::BackOnSameCar, rests).change(|s| s.alerts = vec![card(1, RuleKind::NewLead, done(hours_ago(2)))])
        };
        check(&cooling(3), &[]);
        check(&cooling(2), &["open BackOnSameCar"]);
        check(&cooling(0), &["open BackOnSameCar"]);
    }

    #[test]
    fn what_a_store_wants_to_hear_of_in_its_hours_waits_for_the_opening() {
        let night = crate::engine::sample::at("2026-11-24T21:00:00-05:00");
        let late = || Sample::dana().change(|s| s.activity.note(Did::ViewedHours, night.plus_ms(-HOUR_MS), None));
        let quiet = late().sets(RuleKind::HoursViewed, |s| s.hours = crate::domain::rule_setting::ActiveHours::StoreHours);
        let said = |sample: &Sample, at: At| moves(sample, at).iter().map(words).collect::<Vec<_>>();
        assert_eq!(said(&late(), night), ["open HoursViewed"]);
        assert_eq!(said(&quiet, night), Vec::<String>::new());
        let opening = night.plus_ms(12 * HOUR_MS);
        let picture = quiet.picture();
        assert_eq!(cools_at(&picture, &rules::propose(&picture, &score(&picture, night), night), night), Some(opening));
        assert_eq!(said(&quiet, opening), ["open HoursViewed"]);
    }

    #[test]
    fn a_card_that_closed_itself_cools_nothing_down() {
        let gone = AlertState::Closed { at: hours_ago(1), why: CloseReason::ReasonGone, by: None };
        check(&hot().change(|s| s.alerts = vec![card(1, RuleKind::BackOnSameCar, gone)]), &["open BackOnSameCar"]);
    }

    #[test]
    fn a_cool_down_is_remembered_with_its_end() {
        let cooling = hot().change(|s| s.alerts = vec![card(1, RuleKind::NewLead, done(hours_ago(2)))]);
        let picture = cooling.picture();
        let proposals = rules::propose(&picture, &score(&picture, now()), now());
        assert_eq!(cools_at(&picture, &proposals, now()), Some(hours_ago(2).plus_ms(DAY_MS)));
        assert_eq!(cools_at(&hot().picture(), &proposals, now()), None);
    }

    #[test]
    fn two_customers_become_one_with_one_card() {
        let merged = with_card(hot(), AlertState::Open)
            .change(|s| s.alerts.push(Alert { state: claimed(), ..card(9, RuleKind::TradeToolUsed, AlertState::Open) }));
        check(&merged, &["close 1 ReasonGone", "refresh 9 BackOnSameCar clock"]);
    }

    #[test]
    fn a_card_that_stands_is_not_shut_by_another_that_was_done() {
        let merged = with_card(Sample::dana().lead(1, 5, |_| {}), AlertState::Open)
            .change(|s| s.alerts.push(card(9, RuleKind::TradeToolUsed, done(hours_ago(1)))));
        check(&merged, &[]);
        let cooling = check(&merged.did(Did::FinishedTradeTool, 0, None), &["refresh 1 LeadUntouched"]);
        assert!(cooling.alerts[0].reasons.iter().all(|r| !r.text.contains("trade tool")), "only the score moved");
        let tool = with_card(Sample::dana().did(Did::FinishedTradeTool, 5, None), AlertState::Open)
            .change(|s| s.alerts.push(card(9, RuleKind::NewLead, done(hours_ago(1)))));
        let after = check(&tool.lead(2, 0, |_| {}), &["refresh 1 NewLead clock"]);
        assert_eq!(after.alerts[0].reasons.len(), 1);
    }

    #[test]
    fn a_score_that_moved_is_shown_on_the_card() {
        let mut faded = with_card(hot(), AlertState::Open);
        faded.alerts[0].score.points = 3;
        check(&faded, &["refresh 1 BackOnSameCar"]);
    }

    proptest! {
        #[test]
        fn think_twice_is_think_once(sample in shoppers(), hours in 0..80_i64) {
            let mut sample = sample;
            let later = now().plus_ms(hours * HOUR_MS);
            let first = moves(&sample, later);
            carry_out(&mut sample, &first, later);
            prop_assert_eq!(moves(&sample, later), vec![]);
            prop_assert!(sample.alerts.iter().filter(|a| standing(a).is_some()).count() <= 1);
        }

        #[test]
        fn living_through_the_hours_never_shows_two_cards(sample in shoppers()) {
            let mut sample = sample;
            for hour in 0..100 {
                let then = now().plus_ms(hour * HOUR_MS);
                let moves = moves(&sample, then);
                carry_out(&mut sample, &moves, then);
                prop_assert!(sample.alerts.iter().filter(|a| standing(a).is_some()).count() <= 1);
            }
        }
    }

    #[test]
    fn a_look_at_another_car_is_another_matter() {
        let matter = |rule, vehicle, lead| Matter { vehicle, lead, ..Matter::of(rule) };
        assert!(!same_matter(matter(RuleKind::BackOnSameCar, Some(CRV), None), matter(RuleKind::BackOnSameCar, Some(RAV4), None)));
        assert!(!same_matter(matter(RuleKind::NewLead, Some(CRV), Some(LeadId(1))), matter(RuleKind::NewLead, Some(CRV), Some(LeadId(2)))));
        assert!(same_matter(matter(RuleKind::NewLead, None, Some(LeadId(1))), matter(RuleKind::NewLead, Some(CRV), Some(LeadId(1)))));
    }
}
