//! What was sold, to whom, on what terms? Deals as DealerVault's SL file and other systems' exports tell them.

use super::{
    car_rows,
    cells::{self, When},
    columns::Column,
    people_rows,
    reader::{Outcome, Problem, Reader, Row},
};
use crate::domain::{
    deal::{DealKind, LeadTrade, NewDeal},
    money::{Bps, Cents},
    time::{At, DAY_MS},
    vehicle::CarFacts,
    vin::Vin,
};

const NO_BUYER: &str = "The row names no buyer: no name, no phone number and no email address.";
const NO_DATE: &str = "The row has no date of the sale.";
const ODD_DATE: &str = "The date of the sale could not be read; write it as month/day/year or year-month-day.";
const FUTURE_DATE: &str = "The date of the sale lies in the future.";
const NO_NUMBER: &str = "The row has no deal number, and neither a VIN nor a stock number to tell it by.";
const NOT_BOOKED: &str = "The deal is not booked yet; it will be taken when its status says so.";
const NUMBER_MADE: &str = "A deal has no number; it is told from others by its car and its day.";
const ODD_STATUS: &str = "The status of a deal is a code we do not know; the deal was taken as sold.";
const ODD_RATE: &str = "An interest rate could not be read with certainty and was left out.";
const ODD_FREQUENCY: &str = "How often a deal is paid could not be read; its payment and term were left out.";

pub(super) fn deal(reader: &mut Reader<'_>, row: Row<'_>) -> Outcome<NewDeal> {
    let standing = standing(reader, row).map_err(|problem| vec![problem])?;
    let sold = sold(reader, row);
    let as_of = sold.as_ref().map_or(reader.received, |sold| *sold.min(&reader.received));
    let buyer = people_rows::person(reader, row, as_of);
    let (sold, buyer) = match (sold, buyer) {
        (Ok(sold), Some(buyer)) => (sold, buyer),
        (sold, buyer) => {
            let nobody = buyer.is_none().then(|| Problem::of_row(NO_BUYER));
            return Err(sold.err().into_iter().chain(nobody).collect());
        }
    };
    let vin = car_rows::vin(reader, row);
    let stock = reader.words(row, Column::Stock);
    let number = number(reader, row, vin.as_ref(), &stock, sold).map_err(|problem| vec![problem])?;
    let financed = reader.money_above_zero(row, Column::Financed);
    let term = cells::count(reader.text(row, Column::Term)).and_then(|n| u16::try_from(n).ok()).filter(|n| (1..=780).contains(n));
    let term_months = term.filter(|n| *n <= 180);
    let payment = reader.money_above_zero(row, Column::Payment);
    let a_year = payments_a_year(reader.text(row, Column::PaymentFrequency));
    if a_year.is_none() && (payment.is_some() || term_months.is_some()) {
        reader.warn(row, Column::PaymentFrequency, ODD_FREQUENCY);
    }
    let monthly = a_year == Some(12);
    let often = a_year.filter(|_| !monthly);
    let rate = reader.text(row, Column::Apr);
    let apr = cells::rate(rate);
    if apr.is_none() && !rate.is_empty() {
        reader.warn(row, Column::Apr, ODD_RATE);
    }
    let lender = reader.words(row, Column::Lender);
    let co_buyer = if reader.columns.have_co_buyers() { people_rows::person(reader, row.of_co_buyer(), as_of) } else { None };
    Ok(NewDeal {
        vin,
        stock,
        facts: car_rows::facts(reader, row),
        kind: kind(reader.text(row, Column::DealKind), financed.is_some()),
        price: reader.money_above_zero(row, Column::SoldPrice),
        financed,
        // A rate of nought is an offer of the maker where money was lent, and an empty cell where none was.
        apr: apr.filter(|apr| apr.0 > 0 || financed.is_some()),
        term_months: term_months.filter(|_| monthly),
        payment: payment.filter(|_| a_year.is_some()),
        payments_a_year: often,
        payments: often.and(term).map(|term| payments(term, often, financed, apr, payment)),
        first_due: reader.optional_date(row, Column::FirstPayment),
        balance: reader.money(row, Column::Balance).filter(|cents| cents.0 >= 0),
        balance_at: reader.optional_date(row, Column::BalanceDate),
        warranty_months: cells::count(reader.text(row, Column::WarrantyMonths)).and_then(|n| u16::try_from(n).ok()).filter(|n| (1..=240).contains(n)),
        warranty_mi: cells::count(reader.text(row, Column::WarrantyMiles)).filter(|n| (1_000..=999_999).contains(n)),
        lender: if lender.eq_ignore_ascii_case("cash") { String::new() } else { lender },
        salesperson: reader.words(row, Column::Salesperson),
        cancelled: standing == Standing::Cancelled,
        trade: trade(reader, row, &FIRST_TRADE),
        second_trade: trade(reader, row, &SECOND_TRADE),
        co_buyer,
        more_salespeople: reader.texts(row, Column::MoreSalespeople).map(cells::words).collect(),
        finance_manager: reader.words(row, Column::FinanceManager),
        delivered: reader.optional_date(row, Column::DeliveredDate),
        front_gross: reader.money(row, Column::FrontGross),
        back_gross: reader.money(row, Column::BackGross),
        residual: reader.money_above_zero(row, Column::Residual),
        allowed_mi: cells::count(reader.text(row, Column::AllowedMiles)).filter(|miles| *miles > 0),
        ..NewDeal::new(number, sold, buyer)
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Sold,
    Cancelled,
}

/// Deals in work are held back: a person who was only quoted must not be taken for an owner.
fn standing(reader: &mut Reader<'_>, row: Row<'_>) -> Result<Standing, Problem> {
    const OPEN: [&str; 12] =
        ["open", "pend", "pending", "quote", "quoted", "working", "in progress", "desking", "prospect", "unposted", "saved", "hold"];
    const SOLD: [&str; 16] = [
        "sold",
        "clsd",
        "booked",
        "finalized",
        "finalised",
        "delivered",
        "posted",
        "closed",
        "complete",
        "completed",
        "funded",
        "accounting",
        "capped",
        "final",
        "f",
        "b",
    ];
    const CANCELLED: [&str; 9] = ["cancel", "void", "unwound", "unwind", "revers", "rescind", "dead", "lost", "returned"];
    if reader.optional_date(row, Column::CancelledDate).is_some() {
        return Ok(Standing::Cancelled);
    }
    let status = reader.text(row, Column::DealStatus).to_ascii_lowercase();
    match () {
        () if status.is_empty() || SOLD.contains(&status.as_str()) => Ok(Standing::Sold),
        () if CANCELLED.iter().any(|word| status.starts_with(word)) => Ok(Standing::Cancelled),
        () if OPEN.contains(&status.as_str()) => Err(reader.problem(row, Column::DealStatus, NOT_BOOKED)),
        () => {
            reader.warn(row, Column::DealStatus, ODD_STATUS);
            Ok(Standing::Sold)
        }
    }
}

/// The contract's date before the delivery's before the books'; one in the future (contracts are post-dated) gives way to the next.
fn sold(reader: &Reader<'_>, row: Row<'_>) -> Result<At, Problem> {
    let mut problem = None;
    for column in [Column::SoldDate, Column::DeliveredDate, Column::PostedDate] {
        for text in reader.texts(row, column) {
            let reason = match reader.when(text) {
                // A day's grace: a store east of ours may book today's deals on its tomorrow.
                When::Read(at) if at.since(reader.received) <= DAY_MS => return Ok(at),
                When::Read(_) => FUTURE_DATE,
                When::Unreadable => ODD_DATE,
                When::Blank => continue,
            };
            problem = Some(reader.problem(row, column, reason));
        }
    }
    Err(problem.unwrap_or_else(|| Problem::of_row(NO_DATE)))
}

fn number(reader: &mut Reader<'_>, row: Row<'_>, vin: Option<&Vin>, stock: &str, sold: At) -> Result<String, Problem> {
    let said = reader.number(row, Column::DealNumber)?;
    if said.bytes().any(|b| b.is_ascii_alphanumeric() && b != b'0') {
        return Ok(said);
    }
    let car = vin.map_or(stock, |vin| vin.tail());
    if car.is_empty() {
        return Err(reader.problem(row, Column::DealNumber, NO_NUMBER));
    }
    reader.warnings.push(Problem::of_row(NUMBER_MADE));
    Ok(format!("{car}-{}", crate::domain::time::day_text(reader.zone.day_number(sold))))
}

fn kind(text: &str, has_loan: bool) -> DealKind {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match () {
        () if says(&["wholesale", "dealer trade", "dealer-trade"]) || text == "w" => DealKind::Wholesale,
        () if says(&["bhph", "buy here", "in house", "in-house", "inhouse"]) => DealKind::Bhph,
        () if says(&["lease"]) || text == "l" => DealKind::Lease,
        () if says(&["cash"]) || text == "c" => DealKind::Cash,
        () if says(&["financ", "loan", "installment"]) || text == "f" || has_loan => DealKind::Finance,
        () => DealKind::Unknown,
    }
}

/// Nothing said is by the month, as banks do it; `None` for words that are no frequency.
fn payments_a_year(text: &str) -> Option<u16> {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    match plain.as_str() {
        "" | "m" | "12" | "monthly" | "month" | "permonth" => Some(12),
        "w" | "52" | "weekly" | "week" | "everyweek" => Some(52),
        "b" | "bw" | "26" | "biweekly" | "every2weeks" | "everytwoweeks" | "everyotherweek" | "fortnightly" => Some(26),
        "s" | "sm" | "24" | "semimonthly" | "twicemonthly" | "twiceamonth" | "bimonthly" => Some(24),
        _ => None,
    }
}

/// Some systems count the term of a weekly note in months, others in payments: whichever comes nearer to the payment is meant.
fn payments(term: u16, often: Option<u16>, financed: Option<Cents>, apr: Option<Bps>, payment: Option<Cents>) -> u16 {
    let a_year = often.unwrap_or(12);
    let of_months = u16::try_from(u32::from(term) * u32::from(a_year) / 12).unwrap_or(u16::MAX);
    let (Some(financed), Some(payment)) = (financed, payment) else { return term };
    // Without interest, and with a year's on half of it: near enough to tell one from double.
    let off = |n: u16| {
        let years = i64::from(n) * 100 / i64::from(a_year);
        let interest = financed.0 * i64::from(apr.map_or(0, |apr| apr.0)) / 10_000 * years / 200;
        ((financed.0 + interest) / i64::from(n.max(1)) - payment.0).abs()
    };
    if off(of_months) < off(term) { of_months } else { term }
}

/// The columns of one trade.
struct TradeColumns {
    vin: Column,
    year: Column,
    make: Column,
    model: Column,
    odometer: Column,
    acv: Column,
    payoff: Column,
}

const FIRST_TRADE: TradeColumns = TradeColumns {
    vin: Column::TradeVin,
    year: Column::TradeYear,
    make: Column::TradeMake,
    model: Column::TradeModel,
    odometer: Column::TradeOdometer,
    acv: Column::TradeAcv,
    payoff: Column::TradePayoff,
};

const SECOND_TRADE: TradeColumns = TradeColumns {
    vin: Column::SecondTradeVin,
    year: Column::SecondTradeYear,
    make: Column::SecondTradeMake,
    model: Column::SecondTradeModel,
    odometer: Column::SecondTradeOdometer,
    acv: Column::SecondTradeAcv,
    payoff: Column::SecondTradePayoff,
};

fn trade(reader: &mut Reader<'_>, row: Row<'_>, columns: &TradeColumns) -> Option<LeadTrade> {
    let facts = CarFacts {
        year: cells::model_year(reader.text(row, columns.year)),
        make: car_rows::make(&reader.words(row, columns.make)),
        model: car_rows::spoken(&reader.words(row, columns.model)),
        odometer_mi: cells::odometer(reader.text(row, columns.odometer), "").filter(|miles| *miles > 0),
        ..CarFacts::default()
    };
    let vin = Vin::parse(reader.text(row, columns.vin));
    if vin.is_none() && facts.make.is_empty() && facts.model.is_empty() {
        return None;
    }
    let acv = reader.money_above_zero(row, columns.acv);
    let payoff = reader.money_above_zero(row, columns.payoff);
    Some(LeadTrade { vin, facts, acv, payoff })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{event::ImportRow, import_run::ImportKind, time::Zone},
        formats::{delimited::Read, sheet},
    };

    /// Reads a file of deals by the guess. Prices, rates and terms that are missing stay unknown; a quote or a deal in work is held back.
    fn deals(bytes: &[u8], source: &str, received: At, zone: &Zone) -> Result<Read<NewDeal>, String> {
        sheet::gather(ImportKind::Deals, bytes, source, received, zone, |row| match row {
            ImportRow::Deal(deal) => Some(deal),
            ImportRow::Customer(_) | ImportRow::RepairOrder(_) | ImportRow::Appointment(_) | ImportRow::Listing(_) | ImportRow::Unknown => None,
        })
    }

    /// 2026-11-24 14:41 UTC
    const RECEIVED: At = At(1_795_531_260_000);

    fn read(text: &str) -> Read<NewDeal> {
        deals(text.as_bytes(), "DMS", RECEIVED, &Zone::utc()).unwrap()
    }

    fn only(header: &str, row: &str) -> NewDeal {
        let read = read(&format!("Deal Number,Sold Date,First Name,Last Name,{header}\n007,6/30/2026,Dana,Whitfield,{row}\n"));
        assert_eq!((read.rows.len(), &read.held_back), (1, &vec![]), "{header} {row}");
        read.rows.into_iter().next().unwrap().1
    }

    fn day(text: &str) -> At {
        At::parse_rfc3339(&format!("{text}T00:00:00Z")).unwrap()
    }

    #[test]
    fn the_sales_file_of_dealervault_is_read() {
        let read = deals(include_bytes!("../../tests/fixtures/imports/dealervault_sl.txt"), "DealerVault SL", RECEIVED, &Zone::utc()).unwrap();
        assert_eq!(
            read.rows.iter().map(|(line, d)| (*line, d.number.as_str())).collect::<Vec<_>>(),
            vec![(2, "0054321"), (3, "0054322"), (5, "0054324")]
        );
        assert_eq!(read.held_back, vec![(4, NOT_BOOKED.to_owned()), (6, ODD_DATE.to_owned())]);
        let deal = &read.rows[0].1;
        assert_eq!(deal.sold, day("2026-06-30"));
        assert_eq!(deal.buyer.name.display().as_deref(), Some("DANA WHITFIELD"));
        assert_eq!(deal.buyer.number.as_deref(), Some("0041772"));
        assert_eq!(deal.buyer.consent.len(), 1);
        assert_eq!((deal.price, deal.financed, deal.payment), (Some(Cents(2_765_000)), Some(Cents(2_498_050)), Some(Cents(43_912))));
        assert_eq!(
            (deal.apr, deal.term_months, deal.kind, deal.lender.as_str()),
            (Some(Bps(690)), Some(72), DealKind::Finance, "MAINE CREDIT UNION")
        );
        assert_eq!((deal.facts.label().as_str(), deal.facts.odometer_mi), ("2022 Honda CR-V EX-L", Some(31_204)));
        let trade = deal.trade.as_ref().unwrap();
        assert_eq!((trade.facts.label().as_str(), trade.acv, trade.payoff), ("2015 Subaru Outback", Some(Cents(820_000)), None));
        assert_eq!((read.rows[1].1.kind, read.rows[1].1.apr), (DealKind::Lease, None));
        assert!(read.rows[2].1.cancelled && read.rows[2].1.kind == DealKind::Cash && read.rows[2].1.lender.is_empty());
    }

    #[test]
    fn the_list_of_a_small_store_without_deal_numbers_is_read() {
        let read = deals(include_bytes!("../../tests/fixtures/imports/deals_frazer.csv"), "Frazer", RECEIVED, &Zone::utc()).unwrap();
        let deal = &read.rows[0].1;
        assert_eq!(
            (deal.number.as_str(), deal.kind, deal.payment, deal.term_months),
            ("3A004352-2026-06-30", DealKind::Bhph, Some(Cents(11_240)), None)
        );
        assert_eq!(deal.facts.label(), "2003 Honda Accord");
        let noted = |what: &str| read.notes.iter().any(|note| note.starts_with(what.trim_end_matches('.')));
        assert!(noted(NUMBER_MADE));
    }

    #[test]
    fn a_note_of_the_store_is_paid_as_often_as_its_row_says() {
        for (often, term, payment, read) in [
            ("Bi-Weekly", "78", "164.32", (Some(26), Some(78), None)),
            // The same note, its term in months.
            ("biweekly", "36", "164.32", (Some(26), Some(78), None)),
            ("Weekly", "156", "81.40", (Some(52), Some(156), None)),
            ("Semi-Monthly", "72", "178.10", (Some(24), Some(72), None)),
            ("Monthly", "36", "356.98", (None, None, Some(36))),
            ("", "36", "356.98", (None, None, Some(36))),
            ("now and then", "36", "356.98", (None, None, None)),
        ] {
            let deal = only("Amount Financed,APR,Payment Frequency,Term,Payment", &format!("9000,24.9,{often},{term},{payment}"));
            assert_eq!((deal.payments_a_year, deal.payments, deal.term_months), read, "{often} {term}");
            assert_eq!(deal.payment.is_some(), often != "now and then", "{often}");
        }
        let deal = only("Current Balance,Balance Date,First Pay Date,Warranty 1 Term,Warranty 1 Miles", "6299.49,11/20/2026,7/14/2026,48,100000");
        assert_eq!((deal.balance, deal.balance_at, deal.first_due), (Some(Cents(629_949)), Some(day("2026-11-20")), Some(day("2026-07-14"))));
        assert_eq!((deal.warranty_months, deal.warranty_mi), (Some(48), Some(100_000)));
    }

    #[test]
    fn a_status_says_whether_it_was_a_sale() {
        for (status, cancelled) in
            [("", false), ("Finalized", false), ("Delivered", false), ("Cancelled", true), ("UNWOUND", true), ("Voided", true), ("Z9", false)]
        {
            assert_eq!(only("Deal Status", status).cancelled, cancelled, "{status}");
        }
        for status in ["Open", "PENDING", "Quote"] {
            let read = read(&format!("Deal Number,Sold Date,Last Name,Deal Status\n007,6/30/2026,Whitfield,{status}\n"));
            assert_eq!(read.held_back, vec![(2, NOT_BOOKED.to_owned())], "{status}");
        }
    }

    #[test]
    fn a_kind_is_read_from_words_and_letters() {
        for (text, financed, kind) in [
            ("Retail Cash", "", DealKind::Cash),
            ("Retail", "21000", DealKind::Finance),
            ("Retail", "0.00", DealKind::Unknown),
            ("Lease", "", DealKind::Lease),
            ("BHPH", "9000", DealKind::Bhph),
            ("Dealer Trade", "", DealKind::Wholesale),
            ("", "21000", DealKind::Finance),
        ] {
            assert_eq!(only("Deal Type,Amount Financed", &format!("{text},{financed}")).kind, kind, "{text} {financed}");
        }
    }

    #[test]
    fn a_post_dated_contract_gives_way_to_the_delivery() {
        let read = read(
            "Deal Number,Contract Date,Delivery Date,Last Name\n1,12/24/2026,11/20/2026,Lee\n2,12/24/2026,,Lee\n3,,,Lee\n4,31/12/2025,,Lee\n5,31/12/2025,11/20/2026,Lee\n",
        );
        assert_eq!(read.rows.iter().map(|(_, d)| d.sold).collect::<Vec<_>>(), vec![day("2026-11-20"); 2]);
        let reasons: Vec<&str> = read.held_back.iter().map(|(_, reason)| reason.as_str()).collect();
        assert_eq!(reasons, vec![FUTURE_DATE, NO_DATE, ODD_DATE]);
    }

    #[test]
    fn what_the_buyer_said_is_as_old_as_the_deal() {
        assert_eq!(only("Phone", "2075550148").buyer.at, day("2026-06-30"));
    }

    #[test]
    fn a_missing_amount_is_not_nought() {
        let deal = only("Sales Price,Amount Financed,APR,Term,Monthly Payment", "0.00,,0.00,0,");
        assert_eq!((deal.price, deal.financed, deal.apr, deal.term_months, deal.payment), (None, None, None, None, None));
    }
}
