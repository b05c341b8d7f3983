//! What is this file, and what do its columns mean? A guess from the header and the file's name, for a person to look at.

use super::{Mapping, Target};
use crate::domain::{field::Field, import_run::ImportKind};
use crate::formats::{
    cells::DateOrder,
    columns::{Column, Group, meaning, meaning_of_co_buyer, normalised},
    headers::{APPOINTMENT, CAR, DEAL, Dictionary, LISTING, PERSON, REPAIR_ORDER, WORK},
    people_rows::NameOrder,
};

static PEOPLE: [&Dictionary; 2] = [&PERSON, &CAR];
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

/// Of two that fit, the earlier.
static PRESETS: [Preset; 18] = [
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
    Preset {
        name: "DealerVault inventory",
        system: "DealerVault",
        kind: ImportKind::Inventory,
        telling: &["dvdealerid", "stocknumber", "vehiclestatus"],
    },
    Preset {
        name: "DealerVault customers",
        system: "DealerVault",
        kind: ImportKind::Customers,
        telling: &["customernumber", "individualbusinessflag", "blockmail"],
    },
    Preset { name: "CDK sales", system: "CDK", kind: ImportKind::Deals, telling: &["dealno", "custno", "frontgross", "contractdate"] },
    Preset { name: "CDK service", system: "CDK", kind: ImportKind::RepairOrders, telling: &["ronumber", "custno", "name1", "opendate"] },
    Preset { name: "Reynolds customers", system: "Reynolds", kind: ImportKind::Customers, telling: &["beeperphone", "onscreennotification"] },
    Preset { name: "Frazer sales", system: "Frazer", kind: ImportKind::Deals, telling: &["buyerfirstname", "sellingprice", "paymentfrequency"] },
    Preset {
        name: "Frazer customers",
        system: "Frazer",
        kind: ImportKind::Customers,
        telling: &["custnumber", "buyerfirstname", "cobuyerfirstname"],
    },
    Preset {
        name: "DealerCenter customers",
        system: "DealerCenter",
        kind: ImportKind::Customers,
        telling: &["customerid", "cellphone", "optoutsms"],
    },
    Preset {
        name: "VinSolutions service visits",
        system: "VinSolutions",
        kind: ImportKind::RepairOrders,
        telling: &["customerpaidamount", "warrantypaidamount", "dealerpaidamount"],
    },
    Preset { name: "VinSolutions customers", system: "VinSolutions", kind: ImportKind::Customers, telling: &["globalcustomerid"] },
    Preset { name: "Elead customers", system: "Elead", kind: ImportKind::Customers, telling: &["uptype", "upsource"] },
    Preset {
        name: "Elead customers",
        system: "Elead",
        kind: ImportKind::Customers,
        telling: &["customernumber", "fullname", "phone1", "donotcontact"],
    },
    Preset { name: "DealerSocket customers", system: "DealerSocket", kind: ImportKind::Customers, telling: &["entityid"] },
    Preset { name: "AutoRaptor customers", system: "AutoRaptor", kind: ImportKind::Customers, telling: &["temperature", "assignedto", "leadsource"] },
    Preset { name: "ProMax sold report", system: "ProMax", kind: ImportKind::Deals, telling: &["frontprofit", "backprofit", "totalprofit"] },
];

/// The preset whose columns are all there.
pub(super) fn preset(names: &[String]) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.telling.iter().all(|telling| names.iter().any(|name| name == telling)))
}

/// What a file with these columns lists.
pub(super) fn kind(names: &[String]) -> ImportKind {
    let has = |kind: ImportKind, column: Column| names.iter().any(|name| meaning(dictionaries(kind), name).is_some_and(|(c, _)| c == column));
    let is_named = |words: &[&str]| names.iter().any(|name| words.contains(&name.as_str()));
    // Feeds of cars name the dealer's own phone and address; nobody's name is in them.
    let people = [Column::FullName, Column::FirstName, Column::LastName, Column::Company, Column::CellPhone, Column::Email];
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

/// What becomes of a column without a meaning. In rows of deals and visits, hundreds of columns would flood the person.
pub(super) fn without_meaning(kind: ImportKind) -> Target {
    match kind {
        ImportKind::Customers | ImportKind::Unknown => Target::Note,
        ImportKind::Deals | ImportKind::RepairOrders | ImportKind::Appointments | ImportKind::Inventory => Target::Skip,
    }
}

/// What each column means in a file of this kind. In a list of people no column is lost: one without a meaning becomes a note. The store's
/// own fields come after what every file may say: a number or a "do not text" must not end in a field that happens to be called so.
pub(super) fn mapping(kind: ImportKind, names: &[String], system: String, own: &[Field]) -> Mapping {
    let otherwise = without_meaning(kind);
    let names_cars = names.iter().any(|name| meaning(dictionaries(kind), name).is_some_and(|(column, _)| column == Column::Vin));
    let target = |name: &String| match meaning(dictionaries(kind), name) {
        // A list of people names a car that is theirs by its number; else its words are remarks.
        Some((column, _)) if kind == ImportKind::Customers && column.group() == Group::Car && !(names_cars && is_of_named_car(column)) => {
            otherwise.clone()
        }
        Some((column, _)) => Target::Column(column),
        None if kind == ImportKind::Deals => meaning_of_co_buyer(name).map_or_else(|| otherwise.clone(), |(column, _)| Target::CoBuyer(column)),
        None => otherwise.clone(),
    };
    let mut columns: Vec<Target> = names.iter().map(|name| if name.is_empty() { otherwise.clone() } else { target(name) }).collect();
    if kind == ImportKind::Customers && !columns.contains(&Target::Column(Column::CustomerNumber)) {
        // In a list of people, and only there, a bare number of the row is the person's.
        if let Some(at) =
            names.iter().position(|name| ["id", "recordid", "recid", "uniqueid", "prospectid", "leadid", "number", "no"].contains(&name.as_str()))
        {
            columns[at] = Target::Column(Column::CustomerNumber);
        }
    }
    for field in own.iter().filter(|_| kind != ImportKind::Inventory) {
        let called = [normalised(&field.label), normalised(&field.key)];
        let open = columns.iter_mut().zip(names).find(|(target, name)| is_open(target) && called.contains(name));
        if let Some((target, _)) = open {
            *target = Target::Field(field.key.clone());
        }
    }
    for (target, name) in columns.iter_mut().zip(names) {
        if is_open(target) && kind != ImportKind::Inventory && ["tags", "tag", "labels", "categories", "groups"].contains(&name.as_str()) {
            *target = Target::Tags;
        }
    }
    Mapping { kind, system, columns, dates: DateOrder::MonthFirst, names: NameOrder::Guess }
}

/// A stock number is a car's on our lot, which is nobody's yet.
pub(super) fn is_of_named_car(column: Column) -> bool {
    column.group() == Group::Car && column != Column::Stock
}

fn is_open(target: &Target) -> bool {
    matches!(target, Target::Note | Target::Skip)
}

/// The system a file's name speaks of: "DVD46315_20260916_SL.txt" is DealerVault's, "crm customers 2026-11-01.csv" the
/// store's "crm".
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
    // What the rows are is no part of the system's name: "dms customers" and "dms deals" number the same people.
    const OF_THE_ROWS: [&str; 27] = [
        "customer",
        "customers",
        "client",
        "clients",
        "people",
        "contacts",
        "deal",
        "deals",
        "sale",
        "sales",
        "sold",
        "service",
        "services",
        "ro",
        "ros",
        "repair",
        "order",
        "orders",
        "appointment",
        "appointments",
        "inventory",
        "export",
        "exported",
        "list",
        "file",
        "report",
        "all",
    ];
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_lowercase();
    if let Some((_, system)) = KNOWN.iter().find(|(word, _)| stem.starts_with(word) || word.len() > 3 && stem.contains(word)) {
        return (*system).to_owned();
    }
    let words = stem.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 1 && !OF_THE_ROWS.contains(word));
    let words: Vec<&str> = words.take(4).collect();
    if words.is_empty() { "Own lists".to_owned() } else { words.join(" ") }
}

/// The names of a header as they are compared.
pub(super) fn names<'h>(header: impl Iterator<Item = &'h str>) -> Vec<String> {
    header.map(normalised).collect()
}
