//! What did a shopper's browser do? Web events as site platforms send them: the Automotive Standards Council's names on GA4's shapes.
//!
//! Accepted: one event, an array of events, JSON lines, the GA4 Measurement Protocol body (`client_id`, `events: [{name, params}]`),
//! rows of the GA4 export (`event_params: [{key, value: {string_value}}]`) and, from files, tables of such rows. Nothing personal passes
//! in an event: of a page's address only the path and the campaign's `utm_*` words are kept. Who left a phone or an email in a chat is a
//! lead beside it.

mod chat;
mod clean;
mod did;
mod file;
mod said;

use crate::domain::{
    event::{WebCar, WebEvent},
    lead::NewLead,
    money::Cents,
    time::At,
    vehicle::CarFacts,
    vin::Vin,
};
pub use clean::OLDEST_MS;
use clean::{MOST_CLIENT_CHARS, When, client_id, event_name, event_time, page_address};
pub use file::{is_file, read_file};
use said::{Params, Raw, Sender, first};
use serde_json::{Map, Value};

/// Largest body taken. 64 KiB holds 200 events of 300 bytes; a page view with its car is about 600.
pub const MOST_BODY_BYTES: usize = 64 * 1024;
/// Most events in one body.
pub const MOST_EVENTS: usize = 200;
/// Most ids of forms kept of one event.
const MOST_WEB_IDS: usize = 6;
/// Longest mark of a link that is looked at; ours has 32 characters.
const MOST_MARK_CHARS: usize = 100;

/// What could be read of one body or file, and what could not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    pub events: Vec<WebEvent>,
    /// Browsers that came by a link with a mark of ours, if it is ours.
    pub arrivals: Vec<Arrival>,
    /// Who left a phone or an email in a chat.
    pub chats: Vec<NewLead>,
    pub refused: Vec<Refused>,
}

/// A browser that came by a link with a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub client: String,
    pub at: At,
    pub mark: String,
}

/// One event of a batch that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its place in the body, from 0; of a file its line, from 1.
    pub index: usize,
    /// One sentence without personal data.
    pub reason: String,
}

/// Why a whole body was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CollectError {
    TooLarge {
        bytes: usize,
    },
    /// Not JSON from this line on.
    NotJson {
        line: usize,
    },
    TooMany {
        events: usize,
    },
    /// JSON, but nothing in it that could be an event.
    NoEvents,
}

impl std::fmt::Display for CollectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLarge { bytes } => {
                write!(f, "The body has {bytes} bytes; at most {MOST_BODY_BYTES} are taken. Send the events in several bodies.")
            }
            Self::NotJson { line } => write!(f, "The body is not JSON from line {line} on. Send one event, an array of events or one event a line."),
            Self::TooMany { events } => write!(f, "The body has {events} events; at most {MOST_EVENTS} are taken. Send them in several bodies."),
            Self::NoEvents => f.write_str("The body holds no event. An event has a client_id and an event name."),
        }
    }
}

impl std::error::Error for CollectError {}

/// Reads one body of web events.
pub fn read(body: &[u8], received: At) -> Result<Batch, CollectError> {
    if body.len() > MOST_BODY_BYTES {
        return Err(CollectError::TooLarge { bytes: body.len() });
    }
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let mut found = Found::default();
    let parts = values(body)?;
    for part in &parts {
        match part {
            Ok(value) => found.gather(value, Sender::default()),
            Err(reason) => found.items.push(Err(reason.clone())),
        }
    }
    match found.items.len() {
        0 => return Err(CollectError::NoEvents),
        events if events > MOST_EVENTS => return Err(CollectError::TooMany { events }),
        // A number or a text by itself; an array of such.
        _ if found.items.iter().all(Result::is_err) => return Err(CollectError::NoEvents),
        _ => {}
    }
    let mut batch = Batch::default();
    for (index, item) in found.items.into_iter().enumerate() {
        if let Err(reason) = item.and_then(|raw| batch.take(&raw, received)) {
            batch.refused.push(Refused { index, reason });
        }
    }
    Ok(batch)
}

/// The body as one JSON value, else as one value a line. A line that cannot be read does not cost its neighbours.
fn values(body: &[u8]) -> Result<Vec<Result<Value, String>>, CollectError> {
    let whole = match serde_json::from_slice::<Value>(body) {
        Ok(value) => return Ok(vec![Ok(value)]),
        Err(whole) => whole,
    };
    let lines: Vec<Result<Value, String>> = body
        .split(|b| *b == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .map(|line| serde_json::from_slice::<Value>(line).map_err(|_| NOT_JSON.to_owned()))
        .collect();
    if lines.iter().any(|line| matches!(line, Ok(Value::Object(_) | Value::Array(_)))) {
        Ok(lines)
    } else {
        Err(CollectError::NotJson { line: whole.line() })
    }
}

const NOT_JSON: &str = "This line is not JSON.";

#[derive(Default)]
struct Found<'v> {
    items: Vec<Result<Raw<'v>, String>>,
}

const CLIENT_KEYS: &[&str] = &["client_id", "user_pseudo_id", "cid", "app_instance_id"];
const TIME_KEYS: &[&str] = &["timestamp_micros", "event_timestamp", "ts", "timestamp", "time"];
const NAME_KEYS: &[&str] = &["event", "name", "event_name", "type"];

impl<'v> Found<'v> {
    fn gather(&mut self, value: &'v Value, sender: Sender<'v>) {
        match value {
            Value::Array(all) => {
                for one in all {
                    self.gather(one, sender);
                }
            }
            Value::Object(object) => self.gather_object(object, sender),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                self.items.push(Err("This is not an event: an event is a JSON object.".to_owned()));
            }
        }
    }

    fn gather_object(&mut self, object: &'v Map<String, Value>, outer: Sender<'v>) {
        let sender = Sender {
            client: first(object, CLIENT_KEYS).or(outer.client),
            time: first(object, TIME_KEYS).or(outer.time),
            sent: object.get("sent_at").or(outer.sent),
            items: object.get("items").or(outer.items),
            page: outer.page,
        };
        match object.get("events") {
            Some(Value::Array(events)) => {
                let sender = Sender { page: Some(object), ..sender };
                for one in events {
                    self.gather(one, sender);
                }
            }
            _ => self.items.push(Ok(Raw { object, sender, params: Params::of(object) })),
        }
    }
}

impl Batch {
    /// Adds what one event says, or says why it is none.
    fn take(&mut self, raw: &Raw<'_>, received: At) -> Result<(), String> {
        let event = event(raw, received)?;
        let mark = raw.text(&["hl"]);
        let arrival = Arrival { client: event.client.clone(), at: event.at, mark };
        // A batch says once for all of its events by which link the browser came.
        if (1..=MOST_MARK_CHARS).contains(&arrival.mark.len())
            && !self.arrivals.iter().any(|a| (&a.client, &a.mark) == (&arrival.client, &arrival.mark))
        {
            self.arrivals.push(arrival);
        }
        self.chats.extend(chat::lead(raw, &event));
        self.events.push(event);
        Ok(())
    }
}

fn event(raw: &Raw<'_>, received: At) -> Result<WebEvent, String> {
    let name = first(raw.object, NAME_KEYS).and_then(Value::as_str).map(event_name).unwrap_or_default();
    if name.is_empty() {
        return Err("The event has no name.".to_owned());
    }
    let client = client_id(raw.sender.client.or_else(|| CLIENT_KEYS.iter().find_map(|key| raw.params.get(key))))?;
    let When { at, given_micros } = event_time(raw.sender.time, raw.sender.sent, received)?;
    let page = page_address(&raw.text(&["page_location", "page_path", "page_url", "page", "url"]));
    let car = if did::lists_cars(&name) { None } else { car(raw) };
    let did = raw.did(&name, &page, car.is_some());
    let once = given_micros.map(|micros| once(&client, &name, micros, car.as_ref()));
    Ok(WebEvent { client, did, at, car, name, page, web_ids: web_ids(raw), once })
}

/// Client, name, time and car: no browser does the same thing on the same car twice in one moment.
fn once(client: &str, name: &str, given_micros: i64, car: Option<&WebCar>) -> u64 {
    let vin = car.and_then(|car| car.vin.as_ref()).map_or("", Vin::as_str);
    let stock = car.map_or("", |car| car.stock.as_str());
    let mut hasher = blake3::Hasher::new();
    for part in [client, name, vin, stock] {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    let mut hash = [0; 8];
    hasher.update(&given_micros.to_be_bytes()).finalize_xof().fill(&mut hash);
    u64::from_be_bytes(hash)
}

/// The car of the page: `items[0]`, else the `item_*` parameters. `None` when neither a VIN nor a stock number is given.
fn car(raw: &Raw<'_>) -> Option<WebCar> {
    let say = |keys: &[&str]| raw.of_car(keys);
    let id = say(&["item_id", "vin", "item_vin", "vehicle_vin"]);
    let vin = Vin::parse(&id).or_else(|| Vin::parse(&say(&["vin", "item_vin", "vehicle_vin"])));
    let number = say(&["item_number", "stock_number", "stock", "item_stock", "vehicle_stock"]);
    // Some sites put the stock number where the VIN belongs. 17 characters there are a VIN with a slip, never a stock number.
    let stock = match (number.is_empty(), &vin) {
        (true, None) if id.chars().count() < 17 => id,
        _ => number,
    };
    if vin.is_none() && stock.is_empty() {
        return None;
    }
    let facts = CarFacts {
        year: say(&["item_year", "year"]).parse().ok().filter(|y| (1900..2100).contains(y)),
        make: say(&["item_make", "item_brand", "make"]),
        model: say(&["item_model", "model"]),
        trim: say(&["item_variant", "item_trim", "trim"]),
        body: say(&["item_category", "body_style"]),
        fuel: say(&["item_fuel_type"]),
        exterior_color: say(&["item_color"]),
        odometer_mi: say(&["item_mileage", "mileage"]).replace(',', "").parse().ok(),
        ..CarFacts::default()
    };
    let price = Cents::parse(&say(&["item_price", "price"])).filter(|p| p.0 > 0);
    Some(WebCar { vin, stock, facts, price })
}

/// Ids by which a form can be met with its lead. The id of the form's definition is not one: it is the same for every shopper.
fn web_ids(raw: &Raw<'_>) -> Vec<String> {
    const KEYS: [&str; 8] = [
        "submission_id",
        "lead_id",
        "form_submission_id",
        "form_submit_id",
        "form_instance_id",
        "comm_id",
        "conversation_id",
        // What the site's own analytics calls this browser; many forms send it along with their lead.
        "ga_client_id",
    ];
    let mut ids: Vec<String> = Vec::new();
    for key in KEYS {
        let id = raw.text(&[key]);
        let telling = (6..=MOST_CLIENT_CHARS).contains(&id.len()) && id.bytes().any(|b| b.is_ascii_digit()) && !id.contains(['@', ' ']);
        if telling && !ids.contains(&id) && ids.len() < MOST_WEB_IDS {
            ids.push(id);
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::said::MOST_TEXT_BYTES;
    use super::*;
    use crate::domain::{
        time::{DAY_MS, MINUTE_MS},
        visitor::Did,
    };

    const RECEIVED: At = At(1_795_531_260_000);
    const VIN: &str = "1HGCM82633A004352";

    fn one(json: &str) -> WebEvent {
        let batch = read(json.as_bytes(), RECEIVED).unwrap();
        assert_eq!(batch.refused, vec![], "{json}");
        assert_eq!(batch.events.len(), 1, "{json}");
        batch.events.into_iter().next().unwrap()
    }

    fn refusal(json: &str) -> String {
        let batch = read(json.as_bytes(), RECEIVED).unwrap();
        assert_eq!(batch.events, vec![], "{json}");
        batch.refused.into_iter().next().unwrap().reason
    }

    #[test]
    fn an_unknown_name_is_kept() {
        assert_eq!(one(r#"{"client_id":"555.777","event":"website.dl_Vendor Wheel-Spin"}"#).name, "vendor_wheel_spin");
    }

    #[test]
    fn each_shape_gives_the_same_look() {
        let item = format!(
            r#""item_id":"{VIN}","item_number":"024117","item_price":"27,650","item_year":2022,"item_make":"Honda","item_model":"CR-V","item_variant":"EX-L""#
        );
        let flat = one(&format!(
            r#"{{"ts":1795531200000,"client_id":"GA1.2.555.777","session_id":"9","event":"asc_item_pageview","params":{{{item},"page_location":"https://example.com/vdp/1"}}}}"#
        ));
        for json in [
            format!(
                r#"[{{"timestamp_micros":"1795531200000000","client_id":"555.777","name":"asc_item_pageview","params":{{"items":[{{{item}}}],"page_location":"https://example.com/vdp/1"}}}}]"#
            ),
            format!(
                r#"{{"client_id":"555.777","timestamp_micros":1795531200000000,"events":[{{"name":"asc_item_pageview","params":{{{item},"page_location":"https://example.com/vdp/1"}}}}]}}"#
            ),
            format!(
                r#"{{"event":"dl_asc_item_page_view","client_id":"555.777","ts":"2026-11-24T14:40:00Z",{item},"page_location":"https://example.com/vdp/1"}}"#
            ),
            format!(
                r#"{{"event_name":"asc_item_pageview","event_timestamp":1795531200000000,"user_pseudo_id":"555.777","event_params":[
                    {{"key":"item_id","value":{{"string_value":"{VIN}","int_value":null}}}},{{"key":"item_number","value":{{"string_value":"024117"}}}},
                    {{"key":"item_price","value":{{"double_value":27650.0}}}},{{"key":"item_year","value":{{"int_value":"2022"}}}},
                    {{"key":"item_make","value":{{"string_value":"Honda"}}}},{{"key":"item_model","value":{{"string_value":"CR-V"}}}},
                    {{"key":"item_variant","value":{{"string_value":"EX-L"}}}},{{"key":"page_location","value":{{"string_value":"https://example.com/vdp/1"}}}}]}}"#
            ),
            format!(
                r#"{{"event_name":"asc_item_pageview","event_timestamp":"1795531200000000","user_pseudo_id":"555.777",
                    "event_params":{{"page_location":"https://example.com/vdp/1"}},"items":[{{"item_id":"{VIN}","item_brand":"Honda","item_variant":"EX-L",
                    "price":27650.0,"item_params":[{{"key":"item_number","value":{{"string_value":"024117"}}}},{{"key":"item_year","value":{{"int_value":2022}}}},
                    {{"key":"item_model","value":{{"string_value":"CR-V"}}}}]}}]}}"#
            ),
        ] {
            assert_eq!(one(&json), flat, "{json}");
        }
        let car = flat.car.unwrap();
        assert_eq!((car.stock.as_str(), car.price, car.facts.label()), ("024117", Some(Cents(2_765_000)), "2022 Honda CR-V EX-L".to_owned()));
        assert_eq!((flat.client.as_str(), flat.at), ("555.777", At(1_795_531_200_000)));
    }

    #[test]
    fn a_broken_line_does_not_cost_its_neighbours() {
        let batch = read(include_bytes!("../../tests/fixtures/collect/lines.jsonl"), RECEIVED).unwrap();
        assert_eq!(batch.events.iter().map(|e| e.did).collect::<Vec<_>>(), vec![Did::ViewedCar, Did::StartedTradeTool, Did::ClickedToCall]);
        assert_eq!(batch.refused, vec![Refused { index: 2, reason: "This line is not JSON.".to_owned() }]);
    }

    #[test]
    fn a_whole_visit_of_a_real_looking_site_is_read() {
        let batch = read(include_bytes!("../../tests/fixtures/collect/visit_ga4.json"), RECEIVED).unwrap();
        assert_eq!(batch.refused, vec![]);
        assert_eq!(
            batch.events.iter().map(|e| e.did).collect::<Vec<_>>(),
            vec![
                Did::ViewedPage,
                Did::ViewedLot,
                Did::Other,
                Did::ViewedCar,
                Did::ViewedMedia,
                Did::UsedPaymentTool,
                Did::StartedForm,
                Did::SubmittedForm
            ]
        );
        assert_eq!(batch.events[7].web_ids, vec!["sub-20261124-7781".to_owned()]);
        assert_eq!(batch.events[1].car, None, "the first car of a list is not the car of the page");
    }

    #[test]
    fn the_clock_of_the_sender_is_believed_within_reason() {
        let at = |ms: i64| format!(r#"{{"client_id":"555.777","event":"scroll","ts":{ms}}}"#);
        assert_eq!(one(&at(RECEIVED.0 - 3 * DAY_MS)).at, At(RECEIVED.0 - 3 * DAY_MS));
        assert_eq!(one(&at(RECEIVED.0 + 9 * MINUTE_MS)).at, RECEIVED);
        assert_eq!(one(r#"{"client_id":"555.777","event":"scroll"}"#).at, RECEIVED);
        assert_eq!(one(r#"{"client_id":"555.777","event":"scroll","ts":1795531200}"#).at, At(1_795_531_200_000));
        assert!(refusal(&at(RECEIVED.0 + 11 * MINUTE_MS)).starts_with("The clock of the sender"));
        assert!(refusal(&at(RECEIVED.0 - 401 * DAY_MS)).contains("400 days"));
        assert!(refusal(r#"{"client_id":"555.777","event":"scroll","ts":"yesterday"}"#).contains("time"));
    }

    #[test]
    fn a_wrong_clock_is_set_by_when_the_batch_was_sent() {
        for (sent_ahead, happened_ahead, back) in
            [(0, 0, 0), (60 * MINUTE_MS, 60 * MINUTE_MS, 0), (-DAY_MS, -DAY_MS - MINUTE_MS, MINUTE_MS), (300, 0, 0)]
        {
            let (sent, at) = (RECEIVED.0 + sent_ahead, RECEIVED.0 + happened_ahead);
            let event = one(&format!(r#"{{"client_id":"5","sent_at":{sent},"events":[{{"name":"scroll","timestamp_micros":{}}}]}}"#, at * 1_000));
            assert_eq!(event.at, At(RECEIVED.0 - back), "{sent_ahead}");
        }
    }

    #[test]
    fn the_same_event_is_known_again_and_another_is_not_taken_for_it() {
        let of = |client: &str, name: &str, ts: i64, stock: &str| {
            one(&format!(r#"{{"client_id":"{client}","event":"{name}","ts":{ts},"item_number":"{stock}"}}"#)).once
        };
        let ms = RECEIVED.0 - 1_000;
        let look = of("5", "asc_item_pageview", ms, "24117");
        assert!(look.is_some());
        assert_eq!(look, of("5", "dl_asc_item_page_view", ms * 1_000, "24117"));
        for other in [
            of("6", "asc_item_pageview", ms, "24117"),
            of("5", "asc_media_interaction", ms, "24117"),
            of("5", "asc_item_pageview", ms + 1, "24117"),
            of("5", "asc_item_pageview", ms, "24118"),
        ] {
            assert_ne!(look, other);
        }
        assert_eq!(one(r#"{"client_id":"5","event":"scroll"}"#).once, None);
    }

    #[test]
    fn a_browser_comes_by_a_link_once_a_batch() {
        let mark = "k".repeat(32);
        let batch =
            read(format!(r#"{{"client_id":"5","hl":"{mark}","events":[{{"name":"scroll"}},{{"name":"scroll"}}]}}"#).as_bytes(), RECEIVED).unwrap();
        assert_eq!(batch.arrivals, vec![Arrival { client: "5".to_owned(), at: RECEIVED, mark: mark.clone() }]);
        let batch = read(
            format!(r#"[{{"client_id":"5","event":"scroll","params":{{"hl":"{mark}"}}}},{{"client_id":"6","event":"scroll"}}]"#).as_bytes(),
            RECEIVED,
        );
        assert_eq!(batch.unwrap().arrivals.iter().map(|a| a.client.as_str()).collect::<Vec<_>>(), ["5"]);
    }

    #[test]
    fn nothing_personal_stays_in_an_address() {
        for (sent, kept) in [
            ("https://example.com/vdp/1?email=dana%40example.com&utm_source=cars&phone=2075550148#top", "https://example.com/vdp/1?utm_source=cars"),
            ("https://dana:secret@example.com/x", "https://example.com/x"),
            ("https://example.com/thanks/dana@example.com/next", "https://example.com/thanks/…/next"),
            ("https://example.com/call/207-555-0148", "https://example.com/call/…"),
            ("/used?utm_campaign=fall&utm_content=dana@example.com&utm_medium=email", "/used?utm_campaign=fall&utm_medium=email"),
        ] {
            assert_eq!(page_address(sent), kept, "{sent}");
        }
    }

    #[test]
    fn an_event_without_a_usable_browser_id_is_refused() {
        for client in [r#""""#, r#""dana@example.com""#, r#""a\u0007b""#, &format!(r#""{}""#, "7".repeat(129))] {
            assert!(refusal(&format!(r#"{{"client_id":{client},"event":"scroll"}}"#)).contains("client_id"), "{client}");
        }
        assert_eq!(one(r#"{"client_id":12345.5,"event":"scroll"}"#).client, "12345.5");
    }

    #[test]
    fn the_id_of_a_form_itself_ties_nobody() {
        let event = one(
            r#"{"client_id":"555.777","event":"asc_form_submission","params":{"form_id":"contact-form-7781","submission_id":"NA","lead_id":"L-0099812"}}"#,
        );
        assert_eq!(event.web_ids, vec!["L-0099812".to_owned()]);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let event = one(&format!(r#"{{"client_id":"5","event":"view_item","params":{{"item_number":"7","item_model":"{}"}}}}"#, "é".repeat(400)));
        assert_eq!(event.car.unwrap().facts.model.len(), 512);
    }

    #[test]
    fn a_body_beyond_the_limits_is_refused_as_a_whole() {
        let many = format!("[{}]", vec![r#"{"client_id":"5","event":"scroll"}"#; 201].join(","));
        assert_eq!(read(many.as_bytes(), RECEIVED), Err(CollectError::TooMany { events: 201 }));
        assert_eq!(read(&vec![b' '; MOST_BODY_BYTES + 1], RECEIVED), Err(CollectError::TooLarge { bytes: MOST_BODY_BYTES + 1 }));
        assert_eq!(read(b"client=5&event=scroll", RECEIVED), Err(CollectError::NotJson { line: 1 }));
        assert_eq!(read("[".repeat(5_000).as_bytes(), RECEIVED), Err(CollectError::NotJson { line: 1 }));
        assert_eq!(read(b"[]", RECEIVED), Err(CollectError::NoEvents));
        assert_eq!(read(b"", RECEIVED), Err(CollectError::NotJson { line: 1 }));
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_stumble(body in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let _ = read(&body, RECEIVED);
        }

        #[test]
        fn no_page_address_makes_it_stumble(page in ".{0,700}") {
            proptest::prop_assert!(page_address(&page).len() <= MOST_TEXT_BYTES);
        }
    }
}
