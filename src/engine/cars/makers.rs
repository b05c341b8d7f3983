//! Whose number is it, where the vPIC table has no word of it? Heavy trucks, motorcycles, cars made for elsewhere.

#[derive(Debug, Clone, Copy)]
pub(super) struct Maker {
    pub(super) make: &'static str,
    /// Heavy trucks and motorcycles: the seventh character says nothing of the year.
    pub(super) is_heavy: bool,
}

/// Source: maker codes as registered under ISO 3780 and named in the makers' own filings.
const HEAVY: &[(&str, &[&str])] = &[
    ("Autocar", &["5VC"]),
    ("Ducati", &["ZDM"]),
    ("Freightliner", &["1FU", "1FV", "3AL", "3AK", "4UZ"]),
    ("Harley-Davidson", &["1HD", "5HD"]),
    ("Hino", &["5PV", "JHH", "JHB", "2AY"]),
    ("Honda", &["JH2", "1HF", "MLH"]),
    ("Indian", &["56K"]),
    ("International", &["1HT", "1HS", "3HA", "3HS", "2HS"]),
    ("Isuzu", &["JAL", "4KL", "54D"]),
    ("Kawasaki", &["JKA", "JKB"]),
    ("Kenworth", &["1XK", "1NK", "2NK", "3BK"]),
    ("KTM", &["VBK"]),
    ("Mack", &["1M1", "1M2"]),
    ("Mitsubishi Fuso", &["JL6", "JLS", "JW6"]),
    ("Peterbilt", &["1XP", "1NP", "2NP", "3BP"]),
    ("Suzuki", &["JS1"]),
    ("Triumph", &["SMT"]),
    ("Volvo Truck", &["4V1", "4V4", "4V5"]),
    ("Western Star", &["5KJ", "5KK", "2WK"]),
    ("Workhorse", &["5B4"]),
    ("Yamaha", &["JYA"]),
];

/// Cars made for elsewhere, and codes whose patterns are filed under another.
const LIGHT: &[(&str, &[&str])] = &[
    ("Alfa Romeo", &["ZAR"]),
    ("Audi", &["TRU"]),
    ("Chevrolet", &["1GA", "1GB", "2GB", "3GB"]),
    ("Citro\u{eb}n", &["VF7", "VR7"]),
    ("Dacia", &["UU1"]),
    ("Fiat", &["ZFA"]),
    ("Ford", &["1FB", "1FD", "2FD", "3FD", "WF0"]),
    ("GMC", &["1GD", "2GD", "3GD", "1GJ"]),
    ("Honda", &["SHH"]),
    ("Hyundai", &["NLH", "TMA"]),
    ("Kia", &["U5Y"]),
    ("MG", &["LSJ", "SDP"]),
    ("Nissan", &["SJN", "VSK"]),
    ("Opel", &["W0V"]),
    ("Peugeot", &["VF3", "VR3"]),
    ("Ram", &["3C7"]),
    ("Renault", &["VF1"]),
    ("SEAT", &["VSS"]),
    ("\u{160}koda", &["TMB"]),
    ("Tesla", &["LRW", "XP7"]),
    ("Toyota", &["NMT", "SB1", "VNK"]),
];

pub(super) fn of(vin: &str) -> Option<Maker> {
    let code = vin.get(..3)?;
    let found =
        |list: &[(&'static str, &[&str])], is_heavy| list.iter().find(|(_, codes)| codes.contains(&code)).map(|(make, _)| Maker { make, is_heavy });
    found(HEAVY, true).or_else(|| found(LIGHT, false))
}

/// Codes of the same maker whose chart this one shares: chassis cabs and wagons are numbered like the trucks they are built on.
pub(super) fn also_filed_under(vin: &str) -> &'static [&'static str] {
    match vin.get(..3).unwrap_or_default() {
        "1GA" | "1GB" | "2GB" | "3GB" => &["1GC", "2GC", "3GC"],
        "1GD" | "2GD" | "3GD" | "1GJ" => &["1GT", "2GT", "3GT"],
        "1FB" | "1FD" | "2FD" | "3FD" => &["1FT", "1FM"],
        "3C7" => &["3C6"],
        "3KM" => &["KM8", "5NM", "KMH"],
        "3KP" => &["KNA", "5XX"],
        _ => &[],
    }
}
