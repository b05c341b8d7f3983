//! What was done to which car, and what was advised and not bought? Repair orders as DealerVault's SV file and other exports tell them.

use super::{
    car_rows,
    cells::{self, When},
    columns::Column,
    people_rows,
    reader::{Outcome, Problem, Reader, Row},
    sheet::RowRead,
};
use crate::domain::{event::ImportRow, repair_order::NewRepairOrder, time::DAY_MS};
use csv::StringRecord;

/// Most lines of work kept of one repair order.
const MOST_WORK: usize = 60;
/// Most rows of one repair order; a file in which every row has the same number is no list of repair orders.
const MOST_ROWS: usize = 500;

const NO_NUMBER: &str = "The row has no repair order number.";
const NO_CUSTOMER: &str = "The row names no customer; work on the store's own cars has none.";
const NO_DATE: &str = "The row has no date on which the repair order was opened.";
const ODD_DATE: &str = "The opening date could not be read; write it as month/day/year or year-month-day.";
const FUTURE_DATE: &str = "The opening date lies in the future.";
const SPLIT_AMOUNTS: &str = "A repair order stands in several rows with different amounts; its amounts were left out.";

/// Brings the rows of one repair order together, and hands each out with the whole order when the next one begins.
pub(super) struct Orders<'g> {
    give: &'g mut dyn FnMut(RowRead<'_>),
    whole: Option<NewRepairOrder>,
    rows: Vec<(u64, StringRecord, Vec<Problem>)>,
}

impl<'g> Orders<'g> {
    pub(super) fn new(give: &'g mut dyn FnMut(RowRead<'_>)) -> Self {
        Self { give, whole: None, rows: Vec::new() }
    }

    pub(super) fn take(&mut self, line: u64, cells: &StringRecord, outcome: Outcome<NewRepairOrder>, mut warnings: Vec<Problem>) {
        match (outcome, &mut self.whole) {
            (Ok(next), Some(held)) if held.number == next.number && held.vin == next.vin && self.rows.len() < MOST_ROWS => {
                if !take_in(held, next) {
                    warnings.push(Problem::of_row(SPLIT_AMOUNTS));
                }
                self.rows.push((line, cells.clone(), warnings));
            }
            (Ok(next), _) => {
                self.end();
                self.whole = Some(next);
                self.rows.push((line, cells.clone(), warnings));
            }
            (Err(problems), _) => {
                self.end();
                (self.give)(RowRead { line, cells, outcome: Err(problems), warnings });
            }
        }
    }

    pub(super) fn end(&mut self) {
        let Some(whole) = self.whole.take() else { return };
        for (line, cells, warnings) in self.rows.drain(..) {
            (self.give)(RowRead { line, cells: &cells, outcome: Ok(ImportRow::RepairOrder(whole.clone())), warnings });
        }
    }
}

pub(super) fn repair_order(reader: &mut Reader<'_>, row: Row<'_>) -> Outcome<NewRepairOrder> {
    let number = reader.needed_number(row, Column::RepairOrderNumber, NO_NUMBER);
    let opened = match reader.date(row, Column::OpenDate) {
        When::Read(at) if at.since(reader.received) <= DAY_MS => Ok(at),
        When::Read(_) => Err(reader.problem(row, Column::OpenDate, FUTURE_DATE)),
        When::Unreadable => Err(reader.problem(row, Column::OpenDate, ODD_DATE)),
        When::Blank => Err(reader.problem(row, Column::OpenDate, NO_DATE)),
    };
    let as_of = opened.as_ref().map_or(reader.received, |opened| *opened.min(&reader.received));
    let customer = people_rows::person(reader, row, as_of);
    let (number, opened, customer) = match (number, opened, customer) {
        (Ok(number), Ok(opened), Some(customer)) => (number, opened, customer),
        (number, opened, customer) => {
            let nobody = customer.is_none().then(|| Problem::of_row(NO_CUSTOMER));
            return Err(number.err().into_iter().chain(opened.err()).chain(nobody).collect());
        }
    };
    let closed = reader.optional_date(row, Column::CloseDate);
    let vin = car_rows::vin(reader, row);
    let (work, declined) = work(reader, row);
    Ok(NewRepairOrder {
        closed,
        vin,
        facts: car_rows::facts(reader, row),
        advisor: reader.words(row, Column::Advisor),
        work,
        declined,
        customer_pay: reader.money(row, Column::CustomerPay),
        total: reader.money(row, Column::RepairTotal),
        warranty_pay: reader.money_above_zero(row, Column::WarrantyPay),
        internal_pay: reader.money_above_zero(row, Column::InternalPay),
        plate: reader.words(row, Column::Plate),
        ..NewRepairOrder::new(number, opened, customer)
    })
}

/// What is done, and what was advised beside it, a line each.
pub(super) fn work(reader: &Reader<'_>, row: Row<'_>) -> (Vec<String>, Vec<String>) {
    let done = jobs(reader.text(row, Column::OperationCodes), reader.text(row, Column::Operations));
    let advised = jobs(reader.text(row, Column::RecommendedCodes), reader.text(row, Column::Recommendations));
    let is_done = |job: &Job<'_>| done.iter().any(|d| !d.code.is_empty() && d.code == job.code || d.shown() == job.shown());
    let shown = |job: &Job<'_>| Some(job.shown()).filter(|text| !text.is_empty());
    let advised = advised.iter().filter(|job| !is_done(job)).filter_map(shown).take(MOST_WORK).collect();
    (done.iter().filter_map(shown).take(MOST_WORK).collect(), advised)
}

/// One job of a repair order, by code, by words or both.
struct Job<'r> {
    code: &'r str,
    words: &'r str,
}

impl Job<'_> {
    fn shown(&self) -> String {
        cells::words(if self.words.is_empty() { self.code } else { self.words })
    }
}

/// `|` parts groups of jobs and `^` the jobs inside a group; codes and words stand in the same order, empty places count.
fn jobs<'r>(codes: &'r str, words: &'r str) -> Vec<Job<'r>> {
    let mut jobs = Vec::new();
    let (mut code_groups, mut word_groups) = (codes.split('|'), words.split('|'));
    loop {
        let (code_group, word_group) = (code_groups.next(), word_groups.next());
        if code_group.is_none() && word_group.is_none() {
            return jobs;
        }
        let (mut in_codes, mut in_words) = (code_group.unwrap_or("").split('^'), word_group.unwrap_or("").split('^'));
        loop {
            let (code, words) = (in_codes.next(), in_words.next());
            if code.is_none() && words.is_none() {
                break;
            }
            jobs.push(Job { code: code.unwrap_or("").trim(), words: words.unwrap_or("").trim() });
        }
    }
}

/// Takes the next row of the same repair order in; false when their amounts differ, which are then unknown.
fn take_in(held: &mut NewRepairOrder, next: NewRepairOrder) -> bool {
    let amounts = |order: &NewRepairOrder| (order.total, order.customer_pay, order.warranty_pay, order.internal_pay);
    let agree = amounts(held) == amounts(&next);
    let add = |mine: &mut Vec<String>, theirs: Vec<String>| {
        for line in theirs {
            if mine.len() < MOST_WORK && !mine.contains(&line) {
                mine.push(line);
            }
        }
    };
    add(&mut held.work, next.work);
    add(&mut held.declined, next.declined);
    held.declined.retain(|line| !held.work.contains(line));
    held.closed = held.closed.max(next.closed);
    if !agree {
        (held.total, held.customer_pay, held.warranty_pay, held.internal_pay) = (None, None, None, None);
    }
    agree
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            import_run::ImportKind,
            money::Cents,
            time::{At, Zone},
        },
        formats::{delimited::Read, sheet},
    };

    /// Reads a file of repair orders by the guess. Rows in a row with one number are one repair order, listed by job.
    fn repair_orders(bytes: &[u8], source: &str, received: At, zone: &Zone) -> Result<Read<NewRepairOrder>, String> {
        let mut read = sheet::gather(ImportKind::RepairOrders, bytes, source, received, zone, |row| match row {
            ImportRow::RepairOrder(order) => Some(order),
            ImportRow::Customer(_) | ImportRow::Deal(_) | ImportRow::Appointment(_) | ImportRow::Listing(_) | ImportRow::Unknown => None,
        })?;
        read.rows.dedup_by(|next, held| next.1 == held.1);
        Ok(read)
    }

    const RECEIVED: At = At(1_795_531_260_000);

    fn day(text: &str) -> At {
        At::parse_rfc3339(&format!("{text}T00:00:00Z")).unwrap()
    }

    #[test]
    fn the_service_file_of_dealervault_is_read() {
        let read =
            repair_orders(include_bytes!("../../tests/fixtures/imports/dealervault_sv.txt"), "DealerVault SV", RECEIVED, &Zone::utc()).unwrap();
        assert_eq!(read.held_back, vec![(3, NO_CUSTOMER.to_owned()), (5, ODD_DATE.to_owned())]);
        let order = &read.rows[0].1;
        assert_eq!((order.number.as_str(), order.opened, order.closed), ("0098765", day("2026-11-02"), Some(day("2026-11-03"))));
        assert_eq!(order.work, vec!["LUBE OIL AND FILTER", "ROTATE TIRES", "BRK INSP"]);
        assert_eq!(order.declined, vec!["REAR BRAKE PADS AND ROTORS", "CABIN FILTER"], "what was advised and done is not declined");
        assert_eq!((order.customer_pay, order.total), (Some(Cents(18_995)), Some(Cents(123_450))));
        assert_eq!((order.facts.odometer_mi, order.advisor.as_str()), (Some(61_240), "RAY POOLE"));
        assert_eq!(read.rows[1].1.closed, None);
        assert_eq!(read.rows[1].1.customer.consent.len(), 3);
    }

    #[test]
    fn rows_of_one_repair_order_are_one() {
        let read = repair_orders(include_bytes!("../../tests/fixtures/imports/repair_orders_generic.csv"), "shop", RECEIVED, &Zone::utc()).unwrap();
        let numbers: Vec<(u64, &str)> = read.rows.iter().map(|(line, o)| (*line, o.number.as_str())).collect();
        assert_eq!(numbers, vec![(2, "1001"), (4, "1002"), (5, "1001")]);
        let order = &read.rows[0].1;
        assert_eq!((&order.work, &order.declined), (&vec!["Oil change".to_owned(), "Tire rotation".to_owned()], &vec!["Front brakes".to_owned()]));
        assert_eq!((order.total, order.customer_pay), (None, None), "amounts that differ from row to row are not added up");
        assert_eq!(read.rows[1].1.total, Some(Cents(8_900)));
        assert!(read.notes.iter().any(|note| note.starts_with(SPLIT_AMOUNTS.trim_end_matches('.'))));
    }

    #[test]
    fn empty_places_keep_codes_and_words_together() {
        let jobs = jobs("A^B|C", "alpha^|");
        assert_eq!(jobs.iter().map(Job::shown).collect::<Vec<_>>(), vec!["alpha", "B", "C"]);
    }

    #[test]
    fn a_file_without_numbers_or_dates_is_refused() {
        let refused = repair_orders(b"Customer Name,VIN\nDana,1\n", "shop", RECEIVED, &Zone::utc()).unwrap_err();
        assert_eq!(refused, "The file has no column with the repair order number.");
    }
}
