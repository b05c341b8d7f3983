//! What did a shopper's browser do? Web events as site platforms send them: the Automotive Standards Council's names on GA4's shapes.
//!
//! Accepted: one event, an array of events, JSON lines, the GA4 Measurement Protocol body (`client_id`, `events: [{name, params}]`)
//! and rows of the GA4 export (`event_params: [{key, value: {string_value}}]`). Nothing personal passes: of a page's address only the
//! path and the campaign's `utm_*` words are kept.

use crate::domain::{
    event::{WebCar, WebEvent},
    money::Cents,
    time::{At, DAY_MS, MINUTE_MS},
    vehicle::CarFacts,
    vin::Vin,
    visitor::Did,
};
use serde_json::{Map, Value};

/// Largest body taken. 64 KiB holds 200 events of 300 bytes; a page view with its car is about 600.
pub const MOST_BODY_BYTES: usize = 64 * 1024;
/// Most events in one body.
pub const MOST_EVENTS: usize = 200;
/// Longest text kept of any field.
const MOST_TEXT_BYTES: usize = 512;
/// Longest client id; GA4's own has about 21 characters.
const MOST_CLIENT_CHARS: usize = 128;
/// Most ids of forms kept of one event.
const MOST_WEB_IDS: usize = 6;
/// A sender's clock may run ahead by this; such an event is taken as happening on arrival.
const FAST_CLOCK_MS: i64 = 10 * MINUTE_MS;
/// Older than this is no news of a shopper any more; GA4 itself keeps 14 months at the most.
const OLDEST_MS: i64 = 400 * DAY_MS;

/// What could be read of one body, and what could not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    pub events: Vec<WebEvent>,
    pub refused: Vec<Refused>,
}

/// One event of a batch that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its place in the body, from 0.
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
        match item.and_then(|raw| raw.event(received)) {
            Ok(event) => batch.events.push(event),
            Err(reason) => batch.refused.push(Refused { index, reason }),
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
        .map(|line| serde_json::from_slice::<Value>(line).map_err(|_| "This line is not JSON.".to_owned()))
        .collect();
    if lines.iter().any(|line| matches!(line, Ok(Value::Object(_) | Value::Array(_)))) {
        Ok(lines)
    } else {
        Err(CollectError::NotJson { line: whole.line() })
    }
}

/// What a batch says once for all of its events.
#[derive(Clone, Copy, Default)]
struct Sender<'v> {
    client: Option<&'v Value>,
    time: Option<&'v Value>,
    items: Option<&'v Value>,
    page: Option<&'v Map<String, Value>>,
}

#[derive(Default)]
struct Found<'v> {
    items: Vec<Result<Raw<'v>, String>>,
}

const CLIENT_KEYS: &[&str] = &["client_id", "user_pseudo_id", "cid"];
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

/// The parameters of one event, wherever the sender put them.
enum Params<'v> {
    /// `params: {..}`, or none of its own.
    Map(Option<&'v Map<String, Value>>),
    /// `event_params: [{key, value: {string_value}}]`.
    Pairs(&'v [Value]),
}

impl<'v> Params<'v> {
    fn of(object: &'v Map<String, Value>) -> Self {
        match (object.get("event_params"), object.get("params").or_else(|| object.get("parameters"))) {
            (Some(Value::Array(pairs)), _) => Self::Pairs(pairs),
            (Some(Value::Object(map)), _) | (_, Some(Value::Object(map))) => Self::Map(Some(map)),
            (_, Some(Value::Array(pairs))) => Self::Pairs(pairs),
            _ => Self::Map(None),
        }
    }

    fn get(&self, key: &str) -> Option<&'v Value> {
        match self {
            Self::Map(map) => map.and_then(|m| m.get(key)),
            Self::Pairs(pairs) => pairs.iter().find(|pair| pair.get("key").and_then(Value::as_str) == Some(key)).and_then(|pair| {
                let value = pair.get("value")?;
                ["string_value", "int_value", "double_value", "float_value"]
                    .iter()
                    .find_map(|kind| filled(value.get(kind)?))
                    .or_else(|| filled(value))
            }),
        }
    }
}

/// One event as found, before it is understood.
struct Raw<'v> {
    object: &'v Map<String, Value>,
    sender: Sender<'v>,
    params: Params<'v>,
}

impl Raw<'_> {
    fn event(&self, received: At) -> Result<WebEvent, String> {
        let name = first(self.object, NAME_KEYS).and_then(Value::as_str).map(event_name).unwrap_or_default();
        if name.is_empty() {
            return Err("The event has no name.".to_owned());
        }
        let client = client_id(self.sender.client.or_else(|| self.params.get("client_id")))?;
        let at = event_time(self.sender.time, received)?;
        let page = page_address(&self.text(&["page_location", "page_path", "page_url", "page", "url"]));
        let car = if lists_cars(&name) { None } else { self.car() };
        let did = self.did(&name, &page, car.is_some());
        Ok(WebEvent { client, did, at, car, name, page, web_ids: self.web_ids() })
    }

    /// The first of the fields that says something: among the parameters, then on the event, then on the batch.
    fn text(&self, keys: &[&str]) -> String {
        keys.iter().find_map(|key| self.field(key)).map(text_of).unwrap_or_default()
    }

    fn field(&self, key: &str) -> Option<&Value> {
        self.params
            .get(key)
            .and_then(filled)
            .or_else(|| self.object.get(key).and_then(filled))
            .or_else(|| self.sender.page.and_then(|page| page.get(key)).and_then(filled))
    }

    /// The fields as one text in lower case, each between spaces, to look for words in.
    fn words(&self, keys: &[&str]) -> String {
        let mut all = String::new();
        for value in keys.iter().filter_map(|key| self.field(key)) {
            all.push(' ');
            all.push_str(&text_of(value).to_lowercase());
        }
        all.push(' ');
        all
    }

    /// The car of the page: `items[0]`, else the `item_*` parameters. `None` when neither a VIN nor a stock number is given.
    fn car(&self) -> Option<WebCar> {
        let items = self.params.get("items").or(self.sender.items);
        let item = match items {
            Some(Value::Array(all)) => all.first(),
            other => other,
        };
        let say = |keys: &[&str]| -> String {
            let inner = item.and_then(|i| keys.iter().find_map(|key| i.get(key).and_then(filled)));
            inner.map_or_else(|| self.text(keys), text_of)
        };
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
    fn web_ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for key in ["submission_id", "lead_id", "form_submission_id", "form_submit_id", "form_instance_id", "comm_id", "conversation_id"] {
            let id = self.text(&[key]);
            let telling = (6..=MOST_CLIENT_CHARS).contains(&id.len()) && id.bytes().any(|b| b.is_ascii_digit()) && !id.contains(['@', ' ']);
            if telling && !ids.contains(&id) && ids.len() < MOST_WEB_IDS {
                ids.push(id);
            }
        }
        ids
    }

    fn did(&self, name: &str, page: &str, has_car: bool) -> Did {
        let plain = name.strip_prefix("asc_").unwrap_or(name);
        if let Some(did) = price_alert_by_name(plain, self) {
            return did;
        }
        match plain {
            "item_pageview" | "view_item" => looked(has_car),
            "itemlist_pageview" | "view_item_list" => Did::ViewedLot,
            "pageview" => self.page_kind(name, page, has_car),
            "media_interaction" => Did::ViewedMedia,
            "cta_interaction" => self.cta(),
            "element_configuration" => self.configured(),
            "special_offer" | "view_promotion" | "select_promotion" => self.offer(),
            "retail_process" => self.retail_step(),
            "form_engagement" | "form_start" => self.form_begun(),
            "click_to_call" | "voice_engagement" | "voice_submission" => Did::ClickedToCall,
            "comm_engagement" => Did::EngagedChat,
            "generate_lead" | "form_submit" => self.form_sent(""),
            "search" | "view_search_results" => Did::Searched,
            "share" => Did::Shared,
            _ => match (plain.strip_prefix("form_submission"), plain.strip_prefix("comm_submission")) {
                (Some(of), _) => self.form_sent(of.trim_start_matches('_')),
                (_, Some(of)) if of.contains("appt") && !of.contains("service") => Did::BookedVisit,
                (_, Some(_)) => Did::GaveContact,
                (None, None) => Did::Other,
            },
        }
    }

    /// A plain page view. The Council's sites send the car's own event beside it, which counts as the look; here it must not count twice.
    fn page_kind(&self, name: &str, page: &str, has_car: bool) -> Did {
        let kind = self.text(&["page_type"]).to_lowercase();
        match kind.as_str() {
            "item" | "vdp" | "itemlist" | "srp" if name.starts_with("asc_") => Did::Other,
            "item" | "vdp" => looked(has_car),
            "itemlist" | "srp" => Did::ViewedLot,
            _ if has_word(&kind, HOURS_WORDS) || has_word(&path_of(page).to_lowercase(), HOURS_WORDS) => Did::ViewedHours,
            _ => Did::ViewedPage,
        }
    }

    fn cta(&self) -> Did {
        let words = self.words(&[
            "event_action",
            "event_action_result",
            "element_type",
            "element_text",
            "element_title",
            "element_value",
            "promotion_name",
            "comm_type",
            "link_url",
        ]);
        match () {
            () if has_any(&words, PRICE_ALERT_WORDS) => Did::ClickedPriceAlert,
            () if words.contains("compare") => Did::Compared,
            () if words.contains("share") => Did::Shared,
            () if words.contains(" tel:") || words.contains("click_to_call") => Did::ClickedToCall,
            () if has_any(&words, CHAT_WORDS) => Did::EngagedChat,
            // A credit application is often another company's page that reports nothing: opening it is all we shall see.
            () if has_any(&words, CREDIT_APPLICATION_WORDS) => Did::StartedFinance,
            () if has_word(&words, &["directions", "hours"]) => Did::ViewedHours,
            () => Did::Other,
        }
    }

    fn configured(&self) -> Did {
        let words =
            self.words(&["element_type", "element_text", "element_title", "element_value", "event_action", "form_name", "flow_name", "product_name"]);
        if has_any(&words, PAYMENT_WORDS) {
            return Did::UsedPaymentTool;
        }
        let on_list = matches!(self.text(&["page_type"]).to_lowercase().as_str(), "itemlist" | "srp");
        if on_list || has_any(&words, &["filter", "search"]) { Did::Searched } else { Did::Other }
    }

    fn offer(&self) -> Did {
        let words = self.words(&["promotion_name", "element_text", "element_title", "event_action", "event_action_result"]);
        match () {
            () if !has_any(&words, PRICE_ALERT_WORDS) => Did::Other,
            () if has_any(&words, CLICK_WORDS) => Did::ClickedPriceAlert,
            () => Did::OpenedPriceAlert,
        }
    }

    fn retail_step(&self) -> Did {
        let flow = self.words(&["flow_name", "form_type", "department"]);
        let outcome = self.words(&["flow_outcome", "flow_status"]);
        let ended = if outcome.trim().is_empty() {
            has_any(&self.words(&["event_action", "event_action_result"]), DONE_WORDS)
        } else {
            has_any(&outcome, DONE_WORDS)
        };
        match (Form::of(&flow), ended) {
            (Form::Trade, true) => Did::FinishedTradeTool,
            (Form::Trade, false) => Did::StartedTradeTool,
            (Form::Finance, true) => Did::SubmittedFinance,
            (Form::Finance, false) => Did::StartedFinance,
            (Form::Payment, _) => Did::UsedPaymentTool,
            (Form::Visit, true) => Did::BookedVisit,
            (Form::Service | Form::Plain, true) => Did::SubmittedForm,
            (Form::Visit | Form::Service | Form::Plain, false) => Did::StartedForm,
        }
    }

    fn form(&self) -> Form {
        let mut words = self.words(&["form_type", "form_name", "department", "element_text"]);
        // One vendor puts the form's type where the page's address belongs.
        let place = self.text(&["page_location"]).to_lowercase();
        if !place.contains(['/', '.']) {
            words.push_str(&place);
        }
        Form::of(&words)
    }

    fn form_begun(&self) -> Did {
        match self.form() {
            Form::Trade => Did::StartedTradeTool,
            Form::Finance => Did::StartedFinance,
            Form::Payment => Did::UsedPaymentTool,
            Form::Visit | Form::Service | Form::Plain => Did::StartedForm,
        }
    }

    /// `of` is what follows `asc_form_submission_`; the bare name is sent for every form beside it.
    fn form_sent(&self, of: &str) -> Did {
        let form = match of {
            "trade" => Form::Trade,
            "credit" | "finance" => Form::Finance,
            "sales_appt" => Form::Visit,
            "sales" | "other" => Form::Plain,
            "" => self.form(),
            service if service.starts_with("service") || service.starts_with("parts") => Form::Service,
            _ => Form::Plain,
        };
        match form {
            Form::Trade => Did::FinishedTradeTool,
            Form::Finance => Did::SubmittedFinance,
            Form::Payment => Did::UsedPaymentTool,
            Form::Visit => Did::BookedVisit,
            Form::Service | Form::Plain => Did::SubmittedForm,
        }
    }
}

/// What a form or a flow is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Trade,
    Finance,
    Payment,
    /// A visit to the showroom, a test drive.
    Visit,
    /// Service and parts: the other side of the building, no step towards a car.
    Service,
    Plain,
}

impl Form {
    fn of(words: &str) -> Self {
        match () {
            () if has_any(words, TRADE_WORDS) => Self::Trade,
            () if has_any(words, CREDIT_WORDS) => Self::Finance,
            () if has_any(words, PAYMENT_WORDS) => Self::Payment,
            () if has_any(words, &["service", "parts"]) => Self::Service,
            () if has_any(words, VISIT_WORDS) => Self::Visit,
            () => Self::Plain,
        }
    }
}

const HOURS_WORDS: &[&str] = &["hours", "directions", "location", "locations", "hoursdirections"];
const PRICE_ALERT_WORDS: &[&str] =
    &["price alert", "price drop", "price_alert", "price_drop", "price-drop", "price-alert", "pricedrop", "price watch", "reduced price"];
const TRADE_WORDS: &[&str] = &["trade", "appraisal", "appraise", "value your", "sell your", "sell us", "instant cash", "instant offer"];
const CREDIT_WORDS: &[&str] = &["credit", "financ", "prequal", "pre-qual", "pre_qual", "preapprov", "pre-approv"];
const CREDIT_APPLICATION_WORDS: &[&str] =
    &["credit app", "credit_app", "apply for", "prequal", "pre-qual", "preapprov", "pre-approv", "get approved"];
const PAYMENT_WORDS: &[&str] = &["payment", "calculator", "lease_term", "down_payment", " apr ", " term "];
const VISIT_WORDS: &[&str] = &["test drive", "test_drive", "testdrive", "test-drive", "appointment", "appt", "schedule", "book a visit"];
const CHAT_WORDS: &[&str] = &["whatsapp", "chat", " sms", "text us", "contact_tool"];
const CLICK_WORDS: &[&str] = &["click", "redirect", "open", "select"];
const DONE_WORDS: &[&str] = &["complete", "submit", "success", "finish", "crm_update", " end ", " done "];

fn has_any(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}

/// One of the words stands alone in the text, whatever is around it.
fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}

fn looked(has_car: bool) -> Did {
    if has_car { Did::ViewedCar } else { Did::ViewedPage }
}

fn lists_cars(name: &str) -> bool {
    matches!(name, "asc_itemlist_pageview" | "view_item_list" | "view_search_results")
}

/// A tool that names its event after the alert: `price_alert_open`, `asc_price_drop_click`.
fn price_alert_by_name(plain: &str, raw: &Raw<'_>) -> Option<Did> {
    if !plain.starts_with("price_alert") && !plain.starts_with("price_drop") {
        return None;
    }
    let clicked = plain.contains("click") || has_any(&raw.words(&["event_action", "event_action_result"]), &["click", "redirect"]);
    Some(if clicked { Did::ClickedPriceAlert } else { Did::OpenedPriceAlert })
}

/// Lower case, without the prefixes tag managers and wrappers put in front, and with one spelling of "pageview".
fn event_name(sent: &str) -> String {
    let mut name: String =
        cut(sent.trim(), MOST_TEXT_BYTES).chars().map(|c| if matches!(c, ' ' | '-') { '_' } else { c.to_ascii_lowercase() }).collect();
    while let Some(rest) = name.strip_prefix("website.").or_else(|| name.strip_prefix("dl_")) {
        name = rest.to_owned();
    }
    name.replace("page_view", "pageview")
}

/// The site's random id of a browser; the `GA1.2.` a cookie carries in front is not part of it.
fn client_id(value: Option<&Value>) -> Result<String, String> {
    let id = match value {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let bare = id.strip_prefix("GA1.").and_then(|rest| rest.split_once('.')).map_or(id.as_str(), |(_, rest)| rest);
    match bare.chars().count() {
        0 => Err("The event has no client_id.".to_owned()),
        n if n > MOST_CLIENT_CHARS => Err(format!("The client_id is longer than {MOST_CLIENT_CHARS} characters.")),
        _ if bare.chars().any(|c| c.is_control() || c.is_whitespace()) => Err("The client_id has characters that cannot be printed.".to_owned()),
        _ if bare.contains('@') => Err("The client_id looks like an email address; a random id of the browser belongs there.".to_owned()),
        _ => Ok(bare.to_owned()),
    }
}

/// When it happened by the sender's clock. Seconds, milliseconds and microseconds are told apart by their size.
fn event_time(value: Option<&Value>, received: At) -> Result<At, String> {
    let unreadable = || Err("The time of the event could not be read.".to_owned());
    let number = match value {
        None | Some(Value::Null) => return Ok(received),
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(received),
        Some(Value::String(text)) => match (text.trim().parse::<i64>(), At::parse_rfc3339(text)) {
            (Ok(number), _) => number,
            (_, Some(at)) => return checked_time(at, received),
            (Err(_), None) => return unreadable(),
        },
        Some(Value::Number(number)) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => number,
            (None, Some(seconds)) if (1.0e9..1.0e10).contains(&seconds) => return checked_time(milliseconds(seconds), received),
            _ => return unreadable(),
        },
        Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => return unreadable(),
    };
    match number {
        100_000_000_000_000..=9_999_999_999_999_999 => checked_time(At(number / 1_000), received),
        100_000_000_000..=9_999_999_999_999 => checked_time(At(number), received),
        100_000_000..=9_999_999_999 => checked_time(At(number * 1_000), received),
        _ => unreadable(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the caller bounds it to ten digits")]
fn milliseconds(seconds: f64) -> At {
    At((seconds * 1_000.0).round() as i64)
}

fn checked_time(at: At, received: At) -> Result<At, String> {
    match at.since(received) {
        ahead if ahead > FAST_CLOCK_MS => {
            Err("The clock of the sender is ahead of ours by more than 10 minutes; set it right and send again.".to_owned())
        }
        ahead if ahead > 0 => Ok(received),
        back if back < -OLDEST_MS => Err("The event is older than 400 days.".to_owned()),
        _ => Ok(at),
    }
}

/// The address of a page without anything that could name a person: no user part, no fragment, of the query only `utm_*`.
fn page_address(sent: &str) -> String {
    let sent = sent.split('#').next().unwrap_or("");
    let (place, query) = sent.split_once('?').unwrap_or((sent, ""));
    let mut page = String::with_capacity(place.len());
    let (scheme, rest) = match place.split_once("://") {
        Some((scheme, rest)) => (scheme, rest),
        None => ("", place),
    };
    if !scheme.is_empty() {
        page.push_str(scheme);
        page.push_str("://");
    }
    for (i, part) in rest.split('/').enumerate() {
        if i > 0 {
            page.push('/');
        }
        match (i, part.rsplit_once('@')) {
            (0, Some((_, host))) if !scheme.is_empty() => page.push_str(host),
            _ if is_personal(part) => page.push('…'),
            _ => page.push_str(part),
        }
    }
    let campaign = query.split('&').filter(|pair| pair.to_ascii_lowercase().starts_with("utm_") && !is_personal(pair));
    for (i, pair) in campaign.enumerate() {
        page.push(if i == 0 { '?' } else { '&' });
        page.push_str(pair);
    }
    cut(&page, MOST_TEXT_BYTES).to_owned()
}

/// An e-mail address, or ten digits as telephones have them: not part of a page's name.
fn is_personal(text: &str) -> bool {
    if text.contains('@') || text.to_ascii_lowercase().contains("%40") {
        return true;
    }
    let value = text.split_once('=').map_or(text, |(_, value)| value).replace("%20", " ").replace("%2B", "+");
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    (10..=11).contains(&digits) && value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'(' | b')' | b'+' | b' '))
}

fn path_of(page: &str) -> &str {
    let page = page.split('?').next().unwrap_or("");
    match page.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => page,
    }
}

fn first<'v>(object: &'v Map<String, Value>, keys: &[&str]) -> Option<&'v Value> {
    keys.iter().find_map(|key| object.get(*key).and_then(filled))
}

/// `None` for what senders write when a parameter does not apply.
fn filled(value: &Value) -> Option<&Value> {
    match value {
        Value::Null => None,
        Value::String(text) => {
            let text = text.trim();
            let empty = text.is_empty() || ["na", "n/a", "undefined", "null", "none", "(not set)"].iter().any(|word| text.eq_ignore_ascii_case(word));
            (!empty).then_some(value)
        }
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(value),
    }
}

/// A text, or a number as text; control characters are left out.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => cut(text.trim(), MOST_TEXT_BYTES).chars().filter(|c| !c.is_control()).collect(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// At most so many bytes, never through a character.
fn cut(text: &str, most_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(most_bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::DAY_MS;

    const RECEIVED: At = At(1_795_531_260_000);
    const VIN: &str = "1HGCM82633A004352";

    fn one(json: &str) -> WebEvent {
        let batch = read(json.as_bytes(), RECEIVED).unwrap();
        assert_eq!(batch.refused, vec![], "{json}");
        assert_eq!(batch.events.len(), 1, "{json}");
        batch.events.into_iter().next().unwrap()
    }

    fn did(name: &str, params: &str) -> Did {
        one(&format!(r#"{{"client_id":"555.777","event":"{name}","params":{{{params}}}}}"#)).did
    }

    fn refusal(json: &str) -> String {
        let batch = read(json.as_bytes(), RECEIVED).unwrap();
        assert_eq!(batch.events, vec![], "{json}");
        batch.refused.into_iter().next().unwrap().reason
    }

    #[test]
    fn each_name_of_the_council_says_what_was_done() {
        for (name, params, expected) in [
            ("asc_pageview", r#""page_type":"home""#, Did::ViewedPage),
            ("asc_page_view", r#""page_type":"custom","page_location":"https://example.com/about-us/hours-and-directions/""#, Did::ViewedHours),
            ("asc_pageview", r#""page_type":"hours-directions""#, Did::ViewedHours),
            ("asc_pageview", r#""page_type":"itemlist","page_location":"https://example.com/used/location-portland""#, Did::Other),
            ("asc_pageview", r#""page_type":"item","item_id":"1HGCM82633A004352""#, Did::Other),
            ("asc_item_pageview", r#""item_id":"1HGCM82633A004352""#, Did::ViewedCar),
            ("asc_item_page_view", r#""item_id":"NA","item_number":"24117""#, Did::ViewedCar),
            ("asc_item_pageview", r#""item_id":"NA","item_number":"""#, Did::ViewedPage),
            ("asc_itemlist_pageview", r#""item_results":"48""#, Did::ViewedLot),
            ("asc_menu_interaction", r#""element_text":"Finance""#, Did::Other),
            ("asc_media_interaction", r#""media_type":"photo""#, Did::ViewedMedia),
            ("asc_cta_interaction", r#""element_type":"compare_tool","event_action_result":"compare""#, Did::Compared),
            ("asc_cta_interaction", r#""element_type":"share_tool""#, Did::Shared),
            ("asc_cta_interaction", r#""element_type":"contact_tool","element_text":"WhatsApp""#, Did::EngagedChat),
            ("asc_cta_interaction", r#""element_text":"Apply for Credit","link_url":"https://example.com/apply""#, Did::StartedFinance),
            ("asc_cta_interaction", r#""element_text":"Get directions""#, Did::ViewedHours),
            ("asc_cta_interaction", r#""element_text":"Price Drop Alert""#, Did::ClickedPriceAlert),
            ("asc_cta_interaction", r#""element_text":"Learn more""#, Did::Other),
            ("asc_element_configuration", r#""element_type":"calculator","element_text":"Down payment""#, Did::UsedPaymentTool),
            ("asc_element_configuration", r#""element_text":"Term","element_value":"72""#, Did::UsedPaymentTool),
            ("asc_element_configuration", r#""page_type":"itemlist","element_type":"filter","element_value":"SUV""#, Did::Searched),
            ("asc_element_configuration", r#""element_type":"tab","element_text":"Specs""#, Did::Other),
            ("asc_special_offer", r#""promotion_name":"Price Drop on #24117","event_action_result":"redirect""#, Did::ClickedPriceAlert),
            ("asc_special_offer", r#""promotion_name":"Price drop banner","event_action":"view""#, Did::OpenedPriceAlert),
            ("asc_special_offer", r#""promotion_name":"Summer sale""#, Did::Other),
            ("price_alert_open", "", Did::OpenedPriceAlert),
            ("asc_price_drop_click", "", Did::ClickedPriceAlert),
            ("asc_retail_process", r#""flow_name":"Trade-In","flow_outcome":"start""#, Did::StartedTradeTool),
            ("asc_retail_process", r#""flow_name":"trade","flow_outcome":"proceed","event_action_result":"success""#, Did::StartedTradeTool),
            ("asc_retail_process", r#""flow_name":"trade","flow_outcome":"complete""#, Did::FinishedTradeTool),
            ("asc_retail_process", r#""flow_name":"prequalify","flow_outcome":"start""#, Did::StartedFinance),
            ("asc_retail_process", r#""flow_name":"credit application","flow_outcome":"submitted""#, Did::SubmittedFinance),
            ("asc_retail_process", r#""flow_name":"payments","flow_outcome":"start""#, Did::UsedPaymentTool),
            ("asc_retail_process", r#""flow_name":"buy online","flow_outcome":"complete""#, Did::SubmittedForm),
            ("asc_form_engagement", r#""form_type":"trade""#, Did::StartedTradeTool),
            ("asc_form_engagement", r#""form_type":"contact us""#, Did::StartedForm),
            ("asc_form_engagement", r#""page_location":"credit application""#, Did::StartedFinance),
            ("asc_form_engagement", r#""form_name":"Ask","page_location":"https://example.com/finance/""#, Did::StartedForm),
            ("asc_form_submission", r#""form_name":"Value Your Trade""#, Did::FinishedTradeTool),
            ("asc_form_submission", r#""form_name":"Check availability""#, Did::SubmittedForm),
            ("asc_form_submission_sales", "", Did::SubmittedForm),
            ("asc_form_submission_sales_appt", "", Did::BookedVisit),
            ("asc_form_submission_service_appt", "", Did::SubmittedForm),
            ("asc_form_submission_trade", "", Did::FinishedTradeTool),
            ("asc_form_submission_credit", "", Did::SubmittedFinance),
            ("asc_click_to_call", r#""comm_phone_number":"NA""#, Did::ClickedToCall),
            ("asc_comm_engagement", r#""comm_status":"start""#, Did::EngagedChat),
            ("dl_asc_comm_engagement", r#""comm_status":"engage""#, Did::EngagedChat),
            ("asc_comm_submission", r#""comm_status":"crm_update""#, Did::GaveContact),
            ("asc_comm_submission_sales", "", Did::GaveContact),
            ("asc_comm_submission_sales_appt", "", Did::BookedVisit),
            ("asc_voice_submission", "", Did::ClickedToCall),
            ("website.asc_form_submission", "", Did::SubmittedForm),
            ("ASC_Click_To_Call", "", Did::ClickedToCall),
            ("page_view", r#""page_type":"vdp","vin":"1HGCM82633A004352""#, Did::ViewedCar),
            ("view_item", r#""items":[{"item_id":"1HGCM82633A004352"}]"#, Did::ViewedCar),
            ("generate_lead", "", Did::SubmittedForm),
            ("search", "", Did::Searched),
            ("share", "", Did::Shared),
            ("scroll", "", Did::Other),
        ] {
            assert_eq!(did(name, params), expected, "{name} {params}");
        }
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
