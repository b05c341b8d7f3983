//! Which known sender of leads is this?

use crate::{domain::email::Email, formats::text::find_ignoring_case};

struct Sender {
    name: &'static str,
    /// The mail's sender ends in one of these.
    domains: &'static [&'static str],
    /// The sender's name in running text.
    words: &'static [&'static str],
}

const SENDERS: &[Sender] = &[
    Sender { name: "CarGurus", domains: &["cargurus.com", "cargurus.ca"], words: &["CarGurus"] },
    Sender { name: "Cars.com", domains: &["cars.com"], words: &["Cars.com"] },
    Sender { name: "AutoTrader.ca", domains: &["trader.ca", "autotrader.ca", "autohebdo.net"], words: &["AutoTrader.ca", "Auto Trader Mobile"] },
    Sender { name: "Autotrader", domains: &["autotrader.com"], words: &["Autotrader", "Auto Trader"] },
    Sender { name: "Carsforsale.com", domains: &["carsforsale.com", "carsforsalemail.com"], words: &["Carsforsale.com", "Carsforsale"] },
    Sender { name: "CARFAX", domains: &["carfax.com", "carfax.ca"], words: &["CARFAX"] },
    Sender { name: "Edmunds", domains: &["edmunds.com"], words: &["Edmunds"] },
    Sender { name: "TrueCar", domains: &["truecar.com"], words: &["TrueCar"] },
    Sender { name: "Kelley Blue Book", domains: &["kbb.com"], words: &["Kelley Blue Book", "KBB.com"] },
    Sender { name: "Facebook Marketplace", domains: &["facebookmail.com"], words: &["Facebook Marketplace"] },
    Sender { name: "Craigslist", domains: &["craigslist.org"], words: &["Craigslist"] },
    Sender { name: "Kijiji", domains: &["kijiji.ca"], words: &["Kijiji"] },
    Sender { name: "iSeeCars", domains: &["iseecars.com"], words: &["iSeeCars"] },
    Sender { name: "Capital One Auto Navigator", domains: &["capitalone.com"], words: &["Auto Navigator"] },
    Sender { name: "CarsDirect", domains: &["carsdirect.com"], words: &["CarsDirect"] },
    Sender { name: "AutoWeb", domains: &["autoweb.com", "autobytel.com"], words: &["AutoWeb", "Autobytel"] },
    Sender { name: "eBay Motors", domains: &["ebay.com"], words: &["eBay Motors"] },
    Sender { name: "CarSoup", domains: &["carsoup.com"], words: &["CarSoup"] },
];

/// By the domain of an address.
pub(in crate::formats) fn by_address(address: &Email) -> Option<&'static str> {
    let domain = address.as_str().rsplit('@').next()?;
    let is = |d: &str| domain == d || domain.strip_suffix(d).is_some_and(|rest| rest.ends_with('.'));
    SENDERS.iter().find(|s| s.domains.iter().any(|d| is(d))).map(|s| s.name)
}

/// By its name in a text, letter case ignored, whole words only.
pub(in crate::formats) fn by_words(text: &str) -> Option<&'static str> {
    SENDERS.iter().find(|s| s.words.iter().any(|w| holds_word(text, w))).map(|s| s.name)
}

fn holds_word(text: &str, word: &str) -> bool {
    let letter = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
    find_ignoring_case(text, word).is_some_and(|at| {
        let before = at.checked_sub(1).and_then(|b| text.as_bytes().get(b));
        !letter(before) && !letter(text.as_bytes().get(at + word.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_known_by_address_and_by_name() {
        let by = |a: &str| Email::parse(a).as_ref().and_then(by_address);
        assert_eq!(by("1-source@dealerleads.trader.ca"), Some("AutoTrader.ca"));
        assert_eq!(by("dealer-leads@messages.cargurus.com"), Some("CarGurus"));
        assert_eq!((by("dana@notcars.com"), by("dana@example.com")), (None, None));
        assert_eq!(by_words("Lead Submission from CARGURUS"), Some("CarGurus"));
        assert_eq!((by_words("Autotraders"), by_words("nothing")), (None, None));
    }
}
