//! What kind of line is this? The lines of a form mail, each told from its words and its neighbours.

use super::{
    labels::{self, Field, Pair},
    person,
};
use crate::domain::{email::Email, phone::Phone};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Section {
    #[default]
    Open,
    Customer,
    Vehicle,
    Trade,
    Dealer,
    Call,
}

/// What a line is by itself, before its neighbours are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Blank,
    /// Dashes and the like.
    Rule,
    Heading(Section),
    Pairs(Vec<Pair>),
    /// A known label alone; its value follows.
    Label(Field, bool),
    Phone(Phone),
    Email(Email),
    /// A name on top of a phone or an e-mail.
    Name,
    Place(String, String),
    Footer,
    Words,
}

const FOOTERS: &[&str] = &[
    "©",
    "unsubscribe",
    "all rights reserved",
    "this email was sent",
    "this message was sent",
    "view listing",
    "view this",
    "click here",
    "sent from",
    "powered by",
    "ip address",
    "reply to ",
    "do not reply",
    "copyright",
    "privacy policy",
    "this form submitted",
];

/// What each line is, its neighbours known.
pub(super) fn kinds(lines: &[&str]) -> Vec<Line> {
    let alone: Vec<Line> = lines.iter().map(|l| alone(l)).collect();
    let next = |from: usize| alone.iter().enumerate().skip(from + 1).take(6).find(|(_, k)| **k != Line::Blank);
    let mut kinds = vec![];
    for (at, kind) in alone.iter().enumerate() {
        let kind = match kind {
            // A heading that may be a label too is one when its value follows: not another label, not an empty end.
            Line::Heading(section) => match (labels::field(lines[at]), next(at).map(|(_, k)| k)) {
                (Some((field, theirs)), Some(Line::Words | Line::Phone(_) | Line::Email(_))) if *section != Section::Dealer => {
                    Line::Label(field, theirs)
                }
                _ => kind.clone(),
            },
            Line::Words | Line::Place(..) if person::looks_like_name(lines[at]) => match next(at) {
                Some((_, Line::Phone(_) | Line::Email(_))) => Line::Name,
                Some((second, Line::Words | Line::Place(..))) if matches!(next(second), Some((_, Line::Phone(_) | Line::Email(_)))) => Line::Name,
                _ => kind.clone(),
            },
            Line::Blank
            | Line::Rule
            | Line::Pairs(_)
            | Line::Label(..)
            | Line::Phone(_)
            | Line::Email(_)
            | Line::Name
            | Line::Place(..)
            | Line::Footer
            | Line::Words => kind.clone(),
        };
        kinds.push(kind);
    }
    rows_under_headers(lines, &mut kinds);
    kinds
}

/// A table whose first row holds the labels and whose second the values.
fn rows_under_headers(lines: &[&str], kinds: &mut [Line]) {
    for at in 0..lines.len().saturating_sub(1) {
        let heads: Vec<&str> = lines[at].split('\t').collect();
        let fields: Vec<(Field, bool)> = heads.iter().filter_map(|h| labels::field(h)).collect();
        let below = (at + 1..lines.len().min(at + 3)).find(|b| !lines[*b].is_empty());
        let Some(below) = below.filter(|_| heads.len() >= 2 && fields.len() == heads.len()) else { continue };
        let values: Vec<&str> = lines[below].split('\t').collect();
        if values.len() == heads.len() && values.iter().all(|v| labels::field(v).is_none()) {
            let pair = |((field, theirs), (head, value)): ((Field, bool), (&&str, &&str))| Pair {
                label: head.trim().to_lowercase(),
                field: Some(field),
                theirs,
                value: value.trim().to_owned(),
            };
            kinds[at] = Line::Blank;
            kinds[below] = Line::Pairs(fields.into_iter().zip(heads.iter().zip(&values)).map(pair).collect());
        }
    }
}

/// What a line is, its neighbours unknown.
fn alone(line: &str) -> Line {
    if line.is_empty() {
        return Line::Blank;
    }
    if line.len() >= 2 && line.chars().all(|c| "-=_*~+#".contains(c)) {
        return Line::Rule;
    }
    if let Some(section) = heading(line) {
        return Line::Heading(section);
    }
    let lower = line.to_lowercase();
    if lower.starts_with("this form submitted at") {
        let value = line.split_once(':').map_or("", |(_, v)| v).trim().to_owned();
        return Line::Pairs(vec![Pair { label: "form submitted at".to_owned(), field: Some(Field::Kind), theirs: false, value }]);
    }
    let pairs = labels::pairs_of_line(line);
    if pairs.iter().any(|p| p.field.is_some()) {
        return Line::Pairs(pairs);
    }
    if line.len() <= 50
        && let Some((field, theirs)) = labels::field(line.trim_end_matches([':', '*', '?', ' ']))
    {
        return Line::Label(field, theirs);
    }
    if FOOTERS.iter().any(|f| lower.starts_with(f)) || lower.len() < 200 && FOOTERS[..3].iter().any(|f| lower.contains(f)) {
        return Line::Footer;
    }
    if !line.contains(char::is_alphabetic)
        && let [phone] = person::phones(line).numbers.as_slice()
    {
        return Line::Phone(phone.clone());
    }
    if !line.trim().contains(' ')
        && line.contains('@')
        && let [email] = person::emails_in(line).as_slice()
    {
        return Line::Email(email.clone());
    }
    if let Some((city, region)) =
        line.split_once(", ").filter(|(c, r)| r.len() == 2 && c.len() <= 40 && c.chars().all(|c| c.is_alphabetic() || " .'-".contains(c)))
        && region.chars().all(|c| c.is_ascii_uppercase())
    {
        return Line::Place(place_name(city), region.to_owned());
    }
    if pairs.iter().any(|p| !p.value.is_empty()) { Line::Pairs(pairs) } else { Line::Words }
}

/// `ADDISON` as `Addison`.
fn place_name(city: &str) -> String {
    if city.chars().any(char::is_lowercase) {
        return city.to_owned();
    }
    let word = |w: &str| w.chars().take(1).chain(w.chars().skip(1).flat_map(char::to_lowercase)).collect::<String>();
    city.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn heading(line: &str) -> Option<Section> {
    let bare: String = line.trim_matches([':', '*', '-', '=', '/', '#', '_', ' ', '\t']).to_lowercase().replace('-', " ");
    Some(match bare.as_str() {
        "contact"
        | "contact information"
        | "contact info"
        | "contact details"
        | "customer information"
        | "customer info"
        | "customer details"
        | "customer"
        | "your information"
        | "shopper information"
        | "buyer information"
        | "consumer information"
        | "personal information"
        | "from"
        | "lead information"
        | "lead details"
        | "prospect"
        | "caller"
        | "caller information"
        | "applicant information" => Section::Customer,
        "vehicle"
        | "vehicle information"
        | "vehicle info"
        | "vehicle details"
        | "listing"
        | "listing details"
        | "listing information"
        | "vehicle of interest"
        | "car details"
        | "inventory"
        | "vehicle interest" => Section::Vehicle,
        "trade in information"
        | "trade information"
        | "trade details"
        | "trade vehicle"
        | "trade in vehicle"
        | "trade in"
        | "trade in details"
        | "tradein" => Section::Trade,
        "dealer"
        | "dealership"
        | "dealer information"
        | "dealership information"
        | "seller"
        | "seller information"
        | "dealer details"
        | "dealer info"
        | "store"
        | "store information" => Section::Dealer,
        "phone call details" | "call details" | "call information" => Section::Call,
        _ => return None,
    })
}

/// A value in the line after its label. Returns the lines used.
pub(super) fn following_value(pair: &mut Pair, lines: &[&str], kinds: &[Line], at: usize) -> usize {
    let Some(next) = (at + 1..lines.len().min(at + 3)).find(|n| kinds[*n] != Line::Blank) else { return 0 };
    match &kinds[next] {
        Line::Words | Line::Phone(_) | Line::Email(_) | Line::Name | Line::Place(..) => {
            lines[next].clone_into(&mut pair.value);
            next - at
        }
        Line::Blank | Line::Rule | Line::Heading(_) | Line::Pairs(_) | Line::Label(..) | Line::Footer => 0,
    }
}

/// The words of a comment: to the end of its paragraph when they begin beside the label, else to the next thing that is no running text.
pub(super) fn following_words(begun: &str, lines: &[&str], kinds: &[Line]) -> (String, usize) {
    let mut words = begun.to_owned();
    let mut used = 0;
    for (line, kind) in lines.iter().zip(kinds) {
        let goes_on = match kind {
            Line::Blank => begun.is_empty(),
            Line::Words => true,
            // Under a label that stands alone, "Visitor: hello" is somebody's sentence; beside one it is the form's next field.
            Line::Pairs(pairs) => begun.is_empty() && pairs.iter().all(|p| p.field.is_none()),
            Line::Rule | Line::Heading(_) | Line::Label(..) | Line::Phone(_) | Line::Email(_) | Line::Name | Line::Place(..) | Line::Footer => false,
        };
        if !goes_on {
            break;
        }
        used += 1;
        if !words.is_empty() {
            words.push('\n');
        }
        words.push_str(line);
    }
    (words.trim().to_owned(), used)
}
