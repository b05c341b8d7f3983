//! What of an event may be kept as it was sent? A name, a random id, a time within reason, an address without a person in it.

use super::said::{MOST_TEXT_BYTES, cut, filled};
use crate::domain::time::{At, DAY_MS, MINUTE_MS};
use serde_json::Value;

/// Longest client id; GA4's own has about 21 characters.
pub(super) const MOST_CLIENT_CHARS: usize = 128;
/// A sender's clock may run ahead by this; such an event is taken as happening on arrival.
const FAST_CLOCK_MS: i64 = 10 * MINUTE_MS;
/// Older than this is no news of a shopper any more; GA4 itself keeps 14 months at the most.
pub const OLDEST_MS: i64 = 400 * DAY_MS;
/// No request is on its way so long: a batch sent at another time than it came is from a wrong clock, and is set by ours.
const WRONG_CLOCK_MS: i64 = MINUTE_MS;

/// Lower case, without the prefixes tag managers and wrappers put in front, and with one spelling of "pageview".
pub(super) fn event_name(sent: &str) -> String {
    let mut name: String =
        cut(sent.trim(), MOST_TEXT_BYTES).chars().map(|c| if matches!(c, ' ' | '-') { '_' } else { c.to_ascii_lowercase() }).collect();
    while let Some(rest) = name.strip_prefix("website.").or_else(|| name.strip_prefix("dl_")) {
        name = rest.to_owned();
    }
    name.replace("page_view", "pageview")
}

/// The site's random id of a browser; the `GA1.2.` a cookie carries in front is not part of it.
pub(super) fn client_id(value: Option<&Value>) -> Result<String, String> {
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

/// When something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    pub(super) at: At,
    /// As the sender gave it, in microseconds; `None` when only its arrival says when it was.
    pub(super) given_micros: Option<i64>,
}

/// When it happened by the sender's clock, set by ours when the batch says when it was sent.
pub(super) fn event_time(value: Option<&Value>, sent: Option<&Value>, received: At) -> Result<When, String> {
    let Some(value) = value.and_then(filled) else { return Ok(When { at: received, given_micros: None }) };
    let micros = micros(value).ok_or_else(|| "The time of the event could not be read.".to_owned())?;
    let sent_ms = sent.and_then(self::micros).map(|sent| sent / 1_000);
    let ahead_ms = sent_ms.map_or(0, |sent| sent - received.0);
    let at = At(micros / 1_000 - if ahead_ms.abs() > WRONG_CLOCK_MS { ahead_ms } else { 0 });
    Ok(When { at: checked_time(at, received)?, given_micros: Some(micros) })
}

/// Seconds, milliseconds and microseconds are told apart by their size.
fn micros(value: &Value) -> Option<i64> {
    let number = match value {
        Value::String(text) => match (text.trim().parse::<i64>(), written_time(text.trim())) {
            (Ok(number), _) => number,
            (_, Some(at)) => return Some(at.0 * 1_000),
            (Err(_), None) => return None,
        },
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => number,
            (None, Some(seconds)) if (1.0e9..1.0e10).contains(&seconds) => return Some(milliseconds(seconds).0 * 1_000),
            _ => return None,
        },
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    match number {
        100_000_000_000_000..=9_999_999_999_999_999 => Some(number),
        100_000_000_000..=9_999_999_999_999 => Some(number * 1_000),
        100_000_000..=9_999_999_999 => Some(number * 1_000_000),
        _ => None,
    }
}

/// RFC 3339, and what BigQuery writes: `2026-11-24 14:40:00.5 UTC`.
fn written_time(text: &str) -> Option<At> {
    let plain = text.strip_suffix(" UTC").map_or_else(|| text.to_owned(), |utc| format!("{utc}Z"));
    At::parse_rfc3339(&plain).or_else(|| At::parse_rfc3339(&plain.replacen(' ', "T", 1)))
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
pub(super) fn page_address(sent: &str) -> String {
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

pub(super) fn path_of(page: &str) -> &str {
    let page = page.split('?').next().unwrap_or("");
    match page.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => page,
    }
}
