//! How long does one thought take, and one thought of everybody?

use super::{
    Bench,
    client::Fails,
    figures::{Line, line, ms, spread},
    server::Server,
};
use headlight::{
    app::House,
    clock::Clock,
    config::Config,
    domain::ids::CustomerId,
    service::think,
    store::{Rows, Span, StoreError, tables},
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Thoughts of one transaction; none of them is kept.
const AT_ONCE: usize = 2_000;
/// Customers of a full store, for which the goal is set.
const EVERYBODY: f64 = 250_000.0;

pub(crate) async fn thoughts(b: &mut Bench) -> Fails<Vec<Line>> {
    b.server.stop(true)?;
    let data = b.data.join("data");
    let took = tokio::task::spawn_blocking(move || of_everybody(&data)).await??;
    b.server = Server::start(&b.data, &b.scale)?;
    let all: Duration = took.lively.iter().chain(&took.quiet).sum();
    let each = all.as_secs_f64() / f64::from(u32::try_from(took.lively.len() + took.quiet.len())?);
    let (p50, p99) = spread(took.lively.clone());
    Ok(vec![
        line(
            &format!("one thought of {} with a sign of life", took.lively.len()),
            "p50 < 1 ms",
            format!("p50 {:.3}, p99 {:.3} ms", ms(p50), ms(p99)),
        ),
        line("everybody thought of, by 250,000", "< 60 s", format!("{:.1} s", each * EVERYBODY)),
    ])
}

struct Took {
    /// Of customers who did something in the last 30 days.
    lively: Vec<Duration>,
    quiet: Vec<Duration>,
}

fn of_everybody(data: &Path) -> Fails<Took> {
    const LIVELY_MS: i64 = 30 * 24 * 3_600_000;
    let house = House::open(data, &Config::default(), Clock::Wall).map_err(|e| e.to_string())?;
    let (rooms, now) = (house.rooms.clone(), Clock::Wall.now());
    let everybody: Vec<(CustomerId, bool)> = rooms
        .store
        .read()?
        .some(tables::CUSTOMERS, &Span::all(), usize::MAX)?
        .into_iter()
        .map(|(id, customer)| (id, customer.last_sign.is_some_and(|sign| now.since(sign) < LIVELY_MS)))
        .collect();
    let mut took = Took { lively: vec![], quiet: vec![] };
    for some in everybody.chunks(AT_ONCE) {
        let (policy, mine, (sender, receiver)) = (rooms.policy.clone(), some.to_vec(), std::sync::mpsc::channel());
        let undone = rooms.store.write_blocking(move |tx| {
            for (id, _) in &mine {
                let begun = Instant::now();
                think::think(tx, &policy, *id, now)?;
                let _ = sender.send(begun.elapsed());
            }
            // Nothing of it is kept.
            Err::<(), _>(StoreError::Unavailable("measured".to_owned()))
        });
        if !matches!(undone, Err(StoreError::Unavailable(_))) {
            undone?;
        }
        for ((_, lively), one) in some.iter().zip(receiver.try_iter()) {
            if *lively { took.lively.push(one) } else { took.quiet.push(one) }
        }
    }
    house.close();
    Ok(took)
}
