//! Who of the whole base is there twice? Filing meets people by exact keys only; once a night, when asked, and after an import of people
//! everybody is compared with everybody who could be the same, a stretch at a time. How far it has come is kept, so that a restart goes on.

use super::{Rooms, advance, aside::aside, people, seen::Asked, soundness, weights};
use crate::{
    domain::{
        event::Event,
        ids::{CustomerId, PartId},
        merge::{Alike, Because, Decision, Resolved},
        time::At,
    },
    engine::identity::{self, Model, Person, Scan, Verdict},
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use serde::{Deserialize, Serialize};
use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// Customers read in one snapshot: some fifty milliseconds.
const READ_AT_ONCE: usize = 4_000;
/// People of one stretch, whose pairs two threads look at: about half a second, done anew when it is cut short.
const LOOKED_AT_ONCE: usize = 4_000;
/// Pairs in one journal entry: each may join, and whoever else writes waits meanwhile.
const PAIRS_AN_ENTRY: usize = 24;
/// Pairs of the review list that are looked at again in one turn.
const REVIEWED_AT_ONCE: usize = 2_000;
/// From fewer people nothing is learnt.
const LEARNT_FROM: usize = 300;
/// Weights are learnt anew when there are so many more or fewer people than then: one part in this many.
const LEARNT_ANEW_PART: usize = 20;
const STANDING: &str = "duplicates";

/// How far a scan has come, and how the last one ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// Somebody asked for one, and it has not begun.
    pub asked: Option<At>,
    pub under_way: Option<UnderWay>,
    pub last: Option<Ended>,
    /// From how many records the weights were learnt.
    learnt_from: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UnderWay {
    pub begun: At,
    /// Records before this one are done.
    place: u64,
    pub done: usize,
    /// 0 while the records are being read.
    pub of: usize,
    pub found: Counts,
}

/// What came of a scan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Pairs that were joined.
    pub joined: usize,
    /// Pairs that somebody should look at.
    pub likely: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ended {
    pub begun: At,
    pub ended: At,
    /// Records that were looked at.
    pub of: usize,
    pub found: Counts,
}

/// What one turn came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// There was nothing to do.
    Rested,
    /// There is more to do.
    More,
    Ended(Ended),
}

/// What a scan under way has in memory. Gone while a turn works: one that fails reads everybody again and goes on at the place kept.
#[derive(Default)]
pub struct Walk(Mutex<Option<Stage>>);

enum Stage {
    Reading { people: Vec<(u64, Person)>, after: Option<CustomerId> },
    Comparing { scan: Arc<Scan>, model: Arc<Model> },
    Reviewing { scan: Arc<Scan>, model: Arc<Model>, after: Option<Place> },
}

/// Where in the review list somebody stands.
pub type Place = (u32, (PartId, PartId));

impl Walk {
    fn take(&self) -> Option<Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn keep(&self, stage: Stage) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(stage);
    }
}

pub fn standing(tx: &impl Rows) -> Result<Standing, StoreError> {
    let text = tx.get(tables::META, &STANDING.to_owned())?;
    // What a newer Headlight wrote here is no loss.
    Ok(text.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default())
}

fn keep(tx: &WriteTx<'_>, change: impl FnOnce(&mut Standing)) -> Result<Standing, StoreError> {
    let mut now = standing(tx)?;
    change(&mut now);
    let damaged = |e: serde_json::Error| StoreError::Damaged { table: "META".to_owned(), why: format!("could not be written: {e}") };
    tx.put(tables::META, &STANDING.to_owned(), &serde_json::to_string(&now).map_err(damaged)?)?;
    Ok(now)
}

/// Asks for a scan; one that is under way is the one asked for.
pub async fn ask(rooms: &Rooms, now: At) -> Result<Standing, StoreError> {
    let asked = rooms.store.write(move |tx| keep(tx, |s| s.asked = if s.under_way.is_some() { None } else { Some(now) })).await?;
    rooms.hub.nudge_duplicates();
    Ok(asked)
}

/// The same within an act that changed who is here. One that is under way may have read them before, so another follows it. The wheel comes
/// by within seconds.
pub(super) fn ask_after(tx: &WriteTx<'_>, now: At) -> Result<(), StoreError> {
    keep(tx, |standing| standing.asked = Some(now))?;
    Ok(())
}

/// Takes back that two are not one; nothing when one of them is not there. The same key twice takes it back once.
pub async fn leave_open(rooms: &Rooms, one: CustomerId, other: CustomerId, asked: Asked, now: At) -> Result<Option<()>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let done = asked.once(tx, "leave open", || {
                let (Some(one), Some(other)) = (people::shown(tx, one)?, people::shown(tx, other)?) else { return Ok(Err(())) };
                advance::append_applied(tx, &policy, Event::LeftOpen { one: one.id, other: other.id, by: asked.by }, now)?;
                Ok(Ok(()))
            });
            Ok(done?.ok())
        })
        .await
}

/// Asked for and not begun, under way, or due tonight.
fn is_due(rooms: &Rooms, now: At) -> Result<bool, StoreError> {
    let tx = rooms.store.read()?;
    let standing = standing(&tx)?;
    if standing.asked.is_some() || standing.under_way.is_some() {
        return Ok(true);
    }
    soundness::is_due_tonight(&tx, &rooms.policy.rooftop, standing.last.map(|l| l.begun), now)
}

/// The next part of a scan that is due.
pub async fn turn(rooms: &Rooms, now: At) -> Result<Turned, StoreError> {
    if !is_due(rooms, now)? {
        return Ok(Turned::Rested);
    }
    let under_way = begin(rooms, now).await?;
    match rooms.duplicates.take().unwrap_or(Stage::Reading { people: vec![], after: None }) {
        Stage::Reading { mut people, after } => {
            let reader = rooms.clone();
            let (people, after) = aside("duplicates", move || read(&reader, &mut people, after).map(|after| (people, after))).await?;
            let next = if after.is_some() { Stage::Reading { people, after } } else { prepare(rooms, people, under_way.place, now).await? };
            rooms.duplicates.keep(next);
        }
        Stage::Comparing { scan, model } => {
            let next = compare(rooms, scan, model, now).await?;
            rooms.duplicates.keep(next);
        }
        Stage::Reviewing { scan, model, after } => match review(rooms, &scan, &model, after, now).await? {
            Some(after) => rooms.duplicates.keep(Stage::Reviewing { scan, model, after: Some(after) }),
            None => return Ok(Turned::Ended(end(rooms, now).await?)),
        },
    }
    Ok(Turned::More)
}

/// From here to the end, for whoever has nothing else to do.
pub async fn run(rooms: &Rooms, now: At) -> Result<Option<Ended>, StoreError> {
    loop {
        match turn(rooms, now).await? {
            Turned::Rested => return Ok(None),
            Turned::More => {}
            Turned::Ended(ended) => return Ok(Some(ended)),
        }
    }
}

async fn begin(rooms: &Rooms, now: At) -> Result<UnderWay, StoreError> {
    if let Some(under_way) = standing(&rooms.store.read()?)?.under_way {
        return Ok(under_way);
    }
    let fresh = UnderWay { begun: now, ..UnderWay::default() };
    rooms.store.write(move |tx| keep(tx, |s| (s.asked, s.under_way) = (None, Some(fresh)))).await?;
    Ok(fresh)
}

async fn end(rooms: &Rooms, now: At) -> Result<Ended, StoreError> {
    let closing = move |standing: &mut Standing| {
        let UnderWay { begun, of, found, .. } = standing.under_way.take().unwrap_or_default();
        standing.last = Some(Ended { begun, ended: now, of, found });
    };
    let ended = rooms.store.write(move |tx| keep(tx, closing)).await?;
    Ok(ended.last.unwrap_or_default())
}

/// The next customers, and where to go on.
fn read(rooms: &Rooms, people: &mut Vec<(u64, Person)>, after: Option<CustomerId>) -> Result<Option<CustomerId>, StoreError> {
    let some = people::to_compare(&rooms.store.read()?, &rooms.policy, after, READ_AT_ONCE)?;
    people.extend(some.people.into_iter().map(|(part, person)| (part.0, person)));
    Ok(some.next)
}

/// Everybody is read: learns what their agreements weigh, and sorts them into those who could be one.
async fn prepare(rooms: &Rooms, mut people: Vec<(u64, Person)>, place: u64, now: At) -> Result<Stage, StoreError> {
    // A record that was joined to another while they were read may have been read with both.
    people.sort_unstable_by_key(|(id, _)| *id);
    people.dedup_by_key(|(id, _)| *id);
    let of = people.len();
    let learnt_from = standing(&rooms.store.read()?)?.learnt_from;
    if of >= LEARNT_FROM && of.abs_diff(learnt_from) > learnt_from / LEARNT_ANEW_PART {
        people = learn(rooms, people, now).await?;
    }
    let model = rooms.policy.identity.of(&rooms.store.read()?)?;
    let own = Arc::clone(&model);
    let scan = aside("duplicates", move || Ok(Scan::new(Model::clone(&own), people, people::SHARED_BY_MOST).resume(place))).await?;
    let done = scan.progress().0;
    rooms.store.write(move |tx| keep(tx, |s| come_to(s, place, done, of, Counts::default()))).await?;
    Ok(Stage::Comparing { scan: Arc::new(scan), model })
}

/// Always from the weights that come with the program: the same people give the same weights, however often they were learnt before.
async fn learn(rooms: &Rooms, people: Vec<(u64, Person)>, now: At) -> Result<Vec<(u64, Person)>, StoreError> {
    let of = people.len();
    let (people, weights) = aside("duplicates", move || {
        let learnt = Model::shipped().learnt(people.iter().map(|(_, person)| person));
        Ok((people, weights::written(&learnt)))
    })
    .await?;
    let policy = rooms.policy.clone();
    if weights.is_none() {
        tracing::warn!(store.records = of, "what the store's people say of the weights is not plausible; they stay as they are");
    }
    rooms
        .store
        .write(move |tx| {
            if let Some(weights) = weights.clone() {
                advance::append_applied(tx, &policy, Event::Learnt { weights }, now)?;
            }
            keep(tx, |s| s.learnt_from = of)
        })
        .await?;
    Ok(people)
}

fn come_to(standing: &mut Standing, place: u64, done: usize, of: usize, found: Counts) {
    if let Some(under_way) = &mut standing.under_way {
        let joined = under_way.found.joined + found.joined;
        let likely = under_way.found.likely + found.likely;
        *under_way = UnderWay { place, done, of, found: Counts { joined, likely }, ..*under_way };
    }
}

/// Looks at the next stretch of people, and writes what was found before it counts as done.
async fn compare(rooms: &Rooms, scan: Arc<Scan>, model: Arc<Model>, now: At) -> Result<Stage, StoreError> {
    let done = standing(&rooms.store.read()?)?.under_way.map_or(0, |u| u.done);
    let of = scan.people().len();
    let until = (done + LOOKED_AT_ONCE).min(of);
    let looking = Arc::clone(&scan);
    let reader = rooms.clone();
    let found = aside("duplicates", move || {
        let found = look(&looking, done, until);
        worth_saying(&reader.store.read()?, &looking, found)
    })
    .await?;
    let place = scan.people().get(until).map_or(u64::MAX, |(id, _)| *id);
    let mut entries: Vec<Vec<Resolved>> = found.chunks(PAIRS_AN_ENTRY).map(<[Resolved]>::to_vec).collect();
    let last = entries.pop().unwrap_or_default();
    for entry in entries {
        say(rooms, entry, now, |_, _| {}).await?;
    }
    say(rooms, last, now, move |standing, found| come_to(standing, place, until, of, found)).await?;
    Ok(if until < of { Stage::Comparing { scan, model } } else { Stage::Reviewing { scan, model, after: None } })
}

fn look(scan: &Scan, from: usize, until: usize) -> Vec<(u64, u64, Verdict)> {
    let middle = from.midpoint(until);
    thread::scope(|threads| {
        let second = threads.spawn(move || scan.look(middle..until));
        let mut found = scan.look(from..middle);
        // A thread that panicked found nothing; the next night looks again.
        found.extend(second.join().unwrap_or_default());
        found
    })
}

/// What is news: pairs that nobody decided and that do not wait for somebody already. A pair that is one customer by others is kept as
/// well, where nothing else would show that the two themselves are one: who is outvoted by whom must not hang on who came first.
fn worth_saying(tx: &impl Rows, scan: &Scan, found: Vec<(u64, u64, Verdict)>) -> Result<Vec<Resolved>, StoreError> {
    let mut news = Vec::new();
    for (one, other, verdict) in found {
        let (one, other) = (PartId(one), PartId(other));
        let (are, because) = match &verdict {
            Verdict::Same(because) => (Alike::Same, because),
            Verdict::Likely(because) => (Alike::Likely, because),
            Verdict::Different { .. } => continue,
        };
        let decided = tx.get(tables::DECISIONS, &(one, other))?;
        let are_joined = people::root_of(tx, one)? == people::root_of(tx, other)?;
        let is_known = match are {
            Alike::Same => decided.is_some() || (are_joined && share_a_key(scan, one, other)),
            Alike::Likely | Alike::No | Alike::Unknown => {
                are_joined || decided.is_some_and(Decision::is_by_hand) || tx.has(tables::LIKELY, &(one, other))?
            }
        };
        if !is_known {
            news.push(Resolved { one, other, are, because: people::in_words(because) });
        }
    }
    Ok(news)
}

/// Into the journal, with its effects, and how far the scan has come with it: one commit.
async fn say(rooms: &Rooms, found: Vec<Resolved>, now: At, come: impl Fn(&mut Standing, Counts) + Send + 'static) -> Result<(), StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let mut counts = Counts::default();
            if !found.is_empty() {
                advance::append_applied(tx, &policy, Event::Resolved { found: found.clone() }, now)?;
                for pair in &found {
                    let joined = people::root_of(tx, pair.one)? == people::root_of(tx, pair.other)?;
                    counts.joined += usize::from(joined);
                    counts.likely += usize::from(!joined && tx.has(tables::LIKELY, &(pair.one, pair.other))?);
                }
            }
            keep(tx, |standing| come(standing, counts)).map(|_| ())
        })
        .await
}

/// Looks again at what waits for somebody: of records that were changed or joined since, some need no looking at any more. Where to go on.
async fn review(rooms: &Rooms, scan: &Scan, model: &Model, after: Option<Place>, now: At) -> Result<Option<Place>, StoreError> {
    let (gone, next) = {
        let tx = rooms.store.read()?;
        let span = after.map_or_else(Span::all, |place| Span::all().after(&place));
        let waiting = tx.keys(tables::LIKELY_FIRST, &span, REVIEWED_AT_ONCE)?;
        let mut gone = Vec::new();
        for (_, (one, other)) in &waiting {
            let is_one = people::root_of(&tx, *one)? == people::root_of(&tx, *other)?;
            if is_one || are_strangers(scan, model, *one, *other) {
                gone.push(Resolved { one: *one, other: *other, are: Alike::No, because: Because::default() });
            }
        }
        (gone, waiting.last().filter(|_| waiting.len() == REVIEWED_AT_ONCE).copied())
    };
    for entry in gone.chunks(PAIRS_AN_ENTRY) {
        say(rooms, entry.to_vec(), now, |_, _| {}).await?;
    }
    Ok(next)
}

/// As far as both were there when everybody was read.
fn are_strangers(scan: &Scan, model: &Model, one: PartId, other: PartId) -> bool {
    both(scan, one, other).is_some_and(|(one, other)| matches!(identity::judge(model, one, other), Verdict::Different { .. }))
}

/// Filing meets them without our help.
fn share_a_key(scan: &Scan, one: PartId, other: PartId) -> bool {
    both(scan, one, other).is_some_and(|(one, other)| {
        let keys = identity::keys(one);
        identity::keys(other).iter().any(|key| keys.contains(key))
    })
}

fn both(scan: &Scan, one: PartId, other: PartId) -> Option<(&Person, &Person)> {
    let people = scan.people();
    let person = |part: PartId| people.binary_search_by_key(&part.0, |(id, _)| *id).ok().map(|at| &people[at].1);
    person(one).zip(person(other))
}
