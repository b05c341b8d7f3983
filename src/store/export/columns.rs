//! Which columns has a table, and what stands in a cell? Both come from the shapes of the records, with the words their fields have.

use crate::{
    domain::{
        phone::Phone,
        time::{At, Zone, day_text},
    },
    store::{
        Record,
        key::{Key, KeyPart, Shown},
    },
};
use serde_json::{Map, Value};

/// One column of a table for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    place: Place,
    pub(super) kind: Kind,
    /// What its field says of itself; empty where the name says it.
    pub(super) says: String,
}

/// Where in a row the value of a column stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Key(usize),
    Value(Vec<String>),
}

/// What a cell holds and how it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    YesNo,
    /// Milliseconds since 1970.
    Time,
    /// Days since 1970.
    Day,
    Cents,
    Phone,
    /// Base 64.
    Bytes,
    OneOf(Vec<String>),
    Several(Box<Self>),
    Json,
}

impl Kind {
    /// As the schema page says it.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Number => "whole number".to_owned(),
            Self::YesNo => "yes or no".to_owned(),
            Self::Time => "time, UTC".to_owned(),
            Self::Day => "day".to_owned(),
            Self::Cents => "dollars".to_owned(),
            Self::Phone => "phone".to_owned(),
            Self::Bytes => "what came, as text".to_owned(),
            Self::OneOf(words) => format!("one of: {}", words.join(", ")),
            Self::Several(each) => format!("{}; several, parted by \u{201c}; \u{201d}", each.words()),
            Self::Json => "several parts, as JSON".to_owned(),
        }
    }
}

/// The columns of a table: the parts of its key, then the fields of its records.
pub(super) fn of<K: Key, R: Record>() -> Vec<Column> {
    let mut parts = Vec::new();
    K::parts(&mut parts);
    let mut columns: Vec<Column> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        // Two of one kind are told apart.
        let nth = parts[..=at].iter().filter(|p| p.name == part.name).count();
        columns.push(of_key(at, part, nth));
    }
    let shape = shape_of::<R>();
    let mut walk = Walk { names: shape.get("$defs").cloned().unwrap_or_default(), inside: vec![], columns: vec![] };
    walk.shape(&shape, &[], "");
    columns.append(&mut walk.columns);
    columns
}

/// The shape of a record as it is written: every field that is always there stands under `required`, in the order of the source.
pub(super) fn shape_of<R: Record>() -> Value {
    schemars::generate::SchemaSettings::default().for_serialize().into_generator().into_root_schema_for::<R>().to_value()
}

fn of_key(at: usize, part: &KeyPart, nth: usize) -> Column {
    let kind = match part.shown {
        Shown::Number => Kind::Number,
        Shown::Text => Kind::Text,
        Shown::Time => Kind::Time,
        Shown::Day => Kind::Day,
    };
    let name = if nth == 1 { format!("key.{}", part.name) } else { format!("key.{}_{nth}", part.name) };
    Column { name, place: Place::Key(at), kind, says: "Part of the key of the row.".to_owned() }
}

/// A walk over the shape of a record.
struct Walk {
    /// The shapes that others refer to.
    names: Value,
    /// Those it is inside of: a shape that holds itself is shown as JSON.
    inside: Vec<String>,
    columns: Vec<Column>,
}

impl Walk {
    fn shape(&mut self, shape: &Value, path: &[String], says: &str) {
        if let Some(kind) = self.leaf(shape) {
            self.add(path, kind, says);
            return;
        }
        // Before what it refers to: which of several it is says more than what is in it.
        for (field, of) in in_order(shape) {
            let path: Vec<String> = path.iter().cloned().chain([field.clone()]).collect();
            let says = of.get("description").and_then(Value::as_str).unwrap_or_default();
            self.shape(of, &path, says);
        }
        let name = reference(shape).map(str::to_owned);
        if let Some(name) = &name {
            if self.inside.contains(name) {
                self.add(path, Kind::Json, says);
                return;
            }
            self.inside.push(name.clone());
            if let Some(named) = self.names.get(name).cloned() {
                self.shape(&named, path, says);
            }
        }
        // One of several shapes: each adds what it has beyond the others.
        for choice in choices(shape) {
            self.shape(choice, path, says);
        }
        if name.is_some() {
            self.inside.pop();
        }
    }

    /// The kind of what has no parts; none for what has.
    fn leaf(&self, shape: &Value) -> Option<Kind> {
        if let Some(name) = reference(shape) {
            let known = match name {
                "At" => Some(Kind::Time),
                "Cents" => Some(Kind::Cents),
                "Phone" => Some(Kind::Phone),
                _ => None,
            };
            // What has fields beside its reference is no leaf.
            return known.or_else(|| if shape.get("properties").is_some() { None } else { self.leaf(self.names.get(name)?) });
        }
        if let Some(word) = shape.get("const") {
            return Some(Kind::OneOf(word.as_str().map(str::to_owned).into_iter().collect()));
        }
        if let Some(words) = shape.get("enum").and_then(Value::as_array) {
            return Some(Kind::OneOf(words.iter().filter_map(Value::as_str).map(str::to_owned).collect()));
        }
        let choices = choices(shape);
        if !choices.is_empty() {
            let mut kinds = choices.iter().map(|choice| self.leaf(choice));
            let first = kinds.next()??;
            return kinds.try_fold(first, |all, one| Some(joined(all, one?)));
        }
        match kind_of(shape) {
            "string" if shape.get("format").is_some_and(|f| f == "byte") => Some(Kind::Bytes),
            "string" => Some(Kind::Text),
            "integer" | "number" => Some(Kind::Number),
            "boolean" => Some(Kind::YesNo),
            "array" => Some(match shape.get("items").and_then(|each| self.leaf(each)) {
                None | Some(Kind::Json | Kind::Several(_)) => Kind::Json,
                Some(each) => Kind::Several(Box::new(each)),
            }),
            "object" if shape.get("properties").is_some() => None,
            "null" => None,
            _ => Some(Kind::Json),
        }
    }

    fn add(&mut self, path: &[String], kind: Kind, says: &str) {
        let name = if path.is_empty() { "value".to_owned() } else { path.join(".") };
        let place = Place::Value(path.to_vec());
        let says = says.split_whitespace().collect::<Vec<_>>().join(" ");
        match self.columns.iter_mut().find(|c| c.place == place) {
            Some(known) => known.kind = joined(known.kind.clone(), kind),
            None => self.columns.push(Column { name, place, kind, says }),
        }
    }
}

/// Two kinds in one column.
fn joined(a: Kind, b: Kind) -> Kind {
    match (a, b) {
        (Kind::OneOf(mut words), Kind::OneOf(more)) => {
            words.extend(more.into_iter().filter(|word| !words.contains(word)).collect::<Vec<_>>());
            Kind::OneOf(words)
        }
        (a, b) if a == b => a,
        _ => Kind::Json,
    }
}

/// The fields of a shape in the order of the source; those that may be left out come last.
fn in_order(shape: &Value) -> Vec<(&String, &Value)> {
    let order: Vec<&str> = shape.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let mut fields: Vec<_> = shape.get("properties").and_then(Value::as_object).into_iter().flatten().collect();
    fields.sort_by_key(|(field, _)| order.iter().position(|name| name == field).unwrap_or(order.len()));
    fields
}

fn reference(shape: &Value) -> Option<&str> {
    shape.get("$ref")?.as_str()?.rsplit('/').next()
}

/// What a shape may be or must also be; that it may be missing goes without saying.
fn choices(shape: &Value) -> Vec<&Value> {
    let all = ["oneOf", "anyOf", "allOf"].into_iter().filter_map(|word| shape.get(word)?.as_array()).flatten();
    all.filter(|choice| kind_of(choice) != "null").collect()
}

/// `string` of `string` and of `["string", "null"]`.
fn kind_of(shape: &Value) -> &str {
    match shape.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null"),
        _ => "",
    }
}

/// The cells of a row, one a column.
pub(super) fn cells(columns: &[Column], key: &[Value], value: &Value) -> Vec<String> {
    columns
        .iter()
        .map(|column| {
            let found = match &column.place {
                Place::Key(at) => key.get(*at),
                Place::Value(path) => path.iter().try_fold(value, |value, name| value.get(name)),
            };
            guarded(found.map(|value| cell(&column.kind, value)).unwrap_or_default(), &column.kind)
        })
        .collect()
}

fn cell(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        // What is not known; or a choice whose parts have columns of their own.
        (_, Value::Null) | (Kind::OneOf(_), Value::Object(_)) => String::new(),
        (Kind::Time, Value::Number(ms)) => ms.as_i64().map(|ms| time_text(At(ms))).unwrap_or_default(),
        (Kind::Day, Value::Number(day)) => day.as_i64().and_then(|d| i32::try_from(d).ok()).map(day_text).unwrap_or_default(),
        (Kind::Cents, Value::Number(cents)) => cents.as_i64().map(dollars).unwrap_or_default(),
        (Kind::Phone, Value::String(e164)) => Phone::from_e164(e164).map_or_else(|| e164.clone(), |phone| phone.display()),
        (Kind::Bytes, Value::String(base64)) => {
            data_encoding::BASE64.decode(base64.as_bytes()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
        }
        (Kind::Several(each), Value::Array(all)) => all.iter().map(|one| cell(each, one)).collect::<Vec<_>>().join("; "),
        (_, Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        (_, Value::String(text)) => text.clone(),
        (Kind::Json, value) if value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty) => String::new(),
        (_, value) => value.to_string(),
    }
}

/// `2026-11-24 14:41:00`.
fn time_text(at: At) -> String {
    Zone::utc().local(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn dollars(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
}

/// A spreadsheet runs a cell that begins like a formula, and what stands in ours was written by strangers. What we wrote as a number
/// is one.
fn guarded(cell: String, kind: &Kind) -> String {
    let is_ours = matches!(kind, Kind::Number | Kind::Cents | Kind::Time | Kind::Day);
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    if is_formula && !is_ours { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tables::{self, EachTable, Table};
    use serde_json::json;

    fn named<K: Key, R: Record>(_: Table<K, R>) -> Vec<(String, Kind)> {
        of::<K, R>().into_iter().map(|column| (column.name, column.kind)).collect()
    }

    #[test]
    fn a_record_has_a_column_for_each_of_its_parts() {
        let customers = named(tables::CUSTOMERS);
        for (name, kind) in [
            ("key.customer", Kind::Number),
            ("name.first", Kind::Text),
            ("phones", Kind::Several(Box::new(Kind::Phone))),
            ("address.city", Kind::Text),
            ("since", Kind::Time),
            ("last_touch.at", Kind::Time),
            ("consent", Kind::Json),
            ("wrong_number", Kind::YesNo),
        ] {
            assert!(customers.contains(&(name.to_owned(), kind)), "{name} in {customers:#?}");
        }
        let vehicles = named(tables::VEHICLES);
        assert!(vehicles.contains(&("listing.price".to_owned(), Kind::Cents)), "{vehicles:#?}");
        assert_eq!(named(tables::ON_LOT), [("key.vehicle".to_owned(), Kind::Number)]);
        assert_eq!(named(tables::CURSORS), [("key.text".to_owned(), Kind::Text), ("value".to_owned(), Kind::Number)]);
    }

    #[test]
    fn columns_stand_in_the_order_of_the_source() {
        let names: Vec<String> = named(tables::CUSTOMERS).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names[..4], ["key.customer", "id", "name.first", "name.middle"], "{names:?}");
        let journal: Vec<String> = named(tables::JOURNAL).into_iter().map(|(name, _)| name).collect();
        assert_eq!(journal[..3], ["key.seq", "at", "event.t"], "{journal:?}");
    }

    #[test]
    fn a_choice_has_the_columns_of_all_it_may_be() {
        let alerts = named(tables::ALERTS);
        let words = |of: &str| alerts.iter().find(|(name, _)| name == of).map(|(_, kind)| kind.words()).unwrap_or_default();
        assert!(words("state.t").contains("claimed") && words("state.t").contains("snoozed"), "{alerts:#?}");
        assert_eq!((words("state.until").as_str(), words("state.by").as_str()), ("time, UTC", "whole number"));
        assert!(words("level").contains("act_now"), "{}", words("level"));
    }

    #[test]
    fn every_column_of_every_table_has_a_name_of_its_own() {
        struct Names;
        impl EachTable for Names {
            type Error = std::convert::Infallible;
            fn table<K: Key, R: Record>(&mut self, table: Table<K, R>, says: &'static str) -> Result<(), Self::Error> {
                let mut names: Vec<String> = of::<K, R>().into_iter().map(|c| c.name).collect();
                let all = names.len();
                names.sort();
                names.dedup();
                assert_eq!(names.len(), all, "{}", table.name());
                assert!(says.ends_with('.'), "{} says nothing of itself in tables.rs", table.name());
                Ok(())
            }
        }
        assert!(tables::each_table(&mut Names).is_ok());
    }

    #[test]
    fn a_cell_that_begins_like_a_formula_is_text() {
        for text in ["=1+1", "+1 207", "-2", "@SUM(A1)", "\t=1", "\r=1", "\u{ff1d}1"] {
            assert_eq!(guarded(text.to_owned(), &Kind::Text), format!("'{text}"));
        }
        assert_eq!(guarded("-230.50".to_owned(), &Kind::Cents), "-230.50");
        assert_eq!(guarded("Dana = Whitfield".to_owned(), &Kind::Text), "Dana = Whitfield");
    }

    #[test]
    fn a_cell_is_shown_as_people_read_it() {
        for (kind, value, shown) in [
            (Kind::Time, json!(1_795_531_260_000_i64), "2026-11-24 14:41:00"),
            (Kind::Cents, json!(-23_050), "-230.50"),
            (Kind::Phone, json!("+12075550148"), "(207) 555-0148"),
            (Kind::Bytes, json!("PGFkZj4="), "<adf>"),
            (Kind::Several(Box::new(Kind::Text)), json!(["a", "b"]), "a; b"),
            (Kind::Json, json!([{ "a": 1 }]), "[{\"a\":1}]"),
            (Kind::Json, json!([]), ""),
            (Kind::YesNo, json!(true), "yes"),
            (Kind::Text, Value::Null, ""),
        ] {
            assert_eq!(cell(&kind, &value), shown);
        }
    }
}
