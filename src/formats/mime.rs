//! What does this mail say, who wrote it, and did a person write it?
//!
//! The headers are read by mail-parser; the parts are walked here, because mail-parser sets no bound on their number and depth.

use super::text;
use crate::domain::{
    email::Email,
    time::{At, SECOND_MS},
};
use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders};

/// Deeper parts are not read.
const MOST_DEEP: u8 = 10;
/// Further parts are not read.
const MOST_PARTS: usize = 100;
/// Headers of one part: what is beyond is not read.
const MOST_HEADER_BYTES: usize = 64 * 1024;
const MOST_HEADERS: usize = 200;
/// One header, folded lines included.
const MOST_ONE_HEADER_BYTES: usize = 8 * 1024;

#[derive(Default)]
pub(super) struct Mail {
    pub(super) from: Mailbox,
    /// Where the sender wants the answer; website forms put the shopper here.
    pub(super) reply_to: Option<Mailbox>,
    /// Whom it was sent to: addresses of the store.
    pub(super) to: Vec<Email>,
    pub(super) subject: String,
    /// By the sender's clock.
    pub(super) sent: Option<At>,
    pub(super) message_id: Option<String>,
    /// It names a message it answers.
    pub(super) answers: bool,
    pub(super) automatic: Option<Automatic>,
    pub(super) bodies: Vec<Body>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mailbox {
    pub(super) name: String,
    pub(super) address: Option<Email>,
}

/// No person pressed "send".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Automatic {
    /// An answer of a machine to a mail of ours, or a report about one.
    Answer(&'static str),
    /// Sent by a system: a lead of a website as well as a newsletter.
    Sent(&'static str),
}

pub(super) struct Body {
    pub(super) text: String,
    pub(super) kind: BodyKind,
    /// Its encoding had to be guessed.
    pub(super) guessed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyKind {
    Plain,
    Html,
    Attached,
}

/// The headers we use; others are not given to the parser.
const HEADERS: &[&str] = &[
    "from",
    "reply-to",
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "auto-submitted",
    "precedence",
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "return-path",
];
/// A text with one of these on top is a mail.
const TELLING: &[&str] = &[
    "received",
    "message-id",
    "mime-version",
    "return-path",
    "delivered-to",
    "dkim-signature",
    "x-mailer",
    "content-type",
    "content-transfer-encoding",
];

/// Mail begins with headers. Plain text of a form may begin with `From:` too; then no address follows it.
pub(super) fn is_mail(bytes: &[u8]) -> bool {
    let mut from = false;
    let mut others = false;
    for line in bytes[..bytes.len().min(MOST_HEADER_BYTES)].split(|b| *b == b'\n').map(|l| l.strip_suffix(b"\r").unwrap_or(l)).take(MOST_HEADERS) {
        let Some((name, value)) = header_of(line) else {
            if line.starts_with(b"From ") || line.first().is_some_and(|b| matches!(b, b' ' | b'\t')) {
                continue;
            }
            break;
        };
        if TELLING.contains(&name.as_str()) {
            return true;
        }
        from |= name == "from" && value.contains(&b'@');
        others |= matches!(name.as_str(), "to" | "subject" | "date");
    }
    from && others
}

fn header_of(line: &[u8]) -> Option<(String, &[u8])> {
    let colon = line.iter().take(80).position(|b| *b == b':')?;
    let name = &line[..colon];
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then(|| (String::from_utf8_lossy(name).to_ascii_lowercase(), &line[colon + 1..]))
}

/// Reads a whole mail. Never fails: a mail that is only half one gives what it has.
pub(super) fn open(bytes: &[u8]) -> Mail {
    let (head, _) = parts_of_entity(bytes);
    let mini = kept_headers(head);
    let Some(message) = MessageParser::default().parse_headers(&mini) else { return Mail::default() };
    let mut walk = Walk { bodies: vec![], parts: 0, report: false };
    walk.entity(bytes, 0);
    let from = message.from().and_then(Address::first).map(mailbox).unwrap_or_default();
    let subject = text::single_spaced(message.subject().unwrap_or(""));
    let automatic = if walk.report { Some(Automatic::Answer("a delivery or read report")) } else { automatic(&message, &from, &subject) };
    let mut to = vec![];
    for list in [message.to(), message.cc()].into_iter().flatten() {
        to.extend(list.iter().take(50).filter_map(|a| mailbox(a).address));
    }
    for name in ["Delivered-To", "X-Original-To"] {
        to.extend(header_text(&message, name).and_then(|t| Email::parse(&t)));
    }
    let present = |value: &HeaderValue| !matches!(value, HeaderValue::Empty);
    Mail {
        reply_to: message.reply_to().and_then(Address::first).map(mailbox).filter(|m| m.address.is_some()),
        to,
        sent: message.date().map(|d| At(d.to_timestamp().saturating_mul(SECOND_MS))).filter(|at| at.0 > 0),
        message_id: message.message_id().map(|id| text::cut(id.trim(), 200).to_owned()).filter(|id| !id.is_empty()),
        answers: present(message.in_reply_to()) || present(message.references()),
        automatic,
        from,
        subject,
        bodies: walk.bodies,
    }
}

fn mailbox(address: &mail_parser::Addr) -> Mailbox {
    let name = text::single_spaced(address.name().unwrap_or("").trim_matches(['"', '\'', ' ']));
    Mailbox { name: text::cut(&name, 200).to_owned(), address: address.address().and_then(Email::parse) }
}

fn header_text(message: &Message, name: &'static str) -> Option<String> {
    match message.header(name)? {
        HeaderValue::Text(text) => Some(text.trim().to_ascii_lowercase()),
        HeaderValue::TextList(list) => list.first().map(|t| t.trim().to_ascii_lowercase()),
        HeaderValue::Empty => Some(String::new()),
        HeaderValue::Address(_) | HeaderValue::DateTime(_) | HeaderValue::ContentType(_) | HeaderValue::Received(_) => None,
    }
}

/// RFC 3834 and the habits before it.
fn automatic(message: &Message, from: &Mailbox, subject: &str) -> Option<Automatic> {
    if ["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply"].iter().any(|name| header_text(message, name).is_some_and(|v| v != "no")) {
        return Some(Automatic::Answer("an automatic answer"));
    }
    let precedence = header_text(message, "Precedence").unwrap_or_default();
    if precedence.starts_with("auto") {
        return Some(Automatic::Answer("an automatic answer"));
    }
    let submitted = header_text(message, "Auto-Submitted").unwrap_or_default();
    if submitted.starts_with("auto-replied") || submitted.starts_with("auto-notified") {
        return Some(Automatic::Answer("an automatic answer"));
    }
    let local = from.address.as_ref().and_then(|a| a.as_str().split('@').next()).unwrap_or("");
    if matches!(local, "mailer-daemon" | "postmaster") {
        return Some(Automatic::Answer("a delivery or read report"));
    }
    let subject = subject.to_lowercase();
    let answers = ["automatic reply", "auto-reply", "autoreply", "auto reply", "out of office", "out of the office", "autosvar", "respuesta autom"];
    let reports =
        ["undeliverable:", "undelivered mail", "delivery status notification", "mail delivery failed", "returned mail:", "read:", "not read:"];
    if answers.iter().any(|a| subject.starts_with(a) || subject.strip_prefix("re: ").is_some_and(|s| s.starts_with(a))) {
        return Some(Automatic::Answer("an automatic answer"));
    }
    if reports.iter().any(|r| subject.starts_with(r)) {
        return Some(Automatic::Answer("a delivery or read report"));
    }
    if submitted.starts_with("auto") {
        return Some(Automatic::Sent("a system sent it and it holds no lead"));
    }
    let list = matches!(precedence.as_str(), "bulk" | "list" | "junk");
    list.then_some(Automatic::Sent("it is bulk mail and holds no lead"))
}

struct Walk {
    bodies: Vec<Body>,
    parts: usize,
    report: bool,
}

impl Walk {
    fn entity(&mut self, bytes: &[u8], depth: u8) {
        self.parts += 1;
        if depth > MOST_DEEP || self.parts > MOST_PARTS {
            return;
        }
        let (head, body) = parts_of_entity(bytes);
        let mini = kept_headers(head);
        let Some(message) = MessageParser::default().parse_headers(&mini) else { return };
        let content = message.content_type();
        let main = content.map_or_else(|| "text".to_owned(), |c| c.ctype().to_ascii_lowercase());
        let sub = content.and_then(|c| c.subtype()).map_or_else(|| "plain".to_owned(), str::to_ascii_lowercase);
        if main == "multipart" {
            self.report |= depth == 0 && sub == "report";
            if let Some(boundary) = content.and_then(|c| c.attribute("boundary")).filter(|b| !b.is_empty()) {
                let pieces = split_at_boundary(body, boundary.as_bytes());
                if !pieces.is_empty() {
                    for piece in pieces {
                        self.entity(piece, depth + 1);
                    }
                    return;
                }
            }
        }
        let encoding = message.content_transfer_encoding().unwrap_or("").trim().to_ascii_lowercase();
        let decoded = match encoding.as_str() {
            "base64" => text::from_base64(body),
            "quoted-printable" => text::from_quoted_printable(body),
            _ => body.to_vec(),
        };
        if main == "message" && matches!(sub.as_str(), "rfc822" | "global") {
            return self.entity(&decoded, depth + 1);
        }
        let file = message.attachment_name().unwrap_or("").to_ascii_lowercase();
        let attached = message.content_disposition().is_some_and(mail_parser::ContentType::is_attachment) || !file.is_empty();
        let kind = match (main.as_str(), sub.as_str()) {
            ("text", "html") if !attached => BodyKind::Html,
            ("text", "plain") if !attached => BodyKind::Plain,
            ("text" | "multipart", _) => BodyKind::Attached,
            ("application", s) if s.contains("xml") || s.contains("adf") || s == "octet-stream" => BodyKind::Attached,
            _ if [".xml", ".adf", ".txt"].iter().any(|end| file.ends_with(end)) => BodyKind::Attached,
            _ => return,
        };
        let read = text::decode(&decoded, content.and_then(|c| c.attribute("charset")));
        self.bodies.push(Body { text: read.text, kind, guessed: read.guessed });
    }
}

/// Headers and body of a mail or of a part of one.
fn parts_of_entity(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let blank = line.iter().all(|b| matches!(b, b'\r' | b'\n'));
        if blank {
            return (&bytes[..at], &bytes[at + line.len()..]);
        }
        at += line.len();
    }
    (bytes, &[])
}

/// The headers we use, each within its bound. The first line is ours: the parser takes a block without any header for no mail at all.
fn kept_headers(head: &[u8]) -> Vec<u8> {
    let mut kept = b"MIME-Version: 1.0\r\n".to_vec();
    let mut count = 0;
    let (mut keeping, mut length) = (false, 0);
    for line in head[..head.len().min(MOST_HEADER_BYTES)].split_inclusive(|b| *b == b'\n') {
        if !line.first().is_some_and(|b| matches!(b, b' ' | b'\t')) {
            count += 1;
            keeping = count <= MOST_HEADERS && header_of(line).is_some_and(|(name, _)| HEADERS.contains(&name.as_str()));
            length = 0;
        }
        length += line.len();
        if keeping && length <= MOST_ONE_HEADER_BYTES {
            kept.extend_from_slice(line);
        }
    }
    kept.extend_from_slice(b"\r\n\r\n");
    kept
}

/// The parts between the boundary lines of a multipart body. An end line that is missing ends with the body.
fn split_at_boundary<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = vec![];
    let mut begun: Option<usize> = None;
    let mut at = 0;
    for line in body.split_inclusive(|b| *b == b'\n') {
        if let Some(after) = line.strip_prefix(b"--").and_then(|l| l.strip_prefix(boundary)) {
            let ends = after.starts_with(b"--");
            if ends || after.iter().all(u8::is_ascii_whitespace) {
                parts.extend(begun.map(|from| &body[from..at]));
                begun = (!ends).then_some(at + line.len());
                if ends || parts.len() >= MOST_PARTS {
                    return parts;
                }
            }
        }
        at += line.len();
    }
    parts.extend(begun.map(|from| &body[from..]));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn texts(mail: &str) -> Vec<String> {
        open(mail.as_bytes()).bodies.into_iter().map(|b| b.text.trim().to_owned()).collect()
    }

    #[test]
    fn mail_is_told_from_a_form() {
        for (text, mail) in [
            ("From: Dana <dana@example.com>\r\nTo: leads@store.example.com\r\n\r\nHi", true),
            ("Received: by x\nanything: goes\n\nHi", true),
            ("From dana Mon\nReceived: by x\n\nHi", true),
            ("From:\nTEST CUSTOMER\n2075550148\n", false),
            ("Name: Dana\nEmail: dana@example.com\n", false),
            ("<?xml version=\"1.0\"?><adf/>", false),
            ("", false),
        ] {
            assert_eq!(is_mail(text.as_bytes()), mail, "{text}");
        }
    }

    #[test]
    fn every_readable_part_is_found_and_decoded() {
        let mail = "From: =?utf-8?q?Jos=C3=A9?= <jose@example.com>\r\nTo: a@store.example.com, Leads <b@store.example.com>\r\nSubject: =?iso-8859-1?Q?Caf=E9?=\r\nMessage-ID: <1@example.com>\r\nDate: Fri, 01 May 2026 10:00:00 -0400\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\npreamble\r\n--x\r\nContent-Type: text/plain; charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3Db =E9\r\n--x\r\nContent-Type: application/x-adf+xml; name=lead.adf\r\nContent-Transfer-Encoding: base64\r\n\r\nPGFkZj48L2FkZj4=\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nforwarded\r\n--x\r\nContent-Type: image/png\r\n\r\nnothing\r\n--x--\r\nepilogue";
        assert_eq!(texts(mail), ["a=b é", "<adf></adf>", "forwarded"]);
        let mail = open(mail.as_bytes());
        assert_eq!((mail.from.name.as_str(), mail.subject.as_str(), mail.to.len()), ("José", "Café", 2));
        assert_eq!((mail.sent, mail.message_id.as_deref()), (At::parse_rfc3339("2026-05-01T14:00:00Z"), Some("1@example.com")));
    }

    #[test]
    fn machines_are_told_from_persons() {
        let answer = Some(Automatic::Answer("an automatic answer"));
        let report = Some(Automatic::Answer("a delivery or read report"));
        for (head, who) in [
            ("Auto-Submitted: auto-replied (vacation)", answer),
            ("Auto-Submitted: no", None),
            ("X-Autoreply: yes", answer),
            ("Precedence: auto_reply", answer),
            ("Precedence: bulk", Some(Automatic::Sent("it is bulk mail and holds no lead"))),
            ("Auto-Submitted: auto-generated", Some(Automatic::Sent("a system sent it and it holds no lead"))),
            ("Subject: Out of Office: back Monday", answer),
            ("Content-Type: multipart/report; report-type=delivery-status; boundary=x", report),
            ("Subject: Re: your car", None),
        ] {
            let mail = format!("From: dana@example.com\r\nTo: leads@store.example.com\r\n{head}\r\n\r\nHi");
            assert_eq!(open(mail.as_bytes()).automatic, who, "{head}");
        }
    }

    #[test]
    fn parts_depth_and_headers_are_bounded() {
        let two_mib = 2 * 1024 * 1024;
        for piece in [
            "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
            "Content-Type: message/rfc822\r\n\r\n",
            "--x\r\n\r\nhello\r\n",
            "X: y\r\n",
            "Subject: =?utf-8?q?a?=\r\n =?utf-8?q?b",
            "Content-Type: text/plain; a*0=b; a*1=c;",
            "To: <a@b.c>, ",
            "(((",
            "=?",
            "\"",
        ] {
            let mail = format!(
                "From: a@example.com\r\nTo: b@example.com\r\nContent-Type: multipart/mixed; boundary=x\r\n{}",
                piece.repeat(two_mib / piece.len())
            );
            let begun = Instant::now();
            let bodies = open(mail.as_bytes()).bodies.len();
            assert!(bodies <= MOST_PARTS && begun.elapsed() < Duration::from_secs(5), "{piece}: {bodies} in {:?}", begun.elapsed());
        }
    }
}
