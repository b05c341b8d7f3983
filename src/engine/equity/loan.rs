//! What is still owed on a car? Simple-interest loans, notes that the store carries itself, and leases.
//!
//! Rounding: a payment that the books say is in whole cents, so interest and payment of each period are rounded to the cent, as a lender's
//! ledger has them. Where no payment is said, everything is reckoned exactly and rounded once, at the end. Both are held to the same golden
//! numbers by the tests.

use crate::domain::{
    money::{Bps, Cents},
    time::{At, DAY_MS},
};

/// Payments a year that a contract may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    Weekly,
    BiWeekly,
    SemiMonthly,
    Monthly,
}

impl Frequency {
    /// Of a year's payments as a file says them; `None` for what no contract has.
    #[must_use]
    pub fn of_year(payments: u16) -> Option<Self> {
        match payments {
            52 => Some(Self::Weekly),
            26 => Some(Self::BiWeekly),
            24 => Some(Self::SemiMonthly),
            12 => Some(Self::Monthly),
            _ => None,
        }
    }

    #[must_use]
    pub fn a_year(self) -> u16 {
        match self {
            Self::Weekly => 52,
            Self::BiWeekly => 26,
            Self::SemiMonthly => 24,
            Self::Monthly => 12,
        }
    }
}

/// A contract, parsed: amounts above zero, a rate below 100 %, a term of at most [`LONGEST`] payments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Amount financed; of a lease the capitalised cost.
    financed: Cents,
    /// A year, in hundredths of a percent.
    apr: f64,
    payments: u16,
    frequency: Frequency,
    /// As the books say it.
    payment: Option<Cents>,
    /// What is left at the end of a lease; nought for a loan.
    residual: Cents,
    first_due: At,
}

/// Longer contracts on cars are typing errors: fifteen years of weeks.
pub const LONGEST: u16 = 780;
const DEAREST: Cents = Cents(100_000_000);

/// What is said of a contract, before it is one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Said {
    pub financed: Option<Cents>,
    pub apr: Option<Bps>,
    /// How many payments there are in all.
    pub payments: Option<u16>,
    pub payments_a_year: Option<u16>,
    pub payment: Option<Cents>,
    pub is_lease: bool,
    pub residual: Option<Cents>,
    pub signed: At,
    /// When the first payment falls due; one period after signing where nobody says it.
    pub first_due: Option<At>,
}

/// Why a contract cannot be reckoned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unclear {
    /// Nobody said how much was financed, over which term, or at what rate or payment.
    Amount,
    Term,
    Rate,
    /// A lease of which nobody said what is left at its end.
    Residual,
    /// Amounts, rates or terms that no contract has.
    Absurd,
}

impl Unclear {
    /// What is missing, for whoever could add it.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Amount => "The deal does not say how much was financed.",
            Self::Term => "The deal does not say over how many payments.",
            Self::Rate => "The deal says neither its rate nor its payment.",
            Self::Residual => "The lease does not say its residual.",
            Self::Absurd => "The figures of the deal cannot be those of a contract on a car.",
        }
    }
}

impl Terms {
    /// Reads what is said. A payment that does not fit rate and amount, as with fees or credit life on top, decides: the rate is solved from
    /// it. The implied rate of a lease is solved from payment and residual.
    ///
    /// # Errors
    /// What is missing or cannot be.
    pub fn parse(said: &Said) -> Result<Self, Unclear> {
        let financed = said.financed.filter(|c| c.0 != 0).ok_or(Unclear::Amount)?;
        let payments = said.payments.filter(|n| *n > 0).ok_or(Unclear::Term)?;
        let residual = if said.is_lease { said.residual.filter(|c| c.0 > 0).ok_or(Unclear::Residual)? } else { Cents(0) };
        let frequency = said.payments_a_year.map_or(Some(Frequency::Monthly), Frequency::of_year).ok_or(Unclear::Absurd)?;
        let payment = said.payment.filter(|c| c.0 != 0);
        let is_absurd = financed.0 < 0
            || financed > DEAREST
            || payments > LONGEST
            || residual >= financed
            || payment.is_some_and(|p| p.0 < 0 || p > financed)
            || said.apr.is_some_and(|apr| !(0..10_000).contains(&apr.0));
        if is_absurd {
            return Err(Unclear::Absurd);
        }
        let first_due = said.first_due.filter(|at| *at >= said.signed).unwrap_or_else(|| said.signed.plus_ms(period_ms(frequency)));
        let by_rate = |apr: f64| Self { financed, apr, payments, frequency, payment, residual, first_due };
        let said_rate = said.apr.map(|apr| by_rate(f64::from(apr.0)));
        let Some(payment) = payment else { return said_rate.ok_or(Unclear::Rate) };
        match said_rate.filter(|terms| !said.is_lease && (terms.level_payment() - dollars(payment)).abs() <= NEAR) {
            Some(terms) => Ok(terms),
            None => solved(financed, residual, payments, dollars(payment), frequency).map(by_rate).ok_or(Unclear::Absurd),
        }
    }

    /// A lease by its money factor: the payment is reckoned exactly, and its implied rate solved. `None` for what no lease has.
    #[must_use]
    pub fn of_lease(cap: Cents, residual: Cents, money_factor: f64, months: u16, first_due: At) -> Option<Self> {
        if months == 0 || residual.0 <= 0 || residual >= cap {
            return None;
        }
        let payment = exact_lease_payment(cap, residual, money_factor, months);
        let apr = solved(cap, residual, months, payment, Frequency::Monthly)?;
        Some(Self { financed: cap, apr, payments: months, frequency: Frequency::Monthly, payment: None, residual, first_due })
    }

    fn rate(&self) -> f64 {
        self.apr / 10_000.0 / f64::from(self.frequency.a_year())
    }

    /// The payment of each period that ends in the residual, in dollars.
    fn level_payment(&self) -> f64 {
        level(dollars(self.financed), dollars(self.residual), self.rate(), self.payments)
    }

    /// Due dates that have passed: payments made by who pays on time, at most the whole term.
    #[must_use]
    pub fn paid(&self, now: At) -> u16 {
        if now < self.first_due {
            return 0;
        }
        let periods = now.since(self.first_due) / period_ms(self.frequency);
        u16::try_from(periods + 1).unwrap_or(u16::MAX).min(self.payments)
    }

    #[must_use]
    pub fn left(&self, now: At) -> u16 {
        self.payments - self.paid(now)
    }

    /// When the last payment falls due.
    #[must_use]
    pub fn ends(&self) -> At {
        self.first_due.plus_ms(i64::from(self.payments.saturating_sub(1)) * period_ms(self.frequency))
    }

    #[must_use]
    pub fn is_lease(&self) -> bool {
        self.residual.0 > 0
    }

    #[must_use]
    pub fn frequency(&self) -> Frequency {
        self.frequency
    }

    #[must_use]
    pub fn payments(&self) -> u16 {
        self.payments
    }

    #[must_use]
    pub fn residual(&self) -> Cents {
        self.residual
    }

    /// A year, as it follows from rate or payment.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "below 100 %")]
    pub fn apr(&self) -> Bps {
        Bps(self.apr.round() as i32)
    }

    /// Of each period: as the books say, else as it follows.
    #[must_use]
    pub fn payment(&self) -> Cents {
        self.payment.unwrap_or_else(|| cents(self.level_payment()))
    }

    /// The same a month, for whoever pays in other periods.
    #[must_use]
    pub fn payment_a_month(&self) -> Cents {
        let a_month = f64::from(self.frequency.a_year()) / 12.0;
        cents(dollars(self.payment()) * a_month)
    }

    /// What is owed after so many payments.
    ///
    /// `B = P(1+r)^k - M((1+r)^k - 1)/r`, and `P - Mk` without interest.
    #[must_use]
    pub fn balance_after(&self, paid: u16) -> Cents {
        let paid = paid.min(self.payments);
        let ends_at = if self.is_lease() { self.residual } else { Cents(0) };
        if paid == self.payments {
            return ends_at;
        }
        match self.payment.filter(|_| !self.is_lease()) {
            Some(payment) => self.by_ledger(payment, paid),
            None => cents(balance(dollars(self.financed), self.level_payment(), self.rate(), paid)),
        }
    }

    /// As a lender's ledger has it: interest and principal of each payment in whole cents.
    fn by_ledger(&self, payment: Cents, paid: u16) -> Cents {
        let rate = self.rate();
        (0..paid).fold(self.financed, |balance, _| {
            let interest = cents(dollars(balance) * rate);
            Cents((balance.0 + interest.0 - payment.0).max(0))
        })
    }

    #[must_use]
    pub fn balance(&self, now: At) -> Cents {
        self.balance_after(self.paid(now))
    }

    /// Interest of one day on a balance: by 365 days of the year.
    #[must_use]
    pub fn per_diem(&self, balance: Cents) -> Cents {
        cents(dollars(balance) * self.apr / 10_000.0 / 365.0)
    }

    /// What it takes to end the contract within ten days.
    #[must_use]
    pub fn ten_day_payoff(&self, balance: Cents) -> Cents {
        const DAYS: i64 = 10;
        Cents(balance.0 + DAYS * self.per_diem(balance).0)
    }
}

/// The payment of a loan, in whole cents: what `financed` at `apr` over so many months costs each month. `None` for what no contract has.
#[must_use]
pub fn monthly_payment(financed: Cents, apr: Bps, months: u16) -> Option<Cents> {
    let said = Said { financed: Some(financed), apr: Some(apr), payments: Some(months), ..Said::default() };
    Terms::parse(&said).ok().map(|terms| terms.payment())
}

/// What may be financed for a payment: the other way round. Cents, rounded.
#[must_use]
pub fn financed_by(payment: Cents, apr: Bps, months: u16) -> Cents {
    let rate = f64::from(apr.0) / 10_000.0 / 12.0;
    let factor = if rate == 0.0 { f64::from(months) } else { (1.0 - (1.0 + rate).powi(-i32::from(months))) / rate };
    cents(dollars(payment) * factor)
}

/// The monthly payment of a lease before tax, from its money factor: `(cap - residual)/n + (cap + residual) * MF`.
#[must_use]
pub fn lease_payment(cap: Cents, residual: Cents, money_factor: f64, months: u16) -> Cents {
    cents(exact_lease_payment(cap, residual, money_factor, months.max(1)))
}

fn exact_lease_payment(cap: Cents, residual: Cents, money_factor: f64, months: u16) -> f64 {
    let (cap, residual) = (dollars(cap), dollars(residual));
    (cap - residual) / f64::from(months) + (cap + residual) * money_factor
}

/// A payment this near to the formula's, in dollars, is the same one rounded.
const NEAR: f64 = 0.02;

fn period_ms(frequency: Frequency) -> i64 {
    match frequency {
        Frequency::Weekly => 7 * DAY_MS,
        Frequency::BiWeekly => 14 * DAY_MS,
        // Days of the month move to and fro by one or two; over a term they average to these.
        Frequency::SemiMonthly => DAY_MS * 36_525 / 2_400,
        Frequency::Monthly => DAY_MS * 36_525 / 1_200,
    }
}

fn level(financed: f64, residual: f64, rate: f64, payments: u16) -> f64 {
    if rate == 0.0 {
        return (financed - residual) / f64::from(payments);
    }
    let grown = (1.0 + rate).powi(i32::from(payments));
    (financed * grown - residual) * rate / (grown - 1.0)
}

fn balance(financed: f64, payment: f64, rate: f64, paid: u16) -> f64 {
    if rate == 0.0 {
        return financed - payment * f64::from(paid);
    }
    let grown = (1.0 + rate).powi(i32::from(paid));
    financed * grown - payment * (grown - 1.0) / rate
}

/// The yearly rate, in hundredths of a percent, at which these payments end in the residual. `None` when the payments do not cover the
/// amount, or only at a rate that no contract has.
fn solved(financed: Cents, residual: Cents, payments: u16, payment: f64, frequency: Frequency) -> Option<f64> {
    const HIGHEST: f64 = 1.0;
    let (financed, residual) = (dollars(financed), dollars(residual));
    let left = |rate: f64| balance(financed, payment, rate, payments) - residual;
    let (mut low, mut high) = (0.0, HIGHEST / f64::from(frequency.a_year()));
    // Rounded payments of a contract without interest may fall short by less than a cent each.
    if left(low) > f64::from(payments) * 0.005 || left(high) < 0.0 {
        return None;
    }
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if left(middle) < 0.0 { low = middle } else { high = middle }
    }
    Some(f64::midpoint(low, high) * f64::from(frequency.a_year()) * 10_000.0)
}

#[expect(clippy::cast_precision_loss, reason = "amounts of contracts on cars")]
fn dollars(cents: Cents) -> f64 {
    cents.0 as f64 / 100.0
}

#[expect(clippy::cast_possible_truncation, reason = "amounts of contracts on cars")]
fn cents(dollars: f64) -> Cents {
    Cents((dollars * 100.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNED: At = At(1_700_000_000_000);

    fn said(dollars: i64, apr: i32, payments: u16) -> Said {
        Said { financed: Some(Cents(dollars * 100)), apr: Some(Bps(apr)), payments: Some(payments), signed: SIGNED, ..Said::default() }
    }

    fn terms(said: &Said) -> Terms {
        Terms::parse(said).unwrap()
    }

    /// The numbers were reckoned outside this program, with exact arithmetic.
    #[test]
    fn loans_meet_their_golden_numbers_to_the_cent() {
        for (dollars, apr, months, payment, paid, exact, rounded) in [
            (30_000, 690, 72, 51_003, 24, 2_134_031, 2_134_033),
            (22_000, 950, 60, 46_204, 18, 1_645_441, 1_645_444),
            (35_000, 0, 60, 58_333, 12, 2_800_000, 2_800_004),
            (18_000, 2_199, 48, 56_701, 10, 1_542_294, 1_542_295),
        ] {
            let by_formula = terms(&said(dollars, apr, months));
            assert_eq!((by_formula.payment(), by_formula.balance_after(paid)), (Cents(payment), Cents(exact)), "{dollars} by formula");
            let by_ledger = terms(&Said { payment: Some(Cents(payment)), ..said(dollars, apr, months) });
            assert_eq!(by_ledger.apr(), Bps(apr), "a payment to the cent is the rate's own");
            assert_eq!(by_ledger.balance_after(paid), Cents(rounded), "{dollars} by ledger");
        }
    }

    #[test]
    fn a_day_costs_its_interest_and_a_payoff_holds_for_ten() {
        let terms = terms(&said(30_000, 690, 72));
        let balance = terms.balance_after(24);
        assert_eq!((terms.per_diem(balance), terms.ten_day_payoff(balance)), (Cents(403), Cents(2_134_031 + 4_030)));
    }

    #[test]
    fn a_note_of_the_store_is_paid_by_the_week_or_twice_a_month() {
        let bi_weekly = terms(&Said { payments_a_year: Some(26), ..said(9_000, 2_490, 78) });
        assert_eq!((bi_weekly.payment(), bi_weekly.balance_after(30)), (Cents(16_432), Cents(629_949)));
        for (a_year, days) in [(52, 7), (26, 14)] {
            let note = terms(&Said { payments_a_year: Some(a_year), ..said(9_000, 2_490, 78) });
            let after = |n: i64| note.paid(SIGNED.plus_ms(days * n * DAY_MS));
            assert_eq!((after(0), after(1), after(30), after(500)), (0, 1, 30, 78), "{a_year}");
        }
        let twice = terms(&Said { payments_a_year: Some(24), ..said(9_000, 2_490, 72) });
        assert_eq!(twice.paid(SIGNED.plus_ms(366 * DAY_MS)), 24);
        assert_eq!(twice.payment_a_month(), Cents(twice.payment().0 * 2));
    }

    #[test]
    fn a_lease_is_paid_down_to_its_residual_at_the_rate_its_payments_imply() {
        let payment = lease_payment(Cents(3_800_000), Cents(2_150_000), 0.0021, 36);
        assert_eq!(payment, Cents(58_328));
        let lease = Terms::of_lease(Cents(3_800_000), Cents(2_150_000), 0.0021, 36, SIGNED).unwrap();
        // 4.968 % a year; the money factor's own 5.04 % would not end at the residual.
        assert!((lease.apr - 496.763).abs() < 0.001, "{}", lease.apr);
        assert_eq!((lease.balance_after(24), lease.balance_after(36)), (Cents(2_727_480), Cents(2_150_000)));
        // By the payment that the books say, to the cent, it differs by as much.
        let said = Said { is_lease: true, residual: Some(Cents(2_150_000)), payment: Some(payment), apr: None, ..said(38_000, 0, 36) };
        assert_eq!(terms(&said).balance_after(24), Cents(2_727_479));
        let naive = Cents(2_150_000 + 12 * payment.0);
        assert_eq!(naive, Cents(2_849_936), "what residual and remaining payments would say is more");
    }

    #[test]
    fn a_payment_with_something_on_top_says_its_own_rate() {
        let with_fees = terms(&Said { payment: Some(Cents(53_000)), ..said(30_000, 690, 72) });
        assert!(with_fees.apr() > Bps(790) && with_fees.apr() < Bps(900), "{:?}", with_fees.apr());
        assert!(with_fees.balance_after(72) == Cents(0) && with_fees.balance_after(71) < Cents(53_000));
        let unsaid = terms(&Said { apr: None, payment: Some(Cents(51_003)), ..said(30_000, 0, 72) });
        assert_eq!(unsaid.apr(), Bps(690));
    }

    #[test]
    fn a_payment_can_be_turned_into_what_it_finances() {
        let financed = financed_by(Cents(51_003), Bps(690), 72);
        assert!((financed.0 - 3_000_000).abs() < 30, "{financed}");
        assert_eq!(monthly_payment(Cents(3_000_000), Bps(690), 72), Some(Cents(51_003)));
        assert_eq!(financed_by(Cents(50_000), Bps(0), 60), Cents(3_000_000));
    }

    #[test]
    fn what_is_not_said_or_cannot_be_is_named() {
        let whole = said(30_000, 690, 72);
        for (said, unclear) in [
            (Said { financed: None, ..whole }, Unclear::Amount),
            (Said { financed: Some(Cents(0)), ..whole }, Unclear::Amount),
            (Said { payments: None, ..whole }, Unclear::Term),
            (Said { apr: None, ..whole }, Unclear::Rate),
            (Said { is_lease: true, ..whole }, Unclear::Residual),
            (Said { is_lease: true, residual: Some(Cents(3_100_000)), ..whole }, Unclear::Absurd),
            (Said { financed: Some(Cents(-5)), ..whole }, Unclear::Absurd),
            (Said { apr: Some(Bps(-1)), ..whole }, Unclear::Absurd),
            (Said { apr: Some(Bps(69_000)), ..whole }, Unclear::Absurd),
            (Said { payments: Some(900), ..whole }, Unclear::Absurd),
            (Said { payments_a_year: Some(13), ..whole }, Unclear::Absurd),
            (Said { payment: Some(Cents(-1)), ..whole }, Unclear::Absurd),
            // Seventy-two payments of a hundred dollars never pay thirty thousand.
            (Said { payment: Some(Cents(10_000)), ..whole }, Unclear::Absurd),
        ] {
            assert_eq!(Terms::parse(&said), Err(unclear), "{said:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_contract_is_never_owed_more_than_was_financed_and_always_ends(
            dollars in 500_i64..200_000, apr in 0_i32..4_000, payments in 1_u16..600, k in 0_u16..700,
        ) {
            let terms = terms(&said(dollars, apr, payments));
            let balance = terms.balance_after(k);
            proptest::prop_assert!(balance.0 >= 0 && balance.0 <= dollars * 100);
            proptest::prop_assert!(terms.balance_after(k.saturating_add(1)) <= balance);
            proptest::prop_assert_eq!(terms.balance_after(payments), Cents(0));
        }
    }
}
