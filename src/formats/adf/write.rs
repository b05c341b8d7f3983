//! How is a lead told to a sister store or a lender? As ADF 1.0, in the order of its DTD.

use crate::{
    domain::{
        lead::{LeadCar, LeadInterest, LeadKind, NewLead},
        phone::Phone,
    },
    formats::text,
};
use std::fmt::Write;

/// A lead as an ADF 1.0 document. Reading it gives the lead back, except for what belongs to this store alone: permissions and warnings.
#[must_use]
pub fn write_adf(lead: &NewLead) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<?adf version=\"1.0\"?>\n<adf>\n<prospect status=\"new\">\n");
    if let Some(id) = &lead.external_id {
        let (source, id) = id.split_once('|').unwrap_or((&lead.source, id));
        element(&mut out, "id", &[("sequence", "1"), ("source", source)], id);
    }
    for id in &lead.web_ids {
        element(&mut out, "id", &[("source", "submission id")], id);
    }
    element(&mut out, "requestdate", &[], &requested(lead));
    if let Some(kind) = kind(lead.kind) {
        element(&mut out, "leadtype", &[], kind);
    }
    lead.cars.iter().for_each(|car| vehicle(&mut out, car));
    customer(&mut out, lead);
    out.push_str("<provider>\n");
    element(&mut out, "name", &[("part", "full")], &lead.source);
    out.push_str("</provider>\n</prospect>\n</adf>\n");
    out
}

fn requested(lead: &NewLead) -> String {
    jiff::Timestamp::from_millisecond(lead.requested.0).map(|t| t.to_string()).unwrap_or_default()
}

/// Outside the standard, and understood by most readers.
fn kind(kind: LeadKind) -> Option<&'static str> {
    match kind {
        LeadKind::Enquiry | LeadKind::Unknown => None,
        LeadKind::TestDrive => Some("Test drive"),
        LeadKind::TradeIn => Some("Trade-in"),
        LeadKind::Finance => Some("Finance"),
        LeadKind::PhoneCall => Some("Phone call"),
        LeadKind::Service => Some("Service"),
        LeadKind::Test => Some("Test lead"),
    }
}

fn vehicle(out: &mut String, car: &LeadCar) {
    let interest = match car.interest {
        LeadInterest::Buy | LeadInterest::Unknown => "buy",
        LeadInterest::Lease => "lease",
        LeadInterest::Sell => "sell",
        LeadInterest::TradeIn => "trade-in",
        LeadInterest::TestDrive => "test-drive",
    };
    let _ = writeln!(out, "<vehicle interest=\"{interest}\">");
    let facts = &car.facts;
    element(out, "year", &[], &facts.year.map(|y| y.to_string()).unwrap_or_default());
    element(out, "make", &[], &facts.make);
    element(out, "model", &[], &facts.model);
    given(out, "vin", &[], car.vin.as_ref().map_or("", |v| v.as_str()));
    given(out, "stock", &[], &car.stock);
    given(out, "trim", &[], &facts.trim);
    given(out, "bodystyle", &[], &facts.body);
    given(out, "transmission", &[], &facts.transmission);
    given(out, "odometer", &[("units", "mi")], &facts.odometer_mi.map(|m| m.to_string()).unwrap_or_default());
    if !facts.exterior_color.is_empty() || !facts.interior_color.is_empty() {
        out.push_str("<colorcombination>\n");
        given(out, "interiorcolor", &[], &facts.interior_color);
        given(out, "exteriorcolor", &[], &facts.exterior_color);
        element(out, "preference", &[], "1");
        out.push_str("</colorcombination>\n");
    }
    let price = car.price.map(|p| format!("{}.{:02}", p.0 / 100, p.0 % 100)).unwrap_or_default();
    given(out, "price", &[("type", "asking"), ("currency", "USD")], &price);
    given(out, "drivetrain", &[], &facts.drivetrain);
    given(out, "fuel", &[], &facts.fuel);
    given(out, "engine", &[], &facts.engine);
    given(out, "comments", &[], &typed(&car.comments));
    out.push_str("</vehicle>\n");
}

fn customer(out: &mut String, lead: &NewLead) {
    let person = &lead.person;
    out.push_str("<customer>\n<contact primarycontact=\"1\">\n");
    let name = &person.name;
    if name.is_business {
        given(out, "name", &[("part", "full"), ("type", "business")], &name.full);
    } else {
        given(out, "name", &[("part", "first")], &name.first);
        given(out, "name", &[("part", "middle")], &name.middle);
        given(out, "name", &[("part", "last")], &name.last);
        given(out, "name", &[("part", "suffix")], &name.suffix);
        given(out, "name", &[("part", "full")], &name.full);
    }
    person.emails.iter().for_each(|email| element(out, "email", &[], email.as_str()));
    person.phones.iter().map(Phone::e164).for_each(|phone| element(out, "phone", &[("type", "voice")], phone));
    let address = &person.address;
    if !address.is_empty() {
        out.push_str("<address>\n");
        given(out, "street", &[("line", "1")], &address.line1);
        given(out, "street", &[("line", "2")], &address.line2);
        given(out, "city", &[], &address.city);
        given(out, "regioncode", &[], &address.region);
        given(out, "postalcode", &[], &address.postal_code);
        given(out, "country", &[], &address.country);
        out.push_str("</address>\n");
    }
    out.push_str("</contact>\n");
    given(out, "comments", &[], &typed(&lead.comments));
    out.push_str("</customer>\n");
}

/// What a person typed that looks like markup is escaped once more, so that readers who take comments for HTML show it as it was typed.
fn typed(words: &str) -> String {
    if text::plain(words) == words { words.to_owned() } else { escaped(words) }
}

fn given(out: &mut String, name: &str, attributes: &[(&str, &str)], text: &str) {
    if !text.is_empty() {
        element(out, name, attributes, text);
    }
}

fn element(out: &mut String, name: &str, attributes: &[(&str, &str)], text: &str) {
    let _ = write!(out, "<{name}");
    for (key, value) in attributes {
        let _ = write!(out, " {key}=\"{}\"", escaped(value));
    }
    let _ = writeln!(out, ">{}</{name}>", escaped(text));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
