//! Are these two one person, and by what can a rep check it?

use super::{
    compare::{Agreement, Crowded, Field, birth, compare, digits, email, first, place, word},
    model::Model,
    person::Person,
};
use crate::domain::nicknames;

/// How likely, in hundredths of a percent: 10,000 is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Probability(u16);

impl Probability {
    pub const CERTAIN: Self = Self(10_000);

    /// Of hundredths of a percent; more than certain is certain.
    #[must_use]
    pub fn from_bps(bps: u16) -> Self {
        Self(bps.min(10_000))
    }

    /// Of a share from 0 to 1. Nothing that was weighed is certain.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits before")]
    fn weighed(share: f64) -> Self {
        Self((share * 10_000.0).round().clamp(0.0, 9_999.0) as u16)
    }

    #[must_use]
    pub fn bps(self) -> u16 {
        self.0
    }
}

/// What two records are to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// One person: may be joined without asking.
    Same(Match),
    /// Somebody should look.
    Likely(Match),
    /// Two people; `household` when they share a phone or a home.
    Different { household: bool },
}

/// How likely two are one person, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Match {
    pub probability: Probability,
    /// The strongest first.
    pub reasons: Vec<Reason>,
}

/// Something a rep can check with both records on the screen.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    SameNumber {
        source: String,
        number: String,
    },
    SameEmail,
    NearEmail,
    SamePhone,
    NearPhone,
    SameName,
    SameFirstName,
    SameLastName,
    /// Two forms of one given name.
    NameForms(String, String),
    NearName,
    /// One goes by the middle name of the other.
    MiddleName,
    InitialFits,
    SwappedNames,
    SameBirth,
    NearBirth,
    SameAddress,
    NearAddress,
    SameBusiness,
    /// Written by a newer Headlight.
    #[serde(other)]
    Unknown,
}

impl Reason {
    /// As a rep reads it within a sentence: "same phone".
    #[must_use]
    pub fn words(&self) -> String {
        let fixed = match self {
            Self::SameNumber { source, number } => return format!("same customer number {number} in {source}"),
            Self::NameForms(one, other) => return format!("first names {} and {}, which go together", capital(one), capital(other)),
            Self::SameEmail => "same email address",
            Self::NearEmail => "email address with a slip",
            Self::SamePhone => "same phone",
            Self::NearPhone => "phone with a slip",
            Self::SameName => "same name",
            Self::SameFirstName => "same first name",
            Self::SameLastName => "same last name",
            Self::NearName => "name with a slip",
            Self::MiddleName => "goes by the middle name",
            Self::InitialFits => "first name fits the initial",
            Self::SwappedNames => "first and last name swapped",
            Self::SameBirth => "same day of birth",
            Self::NearBirth => "day of birth with a slip",
            Self::SameAddress => "same home address",
            Self::NearAddress => "home address with a slip",
            Self::SameBusiness => "same business name",
            Self::Unknown => "a reason this version does not know",
        };
        fixed.to_owned()
    }
}

impl Match {
    /// All reasons as one sentence: "Same phone, same first name".
    #[must_use]
    pub fn words(&self) -> String {
        let all: Vec<String> = self.reasons.iter().map(Reason::words).collect();
        match all.as_slice() {
            [] => String::new(),
            [only] => capital(only),
            [before @ .., last] => format!("{} and {last}", capital(&before.join(", "))),
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// From here on two records are joined without asking: fewer than one in ten of those just above may be wrong.
const SAME_FROM: f64 = 0.90;
/// Where a given name or a day of birth plainly contradicts, all the rest must speak the louder.
const CONTRADICTED_FROM: f64 = 0.97;
/// From here on somebody is asked.
const LIKELY_FROM: f64 = 0.30;
/// What a rule decides is at least so sure, whatever the weights make of it.
const BY_EMAIL: f64 = 0.99;
const BY_PHONE_AND_NAME: f64 = 0.98;
const BY_NAME_AND_HOME: f64 = 0.97;
/// What a rule leaves to a person is never surer.
const NOT_BY_ITSELF: f64 = 0.85;

/// What two records are to each other. The rules that a dealer would name stand above the weights: see the tests.
#[must_use]
pub fn judge(model: &Model, a: &Person, b: &Person) -> Verdict {
    let agreement = compare(a, b, &model.crowded);
    if agreement.same_number.is_some() {
        return Verdict::Same(Match { probability: Probability::CERTAIN, reasons: reasons(&agreement, a) });
    }
    let against = against(a, b, &agreement);
    if matches!(against, Against::Pair | Against::Everything) {
        return Verdict::Different { household: share_a_roof(&agreement) };
    }
    let found = |share: f64| Match { probability: Probability::weighed(share), reasons: reasons(&agreement, a) };
    let weighed = model.probability(&agreement);
    let same_from = if against == Against::Chains { CONTRADICTED_FROM } else { SAME_FROM };
    match ruled(a, &agreement) {
        Ruled::Same(at_least) => Verdict::Same(found(weighed.max(at_least))),
        Ruled::Ask => Verdict::Likely(found(weighed.clamp(LIKELY_FROM, NOT_BY_ITSELF))),
        Ruled::Household => Verdict::Different { household: true },
        Ruled::Weigh if weighed >= same_from && stands_on_more_than_a_name(&agreement) => Verdict::Same(found(weighed)),
        Ruled::Weigh | Ruled::AtMostAsk if weighed >= LIKELY_FROM => Verdict::Likely(found(weighed.min(NOT_BY_ITSELF))),
        Ruled::Weigh | Ruled::AtMostAsk => Verdict::Different { household: share_a_roof(&agreement) },
    }
}

/// Speaks so strongly against one person that no chain of others may join the two: first names that cannot be one person's, Jr and Sr,
/// a person and a business, two days of birth that are no slip of each other. Where everything else agrees, [`judge`] may still find that
/// the two themselves are one; nobody between them can.
#[must_use]
pub fn must_differ(a: &Person, b: &Person) -> bool {
    against(a, b, &compare(a, b, &Crowded::new())) != Against::Nothing
}

/// What speaks against two being one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Against {
    Nothing,
    /// Only the two themselves, weighed against each other, can be found to be one; or most of those on either side.
    Chains,
    /// Not the two themselves, and by a chain only where many others outvote them: what contradicts was replaced in one of the records.
    Pair,
    Everything,
}

/// As [`must_differ`], with how strongly.
pub(super) fn speaks_against(a: &Person, b: &Person) -> Against {
    against(a, b, &compare(a, b, &Crowded::new()))
}

fn against(a: &Person, b: &Person, agreement: &Agreement) -> Against {
    if agreement.same_number.is_some() {
        return Against::Nothing;
    }
    let known = |p: &Person| p.is_business() || !p.names.is_empty();
    let kinds_differ = known(a) && known(b) && a.is_business() != b.is_business();
    let firms_differ = a.is_business() && b.is_business() && agreement.level(Field::Last) >= word::ALIKE;
    if kinds_differ || firms_differ || agreement.other_generation {
        return Against::Everything;
    }
    let born = agreement.level(Field::Birth);
    let other_first = agreement.level(Field::First) == first::OTHER;
    let other_birth = born == birth::OTHER;
    let bound = agreement.level(Field::Phone) == digits::SAME || agreement.level(Field::Email) == email::SAME || share_some_address(agreement);
    if other_birth && (!bound || agreement.half_generation) {
        return Against::Everything;
    }
    if other_first && !is_alike(born) {
        return if agreement.level(Field::Phone) == digits::SAME { Against::Everything } else { Against::Pair };
    }
    if other_first || other_birth { Against::Chains } else { Against::Nothing }
}

fn is_alike(born: u8) -> bool {
    matches!(born, birth::SAME | birth::TURNED | birth::SLIP)
}

/// Something of the address is the same. With two days of birth it is a person whose day somebody got wrong, or a father and his son; the
/// weights know which of the two this store sees more often.
fn share_some_address(agreement: &Agreement) -> bool {
    let near = |level: u8| matches!(level, word::SAME | word::SLIP | word::PART);
    let town = matches!(agreement.level(Field::Place), place::SAME..=place::ZIP_SLIP_TOWN);
    let house = agreement.level(Field::Number) == digits::SAME && town;
    near(agreement.level(Field::Street)) || house || (near(agreement.level(Field::Door)) && town)
}

enum Ruled {
    Same(f64),
    /// Somebody should look, however the weights stand.
    Ask,
    Household,
    Weigh,
    /// The weights may ask, and not decide.
    AtMostAsk,
}

fn ruled(a: &Person, agreement: &Agreement) -> Ruled {
    let (given, family, born) = (agreement.level(Field::First), agreement.level(Field::Last), agreement.level(Field::Birth));
    let same_phone = agreement.level(Field::Phone) == digits::SAME;
    let same_email = agreement.level(Field::Email) == email::SAME;
    let born_alike = is_alike(born);
    let doubt = matches!(born, birth::NEAR | birth::OTHER);
    if a.is_business() {
        return if (same_phone || same_email || at_one_address(agreement)) && family <= word::PART {
            Ruled::Same(BY_NAME_AND_HOME)
        } else {
            Ruled::AtMostAsk
        };
    }
    if agreement.half_generation && !born_alike && !same_email {
        return Ruled::AtMostAsk;
    }
    let given_fits = matches!(given, first::SAME | first::CALLED | first::SLIP | first::SWAPPED | first::HALF_SWAPPED);
    let initial_fits = given == first::INITIAL && !matches!(family, word::ALIKE | word::OTHER);
    if same_email && !doubt && (given == 0 || given_fits || given == first::INITIAL) {
        return Ruled::Same(BY_EMAIL);
    }
    if same_phone {
        if (given_fits || initial_fits) && !doubt {
            return Ruled::Same(BY_PHONE_AND_NAME);
        }
        if given == 0 && !same_email && !born_alike {
            return Ruled::Ask;
        }
        if given == first::OTHER {
            return if same_email && born_alike { Ruled::Ask } else { Ruled::Household };
        }
    }
    // Without a given name it may be anybody of the house.
    if given == 0 && !born_alike && !matches!(agreement.level(Field::Email), email::SAME | email::SLIP) {
        return Ruled::AtMostAsk;
    }
    if given == first::SAME && family == word::SAME && agreement.same_home && !doubt {
        return Ruled::Same(BY_NAME_AND_HOME);
    }
    Ruled::Weigh
}

/// A name alone joins nobody, nor does a name with a town.
fn stands_on_more_than_a_name(agreement: &Agreement) -> bool {
    let near = |level: u8| matches!(level, word::SAME | word::SLIP | word::PART);
    let house = matches!(agreement.level(Field::Number), digits::SAME | digits::SLIP) || near(agreement.level(Field::Door));
    let town = matches!(agreement.level(Field::Place), place::SAME..=place::ZIP_SLIP_OTHER_TOWN);
    let address = [near(agreement.level(Field::Street)), house, town].into_iter().filter(|agrees| *agrees).count() >= 2;
    address
        || matches!(agreement.level(Field::Birth), birth::SAME | birth::TURNED | birth::SLIP | birth::TWO_PARTS)
        || matches!(agreement.level(Field::Phone), digits::SAME | digits::SLIP)
        || matches!(agreement.level(Field::Email), email::SAME | email::SLIP | email::LOCAL)
}

fn at_one_address(agreement: &Agreement) -> bool {
    let house = agreement.level(Field::Street) == word::SAME && agreement.level(Field::Number) == digits::SAME;
    agreement.same_home || (house && agreement.level(Field::Place) <= place::ZIP_SLIP_TOWN)
}

fn share_a_roof(agreement: &Agreement) -> bool {
    agreement.level(Field::Phone) == digits::SAME || agreement.level(Field::Email) == email::SAME || at_one_address(agreement)
}

fn reasons(agreement: &Agreement, a: &Person) -> Vec<Reason> {
    let mut found = Vec::new();
    if let Some((source, number)) = agreement.same_number {
        found.push(Reason::SameNumber { source: source.clone(), number: number.clone() });
    }
    match agreement.level(Field::Email) {
        email::SAME => found.push(Reason::SameEmail),
        email::SLIP | email::LOCAL => found.push(Reason::NearEmail),
        _ => {}
    }
    match agreement.level(Field::Phone) {
        digits::SAME => found.push(Reason::SamePhone),
        digits::SLIP => found.push(Reason::NearPhone),
        _ => {}
    }
    found.extend(name_reason(agreement, a));
    match agreement.level(Field::Birth) {
        birth::SAME => found.push(Reason::SameBirth),
        birth::TURNED | birth::SLIP => found.push(Reason::NearBirth),
        _ => {}
    }
    let near = |level: u8| level == word::SAME || level == word::SLIP || level == word::PART;
    if at_one_address(agreement) {
        found.push(Reason::SameAddress);
    } else if near(agreement.level(Field::Street)) && matches!(agreement.level(Field::Place), place::SAME..=place::ZIP_SLIP_TOWN) {
        found.push(Reason::NearAddress);
    }
    found
}

fn name_reason(agreement: &Agreement, a: &Person) -> Option<Reason> {
    let (given, family) = (agreement.level(Field::First), agreement.level(Field::Last));
    if a.is_business() {
        return (family == word::SAME || family == word::SLIP).then_some(Reason::SameBusiness);
    }
    match (given, family) {
        (first::SAME, word::SAME) => Some(Reason::SameName),
        (first::SAME, word::SLIP | word::PART) | (first::SLIP, word::SAME | word::SLIP | word::PART | 0) => Some(Reason::NearName),
        (first::SAME | first::SLIP, _) => Some(Reason::SameFirstName),
        (first::CALLED, _) => agreement.names.map(|(x, y)| {
            let (one, other) = (x.first.as_str().min(&y.first), x.first.as_str().max(&y.first));
            if nicknames::go_together(one, other) { Reason::NameForms(one.to_owned(), other.to_owned()) } else { Reason::MiddleName }
        }),
        (first::INITIAL, _) => Some(Reason::InitialFits),
        (first::SWAPPED | first::HALF_SWAPPED, _) => Some(Reason::SwappedNames),
        (_, word::SAME) => Some(Reason::SameLastName),
        (_, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            address::Address,
            birth::BirthDate,
            profile::{PersonName, Profile, SourceKind},
        },
        engine::{
            identity::StorePoints,
            sample::{email, now, phone, profile},
        },
    };

    const PHONE: &str = "2075550148";
    const HOME: &str = "84 Stevens Avenue";

    /// A record as a source writes it; what is "" is not said.
    fn said(first: &str, last: &str, phone_said: &str, email_said: &str, street: &str, born: &str) -> Profile {
        let mut said = profile(SourceKind::Dms, "DealerVault", now());
        said.name = PersonName { first: first.into(), last: last.into(), ..PersonName::default() };
        said.phones = if phone_said.is_empty() { vec![] } else { vec![phone(phone_said)] };
        said.emails = if email_said.is_empty() { vec![] } else { vec![email(email_said)] };
        if !street.is_empty() {
            said.address =
                Address { line1: street.into(), city: "Portland".into(), region: "ME".into(), postal_code: "04102".into(), ..Address::default() };
        }
        said.birth = BirthDate::parse(born);
        said
    }

    fn person(profile: &Profile) -> Person {
        Person::of(&[profile], &StorePoints::default())
    }

    fn verdict(a: &Profile, b: &Profile) -> Verdict {
        let (model, a, b) = (Model::shipped(), person(a), person(b));
        let verdict = judge(&model, &a, &b);
        assert_eq!(verdict, judge(&model, &b, &a), "the order of the two must not matter");
        verdict
    }

    fn same(a: &Profile, b: &Profile, words: &str) {
        match verdict(a, b) {
            Verdict::Same(found) => assert_eq!(found.words(), words, "{found:?}"),
            other @ (Verdict::Likely(_) | Verdict::Different { .. }) => panic!("{:?} {:?}: {other:?}", a.name, b.name),
        }
    }

    fn asked(a: &Profile, b: &Profile) {
        assert!(matches!(verdict(a, b), Verdict::Likely(_)), "{:?} {:?}: {:?}", a.name, b.name, verdict(a, b));
    }

    fn different(a: &Profile, b: &Profile, household: bool) {
        assert_eq!(verdict(a, b), Verdict::Different { household }, "{:?} {:?}", a.name, b.name);
    }

    #[test]
    fn an_equal_number_of_one_system_is_certain() {
        let mut one = said("Dana", "Whitfield", "", "", "", "");
        one.number = Some("417".into());
        let mut other = said("Sam", "Cole", "", "", "", "");
        other.number = Some("417".into());
        assert!(matches!(verdict(&one, &other), Verdict::Same(Match { probability: Probability::CERTAIN, .. })));
        other.source.name = "Old system".into();
        different(&one, &other, false);
    }

    #[test]
    fn a_phone_and_a_first_name_that_can_be_one_persons_join() {
        let bob = said("Bob", "Whitfield", PHONE, "", "", "");
        same(&bob, &said("Robert", "Whitfield", PHONE, "", "", ""), "Same phone and first names Bob and Robert, which go together");
        same(&bob, &said("BOB", "whitfeild", PHONE, "", "", ""), "Same phone and name with a slip");
        same(&bob, &said("Whitfield", "Bob", PHONE, "", "", ""), "Same phone and first and last name swapped");
        same(&bob, &said("B", "Whitfield", PHONE, "", "", ""), "Same phone and first name fits the initial");
    }

    #[test]
    fn a_phone_with_another_first_name_is_a_household() {
        different(&said("Dana", "Whitfield", PHONE, "", HOME, ""), &said("Sam", "Whitfield", PHONE, "", HOME, ""), true);
        // One letter apart, and two people.
        different(&said("Mark", "Whitfield", PHONE, "", HOME, "1950-03-02"), &said("Mary", "Whitfield", PHONE, "", HOME, "1952-11-20"), true);
        // Twins have one day of birth.
        different(&said("Dana", "Whitfield", PHONE, "", HOME, "1990-03-02"), &said("Ruth", "Whitfield", PHONE, "", HOME, "1990-03-02"), true);
    }

    #[test]
    fn a_phone_without_a_first_name_is_only_likely() {
        let mut nameless = said("", "", PHONE, "", "", "");
        asked(&nameless, &said("Dana", "Whitfield", PHONE, "", "", ""));
        nameless.name.last = "Whitfield".into();
        asked(&nameless, &said("Dana", "Whitfield", PHONE, "", HOME, ""));
    }

    #[test]
    fn an_email_joins_unless_the_names_speak_against_it() {
        let dana = said("Dana", "Whitfield", "", "dana.w+cars@gmail.com", "", "");
        same(&dana, &said("", "", "", "danaw@googlemail.com", "", ""), "Same email address");
        same(&dana, &said("Dana", "Cole", "", "danaw@gmail.com", "", ""), "Same email address and same first name");
        different(&dana, &said("Robert", "Whitfield", "", "danaw@gmail.com", "", ""), true);
    }

    #[test]
    fn a_relay_and_the_stores_own_phone_join_nobody() {
        let relay = "x1@messages.cargurus.com";
        different(&said("Dana", "Whitfield", "", relay, "", ""), &said("Dana", "Cole", "", relay, "", ""), false);
        let ours = StorePoints { phones: vec![phone(PHONE)], emails: vec![] };
        let one = Person::of(&[&said("Dana", "Whitfield", PHONE, "", "", "")], &ours);
        let other = Person::of(&[&said("Dana", "Cole", PHONE, "", "", "")], &ours);
        assert_eq!(judge(&Model::shipped(), &one, &other), Verdict::Different { household: false });
    }

    #[test]
    fn a_name_and_a_home_join_unless_birth_or_generation_speaks_against_it() {
        let dana = said("Dana", "Whitfield", "", "", HOME, "");
        same(&dana, &said("Dana", "Whitfield", "", "", "84 STEVENS AVE.", ""), "Same name and same home address");
        let senior = said("Robert", "Whitfield", PHONE, "", HOME, "1950-03-02");
        let junior = said("Robert", "Whitfield", "2075550149", "", HOME, "1981-07-19");
        assert!(!matches!(verdict(&senior, &junior), Verdict::Same(_)));
        let mut marked = said("Robert", "Whitfield Jr.", PHONE, "", HOME, "");
        asked(&marked, &said("Robert", "Whitfield", PHONE, "", HOME, ""));
        marked.name.suffix = "Sr".into();
        marked.name.last = "Whitfield".into();
        different(&marked, &said("Robert", "Whitfield Jr", PHONE, "", HOME, ""), true);
    }

    #[test]
    fn a_name_alone_joins_nobody() {
        let rare = said("Zebediah", "Abernathy", "", "", "", "");
        assert!(!matches!(verdict(&rare, &rare.clone()), Verdict::Same(_)));
        different(&said("James", "Smith", "", "", "", ""), &said("James", "Smith", "2075550149", "", "", ""), false);
    }

    #[test]
    fn a_rare_name_says_more_than_a_frequent_one() {
        let bps = |last: &str| match verdict(&said("James", last, "", "", "", "1956-04-09"), &said("James", last, "", "", "", "1956-04-19")) {
            Verdict::Same(found) | Verdict::Likely(found) => found.probability.bps(),
            Verdict::Different { .. } => 0,
        };
        assert!(bps("Abernathy") > bps("Smith"), "{} {}", bps("Abernathy"), bps("Smith"));
    }

    #[test]
    fn a_business_is_not_its_owner_and_not_another_business() {
        let firm = |name: &str| {
            let mut firm = said("", "", PHONE, "", "", "");
            firm.name = PersonName { full: name.into(), is_business: true, ..PersonName::default() };
            firm
        };
        same(&firm("Whitfield Plumbing LLC"), &firm("WHITFIELD PLUMBING"), "Same phone and same business name");
        different(&firm("Whitfield Plumbing"), &said("Dana", "Whitfield", PHONE, "", "", ""), true);
        different(&firm("Whitfield Plumbing"), &firm("Harbor Towing"), true);
    }

    #[test]
    fn some_go_by_their_middle_name() {
        let mut licence = said("John", "Whitfield", PHONE, "", "", "");
        licence.name.middle = "Dana".into();
        same(&licence, &said("Dana", "Whitfield", PHONE, "", "", ""), "Same phone and goes by the middle name");
    }

    #[test]
    fn what_no_chain_may_join_is_named() {
        let differ = |a: &Profile, b: &Profile| must_differ(&person(a), &person(b));
        let dana = said("Dana", "Whitfield", PHONE, "", HOME, "1956-04-09");
        assert!(differ(&dana, &said("Robert", "Whitfield", PHONE, "", HOME, "")));
        assert!(differ(&dana, &said("Dana", "Whitfield", "", "", "", "1981-07-19")));
        assert!(!differ(&dana, &said("Dana", "Whitfield", "", "", "", "1956-09-04")), "day and month in each other's place");
        assert!(!differ(&dana, &said("", "Whitfield", PHONE, "", "", "")));
        assert!(!differ(&dana, &said("Whitfield", "Dana", PHONE, "", "", "")));
    }

    #[test]
    fn a_verdict_is_kept_as_it_was() {
        let found =
            Match { probability: Probability::from_bps(9_731), reasons: vec![Reason::SamePhone, Reason::NameForms("bob".into(), "robert".into())] };
        let kept: Match = rmp_serde::from_slice(&rmp_serde::to_vec_named(&found).unwrap()).unwrap();
        assert_eq!(kept, found);
        assert_eq!(serde_json::from_str::<Reason>("\"of_a_later_version\"").unwrap(), Reason::Unknown);
    }
}
