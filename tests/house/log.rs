//! Is an entry that the log took ever lost, or journalled twice? The store and its log live on a disk that loses power and refuses.

use crate::{
    disk::{Dice, Disk},
    power_cut::{key, slow, soon},
};
use headlight::{
    domain::{
        event::{Entry, Event},
        ids::{CustomerId, StaffId},
        time::At,
    },
    store::{Rows, Span, Store, StoreError, backend::Backend, tables},
};
use std::{collections::BTreeSet, sync::Arc};

#[test]
fn what_the_log_answered_is_in_the_journal_once_whenever_the_power_goes() -> Result<(), String> {
    let tally = live_many(Life::PowerGoes, if slow() { 7_000 } else { 120 })?;
    assert!(tally.cuts > 200 && tally.recovered > 30, "too little happened to prove anything: {tally:?}");
    Ok(())
}

#[test]
fn after_a_refusal_of_the_disk_the_log_goes_on_and_keeps_its_word() -> Result<(), String> {
    let tally = live_many(Life::DiskRefuses, if slow() { 3_000 } else { 60 })?;
    assert!(tally.refused > 20, "refused too seldom to prove anything: {tally:?}");
    Ok(())
}

/// The control: were this disk not caught, the other tests would prove nothing.
#[test]
fn a_log_on_a_disk_that_lies_about_syncing_is_caught() {
    let is_caught = |seed| live(Life::SyncsAreLies, seed, &mut Tally::default()).is_err();
    assert!((0..20).any(is_caught), "twenty lives on a disk that syncs nothing, and nothing was missed");
}

#[test]
fn a_log_of_another_life_of_the_store_is_not_taken_in() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let (one, other) = (folder.path().join("one.redb"), folder.path().join("other.redb"));
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let store = Store::open(Backend::File(one.clone()), &key(), |_| {})?;
    runtime.block_on(store.append(vec![entry(1)]))?;
    // As a crash leaves it: the log holds what the file has not.
    std::fs::copy(one.with_extension("log"), other.with_extension("log"))?;
    let stranger = Store::open(Backend::File(other), &key(), |_| {})?;
    assert_eq!(journal(&stranger)?, Vec::<u64>::new());
    drop(store);
    assert_eq!(journal(&Store::open(Backend::File(one), &key(), |_| {})?)?, vec![1]);
    Ok(())
}

/// A cut in the middle of a group can leave its second frame without its first. The next opening writes a frame of the same number and
/// length in that place, and the old second one stands behind it as if it followed.
#[test]
fn a_frame_that_an_earlier_opening_left_behind_is_not_taken_in() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let [first, second, third] = ["first", "second", "third"].map(|name| folder.path().join(format!("{name}.redb")));
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let crash = |from: &std::path::Path, to: &std::path::Path| -> std::io::Result<()> {
        std::fs::copy(from, to)?;
        std::fs::copy(from.with_extension("log"), to.with_extension("log"))?;
        Ok(())
    };
    let store = Store::open(Backend::File(first.clone()), &key(), |_| {})?;
    runtime.block_on(store.append(vec![entry(1)]))?;
    runtime.block_on(store.append(vec![entry(2)]))?;
    crash(&first, &second)?;
    // The first frame is lost: its length and all are gone.
    let mut log = std::fs::read(second.with_extension("log"))?;
    log[4_096..4_112].fill(0);
    std::fs::write(second.with_extension("log"), log)?;
    let next = Store::open(Backend::File(second.clone()), &key(), |_| {})?;
    assert_eq!(journal(&next)?, Vec::<u64>::new());
    runtime.block_on(next.append(vec![entry(3)]))?;
    crash(&second, &third)?;
    assert_eq!(journal(&Store::open(Backend::File(third), &key(), |_| {})?)?, vec![3]);
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    PowerGoes,
    DiskRefuses,
    SyncsAreLies,
}

#[derive(Debug, Default)]
struct Tally {
    appended: u64,
    cuts: u64,
    /// Answered entries that only the log had when the power went.
    recovered: u64,
    refused: u64,
}

fn live_many(life: Life, seeds: u64) -> Result<Tally, String> {
    let mut tally = Tally::default();
    for seed in 0..seeds {
        live(life, seed, &mut tally).map_err(|why| format!("{life:?}, seed {seed}: {why}"))?;
    }
    eprintln!("{life:?}: {seeds} seeds, {tally:?}");
    Ok(tally)
}

/// An entry that tells its number.
fn entry(number: u64) -> Entry {
    let event = Event::Noted { customer: CustomerId(1), by: StaffId(1), text: number.to_string(), mentions: vec![], aloud: false };
    Entry { at: At(0), event, applied_after: None }
}

fn journal(store: &Store) -> Result<Vec<u64>, StoreError> {
    let rows = store.read()?.some(tables::JOURNAL, &Span::all(), usize::MAX)?;
    let number = |entry: &Entry| if let Event::Noted { text, .. } = &entry.event { text.parse().ok() } else { None };
    Ok(rows.iter().filter_map(|(_, e)| number(e)).collect())
}

fn open(disk: &Disk) -> Result<Store, StoreError> {
    let (file, log) = (disk.clone(), disk.clone());
    let backend = Backend::MadeWithLog { file: Arc::new(move || file.handle()), log: Arc::new(move || log.log_handle()), half_bytes: 4_096 };
    Store::open(backend, &key(), |_| {})
}

/// Some lives of one store, each ended by a cut. What was answered `Ok` must be there once, what was answered otherwise but may have
/// landed at most once, and what was never answered well and said to be unwritten not at all.
fn live(life: Life, seed: u64, tally: &mut Tally) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let disk = Disk::new(vec![], Dice::new(dice.roll()));
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|e| e.to_string())?;
    drop(open(&disk).map_err(|e| e.to_string())?);
    if life == Life::SyncsAreLies {
        disk.lie();
    }
    let (mut kept, mut perhaps, mut number) = (Vec::new(), BTreeSet::new(), 0);
    for _ in 0..2 + dice.below(4) {
        let store = open(&disk).map_err(|e| format!("does not open: {e}"))?;
        hold_against(&store, &mut kept, &mut perhaps)?;
        match life {
            Life::PowerGoes | Life::SyncsAreLies => disk.power_goes_in(1 + dice.below(300)),
            Life::DiskRefuses => disk.refuses_in(1 + dice.below(100)),
        }
        for _ in 0..dice.below(30) {
            let together: Vec<Vec<u64>> = (0..=dice.below(4))
                .map(|_| {
                    let from = number;
                    number += 1 + dice.below(6);
                    (from + 1..=number).collect()
                })
                .collect();
            tally.appended += together.len() as u64;
            for (numbers, answer) in together.iter().zip(append(&runtime, &store, &together)?) {
                match answer {
                    Ok(()) => kept.extend(numbers),
                    Err(StoreError::Uncertain(_)) => perhaps.extend(numbers),
                    // The power went before the answer: the process is gone, and its caller knows nothing.
                    Err(_) if disk.is_off() => perhaps.extend(numbers),
                    Err(_) => tally.refused += 1,
                }
            }
            if dice.one_in(3) {
                sees_what_was_answered(&store, kept.last().copied(), &disk)?;
            }
        }
        disk.cut();
        tally.cuts += 1;
        tally.recovered += u64::from(store.waiting() > 0);
        drop(store);
    }
    let store = open(&disk).map_err(|e| format!("does not open: {e}"))?;
    hold_against(&store, &mut kept, &mut perhaps)
}

fn append(runtime: &tokio::runtime::Runtime, store: &Store, together: &[Vec<u64>]) -> Result<Vec<Result<(), StoreError>>, String> {
    runtime.block_on(async {
        let sent: Vec<_> = together
            .iter()
            .map(|numbers| {
                let (store, entries) = (store.clone(), numbers.iter().map(|n| entry(*n)).collect());
                tokio::spawn(async move { store.append(entries).await })
            })
            .collect();
        let mut answers = vec![];
        for one in sent {
            answers.push(one.await.map_err(|e| e.to_string())?);
        }
        Ok(answers)
    })
}

/// An act that was sent after an answer finds what was answered.
fn sees_what_was_answered(store: &Store, last: Option<u64>, disk: &Disk) -> Result<(), String> {
    let newest = store.write_blocking(|tx| Ok(tx.last(tables::JOURNAL, &Span::all(), 64)?.into_iter().map(|(_, e)| e).collect::<Vec<Entry>>()));
    match (newest, last) {
        (Ok(newest), Some(last)) if !newest.contains(&entry(last)) => Err(format!("{last} was answered, and an act after it did not find it")),
        (Err(error), _) if !disk.is_off() && disk.refusals() == 0 => Err(format!("an act failed although the disk is well: {error}")),
        (Ok(_) | Err(_), _) => Ok(()),
    }
}

fn hold_against(store: &Store, kept: &mut Vec<u64>, perhaps: &mut BTreeSet<u64>) -> Result<(), String> {
    let found = soon(|| journal(store)).map_err(|e| format!("the journal cannot be read: {e}"))?;
    let once: BTreeSet<u64> = found.iter().copied().collect();
    if once.len() != found.len() {
        return Err("an entry is there twice".to_owned());
    }
    if let Some(lost) = kept.iter().find(|n| !once.contains(n)) {
        return Err(format!("{lost} was answered and is lost"));
    }
    if let Some(stray) = found.iter().find(|n| !kept.contains(n) && !perhaps.contains(n)) {
        return Err(format!("{stray} was said to be unwritten and is there"));
    }
    if !found.is_sorted() {
        return Err("the entries are out of order".to_owned());
    }
    // What landed although nobody was told is there for good, and what did not never will.
    *kept = found;
    perhaps.clear();
    Ok(())
}
