//! What do we write to somebody about a car that costs less?

use super::{cars, phrases::capitalised, times};
use crate::domain::{consent::Channel, customer::Customer, money::Cents, rooftop::Rooftop, time::At, vehicle::Vehicle};

/// What a message about a lower price says.
#[derive(Debug, Clone, Copy)]
pub struct PriceNews<'a> {
    pub car: &'a Vehicle,
    pub from: Cents,
    pub to: Cents,
    /// They asked to hear of it; else the message does not say how we know.
    pub asked: bool,
    /// Where it can be seen, with a mark of the message.
    pub link: Option<&'a str>,
}

/// The message, whole: the car by its numbers, its price and from when, who writes, and how to be left alone.
#[must_use]
pub fn price_drop(customer: &Customer, rooftop: &Rooftop, news: &PriceNews<'_>, channel: Channel, now: At) -> String {
    let hello = match customer.first_name() {
        "" => "Hello".to_owned(),
        first => format!("Hi {first}"),
    };
    let asked = if news.asked { " you asked us to watch" } else { "" };
    let by = Cents(news.from.0 - news.to.0);
    let valid = times::date(&rooftop.zone, now, now);
    let numbers = numbers(news.car, channel);
    let first = format!("{hello}, the {}{numbers}{asked} is now {}, down {by}. Price as of {valid}.", cars::spoken(news.car), news.to);
    let link = news.link.map(|link| format!(" See it: {link}")).unwrap_or_default();
    match channel {
        Channel::Email => {
            format!("{first}{link}\n\n{}\nThis is an advertisement. To get no more of these, answer with STOP.", capitalised(&rooftop.name))
        }
        Channel::Text | Channel::Call => format!("{first}{link} {}. Reply STOP to end.", rooftop.name),
    }
}

/// `, stock 24117, VIN 2HKRW2H8XNH614882`: a text has no room for the longer one.
fn numbers(car: &Vehicle, channel: Channel) -> String {
    let stock = car.listing.as_ref().map(|l| l.stock.as_str()).filter(|stock| !stock.is_empty());
    let vin = car.vin.as_ref().filter(|_| channel == Channel::Email || stock.is_none());
    let parts = [stock.map(|stock| format!("stock {stock}")), vin.map(|vin| format!("VIN {}", vin.as_str()))];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sample::{Sample, now};

    #[test]
    fn a_message_says_what_it_costs_since_when_and_how_to_end_it() {
        let sample = Sample::dana();
        let news =
            |asked| PriceNews { car: &sample.cars[0], from: Cents(2_765_000), to: Cents(2_699_000), asked, link: Some("https://example.com/u?hl=M") };
        let text = price_drop(&sample.customer, &sample.rooftop, &news(true), Channel::Text, now());
        assert_eq!(
            text,
            "Hi Dana, the 2022 CR-V (stock 24117) you asked us to watch is now $26,990, down $660. Price as of Nov 24. \
             See it: https://example.com/u?hl=M Harbor Point. Reply STOP to end."
        );
        let email = price_drop(&sample.customer, &sample.rooftop, &news(false), Channel::Email, now());
        assert!(email.starts_with("Hi Dana, the 2022 CR-V (stock 24117") && !email.contains("asked us") && email.contains("STOP"), "{email}");
    }
}
