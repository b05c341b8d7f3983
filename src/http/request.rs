//! What did the caller ask, and who is it?

use std::{borrow::Cow, net::IpAddr, ops::Deref, str::FromStr, sync::Arc};

use bytes::Bytes;
use hyper::{
    HeaderMap, Method,
    header::{AUTHORIZATION, CONTENT_TYPE, COOKIE},
};
use percent_encoding::percent_decode_str;
use tokio::sync::watch;

use super::{
    error::Problem,
    rate::{Bucket, RateClass, Rates},
    routes::Words,
};
use crate::{
    domain::{ids::StaffId, staff::Role},
    service::seen::Asked,
};

/// More query parameters than any route takes; the rest is not read.
const MAX_QUERY_PAIRS: usize = 32;

/// Rows on a page when the caller does not say, and at most.
pub(super) const PAGE_ROWS: usize = 50;
pub(super) const MAX_PAGE_ROWS: usize = 200;

/// Who is at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// An address on the network. IPv4 is IPv4 here, also when it came in through an IPv6 socket.
    Net(IpAddr),
    /// A process of this machine that may open the server's own socket.
    Socket,
}

/// Somebody who works here, proved by a session or a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    pub staff: StaffId,
    pub role: Role,
    pub by: SignedBy,
}

/// By what they proved it. Only a browser sends cookies by itself, so only cookies need the foreign-page check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedBy {
    Cookie,
    Bearer,
}

/// The head of a request: what is known before its body is read.
#[derive(Debug)]
pub struct Parts {
    pub method: Method,
    pub path: String,
    pub headers: HeaderMap,
    pub peer: Peer,
    query: Vec<(String, String)>,
}

impl Parts {
    pub fn new(head: hyper::http::request::Parts, peer: Peer) -> Self {
        let query = head.uri.query().unwrap_or("");
        Self {
            method: head.method,
            path: head.uri.path().to_owned(),
            headers: head.headers,
            peer,
            query: form_urlencoded::parse(query.as_bytes()).take(MAX_QUERY_PAIRS).map(|(k, v)| (k.into_owned(), v.into_owned())).collect(),
        }
    }

    /// The first value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The members of a query parameter that has several: `field[pets]=yes` is `pets` and `yes`.
    pub fn query_members<'q>(&'q self, name: &'q str) -> impl Iterator<Item = (&'q str, &'q str)> {
        let member = move |key: &'q str| key.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']');
        self.query.iter().filter_map(move |(key, value)| Some((member(key)?, value.as_str()))).filter(|(_, value)| !value.is_empty())
    }

    /// A header's text, when it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The version that somebody looked at, as `If-Match` says it.
    pub fn seen(&self) -> Option<String> {
        self.header("if-match").map(|tag| tag.trim_matches('"').to_owned())
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';')).find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(value)
        })
    }

    /// The token of `Authorization: Bearer TOKEN`.
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// The content type without its parameters, as sent.
    pub fn content_type(&self) -> Option<&str> {
        let line = self.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        Some(line.split_once(';').map_or(line, |(kind, _)| kind).trim())
    }
}

/// One request, read whole.
#[derive(Debug)]
pub struct Req {
    pub parts: Parts,
    pub(super) params: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Deref for Req {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Req {
    /// A part of the path, as `{name}` in the route. What cannot be one names nothing that exists: 404.
    pub fn param<T: FromStr>(&self, name: &str) -> Result<T, Problem> {
        let raw = self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).ok_or_else(Problem::not_here)?;
        let text = percent_decode_str(raw).decode_utf8().unwrap_or(Cow::Borrowed(""));
        text.parse().map_err(|_| Problem::not_here())
    }

    /// A query parameter as a value; 400 names the parameter when it is there and is not one.
    pub fn query_as<T: FromStr>(&self, name: &'static str) -> Result<Option<T>, Problem> {
        let Some(text) = self.query(name).filter(|text| !text.is_empty()) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| Problem::unreadable(format!("`{name}` in the address is not of the expected kind.")))
    }

    /// What the word of a query parameter means; the first when none is said. 400 names them all when it is another.
    pub fn query_word<T: Copy>(&self, name: &'static str, words: &Words<T>) -> Result<T, Problem> {
        let said = self.query(name).filter(|text| !text.is_empty());
        let meant = words.iter().find(|(word, _)| said.is_none_or(|said| said == *word));
        meant.map(|(_, value)| *value).ok_or_else(|| Problem::unreadable(words_sentence(name, words)))
    }

    /// The same where nothing is meant by saying none.
    pub fn needed_word<T: Copy>(&self, name: &'static str, words: &Words<T>) -> Result<T, Problem> {
        match self.query(name) {
            None | Some("") => Err(Problem::unreadable(words_sentence(name, words))),
            Some(_) => self.query_word(name, words),
        }
    }

    /// How many rows the page may have: `limit`, 50 when not said, never over 200.
    pub fn page_rows(&self) -> Result<usize, Problem> {
        Ok(self.query_as::<usize>("limit")?.unwrap_or(PAGE_ROWS).clamp(1, MAX_PAGE_ROWS))
    }

    /// The body as a shape; the refusal says where it stops being one, and repeats nothing of it.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_slice(&self.body).map_err(|error| Problem::unreadable(json_sentence(&error)))
    }

    /// The body as it came.
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// `Idempotency-Key`: 16 to 128 letters, digits, `-`, `_`; 400 when it is there and is not that.
    pub fn idempotency_key(&self) -> Result<Option<&str>, Problem> {
        let Some(line) = self.headers.get("idempotency-key") else { return Ok(None) };
        let is_key = |text: &&str| (16..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        let sentence = "Idempotency-Key must be 16 to 128 letters, digits, - or _.";
        line.to_str().ok().filter(is_key).map(Some).ok_or_else(|| Problem::unreadable(sentence))
    }

    /// The last live frame the browser has seen, when it resumes.
    pub fn last_event_id(&self) -> Option<u64> {
        self.header("last-event-id")?.trim().parse().ok()
    }

    /// The name of an uploaded file: the last part of `X-File-Name`, percent-decoded, for showing only.
    pub fn file_name(&self) -> Option<String> {
        let decoded = percent_decode_str(self.header("x-file-name")?).decode_utf8_lossy();
        let name: String = decoded.rsplit(['/', '\\']).next()?.chars().filter(|c| !c.is_control()).take(200).collect();
        (!name.is_empty()).then_some(name)
    }
}

/// "`scope` is mine, store or snoozed."
fn words_sentence<T>(name: &str, words: &Words<T>) -> String {
    let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    match words.split_last() {
        Some((last, [])) => format!("`{name}` is {last}."),
        Some((last, others)) => format!("`{name}` is {} or {last}.", others.join(", ")),
        None => format!("`{name}` is nothing this takes."),
    }
}

/// serde's own words may repeat the body, so only its place and our own field names are said.
fn json_sentence(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof => format!("The JSON ends too early, at {place}."),
        Category::Syntax | Category::Io => format!("This is not JSON: see {place}."),
        Category::Data => {
            let words = error.to_string();
            // A missing field is named by our own shape; everything else could carry the caller's values.
            match words.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
                Some((field, _)) => format!("The JSON lacks `{field}`: see {place}."),
                None => format!("The JSON is not of the expected shape: see {place}."),
            }
        }
    }
}

/// What a handler may use besides the request: the house, and who asks.
#[derive(Debug)]
pub struct Ctx<C> {
    pub(super) house: Arc<C>,
    pub(super) rates: Arc<Rates>,
    /// Who is signed in; always somebody on routes for staff.
    pub who: Option<Who>,
    /// Turns true when the server stops; live streams end on it.
    pub stop: watch::Receiver<bool>,
}

impl<C> Deref for Ctx<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.house
    }
}

impl<C> Ctx<C> {
    /// The house, to be kept beyond this request.
    pub fn house(&self) -> Arc<C> {
        Arc::clone(&self.house)
    }

    /// Who is signed in.
    pub fn who(&self) -> Result<&Who, Problem> {
        self.who.as_ref().ok_or_else(Problem::signed_out)
    }

    /// Who asks for this write, and by which key they would ask for it again.
    pub fn asked(&self, req: &Req) -> Result<Asked, Problem> {
        Ok(Asked { by: self.who()?.staff, key: req.idempotency_key()?.map(str::to_owned) })
    }

    /// One more use by a bucket the route table cannot know: a sender's key, a name that tries to sign in.
    pub fn charge(&self, class: RateClass, bucket: Bucket) -> Result<(), Problem> {
        self.rates.charge(class, bucket).map_err(Problem::too_often)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::StatusCode;

    fn request(uri: &str, headers: &[(&'static str, &str)], params: &[(&str, &str)], body: &str) -> Result<Req, hyper::http::Error> {
        let mut builder = hyper::Request::builder().uri(uri);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let (head, ()) = builder.body(())?.into_parts();
        Ok(Req {
            parts: Parts::new(head, Peer::Socket),
            params: params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        })
    }

    #[derive(Debug, serde::Deserialize)]
    struct Note {
        #[expect(dead_code, reason = "only its shape matters")]
        text: String,
        #[expect(dead_code, reason = "only its shape matters")]
        until_ms: i64,
    }

    #[test]
    fn a_bad_body_is_told_where_and_never_repeated() -> Result<(), Box<dyn std::error::Error>> {
        let table = [
            ("{\"text\": \"Dana owes\", ", "ends too early"),
            ("Dana owes", "not JSON: see line 1"),
            ("{\"text\": \"x\",\n \"until_ms\": \"Dana owes\"}", "not of the expected shape: see line 2, column"),
            ("{\"text\": \"Dana owes\"}", "lacks `until_ms`: see line 1"),
        ];
        for (body, words) in table {
            let problem = request("/", &[], &[], body)?.json::<Note>().err().ok_or("a refusal")?;
            assert!(problem.detail().contains(words), "{}", problem.detail());
            assert!(!problem.detail().contains("Dana"), "{}", problem.detail());
        }
        Ok(())
    }

    #[test]
    fn a_path_part_that_cannot_be_an_id_is_not_here() -> Result<(), Box<dyn std::error::Error>> {
        let req = request("/", &[], &[("id", "12"), ("name", "a%20b"), ("bad", "1%272")], "")?;
        assert_eq!(req.param::<u64>("id").ok(), Some(12));
        assert_eq!(req.param::<String>("name").ok().as_deref(), Some("a b"));
        assert_eq!(req.param::<u64>("bad").err().map(|p| p.status()), Some(StatusCode::NOT_FOUND));
        Ok(())
    }

    #[test]
    fn a_page_is_never_longer_than_two_hundred_rows() -> Result<(), Box<dyn std::error::Error>> {
        for (uri, rows) in [("/", 50), ("/?limit=7", 7), ("/?limit=0", 1), ("/?limit=9999", 200), ("/?limit=", 50)] {
            assert_eq!(request(uri, &[], &[], "")?.page_rows().ok(), Some(rows), "{uri}");
        }
        assert_eq!(request("/?limit=all", &[], &[], "")?.page_rows().err().map(|p| p.status()), Some(StatusCode::BAD_REQUEST));
        Ok(())
    }

    #[test]
    fn a_word_means_what_the_list_says_and_another_is_told_them_all() -> Result<(), Box<dyn std::error::Error>> {
        let sizes = [("small", 1), ("large", 2), ("huge", 3)];
        for (uri, meant) in [("/", 1), ("/?size=", 1), ("/?size=huge", 3)] {
            assert_eq!(request(uri, &[], &[], "")?.query_word("size", &sizes).ok(), Some(meant), "{uri}");
        }
        let refused = request("/?size=Huge", &[], &[], "")?.query_word("size", &sizes).err().ok_or("a refusal")?;
        assert_eq!(refused.detail(), "`size` is small, large or huge.");
        assert!(request("/", &[], &[], "")?.needed_word("size", &sizes).is_err(), "none is meant by saying none");
        assert_eq!(request("/?size=large", &[], &[], "")?.needed_word("size", &sizes).ok(), Some(2));
        Ok(())
    }

    #[test]
    fn credentials_are_found_among_others() -> Result<(), Box<dyn std::error::Error>> {
        let req = request("/?q=a+b%26c&q=second", &[("cookie", "a=1; hl=token; b=2"), ("authorization", "bearer  abc ")], &[], "")?;
        assert_eq!(req.cookie("hl"), Some("token"));
        assert_eq!(req.cookie("h"), None);
        assert_eq!(req.bearer(), Some("abc"));
        assert_eq!(req.query("q"), Some("a b&c"));
        Ok(())
    }

    #[test]
    fn an_idempotency_key_is_long_and_plain() -> Result<(), Box<dyn std::error::Error>> {
        for (key, good) in [("0123456789abcdef", true), ("short", false), ("0123456789 abcdef", false), (&"a".repeat(129), false)] {
            assert_eq!(request("/", &[("idempotency-key", key)], &[], "")?.idempotency_key().is_ok(), good, "{key}");
        }
        assert_eq!(request("/", &[], &[], "")?.idempotency_key(), Ok(None));
        Ok(())
    }

    #[test]
    fn a_file_name_keeps_only_its_last_part() -> Result<(), Box<dyn std::error::Error>> {
        let req = request("/", &[("x-file-name", "..%2F..%2Fetc%2Fdeals%0A.csv")], &[], "")?;
        assert_eq!(req.file_name().as_deref(), Some("deals.csv"));
        Ok(())
    }
}
