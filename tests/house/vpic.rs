//! Where does `src/engine/cars/vpic.bin` come from, and how often is what it says true?
//!
//! The tables of the US road safety administration are given as `vin/vpic_*.csv.xz` in the folder named by HEADLIGHT_REAL_DATA. With
//! HEADLIGHT_WRITE=1 as well, `cargo nextest run --test house vpic` packs them anew; `xz` must be installed.

use flate2::{Compression, write::ZlibEncoder};
use headlight::{
    domain::vin::Vin,
    engine::cars::{decode, suggestions},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

const PACKED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/engine/cars/vpic.bin");

/// The elements that are packed, and the letter by which each is known in the file.
const ELEMENTS: &[(&str, char)] = &[("28", 'm'), ("34", 's'), ("38", 't'), ("5", 'b'), ("15", 'd'), ("24", 'f'), ("9", 'c'), ("13", 'l')];

fn real_data() -> Option<PathBuf> {
    let folder = std::env::var_os("HEADLIGHT_REAL_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: HEADLIGHT_REAL_DATA is not set");
    }
    folder
}

#[test]
fn the_packed_vpic_table_is_what_the_administration_published() {
    let Some(folder) = real_data() else { return };
    let packed = pack(&folder.join("vin"));
    if std::env::var_os("HEADLIGHT_WRITE").is_some() {
        std::fs::write(PACKED, &packed).expect("the table can be packed and read");
    }
    eprintln!("{} bytes", packed.len());
    assert!(
        std::fs::read(PACKED).expect("the table can be packed and read") == packed,
        "vpic.bin is not packed from these tables; run with HEADLIGHT_WRITE=1 and commit it"
    );
}

type Row = HashMap<String, String>;

fn table(folder: &Path, name: &str) -> Vec<Row> {
    let file = folder.join(format!("vpic_{name}.csv.xz"));
    let ran = Command::new("xz").arg("-dc").arg(&file).output().expect("xz is installed");
    assert!(ran.status.success(), "{} could not be unpacked", file.display());
    csv::Reader::from_reader(ran.stdout.as_slice()).deserialize().collect::<Result<_, _>>().expect("a table of vPIC")
}

fn names(folder: &Path, name: &str) -> HashMap<String, String> {
    table(folder, name).into_iter().map(|row| (row["Id"].clone(), row["Name"].trim().to_owned())).collect()
}

/// A pattern, the letter of what it says, and the id or text of what it says.
type Said = (String, char, String);

/// The schemas of one maker, each with its first and last year.
#[derive(Default)]
struct Maker {
    makes: BTreeSet<String>,
    schemas: BTreeSet<(u8, u8, String)>,
}

fn pack(folder: &Path) -> Vec<u8> {
    let makers = makers(folder);
    let said = said(folder);
    // Schemas of one maker lie together, year after year: they repeat each other, and the packing sees that.
    let mut order: Vec<(&str, u8, &str)> = Vec::new();
    for (code, maker) in &makers {
        order.extend(maker.schemas.iter().map(|(first, _, schema)| (code.as_str(), *first, schema.as_str())));
    }
    order.sort_unstable();
    let mut places: HashMap<&BTreeSet<Said>, u16> = HashMap::new();
    let mut distinct: Vec<&BTreeSet<Said>> = Vec::new();
    for (_, _, schema) in order {
        let Some(rows) = said.get(schema) else { continue };
        places.entry(rows).or_insert_with(|| {
            distinct.push(rows);
            u16::try_from(distinct.len() - 1).expect("a place")
        });
    }
    let used: BTreeSet<(char, &str)> = distinct.iter().flat_map(|rows| rows.iter().map(|(_, kind, value)| (*kind, value.as_str()))).collect();
    let value_places: HashMap<(char, &str), u16> = used.iter().enumerate().map(|(n, value)| (*value, u16::try_from(n).expect("a place"))).collect();
    let make_names = names(folder, "make");
    let makes: Vec<&String> = makers.values().flat_map(|m| &m.makes).collect::<BTreeSet<_>>().into_iter().collect();
    let make_places: HashMap<&str, usize> = makes.iter().enumerate().map(|(n, make)| (make.as_str(), n)).collect();
    let parts = [
        makes.iter().map(|make| make_names[*make].as_str()).collect::<Vec<_>>().join("\n").into_bytes(),
        value_lines(folder, &used, &make_places).into_bytes(),
        makers.iter().flat_map(|(code, maker)| maker_bytes(code, maker, &make_places, |schema| places.get(said.get(schema)?).copied())).collect(),
        distinct.iter().flat_map(|rows| schema_bytes(rows, &value_places)).collect::<Vec<u8>>(),
    ];
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    for part in &parts {
        packed.write_all(&u32::try_from(part.len()).expect("a length").to_le_bytes()).expect("the table can be packed and read");
    }
    for part in &parts {
        packed.write_all(part).expect("the table can be packed and read");
    }
    packed.finish().expect("the table can be packed and read")
}

fn makers(folder: &Path) -> BTreeMap<String, Maker> {
    let mut makers: BTreeMap<String, Maker> = BTreeMap::new();
    let mut codes: HashMap<String, String> = HashMap::new();
    for row in table(folder, "wmi") {
        let maker = makers.entry(row["Wmi"].clone()).or_default();
        if !row["MakeId"].is_empty() {
            maker.makes.insert(row["MakeId"].clone());
        }
        codes.insert(row["Id"].clone(), row["Wmi"].clone());
    }
    for row in table(folder, "wmi_make") {
        if let Some(code) = codes.get(&row["WmiId"]) {
            makers.entry(code.clone()).or_default().makes.insert(row["MakeId"].clone());
        }
    }
    let year = |text: &str| text.parse::<u16>().ok().and_then(|y| u8::try_from(y - 1980).ok());
    for row in table(folder, "wmi_schema") {
        if let Some(code) = codes.get(&row["WmiId"]) {
            let first = year(&row["YearFrom"]).expect("a schema begins");
            makers.entry(code.clone()).or_default().schemas.insert((first, year(&row["YearTo"]).unwrap_or(u8::MAX), row["VinSchemaId"].clone()));
        }
    }
    makers
}

/// What each schema says. Lists of words say it by the word.
fn said(folder: &Path) -> HashMap<String, BTreeSet<Said>> {
    let lists: HashMap<char, HashMap<String, String>> =
        [('b', "bodystyle"), ('d', "drivetype"), ('f', "fueltype")].into_iter().map(|(kind, name)| (kind, names(folder, name))).collect();
    let mut said: HashMap<String, BTreeSet<Said>> = HashMap::new();
    for row in table(folder, "patterns_cars_trucks_mpv") {
        let Some((_, kind)) = ELEMENTS.iter().find(|(element, _)| *element == row["ElementId"]) else { continue };
        let value = lists.get(kind).map_or(Some(&row["AttributeId"]), |list| list.get(&row["AttributeId"]));
        if let Some(value) = value.map(|v| v.trim()).filter(|v| !v.is_empty()) {
            assert!(!value.contains(['\n', '\t']), "{value:?} cannot stand on one line");
            said.entry(row["VinSchemaId"].clone()).or_default().insert((row["Keys"].clone(), *kind, value.to_owned()));
        }
    }
    said
}

fn value_lines(folder: &Path, used: &BTreeSet<(char, &str)>, make_places: &HashMap<&str, usize>) -> String {
    let models = names(folder, "model");
    let mut makes_of: HashMap<String, Vec<String>> = HashMap::new();
    for row in table(folder, "make_model") {
        if let Some(place) = make_places.get(row["MakeId"].as_str()) {
            makes_of.entry(row["ModelId"].clone()).or_default().push(place.to_string());
        }
    }
    let line = |(kind, value): &(char, &str)| match kind {
        'm' => format!("m{}\t{}", models[*value], makes_of.get(*value).map(|m| m.join(",")).unwrap_or_default()),
        _ => format!("{kind}{value}"),
    };
    used.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn maker_bytes(code: &str, maker: &Maker, make_places: &HashMap<&str, usize>, place_of: impl Fn(&str) -> Option<u16>) -> Vec<u8> {
    let count = |n: usize| u16::try_from(n).expect("a count").to_le_bytes();
    let mut bytes = vec![u8::try_from(code.len()).expect("a length")];
    bytes.extend(code.bytes());
    bytes.extend(count(maker.makes.len()));
    bytes.extend(maker.makes.iter().flat_map(|make| count(make_places[make.as_str()])));
    let schemas: Vec<(u16, u8, u8)> = maker.schemas.iter().filter_map(|(first, last, schema)| Some((place_of(schema)?, *first, *last))).collect();
    bytes.extend(count(schemas.len()));
    for (place, first, last) in schemas {
        bytes.extend(place.to_le_bytes());
        bytes.extend([first, last]);
    }
    bytes
}

fn schema_bytes(rows: &BTreeSet<Said>, value_places: &HashMap<(char, &str), u16>) -> Vec<u8> {
    let mut groups: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
    for (pattern, kind, value) in rows {
        groups.entry(pattern).or_default().push(value_places[&(*kind, value.as_str())]);
    }
    let mut bytes = u16::try_from(groups.len()).expect("a count").to_le_bytes().to_vec();
    for (pattern, values) in groups {
        bytes.push(u8::try_from(pattern.len()).expect("a length"));
        bytes.extend(pattern.bytes());
        bytes.push(u8::try_from(values.len()).expect("a count"));
        bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
    }
    bytes
}

/// How often a decoded fact is what people who stood before the car wrote down.
#[derive(Default)]
struct Agreement {
    asked: u32,
    agreed: u32,
}

impl Agreement {
    fn count(&mut self, written: &str, decoded: &str) {
        let plain = |text: &str| text.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let (written, decoded) = (plain(written), plain(decoded));
        if !written.is_empty() {
            self.asked += 1;
            self.agreed += u32::from(written == decoded);
        }
    }

    fn share(&self) -> f64 {
        f64::from(self.agreed) / f64::from(self.asked.max(1))
    }
}

#[test]
fn decoded_cars_are_those_that_were_auctioned() {
    let Some(folder) = real_data() else { return };
    for (file, goal) in [("auction_mmr_head_1000s.csv", [0.999, 0.995, 0.70]), ("auction_mmr_toyota_camry.csv", [0.999, 0.999, 0.99])] {
        let text = std::fs::read_to_string(folder.join("vehicles").join(file)).expect("the table can be packed and read");
        let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header: Vec<String> = rows.headers().expect("the table can be packed and read").iter().map(str::to_lowercase).collect();
        let column = |name: &str| header.iter().position(|h| h == name).expect("the table can be packed and read");
        let (vin, year, make, model) = (column("vin"), column("year"), column("make"), column("model"));
        let mut agreements = [Agreement::default(), Agreement::default(), Agreement::default()];
        for row in rows.records().map(Result::unwrap) {
            let Some(vin) = Vin::parse(&row[vin]) else { continue };
            let car = decode(&vin);
            agreements[0].count(&row[year], &car.year.map(|y| y.to_string()).unwrap_or_default());
            agreements[1].count(&row[make], &car.make);
            agreements[2].count(&row[model], &car.model);
        }
        let shares = agreements.each_ref().map(Agreement::share);
        eprintln!("{file}: {} cars; year, make, model agree in {shares:.4?}", agreements[0].asked);
        assert!(agreements[0].asked > 900 && shares.iter().zip(goal).all(|(share, goal)| *share >= goal), "{file}: {shares:?}");
    }
}

#[test]
fn odd_numbers_are_told_from_sound_ones() {
    let Some(folder) = real_data() else { return };
    let text = std::fs::read_to_string(folder.join("vin/ultravin_bench_corpus.txt")).expect("the table can be packed and read");
    let (mut sound, mut refused) = (0, 0);
    for line in text.lines() {
        match Vin::read(line) {
            Ok(vin) if vin.fault().is_none() => sound += usize::from(decode(&vin).year.is_some() || !vin.is_north_american()),
            Ok(_) | Err(_) => refused += 1,
        }
        let _ = suggestions(line);
    }
    eprintln!("{sound} sound, {refused} refused");
    assert!(sound > 4_000 && refused > 500 && sound + refused == text.lines().count());
}
