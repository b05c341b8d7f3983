//! Who wants to hear when a car costs less? Set by a shopper on the website or by a rep for them, each with what was agreed to.

use super::{Policy, Rooms, advance, cars, people, seen::Asked, story, think, wishes};
use crate::{
    domain::{
        alert::Icon,
        change::Changed,
        consent::{Channel, ConsentBasis, ConsentFact, ConsentState},
        customer::Customer,
        email::Email,
        event::Event,
        ids::{CustomerId, PriceAlertId, Seq, VehicleId},
        money::Cents,
        phone::Phone,
        price_alert::{AlertTerms, Ended, PriceAlert},
        profile::{PersonName, Profile, Source, SourceKind},
        story::{Road, StoryRow},
        time::At,
        vehicle::{ListingStatus, Vehicle},
        vin::Vin,
        wish::{Whose, WishTerms},
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

const OF_A_CAR_MOST: usize = 1_000;
const OF_A_PART_MOST: usize = 40;
const NAME_MOST_CHARS: usize = 80;
const CLIENT_MOST_CHARS: usize = 100;
/// A car within a tenth above its price is like it.
const SIMILAR_PERCENT: i64 = 110;

/// Why nothing was done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    Unusable(&'static str, String),
}

fn unusable<T>(code: &'static str, sentence: &str) -> Result<T, Refusal> {
    Err(Refusal::Unusable(code, sentence.to_owned()))
}

/// What a shopper agrees to beside the box of the website's form: kept with the alert as it was shown. Without it no message is written.
/// The seller is named, the texts are said to be automated and no condition of buying (47 CFR 64.1200(f)(9)).
#[must_use]
pub fn consent_words(channel: Channel, store: &str) -> String {
    match channel {
        Channel::Email => format!("{store} may email me when the price of this car drops. I can end it at any time by answering STOP."),
        Channel::Text | Channel::Call => format!(
            "{store} may send me automated texts at this number when the price of this car drops. \
             Agreeing is not a condition of buying. Message and data rates may apply. Reply STOP to end."
        ),
    }
}

/// As a shopper filled in the form of the website.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromShopper {
    pub vin: String,
    pub stock: String,
    pub channel: Channel,
    pub to: String,
    pub name: String,
    pub below: Option<Cents>,
    /// The box was ticked.
    pub agreed: bool,
    /// They also want to hear of cars like it.
    pub similar: bool,
    pub client: Option<String>,
}

/// A price alert set on the website. Posted twice it is one.
pub async fn set_by_shopper(rooms: &Rooms, said: FromShopper, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    let done = rooms
        .store
        .write(move |tx| match asked_for(tx, &policy, &said, now)? {
            Ok(events) => {
                for event in events {
                    advance::append(tx, event, now)?;
                }
                Ok(Ok(()))
            }
            Err(refusal) => Ok(Err(refusal)),
        })
        .await;
    rooms.hub.nudge_journal();
    done
}

/// What a shopper asks for by the form: the alert, and the wish for cars like that one.
pub(super) fn asked_for(tx: &impl Rows, policy: &Policy, said: &FromShopper, now: At) -> Result<Result<Vec<Event>, Refusal>, StoreError> {
    let vin = Vin::parse(&said.vin);
    let Some(car) = cars::find(tx, vin.as_ref(), &said.stock)?.map(|id| tx.get(tables::VEHICLES, &id)).transpose()?.flatten() else {
        return Ok(unusable("car", "This car is not on our lot any more."));
    };
    let (terms, person) = match checked(said, &car, &policy.rooftop.name, now) {
        Ok(checked) => checked,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let client = said.client.clone().filter(|c| !c.is_empty() && c.len() <= CLIENT_MOST_CHARS);
    let whose = Whose::Shopper { person: Box::new(person), client };
    let wish = said.similar.then(|| Event::Wished { terms: like(&car), whose: whose.clone() });
    Ok(Ok(std::iter::once(Event::PriceAlertSet { terms, whose }).chain(wish).collect()))
}

fn checked(said: &FromShopper, car: &Vehicle, store: &str, now: At) -> Result<(AlertTerms, Profile), Refusal> {
    if !said.agreed {
        return unusable("agreed", "Tick the box, so that we may write to you.");
    }
    if said.name.chars().count() > NAME_MOST_CHARS {
        return unusable("name", "That is too long for a name.");
    }
    let words = consent_words(said.channel, store);
    let consent = ConsentFact {
        channel: said.channel,
        state: ConsentState::Allowed,
        basis: ConsentBasis::Form,
        at: now,
        evidence: format!("price alert form of the website, box ticked beside \u{201c}{words}\u{201d}"),
    };
    let terms = terms(car, said.below, said.channel, &said.to, consent)?;
    let source = Source { kind: SourceKind::Lead, name: "Website price alert".to_owned() };
    let mut person = Profile { name: PersonName::from_full(&said.name), ..Profile::new(source, now) };
    person.phones.extend(Phone::parse(&terms.to).filter(|_| said.channel == Channel::Text));
    person.emails.extend(Email::parse(&terms.to).filter(|_| said.channel == Channel::Email));
    Ok((terms, person))
}

/// What an alert may be about, and where to.
fn terms(car: &Vehicle, below: Option<Cents>, channel: Channel, to: &str, consent: ConsentFact) -> Result<AlertTerms, Refusal> {
    let to = match channel {
        Channel::Text => Phone::parse(to).map(|phone| phone.e164().to_owned()),
        Channel::Email => Email::parse(to).map(|email| email.as_str().to_owned()),
        Channel::Call => return unusable("channel", "A price alert goes by text or by email."),
    };
    let Some(to) = to else {
        let which = if channel == Channel::Text { "That is not a phone number with its area code." } else { "That is not an email address." };
        return unusable("to", which);
    };
    let here = car.listing.as_ref().filter(|l| !matches!(l.status, ListingStatus::Sold | ListingStatus::Missing));
    let Some(listing) = here else { return unusable("car", "This car is not on our lot any more.") };
    if below.is_some_and(|below| below.0 <= 0 || listing.price.is_some_and(|price| below >= price)) {
        return unusable("below", "Say a price below what it costs now, or leave it empty to hear of any drop.");
    }
    Ok(AlertTerms { vehicle: car.id, below, channel, to, consent })
}

/// A wish for cars like this one.
fn like(car: &Vehicle) -> WishTerms {
    let price = car.listing.as_ref().and_then(|l| l.price).map(|price| Cents(price.0 / 100 * SIMILAR_PERCENT));
    WishTerms { make: car.facts.make.clone(), model: car.facts.model.clone(), price_most: price, ..WishTerms::default() }
}

/// How a customer told the store that they want to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToldUs {
    InPerson,
    ByPhone,
    /// They signed for it.
    OnPaper,
}

impl ToldUs {
    fn basis(self) -> ConsentBasis {
        match self {
            Self::InPerson | Self::ByPhone => ConsentBasis::Verbal,
            Self::OnPaper => ConsentBasis::Form,
        }
    }

    fn evidence(self) -> &'static str {
        match self {
            Self::InPerson => "in person, a price alert",
            Self::ByPhone => "by phone, a price alert",
            Self::OnPaper => "signed price alert",
        }
    }
}

/// As somebody of the store takes it down for a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForCustomer {
    pub customer: CustomerId,
    pub vehicle: VehicleId,
    pub below: Option<Cents>,
    pub channel: Channel,
    pub how: ToldUs,
}

/// Sets a price alert for a customer, to the first phone or address on record. The same key twice sets it once.
pub async fn set_for(rooms: &Rooms, said: ForCustomer, asked: Asked, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "price alert", || {
                let (Some(customer), Some(car)) = (people::shown(tx, said.customer)?, tx.get(tables::VEHICLES, &said.vehicle)?) else {
                    return Ok(Err(Refusal::NotThere));
                };
                if said.channel == Channel::Text && said.how != ToldUs::OnPaper {
                    return Ok(unusable("how", "A text that is sent by itself needs a signature or a tick of theirs. Take email, or let them sign."));
                }
                let to = point(&customer, said.channel);
                let Some(to) = to else { return Ok(unusable("to", "There is no phone or address on record for that channel.")) };
                let consent = ConsentFact {
                    channel: said.channel,
                    state: ConsentState::Allowed,
                    basis: said.how.basis(),
                    at: now,
                    evidence: said.how.evidence().to_owned(),
                };
                let terms = match terms(&car, said.below, said.channel, &to, consent) {
                    Ok(terms) => terms,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let whose = Whose::Customer { id: customer.id, by: asked.by };
                advance::append_applied(tx, &policy, Event::PriceAlertSet { terms, whose }, now)?;
                Ok(Ok(()))
            })
        })
        .await
}

/// Where a customer is reached on a channel.
pub(super) fn point(customer: &Customer, channel: Channel) -> Option<String> {
    match channel {
        Channel::Email => customer.emails.first().map(|e| e.as_str().to_owned()),
        Channel::Text => customer.phones.first().filter(|_| !customer.wrong_number).map(|p| p.e164().to_owned()),
        Channel::Call => None,
    }
}

/// They do not want it any more, or do after all.
pub async fn set_open(rooms: &Rooms, id: PriceAlertId, open: bool, asked: Asked, now: At) -> Result<Result<CustomerId, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(alert) = tx.get(tables::PRICE_ALERTS, &id)? else { return Ok(Err(Refusal::NotThere)) };
            if alert.is_open() != open {
                let by = asked.by;
                let event = if open { Event::PriceAlertResumed { alert: id, by } } else { Event::PriceAlertEnded { alert: id, by } };
                advance::append_applied(tx, &policy, event, now)?;
            }
            Ok(Ok(people::root_of(tx, alert.part)?))
        })
        .await
}

/// The effects of an alert. The same customer, car and channel is the one that stands, with the newer terms.
pub(super) fn take(tx: &WriteTx<'_>, policy: &Policy, cause: Seq, terms: &AlertTerms, whose: &Whose, now: At) -> Result<(), StoreError> {
    let Some((part, by)) = wishes::speaker(tx, policy, whose, "it set a price alert", now)? else { return Ok(()) };
    let (Some(customer), Some(car)) = (people::of_part(tx, part)?, tx.get(tables::VEHICLES, &terms.vehicle)?) else { return Ok(()) };
    let same = |alert: &PriceAlert| alert.said.vehicle == terms.vehicle && alert.said.channel == terms.channel && alert.said.to == terms.to;
    let held = of_customer(tx, &customer)?.into_iter().find(same);
    let is_news = held.as_ref().is_none_or(|held| held.said.below != terms.below);
    let alert = match held {
        // The newer word stands, with the newer tick: one that was opted out since the first is good again.
        Some(held) => PriceAlert { said: terms.clone(), ..held },
        None => PriceAlert { id: PriceAlertId(tx.next("price alert")?), part, said: terms.clone(), set: now, by, cause, ended: None },
    };
    tx.put(tables::PRICE_ALERTS, &alert.id, &alert)?;
    tx.put(tables::VEHICLE_PRICE_ALERTS, &(terms.vehicle, alert.id), &())?;
    tx.put(tables::CUSTOMER_PRICE_ALERTS, &(alert.part, alert.id), &())?;
    if is_news {
        let title = format!("Wants to hear when {}", costs_less(&car, terms.below));
        let row = StoryRow::new(now, if by.is_some() { Road::Sales } else { Road::Web }, Icon::Price, title.clone(), cause);
        story::tell(tx, part, &StoryRow { by, vehicle: Some(car.id), detail: agreed(terms), ..row })?;
        people::change(tx, part, |own| own.touch(now, &title, by.is_none()))?;
    }
    tx.announce(Changed::Customer(customer.id));
    tx.announce(Changed::Vehicle(car.id));
    think::think(tx, policy, customer.id, now)
}

/// `the 2022 CR-V #24117 costs less`, `… costs $25,000 or less`.
pub(super) fn costs_less(car: &Vehicle, below: Option<Cents>) -> String {
    let stock = car.listing.as_ref().map(|l| format!(" #{}", l.stock)).unwrap_or_default();
    let how = below.map_or_else(|| "costs less".to_owned(), |below| format!("costs {below} or less"));
    format!("the {}{stock} {how}", car.facts.short())
}

fn agreed(terms: &AlertTerms) -> String {
    let channel = match terms.channel {
        Channel::Text => "text",
        Channel::Email => "email",
        Channel::Call => "call",
    };
    format!("By {channel} to {}. Agreed: {}.", terms.to, terms.consent.evidence)
}

/// It is over, or stands again.
pub(super) fn take_end(tx: &WriteTx<'_>, cause: Seq, id: PriceAlertId, ended: Option<Ended>, now: At) -> Result<(), StoreError> {
    let Some(mut alert) = tx.get(tables::PRICE_ALERTS, &id)? else { return Ok(()) };
    alert.ended = ended;
    tx.put(tables::PRICE_ALERTS, &id, &alert)?;
    if let Some(car) = tx.get(tables::VEHICLES, &alert.said.vehicle)? {
        let wants = if ended.is_some() { "No longer wants to hear" } else { "Wants to hear again" };
        let title = format!("{wants} when {}", costs_less(&car, alert.said.below));
        let row = StoryRow::new(now, Road::Sales, Icon::Price, title, cause);
        story::tell(tx, alert.part, &StoryRow { by: ended.map(|e| e.by), vehicle: Some(car.id), ..row })?;
        tx.announce(Changed::Vehicle(car.id));
    }
    tx.announce(Changed::Customer(people::root_of(tx, alert.part)?));
    Ok(())
}

/// The alerts that stand on a car, oldest first.
pub(super) fn on(tx: &impl Rows, car: VehicleId) -> Result<Vec<PriceAlert>, StoreError> {
    let mut all = Vec::new();
    for (_, id) in tx.keys(tables::VEHICLE_PRICE_ALERTS, &Span::under(&car), OF_A_CAR_MOST)? {
        all.extend(tx.get(tables::PRICE_ALERTS, &id)?.filter(PriceAlert::is_open));
    }
    Ok(all)
}

/// The alerts of a customer that stand, oldest first.
pub fn of_customer(tx: &impl Rows, customer: &Customer) -> Result<Vec<PriceAlert>, StoreError> {
    let mut all = Vec::new();
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_PRICE_ALERTS, &Span::under(&part), OF_A_PART_MOST)? {
            all.extend(tx.get(tables::PRICE_ALERTS, &id)?.filter(PriceAlert::is_open));
        }
    }
    all.sort_by_key(|alert: &PriceAlert| alert.id);
    Ok(all)
}
