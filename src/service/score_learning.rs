//! What did this store's own sales teach of its score? Once a week its past is looked through, some customers at a time; what was learnt
//! and held for the last month is journalled, and everybody whose score may change is thought of anew.

use super::{Policy, Rooms, advance, outcomes, rethink, shapes as s, soundness, weights};
use crate::{
    domain::{
        event::Event,
        ids::CustomerId,
        time::{At, DAY_MS},
    },
    engine::intent::{self, Lesson, Model, Snapshot, learner::Figures},
    store::{Rows, StoreError, WriteTx, tables},
};
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// Customers looked through in one turn, each at every week: some tenths of a second.
const WATCHED_AT_ONCE: usize = 400;
/// More are not kept in memory; the customers behind them go without a say.
const SNAPSHOTS_MOST: usize = 300_000;
/// A week, less what one night may begin earlier than another.
const WEEKLY_MS: i64 = 7 * DAY_MS - DAY_MS / 2;
const STANDING: &str = "score learning";

/// How the last look at the store's sales ended, and what is still to be done for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    pub last: Option<Told>,
    /// New weights hold, and customers behind this one still have the score of the old ones.
    thinking_anew_after: Option<CustomerId>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    pub at: At,
    pub lesson: Lesson,
}

/// What one turn came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Turned {
    /// There was nothing to do.
    Rested,
    More,
    Ended(Box<Told>),
}

/// What a look under way has in memory. Gone with a restart: it begins anew.
#[derive(Default)]
pub struct Walk(Mutex<Option<Stage>>);

struct Stage {
    weeks: Vec<At>,
    snapshots: Vec<Snapshot>,
    after: Option<CustomerId>,
}

pub fn standing(tx: &impl Rows) -> Result<Standing, StoreError> {
    let text = tx.get(tables::META, &STANDING.to_owned())?;
    // What a newer Headlight wrote here is no loss.
    Ok(text.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default())
}

fn keep(tx: &WriteTx<'_>, standing: &Standing) -> Result<(), StoreError> {
    let damaged = |e: serde_json::Error| StoreError::Damaged { table: "META".to_owned(), why: format!("could not be written: {e}") };
    tx.put(tables::META, &STANDING.to_owned(), &serde_json::to_string(standing).map_err(damaged)?)
}

/// The next part of a look that is due.
pub async fn turn(rooms: &Rooms, now: At) -> Result<Turned, StoreError> {
    let standing = standing(&rooms.store.read()?)?;
    let under_way = rooms.score_learning.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    if standing.thinking_anew_after.is_some() {
        think_anew(rooms, now).await?;
    } else if under_way.is_some() || is_due(rooms, &standing, now)? {
        let stage = under_way.unwrap_or_else(|| Stage { weeks: outcomes::weeks(&rooms.policy, now), snapshots: Vec::new(), after: None });
        let reader = rooms.clone();
        let (stage, is_end) = off_thread(move || stage.watch(&reader)).await?;
        if is_end {
            return Ok(Turned::Ended(Box::new(end(rooms, stage.snapshots, now).await?)));
        }
        *rooms.score_learning.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(stage);
    } else {
        return Ok(Turned::Rested);
    }
    Ok(Turned::More)
}

/// From here to the end, for whoever has nothing else to do.
pub async fn run(rooms: &Rooms, now: At) -> Result<Option<Told>, StoreError> {
    let mut ended = None;
    loop {
        match turn(rooms, now).await? {
            Turned::Rested => return Ok(ended),
            Turned::More => {}
            Turned::Ended(told) => ended = Some(*told),
        }
    }
}

fn is_due(rooms: &Rooms, standing: &Standing, now: At) -> Result<bool, StoreError> {
    let last = standing.last.as_ref().map(|told| told.at);
    Ok(last.is_none_or(|at| now.since(at) >= WEEKLY_MS) && soundness::is_due_tonight(&rooms.store.read()?, &rooms.policy.rooftop, last, now)?)
}

async fn off_thread<T: Send + 'static>(act: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    let broken = |_| StoreError::Unavailable("the look at the store's sales ended unexpectedly".to_owned());
    tokio::task::spawn_blocking(act).await.map_err(broken)?
}

impl Stage {
    /// The next customers, and whether they were the last.
    fn watch(mut self, rooms: &Rooms) -> Result<(Self, bool), StoreError> {
        let watched = outcomes::watch(&rooms.store.read()?, &rooms.policy, &self.weeks, self.after, WATCHED_AT_ONCE)?;
        self.snapshots.extend(watched.snapshots);
        self.after = watched.next;
        let is_end = self.after.is_none() || self.snapshots.len() >= SNAPSHOTS_MOST;
        Ok((self, is_end))
    }
}

/// Everybody was looked at: learns, and journals what held for the last month.
async fn end(rooms: &Rooms, snapshots: Vec<Snapshot>, now: At) -> Result<Told, StoreError> {
    let in_force = rooms.policy.intent.of(&rooms.store.read()?)?;
    let held = Model::clone(&in_force);
    let mut lesson = off_thread(move || Ok(intent::learn(&snapshots, &held))).await?;
    let learnt = lesson.model.take().filter(|model| *model != *in_force);
    let is_turned = learnt.as_ref().is_some_and(|model| model.weighing != in_force.weighing);
    let said = learnt.as_ref().and_then(weights::written);
    let told = Told { at: now, lesson: Lesson { model: learnt, ..lesson } };
    let (policy, standing) = (rooms.policy.clone(), Standing { last: Some(told.clone()), thinking_anew_after: is_turned.then_some(CustomerId(0)) });
    rooms
        .store
        .write(move |tx| {
            if let Some(model) = said.clone() {
                advance::append_applied(tx, &policy, Event::ScoreLearnt { model }, now)?;
            }
            keep(tx, &standing)
        })
        .await?;
    Ok(told)
}

async fn think_anew(rooms: &Rooms, now: At) -> Result<(), StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let standing = standing(tx)?;
            let Some(after) = standing.thinking_anew_after else { return Ok(()) };
            let next = rethink::customers(tx, &policy, after, now)?;
            keep(tx, &Standing { thinking_anew_after: next, ..standing })
        })
        .await
}

/// How well the weights in force foretell the store's own sales of the last month that can be judged, and of how many snapshots.
pub async fn evaluate(rooms: &Rooms, now: At) -> Result<(usize, Option<Figures>), StoreError> {
    let rooms = rooms.clone();
    off_thread(move || {
        let mut stage = Stage { weeks: outcomes::weeks(&rooms.policy, now), snapshots: Vec::new(), after: None };
        loop {
            let is_end;
            (stage, is_end) = stage.watch(&rooms)?;
            if is_end {
                break;
            }
        }
        let in_force = rooms.policy.intent.of(&rooms.store.read()?)?;
        Ok((stage.snapshots.len(), intent::evaluate(&stage.snapshots, &in_force.weighing)))
    })
    .await
}

/// What a manager reads of the score.
pub fn model(tx: &impl Rows, policy: &Policy) -> Result<s::ScoreModel, StoreError> {
    let (in_force, last) = (policy.intent.of(tx)?, standing(tx)?.last);
    let weight = |(signal, factor): &(_, f64)| s::SignalWeight { text: intent::words(*signal).to_owned(), factor: *factor };
    Ok(s::ScoreModel {
        sentence: last.as_ref().map_or_else(
            || {
                "Nothing was learnt yet: the store's sales are looked at once a week, at night. The score has the weights that come with Headlight."
                    .to_owned()
            },
            |told| told.lesson.sentence(),
        ),
        looked_ms: last.as_ref().map(|told| told.at.0),
        verdict: last.as_ref().map(|told| told.lesson.verdict),
        sales: last.as_ref().map_or(0, |told| told.lesson.sales),
        before: last.as_ref().and_then(|told| told.lesson.before),
        after: last.as_ref().and_then(|told| told.lesson.after),
        weights: in_force.weighing.0.iter().map(weight).collect(),
    })
}
