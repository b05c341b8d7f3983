//! Is anything that was acknowledged ever lost? The store lives on a disk that loses power, tears writes, forgets lengths and refuses.
//!
//! When the power goes, the disk keeps a random subset of the sectors that were not synced: any of them, in any order. The store is then
//! opened again, perhaps cut again while it recovers, and what it holds is held against what its answers promised: a write answered `Ok`
//! is there, one answered "nothing was written" is not, an uncertain one is there whole or not at all.

use crate::disk::{Dice, Disk};
use headlight::{
    domain::{
        change::{Change, Changed},
        ids::{LeadId, Seq},
        set_aside::Raw,
    },
    store::{Rows, Span, Store, StoreError, WriteTx, backend::Backend, seal::MasterKey, tables},
};
use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

#[test]
fn what_was_acknowledged_survives_the_power_going_at_any_moment() -> Result<(), String> {
    let tally = live_many(Life::PowerGoes, if slow() { 7_000 } else { 350 })?;
    assert!(tally.cuts > 500 && tally.cuts_in_recovery > 100, "cut too seldom to prove anything: {tally:?}");
    Ok(())
}

#[test]
fn after_one_refusal_of_the_disk_the_store_goes_on_without_a_restart() -> Result<(), String> {
    let tally = live_many(Life::DiskRefuses, if slow() { 3_000 } else { 150 })?;
    assert!(tally.refusals > 150, "refused too seldom to prove anything: {tally:?}");
    Ok(())
}

/// The control: were this disk not caught, the other tests would prove nothing.
#[test]
fn a_disk_that_lies_about_syncing_is_caught() -> Result<(), String> {
    let newborn = newborn()?;
    let is_caught = |seed| catch_unwind(|| live(Life::SyncsAreLies, seed, &newborn, &mut Tally::default())).map_or(true, |r| r.is_err());
    assert!((0..10).any(is_caught), "ten lives on a disk that syncs nothing, and nothing was missed");
    Ok(())
}

#[test]
fn a_snapshot_held_while_the_disk_refuses_says_so_or_tells_the_truth_and_the_next_one_reads_on() -> Result<(), Box<dyn std::error::Error>> {
    let disk = Disk::new(newborn()?, Dice::new(5));
    let store = open(&disk, &Heard::default())?;
    let put = |n: u64| store.write_blocking(move |tx| tx.put(tables::CURSORS, &"a".to_owned(), &n));
    put(1)?;
    let held = store.read()?;
    disk.refuses_in(1);
    assert!(put(2).is_err());
    put(3)?;
    let read = held.get(tables::CURSORS, &"a".to_owned());
    assert!(matches!(read, Ok(Some(1)) | Err(StoreError::Unavailable(_))), "{read:?}");
    assert_eq!(store.read()?.get(tables::CURSORS, &"a".to_owned())?, Some(3));
    Ok(())
}

#[test]
fn what_lies_in_the_place_of_a_vanished_store_is_not_taken_for_it() -> Result<(), Box<dyn std::error::Error>> {
    let disks = [Disk::new(newborn()?, Dice::new(6)), Disk::new(newborn()?, Dice::new(7)), Disk::new(vec![], Dice::new(8))];
    let mounted = Arc::new(AtomicUsize::new(0));
    let (all, which) = (disks.clone(), Arc::clone(&mounted));
    let store = Store::open(Backend::Made(Arc::new(move || all[which.load(Ordering::Relaxed)].handle())), &key(), |_| {})?;
    let put = |n: u64| store.write_blocking(move |tx| tx.put(tables::CURSORS, &"a".to_owned(), &n));
    put(1)?;
    for other in [1, 2] {
        mounted.store(other, Ordering::Relaxed);
        disks[0].refuses_in(1);
        assert!(put(2).is_err());
        assert!(put(3).is_err(), "disk {other} was taken for the store");
        mounted.store(0, Ordering::Relaxed);
        disks[0].behave();
        put(4)?;
        assert_eq!(store.read()?.get(tables::CURSORS, &"a".to_owned())?, Some(4));
    }
    assert!(disks[2].contents().is_empty());
    Ok(())
}

pub(crate) fn slow() -> bool {
    std::env::var_os("HEADLIGHT_SLOW").is_some()
}

/// What the disk does to a life of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    PowerGoes,
    DiskRefuses,
    SyncsAreLies,
}

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    acts: u64,
    cuts: u64,
    cuts_in_recovery: u64,
    refusals: u64,
    /// Writes that failed and were found on disk all the same.
    landed_although_failed: u64,
}

impl Tally {
    fn and(self, other: Self) -> Self {
        Self {
            acts: self.acts + other.acts,
            cuts: self.cuts + other.cuts,
            cuts_in_recovery: self.cuts_in_recovery + other.cuts_in_recovery,
            refusals: self.refusals + other.refusals,
            landed_although_failed: self.landed_although_failed + other.landed_although_failed,
        }
    }
}

fn live_many(life: Life, seeds: u64) -> Result<Tally, String> {
    let began = Instant::now();
    let newborn = newborn()?;
    let next = AtomicU64::new(0);
    let work = || {
        let mut tally = Tally::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return Ok(tally);
            }
            catch_unwind(AssertUnwindSafe(|| live(life, seed, &newborn, &mut tally)))
                .unwrap_or_else(|_| Err("a panic reached the caller".to_owned()))
                .map_err(|why| format!("{life:?}, seed {seed}: {why}"))?;
        }
    };
    let tally = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..std::thread::available_parallelism().map_or(1, usize::from)).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .map(|w| w.join().unwrap_or_else(|_| Err("a worker ended".to_owned())))
            .try_fold(Tally::default(), |sum, one: Result<Tally, String>| Ok::<_, String>(sum.and(one?)))
    })?;
    eprintln!("{life:?}: {seeds} seeds in {:.1} s, {tally:?}", began.elapsed().as_secs_f64());
    Ok(tally)
}

/// The bytes of a store that was opened once and closed.
fn newborn() -> Result<Vec<u8>, String> {
    let disk = Disk::new(vec![], Dice::new(0));
    open(&disk, &Heard::default()).map_err(|e| e.to_string())?.close();
    Ok(disk.contents())
}

/// The changes announced in one life of the process.
type Heard = Arc<Mutex<Vec<Change>>>;

pub(crate) fn key() -> MasterKey {
    MasterKey::from_bytes([3; 32])
}

fn open(disk: &Disk, heard: &Heard) -> Result<Store, StoreError> {
    let (disk, heard) = (disk.clone(), Arc::clone(heard));
    let backend = Backend::Made(Arc::new(move || disk.handle()));
    Store::open(backend, &key(), move |changes| {
        heard.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(changes);
    })
}

/// All that a store holds, as far as these tests write.
#[derive(Clone, PartialEq, Eq, Default)]
struct State {
    /// The number of the last attempt that is in it.
    last: u64,
    rows: BTreeMap<u64, Vec<u8>>,
}

/// One act: rows put and removed, and its number, so that no two states are alike.
#[derive(Clone)]
struct Attempt {
    number: u64,
    rows: Vec<(u64, Option<Vec<u8>>)>,
    /// It finds out at its end that it may not be done.
    is_refused: bool,
}

impl Attempt {
    fn random(number: u64, dice: &mut Dice) -> Self {
        let mut row = |_| {
            let key = dice.below(60);
            let len = if dice.one_in(12) { dice.below(20_000) } else { dice.below(300) };
            let byte = dice.roll().to_le_bytes()[0];
            (key, (!dice.one_in(4)).then(|| vec![byte; usize::try_from(len).unwrap_or(0)]))
        };
        let rows = (0..=number % 6).map(&mut row).collect();
        Self { number, rows, is_refused: dice.one_in(8) }
    }

    fn act(&self, tx: &WriteTx<'_>) -> Result<(), StoreError> {
        for (key, bytes) in &self.rows {
            match bytes {
                Some(bytes) => tx.put(tables::RAW, &Seq(*key), &Raw { bytes: bytes.clone() })?,
                None => {
                    tx.remove(tables::RAW, &Seq(*key))?;
                }
            }
        }
        tx.put(tables::CURSORS, &"attempts".to_owned(), &self.number)?;
        tx.announce(Changed::Lead(LeadId(self.number)));
        if self.is_refused { Err(StoreError::Busy) } else { Ok(()) }
    }

    fn onto(&self, mut state: State) -> State {
        for (key, bytes) in &self.rows {
            match bytes {
                Some(bytes) => state.rows.insert(*key, bytes.clone()),
                None => state.rows.remove(key),
            };
        }
        state.last = self.number;
        state
    }
}

fn read(store: &Store) -> Result<State, StoreError> {
    let tx = store.read()?;
    let mut rows = BTreeMap::new();
    tx.each(tables::RAW, &Span::all(), |key, raw| {
        rows.insert(key.0, raw.bytes);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(State { last: tx.get(tables::CURSORS, &"attempts".to_owned())?.unwrap_or(0), rows })
}

/// Some acts sent at once, and the answers, in the order they were sent.
fn send(store: &Store, runtime: &tokio::runtime::Runtime, attempts: &[Attempt]) -> Result<Vec<Result<(), StoreError>>, String> {
    runtime.block_on(async {
        let sent: Vec<_> = attempts
            .iter()
            .map(|attempt| {
                let (store, attempt) = (store.clone(), attempt.clone());
                tokio::spawn(async move { store.write(move |tx| attempt.act(tx)).await })
            })
            .collect();
        let mut answers = vec![];
        for one in sent {
            answers.push(one.await.map_err(|e| e.to_string())?);
        }
        Ok(answers)
    })
}

/// What the store may hold after these answers to these attempts. Uncertain attempts land in the order they were sent.
fn possible_after(known: State, attempts: &[Attempt], answers: &[Result<(), StoreError>]) -> Result<Vec<State>, String> {
    let mut possible = vec![known];
    for (attempt, answer) in attempts.iter().zip(answers) {
        match answer {
            Ok(()) if attempt.is_refused => return Err("an act that refused itself was answered Ok".to_owned()),
            Ok(()) => possible = possible.into_iter().map(|s| attempt.onto(s)).collect(),
            Err(StoreError::Uncertain(_)) if !attempt.is_refused => possible.extend(possible.last().cloned().map(|s| attempt.onto(s))),
            Err(_) => {}
        }
    }
    Ok(possible)
}

fn live(life: Life, seed: u64, newborn: &[u8], tally: &mut Tally) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let disk = Disk::new(newborn.to_vec(), Dice::new(dice.roll()));
    if life == Life::SyncsAreLies {
        disk.lie();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|e| e.to_string())?;
    let mut number = 0;
    let mut possible = vec![State::default()];
    for _ in 0..2 + dice.below(4) {
        let (store, heard) = open_through_cuts(life, &disk, &mut dice, tally)?;
        let mut known = settle(&store, &possible, tally)?;
        let told_before = changes(&store)?.len();
        possible = vec![known.clone()];
        arm(life, &disk, &mut dice);
        for _ in 0..=dice.below(24) {
            let attempts: Vec<Attempt> = (0..if dice.one_in(3) { 2 + dice.below(4) } else { 1 })
                .map(|_| {
                    number += 1;
                    Attempt::random(number, &mut dice)
                })
                .collect();
            tally.acts += attempts.len() as u64;
            let refusals = disk.refusals();
            let answers = send(&store, &runtime, &attempts)?;
            possible = possible_after(known, &attempts, &answers)?;
            if disk.is_off() {
                break;
            }
            if disk.refusals() == refusals
                && let Some(error) = attempts.iter().zip(&answers).find_map(|(a, answer)| answer.as_ref().err().filter(|_| !a.is_refused))
            {
                return Err(format!("a write failed although the disk is well: {error}"));
            }
            if disk.refusals() > refusals {
                tally.refusals += 1;
                known = settle(&store, &possible, tally)?;
                arm(life, &disk, &mut dice);
            } else {
                known = possible.pop().unwrap_or_default();
            }
            possible = vec![known.clone()];
        }
        if !disk.is_off() {
            let all = changes(&store)?;
            let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            if all[told_before..] != heard[..] {
                return Err(format!("{} changes are on disk, {} were announced", all.len() - told_before, heard.len()));
            }
        }
        // A stop in good order now and then; the power goes after it all the same.
        if dice.one_in(4) {
            store.close();
            disk.cut();
        } else {
            disk.cut();
            store.close();
        }
        tally.cuts += 1;
    }
    Ok(())
}

fn arm(life: Life, disk: &Disk, dice: &mut Dice) {
    match life {
        Life::PowerGoes | Life::SyncsAreLies => disk.power_goes_in(1 + dice.below(400)),
        Life::DiskRefuses => disk.refuses_in(1 + dice.below(200)),
    }
}

/// Opens the store; the power may go again while it recovers, and again.
fn open_through_cuts(life: Life, disk: &Disk, dice: &mut Dice, tally: &mut Tally) -> Result<(Store, Heard), String> {
    for tried in 0.. {
        if tried < 3 && dice.one_in(2) {
            match life {
                Life::PowerGoes | Life::SyncsAreLies => disk.power_goes_in(1 + dice.below(60)),
                Life::DiskRefuses => disk.refuses_in(1 + dice.below(60)),
            }
        }
        let heard = Heard::default();
        let refusals = disk.refusals();
        match open(disk, &heard) {
            Ok(store) if !disk.is_off() => {
                disk.behave();
                return Ok((store, heard));
            }
            Ok(_) => tally.cuts_in_recovery += 1,
            Err(_) if disk.is_off() => tally.cuts_in_recovery += 1,
            Err(_) if disk.refusals() > refusals => {
                tally.refusals += 1;
                continue;
            }
            Err(error) => return Err(format!("the store does not open: {error}")),
        }
        disk.cut();
    }
    Err("the store was never opened".to_owned())
}

/// Reads what the store holds, which must be one of what it may hold. The disk may refuse a read once.
fn settle(store: &Store, possible: &[State], tally: &mut Tally) -> Result<State, String> {
    let found = soon(|| read(store)).map_err(|e| format!("the store cannot be read: {e}"))?;
    let Some(which) = possible.iter().position(|p| *p == found) else {
        let promised: Vec<u64> = possible.iter().map(|p| p.last).collect();
        return Err(format!("holds attempt {} and {} rows, where one of {promised:?} was promised", found.last, found.rows.len()));
    };
    tally.landed_although_failed += u64::from(which > 0);
    Ok(found)
}

/// The disk may refuse a read once. The file is then opened anew without anybody writing, so that a later try reads.
pub(crate) fn soon<T>(read: impl Fn() -> Result<T, StoreError>) -> Result<T, StoreError> {
    for _ in 0..100 {
        match read() {
            Err(StoreError::Io(_) | StoreError::Unavailable(_)) => std::thread::sleep(Duration::from_millis(10)),
            other => return other,
        }
    }
    read()
}

fn changes(store: &Store) -> Result<Vec<Change>, String> {
    let read = || -> Result<Vec<Change>, StoreError> {
        let rows = store.read()?.some(tables::CHANGES, &Span::all(), usize::MAX)?;
        Ok(rows.into_iter().map(|(seq, what)| Change { seq, what }).collect())
    };
    soon(read).map_err(|e| format!("the changes cannot be read: {e}"))
}
