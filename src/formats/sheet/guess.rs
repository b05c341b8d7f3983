//! What is this file, and what do its columns mean? A guess from the header and the file's name, for a person to look at.

use super::{Mapping, Target};
use crate::domain::import_run::ImportKind;
use crate::formats::{
    cells::DateOrder,
    columns::{Column, meaning, meaning_of_co_buyer, normalised},
    headers::{APPOINTMENT, CAR, DEAL, Dictionary, LISTING, PERSON, REPAIR_ORDER, WORK},
    people_rows::NameOrder,
};

static PEOPLE: [&Dictionary; 1] = [&PERSON];
static DEALS: [&Dictionary; 3] = [&DEAL, &CAR, &PERSON];
static REPAIR_ORDERS: [&Dictionary; 4] = [&REPAIR_ORDER, &WORK, &CAR, &PERSON];
static APPOINTMENTS: [&Dictionary; 4] = [&APPOINTMENT, &WORK, &CAR, &PERSON];
static INVENTORY: [&Dictionary; 2] = [&CAR, &LISTING];

/// The dictionaries in which the columns of such a file are looked up, first things first.
pub(super) fn dictionaries(kind: ImportKind) -> &'static [&'static Dictionary] {
    match kind {
        ImportKind::Customers | ImportKind::Unknown => &PEOPLE,
        ImportKind::Deals => &DEALS,
        ImportKind::RepairOrders => &REPAIR_ORDERS,
        ImportKind::Appointments => &APPOINTMENTS,
        ImportKind::Inventory => &INVENTORY,
    }
}

/// A layout that one system writes, told by columns that no other has together.
pub(super) struct Preset {
    pub(super) name: &'static str,
    pub(super) system: &'static str,
    pub(super) kind: ImportKind,
    /// Normalised names, all of which must be there.
    telling: &'static [&'static str],
}

static PRESETS: [Preset; 3] = [
    Preset {
        name: "DealerVault sales",
        system: "DealerVault",
        kind: ImportKind::Deals,
        telling: &["dealnumber", "customernumber", "individualbusinessflag", "blockmail"],
    },
    Preset {
        name: "DealerVault service",
        system: "DealerVault",
        kind: ImportKind::RepairOrders,
        telling: &["ronumber", "opendate", "operationcodes", "blockmail"],
    },
    Preset {
        name: "DealerVault appointments",
        system: "DealerVault",
        kind: ImportKind::Appointments,
        telling: &["appointmentnumber", "appointmentdate", "waitingflag", "blockmail"],
    },
];

/// The preset whose columns are all there.
pub(super) fn preset(names: &[String]) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.telling.iter().all(|telling| names.iter().any(|name| name == telling)))
}

/// What a file with these columns lists.
pub(super) fn kind(names: &[String]) -> ImportKind {
    let has = |kind: ImportKind, column: Column| names.iter().any(|name| meaning(dictionaries(kind), name).is_some_and(|(c, _)| c == column));
    let is_named = |words: &[&str]| names.iter().any(|name| words.contains(&name.as_str()));
    let people = [Column::FullName, Column::FirstName, Column::LastName, Column::CellPhone, Column::Phone, Column::Email, Column::Company];
    let has_people = people.iter().any(|column| has(ImportKind::Customers, *column));
    let has_car = has(ImportKind::Inventory, Column::Vin) || has(ImportKind::Deals, Column::Stock);
    // A list of people may have a column called Date or Created; a sale says more of itself.
    let is_sold = has(ImportKind::Deals, Column::SoldDate) && !is_named(&["date"]) || has(ImportKind::Deals, Column::DeliveredDate);
    match () {
        () if has(ImportKind::Appointments, Column::AppointmentDate)
            && is_named(&["appointmentnumber", "appointmentid", "apptid", "apptnumber"])
            && !is_named(&["opendate"]) =>
        {
            ImportKind::Appointments
        }
        () if has(ImportKind::RepairOrders, Column::RepairOrderNumber) && has(ImportKind::RepairOrders, Column::OpenDate) => ImportKind::RepairOrders,
        () if has_people && (is_named(&["dealnumber", "dealno", "dealid"]) || is_sold && (has_car || has(ImportKind::Deals, Column::SoldPrice))) => {
            ImportKind::Deals
        }
        () if !has_people && has_car => ImportKind::Inventory,
        () => ImportKind::Customers,
    }
}

/// What each column means in a file of this kind. In a list of people no column is lost: one without a meaning becomes a note.
pub(super) fn mapping(kind: ImportKind, names: &[String], system: String) -> Mapping {
    let otherwise = match kind {
        ImportKind::Customers | ImportKind::Unknown => Target::Note,
        ImportKind::Deals | ImportKind::RepairOrders | ImportKind::Appointments | ImportKind::Inventory => Target::Skip,
    };
    let target = |name: &String| match meaning(dictionaries(kind), name) {
        Some((column, _)) => Target::Column(column),
        None if kind == ImportKind::Deals => meaning_of_co_buyer(name).map_or_else(|| otherwise.clone(), |(column, _)| Target::CoBuyer(column)),
        None => otherwise.clone(),
    };
    let columns = names.iter().map(|name| if name.is_empty() { otherwise.clone() } else { target(name) }).collect();
    Mapping { kind, system, columns, dates: DateOrder::MonthFirst, names: NameOrder::Guess }
}

/// The system a file's name speaks of: "DVD46315_20260916_SL.txt" is DealerVault's, "crm export 2026-11-01.csv" the store's "crm export".
pub(super) fn system_of(file: &str) -> String {
    const KNOWN: [(&str, &str); 12] = [
        ("dvd", "DealerVault"),
        ("dealervault", "DealerVault"),
        ("vinsolutions", "VinSolutions"),
        ("vin_solutions", "VinSolutions"),
        ("elead", "Elead"),
        ("dealersocket", "DealerSocket"),
        ("autoraptor", "AutoRaptor"),
        ("dealercenter", "DealerCenter"),
        ("frazer", "Frazer"),
        ("promax", "ProMax"),
        ("drivecentric", "DriveCentric"),
        ("autofunds", "AutoFunds"),
    ];
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_lowercase();
    if let Some((_, system)) = KNOWN.iter().find(|(word, _)| stem.starts_with(word) || word.len() > 3 && stem.contains(word)) {
        return (*system).to_owned();
    }
    let words: Vec<&str> = stem.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 1).take(4).collect();
    if words.is_empty() { "list".to_owned() } else { words.join(" ") }
}

/// The names of a header as they are compared.
pub(super) fn names<'h>(header: impl Iterator<Item = &'h str>) -> Vec<String> {
    header.map(normalised).collect()
}
