//! A few people and cars that the tests of this room know by name.

use super::{CustomerDoc, Doc, Opened, Search, VehicleDoc};
use crate::domain::{
    consent::ConsentState,
    email::Email,
    ids::{CustomerId, StaffId, VehicleId},
    money::Cents,
    phone::Phone,
    profile::PersonName,
    time::{At, DAY_MS},
    vehicle::{CarFacts, ListingStatus},
    vin::Vin,
};

pub(crate) const STORE: [u8; 16] = [7; 16];

pub(crate) fn person(id: u64, name: &str) -> CustomerDoc {
    CustomerDoc {
        id: CustomerId(id),
        name: PersonName::from_full(name),
        phones: vec![],
        emails: vec![],
        numbers: vec![],
        deals: vec![],
        repair_orders: vec![],
        place: String::new(),
        cars: vec![],
        vins: vec![],
        plates: vec![],
        tags: vec![],
        fields: vec![],
        owner: None,
        score: 0,
        has_card: false,
        consent: [ConsentState::NotGiven; 3],
        last_touch: Some(At(1_790_000_000_000 - i64::try_from(id).unwrap_or(0) * DAY_MS)),
    }
}

pub(crate) fn dana() -> CustomerDoc {
    CustomerDoc {
        phones: Phone::parse("(207) 555-0148").into_iter().collect(),
        emails: Email::parse("dana.w@example.com").into_iter().collect(),
        numbers: vec!["0004711".to_owned()],
        deals: vec!["20417".to_owned()],
        repair_orders: vec!["RO-88213".to_owned()],
        place: "Portland, ME".to_owned(),
        cars: vec!["2018 Honda Civic EX".to_owned()],
        vins: Vin::parse("1HGCM82633A004352").into_iter().collect(),
        plates: vec!["8ABC 123".to_owned()],
        tags: vec!["VIP".to_owned(), "Golf club".to_owned()],
        fields: vec![("hobby".to_owned(), "Sailing".to_owned())],
        owner: Some(StaffId(3)),
        score: 92,
        has_card: true,
        consent: [ConsentState::Allowed, ConsentState::NotGiven, ConsentState::Revoked],
        ..person(1, "Dana Whitfield")
    }
}

pub(crate) fn people() -> Vec<CustomerDoc> {
    vec![
        dana(),
        CustomerDoc { phones: Phone::parse("207 555 0102").into_iter().collect(), ..person(2, "William Smith") },
        person(3, "John Smithson"),
        person(4, "Smith Johnson"),
        CustomerDoc {
            emails: Email::parse("jobrien@example.com").into_iter().collect(),
            owner: Some(StaffId(3)),
            score: 40,
            ..person(5, "Jane O'Brien")
        },
        person(6, "José Núñez"),
        CustomerDoc { place: "Bangor, ME".to_owned(), ..person(7, "Katherine Montgomery") },
        person(8, "Maria van der Berg"),
    ]
}

pub(crate) fn car(id: u64, vin: &str, year: u16, make: &str, model: &str, color: &str) -> VehicleDoc {
    VehicleDoc {
        id: VehicleId(id),
        vin: Vin::parse(vin),
        stock: String::new(),
        plate: String::new(),
        facts: CarFacts { year: Some(year), make: make.to_owned(), model: model.to_owned(), exterior_color: color.to_owned(), ..CarFacts::default() },
        on_lot: false,
        status: None,
        price: None,
        in_stock_since: None,
        updated: At(1_780_000_000_000 + i64::try_from(id).unwrap_or(0)),
    }
}

pub(crate) fn cars() -> Vec<VehicleDoc> {
    let on_lot = |stock: &str, price: i64, days: i64, car: VehicleDoc| VehicleDoc {
        stock: stock.to_owned(),
        on_lot: true,
        status: Some(ListingStatus::Available),
        price: Some(Cents(price)),
        in_stock_since: Some(At(1_790_000_000_000 - days * DAY_MS)),
        ..car
    };
    vec![
        on_lot("24117", 2_765_000, 61, car(1, "5J6RW2H89NA614882", 2022, "Honda", "CR-V", "Blue")),
        on_lot("P24090A", 1_899_500, 12, car(2, "2HGFC2F59KH512345", 2019, "Honda", "Civic", "Aegean Blue")),
        VehicleDoc {
            price: None,
            status: Some(ListingStatus::Recon),
            ..on_lot("24201", 0, 3, car(3, "1FTEW1EP7MFA12345", 2021, "Ford", "F-150", "Red"))
        },
        VehicleDoc { plate: "GX-4471".to_owned(), ..car(4, "2HGFC2F59JH598765", 2018, "Honda", "Civic", "Black") },
        car(5, "1GCUYDED4LZ300001", 2020, "Chevrolet", "Silverado 1500", "White"),
    ]
}

pub(crate) fn all() -> Vec<Doc> {
    people().into_iter().map(Doc::Customer).chain(cars().into_iter().map(Doc::Vehicle)).collect()
}

pub(crate) fn in_memory() -> Search {
    match Search::open(None, STORE, 1, 0, false) {
        Opened::Ready(search, _) | Opened::MustRebuild(search, _) => search,
    }
}

pub(crate) fn rebuild(search: &Search, docs: &[Doc], seq: u64) {
    search.begin_rebuild().unwrap();
    for doc in docs {
        search.add(doc).unwrap();
    }
    search.commit(seq).unwrap();
}

/// The same records, once in the index and once in the overlay: every behaviour must hold in both.
pub(crate) fn both() -> [(&'static str, Search); 2] {
    let on_shelves = in_memory();
    rebuild(&on_shelves, &all(), 1);
    let in_overlay = in_memory();
    for (seq, doc) in (1..).zip(all()) {
        in_overlay.overlay_put(seq, &doc);
    }
    [("on shelves", on_shelves), ("in the overlay", in_overlay)]
}
