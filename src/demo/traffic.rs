//! Who looked at which car on the website?
//!
//! The mix follows a real store's report: every page reports itself and, when it is a car's or the lot's, that as well; of a hundred events
//! about 39 are pages, 34 cars, 20 photos and 4 the lot. Forms are more common here than in that report, which counted paid visits from social
//! media only: each website lead of the story has its form.

use super::{
    Plan,
    dice::{About, Dice},
    lot::Shown,
};
use crate::domain::{
    event::WebEvent,
    time::{At, MINUTE_MS, SECOND_MS},
    visitor::Did,
};
use std::{cmp::Reverse, collections::BinaryHeap};

const LOT: &str = "/used";
pub(super) const HOURS: &str = "/hours-directions";
/// Visits of one browser in the agenda: the browser times this, plus which visit.
const VISITS: u32 = 8;

/// A visit being written down: its clock moves on with every page.
pub(super) struct Visit<'a> {
    plan: &'a Plan,
    client: String,
    at: At,
    events: Vec<WebEvent>,
}

impl<'a> Visit<'a> {
    pub(super) fn begin(plan: &'a Plan, client: String, at: At) -> Self {
        Self { plan, client, at, events: Vec::with_capacity(12) }
    }

    pub(super) fn wait(&mut self, seconds: u32) {
        self.at = self.at.plus_ms(i64::from(seconds) * SECOND_MS);
    }

    fn event(&mut self, name: &str, did: Did, page: &str, shown: Option<Shown>) {
        let car = shown.map(|s| self.plan.web_car(s, self.at));
        let (client, name, page) = (self.client.clone(), name.to_owned(), format!("{}{page}", Plan::SITE));
        self.events.push(WebEvent { client, did, at: self.at, car, name, page, web_ids: vec![], once: None });
    }

    /// The page of a car or of the lot reports itself as well, and that is what counts.
    pub(super) fn page(&mut self, page: &str) {
        let did = match page {
            HOURS => Did::ViewedHours,
            LOT => Did::Other,
            _ => Did::ViewedPage,
        };
        self.event("asc_pageview", did, page, None);
    }

    pub(super) fn lot(&mut self) {
        self.page(LOT);
        self.event("asc_itemlist_pageview", Did::ViewedLot, LOT, None);
    }

    /// A look: the car's page, and its photos for a while.
    pub(super) fn look(&mut self, shown: Shown, photos: u32, seconds: u32) {
        let page = format!("/used/{}", self.plan.stock_of(shown));
        self.event("asc_pageview", Did::Other, &page, None);
        self.event("asc_item_pageview", Did::ViewedCar, &page, Some(shown));
        for _ in 0..photos {
            self.wait(6 + seconds / (photos + 1) / 2);
            self.event("asc_media_interaction", Did::ViewedMedia, &page, Some(shown));
        }
        self.wait(seconds / 2 + 5);
    }

    /// Something done on a car's page.
    pub(super) fn on_car(&mut self, name: &str, did: Did, shown: Shown) {
        let page = format!("/used/{}", self.plan.stock_of(shown));
        self.event(name, did, &page, Some(shown));
    }

    /// The form that becomes a lead.
    pub(super) fn form(&mut self, shown: Shown, submission: String) {
        self.on_car("asc_form_engagement", Did::StartedForm, shown);
        self.wait(35);
        self.on_car("asc_form_submission", Did::SubmittedForm, shown);
        if let Some(last) = self.events.last_mut() {
            last.web_ids = vec![submission];
        }
    }

    pub(super) fn done(self) -> Vec<WebEvent> {
        self.events
    }
}

impl Plan {
    /// Every event of the website's history in time order, up to half an hour ago. Browsers of people who asked through the site are tied by it.
    pub fn past_web(&self) -> impl Iterator<Item = WebEvent> + '_ {
        let agenda = self.visit_agenda();
        let mut coming = agenda.into_iter().peekable();
        let mut open: BinaryHeap<Reverse<Queued>> = BinaryHeap::new();
        let last = self.now.plus_ms(-30 * MINUTE_MS);
        let next = move || {
            loop {
                let opens = coming.peek().map(|(second, _)| self.calendar.of_second(*second));
                let due = open.peek().map(|q| q.0.at);
                match (opens, due) {
                    (Some(opens), due) if due.is_none_or(|d| opens <= d) => {
                        let (_, visit) = coming.next()?;
                        let events = self.visit(visit, opens);
                        open.extend((0..).zip(events).map(|(n, event)| Reverse(Queued { at: event.at, visit, n, event })));
                    }
                    _ => return open.pop().map(|q| q.0.event),
                }
            }
        };
        std::iter::from_fn(next).take_while(move |e| e.at <= last)
    }

    /// When each visit begins: tied browsers by the number of their lead, the others after them.
    fn visit_agenda(&self) -> Vec<(u32, u32)> {
        let mut agenda = Vec::new();
        let today = self.calendar.today();
        for n in 0..self.lead_count() {
            let asked = self.asked(n);
            if !asked.by_site() {
                continue;
            }
            let mut dice = Dice::of(self.seed, About::Visitor, u64::from(n));
            let begins = asked.at.plus_ms(-i64::from(150 + dice.below(90)) * SECOND_MS);
            agenda.push((self.calendar.second(begins), n * VISITS));
            for visit in 1..=1 + dice.below(2) {
                let day = self.calendar.day_of(asked.at).saturating_sub(visit * (1 + dice.below(3)));
                agenda.push((self.calendar.second(self.calendar.browsing(&mut dice, day)), n * VISITS + visit));
            }
            // Some come back after they asked; nobody so late that it would be this morning's news.
            let later = self.calendar.day_of(asked.at) + 1 + dice.below(5);
            if dice.percent(30) && later + 4 < today && n < self.sizes.leads {
                agenda.push((self.calendar.second(self.calendar.browsing(&mut dice, later)), n * VISITS + 5));
            }
        }
        for n in 0..self.sizes.anonymous_visitors {
            let browser = self.lead_count() + n;
            let mut dice = Dice::of(self.seed, About::Visitor, (1 << 40) + u64::from(browser));
            let mut day = self.strangers_first_day(browser);
            for visit in 0..=u32::try_from(dice.weighted(&[66, 20, 9, 5])).unwrap_or(0) {
                agenda.push((self.calendar.second(self.calendar.browsing(&mut dice, day)), browser * VISITS + visit));
                day = (day + 1 + dice.below(4)).min(today);
            }
        }
        agenda.sort_unstable();
        agenda
    }

    fn strangers_first_day(&self, browser: u32) -> u32 {
        let mut dice = Dice::of(self.seed, About::Visitor, (1 << 43) + u64::from(browser));
        let today = self.calendar.today();
        self.calendar.browsing_day(&mut dice, today - self.sizes.history_days, today + 1)
    }

    fn visit(&self, visit: u32, at: At) -> Vec<WebEvent> {
        let (browser, which) = (visit / VISITS, visit % VISITS);
        let mut dice = Dice::of(self.seed, About::Session, u64::from(visit));
        match browser.checked_sub(self.lead_count()) {
            None => self.tied_visit(&mut dice, browser, which, at),
            Some(_) => self.strangers_visit(&mut dice, browser, at),
        }
    }

    /// Before they ask, people look at what they will ask for and at a few others; when they ask, the form is on that car.
    fn tied_visit(&self, dice: &mut Dice, lead: u32, which: u32, at: At) -> Vec<WebEvent> {
        let asked = self.asked(lead);
        let mut visit = Visit::begin(self, self.tied_client(lead), at);
        if which == 0 {
            visit.look(asked.shown, 1 + dice.below(3), 40);
            let left = u32::try_from(asked.at.since(visit.at) / SECOND_MS).unwrap_or(0);
            visit.wait(left.saturating_sub(40));
            visit.form(asked.shown, self.tied_client(lead));
            return visit.done();
        }
        visit.lot();
        visit.wait(20 + dice.below(40));
        for _ in 0..dice.below(3) {
            let photos = dice.below(2);
            let shown = self.for_sale(dice, at);
            visit.look(shown, photos, 20 + dice.below(80));
        }
        visit.look(asked.shown, dice.below(3), 30 + dice.below(150));
        if dice.percent(12) {
            visit.on_car("asc_element_configuration", Did::UsedPaymentTool, asked.shown);
        }
        visit.done()
    }

    fn strangers_visit(&self, dice: &mut Dice, browser: u32, at: At) -> Vec<WebEvent> {
        let mut of_browser = Dice::of(self.seed, About::Visitor, (1 << 41) + u64::from(browser));
        let first_seen = 1_600_000_000 + i64::from(of_browser.below(150_000_000));
        let client = format!("{}.{first_seen}", 1_000_000_000 + of_browser.below(1_100_000_000));
        // Who returns, returns to the car of the first visit.
        let first_day = self.strangers_first_day(browser);
        let favourite = self.for_sale(&mut of_browser, self.calendar.at(first_day, 600));
        let mut visit = Visit::begin(self, client, at);
        match dice.below(100) {
            0..12 => visit.lot(),
            12..18 => visit.page("/"),
            18..20 => visit.page(HOURS),
            20..22 => visit.page("/service"),
            _ => {}
        }
        for look in 0..=dice.low_below(9) {
            visit.wait(8 + dice.below(50));
            let shown = if look == 0 { favourite } else { self.for_sale(dice, at) };
            let photos = dice.low_below(5) / 2 + u32::from(dice.percent(34));
            visit.look(shown, photos, 15 + dice.low_below(200));
            match dice.below(400) {
                0..7 => visit.on_car("asc_element_configuration", Did::UsedPaymentTool, shown),
                7..12 => visit.on_car("asc_cta_interaction", Did::Shared, shown),
                12..19 => visit.on_car("asc_cta_interaction", Did::Compared, shown),
                19..21 => visit.on_car("asc_click_to_call", Did::ClickedToCall, shown),
                21 => visit.on_car("asc_form_engagement", Did::StartedForm, shown),
                22 => visit.on_car("asc_retail_process", Did::StartedTradeTool, shown),
                23..30 => visit.event("asc_menu_interaction", Did::Other, LOT, None),
                _ => {}
            }
        }
        visit.done()
    }

    /// The browser from which a lead of the past was sent.
    pub(super) fn tied_client(&self, lead: u32) -> String {
        let mut dice = Dice::of(self.seed, About::Visitor, (1 << 42) + u64::from(lead));
        let first_seen = self.asked(lead).at.0 / SECOND_MS - i64::from(dice.below(900_000));
        format!("{}.{first_seen}", 1_000_000_000 + dice.below(1_100_000_000))
    }

    fn stock_of(&self, shown: Shown) -> String {
        match shown {
            Shown::Here(i) => self.lot[i as usize].stock.clone(),
            Shown::Gone(place) => self.sold_stock(place),
        }
    }
}

/// An event that waits for its turn among those of other visits of the hour.
struct Queued {
    at: At,
    visit: u32,
    n: u32,
    event: WebEvent,
}

impl Queued {
    fn key(&self) -> (At, u32, u32) {
        (self.at, self.visit, self.n)
    }
}

impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Queued {}

impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Queued {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}
