//! Is this mail a lead without ADF? Forms and marketplaces that write labels and values, and shoppers who just write.

use super::{
    car,
    labels::{self, Field, Pair},
    person::{self, NamePieces},
    said::{self, VinTrust},
    senders,
    when::{self, Arrival},
};
use crate::{
    domain::{
        address::Address,
        email::Email,
        lead::{LeadCar, NewLead},
        phone::Phone,
        profile::{Profile, Source, SourceKind},
    },
    formats::{mime::Mailbox, text},
};

/// Longer texts are cut: no form is.
const MOST_BYTES: usize = 128 * 1024;
/// What a text must show to be a lead; see [`Sheet::weight`].
const ENOUGH: u32 = 3;

/// What the envelope of a text says; empty for a text without one.
#[derive(Debug, Clone, Default)]
pub(super) struct Envelope<'a> {
    pub(super) subject: &'a str,
    pub(super) from: Mailbox,
    pub(super) reply_to: Option<Mailbox>,
    /// Addresses of the store, which are never the customer's.
    pub(super) store: &'a [Email],
}

/// The lead of a form or marketplace mail, with how clearly it is one; `None` when it is none or nobody could be answered.
pub(super) fn read(body: &str, envelope: &Envelope, arrival: &Arrival) -> Option<(u32, NewLead)> {
    let mut sheet = Sheet::of(text::cut(body, MOST_BYTES));
    let weight = sheet.weight(envelope);
    if weight < ENOUGH {
        return None;
    }
    if sheet.comments.is_empty() {
        sheet.comments = sheet.free.join("\n");
    }
    let lead = sheet.lead(body, envelope, arrival)?;
    Some((weight, lead))
}

/// The lead of a shopper who wrote a mail of their own: it asks for a car or speaks the words of somebody who wants one.
pub(super) fn enquiry(words: &str, envelope: &Envelope, arrival: &Arrival) -> Option<NewLead> {
    let from = envelope.from.address.as_ref().filter(|a| !a.is_shared() && !envelope.store.contains(a))?;
    let words = text::cut(words, 16 * 1024);
    let lower = format!("{} {}", envelope.subject, words).to_lowercase();
    let asks = WISHES.iter().any(|w| lower.contains(w));
    let names_car = car::vin_in(words).is_some()
        || words.lines().any(|l| car::stock_in(l).is_some())
        || car::mentioned(words).or_else(|| car::mentioned(envelope.subject)).is_some();
    if !asks || !(names_car || lower.contains("test drive") || lower.contains("trade in my") || lower.contains("trade-in value")) {
        return None;
    }
    let sheet = Sheet { comments: words.to_owned(), emails: vec![from.clone()], phones: person::phones_in(words), ..Sheet::default() };
    sheet.lead(words, envelope, arrival)
}

/// What shoppers write and invoices do not.
const WISHES: &[&str] = &[
    "still available",
    "test drive",
    "interested in",
    "come see",
    "come by",
    "out the door",
    "out-the-door",
    "best price",
    "trade in my",
    "trade-in value",
    "is it available",
    "is this available",
    "more information",
    "more info",
    "how much",
    "still for sale",
    "do you have",
    "financing",
    "schedule",
    "take a look",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Section {
    #[default]
    Open,
    Customer,
    Vehicle,
    Trade,
    Dealer,
    Call,
}

/// A form as read from its lines.
#[derive(Debug, Default)]
struct Sheet {
    pairs: Vec<Pair>,
    comments: String,
    /// Names and points that stand alone in a line.
    name: Option<String>,
    phones: Vec<Phone>,
    emails: Vec<Email>,
    place: Option<(String, String)>,
    dealer_emails: Vec<Email>,
    dealer_phones: Vec<Phone>,
    /// Lines that ask for a permission, with the answer.
    permissions: Vec<String>,
    /// Sentences that stand under no label.
    free: Vec<String>,
    is_call: bool,
    /// A line calls it a new lead or a form.
    is_called_lead: bool,
}

/// What a line is by itself, before its neighbours are known.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
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

impl Sheet {
    fn of(body: &str) -> Self {
        let lines: Vec<&str> = body.lines().map(|l| l.trim_start_matches(['>', ' ']).trim()).take(4_000).collect();
        let kinds = kinds(&lines);
        let mut sheet = Self::default();
        let mut section = Section::Open;
        let mut at = 0;
        while at < lines.len() {
            let used = match &kinds[at] {
                Line::Blank | Line::Footer => 1,
                Line::Rule => {
                    section = Section::Open;
                    1
                }
                Line::Heading(heading) => {
                    section = *heading;
                    sheet.is_call |= section == Section::Call;
                    1
                }
                Line::Pairs(pairs) => sheet.take_pairs(pairs, &lines, &kinds, at, section),
                Line::Label(field, theirs) => {
                    let pair =
                        Pair { label: lines[at].trim_end_matches(':').to_lowercase(), field: Some(*field), theirs: *theirs, value: String::new() };
                    sheet.take_pairs(&[pair], &lines, &kinds, at, section)
                }
                Line::Phone(phone) if section == Section::Dealer => push(&mut sheet.dealer_phones, phone),
                Line::Email(email) if section == Section::Dealer => push(&mut sheet.dealer_emails, email),
                Line::Phone(phone) => push(&mut sheet.phones, phone),
                Line::Email(email) => push(&mut sheet.emails, email),
                Line::Name => {
                    if section != Section::Dealer && sheet.name.is_none() {
                        sheet.name = Some(lines[at].to_owned());
                    }
                    1
                }
                Line::Place(city, region) => {
                    if section == Section::Customer && sheet.place.is_none() {
                        sheet.place = Some((city.clone(), region.clone()));
                    }
                    1
                }
                Line::Words => {
                    sheet.note_words(lines[at], section);
                    1
                }
            };
            at += used;
        }
        sheet
    }

    /// Files the pairs of a line; the last one's value may stand in the lines that follow. Returns the lines used.
    fn take_pairs(&mut self, pairs: &[Pair], lines: &[&str], kinds: &[Line], at: usize, section: Section) -> usize {
        let mut used = 1;
        for (place, pair) in pairs.iter().enumerate() {
            let mut pair = pair.clone();
            let last = place + 1 == pairs.len();
            if pair.field == Some(Field::Comments) && last {
                let (words, more) = following_words(&pair.value, &lines[at + 1..], &kinds[at + 1..]);
                used += more;
                if section != Section::Dealer && !self.comments.contains(&words) {
                    self.comments.push_str(if self.comments.is_empty() { "" } else { "\n" });
                    self.comments.push_str(&words);
                }
                continue;
            }
            if pair.value.is_empty() && last && pair.field.is_some() {
                used += following_value(&mut pair, lines, kinds, at);
            }
            match section {
                Section::Dealer => {
                    self.dealer_emails.extend(person::emails_in(&pair.value));
                    self.dealer_phones.extend(person::phones(&pair.value).numbers);
                    continue;
                }
                Section::Trade => pair.theirs = true,
                Section::Open | Section::Customer | Section::Vehicle | Section::Call => {}
            }
            if pair.field == Some(Field::Dealer) {
                self.dealer_emails.extend(person::emails_in(&pair.value));
                self.dealer_phones.extend(person::phones(&pair.value).numbers);
            }
            self.pairs.push(pair);
        }
        used
    }

    fn note_words(&mut self, line: &str, section: Section) {
        let lower = line.to_lowercase();
        self.is_called_lead |= CALLED_LEAD.iter().any(|w| lower.contains(w));
        if section == Section::Dealer {
            self.dealer_emails.extend(person::emails_in(line));
            self.dealer_phones.extend(person::phones_in(line));
        } else if said::is_permission(line) {
            self.permissions.push(line.to_owned());
        } else if line.split(' ').count() >= 3 && !CALLED_LEAD.iter().any(|w| lower.contains(w)) && self.free.len() < 200 {
            self.free.push(line.to_owned());
        }
    }

    fn values(&self, field: Field) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |p| p.field == Some(field) && !p.value.is_empty()).map(|p| p.value.as_str())
    }

    fn value(&self, field: Field) -> &str {
        self.values(field).next().unwrap_or("")
    }

    /// How clearly this is a lead. A signature has a phone and an e-mail (2); a form has a name (2) or a car (2) with them, or comes from a
    /// sender of leads (3).
    fn weight(&self, envelope: &Envelope) -> u32 {
        let has = |fields: &[Field]| fields.iter().any(|f| !self.value(*f).is_empty());
        let mut weight = 0;
        weight += if has(&[Field::FirstName, Field::LastName, Field::FullName]) { 2 } else { 0 };
        weight += u32::from(has(&[Field::Phone])) + u32::from(has(&[Field::Email]));
        weight += u32::from(!self.comments.is_empty());
        weight += if has(&[Field::Vin, Field::Stock, Field::Model, Field::Car]) { 2 } else { 0 };
        weight += u32::from(self.name.is_some() && !(self.phones.is_empty() && self.emails.is_empty()));
        weight += if envelope.from.address.as_ref().and_then(senders::by_address).is_some() { 3 } else { 0 };
        let subject = envelope.subject.to_lowercase();
        weight += if self.is_called_lead || CALLED_LEAD.iter().any(|w| subject.contains(w)) { 2 } else { 0 };
        weight
    }

    fn lead(&self, body: &str, envelope: &Envelope, arrival: &Arrival) -> Option<NewLead> {
        let source = self.source(body, envelope);
        let (requested, odd) = when::asked(self.value(Field::When), arrival);
        let mut warnings: Vec<String> = odd.map(str::to_owned).into_iter().collect();
        let (phones, emails, notes) = self.points(envelope);
        if phones.is_empty() && emails.is_empty() {
            return None;
        }
        let cars = self.cars(envelope, &mut warnings);
        let mut clues = format!("{}\n{source}", envelope.subject);
        self.values(Field::Kind).for_each(|k| clues.extend(["\n", k]));
        clues.push_str(if self.is_call { "\nphone call" } else { "" });
        let kind = said::kind(&clues, &self.comments, &cars);
        let words = self.words(&notes);
        let labelled = self.pairs.iter().map(|p| format!("{}: {}", p.label, p.value));
        let said_of_contact =
            std::iter::once(self.comments.clone()).chain(self.permissions.iter().cloned()).chain(labelled).collect::<Vec<_>>().join("\n");
        let consent = said::consent_of(&said_of_contact, !phones.is_empty(), !emails.is_empty(), requested, &format!("{source} lead"));
        let person = Profile {
            source: Source { kind: SourceKind::Lead, name: source.clone() },
            at: requested,
            name: self.person_name(envelope),
            phones,
            emails,
            address: self.address(),
            number: None,
            consent,
        };
        let id = text::single_spaced(self.value(Field::LeadId));
        let external_id = (!id.is_empty() && id.len() <= 100).then(|| format!("{source}|{id}"));
        Some(NewLead { source, external_id, requested, person, cars, comments: words, kind, web_ids: said::web_ids(&self.pairs), warnings })
    }

    /// The marketplace by its address, by the subject, by what the form says of itself; else the website.
    fn source(&self, body: &str, envelope: &Envelope) -> String {
        let from = envelope.from.address.as_ref();
        let head = text::cut(body.trim_start(), 200);
        let known = from
            .and_then(senders::by_address)
            .or_else(|| senders::by_words(envelope.subject))
            .or_else(|| senders::by_words(self.value(Field::Source)))
            .or_else(|| senders::by_words(head.lines().next().unwrap_or("")));
        if let Some(name) = known {
            return name.to_owned();
        }
        let said = text::single_spaced(self.value(Field::Source));
        if !said.is_empty() && said.len() <= 80 {
            return said;
        }
        let is_form = !self.pairs.is_empty();
        match is_form.then(|| senders::by_words(text::cut(body, 8 * 1024))).flatten() {
            Some(name) => name.to_owned(),
            None => if is_form { "Website" } else { "E-mail" }.to_owned(),
        }
    }

    /// The customer's phones and e-mails, without the store's; and what could not be used, in words.
    fn points(&self, envelope: &Envelope) -> (Vec<Phone>, Vec<Email>, Vec<String>) {
        let mut notes = vec![];
        let mut phones: Vec<Phone> = vec![];
        for value in self.values(Field::Phone) {
            let read = person::phones(value);
            notes.extend(read.extension.map(|e| format!("Phone extension: {e}")));
            if read.unread {
                notes.push(format!("Phone as sent: {}", text::cut(value, 60)));
            }
            phones.extend(read.numbers);
        }
        phones.extend(self.phones.iter().cloned());
        let mut emails: Vec<Email> = self.values(Field::Email).flat_map(person::emails_in).collect();
        emails.extend(self.emails.iter().cloned());
        let is_stores = |e: &Email| envelope.store.contains(e) || self.dealer_emails.contains(e);
        emails.retain(|e| !is_stores(e));
        if emails.is_empty() {
            let reply = envelope.reply_to.as_ref().and_then(|m| m.address.clone());
            let masked = envelope.from.address.clone().filter(|a| a.is_shared() && senders::by_address(a).is_some());
            emails.extend(
                reply.filter(|a| Some(a) != envelope.from.address.as_ref() || Some(a) == masked.as_ref()).filter(|a| !is_stores(a) && !is_machine(a)),
            );
        }
        let mut seen = vec![];
        phones.retain(|p| {
            !self.dealer_phones.contains(p) && !seen.contains(p) && {
                seen.push(p.clone());
                true
            }
        });
        let mut seen = vec![];
        emails.retain(|e| {
            !seen.contains(e) && {
                seen.push(e.clone());
                true
            }
        });
        (phones, emails, notes)
    }

    fn person_name(&self, envelope: &Envelope) -> crate::domain::profile::PersonName {
        let own = |field: Field| self.value(field).to_owned();
        let mut pieces = NamePieces { first: own(Field::FirstName), last: own(Field::LastName), full: own(Field::FullName), ..NamePieces::default() };
        if pieces.first.is_empty() && pieces.last.is_empty() && pieces.full.is_empty() {
            let writer = if self.pairs.is_empty() { Some(&envelope.from) } else { envelope.reply_to.as_ref() };
            pieces.full = self.name.clone().or_else(|| writer.map(|w| w.name.clone())).unwrap_or_default();
        }
        person::name(&pieces)
    }

    fn address(&self) -> Address {
        let (city, region) = self.place.clone().unwrap_or_default();
        let or = |field: Field, other: String| Some(car::said(self.value(field))).filter(|v| !v.is_empty()).unwrap_or(other);
        Address {
            line1: car::said(self.value(Field::Street)),
            city: or(Field::City, city),
            region: crate::formats::adf::region(&or(Field::Region, region)),
            postal_code: car::said(self.value(Field::PostalCode)),
            ..Address::default()
        }
    }

    fn cars(&self, envelope: &Envelope, warnings: &mut Vec<String>) -> Vec<LeadCar> {
        let (wanted, theirs) = said::cars_of(&self.pairs, VinTrust::Field);
        let mut cars: Vec<LeadCar> = [wanted, theirs].into_iter().filter(|c| !car::is_empty(c)).collect();
        if cars.iter().filter_map(|c| c.vin.as_ref()).any(|v| !v.check_digit_holds()) {
            warnings.push("The check digit of a VIN does not hold: it may be mistyped.".to_owned());
        }
        said::fill_cars(&mut cars, &[], &self.comments);
        let lacks_model = cars.iter().find(|c| !c.is_theirs()).is_none_or(|c| c.facts.model.is_empty());
        if let Some(facts) = car::mentioned(&self.comments).or_else(|| car::mentioned(envelope.subject)).filter(|_| lacks_model) {
            let heard = LeadCar { facts, ..LeadCar::default() };
            match cars.iter_mut().find(|c| !c.is_theirs()) {
                Some(car) => car::fill(car, &heard),
                None => cars.insert(0, heard),
            }
        }
        cars
    }

    /// The shopper's words, then what else the form says that has no place of its own.
    fn words(&self, notes: &[String]) -> String {
        let mut words = text::plain(&self.comments);
        let rest = self.pairs.iter().filter(|p| match p.field {
            None => p.label.len() > 1 && !NOT_WORTH_READING.contains(&p.label.as_str()),
            Some(field) => field == Field::Wish,
        });
        let lines = rest.filter(|p| !p.value.is_empty() && p.value.len() <= 300 && !p.value.contains("://")).take(40).map(|p| {
            let mut letters = p.label.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            format!("{first}{}: {}", letters.as_str(), p.value)
        });
        for line in notes.iter().cloned().chain(lines) {
            if !words.contains(&line) {
                words.push_str(if words.is_empty() { "" } else { "\n" });
                words.push_str(&line);
            }
        }
        text::cut(&words, 16 * 1024).to_owned()
    }
}

fn push<T: Clone + PartialEq>(list: &mut Vec<T>, item: &T) -> usize {
    if !list.contains(item) {
        list.push(item.clone());
    }
    1
}

fn is_machine(address: &Email) -> bool {
    address
        .as_str()
        .split('@')
        .next()
        .is_some_and(|l| l.contains("reply") && (l.starts_with("no") || l.starts_with("do")) || l == "wordpress" || l == "mailer-daemon")
}

/// What systems call a lead in a heading or a subject.
const CALLED_LEAD: &[&str] = &[
    "new lead",
    "lead submission",
    "website lead",
    "phone lead",
    "lead notice",
    "contact us form",
    "contact form",
    "form submission",
    "new inquiry",
    "new enquiry",
    "you have a new",
    "you received a new",
    "sales lead",
    "customer inquiry",
    "web lead",
    "internet lead",
    "lead from",
    "lead notification",
    "test drive request",
    "credit application",
    "email lead",
];
/// Headers of a forwarded mail, and what a form says of itself.
const NOT_WORTH_READING: &[&str] = &[
    "from",
    "to",
    "sent",
    "subject",
    "date",
    "cc",
    "reply to",
    "http",
    "https",
    "condition",
    "vehicle condition",
    "url",
    "source url",
    "link",
    "page",
    "ip",
    "user agent",
    "browser",
    "source id",
];
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

fn kinds(lines: &[&str]) -> Vec<Line> {
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
fn following_value(pair: &mut Pair, lines: &[&str], kinds: &[Line], at: usize) -> usize {
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
fn following_words(begun: &str, lines: &[&str], kinds: &[Line]) -> (String, usize) {
    let mut words = begun.to_owned();
    let mut used = 0;
    for (line, kind) in lines.iter().zip(kinds) {
        let goes_on = match kind {
            Line::Blank => begun.is_empty(),
            Line::Words => true,
            // "Note: I work nights" is somebody's sentence; a label we know is the form's.
            Line::Pairs(pairs) => pairs.iter().all(|p| p.field.is_none()) && !words.is_empty(),
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
