//! Does the search of the whole base find who is there twice though nothing exact says so, explain it, and go on where it was cut?

use crate::support::{Fails, Failure, Rooftop, Serving, run, run_json, send};
use headlight::{
    app::House,
    clock::Clock,
    config::Config,
    domain::{
        customer::Customer,
        event::Event,
        ids::{ImportId, PartId, StaffId},
        import_run::ImportKind,
        merge::Decision,
        time::{At, DAY_MS},
    },
    service::{
        duplicates::{self, Turned},
        imports,
        operator::{self, Request},
        replay,
        seen::Asked,
    },
    store::{Rows, Span, Store, backend::Backend, seal::MasterKey, tables},
};
use hyper::StatusCode;
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::Path, time::Duration};

const MORNING: At = At(1_790_000_000_000);

/// Dana stands in the file twice, the second time typed with a slip in everything; of the two Wrens nobody can tell.
const HEADER: &str = "customer number,first name,last name,phone,email,address,city,state,zip,birth date\n";
const TYPED: &str = "1,Danielle,Abernathy,207-555-0148,,84 Stevens Avenue,Portland,ME,04102,1956-04-09\n\
    2,Danielle,Abernathie,207-555-0184,,84 Stevans Avenue,Portland,ME,04102,1956-09-04\n\
    3,Wren,Okafor,207-555-0160,,,Portland,ME,04103,1971-03-12\n\
    4,Wren,Okafor,,wren@example.com,,Portland,ME,04103,\n\
    5,Sam,Lee,207-555-0150,sam@example.com,12 Elm Street,Gray,ME,04039,\n";

async fn bring(rooms: &headlight::service::Rooms, rows: &str, now: At) -> Fails {
    let bytes = format!("{HEADER}{rows}").into_bytes();
    let request = Request::Import { kind: Some(ImportKind::Customers), rehearse: false, file: "people.csv".to_owned(), bytes };
    operator::perform(rooms, request, now).await?.map_err(|refusal| refusal.0)?;
    Ok(())
}

fn open(data: &Path) -> Result<House, Failure> {
    Ok(House::open(data, &Config::default(), Clock::standing_at(MORNING))?)
}

/// A house without doors: no wheel turns by itself.
async fn with(data: &Path, rows: &str) -> Result<House, Failure> {
    let house = open(data)?;
    bring(&house.rooms, rows, MORNING).await?;
    house.drain().await?;
    Ok(house)
}

async fn scan(house: &House, now: At) -> Result<duplicates::Ended, Failure> {
    duplicates::ask(&house.rooms, now).await?;
    Ok(duplicates::run(&house.rooms, now).await?.ok_or("a scan")?)
}

fn customers(house: &House) -> Result<Vec<Customer>, Failure> {
    let all = house.rooms.store.read()?.some(tables::CUSTOMERS, &Span::all(), usize::MAX)?;
    Ok(all.into_iter().map(|(_, customer)| customer).collect())
}

fn joined(house: &House) -> Result<Vec<Vec<PartId>>, Failure> {
    Ok(customers(house)?.into_iter().map(|c| c.parts).filter(|parts| !parts.is_empty()).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_double_is_joined_and_explained_and_a_doubtful_one_is_listed() -> Fails {
    let rooftop = Rooftop::open().await?;
    let now = rooftop.clock.now();
    bring(&rooftop.house.rooms, TYPED, now).await?;
    rooftop.settled().await?;
    assert_eq!(joined(&rooftop.house)?, Vec::<Vec<PartId>>::new(), "filing meets by exact keys only");
    let asked = rooftop.post("/api/duplicates/scan", &json!({})).await?;
    assert_eq!((asked.status, &asked.json()["is_running"]), (StatusCode::ACCEPTED, &json!(true)));
    let list = tokio::time::timeout(Duration::from_secs(30), async {
        loop {
            let list = rooftop.get("/api/duplicates").await?;
            if list["scan"]["is_running"] == false {
                return Ok::<Value, Failure>(list);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await??;
    assert_eq!(
        (&list["scan"]["joined"], &list["scan"]["likely"], &list["scan"]["of"], &list["total"]),
        (&json!(1), &json!(1), &json!(5), &json!(1)),
        "{list}"
    );
    let pair = &list["items"][0];
    let compared = |text: &str, is_shared: bool| json!({ "text": text, "is_shared": is_shared });
    assert_eq!((&pair["one"]["name"], &pair["other"]["name"]), (&compared("Wren Okafor", true), &compared("Wren Okafor", true)));
    assert_eq!((&pair["one"]["birth_year"], &pair["one"]["phones"]), (&compared("1971", false), &json!([compared("(207) 555-0160", false)])));
    assert!(pair["why"].as_array().is_some_and(|why| why.contains(&json!("same name"))), "{pair}");
    assert!(pair["probability_bps"].as_i64().is_some_and(|p| (3_000..9_000).contains(&p)), "{pair}");

    let page = rooftop.get("/api/customers/1").await?;
    let merge = &page["merges"][0];
    assert_eq!((&merge["folded"], &merge["by"], &merge["undone_ms"]), (&json!(2), &Value::Null, &Value::Null), "{page}");
    let why: Vec<&str> = merge["why"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(why.contains(&"phone with a slip") && why.contains(&"name with a slip"), "{why:?}");
    assert!(merge["probability_bps"].as_i64() > Some(9_000), "{merge}");

    // Taken apart by hand they stay apart, however alike they look.
    let apart = rooftop.post(&format!("/api/merges/{}/undo", merge["id"]), &json!({})).await?;
    assert_eq!(apart.status, StatusCode::OK, "{}", apart.json());
    duplicates::ask(&rooftop.house.rooms, now).await?;
    while duplicates::standing(&rooftop.house.rooms.store.read()?)?.under_way.is_some()
        || duplicates::standing(&rooftop.house.rooms.store.read()?)?.asked.is_some()
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(joined(&rooftop.house)?, Vec::<Vec<PartId>>::new());
    assert_eq!(rooftop.get("/api/duplicates").await?["total"], 1, "and nobody is asked about them again");

    // Two people; and a hand that slipped is taken back.
    let total = async || -> Result<Value, Failure> { Ok(rooftop.get("/api/duplicates").await?["total"].clone()) };
    let wrens = json!({ "other": 4 });
    assert_eq!(rooftop.post("/api/customers/3/apart", &wrens).await?.status, StatusCode::OK);
    assert_eq!(total().await?, 0);
    assert_eq!(rooftop.post("/api/customers/3/apart/undo", &wrens).await?.status, StatusCode::NO_CONTENT);
    assert_eq!(total().await?, 1);

    let rep = rooftop.sign_in("Priya Nair").await?;
    let refused = send(rooftop.lan, "GET", "/api/duplicates", &[("cookie", &rep)], b"").await?;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_search_joined_stays_joined_when_more_is_heard_of_it() -> Fails {
    let folder = tempfile::tempdir()?;
    let house = with(&folder.path().join("data"), TYPED).await?;
    scan(&house, MORNING).await?;
    assert_eq!(joined(&house)?, [[PartId(1), PartId(2)]]);
    let later = MORNING.plus_ms(DAY_MS);
    let more = "2,Danielle,Abernathie,207-555-0184,danielle@example.com,84 Stevans Avenue,Portland,ME,04102,1956-09-04\n";
    bring(&house.rooms, more, later).await?;
    house.drain().await?;
    let dana = customers(&house)?.into_iter().find(|c| c.parts.len() == 2).ok_or("they were parted")?;
    assert_eq!(dana.emails.len(), 1, "what came later is shown with the rest");
    // Found once, it is no news the next night.
    let entries = |house: &House| -> Result<usize, Failure> {
        let all = house.rooms.store.read()?.some(tables::JOURNAL, &Span::all(), usize::MAX)?;
        Ok(all.iter().filter(|(_, e)| matches!(e.event, Event::Resolved { .. })).count())
    };
    let before = entries(&house)?;
    let again = scan(&house, later).await?;
    assert_eq!((entries(&house)?, again.found), (before, duplicates::Counts::default()));
    house.close();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_on_the_list_and_is_a_stranger_by_now_is_taken_off_it() -> Fails {
    let folder = tempfile::tempdir()?;
    let house = with(&folder.path().join("data"), TYPED).await?;
    scan(&house, MORNING).await?;
    let waiting = |house: &House| -> Result<u64, Failure> { Ok(house.rooms.store.read()?.count(tables::LIKELY_FIRST)?) };
    assert_eq!(waiting(&house)?, 1);
    // The other Wren tells when they were born, and it is another day.
    let told = "4,Wren,Okafor,,wren@example.com,,Portland,ME,04103,1990-12-30\n";
    bring(&house.rooms, told, MORNING).await?;
    house.drain().await?;
    scan(&house, MORNING).await?;
    assert_eq!(waiting(&house)?, 0);
    assert_eq!(house.rooms.store.read()?.count(tables::LIKELY)?, 0);
    house.close();
    Ok(())
}

/// More than one stretch of people, with a typed double of every twentieth.
fn town() -> String {
    const FIRSTS: &[&str] = &["Danielle", "Robert", "Susan", "William", "Ruth", "Charles", "Teresa", "Miguel", "Ingrid", "Otis", "Vera"];
    const LASTS: &[&str] =
        &["Whitfield", "Cole", "Abernathy", "Nair", "Okafor", "Lindqvist", "Barros", "Tanaka", "Moreau", "Petrov", "Hale", "Quist"];
    const STREETS: &[&str] = &["Stevens Avenue", "Harbor Road", "Quarry Lane", "Mill Street", "Birch Terrace", "Union Court", "Spring Hill Drive"];
    let row = |n: u32| {
        let (first, last, street) = (FIRSTS[n as usize % 11], LASTS[n as usize / 11 % 12], STREETS[n as usize / 3 % 7]);
        let (last, house, zip) = (format!("{last}{}", n / 132), n * 7 % 900 + 1, 4_100 + n % 37);
        let born = format!("{}-{:02}-{:02}", 1_940 + n * 13 % 60, n % 12 + 1, n * 5 % 28 + 1);
        let once = format!("{n},{first},{last},{},,{house} {street},Portland,ME,0{zip},{born}\n", 2_075_550_000_u64 + u64::from(n) * 3);
        let again = match n % 40 {
            10 => format!("d{n},{first},{last}s,,,{house} {street}x,Portland,ME,0{zip},{born}\n"),
            30 => format!("d{n},{first},{last},,,,Portland,ME,0{zip},\n"),
            _ => String::new(),
        };
        once + &again
    };
    (0..540).map(row).collect()
}

/// All that a search can change.
macro_rules! state {
    ($tx:expr) => {{
        let tx = $tx;
        let all = Span::all();
        (
            tx.some(tables::CUSTOMERS, &all, usize::MAX)?,
            tx.some(tables::PARTS, &all, usize::MAX)?,
            tx.some(tables::DECISIONS, &all, usize::MAX)?,
            tx.some(tables::LIKELY, &all, usize::MAX)?,
            tx.keys(tables::LIKELY_FIRST, &all, usize::MAX)?,
            tx.some(tables::MERGES, &all, usize::MAX)?,
            tx.get(tables::META, &"weights".to_owned())?,
        )
    }};
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_is_cut_goes_on_where_it_was_and_ends_as_if_it_had_not_been() -> Fails {
    let folder = tempfile::tempdir()?;
    let house = with(&folder.path().join("whole"), &town()).await?;
    let whole = scan(&house, MORNING).await?;
    assert!(whole.found.joined > 3 && whole.found.likely > 3, "{whole:?}");
    let uncut = state!(house.rooms.store.read()?);
    assert!(uncut.6.is_some(), "weights were learnt");
    assert!(uncut.2.iter().any(|(_, d)| *d == Decision::Found));

    // Lived through again, the journal gives the same.
    let entries = house.rooms.store.read()?.some(tables::JOURNAL, &Span::all(), usize::MAX)?;
    let again = Store::open(Backend::File(folder.path().join("again.redb")), &MasterKey::random()?, |_| {})?;
    let policy = house.rooms.policy.clone();
    again.write(move |tx| replay::replay(tx, &policy, &entries)).await?;
    let relived = state!(again.read()?);
    assert!(relived == uncut, "a replay gives another base");
    house.close();

    let data = folder.path().join("cut");
    let house = with(&data, &town()).await?;
    duplicates::ask(&house.rooms, MORNING).await?;
    let compared =
        |house: &House| -> Result<usize, Failure> { Ok(duplicates::standing(&house.rooms.store.read()?)?.under_way.map_or(0, |u| u.done)) };
    while compared(&house)? == 0 {
        assert!(matches!(duplicates::turn(&house.rooms, MORNING).await?, Turned::More));
    }
    let before = compared(&house)?;
    house.close();
    let house = open(&data)?;
    // Nobody need ask again, and what was done is not done again.
    while !matches!(duplicates::turn(&house.rooms, MORNING).await?, Turned::Ended(_)) {
        assert!(compared(&house)? >= before);
    }
    assert_eq!(duplicates::standing(&house.rooms.store.read()?)?.last, Some(whole));
    let cut = state!(house.rooms.store.read()?);
    assert!(cut == uncut, "a search that was cut gives another base");
    house.close();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_begins_by_itself_after_an_import_of_people_and_once_a_night() -> Fails {
    let folder = tempfile::tempdir()?;
    let house = with(&folder.path().join("data"), TYPED).await?;
    let at = |text: &str| At::parse_rfc3339(text).unwrap_or_default();
    let noon = at("2026-11-24T12:00:00-05:00");
    assert!(duplicates::run(&house.rooms, noon).await?.is_some_and(|ended| ended.found.joined == 1));
    assert_eq!(duplicates::run(&house.rooms, noon).await?, None);
    // The same rows again are no news; some more are, also while a search is under way that has read everybody before.
    bring(&house.rooms, TYPED, noon).await?;
    house.drain().await?;
    assert_eq!(duplicates::run(&house.rooms, noon).await?, None);
    duplicates::ask(&house.rooms, noon).await?;
    duplicates::turn(&house.rooms, noon).await?;
    bring(&house.rooms, "9,Samuel,Lee,207-555-0199,,12 Elm St,Gray,ME,04039,\n", noon).await?;
    house.drain().await?;
    assert!(duplicates::run(&house.rooms, noon).await?.is_some_and(|ended| ended.of == 5));
    assert!(duplicates::run(&house.rooms, noon).await?.is_some_and(|ended| ended.of == 6));
    assert_eq!(duplicates::run(&house.rooms, noon).await?, None);
    imports::order_back(&house.rooms, ImportId(3), Asked::without_key(StaffId(1)), noon).await??;
    imports::go_on_taking_back(&house.rooms, noon).await?;
    assert!(duplicates::run(&house.rooms, noon).await?.is_some_and(|ended| ended.of == 5));
    let night = at("2026-11-25T03:00:00-05:00");
    assert!(duplicates::run(&house.rooms, night).await?.is_some());
    assert_eq!(duplicates::run(&house.rooms, night.plus_ms(60_000)).await?, None);
    assert!(duplicates::run(&house.rooms, night.plus_ms(DAY_MS)).await?.is_some());
    house.close();
    Ok(())
}

/// The same parts under the same reasons, whoever came first.
fn clusters(house: &House) -> Result<BTreeSet<BTreeSet<String>>, Failure> {
    let tx = house.rooms.store.read()?;
    let mut all = BTreeSet::new();
    for (_, customer) in tx.some(tables::CUSTOMERS, &Span::all(), usize::MAX)? {
        let mut said = BTreeSet::new();
        for id in &customer.profiles {
            said.extend(tx.get(tables::PROFILES, id)?.and_then(|p| p.number));
        }
        all.insert(said);
    }
    Ok(all)
}

#[tokio::test(flavor = "multi_thread")]
async fn files_in_any_order_and_a_search_give_the_same_customers() -> Fails {
    let rows: Vec<&str> =
        TYPED.lines().chain(["6,Danielle,Abernathy,207-555-0148,danielle@example.com,,,,,", "7,D,Abernathie,207-555-0184,,,,,,1956-04-09"]).collect();
    let folder = tempfile::tempdir()?;
    let mut seen = BTreeSet::new();
    for turn in 0..rows.len() {
        let mut order = rows.clone();
        order.rotate_left(turn);
        if turn % 2 == 1 {
            order.reverse();
        }
        let house = with(&folder.path().join(format!("{turn}")), &format!("{}\n", order.join("\n"))).await?;
        scan(&house, MORNING).await?;
        seen.insert(clusters(&house)?);
        house.close();
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_searches_alone_and_beside_a_running_server() -> Fails {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let file = folder.path().join("people.csv");
    std::fs::write(&file, format!("{HEADER}{TYPED}"))?;
    let file = file.to_str().ok_or("a path")?;
    run_json(&data, &["import", "customers", file])?;
    let alone = run_json(&data, &["identity", "scan"])?;
    let said = |line: &Value| ["records", "pairs_joined", "pairs_likely", "pairs_waiting"].map(|name| line[name].as_u64());
    assert_eq!(said(&alone), [Some(5), Some(1), Some(1), Some(1)], "{alone}");
    let mut serving = Serving::begin(&data)?;
    serving.addresses()?;
    let beside = run(&data, &["identity", "scan"])?;
    assert_eq!((beside.code, beside.out.trim()), (Some(0), "5 records compared; 0 pairs joined, 0 pairs more to look at, 1 pair on the review list"));
    serving.stop()?;
    Ok(())
}
