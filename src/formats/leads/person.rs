//! Who is it? Names, phones and e-mails as people and templates write them.

use crate::{
    domain::{email::Email, phone::Phone, profile::PersonName},
    formats::text,
};

/// The pieces of a name as a sender gave them.
#[derive(Debug, Clone, Default)]
pub(in crate::formats) struct NamePieces {
    pub(in crate::formats) first: String,
    pub(in crate::formats) middle: String,
    pub(in crate::formats) last: String,
    pub(in crate::formats) suffix: String,
    pub(in crate::formats) full: String,
    pub(in crate::formats) is_business: bool,
}

/// Words a sender puts where a name is required.
const NO_NAMES: &[&str] = &[
    "unknown",
    "n/a",
    "na",
    "none",
    "null",
    "undefined",
    "not provided",
    "not given",
    "not available",
    "unavailable",
    "no name",
    "noname",
    "anonymous",
    "-",
    "--",
    ".",
    "..",
    "...",
    "?",
    "xxx",
    "blank",
    "(unknown)",
    "[unknown]",
    "first name",
    "last name",
];
/// Words that are no whole name, though people may bear them with another.
const NO_WHOLE_NAMES: &[&str] = &[
    "wireless caller",
    "unknown caller",
    "unknown name",
    "unknown unknown",
    "private caller",
    "website visitor",
    "internet lead",
    "valued customer",
    "guest",
    "customer",
    "new customer",
    "phone lead",
];
const HONORIFICS: &[&str] = &["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "hon"];
const SUFFIXES: &[&str] = &["jr", "sr", "ii", "iii", "iv", "md", "phd", "esq", "cpa", "dds"];
const BUSINESS_WORDS: &[&str] =
    &["llc", "inc", "corp", "corporation", "ltd", "llp", "pllc", "company", "enterprises", "industries", "holdings", "incorporated"];

/// A person's or a business's name. Placeholders are no names, titles are left out, and SHOUTED or whispered names are written as names.
pub(in crate::formats) fn name(pieces: &NamePieces) -> PersonName {
    let said = |text: &str| -> String {
        let text = text::single_spaced(text);
        let text = text.trim_matches(['"', ',', ';', '*', ':']).trim();
        let is_name = !NO_NAMES.contains(&text.to_lowercase().as_str()) && !text.contains('@') && text.chars().any(char::is_alphabetic);
        if is_name { text::cut(text, 120).to_owned() } else { String::new() }
    };
    let (first, last, full) = (said(&pieces.first), said(&pieces.last), said(&pieces.full));
    let whole = if full.is_empty() { format!("{first} {last}") } else { full.clone() };
    if NO_WHOLE_NAMES.contains(&whole.trim().to_lowercase().as_str()) {
        return PersonName::default();
    }
    if pieces.is_business || is_business(&whole) {
        return PersonName { full: whole.trim().to_owned(), is_business: true, ..PersonName::default() };
    }
    let mut name = match (first.is_empty(), last.is_empty()) {
        (true, true) => from_full(&full),
        // The whole name in the field of the first.
        (false, true) if first.contains(' ') => from_full(&first),
        _ => PersonName { first, last, full: full.clone(), ..PersonName::default() },
    };
    name.first = without_title(&name.first);
    if !name.last.is_empty() && name.first.to_lowercase().ends_with(&format!(" {}", name.last.to_lowercase())) {
        name.first.truncate(name.first.len().saturating_sub(name.last.len() + 1));
    }
    let middle = said(&pieces.middle);
    if !middle.is_empty() {
        name.middle = middle;
    }
    let suffix = said(&pieces.suffix);
    if suffix.is_empty() {
        take_suffix(&mut name);
    } else {
        name.suffix = suffix;
    }
    if matches!(bare_word(&name.suffix).as_str(), "jr" | "sr") {
        name.suffix = capitalised(&name.suffix);
    }
    let shouted = [&name.first, &name.last].into_iter().all(|p| p.chars().all(|c| !c.is_lowercase()));
    name.first = calmed(&name.first, shouted);
    name.middle = calmed(&name.middle, shouted);
    name.last = calmed(&name.last, shouted);
    name
}

/// A name given in one piece, without titles and with the suffix where it belongs.
fn from_full(full: &str) -> PersonName {
    let words: Vec<&str> = full.split(' ').collect();
    // `Smith Jr, Dana` and `Dana Smith, Jr.`: a comma before a suffix does not turn the name round.
    let ends_in_suffix = words.len() > 1 && words.last().is_some_and(|w| is_suffix(w));
    let plain = if ends_in_suffix { full.replacen(',', "", 1) } else { full.to_owned() };
    let bare = without_title(&plain);
    let mut name = PersonName::from_full(&bare);
    take_suffix(&mut name);
    if name.last.is_empty() && !name.middle.is_empty() {
        // The last word was the suffix: the surname stands before it.
        let middle = std::mem::take(&mut name.middle);
        let (rest, last) = middle.rsplit_once(' ').unwrap_or(("", &middle));
        (name.middle, name.last) = (rest.to_owned(), last.to_owned());
    }
    if NO_NAMES.contains(&name.last.to_lowercase().as_str()) {
        name.last.clear();
        full.split(' ').next().unwrap_or("").clone_into(&mut name.full);
    } else {
        full.clone_into(&mut name.full);
    }
    name
}

fn bare_word(word: &str) -> String {
    word.trim_matches(['.', ',']).replace('.', "").to_lowercase()
}

fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&bare_word(word).as_str())
}

fn is_business(name: &str) -> bool {
    name.contains(' ') && name.split(' ').skip(1).any(|w| BUSINESS_WORDS.contains(&bare_word(w).as_str()))
}

fn without_title(name: &str) -> String {
    match name.split_once(' ') {
        Some((title, rest)) if HONORIFICS.contains(&bare_word(title).as_str()) => rest.trim().to_owned(),
        Some(_) | None => name.to_owned(),
    }
}

/// `Smith Jr.` in the field of the surname.
fn take_suffix(name: &mut PersonName) {
    if let Some((rest, suffix)) = name.last.rsplit_once(' ').filter(|(_, s)| is_suffix(s)) {
        (name.suffix, name.last) = (suffix.trim_matches(',').to_owned(), rest.trim_end_matches(',').to_owned());
    } else if !name.first.is_empty() && is_suffix(&name.last) && name.last.len() > 1 && !name.middle.is_empty() {
        name.suffix = std::mem::take(&mut name.last);
    }
}

/// `MCDONALD-O'BRIEN` and `mcdonald` as names. Two letters without a vowel are initials; mixed case is as the person writes it.
fn calmed(name: &str, all_shouted: bool) -> String {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let vowels = name.chars().any(|c| "aeiouyAEIOUY".contains(c) || !c.is_ascii());
    let shouted = name.chars().all(|c| !c.is_lowercase()) && vowels && (letters > 2 || all_shouted && letters == 2);
    let whispered = name.chars().all(|c| !c.is_uppercase());
    if !(shouted || whispered) {
        return name.to_owned();
    }
    let particle = |w: &str| whispered && matches!(w, "de" | "la" | "van" | "von" | "der" | "den" | "da" | "di" | "del" | "dos" | "du");
    name.split(' ').map(|w| if particle(w) { w.to_owned() } else { capitalised(w) }).collect::<Vec<_>>().join(" ")
}

fn capitalised(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let (mut begins, mut begun) = (true, 0);
    for c in word.chars() {
        if begins {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        if matches!(c, '-' | '\'' | '\u{2019}' | '.') {
            begun = out.len();
        }
        begins = begun == out.len() || &out[begun..] == "Mc";
    }
    out
}

/// What a field for phones holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::formats) struct Phones {
    pub(in crate::formats) numbers: Vec<Phone>,
    pub(in crate::formats) extension: Option<String>,
    /// Digits somebody gave that are no number we can call.
    pub(in crate::formats) unread: bool,
}

/// Reads a field that holds one or more phone numbers.
pub(in crate::formats) fn phones(field: &str) -> Phones {
    let field = text::cut(field.trim(), 300);
    let (numbers_text, extension) = split_extension(field);
    let digits: Vec<u8> = numbers_text.bytes().filter(u8::is_ascii_digit).collect();
    let whole = if digits.len() <= 11 || numbers_text.starts_with('+') { Phone::parse(numbers_text) } else { None };
    let numbers = whole.map_or_else(|| phones_in(numbers_text), |p| vec![p]);
    let placeholder = digits.first().is_none_or(|d| digits.iter().all(|other| other == d)) || digits.starts_with(b"000");
    Phones { unread: numbers.is_empty() && digits.len() >= 7 && !placeholder, numbers, extension }
}

fn split_extension(field: &str) -> (&str, Option<String>) {
    let lower = field.to_ascii_lowercase();
    let Some(at) = ["ext", "x"].iter().find_map(|mark| lower.find(mark)).filter(|at| *at >= 10) else { return (field, None) };
    let digits: String = lower[at..].chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    // Too many digits for an extension are a second number.
    if digits.is_empty() || digits.len() > 6 { (field, None) } else { (&field[..at], Some(digits)) }
}

/// The phone numbers in running text. Groups of digits must stand as people write numbers, so that prices, years and ids are none.
pub(in crate::formats) fn phones_in(text: &str) -> Vec<Phone> {
    let groups = digit_groups(text);
    let mut found: Vec<Phone> = vec![];
    let mut at = 0;
    while at < groups.len() {
        match number_at(&groups[at..]) {
            Some((number, used)) => {
                if !found.contains(&number) {
                    found.push(number);
                }
                at += used;
            }
            None => at += 1,
        }
    }
    found
}

struct Group<'a> {
    digits: &'a str,
    /// Follows the group before it with nothing but the marks of a phone number in between.
    joined: bool,
    /// A plus stands before it.
    plus: bool,
    /// A letter stands directly before or after it.
    in_word: bool,
}

fn digit_groups(text: &str) -> Vec<Group<'_>> {
    let bytes = text.as_bytes();
    let mut groups: Vec<Group> = vec![];
    let (mut at, mut last_end) = (0, 0);
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let begin = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        let between = &bytes[last_end..begin];
        let joined = !groups.is_empty() && between.len() <= 3 && between.iter().all(|b| matches!(b, b' ' | b'-' | b'(' | b')' | b'.' | b'/'));
        let letter = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
        let before = begin.checked_sub(1).and_then(|i| bytes.get(i));
        // An x after a number begins its extension.
        let in_word = letter(before) || letter(bytes.get(at)) && !matches!(bytes.get(at), Some(b'x' | b'X' | b'e' | b'E'));
        groups.push(Group { digits: &text[begin..at], joined, plus: before == Some(&b'+'), in_word });
        last_end = at;
    }
    groups
}

fn number_at(groups: &[Group]) -> Option<(Phone, usize)> {
    let first = groups.first()?;
    if first.plus && !first.digits.starts_with('1') {
        let used = groups.iter().skip(1).take(5).take_while(|g| g.joined && !g.plus).count() + 1;
        let text: String = std::iter::once("+").chain(groups[..used].iter().map(|g| g.digits)).collect();
        return Phone::parse(&text).map(|p| (p, used));
    }
    for shape in [&[3, 3, 4][..], &[1, 3, 3, 4], &[10], &[11], &[3, 7], &[1, 10], &[6, 4]] {
        let Some(part) = groups.get(..shape.len()) else { continue };
        let fits = part.iter().zip(shape).enumerate().all(|(i, (g, length))| g.digits.len() == *length && (i == 0 || g.joined) && !g.in_word);
        let country = shape[0] != 1 && shape[0] != 11 || first.digits.starts_with('1');
        if fits && country {
            let digits: String = part.iter().map(|g| g.digits).collect();
            return Phone::parse(&digits).map(|p| (p, shape.len()));
        }
    }
    None
}

/// Where a sender writes that there is no address.
const NO_EMAILS: &[&str] = &[
    "none",
    "noemail",
    "no-email",
    "no.email",
    "na",
    "n/a",
    "unknown",
    "noreply",
    "no-reply",
    "donotreply",
    "do-not-reply",
    "nomail",
    "notprovided",
    "notgiven",
    "noname",
];

/// The e-mail addresses in a field or in running text.
pub(in crate::formats) fn emails_in(text: &str) -> Vec<Email> {
    let mut found: Vec<Email> = vec![];
    for word in text.split(|c: char| c.is_whitespace() || ",;|<>()[]\"'=".contains(c)).filter(|w| w.contains('@')) {
        let word = text::find_ignoring_case(word, "mailto:").map_or(word, |at| &word[at + 7..]);
        let word = word.split('?').next().unwrap_or(word).trim_end_matches(['!', ':', '*', '_']);
        let Some(email) = Email::parse(word) else { continue };
        let local = email.as_str().split('@').next().unwrap_or("");
        if !NO_EMAILS.contains(&local) && !found.contains(&email) {
            found.push(email);
        }
    }
    found
}

/// A name-like line: two to four words of letters, none of them a word of business.
pub(in crate::formats) fn looks_like_name(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').filter(|w| !w.is_empty()).collect();
    let letters = |w: &str| w.chars().all(|c| c.is_alphabetic() || "'’.-".contains(c)) && w.chars().next().is_some_and(char::is_alphabetic);
    (1..=4).contains(&words.len())
        && line.len() <= 60
        && words.iter().all(|w| letters(w))
        && words.iter().any(|w| w.chars().next().is_some_and(char::is_uppercase))
        && !words.iter().any(|w| NOT_IN_NAMES.contains(&w.to_lowercase().as_str()))
}

const NOT_IN_NAMES: &[&str] = &[
    "the",
    "lead",
    "new",
    "contact",
    "form",
    "vehicle",
    "car",
    "reply",
    "from",
    "to",
    "thanks",
    "thank",
    "regards",
    "hello",
    "hi",
    "dealer",
    "motors",
    "auto",
    "sales",
    "details",
    "information",
    "view",
    "click",
    "please",
    "phone",
    "email",
    "comments",
    "for",
    "your",
    "you",
    "and",
    "is",
    "call",
    "here",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(field: &str) -> Vec<String> {
        phones(field).numbers.iter().map(|p| p.e164().to_owned()).collect()
    }

    #[test]
    fn a_phone_field_gives_every_number_in_it() {
        for (field, expected) in [
            ("207-555-0148", vec!["+12075550148"]),
            ("(207) 555-0148 x123", vec!["+12075550148"]),
            ("2075550148 / 2075550149", vec!["+12075550148", "+12075550149"]),
            ("h: 207.555.0148, c: 1 (207) 555-0149 ext. 12", vec!["+12075550148", "+12075550149"]),
            ("+49 30 901820", vec!["+4930901820"]),
            ("tel:+1-207-555-0148", vec!["+12075550148"]),
            ("(000) 000-0000", vec![]),
            ("555-1234", vec![]),
            ("none", vec![]),
        ] {
            assert_eq!(numbers(field), expected, "{field}");
        }
        assert_eq!(phones("(207) 555-0148 x123").extension.as_deref(), Some("123"));
        assert_eq!((phones("555-1234").unread, phones("(000) 000-0000").unread, phones("").unread), (true, false, false));
    }

    #[test]
    fn running_text_gives_phones_but_not_prices_years_and_ids() {
        for (text, expected) in [
            ("in 2019. 207 555 0148 or after", 1),
            ("VIN 1HGCM82633A004352 id 12345678901234 at $20,755 50148", 0),
            ("call (207) 555-0148. or 2075550149!", 2),
            ("A2075550148", 0),
        ] {
            assert_eq!(phones_in(text).len(), expected, "{text}");
        }
    }

    #[test]
    fn addresses_are_found_in_a_field_and_placeholders_are_none() {
        for (field, expected) in [
            ("mailto:Dana@example.com", vec!["dana@example.com"]),
            ("dana@example.com; d.w@example.com", vec!["dana@example.com", "d.w@example.com"]),
            ("\"Dana\" <dana@example.com> (home)", vec!["dana@example.com"]),
            ("noemail@example.com", vec![]),
            ("dana", vec![]),
        ] {
            assert_eq!(emails_in(field).iter().map(Email::as_str).collect::<Vec<_>>(), expected, "{field}");
        }
    }

    #[test]
    fn names_are_written_as_names() {
        let piece =
            |first: &str, last: &str, full: &str| NamePieces { first: first.into(), last: last.into(), full: full.into(), ..Default::default() };
        for (pieces, first, middle, last, suffix) in [
            (piece("DANA", "WHITFIELD", ""), "Dana", "", "Whitfield", ""),
            (piece("dana", "o'brien-mcdonald", ""), "Dana", "", "O'Brien-McDonald", ""),
            (piece("ben", "Unknown", ""), "Ben", "", "", ""),
            (piece("", "", "ben Unknown"), "Ben", "", "", ""),
            (piece("", "", "Mr. Dana R Whitfield Jr."), "Dana", "R", "Whitfield", "Jr."),
            (piece("", "", "Dana Whitfield, III"), "Dana", "", "Whitfield", "III"),
            (piece("", "", "WHITFIELD, DANA"), "Dana", "", "Whitfield", ""),
            (piece("Dana Whitfield", "", ""), "Dana", "", "Whitfield", ""),
            (piece("Dana Whitfield", "Whitfield", ""), "Dana", "", "Whitfield", ""),
            (piece("Dr. Dana", "Whitfield Sr", ""), "Dana", "", "Whitfield", "Sr"),
            (piece("JD", "SMITH", ""), "JD", "", "Smith", ""),
            (piece("AL", "SMITH", ""), "Al", "", "Smith", ""),
            (piece("Ana Maria", "de la Cruz", ""), "Ana Maria", "", "de la Cruz", ""),
            (piece("", "", "Cher"), "Cher", "", "", ""),
            (piece("", "", "Wireless Caller"), "", "", "", ""),
            (piece("", "", "dana@example.com"), "", "", "", ""),
        ] {
            let name = name(&pieces);
            assert_eq!((&*name.first, &*name.middle, &*name.last, &*name.suffix), (first, middle, last, suffix), "{pieces:?}");
        }
        let business = name(&piece("", "", "Whitfield Roofing LLC"));
        assert_eq!((business.is_business, business.full.as_str()), (true, "Whitfield Roofing LLC"));
    }
}
