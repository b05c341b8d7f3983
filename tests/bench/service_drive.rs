//! What an advisor reads all day: the board of the service drive, and one car on it.

use super::{
    Bench,
    client::{Client, Fails},
    figures::{Line, line, p50_p99},
};
use hyper::StatusCode;
use serde_json::json;
use std::time::Instant;

/// A busy day of a small store.
const CARS: usize = 30;

pub(crate) async fn board(b: &mut Bench) -> Fails<Vec<Line>> {
    const READS: usize = 200;
    // Who checks cars in is an advisor.
    let mut client = Client::open(b.server.lan, &b.server.cookie("Lena Ortiz").await?).await?;
    fill(b, &mut client).await?;
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

/// Checks cars of customers in, until as many are here as on a busy day.
async fn fill(b: &Bench, client: &mut Client) -> Fails {
    const ASKED_MOST: usize = 2_000;
    let here = client.json("/api/service?day=today").await?["cards"].as_array().map_or(0, Vec::len);
    let mut more = CARS.saturating_sub(here);
    for customer in b.asked.some_customers(ASKED_MOST) {
        if more == 0 {
            return Ok(());
        }
        let cars = client.json(&format!("/api/customers/{customer}/equity")).await?;
        let Some(vehicle) = cars["cars"].as_array().and_then(|cars| cars.first()).and_then(|car| car["vehicle_id"].as_u64()) else { continue };
        let arriving = json!({ "customer": customer, "vehicle": vehicle, "work": ["Oil change", "Front brakes"] });
        let (status, answer) = client.send("POST", "/api/service/visits", arriving.to_string().as_bytes()).await?;
        if !status.is_success() && status != StatusCode::CONFLICT {
            return Err(format!("a car was not checked in, {status}: {}", String::from_utf8_lossy(&answer)).into());
        }
        more -= usize::from(status.is_success());
    }
    Err(format!("of {ASKED_MOST} customers too few have a car to fill the service drive").into())
}
