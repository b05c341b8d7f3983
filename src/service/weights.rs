//! By what does this store judge? The weights it learnt from its own people and sales, and what it set of its rules, are kept; here they lie
//! opened.

use crate::{
    domain::rule_setting::RuleSettings,
    engine::{identity, intent},
    store::{Rows, StoreError, WriteTx, tables},
};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, PoisonError, RwLock},
};

/// Something that a store learns or sets, and that comes with the program until it did.
pub trait Learnt: Default + Serialize + DeserializeOwned {
    /// Which weights hold: the mark of those under `SAID`. Read with every filing and every thought, so it is short.
    const IN_FORCE: &'static str;
    const SAID: &'static str;

    /// Whether these can be any store's.
    fn is_plausible(&self) -> bool;
}

/// By what two records are told to be one person's.
impl Learnt for identity::Model {
    const IN_FORCE: &'static str = "weights";
    const SAID: &'static str = "weights in full";

    fn is_plausible(&self) -> bool {
        self.is_plausible()
    }
}

/// By what a customer is told to be near to buying.
impl Learnt for intent::Model {
    const IN_FORCE: &'static str = "score";
    const SAID: &'static str = "score in full";

    fn is_plausible(&self) -> bool {
        self.is_plausible()
    }
}

/// How it wants its rules to work. What was set under other bounds is held within those of today where it is read.
impl Learnt for RuleSettings {
    const IN_FORCE: &'static str = "rules";
    const SAID: &'static str = "rules in full";

    fn is_plausible(&self) -> bool {
        true
    }
}

/// The weights that were last asked for, opened. What the transaction at hand says decides, so that nothing that is taken back or lived
/// through again is judged by weights of another time.
#[derive(Debug)]
pub struct Weights<M>(Arc<RwLock<Opened<M>>>);

#[derive(Debug)]
struct Opened<M> {
    /// Empty: those that come with the program.
    mark: String,
    model: Arc<M>,
}

impl<M> Clone for Weights<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<M: Default> Default for Weights<M> {
    fn default() -> Self {
        Self(Arc::new(RwLock::new(Opened { mark: String::new(), model: Arc::default() })))
    }
}

impl<M: Learnt> Weights<M> {
    /// The weights in force for this transaction; those that come with the program until the store's own were learnt.
    pub fn of(&self, tx: &impl Rows) -> Result<Arc<M>, StoreError> {
        let mark = tx.get(tables::META, &M::IN_FORCE.to_owned())?.unwrap_or_default();
        {
            let opened = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if opened.mark == mark {
                return Ok(Arc::clone(&opened.model));
            }
        }
        let said = if mark.is_empty() { None } else { tx.get(tables::META, &M::SAID.to_owned())? };
        let model = Arc::new(said.and_then(|text| read(&text)).unwrap_or_default());
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Opened { mark, model: Arc::clone(&model) };
        Ok(model)
    }
}

/// As the journal says them; `None` for weights that no store can have.
#[must_use]
pub fn written<M: Learnt>(model: &M) -> Option<String> {
    serde_json::to_string(model).ok().filter(|_| model.is_plausible())
}

fn read<M: Learnt>(text: &str) -> Option<M> {
    serde_json::from_str(text).ok().filter(M::is_plausible)
}

/// From here on it is judged by these. Weights that cannot be read, as those of a newer Headlight, change nothing.
pub fn adopt<M: Learnt>(tx: &WriteTx<'_>, text: &str) -> Result<(), StoreError> {
    if read::<M>(text).is_none() {
        return Ok(());
    }
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    tx.put(tables::META, &M::SAID.to_owned(), &text.to_owned())?;
    tx.put(tables::META, &M::IN_FORCE.to_owned(), &format!("{:016x}", hasher.finish()))
}
