//! Who works here: added, changed, free or busy. Changes go through the journal, because routing depends on them.

use super::{Policy, Rooms, advance, floor, timers};
use crate::{
    domain::{
        access::Login,
        change::Changed,
        event::Event,
        ids::StaffId,
        rooftop::Hours,
        staff::{Away, Role, Staff},
        time::{At, DAY_MS},
        timer::{Timer, TimerKind},
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use std::ops::ControlFlow;

/// Why a person was not added or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NameTaken,
    NoName,
    NobodyByThatName,
    /// A sentence.
    Unusable(&'static str),
}

/// Nobody plans further.
const AWAY_MOST_MS: i64 = 366 * DAY_MS;

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NameTaken => "Somebody of that name works here already; add a middle initial.",
            Self::NoName => "A person needs a name of 1 to 60 letters.",
            Self::Unusable(sentence) => sentence,
            Self::NobodyByThatName => "Nobody of that name works here; `headlight user list` shows who does.",
        })
    }
}

/// The form in which names sign in.
#[must_use]
pub fn login_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Adds somebody, with a password hash when they have chosen one.
pub fn add(tx: &WriteTx<'_>, policy: &Policy, name: &str, role: Role, password: String, now: At) -> Result<Result<Staff, Refusal>, StoreError> {
    let shown = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if shown.is_empty() || shown.chars().count() > 60 || shown.chars().any(char::is_control) {
        return Ok(Err(Refusal::NoName));
    }
    let key = login_key(&shown);
    if tx.has(tables::LOGINS, &key)? {
        return Ok(Err(Refusal::NameTaken));
    }
    let id = StaffId(tx.next("staff")?);
    let staff = Staff::new(id, shown, role);
    tx.put(tables::LOGINS, &key, &Login { staff: id, password })?;
    advance::append_applied(tx, policy, Event::StaffChanged { staff: staff.clone() }, now)?;
    Ok(Ok(staff))
}

pub fn all(tx: &impl Rows) -> Result<Vec<Staff>, StoreError> {
    Ok(tx.some(tables::STAFF, &Span::all(), 500)?.into_iter().map(|(_, s)| s).collect())
}

pub fn one(tx: &impl Rows, id: StaffId) -> Result<Option<Staff>, StoreError> {
    tx.get(tables::STAFF, &id)
}

/// The name of whoever did last what `by` looks for. Only the newest entries are looked at: two who meet over a thing set it within minutes.
pub(super) fn last_to(tx: &impl Rows, by: impl Fn(&Event) -> Option<StaffId>) -> Result<Option<String>, StoreError> {
    const ENTRIES_MOST: usize = 5_000;
    let (mut seen, mut who) = (0, None);
    tx.each_back(tables::JOURNAL, &Span::all(), |_, entry| {
        seen += 1;
        who = by(&entry.event);
        Ok(if who.is_some() || seen == ENTRIES_MOST { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    let staff = who.map(|id| tx.get(tables::STAFF, &id)).transpose()?.flatten();
    Ok(staff.map(|staff| staff.name))
}

/// Somebody says whether they take new leads.
pub async fn say_available(rooms: &Rooms, staff: StaffId, available: bool, now: At) -> Result<(), StoreError> {
    let policy = rooms.policy.clone();
    rooms.store.write(move |tx| advance::append_applied(tx, &policy, Event::Availability { staff, available }, now).map(|_| ())).await
}

/// The effects of adding or changing somebody: whoever goes leaves nothing behind that stands open, whoever comes may be asked.
pub(super) fn take_change(tx: &WriteTx<'_>, policy: &Policy, changed: &Staff, now: At) -> Result<(), StoreError> {
    let before = tx.get(tables::STAFF, &changed.id)?;
    tx.put(tables::STAFF, &changed.id, changed)?;
    tx.announce(Changed::Staff(changed.id));
    let absent = |staff: &Staff| !staff.active || staff.away.is_some_and(|a| a.from <= now && now < a.until);
    if let Some(away) = changed.away.filter(|a| a.from > now) {
        timers::set(tx, &Timer { due: away.from, what: TimerKind::AbsenceBegins { staff: changed.id } })?;
    }
    match (before.as_ref().is_some_and(&absent), absent(changed)) {
        (false, true) => floor::gone(tx, policy, changed.id, now),
        (true, false) => floor::came_free(tx, policy, now),
        (false, false) | (true, true) => Ok(()),
    }
}

/// The day has come from which on somebody is away, unless they stay after all.
pub(super) fn absence_begins(tx: &WriteTx<'_>, policy: &Policy, id: StaffId, now: At) -> Result<(), StoreError> {
    let Some(staff) = tx.get(tables::STAFF, &id)? else { return Ok(()) };
    if staff.away.is_none_or(|a| a.from > now || now >= a.until) {
        return Ok(());
    }
    tx.announce(Changed::Staff(id));
    floor::gone(tx, policy, id, now)
}

/// When and with what somebody works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// None: whenever the store is open.
    pub schedule: Option<[Option<Hours>; 7]>,
    pub skills: Vec<String>,
}

/// Says when somebody works and what they are good at.
pub async fn set_work(rooms: &Rooms, id: StaffId, work: Work, now: At) -> Result<Result<(), Refusal>, StoreError> {
    const SKILLS_MOST: usize = 12;
    const SKILL_MOST_CHARS: usize = 40;
    const DAY_MINUTES: u16 = 24 * 60;
    let mut skills: Vec<String> = Vec::new();
    for skill in &work.skills {
        let skill = skill.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if skill.chars().count() > SKILL_MOST_CHARS {
            return Ok(Err(Refusal::Unusable("A skill has at most 40 characters.")));
        }
        if !skill.is_empty() && !skills.contains(&skill) {
            skills.push(skill);
        }
    }
    if skills.len() > SKILLS_MOST {
        return Ok(Err(Refusal::Unusable("Somebody has at most 12 skills.")));
    }
    let days = work.schedule.iter().flatten().flatten();
    if days.into_iter().any(|day| day.opens >= day.closes || day.closes > DAY_MINUTES) {
        return Ok(Err(Refusal::Unusable("A day of work ends after it begins, and before midnight.")));
    }
    change(rooms, id, now, move |staff| Staff { schedule: work.schedule, skills: skills.clone(), ..staff }).await
}

/// Says when somebody is away, or that they are not.
pub async fn set_away(rooms: &Rooms, id: StaffId, away: Option<Away>, now: At) -> Result<Result<(), Refusal>, StoreError> {
    if let Some(away) = away
        && (away.until <= away.from || away.until <= now || away.from.since(now) > AWAY_MOST_MS || away.until.since(away.from) > AWAY_MOST_MS)
    {
        return Ok(Err(Refusal::Unusable("An absence ends after it begins, lies ahead, and takes no longer than a year.")));
    }
    change(rooms, id, now, move |staff| Staff { away, ..staff }).await
}

async fn change(rooms: &Rooms, id: StaffId, now: At, act: impl Fn(Staff) -> Staff + Send + 'static) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(held) = tx.get(tables::STAFF, &id)? else { return Ok(Err(Refusal::NobodyByThatName)) };
            let changed = act(held.clone());
            if changed != held {
                advance::append_applied(tx, &policy, Event::StaffChanged { staff: changed }, now)?;
            }
            Ok(Ok(()))
        })
        .await
}

pub(super) fn set_present(tx: &WriteTx<'_>, id: StaffId, present: bool) -> Result<(), StoreError> {
    if let Some(staff) = tx.get(tables::STAFF, &id)? {
        tx.put(tables::STAFF, &id, &Staff { present, ..staff })?;
        tx.announce(Changed::Staff(id));
    }
    Ok(())
}

pub(super) fn set_available(tx: &WriteTx<'_>, policy: &Policy, id: StaffId, available: bool, now: At) -> Result<(), StoreError> {
    if let Some(mut staff) = tx.get(tables::STAFF, &id)? {
        staff.available = available;
        tx.put(tables::STAFF, &id, &staff)?;
        tx.announce(Changed::Staff(id));
    }
    if available { floor::came_free(tx, policy, now) } else { floor::left(tx, policy, id, now) }
}
