//! What has changed, as it changes?
//!
//! Server-sent events. A frame is written once and shared by every screen that listens; it carries a sequence, a kind and an id, never
//! customer data. A screen that comes back with its last sequence is given what it missed, or told to fetch afresh.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use tokio::sync::{
    broadcast::{
        Receiver,
        error::{RecvError, TryRecvError},
    },
    watch,
};

use super::{answer::Answer, error::Problem, serve::stopped};

/// A quiet stream says it is alive: proxies cut what is silent for longer than about 30 s, and a screen takes silence for the end of
/// the line (`web/src/live.stream.ts`), which TCP alone would not tell it for many minutes.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Frames that go out in one write when a screen is behind.
const MAX_JOINED: usize = 64;

/// A browser that lost us tries again after this long.
const RETRY: &[u8] = b"retry: 2000\n\n";
const HEARTBEAT_FRAME: &[u8] = b"event: hb\ndata: {}\n\n";
const RESYNC_FRAME: &[u8] = b"event: resync\ndata: {}\n\n";

/// One event, as it goes over the wire to everybody.
#[derive(Debug, Clone)]
pub struct LiveFrame {
    /// Its place in the order of changes: the browser's Last-Event-ID. `None` for what is only true now and told to nobody later.
    pub seq: Option<u64>,
    bytes: Bytes,
}

/// The first event of a stream.
#[derive(Debug, Clone, Copy, serde::Serialize, schemars::JsonSchema)]
pub struct Hello {
    /// The server's clock, by which screens show ages. Milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// The last change before this stream.
    pub seq: u64,
}

/// Nothing has changed, and the line still carries: sent whenever it has been silent for 15 s. An event, not a comment, because a
/// browser does not tell its page of comments.
#[derive(Debug, Clone, Copy, serde::Serialize, schemars::JsonSchema)]
pub struct Heartbeat {}

/// More was missed than can be told: read again whatever is shown.
#[derive(Debug, Clone, Copy, serde::Serialize, schemars::JsonSchema)]
pub struct Resync {}

impl LiveFrame {
    /// A change, to be sent to all that listen.
    pub fn change<T: serde::Serialize>(seq: u64, change: &T) -> Result<Self, serde_json::Error> {
        let data = serde_json::to_string(change)?;
        Ok(Self { seq: Some(seq), bytes: format!("id: {seq}\nevent: change\ndata: {data}\n\n").into() })
    }

    /// Something that is true now, told to those who listen now.
    pub fn passing<T: serde::Serialize>(event: &'static str, what: &T) -> Result<Self, serde_json::Error> {
        let data = serde_json::to_string(what)?;
        Ok(Self { seq: None, bytes: format!("event: {event}\ndata: {data}\n\n").into() })
    }
}

/// What a screen missed while it was away.
#[derive(Debug)]
pub enum Missed {
    /// It is new, or missed nothing.
    Nothing,
    /// These, oldest first.
    Frames(Vec<LiveFrame>),
    /// More than can be replayed: it fetches what it shows.
    TooMuch,
}

/// Opens a stream: hello, what was missed, then every change until the server stops or the screen goes.
///
/// Subscribe first and read what was missed after: a frame that comes both ways is sent once, one in between is not lost.
#[must_use]
pub fn stream(hello: Hello, missed: Missed, changes: Receiver<LiveFrame>, stop: watch::Receiver<bool>) -> LiveStream {
    LiveStream { hello, missed, feed: Feed { changes, stop, sent_seq: 0, welcome: None } }
}

/// A stream about to open.
#[derive(Debug)]
pub struct LiveStream {
    hello: Hello,
    missed: Missed,
    feed: Feed,
}

impl LiveStream {
    /// Ends the stream before the next frame once this says no: the session was ended, the account closed.
    #[must_use]
    pub fn while_welcome(mut self, is_welcome: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.feed.welcome = Some(Welcome(Arc::new(is_welcome)));
        self
    }

    pub fn into_answer(mut self) -> Result<Answer, Problem> {
        let hello = serde_json::to_string(&self.hello).map_err(|_| Problem::broken())?;
        let mut first = BytesMut::from(RETRY);
        first.extend_from_slice(format!("event: hello\ndata: {hello}\n\n").as_bytes());
        match self.missed {
            Missed::Nothing => {}
            Missed::TooMuch => first.extend_from_slice(RESYNC_FRAME),
            Missed::Frames(frames) => {
                for frame in frames {
                    first.extend_from_slice(&frame.bytes);
                    self.feed.sent_seq = frame.seq.unwrap_or(self.feed.sent_seq);
                }
            }
        }
        Ok(Answer::live(LiveBody { first: Some(first.freeze()), turn: Box::pin(self.feed.next()) }))
    }
}

/// One wait for the next bytes; it gives back the feed to wait again.
type Turn = Pin<Box<dyn Future<Output = Option<(Bytes, Feed)>> + Send>>;

/// The bytes of one stream.
pub struct LiveBody {
    first: Option<Bytes>,
    turn: Turn,
}

impl std::fmt::Debug for LiveBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveBody").finish_non_exhaustive()
    }
}

impl LiveBody {
    pub(super) fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(first));
        }
        self.turn.as_mut().poll(cx).map(|turn| {
            let (bytes, feed) = turn?;
            self.turn = Box::pin(feed.next());
            Some(bytes)
        })
    }
}

#[derive(Clone)]
struct Welcome(Arc<dyn Fn() -> bool + Send + Sync>);

impl std::fmt::Debug for Welcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Welcome")
    }
}

/// Where one screen stands in the stream of changes.
#[derive(Debug)]
struct Feed {
    changes: Receiver<LiveFrame>,
    stop: watch::Receiver<bool>,
    /// The last change it was sent.
    sent_seq: u64,
    welcome: Option<Welcome>,
}

impl Feed {
    /// The next bytes for this screen, or the end.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        loop {
            let came = tokio::select! {
                biased;
                () = stopped(&mut self.stop) => return None,
                came = tokio::time::timeout(HEARTBEAT, self.changes.recv()) => came,
            };
            if self.welcome.as_ref().is_some_and(|welcome| !(welcome.0)()) {
                return None;
            }
            let bytes = match came {
                Err(_quiet) => Some(Bytes::from_static(HEARTBEAT_FRAME)),
                Ok(Err(RecvError::Closed)) => return None,
                Ok(Err(RecvError::Lagged(_))) => Some(Bytes::from_static(RESYNC_FRAME)),
                Ok(Ok(frame)) => self.join_waiting(frame),
            };
            if let Some(bytes) = bytes {
                return Some((bytes, self));
            }
        }
    }

    /// This frame and those already waiting behind it, in one write. `None` when all were sent before.
    fn join_waiting(&mut self, first: LiveFrame) -> Option<Bytes> {
        let mut parts: Vec<Bytes> = self.unsent(first).into_iter().collect();
        while parts.len() < MAX_JOINED {
            match self.changes.try_recv() {
                Ok(frame) => parts.extend(self.unsent(frame)),
                Err(TryRecvError::Lagged(_)) => parts.push(Bytes::from_static(RESYNC_FRAME)),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        match parts.as_slice() {
            [] => None,
            // The usual case: the very bytes every other screen is sent.
            [one] => Some(one.clone()),
            many => Some(many.concat().into()),
        }
    }

    fn unsent(&mut self, frame: LiveFrame) -> Option<Bytes> {
        let is_new = frame.seq.is_none_or(|seq| seq > self.sent_seq);
        self.sent_seq = self.sent_seq.max(frame.seq.unwrap_or(0));
        is_new.then_some(frame.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{answer::AnswerBody, routes::Sites};
    use hyper::{Method, body::Body};
    use tokio::sync::broadcast;

    #[derive(serde::Serialize)]
    struct Change {
        seq: u64,
    }

    fn frame(seq: u64) -> LiveFrame {
        LiveFrame::change(seq, &Change { seq }).unwrap()
    }

    struct Screen {
        body: AnswerBody,
    }

    impl Screen {
        fn open(stream: LiveStream) -> Self {
            let answer = stream.into_answer().unwrap();
            Self { body: answer.finish(&Method::GET, None, Sites::OwnOnly).into_body() }
        }

        /// What comes within a moment; `None` at the end of the stream.
        async fn next(&mut self) -> Option<String> {
            let frame = std::future::poll_fn(|cx| Pin::new(&mut self.body).poll_frame(cx)).await?;
            Some(String::from_utf8_lossy(frame.unwrap().data_ref().unwrap()).into_owned())
        }
    }

    fn hello() -> Hello {
        Hello { now_ms: 5, seq: 9 }
    }

    #[tokio::test(start_paused = true)]
    async fn a_screen_that_resumes_gets_each_change_once_and_in_order() {
        let (sender, receiver) = broadcast::channel(16);
        let (_stop, stopped) = watch::channel(false);
        // 4 was announced after we subscribed and before what was missed was read: it comes both ways.
        sender.send(frame(4)).unwrap();
        sender.send(frame(5)).unwrap();
        let mut screen = Screen::open(stream(hello(), Missed::Frames(vec![frame(3), frame(4)]), receiver, stopped));
        let first = screen.next().await.unwrap();
        assert_eq!(
            first,
            "retry: 2000\n\nevent: hello\ndata: {\"now_ms\":5,\"seq\":9}\n\nid: 3\nevent: change\ndata: {\"seq\":3}\n\n\
             id: 4\nevent: change\ndata: {\"seq\":4}\n\n"
        );
        assert_eq!(screen.next().await.unwrap(), "id: 5\nevent: change\ndata: {\"seq\":5}\n\n");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_only_true_now_has_no_place_in_the_order() {
        let (sender, receiver) = broadcast::channel(8);
        let (_stop, stopped) = watch::channel(false);
        let mut screen = Screen::open(stream(hello(), Missed::Frames(vec![frame(3)]), receiver, stopped));
        screen.next().await.unwrap();
        for told in [LiveFrame::passing("viewers", &Change { seq: 9 }).unwrap(), frame(3), frame(4)] {
            sender.send(told).unwrap();
        }
        let told = screen.next().await.unwrap();
        assert_eq!(told, "event: viewers\ndata: {\"seq\":9}\n\nid: 4\nevent: change\ndata: {\"seq\":4}\n\n");
    }

    #[tokio::test(start_paused = true)]
    async fn frames_that_wait_go_out_together_and_whole() {
        let (sender, receiver) = broadcast::channel(512);
        let (_stop, stopped) = watch::channel(false);
        let mut screen = Screen::open(stream(hello(), Missed::Nothing, receiver, stopped));
        screen.next().await.unwrap();
        let written: Vec<String> = (1..=150).map(|seq| format!("id: {seq}\nevent: change\ndata: {{\"seq\":{seq}}}\n\n")).collect();
        let expected = written.concat();
        for seq in 1..=150 {
            sender.send(frame(seq)).unwrap();
        }
        let mut got = String::new();
        let mut writes = 0;
        while got.len() < expected.len() {
            got.push_str(&screen.next().await.unwrap());
            writes += 1;
        }
        assert_eq!(got, expected);
        assert_eq!(writes, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_screen_too_far_behind_is_told_to_fetch_afresh_and_goes_on() {
        let (sender, receiver) = broadcast::channel(2);
        let (_stop, stopped) = watch::channel(false);
        let mut screen = Screen::open(stream(hello(), Missed::TooMuch, receiver, stopped));
        assert!(screen.next().await.unwrap().ends_with("event: resync\ndata: {}\n\n"));
        for seq in 1..=5 {
            sender.send(frame(seq)).unwrap();
        }
        assert_eq!(screen.next().await.unwrap(), "event: resync\ndata: {}\n\n");
        assert!(screen.next().await.unwrap().contains("id: 4\n"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_quiet_stream_shows_it_is_alive() {
        let (_sender, receiver) = broadcast::channel::<LiveFrame>(2);
        let (_stop, stopped) = watch::channel(false);
        let mut screen = Screen::open(stream(hello(), Missed::Nothing, receiver, stopped));
        screen.next().await.unwrap();
        let begun = tokio::time::Instant::now();
        assert_eq!(screen.next().await.unwrap(), "event: hb\ndata: {}\n\n");
        assert_eq!(begun.elapsed(), HEARTBEAT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_ends_when_the_server_stops() {
        let (sender, receiver) = broadcast::channel(2);
        let (stop, stopped) = watch::channel(false);
        let mut screen = Screen::open(stream(hello(), Missed::Nothing, receiver, stopped));
        screen.next().await.unwrap();
        stop.send(true).unwrap();
        sender.send(frame(1)).unwrap();
        assert_eq!(screen.next().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_no_longer_welcome_gets_no_further_frame() {
        let (sender, receiver) = broadcast::channel(2);
        let (_stop, stopped) = watch::channel(false);
        let mut screen = Screen::open(stream(hello(), Missed::Nothing, receiver, stopped).while_welcome(|| false));
        screen.next().await.unwrap();
        sender.send(frame(1)).unwrap();
        assert_eq!(screen.next().await, None);
    }
}
