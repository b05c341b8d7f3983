//! Can these two names belong to one person?

use super::words::folded;
use crate::domain::{nicknames, profile::PersonName};

/// Whether two names can be one person's: an unknown first name says nothing against it, nor do a short form, an initial, an accent or
/// a couple written as one ("Robert & Susan"). A business is not a person.
#[must_use]
pub fn may_be_one_person(a: &PersonName, b: &PersonName) -> bool {
    if a.is_business || b.is_business {
        let (a, b) = (folded(&a.full), folded(&b.full));
        return a.is_empty() || b.is_empty() || a == b;
    }
    let (a, b) = (first_names(a), first_names(b));
    a.is_empty() || b.is_empty() || a.iter().any(|a| b.iter().any(|b| agree(a, b)))
}

/// The first names of a person or a couple, folded; empty when none is known.
fn first_names(name: &PersonName) -> Vec<String> {
    let given =
        if name.first.trim().is_empty() && name.last.trim().is_empty() { PersonName::from_full(&name.full).first } else { name.first.clone() };
    let parts = given.replace(" and ", "&").replace(" AND ", "&");
    parts.split(['&', '/']).filter_map(|part| part.split_whitespace().next()).map(folded).filter(|n| !n.is_empty()).collect()
}

fn agree(a: &str, b: &str) -> bool {
    let initial = a.chars().count() == 1 || b.chars().count() == 1;
    if initial {
        return a.chars().next() == b.chars().next();
    }
    nicknames::go_together(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(first: &str) -> PersonName {
        PersonName { first: first.into(), last: "Whitfield".into(), ..PersonName::default() }
    }

    #[test]
    fn short_forms_initials_accents_and_couples_are_one_name() {
        for (a, b) in [
            ("Robert", "BOB"),
            ("Bob", "Rob"),
            ("Bill", "William"),
            ("Liz", "Elizabeth"),
            ("R", "Robert"),
            ("R.", "Rob"),
            ("José", "Jose"),
            ("Robert & Susan", "Sue"),
            ("Dana Rae", "Dana"),
            ("", "Dana"),
        ] {
            assert!(may_be_one_person(&named(a), &named(b)) && may_be_one_person(&named(b), &named(a)), "{a} {b}");
        }
    }

    #[test]
    fn other_names_are_other_people() {
        for (a, b) in [("Dana", "Sam"), ("Susan", "Robert"), ("D", "Sam"), ("Alexander", "Alfred")] {
            assert!(!may_be_one_person(&named(a), &named(b)), "{a} {b}");
        }
    }

    #[test]
    fn a_name_in_one_piece_counts() {
        let whole = PersonName { full: "Whitfield, Dana".into(), ..PersonName::default() };
        assert!(may_be_one_person(&whole, &named("Dana")));
        assert!(!may_be_one_person(&whole, &named("Sam")));
    }

    #[test]
    fn a_business_is_not_its_owner() {
        let shop = PersonName { full: "Whitfield Plumbing".into(), is_business: true, ..PersonName::default() };
        let same = PersonName { full: "WHITFIELD  PLUMBING".into(), is_business: true, ..PersonName::default() };
        assert!(may_be_one_person(&shop, &same));
        assert!(!may_be_one_person(&shop, &PersonName { full: "Dana Whitfield".into(), ..named("Dana") }));
    }
}
