//! Which lists does somebody want to come back to? Saved under a name, for oneself or for the store.
//!
//! They are settings and no part of a customer's story, so they are written as they are and not by the journal.

use super::{Rooms, seen::Asked, shapes as s, views::People};
use crate::{
    domain::{
        ids::{SavedViewId, StaffId},
        saved_view::{Keeper, ListOf, SavedView},
        staff::Role,
        time::At,
    },
    store::{Rows, Span, StoreError, WriteTx, tables},
};

/// One keeper's views. More is a list that needs a search of its own.
pub const MOST: usize = 50;
pub const NAME_MOST_CHARS: usize = 60;
/// A filter with every word set has some three hundred characters.
pub const WORDS_MOST_CHARS: usize = 1_000;

/// Why a view was not saved, changed or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NoName,
    NoWords,
    TooMany,
    NameTaken,
    /// Somebody else's, shown to the store: only its author and the owner change it.
    NotYours,
    NotHere,
}

/// What somebody wants saved.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub list: ListOf,
    pub name: String,
    pub words: String,
    pub keeper: Keeper,
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub struct By {
    pub staff: StaffId,
    pub role: Role,
}

impl By {
    fn may_change(self, view: &SavedView) -> bool {
        view.by == self.staff || self.role == Role::Owner
    }
}

/// The store's, then mine, each by name.
pub fn all(rooms: &Rooms, me: By) -> Result<s::SavedViews, StoreError> {
    let tx = rooms.store.read()?;
    let people = People::read(&tx)?;
    let mut items = Vec::new();
    for keeper in [Keeper::Store, Keeper::One(me.staff)] {
        let mut kept = of(&tx, keeper)?;
        kept.sort_by_key(|view| (view.name.to_lowercase(), view.id));
        items.extend(kept.into_iter().map(|view| shape(&people, me, keeper, view)));
    }
    Ok(s::SavedViews { items })
}

fn of(tx: &impl Rows, keeper: Keeper) -> Result<Vec<SavedView>, StoreError> {
    Ok(tx.some(tables::VIEWS, &Span::under(&tables::views_of(keeper)), MOST)?.into_iter().map(|(_, view)| view).collect())
}

fn shape(people: &People, me: By, keeper: Keeper, view: SavedView) -> s::SavedViewShape {
    s::SavedViewShape {
        id: view.id.0,
        list: view.list,
        by: people.person(view.by),
        may_change: me.may_change(&view),
        name: view.name,
        words: view.words,
        shared: keeper == Keeper::Store,
    }
}

/// Saves a view. The same key twice saves one.
pub async fn add(rooms: &Rooms, me: By, wanted: Wanted, key: Option<String>, now: At) -> Result<Result<s::SavedViewShape, Refusal>, StoreError> {
    let wanted = match checked(wanted) {
        Ok(wanted) => wanted,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let asked = Asked { by: me.staff, key };
    rooms
        .store
        .write(move |tx| {
            if let Some(id) = asked.before(tx, "view")? {
                return said_before(tx, me, SavedViewId(id));
            }
            if let Err(refusal) = has_room(tx, &wanted, None)? {
                return Ok(Err(refusal));
            }
            let Wanted { list, name, words, keeper } = wanted.clone();
            let view = SavedView { id: SavedViewId(tx.next("view")?), list, name, words, by: me.staff, made: now };
            tx.put(tables::VIEWS, &(tables::views_of(keeper), view.id), &view)?;
            asked.remember(tx, "view", view.id.0)?;
            Ok(Ok(shape(&People::read(tx)?, me, keeper, view)))
        })
        .await
}

/// What the same key gave before, as it is now.
fn said_before(tx: &impl Rows, me: By, id: SavedViewId) -> Result<Result<s::SavedViewShape, Refusal>, StoreError> {
    let Some((keeper, view)) = visible(tx, me.staff, id)? else { return Ok(Err(Refusal::NotHere)) };
    Ok(Ok(shape(&People::read(tx)?, me, keeper, view)))
}

/// Gives a view another name, filter or keeper. One that its author keeps for themselves again leaves the store's. The same key twice
/// changes it once.
pub async fn change(
    rooms: &Rooms,
    me: By,
    id: SavedViewId,
    wanted: Wanted,
    key: Option<String>,
) -> Result<Result<s::SavedViewShape, Refusal>, StoreError> {
    let wanted = match checked(wanted) {
        Ok(wanted) => wanted,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let asked = Asked { by: me.staff, key };
    rooms
        .store
        .write(move |tx| {
            if asked.before(tx, "change view")?.is_some() {
                return said_before(tx, me, id);
            }
            let (keeper, view) = match changeable(tx, me, id)? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            // The owner who takes a view from the store gives it back to its author.
            let to = match wanted.keeper {
                Keeper::Store => Keeper::Store,
                Keeper::One(_) => Keeper::One(view.by),
            };
            let wanted = Wanted { keeper: to, ..wanted.clone() };
            if let Err(refusal) = has_room(tx, &wanted, Some(id))? {
                return Ok(Err(refusal));
            }
            let view = SavedView { list: wanted.list, name: wanted.name, words: wanted.words, ..view };
            tx.remove(tables::VIEWS, &(tables::views_of(keeper), id))?;
            tx.put(tables::VIEWS, &(tables::views_of(to), id), &view)?;
            asked.remember(tx, "change view", id.0)?;
            Ok(Ok(shape(&People::read(tx)?, me, to, view)))
        })
        .await
}

/// Removes a view; one that is gone already is gone.
pub async fn remove(rooms: &Rooms, me: By, id: SavedViewId) -> Result<Result<(), Refusal>, StoreError> {
    rooms
        .store
        .write(move |tx| match changeable(tx, me, id)? {
            Ok((keeper, _)) => {
                tx.remove(tables::VIEWS, &(tables::views_of(keeper), id))?;
                Ok(Ok(()))
            }
            Err(Refusal::NotHere) => Ok(Ok(())),
            Err(refusal) => Ok(Err(refusal)),
        })
        .await
}

fn checked(wanted: Wanted) -> Result<Wanted, Refusal> {
    let name = wanted.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > NAME_MOST_CHARS || name.chars().any(char::is_control) {
        return Err(Refusal::NoName);
    }
    // A list of a newer kind has no screen here that could have saved it.
    if wanted.words.chars().count() > WORDS_MOST_CHARS || wanted.words.chars().any(char::is_control) || wanted.list == ListOf::Unknown {
        return Err(Refusal::NoWords);
    }
    Ok(Wanted { name, ..wanted })
}

/// Room at the keeper, and no other view of that list by that name.
fn has_room(tx: &WriteTx<'_>, wanted: &Wanted, except: Option<SavedViewId>) -> Result<Result<(), Refusal>, StoreError> {
    let others: Vec<SavedView> = of(tx, wanted.keeper)?.into_iter().filter(|view| Some(view.id) != except).collect();
    let name = wanted.name.to_lowercase();
    Ok(if others.iter().any(|view| view.list == wanted.list && view.name.to_lowercase() == name) {
        Err(Refusal::NameTaken)
    } else if others.len() >= MOST {
        Err(Refusal::TooMany)
    } else {
        Ok(())
    })
}

/// A view that this person sees: one of the store's, or one of theirs.
fn visible(tx: &impl Rows, me: StaffId, id: SavedViewId) -> Result<Option<(Keeper, SavedView)>, StoreError> {
    for keeper in [Keeper::Store, Keeper::One(me)] {
        if let Some(view) = tx.get(tables::VIEWS, &(tables::views_of(keeper), id))? {
            return Ok(Some((keeper, view)));
        }
    }
    Ok(None)
}

fn changeable(tx: &impl Rows, me: By, id: SavedViewId) -> Result<Result<(Keeper, SavedView), Refusal>, StoreError> {
    Ok(match visible(tx, me.staff, id)? {
        None => Err(Refusal::NotHere),
        Some((_, view)) if !me.may_change(&view) => Err(Refusal::NotYours),
        Some(found) => Ok(found),
    })
}
