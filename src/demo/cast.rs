//! Who are the people that every demo meets, whatever its seed or size?
//!
//! Their phones are 207-555-0140 to 0169 and theirs alone; their mail has no digits, everybody else's has.

use crate::domain::staff::Role;

/// Who works at the store.
pub(super) const STAFF: [(&str, Role); 9] = [
    ("Priya Nair", Role::Rep),
    ("Jo Lindqvist", Role::Rep),
    ("Marcus Bell", Role::Rep),
    ("Ana Reyes", Role::Bdc),
    ("Lena Ortiz", Role::Advisor),
    ("Doug Farnham", Role::Advisor),
    ("Neil Abernathy", Role::Finance),
    ("Sam Rourke", Role::Manager),
    ("Ruth Haldane", Role::Owner),
];

/// Sold cars here once; the older deals carry their names.
pub(super) const FORMER_REPS: [&str; 3] = ["Dale Fournier", "Kristen Hobbs", "Ray Tibbetts"];

/// One named customer.
pub(super) struct Part {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    /// The last two digits of 207-555-01xx.
    pub(super) phone: u8,
    pub(super) email: &'static str,
    pub(super) street: &'static str,
    /// City, ZIP code.
    pub(super) town: (&'static str, &'static str),
    pub(super) car: Option<PartCar>,
}

/// What they drive.
pub(super) struct PartCar {
    pub(super) make: &'static str,
    pub(super) model: &'static str,
    pub(super) trim: &'static str,
    pub(super) year: u16,
    /// Today.
    pub(super) miles: u32,
    pub(super) bought: Option<Bought>,
    /// Visits to the service department within the store's memory.
    pub(super) visits: u8,
    pub(super) last_visit: Option<LastVisit>,
}

/// How they came by it here.
pub(super) struct Bought {
    pub(super) months_ago: u32,
    pub(super) price: i64,
    /// 0 is cash. Dollars.
    pub(super) financed: i64,
    pub(super) apr_bps: i32,
    pub(super) term_months: u16,
    pub(super) is_lease: bool,
    pub(super) seller: &'static str,
}

pub(super) struct LastVisit {
    pub(super) days_ago: u32,
    pub(super) work: &'static [&'static str],
    pub(super) declined: &'static [&'static str],
    pub(super) cents: i64,
}

const fn loan(months_ago: u32, price: i64, financed: i64, apr_bps: i32, term_months: u16, seller: &'static str) -> Bought {
    Bought { months_ago, price, financed, apr_bps, term_months, is_lease: false, seller }
}

const fn cash(months_ago: u32, price: i64, seller: &'static str) -> Bought {
    Bought { months_ago, price, financed: 0, apr_bps: 0, term_months: 0, is_lease: false, seller }
}

const fn drives(make: &'static str, model: &'static str, trim: &'static str, year: u16, miles: u32, bought: Option<Bought>, visits: u8) -> PartCar {
    PartCar { make, model, trim, year, miles, bought, visits, last_visit: None }
}

const PORTLAND: (&str, &str) = ("Portland", "04103");
const SOUTH_PORTLAND: (&str, &str) = ("South Portland", "04106");
const WESTBROOK: (&str, &str) = ("Westbrook", "04092");
const SCARBOROUGH: (&str, &str) = ("Scarborough", "04074");
const GORHAM: (&str, &str) = ("Gorham", "04038");
const SACO: (&str, &str) = ("Saco", "04072");
const YARMOUTH: (&str, &str) = ("Yarmouth", "04096");
const FALMOUTH: (&str, &str) = ("Falmouth", "04105");

const fn part(
    name: (&'static str, &'static str),
    phone: u8,
    email: &'static str,
    street: &'static str,
    town: (&'static str, &'static str),
    car: Option<PartCar>,
) -> Part {
    Part { first: name.0, last: name.1, phone, email, street, town, car }
}

pub(super) const DANA: u32 = 0;
pub(super) const CARMEN: u32 = 2;
pub(super) const TOMASZ: u32 = 5;
pub(super) const RENEE: u32 = 6;
pub(super) const AARON: u32 = 7;
pub(super) const HOPE: u32 = 8;
pub(super) const THEO: u32 = 9;
pub(super) const MIA: u32 = 10;
pub(super) const HANK: u32 = 11;
pub(super) const GRACE: u32 = 12;
pub(super) const PAT: u32 = 13;
pub(super) const GREG: u32 = 14;
pub(super) const MARCUS: u32 = 4;
pub(super) const ANA: u32 = 15;
pub(super) const JOEL: u32 = 16;
pub(super) const KIM: u32 = 17;
pub(super) const OLIVE: u32 = 18;
pub(super) const FEMI: u32 = 19;
pub(super) const PRISCILLA: u32 = 20;
pub(super) const DEV: u32 = 21;
pub(super) const TESS: u32 = 22;
pub(super) const BILL: u32 = 23;
pub(super) const INES: u32 = 24;
pub(super) const WADE: u32 = 25;
pub(super) const NOOR: u32 = 26;
pub(super) const CAL: u32 = 27;

/// How many they are: the cast stands at the head of every store.
pub(super) const CAST_SIZE: u32 = 28;

/// The first customers of every store, in this order.
pub(super) static CAST: [Part; CAST_SIZE as usize] = [
    Part {
        car: Some(PartCar {
            make: "Honda",
            model: "Civic",
            trim: "EX",
            year: 2018,
            miles: 61_240,
            bought: Some(loan(53, 22_950, 24_500, 640, 84, "Jo Lindqvist")),
            visits: 7,
            last_visit: Some(LastVisit {
                days_ago: 102,
                work: &["60,000-mile inspection", "Front brake pads and rotors"],
                declined: &["Rear tires, worn to 4/32"],
                cents: 48_600,
            }),
        }),
        ..part(("Dana", "Whitfield"), 48, "dana.w@example.com", "84 Stevens Avenue", ("Portland", "04102"), None)
    },
    part(
        ("Sam", "Whitfield"),
        49,
        "sam.whitfield@example.com",
        "84 Stevens Avenue",
        ("Portland", "04102"),
        Some(drives("Honda", "Pilot", "EX", 2015, 118_400, None, 4)),
    ),
    part(
        ("Carmen", "Ortega"),
        42,
        "carmen.ortega@example.com",
        "19 Pearl Street",
        WESTBROOK,
        Some(drives("Toyota", "Sienna", "LE", 2014, 141_900, Some(cash(44, 14_995, "Marcus Bell")), 6)),
    ),
    part(("Luis", "Ortega"), 43, "luis.ortega@example.com", "19 Pearl Street", WESTBROOK, None),
    part(
        ("Marcus", "Chen"),
        44,
        "marcus.chen@example.com",
        "402 Ocean Street",
        SOUTH_PORTLAND,
        Some(drives("Ford", "F-150", "XLT", 2019, 72_410, Some(loan(26, 33_900, 20_400, 790, 60, "Jo Lindqvist")), 11)),
    ),
    part(
        ("Tomasz", "Zielinski"),
        45,
        "tomasz.zielinski@example.com",
        "7 Tannery Lane",
        GORHAM,
        Some(drives("Honda", "Accord", "Sport", 2017, 74_900, None, 2)),
    ),
    part(
        ("Renee", "Bouchard"),
        46,
        "renee.bouchard@example.com",
        "233 Main Street",
        SACO,
        Some(drives("Subaru", "Forester", "Premium", 2016, 128_300, Some(cash(38, 17_450, "Priya Nair")), 5)),
    ),
    part(
        ("Aaron", "Feld"),
        47,
        "aaron.feld@example.com",
        "51 Foreside Road",
        FALMOUTH,
        Some(PartCar {
            make: "Mazda",
            model: "CX-5",
            trim: "Touring",
            year: 2024,
            miles: 21_300,
            bought: Some(Bought {
                months_ago: 34,
                price: 31_800,
                financed: 31_800,
                apr_bps: 480,
                term_months: 36,
                is_lease: true,
                seller: "Priya Nair",
            }),
            visits: 3,
            last_visit: None,
        }),
    ),
    part(
        ("Hope", "Adeyemi"),
        40,
        "hope.adeyemi@example.com",
        "118 Washington Avenue",
        ("Portland", "04101"),
        Some(drives("Toyota", "Corolla", "LE", 2014, 121_700, None, 3)),
    ),
    part(("Theo", "Lindgren"), 50, "theo.lindgren@example.com", "26 Mill Street", YARMOUTH, None),
    part(
        ("Mia", "Castellanos"),
        51,
        "mia.castellanos@example.com",
        "90 Broadway",
        SOUTH_PORTLAND,
        Some(drives("Nissan", "Rogue", "SV", 2015, 109_200, None, 2)),
    ),
    part(
        ("Hank", "Obermeyer"),
        52,
        "hank.obermeyer@example.com",
        "340 Gray Road",
        ("Windham", "04062"),
        Some(drives("Ford", "Escape", "SE", 2016, 98_600, Some(loan(61, 15_900, 14_200, 890, 72, "Dale Fournier")), 8)),
    ),
    part(("Grace", "Ilves"), 53, "grace.ilves@example.com", "15 Cottage Road", ("Cape Elizabeth", "04107"), None),
    part(("Pat", "Okonkwo"), 54, "pat.okonkwo@example.com", "66 Brighton Avenue", ("Portland", "04102"), None),
    part(
        ("Greg", "Sandoval"),
        55,
        "greg.sandoval@example.com",
        "9 Meadow Lane",
        SCARBOROUGH,
        Some(drives("Chevrolet", "Equinox", "LT", 2018, 84_100, None, 3)),
    ),
    part(
        ("Ana", "Ferreira"),
        56,
        "ana.ferreira@example.com",
        "71 Forest Avenue",
        PORTLAND,
        Some(drives("Hyundai", "Tucson", "SEL", 2021, 38_900, Some(loan(31, 24_600, 18_600, 710, 72, "Marcus Bell")), 5)),
    ),
    part(
        ("Joel", "Abara"),
        57,
        "joel.abara@example.com",
        "12 Elm Street",
        WESTBROOK,
        Some(drives("Toyota", "Corolla", "LE", 2023, 19_150, Some(loan(22, 22_300, 20_800, 690, 66, "Priya Nair")), 2)),
    ),
    part(
        ("Kim", "Hasegawa"),
        58,
        "kim.hasegawa@example.com",
        "205 Black Point Road",
        SCARBOROUGH,
        Some(drives("Subaru", "Forester", "Limited", 2016, 131_200, Some(cash(58, 20_900, "Dale Fournier")), 9)),
    ),
    part(
        ("Olive", "Brandt"),
        59,
        "olive.brandt@example.com",
        "48 Pine Street",
        ("Portland", "04102"),
        Some(drives("Honda", "Civic", "LX", 2020, 44_000, Some(loan(5, 18_450, 17_300, 760, 60, "Jo Lindqvist")), 1)),
    ),
    part(
        ("Femi", "Okafor"),
        60,
        "femi.okafor@example.com",
        "3 Orchard Court",
        GORHAM,
        Some(drives("Honda", "Odyssey", "EX", 2018, 97_700, Some(loan(40, 25_700, 22_400, 660, 72, "Marcus Bell")), 6)),
    ),
    part(
        ("Priscilla", "Yao"),
        61,
        "priscilla.yao@example.com",
        "160 Falmouth Road",
        FALMOUTH,
        Some(drives("Toyota", "RAV4", "XLE", 2020, 58_020, Some(loan(35, 27_900, 19_200, 620, 72, "Jo Lindqvist")), 7)),
    ),
    part(
        ("Dev", "Malhotra"),
        62,
        "dev.malhotra@example.com",
        "27 Highland Avenue",
        SOUTH_PORTLAND,
        Some(drives("Toyota", "Sienna", "XLE", 2017, 120_600, Some(cash(49, 23_800, "Priya Nair")), 10)),
    ),
    part(("Tess", "Moran"), 63, "tess.moran@example.com", "8 Bay Street", YARMOUTH, Some(drives("Hyundai", "Kona", "SEL", 2022, 31_900, None, 3))),
    part(
        ("Bill", "Sorensen"),
        64,
        "bill.sorensen@example.com",
        "512 Buxton Road",
        SACO,
        Some(drives("Honda", "Ridgeline", "RTL", 2021, 51_300, Some(loan(28, 33_400, 26_000, 640, 60, "Marcus Bell")), 6)),
    ),
    part(
        ("Ines", "Marchetti"),
        65,
        "ines.marchetti@example.com",
        "39 Deering Street",
        ("Portland", "04101"),
        Some(drives("Subaru", "Crosstrek", "Premium", 2019, 66_800, Some(loan(41, 23_300, 21_900, 580, 72, "Priya Nair")), 6)),
    ),
    part(
        ("Wade", "Pruitt"),
        66,
        "wade.pruitt@example.com",
        "77 Old County Road",
        ("Limington", "04049"),
        Some(drives("Chevrolet", "Silverado 1500", "LT", 2020, 69_500, Some(loan(33, 34_800, 30_100, 740, 72, "Marcus Bell")), 7)),
    ),
    part(
        ("Noor", "Aziz"),
        67,
        "noor.aziz@example.com",
        "144 Congress Street",
        ("Portland", "04101"),
        Some(drives("Honda", "CR-V", "EX", 2021, 47_900, Some(loan(54, 27_200, 24_300, 590, 60, "Jo Lindqvist")), 8)),
    ),
    part(
        ("Cal", "Whitaker"),
        68,
        "cal.whitaker@example.com",
        "60 Duck Pond Road",
        WESTBROOK,
        Some(drives("Subaru", "Outback", "Premium", 2018, 112_700, Some(loan(57, 24_900, 22_800, 610, 72, "Dale Fournier")), 9)),
    ),
];

/// The part played by a customer of this number, if it is one.
pub(super) fn part_of(person: u32) -> Option<&'static Part> {
    CAST.get(person as usize)
}

/// Nobody else bears the name of a colleague or of one of the cast.
pub(super) fn is_taken(first: &str, last: &str) -> bool {
    CAST.iter().any(|p| p.last == last && p.first == first) || STAFF.iter().any(|(name, _)| name.split_once(' ') == Some((first, last)))
}

/// A car that stands on every lot.
pub(super) struct Star {
    pub(super) stock: &'static str,
    pub(super) make: &'static str,
    pub(super) model: &'static str,
    pub(super) trim: &'static str,
    pub(super) year: u16,
    pub(super) color: &'static str,
    pub(super) miles: u32,
    /// Days ago and dollars, oldest first, the first being the day it came; a last price of 0 days ago was set 39 minutes ago.
    pub(super) prices: &'static [(u32, i64)],
}

pub(super) const CRV: &str = "24117";
pub(super) const F150: &str = "24101";
pub(super) const RAV4: &str = "24093";
pub(super) const OUTBACK: &str = "24140";
pub(super) const TUCSON: &str = "24108";
pub(super) const HIGHLANDER: &str = "23986";
pub(super) const OLD_RAV4: &str = "24031";
pub(super) const CX5: &str = "24122";

/// In the order in which shoppers look for them.
pub(super) const STARS: &[Star] = &[
    Star {
        stock: CRV,
        make: "Honda",
        model: "CR-V",
        trim: "EX-L",
        year: 2022,
        color: "Platinum White",
        miles: 31_480,
        prices: &[(38, 29_200), (17, 28_400), (0, 27_650)],
    },
    Star {
        stock: F150,
        make: "Ford",
        model: "F-150",
        trim: "XLT",
        year: 2022,
        color: "Magnetic Gray",
        miles: 41_800,
        prices: &[(41, 39_950), (16, 38_900)],
    },
    Star {
        stock: RAV4,
        make: "Toyota",
        model: "RAV4",
        trim: "XLE",
        year: 2021,
        color: "Silver",
        miles: 38_200,
        prices: &[(45, 28_990), (13, 27_990)],
    },
    Star {
        stock: OUTBACK,
        make: "Subaru",
        model: "Outback",
        trim: "Limited",
        year: 2023,
        color: "Autumn Green",
        miles: 18_700,
        prices: &[(9, 31_650)],
    },
    Star {
        stock: TUCSON,
        make: "Hyundai",
        model: "Tucson",
        trim: "SEL",
        year: 2022,
        color: "Deep Blue",
        miles: 27_400,
        prices: &[(40, 26_480), (12, 25_480)],
    },
    Star {
        stock: HIGHLANDER,
        make: "Toyota",
        model: "Highlander",
        trim: "XLE",
        year: 2021,
        color: "Silver",
        miles: 46_900,
        prices: &[(83, 37_400), (52, 35_900), (20, 34_900)],
    },
    Star {
        stock: OLD_RAV4,
        make: "Toyota",
        model: "RAV4",
        trim: "XLE",
        year: 2020,
        color: "Blue",
        miles: 52_300,
        prices: &[(66, 25_950), (30, 24_450)],
    },
    Star { stock: CX5, make: "Mazda", model: "CX-5", trim: "Touring", year: 2025, color: "Red", miles: 6_900, prices: &[(24, 30_450)] },
];

/// An earlier enquiry through the site by one of the cast, which ties their browser to them.
pub(super) struct PartLead {
    pub(super) person: u32,
    pub(super) days_ago: u32,
    /// Minutes after midnight.
    pub(super) minute: u32,
    pub(super) stock: &'static str,
    pub(super) words: &'static str,
    pub(super) answered_by: &'static str,
    pub(super) answer: &'static str,
}

pub(super) const PART_LEADS: &[PartLead] = &[
    PartLead {
        person: DANA,
        days_ago: 4,
        minute: 1_132,
        stock: CRV,
        words: "Is the white one still there? We need room for a car seat.",
        answered_by: "Priya Nair",
        answer: "It is, and the seat clicks in easily behind the passenger. Shall I send you any price change?",
    },
    PartLead {
        person: TOMASZ,
        days_ago: 11,
        minute: 1_225,
        stock: TUCSON,
        words: "Does the Tucson have heated seats? I would be trading a 2017 Accord.",
        answered_by: "Jo Lindqvist",
        answer: "It does, front seats and wheel. Happy to put a number on the Accord, a few photos are enough to start.",
    },
    PartLead {
        person: MIA,
        days_ago: 8,
        minute: 755,
        stock: TUCSON,
        words: "Would you come down on the Tucson? I am near $25,000.",
        answered_by: "Ana Reyes",
        answer: "Thanks Mia. We are close to the market on it, I will tell you the moment it moves.",
    },
    PartLead {
        person: HANK,
        days_ago: 15,
        minute: 1_010,
        stock: CRV,
        words: "What would you give me for my Escape towards the CR-V?",
        answered_by: "Marcus Bell",
        answer: "Could be around $7,500 if it is as clean as last time in the shop. Want me to look at it?",
    },
    PartLead {
        person: WADE,
        days_ago: 10,
        minute: 1_180,
        stock: F150,
        words: "Does #24101 have the tow package and tow mirrors?",
        answered_by: "Marcus Bell",
        answer: "It has the hitch and the 7-pin, standard mirrors. We can fit tow mirrors here for $480.",
    },
    PartLead {
        person: HOPE,
        days_ago: 9,
        minute: 790,
        stock: OLD_RAV4,
        words: "I'd like to see the blue RAV4 one day after work.",
        answered_by: "Ana Reyes",
        answer: "5:30 is good any day. Ask for me at the desk.",
    },
    PartLead {
        person: RENEE,
        days_ago: 6,
        minute: 640,
        stock: OUTBACK,
        words: "Can I drive the Outback on my next day off?",
        answered_by: "Priya Nair",
        answer: "Any time, text me when and I will have it warm and out front.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_cast_shares_no_number_and_no_address_of_mail() {
        assert_eq!(CAST.iter().map(|p| p.phone).collect::<HashSet<_>>().len(), CAST.len());
        assert_eq!(CAST.iter().map(|p| p.email).collect::<HashSet<_>>().len(), CAST.len());
        assert!(CAST.iter().all(|p| (40..70).contains(&p.phone) && !p.email.bytes().any(|b| b.is_ascii_digit())));
    }

    #[test]
    fn every_part_is_where_its_name_says() {
        let names = [
            (DANA, "Dana"),
            (CARMEN, "Carmen"),
            (TOMASZ, "Tomasz"),
            (RENEE, "Renee"),
            (AARON, "Aaron"),
            (HOPE, "Hope"),
            (THEO, "Theo"),
            (MIA, "Mia"),
            (HANK, "Hank"),
            (GRACE, "Grace"),
            (PAT, "Pat"),
            (GREG, "Greg"),
            (MARCUS, "Marcus"),
            (ANA, "Ana"),
            (JOEL, "Joel"),
            (KIM, "Kim"),
            (OLIVE, "Olive"),
            (FEMI, "Femi"),
            (PRISCILLA, "Priscilla"),
            (DEV, "Dev"),
            (TESS, "Tess"),
            (BILL, "Bill"),
            (INES, "Ines"),
            (WADE, "Wade"),
            (NOOR, "Noor"),
            (CAL, "Cal"),
        ];
        for (person, first) in names {
            assert_eq!(part_of(person).unwrap().first, first);
        }
        assert!(PART_LEADS.iter().all(|l| STARS.iter().any(|s| s.stock == l.stock)));
    }

    #[test]
    fn colleagues_are_not_customers() {
        assert!(is_taken("Priya", "Nair") && is_taken("Dana", "Whitfield") && !is_taken("Priya", "Whitfield"));
        assert!(STAFF.iter().all(|(name, _)| !CAST.iter().any(|p| format!("{} {}", p.first, p.last) == *name)));
    }
}
