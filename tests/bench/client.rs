//! A browser as small as can be: one kept connection, the session's cookie.

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use tokio::net::TcpStream;

pub(crate) type Fails<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

pub(crate) struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    cookie: String,
}

impl Client {
    pub(crate) async fn open(to: SocketAddr, cookie: &str) -> Fails<Self> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, host: to.to_string(), cookie: cookie.to_owned() })
    }

    pub(crate) async fn begin(&mut self, method: &str, path: &str, body: &[u8]) -> Fails<hyper::Response<Incoming>> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", &self.host)
            .header("cookie", &self.cookie)
            .header("content-type", "application/json")
            .body(Full::new(Bytes::copy_from_slice(body)))?;
        self.sender.ready().await?;
        Ok(self.sender.send_request(request).await?)
    }

    pub(crate) async fn send(&mut self, method: &str, path: &str, body: &[u8]) -> Fails<(StatusCode, Bytes)> {
        let answer = self.begin(method, path, body).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }

    pub(crate) async fn json(&mut self, path: &str) -> Fails<serde_json::Value> {
        let (status, body) = self.send("GET", path, b"").await?;
        if status != StatusCode::OK {
            return Err(format!("GET {path} answered {status}").into());
        }
        Ok(serde_json::from_slice(&body)?)
    }

    /// How many bytes a browser that takes gzip is sent for a path.
    pub(crate) async fn compressed(&mut self, path: &str) -> Fails<usize> {
        let request = Request::builder().uri(path).header("host", &self.host).header("accept-encoding", "gzip").body(Full::new(Bytes::new()))?;
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        if answer.headers().get("content-encoding").is_none_or(|e| e != "gzip") {
            return Err(format!("{path} came without gzip").into());
        }
        Ok(answer.into_body().collect().await?.to_bytes().len())
    }
}
