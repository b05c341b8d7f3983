//! Is damage found before somebody needs the record? A record is spoilt on the disk, and the night goes by.

use crate::support::{Fails, Failure, send};
use headlight::{
    app::{Doors, Folder, House},
    clock::Clock,
    config::Config,
    domain::{staff::Role, time::At},
    service::{
        operator::{self, Request},
        soundness::{self, Finding},
    },
};
use redb::{ReadableTable, TableDefinition};
use std::{net::SocketAddr, path::Path, time::Duration};
use tokio::sync::watch;

fn at(text: &str) -> At {
    At::parse_rfc3339(text).unwrap_or_default()
}

fn config() -> Config {
    let mut config = Config::default();
    config.lan.addr = SocketAddr::from(([127, 0, 0, 1], 0));
    config.public.addr = SocketAddr::from(([127, 0, 0, 1], 0));
    config
}

/// Turns one byte of one sealed record, as a failing disk does.
fn spoil(data: &Path, table: &str) -> Fails {
    let definition = TableDefinition::<&[u8], &[u8]>::new(table);
    let file = redb::Database::open(Folder::new(data).store())?;
    let txn = file.begin_write()?;
    {
        let mut rows = txn.open_table(definition)?;
        let (key, mut value) = rows.first()?.map(|(k, v)| (k.value().to_vec(), v.value().to_vec())).ok_or("a row")?;
        if let Some(byte) = value.last_mut() {
            *byte ^= 1;
        }
        rows.insert(key.as_slice(), value.as_slice())?;
    }
    txn.commit()?;
    Ok(())
}

struct Awake {
    house: House,
    doors: Doors,
    stopper: watch::Sender<bool>,
}

impl Awake {
    async fn at(data: &Path, now: At) -> Result<Self, Failure> {
        let house = House::open(data, &config(), Clock::standing_at(now))?;
        let (stopper, stop) = watch::channel(false);
        let doors = house.open_doors(&config(), stop).await?;
        Ok(Self { house, doors, stopper })
    }

    async fn text(&self, path: &str) -> Result<String, Failure> {
        Ok(String::from_utf8(send(self.doors.lan, "GET", path, &[], b"").await?.body.to_vec())?)
    }

    /// The next finding of the wheel.
    async fn finding(&self, since: At) -> Result<Finding, Failure> {
        let found = async {
            loop {
                match soundness::of(&self.house.rooms)? {
                    Some(finding) if finding.at >= since => return Ok::<_, Failure>(finding),
                    Some(_) | None => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), found).await?
    }

    fn set_aside(&self) -> Result<Vec<String>, Failure> {
        let page = headlight::service::reads::set_aside_page(&self.house.rooms, None, 10)?;
        Ok(page.items.into_iter().map(|item| item.reason).collect())
    }

    async fn sleep(self) -> Fails {
        self.stopper.send(true)?;
        self.doors.closed().await;
        self.house.close();
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_record_is_found_in_the_night_and_shown_to_staff() -> Fails {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let monday = at("2026-11-23T10:00:00-05:00");
    let house = House::open(&data, &config(), Clock::standing_at(monday))?;
    for name in ["Priya Nair", "Jo Lindqvist"] {
        let request = Request::UserAdd { name: name.to_owned(), role: Role::Rep, password_hash: String::new() };
        operator::perform(&house.rooms, request, monday).await?.map_err(|refusal| refusal.0)?;
    }
    house.close();

    // By day nobody looks.
    let awake = Awake::at(&data, at("2026-11-24T11:00:00-05:00")).await?;
    assert!(!soundness::is_due(&awake.house.rooms, awake.house.clock.now())?);
    assert!(awake.text("/metrics").await?.contains("headlight_store_looked_over_seconds 0"));
    // At night, all of it: sound.
    let night = at("2026-11-25T03:00:00-05:00");
    awake.house.clock.advance_ms(night.since(awake.house.clock.now()));
    let finding = awake.finding(night).await?;
    assert!(finding.damaged == 0 && finding.records > 5, "{finding:?}");
    assert!(!soundness::is_due(&awake.house.rooms, night.plus_ms(60_000))?);
    assert_eq!((awake.text("/readyz").await?.as_str(), awake.set_aside()?), ("ready\n", vec![]));
    awake.sleep().await?;

    spoil(&data, "LOGINS")?;

    // The computer was off at night: it is made up for before the store opens.
    let early = at("2026-11-26T08:00:00-05:00");
    let awake = Awake::at(&data, early).await?;
    assert_eq!(awake.finding(early).await?.damaged, 1);
    assert!(awake.text("/readyz").await?.contains("headlight check"));
    let metrics = awake.text("/metrics").await?;
    for line in ["headlight_store_damaged_records 1".to_owned(), format!("headlight_store_looked_over_seconds {}", early.0 / 1_000)] {
        assert!(metrics.contains(&line), "{line} in\n{metrics}");
    }
    let shown = awake.set_aside()?;
    assert!(shown.len() == 1 && shown[0].starts_with("One record is damaged"), "{shown:?}");
    // The same finding is not laid out every morning.
    let night = at("2026-11-27T03:30:00-05:00");
    awake.house.clock.advance_ms(night.since(early));
    awake.finding(night).await?;
    assert_eq!(awake.set_aside()?.len(), 1);
    awake.sleep().await
}
