//! What may these few letters mean? A text becomes words; each word has the ways it may be meant, the surest first.
//!
//! Built by hand: every word must be found, in one of its ways, and the best way counts. Never a query language, which a customer's
//! name could break.

use super::{
    marks::{Slot, Tag, fold, joined, parts, phone_pieces, vin_marks},
    nicknames,
    row::Kind,
};
use crate::domain::nicknames as called;

/// Longer texts are cut: nobody types them, and a pasted page must not keep the index busy.
const LONGEST_QUERY_CHARS: usize = 256;
const MOST_WORDS: usize = 8;

/// Why a record was found, as a person would say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    Vin {
        tail: String,
    },
    Stock {
        begins: String,
    },
    Phone {
        digits: String,
        at_end: bool,
    },
    Email,
    Number {
        begins: String,
    },
    Deal {
        begins: String,
    },
    RepairOrder {
        begins: String,
    },
    Plate {
        has: String,
    },
    Name,
    Nickname {
        called: String,
    },
    Spelling,
    /// The same of a car's words.
    CarSpelling,
    Facts,
    Drives,
    Place,
    Tag,
    OwnField,
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Vin { tail } => write!(f, "VIN ends {}", tail.to_ascii_uppercase()),
            Self::Stock { begins } => write!(f, "stock {}", begins.to_ascii_uppercase()),
            Self::Phone { digits, at_end: true } => write!(f, "phone ends {}", &digits[digits.len().saturating_sub(4)..]),
            Self::Phone { digits, at_end: false } => write!(f, "phone has {digits}"),
            Self::Email => f.write_str("email"),
            Self::Number { begins } => write!(f, "number {begins}"),
            Self::Deal { begins } => write!(f, "deal {begins}"),
            Self::RepairOrder { begins } => write!(f, "RO {begins}"),
            Self::Plate { has } => write!(f, "plate {}", has.to_ascii_uppercase()),
            Self::Name => f.write_str("name"),
            Self::Nickname { called } => write!(f, "also called {called}"),
            Self::Spelling | Self::CarSpelling => f.write_str("spelled nearly so"),
            Self::Facts => f.write_str("car"),
            Self::Drives => f.write_str("drives one"),
            Self::Place => f.write_str("place"),
            Self::Tag => f.write_str("tag"),
            Self::OwnField => f.write_str("store's own field"),
        }
    }
}

impl Why {
    /// Of several words the one that tells most is shown: a number before a name, a name before a town.
    pub(crate) fn weight(&self) -> u8 {
        match self {
            Self::Vin { .. } => 15,
            Self::Stock { .. } => 14,
            Self::Phone { .. } => 13,
            Self::Plate { .. } => 12,
            Self::Deal { .. } | Self::RepairOrder { .. } => 11,
            Self::Number { .. } => 10,
            Self::Email => 9,
            Self::Nickname { .. } => 8,
            Self::Name => 7,
            Self::Spelling => 6,
            Self::Tag => 5,
            Self::OwnField => 4,
            Self::CarSpelling => 3,
            Self::Facts => 2,
            Self::Drives => 1,
            Self::Place => 0,
        }
    }
}

/// One way a word may be meant.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    /// The class of the match, 1 to 100, higher is surer.
    pub(crate) class: u16,
    pub(crate) why: Why,
    pub(crate) test: Test,
}

impl Way {
    /// Whether a record of this kind can be found so: what no longer can be a customer need not be compared with customers.
    pub(crate) fn may_be(&self, kind: Kind) -> bool {
        let only = match &self.why {
            Why::Vin { .. } | Why::Plate { .. } => return true,
            Why::Stock { .. } | Why::Facts | Why::CarSpelling => Kind::Vehicle,
            Why::Phone { .. }
            | Why::Email
            | Why::Number { .. }
            | Why::Deal { .. }
            | Why::RepairOrder { .. }
            | Why::Name
            | Why::Nickname { .. }
            | Why::Spelling
            | Why::Drives
            | Why::Place
            | Why::Tag
            | Why::OwnField => Kind::Customer,
        };
        only == kind
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Test {
    /// The record carries this mark.
    One(Slot, String),
    /// It carries all of these in [`Slot::Tag`].
    All(Vec<String>),
    /// It carries a mark that begins so.
    Begins(Slot, String),
    Near(Near),
}

/// A mark that is a slip of the finger away.
#[derive(Debug, Clone)]
pub(crate) struct Near {
    pub(crate) slot: Slot,
    pub(crate) text: String,
    /// Letters too many, too few, wrong, or two exchanged.
    pub(crate) slips: u8,
    /// The word is still being typed: only the beginning of the mark counts.
    pub(crate) unfinished: bool,
    /// Two slips, or one in a short word, need the right first letter: else everything is near.
    pub(crate) same_first: bool,
}

/// A word and its ways. `near` ways are for when the others find too little.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) exact: Vec<Way>,
    pub(crate) near: Vec<Way>,
}

/// The same text read in one or two ways, the likelier first; the second is for when the first finds nothing.
pub(crate) fn readings(text: &str) -> Vec<Vec<Word>> {
    let cut: String = text.chars().take(LONGEST_QUERY_CHARS).collect();
    let folded = fold(cut.trim());
    let pieces = pieces(&folded);
    let together = words(&pieces, false);
    let mut readings = vec![together];
    if pieces.iter().any(|p| matches!(p, Piece::Phone { .. } | Piece::Mail(_) | Piece::Named { .. })) {
        readings.push(words(&pieces, true));
    }
    readings.retain(|words| !words.is_empty());
    readings
}

/// A stretch of the text that is read as one.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Plain(&'a str),
    Mail(&'a str),
    /// Groups of digits that look like a phone number or a part of one.
    Phone {
        digits: String,
        groups: Vec<&'a str>,
    },
    /// A number or word said with what it is: `RO 88213`, `tag:vip`.
    Named {
        what: Named,
        value: &'a str,
        /// The chunks as they stand, should nothing be found so.
        chunks: Vec<&'a str>,
    },
}

/// What a value is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    RepairOrder,
    Deal,
    Stock,
    Vin,
    Plate,
    Tag,
}

/// What people call them.
const NAMED: &[(&str, Named)] = &[
    ("ro", Named::RepairOrder),
    ("deal", Named::Deal),
    ("stock", Named::Stock),
    ("stk", Named::Stock),
    ("vin", Named::Vin),
    ("plate", Named::Plate),
    ("tag", Named::Tag),
];

/// `ro 88213`, `ro #88213`, `ro-88213`, `ro88213`, `tag:vip`: how many chunks it takes, and what it is. Without its colon a tag is a word
/// like any other, and a value without a digit is no number.
fn named<'a>(rest: &[&'a str]) -> Option<(usize, Piece<'a>)> {
    let (chunk, after) = rest.split_first()?;
    let has_digit = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    for (word, what) in NAMED {
        let Some(value) = chunk.strip_prefix(word) else { continue };
        let bare = value.trim_start_matches([':', '#', '-', '.']);
        let is_value = match what {
            Named::Tag => value.starts_with(':') && !joined(bare).is_empty(),
            Named::RepairOrder | Named::Deal => bare.starts_with(|c: char| c.is_ascii_digit()),
            Named::Stock | Named::Vin | Named::Plate => bare.len() < value.len() && has_digit(bare),
        };
        if is_value {
            return Some((1, Piece::Named { what: *what, value: bare, chunks: vec![chunk] }));
        }
        if let Some(next) = after.first()
            && bare.is_empty()
            && *what != Named::Tag
            && has_digit(next)
        {
            return Some((2, Piece::Named { what: *what, value: next.trim_start_matches('#'), chunks: vec![chunk, next] }));
        }
    }
    None
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let chunks: Vec<&str> = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/')).filter(|c| !joined(c).is_empty()).collect();
    let mut pieces = vec![];
    let mut rest = chunks.as_slice();
    while let Some((chunk, after)) = rest.split_first() {
        if let Some((taken, named)) = named(rest) {
            pieces.push(named);
            rest = &rest[taken..];
            continue;
        }
        let run = rest.iter().take_while(|c| is_digits(c)).count();
        if let Some((taken, phone)) = (1..=run.min(5)).rev().find_map(|n| phone(&rest[..n]).map(|p| (n, p))) {
            pieces.push(phone);
            rest = &rest[taken..];
            continue;
        }
        pieces.push(if chunk.contains('@') { Piece::Mail(chunk.trim_matches(['<', '>', '"', '.'])) } else { Piece::Plain(chunk) });
        rest = after;
    }
    pieces
}

fn is_digits(chunk: &str) -> bool {
    chunk.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'(' | b')' | b'-' | b'.' | b'+')) && chunk.bytes().any(|b| b.is_ascii_digit())
}

/// Chunks as one phone number or a part of one: marked as such by brackets, dashes or a plus, or grouped 207 555 0148.
/// A lone `24117` is not: it is a stock number as much as a phone's end.
fn phone<'a>(chunks: &[&'a str]) -> Option<Piece<'a>> {
    let groups: Vec<&str> = chunks.iter().flat_map(|c| parts(c)).collect();
    let plus = chunks.first().is_some_and(|c| c.starts_with('+'));
    let mut digits = groups.concat();
    if digits.starts_with('1') && (digits.len() == 11 || (plus && digits.len() > 1)) {
        digits.remove(0);
    }
    let lengths: Vec<usize> = groups.iter().map(|g| g.len()).skip(usize::from(groups.first() == Some(&"1"))).collect();
    let grouped = match lengths.as_slice() {
        [3, second] => (1..=4).contains(second),
        [3, 3, third] => (1..=4).contains(third),
        _ => false,
    };
    let marked = plus || chunks.iter().any(|c| c.contains(['(', ')']));
    let looks_so = match (grouped, marked) {
        (true, _) => digits.len() >= 4,
        (false, true) => (3..=15).contains(&digits.len()),
        (false, false) => false,
    };
    looks_so.then_some(Piece::Phone { digits, groups })
}

fn words(pieces: &[Piece<'_>], apart: bool) -> Vec<Word> {
    let mut out: Vec<Word> = vec![];
    let plain = |word: &str, is_last| plain_word(word, is_last, pieces.len() > 1);
    for (at, piece) in pieces.iter().enumerate() {
        let is_last = at + 1 == pieces.len();
        match piece {
            Piece::Phone { digits, .. } if !apart => out.push(phone_word(digits)),
            Piece::Phone { groups, .. } => out.extend(groups.iter().map(|g| plain(g, false))),
            Piece::Mail(address) if !apart => out.push(mail_word(address)),
            Piece::Mail(address) => {
                let (local, domain) = address.split_once('@').unwrap_or((address, ""));
                out.extend(spoken(local).iter().map(|w| plain(w, false)));
                let labels = domain.rsplit_once('.').map_or(domain, |(labels, _)| labels);
                out.extend(labels.split('.').map(joined).filter(|l| !l.is_empty()).map(|l| plain(&l, false)));
            }
            Piece::Named { what, value, .. } if !apart => out.push(named_word(*what, value)),
            Piece::Named { chunks, .. } => out.extend(chunks.iter().flat_map(|c| spoken(c)).map(|w| plain(&w, false))),
            Piece::Plain(chunk) => {
                let spoken = spoken(chunk);
                let count = spoken.len();
                out.extend(spoken.iter().enumerate().map(|(n, w)| plain(w, is_last && n + 1 == count)));
            }
        }
    }
    out.truncate(MOST_WORDS);
    out
}

/// A chunk with marks inside is several words, unless a part is so short that only the whole says something: `o'brien`, `cr-v`, `f-150`.
fn spoken(chunk: &str) -> Vec<String> {
    let chunk = chunk.strip_suffix("'s").or_else(|| chunk.strip_suffix("\u{2019}s")).unwrap_or(chunk);
    let whole = joined(chunk);
    let apart: Vec<String> = parts(chunk).map(str::to_owned).collect();
    match apart.len() {
        0 => vec![],
        1 => vec![whole],
        _ if apart.iter().any(|p| p.chars().count() <= 2) => vec![whole],
        _ => apart,
    }
}

fn mail_word(address: &str) -> Word {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let exact = if local.is_empty() {
        let label = joined(domain.rsplit_once('.').map_or(domain, |(labels, _)| labels));
        begun(Slot::Mail, &label, 44, 34, &Why::Email)
    } else {
        let mark = Tag::Email.mark(address);
        vec![
            Way { class: 100, why: Why::Email, test: Test::One(Slot::Tag, mark.clone()) },
            Way { class: 60, why: Why::Email, test: Test::Begins(Slot::Tag, mark) },
        ]
    };
    Word { exact, near: vec![] }
}

fn named_word(what: Named, value: &str) -> Word {
    let value = joined(value);
    let begins = value.clone();
    let (tag, why) = match what {
        Named::RepairOrder => (Tag::RepairOrder, Why::RepairOrder { begins }),
        Named::Deal => (Tag::Deal, Why::Deal { begins }),
        Named::Stock => (Tag::Stock, Why::Stock { begins }),
        Named::Plate => (Tag::Plate, Why::Plate { has: begins }),
        Named::Tag => (Tag::Label, Why::Tag),
        Named::Vin => return Word { exact: vin_ways(&value), near: vec![] },
    };
    let mark = tag.mark(&value);
    let mut exact = vec![Way { class: 95, why: why.clone(), test: Test::One(Slot::Tag, mark.clone()) }];
    if what != Named::Tag {
        exact.push(Way { class: 48, why: why.clone(), test: Test::Begins(Slot::Tag, mark) });
    }
    if what == Named::Plate {
        exact.push(Way { class: 45, why, test: Test::One(Slot::Tag, Tag::PlatePart.mark(&value)) });
    }
    Word { exact, near: vec![] }
}

fn phone_word(digits: &str) -> Word {
    Word { exact: phone_ways(digits), near: vec![] }
}

fn phone_ways(digits: &str) -> Vec<Way> {
    let digits = if digits.len() == 11 { digits.strip_prefix('1').unwrap_or(digits) } else { digits };
    let why = |at_end| Why::Phone { digits: digits.to_owned(), at_end };
    let pieces = phone_pieces(digits);
    if pieces.is_empty() {
        return vec![];
    }
    let mut ways = vec![Way { class: 100, why: why(true), test: Test::One(Slot::Tag, Tag::PhoneWhole.mark(digits)) }];
    if digits.len() >= 4 {
        let mut at_end = pieces.clone();
        at_end.push(Tag::PhoneEnd.mark(&digits[digits.len() - 4..]));
        ways.push(Way { class: if digits.len() >= 7 { 85 } else { 72 }, why: why(true), test: Test::All(at_end) });
    }
    let inside = match digits.len() {
        0..=3 => 30,
        4..=6 => 46,
        _ => 80,
    };
    ways.push(Way { class: inside, why: why(false), test: Test::All(pieces) });
    ways
}

fn vin_ways(word: &str) -> Vec<Way> {
    let could_be = (4..=17).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_alphanumeric() && !matches!(b, b'i' | b'o' | b'q'))
        && word.bytes().any(|b| b.is_ascii_digit());
    if !could_be {
        return vec![];
    }
    let class = match word.len() {
        17 => 100,
        6..=16 => 80,
        _ => 50,
    };
    let tail = word[word.len().saturating_sub(8)..].to_owned();
    vec![Way { class, why: Why::Vin { tail }, test: Test::All(vin_marks(word)) }]
}

/// The word as it stands, and as the beginning of a longer one.
fn begun(slot: Slot, word: &str, whole: u16, start: u16, why: &Why) -> Vec<Way> {
    if word.is_empty() {
        return vec![];
    }
    vec![
        Way { class: whole, why: why.clone(), test: Test::One(slot, word.to_owned()) },
        Way { class: start, why: why.clone(), test: beginning(slot, word) },
    ]
}

/// A word of the slot begins so, or is it.
pub(crate) fn beginning(slot: Slot, word: &str) -> Test {
    if word.chars().count() <= slot.longest_start() { Test::One(Slot::Start, slot.start(word)) } else { Test::Begins(slot, word.to_owned()) }
}

fn plain_word(word: &str, is_last: bool, in_company: bool) -> Word {
    let all_digits = word.bytes().all(|b| b.is_ascii_digit());
    let has_digit = word.bytes().any(|b| b.is_ascii_digit());
    let mut exact = vec![];
    let mut near = vec![];

    exact.extend(begun(Slot::Fact, word, 62, 40, &Why::Facts));
    exact.extend(begun(Slot::Car, word, 38, 28, &Why::Drives));
    exact.extend(begun(Slot::Mail, word, 44, 34, &Why::Email));
    exact.extend(begun(Slot::Own, word, 30, 20, &Why::OwnField));
    exact.extend(begun(Slot::Label, word, 52, 30, &Why::Tag));
    exact.extend(plate_ways(word, has_digit, in_company));
    if !all_digits {
        exact.extend(begun(Slot::Name, word, 64, 42, &Why::Name));
        exact.extend(begun(Slot::Place, word, 26, 16, &Why::Place));
    }
    for other in nicknames::of_car(word) {
        exact.push(Way { class: 60, why: Why::Facts, test: Test::One(Slot::Fact, other.to_owned()) });
        exact.push(Way { class: 36, why: Why::Drives, test: Test::One(Slot::Car, other.to_owned()) });
    }
    for other in called::of(word) {
        let why = Why::Nickname { called: word.to_owned() };
        // What begins as it was typed goes before what is only called so: "jon" is rather Jonas or Jones than another John.
        exact.push(Way { class: 41, why, test: Test::One(Slot::Name, other.to_owned()) });
    }
    if has_digit {
        let begins = || word.to_owned();
        let stock = Why::Stock { begins: begins() };
        exact.push(Way { class: 95, why: stock.clone(), test: Test::One(Slot::Tag, Tag::Stock.mark(word)) });
        if word.len() >= 3 {
            exact.push(Way { class: 48, why: stock, test: Test::Begins(Slot::Tag, Tag::Stock.mark(word)) });
        }
        let numbers = [
            (Tag::Deal, 92, Why::Deal { begins: begins() }),
            (Tag::RepairOrder, 91, Why::RepairOrder { begins: begins() }),
            (Tag::Number, 90, Why::Number { begins: begins() }),
        ];
        for (tag, class, why) in numbers {
            exact.push(Way { class, why: why.clone(), test: Test::One(Slot::Tag, tag.mark(word)) });
            if word.len() >= 5 {
                exact.push(Way { class: 40, why, test: Test::Begins(Slot::Tag, tag.mark(word)) });
            }
        }
        exact.extend(vin_ways(word));
    }
    if all_digits {
        exact.extend(phone_ways(word));
    } else if !has_digit {
        near.extend(near_ways(word, is_last, in_company));
    }
    // The surest way is looked at first.
    exact.sort_by_key(|way| std::cmp::Reverse(way.class));
    Word { exact, near }
}

/// A plate whole, begun or by its end; of letters alone it is a plate only beside other words, or whole.
fn plate_ways(word: &str, has_digit: bool, in_company: bool) -> Vec<Way> {
    if !(2..=10).contains(&word.len()) {
        return vec![];
    }
    let why = Why::Plate { has: word.to_owned() };
    let whole = Way { class: if has_digit { 93 } else { 58 }, why: why.clone(), test: Test::One(Slot::Tag, Tag::Plate.mark(word)) };
    let mut ways = vec![whole];
    if has_digit && word.len() >= 3 || in_company {
        let begins = Test::Begins(Slot::Tag, Tag::Plate.mark(word));
        ways.push(Way { class: if has_digit { 43 } else { 14 }, why: why.clone(), test: begins });
        let part = Tag::PlatePart.mark(word);
        let part = if has_digit { Test::One(Slot::Tag, part) } else { Test::Begins(Slot::Tag, part) };
        ways.push(Way { class: if has_digit { 43 } else { 14 }, why, test: part });
    }
    ways
}

/// One slip from five letters, two from nine. Beside other words, which hold the answer together, also one in a word of three or four.
fn near_ways(word: &str, is_last: bool, in_company: bool) -> Vec<Way> {
    let letters = word.chars().count();
    let slips: &[(u8, bool)] = match letters {
        9.. => &[(1, false), (2, true)],
        5..9 => &[(1, false)],
        4 if in_company => &[(1, false)],
        4 => &[(1, true)],
        3 if in_company => &[(1, true)],
        _ => &[],
    };
    let mut ways = if letters >= 4 { exchanged(word) } else { vec![] };
    for &(slips, same_first) in slips {
        for (slot, class) in [(Slot::Name, 24), (Slot::Fact, 22), (Slot::Car, 18), (Slot::Place, 12)] {
            let class = if slips == 1 { class } else { class / 2 };
            let near = Near { slot, text: word.to_owned(), slips, unfinished: is_last && letters > 4, same_first };
            ways.push(Way { class, why: spelling(slot), test: Test::Near(near) });
        }
    }
    ways
}

fn spelling(slot: Slot) -> Why {
    if slot == Slot::Fact { Why::CarSpelling } else { Why::Spelling }
}

/// Two neighbouring letters exchanged, the slip that fingers make most: "jonh" is rather John than Jonah or Joni. Looked up as the words
/// that may have been meant, so that their beginnings cost no more than they do.
fn exchanged(word: &str) -> Vec<Way> {
    // Beyond that a slip is rarer than a word nobody has.
    const LONGEST: usize = 16;
    let letters: Vec<char> = word.chars().take(LONGEST + 1).collect();
    if letters.len() > LONGEST {
        return vec![];
    }
    let mut ways = vec![];
    for at in (1..letters.len()).filter(|at| letters[at - 1] != letters[*at]) {
        let mut meant = letters.clone();
        meant.swap(at - 1, at);
        let meant: String = meant.into_iter().collect();
        for (slot, class) in [(Slot::Name, 27), (Slot::Fact, 25), (Slot::Car, 20)] {
            ways.push(Way { class, why: spelling(slot), test: beginning(slot, &meant) });
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Vec<String> {
        pieces(&fold(text))
            .into_iter()
            .map(|piece| match piece {
                Piece::Plain(chunk) => format!("plain {}", spoken(chunk).join("+")),
                Piece::Mail(address) => format!("mail {address}"),
                Piece::Phone { digits, .. } => format!("phone {digits}"),
                Piece::Named { what, value, .. } => format!("{what:?} {value}"),
            })
            .collect()
    }

    #[test]
    fn a_text_is_parted_as_people_mean_it() {
        for (text, expected) in [
            ("Dana Whitfield", vec!["plain dana", "plain whitfield"]),
            ("555-0148", vec!["phone 5550148"]),
            ("(207) 555", vec!["phone 207555"]),
            ("207 555 0148", vec!["phone 2075550148"]),
            ("+1 207.555.0148", vec!["phone 2075550148"]),
            ("dana 555 0148", vec!["plain dana", "phone 5550148"]),
            ("civic 2019 blue", vec!["plain civic", "plain 2019", "plain blue"]),
            ("2019 24117", vec!["plain 2019", "plain 24117"]),
            ("#24117", vec!["plain 24117"]),
            ("f-150", vec!["plain f150"]),
            ("O'Brien", vec!["plain obrien"]),
            ("smith-jones", vec!["plain smith+jones"]),
            ("dana's civic", vec!["plain dana", "plain civic"]),
            ("dana.w@exa", vec!["mail dana.w@exa"]),
            ("dana.whit", vec!["plain dana+whit"]),
            ("RO 88213", vec!["RepairOrder 88213"]),
            ("ro-88213", vec!["RepairOrder 88213"]),
            ("RO #88213 civic", vec!["RepairOrder 88213", "plain civic"]),
            ("deal 20417", vec!["Deal 20417"]),
            ("stock: 24117", vec!["Stock 24117"]),
            ("vin 614882", vec!["Vin 614882"]),
            ("plate 8ABC123", vec!["Plate 8abc123"]),
            ("tag:golf-club", vec!["Tag golf-club"]),
            ("tag vip", vec!["plain tag", "plain vip"]),
            ("rosa deal", vec!["plain rosa", "plain deal"]),
            ("  ", vec![]),
            ("?!", vec![]),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn a_pasted_page_is_cut() {
        let page = "word ".repeat(10_000);
        assert_eq!(readings(&page).first().map(Vec::len), Some(MOST_WORDS));
    }

    #[test]
    fn any_text_can_be_read() {
        for text in ["@", "a@", "@b", "(", "+", "+1", "-", "1-", "\u{0}", "\u{130}\u{307}", "🚗 civic", "é", "\"AND OR NOT\"", "name:*", "[1 TO 2]"]
        {
            for words in readings(text) {
                assert!(!words.is_empty(), "{text}");
            }
        }
    }
}
