//! What do all handlers stand on? The rooms, the clock, the frames of live streams; and how a refusal becomes a sentence.

use super::{
    error::Problem,
    intake::{Senders, Turns},
    metrics::Metrics,
    request::{Parts, SignedBy, Who},
    sse::LiveFrame,
};
use crate::{
    clock::Clock,
    domain::{
        access::SessionKind,
        change::{self, Changed},
        ids::CustomerId,
    },
    service::{Rooms, StoreError, reads},
};
use hyper::StatusCode;
use std::{sync::Arc, time::Duration};
use tokio::sync::broadcast;

/// The house as the handlers see it.
pub struct Front {
    pub rooms: Rooms,
    pub clock: Clock,
    pub metrics: Arc<Metrics>,
    /// Each change, written once for all who listen.
    pub frames: broadcast::Sender<LiveFrame>,
    /// Cookies only over TLS.
    pub secure: bool,
    /// What of the world's may be under way at once.
    pub turns: Turns,
    pub senders: Senders,
}

/// A listener further behind than this is told to read again.
const FRAMES_KEPT: usize = 4_096;

pub const SESSION_COOKIE: &str = "headlight_session";

impl Front {
    #[must_use]
    pub fn new(rooms: Rooms, clock: Clock, secure: bool) -> Self {
        Self {
            rooms,
            clock,
            metrics: Arc::default(),
            frames: broadcast::channel(FRAMES_KEPT).0,
            secure,
            turns: Turns::default(),
            senders: Senders::default(),
        }
    }

    /// Turns announcements into frames until the hub is gone.
    pub async fn carry_changes(self: Arc<Self>) {
        let mut changes = self.rooms.hub.subscribe();
        let mut viewers = self.rooms.hub.subscribe_viewers();
        loop {
            let heard = tokio::select! {
                biased;
                change = changes.recv() => change.map(frame),
                customer = viewers.recv() => customer.map(viewers_frame),
            };
            match heard {
                Ok(frame) => {
                    if let Ok(frame) = frame {
                        // Nobody listening is no error.
                        let _ = self.frames.send(frame);
                    }
                }
                Err(broadcast::error::RecvError::Lagged(missed)) => {
                    tracing::warn!(changes.missed = missed, "live streams fell behind; browsers read again");
                }
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    /// Who sent a request, by its session cookie or its token.
    pub fn sign_in(&self, parts: &Parts) -> Result<Option<Who>, Problem> {
        let (secret, by) = match (parts.bearer(), parts.cookie(SESSION_COOKIE)) {
            (Some(token), _) => (token, SignedBy::Bearer),
            (None, Some(session)) => (session, SignedBy::Cookie),
            (None, None) => return self.nobody(),
        };
        let found = reads::who(&self.rooms, secret, self.clock.now()).map_err(store_problem)?;
        // A stolen cookie is no token, and a token is no session.
        let fits = |kind: SessionKind| matches!((kind, by), (SessionKind::Browser, SignedBy::Cookie) | (SessionKind::Token, SignedBy::Bearer));
        match found.filter(|(_, kind)| fits(*kind)) {
            Some((staff, _)) => Ok(Some(Who { staff: staff.id, role: staff.role, by })),
            None => self.nobody(),
        }
    }

    /// Nobody is signed in; in a new store because nobody can be.
    fn nobody(&self) -> Result<Option<Who>, Problem> {
        if reads::is_unclaimed(&self.rooms).map_err(store_problem)? {
            let sentence = "Nobody works here yet. Use the code shown on the store computer's console.";
            return Err(Problem::new(StatusCode::UNAUTHORIZED, "unclaimed", sentence));
        }
        Ok(None)
    }
}

/// Something changed: enough to know what to read again, never what it says.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct Change {
    pub seq: u64,
    pub kind: ChangeKind,
    pub id: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Alert,
    Customer,
    Vehicle,
    Lead,
    Import,
    SetAside,
    Staff,
    Visit,
    ServiceVisit,
    Appointment,
    Opportunity,
    Feed,
    /// How the store wants something, whatever it is: its id says nothing.
    Settings,
    /// What cars bring: its id says nothing.
    Market,
}

impl From<change::Change> for Change {
    fn from(change: change::Change) -> Self {
        let (kind, id) = match change.what {
            Changed::Alert(id) => (ChangeKind::Alert, id.0),
            Changed::Customer(id) => (ChangeKind::Customer, id.0),
            Changed::Vehicle(id) | Changed::Looks(id) => (ChangeKind::Vehicle, id.0),
            Changed::Lead(id) => (ChangeKind::Lead, id.0),
            Changed::Import(id) => (ChangeKind::Import, id.0),
            Changed::SetAside(id) => (ChangeKind::SetAside, id.0),
            Changed::Staff(id) => (ChangeKind::Staff, id.0),
            Changed::Visit(id) => (ChangeKind::Visit, id.0),
            Changed::ServiceVisit(id) => (ChangeKind::ServiceVisit, id.0),
            Changed::Appointment(id) => (ChangeKind::Appointment, id.0),
            Changed::Opportunity(id) => (ChangeKind::Opportunity, id.0),
            Changed::Feed(id) => (ChangeKind::Feed, id.0),
            Changed::Settings => (ChangeKind::Settings, 0),
            Changed::Market => (ChangeKind::Market, 0),
        };
        Self { seq: change.seq, kind, id }
    }
}

pub fn frame(change: change::Change) -> Result<LiveFrame, serde_json::Error> {
    LiveFrame::change(change.seq, &Change::from(change))
}

/// Others look at a customer than before: who has it open asks who.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct ViewersChange {
    pub customer: u64,
}

fn viewers_frame(customer: CustomerId) -> Result<LiveFrame, serde_json::Error> {
    LiveFrame::passing("viewers", &ViewersChange { customer: customer.0 })
}

/// The store's refusals as statuses. 503 says "unknown": the caller sends it again with the same key.
#[expect(clippy::needless_pass_by_value, reason = "stands after map_err")]
pub fn store_problem(error: StoreError) -> Problem {
    match error {
        StoreError::Busy => Problem::not_now(Duration::from_secs(1), "Too much is arriving at once. Try again in a second."),
        StoreError::Unavailable(_) | StoreError::Uncertain(_) | StoreError::Io(_) => {
            tracing::warn!(error = %error, "a request was put off");
            Problem::not_now(
                Duration::from_secs(2),
                "The store could not take this now. Send it again with the same Idempotency-Key; nothing is done twice.",
            )
        }
        StoreError::Damaged { .. } | StoreError::InUse | StoreError::TooNew { .. } => {
            tracing::error!(error = %error, "a record could not be read");
            Problem::broken()
        }
    }
}
