//! What is left of a car when the loan is paid? Value less payoff, as a range, with how sure that is and where each number is from.

use super::{
    loan::{Terms, Unclear},
    odometer::Odometer,
    valuation::{Source, Worth},
};
use crate::domain::{
    money::{Bps, Cents},
    time::{At, DAY_MS},
};

/// What is known of how a car was paid for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Contract {
    /// Nobody told us of a purchase: what is owed is unknown.
    NotKnown,
    /// Paid at once.
    Cash,
    /// A deal whose figures do not tell it.
    Unclear(Unclear),
    Terms(Terms),
}

/// A balance or payoff that somebody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidBalance {
    pub amount: Cents,
    /// As of when.
    pub at: At,
    /// A person asked the lender; else the books.
    pub is_verified: bool,
}

/// Where a payoff is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwedSource {
    /// A person asked the lender.
    Verified,
    /// The balance of the store's books.
    Books,
    /// Reckoned from the deal, every payment taken as made on its day.
    Estimated,
    /// Nothing is owed: bought for cash, or the term is over.
    PaidOff,
}

/// What is owed on a car.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Owed {
    pub balance: Cents,
    pub per_diem: Cents,
    /// What it takes to end it within ten days.
    pub ten_day_payoff: Cents,
    pub source: OwedSource,
    /// As of when that source said it.
    pub at: At,
    /// The contract, where it is known.
    pub terms: Option<Terms>,
    /// Payments that are left.
    pub left: u16,
}

/// A balance that was said longer ago gives way to what follows from the deal.
const SAID_HOLDS_MS: i64 = 60 * DAY_MS;

/// What is owed now. The newest balance that somebody said counts while it holds, paid down by the payments since; else what follows from
/// the deal. `None` where nobody knows.
#[must_use]
pub fn owed(contract: Contract, said: &[SaidBalance], now: At) -> Option<Owed> {
    let terms = match contract {
        Contract::Terms(terms) => Some(terms),
        Contract::NotKnown | Contract::Cash | Contract::Unclear(_) => None,
    };
    let newest = said.iter().filter(|s| s.at <= now && now.since(s.at) <= SAID_HOLDS_MS && s.amount.0 >= 0).max_by_key(|s| (s.at, s.is_verified));
    if let Some(said) = newest {
        return Some(as_said(*said, terms, now));
    }
    match contract {
        Contract::NotKnown | Contract::Unclear(_) => None,
        Contract::Cash => Some(nothing(None, now)),
        Contract::Terms(terms) if terms.left(now) == 0 && !terms.is_lease() => Some(nothing(Some(terms), now)),
        Contract::Terms(terms) => Some(of(terms.balance(now), OwedSource::Estimated, now, Some(terms), now)),
    }
}

fn nothing(terms: Option<Terms>, now: At) -> Owed {
    let zero = Cents(0);
    let at = terms.map_or(now, |t| t.ends().min(now));
    Owed { balance: zero, per_diem: zero, ten_day_payoff: zero, source: OwedSource::PaidOff, at, terms, left: 0 }
}

fn of(balance: Cents, source: OwedSource, at: At, terms: Option<Terms>, now: At) -> Owed {
    let per_diem = terms.map_or(Cents(0), |t| t.per_diem(balance));
    let ten_day_payoff = terms.map_or(balance, |t| t.ten_day_payoff(balance));
    Owed { balance, per_diem, ten_day_payoff, source, at, terms, left: terms.map_or(0, |t| t.left(now)) }
}

fn as_said(said: SaidBalance, terms: Option<Terms>, now: At) -> Owed {
    let source = if said.is_verified { OwedSource::Verified } else { OwedSource::Books };
    let balance = match terms {
        Some(terms) => {
            let (then, today) = (terms.balance_after(terms.paid(said.at)), terms.balance(now));
            // As much less as the contract is paid down by since then.
            Cents((said.amount.0 - (then.0 - today.0).max(0)).max(0))
        }
        None => said.amount,
    };
    of(balance, source, said.at, terms, now)
}

/// How a car stands with its owner: what it would take for them to be free of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Nothing is owed on it. The commonest at independent dealers.
    FreeAndClear,
    Strong,
    Positive,
    Even,
    MildNegative,
    Deep,
}

impl Tier {
    /// Field guide section 6. From 4,000 dollars, or a fifth of the value: strong; from 500: positive; around nought: even; to 3,000 below,
    /// or owed at most 115 % of the value: mildly negative.
    #[must_use]
    pub fn of(value: Cents, balance: Cents) -> Self {
        const STRONG: i64 = 400_000;
        const EVEN: i64 = 50_000;
        const MILD: i64 = -300_000;
        let equity = value.0 - balance.0;
        if balance.0 == 0 {
            Self::FreeAndClear
        } else if equity >= STRONG || (equity > EVEN && equity * 5 >= value.0) {
            Self::Strong
        } else if equity >= EVEN {
            Self::Positive
        } else if equity > -EVEN {
            Self::Even
        } else if equity >= MILD || balance.0 * 100 <= value.0 * 115 {
            Self::MildNegative
        } else {
            Self::Deep
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    Low,
    Medium,
    High,
}

/// Value less payoff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Equity {
    pub low: Cents,
    pub middle: Cents,
    pub high: Cents,
    pub tier: Tier,
    pub confidence: Confidence,
}

#[must_use]
pub fn equity(worth: &Worth, owed: &Owed, odometer: Option<&Odometer>, now: At) -> Equity {
    let less = |value: Cents| Cents(value.0 - owed.balance.0);
    Equity {
        low: less(worth.low),
        middle: less(worth.middle),
        high: less(worth.high),
        tier: Tier::of(worth.middle, owed.balance),
        confidence: confidence(worth, owed, odometer, now),
    }
}

/// As sure as the least sure of its three numbers.
fn confidence(worth: &Worth, owed: &Owed, odometer: Option<&Odometer>, now: At) -> Confidence {
    const MANY: u32 = 8;
    let of_value = match worth.source {
        Source::Appraisal => Confidence::High,
        Source::OwnSales if worth.comparables >= MANY => Confidence::High,
        Source::Book | Source::OwnSales => Confidence::Medium,
        Source::ShippedCurves => Confidence::Low,
    };
    let of_payoff = match owed.source {
        OwedSource::Verified | OwedSource::Books | OwedSource::PaidOff => Confidence::High,
        OwedSource::Estimated => Confidence::Medium,
    };
    let days = odometer.map(|o| now.since(o.read.at) / DAY_MS);
    let of_miles = match days {
        _ if worth.source == Source::Appraisal => Confidence::High,
        Some(..=270) => Confidence::High,
        Some(..=730) => Confidence::Medium,
        Some(_) | None => Confidence::Low,
    };
    of_value.min(of_payoff).min(of_miles)
}

/// What a lease comes to at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseEnd {
    pub at: At,
    pub days: i64,
    /// Miles beyond the allowance, if it is driven on as now; below it is negative. Unknown without an allowance or a reading.
    pub over_mi: Option<i64>,
}

#[must_use]
pub fn lease_end(terms: &Terms, allowed_mi: Option<u32>, miles_at_start: u32, odometer: Option<&Odometer>, now: At) -> Option<LeaseEnd> {
    // The car goes back one period after the last payment, which is due at the beginning of the last month.
    const LAST_MONTH_MS: i64 = 30 * DAY_MS;
    let at = terms.ends().plus_ms(LAST_MONTH_MS);
    let over = |odometer: &Odometer| Some(i64::from(odometer.at(at)) - i64::from(miles_at_start) - i64::from(allowed_mi?));
    terms.is_lease().then(|| LeaseEnd { at, days: at.since(now) / DAY_MS, over_mi: odometer.and_then(over) })
}

/// The yearly rate the contract bears, for whoever compares it with today's.
#[must_use]
pub fn rate(owed: &Owed) -> Option<Bps> {
    owed.terms.filter(|terms| !terms.is_lease()).map(|terms| terms.apr())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::equity::{loan::Said, odometer::Reading};

    const NOW: At = At(1_790_000_000_000);

    fn terms(months_ago: i64) -> Terms {
        let signed = NOW.plus_ms(-(months_ago * 36_525 / 1_200 + 10) * DAY_MS);
        Terms::parse(&Said { financed: Some(Cents(3_000_000)), apr: Some(Bps(690)), payments: Some(72), signed, ..Said::default() }).unwrap()
    }

    fn worth(dollars: i64, source: Source, comparables: u32) -> Worth {
        let cents = |d: i64| Cents(d * 100);
        Worth { low: cents(dollars - 900), middle: cents(dollars), high: cents(dollars + 900), source, comparables, at: NOW, age_days: 0 }
    }

    #[test]
    fn tiers_begin_where_the_trade_draws_them() {
        for (value, owed, tier) in [
            (20_000, 0, Tier::FreeAndClear),
            (20_000, 16_000, Tier::Strong),
            (20_000, 16_001, Tier::Positive),
            (10_000, 8_000, Tier::Strong),
            (10_000, 8_001, Tier::Positive),
            (2_000, 1_600, Tier::Even),
            (20_000, 19_500, Tier::Positive),
            (20_000, 19_501, Tier::Even),
            (20_000, 20_499, Tier::Even),
            (20_000, 20_500, Tier::MildNegative),
            (20_000, 23_000, Tier::MildNegative),
            (10_000, 13_001, Tier::Deep),
            (30_000, 34_500, Tier::MildNegative),
            (30_000, 34_501, Tier::Deep),
        ] {
            assert_eq!(Tier::of(Cents(value * 100), Cents(owed * 100)), tier, "{value} {owed}");
        }
    }

    #[test]
    fn the_newest_balance_that_was_said_wins_while_it_holds() {
        let said = |dollars: i64, days: i64, is_verified| SaidBalance { amount: Cents(dollars * 100), at: NOW.plus_ms(-days * DAY_MS), is_verified };
        let of = |said: &[SaidBalance]| owed(Contract::Terms(terms(24)), said, NOW).unwrap();
        assert_eq!((of(&[]).balance, of(&[]).source, of(&[]).left), (Cents(2_134_031), OwedSource::Estimated, 48));
        let fresh = of(&[said(20_000, 3, false), said(21_000, 5, true)]);
        assert_eq!((fresh.balance, fresh.source), (Cents(2_000_000), OwedSource::Books));
        assert_eq!(of(&[said(20_000, 61, true)]).source, OwedSource::Estimated);
        // One payment fell due since: its part of the principal is off.
        let older = of(&[said(20_000, 40, true)]);
        assert_eq!((older.source, older.balance < Cents(1_966_000), older.balance > Cents(1_920_000)), (OwedSource::Verified, true, true));
    }

    #[test]
    fn what_nobody_knows_is_not_nought() {
        assert_eq!(owed(Contract::NotKnown, &[], NOW), None);
        assert_eq!(owed(Contract::Unclear(Unclear::Term), &[], NOW), None);
        assert_eq!(owed(Contract::Cash, &[], NOW).map(|o| (o.balance, o.source)), Some((Cents(0), OwedSource::PaidOff)));
        assert_eq!(owed(Contract::Terms(terms(90)), &[], NOW).map(|o| (o.balance, o.source)), Some((Cents(0), OwedSource::PaidOff)));
        let by_word = SaidBalance { amount: Cents(500_000), at: NOW, is_verified: true };
        assert_eq!(owed(Contract::NotKnown, &[by_word], NOW).map(|o| o.balance), Some(Cents(500_000)));
    }

    #[test]
    fn equity_is_a_range_and_as_sure_as_its_least_sure_number() {
        let estimated = owed(Contract::Terms(terms(24)), &[], NOW).unwrap();
        let paid = owed(Contract::Cash, &[], NOW).unwrap();
        let read = |days: i64| {
            let at = NOW.plus_ms(-days * DAY_MS);
            Odometer { miles: 40_000, read: Reading { at, miles: 39_000 }, a_day: 30.0, is_own_rate: true, left_out: 0, rolled_over: false }
        };
        let got = equity(&worth(25_000, Source::OwnSales, 12), &estimated, Some(&read(30)), NOW);
        assert_eq!((got.middle, got.low, got.tier), (Cents(365_969), Cents(275_969), Tier::Positive));
        assert_eq!(got.confidence, Confidence::Medium);
        for (source, comparables, owed, days, confidence) in [
            (Source::OwnSales, 12, paid, Some(30), Confidence::High),
            (Source::OwnSales, 3, paid, Some(30), Confidence::Medium),
            (Source::ShippedCurves, 0, paid, Some(30), Confidence::Low),
            (Source::OwnSales, 12, paid, Some(900), Confidence::Low),
            (Source::OwnSales, 12, paid, None, Confidence::Low),
            (Source::Appraisal, 0, paid, None, Confidence::High),
        ] {
            let odometer = days.map(read);
            assert_eq!(equity(&worth(25_000, source, comparables), &owed, odometer.as_ref(), NOW).confidence, confidence, "{source:?} {days:?}");
        }
    }

    #[test]
    fn a_lease_bears_no_rate_to_compare_with_that_of_a_loan() {
        let lease = Terms::of_lease(Cents(3_800_000), Cents(2_150_000), 0.0021, 36, NOW).unwrap();
        let of = |terms| rate(&owed(Contract::Terms(terms), &[], NOW).unwrap());
        assert_eq!((of(terms(24)), of(lease)), (Some(Bps(690)), None));
    }

    #[test]
    fn a_lease_says_when_it_ends_and_by_how_much_it_will_be_driven_too_far() {
        let start = NOW.plus_ms(-900 * DAY_MS);
        let lease = Terms::of_lease(Cents(3_800_000), Cents(2_150_000), 0.0021, 36, start).unwrap();
        let read = Reading { at: NOW, miles: 40_000 };
        let odometer = Odometer { miles: 40_000, read, a_day: 40.0, is_own_rate: true, left_out: 0, rolled_over: false };
        let end = lease_end(&lease, Some(36_000), 10, Some(&odometer), NOW).unwrap();
        assert!((190..200).contains(&end.days), "{end:?}");
        assert!(end.over_mi.is_some_and(|over| (11_000..13_000).contains(&over)), "{end:?}");
        let driven_before = lease_end(&lease, Some(36_000), 4_010, Some(&odometer), NOW).unwrap();
        assert_eq!(driven_before.over_mi, end.over_mi.map(|over| over - 4_000), "what it had run before is not theirs");
        assert_eq!(lease_end(&lease, None, 10, Some(&odometer), NOW).unwrap().over_mi, None);
        assert_eq!(lease_end(&terms(5), Some(36_000), 10, Some(&odometer), NOW), None);
    }
}
