//! Do two people live under one roof?

use super::street::words;
use crate::domain::{address::Address, customer::Customer};

/// Where firms have their rooms and nobody lives.
const NO_HOMES: &[&str] = &["suite", "ste", "box", "pobox", "dept", "department"];
/// What stands in a field that had to be filled.
const NO_STREETS: &[&str] = &["main", "any", "unknown", "none", "na", "test", "street", "address", "xxx"];
const NO_ZIPS: &[&str] = &["00000", "11111", "12345", "99999"];

/// The address of somebody's home as one text, equal for all who live there however it was written; `None` for a business, and for an
/// address that is not full or stands for none.
#[must_use]
pub fn home(customer: &Customer) -> Option<String> {
    if customer.name.is_business { None } else { of_address(&customer.address) }
}

pub(super) fn of_address(address: &Address) -> Option<String> {
    let zip = zip(&address.postal_code)?;
    let words = words(&format!("{} {}", address.line1, address.line2));
    let (number, street) = words.split_first()?;
    let is_numbered = number.starts_with(|c: char| c.is_ascii_digit()) && number.bytes().any(|b| matches!(b, b'1'..=b'9'));
    let is_named = street.iter().any(|w| w.chars().any(char::is_alphabetic) && w != "unit");
    let is_no_home = words.iter().any(|w| NO_HOMES.contains(&w.as_str()));
    // "123 Main Street", "1 Unknown": there are such houses, and far more such forms.
    let is_made_up = matches!(number.as_str(), "1" | "12" | "123" | "1234" | "12345" | "999" | "9999")
        && street.first().is_some_and(|w| NO_STREETS.contains(&w.as_str()));
    (is_numbered && is_named && !is_no_home && !is_made_up).then(|| format!("{} {zip}", words.join(" ")))
}

/// The five digits of a ZIP code, or a postal code of another country without its gap.
pub(super) fn zip(postal_code: &str) -> Option<String> {
    let code: String = postal_code.split('-').next()?.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let nine = code.len() == 9 && code.bytes().all(|b| b.is_ascii_digit());
    let code = if nine { code[..5].to_owned() } else { code };
    (code.len() >= 5 && !NO_ZIPS.contains(&code.as_str())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::ids::CustomerId, engine::sample::now};

    fn lives(line1: &str, line2: &str, zip: &str) -> Option<String> {
        let mut customer = Customer::new(CustomerId(1), now());
        customer.address = Address { line1: line1.into(), line2: line2.into(), postal_code: zip.into(), ..Address::default() };
        home(&customer)
    }

    #[test]
    fn one_home_is_one_text_however_it_was_written() {
        for (one, other) in [
            (("84 Stevens Avenue", "", "04102"), ("84 STEVENS AVE.", "", "04102-1234")),
            (("84 Stevens Ave", "Apt 2", "04102"), ("84 Stevens Avenue #2", "", "041021234")),
            (("84 Stevens Ave Apt. #2", "", "04102"), ("84  Stevens Ave,", "unit 2", "04102")),
            (("12 North O'Brien Road", "", "04038"), ("12 N OBrien Rd", "", "04038")),
            (("9 Rue Sainte-Anne", "", "H2X 1Y4"), ("9 rue Sainte-Anne", "", "h2x1y4")),
        ] {
            let said = lives(one.0, one.1, one.2);
            assert!(said.is_some(), "{one:?}");
            assert_eq!(said, lives(other.0, other.1, other.2), "{one:?} {other:?}");
        }
    }

    #[test]
    fn neighbours_do_not_live_together() {
        let ours = lives("84 Stevens Avenue", "Apt 2", "04102");
        for (line1, line2, zip) in [
            ("84 Stevens Avenue", "Apt 3", "04102"),
            ("84 Stevens Avenue", "", "04102"),
            ("86 Stevens Avenue", "Apt 2", "04102"),
            ("84 Stevens Road", "Apt 2", "04102"),
            ("84 Stevens Avenue", "Apt 2", "04101"),
        ] {
            assert_ne!(lives(line1, line2, zip), ours, "{line1} {line2} {zip}");
        }
    }

    #[test]
    fn what_is_no_home_yields_none() {
        for (line1, zip) in [
            ("", "04102"),
            ("84 Stevens Avenue", ""),
            ("Stevens Avenue", "04102"),
            ("84", "04102"),
            ("0 Stevens Avenue", "04102"),
            ("PO Box 84", "04102"),
            ("84 Stevens Avenue Suite 300", "04102"),
            ("123 Main Street", "04102"),
            ("1 Unknown", "04102"),
            ("84 Stevens Avenue", "00000"),
            ("N/A", "04102"),
        ] {
            assert_eq!(lives(line1, "", zip), None, "{line1} {zip}");
        }
    }

    #[test]
    fn a_business_has_no_household() {
        let mut firm = Customer::new(CustomerId(1), now());
        firm.address = Address { line1: "84 Stevens Avenue".into(), postal_code: "04102".into(), ..Address::default() };
        assert!(home(&firm).is_some());
        firm.name.is_business = true;
        assert_eq!(home(&firm), None);
    }
}
