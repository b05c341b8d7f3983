//! How long does it take to find, of everybody, whom one car suits that has just come?

use super::{
    client::Fails,
    figures::{Line, line, p50_p99},
};
use headlight::{
    domain::{
        ids::{CustomerId, VehicleId},
        money::Cents,
        set_aside::Raw,
        time::{At, DAY_MS},
        vehicle::{CarFacts, Condition, Listing, ListingStatus, Vehicle},
    },
    engine::matching::{Row, columns, traits},
    service::matching,
    store::{Store, backend::Backend, seal::MasterKey, tables},
};
use std::{sync::Arc, time::Instant};

const EVERYBODY: u64 = 250_000;
const BLOCK: u64 = 256;
const TIMES: usize = 40;
const NOW: At = At(20_000 * DAY_MS);

/// Everybody seeks something: far more than any store has. The rows lie sealed in a store, as they do in a house.
pub(crate) fn arrival() -> Fails<Vec<Line>> {
    let memory = Backend::Made(Arc::new(|| Ok(Box::new(redb::backends::InMemoryBackend::new()))));
    let store = Store::open(memory, &MasterKey::from_bytes([7; 32]), |_| {})?;
    store.write_blocking(|tx| {
        for block in 0..EVERYBODY.div_ceil(BLOCK) {
            let customers = block * BLOCK..((block + 1) * BLOCK).min(EVERYBODY);
            let bytes = customers.flat_map(|customer| seeker(customer).packed()).collect();
            tx.put(tables::SEEKERS, &block, &Raw { bytes })?;
        }
        Ok::<(), headlight::store::StoreError>(())
    })?;
    let (mut took, mut suited) = (Vec::with_capacity(TIMES), 0);
    for _ in 0..TIMES {
        let tx = store.read()?;
        let begun = Instant::now();
        suited = matching::suited(&tx, &car(), 60, NOW)?.len();
        took.push(begun.elapsed());
    }
    let tx = store.read()?;
    let all = matching::everybody(&tx)?;
    let scans = (0..TIMES).map(|_| {
        let begun = Instant::now();
        let found = all.suited(&traits::Traits::of(&car()), columns::day_of(NOW) - 60, 50, 60);
        std::hint::black_box(found);
        begun.elapsed()
    });
    let scans = p50_p99(scans.collect());
    Ok(vec![
        line("an arrival against 250,000 who seek a car", "< 100 ms", format!("{}, {suited} told", p50_p99(took))),
        line("  of that the columns alone", "", scans),
    ])
}

/// Somebody who looks at one of forty models, at a price and in years that differ.
fn seeker(customer: u64) -> Row {
    let dice = |salt: u64, sides: u64| (customer.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(salt * 0x1234_5677) >> 33) % sides;
    let small = |salt, sides| u8::try_from(dice(salt, sides)).unwrap_or(0);
    let model = dice(1, 40);
    let low = 80 + u16::try_from(dice(2, 300)).unwrap_or(0);
    Row {
        customer: CustomerId(customer),
        make: traits::key(&format!("Make {}", model / 5)),
        model: traits::key(&format!("Model {model}")),
        price_low: low,
        price_high: low + 60,
        last_day: columns::day_of(NOW) - u16::try_from(dice(3, 60)).unwrap_or(0),
        year_low: 45 + small(4, 6),
        year_high: 52 + small(5, 4),
        body: 1 + small(6, 4),
        drive: small(7, 4),
        color: small(8, 11),
        seats: 0,
    }
}

fn car() -> Vehicle {
    let facts = CarFacts {
        year: Some(2021),
        make: "Make 3".to_owned(),
        model: "Model 17".to_owned(),
        body: "SUV".to_owned(),
        drivetrain: "AWD".to_owned(),
        exterior_color: "White".to_owned(),
        ..CarFacts::default()
    };
    let listing = Listing {
        stock: "24300".to_owned(),
        status: ListingStatus::Available,
        status_since: None,
        price: Some(Cents(2_150_000)),
        prices: vec![],
        cost: None,
        in_stock_since: None,
        first_seen: NOW,
        last_seen: NOW,
        photos: vec![],
        url: None,
        condition: Condition::Used,
        certified: false,
        description: String::new(),
        features: vec![],
        options: String::new(),
        word: None,
    };
    Vehicle { id: VehicleId(1), vin: None, facts, from_vin: CarFacts::default(), listing: Some(listing) }
}
