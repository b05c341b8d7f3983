//! What does a spreadsheet get of a list? Lines of CSV (RFC 4180), made stretch by stretch, so that no list is held whole as text.

use super::{
    Rooms, edits, imports, lists,
    lot::{self, LotQuery},
    shapes::{ConsentWord, CustomerRow, StatusWord, VehicleRow},
    views::{self, People},
};
use crate::{
    domain::{
        field::Field,
        ids::{CustomerId, ImportId},
        import_run::{ImportState, RowDid},
        time::{At, Zone},
    },
    search::CustomerQuery,
    store::{Rows, StoreError, tables},
};

/// Lines made at once: a snapshot each, some 30 kB of text.
const STRETCH: usize = 200;

const CUSTOMER_HEADS: [&str; 12] =
    ["Name", "Phone", "Email", "Place", "Drives", "Owner", "Intent", "Last touch", "What", "May text", "May call", "May email"];
const VEHICLE_HEADS: [&str; 12] =
    ["Stock", "VIN", "Vehicle", "Color", "Body", "Miles", "Price", "Percent of market", "Days on lot", "Looks in 7 days", "Known shoppers", "Status"];

/// A list on its way to a spreadsheet.
pub struct Sheet {
    /// Lines without the head.
    pub rows: usize,
    head: Option<String>,
    body: Body,
}

enum Body {
    Customers {
        rooms: Rooms,
        ids: std::vec::IntoIter<CustomerId>,
        /// The store's own, a column each.
        own: Vec<Field>,
    },
    Vehicles(std::vec::IntoIter<VehicleRow>),
    /// Rows of a file that so many columns have, after this line.
    HeldBack {
        rooms: Rooms,
        import: ImportId,
        columns: usize,
        after: Option<u64>,
    },
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("rows", &self.rows).finish_non_exhaustive()
    }
}

/// The customers of a list. Who they are is settled now; their lines are as the store has them when they are made.
pub fn customers(rooms: &Rooms, query: &CustomerQuery) -> Result<Sheet, StoreError> {
    let ids = lists::all_customers(rooms, query)?;
    let own = edits::fields(&rooms.store.read()?)?;
    let heads: Vec<&str> = CUSTOMER_HEADS.into_iter().chain(own.iter().map(|field| field.label.as_str())).collect();
    Ok(Sheet { rows: ids.len(), head: Some(head(&heads)), body: Body::Customers { rooms: rooms.clone(), ids: ids.into_iter(), own } })
}

/// The cars of a list: at most a few hundred rows.
pub fn vehicles(rooms: &Rooms, query: &LotQuery, now: At) -> Result<Sheet, StoreError> {
    let rows = lot::all(rooms, query, now)?;
    Ok(Sheet { rows: rows.len(), head: Some(head(&VEHICLE_HEADS)), body: Body::Vehicles(rows.into_iter()) })
}

/// The rows of an import that were held back: as they stand in the file, with their line and why. `None` when there is no such import.
pub fn held_back(rooms: &Rooms, import: ImportId) -> Result<Option<Sheet>, StoreError> {
    let Some((run, plan)) = imports::look_again(&rooms.store.read()?, import)? else { return Ok(None) };
    let headers = plan.map(|plan| plan.headers).unwrap_or_default();
    let names: Vec<&str> = headers.iter().map(String::as_str).chain(["Line in the file", "Why it was held back"]).collect();
    let held = run.rehearsed.filter(|_| run.state == ImportState::Draft).map_or(run.counts.held_back, |r| r.counts.held_back);
    let body = Body::HeldBack { rooms: rooms.clone(), import, columns: headers.len(), after: None };
    Ok(Some(Sheet { rows: usize::try_from(held).unwrap_or(usize::MAX), head: Some(head(&names)), body }))
}

impl Sheet {
    /// The next lines; `None` at the end.
    pub fn next_lines(&mut self) -> Result<Option<String>, StoreError> {
        if let Some(head) = self.head.take() {
            return Ok(Some(head));
        }
        let mut text = String::new();
        match &mut self.body {
            Body::Customers { rooms, ids, own } => {
                let some: Vec<CustomerId> = ids.take(STRETCH).collect();
                if some.is_empty() {
                    return Ok(None);
                }
                let tx = rooms.store.read()?;
                let people = People::read(&tx)?;
                for id in some {
                    // Joined with another since the list was made: that one stands in it.
                    if let Some(row) = views::customer_row(&tx, &people, id)? {
                        let cells = customer_cells(row, &rooms.policy.rooftop.zone);
                        line(&mut text, &[&cells[..], &own_cells(&tx, id, own)?].concat());
                    }
                }
            }
            Body::Vehicles(rows) => {
                let some: Vec<VehicleRow> = rows.take(STRETCH).collect();
                if some.is_empty() {
                    return Ok(None);
                }
                for row in some {
                    line(&mut text, &vehicle_cells(row));
                }
            }
            Body::HeldBack { rooms, import, columns, after } => {
                let some = imports::rows_page(&rooms.store.read()?, *import, |row| row.did == RowDid::HeldBack, *after, STRETCH)?;
                let Some((last, _)) = some.last() else { return Ok(None) };
                *after = Some(*last);
                for (at, row) in some {
                    let mut cells = row.cells;
                    // A row may have fewer cells than the file has columns, or more: that may be why it stands here.
                    cells.resize(cells.len().max(*columns), String::new());
                    let why: Vec<String> = row.problems.into_iter().map(|(_, what)| what).collect();
                    let (own, more) = cells.split_at(*columns);
                    line(&mut text, &[own, &[at.to_string(), why.join("; ")], more].concat());
                }
            }
        }
        Ok(Some(text))
    }
}

fn customer_cells(row: CustomerRow, zone: &Zone) -> [String; 12] {
    let may = |word: ConsentWord| {
        match word {
            ConsentWord::Allowed => "yes",
            ConsentWord::NotGiven => "no",
            ConsentWord::Revoked => "never",
        }
        .to_owned()
    };
    [
        row.name,
        row.phone.unwrap_or_default(),
        row.email.unwrap_or_default(),
        row.place.unwrap_or_default(),
        row.drives.unwrap_or_default(),
        row.owner.map(|owner| owner.name).unwrap_or_default(),
        row.score.to_string(),
        row.last_touch_ms.map(|at| zone.local(At(at)).date().to_string()).unwrap_or_default(),
        row.last_touch.unwrap_or_default(),
        may(row.consent.text),
        may(row.consent.call),
        may(row.consent.email),
    ]
}

fn own_cells(tx: &impl Rows, id: CustomerId, own: &[Field]) -> Result<Vec<String>, StoreError> {
    let held = tx.get(tables::CUSTOMERS, &id)?.map(|customer| customer.fields).unwrap_or_default();
    let value = |field: &Field| held.iter().find(|(key, _)| *key == field.key).map(|(_, value)| value.clone()).unwrap_or_default();
    Ok(own.iter().map(value).collect())
}

fn vehicle_cells(row: VehicleRow) -> [String; 12] {
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let status = row.status.map(|status| match status {
        StatusWord::Available => "available",
        StatusWord::Hold => "hold",
        StatusWord::Recon => "recon",
        StatusWord::Inbound => "inbound",
        StatusWord::Sold => "sold",
        StatusWord::Missing => "missing",
    });
    [
        row.stock.unwrap_or_default(),
        row.vin.unwrap_or_default(),
        row.label,
        row.color.unwrap_or_default(),
        row.body.unwrap_or_default(),
        number(row.odometer_mi),
        row.price_cents.map(|cents| format!("{}.{:02}", cents / 100, cents % 100)).unwrap_or_default(),
        number(row.of_market.map(|of| of.percent)),
        number(row.days_on_lot),
        row.looks_7d.to_string(),
        row.known_shoppers.to_string(),
        status.unwrap_or_default().to_owned(),
    ]
}

/// With the mark by which spreadsheets know UTF-8.
fn head(names: &[&str]) -> String {
    let mut text = "\u{feff}".to_owned();
    line(&mut text, &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    text
}

fn line(text: &mut String, cells: &[String]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        push_cell(text, cell);
    }
    text.push_str("\r\n");
}

/// A cell that begins like a formula would be run by the spreadsheet; an apostrophe makes it plain text.
fn push_cell(text: &mut String, cell: &str) {
    let is_formula = cell.trim_start().starts_with(['=', '+', '-', '@']) || cell.starts_with(['\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    if cell.contains(['"', ',', '\r', '\n']) || cell != cell.trim() {
        let cell = cell.replace('"', "\"\"");
        text.extend(["\"", guard, &cell, "\""]);
    } else {
        text.push_str(guard);
        text.push_str(cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut text = String::new();
        line(&mut text, &cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
        text
    }

    #[test]
    fn a_cell_that_looks_like_a_formula_is_plain_text() {
        assert_eq!(written(&["=1+1", " @x", "-5", "+1 207", "a=b", ""]), "'=1+1,\"' @x\",'-5,'+1 207,a=b,\r\n");
        assert_eq!(written(&["\t=1"]), "\"'\t=1\"\r\n");
    }

    #[test]
    fn commas_quotes_and_breaks_stay_in_their_cell() {
        assert_eq!(written(&["Portland, ME", "the \"grey\" one", "two\nlines"]), "\"Portland, ME\",\"the \"\"grey\"\" one\",\"two\nlines\"\r\n");
    }
}
