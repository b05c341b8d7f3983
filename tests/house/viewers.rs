//! Who else is looking: two people with a browser each, and the live stream of one of them.

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Somebody's browser with one page in it.
struct Browser {
    lan: SocketAddr,
    cookie: String,
    page: u64,
}

impl Browser {
    async fn of(rooftop: &Rooftop, name: &str, page: u64) -> Result<Self, Failure> {
        Ok(Self { lan: rooftop.lan, cookie: rooftop.sign_in(name).await?, page })
    }

    async fn ask(&self, method: &str, path: &str) -> Result<Answered, Failure> {
        send(self.lan, method, path, &[("cookie", &self.cookie), ("content-type", "application/json")], b"{}").await
    }

    async fn stay(&self, customer: u64) -> Result<Value, Failure> {
        let answered = self.ask("PUT", &format!("/api/customers/{customer}/viewers/{}", self.page)).await?;
        assert_eq!(answered.status, 200, "{}", answered.json());
        Ok(names(&answered.json()["others"]))
    }

    async fn leave(&self, customer: u64) -> Fails {
        assert_eq!(self.ask("DELETE", &format!("/api/customers/{customer}/viewers/{}", self.page)).await?.status, 204);
        Ok(())
    }

    async fn others_on_page(&self, customer: u64) -> Result<Value, Failure> {
        Ok(names(&self.ask("GET", &format!("/api/customers/{customer}")).await?.json()["other_viewers"]))
    }

    async fn listen(&self) -> Result<Stream, Failure> {
        let mut socket = TcpStream::connect(self.lan).await?;
        let head = format!("GET /api/live HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n\r\n", self.lan, self.cookie);
        socket.write_all(head.as_bytes()).await?;
        let mut stream = Stream { socket, text: String::new() };
        stream.until("event: hello").await?;
        Ok(stream)
    }
}

fn names(people: &Value) -> Value {
    people.as_array().into_iter().flatten().map(|person| person["name"].clone()).collect()
}

struct Stream {
    socket: TcpStream,
    text: String,
}

impl Stream {
    /// Reads on until these words have come.
    async fn until(&mut self, words: &str) -> Fails {
        let mut bytes = [0; 4096];
        while !self.text.contains(words) {
            let read = tokio::time::timeout(Duration::from_secs(10), self.socket.read(&mut bytes)).await??;
            assert!(read > 0, "the stream ended without {words:?}: {}", self.text);
            self.text.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
        Ok(())
    }
}

async fn with_customer() -> Result<(Rooftop, u64), Failure> {
    let rooftop = Rooftop::open().await?;
    let adf = r#"<?xml version="1.0"?><?adf version="1.0"?><adf><prospect><id source="Website">1</id><requestdate>2026-11-24T09:40:30-05:00</requestdate>
        <customer><contact><name part="first">Dana</name><name part="last">Whitfield</name><phone>207-555-0148</phone></contact></customer></prospect></adf>"#;
    rooftop.from_outside("/leads/adf", adf.as_bytes()).await?;
    rooftop.settled().await?;
    let id = rooftop.get("/api/customers").await?["items"][0]["id"].as_u64().ok_or("a customer")?;
    Ok((rooftop, id))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_on_one_customer_see_each_other_until_one_leaves() -> Fails {
    let (rooftop, dana) = with_customer().await?;
    let priya = Browser::of(&rooftop, "Priya Nair", 7).await?;
    // Two pages may have made up the same number.
    let jo = Browser::of(&rooftop, "Jo Lindqvist", 7).await?;
    let mut heard = priya.listen().await?;

    assert_eq!(priya.stay(dana).await?, json!([]));
    assert_eq!(jo.others_on_page(dana).await?, json!(["Priya Nair"]));
    assert_eq!(jo.stay(dana).await?, json!(["Priya Nair"]));
    heard.until(&format!("event: viewers\ndata: {{\"customer\":{dana}}}\n\n")).await?;
    assert_eq!(priya.stay(dana).await?, json!(["Jo Lindqvist"]));
    assert_eq!(priya.others_on_page(dana).await?, json!(["Jo Lindqvist"]));
    assert!(!heard.text.contains("Jo") && !heard.text.contains("Dana"), "who it is, is read: {}", heard.text);

    heard.text.clear();
    jo.leave(dana).await?;
    heard.until("event: viewers").await?;
    assert_eq!(priya.stay(dana).await?, json!([]));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_vanished_is_gone_after_a_minute() -> Fails {
    let (rooftop, dana) = with_customer().await?;
    let priya = Browser::of(&rooftop, "Priya Nair", 1).await?;
    let jo = Browser::of(&rooftop, "Jo Lindqvist", 2).await?;
    jo.stay(dana).await?;
    rooftop.clock.advance_ms(59_000);
    assert_eq!(priya.stay(dana).await?, json!(["Jo Lindqvist"]));
    rooftop.clock.advance_ms(2_000);
    assert_eq!(priya.stay(dana).await?, json!([]));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_read_the_customer_is_not_told_who_does() -> Fails {
    let (rooftop, dana) = with_customer().await?;
    let priya = Browser::of(&rooftop, "Priya Nair", 1).await?;
    let stranger = Browser { lan: rooftop.lan, cookie: "headlight_session=nobody".to_owned(), page: 1 };
    for method in ["PUT", "DELETE"] {
        assert_eq!(stranger.ask(method, &format!("/api/customers/{dana}/viewers/1")).await?.status, 401, "{method}");
    }
    assert_eq!(priya.ask("PUT", "/api/customers/999999/viewers/1").await?.status, 404);
    assert_eq!(priya.ask("PUT", &format!("/api/customers/{dana}/viewers/some-page")).await?.status, 404);
    rooftop.close().await;
    Ok(())
}
