//! What a manager reads of the lot: its list, what is wanted in vain, and what one car of it is met with.

use super::{
    Bench,
    client::{Client, Fails},
    figures::{Line, line, p50_p99},
};
use std::time::Instant;

const READS: usize = 100;

pub(crate) async fn pages(b: &mut Bench) -> Fails<Vec<Line>> {
    let mut client = b.client().await?;
    let lot = client.json("/api/vehicles?limit=100").await?;
    let total = lot["total"].as_u64().unwrap_or_default();
    let Some(car) = lot["items"].as_array().and_then(|cars| cars.first()).and_then(|car| car["id"].as_u64()) else {
        return Err("no car stands on the lot".into());
    };
    let wanted = client.json("/api/wanted").await?["items"].as_array().map_or(0, Vec::len);
    Ok(vec![
        line(&format!("the lot, 100 of {total} cars"), "", asked(&mut client, "/api/vehicles?limit=100").await?),
        line("who wants one car of it", "", asked(&mut client, &format!("/api/vehicles/{car}/wanted")).await?),
        line(&format!("what is wanted in vain, {wanted} rows"), "p99 < 100 ms", asked(&mut client, "/api/wanted").await?),
    ])
}

async fn asked(client: &mut Client, path: &str) -> Fails<String> {
    let mut took = Vec::with_capacity(READS);
    for _ in 0..READS {
        let begun = Instant::now();
        client.json(path).await?;
        took.push(begun.elapsed());
    }
    Ok(p50_p99(took))
}
