//! What does this ADF document tell? Prospects of ADF 1.0, as real senders write them, to leads; and leads to ADF.

pub(in crate::formats) mod document;
mod vehicle;
mod write;

use super::{
    leads::{
        labels,
        person::{self, NamePieces},
        said,
        when::{self, Arrival},
    },
    markup::{self, Element, Shape},
    text,
};
use crate::domain::{
    address::Address,
    email::Email,
    lead::NewLead,
    phone::Phone,
    profile::{Profile, Source, SourceKind},
};
pub use write::write_adf;

/// A comment longer than this is cut, in bytes.
const MOST_COMMENT_BYTES: usize = 16 * 1024;
/// Further prospects of one document are not read.
const MOST_PROSPECTS: usize = 100;

/// What an element of ADF may hold. Beside the names of the standard stand those that senders use in their place.
pub(super) fn shape(name: &str) -> Shape {
    match name {
        "adf" => Shape::Section(0),
        "prospect" => Shape::Section(1),
        "vehicle" | "customer" | "vendor" | "provider" => Shape::Section(2),
        "contact" | "address" | "colorcombination" | "option" | "finance" | "timeframe" => Shape::Holder,
        "id" | "requestdate" | "year" | "make" | "model" | "vin" | "stock" | "stocknumber" | "trim" | "doors" | "bodystyle" | "transmission"
        | "odometer" | "condition" | "imagetag" | "price" | "optionname" | "manufacturercode" | "weighting" | "method" | "amount" | "balance"
        | "name" | "email" | "phone" | "street" | "apartment" | "city" | "regioncode" | "region" | "state" | "province" | "postalcode" | "zip"
        | "country" | "vendorname" | "vendorid" | "url" | "service" | "leadtype" | "type" | "status" | "earliestdate" | "latestdate"
        | "interiorcolor" | "exteriorcolor" | "preference" | "preferredcontact" | "drivetrain" | "fuel" | "engine" => Shape::Value,
        "comments" | "comment" | "pricecomments" | "description" | "notes" | "message" => Shape::Words,
        name if text::is_screen_tag(name) => Shape::Screen,
        _ => Shape::Foreign,
    }
}

/// Reads every prospect of a document: a lead, or the sentence why there is none. `sender` names who sent it when the document does not.
pub(super) fn read(document: &str, arrival: &Arrival, sender: &str) -> Vec<Result<NewLead, String>> {
    let (root, odd) = markup::parse(document, &shape);
    let warnings: Vec<String> = odd.iter().map(|o| o.sentence().to_owned()).collect();
    let prospects = root.all("prospect");
    if prospects.is_empty() {
        return vec![Err("The ADF document has no prospect: ask the sender to send the lead again.".to_owned())];
    }
    let too_many = prospects.len() > MOST_PROSPECTS;
    let read = prospects.into_iter().take(MOST_PROSPECTS).map(|p| prospect(p, arrival, sender, warnings.clone()));
    let rest = too_many.then(|| Err("The ADF document has more than 100 prospects: ask the sender to send the rest again.".to_owned()));
    read.chain(rest).collect()
}

fn prospect(prospect: &Element, arrival: &Arrival, sender: &str, mut warnings: Vec<String>) -> Result<NewLead, String> {
    let source = source(prospect, sender, &mut warnings);
    let (requested, odd) = when::asked(prospect.value("requestdate"), arrival);
    warnings.extend(odd.map(str::to_owned));
    let nothing = Element::default();
    let customer = prospect.child("customer").unwrap_or(prospect);
    let contact = contact_of(customer).unwrap_or(if customer.child("phone").or(customer.child("email")).is_some() { customer } else { &nothing });

    let mut extra: Vec<String> = vec![];
    let mut points = points(contact, &mut extra, &mut warnings);
    let mut cars = vehicle::vehicles(prospect, &mut warnings);
    let words = comments(prospect, customer, contact);
    if points.is_empty() {
        points = points_in_words(&words, prospect);
        if !points.is_empty() {
            warnings.push("The phone or email stood only in the comments.".to_owned());
        }
    }
    if points.is_empty() {
        return Err(no_way_to_answer(prospect, &extra, &warnings));
    }

    let mut pairs = labels::pairs(&words);
    for pair in &mut pairs {
        pair.value = text::cut(&pair.value, 400).to_owned();
    }
    said::fill_cars(&mut cars, &pairs, &words);
    cars.retain(|c| !super::leads::car::is_empty(c));
    // What they come for stands before what they come with.
    cars.sort_by_key(crate::domain::lead::LeadCar::is_theirs);

    let mut web_ids = said::web_ids(&pairs);
    let external_id = ids(prospect, &source, &mut web_ids);
    foreign(prospect, &mut extra, &mut web_ids);
    let kind = said::kind(&clues(prospect), &words, &cars);
    extra.extend(wishes(prospect, customer));
    let mut comments = words.clone();
    for line in extra {
        if !comments.contains(&line) {
            comments.push_str(if comments.is_empty() { "" } else { "\n" });
            comments.push_str(&line);
        }
    }
    if comments.len() > MOST_COMMENT_BYTES {
        warnings.push("The comments are longer than 16 KiB; the rest was cut.".to_owned());
    }
    let evidence = format!("{source} lead");
    let consent = said::consent_of(&words, !points.phones.is_empty(), !points.emails.is_empty(), requested, &evidence);
    let person = Profile {
        name: name(contact),
        phones: points.phones,
        emails: points.emails,
        address: address(contact),
        consent,
        ..Profile::new(Source { kind: SourceKind::Lead, name: source.clone() }, requested)
    };
    warnings.dedup();
    let comments = text::cut(&comments, MOST_COMMENT_BYTES).to_owned();
    Ok(NewLead { source, external_id, requested, person, cars, comments, kind, web_ids, warnings, taken: None })
}

/// The sender in the order of what means it most: the provider, the source of the id, a marketplace in the vendor's place, the mail's sender.
fn source(prospect: &Element, sender: &str, warnings: &mut Vec<String>) -> String {
    let provider = prospect.child("provider").map_or("", |p| p.value("name"));
    let vendor = prospect.child("vendor");
    let vendor_name = vendor.map_or("", |v| v.value("vendorname"));
    let is_sender = super::leads::senders::by_words(vendor_name).is_some() || vendor.is_some_and(|v| !v.value("service").is_empty());
    let id_source = prospect.children("id").map(|id| id.attribute("source")).find(|s| !s.is_empty()).unwrap_or("");
    let candidates = [provider, id_source, if is_sender { vendor_name } else { "" }, sender];
    let named = candidates.into_iter().map(text::single_spaced).find(|c| !c.is_empty() && c.len() <= 200);
    if provider.is_empty() && !vendor_name.is_empty() && named.as_deref() == Some(vendor_name) {
        warnings.push("The sender stands in the vendor's place.".to_owned());
    }
    named.unwrap_or_else(|| {
        warnings.push("The sender did not name itself.".to_owned());
        super::leads::UNNAMED_SENDER.to_owned()
    })
}

/// The customer's contact: the one marked as the first, else the first with a phone or an e-mail.
fn contact_of(customer: &Element) -> Option<&Element> {
    let mut contacts: Vec<&Element> = customer.children("contact").collect();
    contacts.sort_by_key(|c| (c.child("phone").or(c.child("email")).is_none(), c.attribute("primarycontact") != "1"));
    contacts.first().copied()
}

#[derive(Default)]
struct Points {
    phones: Vec<Phone>,
    emails: Vec<Email>,
}

impl Points {
    fn is_empty(&self) -> bool {
        self.phones.is_empty() && self.emails.is_empty()
    }
}

/// Phones and e-mails, the preferred and the mobile ones first. Digits that are no number we can call are kept in words.
fn points(contact: &Element, extra: &mut Vec<String>, warnings: &mut Vec<String>) -> Points {
    let mut found = Points::default();
    let mut phones: Vec<&Element> = contact.children("phone").collect();
    let mobile = |p: &Element| p.attribute("type").to_lowercase().starts_with("cell") || p.attribute("type").to_lowercase().starts_with("mobile");
    phones.sort_by_key(|p| (p.attribute("preferredcontact") != "1", !mobile(p)));
    for phone in phones {
        if phone.attribute("type").eq_ignore_ascii_case("fax") {
            warnings.push("A fax number was left out.".to_owned());
            continue;
        }
        let read = person::phones(&phone.text);
        extra.extend(read.extension.map(|e| format!("Phone extension: {e}")));
        if read.unread {
            warnings.push("A phone number is none that can be called; it is kept in the comments.".to_owned());
            extra.push(format!("Phone as sent: {}", text::single_spaced(text::cut(&phone.text, 60))));
        }
        let time = phone.attribute("time").to_lowercase();
        if !read.numbers.is_empty() && matches!(time.as_str(), "morning" | "afternoon" | "evening" | "day") {
            extra.push(format!("Best time to call: {time}"));
        }
        for number in read.numbers {
            if !found.phones.contains(&number) {
                found.phones.push(number);
            }
        }
    }
    let mut emails: Vec<&Element> = contact.children("email").collect();
    emails.sort_by_key(|e| e.attribute("preferredcontact") != "1");
    for email in emails {
        let read = person::emails_in(&email.text);
        if read.is_empty() && email.text.contains('@') && !said_nothing(&email.text) {
            warnings.push("An email address could not be read; it is kept in the comments.".to_owned());
            extra.push(format!("Email as sent: {}", text::single_spaced(text::cut(&email.text, 120))));
        }
        for email in read {
            if !found.emails.contains(&email) {
                found.emails.push(email);
            }
        }
    }
    found
}

fn said_nothing(email: &str) -> bool {
    let local = email.trim().split('@').next().unwrap_or("").to_lowercase();
    local.is_empty() || local.contains("none") || local.contains("noemail") || local.contains("reply")
}

/// Points that the customer wrote into the words, without those of the store and the sender.
fn points_in_words(words: &str, prospect: &Element) -> Points {
    let others: String = [prospect.child("vendor"), prospect.child("provider")].into_iter().flatten().map(all_text).collect::<Vec<_>>().join(" \n ");
    let (their_phones, their_emails) = (person::phones_in(&others), person::emails_in(&others));
    Points {
        phones: person::phones_in(words).into_iter().filter(|p| !their_phones.contains(p)).take(3).collect(),
        emails: person::emails_in(words).into_iter().filter(|e| !their_emails.contains(e)).take(3).collect(),
    }
}

fn all_text(element: &Element) -> String {
    let mut text = element.text.clone();
    for child in &element.children {
        text.push_str(" \n ");
        text.push_str(&all_text(child));
    }
    text
}

fn no_way_to_answer(prospect: &Element, extra: &[String], warnings: &[String]) -> String {
    let cut_short = warnings.iter().any(|w| w == markup::Oddity::CutShort.sentence());
    if cut_short && prospect.child("customer").is_none() {
        return "The document ends before the customer: ask the sender to send the lead again.".to_owned();
    }
    if extra.is_empty() {
        "The lead gives no phone and no email: ask the sender how to reach the shopper.".to_owned()
    } else {
        "The lead gives no phone and no email that can be used: open it, correct the number, and read it again.".to_owned()
    }
}

fn name(contact: &Element) -> crate::domain::profile::PersonName {
    let mut pieces = NamePieces::default();
    for name in contact.children("name") {
        let text = text::single_spaced(&name.text);
        let piece = match name.attribute("part").to_lowercase().as_str() {
            "first" => &mut pieces.first,
            "middle" => &mut pieces.middle,
            "last" | "surname" => &mut pieces.last,
            "suffix" => &mut pieces.suffix,
            _ => &mut pieces.full,
        };
        if piece.is_empty() {
            *piece = text;
        }
        pieces.is_business |= name.attribute("type").eq_ignore_ascii_case("business");
    }
    // Some senders write <firstname> and <lastname>.
    for (piece, names) in [(&mut pieces.first, ["firstname", "first"]), (&mut pieces.last, ["lastname", "last"])] {
        if piece.is_empty() {
            names.into_iter().map(|n| contact.value(n)).find(|v| !v.is_empty()).unwrap_or("").clone_into(piece);
        }
    }
    person::name(&pieces)
}

fn address(contact: &Element) -> Address {
    let Some(address) = contact.child("address") else { return Address::default() };
    let first = |names: &[&str]| names.iter().map(|n| super::leads::car::said(address.value(n))).find(|v| !v.is_empty()).unwrap_or_default();
    let mut streets: Vec<&Element> = address.children("street").filter(|s| !s.text.trim().is_empty()).collect();
    streets.sort_by_key(|s| s.attribute("line").parse::<u8>().unwrap_or(1));
    let mut lines = streets.into_iter().map(|s| super::leads::car::said(&s.text)).filter(|l| !l.is_empty());
    let line1 = lines.next().unwrap_or_default();
    let mut rest: Vec<String> = lines.collect();
    rest.extend(Some(first(&["apartment"])).filter(|a| !a.is_empty()));
    Address {
        line1,
        line2: rest.join(", "),
        city: first(&["city"]),
        region: region(&first(&["regioncode", "region", "state", "province"])),
        postal_code: first(&["postalcode", "zip"]),
        country: first(&["country"]),
    }
}

/// Codes in capitals; names stay as they were given.
pub(super) fn region(text: &str) -> String {
    if text.len() <= 3 { text.to_uppercase() } else { text.to_owned() }
}

/// The shopper's words wherever the sender put them, as plain text.
fn comments(prospect: &Element, customer: &Element, contact: &Element) -> String {
    let mut words: Vec<String> = vec![];
    let mut holders = vec![customer, contact, prospect];
    holders.dedup_by(|a, b| std::ptr::eq(*a, *b));
    for holder in holders {
        for element in holder.children.iter().filter(|c| matches!(c.name.as_str(), "comments" | "comment" | "message" | "notes")) {
            let text = said::without_secrets(&text::plain(text::cut(&element.text, 4 * MOST_COMMENT_BYTES)));
            if !text.is_empty() && !words.contains(&text) {
                words.push(text);
            }
        }
    }
    words.join("\n")
}

/// The id that makes a resend harmless, and whose it is. Further ids are the site's.
fn ids(prospect: &Element, source: &str, web_ids: &mut Vec<String>) -> Option<String> {
    let mut external = None;
    for id in prospect.children("id") {
        let text = text::single_spaced(text::cut(&id.text, 200));
        let whose = text::single_spaced(id.attribute("source"));
        if text.is_empty() {
            continue;
        }
        if external.is_none() && labels::field(&whose).is_none_or(|(f, _)| f != labels::Field::WebId) {
            external = Some(format!("{}|{text}", if whose.is_empty() { source } else { &whose }));
        } else {
            said::note_web_id(web_ids, &text);
        }
    }
    external
}

/// What the sender calls the lead.
fn clues(prospect: &Element) -> String {
    let mut clues: Vec<&str> = vec![];
    clues.extend(["leadtype", "type"].iter().map(|n| prospect.value(n)));
    clues.extend(prospect.children("id").map(|id| id.attribute("source")));
    for place in [prospect.child("provider"), prospect.child("vendor")].into_iter().flatten() {
        clues.extend(["leadtype", "type", "service"].iter().map(|n| place.value(n)));
    }
    clues.extend(prospect.child("provider").map(|p| p.value("name")));
    clues.join("\n")
}

/// When they want to buy and how they want to be answered, in a line each.
fn wishes(prospect: &Element, customer: &Element) -> Vec<String> {
    let mut lines = vec![];
    for frame in customer.children("timeframe").chain(prospect.children("timeframe")) {
        for (label, value) in [
            ("Timeframe", if frame.value("description").is_empty() { frame.text.trim() } else { frame.value("description") }),
            ("Not before", frame.value("earliestdate")),
            ("Not after", frame.value("latestdate")),
        ] {
            if !value.is_empty() {
                lines.push(format!("{label}: {}", text::single_spaced(text::cut(value, 300))));
            }
        }
    }
    lines.extend(
        customer.all("preferredcontact").into_iter().filter(|p| !p.text.trim().is_empty()).map(|p| format!("Preferred contact: {}", p.text.trim())),
    );
    lines
}

/// Elements that are the sender's own, in a line each; ids among them are the site's. Those of a vehicle stay with the vehicle.
fn foreign(element: &Element, lines: &mut Vec<String>, web_ids: &mut Vec<String>) {
    for child in &element.children {
        match shape(&child.name) {
            Shape::Section(_) if matches!(child.name.as_str(), "vehicle" | "vendor" | "provider") => {}
            Shape::Section(_) | Shape::Holder => foreign(child, lines, web_ids),
            Shape::Foreign if labels::field(&child.name).is_some_and(|(f, _)| f == labels::Field::WebId) => said::note_web_id(web_ids, &child.text),
            Shape::Foreign if matches!(child.name.as_str(), "firstname" | "lastname" | "first" | "last") => {}
            Shape::Foreign => {
                lines.extend(foreign_line(child));
                foreign(child, lines, web_ids);
            }
            Shape::Value | Shape::Words | Shape::Screen => {}
        }
    }
}

/// `<partner-score value="hot">97</partner-score>` as `Partner score: 97 (value hot)`.
fn foreign_line(element: &Element) -> Option<String> {
    let mut said = text::single_spaced(text::cut(&element.text, 500));
    for (name, value) in element.attributes.iter().take(5).filter(|(_, v)| !v.trim().is_empty()) {
        let place = format!("({name} {})", text::single_spaced(text::cut(value, 200)));
        said = if said.is_empty() { place } else { format!("{said} {place}") };
    }
    if said.is_empty() {
        return None;
    }
    let label = element.name.replace(['-', '_'], " ");
    if labels::is_secret(&label) {
        return None;
    }
    let mut letters = label.chars();
    let first = letters.next()?;
    Some(format!("{}{}: {said}", first.to_uppercase(), letters.as_str()))
}
