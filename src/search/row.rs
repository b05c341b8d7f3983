//! By what is a record ranked, sorted and filtered? One row of numbers a record, the same on a shelf and in the overlay.

use super::{CustomerDoc, Doc, VehicleDoc, marks::fold};
use crate::domain::{
    consent::{Channel, ConsentState},
    ids::{CustomerId, VehicleId},
    time::DAY_MS,
    vehicle::ListingStatus,
};

/// What kind of record a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Customer,
    Vehicle,
}

/// Kind and id in one number: the key under which a record is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Uid(pub(crate) u64);

const KIND_BITS: u32 = 56;

impl Uid {
    pub(crate) fn new(kind: Kind, id: u64) -> Self {
        let kind = match kind {
            Kind::Customer => 1,
            Kind::Vehicle => 2,
        };
        Self(kind << KIND_BITS | (id & ((1 << KIND_BITS) - 1)))
    }

    pub(crate) fn kind(self) -> Kind {
        if self.0 >> KIND_BITS == 1 { Kind::Customer } else { Kind::Vehicle }
    }

    pub(crate) fn id(self) -> u64 {
        self.0 & ((1 << KIND_BITS) - 1)
    }
}

impl Doc {
    pub(crate) fn uid(&self) -> Uid {
        match self {
            Self::Customer(CustomerDoc { id: CustomerId(id), .. }) => Uid::new(Kind::Customer, *id),
            Self::Vehicle(VehicleDoc { id: VehicleId(id), .. }) => Uid::new(Kind::Vehicle, *id),
        }
    }
}

/// Unknown numbers are 0 and sort last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) uid: Uid,
    /// Orders hits of one class, higher first: see [`rank_of_customer`] and [`rank_of_vehicle`].
    pub(crate) rank: i64,
    /// The staff id and one; 0 when nobody.
    pub(crate) owner: u64,
    pub(crate) score: i64,
    /// Last touch of a customer, last update of a car; milliseconds.
    pub(crate) at: i64,
    /// The first sixteen letters of "surname first-name", so that numbers sort as names do.
    pub(crate) name: [u64; 2],
    /// [`lot_code`].
    pub(crate) lot: u64,
    pub(crate) price_cents: i64,
    /// In stock since, milliseconds.
    pub(crate) since: i64,
    /// [`flags_of`] a customer.
    pub(crate) flags: u64,
}

impl Row {
    pub(crate) fn of(doc: &Doc) -> Self {
        let uid = doc.uid();
        match doc {
            Doc::Customer(c) => Self {
                uid,
                rank: rank_of_customer(c),
                owner: c.owner.map_or(0, |o| o.0.saturating_add(1)),
                score: i64::from(c.score),
                at: c.last_touch.map_or(0, |at| at.0),
                name: sort_name(c),
                lot: 0,
                price_cents: 0,
                since: 0,
                flags: flags_of(c),
            },
            Doc::Vehicle(v) => Self {
                uid,
                rank: rank_of_vehicle(v),
                owner: 0,
                score: 0,
                at: v.updated.0,
                name: [0; 2],
                lot: lot_code(v.status, v.on_lot),
                price_cents: v.price.map_or(0, |p| p.0.max(0)),
                since: v.in_stock_since.map_or(0, |at| at.0.max(0)),
                flags: 0,
            },
        }
    }

    pub(crate) fn is_on_lot(lot: u64) -> bool {
        lot & 1 == 1
    }
}

/// Who was touched last comes first; each point of score counts as half a day, so that a customer at 90 who wrote three weeks ago
/// stands before one at 0 who called today, and who was never touched after all others.
fn rank_of_customer(c: &CustomerDoc) -> i64 {
    c.last_touch.map_or(0, |at| at.0).saturating_add(i64::from(c.score) * (DAY_MS / 2))
}

/// A car on the lot stands before every car that is not, by a hundred years.
fn rank_of_vehicle(v: &VehicleDoc) -> i64 {
    v.updated.0.saturating_add(if v.on_lot { 36_525 * DAY_MS } else { 0 })
}

/// Status in the upper bits, whether it is on the lot in the lowest.
pub(crate) fn lot_code(status: Option<ListingStatus>, on_lot: bool) -> u64 {
    let status = match status {
        None => 0,
        Some(ListingStatus::Available) => 1,
        Some(ListingStatus::Hold) => 2,
        Some(ListingStatus::Recon) => 3,
        Some(ListingStatus::Inbound) => 4,
        Some(ListingStatus::Sold) => 5,
        Some(ListingStatus::Missing) => 6,
        Some(ListingStatus::Unknown) => 7,
    };
    status << 1 | u64::from(on_lot)
}

/// The lowest bit: a card is open. Above it two bits a channel, in the order of the channels.
fn flags_of(c: &CustomerDoc) -> u64 {
    let of_channels = c.consent.iter().rev().fold(0, |bits, state| bits << 2 | consent_code(*state));
    of_channels << 1 | u64::from(c.has_card)
}

pub(crate) fn has_card(flags: u64) -> bool {
    flags & 1 == 1
}

pub(crate) fn consents_to(flags: u64, channel: Channel, state: ConsentState) -> bool {
    let place = Channel::ALL.iter().position(|c| *c == channel).unwrap_or(0);
    flags >> (1 + 2 * place) & 3 == consent_code(state)
}

fn consent_code(state: ConsentState) -> u64 {
    match state {
        ConsentState::NotGiven => 0,
        ConsentState::Allowed => 1,
        ConsentState::Revoked => 2,
    }
}

/// A person without a name sorts after all who have one.
fn sort_name(c: &CustomerDoc) -> [u64; 2] {
    let name = &c.name;
    let text = if name.last.is_empty() && name.first.is_empty() { fold(&name.full) } else { fold(&format!("{} {}", name.last, name.first)) };
    let text = text.trim();
    if text.is_empty() {
        return [u64::MAX; 2];
    }
    let mut letters = [0_u8; 16];
    for (to, from) in letters.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    let number = u128::from_be_bytes(letters);
    [u64::try_from(number >> 64).unwrap_or(0), u64::try_from(number & u128::from(u64::MAX)).unwrap_or(0)]
}
