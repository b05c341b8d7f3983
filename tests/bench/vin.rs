//! How long does it take to say what a VIN says?

use super::{
    Bench,
    client::Fails,
    figures::{Line, line},
};
use headlight::{domain::vin::Vin, engine::cars};
use std::{hint::black_box, time::Instant};

/// Numbers of many makers and years; the serial numbers are ours.
const STEMS: &[&str] = &[
    "2HKRW2H80NH61",
    "4T1BF1FK0GU10",
    "1FTFW1EF0EFA0",
    "1FT8W3BT0GEA0",
    "3GCUYEED0MG25",
    "1GC4YPEY0RF14",
    "WBA3A5C50DF35",
    "JTJBARBZ0F200",
    "5XYZU3LB0HG48",
    "1C6SRFLT0NN42",
    "WMWSX3C50CT40",
    "3KPF34AD0RE82",
    "JN1CV6AP0DM71",
    "3FA6P0RU0KR11",
    "4JGDA5JB0DA16",
    "5YJ3E1EA0KF30",
];
const OF_EACH: usize = 2_000;

pub(crate) async fn decode(_b: &mut Bench) -> Fails<Vec<Line>> {
    let numbered = |stem: &&str| (0..OF_EACH).filter_map(|n| Vin::with_check_digit(&format!("{stem}{n:04}"))).collect::<Vec<_>>();
    let vins: Vec<Vin> = STEMS.iter().flat_map(numbered).collect();
    let begun = Instant::now();
    let first = vins.first().map(cars::decode);
    let unpacked = begun.elapsed();
    let begun = Instant::now();
    let known = vins.iter().filter(|vin| !black_box(cars::decode(vin)).model.is_empty()).count();
    let took = begun.elapsed();
    if first.is_none() || known != vins.len() {
        return Err(format!("{known} of {} numbers were decoded", vins.len()).into());
    }
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let each_us = took.as_secs_f64() * 1e6 / vins.len() as f64;
    Ok(vec![
        line("a VIN decoded", "< 50 µs", format!("{each_us:.1} µs, mean of {}", vins.len())),
        line("the table unpacked, once", "< 30 ms", format!("{:.1} ms", unpacked.as_secs_f64() * 1e3)),
    ])
}
