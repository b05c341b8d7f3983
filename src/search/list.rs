//! Which customers, which cars, in which order? The lists of the screens, filtered and sorted by the rows, page by page.

use super::{
    find::{leaf_match, with_near},
    index::{Search, unwound},
    query::{Way, readings},
    row::{Kind, Row, Uid, lot_code},
    shelf::{NearWords, Shelf},
};
use crate::domain::{
    ids::{CustomerId, StaffId, VehicleId},
    time::At,
    vehicle::ListingStatus,
};
use tantivy::DocId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CustomerSort {
    /// Touched last, first.
    #[default]
    Recent,
    /// By surname, then first name.
    Name,
    /// Highest score first.
    Intent,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomerQuery {
    /// Only those of one rep.
    pub owner: Option<StaffId>,
    /// Only those with at least this score.
    pub min_score: Option<i16>,
    /// As typed; empty lists all.
    pub text: String,
    pub sort: CustomerSort,
    /// How many to pass over.
    pub offset: usize,
    pub limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VehicleSort {
    /// Longest in stock first; unknown last.
    #[default]
    Age,
    /// Lowest first; unknown last.
    Price,
    /// Updated last, first.
    Updated,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VehicleQuery {
    /// Only cars that are on the lot, or only cars that are not.
    pub on_lot: Option<bool>,
    pub status: Option<ListingStatus>,
    /// Only cars that came in at or before this instant: the aging ones.
    pub came_before: Option<At>,
    /// Only cars that came in at or after this instant: the new ones.
    pub came_after: Option<At>,
    /// As typed; empty lists all.
    pub text: String,
    pub sort: VehicleSort,
    /// How many to pass over.
    pub offset: usize,
    pub limit: usize,
}

/// Smaller sorts first.
type Key = [u64; 2];

impl Search {
    /// One page, and how many there are in all.
    pub fn list_customers(&self, query: &CustomerQuery) -> (Vec<CustomerId>, usize) {
        let owner = query.owner.map(|o| o.0.saturating_add(1));
        let keep = |row: &dyn Columns| owner.is_none_or(|o| row.owner() == o) && query.min_score.is_none_or(|least| row.score() >= i64::from(least));
        let key = |row: &dyn Columns| match query.sort {
            CustomerSort::Recent => [falling(row.at()), 0],
            CustomerSort::Name => row.name(),
            CustomerSort::Intent => [falling(row.score()), falling(row.at())],
        };
        let (page, total) = self.list(Kind::Customer, &query.text, keep, key, query.offset, query.limit);
        (page.into_iter().map(|uid| CustomerId(uid.id())).collect(), total)
    }

    /// One page, and how many there are in all.
    pub fn list_vehicles(&self, query: &VehicleQuery) -> (Vec<VehicleId>, usize) {
        let status = query.status.map(|s| lot_code(Some(s), false));
        let keep = |row: &dyn Columns| {
            let (lot, since) = (row.lot(), row.since());
            query.on_lot.is_none_or(|on| Row::is_on_lot(lot) == on)
                && status.is_none_or(|s| lot & !1 == s)
                && query.came_before.is_none_or(|at| since != 0 && since <= at.0)
                && query.came_after.is_none_or(|at| since != 0 && since >= at.0)
        };
        let key = |row: &dyn Columns| match query.sort {
            VehicleSort::Age => [unknown_last(row.since()), 0],
            VehicleSort::Price => [unknown_last(row.price_cents()), 0],
            VehicleSort::Updated => [falling(row.at()), 0],
        };
        let (page, total) = self.list(Kind::Vehicle, &query.text, keep, key, query.offset, query.limit);
        (page.into_iter().map(|uid| VehicleId(uid.id())).collect(), total)
    }

    fn list(
        &self,
        kind: Kind,
        text: &str,
        keep: impl Fn(&dyn Columns) -> bool,
        key: impl Fn(&dyn Columns) -> Key,
        offset: usize,
        limit: usize,
    ) -> (Vec<Uid>, usize) {
        let mut rows = vec![];
        for words in wordings(text) {
            rows = self.rows(kind, &words, &keep, &key);
            if !rows.is_empty() {
                break;
            }
        }
        let total = rows.len();
        let end = offset.saturating_add(limit).min(total);
        if offset >= end {
            return (vec![], total);
        }
        if end < total {
            rows.select_nth_unstable(end);
            rows.truncate(end);
        }
        rows.sort_unstable();
        (rows[offset..].iter().map(|(_, uid)| *uid).collect(), total)
    }

    fn rows(&self, kind: Kind, words: &[Vec<Way>], keep: impl Fn(&dyn Columns) -> bool, key: impl Fn(&dyn Columns) -> Key) -> Vec<(Key, Uid)> {
        let overlay = self.overlay();
        let ways: Vec<&[Way]> = words.iter().map(Vec::as_slice).collect();
        let mut rows = vec![];
        for leaf in overlay.leaves() {
            if leaf.row.uid.kind() == kind && keep(&leaf.row) && (ways.is_empty() || leaf_match(leaf, &ways).is_some()) {
                rows.push((key(&leaf.row), leaf.row.uid));
            }
        }
        let on_shelves = unwound(|| -> tantivy::Result<()> {
            let near = NearWords::of(&ways, self.fields())?;
            for shelf in self.shelves().iter() {
                let mut see = |doc: DocId| {
                    let uid = Uid(shelf.uid.get_val(doc));
                    let row = OnShelf { shelf, doc };
                    if uid.kind() == kind && keep(&row) && !overlay.hides(uid) {
                        rows.push((key(&row), uid));
                    }
                };
                if ways.is_empty() {
                    shelf.all().for_each(&mut see);
                } else {
                    shelf.visit(&ways, &near, |found| {
                        see(found.doc);
                        None
                    })?;
                }
            }
            Ok(())
        });
        if !matches!(on_shelves, Ok(Ok(()))) {
            self.note_damage();
        }
        rows
    }
}

/// The words of a text in the order in which they are tried: as typed, then with slips forgiven, then read otherwise.
/// One empty wording when there are no words: everything is listed.
fn wordings(text: &str) -> Vec<Vec<Vec<Way>>> {
    let readings = readings(text);
    if readings.is_empty() {
        return vec![vec![]];
    }
    let mut wordings = vec![];
    for words in readings {
        wordings.push(words.iter().map(|w| w.exact.clone()).collect());
        if words.iter().any(|w| !w.near.is_empty()) {
            wordings.push(with_near(&words));
        }
    }
    wordings
}

/// A row, wherever it stands.
trait Columns {
    fn owner(&self) -> u64;
    fn score(&self) -> i64;
    fn at(&self) -> i64;
    fn name(&self) -> [u64; 2];
    fn lot(&self) -> u64;
    fn price_cents(&self) -> i64;
    fn since(&self) -> i64;
}

impl Columns for Row {
    fn owner(&self) -> u64 {
        self.owner
    }
    fn score(&self) -> i64 {
        self.score
    }
    fn at(&self) -> i64 {
        self.at
    }
    fn name(&self) -> [u64; 2] {
        self.name
    }
    fn lot(&self) -> u64 {
        self.lot
    }
    fn price_cents(&self) -> i64 {
        self.price_cents
    }
    fn since(&self) -> i64 {
        self.since
    }
}

struct OnShelf<'a> {
    shelf: &'a Shelf,
    doc: DocId,
}

impl Columns for OnShelf<'_> {
    fn owner(&self) -> u64 {
        self.shelf.owner.get_val(self.doc)
    }
    fn score(&self) -> i64 {
        self.shelf.score.get_val(self.doc)
    }
    fn at(&self) -> i64 {
        self.shelf.at.get_val(self.doc)
    }
    fn name(&self) -> [u64; 2] {
        [self.shelf.name[0].get_val(self.doc), self.shelf.name[1].get_val(self.doc)]
    }
    fn lot(&self) -> u64 {
        self.shelf.lot.get_val(self.doc)
    }
    fn price_cents(&self) -> i64 {
        self.shelf.price_cents.get_val(self.doc)
    }
    fn since(&self) -> i64 {
        self.shelf.since.get_val(self.doc)
    }
}

/// The highest number first.
fn falling(n: i64) -> u64 {
    !rising(n)
}

fn rising(n: i64) -> u64 {
    n.cast_unsigned() ^ (1 << 63)
}

fn unknown_last(n: i64) -> u64 {
    if n == 0 { u64::MAX } else { rising(n) }
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;

    fn customers(search: &Search, query: CustomerQuery) -> (Vec<u64>, usize) {
        let (page, total) = search.list_customers(&CustomerQuery { limit: 50, ..query });
        (page.into_iter().map(|c| c.0).collect(), total)
    }

    fn vehicles(search: &Search, query: VehicleQuery) -> (Vec<u64>, usize) {
        let (page, total) = search.list_vehicles(&VehicleQuery { limit: 50, ..query });
        (page.into_iter().map(|v| v.0).collect(), total)
    }

    #[test]
    fn customers_are_listed_by_last_touch_name_or_intent() {
        for (place, search) in both() {
            let sorted = |sort| customers(&search, CustomerQuery { sort, ..CustomerQuery::default() });
            assert_eq!(sorted(CustomerSort::Recent), (vec![1, 2, 3, 4, 5, 6, 7, 8], 8), "{place}");
            // Berg, Johnson, Montgomery, Núñez, O'Brien, Smith, Smithson, Whitfield
            assert_eq!(sorted(CustomerSort::Name), (vec![8, 4, 7, 6, 5, 2, 3, 1], 8), "{place}");
            assert_eq!(sorted(CustomerSort::Intent).0[..2], [1, 5], "{place}");
        }
    }

    #[test]
    fn customers_are_filtered_by_owner_score_and_text() {
        for (place, search) in both() {
            let owned = CustomerQuery { owner: Some(StaffId(3)), ..CustomerQuery::default() };
            assert_eq!(customers(&search, owned.clone()), (vec![1, 5], 2), "{place}");
            assert_eq!(customers(&search, CustomerQuery { min_score: Some(55), ..owned.clone() }), (vec![1], 1), "{place}");
            assert_eq!(customers(&search, CustomerQuery { text: "jane".to_owned(), ..owned }), (vec![5], 1), "{place}");
            assert_eq!(customers(&search, CustomerQuery { text: "nobody here".to_owned(), ..CustomerQuery::default() }), (vec![], 0), "{place}");
            assert_eq!(customers(&search, CustomerQuery { text: "civic".to_owned(), ..CustomerQuery::default() }), (vec![1], 1), "{place}");
            assert_eq!(customers(&search, CustomerQuery { text: "whitfeild".to_owned(), ..CustomerQuery::default() }), (vec![1], 1), "{place}");
        }
    }

    #[test]
    fn pages_follow_one_another_without_a_gap() {
        for (place, search) in both() {
            let page = |offset, limit| search.list_customers(&CustomerQuery { offset, limit, sort: CustomerSort::Name, ..CustomerQuery::default() });
            let (all, total) = page(0, 50);
            assert_eq!(total, 8);
            let paged: Vec<CustomerId> = (0..4).flat_map(|n| page(n * 3, 3).0).collect();
            assert_eq!(paged, all, "{place}");
            assert_eq!(page(8, 3), (vec![], 8), "{place}");
            assert_eq!(page(0, 0), (vec![], 8), "{place}");
        }
    }

    #[test]
    fn the_lot_is_listed_by_age_price_or_update() {
        for (place, search) in both() {
            let lot = VehicleQuery { on_lot: Some(true), ..VehicleQuery::default() };
            assert_eq!(vehicles(&search, lot.clone()), (vec![1, 2, 3], 3), "{place}");
            assert_eq!(vehicles(&search, VehicleQuery { sort: VehicleSort::Price, ..lot.clone() }).0, vec![2, 1, 3], "{place}");
            assert_eq!(vehicles(&search, VehicleQuery { sort: VehicleSort::Updated, ..lot.clone() }).0, vec![3, 2, 1], "{place}");
            assert_eq!(vehicles(&search, VehicleQuery { status: Some(ListingStatus::Recon), ..lot.clone() }).0, vec![3], "{place}");
            assert_eq!(vehicles(&search, VehicleQuery { text: "honda".to_owned(), ..lot.clone() }).0, vec![1, 2], "{place}");
            let month_ago = At(1_790_000_000_000 - 30 * crate::domain::time::DAY_MS);
            assert_eq!(vehicles(&search, VehicleQuery { came_before: Some(month_ago), ..lot.clone() }).0, vec![1], "{place}");
            assert_eq!(vehicles(&search, VehicleQuery { came_after: Some(month_ago), ..lot }).0, vec![2, 3], "{place}");
            assert_eq!(vehicles(&search, VehicleQuery::default()).1, 5, "{place}");
        }
    }
}
