//! What is this value? Label and value pairs as forms put them into mails and comments.

use crate::formats::text;

/// What a label says its value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) enum Field {
    FirstName,
    LastName,
    FullName,
    Phone,
    Email,
    Street,
    City,
    Region,
    PostalCode,
    Comments,
    /// A car in one line.
    Car,
    Vin,
    Stock,
    Year,
    Make,
    Model,
    Trim,
    Mileage,
    Price,
    Color,
    Source,
    When,
    Kind,
    LeadId,
    WebId,
    /// Of the store, never of the customer.
    Dealer,
    /// A wish worth reading: when to call, how to answer.
    Wish,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::formats) struct Pair {
    /// Lower case, words parted by single spaces.
    pub(in crate::formats) label: String,
    pub(in crate::formats) field: Option<Field>,
    /// The label speaks of the car they come with.
    pub(in crate::formats) theirs: bool,
    pub(in crate::formats) value: String,
}

/// `firstName`, `First_Name*`, `FIRST NAME:` are one label.
fn normalised(label: &str) -> String {
    let mut out = String::with_capacity(label.len() + 4);
    let mut lower_before = false;
    for c in text::cut(label, 120).chars() {
        if c.is_alphanumeric() || c == '/' || c == '\'' {
            if c.is_uppercase() && lower_before {
                out.push(' ');
            }
            out.extend(c.to_lowercase());
        } else {
            out.push(' ');
        }
        lower_before = c.is_lowercase();
    }
    text::single_spaced(&out)
}

/// What a label names, and whether it speaks of the car they come with.
pub(in crate::formats) fn field(label: &str) -> Option<(Field, bool)> {
    let label = normalised(label);
    if label.len() > 50 {
        return None;
    }
    if let Some(field) = plain_field(&label) {
        return Some((field, false));
    }
    for prefix in ["trade in ", "tradein ", "trade ", "current ", "my "] {
        if let Some(rest) = label.strip_prefix(prefix) {
            let rest = rest.strip_prefix("vehicle ").or_else(|| rest.strip_prefix("car ")).unwrap_or(rest);
            if let Some(field) = plain_field(rest).filter(|f| is_of_car(*f)) {
                return Some((field, true));
            }
        }
    }
    if matches!(label.as_str(), "trade in" | "tradein" | "trade") {
        return Some((Field::Car, true));
    }
    for prefix in [
        "your ",
        "customer ",
        "customer's ",
        "shopper ",
        "buyer ",
        "contact ",
        "user ",
        "client ",
        "caller ",
        "consumer ",
        "lead ",
        "visitor ",
        "applicant ",
    ] {
        if let Some(field) = label.strip_prefix(prefix).and_then(plain_field) {
            return Some((field, false));
        }
    }
    for prefix in ["vehicle ", "inventory ", "car ", "unit ", "listing ", "listed ", "desired ", "bike "] {
        if let Some(field) = label.strip_prefix(prefix).and_then(plain_field).filter(|f| is_of_car(*f)) {
            return Some((field, false));
        }
    }
    if label.starts_with("dealer") {
        return Some((Field::Dealer, false));
    }
    for prefix in ["store ", "seller "] {
        if label.strip_prefix(prefix).is_some_and(|rest| plain_field(rest).is_some()) {
            return Some((Field::Dealer, false));
        }
    }
    None
}

fn is_of_car(field: Field) -> bool {
    match field {
        Field::Car
        | Field::Vin
        | Field::Stock
        | Field::Year
        | Field::Make
        | Field::Model
        | Field::Trim
        | Field::Mileage
        | Field::Price
        | Field::Color => true,
        Field::FirstName
        | Field::LastName
        | Field::FullName
        | Field::Phone
        | Field::Email
        | Field::Street
        | Field::City
        | Field::Region
        | Field::PostalCode
        | Field::Comments
        | Field::Source
        | Field::When
        | Field::Kind
        | Field::LeadId
        | Field::WebId
        | Field::Dealer
        | Field::Wish => false,
    }
}

fn plain_field(label: &str) -> Option<Field> {
    Some(match label {
        "first name" | "first" | "fname" | "firstname" | "given name" | "forename" => Field::FirstName,
        "last name" | "last" | "lname" | "lastname" | "surname" | "family name" => Field::LastName,
        "name" | "full name" | "fullname" | "customer" | "shopper" | "buyer" | "caller" | "contact name" | "caller id" | "first and last name" => {
            Field::FullName
        }
        "phone" | "phone number" | "telephone" | "telephone number" | "tel" | "mobile" | "mobile phone" | "mobile number" | "cell" | "cell phone"
        | "cellphone" | "home phone" | "work phone" | "day phone" | "daytime phone" | "evening phone" | "contact number" | "caller number"
        | "phone 1" | "phone 2" | "alternate phone" | "best phone" | "number" | "ph" => Field::Phone,
        "email" | "e mail" | "email address" | "e mail address" | "mail" | "emailaddress" => Field::Email,
        "address" | "street" | "street address" | "address 1" | "address line 1" => Field::Street,
        "city" | "town" => Field::City,
        "state" | "province" | "region" | "state/province" => Field::Region,
        "zip" | "zip code" | "zipcode" | "postal code" | "postalcode" | "postcode" | "zip/postal code" => Field::PostalCode,
        "comments"
        | "comment"
        | "message"
        | "question"
        | "questions"
        | "questions/comments"
        | "comments/questions"
        | "question/comment"
        | "additional comments"
        | "additional information"
        | "inquiry"
        | "enquiry"
        | "transcript"
        | "chat transcript"
        | "conversation"
        | "notes"
        | "note"
        | "how can we help"
        | "how can we help you" => Field::Comments,
        "vehicle"
        | "vehicle of interest"
        | "car"
        | "item"
        | "vehicle interested in"
        | "interested in"
        | "vehicle interest"
        | "unit"
        | "year/make/model"
        | "listing"
        | "year make model"
        | "vehicle description"
        | "ymm" => Field::Car,
        "vin" | "vin number" | "vin #" => Field::Vin,
        "stock number" | "stock" | "stock no" | "stk" | "stk no" | "stock id" | "stock num" | "stocknumber" | "stk number" => Field::Stock,
        "year" | "model year" => Field::Year,
        "make" => Field::Make,
        "model" => Field::Model,
        "trim" | "trim level" => Field::Trim,
        "mileage" | "odometer" | "miles" | "kilometers" | "kilometres" => Field::Mileage,
        "price" | "asking price" | "list price" | "internet price" | "sale price" => Field::Price,
        "color" | "colour" | "exterior color" | "exterior colour" => Field::Color,
        "source" | "lead source" | "lead provider" | "provider" => Field::Source,
        "submission date" | "submitted" | "submitted on" | "submitted at" | "date" | "lead date" | "date submitted" | "call time" | "date/time"
        | "date received" | "received" | "lead captured date" | "request date" | "call date" | "timestamp" | "time" | "call received"
        | "date time" => Field::When,
        "lead type"
        | "type"
        | "form"
        | "form name"
        | "request type"
        | "event name"
        | "inquiry type"
        | "form type"
        | "this form submitted at"
        | "form submitted at"
        | "leadtype" => Field::Kind,
        "lead id" | "lead number" | "leadid" | "inquiry id" | "reference number" | "reference id" => Field::LeadId,
        "submission id" | "form submission id" | "client id" | "clientid" | "ga client id" | "ga id" | "ga" | "visitor id" | "session id" | "cid" => {
            Field::WebId
        }
        "dealer" | "dealership" | "location" | "store" | "dealer name" | "dealership name" | "seller" => Field::Dealer,
        "preferred contact"
        | "preferred contact method"
        | "preferred method of contact"
        | "contact preference"
        | "best time to call"
        | "best time"
        | "best time to contact"
        | "preferred date"
        | "preferred time"
        | "appointment date"
        | "appointment time"
        | "appointment"
        | "requested date"
        | "requested time"
        | "purchase timeframe"
        | "timeframe"
        | "time frame"
        | "down payment"
        | "monthly payment"
        | "budget"
        | "credit"
        | "call duration"
        | "trade options"
        | "offer"
        | "your offer" => Field::Wish,
        _ => return None,
    })
}

/// The pairs of one line: `Name: Dana`, `Name<tab>Dana<tab>Phone<tab>…`, `Year: 2023, Model: Nightster, VIN: …`. Empty when it holds none.
pub(in crate::formats) fn pairs_of_line(line: &str) -> Vec<Pair> {
    let line = text::cut(line.trim(), 2_000);
    if line.contains('\t') {
        return pairs_of_cells(line);
    }
    for comma in [',', '|', ';'] {
        let mut pairs: Vec<Pair> = vec![];
        for segment in line.split(comma) {
            if let Some(pair) = pair(segment) {
                pairs.push(pair);
            } else if pairs.is_empty() && comma == '|' {
                // `2019 Honda CR-V | Stock #: A1234`: the car stands before its labels.
                pairs.push(Pair { label: "vehicle".to_owned(), field: Some(Field::Car), theirs: false, value: segment.to_owned() });
            } else {
                let Some(last) = pairs.last_mut() else { break };
                last.value.push(comma);
                last.value.push_str(segment);
            }
        }
        if pairs.iter().filter(|p| p.field.is_some()).count() >= 2 {
            for pair in &mut pairs {
                pair.value = pair.value.trim().to_owned();
            }
            return pairs;
        }
    }
    pair(line).into_iter().collect()
}

/// A table row: a cell with a label, then its value.
fn pairs_of_cells(line: &str) -> Vec<Pair> {
    let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
    let mut pairs = vec![];
    let mut at = 0;
    while at < cells.len() {
        let cell = cells[at].trim_end_matches([':', '*', ' ']);
        let value = cells.get(at + 1).copied().unwrap_or("");
        if let Some((field, theirs)) = field(cell).filter(|_| field(value).is_none()) {
            pairs.push(Pair { label: normalised(cell), field: Some(field), theirs, value: value.to_owned() });
            at += 2;
        } else {
            pairs.extend(pair(cells[at]));
            at += 1;
        }
    }
    pairs
}

/// A label is short, and is no time, no address of a page and no sentence.
fn pair(segment: &str) -> Option<Pair> {
    let segment = segment.trim().trim_start_matches(['*', '-', '•', '·', '>', ' ']);
    let Some(at) = segment.find(':') else { return plainly_parted(segment) };
    let value = segment[at + 1..].trim_start_matches([':', '*']);
    let label = segment[..at].trim_end_matches(['*', '?', ' ', '#']);
    if label.is_empty() || label.len() > 60 || value.starts_with("//") || label.split(' ').count() > 8 || label.contains(['.', '!', '<', '@']) {
        return None;
    }
    if label.ends_with(|c: char| c.is_ascii_digit()) && value.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (field, theirs) = field(label).map_or((None, false), |(f, t)| (Some(f), t));
    let label = normalised(label);
    label.chars().any(char::is_alphabetic).then(|| Pair { label, field, theirs, value: value.trim().to_owned() })
}

/// `Name = Dana`, `Name - Dana`: only after a label we know, because people write like that too.
fn plainly_parted(segment: &str) -> Option<Pair> {
    let (label, value) = segment.split_once(" - ").or_else(|| segment.split_once('='))?;
    let (field, theirs) = field(label)?;
    Some(Pair { label: normalised(label), field: Some(field), theirs, value: value.trim().to_owned() })
}

/// Numbers by which people are robbed. A lead needs none of them, and what is not kept cannot be stolen (16 CFR 314.4(c)(6)).
pub(in crate::formats) fn is_secret(label: &str) -> bool {
    [
        "ssn",
        "social security",
        "social insurance",
        "date of birth",
        "dob",
        "birth date",
        "birthday",
        "license number",
        "licence number",
        "account number",
        "card number",
    ]
    .iter()
    .any(|s| label.contains(s))
}

/// Every pair of a text, line by line.
pub(in crate::formats) fn pairs(text: &str) -> Vec<Pair> {
    text.lines().take(2_000).flat_map(pairs_of_line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_known_however_they_are_written() {
        for (label, expected) in [
            ("First_Name*", Some((Field::FirstName, false))),
            ("firstName", Some((Field::FirstName, false))),
            ("Your E-mail", Some((Field::Email, false))),
            ("Inventory Stock ID", Some((Field::Stock, false))),
            ("Trade-In Year", Some((Field::Year, true))),
            ("Trade Vehicle VIN", Some((Field::Vin, true))),
            ("Trade-in", Some((Field::Car, true))),
            ("Dealer Phone", Some((Field::Dealer, false))),
            ("Average Retail", None),
            ("Trade Options", Some((Field::Wish, false))),
        ] {
            assert_eq!(field(label), expected, "{label}");
        }
    }

    #[test]
    fn a_line_gives_its_pairs() {
        let read = |line: &str| -> Vec<(String, String)> { pairs_of_line(line).into_iter().map(|p| (p.label, p.value)).collect() };
        let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> { pairs.iter().map(|(l, v)| ((*l).to_owned(), (*v).to_owned())).collect() };
        for (line, pairs) in [
            ("*Name:* Dana Whitfield", own(&[("name", "Dana Whitfield")])),
            (
                "Model Year: 2023, Model: Nightster, VIN: X, PreQual: N",
                own(&[("model year", "2023"), ("model", "Nightster"), ("vin", "X"), ("pre qual", "N")]),
            ),
            ("Name\tDana\tPhone:\t207-555-0148", own(&[("name", "Dana"), ("phone", "207-555-0148")])),
            ("Portland, ME: a city", own(&[("portland me", "a city")])),
            ("2019 Honda CR-V EX | Stock #: A1234", own(&[("vehicle", "2019 Honda CR-V EX"), ("stock", "A1234")])),
            ("Phone = 2075550148", own(&[("phone", "2075550148")])),
            ("Name - Dana", own(&[("name", "Dana")])),
            ("Portland - a city", vec![]),
            ("https://example.com/x", vec![]),
            ("see you at 10:30", vec![]),
            ("I would like to know. Price: what is it", vec![]),
        ] {
            assert_eq!(read(line), pairs, "{line}");
        }
    }
}
