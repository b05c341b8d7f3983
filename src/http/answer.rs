//! What goes back over the wire, and with which headers?

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use hyper::{
    HeaderMap, Method, Response, StatusCode,
    body::{Body, Frame, SizeHint},
    header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, HeaderValue,
        REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
    },
};
use tokio::sync::mpsc::Receiver;

use super::{error::Problem, etag, routes::Sites, sse::LiveBody};

/// Scripts, styles and connections only from ourselves; the one loosening is the `style` attribute, by which the screens place
/// floating panels and virtual rows. Pictures come from where a feed says that they are: the photos of a lot lie with whoever lists it.
pub const CONTENT_POLICY: &str = "default-src 'self'; style-src-elem 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob: https:; \
     connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'";

/// Nothing may run, load or be framed.
const SANDBOX: &str = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

/// What a handler gives back.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: AnswerBody,
    keep: Keep,
}

/// How long a browser may keep the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Not at all: the rule for everything about people.
    Nothing,
    /// Privately, asking each time whether it changed: reads that screens repeat.
    AskFirst,
    /// A page of the screens: asks each time, so that an upgrade is seen at once.
    Page,
    /// A file whose name changes with its content.
    ForAYear,
    /// A public file without a changing name, such as the site tag, for this many seconds.
    Seconds(u32),
}

/// A cookie that only the server can read.
#[derive(Debug, Clone, Copy)]
pub struct Cookie<'a> {
    pub name: &'a str,
    /// Letters, digits, `-` and `_` only.
    pub value: &'a str,
    /// 0 takes the cookie away.
    pub max_age_s: u64,
    /// Sent over TLS only.
    pub secure: bool,
}

impl Answer {
    /// A shape as JSON; reads of it are tagged, so that an unchanged screen costs a 304.
    pub fn json<T: serde::Serialize>(shape: &T) -> Result<Self, Problem> {
        let body = serde_json::to_vec(shape).map_err(|error| {
            tracing::error!(error = %error, "an answer could not be written as JSON");
            Problem::broken()
        })?;
        Ok(Self { keep: Keep::AskFirst, ..Self::bytes("application/json", body) })
    }

    /// 200 with these bytes, to be kept by nobody.
    pub fn bytes(content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::with_capacity(16);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self { status: StatusCode::OK, headers, body: AnswerBody::Whole(Some(body.into())), keep: Keep::Nothing }
    }

    /// 200 with plain text.
    pub fn text(body: impl Into<String>) -> Self {
        Self::bytes("text/plain; charset=utf-8", body.into())
    }

    /// 204.
    pub fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: HeaderMap::with_capacity(16), body: AnswerBody::Whole(None), keep: Keep::Nothing }
    }

    /// A long answer, made piece by piece while it is sent. A piece that cannot be made breaks the connection off, so that half of the
    /// answer is never taken for all of it.
    pub fn pieces(content_type: &'static str, pieces: Receiver<Result<Bytes, io::Error>>) -> Self {
        Self { body: AnswerBody::Pieces(pieces), ..Self::bytes(content_type, Bytes::new()) }
    }

    /// A stream of live frames.
    pub fn live(body: LiveBody) -> Self {
        Self { body: AnswerBody::Live(body), ..Self::bytes("text/event-stream", Bytes::new()) }
    }

    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    #[must_use]
    pub fn keep(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }

    /// The browser saves it under this name instead of showing it. Letters, digits, `.`, `-` and `_` of the name survive.
    #[must_use]
    pub fn download(self, file_name: &str) -> Self {
        let safe: String = file_name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect();
        match HeaderValue::from_str(&format!("attachment; filename=\"{safe}\"")) {
            Ok(value) => self.header(CONTENT_DISPOSITION, value),
            Err(_) => self,
        }
    }

    /// The same for what a browser may show as it is.
    #[must_use]
    pub fn inline(self, file_name: &str) -> Self {
        let mut answer = self.download(file_name);
        if let Some(line) = answer.headers.get_mut(CONTENT_DISPOSITION)
            && let Some(rest) = line.to_str().ok().and_then(|text| text.strip_prefix("attachment"))
            && let Ok(value) = HeaderValue::from_str(&format!("inline{rest}"))
        {
            *line = value;
        }
        answer
    }

    /// What came from outside and is shown as it came: should a browser take it for a page, that page may do nothing.
    #[must_use]
    pub fn sandboxed(self) -> Self {
        self.header(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX))
    }

    /// Sets a cookie for the whole site, out of reach of scripts and of other sites.
    pub fn cookie(mut self, cookie: Cookie<'_>) -> Result<Self, Problem> {
        let is_token = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if !is_token(cookie.name) || !is_token(cookie.value) {
            tracing::error!("a cookie with an illegal character was not set");
            return Err(Problem::broken());
        }
        let Cookie { name, value, max_age_s, secure } = cookie;
        let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age_s}{}", if secure { "; Secure" } else { "" });
        let line = HeaderValue::from_str(&line).map_err(|_| Problem::broken())?;
        self.headers.append(SET_COOKIE, line);
        Ok(self)
    }

    /// The same tag every time these bytes are sent, when it is known without hashing them.
    #[must_use]
    pub fn tagged(self, tag: Option<HeaderValue>) -> Self {
        match tag {
            Some(tag) => self.header(ETAG, tag),
            None => self,
        }
    }

    pub fn status_code(&self) -> StatusCode {
        self.status
    }

    pub fn is_live(&self) -> bool {
        match self.body {
            AnswerBody::Live(_) => true,
            AnswerBody::Whole(_) | AnswerBody::Pieces(_) => false,
        }
    }

    /// The response with every header that goes on all of them. A read the caller has already got becomes a 304.
    pub(super) fn finish(mut self, method: &Method, if_none_match: Option<&HeaderValue>, sites: Sites) -> Response<AnswerBody> {
        let is_read = method == Method::GET || method == Method::HEAD;
        if is_read && self.status == StatusCode::OK {
            self.tag_reads();
            if let (Some(known), Some(tag)) = (if_none_match, self.headers.get(ETAG))
                && etag::is_known(known, tag)
            {
                self.status = StatusCode::NOT_MODIFIED;
                self.headers.remove(CONTENT_TYPE);
                self.body = AnswerBody::Whole(None);
            }
        }
        self.headers.insert(CACHE_CONTROL, self.cache_control(is_read));
        wall(&mut self.headers, sites);
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    fn tag_reads(&mut self) {
        let AnswerBody::Whole(Some(body)) = &self.body else { return };
        if self.keep == Keep::AskFirst
            && !self.headers.contains_key(ETAG)
            && let Some(tag) = etag::tag(body)
        {
            self.headers.insert(ETAG, tag);
        }
    }

    fn cache_control(&self, is_read: bool) -> HeaderValue {
        let may_be_kept = is_read && (self.status == StatusCode::OK || self.status == StatusCode::NOT_MODIFIED);
        match self.keep {
            Keep::AskFirst if may_be_kept => HeaderValue::from_static("private, no-cache"),
            Keep::Page if may_be_kept => HeaderValue::from_static("no-cache"),
            Keep::ForAYear if may_be_kept => HeaderValue::from_static("public, max-age=31536000, immutable"),
            Keep::Seconds(seconds) if may_be_kept => {
                HeaderValue::from_str(&format!("public, max-age={seconds}")).unwrap_or(HeaderValue::from_static("no-store"))
            }
            Keep::Nothing | Keep::AskFirst | Keep::Page | Keep::ForAYear | Keep::Seconds(_) => HeaderValue::from_static("no-store"),
        }
    }
}

/// The headers that wall our pages off from others. Routes open to any site (the tag, collected events) may be read from any page.
fn wall(headers: &mut HeaderMap, sites: Sites) {
    const STATIC: [(HeaderName, &str); 5] = [
        (CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    ];
    const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
    for (name, value) in STATIC {
        // A stricter policy of the answer's own stands.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    match sites {
        Sites::OwnOnly => headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
        Sites::Any => {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"))
        }
    };
}

/// The bytes of an answer: all at once, or as they happen.
#[derive(Debug)]
pub enum AnswerBody {
    Whole(Option<Bytes>),
    Pieces(Receiver<Result<Bytes, io::Error>>),
    Live(LiveBody),
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.get_mut() {
            Self::Pieces(pieces) => pieces.poll_recv(cx).map(|piece| piece.map(|made| made.map(Frame::data))),
            Self::Whole(bytes) => Poll::Ready(bytes.take().filter(|b| !b.is_empty()).map(|b| Ok(Frame::data(b)))),
            Self::Live(live) => live.poll_bytes(cx).map(|bytes| bytes.map(|b| Ok(Frame::data(b)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.as_ref().is_none_or(Bytes::is_empty),
            Self::Pieces(_) | Self::Live(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64)),
            Self::Pieces(_) | Self::Live(_) => SizeHint::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(answer: Answer, method: &Method) -> Response<AnswerBody> {
        answer.finish(method, None, Sites::OwnOnly)
    }

    fn text<'a>(response: &'a Response<AnswerBody>, name: &str) -> &'a str {
        response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    #[test]
    fn every_answer_carries_the_wall() {
        for answer in [Answer::nothing(), Answer::text("x"), Problem::broken().into()] {
            let response = finished(answer, &Method::GET);
            assert_eq!(text(&response, "content-security-policy"), CONTENT_POLICY);
            assert_eq!(text(&response, "x-content-type-options"), "nosniff");
            assert_eq!(text(&response, "referrer-policy"), "no-referrer");
            assert_eq!(text(&response, "cross-origin-opener-policy"), "same-origin");
            assert_eq!(text(&response, "cross-origin-resource-policy"), "same-origin");
            assert!(text(&response, "permissions-policy").contains("camera=()"));
        }
    }

    #[test]
    fn only_a_good_read_may_be_kept() -> Result<(), Problem> {
        let json = || Answer::json(&[1, 2]);
        assert_eq!(text(&finished(json()?, &Method::GET), "cache-control"), "private, no-cache");
        assert!(finished(json()?, &Method::GET).headers().contains_key(ETAG));
        let written = finished(json()?, &Method::POST);
        assert_eq!(text(&written, "cache-control"), "no-store");
        assert!(!written.headers().contains_key(ETAG));
        let failed = finished(json()?.status(StatusCode::BAD_GATEWAY).keep(Keep::ForAYear), &Method::GET);
        assert_eq!(text(&failed, "cache-control"), "no-store");
        assert_eq!(text(&finished(Answer::text("x"), &Method::GET), "cache-control"), "no-store");
        Ok(())
    }

    #[test]
    fn a_cookie_is_out_of_reach_of_scripts_and_other_sites() -> Result<(), Problem> {
        let cookie = Cookie { name: "hl", value: "t0k3n", max_age_s: 60, secure: true };
        let response = finished(Answer::nothing().cookie(cookie)?, &Method::POST);
        assert_eq!(text(&response, "set-cookie"), "hl=t0k3n; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure");
        assert!(Answer::nothing().cookie(Cookie { value: "a; Domain=x", ..cookie }).is_err());
        Ok(())
    }

    #[test]
    fn a_download_name_cannot_break_out_of_its_header() {
        let response = finished(Answer::text("x").download("a\"b\r\nSet-Cookie: c.xml"), &Method::GET);
        assert_eq!(text(&response, "content-disposition"), "attachment; filename=\"a_b__Set-Cookie__c.xml\"");
    }

    #[test]
    fn a_route_for_any_site_can_be_read_from_any_page() {
        let response = Answer::text("x").finish(&Method::GET, None, Sites::Any);
        assert_eq!(text(&response, "cross-origin-resource-policy"), "cross-origin");
        assert_eq!(text(&response, "access-control-allow-origin"), "*");
    }
}
