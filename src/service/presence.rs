//! Whose screens are open? Counted in memory; what routing may go by is journalled, so that a replay knows it too.

use super::{Rooms, advance, staff};
use crate::{
    domain::{
        event::Event,
        ids::StaffId,
        time::{At, MINUTE_MS},
    },
    store::StoreError,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// A page that is loaded again, a phone that is put away for a moment: nobody has gone by that.
const GONE_AFTER_MS: i64 = 2 * MINUTE_MS;

/// The open screens of everybody.
#[derive(Debug, Clone, Default)]
pub struct Presence(Arc<Mutex<Screens>>);

#[derive(Debug, Default)]
struct Screens {
    open: HashMap<StaffId, u32>,
    /// When somebody was first seen to have none.
    none_since: HashMap<StaffId, At>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Screen {
    Open,
    JustClosed,
    Closed,
}

/// One open screen; dropped, it is closed.
#[derive(Debug)]
pub struct OpenScreen {
    of: StaffId,
    presence: Presence,
}

impl Presence {
    /// A screen of this person is open as long as what is given back lives.
    #[must_use]
    pub fn open(&self, of: StaffId) -> OpenScreen {
        *self.screens().open.entry(of).or_default() += 1;
        OpenScreen { of, presence: self.clone() }
    }

    fn screens(&self) -> std::sync::MutexGuard<'_, Screens> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, of: StaffId, now: At) -> Screen {
        let mut screens = self.screens();
        if screens.open.get(&of).is_some_and(|open| *open > 0) {
            screens.none_since.remove(&of);
            return Screen::Open;
        }
        let since = *screens.none_since.entry(of).or_insert(now);
        if now.since(since) < GONE_AFTER_MS { Screen::JustClosed } else { Screen::Closed }
    }
}

impl Drop for OpenScreen {
    fn drop(&mut self) {
        let mut screens = self.presence.screens();
        if let Some(open) = screens.open.get_mut(&self.of) {
            *open = open.saturating_sub(1);
        }
    }
}

/// Journals who has come and who has gone since the last look.
pub async fn look(rooms: &Rooms, now: At) -> Result<(), StoreError> {
    let everybody = staff::all(&rooms.store.read()?)?;
    for person in everybody.into_iter().filter(|person| person.active) {
        let present = match (rooms.presence.of(person.id, now), person.present) {
            (Screen::Open, false) => true,
            (Screen::Closed, true) => false,
            (Screen::Open, true) | (Screen::Closed, false) | (Screen::JustClosed, _) => continue,
        };
        let policy = rooms.policy.clone();
        rooms.store.write(move |tx| advance::append_applied(tx, &policy, Event::Present { staff: person.id, present }, now).map(|_| ())).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_closes_the_last_screen_has_gone_two_minutes_later() {
        let (presence, priya) = (Presence::default(), StaffId(1));
        let at = |minutes: i64| At(minutes * MINUTE_MS);
        let (one, other) = (presence.open(priya), presence.open(priya));
        assert_eq!(presence.of(priya, at(0)), Screen::Open);
        drop(one);
        assert_eq!(presence.of(priya, at(10)), Screen::Open);
        drop(other);
        assert_eq!([11, 12, 13].map(|m| presence.of(priya, at(m))), [Screen::JustClosed, Screen::JustClosed, Screen::Closed]);
        let _again = presence.open(priya);
        assert_eq!(presence.of(priya, at(14)), Screen::Open);
    }
}
