//! Which few records are meant? The search box: every word found in some way, the surest first, then who matters now.

use super::{
    index::{Search, unwound},
    query::{Way, Why, Word, readings},
    row::{Kind, Uid},
    shelf::{NearWords, Shelf},
};
use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    time::{Duration, Instant},
};

/// What was found, best first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    pub hits: Vec<Hit>,
    pub took_us: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub kind: Kind,
    /// A customer's or a vehicle's, as `kind` says.
    pub id: u64,
    /// How sure the match is: the mean class of its words, above 0 up to 1. Order within a class is by recency and score.
    pub score: f32,
    pub why: Why,
}

/// More hits than this are a list, not an answer.
const MOST_HITS: usize = 100;

impl Search {
    /// Never fails: damage is noted in [`Search::state`] and what can be found is returned.
    pub fn find(&self, text: &str, limit: usize) -> Found {
        let begun = Instant::now();
        let limit = limit.min(MOST_HITS);
        let mut hits = vec![];
        if limit > 0 {
            for words in readings(text) {
                let exact: Vec<Vec<Way>> = words.iter().map(|w| w.exact.clone()).collect();
                hits = self.best(&exact, limit);
                if hits.len() < limit && words.iter().any(|w| !w.near.is_empty()) {
                    hits = self.best(&with_near(&words), limit);
                }
                if !hits.is_empty() {
                    break;
                }
            }
        }
        Found { hits, took_us: micros(begun.elapsed()) }
    }

    fn best(&self, words: &[Vec<Way>], limit: usize) -> Vec<Hit> {
        let overlay = self.overlay();
        let ways: Vec<&[Way]> = words.iter().map(Vec::as_slice).collect();
        let mut top = Top::new(limit);
        for changed in overlay.matches(&ways) {
            top.offer(Candidate { class: changed.class, rank: changed.row.rank, uid: changed.row.uid, ways: changed.ways });
        }
        let on_shelves = unwound(|| -> tantivy::Result<()> {
            let near = NearWords::of(&ways, self.fields())?;
            for shelf in self.shelves().iter() {
                search_shelf(shelf, &ways, &near, &mut top, |uid| overlay.hides(uid))?;
            }
            Ok(())
        });
        if !matches!(on_shelves, Ok(Ok(()))) {
            self.note_damage();
        }
        top.into_best().into_iter().map(|c| hit(c, words)).collect()
    }
}

fn search_shelf(shelf: &Shelf, words: &[&[Way]], near: &NearWords, top: &mut Top, hides: impl Fn(Uid) -> bool) -> tantivy::Result<()> {
    shelf.visit(words, near, |found| {
        let rank = shelf.rank.get_val(found.doc);
        let floor = top.floor();
        if floor.is_none_or(|(class, floor_rank)| (found.class, rank) > (class, floor_rank)) {
            let uid = Uid(shelf.uid.get_val(found.doc));
            if !hides(uid) {
                top.offer(Candidate { class: found.class, rank, uid, ways: found.ways });
            }
        }
        // From here on the rank only falls, so a record must be of a higher class to matter.
        top.floor().filter(|(_, floor_rank)| rank <= *floor_rank).map(|(class, _)| class)
    })
}

pub(crate) fn with_near(words: &[Word]) -> Vec<Vec<Way>> {
    words.iter().map(|w| w.exact.iter().chain(&w.near).cloned().collect()).collect()
}

fn hit(candidate: Candidate, words: &[Vec<Way>]) -> Hit {
    let ways = words.iter().zip(candidate.ways).filter_map(|(ways, number)| ways.get(usize::from(number)));
    let why = ways.map(|way| &way.why).max_by_key(|why| why.weight()).cloned().unwrap_or(Why::Name);
    let count = u16::try_from(words.len()).unwrap_or(1).max(1);
    let sum = u16::try_from(candidate.class).unwrap_or(u16::MAX);
    Hit { kind: candidate.uid.kind(), id: candidate.uid.id(), score: f32::from(sum) / (f32::from(count) * 100.0), why }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    class: u32,
    rank: i64,
    uid: Uid,
    ways: [u8; 8],
}

/// The best few so far.
struct Top {
    limit: usize,
    heap: BinaryHeap<Reverse<Candidate>>,
}

impl Top {
    fn new(limit: usize) -> Self {
        Self { limit, heap: BinaryHeap::with_capacity(limit + 1) }
    }

    fn offer(&mut self, candidate: Candidate) {
        self.heap.push(Reverse(candidate));
        if self.heap.len() > self.limit {
            self.heap.pop();
        }
    }

    /// Class and rank of the last of the best, once there are enough.
    fn floor(&self) -> Option<(u32, i64)> {
        (self.heap.len() == self.limit).then(|| self.heap.peek().map(|Reverse(c)| (c.class, c.rank))).flatten()
    }

    fn into_best(self) -> Vec<Candidate> {
        self.heap.into_sorted_vec().into_iter().map(|Reverse(c)| c).collect()
    }
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::{CustomerDoc, CustomerQuery, CustomerSort, Doc, samples::*};
    use super::*;
    use crate::domain::{
        email::Email,
        phone::Phone,
        profile::PersonName,
        time::{At, DAY_MS},
    };
    use proptest::prelude::*;

    fn customer(id: u64) -> (Kind, u64) {
        (Kind::Customer, id)
    }

    fn vehicle(id: u64) -> (Kind, u64) {
        (Kind::Vehicle, id)
    }

    fn found(search: &Search, text: &str) -> Vec<(Kind, u64)> {
        search.find(text, 10).hits.iter().map(|h| (h.kind, h.id)).collect()
    }

    /// The first hit and why, in the index and in the overlay.
    fn first(table: &[(&str, (Kind, u64), &str)]) {
        for (place, search) in both() {
            for (text, expected, why) in table {
                let hits = search.find(text, 10).hits;
                let first = hits.first().map(|h| ((h.kind, h.id), h.why.to_string()));
                assert_eq!(first, Some((*expected, (*why).to_owned())), "{text:?} {place}: {hits:?}");
            }
        }
    }

    #[test]
    fn the_beginning_of_a_name_is_enough() {
        first(&[
            ("da", customer(1), "name"),
            ("dana whit", customer(1), "name"),
            ("montgo", customer(7), "name"),
            ("montgomery", customer(7), "name"),
            ("DANA", customer(1), "name"),
            ("van der berg", customer(8), "name"),
            ("vanderberg", customer(8), "name"),
        ]);
    }

    #[test]
    fn names_may_be_swapped() {
        first(&[("whitfield dana", customer(1), "name"), ("Whitfield, Dana", customer(1), "name")]);
    }

    #[test]
    fn accents_and_apostrophes_may_be_left_out_or_put_in() {
        first(&[
            ("jose nunez", customer(6), "name"),
            ("NÚÑEZ", customer(6), "name"),
            ("obrien", customer(5), "name"),
            ("o'brien", customer(5), "name"),
        ]);
        for (_, search) in both() {
            assert!(found(&search, "brien").contains(&customer(5)));
        }
    }

    #[test]
    fn a_slip_of_the_finger_is_forgiven() {
        first(&[
            ("whitfeild", customer(1), "spelled nearly so"),
            ("dana whitfeld", customer(1), "name"),
            ("montgomrey", customer(7), "spelled nearly so"),
            ("mongtomrey", customer(7), "spelled nearly so"),
            ("kathrine", customer(7), "spelled nearly so"),
            ("jonh smithson", customer(3), "name"),
            ("silvrado", vehicle(5), "spelled nearly so"),
        ]);
    }

    #[test]
    fn a_short_word_or_a_wrong_first_letter_with_two_slips_is_not_stretched() {
        for (place, search) in both() {
            for text in ["dxx", "eana", "nomtgomrey", "qqqqq"] {
                assert_eq!(found(&search, text), vec![], "{text} {place}");
            }
        }
    }

    #[test]
    fn exact_names_stand_before_beginnings_and_slips() {
        for (place, search) in both() {
            let hits = found(&search, "smith");
            assert_eq!(hits, vec![customer(2), customer(4), customer(3)], "{place}");
        }
    }

    #[test]
    fn a_nickname_finds_the_name() {
        first(&[("bill smith", customer(2), "also called bill"), ("kathy", customer(7), "also called kathy"), ("chevy", vehicle(5), "car")]);
    }

    #[test]
    fn a_phone_number_is_found_by_any_part_in_any_writing() {
        first(&[
            ("555-0148", customer(1), "phone ends 0148"),
            ("0148", customer(1), "phone ends 0148"),
            ("(207) 555-01", customer(1), "phone has 20755501"),
            ("207 555 0148", customer(1), "phone ends 0148"),
            ("+1 (207) 555-0148", customer(1), "phone ends 0148"),
            ("12075550148", customer(1), "phone ends 0148"),
            ("5014", customer(1), "phone has 5014"),
            ("dana 0148", customer(1), "phone ends 0148"),
            ("0102", customer(2), "phone ends 0102"),
        ]);
        for (place, search) in both() {
            assert_eq!(found(&search, "(207) 555"), vec![customer(1), customer(2)], "{place}");
            assert_eq!(found(&search, "555-0149"), vec![], "{place}");
        }
    }

    #[test]
    fn the_tail_of_a_vin_is_found_and_its_owner_too() {
        first(&[
            ("614882", vehicle(1), "VIN ends 614882"),
            ("NA614882", vehicle(1), "VIN ends NA614882"),
            ("5j6rw2h89na614882", vehicle(1), "VIN ends NA614882"),
            ("89NA614882", vehicle(1), "VIN ends NA614882"),
            ("4882", vehicle(1), "VIN ends 4882"),
            ("004352", customer(1), "VIN ends 004352"),
        ]);
        for (place, search) in both() {
            assert_eq!(found(&search, "5J6RW2H80NA614882"), vec![], "another car with the same tail, {place}");
        }
    }

    #[test]
    fn a_stock_number_is_found_whole_begun_or_by_its_digits() {
        first(&[
            ("24117", vehicle(1), "stock 24117"),
            ("#24117", vehicle(1), "stock 24117"),
            ("2411", vehicle(1), "stock 2411"),
            ("p24090a", vehicle(2), "stock P24090A"),
            ("24090", vehicle(2), "stock 24090"),
        ]);
    }

    #[test]
    fn other_systems_numbers_are_found() {
        first(&[
            ("4711", customer(1), "number 4711"),
            ("0004711", customer(1), "number 0004711"),
            ("20417", customer(1), "deal 20417"),
            ("deal 20417", customer(1), "deal 20417"),
            ("Deal #204", customer(1), "deal 204"),
            ("dana deal 20417", customer(1), "deal 20417"),
            ("88213", customer(1), "RO 88213"),
            ("ro-88213", customer(1), "RO 88213"),
            ("RO 88213", customer(1), "RO 88213"),
            ("stock 24117", vehicle(1), "stock 24117"),
            ("vin 614882", vehicle(1), "VIN ends 614882"),
        ]);
        for (place, search) in both() {
            assert_eq!(found(&search, "ro 20417"), vec![], "a deal is no repair order, {place}");
        }
    }

    #[test]
    fn a_plate_is_found_in_any_writing_whole_begun_or_by_its_end() {
        first(&[
            ("8ABC123", customer(1), "plate 8ABC123"),
            ("8abc 123", customer(1), "plate 123"),
            ("8abc", customer(1), "plate 8ABC"),
            ("abc 123", customer(1), "plate 123"),
            ("plate 8ABC123", customer(1), "plate 8ABC123"),
            ("gx4471", vehicle(4), "plate GX4471"),
            ("GX 4471", vehicle(4), "plate 4471"),
            ("gx-44", vehicle(4), "plate GX44"),
        ]);
    }

    #[test]
    fn tags_and_the_store_s_own_fields_are_words_like_others() {
        first(&[
            ("vip", customer(1), "tag"),
            ("golf", customer(1), "tag"),
            ("tag:vip", customer(1), "tag"),
            ("tag:golf-club", customer(1), "tag"),
            ("dana tag:vip", customer(1), "name"),
            ("sailing", customer(1), "store's own field"),
        ]);
        for (place, search) in both() {
            assert_eq!(found(&search, "tag:golf"), vec![], "half a tag is not the tag, {place}");
        }
    }

    #[test]
    fn exchanged_letters_are_read_before_other_slips() {
        let search = in_memory();
        let docs = [person(1, "Jonah Smith"), person(2, "Joni Smith"), person(3, "John Smith"), person(4, "Johnny Smithers")].map(Doc::Customer);
        rebuild(&search, &docs, 1);
        assert_eq!(found(&search, "jonh smtih")[..2], [customer(3), customer(4)]);
        assert!(found(&search, "jonh smith").contains(&customer(1)));
    }

    #[test]
    fn an_email_is_found_by_its_parts() {
        first(&[
            ("dana.w@example.com", customer(1), "email"),
            ("dana.w@exa", customer(1), "email"),
            ("jobrien@", customer(5), "email"),
            ("jobr", customer(5), "email"),
            ("dana.w", customer(1), "email"),
            ("dana@example.com", customer(1), "email"),
        ]);
        for (place, search) in both() {
            assert_eq!(found(&search, "@example.com"), vec![customer(1), customer(5)], "{place}");
        }
    }

    #[test]
    fn a_car_is_found_by_year_make_model_and_colour_in_any_order() {
        first(&[
            ("honda civic", vehicle(2), "car"),
            ("civic 2019 blue", vehicle(2), "car"),
            ("blue 19 civ", vehicle(2), "car"),
            ("cr-v", vehicle(1), "car"),
            ("crv", vehicle(1), "car"),
            ("f150", vehicle(3), "car"),
            ("f-150 red", vehicle(3), "car"),
            ("ford f 150", vehicle(3), "car"),
        ]);
    }

    #[test]
    fn cars_on_the_lot_come_before_cars_elsewhere_and_their_drivers() {
        for (place, search) in both() {
            assert_eq!(found(&search, "civic"), vec![vehicle(2), vehicle(4), customer(1)], "{place}");
        }
    }

    #[test]
    fn words_about_a_person_and_their_car_are_one_question() {
        first(&[("dana civic", customer(1), "name"), ("dana's civic", customer(1), "name"), ("portland honda", customer(1), "drives one")]);
    }

    #[test]
    fn every_word_must_be_found() {
        for (place, search) in both() {
            for text in ["dana zzz", "civic purple", "smith 0148"] {
                assert_eq!(found(&search, text), vec![], "{text} {place}");
            }
        }
    }

    #[test]
    fn of_equals_the_hotter_and_the_later_touched_comes_first() {
        let search = in_memory();
        let late = At(1_790_000_000_000);
        let touched = |id, days: i64, score| CustomerDoc { last_touch: Some(late.plus_ms(-days * DAY_MS)), score, ..person(id, "Pat Doe") };
        let docs = [touched(1, 3, 0), touched(2, 1, 0), touched(3, 20, 90)].map(Doc::Customer);
        rebuild(&search, &docs, 1);
        assert_eq!(found(&search, "pat doe"), vec![customer(3), customer(2), customer(1)]);
    }

    #[test]
    fn no_letters_find_nothing_and_one_letter_finds_some() {
        for (_, search) in both() {
            for text in ["", " ", "?!", "()", "@"] {
                assert_eq!(found(&search, text), vec![], "{text}");
            }
            assert!(found(&search, "d").contains(&customer(1)));
            assert_eq!(search.find("dana", 0).hits, vec![]);
        }
    }

    #[test]
    fn a_changed_record_is_found_as_it_is_now_and_not_as_the_index_has_it() {
        let search = in_memory();
        rebuild(&search, &all(), 1);
        let married = CustomerDoc { name: PersonName::from_full("Dana Carver"), ..dana() };
        search.overlay_put(2, &Doc::Customer(married.clone()));
        assert_eq!(found(&search, "dana carver"), vec![customer(1)]);
        assert_eq!(found(&search, "dana whitfield"), vec![]);

        search.add(&Doc::Customer(married)).unwrap();
        search.commit(2).unwrap();
        assert_eq!(found(&search, "dana carver"), vec![customer(1)]);
        assert_eq!(found(&search, "dana whitfield"), vec![]);
    }

    #[test]
    fn a_removed_record_is_gone_at_once_and_stays_gone() {
        let search = in_memory();
        rebuild(&search, &all(), 1);
        search.overlay_remove(2, Kind::Customer, 1);
        assert_eq!(found(&search, "dana"), vec![]);
        search.remove(Kind::Customer, 1).unwrap();
        search.commit(2).unwrap();
        assert_eq!(found(&search, "dana"), vec![]);
    }

    #[test]
    fn a_commit_takes_from_the_overlay_only_what_it_covers() {
        let search = in_memory();
        rebuild(&search, &[], 1);
        search.overlay_put(2, &Doc::Customer(person(10, "Ann Early")));
        search.overlay_put(5, &Doc::Customer(person(11, "Ann Later")));
        search.add(&Doc::Customer(person(10, "Ann Early"))).unwrap();
        search.commit(3).unwrap();
        assert_eq!(found(&search, "ann"), vec![customer(10), customer(11)]);
    }

    #[test]
    fn a_pasted_page_does_not_hurt() {
        for (_, search) in both() {
            search.find(&"dana whitfield ".repeat(5_000), 10);
            search.find(&"9".repeat(100_000), 10);
            search.find(&"ä".repeat(100_000), 10);
        }
    }

    #[test]
    fn a_surer_match_is_not_missed_behind_many_newer_ones() {
        let (search, model) = (in_memory(), in_memory());
        let mut docs: Vec<CustomerDoc> = (1..400).map(|id| person(id, if id % 2 == 0 { "Dan Smithson" } else { "Smirna Daniels" })).collect();
        docs.push(CustomerDoc { emails: Email::parse("smi@example.com").into_iter().collect(), ..person(900, "Dan Oldest") });
        docs.push(person(901, "Dan Smith"));
        docs.push(CustomerDoc { cars: vec!["2019 Smi Dan".to_owned()], ..person(902, "Ann Oldest") });
        let docs: Vec<Doc> = docs.into_iter().map(Doc::Customer).collect();
        rebuild(&search, &docs, 1);
        for doc in &docs {
            model.overlay_put(1, doc);
        }
        for (text, best) in [("smi", 900), ("dan smith", 901), ("smith dan", 901), ("dan smi", 900), ("smi dan", 900)] {
            assert_eq!(found(&search, text).first(), Some(&customer(best)), "{text}");
            for limit in [1, 3, 10] {
                assert_eq!(search.find(text, limit).hits, model.find(text, limit).hits, "{text}");
            }
        }
    }

    fn names() -> impl Strategy<Value = String> {
        let firsts = prop::sample::select(vec!["dana", "daniel", "dan", "william", "bill", "jo", "ann-marie"]);
        let lasts = prop::sample::select(vec!["smith", "smyth", "smithson", "o'brien", "montgomery", "montgomary", "lee"]);
        (firsts, lasts).prop_map(|(f, l)| format!("{f} {l}"))
    }

    fn texts() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec![
            "dan",
            "dana",
            "smith",
            "smtih",
            "smit",
            "bill",
            "montgomery",
            "mongtomery",
            "obrien",
            "l",
            "j",
            "0101",
            "555-01",
            "5550",
            "honda",
            "hnoda",
            "ann-marie",
        ]);
        prop::collection::vec(words, 1..3).prop_map(|w| w.join(" "))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// However records came to where they are (rebuilt, added, replaced, removed, committed or still in memory), a search finds the
        /// same as if all of them were held in memory, in the same order.
        #[test]
        fn shelves_and_overlay_together_answer_as_one(
            steps in prop::collection::vec((1_u64..40, prop::option::weighted(0.8, (names(), 1_u32..99)), prop::bool::weighted(0.2)), 1..80),
            texts in prop::collection::vec(texts(), 1..6),
        ) {
            let (search, model) = (in_memory(), in_memory());
            rebuild(&search, &[], 0);
            for (seq, (id, change, commit)) in (1..).zip(steps) {
                if let Some((name, days)) = change {
                    let touch = At(1_790_000_000_000 - i64::from(days) * 1_000 - i64::try_from(id).unwrap_or(0));
                    let doc = Doc::Customer(CustomerDoc {
                        phones: Phone::parse(&format!("20755501{:02}", id % 100)).into_iter().collect(),
                        last_touch: Some(touch),
                        cars: vec!["2018 Honda Civic".to_owned()],
                        ..person(id, &name)
                    });
                    search.overlay_put(seq, &doc);
                    search.add(&doc).unwrap();
                    model.overlay_put(seq, &doc);
                } else {
                    search.overlay_remove(seq, Kind::Customer, id);
                    search.remove(Kind::Customer, id).unwrap();
                    model.overlay_remove(seq, Kind::Customer, id);
                }
                if commit {
                    search.commit(seq).unwrap();
                }
            }
            for text in texts {
                for limit in [3, 50] {
                    prop_assert_eq!(search.find(&text, limit).hits, model.find(&text, limit).hits, "{}", text);
                }
                let query = CustomerQuery { text: text.clone(), limit: 50, ..Default::default() };
                prop_assert_eq!(search.list_customers(&query), model.list_customers(&query), "{}", text);
            }
            let everybody = CustomerQuery { sort: CustomerSort::Name, limit: 50, ..Default::default() };
            prop_assert_eq!(search.list_customers(&everybody), model.list_customers(&everybody));
        }
    }
}
