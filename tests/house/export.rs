//! Is the data the dealer's? Everything goes out as plain files and comes back the same; what was touched on the way does not.

use crate::{
    power_cut::slow,
    records,
    support::{Fails, Failure, Rooftop, run, run_json, send},
};
use headlight::{
    demo::{Plan, Scale},
    domain::{
        event::{Event, ImportRow},
        ids::{ImportId, ProfileId, Seq},
        profile::{Profile, Source, SourceKind},
        set_aside::Raw,
        time::{At, Zone},
    },
    service::{
        Policy, access,
        history::{self, Past},
        operator::{Reply, Request},
    },
    store::{
        Record, Rows, Span, Store, StoreError, WriteTx,
        backend::Backend,
        decode_plain, encode_plain,
        export::{self, Folder, Made, Manifest, Refused, left_out, rows_left_out},
        key::Key,
        seal::MasterKey,
        tables::{self, EachTable, TABLES, Table},
    },
};
use hyper::StatusCode;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use std::{
    any::type_name,
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Cursor,
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

const NOW: At = At(1_795_531_260_000);

fn memory() -> Backend {
    Backend::Made(Arc::new(|| Ok(Box::new(redb::backends::InMemoryBackend::new()))))
}

fn store(key: u8) -> Result<Store, StoreError> {
    Store::open(memory(), &MasterKey::from_bytes([key; 32]), |_| {})
}

fn write(store: &Store, to: &Path) -> Result<(PathBuf, Manifest), Failure> {
    let made = Made { rooftop: "Harbor <Street> Motors".into(), at: NOW, shown_at: "2026-11-24 09:41".into() };
    let mut folder = Folder::begin(to.join("out"))?;
    let manifest = export::write(&store.read()?, store, &made, &mut folder, &mut |_| {})?;
    Ok((folder.finish()?, manifest))
}

/// By table and key: the bytes of the record.
type AllRows = BTreeMap<(String, Vec<u8>), Vec<u8>>;

/// Every exported row of a store.
fn rows(store: &Store) -> Result<AllRows, StoreError> {
    struct All<'a>(&'a Store, AllRows);
    impl EachTable for All<'_> {
        type Error = StoreError;
        fn table<K: Key, R: Record>(&mut self, table: Table<K, R>, _: &'static str) -> Result<(), StoreError> {
            let stays = rows_left_out(table.name()).map_or(&[][..], |(keys, _)| keys);
            if left_out(table.name()).is_some() {
                return Ok(());
            }
            self.0.read()?.each(table, &Span::all(), |key, value: R| {
                if !stays.iter().any(|k| k.as_bytes() == key.bytes()) {
                    self.1.insert((table.name().to_owned(), key.bytes()), encode_plain(&value.without_secrets())?);
                }
                Ok(ControlFlow::Continue(()))
            })
        }
    }
    let mut all = All(store, BTreeMap::new());
    tables::each_table(&mut all)?;
    Ok(all.1)
}

/// The export of a store in an empty folder, restored under another key, holds the same rows and says so.
fn check_comes_back(store: &Store) -> Result<Manifest, Failure> {
    let folder = tempfile::tempdir()?;
    let (out, manifest) = write(store, folder.path())?;
    let target = folder.path().join("new.redb");
    let key = MasterKey::from_bytes([77; 32]);
    let (read, digest) = export::restore(&out, Backend::File(target.clone()), &key, &mut |_| {})?;
    assert_eq!((&read, digest.hex()), (&manifest, manifest.digest.clone()));
    assert_eq!(export::digest(&store.read()?)?.hex(), manifest.digest);
    let filled = Store::open(Backend::File(target), &key, |_| {})?;
    assert_eq!(export::digest(&filled.read()?)?.hex(), manifest.digest);
    assert_ne!(filled.identity().store_id, store.identity().store_id, "a store of its own");
    let (before, after) = (rows(store)?, rows(&filled)?);
    let lost: Vec<_> = before.iter().filter(|(key, value)| after.get(*key) != Some(*value)).map(|(key, _)| key).collect();
    assert!(lost.is_empty() && before.len() == after.len(), "{lost:?}");
    assert_eq!(before.len() as u64, manifest.rows);
    assert_eq!(filled.sealer().lookup("phone", "+12075550148"), store.sealer().lookup("phone", "+12075550148"), "fingerprints are found again");
    Ok(manifest)
}

/// A row here and there in every table: kept samples of its kind under keys made of `keys`.
fn put_samples(store: &Store, samples: &Arc<Vec<(&'static str, Vec<u8>)>>, keys: Vec<[u8; 40]>) -> Result<(), StoreError> {
    struct Putting<'a, 't>(&'a WriteTx<'t>, &'a [(&'static str, Vec<u8>)], &'a [[u8; 40]]);
    impl EachTable for Putting<'_, '_> {
        type Error = StoreError;
        fn table<K: Key, R: Record>(&mut self, table: Table<K, R>, _: &'static str) -> Result<(), StoreError> {
            // The counters and the rows about the store are its own.
            if matches!(table.name(), "META" | "COUNTERS") {
                return Ok(());
            }
            let of_kind = self.1.iter().filter(|(of, _)| *of == type_name::<R>());
            for ((_, bytes), key) in of_kind.zip(self.2.iter().cycle()) {
                let key = K::read(&mut key.as_slice()).ok_or(StoreError::Busy)?;
                self.0.put(table, &key, &decode_plain::<R>(bytes)?)?;
            }
            Ok(())
        }
    }
    let samples = Arc::clone(samples);
    store.write_blocking(move |tx| tables::each_table(&mut Putting(tx, &samples, &keys)))
}

#[test]
fn every_table_is_exported_or_said_to_stay() -> Fails {
    let store = store(1)?;
    let samples = Arc::new(records::all_kept()?);
    put_samples(&store, &samples, vec![*b"abcdefghijklmnopqrstuvwxyz01234567890ABC"; 90])?;
    let folder = tempfile::tempdir()?;
    let (out, manifest) = write(&store, folder.path())?;
    let exported: BTreeSet<&str> = manifest.tables.iter().map(|t| t.name.as_str()).collect();
    let page = fs::read_to_string(out.join("README.html"))?;
    assert!(page.contains("Harbor &lt;Street&gt; Motors") && !page.contains("Harbor <Street>"));
    for table in TABLES {
        assert_ne!(exported.contains(table), left_out(table).is_some(), "{table}");
        assert!(page.contains(&format!("<code>{table}</code>")), "{table} stands on the page");
        assert_eq!(out.join(format!("tables/{table}.jsonl")).is_file(), exported.contains(table), "{table}");
    }
    for line in manifest.tables.iter().filter(|line| !["META", "COUNTERS"].contains(&line.name.as_str())) {
        assert!(line.rows > 0, "no sample was put into {}", line.name);
    }
    Ok(())
}

#[test]
fn rows_of_every_kind_come_back_as_they_went() -> Fails {
    let samples = records::all_kept()?;
    let mut runner = TestRunner::new(ProptestConfig { cases: if slow() { 200 } else { 8 }, failure_persistence: None, ..ProptestConfig::default() });
    let ascii = || prop::array::uniform::<_, 40>(0x20_u8..0x7f);
    let some = prop::collection::vec((0..samples.len()).prop_map(move |at| samples[at].clone()), 1..60);
    let words = prop::collection::vec((any::<String>(), any::<Vec<u8>>(), any::<i64>()), 0..20);
    runner.run(&(some, prop::collection::vec(ascii(), 1..20), words), |(some, keys, words)| {
        let comes_back = || -> Fails {
            let store = store(1)?;
            put_samples(&store, &Arc::new(some.clone()), keys.clone())?;
            let words = words.clone();
            store.write_blocking(move |tx| {
                (1..).zip(&words).try_for_each(|(n, (text, bytes, at))| {
                    let said = Profile::new(Source { kind: SourceKind::Staff, name: text.clone() }, At(*at));
                    tx.put(tables::PROFILES, &ProfileId(n), &Profile { remarks: text.clone(), tags: vec![text.clone()], ..said })?;
                    tx.put(tables::RAW, &Seq(n), &Raw { bytes: bytes.clone() })?;
                    tx.put(tables::CURSORS, text, &n)
                })
            })?;
            check_comes_back(&store)?;
            Ok(())
        };
        comes_back().map_err(|e| TestCaseError::fail(e.to_string()))
    })?;
    Ok(())
}

fn in_rows(rows: Vec<ImportRow>) -> Event {
    Event::Imported { import: ImportId(0), rows, lines: vec![] }
}

/// Some of the made-up rooftop; all of it, of the small one, when there is time.
fn demo_store() -> Result<Store, Failure> {
    let at_most = |n: usize| if slow() { usize::MAX } else { n };
    let plan = Plan::new(7, Scale::Small, NOW, Zone::named("America/New_York").ok_or("a zone")?);
    let rows: Vec<ImportRow> = plan.customers().take(at_most(120)).chain(plan.deals().take(at_most(40))).collect();
    let rows: Vec<ImportRow> = rows.into_iter().chain(plan.repair_orders().take(at_most(60))).collect();
    let imported = rows.chunks(200).map(|rows| (NOW, in_rows(rows.to_vec())));
    let lot = plan.price_changes().take(at_most(64)).map(|(at, listing)| (at, in_rows(vec![ImportRow::Listing(listing)])));
    let leads = plan.past_leads().take(at_most(30)).map(|(at, lead)| (at, Event::Lead(lead)));
    let web = plan.past_web().take(at_most(200)).map(|event| (event.at, Event::Web(event)));
    let past: Vec<(At, Past)> = imported.chain(lot).chain(leads).chain(web).map(|(at, event)| (at, Past::Happened(Box::new(event)))).collect();
    let store = store(1)?;
    for past in past.chunks(500) {
        let (policy, past) = (Policy::default(), past.to_vec());
        store.write_blocking(move |tx| history::live(tx, &policy, &past))?;
    }
    Ok(store)
}

#[test]
fn a_made_up_store_comes_back_with_the_same_digest() -> Fails {
    let store = demo_store()?;
    let manifest = check_comes_back(&store)?;
    for table in ["JOURNAL", "CUSTOMERS", "POINTS", "STORY", "LEADS", "DEALS", "REPAIR_ORDERS", "VEHICLES", "VISITORS", "COUNTERS"] {
        assert!(manifest.tables.iter().any(|t| t.name == table && t.rows > 0), "{table}");
    }
    Ok(())
}

#[test]
fn a_changed_or_missing_file_is_refused_by_its_name() -> Fails {
    let folder = tempfile::tempdir()?;
    let store = store(1)?;
    put_samples(&store, &Arc::new(records::all_kept()?), vec![*b"abcdefghijklmnopqrstuvwxyz01234567890ABC"])?;
    let (out, manifest) = write(&store, folder.path())?;
    let restored = || export::restore(&out, memory(), &MasterKey::from_bytes([2; 32]), &mut |_| {});
    let refused = || restored().err().ok_or("it was taken");
    let tables = manifest.tables.iter().flat_map(|t| [format!("tables/{}.jsonl", t.name), format!("tables/{}.csv", t.name)]);
    for name in tables.chain(["manifest.json".to_owned(), "README.html".to_owned()]) {
        let path = out.join(&name);
        let whole = fs::read(&path)?;
        let mut turned = whole.clone();
        match turned.len() / 2 {
            0 => turned.push(b'\n'),
            middle => turned[middle] ^= 1,
        }
        fs::write(&path, &turned)?;
        assert!(matches!(refused()?, Refused::Damaged { file, .. } if file == name), "{name} turned");
        fs::remove_file(&path)?;
        let missing = refused()?.to_string();
        assert!(missing.starts_with(&format!("{name} is missing")), "{missing}");
        fs::write(&path, &whole)?;
    }
    let sums = fs::read(out.join("SHA256SUMS"))?;
    for at in (0..sums.len()).step_by(97) {
        let mut turned = sums.clone();
        turned[at] ^= 1;
        fs::write(out.join("SHA256SUMS"), &turned)?;
        let said = refused()?.to_string();
        assert!(said.contains("SHA256SUMS") || said.contains("is missing"), "byte {at}: {said}");
    }
    fs::write(out.join("SHA256SUMS"), &sums)?;
    restored()?;
    Ok(())
}

/// Writes a file of an export anew, and its sum, as somebody would who wants it taken.
fn forge(out: &Path, name: &str, text: &str) -> Fails {
    fs::write(out.join(name), text)?;
    let sum = String::from_utf8(Command::new("sha256sum").arg(name).current_dir(out).output()?.stdout)?;
    let sums = fs::read_to_string(out.join("SHA256SUMS"))?;
    let lines: Vec<&str> = sums.lines().map(|line| if line.ends_with(&format!("  {name}")) { sum.trim_end() } else { line }).collect();
    fs::write(out.join("SHA256SUMS"), lines.join("\n") + "\n")?;
    Ok(())
}

#[test]
fn an_export_that_contradicts_itself_or_is_newer_is_refused_before_anything_is_written() -> Fails {
    let folder = tempfile::tempdir()?;
    let store = demo_store()?;
    let (out, manifest) = write(&store, folder.path())?;
    let target = folder.path().join("new.redb");
    let check = |words: &str| {
        let refused = export::restore(&out, Backend::File(target.clone()), &MasterKey::from_bytes([2; 32]), &mut |_| {}).err();
        let said = refused.map(|e| e.to_string()).unwrap_or_default();
        assert!(said.contains(words) && !target.exists(), "{words}: {said}");
    };
    let customers = fs::read_to_string(out.join("tables/CUSTOMERS.jsonl"))?;
    let (first, rest) = customers.split_once('\n').ok_or("two lines")?;
    forge(&out, "tables/CUSTOMERS.jsonl", rest)?;
    check("tables/CUSTOMERS.jsonl has ");
    forge(&out, "tables/CUSTOMERS.jsonl", &customers.replacen("\"wrong_number\":false", "\"wrong_number\":true", 1))?;
    check("manifest.json has another state digest");
    forge(&out, "tables/CUSTOMERS.jsonl", &customers.replacen(first, "{\"key\":[\"one\"],\"value\":{}}", 1))?;
    check("tables/CUSTOMERS.jsonl has a line 1 that is no row");
    forge(&out, "tables/CUSTOMERS.jsonl", &customers)?;

    let text = fs::read_to_string(out.join("manifest.json"))?;
    let mut newer: Value = serde_json::from_str(&text)?;
    newer["format"] = json!(manifest.format + 1);
    forge(&out, "manifest.json", &newer.to_string())?;
    check("made by a newer Headlight");
    let with = |change: &dyn Fn(&mut Manifest)| -> Result<String, Failure> {
        let mut changed = manifest.clone();
        change(&mut changed);
        Ok(serde_json::to_string(&changed)?)
    };
    forge(&out, "manifest.json", &with(&|m| m.schema += 1)?)?;
    check("made by a newer Headlight");
    forge(&out, "manifest.json", &with(&|m| m.tables[0].version += 1)?)?;
    check("made by a newer Headlight");
    forge(&out, "manifest.json", &with(&|m| m.tables[0].name = "TELEPATHY".into())?)?;
    check("made by a newer Headlight");
    forge(&out, "manifest.json", &with(&|m| m.fingerprints = "x".into())?)?;
    check("does not say what the fingerprints were made with");
    forge(&out, "manifest.json", &text)?;
    fs::write(out.join("SHA256SUMS"), format!("{:064}  ../../outside\n", 0))?;
    check("which is no file of an export");
    Ok(())
}

#[test]
fn an_export_of_other_shapes_is_still_taken_and_one_that_broke_off_leaves_nothing() -> Fails {
    let folder = tempfile::tempdir()?;
    let store = store(1)?;
    let (out, manifest) = write(&store, folder.path())?;
    // As an older version would have written it: other shapes, another digest of the same rows, no word of the newer tables.
    let older = Manifest { shapes: "older".into(), digest: "older".into(), tables: manifest.tables[1..].to_vec(), ..manifest };
    forge(&out, "manifest.json", &serde_json::to_string(&older)?)?;
    let (_, digest) = export::restore(&out, memory(), &MasterKey::from_bytes([2; 32]), &mut |_| {})?;
    assert_eq!(digest.hex(), export::digest(&store.read()?)?.hex());

    let place = folder.path().join("half");
    let half = Folder::begin(place.clone())?;
    assert!(Folder::begin(place.clone()).is_err_and(|e| e.to_string().contains("another export")), "two at once");
    drop(half);
    assert!(!place.exists() && !place.with_extension("part").exists());
    drop(Folder::begin(place)?);
    Ok(())
}

#[test]
fn a_sheet_shows_every_part_of_a_record_and_runs_nothing() -> Fails {
    let folder = tempfile::tempdir()?;
    let store = store(1)?;
    put_samples(&store, &Arc::new(records::all_kept()?), vec![*b"abcdefghijklmnopqrstuvwxyz01234567890ABC"])?;
    let danger = "=HYPERLINK(\"https://example.com\")";
    store.write_blocking(move |tx| {
        let said = Profile::new(Source { kind: SourceKind::Lead, name: danger.into() }, NOW);
        tx.put(tables::PROFILES, &ProfileId(0), &Profile { remarks: "+1\n2, \"three\"".into(), ..said })
    })?;
    let (out, manifest) = write(&store, folder.path())?;
    for table in manifest.tables.iter().map(|t| &t.name) {
        let sheet = fs::read_to_string(out.join(format!("tables/{table}.csv")))?;
        let sheet = sheet.strip_prefix('\u{feff}').ok_or("a byte order mark")?;
        let mut reader = csv::Reader::from_reader(sheet.as_bytes());
        let columns: BTreeSet<String> = reader.headers()?.iter().map(str::to_owned).collect();
        let cells: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
        let lines = fs::read_to_string(out.join(format!("tables/{table}.jsonl")))?;
        assert_eq!(cells.len(), lines.lines().count(), "{table}");
        for line in lines.lines() {
            let row: Value = serde_json::from_str(line)?;
            for leaf in leaves("", &row["value"]) {
                let is_shown = |name: &str| columns.contains(if name.is_empty() { "value" } else { name });
                let shown = is_shown(&leaf) || leaf.match_indices('.').any(|(at, _)| is_shown(&leaf[..at]));
                assert!(shown, "{table} has no column for {leaf}: {columns:?}");
            }
        }
        for cell in cells.iter().flatten().filter(|cell| cell.starts_with(['=', '+', '-', '@', '\t'])) {
            assert!(cell.parse::<f64>().is_ok(), "{table}: {cell}");
        }
    }
    let profiles = fs::read_to_string(out.join("tables/PROFILES.csv"))?;
    assert!(profiles.contains("\"'=HYPERLINK(\"\"https://example.com\"\")\"") && profiles.contains("\"'+1\n2, \"\"three\"\"\""), "{profiles}");
    assert!(fs::read_to_string(out.join("tables/PROFILES.jsonl"))?.contains("\"name\":\"=HYPERLINK(\\\"https://example.com\\\")\""));
    assert!(fs::read_to_string(out.join("tables/RAW.csv"))?.contains("<adf>"), "what came is read as text");
    Ok(())
}

/// The paths of what has no names within.
fn leaves(path: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let within = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            fields.iter().flat_map(|(name, value)| leaves(&within(name), value)).collect()
        }
        Value::Null => vec![],
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => vec![path.to_owned()],
    }
}

const PEOPLE: &str = "customer number,first name,last name,phone,email\n1,Dana,Whitfield,(207) 555-0148,dana.w@example.com\n";
const LEAD: &str = r#"<?xml version="1.0"?><adf><prospect><id source="Script">1</id><customer><contact><name part="full">Nora Later</name>
<email>nora@example.com</email></contact></customer></prospect></adf>"#;

#[test]
fn a_store_goes_out_and_comes_back_by_command() -> Fails {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    let named = |name: &str| path(name).to_string_lossy().into_owned();
    fs::write(path("people.csv"), PEOPLE)?;
    fs::write(path("lead.xml"), LEAD)?;
    let data = path("data");
    let password = run_json(&data, &["user", "add", "Sam Rourke", "--role", "owner"])?["password"].as_str().ok_or("a password")?.to_owned();
    run_json(&data, &["key", "add", "cars-com"])?;
    run_json(&data, &["import", "customers", &named("people.csv")])?;
    run_json(&data, &["lead", &named("lead.xml")])?;

    let refused = run(&data, &["export", "--to", &named("nowhere")])?;
    assert!(refused.code == Some(1) && refused.err.contains("is not a folder"), "{}", refused.err);
    let exported = run_json(&data, &["export", "--to", &named(".")])?;
    let out = PathBuf::from(exported["folder"].as_str().ok_or("a folder")?);
    let sums = Command::new("sha256sum").args(["-c", "--quiet", "--strict", "SHA256SUMS"]).current_dir(&out).output()?;
    assert!(sums.status.success(), "{}", String::from_utf8_lossy(&sums.stdout));
    for file in fs::read_dir(out.join("tables"))?.chain(fs::read_dir(&out)?).filter_map(Result::ok).filter(|f| f.path().is_file()) {
        let text = String::from_utf8_lossy(&fs::read(file.path())?).into_owned();
        assert!(!text.contains("$argon2") && !text.contains(&password), "{} holds a secret", file.path().display());
    }
    let again = run_json(&data, &["export", "--to", &named(".")])?;
    assert!(again["folder"].as_str().is_some_and(|name| name.ends_with("-2")) && again["digest"] == exported["digest"], "{again}");

    let out = out.to_string_lossy().into_owned();
    let there = run(&data, &["restore", &out])?;
    assert!(there.code == Some(1) && there.err.contains("already holds a store"), "{}", there.err);
    fs::create_dir(path("full"))?;
    fs::write(path("full/letter.txt"), "Dear Dana")?;
    let full = run(&path("full"), &["restore", &out])?;
    assert!(full.code == Some(1) && full.err.contains("is not empty"), "{}", full.err);
    let no_export = run(&path("new"), &["restore", &named("full")])?;
    assert!(no_export.code == Some(1) && no_export.err.contains("no folder of an export"), "{}", no_export.err);

    let new = path("new");
    let restored = run_json(&new, &["restore", &out])?;
    assert_eq!((&restored["digest"], &restored["rows"]), (&exported["digest"], &exported["rows"]), "{restored}");
    assert_ne!(fs::read(path("new.key"))?, fs::read(path("data.key"))?, "a key of its own");
    assert!(!path("new/restoring.log").exists() && !path("new/restoring.redb").exists());
    assert_eq!(run_json(&new, &["check"])?["damaged"], json!([]));
    // Who was known is known: by number, phone and address, and by what was sent before.
    let people = run_json(&new, &["import", "customers", &named("people.csv")])?;
    assert_eq!((&people["imports"][0]["new"], &people["imports"][0]["unchanged"]), (&json!(0), &json!(1)), "{people}");
    assert_eq!(run_json(&new, &["lead", &named("lead.xml")])?["files"][0]["again"], 1);
    // Nobody's password came along; a new one is given.
    assert!(run_json(&new, &["user", "reset", "Sam Rourke"])?["password"].as_str().is_some_and(|new| new != password));
    assert_eq!(run_json(&new, &["key", "list"])?["keys"], json!([]));

    // A file that was touched is named, and nothing is left of the try.
    fs::write(Path::new(&out).join("tables/CUSTOMERS.csv"), "touched")?;
    let touched = run(&path("third"), &["restore", &out])?;
    assert!(touched.code == Some(1) && touched.err.contains("tables/CUSTOMERS.csv is not as it was written"), "{}", touched.err);
    assert!(!path("third").exists() && !path("third.key").exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_alone_takes_everything_in_one_download() -> Fails {
    let rooftop = Rooftop::open().await?;
    let hash = access::hash_password("a password for tests").ok_or("a hash")?;
    rooftop.operate(Request::UserAdd { name: "Ruth Harbor".into(), role: headlight::domain::staff::Role::Owner, password_hash: hash }).await?;
    rooftop.from_outside("/leads/adf", LEAD.as_bytes()).await?;
    rooftop.settled().await?;
    let Reply::Token { token } = rooftop.operate(Request::UserToken { name: "Ruth Harbor".into() }).await? else { return Err("a token".into()) };
    let take = async |token: &str| send(rooftop.lan, "GET", "/api/export", &[("authorization", &format!("Bearer {token}"))], b"").await;
    assert_eq!(take(&rooftop.token).await?.status, StatusCode::FORBIDDEN, "a manager");
    assert_eq!(send(rooftop.lan, "GET", "/api/export", &[], b"").await?.status, StatusCode::UNAUTHORIZED);
    assert_eq!(send(rooftop.public, "GET", "/api/export", &[], b"").await?.status, StatusCode::NOT_FOUND);

    let taken = take(&token).await?;
    assert_eq!(taken.status, StatusCode::OK);
    let header = |name: &str| taken.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let name = header("content-disposition").replace("attachment; filename=", "").replace('"', "");
    assert!(name.starts_with("headlight-export-") && name.ends_with("-2026-11-24.zip"), "{name}");
    assert_eq!((header("content-type").as_str(), header("cache-control").as_str()), ("application/zip", "no-store"));

    let folder = tempfile::tempdir()?;
    zip::ZipArchive::new(Cursor::new(taken.body.to_vec()))?.extract(folder.path())?;
    let out = folder.path().join(name.trim_end_matches(".zip"));
    let restored = move || export::restore(&out, memory(), &MasterKey::from_bytes([9; 32]), &mut |_| {});
    let (manifest, digest) = tokio::task::spawn_blocking(restored).await??;
    assert_eq!(digest.hex(), export::digest(&rooftop.house.rooms.store.read()?)?.hex());
    assert!(manifest.tables.iter().any(|t| t.name == "LEADS" && t.rows == 1));
    rooftop.close().await;
    Ok(())
}
