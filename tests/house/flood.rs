//! Is the store's own side quick while the world leans on the public one? The built program, its real listeners, and every kind of
//! caller that a public address meets, all at once.

use crate::support::{Fails, Failure, Serving, run_json, send};
use http_body_util::{BodyExt, Full};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// What an optimised program keeps on the store's own computer. An unoptimised one seals and thinks ten times more slowly, and shares
/// two cores with the flood and with other tests; where the public side has no turns to wait for, its writes take several seconds.
const STAFF_P99: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1_500 } else { 50 });

const FLOOD: Duration = Duration::from_secs(10);

/// Senders with a key of their own each: a key's budget is soon spent, and what is refused costs less than what is taken.
const KEYS: usize = 8;

/// Connections of each kind, each from a network of its own. Those half open take all that one address is let in with, so that who
/// knocks from there is turned away.
const SHOPPERS: usize = 24;
const BABBLERS: usize = 16;
const STRANGERS: usize = 16;
const LEAD_SENDERS: usize = 16;
const MONSTERS: usize = 4;
const DRIPPERS: usize = 64;
const HALF_OPEN: usize = 128;
const KNOCKERS: usize = 8;

/// How often the flood was answered with what.
#[derive(Clone, Default)]
struct Tally(Arc<Mutex<BTreeMap<(&'static str, u16), u64>>>);

impl Tally {
    fn note(&self, kind: &'static str, status: u16) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry((kind, status)).or_default() += 1;
    }

    fn of(&self, kind: &str, status: u16) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|(of, _)| **of == (kind, status)).map(|(_, n)| n).sum()
    }
}

#[derive(Clone)]
struct Flood {
    public: SocketAddr,
    /// The network it comes from: each has a budget of its own, and none is this machine's.
    network: u8,
    keys: Arc<Vec<String>>,
    tally: Tally,
}

impl Flood {
    /// Posts as fast as answers come, on connections kept for as long as the server keeps them.
    async fn post(self, kind: &'static str, path: &'static str, key: Option<usize>, body: impl Fn(u64) -> Bytes) {
        let key = key.map_or("nobody", |n| self.keys[n % KEYS].as_str()).to_owned();
        let mut n = 0;
        loop {
            // Full, or hung up: the caller tries again, as callers do.
            if self.on_one_connection(kind, &format!("{path}?key={key}"), &mut n, &body).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    async fn on_one_connection(&self, kind: &'static str, path: &str, n: &mut u64, body: &impl Fn(u64) -> Bytes) -> Fails {
        let (mut sender, connection) = http1::handshake(TokioIo::new(self.connect().await?)).await?;
        let _driver = tokio::task::JoinSet::from_iter([connection]);
        loop {
            *n += 1;
            let request = hyper::Request::post(path).header("host", "store.example.com").body(Full::new(body(*n)))?;
            sender.ready().await?;
            let answer = sender.send_request(request).await?;
            self.tally.note(kind, answer.status().as_u16());
            answer.into_body().collect().await?;
        }
    }

    /// Sends the head of a request, and then a byte of its body now and then.
    async fn drip(self) {
        loop {
            let dripped: std::io::Result<()> = async {
                let mut socket = self.connect().await?;
                let head = format!("POST /collect?key={} HTTP/1.1\r\nhost: store.example.com\r\ncontent-length: 60000\r\n\r\n", self.keys[0]);
                socket.write_all(head.as_bytes()).await?;
                loop {
                    socket.write_all(b"{").await?;
                    tokio::time::sleep(Duration::from_millis(150)).await;
                }
            }
            .await;
            self.tally.note("dripping", u16::from(dripped.is_ok()));
        }
    }

    /// Begins a head and never ends it.
    async fn half_open(self) {
        loop {
            if let Ok(mut socket) = self.connect().await {
                let _ = socket.write_all(b"POST /leads/adf HTTP/1.1\r\nhost: sto").await;
                let _ = socket.read(&mut [0; 512]).await;
            }
            self.tally.note("half open", 0);
        }
    }

    /// Comes and goes.
    async fn knock(self) {
        loop {
            if let Ok(mut socket) = self.connect().await {
                let mut told = [0; 64];
                let read = socket.read(&mut told);
                let read = tokio::time::timeout(Duration::from_millis(5), read).await;
                self.tally.note("knocking", if matches!(read, Ok(Ok(n)) if told[..n].starts_with(b"HTTP/1.1 503")) { 503 } else { 0 });
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    async fn connect(&self) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from(([127, 0, self.network, 1], 0)))?;
        socket.connect(self.public).await
    }

    fn from(&self, network: u8) -> Self {
        Self { network, ..self.clone() }
    }

    fn begin(&self, runtime: &tokio::runtime::Runtime) {
        for n in 0..SHOPPERS {
            runtime.spawn(self.from(1).post("looks", "/collect", Some(n), move |turn| looks(&format!("browser-{n}-{}", turn % 50))));
        }
        let babble = Bytes::from("[".repeat(60_000));
        for n in 0..BABBLERS {
            let babble = babble.clone();
            runtime.spawn(self.from(2).post("babble", "/collect", Some(n), move |_| babble.clone()));
        }
        for _ in 0..STRANGERS {
            runtime.spawn(self.from(3).post("no key", "/collect", None, |_| looks("stranger")));
        }
        for n in 0..LEAD_SENDERS {
            runtime.spawn(self.from(4).post("leads", "/leads/adf", Some(n), move |turn| lead(&format!("{n}-{turn}"))));
        }
        // As large as a lead may be, and as deep as one never is. An unoptimised program takes a third of a second to seal as much.
        let monster = Bytes::from("<adf><prospect>".repeat(if cfg!(debug_assertions) { 10_000 } else { 130_000 }));
        for n in 0..MONSTERS {
            let monster = monster.clone();
            runtime.spawn(self.from(5).post("monsters", "/leads/adf", Some(n), move |_| monster.clone()));
        }
        for _ in 0..DRIPPERS {
            runtime.spawn(self.from(6).drip());
        }
        for _ in 0..HALF_OPEN {
            runtime.spawn(self.from(7).half_open());
        }
        for _ in 0..KNOCKERS {
            runtime.spawn(self.from(7).knock());
        }
    }
}

fn looks(client: &str) -> Bytes {
    let look = json!({ "name": "asc_item_pageview", "params": { "item_number": "24117" } });
    json!({ "client_id": client, "events": vec![look; 5] }).to_string().into()
}

fn lead(id: &str) -> Bytes {
    format!(
        r#"<?xml version="1.0"?><?adf version="1.0"?><adf><prospect><id source="Flood">{id}</id>
        <vehicle interest="buy" status="used"><stock>24117</stock></vehicle>
        <customer><contact><name part="first">Wren</name><name part="last">Flood {id}</name><email>wren.{id}@example.com</email></contact></customer>
        <provider><name>Flood</name></provider></prospect></adf>"#
    )
    .into()
}

/// What somebody at a screen does all day, and how long each took.
struct Staff {
    lan: SocketAddr,
    token: String,
    took: BTreeMap<&'static str, Vec<Duration>>,
}

impl Staff {
    async fn ask(&mut self, what: &'static str, method: &str, path: &str, body: &Value) -> Result<Value, Failure> {
        let auth = format!("Bearer {}", self.token);
        let headers = [("authorization", auth.as_str()), ("content-type", "application/json")];
        let begun = Instant::now();
        let answered = send(self.lan, method, path, &headers, body.to_string().as_bytes()).await?;
        self.took.entry(what).or_default().push(begun.elapsed());
        match answered.status.as_u16() {
            200 | 201 => Ok(answered.json()),
            status => Err(format!("{method} {path} answered {status}: {}", String::from_utf8_lossy(&answered.body)).into()),
        }
    }

    async fn work(&mut self, customer: &Value, until: Instant) -> Fails {
        while Instant::now() < until {
            let queue = self.ask("queue", "GET", "/api/alerts?scope=store&limit=50", &Value::Null).await?;
            self.ask("card", "GET", &format!("/api/alerts/{}", queue["items"][0]["id"]), &Value::Null).await?;
            self.ask("customer", "GET", &format!("/api/customers/{customer}"), &Value::Null).await?;
            self.ask("search", "GET", "/api/search?q=whitf", &Value::Null).await?;
            self.ask("note", "POST", &format!("/api/customers/{customer}/notes"), &json!({ "text": "Called, no answer." })).await?;
        }
        Ok(())
    }

    /// The 99th percentile of everything, with each kind's own said aloud.
    fn p99(&self, when: &str) -> Duration {
        let at = |took: &mut Vec<Duration>, share: usize| {
            took.sort();
            took.get(took.len() * share / 100).copied().unwrap_or_default()
        };
        for (what, took) in &self.took {
            let mut took = took.clone();
            eprintln!("{when}, {what}: p50 {:.1?}, p99 {:.1?} of {}", at(&mut took, 50), at(&mut took, 99), took.len());
        }
        let mut all: Vec<Duration> = self.took.values().flatten().copied().collect();
        at(&mut all, 99)
    }
}

#[test]
fn staff_stay_quick_while_the_public_side_is_flooded() -> Fails {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    run_json(&data, &["user", "add", "Sam Rourke", "--role", "manager"])?;
    let token = run_json(&data, &["user", "token", "Sam Rourke"])?["token"].as_str().ok_or("a token")?.to_owned();
    let lot = folder.path().join("lot.csv");
    std::fs::write(&lot, "stock,year,make,model,price\n24117,2022,Honda,CR-V,27650\n")?;
    run_json(&data, &["import", "inventory", &lot.to_string_lossy()])?;
    let mut keys = Vec::new();
    for n in 0..KEYS {
        keys.push(run_json(&data, &["key", "add", &format!("sender {n}")])?["key"].as_str().ok_or("a key")?.to_owned());
    }
    let mut serving = Serving::begin(&data)?;
    let (lan, public) = serving.addresses()?;
    let flood = Flood { public, network: 1, keys: Arc::new(keys), tally: Tally::default() };

    let store = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (calm, flooded) = store.block_on(async {
        let mut staff = Staff { lan, token, took: BTreeMap::new() };
        send(public, "POST", &format!("/leads/adf?key={}", flood.keys[0]), &[], &lead("whitfield")).await?;
        let mut customer = Value::Null;
        while customer.is_null() {
            customer =
                staff.ask("customers", "GET", "/api/customers", &Value::Null).await?["items"].get(0).map(|row| row["id"].clone()).unwrap_or_default();
        }
        staff.took.clear();
        staff.work(&customer, Instant::now() + Duration::from_secs(2)).await?;
        let calm = staff.p99("calm");

        // A machine of its own, as far as one process can be: its work must not be taken for the server's.
        let world = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        flood.begin(&world);
        tokio::time::sleep(Duration::from_millis(500)).await;
        staff.took.clear();
        let worked = staff.work(&customer, Instant::now() + FLOOD).await;
        world.shutdown_background();
        worked?;
        Ok::<_, Failure>((calm, staff.p99("flooded")))
    })?;
    for ((kind, status), n) in flood.tally.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        eprintln!("{kind}: {status} {n} times");
    }
    eprintln!("staff p99 {calm:.1?} in calm, {flooded:.1?} in the flood");
    for (kind, status) in [("looks", 202), ("babble", 400), ("no key", 401), ("no key", 429), ("leads", 201), ("knocking", 503)] {
        assert!(flood.tally.of(kind, status) > 0, "a flood without {kind} answered {status} is none");
    }
    assert!(flooded < STAFF_P99, "p99 of the store's own side in the flood is {flooded:?}");
    assert_eq!(serving.stop()?, Some(0), "and it stops cleanly after it");
    Ok(())
}
