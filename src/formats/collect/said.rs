//! What does the sender say, wherever they put it? Parameters beside the event, around it, in pairs of key and value, or on its car.

use serde_json::{Map, Value};

/// Longest text kept of any field.
pub(super) const MOST_TEXT_BYTES: usize = 512;

/// What a batch says once for all of its events.
#[derive(Clone, Copy, Default)]
pub(super) struct Sender<'v> {
    pub(super) client: Option<&'v Value>,
    pub(super) time: Option<&'v Value>,
    /// When the batch was sent, by the sender's own clock.
    pub(super) sent: Option<&'v Value>,
    pub(super) items: Option<&'v Value>,
    pub(super) page: Option<&'v Map<String, Value>>,
}

/// The parameters of one event, wherever the sender put them.
pub(super) enum Params<'v> {
    /// `params: {..}`, or none of its own.
    Map(Option<&'v Map<String, Value>>),
    /// `event_params: [{key, value: {string_value}}]`.
    Pairs(&'v [Value]),
}

impl<'v> Params<'v> {
    pub(super) fn of(object: &'v Map<String, Value>) -> Self {
        match (object.get("event_params"), object.get("params").or_else(|| object.get("parameters"))) {
            (Some(Value::Array(pairs)), _) => Self::Pairs(pairs),
            (Some(Value::Object(map)), _) | (_, Some(Value::Object(map))) => Self::Map(Some(map)),
            (_, Some(Value::Array(pairs))) => Self::Pairs(pairs),
            _ => Self::Map(None),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'v Value> {
        match self {
            Self::Map(map) => map.and_then(|m| m.get(key)),
            Self::Pairs(pairs) => of_pairs(pairs, key),
        }
    }
}

/// `{key, value: {string_value}}`, as GA4 exports parameters of events and of items.
fn of_pairs<'v>(pairs: &'v [Value], key: &str) -> Option<&'v Value> {
    let pair = pairs.iter().find(|pair| pair.get("key").and_then(Value::as_str) == Some(key))?;
    let value = pair.get("value")?;
    ["string_value", "int_value", "double_value", "float_value"].iter().find_map(|kind| filled(value.get(kind)?)).or_else(|| filled(value))
}

/// One event as found, before it is understood.
pub(super) struct Raw<'v> {
    pub(super) object: &'v Map<String, Value>,
    pub(super) sender: Sender<'v>,
    pub(super) params: Params<'v>,
}

impl Raw<'_> {
    /// The first of the fields that says something: among the parameters, then on the event, then on the batch.
    pub(super) fn text(&self, keys: &[&str]) -> String {
        keys.iter().find_map(|key| self.field(key)).map(text_of).unwrap_or_default()
    }

    pub(super) fn field(&self, key: &str) -> Option<&Value> {
        self.params
            .get(key)
            .and_then(filled)
            .or_else(|| self.object.get(key).and_then(filled))
            .or_else(|| self.sender.page.and_then(|page| page.get(key)).and_then(filled))
    }

    /// The fields as one text in lower case, each between spaces, to look for words in.
    pub(super) fn words(&self, keys: &[&str]) -> String {
        let mut all = String::new();
        for value in keys.iter().filter_map(|key| self.field(key)) {
            all.push(' ');
            all.push_str(&text_of(value).to_lowercase());
        }
        all.push(' ');
        all
    }

    /// The first car of the event, with what `item_*` parameters say where it says nothing.
    pub(super) fn of_car(&self, keys: &[&str]) -> String {
        let item = match self.params.get("items").or_else(|| self.object.get("items")).or(self.sender.items) {
            Some(Value::Array(all)) => all.first(),
            other => other,
        };
        let inner = item.and_then(|item| keys.iter().find_map(|key| item_field(item, key)));
        inner.map_or_else(|| self.text(keys), text_of)
    }
}

fn item_field<'v>(item: &'v Value, key: &str) -> Option<&'v Value> {
    let pairs = item.get("item_params").and_then(Value::as_array);
    item.get(key).and_then(filled).or_else(|| of_pairs(pairs?, key))
}

pub(super) fn first<'v>(object: &'v Map<String, Value>, keys: &[&str]) -> Option<&'v Value> {
    keys.iter().find_map(|key| object.get(*key).and_then(filled))
}

/// `None` for what senders write when a parameter does not apply.
pub(super) fn filled(value: &Value) -> Option<&Value> {
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
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => cut(text.trim(), MOST_TEXT_BYTES).chars().filter(|c| !c.is_control()).collect(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// At most so many bytes, never through a character.
pub(super) fn cut(text: &str, most_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(most_bytes)]
}
