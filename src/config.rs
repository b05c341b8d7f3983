//! What has this store decided? One file, every setting with its unit, its default and its reason; a wrong one refuses to start.

use crate::{
    domain::{
        email::Email,
        money::{Bps, Cents},
        phone::Phone,
        rooftop::{Hours, Rooftop},
        time::{MINUTE_MS, Zone},
    },
    engine::{
        equity::payment_match::{RateTable, RateTier},
        identity::StorePoints,
    },
    service::{
        Money, Policy,
        feeds::{self, Fetch},
    },
};
use anyhow::{Context, anyhow, bail, ensure};
use serde::{Deserialize, Serialize};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub store: StoreConfig,
    pub lan: LanConfig,
    pub public: PublicConfig,
    pub finance: FinanceConfig,
    /// The file with the store's secret, apart from the data. Default: beside the data folder, its name with `.key`.
    pub key_file: Option<PathBuf>,
    /// A folder whose files are imported. Default: none.
    pub drop_folder: Option<PathBuf>,
    /// Feeds of the lot that are fetched by themselves. Default: none.
    pub feeds: Vec<FeedConfig>,
}

/// A feed of the lot that is fetched by itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedConfig {
    /// As the screens show it.
    pub name: String,
    /// Its address, https; no other host than this one is asked.
    pub url: String,
    /// Minutes between two askings. Default: an hour.
    #[serde(default = "FeedConfig::usual_minutes")]
    pub every_minutes: u32,
    /// Whether its host may stand in a network of one's own. Default: no.
    #[serde(default)]
    pub may_be_private: bool,
    /// A file with the certificates by which the host is known, as PEM. Default: those of the system.
    #[serde(default)]
    pub roots: Option<PathBuf>,
}

impl FeedConfig {
    fn usual_minutes() -> u32 {
        60
    }

    fn fetch(&self) -> anyhow::Result<Fetch> {
        feeds::may_be_called(&self.name).map_err(|sentence| anyhow!("feeds.name \"{}\": {sentence}", self.name))?;
        let host = https_host(&self.url)
            .with_context(|| format!("feeds.url \"{}\" must be an address by https, such as \"https://feeds.example.com/lot.xml\"", self.url))?;
        ensure!((5..=7 * 24 * 60).contains(&self.every_minutes), "feeds.every_minutes must be 5 to 10080");
        ensure!(self.roots.as_ref().is_none_or(|f| f.is_absolute()), "feeds.roots must be a whole path");
        let (name, url, roots) = (self.name.clone(), self.url.clone(), self.roots.clone());
        Ok(Fetch { name, url, host, every_ms: i64::from(self.every_minutes) * MINUTE_MS, may_be_private: self.may_be_private, roots })
    }
}

/// The host of an address by https that carries no name and password.
fn https_host(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let is_plain = !authority.is_empty() && !authority.contains('@') && url.chars().all(|c| c.is_ascii_graphic());
    is_plain.then(|| authority.to_owned())
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// Shown to staff and signed under messages.
    pub name: String,
    /// IANA name of the zone in which the store keeps its hours.
    pub zone: String,
    /// Opening hours a day, Monday first, as `09:00-19:00` or `closed`. Clocks of first responses run only then.
    pub hours: [String; 7],
    /// Minutes within which a new lead or a reply must have an answer. Trade rule: five.
    pub first_response_minutes: u16,
    /// Cards a day that may ask for one person's attention though no customer waits: of more, the nearest to buying come, the others the next
    /// morning.
    pub cards_a_day: u16,
    /// The store's own phones: on a lead they never stand for a customer.
    pub own_phones: Vec<String>,
    /// The store's own e-mail addresses.
    pub own_emails: Vec<String>,
}

impl Default for StoreConfig {
    fn default() -> Self {
        let day = |text: &str| text.to_owned();
        let week = "09:00-19:00";
        Self {
            name: "Our store".to_owned(),
            zone: "America/New_York".to_owned(),
            hours: [day(week), day(week), day(week), day(week), day(week), day("09:00-18:00"), day("closed")],
            first_response_minutes: 5,
            cards_a_day: 30,
            own_phones: vec![],
            own_emails: vec![],
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LanConfig {
    /// Where staff reach the screens.
    pub addr: SocketAddr,
    /// Names under which staff open it, besides its addresses and localhost. Other names are refused (DNS rebinding).
    pub names: Vec<String>,
}

impl Default for LanConfig {
    fn default() -> Self {
        Self { addr: SocketAddr::from(([127, 0, 0, 1], 8080)), names: vec!["headlight.local".to_owned()] }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PublicConfig {
    /// Where lead senders and the website reach the store. Has no route to staff data.
    pub addr: SocketAddr,
    /// Proxies in front of it, whose word on the caller's address is believed.
    pub proxies: Vec<std::net::IpAddr>,
}

impl Default for PublicConfig {
    fn default() -> Self {
        Self { addr: SocketAddr::from(([127, 0, 0, 1], 8081)), proxies: vec![] }
    }
}

/// What the store asks for money: worksheets of reps only, never a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FinanceConfig {
    /// Percent of a car's price.
    pub sales_tax: f64,
    /// Dollars a deal: title, registration, documents.
    pub fees: f64,
    /// From how many dollars left of a car its owner is worth a talk in the service lane.
    pub talk_from: f64,
    /// Months of the terms that are offered.
    pub terms: Vec<u16>,
    /// A line a credit tier, the best first: the rate that such a customer bears today at most, then today's rate of each term, in percent.
    pub rates: Vec<Vec<f64>>,
}

impl Default for FinanceConfig {
    fn default() -> Self {
        Self {
            sales_tax: 6.0,
            fees: 499.0,
            talk_from: 2_000.0,
            terms: vec![60, 66, 72, 75, 84],
            rates: vec![vec![7.5, 6.9, 7.1, 7.4, 7.6, 7.9], vec![12.0, 9.9, 10.1, 10.4, 10.6, 10.9], vec![99.0, 15.9, 16.1, 16.4, 16.6, 16.9]],
        }
    }
}

impl FinanceConfig {
    fn money(&self) -> anyhow::Result<Money> {
        ensure!((0.0..=30.0).contains(&self.sales_tax), "finance.sales_tax must be 0 to 30 percent");
        ensure!((0.0..=10_000.0).contains(&self.fees), "finance.fees must be 0 to 10000 dollars");
        ensure!((0.0..=50_000.0).contains(&self.talk_from), "finance.talk_from must be 0 to 50000 dollars");
        let terms = &self.terms;
        ensure!(
            !terms.is_empty() && terms.iter().all(|n| (12..=144).contains(n)) && terms.is_sorted(),
            "finance.terms must be months, 12 to 144, the shortest first"
        );
        let mut tiers = Vec::with_capacity(self.rates.len());
        for line in &self.rates {
            let [up_to, rates @ ..] = line.as_slice() else {
                bail!("finance.rates has an empty line; write the highest rate of today and one of each term")
            };
            ensure!(rates.len() == terms.len(), "finance.rates has a line of {} rates for {} terms", rates.len(), terms.len());
            ensure!(line.iter().all(|rate| (0.0..=99.99).contains(rate)), "finance.rates must be 0 to 99.99 percent");
            tiers
                .push(RateTier { today_up_to: hundredths(*up_to), terms: terms.iter().copied().zip(rates.iter().map(|r| hundredths(*r))).collect() });
        }
        ensure!(!tiers.is_empty() && tiers.is_sorted_by_key(|t| t.today_up_to), "finance.rates must have a line a credit tier, the best first");
        let cents = |dollars: f64| Cents(i64::from(hundredths(dollars).0));
        let rates = RateTable { tiers, sales_tax: hundredths(self.sales_tax), fees: cents(self.fees) };
        Ok(Money { rates, talk_from: cents(self.talk_from) })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "held to what a setting may be before")]
fn hundredths(n: f64) -> Bps {
    Bps((n * 100.0).round() as i32)
}

impl Config {
    /// Reads the file; without one, the defaults.
    ///
    /// # Errors
    /// Names the file, the line and what is wrong with it.
    pub fn read(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(path).with_context(|| format!("the configuration {} could not be read", path.display()))?;
        let config: Self = toml::from_str(&text).with_context(|| format!("the configuration {} is not right", path.display()))?;
        config.policy()?;
        Ok(config)
    }

    /// The settings as the acts use them.
    ///
    /// # Errors
    /// Names the setting that cannot be used and what it should look like.
    pub fn policy(&self) -> anyhow::Result<Policy> {
        let store = &self.store;
        ensure!(self.drop_folder.as_ref().is_none_or(|f| f.is_absolute()), "drop_folder must be a whole path, such as \"/var/spool/headlight\"");
        ensure!(!store.name.trim().is_empty(), "store.name is empty; give the store's name");
        let zone = Zone::named(&store.zone)
            .with_context(|| format!("store.zone \"{}\" is no time zone; write one like \"America/New_York\"", store.zone))?;
        ensure!((1..=24 * 60).contains(&store.first_response_minutes), "store.first_response_minutes must be 1 to 1440");
        ensure!((1..=500).contains(&store.cards_a_day), "store.cards_a_day must be 1 to 500");
        let mut hours = [None; 7];
        for (day, text) in hours.iter_mut().zip(&store.hours) {
            *day = parse_hours(text)?;
        }
        let phones = store
            .own_phones
            .iter()
            .map(|t| Phone::parse(t).with_context(|| format!("store.own_phones has \"{t}\", which is no phone number")))
            .collect::<anyhow::Result<_>>()?;
        let emails = store
            .own_emails
            .iter()
            .map(|t| Email::parse(t).with_context(|| format!("store.own_emails has \"{t}\", which is no address")))
            .collect::<anyhow::Result<_>>()?;
        let fetches = self.feeds.iter().map(FeedConfig::fetch).collect::<anyhow::Result<Vec<_>>>()?;
        for (n, fetch) in fetches.iter().enumerate() {
            let twice = fetches.iter().take(n).any(|other| other.name.eq_ignore_ascii_case(&fetch.name));
            ensure!(!twice, "feeds.name \"{}\" stands there twice; give each feed a name of its own", fetch.name);
        }
        Ok(Policy {
            fetches,
            rooftop: Rooftop {
                name: store.name.trim().to_owned(),
                zone,
                hours,
                first_response_minutes: store.first_response_minutes,
                cards_a_day: store.cards_a_day,
            },
            own_points: StorePoints { phones, emails },
            drop_folder: self.drop_folder.clone(),
            money: self.finance.money()?,
            ..Policy::default()
        })
    }

    /// Where the secret of this data folder is.
    #[must_use]
    pub fn key_file(&self, data: &Path) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| {
            let mut name = data.file_name().unwrap_or_default().to_owned();
            name.push(".key");
            data.with_file_name(name)
        })
    }
}

fn parse_hours(text: &str) -> anyhow::Result<Option<Hours>> {
    if text.trim().eq_ignore_ascii_case("closed") {
        return Ok(None);
    }
    let minute = |t: &str| -> Option<u16> {
        let (h, m) = t.trim().split_once(':')?;
        let (h, m): (u16, u16) = (h.parse().ok()?, m.parse().ok()?);
        // 24:00 is the end of the day, for a store that closes at midnight or never.
        (h < 24 && m < 60 || (h, m) == (24, 0)).then_some(h * 60 + m)
    };
    match text.split_once('-').map(|(a, b)| (minute(a), minute(b))) {
        Some((Some(opens), Some(closes))) if opens < closes => Ok(Some(Hours { opens, closes })),
        Some(_) | None => bail!("store.hours has \"{text}\"; write \"09:00-19:00\" or \"closed\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_setting_is_named() {
        for (text, named) in [
            ("[store]\nzone = \"Maine\"", "store.zone"),
            ("[store]\nhours = [\"9-5\",\"closed\",\"closed\",\"closed\",\"closed\",\"closed\",\"closed\"]", "store.hours"),
            ("[store]\nown_phones = [\"12\"]", "store.own_phones"),
            ("[store]\nfirst_response_minutes = 0", "store.first_response_minutes"),
            ("[store]\ncards_a_day = 0", "store.cards_a_day"),
            ("[lan]\nport = 8080", "port"),
            ("[finance]\nsales_tax = 60.0", "finance.sales_tax"),
            ("[finance]\nterms = [72, 60]", "finance.terms"),
            ("[finance]\nrates = [[7.5, 6.9]]", "finance.rates"),
            ("[finance]\nrates = []", "finance.rates"),
            ("[finance]\ntalk_from = -1.0", "finance.talk_from"),
            ("drop_folder = \"drop\"", "drop_folder"),
            ("[[feeds]]\nname = \"Site\"\nurl = \"http://feeds.example.com/a\"", "feeds.url"),
            ("[[feeds]]\nname = \"Site\"\nurl = \"https://me:secret@feeds.example.com/a\"", "feeds.url"),
            ("[[feeds]]\nname = \"../etc\"\nurl = \"https://feeds.example.com/a\"", "feeds.name"),
            ("[[feeds]]\nname = \"Site\"\nurl = \"https://feeds.example.com/a\"\nevery_minutes = 1", "feeds.every_minutes"),
            ("[[feeds]]\nname = \"Site\"\nurl = \"https://a.example.com/\"\n[[feeds]]\nname = \"site\"\nurl = \"https://b.example.com/\"", "twice"),
        ] {
            let said = match toml::from_str::<Config>(text) {
                Ok(config) => config.policy().err().map(|e| e.to_string()).unwrap_or_default(),
                Err(e) => e.to_string(),
            };
            assert!(said.contains(named), "{text}: {said}");
        }
    }

    #[test]
    fn a_store_may_be_open_until_midnight_or_never_close() {
        assert_eq!(parse_hours("00:00-24:00").ok().flatten(), Some(Hours { opens: 0, closes: 24 * 60 }));
        assert!(parse_hours("09:00-24:01").is_err() && parse_hours("24:00-24:00").is_err());
    }

    #[test]
    fn the_key_lies_beside_the_data_folder_not_in_it() {
        assert_eq!(Config::default().key_file(Path::new("/var/lib/headlight/data")), PathBuf::from("/var/lib/headlight/data.key"));
    }
}
