//! How are keys written so that their byte order is their order? Big-endian numbers, the sign bit flipped, text last.

use crate::domain::{
    ids::{
        AlertId, AppointmentId, AppraisalId, CustomerId, DealId, FeedId, FileId, ImportId, LeadId, LeadTemplateId, MergeId, OpportunityId, OutboxId,
        PartId, PriceAlertId, ProfileId, RepairOrderId, SavedViewId, Seq, ServiceVisitId, SetAsideId, StaffId, VehicleId, VisitId, VisitorId, WishId,
    },
    time::At,
};
use data_encoding::HEXLOWER;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A key or a leading part of one.
pub trait Key: Sized {
    fn write(&self, out: &mut Vec<u8>);
    /// Reads itself off the front of `bytes`; `None` when they are not such a key.
    fn read(bytes: &mut &[u8]) -> Option<Self>;

    /// Its parts in order, as an export names and shows them.
    fn parts(out: &mut Vec<KeyPart>);
    /// The value of each part, exactly.
    fn tell(&self, out: &mut Vec<Value>);
    /// Reads itself off the front of what [`Key::tell`] told; `None` when that is no such key.
    fn hear(told: &mut &[Value]) -> Option<Self>;

    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(32);
        self.write(&mut out);
        out
    }
}

/// A part of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPart {
    pub name: String,
    pub shown: Shown,
}

/// How a part of a key is shown to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Number,
    Text,
    /// Milliseconds since 1970, shown as a time.
    Time,
    /// Days since 1970, shown as a day.
    Day,
}

impl KeyPart {
    fn new(name: &str, shown: Shown) -> Self {
        Self { name: name.to_owned(), shown }
    }
}

/// The first of what was told, as `T`.
fn heard<T: DeserializeOwned>(told: &mut &[Value]) -> Option<T> {
    let (first, rest) = told.split_first()?;
    *told = rest;
    T::deserialize(first).ok()
}

fn split<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = bytes.split_first_chunk::<N>()?;
    *bytes = tail;
    Some(*head)
}

macro_rules! unsigned {
    ($($t:ty: $name:literal),+) => {$(
        impl Key for $t {
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_be_bytes());
            }
            fn read(bytes: &mut &[u8]) -> Option<Self> {
                split(bytes).map(Self::from_be_bytes)
            }
            fn parts(out: &mut Vec<KeyPart>) {
                out.push(KeyPart::new($name, Shown::Number));
            }
            fn tell(&self, out: &mut Vec<Value>) {
                out.push(Value::from(*self));
            }
            fn hear(told: &mut &[Value]) -> Option<Self> {
                heard(told)
            }
        }
    )+};
}
unsigned!(u8: "kind", u32: "number", u64: "number");

impl Key for i64 {
    fn write(&self, out: &mut Vec<u8>) {
        (self.cast_unsigned() ^ (1 << 63)).write(out);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        u64::read(bytes).map(|n| (n ^ (1 << 63)).cast_signed())
    }
    fn parts(out: &mut Vec<KeyPart>) {
        out.push(KeyPart::new("time", Shown::Time));
    }
    fn tell(&self, out: &mut Vec<Value>) {
        out.push(Value::from(*self));
    }
    fn hear(told: &mut &[Value]) -> Option<Self> {
        heard(told)
    }
}

impl Key for i32 {
    fn write(&self, out: &mut Vec<u8>) {
        (self.cast_unsigned() ^ (1 << 31)).write(out);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        u32::read(bytes).map(|n| (n ^ (1 << 31)).cast_signed())
    }
    fn parts(out: &mut Vec<KeyPart>) {
        out.push(KeyPart::new("day", Shown::Day));
    }
    fn tell(&self, out: &mut Vec<Value>) {
        out.push(Value::from(*self));
    }
    fn hear(told: &mut &[Value]) -> Option<Self> {
        heard(told)
    }
}

impl Key for At {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        i64::read(bytes).map(Self)
    }
    fn parts(out: &mut Vec<KeyPart>) {
        out.push(KeyPart::new("at", Shown::Time));
    }
    fn tell(&self, out: &mut Vec<Value>) {
        out.push(Value::from(self.0));
    }
    fn hear(told: &mut &[Value]) -> Option<Self> {
        heard(told)
    }
}

macro_rules! ids {
    ($($t:ident),+) => {$(
        impl Key for $t {
            fn write(&self, out: &mut Vec<u8>) {
                self.0.write(out);
            }
            fn read(bytes: &mut &[u8]) -> Option<Self> {
                u64::read(bytes).map(Self)
            }
            fn parts(out: &mut Vec<KeyPart>) {
                out.push(KeyPart::new(&noun(stringify!($t)), Shown::Number));
            }
            fn tell(&self, out: &mut Vec<Value>) {
                self.0.tell(out);
            }
            fn hear(told: &mut &[Value]) -> Option<Self> {
                u64::hear(told).map(Self)
            }
        }
    )+};
}
ids!(
    Seq,
    AppointmentId,
    CustomerId,
    PartId,
    MergeId,
    ProfileId,
    VisitId,
    ServiceVisitId,
    FeedId,
    OpportunityId,
    VisitorId,
    VehicleId,
    LeadId,
    DealId,
    RepairOrderId,
    AlertId,
    AppraisalId,
    StaffId,
    ImportId,
    SetAsideId,
    OutboxId,
    LeadTemplateId,
    SavedViewId,
    FileId,
    PriceAlertId,
    WishId
);

/// `repair_order` of `RepairOrderId`.
fn noun(id: &str) -> String {
    let mut noun = String::new();
    for c in id.strip_suffix("Id").unwrap_or(id).chars() {
        if c.is_ascii_uppercase() && !noun.is_empty() {
            noun.push('_');
        }
        noun.push(c.to_ascii_lowercase());
    }
    noun
}

/// A keyed hash of something that must not be readable at rest.
pub type Hash = [u8; 16];

impl Key for Hash {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        split(bytes)
    }
    fn parts(out: &mut Vec<KeyPart>) {
        out.push(KeyPart::new("fingerprint", Shown::Text));
    }
    fn tell(&self, out: &mut Vec<Value>) {
        out.push(Value::from(HEXLOWER.encode(self)));
    }
    fn hear(told: &mut &[Value]) -> Option<Self> {
        HEXLOWER.decode(heard::<String>(told)?.as_bytes()).ok()?.try_into().ok()
    }
}

/// Text takes the rest of the key, so it stands last.
impl Key for String {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?.to_owned();
        *bytes = &[];
        Some(text)
    }
    fn parts(out: &mut Vec<KeyPart>) {
        out.push(KeyPart::new("text", Shown::Text));
    }
    fn tell(&self, out: &mut Vec<Value>) {
        out.push(Value::from(self.as_str()));
    }
    fn hear(told: &mut &[Value]) -> Option<Self> {
        heard(told)
    }
}

impl<A: Key, B: Key> Key for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some((A::read(bytes)?, B::read(bytes)?))
    }
    fn parts(out: &mut Vec<KeyPart>) {
        A::parts(out);
        B::parts(out);
    }
    fn tell(&self, out: &mut Vec<Value>) {
        self.0.tell(out);
        self.1.tell(out);
    }
    fn hear(told: &mut &[Value]) -> Option<Self> {
        Some((A::hear(told)?, B::hear(told)?))
    }
}

impl<A: Key, B: Key, C: Key> Key for (A, B, C) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
        self.2.write(out);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some((A::read(bytes)?, B::read(bytes)?, C::read(bytes)?))
    }
    fn parts(out: &mut Vec<KeyPart>) {
        A::parts(out);
        B::parts(out);
        C::parts(out);
    }
    fn tell(&self, out: &mut Vec<Value>) {
        self.0.tell(out);
        self.1.tell(out);
        self.2.tell(out);
    }
    fn hear(told: &mut &[Value]) -> Option<Self> {
        Some((A::hear(told)?, B::hear(told)?, C::hear(told)?))
    }
}

/// Which keys, as byte bounds: from the first, up to and without the second (none: to the end).
#[derive(Debug, Clone)]
pub struct Span {
    pub(super) from: Vec<u8>,
    pub(super) to: Option<Vec<u8>>,
}

impl Span {
    #[must_use]
    pub fn all() -> Self {
        Self { from: vec![], to: None }
    }

    /// Every key that begins with this part.
    #[must_use]
    pub fn under(part: &impl Key) -> Self {
        let from = part.bytes();
        Self { to: successor(&from), from }
    }

    #[must_use]
    pub fn between(from: &impl Key, to: &impl Key) -> Self {
        Self { from: from.bytes(), to: Some(to.bytes()) }
    }

    /// Only the keys after this one.
    #[must_use]
    pub fn after(mut self, key: &impl Key) -> Self {
        let mut from = key.bytes();
        from.push(0);
        self.from = self.from.max(from);
        self
    }

    /// Only the keys before this one.
    #[must_use]
    pub fn before(mut self, key: &impl Key) -> Self {
        let to = key.bytes();
        self.to = Some(self.to.map_or(to.clone(), |t| t.min(to)));
        self
    }
}

/// The first byte string after all that begin with `prefix`; `None` when there is none.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|b| *b != u8::MAX)?;
    let mut next = prefix[..=last].to_vec();
    next[last] += 1;
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn byte_order_is_key_order(a in any::<(u64, i64, u64)>(), b in any::<(u64, i64, u64)>()) {
            prop_assert_eq!(a.bytes().cmp(&b.bytes()), a.cmp(&b));
        }

        #[test]
        fn a_key_reads_back(a in any::<(u8, i32, String)>()) {
            let bytes = a.bytes();
            prop_assert_eq!(<(u8, i32, String)>::read(&mut bytes.as_slice()), Some(a));
        }

        #[test]
        fn a_key_that_was_told_is_heard_as_itself(a in any::<((u8, u64), (i64, String))>(), hash in any::<Hash>()) {
            let mut told = vec![];
            (hash, a.clone()).tell(&mut told);
            let mut parts = vec![];
            <(Hash, ((u8, u64), (i64, String)))>::parts(&mut parts);
            prop_assert_eq!(told.len(), parts.len());
            prop_assert_eq!(<(Hash, ((u8, u64), (i64, String)))>::hear(&mut told.as_slice()), Some((hash, a)));
        }

        #[test]
        fn a_span_holds_just_what_begins_with_its_part(part in any::<u64>(), key in any::<(u64, u64)>()) {
            let span = Span::under(&part);
            let bytes = key.bytes();
            let inside = bytes >= span.from && span.to.is_none_or(|to| bytes < to);
            prop_assert_eq!(inside, key.0 == part);
        }
    }
}
