//! Who raised their hand? Leads out of whatever reaches the lead address or the lead door: ADF in any wrapper, mail of marketplaces and
//! forms, answers of shoppers; and what is none of these, with the reason.

pub(super) mod car;
mod form_mail;
pub(super) mod labels;
mod lines;
pub(super) mod person;
mod reply;
pub(super) mod said;
pub(super) mod senders;
mod taught;
pub(super) mod when;

use super::{
    adf::{self, document},
    mime::{self, Automatic, BodyKind, Mail, Mailbox},
    text,
};
use crate::domain::{
    consent::{Channel, ConsentBasis, ConsentFact, ConsentState},
    email::Email,
    event::Reply,
    lead::NewLead,
    lead_template::{LeadTemplate, TaughtField},
    profile::{Profile, Source, SourceKind},
    time::{At, Zone},
};
use form_mail::Envelope;
pub use taught::{MOST_FIELDS, Marked, name as word_name};
use when::Arrival;

/// A whole mail, attachments included.
pub const MOST_MAIL_BYTES: usize = 2 * 1024 * 1024;
/// One ADF document, or a text that is no mail.
pub const MOST_DOCUMENT_BYTES: usize = 256 * 1024;

/// The source of a lead whose sender did not name itself and of whom we know no name either.
pub const UNNAMED_SENDER: &str = "Unnamed sender";

/// What a message held. At least one of the first three lists has an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Understood {
    pub leads: Vec<NewLead>,
    pub replies: Vec<Reply>,
    pub not_leads: Vec<NotALead>,
    /// Why further parts of it could not be read, a sentence each without personal data: the message is to be kept for their sake.
    pub unread: Vec<String>,
}

/// Something that asks for nobody's attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotALead {
    /// One sentence without personal data.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Understood(Understood),
    /// To be kept with its bytes. The reason is one sentence or two without personal data: what is wrong, what to do.
    SetAside {
        reason: String,
    },
}

/// How this store reads leads.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The store's, for times that name none.
    pub zone: &'a Zone,
    /// How some senders write, as it was shown.
    pub taught: &'a [LeadTemplate],
}

/// Reads what reached us as a lead. `sender` is the name under which we know who sent it, for leads that name nobody.
///
/// Never fails and never takes long: input, depth, parts, elements and attributes are bounded, and every step is linear in the input.
#[must_use]
pub fn read(bytes: &[u8], received: At, reading: Reading<'_>, sender: &str) -> Verdict {
    if bytes.len() > MOST_MAIL_BYTES {
        return set_aside("It is larger than 2 MiB: ask the sender for the lead without large attachments.");
    }
    if mime::is_mail(bytes) {
        return mail(&mime::open(bytes), received, reading, sender);
    }
    if bytes.len() > MOST_DOCUMENT_BYTES {
        return set_aside("It is larger than 256 KiB: ask the sender what went wrong with this lead.");
    }
    let decoded = text::decode(bytes, None);
    let arrival = Arrival { received, sent: None, zone: reading.zone };
    let mut result = Gathered::default();
    result.adf(&decoded.text, &arrival, sender);
    if result.found_adf {
        result.note_guess(decoded.guessed);
        return result.verdict();
    }
    let lines = as_lines(&decoded.text);
    if let Some(lead) = as_shown(&lines, sender, reading, &Envelope::default(), &arrival) {
        return understood(Understood { leads: vec![lead], ..Understood::default() });
    }
    match form_mail::read(&lines, &Envelope::default(), &arrival) {
        Some((_, lead)) => understood(Understood { leads: vec![lead], ..Understood::default() }),
        None if lines.trim().is_empty() => set_aside("It is empty: ask the sender to send the lead again."),
        None => set_aside("It is neither ADF nor a form we can read: show once how to read it, or take it down by hand."),
    }
}

fn set_aside(reason: &str) -> Verdict {
    Verdict::SetAside { reason: reason.to_owned() }
}

fn understood(what: Understood) -> Verdict {
    Verdict::Understood(what)
}

fn not_a_lead(reason: &str) -> Verdict {
    let reason = format!("Not a lead: {reason}.");
    understood(Understood { not_leads: vec![NotALead { reason }], ..Understood::default() })
}

/// A message as somebody reads it who shows us its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Whose messages a template made of it would read.
    pub sender: String,
    pub text: String,
}

/// What stands in a message; `sender` as in [`read`]. None when it holds no text or nobody says who sent it.
#[must_use]
pub fn show(bytes: &[u8], sender: &str) -> Option<Shown> {
    let shown = if mime::is_mail(bytes) {
        let mail = mime::open(bytes);
        Shown { sender: template_sender(&mail).unwrap_or_else(|| sender.to_owned()), text: text_to_show(&mail) }
    } else {
        Shown { sender: sender.to_owned(), text: as_lines(&text::decode(bytes.get(..MOST_DOCUMENT_BYTES).unwrap_or(bytes), None).text) }
    };
    (!shown.sender.is_empty() && !shown.text.trim().is_empty()).then_some(shown)
}

/// Learns from what was shown where the values of such a message stand.
///
/// # Errors
/// A sentence: which mark cannot be found again, and why.
pub fn learn(shown: &Shown, marks: &[Marked]) -> Result<Vec<TaughtField>, String> {
    taught::learn(&shown.text, marks)
}

/// The lead of a message whose sender's way of writing was shown to us.
fn as_shown(body: &str, sender: &str, reading: Reading<'_>, envelope: &Envelope, arrival: &Arrival) -> Option<NewLead> {
    reading.taught.iter().filter(|t| t.sender == sender).find_map(|template| taught::read(body, template, envelope, arrival))
}

/// The domain of a sender; of a mailbox provider's the whole address, because strangers share the domain.
fn template_sender(mail: &Mail) -> Option<String> {
    const PROVIDERS: &[&str] = &[
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "aol.com",
        "icloud.com",
        "me.com",
        "comcast.net",
        "att.net",
        "verizon.net",
        "proton.me",
        "gmx.com",
    ];
    let address = mail.from.address.as_ref()?.as_str();
    let domain = address.rsplit('@').next()?;
    Some(if PROVIDERS.contains(&domain) { address } else { domain }.to_owned())
}

/// The plain text if there is one, else the page as its reader sees it.
fn text_to_show(mail: &Mail) -> String {
    let of = |kind: BodyKind| mail.bodies.iter().filter(move |b| b.kind == kind);
    let plain = of(BodyKind::Plain).map(|b| as_lines(&b.text));
    let page = of(BodyKind::Html).map(|b| text::from_html(&b.text));
    let attached = of(BodyKind::Attached).map(|b| as_lines(&b.text));
    plain.chain(page).chain(attached).find(|t| !t.trim().is_empty()).unwrap_or_default()
}

/// A page as the lines a reader sees, a plain text as it is.
fn as_lines(text: &str) -> String {
    let tags = ["<html", "<body", "<br", "</td", "</tr", "</div", "</p>", "</span", "</dd", "</li", "</b>", "</strong", "</h"];
    let is_page = tags.iter().any(|tag| text::find_ignoring_case(text, tag).is_some());
    if is_page { text::from_html(text) } else { text.to_owned() }
}

fn mail(mail: &Mail, received: At, reading: Reading<'_>, sender: &str) -> Verdict {
    let arrival = Arrival { received, sent: mail.sent, zone: reading.zone };
    let is_forward = ["fwd:", "fw:", "tr:", "rv:"].iter().any(|f| mail.subject.to_lowercase().starts_with(f));
    if let Some(Automatic::Answer(what)) = mail.automatic {
        return not_a_lead(&format!("it is {what}"));
    }
    let mut result = Gathered::default();
    let by_mail = sender_of(mail);
    let sender = if by_mail.is_empty() { sender } else { &by_mail };
    for body in &mail.bodies {
        result.adf(&body.text, &arrival, sender);
        result.note_guess(body.guessed && result.found_adf);
    }
    // A shopper who answers may quote the lead; the lead itself came before.
    let quotes = mail.answers && !is_forward && result.only_quoted;
    if result.found_adf && !quotes {
        result.name_by_mail(mail.message_id.as_deref());
        return result.verdict();
    }
    if mail.answers && !is_forward {
        return answer(mail, &arrival);
    }
    let from = template_sender(mail);
    let shown = from.and_then(|from| as_shown(&text_to_show(mail), &from, reading, &envelope(mail), &arrival));
    if let Some(lead) = shown.or_else(|| form_lead(mail, &arrival)) {
        let mut result = Gathered { leads: vec![lead], ..Gathered::default() };
        result.name_by_mail(mail.message_id.as_deref());
        return result.verdict();
    }
    if let Some(Automatic::Sent(what)) = mail.automatic {
        return not_a_lead(what);
    }
    if mail.subject.to_lowercase().starts_with("re:") {
        return answer(mail, &arrival);
    }
    if let Some(lead) = form_mail::enquiry(&words_of(mail), &envelope(mail), &arrival) {
        let mut result = Gathered { leads: vec![lead], ..Gathered::default() };
        result.name_by_mail(mail.message_id.as_deref());
        return result.verdict();
    }
    if mail.bodies.is_empty() {
        return set_aside("The mail has no text that can be read: open it in your mailbox.");
    }
    set_aside("The mail holds no ADF and no form we can read: if it is a lead, show once how to read it, or take it down by hand.")
}

/// Who sent a mail whose document names nobody: a marketplace by its address, the sender's name, or its domain.
fn sender_of(mail: &Mail) -> String {
    let Some(address) = &mail.from.address else { return mail.from.name.clone() };
    match senders::by_address(address) {
        Some(name) => name.to_owned(),
        None if !mail.from.name.is_empty() && !mail.from.name.contains('@') => mail.from.name.clone(),
        None => address.as_str().rsplit('@').next().unwrap_or("").to_owned(),
    }
}

fn envelope(mail: &Mail) -> Envelope<'_> {
    Envelope { subject: &mail.subject, from: mail.from.clone(), reply_to: mail.reply_to.clone(), store: &mail.to }
}

/// The clearest form among the bodies: a mail often says the same in plain text and in HTML.
fn form_lead(mail: &Mail, arrival: &Arrival) -> Option<NewLead> {
    let envelope = envelope(mail);
    let read = mail.bodies.iter().filter_map(|body| {
        let lines = if body.kind == BodyKind::Html { text::from_html(&body.text) } else { as_lines(&body.text) };
        form_mail::read(&lines, &envelope, arrival)
    });
    // The first of equals: the plain text.
    read.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, lead)| lead)
}

/// The new words of a mail, from its plain text if it has one.
fn words_of(mail: &Mail) -> String {
    let of = |kind: BodyKind| mail.bodies.iter().filter(move |b| b.kind == kind);
    of(BodyKind::Plain)
        .map(|b| reply::new_words(&b.text))
        .chain(of(BodyKind::Html).map(|b| reply::words_of_page(&b.text)))
        .find(|words| !words.is_empty())
        .unwrap_or_default()
}

/// A person's answer to a message of ours.
fn answer(mail: &Mail, arrival: &Arrival) -> Verdict {
    let writer: &Mailbox = mail.reply_to.as_ref().filter(|_| mail.from.address.as_ref().is_none_or(Email::is_shared)).unwrap_or(&mail.from);
    let Some(address) = writer.address.clone() else {
        return set_aside("The mail answers one of ours but has no address to answer to: open it in your mailbox.");
    };
    let text = words_of(mail);
    if text.is_empty() {
        return set_aside("The mail answers one of ours but holds no new words: open it in your mailbox.");
    }
    let at = arrival.fallback();
    let pieces = person::NamePieces { full: writer.name.clone(), ..person::NamePieces::default() };
    let person = Profile {
        name: person::name(&pieces),
        emails: vec![address],
        consent: permissions(&text, at),
        ..Profile::new(Source { kind: SourceKind::Lead, name: "Email".to_owned() }, at)
    };
    let external_id = mail.message_id.as_ref().map(|id| format!("mail|{id}"));
    let reply = Reply { person, channel: Channel::Email, at, text, external_id };
    understood(Understood { replies: vec![reply], ..Understood::default() })
}

/// They wrote to us by mail, so we may answer by mail, unless that is what they refuse. Source of the words: 47 CFR 64.1200(a)(10).
fn permissions(words: &str, at: At) -> Vec<ConsentFact> {
    let mut facts = said::consents(words, at, "email reply");
    for fact in &mut facts {
        fact.basis = ConsentBasis::Reply;
    }
    let whole = words.trim().trim_end_matches(['.', '!']).to_lowercase();
    if matches!(whole.as_str(), "stop" | "quit" | "end" | "revoke" | "opt out" | "opt-out" | "cancel" | "unsubscribe") {
        facts = Channel::ALL
            .map(|channel| ConsentFact { channel, state: ConsentState::Revoked, basis: ConsentBasis::Reply, at, evidence: "email reply".to_owned() })
            .to_vec();
    }
    if !facts.iter().any(|f| f.channel == Channel::Email) {
        facts.push(ConsentFact {
            channel: Channel::Email,
            state: ConsentState::Allowed,
            basis: ConsentBasis::Reply,
            at,
            evidence: "email reply".to_owned(),
        });
    }
    facts
}

/// What the documents of one message gave.
struct Gathered {
    leads: Vec<NewLead>,
    refused: Vec<String>,
    found_adf: bool,
    only_quoted: bool,
}

impl Default for Gathered {
    fn default() -> Self {
        Self { leads: vec![], refused: vec![], found_adf: false, only_quoted: true }
    }
}

impl Gathered {
    /// Reads the ADF of one text. The same lead in a second part of a mail is one lead.
    fn adf(&mut self, text: &str, arrival: &Arrival, sender: &str) {
        let found = document::documents(text);
        if found.documents.is_empty() {
            return;
        }
        self.found_adf = true;
        self.only_quoted &= found.quoted;
        for (n, document) in found.documents.into_iter().enumerate() {
            if n >= document::MOST_DOCUMENTS {
                self.refused.push("It holds more than 50 ADF documents: ask the sender to send the rest again.".to_owned());
                continue;
            }
            if document.len() > MOST_DOCUMENT_BYTES {
                self.refused.push("The ADF document is larger than 256 KiB: ask the sender what went wrong with this lead.".to_owned());
                continue;
            }
            for read in adf::read(&document, arrival, sender) {
                match read {
                    Ok(lead) if self.leads.iter().any(|l| is_same(l, &lead)) => {}
                    Ok(lead) => self.leads.push(lead),
                    Err(reason) if self.refused.contains(&reason) => {}
                    Err(reason) => self.refused.push(reason),
                }
            }
        }
    }

    fn note_guess(&mut self, guessed: bool) {
        if guessed {
            let warning = "The encoding was guessed: letters with accents may be wrong.";
            self.leads.iter_mut().filter(|l| !l.warnings.iter().any(|w| w == warning)).for_each(|l| l.warnings.push(warning.to_owned()));
        }
    }

    /// A lead without a number of its sender is known by the mail that brought it, so that fetching the mail again is harmless.
    fn name_by_mail(&mut self, message_id: Option<&str>) {
        let Some(id) = message_id else { return };
        for (at, lead) in self.leads.iter_mut().enumerate().filter(|(_, l)| l.external_id.is_none()) {
            lead.external_id = Some(if at == 0 { format!("mail|{id}") } else { format!("mail|{id}#{}", at + 1) });
        }
    }

    fn verdict(self) -> Verdict {
        if self.leads.is_empty() {
            let reason = self.refused.into_iter().next();
            return Verdict::SetAside {
                reason: reason.unwrap_or_else(|| "The ADF document is empty: ask the sender to send the lead again.".to_owned()),
            };
        }
        understood(Understood { leads: self.leads, unread: self.refused, ..Understood::default() })
    }
}

fn is_same(one: &NewLead, other: &NewLead) -> bool {
    let same_person = one.person.phones == other.person.phones && one.person.emails == other.person.emails && one.person.name == other.person.name;
    one.source == other.source && one.external_id == other.external_id && same_person && one.cars == other.cars && one.comments == other.comments
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        path::{Path, PathBuf},
        time::{Duration, Instant},
    };

    fn received() -> At {
        At::parse_rfc3339("2026-11-24T15:00:00Z").unwrap()
    }

    fn plain(zone: &Zone) -> Reading<'_> {
        Reading { zone, taught: &[] }
    }

    fn store() -> Zone {
        Zone::named("America/New_York").unwrap()
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()).collect();
        found.sort();
        found
    }

    /// Everything a lead says, one fact a line: what a person compares with the file.
    fn told(lead: &NewLead) -> String {
        let mut out = vec![format!("lead {:?} from {}", lead.kind, lead.source)];
        let mut say = |label: &str, value: String| {
            if !value.is_empty() {
                out.push(format!("{label}: {value}"));
            }
        };
        say("id", lead.external_id.clone().unwrap_or_default());
        say("asked", jiff::Timestamp::from_millisecond(lead.requested.0).unwrap().to_string());
        let n = &lead.person.name;
        let business = if n.is_business { " (business)" } else { "" };
        say("name", format!("{} / {} / {} / {} / {}{business}", n.first, n.middle, n.last, n.suffix, n.full));
        say("phones", lead.person.phones.iter().map(|p| p.e164().to_owned()).collect::<Vec<_>>().join(" "));
        say("emails", lead.person.emails.iter().map(|e| e.as_str().to_owned()).collect::<Vec<_>>().join(" "));
        let a = &lead.person.address;
        if !a.is_empty() {
            say("address", [&a.line1, &a.line2, &a.city, &a.region, &a.postal_code, &a.country].map(String::as_str).join(" / "));
        }
        for car in &lead.cars {
            let f = &car.facts;
            let mut parts = vec![format!("{:?} {}", car.interest, f.label())];
            parts.extend(car.vin.as_ref().map(|v| format!("vin {}", v.as_str())));
            parts.extend(Some(format!("stock {}", car.stock)).filter(|_| !car.stock.is_empty()));
            parts.extend(car.price.map(|p| p.to_string()));
            parts.extend(f.odometer_mi.map(|m| format!("{m} mi")));
            parts.extend([&f.body, &f.transmission, &f.exterior_color, &f.interior_color].into_iter().filter(|t| !t.is_empty()).cloned());
            parts.extend(Some(format!("({})", car.comments.replace('\n', " | "))).filter(|_| !car.comments.is_empty()));
            say("car", parts.join(", "));
        }
        say("comments", lead.comments.replace('\n', " | "));
        say("consent", lead.person.consent.iter().map(|c| format!("{:?} {:?} {:?}", c.channel, c.state, c.basis)).collect::<Vec<_>>().join(", "));
        say("web ids", lead.web_ids.join(" "));
        for warning in &lead.warnings {
            say("warning", warning.clone());
        }
        out.join("\n")
    }

    fn told_verdict(verdict: &Verdict) -> String {
        match verdict {
            Verdict::SetAside { reason } => format!("set aside: {reason}"),
            Verdict::Understood(what) => {
                let leads = what.leads.iter().map(told);
                let replies = what.replies.iter().map(|r| {
                    let consent = r.person.consent.iter().map(|c| format!("{:?} {:?}", c.channel, c.state)).collect::<Vec<_>>().join(", ");
                    let from = r.person.emails.iter().map(Email::as_str).collect::<Vec<_>>().join(" ");
                    format!(
                        "reply from {} <{from}>: {}\nconsent: {consent}",
                        r.person.name.display().unwrap_or_default(),
                        r.text.replace('\n', " | ")
                    )
                });
                let rest = what.not_leads.iter().map(|n| format!("not a lead: {}", n.reason));
                let unread = what.unread.iter().map(|reason| format!("unread: {reason}"));
                leads.chain(replies).chain(rest).chain(unread).collect::<Vec<_>>().join("\n---\n")
            }
        }
    }

    /// Each fixture stands beside a `.told` file with what a person would read out of it. Set HEADLIGHT_WRITE_TOLD to write them anew, and read
    /// the difference before you keep it.
    #[test]
    fn every_kind_of_malformed_lead_is_read_as_a_person_would() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/leads");
        let fixtures: Vec<PathBuf> = files(&folder).into_iter().filter(|f| f.extension().is_some_and(|e| e != "told")).collect();
        assert!(fixtures.len() >= 30, "the fixtures are not there");
        let mut wrong = vec![];
        for fixture in fixtures {
            let verdict = read(&std::fs::read(&fixture).unwrap(), received(), plain(&store()), "");
            let told = told_verdict(&verdict) + "\n";
            let beside = PathBuf::from(format!("{}.told", fixture.display()));
            if std::env::var_os("HEADLIGHT_WRITE_TOLD").is_some() {
                std::fs::write(&beside, &told).unwrap();
            }
            let expected = std::fs::read_to_string(&beside).unwrap_or_default();
            if told != expected {
                wrong.push(format!("=== {}\nexpected:\n{expected}read:\n{told}", fixture.file_name().unwrap().to_string_lossy()));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// A body of the real mails with the envelope its manifest names.
    fn with_envelope(manifest: &serde_json::Value, file: &Path, body: &[u8]) -> Vec<u8> {
        let name = format!("email_bodies/{}", file.file_name().unwrap().to_string_lossy());
        let note = manifest.as_array().unwrap().iter().find(|e| e["file"] == name.as_str()).unwrap()["note"].as_str().unwrap().to_owned();
        let mut parts = note.split(" | ");
        let from = parts.next().unwrap_or("");
        let subject = parts.next().unwrap_or("");
        let kind = if name.ends_with("html") { "text/html" } else { "text/plain" };
        let head = format!("{from}\r\nTo: leads@store.example.com\r\n{subject}\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n");
        [head.as_bytes(), body].concat()
    }

    #[test]
    fn every_real_file_gives_a_lead_or_a_reason() {
        let Some(folder) = std::env::var_os("HEADLIGHT_REAL_DATA").map(PathBuf::from) else {
            eprintln!("skipped: HEADLIGHT_REAL_DATA is not set");
            return;
        };
        for file in files(&folder.join("adf/xml")) {
            let verdict = read(&std::fs::read(&file).unwrap(), received(), plain(&store()), "");
            eprintln!("=== {}\n{}", file.file_name().unwrap().to_string_lossy(), told_verdict(&verdict));
        }
        let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("adf/manifest.json")).unwrap()).unwrap();
        for file in files(&folder.join("adf/email_bodies")) {
            let body = std::fs::read(&file).unwrap();
            eprintln!("=== {} (bare)\n{}", file.file_name().unwrap().to_string_lossy(), told_verdict(&read(&body, received(), plain(&store()), "")));
            let verdict = read(&with_envelope(&manifest, &file, &body), received(), plain(&store()), "");
            eprintln!("=== {} (as mail)\n{}", file.file_name().unwrap().to_string_lossy(), told_verdict(&verdict));
        }
    }

    #[test]
    fn every_strange_mail_ends_soon() {
        let Some(folder) = std::env::var_os("HEADLIGHT_REAL_DATA").map(PathBuf::from) else {
            eprintln!("skipped: HEADLIGHT_REAL_DATA is not set");
            return;
        };
        for set in ["legacy", "rfc"] {
            for file in files(&folder.join("torture/email").join(set)).into_iter().filter(|f| f.extension().is_some_and(|e| e == "eml")) {
                let begun = Instant::now();
                let verdict = read(&std::fs::read(&file).unwrap(), received(), plain(&store()), "");
                assert!(begun.elapsed() < Duration::from_secs(2), "{}", file.display());
                eprintln!("=== {set}/{}\n{}", file.file_name().unwrap().to_string_lossy(), told_verdict(&verdict));
            }
        }
        let naughty: Vec<String> = serde_json::from_slice(&std::fs::read(folder.join("torture/blns.json")).unwrap()).unwrap();
        for text in naughty {
            for wrapped in [
                text.clone(),
                format!(
                    "<adf><prospect><customer><contact><name>{text}</name><phone>207-555-0148</phone></contact><comments>{text}</comments></customer></prospect></adf>"
                ),
                format!("From: {text} <dana@example.com>\r\nSubject: {text}\r\n\r\nName: {text}\r\nPhone: 207-555-0148\r\nComments: {text}"),
            ] {
                let _ = read(wrapped.as_bytes(), received(), plain(&store()), "");
            }
        }
    }

    #[test]
    fn every_input_ends_soon() {
        let wraps: [&dyn Fn(&str) -> String; 6] = [
            &|x| x.to_owned(),
            &|x| format!("<adf>{x}"),
            &|x| format!("<adf><prospect><customer><contact><phone>207-555-0148</phone></contact><comments>{x}"),
            &|x| format!("<adf><prospect><customer><contact><phone>{x}</phone><email>{x}</email><name>{x}</name>"),
            &|x| format!("From: a@example.com\r\nTo: b@example.com\r\nSubject: {x}\r\nIn-Reply-To: <x>\r\n\r\n{x}"),
            &|x| format!("Name: Dana\nPhone: 207-555-0148\nComments: {x}"),
        ];
        for piece in [
            "<",
            "&",
            "&lt;adf",
            "<adf>",
            "<prospect>",
            "<vehicle><vin>1HGCM82633A004352",
            "a=\"b\" ",
            "<a ",
            "207-555-0148 ",
            "2",
            "a@b.c ",
            "@",
            "Name: x\n",
            "Name\t",
            ",",
            "VIN: x, ",
            "do not ",
            "no calls, ",
            "> ",
            "On x\n",
            "From: x\n",
            "=3D\"",
            "%3Cadf",
            "\n",
            "\0",
            "stock ",
            "#1234 ",
            "2019 Camry ",
            "word ",
            "I agree receive text ",
        ] {
            for (place, wrap) in wraps.into_iter().enumerate() {
                let size = if place < 2 { 250_000 } else { 60_000 };
                let input = wrap(&piece.repeat(size / piece.len()));
                let begun = Instant::now();
                let _ = read(input.as_bytes(), received(), plain(&store()), "");
                assert!(begun.elapsed() < Duration::from_secs(5), "{piece:?} in {:?} took {:?}", &wrap(""), begun.elapsed());
            }
        }
    }

    #[test]
    fn what_is_too_large_is_set_aside() {
        for input in ["x".repeat(MOST_DOCUMENT_BYTES + 1), format!("From: a@b.c\nTo: d@e.f\n\n{}", "x".repeat(MOST_MAIL_BYTES))] {
            assert!(matches!(read(input.as_bytes(), received(), plain(&store()), ""), Verdict::SetAside { .. }));
        }
        let large = format!("From: a@example.com\nTo: d@e.f\n\n<adf>{}</adf>", "x".repeat(MOST_DOCUMENT_BYTES));
        assert!(matches!(read(large.as_bytes(), received(), plain(&store()), ""), Verdict::SetAside { reason } if reason.contains("256 KiB")));
    }

    #[test]
    fn a_warning_holds_no_personal_data() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/leads");
        for fixture in files(&folder) {
            if let Verdict::Understood(what) = read(&std::fs::read(&fixture).unwrap(), received(), plain(&store()), "") {
                let sentences = what.leads.iter().flat_map(|l| &l.warnings).chain(what.not_leads.iter().map(|n| &n.reason)).chain(&what.unread);
                for sentence in sentences {
                    let personal = ["dana", "whitfield", "@", "555"].iter().any(|p| sentence.to_lowercase().contains(p));
                    assert!(!personal, "{sentence}");
                }
            }
        }
    }

    mod round_trip {
        use super::*;
        use crate::{
            domain::{
                address::Address,
                lead::{LeadCar, LeadInterest, LeadKind},
                money::Cents,
                phone::Phone,
                profile::PersonName,
                vehicle::CarFacts,
                vin::Vin,
            },
            formats::adf::write_adf,
        };
        use proptest::prelude::*;

        /// Words a person could type, signs and accents included, as a reader would show them.
        fn words() -> impl Strategy<Value = String> {
            prop::collection::vec("[A-Za-zéñ&<>\"'!?$%]{1,12}|<b>|&amp;|&lt;br&gt;|\\]\\]>|<!--|ok", 0..12)
                .prop_map(|w| w.join(" ").trim().to_owned())
        }

        fn value() -> impl Strategy<Value = String> {
            prop_oneof![Just(String::new()), "[A-Z][a-zé]{2,8}( [A-Z][a-z&<]{1,5})?"]
                .prop_map(|v| v.trim().to_owned())
                .prop_filter("says nothing", |v| v.is_empty() || !car::said(v).is_empty())
        }

        /// A name that a reader has given: no word for an unknown one, no title, no company's.
        fn name() -> impl Strategy<Value = PersonName> {
            ("[A-Z][a-z]{3,8}", "[A-Z][a-z]{3,8}").prop_filter_map("not a name", |(first, last)| {
                let read = person::name(&person::NamePieces { first: first.clone(), last: last.clone(), ..person::NamePieces::default() });
                (read == PersonName { first, last, ..PersonName::default() }).then_some(read)
            })
        }

        fn car() -> impl Strategy<Value = LeadCar> {
            let interest = prop_oneof![Just(LeadInterest::Buy), Just(LeadInterest::Lease), Just(LeadInterest::TestDrive)];
            let names = (value(), value(), value());
            let numbers = (prop::option::of(1981_u16..2030), prop::option::of(1_u32..300_000), prop::option::of(1_i64..9_000_000));
            (interest, names, "[A-Z]{1,3}[1-9][0-9]{2,4}", numbers, words()).prop_map(|(interest, names, stock, numbers, comments)| {
                let ((model, trim, color), (year, odometer_mi, price)) = (names, numbers);
                LeadCar {
                    interest,
                    vin: Vin::parse("1HGCM82633A004352"),
                    stock,
                    facts: CarFacts {
                        year,
                        make: "Honda".to_owned(),
                        model,
                        trim: trim.clone(),
                        body: color.clone(),
                        drivetrain: trim,
                        exterior_color: color.clone(),
                        interior_color: color,
                        odometer_mi,
                        ..CarFacts::default()
                    },
                    price: price.map(Cents),
                    comments,
                    told: None,
                }
            })
        }

        fn kind() -> impl Strategy<Value = LeadKind> {
            prop::sample::select(vec![
                LeadKind::Enquiry,
                LeadKind::TestDrive,
                LeadKind::TradeIn,
                LeadKind::Finance,
                LeadKind::PhoneCall,
                LeadKind::Service,
                LeadKind::Test,
            ])
        }

        fn person(source: &str, at: At) -> impl Strategy<Value = Profile> + use<> {
            let source = Source { kind: SourceKind::Lead, name: source.to_owned() };
            (name(), 10_u8..99, value()).prop_map(move |(name, phone, city)| Profile {
                name,
                phones: vec![Phone::parse(&format!("207-555-01{phone}")).unwrap()],
                emails: vec![Email::parse("dana@example.com").unwrap()],
                address: Address { city, region: "ME".to_owned(), postal_code: "04101".to_owned(), ..Address::default() },
                ..Profile::new(source.clone(), at)
            })
        }

        fn lead() -> impl Strategy<Value = NewLead> {
            let at = At(1_600_000_000_123);
            (person("Router", at), "[a-z0-9-]{3,12}", prop::collection::vec(car(), 0..2), words(), kind(), "[a-z]{4}[0-9]{4}").prop_map(
                move |(mut person, id, cars, comments, kind, web_id)| {
                    person.consent = said::consent_of(&comments, true, true, at, "Router lead");
                    // A car they want to drive says more than no word, and stands above a call.
                    let drives = cars.iter().any(|c| c.interest == LeadInterest::TestDrive);
                    let kind = if drives && matches!(kind, LeadKind::Enquiry | LeadKind::PhoneCall) { LeadKind::TestDrive } else { kind };
                    let source = "Router".to_owned();
                    let external_id = Some(format!("{source}|{id}"));
                    NewLead { source, external_id, requested: at, person, cars, comments, kind, web_ids: vec![web_id], warnings: vec![], taken: None }
                },
            )
        }

        proptest! {
            #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

            #[test]
            fn reading_what_we_wrote_gives_the_lead_back(lead in lead()) {
                let written = write_adf(&lead);
                let expected = Verdict::Understood(Understood { leads: vec![lead], ..Understood::default() });
                prop_assert_eq!(read(written.as_bytes(), received(), plain(&store()), ""), expected, "{}", written);
            }

            #[test]
            fn no_bytes_make_it_fail(pieces in prop::collection::vec(prop_oneof![
                prop::collection::vec(any::<u8>(), 0..12),
                prop::sample::select(vec![
                    "<adf>", "<prospect>", "<vehicle>", "<customer>", "<contact>", "<phone>207-555-0148", "</", "<name part=", "\"", "<![CDATA[", "]]>",
                    "<!--", "&#", "é", "\r\n", "\r\n\r\n", "From: a@b.c", "To: d@e.f", "Subject: =?utf-8?q?", "Content-Type: multipart/mixed; boundary=x",
                    "--x", "Content-Transfer-Encoding: base64", "Name: ", "Phone: 207-555-0148", "Comments:", "2019 Camry", "#24117", "do not call", ":",
                    "\t", "ext", "𝒳", "ﬀ", "İ",
                ]).prop_map(|s| s.as_bytes().to_vec()),
            ], 0..40)) {
                let _ = read(&pieces.concat(), received(), plain(&store()), "");
            }
        }
    }
}
