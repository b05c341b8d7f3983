//! What did people buy here, and how do they pay for it?

use super::{
    OLDER_DEALS_DAYS, Plan,
    cars::{Car, Wish},
    cast::{self, Bought},
    dice::{About, Dice},
};
use crate::domain::{
    deal::{DealKind, LeadTrade, NewDeal},
    event::ImportRow,
    money::{Bps, Cents},
    profile::SourceKind,
    time::{At, DAY_MS},
};

/// A car somebody keeps, and whether we sold it to them.
pub(super) struct Owned {
    pub(super) car: Car,
    pub(super) owner: u32,
    pub(super) sold: Option<At>,
}

/// Of a hundred cars that customers keep, so many were bought here.
const BOUGHT_HERE_PERCENT: u32 = 28;
const LENDERS: [&str; 5] =
    ["Harbor Credit Union", "Pine State Bank", "Down East Federal Credit Union", "Granite Coast Finance", "First Tidewater Auto Credit"];
/// Maine sales tax, thousandths.
const TAX: i64 = 55;
/// Papers and title.
const FEES_CENTS: i64 = 53_200;

impl Plan {
    /// Every sale the DMS remembers, in time order.
    pub fn deals(&self) -> impl Iterator<Item = ImportRow> + '_ {
        (0..).zip(&self.sales).map(|(place, (second, car))| ImportRow::Deal(self.deal(place, self.calendar.of_second(*second), *car)))
    }

    pub(super) fn cars_owned(&self) -> u32 {
        self.first_car.last().copied().unwrap_or(0)
    }

    pub(super) fn sales_agenda(&self) -> Vec<(u32, u32)> {
        let mut agenda: Vec<(u32, u32)> =
            (0..self.cars_owned()).filter_map(|key| Some((self.calendar.second(self.sold_at(key, self.owner_of(key))?), key))).collect();
        agenda.sort_unstable();
        agenda
    }

    pub(super) fn owner_of(&self, key: u32) -> u32 {
        u32::try_from(self.first_car.partition_point(|first| *first <= key)).unwrap_or(1) - 1
    }

    /// When we sold this car to the one who keeps it. Two thirds within the history, the rest before it.
    fn sold_at(&self, key: u32, owner: u32) -> Option<At> {
        let mut dice = Dice::of(self.seed, About::Sale, u64::from(key));
        let today = self.calendar.today();
        if let Some(part) = cast::part_of(owner) {
            let days = part.car.as_ref()?.bought.as_ref()?.months_ago * 30_437 / 1_000;
            return Some(self.calendar.selling(&mut dice, today - days));
        }
        if !dice.percent(BOUGHT_HERE_PERCENT) {
            return None;
        }
        let day = if dice.percent(65) { today - 1 - dice.below(self.sizes.history_days - 2) } else { 2 + dice.below(OLDER_DEALS_DAYS) };
        Some(self.calendar.selling(&mut dice, day))
    }

    pub(super) fn owned_car(&self, key: u32) -> Owned {
        let owner = self.owner_of(key);
        let sold = self.sold_at(key, owner);
        if let Some(part) = cast::part_of(owner).and_then(|p| p.car.as_ref()) {
            let wish = Wish::Named { make: part.make, model: part.model, trim: part.trim, year: part.year };
            let mut car = Car::new(self.seed, key, &wish).known_as(None, part.miles, self.now);
            if owner == cast::DANA {
                car = car.numbered(512_345);
            }
            return Owned { car, owner, sold };
        }
        let mut dice = Dice::of(self.seed, About::Sale, (u64::from(key) << 8) + 1);
        let year = match sold {
            Some(at) => self.year - self.years_before_now(at) - 1 - u16::try_from(dice.low_below(11)).unwrap_or(0),
            None => self.year - u16::try_from(1 + dice.below(7) + dice.below(7)).unwrap_or(0),
        };
        let wish = if Self::garage(self.seed, owner).is_firm { Wish::ForWork(year) } else { Wish::Year(year) };
        Owned { car: Car::new(self.seed, key, &wish), owner, sold }
    }

    /// Full years between the calendar year of `at` and this one.
    fn years_before_now(&self, at: At) -> u16 {
        u16::try_from((self.now.since(at) / DAY_MS + 182) / 365).unwrap_or(0)
    }

    fn deal(&self, place: u32, sold: At, key: u32) -> NewDeal {
        let owned = self.owned_car(key);
        let mut dice = Dice::of(self.seed, About::Sale, (u64::from(key) << 8) + 2);
        let bought = cast::part_of(owned.owner).and_then(|p| p.car.as_ref()).and_then(|c| c.bought.as_ref());
        let trade = (bought.is_none() && dice.percent(44)).then(|| self.trade(&mut dice, key, sold));
        let terms = bought.map_or_else(|| terms(&mut dice, &owned.car, sold, trade.as_ref()), Terms::of_the_cast);
        let payment = match terms.kind {
            DealKind::Finance | DealKind::Bhph => Some(monthly(terms.financed, terms.apr, terms.term_months)),
            DealKind::Lease => Some(lease_monthly(terms.financed, terms.apr, terms.term_months)),
            DealKind::Cash | DealKind::Wholesale | DealKind::Unknown => None,
        };
        let old = self.now.since(sold) > 900 * DAY_MS;
        let seller = if old && dice.percent(60) { dice.pick(&cast::FORMER_REPS) } else { cast::STAFF[dice.below(3) as usize].0 };
        let lender = match terms.kind {
            DealKind::Cash | DealKind::Wholesale | DealKind::Unknown => "",
            DealKind::Bhph => "Harbor Point Motors",
            DealKind::Finance | DealKind::Lease => dice.pick(&LENDERS),
        };
        let lender = if bought.is_some() && !lender.is_empty() { LENDERS[0] } else { lender };
        let paid_over_time = payment.is_some();
        let buyer = self.person(owned.owner).profile(SourceKind::Dms, Self::DMS, sold);
        NewDeal {
            vin: owned.car.vin.clone(),
            stock: self.sold_stock(place),
            facts: owned.car.facts(sold),
            kind: terms.kind,
            price: Some(terms.price),
            financed: paid_over_time.then_some(terms.financed),
            apr: paid_over_time.then_some(terms.apr),
            term_months: paid_over_time.then_some(terms.term_months),
            payment,
            lender: lender.to_owned(),
            salesperson: bought.map_or(seller, |b| b.seller).to_owned(),
            cancelled: bought.is_none() && dice.percent(1),
            trade,
            residual: (terms.kind == DealKind::Lease).then(|| residual(terms.financed)),
            allowed_mi: (terms.kind == DealKind::Lease).then(|| u32::from(terms.term_months) * LEASED_MI_A_MONTH),
            front_gross: Some(Cents(terms.price.0 * i64::from(3 + dice.below(11)) / 100)),
            back_gross: paid_over_time.then(|| Cents(i64::from(dice.below(1_600)) * 100)),
            ..NewDeal::new(format!("{:06}", 10_400 + place), sold, buyer)
        }
    }

    /// A trade is older than what it is traded for. Its number comes after those of the lot.
    fn trade(&self, dice: &mut Dice, key: u32, at: At) -> LeadTrade {
        let year = self.year - self.years_before_now(at) - 3 - u16::try_from(dice.below(9)).unwrap_or(0);
        let car = Car::new(self.seed, self.cars_owned() + self.sizes.lot + key, &Wish::Year(year));
        let acv = car.trade_value(at);
        let payoff = dice.percent(38).then(|| Cents(acv.0 * dice.between(35, 118) / 100));
        LeadTrade { vin: car.vin.clone(), facts: car.facts(at), acv: Some(acv), payoff }
    }
}

struct Terms {
    kind: DealKind,
    price: Cents,
    financed: Cents,
    apr: Bps,
    term_months: u16,
}

impl Terms {
    fn of_the_cast(bought: &Bought) -> Self {
        let kind = match (bought.financed, bought.is_lease) {
            (0, _) => DealKind::Cash,
            (_, true) => DealKind::Lease,
            (_, false) => DealKind::Finance,
        };
        let (price, financed) = (Cents(bought.price * 100), Cents(bought.financed * 100));
        Self { kind, price, financed, apr: Bps(bought.apr_bps), term_months: bought.term_months }
    }
}

fn terms(dice: &mut Dice, car: &Car, sold: At, trade: Option<&LeadTrade>) -> Terms {
    let asking = car.asking(sold);
    let price = Cents(asking.0 - asking.0 * dice.between(0, 35) / 1_000 / 10_000 * 10_000);
    let allowance = trade.and_then(|t| t.acv).map_or(0, |c| c.0);
    let owed = trade.and_then(|t| t.payoff).map_or(0, |c| c.0);
    // Maine taxes the difference between the car and the trade.
    let tax = (price.0 - allowance).max(0) * TAX / 1_000;
    let down = price.0 * [0, 0, 5, 10, 10, 20][dice.below(6) as usize] / 100;
    let financed = Cents((price.0 + tax + FEES_CENTS - allowance + owed - down) / 100 * 100);
    // Better credit pays a lower rate and takes a shorter term.
    let (apr, terms): (i64, &[u16]) = match dice.weighted(&[34, 32, 20, 14]) {
        0 => (dice.between(499, 699), &[48, 60, 60, 66]),
        1 => (dice.between(699, 999), &[60, 66, 72, 72]),
        2 => (dice.between(999, 1_499), &[66, 72, 72, 75]),
        _ => (dice.between(1_499, 2_199), &[48, 60, 66, 72]),
    };
    let kind = match dice.below(100) {
        _ if financed.0 < 250_000 => DealKind::Cash,
        0..20 => DealKind::Cash,
        20..24 if financed.0 < 1_100_000 => DealKind::Bhph,
        _ => DealKind::Finance,
    };
    Terms { kind, price, financed, apr: Bps(i32::try_from(apr).unwrap_or(799)), term_months: dice.pick(terms) }
}

/// The payment of a simple-interest loan. Cents, rounded to the nearest.
/// Source: P·r·g/(g−1) with g = (1+r)^n and r = APR/12, in integers of twelve decimals so that it is the same on every machine.
fn monthly(financed: Cents, apr: Bps, term_months: u16) -> Cents {
    const ONE: u128 = 1_000_000_000_000;
    let (principal, rate) = (u128::try_from(financed.0).unwrap_or(0), u128::try_from(apr.0).unwrap_or(0));
    let months = u128::from(term_months.max(1));
    let growth = (0..months).fold(ONE, |g, _| g * (120_000 + rate) / 120_000);
    let cents = match growth - ONE {
        0 => (2 * principal + months) / (2 * months),
        grown => (2 * principal * rate * growth / (120_000 * grown)).div_ceil(2),
    };
    Cents(i64::try_from(cents).unwrap_or(0))
}

const LEASED_MI_A_MONTH: u32 = 1_000;

fn residual(price: Cents) -> Cents {
    Cents(price.0 * 58 / 100)
}

/// The payment of a lease that leaves 58 % of the price to its end. Cents.
/// Source: what is used up over the term, plus rent on price and residual at APR/24 a month.
fn lease_monthly(price: Cents, apr: Bps, term_months: u16) -> Cents {
    let residual = residual(price).0;
    Cents((price.0 - residual) / i64::from(term_months.max(1)) + (price.0 + residual) * i64::from(apr.0) / 240_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payments_are_those_of_the_loan_formula() {
        let check =
            |dollars: i64, apr, months, cents| assert_eq!(monthly(Cents(dollars * 100), Bps(apr), months), Cents(cents), "{dollars} at {apr}");
        check(30_000, 690, 72, 51_003);
        check(22_000, 950, 60, 46_204);
        check(35_000, 0, 60, 58_333);
        check(18_000, 2_199, 48, 56_701);
    }
}
