//! How long from a page view on the wire to the frame that changes a card, beside a crowd and many screens?

use super::{
    Bench,
    client::{Client, Fails},
    figures::{Line, line, ms, spread},
    ingest::{bare_group_commit, effects_are_had, look},
};
use http_body_util::BodyExt;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

const LISTENERS: usize = 200;
/// Shoppers whose browser is tied to a lead of theirs, each about to look for the fourth time.
const SHOPPERS: usize = 200;
const CROWD_EVENTS_A_SECOND: u64 = 500;
const CROWD_CONNECTIONS: u64 = 4;
const BETWEEN_SHOPPERS: Duration = Duration::from_millis(100);

/// A frame that says a card changed: when it was on the wire, which card.
type CardFrames = Arc<Mutex<Vec<(Instant, u64)>>>;

pub(crate) async fn view_to_card(b: &mut Bench) -> Fails<Vec<Line>> {
    let folder = b.data.clone();
    let (_, commits) = tokio::task::spawn_blocking(move || bare_group_commit(&folder, 3)).await??;
    let (commit_p50, commit_p99) = spread(commits);
    let shoppers = tied_shoppers(b).await?;
    let heard = Arc::new(AtomicU64::new(0));
    let mut others = tokio::task::JoinSet::new();
    for _ in 1..LISTENERS {
        let (to, cookie, heard) = (b.server.lan, b.cookie.clone(), Arc::clone(&heard));
        others.spawn(async move {
            let mut client = Client::open(to, &cookie).await?;
            let mut body = client.begin("GET", "/api/live", b"").await?.into_body();
            while let Some(frame) = body.frame().await {
                heard.fetch_add(frame?.data_ref().map_or(0, |d| d.len() as u64), Ordering::Relaxed);
            }
            Fails::Ok(())
        });
    }
    for connection in 0..CROWD_CONNECTIONS {
        others.spawn(crowd(b.server.public, b.server.key.clone(), connection));
    }
    let frames = CardFrames::default();
    others.spawn(listen(b.server.lan, b.cookie.clone(), Arc::clone(&frames)));
    // Streams open and the crowd is at its pace.
    tokio::time::sleep(Duration::from_secs(2)).await;

    let mut public = Client::open(b.server.public, "").await?;
    let views = format!("/collect?key={}", b.server.key);
    let (mut sent, mut acknowledged) = (Vec::new(), Vec::new());
    for (browser, card) in &shoppers {
        let begun = Instant::now();
        public.send("POST", &views, look(browser).as_bytes()).await?;
        acknowledged.push(begun.elapsed());
        sent.push((begun, *card));
        tokio::time::sleep(BETWEEN_SHOPPERS).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    others.abort_all();

    let frames = frames.lock().map_err(|_| "the listener failed")?.clone();
    let after = |begun: Instant, card: u64| frames.iter().find(|(at, id)| *id == card && *at >= begun).map(|(at, _)| *at - begun);
    let took: Vec<Duration> = sent.iter().filter_map(|(begun, card)| after(*begun, *card)).collect();
    if took.len() != sent.len() {
        return Err(format!("{} of {} fourth looks changed no card", sent.len() - took.len(), sent.len()).into());
    }
    let (p50, p99) = spread(took);
    let (ack_p50, ack_p99) = spread(acknowledged);
    let goal = |commit: Duration, more: f64| format!("< {:.1} ms", ms(commit) * 2.0 + more);
    Ok(vec![
        line("one synced commit in this run", "", format!("p50 {:.2}, p99 {:.2} ms", ms(commit_p50), ms(commit_p99))),
        line("page view to card frame, median", &goal(commit_p50, 3.0), format!("{:.2} ms", ms(p50))),
        line("page view to card frame, p99", &goal(commit_p99, 15.0), format!("{:.2} ms", ms(p99))),
        line("… of it until the 202", "", format!("p50 {:.2}, p99 {:.2} ms", ms(ack_p50), ms(ack_p99))),
        line(&format!("frames to {LISTENERS} screens meanwhile"), "", format!("{} bytes", heard.load(Ordering::Relaxed))),
    ])
}

/// Three looks and a lead tie each browser to a person with an open card; the fourth look makes that card say so.
async fn tied_shoppers(b: &Bench) -> Fails<Vec<(String, u64)>> {
    let mut public = Client::open(b.server.public, "").await?;
    let (leads, views) = (format!("/leads/adf?key={}", b.server.key), format!("/collect?key={}", b.server.key));
    // A store that was measured before has the shoppers of that time.
    let run = std::process::id();
    for n in 0..SHOPPERS {
        let browser = format!("road-{run}-{n}");
        for _ in 0..3 {
            public.send("POST", &views, look(&browser).as_bytes()).await?;
        }
        let adf = format!(
            "<adf><prospect><id source=\"bench\">{browser}</id><id source=\"ga\">{browser}</id><vehicle><stock>24117</stock></vehicle><customer><contact><name part=\"full\">Road {browser}</name><email>{browser}@example.com</email></contact></customer><provider><name>Bench</name></provider></prospect></adf>"
        );
        let (status, _) = public.send("POST", &leads, adf.as_bytes()).await?;
        if status.as_u16() != 201 {
            return Err(format!("/leads/adf answered {status}").into());
        }
    }
    effects_are_had(b).await?;
    let mut client = b.client().await?;
    let (mut cards, mut after) = (HashMap::new(), String::new());
    loop {
        let page = client.json(&format!("/api/alerts?state=open&scope=store&limit=200&after={after}")).await?;
        for card in page["items"].as_array().into_iter().flatten() {
            if let (Some(name), Some(id)) = (card["customer"]["name"].as_str(), card["id"].as_u64()) {
                cards.insert(name.to_owned(), id);
            }
        }
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    let of = |n: usize| {
        let browser = format!("road-{run}-{n}");
        let card = cards.get(&format!("Road {browser}")).copied();
        card.map(|id| (browser, id)).ok_or_else(|| format!("the lead of shopper {n} made no card"))
    };
    Ok((0..SHOPPERS).map(of).collect::<Result<_, _>>()?)
}

/// Shoppers that nobody knows, one page view a request, at a steady pace.
async fn crowd(to: std::net::SocketAddr, key: String, connection: u64) -> Fails {
    let mut client = Client::open(to, "").await?;
    let path = format!("/collect?key={key}");
    let mut beat = tokio::time::interval(Duration::from_micros(1_000_000 * CROWD_CONNECTIONS / CROWD_EVENTS_A_SECOND));
    for n in 0_u64.. {
        beat.tick().await;
        client.send("POST", &path, look(&format!("crowd-{connection}-{}", n % 100)).as_bytes()).await?;
    }
    Ok(())
}

async fn listen(to: std::net::SocketAddr, cookie: String, frames: CardFrames) -> Fails {
    let mut client = Client::open(to, &cookie).await?;
    let mut body = client.begin("GET", "/api/live", b"").await?.into_body();
    while let Some(frame) = body.frame().await {
        let (now, frame) = (Instant::now(), frame?);
        let text = frame.data_ref().map(|d| String::from_utf8_lossy(d).into_owned()).unwrap_or_default();
        let changes = text.lines().filter_map(|l| l.strip_prefix("data:")).filter_map(|d| serde_json::from_str::<serde_json::Value>(d).ok());
        let cards = changes.filter(|c| c["kind"] == "alert").filter_map(|c| c["id"].as_u64()).map(|id| (now, id));
        if let Ok(mut frames) = frames.lock() {
            frames.extend(cards);
        }
    }
    Ok(())
}
