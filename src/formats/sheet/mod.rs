//! What is in this file, and what becomes of each of its rows? A look before anybody decided anything, then the reading by a mapping.

mod guess;
mod mapping;
mod survey;

use super::{
    appointment_rows, cells,
    columns::Columns,
    deal_rows,
    delimited::{Line, Table},
    feeds, people_rows,
    reader::{ReadRow, Reader, Row},
    repair_order_rows,
};
pub use super::{
    cells::DateOrder,
    columns::{Column, Group},
    people_rows::NameOrder,
    reader::Problem,
};
#[cfg(test)]
use super::{delimited::Read, reader::Notes};
use crate::domain::{
    event::ImportRow,
    field::Field,
    import_run::ImportKind,
    time::{At, Zone},
};
use csv::StringRecord;
pub use mapping::{Mapping, Target};
use std::collections::{BTreeMap, HashSet};
use survey::Survey;

/// What a file is, before anybody decided anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// "UTF-8", "UTF-16" or "Windows-1252".
    pub encoding: &'static str,
    pub separator: char,
    /// From 1.
    pub header_line: u64,
    /// Lines that say something, below the header.
    pub rows: u64,
    pub columns: Vec<LookColumn>,
    /// The guess.
    pub mapping: Mapping,
    /// Whose layout it is, where that is known: "DealerVault sales".
    pub preset: Option<&'static str>,
    /// The header's names as they are compared: the key under which a mapping is remembered.
    pub signature: String,
    /// What was odd, a sentence each, without personal data.
    pub notes: Vec<String>,
}

/// One column of a file that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookColumn {
    pub header: String,
    /// The first few values that differ.
    pub samples: Vec<String>,
    /// In how many rows it says something.
    pub filled: u64,
}

/// Corrections made in the page: line, place, and the cell's new text.
pub type Fixes = BTreeMap<u64, BTreeMap<u32, String>>;

/// One line and what becomes of it.
pub struct RowRead<'a> {
    pub line: u64,
    /// As they stand in the file, corrections put in.
    pub cells: &'a StringRecord,
    /// What is taken, or why the row is held back. The lines of one repair order each say the whole order.
    pub outcome: Result<ImportRow, Vec<Problem>>,
    /// What was odd in a row that is taken all the same.
    pub warnings: Vec<Problem>,
}

/// Something a column may be mapped to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct TargetInfo {
    /// As mappings say it.
    pub word: String,
    /// As people say it.
    pub label: String,
    /// Under which heading it is offered.
    pub group: &'static str,
}

/// Largest file that is read: some millions of rows.
pub const MOST_BYTES: usize = 1 << 30;
/// Different values shown of one column.
const MOST_SAMPLES: usize = 4;

/// Everything a column of such a file may be mapped to, the store's `own` fields last.
#[must_use]
pub fn targets(kind: ImportKind, own: &[Field]) -> Vec<TargetInfo> {
    let groups: &[Group] = match kind {
        ImportKind::Customers | ImportKind::Unknown => &[Group::Name, Group::Contact, Group::Address, Group::Consent, Group::About],
        ImportKind::Deals => &[Group::Name, Group::Contact, Group::Address, Group::Consent, Group::About, Group::Car, Group::Deal, Group::Trade],
        ImportKind::RepairOrders => {
            &[Group::Name, Group::Contact, Group::Address, Group::Consent, Group::About, Group::Car, Group::Service, Group::Work]
        }
        ImportKind::Appointments => {
            &[Group::Name, Group::Contact, Group::Address, Group::Consent, Group::About, Group::Car, Group::Appointment, Group::Work]
        }
        ImportKind::Inventory => &[Group::Car, Group::Listing],
    };
    let info = |target: Target, label: String, group: &'static str| TargetInfo { word: target.word(), label, group };
    let mut all = vec![info(Target::Skip, "Leave out".to_owned(), "Other")];
    if kind != ImportKind::Inventory {
        all.push(info(Target::Note, "Keep as a note".to_owned(), "Other"));
        all.push(info(Target::Tags, "Tags".to_owned(), "Other"));
    }
    let of = |group: Group| Column::ALL.iter().copied().filter(move |column| column.group() == group);
    for group in groups {
        all.extend(of(*group).map(|column| info(Target::Column(column), column.label().to_owned(), group.label())));
    }
    if kind == ImportKind::Customers {
        all.extend(of(Group::Car).filter(|c| guess::is_of_named_car(*c)).map(|c| info(Target::Column(c), c.label().to_owned(), "Their car")));
    }
    if kind == ImportKind::Deals {
        for column in groups.iter().filter(|group| group.is_of_a_person()).flat_map(|group| of(*group)) {
            all.push(info(Target::CoBuyer(column), format!("Co-buyer: {}", column.label().to_lowercase()), "Co-buyer"));
        }
    }
    if kind != ImportKind::Inventory {
        all.extend(own.iter().map(|field| info(Target::Field(field.key.clone()), field.label.clone(), "Your own fields")));
    }
    all
}

/// Looks through a file: its form, its columns, and a guess at what they mean.
///
/// # Errors
/// A sentence for whoever brought the file: what was found and what to do.
pub fn look(bytes: &[u8], file: &str, own: &[Field]) -> Result<Look, String> {
    refuse_too_large(bytes)?;
    let table = Table::open(bytes)?;
    let names = guess::names(table.header.iter());
    let preset = guess::preset(&names);
    let kind = preset.map_or_else(|| guess::kind(&names), |preset| preset.kind);
    let system = preset.map_or_else(|| guess::system_of(file), |preset| preset.system.to_owned());
    let mut columns: Vec<LookColumn> =
        table.header.iter().map(|header| LookColumn { header: cells::words(header), samples: Vec::new(), filled: 0 }).collect();
    let mut mapping = guess::mapping(kind, &names, system, own);
    let mut survey = Survey::new(&mapping);
    let mut rows = 0;
    table.each_row(&Fixes::new(), &mut |line| {
        rows += 1;
        survey.see(&line);
        for (column, cell) in columns.iter_mut().zip(line.cells) {
            column.see(cell);
        }
    });
    if rows == 0 {
        let (line, count) = (table.header_line, columns.len());
        return Err(format!("Line {line} names {count} columns, and no row follows. Export the file again with its rows."));
    }
    let headers: Vec<String> = columns.iter().map(|column| column.header.clone()).collect();
    let mut notes = survey.conclude(&mut mapping, &headers);
    if table.header_line > 1 {
        notes.insert(0, format!("The columns are named in line {}; what stands above was passed over.", table.header_line));
    }
    Ok(Look {
        encoding: table.encoding,
        separator: table.separator(),
        header_line: table.header_line,
        rows,
        columns,
        mapping,
        preset: preset.map(|preset| preset.name),
        signature: names.join("|"),
        notes,
    })
}

/// The guess for a file that somebody says is of another kind.
#[must_use]
pub fn mapping_as(kind: ImportKind, headers: &[String], before: &Mapping, own: &[Field]) -> Mapping {
    let names = guess::names(headers.iter().map(String::as_str));
    Mapping { dates: before.dates, names: before.names, ..guess::mapping(kind, &names, before.system.clone(), own) }
}

fn refuse_too_large(bytes: &[u8]) -> Result<(), String> {
    if bytes.len() <= MOST_BYTES {
        return Ok(());
    }
    let (has, most) = (bytes.len() >> 20, MOST_BYTES >> 20);
    Err(format!("The file has {has} MiB, and at most {most} MiB are read at once. Export it in parts, for instance a year at a time."))
}

impl LookColumn {
    fn see(&mut self, cell: &str) {
        let text = cells::trimmed(cell);
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        if self.samples.len() < MOST_SAMPLES {
            let sample = cells::words(text);
            if !self.samples.contains(&sample) {
                self.samples.push(sample);
            }
        }
    }
}

/// Reads every line in order and says what becomes of it. Blank lines and a header that is repeated are no rows; all others are given. What
/// is said of a field that is not among the store's `own` is left out.
///
/// # Errors
/// A sentence for whoever brought the file: it was not read at all.
pub fn read(
    bytes: &[u8],
    mapping: &Mapping,
    fixes: &Fixes,
    own: &[Field],
    received: At,
    zone: &Zone,
    give: &mut dyn FnMut(RowRead<'_>),
) -> Result<(), String> {
    refuse_too_large(bytes)?;
    let table = Table::open(bytes)?;
    read_table(&table, mapping, fixes, own, received, zone, give)
}

fn read_table(
    table: &Table<'_>,
    mapping: &Mapping,
    fixes: &Fixes,
    own: &[Field],
    received: At,
    zone: &Zone,
    give: &mut dyn FnMut(RowRead<'_>),
) -> Result<(), String> {
    let (here, mapped) = (table.header.len(), mapping.columns.len());
    if here != mapped {
        return Err(format!("The file has {here} columns, and the mapping was made for {mapped}. Look at the file again and match its columns."));
    }
    let columns = Columns::of_mapping(guess::dictionaries(mapping.kind), table.header.iter(), &mapping.columns);
    refuse_what_tells_nothing(mapping.kind, &columns)?;
    let mut reader = Reader::of_mapping(columns, mapping, &table.header, own, received, zone);
    match mapping.kind {
        ImportKind::Customers => each(table, fixes, &mut reader, &mut |r, row| people_rows::customer(r, row).map(ImportRow::Customer), give),
        ImportKind::Deals => each(table, fixes, &mut reader, &mut |r, row| deal_rows::deal(r, row).map(ImportRow::Deal), give),
        ImportKind::Appointments => {
            each(table, fixes, &mut reader, &mut |r, row| appointment_rows::appointment(r, row).map(ImportRow::Appointment), give);
        }
        ImportKind::Inventory => {
            let mut met = HashSet::new();
            let mut listing =
                |r: &mut Reader<'_>, row: Row<'_>| feeds::listing(r, row).and_then(|car| feeds::once(&mut met, car)).map(ImportRow::Listing);
            each(table, fixes, &mut reader, &mut listing, give);
        }
        ImportKind::RepairOrders => {
            let mut orders = repair_order_rows::Orders::new(give);
            table.each_row(fixes, &mut |line| {
                let outcome = reader.outcome(&line, &mut |r, row| repair_order_rows::repair_order(r, row));
                orders.take(line.number, line.cells, outcome, std::mem::take(&mut reader.warnings));
            });
            orders.end();
        }
        ImportKind::Unknown => return Err("Headlight imports customers, deals, repair orders, appointments and inventory.".to_owned()),
    }
    Ok(())
}

fn each(table: &Table<'_>, fixes: &Fixes, reader: &mut Reader<'_>, read: &mut ReadRow<'_, ImportRow>, give: &mut dyn FnMut(RowRead<'_>)) {
    table.each_row(fixes, &mut |line: Line<'_>| {
        let outcome = reader.outcome(&line, read);
        give(RowRead { line: line.number, cells: line.cells, outcome, warnings: std::mem::take(&mut reader.warnings) });
    });
}

/// A file that lacks what every row of its kind needs would be held back row by row.
fn refuse_what_tells_nothing(kind: ImportKind, columns: &Columns) -> Result<(), String> {
    let has_one = |wanted: &[Column]| wanted.iter().any(|column| columns.has(*column));
    let needs: &[(&[Column], &str)] = match kind {
        ImportKind::Customers => &[(people_rows::TELLING, "a name, a phone number or an email address")],
        ImportKind::Deals => {
            &[(&[Column::SoldDate, Column::DeliveredDate, Column::PostedDate], "the date of the sale, such as Contract Date or Sold Date")]
        }
        ImportKind::RepairOrders => &[(&[Column::RepairOrderNumber], "the repair order number"), (&[Column::OpenDate], "the opening date")],
        ImportKind::Appointments => {
            &[(&[Column::AppointmentNumber], "the appointment number"), (&[Column::AppointmentDate], "the date of the appointment")]
        }
        ImportKind::Inventory => &[(&[Column::Vin, Column::Stock], "a VIN or a stock number")],
        ImportKind::Unknown => &[],
    };
    match needs.iter().find(|(wanted, _)| !has_one(wanted)) {
        Some((_, what)) => Err(format!("The file has no column with {what}.")),
        None => Ok(()),
    }
}

/// Reads a file as one of a kind that is known, by the guess: for tests of the rows.
#[cfg(test)]
pub(super) fn gather<T>(
    kind: ImportKind,
    bytes: &[u8],
    source: &str,
    received: At,
    zone: &Zone,
    mut of_row: impl FnMut(ImportRow) -> Option<T>,
) -> Result<Read<T>, String> {
    let table = Table::open(bytes)?;
    let mapping = guess::mapping(kind, &guess::names(table.header.iter()), source.to_owned(), &[]);
    let mut notes = Notes::default();
    let mut read = Read { rows: Vec::new(), held_back: Vec::new(), notes: Vec::new() };
    read_table(&table, &mapping, &Fixes::new(), &[], received, zone, &mut |row| {
        notes.add(row.warnings, row.line);
        match row.outcome {
            Ok(said) => read.rows.extend(of_row(said).map(|said| (row.line, said))),
            Err(problems) => read.held_back.extend(problems.into_iter().next().map(|problem| (row.line, problem.what))),
        }
    })?;
    read.notes = notes.sentences();
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        appointment::NewAppointment,
        consent::Channel,
        deal::{DealKind, NewDeal},
        field::FieldKind,
        money::Cents,
        phone::Phone,
        profile::{Profile, SourceKind},
    };

    /// 2026-11-24 14:41 UTC
    const RECEIVED: At = At(1_795_531_260_000);

    macro_rules! fixture {
        ($name:literal) => {
            include_bytes!(concat!("../../../tests/fixtures/imports/", $name)).as_slice()
        };
    }

    struct Given {
        line: u64,
        cells: Vec<String>,
        outcome: Result<ImportRow, Vec<Problem>>,
        warnings: Vec<Problem>,
    }

    fn read_by(bytes: &[u8], mapping: &Mapping, fixes: &Fixes) -> Vec<Given> {
        read_with(&[], bytes, mapping, fixes)
    }

    fn read_with(own: &[Field], bytes: &[u8], mapping: &Mapping, fixes: &Fixes) -> Vec<Given> {
        let mut all = Vec::new();
        read(bytes, mapping, fixes, own, RECEIVED, &Zone::utc(), &mut |row| {
            let cells = row.cells.iter().map(str::to_owned).collect();
            all.push(Given { line: row.line, cells, outcome: row.outcome, warnings: row.warnings });
        })
        .unwrap();
        all
    }

    /// Looks and then reads by the guess.
    fn guessed(bytes: &[u8]) -> (Look, Vec<Given>) {
        let look = look(bytes, "file.csv", &[]).unwrap();
        let rows = read_by(bytes, &look.mapping, &Fixes::new());
        (look, rows)
    }

    fn customer(given: &Given) -> &Profile {
        match &given.outcome {
            Ok(ImportRow::Customer(profile)) => profile,
            other => panic!("line {}: {other:?}", given.line),
        }
    }

    fn deal(given: &Given) -> &NewDeal {
        match &given.outcome {
            Ok(ImportRow::Deal(deal)) => deal,
            other => panic!("line {}: {other:?}", given.line),
        }
    }

    fn appointment(given: &Given) -> &NewAppointment {
        match &given.outcome {
            Ok(ImportRow::Appointment(appointment)) => appointment,
            other => panic!("line {}: {other:?}", given.line),
        }
    }

    fn said(problems: &[Problem]) -> Vec<(Option<u32>, &str)> {
        problems.iter().map(|p| (p.place, p.what.split(['.', ';', ',']).next().unwrap_or(""))).collect()
    }

    fn day(text: &str) -> At {
        At::parse_rfc3339(&format!("{text}T00:00:00Z")).unwrap()
    }

    #[test]
    fn each_systems_layout_is_known_by_its_columns() {
        use ImportKind::{Appointments, Customers, Deals, RepairOrders};
        for (bytes, preset, system, kind) in [
            (fixture!("dealervault_sl.txt"), Some("DealerVault sales"), "DealerVault", Deals),
            (fixture!("dealervault_sl_couple.txt"), Some("DealerVault sales"), "DealerVault", Deals),
            (fixture!("dealervault_sv.txt"), Some("DealerVault service"), "DealerVault", RepairOrders),
            (fixture!("dealervault_sv_appt.txt"), Some("DealerVault appointments"), "DealerVault", Appointments),
            (fixture!("customers_vinsolutions.csv"), Some("VinSolutions customers"), "VinSolutions", Customers),
            (fixture!("customers_elead.txt"), Some("Elead customers"), "Elead", Customers),
            (fixture!("customers_dealersocket.csv"), Some("DealerSocket customers"), "DealerSocket", Customers),
            (fixture!("customers_autoraptor.csv"), Some("AutoRaptor customers"), "AutoRaptor", Customers),
            (fixture!("customers_dealercenter.csv"), Some("DealerCenter customers"), "DealerCenter", Customers),
            (fixture!("customers_frazer.csv"), Some("Frazer customers"), "Frazer", Customers),
            (fixture!("deals_frazer.csv"), Some("Frazer sales"), "Frazer", Deals),
            (fixture!("deals_cdk.csv"), Some("CDK sales"), "CDK", Deals),
            (fixture!("repair_orders_generic.csv"), None, "shop", RepairOrders),
            (fixture!("customers_day_first.csv"), None, "shop", Customers),
        ] {
            let look = look(bytes, "C:\\exports\\Shop export 2026-11-01.csv", &[]).unwrap();
            assert_eq!((look.preset, look.mapping.system.as_str(), look.mapping.kind), (preset, system, kind));
            assert_eq!(look.columns.len(), look.mapping.columns.len());
        }
    }

    #[test]
    fn a_file_is_of_the_kind_that_its_columns_make_it() {
        use ImportKind::{Appointments, Customers, Deals, Inventory, RepairOrders};
        for (header, kind) in [
            ("Name,Phone,Date,Vehicle", Customers),
            ("DealerName,Phone,Address,StockNumber,Year,Make,Price,VIN", Inventory),
            ("First Name,Last Name,Sold Date,Stock #", Deals),
            ("Customer,RO #,Opened,VIN", RepairOrders),
            ("Customer,Appt ID,Appt Date,VIN", Appointments),
            ("Customer,RO #,Open Date,Appointment Number,Appointment Date", RepairOrders),
            ("Phone", Customers),
        ] {
            assert_eq!(look(format!("{header}\n1\n").as_bytes(), "f", &[]).unwrap().mapping.kind, kind, "{header}");
        }
    }

    #[test]
    fn somebody_who_knows_better_names_the_kind() {
        let look = look(fixture!("deals_cdk.csv"), "f", &[]).unwrap();
        let headers: Vec<String> = look.columns.iter().map(|column| column.header.clone()).collect();
        assert_eq!(mapping_as(ImportKind::Deals, &headers, &look.mapping, &[]), look.mapping);
        let people = mapping_as(ImportKind::Customers, &headers, &look.mapping, &[]);
        assert_eq!((people.kind, people.system.as_str(), &people.columns[0]), (ImportKind::Customers, "CDK", &Target::Note));
        assert_eq!(people.columns[2], Target::Column(Column::FullName));
    }

    #[test]
    fn a_column_named_like_a_date_that_holds_none_is_a_note() {
        let (look, rows) = guessed(b"Prospect ID,Name,Last Activity\n0417,Dana Whitfield,Email opened\n0418,Jo Lee,\n");
        assert_eq!(look.mapping.columns[2], Target::Note);
        assert_eq!((customer(&rows[0]).remarks.as_str(), customer(&rows[0]).number.as_deref()), ("Last Activity: Email opened", Some("0417")));
        assert_eq!((look.notes.len(), rows[0].warnings.len()), (1, 0));
    }

    #[test]
    fn a_look_says_what_the_file_is() {
        let look = look(fixture!("customers_day_first.csv"), "list.csv", &[]).unwrap();
        assert_eq!((look.encoding, look.separator, look.header_line, look.rows), ("Windows-1252", ';', 1, 6));
        assert_eq!((look.columns[1].header.as_str(), look.columns[1].filled), ("Full Name", 6));
        assert_eq!(look.columns[1].samples, vec!["NÚÑEZ ZOË M", "MOSS ADA J", "POE EVE K", "LEE JO Q"]);
        assert_eq!((look.mapping.dates, look.mapping.names), (DateOrder::DayFirst, NameOrder::LastFirst));
        assert!(look.signature.starts_with("contactid|fullname|mobile|email|"), "{}", look.signature);
        assert_eq!(look.notes.len(), 3, "{:?}", look.notes);
    }

    #[test]
    fn the_order_of_dates_and_names_is_the_files() {
        let (_, rows) = guessed(fixture!("customers_day_first.csv"));
        let zoe = customer(&rows[0]);
        assert_eq!((zoe.name.first.as_str(), zoe.name.middle.as_str(), zoe.name.last.as_str()), ("ZOË", "M", "NÚÑEZ"));
        assert_eq!(zoe.birth.map(|b| b.to_string()).as_deref(), Some("1984-06-30"));
        assert_eq!((zoe.at, zoe.number.as_deref()), (day("2025-11-24"), Some("000091")));
        assert_eq!(customer(&rows[1]).at, day("2026-06-05"));
        assert_eq!(said(&rows[3].warnings), vec![(Some(8), "The date of the last activity could not be read")]);
        assert_eq!(customer(&rows[4]).name.first, "BUD");
    }

    #[test]
    fn no_column_of_a_list_of_people_is_lost() {
        let (look, rows) = guessed(fixture!("customers_day_first.csv"));
        let zoe = customer(&rows[0]);
        assert_eq!(zoe.remarks, "Idioma: es\nNotas: prefers mornings");
        assert_eq!(zoe.tags, vec!["VIP", "service"]);
        assert_eq!(customer(&rows[1]).remarks, "");
        let mut mapping = look.mapping;
        mapping.columns[10] = Target::Field("language".to_owned());
        mapping.columns[11] = Target::Skip;
        let rows = read_with(&[own("Language", FieldKind::Text)], fixture!("customers_day_first.csv"), &mapping, &Fixes::new());
        let zoe = customer(&rows[0]);
        assert_eq!((zoe.remarks.as_str(), &zoe.fields), ("", &vec![("language".to_owned(), "es".to_owned())]));
    }

    #[test]
    fn a_list_of_people_names_a_car_by_its_number_and_one_without_stays_in_the_remarks() {
        let (look, rows) = guessed(
            b"First Name,VIN,Year,Make,Model,License Plate,Stock #\n\
              Dana,2HGFC2F59KH512345,2019,HONDA,Civic,8ABC 123,24117\n\
              Omar,,2018,FORD,F-150,,\n\
              Kit,not known 7,,,,,\n",
        );
        let words: Vec<String> = look.mapping.columns.iter().map(Target::word).collect();
        assert_eq!(words, ["first-name", "vin", "year", "make", "model", "plate", "note"]);
        let [dana, omar, kit] = [0, 1, 2].map(|row| customer(&rows[row]));
        let car = dana.car.as_ref().unwrap();
        assert_eq!((car.vin.as_str(), car.facts.label().as_str(), car.facts.plate.as_str()), ("2HGFC2F59KH512345", "2019 Honda Civic", "8ABC 123"));
        assert_eq!((dana.remarks.as_str(), &omar.car, &kit.car), ("Stock #: 24117", &None, &None));
        assert_eq!(omar.remarks, "Model year: 2018\nMake: FORD\nModel: F-150");
        assert_eq!((kit.remarks.as_str(), rows[2].warnings.len()), ("VIN: not known 7", 1));
        // Without a number anywhere, the columns of a car mean nothing here.
        let (look, rows) = guessed(b"First Name,Year,Make,Style\nDana,2019,Honda,Sedan\n");
        assert_eq!(look.mapping.columns[1..], [Target::Note, Target::Note, Target::Note]);
        assert_eq!(customer(&rows[0]).remarks, "Year: 2019\nMake: Honda\nStyle: Sedan");
        let offered = targets(ImportKind::Customers, &[]);
        assert!(offered.iter().any(|t| t.word == "vin" && t.group == "Their car") && !offered.iter().any(|t| t.word == "stock"));
    }

    #[test]
    fn remarks_have_an_end_and_it_is_said() {
        let (_, rows) = guessed(format!("First Name,Last Name,Story\nDana,Whitfield,{}\n", "é ".repeat(1_990)).as_bytes());
        assert!(customer(&rows[0]).remarks.len() <= 2_000);
        assert_eq!(said(&rows[0].warnings), vec![(None, "The row says more than fits into remarks")]);
    }

    #[test]
    fn a_row_of_sales_says_both_buyers_both_trades_and_the_lease() {
        let (_, rows) = guessed(fixture!("dealervault_sl_couple.txt"));
        let first = deal(&rows[0]);
        assert_eq!((first.buyer.name.first.as_str(), first.buyer.remarks.as_str()), ("DANA", ""));
        assert_eq!((first.buyer.source.name.as_str(), first.buyer.source.kind), ("DealerVault", SourceKind::Dms));
        assert_eq!(first.buyer.birth.map(|b| b.to_string()).as_deref(), Some("1956-04-09"));
        let rowan = first.co_buyer.as_ref().unwrap();
        assert_eq!((rowan.name.display().as_deref(), rowan.number.as_deref()), (Some("ROWAN WHITFIELD"), Some("0041790")));
        assert_eq!((rowan.phones[0].e164(), rowan.emails[0].as_str()), ("+12075550162", "rowan.w@example.com"));
        assert_eq!(rowan.consent.iter().map(|f| f.channel).collect::<Vec<_>>(), vec![Channel::Email]);
        assert_eq!((first.sold, first.delivered, first.facts.odometer_mi), (day("2026-06-30"), Some(day("2026-07-01")), Some(31_204)));
        assert_eq!((first.front_gross, first.back_gross), (Some(Cents(211_500)), Some(Cents(-12_050))));
        assert_eq!((first.kind, first.residual, first.allowed_mi), (DealKind::Lease, Some(Cents(1_980_000)), Some(36_000)));
        assert_eq!((first.salesperson.as_str(), first.more_salespeople.as_slice()), ("PRIYA SHAH", ["SAM ORTIZ".to_owned()].as_slice()));
        assert_eq!(first.finance_manager, "LEE BAKER");
        let trade = first.second_trade.as_ref().unwrap();
        assert_eq!((trade.facts.label().as_str(), trade.payoff), ("2009 Ford Ranger", Some(Cents(31_000))));
        let second = deal(&rows[1]);
        assert_eq!((second.sold, &second.co_buyer, &second.second_trade), (day("2026-07-02"), &None, &None));
    }

    #[test]
    fn a_post_dated_contract_of_cdk_is_the_day_of_the_sale() {
        let (_, rows) = guessed(fixture!("deals_cdk.csv"));
        let deal = deal(&rows[0]);
        assert_eq!((deal.number.as_str(), deal.sold, deal.front_gross), ("004410", day("2026-11-02"), Some(Cents(-21_000))));
        assert_eq!((deal.buyer.name.last.as_str(), deal.buyer.number.as_deref(), deal.stock.as_str()), ("WHITFIELD", Some("000917"), "024117"));
        assert_eq!((deal.buyer.phones.len(), deal.buyer.emails.len(), deal.facts.odometer_mi), (1, 1, Some(31_204)));
    }

    #[test]
    fn the_appointments_of_dealervault_are_read() {
        let (_, rows) = guessed(fixture!("dealervault_sv_appt.txt"));
        let first = appointment(&rows[0]);
        assert_eq!((first.number.as_str(), first.at), ("0007781", At::parse_rfc3339("2026-11-25T08:30:00Z").unwrap()));
        assert_eq!((first.created, first.customer.at), (Some(day("2026-11-18")), day("2026-11-18")));
        assert_eq!(first.complaint, "GRINDING NOISE FRONT LEFT");
        assert_eq!(
            (first.work.as_slice(), first.recommended.as_slice()),
            (["LUBE OIL AND FILTER".to_owned(), "BRAKE INSPECTION".to_owned()].as_slice(), ["CABIN FILTER".to_owned()].as_slice())
        );
        assert_eq!((first.waiting, first.loaner, first.estimate, first.advisor.as_str()), (true, false, Some(Cents(18_995)), "RAY POOLE"));
        assert_eq!((first.facts.odometer_mi, first.customer.number.as_deref()), (Some(62_010), Some("0041772")));
        assert_eq!(first.customer.consent.iter().map(|f| f.channel).collect::<Vec<_>>(), vec![Channel::Text, Channel::Call]);
        let second = appointment(&rows[1]);
        assert_eq!((second.at, second.loaner), (day("2026-11-25"), true));
        assert_eq!(said(&rows[1].warnings), vec![(Some(5), "The time of an appointment could not be read and was left out")]);
        for (row, place, what) in [
            (2, Some(4), "The date of the appointment could not be read"),
            (3, Some(3), "The row has no appointment number"),
            (4, None, "The row names no customer: no name"),
        ] {
            assert_eq!(said(rows[row].outcome.as_ref().unwrap_err()), vec![(place, what)]);
        }
    }

    #[test]
    fn what_a_spreadsheet_has_broken_is_left_out_and_said() {
        let (look, rows) = guessed(fixture!("customers_from_a_spreadsheet.csv"));
        let broken = "A spreadsheet has turned a number into the form 1";
        let dana = customer(&rows[0]);
        assert_eq!((dana.number.as_deref(), dana.phones.len(), dana.phones[0].e164()), (Some("00417"), 1, "+12075550148"));
        assert_eq!(dana.remarks, "Account: 00417-B");
        assert_eq!(said(&rows[0].warnings), vec![(Some(3), broken)]);
        let jo = customer(&rows[1]);
        assert_eq!((&jo.number, jo.phones.len()), (&None, 0));
        assert_eq!(said(&rows[1].warnings), vec![(Some(3), broken), (Some(0), broken)]);
        assert_eq!(look.notes.len(), 3, "{:?}", look.notes);
        let (_, rows) = guessed(b"Deal Number,Sold Date,Last Name,VIN\n1.20756E+10,6/30/2026,Lee,1HGCM82633A004352\n");
        assert_eq!(said(rows[0].outcome.as_ref().unwrap_err()), vec![(Some(0), broken)]);
    }

    #[test]
    fn a_correction_is_read_as_if_it_stood_in_the_file() {
        let file = b"Deal Number,Sold Date,Last Name\n007,soon,Lee\n008,6/30/2026,Poe,Jr\n009\n";
        let mapping = look(file, "f", &[]).unwrap().mapping;
        assert!(read_by(file, &mapping, &Fixes::new()).iter().all(|row| row.outcome.is_err()));
        let fix = |place: u32, text: &str| BTreeMap::from([(place, text.to_owned())]);
        let fixes = Fixes::from([
            (2, fix(1, "6/29/2026")),
            (3, fix(3, "")),
            (4, BTreeMap::from([(1, "6/30/2026".to_owned()), (2, "Moss".to_owned()), (u32::MAX, "far".to_owned())])),
        ]);
        let rows = read_by(file, &mapping, &fixes);
        assert_eq!(rows.iter().map(|row| deal(row).buyer.name.last.as_str()).collect::<Vec<_>>(), vec!["Lee", "Poe", "Moss"]);
        assert_eq!(deal(&rows[0]).sold, day("2026-06-29"));
        assert_eq!(rows[2].cells, vec!["009", "6/30/2026", "Moss"]);
    }

    #[test]
    fn everything_wrong_with_a_row_is_said_at_once() {
        let (_, rows) = guessed(b"Deal Number,Sold Date,Last Name,VIN\n007,soon,,1HGCM82633A004352\n");
        let problems = said(rows[0].outcome.as_ref().unwrap_err());
        assert_eq!(problems, vec![(Some(1), "The date of the sale could not be read"), (None, "The row names no buyer: no name")]);
    }

    #[test]
    fn every_line_of_one_repair_order_says_the_whole_order() {
        let (_, rows) = guessed(fixture!("repair_orders_generic.csv"));
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), vec![2, 3, 4, 5]);
        assert_eq!(rows[0].outcome, rows[1].outcome);
        assert_ne!(rows[0].outcome, rows[3].outcome);
    }

    #[test]
    fn a_file_that_was_cut_off_holds_its_last_row_back() {
        for (file, held) in [
            ("First Name,Last Name,Phone\nDana,Whitfield,2075550148\nJo,Le", true),
            ("First Name,Last Name,Phone\nDana,Whitfield,2075550148\nJo,Lee,\"20755", true),
            ("First Name,Last Name,Phone\nDana,Whitfield,2075550148\nJo,Lee,2075550102", false),
            ("First Name,Last Name,Phone\nDana,Whitfield,2075550148\nJo,Lee\n", false),
        ] {
            let (_, rows) = guessed(file.as_bytes());
            assert_eq!((rows.len(), rows[0].outcome.is_ok()), (2, true));
            let cut = rows[1].outcome.as_ref().err().is_some_and(|p| p[0].what.contains("may be cut off"));
            assert_eq!((rows[1].line, cut), (3, held), "{file}");
        }
    }

    #[test]
    fn a_date_or_an_amount_that_is_odd_is_left_out_and_said() {
        let (_, rows) = guessed(
            b"Deal Number,Contract Date,Delivery Date,Last Name,Sales Price,Back Gross\n7,6/30/2026,31/6/2026,Lee,\"27.650,00\",\"439,12\"\n",
        );
        let lee = deal(&rows[0]);
        assert_eq!((lee.sold, lee.delivered, lee.price, lee.back_gross), (day("2026-06-30"), None, None, None));
        let (date, amount) = ("A date could not be read and was left out", "An amount could not be read with certainty and was left out");
        assert_eq!(said(&rows[0].warnings), vec![(Some(4), amount), (Some(2), date), (Some(5), amount)]);
    }

    #[test]
    fn several_phones_in_one_cell_are_all_taken() {
        let (_, rows) = guessed(b"Name,Phone\nDana Whitfield,207-555-0148 / 207-555-0111\nJo Lee,207-555-0102; none\n");
        assert_eq!((customer(&rows[0]).phones.len(), customer(&rows[1]).phones.len()), (2, 1));
        assert!(rows.iter().all(|row| row.warnings.is_empty()));
    }

    #[test]
    fn a_car_stands_in_a_file_once() {
        let (look, rows) = guessed(b"Stock #,VIN,Price\n7,1HGCM82633A004352,4000\n8,1HGCM82633A004352,3500\n");
        assert_eq!(look.mapping.kind, ImportKind::Inventory);
        assert_eq!(
            (rows[0].outcome.is_ok(), said(rows[1].outcome.as_ref().unwrap_err())),
            (true, vec![(None, "The car stands in the file more than once")])
        );
    }

    #[test]
    fn a_phone_alone_is_a_person() {
        let (look, rows) = guessed(b"Phone\n2075550148\n\n2075550102\n");
        assert_eq!((look.rows, rows.len()), (2, 2));
        assert_eq!(customer(&rows[1]).phones[0].e164(), "+12075550102");
    }

    #[test]
    fn a_header_in_other_words_is_for_a_person_to_match() {
        let file = "Prénom;Surnom;Portable\nZoë;Núñez;2075550148\n".as_bytes();
        let mut mapping = look(file, "liste.csv", &[]).unwrap().mapping;
        assert_eq!(mapping.columns, vec![Target::Note; 3]);
        assert!(read(file, &mapping, &Fixes::new(), &[], RECEIVED, &Zone::utc(), &mut |_| {}).is_err());
        mapping.columns = [Column::FirstName, Column::LastName, Column::CellPhone].map(Target::Column).to_vec();
        let rows = read_by(file, &mapping, &Fixes::new());
        assert_eq!((customer(&rows[0]).name.last.as_str(), customer(&rows[0]).phones.len()), ("Núñez", 1));
    }

    #[test]
    fn what_a_person_chose_comes_before_what_the_name_says() {
        let file = b"First Name,Last Name,Phone,Reachable at\nDana,Whitfield,2075550111,2075550148\n";
        let mut mapping = look(file, "f", &[]).unwrap().mapping;
        mapping.columns[3] = Target::Column(Column::Phone);
        let rows = read_by(file, &mapping, &Fixes::new());
        assert_eq!(customer(&rows[0]).phones.iter().map(Phone::digits).collect::<Vec<_>>(), vec!["2075550148", "2075550111"]);
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_a_sentence() {
        let spreadsheet = [b"PK\x03\x04".as_slice(), &[0; 40]].concat();
        let too_large = vec![0; MOST_BYTES + 1];
        for (bytes, words) in [
            (b"First Name,Last Name,Phone\n".as_slice(), "Line 1 names 3 columns, and no row follows"),
            (b"Printed today\n\nFirst Name,Last Name\n,\n", "Line 3 names 2 columns, and no row follows"),
            (&spreadsheet, "Save the sheet as CSV"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old spreadsheet"),
            (b"\xFF\xD8\xFF\xE0", "picture"),
            (b"\x1F\x8B\x08", "compressed"),
            (b"\xEF\xBB\xBF%PDF-1.7", "PDF"),
            (b"\n <HTML><body>", "web page"),
            (b"[{\"name\":\"Dana\"}]", "JSON"),
            (b"<?xml version=\"1.0\"?>", "XML"),
            (b"BEGIN:VCARD\r\n", "contact cards"),
            (b"", "empty"),
            (b"\xFF\xFE", "empty"),
            (b"17,18\n19,20\n", "header"),
            (&too_large, "in parts"),
        ] {
            let refused = look(bytes, "f", &[]).unwrap_err();
            assert!(refused.contains(words), "{refused}");
        }
        let mapping = look(b"First Name,Phone\nDana,2075550148\n", "f", &[]).unwrap().mapping;
        let refused = read(b"First Name\nDana\n", &mapping, &Fixes::new(), &[], RECEIVED, &Zone::utc(), &mut |_| {}).unwrap_err();
        assert!(refused.contains("1 columns, and the mapping was made for 2"), "{refused}");
    }

    #[test]
    fn every_kind_offers_what_its_files_may_hold() {
        for (kind, has, lacks) in [
            (ImportKind::Customers, "cell-phone", "sold-price"),
            (ImportKind::Deals, "co-buyer:first-name", "open-date"),
            (ImportKind::RepairOrders, "plate", "apr"),
            (ImportKind::Appointments, "waiting", "repair-total"),
            (ImportKind::Inventory, "asking-price", "note"),
        ] {
            let words: Vec<String> = targets(kind, &[]).into_iter().map(|target| target.word).collect();
            assert!(words.iter().any(|w| w == has) && !words.iter().any(|w| w == lacks), "{kind:?}");
            assert!(words.iter().all(|word| Target::parse(word).is_some()));
        }
    }

    fn own(label: &str, kind: FieldKind) -> Field {
        Field { key: Field::key_of(label).unwrap(), label: label.to_owned(), kind, choices: vec!["Gold".to_owned(), "Silver".to_owned()] }
    }

    #[test]
    fn a_column_called_like_a_field_of_the_store_is_guessed_to_be_it_unless_every_file_knows_it() {
        let fields = [own("Spouse\u{2019}s name", FieldKind::Text), own("Club level", FieldKind::Choice), own("Do not text", FieldKind::YesNo)];
        let file = b"First Name,spouse-s-name,CLUB LEVEL,Club level,Do Not Text,Hobby\nDana,Sam,gold,,Y,Golf\n";
        let words = |mapping: &Mapping| mapping.columns.iter().map(Target::word).collect::<Vec<_>>();
        let mapping = look(file, "f", &fields).unwrap().mapping;
        assert_eq!(words(&mapping), ["first-name", "field:spouse-s-name", "field:club-level", "note", "block-text", "note"]);
        let headers: Vec<String> = ["First Name", "Club level"].map(str::to_owned).to_vec();
        assert_eq!(words(&mapping_as(ImportKind::Deals, &headers, &mapping, &fields)), ["first-name", "field:club-level"]);
        assert_eq!(words(&mapping_as(ImportKind::Inventory, &headers, &mapping, &fields)), ["skip", "skip"]);
        let offered = |kind| targets(kind, &fields).into_iter().filter(|t| t.word.starts_with("field:")).map(|t| t.label).collect::<Vec<_>>();
        assert_eq!(offered(ImportKind::Customers), ["Spouse\u{2019}s name", "Club level", "Do not text"]);
        assert_eq!(offered(ImportKind::Inventory), [""; 0]);
    }

    #[test]
    fn a_value_of_the_store_s_own_field_is_kept_in_its_one_form_and_another_is_left_out_and_said() {
        let fields = [
            own("Club level", FieldKind::Choice),
            own("Lease ends", FieldKind::Date),
            own("Payoff", FieldKind::Money),
            own("Pets", FieldKind::YesNo),
            own("Account", FieldKind::Text),
        ];
        for (header, cell, kept, odd) in [
            ("Club level", " gold ", Some("Gold"), None),
            ("Club level", "lead", None, Some("Club level is one of Gold")),
            ("Lease ends", "9/30/31", Some("2031-09-30"), None),
            ("Lease ends", "\"Sep 30, 2031\"", Some("2031-09-30"), None),
            ("Lease ends", "00/00/0000", None, None),
            ("Lease ends", "soon", None, Some("Lease ends is a date")),
            ("Payoff", "\"$1,250\"", Some("1250.00"), None),
            ("Payoff", "much", None, Some("Payoff is an amount of money")),
            ("Pets", "Y", Some("yes"), None),
            ("Account", "0041", Some("0041"), None),
            ("Account", "1.2E+10", None, Some("A spreadsheet has turned a number into the form 1")),
            ("Account", "", None, None),
        ] {
            let file = format!("First Name,{header}\nDana,{cell}\n");
            let mapping = look(file.as_bytes(), "f", &fields).unwrap().mapping;
            let rows = read_with(&fields, file.as_bytes(), &mapping, &Fixes::new());
            assert_eq!(customer(&rows[0]).fields.first().map(|(_, value)| value.as_str()), kept, "{header} {cell}");
            assert_eq!(said(&rows[0].warnings), odd.map(|what| (Some(1), what)).into_iter().collect::<Vec<_>>(), "{header} {cell}");
        }
    }

    #[test]
    fn dates_of_the_store_s_own_fields_are_read_in_the_order_of_the_file() {
        let fields = [own("Lease ends", FieldKind::Date)];
        let file = b"First Name,Birth Date,Lease ends\nDana,24/11/1980,3/4/2031\nOmar,25/11/1980,11/24/2031\n";
        let rows = read_with(&fields, file, &look(file, "f", &fields).unwrap().mapping, &Fixes::new());
        let values: Vec<_> = rows.iter().map(|row| (customer(row).fields.clone(), row.warnings.len())).collect();
        assert_eq!(values, [(vec![("lease-ends".to_owned(), "2031-04-03".to_owned())], 0), (vec![], 1)]);
    }

    #[test]
    fn whatever_the_guess_maps_to_is_offered() {
        for bytes in [
            fixture!("dealervault_sl_couple.txt"),
            fixture!("dealervault_sv.txt"),
            fixture!("dealervault_sv_appt.txt"),
            fixture!("customers_vinsolutions.csv"),
        ] {
            let mapping = look(bytes, "f", &[]).unwrap().mapping;
            let offered: Vec<String> = targets(mapping.kind, &[]).into_iter().map(|target| target.word).collect();
            for target in &mapping.columns {
                assert!(offered.contains(&target.word()), "{target:?}");
            }
        }
    }

    fn any_target() -> impl proptest::strategy::Strategy<Value = Target> {
        use proptest::prelude::*;
        let columns = Column::ALL.iter().copied().map(Target::Column).chain([Target::Skip, Target::Note, Target::Tags]);
        proptest::sample::select(columns.chain([Target::Field("x".to_owned()), Target::CoBuyer(Column::FirstName)]).collect::<Vec<_>>()).boxed()
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reading_stumble(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), kind in 0..5_usize) {
            let header: &[u8] = [
                b"First Name,Last Name,Phone,Birth Date\n".as_slice(),
                b"Deal Number,Sold Date,Last Name,VIN,Co-Buyer Name\n",
                b"RO Number,Open Date,Last Name,VIN\n",
                b"Appointment Number,Appointment Date,Last Name,VIN\n",
                b"",
            ][kind];
            let file = [header, &bytes].concat();
            if let Ok(look) = look(&file, "f", &[]) {
                let mut given = 0;
                let read = read(&file, &look.mapping, &Fixes::new(), &[], RECEIVED, &Zone::utc(), &mut |_| given += 1);
                proptest::prop_assert!(read.is_err() || given == look.rows);
            }
        }

        #[test]
        fn every_line_that_says_something_is_given_once_in_order(
            rows in proptest::collection::vec("[a-z0-9,;\t ]{0,14}", 1..30),
            targets in proptest::collection::vec(any_target(), 3),
            kind in 0..4_usize,
        ) {
            let header = ["First Name", "Last Name", "Phone"];
            let file = format!("{}\n{}\n", header.join(","), rows.join("\n"));
            let kind = [ImportKind::Customers, ImportKind::Deals, ImportKind::RepairOrders, ImportKind::Appointments][kind];
            let mapping = Mapping { kind, system: "s".to_owned(), columns: targets, dates: DateOrder::DayFirst, names: NameOrder::LastFirst };
            let mut given = Vec::new();
            if read(file.as_bytes(), &mapping, &Fixes::new(), &[], RECEIVED, &Zone::utc(), &mut |row| given.push(row.line)).is_ok() {
                let says = |row: &String| row.split(',').any(|cell| !cell.trim().is_empty());
                let expected: Vec<u64> = rows.iter().zip(2..).filter(|(row, _)| says(row)).map(|(_, line)| line).collect();
                proptest::prop_assert_eq!(given, expected);
            }
        }

        #[test]
        fn identifiers_keep_their_leading_zeros(number in "0{1,5}[1-9][0-9]{0,6}") {
            let (_, rows) = guessed(format!("Customer Number,Last Name\n{number},Lee\n").as_bytes());
            proptest::prop_assert_eq!(customer(&rows[0]).number.as_ref(), Some(&number));
            let (_, rows) = guessed(format!("Deal Number,Sold Date,Stock Number,Last Name\n{number},6/30/2026,{number},Lee\n").as_bytes());
            proptest::prop_assert_eq!((&deal(&rows[0]).number, &deal(&rows[0]).stock), (&number, &number));
            let (_, rows) = guessed(format!("Appointment Number,Appointment Date,Last Name\n{number},6/30/2026,Lee\n").as_bytes());
            proptest::prop_assert_eq!(&appointment(&rows[0]).number, &number);
        }
    }
}
