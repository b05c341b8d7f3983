//! What car does somebody say they want? Said to a rep or on the website, ended, taken up again.

use super::{Policy, Rooms, advance, people, seen::Asked, shoppers, story, think};
use crate::{
    domain::{
        alert::Icon,
        change::Changed,
        customer::Customer,
        event::Event,
        ids::{CustomerId, PartId, Seq, StaffId, WishId},
        price_alert::Ended,
        story::{Road, StoryRow},
        time::At,
        visitor::Did,
        wish::{Whose, Wish, WishTerms},
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// More cars than anybody wishes for at once.
const OF_A_PART_MOST: usize = 20;
/// Wishes that stand, of all customers.
const OPEN_MOST: usize = 20_000;
const WORD_MOST_CHARS: usize = 60;
const WORDS_MOST_CHARS: usize = 500;

/// Why nothing was done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    Unusable(String),
}

/// Takes down what a customer wants. The same key twice takes it down once.
pub async fn say(rooms: &Rooms, customer: CustomerId, terms: WishTerms, asked: Asked, now: At) -> Result<Result<(), Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "wish", || {
                let Some(customer) = people::shown(tx, customer)? else { return Ok(Err(Refusal::NotThere)) };
                if let Err(sentence) = usable(&terms) {
                    return Ok(Err(Refusal::Unusable(sentence)));
                }
                if of_customer(tx, &customer)?.len() >= OF_A_PART_MOST {
                    return Ok(Err(Refusal::Unusable(format!("{OF_A_PART_MOST} wishes stand already: end one of them first."))));
                }
                let whose = Whose::Customer { id: customer.id, by: asked.by };
                advance::append_applied(tx, &policy, Event::Wished { terms: terms.clone(), whose }, now)?;
                Ok(Ok(()))
            })
        })
        .await
}

/// Whether a wish says something that a car can meet.
pub(super) fn usable(terms: &WishTerms) -> Result<(), String> {
    let long = [&terms.make, &terms.model, &terms.body, &terms.drivetrain, &terms.color].iter().any(|w| w.chars().count() > WORD_MOST_CHARS);
    if long || terms.words.chars().count() > WORDS_MOST_CHARS {
        return Err(format!("A word has at most {WORD_MOST_CHARS} characters, their own words at most {WORDS_MOST_CHARS}."));
    }
    if terms.price_most.is_some_and(|price| price.0 <= 0) {
        return Err("A price is more than nothing.".to_owned());
    }
    if !terms.says_something() {
        return Err("Say at least one thing that tells one car from another: a model, a body, a price.".to_owned());
    }
    Ok(())
}

/// They do not want it any more, or do after all.
pub async fn set_open(rooms: &Rooms, id: WishId, open: bool, asked: Asked, now: At) -> Result<Result<CustomerId, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let Some(wish) = tx.get(tables::WISHES, &id)? else { return Ok(Err(Refusal::NotThere)) };
            if wish.is_open() != open {
                let event = if open { Event::WishResumed { wish: id, by: asked.by } } else { Event::WishEnded { wish: id, by: asked.by } };
                advance::append_applied(tx, &policy, event, now)?;
            }
            Ok(Ok(people::root_of(tx, wish.part)?))
        })
        .await
}

/// The effects of a wish. One that is said again word by word is the one that stands.
pub(super) fn take(tx: &WriteTx<'_>, policy: &Policy, cause: Seq, terms: &WishTerms, whose: &Whose, now: At) -> Result<(), StoreError> {
    let Some((part, by)) = speaker(tx, policy, whose, "it left a wish", now)? else { return Ok(()) };
    let Some(customer) = people::of_part(tx, part)? else { return Ok(()) };
    if of_customer(tx, &customer)?.iter().any(|wish| wish.said == *terms) {
        return Ok(());
    }
    let id = WishId(tx.next("wish")?);
    let wish = Wish { id, part, said: terms.clone(), at: now, by, cause, ended: None };
    tx.put(tables::WISHES, &id, &wish)?;
    tx.put(tables::WISHES_OPEN, &id, &())?;
    tx.put(tables::CUSTOMER_WISHES, &(part, id), &())?;
    let what = format!("Wishes for: {}", terms.label());
    let row = StoryRow::new(now, if by.is_some() { Road::Sales } else { Road::Web }, Icon::Star, what.clone(), cause);
    story::tell(tx, part, &StoryRow { by, detail: terms.words.clone(), ..row })?;
    people::change(tx, part, |own| own.touch(now, &what, by.is_none()))?;
    tx.announce(Changed::Customer(customer.id));
    think::think(tx, policy, customer.id, now)
}

/// Whose word it is: their record, and who took it down. A shopper is found out as of any lead, and their browser is theirs from then on.
pub(super) fn speaker(tx: &WriteTx<'_>, policy: &Policy, whose: &Whose, why: &str, now: At) -> Result<Option<(PartId, Option<StaffId>)>, StoreError> {
    match whose {
        Whose::Customer { id, by } => Ok(people::shown(tx, *id)?.map(|customer| (customer.id.into(), Some(*by)))),
        Whose::Shopper { person, client } => {
            let part = people::file(tx, policy, person, now)?.part;
            let mut activity = tx.get(tables::ACTIVITY, &part)?.unwrap_or_default();
            activity.note(Did::GaveContact, now, None);
            tx.put(tables::ACTIVITY, &part, &activity)?;
            if let Some(client) = client {
                shoppers::is_theirs(tx, client, part, now, why)?;
            }
            Ok(Some((part, None)))
        }
    }
}

/// It is over, or stands again.
pub(super) fn take_end(tx: &WriteTx<'_>, policy: &Policy, cause: Seq, id: WishId, ended: Option<Ended>, now: At) -> Result<(), StoreError> {
    let Some(mut wish) = tx.get(tables::WISHES, &id)? else { return Ok(()) };
    wish.ended = ended;
    tx.put(tables::WISHES, &id, &wish)?;
    let verb = if let Some(ended) = ended {
        tx.remove(tables::WISHES_OPEN, &id)?;
        ("No longer wishes for", ended.by)
    } else {
        tx.put(tables::WISHES_OPEN, &id, &())?;
        ("Wishes again for", wish.by.unwrap_or_default())
    };
    let row = StoryRow::new(now, Road::Sales, Icon::Star, format!("{}: {}", verb.0, wish.said.label()), cause);
    story::tell(tx, wish.part, &StoryRow { by: Some(verb.1), ..row })?;
    let customer = people::root_of(tx, wish.part)?;
    tx.announce(Changed::Customer(customer));
    think::think(tx, policy, customer, now)
}

/// The wishes of a customer that stand, oldest first.
pub fn of_customer(tx: &impl Rows, customer: &Customer) -> Result<Vec<Wish>, StoreError> {
    let mut all = Vec::new();
    for part in customer.all_parts() {
        for ((_, id), ()) in tx.last(tables::CUSTOMER_WISHES, &Span::under(&part), OF_A_PART_MOST * 2)? {
            all.extend(tx.get(tables::WISHES, &id)?.filter(Wish::is_open));
        }
    }
    all.sort_by_key(|wish: &Wish| wish.id);
    Ok(all)
}

/// Every wish that stands.
pub(super) fn open(tx: &impl Rows) -> Result<Vec<Wish>, StoreError> {
    let mut all = Vec::new();
    for id in tx.keys(tables::WISHES_OPEN, &Span::all(), OPEN_MOST)? {
        all.extend(tx.get(tables::WISHES, &id)?);
    }
    Ok(all)
}
