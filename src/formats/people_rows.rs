//! Who is in the row? Customers of any CRM's or DMS's list, and the customer inside a row of deals or repair orders.

use super::{
    car_rows,
    cells::{self, When},
    columns::{Column, Group},
    reader::{BROKEN_NUMBER, Outcome, Problem, Reader, Row},
};
use crate::domain::{
    address::Address,
    birth::BirthDate,
    consent::{Channel, ConsentBasis, ConsentFact, ConsentState},
    email::Email,
    field::{Field, FieldKind},
    phone::Phone,
    profile::{NamedCar, PersonName, Profile},
    time::At,
};

/// In which order a name in one cell is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NameOrder {
    /// As each name shows: what stands before a comma is the last name, else the last word is.
    #[default]
    Guess,
    FirstLast,
    LastFirst,
}

/// Columns of which a list of people has at least one.
pub(super) const TELLING: &[Column] =
    &[Column::FullName, Column::FirstName, Column::LastName, Column::Company, Column::CellPhone, Column::Phone, Column::WorkPhone, Column::Email];

/// Most phones or e-mail addresses kept of one person in one row.
const MOST_POINTS: usize = 6;
/// Most tags and longest remarks kept of one row.
const MOST_TAGS: usize = 30;
const MOST_REMARKS: usize = 2_000;

const NOBODY: &str = "The row names nobody: it has no name, no phone number and no email address.";
const ODD_PHONE: &str = "A phone number could not be read and was left out.";
const ODD_EMAIL: &str = "An email address could not be read and was left out.";
const ODD_BIRTH: &str = "A birth date could not be read and was left out.";
const LONG_REMARKS: &str = "The row says more than fits into remarks; they were cut after 2,000 characters.";
const ODD_LAST_ACTIVE: &str = "The date of the last activity could not be read; the day of this import was taken.";

pub(super) fn customer(reader: &mut Reader<'_>, row: Row<'_>) -> Outcome<Profile> {
    let at = match reader.date(row, Column::LastActive) {
        When::Read(at) => at.min(reader.received),
        When::Blank => reader.received,
        When::Unreadable => {
            reader.warn(row, Column::LastActive, ODD_LAST_ACTIVE);
            reader.received
        }
    };
    let mut person = person(reader, row, at).ok_or_else(|| vec![Problem::of_row(NOBODY)])?;
    name_car(reader, row, &mut person);
    Ok(person)
}

/// The car beside the person. Only its number tells it from others; without one, what the row says of a car is kept as remarks.
fn name_car(reader: &mut Reader<'_>, row: Row<'_>, person: &mut Profile) {
    if let Some(vin) = car_rows::vin(reader, row) {
        person.car = Some(Box::new(NamedCar { vin, facts: car_rows::facts(reader, row) }));
        return;
    }
    for column in Column::ALL.iter().filter(|column| column.group() == Group::Car) {
        let text = reader.text(row, *column);
        if !text.is_empty() {
            add_remark(&mut person.remarks, column.label(), text);
        }
    }
}

/// The person of a row, as of `at`; `None` when it names nobody.
pub(super) fn person(reader: &mut Reader<'_>, row: Row<'_>, at: At) -> Option<Profile> {
    let name = name(reader, row);
    let phones = phones(reader, row);
    let emails = emails(reader, row);
    if name.is_empty() && phones.is_empty() && emails.is_empty() {
        return None;
    }
    let address = Address {
        line1: reader.words(row, Column::AddressLine1),
        line2: reader.words(row, Column::AddressLine2),
        city: reader.words(row, Column::City),
        region: reader.words(row, Column::Region),
        postal_code: reader.words(row, Column::PostalCode),
        country: reader.words(row, Column::Country),
    };
    let number = customer_number(reader, row);
    let consent = consent(reader, row);
    let birth = birth(reader, row);
    let mut profile = Profile { name, phones, emails, address, number, consent, birth, ..Profile::new(reader.source.clone(), at) };
    if !row.is_of_co_buyer() {
        extras(reader, row, &mut profile);
    }
    Some(profile)
}

/// One that is all noughts is nobody's, and one that a spreadsheet has broken would be many people's.
fn customer_number(reader: &mut Reader<'_>, row: Row<'_>) -> Option<String> {
    match reader.number(row, Column::CustomerNumber) {
        Ok(number) => Some(number).filter(|number| number.bytes().any(|b| b != b'0')),
        Err(problem) => {
            reader.warnings.push(problem);
            None
        }
    }
}

fn birth(reader: &mut Reader<'_>, row: Row<'_>) -> Option<BirthDate> {
    match reader.date(row, Column::BirthDate) {
        When::Read(at) => {
            let day = reader.zone.local(at).date();
            BirthDate::new(day.year(), u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?)
        }
        When::Blank => None,
        When::Unreadable => {
            reader.warn(row, Column::BirthDate, ODD_BIRTH);
            None
        }
    }
}

/// Tags, the store's own fields, and everything else the row says as remarks, a line each.
fn extras(reader: &mut Reader<'_>, row: Row<'_>, profile: &mut Profile) {
    let cell = |place: usize| cells::trimmed(row.cells.get(place).unwrap_or(""));
    for place in &reader.extras.tags {
        let tags = cell(*place).split([',', ';', '|']).map(cells::words).filter(|tag| !tag.is_empty());
        for tag in tags.take(MOST_TAGS) {
            if !profile.tags.contains(&tag) {
                profile.tags.push(tag);
            }
        }
    }
    let mut odd = Vec::new();
    for (place, field) in &reader.extras.fields {
        match own_value(reader, field, cell(*place)) {
            Ok(value) if value.is_empty() || profile.fields.iter().any(|(key, _)| *key == field.key) => {}
            Ok(value) => profile.fields.push((field.key.clone(), value)),
            Err(what) => odd.push(Problem { place: u32::try_from(*place).ok(), what }),
        }
    }
    reader.warnings.append(&mut odd);
    let mut is_cut = false;
    for (place, header) in &reader.extras.notes {
        let text = cell(*place);
        if text.is_empty() {
            continue;
        }
        is_cut = !add_remark(&mut profile.remarks, header, text);
        if is_cut {
            break;
        }
    }
    if is_cut {
        reader.warnings.push(Problem::of_row(LONG_REMARKS));
    }
}

/// One more line of remarks, as far as there is room. Whether there was.
fn add_remark(remarks: &mut String, header: &str, text: &str) -> bool {
    if !remarks.is_empty() {
        remarks.push('\n');
    }
    if !header.is_empty() {
        remarks.push_str(header);
        remarks.push_str(": ");
    }
    remarks.push_str(&cells::prose(text));
    let fits = remarks.len() <= MOST_REMARKS;
    remarks.truncate(remarks.floor_char_boundary(MOST_REMARKS));
    fits
}

/// A value of a field of the store's own, as the store keeps it; the error says what it should have been.
fn own_value(reader: &Reader<'_>, field: &Field, cell: &str) -> Result<String, String> {
    if cells::is_broken_number(cell) {
        return Err(BROKEN_NUMBER.to_owned());
    }
    let left_out = |sentence: String| format!("{sentence} What does not fit was left out.");
    if field.kind != FieldKind::Date {
        return field.read(&cells::prose(cell)).map_err(left_out);
    }
    // The file says in which order its dates are written, and noughts are no date.
    match reader.when_also_ahead(cell) {
        When::Read(at) => field.read(&reader.zone.local(at).date().to_string()).map_err(left_out),
        When::Blank => Ok(String::new()),
        When::Unreadable => Err(left_out(field.takes())),
    }
}

fn name(reader: &Reader<'_>, row: Row<'_>) -> PersonName {
    let parts = PersonName {
        first: reader.words(row, Column::FirstName),
        middle: reader.words(row, Column::MiddleName),
        last: reader.words(row, Column::LastName),
        suffix: reader.words(row, Column::NameSuffix),
        // A number under "Customer" is no name.
        full: Some(reader.words(row, Column::FullName)).filter(|full| full.contains(char::is_alphabetic)).unwrap_or_default(),
        is_business: false,
    };
    let company = reader.words(row, Column::Company);
    let flag = reader.text(row, Column::BusinessFlag);
    let flagged = flag.starts_with(['B', 'b']) || cells::is_yes(flag);
    let has_parts = !parts.first.is_empty() || !parts.last.is_empty();
    // A business is called by its name in one piece; some systems put that into the column of the last name.
    let business = match (company.is_empty(), has_parts) {
        (false, false) => Some(company),
        (_, true) if flagged && parts.first.is_empty() => Some(if parts.full.is_empty() { parts.last.clone() } else { parts.full.clone() }),
        (true, false) if flagged || sounds_like_a_business(&parts.full) => Some(parts.full.clone()),
        (_, true) if parts.first.is_empty() && sounds_like_a_business(&parts.last) => Some(parts.last.clone()),
        _ => None,
    };
    match business {
        Some(full) => PersonName { full, is_business: true, ..PersonName::default() },
        None if !has_parts && !parts.full.is_empty() => PersonName { suffix: parts.suffix, ..in_one_piece(&parts.full, reader.names) },
        None => parts,
    }
}

/// A name in one cell, in the order in which the file writes them. A comma says the order itself.
fn in_one_piece(full: &str, order: NameOrder) -> PersonName {
    match (order, full.split_once(' ')) {
        (NameOrder::LastFirst, Some((last, rest))) if !full.contains(',') => {
            PersonName { full: full.to_owned(), ..PersonName::from_full(&format!("{last}, {rest}")) }
        }
        (NameOrder::LastFirst | NameOrder::Guess | NameOrder::FirstLast, _) => PersonName::from_full(full),
    }
}

/// The last words of company names; no surname is one of them.
fn sounds_like_a_business(name: &str) -> bool {
    const MARKS: [&str; 8] = ["llc", "inc", "corp", "corporation", "ltd", "llp", "pllc", "incorporated"];
    let last = name.rsplit(' ').next().unwrap_or("").trim_matches(['.', ',']);
    name.contains(' ') && MARKS.iter().any(|mark| last.replace('.', "").eq_ignore_ascii_case(mark))
}

/// The cell phone first: it is the one that can be texted.
fn phones(reader: &mut Reader<'_>, row: Row<'_>) -> Vec<Phone> {
    let mut phones: Vec<Phone> = Vec::new();
    let (mut odd, mut broken) = (None, None);
    for column in [Column::CellPhone, Column::Phone, Column::WorkPhone] {
        for text in reader.texts(row, column) {
            if cells::is_broken_number(text) {
                broken = Some(column);
            } else if !take_phones(&mut phones, text) {
                odd = Some(column);
            }
        }
    }
    for (column, what) in [(odd, ODD_PHONE), (broken, BROKEN_NUMBER)] {
        if let Some(column) = column {
            reader.warn(row, column, what);
        }
    }
    phones
}

/// One number, or several in one cell; false when something that looks like a number is none.
fn take_phones(phones: &mut Vec<Phone>, text: &str) -> bool {
    let mut take = |phone: Phone| {
        if phones.len() < MOST_POINTS && !phones.contains(&phone) {
            phones.push(phone);
        }
    };
    if let Some(phone) = Phone::parse(text) {
        take(phone);
        return true;
    }
    let mut are_all = true;
    for part in text.split([';', ',', '|', '/', '\n']) {
        match Phone::parse(part) {
            Some(phone) => take(phone),
            None => are_all &= !part.bytes().any(|b| matches!(b, b'1'..=b'9')),
        }
    }
    are_all
}

fn emails(reader: &mut Reader<'_>, row: Row<'_>) -> Vec<Email> {
    let mut emails: Vec<Email> = Vec::new();
    let mut odd = false;
    for text in reader.texts(row, Column::Email) {
        for part in text.split([';', ',', ' ', '|']).filter(|part| !part.is_empty()) {
            match Email::parse(part) {
                Some(email) if emails.len() < MOST_POINTS && !emails.contains(&email) => emails.push(email),
                Some(_) => {}
                None => odd |= part.contains('@'),
            }
        }
    }
    if odd {
        reader.warn(row, Column::Email, ODD_EMAIL);
    }
    emails
}

/// Flags forbid and never permit: a "Y" under "can text" proves nothing. They are dated by the import, for the list says so today.
fn consent(reader: &Reader<'_>, row: Row<'_>) -> Vec<ConsentFact> {
    const FORBIDDING: [(Column, &[Channel]); 5] = [
        (Column::OptOut, &Channel::ALL),
        (Column::BlockPhone, &[Channel::Call, Channel::Text]),
        (Column::BlockCall, &[Channel::Call]),
        (Column::BlockText, &[Channel::Text]),
        (Column::BlockEmail, &[Channel::Email]),
    ];
    const PERMITTING: [(Column, Channel); 3] =
        [(Column::AllowText, Channel::Text), (Column::AllowCall, Channel::Call), (Column::AllowEmail, Channel::Email)];
    let mut revoked: Vec<Channel> = Vec::new();
    for (column, channels) in FORBIDDING {
        if reader.texts(row, column).any(cells::forbids) {
            revoked.extend_from_slice(channels);
        }
    }
    for (column, channel) in PERMITTING {
        if reader.texts(row, column).any(cells::is_no) {
            revoked.push(channel);
        }
    }
    let fact = |channel: Channel| ConsentFact {
        channel,
        state: ConsentState::Revoked,
        basis: ConsentBasis::DmsFlag,
        at: reader.received,
        evidence: format!("{} row", reader.source.name),
    };
    Channel::ALL.into_iter().filter(|channel| revoked.contains(channel)).map(fact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{event::ImportRow, import_run::ImportKind, time::Zone},
        formats::{delimited::Read, sheet},
    };

    /// Reads a list of customers by the guess. A row is dated by its last activity where the list has one, else by `received`.
    fn customers(bytes: &[u8], source: &str, received: At, zone: &Zone) -> Result<Read<Profile>, String> {
        sheet::gather(ImportKind::Customers, bytes, source, received, zone, |row| match row {
            ImportRow::Customer(profile) => Some(profile),
            ImportRow::Deal(_) | ImportRow::RepairOrder(_) | ImportRow::Appointment(_) | ImportRow::Listing(_) | ImportRow::Unknown => None,
        })
    }

    const RECEIVED: At = At(1_795_531_260_000);

    fn read(text: &str) -> Read<Profile> {
        customers(text.as_bytes(), "CRM list", RECEIVED, &Zone::utc()).unwrap()
    }

    fn only(text: &str) -> Profile {
        let read = read(text);
        assert_eq!((read.rows.len(), &read.held_back), (1, &vec![]), "{text}");
        read.rows.into_iter().next().unwrap().1
    }

    fn check(bytes: &[u8], names: &[&str]) -> Read<Profile> {
        let read = customers(bytes, "CRM list", RECEIVED, &Zone::utc()).unwrap();
        assert_eq!(read.rows.iter().map(|(_, p)| p.name.display().unwrap_or_default()).collect::<Vec<_>>(), names);
        read
    }

    #[test]
    fn the_lists_of_other_systems_are_read() {
        let vin =
            check(include_bytes!("../../tests/fixtures/imports/customers_vinsolutions.csv"), &["Dana Whitfield", "Jo Lee", "Acme Plumbing LLC"]);
        let dana = &vin.rows[0].1;
        assert_eq!(dana.number.as_deref(), Some("0041772"));
        assert_eq!(dana.phones.iter().map(Phone::e164).collect::<Vec<_>>(), vec!["+12075550148", "+12075550111"]);
        assert_eq!(dana.emails.iter().map(Email::as_str).collect::<Vec<_>>(), vec!["dana.w@example.com", "dw@example.com"]);
        assert_eq!(dana.address.postal_code, "04101");
        check(include_bytes!("../../tests/fixtures/imports/customers_autoraptor.csv"), &["Dana Whitfield", "Jo Lee"]);
        check(include_bytes!("../../tests/fixtures/imports/customers_dealercenter.csv"), &["DANA WHITFIELD", "JO LEE"]);
        check(include_bytes!("../../tests/fixtures/imports/customers_elead.txt"), &["Dana Whitfield", "Dana Whitfield"]);
        check(include_bytes!("../../tests/fixtures/imports/customers_frazer.csv"), &["WILLIAM OAKES JR", "Jo Lee"]);
    }

    #[test]
    fn a_block_is_a_revocation_and_a_yes_is_nothing() {
        use Channel::{Call, Email, Text};
        for (header, cell, revoked) in [
            ("Opt Out", "Y", vec![Text, Call, Email]),
            ("Block Email", "1", vec![Email]),
            ("Block Phone", "Y", vec![Text, Call]),
            ("Do Not Call", "yes", vec![Call]),
            ("Do Not Text", "X", vec![Text]),
            ("Block Mail", "Y", vec![]),
            ("OK to Text", "Y", vec![]),
            ("OK to Text", "N", vec![Text]),
            ("Email Opt In", "Y", vec![]),
            ("Opt Out", "N", vec![]),
            ("Opt Out", "", vec![]),
        ] {
            let facts = only(&format!("First Name,Last Name,{header}\nDana,Whitfield,{cell}\n")).consent;
            assert!(facts.iter().all(|f| f.state == ConsentState::Revoked && f.basis == ConsentBasis::DmsFlag && f.at == RECEIVED));
            assert_eq!(facts.iter().map(|f| f.channel).collect::<Vec<_>>(), revoked, "{header} {cell}");
        }
    }

    #[test]
    fn a_name_is_taken_from_whatever_columns_hold_it() {
        for (header, row, shown, is_business) in [
            ("Customer Name,Phone", "\"WHITFIELD, DANA R\",2075550148", "DANA WHITFIELD", false),
            ("Customer Name,Phone", "Acme Plumbing LLC,2075550148", "Acme Plumbing LLC", true),
            ("First Name,Last Name,Individual/Business Flag", ",City of Gray,B", "City of Gray", true),
            ("First Name,Last Name,Company", "Dana,Whitfield,Acme Plumbing", "Dana Whitfield", false),
            ("First Name,Last Name,Company", ",,Acme Plumbing", "Acme Plumbing", true),
            ("First Name,Last Name", ",Acme Inc.", "Acme Inc.", true),
            ("First Name,Last Name", ",Ince", "Ince", false),
        ] {
            let name = only(&format!("{header}\n{row}\n")).name;
            assert_eq!((name.display().as_deref(), name.is_business), (Some(shown), is_business), "{row}");
        }
    }

    #[test]
    fn a_row_that_names_nobody_is_held_back() {
        let read = read("First Name,Last Name,Phone,City\n,,000-000-0000,Gray\nDana,,2075550148,Gray\n");
        assert_eq!(read.held_back, vec![(2, NOBODY.to_owned())]);
        assert_eq!(read.rows.len(), 1);
    }

    #[test]
    fn what_was_left_out_is_counted_without_saying_it() {
        let read = read("First Name,Last Name,Phone,Email\nDana,Whitfield,555-0148,dana@\nJo,Lee,12345,jo@example.com\n");
        assert_eq!(
            read.notes,
            vec![
                "A phone number could not be read and was left out (2 rows, the first in line 2).".to_owned(),
                "An email address could not be read and was left out (line 2).".to_owned()
            ]
        );
    }

    #[test]
    fn a_row_is_as_old_as_its_last_activity() {
        let text = "First Name,Last Name,Customer Last Activity Date\nDana,Whitfield,6/30/2024\nJo,Lee,1/1/2030\nAda,Moss,someday\n";
        let read = read(text);
        let june = At::parse_rfc3339("2024-06-30T00:00:00Z").unwrap();
        assert_eq!(read.rows.iter().map(|(_, p)| p.at).collect::<Vec<_>>(), vec![june, RECEIVED, RECEIVED]);
        assert_eq!(read.notes.len(), 1);
    }

    #[test]
    fn a_file_without_people_is_refused() {
        let refused = customers(b"City,State\nGray,ME\n", "list", RECEIVED, &Zone::utc()).unwrap_err();
        assert!(refused.contains("no column with a name"), "{refused}");
    }
}
