//! Does a file come in whole, whatever cuts its way? The store is the real one, opened again as after a crash.

use crate::support::{Fails, Failure, Rooftop, send};
use headlight::{
    app::House,
    clock::Clock,
    config::Config,
    domain::{
        customer::Customer,
        event::Event,
        ids::{ImportId, StaffId},
        import_run::{HeldBack, ImportCounts, ImportKind, ImportRun, ImportState},
        time::At,
    },
    service::{Rooms, imports, reads},
    store::{Rows, Span, StoreError, tables},
};
use std::{future::Future, net::SocketAddr, path::Path, time::Duration};
use tokio::sync::watch;

const MORNING: At = At(1_790_000_000_000);

/// Twelve batches of people, one of them without a name, some of them twice.
fn people() -> Vec<u8> {
    let rows = (0..2_400).map(|n| match n % 100 {
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
    assert_eq!((uncut.0.state, uncut.0.counts.rows, uncut.0.counts.held_back), (ImportState::Done, 2_400, 24));

    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let house = open(&data)?;
    let work = import(&house.rooms, ImportKind::Customers, "past.csv", people());
    cut_after(&house, 2, work).await?;
    house.close();

    // It gets up, goes on, and is cut once more.
    let house = open(&data)?;
    assert_eq!((run_of(&house)?.state, pieces(&house)?), (ImportState::Running, 1));
    cut_after(&house, 7, house.drain()).await?;
    house.close();

    // Then the wheels of a server find it, without anybody asking.
    let house = open(&data)?;
    assert!((7..12).contains(&batches(&house)?));
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
