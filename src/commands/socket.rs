//! Reaches a running server by the socket in its data folder; without one, the command does the work itself.

use super::{DataArgs, wall};
use crate::{
    app::{Folder, House},
    config::Config,
    service::operator::{self, Refusal, Reply, Request},
};
use anyhow::{Context, anyhow, bail, ensure};
use http_body_util::{BodyExt, Full};
use hyper::{Method, StatusCode, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;

/// Who does the work: the server that holds the data, or this process.
pub(super) enum Hands {
    Server(std::path::PathBuf),
    Own(Box<House>),
}

impl Hands {
    /// # Errors
    /// When the data is neither served nor can be opened.
    pub(super) async fn find(data: &DataArgs) -> anyhow::Result<Self> {
        let socket = Folder::new(&data.data).socket();
        if UnixStream::connect(&socket).await.is_ok() {
            return Ok(Self::Server(socket));
        }
        let config = Config::read(data.config.as_deref())?;
        Ok(Self::Own(Box::new(House::open(&data.data, &config, wall())?)))
    }

    /// The same for what makes no sense on nothing: a mistyped folder is told, not filled with an empty store.
    ///
    /// # Errors
    /// When there is no store, and as [`Self::find`].
    pub(super) async fn find_store(data: &DataArgs) -> anyhow::Result<Self> {
        ensure!(Folder::new(&data.data).store().exists(), "there is no store in {}; is it the right folder?", data.data.display());
        Self::find(data).await
    }

    /// Does one thing; alone, its effects are had before it returns.
    ///
    /// # Errors
    /// The refusal's sentence, or what failed.
    pub(super) async fn perform(&self, request: Request) -> anyhow::Result<Reply> {
        match self {
            Self::Server(socket) => ask(socket, &request).await,
            Self::Own(house) => {
                // What it journals has its effects while it goes on, as in a server.
                let taking = async {
                    loop {
                        house.rooms.hub.journal_nudged().await;
                        house.drain().await?;
                    }
                };
                let done = tokio::select! {
                    done = operator::perform(&house.rooms, request, house.clock.now()) => done?,
                    failed = taking => return failed,
                };
                house.drain().await?;
                done.map_err(|Refusal(sentence)| anyhow!(sentence))
            }
        }
    }

    pub(super) fn is_own(&self) -> bool {
        matches!(self, Self::Own(_))
    }

    pub(super) fn house(&self) -> Option<&House> {
        match self {
            Self::Own(house) => Some(house),
            Self::Server(_) => None,
        }
    }

    pub(super) fn close(self) {
        if let Self::Own(house) = self {
            house.close();
        }
    }
}

async fn ask(socket: &std::path::Path, request: &Request) -> anyhow::Result<Reply> {
    let stream = UnixStream::connect(socket).await.context("the running server could not be reached; try again")?;
    let (mut sender, connection) = http1::handshake::<_, Full<Bytes>>(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let asked = hyper::Request::builder()
        .method(Method::POST)
        .uri("/operator")
        .header(header::HOST, "localhost")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(serde_json::to_vec(request)?)))?;
    let answer = sender.send_request(asked).await.context("the running server closed the line; `headlight check` tells how it is")?;
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    driver.abort();
    if status == StatusCode::OK {
        return serde_json::from_slice(&body).context("the running server speaks another version; restart it");
    }
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    match problem.get("detail").and_then(|d| d.as_str()) {
        Some(sentence) => bail!("{sentence}"),
        None => bail!("the running server answered {status}"),
    }
}
