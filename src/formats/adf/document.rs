//! Where in this text is the ADF? It comes bare, in HTML, escaped, quoted by a forward, or still encoded.

use crate::formats::text::{self, find_ignoring_case};

/// Further documents of one text are not read; the first of them is still found, so that it can be said.
pub(in crate::formats) const MOST_DOCUMENTS: usize = 50;
/// Wrapped deeper is not found.
const MOST_WRAPPERS: usize = 4;

/// The ADF documents of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::formats) struct Documents {
    pub(in crate::formats) documents: Vec<String>,
    /// They stand in lines that begin with `>`: a forward, or an answer that quotes.
    pub(in crate::formats) quoted: bool,
}

/// Finds the ADF documents in a text, taking off one wrapper after the other until there is one.
pub(in crate::formats) fn documents(text: &str) -> Documents {
    let mut text = in_json(text).unwrap_or_else(|| text.to_owned());
    let mut quoted = false;
    for _ in 0..MOST_WRAPPERS {
        if text.contains("=3D\"") || text.contains("=3D'") {
            text = text::decode(&text::from_quoted_printable(text.as_bytes()), None).text;
        }
        while let Some(unquoted) = without_quotes(&text) {
            text = unquoted;
            quoted = true;
        }
        let documents = bare(&text);
        if !documents.is_empty() {
            return Documents { documents, quoted };
        }
        let Some(inner) = unwrapped(&text) else { break };
        text = inner;
    }
    Documents::default()
}

fn unwrapped(text: &str) -> Option<String> {
    let holds = |marks: &[&str]| marks.iter().any(|m| find_ignoring_case(text, m).is_some());
    if holds(&["&lt;adf", "&lt;prospect", "&amp;lt;adf", "&#60;adf", "&#x3c;adf", "&lt;?adf"]) {
        return Some(text::from_html(text));
    }
    if holds(&["%3cadf", "%3cprospect"]) {
        return Some(from_percent(text));
    }
    let letters = text.bytes().filter(|b| !b.is_ascii_whitespace()).count();
    let base64 = letters >= 40 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b.is_ascii_whitespace() || matches!(b, b'+' | b'/' | b'='));
    base64.then(|| text::decode(&text::from_base64(text.as_bytes()), None).text)
}

/// The documents that stand open in a text: `<adf>` to `</adf>`, or what there is of it; without one, `<prospect>` to the end.
fn bare(text: &str) -> Vec<String> {
    let mut found = vec![];
    let mut rest = text;
    while let Some(begin) = open_tag(rest, "<adf") {
        let document = &rest[begin..];
        let close = find_ignoring_case(document, "</adf");
        let end = close.map_or(document.len(), |c| document[c..].find('>').map_or(document.len(), |e| c + e + 1));
        found.push(document[..end].to_owned());
        rest = &document[end..];
        if found.len() > MOST_DOCUMENTS {
            break;
        }
    }
    if found.is_empty() {
        // With a namespace prefix (`<a:prospect>`) the document begins at the tag that holds the name.
        let prefixed = || find_ignoring_case(text, ":prospect").and_then(|at| text[..at].rfind('<'));
        found.extend(open_tag(text, "<prospect").or_else(prefixed).map(|begin| text[begin..].to_owned()));
    }
    found
}

/// The strings of a JSON text that hold a document, as some hooks post it.
fn in_json(text: &str) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[', '"']) || find_ignoring_case(text, "adf").is_none() {
        return None;
    }
    let mut open = vec![serde_json::from_str::<serde_json::Value>(text).ok()?];
    let mut found = String::new();
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::String(s) if find_ignoring_case(&s, "adf").is_some() => {
                found.push_str(&s);
                found.push('\n');
            }
            serde_json::Value::Array(items) => open.extend(items),
            serde_json::Value::Object(fields) => open.extend(fields.into_iter().map(|(_, v)| v)),
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) | serde_json::Value::String(_) => {}
        }
    }
    Some(found)
}

fn open_tag(text: &str, tag: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = find_ignoring_case(&text[from..], tag) {
        let after = text.as_bytes().get(from + at + tag.len());
        if after.is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/')) {
            return Some(from + at);
        }
        from += at + tag.len();
    }
    None
}

/// One level of `> ` taken off, when the line that opens the document has one.
fn without_quotes(text: &str) -> Option<String> {
    let opens = text.lines().any(|line| {
        let bare = line.trim_start();
        bare.starts_with('>') && ["<adf", "<prospect", "<?xml", "<?adf", "&lt;adf"].iter().any(|m| find_ignoring_case(bare, m).is_some())
    });
    opens.then(|| {
        let lines = text.lines().map(|line| match line.trim_start().strip_prefix('>') {
            Some(rest) => rest.strip_prefix(' ').unwrap_or(rest),
            None => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// A form field as browsers post it.
fn from_percent(text: &str) -> String {
    let hex = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        match (*b, hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                at += 2;
            }
            (b'+', _, _) => out.push(b' '),
            (b, _, _) => out.push(b),
        }
        at += 1;
    }
    text::decode(&out, None).text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_found_in_every_wrapper() {
        let bare = "<adf><prospect a=\"1\">x</prospect></adf>";
        let base64 = data_encoding::BASE64.encode(bare.as_bytes());
        for (text, quoted) in [
            (format!("\u{feff}  <?xml version=\"1.0\"?>\n<?adf version=\"1.0\"?>{bare} trailing"), false),
            (format!("<html><body><!--Body :<?xml version=\"1.0\"?>{bare}--></body></html>"), false),
            ("<p>&lt;adf&gt;&lt;prospect a=&quot;1&quot;&gt;x<br>&lt;/prospect&gt;&lt;/adf&gt;</p>".replace("<br>", ""), false),
            ("> > <adf><prospect a=\"1\">x</prospect>\n".replace('\n', "</adf>\n> > -- \n"), true),
            ("<adf><prospect a=3D\"1\">x</prosp=\nect></adf>".to_owned(), false),
            ("lead=%3Cadf%3E%3Cprospect+a%3D%221%22%3Ex%3C%2Fprospect%3E%3C/adf%3E".to_owned(), false),
            (base64, false),
            (serde_json::json!({ "leads": [{ "body": bare }], "n": 1 }).to_string(), false),
        ] {
            assert_eq!(documents(&text), Documents { documents: vec![bare.to_owned()], quoted }, "{text}");
        }
    }

    #[test]
    fn every_document_of_a_text_is_found_and_a_cut_one_too() {
        assert_eq!(documents("<ADF>1</ADF> and <adf>2</adf><adf>3").documents, ["<ADF>1</ADF>", "<adf>2</adf>", "<adf>3"]);
        assert_eq!(documents("<prospect>1").documents, ["<prospect>1"]);
        assert_eq!(documents("<s:Envelope><a:adf><a:prospect>1").documents, ["<a:prospect>1"]);
        assert!(documents("<adfoo> no lead <a>").documents.is_empty());
    }
}
