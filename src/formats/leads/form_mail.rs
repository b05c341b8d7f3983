//! Is this mail a lead without ADF? Forms and marketplaces that write labels and values, and shoppers who just write.

use super::{
    car,
    labels::{self, Field, Pair},
    lines::{self, Line, Section},
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
    let subject = envelope.subject.to_lowercase();
    sheet.is_call |= ["missed call", "phone call", "phone lead", "call from", "voicemail"].iter().any(|w| subject.contains(w));
    let lead = sheet.lead(body, envelope, arrival)?;
    Some((weight, lead))
}

/// The lead of values that were found by a template, named after its source.
pub(super) fn of_pairs(pairs: Vec<Pair>, comments: String, body: &str, envelope: &Envelope, arrival: &Arrival, source: &str) -> Option<NewLead> {
    Sheet { pairs, comments, named: source.to_owned(), ..Sheet::default() }.lead(body, envelope, arrival)
}

/// The lead of a shopper who wrote a mail of their own: it asks for a car or speaks the words of somebody who wants one.
pub(super) fn enquiry(words: &str, envelope: &Envelope, arrival: &Arrival) -> Option<NewLead> {
    let from = envelope.from.address.as_ref().filter(|a| !is_machine(a) && !envelope.store.contains(a))?;
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
    /// The line that calls it a new lead or names the form.
    headline: String,
    /// The source by which we know its sender, when somebody told us.
    named: String,
}

impl Sheet {
    fn of(body: &str) -> Self {
        let lines: Vec<&str> = body.lines().map(|l| l.trim_start_matches(['>', ' ']).trim()).take(4_000).collect();
        let kinds = lines::kinds(&lines);
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
            // In a chat the first line of the visitor may be their name, or their first words.
            if pair.label == "visitor" && self.values(Field::FullName).next().is_none() && person::looks_like_name(&pair.value) {
                pair.field = Some(Field::FullName);
            }
            if pair.field == Some(Field::Comments) && last {
                let (words, more) = lines::following_words(&pair.value, &lines[at + 1..], &kinds[at + 1..]);
                used += more;
                if !self.comments.contains(&words) {
                    self.comments.push_str(if self.comments.is_empty() { "" } else { "\n" });
                    self.comments.push_str(&words);
                }
                continue;
            }
            if pair.value.is_empty() && last && pair.field.is_some() {
                used += lines::following_value(&mut pair, lines, kinds, at);
            }
            match section {
                // What a form says of itself may stand below the store.
                Section::Dealer if !matches!(pair.field, Some(Field::Kind | Field::When | Field::Source | Field::LeadId | Field::WebId)) => {
                    self.dealer_emails.extend(person::emails_in(&pair.value));
                    self.dealer_phones.extend(person::phones(&pair.value).numbers);
                    continue;
                }
                Section::Trade => pair.theirs = true,
                Section::Open | Section::Customer | Section::Vehicle | Section::Call | Section::Dealer => {}
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
        if self.headline.is_empty() && CALLED_LEAD.iter().any(|w| lower.contains(w)) {
            text::cut(line, 200).clone_into(&mut self.headline);
        }
        if section == Section::Dealer {
            self.dealer_emails.extend(person::emails_in(line));
            self.dealer_phones.extend(person::phones_in(line));
        } else if matches!(section, Section::Vehicle | Section::Trade) && !car::described(line).make.is_empty() {
            let pair = Pair { label: "vehicle".to_owned(), field: Some(Field::Car), theirs: section == Section::Trade, value: line.to_owned() };
            self.pairs.push(pair);
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
        weight += if !self.headline.is_empty() || subject.starts_with("lead") || CALLED_LEAD.iter().any(|w| subject.contains(w)) { 2 } else { 0 };
        weight
    }

    fn lead(&self, body: &str, envelope: &Envelope, arrival: &Arrival) -> Option<NewLead> {
        let source = self.source(body, envelope);
        let (requested, odd) = when::asked(&self.when(arrival), arrival);
        let mut warnings: Vec<String> = odd.map(str::to_owned).into_iter().collect();
        let (phones, emails, notes) = self.points(envelope);
        if phones.is_empty() && emails.is_empty() {
            return None;
        }
        let cars = self.cars(envelope, &mut warnings);
        let mut clues = format!("{}\n{source}\n{}", envelope.subject, self.headline);
        self.values(Field::Kind).for_each(|k| clues.extend(["\n", k]));
        clues.push_str(if self.is_call { "\nphone call" } else { "" });
        let kind = said::kind(&clues, &self.comments, &cars);
        let words = self.words(&notes);
        let labelled = self.pairs.iter().map(|p| format!("{}: {}", p.label, p.value));
        let said_of_contact =
            std::iter::once(self.comments.clone()).chain(self.permissions.iter().cloned()).chain(labelled).collect::<Vec<_>>().join("\n");
        let consent = said::consent_of(&said_of_contact, !phones.is_empty(), !emails.is_empty(), requested, &format!("{source} lead"));
        let person = Profile {
            name: self.person_name(envelope),
            phones,
            emails,
            address: self.address(),
            consent,
            ..Profile::new(Source { kind: SourceKind::Lead, name: source.clone() }, requested)
        };
        let id = text::single_spaced(self.value(Field::LeadId));
        let external_id = (!id.is_empty() && id.len() <= 100).then(|| format!("{source}|{id}"));
        Some(NewLead {
            source,
            external_id,
            requested,
            person,
            cars,
            comments: words,
            kind,
            web_ids: said::web_ids(&self.pairs),
            warnings,
            taken: None,
        })
    }

    /// The value that tells a time of day; a date and a time that stand apart are joined.
    fn when(&self, arrival: &Arrival) -> String {
        let tells_time = |text: &str| when::read(text, arrival.zone).is_some_and(|r| r.has_time);
        let values: Vec<&str> = self.values(Field::When).collect();
        let joined = values.get(..2).map(|two| two.join(" ")).filter(|j| tells_time(j));
        let own = values.iter().find(|v| tells_time(v)).map(|v| (*v).to_owned());
        own.or(joined).unwrap_or_else(|| values.first().copied().unwrap_or("").to_owned())
    }

    /// The marketplace by its address, by the subject, by what the form says of itself; else the website.
    fn source(&self, body: &str, envelope: &Envelope) -> String {
        if !self.named.is_empty() {
            return self.named.clone();
        }
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
        if self.is_call && !envelope.from.name.is_empty() && envelope.from.name.len() <= 80 {
            return envelope.from.name.clone();
        }
        let is_form = !self.pairs.is_empty();
        match is_form.then(|| senders::by_words(text::cut(body, 8 * 1024))).flatten() {
            Some(name) => name.to_owned(),
            None => if is_form { "Website" } else { "Email" }.to_owned(),
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
        let address = Address {
            line1: car::said(self.value(Field::Street)),
            city: or(Field::City, city),
            region: crate::formats::adf::region(&or(Field::Region, region)),
            postal_code: car::said(self.value(Field::PostalCode)),
            ..Address::default()
        };
        if address.city.is_empty() { in_one_line(&address.line1).unwrap_or(address) } else { address }
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
        let mut words = said::without_secrets(&text::plain(&self.comments));
        if car::said(&words).is_empty() {
            words.clear();
        }
        let rest = self.pairs.iter().filter(|p| match p.field {
            None if labels::is_secret(&p.label) => false,
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

/// `12 Elm St, Portland, ME 04101` in its parts.
fn in_one_line(line: &str) -> Option<Address> {
    let (rest, last) = line.rsplit_once(',')?;
    let (street, city) = rest.rsplit_once(',')?;
    let (region, postal_code) = last.trim().split_once(' ')?;
    let is_code =
        region.len() == 2 && region.bytes().all(|b| b.is_ascii_alphabetic()) && postal_code.starts_with(|c: char| c.is_ascii_alphanumeric());
    is_code.then(|| Address {
        line1: street.trim().to_owned(),
        city: city.trim().to_owned(),
        region: region.to_uppercase(),
        postal_code: postal_code.trim().to_owned(),
        ..Address::default()
    })
}

fn push<T: Clone + PartialEq>(list: &mut Vec<T>, item: &T) -> usize {
    if !list.contains(item) {
        list.push(item.clone());
    }
    1
}

fn is_machine(address: &Email) -> bool {
    address.as_str().split('@').next().is_some_and(|l| {
        l.contains("reply") && (l.starts_with("no") || l.starts_with("do"))
            || matches!(l, "wordpress" | "mailer-daemon" | "none" | "noemail" | "unknown")
    })
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
    "remote ip",
    "page url",
    "powered by",
    "ip address",
];
