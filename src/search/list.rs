//! Which customers, which cars, in which order? The lists of the screens, filtered and sorted by the rows, page by page.

use super::{
    find::with_near,
    index::{Search, unwound},
    marks::{KIND_CUSTOMER, KIND_ON_LOT, KIND_VEHICLE, Slot, Tag, car_pairs, fold, joined, own_value, own_word},
    query::{Test, Way, Why, beginning, readings},
    row::{Row, Uid, consents_to, has_card, lot_code},
    shelf::{NearWords, Shelf},
};
use crate::domain::{
    consent::{Channel, ConsentState},
    ids::{CustomerId, StaffId, VehicleId},
    time::At,
    vehicle::ListingStatus,
};
use std::collections::BinaryHeap;
use tantivy::DocId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CustomerSort {
    /// Touched last, first; who never was, last.
    #[default]
    Recent,
    /// By surname, then first name.
    Name,
    /// Highest score first.
    Intent,
    /// Touched longest ago, first; who never was, before all others.
    Quiet,
    /// By the place of their rep in [`CustomerQuery::owners`]; who has none, last.
    Owner,
}

/// Whose customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    By(StaffId),
    ByNobody,
}

/// When somebody was last in touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastTouch {
    /// At or after this instant.
    Since(At),
    /// Before this instant, but once.
    Before(At),
    Never,
}

/// What a field that the store defined itself must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnField {
    /// This value, whole, as it is kept.
    Is(String),
    /// These words, each begun at least.
    Says(String),
    /// No value.
    Lacks,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomerQuery {
    pub owner: Option<Held>,
    /// Only those with at least this score.
    pub min_score: Option<i16>,
    /// Only those below this score.
    pub below_score: Option<i16>,
    /// Only those for whom a card is open, or only those for whom none is.
    pub has_card: Option<bool>,
    /// Only those whose newest word on a channel is this.
    pub consent: Option<(Channel, ConsentState)>,
    pub touched: Option<LastTouch>,
    /// Words of the place they live in; empty for all.
    pub place: String,
    /// Words of one car they drive, whole: `2019 honda civic`; empty for all.
    pub drives: String,
    /// A tag of theirs; empty for all.
    pub tag: String,
    /// What the store's own fields must hold, each by its key.
    pub own: Vec<(String, OwnField)>,
    /// The order of the reps, for [`CustomerSort::Owner`].
    pub owners: Vec<StaffId>,
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
        let keep = |row: &dyn Columns| is_wanted(query, row);
        let key = |row: &dyn Columns| match query.sort {
            CustomerSort::Recent => [falling(row.at()), 0],
            CustomerSort::Name => row.name(),
            CustomerSort::Intent => [falling(row.score()), falling(row.at())],
            CustomerSort::Quiet => [rising(row.at()), 0],
            CustomerSort::Owner => [place_of(&query.owners, row.owner()), falling(row.at())],
        };
        let (marked, lacking) = (marked(query), lacking(query));
        let (page, total) = self.list(KIND_CUSTOMER, &marked, &lacking, &query.text, keep, key, query.offset, query.limit);
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
        let kind = if query.on_lot == Some(true) { KIND_ON_LOT } else { KIND_VEHICLE };
        let (page, total) = self.list(kind, &[], &[], &query.text, keep, key, query.offset, query.limit);
        (page.into_iter().map(|uid| VehicleId(uid.id())).collect(), total)
    }

    #[expect(clippy::too_many_arguments, reason = "the two lists differ in just these")]
    fn list(
        &self,
        kind: &str,
        marked: &[Vec<Way>],
        lacking: &[String],
        text: &str,
        keep: impl Fn(&dyn Columns) -> bool,
        key: impl Fn(&dyn Columns) -> Key,
        offset: usize,
        limit: usize,
    ) -> (Vec<Uid>, usize) {
        let mut page = Page::new(offset, limit);
        for words in wordings(kind, marked, text) {
            self.fill(&mut page, &words, lacking, &keep, &key);
            if page.total > 0 {
                break;
            }
        }
        let total = page.total;
        (page.into_uids(), total)
    }

    fn fill(&self, page: &mut Page, words: &[Vec<Way>], lacking: &[String], keep: impl Fn(&dyn Columns) -> bool, key: impl Fn(&dyn Columns) -> Key) {
        let overlay = self.overlay();
        let ways: Vec<&[Way]> = words.iter().map(Vec::as_slice).collect();
        let lacks = |uid: Uid| !lacking.iter().any(|mark| overlay.carries(uid, Slot::Tag, mark));
        for changed in overlay.matches(&ways).into_iter().filter(|c| keep(c.row) && lacks(c.row.uid)) {
            page.offer(key(changed.row), || changed.row.uid);
        }
        let on_shelves = unwound(|| -> tantivy::Result<()> {
            let near = NearWords::of(&ways, self.fields())?;
            for shelf in self.shelves().iter() {
                let carrying: Vec<Vec<DocId>> = lacking.iter().map(|mark| shelf.carrying(Slot::Tag, mark)).collect::<Result<_, _>>()?;
                let lacks = |doc: DocId| carrying.iter().all(|docs| docs.binary_search(&doc).is_err());
                shelf.visit(&ways, &near, |found| {
                    let row = OnShelf { shelf, doc: found.doc };
                    let uid = || Uid(shelf.uid.get_val(found.doc));
                    if keep(&row) && lacks(found.doc) && (overlay.is_empty() || !overlay.hides(uid())) {
                        page.offer(key(&row), uid);
                    }
                    None
                })?;
            }
            Ok(())
        });
        if !matches!(on_shelves, Ok(Ok(()))) {
            self.note_damage();
        }
    }
}

/// The first records up to the end of a page, and how many there are.
struct Page {
    offset: usize,
    end: usize,
    total: usize,
    first: BinaryHeap<(Key, Uid)>,
}

impl Page {
    fn new(offset: usize, limit: usize) -> Self {
        Self { offset, end: offset.saturating_add(limit), total: 0, first: BinaryHeap::new() }
    }

    fn offer(&mut self, key: Key, uid: impl FnOnce() -> Uid) {
        self.total += 1;
        let is_full = self.first.len() >= self.end;
        if is_full && self.first.peek().is_none_or(|(last, _)| key > *last) {
            return;
        }
        self.first.push((key, uid()));
        if is_full {
            self.first.pop();
        }
    }

    fn into_uids(self) -> Vec<Uid> {
        self.first.into_sorted_vec().into_iter().skip(self.offset).map(|(_, uid)| uid).collect()
    }
}

/// The words of a text in the order in which they are tried: as typed, then with slips forgiven, then read otherwise. Each begins with the
/// kind of record, which alone lists all of them, and what is `marked` for all to carry.
fn wordings(kind: &str, marked: &[Vec<Way>], text: &str) -> Vec<Vec<Vec<Way>>> {
    let of_kind = vec![must(Test::One(Slot::Tag, Tag::Kind.mark(kind)))];
    let with_kind = |words: Vec<Vec<Way>>| [vec![of_kind.clone()], marked.to_vec(), words].concat();
    let readings = readings(text);
    if readings.is_empty() {
        return vec![with_kind(vec![])];
    }
    let mut wordings = vec![];
    for words in readings {
        wordings.push(with_kind(words.iter().map(|w| w.exact.clone()).collect()));
        if words.iter().any(|w| !w.near.is_empty()) {
            wordings.push(with_kind(with_near(&words)));
        }
    }
    wordings
}

/// A way that only says whether.
fn must(test: Test) -> Way {
    Way { class: 1, why: Why::Facts, test }
}

/// The filters that are marks and not columns.
fn marked(query: &CustomerQuery) -> Vec<Vec<Way>> {
    let begun = |slot: Slot, word: &str| vec![must(beginning(slot, word))];
    let mut words: Vec<Vec<Way>> = filter_words(&query.place).iter().map(|word| begun(Slot::Place, word)).collect();
    let drives = filter_words(&query.drives);
    match drives.as_slice() {
        [] => {}
        [word] => words.push(begun(Slot::Car, word)),
        _ => words.push(vec![must(Test::All(car_pairs(&drives.join(" "))))]),
    }
    let tag = joined(&fold(&query.tag));
    if !tag.is_empty() {
        words.push(vec![must(Test::One(Slot::Tag, Tag::Label.mark(&tag)))]);
    }
    for (key, wanted) in &query.own {
        match wanted {
            OwnField::Is(value) => words.push(vec![must(Test::One(Slot::Tag, own_value(key, value)))]),
            OwnField::Says(text) => {
                words.extend(filter_words(text).iter().map(|word| vec![must(Test::Begins(Slot::Tag, own_word(key, word)))]));
            }
            OwnField::Lacks => {}
        }
    }
    words
}

/// The marks that nobody of the list may carry.
fn lacking(query: &CustomerQuery) -> Vec<String> {
    query.own.iter().filter(|(_, wanted)| *wanted == OwnField::Lacks).map(|(key, _)| Tag::Own.mark(key)).collect()
}

/// The words of a filter, each as one: `Cr-V` is `crv`.
fn filter_words(text: &str) -> Vec<String> {
    // Nobody types more; each costs a look at the index.
    const MOST: usize = 6;
    fold(text).split(|c: char| c.is_whitespace() || c == ',').map(joined).filter(|word| !word.is_empty()).take(MOST).collect()
}

fn is_wanted(query: &CustomerQuery, row: &dyn Columns) -> bool {
    let owned = query.owner.is_none_or(|held| match held {
        Held::By(staff) => row.owner() == staff.0.saturating_add(1),
        Held::ByNobody => row.owner() == 0,
    });
    let touched = query.touched.is_none_or(|touch| match touch {
        LastTouch::Since(at) => row.at() != 0 && row.at() >= at.0,
        LastTouch::Before(at) => row.at() != 0 && row.at() < at.0,
        LastTouch::Never => row.at() == 0,
    });
    owned
        && touched
        && query.min_score.is_none_or(|least| row.score() >= i64::from(least))
        && query.below_score.is_none_or(|most| row.score() < i64::from(most))
        && query.has_card.is_none_or(|open| has_card(row.flags()) == open)
        && query.consent.is_none_or(|(channel, state)| consents_to(row.flags(), channel, state))
}

/// Where the owner of this code stands among the reps; who is not among them, behind all, and nobody last.
fn place_of(owners: &[StaffId], code: u64) -> u64 {
    if code == 0 {
        return u64::MAX;
    }
    owners.iter().position(|o| o.0.saturating_add(1) == code).map_or(u64::MAX - 1, |place| place as u64)
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
    fn flags(&self) -> u64;
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
    fn flags(&self) -> u64 {
        self.flags
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
    fn flags(&self) -> u64 {
        self.shelf.flags.get_val(self.doc)
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
    use super::super::{CustomerDoc, Doc, samples::*};
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
    fn who_was_never_touched_stands_last_page_after_page() {
        let docs = people().into_iter().map(|c| CustomerDoc { last_touch: c.last_touch.filter(|_| !matches!(c.id.0, 2 | 3 | 5)), ..c });
        let docs: Vec<Doc> = docs.map(Doc::Customer).collect();
        let (shelved, fresh) = (in_memory(), in_memory());
        rebuild(&shelved, &docs, 1);
        rebuild(&fresh, &[], 0);
        for (seq, doc) in (1..).zip(docs.iter().rev()) {
            fresh.overlay_put(seq, doc);
        }
        for search in [shelved, fresh] {
            let page = |offset, limit| search.list_customers(&CustomerQuery { offset, limit, ..CustomerQuery::default() }).0;
            assert_eq!(page(0, 50), [1, 4, 6, 7, 8, 2, 3, 5].map(CustomerId));
            assert_eq!([page(0, 3), page(3, 3), page(6, 3)].concat(), page(0, 50));
        }
    }

    #[test]
    fn customers_are_filtered_by_owner_score_and_text() {
        for (place, search) in both() {
            let owned = CustomerQuery { owner: Some(Held::By(StaffId(3))), ..CustomerQuery::default() };
            assert_eq!(customers(&search, owned.clone()), (vec![1, 5], 2), "{place}");
            assert_eq!(customers(&search, CustomerQuery { min_score: Some(55), ..owned.clone() }), (vec![1], 1), "{place}");
            assert_eq!(customers(&search, CustomerQuery { text: "jane".to_owned(), ..owned }), (vec![5], 1), "{place}");
            assert_eq!(customers(&search, CustomerQuery { text: "nobody here".to_owned(), ..CustomerQuery::default() }), (vec![], 0), "{place}");
            assert_eq!(customers(&search, CustomerQuery { text: "civic".to_owned(), ..CustomerQuery::default() }), (vec![1], 1), "{place}");
            assert_eq!(customers(&search, CustomerQuery { text: "whitfeild".to_owned(), ..CustomerQuery::default() }), (vec![1], 1), "{place}");
        }
    }

    #[test]
    fn customers_are_filtered_by_what_stands_in_their_rows_and_marks() {
        let late = At(1_790_000_000_000);
        let day = |days: i64| late.plus_ms(-days * crate::domain::time::DAY_MS);
        let none = CustomerQuery::default;
        for (place, search) in both() {
            let ids = |query| customers(&search, query).0;
            assert_eq!(ids(CustomerQuery { has_card: Some(true), ..none() }), [1], "{place}");
            assert_eq!(ids(CustomerQuery { has_card: Some(false), ..none() }).len(), 7, "{place}");
            let consent = |channel, state| CustomerQuery { consent: Some((channel, state)), ..none() };
            assert_eq!(ids(consent(Channel::Text, ConsentState::Allowed)), [1], "{place}");
            assert_eq!(ids(consent(Channel::Email, ConsentState::Revoked)), [1], "{place}");
            assert_eq!(ids(consent(Channel::Call, ConsentState::Allowed)), [0; 0], "{place}");
            assert_eq!(ids(CustomerQuery { owner: Some(Held::ByNobody), ..none() }), [2, 3, 4, 6, 7, 8], "{place}");
            assert_eq!(ids(CustomerQuery { min_score: Some(30), below_score: Some(55), ..none() }), [5], "{place}");
            assert_eq!(ids(CustomerQuery { touched: Some(LastTouch::Since(day(3))), ..none() }), [1, 2, 3], "{place}");
            assert_eq!(ids(CustomerQuery { touched: Some(LastTouch::Before(day(6))), ..none() }), [7, 8], "{place}");
            assert_eq!(ids(CustomerQuery { touched: Some(LastTouch::Never), ..none() }), [0; 0], "{place}");
            assert_eq!(ids(CustomerQuery { place: "Portland, ME".to_owned(), ..none() }), [1], "{place}");
            assert_eq!(ids(CustomerQuery { place: "me".to_owned(), ..none() }), [1, 7], "{place}");
            assert_eq!(ids(CustomerQuery { tag: "golf club".to_owned(), ..none() }), [1], "{place}");
            assert_eq!(ids(CustomerQuery { tag: "golf".to_owned(), ..none() }), [0; 0], "{place}");
            assert_eq!(ids(CustomerQuery { drives: "honda".to_owned(), ..none() }), [1], "{place}");
            let both_filters = CustomerQuery { tag: "vip".to_owned(), text: "whitfeild".to_owned(), has_card: Some(true), ..none() };
            assert_eq!(ids(both_filters), [1], "{place}");
        }
    }

    #[test]
    fn customers_are_filtered_by_what_the_store_s_own_fields_hold_or_lack() {
        let with = |id, fields: &[(&str, &str)]| {
            let fields = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            Doc::Customer(CustomerDoc { fields, ..person(id, "Pat Doe") })
        };
        let docs = [
            with(1, &[("club", "Gold"), ("spouse", "Sam Whitfield")]),
            with(2, &[("club", "Gold plus"), ("balance", "-5")]),
            with(3, &[("club", ""), ("balance", "5")]),
            with(4, &[("clubs", "Gold"), ("spouse", "Gold")]),
        ];
        let (shelved, fresh) = (in_memory(), in_memory());
        rebuild(&shelved, &docs, 1);
        rebuild(&fresh, &[with(1, &[]), with(2, &[]), with(3, &[("club", "Gold")]), with(4, &[("club", "Gold")])], 1);
        (2..).zip(&docs).for_each(|(seq, doc)| fresh.overlay_put(seq, doc));
        let (is, says) = (|text: &str| OwnField::Is(text.to_owned()), |text: &str| OwnField::Says(text.to_owned()));
        for search in [shelved, fresh] {
            for (own, expected) in [
                (vec![("club", is("Gold"))], vec![1]),
                (vec![("club", is("gold PLUS"))], vec![2]),
                (vec![("club", says("gol"))], vec![1, 2]),
                (vec![("spouse", says("whit, sam"))], vec![1]),
                (vec![("balance", is("5"))], vec![3]),
                (vec![("balance", is("-5"))], vec![2]),
                (vec![("club", OwnField::Lacks)], vec![3, 4]),
                (vec![("club", OwnField::Lacks), ("spouse", OwnField::Lacks)], vec![3]),
                (vec![("club", OwnField::Lacks), ("spouse", is("Gold"))], vec![4]),
                (vec![("gone", OwnField::Lacks)], vec![1, 2, 3, 4]),
                (vec![("gone", is("Gold"))], vec![]),
            ] {
                let own = own.into_iter().map(|(key, wanted)| (key.to_owned(), wanted)).collect::<Vec<_>>();
                assert_eq!(customers(&search, CustomerQuery { own: own.clone(), ..CustomerQuery::default() }).0, expected, "{own:?}");
            }
        }
    }

    #[test]
    fn the_words_of_what_somebody_drives_are_of_one_car() {
        let search = in_memory();
        let cars = vec!["2018 Honda Civic EX".to_owned(), "2021 Ford F-150".to_owned()];
        rebuild(&search, &[Doc::Customer(CustomerDoc { cars, ..person(1, "Pat Doe") })], 1);
        for (drives, is_found) in [
            ("2018 honda", true),
            ("Civic 2018", true),
            ("f-150 ford", true),
            ("2021 honda", false),
            ("ford civic", false),
            ("for", true),
            ("  ", true),
        ] {
            let query = CustomerQuery { drives: drives.to_owned(), ..CustomerQuery::default() };
            assert_eq!(customers(&search, query).1 == 1, is_found, "{drives:?}");
        }
    }

    #[test]
    fn customers_are_sorted_by_silence_and_by_their_rep() {
        for (place, search) in both() {
            let sorted = |sort, owners| customers(&search, CustomerQuery { owners, sort, ..CustomerQuery::default() }).0;
            assert_eq!(sorted(CustomerSort::Quiet, vec![]), [8, 7, 6, 5, 4, 3, 2, 1], "{place}");
            assert_eq!(sorted(CustomerSort::Owner, vec![StaffId(3)]), [1, 5, 2, 3, 4, 6, 7, 8], "{place}");
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
