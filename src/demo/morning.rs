//! What is open as the store opens? Fresh leads, answers from customers, people who came back to a car or asked what theirs is worth.

use super::{
    Plan,
    cast::{self, PART_LEADS},
    enquiries::{WEBSITE, consent_of},
    traffic::Visit,
};
use crate::domain::{
    consent::Channel,
    event::{Event, Reply, WebEvent},
    lead::{LeadCar, LeadInterest, LeadKind, NewLead},
    profile::{Profile, SourceKind},
    time::{At, HOUR_MS, MINUTE_MS},
    visitor::Did,
};

/// A lead of the last hours.
struct Fresh {
    person: u32,
    minutes_ago: i64,
    source: &'static str,
    stock: &'static str,
    kind: LeadKind,
    words: &'static str,
}

/// A message of the last hours.
struct Wrote {
    person: u32,
    minutes_ago: i64,
    channel: Channel,
    words: &'static str,
}

const LEADS: [Fresh; 4] = [
    Fresh {
        person: cast::AARON,
        minutes_ago: 33,
        source: WEBSITE,
        stock: cast::CX5,
        kind: LeadKind::Finance,
        words: "My CX-5 lease is up in 74 days. What would this one be a month if I turn mine in early?",
    },
    Fresh {
        person: cast::THEO,
        minutes_ago: 63,
        source: "Cars.com",
        stock: cast::CRV,
        kind: LeadKind::TestDrive,
        words: "Is this the all-wheel-drive one? I could come by after work.",
    },
    Fresh {
        person: cast::PAT,
        minutes_ago: 11 * 60 + 20,
        source: WEBSITE,
        stock: cast::OUTBACK,
        kind: LeadKind::Enquiry,
        words: "Does the Outback still have factory warranty? Mornings are best for me.",
    },
    Fresh {
        person: cast::GRACE,
        minutes_ago: 12 * 60 + 45,
        source: "CarGurus",
        stock: cast::RAV4,
        kind: LeadKind::Enquiry,
        words: "Saw the price came down. Any rust, and is the hatch power?",
    },
];

const REPLIES: [Wrote; 4] = [
    Wrote {
        person: cast::CARMEN,
        minutes_ago: 4,
        channel: Channel::Text,
        words: "Could a person call me about the Highlander? Luis wants to know if a car seat fits in the third row.",
    },
    Wrote {
        person: cast::RENEE,
        minutes_ago: 18,
        channel: Channel::Text,
        words: "Running ten minutes late for {soon}, is the green Outback still out front?",
    },
    Wrote { person: cast::GREG, minutes_ago: 117, channel: Channel::Text, words: "Can we make it Thursday instead? Same time is fine." },
    Wrote {
        person: cast::HOPE,
        minutes_ago: 10 * 60 + 5,
        channel: Channel::Email,
        words: "So sorry I missed our 5:30, the shift ran over. Is the blue RAV4 still there? I could do tomorrow after 6.",
    },
];

/// Looks at one car within 48 hours by somebody whose browser is known from an earlier enquiry: hours ago, oldest first.
const RETURNS: [(u32, &str, [i64; 3], i64); 3] =
    [(cast::DANA, cast::CRV, [44, 21, 13], 5), (cast::MIA, cast::TUCSON, [41, 26, 15], 50), (cast::WADE, cast::F150, [46, 30, 12], 76)];

impl Plan {
    /// What came in during the last two days and is still open, in time order: about a dozen cards for Now.
    /// The people are known from `customers` and `past_leads`, so those go first.
    pub fn morning(&self) -> Vec<(At, Event)> {
        let mut all: Vec<(At, Event)> = vec![];
        all.extend(LEADS.iter().flat_map(|f| self.fresh(f)));
        all.extend(REPLIES.iter().map(|w| self.wrote(w)));
        all.extend(RETURNS.iter().flat_map(|(person, stock, hours, minutes)| self.returns(*person, stock, hours, *minutes)));
        all.extend(self.trade_tool(cast::TOMASZ, cast::TUCSON, 24).chain(self.trade_tool(cast::HANK, cast::CRV, 14 * 60)));
        all.sort_by_key(|(at, _)| *at);
        all
    }

    fn minutes_ago(&self, minutes: i64) -> At {
        self.now.plus_ms(-minutes * MINUTE_MS)
    }

    /// The browser that an earlier enquiry of one of the cast came from.
    fn part_client(&self, person: u32) -> String {
        let n = PART_LEADS.iter().zip(self.sizes.leads..).find(|(l, _)| l.person == person).map_or(0, |(_, n)| n);
        self.tied_client(n)
    }

    fn fresh(&self, fresh: &Fresh) -> Vec<(At, Event)> {
        let at = self.minutes_ago(fresh.minutes_ago);
        let shown = self.here(fresh.stock);
        let submission = format!("M-{:06}", 7_100 + fresh.person);
        let client = format!("17{:08}.{}", 20_481_377 + fresh.person, at.0 / 1_000 - 400);
        let by_site = fresh.source == WEBSITE;
        let car = self.web_car(shown, at);
        let mut person = self.person(fresh.person).profile(SourceKind::Lead, fresh.source, at);
        person.number = None;
        person.consent = consent_of(&person, fresh.source, by_site, at);
        let lead = NewLead {
            source: fresh.source.to_owned(),
            external_id: Some(format!("{}|{submission}", fresh.source)),
            requested: at,
            person,
            cars: vec![LeadCar {
                interest: if fresh.kind == LeadKind::TestDrive { LeadInterest::TestDrive } else { LeadInterest::Buy },
                vin: car.vin,
                stock: car.stock,
                facts: car.facts,
                price: car.price,
                ..LeadCar::default()
            }],
            comments: fresh.words.to_owned(),
            kind: fresh.kind,
            web_ids: if by_site { vec![submission.clone()] } else { vec![] },
            warnings: vec![],
            taken: None,
        };
        let mut events = vec![];
        if by_site {
            let mut visit = Visit::begin(self, client, at.plus_ms(-3 * MINUTE_MS));
            visit.lot();
            visit.wait(20);
            visit.look(shown, 2, 60);
            visit.form(shown, submission);
            events = timed(visit.done());
        }
        events.push((at, Event::Lead(lead)));
        events
    }

    fn wrote(&self, wrote: &Wrote) -> (At, Event) {
        let at = self.minutes_ago(wrote.minutes_ago);
        let known = self.person(wrote.person).profile(SourceKind::Lead, "Message", at);
        // A text comes from a number, a mail from a name and an address.
        let person = match wrote.channel {
            Channel::Text | Channel::Call => Profile { name: crate::domain::profile::PersonName::default(), emails: vec![], ..known },
            Channel::Email => Profile { phones: vec![], ..known },
        };
        let person = Profile { address: crate::domain::address::Address::default(), number: None, ..person };
        let external_id = Some(format!("morning-{}", wrote.person));
        (at, Event::Reply(Reply { person, channel: wrote.channel, at, text: wrote.words.replace("{soon}", &self.soon()), external_id }))
    }

    /// The half hour that follows, as people write it: `11:00`.
    fn soon(&self) -> String {
        let then = self.zone().local(self.minutes_ago(-30));
        let hour = (then.hour() + 11) % 12 + 1;
        if then.minute() < 30 { format!("{hour}:00") } else { format!("{hour}:30") }
    }

    fn returns(&self, person: u32, stock: &str, hours_ago: &[i64], minutes_ago: i64) -> Vec<(At, Event)> {
        let shown = self.here(stock);
        let client = self.part_client(person);
        let mut events = vec![];
        for hours in hours_ago {
            let mut visit = Visit::begin(self, client.clone(), self.now.plus_ms(-hours * HOUR_MS));
            visit.look(shown, 1, 45);
            events.extend(visit.done());
        }
        if person == cast::DANA {
            let mut evening = Visit::begin(self, client.clone(), self.now.plus_ms(-13 * HOUR_MS + 4 * MINUTE_MS));
            evening.look(self.here(cast::RAV4), 0, 30);
            evening.on_car("asc_cta_interaction", Did::Compared, shown);
            events.extend(evening.done());
        }
        let mut visit = Visit::begin(self, client, self.minutes_ago(minutes_ago));
        if person == cast::DANA {
            visit.on_car("asc_special_offer", Did::OpenedPriceAlert, shown);
            visit.wait(20);
        }
        visit.look(shown, 4, 60);
        if person == cast::DANA {
            visit.on_car("asc_element_configuration", Did::UsedPaymentTool, shown);
        }
        events.extend(visit.done());
        timed(events)
    }

    fn trade_tool(&self, person: u32, stock: &str, minutes_ago: i64) -> impl Iterator<Item = (At, Event)> {
        let shown = self.here(stock);
        let mut visit = Visit::begin(self, self.part_client(person), self.minutes_ago(minutes_ago));
        visit.look(shown, 0, 30);
        visit.on_car("asc_retail_process", Did::StartedTradeTool, shown);
        visit.wait(95);
        visit.on_car("asc_form_submission_trade", Did::FinishedTradeTool, shown);
        timed(visit.done()).into_iter()
    }
}

fn timed(events: Vec<WebEvent>) -> Vec<(At, Event)> {
    events.into_iter().map(|e| (e.at, Event::Web(e))).collect()
}
