//! Who left a phone or an email in a chat? A lead, met with its browser by the id that both carry.

use super::said::Raw;
use crate::{
    domain::{
        event::WebEvent,
        lead::{LeadCar, LeadKind, NewLead},
        profile::{Profile, Source, SourceKind},
    },
    formats::leads::person::{NamePieces, emails_in, name, phones},
};

/// Where a chat's vendor puts what the shopper gave. `comm_phone_number` is not among them: it is the store's own.
const PHONES: &[&str] = &["phone", "phone_number", "customer_phone", "contact_phone", "lead_phone", "visitor_phone", "user_phone"];
const EMAILS: &[&str] = &["email", "email_address", "customer_email", "contact_email", "lead_email", "visitor_email", "user_email"];
const FIRST_NAMES: &[&str] = &["first_name", "customer_first_name"];
const LAST_NAMES: &[&str] = &["last_name", "customer_last_name"];
const NAMES: &[&str] = &["full_name", "customer_name", "contact_name", "visitor_name"];

/// The lead that a chat's event is, when somebody can be reached by it.
pub(super) fn lead(raw: &Raw<'_>, event: &WebEvent) -> Option<NewLead> {
    let about = event.name.strip_prefix("asc_").unwrap_or(&event.name).strip_prefix("comm_")?;
    let (phones, emails) = (phones(&raw.text(PHONES)).numbers, emails_in(&raw.text(EMAILS)));
    if raw.text(&["comm_type"]).eq_ignore_ascii_case("voice") || (phones.is_empty() && emails.is_empty()) {
        return None;
    }
    let vendor = raw.text(&["event_owner", "product_name"]);
    let source = if vendor.is_empty() { "Website chat".to_owned() } else { format!("{vendor} chat") };
    let pieces = NamePieces { first: raw.text(FIRST_NAMES), last: raw.text(LAST_NAMES), full: raw.text(NAMES), ..NamePieces::default() };
    let said_by = Source { kind: SourceKind::Lead, name: source.clone() };
    let car = event.car.clone().map(|car| LeadCar { vin: car.vin, stock: car.stock, facts: car.facts, price: car.price, ..LeadCar::default() });
    let conversation = raw.text(&["lead_id", "comm_id", "conversation_id", "submission_id"]);
    Some(NewLead {
        external_id: (!conversation.is_empty()).then(|| format!("{source}|{conversation}")),
        source,
        requested: event.at,
        person: Profile { name: name(&pieces), phones, emails, ..Profile::new(said_by, event.at) },
        cars: car.into_iter().collect(),
        comments: String::new(),
        kind: kind(about),
        web_ids: std::iter::once(event.client.clone()).chain(event.web_ids.iter().cloned()).collect(),
        warnings: vec![],
        taken: None,
    })
}

/// By what follows `asc_comm_`.
fn kind(about: &str) -> LeadKind {
    match about {
        _ if about.contains("service") || about.contains("parts") => LeadKind::Service,
        _ if about.contains("trade") => LeadKind::TradeIn,
        _ if about.contains("credit") || about.contains("finance") => LeadKind::Finance,
        _ if about.contains("appt") => LeadKind::TestDrive,
        _ => LeadKind::Enquiry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::time::At, formats::collect::read};

    fn leads(name: &str, params: &str) -> Vec<NewLead> {
        let json = format!(r#"{{"client_id":"555.777","event":"{name}","params":{{{params}}}}}"#);
        read(json.as_bytes(), At(1_795_531_260_000)).unwrap().chats
    }

    #[test]
    fn a_chat_that_gave_a_phone_is_a_lead_of_its_browser() {
        let params =
            r#""comm_type":"chat","event_owner":"Harbor","phone":"(207) 555-0148","first_name":"Dana","comm_id":"C-104477","item_number":"24117""#;
        let found = leads("asc_comm_submission_sales", params);
        let [lead] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((lead.source.as_str(), lead.external_id.as_deref(), lead.kind), ("Harbor chat", Some("Harbor chat|C-104477"), LeadKind::Enquiry));
        assert_eq!((lead.person.phones[0].e164(), lead.person.name.first.as_str()), ("+12075550148", "Dana"));
        assert_eq!((lead.web_ids.as_slice(), lead.cars[0].stock.as_str()), (&["555.777".to_owned(), "C-104477".to_owned()][..], "24117"));
    }

    #[test]
    fn what_the_chat_was_about_says_what_the_lead_asks() {
        for (name, kind) in [
            ("asc_comm_submission", LeadKind::Enquiry),
            ("asc_comm_engagement", LeadKind::Enquiry),
            ("dl_asc_comm_submission_sales_appt", LeadKind::TestDrive),
            ("asc_comm_submission_service_appt", LeadKind::Service),
            ("asc_comm_submission_trade", LeadKind::TradeIn),
        ] {
            assert_eq!(leads(name, r#""email":"dana.w@example.com""#).iter().map(|l| l.kind).collect::<Vec<_>>(), [kind], "{name}");
        }
    }

    #[test]
    fn nobody_who_can_be_reached_is_no_lead() {
        for (name, params) in [
            ("asc_comm_submission", r#""comm_type":"chat","phone":"NA""#),
            ("asc_comm_submission", r#""comm_type":"chat","comm_phone_number":"207-555-0100""#),
            ("asc_comm_engagement", r#""comm_type":"voice","phone":"207-555-0148""#),
            ("asc_click_to_call", r#""phone":"207-555-0148""#),
            ("asc_form_submission", r#""email":"dana.w@example.com""#),
        ] {
            assert_eq!(leads(name, params), vec![], "{name} {params}");
        }
    }
}
