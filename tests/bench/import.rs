//! How fast does a store bring its people, and how fast are they told from those who are there?

use super::{
    Bench,
    client::Fails,
    figures::{Line, line},
    server::binary,
};
use std::{fmt::Write, path::Path, process::Command, time::Instant};

const PEOPLE: usize = 250_000;
/// Into a store that is full already, fewer say as much.
const MORE_PEOPLE: usize = 100_000;

const FIRST: &str = include_str!("../../src/demo/first_names.txt");
const LAST: &str = include_str!("../../src/demo/last_names.txt");
const STREET: [&str; 12] = [
    "Stevens Ave",
    "Brighton Ave",
    "Elm St",
    "Congress St",
    "Forest Ave",
    "Main Rd",
    "Ocean St",
    "High St",
    "Park Ave",
    "Pine St",
    "Oak Ln",
    "River Rd",
];
const TOWN: [(&str, &str); 5] = [("Portland", "04102"), ("Gray", "04039"), ("Saco", "04072"), ("Bath", "04530"), ("Scarborough", "04074")];

/// One row a person: every tenth lives with the person before and shares a phone (a household), every thirtieth is the person before once more,
/// under another number, with another phone.
pub(crate) fn people(from: usize, count: usize) -> String {
    let names = |list: &'static str| list.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('|').next()).collect::<Vec<_>>();
    let (firsts, lasts) = (names(FIRST), names(LAST));
    let mut text = String::from("Customer Number,First Name,Last Name,Cell Phone,Email,Address,City,State,Zip,Birth Date\n");
    for n in from..from + count {
        let again = n % 30 == 29;
        let who = if again { n - 1 } else { n };
        let dice = |salt: usize, sides: usize| scattered(who * 16 + salt) % sides;
        let word = |list: &[&'static str], salt: usize| list[dice(salt, list.len())].split_whitespace().next().unwrap_or("Dana");
        let (first, last) = (word(&firsts, 1), word(&lasts, 2));
        let with_the_last = n % 10 == 9 && !again;
        let phone = if with_the_last { n - 1 } else { n };
        let home = scattered(if with_the_last { n - 1 } else { who });
        let (town, zip) = TOWN[home % TOWN.len()];
        let _ = writeln!(
            text,
            "{n:07},{first},{last},(207) {:03}-{:04},{}.{}{who}@example.com,{} {},{town},ME,{zip},{:02}/{:02}/{}",
            200 + (phone / 10_000) % 800,
            phone % 10_000,
            first.to_lowercase(),
            last.to_lowercase(),
            1 + (home / 64) % 9_800,
            STREET[(home / 8) % STREET.len()],
            1 + dice(3, 12),
            1 + dice(4, 28),
            1945 + dice(5, 60),
        );
    }
    text
}

/// A number that looks like chance and is the same in every run (the finalizer of SplitMix64).
fn scattered(n: usize) -> usize {
    let mut x = (n as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    usize::try_from((x ^ (x >> 31)) >> 8).unwrap_or(0)
}

/// Imports a file by the command, as an installer does. Rows a second, and what it said.
fn import(file: &Path, data: &Path) -> Fails<(f64, serde_json::Value)> {
    let begun = Instant::now();
    let ran = Command::new(binary()).args(["import", "customers", "--json", "--data"]).arg(data).arg(file).output()?;
    let took = begun.elapsed().as_secs_f64();
    if !ran.status.success() {
        return Err(format!("the import ended with {}: {}", ran.status, String::from_utf8_lossy(&ran.stderr)).into());
    }
    let said: serde_json::Value = serde_json::from_slice(&ran.stdout)?;
    let run = said["imports"][0].clone();
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rows = run["rows"].as_u64().unwrap_or(0) as f64;
    Ok((rows / took, run))
}

fn said(rate: f64, run: &serde_json::Value) -> String {
    format!("{rate:.0} rows/s ({} new, {} joined, {} unchanged)", run["new"], run["joined"], run["unchanged"])
}

pub(crate) async fn of_people(b: &mut Bench) -> Fails<Vec<Line>> {
    let folder = tempfile::tempdir_in(&b.data)?;
    let (empty, full) = (folder.path().join("empty"), folder.path().join("full"));
    let (file, more) = (folder.path().join("people.csv"), folder.path().join("more.csv"));
    std::fs::write(&file, people(0, PEOPLE))?;
    std::fs::write(&more, people(PEOPLE, MORE_PEOPLE))?;
    // The filled store may be imported into, not changed.
    b.server.stop(true)?;
    Command::new("cp").arg("-a").arg("--reflink=auto").arg(b.data.join("data")).arg(&full).status()?;
    let key = b.data.join("data.key");
    if key.exists() {
        std::fs::copy(&key, folder.path().join("full.key"))?;
    }
    // What the copy left to be written is not the import's.
    Command::new("sync").status()?;
    let lines = tokio::task::spawn_blocking(move || {
        let (first, run) = import(&file, &empty)?;
        let (again, same) = import(&file, &empty)?;
        let (into_full, more) = import(&more, &full)?;
        drop(folder);
        Fails::Ok(vec![
            line("import with identity, into an empty store", ">= 20,000 rows/s", said(first, &run)),
            line("… the same file again", "", said(again, &same)),
            line("… others into the full store", ">= 10,000 rows/s", said(into_full, &more)),
        ])
    })
    .await??;
    b.server = super::Server::start(&b.data, &b.scale)?;
    Ok(lines)
}
