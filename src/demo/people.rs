//! Who are the store's customers? Everybody from a number: name, home, how to reach them, what they allow.

use super::{
    Plan,
    cast::{self, CAST_SIZE},
    dice::{About, Dice, shuffled},
    names,
};
use crate::domain::{
    address::Address,
    consent::{Channel, ConsentBasis, ConsentFact, ConsentState},
    email::Email,
    event::ImportRow,
    phone::Phone,
    profile::{PersonName, Profile, Source, SourceKind},
    time::{At, DAY_MS},
};

/// Area codes of the United States, the nearest to Maine first: people keep their number when they move.
/// Of each only 555-0100 to 555-0199 are set aside for stories, so a store of more people than these give leaves the rest with mail only;
/// numbers outside that range could ring at somebody's home.
const AREA_CODES: &[u16] = &[
    207, 603, 802, 339, 351, 413, 508, 617, 774, 781, 857, 978, 401, 475, 860, 959, 212, 315, 329, 332, 347, 363, 516, 518, 585, 607, 631, 646, 680,
    716, 838, 845, 914, 917, 929, 934, 201, 551, 609, 640, 732, 848, 856, 862, 908, 973, 215, 223, 267, 272, 412, 445, 484, 570, 582, 610, 717, 724,
    814, 835, 878, 302, 227, 240, 301, 410, 443, 667, 202, 771, 276, 434, 540, 571, 686, 703, 757, 804, 826, 948, 304, 681, 216, 220, 234, 283, 326,
    330, 380, 419, 440, 513, 567, 614, 740, 937, 252, 336, 472, 704, 743, 828, 910, 919, 980, 984, 803, 821, 839, 843, 854, 864, 270, 364, 502, 606,
    859, 423, 615, 629, 731, 865, 901, 931, 231, 248, 269, 313, 517, 586, 616, 734, 810, 906, 947, 989, 219, 260, 317, 463, 574, 765, 812, 930, 229,
    404, 470, 478, 678, 706, 762, 770, 912, 943, 239, 305, 321, 324, 352, 386, 407, 448, 561, 645, 656, 689, 727, 728, 754, 772, 786, 813, 850, 863,
    904, 941, 954, 205, 251, 256, 334, 659, 938, 217, 224, 309, 312, 331, 447, 464, 618, 630, 708, 730, 773, 779, 815, 847, 872, 262, 274, 353, 414,
    534, 608, 715, 920, 228, 601, 662, 769, 235, 314, 417, 557, 573, 636, 660, 816, 975, 327, 479, 501, 870, 225, 318, 337, 504, 985, 319, 515, 563,
    641, 712, 218, 320, 507, 612, 651, 763, 952, 405, 539, 572, 580, 918, 316, 620, 785, 913, 210, 214, 254, 281, 325, 346, 361, 409, 430, 432, 469,
    512, 682, 726, 737, 806, 817, 830, 832, 903, 915, 936, 940, 945, 956, 972, 979, 308, 402, 531, 605, 701, 303, 719, 720, 748, 970, 983, 505, 575,
    307, 406, 385, 435, 801, 480, 520, 602, 623, 928, 208, 986, 702, 725, 775, 206, 253, 360, 425, 509, 564, 458, 503, 541, 971, 209, 213, 279, 323,
    341, 350, 369, 408, 415, 424, 442, 510, 530, 559, 562, 619, 626, 628, 650, 657, 661, 669, 707, 714, 738, 747, 760, 805, 818, 820, 831, 840, 858,
    909, 916, 925, 949, 951, 907, 808,
];

/// 207-555-0140 to 0169 belong to the cast.
const CAST_LINES: u64 = 30;
const PHONES: u64 = AREA_CODES.len() as u64 * 100 - CAST_LINES;

/// What the store's books say of one person or firm.
pub(super) struct Person {
    pub(super) name: PersonName,
    pub(super) phone: Option<Phone>,
    pub(super) email: Option<Email>,
    pub(super) address: Address,
    /// The customer number of the DMS; people who only ever asked have none.
    pub(super) number: Option<String>,
}

/// What somebody keeps in the yard.
pub(super) struct Garage {
    pub(super) is_firm: bool,
    pub(super) cars: u32,
    pub(super) habit: Habit,
}

/// How they use the service department.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    Never,
    Seldom,
    Regular,
    Devoted,
}

impl Plan {
    /// Every customer of the DMS, by number.
    pub fn customers(&self) -> impl Iterator<Item = ImportRow> + '_ {
        (0..self.sizes.customers).map(|i| {
            let mut dice = Dice::of(self.seed, About::Answer, u64::from(i) << 8);
            let at = self.calendar.at(self.calendar.today() - 1 - dice.low_below(self.sizes.history_days), 1_020);
            let mut profile = self.person(i).profile(SourceKind::Dms, Self::DMS, at);
            let file = if i < CAST_SIZE { 0 } else { dice.below(100) };
            profile.consent = consent_on_file(file, &mut dice, &profile, at);
            ImportRow::Customer(profile)
        })
    }

    pub(super) fn garage(seed: u64, i: u32) -> Garage {
        let mut dice = Dice::of(seed, About::Garage, u64::from(i));
        if let Some(part) = cast::part_of(i) {
            return Garage { is_firm: false, cars: u32::from(part.car.is_some()), habit: Habit::Regular };
        }
        let is_firm = dice.percent(2);
        if is_firm {
            let cars = 3 + dice.low_below(14);
            return Garage { is_firm, cars, habit: if dice.percent(60) { Habit::Devoted } else { Habit::Regular } };
        }
        let cars = u32::try_from(dice.weighted(&[1, 40, 42, 17])).unwrap_or(1);
        let habit = [Habit::Never, Habit::Seldom, Habit::Regular, Habit::Devoted][dice.weighted(&[36, 29, 26, 9])];
        Garage { is_firm, cars, habit }
    }

    /// Customers first, then people who only ever asked.
    pub(super) fn person(&self, i: u32) -> Person {
        let number = (i < self.sizes.customers).then(|| format!("{:07}", 10_000 + i));
        if let Some(part) = cast::part_of(i) {
            return Person {
                name: named(part.first, part.last),
                phone: phone_on(AREA_CODES[0], u64::from(part.phone)),
                email: Email::parse(part.email),
                address: address(part.street.to_owned(), part.town.0, "ME", part.town.1),
                number,
            };
        }
        let mut dice = Dice::of(self.seed, About::Person, u64::from(i));
        let is_firm = Self::garage(self.seed, i).is_firm;
        let home = self.home_of(i, is_firm);
        let mut home_dice = Dice::of(self.seed, About::Home, u64::from(home));
        let last = names::last(&mut home_dice);
        let town = names::home_town(&mut home_dice);
        let address = address(names::street_line(&mut home_dice), town.name, town.state, town.zip);
        let name = if is_firm {
            PersonName { full: names::firm(&mut dice), is_business: true, ..PersonName::default() }
        } else {
            let first = (0..4).map(|_| names::first(&mut dice)).find(|f| !cast::is_taken(f, last)).unwrap_or("Robin");
            let suffix = if dice.percent(1) { "Jr" } else { "" };
            PersonName { suffix: suffix.to_owned(), ..named(first, last) }
        };
        // Families of two under one number are common enough to matter to whoever joins people by phone.
        let line = if home != i && dice.percent(45) { home } else { i };
        let phone = dice.percent(88).then(|| self.phone(line)).flatten();
        let email = dice.percent(if phone.is_some() { 78 } else { 97 }).then(|| self.email(&mut dice, i, &name)).flatten();
        Person { name, phone, email, address, number }
    }

    /// Every eighth customer lives with the one before.
    fn home_of(&self, i: u32, is_firm: bool) -> u32 {
        let lives_with =
            i % 8 == 1 && !is_firm && i < self.sizes.customers && cast::part_of(i - 1).is_none() && !Self::garage(self.seed, i - 1).is_firm;
        if lives_with { i - 1 } else { i }
    }

    fn phone(&self, i: u32) -> Option<Phone> {
        let slot = shuffled(u64::from(i), u64::from(self.sizes.people()), self.seed);
        if slot >= PHONES {
            return None;
        }
        let near = 100 - CAST_LINES;
        match slot.checked_sub(near) {
            None => phone_on(AREA_CODES[0], if slot < 40 { slot } else { slot + CAST_LINES }),
            Some(far) => phone_on(AREA_CODES[1 + usize::try_from(far / 100).unwrap_or(0)], far % 100),
        }
    }

    /// The digits are different for everybody, so no two people of one name share an address.
    fn email(&self, dice: &mut Dice, i: u32, name: &PersonName) -> Option<Email> {
        let room = [10_000, 100_000, 1_000_000].into_iter().find(|r| *r >= self.sizes.people()).unwrap_or(1_000_000);
        let digits = shuffled(u64::from(i), u64::from(room), self.seed ^ 0x000E_3A11);
        let plain = |s: &str| s.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        let (first, last) = (plain(&name.first), plain(&name.last));
        let local = match (name.is_business, dice.below(5)) {
            (true, 0..=2) => "office".to_owned(),
            (true, _) => "fleet".to_owned(),
            (false, 0) => format!("{}{last}", first.get(..1).unwrap_or("")),
            (false, 1) => first,
            (false, 2) => format!("{last}.{first}"),
            (false, _) => format!("{first}.{last}"),
        };
        let domain = ["com", "com", "com", "net", "org"][dice.below(5) as usize];
        Email::parse(&format!("{local}{digits}@example.{domain}"))
    }
}

impl Person {
    /// As a source would write it down.
    pub(super) fn profile(self, kind: SourceKind, source: &str, at: At) -> Profile {
        Profile {
            name: self.name,
            phones: self.phone.into_iter().collect(),
            emails: self.email.into_iter().collect(),
            address: self.address,
            number: self.number,
            ..Profile::new(Source { kind, name: source.to_owned() }, at)
        }
    }
}

fn named(first: &str, last: &str) -> PersonName {
    PersonName { first: first.to_owned(), last: last.to_owned(), ..PersonName::default() }
}

fn address(line1: String, city: &str, region: &str, postal_code: &str) -> Address {
    Address {
        line1,
        line2: String::new(),
        city: city.to_owned(),
        region: region.to_owned(),
        postal_code: postal_code.to_owned(),
        country: "US".to_owned(),
    }
}

fn phone_on(area_code: u16, line: u64) -> Option<Phone> {
    Phone::from_e164(&format!("+1{area_code}55501{line:02}"))
}

/// Most files say nothing; some have the consent form signed at the service counter, a few an opt-out flag.
fn consent_on_file(file: u32, dice: &mut Dice, profile: &Profile, at: At) -> Vec<ConsentFact> {
    let fact = |channel, state, basis, evidence: &str, at| ConsentFact { channel, state, basis, at, evidence: evidence.to_owned() };
    match file {
        0..18 => {
            let signed = at.plus_ms(-i64::from(dice.below(400)) * DAY_MS);
            let reachable = |c: &Channel| match c {
                Channel::Text | Channel::Call => !profile.phones.is_empty(),
                Channel::Email => !profile.emails.is_empty(),
            };
            let channels = Channel::ALL.into_iter().filter(reachable);
            channels.map(|c| fact(c, ConsentState::Allowed, ConsentBasis::Form, "form signed at the service counter", signed)).collect()
        }
        18..20 => vec![fact(Channel::Text, ConsentState::Revoked, ConsentBasis::DmsFlag, "dealer system", at)],
        20..22 => vec![fact(Channel::Email, ConsentState::Revoked, ConsentBasis::DmsFlag, "dealer system", at)],
        22 => Channel::ALL.into_iter().map(|c| fact(c, ConsentState::Revoked, ConsentBasis::DmsFlag, "dealer system", at)).collect(),
        _ => vec![],
    }
}
