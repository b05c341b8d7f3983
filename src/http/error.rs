//! What went wrong, said so that the person who reads it knows what to do next?
//!
//! Every refusal of both listeners is `application/problem+json` (RFC 9457). `detail` is a sentence to show; `code` is a word for
//! programs. Nothing a caller sent is ever repeated in it.

use std::{borrow::Cow, time::Duration};

use hyper::{
    Method, StatusCode,
    header::{ALLOW, HeaderValue, RETRY_AFTER},
};

use super::answer::Answer;

/// A refusal or failure on its way to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    hint: Hint,
}

/// The one extra header some problems carry.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Hint {
    None,
    /// Whole seconds until asking again makes sense.
    RetryAfter(u64),
    Allow(Vec<Method>),
}

/// The body of a problem as it travels.
#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemShape {
    /// `about:blank` when the status says it all, else `/problems/CODE`.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    pub status: u16,
    /// A sentence to show.
    pub detail: String,
    /// A word for programs, such as `already-claimed`.
    pub code: String,
}

impl Problem {
    /// Any status with its own code and sentence.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, detail: detail.into(), hint: Hint::None }
    }

    fn plain(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(status, plain_code(status), detail)
    }

    /// 400: the request cannot be read as what it should be.
    pub fn unreadable(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::plain(StatusCode::BAD_REQUEST, detail)
    }

    /// 401: nobody is signed in, or no longer.
    pub fn signed_out() -> Self {
        Self::plain(StatusCode::UNAUTHORIZED, "You are signed out. Sign in and try again.")
    }

    /// 403: signed in, but this is not theirs to do.
    pub fn not_yours() -> Self {
        Self::plain(StatusCode::FORBIDDEN, "Your role may not do this. Ask a manager.")
    }

    /// 403: the request was not sent by our own screens.
    pub fn foreign_page() -> Self {
        Self::new(StatusCode::FORBIDDEN, "foreign-page", "This request came from another page, so it was not carried out.")
    }

    /// 404: nothing here. The same words whether it does not exist or may not be seen.
    pub fn not_here() -> Self {
        Self::plain(StatusCode::NOT_FOUND, "That isn't here, or isn't yours to see.")
    }

    /// 405, with the methods that would do.
    pub fn wrong_method(allowed: Vec<Method>) -> Self {
        Self { hint: Hint::Allow(allowed), ..Self::plain(StatusCode::METHOD_NOT_ALLOWED, "This address does not take that method.") }
    }

    /// 408: the request came too slowly to be read whole.
    pub fn too_slow() -> Self {
        Self::plain(StatusCode::REQUEST_TIMEOUT, "The request arrived too slowly and was given up. Send it again.")
    }

    /// 409: the world has moved on since the caller looked.
    pub fn conflict(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 413, naming the limit.
    pub fn too_large(limit_bytes: usize) -> Self {
        Self::plain(StatusCode::PAYLOAD_TOO_LARGE, format!("This is too large: the limit here is {}.", size_words(limit_bytes)))
    }

    /// 414, naming the limit.
    pub fn long_address(limit_bytes: usize) -> Self {
        Self::plain(StatusCode::URI_TOO_LONG, format!("This address is too long: the limit is {}.", size_words(limit_bytes)))
    }

    /// 415, naming what would do.
    pub fn wrong_type(wanted: &str) -> Self {
        Self::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("The body must be sent with Content-Type: {wanted}."))
    }

    /// 421: the Host header is not one of this store's names.
    pub fn misdirected() -> Self {
        Self::plain(StatusCode::MISDIRECTED_REQUEST, "This server does not answer to that name. Use its address or a name set in its configuration.")
    }

    /// 422: readable, but a value in it cannot be used.
    pub fn unusable(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    /// 429, with the time to wait.
    pub fn too_often(wait: Duration) -> Self {
        let seconds = whole_seconds(wait);
        let detail = format!("That is too often. Try again in {seconds} second{}.", if seconds == 1 { "" } else { "s" });
        Self { hint: Hint::RetryAfter(seconds), ..Self::plain(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    /// 500: a fault of ours. Says nothing of its inside; the log does.
    pub fn broken() -> Self {
        Self::plain(StatusCode::INTERNAL_SERVER_ERROR, "Something broke on our side. It was written to the log; trying again may help.")
    }

    /// 503: not now. The write may or may not have happened: send it again with the same Idempotency-Key.
    pub fn not_now(wait: Duration, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { hint: Hint::RetryAfter(whole_seconds(wait)), ..Self::plain(StatusCode::SERVICE_UNAVAILABLE, detail) }
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn code(&self) -> &'static str {
        self.code
    }

    pub fn detail(&self) -> &str {
        &self.detail
    }

    fn shape(&self) -> ProblemShape {
        let kind = if self.code == plain_code(self.status) { "about:blank".to_owned() } else { format!("/problems/{}", self.code) };
        ProblemShape {
            r#type: kind,
            title: self.status.canonical_reason().unwrap_or("Problem").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone().into_owned(),
            code: self.code.to_owned(),
        }
    }
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        // Strings and a number: writing them as JSON cannot fail.
        let body = serde_json::to_vec(&problem.shape()).unwrap_or_default();
        let answer = Answer::bytes("application/problem+json", body).status(problem.status);
        match problem.hint {
            Hint::None => answer,
            Hint::RetryAfter(seconds) => answer.header(RETRY_AFTER, HeaderValue::from(seconds)),
            Hint::Allow(methods) => {
                let list = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
                match HeaderValue::from_str(&list) {
                    Ok(value) => answer.header(ALLOW, value),
                    Err(_) => answer,
                }
            }
        }
    }
}

/// The code of a problem that has nothing to add to its status.
fn plain_code(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "unreadable",
        401 => "signed-out",
        403 => "not-yours",
        404 => "not-here",
        405 => "wrong-method",
        408 => "too-slow",
        413 => "too-large",
        414 => "long-address",
        415 => "wrong-type",
        421 => "misdirected",
        429 => "too-often",
        503 => "not-now",
        _ => "broken",
    }
}

/// Rounded up, so that who waits as told is not told again; at least one.
fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

fn size_words(bytes: usize) -> String {
    const KIB: usize = 1024;
    const MIB: usize = 1024 * KIB;
    if bytes >= MIB && bytes.is_multiple_of(MIB) {
        format!("{} MiB", bytes / MIB)
    } else if bytes >= KIB && bytes.is_multiple_of(KIB) {
        format!("{} KiB", bytes / KIB)
    } else {
        format!("{bytes} bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_with_its_own_code_has_its_own_type() {
        let shape = Problem::conflict("already-claimed", "Jo L. took it 4 s ago.").shape();
        assert_eq!((shape.r#type.as_str(), shape.status, shape.code.as_str()), ("/problems/already-claimed", 409, "already-claimed"));
        assert_eq!(Problem::not_here().shape().r#type, "about:blank");
    }

    #[test]
    fn the_wait_is_rounded_up_to_whole_seconds() {
        for (wait_ms, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (59_999, 60)] {
            assert_eq!(Problem::too_often(Duration::from_millis(wait_ms)).hint, Hint::RetryAfter(seconds), "{wait_ms} ms");
        }
    }

    #[test]
    fn a_limit_is_named_in_the_unit_a_person_would_use() {
        for (bytes, words) in [(1_048_576, "1 MiB"), (65_536, "64 KiB"), (1_000, "1000 bytes"), (67_108_864, "64 MiB")] {
            assert!(Problem::too_large(bytes).detail().contains(words), "{bytes}");
        }
    }
}
