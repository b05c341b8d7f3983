//! Which files bring web events? Lines of JSON, rows of the GA4 export as lines or as a table, and Measurement Protocol bodies.
//!
//! A file is history: each of its events must say when it happened.

use super::{
    Batch, CLIENT_KEYS, Found, NAME_KEYS, NOT_JSON, Refused,
    said::{Params, Sender, filled, first},
};
use crate::{domain::time::At, formats::delimited::decoded};
use csv::{Position, ReaderBuilder, StringRecord};
use serde_json::{Map, Value, json};

/// A file that is one JSON value is read whole, at ten times its size in memory; lines and tables have no such limit.
const MOST_WHOLE_BYTES: usize = 24 << 20;
const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// What a parameter's value is called by its kind.
const VALUES: [&str; 4] = ["string_value", "int_value", "double_value", "float_value"];
const NO_TIME: &str = "The event does not say when it happened, and a file comes at another time.";

/// Whether this is a file of web events, by its first line.
#[must_use]
pub fn is_file(bytes: &[u8]) -> bool {
    let (text, _) = decoded(bytes.get(..bytes.len().min(256 << 10)).unwrap_or_default());
    let text = text.trim_start();
    if text.starts_with(['{', '[']) { is_event_json(text) } else { Columns::of(text).is_some() }
}

/// Reads a file of web events. The error is a sentence about the whole of it.
pub fn read_file(bytes: &[u8], received: At) -> Result<Batch, String> {
    let (text, _) = decoded(bytes);
    let mut batch = Batch::default();
    if !text.trim_start().starts_with(['{', '[']) {
        let columns = Columns::of(text.trim_start()).ok_or("Its first line names no column for the event and none for the browser.")?;
        columns.read(&text, received, &mut batch);
    } else if let Some(whole) = whole(&text)? {
        for value in &whole {
            batch.take_value(1, value, received);
        }
    } else {
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            match serde_json::from_str::<Value>(text) {
                Ok(value) => batch.take_value(line, &value, received),
                Err(_) => batch.refused.push(Refused { index: line, reason: NOT_JSON.to_owned() }),
            }
        }
    }
    if batch.events.is_empty() && batch.refused.is_empty() { Err("The file holds no event.".to_owned()) } else { Ok(batch) }
}

impl Batch {
    fn take_value(&mut self, line: usize, value: &Value, received: At) {
        let mut found = Found::default();
        found.gather(value, Sender::default());
        for item in found.items {
            if let Err(reason) = item.and_then(|raw| if raw.sender.time.is_none() { Err(NO_TIME.to_owned()) } else { self.take(&raw, received) }) {
                self.refused.push(Refused { index: line, reason });
            }
        }
    }
}

/// The values of a file whose first line is not a value of its own: one that is drawn over many lines, or several after each other.
fn whole(text: &str) -> Result<Option<Vec<Value>>, String> {
    let first_line = text.trim_start().lines().next().unwrap_or_default();
    if serde_json::from_str::<Value>(first_line).is_ok() {
        return Ok(None);
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let Some(Ok(first)) = (if text.len() <= MOST_WHOLE_BYTES { values.next() } else { None }) else {
        let is_one_value = first_line.len() == text.trim().len() || !text.trim_start().lines().skip(1).any(|line| line.starts_with('{'));
        let most = MOST_WHOLE_BYTES >> 20;
        return if text.len() > MOST_WHOLE_BYTES && is_one_value {
            Err(format!("The file is one piece of JSON of more than {most} MiB. Export one event a line, or a day at a time."))
        } else {
            Ok(None)
        };
    };
    let mut all = vec![first];
    for value in values {
        all.push(value.map_err(|error| format!("The file is not JSON from line {} on.", error.line()))?);
    }
    Ok(Some(all))
}

/// By the first value, as far as it reaches: what follows it need not be there.
fn is_event_json(text: &str) -> bool {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match values.next() {
        Some(Ok(Value::Array(all))) => all.first().is_some_and(is_event),
        Some(Ok(value)) => is_event(&value),
        // An array longer than what is looked at: its first element.
        Some(Err(_)) if text.starts_with('[') => {
            let inner = text[1..].trim_start();
            matches!(serde_json::Deserializer::from_str(inner).into_iter::<Value>().next(), Some(Ok(value)) if is_event(&value))
        }
        Some(Err(_)) | None => false,
    }
}

fn is_event(value: &Value) -> bool {
    let Value::Object(object) = value else { return false };
    let params = Params::of(object);
    let has_client = first(object, CLIENT_KEYS).is_some() || CLIENT_KEYS.iter().any(|key| params.get(key).is_some());
    match object.get("events") {
        Some(Value::Array(events)) => has_client || events.first().is_some_and(is_event),
        _ => has_client && first(object, NAME_KEYS).is_some(),
    }
}

/// The columns of a table of events.
struct Columns {
    separator: u8,
    header: StringRecord,
    keys: Vec<String>,
    /// A row has one parameter of its event, in these two kinds of columns; else a row is an event.
    is_long: bool,
}

impl Columns {
    fn of(text: &str) -> Option<Self> {
        let line = text.lines().next()?;
        let (separator, header) =
            SEPARATORS.into_iter().map(|separator| (separator, cells(line, separator))).max_by_key(|(_, header)| header.len())?;
        let keys: Vec<String> = header.iter().map(key_of).collect();
        let has = |names: &[&str]| keys.iter().any(|key| names.contains(&key.as_str()));
        let is_long = has(&["key"]) && (has(&VALUES) || has(&["value"]));
        (has(&["event_name", "event"]) && has(CLIENT_KEYS)).then_some(Self { separator, header, keys, is_long })
    }

    fn read(&self, text: &str, received: At, batch: &mut Batch) {
        let mut rows = ReaderBuilder::new().delimiter(self.separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut event: Option<(usize, Map<String, Value>)> = None;
        let mut cells = StringRecord::new();
        loop {
            let line = line_of(text, rows.position());
            match rows.read_record(&mut cells) {
                Ok(false) => break,
                Ok(true) if cells == self.header || cells.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(true) if cells.len() > self.keys.len() => {
                    batch.refused.push(Refused { index: line, reason: "The row has more cells than the header.".to_owned() });
                }
                Ok(true) => {
                    let row = self.row(&cells);
                    match &mut event {
                        Some((_, held)) if self.is_long && is_of_same_event(held, &row) => add_param(held, &row),
                        _ => {
                            let mut first = row.clone();
                            if self.is_long {
                                first.insert("event_params".to_owned(), json!([]));
                                add_param(&mut first, &row);
                            }
                            if let Some((line, whole)) = event.replace((line, first)) {
                                batch.take_value(line, &Value::Object(whole), received);
                            }
                        }
                    }
                }
                Err(_) => batch.refused.push(Refused { index: line, reason: "The row could not be read.".to_owned() }),
            }
        }
        if let Some((line, whole)) = event {
            batch.take_value(line, &Value::Object(whole), received);
        }
    }

    /// The cells that say something, by their columns' names. Of several columns of one name the first.
    fn row(&self, cells: &StringRecord) -> Map<String, Value> {
        let mut row = Map::new();
        for (key, cell) in self.keys.iter().zip(cells) {
            let value = Value::String(cell.trim().to_owned());
            if !row.contains_key(key) && filled(&value).is_some() {
                row.insert(key.clone(), value);
            }
        }
        row
    }
}

/// The line of the row that begins at a place or after the blank lines that follow it.
fn line_of(text: &str, at: &Position) -> usize {
    let rest = usize::try_from(at.byte()).ok().and_then(|byte| text.as_bytes().get(byte..)).unwrap_or_default();
    let blank = rest.iter().take_while(|b| matches!(b, b'\n' | b'\r')).filter(|b| **b == b'\n').count();
    usize::try_from(at.line()).map_or(usize::MAX, |line| line + blank)
}

fn cells(line: &str, separator: u8) -> StringRecord {
    let mut reader = ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(line.as_bytes());
    let mut header = StringRecord::new();
    // A line that is no record has no cells.
    let _ = reader.read_record(&mut header);
    header
}

/// `event_params.item_id.value.string_value`, `items[0].item_id`, `params_item_id`: all are the parameter's own name.
fn key_of(header: &str) -> String {
    const BEFORE: [&str; 7] = ["event_params.", "event_params_", "params.", "params_", "items[0].", "items_0_", "items."];
    let name = header.trim().to_ascii_lowercase().replace(' ', "_");
    let mut key = name.as_str();
    while let Some(rest) = BEFORE.iter().find_map(|before| key.strip_prefix(before)) {
        key = rest;
    }
    if let Some(rest) = VALUES.iter().find_map(|kind| key.strip_suffix(kind)?.strip_suffix(['.', '_'])) {
        key = rest.strip_suffix(".value").or_else(|| rest.strip_suffix("_value")).unwrap_or(rest);
    }
    key.to_owned()
}

/// The next parameter of an event repeats what tells the event, or leaves it empty.
fn is_of_same_event(event: &Map<String, Value>, row: &Map<String, Value>) -> bool {
    ["event_name", "event", "event_timestamp", "user_pseudo_id", "client_id"]
        .iter()
        .all(|key| row.get(*key).is_none_or(|said| event.get(*key) == Some(said)))
        && row.contains_key("key")
}

fn add_param(event: &mut Map<String, Value>, row: &Map<String, Value>) {
    let value = VALUES.iter().chain(&["value"]).find_map(|kind| row.get(*kind));
    if let (Some(key), Some(value), Some(Value::Array(pairs))) = (row.get("key"), value, event.get_mut("event_params")) {
        pairs.push(json!({ "key": key, "value": { "string_value": value } }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{event::WebEvent, visitor::Did};

    const RECEIVED: At = At(1_795_531_260_000);
    const VIN: &str = "1HGCM82633A004352";

    fn check(file: &str) -> Vec<WebEvent> {
        assert!(is_file(file.as_bytes()), "{file}");
        let batch = read_file(file.as_bytes(), RECEIVED).unwrap();
        assert_eq!(batch.refused, vec![], "{file}");
        batch.events
    }

    #[test]
    fn every_kind_of_file_gives_the_same_two_events() {
        let look = format!(r#""item_id":"{VIN}","item_number":"024117","page_location":"https://example.com/vdp/1""#);
        let row = |name: &str, at: u64, params: &str| {
            format!(
                r#"{{"event_date":"20261124","event_name":"{name}","event_timestamp":"{at}","user_pseudo_id":"555.777","event_params":[{params}],"items":[]}}"#
            )
        };
        let pairs = format!(
            r#"{{"key":"item_id","value":{{"string_value":"{VIN}","int_value":null}}}},{{"key":"item_number","value":{{"string_value":"024117"}}}},{{"key":"page_location","value":{{"string_value":"https://example.com/vdp/1"}}}}"#
        );
        let lines = format!(
            "{{\"ts\":1795531200000,\"client_id\":\"555.777\",\"event\":\"asc_item_pageview\",\"params\":{{{look}}}}}\n{{\"ts\":1795531205000,\"client_id\":\"555.777\",\"event\":\"asc_click_to_call\",\"params\":{{}}}}\n"
        );
        let expected = check(&lines);
        assert_eq!(expected.iter().map(|e| e.did).collect::<Vec<_>>(), [Did::ViewedCar, Did::ClickedToCall]);
        let export =
            format!("{}\n\n{}\n", row("asc_item_pageview", 1_795_531_200_000_000, &pairs), row("asc_click_to_call", 1_795_531_205_000_000, ""));
        let body = |at: &str, name: &str, params: &str| {
            format!(r#"{{"client_id":"555.777","timestamp_micros":{at},"events":[{{"name":"{name}","params":{{{params}}}}}]}}"#)
        };
        let bodies = [body("1795531200000000", "asc_item_pageview", &look), body("1795531205000000", "asc_click_to_call", "")];
        let flat = format!(
            "event_name,event_timestamp,user_pseudo_id,event_params.item_id.value.string_value,items[0].item_number,params_page_location\nasc_item_pageview,1795531200000000,555.777,{VIN},024117,https://example.com/vdp/1\n\nasc_click_to_call,1795531205000000,555.777,,,\n"
        );
        let long = format!(
            "event_name\tevent_timestamp\tuser_pseudo_id\tevent_params.key\tevent_params.value.string_value\tevent_params.value.int_value\nasc_item_pageview\t2026-11-24 14:40:00 UTC\t555.777\titem_id\t{VIN}\t\n\t\t\titem_number\t024117\t\n\t\t\tpage_location\thttps://example.com/vdp/1\t\nasc_click_to_call\t2026-11-24 14:40:05 UTC\t555.777\tga_session_number\t\t3\n"
        );
        for file in [
            export.clone(),
            format!("\u{feff}{export}"),
            format!("[{},\n{}]", bodies[0], bodies[1]),
            bodies.join("\n"),
            bodies.join("\n").replace(",\"events\"", ",\n  \"events\""),
            flat.clone(),
            flat.replace(',', ";"),
            flat.replace('\n', "\r\n"),
            long,
        ] {
            assert_eq!(check(&file), expected, "{file}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_used_is_refused_by_its_number() {
        let lines = "{\"ts\":1795531200000,\"client_id\":\"555.777\",\"event\":\"scroll\"}\n\nnot json\n{\"client_id\":\"555.777\",\"event\":\"scroll\"}\n7\n{\"ts\":1795531200000,\"event\":\"scroll\"}\n";
        let table = "event_name,event_timestamp,client_id\nscroll,1795531200000000,555.777\n\nscroll,1795531200000000,555.777,more\nscroll,,555.777\nscroll,7,555.777\nscroll,1795531200000000,\n";
        for (file, refused) in [(lines, vec![3, 4, 5, 6]), (table, vec![4, 5, 6, 7])] {
            let batch = read_file(file.as_bytes(), RECEIVED).unwrap();
            assert_eq!((batch.events.len(), batch.refused.iter().map(|r| r.index).collect::<Vec<_>>()), (1, refused), "{:?}", batch.refused);
        }
        let batch = read_file(lines.as_bytes(), RECEIVED).unwrap();
        assert_eq!(batch.refused[1].reason, NO_TIME);
    }

    #[test]
    fn files_of_other_things_are_none_of_web_events() {
        for file in [
            "",
            "first name,email\nWren,wren@example.com\n",
            "event,date\nSpring sale,2026-04-01\n",
            "Stock,VIN,Year\n24117,1HGCM82633A004352,2022\n",
            r#"[{"stock":"24117","vin":"1HGCM82633A004352","type":"used"}]"#,
            r#"{"vehicles":[{"stock":"24117"}]}"#,
            r#"{"events":[{"name":"scroll"}]}"#,
            "<feed/>",
            "{",
            "[",
        ] {
            assert!(!is_file(file.as_bytes()), "{file}");
        }
    }

    #[test]
    fn a_file_is_known_by_the_little_of_it_that_is_looked_at() {
        let event = r#"{"ts":1795531200000,"client_id":"555.777","event":"scroll"}"#;
        assert!(is_file(format!("[{}]", vec![event; 10_000].join(",")).as_bytes()));
        assert!(is_file(vec![event; 10_000].join("\n").as_bytes()));
    }

    proptest::proptest! {
        #[test]
        fn no_file_makes_it_stumble(text in "(event_name|client_id|event_timestamp|event_params.key|value|[,;\n\"{}\\[\\]:]|[a-z0-9]){0,60}") {
            let _ = is_file(text.as_bytes());
            let _ = read_file(text.as_bytes(), RECEIVED);
        }
    }
}
