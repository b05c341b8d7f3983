//! How well are people told apart? Joins the rows of a file whose truth is known, with the resolver of the store, and counts.

use super::{Out, wall};
use crate::engine::identity::{Model, Person, Probability, Scan, Verdict, Written, group};
use anyhow::{Context, bail, ensure};
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    thread,
};

pub(super) struct Wish {
    pub(super) file: PathBuf,
    pub(super) map: PathBuf,
    pub(super) truth: String,
    pub(super) show: usize,
}

/// A value that more people of the file have tells nobody from anybody, as in a store.
const SHARED_BY_MOST: usize = 20;

pub(super) fn evaluate(wish: &Wish, out: Out) -> anyhow::Result<()> {
    let rows = Rows::read(wish)?;
    let began = wall().now();
    let found = resolve(&rows.people, out);
    let seconds = f64::from(u32::try_from(wall().now().since(began)).unwrap_or(u32::MAX)) / 1000.0;
    let score = Score::of(&found.groups, &rows.truth);
    let (precision, recall, f1) = (score.precision(), score.recall(), score.f1());
    let Score { right, joined, true_pairs, .. } = score;
    out.line(&format!("{} rows, {true_pairs} true pairs; {joined} pairs joined, {right} of them rightly", rows.people.len()));
    out.line(&format!("precision {precision:.4}   recall {recall:.4}   f1 {f1:.4}   {seconds:.1} s"));
    out.line(&format!("{} more pairs would go to somebody to look at, {} of them true", found.likely.len(), rows.true_among(&found.likely)));
    if rows.unlabelled > 0 {
        out.line(&format!("{} rows without a value in {} were joined and not counted", rows.unlabelled, wish.truth));
    }
    for (what, pairs) in [("joined wrongly", &score.wrong), ("missed", &score.missed)] {
        for (a, b) in pairs.iter().take(wish.show) {
            out.line(&format!("{what}: rows {} and {}", a + 1, b + 1));
        }
    }
    out.json(&serde_json::json!({
        "n": rows.people.len(), "precision": precision, "recall": recall, "f1": f1, "seconds": seconds, "true_pairs": true_pairs,
        "joined_pairs": joined, "right_pairs": right, "likely_pairs": found.likely.len(), "unlabelled": rows.unlabelled,
    }));
    Ok(())
}

/// The rows of the file, each as a person, in the order of the file.
struct Rows {
    people: Vec<(u64, Person)>,
    /// The cluster of each row by number; `None` where the file does not say.
    truth: Vec<Option<usize>>,
    unlabelled: usize,
}

impl Rows {
    fn read(wish: &Wish) -> anyhow::Result<Self> {
        let file = &wish.file;
        let bytes = fs::read(file).with_context(|| format!("{} could not be read", file.display()))?;
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(&bytes)).trim(csv::Trim::All).flexible(true).from_reader(bytes.as_slice());
        let header: Vec<String> = reader.byte_headers()?.iter().map(|h| text(h).trim_start_matches('\u{feff}').to_owned()).collect();
        let map = read_map(&wish.map)?;
        let columns: Vec<(&str, usize)> =
            map.iter().map(|(field, name)| Ok((field.as_str(), column(&header, name, file)?))).collect::<anyhow::Result<_>>()?;
        let truth_column = column(&header, &wish.truth, file)?;
        let mut rows = Self { people: Vec::new(), truth: Vec::new(), unlabelled: 0 };
        let mut clusters: HashMap<String, usize> = HashMap::new();
        for record in reader.byte_records() {
            let record = record.with_context(|| format!("{} is no table", file.display()))?;
            let cell = |column: usize| record.get(column).map(text).unwrap_or_default();
            let mut written = Written::default();
            for (field, column) in &columns {
                if let Some(place) = place_of(&mut written, field) {
                    *place = cell(*column);
                }
            }
            let cluster = cluster_of(&cell(truth_column)).map(str::to_owned);
            let next = clusters.len();
            rows.unlabelled += usize::from(cluster.is_none());
            rows.truth.push(cluster.map(|c| *clusters.entry(c).or_insert(next)));
            rows.people.push((rows.people.len() as u64, Person::written(&written)));
        }
        ensure!(!rows.people.is_empty(), "{} has no rows under its header", file.display());
        ensure!(
            !clusters.is_empty(),
            "the column {} of {} is empty in every row; it must name the person each row is of",
            wish.truth,
            file.display()
        );
        Ok(rows)
    }

    fn true_among(&self, pairs: &[(u64, u64)]) -> usize {
        let cluster = |id: u64| usize::try_from(id).ok().and_then(|at| self.truth.get(at).copied().flatten());
        pairs.iter().filter(|(a, b)| cluster(*a).is_some() && cluster(*a) == cluster(*b)).count()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whatever of the usual signs stands most often in the header.
fn delimiter(bytes: &[u8]) -> u8 {
    let header = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let often = |sign: u8| header.split(|b| *b == sign).count();
    [b'|', b';', b'\t', b','].into_iter().max_by_key(|sign| often(*sign)).unwrap_or(b',')
}

/// The fields a map may name, as they stand in it.
const FIELDS: &[&str] =
    &["first_name", "last_name", "phone", "email", "street_number", "street", "street2", "city", "region", "postcode", "birth_date"];

fn place_of<'w>(written: &'w mut Written, field: &str) -> Option<&'w mut String> {
    Some(match field {
        "first_name" => &mut written.first_name,
        "last_name" => &mut written.last_name,
        "phone" => &mut written.phone,
        "email" => &mut written.email,
        "street_number" => &mut written.street_number,
        "street" => &mut written.street,
        "street2" => &mut written.street2,
        "city" => &mut written.city,
        "region" => &mut written.region,
        "postcode" => &mut written.postcode,
        "birth_date" => &mut written.birth_date,
        _ => return None,
    })
}

/// For each field the name of its column.
fn read_map(file: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let page = fs::read_to_string(file).with_context(|| format!("{} could not be read", file.display()))?;
    let table: toml::Table =
        page.parse().with_context(|| format!("{} is not written as TOML; a line is for example first_name = \"given_name\"", file.display()))?;
    let mut map = BTreeMap::new();
    for (field, value) in table {
        ensure!(FIELDS.contains(&field.as_str()), "{} names {field}, which is none of the fields: {}", file.display(), FIELDS.join(", "));
        let toml::Value::String(name) = value else { bail!("{}: {field} must be the name of a column in quotes", file.display()) };
        map.insert(field, name);
    }
    ensure!(!map.is_empty(), "{} names no column; a line is for example first_name = \"given_name\"", file.display());
    Ok(map)
}

fn column(header: &[String], name: &str, file: &Path) -> anyhow::Result<usize> {
    let found = header.iter().position(|h| h == name.trim());
    found.with_context(|| format!("{} has no column {name}; its columns are {}", file.display(), header.join(", ")))
}

/// `rec-552-dup-3` and `rec-552-org` are one person; any other value stands as it is. `None` where nothing is said.
fn cluster_of(value: &str) -> Option<&str> {
    let value = value.trim();
    let digits_after = |mark: &str| value.rsplit_once(mark).filter(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())).map(|(id, _)| id);
    let id = value.strip_suffix("-org").or_else(|| digits_after("-dup-")).unwrap_or(value);
    (!id.is_empty()).then_some(id)
}

struct Found {
    groups: Vec<Vec<u64>>,
    likely: Vec<(u64, u64)>,
}

/// As a store does it: learns from the people themselves, scans all of them on two threads, and groups those who are the same.
fn resolve(people: &[(u64, Person)], out: Out) -> Found {
    out.progress("learning the weights");
    let all: Vec<Person> = people.iter().map(|(_, person)| person.clone()).collect();
    let scan = Scan::new(Model::shipped().learnt(&all), people.to_vec(), SHARED_BY_MOST);
    drop(all);
    out.progress("comparing");
    let half = people.len() / 3;
    let pairs = thread::scope(|scope| {
        let first = scope.spawn(|| scan.look(0..half));
        let mut second = scan.look(half..people.len());
        second.extend(first.join().unwrap_or_default());
        second
    });
    let mut edges: Vec<(u64, u64, Probability)> = Vec::new();
    let mut likely = Vec::new();
    for (a, b, verdict) in pairs {
        match verdict {
            Verdict::Same(found) => edges.push((a, b, found.probability)),
            Verdict::Likely(_) => likely.push((a, b)),
            Verdict::Different { .. } => {}
        }
    }
    out.progress_done();
    let groups = group(scan.people(), &edges, &[], &[]);
    let mut group_of: HashMap<u64, usize> = HashMap::new();
    for (at, members) in groups.iter().enumerate() {
        group_of.extend(members.iter().map(|id| (*id, at)));
    }
    likely.retain(|(a, b)| group_of.get(a) != group_of.get(b));
    Found { groups, likely }
}

/// Pairs of rows: those joined, those that are one person, and those that are both.
#[derive(Default)]
struct Score {
    right: usize,
    joined: usize,
    true_pairs: usize,
    wrong: Vec<(usize, usize)>,
    missed: Vec<(usize, usize)>,
}

impl Score {
    fn of(groups: &[Vec<u64>], truth: &[Option<usize>]) -> Self {
        let mut score = Self::default();
        let mut group_of = vec![usize::MAX; truth.len()];
        for (at, members) in groups.iter().enumerate() {
            let rows: Vec<usize> = members.iter().filter_map(|id| usize::try_from(*id).ok()).filter(|row| truth[*row].is_some()).collect();
            for row in &rows {
                group_of[*row] = at;
            }
            for (a, b) in pairs(&rows) {
                score.joined += 1;
                if truth[a] == truth[b] { score.right += 1 } else { score.wrong.push((a, b)) }
            }
        }
        let mut clusters: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (row, cluster) in truth.iter().enumerate() {
            if let Some(cluster) = cluster {
                clusters.entry(*cluster).or_default().push(row);
            }
        }
        for (a, b) in clusters.values().flat_map(|rows| pairs(rows)) {
            score.true_pairs += 1;
            if group_of[a] != group_of[b] {
                score.missed.push((a, b));
            }
        }
        score
    }

    /// Of the pairs joined, the share that is right; 1 where none was joined.
    fn precision(&self) -> f64 {
        share(self.right, self.joined)
    }

    /// Of the true pairs, the share that was joined; 1 where there are none.
    fn recall(&self) -> f64 {
        share(self.right, self.true_pairs)
    }

    fn f1(&self) -> f64 {
        share(2 * self.right, self.joined + self.true_pairs)
    }
}

fn pairs(rows: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    rows.iter().enumerate().flat_map(|(n, a)| rows[n + 1..].iter().map(|b| (*a, *b)))
}

#[expect(clippy::cast_precision_loss, reason = "counts of pairs, far below where a float skips")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
