//! What the person at the store's own computer may do: staff, keys, files, checks, backups. The same acts serve the command line
//! beside a running server (by its local socket) and alone.

use super::{Rooms, access, advance, duplicates, export, imports, intake, pairs, score_learning, staff};
use crate::{
    domain::{
        ids::ImportId,
        import_run::{ImportKind, ImportRun, ImportState},
        staff::Role,
        time::At,
    },
    engine::intent::learner::Figures,
    store::{Rows, StoreError, backup, tables},
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Request {
    UserAdd {
        name: String,
        role: Role,
        password_hash: String,
    },
    UserList,
    UserReset {
        name: String,
        password_hash: String,
    },
    UserToken {
        name: String,
    },
    KeyAdd {
        name: String,
    },
    KeyList,
    KeyRevoke {
        name: String,
    },
    Check,
    Reindex,
    Backup {
        to: PathBuf,
    },
    Export {
        to: PathBuf,
    },
    ImportState {
        id: u64,
    },
    DuplicateScan,
    DuplicateState,
    ScoreEvaluate,
    Lead {
        file: String,
        #[serde(with = "as_base64")]
        bytes: Vec<u8>,
    },
    Import {
        /// None: found out from the file.
        kind: Option<ImportKind>,
        /// Only said what it would do; nothing is kept.
        #[serde(default)]
        rehearse: bool,
        file: String,
        #[serde(with = "as_base64")]
        bytes: Vec<u8>,
    },
}

/// What came of it; also the line of `--json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Reply {
    User { user: UserLine },
    Users { users: Vec<UserLine> },
    Token { token: String },
    Key { key: String },
    Keys { keys: Vec<KeyLine> },
    Revoked { revoked: usize },
    Check(CheckLine),
    Reindex { reindexing: bool },
    Backup { file: PathBuf, rows: u64, digest: String },
    Export { folder: PathBuf, rows: u64, digest: String },
    Import(ImportLine),
    Lead(LeadLine),
    Duplicates(DuplicatesLine),
    Score(ScoreLine),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UserLine {
    pub id: u64,
    pub name: String,
    pub role: Role,
    pub available: bool,
    pub active: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeyLine {
    pub name: String,
    pub made_ms: i64,
    pub revoked_ms: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckLine {
    pub records: u64,
    /// A sentence for each damaged record, at most a hundred.
    pub damaged: Vec<String>,
    pub journal: u64,
    /// Entries whose effects are not had yet.
    pub waiting: u64,
    pub digest: Option<String>,
    pub index: String,
    pub set_aside: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportLine {
    pub id: u64,
    pub file: String,
    pub done: bool,
    /// Nothing was imported: these are the counts of a rehearsal.
    #[serde(default)]
    pub rehearsed: bool,
    pub rows: u64,
    pub new: u64,
    pub joined: u64,
    pub unchanged: u64,
    pub held_back: u64,
    /// Why rows were held back, with how many.
    pub reasons: Vec<(String, u64)>,
}

/// How a search for doubles stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DuplicatesLine {
    pub is_running: bool,
    pub records_done: u64,
    /// 0 until all are read.
    pub records: u64,
    pub pairs_joined: u64,
    pub pairs_likely: u64,
    /// Pairs that wait for somebody to look at them, of earlier searches too.
    pub pairs_waiting: u64,
}

/// How well the score in force foretells the store's own sales.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScoreLine {
    /// Customers at the ends of weeks that were looked at.
    pub snapshots: usize,
    /// `None` when the last month that can be judged had no sale.
    pub figures: Option<Figures>,
    /// What was last learnt.
    pub sentence: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeadLine {
    pub file: String,
    pub leads: usize,
    pub again: usize,
    pub replies: usize,
    pub not_leads: Vec<String>,
    /// Why it, or the rest of it, was set aside, when it was.
    pub set_aside: Option<String>,
    pub warnings: Vec<String>,
}

/// Why it was not done: a sentence for the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub String);

/// Does it.
///
/// # Errors
/// The outer error is the store's; the inner a sentence for whoever asked.
pub async fn perform(rooms: &Rooms, request: Request, now: At) -> Result<Result<Reply, Refusal>, StoreError> {
    let refuse = |text: String| Ok(Err(Refusal(text)));
    let policy = rooms.policy.clone();
    match request {
        Request::UserAdd { name, role, password_hash } => {
            let added = rooms.store.write(move |tx| staff::add(tx, &policy, &name, role, password_hash.clone(), now)).await?;
            match added {
                Ok(person) => Ok(Ok(Reply::User { user: user_line(&person) })),
                Err(refusal) => refuse(refusal.to_string()),
            }
        }
        Request::UserList => Ok(Ok(Reply::Users { users: staff::all(&rooms.store.read()?)?.iter().map(user_line).collect() })),
        Request::UserReset { name, password_hash } => match rooms.store.write(move |tx| access::reset_password(tx, &name, &password_hash)).await? {
            Ok(person) => Ok(Ok(Reply::User { user: user_line(&person) })),
            Err(refusal) => refuse(refusal.to_string()),
        },
        Request::UserToken { name } => {
            let person = access::staff_by_name(&rooms.store.read()?, &name)?;
            let Some(person) = person else { return refuse(staff::Refusal::NobodyByThatName.to_string()) };
            let token = access::new_secret("hlt_")?;
            let secret = token.clone();
            rooms.store.write(move |tx| access::open_session(tx, person.id, crate::domain::access::SessionKind::Token, &secret, now)).await?;
            Ok(Ok(Reply::Token { token }))
        }
        Request::KeyAdd { name } => {
            if name.trim().is_empty() || name.len() > 60 {
                return refuse("A key needs a name of 1 to 60 letters, for example \"cars-com\".".to_owned());
            }
            let key = access::new_secret("hlk_")?;
            let secret = key.clone();
            rooms.store.write(move |tx| access::add_sender_key(tx, name.trim(), &secret, now)).await?;
            Ok(Ok(Reply::Key { key }))
        }
        Request::KeyList => {
            let keys = access::sender_keys(&rooms.store.read()?)?;
            let keys = keys.into_iter().map(|k| KeyLine { name: k.name, made_ms: k.made.0, revoked_ms: k.revoked.map(|t| t.0) }).collect();
            Ok(Ok(Reply::Keys { keys }))
        }
        Request::KeyRevoke { name } => {
            let shown = name.clone();
            let revoked = rooms.store.write(move |tx| access::revoke_sender_key(tx, &name, now)).await?;
            rooms.hub.tell_revocation();
            match revoked {
                0 => refuse(format!("No key by the name \u{201c}{shown}\u{201d} is in use; `headlight key list` shows them.")),
                revoked => Ok(Ok(Reply::Revoked { revoked })),
            }
        }
        Request::Check => Ok(Ok(Reply::Check(check(rooms)?))),
        Request::Reindex => {
            super::index::ask_rebuild(rooms);
            Ok(Ok(Reply::Reindex { reindexing: true }))
        }
        Request::Backup { to } => back_up(rooms, to, now).await,
        Request::Export { to } => match export::to_folder(rooms, to, now).await? {
            Ok(export::Exported { folder, rows, digest }) => Ok(Ok(Reply::Export { folder, rows, digest })),
            Err(sentence) => refuse(sentence),
        },
        Request::ImportState { id } => match imports::one(&rooms.store.read()?, ImportId(id))? {
            Some(run) => Ok(Ok(Reply::Import(import_line(&run)))),
            None => refuse(format!("There is no import {id}.")),
        },
        Request::DuplicateScan => {
            duplicates::ask(rooms, now).await?;
            Ok(Ok(Reply::Duplicates(duplicates_line(rooms)?)))
        }
        Request::DuplicateState => Ok(Ok(Reply::Duplicates(duplicates_line(rooms)?))),
        Request::ScoreEvaluate => {
            let (snapshots, figures) = score_learning::evaluate(rooms, now).await?;
            let sentence = score_learning::model(&rooms.store.read()?, &policy)?.sentence;
            Ok(Ok(Reply::Score(ScoreLine { snapshots, figures, sentence })))
        }
        Request::Lead { file, bytes } => {
            let received = intake::receive_lead(rooms, bytes, intake::Came::InFile { name: file.clone() }, now).await?;
            Ok(Ok(Reply::Lead(LeadLine {
                file,
                leads: received.leads.len(),
                again: received.leads.iter().filter(|l| l.again).count(),
                replies: received.replies,
                not_leads: received.not_leads,
                set_aside: received.set_aside.map(|(_, why)| why),
                warnings: received.leads.into_iter().flat_map(|l| l.warnings).collect(),
            })))
        }
        Request::Import { kind, rehearse, file, bytes } => import(rooms, kind, rehearse, file, bytes, now).await,
    }
}

/// Brings a file and runs it, or says what running it would do.
async fn import(
    rooms: &Rooms,
    kind: Option<ImportKind>,
    rehearse: bool,
    file: String,
    bytes: Vec<u8>,
    now: At,
) -> Result<Result<Reply, Refusal>, StoreError> {
    let refuse = |sentence: String| Ok(Err(Refusal(sentence)));
    let id = match imports::bring(rooms, kind, file, bytes, None, now).await? {
        Ok(id) => id,
        Err(sentence) => return refuse(sentence),
    };
    let gone = || "The import is not there any more; try again.".to_owned();
    if rehearse {
        imports::rehearse(rooms, id, now).await?;
        let Some(draft) = imports::one(&rooms.store.read()?, id)? else { return refuse(gone()) };
        rooms.store.write(move |tx| imports::discard(tx, id)).await?;
        let rehearsed = draft.rehearsed.clone().unwrap_or_default();
        if let Some(sentence) = rehearsed.refused {
            return refuse(sentence);
        }
        let run = ImportRun { counts: rehearsed.counts, held_back: rehearsed.held_back, ..draft };
        return Ok(Ok(Reply::Import(import_line(&run))));
    }
    if let Err(sentence) = imports::begin(rooms, id, None, now).await? {
        return refuse(sentence);
    }
    if let Err(sentence) = imports::carry(rooms, id, now).await? {
        rooms.store.write(move |tx| imports::discard(tx, id)).await?;
        return refuse(sentence);
    }
    match imports::one(&rooms.store.read()?, id)? {
        Some(run) => Ok(Ok(Reply::Import(import_line(&run)))),
        None => refuse(gone()),
    }
}

async fn back_up(rooms: &Rooms, to: PathBuf, now: At) -> Result<Result<Reply, Refusal>, StoreError> {
    if !to.is_dir() {
        return Ok(Err(Refusal(format!("{} is not a folder; make it first or name another.", to.display()))));
    }
    let store = rooms.store.clone();
    let seq = rooms.store.read()?.get(tables::COUNTERS, &"journal".to_owned())?.unwrap_or(0);
    let day = crate::domain::time::day_text(rooms.policy.rooftop.zone.day_number(now));
    let file = to.join(format!("headlight-{day}-{seq}.hlb"));
    let target = file.clone();
    let done = tokio::task::spawn_blocking(move || store.backup(&target, &mut |rows| tracing::debug!(backup.rows = rows, "backup goes on"))).await;
    match done {
        Ok(Ok((_, digest))) => Ok(Ok(Reply::Backup { file, rows: digest.rows, digest: digest.hex() })),
        Ok(Err(error)) => Ok(Err(Refusal(format!("The backup was not made: {error}.")))),
        Err(_) => Ok(Err(Refusal("The backup ended unexpectedly; nothing counts until a backup is named.".to_owned()))),
    }
}

fn check(rooms: &Rooms) -> Result<CheckLine, StoreError> {
    let tx = rooms.store.read()?;
    let mut damaged = Vec::new();
    let records = backup::check(&tx, &mut damaged)?;
    let digest = if damaged.is_empty() { Some(backup::digest(&tx)?.hex()) } else { None };
    damaged.truncate(100);
    let journal = tx.get(tables::COUNTERS, &"journal".to_owned())?.unwrap_or(0);
    let state = rooms.search.state();
    Ok(CheckLine {
        records,
        damaged,
        journal,
        waiting: journal.saturating_sub(advance::cursor(&tx)?.0),
        digest,
        index: format!("{:?}, {} documents", state.phase, state.docs).to_lowercase(),
        set_aside: super::set_aside::count(&tx)?,
    })
}

fn duplicates_line(rooms: &Rooms) -> Result<DuplicatesLine, StoreError> {
    let tx = rooms.store.read()?;
    let scan = pairs::scan(&duplicates::standing(&tx)?);
    Ok(DuplicatesLine {
        is_running: scan.is_running,
        records_done: scan.done,
        records: scan.of,
        pairs_joined: scan.joined,
        pairs_likely: scan.likely,
        pairs_waiting: tx.count(tables::LIKELY_FIRST)?,
    })
}

fn user_line(person: &crate::domain::staff::Staff) -> UserLine {
    UserLine { id: person.id.0, name: person.name.clone(), role: person.role, available: person.available, active: person.active }
}

fn import_line(run: &ImportRun) -> ImportLine {
    ImportLine {
        id: run.id.0,
        file: run.file.clone(),
        done: run.state != ImportState::Running,
        rehearsed: run.state == ImportState::Draft,
        rows: run.counts.rows,
        new: run.counts.new,
        joined: run.counts.joined,
        unchanged: run.counts.unchanged,
        held_back: run.counts.held_back,
        reasons: run.held_back.iter().map(|h| (h.reason.clone(), h.count)).collect(),
    }
}

/// Bytes as base 64, so that a request is plain JSON.
mod as_base64 {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&data_encoding::BASE64.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(d)?;
        data_encoding::BASE64.decode(text.as_bytes()).map_err(D::Error::custom)
    }
}
