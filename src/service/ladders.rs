//! Who is asked for the leads of which source, one after the other? The store decides, a ladder a source.

use super::{Policy, Rooms, advance, staff};
use crate::{
    domain::{
        change::Changed,
        event::Event,
        ids::StaffId,
        ladder::{First, Ladder, RungTo},
        time::At,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// Sources with a ladder of their own.
pub const MOST: usize = 100;
const SOURCE_MOST_CHARS: usize = 80;
const SKILL_MOST_CHARS: usize = 40;

/// Why nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    TooMany,
    /// It is not as it was when somebody looked at it: who set it, if that can still be said.
    ChangedSince(Option<String>),
    /// A sentence.
    Unusable(String),
}

/// The ladder of a source: its own, else the store's for all others, else the usual one.
pub fn of(tx: &impl Rows, policy: &Policy, source: &str) -> Result<Ladder, StoreError> {
    let own = tx.get(tables::LADDERS, &key(source))?;
    let of_all = if own.is_some() || source.is_empty() { None } else { tx.get(tables::LADDERS, &String::new())? };
    Ok(own.or(of_all).unwrap_or_else(|| Ladder::usual(policy.rooftop.first_response_minutes)))
}

/// Every ladder with its version, that of all other sources first: as it was set, or the usual one.
pub fn all(tx: &impl Rows, policy: &Policy) -> Result<Vec<(Ladder, String)>, StoreError> {
    let others = (of(tx, policy, "")?, version(tx.get(tables::LADDERS, &String::new())?.as_ref()));
    let own = tx.some(tables::LADDERS, &Span::all(), MOST + 1)?.into_iter().map(|(_, ladder)| ladder).filter(|l| !l.source.is_empty());
    Ok(std::iter::once(others).chain(own.map(|ladder| (ladder.clone(), version(Some(&ladder))))).collect())
}

/// Changes with all that is set of a ladder; `none` while nothing is.
fn version(ladder: Option<&Ladder>) -> String {
    let Some(ladder) = ladder else { return "none".to_owned() };
    let bytes = serde_json::to_vec(ladder).unwrap_or_default();
    data_encoding::HEXLOWER.encode(&blake3::hash(&bytes).as_bytes()[..12])
}

fn key(source: &str) -> String {
    source.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Sets the ladder of its source. Clocks that run go on as they were begun. Set as it stands, nothing changes.
///
/// `seen` is the version that the person looked at.
pub async fn set(rooms: &Rooms, ladder: Ladder, seen: Option<String>, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let ladder = Ladder { source: tidy(&ladder.source), skill: tidy(&ladder.skill).to_lowercase(), ..ladder };
    if let Err(sentence) = may(&ladder) {
        return Ok(Err(Refusal::Unusable(sentence)));
    }
    advance::act(rooms, now, move |tx| {
        let held = tx.get(tables::LADDERS, &key(&ladder.source))?;
        if held.as_ref() == Some(&ladder) {
            return Ok(Ok(None));
        }
        if let Some(refusal) = changed_since(tx, &ladder.source, held.as_ref(), seen.as_deref())? {
            return Ok(Err(refusal));
        }
        if held.is_none() && tx.keys(tables::LADDERS, &Span::all(), MOST)?.len() >= MOST {
            return Ok(Err(Refusal::TooMany));
        }
        Ok(Ok(Some(Event::LadderSet { ladder: ladder.clone(), by })))
    })
    .await
}

fn changed_since(tx: &impl Rows, source: &str, held: Option<&Ladder>, seen: Option<&str>) -> Result<Option<Refusal>, StoreError> {
    if seen.is_none_or(|seen| seen == version(held)) {
        return Ok(None);
    }
    let by = staff::last_to(tx, |event| {
        let (of, by) = if let Event::LadderSet { ladder, by } = event {
            (&ladder.source, by)
        } else if let Event::LadderRemoved { source, by } = event {
            (source, by)
        } else {
            return None;
        };
        (key(of) == key(source)).then_some(*by)
    })?;
    Ok(Some(Refusal::ChangedSince(by)))
}

fn may(ladder: &Ladder) -> Result<(), String> {
    if ladder.source.chars().count() > SOURCE_MOST_CHARS || ladder.skill.chars().count() > SKILL_MOST_CHARS {
        return Err(format!("A source has at most {SOURCE_MOST_CHARS} characters, a skill at most {SKILL_MOST_CHARS}."));
    }
    if ladder.rungs.len() > Ladder::RUNGS_MOST {
        return Err(format!("A ladder has at most {} steps after the first.", Ladder::RUNGS_MOST));
    }
    if ladder.first == First::Unknown {
        return Err("Whoever is asked first is unknown to this edition.".to_owned());
    }
    let minutes = std::iter::once(ladder.minutes).chain(ladder.rungs.iter().map(|r| r.minutes));
    if minutes.into_iter().any(|m| !(1..=Ladder::MINUTES_MOST).contains(&m)) {
        return Err(format!("Each step has 1 to {} minutes.", Ladder::MINUTES_MOST));
    }
    if ladder.rungs.last().is_none_or(|rung| rung.to != RungTo::Manager) {
        return Err("The last step is a manager, so that no lead is left with nobody.".to_owned());
    }
    Ok(())
}

/// Takes a source's own ladder away: that of all others holds again, for which it is the usual one. `seen` as above.
pub async fn remove(rooms: &Rooms, source: String, seen: Option<String>, by: StaffId, now: At) -> Result<Result<(), Refusal>, StoreError> {
    advance::act(rooms, now, move |tx| {
        let Some(held) = tx.get(tables::LADDERS, &key(&source))? else { return Ok(Err(Refusal::NotThere)) };
        if let Some(refusal) = changed_since(tx, &source, Some(&held), seen.as_deref())? {
            return Ok(Err(refusal));
        }
        Ok(Ok(Some(Event::LadderRemoved { source: source.clone(), by })))
    })
    .await
}

/// The effects of both.
pub(super) fn take(tx: &WriteTx<'_>, source: &str, ladder: Option<&Ladder>) -> Result<(), StoreError> {
    tx.announce(Changed::Settings);
    match ladder {
        Some(ladder) => tx.put(tables::LADDERS, &key(source), ladder)?,
        None => {
            tx.remove(tables::LADDERS, &key(source))?;
        }
    }
    Ok(())
}
