//! A customer made for tests: everything a picture borrows, in one value.

use crate::domain::{
    alert::{Alert, AlertState, Clock, CloseReason, Level, Matter, RuleKind},
    consent::{Channel, ConsentBasis, ConsentFact, ConsentState},
    customer::Customer,
    email::Email,
    event::Outcome,
    ids::{AlertId, CustomerId, LeadId, StaffId, VehicleId},
    ladder::Ladder,
    lead::{Lead, LeadCar, LeadKind, NewLead},
    message::Remark,
    money::Cents,
    opportunity::Opportunity,
    phone::Phone,
    picture::{Expected, LaneAsk, Mentioned, OwnedCar, Picture, Relative, StaffNow, Unanswered, Wrote},
    profile::{PersonName, Profile, Source, SourceKind},
    rooftop::Rooftop,
    rule_setting::{RuleSetting, RuleSettings},
    score::{Score, Weighing},
    staff::{Role, Staff},
    time::{At, HOUR_MS},
    vehicle::{CarFacts, Condition, Listing, ListingStatus, Vehicle},
    visit::Visit,
    visitor::{Activity, Did, Heard},
    wish::Match,
};
use proptest::prelude::*;
use std::sync::Arc;

pub(crate) const CRV: VehicleId = VehicleId(1);
pub(crate) const RAV4: VehicleId = VehicleId(2);

/// Tuesday, Nov 24, 2026, 9:41 am at the store.
pub(crate) fn now() -> At {
    at("2026-11-24T09:41:00-05:00")
}

pub(crate) fn at(text: &str) -> At {
    At::parse_rfc3339(text).unwrap()
}

pub(crate) fn hours_ago(hours: i64) -> At {
    now().plus_ms(-hours * HOUR_MS)
}

#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) customer: Customer,
    pub(crate) activity: Activity,
    pub(crate) cars: Vec<Vehicle>,
    pub(crate) leads: Vec<Lead>,
    pub(crate) unanswered: Vec<Unanswered>,
    pub(crate) wrote: Vec<Wrote>,
    pub(crate) remarks: Vec<Remark>,
    pub(crate) mentions: Vec<Mentioned>,
    pub(crate) owned: Vec<OwnedCar>,
    pub(crate) alerts: Vec<Alert>,
    pub(crate) last_store_touch: Option<At>,
    pub(crate) attempts_unanswered: u16,
    pub(crate) wrong_number: bool,
    pub(crate) visits: Vec<Visit>,
    pub(crate) opportunity: Option<Opportunity>,
    pub(crate) lane: Option<LaneAsk>,
    pub(crate) last_service: Option<At>,
    pub(crate) expected: Vec<Expected>,
    pub(crate) household: Vec<Relative>,
    pub(crate) arrivals: Vec<Match>,
    pub(crate) staff: Vec<StaffNow>,
    pub(crate) rooftop: Rooftop,
    pub(crate) ladder: Ladder,
    pub(crate) weighing: Weighing,
    pub(crate) rules: RuleSettings,
}

impl Sample {
    /// Dana, who has done nothing yet; two cars on the lot; Priya and Jo on the floor, Mel who manages.
    pub(crate) fn dana() -> Self {
        let mut customer = Customer::new(CustomerId(7), at("2026-11-01T09:00:00-04:00"));
        customer.name = PersonName { first: "Dana".into(), last: "Whitfield".into(), ..PersonName::default() };
        customer.phones = vec![phone("2075550148")];
        customer.emails = vec![email("dana.w@example.com")];
        Self {
            customer,
            activity: Activity::default(),
            cars: vec![listed(CRV.0, "24117", "CR-V", ListingStatus::Available), listed(RAV4.0, "24093", "RAV4", ListingStatus::Available)],
            leads: vec![],
            unanswered: vec![],
            wrote: vec![],
            remarks: vec![],
            mentions: vec![],
            owned: vec![],
            alerts: vec![],
            last_store_touch: None,
            attempts_unanswered: 0,
            wrong_number: false,
            visits: vec![],
            opportunity: None,
            lane: None,
            last_service: None,
            expected: vec![],
            household: vec![],
            arrivals: vec![],
            staff: vec![person(1, "Priya Nair", Role::Rep), person(2, "Jo Lindqvist", Role::Rep), person(3, "Mel Ortiz", Role::Manager)],
            rooftop: Rooftop { name: "Harbor Point".into(), ..Rooftop::default() },
            ladder: Ladder::usual(5),
            weighing: Weighing::default(),
            rules: RuleSettings::default(),
        }
    }

    pub(crate) fn did(mut self, did: Did, hours_before_now: i64, car: Option<VehicleId>) -> Self {
        self.activity.note(did, hours_ago(hours_before_now), car);
        self
    }

    /// Looks at one car, each so many hours ago.
    pub(crate) fn looks(mut self, car: VehicleId, hours_before_now: &[i64]) -> Self {
        for hours in hours_before_now {
            self = self.did(Did::ViewedCar, *hours, Some(car));
        }
        self
    }

    /// The same, each heard of only now.
    pub(crate) fn looks_heard_late(mut self, car: VehicleId, hours_before_now: &[i64]) -> Self {
        for hours in hours_before_now {
            self.activity.note_heard(Did::ViewedCar, hours_ago(*hours), Some(car), Heard { at: now().plus_ms(24 * HOUR_MS), ga4: false });
        }
        self
    }

    pub(crate) fn lead(mut self, id: u64, hours_before_now: i64, change: impl FnOnce(&mut Lead)) -> Self {
        let mut lead = lead(id, hours_ago(hours_before_now));
        change(&mut lead);
        self.leads.push(lead);
        self.leads.sort_by_key(|l| l.received);
        self
    }

    pub(crate) fn wrote(mut self, hours_before_now: i64, text: &str) -> Self {
        self.unanswered.push(Unanswered { at: hours_ago(hours_before_now), text: text.into(), channel: Channel::Text });
        self.wrote.push(Wrote { at: hours_ago(hours_before_now), text: text.into() });
        self.did(Did::Replied, hours_before_now, None)
    }

    /// What Priya wrote down of what they want.
    pub(crate) fn noted(mut self, hours_before_now: i64, text: &str) -> Self {
        self.remarks.push(Remark { at: hours_ago(hours_before_now), by: StaffId(1), text: text.into() });
        self
    }

    pub(crate) fn mentions(mut self, to: u64, by: u64, hours_before_now: i64, text: &str) -> Self {
        self.mentions.push(Mentioned { to: StaffId(to), by: StaffId(by), at: hours_ago(hours_before_now), text: text.into() });
        self
    }

    pub(crate) fn may(mut self, channel: Channel, state: ConsentState, basis: ConsentBasis) -> Self {
        self.customer.consent.push(ConsentFact { channel, state, basis, at: hours_ago(1), evidence: "Cars.com lead".into() });
        self
    }

    pub(crate) fn bought(mut self, car: VehicleId, when: At) -> Self {
        let label = self.cars.iter().find(|c| c.id == car).map_or_else(|| "2018 Honda Civic EX".to_owned(), |c| c.facts.label());
        self.owned.push(OwnedCar { vehicle: car, short: label.clone(), label, since: when, until: None, bought_here: true });
        self
    }

    /// The store set a rule.
    pub(crate) fn sets(mut self, rule: RuleKind, change: impl FnOnce(&mut RuleSetting)) -> Self {
        let mut setting = self.rules.of(rule).unwrap();
        change(&mut setting);
        self.rules = self.rules.with(rule, &setting);
        self
    }

    pub(crate) fn change(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub(crate) fn picture(&self) -> Picture<'_> {
        Picture {
            customer: &self.customer,
            activity: self.activity.clone(),
            cars: self.cars.clone(),
            leads: self.leads.clone(),
            unanswered: self.unanswered.clone(),
            wrote: self.wrote.clone(),
            remarks: self.remarks.clone(),
            mentions: self.mentions.clone(),
            owned: self.owned.clone(),
            alerts: self.alerts.clone(),
            last_store_touch: self.last_store_touch,
            attempts_unanswered: self.attempts_unanswered,
            wrong_number: self.wrong_number,
            visits: self.visits.clone(),
            opportunity: self.opportunity.clone(),
            lane: self.lane.clone(),
            last_service: self.last_service,
            expected: self.expected.clone(),
            household: self.household.clone(),
            arrivals: self.arrivals.clone(),
            staff: &self.staff,
            ladder: self.ladder.clone(),
            rooftop: &self.rooftop,
            weighing: Arc::new(self.weighing.clone()),
            rules: Arc::new(self.rules.clone()),
        }
    }
}

pub(crate) fn phone(text: &str) -> Phone {
    Phone::parse(text).unwrap()
}

pub(crate) fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

pub(crate) fn person(id: u64, name: &str, role: Role) -> StaffNow {
    StaffNow { staff: Staff::new(StaffId(id), name.into(), role), load: 0, last_offered: At(0), with_customer: false }
}

pub(crate) fn listed(id: u64, stock: &str, model: &str, status: ListingStatus) -> Vehicle {
    let facts = CarFacts { year: Some(2022), make: "Honda".into(), model: model.into(), trim: "EX-L".into(), ..CarFacts::default() };
    let listing = Listing {
        stock: stock.into(),
        status,
        price: Some(Cents(2_765_000)),
        prices: vec![],
        status_since: None,
        cost: None,
        in_stock_since: None,
        first_seen: At(0),
        last_seen: At(0),
        photos: vec![],
        url: None,
        condition: Condition::Used,
        certified: false,
        description: String::new(),
        options: String::new(),
        features: vec![],
        word: None,
    };
    Vehicle { id: VehicleId(id), vin: None, facts, from_vin: CarFacts::default(), listing: Some(listing) }
}

pub(crate) fn profile(kind: SourceKind, source: &str, when: At) -> Profile {
    Profile::new(Source { kind, name: source.into() }, when)
}

/// An enquiry about the CR-V by Cars.com.
pub(crate) fn lead(id: u64, received: At) -> Lead {
    let crv = listed(CRV.0, "24117", "CR-V", ListingStatus::Available);
    Lead {
        id: LeadId(id),
        part: crate::domain::ids::PartId(7),
        received,
        vehicle: Some(CRV),
        answered: None,
        aside: None,
        cause: crate::domain::ids::Seq(id),
        said: NewLead {
            source: "Cars.com".into(),
            external_id: None,
            requested: received,
            person: profile(SourceKind::Lead, "Cars.com", received),
            cars: vec![LeadCar { stock: "24117".into(), facts: crv.facts, ..LeadCar::default() }],
            comments: "Is it still available?".into(),
            kind: LeadKind::Enquiry,
            web_ids: vec![],
            warnings: vec![],
            taken: None,
        },
    }
}

pub(crate) fn card(id: u64, rule: RuleKind, state: AlertState) -> Alert {
    Alert {
        id: AlertId(id),
        customer: CustomerId(7),
        matter: Matter::of(rule),
        level: Level::ActNow,
        headline: String::new(),
        short: String::new(),
        reasons: vec![],
        score: Score::default(),
        score_at_first: 0,
        state,
        owner: None,
        routed_because: String::new(),
        for_all: false,
        held_back: false,
        judged: None,
        clock: None,
        draft: None,
        steps: vec![],
        opened: hours_ago(200),
        refreshed: hours_ago(200),
        before: None,
    }
}

pub(crate) fn done(when: At) -> AlertState {
    AlertState::Closed { at: when, why: CloseReason::Done { outcome: Outcome::Called }, by: Some(StaffId(1)) }
}

fn states() -> impl Strategy<Value = AlertState> {
    (0..6_u8, 0..90_i64).prop_map(|(which, hours)| match which {
        0 => AlertState::Open,
        1 => AlertState::Claimed { by: StaffId(1), at: hours_ago(hours) },
        2 => AlertState::Snoozed { by: StaffId(1), until: hours_ago(hours - 45) },
        3 => AlertState::Closed { at: hours_ago(hours), why: CloseReason::ReasonGone, by: None },
        4 => AlertState::Unknown,
        _ => done(hours_ago(hours)),
    })
}

/// Customers with all kinds of doings, leads, messages and cards, sensible or not.
pub(crate) fn shoppers() -> impl Strategy<Value = Sample> {
    let rule = prop::sample::select(vec![
        RuleKind::NewLead,
        RuleKind::LeadUntouched,
        RuleKind::BackOnSameCar,
        RuleKind::TradeToolUsed,
        RuleKind::FormAbandoned,
        RuleKind::HoursViewed,
        RuleKind::ReplyReceived,
        RuleKind::Unknown,
    ]);
    let did = prop::sample::select(vec![
        Did::ViewedCar,
        Did::ViewedCar,
        Did::ViewedCar,
        Did::StartedTradeTool,
        Did::FinishedTradeTool,
        Did::UsedPaymentTool,
        Did::StartedForm,
        Did::SubmittedForm,
        Did::StartedFinance,
        Did::ViewedHours,
        Did::ClickedToCall,
        Did::Compared,
        Did::ClickedPriceAlert,
    ]);
    let doings = prop::collection::vec((did, 0..60_i64, 1..3_u64), 0..24);
    let leads = prop::collection::vec((0..200_i64, any::<bool>()), 0..4);
    let wrote = prop::collection::vec(0..100_i64, 0..3);
    let cards = prop::collection::vec((rule, states(), 1..3_u64, any::<bool>()), 0..4);
    (doings, leads, wrote, cards, prop::option::of(0..100_i64)).prop_map(|(doings, leads, wrote, cards, touched)| {
        let mut sample = Sample::dana();
        for (did, hours, car) in doings {
            sample = sample.did(did, hours, Some(VehicleId(car)));
        }
        for (id, (hours, answered)) in (1..).zip(leads) {
            sample = sample.lead(id, hours, |l| l.answered = answered.then_some(hours_ago(hours)));
        }
        for hours in wrote {
            sample = sample.wrote(hours, if hours % 2 == 0 { "Hello" } else { "This is unacceptable" });
        }
        sample.alerts = (1..)
            .zip(cards)
            .map(|(id, (rule, state, car, has_clock))| {
                let clock = has_clock.then(|| Clock {
                    started: hours_ago(50),
                    due: hours_ago(49),
                    starts: None,
                    then: None,
                    stopped: (car == 1).then(|| hours_ago(48)),
                    rung: 0,
                });
                let matter = Matter { vehicle: Some(VehicleId(car)), lead: Some(LeadId(car)), ..Matter::of(rule) };
                Alert { matter, clock, ..card(id, rule, state) }
            })
            .collect();
        sample.last_store_touch = touched.map(hours_ago);
        sample
    })
}
