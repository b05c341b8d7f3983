//! What do we show of a customer joined from several records?

use super::survive;
use crate::domain::{customer::Customer, edit::Said, profile::Profile};

/// The customer shown: facts of all its parts, values by survivorship, and above both what people of the store said by hand. The first
/// part gives the number. What was concluded of them (score, card) is left as it is in the first part.
#[must_use]
pub fn shown(parts: &[Customer], profiles: &[Profile]) -> Option<Customer> {
    let facts = together(parts)?;
    let mut customer = survive(profiles, &facts);
    customer.birth = profiles.iter().filter(|p| p.birth.is_some()).max_by_key(|p| (p.source.kind.trust(), p.at)).and_then(|p| p.birth);
    customer.tags = vec![];
    for tag in profiles.iter().flat_map(|p| &p.tags) {
        add(&mut customer.tags, tag);
    }
    customer.fields = vec![];
    let mut by_age: Vec<&Profile> = profiles.iter().collect();
    by_age.sort_by_key(|p| p.at);
    for (key, value) in by_age.iter().flat_map(|p| &p.fields) {
        set(&mut customer.fields, key, value);
    }
    by_hand(&mut customer, parts);
    Some(customer)
}

/// The facts of several parts as one past.
fn together(parts: &[Customer]) -> Option<Customer> {
    let mut whole = parts.first()?.clone();
    if parts.len() == 1 {
        whole.parts = vec![];
        return Some(whole);
    }
    whole.parts = parts.iter().map(|p| p.id.into()).collect();
    whole.because = None;
    (whole.seen, whole.unseen) = (vec![], None);
    for part in &parts[1..] {
        whole.profiles.extend_from_slice(&part.profiles);
        for visitor in &part.visitors {
            if !whole.visitors.contains(visitor) {
                whole.visitors.push(*visitor);
            }
        }
        whole.owner = whole.owner.or(part.owner);
        whole.since = whole.since.min(part.since);
        if part.last_touch.as_ref().map(|t| t.at) > whole.last_touch.as_ref().map(|t| t.at) {
            whole.last_touch.clone_from(&part.last_touch);
        }
        whole.last_sign = whole.last_sign.max(part.last_sign);
        whole.store_touches.extend_from_slice(&part.store_touches);
        whole.wrong_number |= part.wrong_number;
    }
    whole.store_touches.sort();
    let surplus = whole.store_touches.len().saturating_sub(Customer::STORE_TOUCHES_KEPT);
    whole.store_touches.drain(..surplus);
    Some(whole)
}

fn by_hand(customer: &mut Customer, parts: &[Customer]) {
    if let Some(name) = newest(parts.iter().filter_map(|p| p.edits.name.as_ref())) {
        customer.name.clone_from(&name.value);
    }
    if let Some(address) = newest(parts.iter().filter_map(|p| p.edits.address.as_ref())) {
        customer.address.clone_from(&address.value);
    }
    if let Some(birth) = newest(parts.iter().filter_map(|p| p.edits.birth.as_ref())) {
        customer.birth = birth.value;
    }
    if let Some(owner) = newest(parts.iter().filter_map(|p| p.edits.owner.as_ref())) {
        customer.owner = owner.value;
    }
    let phones: Vec<_> = parts.iter().filter_map(|p| p.edits.phones.as_ref()).collect();
    customer.phones = sorted(&phones, &customer.phones);
    let emails: Vec<_> = parts.iter().filter_map(|p| p.edits.emails.as_ref()).collect();
    customer.emails = sorted(&emails, &customer.emails);
    let mut tags: Vec<_> = parts.iter().flat_map(|p| &p.edits.tags).collect();
    tags.sort_by_key(|(_, said)| said.at);
    for (tag, said) in tags {
        if said.value {
            add(&mut customer.tags, tag);
        } else {
            customer.tags.retain(|t| !same_tag(t, tag));
        }
    }
    let mut fields: Vec<_> = parts.iter().flat_map(|p| &p.edits.fields).collect();
    fields.sort_by_key(|(_, said)| said.at);
    for (key, said) in fields {
        set(&mut customer.fields, key, &said.value);
    }
}

fn newest<'s, T: 's>(said: impl Iterator<Item = &'s Said<T>>) -> Option<&'s Said<T>> {
    said.max_by_key(|s| s.at)
}

/// The lists left by hand, the newest first, then what no hand has touched.
fn sorted<T: Clone + PartialEq>(by_hand: &[&Said<crate::domain::edit::Sorted<T>>], found: &[T]) -> Vec<T> {
    let mut newest_first = by_hand.to_vec();
    newest_first.sort_by_key(|s| std::cmp::Reverse(s.at));
    let hidden = |one: &T| {
        // What one person hid and another shows later is shown.
        newest_first
            .iter()
            .find_map(|s| if s.value.shown.contains(one) { Some(false) } else { s.value.hidden.contains(one).then_some(true) })
            .unwrap_or(false)
    };
    let mut all: Vec<T> = vec![];
    for one in newest_first.iter().flat_map(|s| &s.value.shown).chain(found) {
        if !all.contains(one) && !hidden(one) {
            all.push(one.clone());
        }
    }
    all
}

fn same_tag(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn add(tags: &mut Vec<String>, tag: &str) {
    if !tags.iter().any(|t| same_tag(t, tag)) {
        tags.push(tag.to_owned());
    }
}

/// An empty value takes the field away.
fn set(fields: &mut Vec<(String, String)>, key: &str, value: &str) {
    fields.retain(|(k, _)| k != key);
    if !value.is_empty() {
        fields.push((key.to_owned(), value.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            edit::Edit,
            ids::{CustomerId, PartId, StaffId},
            profile::{PersonName, SourceKind},
            time::At,
        },
        engine::sample::{at, now, phone, profile},
    };

    fn part(id: u64) -> Customer {
        Customer::new(CustomerId(id), now())
    }

    fn named(first: &str) -> Profile {
        let name = PersonName { first: first.into(), last: "Whitfield".into(), ..PersonName::default() };
        Profile {
            name,
            phones: vec![phone("2075550148")],
            tags: vec!["VIP".into()],
            ..profile(SourceKind::Dms, "DealerVault", at("2026-06-01T00:00:00Z"))
        }
    }

    #[test]
    fn a_hand_stands_above_every_source() {
        let mut dana = part(7);
        let name = PersonName { first: "Dana".into(), last: "Cole".into(), ..PersonName::default() };
        dana.edits.say(Edit::Name(name), &[], &[], StaffId(1), At(1));
        dana.edits.say(Edit::Phones(vec![phone("2075550199")]), &[phone("2075550148")], &[], StaffId(1), At(1));
        dana.edits.say(Edit::Tag { tag: "vip".into(), on: false }, &[], &[], StaffId(1), At(1));
        dana.edits.say(Edit::Field { key: "spouse".into(), value: "Sam".into() }, &[], &[], StaffId(1), At(1));
        let mut newer = named("DANA");
        newer.phones.push(phone("2075550150"));
        let shown = shown(&[dana], &[named("Dana"), newer]).unwrap();
        assert_eq!(shown.display_name(), "Dana Cole");
        assert_eq!(shown.phones, vec![phone("2075550199"), phone("2075550150")], "the hidden one stays hidden, a later one stands behind");
        assert_eq!((shown.tags, shown.fields), (vec![], vec![("spouse".to_owned(), "Sam".to_owned())]));
    }

    #[test]
    fn two_parts_are_one_past() {
        let (mut one, mut other) = (part(7), part(9));
        one.store_touches = vec![At(5)];
        other.store_touches = vec![At(3)];
        other.owner = Some(StaffId(2));
        other.last_sign = Some(At(8));
        let shown = shown(&[one, other], &[named("Dana")]).unwrap();
        assert_eq!((shown.id, shown.parts.as_slice()), (CustomerId(7), [PartId(7), PartId(9)].as_slice()));
        assert_eq!((shown.store_touches, shown.owner, shown.last_sign), (vec![At(3), At(5)], Some(StaffId(2)), Some(At(8))));
    }
}
