//! Whose word is this? Each source's record is a part; parts that are one person's are shown as one customer. Joining moves nothing:
//! what came under a part stays under it, so that two who were joined can be taken apart without a trace.

use super::{Policy, notes, think, timers};
use crate::{
    domain::{
        alert::{Alert, CloseReason},
        change::Changed,
        customer::{Customer, Touch},
        edit::{Edit, Edits},
        ids::{CustomerId, MergeId, PartId, ProfileId, StaffId, VehicleId},
        import_run::Effect,
        merge::{Alike, Because, Decision, Likeness, Merge, Resolved},
        money::Bps,
        phone::Phone,
        profile::{Profile, SourceKind},
        time::At,
        timer::{Timer, TimerKind},
        vehicle::Ownership,
    },
    engine::identity::{self, Key, Match, Person, Verdict},
    store::{Rows, Span, StoreError, WriteTx, key::Hash, tables},
};
use std::collections::{BTreeMap, BTreeSet};

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

/// A point can stand for a whole street; past this many records it tells nobody apart.
pub const SHARED_BY_MOST: usize = 24;
/// Past this many under one roof it is a building whose doors nobody wrote down.
const UNDER_ONE_ROOF_MOST: usize = 8;
/// Records that one regrouping looks at. Beyond it is no person and no family.
const REGROUPED_MOST: usize = 200;

// Who is who.

/// The customer a part is shown in.
pub fn root_of(tx: &impl Rows, part: PartId) -> Result<CustomerId, StoreError> {
    Ok(tx.get(tables::JOINED, &part)?.unwrap_or_else(|| part.into()))
}

/// The customer of this number, or the one it is shown in now.
pub fn shown(tx: &impl Rows, id: CustomerId) -> Result<Option<Customer>, StoreError> {
    if let Some(customer) = tx.get(tables::CUSTOMERS, &id)? {
        return Ok(Some(customer));
    }
    match tx.get(tables::JOINED, &id.into())? {
        Some(root) => tx.get(tables::CUSTOMERS, &root),
        None => Ok(None),
    }
}

/// The customer a part is shown in.
pub fn of_part(tx: &impl Rows, part: PartId) -> Result<Option<Customer>, StoreError> {
    shown(tx, part.into())
}

/// A part as it is alone.
pub fn own(tx: &impl Rows, part: PartId) -> Result<Option<Customer>, StoreError> {
    match tx.get(tables::PARTS, &part)? {
        Some(own) => Ok(Some(own)),
        None => tx.get(tables::CUSTOMERS, &part.into()),
    }
}

fn own_or_damaged(tx: &impl Rows, part: PartId) -> Result<Customer, StoreError> {
    own(tx, part)?.ok_or_else(|| StoreError::Damaged { table: "PARTS".to_owned(), why: "names a record that is not there".to_owned() })
}

fn profiles(tx: &impl Rows, ids: &[ProfileId]) -> Result<Vec<Profile>, StoreError> {
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        all.extend(tx.get(tables::PROFILES, id)?);
    }
    Ok(all)
}

fn person(policy: &Policy, own: &Customer, profiles: &[Profile]) -> Person {
    let by_hand = own.edits.as_profile();
    let mut said: Vec<&Profile> = profiles.iter().chain(by_hand.as_ref()).collect();
    // By when it was said, not by when it came: a person is the same whatever order files are brought in.
    said.sort_by(|a, b| (a.at, &a.phones, &a.emails).cmp(&(b.at, &b.phones, &b.emails)));
    Person::of(&said, &policy.own_points)
}

fn person_of(tx: &impl Rows, policy: &Policy, part: PartId) -> Result<Person, StoreError> {
    let own = own_or_damaged(tx, part)?;
    Ok(person(policy, &own, &profiles(tx, &own.profiles)?))
}

// By what they are met.

fn hash(tx: &impl Rows, key: &Key) -> Hash {
    let (kind, text) = key.parts();
    tx.sealer().lookup(kind, &text)
}

/// Every record with this key, at most one more than tells anybody apart.
fn with_key(tx: &impl Rows, key: &Key) -> Result<Vec<PartId>, StoreError> {
    Ok(tx.keys(tables::POINTS, &Span::under(&hash(tx, key)), SHARED_BY_MOST + 1)?.into_iter().map(|(_, id)| id).collect())
}

/// Every customer with this key, while it tells anything about them.
pub fn holders(tx: &impl Rows, key: &Key) -> Result<Vec<CustomerId>, StoreError> {
    let parts = with_key(tx, key)?;
    if parts.len() > SHARED_BY_MOST {
        return Ok(vec![]);
    }
    let mut customers: Vec<CustomerId> = Vec::new();
    for part in parts {
        let root = root_of(tx, part)?;
        if !customers.contains(&root) {
            customers.push(root);
        }
    }
    Ok(customers)
}

/// Everybody who has this phone, while it tells anything about them.
pub fn sharers(tx: &impl Rows, phone: &Phone) -> Result<Vec<CustomerId>, StoreError> {
    holders(tx, &Key::phone(phone))
}

/// The others who live where this customer does.
pub fn housemates(tx: &impl Rows, customer: &Customer) -> Result<Vec<CustomerId>, StoreError> {
    let Some(key) = Key::home(customer) else { return Ok(vec![]) };
    let mut there = Vec::new();
    for id in holders(tx, &key)? {
        // Who moved away is still met by the address of then.
        if tx.get(tables::CUSTOMERS, &id)?.is_some_and(|c| Key::home(&c).as_ref() == Some(&key)) {
            there.push(id);
        }
    }
    Ok(if there.len() > UNDER_ONE_ROOF_MOST { vec![] } else { there.into_iter().filter(|id| *id != customer.id).collect() })
}

fn put_keys(tx: &WriteTx<'_>, part: PartId, before: &[Key], now: &[Key]) -> Result<(), StoreError> {
    for gone in before.iter().filter(|k| !now.contains(k)) {
        tx.remove(tables::POINTS, &(hash(tx, gone), part))?;
    }
    for new in now.iter().filter(|k| !before.contains(k)) {
        tx.put(tables::POINTS, &(hash(tx, new), part), &())?;
    }
    Ok(())
}

// Filing.

/// Files what a source says of a person, as of `now`.
pub fn file(tx: &WriteTx<'_>, policy: &Policy, profile: &Profile, now: At) -> Result<Filed, StoreError> {
    let word = hash(tx, &Key::record(profile));
    if let Some(part) = tx.keys(tables::POINTS, &Span::under(&word), 1)?.into_iter().next().map(|(_, part)| part) {
        return say_again(tx, policy, part, profile, now);
    }
    if let Some(part) = only_a_phone(tx, profile)? {
        return Ok(Filed { part, profile: None, did: FiledAs::Unchanged });
    }
    let part = PartId(tx.next("customer")?);
    let id = ProfileId(tx.next("profile")?);
    tx.put(tables::PROFILES, &id, profile)?;
    tx.put(tables::POINTS, &(word, part), &())?;
    let mut own = Customer::new(part.into(), profile.at);
    own.profiles.push(id);
    let said = std::slice::from_ref(profile);
    let own = identity::shown(std::slice::from_ref(&own), said).unwrap_or(own);
    tx.put(tables::CUSTOMERS, &own.id, &own)?;
    tx.announce(Changed::Customer(own.id));
    let me = person(policy, &own, said);
    // Met before its own keys are among those it is met by.
    let found = meet(tx, policy, part, &me)?;
    let record = Key::record(profile);
    for key in identity::keys(&me).iter().filter(|key| **key != record) {
        tx.put(tables::POINTS, &(hash(tx, key), part), &())?;
    }
    let joined = settle_new(tx, policy, part, &me, &found, now)?;
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
    let parts = with_key(tx, &key)?;
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

/// A record with other profiles or other words by hand than before: its values, its keys, and whose it is.
fn refresh(tx: &WriteTx<'_>, policy: &Policy, own: Customer, before: &Person, now: At) -> Result<(), StoreError> {
    let part = PartId::from(own.id);
    let said = profiles(tx, &own.profiles)?;
    let own = Customer { parts: own.parts.clone(), ..identity::shown(&[Customer { parts: vec![], ..own.clone() }], &said).unwrap_or(own) };
    let me = person(policy, &own, &said);
    put_own(tx, &own)?;
    put_keys(tx, part, &identity::keys(before), &identity::keys(&me))?;
    if me == *before { Ok(()) } else { regroup(tx, policy, &[part], Cause::Learnt, now).map(|_| ()) }
}

/// Writes a part as it is alone, and the customer it is shown in.
fn put_own(tx: &WriteTx<'_>, own: &Customer) -> Result<(), StoreError> {
    let part = PartId::from(own.id);
    let root = root_of(tx, part)?;
    if tx.has(tables::PARTS, &part)? {
        tx.put(tables::PARTS, &part, &Customer { parts: vec![], ..own.clone() })?;
        show(tx, root)
    } else {
        tx.put(tables::CUSTOMERS, &root, own)?;
        tx.announce(Changed::Customer(root));
        Ok(())
    }
}

/// Computes a customer of several parts anew; what was concluded of them stays.
fn show(tx: &WriteTx<'_>, root: CustomerId) -> Result<(), StoreError> {
    let Some(held) = tx.get(tables::CUSTOMERS, &root)? else { return Ok(()) };
    let mut parts = Vec::with_capacity(held.parts.len());
    for part in held.all_parts() {
        parts.push(own_or_damaged(tx, part)?);
    }
    let ids: Vec<ProfileId> = parts.iter().flat_map(|p| p.profiles.iter().copied()).collect();
    if let Some(mut customer) = identity::shown(&parts, &profiles(tx, &ids)?) {
        customer.score = held.score;
        customer.open_alert = held.open_alert;
        customer.drives = drives(tx, &customer)?;
        tx.put(tables::CUSTOMERS, &root, &customer)?;
    }
    tx.announce(Changed::Customer(root));
    Ok(())
}

// Changing what is known of them.

/// Changes the facts of one part; gives the customer it is shown in. Profiles and words by hand have their own acts.
pub fn change(tx: &WriteTx<'_>, part: PartId, act: impl FnOnce(&mut Customer)) -> Result<Option<Customer>, StoreError> {
    let Some(mut own) = own(tx, part)? else { return Ok(None) };
    act(&mut own);
    put_own(tx, &own)?;
    of_part(tx, part)
}

/// Writes down what was concluded of a customer.
pub fn conclude(tx: &WriteTx<'_>, customer: &Customer) -> Result<(), StoreError> {
    tx.put(tables::CUSTOMERS, &customer.id, customer)?;
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

/// What somebody said by hand of a customer.
pub fn edit(tx: &WriteTx<'_>, policy: &Policy, id: CustomerId, edits: &[Edit], by: StaffId, now: At) -> Result<(), StoreError> {
    let Some(customer) = shown(tx, id)? else { return Ok(()) };
    let mut own = own_or_damaged(tx, customer.id.into())?;
    let before = person(policy, &own, &profiles(tx, &own.profiles)?);
    for edit in edits {
        own.edits.say(edit.clone(), &customer.phones, &customer.emails, by, now);
        if let Edit::Phones(_) = edit {
            own.wrong_number = false;
        }
    }
    refresh(tx, policy, own, &before, now)
}

/// Two customers as one, without joining them.
pub fn shown_together(tx: &impl Rows, one: &Customer, other: &Customer) -> Result<Customer, StoreError> {
    let mut parts = Vec::new();
    for part in one.all_parts().chain(other.all_parts()) {
        parts.push(own_or_damaged(tx, part)?);
    }
    let ids: Vec<ProfileId> = parts.iter().flat_map(|p| p.profiles.iter().copied()).collect();
    Ok(identity::shown(&parts, &profiles(tx, &ids)?).unwrap_or_else(|| one.clone()))
}

/// What was said by hand of one part.
pub fn edits_of(tx: &impl Rows, part: PartId) -> Result<Option<Edits>, StoreError> {
    Ok(own(tx, part)?.map(|own| own.edits))
}

/// Takes back what was said by hand of a part at one moment.
pub fn take_edits_back(tx: &WriteTx<'_>, policy: &Policy, part: PartId, before: &Edits, at: At, now: At) -> Result<(), StoreError> {
    let Some(mut own) = own(tx, part)? else { return Ok(()) };
    let me = person(policy, &own, &profiles(tx, &own.profiles)?);
    own.edits.take_back(before, at);
    refresh(tx, policy, own, &me, now)
}

// Whose they are.

/// Everybody who shares a key with this person, and what is to be made of it.
fn meet(tx: &impl Rows, policy: &Policy, part: PartId, me: &Person) -> Result<Vec<(PartId, Person, Verdict)>, StoreError> {
    let model = policy.identity.of(tx)?;
    let mut found: Vec<(PartId, Person, Verdict)> = Vec::new();
    for key in identity::keys(me) {
        let parts = with_key(tx, &key)?;
        if parts.len() > SHARED_BY_MOST {
            continue;
        }
        for other in parts {
            if other != part && !found.iter().any(|(held, _, _)| *held == other) {
                let them = person_of(tx, policy, other)?;
                let verdict = identity::judge(&model, me, &them);
                found.push((other, them, verdict));
            }
        }
    }
    Ok(found)
}

/// The same with those whom a scan of the whole base met with them, whatever they share.
fn meet_again(tx: &impl Rows, policy: &Policy, part: PartId, me: &Person, scanned: &[PartId]) -> Result<Vec<(PartId, Person, Verdict)>, StoreError> {
    let mut found = meet(tx, policy, part, me)?;
    let model = policy.identity.of(tx)?;
    for other in scanned {
        if !found.iter().any(|(held, _, _)| held == other) {
            let them = person_of(tx, policy, *other)?;
            let verdict = identity::judge(&model, me, &them);
            found.push((*other, them, verdict));
        }
    }
    Ok(found)
}

/// Records as people to be compared.
pub struct ToCompare {
    pub people: Vec<(PartId, Person)>,
    /// After this customer there may be more.
    pub next: Option<CustomerId>,
}

/// All records of the customers after this one, at most so many customers.
pub fn to_compare(tx: &impl Rows, policy: &Policy, after: Option<CustomerId>, at_most: usize) -> Result<ToCompare, StoreError> {
    let span = after.map_or_else(Span::all, |id| Span::all().after(&id));
    let customers = tx.some(tables::CUSTOMERS, &span, at_most)?;
    let mut people = Vec::with_capacity(customers.len());
    for (id, customer) in &customers {
        if customer.parts.is_empty() {
            people.push(((*id).into(), person(policy, customer, &profiles(tx, &customer.profiles)?)));
        }
        for part in &customer.parts {
            people.push((*part, person_of(tx, policy, *part)?));
        }
    }
    Ok(ToCompare { people, next: customers.last().filter(|_| customers.len() == at_most).map(|(id, _)| *id) })
}

/// A record that has just come: alone, of one customer, or of several who are one then. Whether it joined anybody.
fn settle_new(
    tx: &WriteTx<'_>,
    policy: &Policy,
    part: PartId,
    me: &Person,
    found: &[(PartId, Person, Verdict)],
    now: At,
) -> Result<bool, StoreError> {
    if found.is_empty() {
        return Ok(false);
    }
    let mut same: Option<(CustomerId, &Match)> = None;
    let mut several = false;
    for (other, _, verdict) in found {
        match verdict {
            Verdict::Same(because) => {
                let root = root_of(tx, *other)?;
                several |= same.is_some_and(|(held, _)| held != root);
                if same.is_none_or(|(_, best)| because.probability > best.probability) {
                    same = Some((root, because));
                }
            }
            Verdict::Likely(_) | Verdict::Different { .. } => {}
        }
    }
    if let Some((root, because)) = same {
        let theirs: Vec<PartId> = tx.get(tables::CUSTOMERS, &root)?.map(|c| c.all_parts().collect()).unwrap_or_default();
        let mut fits = !several;
        for other in &theirs {
            if fits {
                let held;
                let met = found.iter().find(|(id, _, _)| id == other).map(|(_, them, _)| them);
                let them = if let Some(them) = met {
                    them
                } else {
                    held = person_of(tx, policy, *other)?;
                    &held
                };
                fits = !identity::must_differ(me, them);
            }
        }
        if fits {
            // The groups of before stand, with one more in this one: see `identity::group`.
            because_of(tx, part, because, now)?;
            form(tx, root, &theirs.into_iter().chain([part]).collect::<Vec<_>>(), now)?;
        } else {
            regroup(tx, policy, &[part], Cause::Came(part), now)?;
        }
    }
    let root = root_of(tx, part)?;
    for (other, _, verdict) in found {
        if let Verdict::Likely(because) = verdict
            && root_of(tx, *other)? != root
        {
            note_likely(tx, part, *other, because, now)?;
        }
    }
    Ok(root != part.into() || tx.has(tables::PARTS, &part)?)
}

fn because_of(tx: &WriteTx<'_>, part: PartId, because: &Match, now: At) -> Result<(), StoreError> {
    let mut own = own_or_damaged(tx, part)?;
    own.because = Some(Because { at: Some(now), ..in_words(because) });
    let table_is_parts = tx.has(tables::PARTS, &part)?;
    if table_is_parts { tx.put(tables::PARTS, &part, &own) } else { tx.put(tables::CUSTOMERS, &part.into(), &own) }
}

pub(super) fn in_words(because: &Match) -> Because {
    let reasons = because.reasons.iter().map(identity::Reason::words).collect();
    Because { reasons, at: None, probability: Some(Bps(because.probability.bps().into())) }
}

/// What set off a regrouping.
#[derive(Clone, Copy)]
enum Cause {
    /// This record has only just come: that it is somebody's is no joining of customers.
    Came(PartId),
    /// What is known of a record changed, or somebody decided.
    Learnt,
    /// A joining is taken apart: whoever was shown within the other has their own number again.
    TakenApart(CustomerId),
}

/// Groups everybody who has to do with these parts anew. The outcome depends on the records and the decisions, not on the order in which
/// they came. Gives the customers that changed.
fn regroup(tx: &WriteTx<'_>, policy: &Policy, from: &[PartId], cause: Cause, now: At) -> Result<Vec<CustomerId>, StoreError> {
    let mut people: BTreeMap<PartId, Person> = BTreeMap::new();
    let mut edges: Vec<(u64, u64, Match)> = Vec::new();
    let (mut together, mut apart) = (BTreeSet::new(), BTreeSet::new());
    let mut to_meet: Vec<PartId> = from.to_vec();
    while let Some(part) = to_meet.pop() {
        if people.contains_key(&part) || people.len() >= REGROUPED_MOST {
            continue;
        }
        let me = person_of(tx, policy, part)?;
        if let Some(customer) = of_part(tx, part)? {
            to_meet.extend(customer.all_parts());
        }
        let mut scanned = Vec::new();
        for ((_, other), decision) in tx.some(tables::DECISIONS, &Span::under(&part), REGROUPED_MOST)? {
            let pair = (part.0.min(other.0), part.0.max(other.0));
            match decision {
                Decision::Together => {
                    together.insert(pair);
                    to_meet.push(other);
                }
                Decision::Apart => {
                    apart.insert(pair);
                }
                Decision::Found => scanned.push(other),
                Decision::Unknown => {}
            }
        }
        for (other, _, verdict) in meet_again(tx, policy, part, &me, &scanned)? {
            if let Verdict::Same(because) = verdict {
                if part < other {
                    edges.push((part.0, other.0, because));
                }
                to_meet.push(other);
            }
        }
        people.insert(part, me);
    }
    edges.retain(|(a, b, _)| people.contains_key(&PartId(*a)) && people.contains_key(&PartId(*b)));
    together.retain(|(a, b)| people.contains_key(&PartId(*a)) && people.contains_key(&PartId(*b)));
    let members: Vec<(u64, Person)> = people.into_iter().map(|(id, person)| (id.0, person)).collect();
    let weighed: Vec<(u64, u64, _)> = edges.iter().map(|(a, b, because)| (*a, *b, because.probability)).collect();
    let together: Vec<(u64, u64)> = together.into_iter().collect();
    let apart: Vec<(u64, u64)> = apart.into_iter().collect();
    let groups = identity::group(&members, &weighed, &together, &apart);
    for (a, b, because) in &edges {
        // Whoever was joined later says why.
        let later = PartId(*a.max(b));
        if own(tx, later)?.is_some_and(|c| c.because.is_none()) {
            because_of(tx, later, because, now)?;
        }
    }
    let groups: Vec<Vec<PartId>> = groups.into_iter().map(|g| g.into_iter().map(PartId).collect()).collect();
    apply(tx, &groups, &edges, cause, now)
}

/// Makes customers of the groups. One that stays the same is not touched.
fn apply(tx: &WriteTx<'_>, groups: &[Vec<PartId>], edges: &[(u64, u64, Match)], cause: Cause, now: At) -> Result<Vec<CustomerId>, StoreError> {
    let mut wanted: Vec<(CustomerId, &Vec<PartId>)> = Vec::new();
    for group in groups {
        let mut roots: Vec<CustomerId> = Vec::new();
        for part in group {
            let root = root_of(tx, *part)?;
            if group.contains(&root.into()) && !roots.contains(&root) {
                roots.push(root);
            }
        }
        // Of several the oldest number: the one that would have stayed had nobody ever joined them.
        if let Cause::TakenApart(folded) = cause
            && group.contains(&folded.into())
            && !roots.contains(&folded)
        {
            roots.push(folded);
        }
        let root = roots.iter().min().copied().or(group.iter().min().map(|p| CustomerId::from(*p)));
        wanted.extend(root.map(|root| (root, group)));
    }
    let mut changed = Vec::new();
    for (root, group) in wanted {
        let before: Vec<PartId> = tx.get(tables::CUSTOMERS, &root)?.map(|c| c.all_parts().collect()).unwrap_or_default();
        let same = before.len() == group.len() && before.iter().all(|p| group.contains(p));
        if same {
            continue;
        }
        for part in group {
            // A customer of some standing that is shown within another now: worth a word, and the way back.
            let folded = CustomerId::from(*part);
            if folded != root
                && !matches!(cause, Cause::Came(fresh) if fresh == *part)
                && let Some(customer) = tx.get(tables::CUSTOMERS, &folded)?
            {
                let folded_parts: Vec<PartId> = customer.all_parts().filter(|p| group.contains(p)).collect();
                let because = match between(edges, &before, &folded_parts) {
                    Some(because) => because,
                    None => own(tx, *part)?.and_then(|c| c.because).unwrap_or_default(),
                };
                note_merge(tx, root, before.clone(), folded, folded_parts, because, now)?;
            }
        }
        form(tx, root, group, now)?;
        changed.push(root);
    }
    Ok(changed)
}

/// The surest reason for which records of two customers are one.
fn between(edges: &[(u64, u64, Match)], ones: &[PartId], others: &[PartId]) -> Option<Because> {
    let across = |a: &u64, b: &u64| ones.contains(&PartId(*a)) && others.contains(&PartId(*b));
    let met = edges.iter().filter(|(a, b, _)| across(a, b) || across(b, a));
    met.max_by_key(|(a, b, because)| (because.probability, std::cmp::Reverse((a, b)))).map(|(_, _, because)| in_words(because))
}

fn note_merge(
    tx: &WriteTx<'_>,
    kept: CustomerId,
    kept_parts: Vec<PartId>,
    folded: CustomerId,
    folded_parts: Vec<PartId>,
    because: Because,
    now: At,
) -> Result<Merge, StoreError> {
    let id = MergeId(tx.next("merge")?);
    let merge = Merge { id, at: now, by: None, kept, folded, kept_parts, folded_parts, because, choices: vec![], edits_before: None, undone: None };
    tx.put(tables::MERGES, &id, &merge)?;
    tx.put(tables::CUSTOMER_MERGES, &(kept, id), &())?;
    tx.put(tables::CUSTOMER_MERGES, &(folded, id), &())?;
    Ok(merge)
}

/// Makes these parts one customer of this number. Whoever was a customer by one of the other numbers is none now.
fn form(tx: &WriteTx<'_>, root: CustomerId, parts: &[PartId], now: At) -> Result<(), StoreError> {
    let mut ordered: Vec<PartId> = parts.to_vec();
    ordered.sort_by_key(|p| (CustomerId::from(*p) != root, *p));
    ordered.dedup();
    let held = tx.get(tables::CUSTOMERS, &root)?;
    let mut owns = Vec::with_capacity(ordered.len());
    for part in &ordered {
        owns.push(Customer { parts: vec![], ..own_or_damaged(tx, *part)? });
    }
    if let [alone] = owns.as_slice() {
        let mut customer = Customer { because: None, ..alone.clone() };
        if held.is_none() {
            customer.open_alert = None;
        }
        customer.drives = drives(tx, &customer)?;
        tx.put(tables::CUSTOMERS, &root, &customer)?;
        tx.remove(tables::PARTS, &root.into())?;
        tx.remove(tables::JOINED, &root.into())?;
    } else {
        for (part, own) in ordered.iter().zip(&owns) {
            tx.put(tables::PARTS, part, own)?;
            if CustomerId::from(*part) == root {
                tx.remove(tables::JOINED, part)?;
            } else {
                tx.put(tables::JOINED, part, &root)?;
                retire(tx, (*part).into(), now)?;
            }
        }
        let ids: Vec<ProfileId> = owns.iter().flat_map(|p| p.profiles.iter().copied()).collect();
        if let Some(mut customer) = identity::shown(&owns, &profiles(tx, &ids)?) {
            let held = held.unwrap_or_else(|| Customer::new(root, now));
            customer.score = held.score;
            customer.open_alert = held.open_alert;
            customer.drives = drives(tx, &customer)?;
            tx.put(tables::CUSTOMERS, &root, &customer)?;
        }
    }
    tx.announce(Changed::Customer(root));
    think_soon(tx, root, now)
}

/// A number that is no customer's any more: its cards go, what they were about is thought of under the other.
fn retire(tx: &WriteTx<'_>, id: CustomerId, now: At) -> Result<(), StoreError> {
    if tx.get(tables::CUSTOMERS, &id)?.is_none() {
        return Ok(());
    }
    for ((_, alert), ()) in tx.last(tables::CUSTOMER_ALERTS, &Span::under(&id), 50)? {
        if let Some(mut alert) = tx.get(tables::ALERTS, &alert)?.filter(|a: &Alert| !a.is_closed()) {
            crate::engine::desk::close(&mut alert, CloseReason::Joined, now);
            think::put_alert(tx, &alert)?;
        }
    }
    think::forget(tx, id)?;
    tx.remove(tables::CUSTOMERS, &id)?;
    tx.announce(Changed::Customer(id));
    Ok(())
}

/// Somebody with a live past, or of whom a colleague was told, is thought of at the next turn of the timers; a name from an old file is not.
fn think_soon(tx: &WriteTx<'_>, id: CustomerId, now: At) -> Result<(), StoreError> {
    let Some(customer) = tx.get(tables::CUSTOMERS, &id)? else { return Ok(()) };
    if customer.last_sign.is_some() || !notes::waiting(tx, &customer)?.is_empty() {
        timers::set(tx, &Timer { due: now, what: TimerKind::ThinkAgain { customer: id } })?;
    }
    Ok(())
}

// Who may be one, and who decided.

fn note_likely(tx: &WriteTx<'_>, one: PartId, other: PartId, because: &Match, now: At) -> Result<(), StoreError> {
    note_likeness(tx, &Likeness { one, other, found: now, because: in_words(because) })
}

fn note_likeness(tx: &WriteTx<'_>, likeness: &Likeness) -> Result<(), StoreError> {
    let (one, other) = (likeness.one, likeness.other);
    if is_decided(tx, one, other)? || tx.has(tables::LIKELY, &(one, other))? {
        return Ok(());
    }
    tx.put(tables::LIKELY, &(one, other), likeness)?;
    tx.put(tables::LIKELY, &(other, one), likeness)?;
    tx.put(tables::LIKELY_FIRST, &(rank(likeness), (one, other)), &())
}

/// Whether a person of the store said what these two are.
pub fn is_decided(tx: &impl Rows, one: PartId, other: PartId) -> Result<bool, StoreError> {
    Ok(tx.get(tables::DECISIONS, &(one, other))?.is_some_and(Decision::is_by_hand))
}

/// What a scan of the whole base found, as far as nobody has decided otherwise since and both are still there.
pub fn resolve(tx: &WriteTx<'_>, policy: &Policy, found: &[Resolved], now: At) -> Result<(), StoreError> {
    for Resolved { one, other, are, because } in found {
        let (one, other) = (*one, *other);
        if is_decided(tx, one, other)? || own(tx, one)?.is_none() || own(tx, other)?.is_none() {
            continue;
        }
        match are {
            Alike::Same => {
                decide(tx, one, other, Some(Decision::Found))?;
                for customer in regroup(tx, policy, &[one, other], Cause::Learnt, now)? {
                    forget_likely_within(tx, customer)?;
                }
            }
            Alike::Likely => {}
            Alike::No | Alike::Unknown => {
                forget_likely(tx, one, other)?;
                continue;
            }
        }
        // One by what the two say, and others speak against it: somebody should look.
        if root_of(tx, one)? != root_of(tx, other)? {
            note_likeness(tx, &Likeness { one, other, found: now, because: because.clone() })?;
        }
    }
    Ok(())
}

/// Nobody need look at two records of one customer.
fn forget_likely_within(tx: &WriteTx<'_>, id: CustomerId) -> Result<(), StoreError> {
    let Some(customer) = tx.get(tables::CUSTOMERS, &id)? else { return Ok(()) };
    for part in customer.all_parts() {
        for (_, other) in tx.keys(tables::LIKELY, &Span::under(&part), REGROUPED_MOST)? {
            if customer.parts.contains(&other) {
                forget_likely(tx, part, other)?;
            }
        }
    }
    Ok(())
}

/// The customers who may be this one and nobody has decided, the most likely first, each with the reason of the likeliest pair.
pub fn likely_of(tx: &impl Rows, customer: &Customer) -> Result<Vec<(CustomerId, Likeness)>, StoreError> {
    let mut found: Vec<(CustomerId, Likeness)> = Vec::new();
    for part in customer.all_parts() {
        for ((_, other), likeness) in tx.some(tables::LIKELY, &Span::under(&part), REGROUPED_MOST)? {
            let root = root_of(tx, other)?;
            if root != customer.id {
                found.push((root, likeness));
            }
        }
    }
    found.sort_by_key(|(root, likeness)| (rank(likeness), *root, likeness.one, likeness.other));
    let mut seen = BTreeSet::new();
    found.retain(|(root, _)| seen.insert(*root));
    Ok(found)
}

fn rank(likeness: &Likeness) -> u32 {
    let probability = likeness.because.probability.map_or(0, |p| p.0).clamp(0, 10_000);
    10_000 - u32::try_from(probability).unwrap_or(0)
}

fn forget_likely(tx: &WriteTx<'_>, one: PartId, other: PartId) -> Result<(), StoreError> {
    let Some(likeness) = tx.get(tables::LIKELY, &(one, other))? else { return Ok(()) };
    tx.remove(tables::LIKELY, &(one, other))?;
    tx.remove(tables::LIKELY, &(other, one))?;
    tx.remove(tables::LIKELY_FIRST, &(rank(&likeness), (likeness.one, likeness.other)))?;
    Ok(())
}

/// Parts of two customers, each with each.
fn pairs(ones: &[PartId], others: &[PartId]) -> Vec<(PartId, PartId)> {
    ones.iter().flat_map(|a| others.iter().map(move |b| (*a, *b))).collect()
}

fn decide(tx: &WriteTx<'_>, a: PartId, b: PartId, decision: Option<Decision>) -> Result<(), StoreError> {
    for key in [(a, b), (b, a)] {
        match decision {
            Some(decision) => tx.put(tables::DECISIONS, &key, &decision)?,
            None => {
                tx.remove(tables::DECISIONS, &key)?;
            }
        }
    }
    forget_likely(tx, a, b)
}

/// Joins two customers because somebody of the store says so, and takes the fields chosen with it.
pub fn merge(
    tx: &WriteTx<'_>,
    policy: &Policy,
    kept: CustomerId,
    folded: CustomerId,
    choices: &[Edit],
    by: StaffId,
    now: At,
) -> Result<Option<MergeId>, StoreError> {
    let (Some(one), Some(other)) = (shown(tx, kept)?, shown(tx, folded)?) else { return Ok(None) };
    if one.id == other.id {
        return Ok(None);
    }
    let (kept_parts, folded_parts): (Vec<PartId>, Vec<PartId>) = (one.all_parts().collect(), other.all_parts().collect());
    for (a, b) in pairs(&kept_parts, &folded_parts) {
        decide(tx, a, b, None)?;
    }
    decide(tx, one.id.into(), other.id.into(), Some(Decision::Together))?;
    let edits_before = own(tx, one.id.into())?.map(|c| Box::new(c.edits)).filter(|_| !choices.is_empty());
    let because = Because { reasons: vec!["Joined by hand".to_owned()], at: None, probability: None };
    let merge = note_merge(tx, one.id, kept_parts.clone(), other.id, folded_parts.clone(), because, now)?;
    tx.put(tables::MERGES, &merge.id, &Merge { by: Some(by), choices: choices.to_vec(), edits_before, ..merge.clone() })?;
    form(tx, one.id, &[kept_parts, folded_parts].concat(), now)?;
    edit(tx, policy, one.id, choices, by, now)?;
    Ok(Some(merge.id))
}

/// Takes a joining apart: both are again who they were, each with what has come for them since.
pub fn unmerge(tx: &WriteTx<'_>, policy: &Policy, id: MergeId, by: StaffId, now: At) -> Result<Vec<CustomerId>, StoreError> {
    let Some(mut merge) = tx.get(tables::MERGES, &id)?.filter(|m: &Merge| m.undone.is_none()) else { return Ok(vec![]) };
    decide(tx, merge.kept.into(), merge.folded.into(), None)?;
    for (a, b) in pairs(&merge.kept_parts, &merge.folded_parts) {
        decide(tx, a, b, Some(Decision::Apart))?;
    }
    if let Some(before) = &merge.edits_before {
        take_edits_back(tx, policy, merge.kept.into(), before, merge.at, now)?;
    }
    merge.undone = Some((now, by));
    tx.put(tables::MERGES, &id, &merge)?;
    let from: Vec<PartId> = merge.kept_parts.iter().chain(&merge.folded_parts).copied().collect();
    let mut changed = regroup(tx, policy, &from, Cause::TakenApart(merge.folded), now)?;
    changed.extend([merge.kept, merge.folded]);
    changed.sort();
    changed.dedup();
    Ok(changed)
}

/// One record is somebody else's than the others of its customer.
pub fn separate(tx: &WriteTx<'_>, policy: &Policy, part: PartId, now: At) -> Result<Vec<CustomerId>, StoreError> {
    let Some(customer) = of_part(tx, part)? else { return Ok(vec![]) };
    let others: Vec<PartId> = customer.all_parts().filter(|p| *p != part).collect();
    for other in &others {
        decide(tx, part, *other, Some(Decision::Apart))?;
    }
    regroup(tx, policy, &[&others[..], &[part]].concat(), Cause::Learnt, now)
}

/// Two who look like one are two.
pub fn keep_apart(tx: &WriteTx<'_>, one: CustomerId, other: CustomerId) -> Result<(), StoreError> {
    let (Some(one), Some(other)) = (shown(tx, one)?, shown(tx, other)?) else { return Ok(()) };
    for (a, b) in pairs(&one.all_parts().collect::<Vec<_>>(), &other.all_parts().collect::<Vec<_>>()) {
        decide(tx, a, b, Some(Decision::Apart))?;
    }
    Ok(())
}

/// Nobody has decided about these two any more: they are again what their records make them.
pub fn leave_open(tx: &WriteTx<'_>, policy: &Policy, one: CustomerId, other: CustomerId, now: At) -> Result<(), StoreError> {
    let (Some(one), Some(other)) = (shown(tx, one)?, shown(tx, other)?) else { return Ok(()) };
    let (ones, others): (Vec<PartId>, Vec<PartId>) = (one.all_parts().collect(), other.all_parts().collect());
    let mut opened = Vec::new();
    for (a, b) in pairs(&ones, &others) {
        if tx.get(tables::DECISIONS, &(a, b))? == Some(Decision::Apart) {
            decide(tx, a, b, None)?;
            opened.push((a, b));
        }
    }
    regroup(tx, policy, &[ones, others].concat(), Cause::Learnt, now)?;
    let model = policy.identity.of(tx)?;
    for (a, b) in opened {
        if root_of(tx, a)? != root_of(tx, b)?
            && let Verdict::Likely(because) | Verdict::Same(because) = identity::judge(&model, &person_of(tx, policy, a)?, &person_of(tx, policy, b)?)
        {
            note_likely(tx, a, b, &because, now)?;
        }
    }
    Ok(())
}

// Taking back what an import said.

/// Takes back one word of a source. A record of which nothing is left goes with it.
pub fn take_back(tx: &WriteTx<'_>, policy: &Policy, part: PartId, profile: ProfileId, now: At) -> Result<(), StoreError> {
    let Some(mut own) = own(tx, part)? else { return Ok(()) };
    let held = profiles(tx, &own.profiles)?;
    let before = person(policy, &own, &held);
    let Some(gone) = tx.get(tables::PROFILES, &profile)? else { return Ok(()) };
    own.profiles.retain(|p| *p != profile);
    tx.remove(tables::PROFILES, &profile)?;
    let still_said = profiles(tx, &own.profiles)?.iter().any(|p| Key::record(p) == Key::record(&gone));
    if !still_said {
        tx.remove(tables::POINTS, &(hash(tx, &Key::record(&gone)), part))?;
    }
    if !own.profiles.is_empty() || !own.edits.is_empty() || has_facts(tx, part)? {
        own.since = profiles(tx, &own.profiles)?.iter().map(|p| p.at).min().unwrap_or(own.since);
        return refresh(tx, policy, own, &before, now);
    }
    put_keys(tx, part, &identity::keys(&before), &[])?;
    let rest: Vec<PartId> = of_part(tx, part)?.map(|c| c.all_parts().filter(|p| *p != part).collect()).unwrap_or_default();
    for (key, _) in tx.some(tables::DECISIONS, &Span::under(&part), usize::MAX)? {
        decide(tx, key.0, key.1, None)?;
    }
    for ((_, other), _) in tx.some(tables::LIKELY, &Span::under(&part), usize::MAX)? {
        forget_likely(tx, part, other)?;
    }
    for (_, other) in tx.keys(tables::LINKS, &Span::under(&part), usize::MAX)? {
        tx.remove(tables::LINKS, &(part, other))?;
        tx.remove(tables::LINKS, &(other, part))?;
    }
    let root = root_of(tx, part)?;
    if root == part.into() {
        retire(tx, root, now)?;
    }
    tx.remove(tables::PARTS, &part)?;
    tx.remove(tables::JOINED, &part)?;
    let Some(first) = rest.first() else { return Ok(()) };
    if root == part.into() {
        // The others lost the one that gave them their number.
        let next = CustomerId::from(*rest.iter().min().unwrap_or(first));
        form(tx, next, &rest, now)?;
    } else {
        form(tx, root, &rest, now)?;
    }
    regroup(tx, policy, &rest, Cause::Learnt, now).map(|_| ())
}

/// Why this record cannot go with its last word: what people of the store made of it, and what came under it beside these deals, orders and
/// visits. `None` when it can.
pub fn rests_on(tx: &impl Rows, part: PartId, beside: &[Effect]) -> Result<Option<String>, StoreError> {
    const MANY: usize = 1_000;
    let Some(own) = own(tx, part)? else { return Ok(None) };
    if !own.edits.is_empty() {
        return Ok(Some("Somebody changed it by hand.".to_owned()));
    }
    let worked = !own.store_touches.is_empty()
        || tx.some(tables::STORY, &Span::under(&tables::story_of_part(part)), MANY)?.iter().any(|(_, row)| row.by.is_some());
    if worked {
        return Ok(Some("Somebody of the store has worked with them since.".to_owned()));
    }
    if tx.some(tables::DECISIONS, &Span::under(&part), MANY)?.iter().any(|(_, decision)| decision.is_by_hand()) {
        return Ok(Some("Somebody decided whether it is one with another.".to_owned()));
    }
    let came = !own.visitors.is_empty()
        || !tx.keys(tables::CUSTOMER_LEADS, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::INBOUND, &Span::under(&part), 1)?.is_empty();
    if came {
        return Ok(Some("They have come to us themselves since.".to_owned()));
    }
    let deals = tx.keys(tables::CUSTOMER_DEALS, &Span::under(&part), MANY)?;
    let orders = tx.keys(tables::CUSTOMER_REPAIR_ORDERS, &Span::under(&part), MANY)?;
    let visits = tx.keys(tables::CUSTOMER_APPOINTMENTS, &Span::under(&part), MANY)?;
    let other = deals.iter().any(|(_, id)| !beside.iter().any(|e| matches!(e, Effect::Deal { deal, before: None } if deal == id)))
        || orders.iter().any(|(_, id)| !beside.iter().any(|e| matches!(e, Effect::RepairOrder { order, before: None } if order == id)))
        || visits.iter().any(|(_, id)| !beside.iter().any(|e| matches!(e, Effect::Appointment { appointment, before: None } if appointment == id)));
    Ok(other.then(|| "A deal or visit of another file rests on it.".to_owned()))
}

/// Whether nothing but this word makes the record.
pub fn is_last_word(tx: &impl Rows, part: PartId, profile: ProfileId) -> Result<bool, StoreError> {
    Ok(own(tx, part)?.is_some_and(|own| own.profiles == [profile]))
}

/// Why a part was joined to the others of its customer.
pub fn because_of_part(tx: &impl Rows, part: PartId) -> Result<Option<Because>, StoreError> {
    Ok(own(tx, part)?.and_then(|own| own.because))
}

/// Whether anything came under this record beside what sources said of the person.
fn has_facts(tx: &impl Rows, part: PartId) -> Result<bool, StoreError> {
    let any = !tx.keys(tables::STORY, &Span::under(&tables::story_of_part(part)), 1)?.is_empty()
        || !tx.keys(tables::CUSTOMER_LEADS, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::INBOUND, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::OWNED, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::CUSTOMER_DEALS, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::CUSTOMER_REPAIR_ORDERS, &Span::under(&part), 1)?.is_empty()
        || !tx.keys(tables::CUSTOMER_APPOINTMENTS, &Span::under(&part), 1)?.is_empty();
    Ok(any || own(tx, part)?.is_some_and(|c| !c.visitors.is_empty() || !c.store_touches.is_empty()))
}

// What they drive.

/// They bought it here. Dates of all who had the car are weighed together, so that files may come in any order.
pub fn bought(tx: &WriteTx<'_>, part: PartId, vehicle: VehicleId, at: At) -> Result<(), StoreError> {
    claim(tx, part, vehicle, at, |o| {
        o.bought_here = true;
        o.bought = o.bought.max(Some(at));
    })
}

/// They came with it: to the workshop, or in a lead that says it is theirs.
pub fn came_with(tx: &WriteTx<'_>, part: PartId, vehicle: VehicleId, at: At) -> Result<(), StoreError> {
    claim(tx, part, vehicle, at, |_| {})
}

/// They gave it away in a trade.
pub fn gave_away(tx: &WriteTx<'_>, part: PartId, vehicle: VehicleId, at: At) -> Result<(), StoreError> {
    claim(tx, part, vehicle, at, |o| o.gave = o.gave.max(Some(at)))
}

fn claim(tx: &WriteTx<'_>, part: PartId, vehicle: VehicleId, at: At, say: impl FnOnce(&mut Ownership)) -> Result<(), StoreError> {
    let new = Ownership { part, vehicle, since: at, until: None, bought_here: false, last_seen: at, bought: None, gave: None };
    let mut ownership = tx.get(tables::OWNERS, &(vehicle, part))?.unwrap_or(new);
    ownership.since = ownership.since.min(at);
    ownership.last_seen = ownership.last_seen.max(at);
    say(&mut ownership);
    tx.put(tables::OWNERS, &(vehicle, part), &ownership)?;
    tx.put(tables::OWNED, &(part, vehicle), &())?;
    settle_owners(tx, vehicle)
}

/// Until when each of them had it: until they gave it in trade, or somebody else bought it after them.
fn settle_owners(tx: &WriteTx<'_>, vehicle: VehicleId) -> Result<(), StoreError> {
    const OWNERS_MOST: usize = 100;
    let owners: Vec<Ownership> = tx.some(tables::OWNERS, &Span::under(&vehicle), OWNERS_MOST)?.into_iter().map(|(_, o)| o).collect();
    for owner in &owners {
        let begun = owner.bought.unwrap_or(owner.since);
        let given = owner.gave.filter(|at| *at >= begun);
        let sold_on = owners.iter().filter(|o| o.part != owner.part).filter_map(|o| o.bought).filter(|at| *at > begun);
        let until = given.into_iter().chain(sold_on).min();
        if until != owner.until {
            tx.put(tables::OWNERS, &(vehicle, owner.part), &Ownership { until, ..owner.clone() })?;
        }
    }
    Ok(())
}

/// Whose car it is by what is left, after something that said so was taken back.
pub fn reclaim(tx: &WriteTx<'_>, part: PartId, vehicle: VehicleId) -> Result<(), StoreError> {
    tx.remove(tables::OWNERS, &(vehicle, part))?;
    tx.remove(tables::OWNED, &(part, vehicle))?;
    for (_, deal) in tx.keys(tables::CUSTOMER_DEALS, &Span::under(&part), usize::MAX)? {
        let Some(deal) = tx.get(tables::DEALS, &deal)?.filter(|d| d.said.is_retail()) else { continue };
        if deal.vehicle == Some(vehicle) {
            bought(tx, part, vehicle, deal.said.sold)?;
        }
        for vin in deal.said.trades().filter_map(|t| t.vin.as_ref()) {
            if tx.get(tables::VINS, &vin.as_str().to_owned())? == Some(vehicle) {
                gave_away(tx, part, vehicle, deal.said.sold)?;
            }
        }
    }
    for (_, order) in tx.keys(tables::CUSTOMER_REPAIR_ORDERS, &Span::under(&part), usize::MAX)? {
        if let Some(order) = tx.get(tables::REPAIR_ORDERS, &order)?.filter(|o| o.vehicle == Some(vehicle)) {
            came_with(tx, part, vehicle, order.said.opened)?;
        }
    }
    for (_, lead) in tx.keys(tables::CUSTOMER_LEADS, &Span::under(&part), usize::MAX)? {
        let Some(lead) = tx.get(tables::LEADS, &lead)? else { continue };
        for vin in lead.said.cars.iter().filter(|c| c.is_theirs()).filter_map(|c| c.vin.as_ref()) {
            if tx.get(tables::VINS, &vin.as_str().to_owned())? == Some(vehicle) {
                came_with(tx, part, vehicle, lead.received)?;
            }
        }
    }
    settle_owners(tx, vehicle)
}

/// What this part alone drives, and the newest thing that happened with it, by what is left of its story.
pub fn look_back(tx: &WriteTx<'_>, part: PartId, now: At) -> Result<(), StoreError> {
    let drives = drives_alone(tx, part)?;
    let until_now = Span::under(&tables::story_of_part(part)).before(&(tables::story_of_part(part), now.plus_ms(1)));
    let newest = tx.last(tables::STORY, &until_now, 1)?.into_iter().next().map(|(_, row)| Touch { at: row.at, text: row.title });
    change(tx, part, |own| {
        own.last_touch = newest;
        own.drives = drives;
    })?;
    Ok(())
}

pub fn drives_alone(tx: &impl Rows, part: PartId) -> Result<Option<String>, StoreError> {
    drives(tx, &Customer::new(part.into(), At(0)))
}

/// The newest car they own by our records.
pub fn drives(tx: &impl Rows, customer: &Customer) -> Result<Option<String>, StoreError> {
    const CARS_MOST: usize = 20;
    let mut newest: Option<(At, VehicleId)> = None;
    for part in customer.all_parts() {
        for (_, vehicle) in tx.keys(tables::OWNED, &Span::under(&part), CARS_MOST)? {
            if let Some(o) = tx.get(tables::OWNERS, &(vehicle, part))?
                && o.until.is_none()
                && newest.is_none_or(|(at, _)| at <= o.since)
            {
                newest = Some((o.since, vehicle));
            }
        }
    }
    let Some((_, vehicle)) = newest else { return Ok(None) };
    Ok(tx.get(tables::VEHICLES, &vehicle)?.map(|v| v.facts.label()))
}
