//! What the world sends: onto the disk first, understood or set aside, then answered. The effects follow by the journal.

use super::{Rooms, advance, seen, set_aside};
use crate::{
    domain::{
        event::{Entry, Event, WebEvent},
        ids::{Seq, SetAsideId},
        lead::NewLead,
        set_aside::SetAsideRoad,
        time::{At, Zone},
    },
    formats::{collect, leads},
    store::{StoreError, WriteTx, tables},
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
    let (verdict, bytes) = read_off_thread(bytes, &came, now, rooms.policy.rooftop.zone.clone()).await;
    let received = rooms.store.write(move |tx| file_lead(tx, &verdict, &bytes, came.name(), now)).await?;
    rooms.hub.nudge_journal();
    Ok(received)
}

/// A large mail takes milliseconds to read: not on a thread that serves others.
async fn read_off_thread(bytes: Vec<u8>, came: &Came, now: At, zone: Zone) -> (leads::Verdict, Vec<u8>) {
    const LARGE: usize = 16 << 10;
    if bytes.len() < LARGE {
        return (leads::read(&bytes, now, &zone, came.sender()), bytes);
    }
    let sender = came.sender().to_owned();
    let reading = tokio::task::spawn_blocking(move || (leads::read(&bytes, now, &zone, &sender), bytes));
    reading.await.unwrap_or_else(|_| {
        (leads::Verdict::SetAside { reason: "The message could not be read to its end; please report it.".to_owned() }, Vec::new())
    })
}

fn file_lead(tx: &WriteTx<'_>, verdict: &leads::Verdict, bytes: &[u8], source: &str, now: At) -> Result<Received, StoreError> {
    let understood = match verdict {
        leads::Verdict::Understood(understood) => understood,
        leads::Verdict::SetAside { reason } => {
            let id = set_aside::put(tx, SetAsideRoad::Lead, source, reason, bytes, now)?;
            return Ok(Received { set_aside: Some((id, reason.clone())), ..Received::default() });
        }
    };
    let mut received = Received { not_leads: understood.not_leads.iter().map(|n| n.reason.clone()).collect(), ..Received::default() };
    let mut raw_kept = false;
    for lead in &understood.leads {
        let key = lead_key(lead);
        let before = if lead.external_id.is_some() { seen::before(tx, "lead", &key)? } else { seen::content_before(tx, "lead", &key, now)? };
        let (seq, again) = if let Some(seq) = before {
            (seq, true)
        } else {
            let seq = advance::append(tx, Event::Lead(lead.clone()), now)?;
            seen::remember(tx, "lead", &key, seq)?;
            if !raw_kept {
                tx.put(tables::RAW, &seq, &crate::domain::set_aside::Raw { bytes: bytes.to_vec() })?;
                raw_kept = true;
            }
            (seq, false)
        };
        received.leads.push(ReceivedLead { seq, again, source: lead.source.clone(), cars: lead.cars.len(), warnings: lead.warnings.clone() });
    }
    for reply in &understood.replies {
        let key = reply.external_id.clone().unwrap_or_else(|| data_encoding::HEXLOWER.encode(blake3::hash(bytes).as_bytes()));
        if seen::before(tx, "reply", &key)?.is_none() {
            let seq = advance::append(tx, Event::Reply(reply.clone()), now)?;
            seen::remember(tx, "reply", &key, seq)?;
            tx.put(tables::RAW, &seq, &crate::domain::set_aside::Raw { bytes: bytes.to_vec() })?;
        }
        received.replies += 1;
    }
    received.set_aside = keep_unread(tx, &understood.unread, bytes, source, now)?;
    Ok(received)
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
    pub refused: Vec<(usize, String)>,
    pub set_aside: Option<SetAsideId>,
}

/// A body of the site tag, as it was read.
pub struct WebBody {
    body: Vec<u8>,
    sender: String,
    /// The sender's own, so that a second try does nothing twice.
    key: Option<String>,
    now: At,
    events: Vec<WebEvent>,
    /// Place in the batch and reason.
    refused: Vec<(usize, String)>,
    /// Why nothing of it can be understood.
    unread: Option<String>,
}

impl WebBody {
    #[must_use]
    pub fn read(body: Vec<u8>, sender: String, key: Option<String>, now: At) -> Self {
        let (events, refused, unread) = match collect::read(&body, now) {
            Ok(batch) => (batch.events, batch.refused.into_iter().map(|r| (r.index, r.reason)).collect(), None),
            Err(error) => (vec![], vec![], Some(error.to_string())),
        };
        Self { body, sender, key, now, events, refused, unread }
    }

    /// Nothing of it is set aside and nothing can have come before: the log takes it, and no act of the writer is needed.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.key.is_none() && self.refused.is_empty() && self.unread.is_none()
    }
}

/// Takes in a body of the site tag. What of it cannot be understood is set aside once, whole; the rest goes on.
pub async fn receive_web(rooms: &Rooms, web: WebBody) -> Result<Result<Collected, String>, StoreError> {
    let is_plain = web.is_plain();
    let WebBody { body, sender, key, now, events, refused, unread } = web;
    if let Some(reason) = unread {
        let sentence = reason.clone();
        rooms.store.try_write(move |tx| set_aside::put(tx, SetAsideRoad::Collect, &sender, &reason, &body, now)).await?;
        return Ok(Err(sentence));
    }
    let collected = if is_plain {
        let taken = events.len();
        rooms.store.append(events.into_iter().map(|e| Entry { at: now, event: Event::Web(e), applied_after: None }).collect()).await?;
        Collected { taken, ..Collected::default() }
    } else {
        rooms.store.try_write(move |tx| file_web(tx, &events, &refused, &body, &sender, key.as_deref(), now)).await?
    };
    rooms.hub.nudge_journal();
    Ok(Ok(collected))
}

fn file_web(
    tx: &WriteTx<'_>,
    events: &[WebEvent],
    refused: &[(usize, String)],
    body: &[u8],
    sender: &str,
    key: Option<&str>,
    now: At,
) -> Result<Collected, StoreError> {
    if let Some(key) = key
        && seen::before(tx, "collect", key)?.is_some()
    {
        return Ok(Collected { taken: events.len(), again: true, refused: refused.to_vec(), set_aside: None });
    }
    let mut last = Seq(0);
    for event in events {
        last = advance::append(tx, Event::Web(event.clone()), now)?;
    }
    if let Some(key) = key {
        seen::remember(tx, "collect", key, last)?;
    }
    let set_aside = match refused.first() {
        Some((index, reason)) => {
            let reason = format!(
                "{} of {} events could not be used; the first is number {}: {reason}",
                refused.len(),
                events.len() + refused.len(),
                index + 1
            );
            Some(set_aside::put(tx, SetAsideRoad::Collect, sender, &reason, body, now)?)
        }
        None => None,
    };
    Ok(Collected { taken: events.len(), again: false, refused: refused.to_vec(), set_aside })
}
