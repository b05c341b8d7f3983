//! Staff, keys, files, checks, backups, exports: beside a running server or alone.

use super::{DataArgs, ImportWord, KeyAct, Out, UserAct, socket::Hands};
use crate::{
    domain::import_run::ImportKind,
    engine::intent::learner::Figures,
    service::{
        access, duplicates,
        operator::{CheckLine, DuplicatesLine, ImportLine, LeadLine, Reply, Request, ScoreLine},
    },
};
use anyhow::{Context, bail};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// A first password a person can type: four groups of letters and digits.
fn first_password() -> anyhow::Result<(String, String)> {
    let secret = access::new_secret("")?;
    let text: String = secret.chars().take(16).collect::<Vec<_>>().chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join("-");
    let hash = access::hash_password(&text).context("the password could not be hashed")?;
    Ok((text, hash))
}

pub(super) async fn user(act: UserAct, out: Out) -> anyhow::Result<()> {
    match act {
        UserAct::Add { name, role, data } => {
            let (password, hash) = first_password()?;
            if let Reply::User { user } = once(&data, Request::UserAdd { name, role, password_hash: hash }).await? {
                out.line(&format!("{} may sign in with the password {password}", user.name));
                out.line("It is shown this once. They can be given a new one with `headlight user reset`.");
                out.json(&serde_json::json!({ "id": user.id, "name": user.name, "role": user.role, "password": password }));
            }
        }
        UserAct::List { data } => {
            if let Reply::Users { users } = once(&data, Request::UserList).await? {
                for u in &users {
                    out.line(&format!("{:<28} {:<9} {}", u.name, u.role.word(), if u.available { "takes leads" } else { "busy" }));
                }
                if users.is_empty() {
                    out.line("Nobody works here yet. `headlight user add NAME --role owner` adds the first.");
                }
                out.json(&serde_json::json!({ "users": users }));
            }
        }
        UserAct::Reset { name, data } => {
            let (password, hash) = first_password()?;
            if let Reply::User { user } = once(&data, Request::UserReset { name, password_hash: hash }).await? {
                out.line(&format!("{} may sign in with the password {password}; they were signed out everywhere.", user.name));
                out.json(&serde_json::json!({ "id": user.id, "name": user.name, "password": password }));
            }
        }
        UserAct::Token { name, data } => {
            let reply = once(&data, Request::UserToken { name }).await?;
            if let Reply::Token { token } = &reply {
                out.line(token);
                out.json(&reply);
            }
        }
    }
    Ok(())
}

pub(super) async fn key(act: KeyAct, out: Out) -> anyhow::Result<()> {
    match act {
        KeyAct::Add { name, data } => {
            let reply = once(&data, Request::KeyAdd { name }).await?;
            if let Reply::Key { key } = &reply {
                out.line(key);
                out.line("It is shown this once. With the public name of this store for STORE, a lead sender posts to");
                out.line(&format!("  https://STORE/leads/adf?key={key}"));
                out.line("and a website has in each of its pages");
                out.line(&format!("  <script async src=\"https://STORE/tag.js\" data-key=\"{key}\"></script>"));
                out.json(&reply);
            }
        }
        KeyAct::List { data } => {
            let reply = once(&data, Request::KeyList).await?;
            if let Reply::Keys { keys } = &reply {
                for k in keys {
                    out.line(&format!("{:<28} {}", k.name, if k.revoked_ms.is_some() { "revoked" } else { "in use" }));
                }
                if keys.is_empty() {
                    out.line("No keys yet. `headlight key add NAME` makes one for a lead sender or a website.");
                }
                out.json(&reply);
            }
        }
        KeyAct::Revoke { name, data } => {
            let reply = once(&data, Request::KeyRevoke { name }).await?;
            if let Reply::Revoked { revoked } = &reply {
                out.line(&format!("{revoked} {} ended.", if *revoked == 1 { "key was" } else { "keys were" }));
                out.json(&reply);
            }
        }
    }
    Ok(())
}

async fn once(data: &DataArgs, request: Request) -> anyhow::Result<Reply> {
    let begins_a_store = matches!(request, Request::UserAdd { .. } | Request::KeyAdd { .. });
    let hands = if begins_a_store { Hands::find(data).await? } else { Hands::find_store(data).await? };
    let reply = hands.perform(request).await;
    hands.close();
    reply
}

fn read_file(path: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    let bytes = std::fs::read(path).with_context(|| format!("{} could not be read", path.display()))?;
    let name = path.file_name().map_or_else(|| "file".to_owned(), |n| n.to_string_lossy().into_owned());
    Ok((name, bytes))
}

pub(super) async fn import(kind: ImportWord, files: &[PathBuf], rehearse: bool, data: &DataArgs, out: Out) -> anyhow::Result<()> {
    let kind = match kind {
        ImportWord::Auto => None,
        ImportWord::Customers => Some(ImportKind::Customers),
        ImportWord::Deals => Some(ImportKind::Deals),
        ImportWord::RepairOrders => Some(ImportKind::RepairOrders),
        ImportWord::Appointments => Some(ImportKind::Appointments),
        ImportWord::Inventory => Some(ImportKind::Inventory),
    };
    let hands = Hands::find(data).await?;
    let mut all: Vec<ImportLine> = Vec::new();
    for path in files {
        let imported = one_file(&hands, kind, rehearse, path, out).await;
        match imported {
            Ok(line) => all.push(line),
            Err(error) => {
                hands.close();
                return Err(error);
            }
        }
    }
    hands.close();
    for line in &all {
        out.line(&format!(
            "{}: {} rows{}, {} new, {} joined, {} unchanged, {} held back",
            line.file,
            line.rows,
            if line.rehearsed { " (a rehearsal; nothing was imported)" } else { "" },
            line.new,
            line.joined,
            line.unchanged,
            line.held_back
        ));
        for (reason, count) in &line.reasons {
            out.line(&format!("  {count} held back: {reason}"));
        }
    }
    out.json(&serde_json::json!({ "imports": all }));
    Ok(())
}

async fn one_file(hands: &Hands, kind: Option<ImportKind>, rehearse: bool, path: &Path, out: Out) -> anyhow::Result<ImportLine> {
    let most = crate::service::imports::MOST_BYTES;
    let size = std::fs::metadata(path).map_or(0, |m| m.len());
    if size > most as u64 {
        bail!("{} has {} MB; a file of up to {} MB is taken. Split it and bring the parts.", path.display(), size >> 20, most >> 20);
    }
    let (file, bytes) = read_file(path)?;
    out.progress(&format!("reading {file}"));
    let Reply::Import(mut line) = hands.perform(Request::Import { kind, rehearse, file: file.clone(), bytes }).await? else {
        bail!("the server answered something else")
    };
    if line.rehearsed {
        out.progress_done();
        return Ok(line);
    }
    loop {
        // The line of the first reply was made before the rows had their effects.
        let Reply::Import(now) = hands.perform(Request::ImportState { id: line.id }).await? else { bail!("the server answered something else") };
        line = now;
        if line.done {
            out.progress_done();
            return Ok(line);
        }
        let so_far = line.new + line.joined + line.unchanged + line.held_back;
        out.progress(&format!("{file}: {so_far} of {} rows", line.rows));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

pub(super) async fn scan(data: &DataArgs, out: Out) -> anyhow::Result<()> {
    let hands = Hands::find_store(data).await?;
    let scanned = scan_with(&hands, out).await;
    hands.close();
    let line = scanned?;
    out.line(&format!(
        "{} records compared; {} joined, {} more to look at, {} on the review list",
        line.records,
        pairs(line.pairs_joined),
        pairs(line.pairs_likely),
        pairs(line.pairs_waiting)
    ));
    out.json(&line);
    Ok(())
}

fn pairs(n: u64) -> String {
    format!("{n} {}", if n == 1 { "pair" } else { "pairs" })
}

/// How well the score in force foretells the store's own sales.
pub(super) async fn evaluate_score(data: &DataArgs, out: Out) -> anyhow::Result<()> {
    let hands = Hands::find_store(data).await?;
    let reply = hands.perform(Request::ScoreEvaluate).await;
    hands.close();
    let Reply::Score(ScoreLine { snapshots, figures, sentence }) = reply? else { bail!("the server answered something else") };
    let Some(figures) = figures else {
        bail!("nothing can be judged: no sale followed what customers did in the last month whose thirty days are over. {sentence}")
    };
    let Figures { n, positives, auc, log_loss, brier, brier_skill, ece, lift10, lift20 } = figures;
    out.line(&format!("{n} customers at the ends of weeks, {positives} of them bought within 30 days; {snapshots} looked at in all"));
    out.line(&format!("auc {auc:.4}   log-loss {log_loss:.4}   brier {brier:.4}   skill {brier_skill:.4}   calibration error {ece:.4}"));
    out.line(&format!("lift {lift10:.2} at 10 %, {lift20:.2} at 20 %"));
    out.line(&sentence);
    out.json(&serde_json::json!({
        "auc": auc, "log_loss": log_loss, "brier": brier, "brier_skill": brier_skill, "ece": ece, "lift10": lift10, "lift20": lift20,
        "n": n, "positives": positives, "snapshots": snapshots, "sentence": sentence,
    }));
    Ok(())
}

async fn scan_with(hands: &Hands, out: Out) -> anyhow::Result<DuplicatesLine> {
    hands.perform(Request::DuplicateScan).await?;
    loop {
        match hands.house() {
            // Without a server nobody else turns the wheel.
            Some(house) => drop(duplicates::turn(&house.rooms, house.clock.now()).await?),
            None => tokio::time::sleep(Duration::from_millis(200)).await,
        }
        let Reply::Duplicates(line) = hands.perform(Request::DuplicateState).await? else { bail!("the server answered something else") };
        if !line.is_running {
            out.progress_done();
            return Ok(line);
        }
        out.progress(&match line.records {
            0 => "reading the customers".to_owned(),
            of => format!("{} of {of} records compared", line.records_done),
        });
    }
}

pub(super) async fn leads(files: &[PathBuf], data: &DataArgs, out: Out) -> anyhow::Result<()> {
    let hands = Hands::find(data).await?;
    let mut all: Vec<LeadLine> = Vec::new();
    for path in files {
        let taken = async {
            let (file, bytes) = read_file(path)?;
            let Reply::Lead(line) = hands.perform(Request::Lead { file, bytes }).await? else { bail!("the server answered something else") };
            Ok(line)
        };
        match taken.await {
            Ok(line) => all.push(line),
            Err(error) => {
                hands.close();
                return Err(error);
            }
        }
    }
    hands.close();
    for line in &all {
        let what = match (&line.set_aside, line.leads, line.replies) {
            (Some(why), 0, 0) => format!("set aside: {why}"),
            (None, 0, 0) => format!("no lead: {}", line.not_leads.join(" ")),
            (_, 0, n) => format!("{n} {}", if n == 1 { "reply" } else { "replies" }),
            (_, n, _) if line.again == n => "received before; nothing done twice".to_owned(),
            (_, n, _) => format!("{n} {}", if n == 1 { "lead" } else { "leads" }),
        };
        out.line(&format!("{}: {what}", line.file));
        for note in line.set_aside.iter().filter(|_| line.leads + line.replies > 0).chain(&line.warnings) {
            out.line(&format!("  {note}"));
        }
    }
    out.json(&serde_json::json!({ "files": all }));
    Ok(())
}

pub(super) async fn check(data: &DataArgs, out: Out) -> anyhow::Result<()> {
    let Reply::Check(line) = once(data, Request::Check).await? else { bail!("the server answered something else") };
    let CheckLine { records, damaged, journal, waiting, digest, index, set_aside } = &line;
    out.line(&format!("{records} records opened, {journal} journal entries ({waiting} waiting), {set_aside} set aside; index {index}"));
    if let Some(digest) = digest {
        out.line(&format!("state digest {digest}"));
    }
    for sentence in damaged {
        out.line(&format!("  {sentence}"));
    }
    out.json(&line);
    if damaged.is_empty() {
        out.line("The store is sound.");
        Ok(())
    } else {
        bail!("{} records are damaged", damaged.len())
    }
}

pub(super) async fn reindex(data: &DataArgs, out: Out) -> anyhow::Result<()> {
    let hands = Hands::find_store(data).await?;
    let reply = hands.perform(Request::Reindex).await;
    if let Some(house) = hands.house()
        && reply.is_ok()
    {
        out.progress("building the search index");
        crate::service::index::rebuild(&house.rooms)?;
        out.progress_done();
    }
    let alone = hands.is_own();
    hands.close();
    out.json(&reply?);
    out.line(if alone { "The search index is built." } else { "The running server builds the search index anew; searches go on meanwhile." });
    Ok(())
}

pub(super) async fn backup(to: &Path, data: &DataArgs, out: Out) -> anyhow::Result<()> {
    let to = std::path::absolute(to)?;
    out.progress("writing and reading back");
    let reply = once(data, Request::Backup { to }).await?;
    out.progress_done();
    if let Reply::Backup { file, rows, digest } = &reply {
        out.line(&format!("{}: {rows} records, verified, state digest {digest}", file.display()));
        out.line("It is of use only with the store's key file; keep a copy of that elsewhere.");
        out.json(&reply);
    }
    Ok(())
}

pub(super) async fn export(to: &Path, data: &DataArgs, out: Out) -> anyhow::Result<()> {
    let to = std::path::absolute(to)?;
    out.progress("writing every table");
    let reply = once(data, Request::Export { to }).await?;
    out.progress_done();
    if let Reply::Export { folder, rows, digest } = &reply {
        out.line(&format!("{}: {rows} rows, state digest {digest}", folder.display()));
        out.line("README.html in it says what is where. Whoever has the folder can read everything in it.");
        out.json(&reply);
    }
    Ok(())
}
