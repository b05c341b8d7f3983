//! Who works here: added, changed, free or busy. Changes go through the journal, because routing depends on them.

use super::{Policy, Rooms, advance, floor};
use crate::{
    domain::{
        access::Login,
        change::Changed,
        event::Event,
        ids::StaffId,
        staff::{Role, Staff},
        time::At,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Why a person was not added or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NameTaken,
    NoName,
    NobodyByThatName,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NameTaken => "Somebody of that name works here already; add a middle initial.",
            Self::NoName => "A person needs a name of 1 to 60 letters.",
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
    let staff = Staff { id, name: shown, role, available: true, active: true };
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

/// Somebody says whether they take new leads.
pub async fn say_available(rooms: &Rooms, staff: StaffId, available: bool, now: At) -> Result<(), StoreError> {
    let policy = rooms.policy.clone();
    rooms.store.write(move |tx| advance::append_applied(tx, &policy, Event::Availability { staff, available }, now).map(|_| ())).await
}

pub(super) fn set_available(tx: &WriteTx<'_>, policy: &Policy, id: StaffId, available: bool, now: At) -> Result<(), StoreError> {
    if let Some(mut staff) = tx.get(tables::STAFF, &id)? {
        staff.available = available;
        tx.put(tables::STAFF, &id, &staff)?;
        tx.announce(Changed::Staff(id));
    }
    if available { floor::came_free(tx, policy, now) } else { floor::left(tx, policy, id, now) }
}
