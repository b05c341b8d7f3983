//! Are these two one person, and by what can a rep check it?

use super::{
    compare::{Agreement, Crowded, Field, birth, compare, digits, email, first, place, word},
    model::Model,
    person::Person,
};

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
            Self::NameForms(one, other) => return format!("{} and {} are one name", capital(one), capital(other)),
            Self::SameEmail => "same email address",
            Self::NearEmail => "email address with a slip",
            Self::SamePhone => "same phone",
            Self::NearPhone => "phone with a slip",
            Self::SameName => "same name",
            Self::SameFirstName => "same first name",
            Self::SameLastName => "same last name",
            Self::NearName => "name with a slip",
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
    if speaks_against(a, b, &agreement) {
        return Verdict::Different { household: share_a_roof(&agreement) };
    }
    let found = |share: f64| Match { probability: Probability::weighed(share), reasons: reasons(&agreement, a) };
    let weighed = model.probability(&agreement);
    match ruled(a, &agreement) {
        Ruled::Same(at_least) => Verdict::Same(found(weighed.max(at_least))),
        Ruled::Ask => Verdict::Likely(found(weighed.clamp(LIKELY_FROM, NOT_BY_ITSELF))),
        Ruled::Household => Verdict::Different { household: true },
        Ruled::Weigh if weighed >= SAME_FROM && stands_on_more_than_a_name(&agreement) => Verdict::Same(found(weighed)),
        Ruled::Weigh if weighed >= LIKELY_FROM => Verdict::Likely(found(weighed.min(NOT_BY_ITSELF))),
        Ruled::AtMostAsk if weighed >= LIKELY_FROM => Verdict::Likely(found(weighed.min(NOT_BY_ITSELF))),
        Ruled::Weigh | Ruled::AtMostAsk => Verdict::Different { household: share_a_roof(&agreement) },
    }
}

/// Speaks so strongly against one person that no chain of others may join the two: first names that cannot be one person's, Jr and Sr,
/// a person and a business, two days of birth that are no slip of each other with nothing exact in common.
#[must_use]
pub fn must_differ(a: &Person, b: &Person) -> bool {
    speaks_against(a, b, &compare(a, b, &Crowded::new()))
}

fn speaks_against(a: &Person, b: &Person, agreement: &Agreement) -> bool {
    if agreement.same_number.is_some() {
        return false;
    }
    let known = |p: &Person| p.is_business() || !p.names.is_empty();
    if known(a) && known(b) && a.is_business() != b.is_business() {
        return true;
    }
    if a.is_business() && b.is_business() {
        return agreement.level(Field::Last) >= word::ALIKE;
    }
    let born = agreement.level(Field::Birth);
    let born_otherwise = born == birth::OTHER;
    let other_first = agreement.level(Field::First) == first::OTHER && !matches!(born, birth::SAME | birth::TURNED | birth::SLIP);
    let namesake = agreement.level(Field::First) == first::SAME && agreement.level(Field::Last) == word::SAME;
    let exact =
        agreement.level(Field::Phone) == digits::SAME || agreement.level(Field::Email) == email::SAME || (namesake && at_one_address(agreement));
    other_first || agreement.other_generation || (born_otherwise && (!exact || agreement.half_generation))
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
    let born_alike = matches!(born, birth::SAME | birth::TURNED | birth::SLIP);
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
        if given == first::OTHER && !born_alike {
            return Ruled::Household;
        }
    }
    if given == first::SAME && family == word::SAME && agreement.same_home && !doubt {
        return Ruled::Same(BY_NAME_AND_HOME);
    }
    Ruled::Weigh
}

/// A name alone joins nobody, nor does a name with a town.
fn stands_on_more_than_a_name(agreement: &Agreement) -> bool {
    let street = matches!(agreement.level(Field::Street), word::SAME | word::SLIP | word::PART);
    let house = matches!(agreement.level(Field::Number), digits::SAME | digits::SLIP);
    let door = matches!(agreement.level(Field::Door), word::SAME | word::SLIP);
    matches!(agreement.level(Field::Birth), birth::SAME | birth::TURNED | birth::SLIP | birth::TWO_PARTS)
        || matches!(agreement.level(Field::Phone), digits::SAME | digits::SLIP)
        || matches!(agreement.level(Field::Email), email::SAME | email::SLIP | email::LOCAL | email::ALIKE)
        || (street && (house || door || matches!(agreement.level(Field::Place), place::SAME..=place::ZIP_SLIP_ONLY)))
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
        (first::CALLED, _) => agreement.names.map(|(x, y)| Reason::NameForms(x.first.clone(), y.first.clone())),
        (first::INITIAL, _) => Some(Reason::InitialFits),
        (first::SWAPPED | first::HALF_SWAPPED, _) => Some(Reason::SwappedNames),
        (_, word::SAME) => Some(Reason::SameLastName),
        (_, _) => None,
    }
}
