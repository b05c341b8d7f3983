//! What would people type, and which records of the store would be right answers? Both are read from the store itself, so that recall is
//! held against all of it and not against what a search engine found.

use super::client::Fails;
use headlight::{
    app::House,
    clock::Clock,
    config::Config,
    domain::vehicle::CarFacts,
    search::{CustomerDoc, Kind, VehicleDoc},
    service::lists,
    store::{Rows, Span, tables},
};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

/// How a query comes about. Each kind is asked equally often.
pub(crate) const KINDS: [&str; 9] = [
    "three letters of a name",
    "first name and begun surname",
    "a slip in each word of a name",
    "phone, last four or seven",
    "begun email address",
    "VIN, last six or eight",
    "model, year, colour",
    "customer number",
    "surname with a letter missing, doubled or wrong",
];
/// Those of them in which a finger slipped.
pub(crate) const SLIPS: [&str; 2] = [KINDS[2], KINDS[8]];
pub(crate) const RECALL_AT: usize = 10;
const QUERIES: usize = 2_000;

pub(crate) struct Query {
    pub(crate) kind: usize,
    pub(crate) text: String,
    right: HashSet<u32>,
}

/// One record, by the place of its kind and number.
type Record = (Kind, u64);

pub(crate) struct Asked {
    pub(crate) queries: Vec<Query>,
    records: Vec<Record>,
    customers: usize,
}

impl Asked {
    pub(crate) async fn of(data: &Path) -> Fails<Self> {
        let data = data.to_owned();
        tokio::task::spawn_blocking(move || {
            let house = House::open(&data, &Config::default(), Clock::Wall).map_err(|e| e.to_string())?;
            let read = Self::read(&house);
            house.close();
            read
        })
        .await?
    }

    fn read(house: &House) -> Fails<Self> {
        let tx = house.rooms.store.read()?;
        let mut truth = Truth::default();
        let (mut people, mut cars) = (Vec::new(), Vec::new());
        for id in tx.keys(tables::CUSTOMERS, &Span::all(), usize::MAX)? {
            if let Some(doc) = lists::customer_doc(&tx, id)? {
                truth.customer(&doc);
                people.push(doc);
            }
        }
        for id in tx.keys(tables::VEHICLES, &Span::all(), usize::MAX)? {
            if let Some(doc) = lists::vehicle_doc(&tx, id)? {
                truth.vehicle(&doc);
                cars.push(doc);
            }
        }
        truth.marks.sort_unstable();
        let mut queries = Vec::with_capacity(QUERIES);
        // Steps that are prime to the sizes come by records from all over the store.
        let (mut person, mut car) = (0, 0);
        while queries.len() < QUERIES {
            person = (person + 7_919) % people.len();
            car = (car + 104_729) % cars.len();
            let kind = queries.len() % KINDS.len();
            if let Some((text, meant)) = ask(kind, queries.len(), &people[person], &cars[car]) {
                queries.push(Query { kind, text, right: truth.right(&meant) });
            }
        }
        Ok(Self { queries, customers: people.len(), records: truth.records })
    }

    pub(crate) fn size(&self) -> String {
        format!("{} customers and {} vehicles", self.customers, self.records.len() - self.customers)
    }

    /// The share of ten right answers that were given, or of all when there are fewer.
    pub(crate) fn recall(&self, query: &Query, hits: &[Record]) -> f64 {
        let right: HashSet<Record> = query.right.iter().map(|n| self.records[*n as usize]).collect();
        let met = hits.iter().filter(|h| right.contains(h)).count();
        #[expect(clippy::cast_precision_loss, reason = "a share of ten")]
        let share = met as f64 / right.len().clamp(1, RECALL_AT) as f64;
        share
    }

    /// Customers from all over the store.
    pub(crate) fn some_customers(&self, count: usize) -> impl Iterator<Item = u64> {
        (0..count).map(|n| self.records[n * 7_919 % self.customers].1)
    }
}

/// What one person or car would be asked for by, and the words that are meant: the same, but for slips.
fn ask(kind: usize, n: usize, person: &CustomerDoc, car: &VehicleDoc) -> Option<(String, Vec<String>)> {
    let (first, last) = (person.name.first.to_lowercase(), person.name.last.to_lowercase());
    let plain = |word: &str| word.len() >= 4 && word.bytes().all(|b| b.is_ascii_lowercase());
    let same = |text: String| {
        let words = text.split(' ').map(str::to_owned).collect();
        Some((text, words))
    };
    match kind {
        0 if plain(&first) => same(first[..3].to_owned()),
        1 if plain(&first) && plain(&last) => same(format!("{first} {}", &last[..3])),
        2 if plain(&first) && plain(&last) && first.len() >= 5 && last.len() >= 5 => {
            Some((format!("{} {}", slipped(&first)?, slipped(&last)?), vec![first, last]))
        }
        3 => {
            let digits = person.phones.first()?.digits().to_owned();
            same(digits[digits.len() - if n.is_multiple_of(2) { 4 } else { 7 }..].to_owned())
        }
        4 => {
            let local = person.emails.first()?.as_str().split('@').next()?.to_owned();
            (local.len() >= 6).then(|| same(local[..local.len() - 1].to_owned()))?
        }
        5 => {
            let vin = car.vin.as_ref()?.as_str().to_lowercase();
            same(vin[17 - if n.is_multiple_of(2) { 6 } else { 8 }..].to_owned())
        }
        6 => {
            let CarFacts { year, model, exterior_color, .. } = &car.facts;
            let (model, color) = (model.to_lowercase(), exterior_color.to_lowercase());
            (plain(&model) && plain(&color)).then(|| same(format!("{model} {} {color}", (*year)?)))?
        }
        7 => same(person.numbers.first()?.to_lowercase()),
        8 if plain(&first) && plain(&last) && last.len() >= 5 => Some((format!("{first} {}", missed(&last, n)?), vec![first, last])),
        _ => None,
    }
}

/// One slip of the fingers: two neighbouring letters inside the word change places.
fn slipped(word: &str) -> Option<String> {
    let mut letters: Vec<u8> = word.bytes().collect();
    let place = (1..letters.len() - 1).rev().find(|p| letters[*p] != letters[*p + 1])?;
    letters.swap(place, place + 1);
    String::from_utf8(letters).ok()
}

/// Another slip, in the middle of the word: by turns a letter is left out, typed twice, or its neighbour on the keyboard is hit.
fn missed(word: &str, n: usize) -> Option<String> {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let at = word.len() / 2;
    let letter = word.get(at..=at)?;
    let row = ROWS.iter().find(|row| row.contains(letter))?;
    let place = row.find(letter)?;
    let beside = row.get(place + 1..place + 2).or_else(|| row.get(place - 1..place))?;
    let instead = [String::new(), letter.repeat(2), beside.to_owned()][n / KINDS.len() % 3].clone();
    Some(format!("{}{instead}{}", &word[..at], &word[at + 1..]))
}

/// Every word of every record, sorted: a query's right answers are the records in which each of its words begins one, or is the end of
/// a VIN. The beginning of a VIN's end is neither: nobody asks for the middle of one, and three letters of a name are not meant so.
#[derive(Default)]
struct Truth {
    records: Vec<Record>,
    marks: Vec<(Box<str>, u32)>,
    ends: HashMap<Box<str>, Vec<u32>>,
}

impl Truth {
    fn customer(&mut self, doc: &CustomerDoc) {
        let record = self.record(Kind::Customer, doc.id.0);
        let name = &doc.name;
        for text in [&name.first, &name.middle, &name.last, &name.suffix, &name.full, &doc.place]
            .into_iter()
            .chain(&doc.cars)
            .chain(&doc.numbers)
            .chain(&doc.deals)
            .chain(&doc.repair_orders)
        {
            self.words(record, text);
        }
        for email in &doc.emails {
            self.words(record, email.as_str());
            self.mark(record, email.as_str());
        }
        for phone in &doc.phones {
            let digits = phone.digits();
            (0..digits.len().saturating_sub(3)).for_each(|from| self.mark(record, &digits[from..]));
        }
        for vin in &doc.vins {
            self.tails(record, vin.as_str());
        }
    }

    fn vehicle(&mut self, doc: &VehicleDoc) {
        let record = self.record(Kind::Vehicle, doc.id.0);
        if let Some(vin) = &doc.vin {
            self.tails(record, vin.as_str());
        }
        self.words(record, &doc.stock);
        let f = &doc.facts;
        self.words(record, &f.year.map(|y| y.to_string()).unwrap_or_default());
        for text in [&f.make, &f.model, &f.trim, &f.body, &f.drivetrain, &f.fuel, &f.transmission, &f.exterior_color] {
            self.words(record, text);
        }
    }

    fn record(&mut self, kind: Kind, id: u64) -> u32 {
        self.records.push((kind, id));
        u32::try_from(self.records.len() - 1).unwrap_or(u32::MAX)
    }

    fn mark(&mut self, record: u32, word: &str) {
        self.marks.push((word.to_lowercase().into(), record));
    }

    /// Each word; with its hyphen it is also one.
    fn words(&mut self, record: u32, text: &str) {
        for chunk in text.split_whitespace() {
            let parts: Vec<&str> = chunk.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect();
            for part in &parts {
                self.mark(record, part);
            }
            if parts.len() > 1 {
                self.mark(record, &parts.concat());
                self.mark(record, chunk);
            }
        }
    }

    fn tails(&mut self, record: u32, vin: &str) {
        for end in (4..=17).filter_map(|n| vin.get(vin.len().checked_sub(n)?..)) {
            self.ends.entry(end.to_lowercase().into()).or_default().push(record);
        }
    }

    fn right(&self, words: &[String]) -> HashSet<u32> {
        let mut sets = words.iter().map(|word| {
            let from = self.marks.partition_point(|(mark, _)| **mark < **word);
            let begun = self.marks[from..].iter().take_while(|(mark, _)| mark.starts_with(word.as_str())).map(|(_, record)| *record);
            begun.chain(self.ends.get(word.as_str()).into_iter().flatten().copied()).collect::<HashSet<u32>>()
        });
        let Some(first) = sets.next() else { return HashSet::new() };
        sets.fold(first, |held, more| held.intersection(&more).copied().collect())
    }
}
