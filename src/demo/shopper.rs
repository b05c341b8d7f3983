//! Who is browsing now? Shoppers who come, look, ask and write, each by a little script that is the same for the same seed.

use super::{
    Plan,
    dice::{About, Dice},
    traffic::Visit,
};
use crate::{
    domain::{
        event::{WebCar, WebEvent},
        time::{At, HOUR_MS, MINUTE_MS, SECOND_MS},
        visitor::Did,
    },
    formats::adf::write_adf,
};
use serde_json::{Map, Value, json};
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    time::Duration,
};

/// Something that reaches the store from outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// A body for the web-event door, in the shape of GA4's Measurement Protocol.
    Collect(Value),
    /// A lead as ADF, for the lead door.
    Adf(String),
    /// A mail that answers one of ours, for the lead door.
    ReplyMail(String),
}

/// Everybody on the site, for ever: what they do and how long after the one before. About one visible card every half minute.
#[derive(Debug)]
pub struct Crowd {
    plan: Plan,
    /// Browsers and people known from leads of the last two months.
    known: Vec<u32>,
    shoppers: BinaryHeap<Reverse<Shopper>>,
    arrivals: Dice,
    next_arrival: At,
    arrived: u64,
    last_act: At,
}

/// What brings somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Errand {
    /// Looks around and leaves.
    Wander,
    /// Looks at a few cars and asks about one.
    Ask,
    /// Looked at one car on three days and is back on it.
    Return,
    /// Asks what their own car is worth.
    ValueTrade,
    /// Answers a message of ours.
    Write,
}

/// One shopper: what is still to come, next first.
#[derive(Debug)]
struct Shopper {
    number: u64,
    script: VecDeque<(At, Act)>,
}

/// Every third who comes has an errand that makes a card.
const WANDERERS_BETWEEN: u64 = 3;

impl Crowd {
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        let arrivals = Dice::of(plan.seed, About::Shopper, 0);
        let (known, now) = (plan.recent_site_leads(), plan.now);
        Self { plan, known, shoppers: BinaryHeap::new(), arrivals, next_arrival: now.plus_ms(2 * SECOND_MS), arrived: 0, last_act: now }
    }

    fn arrive(&mut self) {
        self.arrived += 1;
        let mut dice = Dice::of(self.plan.seed, About::Shopper, self.arrived);
        let errand = match self.arrived % WANDERERS_BETWEEN {
            1 if self.known.is_empty() => Errand::Ask,
            1 => [Errand::Ask, Errand::Return, Errand::ValueTrade, Errand::Write][dice.weighted(&[38, 24, 16, 22])],
            _ => Errand::Wander,
        };
        let script = script(&self.plan, &self.known, &mut dice, errand, (self.arrived, self.next_arrival));
        if !script.is_empty() {
            self.shoppers.push(Reverse(Shopper { number: self.arrived, script }));
        }
        self.next_arrival = self.next_arrival.plus_ms(self.arrivals.between(7_000, 12_000));
    }
}

impl Iterator for Crowd {
    type Item = (Duration, Act);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.shoppers.peek() {
                Some(next) if next.0.due() <= self.next_arrival => {}
                _ => {
                    self.arrive();
                    continue;
                }
            }
            let Reverse(mut shopper) = self.shoppers.pop()?;
            let (at, act) = shopper.script.pop_front()?;
            if !shopper.script.is_empty() {
                self.shoppers.push(Reverse(shopper));
            }
            let wait = u64::try_from(at.since(self.last_act)).unwrap_or(0);
            self.last_act = self.last_act.max(at);
            return Some((Duration::from_millis(wait), act));
        }
    }
}

impl Shopper {
    fn due(&self) -> At {
        self.script.front().map_or(At(i64::MAX), |(at, _)| *at)
    }
}

impl PartialEq for Shopper {
    fn eq(&self, other: &Self) -> bool {
        (self.due(), self.number) == (other.due(), other.number)
    }
}

impl Eq for Shopper {}

impl PartialOrd for Shopper {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Shopper {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.due(), self.number).cmp(&(other.due(), other.number))
    }
}

fn script(plan: &Plan, known: &[u32], dice: &mut Dice, errand: Errand, (number, at): (u64, At)) -> VecDeque<(At, Act)> {
    // In turn, so that nobody comes back before all the others have.
    let somebody = || known[usize::try_from(number / WANDERERS_BETWEEN).unwrap_or(0) % known.len()];
    match errand {
        Errand::Wander => wander(plan, dice, at),
        Errand::Ask => ask(plan, dice, number, at),
        Errand::Return => come_back(plan, dice, somebody(), at),
        Errand::ValueTrade => value_trade(plan, dice, somebody(), at),
        Errand::Write => write(plan, dice, somebody(), number, at),
    }
}

fn new_client(dice: &mut Dice, at: At) -> String {
    format!("{}.{}", 1_000_000_000 + dice.below(1_100_000_000), at.0 / SECOND_MS)
}

fn wander(plan: &Plan, dice: &mut Dice, at: At) -> VecDeque<(At, Act)> {
    let mut visit = Visit::begin(plan, new_client(dice, at), at);
    visit.lot();
    for _ in 0..=dice.low_below(4) {
        visit.wait(6 + dice.below(20));
        let shown = plan.for_sale(dice, at);
        visit.look(shown, dice.below(3), 20 + dice.below(60));
    }
    acts(&visit.done())
}

fn ask(plan: &Plan, dice: &mut Dice, number: u64, at: At) -> VecDeque<(At, Act)> {
    let client = new_client(dice, at);
    let mut visit = Visit::begin(plan, client, at);
    let wanted = plan.for_sale(dice, at);
    if dice.percent(50) {
        let other = plan.for_sale(dice, at);
        visit.look(other, 1, 20);
    }
    visit.look(wanted, 1 + dice.below(2), 30);
    let submission = format!("L-{:08}", 50_000 + number);
    visit.form(wanted, submission.clone());
    let events = visit.done();
    // The site's form reaches us as a lead a moment after its own event.
    let sent = events.last().map_or(at, |e| e.at).plus_ms(900);
    let mut lead = plan.site_lead(dice, wanted, sent);
    lead.external_id = Some(format!("{}|{submission}", lead.source));
    lead.web_ids = vec![submission];
    let mut script = acts(&events);
    script.push_back((sent, Act::Adf(write_adf(&lead))));
    script
}

/// Their phone hands over what it could not send on the three days before, and then they are there.
fn come_back(plan: &Plan, dice: &mut Dice, lead: u32, at: At) -> VecDeque<(At, Act)> {
    let client = plan.tied_client(lead);
    let shown = plan.for_sale(dice, at);
    let mut script = VecDeque::new();
    for hours in [dice.between(36, 43), dice.between(22, 29), dice.between(7, 14)] {
        let mut visit = Visit::begin(plan, client.clone(), at.plus_ms(-hours * HOUR_MS - dice.between(0, 50) * MINUTE_MS));
        visit.look(shown, 1, 40);
        script.extend(visit.done().chunk_by(|a, b| a.at == b.at).map(|moment| (at, Act::Collect(body(moment, true)))));
    }
    let mut visit = Visit::begin(plan, client, at.plus_ms(2 * SECOND_MS));
    visit.look(shown, 2, 40);
    if dice.percent(40) {
        visit.on_car("asc_element_configuration", Did::UsedPaymentTool, shown);
    }
    script.extend(acts(&visit.done()));
    script
}

fn value_trade(plan: &Plan, dice: &mut Dice, lead: u32, at: At) -> VecDeque<(At, Act)> {
    let shown = plan.for_sale(dice, at);
    let mut visit = Visit::begin(plan, plan.tied_client(lead), at);
    visit.look(shown, dice.below(2), 20);
    visit.on_car("asc_retail_process", Did::StartedTradeTool, shown);
    visit.wait(25 + dice.below(30));
    visit.on_car("asc_form_submission_trade", Did::FinishedTradeTool, shown);
    acts(&visit.done())
}

const ANSWERS: &[&str] = &[
    "Thanks for getting back to me. Could I come by around 5:30 today?",
    "Yes please send the pictures. What are the tires like?",
    "Saturday morning works. I will bring my trade along.",
    "Is the price firm? I have my financing through the credit union.",
    "Sorry for the late answer, still interested. Can somebody call me after 4?",
    "Could you hold it until I get there? I can leave Lewiston at noon.",
    "My husband would like to see it too, is Thursday evening all right?",
];

fn write(plan: &Plan, dice: &mut Dice, lead: u32, number: u64, at: At) -> VecDeque<(At, Act)> {
    let said = plan.past_lead(lead);
    let (Some(email), Some(name)) = (said.person.emails.first(), said.person.name.display()) else { return VecDeque::new() };
    let about = said.cars.first().map(|c| c.facts.short()).unwrap_or_default();
    let date = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default().strftime("%a, %d %b %Y %H:%M:%S +0000");
    let mail = format!(
        "From: \"{name}\" <{}>\r\nTo: {} <leads@harborpoint.example>\r\nSubject: Re: Your question about the {about}\r\nDate: {date}\r\n\
         Message-ID: <{number}.{}@mail.example>\r\nIn-Reply-To: <answer-{lead}@harborpoint.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n\r\nOn Monday {} wrote:\r\n> Thanks for asking about the {about}.\r\n",
        email.as_str(),
        Plan::STORE,
        at.0,
        dice.pick(ANSWERS),
        Plan::STORE,
    );
    VecDeque::from([(at, Act::ReplyMail(mail))])
}

/// What happens at one moment goes out in one body, as a site's tag does it.
fn acts(events: &[WebEvent]) -> VecDeque<(At, Act)> {
    events.chunk_by(|a, b| a.at == b.at).map(|moment| (moment[0].at, Act::Collect(body(moment, false)))).collect()
}

/// Events of one browser as a body. Late ones carry the time they happened, fresh ones happen as they arrive.
fn body(events: &[WebEvent], late: bool) -> Value {
    let all: Vec<Value> = events.iter().map(|e| json!({ "name": e.name, "params": params(e) })).collect();
    let mut body = json!({ "client_id": events.first().map_or("", |e| e.client.as_str()), "events": all });
    if let (true, Some(first), Some(object)) = (late, events.first(), body.as_object_mut()) {
        object.insert("timestamp_micros".to_owned(), json!(first.at.0 * 1_000));
    }
    body
}

/// The parameters by which the Council's names say what was done.
fn params(event: &WebEvent) -> Map<String, Value> {
    let mut said: Vec<(&str, String)> = vec![("event_owner", "harbor_point_web".to_owned()), ("page_location", event.page.clone())];
    let page_type = match (event.page.strip_prefix(Plan::SITE).unwrap_or(""), event.car.is_some()) {
        ("/used", _) => "itemlist",
        (page, _) if page.starts_with("/used/") => "item",
        ("/", _) => "home",
        (_, _) => "custom",
    };
    said.push(("page_type", page_type.to_owned()));
    let more: &[(&str, &str)] = match event.did {
        Did::UsedPaymentTool => &[("element_type", "payment_calculator"), ("element_text", "Estimate my payment")],
        Did::Shared => &[("event_action", "share"), ("element_text", "Share this car")],
        Did::Compared => &[("event_action", "compare"), ("element_text", "Compare")],
        Did::ClickedToCall => &[("comm_type", "voice"), ("element_text", "Call us")],
        Did::StartedForm | Did::SubmittedForm => &[("form_name", "Ask about this car"), ("form_type", "sales"), ("department", "sales")],
        Did::StartedTradeTool => &[("flow_name", "Value your trade"), ("flow_outcome", "start"), ("department", "trade")],
        Did::FinishedTradeTool => &[("form_name", "Value your trade"), ("form_type", "trade"), ("department", "trade")],
        Did::OpenedPriceAlert => &[("promotion_name", "Price drop alert"), ("event_action", "view")],
        Did::ViewedPage
        | Did::ViewedLot
        | Did::ViewedCar
        | Did::ViewedMedia
        | Did::ViewedHours
        | Did::StartedFinance
        | Did::SubmittedFinance
        | Did::ClickedPriceAlert
        | Did::EngagedChat
        | Did::GaveContact
        | Did::BookedVisit
        | Did::Searched
        | Did::Enquired
        | Did::Replied
        | Did::Other => &[],
    };
    said.extend(more.iter().map(|(key, value)| (*key, (*value).to_owned())));
    said.extend(event.web_ids.first().map(|id| ("submission_id", id.clone())));
    if let Some(car) = &event.car {
        said.extend(item(car));
    }
    said.into_iter().map(|(key, value)| (key.to_owned(), Value::String(value))).collect()
}

fn item(car: &WebCar) -> [(&'static str, String); 11] {
    let facts = &car.facts;
    [
        ("item_id", car.vin.as_ref().map_or_else(String::new, |v| v.as_str().to_owned())),
        ("item_number", car.stock.clone()),
        ("item_price", car.price.map_or_else(String::new, |p| (p.0 / 100).to_string())),
        ("item_condition", "Used".to_owned()),
        ("item_year", facts.year.map_or_else(String::new, |y| y.to_string())),
        ("item_make", facts.make.clone()),
        ("item_model", facts.model.clone()),
        ("item_variant", facts.trim.clone()),
        ("item_color", facts.exterior_color.clone()),
        ("item_category", facts.body.clone()),
        ("item_fuel_type", facts.fuel.clone()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        demo::{Scale, tests::plan},
        domain::lead::LeadKind,
        formats::{
            collect,
            leads::{self, Verdict},
        },
    };
    use std::collections::HashSet;

    fn crowd() -> Crowd {
        Crowd::new(plan(7, Scale::Small))
    }

    #[test]
    fn the_same_seed_brings_the_same_shoppers() {
        let first: Vec<_> = crowd().take(400).collect();
        assert!(crowd().take(400).eq(first.iter().cloned()));
        assert!(!Crowd::new(plan(8, Scale::Small)).take(400).eq(first));
    }

    #[test]
    fn what_shoppers_send_is_understood_at_both_doors() {
        let mut now = plan(7, Scale::Small).now();
        let zone = Zone::named("America/New_York").unwrap();
        let (mut leads_read, mut replies) = (0, 0);
        let mut numbers = HashSet::new();
        for (wait, act) in crowd().take(2_000) {
            now = now.plus_ms(i64::try_from(wait.as_millis()).unwrap());
            match act {
                Act::Collect(body) => {
                    let batch = collect::read(body.to_string().as_bytes(), now).unwrap();
                    assert!(batch.refused.is_empty() && !batch.events.is_empty(), "{body}");
                }
                Act::Adf(text) => {
                    let Verdict::Understood(what) = leads::read(text.as_bytes(), now, leads::Reading { zone: &zone, taught: &[] }, "") else {
                        panic!("{text}")
                    };
                    let [lead] = what.leads.as_slice() else { panic!("{text}") };
                    assert!(lead.warnings.is_empty(), "{:?}", lead.warnings);
                    assert!(lead.source == "Website" && lead.kind != LeadKind::Test && lead.web_ids.len() == 1);
                    assert!(numbers.insert(lead.external_id.clone()), "sent twice");
                    leads_read += 1;
                }
                Act::ReplyMail(mail) => {
                    let Verdict::Understood(what) = leads::read(mail.as_bytes(), now, leads::Reading { zone: &zone, taught: &[] }, "") else {
                        panic!("{mail}")
                    };
                    assert!(ANSWERS.contains(&what.replies[0].text.as_str()) && what.replies[0].person.emails.len() == 1, "{mail}");
                    replies += 1;
                }
            }
        }
        assert!(leads_read > 10 && replies > 5, "{leads_read} leads, {replies} replies");
    }

    #[test]
    fn a_body_says_what_the_event_it_was_made_of_says() {
        let plan = plan(7, Scale::Small);
        let shown = plan.here(super::super::cast::CRV);
        let mut visit = Visit::begin(&plan, "1234567890.1790000000".to_owned(), plan.now());
        visit.page("/");
        visit.page(super::super::traffic::HOURS);
        visit.lot();
        visit.look(shown, 2, 60);
        for (name, did) in [
            ("asc_element_configuration", Did::UsedPaymentTool),
            ("asc_cta_interaction", Did::Shared),
            ("asc_cta_interaction", Did::Compared),
            ("asc_click_to_call", Did::ClickedToCall),
            ("asc_retail_process", Did::StartedTradeTool),
            ("asc_form_submission_trade", Did::FinishedTradeTool),
            ("asc_special_offer", Did::OpenedPriceAlert),
        ] {
            visit.on_car(name, did, shown);
        }
        visit.form(shown, "L-00050001".to_owned());
        for event in visit.done() {
            let read = collect::read(body(std::slice::from_ref(&event), true).to_string().as_bytes(), plan.now().plus_ms(HOUR_MS)).unwrap();
            let [got] = read.events.as_slice() else { panic!("{read:?}") };
            assert_eq!((got.did, got.at, &got.name, &got.page, &got.web_ids), (event.did, event.at, &event.name, &event.page, &event.web_ids));
            let tell = |c: &WebCar| (c.vin.clone(), c.stock.clone(), c.price, c.facts.label());
            assert_eq!(got.car.as_ref().map(tell), event.car.as_ref().map(tell));
        }
    }

    #[test]
    fn an_errand_comes_every_half_minute_and_ties_by_the_same_car_within_five_minutes() {
        let mut now = At(0);
        let mut cards = vec![];
        let mut looks: Vec<(At, String)> = vec![];
        for (wait, act) in crowd() {
            now = now.plus_ms(i64::try_from(wait.as_millis()).unwrap());
            if now.0 > 3_600_000 {
                break;
            }
            match act {
                Act::Collect(body) => looks.extend(body["events"].as_array().unwrap().iter().filter_map(|e| {
                    let vin = e["params"]["item_id"].as_str().filter(|_| e["name"] == "asc_form_submission")?;
                    Some((now, vin.to_owned()))
                })),
                Act::Adf(text) => {
                    assert!(looks.iter().any(|(at, vin)| text.contains(vin.as_str()) && now.since(*at) < 5 * MINUTE_MS), "nobody was on that car");
                    cards.push(now);
                }
                Act::ReplyMail(_) => cards.push(now),
            }
        }
        // Leads and mails are three in five of the errands; coming back and valuing a trade make the others.
        assert!((50..100).contains(&cards.len()), "{} in an hour", cards.len());
    }

    use crate::domain::time::Zone;
}
