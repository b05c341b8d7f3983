//! In what do two people agree, and how closely?

use super::{
    census,
    person::{Mail, Name, Person, Place},
    words::{folded, likeness, slips, sound},
};
use crate::domain::nicknames;
use std::collections::BTreeSet;

/// The fields that are weighed, in the order of a [`Pattern`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Field {
    First,
    Last,
    Middle,
    Birth,
    Phone,
    Email,
    Number,
    Street,
    Door,
    Place,
}

pub(super) const FIELDS: [Field; 10] =
    [Field::First, Field::Last, Field::Middle, Field::Birth, Field::Phone, Field::Email, Field::Number, Field::Street, Field::Door, Field::Place];

/// How closely each field agrees: the level, or 0 where one of the two does not say. The levels of a field are the modules below.
pub(super) type Pattern = [u8; FIELDS.len()];

/// Levels of the given name.
pub(super) mod first {
    pub(in super::super) const SAME: u8 = 1;
    pub(in super::super) const CALLED: u8 = 2;
    pub(in super::super) const SLIP: u8 = 3;
    pub(in super::super) const INITIAL: u8 = 4;
    pub(in super::super) const ALIKE: u8 = 5;
    pub(in super::super) const OTHER: u8 = 6;
    /// Given name and surname stand in each other's place.
    pub(in super::super) const SWAPPED: u8 = 7;
    /// As far as both say: one of the two stands in the other's place.
    pub(in super::super) const HALF_SWAPPED: u8 = 8;
}

/// Levels of surname, street and door.
pub(super) mod word {
    pub(in super::super) const SAME: u8 = 1;
    pub(in super::super) const SLIP: u8 = 2;
    /// One is a part of the other, or stands on the other line.
    pub(in super::super) const PART: u8 = 3;
    pub(in super::super) const ALIKE: u8 = 4;
    pub(in super::super) const OTHER: u8 = 5;
}

/// Levels of the middle name.
pub(super) mod middle {
    pub(in super::super) const SAME: u8 = 1;
    pub(in super::super) const INITIAL: u8 = 2;
    pub(in super::super) const OTHER: u8 = 3;
}

/// Levels of the day of birth.
pub(super) mod birth {
    pub(in super::super) const SAME: u8 = 1;
    /// Day and month changed places.
    pub(in super::super) const TURNED: u8 = 2;
    pub(in super::super) const SLIP: u8 = 3;
    /// Two of year, month and day.
    pub(in super::super) const TWO_PARTS: u8 = 4;
    pub(in super::super) const NEAR: u8 = 5;
    pub(in super::super) const OTHER: u8 = 6;
}

/// Levels of phone and number of the house.
pub(super) mod digits {
    pub(in super::super) const SAME: u8 = 1;
    pub(in super::super) const SLIP: u8 = 2;
    pub(in super::super) const OTHER: u8 = 3;
}

/// Levels of the email address.
pub(super) mod email {
    pub(in super::super) const SAME: u8 = 1;
    pub(in super::super) const SLIP: u8 = 2;
    /// The same before the sign, behind it another provider.
    pub(in super::super) const LOCAL: u8 = 3;
    pub(in super::super) const ALIKE: u8 = 4;
    pub(in super::super) const OTHER: u8 = 5;
}

/// Levels of town and postal code together: the one nearly follows from the other, so they are not weighed apart.
pub(super) mod place {
    pub(in super::super) const SAME: u8 = 1;
    pub(in super::super) const ZIP_TOWN_SLIP: u8 = 2;
    pub(in super::super) const ZIP_ONLY: u8 = 3;
    pub(in super::super) const ZIP_OTHER_TOWN: u8 = 4;
    pub(in super::super) const ZIP_SLIP_TOWN: u8 = 5;
    pub(in super::super) const ZIP_SLIP_ONLY: u8 = 6;
    pub(in super::super) const ZIP_SLIP_OTHER_TOWN: u8 = 7;
    pub(in super::super) const TOWN_OTHER_ZIP: u8 = 8;
    pub(in super::super) const TOWN_SLIP_OTHER_ZIP: u8 = 9;
    pub(in super::super) const TOWN_ONLY: u8 = 10;
    pub(in super::super) const REGION_ONLY: u8 = 11;
    pub(in super::super) const OTHER: u8 = 12;
}

/// The number of levels of a field, and one for "not said".
pub(super) fn levels(field: Field) -> usize {
    match field {
        Field::First => 9,
        Field::Last | Field::Street | Field::Door | Field::Email => 6,
        Field::Middle | Field::Phone | Field::Number => 4,
        Field::Birth => 7,
        Field::Place => 13,
    }
}

/// What two people agree in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Agreement<'a> {
    pub(super) pattern: Pattern,
    /// The names that agree best, of either.
    pub(super) names: Option<(&'a Name, &'a Name)>,
    pub(super) same_number: Option<&'a (String, String)>,
    pub(super) same_home: bool,
    /// Sr and Jr, II and III.
    pub(super) other_generation: bool,
    /// One is a Jr, of the other it is not said.
    pub(super) half_generation: bool,
}

impl Agreement<'_> {
    pub(super) fn level(&self, field: Field) -> u8 {
        self.pattern[field as usize]
    }
}

/// Values so many share that they tell nobody from anybody.
pub(super) type Crowded = BTreeSet<String>;

pub(super) fn compare<'a>(a: &'a Person, b: &'a Person, crowded: &Crowded) -> Agreement<'a> {
    let mut pattern: Pattern = [0; FIELDS.len()];
    let names = closest_names(a, b);
    if let Some((left, right, levels)) = names {
        pattern[Field::First as usize] = levels.0;
        pattern[Field::Last as usize] = levels.1;
        pattern[Field::Middle as usize] = middle_level(left, right);
    }
    if a.is_business() && b.is_business() {
        pattern[Field::Last as usize] = word_level(&a.firm, &b.firm);
    }
    pattern[Field::Birth as usize] = best(&a.births, &b.births, |x, y| birth_level(*x, *y));
    pattern[Field::Phone as usize] = best(&a.phones, &b.phones, |x, y| match digits_level(x, y) {
        digits::SAME | digits::SLIP if crowded.contains(x) || crowded.contains(y) => 0,
        level => level,
    });
    pattern[Field::Email as usize] = best(&a.mails, &b.mails, |x, y| match mail_level(x, y) {
        email::OTHER => email::OTHER,
        _ if is_crowded(x, crowded) || is_crowded(y, crowded) => 0,
        level => level,
    });
    if follows_from_the_name(pattern[Field::Email as usize], names.map(|(x, y, _)| (x, y)), [&a.mails, &b.mails]) {
        pattern[Field::Email as usize] = 0;
    }
    let mut same_home = false;
    let mut weight = 0;
    for (x, y) in a.places.iter().flat_map(|x| b.places.iter().map(move |y| (x, y))) {
        same_home |= x.home.is_some() && x.home == y.home;
        let (number, street, door, place) = place_levels(x, y);
        let agreeing = 4 * u32::from(word::OTHER.saturating_sub(street) * u8::from(street > 0))
            + 3 * u32::from(digits::OTHER.saturating_sub(number) * u8::from(number > 0))
            + u32::from(place::OTHER.saturating_sub(place) * u8::from(place > 0))
            + 1;
        if agreeing > weight {
            weight = agreeing;
            pattern[Field::Number as usize] = number;
            pattern[Field::Street as usize] = street;
            pattern[Field::Door as usize] = door;
            pattern[Field::Place as usize] = place;
        }
    }
    let generations = names.map(|(x, y, _)| (x.generation, y.generation));
    Agreement {
        pattern,
        names: names.map(|(x, y, _)| (x, y)),
        same_number: a.numbers.iter().find(|n| b.numbers.contains(n)),
        same_home,
        other_generation: matches!(generations, Some((Some(x), Some(y))) if x != y),
        half_generation: matches!(generations, Some((Some(_), None) | (None, Some(_)))),
    }
}

pub(super) fn is_crowded(mail: &Mail, crowded: &Crowded) -> bool {
    !crowded.is_empty() && crowded.contains(&mail_text(mail))
}

pub(super) fn mail_text(mail: &Mail) -> String {
    format!("{}@{}", mail.local, mail.domain)
}

/// The least level that is not 0; 0 where nothing can be compared.
fn best<T>(a: &[T], b: &[T], level: impl Fn(&T, &T) -> u8) -> u8 {
    a.iter().flat_map(|x| b.iter().map(move |y| (x, y))).map(|(x, y)| level(x, y)).filter(|l| *l > 0).min().unwrap_or(0)
}

fn closest_names<'a>(a: &'a Person, b: &'a Person) -> Option<(&'a Name, &'a Name, (u8, u8))> {
    let pairs = a.names.iter().flat_map(|x| b.names.iter().map(move |y| (x, y)));
    pairs.map(|(x, y)| (x, y, name_levels(x, y))).min_by_key(|(.., (f, l))| distance(*f, *l))
}

/// How far apart two names are, only to tell which of several go together best.
fn distance(first: u8, last: u8) -> u8 {
    let given = match first {
        first::SAME => 0,
        first::CALLED | first::SLIP | first::SWAPPED => 1,
        first::INITIAL | first::HALF_SWAPPED => 2,
        first::ALIKE | 0 => 4,
        _ => 8,
    };
    let family = match last {
        word::SAME => 0,
        word::SLIP => 1,
        word::PART => 2,
        0 => 3,
        word::ALIKE => 4,
        _ => 6,
    };
    given + family
}

fn name_levels(a: &Name, b: &Name) -> (u8, u8) {
    let straight = (given_level(a, b), last_level(a, b));
    let clear = |level: u8| level == word::SAME || level == word::SLIP;
    if straight.0 == first::SAME || (straight.0 != 0 && straight.0 < first::ALIKE && clear(straight.1)) {
        return straight;
    }
    let crossed = (word_level(&a.first, &b.last), word_level(&a.last, &b.first));
    match crossed {
        (x, y) if clear(x) && clear(y) => (first::SWAPPED, 0),
        // The other half is unknown or only begun: "mason, m" and "madeline mason".
        (x, y) if straight.1 != word::SAME && ((clear(x) && may_be_begun(&a.last, &b.first)) || (clear(y) && may_be_begun(&a.first, &b.last))) => {
            (first::HALF_SWAPPED, 0)
        }
        (_, _) => straight,
    }
}

fn may_be_begun(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short.is_empty() || (short.len() == 1 && long.starts_with(short)) || word_level(one, other) == word::ALIKE
}

/// Some go by their middle name.
fn given_level(a: &Name, b: &Name) -> u8 {
    let level = first_level(&a.first, &b.first);
    let by_middle = |middle: &str, given: &str| middle.len() > 2 && middle == given;
    if level == first::OTHER && (by_middle(&a.middle, &b.first) || by_middle(&b.middle, &a.first)) { first::CALLED } else { level }
}

pub(super) fn first_level(a: &str, b: &str) -> u8 {
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    if a == b {
        return first::SAME;
    }
    if a.len() == 1 || b.len() == 1 {
        return if a.as_bytes()[0] == b.as_bytes()[0] { first::INITIAL } else { first::OTHER };
    }
    if nicknames::go_together(a, b) {
        return first::CALLED;
    }
    let typed = slips(a, b);
    let alike = likeness(a, b, 820);
    // Mark and Mary, Eric and Erica: one letter apart and two people. A slip seldom makes another known name that sounds otherwise.
    if (typed <= 2 || alike >= 820) && census::first_share(a).is_some() && census::first_share(b).is_some() && sound(a) != sound(b) {
        return if alike >= 850 { first::ALIKE } else { first::OTHER };
    }
    let shorter = a.len().min(b.len());
    if (typed <= 1 && shorter >= 3) || (typed <= 2 && shorter >= 5) || alike >= 930 {
        return first::SLIP;
    }
    if alike >= 820 || (shorter >= 3 && (a.starts_with(b) || b.starts_with(a))) { first::ALIKE } else { first::OTHER }
}

fn last_level(a: &Name, b: &Name) -> u8 {
    let level = word_level(&a.last, &b.last);
    if level < word::ALIKE {
        return level;
    }
    let part = |of: &Name, whole: &str| of.last_parts.iter().any(|p| p.len() > 2 && p == whole);
    let shared = a.last_parts.iter().any(|p| p.len() > 3 && b.last_parts.contains(p));
    if part(a, &b.last) || part(b, &a.last) || shared { word::PART } else { level }
}

pub(super) fn word_level(a: &str, b: &str) -> u8 {
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    if a == b {
        return word::SAME;
    }
    let typed = slips(a, b);
    let shorter = a.len().min(b.len());
    if (typed <= 1 && shorter >= 3) || (typed <= 2 && shorter >= 6) {
        return word::SLIP;
    }
    let alike = likeness(a, b, 850);
    if alike >= 940 {
        return word::SLIP;
    }
    if alike >= 850 { word::ALIKE } else { word::OTHER }
}

fn middle_level(a: &Name, b: &Name) -> u8 {
    match (a.middle.chars().next(), b.middle.chars().next()) {
        (None, _) | (_, None) => 0,
        (Some(_), Some(_)) if a.middle == b.middle => middle::SAME,
        (Some(x), Some(y)) if x == y && (a.middle.len() == 1 || b.middle.len() == 1) => middle::INITIAL,
        (Some(_), Some(_)) if slips(&a.middle, &b.middle) <= 1 && a.middle.len() > 2 => middle::SAME,
        (Some(_), Some(_)) => middle::OTHER,
    }
}

fn birth_level(a: [u8; 8], b: [u8; 8]) -> u8 {
    if a == b {
        return birth::SAME;
    }
    let same = |from: usize, to: usize| a[from..to] == b[from..to];
    if same(0, 4) && a[4..6] == b[6..8] && a[6..8] == b[4..6] {
        return birth::TURNED;
    }
    let differing = a.iter().zip(&b).filter(|(x, y)| x != y).count();
    let turned = differing == 2 && (0..7).any(|n| a[n] == b[n + 1] && a[n + 1] == b[n] && a[n] != a[n + 1]);
    if differing == 1 || turned {
        return birth::SLIP;
    }
    let (year, month, day) = (same(0, 4), same(4, 6), same(6, 8));
    if u8::from(year) + u8::from(month) + u8::from(day) >= 2 {
        return birth::TWO_PARTS;
    }
    if differing <= 3 || year { birth::NEAR } else { birth::OTHER }
}

fn digits_level(a: &str, b: &str) -> u8 {
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    if a == b {
        return digits::SAME;
    }
    // A local number is the end of the full one.
    if a.len().min(b.len()) == 7 && a.len().max(b.len()) == 10 && (a.ends_with(b) || b.ends_with(a)) {
        return digits::SLIP;
    }
    if slips(a, b) == 1 { digits::SLIP } else { digits::OTHER }
}

fn mail_level(a: &Mail, b: &Mail) -> u8 {
    let local = slips(&a.local, &b.local);
    let domain = || slips(&a.domain, &b.domain);
    // Another number after one name is another address: pricej31 and pricej66 are namesakes.
    let same_digits = || local == 0 || digits_of(&a.local).eq(digits_of(&b.local));
    match local {
        0 if a.domain == b.domain => email::SAME,
        0..=2 if a.local.len() > 3 && local + domain() <= 2 && same_digits() => email::SLIP,
        0 if a.local.len() > 3 => email::LOCAL,
        1 if a.local.len() > 7 && same_digits() => email::LOCAL,
        _ if likeness(&a.local, &b.local, 900) >= 900 => email::ALIKE,
        _ => email::OTHER,
    }
}

fn digits_of(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_digit)
}

/// Two of one name have addresses that are alike, because people make them of their names: that is no further agreement.
fn follows_from_the_name(level: u8, names: Option<(&Name, &Name)>, mails: [&Vec<Mail>; 2]) -> bool {
    if !matches!(level, email::ALIKE | email::LOCAL) {
        return false;
    }
    let Some((x, y)) = names.filter(|(x, y)| !x.last.is_empty() && word_level(&x.last, &y.last) <= word::SLIP) else { return false };
    let only_name = |mail: &Mail| {
        let letters = folded(&mail.local);
        let named = [x, y].into_iter().any(|n| letters.contains(&n.last) || (n.first.len() > 2 && letters.contains(&n.first)));
        named && !letters.bytes().any(|b| b.is_ascii_digit())
    };
    level == email::ALIKE || (level == email::LOCAL && mails.into_iter().flatten().any(only_name))
}

fn place_levels(a: &Place, b: &Place) -> (u8, u8, u8, u8) {
    let number = match (a.house.number.as_str(), b.house.number.as_str()) {
        ("", _) | (_, "") => 0,
        (x, y) if x == y => digits::SAME,
        (x, y) if slips(x, y) == 1 && x.len().max(y.len()) > 1 => digits::SLIP,
        (_, _) => digits::OTHER,
    };
    let (mut street, mut door) = (word_level(&a.house.street, &b.house.street), word_level(&a.house.door, &b.house.door));
    if street >= word::ALIKE || street == 0 {
        let near = |level: u8| level == word::SAME || level == word::SLIP;
        let (across, back) = (word_level(&a.house.street, &b.house.door), word_level(&a.house.door, &b.house.street));
        let is_long = a.house.street.len().max(b.house.street.len()) > 4;
        if (near(across) || near(back)) && is_long {
            street = word::PART;
            door = if near(across) && near(back) { word::SAME } else { 0 };
        }
    }
    (number, street, door, town_level(a, b))
}

fn town_level(a: &Place, b: &Place) -> u8 {
    let town = word_level(&a.city, &b.city);
    let zip = match (a.zip.as_str(), b.zip.as_str()) {
        ("", _) | (_, "") => 0,
        (x, y) if x == y => digits::SAME,
        (x, y) if slips(x, y) == 1 => digits::SLIP,
        (_, _) => digits::OTHER,
    };
    let town_same = town == word::SAME;
    let town_near = town == word::SLIP;
    let same_region = !a.region.is_empty() && a.region == b.region;
    match (zip, town) {
        (0, 0) if a.region.is_empty() || b.region.is_empty() => 0,
        (digits::SAME, _) if town_same => place::SAME,
        (digits::SAME, _) if town_near => place::ZIP_TOWN_SLIP,
        (digits::SAME, 0) => place::ZIP_ONLY,
        (digits::SAME, _) => place::ZIP_OTHER_TOWN,
        (digits::SLIP, _) if town_same || town_near => place::ZIP_SLIP_TOWN,
        (digits::SLIP, 0) => place::ZIP_SLIP_ONLY,
        (digits::SLIP, _) => place::ZIP_SLIP_OTHER_TOWN,
        (0, _) if town_same => place::TOWN_ONLY,
        (_, _) if town_same => place::TOWN_OTHER_ZIP,
        (_, _) if town_near => place::TOWN_SLIP_OTHER_ZIP,
        (_, _) if same_region => place::REGION_ONLY,
        (_, _) => place::OTHER,
    }
}
