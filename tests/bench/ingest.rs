//! How many page views a second reach the disk before they are answered?

use super::{
    Bench,
    client::{Client, Fails},
    figures::{Line, line, ms, spread},
};
use redb::{Database, TableDefinition};
use std::{
    path::Path,
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

const SECONDS: u64 = 10;
const CLIENTS: usize = 64;
/// A journal entry of such an event, sealed, is about this long.
const ENTRY_BYTES: usize = 330;
/// What the writer takes into one commit at most.
const GROUP: usize = 512;

/// One look at a car that stands on every made-up lot.
pub(crate) fn look(client: &str) -> String {
    format!(r#"{{"client_id":"{client}","events":[{{"name":"asc_item_pageview","params":{{"item_number":"24117","page_type":"item"}}}}]}}"#)
}

/// The same bytes into a bare redb by one writer that takes all who wait into one commit, with the same two syncs. Events a second; how
/// long each commit took.
pub(crate) fn bare_group_commit(folder: &Path, seconds: u64) -> Fails<(f64, Vec<Duration>)> {
    const LOG: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("log");
    let file = folder.join("bare.redb");
    let db = Database::create(&file)?;
    let (sender, receiver) = mpsc::channel::<mpsc::Sender<()>>();
    let stop = Instant::now() + Duration::from_secs(seconds);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let mut done = 0_u64;
                while Instant::now() < stop {
                    let (ack, acked) = mpsc::channel();
                    if sender.send(ack).is_err() || acked.recv().is_err() {
                        break;
                    }
                    done += 1;
                }
                done
            })
        })
        .collect();
    drop(sender);
    let (record, mut seq, mut commits) = (vec![7_u8; ENTRY_BYTES], 0_u64, Vec::new());
    while let Ok(first) = receiver.recv() {
        let waiting: Vec<_> = std::iter::once(first).chain(receiver.try_iter().take(GROUP - 1)).collect();
        let begun = Instant::now();
        let mut txn = db.begin_write()?;
        txn.set_two_phase_commit(true);
        txn.set_quick_repair(true);
        {
            let mut table = txn.open_table(LOG)?;
            for _ in &waiting {
                seq += 1;
                table.insert(seq, record.as_slice())?;
            }
        }
        txn.commit()?;
        commits.push(begun.elapsed());
        for ack in waiting {
            let _ = ack.send(());
        }
    }
    let done: u64 = clients.into_iter().filter_map(|c| c.join().ok()).sum();
    drop(db);
    std::fs::remove_file(file)?;
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    Ok((done as f64 / seconds as f64, commits))
}

pub(crate) async fn durable(b: &mut Bench) -> Fails<Vec<Line>> {
    let folder = b.data.clone();
    let (bare, _) = tokio::task::spawn_blocking(move || bare_group_commit(&folder, SECONDS)).await??;
    let path = format!("/collect?key={}", b.server.key);
    let stop = Instant::now() + Duration::from_secs(SECONDS);
    let mut clients = tokio::task::JoinSet::new();
    for n in 0..CLIENTS {
        let (path, to) = (path.clone(), b.server.public);
        clients.spawn(async move {
            let mut client = Client::open(to, "").await?;
            let body = look(&format!("bench-{n}"));
            let mut took = Vec::new();
            while Instant::now() < stop {
                let begun = Instant::now();
                let (status, _) = client.send("POST", &path, body.as_bytes()).await?;
                if status.as_u16() != 202 {
                    return Err(format!("/collect answered {status}").into());
                }
                took.push(begun.elapsed());
            }
            Fails::Ok(took)
        });
    }
    let mut took = Vec::new();
    while let Some(done) = clients.join_next().await {
        took.extend(done??);
    }
    let behind = effects_are_had(b).await?;
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = took.len() as f64 / SECONDS as f64;
    let (p50, p99) = spread(took);
    Ok(vec![
        line("bare redb group commit, 64 clients", "", format!("{bare:.0} events/s")),
        line("durable ingest over HTTP, 64 clients", ">= 60 % of bare redb", format!("{rate:.0} events/s, {:.0} %", rate / bare * 100.0)),
        line("… of which each waits", "", format!("p50 {:.2}, p99 {:.2} ms", ms(p50), ms(p99))),
        line("… the last of them has its effects after", "", format!("{:.1} s", behind.as_secs_f64())),
    ])
}

/// Waits until a lead that comes now is a customer: everything before it is, too.
pub(crate) async fn effects_are_had(b: &Bench) -> Fails<Duration> {
    static ASKED: AtomicU64 = AtomicU64::new(0);
    let begun = Instant::now();
    let name = format!("last{}x{}", std::process::id(), ASKED.fetch_add(1, Ordering::Relaxed));
    let adf = format!(
        "<adf><prospect><id source=\"bench\">{name}</id><customer><contact><name part=\"full\">Bench {name}</name><email>{name}@example.com</email></contact></customer><provider><name>Bench</name></provider></prospect></adf>"
    );
    let (status, _) = Client::open(b.server.public, "").await?.send("POST", &format!("/leads/adf?key={}", b.server.key), adf.as_bytes()).await?;
    if !status.is_success() {
        return Err(format!("/leads/adf answered {status}").into());
    }
    let mut client = b.client().await?;
    while begun.elapsed() < Duration::from_mins(3) {
        let found = client.json(&format!("/api/search?limit=1&q={name}")).await?;
        if found["hits"].as_array().is_some_and(|h| !h.is_empty()) {
            return Ok(begun.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("three minutes later the last lead is still no customer".into())
}
