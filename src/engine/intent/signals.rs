//! What in this picture counts towards the score?

use super::{
    looks::{self, Look, WINDOW_MS},
    weights::{Evidence, evidence_of, weight},
};
use crate::domain::{
    ids::VehicleId,
    lead::{Lead, LeadKind},
    picture::Picture,
    time::{At, DAY_MS},
    visit::Visit,
    visitor::{Activity, Did, Mark},
};

/// A return counts while it is not older (field guide section 7: "each, <=7 d").
pub(super) const RETURN_MS: i64 = 7 * DAY_MS;
/// Cars of one model seen over a month are one search.
const MODEL_MS: i64 = 30 * DAY_MS;
/// A form may be finished the next morning.
const FORM_MS: i64 = DAY_MS;
/// The same marketplace resends a lead within the day; a shopper who asks again does so later or elsewhere.
const RESEND_MS: i64 = DAY_MS;
/// What was done up to the day of a purchase led to that purchase. A deal's date is a day, hence the day.
const PURCHASE_MS: i64 = DAY_MS;
/// An attempt of an hour ago is not silence yet.
const SILENCE_MS: i64 = DAY_MS;

/// One thing that counts, with when it began to fade.
#[derive(Debug, Clone)]
pub(super) struct Term<'p> {
    pub(super) evidence: Evidence,
    pub(super) at: At,
    /// It counts from here on and until there.
    pub(super) from: At,
    pub(super) until: At,
    pub(super) about: About<'p>,
}

/// What the sentence for the rep needs to name.
#[derive(Debug, Clone, Copy)]
pub(super) enum About<'p> {
    Nothing,
    Looks { car: VehicleId, count: usize },
    Model { make: &'p str, model: &'p str, count: usize },
    Lead(&'p Lead),
}

impl<'p> Term<'p> {
    pub(super) fn new(evidence: Evidence, at: At, about: About<'p>) -> Self {
        Self { evidence, at, from: At(i64::MIN), until: At(i64::MAX), about }
    }

    /// Points left at a moment: half after each half-life.
    pub(super) fn points_at(&self, now: At) -> f64 {
        if now < self.from || now >= self.until {
            return 0.0;
        }
        let weight = weight(self.evidence);
        weight.points * (-days(now.since(self.at).max(0)) / weight.half_life_days).exp2()
    }
}

#[expect(clippy::cast_precision_loss, reason = "ages are far below 2^52 ms")]
fn days(ms: i64) -> f64 {
    ms as f64 / DAY_MS as f64
}

/// Everything that counts for or against. What led to a purchase here counts no more, nor do looks at a car they already own.
pub(super) fn terms<'p>(picture: &'p Picture, now: At) -> Vec<Term<'p>> {
    let after = picture.owned.iter().filter(|o| o.bought_here).map(|o| o.since.plus_ms(PURCHASE_MS)).max().unwrap_or(At(i64::MIN));
    let mut terms = Vec::with_capacity(picture.activity.0.len() + 8);
    add_looks(&mut terms, picture, after, now);
    add_returns(&mut terms, &picture.activity, after, now);
    add_doings(&mut terms, picture, after);
    add_enquiries(&mut terms, &picture.leads, after);
    add_visits(&mut terms, &picture.visits, after);
    add_loyalty(&mut terms, picture);
    add_what_counts_against(&mut terms, picture, now);
    terms
}

fn add_looks<'p>(terms: &mut Vec<Term<'p>>, picture: &'p Picture, after: At, now: At) {
    let mut all = looks::looks(&picture.activity);
    all.retain(|l| l.at >= after && !picture.owned.iter().any(|o| o.vehicle == l.car && o.until.is_none()));
    for of_car in all.chunk_by(|a, b| a.car == b.car) {
        let four = run_of(of_car, 4).map(|(at, count)| looked(Evidence::FourLooks, at, of_car, count));
        let some = run_of(of_car, 2).map(|(at, count)| looked(Evidence::SomeLooks, at, of_car, count));
        terms.extend(four.into_iter().chain(some).max_by(|a, b| a.points_at(now).total_cmp(&b.points_at(now))));
    }
    add_models(terms, picture, &all, now);
}

fn looked<'p>(evidence: Evidence, at: At, of_car: &[Look], count: usize) -> Term<'p> {
    let car = of_car.first().map_or(VehicleId(0), |l| l.car);
    Term::new(evidence, at, About::Looks { car, count })
}

/// The newest look that was at least the `n`th within forty-eight hours, and how many there were.
fn run_of(of_car: &[Look], n: usize) -> Option<(At, usize)> {
    let end = (n..=of_car.len()).rev().find(|end| of_car[end - 1].at.since(of_car[end - n].at) <= WINDOW_MS)?;
    Some((of_car[end - 1].at, looks::within_window(&of_car[..end])))
}

fn add_models<'p>(terms: &mut Vec<Term<'p>>, picture: &'p Picture, all: &[Look], now: At) {
    let newest_of_car = |of_car: &[Look]| of_car.last().copied();
    let recent: Vec<Look> = all.chunk_by(|a, b| a.car == b.car).filter_map(newest_of_car).filter(|l| now.since(l.at) <= MODEL_MS).collect();
    if recent.len() < 3 {
        return;
    }
    let mut seen: Vec<(&str, &str, At)> = picture
        .cars
        .iter()
        .filter_map(|car| {
            let place = recent.binary_search_by_key(&car.id, |l| l.car).ok()?;
            (!car.facts.model.is_empty()).then(|| (car.facts.make.as_str(), car.facts.model.as_str(), recent[place].at))
        })
        .collect();
    seen.sort_unstable();
    for same in seen.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|same| same.len() >= 3) {
        if let Some((make, model, _)) = same.first() {
            let newest = same.iter().map(|s| s.2).max().unwrap_or(now);
            terms.push(Term::new(Evidence::ThreeOfOneModel, newest, About::Model { make, model, count: same.len() }));
        }
    }
}

/// Whether a doing happened on the website; leads and messages arrive by other roads.
fn is_web(mark: &Mark) -> bool {
    !matches!(mark.did, Did::Enquired | Did::Replied)
}

fn add_returns(terms: &mut Vec<Term>, activity: &Activity, after: At, now: At) {
    let mut visit_end: Option<At> = None;
    for mark in activity.0.iter().filter(|m| is_web(m)) {
        let begins = visit_end.is_some_and(|end| mark.at.since(end) > Activity::VISIT_MS);
        if begins && mark.at >= after && now.since(mark.at) < RETURN_MS {
            let term = Term::new(Evidence::ReturnVisit, mark.at, About::Nothing);
            terms.push(Term { until: mark.at.plus_ms(RETURN_MS), ..term });
        }
        visit_end = Some(visit_end.map_or(looks::last(mark), |end| end.max(looks::last(mark))));
    }
}

/// Each doing counts once a visit, from its last time in that visit.
fn add_doings(terms: &mut Vec<Term>, picture: &Picture, after: At) {
    let mut finished: Option<At> = None;
    for mark in picture.activity.0.iter().rev().filter(|m| m.at >= after) {
        let at = looks::last(mark);
        if let Some(evidence) = evidence_of(mark.did) {
            terms.push(Term::new(evidence, at, About::Nothing));
        }
        match mark.did {
            Did::SubmittedForm | Did::GaveContact | Did::SubmittedFinance | Did::FinishedTradeTool | Did::BookedVisit | Did::Enquired => {
                finished = Some(at);
            }
            Did::StartedForm => {
                let later = |then: At| then >= mark.at && then.since(at) <= FORM_MS;
                let sent = finished.is_some_and(later) || picture.leads.iter().any(|l| later(l.received));
                if !sent {
                    let term = Term::new(Evidence::AbandonedForm, at, About::Nothing);
                    terms.push(Term { from: at.plus_ms(Activity::VISIT_MS), ..term });
                }
            }
            Did::ViewedPage
            | Did::ViewedLot
            | Did::ViewedCar
            | Did::ViewedMedia
            | Did::ViewedHours
            | Did::UsedPaymentTool
            | Did::StartedTradeTool
            | Did::StartedFinance
            | Did::OpenedPriceAlert
            | Did::ClickedPriceAlert
            | Did::ClickedToCall
            | Did::EngagedChat
            | Did::Compared
            | Did::Shared
            | Did::Searched
            | Did::Replied
            | Did::Other => {}
        }
    }
}

fn add_enquiries<'p>(terms: &mut Vec<Term<'p>>, leads: &'p [Lead], after: At) {
    let mut before: Option<&Lead> = None;
    for lead in leads.iter().filter(|l| l.received >= after) {
        let evidence = match lead.said.kind {
            LeadKind::Enquiry | LeadKind::TestDrive | LeadKind::Unknown => Evidence::Enquiry,
            LeadKind::TradeIn => Evidence::TradeToolFinished,
            LeadKind::Finance => Evidence::CreditApplication,
            LeadKind::PhoneCall => Evidence::InboundCall,
            LeadKind::Service | LeadKind::Test => continue,
        };
        terms.push(Term::new(evidence, lead.received, About::Lead(lead)));
        let again = before.is_some_and(|b| b.said.source != lead.said.source || lead.received.since(b.received) > RESEND_MS);
        if again {
            terms.push(Term::new(Evidence::SecondEnquiry, lead.received, About::Lead(lead)));
        }
        before = Some(lead);
    }
}

/// They came, whether they had booked it or not. Opened by mistake nobody came, and who bought then is after nothing any more.
fn add_visits(terms: &mut Vec<Term>, visits: &[Visit], after: At) {
    let came = visits.iter().filter(|visit| visit.began >= after && !visit.is_mistake() && visit.sold_at().is_none());
    terms.extend(came.map(|visit| Term::new(Evidence::VisitKept, visit.began, About::Nothing)));
}

/// Having bought here makes a new interest weigh more; by itself it is no interest.
fn add_loyalty(terms: &mut Vec<Term>, picture: &Picture) {
    let newest = picture.owned.iter().filter(|o| o.bought_here).map(|o| o.since).max();
    if let (Some(bought), false) = (newest, terms.is_empty()) {
        terms.push(Term::new(Evidence::BoughtHere, bought, About::Nothing));
    }
}

fn add_what_counts_against(terms: &mut Vec<Term>, picture: &Picture, now: At) {
    if picture.wrong_number {
        terms.push(Term::new(Evidence::WrongNumber, now, About::Nothing));
    }
    let Some(touched) = picture.last_store_touch else { return };
    for attempt in 0..picture.attempts_unanswered.min(7) {
        let from = if attempt == 0 { touched.plus_ms(SILENCE_MS) } else { At(i64::MIN) };
        terms.push(Term { from, ..Term::new(Evidence::SilentAttempt, touched, About::Nothing) });
    }
}
