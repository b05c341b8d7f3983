//! How does a request come in and an answer go out, whatever happens in between?
//!
//! `listen` owns the connections: how many, how patient, how they end. `App::walk` is the one path of every request. A handler that
//! panics costs its caller a 500 and nobody else anything.

use std::{
    convert::Infallible,
    future::Future,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use hyper::{
    Request, Response, Uri,
    body::{Body, Frame, Incoming, SizeHint},
    header::{CONNECTION, HeaderValue, IF_NONE_MATCH},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
    sync::watch,
    task::JoinSet,
    time::Instant,
};

use super::{
    answer::{Answer, AnswerBody},
    error::Problem,
    guard::{Names, own_pages_only},
    limits::{Doors, Full, Policy},
    metrics::{Counted, Meters, Metrics, Refused},
    pace::{Answering, Paced, Pulse, discard, read_body},
    rate::{Bucket, Rates},
    request::{Ctx, Parts, Peer, Req, Who},
    routes::{BodyRule, Route, Router, Sites},
    spa::Screens,
};

/// After a failed accept (no file handles left, say): the failure passes, a busy loop would not help it to.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What a stop gives connections without a request under way: time for the last bytes of an answer already written.
const PARTING: Duration = Duration::from_secs(1);

/// What who is turned away at the door reads.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Finds who sent a request, by its cookie or token: `None` is nobody; a problem refuses the request outright.
pub type SignIn<C> = Box<dyn Fn(&C, &Parts) -> Result<Option<Who>, Problem> + Send + Sync>;

/// What one listener serves.
pub struct App<C> {
    pub house: Arc<C>,
    pub router: Router<C>,
    pub sign_in: SignIn<C>,
    pub names: Names,
    pub rates: Arc<Rates>,
    pub metrics: Arc<Metrics>,
    /// The screens, where this listener has them.
    pub screens: Option<Screens>,
}

impl<C> std::fmt::Debug for App<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("routes", &self.router.routes().len()).finish_non_exhaustive()
    }
}

/// Serves until `stop` turns true, then lets answers under way finish, for `Policy::drain` at most.
pub async fn listen<C: Send + Sync + 'static>(listener: TcpListener, policy: Policy, app: Arc<App<C>>, stop: watch::Receiver<bool>) {
    House::new(policy, app, stop).serve(listener).await;
}

/// The same over a socket of the file system, whose file mode says who may open it.
pub async fn listen_unix<C: Send + Sync + 'static>(listener: UnixListener, policy: Policy, app: Arc<App<C>>, stop: watch::Receiver<bool>) {
    House::new(policy, app, stop).serve(listener).await;
}

/// Where connections come from.
trait Entrance {
    type Socket: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    fn accept(&self) -> impl Future<Output = io::Result<(Self::Socket, Peer)>> + Send;
}

impl Entrance for TcpListener {
    type Socket = TcpStream;

    async fn accept(&self) -> io::Result<(TcpStream, Peer)> {
        let (socket, address) = self.accept().await?;
        // A frame to a screen must not wait for the next one to share its packet. When it fails the socket is gone already.
        let _delayed = socket.set_nodelay(true);
        Ok((socket, Peer::Net(address.ip().to_canonical())))
    }
}

impl Entrance for UnixListener {
    type Socket = UnixStream;

    async fn accept(&self) -> io::Result<(UnixStream, Peer)> {
        Ok((self.accept().await?.0, Peer::Socket))
    }
}

/// Returns when the server stops, or when nobody is left who could stop it.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stopped| *stopped).await);
}

/// One listener at work.
struct House<C> {
    policy: Policy,
    app: Arc<App<C>>,
    stop: watch::Receiver<bool>,
    doors: Doors,
    meters: Meters,
}

impl<C: Send + Sync + 'static> House<C> {
    fn new(policy: Policy, app: Arc<App<C>>, stop: watch::Receiver<bool>) -> Arc<Self> {
        let (doors, meters) = (Doors::new(&policy), app.metrics.meters(policy.name, &app.router));
        Arc::new(Self { policy, app, stop, doors, meters })
    }

    async fn serve(self: Arc<Self>, entrance: impl Entrance) {
        let mut stop = self.stop.clone();
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                biased;
                () = stopped(&mut stop) => break,
                Some(_ended) = connections.join_next() => continue,
                accepted = entrance.accept() => accepted,
            };
            match accepted {
                Ok((socket, peer)) => self.open(&mut connections, socket, peer),
                Err(error) => {
                    tracing::warn!(listener = self.policy.name, error = %error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        let all_ended = async { while connections.join_next().await.is_some() {} };
        if tokio::time::timeout(self.policy.drain, all_ended).await.is_err() {
            tracing::warn!(listener = self.policy.name, connections = connections.len(), "connections were cut at the end of the drain");
            connections.shutdown().await;
        }
    }

    fn open<S>(self: &Arc<Self>, connections: &mut JoinSet<()>, mut socket: S, peer: Peer)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        match self.doors.admit(&self.policy, peer) {
            Ok(permit) => {
                let house = Arc::clone(self);
                connections.spawn(async move {
                    house.connection(socket, peer).await;
                    drop(permit);
                });
            }
            Err(full) => {
                self.meters.refused(match full {
                    Full::Listener => Refused::ListenerFull,
                    Full::Address => Refused::AddressFull,
                });
                // Once, without waiting: a full house owes no patience.
                let mut cx = Context::from_waker(std::task::Waker::noop());
                let _sent = Pin::new(&mut socket).poll_write(&mut cx, FULL);
            }
        }
    }

    async fn connection<S>(self: Arc<Self>, socket: S, peer: Peer)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let _open = self.meters.connection();
        let pulse = Arc::new(Pulse::default());
        let mut stop = self.stop.clone();
        let service = service_fn(|request| Arc::clone(&self).answer(request, peer, pulse.answering()));
        let socket = TokioIo::new(Paced::new(socket, Arc::clone(&pulse), &self.policy));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.policy.idle.max(self.policy.head))
            .max_header_size(self.policy.head_bytes)
            .max_headers(self.policy.head_lines)
            .max_buf_size(self.policy.buffer_bytes)
            .serve_connection(socket, service);
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            biased;
            ended = connection.as_mut() => ended,
            () = stopped(&mut stop) => {
                connection.as_mut().graceful_shutdown();
                // Nobody waits for an answer where only a head has begun.
                let patience = if pulse.is_answering() { self.policy.drain } else { PARTING.min(self.policy.drain) };
                tokio::time::timeout(patience, connection).await.unwrap_or(Ok(()))
            }
        };
        if let Err(error) = ended {
            if pulse.gave_up() {
                self.meters.refused(Refused::TooSlow);
            } else if error.is_parse() {
                self.meters.refused(Refused::Malformed);
            }
        }
    }

    async fn answer(self: Arc<Self>, request: Request<Incoming>, peer: Peer, answering: Answering) -> Result<Response<Sent>, Infallible> {
        let begun = Instant::now();
        let method = request.method().clone();
        let if_none_match = request.headers().get(IF_NONE_MATCH).cloned();
        let mut walked = Walked { route: None, sites: Sites::OwnOnly, close: false };
        let answer = {
            let mut walk = std::pin::pin!(self.walk(request, peer, &mut walked));
            // A panic, wherever on the way it comes from, ends here.
            std::future::poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| walk.as_mut().poll(cx))) {
                Ok(polled) => polled.map(Some),
                Err(_panic) => Poll::Ready(None),
            })
            .await
        };
        let answer = answer.unwrap_or_else(|| {
            walked.close = true;
            tracing::error!(
                listener = self.policy.name,
                route = walked.route.map(|index| self.app.router.routes()[index].path),
                "a handler panicked"
            );
            Err(Problem::broken())
        });
        let answer = answer.unwrap_or_else(|problem| {
            self.count_refusal(&problem);
            problem.into()
        });
        self.meters.answered(walked.route, answer.status_code(), begun.elapsed());
        tracing::debug!(
            listener = self.policy.name,
            route = walked.route.map(|index| self.app.router.routes()[index].path),
            status = answer.status_code().as_u16(),
            duration_us = begun.elapsed().as_micros(),
            "a request was answered"
        );
        let live = answer.is_live().then(|| self.meters.live_stream());
        let mut response = answer.finish(&method, if_none_match.as_ref(), walked.sites);
        if walked.close {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response.map(|body| Sent { body, _answering: answering, _live: live }))
    }

    fn count_refusal(&self, problem: &Problem) {
        match problem.status().as_u16() {
            429 => self.meters.refused(Refused::TooOften),
            421 => self.meters.refused(Refused::Foreign),
            403 if problem.code() == "foreign-page" => self.meters.refused(Refused::Foreign),
            408 => self.meters.refused(Refused::TooSlow),
            _ => {}
        }
    }

    /// The one path of every request. What is cheap and tells a stranger nothing comes first; the body is read last.
    async fn walk(&self, request: Request<Incoming>, peer: Peer, walked: &mut Walked) -> Result<Answer, Problem> {
        let (head, body) = request.into_parts();
        let uri = head.uri.clone();
        // The last line is the nearest proxy's own; those before it the caller may have written.
        let forwarded_for = head.headers.get_all("x-forwarded-for").iter().next_back().and_then(|v| v.to_str().ok());
        let peer = self.policy.caller(peer, forwarded_for);
        let parts = Parts::new(head, peer);
        let admitted = self.admit(&uri, &parts, walked);
        let (route, params, who) = match admitted {
            Ok(Admitted::Route { route, params, who }) => (route, params, who),
            Ok(Admitted::Screen(answer)) => return Ok(answer),
            Err(problem) => {
                walked.close = !discard(body, &parts.headers).await;
                return Err(problem);
            }
        };
        let body = match route.body {
            BodyRule::None => {
                walked.close = !discard(body, &parts.headers).await;
                Bytes::new()
            }
            BodyRule::Json { cap_bytes } | BodyRule::Bytes { cap_bytes, .. } => {
                let read = read_body(body, &parts.headers, cap_bytes, &self.policy).await;
                // What is left of an unread body must not be taken for the next request.
                walked.close = read.is_err();
                read?
            }
        };
        let ctx = Ctx { house: Arc::clone(&self.app.house), rates: Arc::clone(&self.app.rates), who, stop: self.stop.clone() };
        self.run(route, ctx, Req { parts, params, body }).await
    }

    /// Everything that is decided before the body is read.
    fn admit(&self, uri: &Uri, parts: &Parts, walked: &mut Walked) -> Result<Admitted<'_, C>, Problem> {
        let app = &self.app;
        if uri.path_and_query().map_or(0, |path| path.as_str().len()) > self.policy.address_bytes {
            return Err(Problem::long_address(self.policy.address_bytes));
        }
        app.names.check(uri, parts)?;
        let (index, params) = match (app.router.find(&parts.method, &parts.path), app.screens) {
            (Ok(found), _) => found,
            (Err(missing), Some(screens)) if missing == Problem::not_here() => {
                return screens.answer(&parts.method, &parts.path, &parts.headers).map(Admitted::Screen);
            }
            (Err(problem), _) => return Err(problem),
        };
        let route = &app.router.routes()[index];
        walked.route = Some(index);
        walked.sites = route.sites;
        let who = if route.rights.needs_somebody() { (app.sign_in)(&app.house, parts)? } else { None };
        app.rates.charge(route.rate, Bucket::of(who.as_ref(), parts.peer)).map_err(Problem::too_often)?;
        route.rights.check(who.as_ref(), parts.peer)?;
        own_pages_only(parts, who.as_ref(), route.sites, &route.body)?;
        route.body.check_type(parts.content_type())?;
        Ok(Admitted::Route { route, params, who })
    }

    /// The handler, within its time.
    async fn run(&self, route: &Route<C>, ctx: Ctx<C>, req: Req) -> Result<Answer, Problem> {
        tokio::time::timeout(self.policy.think, (route.handler)(ctx, req)).await.unwrap_or_else(|_| {
            tracing::error!(listener = self.policy.name, route = route.path, "a handler took too long");
            Err(Problem::not_now(Duration::from_secs(5), "This took too long and was given up. Try again in a moment."))
        })
    }
}

/// What the walk found out on its way, for the answer and the counters.
struct Walked {
    route: Option<usize>,
    sites: Sites,
    /// The connection cannot be used again.
    close: bool,
}

enum Admitted<'a, C> {
    Route { route: &'a Route<C>, params: Vec<(String, String)>, who: Option<Who> },
    Screen(Answer),
}

/// A body on its way out, with what must last until its last byte.
struct Sent {
    body: AnswerBody,
    _answering: Answering,
    _live: Option<Counted>,
}

impl Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{ids::StaffId, staff::Role},
        http::{
            rate::{Budget, RateClass},
            request::SignedBy,
            routes::{ParamKind, Rights},
            sse::{Hello, LiveFrame, Missed, stream},
        },
    };
    use http_body_util::{BodyExt, Full};
    use hyper::{Method, StatusCode, client::conn::http1 as client, header};
    use std::{
        net::SocketAddr,
        sync::atomic::{AtomicU32, Ordering},
    };
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::broadcast,
        task::JoinHandle,
    };

    /// The house of these tests: counts its changes, announces what it is told to.
    struct Store {
        changes: AtomicU32,
        live: broadcast::Sender<LiveFrame>,
    }

    #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
    struct Note {
        text: String,
    }

    async fn read(_: Ctx<Store>, req: Req) -> Result<Answer, Problem> {
        Answer::json(&Note { text: format!("note {}", req.param::<u64>("id")?) })
    }

    async fn write(ctx: Ctx<Store>, req: Req) -> Result<Answer, Problem> {
        let note: Note = req.json()?;
        ctx.changes.fetch_add(1, Ordering::SeqCst);
        Answer::json(&note)
    }

    async fn import(ctx: Ctx<Store>, req: Req) -> Result<Answer, Problem> {
        ctx.changes.fetch_add(1, Ordering::SeqCst);
        Ok(Answer::text(req.bytes().len().to_string()))
    }

    async fn remove(ctx: Ctx<Store>, _: Req) -> Result<Answer, Problem> {
        ctx.changes.fetch_add(1, Ordering::SeqCst);
        Ok(Answer::nothing())
    }

    async fn broken(_: Ctx<Store>, _: Req) -> Result<Answer, Problem> {
        tokio::task::yield_now().await;
        panic!("a bug");
    }

    async fn slow(_: Ctx<Store>, req: Req) -> Result<Answer, Problem> {
        tokio::time::sleep(Duration::from_millis(req.query_as("ms")?.unwrap_or(0))).await;
        Ok(Answer::text("done"))
    }

    async fn large(_: Ctx<Store>, _: Req) -> Result<Answer, Problem> {
        Ok(Answer::bytes("application/octet-stream", vec![b'x'; 64 * 1024 * 1024]))
    }

    async fn live(ctx: Ctx<Store>, req: Req) -> Result<Answer, Problem> {
        let changes = ctx.live.subscribe();
        let missed = match req.last_event_id() {
            None => Missed::Nothing,
            Some(0) => Missed::TooMuch,
            Some(seen) => Missed::Frames((seen + 1..=3).map(frame).collect()),
        };
        stream(Hello { now_ms: 0, seq: 3 }, missed, changes, ctx.stop.clone()).into_answer()
    }

    fn frame(seq: u64) -> LiveFrame {
        LiveFrame::change(seq, &seq).unwrap()
    }

    fn table() -> Vec<Route<Store>> {
        vec![
            Route::get("/notes/{id}", Rights::AnyStaff, read).gives::<Note>().says("Reads a note."),
            Route::post("/notes", Rights::AnyStaff, write).takes::<Note>().gives::<Note>().says("Writes a note."),
            Route::delete("/notes/{id}", Rights::Managers, remove).says("Takes a note away."),
            Route::post("/imports", Rights::AnyStaff, import).takes_bytes(100_000, &["text/csv"]).says("Takes a file."),
            Route::post("/collect", Rights::Public, import).takes_bytes(1_000, &[]).any_site().rate(RateClass::Collect).says("Takes events."),
            Route::post("/sign-in", Rights::Public, write).takes::<Note>().rate(RateClass::SignIn).says("Signs in."),
            Route::get("/broken", Rights::Public, broken).says("Breaks."),
            Route::get("/slow", Rights::Public, slow).query("ms", ParamKind::COUNT, "How slow.").says("Takes its time."),
            Route::get("/large", Rights::Public, large).says("Gives much."),
            Route::get("/live", Rights::AnyStaff, live).rate(RateClass::Live).gives_type("text/event-stream").says("Tells what changes."),
            Route::post("/operator", Rights::OperatorSocket, remove).says("Serves the command line."),
        ]
    }

    #[expect(clippy::unnecessary_wraps, reason = "the shape of the hook")]
    /// `session=rep` and `Bearer owner`: the name of the credential is the role.
    fn sign_in(_: &Store, parts: &Parts) -> Result<Option<Who>, Problem> {
        let by_cookie = parts.cookie("session").map(|name| (name, SignedBy::Cookie));
        let found = by_cookie.or(parts.bearer().map(|name| (name, SignedBy::Bearer)));
        Ok(found.and_then(|(name, by)| Some(Who { staff: StaffId(1), role: Role::parse(name)?, by })))
    }

    fn quick() -> Policy {
        Policy {
            head: Duration::from_millis(200),
            idle: Duration::from_millis(600),
            body: Duration::from_millis(400),
            stall: Duration::from_millis(300),
            think: Duration::from_secs(1),
            drain: Duration::from_secs(1),
            ..Policy::lan()
        }
    }

    struct Server {
        address: SocketAddr,
        app: Arc<App<Store>>,
        stop: watch::Sender<bool>,
        task: JoinHandle<()>,
    }

    fn app(names: Names, rates: Rates) -> Arc<App<Store>> {
        Arc::new(App {
            house: Arc::new(Store { changes: AtomicU32::new(0), live: broadcast::channel(4).0 }),
            router: Router::new(table()).unwrap(),
            sign_in: Box::new(sign_in),
            names,
            rates: Arc::new(rates),
            metrics: Arc::default(),
            screens: Some(Screens::embedded()),
        })
    }

    impl Server {
        async fn start(policy: Policy) -> Self {
            Self::start_with(policy, app(Names::Own(Vec::new()), Rates::usual())).await
        }

        async fn start_with(policy: Policy, app: Arc<App<Store>>) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let (stop, stopped) = watch::channel(false);
            let task = tokio::spawn(listen(listener, policy, Arc::clone(&app), stopped));
            Self { address, app, stop, task }
        }

        async fn raw(&self) -> TcpStream {
            TcpStream::connect(self.address).await.unwrap()
        }

        async fn connect(&self) -> Client {
            Client::over(self.raw().await).await
        }

        /// One request on a connection of its own.
        async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
            self.connect().await.ask(method, path, headers, body).await
        }

        fn changes(&self) -> u32 {
            self.app.house.changes.load(Ordering::SeqCst)
        }

        fn counted(&self, line: &str) -> bool {
            let answer = self.app.metrics.text().finish(&Method::GET, None, Sites::OwnOnly);
            match answer.into_body() {
                AnswerBody::Whole(text) => String::from_utf8_lossy(&text.unwrap_or_default()).contains(line),
                AnswerBody::Pieces(_) | AnswerBody::Live(_) => false,
            }
        }
    }

    struct Client(client::SendRequest<Full<Bytes>>);

    #[derive(Debug)]
    struct Reply {
        status: u16,
        headers: hyper::HeaderMap,
        body: String,
    }

    impl Reply {
        fn header(&self, name: &str) -> &str {
            self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
        }
    }

    impl Client {
        async fn over<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(socket: S) -> Self {
            let (sender, connection) = client::handshake(TokioIo::new(socket)).await.unwrap();
            tokio::spawn(connection);
            Self(sender)
        }

        async fn open(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Response<Incoming> {
            let mut request = Request::builder().method(method).uri(path);
            if headers.iter().all(|(name, _)| *name != "host") {
                request = request.header("host", "localhost");
            }
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(Full::new(Bytes::copy_from_slice(body.as_bytes()))).unwrap();
            self.0.ready().await.unwrap();
            self.0.send_request(request).await.unwrap()
        }

        async fn ask(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
            let (head, body) = self.open(method, path, headers, body).await.into_parts();
            let body = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
            Reply { status: head.status.as_u16(), headers: head.headers, body }
        }
    }

    /// Everything the server sends until it closes.
    async fn until_closed(socket: &mut TcpStream) -> String {
        let mut all = Vec::new();
        // A reset is an end, too.
        let _ended = tokio::time::timeout(Duration::from_secs(5), socket.read_to_end(&mut all)).await.unwrap();
        String::from_utf8_lossy(&all).into_owned()
    }

    const REP: (&str, &str) = ("authorization", "Bearer rep");
    const OWNER: (&str, &str) = ("authorization", "Bearer owner");
    const REP_COOKIE: (&str, &str) = ("cookie", "session=rep");
    const JSON: (&str, &str) = ("content-type", "application/json");

    #[tokio::test]
    async fn a_head_that_does_not_end_is_cut_off() {
        let server = Server::start(quick()).await;
        let mut dripping = server.raw().await;
        let begun = Instant::now();
        let drip = async {
            for byte in b"GET /notes/1 HTTP/1.1\r\nhost: localhost\r\nx: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" {
                if dripping.write_all(&[*byte]).await.is_err() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        };
        drip.await;
        assert_eq!(until_closed(&mut dripping).await, "");
        let silent = &mut server.raw().await;
        assert_eq!(until_closed(silent).await, "", "one that never begins is cut off as well");
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(server.counted(r#"http_refused_total{listener="lan",reason="too-slow"} 1"#), "only a head that had begun counts");
        assert!(server.counted(r#"http_connections{listener="lan"} 0"#));
    }

    #[tokio::test]
    async fn an_idle_connection_may_rest_longer_than_a_head_may_take() {
        let server = Server::start(quick()).await;
        let mut client = server.connect().await;
        assert_eq!(client.ask(Method::GET, "/notes/1", &[REP], "").await.status, 200);
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert_eq!(client.ask(Method::GET, "/notes/1", &[REP], "").await.status, 200);
        tokio::time::sleep(Duration::from_millis(900)).await;
        assert!(client.0.is_closed());
    }

    #[tokio::test]
    async fn a_body_that_drips_is_given_up_with_a_sentence() {
        let server = Server::start(quick()).await;
        let mut socket = server.raw().await;
        let head =
            "POST /notes HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer rep\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{";
        socket.write_all(head.as_bytes()).await.unwrap();
        let answer = until_closed(&mut socket).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains("\"code\":\"too-slow\""), "{answer}");
        assert_eq!(server.changes(), 0);
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_changes_nothing() {
        let server = Server::start(quick()).await;
        let mut socket = server.raw().await;
        let head =
            "POST /notes HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer rep\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{";
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.shutdown().await.unwrap();
        until_closed(&mut socket).await;
        assert_eq!(server.changes(), 0);
        assert_eq!(server.ask(Method::GET, "/notes/1", &[REP], "").await.status, 200);
    }

    #[tokio::test]
    async fn an_answer_nobody_takes_is_given_up() {
        let server = Server::start(quick()).await;
        let mut socket = server.raw().await;
        socket.write_all(b"GET /large HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        tokio::time::sleep(Duration::from_millis(900)).await;
        assert!(server.counted(r#"http_connections{listener="lan"} 0"#));
    }

    #[tokio::test]
    async fn too_large_is_refused_by_length_and_by_count() {
        let server = Server::start(quick()).await;
        let announced = server.ask(Method::POST, "/collect", &[], &"x".repeat(1_001)).await;
        assert_eq!((announced.status, announced.header("connection")), (413, "close"));
        assert!(announced.body.contains("the limit here is 1000 bytes"), "{}", announced.body);
        assert_eq!(announced.header("content-type"), "application/problem+json");

        let mut chunked = server.raw().await;
        let head = "POST /collect HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n";
        chunked.write_all(format!("{head}400\r\n{}\r\n400\r\n{}\r\n0\r\n\r\n", "x".repeat(1_024), "x".repeat(1_024)).as_bytes()).await.unwrap();
        let answer = until_closed(&mut chunked).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert_eq!(server.changes(), 0);
        assert_eq!(server.ask(Method::POST, "/collect", &[], &"x".repeat(1_000)).await.body, "1000");
    }

    #[tokio::test]
    async fn a_much_too_large_upload_is_refused_before_it_is_sent() {
        let server = Server::start(quick()).await;
        let mut socket = server.raw().await;
        let head = "POST /imports HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer rep\r\ncontent-type: text/csv\r\nexpect: 100-continue\r\ncontent-length: 99999999\r\n\r\n";
        socket.write_all(head.as_bytes()).await.unwrap();
        let answer = until_closed(&mut socket).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    }

    #[tokio::test]
    async fn a_wrong_method_or_address_says_so() {
        let server = Server::start(quick()).await;
        let wrong = server.ask(Method::POST, "/notes/1", &[REP, JSON], "{}").await;
        assert_eq!((wrong.status, wrong.header("allow")), (405, "DELETE, GET, HEAD"));
        assert_eq!(server.ask(Method::OPTIONS, "/notes", &[], "").await.status, 405);
        assert_eq!(server.ask(Method::GET, "/api/nothing", &[REP], "").await.status, 404);
        assert_eq!(server.ask(Method::GET, &format!("/notes/{}", "1".repeat(9_000)), &[REP], "").await.status, 414);
        let page = server.ask(Method::GET, "/customers", &[], "").await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    }

    #[tokio::test]
    async fn too_many_or_too_long_headers_are_refused() {
        let server = Server::start(quick()).await;
        for head in [
            format!("GET /notes/1 HTTP/1.1\r\nhost: localhost\r\n{}\r\n", "a: b\r\n".repeat(64)),
            format!("GET /notes/1 HTTP/1.1\r\nhost: localhost\r\na: {}\r\n\r\n", "b".repeat(20_000)),
        ] {
            let mut socket = server.raw().await;
            socket.write_all(head.as_bytes()).await.unwrap();
            let answer = until_closed(&mut socket).await;
            assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
        }
    }

    #[tokio::test]
    async fn head_is_get_without_its_body() {
        let server = Server::start(quick()).await;
        let mut client = server.connect().await;
        let got = client.ask(Method::GET, "/notes/1", &[REP], "").await;
        let head = client.ask(Method::HEAD, "/notes/1", &[REP], "").await;
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        for name in ["content-length", "content-type", "etag", "cache-control"] {
            assert_eq!(head.header(name), got.header(name), "{name}");
        }
    }

    #[tokio::test]
    async fn a_read_that_has_not_changed_is_not_sent_again() {
        let server = Server::start(quick()).await;
        let first = server.ask(Method::GET, "/notes/1", &[REP], "").await;
        let again = server.ask(Method::GET, "/notes/1", &[REP, ("if-none-match", first.header("etag"))], "").await;
        assert_eq!((again.status, again.body.as_str()), (304, ""));
        assert_eq!(again.header("etag"), first.header("etag"));
        let other = server.ask(Method::GET, "/notes/2", &[REP, ("if-none-match", first.header("etag"))], "").await;
        assert_eq!(other.status, 200);
    }

    #[tokio::test]
    async fn a_rebound_name_reaches_nothing() {
        let server = Server::start(quick()).await;
        for path in ["/notes/1", "/", "/assets/x.js"] {
            let reply = server.ask(Method::GET, path, &[REP, ("host", "evil.example.com")], "").await;
            assert_eq!((reply.status, reply.header("content-type")), (421, "application/problem+json"), "{path}");
        }
    }

    #[tokio::test]
    async fn another_page_cannot_make_a_browser_change_anything() {
        let server = Server::start(quick()).await;
        let body = "{\"text\":\"x\"}";
        let own = [("origin", "http://localhost"), ("sec-fetch-site", "same-origin")];
        let table = [
            ("our page", Method::POST, "/notes", [&own[..], &[REP_COOKIE, JSON]].concat(), 200),
            ("another page", Method::POST, "/notes", vec![REP_COOKIE, JSON, ("origin", "http://evil.example.com")], 403),
            ("another site", Method::POST, "/notes", vec![REP_COOKIE, JSON, ("sec-fetch-site", "cross-site")], 403),
            ("a form", Method::POST, "/notes", vec![REP_COOKIE, ("content-type", "text/plain")], 415),
            ("a token", Method::POST, "/notes", vec![REP, JSON, ("origin", "http://evil.example.com")], 200),
            ("a file", Method::POST, "/imports", vec![REP_COOKIE, ("content-type", "text/csv"), ("x-file-name", "a.csv")], 200),
            ("a file by a form", Method::POST, "/imports", vec![REP_COOKIE, ("content-type", "text/csv")], 400),
            (
                "an event of the website",
                Method::POST,
                "/collect",
                vec![("origin", "https://dealer.example.com"), ("sec-fetch-site", "cross-site")],
                200,
            ),
            ("signing us in", Method::POST, "/sign-in", vec![JSON, ("sec-fetch-site", "cross-site")], 403),
        ];
        for (name, method, path, headers, status) in table {
            let before = server.changes();
            let reply = server.ask(method, path, &headers, body).await;
            assert_eq!(reply.status, status, "{name}: {}", reply.body);
            assert_eq!(server.changes() - before, u32::from(status == 200), "{name}");
        }
    }

    #[tokio::test]
    async fn rights_are_checked_before_the_body_is_read() {
        let server = Server::start(quick()).await;
        for (headers, method, path, status) in [
            (vec![], Method::GET, "/notes/1", 401),
            (vec![REP], Method::DELETE, "/notes/1", 403),
            (vec![OWNER], Method::DELETE, "/notes/1", 204),
            (vec![OWNER], Method::POST, "/operator", 404),
            (vec![JSON], Method::POST, "/notes", 401),
        ] {
            let reply = server.ask(method, path, &headers, "{\"text\"").await;
            assert_eq!(reply.status, status, "{path}");
        }
    }

    #[tokio::test]
    async fn a_handler_that_panics_costs_only_its_own_request() {
        let server = Server::start(quick()).await;
        let mut bystander = server.connect().await;
        assert_eq!(bystander.ask(Method::GET, "/notes/1", &[REP], "").await.status, 200);
        let reply = server.ask(Method::GET, "/broken", &[], "").await;
        assert_eq!((reply.status, reply.header("content-type")), (500, "application/problem+json"));
        assert!(!reply.body.contains("a bug"), "{}", reply.body);
        assert_eq!(bystander.ask(Method::GET, "/notes/1", &[REP], "").await.status, 200);
        assert_eq!(server.ask(Method::GET, "/notes/1", &[REP], "").await.status, 200);
        assert!(server.counted(r#"http_requests_total{listener="lan",method="GET",route="/broken",status="5xx"} 1"#));
    }

    #[tokio::test]
    async fn a_handler_that_thinks_too_long_is_given_up() {
        let server = Server::start(quick()).await;
        let reply = server.ask(Method::GET, "/slow?ms=5000", &[], "").await;
        assert_eq!((reply.status, reply.header("retry-after")), (503, "5"));
    }

    #[tokio::test]
    async fn who_asks_too_often_is_told_how_long_to_wait() {
        let rates = Rates::new(|class| (class == RateClass::SignIn).then_some(Budget::new(2, 2)));
        let server = Server::start_with(quick(), app(Names::Any, rates)).await;
        let mut client = server.connect().await;
        for status in [200, 200, 429] {
            let reply = client.ask(Method::POST, "/sign-in", &[JSON], "{\"text\":\"x\"}").await;
            assert_eq!(reply.status, status);
            if status == 429 {
                assert_eq!(reply.header("retry-after"), "30");
            }
        }
        assert_eq!(client.ask(Method::GET, "/notes/1", &[REP], "").await.status, 200, "other classes go on");
    }

    async fn frames(body: &mut Incoming) -> Option<String> {
        let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await.unwrap()?;
        Some(String::from_utf8_lossy(&frame.unwrap().into_data().unwrap()).into_owned())
    }

    #[tokio::test]
    async fn a_screen_resumes_lags_and_is_let_go_at_the_stop() {
        let server = Server::start(quick()).await;
        let mut client = server.connect().await;
        let response = client.open(Method::GET, "/live", &[REP, ("last-event-id", "1")], "").await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let mut body = response.into_body();
        let first = frames(&mut body).await.unwrap();
        assert!(first.starts_with("retry: 2000\n\nevent: hello\ndata: {\"now_ms\":0,\"seq\":3}\n\nid: 2\n"), "{first}");
        assert!(first.ends_with("id: 3\nevent: change\ndata: 3\n\n"), "{first}");
        assert!(server.counted(r#"http_live_streams{listener="lan"} 1"#));
        server.app.house.live.send(frame(4)).unwrap();
        assert_eq!(frames(&mut body).await.unwrap(), "id: 4\nevent: change\ndata: 4\n\n");
        for seq in 5..=12 {
            server.app.house.live.send(frame(seq)).unwrap();
        }
        assert!(frames(&mut body).await.unwrap().starts_with("event: resync\n"));
        assert_eq!(frames(&mut body).await.unwrap().matches("event: change").count(), 4);

        let begun = Instant::now();
        server.stop.send(true).unwrap();
        assert_eq!(frames(&mut body).await, None);
        server.task.await.unwrap();
        assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
        assert!(server.app.metrics.text().status_code() == StatusCode::OK);
    }

    #[tokio::test]
    async fn two_hundred_screens_are_told_of_a_change_by_the_same_bytes() {
        let server = Server::start(quick()).await;
        let mut screens = Vec::new();
        for _ in 0..200 {
            let mut client = server.connect().await;
            let mut body = client.open(Method::GET, "/live", &[REP], "").await.into_body();
            frames(&mut body).await.unwrap();
            screens.push((client, body));
        }
        server.app.house.live.send(frame(4)).unwrap();
        for (_, body) in &mut screens {
            assert_eq!(frames(body).await.unwrap(), "id: 4\nevent: change\ndata: 4\n\n");
        }
        drop(screens);
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(server.counted(r#"http_live_streams{listener="lan"} 0"#), "screens that went are forgotten");
    }

    #[tokio::test]
    async fn one_address_cannot_take_every_place() {
        let policy = Policy { connections: 4, connections_per_address: 2, name: "public", ..Policy::public() };
        let server = Server::start_with(policy, app(Names::Any, Rates::usual())).await;
        let mut first = server.connect().await;
        assert_eq!(first.ask(Method::GET, "/notes/1", &[REP], "").await.status, 200);
        let mut second = server.connect().await;
        assert_eq!(second.ask(Method::GET, "/notes/1", &[REP], "").await.status, 200);
        let refused = until_closed(&mut server.raw().await).await;
        assert!(refused.starts_with("HTTP/1.1 503 ") && refused.contains("Retry-After: 5"), "{refused}");
        assert!(server.counted(r#"http_refused_total{listener="public",reason="address-full"} 1"#));
        drop(first);
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(server.ask(Method::GET, "/notes/1", &[REP], "").await.status, 200, "a place given back is given out");
    }

    #[tokio::test]
    async fn a_stop_lets_answers_under_way_finish_and_takes_no_more() {
        let server = Server::start(quick()).await;
        let (mut busy, mut idle) = (server.connect().await, server.connect().await);
        assert_eq!(idle.ask(Method::GET, "/notes/1", &[REP], "").await.status, 200);
        let under_way = tokio::spawn(async move { busy.ask(Method::GET, "/slow?ms=300", &[], "").await });
        tokio::time::sleep(Duration::from_millis(100)).await;
        server.stop.send(true).unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(TcpStream::connect(server.address).await.is_err() || idle.0.is_closed());
        assert_eq!(under_way.await.unwrap().body, "done");
        tokio::time::timeout(Duration::from_millis(500), server.task).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_head_that_has_only_begun_does_not_hold_up_a_stop() {
        let policy = Policy { head: Duration::from_mins(1), drain: Duration::from_mins(1), ..quick() };
        let server = Server::start(policy).await;
        let mut socket = server.raw().await;
        socket.write_all(b"GET /no").await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        server.stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(2), server.task).await.unwrap().unwrap();
        assert_eq!(until_closed(&mut socket).await, "");
    }

    #[tokio::test]
    async fn a_drain_does_not_wait_for_ever() {
        let policy = Policy { think: Duration::from_mins(1), ..quick() };
        let server = Server::start(policy).await;
        let mut client = server.connect().await;
        tokio::spawn(async move {
            client.0.send_request(Request::get("/slow?ms=60000").header("host", "localhost").body(Full::default()).unwrap()).await
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        let begun = Instant::now();
        server.stop.send(true).unwrap();
        server.task.await.unwrap();
        assert!((900..1_500).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn the_command_line_has_its_own_socket() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("headlight.sock");
        let (_stop, stopped) = watch::channel(false);
        let app = app(Names::Any, Rates::usual());
        tokio::spawn(listen_unix(UnixListener::bind(&path).unwrap(), Policy::socket(), Arc::clone(&app), stopped));
        let mut client = Client::over(UnixStream::connect(&path).await.unwrap()).await;
        assert_eq!(client.ask(Method::POST, "/operator", &[JSON], "").await.status, 204);
        assert_eq!(client.ask(Method::GET, "/notes/1", &[], "").await.status, 401, "the socket proves no person");
    }

    #[tokio::test]
    async fn requests_in_one_go_are_answered_in_order() {
        let server = Server::start(quick()).await;
        let mut socket = server.raw().await;
        let request = |id: u32| format!("GET /notes/{id} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer rep\r\n\r\n");
        let last = request(3).replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
        socket.write_all(format!("{}{}{last}", request(1), request(2)).as_bytes()).await.unwrap();
        let answer = until_closed(&mut socket).await;
        let order: Vec<usize> = (1..=3).filter_map(|id| answer.find(&format!("note {id}"))).collect();
        assert!(order.len() == 3 && order.is_sorted(), "{answer}");
    }

    #[tokio::test]
    async fn a_body_cannot_smuggle_a_second_request() {
        let server = Server::start(quick()).await;
        let inner = "DELETE /notes/1 HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer owner\r\n\r\n";
        for head in
            ["content-length: 5\r\ntransfer-encoding: chunked", "content-length: 5\r\ncontent-length: 6", "transfer-encoding: chunked, identity"]
        {
            let mut socket = server.raw().await;
            let request = format!("POST /collect HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{head}\r\n\r\n0\r\n\r\n{inner}");
            socket.write_all(request.as_bytes()).await.unwrap();
            let answer = until_closed(&mut socket).await;
            assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{head}: {answer}");
            assert!(!answer.contains(" 204 "), "{head}: {answer}");
        }
    }
}
