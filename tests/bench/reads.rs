//! What staff read all day: the one box, and a customer's page.

use super::{
    Bench,
    asked::{KINDS, RECALL_AT, SLIPS},
    client::Fails,
    figures::{Line, line, p50_p99},
};
use headlight::search::Kind;
use std::time::{Duration, Instant};

pub(crate) async fn search(b: &mut Bench) -> Fails<Vec<Line>> {
    let mut client = b.client().await?;
    // What was just changed is indexed before anything is measured.
    client.json("/api/search?q=dana").await?;
    let (mut wire, mut engine) = (Vec::new(), Vec::new());
    let mut by_kind = vec![(Vec::new(), 0.0, 0_u32); KINDS.len()];
    for query in &b.asked.queries {
        let path = format!("/api/search?limit={RECALL_AT}&q={}", escaped(&query.text));
        let begun = Instant::now();
        let answer = client.json(&path).await?;
        wire.push(begun.elapsed());
        let took = Duration::from_micros(answer["took_us"].as_u64().unwrap_or(u64::MAX));
        engine.push(took);
        let hits: Vec<(Kind, u64)> = answer["hits"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|h| Some((if h["kind"] == "customer" { Kind::Customer } else { Kind::Vehicle }, h["id"].as_u64()?)))
            .collect();
        let (times, recall, asked) = &mut by_kind[query.kind];
        times.push(took);
        *recall += b.asked.recall(query, &hits);
        *asked += 1;
    }
    let all: f64 = by_kind.iter().map(|(_, recall, _)| recall).sum();
    let count = b.asked.queries.len();
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let recall = all / count.max(1) as f64;
    let mut lines = vec![
        line(&format!("search in the engine, {count} queries"), "p99 < 2 ms", p50_p99(engine)),
        line("search over HTTP", "p99 < 5 ms", p50_p99(wire)),
        line("recall@10 against the whole store", ">= 0.97", format!("{recall:.4}")),
    ];
    for (name, (times, recall, asked)) in KINDS.iter().zip(by_kind) {
        let got = format!("{}, recall {:.3}", p50_p99(times), recall / f64::from(asked.max(1)));
        let goal = if SLIPS.contains(name) { "recall >= 0.95" } else { "recall >= 0.99" };
        lines.push(line(&format!("… {name}"), goal, got));
    }
    lines.push(line("memory after searching", "< 350 MB", b.server.resident()?));
    Ok(lines)
}

fn escaped(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Customers from all over the store, each read once: the page's first request, and the first rows of its story.
pub(crate) async fn customer_page(b: &mut Bench) -> Fails<Vec<Line>> {
    const PAGES: usize = 4_000;
    let mut client = b.client().await?;
    let (mut pages, mut stories) = (Vec::new(), Vec::new());
    for id in b.asked.some_customers(PAGES) {
        let begun = Instant::now();
        client.send("GET", &format!("/api/customers/{id}"), b"").await?;
        pages.push(begun.elapsed());
        let begun = Instant::now();
        client.send("GET", &format!("/api/customers/{id}/story?limit=50"), b"").await?;
        stories.push(begun.elapsed());
    }
    let floor = {
        let mut took = Vec::new();
        for _ in 0..PAGES {
            let begun = Instant::now();
            client.send("GET", "/healthz", b"").await?;
            took.push(begun.elapsed());
        }
        took
    };
    Ok(vec![
        line("customer page data over HTTP", "p99 < 2 ms", p50_p99(pages)),
        line("first 50 rows of the story over HTTP", "", p50_p99(stories)),
        line("the least a request takes here (/healthz)", "", p50_p99(floor)),
    ])
}
