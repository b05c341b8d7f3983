//! Did our own screens send this, and to our own name?
//!
//! A browser attaches the session cookie to whatever any page makes it send, so a change that is signed by a cookie must prove that
//! one of our own pages sent it. And a page on the internet can point its own name at the store's address (DNS rebinding), so the
//! staff listener answers only to names that are its own.

use std::net::IpAddr;

use hyper::{Method, Uri, header::HOST};

use super::{
    error::Problem,
    request::{Parts, SignedBy, Who},
    routes::{BodyRule, Sites},
};

/// The names a listener answers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Names {
    /// Any: the public listener stands behind whatever name the dealer's router or tunnel has.
    Any,
    /// `localhost`, addresses in numbers, and these names.
    Own(Vec<String>),
}

impl Names {
    /// 421 when the request was meant for somebody else's name. Both the Host header and an address in the request line must be ours.
    pub fn check(&self, uri: &Uri, parts: &Parts) -> Result<(), Problem> {
        let Self::Own(names) = self else { return Ok(()) };
        let mut hosts = parts.headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return Err(Problem::misdirected()) };
        let written = host.to_str().map_err(|_| Problem::misdirected())?;
        let is_ours = |authority: &str| is_own_name(host_of(authority), names);
        if is_ours(written) && uri.authority().is_none_or(|authority| is_ours(authority.as_str())) { Ok(()) } else { Err(Problem::misdirected()) }
    }
}

/// `name:port` without the port; the brackets of an IPv6 address stay.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn is_own_name(host: &str, names: &[String]) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    bare.parse::<IpAddr>().is_ok() || host.eq_ignore_ascii_case("localhost") || names.iter().any(|name| name.eq_ignore_ascii_case(host))
}

/// 403 when a page that is not ours made a browser send this change; 415 when it could have been a plain form.
pub fn own_pages_only(parts: &Parts, who: Option<&Who>, sites: Sites, body: &BodyRule) -> Result<(), Problem> {
    let is_safe = parts.method == Method::GET || parts.method == Method::HEAD;
    let by_token = who.is_some_and(|who| who.by == SignedBy::Bearer);
    if is_safe || by_token || sites == Sites::Any {
        return Ok(());
    }
    if parts.headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") || !origin_is_ours(parts) {
        return Err(Problem::foreign_page());
    }
    // Both are out of reach of a form, and of a script on another origin unless we allow it, which we never do.
    let could_be_a_form = match body {
        BodyRule::Bytes { .. } => !parts.headers.contains_key("x-file-name"),
        BodyRule::None | BodyRule::Json { .. } => !parts.content_type().is_some_and(is_json),
    };
    match (could_be_a_form, who, body) {
        (true, Some(_), BodyRule::Bytes { .. }) => Err(Problem::unreadable("Send the file's name in the X-File-Name header.")),
        (true, Some(_), BodyRule::None | BodyRule::Json { .. }) => Err(Problem::wrong_type("application/json")),
        (true, None, _) | (false, _, _) => Ok(()),
    }
}

/// `Origin`, when sent, is the very host this was sent to. `null` is nobody's.
fn origin_is_ours(parts: &Parts) -> bool {
    let Some(origin) = parts.headers.get("origin") else { return true };
    let (Ok(origin), Some(host)) = (origin.to_str(), parts.header("host")) else { return false };
    origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
}

/// `application/json` or a type built on it.
pub(super) fn is_json(content_type: &str) -> bool {
    content_type.eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{ids::StaffId, staff::Role},
        http::request::Peer,
    };
    use hyper::StatusCode;

    fn parts(method: &Method, headers: &[(&str, &str)]) -> Result<Parts, hyper::http::Error> {
        let mut builder = hyper::Request::builder().method(method).uri("/api/x");
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        Ok(Parts::new(builder.body(())?.into_parts().0, Peer::Socket))
    }

    #[test]
    fn only_our_own_names_are_answered() -> Result<(), Box<dyn std::error::Error>> {
        let names = Names::Own(vec!["headlight.local".to_owned()]);
        let table = [
            ("localhost", true),
            ("LOCALHOST:8080", true),
            ("127.0.0.1:8080", true),
            ("192.168.1.20", true),
            ("[::1]:8080", true),
            ("[fe80::1]", true),
            ("headlight.local:443", true),
            ("Headlight.Local.", true),
            ("evil.example.com", false),
            ("localhost.evil.example.com", false),
            ("headlight.local.evil.example.com:8080", false),
            ("127.0.0.1.evil.example.com", false),
            ("", false),
            ("localhost:evil.example.com", false),
        ];
        for (host, ours) in table {
            let verdict = names.check(&"/api/x".parse()?, &parts(&Method::GET, &[("host", host)])?);
            assert_eq!(verdict.is_ok(), ours, "{host}");
        }
        assert!(names.check(&"/".parse()?, &parts(&Method::GET, &[])?).is_err(), "no Host at all");
        let twice = parts(&Method::GET, &[("host", "localhost"), ("host", "evil.example.com")])?;
        assert!(names.check(&"/".parse()?, &twice).is_err(), "two Hosts");
        let absolute = names.check(&"http://evil.example.com/".parse()?, &parts(&Method::GET, &[("host", "localhost")])?);
        assert!(absolute.is_err(), "another name in the request line");
        assert!(Names::Any.check(&"/".parse()?, &parts(&Method::GET, &[("host", "evil.example.com")])?).is_ok());
        Ok(())
    }

    /// Name, headers, body, and the status it is refused with.
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a BodyRule, Option<u16>);

    #[test]
    fn a_change_signed_by_a_cookie_comes_from_our_own_page() -> Result<(), Box<dyn std::error::Error>> {
        const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");
        const HOST_HERE: (&str, &str) = ("host", "localhost:8080");
        let json = BodyRule::Json { cap_bytes: 100 };
        let file = BodyRule::Bytes { cap_bytes: 100, types: &[] };
        let table: [Case<'_>; 14] = [
            ("our page", &[HOST_HERE, JSON, ("origin", "http://localhost:8080"), ("sec-fetch-site", "same-origin")], &json, None),
            ("typed by hand", &[HOST_HERE, JSON, ("sec-fetch-site", "none")], &json, None),
            ("an old browser", &[HOST_HERE, JSON], &json, None),
            ("another site", &[HOST_HERE, JSON, ("sec-fetch-site", "cross-site")], &json, Some(403)),
            ("a sibling name", &[HOST_HERE, JSON, ("sec-fetch-site", "same-site")], &json, Some(403)),
            ("another origin", &[HOST_HERE, JSON, ("origin", "http://evil.example.com")], &json, Some(403)),
            ("another port", &[HOST_HERE, JSON, ("origin", "http://localhost:9999")], &json, Some(403)),
            ("a sandboxed frame", &[HOST_HERE, JSON, ("origin", "null")], &json, Some(403)),
            ("a form", &[HOST_HERE, ("content-type", "text/plain")], &json, Some(415)),
            ("a form without a type", &[HOST_HERE], &BodyRule::None, Some(415)),
            ("a type that only begins so", &[HOST_HERE, ("content-type", "application/jsonp")], &json, Some(415)),
            ("a file", &[HOST_HERE, ("x-file-name", "a.csv"), ("content-type", "text/csv")], &file, None),
            ("a file by a form", &[HOST_HERE, ("content-type", "text/plain")], &file, Some(400)),
            ("a file from elsewhere", &[HOST_HERE, ("x-file-name", "a.csv"), ("origin", "http://evil.example.com")], &file, Some(403)),
        ];
        let cookie = Who { staff: StaffId(1), role: Role::Rep, by: SignedBy::Cookie };
        for (name, headers, body, refused) in table {
            let status = own_pages_only(&parts(&Method::POST, headers)?, Some(&cookie), Sites::OwnOnly, body).err().map(|p| p.status());
            assert_eq!(status.map(|s| s.as_u16()), refused, "{name}");
        }
        Ok(())
    }

    #[test]
    fn tokens_reads_and_open_routes_need_no_such_proof() -> Result<(), Box<dyn std::error::Error>> {
        let foreign = [("host", "localhost"), ("origin", "http://evil.example.com"), ("sec-fetch-site", "cross-site")];
        let bearer = Who { staff: StaffId(1), role: Role::Rep, by: SignedBy::Bearer };
        let cookie = Who { by: SignedBy::Cookie, ..bearer.clone() };
        let body = BodyRule::None;
        assert!(own_pages_only(&parts(&Method::POST, &foreign)?, Some(&bearer), Sites::OwnOnly, &body).is_ok());
        assert!(own_pages_only(&parts(&Method::GET, &foreign)?, Some(&cookie), Sites::OwnOnly, &body).is_ok());
        assert!(own_pages_only(&parts(&Method::POST, &foreign)?, None, Sites::Any, &body).is_ok());
        let signing_in = own_pages_only(&parts(&Method::POST, &foreign)?, None, Sites::OwnOnly, &body);
        assert_eq!(signing_in.err().map(|p| p.status()), Some(StatusCode::FORBIDDEN), "nobody signs us in from another page");
        Ok(())
    }
}
