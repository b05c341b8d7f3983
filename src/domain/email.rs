//! An e-mail address, lower case, checked as far as a form can check it.

/// For example `dana.w@example.com`. Debug output shows the domain only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Email(String);

/// Domains behind which marketplaces hide a shopper's address. Good for a reply, never for telling people apart.
const RELAYS: &[&str] = &[
    "messages.cargurus.com",
    "leads.cars.com",
    "reply.craigslist.org",
    "sale.craigslist.org",
    "marketplace.facebook.com",
    "privaterelay.appleid.com",
    "relay.autotrader.com",
    "leads.autotrader.com",
];

impl Email {
    /// Reads one address; a `mailto:` in front, angle brackets and a trailing full stop are forgiven.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches("mailto:").trim_matches(['<', '>', '"', '\'', ' ']).trim_end_matches(['.', ',', ';']);
        let (local, domain) = text.rsplit_once('@')?;
        let plain = |s: &str| !s.is_empty() && !s.starts_with('.') && !s.ends_with('.') && !s.contains("..");
        let ok = plain(local)
            && local.len() <= 64
            && local.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"@<>()[],;:\\\"".contains(c))
            && plain(domain)
            && domain.len() <= 253
            && domain.contains('.')
            && domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
        ok.then(|| Self(text.to_lowercase()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Behind a marketplace's mask, or a placeholder: never evidence that two people are one.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        let (local, domain) = self.0.split_once('@').unwrap_or(("", ""));
        RELAYS.iter().any(|r| domain == *r || domain.strip_suffix(*r).is_some_and(|d| d.ends_with('.')))
            || matches!(local, "none" | "noemail" | "no-email" | "na" | "n/a" | "test" | "unknown" | "noreply" | "no-reply" | "donotreply")
    }
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Email(…@{})", self.0.rsplit('@').next().unwrap_or(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_senders_write_it() {
        for text in ["Dana.W@Example.com", " mailto:dana.w@example.com ", "<dana.w@example.com>", "dana.w@example.com."] {
            assert_eq!(Email::parse(text).map(|e| e.0), Some("dana.w@example.com".to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "dana", "dana@", "@example.com", "dana@example", "a b@example.com", "a@x.com; b@y.com"] {
            assert_eq!(Email::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_relay_never_tells_people_apart() {
        for (text, shared) in [("abc123@messages.cargurus.com", true), ("noemail@dealer.com", true), ("dana@example.com", false)] {
            assert_eq!(Email::parse(text).map(|e| e.is_shared()), Some(shared), "{text}");
        }
    }
}
