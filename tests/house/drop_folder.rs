//! What becomes of files that are put into the drop folder? The wheels of a real house take them; nothing is ever lost there.

use crate::support::{Fails, Failure};
use headlight::{
    app::House,
    clock::Clock,
    config::Config,
    domain::{
        import_run::ImportState,
        time::{At, MINUTE_MS},
    },
    service::{feeds, imports, reads},
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::sync::watch;

const FRAZER: &str = include_str!("../fixtures/imports/customers_frazer.csv");
const OF_OUR_OWN: &str = "first name,email\nWren,wren@example.com\nAda,ada@example.com\n";

/// A minute from now by the computer's clock: what lies there lies still.
fn in_a_minute() -> At {
    Clock::Wall.now().plus_ms(MINUTE_MS)
}

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join("drop"))?;
        Ok(Self { folder })
    }

    fn drop(&self) -> PathBuf {
        self.folder.path().join("drop")
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> Fails {
        Ok(std::fs::write(self.drop().join(name), bytes)?)
    }

    /// What was written beside each file that was put away.
    fn sentences(&self, subfolder: &str) -> Result<BTreeMap<String, String>, Failure> {
        let folder = self.drop().join(subfolder);
        let mut said = BTreeMap::new();
        for name in names(&folder)?.into_iter().filter(|name| Path::new(name).extension().is_none_or(|end| end != "txt")) {
            let sentence = std::fs::read_to_string(folder.join(format!("{name}.txt")))?;
            said.insert(name, sentence);
        }
        Ok(said)
    }

    /// Opens the house and lets its wheels turn until only these lie in the drop folder. The states of its imports, first to last.
    async fn run_until_left(&self, left: &[&str]) -> Result<Vec<(String, ImportState, u64)>, Failure> {
        self.run_until(|| Ok(names(&self.drop())? == left)).await
    }

    /// The same until something is so.
    async fn run_until(&self, is_so: impl Fn() -> Result<bool, Failure>) -> Result<Vec<(String, ImportState, u64)>, Failure> {
        self.with_house(async |house| {
            let settled = async {
                while !is_so()? || runs(house)?.iter().any(|(_, state, _)| *state == ImportState::Running) {
                    tokio::time::sleep(Duration::from_millis(30)).await;
                }
                Ok::<_, Failure>(())
            };
            tokio::time::timeout(Duration::from_mins(1), settled).await??;
            Ok(())
        })
        .await?;
        self.with_house(async |house| runs(house)).await
    }

    /// Does something with the house open and its wheels turning.
    async fn with_house<T>(&self, does: impl AsyncFnOnce(&House) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut config = Config { drop_folder: Some(self.drop()), ..Config::default() };
        config.lan.addr = SocketAddr::from(([127, 0, 0, 1], 0));
        config.public.addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let house = House::open(&self.folder.path().join("data"), &config, Clock::standing_at(in_a_minute()))?;
        let (stopper, stop) = watch::channel(false);
        let doors = house.open_doors(&config, stop).await?;
        let done = does(&house).await;
        stopper.send(true)?;
        doors.closed().await;
        house.close();
        done
    }
}

fn runs(house: &House) -> Result<Vec<(String, ImportState, u64)>, Failure> {
    let runs = imports::page(&house.rooms.store.read()?, None, 50)?;
    Ok(runs.into_iter().rev().map(|run| (run.file, run.state, run.counts.new)).collect())
}

fn names(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    if folder.is_dir() {
        for entry in std::fs::read_dir(folder)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_layout_is_run_and_a_new_one_waits_for_somebody() -> Fails {
    let desk = Desk::new()?;
    desk.put("a frazer.csv", FRAZER)?;
    desk.put("b ours.csv", OF_OUR_OWN)?;
    let runs = desk.run_until_left(&["done"]).await?;
    let expected = [("a frazer.csv".to_owned(), ImportState::Done, 2), ("b ours.csv".to_owned(), ImportState::Draft, 0)];
    assert_eq!(runs, expected);
    let said = desk.sentences("done")?;
    assert!(said["a frazer.csv"].contains("imported as number 1"), "{said:?}");
    assert!(said["b ours.csv"].contains("Its layout is new"), "{said:?}");
    assert_eq!(std::fs::read_to_string(desk.drop().join("done/a frazer.csv"))?, FRAZER, "the file itself is kept");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_under_another_name_change_nothing() -> Fails {
    let desk = Desk::new()?;
    desk.put("monday.csv", FRAZER)?;
    desk.run_until_left(&["done"]).await?;
    desk.put("monday.csv", FRAZER)?;
    desk.put("tuesday.csv", FRAZER)?;
    let runs = desk.run_until_left(&["done"]).await?;
    assert_eq!(runs.len(), 1);
    let said = desk.sentences("done")?;
    assert_eq!(said.keys().collect::<Vec<_>>(), ["2 monday.csv", "monday.csv", "tuesday.csv"], "nothing is written over");
    assert!(said["tuesday.csv"].contains("brought before, as import 1"), "{said:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_refused_with_a_sentence_and_what_is_unfinished_is_left() -> Fails {
    let desk = Desk::new()?;
    desk.put("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
    desk.put("empty.csv", b"")?;
    desk.put("still copied.csv.part", FRAZER)?;
    desk.put(".hidden.csv", FRAZER)?;
    std::fs::create_dir(desk.drop().join("older"))?;
    std::fs::write(desk.folder.path().join("elsewhere.csv"), FRAZER)?;
    std::os::unix::fs::symlink(desk.folder.path().join("elsewhere.csv"), desk.drop().join("link.csv"))?;
    let runs = desk.run_until_left(&[".hidden.csv", "older", "refused", "still copied.csv.part"]).await?;
    assert_eq!(runs, []);
    let said = desk.sentences("refused")?;
    assert_eq!(said.keys().collect::<Vec<_>>(), ["empty.csv", "link.csv", "picture.csv"]);
    assert!(said["link.csv"].contains("links are not followed"), "{said:?}");
    assert_eq!(std::fs::read_to_string(desk.folder.path().join("elsewhere.csv"))?, FRAZER);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_which_too_much_would_be_held_back_waits() -> Fails {
    let desk = Desk::new()?;
    // Rows without anybody.
    let rows = "9,,,,,,,,,,,,,,\n".repeat(10);
    desk.put("frazer.csv", format!("{FRAZER}{rows}"))?;
    let runs = desk.run_until_left(&["done"]).await?;
    assert_eq!(runs, [("frazer.csv".to_owned(), ImportState::Draft, 0)]);
    let said = desk.sentences("done")?;
    assert!(said["frazer.csv"].contains("10 of its 12 rows would be held back"), "{said:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_web_events_is_taken_as_such_and_says_what_came_of_it() -> Fails {
    let desk = Desk::new()?;
    let at = in_a_minute().plus_ms(-60 * MINUTE_MS).0;
    let table = format!("event_name,event_timestamp,user_pseudo_id,item_id\nasc_item_pageview,{at},555.777,2HKRW2H8XNH614882\nscroll,,555.777,\n");
    let lines =
        format!("{{\"ts\":{at},\"client_id\":\"555.777\",\"event\":\"asc_item_pageview\",\"params\":{{\"item_id\":\"2HKRW2H8XNH614882\"}}}}\n");
    desk.put("1 export.csv", table)?;
    desk.put("2 lines.jsonl", lines)?;
    let runs = desk.run_until_left(&["done"]).await?;
    assert_eq!(runs, [], "no import was made of them");
    let said = desk.sentences("done")?;
    assert_eq!(said["1 export.csv"], "It held events of the website: 1 were taken. 1 could not be used; Set aside says why.\n");
    assert_eq!(said["2 lines.jsonl"], "It held events of the website: 0 were taken. 1 had come before.\n");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_in_the_folder_of_a_feed_is_taken_and_one_that_is_cut_off_is_refused() -> Fails {
    let desk = Desk::new()?;
    desk.run_until_left(&[]).await?;
    let named = desk.with_house(async |house| Ok(feeds::named_or_new(&house.rooms, "Website", in_a_minute()).await?.is_ok())).await?;
    assert!(named);
    let own = desk.drop().join("feeds/Website");
    std::fs::create_dir_all(&own)?;
    std::fs::write(own.join("1.txt"), include_str!("../fixtures/feeds/lot/2_wednesday.txt"))?;
    std::fs::write(own.join("2.txt"), include_str!("../fixtures/feeds/lot/cut_off.txt"))?;
    let runs = desk.run_until(|| Ok(names(&own)? == ["done", "refused"])).await?;
    assert_eq!(runs, [], "it is no import");
    let said = |path: &str| std::fs::read_to_string(own.join(path));
    assert!(said("done/1.txt.txt")?.contains("It was taken"), "{}", said("done/1.txt.txt")?);
    assert!(said("refused/2.txt.txt")?.contains("9 of the 12 cars"), "{}", said("refused/2.txt.txt")?);
    let on_lot = desk.with_house(async |house| Ok(reads::feeds(&house.rooms)?.on_lot)).await?;
    assert_eq!(on_lot, 12);
    Ok(())
}
