//! The site tag: one small file, the same for every store, for the pages of others.

use super::{
    answer::{Answer, Keep},
    error::Problem,
    etag,
    front::Front,
    request::{Ctx, Req},
    spa,
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use hyper::header::{CONTENT_ENCODING, HeaderValue, VARY};
use std::{io::Write, sync::LazyLock};

/// As somebody reads it.
const SOURCE: &str = include_str!("../../web/tag/tag.js");
/// A newer Headlight's tag is on the site within the hour, and a page that is opened meanwhile asks nobody.
const KEPT_S: u32 = 3_600;

/// As it is sent.
struct Tag {
    plain: Bytes,
    gzip: Bytes,
}

static TAG: LazyLock<Tag> = LazyLock::new(|| {
    let plain = without_comments(SOURCE);
    let gzip = gzipped(plain.as_bytes()).unwrap_or_default();
    Tag { plain: plain.into(), gzip: gzip.into() }
});

/// Its lines without those that are for whoever reads it, and without their indentation: it has no text over several lines.
pub(super) fn without_comments(source: &str) -> String {
    let lines = source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

pub(super) fn gzipped(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes)?;
    packed.finish()
}

pub async fn tag(_: Ctx<Front>, req: Req) -> Result<Answer, Problem> {
    let takes_gzip = req.header("accept-encoding").is_some_and(|offers| spa::takes(offers, "gzip")) && !TAG.gzip.is_empty();
    let body = if takes_gzip { TAG.gzip.clone() } else { TAG.plain.clone() };
    let tag = etag::tag(&body);
    let answer = Answer::bytes("text/javascript; charset=utf-8", body).keep(Keep::Seconds(KEPT_S)).tagged(tag);
    let answer = answer.header(VARY, HeaderValue::from_static("accept-encoding"));
    Ok(if takes_gzip { answer.header(CONTENT_ENCODING, HeaderValue::from_static("gzip")) } else { answer })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::print_stdout, reason = "how near the tag is to its limit is for a person to read")]
    fn the_tag_costs_a_page_less_than_six_kilobytes() {
        println!("the tag has {} bytes, {} gzipped", TAG.plain.len(), TAG.gzip.len());
        assert!((1_000..6_000).contains(&TAG.gzip.len()), "{} bytes gzipped", TAG.gzip.len());
    }

    #[test]
    fn what_is_sent_is_the_source_without_its_comments() {
        assert_eq!(without_comments("// why\n  a();\n\n    b(); // c\n"), "a();\nb(); // c\n");
        assert!(!TAG.plain.windows(3).any(|w| w == b"\n//"));
        assert!(!TAG.plain.contains(&b'`'), "a text over several lines would lose its indentation");
    }
}
