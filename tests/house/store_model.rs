//! Does the store hold what a sorted map would hold? Random acts on both, over a real file that is closed and opened again.

use headlight::{
    domain::{
        change::Changed,
        ids::{CustomerId, VehicleId, VisitorId},
        time::At,
        vehicle::Interest,
    },
    store::{Rows, Span, Store, StoreError, WriteTx, backend::Backend, seal::MasterKey, tables},
};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseError};
use std::{collections::BTreeMap, future::Future, ops::ControlFlow, path::Path, pin::pin, task};

type Key = (VehicleId, VisitorId);
type Row = (Key, Interest);
type Model = BTreeMap<Key, Interest>;

/// A key of a small house, so that puts meet puts and spans hold some rows. A few lie at the ends of all numbers.
fn key() -> impl Strategy<Value = Key> {
    let number = || prop_oneof![12 => 0..6_u64, 1 => Just(255), 1 => Just(256), 1 => Just(u64::MAX - 1), 1 => Just(u64::MAX)];
    (number(), number()).prop_map(|(car, browser)| (VehicleId(car), VisitorId(browser)))
}

fn interest() -> impl Strategy<Value = Interest> {
    (any::<u32>(), any::<i64>(), any::<i64>(), any::<bool>()).prop_map(|(looks, first, last, used_tools)| Interest {
        looks,
        first: At(first),
        last: At(last),
        used_tools,
    })
}

#[derive(Debug, Clone)]
enum Verb {
    Put(Key, Interest),
    Remove(Key),
    /// Removes every row of a car while walking over them.
    Forget(VehicleId),
}

fn verb() -> impl Strategy<Value = Verb> {
    prop_oneof![
        6 => (key(), interest()).prop_map(|(k, i)| Verb::Put(k, i)),
        2 => key().prop_map(Verb::Remove),
        1 => key().prop_map(|(car, _)| Verb::Forget(car)),
    ]
}

/// How an act ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Done,
    Refuses,
    Panics,
}

#[derive(Debug, Clone)]
struct Act {
    verbs: Vec<Verb>,
    end: End,
}

fn act() -> impl Strategy<Value = Act> {
    (vec(verb(), 0..8), prop_oneof![8 => Just(End::Done), 2 => Just(End::Refuses), 1 => Just(End::Panics)])
        .prop_map(|(verbs, end)| Act { verbs, end })
}

/// Which rows, in the words of [`Span`].
#[derive(Debug, Clone, Copy)]
enum Which {
    All,
    Under(VehicleId),
    Between(Key, Key),
    After(Key),
    Before(Key),
    UnderAfter(VehicleId, Key),
    UnderBefore(VehicleId, Key),
}

fn which() -> impl Strategy<Value = Which> {
    prop_oneof![
        Just(Which::All),
        key().prop_map(|(car, _)| Which::Under(car)),
        (key(), key()).prop_map(|(a, b)| Which::Between(a, b)),
        key().prop_map(Which::After),
        key().prop_map(Which::Before),
        (key(), key()).prop_map(|((car, _), k)| Which::UnderAfter(car, k)),
        (key(), key()).prop_map(|((car, _), k)| Which::UnderBefore(car, k)),
    ]
}

impl Which {
    fn span(self) -> Span {
        match self {
            Self::All => Span::all(),
            Self::Under(car) => Span::under(&car),
            Self::Between(from, to) => Span::between(&from, &to),
            Self::After(key) => Span::all().after(&key),
            Self::Before(key) => Span::all().before(&key),
            Self::UnderAfter(car, key) => Span::under(&car).after(&key),
            Self::UnderBefore(car, key) => Span::under(&car).before(&key),
        }
    }

    fn holds(self, key: Key) -> bool {
        match self {
            Self::All => true,
            Self::Under(car) => key.0 == car,
            Self::Between(from, to) => from <= key && key < to,
            Self::After(from) => from < key,
            Self::Before(to) => key < to,
            Self::UnderAfter(car, from) => key.0 == car && from < key,
            Self::UnderBefore(car, to) => key.0 == car && key < to,
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    /// These acts are sent before the first can be committed.
    Write(Vec<Act>),
    Look(Which, usize),
    /// The store is closed, or just dropped, and opened again.
    Reopen {
        in_order: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => vec(act(), 1..6).prop_map(Step::Write),
        6 => (which(), 0..12_usize).prop_map(|(w, n)| Step::Look(w, n)),
        1 => any::<bool>().prop_map(|in_order| Step::Reopen { in_order }),
    ]
}

#[expect(clippy::panic, reason = "an act that ends so is what is tested")]
fn perform(tx: &WriteTx<'_>, act: &Act) -> Result<u64, StoreError> {
    let number = tx.next("act")?;
    for verb in &act.verbs {
        match verb {
            Verb::Put(key, interest) => {
                tx.put(tables::INTEREST, key, interest)?;
                assert_eq!(tx.get(tables::INTEREST, key)?.as_ref(), Some(interest), "a write does not read what it wrote");
            }
            Verb::Remove(key) => {
                let was_there = tx.has(tables::INTEREST, key)?;
                assert_eq!(tx.remove(tables::INTEREST, key)?, was_there);
            }
            Verb::Forget(car) => tx.each(tables::INTEREST, &Span::under(car), |key, _| {
                tx.remove(tables::INTEREST, &key)?;
                Ok(ControlFlow::Continue(()))
            })?,
        }
    }
    tx.announce(Changed::Customer(CustomerId(number)));
    match act.end {
        End::Done => Ok(number),
        End::Refuses => Err(StoreError::Busy),
        End::Panics => panic!("an act that ends so on purpose"),
    }
}

fn onto(model: &mut Model, act: &Act) {
    for verb in &act.verbs {
        match verb {
            Verb::Put(key, interest) => {
                model.insert(*key, interest.clone());
            }
            Verb::Remove(key) => {
                model.remove(key);
            }
            Verb::Forget(car) => model.retain(|key, _| key.0 != *car),
        }
    }
}

fn failed(error: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

fn open(path: &Path) -> Result<Store, TestCaseError> {
    Store::open(Backend::File(path.to_owned()), &MasterKey::from_bytes([4; 32]), |_| {}).map_err(failed)
}

/// Sends all acts at once and gives their answers in the order they were sent.
fn send(store: &Store, acts: &[Act]) -> Result<Vec<Result<u64, StoreError>>, TestCaseError> {
    // The first act holds the writer until all others wait, so that they meet in one commit.
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(failed)?;
    runtime.block_on(async {
        let holding = store.write(move |_| {
            let _ = wait.recv();
            Ok(())
        });
        let mut holding = pin!(holding);
        let mut waiting: Vec<_> = acts.iter().cloned().map(|act| Box::pin(async move { store.write(move |tx| perform(tx, &act)).await })).collect();
        // Each is polled once, which sends it.
        let mut nobody = task::Context::from_waker(task::Waker::noop());
        prop_assert!(holding.as_mut().poll(&mut nobody).is_pending());
        for one in &mut waiting {
            prop_assert!(one.as_mut().poll(&mut nobody).is_pending());
        }
        drop(go);
        holding.await.map_err(failed)?;
        let mut answers = vec![];
        for one in waiting {
            answers.push(one.await);
        }
        Ok(answers)
    })
}

fn look(store: &Store, model: &Model, which: Which, most: usize) -> Result<(), TestCaseError> {
    let expected: Vec<Row> = model.iter().filter(|(k, _)| which.holds(**k)).map(|(k, i)| (*k, i.clone())).collect();
    let from_the_end: Vec<Row> = expected.iter().rev().cloned().collect();
    let some = |rows: &[Row]| rows.iter().take(most).cloned().collect::<Vec<_>>();
    let span = which.span();
    let tx = store.read().map_err(failed)?;
    prop_assert_eq!(tx.some(tables::INTEREST, &span, usize::MAX).map_err(failed)?, expected.clone());
    prop_assert_eq!(tx.last(tables::INTEREST, &span, usize::MAX).map_err(failed)?, from_the_end.clone());
    prop_assert_eq!(tx.some(tables::INTEREST, &span, most).map_err(failed)?, some(&expected));
    prop_assert_eq!(tx.last(tables::INTEREST, &span, most).map_err(failed)?, some(&from_the_end));
    let keys = tx.keys(tables::INTEREST, &span, most).map_err(failed)?;
    prop_assert_eq!(keys, expected.iter().take(most).map(|(k, _)| *k).collect::<Vec<_>>());
    // A write sees the same rows in the same order as a snapshot does.
    let seen = store
        .write_blocking(move |tx| Ok((tx.some(tables::INTEREST, &which.span(), usize::MAX)?, tx.last(tables::INTEREST, &which.span(), usize::MAX)?)))
        .map_err(failed)?;
    prop_assert_eq!(seen, (expected, from_the_end));
    Ok(())
}

fn live(steps: &[Step]) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().map_err(failed)?;
    let path = folder.path().join("store.redb");
    let mut store = open(&path)?;
    let mut model = Model::new();
    let mut done = 0;
    for step in steps {
        match step {
            Step::Write(acts) => {
                for (act, answer) in acts.iter().zip(send(&store, acts)?) {
                    match act.end {
                        End::Done => {
                            done += 1;
                            prop_assert_eq!(answer, Ok(done), "numbers go up by one with each act that is kept");
                            onto(&mut model, act);
                        }
                        End::Refuses => prop_assert_eq!(answer, Err(StoreError::Busy)),
                        End::Panics => prop_assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{:?}", answer),
                    }
                }
            }
            Step::Look(which, most) => look(&store, &model, *which, *most)?,
            Step::Reopen { in_order } => {
                if *in_order {
                    store.close();
                } else {
                    drop(store);
                }
                store = open(&path)?;
            }
        }
        let tx = store.read().map_err(failed)?;
        for key in model.keys().take(3) {
            let row = tx.get(tables::INTEREST, key).map_err(failed)?;
            prop_assert_eq!(row.as_ref(), model.get(key));
        }
    }
    look(&store, &model, Which::All, 5)?;
    let announced = store.read().and_then(|tx| tx.some(tables::CHANGES, &Span::all(), usize::MAX)).map_err(failed)?;
    let kept: Vec<(u64, Changed)> = (1..=done).map(|n| (n, Changed::Customer(CustomerId(n)))).collect();
    prop_assert_eq!(announced, kept, "an act that was not kept announced something");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_holds_what_a_sorted_map_holds(steps in vec(step(), 1..24)) {
        live(&steps)?;
    }
}

/// A walk inside a write goes in chunks; this is long enough for several.
#[test]
fn a_long_walk_meets_every_row_once_in_order_from_either_end() -> Result<(), StoreError> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(Backend::File(folder.path().join("store.redb")), &MasterKey::from_bytes([4; 32]), |_| {})?;
    for rows in [63, 64, 65, 128, 300_u64] {
        let (ahead, back) = store.write_blocking(move |tx| {
            for n in 0..rows {
                tx.put(tables::INTEREST, &(VehicleId(rows), VisitorId(n)), &Interest::default())?;
            }
            let span = Span::under(&VehicleId(rows));
            Ok((tx.some(tables::INTEREST, &span, usize::MAX)?, tx.last(tables::INTEREST, &span, usize::MAX)?))
        })?;
        assert_eq!(ahead.iter().map(|((_, v), _)| v.0).collect::<Vec<_>>(), (0..rows).collect::<Vec<_>>());
        assert_eq!(back.iter().map(|((_, v), _)| v.0).collect::<Vec<_>>(), (0..rows).rev().collect::<Vec<_>>());
    }
    Ok(())
}
