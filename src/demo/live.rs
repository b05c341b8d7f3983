//! How do the made-up shoppers reach the store? By its public door, over HTTP, like everybody else.

use super::{Act, Crowd, Plan};
use anyhow::Context;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, sync::watch};

/// A door that does not answer within this is tried again by the next act.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lets shoppers of `plan` browse the site behind `public`, with the key of the site, until `stop` says so.
pub async fn run(public: SocketAddr, key: String, plan: Plan, mut stop: watch::Receiver<bool>) {
    for (wait, act) in Crowd::new(plan) {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            stopped = stop.wait_for(|stop| *stop) => {
                drop(stopped);
                return;
            }
        }
        let sent = tokio::time::timeout(PATIENCE, send(public, &key, act)).await;
        if let Err(error) = sent.context("no answer in time").and_then(|answered| answered) {
            tracing::debug!(error = format!("{error:#}"), "A shopper of the demo was not heard");
        }
    }
}

async fn send(public: SocketAddr, key: &str, act: Act) -> anyhow::Result<()> {
    let (path, kind, body) = match act {
        Act::Collect(body) => ("/collect", "application/json", body.to_string()),
        Act::Adf(text) => ("/leads/adf", "application/x-adf+xml", text),
        Act::ReplyMail(mail) => ("/leads/adf", "message/rfc822", mail),
    };
    let stream = TcpStream::connect(public).await.context("the public door is closed")?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("{path}?key={key}"))
        .header(header::HOST, public.to_string())
        .header(header::CONTENT_TYPE, kind)
        .body(Full::new(Bytes::from(body)))?;
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    answer.into_body().collect().await?;
    drop(sender);
    connection.await??;
    anyhow::ensure!(status.is_success(), "the door answered {status}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{Scale, tests::plan};
    use std::sync::{Arc, Mutex};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn shoppers_knock_at_the_public_door_with_the_key_until_they_are_stopped() {
        let door = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = door.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(String::new()));
        let hearing = Arc::clone(&heard);
        let (stopper, stop) = watch::channel(false);
        let shoppers = tokio::spawn(run(address, "K3Y".to_owned(), plan(7, Scale::Small), stop));
        let (mut caller, _) = door.accept().await.unwrap();
        let mut buffer = vec![0; 16 * 1024];
        let read = caller.read(&mut buffer).await.unwrap();
        hearing.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..read]));
        caller.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        stopper.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(5), shoppers).await.unwrap().unwrap();
        let heard = heard.lock().unwrap().clone();
        let (first, rest) = heard.split_once("\r\n").unwrap();
        assert!(["POST /collect?key=K3Y HTTP/1.1", "POST /leads/adf?key=K3Y HTTP/1.1"].contains(&first), "{first}");
        assert!(rest.contains(&format!("host: {address}")), "{rest}");
    }
}
