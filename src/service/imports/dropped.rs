//! May a file that lay in the drop folder be run without asking anybody?

use super::{
    draft::{self, Plan},
    run,
};
use crate::{
    domain::{
        ids::ImportId,
        import_run::{ImportRun, ImportState},
        time::At,
    },
    formats::collect,
    service::{
        Rooms,
        intake::{self, WebFile},
    },
    store::StoreError,
};
use std::sync::Arc;

/// One row in twenty: more that are held back is a file that has changed, and somebody should look at it.
const HELD_BACK_ONE_IN: u64 = 20;

/// What became of a file of the drop folder, with a sentence for whoever put it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dropped {
    /// These very bytes were brought before; nothing was done.
    Again {
        import: ImportId,
        sentence: String,
    },
    Runs {
        import: ImportId,
        sentence: String,
    },
    /// Somebody has to look at it first.
    Waits {
        import: ImportId,
        sentence: String,
    },
    /// It held events of the website.
    Heard {
        sentence: String,
    },
    /// Nothing of it was taken.
    Refused {
        sentence: String,
    },
}

/// Brings a file of the drop folder, and runs it where its layout is known and next to nothing is held back.
pub async fn dropped(rooms: &Rooms, file: String, bytes: Vec<u8>, now: At) -> Result<Dropped, StoreError> {
    if collect::is_file(&bytes) {
        return heard(rooms, &file, bytes, now).await;
    }
    let bytes = Arc::new(bytes);
    let given = Arc::clone(&bytes);
    let digest = tokio::task::spawn_blocking(move || run::digest(&given)).await;
    let digest = digest.map_err(|_| StoreError::Unavailable("the file could not be read to its end".to_owned()))?;
    if let Some(before) = draft::brought_before(&rooms.store.read()?, &digest)? {
        return Ok(again(&before));
    }
    let bytes = Arc::unwrap_or_clone(bytes);
    let import = match draft::bring(rooms, None, file, bytes, None, now).await? {
        Ok(import) => import,
        Err(sentence) => return Ok(Dropped::Refused { sentence }),
    };
    draft::rehearse(rooms, import, now).await?;
    let looked = draft::look_again(&rooms.store.read()?, import)?;
    let Some((rehearsed, plan)) = looked else { return Ok(Dropped::Waits { import, sentence: "It waits under Imports.".to_owned() }) };
    if let Err(sentence) = is_clear(&rehearsed, plan.as_ref()) {
        return Ok(Dropped::Waits { import, sentence });
    }
    Ok(match run::begin(rooms, import, None, now).await? {
        Ok(()) => Dropped::Runs { import, sentence: format!("It is imported as number {import}; Imports shows what came of each row.") },
        Err(sentence) => Dropped::Waits { import, sentence },
    })
}

/// Events of the website: what came before is not taken twice, and what happened hours ago opens no card.
async fn heard(rooms: &Rooms, file: &str, bytes: Vec<u8>, now: At) -> Result<Dropped, StoreError> {
    Ok(match intake::receive_web_file(rooms, file, bytes, now).await? {
        Ok(WebFile { taken, again, refused }) => {
            let before = if again == 0 { String::new() } else { format!(" {again} had come before.") };
            let kept = if refused == 0 { String::new() } else { format!(" {refused} could not be used; Set aside says why.") };
            Dropped::Heard { sentence: format!("It held events of the website: {taken} were taken.{before}{kept}") }
        }
        Err(sentence) => Dropped::Refused { sentence },
    })
}

fn again(before: &ImportRun) -> Dropped {
    let import = before.id;
    let so_far =
        if before.state == ImportState::Draft { "It waits under Imports for somebody to look at it." } else { "Nothing was imported twice." };
    Dropped::Again { import, sentence: format!("The same file was brought before, as import {import}. {so_far}") }
}

/// Whether there is nothing to ask; else what.
fn is_clear(draft: &ImportRun, plan: Option<&Plan>) -> Result<(), String> {
    // A feed in XML or JSON names its own columns.
    let is_known = draft.preset.is_some() || plan.is_none_or(|plan| plan.remembered || plan.mapping.is_none());
    let Some(rehearsed) = &draft.rehearsed else { return Err("It waits under Imports.".to_owned()) };
    if let Some(sentence) = &rehearsed.refused {
        return Err(format!("{sentence} Match its columns under Imports."));
    }
    if !is_known {
        return Err("Its layout is new. Match its columns under Imports and begin it there; the next such file is run by itself.".to_owned());
    }
    let (held, rows) = (rehearsed.counts.held_back, rehearsed.counts.rows);
    if held * HELD_BACK_ONE_IN >= rows {
        return Err(format!("{held} of its {rows} rows would be held back. Look at them under Imports."));
    }
    Ok(())
}
