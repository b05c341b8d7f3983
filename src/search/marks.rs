//! By which marks is a record found? Words whole and their beginnings, pieces of numbers, whole identifiers: the same marks go to the
//! index and to the overlay, so that a record is found alike in both.

use super::{CustomerDoc, Doc, VehicleDoc};
use crate::domain::{email::Email, phone::Phone, vin::Vin};
use tantivy::tokenizer::{AsciiFoldingFilter, LowerCaser, RawTokenizer, TextAnalyzer};

/// Where a mark stands. Each is one field of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    /// Words of a person's or business's name.
    Name,
    /// Words that describe a car.
    Fact,
    /// Words that describe a car somebody drives.
    Car,
    Place,
    /// Parts of an e-mail address.
    Mail,
    /// Words of the tags a store puts on a person.
    Label,
    /// Words of the fields a store defined itself.
    Own,
    /// Beginnings of the words of the slots above, after the slot's letter.
    Start,
    /// Identifiers and their pieces, after a letter that says which: see [`Tag`].
    Tag,
}

pub(crate) const SLOTS: [Slot; 9] = [Slot::Name, Slot::Fact, Slot::Car, Slot::Place, Slot::Mail, Slot::Label, Slot::Own, Slot::Start, Slot::Tag];

impl Slot {
    pub(crate) fn number(self) -> usize {
        match self {
            Self::Name => 0,
            Self::Fact => 1,
            Self::Car => 2,
            Self::Place => 3,
            Self::Mail => 4,
            Self::Label => 5,
            Self::Own => 6,
            Self::Start => 7,
            Self::Tag => 8,
        }
    }

    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Fact => "fact",
            Self::Car => "car",
            Self::Place => "place",
            Self::Mail => "mail",
            Self::Label => "label",
            Self::Own => "own",
            Self::Start => "start",
            Self::Tag => "tag",
        }
    }

    /// Prefixes longer than this many letters are looked up among the whole words, of which few are left by then.
    pub(crate) fn longest_start(self) -> usize {
        match self {
            Self::Name | Self::Fact | Self::Car | Self::Place => 8,
            Self::Mail | Self::Label | Self::Own => 6,
            Self::Start | Self::Tag => 0,
        }
    }

    /// The mark in [`Slot::Start`] under which words of this slot that begin so are found.
    pub(crate) fn start(self, letters: &str) -> String {
        let letter = match self {
            Self::Name => 'n',
            Self::Fact => 'f',
            Self::Car => 'c',
            Self::Place => 'p',
            Self::Label => 'l',
            Self::Own => 'o',
            Self::Mail | Self::Start | Self::Tag => 'm',
        };
        format!("{letter}{letters}")
    }
}

/// What a mark in [`Slot::Tag`] is a piece of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    Stock,
    Number,
    Deal,
    RepairOrder,
    /// A licence plate, without its marks of writing.
    Plate,
    /// A stretch of letters or of digits of a plate: `8ABC123` is also found by `abc123` and `123`.
    PlatePart,
    /// A whole tag, words joined.
    Label,
    /// The key of a field of the store's own that has a value; with the whole value, see [`own_value`].
    Own,
    /// Such a key and a word of the value: see [`own_word`].
    OwnWord,
    /// Two words of one car that somebody drives, so that the Honda of one car and the 2019 of another are no 2019 Honda.
    CarPair,
    Email,
    /// Any three, four or five digits in a row of a phone number.
    PhonePiece,
    /// The last four digits of a phone number.
    PhoneEnd,
    PhoneWhole,
    /// Four characters of a VIN in a row and how many stand after them, none to four: two of them make any tail up to eight
    /// without a dictionary of millions of tails.
    VinPiece,
    /// The first nine characters.
    VinHead,
    /// What the record is, for lists: see [`KIND_CUSTOMER`] and the others.
    Kind,
}

impl Tag {
    pub(crate) fn mark(self, text: &str) -> String {
        format!("{}{text}", self.letter())
    }

    fn letter(self) -> char {
        match self {
            Self::Stock => 's',
            Self::Number => 'n',
            Self::Deal => 'd',
            Self::RepairOrder => 'r',
            Self::Plate => 'a',
            Self::PlatePart => 'b',
            Self::Label => 'l',
            Self::Own => 'o',
            Self::OwnWord => 'u',
            Self::CarPair => 'c',
            Self::Email => 'e',
            Self::PhonePiece => 'p',
            Self::PhoneEnd => 'q',
            Self::PhoneWhole => 'w',
            Self::VinPiece => 'v',
            Self::VinHead => 'h',
            Self::Kind => 'k',
        }
    }
}

pub(crate) const KIND_CUSTOMER: &str = "c";
pub(crate) const KIND_VEHICLE: &str = "v";
/// A car on the lot; it carries [`KIND_VEHICLE`] too.
pub(crate) const KIND_ON_LOT: &str = "l";

/// The marks of one record, a text a slot, marks parted by spaces.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    texts: [String; SLOTS.len()],
}

impl Marks {
    pub(crate) fn of(doc: &Doc) -> Self {
        let mut marks = Self::default();
        match doc {
            Doc::Customer(c) => marks.customer(c),
            Doc::Vehicle(v) => marks.vehicle(v),
        }
        marks
    }

    pub(crate) fn text(&self, slot: Slot) -> &str {
        &self.texts[slot.number()]
    }

    fn customer(&mut self, c: &CustomerDoc) {
        self.put(Slot::Tag, &Tag::Kind.mark(KIND_CUSTOMER));
        for part in [&c.name.first, &c.name.last] {
            self.name(part);
        }
        for part in [&c.name.middle, &c.name.suffix] {
            self.words(Slot::Name, part);
        }
        // "van der" is a part of the surname, whichever field a source put it in.
        if c.name.middle.starts_with(char::is_lowercase) {
            self.word(Slot::Name, &joined(&fold(&format!("{}{}", c.name.middle, c.name.last))));
        }
        if c.name.is_business || (c.name.first.is_empty() && c.name.last.is_empty()) {
            self.name(&c.name.full);
        }
        c.phones.iter().for_each(|p| self.phone(p));
        c.emails.iter().for_each(|e| self.email(e));
        c.numbers.iter().for_each(|n| self.number(Tag::Number, n));
        c.deals.iter().for_each(|n| self.number(Tag::Deal, n));
        c.repair_orders.iter().for_each(|n| self.number(Tag::RepairOrder, n));
        c.vins.iter().for_each(|v| self.vin(v));
        c.plates.iter().for_each(|p| self.plate(p));
        c.cars.iter().for_each(|label| self.driven(label));
        c.tags.iter().for_each(|tag| self.label(tag));
        c.fields.iter().for_each(|(key, value)| self.own(key, value));
        self.words(Slot::Place, &c.place);
    }

    fn vehicle(&mut self, v: &VehicleDoc) {
        self.put(Slot::Tag, &Tag::Kind.mark(KIND_VEHICLE));
        if v.on_lot {
            self.put(Slot::Tag, &Tag::Kind.mark(KIND_ON_LOT));
        }
        let facts = &v.facts;
        if let Some(year) = facts.year {
            self.word(Slot::Fact, &year.to_string());
            // "19 civic" is how a year is spoken.
            self.put(Slot::Fact, &format!("{:02}", year % 100));
        }
        for text in [&facts.make, &facts.model, &facts.trim, &facts.body, &facts.drivetrain, &facts.fuel, &facts.transmission, &facts.exterior_color]
        {
            self.words(Slot::Fact, text);
        }
        if facts.model.contains(' ') {
            self.word(Slot::Fact, &joined(&fold(&facts.model)));
        }
        if let Some(vin) = &v.vin {
            self.vin(vin);
        }
        self.stock(&v.stock);
        self.plate(&v.plate);
    }

    fn driven(&mut self, label: &str) {
        self.words(Slot::Car, label);
        for pair in car_pairs(label) {
            self.put(Slot::Tag, &pair);
        }
    }

    fn label(&mut self, tag: &str) {
        self.words(Slot::Label, tag);
        self.put(Slot::Tag, &Tag::Label.mark(&joined(&fold(tag))));
    }

    fn own(&mut self, key: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        self.words(Slot::Own, value);
        self.put(Slot::Tag, &Tag::Own.mark(key));
        self.put(Slot::Tag, &own_value(key, value));
        for word in words_of(&fold(value)) {
            self.put(Slot::Tag, &own_word(key, &word));
        }
    }

    fn plate(&mut self, plate: &str) {
        let plate = joined(&fold(plate));
        if plate.is_empty() {
            return;
        }
        self.put(Slot::Tag, &Tag::Plate.mark(&plate));
        for tail in plate_tails(&plate) {
            self.put(Slot::Tag, &Tag::PlatePart.mark(tail));
        }
    }

    /// A name of several words is also found when written as one: van der Berg, vanderberg.
    fn name(&mut self, text: &str) {
        self.words(Slot::Name, text);
        if text.contains(' ') {
            self.word(Slot::Name, &joined(&fold(text)));
        }
    }

    fn words(&mut self, slot: Slot, text: &str) {
        for word in words_of(&fold(text)) {
            self.word(slot, &word);
        }
    }

    fn word(&mut self, slot: Slot, word: &str) {
        if word.is_empty() || word.len() > LONGEST_MARK {
            return;
        }
        self.put(slot, word);
        for (at, c) in word.char_indices().take(slot.longest_start()) {
            self.put(Slot::Start, &slot.start(&word[..at + c.len_utf8()]));
        }
    }

    fn phone(&mut self, phone: &Phone) {
        let digits = phone.digits();
        for length in PIECES {
            for at in 0..=digits.len().saturating_sub(length) {
                if let Some(piece) = digits.get(at..at + length) {
                    self.put(Slot::Tag, &Tag::PhonePiece.mark(piece));
                }
            }
        }
        self.put(Slot::Tag, &Tag::PhoneEnd.mark(&digits[digits.len().saturating_sub(4)..]));
        self.put(Slot::Tag, &Tag::PhoneWhole.mark(digits));
    }

    fn email(&mut self, email: &Email) {
        let folded = fold(email.as_str());
        self.put(Slot::Tag, &Tag::Email.mark(&folded));
        let (local, domain) = folded.split_once('@').unwrap_or((&folded, ""));
        for word in words_of(local) {
            self.word(Slot::Mail, &word);
        }
        // The last label says nothing: half the store ends in "com".
        let labels = domain.rsplit_once('.').map_or(domain, |(labels, _)| labels);
        for label in labels.split('.') {
            self.word(Slot::Mail, &joined(label));
        }
    }

    /// `0004711` is also found as `4711`, `RO-88213` as `88213`.
    fn number(&mut self, tag: Tag, number: &str) {
        let number = joined(&fold(number));
        if number.is_empty() {
            return;
        }
        self.put(Slot::Tag, &tag.mark(&number));
        let bare = number.trim_start_matches(|c: char| c == '0' || c.is_ascii_alphabetic());
        if bare.len() != number.len() && !bare.is_empty() {
            self.put(Slot::Tag, &tag.mark(bare));
        }
    }

    /// `P24117A` is also found as `24117`.
    fn stock(&mut self, stock: &str) {
        let stock = joined(&fold(stock));
        if stock.is_empty() {
            return;
        }
        self.put(Slot::Tag, &Tag::Stock.mark(&stock));
        let digits: String = stock.chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= 4 && digits.len() < stock.len() {
            self.put(Slot::Tag, &Tag::Stock.mark(&digits));
        }
    }

    fn vin(&mut self, vin: &Vin) {
        for mark in all_vin_marks(&vin.as_str().to_ascii_lowercase()) {
            self.put(Slot::Tag, &mark);
        }
    }

    fn put(&mut self, slot: Slot, mark: &str) {
        if mark.len() > LONGEST_MARK || mark.contains(' ') {
            return;
        }
        let text = &mut self.texts[slot.number()];
        text.push_str(mark);
        text.push(' ');
    }
}

/// An e-mail address has at most 320 characters; nothing longer is a mark.
const LONGEST_MARK: usize = 400;

/// Lengths of the pieces of a phone number that are marks of their own. Longer fragments are several pieces.
const PIECES: std::ops::RangeInclusive<usize> = 3..=5;

/// The marks that all stand when a phone number holds these digits in a row; empty when there are too few.
pub(crate) fn phone_pieces(digits: &str) -> Vec<String> {
    let longest = *PIECES.end();
    let starts: Vec<usize> = match digits.len() {
        0..3 => return vec![],
        3..=5 => return vec![Tag::PhonePiece.mark(digits)],
        n => (0..=n - longest).step_by(longest).chain([n - longest]).collect(),
    };
    let mut pieces: Vec<String> = starts.into_iter().filter_map(|at| digits.get(at..at + longest)).map(|p| Tag::PhonePiece.mark(p)).collect();
    pieces.dedup();
    pieces
}

/// What remains of a plate from each place where letters and digits meet: `8abc123` leaves `abc123` and `123`.
fn plate_tails(plate: &str) -> impl Iterator<Item = &str> {
    let is_digit = |at: usize| plate.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    (1..plate.len()).filter(move |at| is_digit(*at) != is_digit(at - 1)).filter_map(|at| plate.get(at..)).filter(|tail| tail.len() >= 3)
}

/// The marks of every two words of a car's label, in a fixed order.
pub(crate) fn car_pairs(label: &str) -> Vec<String> {
    // A label of more words is a sentence.
    const MOST_WORDS: usize = 8;
    let mut words = words_of(&fold(label));
    words.sort_unstable();
    words.dedup();
    words.truncate(MOST_WORDS);
    let pairs = words.iter().enumerate().flat_map(|(at, one)| words[at + 1..].iter().map(move |other| (one, other)));
    pairs.map(|(one, other)| Tag::CarPair.mark(&format!("{one}+{other}"))).collect()
}

/// Every mark of a VIN, lower case.
fn all_vin_marks(vin: &str) -> Vec<String> {
    let mut marks: Vec<String> = (0..=4).map(|after| vin_piece(vin, after)).collect();
    marks.push(Tag::VinHead.mark(&vin[..9]));
    marks
}

fn vin_piece(text: &str, after: usize) -> String {
    let end = text.len() - after;
    Tag::VinPiece.mark(&format!("{after}{}", &text[end - 4..end]))
}

/// The marks that all stand when a VIN ends with this tail in lower case; empty when it is too short. A text of 17 is a whole VIN; of
/// tails from nine to sixteen characters the last eight are compared: year, plant and serial.
pub(crate) fn vin_marks(tail: &str) -> Vec<String> {
    let n = tail.len();
    if !tail.is_ascii() || n < 4 {
        return vec![];
    }
    let mut marks = vec![vin_piece(tail, 0)];
    if n > 4 {
        marks.push(vin_piece(tail, n.min(8) - 4));
    }
    if n == 17 {
        marks.push(Tag::VinHead.mark(&tail[..9]));
    }
    marks
}

/// The mark of a whole value in a field of the store's own. Marks of writing stay: `-5` is not `5`.
pub(crate) fn own_value(key: &str, value: &str) -> String {
    Tag::Own.mark(&format!("{key}={}", fold(value).split_whitespace().collect::<Vec<_>>().join("_")))
}

/// The mark of a word of such a value, or of its beginning.
pub(crate) fn own_word(key: &str, word: &str) -> String {
    Tag::OwnWord.mark(&format!("{key}={word}"))
}

/// Lower case, accents taken off.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut analyzer = TextAnalyzer::builder(RawTokenizer::default()).filter(LowerCaser).filter(AsciiFoldingFilter).build();
    let mut stream = analyzer.token_stream(text);
    if stream.advance() { stream.token().text.to_lowercase() } else { String::new() }
}

/// Letters and digits only.
pub(crate) fn joined(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Letters and digits between marks of writing.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty())
}

/// The words of a folded text; one with marks inside is found as one and by its parts: `cr-v` is `crv`, `cr` and `v`.
pub(crate) fn words_of(text: &str) -> Vec<String> {
    let mut words = vec![];
    for chunk in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | ';' | '(' | ')')) {
        let whole = joined(chunk);
        if whole.is_empty() {
            continue;
        }
        let mut pieces = parts(chunk);
        if pieces.next().is_some_and(|first| first.len() < whole.len()) {
            words.extend(parts(chunk).map(str::to_owned));
        }
        words.push(whole);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_marks_inside_is_one_word_and_its_parts() {
        for (text, words) in [
            ("cr-v ex-l", vec!["cr", "v", "crv", "ex", "l", "exl"]),
            ("o'brien", vec!["o", "brien", "obrien"]),
            ("civic", vec!["civic"]),
            ("", vec![]),
        ] {
            assert_eq!(words_of(text), words, "{text}");
        }
    }

    #[test]
    fn accents_do_not_keep_a_person_from_being_found() {
        assert_eq!(fold("José Núñez-ÅBERG Weiß"), "jose nunez-aberg weiss");
    }

    #[test]
    fn every_fragment_of_a_number_is_made_of_its_own_pieces() {
        let mut marks = Marks::default();
        let digits = "2075550148";
        marks.phone(&Phone::parse(digits).unwrap_or_else(|| panic!("phone")));
        let all: Vec<&str> = marks.text(Slot::Tag).split(' ').collect();
        for from in 0..digits.len() {
            for to in from + 3..=digits.len() {
                for piece in phone_pieces(&digits[from..to]) {
                    assert!(all.contains(&piece.as_str()), "{}: {piece}", &digits[from..to]);
                }
            }
        }
        assert!(phone_pieces("2075550148").len() == 2 && phone_pieces("55").is_empty());
    }

    #[test]
    fn every_tail_of_a_vin_is_made_of_its_own_marks() {
        let vin = "1hgcm82633a004352";
        let all = all_vin_marks(vin);
        for from in 0..=vin.len() - 4 {
            assert!(vin_marks(&vin[from..]).iter().all(|m| all.contains(m)), "{}", &vin[from..]);
        }
        assert!(vin_marks("352").is_empty());
    }
}
