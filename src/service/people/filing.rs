//! What does a source say of a person, and under which record does it come?

use super::{
    grouping::settle_new,
    keys::{SHARED_BY_MOST, hash, with_key},
    meeting::meet,
    own, own_or_damaged, person, profiles, refresh,
};
use crate::{
    domain::{
        change::Changed,
        customer::Customer,
        ids::{CustomerId, PartId, ProfileId},
        profile::{Profile, SourceKind},
        time::At,
    },
    engine::identity::{self, Key, Person},
    service::Policy,
    store::{Encoded, Rows, Span, StoreError, WriteTx, key::Hash, seal::Sealer, tables},
};

/// What filing a profile did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filed {
    /// The record it came under.
    pub part: PartId,
    /// The profile that was added; none when the same source said the same before.
    pub profile: Option<ProfileId>,
    pub did: FiledAs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiledAs {
    New,
    /// Joined to somebody known, or said of a record we had.
    Joined,
    Unchanged,
}

/// What of a profile can be worked out before it is filed, beside the writer.
#[derive(Debug)]
pub struct Introduced {
    me: Person,
    /// By which the source's own record is known again.
    record: Hash,
    /// By which others are met, the record aside.
    keys: Vec<Hash>,
    profile: Encoded<Profile>,
    /// The customer they are when nobody has met them, but for the numbers.
    alone: Customer,
}

impl Introduced {
    pub fn of(sealer: &Sealer, policy: &Policy, profile: &Profile) -> Result<Self, StoreError> {
        let me = Person::of(&[profile], &policy.own_points);
        let record = Key::record(profile);
        let keys = identity::keys(&me).iter().filter(|key| **key != record).map(|key| hash(sealer, key)).collect();
        let own = Customer::new(CustomerId(0), profile.at);
        let alone = identity::shown(std::slice::from_ref(&own), std::slice::from_ref(profile)).unwrap_or(own);
        Ok(Self { me, record: hash(sealer, &record), keys, profile: Encoded::of(profile)?, alone })
    }
}

/// Files what a source says of a person, as of `now`.
pub fn file(tx: &WriteTx<'_>, policy: &Policy, profile: &Profile, now: At) -> Result<Filed, StoreError> {
    file_introduced(tx, policy, profile, &Introduced::of(tx.sealer(), policy, profile)?, now)
}

/// The same of somebody who was introduced before.
pub fn file_introduced(tx: &WriteTx<'_>, policy: &Policy, profile: &Profile, introduced: &Introduced, now: At) -> Result<Filed, StoreError> {
    let Introduced { me, record, keys, profile: encoded, alone } = introduced;
    if let Some(part) = tx.keys(tables::POINTS, &Span::under(record), 1)?.into_iter().next().map(|(_, part)| part) {
        return say_again(tx, policy, part, profile, now);
    }
    if let Some(part) = only_a_phone(tx, profile)? {
        return Ok(Filed { part, profile: None, did: FiledAs::Unchanged });
    }
    let part = PartId(tx.next("customer")?);
    let id = ProfileId(tx.next("profile")?);
    tx.put_encoded(tables::PROFILES, &id, encoded)?;
    tx.put(tables::POINTS, &(*record, part), &())?;
    let own = Customer { id: part.into(), profiles: vec![id], ..alone.clone() };
    tx.put(tables::CUSTOMERS, &own.id, &own)?;
    tx.announce(Changed::Customer(own.id));
    // Met before its own keys are among those it is met by. Nobody has its record, or it would have been said again.
    let found = meet(tx, policy, part, me, keys)?;
    for key in keys {
        tx.put(tables::POINTS, &(*key, part), &())?;
    }
    let joined = settle_new(tx, policy, part, &found, now)?;
    Ok(Filed { part, profile: Some(id), did: if joined { FiledAs::Joined } else { FiledAs::New } })
}

/// A record we have says something once more.
fn say_again(tx: &WriteTx<'_>, policy: &Policy, part: PartId, profile: &Profile, now: At) -> Result<Filed, StoreError> {
    let mut own = own_or_damaged(tx, part)?;
    let held = profiles(tx, &own.profiles)?;
    if held.iter().any(|h| says_the_same(h, profile)) {
        return Ok(Filed { part, profile: None, did: FiledAs::Unchanged });
    }
    let before = person(policy, &own, &held);
    let id = ProfileId(tx.next("profile")?);
    tx.put(tables::PROFILES, &id, profile)?;
    own.profiles.push(id);
    if !profile.phones.is_empty() {
        own.wrong_number = false;
    }
    refresh(tx, policy, own, &before, now)?;
    Ok(Filed { part, profile: Some(id), did: FiledAs::Joined })
}

/// Whether a new word adds nothing to one that is held: when it was said and on what evidence is no news.
fn says_the_same(held: &Profile, said: &Profile) -> bool {
    let quiet = Profile { at: held.at, consent: held.consent.clone(), ..said.clone() };
    let same_consent = said.consent.iter().all(|f| held.consent.iter().any(|h| h.channel == f.channel && h.state == f.state && h.basis == f.basis));
    quiet == *held && same_consent
}

/// A message from a phone we know, and not a word of whose it is: it is of whoever we last dealt with there. That says nothing new of
/// them, and makes nobody one.
fn only_a_phone(tx: &impl Rows, profile: &Profile) -> Result<Option<PartId>, StoreError> {
    let [phone] = profile.phones.as_slice() else { return Ok(None) };
    if profile.source.kind != SourceKind::Lead || !profile.name.is_empty() || !profile.emails.is_empty() || profile.number.is_some() {
        return Ok(None);
    }
    let key = Key::phone(phone);
    let parts = with_key(tx, &hash(tx.sealer(), &key))?;
    if parts.len() > SHARED_BY_MOST {
        return Ok(None);
    }
    let mut last: Option<(Option<At>, std::cmp::Reverse<PartId>)> = None;
    for part in parts {
        let dealt = own(tx, part)?.and_then(|c| c.last_touch).map(|t| t.at);
        last = last.max(Some((dealt, std::cmp::Reverse(part))));
    }
    Ok(last.map(|(_, part)| part.0))
}
