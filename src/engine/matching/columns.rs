//! Whom of everybody does one car suit? What each seeks in 28 bytes, kept packed and looked at column by column.

use super::{
    fit::fit,
    traits::{Body, Color, Drive, Traits},
};
use crate::domain::{ids::CustomerId, time::DAY_MS};

/// What one customer seeks. Zeros are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Row {
    pub customer: CustomerId,
    pub make: u32,
    pub model: u32,
    /// Between these they look, in hundreds of dollars.
    pub price_low: u16,
    pub price_high: u16,
    /// The day they last did anything for it, since 1970.
    pub last_day: u16,
    /// Years since 1970.
    pub year_low: u8,
    pub year_high: u8,
    pub body: u8,
    pub drive: u8,
    pub color: u8,
    pub seats: u8,
}

impl Row {
    /// As it is stored: the customer in eight bytes, then the columns in the order above, lowest byte first.
    pub const BYTES: usize = 28;

    #[must_use]
    pub fn body(&self) -> Option<Body> {
        Body::of_code(self.body)
    }

    #[must_use]
    pub fn drive(&self) -> Option<Drive> {
        Drive::of_code(self.drive)
    }

    #[must_use]
    pub fn color(&self) -> Option<Color> {
        Color::of_code(self.color)
    }

    #[must_use]
    pub fn packed(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let parts = self.customer.0.to_le_bytes().into_iter().chain(self.make.to_le_bytes()).chain(self.model.to_le_bytes());
        let parts = parts.chain([self.price_low, self.price_high, self.last_day].into_iter().flat_map(u16::to_le_bytes));
        let parts = parts.chain([self.year_low, self.year_high, self.body, self.drive, self.color, self.seats]);
        for (to, byte) in bytes.iter_mut().zip(parts) {
            *to = byte;
        }
        bytes
    }

    #[must_use]
    pub fn unpacked(bytes: &[u8; Self::BYTES]) -> Self {
        let [c0, c1, c2, c3, c4, c5, c6, c7, k0, k1, k2, k3, m0, m1, m2, m3, l0, l1, h0, h1, d0, d1, year_low, year_high, body, drive, color, seats] =
            *bytes;
        Self {
            customer: CustomerId(u64::from_le_bytes([c0, c1, c2, c3, c4, c5, c6, c7])),
            make: u32::from_le_bytes([k0, k1, k2, k3]),
            model: u32::from_le_bytes([m0, m1, m2, m3]),
            price_low: u16::from_le_bytes([l0, l1]),
            price_high: u16::from_le_bytes([h0, h1]),
            last_day: u16::from_le_bytes([d0, d1]),
            year_low,
            year_high,
            body,
            drive,
            color,
            seats,
        }
    }
}

/// A day of the calendar of the world, for how long ago something was.
#[must_use]
pub fn day_of(at: crate::domain::time::At) -> u16 {
    u16::try_from(at.0.div_euclid(DAY_MS)).unwrap_or(0)
}

/// A block with the row of one customer set or taken away; `None` when that changes nothing. Rows stand by customer.
#[must_use]
pub fn with(block: &[u8], customer: CustomerId, row: Option<&Row>) -> Option<Vec<u8>> {
    let (rows, _) = block.as_chunks::<{ Row::BYTES }>();
    let place = rows.partition_point(|r| Row::unpacked(r).customer < customer);
    let held = rows.get(place).filter(|r| Row::unpacked(r).customer == customer);
    let packed = row.map(Row::packed);
    if held == packed.as_ref() {
        return None;
    }
    let (before, after) = rows.split_at(place.min(rows.len()));
    let after = after.iter().skip(usize::from(held.is_some()));
    Some(before.iter().chain(packed.as_ref()).chain(after).flatten().copied().collect())
}

/// What everybody seeks, a column a trait.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    models: Vec<u32>,
    bodies: Vec<u8>,
    makes: Vec<u32>,
    last_days: Vec<u16>,
    rows: Vec<Row>,
}

impl Columns {
    /// Takes in a block of packed rows.
    pub fn absorb(&mut self, block: &[u8]) {
        for bytes in block.as_chunks::<{ Row::BYTES }>().0 {
            self.push(Row::unpacked(bytes));
        }
    }

    pub fn push(&mut self, row: Row) {
        self.models.push(row.model);
        self.makes.push(row.make);
        self.bodies.push(row.body);
        self.last_days.push(row.last_day);
        self.rows.push(row);
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Who did anything for it since a day and whom it suits at least so well, the best first: at most so many.
    #[must_use]
    pub fn suited(&self, car: &Traits, since_day: u16, at_least: u8, at_most: usize) -> Vec<(CustomerId, u8)> {
        let body = car.body.map_or(0, Body::code);
        // Whoever seeks neither this model, nor this make, nor this body is far below any fit that is asked for.
        let near =
            |model: u32, make: u32, shape: u8| (model != 0 && model == car.model) || (make != 0 && make == car.make) || (shape != 0 && shape == body);
        let columns = self.models.iter().zip(&self.makes).zip(&self.bodies).zip(&self.last_days).zip(&self.rows);
        let near = columns.filter(|((((model, make), shape), day), _)| **day >= since_day && near(**model, **make, **shape));
        let suits = near.map(|(_, row)| (row.customer, fit(row, car).points)).filter(|(_, points)| *points >= at_least);
        let mut best: Vec<(CustomerId, u8)> = suits.collect();
        best.sort_by_key(|(customer, points)| (std::cmp::Reverse(*points), *customer));
        best.truncate(at_most);
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::matching::traits::key;

    fn row(customer: u64) -> Row {
        Row {
            customer: CustomerId(customer),
            make: key("Honda"),
            model: key("CR-V"),
            price_low: 240,
            price_high: 290,
            last_day: 20_000,
            year_low: 50,
            year_high: 54,
            body: Body::Suv.code(),
            drive: Drive::All.code(),
            color: Color::White.code(),
            seats: 5,
        }
    }

    #[test]
    fn a_row_comes_back_out_of_its_bytes() {
        for row in [row(7), row(u64::MAX), Row::default()] {
            assert_eq!(Row::unpacked(&row.packed()), row);
        }
    }

    #[test]
    fn a_block_holds_each_customer_once_and_in_order() {
        let mut block = Vec::new();
        for customer in [5, 3, 9, 3] {
            block = with(&block, CustomerId(customer), Some(&row(customer))).unwrap_or(block);
        }
        let mut all = Columns::default();
        all.absorb(&block);
        assert_eq!(all.rows.iter().map(|r| r.customer.0).collect::<Vec<_>>(), [3, 5, 9]);
        assert_eq!(with(&block, CustomerId(5), Some(&row(5))), None, "nothing changes");
        assert_eq!(with(&block, CustomerId(6), None), None, "nothing to take away");
        let without = with(&block, CustomerId(5), None).unwrap();
        let changed = with(&without, CustomerId(3), Some(&Row { seats: 7, ..row(3) })).unwrap();
        let mut rest = Columns::default();
        rest.absorb(&changed);
        assert_eq!(rest.rows.iter().map(|r| (r.customer.0, r.seats)).collect::<Vec<_>>(), [(3, 7), (9, 5)]);
    }

    #[test]
    fn those_whom_it_suits_best_come_first_and_those_of_long_ago_not_at_all() {
        let mut all = Columns::default();
        all.push(row(1));
        all.push(Row { drive: Drive::Front.code(), ..row(2) });
        all.push(Row { last_day: 19_000, ..row(3) });
        all.push(Row { make: key("Ford"), model: key("F-150"), body: Body::Truck.code(), ..row(4) });
        let car = Traits {
            make: key("Honda"),
            model: key("CR-V"),
            body: Some(Body::Suv),
            drive: Some(Drive::All),
            color: Some(Color::White),
            seats: Some(5),
            price_dollars: Some(26_000),
            year: Some(2022),
            odometer_mi: None,
        };
        let suited = all.suited(&car, 19_500, 60, 10);
        assert_eq!(suited.iter().map(|(customer, _)| customer.0).collect::<Vec<_>>(), [1, 2]);
        assert_eq!((suited[0].1, all.suited(&car, 19_500, 60, 1).len()), (100, 1));
    }
}
