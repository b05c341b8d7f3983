//! What can be edited of a customer, and where each value comes from; two customers beside each other before they are joined.

use super::{
    edits::{self, Change, Conflict},
    people, shapes as s, story,
    views::{self, People},
};
use crate::{
    domain::{
        address::Address,
        birth::BirthDate,
        customer::Customer,
        edit::{Edit, Edits, Said},
        email::Email,
        ids::{CustomerId, StaffId},
        merge::{Likeness, Merge},
        phone::Phone,
        profile::{PersonName, Profile},
        time::At,
    },
    engine::identity,
    store::{Rows, StoreError, tables},
};

/// Everything of the page that goes with editing.
pub fn of(tx: &impl Rows, people: &People, customer: &Customer) -> Result<s::CustomerDetails, StoreError> {
    let mut fields = Vec::new();
    for field in edits::fields(tx)? {
        let value = customer.fields.iter().find(|(key, _)| *key == field.key).map(|(_, v)| v.clone()).unwrap_or_default();
        fields.push(s::FieldValue { key: field.key, label: field.label, kind: field.kind, choices: field.choices, value });
    }
    Ok(s::CustomerDetails {
        name: name(&customer.name),
        address: address(&customer.address),
        birth: customer.birth.map(|b| b.to_string()),
        may_see_birth: true,
        tags: customer.tags.clone(),
        fields,
        from: from(tx, people, customer)?,
    })
}

/// Leaves the year of a day of birth, for those who may not see the day.
pub fn leave_the_year(details: &mut s::CustomerDetails) {
    const YEAR_CHARS: usize = 4;
    details.may_see_birth = false;
    if let Some(birth) = &mut details.birth {
        birth.truncate(YEAR_CHARS);
    }
}

/// Changes with everything that can be edited, and with nothing else. A day of birth is not part of it: whoever may not see it would
/// find it out by trying all days.
#[must_use]
pub fn version(customer: &Customer) -> String {
    let edited = (&customer.name, &customer.address, &customer.phones, &customer.emails, customer.owner, &customer.tags, &customer.fields);
    let bytes = serde_json::to_vec(&edited).unwrap_or_default();
    data_encoding::HEXLOWER.encode(&blake3::hash(&bytes).as_bytes()[..12])
}

fn name(name: &PersonName) -> s::NameShape {
    s::NameShape {
        first: name.first.clone(),
        middle: name.middle.clone(),
        last: name.last.clone(),
        suffix: name.suffix.clone(),
        full: name.full.clone(),
        is_business: name.is_business,
    }
}

fn address(address: &Address) -> s::AddressShape {
    s::AddressShape {
        line1: address.line1.clone(),
        line2: address.line2.clone(),
        city: address.city.clone(),
        region: address.region.clone(),
        postal_code: address.postal_code.clone(),
        country: address.country.clone(),
    }
}

/// Where each value shown comes from: a hand, else the newest of the most trusted sources that say it.
fn from(tx: &impl Rows, people: &People, customer: &Customer) -> Result<Vec<s::ValueFrom>, StoreError> {
    let mut profiles: Vec<Profile> = Vec::new();
    for id in &customer.profiles {
        profiles.extend(tx.get(tables::PROFILES, id)?);
    }
    profiles.sort_by_key(|p| std::cmp::Reverse((p.source.kind.trust(), p.at)));
    let mut by_hand: Vec<Edits> = Vec::new();
    for part in customer.all_parts() {
        by_hand.extend(people::edits_of(tx, part)?);
    }
    let source = |what: &str, value: &str, says: &dyn Fn(&Profile) -> bool| {
        profiles.iter().find(|p| says(p)).map(|p| s::ValueFrom {
            what: what.to_owned(),
            value: value.to_owned(),
            source: p.source.name.clone(),
            at_ms: p.at.0,
            by_hand: false,
        })
    };
    let hand = |what: &str, value: &str, said: Option<(StaffId, At)>| {
        said.map(|(by, at)| s::ValueFrom {
            what: what.to_owned(),
            value: value.to_owned(),
            source: people.person(by).map_or_else(|| "By hand".to_owned(), |p| p.name),
            at_ms: at.0,
            by_hand: true,
        })
    };
    let mut all: Vec<s::ValueFrom> = Vec::new();
    let folded = |n: &PersonName| n.display().unwrap_or_default().to_lowercase();
    let same_name = |p: &Profile| folded(&p.name) == folded(&customer.name);
    let part_of_name = |p: &Profile| !p.name.is_empty() && identity::may_be_one_person(&p.name, &customer.name);
    let named = hand("name", "", newest(by_hand.iter().filter_map(|e| e.name.as_ref())));
    all.extend(named.or_else(|| source("name", "", &same_name)).or_else(|| source("name", "", &part_of_name)));
    if !customer.address.is_empty() {
        let said = hand("address", "", newest(by_hand.iter().filter_map(|e| e.address.as_ref())));
        all.extend(said.or_else(|| source("address", "", &|p| p.address == customer.address)));
    }
    if customer.birth.is_some() {
        let said = hand("birth", "", newest(by_hand.iter().filter_map(|e| e.birth.as_ref())));
        all.extend(said.or_else(|| source("birth", "", &|p| p.birth == customer.birth)));
    }
    for phone in &customer.phones {
        let shown = newest(by_hand.iter().filter_map(|e| e.phones.as_ref()).filter(|said| said.value.shown.contains(phone)));
        let found = source("phone", phone.e164(), &|p| p.phones.contains(phone));
        all.extend(found.or_else(|| hand("phone", phone.e164(), shown)));
    }
    for email in &customer.emails {
        let shown = newest(by_hand.iter().filter_map(|e| e.emails.as_ref()).filter(|said| said.value.shown.contains(email)));
        let found = source("email", email.as_str(), &|p| p.emails.contains(email));
        all.extend(found.or_else(|| hand("email", email.as_str(), shown)));
    }
    all.extend(hand("owner", "", newest(by_hand.iter().filter_map(|e| e.owner.as_ref()))));
    for tag in &customer.tags {
        let said = newest(by_hand.iter().flat_map(|e| &e.tags).filter(|(t, s)| t == tag && s.value).map(|(_, s)| s));
        all.extend(hand("tag", tag, said).or_else(|| source("tag", tag, &|p| p.tags.contains(tag))));
    }
    for (key, value) in &customer.fields {
        let said = newest(by_hand.iter().flat_map(|e| &e.fields).filter(|(k, _)| k == key).map(|(_, s)| s));
        let says = |p: &Profile| p.fields.iter().any(|(k, v)| k == key && v == value);
        all.extend(hand("field", key, said).or_else(|| source("field", key, &says)));
    }
    Ok(all)
}

fn newest<'s, T: 's>(said: impl Iterator<Item = &'s Said<T>>) -> Option<(StaffId, At)> {
    said.max_by_key(|s| s.at).map(|s| (s.by, s.at))
}

/// The records a customer is joined from.
pub fn parts(tx: &impl Rows, customer: &Customer) -> Result<Vec<s::PartShape>, StoreError> {
    const PARTS_MOST: usize = 50;
    let several = customer.parts.len() > 1;
    let mut all = Vec::new();
    for part in customer.all_parts().take(PARTS_MOST) {
        let Some(own) = people::own(tx, part)? else { continue };
        let points = own.phones.iter().map(Phone::display).chain(own.emails.iter().map(|e| e.as_str().to_owned()));
        let because = own.because.clone().unwrap_or_default();
        all.push(s::PartShape {
            id: part.0,
            name: own.display_name(),
            sources: views::sources(tx, &own)?,
            points: points.collect(),
            why: because.reasons,
            probability_bps: because.probability.map(|p| p.0),
            may_separate: several,
        });
    }
    Ok(all)
}

#[must_use]
pub fn merge(people: &People, merge: &Merge) -> s::MergeShape {
    s::MergeShape {
        id: merge.id.0,
        at_ms: merge.at.0,
        by: merge.by.and_then(|b| people.person(b)).map(|p| p.name),
        kept: merge.kept.0,
        folded: merge.folded.0,
        why: merge.because.reasons.clone(),
        probability_bps: merge.because.probability.map(|p| p.0),
        undone_ms: merge.undone.map(|(at, _)| at.0),
        undone_by: merge.undone.and_then(|(_, by)| people.person(by)).map(|p| p.name),
    }
}

/// Others who may be the same person, the most likely first.
pub fn likely(tx: &impl Rows, customer: &Customer) -> Result<Vec<s::LikelyShape>, StoreError> {
    const LIKELY_MOST: usize = 10;
    let mut all = Vec::new();
    for (id, Likeness { because, .. }) in people::likely_of(tx, customer)?.into_iter().take(LIKELY_MOST) {
        if let Some(other) = tx.get(tables::CUSTOMERS, &id)? {
            all.push(s::LikelyShape { customer: views::named(&other), why: because.reasons, probability_bps: because.probability.map(|p| p.0) });
        }
    }
    Ok(all)
}

/// Two customers beside each other; `None` when one of them is not there, or both are one.
pub fn preview(tx: &impl Rows, kept: CustomerId, folded: CustomerId, may_see_births: bool) -> Result<Option<s::MergePreview>, StoreError> {
    let (Some(one), Some(other)) = (people::shown(tx, kept)?, people::shown(tx, folded)?) else { return Ok(None) };
    if one.id == other.id {
        return Ok(None);
    }
    let people = People::read(tx)?;
    let both = people::shown_together(tx, &one, &other)?;
    let mut fields = Vec::new();
    let single = [Edit::Name(PersonName::default()), Edit::Address(Address::default()), Edit::Birth(None), Edit::Owner(None)];
    let own = both.fields.iter().map(|(key, _)| Edit::Field { key: key.clone(), value: String::new() });
    let defined = edits::fields(tx)?;
    for slot in single.into_iter().chain(own) {
        let (mine, theirs, result) = (edits::now_said(&one, &slot), edits::now_said(&other, &slot), edits::now_said(&both, &slot));
        let texts = (text(&people, &mine), text(&people, &theirs));
        let is_hidden = matches!(slot, Edit::Birth(_)) && !may_see_births;
        if mine == theirs || texts.0.is_empty() || texts.1.is_empty() || is_hidden {
            continue;
        }
        let label = match &slot {
            Edit::Name(_) => "Name".to_owned(),
            Edit::Address(_) => "Address".to_owned(),
            Edit::Birth(_) => "Birth date".to_owned(),
            Edit::Owner(_) => "Salesperson".to_owned(),
            Edit::Field { key, .. } => defined.iter().find(|f| f.key == *key).map_or_else(|| key.clone(), |f| f.label.clone()),
            Edit::Phones(_) | Edit::Emails(_) | Edit::Tag { .. } | Edit::Unknown => continue,
        };
        let (Some(kept), Some(folded)) = (shape(&mine), shape(&theirs)) else { continue };
        fields.push(s::MergeField { label, kept, folded, kept_text: texts.0, folded_text: texts.1, shows_kept: result == mine });
    }
    let mut warnings = Vec::new();
    if !identity::may_be_one_person(&one.name, &other.name) {
        warnings.push("Their first names are not two forms of one name: they may be a household.".to_owned());
    }
    if one.birth.is_some() && other.birth.is_some() && one.birth != other.birth {
        warnings.push("They have different days of birth.".to_owned());
    }
    if edits::merges_of(tx, &one)?.iter().any(|m| m.undone.is_some() && (m.kept == other.id || m.folded == other.id)) {
        warnings.push("They were joined before and taken apart again.".to_owned());
    }
    Ok(Some(s::MergePreview { kept: side(tx, &people, &one)?, folded: side(tx, &people, &other)?, fields, warnings }))
}

fn side(tx: &impl Rows, people: &People, customer: &Customer) -> Result<s::MergeSide, StoreError> {
    const LINES_MOST: usize = 1_000;
    Ok(s::MergeSide {
        id: customer.id.0,
        name: customer.display_name(),
        place: customer.address.place(),
        phones: views::phones(customer),
        emails: views::emails(customer),
        owner: customer.owner.and_then(|o| people.person(o)),
        drives: customer.drives.clone(),
        since_ms: story::first(tx, customer)?.map(|at| at.0),
        last_touch_ms: customer.last_touch.as_ref().map(|t| t.at.0),
        story_lines: u32::try_from(story::count(tx, customer, LINES_MOST)?).unwrap_or(u32::MAX),
        sources: views::sources(tx, customer)?,
    })
}

fn text(people: &People, edit: &Edit) -> String {
    match edit {
        Edit::Name(name) => name.display().unwrap_or_default(),
        Edit::Address(a) => {
            [&a.line1, &a.line2, &a.city, &a.region, &a.postal_code].into_iter().filter(|t| !t.is_empty()).cloned().collect::<Vec<_>>().join(", ")
        }
        Edit::Birth(birth) => birth.map(|b| b.to_string()).unwrap_or_default(),
        Edit::Owner(owner) => owner.and_then(|o| people.person(o)).map(|p| p.name).unwrap_or_default(),
        Edit::Field { value, .. } => value.clone(),
        Edit::Phones(_) | Edit::Emails(_) | Edit::Tag { .. } | Edit::Unknown => String::new(),
    }
}

/// An edit as the screens write it; `None` for one of a newer Headlight.
#[must_use]
pub fn shape(edit: &Edit) -> Option<s::EditShape> {
    Some(match edit {
        Edit::Name(value) => s::EditShape::Name { value: name(value) },
        Edit::Address(value) => s::EditShape::Address { value: address(value) },
        Edit::Birth(value) => s::EditShape::Birth { value: value.map(|b| b.to_string()).unwrap_or_default() },
        Edit::Phones(value) => s::EditShape::Phones { value: value.iter().map(|p| p.e164().to_owned()).collect() },
        Edit::Emails(value) => s::EditShape::Emails { value: value.iter().map(|e| e.as_str().to_owned()).collect() },
        Edit::Owner(value) => s::EditShape::Owner { value: value.map_or(0, |o| o.0) },
        Edit::Tag { tag, on } => s::EditShape::Tag { tag: tag.clone(), on: *on },
        Edit::Field { key, value } => s::EditShape::Field { key: key.clone(), value: value.clone() },
        Edit::Unknown => return None,
    })
}

/// Reads an edit as the screens write it. The error is a sentence that repeats nothing of it.
pub fn read(edit: s::EditShape) -> Result<Edit, String> {
    const POINTS_MOST: usize = 20;
    const TEXT_MOST: usize = 200;
    let tidy = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(TEXT_MOST).collect::<String>();
    Ok(match edit {
        s::EditShape::Name { value } => Edit::Name(PersonName {
            first: tidy(value.first),
            middle: tidy(value.middle),
            last: tidy(value.last),
            suffix: tidy(value.suffix),
            full: tidy(value.full),
            is_business: value.is_business,
        }),
        s::EditShape::Address { value } => Edit::Address(Address {
            line1: tidy(value.line1),
            line2: tidy(value.line2),
            city: tidy(value.city),
            region: tidy(value.region),
            postal_code: tidy(value.postal_code),
            country: tidy(value.country),
        }),
        s::EditShape::Birth { value } if value.is_empty() => Edit::Birth(None),
        s::EditShape::Birth { value } => {
            Edit::Birth(Some(BirthDate::parse(&value).ok_or("A birth date is a day of the calendar, such as 1956-04-09.")?))
        }
        s::EditShape::Phones { value } => {
            if value.len() > POINTS_MOST {
                return Err(format!("At most {POINTS_MOST} phone numbers are kept of a customer."));
            }
            let read = |(n, text): (usize, String)| Phone::parse(&text).ok_or_else(|| format!("Phone number {} is none that can be dialed.", n + 1));
            Edit::Phones(value.into_iter().enumerate().map(read).collect::<Result<_, _>>()?)
        }
        s::EditShape::Emails { value } => {
            if value.len() > POINTS_MOST {
                return Err(format!("At most {POINTS_MOST} email addresses are kept of a customer."));
            }
            let read =
                |(n, text): (usize, String)| Email::parse(&text).ok_or_else(|| format!("Email address {} is none that mail can be sent to.", n + 1));
            Edit::Emails(value.into_iter().enumerate().map(read).collect::<Result<_, _>>()?)
        }
        s::EditShape::Owner { value } => Edit::Owner((value != 0).then_some(StaffId(value))),
        s::EditShape::Tag { tag, on } => Edit::Tag { tag, on },
        s::EditShape::Field { key, value } => Edit::Field { key, value },
    })
}

/// Reads changes as the screens write them.
pub fn read_changes(said: s::EditCustomer) -> Result<Vec<Change>, String> {
    const CHANGES_MOST: usize = 100;
    if said.changes.is_empty() || said.changes.len() > CHANGES_MOST {
        return Err(format!("One to {CHANGES_MOST} values are changed at once."));
    }
    said.changes.into_iter().map(|c| Ok(Change { edit: read(c.edit)?, before: c.before.map(read).transpose()? })).collect()
}

#[must_use]
pub fn conflict(people: &People, conflicts: &[Conflict]) -> s::EditConflict {
    let shown = |c: &Conflict| {
        Some(s::ConflictShape {
            yours: shape(&c.yours)?,
            theirs: shape(&c.theirs)?,
            by: c.by.and_then(|b| people.person(b)).map(|p| p.name),
            at_ms: c.at.map(|at| at.0),
        })
    };
    s::EditConflict {
        code: "edit-conflict".to_owned(),
        detail: "Somebody changed this while you had it open. Nothing was changed; choose which holds.".to_owned(),
        conflicts: conflicts.iter().filter_map(shown).collect(),
    }
}
