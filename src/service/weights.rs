//! By what weights are two records told to be one person's? The store keeps those learnt from its own people; here they lie opened.

use crate::{
    engine::identity::Model,
    store::{Rows, StoreError, WriteTx, tables},
};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, PoisonError, RwLock},
};

/// Which weights hold: the mark of those under [`SAID`]. Read with every filing, so it is short.
const IN_FORCE: &str = "weights";
const SAID: &str = "weights in full";

/// The weights that were last asked for, opened. What the transaction at hand says decides, so that nothing that is taken back or lived
/// through again is judged by weights of another time.
#[derive(Debug, Clone, Default)]
pub struct Weights(Arc<RwLock<Opened>>);

#[derive(Debug, Default)]
struct Opened {
    /// Empty: those that come with the program.
    mark: String,
    model: Arc<Model>,
}

impl Weights {
    /// The weights in force for this transaction; those that come with the program until the store's own were learnt.
    pub fn of(&self, tx: &impl Rows) -> Result<Arc<Model>, StoreError> {
        let mark = tx.get(tables::META, &IN_FORCE.to_owned())?.unwrap_or_default();
        {
            let opened = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if opened.mark == mark {
                return Ok(Arc::clone(&opened.model));
            }
        }
        let said = if mark.is_empty() { None } else { tx.get(tables::META, &SAID.to_owned())? };
        let model = Arc::new(said.and_then(|text| read(&text)).unwrap_or_default());
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Opened { mark, model: Arc::clone(&model) };
        Ok(model)
    }
}

/// As the journal says them; `None` for weights that no store's people can have.
#[must_use]
pub fn written(model: &Model) -> Option<String> {
    serde_json::to_string(model).ok().filter(|_| model.is_plausible())
}

fn read(text: &str) -> Option<Model> {
    serde_json::from_str(text).ok().filter(Model::is_plausible)
}

/// From here on records are compared by these. Weights that cannot be read, as those of a newer Headlight, change nothing.
pub fn adopt(tx: &WriteTx<'_>, text: &str) -> Result<(), StoreError> {
    if read(text).is_none() {
        return Ok(());
    }
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    tx.put(tables::META, &SAID.to_owned(), &text.to_owned())?;
    tx.put(tables::META, &IN_FORCE.to_owned(), &format!("{:016x}", hasher.finish()))
}
