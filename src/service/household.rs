//! Who belongs to a customer without being them, and whose car was a car under the same roof?

use super::{people, think};
use crate::{
    domain::{
        customer::Customer,
        ids::{CustomerId, VehicleId},
        merge::Link,
        picture::Relative,
        time::At,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// A family; more share an address by chance.
const MEMBERS_MOST: usize = 6;
/// More hands than any car goes through.
pub(super) const OWNERS_MOST: usize = 60;

/// Others who signed with them, have the same phone or live under the same roof, each with how they belong together. Each keeps their own
/// consent and nothing of them is joined.
pub(super) fn members(tx: &impl Rows, customer: &Customer) -> Result<Vec<(Customer, &'static str)>, StoreError> {
    const PHONES_MOST: usize = 3;
    if customer.name.is_business {
        return Ok(vec![]);
    }
    // Whoever signed with them says more than an address.
    let mut found = linked(tx, customer)?;
    for phone in customer.phones.iter().take(PHONES_MOST) {
        found.extend(people::sharers(tx, phone)?.into_iter().map(|id| (id, "same phone")));
    }
    found.extend(people::housemates(tx, customer)?.into_iter().map(|id| (id, "same address")));
    read(tx, customer, found)
}

/// Everybody who had a car or lives with somebody who had it: nobody offers it to them, the day it is traded in least of all.
pub(super) fn owners_of(tx: &impl Rows, vehicle: VehicleId) -> Result<Vec<CustomerId>, StoreError> {
    let mut all = Vec::new();
    for (_, part) in tx.keys(tables::OWNERS, &Span::under(&vehicle), OWNERS_MOST)? {
        let Some(owner) = people::of_part(tx, part)? else { continue };
        all.extend(members(tx, &owner)?.into_iter().map(|(member, _)| member.id));
        all.push(owner.id);
    }
    Ok(all)
}

/// Who signed with them: of all who belong to them the surest, and found by one short read.
fn linked(tx: &impl Rows, customer: &Customer) -> Result<Vec<(CustomerId, &'static str)>, StoreError> {
    let mut found = Vec::new();
    for part in customer.all_parts() {
        for ((_, other), link) in tx.some(tables::LINKS, &Span::under(&part), MEMBERS_MOST)? {
            let relation = match link {
                Link::CoBuyer => "signed together",
                Link::Business => "business",
                Link::Other => "belongs together",
            };
            found.push((people::root_of(tx, other)?, relation));
        }
    }
    Ok(found)
}

/// Each once, without themselves and without businesses.
fn read(tx: &impl Rows, customer: &Customer, found: Vec<(CustomerId, &'static str)>) -> Result<Vec<(Customer, &'static str)>, StoreError> {
    let mut members: Vec<(Customer, &'static str)> = Vec::new();
    for (id, relation) in found {
        if members.len() < MEMBERS_MOST
            && id != customer.id
            && !members.iter().any(|(m, _)| m.id == id)
            && let Some(other) = tx.get(tables::CUSTOMERS, &id)?.filter(|c| !c.name.is_business)
        {
            members.push((other, relation));
        }
    }
    Ok(members)
}

/// Those who signed with them as a rule sees them, when there was a sign of life. Every thought reads this, so it looks up no phone and no
/// address.
pub(super) fn relatives(tx: &impl Rows, customer: &Customer) -> Result<Vec<Relative>, StoreError> {
    let seen = read(tx, customer, linked(tx, customer)?)?.into_iter().filter_map(|(other, relation)| {
        Some(Relative { name: other.display_name(), relation: relation.to_owned(), points: other.score.points, at: other.last_sign? })
    });
    Ok(seen.collect())
}

/// A customer came nearer to buying, or further away: whoever signed with them hears of it.
pub(super) fn tell(tx: &WriteTx<'_>, customer: &Customer, now: At) -> Result<(), StoreError> {
    let others = linked(tx, customer)?.into_iter().filter(|(id, _)| *id != customer.id);
    others.take(MEMBERS_MOST).try_for_each(|(id, _)| think::soon(tx, id, now))
}
