//! How much may one listener hold, and one address of it?

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::request::Peer;

/// Every limit of one listener, with its unit.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its name in logs and counters.
    pub name: &'static str,
    /// Connections at a time.
    pub connections: usize,
    /// Connections at a time from one IPv4 address or one IPv6 /64.
    pub connections_per_address: usize,
    /// Whether this machine's own address counts as one address like any other.
    pub this_machine: ThisMachine,
    /// From the first byte of a head (or from the connection) to its end.
    pub head: Duration,
    /// Between two requests of one connection.
    pub idle: Duration,
    /// From the head to the end of the body; large bodies earn more by arriving fast, see `pace`.
    pub body: Duration,
    /// What a body must bring on average once half of `body` has gone. Bytes a second.
    pub body_floor_bytes_per_s: u32,
    /// How long a caller may take nothing of an answer that waits for it.
    pub stall: Duration,
    /// How long a handler may think.
    pub think: Duration,
    /// How long a stop waits for answers under way.
    pub drain: Duration,
    /// Bytes of a head.
    pub head_bytes: usize,
    /// Lines of a head.
    pub head_lines: usize,
    /// Bytes of path and query.
    pub address_bytes: usize,
    /// Bytes read ahead and written behind on one connection.
    pub buffer_bytes: usize,
    /// Proxies in front of us: from these addresses alone `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
}

/// How this machine's own connections are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThisMachine {
    LikeAnyOther,
    /// Only against the listener's total: benches, tests and a browser on the server itself.
    TotalOnly,
}

impl Policy {
    /// The staff's listener: one store's screens, each with up to six connections.
    #[must_use]
    pub fn lan() -> Self {
        Self { name: "lan", connections: 512, connections_per_address: 64, this_machine: ThisMachine::TotalOnly, ..Self::public() }
    }

    /// The listener the world reaches.
    #[must_use]
    pub fn public() -> Self {
        Self {
            name: "public",
            connections: 1_024,
            connections_per_address: 128,
            this_machine: ThisMachine::LikeAnyOther,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            body: Duration::from_secs(10),
            body_floor_bytes_per_s: 500,
            stall: Duration::from_secs(30),
            think: Duration::from_secs(30),
            drain: Duration::from_secs(10),
            head_bytes: 16 * 1024,
            head_lines: 64,
            address_bytes: 8 * 1024,
            buffer_bytes: 64 * 1024,
            proxies: Vec::new(),
        }
    }

    /// The server's own socket. Commands of the operator may take their time.
    #[must_use]
    pub fn socket() -> Self {
        Self { name: "socket", connections: 32, think: Duration::from_hours(1), ..Self::public() }
    }

    /// Who the caller is: the connection's other end, or, behind a proxy we know, whom the nearest proxy names.
    pub(super) fn caller(&self, peer: Peer, forwarded_for: Option<&str>) -> Peer {
        let Peer::Net(address) = peer else { return peer };
        if !self.is_proxy(address) {
            return peer;
        }
        let nearest = forwarded_for.into_iter().flat_map(|list| list.rsplit(',')).map_while(|entry| entry.trim().parse::<IpAddr>().ok());
        nearest.map(|ip| ip.to_canonical()).find(|ip| !self.is_proxy(*ip)).map_or(peer, Peer::Net)
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        self.proxies.contains(&address)
    }
}

/// The connections of one listener.
#[derive(Debug)]
pub(super) struct Doors {
    total: Arc<Semaphore>,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// Why a connection was turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    Listener,
    Address,
}

/// Held as long as the connection lives.
#[derive(Debug)]
pub(super) struct Permit {
    _place: OwnedSemaphorePermit,
    _share: Option<Share>,
}

#[derive(Debug)]
struct Share {
    address: IpAddr,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Doors {
    pub(super) fn new(policy: &Policy) -> Self {
        Self { total: Arc::new(Semaphore::new(policy.connections)), by_address: Arc::default() }
    }

    pub(super) fn admit(&self, policy: &Policy, peer: Peer) -> Result<Permit, Full> {
        // The share first: an address beyond its own is told so, however full the house.
        let share = match counted_address(policy, peer) {
            None => None,
            Some(address) => Some(self.take_share(address, policy.connections_per_address)?),
        };
        let place = Arc::clone(&self.total).try_acquire_owned().map_err(|_| Full::Listener)?;
        Ok(Permit { _place: place, _share: share })
    }

    fn take_share(&self, address: IpAddr, limit: usize) -> Result<Share, Full> {
        let mut by_address = lock(&self.by_address);
        let held = by_address.entry(address).or_insert(0);
        if *held >= limit {
            return Err(Full::Address);
        }
        *held += 1;
        Ok(Share { address, by_address: Arc::clone(&self.by_address) })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut by_address = lock(&self.by_address);
        if let Some(held) = by_address.get_mut(&self.address) {
            *held = held.saturating_sub(1);
            if *held == 0 {
                by_address.remove(&self.address);
            }
        }
    }
}

/// The address a connection counts against; `None` counts against the total only.
fn counted_address(policy: &Policy, peer: Peer) -> Option<IpAddr> {
    let Peer::Net(address) = peer else { return None };
    let is_spared = address.is_loopback() && policy.this_machine == ThisMachine::TotalOnly;
    (!is_spared && !policy.is_proxy(address)).then(|| match address {
        IpAddr::V4(_) => address,
        // One host may use any address of its /64.
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    })
}

/// Counts stay right whatever panicked beside them.
fn lock(counts: &Mutex<HashMap<IpAddr, usize>>) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> Result<Peer, std::net::AddrParseError> {
        Ok(Peer::Net(text.parse()?))
    }

    #[test]
    fn one_address_cannot_take_every_place_and_gets_its_own_back() -> Result<(), Box<dyn std::error::Error>> {
        let policy = Policy { connections: 4, connections_per_address: 2, ..Policy::public() };
        let doors = Doors::new(&policy);
        let greedy = net("203.0.113.9")?;
        let first = doors.admit(&policy, greedy).map_err(|_| "first")?;
        let _second = doors.admit(&policy, greedy).map_err(|_| "second")?;
        assert_eq!(doors.admit(&policy, greedy).err(), Some(Full::Address));
        let _other = doors.admit(&policy, net("203.0.113.10")?).map_err(|_| "another address")?;
        drop(first);
        let _again = doors.admit(&policy, greedy).map_err(|_| "given back")?;
        let _last = doors.admit(&policy, net("203.0.113.11")?).map_err(|_| "the fourth place")?;
        assert_eq!(doors.admit(&policy, net("203.0.113.12")?).err(), Some(Full::Listener));
        assert_eq!(lock(&doors.by_address).get(&"203.0.113.12".parse()?), None, "who is turned away leaves no trace");
        Ok(())
    }

    #[test]
    fn the_hosts_of_one_ipv6_network_share_their_places() -> Result<(), Box<dyn std::error::Error>> {
        let policy = Policy { connections_per_address: 1, ..Policy::public() };
        let doors = Doors::new(&policy);
        let _one = doors.admit(&policy, net("2001:db8::1")?).map_err(|_| "one")?;
        assert_eq!(doors.admit(&policy, net("2001:db8::2")?).err(), Some(Full::Address));
        assert!(doors.admit(&policy, net("2001:db8:0:1::1")?).is_ok());
        Ok(())
    }

    #[test]
    fn on_the_lan_this_machine_counts_against_the_total_only() -> Result<(), Box<dyn std::error::Error>> {
        for (policy, limit) in [(Policy::lan(), None), (Policy::public(), Some(Full::Address))] {
            let policy = Policy { connections: 2, connections_per_address: 1, ..policy };
            let doors = Doors::new(&policy);
            let _first = doors.admit(&policy, net("127.0.0.1")?).map_err(|_| "first")?;
            assert_eq!(doors.admit(&policy, net("127.0.0.1")?).err(), limit, "{}", policy.name);
        }
        Ok(())
    }

    #[test]
    fn only_a_known_proxy_may_name_the_caller() -> Result<(), Box<dyn std::error::Error>> {
        let policy = Policy { proxies: vec!["10.0.0.1".parse()?, "10.0.0.2".parse()?], ..Policy::public() };
        let table = [
            ("203.0.113.9", Some("198.51.100.1"), "203.0.113.9"),
            ("10.0.0.1", None, "10.0.0.1"),
            ("10.0.0.1", Some("198.51.100.1"), "198.51.100.1"),
            ("10.0.0.1", Some("1.1.1.1, 198.51.100.1"), "198.51.100.1"),
            ("10.0.0.1", Some("1.1.1.1, 198.51.100.1, 10.0.0.2"), "198.51.100.1"),
            ("10.0.0.1", Some("198.51.100.1, rubbish"), "10.0.0.1"),
        ];
        for (peer, header, caller) in table {
            assert_eq!(policy.caller(net(peer)?, header), net(caller)?, "{peer} {header:?}");
        }
        Ok(())
    }
}
