//! What is measured, one function a line of the table. Goals stand beside the figure and are never adjusted to it.

use super::{
    client::{Client, Fails},
    server::{Server, binary},
};
use http_body_util::BodyExt;
use redb::{Database, TableDefinition};
use std::{
    future::Future,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

pub(crate) struct Bench {
    data: PathBuf,
    scale: String,
    server: Server,
    cookie: String,
}

pub(crate) struct Line {
    pub(crate) what: String,
    pub(crate) goal: String,
    pub(crate) got: String,
}

fn line(what: &str, goal: &str, got: String) -> Line {
    Line { what: what.to_owned(), goal: goal.to_owned(), got }
}

type Measuring<'b> = Pin<Box<dyn Future<Output = Fails<Vec<Line>>> + 'b>>;
type Measure = fn(&mut Bench) -> Measuring<'_>;

pub(crate) const ALL: &[(&str, Measure)] = &[
    ("memory-start", |b| Box::pin(memory_at_start(b))),
    ("search", |b| Box::pin(search(b))),
    ("customer", |b| Box::pin(customer_page(b))),
    ("ingest", |b| Box::pin(ingest(b))),
    ("road", |b| Box::pin(road(b))),
    ("start", |b| Box::pin(start(b))),
    ("sizes", |_| Box::pin(async { sizes() })),
];

impl Bench {
    pub(crate) async fn open(data: &Path, scale: &str) -> Fails<Self> {
        let server = Server::start(data, scale)?;
        let cookie = server.cookie().await?;
        Ok(Self { data: data.to_owned(), scale: scale.to_owned(), server, cookie })
    }

    pub(crate) fn close(mut self) {
        let _ = self.server.stop(true);
    }

    async fn client(&self) -> Fails<Client> {
        Client::open(self.server.lan, &self.cookie).await
    }
}

/// The value below which a share of all lies.
fn at(sorted: &[Duration], share: f64) -> Duration {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a list")]
    let place = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}

fn spread(mut all: Vec<Duration>) -> (Duration, Duration) {
    all.sort_unstable();
    (at(&all, 0.5), at(&all, 0.99))
}

fn ms(d: Duration) -> f64 {
    d.as_secs_f64() * 1_000.0
}

async fn memory_at_start(b: &mut Bench) -> Fails<Vec<Line>> {
    b.server.stop(true)?;
    b.server = Server::start(&b.data, &b.scale)?;
    b.cookie = b.server.cookie().await?;
    b.client().await?.json("/api/search?q=dana").await?;
    let resident = b.server.resident_mb()?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = b.server.cpu_percent(Duration::from_secs(5)).await?;
    Ok(vec![line("memory after start", "< 150 MB", format!("{resident:.0} MB")), line("idle processor", "< 0.5 %", format!("{idle:.2} %"))])
}

/// A fragment somebody would type, and whom they mean.
struct Query {
    text: String,
    id: u64,
}

async fn queries(client: &mut Client) -> Fails<Vec<Query>> {
    let mut all = Vec::new();
    let mut after = String::new();
    while all.len() < 2_000 {
        let page = client.json(&format!("/api/customers?limit=200&sort=recent&after={after}")).await?;
        for row in page["items"].as_array().into_iter().flatten() {
            let Some(id) = row["id"].as_u64() else { continue };
            let name = row["name"].as_str().unwrap_or_default().to_lowercase();
            let digits: String = row["phone"].as_str().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
            let email = row["email"].as_str().unwrap_or_default();
            let text = match all.len() % 4 {
                0 if digits.len() >= 7 => digits[digits.len() - 7..].to_owned(),
                1 if email.contains('@') => email.split('@').next().unwrap_or_default().to_owned(),
                2 if name.len() >= 12 => slipped(&name),
                _ => name.clone(),
            };
            if text.len() >= 4 {
                all.push(Query { text, id });
            }
        }
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    all.truncate(2_000);
    Ok(all)
}

/// One slip of the fingers: two neighbouring letters change places near the end.
fn slipped(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let place = letters.len() - 3;
    if letters[place] != ' ' && letters[place + 1] != ' ' {
        letters.swap(place, place + 1);
    }
    letters.into_iter().collect()
}

async fn search(b: &mut Bench) -> Fails<Vec<Line>> {
    let mut client = b.client().await?;
    let queries = queries(&mut client).await?;
    let (mut wire, mut engine, mut met) = (Vec::new(), Vec::new(), 0_u32);
    for query in &queries {
        let escaped: String =
            query.text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect();
        let path = format!("/api/search?limit=10&q={escaped}");
        let begun = Instant::now();
        let answer = client.json(&path).await?;
        wire.push(begun.elapsed());
        engine.push(Duration::from_micros(answer["took_us"].as_u64().unwrap_or(0)));
        met += u32::from(answer["hits"].as_array().into_iter().flatten().any(|h| h["kind"] == "customer" && h["id"].as_u64() == Some(query.id)));
    }
    let count = u32::try_from(queries.len())?;
    let ((wp50, wp99), (ep50, ep99)) = (spread(wire), spread(engine));
    Ok(vec![
        line("search in the engine", "p99 < 2 ms", format!("p50 {:.2}, p99 {:.2} ms", ms(ep50), ms(ep99))),
        line("search over HTTP", "p99 < 5 ms", format!("p50 {:.2}, p99 {:.2} ms", ms(wp50), ms(wp99))),
        line("the one meant among ten", ">= 0.97", format!("{:.3} of {count}", f64::from(met) / f64::from(count.max(1)))),
        line("memory after searching", "< 350 MB", format!("{:.0} MB", b.server.resident_mb()?)),
    ])
}

async fn customer_page(b: &mut Bench) -> Fails<Vec<Line>> {
    let mut client = b.client().await?;
    let mut took = Vec::new();
    for n in 0..2_000_u64 {
        let path = format!("/api/customers/{}", n * 7 % 1_900 + 1);
        let begun = Instant::now();
        client.json(&path).await?;
        took.push(begun.elapsed());
    }
    let (p50, p99) = spread(took);
    Ok(vec![line("customer page data over HTTP", "p99 < 2 ms", format!("p50 {:.2}, p99 {:.2} ms", ms(p50), ms(p99)))])
}

const SECONDS: u64 = 5;
const CLIENTS: usize = 64;

fn look(client: &str) -> String {
    format!(r#"{{"client_id":"{client}","events":[{{"name":"asc_item_pageview","params":{{"item_number":"24117","page_type":"item"}}}}]}}"#)
}

/// The same bytes into a bare redb by one writer that takes all who wait into one commit, with the same two syncs.
fn bare_group_commit(folder: &Path, bytes: usize) -> Fails<(f64, Duration, Duration)> {
    const LOG: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("log");
    let db = Database::create(folder.join("bare.redb"))?;
    let (sender, receiver) = mpsc::channel::<mpsc::Sender<()>>();
    let stop = Instant::now() + Duration::from_secs(SECONDS);
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
    let (record, mut seq, mut commits) = (vec![7_u8; bytes], 0_u64, Vec::new());
    while let Ok(first) = receiver.recv() {
        let waiting: Vec<_> = std::iter::once(first).chain(receiver.try_iter().take(511)).collect();
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
    let (p50, p99) = spread(commits);
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    Ok((done as f64 / SECONDS as f64, p50, p99))
}

async fn ingest(b: &mut Bench) -> Fails<Vec<Line>> {
    let folder = b.data.clone();
    // A journal entry of such an event, sealed, is about this long.
    let (bare, _, _) = tokio::task::spawn_blocking(move || bare_group_commit(&folder, 330)).await??;
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
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = took.len() as f64 / SECONDS as f64;
    let (p50, p99) = spread(took);
    Ok(vec![
        line("bare redb group commit, 64 clients", "", format!("{bare:.0} events/s")),
        line("durable ingest over HTTP, 64 clients", ">= 60 % of bare redb", format!("{rate:.0} events/s, {:.0} %", rate / bare * 100.0)),
        line("… of which each waits", "", format!("p50 {:.1}, p99 {:.1} ms", ms(p50), ms(p99))),
    ])
}

/// From the page view of somebody we know to the frame that changes their card, beside 500 events a second and 200 listening browsers.
async fn road(b: &mut Bench) -> Fails<Vec<Line>> {
    const LISTENERS: usize = 200;
    const MEASURED: usize = 150;
    let folder = b.data.clone();
    let (_, commit_p50, commit_p99) = tokio::task::spawn_blocking(move || bare_group_commit(&folder.join("."), 330)).await??;
    let heard = Arc::new(AtomicU64::new(0));
    let mut listeners = tokio::task::JoinSet::new();
    for _ in 0..LISTENERS - 1 {
        let (to, cookie, heard) = (b.server.lan, b.cookie.clone(), Arc::clone(&heard));
        listeners.spawn(async move {
            let mut client = Client::open(to, &cookie).await?;
            let mut body = client.begin("GET", "/api/live", b"").await?.into_body();
            while let Some(frame) = body.frame().await {
                heard.fetch_add(frame?.data_ref().map_or(0, |d| d.len() as u64), Ordering::Relaxed);
            }
            Fails::Ok(())
        });
    }
    let load = {
        let (to, path) = (b.server.public, format!("/collect?key={}", b.server.key));
        tokio::spawn(async move {
            let mut client = Client::open(to, "").await?;
            let mut beat = tokio::time::interval(Duration::from_millis(20));
            for n in 0_u64.. {
                beat.tick().await;
                let events: Vec<String> = (0..10).map(|_| r#"{"name":"asc_item_pageview","params":{"item_number":"24093"}}"#.to_owned()).collect();
                let body = format!(r#"{{"client_id":"crowd-{}","events":[{}]}}"#, n % 400, events.join(","));
                client.send("POST", &path, body.as_bytes()).await?;
            }
            Fails::Ok(())
        })
    };
    let mut watcher = Client::open(b.server.lan, &b.cookie).await?;
    let mut frames = watcher.begin("GET", "/api/live", b"").await?.into_body();
    let mut public = Client::open(b.server.public, "").await?;
    let (leads, views) = (format!("/leads/adf?key={}", b.server.key), format!("/collect?key={}", b.server.key));
    let mut took = Vec::new();
    for n in 0..MEASURED {
        // A lead ties the browser to a person with an open card; the next look of that browser refreshes the card.
        let browser = format!("road-{n}");
        public.send("POST", &views, look(&browser).as_bytes()).await?;
        let adf = format!(
            "<adf><prospect><id source=\"bench\">{browser}</id><vehicle><stock>24117</stock></vehicle><customer><contact><name part=\"full\">Road {n}</name><email>{browser}@example.com</email></contact><id source=\"ga\">{browser}</id></customer><provider><name>Bench</name></provider></prospect></adf>"
        );
        let begun = Instant::now();
        public.send("POST", &leads, adf.as_bytes()).await?;
        loop {
            let Some(frame) = frames.frame().await else { return Err("the stream ended".into()) };
            let frame = frame?;
            let text = frame.data_ref().map(|d| String::from_utf8_lossy(d).into_owned()).unwrap_or_default();
            if text.contains("\"kind\":\"alert\"") {
                took.push(begun.elapsed());
                break;
            }
            if begun.elapsed() > Duration::from_secs(10) {
                return Err("no card came within ten seconds".into());
            }
        }
    }
    load.abort();
    listeners.abort_all();
    let (p50, p99) = spread(took);
    let goal = |commit: Duration, more: f64| ms(commit) * 2.0 + more;
    Ok(vec![
        line("one synced commit in this run", "", format!("p50 {:.2}, p99 {:.2} ms", ms(commit_p50), ms(commit_p99))),
        line("lead on the wire to card frame, p50", &format!("< {:.1} ms", goal(commit_p50, 3.0)), format!("{:.2} ms", ms(p50))),
        line("lead on the wire to card frame, p99", &format!("< {:.1} ms", goal(commit_p99, 15.0)), format!("{:.2} ms", ms(p99))),
        line("frames to 200 listeners meanwhile", "", format!("{} bytes", heard.load(Ordering::Relaxed))),
    ])
}

async fn start(b: &mut Bench) -> Fails<Vec<Line>> {
    let mut lines = Vec::new();
    for (what, goal, cleanly) in [("start to first search after a clean stop", "< 0.5 s", true), ("… after kill -9", "< 1 s", false)] {
        let mut took = Vec::new();
        for _ in 0..5 {
            b.server.stop(cleanly)?;
            let begun = Instant::now();
            b.server = Server::start(&b.data, &b.scale)?;
            Client::open(b.server.lan, &b.cookie).await?.json("/api/search?q=dana").await?;
            took.push(begun.elapsed());
        }
        let (p50, _) = spread(took);
        lines.push(line(what, goal, format!("{:.2} s", p50.as_secs_f64())));
    }
    Ok(lines)
}

fn sizes() -> Fails<Vec<Line>> {
    #[expect(clippy::cast_precision_loss, reason = "a size")]
    let mb = |bytes: u64| bytes as f64 / 1e6;
    let program = std::fs::metadata(binary())?.len();
    Ok(vec![line("binary", "< 30 MB", format!("{:.1} MB", mb(program)))])
}
