//! How long does a snapshot of a lot take, read, compared and on disk?

use super::{
    client::Fails,
    figures::{Line, line, ms},
};
use headlight::{
    app::House,
    clock::Clock,
    config::Config,
    domain::{time::At, vin::Vin},
    service::feeds::{self, Brought},
};
use std::{
    fmt::Write,
    time::{Duration, Instant},
};

const CARS: u32 = 2_000;
const TUESDAY: At = At(1_795_531_260_000);

/// A lot in the words of a real feed: some 3 kB a car. Each tenth car costs less than the day before, each fortieth is another one.
fn lot(day: u32) -> String {
    let mut file = String::from(
        "type\tstock\tvin\tyear\tmake\tmodel\ttrim\tbody\tdrivetrain\tmiles\tinternetprice\tdateinstock\tdescription\toptions\tImageList\n",
    );
    for n in 0..CARS {
        let car = if n % 40 == 0 { n + day * CARS } else { n };
        let price = 18_000 + n * 7 - if n % 10 == 1 { day * 250 } else { 0 };
        let vin = Vin::with_check_digit(&format!("2HKRW2H80NH{car:06}")).map(|vin| vin.as_str().to_owned()).unwrap_or_default();
        let photos: Vec<String> = (0..20).map(|p| format!("https://img.example.com/lot/{car}/photo-{p:02}.jpg")).collect();
        let words = "One owner, serviced here from new, with both keys and a clean history. ".repeat(12);
        let options = "Leather Seats|Moonroof|Heated Front Seats|Apple CarPlay|Android Auto|Blind Spot Monitor|Adaptive Cruise Control|Roof Rails";
        let _ = writeln!(
            file,
            "Used\tB{car}\t{vin}\t2022\tHonda\tCR-V\tEX-L\tSUV\tAWD\t{}\t{price}\t10/02/2026\t{words}\t{options}\t{}",
            20_000 + n,
            photos.join("|")
        );
    }
    file
}

pub(crate) async fn snapshots() -> Fails<Vec<Line>> {
    let folder = tempfile::tempdir()?;
    let house = House::open(&folder.path().join("data"), &Config::default(), Clock::standing_at(TUESDAY))?;
    let feed = feeds::named_or_new(&house.rooms, "Website", TUESDAY).await?.map_err(|refusal| format!("{refusal:?}"))?;
    let mut took: Vec<Duration> = Vec::new();
    for day in 0..2 {
        let file = lot(day).into_bytes();
        let begun = Instant::now();
        let brought = feeds::bring(&house.rooms, feed, "lot.txt".to_owned(), file, None, TUESDAY.plus_ms(i64::from(day) * 86_400_000)).await?;
        took.push(begun.elapsed());
        if !matches!(brought, Ok(Brought::Taken { .. })) {
            return Err(format!("the snapshot of day {day} came to {brought:?}").into());
        }
    }
    house.close();
    let said = |n: usize| format!("{:.0} ms", ms(took.get(n).copied().unwrap_or_default()));
    Ok(vec![line("a feed of 2,000 cars, all of them new", "< 1 s", said(0)), line("… the next day: 250 say something new", "< 1 s", said(1))])
}
