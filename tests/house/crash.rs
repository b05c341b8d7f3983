//! Is anything acknowledged ever lost or done twice? A server under load is killed again and again; its senders keep a ledger.

use crate::support::{Answered, Fails, Failure, Serving, run_json, send};
use headlight::{
    app::House,
    clock::Clock,
    config::Config,
    domain::{import_run::ImportKind, time::At},
    search::{CustomerQuery, CustomerSort},
    service::{
        lists,
        operator::{self, Request},
    },
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::SocketAddr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::watch, task::JoinSet};

const WRITERS: usize = 16;
/// Looks in one batch of web events: all of them count, or none.
const LOOKS_A_BATCH: usize = 5;

/// Where the server is reached at the moment, and whether writers go on.
#[derive(Clone, Copy)]
struct Open {
    public: SocketAddr,
    is_over: bool,
}

/// What one writer was told.
#[derive(Default)]
struct Ledger {
    /// The name of each acknowledged lead, with the status of its first acknowledgement.
    leads: Vec<(String, u16)>,
    batches: usize,
    /// Requests without an answer, or put off.
    retries: u64,
    /// Statuses and answers that no sender should see.
    odd: Vec<String>,
}

struct Writer {
    number: usize,
    key: String,
    open: watch::Receiver<Open>,
    ledger: Ledger,
}

impl Writer {
    async fn write(mut self) -> (usize, Ledger) {
        let mut n = 0;
        while !self.open.borrow().is_over {
            n += 1;
            self.send_lead(n).await;
            if n.is_multiple_of(2) {
                self.send_batch(n).await;
            }
        }
        (self.number, self.ledger)
    }

    async fn send_lead(&mut self, n: usize) {
        let name = name_of(self.number * 1_000_000 + n);
        let body = adf(&format!("{}-{n}", self.number), &name);
        let answered = self.until_answered("/leads/adf", &[], &body).await;
        if !matches!(answered.status.as_u16(), 200 | 201) {
            self.ledger.odd.push(format!("lead {n}: {} {}", answered.status, String::from_utf8_lossy(&answered.body)));
            return;
        }
        self.ledger.leads.push((name, answered.status.as_u16()));
        // A sender whose acknowledgement got lost sends again, sometimes to the next life of the server.
        if n.is_multiple_of(5) {
            let again = self.until_answered("/leads/adf", &[], &body).await;
            if again.json()["status"] != "already-received" {
                self.ledger.odd.push(format!("lead {n} again: {} {}", again.status, String::from_utf8_lossy(&again.body)));
            }
        }
    }

    async fn send_batch(&mut self, n: usize) {
        let look = json!({ "name": "asc_item_pageview", "params": { "item_number": stock_of(self.number) } });
        let body = json!({ "client_id": format!("browser-{}-{n}", self.number), "events": vec![look; LOOKS_A_BATCH] }).to_string();
        let key = format!("batch-{:04}-{n:016}", self.number);
        let answered = self.until_answered("/collect", &[("idempotency-key", &key)], &body).await;
        if answered.status.as_u16() == 202 && answered.json()["taken"] == LOOKS_A_BATCH {
            self.ledger.batches += 1;
        } else {
            self.ledger.odd.push(format!("batch {n}: {} {}", answered.status, String::from_utf8_lossy(&answered.body)));
        }
    }

    /// Sends the same bytes until somebody answers for them.
    async fn until_answered(&mut self, path: &str, headers: &[(&str, &str)], body: &str) -> Answered {
        loop {
            let public = self.open.borrow().public;
            let address = format!("{path}?key={}", self.key);
            match send(public, "POST", &address, headers, body.as_bytes()).await {
                Ok(answered) if !matches!(answered.status.as_u16(), 429 | 503) => return answered,
                Ok(_) => tokio::time::sleep(Duration::from_millis(100)).await,
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
            self.ledger.retries += 1;
        }
    }
}

/// A last name of its own for each number.
fn name_of(number: usize) -> String {
    const SYLLABLES: [&str; 10] = ["ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu"];
    let digits = format!("{number:07}");
    let last: String = digits.bytes().map(|digit| SYLLABLES[usize::from(digit - b'0')]).collect();
    format!("Wren X{last}")
}

fn stock_of(writer: usize) -> String {
    format!("4400{writer}")
}

fn adf(id: &str, name: &str) -> String {
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    format!(
        r#"<?xml version="1.0"?><?adf version="1.0"?><adf><prospect><id source="Crash test">{id}</id>
        <vehicle interest="buy" status="used"><year>2021</year><make>Subaru</make><model>Outback</model></vehicle>
        <customer><contact><name part="first">{first}</name><name part="last">{last}</name><email>{}@example.com</email></contact></customer>
        <provider><name>Crash test</name></provider></prospect></adf>"#,
        last.to_lowercase()
    )
}

/// Times of our own making: the seed is printed, so that an unlucky run can be had again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// From the start of the process to the first 200 of /readyz.
async fn start(data: &Path) -> Result<(Serving, SocketAddr, SocketAddr, Duration), Failure> {
    let begun = Instant::now();
    let mut serving = Serving::begin(data)?;
    let (lan, public) = serving.addresses()?;
    while send(lan, "GET", "/readyz", &[], b"").await?.status.as_u16() != 200 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok((serving, lan, public, begun.elapsed()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_under_load_loses_nothing_and_doubles_nothing() -> Fails {
    let kills: usize = if std::env::var_os("HEADLIGHT_SLOW").is_some() { 200 } else { 20 };
    let seed = (u64::from(std::process::id()) << 20) | 1;
    let mut chance = Chance(seed);
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    run_json(&data, &["user", "add", "Sam Rourke", "--role", "manager"])?;
    let token = run_json(&data, &["user", "token", "Sam Rourke"])?["token"].as_str().ok_or("a token")?.to_owned();
    let lot = folder.path().join("lot.csv");
    let rows = (0..WRITERS).map(|writer| format!("{},2022,Honda,CR-V,{}\n", stock_of(writer), 27_000 + writer));
    std::fs::write(&lot, format!("stock,year,make,model,price\n{}", rows.collect::<String>()))?;
    assert_eq!(run_json(&data, &["import", "inventory", &lot.to_string_lossy()])?["imports"][0]["new"], WRITERS);
    let mut keys = Vec::new();
    for writer in 0..WRITERS {
        keys.push(run_json(&data, &["key", "add", &format!("writer {writer}")])?["key"].as_str().ok_or("a key")?.to_owned());
    }

    let (mut serving, _, public, _) = start(&data).await?;
    let (tell, open) = watch::channel(Open { public, is_over: false });
    let mut writers = JoinSet::new();
    for (number, key) in keys.into_iter().enumerate() {
        writers.spawn(Writer { number, key, open: open.clone(), ledger: Ledger::default() }.write());
    }
    let mut starts = Vec::new();
    for kill in 1..=kills {
        tokio::time::sleep(Duration::from_millis(50 + chance.below(500))).await;
        serving.kill()?;
        if kill.is_multiple_of(5) {
            // Once more while it is still getting up.
            let rising = Serving::begin(&data)?;
            tokio::time::sleep(Duration::from_millis(chance.below(120))).await;
            rising.kill()?;
        }
        let (again, _, public, took) = start(&data).await?;
        serving = again;
        starts.push(took);
        tell.send(Open { public, is_over: false })?;
    }
    tell.send_modify(|open| open.is_over = true);
    let mut ledgers = HashMap::new();
    while let Some(ended) = writers.join_next().await {
        let (number, ledger) = ended?;
        ledgers.insert(number, ledger);
    }
    starts.sort();
    let (p50, p99) = (starts[starts.len() / 2], starts[(starts.len() * 99 / 100).min(starts.len() - 1)]);
    let leads: usize = ledgers.values().map(|ledger| ledger.leads.len()).sum();
    let batches: usize = ledgers.values().map(|ledger| ledger.batches).sum();
    let retries: u64 = ledgers.values().map(|ledger| ledger.retries).sum();
    let received_before = ledgers.values().flat_map(|ledger| &ledger.leads).filter(|(_, status)| *status == 200).count();
    eprintln!(
        "{kills} kills (seed {seed}): {leads} leads ({received_before} were in before their answer got out), {batches} batches, {retries} retries"
    );
    eprintln!("from the start of the process to ready: p50 {p50:.1?}, p99 {p99:.1?}");

    // The last kill falls on a server that has work left, and the verdict is the next one's.
    serving.kill()?;
    let (serving, lan, _, _) = start(&data).await?;
    // Lists come from the index, which is behind after such a night, or is built anew: they are whole when it has read everything.
    let whole = format!("ready, {} documents", leads + WRITERS);
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let check = run_json(&data, &["check"])?;
        if check["waiting"] == 0 && check["index"] == whole {
            break;
        }
        assert!(Instant::now() < deadline, "not settled as \"{whole}\": {check}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    the_store_holds(lan, &token, &ledgers).await?;
    assert_eq!(serving.stop()?, Some(0));
    let sound = run_json(&data, &["check"])?;
    assert_eq!((&sound["damaged"], &sound["waiting"], &sound["set_aside"]), (&json!([]), &json!(0), &json!(0)), "{sound}");
    assert!(leads > 3 * kills, "a load that is none proves nothing: {leads} leads");
    Ok(())
}

/// Compares what the ledgers say with what the screens show.
async fn the_store_holds(lan: SocketAddr, token: &str, ledgers: &HashMap<usize, Ledger>) -> Fails {
    let odd: Vec<&String> = ledgers.values().flat_map(|ledger| &ledger.odd).collect();
    assert!(odd.is_empty(), "{odd:#?}");
    let mut shown: HashMap<String, Vec<u64>> = HashMap::new();
    let mut after = String::new();
    loop {
        let page = get(lan, token, &format!("/api/customers?view=all&sort=name&limit=200&after={after}")).await?;
        for row in page["items"].as_array().into_iter().flatten() {
            let (Some(name), Some(id)) = (row["name"].as_str(), row["id"].as_u64()) else {
                return Err(format!("a customer without a name: {row}").into());
            };
            shown.entry(name.to_owned()).or_default().push(id);
        }
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    let mut ids = Vec::new();
    for (name, _) in ledgers.values().flat_map(|ledger| &ledger.leads) {
        match shown.remove(name).as_deref() {
            Some([id]) => ids.push(*id),
            Some(several) => return Err(format!("{name} is shown {} times: {several:?}", several.len()).into()),
            None => return Err(format!("{name} was acknowledged and is lost").into()),
        }
    }
    assert!(shown.is_empty(), "nobody sent {:?}", shown.keys().take(5));

    let (ids, token) = (Arc::new(ids), Arc::<str>::from(token));
    let mut readers = JoinSet::new();
    for reader in 0..WRITERS {
        let (ids, token) = (Arc::clone(&ids), Arc::clone(&token));
        readers.spawn(async move {
            for id in ids.iter().skip(reader).step_by(WRITERS) {
                let story = get(lan, &token, &format!("/api/customers/{id}/story")).await.map_err(|e| e.to_string())?;
                let lines: Vec<&str> = story["items"].as_array().into_iter().flatten().filter_map(|line| line["title"].as_str()).collect();
                // By the clock on the wall the store may be closed; then it answers by itself, once.
                let own = lines.iter().filter(|line| **line == "Answered by itself; waiting to leave").count();
                let asked = lines.iter().filter(|line| **line == "Asked about the 2021 Outback, from Crash test").count();
                if (asked, lines.len()) != (1, 1 + own) || own > 1 {
                    return Err(format!("customer {id} has the story {lines:?}"));
                }
            }
            Ok(())
        });
    }
    while let Some(read) = readers.join_next().await {
        read??;
    }

    let lot = get(lan, &token, "/api/vehicles?limit=200").await?;
    let looks: HashMap<&str, usize> = lot["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|car| Some((car["stock"].as_str()?, usize::try_from(car["looks_7d"].as_u64()?).ok()?)))
        .collect();
    for (writer, ledger) in ledgers {
        assert_eq!(looks.get(stock_of(*writer).as_str()), Some(&(ledger.batches * LOOKS_A_BATCH)), "looks at the car of writer {writer}");
    }
    Ok(())
}

async fn get(lan: SocketAddr, token: &str, path: &str) -> Result<Value, Failure> {
    let answered = send(lan, "GET", path, &[("authorization", &format!("Bearer {token}"))], b"").await?;
    match answered.status.as_u16() {
        200 => Ok(answered.json()),
        status => Err(format!("GET {path} answered {status}: {}", String::from_utf8_lossy(&answered.body)).into()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_that_the_index_has_not_read_is_found_all_the_same() -> Fails {
    const CUSTOMERS: u64 = 1_300;
    let folder = tempfile::tempdir()?;
    let house = House::open(&folder.path().join("data"), &Config::default(), Clock::standing_at(At(1_790_000_000_000)))?;
    let rows = (0..CUSTOMERS).map(|n| format!("{n},Wren,Backlog,{n}@example.com"));
    let rows: Vec<String> = rows.collect();
    let bytes = format!("customer number,first name,last name,email\n{}\n", rows.join("\n")).into_bytes();
    let request = Request::Import { kind: Some(ImportKind::Customers), rehearse: false, file: "past.csv".to_owned(), bytes };
    operator::perform(&house.rooms, request, house.clock.now()).await?.map_err(|refusal| refusal.0)?;
    // The wheels stand still, so nobody else brings the index after the store.
    house.drain().await?;
    let wanted = CustomerQuery { sort: CustomerSort::Name, limit: 50, ..CustomerQuery::default() };
    assert_eq!(lists::customers(&house.rooms, &wanted)?.total, CUSTOMERS);
    house.close();
    Ok(())
}
