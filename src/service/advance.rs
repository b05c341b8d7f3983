//! Carries one journal entry all the way: whose it is, what it changes, what we now think. Its effects and the cursor past it commit
//! together, so that each entry has its effect exactly once, whatever crashes.

use super::{
    Policy, Rooms, alerts, appraisals, cars, edits,
    feeds::{self, ReadToEnd},
    files, imports, ladders, leads,
    links::Link,
    notes, payoffs,
    people::{self, Introduced},
    pipeline, price_alerts, prices, rules, service_drive, shoppers, staff, standing, story, think, timers, visits, weights, wishes,
};
use crate::{
    domain::{
        alert::Icon,
        appraisal::Sheet,
        change::Changed,
        event::{Entry, Event, Reply},
        feed::ReadOutcome,
        file::StoredFile,
        ids::{FileId, LeadId, Seq},
        lead::{Lead, LeadKind, NewLead, PutAside},
        message::Inbound,
        price_alert::Ended,
        story::{Road, StoryRow},
        time::At,
        visitor::Did,
    },
    engine::{identity, intent},
    store::{Encoded, Rows, Span, StoreError, WriteTx, tables},
};

use std::ops::ControlFlow;

/// The one reader of the journal that has effects.
pub const CURSOR: &str = "advance";

/// Appends to the journal; durable when the transaction is.
pub fn append(tx: &WriteTx<'_>, event: Event, at: At) -> Result<Seq, StoreError> {
    append_encoded(tx, &Encoded::of(&Entry { at, event, applied_after: None })?)
}

/// The same of an entry that was written before.
pub fn append_encoded(tx: &WriteTx<'_>, entry: &Encoded<Entry>) -> Result<Seq, StoreError> {
    let seq = Seq(tx.next("journal")?);
    tx.put_encoded(tables::JOURNAL, &seq, entry)?;
    Ok(seq)
}

/// Appends and applies at once: for what a person waits for. The reader of the journal passes over it.
pub fn append_applied(tx: &WriteTx<'_>, policy: &Policy, event: Event, at: At) -> Result<Seq, StoreError> {
    let seq = Seq(tx.next("journal")?);
    let reader = cursor(tx)?;
    let entry = Entry { at, event, applied_after: Some(reader) };
    tx.put(tables::JOURNAL, &seq, &entry)?;
    apply(tx, policy, seq, &entry)?;
    if reader.0 + 1 == seq.0 {
        // Nothing waits before it: the reader need not come to pass over it.
        tx.put(tables::CURSORS, &CURSOR.to_owned(), &seq.0)?;
    }
    Ok(seq)
}

/// One act: decided on what stands in the transaction that journals it, with its effects had at once. `None` changes nothing.
pub async fn act<Refusal: Send + 'static>(
    rooms: &Rooms,
    now: At,
    decide: impl Fn(&WriteTx<'_>) -> Result<Result<Option<Event>, Refusal>, StoreError> + Send + 'static,
) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| match decide(tx)? {
            Err(refusal) => Ok(Err(refusal)),
            Ok(None) => Ok(Ok(())),
            Ok(Some(event)) => append_applied(tx, &policy, event, now).map(|_| Ok(())),
        })
        .await
}

pub fn cursor(tx: &impl Rows) -> Result<Seq, StoreError> {
    Ok(Seq(tx.get(tables::CURSORS, &CURSOR.to_owned())?.unwrap_or(0)))
}

/// Whether there are entries whose effects are not had yet.
pub fn waiting(tx: &impl Rows) -> Result<bool, StoreError> {
    Ok(!tx.keys(tables::JOURNAL, &Span::all().after(&cursor(tx)?), 1)?.is_empty())
}

/// Entries of the journal, each with what can be worked out of it without the writer.
#[derive(Debug, Default)]
pub struct Ahead(Vec<(Seq, Entry, Vec<Vec<Introduced>>)>);

impl Ahead {
    /// Reads the entries after this one, until they weigh so much.
    pub fn read(tx: &impl Rows, policy: &Policy, after: Seq, at_most: usize) -> Result<Self, StoreError> {
        let mut entries: Vec<(Seq, Entry)> = Vec::new();
        let mut weight = 0;
        tx.each(tables::JOURNAL, &Span::all().after(&after), |seq, entry: Entry| {
            weight += entry.event.weight();
            entries.push((seq, entry));
            Ok(if weight < at_most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        let mut ready = Vec::with_capacity(entries.len());
        for (seq, entry) in entries {
            let introduced = if let Event::Imported { rows, .. } = &entry.event { imports::introduce(tx.sealer(), policy, rows)? } else { vec![] };
            ready.push((seq, entry, introduced));
        }
        Ok(Self(ready))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The last entry that was read.
    #[must_use]
    pub fn last(&self) -> Option<Seq> {
        self.0.last().map(|(seq, ..)| *seq)
    }
}

/// What was taken of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// None: the reader is at the end.
    pub entries: usize,
    pub to: Seq,
    /// How much work they were.
    pub weight: usize,
}

/// Takes the next entries the whole way until they weigh so much: those that were read ahead when they are the next, else by reading them.
pub fn advance(tx: &WriteTx<'_>, policy: &Policy, at_most: usize, ahead: &Ahead) -> Result<Taken, StoreError> {
    let from = cursor(tx)?;
    let read;
    let next = if ahead.0.first().is_some_and(|(seq, ..)| seq.0 == from.0 + 1) {
        ahead
    } else {
        read = Ahead::read(tx, policy, from, at_most)?;
        &read
    };
    let mut taken = Taken { entries: 0, to: from, weight: 0 };
    for (seq, entry, introduced) in &next.0 {
        if taken.weight >= at_most {
            break;
        }
        if entry.applied_after.is_none() {
            apply_ahead(tx, policy, *seq, entry, introduced)?;
        }
        taken = Taken { entries: taken.entries + 1, to: *seq, weight: taken.weight + entry.event.weight() };
    }
    if taken.entries > 0 {
        tx.put(tables::CURSORS, &CURSOR.to_owned(), &taken.to.0)?;
    }
    Ok(taken)
}

/// Steps over one entry whose effects cannot be had, and says so: it never blocks the road behind it.
pub fn pass_over(tx: &WriteTx<'_>, why: &str, now: At) -> Result<(), StoreError> {
    let next = Seq(cursor(tx)?.0 + 1);
    let reason = format!("Journal entry {next} had no effect: {why}. It stays in the journal; `headlight check` tells whether the store is sound.");
    super::set_aside::put(tx, crate::domain::set_aside::SetAsideRoad::Import, "journal", &reason, &[], now)?;
    tx.put(tables::CURSORS, &CURSOR.to_owned(), &next.0)
}

/// The effects of one entry, with the entry's own time as `now`.
pub fn apply(tx: &WriteTx<'_>, policy: &Policy, seq: Seq, entry: &Entry) -> Result<(), StoreError> {
    apply_ahead(tx, policy, seq, entry, &[])
}

fn apply_ahead(tx: &WriteTx<'_>, policy: &Policy, seq: Seq, entry: &Entry, introduced: &[Vec<Introduced>]) -> Result<(), StoreError> {
    let now = entry.at;
    match &entry.event {
        Event::Web(event) => {
            if let Some(part) = shoppers::notice(tx, policy, event, seq, now)? {
                think::think(tx, policy, part.into(), now)?;
            }
        }
        Event::CameByLink { client, part, message, at } => {
            if let Some(part) = shoppers::came_by_link(tx, client, Link { part: *part, message: *message }, *at, seq, now)? {
                think::think(tx, policy, part.into(), now)?;
            }
        }
        Event::BrowserParted { browser, part, .. } => {
            shoppers::untie(tx, *browser, *part)?;
            think::think(tx, policy, (*part).into(), now)?;
        }
        Event::BrowserReturned { browser, part, .. } => {
            shoppers::tie_again(tx, *browser, *part)?;
            think::think(tx, policy, (*part).into(), now)?;
        }
        Event::Lead(lead) => take_lead(tx, policy, seq, lead, now)?,
        Event::LeadPutAside { lead, why, by } => leads::take_aside(tx, policy, *lead, PutAside { why: *why, by: *by, at: now })?,
        Event::LeadTakenUp { lead, .. } => leads::take_up(tx, policy, *lead, now)?,
        Event::Reply(reply) => take_reply(tx, policy, seq, reply, now)?,
        Event::Imported { import, rows, lines } => imports::take(tx, policy, *import, (rows, lines), introduced, now)?,
        Event::ImportTakenBack { import, lines, .. } => imports::take_back(tx, policy, *import, lines, now)?,
        Event::Edited { customers, by, edits, undo } => edits::say(tx, policy, edits::Said { customers, by: *by, edits, undo: *undo }, now)?,
        Event::FieldChanged { field, gone: false, .. } => {
            tx.announce(Changed::Settings);
            tx.put(tables::FIELDS, &field.key, field)?;
        }
        Event::FieldChanged { field, gone: true, .. } => {
            tx.announce(Changed::Settings);
            tx.remove(tables::FIELDS, &field.key)?;
        }
        Event::BulkUndone { bulk, .. } => edits::take_back(tx, policy, *bulk, now)?,
        Event::Merged { kept, folded, choices, by } => {
            people::merge(tx, policy, *kept, *folded, choices, *by, now)?;
        }
        Event::Unmerged { merge, by } => {
            people::unmerge(tx, policy, *merge, *by, now)?;
        }
        Event::Separated { part, .. } => people::separate(tx, policy, *part, seq, now)?,
        Event::KeptApart { one, other, .. } => people::keep_apart(tx, *one, *other, seq, now)?,
        Event::PartingUndone { parting, by } => people::undo_parting(tx, policy, *parting, *by, now)?,
        Event::LeftOpen { one, other, .. } => people::leave_open(tx, policy, *one, *other, now)?,
        Event::Resolved { found } => people::resolve(tx, policy, found, now)?,
        Event::Learnt { weights } => weights::adopt::<identity::Model>(tx, weights)?,
        Event::ScoreLearnt { model } => weights::adopt::<intent::Model>(tx, model)?,
        Event::PayoffSaid { customer, vehicle, payoff, by } => payoffs::take(tx, seq, (*customer, *vehicle), payoff.as_ref(), *by, now)?,
        Event::RuleSet { rule, setting, .. } => rules::take(tx, policy, *rule, setting)?,
        Event::Answered(answer) => alerts::take(tx, policy, seq, answer, now)?,
        Event::Judged { alert, useful, by } => alerts::take_judgement(tx, *alert, *useful, *by, now)?,
        Event::Noted { customer, by, text, mentions, aloud } => {
            let row = row_of(Road::Note, Icon::Note, "Note", text, now, seq);
            story::tell(tx, (*customer).into(), &StoryRow { by: Some(*by), mentions: mentions.clone(), aloud: *aloud, ..row })?;
            tx.announce(Changed::Customer(*customer));
            notes::mention(tx, (*customer).into(), seq, *by, text, mentions, now)?;
            if notes::remark(tx, (*customer).into(), seq, *by, text, now)? || !mentions.is_empty() {
                think::think(tx, policy, *customer, now)?;
            }
        }
        Event::FileAdded { customer, by, name, kind, bytes } => {
            let part = (*customer).into();
            let said =
                StoredFile { id: FileId(0), part, name: name.clone(), kind: *kind, bytes: *bytes, by: *by, at: now, cause: seq, removed: None };
            let file = files::file(tx, said)?;
            let row = StoryRow::new(now, Road::Note, Icon::Clip, format!("Added {name}"), seq);
            story::tell(tx, part, &StoryRow { by: Some(*by), file: Some(file), ..row })?;
            tx.announce(Changed::Customer(*customer));
        }
        Event::FileRemoved { file, by } => files::take_away(tx, *file, *by, now)?,
        Event::Availability { staff, available } => staff::set_available(tx, policy, *staff, *available, now)?,
        Event::VisitOpened { visiting, with, vehicle, .. } => visits::take_opening(tx, policy, seq, (visiting, *with, *vehicle), now)?,
        Event::VisitStepped { visit, step, done, by } => visits::take_step(tx, *visit, *step, *done, *by, now)?,
        Event::VisitEnded { visit, result, note, by } => visits::take_end(tx, policy, seq, (*visit, *result, note, *by), now)?,
        Event::VisitReopened { visit, .. } => visits::take_reopening(tx, policy, *visit, now)?,
        Event::AppraisalOpened { customer, vehicle, sheet, beside, by } => {
            let opened = appraisals::Opened { vehicle: *vehicle, lead: None, told: None, beside: *beside, by: Some(*by) };
            appraisals::take_opening(tx, (*customer).into(), sheet, opened, seq, now)?;
        }
        Event::AppraisalWritten { appraisal, sheet, by } => appraisals::take_writing(tx, policy, *appraisal, sheet, *by, seq, now)?,
        Event::AppraisalDecided { appraisal, decision, by } => appraisals::take_decision(tx, policy, *appraisal, *decision, *by, seq, now)?,
        Event::AppraisalUndone { appraisal, .. } => appraisals::take_back(tx, policy, *appraisal, now)?,
        Event::ServiceBooked { booking, by } => service_drive::take_booking(tx, policy, seq, (booking, *by), now)?,
        Event::ServiceUnbooked { appointment, .. } => service_drive::take_booking_back(tx, policy, *appointment, now)?,
        Event::ServiceArrived { arriving, by } => service_drive::take_arrival(tx, policy, seq, (arriving, *by), now)?,
        Event::ServiceMoved { visit, to, bay, by } => service_drive::take_move(tx, policy, seq, (*visit, *to, bay, *by), now)?,
        Event::ServiceOdometer { visit, odometer_mi, .. } => service_drive::take_odometer(tx, policy, (*visit, *odometer_mi), now)?,
        Event::ServiceQuoted { visit, quote, .. } => service_drive::take_quote(tx, policy, (*visit, *quote), now)?,
        Event::SalesAsked { visit, brief, by } => service_drive::take_asking(tx, policy, seq, (*visit, brief, *by), now)?,
        Event::SalesNotNeeded { visit, .. } => service_drive::take_not_needed(tx, policy, *visit, now)?,
        Event::TalkRefused { customer, how, by } => service_drive::take_refusal(tx, policy, seq, (*customer, *how, *by), now)?,
        Event::TalkAllowedAgain { customer, .. } => service_drive::allow_again(tx, policy, *customer, now)?,
        Event::SaleSaid { customer, said, by } => pipeline::take(tx, policy, *customer, said, *by, now)?,
        Event::Present { staff, present } => staff::set_present(tx, *staff, *present)?,
        Event::LadderSet { ladder, .. } => ladders::take(tx, &ladder.source, Some(ladder))?,
        Event::LadderRemoved { source, .. } => ladders::take(tx, source, None)?,
        Event::FeedSet { feed, name, covers, patience, most_gone_percent, .. } => {
            let (name, covers, patience, most_gone_percent) = (name.clone(), *covers, *patience, *most_gone_percent);
            feeds::take_setting(tx, *feed, feeds::Setting { name, covers, patience, most_gone_percent })?;
        }
        Event::FeedRemoved { feed, .. } => feeds::take_removal(tx, *feed)?,
        Event::FeedListed { feed, read, rows } => feeds::take_listed(tx, policy, (*feed, *read), rows, now)?,
        Event::FeedRead { feed, snapshot, file, listed, gone, held_back, notes, by, anyway } => {
            let said = ReadToEnd { snapshot, file, listed: *listed, gone, held_back, notes, by: *by, anyway: *anyway };
            feeds::take_read(tx, *feed, &said, now)?;
        }
        Event::FeedRefused { feed, read, digest, file, why, may_be_taken, by } => {
            let outcome = ReadOutcome::Refused { why: why.clone(), may_be_taken: *may_be_taken };
            feeds::take_refusal(tx, *feed, (*read, digest), (file, &outcome, *by), now)?;
        }
        Event::FeedTakenBack { feed, by } => feeds::take_back(tx, *feed, *by, now)?,
        Event::LotSaid { vehicle, said, by } => standing::take(tx, policy, seq, (*vehicle, said, *by), now)?,
        Event::LotUnsaid { vehicle, .. } => standing::take_back(tx, *vehicle)?,
        Event::StaffChanged { staff } => staff::take_change(tx, policy, staff, now)?,
        Event::PriceAlertSet { terms, whose } => price_alerts::take(tx, policy, seq, terms, whose, now)?,
        Event::PriceAlertEnded { alert, by } => price_alerts::take_end(tx, seq, *alert, Some(Ended { at: now, by: *by }), now)?,
        Event::PriceAlertResumed { alert, .. } => price_alerts::take_end(tx, seq, *alert, None, now)?,
        Event::Wished { terms, whose } => wishes::take(tx, policy, seq, terms, whose, now)?,
        Event::WishEnded { wish, by } => wishes::take_end(tx, policy, seq, *wish, Some(Ended { at: now, by: *by }), now)?,
        Event::WishResumed { wish, .. } => wishes::take_end(tx, policy, seq, *wish, None, now)?,
        Event::Priced { vehicle, price, by } => prices::take(tx, policy, *vehicle, *price, *by, now)?,
        Event::PriceTakenBack { vehicle, .. } => prices::take_taking_back(tx, *vehicle, now)?,
        Event::TimerFired(timer) => timers::take(tx, policy, timer, now)?,
        Event::Unknown => {
            return Err(StoreError::Damaged { table: "JOURNAL".to_owned(), why: "was written by a newer Headlight".to_owned() });
        }
    }
    Ok(())
}

fn row_of(road: Road, icon: Icon, title: &str, detail: &str, at: At, cause: Seq) -> StoryRow {
    StoryRow { detail: detail.to_owned(), ..StoryRow::new(at, road, icon, title.to_owned(), cause) }
}

fn take_lead(tx: &WriteTx<'_>, policy: &Policy, seq: Seq, said: &NewLead, now: At) -> Result<(), StoreError> {
    let known = said.taken.and_then(|taken| taken.customer).map(|id| people::shown(tx, id)).transpose()?.flatten();
    let part = match known {
        Some(customer) => customer.id.into(),
        None => people::file(tx, policy, &said.person, now)?.part,
    };
    let wanted = said.cars.iter().find(|c| !c.is_theirs());
    let vehicle = match wanted {
        Some(car) => cars::find(tx, car.vin.as_ref(), &car.stock)?,
        None => None,
    };
    let id = LeadId(tx.next("lead")?);
    let lead = Lead { id, part, received: now, vehicle, answered: None, aside: None, cause: seq, said: said.clone() };
    tx.put(tables::LEADS, &id, &lead)?;
    tx.put(tables::CUSTOMER_LEADS, &(part, id), &())?;
    tx.announce(Changed::Lead(id));
    for theirs in said.cars.iter().filter(|c| c.is_theirs()) {
        if let Some(vin) = &theirs.vin {
            let car = cars::file(tx, vin, &theirs.facts, false)?;
            people::came_with(tx, part, car, now)?;
        }
        if let Some(told) = theirs.told {
            let sheet = Sheet { vin: theirs.vin.clone(), car: theirs.facts.clone(), state: told.state, ..Sheet::default() };
            let opened = appraisals::Opened { vehicle: None, lead: Some(id), told: Some(told), beside: None, by: None };
            appraisals::take_opening(tx, part, &sheet, opened, seq, now)?;
        }
    }
    let mut activity = tx.get(tables::ACTIVITY, &part)?.unwrap_or_default();
    for did in leads::raised(&lead) {
        activity.note(did, now, vehicle);
    }
    tx.put(tables::ACTIVITY, &part, &activity)?;
    shoppers::expect_browser(tx, &lead)?;
    if let Some((visitor, why)) = shoppers::browser_of(tx, &lead)? {
        shoppers::tie(tx, visitor, part, now, &why)?;
    }
    let what =
        lead_title(said, wanted.map(|c| c.facts.short()).filter(|_| wanted.is_some_and(|c| c.facts.year.is_some() || !c.facts.model.is_empty())));
    people::change(tx, part, |own| own.touch(now, &what, true))?;
    let row = row_of(Road::Sales, Icon::Form, &what, &said.comments, now, seq);
    story::tell(tx, part, &StoryRow { vehicle, by: said.taken.map(|taken| taken.by), ..row })?;
    if leads::begins_sale(said.kind) {
        pipeline::begin(tx, part, now)?;
    }
    if let Some(to) = leads::spoke_to(&lead)
        && let Some(customer) = people::of_part(tx, part)?
    {
        alerts::reached(tx, &customer, to, now)?;
    }
    think::think(tx, policy, part.into(), now)
}

fn lead_title(said: &NewLead, car: Option<String>) -> String {
    let drive = car.as_ref().map(|c| format!(" of the {c}")).unwrap_or_default();
    let about = car.map(|c| format!(" about the {c}")).unwrap_or_default();
    match said.kind {
        LeadKind::TestDrive => format!("Asked for a test drive{drive}, from {}", said.source),
        LeadKind::TradeIn => format!("Asked what their car is worth, from {}", said.source),
        LeadKind::Finance => format!("Sent a finance form{about}, from {}", said.source),
        LeadKind::PhoneCall if said.taken.is_some() => format!("Called{about}"),
        LeadKind::PhoneCall => format!("Called{about}, by {}", said.source),
        LeadKind::Service => format!("Asked about service, from {}", said.source),
        LeadKind::Test => format!("Test lead from {}", said.source),
        LeadKind::Enquiry | LeadKind::Unknown => format!("Asked{about}, from {}", said.source),
    }
}

fn take_reply(tx: &WriteTx<'_>, policy: &Policy, seq: Seq, reply: &Reply, now: At) -> Result<(), StoreError> {
    let part = people::file(tx, policy, &reply.person, now)?.part;
    tx.put(tables::INBOUND, &(part, (now, seq)), &Inbound { at: now, channel: reply.channel, text: reply.text.clone(), answered: None })?;
    let mut activity = tx.get(tables::ACTIVITY, &part)?.unwrap_or_default();
    activity.note(Did::Replied, now, None);
    tx.put(tables::ACTIVITY, &part, &activity)?;
    people::change(tx, part, |own| own.touch(now, "Wrote to us", true))?;
    let icon = match reply.channel {
        crate::domain::consent::Channel::Email => Icon::Mail,
        crate::domain::consent::Channel::Text => Icon::Message,
        crate::domain::consent::Channel::Call => Icon::Phone,
    };
    story::tell(tx, part, &row_of(Road::Messages, icon, &quoted(&reply.text), &reply.text, now, seq))?;
    think::think(tx, policy, part.into(), now)
}

/// The first words of a message, in quotation marks.
fn quoted(text: &str) -> String {
    const MOST: usize = 90;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return format!("\u{201c}{line}\u{201d}");
    }
    let cut: String = line.chars().take(MOST).collect();
    format!("\u{201c}{}\u{2026}\u{201d}", cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head))
}
