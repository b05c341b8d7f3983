//! Why talk to the owner of a car now, and why not? The trade-cycle triggers of field guide section 6, each a sentence with its figures.

use super::{
    loan::Terms,
    odometer::Odometer,
    payment_match::Match,
    position::{self, Equity, LeaseEnd, Owed, Tier},
};
use crate::domain::{
    money::{Bps, Cents, grouped},
    time::{At, DAY_MS},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    LeaseEnding,
    BigRepair,
    CrossedPositive,
    Shopping,
    WeNeedIt,
    LowerPayment,
    SamePayment,
    OverMileage,
    TermEnding,
    WarrantyEnding,
    Rate,
    Declined,
    Mileage,
    ThirdVisit,
    OwnedLong,
    /// What is left of the car: never enough by itself.
    Equity,
}

impl ReasonKind {
    /// Money alone is no reason to talk to somebody who came for an oil change.
    #[must_use]
    pub fn is_money(self) -> bool {
        matches!(self, Self::Equity | Self::CrossedPositive)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub kind: ReasonKind,
    pub text: String,
}

/// What is promised for a car's repairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warranty {
    pub ends: At,
    pub ends_mi: Option<u32>,
}

impl Warranty {
    /// The basic warranty of a car bought new: three years or 36,000 miles.
    #[must_use]
    pub fn basic(in_service: At) -> Self {
        const YEARS_MS: i64 = 3 * 36_525 * DAY_MS / 100;
        Self { ends: in_service.plus_ms(YEARS_MS), ends_mi: Some(36_000) }
    }
}

/// All that the triggers look at. What is not known is `None`, never nought.
#[derive(Debug, Clone, Default)]
pub struct Situation<'a> {
    /// How people speak of the car: `2019 F-150`.
    pub car: &'a str,
    pub owned_since: Option<At>,
    pub value: Option<Cents>,
    pub owed: Option<&'a Owed>,
    pub equity: Option<Equity>,
    /// The same figures a month ago.
    pub equity_before: Option<Cents>,
    pub odometer: Option<&'a Odometer>,
    pub lease: Option<LeaseEnd>,
    pub warranty: Option<Warranty>,
    /// What the repairs of today or of the last weeks cost the customer.
    pub repair: Option<Cents>,
    /// Work that was advised and not bought, of the last year.
    pub declined: &'a [String],
    pub visits_in_a_year: u16,
    /// Cars of the same model on the lot, and customers who look for one.
    pub in_stock: Option<u16>,
    pub wanted_by: u16,
    pub matches: &'a [Match],
    /// Today's best rate for them.
    pub rate_today: Option<Bps>,
    /// Looks at cars on the store's website in the last two weeks.
    pub looks: u16,
}

/// Everything that speaks for a talk, the strongest first.
#[must_use]
pub fn reasons(s: &Situation<'_>, now: At) -> Vec<Reason> {
    let found = [
        lease_ending(s),
        big_repair(s),
        crossed(s),
        shopping(s),
        we_need_it(s),
        payment(s),
        over_mileage(s),
        term_ending(s, now),
        warranty_ending(s, now),
        rate(s),
        declined(s),
        mileage(s, now),
        third_visit(s),
        owned_long(s, now),
        equity(s),
    ];
    found.into_iter().flatten().collect()
}

#[expect(clippy::unnecessary_wraps, reason = "the last word of every trigger")]
fn reason(kind: ReasonKind, text: String) -> Option<Reason> {
    Some(Reason { kind, text })
}

/// The windows in which a lease's end is spoken of: 180, 120, 90, 60 and 30 days before.
fn lease_ending(s: &Situation<'_>) -> Option<Reason> {
    let lease = s.lease.filter(|l| (0..=180).contains(&l.days))?;
    reason(ReasonKind::LeaseEnding, format!("The lease ends in {} days", lease.days))
}

fn over_mileage(s: &Situation<'_>) -> Option<Reason> {
    let over = s.lease?.over_mi.filter(|over| *over >= 1_000)?;
    reason(ReasonKind::OverMileage, format!("The lease will end about {} miles over its allowance", grouped(over.unsigned_abs() / 100 * 100)))
}

/// A repair of 1,500 dollars, or of a tenth of the value.
fn big_repair(s: &Situation<'_>) -> Option<Reason> {
    const BIG: i64 = 150_000;
    let repair = s.repair.filter(|c| c.0 > 0)?;
    let share = s.value.filter(|v| v.0 > 0).map(|v| repair.0 * 100 / v.0);
    if repair.0 < BIG && share.is_none_or(|percent| percent < 10) {
        return None;
    }
    let of_value = share.filter(|percent| *percent >= 10).map(|percent| format!(", {percent} % of the car's value")).unwrap_or_default();
    reason(ReasonKind::BigRepair, format!("The repair costs {}{of_value}", whole(repair)))
}

fn crossed(s: &Situation<'_>) -> Option<Reason> {
    let (then, today) = (s.equity_before?, s.equity?.middle);
    (then.0 < 0 && today.0 >= 0)
        .then_some(())
        .and_then(|()| reason(ReasonKind::CrossedPositive, "Worth more than is owed since this month".to_owned()))
}

fn shopping(s: &Situation<'_>) -> Option<Reason> {
    match s.looks {
        0 => None,
        1 => reason(ReasonKind::Shopping, "Looked at a car online in the last two weeks".to_owned()),
        n => reason(ReasonKind::Shopping, format!("Looked at cars online {n} times in the last two weeks")),
    }
}

/// None of the model in stock, or two customers who look for one.
fn we_need_it(s: &Situation<'_>) -> Option<Reason> {
    let in_stock = s.in_stock?;
    let have = match in_stock {
        0 => "none is on the lot".to_owned(),
        1 => "one is on the lot".to_owned(),
        n => format!("{n} are on the lot"),
    };
    match s.wanted_by {
        wanted @ 2.. => reason(ReasonKind::WeNeedIt, format!("{wanted} customers look for such a car, and {have}")),
        0 | 1 if in_stock == 0 => reason(ReasonKind::WeNeedIt, format!("We could use a {}: {have}", s.car)),
        0 | 1 => None,
    }
}

fn payment(s: &Situation<'_>) -> Option<Reason> {
    let lowest = s.matches.iter().filter(|m| m.is_lower()).min_by_key(|m| m.payment);
    if let Some(lower) = lowest.filter(|m| m.more.is_some_and(|more| more.0 <= -2_500)) {
        return reason(ReasonKind::LowerPayment, format!("A car of the lot would cost {} a month less", whole(Cents(-lower.more?.0))));
    }
    let same = s.matches.iter().find(|m| m.is_same_payment())?;
    reason(ReasonKind::SamePayment, format!("A car of the lot costs about the same, {} a month", whole(same.payment)))
}

/// A year or less to go, or three fifths paid.
fn term_ending(s: &Situation<'_>, now: At) -> Option<Reason> {
    let terms: Terms = s.owed?.terms.filter(|t| !t.is_lease())?;
    let (left, of) = (terms.left(now), terms.payments());
    let a_year = terms.frequency().a_year();
    match left {
        0 => None,
        1 => reason(ReasonKind::TermEnding, "One payment is left".to_owned()),
        left if left <= a_year => reason(ReasonKind::TermEnding, format!("{left} payments are left")),
        left if u32::from(of - left) * 5 >= u32::from(of) * 3 => reason(ReasonKind::TermEnding, format!("{} of {of} payments are made", of - left)),
        _ => None,
    }
}

/// Within 90 days or 3,000 miles.
fn warranty_ending(s: &Situation<'_>, now: At) -> Option<Reason> {
    let warranty = s.warranty.filter(|w| w.ends > now)?;
    let days = warranty.ends.since(now) / DAY_MS;
    let miles = warranty.ends_mi.zip(s.odometer).map(|(end, o)| i64::from(end) - i64::from(o.miles));
    match miles {
        Some(..=0) => None,
        Some(miles @ 1..=3_000) => {
            reason(ReasonKind::WarrantyEnding, format!("The warranty ends in about {} miles", grouped(miles.unsigned_abs() / 100 * 100)))
        }
        Some(_) | None if days <= 90 => reason(ReasonKind::WarrantyEnding, format!("The warranty ends in {days} days")),
        Some(_) | None => None,
    }
}

/// Two points or more below what they bear.
fn rate(s: &Situation<'_>) -> Option<Reason> {
    let (held, today) = (position::rate(s.owed?)?, s.rate_today?);
    let percent = |bps: Bps| f64::from(bps.0) / 100.0;
    (held.0 - today.0 >= 200 && s.owed?.left > 0)
        .then_some(())
        .and_then(|()| reason(ReasonKind::Rate, format!("Pays {:.1} % where {:.1} % is asked today", percent(held), percent(today))))
}

/// Jobs with a price count from 1,000 dollars or a tenth of the value; without one, from two jobs.
fn declined(s: &Situation<'_>) -> Option<Reason> {
    const MUCH: i64 = 100_000;
    let priced: i64 = s.declined.iter().filter_map(|line| line.split_once('$').and_then(|(_, price)| Cents::parse(price))).map(|c| c.0).sum();
    let tenth = s.value.is_some_and(|v| priced * 10 > v.0 && priced > 0);
    if priced >= MUCH || tenth {
        return reason(ReasonKind::Declined, format!("Work for {} was advised and not done", whole(Cents(priced))));
    }
    match s.declined {
        [] | [_] => None,
        jobs => reason(ReasonKind::Declined, format!("{} jobs were advised and not done", jobs.len())),
    }
}

/// Around the marks at which owners think of another car: 60,000, 90,000 and 100,000 miles.
fn mileage(s: &Situation<'_>, now: At) -> Option<Reason> {
    const AROUND_MS: i64 = 45 * DAY_MS;
    let odometer = s.odometer?;
    let (soon, lately) = (odometer.at(now.plus_ms(AROUND_MS)), i64::from(odometer.miles) - odometer_days(odometer, 45));
    let mark = [60_000_u32, 90_000, 100_000].into_iter().find(|mark| lately < i64::from(*mark) && soon >= *mark)?;
    let verb = if odometer.miles >= mark { "Has just passed" } else { "Is about to pass" };
    reason(ReasonKind::Mileage, format!("{verb} {} miles", grouped(u64::from(mark))))
}

#[expect(clippy::cast_possible_truncation, reason = "miles of some weeks")]
fn odometer_days(odometer: &Odometer, days: i32) -> i64 {
    (odometer.a_day * f64::from(days)).round() as i64
}

fn third_visit(s: &Situation<'_>) -> Option<Reason> {
    (s.visits_in_a_year >= 3)
        .then_some(())
        .and_then(|()| reason(ReasonKind::ThirdVisit, format!("{} visits to the service in a year", s.visits_in_a_year)))
}

/// Two and a half to four years: when most who buy again do.
fn owned_long(s: &Situation<'_>, now: At) -> Option<Reason> {
    let months = now.since(s.owned_since?) * 1_200 / 36_525 / DAY_MS;
    (30..=48).contains(&months).then_some(()).and_then(|()| reason(ReasonKind::OwnedLong, format!("Has had the car for {months} months")))
}

fn equity(s: &Situation<'_>) -> Option<Reason> {
    let equity = s.equity?;
    match equity.tier {
        Tier::FreeAndClear => reason(ReasonKind::Equity, format!("Nothing is owed on the {}, worth about {}", s.car, whole(equity.middle))),
        Tier::Strong | Tier::Positive => reason(ReasonKind::Equity, format!("Worth about {} more than is owed", whole(equity.middle))),
        Tier::Even | Tier::MildNegative | Tier::Deep => None,
    }
}

/// To the dollar: nobody knows the cents of a repair or a value.
fn whole(cents: Cents) -> Cents {
    Cents((cents.0 + 50).div_euclid(100) * 100)
}

/// Why nobody speaks to them of another car, whatever the figures say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopKind {
    AskedNot,
    Complaint,
    Refused,
    BoughtLately,
    RecallOnly,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    pub kind: StopKind,
    pub text: &'static str,
}

/// What stops a talk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each stops by itself, whatever the others say")]
pub struct Stops {
    pub asked_not: bool,
    pub complaint_open: bool,
    /// They said not today, and that still holds.
    pub refused: bool,
    /// Their newest purchase here.
    pub bought: Option<At>,
    pub recall_only: bool,
}

impl Stops {
    /// The strongest of what stops it. Whoever bought within a year is left in peace.
    #[must_use]
    pub fn first(&self, now: At) -> Option<Stop> {
        const IN_PEACE_MS: i64 = 365 * DAY_MS;
        let stop = |kind, text| Some(Stop { kind, text });
        match () {
            () if self.asked_not => stop(StopKind::AskedNot, "Asked not to be sold to"),
            () if self.complaint_open => stop(StopKind::Complaint, "A complaint is open"),
            () if self.refused => stop(StopKind::Refused, "Said no within the last half year"),
            () if self.bought.is_some_and(|at| now.since(at) < IN_PEACE_MS) => {
                stop(StopKind::BoughtLately, "Bought within the last year, let it rest")
            }
            () if self.recall_only => stop(StopKind::RecallOnly, "Here for a recall only"),
            () => None,
        }
    }
}

/// Whether it is worth a talk, why, and what stops it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    pub is_worth_it: bool,
    pub reasons: Vec<Reason>,
    pub stopped: Option<Stop>,
}

/// Worth a talk: what is left of the car reaches the store's line, something beside money speaks for it, and nothing stops it.
#[must_use]
pub fn talk(situation: &Situation<'_>, line: Cents, stops: &Stops, now: At) -> Talk {
    let reasons = reasons(situation, now);
    let reaches = situation.equity.is_some_and(|e| e.middle >= line);
    let beside_money = reasons.iter().any(|r| !r.kind.is_money());
    let stopped = stops.first(now);
    Talk { is_worth_it: reaches && beside_money && stopped.is_none(), reasons, stopped }
}

/// A way to say it, aloud, before the car: no number is promised.
#[must_use]
pub fn a_way_to_say_it(talk: &Talk, colleague: &str, car: &str) -> String {
    let who = if colleague.is_empty() { "a colleague" } else { colleague };
    let because = match talk.reasons.iter().map(|r| r.kind).find(|kind| !kind.is_money()) {
        Some(ReasonKind::WeNeedIt) => "Cars like yours are wanted here.",
        Some(ReasonKind::BigRepair | ReasonKind::Declined) => "Before you put money into it, it is good to know.",
        Some(ReasonKind::LeaseEnding | ReasonKind::OverMileage) => "Your lease is coming to its end, and there are more ways than one.",
        Some(ReasonKind::WarrantyEnding | ReasonKind::Mileage) => "It is a good moment to know where you stand.",
        Some(_) | None => "It is good to know.",
    };
    format!("\u{201c}While you wait, {who} can tell you what your {car} would bring. {because} No pressure, it takes ten minutes.\u{201d}")
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            loan::Said,
            odometer::Reading,
            position::{Confidence, Contract, owed},
        },
        *,
    };
    use crate::domain::ids::VehicleId;

    const NOW: At = At(1_790_000_000_000);

    fn ago(days: i64) -> At {
        NOW.plus_ms(-days * DAY_MS)
    }

    fn dollars(n: i64) -> Cents {
        Cents(n * 100)
    }

    fn loan(months_ago: i64, apr: i32) -> Owed {
        let signed = ago(months_ago * 36_525 / 1_200 + 10);
        let said = Said { financed: Some(dollars(30_000)), apr: Some(Bps(apr)), payments: Some(72), signed, ..Said::default() };
        owed(Contract::Terms(Terms::parse(&said).unwrap()), &[], NOW).unwrap()
    }

    fn left(dollars_left: i64, tier: Tier) -> Equity {
        let middle = dollars(dollars_left);
        Equity { low: middle, middle, high: middle, tier, confidence: Confidence::High }
    }

    fn driven(miles: u32, a_day: f64) -> Odometer {
        Odometer { miles, read: Reading { at: NOW, miles }, a_day, is_own_rate: true, left_out: 0, rolled_over: false }
    }

    fn matched(payment: i64, more: i64) -> Match {
        let apr = Bps(690);
        Match {
            vehicle: VehicleId(1),
            financed: Cents(1),
            months: 72,
            apr,
            payment: dollars(payment),
            more: Some(dollars(more)),
            down_to_match: None,
        }
    }

    #[test]
    fn each_trigger_fires_at_its_bound_and_not_before() {
        let early = loan(24, 690);
        let (three_fifths, nearly, last_year, over) = (loan(44, 690), loan(42, 690), loan(61, 690), loan(80, 690));
        let dear = loan(24, 990);
        let lease = |days, over_mi| Some(LeaseEnd { at: NOW.plus_ms(days * DAY_MS), days, over_mi });
        let jobs = |n: usize| vec!["Rear tires".to_owned(); n];
        let (two_jobs, one_job, priced) = (jobs(2), jobs(1), vec!["Timing belt, $1,040".to_owned()]);
        let (at_60k, before_60k, past_60k) = (driven(59_400, 20.0), driven(58_900, 20.0), driven(61_200, 20.0));
        let new_car = driven(33_500, 30.0);
        let car_of = |miles| driven(miles, 30.0);
        let (w_far, w_near, driven_out) = (car_of(10_000), car_of(35_000), car_of(37_000));
        let (at_90k, at_100k) = (driven(89_400, 20.0), driven(99_400, 20.0));
        let small = vec!["Rear pads, $340".to_owned()];
        let same = [matched(580, 20)];
        let lower = [matched(574, -38)];
        let dearer = [matched(700, 90)];
        let warranty = |days: i64| Some(Warranty { ends: NOW.plus_ms(days * DAY_MS), ends_mi: Some(36_000) });
        let base = Situation { car: "2019 F-150", ..Situation::default() };
        for (name, situation, kind) in [
            ("180 days", Situation { lease: lease(180, None), ..base.clone() }, Some(ReasonKind::LeaseEnding)),
            ("181 days", Situation { lease: lease(181, None), ..base.clone() }, None),
            ("a lease that is over", Situation { lease: lease(-1, None), ..base.clone() }, None),
            ("1,000 miles over", Situation { lease: lease(300, Some(1_000)), ..base.clone() }, Some(ReasonKind::OverMileage)),
            ("999 over", Situation { lease: lease(300, Some(999)), ..base.clone() }, None),
            ("a repair of 1,500", Situation { repair: Some(dollars(1_500)), ..base.clone() }, Some(ReasonKind::BigRepair)),
            ("of 1,499", Situation { repair: Some(dollars(1_499)), value: Some(dollars(20_000)), ..base.clone() }, None),
            ("a tenth", Situation { repair: Some(dollars(800)), value: Some(dollars(8_000)), ..base.clone() }, Some(ReasonKind::BigRepair)),
            (
                "crossed",
                Situation { equity: Some(left(200, Tier::Even)), equity_before: Some(dollars(-100)), ..base.clone() },
                Some(ReasonKind::CrossedPositive),
            ),
            ("not crossed", Situation { equity: Some(left(200, Tier::Even)), equity_before: Some(dollars(100)), ..base.clone() }, None),
            ("looked", Situation { looks: 1, ..base.clone() }, Some(ReasonKind::Shopping)),
            ("none in stock", Situation { in_stock: Some(0), ..base.clone() }, Some(ReasonKind::WeNeedIt)),
            ("one in stock", Situation { in_stock: Some(1), wanted_by: 1, ..base.clone() }, None),
            ("wanted by two", Situation { in_stock: Some(2), wanted_by: 2, ..base.clone() }, Some(ReasonKind::WeNeedIt)),
            ("nobody counted the lot", Situation { wanted_by: 2, ..base.clone() }, None),
            ("same payment", Situation { matches: &same, ..base.clone() }, Some(ReasonKind::SamePayment)),
            ("lower payment", Situation { matches: &lower, ..base.clone() }, Some(ReasonKind::LowerPayment)),
            ("dearer", Situation { matches: &dearer, ..base.clone() }, None),
            ("three fifths", Situation { owed: Some(&three_fifths), ..base.clone() }, Some(ReasonKind::TermEnding)),
            ("less", Situation { owed: Some(&nearly), ..base.clone() }, None),
            ("the last year", Situation { owed: Some(&last_year), ..base.clone() }, Some(ReasonKind::TermEnding)),
            ("paid off", Situation { owed: Some(&over), ..base.clone() }, None),
            ("warranty by days", Situation { warranty: warranty(90), odometer: Some(&w_far), ..base.clone() }, Some(ReasonKind::WarrantyEnding)),
            ("by miles", Situation { warranty: warranty(400), odometer: Some(&w_near), ..base.clone() }, Some(ReasonKind::WarrantyEnding)),
            ("by neither", Situation { warranty: warranty(91), odometer: Some(&w_far), ..base.clone() }, None),
            ("by miles already", Situation { warranty: warranty(50), odometer: Some(&driven_out), ..base.clone() }, None),
            ("over already", Situation { warranty: warranty(-1), odometer: Some(&new_car), ..base.clone() }, None),
            ("two points", Situation { owed: Some(&dear), rate_today: Some(Bps(790)), ..base.clone() }, Some(ReasonKind::Rate)),
            ("less than two", Situation { owed: Some(&early), rate_today: Some(Bps(491)), ..base.clone() }, None),
            ("nothing is left to pay", Situation { owed: Some(&over), rate_today: Some(Bps(400)), ..base.clone() }, None),
            ("two jobs", Situation { declined: &two_jobs, ..base.clone() }, Some(ReasonKind::Declined)),
            ("one job", Situation { declined: &one_job, ..base.clone() }, None),
            ("one dear job", Situation { declined: &priced, ..base.clone() }, Some(ReasonKind::Declined)),
            ("a tenth of the value", Situation { declined: &small, value: Some(dollars(3_000)), ..base.clone() }, Some(ReasonKind::Declined)),
            ("less than a tenth", Situation { declined: &small, value: Some(dollars(4_000)), ..base.clone() }, None),
            ("nearly 90,000", Situation { odometer: Some(&at_90k), ..base.clone() }, Some(ReasonKind::Mileage)),
            ("nearly 100,000", Situation { odometer: Some(&at_100k), ..base.clone() }, Some(ReasonKind::Mileage)),
            ("nearly 60,000", Situation { odometer: Some(&at_60k), ..base.clone() }, Some(ReasonKind::Mileage)),
            ("not yet", Situation { odometer: Some(&before_60k), ..base.clone() }, None),
            ("long since", Situation { odometer: Some(&past_60k), ..base.clone() }, None),
            ("third visit", Situation { visits_in_a_year: 3, ..base.clone() }, Some(ReasonKind::ThirdVisit)),
            ("second visit", Situation { visits_in_a_year: 2, ..base.clone() }, None),
            ("30 months", Situation { owned_since: Some(ago(915)), ..base.clone() }, Some(ReasonKind::OwnedLong)),
            ("29 months", Situation { owned_since: Some(ago(900)), ..base.clone() }, None),
            ("49 months", Situation { owned_since: Some(ago(1_500)), ..base.clone() }, None),
            ("something is left", Situation { equity: Some(left(700, Tier::Positive)), ..base.clone() }, Some(ReasonKind::Equity)),
            ("nothing is left", Situation { equity: Some(left(-700, Tier::MildNegative)), ..base.clone() }, None),
        ] {
            let kinds: Vec<ReasonKind> = reasons(&situation, NOW).into_iter().map(|r| r.kind).collect();
            assert_eq!(kinds, kind.into_iter().collect::<Vec<_>>(), "{name}");
        }
    }

    #[test]
    fn money_alone_is_no_reason_and_anything_beside_it_is() {
        let rich = Situation { equity: Some(left(6_180, Tier::Strong)), ..Situation::default() };
        let line = dollars(2_000);
        assert!(!talk(&rich, line, &Stops::default(), NOW).is_worth_it);
        let crossed = Situation { equity_before: Some(dollars(-100)), ..rich.clone() };
        assert!(!talk(&crossed, line, &Stops::default(), NOW).is_worth_it, "that it became more is money too");
        let looking = Situation { looks: 2, ..rich.clone() };
        assert!(talk(&looking, line, &Stops::default(), NOW).is_worth_it);
        let poor = Situation { equity: Some(left(1_999, Tier::Positive)), looks: 2, ..Situation::default() };
        assert!(!talk(&poor, line, &Stops::default(), NOW).is_worth_it);
        assert!(!talk(&Situation { looks: 2, ..Situation::default() }, line, &Stops::default(), NOW).is_worth_it, "nobody knows what is left");
    }

    #[test]
    fn whatever_stops_it_is_named_the_strongest_first() {
        let all = Stops { asked_not: true, complaint_open: true, refused: true, bought: Some(ago(30)), recall_only: true };
        let kinds = |stops: Stops| stops.first(NOW).map(|s| s.kind);
        assert_eq!(kinds(all), Some(StopKind::AskedNot));
        assert_eq!(kinds(Stops { asked_not: false, ..all }), Some(StopKind::Complaint));
        assert_eq!(kinds(Stops { asked_not: false, complaint_open: false, ..all }), Some(StopKind::Refused));
        let bought = Stops { bought: Some(ago(364)), recall_only: true, ..Stops::default() };
        assert_eq!((kinds(bought), kinds(Stops { bought: Some(ago(366)), ..bought })), (Some(StopKind::BoughtLately), Some(StopKind::RecallOnly)));
        assert_eq!(kinds(Stops::default()), None);
        let looking = Situation { equity: Some(left(6_180, Tier::Strong)), looks: 2, ..Situation::default() };
        let stopped = talk(&looking, dollars(2_000), &all, NOW);
        assert!(!stopped.is_worth_it && !stopped.reasons.is_empty());
    }

    #[test]
    fn a_way_to_say_it_names_no_figure() {
        let looking = Situation { equity: Some(left(6_180, Tier::Strong)), in_stock: Some(0), car: "2019 F-150", ..Situation::default() };
        let said = a_way_to_say_it(&talk(&looking, dollars(2_000), &Stops::default(), NOW), "Jo", "truck");
        assert_eq!(
            said,
            "\u{201c}While you wait, Jo can tell you what your truck would bring. Cars like yours are wanted here. No pressure, it takes ten minutes.\u{201d}"
        );
        assert!(!said.contains('$'));
    }
}
