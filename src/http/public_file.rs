//! A small file for the pages of others, the same for every store: packed once, kept by browsers for an hour.

use super::{
    answer::{Answer, Keep},
    etag,
    request::Req,
    spa,
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use hyper::header::{CONTENT_ENCODING, HeaderValue, VARY};
use std::io::Write;

/// A newer Headlight's file is on the site within the hour, and a page that is opened meanwhile asks nobody.
const KEPT_S: u32 = 3_600;

/// As it is sent.
pub struct PublicFile {
    content_type: &'static str,
    plain: Bytes,
    gzip: Bytes,
}

impl PublicFile {
    #[must_use]
    pub fn script(source: &str) -> Self {
        Self::of("text/javascript; charset=utf-8", source)
    }

    #[must_use]
    pub fn style(source: &str) -> Self {
        Self::of("text/css; charset=utf-8", source)
    }

    #[must_use]
    pub fn page(source: &str) -> Self {
        Self::of("text/html; charset=utf-8", source)
    }

    fn of(content_type: &'static str, source: &str) -> Self {
        let plain = without_comments(source);
        let gzip = gzipped(plain.as_bytes()).unwrap_or_default();
        Self { content_type, plain: plain.into(), gzip: gzip.into() }
    }

    pub fn answer(&self, req: &Req) -> Answer {
        let takes_gzip = req.header("accept-encoding").is_some_and(|offers| spa::takes(offers, "gzip")) && !self.gzip.is_empty();
        let body = if takes_gzip { self.gzip.clone() } else { self.plain.clone() };
        let tag = etag::tag(&body);
        let answer = Answer::bytes(self.content_type, body).keep(Keep::Seconds(KEPT_S)).tagged(tag);
        let answer = answer.header(VARY, HeaderValue::from_static("accept-encoding"));
        if takes_gzip { answer.header(CONTENT_ENCODING, HeaderValue::from_static("gzip")) } else { answer }
    }

    #[must_use]
    pub fn plain_bytes(&self) -> usize {
        self.plain.len()
    }

    #[must_use]
    pub fn gzip_bytes(&self) -> usize {
        self.gzip.len()
    }
}

/// Its lines without those that are for whoever reads it, and without their indentation: it has no text over several lines.
fn without_comments(source: &str) -> String {
    let lines = source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn gzipped(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes)?;
    packed.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_the_source_without_its_comments() {
        assert_eq!(without_comments("// why\n  a();\n\n    b(); // c\n"), "a();\nb(); // c\n");
    }

    #[test]
    fn no_script_has_a_text_over_several_lines_which_would_lose_its_indentation() {
        for source in [include_str!("../../web/tag/tag.js"), include_str!("../../web/trade/tool.js"), include_str!("../../web/trade/embed.js")] {
            let file = PublicFile::script(source);
            assert!(!file.plain.windows(3).any(|w| w == b"\n//") && !file.plain.contains(&b'`'));
        }
    }
}
