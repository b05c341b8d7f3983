//! How long does it take to compare everybody with everybody who could be the same, and what is left for others meanwhile?

use super::{
    Bench,
    client::Fails,
    figures::{Line, line, p50_p99},
};
use std::{
    process::Command,
    time::{Duration, Instant},
};

/// A person who searches while the scan runs, some times a second.
const BETWEEN_SEARCHES: Duration = Duration::from_millis(100);

pub(crate) async fn scan(b: &mut Bench) -> Fails<Vec<Line>> {
    let data = b.data.join("data");
    let begun = Instant::now();
    let scanning = tokio::task::spawn_blocking(move || {
        let ran = Command::new(super::server::binary()).args(["identity", "scan", "--json", "--data"]).arg(&data).output();
        (ran, begun.elapsed())
    });
    let mut client = b.client().await?;
    let mut searches = Vec::new();
    while !scanning.is_finished() {
        let asked = Instant::now();
        client.json("/api/search?q=dana").await?;
        searches.push(asked.elapsed());
        tokio::time::sleep(BETWEEN_SEARCHES).await;
    }
    let (ran, took) = scanning.await?;
    let said: serde_json::Value = serde_json::from_slice(&ran?.stdout)?;
    let number = |name: &str| said[name].as_u64().ok_or_else(|| format!("the scan did not say its {name}"));
    let (records, joined, likely) = (number("records")?, number("pairs_joined")?, number("pairs_likely")?);
    let got = format!("{:.1} s, {joined} pairs joined, {likely} to look at", took.as_secs_f64());
    Ok(vec![
        line(&format!("{records} records compared"), "250,000 in < 60 s", got),
        line("search over HTTP meanwhile", "", p50_p99(searches)),
        line("memory after it", "", b.server.resident()?),
    ])
}
