//! Who should act, by when, and who is next?
//!
//! Plain rules a store can follow with a finger: who knows the customer, else whose turn it is, else a manager, else nobody and the card
//! says so. Who comes after whom, and how long each has, is the ladder of the lead's source.

use super::{rules::Proposal, wording::phrases::capitalised};
use crate::domain::{
    alert::{Alert, AlertState, Clock, Level, RuleKind},
    ids::StaffId,
    ladder::{First, Rung, RungTo},
    picture::{Picture, StaffNow},
    rule_setting::Knob,
    staff::{OffDuty, Role},
    time::At,
};
use std::borrow::Cow;

/// Why whoever claimed a card has it; it is theirs no longer for that reason once it is open again.
pub const CLAIMED: &str = "claimed it";

/// Why a card that is anybody's has nobody yet.
const FOR_ALL: &str = "whoever takes it first";

/// Where a card goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `None` when nobody is free, or when it is for all: the card stands in the store's queue.
    pub to: Option<StaffId>,
    /// Why that person, in words.
    pub because: String,
    /// It is theirs who takes it first.
    pub for_all: bool,
    /// Who is offered it when the clock runs out.
    pub then: Option<StaffId>,
    /// Set when somebody waits for an answer.
    pub clock: Option<Clock>,
}

/// Who a card is offered to. A card somebody took stays with them, and one already offered stays with its person while that person is
/// free; then for whom it was taken down, then the rep on record, each when free; then all who take leads, where the ladder says so; else
/// the turn among the free people who take leads (the ladder's skill first, those with a screen open first, fewest open cards, longest
/// since the last offer, lowest id); then a manager or owner, free ones first; then nobody. A matter that is somebody's own goes to them,
/// free or not: nobody else was asked.
#[must_use]
pub fn route(picture: &Picture, card: &Proposal, held: Option<&Alert>, now: At) -> Route {
    if let Some(to) = card.matter.to {
        return Route { to: Some(to), because: "Mentioned in a note".to_owned(), for_all: false, then: None, clock: None };
    }
    let floor = Floor::of(picture, card.matter.rule, now);
    let who = floor.who(held, card.first_response);
    let then = floor.after(who.to);
    let clock = (card.first_response || floor.is_lane()).then(|| floor.clock(then, 0, floor.minutes()));
    Route { to: who.to, because: who.because, for_all: who.for_all, then, clock }
}

/// Who is next when a clock ran out: the person the card promised, else whoever the next step of the ladder names, with the minutes of
/// that step. `None` when the card stays where it is, overdue for all to see: somebody took it or put it off, it already came to a
/// manager, or nobody else is there.
#[must_use]
pub fn on_clock_out(picture: &Picture, alert: &Alert, now: At) -> Option<Route> {
    match alert.state {
        AlertState::Open => {}
        AlertState::Claimed { .. } | AlertState::Snoozed { .. } | AlertState::Closed { .. } | AlertState::Unknown => return None,
    }
    let floor = Floor::of(picture, alert.matter.rule, now);
    let owner = alert.owner.and_then(|id| picture.person(id));
    if owner.is_some_and(|o| o.staff.role.manages()) {
        return None;
    }
    let used = alert.clock.as_ref().map_or(0, |c| usize::from(c.rung));
    let (rung, minutes, by_ladder) = floor.next_rung(used, alert.owner).unwrap_or((used + 1, floor.minutes(), None));
    let promised = alert.clock.as_ref().and_then(|c| c.then).and_then(|id| picture.person(id)).filter(|s| floor.may_act(s));
    let promised = promised.filter(|s| Some(s.staff.id) != alert.owner);
    let next = promised.or(by_ladder).or_else(|| floor.manager(alert.owner))?;
    let because = match owner {
        Some(owner) => format!("{} did not answer in time", owner.staff.short_name()),
        None if alert.for_all => "Nobody took it in time".to_owned(),
        None => "Nobody answered in time".to_owned(),
    };
    let then = if next.staff.role.manages() { None } else { floor.then(rung, Some(next.staff.id)) };
    Some(Route { to: Some(next.staff.id), because, for_all: false, then, clock: Some(floor.clock(then, rung, minutes)) })
}

/// An urgent card goes on when its person is busy: to whoever's turn it is, else to a manager who is free. Its clock runs on, because the
/// customer has waited since. `None` when it may wait, was taken or put off, or when nobody else is free: it stays where it is.
#[must_use]
pub fn on_busy(picture: &Picture, alert: &Alert, now: At) -> Option<Route> {
    let floor = Floor::of(picture, alert.matter.rule, now);
    let clock = alert.clock.clone().filter(|c| c.stopped.is_none())?;
    let owner = alert.owner.and_then(|id| picture.person(id)).filter(|o| !floor.is_free(o))?;
    if alert.state != AlertState::Open || alert.level != Level::ActNow || alert.matter.to.is_some() {
        return None;
    }
    let next = floor.turn(alert.owner).or_else(|| floor.manager(alert.owner).filter(|m| floor.is_free(m)))?;
    let because = format!("{}; {}", floor.busy_words(owner), floor.turn_words(next));
    let then = floor.after(Some(next.staff.id));
    Some(Route { to: Some(next.staff.id), because, for_all: false, then, clock: Some(floor.with_a_moment(&clock, then)) })
}

/// Whoever goes away leaves nothing behind that stands open, taken or not: it goes to whoever would have it if it came now. What is
/// their own alone waits for them.
#[must_use]
pub fn on_absence(picture: &Picture, alert: &Alert, now: At) -> Option<Route> {
    let floor = Floor::of(picture, alert.matter.rule, now);
    let owner = alert.owner.and_then(|id| picture.person(id)).filter(|o| !floor.is_at_work(o))?;
    if alert.is_closed() || alert.matter.to.is_some() {
        return None;
    }
    let who = floor.who(None, false);
    let to = who.to.filter(|to| *to != owner.staff.id)?;
    let because = format!("{}; {}", floor.busy_words(owner), who.why);
    let then = floor.after(Some(to));
    let clock = alert.clock.as_ref().map(|clock| if clock.stopped.is_none() { floor.with_a_moment(clock, then) } else { clock.clone() });
    Some(Route { to: Some(to), because, for_all: false, then, clock })
}

/// A card that nobody had goes to whoever is free now, with its clock as it runs. What is for all stays for all.
#[must_use]
pub fn to_whoever_came_free(picture: &Picture, alert: &Alert, now: At) -> Option<Route> {
    if alert.owner.is_some() || alert.for_all || alert.state != AlertState::Open {
        return None;
    }
    let floor = Floor::of(picture, alert.matter.rule, now);
    let who = floor.who(None, false);
    let then = floor.after(who.to);
    Some(Route { to: Some(who.to?), because: who.because, for_all: false, then, clock: alert.clock.clone().map(|c| Clock { then, ..c }) })
}

/// Whether somebody may be asked now.
pub(super) fn is_free(picture: &Picture, someone: &StaffNow, now: At) -> bool {
    Floor { picture, now, place: Place::Store }.is_free(someone)
}

/// What whoever is on lane duty is good at.
pub const LANE_SKILL: &str = "lane";

/// The people of the store at one moment.
struct Floor<'p> {
    picture: &'p Picture<'p>,
    now: At,
    place: Place,
}

/// Where the customer waits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At home or in the showroom: the ladder of their lead holds.
    Store,
    /// In the service lane: whoever is on lane duty, each for its minutes, then a manager.
    Lane,
}

struct Who {
    to: Option<StaffId>,
    because: String,
    /// The same without why another is not asked; in lower case.
    why: String,
    for_all: bool,
}

impl Who {
    fn new(to: Option<StaffId>, busy: &str, why: &str) -> Self {
        Self { to, because: capitalised(&format!("{busy}{why}")), why: why.to_owned(), for_all: false }
    }
}

impl<'p> Floor<'p> {
    fn of(picture: &'p Picture<'p>, rule: RuleKind, now: At) -> Self {
        Self { picture, now, place: if rule == RuleKind::InTheLane { Place::Lane } else { Place::Store } }
    }

    fn is_lane(&self) -> bool {
        self.place == Place::Lane
    }

    /// How long the first who is asked has.
    fn minutes(&self) -> u16 {
        match self.place {
            Place::Store => self.picture.ladder.minutes,
            Place::Lane => u16::try_from(self.picture.rules.value(RuleKind::InTheLane, Knob::WaitMinutes)).unwrap_or(u16::MAX),
        }
    }

    /// What whoever is asked should be good at; empty: anything.
    fn skill(&self) -> &'p str {
        match self.place {
            Place::Store => &self.picture.ladder.skill,
            Place::Lane => LANE_SKILL,
        }
    }

    /// Who is asked after the first.
    fn rungs(&self) -> Cow<'p, [Rung]> {
        match self.place {
            Place::Store => Cow::Borrowed(&self.picture.ladder.rungs),
            Place::Lane => Cow::Owned(vec![Rung { to: RungTo::Rep, minutes: self.minutes() }]),
        }
    }

    /// `waits`: somebody waits for an answer, so that the ladder of their lead holds.
    fn who(&self, held: Option<&Alert>, waits: bool) -> Who {
        let picture = self.picture;
        if let Some(alert) = held {
            let taken = matches!(alert.state, AlertState::Claimed { .. } | AlertState::Snoozed { .. });
            let owner = alert.owner.and_then(|id| picture.person(id));
            if let Some(owner) = owner.filter(|o| taken || self.is_free(o)) {
                let because = alert.routed_because.clone();
                return Who { to: Some(owner.staff.id), why: because.clone(), because, for_all: false };
            }
        }
        let meant = self.meant_for();
        if let Some((meant, why)) = meant.as_ref().filter(|(s, _)| self.is_free(s)) {
            return Who::new(Some(meant.staff.id), "", why);
        }
        let on_record = picture.customer.owner.and_then(|id| picture.person(id)).filter(|s| s.staff.active);
        if let Some(owner) = on_record.filter(|s| self.is_free(s)) {
            return Who::new(Some(owner.staff.id), "", "knows this customer");
        }
        let busy = meant.map(|(s, _)| s).or(on_record).map(|s| format!("{}; ", self.busy_words(s))).unwrap_or_default();
        if waits && picture.ladder.first == First::Claim && self.free_for_leads().next().is_some() {
            return Who { for_all: true, ..Who::new(None, &busy, FOR_ALL) };
        }
        if let Some(next) = self.turn(None) {
            return Who::new(Some(next.staff.id), &busy, &self.turn_words(next));
        }
        if let Some(manager) = self.manager(None) {
            return Who::new(Some(manager.staff.id), &busy, "nobody on the floor is free");
        }
        Who::new(None, &busy, "nobody is free")
    }

    /// For whom the newest lead that waits was taken down, and why them.
    fn meant_for(&self) -> Option<(&'p StaffNow, String)> {
        let picture = self.picture;
        let lead = picture.leads.iter().filter(|l| l.answered.is_none()).max_by_key(|l| (l.received, l.id))?;
        let taken = lead.said.taken?;
        let meant = picture.person(taken.to).filter(|s| s.staff.active)?;
        let because = match picture.person(taken.by) {
            _ if taken.by == taken.to => "took it down".to_owned(),
            Some(by) => format!("taken down for them by {}", by.staff.short_name()),
            None => "taken down for them".to_owned(),
        };
        Some((meant, because))
    }

    fn is_at_work(&self, someone: &StaffNow) -> bool {
        someone.staff.active && someone.staff.off_duty(&self.picture.rooftop.zone, self.now).is_none()
    }

    fn is_free(&self, someone: &StaffNow) -> bool {
        self.is_at_work(someone) && someone.staff.available && !someone.with_customer
    }

    /// Why somebody is not asked.
    fn busy_words(&self, someone: &StaffNow) -> String {
        let name = someone.staff.short_name();
        let zone = &self.picture.rooftop.zone;
        match someone.staff.off_duty(zone, self.now) {
            _ if !someone.staff.active => format!("{name} works here no longer"),
            Some(OffDuty::Away { until }) => format!("{name} is away until {}", zone.local(until).strftime("%b %-d")),
            Some(OffDuty::OffShift) => format!("{name} is off now"),
            None if someone.with_customer => format!("{name} is with a customer"),
            None => format!("{name} is busy"),
        }
    }

    /// Free, or a manager at work: those are asked in the end whether or not they stand at the ready.
    fn may_act(&self, someone: &StaffNow) -> bool {
        self.is_free(someone) || (self.is_at_work(someone) && someone.staff.role.manages())
    }

    fn free_for_leads(&self) -> impl Iterator<Item = &'p StaffNow> {
        self.picture.staff.iter().filter(move |s| self.is_free(s) && s.staff.role.takes_leads())
    }

    /// Whose turn it is, `but` aside.
    fn turn(&self, but: Option<StaffId>) -> Option<&'p StaffNow> {
        self.turn_among(self.free_for_leads().filter(|s| Some(s.staff.id) != but))
    }

    fn turn_among(&self, people: impl Iterator<Item = &'p StaffNow>) -> Option<&'p StaffNow> {
        people.min_by_key(|s| (!self.has_skill(s), !s.staff.present, s.load, s.last_offered, s.staff.id))
    }

    /// What is asked for here; whoever asks for nothing is served by all.
    fn has_skill(&self, someone: &StaffNow) -> bool {
        let skill = self.skill();
        skill.is_empty() || someone.staff.skills.iter().any(|has| has == skill)
    }

    fn turn_words(&self, next: &StaffNow) -> String {
        let skill = self.skill();
        let is_chosen = !skill.is_empty() && self.has_skill(next);
        let chosen = if self.is_lane() { "on lane duty".to_owned() } else { format!("for {skill}") };
        let alike = |s: &&StaffNow| (self.has_skill(s), s.staff.present) == (self.has_skill(next), next.staff.present);
        let others: Vec<&StaffNow> = self.free_for_leads().filter(|s| s.staff.id != next.staff.id).collect();
        let equals: Vec<&StaffNow> = others.iter().copied().filter(alike).collect();
        let turn = if others.is_empty() {
            "the only one free"
        } else if is_chosen && equals.is_empty() {
            return chosen;
        } else if equals.is_empty() {
            "the only one at a screen"
        } else if equals.iter().all(|s| s.load > next.load) {
            "fewest open cards"
        } else {
            "next in turn"
        };
        if is_chosen { format!("{chosen}; {turn}") } else { turn.to_owned() }
    }

    fn manager(&self, but: Option<StaffId>) -> Option<&'p StaffNow> {
        let managers = self.picture.staff.iter().filter(|s| s.staff.active && s.staff.role.manages() && Some(s.staff.id) != but);
        managers.min_by_key(|s| (!self.is_free(s), !self.is_at_work(s), s.load, s.last_offered, s.staff.id))
    }

    /// The next step of the ladder on which somebody stands: steps gone with it, its minutes, who.
    fn next_rung(&self, used: usize, but: Option<StaffId>) -> Option<(usize, u16, Option<&'p StaffNow>)> {
        self.rungs().iter().enumerate().skip(used).find_map(|(n, rung)| {
            let next = match rung.to {
                RungTo::Rep => self.turn(but),
                RungTo::Bdc => self.turn_among(self.free_for_leads().filter(|s| s.staff.role == Role::Bdc && Some(s.staff.id) != but)),
                RungTo::Manager => self.manager(but),
            };
            next.map(|next| (n + 1, rung.minutes, Some(next)))
        })
    }

    fn then(&self, used: usize, but: Option<StaffId>) -> Option<StaffId> {
        self.next_rung(used, but).and_then(|(_, _, next)| next).or_else(|| self.manager(but)).map(|s| s.staff.id)
    }

    /// Who a card goes to after this person; nobody comes after a manager.
    fn after(&self, to: Option<StaffId>) -> Option<StaffId> {
        if to.and_then(|to| self.picture.person(to)).is_some_and(|s| s.staff.role.manages()) {
            return None;
        }
        // Nobody has it and it is for nobody: it is offered to whoever comes free.
        if to.is_none() && self.free_for_leads().next().is_none() {
            return None;
        }
        self.then(0, to)
    }

    /// Minutes of store hours; outside them it starts at the next opening.
    fn clock(&self, then: Option<StaffId>, rung: usize, minutes: u16) -> Clock {
        let store = self.picture.rooftop;
        let opens = store.next_open(self.now);
        Clock {
            started: self.now,
            due: store.after_open_minutes(self.now, minutes),
            starts: (opens > self.now).then_some(opens),
            then,
            stopped: None,
            rung: u8::try_from(rung).unwrap_or(u8::MAX),
        }
    }

    /// The clock of whoever gets a card that somebody else had: the customer waits since then, but they have a moment to look, half of
    /// what the first had (design 7, act 9).
    fn with_a_moment(&self, clock: &Clock, then: Option<StaffId>) -> Clock {
        let half = self.picture.rooftop.after_open_minutes(self.now, self.minutes().div_ceil(2));
        Clock { due: clock.due.max(half), then, ..clock.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{alert::Matter, ladder::Ladder, picture::LaneAsk, service_visit::LaneBrief, staff::Away, time::MINUTE_MS, visitor::Did},
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
        let old = Clock { started: hours_ago(1), due: hours_ago(1), starts: None, then, stopped: None, rung: 0 };
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

    #[test]
    fn a_ladder_says_who_comes_after_whom_and_how_long_each_has() {
        let ladder = |s: &mut Sample| {
            s.staff.push(person(4, "Bea Cole", Role::Bdc));
            s.staff[3].load = 9;
            let rung = |to, minutes| Rung { to, minutes };
            s.ladder = Ladder { minutes: 2, rungs: vec![rung(RungTo::Bdc, 10), rung(RungTo::Manager, 30)], ..Ladder::usual(5) };
        };
        let store = store(ladder);
        let first = routed(&store, None, now());
        let clock = first.clock.unwrap();
        assert_eq!((first.to, first.then, clock.due, clock.rung), (Some(PRIYA), Some(StaffId(4)), now().plus_ms(2 * MINUTE_MS), 0));
        let mut alert = Alert { owner: first.to, clock: Some(clock), ..card(1, RuleKind::NewLead, AlertState::Open) };
        let mut goes = vec![];
        while let Some(route) = on_clock_out(&store.picture(), &alert, now()) {
            let clock = route.clock.clone().unwrap();
            goes.push((route.to.unwrap(), clock.due.since(now()) / MINUTE_MS, clock.rung));
            (alert.owner, alert.clock) = (route.to, route.clock);
        }
        assert_eq!(goes, [(StaffId(4), 10, 1), (MEL, 30, 2)]);
    }

    #[test]
    fn what_is_for_all_is_nobodys_until_somebody_takes_it_or_its_time_is_over() {
        let claim = |s: &mut Sample| s.ladder.first = First::Claim;
        let route = routed(&store(claim), None, now());
        assert_eq!((route.to, route.for_all, route.because.as_str(), route.then), (None, true, "Whoever takes it first", Some(PRIYA)));
        let open = Alert { for_all: true, clock: route.clock, ..card(1, RuleKind::NewLead, AlertState::Open) };
        let picture = store(claim);
        assert_eq!(to_whoever_came_free(&picture.picture(), &open, now()), None);
        let late = on_clock_out(&picture.picture(), &open, now()).unwrap();
        assert_eq!((late.to, late.because.as_str(), late.for_all), (Some(PRIYA), "Nobody took it in time", false));
        // Who knows the customer is asked all the same.
        let known = store(|s| {
            claim(s);
            s.customer.owner = Some(JO);
        });
        assert_eq!(routed(&known, None, now()).to, Some(JO));
    }

    #[test]
    fn a_skill_and_an_open_screen_come_before_fair_turns() {
        let skilled = store(|s| {
            s.ladder.skill = "trucks".into();
            s.staff[1].staff.skills = vec!["trucks".into()];
            s.staff[1].load = 5;
        });
        check(&skilled, Some(JO), "For trucks", Some(PRIYA));
        let nobody_has_it = store(|s| s.ladder.skill = "trucks".into());
        check(&nobody_has_it, Some(PRIYA), "Next in turn", Some(JO));
        let at_a_screen = store(|s| {
            s.staff[1].staff.present = true;
            s.staff[1].load = 5;
        });
        check(&at_a_screen, Some(JO), "The only one at a screen", Some(PRIYA));
    }

    #[test]
    fn the_lane_asks_who_knows_them_then_who_is_on_lane_duty_for_three_minutes_each_then_a_manager() {
        let lane = |change: fn(&mut Sample)| {
            store(|s| {
                s.lane = Some(LaneAsk { by: StaffId(9), at: now(), brief: LaneBrief::default() });
                s.staff[1].staff.skills = vec![LANE_SKILL.into()];
                s.staff[1].load = 5;
                change(s);
            })
        };
        let asked = |sample: &Sample| {
            let picture = sample.picture();
            let card = rules::proposed_by(RuleKind::InTheLane, &picture, &crate::domain::score::Score::default(), now()).unwrap();
            route(&picture, &card, None, now())
        };
        let on_duty = lane(|_| {});
        let first = asked(&on_duty);
        let clock = first.clock.unwrap();
        assert_eq!((first.to, first.because.as_str(), clock.due), (Some(JO), "On lane duty", now().plus_ms(3 * MINUTE_MS)));
        let known = lane(|s| s.customer.owner = Some(PRIYA));
        assert_eq!((asked(&known).to, asked(&known).because.as_str()), (Some(PRIYA), "Knows this customer"));
        let claimed_by_all = lane(|s| s.ladder.first = First::Claim);
        assert_eq!(asked(&claimed_by_all).to, Some(JO), "the ladder of a lead has no say here");
        let mut alert = Alert { owner: first.to, clock: Some(clock), ..card(1, RuleKind::InTheLane, AlertState::Open) };
        let mut goes = vec![];
        while let Some(next) = on_clock_out(&on_duty.picture(), &alert, now()) {
            goes.push((next.to.unwrap(), next.clock.as_ref().unwrap().due.since(now()) / MINUTE_MS));
            (alert.owner, alert.clock) = (next.to, next.clock);
        }
        assert_eq!(goes, [(PRIYA, 3), (MEL, 3)]);
    }

    #[test]
    fn whoever_is_off_or_away_is_not_asked() {
        let off = |s: &mut Sample| {
            s.customer.owner = Some(PRIYA);
            s.staff[0].staff.schedule = Some([None; 7]);
        };
        check(&store(off), Some(JO), "Priya N. is off now; the only one free", Some(MEL));
        let away = |s: &mut Sample| {
            s.customer.owner = Some(PRIYA);
            s.staff[0].staff.away = Some(Away { from: hours_ago(1), until: at("2026-12-01T09:00:00-05:00") });
        };
        check(&store(away), Some(JO), "Priya N. is away until Dec 1; the only one free", Some(MEL));
    }

    #[test]
    fn whoever_goes_away_leaves_nothing_behind_but_what_is_theirs_alone() {
        let away = store(|s| s.staff[0].staff.away = Some(Away { from: hours_ago(0), until: at("2026-12-01T09:00:00-05:00") }));
        let taken = Alert { owner: Some(PRIYA), ..card(1, RuleKind::NewLead, AlertState::Claimed { by: PRIYA, at: hours_ago(1) }) };
        let route = on_absence(&away.picture(), &taken, now()).unwrap();
        assert_eq!((route.to, route.because.as_str()), (Some(JO), "Priya N. is away until Dec 1; the only one free"));
        let own = Alert { matter: Matter { to: Some(PRIYA), ..Matter::of(RuleKind::Mentioned) }, ..taken.clone() };
        assert_eq!(on_absence(&away.picture(), &own, now()), None);
        assert_eq!(on_absence(&store(|_| {}).picture(), &taken, now()), None, "she is here");
    }
}
