//! A real house for a test: open doors on free ports, a store in a temporary folder, a client that speaks plain HTTP/1.1.

use headlight::{
    app::{Doors, House},
    clock::Clock,
    config::Config,
    domain::time::At,
    hub::Hub,
    search::{Opened, Search},
    service::{
        Rooms, access,
        operator::{self, Reply, Request},
        presence::Presence,
        viewers::Viewers,
    },
    store::{Store, StoreError, backend::Backend, seal::MasterKey},
};
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, StatusCode, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpStream, sync::watch};

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Fails = Result<(), Failure>;

/// A Tuesday morning, the store open.
pub(crate) const MORNING: &str = "2026-11-24T09:41:00-05:00";

pub(crate) struct Rooftop {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) house: House,
    pub(crate) clock: Clock,
    pub(crate) lan: SocketAddr,
    pub(crate) public: SocketAddr,
    /// A manager's token.
    pub(crate) token: String,
    /// The website's and the lead senders' key.
    pub(crate) key: String,
    stopper: watch::Sender<bool>,
    doors: Doors,
}

pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

impl Rooftop {
    /// Opens a new store with two reps and a manager, its clock standing at [`MORNING`].
    pub(crate) async fn open() -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let mut config = Config::default();
        config.lan.addr = SocketAddr::from(([127, 0, 0, 1], 0));
        config.public.addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let clock = Clock::standing_at(At::parse_rfc3339(MORNING).unwrap_or_default());
        let house = House::open(&folder.path().join("data"), &config, clock.clone())?;
        let (stopper, stop) = watch::channel(false);
        let doors = house.open_doors(&config, stop).await?;
        let mut rooftop =
            Self { lan: doors.lan, public: doors.public, folder, house, clock, token: String::new(), key: String::new(), stopper, doors };
        for (name, role) in [("Priya Nair", "rep"), ("Jo Lindqvist", "rep"), ("Sam Rourke", "manager")] {
            let role = headlight::domain::staff::Role::parse(role).ok_or("a role")?;
            let password_hash = access::hash_password("a password for tests").ok_or("a hash")?;
            rooftop.operate(Request::UserAdd { name: name.to_owned(), role, password_hash }).await?;
        }
        if let Reply::Token { token } = rooftop.operate(Request::UserToken { name: "Sam Rourke".to_owned() }).await? {
            rooftop.token = token;
        }
        if let Reply::Key { key } = rooftop.operate(Request::KeyAdd { name: "test sender".to_owned() }).await? {
            rooftop.key = key;
        }
        Ok(rooftop)
    }

    pub(crate) async fn operate(&self, request: Request) -> Result<Reply, Failure> {
        operator::perform(&self.house.rooms, request, self.clock.now()).await?.map_err(|refusal| refusal.0.into())
    }

    /// Waits until everything received has had its effects.
    pub(crate) async fn settled(&self) -> Fails {
        self.house.drain().await?;
        Ok(())
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value, Failure> {
        let answered = send(self.lan, "GET", path, &[("authorization", &format!("Bearer {}", self.token))], b"").await?;
        if answered.status != StatusCode::OK {
            return Err(format!("GET {path} answered {}: {}", answered.status, String::from_utf8_lossy(&answered.body)).into());
        }
        Ok(answered.json())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Answered, Failure> {
        self.say("POST", path, body).await
    }

    pub(crate) async fn say(&self, method: &str, path: &str, body: &Value) -> Result<Answered, Failure> {
        self.say_with(&[], method, path, body).await
    }

    /// With headers beside those that every request of the manager has.
    pub(crate) async fn say_with(&self, headers: &[(&str, &str)], method: &str, path: &str, body: &Value) -> Result<Answered, Failure> {
        let auth = format!("Bearer {}", self.token);
        let headers = [&[("authorization", auth.as_str()), ("content-type", "application/json")], headers].concat();
        send(self.lan, method, path, &headers, body.to_string().as_bytes()).await
    }

    /// The number of somebody who works here.
    pub(crate) async fn staff(&self, name: &str) -> Result<u64, Failure> {
        let floor = self.get("/api/floor").await?;
        let found = floor["people"].as_array().into_iter().flatten().find(|p| p["person"]["name"] == name);
        found.and_then(|p| p["person"]["id"].as_u64()).ok_or_else(|| format!("no {name}: {floor}").into())
    }

    /// The number of the customer whom a search finds first.
    pub(crate) async fn found(&self, text: &str) -> Result<u64, Failure> {
        let found = self.get(&format!("/api/search?q={text}")).await?;
        found["hits"][0]["id"].as_u64().ok_or_else(|| format!("nobody for {text}: {found}").into())
    }

    /// The open cards of the whole store.
    pub(crate) async fn cards(&self) -> Result<Vec<Value>, Failure> {
        Ok(self.get("/api/alerts?scope=store").await?["items"].as_array().cloned().unwrap_or_default())
    }

    /// The open card of the reader of that number; null without one.
    pub(crate) async fn card_of(&self, reader: u32) -> Result<Value, Failure> {
        let name = format!("Reader{reader} Whitfield");
        Ok(self.cards().await?.into_iter().find(|card| card["customer"]["name"] == name.as_str()).unwrap_or_default())
    }

    /// A reader asks about a car that is not in stock; their card.
    pub(crate) async fn asked_by(&self, reader: u32, source: &str) -> Result<Value, Failure> {
        self.from_outside("/leads/adf", enquiry(reader, source).as_bytes()).await?;
        self.settled().await?;
        self.card_of(reader).await
    }

    /// Waits until a draft was rehearsed.
    pub(crate) async fn drafted(&self, import: u64) -> Fails {
        let rehearsed = async {
            while self.get(&format!("/api/imports/{import}")).await?["run"]["rehearsed"].is_null() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Ok(())
        };
        tokio::time::timeout(Duration::from_secs(30), rehearsed).await?
    }

    /// A session of somebody's browser, as its cookie.
    pub(crate) async fn sign_in(&self, name: &str) -> Result<String, Failure> {
        let said = serde_json::json!({ "name": name, "password": "a password for tests" }).to_string();
        let signed_in = send(self.lan, "POST", "/api/session", &[("content-type", "application/json")], said.as_bytes()).await?;
        let set = signed_in.headers.get("set-cookie").and_then(|line| line.to_str().ok()).ok_or("a cookie")?;
        Ok(set.split(';').next().unwrap_or_default().to_owned())
    }

    /// A lead or web events from outside.
    #[expect(clippy::wrong_self_convention, reason = "from outside the house, not a conversion")]
    pub(crate) async fn from_outside(&self, path: &str, body: &[u8]) -> Result<Answered, Failure> {
        send(self.public, "POST", &format!("{path}?key={}", self.key), &[("content-type", "text/plain")], body).await
    }

    pub(crate) async fn close(self) {
        let _ = self.stopper.send(true);
        self.doors.closed().await;
        self.house.close();
    }
}

/// What a listing site sends of the reader of that number.
pub(crate) fn enquiry(reader: u32, source: &str) -> String {
    format!(
        r#"<?adf version="1.0"?><adf><prospect><id source="{source}">{reader}</id><requestdate>2026-11-24T09:40:30-05:00</requestdate>
        <vehicle interest="buy"><year>2022</year><make>Honda</make><model>CR-V</model></vehicle>
        <customer><contact><name part="first">Reader{reader}</name><name part="last">Whitfield</name><phone>207-555-01{reader:02}</phone></contact></customer>
        <provider><name>{source}</name></provider></prospect></adf>"#
    )
}

/// Looks again until there is something: for what turns by itself.
pub(crate) async fn eventually<T>(mut look: impl AsyncFnMut() -> Result<Option<T>, Failure>) -> Result<T, Failure> {
    let seen = async {
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), seen).await?
}

/// One request on a connection of its own.
pub(crate) async fn send(to: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answered, Failure> {
    let stream = tokio::time::timeout(Duration::from_secs(10), TcpStream::connect(to)).await??;
    let (mut sender, connection) = http1::handshake::<_, Full<Bytes>>(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let mut request = hyper::Request::builder().method(method).uri(path).header("host", to.to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = tokio::time::timeout(Duration::from_secs(30), sender.send_request(request.body(Full::new(Bytes::copy_from_slice(body)))?)).await??;
    let (head, body) = answer.into_parts();
    let body = body.collect().await?.to_bytes();
    driver.abort();
    Ok(Answered { status: head.status, headers: head.headers, body })
}

/// What a command of the built program did.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The one line that `--json` promises: anything more or less is `Null`.
    pub(crate) fn json(&self) -> Value {
        let one_line = self.out.strip_suffix('\n').filter(|line| !line.contains('\n'));
        one_line.and_then(|line| serde_json::from_str(line).ok()).unwrap_or(Value::Null)
    }
}

/// The built program, deaf to the settings of whoever runs the tests.
pub(crate) fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_headlight"));
    program.env_remove("HEADLIGHT_DATA").env_remove("HEADLIGHT_CONFIG").env_remove("RUST_LOG").stdin(Stdio::null());
    program
}

/// Runs the built program on a data folder, to its end.
pub(crate) fn run(data: &Path, args: &[&str]) -> Result<Ran, Failure> {
    let ran = program().args(args).arg("--data").arg(data).output()?;
    Ok(Ran { code: ran.status.code(), out: String::from_utf8(ran.stdout)?, err: String::from_utf8(ran.stderr)? })
}

/// Runs it with `--json`; what it said, when it did what it was asked.
pub(crate) fn run_json(data: &Path, args: &[&str]) -> Result<Value, Failure> {
    let ran = run(data, &[args, &["--json"]].concat())?;
    match (ran.code, ran.json()) {
        (Some(0), said) if !said.is_null() => Ok(said),
        (code, _) => Err(format!("{args:?} ended with {code:?}, said {:?} and {:?}", ran.out, ran.err).into()),
    }
}

/// The built program serving a data folder; it does not outlive the test.
pub(crate) struct Serving {
    process: Child,
    said: BufReader<ChildStdout>,
    data: PathBuf,
}

impl Serving {
    /// Begins to serve on free ports. It may not be open yet: [`Self::addresses`] waits for that.
    pub(crate) fn begin(data: &Path) -> Result<Self, Failure> {
        let mut process = program()
            .args(["serve", "--json", "--lan", "127.0.0.1:0", "--public", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let said = BufReader::new(process.stdout.take().ok_or("the server has no output")?);
        Ok(Self { process, said, data: data.to_owned() })
    }

    /// Its addresses: the screens, then leads and website.
    pub(crate) fn addresses(&mut self) -> Result<(SocketAddr, SocketAddr), Failure> {
        let mut line = String::new();
        self.said.read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).map_err(|_| format!("the server on {} said {line:?}", self.data.display()))?;
        let address = |name: &str| said[name].as_str().ok_or("an address").and_then(|text| text.parse().map_err(|_| "an address"));
        Ok((address("lan")?, address("public")?))
    }

    /// SIGKILL: nothing of it gets another instruction.
    pub(crate) fn kill(mut self) -> Fails {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// SIGTERM, as the service manager sends it; the exit code.
    pub(crate) fn stop(mut self) -> Result<Option<i32>, Failure> {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.process), rustix::process::Signal::TERM)?;
        Ok(self.process.wait()?.code())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Ended already is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A store in memory and the rooms around it, without doors or wheels.
pub(crate) fn rooms() -> Result<Rooms, StoreError> {
    let memory = Backend::Made(Arc::new(|| Ok(Box::new(redb::backends::InMemoryBackend::new()))));
    Ok(rooms_of(Store::open(memory, &MasterKey::from_bytes([7; 32]), |_| {})?))
}

pub(crate) fn rooms_of(store: Store) -> Rooms {
    let index = match Search::open(None, store.identity().store_id, store.identity().epoch, 0, false) {
        Opened::Ready(index, _) | Opened::MustRebuild(index, _) => index,
    };
    Rooms {
        store,
        search: Arc::new(index),
        index: Arc::default(),
        soundness: Arc::default(),
        duplicates: Arc::default(),
        score_learning: Arc::default(),
        market: Arc::default(),
        equity: Arc::default(),
        book: Arc::default(),
        hub: Hub::new(),
        viewers: Viewers::default(),
        presence: Presence::default(),
        policy: Arc::default(),
    }
}
