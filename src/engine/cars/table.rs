//! What did the makers tell the road safety administration? The vPIC patterns, packed; read where they lie.
//!
//! `vpic.bin` is one zlib stream, its sum at the end checked: the lengths of four parts as little-endian u32, then the parts. Counts, and
//! places in other parts, are little-endian u16; a length within a row is a byte.
//!
//! | part | holds |
//! |---|---|
//! | makes | one name a line |
//! | values | one a line: a letter for what it is, then its text; a model ends with a tab and the places of its makes |
//! | makers | code of 3 or 6 characters after its length, its makes, its schemas, each with its first and last year from 1980; by code |
//! | schemas | a count of groups; each a pattern and the values it stands for, either after its length |
//!
//! A pattern is compared with positions 4 to 8, a bar, and positions 10 to 17: `*` is any character, `[A-CF]` one of those.
//! `tests/house/vpic.rs` writes the file.

use std::{io::Read as _, sync::LazyLock};

/// Where a schema has no last year.
const OPEN_END: u8 = 255;
/// Years are kept as one byte from here.
pub(super) const FIRST_YEAR: u16 = 1980;

/// The unpacked patterns: 1.5 MB and 70 KB of places in it.
#[derive(Debug, Default)]
pub(super) struct Table {
    bytes: Vec<u8>,
    makes: Vec<Stretch>,
    values: Vec<Stretch>,
    makers: Vec<Maker>,
    schemas: Vec<Stretch>,
    pub(super) newest_year: u16,
}

#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: usize,
    to: usize,
}

#[derive(Debug)]
struct Maker {
    code: Stretch,
    makes: Stretch,
    schemas: Stretch,
}

/// What the patterns say, in the words of the makers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Read<'t> {
    pub(super) make: Option<&'t str>,
    pub(super) model: Option<&'t str>,
    pub(super) series: Option<&'t str>,
    pub(super) trim: Option<&'t str>,
    pub(super) body: Option<&'t str>,
    pub(super) drive: Option<&'t str>,
    pub(super) fuel: Option<&'t str>,
    pub(super) cylinders: Option<&'t str>,
    pub(super) liters: Option<&'t str>,
}

/// The kinds of values, by the letter that a value begins with.
const KINDS: &[u8; 8] = b"mstbdfcl";

impl Table {
    /// The one inside the program, unpacked when it is first asked.
    pub(super) fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Table> = LazyLock::new(|| Table::unpack(include_bytes!("vpic.bin")));
        &SHIPPED
    }

    /// Empty where the bytes are not whole; a test sees to it that those of the program are.
    fn unpack(packed: &[u8]) -> Self {
        const UNPACKED_MOST: u64 = 8 << 20;
        let mut bytes = Vec::with_capacity(2 << 20);
        let whole = flate2::read::ZlibDecoder::new(packed).take(UNPACKED_MOST).read_to_end(&mut bytes);
        whole.ok().and_then(|_| Self::laid_out(bytes)).unwrap_or_default()
    }

    fn laid_out(bytes: Vec<u8>) -> Option<Self> {
        let mut head = Cursor { bytes: &bytes, at: 0 };
        let lengths = [head.u32()?, head.u32()?, head.u32()?, head.u32()?];
        let mut from = head.at;
        let parts = lengths.map(|length| {
            let part = Stretch { from, to: from.saturating_add(length) };
            from = part.to;
            part
        });
        let [makes, values, makers, schemas] = parts;
        if from != bytes.len() {
            return None;
        }
        let (makers, newest) = lay_out_makers(&bytes, makers)?;
        let (makes, values, schemas) = (lines(&bytes, makes), lines(&bytes, values), lay_out_schemas(&bytes, schemas)?);
        Some(Self { makes, values, makers, schemas, newest_year: FIRST_YEAR + u16::from(newest), bytes })
    }

    /// What the patterns of this maker say of the number in this model year.
    pub(super) fn read(&self, wmi: &str, year: u16, vin: &str) -> Read<'_> {
        let Some(maker) = self.maker(wmi) else { return Read::default() };
        let Some(keys) = Keys::of(vin) else { return Read::default() };
        let mut best: [(u32, Option<u16>); KINDS.len()] = [(0, None); KINDS.len()];
        for schema in self.schemas_of(maker, year) {
            self.match_all(schema, &keys, &mut best);
        }
        let text = |kind: usize| best.get(kind).and_then(|(_, value)| *value).and_then(|value| self.value(value)).map(|line| line.text);
        let model = best.first().and_then(|(_, value)| *value).and_then(|value| self.value(value));
        let make = model.and_then(|model| self.make_of(maker, model)).or_else(|| self.only_make(wmi));
        Read {
            make,
            model: text(0),
            series: text(1),
            trim: text(2),
            body: text(3),
            drive: text(4),
            fuel: text(5),
            cylinders: text(6),
            liters: text(7),
        }
    }

    /// The make, where this code belongs to one alone.
    pub(super) fn only_make(&self, wmi: &str) -> Option<&str> {
        let mut makes = self.numbers(self.maker(wmi)?.makes);
        makes.next().filter(|_| makes.next().is_none()).and_then(|make| self.make(make))
    }

    /// Every make and model that was filed for a model year, in the words of the makers, most of them many times.
    pub(super) fn models(&self, year: u16) -> Vec<(&str, &str)> {
        let mut found = Vec::new();
        for maker in &self.makers {
            for schema in self.schemas_of(maker, year) {
                let mut cursor = Cursor { bytes: self.bytes.get(..schema.to).unwrap_or_default(), at: schema.from };
                let groups = std::iter::from_fn(|| cursor.group()).flat_map(|(_, values)| values.chunks_exact(2));
                let values = groups.filter_map(|pair| pair.try_into().ok().map(u16::from_le_bytes)).filter_map(|value| self.value(value));
                let models = values.filter(|value| KINDS.first() == Some(&value.kind));
                found.extend(
                    models.filter_map(|model| Some((self.make_of(maker, model).or_else(|| self.only_make(self.text(maker.code)))?, model.text))),
                );
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn maker(&self, wmi: &str) -> Option<&Maker> {
        let at = self.makers.binary_search_by(|maker| self.text(maker.code).cmp(wmi)).ok()?;
        self.makers.get(at)
    }

    fn schemas_of<'t>(&'t self, maker: &Maker, year: u16) -> impl Iterator<Item = Stretch> + use<'t> {
        let mut cursor = Cursor { bytes: self.bytes.get(..maker.schemas.to).unwrap_or_default(), at: maker.schemas.from };
        std::iter::from_fn(move || Some((cursor.u16()?, cursor.u8()?, cursor.u8()?)))
            .filter(move |(_, first, last)| {
                let is_open = *last == OPEN_END;
                FIRST_YEAR + u16::from(*first) <= year && (is_open || year <= FIRST_YEAR + u16::from(*last))
            })
            .filter_map(|(schema, _, _)| self.schemas.get(usize::from(schema)).copied())
    }

    /// Takes each value of the schema whose pattern fits and is more exact than what stood there.
    fn match_all(&self, schema: Stretch, keys: &Keys, best: &mut [(u32, Option<u16>); KINDS.len()]) {
        let mut cursor = Cursor { bytes: self.bytes.get(..schema.to).unwrap_or_default(), at: schema.from };
        while let Some((pattern, values)) = cursor.group() {
            let Some(exact) = keys.fit(pattern) else { continue };
            for value in values.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(u16::from_le_bytes)) {
                let Some(place) = self.value(value).and_then(|v| KINDS.iter().position(|kind| *kind == v.kind)).and_then(|at| best.get_mut(at))
                else {
                    continue;
                };
                if place.1.is_none() || exact >= place.0 {
                    *place = (exact, Some(value));
                }
            }
        }
    }

    /// Of the makes that have a model of this name, the one that this code belongs to.
    fn make_of(&self, maker: &Maker, model: Value<'_>) -> Option<&str> {
        let mut of_model = model.makes.split(',').filter_map(|place| place.parse::<u16>().ok());
        let here = of_model.clone().find(|make| self.numbers(maker.makes).any(|m| m == *make));
        here.or_else(|| of_model.next().filter(|_| !model.makes.contains(','))).and_then(|make| self.make(make))
    }

    fn make(&self, at: u16) -> Option<&str> {
        self.makes.get(usize::from(at)).map(|line| self.text(*line))
    }

    fn value(&self, at: u16) -> Option<Value<'_>> {
        let line = self.text(*self.values.get(usize::from(at))?);
        let (kind, rest) = (*line.as_bytes().first()?, line.get(1..)?);
        let (text, makes) = rest.split_once('\t').unwrap_or((rest, ""));
        Some(Value { kind, text, makes })
    }

    fn text(&self, stretch: Stretch) -> &str {
        self.bytes.get(stretch.from..stretch.to).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn numbers(&self, stretch: Stretch) -> impl Iterator<Item = u16> {
        let bytes = self.bytes.get(stretch.from..stretch.to).unwrap_or_default();
        bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(u16::from_le_bytes))
    }
}

#[derive(Clone, Copy)]
struct Value<'t> {
    kind: u8,
    text: &'t str,
    /// Of a model: the places of its makes, parted by commas.
    makes: &'t str,
}

fn lines(bytes: &[u8], part: Stretch) -> Vec<Stretch> {
    let mut from = part.from;
    let text = bytes.get(part.from..part.to).unwrap_or_default();
    text.split(|b| *b == b'\n')
        .map(|line| {
            let here = Stretch { from, to: from + line.len() };
            from = here.to + 1;
            here
        })
        .collect()
}

/// The makers, and the newest year that any of their schemas begins with.
fn lay_out_makers(bytes: &[u8], part: Stretch) -> Option<(Vec<Maker>, u8)> {
    let mut cursor = Cursor { bytes: bytes.get(..part.to)?, at: part.from };
    let (mut makers, mut newest) = (Vec::new(), 0);
    while cursor.at < part.to {
        let length = usize::from(cursor.u8()?);
        let code = cursor.stretch(length)?;
        let makes = usize::from(cursor.u16()?);
        let makes = cursor.stretch(makes * 2)?;
        let schemas = usize::from(cursor.u16()?);
        let schemas = cursor.stretch(schemas * 4)?;
        let first_years = bytes.get(schemas.from..schemas.to)?.chunks_exact(4).filter_map(|row| row.get(2).copied());
        newest = first_years.max().unwrap_or(0).max(newest);
        makers.push(Maker { code, makes, schemas });
    }
    Some((makers, newest))
}

fn lay_out_schemas(bytes: &[u8], part: Stretch) -> Option<Vec<Stretch>> {
    let mut cursor = Cursor { bytes: bytes.get(..part.to)?, at: part.from };
    let mut schemas = Vec::new();
    while cursor.at < part.to {
        let groups = cursor.u16()?;
        let from = cursor.at;
        for _ in 0..groups {
            cursor.group()?;
        }
        schemas.push(Stretch { from, to: cursor.at });
    }
    Some(schemas)
}

struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Cursor<'b> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let taken = self.bytes.get(self.at..)?.first_chunk::<N>()?;
        self.at += N;
        Some(*taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take::<1>().map(|[b]| b)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<usize> {
        self.take().map(u32::from_le_bytes).and_then(|n| usize::try_from(n).ok())
    }

    fn slice(&mut self, length: usize) -> Option<&'b [u8]> {
        let slice = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(slice)
    }

    fn stretch(&mut self, length: usize) -> Option<Stretch> {
        let from = self.at;
        self.slice(length).map(|_| Stretch { from, to: self.at })
    }

    /// A pattern and the bytes of its values: each of the two after its length.
    fn group(&mut self) -> Option<(&'b [u8], &'b [u8])> {
        let length = usize::from(self.u8()?);
        let pattern = self.slice(length)?;
        let values = usize::from(self.u8()?);
        Some((pattern, self.slice(values * 2)?))
    }
}

/// The characters that patterns are compared with.
struct Keys([u8; 14]);

impl Keys {
    fn of(vin: &str) -> Option<Self> {
        let vin: &[u8; 17] = vin.as_bytes().try_into().ok()?;
        let mut keys = [b'|'; 14];
        let places = (3..8).chain(9..17).zip((0..5).chain(6..14));
        for (from, to) in places {
            *keys.get_mut(to)? = *vin.get(from)?;
        }
        Some(Self(keys))
    }

    /// How exactly the pattern names these characters; `None` where it does not fit. One that is shorter fits whatever follows.
    /// A character named alone counts for a little more than one of several.
    fn fit(&self, pattern: &[u8]) -> Option<u32> {
        const ONE: u32 = 17;
        const ONE_OF_SEVERAL: u32 = 16;
        let mut exact = 0;
        let mut rest = pattern;
        for key in self.0 {
            rest = match rest {
                [] => break,
                [b'*' | b'_', after @ ..] => after,
                [b'[', after @ ..] => {
                    let end = after.iter().position(|b| *b == b']')?;
                    let (class, after) = after.split_at_checked(end)?;
                    if !is_in(class, key) {
                        return None;
                    }
                    exact += ONE_OF_SEVERAL;
                    after.get(1..)?
                }
                [b, after @ ..] if *b == key => {
                    exact += if key == b'|' { 0 } else { ONE };
                    after
                }
                _ => return None,
            };
        }
        rest.is_empty().then_some(exact)
    }
}

/// `A-CF`: one of A, B, C, F.
fn is_in(class: &[u8], key: u8) -> bool {
    let mut rest = class;
    loop {
        rest = match rest {
            [] => return false,
            [from, b'-', to, after @ ..] => {
                if (*from..=*to).contains(&key) {
                    return true;
                }
                after
            }
            [one, after @ ..] => {
                if *one == key {
                    return true;
                }
                after
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_program_is_whole() {
        let table = Table::shipped();
        assert!(table.makers.len() > 800 && table.schemas.len() > 6_000 && table.values.len() > 10_000, "{} makers", table.makers.len());
        assert!(table.newest_year >= 2026);
        assert!(table.makers.is_sorted_by_key(|maker| table.text(maker.code).to_owned()));
    }

    #[test]
    fn bytes_that_are_cut_or_changed_are_no_table() {
        let mut packed = include_bytes!("vpic.bin").to_vec();
        assert!(Table::unpack(packed.get(..packed.len() - 9).unwrap()).makers.is_empty());
        packed[1000] ^= 0x10;
        assert!(Table::unpack(&packed).makers.is_empty());
        assert!(Table::unpack(b"").makers.is_empty());
    }

    #[test]
    fn a_pattern_is_read_as_the_administration_means_it() {
        let keys = Keys::of("1HGCM82633A004352").unwrap();
        for (pattern, fits) in [
            ("CM8", true),
            ("CM[5-9]2", true),
            ("CM[A5-9]*6", true),
            ("CM[A-Z]", false),
            ("CM82*|3A", true),
            ("CM82*|3[B-D]", false),
            ("*****|*A0", true),
            ("", true),
            ("CM[8", false),
            ("CM826|3A004352X", false),
        ] {
            assert_eq!(keys.fit(pattern.as_bytes()).is_some(), fits, "{pattern}");
        }
        assert!(keys.fit(b"CM8") > keys.fit(b"CM[89]") && keys.fit(b"CM[89]") > keys.fit(b"CM"));
    }
}
