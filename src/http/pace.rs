//! Is the other side fast enough to be waited for?
//!
//! hyper bounds the wait from one request to the end of the next head by one clock. Here the two are told apart: an idle connection
//! may rest, a head that has begun must come to its end. And an answer nobody takes is given up.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use hyper::{
    HeaderMap,
    body::{Body, Incoming},
    header::{CONTENT_LENGTH, EXPECT},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

use super::{error::Problem, limits::Policy};

/// A body that arrives at this rate may take longer than `Policy::body`. Bytes a second: a 64 MiB file over slow Wi-Fi.
const BULK_BYTES_PER_S: u32 = 512 * 1024;

/// What is read of a refused body, so that the caller comes to read the refusal, and how long that may take.
const LEFTOVER_BYTES: usize = 1024 * 1024;
const LEFTOVER_TIME: Duration = Duration::from_secs(2);

/// Where a connection stands: shared by its socket and by the requests on it.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    /// Even while a head is awaited, odd while a request is answered.
    turn: AtomicU32,
    gave_up: AtomicBool,
}

/// Held while a request is answered: from its head to the last byte of its answer.
#[derive(Debug)]
pub(super) struct Answering(Arc<Pulse>);

impl Pulse {
    pub(super) fn answering(self: &Arc<Self>) -> Answering {
        self.turn.fetch_add(1, Ordering::AcqRel);
        Answering(Arc::clone(self))
    }

    /// A request is under way.
    pub(super) fn is_answering(&self) -> bool {
        !Self::awaits_head(self.turn.load(Ordering::Acquire))
    }

    /// The connection ended because the other side was too slow.
    pub(super) fn gave_up(&self) -> bool {
        self.gave_up.load(Ordering::Acquire)
    }

    fn awaits_head(turn: u32) -> bool {
        turn.is_multiple_of(2)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.turn.fetch_add(1, Ordering::AcqRel);
    }
}

/// A socket that gives up on heads that do not end and on answers that are not taken.
pub(super) struct Paced<S> {
    socket: S,
    pulse: Arc<Pulse>,
    head: Duration,
    stall: Duration,
    turn: u32,
    /// A head has begun in this turn; on a new connection it is due at once.
    head_begun: bool,
    head_end: Deadline,
    write_end: Deadline,
}

impl<S> Paced<S> {
    pub(super) fn new(socket: S, pulse: Arc<Pulse>, policy: &Policy) -> Self {
        let (head, stall) = (policy.head, policy.stall);
        Self { socket, pulse, head, stall, turn: 0, head_begun: true, head_end: Deadline::default(), write_end: Deadline::default() }
    }

    fn note_turn(&mut self) {
        let turn = self.pulse.turn.load(Ordering::Acquire);
        if turn != self.turn {
            self.turn = turn;
            self.head_begun = false;
            self.head_end.clear();
        }
    }

    fn give_up(&self) -> io::Error {
        self.pulse.gave_up.store(true, Ordering::Release);
        io::ErrorKind::TimedOut.into()
    }

    /// A write that made progress resets the clock; one that waits runs against it.
    fn paced_write<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.write_end.clear();
            return written;
        }
        if self.write_end.has_passed(cx, self.stall) { Poll::Ready(Err(self.give_up())) } else { Poll::Pending }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.note_turn();
        let read = Pin::new(&mut this.socket).poll_read(cx, buf);
        if !Pulse::awaits_head(this.turn) {
            return read;
        }
        this.head_begun |= read.is_ready();
        // Looked at after every read: a byte now and then must not keep a head alive.
        if this.head_begun && this.head_end.has_passed(cx, this.head) {
            return Poll::Ready(Err(this.give_up()));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.socket).poll_write(cx, bytes);
        this.paced_write(cx, written)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.socket).poll_write_vectored(cx, parts);
        this.paced_write(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(cx)
    }
}

/// A clock that runs from the first time it is asked until it is cleared.
#[derive(Debug, Default)]
struct Deadline {
    sleep: Option<Pin<Box<Sleep>>>,
    is_set: bool,
}

impl Deadline {
    fn clear(&mut self) {
        self.is_set = false;
    }

    fn has_passed(&mut self, cx: &mut Context<'_>, after: Duration) -> bool {
        if !self.is_set {
            let end = Instant::now() + after;
            match &mut self.sleep {
                Some(sleep) => sleep.as_mut().reset(end),
                None => self.sleep = Some(Box::pin(tokio::time::sleep_until(end))),
            }
            self.is_set = true;
        }
        self.sleep.as_mut().is_some_and(|sleep| sleep.as_mut().poll(cx).is_ready())
    }
}

/// The whole body, or the refusal: 413 beyond the cap, 408 when it comes too slowly, 400 when it breaks off.
pub(super) async fn read_body(mut body: Incoming, announced: &HeaderMap, cap_bytes: usize, policy: &Policy) -> Result<Bytes, Problem> {
    if announced_bytes(announced).is_some_and(|bytes| bytes > cap_bytes as u64) {
        discard(body, announced).await;
        return Err(Problem::too_large(cap_bytes));
    }
    let start = Instant::now();
    let mut whole = Gathered::default();
    loop {
        let next = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx));
        match tokio::time::timeout_at(body_end(start, whole.len(), policy), next).await {
            Err(_) => return Err(Problem::too_slow()),
            Ok(None) => return Ok(whole.into_bytes()),
            Ok(Some(Err(_))) => return Err(Problem::unreadable("The body broke off before its end.")),
            Ok(Some(Ok(frame))) => {
                let Ok(data) = frame.into_data() else { continue };
                if whole.len() + data.len() > cap_bytes {
                    discard(body, announced).await;
                    return Err(Problem::too_large(cap_bytes));
                }
                whole.push(data);
            }
        }
    }
}

/// Reads on for a moment before a refusal: closing on unread bytes would reset the connection and take the refusal with it.
/// Who waits for `100 Continue` has not sent the body and is refused at once. Says whether the body came to its end.
pub(super) async fn discard(mut body: Incoming, announced: &HeaderMap) -> bool {
    if body.is_end_stream() {
        return true;
    }
    if announced.contains_key(EXPECT) {
        return false;
    }
    let mut left = LEFTOVER_BYTES;
    let read_on = async {
        loop {
            match std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
                None => return true,
                Some(Err(_)) => return false,
                Some(Ok(frame)) => left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len)),
            }
            if left == 0 {
                return false;
            }
        }
    };
    tokio::time::timeout(LEFTOVER_TIME, read_on).await.unwrap_or(false)
}

fn announced_bytes(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// When a body of which so much has come must have brought more.
fn body_end(start: Instant, received: usize, policy: &Policy) -> Instant {
    let time_at = |bytes_per_s: u32| Duration::from_millis(received as u64 * 1_000 / u64::from(bytes_per_s.max(1)));
    let bulk = policy.body + time_at(BULK_BYTES_PER_S);
    let floor = policy.body / 2 + time_at(policy.body_floor_bytes_per_s);
    start + bulk.min(floor)
}

/// The pieces of a body. One piece, the usual case, is not copied.
#[derive(Debug, Default)]
struct Gathered {
    first: Bytes,
    rest: BytesMut,
}

impl Gathered {
    fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }

    fn push(&mut self, data: Bytes) {
        if self.len() == 0 {
            self.first = data;
        } else {
            self.rest.extend_from_slice(&std::mem::take(&mut self.first));
            self.rest.extend_from_slice(&data);
        }
    }

    fn into_bytes(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.freeze() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_earns_time_by_arriving_and_loses_it_by_dripping() {
        let policy = Policy { body: Duration::from_secs(10), body_floor_bytes_per_s: 500, ..Policy::public() };
        let start = Instant::now();
        let allowed_s = |received| body_end(start, received, &policy).duration_since(start).as_secs_f64();
        for (received, seconds) in [(0, 5.0), (1, 5.002), (2_500, 10.0), (524_288, 11.0), (64 * 1024 * 1024, 138.0)] {
            assert!((allowed_s(received) - seconds).abs() < 0.01, "{received} bytes: {}", allowed_s(received));
        }
    }

    #[test]
    fn pieces_are_joined_in_order() {
        for pieces in [&["whole"][..], &["wh", "ol", "e"], &[]] {
            let mut gathered = Gathered::default();
            for piece in pieces {
                gathered.push(Bytes::from_static(piece.as_bytes()));
            }
            assert_eq!(gathered.len(), pieces.concat().len());
            assert_eq!(gathered.into_bytes(), pieces.concat());
        }
    }
}
