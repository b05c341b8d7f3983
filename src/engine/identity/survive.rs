//! Of all that was said of a person, what do we show?

use super::names::may_be_one_person;
use crate::domain::{
    address::Address,
    consent::ConsentFact,
    customer::Customer,
    email::Email,
    phone::Phone,
    profile::{PersonName, Profile},
    time::{At, DAY_MS},
};

/// A step of trust outweighs a year of age: last month's web form beats a DMS row of four years ago, not one of this summer.
const STEP_OF_TRUST_MS: i64 = 365 * DAY_MS;

/// What forms and systems put where a name is required.
const NO_NAMES: &[&str] = &["unknown", "none", "n/a", "na", "no name", "test", "test test", "customer", "cash customer", "website lead", "anonymous"];

/// The customer shown, computed anew from every profile. What profiles do not say (ids, owner, browsers, score, what they drive) comes
/// from `base` unchanged, so a join loses nothing and can be undone by leaving a profile out.
///
/// Profiles stand in order of trust and recency. The name is the first complete one (given name and surname, or a business), an all
/// capitals one in title case; the address the first complete one; phones and e-mails all of them, best first, relays last; consent is
/// every fact once, oldest first, because the newest fact of a channel decides.
#[must_use]
pub fn survive(profiles: &[Profile], base: &Customer) -> Customer {
    let mut by_standing: Vec<&Profile> = profiles.iter().collect();
    by_standing.sort_by_key(|p| std::cmp::Reverse((standing(p), p.at, p.source.kind.trust())));
    Customer {
        name: best_name(&by_standing),
        phones: all_phones(&by_standing),
        emails: all_emails(&by_standing),
        address: best_address(&by_standing),
        consent: all_consent(profiles),
        since: profiles.iter().map(|p| p.at).fold(base.since, At::min),
        ..base.clone()
    }
}

/// A point in time: when it was said, moved later by trust.
fn standing(profile: &Profile) -> At {
    profile.at.plus_ms(i64::from(profile.source.kind.trust()) * STEP_OF_TRUST_MS)
}

fn best_name(by_standing: &[&Profile]) -> PersonName {
    let named: Vec<&PersonName> = by_standing.iter().map(|p| &p.name).filter(|n| !n.is_empty() && !is_no_name(n)).collect();
    let complete = named.iter().find(|n| n.is_business || (!n.first.is_empty() && !n.last.is_empty()));
    let Some(best) = complete.or(named.first()) else { return PersonName::default() };
    let mut name = (*best).clone();
    for other in named.iter().filter(|n| !n.is_business && !name.is_business && n.last.eq_ignore_ascii_case(&name.last)) {
        if may_be_one_person(&name, other) {
            fill(&mut name.middle, &other.middle);
            fill(&mut name.suffix, &other.suffix);
        }
    }
    in_title_case(name)
}

fn fill(mine: &mut String, theirs: &str) {
    if mine.is_empty() {
        theirs.clone_into(mine);
    }
}

fn is_no_name(name: &PersonName) -> bool {
    let shown = name.display().unwrap_or_default().to_lowercase();
    NO_NAMES.contains(&shown.trim())
}

/// A person's name all in capitals as people write it. A business keeps its capitals: "ABC MOTORS" may be right.
fn in_title_case(name: PersonName) -> PersonName {
    let parts = [&name.first, &name.middle, &name.last, &name.full];
    let shouted = parts.iter().all(|p| p.to_uppercase() == **p) && parts.iter().any(|p| p.chars().filter(|c| c.is_alphabetic()).count() > 2);
    if name.is_business || !shouted {
        return name;
    }
    let suffix = if name.suffix.eq_ignore_ascii_case("jr") || name.suffix.eq_ignore_ascii_case("sr") { title(&name.suffix) } else { name.suffix };
    PersonName { first: title(&name.first), middle: title(&name.middle), last: title(&name.last), full: title(&name.full), suffix, ..name }
}

/// `O'BRIEN-MCDONALD` as `O'Brien-McDonald`; two letters without a vowel (`TJ`) are initials and stay.
fn title(text: &str) -> String {
    text.split(' ').map(title_word).collect::<Vec<_>>().join(" ")
}

fn title_word(word: &str) -> String {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    if letters.len() == 2 && !letters.iter().any(|c| "AEIOUY".contains(*c)) {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    let mut begins = true;
    for c in word.chars() {
        if begins {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        begins = matches!(c, '-' | '\'' | '\u{2019}' | '.') || (begins && !c.is_alphabetic()) || (out == "Mc" && letters.len() > 4);
    }
    out
}

fn best_address(by_standing: &[&Profile]) -> Address {
    let known: Vec<&Address> = by_standing.iter().map(|p| &p.address).filter(|a| !a.is_empty()).collect();
    let complete = known.iter().find(|a| !a.line1.is_empty() && (!a.city.is_empty() || !a.postal_code.is_empty()));
    complete.or(known.first()).map_or_else(Address::default, |a| (*a).clone())
}

fn all_phones(by_standing: &[&Profile]) -> Vec<Phone> {
    first_of_each(by_standing.iter().flat_map(|p| p.phones.iter()))
}

/// Addresses behind a relay are good for an answer, so they stay, behind the others.
fn all_emails(by_standing: &[&Profile]) -> Vec<Email> {
    let mut emails = first_of_each(by_standing.iter().flat_map(|p| p.emails.iter()));
    emails.sort_by_key(Email::is_shared);
    emails
}

fn all_consent(profiles: &[Profile]) -> Vec<ConsentFact> {
    let mut facts = first_of_each(profiles.iter().flat_map(|p| p.consent.iter()));
    facts.sort_by_key(|f| f.at);
    facts
}

fn first_of_each<'a, T: Clone + PartialEq + 'a>(all: impl Iterator<Item = &'a T>) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for one in all {
        if !kept.contains(one) {
            kept.push(one.clone());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            consent::{Channel, ConsentBasis, ConsentState, state_of},
            ids::{CustomerId, StaffId},
            profile::SourceKind,
        },
        engine::sample::{at, email, now, phone, profile},
    };

    fn base() -> Customer {
        Customer { owner: Some(StaffId(1)), ..Customer::new(CustomerId(7), now()) }
    }

    fn named(kind: SourceKind, when: &str, first: &str, last: &str) -> Profile {
        let name = PersonName { first: first.into(), last: last.into(), ..PersonName::default() };
        Profile { name, ..profile(kind, "source", at(when)) }
    }

    fn shown(profiles: &[Profile]) -> String {
        survive(profiles, &base()).display_name()
    }

    #[test]
    fn the_name_is_the_complete_one_of_the_most_trusted() {
        let dms = named(SourceKind::Dms, "2026-06-01T00:00:00Z", "DANA", "WHITFIELD");
        let form = named(SourceKind::Lead, "2026-11-24T00:00:00Z", "dana w", "");
        assert_eq!(shown(&[form.clone(), dms.clone()]), "Dana Whitfield");
        let first_only = named(SourceKind::Dms, "2026-06-01T00:00:00Z", "Dana", "");
        let full_form = named(SourceKind::Lead, "2026-11-24T00:00:00Z", "Dana", "Whitfield");
        assert_eq!(shown(&[first_only, full_form]), "Dana Whitfield");
    }

    #[test]
    fn a_step_of_trust_outweighs_a_year_of_age() {
        let form = named(SourceKind::Lead, "2026-11-24T00:00:00Z", "Dana", "Whitfield-Cole");
        let this_summer = named(SourceKind::Dms, "2026-06-01T00:00:00Z", "Dana", "Whitfield");
        let years_ago = named(SourceKind::Dms, "2022-06-01T00:00:00Z", "Dana", "Whitfield");
        assert_eq!(shown(&[form.clone(), this_summer]), "Dana Whitfield");
        assert_eq!(shown(&[years_ago, form]), "Dana Whitfield-Cole");
    }

    #[test]
    fn what_forms_put_for_a_name_is_no_name() {
        let nobody = named(SourceKind::Dms, "2026-11-24T00:00:00Z", "CASH", "CUSTOMER");
        assert_eq!(shown(&[nobody, named(SourceKind::Lead, "2020-01-01T00:00:00Z", "Dana", "")]), "Dana");
    }

    #[test]
    fn capitals_are_put_as_people_write_them() {
        for (first, last, expected) in [
            ("DANA", "O'BRIEN", "Dana O'Brien"),
            ("TJ", "MCDONALD", "TJ McDonald"),
            ("ANA MARIA", "DE LA CRUZ-SOTO", "Ana Maria De La Cruz-Soto"),
            ("JOSÉ", "NÚÑEZ", "José Núñez"),
            ("Dana", "WHITFIELD", "Dana WHITFIELD"),
            ("J", "LO", "J LO"),
        ] {
            assert_eq!(shown(&[named(SourceKind::Dms, "2026-01-01T00:00:00Z", first, last)]), expected);
        }
        let mut shop = named(SourceKind::Dms, "2026-01-01T00:00:00Z", "", "");
        shop.name = PersonName { full: "ABC MOTORS LLC".into(), is_business: true, ..PersonName::default() };
        assert_eq!(shown(&[shop]), "ABC MOTORS LLC");
    }

    #[test]
    fn every_point_is_kept_once_best_first_and_relays_last() {
        let mut dms = named(SourceKind::Dms, "2026-11-01T00:00:00Z", "Dana", "Whitfield");
        dms.phones = vec![phone("2075550148"), phone("2075550149")];
        dms.emails = vec![email("dana.w@example.com")];
        let mut form = named(SourceKind::Lead, "2026-11-24T00:00:00Z", "Dana", "");
        form.phones = vec![phone("2075550150"), phone("2075550148")];
        form.emails = vec![email("x@messages.cargurus.com"), email("dana.w@example.com"), email("dana@example.com")];
        let dana = survive(&[form, dms], &base());
        assert_eq!(dana.phones, vec![phone("2075550148"), phone("2075550149"), phone("2075550150")]);
        assert_eq!(dana.emails, vec![email("dana.w@example.com"), email("dana@example.com"), email("x@messages.cargurus.com")]);
    }

    #[test]
    fn consent_of_all_sources_is_joined_and_the_newest_fact_decides() {
        let fact = |at_ms, state, basis| ConsentFact { channel: Channel::Text, state, basis, at: At(at_ms), evidence: String::new() };
        let mut dms = named(SourceKind::Dms, "2026-11-01T00:00:00Z", "Dana", "");
        dms.consent = vec![fact(9, ConsentState::Revoked, ConsentBasis::DmsFlag)];
        let mut form = named(SourceKind::Lead, "2026-11-24T00:00:00Z", "Dana", "");
        form.consent = vec![fact(5, ConsentState::Allowed, ConsentBasis::Form), fact(9, ConsentState::Revoked, ConsentBasis::DmsFlag)];
        let dana = survive(&[dms, form], &base());
        assert_eq!(dana.consent.len(), 2);
        assert_eq!(state_of(&dana.consent, Channel::Text).map(|f| f.state), Some(ConsentState::Revoked));
    }

    #[test]
    fn what_profiles_do_not_say_comes_from_the_base() {
        let dana = survive(&[named(SourceKind::Lead, "2020-01-01T00:00:00Z", "Dana", "")], &base());
        assert_eq!((dana.id, dana.owner, dana.since), (CustomerId(7), Some(StaffId(1)), at("2020-01-01T00:00:00Z")));
        assert_eq!(survive(&[], &base()).since, now());
    }
}
