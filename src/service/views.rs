//! What does a screen show of one thing? Reads a snapshot, asks the engine for words, gives the shapes of the API.

pub mod appraisals;
pub mod feeds;
pub mod floor;
pub mod pipeline;
mod prices;
pub mod service_drive;
pub mod team;

pub use prices::{price_alert, wish};

use super::{
    Policy, details, edits, files, first_response, household, imports, market::Retail, people, prices as pricing, shapes as s, story, think,
};
use crate::{
    domain::{
        alert::{Alert, AlertState, CloseReason, RuleKind},
        consent::{Channel, ConsentFact, ConsentState, state_of},
        customer::Customer,
        file::StoredFile,
        ids::{AlertId, CustomerId, StaffId, VehicleId},
        import_run::{Effect, Example, HeldBack, ImportRun, ImportedRow, Rehearsed, RowTakenBack},
        lead_template::LeadTemplate,
        opportunity::Stage,
        picture::{Picture, StaffNow},
        profile::SourceKind,
        score::{Score, ScorePart},
        set_aside::SetAside,
        staff::{Role, Staff, initials},
        story::StoryRow,
        time::{At, DAY_MS, HOUR_MS, day_text},
        vehicle::{ListingStatus, Vehicle},
    },
    engine::{intent, matching::traits::is_same_body, wording},
    formats::sheet,
    store::{Rows, Span, StoreError, tables},
};

/// People by id, read once for a page.
pub struct People(Vec<StaffNow>);

impl People {
    pub fn read(tx: &impl Rows) -> Result<Self, StoreError> {
        Ok(Self(think::staff_now(tx)?))
    }

    #[must_use]
    pub fn person(&self, id: StaffId) -> Option<s::Person> {
        self.0.iter().find(|p| p.staff.id == id).map(|p| person(&p.staff))
    }

    #[must_use]
    pub fn short_name(&self, id: StaffId) -> Option<String> {
        self.0.iter().find(|p| p.staff.id == id).map(|p| p.staff.short_name())
    }

    #[must_use]
    pub fn all(&self) -> Vec<s::Person> {
        self.0.iter().filter(|p| p.staff.active).map(|p| person(&p.staff)).collect()
    }
}

/// Who reads: what they may do goes with the line.
#[derive(Debug, Clone, Copy)]
pub struct Me {
    pub staff: StaffId,
    pub role: Role,
}

#[must_use]
pub fn person(staff: &Staff) -> s::Person {
    s::Person { id: staff.id.0, name: staff.name.clone(), initials: staff.initials(), role: staff.role, available: staff.available }
}

pub(super) fn named(customer: &Customer) -> s::NamedCustomer {
    s::NamedCustomer { id: customer.id.0, name: customer.display_name(), place: customer.address.place() }
}

fn status(status: ListingStatus) -> s::StatusWord {
    match status {
        ListingStatus::Available | ListingStatus::Unknown => s::StatusWord::Available,
        ListingStatus::Hold => s::StatusWord::Hold,
        ListingStatus::Recon => s::StatusWord::Recon,
        ListingStatus::Inbound => s::StatusWord::Inbound,
        ListingStatus::Sold => s::StatusWord::Sold,
        ListingStatus::Missing => s::StatusWord::Missing,
    }
}

fn named_vehicle(vehicle: &Vehicle) -> s::NamedVehicle {
    let listing = vehicle.listing.as_ref();
    s::NamedVehicle {
        id: vehicle.id.0,
        label: vehicle.facts.label(),
        stock: listing.map(|l| l.stock.clone()).filter(|t| !t.is_empty()),
        price_cents: listing.and_then(|l| l.price).map(|p| p.0),
        status: listing.map(|l| status(l.status)),
    }
}

pub(super) fn channel(channel: Channel) -> s::ChannelWord {
    match channel {
        Channel::Text => s::ChannelWord::Text,
        Channel::Call => s::ChannelWord::Call,
        Channel::Email => s::ChannelWord::Email,
    }
}

fn consent_word(fact: Option<&ConsentFact>) -> s::ConsentWord {
    match fact.map(|f| f.state) {
        Some(ConsentState::Allowed) => s::ConsentWord::Allowed,
        Some(ConsentState::Revoked) => s::ConsentWord::Revoked,
        Some(ConsentState::NotGiven) | None => s::ConsentWord::NotGiven,
    }
}

pub(super) fn consent(policy: &Policy, customer: &Customer, now: At) -> Vec<s::ConsentShape> {
    Channel::ALL
        .into_iter()
        .map(|c| {
            let fact = state_of(&customer.consent, c);
            let note = fact.map_or_else(|| "Not given".to_owned(), |f| wording::consent_note(f, &policy.rooftop.zone, now));
            s::ConsentShape { channel: channel(c), state: consent_word(fact), note }
        })
        .collect()
}

pub(super) fn phones(customer: &Customer) -> Vec<s::PhoneShape> {
    customer.phones.iter().map(|p| s::PhoneShape { display: p.display(), e164: p.e164().to_owned() }).collect()
}

pub(super) fn emails(customer: &Customer) -> Vec<String> {
    customer.emails.iter().map(|e| e.as_str().to_owned()).collect()
}

/// The parts of the score as it was last concluded, which are the number that every list shows and sorts by, in the words of `now`:
/// "today" becomes "yesterday" at midnight, whoever thought of it last.
fn score_parts(picture: &Picture<'_>, now: At) -> Vec<s::ScorePartShape> {
    let today = intent::score(picture, now);
    let text = |held: &ScorePart| today.parts.iter().find(|p| p.signal == held.signal).unwrap_or(held).text.clone();
    let parts = picture.customer.score.parts.iter();
    parts.map(|p| s::ScorePartShape { signal: signal_word(p.signal), text: text(p), points: p.points }).collect()
}

fn signal_word(signal: crate::domain::score::Signal) -> String {
    serde_json::to_value(signal).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// One line of the queue.
pub fn alert_row(tx: &impl Rows, people: &People, alert: &Alert) -> Result<Option<s::AlertRow>, StoreError> {
    let Some(customer) = people::shown(tx, alert.customer)? else { return Ok(None) };
    let vehicle = match alert.matter.vehicle {
        Some(id) => tx.get(tables::VEHICLES, &id)?,
        None => None,
    };
    Ok(Some(row_of(people, alert, &customer, vehicle.as_ref())))
}

/// How a card closed, when it is closed.
fn closed(people: &People, alert: &Alert) -> Option<s::Closed> {
    let AlertState::Closed { at, why, by } = &alert.state else { return None };
    let why = match why {
        CloseReason::Done { outcome } => outcome.words(),
        CloseReason::ReasonGone => "The reason has gone",
        CloseReason::Joined => "The customer was joined with another",
        CloseReason::Unknown => "Closed",
    };
    Some(s::Closed { at_ms: at.0, why: why.to_owned(), by: by.and_then(|b| people.short_name(b)) })
}

fn row_of(people: &People, alert: &Alert, customer: &Customer, vehicle: Option<&Vehicle>) -> s::AlertRow {
    let (state, snoozed_until_ms) = match &alert.state {
        AlertState::Open | AlertState::Unknown => (s::AlertStateWord::Open, None),
        AlertState::Claimed { .. } => (s::AlertStateWord::Claimed, None),
        AlertState::Snoozed { until, .. } => (s::AlertStateWord::Snoozed, Some(until.0)),
        AlertState::Closed { .. } => (s::AlertStateWord::Closed, None),
    };
    let clock = alert.clock.as_ref().filter(|c| c.stopped.is_none() && !alert.is_closed()).map(|c| {
        let then_name = c.then.and_then(|t| people.short_name(t));
        s::ClockShape {
            due_ms: c.due.0,
            started_ms: c.started.0,
            starts_ms: c.starts.map(|t| t.0),
            label: if alert.matter.rule == RuleKind::InTheLane { "Come over" } else { "First response" }.to_owned(),
            then: then_name.as_ref().map(|n| format!("then offered to {n}")),
            then_name,
        }
    });
    s::AlertRow {
        id: alert.id.0,
        rule: alert.matter.rule,
        level: alert.level,
        headline: alert.headline.clone(),
        short: alert.short.clone(),
        customer: named(customer),
        vehicle: vehicle.map(named_vehicle),
        score: customer.score.points,
        state,
        owner: alert.owner.and_then(|o| people.person(o)),
        routed_because: alert.routed_because.clone(),
        for_all: alert.for_all && alert.owner.is_none(),
        held_back: alert.held_back,
        clock,
        snoozed_until_ms,
        closed: closed(people, alert),
        opened_ms: alert.opened.0,
        refreshed_ms: alert.refreshed.0,
        seq: alert.refreshed.0,
    }
}

/// The whole card.
pub fn alert_card(tx: &impl Rows, policy: &Policy, id: AlertId, now: At) -> Result<Option<s::AlertCard>, StoreError> {
    let Some(mut alert) = tx.get(tables::ALERTS, &id)? else { return Ok(None) };
    let Some(customer) = people::shown(tx, alert.customer)? else { return Ok(None) };
    let people = People::read(tx)?;
    let picture = think::gather(tx, policy, &customer, &people.0, now)?;
    think::reword(&mut alert, &picture, now);
    let vehicle = alert.matter.vehicle.and_then(|v| picture.car(v));
    Ok(Some(s::AlertCard {
        row: row_of(&people, &alert, &customer, vehicle),
        phones: phones(&customer),
        emails: emails(&customer),
        consent: consent(policy, &customer, now),
        why: why(tx, &alert, &customer)?,
        strip: strip(&picture, now),
        score_parts: score_parts(&picture, now),
        score_since: since_opened(&alert, &customer.score),
        score_outlook: intent::outlook(&picture, now),
        facts: facts(&picture, now),
        draft: draft(&alert, &picture, now),
        exchange: exchange(tx, &customer, &people)?,
        steps: steps(&alert, policy, now),
        lead: alert.matter.lead.map(|lead| lead.0),
        useful: alert.judged.map(|j| j.useful),
        waited_open_ms: alert.clock.as_ref().map(|c| policy.rooftop.open_ms_between(c.started, now)),
        answered: first_response::waiting(tx, &alert)?.map(|row| s::OwnAnswer {
            channel: channel(row.channel),
            text: row.text,
            leaves_ms: row.not_before.0,
        }),
    }))
}

fn why(tx: &impl Rows, alert: &Alert, customer: &Customer) -> Result<Vec<s::WhyShape>, StoreError> {
    const REASONS_MOST: usize = 4;
    let mut lines = Vec::new();
    for reason in alert.reasons.iter().take(REASONS_MOST) {
        lines.push(s::WhyShape {
            at_ms: reason.at.0,
            icon: reason.icon,
            text: reason.text.clone(),
            vehicle_id: reason.vehicle.map(|v| v.0),
            story_id: story::cited(tx, customer, reason)?.map(|place| place.text()),
        });
    }
    Ok(lines)
}

fn since_opened(alert: &Alert, score: &Score) -> Option<s::ScoreSince> {
    let points = score.points - alert.score_at_first;
    (points != 0).then_some(s::ScoreSince { points })
}

/// Dots of the last 48 hours: how much, when.
fn strip(picture: &Picture<'_>, now: At) -> Vec<s::Dot> {
    const DOTS_MOST: usize = 24;
    let mut dots: Vec<s::Dot> = Vec::new();
    for mark in picture.activity.0.iter().filter(|m| now.since(m.at) <= 48 * HOUR_MS) {
        match dots.last_mut().filter(|d| mark.at.0 - d.at_ms < HOUR_MS) {
            Some(dot) => dot.weight = (dot.weight + 1).min(4),
            None => dots.push(s::Dot { at_ms: mark.at.0, weight: u8::try_from(mark.times.min(4)).unwrap_or(4).max(1) }),
        }
    }
    let surplus = dots.len().saturating_sub(DOTS_MOST);
    dots.drain(..surplus);
    dots
}

fn facts(picture: &Picture<'_>, now: At) -> Vec<s::Fact> {
    wording::facts(picture, now)
        .into_iter()
        .map(|f| s::Fact { label: f.label.to_owned(), value: f.value, note: f.note, tone: None })
        .take(6)
        .collect()
}

fn draft(alert: &Alert, picture: &Picture<'_>, now: At) -> Option<s::DraftShape> {
    let draft = alert.draft.as_ref().filter(|_| !alert.is_closed())?;
    let guards = wording::guards(draft, picture, now).into_iter().map(|g| s::GuardShape { ok: g.ok, blocks: g.blocks, text: g.text }).collect();
    let mut inserted = Vec::new();
    let mut from = 0;
    for fact in &draft.inserted {
        if let Some(found) = draft.text[from..].find(fact.as_str()) {
            let start = from + found;
            let units = |byte: usize| u32::try_from(draft.text[..byte].encode_utf16().count()).unwrap_or(u32::MAX);
            inserted.push((units(start), units(start + fact.len())));
            from = start + fact.len();
        }
    }
    Some(s::DraftShape { channel: channel(draft.channel), text: draft.text.clone(), inserted, playbook: draft.playbook.clone(), guards, limit: 306 })
}

fn exchange(tx: &impl Rows, customer: &Customer, people: &People) -> Result<Vec<s::Said>, StoreError> {
    let mut said: Vec<s::Said> = Vec::new();
    for part in customer.all_parts() {
        let theirs = tx.last(tables::INBOUND, &Span::under(&part), 3)?.into_iter();
        said.extend(theirs.map(|(_, m)| s::Said { from: s::Side::Customer, text: m.text, at_ms: m.at.0, who: customer.first_name().to_owned() }));
    }
    for (_, row) in story::page(tx, customer, Some(crate::domain::story::Road::Messages), None, 6)? {
        if let Some(by) = row.by.filter(|_| !row.detail.is_empty()) {
            said.push(s::Said { from: s::Side::Us, text: row.detail, at_ms: row.at.0, who: people.short_name(by).unwrap_or_default() });
        }
    }
    for part in customer.all_parts() {
        for ((_, lead), ()) in tx.last(tables::CUSTOMER_LEADS, &Span::under(&part), 2)? {
            if let Some(lead) = tx.get(tables::LEADS, &lead)?
                && !lead.said.comments.trim().is_empty()
            {
                let who = customer.first_name().to_owned();
                said.push(s::Said { from: s::Side::Customer, text: lead.said.comments.clone(), at_ms: lead.received.0, who });
            }
        }
    }
    said.sort_by_key(|x| x.at_ms);
    let surplus = said.len().saturating_sub(3);
    said.drain(..surplus);
    Ok(said)
}

fn step_label(policy: &Policy, n: usize, at: Option<At>, now: At) -> String {
    let moment = |at: At| wording::times::moment(&policy.rooftop.zone, at, now);
    match at {
        Some(at) if at <= now => format!("Was due {}", moment(at)),
        Some(at) => moment(at),
        None if n == 0 => "Now".to_owned(),
        None => "Then".to_owned(),
    }
}

/// What comes next, which on a closed card is nothing.
fn steps(alert: &Alert, policy: &Policy, now: At) -> Vec<s::StepShape> {
    let open = if alert.is_closed() { &[][..] } else { &alert.steps };
    open.iter()
        .enumerate()
        .map(|(n, step)| s::StepShape {
            at_ms: step.at.map(|t| t.0),
            label: step_label(policy, n, step.at, now),
            text: step.text.clone(),
            done: false,
        })
        .collect()
}

/// One line of the customers list.
pub fn customer_row(tx: &impl Rows, people: &People, id: CustomerId) -> Result<Option<s::CustomerRow>, StoreError> {
    let Some(c) = tx.get(tables::CUSTOMERS, &id)? else { return Ok(None) };
    let word = |channel| consent_word(state_of(&c.consent, channel));
    Ok(Some(s::CustomerRow {
        id: c.id.0,
        name: c.display_name(),
        score: c.score.points,
        place: c.address.place(),
        last_touch_ms: c.last_touch.as_ref().map(|t| t.at.0),
        last_touch: c.last_touch.as_ref().map(|t| t.text.clone()),
        owner: c.owner.and_then(|o| people.person(o)),
        phone: c.phones.first().map(crate::domain::phone::Phone::display),
        email: c.emails.first().map(|e| e.as_str().to_owned()),
        consent: s::ConsentTriple { text: word(Channel::Text), call: word(Channel::Call), email: word(Channel::Email) },
        alert_id: c.open_alert.map(|a| a.0),
        drives: c.drives,
    }))
}

/// Lines of the story that a brief may rest on.
const BRIEF_ROWS: usize = 60;

pub fn customer_page(
    tx: &impl Rows,
    policy: &Policy,
    id: CustomerId,
    other_viewers: Vec<s::Person>,
    now: At,
) -> Result<Option<s::CustomerPage>, StoreError> {
    let Some(customer) = people::shown(tx, id)? else { return Ok(None) };
    let id = customer.id;
    let people = People::read(tx)?;
    let picture = think::gather(tx, policy, &customer, &people.0, now)?;
    let rows: Vec<(String, StoryRow)> =
        story::page(tx, &customer, None, None, BRIEF_ROWS)?.into_iter().map(|(place, row)| (place.text(), row)).collect();
    let sentences = wording::brief(&picture, &rows, now).into_iter().map(|(text, cites)| s::Sentence { text, cites }).collect();
    let mut card = match customer.open_alert {
        Some(id) => tx.get(tables::ALERTS, &id)?.filter(|a| !a.is_closed()),
        None => None,
    };
    if let Some(card) = &mut card {
        think::reword(card, &picture, now);
    }
    let alert = card.as_ref().map(|a| row_of(&people, a, &customer, a.matter.vehicle.and_then(|v| picture.car(v))));
    let next_action =
        wording::next_action(&picture, card.as_ref(), now).map(|a| s::NextAction { title: a.title, why: a.why, alert_id: a.alert.map(|id| id.0) });
    let name = customer.display_name();
    Ok(Some(s::CustomerPage {
        id: id.0,
        initials: initials(&name),
        name,
        score: customer.score.points,
        score_parts: score_parts(&picture, now),
        phones: phones(&customer),
        emails: emails(&customer),
        place: customer.address.place(),
        since_ms: story::first(tx, &customer)?.map(|at| at.0),
        owner: customer.owner.and_then(|o| people.person(o)),
        brief: s::Brief { written_ms: now.0, records: u32::try_from(rows.len()).unwrap_or(u32::MAX), sentences },
        next_action,
        alert,
        vehicles: vehicles_of(tx, &picture)?,
        deal: open_deal(&picture),
        opportunity: pipeline::shape(&people, &picture),
        household: household(tx, &customer)?,
        consent: consent(policy, &customer, now),
        sources: sources(tx, &customer)?,
        other_viewers,
        version: details::version(&customer),
        details: details::of(tx, &people, &customer)?,
        parts: details::parts(tx, &customer)?,
        merges: edits::merges_of(tx, &customer)?.iter().map(|m| details::merge(&people, m)).collect(),
        likely: details::likely(tx, &customer)?,
    }))
}

fn vehicles_of(tx: &impl Rows, picture: &Picture<'_>) -> Result<Vec<s::RelatedVehicle>, StoreError> {
    let mut all = Vec::new();
    for owned in picture.owned.iter().take(8) {
        let Some(car) = tx.get(tables::VEHICLES, &owned.vehicle)? else { continue };
        let relation = if owned.until.is_some() { s::Relation::Owned } else { s::Relation::Owns };
        let note = if owned.bought_here { Some("Bought here".to_owned()) } else { None };
        let mut shown = related(&car, relation, note);
        (shown.since_ms, shown.until_ms) = (Some(owned.since.0), owned.until.map(|at| at.0));
        all.push(shown);
    }
    let mut seen: Vec<VehicleId> = Vec::new();
    for mark in picture.activity.0.iter().rev() {
        let Some(car) = mark.car.filter(|c| !seen.contains(c)).and_then(|c| picture.car(c)) else { continue };
        seen.push(car.id);
        if seen.len() > 4 {
            break;
        }
        let price = car.listing.as_ref().and_then(|l| l.price).map(|p| p.to_string());
        all.push(related(car, s::Relation::Looking, price));
    }
    Ok(all)
}

fn related(car: &Vehicle, relation: s::Relation, note: Option<String>) -> s::RelatedVehicle {
    s::RelatedVehicle {
        vehicle_id: car.id.0,
        label: car.facts.label(),
        vin_tail: car.vin.as_ref().map(|v| v.tail().to_owned()),
        odometer_mi: car.facts.odometer_mi,
        relation,
        note,
        stock: car.listing.as_ref().map(|l| l.stock.clone()).filter(|t| !t.is_empty()),
        since_ms: None,
        until_ms: None,
    }
}

fn open_deal(picture: &Picture<'_>) -> Option<s::OpenDeal> {
    let lead = picture.leads.last()?;
    let sold_since = picture.owned.iter().any(|o| o.bought_here && o.since > lead.received);
    if sold_since {
        return None;
    }
    let car = lead.vehicle.and_then(|v| picture.car(v));
    let wanted = lead.said.cars.iter().find(|c| !c.is_theirs());
    let stage = picture.opportunity.as_ref().map_or(Stage::New, |o| o.stage).words();
    Some(s::OpenDeal {
        vehicle_id: car.map(|c| c.id.0),
        vehicle: car.map(|c| c.facts.label()).or_else(|| wanted.map(|w| w.facts.label())).unwrap_or_else(|| "No car named".to_owned()),
        price_cents: car.and_then(|c| c.listing.as_ref()).and_then(|l| l.price).map(|p| p.0),
        stage: stage.to_owned(),
        source: picture.leads.first().map(|l| l.said.source.clone()).unwrap_or_default(),
        opened_ms: lead.received.0,
    })
}

fn household(tx: &impl Rows, customer: &Customer) -> Result<Vec<s::HouseholdMember>, StoreError> {
    let member =
        |(other, relation): (Customer, &str)| s::HouseholdMember { id: other.id.0, name: other.display_name(), relation: relation.to_owned() };
    Ok(household::members(tx, customer)?.into_iter().map(member).collect())
}

pub(super) fn sources(tx: &impl Rows, customer: &Customer) -> Result<Vec<s::SourceShape>, StoreError> {
    let mut all = Vec::new();
    for id in customer.profiles.iter().rev().take(20) {
        if let Some(profile) = tx.get(tables::PROFILES, id)? {
            let kind = match profile.source.kind {
                SourceKind::Lead => "Lead",
                SourceKind::Import => "Import",
                SourceKind::Staff => "Staff",
                SourceKind::Dms => "DMS",
                SourceKind::Unknown => "Other",
            };
            all.push(s::SourceShape { kind: kind.to_owned(), at_ms: profile.at.0, label: profile.source.name });
        }
    }
    Ok(all)
}

/// A line as it was told.
pub fn story_line(tx: &impl Rows, people: &People, me: Me, place: story::Place, row: StoryRow) -> Result<s::StoryLine, StoreError> {
    let mut title = row.title;
    let mut detail = row.detail;
    if row.times > 1 {
        let minutes = row.until.since(row.at) / 60_000;
        let count = if minutes >= 2 { format!("{} times in {minutes} min", row.times) } else { format!("{} times", row.times) };
        detail = if detail.is_empty() { count } else { format!("{count}. {detail}") };
    }
    let held = match row.file {
        Some(id) => tx.get(tables::FILES, &id)?,
        None => None,
    };
    if let Some(held) = &held
        && let Some((_, by)) = held.removed
    {
        title = format!("{} was added, and taken away again", held.name);
        detail = people.short_name(by).map(|name| format!("Taken away by {name}")).unwrap_or_default();
    }
    Ok(s::StoryLine {
        id: place.text(),
        at_ms: row.at.0,
        road: row.road,
        icon: row.icon,
        title,
        detail: (!detail.is_empty()).then_some(detail),
        vehicle_id: row.vehicle.map(|v| v.0),
        by: row.by.and_then(|b| people.short_name(b)),
        within: vec![],
        mentions: row.mentions.iter().filter_map(|id| people.person(*id)).collect(),
        aloud: row.aloud,
        file: held.as_ref().map(|held| file(held, me)),
        merge_id: None,
        part_id: None,
        browser_id: None,
    })
}

/// A line as it is read, with what is drawn together in it.
pub fn told_line(tx: &impl Rows, people: &People, me: Me, line: story::Line) -> Result<s::StoryLine, StoreError> {
    let (merge_id, part_id, browser_id) = match line.joined {
        Some(story::Joined::Merge(id)) => (Some(id.0), None, None),
        Some(story::Joined::Part(id)) => (None, Some(id.0), None),
        Some(story::Joined::Browser(id)) => (None, None, Some(id.0)),
        Some(story::Joined::TakenApart) | None => (None, None, None),
    };
    let mut within = Vec::with_capacity(line.within.len());
    for (place, row) in line.within {
        within.push(story_line(tx, people, me, place, row)?);
    }
    let shown = story_line(tx, people, me, line.place, line.row)?;
    Ok(s::StoryLine { id: line.id, within, merge_id, part_id, browser_id, ..shown })
}

fn file(held: &StoredFile, me: Me) -> s::FileShape {
    s::FileShape {
        id: held.id.0,
        name: held.name.clone(),
        bytes: held.bytes,
        is_picture: held.kind.is_picture(),
        may_remove: files::may_remove(held, me.staff, me.role),
        is_removed: held.removed.is_some(),
    }
}

/// One page of paper about a customer.
pub fn printed_brief(tx: &impl Rows, policy: &Policy, id: CustomerId, me: Me, now: At) -> Result<Option<s::PrintedBrief>, StoreError> {
    /// More would not fit on the page.
    const ALOUD_MOST: usize = 4;
    let Some(customer) = people::shown(tx, id)? else { return Ok(None) };
    let Some(page) = customer_page(tx, policy, id, vec![], now)? else { return Ok(None) };
    let people = People::read(tx)?;
    let picture = think::gather(tx, policy, &customer, &people.0, now)?;
    let mut aloud = Vec::new();
    for line in story::whole(tx, &policy.rooftop.zone, &customer)?.into_iter().filter(|l| l.row.aloud).take(ALOUD_MOST) {
        aloud.push(told_line(tx, &people, me, line)?);
    }
    Ok(Some(s::PrintedBrief { customer: page, exchange: exchange(tx, &customer, &people)?, aloud, questions: wording::questions(&picture, now) }))
}

fn looks(tx: &impl Rows, id: VehicleId, from_day: i32, to_day: i32) -> Result<Vec<(i32, u32)>, StoreError> {
    let days = tx.some(tables::LOOKS, &Span::between(&(id, from_day), &(id, to_day)), 400)?;
    Ok(days.into_iter().map(|((_, day), n)| (day, n)).collect())
}

/// One line of the inventory.
pub fn vehicle_row(tx: &impl Rows, policy: &Policy, vehicle: &Vehicle, now: At) -> Result<s::VehicleRow, StoreError> {
    const SHOPPERS_MOST: usize = 300;
    let today = policy.rooftop.zone.day_number(now);
    let looks_7d = looks(tx, vehicle.id, today - 6, today + 1)?.iter().map(|(_, n)| n).sum();
    let mut known = 0;
    if vehicle.listing.is_some() {
        let mut customers: Vec<CustomerId> = Vec::new();
        for (_, visitor) in tx.keys(tables::INTEREST, &Span::under(&vehicle.id), SHOPPERS_MOST)? {
            if let Some(tie) = tx.get(tables::VISITORS, &visitor)?.and_then(|v| v.tie) {
                let customer = people::root_of(tx, tie.part)?;
                if !customers.contains(&customer) {
                    customers.push(customer);
                }
            }
        }
        known = u32::try_from(customers.len()).unwrap_or(u32::MAX);
    }
    let listing = vehicle.listing.as_ref();
    let text = |t: &String| (!t.is_empty()).then(|| t.clone());
    Ok(s::VehicleRow {
        id: vehicle.id.0,
        label: vehicle.facts.label(),
        stock: listing.and_then(|l| text(&l.stock)),
        vin: vehicle.vin.as_ref().map(|v| v.as_str().to_owned()),
        odometer_mi: vehicle.facts.odometer_mi,
        price_cents: listing.and_then(|l| l.price).map(|p| p.0),
        color: text(&vehicle.facts.exterior_color),
        body: text(&vehicle.facts.body),
        days_on_lot: listing.and_then(|l| l.in_stock_since).map(|t| u32::try_from(now.since(t) / DAY_MS).unwrap_or(0)),
        looks_7d,
        known_shoppers: known,
        alerts_set: u32::try_from(super::price_alerts::on(tx, vehicle.id)?.len()).unwrap_or(u32::MAX),
        status: listing.map(|l| status(l.status)),
        photo: listing.and_then(|l| l.photos.first().cloned()),
        photos: listing.map_or(0, |l| u32::try_from(l.photos.len()).unwrap_or(u32::MAX)),
        of_market: None,
    })
}

pub fn vehicle_page(tx: &impl Rows, policy: &Policy, retail: &Retail, id: VehicleId, now: At) -> Result<Option<s::VehiclePage>, StoreError> {
    const HISTORY_DAYS: i32 = 60;
    let Some(vehicle) = tx.get(tables::VEHICLES, &id)? else { return Ok(None) };
    let people = People::read(tx)?;
    let row = s::VehicleRow { of_market: retail.of(&vehicle), ..vehicle_row(tx, policy, &vehicle, now)? };
    let today = policy.rooftop.zone.day_number(now);
    let by_day = looks(tx, id, today - HISTORY_DAYS, today + 1)?;
    let prices: Vec<s::PriceShape> =
        vehicle.listing.iter().flat_map(|l| &l.prices).map(|p| s::PriceShape { at_ms: p.at.0, price_cents: p.price.0 }).collect();
    let price_change = prices
        .len()
        .checked_sub(2)
        .map(|n| s::PriceChange { delta_cents: prices[n + 1].price_cents - prices[n].price_cents, at_ms: prices[n + 1].at_ms });
    let drawn_from =
        vehicle.listing.iter().flat_map(|l| &l.prices).map(|p| p.at).min().unwrap_or(now).max(now.plus_ms(-i64::from(HISTORY_DAYS) * DAY_MS));
    let (watchers, unknown_watchers) = watchers(tx, &people, id, now)?;
    let mut owners: Vec<s::OwnerShape> = Vec::new();
    for (_, o) in tx.some(tables::OWNERS, &Span::under(&id), 10)? {
        if let Some(customer) = people::of_part(tx, o.part)?.filter(|c| !owners.iter().any(|o| o.customer.id == c.id.0)) {
            let relation = if o.until.is_some() { s::Relation::Owned } else { s::Relation::Owns };
            owners.push(s::OwnerShape { customer: named(&customer), relation });
        }
    }
    let text = |t: &String| (!t.is_empty()).then(|| t.clone());
    Ok(Some(s::VehiclePage {
        drivetrain: text(&vehicle.facts.drivetrain),
        trim: text(&vehicle.facts.trim),
        trim_hint: text(&vehicle.from_vin.trim),
        price_change,
        looks_prev_7d: by_day.iter().filter(|(d, _)| (today - 13..today - 6).contains(d)).map(|(_, n)| n).sum(),
        listing_url: vehicle.listing.as_ref().and_then(|l| l.url.clone()),
        watchers,
        unknown_watchers,
        price_history: prices,
        looks_by_day: by_day.iter().map(|(day, count)| s::DayCount { day: day_text(*day), count: *count }).collect(),
        similar: similar(tx, policy, &vehicle, now)?,
        pricing: pricing::standing(tx, &vehicle, now)?,
        market_by_day: if row.of_market.is_some() { retail.band(&vehicle, drawn_from, now) } else { vec![] },
        features: vehicle.listing.iter().flat_map(|l| &l.features).map(|f| s::FeatureShape { value: *f, label: f.label() }).collect(),
        status_since_ms: vehicle.listing.as_ref().and_then(|l| l.status_since).map(|at| at.0),
        standing: vehicle.listing.as_ref().map(|l| feeds::standing(tx, &people, l)).transpose()?.flatten(),
        listed_by: feeds::listed_by(tx, id)?,
        owners,
        row,
    }))
}

/// Customers who looked at a car in the last 60 days, the nearest to buying first, and how many browsers did of whom we know nobody.
pub(super) fn watchers(tx: &impl Rows, people: &People, id: VehicleId, now: At) -> Result<(Vec<s::Watcher>, u32), StoreError> {
    const LOOKED_WITHIN_MS: i64 = 60 * DAY_MS;
    const SHOPPERS_MOST: usize = 1_000;
    let mut known: Vec<(CustomerId, u32, At, bool)> = Vec::new();
    let mut unknown = 0;
    for ((_, visitor), interest) in tx.some(tables::INTEREST, &Span::under(&id), SHOPPERS_MOST)? {
        if now.since(interest.last) > LOOKED_WITHIN_MS {
            continue;
        }
        match tx.get(tables::VISITORS, &visitor)?.and_then(|v| v.tie) {
            Some(tie) => {
                let customer = people::root_of(tx, tie.part)?;
                match known.iter_mut().find(|k| k.0 == customer) {
                    Some(k) => {
                        k.1 += interest.looks;
                        k.2 = k.2.max(interest.last);
                        k.3 |= interest.used_tools;
                    }
                    None => known.push((customer, interest.looks, interest.last, interest.used_tools)),
                }
            }
            None => unknown += 1,
        }
    }
    let mut watchers = Vec::new();
    for (customer, looks, last, tools) in known {
        let Some(customer) = tx.get(tables::CUSTOMERS, &customer)? else { continue };
        let times = match looks {
            0 => "Asked about it".to_owned(),
            1 => "Looked once".to_owned(),
            n => format!("{n} looks"),
        };
        let what = if tools { format!("{times}, used the tools") } else { times };
        watchers.push(watcher(people, &customer, what, last));
    }
    watchers.sort_by_key(|w| (std::cmp::Reverse(w.score), std::cmp::Reverse(w.last_ms)));
    watchers.truncate(50);
    Ok((watchers, unknown))
}

/// One who watches a car, as its page lists them.
pub(super) fn watcher(people: &People, customer: &Customer, what: String, last: At) -> s::Watcher {
    let owner = customer.owner.and_then(|o| people.person(o));
    s::Watcher { score: customer.score.points, owner, customer: named(customer), what, last_ms: last.0 }
}

/// Cars on the lot that somebody who wants this one may want: the same body first, then the nearest price.
fn similar(tx: &impl Rows, policy: &Policy, vehicle: &Vehicle, now: At) -> Result<Vec<s::VehicleRow>, StoreError> {
    const LOT_MOST: usize = 2_000;
    let price_of = |v: &Vehicle| v.listing.as_ref().and_then(|l| l.price).map(|p| p.0);
    let Some(price) = price_of(vehicle) else { return Ok(vec![]) };
    let mut near: Vec<(bool, i64, Vehicle)> = Vec::new();
    for id in tx.keys(tables::ON_LOT, &Span::all(), LOT_MOST)? {
        if id == vehicle.id {
            continue;
        }
        if let Some(other) = tx.get(tables::VEHICLES, &id)?
            && let Some(other_price) = price_of(&other)
        {
            let other_body = !is_same_body(&other.facts.body, &vehicle.facts.body);
            near.push((other_body, (other_price - price).abs(), other));
        }
    }
    near.sort_by_key(|(other_body, apart, v)| (*other_body, *apart, v.id));
    near.truncate(3);
    near.iter().map(|(_, _, v)| vehicle_row(tx, policy, v, now)).collect()
}

#[must_use]
pub fn set_aside(item: &SetAside) -> s::SetAsideShape {
    const PREVIEW_CHARS: usize = 160;
    let preview: String = String::from_utf8_lossy(&item.bytes).chars().map(|c| if c.is_control() { ' ' } else { c }).take(PREVIEW_CHARS).collect();
    s::SetAsideShape {
        id: item.id.0,
        at_ms: item.at.0,
        road: item.road,
        source: item.source.clone(),
        reason: item.reason.clone(),
        size_bytes: item.bytes.len() as u64,
        preview: preview.split_whitespace().collect::<Vec<_>>().join(" "),
        no_lead: item.no_lead,
        restored_ms: item.restored.map(|r| r.at.0),
    }
}

#[must_use]
pub fn lead_template(people: &People, template: &LeadTemplate) -> s::LeadTemplateShape {
    s::LeadTemplateShape {
        id: template.id.0,
        sender: template.sender.clone(),
        source: template.source.clone(),
        fields: template.fields.iter().map(|f| f.field).collect(),
        by: people.person(template.by),
        at_ms: template.at.0,
    }
}

fn reasons(held: &[HeldBack]) -> Vec<s::ImportReason> {
    held.iter().map(|h| s::ImportReason { reason: h.reason.clone(), count: h.count, first_line: h.first_line }).collect()
}

#[must_use]
pub fn import(people: &People, run: &ImportRun, now: At) -> s::Import {
    s::Import {
        id: run.id.0,
        kind: run.kind,
        file: run.file.clone(),
        started_ms: run.started.0,
        ended_ms: run.ended.map(|t| t.0),
        by: run.by.and_then(|b| people.short_name(b)),
        state: run.state,
        rows: run.counts.rows,
        new: run.counts.new,
        joined: run.counts.joined,
        unchanged: run.counts.unchanged,
        held_back: run.counts.held_back,
        reasons: reasons(&run.held_back),
        warnings: reasons(&run.warnings),
        preset: run.preset.clone(),
        rehearsed: run.rehearsed.as_ref().map(rehearsed),
        taken_back: run.taken_back.as_ref().map(|t| s::ImportTakenBack {
            begun_ms: t.begun.0,
            by: people.short_name(t.by),
            reversed: t.reversed,
            kept: t.kept,
            failed: t.failed,
        }),
        may_take_back: imports::may_take_back(run, now).is_ok(),
    }
}

fn rehearsed(r: &Rehearsed) -> s::ImportRehearsed {
    let example = |e: &Example| s::ImportExample {
        line: e.line,
        title: e.title.clone(),
        facts: e.facts.clone(),
        did: e.did,
        joins_customer: e.joins.as_ref().map(|(id, _)| id.0),
        joins_why: e.joins.as_ref().map(|(_, why)| why.clone()),
    };
    s::ImportRehearsed {
        at_ms: r.at.0,
        rows: r.counts.rows,
        new: r.counts.new,
        joined: r.counts.joined,
        unchanged: r.counts.unchanged,
        held_back: r.counts.held_back,
        reasons: reasons(&r.held_back),
        warnings: reasons(&r.warnings),
        examples: r.examples.iter().map(example).collect(),
        refused: r.refused.clone(),
    }
}

/// An import and how its file is read.
#[must_use]
pub fn import_draft(people: &People, run: &ImportRun, plan: Option<imports::Plan>, now: At) -> s::ImportDraft {
    let plan = plan.unwrap_or_default();
    let columns = plan.headers.iter().enumerate().map(|(n, header)| s::ImportColumn {
        header: header.clone(),
        samples: plan.samples.get(n).cloned().unwrap_or_default(),
        filled: plan.filled.get(n).copied().unwrap_or(0),
    });
    s::ImportDraft {
        run: import(people, run, now),
        columns: columns.collect(),
        targets: plan.mapping.as_ref().map_or_else(Vec::new, |m| sheet::targets(m.kind, &plan.own)),
        encoding: plan.encoding,
        separator: plan.separator,
        header_line: plan.header_line,
        notes: plan.notes,
        remembered: plan.remembered,
        mended: plan.fixes.len() as u64,
        mapping: plan.mapping,
    }
}

pub fn import_row(tx: &impl Rows, line: u64, row: ImportedRow) -> Result<s::ImportRowShape, StoreError> {
    let (taken_back, why) = match row.taken_back {
        None => (None, None),
        Some(RowTakenBack::Reversed) => (Some("reversed"), None),
        Some(RowTakenBack::Kept { why }) => (Some("kept"), Some(why)),
        Some(RowTakenBack::Failed { why }) => (Some("failed"), Some(why)),
        Some(RowTakenBack::Unknown) => (Some("failed"), None),
    };
    Ok(s::ImportRowShape {
        about: about(tx, &row.effects)?,
        line,
        did: row.did,
        problems: row.problems.into_iter().map(|(place, what)| s::ImportProblem { place, what }).collect(),
        cells: row.cells,
        taken_back: taken_back.map(str::to_owned),
        why,
    })
}

/// Whom a row told of, or which car where it told of nobody.
fn about(tx: &impl Rows, effects: &[Effect]) -> Result<Option<s::ImportAbout>, StoreError> {
    for effect in effects {
        let part = match effect {
            Effect::Said { part, .. } | Effect::Owned { part, .. } => Some(*part),
            Effect::Deal { deal, .. } => tx.get(tables::DEALS, deal)?.map(|d| d.part),
            Effect::RepairOrder { order, .. } => tx.get(tables::REPAIR_ORDERS, order)?.map(|o| o.part),
            Effect::Appointment { appointment, .. } => tx.get(tables::APPOINTMENTS, appointment)?.map(|a| a.part),
            Effect::LeftLot { .. } | Effect::Listed { .. } | Effect::Unknown => None,
        };
        let customer = part.map_or(Ok(None), |part| people::of_part(tx, part))?;
        if let Some(customer) = customer {
            return Ok(Some(s::ImportAbout { kind: s::HitKind::Customer, id: customer.id.0, title: customer.display_name() }));
        }
        if let Effect::Listed { vehicle, .. } = effect
            && let Some(car) = tx.get(tables::VEHICLES, vehicle)?
        {
            return Ok(Some(s::ImportAbout { kind: s::HitKind::Vehicle, id: car.id.0, title: car.facts.label() }));
        }
    }
    Ok(None)
}
