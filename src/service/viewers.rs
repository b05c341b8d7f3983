//! Who has this customer open now?
//!
//! Kept in memory alone: it is true for a minute at most, and after a restart every open page says it again.

use super::{Rooms, people, shapes as s, views::People};
use crate::{
    domain::{
        ids::{CustomerId, StaffId},
        time::{At, MINUTE_MS},
    },
    store::StoreError,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

/// An open page says so every 20 s; one not heard from for this long has gone without a word.
const HEARD_WITHIN_MS: i64 = MINUTE_MS;

/// Pages of one person; beyond them the one heard from longest ago is forgotten.
const PAGES_MOST: usize = 32;

/// One open page, by a number that it made up. Two people's pages may have made up the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageId(pub u64);

/// Every page that shows a customer. A page shows one at a time.
#[derive(Debug, Clone, Default)]
pub struct Viewers(Arc<Mutex<Vec<Open>>>);

#[derive(Debug, Clone, Copy)]
struct Open {
    page: PageId,
    by: StaffId,
    customer: CustomerId,
    heard: At,
}

impl Viewers {
    /// Whoever else has it open, the first to come first.
    fn others(&self, customer: CustomerId, me: StaffId, now: At) -> Vec<StaffId> {
        let mut others = Vec::new();
        for open in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if open.customer == customer && open.by != me && open.is_heard(now) && !others.contains(&open.by) {
                others.push(open.by);
            }
        }
        others
    }

    /// This page shows this customer. Gives the customers who are now looked at by others than before.
    fn stay(&self, page: PageId, by: StaffId, customer: CustomerId, now: At) -> Vec<CustomerId> {
        self.change(now, |pages| {
            match pages.iter_mut().find(|open| (open.by, open.page) == (by, page)) {
                Some(open) => (open.customer, open.heard) = (customer, now),
                None => pages.push(Open { page, by, customer, heard: now }),
            }
            let theirs = pages.iter().filter(|open| open.by == by);
            if theirs.clone().count() > PAGES_MOST
                && let Some(oldest) = theirs.min_by_key(|open| open.heard).map(|open| open.page)
            {
                pages.retain(|open| (open.by, open.page) != (by, oldest));
            }
        })
    }

    /// This page shows this customer no longer.
    fn leave(&self, page: PageId, by: StaffId, customer: CustomerId, now: At) -> Vec<CustomerId> {
        self.change(now, |pages| pages.retain(|open| (open.by, open.page, open.customer) != (by, page, customer)))
    }

    fn change(&self, now: At, change: impl FnOnce(&mut Vec<Open>)) -> Vec<CustomerId> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = by_customer(&pages);
        pages.retain(|open| open.is_heard(now));
        change(&mut pages);
        let after = by_customer(&pages);
        before.keys().chain(after.keys()).filter(|id| before.get(id) != after.get(id)).copied().collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl Open {
    fn is_heard(&self, now: At) -> bool {
        now.since(self.heard) <= HEARD_WITHIN_MS
    }
}

fn by_customer(pages: &[Open]) -> BTreeMap<CustomerId, BTreeSet<StaffId>> {
    let mut people: BTreeMap<CustomerId, BTreeSet<StaffId>> = BTreeMap::new();
    for open in pages {
        people.entry(open.customer).or_default().insert(open.by);
    }
    people
}

/// Who else looks at a customer, as the screens show them.
pub fn others(rooms: &Rooms, people: &People, customer: CustomerId, me: StaffId, now: At) -> Vec<s::Person> {
    rooms.viewers.others(customer, me, now).into_iter().filter_map(|id| people.person(id)).collect()
}

/// Says that this page has a customer open, and gives who else has; `None` when there is no such customer.
pub fn stay(rooms: &Rooms, customer: CustomerId, page: PageId, me: StaffId, now: At) -> Result<Option<s::Viewers>, StoreError> {
    let tx = rooms.store.read()?;
    let Some(customer) = people::shown(&tx, customer)?.map(|c| c.id) else { return Ok(None) };
    rooms.hub.tell_viewers(&rooms.viewers.stay(page, me, customer, now));
    Ok(Some(s::Viewers { others: others(rooms, &People::read(&tx)?, customer, me, now) }))
}

/// Says that this page has a customer open no longer.
pub fn leave(rooms: &Rooms, customer: CustomerId, page: PageId, me: StaffId, now: At) {
    rooms.hub.tell_viewers(&rooms.viewers.leave(page, me, customer, now));
}

#[cfg(test)]
mod tests {
    use super::*;

    const DANA: CustomerId = CustomerId(1);
    const REESE: CustomerId = CustomerId(2);
    const PRIYA: StaffId = StaffId(1);
    const JO: StaffId = StaffId(2);
    const SAM: StaffId = StaffId(3);
    const NOW: At = At(1_000_000);

    fn looking() -> Viewers {
        let viewers = Viewers::default();
        viewers.stay(PageId(1), PRIYA, DANA, NOW);
        viewers.stay(PageId(1), JO, DANA, NOW.plus_ms(1));
        viewers
    }

    #[test]
    fn everybody_is_told_of_the_others_and_nobody_of_themselves() {
        let viewers = looking();
        assert_eq!(viewers.others(DANA, PRIYA, NOW), [JO]);
        assert_eq!(viewers.others(DANA, SAM, NOW), [PRIYA, JO]);
        assert_eq!(viewers.others(REESE, SAM, NOW), []);
    }

    #[test]
    fn a_page_not_heard_from_for_a_minute_is_gone_and_the_next_word_of_anybody_says_so() {
        let viewers = looking();
        let later = NOW.plus_ms(MINUTE_MS + 1);
        assert_eq!(viewers.others(DANA, SAM, later), [JO]);
        assert_eq!(viewers.stay(PageId(7), SAM, REESE, later), [DANA, REESE]);
    }

    #[test]
    fn saying_it_again_is_no_news() {
        let viewers = looking();
        assert_eq!(viewers.stay(PageId(1), PRIYA, DANA, NOW.plus_ms(20_000)), []);
        assert_eq!(viewers.stay(PageId(2), PRIYA, DANA, NOW), [], "a second page of the same person");
        assert_eq!(viewers.leave(PageId(2), PRIYA, DANA, NOW), [], "the first is open still");
        assert_eq!(viewers.leave(PageId(1), PRIYA, DANA, NOW), [DANA]);
        assert_eq!(viewers.leave(PageId(1), PRIYA, DANA, NOW), [], "left already");
    }

    #[test]
    fn a_page_that_walks_on_leaves_the_one_before() {
        let viewers = looking();
        assert_eq!(viewers.stay(PageId(1), PRIYA, REESE, NOW), [DANA, REESE]);
        assert_eq!(viewers.leave(PageId(1), PRIYA, DANA, NOW), [], "a word that comes late closes nothing");
        assert_eq!(viewers.others(REESE, SAM, NOW), [PRIYA]);
        assert_eq!(viewers.others(DANA, SAM, NOW), [JO]);
    }

    #[test]
    fn nobody_closes_the_page_of_another() {
        let viewers = looking();
        assert_eq!(viewers.leave(PageId(1), SAM, DANA, NOW), []);
        assert_eq!(viewers.others(DANA, SAM, NOW), [PRIYA, JO]);
    }

    #[test]
    fn what_one_person_can_make_it_remember_is_bounded() {
        let viewers = Viewers::default();
        for page in 0..10 * PAGES_MOST as u64 {
            viewers.stay(PageId(page), PRIYA, CustomerId(page), NOW.plus_ms(i64::try_from(page).unwrap()));
        }
        assert_eq!(viewers.0.lock().unwrap().len(), PAGES_MOST);
        assert_eq!(viewers.others(CustomerId(10 * PAGES_MOST as u64 - 1), JO, NOW), [PRIYA], "the newest stay");
    }
}
