//! Whose word is this? Files a profile under the customer it belongs to, or under a new one, and computes that customer anew.

use super::Policy;
use crate::{
    domain::{
        change::Changed,
        customer::{Customer, Touch},
        ids::{CustomerId, ProfileId, VehicleId},
        phone::Phone,
        profile::Profile,
        time::At,
        vehicle::Ownership,
    },
    engine::identity::{self, Candidate, Point, Resolution},
    store::{Rows, Span, StoreError, WriteTx, key::Hash, tables},
};

/// What filing a profile did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filed {
    New(CustomerId),
    Joined(CustomerId),
    /// The same source said the same before.
    Unchanged(CustomerId),
}

impl Filed {
    #[must_use]
    pub fn customer(self) -> CustomerId {
        match self {
            Self::New(id) | Self::Joined(id) | Self::Unchanged(id) => id,
        }
    }
}

/// A shared phone can stand for a whole street; past this many people it tells nobody apart.
const SHARED_BY_MOST: usize = 12;

fn point_hash(tx: &impl Rows, point: &Point) -> Hash {
    let (kind, text) = match point {
        Point::Phone(phone) => ("phone", phone.e164().to_owned()),
        Point::Email(email) => ("email", email.as_str().to_owned()),
        Point::Number { source, number } => ("number", format!("{source}\u{1f}{number}")),
    };
    tx.sealer().lookup(kind, &text)
}

/// Everybody who has this point.
pub fn holders(tx: &impl Rows, point: &Point) -> Result<Vec<CustomerId>, StoreError> {
    let hash = point_hash(tx, point);
    Ok(tx.keys(tables::POINTS, &Span::under(&hash), SHARED_BY_MOST + 1)?.into_iter().map(|(_, id)| id).collect())
}

/// Everybody who has this phone, while it tells anything about them.
pub fn sharers(tx: &impl Rows, phone: &Phone) -> Result<Vec<CustomerId>, StoreError> {
    let holders = holders(tx, &Point::Phone(phone.clone()))?;
    Ok(if holders.len() > SHARED_BY_MOST { vec![] } else { holders })
}

/// Past this many it is a building whose doors nobody wrote down.
const UNDER_ONE_ROOF_MOST: usize = 8;

/// The others who live where this customer does.
pub fn housemates(tx: &impl Rows, customer: &Customer) -> Result<Vec<CustomerId>, StoreError> {
    let Some(hash) = home_hash(tx, customer) else { return Ok(vec![]) };
    let all = tx.keys(tables::HOMES, &Span::under(&hash), UNDER_ONE_ROOF_MOST + 1)?;
    if all.len() > UNDER_ONE_ROOF_MOST {
        return Ok(vec![]);
    }
    Ok(all.into_iter().map(|(_, id)| id).filter(|id| *id != customer.id).collect())
}

fn home_hash(tx: &impl Rows, customer: &Customer) -> Option<Hash> {
    identity::home(customer).map(|home| tx.sealer().lookup("home", &home))
}

/// The customer this profile speaks of, without filing it.
pub fn recognise(tx: &impl Rows, policy: &Policy, profile: &Profile) -> Result<Option<CustomerId>, StoreError> {
    let mut known: Vec<(Customer, Point)> = Vec::new();
    for point in identity::points(profile, &policy.own_points) {
        let holders = holders(tx, &point)?;
        if holders.len() > SHARED_BY_MOST {
            continue;
        }
        for id in holders {
            if let Some(customer) = tx.get(tables::CUSTOMERS, &id)? {
                known.push((customer, point.clone()));
            }
        }
    }
    let candidates: Vec<Candidate<'_>> = known.iter().map(|(customer, by)| Candidate { customer, by: by.clone() }).collect();
    Ok(match identity::resolve(profile, &candidates, &policy.own_points) {
        Resolution::Same { customer, .. } => Some(customer),
        Resolution::New => None,
    })
}

pub fn file(tx: &WriteTx<'_>, policy: &Policy, profile: &Profile) -> Result<Filed, StoreError> {
    let Some(id) = recognise(tx, policy, profile)? else {
        let id = CustomerId(tx.next("customer")?);
        let blank = Customer::new(id, profile.at);
        add_profile(tx, policy, blank, profile)?;
        return Ok(Filed::New(id));
    };
    let Some(customer) = tx.get(tables::CUSTOMERS, &id)? else {
        return Err(StoreError::Damaged { table: "POINTS".to_owned(), why: "names a customer that is not there".to_owned() });
    };
    // The newest word of the same source decides whether this says anything new.
    for profile_id in customer.profiles.iter().rev().take(64) {
        if let Some(held) = tx.get(tables::PROFILES, profile_id)?
            && held.source == profile.source
            && held.number == profile.number
        {
            let quiet = Profile { at: held.at, consent: held.consent.clone(), ..profile.clone() };
            let same_consent =
                profile.consent.iter().all(|f| held.consent.iter().any(|h| h.channel == f.channel && h.state == f.state && h.basis == f.basis));
            if quiet == held && same_consent {
                return Ok(Filed::Unchanged(id));
            }
        }
    }
    add_profile(tx, policy, customer, profile)?;
    Ok(Filed::Joined(id))
}

fn add_profile(tx: &WriteTx<'_>, policy: &Policy, mut customer: Customer, profile: &Profile) -> Result<(), StoreError> {
    if let Some(left) = home_hash(tx, &customer) {
        tx.remove(tables::HOMES, &(left, customer.id))?;
    }
    let profile_id = ProfileId(tx.next("profile")?);
    tx.put(tables::PROFILES, &profile_id, profile)?;
    customer.profiles.push(profile_id);
    for point in identity::points(profile, &policy.own_points) {
        tx.put(tables::POINTS, &(point_hash(tx, &point), customer.id), &())?;
    }
    let mut profiles = Vec::with_capacity(customer.profiles.len());
    for id in &customer.profiles {
        if let Some(held) = tx.get(tables::PROFILES, id)? {
            profiles.push(held);
        }
    }
    let mut computed = identity::survive(&profiles, &customer);
    computed.since = profiles.iter().map(|p| p.at).chain([customer.since]).min().unwrap_or(customer.since);
    if !profile.phones.is_empty() {
        computed.wrong_number = false;
    }
    save(tx, &computed)
}

pub fn save(tx: &WriteTx<'_>, customer: &Customer) -> Result<(), StoreError> {
    tx.put(tables::CUSTOMERS, &customer.id, customer)?;
    if let Some(home) = home_hash(tx, customer).map(|hash| (hash, customer.id))
        && !tx.has(tables::HOMES, &home)?
    {
        tx.put(tables::HOMES, &home, &())?;
    }
    tx.announce(Changed::Customer(customer.id));
    Ok(())
}

/// Notes the newest thing between us and them; an older one changes nothing.
pub fn touch(customer: &mut Customer, at: At, text: &str, theirs: bool) {
    if customer.last_touch.as_ref().is_none_or(|t| t.at <= at) {
        customer.last_touch = Some(Touch { at, text: text.to_owned() });
    }
    if theirs {
        customer.last_sign = Some(customer.last_sign.map_or(at, |s| s.max(at)));
    }
}

/// Writes down whose car it is. A sale here is a fact; a repair order only says who came with it.
pub fn own(tx: &WriteTx<'_>, customer: CustomerId, vehicle: VehicleId, at: At, bought_here: bool) -> Result<(), StoreError> {
    let key = (vehicle, customer);
    let mut ownership = tx.get(tables::OWNERS, &key)?.unwrap_or(Ownership { customer, vehicle, since: at, until: None, bought_here, last_seen: at });
    ownership.since = ownership.since.min(at);
    ownership.last_seen = ownership.last_seen.max(at);
    ownership.bought_here |= bought_here;
    if bought_here && ownership.until.is_some_and(|u| u <= at) {
        ownership.until = None;
    }
    tx.put(tables::OWNERS, &key, &ownership)?;
    tx.put(tables::OWNED, &(customer, vehicle), &())?;
    if bought_here {
        end_earlier_owners(tx, customer, vehicle, at)?;
    }
    Ok(())
}

fn end_earlier_owners(tx: &WriteTx<'_>, buyer: CustomerId, vehicle: VehicleId, at: At) -> Result<(), StoreError> {
    for (key, mut earlier) in tx.some(tables::OWNERS, &Span::under(&vehicle), 100)? {
        if earlier.customer != buyer && earlier.until.is_none() && earlier.since < at {
            earlier.until = Some(at);
            tx.put(tables::OWNERS, &key, &earlier)?;
        }
    }
    Ok(())
}

/// They gave it away in a trade.
pub fn gave_away(tx: &WriteTx<'_>, customer: CustomerId, vehicle: VehicleId, at: At) -> Result<(), StoreError> {
    let key = (vehicle, customer);
    let mut ownership =
        tx.get(tables::OWNERS, &key)?.unwrap_or(Ownership { customer, vehicle, since: at, until: None, bought_here: false, last_seen: at });
    ownership.until = Some(at);
    tx.put(tables::OWNERS, &key, &ownership)?;
    tx.put(tables::OWNED, &(customer, vehicle), &())
}
