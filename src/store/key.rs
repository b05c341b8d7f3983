//! How are keys written so that their byte order is their order? Big-endian numbers, the sign bit flipped, text last.

use crate::domain::{
    ids::{
        AlertId, AppointmentId, CustomerId, DealId, ImportId, LeadId, MergeId, OutboxId, PartId, ProfileId, RepairOrderId, SavedViewId, Seq,
        SetAsideId, StaffId, VehicleId, VisitorId,
    },
    time::At,
};

/// A key or a leading part of one.
pub trait Key: Sized {
    fn write(&self, out: &mut Vec<u8>);
    /// Reads itself off the front of `bytes`; `None` when they are not such a key.
    fn read(bytes: &mut &[u8]) -> Option<Self>;

    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(32);
        self.write(&mut out);
        out
    }
}

fn split<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = bytes.split_first_chunk::<N>()?;
    *bytes = tail;
    Some(*head)
}

macro_rules! unsigned {
    ($($t:ty),+) => {$(
        impl Key for $t {
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_be_bytes());
            }
            fn read(bytes: &mut &[u8]) -> Option<Self> {
                split(bytes).map(Self::from_be_bytes)
            }
        }
    )+};
}
unsigned!(u8, u32, u64);

impl Key for i64 {
    fn write(&self, out: &mut Vec<u8>) {
        (self.cast_unsigned() ^ (1 << 63)).write(out);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        u64::read(bytes).map(|n| (n ^ (1 << 63)).cast_signed())
    }
}

impl Key for i32 {
    fn write(&self, out: &mut Vec<u8>) {
        (self.cast_unsigned() ^ (1 << 31)).write(out);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        u32::read(bytes).map(|n| (n ^ (1 << 31)).cast_signed())
    }
}

impl Key for At {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        i64::read(bytes).map(Self)
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
    VisitorId,
    VehicleId,
    LeadId,
    DealId,
    RepairOrderId,
    AlertId,
    StaffId,
    ImportId,
    SetAsideId,
    OutboxId,
    SavedViewId
);

/// A keyed hash of something that must not be readable at rest.
pub type Hash = [u8; 16];

impl Key for Hash {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        split(bytes)
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
}

impl<A: Key, B: Key> Key for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some((A::read(bytes)?, B::read(bytes)?))
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
        fn a_span_holds_just_what_begins_with_its_part(part in any::<u64>(), key in any::<(u64, u64)>()) {
            let span = Span::under(&part);
            let bytes = key.bytes();
            let inside = bytes >= span.from && span.to.is_none_or(|to| bytes < to);
            prop_assert_eq!(inside, key.0 == part);
        }
    }
}
