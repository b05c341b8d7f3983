//! Where do the screens come from?
//!
//! Out of the binary: the folder named by `HEADLIGHT_WEB` when it was built, where what shrinks lies packed. Every path without a dot is
//! the one page, which then shows the right screen; a missing file is a missing file, never the page in its place.

use bytes::Bytes;
use flate2::read::GzDecoder;
use hyper::{
    HeaderMap, Method,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderValue, VARY},
};
use rust_embed::RustEmbed;
use std::io::Read;

use super::{
    answer::{Answer, Keep},
    error::Problem,
    etag,
};

#[derive(RustEmbed)]
#[folder = "$HEADLIGHT_WEB"]
struct Embedded;

/// One file and the SHA-256 of its bytes.
#[derive(Debug, Clone)]
pub struct WebFile {
    pub bytes: Bytes,
    pub hash: [u8; 32],
}

/// The files of the screens.
#[derive(Debug, Clone, Copy)]
pub struct Screens {
    find: fn(&str) -> Option<WebFile>,
}

impl Screens {
    /// Those inside this binary.
    #[must_use]
    pub fn embedded() -> Self {
        Self { find: embedded_file }
    }

    /// The file or page at a path. Paths of the API are never one.
    pub(super) fn answer(self, method: &Method, path: &str, headers: &HeaderMap) -> Result<Answer, Problem> {
        let is_read = method == Method::GET || method == Method::HEAD;
        if !is_read || is_under(path, "/api") {
            return Err(Problem::not_here());
        }
        let name = path.trim_start_matches('/');
        if is_under(path, "/assets") {
            return self.file(name, headers, Keep::ForAYear);
        }
        // A route of the screens has no dot; a file has one.
        if name.contains('.') { self.file(name, headers, Keep::Page) } else { self.file("index.html", headers, Keep::Page) }
    }

    fn file(self, name: &str, headers: &HeaderMap, keep: Keep) -> Result<Answer, Problem> {
        let content_type = content_type(name).ok_or_else(Problem::not_here)?;
        let packed = (self.find)(&format!("{name}.gz"));
        let answer = |bytes: Bytes, tag: &[u8]| {
            let answer = Answer::bytes(content_type, bytes).keep(keep).tagged(etag::quoted(tag));
            answer.header(VARY, HeaderValue::from_static("accept-encoding"))
        };
        Ok(match (packed, (self.find)(name)) {
            (Some(packed), _) if takes_gzip(headers) => {
                answer(packed.bytes, &packed.hash[..16]).header(CONTENT_ENCODING, HeaderValue::from_static("gzip"))
            }
            (_, Some(plain)) => answer(plain.bytes, &plain.hash[..16]),
            // The other half of the same hash: two forms of one file have two tags.
            (Some(packed), None) => answer(unpacked(&packed.bytes)?, &packed.hash[16..]),
            (None, None) => return Err(Problem::not_here()),
        })
    }
}

fn embedded_file(name: &str) -> Option<WebFile> {
    let file = Embedded::get(name)?;
    let hash = file.metadata.sha256_hash();
    let bytes = match file.data {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => bytes.into(),
    };
    Some(WebFile { bytes, hash })
}

/// `/api` and what lies under it, but not `/apiary`.
fn is_under(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Every browser does.
fn takes_gzip(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok()).any(|line| takes(line, "gzip"))
}

/// For whoever reads by hand.
fn unpacked(packed: &[u8]) -> Result<Bytes, Problem> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes).map_err(|_| Problem::broken())?;
    Ok(bytes.into())
}

/// Whether a line of `Accept-Encoding` offers this packing.
pub(super) fn takes(line: &str, coding: &str) -> bool {
    line.split(',').any(|offer| {
        let (name, weight) = offer.split_once(';').unwrap_or((offer, "q=1"));
        let refused = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0);
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

/// By the ending of the name; `None` is not a file we would send, packed forms among them.
fn content_type(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{answer::AnswerBody, routes::Sites};
    use flate2::{Compression, write::GzEncoder};
    use hyper::{Response, header};
    use std::io::Write;

    fn screens() -> Screens {
        Screens {
            find: |name| {
                let body: Vec<u8> = match name {
                    "index.html" => b"page".into(),
                    "index.html.gz" => b"gzip of the page".into(),
                    "assets/app-1f.js.gz" => {
                        let mut zip = GzEncoder::new(Vec::new(), Compression::fast());
                        zip.write_all(b"script").ok()?;
                        zip.finish().ok()?
                    }
                    "favicon.svg" => b"icon".into(),
                    _ => return None,
                };
                let hash = *blake3::hash(&body).as_bytes();
                Some(WebFile { bytes: body.into(), hash })
            },
        }
    }

    fn ask(method: &Method, path: &str, encodings: &'static str) -> Response<AnswerBody> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(encodings));
        screens().answer(method, path, &headers).unwrap_or_else(Answer::from).finish(method, None, Sites::OwnOnly)
    }

    fn body(response: Response<AnswerBody>) -> String {
        match response.into_body() {
            AnswerBody::Whole(bytes) => String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned(),
            AnswerBody::Pieces(_) | AnswerBody::Live(_) => String::new(),
        }
    }

    #[test]
    fn every_path_of_the_screens_is_the_page_and_nothing_else_is() {
        for (path, found) in [
            ("/", Some("page")),
            ("/customers/12", Some("page")),
            ("/apiary", Some("page")),
            ("/index.html", Some("page")),
            ("/favicon.svg", Some("icon")),
            ("/assets/app-1f.js", Some("script")),
            ("/api", None),
            ("/api/nothing", None),
            ("/assets", None),
            ("/assets/gone", None),
            ("/assets/app-2f.js", None),
            ("/gone.js", None),
            ("/assets/app-1f.js.gz", None),
            ("/../Cargo.toml", None),
        ] {
            let response = ask(&Method::GET, path, "");
            assert_eq!(response.status().as_u16(), if found.is_some() { 200 } else { 404 }, "{path}");
            if let Some(found) = found {
                assert_eq!(body(response), found, "{path}");
            }
        }
        assert_eq!(ask(&Method::POST, "/customers/12", "").status().as_u16(), 404);
    }

    #[test]
    fn a_browser_gets_it_packed_and_whoever_takes_no_gzip_gets_it_plain_under_another_tag() {
        let said = |response: &Response<AnswerBody>, name| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        for (encodings, is_packed) in [("gzip, deflate, br", true), ("gzip", true), ("br;q=0, gzip;q=0.5", true), ("", false), ("identity", false)] {
            let script = ask(&Method::GET, "/assets/app-1f.js", encodings);
            assert_eq!(said(&script, header::CONTENT_ENCODING).as_deref(), is_packed.then_some("gzip"), "{encodings}");
            assert_eq!(said(&script, header::CONTENT_TYPE).as_deref(), Some("text/javascript; charset=utf-8"));
            assert_eq!(said(&script, header::VARY).as_deref(), Some("accept-encoding"));
            assert_eq!(body(script) == "script", !is_packed, "{encodings}");
            let page = body(ask(&Method::GET, "/now", encodings));
            assert_eq!(page, if is_packed { "gzip of the page" } else { "page" }, "{encodings}");
        }
        let tag = |encodings| said(&ask(&Method::GET, "/assets/app-1f.js", encodings), header::ETAG);
        assert!(tag("gzip").is_some() && tag("gzip") != tag(""));
    }

    #[test]
    fn a_hashed_file_is_kept_for_a_year_and_the_page_is_asked_for_each_time() {
        let keep = |path| ask(&Method::GET, path, "").headers().get(header::CACHE_CONTROL).and_then(|v| v.to_str().ok()).map(str::to_owned);
        assert_eq!(keep("/assets/app-1f.js").as_deref(), Some("public, max-age=31536000, immutable"));
        assert_eq!(keep("/now").as_deref(), Some("no-cache"));
        assert_eq!(keep("/assets/gone.js").as_deref(), Some("no-store"));
    }

    #[test]
    fn the_binary_carries_a_page() {
        assert!(embedded_file("index.html").is_some_and(|file| !file.bytes.is_empty()));
    }
}
