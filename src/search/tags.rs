//! Which tags are in use? As the index knows them: by their letters, without spaces and capitals.

use super::{
    index::Search,
    marks::{Slot, Tag, fold, joined},
};
use std::collections::BTreeSet;

/// More would be no help to choose from; each costs a look at the index.
const TAGS_MOST: usize = 100;

/// Whether this is how a tag of these letters is written.
#[must_use]
pub fn is_tag(folded: &str, tag: &str) -> bool {
    joined(&fold(tag)) == folded
}

impl Search {
    /// The tags of all customers, by their letters. Some may be carried by nobody any more.
    #[must_use]
    pub fn tags(&self) -> Vec<String> {
        let beginning = Tag::Label.mark("");
        let mut found = BTreeSet::new();
        let mut see = |mark: &str| found.extend(mark.strip_prefix(&beginning).map(str::to_owned));
        self.overlay().beginning(Slot::Tag, &beginning).for_each(|(mark, _)| see(mark));
        for shelf in self.shelves().iter() {
            if shelf.marks_beginning(Slot::Tag, &beginning, TAGS_MOST, &mut see).is_err() {
                self.note_damage();
            }
        }
        found.into_iter().take(TAGS_MOST).collect()
    }
}
