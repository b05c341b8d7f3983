//! What elements does this broken XML hold? A lenient reader for XML that people's templates wrote.
//!
//! quick-xml, set as lenient as it goes, reads a `<` that was never escaped as the start of a tag up to the next `>`, and so swallows the end
//! of a comment and the customer after it; it stops at a document cut within a tag; and it cannot know that a `<model>` within an unclosed
//! `<make>` ends it. Those are the files that lose leads, so this reader is our own. It never fails: it reads what is there and says what
//! was odd. Declarations and document types are passed over, entities a document defines are never expanded, every byte is looked at a fixed
//! number of times, and depth, elements and attributes are bounded.

use super::text;
use std::collections::BTreeSet;

/// Deeper elements are read as if their tags were not there.
const MOST_DEEP: usize = 32;
/// Reading ends here.
const MOST_ELEMENTS: usize = 2_000;
/// Further attributes are passed over.
const MOST_ATTRIBUTES: usize = 64;

/// What may stand within an element, by which an end tag that is missing is found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A part of the document that never holds one of its own or a higher rank; 0 is the root.
    Section(u8),
    /// Holds elements.
    Holder,
    /// Holds a short text; the next known element ends it.
    Value,
    /// Holds what a person typed, tags and all; only a holder or a section ends it.
    Words,
    /// A tag of the page around the document: read as if it were not there.
    Screen,
    /// Not an element of this kind of document.
    Foreign,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Lower case, without a namespace prefix.
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    /// Its own text, entities decoded.
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

/// What was odd in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Oddity {
    EndTagMissing,
    EndTagWrong,
    CutShort,
    SignNotEscaped,
    TooDeep,
    TooManyElements,
    TooManyAttributes,
}

impl Oddity {
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::EndTagMissing => "An element was not closed.",
            Self::EndTagWrong => "An element was closed by the wrong tag.",
            Self::CutShort => "The document ends before it is complete.",
            Self::SignNotEscaped => "A < in the text was not escaped.",
            Self::TooDeep => "Elements are nested more than 32 deep; the deeper tags were passed over.",
            Self::TooManyElements => "The document has more than 2,000 elements; the rest was not read.",
            Self::TooManyAttributes => "An element has more than 64 attributes; the rest was passed over.",
        }
    }
}

impl Element {
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|c| c.name == name)
    }

    pub(super) fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The trimmed text of the first child of that name that has one; empty when there is none.
    pub(super) fn value(&self, name: &str) -> &str {
        self.children.iter().filter(|c| c.name == name).map(|c| c.text.trim()).find(|t| !t.is_empty()).unwrap_or("")
    }

    /// Empty when the attribute is not there.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    /// Every element of that name below this one, in document order.
    pub(super) fn all<'a>(&'a self, name: &str) -> Vec<&'a Element> {
        let mut found = vec![];
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            found.extend(child.all(name));
        }
        found
    }
}

/// Reads a document; `shape` says what an element of a name may hold.
pub(super) fn parse(document: &str, shape: &dyn Fn(&str) -> Shape) -> (Element, BTreeSet<Oddity>) {
    let mut reader =
        Reader { shape, open: vec![Element::default()], elements: 0, odd: BTreeSet::new(), rest: document, nothing_ends: Nothing::default() };
    while reader.step() {}
    reader.finish()
}

/// Ends that were looked for and are not in the rest of the document: they are not looked for again.
#[derive(Default)]
struct Nothing {
    comment: bool,
    verbatim: bool,
    doctype: bool,
}

struct Reader<'a> {
    shape: &'a dyn Fn(&str) -> Shape,
    /// The root without a name, then every element still open.
    open: Vec<Element>,
    elements: usize,
    odd: BTreeSet<Oddity>,
    rest: &'a str,
    nothing_ends: Nothing,
}

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    closes_itself: bool,
    length: usize,
    too_many: bool,
}

impl Reader<'_> {
    fn step(&mut self) -> bool {
        let Some(at) = self.rest.find('<') else {
            self.say(text::entities(self.rest).as_str());
            return false;
        };
        self.say(text::entities(&self.rest[..at]).as_str());
        self.rest = &self.rest[at..];
        if let Some(used) = self.pass_over() {
            self.rest = &self.rest[used..];
        } else if let Some((name, used)) = end_tag(self.rest) {
            self.close(&name, used);
            self.rest = &self.rest[used..];
        } else if let Some(tag) = start_tag(self.rest) {
            if self.elements >= MOST_ELEMENTS {
                self.odd.insert(Oddity::TooManyElements);
                return false;
            }
            let used = tag.length;
            self.start(tag);
            self.rest = &self.rest[used..];
        } else {
            // A tag that never ends is where the document was cut; anything else is a sign somebody typed.
            let cut = self.rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') && !self.rest[1..].contains('<');
            if cut && !self.words_are_open() {
                self.odd.insert(Oddity::CutShort);
                return false;
            }
            self.odd.insert(Oddity::SignNotEscaped);
            self.say("<");
            self.rest = &self.rest[1..];
        }
        true
    }

    fn words_are_open(&self) -> bool {
        self.open.last().is_some_and(|top| (self.shape)(&top.name) == Shape::Words)
    }

    /// Comments, declarations and processing instructions say nothing; verbatim sections are text. Returns the bytes used.
    fn pass_over(&mut self) -> Option<usize> {
        let rest = self.rest;
        if rest.starts_with("<!--") {
            let end = if self.nothing_ends.comment { None } else { rest.find("-->") };
            self.nothing_ends.comment = end.is_none();
            return Some(end.map_or(4, |e| e + 3));
        }
        if rest.get(..9).is_some_and(|s| s.eq_ignore_ascii_case("<![CDATA[")) {
            let end = if self.nothing_ends.verbatim { None } else { rest.find("]]>") };
            self.nothing_ends.verbatim = end.is_none();
            let Some(end) = end else {
                self.odd.insert(Oddity::CutShort);
                return Some(9);
            };
            self.say(&rest[9..end]);
            return Some(end + 3);
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            let plain_end = rest[2..].find(['<', '>', '[']).map(|e| e + 2)?;
            if rest.starts_with("<?") || rest.as_bytes()[plain_end] == b'>' {
                return (rest.as_bytes()[plain_end] == b'>').then_some(plain_end + 1);
            }
            let end = if self.nothing_ends.doctype || rest.as_bytes()[plain_end] == b'<' { None } else { rest.find("]>") };
            self.nothing_ends.doctype |= end.is_none();
            return end.map(|e| e + 2);
        }
        None
    }

    fn say(&mut self, text: &str) {
        if let Some(top) = self.open.last_mut() {
            top.text.push_str(text);
        }
    }

    fn start(&mut self, tag: Tag) {
        if tag.too_many {
            self.odd.insert(Oddity::TooManyAttributes);
        }
        let shape = (self.shape)(&tag.name);
        match self.open.last().map_or(Shape::Holder, |top| (self.shape)(&top.name)) {
            Shape::Words if !matches!(shape, Shape::Section(_) | Shape::Holder) => {
                let typed = text::entities(&self.rest[..tag.length]);
                self.say(&typed);
                return;
            }
            Shape::Value if shape == Shape::Foreign => return,
            _ if shape == Shape::Screen => return,
            Shape::Words | Shape::Value => {
                self.odd.insert(Oddity::EndTagMissing);
                self.pop();
            }
            Shape::Section(_) | Shape::Holder | Shape::Screen | Shape::Foreign => {}
        }
        if let Shape::Section(rank) = shape {
            while self.open.iter().any(|e| matches!((self.shape)(&e.name), Shape::Section(r) if r >= rank)) {
                self.odd.insert(Oddity::EndTagMissing);
                self.pop();
            }
        }
        if self.open.len() > MOST_DEEP {
            self.odd.insert(Oddity::TooDeep);
            return;
        }
        self.elements += 1;
        self.open.push(Element { name: tag.name, attributes: tag.attributes, ..Element::default() });
        if tag.closes_itself {
            self.pop();
        }
    }

    fn close(&mut self, name: &str, used: usize) {
        let Some(top) = self.open.last() else { return };
        let (top_is_it, top_shape) = (top.name == name, (self.shape)(&top.name));
        if top_is_it && self.open.len() > 1 {
            return self.pop();
        }
        let is_open = self.open.iter().skip(1).any(|e| e.name == name);
        let shape = (self.shape)(name);
        if top_shape == Shape::Words && !(is_open && matches!(shape, Shape::Section(_) | Shape::Holder)) {
            let typed = self.rest[..used].to_owned();
            return self.say(&typed);
        }
        if shape == Shape::Screen {
            return;
        }
        if is_open {
            self.odd.insert(Oddity::EndTagMissing);
            while self.open.len() > 1 && self.open.last().is_some_and(|e| e.name != name) {
                self.pop();
            }
            return self.pop();
        }
        if top_shape == Shape::Value && shape != Shape::Foreign {
            self.pop();
        }
        self.odd.insert(Oddity::EndTagWrong);
    }

    fn pop(&mut self) {
        if self.open.len() < 2 {
            return;
        }
        let Some(done) = self.open.pop() else { return };
        if let Some(parent) = self.open.last_mut() {
            parent.children.push(done);
        }
    }

    fn finish(mut self) -> (Element, BTreeSet<Oddity>) {
        if self.open.len() > 1 {
            self.odd.insert(Oddity::CutShort);
        }
        while self.open.len() > 1 {
            self.pop();
        }
        (self.open.pop().unwrap_or_default(), self.odd)
    }
}

/// The local part of a name a text begins with, lower case, and its length in the text.
fn name(text: &str) -> Option<(String, usize)> {
    let length = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':') || *b >= 0x80).count();
    let whole = text.get(..length)?;
    if !whole.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    Some((whole.rsplit(':').next()?.to_ascii_lowercase(), length))
}

/// `</name>`, also when the `>` is missing before the next tag.
fn end_tag(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix("</")?;
    let (name, length) = name(inner.trim_start())?;
    let after = inner.len() - inner.trim_start().len() + length;
    let blank = inner[after..].bytes().take_while(u8::is_ascii_whitespace).count();
    let closed = inner[after + blank..].starts_with('>');
    let next = inner[after + blank..].starts_with('<') || inner.len() == after + blank;
    (closed || next).then(|| (name, 2 + after + blank + usize::from(closed)))
}

/// A start tag. A `<` within it means that it was none, or that a quote in it was never closed: then it is read again up to the first `>`.
fn start_tag(text: &str) -> Option<Tag> {
    let inner = &text[1..];
    let (name, length) = name(inner)?;
    let end = tag_end(&inner[length..], true).or_else(|| tag_end(&inner[length..], false))? + length;
    let after_name = inner.as_bytes().get(length)?;
    if !(after_name.is_ascii_whitespace() || matches!(after_name, b'>' | b'/')) {
        return None;
    }
    let body = &inner[length..end];
    let closes_itself = body.ends_with('/');
    let (attributes, too_many) = attributes(body.strip_suffix('/').unwrap_or(body));
    Some(Tag { name, attributes, closes_itself, length: end + 2, too_many })
}

fn tag_end(text: &str, quotes_count: bool) -> Option<usize> {
    let mut quote: Option<u8> = None;
    let mut after_equals = false;
    for (at, b) in text.bytes().enumerate() {
        match (b, quote) {
            (b'<', _) => return None,
            (b'>', None) => return Some(at),
            (b'"' | b'\'', None) if quotes_count && after_equals => quote = Some(b),
            (b, Some(q)) if b == q => quote = None,
            _ => {}
        }
        after_equals = b == b'=' || after_equals && b.is_ascii_whitespace();
    }
    None
}

/// `a="1" b='2' c=3 d "4" e`: however they are written. The first of a name counts.
fn attributes(text: &str) -> (Vec<(String, String)>, bool) {
    let mut found: Vec<(String, String)> = vec![];
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if found.len() >= MOST_ATTRIBUTES {
            return (found, true);
        }
        let name_length = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = rest[..name_length].rsplit(':').next().unwrap_or("").to_ascii_lowercase();
        rest = rest[name_length..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let (raw, used) = attribute_value(after);
            value = text::entities(raw);
            rest = after[used..].trim_start();
        }
        if !name.is_empty() && !found.iter().any(|(n, _)| *n == name) {
            found.push((name, value));
        }
    }
    (found, false)
}

fn attribute_value(text: &str) -> (&str, usize) {
    let blank = text.len() - text.trim_start().len();
    let trimmed = &text[blank..];
    if let Some(quote) = trimmed.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = trimmed[1..].find(quote);
        return match end {
            Some(end) => (&trimmed[1..=end], blank + end + 2),
            None => (&trimmed[1..], text.len()),
        };
    }
    let end = trimmed.find(char::is_whitespace).unwrap_or(trimmed.len());
    (&trimmed[..end], blank + end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn shape(name: &str) -> Shape {
        match name {
            "root" => Shape::Section(0),
            "part" => Shape::Section(1),
            "holder" => Shape::Holder,
            "one" | "two" => Shape::Value,
            "words" => Shape::Words,
            "br" => Shape::Screen,
            _ => Shape::Foreign,
        }
    }

    fn read(document: &str) -> (Element, BTreeSet<Oddity>) {
        parse(document, &shape)
    }

    #[test]
    fn well_formed_documents_are_read_without_a_complaint() {
        let (root, odd) = read(
            "<?xml version=\"1.0\"?><!DOCTYPE root [<!ENTITY e \"boom\">]><ROOT><!-- a <one> in a comment --><x:part a='1' b = \"&amp;\"><one>R&amp;B &e;</one><words><![CDATA[1 < 2 &amp;]]></words><two/></x:part></ROOT>",
        );
        assert_eq!(odd, BTreeSet::new());
        let part = root.child("root").and_then(|r| r.child("part")).cloned().unwrap_or_default();
        assert_eq!((part.value("one"), part.value("words")), ("R&B &e;", "1 < 2 &amp;"));
        assert_eq!((part.attribute("a"), part.attribute("b"), part.attribute("c")), ("1", "&", ""));
    }

    #[test]
    fn values_are_found_whatever_became_of_the_tags() {
        for (document, one, two, words) in [
            ("<root><part><one>a<two>b</two></part></root>", "a", "b", ""),
            ("<root><part><one>a</two><two>b</one></part></root>", "a", "b", ""),
            ("<root><part><one>a<two>b<words>x < y & z <b>bold</b></part><part></root>", "a", "b", "x < y & z <b>bold</b>"),
            ("<root><part><words>under <20000 or <one</words><one>a</one><two>b", "a", "b", "under <20000 or <one"),
            ("<root><part><one sequence=1 x=\"un>a</one><two y>b</two></root>", "a", "b", ""),
            ("<root><part><one>a</one><two>b</two><words>hi</words></pa", "a", "b", "hi"),
            ("<?ROOT VERSION \"1.0\"?><?XML VERSION \"1.0\"?><root><part><one>a</one ><two>b</two", "a", "b", ""),
            ("<root><part><words><![CDATA[never closed</words><one>a</one><two>b</two>", "a", "b", "never closed"),
            ("<root><br><part><br/><one>a</one><br><two>b</two></p>", "a", "b", ""),
            ("<root><part><one><b>a</b></one><two>b</two></part>", "a", "b", ""),
        ] {
            let (root, _) = read(document);
            let part = root.child("root").and_then(|r| r.child("part")).cloned().unwrap_or_default();
            assert_eq!((part.value("one"), part.value("two"), part.value("words")), (one, two, words), "{document}");
        }
    }

    #[test]
    fn a_section_ends_the_section_before_it() {
        let (root, odd) = read("<root><part><holder><one>a</one><part><one>b</one></part></root>");
        assert_eq!(root.child("root").map(|r| r.children("part").count()), Some(2));
        assert!(odd.contains(&Oddity::EndTagMissing));
    }

    #[test]
    fn every_document_ends_soon_and_bounded() {
        let size = 256 * 1024;
        for piece in [
            "<",
            "&",
            "<a>",
            "<a ",
            "<a b=\"",
            "<!--",
            "<![CDATA[",
            "<!DOCTYPE [",
            "<?",
            "</",
            "</a",
            "<one>",
            "<words><",
            "<part>",
            "<a b='c' d=\"e\"",
            "]]>",
            "&#",
            "<root><part>",
            "a=\"b\" ",
            "\u{e9}<\u{e9}",
        ] {
            let document = piece.repeat(size / piece.len());
            for document in [document.clone(), format!("<root {document}>x</root>"), format!("<root><words>{document}")] {
                let begun = Instant::now();
                let (root, _) = read(&document);
                assert!(begun.elapsed() < Duration::from_secs(3), "{piece} took {:?}", begun.elapsed());
                assert!(root.all("a").len() <= MOST_ELEMENTS && root.all("one").len() <= MOST_ELEMENTS);
            }
        }
    }
}
