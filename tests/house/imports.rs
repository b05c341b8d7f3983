//! Does a file come in whole, whatever cuts its way? The store is the real one, opened again as after a crash.

use crate::support::{Fails, Failure, Rooftop, send};
use headlight::{
    app::House,
    clock::Clock,
    config::Config,
    domain::{
        customer::Customer,
        edit::Edit,
        event::Event,
        ids::{ImportId, StaffId},
        import_run::{HeldBack, ImportCounts, ImportKind, ImportRun, ImportState, RowTakenBack},
        staff::Role,
        time::At,
    },
    service::{Rooms, edits, imports, notes, reads, seen::Asked, views::Me},
    store::{Rows, Span, StoreError, tables},
};
use std::{future::Future, net::SocketAddr, path::Path, time::Duration};
use tokio::sync::watch;

const ME: Me = Me { staff: StaffId(1), role: Role::Manager };
const MORNING: At = At(1_790_000_000_000);

/// Twelve batches of people, one of them without a name, some of them twice.
fn people() -> Vec<u8> {
    let rows = (0..4_800).map(|n| match n % 100 {
        7 => format!("{n},,,\n"),
        8 => format!("{},Wren,Again{},{}@example.com\n", n - 8, n - 8, n - 8),
        _ => format!("{n},Wren,Again{n},{n}@example.com\n"),
    });
    format!("customer number,first name,last name,email\n{}", rows.collect::<String>()).into_bytes()
}

fn config() -> Config {
    let mut config = Config::default();
    config.lan.addr = SocketAddr::from(([127, 0, 0, 1], 0));
    config.public.addr = SocketAddr::from(([127, 0, 0, 1], 0));
    config
}

fn open(data: &Path) -> Result<House, Failure> {
    Ok(House::open(data, &config(), Clock::standing_at(MORNING))?)
}

fn batches(house: &House) -> Result<usize, StoreError> {
    let entries = house.rooms.store.read()?.some(tables::JOURNAL, &Span::all(), usize::MAX)?;
    Ok(entries.iter().filter(|(_, entry)| matches!(entry.event, Event::Imported { .. })).count())
}

/// Lets the work go on until so many batches are journalled, and no further.
async fn cut_after<T>(house: &House, most: usize, work: impl Future<Output = T>) -> Result<(), Failure> {
    let mut work = Box::pin(work);
    while batches(house)? < most {
        tokio::select! {
            biased;
            _ = &mut work => return Err("the import came to its end before it was cut".into()),
            () = tokio::task::yield_now() => {}
        }
    }
    Ok(())
}

fn run_of(house: &House) -> Result<ImportRun, Failure> {
    Ok(imports::one(&house.rooms.store.read()?, ImportId(1))?.ok_or("an import")?)
}

fn pieces(house: &House) -> Result<usize, StoreError> {
    Ok(house.rooms.store.read()?.keys(tables::IMPORT_FILES, &Span::all(), 100)?.len())
}

/// The counts and everybody who came in.
fn outcome(house: &House) -> Result<(ImportRun, Vec<Customer>), Failure> {
    let customers = house.rooms.store.read()?.some(tables::CUSTOMERS, &Span::all(), usize::MAX)?;
    Ok((run_of(house)?, customers.into_iter().map(|(_, customer)| customer).collect()))
}

/// Brings a file, begins it and carries it to the end of the journal, as the command does.
async fn import(rooms: &Rooms, kind: ImportKind, file: &str, bytes: Vec<u8>) -> Result<(), Failure> {
    let id = imports::bring(rooms, Some(kind), file.to_owned(), bytes, None, MORNING).await??;
    imports::begin(rooms, id, None, MORNING).await??;
    imports::go_on_with_cut(rooms, MORNING).await?;
    Ok(())
}

async fn uncut() -> Result<(ImportRun, Vec<Customer>), Failure> {
    let folder = tempfile::tempdir()?;
    let house = open(&folder.path().join("data"))?;
    import(&house.rooms, ImportKind::Customers, "past.csv", people()).await?;
    house.drain().await?;
    let outcome = outcome(&house)?;
    house.close();
    Ok(outcome)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_cut_goes_on_at_the_next_start_and_ends_as_if_it_had_not_been() -> Fails {
    let uncut = uncut().await?;
    assert_eq!((uncut.0.state, uncut.0.counts.rows, uncut.0.counts.held_back), (ImportState::Done, 4_800, 48));

    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let house = open(&data)?;
    let work = import(&house.rooms, ImportKind::Customers, "past.csv", people());
    cut_after(&house, 1, work).await?;
    house.close();

    // It gets up, goes on, and is cut once more.
    let house = open(&data)?;
    assert_eq!((run_of(&house)?.state, pieces(&house)?), (ImportState::Running, 1));
    cut_after(&house, 7, house.drain()).await?;
    house.close();

    // Then the wheels of a server find it, without anybody asking.
    let house = open(&data)?;
    assert!(batches(&house)? >= 7);
    let (stopper, stop) = watch::channel(false);
    let doors = house.open_doors(&config(), stop).await?;
    let wait = async {
        while run_of(&house)?.state == ImportState::Running {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok::<(), Failure>(())
    };
    tokio::time::timeout(Duration::from_mins(1), wait).await??;
    stopper.send(true)?;
    doors.closed().await;
    assert_eq!((batches(&house)?, pieces(&house)?), (12, 0));
    assert_eq!(outcome(&house)?, uncut);
    house.close();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_file_that_is_read_differently_today_is_given_up_with_a_reason_and_kept() -> Fails {
    let folder = tempfile::tempdir()?;
    let house = open(&folder.path().join("data"))?;
    let work = import(&house.rooms, ImportKind::Customers, "past.csv", people());
    cut_after(&house, 2, work).await?;
    // As if the Headlight before had found another row in it.
    let run = run_of(&house)?;
    let counts = ImportCounts { rows: run.counts.rows + 1, ..run.counts };
    house.rooms.store.write(move |tx| tx.put(tables::IMPORTS, &run.id, &ImportRun { counts, ..run.clone() })).await?;
    house.drain().await?;
    let run = run_of(&house)?;
    let HeldBack { reason, .. } = run.held_back.first().ok_or("a reason")?;
    assert!(reason.contains("Import it again"), "{reason}");
    assert_eq!((run.state, pieces(&house)?), (ImportState::Failed, 0));
    let kept = house.rooms.store.read()?.last(tables::SET_ASIDE, &Span::all(), 2)?;
    assert_eq!(kept.iter().map(|(_, item)| &item.bytes).collect::<Vec<_>>(), [&people()]);
    house.close();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_one_since_the_first_thing_that_happened_not_since_the_file_came() -> Fails {
    let folder = tempfile::tempdir()?;
    let house = open(&folder.path().join("data"))?;
    let people = b"customer number,first name,last name,email\n1,Wren,Early,wren@example.com\n2,Ada,Listed,ada@example.com\n".to_vec();
    import(&house.rooms, ImportKind::Customers, "people.csv", people).await?;
    let deals = b"deal number,customer number,first name,last name,email,sold date,year,make,model,price\n\
                  900,1,Wren,Early,wren@example.com,06/23/2022,2018,Honda,Civic,18500\n\
                  901,1,Wren,Early,wren@example.com,03/02/2024,2021,Honda,Pilot,33900\n"
        .to_vec();
    import(&house.rooms, ImportKind::Deals, "deals.csv", deals).await?;
    house.drain().await?;
    let customers = house.rooms.store.read()?.some(tables::CUSTOMERS, &Span::all(), 9)?;
    let mut since = Vec::new();
    for (id, customer) in customers {
        let page = reads::customer_page(&house.rooms, id, StaffId(1), MORNING)?.ok_or("a page")?;
        since.push((customer.display_name(), page.since_ms.map(|ms| house.rooms.policy.rooftop.zone.local(At(ms)).date().to_string())));
    }
    assert_eq!(since, [("Wren Early".to_owned(), Some("2022-06-23".to_owned())), ("Ada Listed".to_owned(), None)]);
    house.close();
    Ok(())
}

const DEALS: &str = "deal number,customer number,first name,last name,phone,sold date,vin,year,make,model,price,salesperson\n\
    900,1,Wren,Early,207-555-0141,06/23/2022,1HGCM82633A004352,2018,Honda,Civic,18500,\n\
    901,1,Wren,Early,207-555-0141,03/02/2024,5GZCZ43D13S812715,2021,Honda,Pilot,33900,\n\
    902,7,Mia,Stone,207-555-0147,03/02/2024,1M8GDM9AXKP042788,2020,Ford,Escape,21900,\n\
    903,8,Hal,Moss,207-555-0148,05/02/2024,,2020,Ford,F-150,31900,\n\
    ,9,Nobody,Known,207-555-0149,05/02/2024,,2020,Ford,F-150,31900,\n";
const OWNERS: &str =
    "customer number,first name,last name,phone,email\n1,Wren,Early,207-555-0141,wren@example.com\n2,Ada,Listed,207-555-0142,ada@example.com\n";

/// Everything that a screen shows of everybody, and which cars there are.
fn shown(house: &House) -> Result<Vec<String>, Failure> {
    let tx = house.rooms.store.read()?;
    let mut all = Vec::new();
    for (id, customer) in tx.some(tables::CUSTOMERS, &Span::all(), 100)? {
        let page = reads::customer_page(&house.rooms, id, StaffId(1), MORNING)?.ok_or("a page")?;
        let story = reads::story(&house.rooms, id, &reads::StoryQuery { limit: 100, ..reads::StoryQuery::default() }, ME)?.ok_or("a story")?;
        let lines: Vec<_> = story.items.iter().map(|l| (&l.title, &l.detail)).collect();
        all.push(format!("{id} {:?} {:?} {:?} {lines:?}", customer, page.vehicles, page.household));
    }
    for (id, car) in tx.some(tables::VEHICLES, &Span::all(), 100)? {
        all.push(format!("{id} {:?} {:?}", car.vin, car.listing));
    }
    all.extend(tx.some(tables::OWNERS, &Span::all(), 100)?.iter().map(|(_, owner)| format!("{owner:?}")));
    all.extend(tx.some(tables::DEALS, &Span::all(), 100)?.iter().map(|(_, deal)| format!("{:?}", deal.said)));
    Ok(all)
}

async fn take_back(house: &House, id: ImportId) -> Result<ImportRun, Failure> {
    imports::order_back(&house.rooms, id, Asked::without_key(StaffId(1)), MORNING).await??;
    imports::go_on_taking_back(&house.rooms, MORNING).await?;
    imports::one(&house.rooms.store.read()?, id)?.ok_or_else(|| "an import".into())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_says_what_the_run_then_does_and_changes_nothing() -> Fails {
    let folder = tempfile::tempdir()?;
    let house = open(&folder.path().join("data"))?;
    import(&house.rooms, ImportKind::Customers, "people.csv", OWNERS.into()).await?;
    house.drain().await?;
    let before = shown(&house)?;
    let id = imports::bring(&house.rooms, Some(ImportKind::Deals), "deals.csv".to_owned(), DEALS.into(), None, MORNING).await??;
    assert!(imports::rehearse(&house.rooms, id, MORNING).await?);
    assert_eq!(shown(&house)?, before);
    let draft = imports::one(&house.rooms.store.read()?, id)?.ok_or("a draft")?;
    let rehearsed = draft.rehearsed.ok_or("a rehearsal")?;
    assert_eq!((rehearsed.counts.rows, rehearsed.counts.new, rehearsed.counts.held_back), (5, 4, 1));
    assert_eq!(rehearsed.held_back[0].first_line, 6);
    imports::begin(&house.rooms, id, None, MORNING).await??;
    imports::go_on_with_cut(&house.rooms, MORNING).await?;
    house.drain().await?;
    let run = imports::one(&house.rooms.store.read()?, id)?.ok_or("a run")?;
    assert_eq!((run.state, run.counts), (ImportState::Done, rehearsed.counts));
    house.close();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_taken_back_leaves_the_store_as_it_was() -> Fails {
    let folder = tempfile::tempdir()?;
    let house = open(&folder.path().join("data"))?;
    import(&house.rooms, ImportKind::Customers, "people.csv", OWNERS.into()).await?;
    house.drain().await?;
    let before = shown(&house)?;
    import(&house.rooms, ImportKind::Deals, "deals.csv", DEALS.into()).await?;
    house.drain().await?;
    let mut corrected = DEALS.replace("18500", "18900").replace("05/02/2024", "06/02/2024");
    corrected.push_str("904,2,Ada,Listed,207-555-0142,07/02/2024,1M8GDM9AXKP042788,2020,Ford,Escape,20900,\n");
    let between = shown(&house)?;
    import(&house.rooms, ImportKind::Deals, "deals2.csv", corrected.into()).await?;
    house.drain().await?;
    assert_ne!(shown(&house)?, between);
    let second = take_back(&house, ImportId(3)).await?;
    let back = second.taken_back.as_ref().ok_or("taken back")?;
    assert_eq!((second.state, back.kept, back.failed), (ImportState::TakenBack, 0, 0));
    let after = shown(&house)?;
    let differs: Vec<_> = after.iter().filter(|l| !between.contains(l)).chain(between.iter().filter(|l| !after.contains(l))).collect();
    assert!(differs.is_empty(), "{differs:#?}");
    let first = take_back(&house, ImportId(2)).await?;
    assert_eq!(first.taken_back.map(|b| (b.reversed, b.kept, b.failed)), Some((4, 0, 0)));
    let customers: Vec<_> = shown(&house)?.into_iter().take(2).collect();
    assert_eq!(customers, before[..2]);
    assert_eq!(house.rooms.store.read()?.count(tables::CUSTOMERS)?, 2);
    house.close();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_somebody_worked_on_is_kept_and_says_why() -> Fails {
    let folder = tempfile::tempdir()?;
    let house = open(&folder.path().join("data"))?;
    import(&house.rooms, ImportKind::Customers, "people.csv", people()).await?;
    house.drain().await?;
    let rows = house.rooms.store.read()?.count(tables::IMPORT_ROWS)?;
    let ids = house.rooms.store.read()?.keys(tables::CUSTOMERS, &Span::all(), 3)?;
    let (edited, noted) = (ids[0], ids[1]);
    let tag = edits::Change { edit: Edit::Tag { tag: "vip".to_owned(), on: true }, before: None };
    edits::edit(&house.rooms, edited, None, vec![tag], Asked::without_key(StaffId(1)), MORNING).await?.map_err(|_| "an edit")?;
    let note = notes::Written { text: "Called".to_owned(), mentions: vec![], aloud: false };
    notes::add(&house.rooms, noted, StaffId(1), note, None, MORNING).await?.map_err(|_| "a note")?;
    let run = take_back(&house, ImportId(1)).await?;
    let back = run.taken_back.ok_or("taken back")?;
    let held = run.counts.held_back;
    assert_eq!((back.kept, back.failed, back.reversed + back.kept + held), (2, 0, rows));
    let kept = imports::rows_page(&house.rooms.store.read()?, ImportId(1), |r| matches!(r.taken_back, Some(RowTakenBack::Kept { .. })), None, 9)?;
    let why: Vec<String> = kept.into_iter().map(|(line, row)| format!("{line} {:?}", row.taken_back)).collect();
    assert!(why[0].starts_with("2 ") && why[0].contains("by hand") && why[1].contains("worked"), "{why:?}");
    assert_eq!(house.rooms.store.read()?.keys(tables::CUSTOMERS, &Span::all(), 9)?, [edited, noted]);
    house.close();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_held_back_are_given_to_managers_as_they_stand_in_the_file_and_no_cell_of_them_is_run() -> Fails {
    let rooftop = Rooftop::open().await?;
    let auth = format!("Bearer {}", rooftop.token);
    let text = "first name,email\nWren,wren@example.com\n,=HYPERLINK(0)\nAda,ada@example.com,too,much\n";
    let headers = [("authorization", auth.as_str()), ("x-file-name", "roster.csv"), ("content-type", "application/octet-stream")];
    let brought = send(rooftop.lan, "POST", "/api/imports?kind=customers", &headers, text.as_bytes()).await?.json();
    let id = brought["run"]["id"].as_u64().ok_or("an import")?;
    rooftop.drafted(id).await?;
    let sheet = send(rooftop.lan, "GET", &format!("/api/imports/{id}/held-back.csv"), &headers[..1], b"").await?;
    let told = String::from_utf8(sheet.body.to_vec())?;
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0], "\u{feff}first name,email,Line in the file,Why it was held back");
    assert!(lines[1].starts_with(",'=HYPERLINK(0),3,"), "{told}");
    assert!(lines[2].starts_with("Ada,ada@example.com,4,"), "{told}");
    assert!(lines[2].ends_with(",too,much"), "{told}");

    // It waits for somebody: managers see that in the navigation.
    assert_eq!(rooftop.get("/api/me").await?["counts"]["drafts"], 1);
    let cookie = rooftop.sign_in("Priya Nair").await?;
    let refused = send(rooftop.lan, "GET", &format!("/api/imports/{id}/held-back.csv"), &[("cookie", &cookie)], b"").await?;
    assert_eq!(refused.status.as_u16(), 403);
    rooftop.close().await;
    Ok(())
}

const WITH_CARS: &str = "customer number,first name,last name,phone,email,vin,year,make,model\n\
    1,Wren,Early,207-555-0141,wren@example.com,1M8GDM9AXKP042788,2019,Ford,Escape\n\
    2,Ada,Listed,207-555-0142,ada@example.com,2HGFC2F59KH512345,2019,Honda,Civic\n\
    7,Kit,Lowe,207-555-0147,kit@example.com,1HGCM82633A004352,2003,Honda,Accord\n";

/// What each customer drives by their page.
fn cars(house: &House) -> Result<Vec<(String, Option<String>)>, Failure> {
    let customers = house.rooms.store.read()?.some(tables::CUSTOMERS, &Span::all(), 100)?;
    Ok(customers.into_iter().map(|(_, customer)| (customer.name.first.clone(), customer.drives)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_car_that_a_list_of_people_names_is_theirs_until_the_import_is_taken_back() -> Fails {
    let folder = tempfile::tempdir()?;
    let house = open(&folder.path().join("data"))?;
    let lot = "stock,vin,year,make,model,price\n24118,2HGFC2F59KH512345,2019,Honda,Civic,18995\n";
    import(&house.rooms, ImportKind::Inventory, "lot.csv", lot.into()).await?;
    import(&house.rooms, ImportKind::Customers, "people.csv", OWNERS.into()).await?;
    house.drain().await?;
    let before = shown(&house)?;
    let id = imports::bring(&house.rooms, Some(ImportKind::Customers), "crm.csv".to_owned(), WITH_CARS.into(), None, MORNING).await??;
    assert!(imports::rehearse(&house.rooms, id, MORNING).await?);
    let rehearsed = imports::one(&house.rooms.store.read()?, id)?.and_then(|run| run.rehearsed).ok_or("a rehearsal")?;
    assert!(rehearsed.examples[0].facts.contains(&"2019 Ford Escape".to_owned()), "{:?}", rehearsed.examples);
    assert_eq!(shown(&house)?, before);
    imports::begin(&house.rooms, id, None, MORNING).await??;
    imports::go_on_with_cut(&house.rooms, MORNING).await?;
    house.drain().await?;
    // What stands on our lot is nobody's yet.
    let drives = |name: &str, car: Option<&str>| (name.to_owned(), car.map(str::to_owned));
    let named = [drives("Wren", Some("2019 Ford Escape")), drives("Ada", None), drives("Kit", Some("2003 Honda Accord"))];
    assert_eq!(cars(&house)?, named);

    // A visit to the workshop says the same of Wren; what it said goes, and the list still says it.
    let visit = "ro number,open date,customer number,first name,last name,phone,email,vin\n\
        88213,06/02/2026,1,Wren,Early,207-555-0141,wren@example.com,1M8GDM9AXKP042788\n";
    import(&house.rooms, ImportKind::RepairOrders, "crm service.csv", visit.into()).await?;
    house.drain().await?;
    assert_eq!(house.rooms.store.read()?.count(tables::OWNERS)?, 2, "both files speak of one record");
    take_back(&house, ImportId(4)).await?;
    assert_eq!(cars(&house)?, named);

    let run = take_back(&house, id).await?;
    assert_eq!(run.taken_back.map(|b| (b.reversed, b.kept, b.failed)), Some((3, 0, 0)));
    assert_eq!(cars(&house)?, [drives("Wren", None), drives("Ada", None)]);
    assert_eq!(house.rooms.store.read()?.count(tables::OWNERS)?, 0);
    assert_eq!(shown(&house)?[..2], before[..2]);
    house.close();
    Ok(())
}
