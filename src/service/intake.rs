//! What the world sends: onto the disk first, understood or set aside, then answered. The effects follow by the journal.

use super::{
    Rooms, advance, lead_templates,
    links::{self, Link},
    seen, set_aside,
};
use crate::{
    domain::{
        event::{Entry, Event, WebEvent},
        ids::{Seq, SetAsideId, StaffId},
        lead::{NewLead, NoLead},
        lead_template::LeadTemplate,
        set_aside::{Raw, SetAsideRoad},
        time::{At, DAY_MS, Zone},
    },
    engine::spam,
    formats::{
        collect::{self, Batch},
        leads::{self, Reading},
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// What became of a message that may carry leads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Received {
    pub leads: Vec<ReceivedLead>,
    pub replies: usize,
    /// Understood, and no lead: an automatic reply, a bounce.
    pub not_leads: Vec<String>,
    /// Not understood, or not all of it; kept whole.
    pub set_aside: Option<(SetAsideId, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedLead {
    pub seq: Seq,
    /// It had come before; nothing was done twice.
    pub again: bool,
    pub source: String,
    pub cars: usize,
    pub warnings: Vec<String>,
}

/// By which way a message came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// From a sender with a key: a lead that names nobody is from them.
    ByKey { name: String },
    /// From a file at the store's own computer, which says nothing of who sent it.
    InFile { name: String },
}

impl Came {
    fn name(&self) -> &str {
        match self {
            Self::ByKey { name } | Self::InFile { name } => name,
        }
    }

    fn sender(&self) -> &str {
        match self {
            Self::ByKey { name } => name,
            Self::InFile { .. } => "",
        }
    }
}

/// Takes the bytes of one message that may carry leads.
pub async fn receive_lead(rooms: &Rooms, bytes: Vec<u8>, came: Came, now: At) -> Result<Received, StoreError> {
    let taught = lead_templates::all(&rooms.store.read()?)?;
    let (verdict, bytes) = read_off_thread(bytes, &came, now, rooms.policy.rooftop.zone.clone(), taught).await;
    let received = rooms.store.write(move |tx| file_lead(tx, &verdict, &bytes, came.name(), Screen::Judge, now)).await?;
    rooms.hub.nudge_journal();
    Ok(received)
}

/// A large mail takes milliseconds to read: not on a thread that serves others.
async fn read_off_thread(bytes: Vec<u8>, came: &Came, now: At, zone: Zone, taught: Vec<LeadTemplate>) -> (leads::Verdict, Vec<u8>) {
    const LARGE: usize = 16 << 10;
    if bytes.len() < LARGE {
        return (leads::read(&bytes, now, Reading { zone: &zone, taught: &taught }, came.sender()), bytes);
    }
    let sender = came.sender().to_owned();
    let reading = tokio::task::spawn_blocking(move || (leads::read(&bytes, now, Reading { zone: &zone, taught: &taught }, &sender), bytes));
    reading.await.unwrap_or_else(|_| {
        (leads::Verdict::SetAside { reason: "The message could not be read to its end; please report it.".to_owned() }, Vec::new())
    })
}

/// Whether leads are judged by what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Screen {
    Judge,
    /// Somebody looked, and takes it for a lead.
    Pass,
}

fn file_lead(tx: &WriteTx<'_>, verdict: &leads::Verdict, bytes: &[u8], source: &str, screen: Screen, now: At) -> Result<Received, StoreError> {
    let understood = match verdict {
        leads::Verdict::Understood(understood) => understood,
        leads::Verdict::SetAside { reason } => {
            let id = set_aside::put(tx, SetAsideRoad::Lead, source, reason, bytes, now)?;
            return Ok(Received { set_aside: Some((id, reason.clone())), ..Received::default() });
        }
    };
    let mut received = Received { not_leads: understood.not_leads.iter().map(|n| n.reason.clone()).collect(), ..Received::default() };
    let mut raw_kept = false;
    let mut none = None;
    for lead in &understood.leads {
        if let Some(why) = spam::no_lead(lead).filter(|_| screen == Screen::Judge) {
            none = none.or(Some(why));
            continue;
        }
        received.leads.push(file_one(tx, lead, (!raw_kept).then_some(bytes), now)?);
        raw_kept |= received.leads.last().is_some_and(|lead| !lead.again);
    }
    for reply in &understood.replies {
        let key = reply.external_id.clone().unwrap_or_else(|| data_encoding::HEXLOWER.encode(blake3::hash(bytes).as_bytes()));
        if seen::before(tx, "reply", &key)?.is_none() {
            let seq = advance::append(tx, Event::Reply(reply.clone()), now)?;
            seen::remember(tx, "reply", &key, seq)?;
            tx.put(tables::RAW, &seq, &Raw { bytes: bytes.to_vec() })?;
        }
        received.replies += 1;
    }
    received.set_aside = match none {
        Some(why) => Some(keep_no_lead(tx, why, bytes, source, now)?),
        None => keep_unread(tx, &understood.unread, bytes, source, now)?,
    };
    Ok(received)
}

/// Kept once, however often it comes.
fn keep_no_lead(tx: &WriteTx<'_>, why: NoLead, bytes: &[u8], source: &str, now: At) -> Result<(SetAsideId, String), StoreError> {
    let key = data_encoding::HEXLOWER.encode(blake3::hash(bytes).as_bytes());
    if let Some(kept) = seen::before(tx, "no lead", &key)? {
        return Ok((SetAsideId(kept.0), set_aside::reason_of(why)));
    }
    let id = set_aside::put_no_lead(tx, source, why, bytes, now)?;
    seen::remember(tx, "no lead", &key, Seq(id.0))?;
    Ok((id, set_aside::reason_of(why)))
}

/// What came of reading something again that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadAgain {
    /// It is so many leads and answers now, those that came before among them.
    TakenUp {
        leads: usize,
    },
    /// It cannot be understood yet, or holds no lead; a sentence.
    Not(String),
    NotThere,
}

/// Reads a message again that was set aside: what somebody takes for a lead after all, or what we have learnt to read since.
pub async fn read_again(rooms: &Rooms, id: SetAsideId, by: StaffId, now: At) -> Result<ReadAgain, StoreError> {
    let (item, taught) = {
        let tx = rooms.store.read()?;
        (set_aside::one(&tx, id)?, lead_templates::all(&tx)?)
    };
    let Some(item) = item.filter(|item| item.road == SetAsideRoad::Lead) else { return Ok(ReadAgain::NotThere) };
    let came = Came::ByKey { name: item.source.clone() };
    let (verdict, bytes) = read_off_thread(item.bytes.clone(), &came, item.at, rooms.policy.rooftop.zone.clone(), taught).await;
    match &verdict {
        leads::Verdict::SetAside { reason } => return Ok(ReadAgain::Not(reason.clone())),
        leads::Verdict::Understood(u) if u.leads.is_empty() && u.replies.is_empty() => {
            let reason = u.not_leads.first().map_or_else(|| "It holds no lead.".to_owned(), |n| n.reason.clone());
            return Ok(ReadAgain::Not(reason));
        }
        leads::Verdict::Understood(_) => {}
    }
    let taken = rooms
        .store
        .write(move |tx| {
            let Some(item) = set_aside::one(tx, id)? else { return Ok(ReadAgain::NotThere) };
            let received = file_lead(tx, &verdict, &bytes, &item.source, Screen::Pass, now)?;
            if item.restored.is_none() {
                set_aside::taken_up(tx, item, by, now)?;
            }
            Ok(ReadAgain::TakenUp { leads: received.leads.len() + received.replies })
        })
        .await?;
    rooms.hub.nudge_journal();
    Ok(taken)
}

/// Journals a lead, unless it came before. `raw` is what it came in.
fn file_one(tx: &WriteTx<'_>, lead: &NewLead, raw: Option<&[u8]>, now: At) -> Result<ReceivedLead, StoreError> {
    let key = lead_key(lead);
    let before = if lead.external_id.is_some() { seen::before(tx, "lead", &key)? } else { seen::content_before(tx, "lead", &key, now)? };
    let (seq, again) = if let Some(seq) = before {
        (seq, true)
    } else {
        let seq = advance::append(tx, Event::Lead(lead.clone()), now)?;
        seen::remember(tx, "lead", &key, seq)?;
        if let Some(raw) = raw {
            tx.put(tables::RAW, &seq, &Raw { bytes: raw.to_vec() })?;
        }
        (seq, false)
    };
    Ok(ReceivedLead { seq, again, source: lead.source.clone(), cars: lead.cars.len(), warnings: lead.warnings.clone() })
}

/// Takes in what a form of our own was sent with. Whether it had come before.
pub async fn receive_form(rooms: &Rooms, lead: NewLead, raw: Vec<u8>, now: At) -> Result<bool, StoreError> {
    let again = rooms
        .store
        .try_write(move |tx| match spam::no_lead(&lead) {
            Some(why) => keep_no_lead(tx, why, &raw, &lead.source, now).map(|_| false),
            None => file_one(tx, &lead, Some(&raw), now).map(|filed| filed.again),
        })
        .await?;
    rooms.hub.nudge_journal();
    Ok(again)
}

/// Some of it became leads and some could not be read: all of it is kept once, however often it comes.
fn keep_unread(tx: &WriteTx<'_>, unread: &[String], bytes: &[u8], source: &str, now: At) -> Result<Option<(SetAsideId, String)>, StoreError> {
    if unread.is_empty() {
        return Ok(None);
    }
    let reason = format!("Part of it came in as leads, part could not be read. {}", unread.join(" "));
    let key = data_encoding::HEXLOWER.encode(blake3::hash(bytes).as_bytes());
    if let Some(kept) = seen::before(tx, "unread", &key)? {
        return Ok(Some((SetAsideId(kept.0), reason)));
    }
    let id = set_aside::put(tx, SetAsideRoad::Lead, source, &reason, bytes, now)?;
    seen::remember(tx, "unread", &key, Seq(id.0))?;
    Ok(Some((id, reason)))
}

/// The sender's own number, else who asks for what in which words.
fn lead_key(lead: &NewLead) -> String {
    if let Some(id) = &lead.external_id {
        return id.clone();
    }
    let point = lead
        .person
        .emails
        .first()
        .map(|e| e.as_str().to_owned())
        .or_else(|| lead.person.phones.first().map(|p| p.e164().to_owned()))
        .unwrap_or_default();
    let car = lead.cars.first().and_then(|c| c.vin.as_ref().map(|v| v.as_str().to_owned())).unwrap_or_default();
    let stock = lead.cars.first().map(|c| c.stock.clone()).unwrap_or_default();
    let name = lead.person.name.display().unwrap_or_default();
    [lead.source.as_str(), &point, &name, &car, &stock, &lead.comments].join("\u{1f}")
}

/// What became of a batch of web events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Collected {
    pub taken: usize,
    pub again: bool,
    /// Place in the batch and reason.
    pub refused: Vec<(usize, String)>,
    pub set_aside: Option<SetAsideId>,
}

/// A body of the site tag, as read.
#[derive(Debug)]
pub struct WebBody {
    body: Vec<u8>,
    sender: String,
    /// The sender's own, so that a second try does nothing twice.
    key: Option<String>,
    now: At,
    /// Or why nothing of it can be understood.
    read: Result<Batch, String>,
}

impl WebBody {
    #[must_use]
    pub fn read(body: Vec<u8>, sender: String, key: Option<String>, now: At) -> Self {
        let read = collect::read(&body, now).map_err(|error| error.to_string());
        Self { body, sender, key, now, read }
    }

    /// Nothing of it is set aside, nothing can have come before and nobody says who they are: the log takes it, and no act of the writer
    /// is needed.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let has_only_events = |batch: &Batch| batch.refused.is_empty() && batch.arrivals.is_empty() && batch.chats.is_empty();
        self.key.is_none() && self.read.as_ref().is_ok_and(has_only_events)
    }
}

/// Takes in a body of the site tag. What of it cannot be understood is set aside once, whole; the rest goes on.
pub async fn receive_web(rooms: &Rooms, web: WebBody) -> Result<Result<Collected, String>, StoreError> {
    let is_plain = web.is_plain();
    let WebBody { body, sender, key, now, read } = web;
    let batch = match read {
        Ok(batch) => batch,
        Err(reason) => {
            let sentence = reason.clone();
            rooms.store.try_write(move |tx| set_aside::put(tx, SetAsideRoad::Collect, &sender, &reason, &body, now)).await?;
            return Ok(Err(sentence));
        }
    };
    let collected = if is_plain {
        let taken = batch.events.len();
        rooms.store.append(batch.events.into_iter().map(|e| Entry { at: now, event: Event::Web(e), applied_after: None }).collect()).await?;
        Collected { taken, ..Collected::default() }
    } else {
        rooms.store.try_write(move |tx| file_web(tx, &batch, &body, &sender, key.as_deref(), now)).await?
    };
    rooms.hub.nudge_journal();
    Ok(Ok(collected))
}

fn file_web(tx: &WriteTx<'_>, batch: &Batch, body: &[u8], sender: &str, key: Option<&str>, now: At) -> Result<Collected, StoreError> {
    let refused: Vec<(usize, String)> = batch.refused.iter().map(|r| (r.index, r.reason.clone())).collect();
    let taken = batch.events.len();
    if let Some(key) = key
        && seen::before(tx, "collect", key)?.is_some()
    {
        return Ok(Collected { taken, again: true, refused, set_aside: None });
    }
    let mut last = Seq(0);
    for event in &batch.events {
        last = advance::append(tx, Event::Web(event.clone()), now)?;
    }
    who_they_are(tx, batch, Some(body), now)?;
    if let Some(key) = key {
        seen::remember(tx, "collect", key, last)?;
    }
    let set_aside = match refused.first() {
        Some((index, reason)) => {
            let reason =
                format!("{} of {} events could not be used; the first is number {}: {reason}", refused.len(), taken + refused.len(), index + 1);
            Some(set_aside::put(tx, SetAsideRoad::Collect, sender, &reason, body, now)?)
        }
        None => None,
    };
    Ok(Collected { taken, again: false, refused, set_aside })
}

/// What a batch says of who its browsers belong to: marks that are ours, and leads out of chats. After its events, so that they are met.
fn who_they_are(tx: &WriteTx<'_>, batch: &Batch, raw: Option<&[u8]>, now: At) -> Result<(), StoreError> {
    for arrival in &batch.arrivals {
        // A mark of another store, or of long ago, is no word about anybody.
        if let Some(Link { part, message }) = links::read(tx.sealer(), &arrival.mark, now) {
            advance::append(tx, Event::CameByLink { client: arrival.client.clone(), part, message, at: arrival.at }, now)?;
        }
    }
    for lead in &batch.chats {
        file_one(tx, lead, raw, now)?;
    }
    Ok(())
}

/// What became of a file of web events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebFile {
    pub taken: usize,
    /// Had come before, in this file or in another.
    pub again: usize,
    pub refused: usize,
}

/// Takes in a file of web events, in pieces: what a power cut leaves out is had when the file is read again, and nothing is had twice.
/// The inner error is a sentence about the whole file.
pub async fn receive_web_file(rooms: &Rooms, file: &str, bytes: Vec<u8>, now: At) -> Result<Result<WebFile, String>, StoreError> {
    /// Events of one commit: some milliseconds of the writer.
    const AT_ONCE: usize = 500;
    let reading = tokio::task::spawn_blocking(move || (collect::read_file(&bytes, now), bytes)).await;
    let (read, bytes) = reading.map_err(|_| StoreError::Unavailable("the file could not be read to its end".to_owned()))?;
    let mut batch = match read {
        Ok(batch) => batch,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let mut done = WebFile { taken: 0, again: 0, refused: batch.refused.len() };
    for piece in std::mem::take(&mut batch.events).chunks(AT_ONCE) {
        let (piece, all) = (piece.to_vec(), piece.len());
        let taken = rooms.store.try_write(move |tx| file_unheard(tx, &piece, now)).await?;
        done = WebFile { taken: done.taken + taken, again: done.again + all - taken, ..done };
        rooms.hub.nudge_journal();
    }
    let unusable = Unusable::of(&batch.refused, &bytes, done.taken + done.again);
    let name = file.to_owned();
    rooms
        .store
        .try_write(move |tx| {
            who_they_are(tx, &batch, None, now)?;
            unusable.as_ref().map_or(Ok(()), |unusable| unusable.set_aside(tx, &name, now))
        })
        .await?;
    rooms.hub.nudge_journal();
    Ok(Ok(done))
}

/// Journals those events of a file that no file brought before. How many.
fn file_unheard(tx: &WriteTx<'_>, events: &[WebEvent], now: At) -> Result<usize, StoreError> {
    let day = |at: At| i32::try_from(at.0.div_euclid(DAY_MS)).unwrap_or(i32::MAX);
    // Older ones are not taken from any file.
    let too_old = Span::all().before(&(day(now.plus_ms(-collect::OLDEST_MS)) - 1, 0));
    for key in tx.keys(tables::WEB_HEARD, &too_old, 2 * events.len())? {
        tx.remove(tables::WEB_HEARD, &key)?;
    }
    let mut taken = 0;
    for event in events {
        if let Some(once) = event.once {
            let key = (day(event.at), once);
            if tx.has(tables::WEB_HEARD, &key)? {
                continue;
            }
            tx.put(tables::WEB_HEARD, &key, &())?;
        }
        advance::append(tx, Event::Web(event.clone()), now)?;
        taken += 1;
    }
    Ok(taken)
}

/// The lines of a file that could not be used.
struct Unusable {
    reason: String,
    lines: Vec<u8>,
}

impl Unusable {
    /// The file itself lies where it was put away; of very many lines the first are shown.
    const MOST_BYTES: usize = 1 << 20;

    fn of(refused: &[collect::Refused], bytes: &[u8], taken: usize) -> Option<Self> {
        let first = refused.first()?;
        let numbers: std::collections::BTreeSet<usize> = refused.iter().map(|r| r.index).collect();
        let mut lines = Vec::new();
        for (_, line) in (1..).zip(bytes.split_inclusive(|b| *b == b'\n')).filter(|(number, _)| numbers.contains(number)) {
            if lines.len() + line.len() <= Self::MOST_BYTES {
                lines.extend_from_slice(line);
            }
        }
        let (many, all) = (refused.len(), taken + refused.len());
        let reason = format!("{many} of {all} events of a file could not be used; the first is in line {}: {}", first.index, first.reason);
        Some(Self { reason, lines })
    }

    /// Once, however often the file is brought.
    fn set_aside(&self, tx: &WriteTx<'_>, file: &str, now: At) -> Result<(), StoreError> {
        let key = data_encoding::HEXLOWER.encode(blake3::hash(&self.lines).as_bytes());
        if seen::before(tx, "unread", &key)?.is_none() {
            let id = set_aside::put(tx, SetAsideRoad::Collect, file, &self.reason, &self.lines, now)?;
            seen::remember(tx, "unread", &key, Seq(id.0))?;
        }
        Ok(())
    }
}
