//! How often may they ask?
//!
//! One budget for each class of routes and each bucket: an account when somebody is signed in, else the caller's network.
//! The memory this takes is bounded: buckets that are full again are forgotten, and beyond a ceiling newcomers share one.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    state::keyed::DashMapStateStore,
};

use super::request::{Peer, Who};
use crate::domain::ids::StaffId;

/// Buckets a class remembers at most: 50,000 take about 5 MB.
const MAX_BUCKETS: usize = 50_000;

/// Charges between two looks at how many buckets there are.
const CHARGES_BETWEEN_SWEEPS: u32 = 4_096;

/// Routes that share a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateClass {
    /// Not limited: health, metrics, files of the screens.
    Free,
    /// Reads of staff.
    Read,
    /// Search as one types.
    Search,
    /// Changes by staff.
    Write,
    /// Attempts to prove who one is.
    SignIn,
    /// Opening of a live stream.
    Live,
    /// Files handed over for import.
    Import,
    /// Events of the website.
    Collect,
    /// Leads.
    Lead,
    /// Events under one key: all shoppers of a website together.
    CollectKey,
    /// Leads under one key: all of a sender.
    LeadKey,
    /// Forms of ours on the website, filled in by a person.
    Form,
}

/// So many at once, and so many a minute from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    pub burst: NonZeroU32,
    pub per_minute: NonZeroU32,
}

impl Budget {
    /// Zeros count as one.
    #[must_use]
    pub const fn new(burst: u32, per_minute: u32) -> Self {
        const fn at_least_one(n: u32) -> NonZeroU32 {
            match NonZeroU32::new(n) {
                Some(n) => n,
                None => NonZeroU32::MIN,
            }
        }
        Self { burst: at_least_one(burst), per_minute: at_least_one(per_minute) }
    }
}

impl RateClass {
    pub const ALL: [Self; 12] = [
        Self::Free,
        Self::Read,
        Self::Search,
        Self::Write,
        Self::SignIn,
        Self::Live,
        Self::Import,
        Self::Collect,
        Self::Lead,
        Self::CollectKey,
        Self::LeadKey,
        Self::Form,
    ];

    /// The budget of one bucket, unless the configuration says otherwise. `None` is no limit.
    #[must_use]
    pub fn usual_budget(self) -> Option<Budget> {
        match self {
            Self::Free => None,
            // A screen reads some ten things when it opens; ten a second is a script.
            Self::Read => Some(Budget::new(200, 1_200)),
            // Ten keystrokes a second, for a minute without rest.
            Self::Search => Some(Budget::new(60, 600)),
            Self::Write => Some(Budget::new(60, 240)),
            // A whole store signs in behind one network at opening time.
            Self::SignIn => Some(Budget::new(30, 30)),
            // A reconnect storm after sleep, then one a second.
            Self::Live => Some(Budget::new(30, 60)),
            Self::Import => Some(Budget::new(10, 20)),
            // A busy page sends one event a second; a network of shoppers thirty times that.
            Self::Collect => Some(Budget::new(600, 1_800)),
            // A marketplace that resends a day's leads in one go.
            Self::Lead => Some(Budget::new(200, 300)),
            // A key stands in every page of the site: a thousand a second is more than any one store's site, and less than the store can take.
            Self::CollectKey => Some(Budget::new(6_000, 60_000)),
            Self::LeadKey => Some(Budget::new(1_000, 1_200)),
            // A household sets an alert on each car it looks at; no hand is faster.
            Self::Form => Some(Budget::new(20, 10)),
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Read => "read",
            Self::Search => "search",
            Self::Write => "write",
            Self::SignIn => "sign-in",
            Self::Live => "live",
            Self::Import => "import",
            Self::Collect => "collect",
            Self::Lead => "lead",
            Self::CollectKey => "collect-key",
            Self::LeadKey => "lead-key",
            Self::Form => "form",
        }
    }

    /// The machine itself (imports, benches, a proxy on the same host) is the store's own, except where guessing would pay.
    fn spares_this_machine(self) -> bool {
        match self {
            Self::SignIn => false,
            Self::Free
            | Self::Read
            | Self::Search
            | Self::Write
            | Self::Live
            | Self::Import
            | Self::Collect
            | Self::Lead
            | Self::CollectKey
            | Self::LeadKey
            | Self::Form => true,
        }
    }
}

/// Whose budget it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// The first three bytes of an IPv4 address: one household or office.
    Net4([u8; 3]),
    /// The first 48 bits of an IPv6 address: what one site is given.
    Net6([u8; 6]),
    Account(StaffId),
    /// A sender's key or a name, hashed, so that no secret stays here.
    Key(u64),
    /// A process of this machine.
    ThisMachine,
    /// Everybody who came when the memory was full.
    Overflow,
}

impl Bucket {
    /// This machine, else the account when there is one, else the network.
    #[must_use]
    pub fn of(who: Option<&Who>, peer: Peer) -> Self {
        let place = match peer {
            Peer::Net(address) => Self::net(address),
            Peer::Socket => Self::ThisMachine,
        };
        match who {
            Some(who) if place != Self::ThisMachine => Self::Account(who.staff),
            Some(_) | None => place,
        }
    }

    /// A sender's key, unless a process of this machine uses it.
    #[must_use]
    pub fn sender(key: &str, peer: Peer) -> Self {
        match Self::of(None, peer) {
            Self::ThisMachine => Self::ThisMachine,
            Self::Net4(_) | Self::Net6(_) | Self::Account(_) | Self::Key(_) | Self::Overflow => Self::key(key),
        }
    }

    /// A name somebody tries to sign in by.
    #[must_use]
    pub fn key(text: &str) -> Self {
        let hash = blake3::hash(text.as_bytes());
        Self::Key(hash.as_bytes()[..8].iter().fold(0, |n, byte| n << 8 | u64::from(*byte)))
    }

    fn net(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(Ipv4Addr::LOCALHOST) | IpAddr::V6(Ipv6Addr::LOCALHOST) => Self::ThisMachine,
            IpAddr::V4(v4) => {
                let [office @ .., _] = v4.octets();
                Self::Net4(office)
            }
            IpAddr::V6(v6) => {
                let [site @ .., _, _, _, _, _, _, _, _, _, _] = v6.octets();
                Self::Net6(site)
            }
        }
    }
}

type Limiter<K> = RateLimiter<Bucket, DashMapStateStore<Bucket>, K, NoOpMiddleware<<K as Clock>::Instant>>;

/// All budgets of one listener.
#[derive(Debug)]
pub struct Rates<K: Clock = DefaultClock> {
    classes: Vec<(RateClass, Limiter<K>)>,
    clock: K,
    max_buckets: usize,
    charges: AtomicU32,
}

impl Rates {
    /// The usual budgets.
    #[must_use]
    pub fn usual() -> Self {
        Self::new(RateClass::usual_budget)
    }

    /// The budgets the configuration asks for.
    pub fn new(budget: impl Fn(RateClass) -> Option<Budget>) -> Self {
        Self::with_clock(budget, DefaultClock::default(), MAX_BUCKETS)
    }
}

impl<K: Clock + Clone> Rates<K> {
    fn with_clock(budget: impl Fn(RateClass) -> Option<Budget>, clock: K, max_buckets: usize) -> Self {
        let limiter = |class: RateClass| {
            let budget = budget(class)?;
            let quota = Quota::per_minute(budget.per_minute).allow_burst(budget.burst);
            Some((class, RateLimiter::new(quota, DashMapStateStore::default(), clock.clone())))
        };
        let classes = RateClass::ALL.into_iter().filter_map(limiter).collect();
        Self { classes, clock, max_buckets, charges: AtomicU32::new(0) }
    }

    /// One more request of this class. When the budget is spent: how long until the next is allowed.
    pub fn charge(&self, class: RateClass, bucket: Bucket) -> Result<(), Duration> {
        if bucket == Bucket::ThisMachine && class.spares_this_machine() {
            return Ok(());
        }
        let Some((_, limiter)) = self.classes.iter().find(|(c, _)| *c == class) else { return Ok(()) };
        let refused = |not_until: NotUntil<K::Instant>| not_until.wait_time_from(self.clock.now());
        if self.charges.fetch_add(1, Ordering::Relaxed).is_multiple_of(CHARGES_BETWEEN_SWEEPS) {
            self.sweep();
        }
        let bucket = match bucket {
            Bucket::Net4(_) | Bucket::Net6(_) | Bucket::Key(_) if limiter.len() >= self.max_buckets => Bucket::Overflow,
            // There are only as many accounts as people who work here: a flood of strangers takes nothing from them.
            Bucket::Net4(_) | Bucket::Net6(_) | Bucket::Key(_) | Bucket::Account(_) | Bucket::ThisMachine | Bucket::Overflow => bucket,
        };
        limiter.check_key(&bucket).map_err(refused)
    }

    /// Forgets the buckets that are full again.
    fn sweep(&self) {
        for (_, limiter) in &self.classes {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn rates(max_buckets: usize) -> (Rates<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Rates::with_clock(|class| (class != RateClass::Free).then_some(Budget::new(3, 60)), clock.clone(), max_buckets), clock)
    }

    fn net(text: &str) -> Bucket {
        text.parse().map_or(Bucket::Overflow, |ip| Bucket::of(None, Peer::Net(ip)))
    }

    #[test]
    fn a_spent_budget_says_how_long_to_wait_and_then_allows() {
        let (rates, clock) = rates(100);
        let caller = net("203.0.113.9");
        for _ in 0..3 {
            assert_eq!(rates.charge(RateClass::Lead, caller), Ok(()));
        }
        assert_eq!(rates.charge(RateClass::Lead, caller), Err(Duration::from_secs(1)));
        assert_eq!(rates.charge(RateClass::Collect, caller), Ok(()), "another class has its own budget");
        clock.advance(Duration::from_secs(1));
        assert_eq!(rates.charge(RateClass::Lead, caller), Ok(()));
        assert!(rates.charge(RateClass::Lead, caller).is_err());
    }

    #[test]
    fn neighbours_on_one_network_share_a_budget_and_others_do_not() {
        for (one, other, shared) in [
            ("203.0.113.9", "203.0.113.200", true),
            ("203.0.113.9", "203.0.114.9", false),
            ("::ffff:203.0.113.9", "203.0.113.1", true),
            ("2001:db8:1:2::1", "2001:db8:1:ffff::9", true),
            ("2001:db8:1::1", "2001:db8:2::1", false),
        ] {
            assert_eq!(net(one) == net(other), shared, "{one} {other}");
        }
    }

    #[test]
    fn this_machine_is_spared_except_where_guessing_pays() {
        let (rates, _clock) = rates(100);
        let somebody = Who { staff: StaffId(7), role: crate::domain::staff::Role::Rep, by: crate::http::request::SignedBy::Bearer };
        assert_eq!(Bucket::of(Some(&somebody), Peer::Socket), Bucket::ThisMachine);
        assert_eq!(Bucket::of(Some(&somebody), Peer::Net(IpAddr::from([10, 0, 0, 1]))), Bucket::Account(StaffId(7)));
        for _ in 0..50 {
            assert_eq!(rates.charge(RateClass::Lead, net("127.0.0.1")), Ok(()));
        }
        let guesses = (0..50).filter(|_| rates.charge(RateClass::SignIn, net("::1")).is_ok()).count();
        assert_eq!(guesses, 3);
    }

    #[test]
    fn a_key_has_its_own_budget_for_the_world_and_none_for_this_machine() {
        let (rates, _clock) = rates(100);
        let (here, there) = (Peer::Net(IpAddr::from([127, 0, 0, 1])), Peer::Net(IpAddr::from([203, 0, 113, 9])));
        let allowed = |peer: Peer| (0..50).filter(|_| rates.charge(RateClass::CollectKey, Bucket::sender("k", peer)).is_ok()).count();
        assert_eq!(allowed(there), 3);
        assert_eq!(allowed(Peer::Net(IpAddr::from([198, 51, 100, 7]))), 0, "the key's budget is the same from another network");
        assert_eq!(allowed(here), 50);
    }

    #[test]
    fn a_flood_of_addresses_cannot_grow_the_memory() {
        let (rates, _clock) = rates(100);
        let allowed = (0..20_000_u64).filter(|n| rates.charge(RateClass::Lead, Bucket::Key(*n)).is_ok()).count();
        let held: usize = rates.classes.iter().map(|(_, limiter)| limiter.len()).sum();
        assert!(held <= 101, "{held}");
        assert!(allowed <= 110, "{allowed}");
        assert_eq!(rates.charge(RateClass::Lead, Bucket::Account(StaffId(7))), Ok(()), "staff keep their own budget");
    }

    #[test]
    fn a_full_bucket_is_forgotten() {
        let (rates, clock) = rates(100);
        for n in 0..90 {
            assert_eq!(rates.charge(RateClass::Lead, Bucket::Key(n)), Ok(()));
        }
        clock.advance(Duration::from_mins(2));
        rates.sweep();
        assert_eq!(rates.classes.iter().map(|(_, limiter)| limiter.len()).sum::<usize>(), 0);
    }
}
