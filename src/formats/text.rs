//! What do these bytes say? Bytes in any encoding to text, and markup meant for a screen to words meant for a person.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes as text.
pub(super) struct Decoded {
    pub(super) text: String,
    /// The encoding had to be guessed: letters with accents may be wrong.
    pub(super) guessed: bool,
}

/// Reads bytes by their byte order mark, by being good UTF-8, by the label their carrier or they themselves declare, or by a guess.
///
/// Good UTF-8 wins over a label: senders keep an old label when their systems change, and text in another encoding is seldom good UTF-8.
/// NUL bytes and other control characters carry nothing a person wrote; they are left out.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return told(encoding, &bytes[mark..]);
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return told(encoding, bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: printable(text), guessed: false };
    }
    let declared = label.map(str::to_owned).or_else(|| declared_encoding(bytes));
    match declared.and_then(|l| Encoding::for_label(l.as_bytes())).filter(|e| *e != UTF_8 && e.is_ascii_compatible()) {
        Some(encoding) => told(encoding, bytes),
        None => Decoded { text: printable(&guess(bytes).decode_without_bom_handling(bytes).0), guessed: true },
    }
}

fn told(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    Decoded { text: printable(&encoding.decode_without_bom_handling(bytes).0), guessed: false }
}

/// Half of the bytes of Western text in UTF-16 are NUL, all on one side of each pair.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512)];
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let nul_on = |side: usize| head.iter().skip(side).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (nul_on(0), nul_on(1));
    if odd * 10 > pairs * 8 && even * 10 < pairs {
        return Some(UTF_16LE);
    }
    (even * 10 > pairs * 8 && odd * 10 < pairs).then_some(UTF_16BE)
}

/// The `encoding="…"` of an XML declaration or the `charset=…` of an HTML head, within the first bytes.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let after = ["encoding=", "charset="].iter().find_map(|key| head.split_once(key).map(|(_, rest)| rest))?;
    let label: String = after.trim_start_matches(['"', '\'', ' ']).chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c)).collect();
    (!label.is_empty()).then_some(label)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    // A few foreign letters give the detector little to go by; the trade writes windows-1252.
    if bytes.iter().filter(|b| !b.is_ascii()).count() < 12 {
        return WINDOWS_1252;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(64 * 1024)], true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

/// Without NULs, byte order marks, and control characters other than line ends and tabs; line ends are `\n`.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\n' | '\t' => out.push(c),
            '\u{feff}' | '\u{200b}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Decodes `&amp;`, `&#39;`, `&#x2019;` and the names HTML knows. Names it does not know stay as they are: no document defines its own here.
pub(super) fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((c, used)) = entity(rest) {
            out.push_str(&c);
            rest = &rest[used..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// The entity a text begins with and its length. The longest name HTML knows has 31 letters.
fn entity(text: &str) -> Option<(String, usize)> {
    let end = text.bytes().take(34).position(|b| b == b';')?;
    let name = &text[1..end];
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#') {
        return None;
    }
    if let Some(code) = name.strip_prefix('#') {
        let number = match code.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => code.parse().ok()?,
        };
        return Some((numbered(number), end + 1));
    }
    if name == "apos" {
        return Some(("'".to_owned(), end + 1));
    }
    let mut decoded = String::new();
    mail_parser::decoders::html::add_html_token(&mut decoded, &text.as_bytes()[..=end], false);
    (!decoded.starts_with('&') || decoded == "&").then_some((decoded, end + 1))
}

/// The numbers 128 to 159 mean windows-1252 in practice (HTML standard, 13.2.5.80); control characters are left out.
fn numbered(number: u32) -> String {
    if let Ok(byte @ 0x80..=0x9f) = u8::try_from(number) {
        return WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().filter(|c| !c.is_control()).collect();
    }
    char::from_u32(number).filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).map(String::from).unwrap_or_default()
}

/// Tags that people's editors leave in a comment. Anything else in angle brackets is what they typed.
const INLINE_TAGS: &[&str] = &[
    "a", "b", "i", "u", "em", "strong", "span", "font", "small", "sup", "sub", "img", "center", "code", "s", "strike", "label", "input", "form",
    "button", "html", "body", "meta", "link", "tbody", "thead", "tfoot", "col", "colgroup", "big", "tt", "wbr", "figure", "article", "main", "nav",
];
const BLOCK_TAGS: &[&str] = &[
    "br",
    "p",
    "div",
    "tr",
    "table",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "pre",
    "section",
    "blockquote",
    "address",
    "dl",
    "dt",
    "dd",
    "header",
    "footer",
    "fieldset",
    "body",
];
const CELL_TAGS: &[&str] = &["td", "th"];
const UNSEEN_TAGS: &[&str] = &["style", "script", "head", "title", "template"];

/// An HTML page as the lines a reader sees; cells of a table row are parted by tabs.
pub(super) fn from_html(html: &str) -> String {
    tidy(&without_tags(html, Page::Html), true)
}

/// A comment as plain text: known tags are turned into line ends or left out, entities are decoded, line ends stay.
pub(super) fn plain(text: &str) -> String {
    tidy(&without_tags(text, Page::Comment), false)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
    /// Line ends in the source mean a space; every tag is markup.
    Html,
    /// Line ends are the writer's; only known tags are markup.
    Comment,
}

fn without_tags(text: &str, page: Page) -> String {
    let mut out = String::with_capacity(text.len());
    let mut unseen: Option<String> = None;
    let mut preformatted = false;
    let mut rest = text;
    let mut comments_end = true;
    loop {
        let Some(at) = rest.find('<') else {
            push_text(&mut out, rest, page, preformatted, unseen.as_ref());
            return out;
        };
        push_text(&mut out, &rest[..at], page, preformatted, unseen.as_ref());
        rest = &rest[at..];
        if comments_end && rest.starts_with("<!--") {
            if let Some(end) = rest.find("-->") {
                rest = &rest[end + 3..];
                continue;
            }
            comments_end = false;
        }
        let Some(tag) = screen_tag(rest).filter(|t| page == Page::Html || is_screen_tag(&t.name)) else {
            push_text(&mut out, "<", page, preformatted, unseen.as_ref());
            rest = &rest[1..];
            continue;
        };
        rest = &rest[tag.length..];
        if let Some(name) = &unseen {
            if tag.closes && *name == tag.name || name == "head" && tag.name == "body" {
                unseen = None;
            }
            continue;
        }
        let name = tag.name.as_str();
        if UNSEEN_TAGS.contains(&name) && !tag.closes {
            unseen = Some(tag.name);
        } else if CELL_TAGS.contains(&name) && tag.closes {
            out.push('\t');
        } else if BLOCK_TAGS.contains(&name) {
            preformatted = if name == "pre" { !tag.closes } else { preformatted };
            out.push('\n');
            // A break and the line end after it in the source are one line end.
            if page == Page::Comment {
                let after = rest.trim_start_matches([' ', '\t']);
                rest = after.strip_prefix('\n').unwrap_or(rest);
            }
        }
    }
}

fn push_text(out: &mut String, text: &str, page: Page, preformatted: bool, unseen: Option<&String>) {
    if unseen.is_some() {
        return;
    }
    if page == Page::Html && !preformatted {
        out.push_str(&entities(&text.replace(['\n', '\t'], " ")));
    } else {
        out.push_str(&entities(text));
    }
}

struct ScreenTag {
    name: String,
    closes: bool,
    length: usize,
}

/// A tag of HTML pages, by its lower-case name.
pub(super) fn is_screen_tag(name: &str) -> bool {
    [INLINE_TAGS, BLOCK_TAGS, CELL_TAGS, UNSEEN_TAGS].iter().any(|tags| tags.contains(&name))
}

/// The tag a text begins with. A tag ends at the next `>`; one that meets another `<` first is no tag, so every byte is looked at twice at most.
fn screen_tag(text: &str) -> Option<ScreenTag> {
    let inner = &text[1..];
    let end = inner.find(['<', '>']).filter(|e| inner.as_bytes()[*e] == b'>')?;
    let body = &inner[..end];
    let length = end + 2;
    if body.starts_with(['!', '?']) {
        return Some(ScreenTag { name: "!".to_owned(), closes: false, length });
    }
    let closes = body.starts_with('/');
    let name: String = body.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric() || ":-_".contains(*c)).collect();
    name.starts_with(|c: char| c.is_ascii_alphabetic()).then(|| ScreenTag { name: name.to_ascii_lowercase(), closes, length })
}

/// Lines trimmed, spaces single, at most one empty line in a row.
fn tidy(text: &str, keep_tabs: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines() {
        let line = if keep_tabs {
            line.split('\t').map(single_spaced).collect::<Vec<_>>().join("\t").trim_matches('\t').to_owned()
        } else {
            single_spaced(line)
        };
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= 1 && !(out.is_empty() && line.is_empty()) {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Words with one space between them.
pub(super) fn single_spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The place of an ASCII needle, letter case ignored.
pub(super) fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    let (first, needle) = (needle.as_bytes().first()?, needle.as_bytes());
    let bytes = text.as_bytes();
    bytes
        .iter()
        .enumerate()
        .filter(|(_, b)| b.eq_ignore_ascii_case(first))
        .map(|(at, _)| at)
        .find(|at| bytes.get(*at..at + needle.len()).is_some_and(|window| window.eq_ignore_ascii_case(needle)))
}

/// Undoes quoted-printable as far as it goes; a stray `=` stays.
pub(super) fn from_quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let hex = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        let rest = &bytes[at + 1..];
        if *b == b'=' {
            // A soft line break, also with blanks before the line end.
            let blank = rest.iter().take(8).take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
            if rest.get(blank) == Some(&b'\n') || rest.len() == blank {
                at += blank + 2;
                continue;
            }
            if let (Some(high), Some(low)) = (hex(rest.first()), hex(rest.get(1))) {
                out.push(high << 4 | low);
                at += 3;
                continue;
            }
        }
        out.push(*b);
        at += 1;
    }
    out
}

/// Undoes base64, passing over what does not belong to it.
pub(super) fn from_base64(bytes: &[u8]) -> Vec<u8> {
    let letters: Vec<u8> = bytes.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect();
    // One letter over says nothing.
    let whole = letters.len() - usize::from(letters.len() % 4 == 1);
    mail_parser::decoders::base64::base64_decode(&letters[..whole]).unwrap_or_default()
}

/// At most `most` bytes, cut between characters.
pub(super) fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_encoding_it_is_in() {
        let utf16: Vec<u8> = "<adf>José</adf>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = [0xfe, 0xff].into_iter().chain("José".encode_utf16().flat_map(u16::to_be_bytes)).collect();
        for (bytes, label, text) in [
            (b"\xef\xbb\xbfJos\xc3\xa9".to_vec(), None, "José"),
            (utf16, None, "<adf>José</adf>"),
            (big, None, "José"),
            (b"Jos\xe9".to_vec(), Some("iso-8859-1"), "José"),
            (b"Jos\xe9 wasn\x92t".to_vec(), None, "José wasn’t"),
            (b"Jos\xc3\xa9".to_vec(), Some("windows-1252"), "José"),
            (b"<?xml version='1.0' encoding='windows-1250'?>\x9ai".to_vec(), None, "<?xml version='1.0' encoding='windows-1250'?>ši"),
            (b"a\0b\x07c\r\nd\re".to_vec(), None, "abc\nd\ne"),
        ] {
            assert_eq!(decode(&bytes, label).text, text);
        }
        assert!(decode(b"Jos\xe9", None).guessed);
    }

    #[test]
    fn entities_are_decoded_once_and_unknown_ones_stay() {
        for (text, out) in [
            ("R&amp;B &lt;b&gt; &#39;x&#x27; &quot;&apos;", "R&B <b> 'x' \"'"),
            ("&amp;lt;", "&lt;"),
            ("&xxe; & &; &#0; &nope", "&xxe; & &;  &nope"),
            ("caf&eacute; it&#146;s", "café it’s"),
        ] {
            assert_eq!(entities(text), out, "{text}");
        }
    }

    #[test]
    fn transfer_encodings_are_undone_as_far_as_they_go() {
        assert_eq!(from_quoted_printable(b"a=3Db=\r\nc =E9=\nd=zz=3"), b"a=bc \xe9d=zz=3");
        assert_eq!(from_base64(b"PGFk\r\nZj48L2FkZj4="), b"<adf></adf>");
        assert_eq!(from_base64(b"PGFk*Zj4!"), b"<adf>");
    }

    #[test]
    fn a_comment_with_tags_reads_as_lines() {
        assert_eq!(plain("Preferred Date: 2026-06-03 <br />\nTime: 2:00 PM<br>Yes &amp; no"), "Preferred Date: 2026-06-03\nTime: 2:00 PM\nYes & no");
        assert_eq!(plain("price <20000 and I <3 it, a <unicorn> b"), "price <20000 and I <3 it, a <unicorn> b");
        assert_eq!(plain("a <!-- hidden --> b <script>evil()</script> c"), "a b c");
    }

    #[test]
    fn a_page_reads_as_a_reader_sees_it() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><table><tr><td>First\nName:</td><td>Dana</td></tr>\n<tr><td>Phone</td><td>(207) 555-0148</td></tr></table><p>It&#39;s &nbsp; me</p></body></html>";
        assert_eq!(from_html(html), "First Name:\tDana\n\nPhone\t(207) 555-0148\n\nIt's me");
    }
}
