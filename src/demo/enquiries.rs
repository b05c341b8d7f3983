//! Who raised a hand, for which car, and what did the store answer?

use super::{
    Plan,
    cars::{Car, Wish},
    cast::{self, PART_LEADS, PartLead},
    dice::{About, Dice},
    lot::Shown,
    names,
};
use crate::domain::{
    address::Address,
    consent::{Channel, ConsentBasis, ConsentFact, ConsentState},
    event::Outcome,
    lead::{LeadCar, LeadInterest, LeadKind, NewLead},
    profile::{Profile, SourceKind},
    time::{At, DAY_MS, HOUR_MS, MINUTE_MS},
};

/// What the store did about a lead of the past, so that a filled store does not open with a year of unanswered cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastAnswer {
    /// The lead's own `external_id`.
    pub lead: String,
    pub at: At,
    /// Who of the staff.
    pub by: &'static str,
    pub outcome: Outcome,
    pub message: &'static str,
}

/// Who sends leads, how many of a hundred, and how they number them.
const SENDERS: [(&str, u32, &str); 7] = [
    (WEBSITE, 24, "HP"),
    ("CarGurus", 23, "CG"),
    ("Cars.com", 18, "CC"),
    ("Autotrader", 13, "AT"),
    ("Facebook Marketplace", 10, "FB"),
    ("Carfax", 6, "CX"),
    ("Phone", 6, "PH"),
];
pub(super) const WEBSITE: &str = "Website";

const QUESTIONS: &[&str] = &[
    "Is this {car} still available?",
    "Is it still available and can I come see it this weekend?",
    "What is your best price out the door on the {car}?",
    "Any rust underneath? I keep my cars a long time.",
    "Does it have a clean Carfax, and how many owners?",
    "Does the {car} have heated seats?",
    "Does it come with a second key and winter tires?",
    "Can you hold it until Saturday if I leave a deposit?",
    "Would you take {offer} for it?",
    "I'm interested. When was the last service and what are the tires like?",
    "Hi, could you send a few more pictures of the inside?",
    "Is it all-wheel drive? We live at the end of a dirt road.",
    "How much would it be a month with nothing down?",
    "Can it tow a 16 foot boat?",
    "My wife and I would like to look at it after work, are you open till 7?",
    "",
];
const TRADES: &[&str] = &[
    "I would be trading my {trade}. What would you give me for it?",
    "Looking to trade in a {trade} towards the {car}.",
    "I still owe some on my {trade}, can you work with that?",
];
const FINANCE: &[&str] = &[
    "I'd like to get pre-approved for the {car}. My credit is fair.",
    "First time buyer. What do I need to bring for financing?",
    "Our credit union offered 6.4%, can you beat that?",
];
const DRIVES: &[&str] =
    &["I'd like to drive the {car} on Saturday morning.", "Could we test drive it tomorrow after 4?", "Can I drive the {car} today at lunch?"];
const CALLS: &[&str] = &["Called about the {car}, wants a call back with miles and price.", "Called to ask if the {car} is here, may stop by."];

/// A lead before it is written out: the website's tracks and the lead itself must tell of the same.
pub(super) struct Asked {
    pub(super) at: At,
    pub(super) shown: Shown,
    person: u32,
    sender: usize,
    part: Option<&'static PartLead>,
}

impl Asked {
    /// Their browser was on the site minutes before: the lead ties it to them.
    pub(super) fn by_site(&self) -> bool {
        SENDERS[self.sender].0 == WEBSITE
    }
}

impl Plan {
    /// Every lead of the history up to four days ago, in time order; `morning` has the fresh ones.
    pub fn past_leads(&self) -> impl Iterator<Item = (At, NewLead)> + '_ {
        let mut agenda: Vec<(At, u32)> = (0..self.lead_count()).map(|n| (self.asked(n).at, n)).collect();
        agenda.sort_unstable();
        agenda.into_iter().map(|(at, n)| (at, self.past_lead(n)))
    }

    /// What the store did about each of them, in time order.
    pub fn past_answers(&self) -> impl Iterator<Item = PastAnswer> + '_ {
        let mut answers: Vec<(At, u32)> = (0..self.lead_count()).map(|n| (self.answered_at(n), n)).collect();
        answers.sort_unstable();
        answers.into_iter().map(|(at, n)| self.past_answer(at, n))
    }

    pub(super) fn lead_count(&self) -> u32 {
        self.sizes.leads + u32::try_from(PART_LEADS.len()).unwrap_or(0)
    }

    pub(super) fn asked(&self, n: u32) -> Asked {
        let today = self.calendar.today();
        if let Some(part) = n.checked_sub(self.sizes.leads).and_then(|i| PART_LEADS.get(i as usize)) {
            let at = self.calendar.at(today - part.days_ago, part.minute);
            return Asked { at, shown: self.here(part.stock), person: part.person, sender: 0, part: Some(part) };
        }
        let mut dice = Dice::of(self.seed, About::Lead, u64::from(n));
        let day = self.calendar.browsing_day(&mut dice, today - self.sizes.history_days, today - 4);
        let at = self.calendar.asking(&mut dice, day);
        let person = self.asker(&mut dice);
        Asked { at, shown: self.for_sale(&mut dice, at), person, sender: dice.weighted(&SENDERS.map(|s| s.1)), part: None }
    }

    /// Two in five are customers already, the rest people who have not bought here; some of those ask again and again.
    fn asker(&self, dice: &mut Dice) -> u32 {
        let cast = cast::CAST_SIZE;
        if dice.percent(40) { cast + dice.below(self.sizes.customers - cast) } else { self.sizes.customers + dice.below(self.sizes.prospects) }
    }

    pub(super) fn past_lead(&self, n: u32) -> NewLead {
        let asked = self.asked(n);
        let mut dice = Dice::of(self.seed, About::Lead, (1 << 40) + u64::from(n));
        let mut lead = self.lead_of(&mut dice, &asked);
        lead.external_id = Some(lead_id(asked.sender, n));
        if asked.by_site() {
            lead.web_ids = vec![self.tied_client(n)];
        }
        lead
    }

    /// A lead by the website on a car of today's lot, from somebody of the store's people.
    pub(super) fn site_lead(&self, dice: &mut Dice, shown: Shown, at: At) -> NewLead {
        let asked = Asked { at, shown, person: self.asker(dice), sender: 0, part: None };
        self.lead_of(dice, &asked)
    }

    /// The numbers of leads of the last two months that came by the site: browsers that are known today.
    pub(super) fn recent_site_leads(&self) -> Vec<u32> {
        let recent = |n: &u32| {
            let asked = self.asked(*n);
            asked.by_site() && self.now.since(asked.at) < 60 * DAY_MS
        };
        (0..self.sizes.leads).filter(recent).collect()
    }

    fn lead_of(&self, dice: &mut Dice, asked: &Asked) -> NewLead {
        let source = SENDERS[asked.sender].0;
        let person = self.asking_profile(dice, asked, source);
        let car = self.web_car(asked.shown, asked.at);
        let kind = match (source, dice.weighted(&[70, 12, 11, 7])) {
            ("Phone", _) => LeadKind::PhoneCall,
            _ if asked.part.is_some() => LeadKind::Enquiry,
            (_, 0) => LeadKind::Enquiry,
            (_, 1) => LeadKind::TestDrive,
            (_, 2) => LeadKind::TradeIn,
            (_, _) => LeadKind::Finance,
        };
        let theirs = (kind == LeadKind::TradeIn).then(|| self.theirs(dice, asked.at));
        let words = match kind {
            LeadKind::TradeIn => dice.pick(TRADES),
            LeadKind::Finance => dice.pick(FINANCE),
            LeadKind::TestDrive => dice.pick(DRIVES),
            LeadKind::PhoneCall => dice.pick(CALLS),
            LeadKind::Enquiry | LeadKind::Service | LeadKind::Test | LeadKind::Unknown => dice.pick(QUESTIONS),
        };
        let offer = car.price.map_or_else(String::new, |p| crate::domain::money::Cents(p.0 * 9 / 10 / 50_000 * 50_000).to_string());
        let trade = theirs.as_ref().map_or_else(String::new, |c| c.facts.short());
        let comments = asked.part.map_or_else(
            || words.replace("{car}", &car.facts.short()).replace("{offer}", &offer).replace("{trade}", &trade),
            |part| part.words.to_owned(),
        );
        let interest = if kind == LeadKind::TestDrive { LeadInterest::TestDrive } else { LeadInterest::Buy };
        let wanted = LeadCar { interest, vin: car.vin, stock: car.stock, facts: car.facts, price: car.price, ..LeadCar::default() };
        NewLead {
            source: source.to_owned(),
            external_id: None,
            requested: asked.at,
            person,
            cars: std::iter::once(wanted).chain(theirs).collect(),
            comments,
            kind,
            web_ids: vec![],
            warnings: vec![],
            taken: None,
        }
    }

    /// What the form says of them: often the short name, seldom an address, one way to reach them at least.
    fn asking_profile(&self, dice: &mut Dice, asked: &Asked, source: &str) -> Profile {
        let mut profile = self.person(asked.person).profile(SourceKind::Lead, source, asked.at);
        profile.number = None;
        let by_form = asked.part.is_some();
        if let Some(short) = names::short_form(&profile.name.first).filter(|_| dice.percent(30)) {
            short.clone_into(&mut profile.name.first);
        }
        let (leaves_phone, leaves_mail) = (dice.percent(84), dice.percent(86));
        if !leaves_phone && !profile.emails.is_empty() && !by_form {
            profile.phones.clear();
        } else if (!leaves_mail || source == "Phone") && !profile.phones.is_empty() && !by_form {
            profile.emails.clear();
        }
        let postal_code = std::mem::take(&mut profile.address.postal_code);
        profile.address = if dice.percent(40) { Address { postal_code, ..Address::default() } } else { Address::default() };
        let ticked = by_form || (source == WEBSITE && dice.percent(55));
        profile.consent = consent_of(&profile, source, ticked, asked.at);
        profile
    }

    /// The car they come with.
    fn theirs(&self, dice: &mut Dice, at: At) -> LeadCar {
        let year = self.year - 4 - u16::try_from(dice.below(9)).unwrap_or(0);
        let car = Car::new(self.seed ^ dice.roll(), dice.below(900_000), &Wish::Year(year));
        let mut facts = car.named();
        facts.odometer_mi = Some(car.odometer(at) / 500 * 500);
        LeadCar { interest: LeadInterest::TradeIn, facts, ..LeadCar::default() }
    }

    fn answered_at(&self, n: u32) -> At {
        let mut dice = Dice::of(self.seed, About::Answer, (1 << 40) + u64::from(n));
        let asked = self.asked(n).at;
        let wait = match dice.below(10) {
            0..5 => dice.between(2, 14) * MINUTE_MS,
            5..8 => dice.between(15, 60) * MINUTE_MS,
            _ => dice.between(1, 9) * HOUR_MS,
        };
        let at = asked.plus_ms(wait);
        // After hours it is answered in the next morning of a working day.
        let day = self.calendar.day_of(at);
        let (open, close) = (self.calendar.at(day, 540), self.calendar.at(day, 1_140));
        let morning = |day: u32| if self.calendar.weekday(day) == 6 { day + 1 } else { day };
        match at {
            _ if at < open => self.calendar.at(morning(day), 543 + dice.below(40)),
            _ if at >= close || morning(day) != day => self.calendar.at(morning(day + 1), 543 + dice.below(40)),
            _ => at,
        }
    }

    pub(super) fn past_answer_to(&self, n: u32) -> PastAnswer {
        self.past_answer(self.answered_at(n), n)
    }

    fn past_answer(&self, at: At, n: u32) -> PastAnswer {
        let mut dice = Dice::of(self.seed, About::Answer, (1 << 41) + u64::from(n));
        let asked = self.asked(n);
        let lead = lead_id(asked.sender, n);
        if let Some(part) = asked.part {
            return PastAnswer { lead, at, by: part.answered_by, outcome: Outcome::Texted, message: part.answer };
        }
        let outcomes = [Outcome::Talked, Outcome::Texted, Outcome::Emailed, Outcome::LeftMessage, Outcome::NoAnswer, Outcome::WrongNumber];
        let outcome = outcomes[dice.weighted(&[26, 30, 20, 14, 8, 2])];
        let message = if matches!(outcome, Outcome::Texted | Outcome::Emailed) { dice.pick(ANSWERS) } else { "" };
        PastAnswer { lead, at, by: cast::STAFF[dice.below(4) as usize].0, outcome, message }
    }
}

const ANSWERS: &[&str] = &[
    "Thanks for asking. Yes, it is here and it is clean. When would be a good time to see it?",
    "It is available. I can have it out front for you, would today or tomorrow work better?",
    "Thanks, I have the service records in front of me. Call or text me here with any question.",
    "Happy to put numbers together. Do you have a car to trade?",
    "We can hold it for a day with a small deposit. Would Saturday morning work?",
];

/// Asking by a form is leave to answer; only a ticked box is more.
pub(super) fn consent_of(profile: &Profile, source: &str, ticked: bool, at: At) -> Vec<ConsentFact> {
    let reachable = |c: &Channel| match c {
        Channel::Text | Channel::Call => !profile.phones.is_empty(),
        Channel::Email => !profile.emails.is_empty(),
    };
    let fact = |channel| {
        let by_tick = ticked && channel == Channel::Text;
        let (basis, evidence) =
            if by_tick { (ConsentBasis::Form, "website form".to_owned()) } else { (ConsentBasis::Enquiry, format!("{source} lead")) };
        ConsentFact { channel, state: ConsentState::Allowed, basis, at, evidence }
    };
    Channel::ALL.into_iter().filter(reachable).map(fact).collect()
}

/// As the reader of leads names them: whose number, then the number.
fn lead_id(sender: usize, n: u32) -> String {
    let (source, _, prefix) = SENDERS[sender];
    format!("{source}|{prefix}-{:08}", 4_100_000 + n)
}
