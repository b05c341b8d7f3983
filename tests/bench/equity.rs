//! How long does it take to say how all cars of all customers stand?

use super::{
    Bench,
    client::Fails,
    figures::{Line, line, ms, p50_p99, spread},
    server::Server,
};
use headlight::{
    app::House,
    clock::Clock,
    config::Config,
    service::{market, opportunities},
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

const TURNS: usize = 30;
const LISTED: usize = 500;
const ASKED: usize = 60;
/// The book is built after the start, while the server answers.
const READY: Duration = Duration::from_mins(4);

pub(crate) async fn all_cars(b: &mut Bench) -> Fails<Vec<Line>> {
    b.server.stop(true)?;
    let data = b.data.join("data");
    let mut lines = of_the_book(&data).await?;
    b.server = Server::start(&b.data, &b.scale)?;
    let mut client = b.client().await?;
    let begun = Instant::now();
    loop {
        let list = client.json("/api/opportunities?limit=20").await?;
        if list["is_ready"] == true {
            break;
        }
        if begun.elapsed() > READY {
            return Err("the book of all cars was not built in time".into());
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    lines.push(line("the book of all cars after a start", "", format!("{:.1} s", begun.elapsed().as_secs_f64())));
    let mut took = Vec::with_capacity(ASKED);
    for _ in 0..ASKED {
        let begun = Instant::now();
        client.json("/api/opportunities?limit=20").await?;
        took.push(begun.elapsed());
    }
    lines.push(line("a page of 20 of the list, over HTTP", "", p50_p99(took)));
    Ok(lines)
}

async fn of_the_book(data: &Path) -> Fails<Vec<Line>> {
    let house = House::open(data, &Config::default(), Clock::Wall).map_err(|e| e.to_string())?;
    let (rooms, now) = (house.rooms.clone(), Clock::Wall.now());
    let begun = Instant::now();
    let sales = market::fit(&rooms, now).await?;
    let fitted = begun.elapsed();
    let begun = Instant::now();
    let book = opportunities::build(&rooms, now).await?;
    let built = begun.elapsed();
    let mut took = Vec::with_capacity(TURNS);
    let mut found = 0;
    for _ in 0..TURNS {
        let begun = Instant::now();
        found = book.most_left(now, LISTED).len();
        took.push(begun.elapsed());
    }
    let cars = book.cars();
    house.close();
    let (p50, p99) = spread(took);
    let each = p50.as_secs_f64() * 2.0 * 1e6 / f64::from(u32::try_from(cars.max(1))?);
    Ok(vec![
        line(&format!("equity of {cars} cars anew, the first {found} ranked"), "< 100 ms", format!("p50 {:.1}, p99 {:.1} ms", ms(p50), ms(p99))),
        line("one car of it, on one of two cores", "< 2 µs", format!("{each:.2} µs")),
        line(&format!("the market fitted to {sales} sales"), "", format!("{:.1} s", fitted.as_secs_f64())),
        line("the book of all cars built, alone", "", format!("{:.1} s", built.as_secs_f64())),
    ])
}
