//! What does somebody look for? Drawn from the cars they opened and asked about and from their own words, never from what they did not do.

use super::{
    columns::{Row, day_of},
    fit::{Fit, Trait},
    traits::{Body, Drive, Traits},
    words,
};
use crate::{
    domain::{
        ids::StaffId,
        lead::LeadKind,
        picture::Picture,
        time::{At, DAY_MS},
        vehicle::{CarFacts, Vehicle},
        visit::VisitResult,
    },
    engine::{intent::looks, wording::phrases::quoted},
};

/// What was done longer ago says nothing of what they want now (field guide 8, P12: interest of sixty days).
pub const SOUGHT_MS: i64 = 60 * DAY_MS;
/// Within this a look weighs twice.
const FRESH_MS: i64 = 14 * DAY_MS;
const LOOK: u32 = 1;
/// To ask about a car says as much as four looks.
const ASKED: u32 = 4;
/// Two fresh looks, or one question: less is chance.
const LEAST: u32 = 4;
/// Of their words as many as stand on a line.
const QUOTED_MOST: usize = 60;

/// What somebody seeks, and by what that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seek {
    pub row: Row,
    /// `CR-V`, `SUV`: in a word or two.
    pub words: String,
    pub evidence: String,
    /// The last thing they did for it.
    pub last: At,
}

/// One car they cared for.
struct Cared<'p> {
    facts: &'p CarFacts,
    traits: Traits,
    weight: u32,
    last: At,
    asked: bool,
}

/// What they seek; `None` when they did too little, or bought here since.
#[must_use]
pub fn seek(picture: &Picture, now: At) -> Option<Seek> {
    let is_silent = picture.leads.is_empty() && picture.wrote.is_empty() && picture.remarks.is_empty() && picture.visits.is_empty();
    if picture.activity.0.is_empty() && is_silent {
        return None;
    }
    let (cared, worded) = reconciled(cared(picture, now), worded(picture, now));
    let total: u32 = cared.iter().map(|c| c.weight).sum();
    let did = cared.iter().map(|c| c.last).max().filter(|_| total >= LEAST);
    let last = did.max(worded.as_ref().map(|w| w.at))?;
    let mostly = |code: fn(&Traits) -> u32| most(cared.iter().map(|c| (code(&c.traits), c.weight)), total);
    let small = |code: fn(&Traits) -> u32| u8::try_from(mostly(code)).unwrap_or(0);
    let body = small(|t| t.body.map_or(0, |b| b.code().into()));
    // A car of another shape that they strayed to says nothing of price and year.
    let of_shape = || cared.iter().filter(|c| body == 0 || c.traits.body.is_none_or(|b| b.code() == body));
    let prices = || of_shape().filter_map(|c| c.traits.price_dollars);
    let years = || of_shape().filter_map(|c| c.traits.year).map(|y| u8::try_from(y.saturating_sub(1970)).unwrap_or(0));
    let hundreds = |dollars: u32, percent: u32| u16::try_from(dollars * percent / 10_000).unwrap_or(u16::MAX);
    let said = worded.as_ref().map(|w| w.said).unwrap_or_default();
    let most = said.price_most_dollars.map(|dollars| hundreds(dollars, 100));
    let or = |said: Option<u8>, seen: u8| said.unwrap_or(seen);
    let row = Row {
        customer: picture.customer.id,
        make: mostly(|t| t.make),
        model: mostly(|t| t.model),
        // What they want to pay stands above what they look at.
        price_low: most.map_or_else(|| prices().min().map_or(0, |p| hundreds(p, 95)), |most| most / 2),
        price_high: most.unwrap_or_else(|| prices().max().map_or(0, |p| hundreds(p, 105))),
        last_day: day_of(last),
        year_low: years().min().unwrap_or(0),
        year_high: years().max().unwrap_or(0),
        body: or(said.body.map(Body::code), body),
        drive: or(said.drive.map(Drive::code), small(|t| t.drive.map_or(0, |d| d.code().into()))),
        color: small(|t| t.color.map_or(0, |c| c.code().into())),
        seats: or(said.seats_least, small(|t| t.seats.map_or(0, u32::from))),
    };
    let evidence = [did.map(|_| evidence(&cared)), worded.map(|w| format!("{} {}", w.how, quoted(w.text, QUOTED_MOST)))];
    Some(Seek { row, words: in_words(&row, &cared), evidence: evidence.into_iter().flatten().collect::<Vec<_>>().join(". "), last })
}

/// What they want, in words: their own, or a colleague's who wrote them down.
struct Worded<'p> {
    said: words::Said,
    /// `Wrote`, `Priya N. noted`.
    how: String,
    text: &'p str,
    at: At,
}

/// Where words ask for another shape than the cars they cared for have, the newer of both stands: they changed their mind.
fn reconciled<'p>(cared: Vec<Cared<'p>>, worded: Option<Worded<'p>>) -> (Vec<Cared<'p>>, Option<Worded<'p>>) {
    let Some(words) = worded else { return (cared, None) };
    let Some(said) = words.said.body else { return (cared, Some(words)) };
    let others = || cared.iter().filter(|c| c.traits.body.is_some_and(|body| body != said));
    let is_other = most(others().map(|c| (1, c.weight)), cared.iter().map(|c| c.weight).sum()) != 0;
    if !is_other {
        return (cared, Some(words));
    }
    if others().any(|c| c.last > words.at) {
        let left = words::Said { body: None, ..words.said };
        return (cared, Some(Worded { said: left, ..words }).filter(|w| w.said != words::Said::default()));
    }
    (vec![], Some(words))
}

/// The newest words that say what they want.
fn worded<'p>(picture: &'p Picture, now: At) -> Option<Worded<'p>> {
    let leads = picture.leads.iter().filter(|l| is_for_a_car(l.said.kind)).map(|l| (l.received, l.said.comments.as_str()));
    let theirs = leads.chain(picture.wrote.iter().map(|w| (w.at, w.text.as_str()))).map(|(at, text)| (at, text, None));
    let left = picture.visits.iter().filter_map(|visit| visit.end.as_ref()).filter(|end| end.result != VisitResult::Mistake);
    let noted = picture.remarks.iter().map(|r| (r.at, r.text.as_str(), Some(r.by))).chain(left.map(|end| (end.at, end.note.as_str(), Some(end.by))));
    let mut all: Vec<(At, &str, Option<StaffId>)> = theirs.chain(noted).filter(|(at, ..)| counts(picture, *at, now)).collect();
    all.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    all.into_iter().find_map(|(at, text, by)| match by {
        None => Some(words::said(text)).filter(|said| *said != words::Said::default()).map(|said| Worded { said, how: "Wrote".to_owned(), text, at }),
        Some(by) => words::noted(text).map(|(said, text)| Worded { said, how: noted_by(picture, by), text, at }),
    })
}

fn noted_by(picture: &Picture, by: StaffId) -> String {
    let name = picture.staff.iter().find(|one| one.staff.id == by).map(|one| one.staff.short_name());
    name.map_or_else(|| "Noted".to_owned(), |name| format!("{name} noted"))
}

/// Not too long ago, and not before they bought here.
fn counts(picture: &Picture, at: At, now: At) -> bool {
    let bought = picture.owned.iter().filter(|o| o.bought_here).map(|o| o.since).max();
    now.since(at) <= SOUGHT_MS && bought.is_none_or(|bought| at > bought)
}

fn cared<'p>(picture: &'p Picture, now: At) -> Vec<Cared<'p>> {
    let counts = |at: At| counts(picture, at, now);
    let weigh = |at: At, points: u32| if now.since(at) <= FRESH_MS { points * 2 } else { points };
    let mut all: Vec<Cared<'p>> = Vec::new();
    let looks = looks::looks(&picture.activity);
    let theirs = |car: &&Vehicle| !picture.owned.iter().any(|o| o.vehicle == car.id);
    for car in picture.cars.iter().filter(theirs) {
        let looked = looks.iter().filter(|l| l.car == car.id && counts(l.at)).map(|l| (l.at, weigh(l.at, LOOK)));
        let asked: Vec<At> = picture.leads.iter().filter(|l| l.vehicle == Some(car.id) && is_for_a_car(l.said.kind)).map(|l| l.received).collect();
        let asked = asked.into_iter().filter(|at| counts(*at)).max();
        let (mut weight, mut last) = (0, None);
        for (at, points) in looked.chain(asked.map(|at| (at, weigh(at, ASKED)))) {
            weight += points;
            last = last.max(Some(at));
        }
        if let Some(last) = last {
            all.push(Cared { facts: &car.facts, traits: Traits::of(car), weight, last, asked: asked.is_some() });
        }
    }
    // A car that is only described: no car of ours, and said all the same.
    for lead in picture.leads.iter().filter(|l| l.vehicle.is_none() && counts(l.received) && is_for_a_car(l.said.kind)) {
        if let Some(car) = lead.said.cars.iter().find(|c| !c.is_theirs() && !c.facts.model.is_empty()) {
            let traits = Traits { price_dollars: car.price.and_then(|p| u32::try_from(p.0 / 100).ok()), ..Traits::of_facts(&car.facts) };
            all.push(Cared { facts: &car.facts, traits, weight: weigh(lead.received, ASKED), last: lead.received, asked: true });
        }
    }
    all.sort_by_key(|c| (std::cmp::Reverse(c.weight), std::cmp::Reverse(c.last)));
    all
}

fn is_for_a_car(kind: LeadKind) -> bool {
    match kind {
        LeadKind::Enquiry | LeadKind::TestDrive | LeadKind::Finance | LeadKind::PhoneCall | LeadKind::Unknown => true,
        LeadKind::TradeIn | LeadKind::Service | LeadKind::Test => false,
    }
}

/// What three fifths of all they did agree on; 0 for nothing.
fn most(votes: impl Iterator<Item = (u32, u32)>, total: u32) -> u32 {
    let mut sums: Vec<(u32, u32)> = Vec::new();
    for (code, weight) in votes.filter(|(code, _)| *code != 0) {
        match sums.iter_mut().find(|(held, _)| *held == code) {
            Some((_, sum)) => *sum += weight,
            None => sums.push((code, weight)),
        }
    }
    sums.into_iter().find(|(_, sum)| sum * 5 >= total * 3).map_or(0, |(code, _)| code)
}

fn in_words(row: &Row, cared: &[Cared<'_>]) -> String {
    let named = cared.iter().find(|c| row.model != 0 && c.traits.model == row.model).map(|c| c.facts.model.clone());
    let made = || cared.iter().find(|c| row.make != 0 && c.traits.make == row.make).map(|c| c.facts.make.clone());
    let shape = row.body().map(|b| b.words().to_owned());
    match (named, shape) {
        (Some(model), _) => model,
        (None, Some(shape)) => made().map_or(shape.clone(), |make| format!("{make} {shape}")),
        (None, None) => made().unwrap_or_else(|| "car".to_owned()),
    }
}

/// `Asked about the 2022 CR-V, looked at 2 more`.
fn evidence(cared: &[Cared<'_>]) -> String {
    let Some((first, more)) = cared.split_first() else { return String::new() };
    let verb = if first.asked { "Asked about" } else { "Looked at" };
    let rest = match more.len() {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    format!("{verb} the {}{rest}", first.facts.short())
}

impl Seek {
    /// What of a car fits, in words, the most telling first.
    #[must_use]
    pub fn because(&self, fit: Fit, car: &Vehicle) -> Vec<String> {
        fit.met().filter_map(|one| self.says(one, car)).take(3).collect()
    }

    fn says(&self, one: Trait, car: &Vehicle) -> Option<String> {
        Some(match one {
            Trait::Model => format!("{}, as they look for", car.facts.model),
            // A model says its make.
            Trait::Make | Trait::Body if self.row.model != 0 => return None,
            Trait::Make => format!("{}, as they look for", car.facts.make),
            Trait::Body => format!("{}, as they look for", self.row.body()?.words()),
            Trait::Price => format!("{}, within what they look for", car.listing.as_ref()?.price?),
            Trait::Drive => self.row.drive()?.words().to_owned(),
            Trait::Year => format!("{}", car.facts.year?),
            Trait::Seats => format!("{} seats or more", self.row.seats),
            Trait::Color => self.row.color()?.words().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ids::{PartId, Seq, VisitId},
            money::Cents,
            visit::{Visit, VisitEnd},
        },
        engine::{
            matching::{fit, traits},
            sample::{CRV, RAV4, Sample, hours_ago, now},
        },
    };

    fn priced(sample: Sample) -> Sample {
        sample.change(|s| {
            for (car, (body, drive, price)) in s.cars.iter_mut().zip([("SUV", "AWD", 28_400), ("SUV", "AWD", 27_000)]) {
                (car.facts.body, car.facts.drivetrain) = (body.into(), drive.into());
                car.listing.as_mut().unwrap().price = Some(Cents(price * 100));
            }
        })
    }

    #[test]
    fn what_they_look_at_most_is_what_they_seek() {
        let sample = priced(Sample::dana().looks(CRV, &[30, 20, 10]).looks(RAV4, &[5]));
        let found = seek(&sample.picture(), now()).unwrap();
        assert_eq!((found.row.model, found.row.body().map(Body::words)), (traits::key("CR-V"), Some("SUV")));
        assert_eq!((found.row.price_low, found.row.price_high, found.row.drive), (256, 298, traits::Drive::All.code()));
        assert_eq!((found.words.as_str(), found.evidence.as_str(), found.last), ("CR-V", "Looked at the 2022 CR-V and 1 more", hours_ago(5)));
        let between = priced(Sample::dana().looks(CRV, &[30, 20]).looks(RAV4, &[5, 3]));
        let found = seek(&between.picture(), now()).unwrap();
        assert_eq!((found.row.model, found.words.as_str()), (0, "Honda SUV"), "no one model");
    }

    #[test]
    fn too_little_and_too_long_ago_is_nothing() {
        let sought = |sample: Sample| seek(&priced(sample).picture(), now()).is_some();
        assert!(!sought(Sample::dana()));
        assert!(!sought(Sample::dana().looks(CRV, &[5])), "one look is chance");
        assert!(sought(Sample::dana().looks(CRV, &[5, 50])));
        assert!(!sought(Sample::dana().looks(CRV, &[24 * 61, 24 * 62])));
        assert!(sought(Sample::dana().lead(1, 24 * 30, |_| {})), "a question is enough");
    }

    #[test]
    fn whoever_bought_seeks_anew_from_then_on_and_never_their_own_car() {
        let sample = || priced(Sample::dana().looks(RAV4, &[300, 290]));
        assert!(seek(&sample().picture(), now()).is_some());
        assert!(seek(&sample().bought(CRV, hours_ago(100)).picture(), now()).is_none());
        assert!(seek(&sample().looks(CRV, &[4, 2]).bought(CRV, hours_ago(500)).picture(), now()).is_some_and(|s| s.words == "RAV4"));
    }

    #[test]
    fn what_they_write_stands_above_what_they_look_at() {
        let sample = priced(Sample::dana().looks(CRV, &[30, 20, 10]).wrote(5, "Anything AWD under $24,000?"));
        let found = seek(&sample.picture(), now()).unwrap();
        assert_eq!((found.row.model, found.row.price_high, found.row.drive), (traits::key("CR-V"), 240, traits::Drive::All.code()));
        assert_eq!(found.evidence, "Looked at the 2022 CR-V. Wrote \u{201c}Anything AWD under $24,000?\u{201d}");
        let words_alone = Sample::dana().wrote(5, "Do you have an SUV below 20k?");
        let found = seek(&words_alone.picture(), now()).unwrap();
        assert_eq!((found.words.as_str(), found.row.price_high, found.row.model), ("SUV", 200, 0));
        assert!(seek(&Sample::dana().wrote(5, "Is it still there?").picture(), now()).is_none());
    }

    #[test]
    fn what_a_colleague_noted_counts_and_the_newest_words_stand() {
        let sought = |sample: Sample| seek(&sample.picture(), now()).map(|found| (found.words, found.row.price_high, found.evidence));
        let noted = sought(Sample::dana().noted(5, "Has two dogs. Wants a truck below 25k."));
        assert_eq!(noted, Some(("truck".into(), 250, "Priya N. noted \u{201c}Wants a truck below 25k.\u{201d}".into())));
        let newer = sought(Sample::dana().noted(5, "Wants a truck below 25k.").wrote(3, "Rather an SUV below 30k"));
        assert_eq!(newer.map(|(words, most, _)| (words, most)), Some(("SUV".into(), 300)));
        let older = sought(Sample::dana().noted(2, "Wants a truck below 25k.").wrote(3, "Rather an SUV below 30k"));
        assert_eq!(older.map(|(words, most, _)| (words, most)), Some(("truck".into(), 250)));
        assert_eq!(sought(Sample::dana().noted(5, "Drives a truck.")), None);
        assert_eq!(sought(Sample::dana().noted(24 * 61, "Wants a truck below 25k.")), None, "too long ago");
    }

    #[test]
    fn of_words_and_looks_at_another_shape_the_newer_stand() {
        let sought = |looked: &[i64]| {
            let sample = priced(Sample::dana().looks(CRV, looked).noted(5, "Wants a truck below 25k."));
            seek(&sample.picture(), now()).map(|found| (found.words, found.row.model, found.row.price_high, found.evidence))
        };
        let noted = "Priya N. noted \u{201c}Wants a truck below 25k.\u{201d}";
        assert_eq!(sought(&[30, 20, 10]), Some(("truck".into(), 0, 250, noted.into())), "the looks were before it");
        let since = ("CR-V".into(), traits::key("CR-V"), 250, format!("Looked at the 2022 CR-V. {noted}"));
        assert_eq!(sought(&[30, 3, 2]), Some(since), "what they may spend still stands");
    }

    #[test]
    fn what_was_written_down_as_they_left_counts_unless_they_never_came() {
        let left = |result| {
            let end = VisitEnd { at: hours_ago(3), by: StaffId(2), result, note: "Wants a truck below 25k.".into(), cause: Seq(9) };
            let sample = Sample::dana().change(|s| {
                let (id, part, with, began) = (VisitId(1), PartId(7), StaffId(2), hours_ago(4));
                s.visits.push(Visit { id, part, with, began, vehicle: None, be_back: false, steps: vec![], end: Some(end), cause: Seq(1) });
            });
            seek(&sample.picture(), now()).map(|found| found.evidence)
        };
        assert_eq!(left(VisitResult::BeBack { on: None }), Some("Jo L. noted \u{201c}Wants a truck below 25k.\u{201d}".into()));
        assert_eq!(left(VisitResult::Mistake), None);
    }

    #[test]
    fn a_car_that_fits_says_why() {
        let sample = priced(Sample::dana().looks(CRV, &[30, 20, 10]));
        let picture = sample.picture();
        let found = seek(&picture, now()).unwrap();
        let car = picture.car(CRV).unwrap();
        let fits = fit::fit(&found.row, &Traits::of(car));
        assert_eq!(
            (fits.points, found.because(fits, car)),
            (100, vec!["CR-V, as they look for".into(), "$28,400, within what they look for".into(), "all-wheel drive".into()])
        );
    }
}
