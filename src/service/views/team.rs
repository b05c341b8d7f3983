//! What does a screen show of the people who work here?

use super::People;
use crate::{
    domain::{
        lead::Lead,
        time::{At, Zone},
    },
    service::{Policy, ladders, shapes as s},
    store::{Rows, Span, StoreError, tables},
};
use std::collections::BTreeMap;

pub fn team(tx: &impl Rows, zone: &Zone, now: At) -> Result<s::Team, StoreError> {
    let people = People::read(tx)?;
    let members = people.0.iter().filter(|p| p.staff.active).map(|p| s::TeamMember {
        person: super::person(&p.staff),
        available: p.staff.available,
        present: p.staff.present,
        with_customer: p.with_customer,
        is_off: p.staff.off_duty(zone, now).is_some(),
        open_cards: p.load,
        schedule: p.staff.schedule,
        skills: p.staff.skills.clone(),
        away: p.staff.away.filter(|a| a.until > now).map(|a| s::AwayShape { from_ms: a.from.0, until_ms: a.until.0 }),
    });
    Ok(s::Team { people: members.collect() })
}

pub fn ladders(tx: &impl Rows, policy: &Policy) -> Result<s::Ladders, StoreError> {
    /// Leads looked at for the names of sources.
    const LATELY: usize = 1_000;
    const SOURCES_MOST: usize = 40;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (_, Lead { said, .. }) in tx.last(tables::LEADS, &Span::all(), LATELY)? {
        *seen.entry(said.source).or_default() += 1;
    }
    let mut sources: Vec<(String, usize)> = seen.into_iter().collect();
    sources.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let sources = sources.into_iter().take(SOURCES_MOST).map(|(source, _)| source).collect();
    let items = ladders::all(tx, policy)?.into_iter().map(|(ladder, version)| s::LadderShape { ladder, version });
    Ok(s::Ladders { items: items.collect(), sources })
}
