//! What did somebody write on a worksheet? Checked, tidied, with who said a value and when.

use crate::{
    domain::{
        appraisal::{Acv, Appraisal, BookValue, CarState, Payoff, ReconLine, Sheet, stands_until},
        ids::{FileId, StaffId},
        money::Cents,
        staff::Role,
        time::At,
        vehicle::CarFacts,
        vin::Vin,
    },
    engine::trade::{self, OdometerUnit},
};

/// No car that a small store takes in is worth more.
const MONEY_MOST: Cents = Cents(100_000_000);
const RECON_LINES_MOST: usize = 40;
const WORDS_MOST_CHARS: usize = 120;
const NOTES_MOST_CHARS: usize = 4_000;
const PHOTOS_MOST: usize = 40;
/// The longest that a store may stand by a value.
pub const STANDS_MOST_DAYS: i64 = 60;

/// Who writes, and what they may do.
#[derive(Debug, Clone, Copy)]
pub struct Writer {
    pub staff: StaffId,
    pub role: Role,
}

/// What somebody wrote on a worksheet: all of it, as it shall stand.
#[derive(Debug, Clone, Default)]
pub struct Written {
    pub vin: String,
    pub car: CarFacts,
    /// As typed; empty is not known.
    pub odometer: String,
    pub unit: OdometerUnit,
    pub state: CarState,
    pub recon: Vec<ReconLine>,
    pub book: Option<BookValue>,
    /// The value, and for how many days the store stands by it.
    pub acv: Option<(Cents, i64)>,
    pub payoff: Option<Payoff>,
    pub allowance: Option<Cents>,
    pub notes: String,
    pub photos: Vec<FileId>,
}

/// A number as typed; none typed is none.
pub(super) fn vin_of(typed: &str) -> Result<Option<Vin>, String> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    Vin::read(typed).map(Some).map_err(|fault| format!("That VIN cannot be right: {fault}."))
}

/// What was written, checked, with who said the value and when. What the writer may not see stays as it is.
pub(super) fn stamped(held: &Appraisal, written: Written, by: Writer, this_year: u16, now: At) -> Result<Sheet, String> {
    let before = &held.sheet;
    let odometer_mi = trade::odometer(&written.odometer, written.unit, written.car.year, this_year)?;
    let sees_cost = by.role.may_see_cost();
    let mut recon = written.recon;
    for line in &mut recon {
        line.what = tidy(&line.what, WORDS_MOST_CHARS);
        if !sees_cost {
            line.cost = before.recon.iter().find(|known| known.id == line.id).and_then(|known| known.cost);
        }
    }
    let acv = match (written.acv, before.acv) {
        (None, _) => None,
        (Some((value, days)), Some(acv)) if acv.value == value && (acv.until == stands_until(acv.at, days)) => Some(acv),
        (Some((_, days)), _) if !(1..=STANDS_MOST_DAYS).contains(&days) => {
            return Err(format!("The store stands by a value for 1 to {STANDS_MOST_DAYS} days."));
        }
        (Some((value, days)), _) => Some(Acv { value, by: by.staff, at: now, until: stands_until(now, days) }),
    };
    let sheet = Sheet {
        vin: vin_of(&written.vin)?,
        car: CarFacts { odometer_mi, ..tidy_car(written.car) },
        state: written.state,
        recon,
        book: if sees_cost { written.book } else { before.book.clone() },
        acv,
        payoff: written.payoff,
        allowance: written.allowance,
        notes: written.notes.trim_end().to_owned(),
        photos: written.photos,
    };
    check(&sheet, this_year)?;
    Ok(sheet)
}

fn check(sheet: &Sheet, this_year: u16) -> Result<(), String> {
    let money = [
        ("The ACV", sheet.acv.map(|acv| acv.value)),
        ("The book value", sheet.book.as_ref().map(|book| book.value)),
        ("The payoff", sheet.payoff.as_ref().map(|payoff| payoff.amount)),
        ("The allowance", sheet.allowance),
    ];
    let costs = sheet.recon.iter().map(|line| ("A recon cost", line.cost));
    for (name, amount) in money.into_iter().chain(costs).filter_map(|(name, amount)| Some((name, amount?))) {
        if amount.0 < 0 {
            return Err(format!("{name} is not below zero."));
        }
        if amount > MONEY_MOST {
            return Err(format!("{name} is at most {MONEY_MOST}. Check for a digit too many."));
        }
    }
    if sheet.car.year.is_some_and(|year| !(1900..=this_year.saturating_add(2)).contains(&year)) {
        return Err("That is no model year of a car.".to_owned());
    }
    let mut lines: Vec<u32> = sheet.recon.iter().map(|line| line.id).collect();
    lines.sort_unstable();
    lines.dedup();
    if lines.len() != sheet.recon.len() {
        return Err("Two recon lines have one number. Read the worksheet again.".to_owned());
    }
    if sheet.recon.iter().any(|line| line.what.is_empty()) {
        return Err("A recon line says what has to be done.".to_owned());
    }
    if sheet.recon.len() > RECON_LINES_MOST {
        return Err(format!("A worksheet has at most {RECON_LINES_MOST} recon lines."));
    }
    if sheet.book.as_ref().is_some_and(|book| book.source.trim().is_empty()) {
        return Err("A book value needs its source: which guide, which line.".to_owned());
    }
    if sheet.payoff.as_ref().is_some_and(|payoff| payoff.said_by.trim().is_empty()) {
        return Err("A payoff needs who said it: the bank, the customer, a letter.".to_owned());
    }
    if sheet.notes.chars().count() > NOTES_MOST_CHARS {
        return Err(format!("Notes have at most {NOTES_MOST_CHARS} characters."));
    }
    if sheet.photos.len() > PHOTOS_MOST {
        return Err(format!("A worksheet has at most {PHOTOS_MOST} photos."));
    }
    Ok(())
}

fn tidy(text: &str, most: usize) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(most).collect()
}

fn tidy_car(car: CarFacts) -> CarFacts {
    let tidy = |text: String| tidy(&text, WORDS_MOST_CHARS);
    CarFacts {
        make: tidy(car.make),
        model: tidy(car.model),
        trim: tidy(car.trim),
        exterior_color: tidy(car.exterior_color),
        plate: tidy(car.plate),
        ..car
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::domain::ids::{AppraisalId, PartId, Seq};

    const NOW: At = At(1_795_531_200_000);
    const REP: Writer = Writer { staff: StaffId(2), role: Role::Rep };
    const MANAGER: Writer = Writer { staff: StaffId(1), role: Role::Manager };

    fn held(sheet: Sheet) -> Appraisal {
        Appraisal {
            id: AppraisalId(1),
            part: PartId(1),
            vehicle: None,
            lead: None,
            told: None,
            beside: None,
            opened: NOW,
            by: None,
            sheet,
            decided: None,
            revision: 1,
            before: vec![],
            cause: Seq(1),
        }
    }

    fn line(id: u32, dollars: Option<i64>) -> ReconLine {
        ReconLine { id, what: "Tires".to_owned(), cost: dollars.map(|d| Cents(d * 100)) }
    }

    #[test]
    fn whoever_may_not_see_cost_changes_words_and_leaves_cost() {
        let book = BookValue { value: Cents(900_000), source: "A guide".to_owned(), on: NOW };
        let before = held(Sheet { recon: vec![line(1, Some(600))], book: Some(book.clone()), ..Sheet::default() });
        let written = Written { recon: vec![ReconLine { what: "Two tires".to_owned(), ..line(1, None) }, line(2, Some(5))], ..Written::default() };
        let sheet = stamped(&before, written.clone(), REP, 2026, NOW).unwrap();
        assert_eq!(sheet.recon.iter().map(|l| l.cost).collect::<Vec<_>>(), [Some(Cents(60_000)), None]);
        assert_eq!((sheet.recon[0].what.as_str(), sheet.book), ("Two tires", Some(book)));
        let sheet = stamped(&before, written, MANAGER, 2026, NOW).unwrap();
        assert_eq!((sheet.recon.iter().map(|l| l.cost).collect::<Vec<_>>(), sheet.book), (vec![None, Some(Cents(500))], None));
    }

    #[test]
    fn a_value_keeps_who_said_it_until_it_is_another() {
        let acv = Acv { value: Cents(900_000), by: StaffId(9), at: At(0), until: stands_until(At(0), 7) };
        let before = held(Sheet { acv: Some(acv), ..Sheet::default() });
        let write = |value: i64, days| stamped(&before, Written { acv: Some((Cents(value), days)), ..Written::default() }, REP, 2026, NOW);
        assert_eq!(write(900_000, 7).unwrap().acv, Some(acv));
        assert_eq!(write(910_000, 7).unwrap().acv.map(|acv| (acv.by, acv.at)), Some((StaffId(2), NOW)));
        assert!(write(910_000, 0).is_err() && write(910_000, 61).is_err());
    }

    #[test]
    fn what_cannot_be_is_refused_with_a_sentence() {
        let refused = |written: Written| stamped(&held(Sheet::default()), written, MANAGER, 2026, NOW).unwrap_err();
        for written in [
            Written { acv: Some((Cents(-1), 7)), ..Written::default() },
            Written { allowance: Some(Cents(MONEY_MOST.0 + 1)), ..Written::default() },
            Written { payoff: Some(Payoff { amount: Cents(5), said_by: " ".to_owned(), good_through: None }), ..Written::default() },
            Written { book: Some(BookValue { value: Cents(5), source: String::new(), on: NOW }), ..Written::default() },
            Written { recon: vec![line(1, Some(-5))], ..Written::default() },
            Written { recon: vec![line(1, None), line(1, None)], ..Written::default() },
            Written { recon: vec![ReconLine { what: "  ".to_owned(), ..line(1, None) }], ..Written::default() },
            Written { odometer: "-4".to_owned(), ..Written::default() },
            Written { vin: "NONE".to_owned(), ..Written::default() },
            Written { car: CarFacts { year: Some(1850), ..CarFacts::default() }, ..Written::default() },
        ] {
            let sentence = refused(written);
            assert!(sentence.ends_with('.'), "{sentence}");
        }
        let kilometers = Written { odometer: "100,000".to_owned(), unit: OdometerUnit::Kilometers, ..Written::default() };
        assert_eq!(stamped(&held(Sheet::default()), kilometers, REP, 2026, NOW).unwrap().car.odometer_mi, Some(62_137));
    }
}
