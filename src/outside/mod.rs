//! What do others have for us? One file by https, from the host that the store named, and from nowhere else.
//!
//! A name that leads into the store's own network is not followed unless the configuration says so: a feed must not be the way by which
//! somebody outside has this computer ask its neighbours.

mod address;
mod tls;

use crate::formats::feeds::MOST_FEED_BYTES;
use anyhow::{Context, bail, ensure};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{
    Request, Response, StatusCode, Uri,
    body::{Bytes, Incoming},
    client::conn::http1,
    header::{self, HeaderMap, HeaderName},
};
use hyper_util::rt::TokioIo;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tokio::net::TcpStream;

const CONNECT: Duration = Duration::from_secs(15);
const ANSWER: Duration = Duration::from_mins(1);
/// 64 MiB at the slowest line there is.
const BODY: Duration = Duration::from_mins(10);
/// Within one host; elsewhere none is followed.
const REDIRECTS_MOST: usize = 3;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    pub url: String,
    /// Whether the host may stand in a network of one's own.
    pub may_be_private: bool,
    /// Certificates by which the host is known, as PEM; without one those of the system.
    pub roots: Option<PathBuf>,
    /// By these the host says that nothing has changed since.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Got {
    /// Nothing has changed since.
    Same,
    File {
        name: String,
        bytes: Vec<u8>,
        etag: Option<String>,
        last_modified: Option<String>,
    },
}

/// Fetches a file.
///
/// # Errors
/// A sentence for whoever looks at the feed: what was asked, and why nothing came.
pub async fn fetch(ask: &Ask) -> anyhow::Result<Got> {
    let first: Uri = ask.url.parse().context("the address is none")?;
    let mut uri = first.clone();
    for _ in 0..=REDIRECTS_MOST {
        let answer = get(ask, &uri).await?;
        let status = answer.status();
        if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
            uri = next(&first, &uri, answer.headers())?;
            continue;
        }
        return read(&uri, answer).await;
    }
    bail!("the host sends from one address to the next without an end")
}

/// Where a host sends to: within itself, else not at all.
fn next(first: &Uri, now: &Uri, headers: &HeaderMap) -> anyhow::Result<Uri> {
    let to = text(headers, &header::LOCATION).context("the host sends elsewhere and does not say where")?;
    let to: Uri = if to.starts_with('/') && !to.starts_with("//") {
        let mut parts = now.clone().into_parts();
        parts.path_and_query = Some(to.parse().context("the host sends to an address that is none")?);
        Uri::from_parts(parts)?
    } else {
        to.parse().context("the host sends to an address that is none")?
    };
    let same = to.scheme_str() == Some("https") && to.host() == first.host() && port(&to) == port(first);
    ensure!(same, "the host sends on to {}, and only the host that the configuration names is asked", to.host().unwrap_or("another place"));
    Ok(to)
}

fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(443)
}

async fn get(ask: &Ask, uri: &Uri) -> anyhow::Result<Response<Incoming>> {
    ensure!(uri.scheme_str() == Some("https"), "feeds are fetched by https only");
    let host = uri.host().context("the address names no host")?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let stream = tokio::time::timeout(CONNECT, connect(bare, port(uri), ask.may_be_private)).await;
    let stream = stream.with_context(|| format!("{host} did not answer within {} seconds", CONNECT.as_secs()))??;
    let secured = tls::secure(stream, bare, ask.roots.clone());
    let stream = tokio::time::timeout(CONNECT, secured).await.with_context(|| format!("{host} did not prove who it is in time"))??;
    let (mut sender, connection) = http1::handshake::<_, Empty<Bytes>>(TokioIo::new(stream)).await?;
    // It ends with the answer: the sender goes with it.
    tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let authority = uri.authority().map_or(host, |authority| authority.as_str());
    let mut request = Request::get(path)
        .header(header::HOST, authority)
        .header(header::USER_AGENT, concat!("Headlight/", env!("CARGO_PKG_VERSION")))
        .header(header::ACCEPT, "*/*")
        .header(header::ACCEPT_ENCODING, "identity")
        .header(header::CONNECTION, "close");
    for (name, value) in [(header::IF_NONE_MATCH, &ask.etag), (header::IF_MODIFIED_SINCE, &ask.last_modified)] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    let answered = tokio::time::timeout(ANSWER, sender.send_request(request.body(Empty::new())?)).await;
    Ok(answered.with_context(|| format!("{host} did not answer within {} seconds", ANSWER.as_secs()))??)
}

/// A connection to one of the addresses of a host that may be asked.
async fn connect(host: &str, port: u16, may_be_private: bool) -> anyhow::Result<TcpStream> {
    let found = tokio::net::lookup_host((host, port)).await.with_context(|| format!("{host} is not known by that name"))?;
    let (open, closed): (Vec<SocketAddr>, Vec<SocketAddr>) = found.partition(|at| may_be_private || address::is_public(at.ip()));
    ensure!(
        !open.is_empty() || closed.is_empty(),
        "{host} stands in a network of one's own, which is not asked unless the configuration says may_be_private for this feed"
    );
    let mut last = None;
    for at in open {
        match TcpStream::connect(at).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(error),
        }
    }
    bail!("{host} could not be reached: {}", last.map_or_else(|| "it has no address".to_owned(), |error| error.to_string()))
}

async fn read(uri: &Uri, answer: Response<Incoming>) -> anyhow::Result<Got> {
    match answer.status() {
        StatusCode::NOT_MODIFIED => return Ok(Got::Same),
        StatusCode::OK => {}
        other => bail!("the host answered {other}"),
    }
    let (head, body) = answer.into_parts();
    let body = tokio::time::timeout(BODY, Limited::new(body, MOST_FEED_BYTES).collect()).await.context("the file did not come to its end in time")?;
    let bytes = match body {
        Ok(whole) => whole.to_bytes().to_vec(),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            bail!("the file has more than {} MiB, the most that is taken of a feed", MOST_FEED_BYTES >> 20)
        }
        Err(error) => bail!("the file broke off: {error}"),
    };
    Ok(Got::File {
        name: file_name(uri),
        bytes,
        etag: text(&head.headers, &header::ETAG),
        last_modified: text(&head.headers, &header::LAST_MODIFIED),
    })
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// `inventory.xml`, or the host where the address ends in none.
fn file_name(uri: &Uri) -> String {
    let last = uri.path().rsplit('/').next().filter(|name| !name.is_empty());
    last.or(uri.host()).unwrap_or("feed").chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_sends_on_only_within_itself() {
        let first: Uri = "https://feeds.example.com/lot.xml".parse().unwrap();
        for (to, goes) in [
            ("/new/lot.xml", Some("https://feeds.example.com/new/lot.xml")),
            ("https://feeds.example.com/b", Some("https://feeds.example.com/b")),
            ("https://feeds.example.com:443/b", Some("https://feeds.example.com:443/b")),
            ("http://feeds.example.com/b", None),
            ("https://other.example.com/b", None),
            ("//other.example.com/b", None),
            ("https://feeds.example.com:8443/b", None),
            ("https://feeds.example.com@other.example.com/b", None),
        ] {
            let headers: HeaderMap = [(header::LOCATION, to.parse().unwrap())].into_iter().collect();
            assert_eq!(next(&first, &first, &headers).ok().map(|uri| uri.to_string()).as_deref(), goes, "{to}");
        }
    }
}
