//! A real house for a test: open doors on free ports, a store in a temporary folder, a client that speaks plain HTTP/1.1.

use headlight::{
    app::{Doors, House},
    clock::Clock,
    config::Config,
    domain::time::At,
    service::{
        access,
        operator::{self, Reply, Request},
    },
};
use http_body_util::{BodyExt, Full};
use hyper::{StatusCode, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, sync::watch};

pub(crate) type Fails = Result<(), Box<dyn std::error::Error>>;

/// A Tuesday morning, the store open.
pub(crate) const MORNING: &str = "2026-11-24T09:41:00-05:00";

pub(crate) struct Rooftop {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) config: Config,
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
    pub(crate) body: Bytes,
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

impl Rooftop {
    /// Opens a new store with two reps and a manager, its clock standing at [`MORNING`].
    pub(crate) async fn open() -> Result<Self, Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let mut config = Config::default();
        config.lan.addr = SocketAddr::from(([127, 0, 0, 1], 0));
        config.public.addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let clock = Clock::standing_at(At::parse_rfc3339(MORNING).unwrap_or_default());
        let house = House::open(&folder.path().join("data"), &config, clock.clone())?;
        let (stopper, stop) = watch::channel(false);
        let doors = house.open_doors(&config, stop).await?;
        let mut rooftop = Self { lan: doors.lan, public: doors.public, folder, config, house, clock, token: String::new(), key: String::new(), stopper, doors };
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

    pub(crate) async fn operate(&self, request: Request) -> Result<Reply, Box<dyn std::error::Error>> {
        operator::perform(&self.house.rooms, request, self.clock.now()).await?.map_err(|refusal| refusal.0.into())
    }

    /// Waits until everything received has had its effects.
    pub(crate) async fn settled(&self) -> Fails {
        self.house.drain().await?;
        Ok(())
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value, Box<dyn std::error::Error>> {
        let answered = send(self.lan, "GET", path, &[("authorization", &format!("Bearer {}", self.token))], b"").await?;
        if answered.status != StatusCode::OK {
            return Err(format!("GET {path} answered {}: {}", answered.status, String::from_utf8_lossy(&answered.body)).into());
        }
        Ok(answered.json())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Answered, Box<dyn std::error::Error>> {
        let auth = format!("Bearer {}", self.token);
        send(self.lan, "POST", path, &[("authorization", &auth), ("content-type", "application/json")], body.to_string().as_bytes()).await
    }

    /// A lead or web events from outside.
    pub(crate) async fn from_outside(&self, path: &str, body: &[u8]) -> Result<Answered, Box<dyn std::error::Error>> {
        send(self.public, "POST", &format!("{path}?key={}", self.key), &[("content-type", "text/plain")], body).await
    }

    pub(crate) async fn close(self) {
        let _ = self.stopper.send(true);
        self.doors.closed().await;
        self.house.close();
    }
}

/// One request on a connection of its own.
pub(crate) async fn send(to: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answered, Box<dyn std::error::Error>> {
    let stream = tokio::time::timeout(Duration::from_secs(10), TcpStream::connect(to)).await??;
    let (mut sender, connection) = http1::handshake::<_, Full<Bytes>>(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let mut request = hyper::Request::builder().method(method).uri(path).header("host", to.to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = tokio::time::timeout(Duration::from_secs(30), sender.send_request(request.body(Full::new(Bytes::copy_from_slice(body)))?)).await??;
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    driver.abort();
    Ok(Answered { status, body })
}
