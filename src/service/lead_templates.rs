//! How do senders write their leads that no format describes? Somebody shows it once, by marking the values of a message that was set
//! aside; from then on the sender's messages are read.
//!
//! They are settings and no part of a customer's story, so they are written as they are and not by the journal.

use super::{Rooms, set_aside};
use crate::{
    domain::{
        ids::{LeadTemplateId, SetAsideId, StaffId},
        lead_template::{LeadTemplate, TaughtField},
        set_aside::{SetAside, SetAsideRoad},
        time::At,
    },
    formats::leads::{self, Marked, Reading, Shown, Verdict},
    store::{Rows, Span, StoreError, tables},
};

/// More senders than a store has.
pub const MOST: usize = 100;
pub const NAME_MOST_CHARS: usize = 60;

/// Why nothing was learnt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    TooMany,
    /// A sentence.
    Unusable(String),
}

/// The newest first: of two that read the same sender's messages the later shown leads.
pub fn all(tx: &impl Rows) -> Result<Vec<LeadTemplate>, StoreError> {
    Ok(tx.last(tables::LEAD_TEMPLATES, &Span::all(), MOST)?.into_iter().map(|(_, template)| template).collect())
}

/// What stands in a message that was set aside, when it can be shown how to read it.
pub fn shown(tx: &impl Rows, id: SetAsideId) -> Result<Option<(SetAside, Option<Shown>)>, StoreError> {
    Ok(set_aside::one(tx, id)?.map(|item| {
        let shown = if item.road == SetAsideRoad::Lead { leads::show(&item.bytes, &item.source) } else { None };
        (item, shown)
    }))
}

/// Learns how the sender of a message writes. Nothing is read again by it alone.
pub async fn teach(
    rooms: &Rooms,
    id: SetAsideId,
    source: String,
    marks: Vec<Marked>,
    by: StaffId,
    now: At,
) -> Result<Result<LeadTemplateId, Refusal>, StoreError> {
    let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
    if source.is_empty() || source.chars().count() > NAME_MOST_CHARS {
        return Ok(Err(Refusal::Unusable(format!("Give the sender a name of at most {NAME_MOST_CHARS} characters."))));
    }
    let Some((item, shown)) = shown(&rooms.store.read()?, id)? else { return Ok(Err(Refusal::NotThere)) };
    let Some(shown) = shown else {
        return Ok(Err(Refusal::Unusable("It holds no text, or nobody says who sent it: it cannot be learnt from.".to_owned())));
    };
    let fields: Vec<TaughtField> = match leads::learn(&shown, &marks) {
        Ok(fields) => fields,
        Err(sentence) => return Ok(Err(Refusal::Unusable(sentence))),
    };
    let template = LeadTemplate { id: LeadTemplateId(0), sender: shown.sender, source, fields, by, at: now };
    let reading = Reading { zone: &rooms.policy.rooftop.zone, taught: std::slice::from_ref(&template) };
    if !matches!(leads::read(&item.bytes, item.at, reading, &item.source), Verdict::Understood(u) if !u.leads.is_empty()) {
        return Ok(Err(Refusal::Unusable("What is marked as phone number or email address is none that can be reached.".to_owned())));
    }
    rooms
        .store
        .write(move |tx| {
            if all(tx)?.len() >= MOST {
                return Ok(Err(Refusal::TooMany));
            }
            let id = LeadTemplateId(tx.next("lead_template")?);
            tx.put(tables::LEAD_TEMPLATES, &id, &LeadTemplate { id, ..template.clone() })?;
            Ok(Ok(id))
        })
        .await
}

/// Every sender once, by what was shown last, with all that is read of any of its messages.
pub fn senders(tx: &impl Rows) -> Result<Vec<LeadTemplate>, StoreError> {
    let mut known: Vec<LeadTemplate> = Vec::new();
    for template in all(tx)? {
        let Some(sender) = known.iter_mut().find(|k| k.sender == template.sender) else {
            known.push(template);
            continue;
        };
        for field in template.fields {
            if !sender.fields.iter().any(|k| k.field == field.field) {
                sender.fields.push(field);
            }
        }
    }
    Ok(known)
}

/// Forgets how the sender of this one writes, whatever else was shown of it.
pub async fn forget(rooms: &Rooms, id: LeadTemplateId) -> Result<bool, StoreError> {
    rooms
        .store
        .write(move |tx| {
            let Some(of) = tx.get(tables::LEAD_TEMPLATES, &id)? else { return Ok(false) };
            for template in all(tx)?.into_iter().filter(|t| t.sender == of.sender) {
                tx.remove(tables::LEAD_TEMPLATES, &template.id)?;
            }
            Ok(true)
        })
        .await
}
