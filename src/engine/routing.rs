//! Who should act, by when, and who is next?
//!
//! Plain rules a store can follow with a finger: who knows the customer, else whose turn it is, else a manager, else nobody and the card
//! says so.

use super::{rules::Proposal, wording::phrases::capitalised};
use crate::domain::{
    alert::{Alert, AlertState, Clock, Level},
    ids::StaffId,
    picture::{Picture, StaffNow},
    time::At,
};

/// Why whoever claimed a card has it; it is theirs no longer for that reason once it is open again.
pub const CLAIMED: &str = "claimed it";

/// Where a card goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `None` when nobody is free: the card stands in the store's queue.
    pub to: Option<StaffId>,
    /// Why that person, in words.
    pub because: String,
    /// Who is offered it when the clock runs out.
    pub then: Option<StaffId>,
    /// Set when somebody waits for an answer.
    pub clock: Option<Clock>,
}

/// Who a card is offered to. A card somebody took stays with them, and one already offered stays with its person while that person is
/// free; then the rep on record when active and free; then the turn among the free people who take leads (fewest open cards, longest
/// since the last offer, lowest id); then a manager or owner, free ones first; then nobody. A matter that is somebody's own goes to them,
/// free or not: nobody else was asked.
#[must_use]
pub fn route(picture: &Picture, card: &Proposal, held: Option<&Alert>, now: At) -> Route {
    if let Some(to) = card.matter.to {
        return Route { to: Some(to), because: "Mentioned in a note".to_owned(), then: None, clock: None };
    }
    let (to, because) = who(picture, held);
    let then = to.and_then(|to| after(picture, to));
    let clock = card.first_response.then(|| clock(picture, then, now));
    Route { to, because, then, clock }
}

/// Who is next when a clock ran out: the person the card promised, else whoever's turn it is, at last a manager, with a new clock each
/// time. `None` when the card stays where it is, overdue for all to see: somebody took it or put it off, it already came to a manager,
/// or nobody else is there.
#[must_use]
pub fn on_clock_out(picture: &Picture, alert: &Alert, now: At) -> Option<Route> {
    match alert.state {
        AlertState::Open => {}
        AlertState::Claimed { .. } | AlertState::Snoozed { .. } | AlertState::Closed { .. } | AlertState::Unknown => return None,
    }
    let owner = alert.owner.and_then(|id| picture.person(id));
    if owner.is_some_and(|o| o.staff.role.manages()) {
        return None;
    }
    let promised = alert.clock.as_ref().and_then(|c| c.then).and_then(|id| picture.person(id)).filter(|s| may_act(s));
    let promised = promised.filter(|s| Some(s.staff.id) != alert.owner);
    let next = promised.or_else(|| turn(picture, alert.owner)).or_else(|| manager(picture, alert.owner))?;
    let because = owner.map_or_else(|| "Nobody answered in time".to_owned(), |o| format!("{} did not answer in time", o.staff.short_name()));
    let then = if next.staff.role.manages() { None } else { manager(picture, Some(next.staff.id)).map(|m| m.staff.id) };
    Some(Route { to: Some(next.staff.id), because, then, clock: Some(clock(picture, then, now)) })
}

fn who(picture: &Picture, held: Option<&Alert>) -> (Option<StaffId>, String) {
    if let Some(alert) = held {
        let taken = matches!(alert.state, AlertState::Claimed { .. } | AlertState::Snoozed { .. });
        let owner = alert.owner.and_then(|id| picture.person(id));
        if let Some(owner) = owner.filter(|o| taken || is_free(o)) {
            return (Some(owner.staff.id), alert.routed_because.clone());
        }
    }
    let meant = meant_for(picture);
    if let Some((meant, because)) = meant.as_ref().filter(|(s, _)| is_free(s)) {
        return (Some(meant.staff.id), because.clone());
    }
    let on_record = picture.customer.owner.and_then(|id| picture.person(id)).filter(|s| s.staff.active);
    if let Some(owner) = on_record.filter(|s| is_free(s)) {
        return (Some(owner.staff.id), "Knows this customer".to_owned());
    }
    let busy = meant.map(|(s, _)| s).or(on_record).map(|s| format!("{}; ", busy_words(s))).unwrap_or_default();
    if let Some(next) = turn(picture, None) {
        return (Some(next.staff.id), capitalised(&format!("{busy}{}", turn_words(picture, next))));
    }
    if let Some(manager) = manager(picture, None) {
        return (Some(manager.staff.id), capitalised(&format!("{busy}nobody on the floor is free")));
    }
    (None, capitalised(&format!("{busy}nobody is free")))
}

/// For whom the newest lead that waits was taken down, and why them.
fn meant_for<'p>(picture: &'p Picture) -> Option<(&'p StaffNow, String)> {
    let lead = picture.leads.iter().filter(|l| l.answered.is_none()).max_by_key(|l| (l.received, l.id))?;
    let taken = lead.said.taken?;
    let meant = picture.person(taken.to).filter(|s| s.staff.active)?;
    let because = match picture.person(taken.by) {
        _ if taken.by == taken.to => "Took it down".to_owned(),
        Some(by) => format!("Taken down for them by {}", by.staff.short_name()),
        None => "Taken down for them".to_owned(),
    };
    Some((meant, because))
}

/// An urgent card goes on when its person is busy: to whoever's turn it is, else to a manager who is free. Its clock runs on, because the
/// customer has waited since. `None` when it may wait, was taken or put off, or when nobody else is free: it stays where it is.
#[must_use]
pub fn on_busy(picture: &Picture, alert: &Alert, now: At) -> Option<Route> {
    let clock = alert.clock.clone().filter(|c| c.stopped.is_none())?;
    let owner = alert.owner.and_then(|id| picture.person(id)).filter(|o| !is_free(o))?;
    if alert.state != AlertState::Open || alert.level != Level::ActNow || alert.matter.to.is_some() {
        return None;
    }
    let next = turn(picture, alert.owner).or_else(|| manager(picture, alert.owner).filter(|m| is_free(m)))?;
    let because = format!("{}; {}", busy_words(owner), turn_words(picture, next));
    let then = after(picture, next.staff.id);
    // Whoever gets it now has a moment to look: half of what a new one has (design 7, act 9).
    let half = picture.rooftop.after_open_minutes(now, picture.rooftop.first_response_minutes.div_ceil(2));
    Some(Route { to: Some(next.staff.id), because, then, clock: Some(Clock { due: clock.due.max(half), then, ..clock }) })
}

/// A card that nobody had goes to whoever is free now, with its clock as it runs.
#[must_use]
pub fn to_whoever_came_free(picture: &Picture, alert: &Alert) -> Option<Route> {
    if alert.owner.is_some() || alert.state != AlertState::Open {
        return None;
    }
    let (to, because) = who(picture, None);
    let then = to.and_then(|to| after(picture, to));
    Some(Route { to: Some(to?), because, then, clock: alert.clock.clone().map(|c| Clock { then, ..c }) })
}

fn is_free(someone: &StaffNow) -> bool {
    someone.staff.active && someone.staff.available && !someone.with_customer
}

/// Why somebody is not asked.
fn busy_words(someone: &StaffNow) -> String {
    let name = someone.staff.short_name();
    if someone.with_customer { format!("{name} is with a customer") } else { format!("{name} is busy") }
}

/// Free, or a manager: those are asked in the end whether or not they stand at the ready.
fn may_act(someone: &StaffNow) -> bool {
    is_free(someone) || (someone.staff.active && someone.staff.role.manages())
}

fn free_for_leads<'p>(picture: &'p Picture) -> impl Iterator<Item = &'p StaffNow> {
    picture.staff.iter().filter(|s| is_free(s) && s.staff.role.takes_leads())
}

/// Whose turn it is, `but` aside.
fn turn<'p>(picture: &'p Picture, but: Option<StaffId>) -> Option<&'p StaffNow> {
    free_for_leads(picture).filter(|s| Some(s.staff.id) != but).min_by_key(|s| (s.load, s.last_offered, s.staff.id))
}

fn turn_words(picture: &Picture, next: &StaffNow) -> String {
    let others: Vec<&StaffNow> = free_for_leads(picture).filter(|s| s.staff.id != next.staff.id).collect();
    if others.is_empty() {
        "the only one free".to_owned()
    } else if others.iter().all(|s| s.load > next.load) {
        "fewest open cards".to_owned()
    } else {
        "next in turn".to_owned()
    }
}

fn manager<'p>(picture: &'p Picture, but: Option<StaffId>) -> Option<&'p StaffNow> {
    let managers = picture.staff.iter().filter(|s| s.staff.active && s.staff.role.manages() && Some(s.staff.id) != but);
    managers.min_by_key(|s| (!is_free(s), s.load, s.last_offered, s.staff.id))
}

/// Who a card goes to after this person; nobody comes after a manager.
fn after(picture: &Picture, to: StaffId) -> Option<StaffId> {
    if picture.person(to).is_some_and(|s| s.staff.role.manages()) {
        return None;
    }
    turn(picture, Some(to)).or_else(|| manager(picture, Some(to))).map(|s| s.staff.id)
}

/// Minutes of store hours; outside them it starts at the next opening.
fn clock(picture: &Picture, then: Option<StaffId>, now: At) -> Clock {
    let store = picture.rooftop;
    let opens = store.next_open(now);
    Clock {
        started: now,
        due: store.after_open_minutes(now, store.first_response_minutes),
        starts: (opens > now).then_some(opens),
        then,
        stopped: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{alert::RuleKind, staff::Role, time::MINUTE_MS, visitor::Did},
        engine::{
            rules,
            sample::{Sample, at, card, hours_ago, now, person},
        },
    };

    const PRIYA: StaffId = StaffId(1);
    const JO: StaffId = StaffId(2);
    const MEL: StaffId = StaffId(3);

    fn store(change: impl FnOnce(&mut Sample)) -> Sample {
        Sample::dana().lead(1, 0, |_| {}).change(change)
    }

    fn routed(sample: &Sample, held: Option<&Alert>, now: At) -> Route {
        let picture = sample.picture();
        let proposals = rules::propose(&picture, &crate::domain::score::Score::default(), now);
        route(&picture, &proposals[0], held, now)
    }

    fn check(sample: &Sample, to: Option<StaffId>, because: &str, then: Option<StaffId>) {
        let route = routed(sample, None, now());
        assert_eq!((route.to, route.because.as_str(), route.then), (to, because, then));
        assert_eq!(route.clock.map(|c| c.then), Some(then));
    }

    #[test]
    fn the_rep_on_record_comes_first_when_free() {
        check(&store(|s| s.customer.owner = Some(JO)), Some(JO), "Knows this customer", Some(PRIYA));
        let busy = |s: &mut Sample| {
            s.customer.owner = Some(JO);
            s.staff[1].staff.available = false;
        };
        check(&store(busy), Some(PRIYA), "Jo L. is busy; the only one free", Some(MEL));
        let left = |s: &mut Sample| {
            s.customer.owner = Some(JO);
            s.staff[1].staff.active = false;
        };
        check(&store(left), Some(PRIYA), "The only one free", Some(MEL));
    }

    #[test]
    fn turns_are_fair() {
        check(&store(|s| s.staff[0].load = 2), Some(JO), "Fewest open cards", Some(PRIYA));
        check(&store(|s| s.staff[0].last_offered = now()), Some(JO), "Next in turn", Some(PRIYA));
        check(&store(|_| {}), Some(PRIYA), "Next in turn", Some(JO));
        check(&store(|s| s.staff.push(person(9, "Al Advisor", Role::Advisor))), Some(PRIYA), "Next in turn", Some(JO));
    }

    #[test]
    fn a_manager_is_asked_when_nobody_on_the_floor_is_free_and_then_nobody() {
        let alone = |s: &mut Sample| s.staff.iter_mut().for_each(|p| p.staff.available = false);
        check(&store(alone), Some(MEL), "Nobody on the floor is free", None);
        check(&store(|s| s.staff.clear()), None, "Nobody is free", None);
        let gone = |s: &mut Sample| s.staff.iter_mut().for_each(|p| p.staff.active = false);
        check(&store(gone), None, "Nobody is free", None);
    }

    #[test]
    fn a_clock_runs_in_store_hours_and_only_for_who_waits() {
        let open = routed(&store(|_| {}), None, now()).clock.unwrap();
        assert_eq!((open.started, open.due, open.starts, open.stopped), (now(), now().plus_ms(5 * MINUTE_MS), None, None));
        let night = at("2026-11-24T22:00:00-05:00");
        let closed = routed(&store(|_| {}), None, night).clock.unwrap();
        let opening = at("2026-11-25T09:00:00-05:00");
        assert_eq!((closed.due, closed.starts), (opening.plus_ms(5 * MINUTE_MS), Some(opening)));
        let tool = Sample::dana().did(Did::FinishedTradeTool, 1, None);
        assert_eq!(routed(&tool, None, now()).clock, None);
    }

    #[test]
    fn a_card_stays_with_who_took_it_and_an_offered_one_with_who_is_free() {
        let offered = Alert { owner: Some(JO), routed_because: "Next in turn".into(), ..card(1, RuleKind::NewLead, AlertState::Open) };
        let route = routed(&store(|_| {}), Some(&offered), now());
        assert_eq!((route.to, route.because.as_str()), (Some(JO), "Next in turn"));
        let busy = store(|s| s.staff[1].staff.available = false);
        assert_eq!(routed(&busy, Some(&offered), now()).to, Some(PRIYA));
        let taken = Alert { state: AlertState::Claimed { by: JO, at: now() }, ..offered };
        assert_eq!(routed(&busy, Some(&taken), now()).to, Some(JO));
    }

    fn late(sample: &Sample, owner: Option<StaffId>, then: Option<StaffId>, state: AlertState) -> Option<(StaffId, String, Option<StaffId>)> {
        let old = Clock { started: hours_ago(1), due: hours_ago(1), starts: None, then, stopped: None };
        let alert = Alert { owner, clock: Some(old), ..card(1, RuleKind::NewLead, state) };
        let route = on_clock_out(&sample.picture(), &alert, now())?;
        let clock = route.clock.unwrap();
        assert_eq!((clock.due, clock.then), (now().plus_ms(5 * MINUTE_MS), route.then), "each has the whole time");
        Some((route.to.unwrap(), route.because, route.then))
    }

    #[test]
    fn a_clock_out_goes_to_the_next_person_then_to_the_manager_then_stays() {
        let store = store(|_| {});
        assert_eq!(late(&store, Some(PRIYA), Some(JO), AlertState::Open), Some((JO, "Priya N. did not answer in time".into(), Some(MEL))));
        assert_eq!(late(&store, Some(JO), Some(MEL), AlertState::Open), Some((MEL, "Jo L. did not answer in time".into(), None)));
        assert_eq!(late(&store, Some(MEL), None, AlertState::Open), None);
    }

    #[test]
    fn a_promised_person_who_got_busy_is_passed_over() {
        let jo_busy = store(|s| s.staff[1].staff.available = false);
        assert_eq!(late(&jo_busy, Some(PRIYA), Some(JO), AlertState::Open).map(|r| r.0), Some(MEL));
        let unowned = store(|_| {});
        assert_eq!(late(&unowned, None, None, AlertState::Open), Some((PRIYA, "Nobody answered in time".into(), Some(MEL))));
        let empty = store(|s| s.staff.clear());
        assert_eq!(late(&empty, Some(PRIYA), None, AlertState::Open), None);
    }

    #[test]
    fn a_card_somebody_took_or_put_off_is_not_taken_away() {
        for state in [AlertState::Claimed { by: JO, at: hours_ago(1) }, AlertState::Snoozed { by: JO, until: now() }] {
            assert_eq!(late(&store(|_| {}), Some(JO), Some(PRIYA), state), None);
        }
    }
}
