//! What were cars sold for? Any table of sales: auctions, price lists, a store's own book, its columns known by their names.

use super::{
    cells::{self, Calendar, DateOrder, When},
    columns::normalised,
    delimited::{Line, Table},
    sheet::Fixes,
};
use crate::domain::{
    money::Cents,
    time::{At, Zone},
    vehicle::CarFacts,
    vin::Vin,
};
use jiff::civil;

/// One car that was sold. What the table does not say is unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct SoldCar {
    pub vin: Option<Vin>,
    /// The odometer is in the unit of the table.
    pub facts: CarFacts,
    /// From 1, rough, to 5, as new.
    pub condition: Option<f64>,
    /// As it stands there, in the currency of the table; may be zero or less.
    pub price: Option<Cents>,
    /// Days since 1970-01-01.
    pub day: Option<i32>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Sales {
    /// Each with its line, the file's first line being line 1.
    pub cars: Vec<(u64, SoldCar)>,
    /// Rows that are no rows of this table.
    pub broken: usize,
}

/// What a column may be, and by which names, the surest first. An estimate of somebody else (MMR, book, retail) is no price of a sale.
const NAMES: &[(Is, &[&str])] = &[
    (Is::Vin, &["vin", "vinnumber", "vehicleidentificationnumber", "vehiclevin"]),
    (Is::Year, &["year", "modelyear", "yr", "vehicleyear", "myear", "registrationyear", "regyear", "yearofregistration", "yearofmanufacture"]),
    (Is::Make, &["make", "brand", "manufacturer", "vehiclemake", "makename"]),
    (Is::Model, &["model", "modelname", "vehiclemodel"]),
    (Is::Trim, &["trim", "trimlevel", "vehicletrim", "submodel", "series", "version", "derivative"]),
    (Is::Body, &["body", "bodystyle", "bodytype", "bodyclass", "vehiclebody"]),
    (
        Is::Odometer,
        &["odometer", "mileage", "miles", "odometerreading", "odo", "vehiclemileage", "kilometers", "kilometres", "km", "kmdriven", "kms", "mi"],
    ),
    (Is::Condition, &["condition", "conditiongrade", "grade", "conditionscore", "crgrade", "autograde", "conditionreportgrade", "cr"]),
    (
        Is::Price,
        &[
            "sellingprice",
            "soldprice",
            "saleprice",
            "salesprice",
            "hammerprice",
            "auctionprice",
            "transactionprice",
            "finalprice",
            "price",
            "amount",
            "pricesold",
            "soldfor",
            "salesamount",
            "saleamount",
            "cashprice",
            "askingprice",
            "listprice",
            "priceusd",
            "pricegbp",
        ],
    ),
    (
        Is::Date,
        &[
            "saledate",
            "solddate",
            "datesold",
            "dateofsale",
            "salesdate",
            "auctiondate",
            "transactiondate",
            "saledatetime",
            "sold",
            "date",
            "dealdate",
        ],
    ),
    (Is::Transmission, &["transmission", "gearbox", "transmissiontype"]),
    (Is::Fuel, &["fuel", "fueltype"]),
    (Is::Engine, &["engine", "enginesize", "enginel", "displacement", "enginesizel"]),
    (Is::Drivetrain, &["drivetrain", "drive", "drivetype", "drivewheelconfiguration"]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Vin,
    Year,
    Make,
    Model,
    Trim,
    Body,
    Odometer,
    Condition,
    Price,
    Date,
    Transmission,
    Fuel,
    Engine,
    Drivetrain,
}

/// Reads the table. Fails with a sentence when it is none, or lacks what a sale cannot be without: a price, and a VIN or a model year.
pub fn read(bytes: &[u8]) -> Result<Sales, String> {
    let table = Table::open(bytes)?;
    let header: Vec<String> = table.header.iter().map(|name| cells::trimmed(name).to_owned()).collect();
    let place = |is: Is| place_of(&header, is);
    let missing = match (place(Is::Price), place(Is::Vin).or_else(|| place(Is::Year))) {
        (Some(_), Some(_)) => None,
        (None, Some(_)) => Some("a price (such as sellingprice or price)"),
        (Some(_), None) => Some("a VIN or a model year (such as vin or year)"),
        (None, None) => Some("a price (such as sellingprice or price), and none with a VIN or a model year (such as vin or year)"),
    };
    if let Some(missing) = missing {
        return Err(format!("It has no column with {missing}. Its columns are: {}.", shortened(&header)));
    }
    let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
    let mut broken = 0;
    table.each_row(&Fixes::default(), &mut |line: Line<'_>| {
        if line.flaw.is_some() {
            broken += 1;
        } else {
            rows.push((line.number, line.cells.iter().map(|cell| cells::trimmed(cell).to_owned()).collect()));
        }
    });
    let columns = Columns { header: &header, order: order_of(&rows, place(Is::Date)), scale: scale_of(&rows, place(Is::Condition)) };
    Ok(Sales { cars: rows.iter().map(|(line, cells)| (*line, columns.car(cells))).collect(), broken })
}

fn place_of(header: &[String], is: Is) -> Option<usize> {
    let (_, names) = NAMES.iter().find(|(known, _)| *known == is)?;
    names.iter().find_map(|name| header.iter().position(|h| normalised(h) == *name))
}

fn shortened(header: &[String]) -> String {
    const MOST: usize = 40;
    let mut names: Vec<&str> = header.iter().map(String::as_str).filter(|h| !h.is_empty()).take(MOST).collect();
    if header.len() > MOST {
        names.push("and more");
    }
    names.join(", ")
}

struct Columns<'h> {
    header: &'h [String],
    order: DateOrder,
    scale: Scale,
}

impl Columns<'_> {
    fn car(&self, cells: &[String]) -> SoldCar {
        let cell = |is: Is| place_of(self.header, is).and_then(|at| cells.get(at)).map_or("", String::as_str);
        let words = |is: Is| said(cell(is)).to_owned();
        let facts = CarFacts {
            year: year(cell(Is::Year)),
            make: words(Is::Make),
            model: words(Is::Model),
            trim: words(Is::Trim),
            body: words(Is::Body),
            drivetrain: words(Is::Drivetrain),
            fuel: words(Is::Fuel),
            transmission: words(Is::Transmission),
            engine: words(Is::Engine),
            odometer_mi: cells::odometer(&closed_up(cell(Is::Odometer)), ""),
            ..CarFacts::default()
        };
        SoldCar {
            vin: Vin::parse(cell(Is::Vin)),
            facts,
            condition: self.scale.read(cell(Is::Condition)),
            price: Cents::parse(&closed_up(cell(Is::Price))),
            day: day(cell(Is::Date), self.order),
        }
    }
}

/// What tables write for nothing is nothing.
fn said(cell: &str) -> &str {
    const NOTHING: &[&str] = &["-", "\u{2014}", "\u{2013}", "n/a", "na", "nan", "null", "none", "unknown", "?"];
    if NOTHING.iter().any(|word| word.eq_ignore_ascii_case(cell)) { "" } else { cell }
}

/// `12 500` and `12\u{a0}500` are one number.
fn closed_up(cell: &str) -> String {
    cell.chars().filter(|c| !c.is_whitespace()).collect()
}

/// `2013`, `2013.0`.
fn year(cell: &str) -> Option<u16> {
    let whole = cell.split_once('.').map_or(cell, |(whole, _)| whole);
    whole.parse().ok().filter(|year| (1900..2100).contains(year))
}

/// By what numbers a table grades: to 5, to 10, to 50 with a few still to 5, or to 100.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    most: f64,
}

fn scale_of(rows: &[(u64, Vec<String>)], column: Option<usize>) -> Scale {
    let numbers = column.into_iter().flat_map(|at| rows.iter().filter_map(move |(_, cells)| cells.get(at)?.parse::<f64>().ok()));
    Scale { most: numbers.filter(|n| n.is_finite()).fold(0.0, f64::max) }
}

impl Scale {
    fn read(self, cell: &str) -> Option<f64> {
        const WORDS: &[(&str, f64)] = &[
            ("excellent", 4.7),
            ("extra clean", 4.7),
            ("like new", 4.9),
            ("very good", 4.3),
            ("clean", 4.0),
            ("good", 3.7),
            ("average", 3.0),
            ("fair", 2.7),
            ("below average", 2.3),
            ("rough", 1.8),
            ("poor", 1.6),
            ("salvage", 1.0),
        ];
        let Ok(number) = cell.parse::<f64>() else {
            return WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(cell)).map(|(_, grade)| *grade);
        };
        let grade = match self.most {
            most if most <= 5.0 => number,
            most if most <= 10.0 => number / 2.0,
            most if most <= 50.0 && number <= 5.0 => number,
            most if most <= 50.0 => number / 10.0,
            _ => number / 20.0,
        };
        (grade > 0.0 && grade <= 5.0).then_some(grade)
    }
}

/// Whether days come first: a first number above 12 says so for the whole column.
fn order_of(rows: &[(u64, Vec<String>)], column: Option<usize>) -> DateOrder {
    let first_numbers =
        column.into_iter().flat_map(|at| rows.iter().filter_map(move |(_, cells)| cells.get(at)?.split(['/', '-', '.']).next()?.parse::<u32>().ok()));
    if first_numbers.filter(|n| *n < 1_000).any(|n| (13..=31).contains(&n)) { DateOrder::DayFirst } else { DateOrder::MonthFirst }
}

/// The day of a sale in any writing; `None` where nothing is there or it is not sure.
fn day(cell: &str, order: DateOrder) -> Option<i32> {
    // Two digits of a year are of this century until here.
    const YEARS_END: At = At(2_240_524_800_000);
    let zone = Zone::utc();
    let calendar = Calendar { order, zone: &zone, received: YEARS_END };
    if let Some(date) = spelled(cell) {
        return Some((date - civil::date(1970, 1, 1)).get_days());
    }
    if let Some(day) = serial(cell) {
        return Some(day);
    }
    match cells::date(cell, &calendar) {
        When::Read(at) => Some(zone.day_number(at)),
        When::Blank | When::Unreadable => None,
    }
}

/// `Tue Dec 16 2014 12:30:00 GMT-0800 (PST)`, `December 16, 2014 at 2 PM`: month, day and year in words before any time.
fn spelled(cell: &str) -> Option<civil::Date> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let (mut month, mut day, mut year) = (None, None, None);
    for word in cell.split([' ', ',', '-', '/']).take_while(|word| !word.contains(':')) {
        let lower = word.to_ascii_lowercase();
        let name = MONTHS.iter().position(|m| lower.starts_with(m) && lower.len() >= 3);
        let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<i16>().ok();
        match (name, number, word.len()) {
            (Some(name), _, _) => month = month.or(Some(name)),
            (None, Some(number @ 1900..), _) => year = year.or(Some(number)),
            (None, Some(number), 1..=4) if day.is_none() => day = i8::try_from(number).ok(),
            (None, _, _) => {}
        }
    }
    civil::Date::new(year?, i8::try_from(month? + 1).ok()?, day?).ok()
}

/// A day as spreadsheets count it from 1899-12-30, a moment in milliseconds or seconds from 1970, or a year alone: its middle.
fn serial(cell: &str) -> Option<i32> {
    let whole = cell.split_once('.').map_or(cell, |(whole, _)| whole);
    let number: i64 = whole.parse().ok()?;
    let days = match number {
        1950..2100 => (number - 1970) * 365 + (number - 1969) / 4 + 181,
        20_000..60_000 => number - 25_569,
        500_000_000..3_000_000_000 => number / 86_400,
        500_000_000_000..3_000_000_000_000 => number / 86_400_000,
        _ => return None,
    };
    i32::try_from(days).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(table: &str) -> SoldCar {
        read(table.as_bytes()).unwrap().cars.remove(0).1
    }

    #[test]
    fn columns_are_known_by_many_names() {
        let car = only(
            "\u{feff}VIN,YEAR,Make,MODEL,Trim,BODY,odometer,Condition,MMR,SellingPrice,saledate\n2hkrw2h88nh614882,2022,Honda,CR-V,EX-L,SUV,41250.0,38,26000,\"$27,650\",Tue Dec 16 2014 12:30:00 GMT-0800 (PST)\n",
        );
        assert_eq!((car.price, car.condition, car.day), (Some(Cents(2_765_000)), Some(3.8), Some(16_420)));
        assert_eq!((car.facts.label().as_str(), car.facts.odometer_mi), ("2022 Honda CR-V EX-L", Some(41_250)));
        let car = only("brand;Model Year;mileage;price (GBP)\nvw;2017.0;18 500;7 995\n");
        assert_eq!((car.facts.year, car.facts.odometer_mi, car.price), (Some(2017), Some(18_500), Some(Cents(799_500))));
    }

    #[test]
    fn an_estimate_of_somebody_else_is_no_price() {
        let refused = read(b"vin,year,mmr,odometer\n2HKRW2H88NH614882,2022,26000,100\n").unwrap_err();
        assert_eq!(refused, "It has no column with a price (such as sellingprice or price). Its columns are: vin, year, mmr, odometer.");
    }

    #[test]
    fn what_is_no_table_of_sales_is_told_by_what_it_lacks() {
        for (table, words) in [
            ("", "The file is empty."),
            ("first name,last name\nDana,Whitfield\n", "none with a VIN or a model year"),
            ("make,model,price\nHonda,CR-V,100\n", "a VIN or a model year (such as vin or year). Its columns are: make, model, price."),
        ] {
            let refused = read(table.as_bytes()).unwrap_err();
            assert!(refused.contains(words), "{table:?}: {refused}");
        }
    }

    #[test]
    fn a_day_is_read_in_any_usual_writing() {
        for (cell, order, date) in [
            ("Tue Dec 16 2014 12:30:00 GMT-0800 (PST)", DateOrder::MonthFirst, Some((2014, 12, 16))),
            ("December 16th, 2014", DateOrder::MonthFirst, Some((2014, 12, 16))),
            ("16-Dec-2014", DateOrder::MonthFirst, Some((2014, 12, 16))),
            ("12/16/2014 08:00 AM", DateOrder::MonthFirst, Some((2014, 12, 16))),
            ("16/12/2014", DateOrder::DayFirst, Some((2014, 12, 16))),
            ("2014-12-16T12:30:00Z", DateOrder::MonthFirst, Some((2014, 12, 16))),
            ("20141216", DateOrder::MonthFirst, Some((2014, 12, 16))),
            ("41989", DateOrder::MonthFirst, Some((2014, 12, 16))),
            ("1418733000000", DateOrder::MonthFirst, Some((2014, 12, 16))),
            ("2014", DateOrder::MonthFirst, Some((2014, 7, 1))),
            ("", DateOrder::MonthFirst, None),
            ("last spring", DateOrder::MonthFirst, None),
        ] {
            let expected = date.map(|(y, m, d)| (civil::date(y, m, d) - civil::date(1970, 1, 1)).get_days());
            assert_eq!(day(cell, order), expected, "{cell}");
        }
    }

    #[test]
    fn grades_come_on_one_scale() {
        for (most, cell, grade) in [
            (5.0, "4.5", Some(4.5)),
            (10.0, "9", Some(4.5)),
            (49.0, "45", Some(4.5)),
            (49.0, "4", Some(4.0)),
            (100.0, "90", Some(4.5)),
            (5.0, "Good", Some(3.7)),
            (5.0, "Used", None),
            (5.0, "0", None),
            (5.0, "-3", None),
            (5.0, "NaN", None),
        ] {
            assert_eq!(Scale { most }.read(cell), grade, "{cell} of {most}");
        }
    }
}
