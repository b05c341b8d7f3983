//! Is this somebody we know?

use super::{
    names::may_be_one_person,
    points::{Point, StorePoints, points},
};
use crate::domain::{
    customer::Customer,
    ids::CustomerId,
    profile::{PersonName, Profile},
    time::At,
};

/// A customer who shares a point with the profile.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    pub customer: &'a Customer,
    /// The point by which the customer was found. The same customer may stand here once a point.
    pub by: Point,
}

/// Whose a profile is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// A customer we have, and the reason in words a rep can check.
    Same { customer: CustomerId, why: String },
    /// Nobody we know for certain.
    New,
}

/// Decides whose profile this is by exact points. When several customers match, a customer number beats an e-mail address, that beats a
/// phone; then an agreeing name beats an unknown one, then whoever we last dealt with.
///
/// The household rule: one phone can serve a family, so the same phone with another first name is another person, unless an e-mail
/// address (or a number) joins them as well. A candidate whose `by` is not a point of the profile is passed over.
#[must_use]
pub fn resolve(profile: &Profile, candidates: &[Candidate], ours: &StorePoints) -> Resolution {
    let points = points(profile, ours);
    let matching = candidates.iter().filter(|c| points.contains(&c.by));
    let possible = matching.filter(|c| !matches!(c.by, Point::Phone(_)) || may_be_one_person(&profile.name, &c.customer.name));
    let best = possible.min_by_key(|c| {
        let seen = c.customer.last_touch.as_ref().map_or(At(i64::MIN), |t| t.at);
        (sureness(&c.by), !names_agree(&profile.name, &c.customer.name), std::cmp::Reverse(seen), c.customer.id)
    });
    match best {
        Some(c) => Resolution::Same { customer: c.customer.id, why: why(&c.by, names_agree(&profile.name, &c.customer.name)) },
        None => Resolution::New,
    }
}

fn sureness(point: &Point) -> u8 {
    match point {
        Point::Number { .. } => 0,
        Point::Email(_) => 1,
        Point::Phone(_) => 2,
    }
}

/// Both are known and can be one person's.
fn names_agree(a: &PersonName, b: &PersonName) -> bool {
    !a.is_empty() && !b.is_empty() && may_be_one_person(a, b)
}

fn why(point: &Point, same_name: bool) -> String {
    match (point, same_name) {
        (Point::Number { source, number }, _) => format!("Same customer number {number} in {source}"),
        (Point::Email(_), true) => "Same email address and first name".to_owned(),
        (Point::Email(_), false) => "Same email address".to_owned(),
        (Point::Phone(_), true) => "Same phone and first name".to_owned(),
        (Point::Phone(_), false) => "Same phone, and a name that does not speak against it".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{customer::Touch, profile::SourceKind},
        engine::sample::{email, now, phone, profile},
    };

    fn customer(id: u64, first: &str) -> Customer {
        let mut customer = Customer::new(CustomerId(id), now());
        customer.name = PersonName { first: first.into(), ..PersonName::default() };
        customer
    }

    fn said(first: &str) -> Profile {
        let mut said = profile(SourceKind::Lead, "Cars.com", now());
        said.name = PersonName { first: first.into(), ..PersonName::default() };
        said.phones = vec![phone("2075550148")];
        said.emails = vec![email("dana.w@example.com")];
        said.number = Some("417".into());
        said
    }

    fn by_phone() -> Point {
        Point::Phone(phone("2075550148"))
    }

    fn by_email() -> Point {
        Point::Email(email("dana.w@example.com"))
    }

    fn by_number() -> Point {
        Point::Number { source: "Cars.com".into(), number: "417".into() }
    }

    fn check(profile: &Profile, candidates: &[(&Customer, Point)], expected: Option<(u64, &str)>) {
        let candidates: Vec<Candidate> = candidates.iter().map(|(customer, by)| Candidate { customer, by: by.clone() }).collect();
        let expected = expected.map_or(Resolution::New, |(id, why)| Resolution::Same { customer: CustomerId(id), why: why.into() });
        assert_eq!(resolve(profile, &candidates, &StorePoints::default()), expected);
    }

    #[test]
    fn nobody_found_is_somebody_new() {
        check(&said("Dana"), &[], None);
    }

    #[test]
    fn a_phone_joins_people_of_one_first_name() {
        check(&said("Dana"), &[(&customer(7, "DANA"), by_phone())], Some((7, "Same phone and first name")));
        check(&said("Bob"), &[(&customer(7, "Robert"), by_phone())], Some((7, "Same phone and first name")));
    }

    #[test]
    fn a_phone_does_not_join_a_household() {
        check(&said("Sam"), &[(&customer(7, "Dana"), by_phone())], None);
    }

    #[test]
    fn an_email_joins_what_a_phone_alone_would_not() {
        let dana = customer(7, "Dana");
        check(&said("Sam"), &[(&dana, by_phone()), (&dana, by_email())], Some((7, "Same email address")));
    }

    #[test]
    fn a_phone_without_a_name_is_whoever_we_last_dealt_with() {
        let (mut dana, sam) = (customer(7, "Dana"), customer(3, "Sam"));
        dana.last_touch = Some(Touch { at: now(), text: String::new() });
        let why = "Same phone, and a name that does not speak against it";
        check(&said(""), &[(&sam, by_phone()), (&dana, by_phone())], Some((7, why)));
    }

    #[test]
    fn a_number_beats_an_email_and_an_email_beats_a_phone() {
        let (one, two, three) = (customer(1, "Dana"), customer(2, "Dana"), customer(3, "Dana"));
        let all = [(&one, by_phone()), (&two, by_email()), (&three, by_number())];
        check(&said("Dana"), &all, Some((3, "Same customer number 417 in Cars.com")));
        check(&said("Dana"), &all[..2], Some((2, "Same email address and first name")));
    }

    #[test]
    fn of_two_with_the_same_phone_the_one_named_alike_is_meant() {
        check(&said("Dana"), &[(&customer(1, ""), by_phone()), (&customer(2, "Dana"), by_phone())], Some((2, "Same phone and first name")));
    }

    #[test]
    fn a_point_of_the_store_joins_nobody() {
        let dana = customer(7, "Dana");
        let ours = StorePoints { phones: vec![phone("2075550148")], emails: vec![] };
        let found = [Candidate { customer: &dana, by: by_phone() }];
        assert_eq!(resolve(&said("Dana"), &found, &ours), Resolution::New);
    }
}
