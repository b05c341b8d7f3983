//! What an advisor reads all day: the board of the service drive, and one car on it.

use super::{
    Bench,
    client::Fails,
    figures::{Line, line, p50_p99},
};
use std::time::Instant;

pub(crate) async fn board(b: &mut Bench) -> Fails<Vec<Line>> {
    const READS: usize = 200;
    let mut client = b.client().await?;
    // The first reads the lot and the market for all that follow.
    let shown = client.json("/api/service?day=today").await?;
    let cards = shown["cards"].as_array().map_or(0, Vec::len);
    let visit = shown["cards"].as_array().into_iter().flatten().find_map(|card| card["visit"].as_u64());
    let (mut boards, mut details) = (Vec::new(), Vec::new());
    for _ in 0..READS {
        let begun = Instant::now();
        client.send("GET", "/api/service?day=today", b"").await?;
        boards.push(begun.elapsed());
        if let Some(visit) = visit {
            let begun = Instant::now();
            client.send("GET", &format!("/api/service/visits/{visit}"), b"").await?;
            details.push(begun.elapsed());
        }
    }
    let booked = shown["next"]["booked"].as_u64().unwrap_or_default();
    let mut lines = vec![line(&format!("service drive, {cards} cars and {booked} tomorrow"), "p99 < 20 ms", p50_p99(boards))];
    if visit.is_some() {
        lines.push(line("one car of it, with its equity", "", p50_p99(details)));
    }
    Ok(lines)
}
