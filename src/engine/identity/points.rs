//! By which exact marks can a person be told from others?

use crate::domain::{email::Email, phone::Phone, profile::Profile};

/// One exact mark. Two profiles with an equal one may be one person; [`super::judge`] decides.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Point {
    Phone(Phone),
    Email(Email),
    /// A customer number means something only within the system that gave it.
    Number {
        source: String,
        number: String,
    },
}

/// The store's own phones and addresses: they stand on every lead its own people type in, so they join nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StorePoints {
    pub phones: Vec<Phone>,
    pub emails: Vec<Email>,
}

/// The exact identifying points of a profile, the surest first, each once.
/// Marketplace relays, placeholder values and the store's own points yield none.
#[must_use]
pub fn points(profile: &Profile, ours: &StorePoints) -> Vec<Point> {
    let number = profile.number.as_deref().map(str::trim).filter(|n| !is_placeholder(n));
    let number = number.map(|n| Point::Number { source: profile.source.name.clone(), number: n.to_owned() });
    let emails = profile.emails.iter().filter(|e| !e.is_shared() && !ours.emails.contains(e)).cloned().map(Point::Email);
    let phones = profile.phones.iter().filter(|p| !is_nobodys(p) && !ours.phones.contains(p)).cloned().map(Point::Phone);
    let mut found: Vec<Point> = Vec::new();
    for point in number.into_iter().chain(emails).chain(phones) {
        if !found.contains(&point) {
            found.push(point);
        }
    }
    found
}

/// What systems write where a number is required and none is known.
fn is_placeholder(number: &str) -> bool {
    let alike = number.bytes().all(|b| Some(b) == number.bytes().next());
    let letters_only = !number.bytes().any(|b| b.is_ascii_digit());
    number.is_empty() || (alike && (number.starts_with('0') || (number.starts_with('9') && number.len() > 3))) || letters_only
}

/// 555-1212 is directory assistance in every area code.
pub(super) fn is_nobodys(phone: &Phone) -> bool {
    phone.digits().len() == 10 && phone.digits().ends_with("5551212")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::profile::SourceKind,
        engine::sample::{email, now, phone, profile},
    };

    #[test]
    fn a_profile_yields_each_point_once_and_the_surest_first() {
        let mut dana = profile(SourceKind::Dms, "DealerVault", now());
        dana.phones = vec![phone("2075550148"), phone("2075550148")];
        dana.emails = vec![email("dana.w@example.com")];
        dana.number = Some(" 00417 ".into());
        let number = Point::Number { source: "DealerVault".into(), number: "00417".into() };
        let found = points(&dana, &StorePoints::default());
        assert_eq!(found, vec![number, Point::Email(email("dana.w@example.com")), Point::Phone(phone("2075550148"))]);
    }

    #[test]
    fn relays_placeholders_and_the_stores_own_points_join_nobody() {
        let ours = StorePoints { phones: vec![phone("2075550100")], emails: vec![email("sales@harbor.example.com")] };
        let mut typed_in = profile(SourceKind::Lead, "Website", now());
        typed_in.phones = vec![phone("2075550100"), phone("2075551212")];
        typed_in.emails = vec![email("sales@harbor.example.com"), email("x1@messages.cargurus.com"), email("noemail@example.com")];
        for number in ["", "0", "000", "9999", "N/A", "none"] {
            typed_in.number = Some(number.into());
            assert_eq!(points(&typed_in, &ours), vec![], "{number}");
        }
    }
}
