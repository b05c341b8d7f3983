//! Wheels. Each takes no input, runs on a period and on a nudge, and is safe to run twice. All of them on one screen.

mod drop_folder;
mod fetch_feeds;
mod find_duplicates;
mod finish_imports;
mod fire_timers;
mod fit_market;
mod index;
mod keep_equity;
mod learn_score;
mod look_over;
mod notice_presence;
mod read_journal;
mod think_anew;
mod tidy_up;

pub use read_journal::drain;

use crate::{clock::Clock, service::Rooms};
use std::{future::Future, pin::Pin, time::Duration};
use tokio::sync::watch;

/// One turn of a wheel.
type Turn = fn(Rooms, Clock) -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>>;
/// What turns it before its period is over.
type Nudge = fn(Rooms) -> Pin<Box<dyn Future<Output = ()> + Send>>;

pub struct Job {
    pub name: &'static str,
    pub period: Duration,
    pub turn: Turn,
    pub nudge: Nudge,
}

fn never(_: Rooms) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(std::future::pending())
}

pub const JOBS: &[Job] = &[
    // The effects of what was received. The period is only for a nudge that got lost with a restart.
    Job {
        name: "read journal",
        period: Duration::from_secs(5),
        turn: |rooms, clock| Box::pin(read_journal::run(rooms, clock)),
        nudge: |rooms| Box::pin(async move { rooms.hub.journal_nudged().await }),
    },
    // Imports: rehearsed, run, taken back. Those that a crash cut go on with the first turn, at the start.
    Job {
        name: "finish imports",
        period: Duration::from_mins(1),
        turn: |rooms, clock| Box::pin(finish_imports::run(rooms, clock)),
        nudge: |rooms| Box::pin(async move { rooms.hub.imports_nudged().await }),
    },
    // Files that were put where they are imported from.
    Job { name: "drop folder", period: Duration::from_secs(5), turn: |rooms, clock| Box::pin(drop_folder::run(rooms, clock)), nudge: never },
    // Feeds of the lot that the configuration names: each by its own period.
    Job { name: "fetch feeds", period: Duration::from_secs(5), turn: |rooms, clock| Box::pin(fetch_feeds::run(rooms, clock)), nudge: never },
    // Snoozes, clocks, second thoughts.
    Job { name: "fire timers", period: Duration::from_millis(500), turn: |rooms, clock| Box::pin(fire_timers::run(rooms, clock)), nudge: never },
    // The search index after the store.
    Job {
        name: "index",
        period: Duration::from_secs(30),
        turn: |rooms, _| Box::pin(index::run(rooms)),
        nudge: |rooms| Box::pin(async move { rooms.hub.index_nudged().await }),
    },
    // Once a night every record is opened; each turn a few of them.
    Job { name: "look over", period: Duration::from_secs(1), turn: |rooms, clock| Box::pin(look_over::run(rooms, clock)), nudge: never },
    // Customers who are there twice: once a night, when asked and after an import; each turn a stretch of them.
    Job {
        name: "find duplicates",
        period: Duration::from_secs(5),
        turn: |rooms, clock| Box::pin(find_duplicates::run(rooms, clock)),
        nudge: |rooms| Box::pin(async move { rooms.hub.duplicates_nudged().await }),
    },
    // What the store's own sales say of its score: once a week, at night; each turn some customers.
    Job { name: "learn score", period: Duration::from_secs(1), turn: |rooms, clock| Box::pin(learn_score::run(rooms, clock)), nudge: never },
    // What cars bring here, by the store's own sales: once a day.
    Job { name: "fit market", period: Duration::from_mins(10), turn: |rooms, clock| Box::pin(fit_market::run(rooms, clock)), nudge: never },
    // How all customers' cars stand: with every change; once a day all of them, each turn a stretch.
    Job { name: "keep equity", period: Duration::from_secs(1), turn: |rooms, clock| Box::pin(keep_equity::run(rooms, clock)), nudge: never },
    // A rule was set otherwise: whom that may concern, a hundred each turn.
    Job { name: "think anew", period: Duration::from_millis(500), turn: |rooms, clock| Box::pin(think_anew::run(rooms, clock)), nudge: never },
    // Whose screens are open.
    Job { name: "notice presence", period: Duration::from_secs(30), turn: |rooms, clock| Box::pin(notice_presence::run(rooms, clock)), nudge: never },
    // Old changes, ended sessions, wrong passwords of yesterday.
    Job { name: "tidy up", period: Duration::from_mins(10), turn: |rooms, clock| Box::pin(tidy_up::run(rooms, clock)), nudge: never },
];

/// Turns every wheel until told to stop; a turn under way is finished.
pub async fn run_all(rooms: Rooms, clock: Clock, stop: watch::Receiver<bool>) {
    let mut wheels = tokio::task::JoinSet::new();
    for job in JOBS {
        wheels.spawn(run_one(job, rooms.clone(), clock.clone(), stop.clone()));
    }
    while wheels.join_next().await.is_some() {}
}

async fn run_one(job: &'static Job, rooms: Rooms, clock: Clock, mut stop: watch::Receiver<bool>) {
    loop {
        if *stop.borrow() {
            return;
        }
        let turn = tokio::spawn((job.turn)(rooms.clone(), clock.clone()));
        match turn.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(job.name = job.name, error = %error, "a turn was not finished; the next begins where it stood"),
            Err(error) => tracing::error!(job.name = job.name, error = %error, "a turn ended unexpectedly; the next begins where it stood"),
        }
        tokio::select! {
            () = (job.nudge)(rooms.clone()) => {}
            () = tokio::time::sleep(job.period) => {}
            _ = stop.changed() => return,
        }
    }
}
