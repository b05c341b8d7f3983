//! What the world sends: leads, and the website's events.

use super::{
    answer::Answer,
    error::Problem,
    front::{Front, store_problem},
    rate::{Bucket, RateClass},
    request::{Ctx, Req},
};
use crate::service::{Rooms, intake, reads};
use hyper::StatusCode;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tokio::sync::{Semaphore, SemaphorePermit};

/// The largest mail a lead may come in.
pub const LEAD_MOST_BYTES: usize = 2 << 20;
/// The largest batch of web events.
pub const COLLECT_MOST_BYTES: usize = 64 << 10;

/// How much of what the world sends is worked on at once. The rest waits its turn outside the store: a commit is shared by all who
/// write, and what a salesperson writes must not wait for a marketplace's whole night to be sealed and synced with it.
#[derive(Debug)]
pub struct Turns {
    small: Semaphore,
    large: Semaphore,
}

impl Turns {
    /// Enough to share the sync of a commit and to take some hundreds a second, ten times what the busiest site sends; little enough
    /// that commits, and the work on the journal that follows each, stay short.
    const SMALL_AT_ONCE: usize = 4;
    /// A large body takes milliseconds to read and to write. It waits for its like, and no lead of usual size waits for it.
    const LARGE_AT_ONCE: usize = 1;
    const LARGE_BYTES: usize = 16 << 10;

    fn is_large(bytes: usize) -> bool {
        bytes >= Self::LARGE_BYTES
    }

    pub(super) async fn take(&self, bytes: usize) -> Result<SemaphorePermit<'_>, Problem> {
        let turns = if Self::is_large(bytes) { &self.large } else { &self.small };
        turns.acquire().await.map_err(|_| Problem::broken())
    }
}

impl Default for Turns {
    fn default() -> Self {
        Self { small: Semaphore::new(Self::SMALL_AT_ONCE), large: Semaphore::new(Self::LARGE_AT_ONCE) }
    }
}

/// Whose key it is: every page view brings the same one. Forgotten when a key is revoked.
#[derive(Default)]
pub struct Senders(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// The revocations that were heard of.
    revocations: u64,
    names: HashMap<Bucket, String>,
}

impl Senders {
    const MOST: usize = 64;

    fn name(&self, rooms: &Rooms, key: &str) -> Result<Option<String>, Problem> {
        let bucket = Bucket::key(key);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Read before the key is looked up: a revocation in between is heard of at the next look.
        let revocations = rooms.hub.revocations();
        if known.revocations != revocations || known.names.len() >= Self::MOST {
            *known = Known { revocations, names: HashMap::new() };
        }
        if let Some(name) = known.names.get(&bucket) {
            return Ok(Some(name.clone()));
        }
        let name = reads::sender(rooms, key).map_err(store_problem)?;
        if let Some(name) = &name {
            known.names.insert(bucket, name.clone());
        }
        Ok(name)
    }
}

/// What became of a lead, for its sender.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct LeadReceipt {
    /// `received`, `already-received`, `set-aside` or `not-a-lead`.
    pub status: &'static str,
    pub leads: Vec<UnderstoodLead>,
    /// Why it was set aside or is no lead; what was odd about it.
    pub notes: Vec<String>,
}

#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct UnderstoodLead {
    pub source: String,
    pub vehicles: usize,
    pub again: bool,
}

/// What became of a batch of events.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct CollectReceipt {
    pub taken: usize,
    pub refused: Vec<RefusedEvent>,
}

#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct RefusedEvent {
    /// Its place in the batch, from 0.
    pub index: usize,
    pub reason: String,
}

/// The name that the key in the address belongs to, within its budget.
pub(super) fn sender(ctx: &Ctx<Front>, req: &Req, class: RateClass) -> Result<String, Problem> {
    let refused =
        || Problem::new(StatusCode::UNAUTHORIZED, "wrong-key", "The `key` in the address is missing, wrong or revoked. Ask the store for a new one.");
    let key = req.query("key").filter(|k| !k.is_empty()).ok_or_else(refused)?;
    let name = ctx.senders.name(&ctx.rooms, key)?.ok_or_else(refused)?;
    ctx.charge(class, Bucket::sender(key, req.peer))?;
    Ok(name)
}

pub async fn lead(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let sender = sender(&ctx, &req, RateClass::LeadKey)?;
    if req.bytes().is_empty() {
        return Err(Problem::unreadable("The body is empty. Send the ADF document as the body."));
    }
    let _turn = ctx.turns.take(req.bytes().len()).await?;
    let received =
        intake::receive_lead(&ctx.rooms, req.bytes().to_vec(), intake::Came::ByKey { name: sender }, ctx.clock.now()).await.map_err(store_problem)?;
    let (status, code) = match (&received.set_aside, received.leads.is_empty() && received.replies == 0) {
        (Some(_), true) => ("set-aside", StatusCode::ACCEPTED),
        (None, true) => ("not-a-lead", StatusCode::OK),
        (_, false) if !received.leads.is_empty() && received.leads.iter().all(|l| l.again) => ("already-received", StatusCode::OK),
        (_, false) => ("received", StatusCode::CREATED),
    };
    let warnings = received.leads.iter().flat_map(|l| l.warnings.clone());
    let notes = received.set_aside.iter().map(|(_, why)| why.clone()).chain(received.not_leads.iter().cloned()).chain(warnings).collect();
    let leads = received.leads.iter().map(|l| UnderstoodLead { source: l.source.clone(), vehicles: l.cars, again: l.again }).collect();
    Ok(Answer::json(&LeadReceipt { status, leads, notes })?.status(code))
}

pub async fn collect(ctx: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let sender = sender(&ctx, &req, RateClass::CollectKey)?;
    let key = req.idempotency_key()?.map(str::to_owned);
    let large_turn = if Turns::is_large(req.bytes().len()) { Some(ctx.turns.take(req.bytes().len()).await?) } else { None };
    let web = intake::WebBody::read(req.bytes().to_vec(), sender, key, ctx.clock.now());
    let _turn = match large_turn {
        // A page view that the log takes holds up nobody.
        None if !web.is_plain() => Some(ctx.turns.take(req.bytes().len()).await?),
        turn => turn,
    };
    let taken = intake::receive_web(&ctx.rooms, web).await.map_err(store_problem)?;
    let collected = taken.map_err(|sentence| Problem::unreadable(format!("{sentence} The body was kept for the store to look at.")))?;
    let refused = collected.refused.into_iter().map(|(index, reason)| RefusedEvent { index, reason }).collect();
    Ok(Answer::json(&CollectReceipt { taken: collected.taken, refused })?.status(StatusCode::ACCEPTED))
}
