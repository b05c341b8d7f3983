//! Is it somebody outside? Addresses of one's own networks, of this computer and of no computer at all are not.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address can be reached by anybody on the internet. Source: the special-purpose registries of IANA (RFC 6890 and later).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_protocol = (a, b, c) == (192, 0, 0);
    let is_benchmark = a == 198 && (b == 18 || b == 19);
    let is_own = v4.is_private() || v4.is_loopback() || v4.is_link_local();
    !(is_own || is_shared || is_protocol || is_benchmark || v4.is_documentation() || a == 0 || a >= 224)
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    if let Some(v4) = v6.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let segments = v6.segments();
    // 64:ff9b::/96: an IPv4 address behind a translator.
    if segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        let [.., a, b, c, d] = v6.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    // Only 2000::/3 is given out; in it 2001:db8::/32 is for books and 2002::/16 wraps IPv4.
    let is_global = segments[0] & 0xe000 == 0x2000;
    is_global && segments[0] != 0x2002 && segments[..2] != [0x2001, 0x0db8] && segments[..2] != [0x2001, 0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_ones_own_networks_are_not_outside() {
        for (text, outside) in [
            ("8.8.8.8", true),
            ("1.1.1.1", true),
            ("172.15.0.1", true),
            ("100.63.0.1", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("0.0.0.0", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("2606:4700::1111", true),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("ff02::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::10.0.0.1", false),
            ("64:ff9b::8.8.8.8", true),
            ("2002:7f00:1::", false),
        ] {
            assert_eq!(is_public(text.parse().unwrap()), outside, "{text}");
        }
    }
}
