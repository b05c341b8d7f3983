//! How soon is it there, and how much does it take?

use super::{
    Bench,
    client::{Client, Fails},
    figures::{Line, line, p50_p99, spread},
    server::{Server, binary},
};
use std::{
    ffi::OsStr,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// What the first start did in the background (a new index, the check of an old one) is over after this.
const SETTLES: Duration = Duration::from_secs(3);

pub(crate) async fn memory(b: &mut Bench) -> Fails<Vec<Line>> {
    b.restart(true)?;
    b.client().await?.json("/api/search?q=dana").await?;
    let resident = b.server.resident()?;
    tokio::time::sleep(SETTLES).await;
    let idle = b.server.cpu_percent(Duration::from_secs(10)).await?;
    Ok(vec![line("memory after start", "< 150 MB", resident), line("idle processor", "< 0.5 %", format!("{idle:.2} %"))])
}

/// From starting the process to the first answered search, over a new connection.
pub(crate) async fn to_first_search(b: &mut Bench) -> Fails<Vec<Line>> {
    const TIMES: usize = 5;
    let mut lines = Vec::new();
    for (what, goal, cleanly) in [("start to first search after a clean stop", "< 0.5 s", true), ("… after kill -9", "< 1 s", false)] {
        let (mut took, mut worst) = (Vec::new(), Duration::ZERO);
        for _ in 0..TIMES {
            // Something to recover from: the last writes before the kill.
            let mut public = Client::open(b.server.public, "").await?;
            for n in 0..50 {
                public.send("POST", &format!("/collect?key={}", b.server.key), super::ingest::look(&format!("start-{n}")).as_bytes()).await?;
            }
            b.server.stop(cleanly)?;
            let begun = Instant::now();
            b.server = Server::start(&b.data, &b.scale)?;
            let first = Client::open(b.server.lan, &b.cookie).await?.json("/api/search?q=dana").await?;
            let one = begun.elapsed();
            if first["hits"].as_array().is_none_or(Vec::is_empty) {
                return Err("the first search found nobody".into());
            }
            worst = worst.max(one);
            took.push(one);
        }
        let (p50, _) = spread(took);
        lines.push(line(what, goal, format!("median {:.3}, worst of {TIMES} {:.3} s", p50.as_secs_f64(), worst.as_secs_f64())));
    }
    Ok(lines)
}

/// The index made anew from the records, asked for by the command, while the server serves.
pub(crate) async fn rebuild(b: &mut Bench) -> Fails<Vec<Line>> {
    const BETWEEN_LOOKS: Duration = Duration::from_millis(100);
    let mut client = b.client().await?;
    let mut searches = Vec::new();
    let begun = Instant::now();
    let asked = Command::new(binary()).args(["reindex", "--data"]).arg(b.data.join("data")).output()?;
    if !asked.status.success() {
        return Err(format!("reindex ended with {}: {}", asked.status, String::from_utf8_lossy(&asked.stderr)).into());
    }
    let mut has_begun = false;
    loop {
        let looked = Instant::now();
        let answer = client.json("/api/search?q=dana").await?;
        searches.push(looked.elapsed());
        let is_rebuilding = answer["index"] == "rebuilding";
        if has_begun && !is_rebuilding {
            break;
        }
        has_begun |= is_rebuilding;
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    let took = format!("{:.1} s", begun.elapsed().as_secs_f64());
    Ok(vec![line("search index made anew", "< 60 s", took), line("search over HTTP meanwhile", "", p50_p99(searches))])
}

/// The program, and what a browser has to fetch before it can show the first screen.
pub(crate) async fn sizes(b: &mut Bench) -> Fails<Vec<Line>> {
    let program = std::fs::metadata(binary())?.len();
    let mut client = Client::open(b.server.lan, "").await?;
    let (_, page) = client.send("GET", "/", b"").await?;
    let page = String::from_utf8_lossy(&page).into_owned();
    let mut entry = client.compressed("/").await?;
    for linked in page.split('"').filter(|part| part.starts_with("/assets/")) {
        if matches!(Path::new(linked).extension().and_then(OsStr::to_str), Some("js" | "css")) {
            entry += client.compressed(linked).await?;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "sizes")]
    let (mb, kb) = (program as f64 / 1e6, entry as f64 / 1e3);
    Ok(vec![line("binary", "< 30 MB", format!("{mb:.1} MB")), line("web entry, gzip", "< 90 kB", format!("{kb:.1} kB"))])
}
