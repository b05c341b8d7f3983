//! Whose link is this? A mark in an address of our website that says for whom a link was made, and to nobody but us.

use super::Rooms;
use crate::{
    domain::{
        ids::{CustomerId, OutboxId, PartId},
        time::{At, DAY_MS},
    },
    service::people,
    store::{Rows, StoreError, seal::Sealer},
};

/// A link that is followed later than this was handed on, or lies in an old phone.
pub const GOOD_FOR_MS: i64 = 60 * DAY_MS;
/// What a mark stands behind in an address.
pub const PARAMETER: &str = "hl";

/// For whom a link was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub part: PartId,
    /// The message it stands in, when it is one of ours.
    pub message: Option<OutboxId>,
}

/// Record, message and last day, in five, five and two bytes.
const BODY: usize = 12;

/// The mark of a link, good until a moment: 32 letters, digits, dashes and underscores. `None` for numbers beyond a million millions.
///
/// The body is veiled by its own signature (a synthetic nonce), so that the same link has the same mark and a mark says nothing.
#[must_use]
pub fn mark(sealer: &Sealer, link: Link, until: At) -> Option<String> {
    let [0, 0, 0, part @ ..] = link.part.0.to_be_bytes() else { return None };
    let [0, 0, 0, message @ ..] = link.message.map_or(0, |m| m.0).to_be_bytes() else { return None };
    let day = u16::try_from(until.0.div_euclid(DAY_MS)).ok()?.to_be_bytes();
    let mut body = [0; BODY];
    for (to, byte) in body.iter_mut().zip(part.into_iter().chain(message).chain(day)) {
        *to = byte;
    }
    let signature = sealer.sign("link", &body);
    Some(data_encoding::BASE64URL_NOPAD.encode(&[signature, veiled(sealer, &signature, body)].concat()))
}

/// For whom a link with this mark was made; `None` when it is not ours or its time is over.
#[must_use]
pub fn read(sealer: &Sealer, mark: &str, now: At) -> Option<Link> {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(mark.as_bytes()).ok()?;
    let (signature, rest) = bytes.split_first_chunk::<BODY>()?;
    let body = veiled(sealer, signature, *rest.as_array::<BODY>()?);
    // All of it is compared, however early it differs.
    let differs = sealer.sign("link", &body).iter().zip(signature).fold(0, |differs, (a, b)| differs | (a ^ b));
    let [p0, p1, p2, p3, p4, m0, m1, m2, m3, m4, d0, d1] = body;
    let message = u64::from_be_bytes([0, 0, 0, m0, m1, m2, m3, m4]);
    let is_good = now.0.div_euclid(DAY_MS) <= i64::from(u16::from_be_bytes([d0, d1]));
    (differs == 0 && is_good)
        .then(|| Link { part: PartId(u64::from_be_bytes([0, 0, 0, p0, p1, p2, p3, p4])), message: (message > 0).then_some(OutboxId(message)) })
}

fn veiled(sealer: &Sealer, signature: &[u8; BODY], mut body: [u8; BODY]) -> [u8; BODY] {
    for (byte, veil) in body.iter_mut().zip(sealer.sign("veil", signature)) {
        *byte ^= veil;
    }
    body
}

/// An address of our website with the mark of a customer. `None` when there is no such customer.
///
/// The inner error is a sentence: what is wrong with the address.
pub fn address(rooms: &Rooms, id: CustomerId, address: &str, now: At) -> Result<Option<Result<String, String>>, StoreError> {
    let tx = rooms.store.read()?;
    let Some(customer) = people::shown(&tx, id)? else { return Ok(None) };
    let link = Link { part: customer.id.into(), message: None };
    let Some(mark) = mark(tx.sealer(), link, now.plus_ms(GOOD_FOR_MS)) else { return Ok(None) };
    Ok(Some(marked(address, &mark)))
}

/// The same for an address that stands in a message of ours, so that whoever follows it is known for having read that one.
pub(super) fn of_message(tx: &impl Rows, part: PartId, message: OutboxId, address: &str, now: At) -> Option<String> {
    let mark = mark(tx.sealer(), Link { part, message: Some(message) }, now.plus_ms(GOOD_FOR_MS))?;
    marked(address, &mark).ok()
}

fn marked(address: &str, mark: &str) -> Result<String, String> {
    let address = address.trim();
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    if !is_web || address.len() > 2_000 || address.contains(char::is_whitespace) {
        return Err("An address begins with https:// and has no spaces.".to_owned());
    }
    let (place, fragment) = address.split_once('#').map_or((address, String::new()), |(place, rest)| (place, format!("#{rest}")));
    let (path, query) = place.split_once('?').unwrap_or((place, ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(PARAMETER));
    let query: Vec<String> = kept.map(str::to_owned).chain([format!("{PARAMETER}={mark}")]).collect();
    Ok(format!("{path}?{}{fragment}", query.join("&")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::seal::MasterKey;

    const NOW: At = At(1_795_531_260_000);

    fn sealer(key: u8) -> Sealer {
        Sealer::new(&MasterKey::from_bytes([key; 32])).unwrap()
    }

    #[test]
    fn a_mark_reads_back_as_whom_it_was_made_for_until_its_day_is_over() {
        let ours = sealer(7);
        for link in [Link { part: PartId(1), message: None }, Link { part: PartId((1 << 40) - 1), message: Some(OutboxId(912)) }] {
            let mark = mark(&ours, link, NOW.plus_ms(GOOD_FOR_MS)).unwrap();
            assert_eq!((mark.len(), read(&ours, &mark, NOW)), (32, Some(link)), "{mark}");
            assert_eq!(read(&ours, &mark, NOW.plus_ms(GOOD_FOR_MS)), Some(link), "its last day");
            assert_eq!(read(&ours, &mark, NOW.plus_ms(GOOD_FOR_MS + DAY_MS)), None, "the day after");
            assert_eq!(read(&sealer(8), &mark, NOW), None, "of another store");
        }
        assert_eq!(mark(&ours, Link { part: PartId(1 << 40), message: None }, NOW), None);
    }

    #[test]
    fn a_mark_that_was_touched_anywhere_is_nobodys() {
        let ours = sealer(7);
        let mark = mark(&ours, Link { part: PartId(11), message: None }, NOW).unwrap();
        for at in 0..mark.len() {
            for other in ["A", "9", "_"] {
                let mut touched = mark.clone();
                touched.replace_range(at..=at, other);
                assert!(touched == mark || read(&ours, &touched, NOW).is_none(), "{touched}");
            }
        }
        for junk in ["", "x", &mark[1..], &format!("{mark}AAAA"), "dana@example.com"] {
            assert_eq!(read(&ours, junk, NOW), None, "{junk}");
        }
    }

    #[test]
    fn neighbours_have_marks_that_have_nothing_in_common() {
        let ours = sealer(7);
        let of = |part| mark(&ours, Link { part: PartId(part), message: None }, NOW).unwrap();
        let same = of(11).bytes().zip(of(12).bytes()).filter(|(a, b)| a == b).count();
        assert!(same < 8, "{same} of 32");
    }

    #[test]
    fn the_mark_stands_in_the_address_once_and_before_its_fragment() {
        for (address, expected) in [
            ("https://example.com/used/24117", Ok("https://example.com/used/24117?hl=M")),
            ("https://example.com/used?utm_source=text&hl=OLD#photos", Ok("https://example.com/used?utm_source=text&hl=M#photos")),
            ("javascript:alert(1)", Err(())),
            ("https://example.com/a b", Err(())),
        ] {
            assert_eq!(marked(address, "M").map_err(|_| ()), expected.map(str::to_owned), "{address}");
        }
    }
}
