//! How long does Now take to open when very much waits?

use super::{
    Bench,
    client::{Client, Fails},
    figures::{Line, line, p50_p99},
    ingest::effects_are_had,
};
use std::time::Instant;

/// Cards that stand open.
const CARDS: u64 = 5_000;
const TIMES: usize = 300;

pub(crate) async fn open_now(b: &mut Bench) -> Fails<Vec<Line>> {
    let mut client = b.client().await?;
    let path = "/api/alerts?scope=store&limit=50";
    let open = |page: &serde_json::Value| page["total"].as_u64().unwrap_or(0);
    let before = open(&client.json(path).await?);
    let mut public = Client::open(b.server.public, "").await?;
    let (leads, run) = (format!("/leads/adf?key={}", b.server.key), std::process::id());
    for n in before..CARDS {
        let adf = format!(
            "<adf><prospect><id source=\"bench\">{run}-{n}</id><customer><contact><name part=\"full\">Queue {n}</name><email>queue-{run}-{n}@example.com</email></contact></customer><provider><name>Bench</name></provider></prospect></adf>"
        );
        let (status, _) = public.send("POST", &leads, adf.as_bytes()).await?;
        if status.as_u16() != 201 {
            return Err(format!("/leads/adf answered {status}").into());
        }
    }
    effects_are_had(b).await?;
    let cards = open(&client.json(path).await?);
    if cards < CARDS {
        return Err(format!("{cards} of {CARDS} cards stand open").into());
    }
    let mut took = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        client.json(path).await?;
        took.push(begun.elapsed());
    }
    Ok(vec![line(&format!("Now over HTTP with {cards} open cards"), "p99 < 30 ms", p50_p99(took))])
}
