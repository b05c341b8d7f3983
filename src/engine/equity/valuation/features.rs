//! What of a car bears on its price? Its measures and the groups it belongs to, from the widest to the narrowest.

use super::{
    Subject, prior,
    ridge::{Member, Row},
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What holds for all cars of one fit, so that a car that comes later is measured by the same ruler.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ruler {
    /// The day from which ages count where a car comes without one: the newest sale, or the end of the newest model year.
    pub(super) today: i32,
    /// The first and the last day of the sales; equal where they carry none.
    pub(super) first_day: i32,
    pub(super) last_day: i32,
}

/// Families of groups, the widest first, with how far their groups usually lie apart (log of price).
pub(super) const FAMILIES: &[(Family, f64)] = &[
    (Family::Segment, 0.25),
    (Family::SegmentAge, 0.15),
    (Family::Make, 0.4),
    (Family::MakeAge, 0.2),
    (Family::Model, 0.35),
    (Family::ModelAge, 0.2),
    (Family::ModelMiles, 0.08),
    (Family::ModelCondition, 0.05),
    (Family::ModelYear, 0.08),
    (Family::ModelBody, 0.08),
    (Family::ModelVariant, 0.1),
    (Family::Trim, 0.12),
    (Family::TrimYear, 0.05),
    (Family::Stem, 0.1),
    (Family::StemYear, 0.05),
];

/// What tells cars of one model apart and is not said of every car, each with its families.
pub(super) const DETAILS: [&[Family]; 4] =
    [&[Family::ModelBody], &[Family::ModelVariant], &[Family::Trim, Family::TrimYear], &[Family::Stem, Family::StemYear]];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Segment,
    SegmentAge,
    Make,
    MakeAge,
    Model,
    ModelAge,
    ModelMiles,
    ModelCondition,
    ModelYear,
    ModelBody,
    ModelVariant,
    Trim,
    TrimYear,
    Stem,
    StemYear,
}

impl Family {
    pub(super) fn place(self) -> usize {
        FAMILIES.iter().position(|(family, _)| *family == self).unwrap_or_default()
    }
}

const CENTS: f64 = 100.0;
const AGE_KNOTS: &[f64] = &[0.5, 1.5, 2.5, 4.0, 6.0, 8.0, 11.0, 15.0, 20.0];
const MILES_KNOTS: &[f64] = &[0.4, 0.9, 1.4, 1.9, 2.3, 2.7];
const CONDITION_KNOTS: &[f64] = &[2.0, 3.0, 4.0];
/// A season is felt over two months.
const SEASON_DAYS: f64 = 60.0;
const SEASONS_MOST: u8 = 12;

/// The measures of a car.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measures {
    /// Years since its model year began.
    pub(super) age: f64,
    /// Log of one and the ten thousands driven: the first ones weigh most.
    pub(super) miles: f64,
    driven: f64,
    pub(super) has_miles: bool,
    pub(super) condition: Option<f64>,
}

/// A car as the fit sees it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) row: Row,
    pub(super) measures: Measures,
    /// What is expected of its price by make, body, age and miles before any sale: log of cents.
    pub(super) expected: f64,
}

/// The dense measures of a car, each with the size that its weight usually has (log of price): splines bend little where few cars are.
fn dense(m: &Measures, day: Option<i32>, ruler: &Ruler, level: f64, dense: &mut Vec<(f64, f64)>) {
    dense.clear();
    dense.extend([(1.0, level), (m.age, 0.05)]);
    dense.extend(AGE_KNOTS.iter().map(|knot| ((m.age - knot).max(0.0), 0.05)));
    dense.push((f64::from(u8::from(!m.has_miles)), 0.1));
    dense.push((m.miles, 0.15));
    dense.extend(MILES_KNOTS.iter().map(|knot| ((m.miles - knot).max(0.0), 0.15)));
    dense.push((m.miles * m.age / 10.0, 0.2));
    let condition = m.condition.map_or(0.0, |c| c - 3.0);
    dense.push((f64::from(u8::from(m.condition.is_none())), 0.1));
    dense.push((condition, 0.1));
    dense.extend(CONDITION_KNOTS.iter().map(|knot| (m.condition.map_or(0.0, |c| (c - knot).max(0.0)), 0.1)));
    dense.push((condition * m.age / 10.0, 0.1));
    dense.push((condition * m.miles, 0.1));
    dense.extend(seasons(day, ruler).map(|near| (near, 0.03)));
}

/// `None` without a model year: a car of any age may be worth anything.
pub(super) fn see(subject: &Subject, ruler: &Ruler) -> Option<Seen> {
    let measures = measures(subject.year?, subject.odometer, subject.condition, subject.day, ruler);
    let mut sized = Vec::with_capacity(WIDTH);
    dense(&measures, subject.day, ruler, 1.0, &mut sized);
    let dense = sized.into_iter().map(|(measure, _)| measure).collect();
    let new = prior::new_price(&subject.make, &subject.segment, subject.year?);
    let expected = expected(new, &measures);
    Some(Seen { row: Row { dense, groups: groups(subject, &measures) }, measures, expected })
}

fn expected(new_price: f64, measures: &Measures) -> f64 {
    CENTS.ln() + new_price + prior::retention(measures.age).ln() + prior::for_miles(measures.driven, measures.age)
}

/// A car whose groups were looked up once: what is left to reckon of its value is what days and miles do to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled {
    year: u16,
    condition: Option<f64>,
    new_price: f64,
    /// What its groups add, whatever its age and miles, by each year of age, and by its miles.
    always: f64,
    by_age: f64,
    by_miles: f64,
}

impl Settled {
    /// `effect` gives what a group adds.
    pub(super) fn of(subject: &Subject, ruler: &Ruler, effect: impl Fn(&Member) -> f64) -> Option<Self> {
        let year = subject.year?;
        // Ages and miles at which no slope vanishes, so that every group is met.
        let anywhere = Measures { age: SLOPE_FROM + 1.0, miles: MILES_FROM + 1.0, ..measures(year, None, subject.condition, subject.day, ruler) };
        let mut settled = Self {
            year,
            condition: subject.condition,
            new_price: prior::new_price(&subject.make, &subject.segment, year),
            always: 0.0,
            by_age: 0.0,
            by_miles: 0.0,
        };
        for member in groups(subject, &anywhere) {
            let of = |family: Family| member.family == family.place();
            let adds = effect(&Member { by: 1.0, ..member });
            if of(Family::SegmentAge) || of(Family::MakeAge) || of(Family::ModelAge) {
                settled.by_age += adds;
            } else if of(Family::ModelMiles) {
                settled.by_miles += adds;
            } else {
                settled.always += adds * member.by;
            }
        }
        Some(settled)
    }

    /// The log of its value in cents on a day at so many miles. `dense_weights` are those of the fit; `room` is only used meanwhile.
    pub(super) fn value(&self, odometer: Option<f64>, day: i32, ruler: &Ruler, dense_weights: &[f64], room: &mut Vec<(f64, f64)>) -> f64 {
        let m = measures(self.year, odometer, self.condition, Some(day), ruler);
        dense(&m, Some(day), ruler, 1.0, room);
        let by_measures: f64 = room.iter().zip(dense_weights).map(|((measure, _), weight)| measure * weight).sum();
        by_measures + self.always + self.by_age * slope(&m) + self.by_miles * (m.miles - MILES_FROM) + expected(self.new_price, &m)
    }
}

/// More than the dense measures of a car.
const WIDTH: usize = 48;
/// Slopes turn around this age, in years, and these miles, as their log.
const SLOPE_FROM: f64 = 4.0;
const MILES_FROM: f64 = 1.5;

fn slope(m: &Measures) -> f64 {
    (m.age - SLOPE_FROM) / 10.0
}

/// The usual sizes of the weights of the dense measures, in their order; `level` is that of the offset of all prices.
pub(super) fn sizes(level: f64) -> Vec<f64> {
    let any = Measures { age: 0.0, miles: 0.0, driven: 0.0, has_miles: false, condition: None };
    let mut sized = Vec::with_capacity(WIDTH);
    dense(&any, None, &Ruler::default(), level, &mut sized);
    sized.into_iter().map(|(_, size)| size).collect()
}

fn measures(year: u16, odometer: Option<f64>, condition: Option<f64>, day: Option<i32>, ruler: &Ruler) -> Measures {
    // A model year begins in the autumn before it.
    let born = (f64::from(year) - 1970.0) * 365.25 - 90.0;
    let age = ((f64::from(day.unwrap_or(ruler.today)) - born) / 365.25).clamp(0.0, 40.0);
    // An odometer of a used car that shows nothing, or all nines, was not read.
    let driven = odometer.filter(|miles| (*miles >= 100.0 || age < 1.6) && *miles < 900_000.0);
    let has_miles = driven.is_some();
    let driven = driven.unwrap_or_else(|| prior::MILES_A_YEAR * age.min(12.0) + 5_000.0 * (age - 12.0).max(0.0));
    Measures { age, miles: (1.0 + driven / 10_000.0).ln().min(4.0), driven, has_miles, condition }
}

/// How near the sale lies to each turn of the seasons between the first sale and the last; after the last, as at the last.
fn seasons(day: Option<i32>, ruler: &Ruler) -> impl Iterator<Item = f64> {
    let span = f64::from(ruler.last_day - ruler.first_day);
    let step = (span / f64::from(SEASONS_MOST - 1)).max(SEASON_DAYS);
    let day = day.filter(|_| span >= SEASON_DAYS);
    let place = day.map(|day| f64::from(day.clamp(ruler.first_day, ruler.last_day) - ruler.first_day) / step);
    (1..SEASONS_MOST).map(move |season| place.map_or(0.0, |place| (1.0 - (place - f64::from(season)).abs()).max(0.0)))
}

fn groups(subject: &Subject, m: &Measures) -> Vec<Member> {
    let mut groups = Vec::with_capacity(FAMILIES.len() + 4);
    let mut add = |family: Family, names: &[&str], by: f64| {
        if names.iter().all(|name| !name.is_empty()) && by != 0.0 {
            groups.push(Member { family: family.place(), key: key(names), by });
        }
    };
    let slope = slope(m);
    let (make, model) = (subject.make.as_str(), subject.model.as_str());
    let year = subject.year.map(|y| y.to_string()).unwrap_or_default();
    add(Family::Segment, &[&subject.segment], 1.0);
    add(Family::SegmentAge, &[&subject.segment], slope);
    add(Family::Make, &[make], 1.0);
    add(Family::MakeAge, &[make], slope);
    add(Family::Model, &[make, model], 1.0);
    add(Family::ModelAge, &[make, model], slope);
    add(Family::ModelMiles, &[make, model], m.miles - MILES_FROM);
    add(Family::ModelCondition, &[make, model], m.condition.map_or(0.0, |c| c - 3.0));
    add(Family::ModelYear, &[make, model, &year], 1.0);
    add(Family::ModelBody, &[make, model, &subject.body], 1.0);
    for variant in &subject.variants {
        add(Family::ModelVariant, &[make, model, variant], 1.0);
    }
    add(Family::Trim, &[make, model, &subject.trim], 1.0);
    add(Family::TrimYear, &[make, model, &subject.trim, &year], 1.0);
    add(Family::Stem, &[&subject.stem], 1.0);
    add(Family::StemYear, &[&subject.stem, &year], 1.0);
    groups
}

pub(super) fn key(names: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    names.hash(&mut hasher);
    hasher.finish()
}
