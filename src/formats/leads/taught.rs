//! What does this message say, read the way somebody showed us once? The marks of one message become a template, the template reads the next.

use super::{
    form_mail::{self, Envelope},
    labels::{Field, Pair},
    when::Arrival,
};
use crate::{
    domain::{
        lead::NewLead,
        lead_template::{LeadTemplate, TaughtField, TaughtWord, Under},
    },
    formats::text,
};

/// Fields of one template.
pub const MOST_FIELDS: usize = 20;
/// A mark is longer than any value but the shopper's own words.
const MOST_VALUE: usize = 4_000;
/// What is kept of a line to know it by.
const MOST_ANCHOR: usize = 120;

/// One value of a message, as somebody marked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    pub field: TaughtWord,
    /// As it stands in the message; may go over several lines.
    pub value: String,
}

/// Lines as templates see them: without quotation signs, single spaces, none empty.
pub(super) fn lines(body: &str) -> Vec<String> {
    body.lines().map(|l| text::single_spaced(l.trim_start_matches(['>', ' ']))).filter(|l| !l.is_empty()).take(4_000).collect()
}

/// Learns from one message where its values stand.
///
/// # Errors
/// A sentence that names the mark that cannot be found again, and why.
pub(super) fn learn(body: &str, marks: &[Marked]) -> Result<Vec<TaughtField>, String> {
    if marks.len() > MOST_FIELDS {
        return Err(format!("At most {MOST_FIELDS} values can be marked."));
    }
    if !marks.iter().any(|m| matches!(m.field, TaughtWord::Phone | TaughtWord::Email)) {
        return Err("Mark a phone number or an email address: without one nobody can be answered.".to_owned());
    }
    let lines = lines(body);
    let found = marks.iter().map(|mark| Found::of(mark, &lines)).collect::<Result<Vec<_>, _>>()?;
    let fields = found.iter().map(|one| one.anchored(&found, &lines)).collect::<Result<Vec<_>, _>>()?;
    for (mark, field) in marks.iter().zip(&fields) {
        let read = value(field, &lines).unwrap_or_default();
        if squeezed(&read) != squeezed(&mark.value) {
            return Err(format!("What stands around {} would not be enough to find it again: mark it with its whole line.", name(mark.field)));
        }
    }
    Ok(fields)
}

/// The lead of a message, read by a template; `None` when it holds nobody who could be answered.
pub(super) fn read(body: &str, template: &LeadTemplate, envelope: &Envelope, arrival: &Arrival) -> Option<NewLead> {
    let lines = lines(body);
    let values: Vec<(TaughtWord, String)> = template.fields.iter().filter_map(|f| Some((f.field, value(f, &lines)?))).collect();
    let pairs = values.iter().filter_map(|(word, value)| pair(*word, value)).collect();
    let comments = values.iter().find(|(word, _)| *word == TaughtWord::Comments).map(|(_, words)| words.clone()).unwrap_or_default();
    form_mail::of_pairs(pairs, comments, body, envelope, arrival, &template.source)
}

fn pair(word: TaughtWord, value: &str) -> Option<Pair> {
    let (field, theirs) = match word {
        TaughtWord::Name => (Field::FullName, false),
        TaughtWord::FirstName => (Field::FirstName, false),
        TaughtWord::LastName => (Field::LastName, false),
        TaughtWord::Phone => (Field::Phone, false),
        TaughtWord::Email => (Field::Email, false),
        TaughtWord::Vehicle => (Field::Car, false),
        TaughtWord::Vin => (Field::Vin, false),
        TaughtWord::Stock => (Field::Stock, false),
        TaughtWord::Price => (Field::Price, false),
        TaughtWord::Trade => (Field::Car, true),
        TaughtWord::LeadId => (Field::LeadId, false),
        TaughtWord::Comments | TaughtWord::Unknown => return None,
    };
    Some(Pair { label: name(word).to_owned(), field: Some(field), theirs, value: value.to_owned() })
}

/// As a person calls it.
#[must_use]
pub fn name(word: TaughtWord) -> &'static str {
    match word {
        TaughtWord::Name => "the name",
        TaughtWord::FirstName => "the first name",
        TaughtWord::LastName => "the last name",
        TaughtWord::Phone => "the phone number",
        TaughtWord::Email => "the email address",
        TaughtWord::Vehicle => "the vehicle",
        TaughtWord::Vin => "the VIN",
        TaughtWord::Stock => "the stock number",
        TaughtWord::Price => "the price",
        TaughtWord::Comments => "what they write",
        TaughtWord::Trade => "the car they come with",
        TaughtWord::LeadId => "the number of the lead",
        TaughtWord::Unknown => "a value",
    }
}

/// Where a mark stands: its lines, and the bytes of the first and the last.
struct Found {
    field: TaughtWord,
    first: usize,
    last: usize,
    from: usize,
    to: usize,
}

impl Found {
    fn of(mark: &Marked, all: &[String]) -> Result<Self, String> {
        if mark.value.chars().count() > MOST_VALUE {
            return Err(format!("What was marked as {} is longer than {MOST_VALUE} characters.", name(mark.field)));
        }
        let wanted = lines(&mark.value);
        let (Some(head), Some(tail)) = (wanted.first(), wanted.last()) else {
            return Err(format!("Nothing is marked as {}.", name(mark.field)));
        };
        let missing = || format!("What was marked as {} does not stand in the message.", name(mark.field));
        if wanted.len() == 1 {
            let (line, from) = all.iter().enumerate().find_map(|(n, line)| Some((n, line.find(head.as_str())?))).ok_or_else(missing)?;
            return Ok(Self { field: mark.field, first: line, last: line, from, to: from + head.len() });
        }
        let fits = |n: &usize| {
            let of = all.get(*n..*n + wanted.len()).unwrap_or_default();
            let inner = of.iter().zip(&wanted).skip(1).take(wanted.len() - 2).all(|(a, b)| a == b);
            inner && of.first().is_some_and(|l| l.ends_with(head.as_str())) && of.last().is_some_and(|l| l.starts_with(tail.as_str()))
        };
        let first = (0..all.len().saturating_sub(wanted.len() - 1)).find(fits).ok_or_else(missing)?;
        let from = all.get(first).map_or(0, |l| l.len() - head.len());
        Ok(Self { field: mark.field, first, last: first + wanted.len() - 1, from, to: tail.len() })
    }

    fn covers(&self, line: usize) -> bool {
        (self.first..=self.last).contains(&line)
    }

    /// What is always the same around it.
    fn anchored(&self, marks: &[Self], lines: &[String]) -> Result<TaughtField, String> {
        let line = lines.get(self.first).map_or("", String::as_str);
        let others = || marks.iter().filter(|m| !std::ptr::eq(*m, self));
        let begins = others().filter(|m| m.last == self.first && m.to <= self.from).map(|m| m.to).max().unwrap_or(0);
        let before = last_words(&known(line.get(begins..self.from).unwrap_or("")));
        let goes_on = self.field == TaughtWord::Comments || self.last > self.first;
        let ends = others().filter(|m| m.first == self.first && m.from >= self.to).map(|m| m.from).min().unwrap_or(line.len());
        let behind = if goes_on { String::new() } else { first_words(&known(line.get(self.to..ends).unwrap_or(""))) };
        let says = |anchor: &str| anchor.chars().any(char::is_alphanumeric);
        let under = if says(&before) || says(&behind) { None } else { Some(self.under(marks, lines)?) };
        let next = || lines.iter().enumerate().skip(self.last + 1).find(|(n, _)| !marks.iter().any(|m| m.covers(*n)));
        let until = goes_on.then(|| next().map(|(_, line)| beginning(line)).unwrap_or_default());
        Ok(TaughtField { field: self.field, before, behind, under, until })
    }

    /// The nearest line above that is no value itself.
    fn under(&self, marks: &[Self], lines: &[String]) -> Result<Under, String> {
        let fixed = (0..self.first).rev().find(|n| !marks.iter().any(|m| m.covers(*n)));
        let line = fixed.and_then(|n| Some((n, lines.get(n)?)));
        let (n, line) = line.ok_or_else(|| {
            format!("Nothing stands before {} by which it could be found again: mark it with the words before it left out.", name(self.field))
        })?;
        Ok(Under { line: text::cut(&line.to_ascii_lowercase(), MOST_ANCHOR).to_owned(), by: u16::try_from(self.first - n).unwrap_or(u16::MAX) })
    }
}

fn known(anchor: &str) -> String {
    text::cut(&anchor.trim().to_ascii_lowercase(), MOST_ANCHOR).to_owned()
}

/// As much of what stands before a value as tells it: three words, or one that ends like a label. More may be another value.
fn last_words(before: &str) -> String {
    let words: Vec<&str> = before.split(' ').collect();
    let is_label = words.last().is_some_and(|w| w.chars().any(|c| matches!(c, ':' | '#' | '=' | '(' | '[')));
    let keeps = if words.len() <= 3 && !is_label { 3 } else { 1 + usize::from(!is_label) };
    words.get(words.len().saturating_sub(keeps)..).unwrap_or_default().join(" ")
}

fn first_words(behind: &str) -> String {
    behind.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

/// A label of the line behind, without the value that follows it.
fn beginning(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let label = lower.split_once(':').map_or(lower.as_str(), |(label, _)| label);
    text::cut(label, 40).to_owned()
}

fn squeezed(value: &str) -> String {
    text::single_spaced(&value.replace('\n', " "))
}

/// The value of a field in other lines of the same kind.
fn value(field: &TaughtField, lines: &[String]) -> Option<String> {
    let (at, from) = match &field.under {
        Some(under) => {
            let head = lines.iter().position(|l| text::cut(&l.to_ascii_lowercase(), MOST_ANCHOR) == under.line)?;
            (head + usize::from(under.by), 0)
        }
        None => lines.iter().enumerate().find_map(|(n, line)| Some((n, begins(field, line)?)))?,
    };
    let line = lines.get(at)?;
    let rest = line.get(from..)?;
    let first = match end_of(&field.behind, rest) {
        Some(to) => rest.get(..to)?,
        None => rest,
    };
    let first = first.trim_matches(|c: char| c.is_whitespace() || c == ':');
    let Some(until) = &field.until else { return (!first.is_empty()).then(|| first.to_owned()) };
    let more = lines.iter().skip(at + 1).take_while(|l| until.is_empty() || !l.to_ascii_lowercase().starts_with(until.as_str()));
    let all: Vec<&str> = std::iter::once(first).chain(more.map(String::as_str)).filter(|l| !l.is_empty()).collect();
    (!all.is_empty()).then(|| all.join("\n"))
}

/// Where in this line the value begins, when it is the line.
fn begins(field: &TaughtField, line: &str) -> Option<usize> {
    let from = if field.before.is_empty() { 0 } else { end_of_words(line, &field.before)? };
    let rest = line.get(from..)?;
    if field.behind.is_empty() { Some(from) } else { end_of(&field.behind, rest).map(|_| from) }
}

/// Where these words end in a line; the end of a longer word is none of them.
fn end_of_words(line: &str, words: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = line.get(from..)?;
        let at = from + text::find_ignoring_case(rest, words)?;
        let inside = line.get(..at)?.ends_with(char::is_alphanumeric) && words.starts_with(char::is_alphanumeric);
        if !inside {
            return Some(at + words.len());
        }
        from = at + words.len();
    }
}

fn end_of(behind: &str, rest: &str) -> Option<usize> {
    if behind.is_empty() { None } else { text::find_ignoring_case(rest, behind) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "AutoGuru has a buyer for you!\n\nWho: Jane Roe\nReach her at 207-555-0134 or jane@example.com today.\n\nJane Roe likes the 2019 Honda Civic LX (stock 24117).\nShe says\nIs it still there?\nI can come on Saturday.\nSent by AutoGuru, Portland";
    const NEXT: &str = "AutoGuru has a buyer for you!\n\nWho: Otis Brandt\nReach her at (207) 555-0177 or otis.b@example.com today.\n\nOtis Brandt likes the 2021 Kia Soul (stock 24200).\nShe says\nWhat is the best price?\nSent by AutoGuru, Portland";

    fn marks() -> Vec<Marked> {
        [
            (TaughtWord::Name, "Jane Roe"),
            (TaughtWord::Phone, "207-555-0134"),
            (TaughtWord::Email, "jane@example.com"),
            (TaughtWord::Stock, "24117"),
            (TaughtWord::Comments, "Is it still there?\nI can come on Saturday."),
        ]
        .map(|(field, value)| Marked { field, value: value.to_owned() })
        .into()
    }

    #[test]
    fn what_was_shown_once_is_found_in_the_next() {
        let fields = learn(MAIL, &marks()).unwrap();
        let lines = lines(NEXT);
        let read: Vec<Option<String>> = fields.iter().map(|f| value(f, &lines)).collect();
        let expected = ["Otis Brandt", "(207) 555-0177", "otis.b@example.com", "24200", "What is the best price?"];
        assert_eq!(read, expected.map(|v| Some(v.to_owned())));
    }

    #[test]
    fn values_without_labels_are_found_by_the_line_above_them() {
        let body = |name: &str, phone: &str| format!("New shopper\n{name}\n{phone}\nThanks");
        let marks = [Marked { field: TaughtWord::Name, value: "Jane Roe".into() }, Marked { field: TaughtWord::Phone, value: "207-555-0134".into() }];
        let fields = learn(&body("Jane Roe", "207-555-0134"), &marks).unwrap();
        let next = lines(&body("Otis Brandt", "207-555-0177"));
        assert_eq!(fields.iter().map(|f| value(f, &next)).collect::<Vec<_>>(), [Some("Otis Brandt".into()), Some("207-555-0177".into())]);
    }

    #[test]
    fn what_cannot_be_found_again_is_said() {
        let learnt = |marks: &[(TaughtWord, &str)]| {
            learn(MAIL, &marks.iter().map(|(field, value)| Marked { field: *field, value: (*value).to_owned() }).collect::<Vec<_>>()).unwrap_err()
        };
        assert_eq!(learnt(&[(TaughtWord::Name, "Jane Roe")]), "Mark a phone number or an email address: without one nobody can be answered.");
        assert_eq!(learnt(&[(TaughtWord::Phone, "207-555-0135")]), "What was marked as the phone number does not stand in the message.");
        let alone = learn("207-555-0134", &[Marked { field: TaughtWord::Phone, value: "207-555-0134".into() }]).unwrap_err();
        assert!(alone.starts_with("Nothing stands before the phone number"), "{alone}");
    }

    #[test]
    fn a_message_of_another_kind_gives_nothing() {
        let fields = learn(MAIL, &marks()).unwrap();
        let other = lines("Your invoice of November is attached.\nAmount: $99");
        assert!(fields.iter().all(|f| value(f, &other).is_none()), "{fields:?}");
    }
}
