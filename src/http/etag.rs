//! Has the caller already got these bytes?

use hyper::header::HeaderValue;

/// The tag of a body: the first 128 bits of its BLAKE3 hash, quoted. Equal bytes, equal tag, on every machine.
#[must_use]
pub fn tag(body: &[u8]) -> Option<HeaderValue> {
    quoted(&blake3::hash(body).as_bytes()[..16])
}

/// A hash that is known already, as a tag.
#[must_use]
pub fn quoted(hash: &[u8]) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{}\"", data_encoding::HEXLOWER.encode(hash))).ok()
}

/// `If-None-Match` names this tag. Weak and strong compare alike, as RFC 9110 asks for reads.
#[must_use]
pub fn is_known(if_none_match: &HeaderValue, tag: &HeaderValue) -> bool {
    let mut candidates = if_none_match.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    candidates.any(|candidate| candidate == b"*" || candidate.strip_prefix(b"W/").unwrap_or(candidate) == tag.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_in_any_place_of_the_list_weak_or_strong() -> Result<(), Box<dyn std::error::Error>> {
        let own = tag(b"body").ok_or("tag")?;
        let text = own.to_str()?;
        let table = [
            (text.to_owned(), true),
            (format!("W/{text}"), true),
            (format!("\"other\", {text}"), true),
            ("*".to_owned(), true),
            ("\"other\"".to_owned(), false),
            (text.trim_matches('"').to_owned(), false),
            (String::new(), false),
        ];
        for (header, known) in table {
            assert_eq!(is_known(&HeaderValue::from_str(&header)?, &own), known, "{header}");
        }
        Ok(())
    }

    #[test]
    fn another_body_has_another_tag() {
        assert_ne!(tag(b"a"), tag(b"b"));
    }
}
