//! Does the score learn from the store's own sales, by nothing that came later, and is what it learnt lived through again in its place?

use crate::support::{Fails, rooms};
use headlight::{
    domain::{
        deal::NewDeal,
        email::Email,
        event::{Event, ImportRow},
        ids::ImportId,
        lead::{LeadKind, NewLead},
        profile::{PersonName, Profile, Source, SourceKind},
        score::{Score, Signal},
        time::{At, DAY_MS, HOUR_MS},
    },
    engine::intent::{Snapshot, Verdict},
    service::{Rooms, advance, outcomes, replay, score_learning},
    store::{Rows, Span, StoreError, tables},
};

/// Tuesday, 3:10 am at the store: a night in which nobody is in the way.
const NIGHT: At = At(1_795_507_800_000);
const WEEKS: i64 = 40;

fn person(nth: i64, kind: SourceKind, at: At) -> Profile {
    Profile {
        name: PersonName { first: "Dana".into(), last: format!("Whitfield {nth}"), ..PersonName::default() },
        emails: Email::parse(&format!("dana{nth}@example.com")).into_iter().collect(),
        ..Profile::new(Source { kind, name: "Website".into() }, at)
    }
}

fn asks(nth: i64, kind: LeadKind, at: At) -> (At, Event) {
    let lead = NewLead {
        source: "Website".into(),
        external_id: None,
        requested: at,
        person: person(nth, SourceKind::Lead, at),
        cars: vec![],
        comments: String::new(),
        kind,
        web_ids: vec![],
        warnings: vec![],
        taken: None,
    };
    (at, Event::Lead(lead))
}

fn buys(nth: i64, at: At) -> (At, Event) {
    let deal = NewDeal::new(format!("D{nth}-{}", at.0), at, person(nth, SourceKind::Import, at));
    (at, Event::Imported { import: ImportId(0), rows: vec![ImportRow::Deal(deal)], lines: vec![] })
}

/// So many ask each week. Of those who call six in ten buy within ten days, of those who write one in ten.
fn past(a_week: i64) -> Vec<(At, Event)> {
    let mut all = Vec::new();
    for nth in 0..WEEKS * a_week {
        let asked = NIGHT.plus_ms(-(WEEKS + 4) * 7 * DAY_MS + (nth / a_week) * 7 * DAY_MS + (nth % a_week) * 5 * HOUR_MS);
        let (kind, buys_of_ten) = if nth % 2 == 0 { (LeadKind::PhoneCall, 6) } else { (LeadKind::Enquiry, 1) };
        all.push(asks(nth, kind, asked));
        if (nth / 2) % 10 < buys_of_ten {
            all.push(buys(nth, asked.plus_ms(10 * DAY_MS)));
        }
    }
    // Somebody who waits for an answer now.
    all.push(asks(90_000, LeadKind::PhoneCall, NIGHT.plus_ms(-DAY_MS)));
    all.sort_by_key(|(at, _)| *at);
    all
}

fn live(rooms: &Rooms, events: &[(At, Event)]) -> Result<(), StoreError> {
    for events in events.chunks(100) {
        let (policy, events) = (rooms.policy.clone(), events.to_vec());
        rooms.store.write_blocking(move |tx| {
            events.iter().try_for_each(|(at, event)| advance::append_applied(tx, &policy, event.clone(), *at).map(|_| ()))
        })?;
    }
    Ok(())
}

fn learn(rooms: &Rooms, now: At) -> Result<Option<score_learning::Told>, StoreError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| StoreError::Io(e.to_string()))?;
    runtime.block_on(score_learning::run(rooms, now))
}

fn scores(tx: &impl Rows) -> Result<Vec<Score>, StoreError> {
    Ok(tx.some(tables::CUSTOMERS, &Span::all(), 10_000)?.into_iter().map(|(_, customer)| customer.score).collect())
}

fn watched(rooms: &Rooms, weeks: &[At]) -> Result<Vec<Snapshot>, StoreError> {
    Ok(outcomes::watch(&rooms.store.read()?, &rooms.policy, weeks, None, 10_000)?.snapshots)
}

#[test]
fn a_store_that_sells_to_those_who_call_learns_so_and_a_replay_has_it_in_its_place() -> Fails {
    let rooms = rooms()?;
    live(&rooms, &past(20))?;
    let before = scores(&rooms.store.read()?)?;
    let told = learn(&rooms, NIGHT)?.ok_or("a look was due")?;
    assert_eq!(told.lesson.verdict, Verdict::Learnt, "{told:?}");
    assert!(told.lesson.sales >= 150 && told.lesson.sentence().starts_with("Learnt from "), "{}", told.lesson.sentence());
    let (was, is) = (told.lesson.before.ok_or("judged")?, told.lesson.after.ok_or("judged")?);
    assert!(is.log_loss <= was.log_loss && is.auc > was.auc && is.ece < was.ece, "{was:?} {is:?}");
    let in_force = rooms.policy.intent.of(&rooms.store.read()?)?;
    assert!(in_force.weighing.factor(Signal::Call) > in_force.weighing.factor(Signal::Enquiry), "{in_force:?}");
    // Whoever still has a score has the new one.
    let after = scores(&rooms.store.read()?)?;
    let call = |scores: &[Score]| scores.last().and_then(|s| s.parts.iter().find(|p| p.signal == Signal::Call)).map(|p| p.points);
    assert!(call(&after) > Some(0) && call(&after) != call(&before), "{:?} {:?}", call(&before), call(&after));
    // It is said to whoever answers for it.
    let model = score_learning::model(&rooms.store.read()?, &rooms.policy)?;
    assert_eq!((model.verdict, model.sentence, model.weights.is_empty()), (Some(Verdict::Learnt), told.lesson.sentence(), false));
    // The same week nothing more is learnt.
    assert_eq!(learn(&rooms, NIGHT.plus_ms(DAY_MS))?, None);
    // Lived through again, the same scores by the same weights.
    let journal = rooms.store.read()?.some(tables::JOURNAL, &Span::all(), usize::MAX)?;
    assert_eq!(journal.iter().filter(|(_, entry)| matches!(entry.event, Event::ScoreLearnt { .. })).count(), 1);
    let again = self::rooms()?;
    let policy = again.policy.clone();
    again.store.write_blocking(move |tx| replay::replay(tx, &policy, &journal))?;
    assert_eq!(scores(&again.store.read()?)?, after);
    assert_eq!(*again.policy.intent.of(&again.store.read()?)?, *in_force);
    Ok(())
}

#[test]
fn nothing_later_counts_in_what_was_known_of_a_week() -> Fails {
    let rooms = rooms()?;
    live(&rooms, &past(3))?;
    let weeks = outcomes::weeks(&rooms.policy, NIGHT);
    let known = watched(&rooms, &weeks)?;
    assert!(known.len() > 100 && known.iter().any(|s| s.sold) && known.iter().any(|s| !s.sold));
    // Everybody comes back, asks again and buys again, all of it after the last of those weeks had its thirty days.
    let later: Vec<(At, Event)> = (0..WEEKS * 3).flat_map(|nth| [asks(nth, LeadKind::PhoneCall, NIGHT), buys(nth, NIGHT.plus_ms(1))]).collect();
    live(&rooms, &later)?;
    assert!(watched(&rooms, &weeks)? == known, "what came later is known of a week before it");
    Ok(())
}

#[test]
fn a_store_of_few_sales_keeps_the_weights_that_it_came_with() -> Fails {
    let rooms = rooms()?;
    live(&rooms, &past(1))?;
    let told = learn(&rooms, NIGHT)?.ok_or("a look was due")?;
    assert!(matches!(told.lesson.verdict, Verdict::TooFew | Verdict::Calibrated | Verdict::Refused), "{told:?}");
    assert_eq!(rooms.policy.intent.of(&rooms.store.read()?)?.weighing.0, []);
    assert_eq!(learn(&self::rooms()?, NIGHT)?, None, "a store without a past has nothing to learn from");
    Ok(())
}
