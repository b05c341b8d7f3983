//! What lies in the drop folder, and in those of the feeds within it? A file that lies still is brought; afterwards it lies in `done` or `refused` beside what became of it.
//! Nothing is ever deleted there, and the log says no file's name: it may be a customer's.

use crate::{
    clock::Clock,
    domain::ids::FeedId,
    service::{
        Rooms,
        feeds::{self, Brought, Refusal},
        imports::{self, Dropped},
    },
};
use anyhow::Context;
use rustix::fs::OFlags;
use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions},
    io::{self, Read},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// A file to which nobody has written for so long was copied to its end.
const STILL_MS: i64 = 10_000;
/// A file of a computer whose clock runs ahead is not waited for longer than this.
const AHEAD_MS: i64 = 3_600_000;
/// It is read whole: some hundred thousands of rows.
const MOST_BYTES: u64 = 256 << 20;
/// Files of one turn; a stop waits for the turn to end.
const AT_ONCE: usize = 10;
/// Names under which programs keep what they are still writing.
const UNFINISHED: [&str; 5] = ["part", "tmp", "crdownload", "filepart", "partial"];

pub(super) async fn run(rooms: Rooms, clock: Clock) -> anyhow::Result<()> {
    let Some(folder) = rooms.policy.drop_folder.clone() else { return Ok(()) };
    sweep(&rooms, &clock, folder.clone(), None).await?;
    let feeds = feeds::all(&rooms.store.read()?)?;
    for feed in feeds {
        let own = feeds::folder(&folder, &feed);
        let (drop, made) = (folder.clone(), own.clone());
        // Without it there is nothing to take; the start of the server has said so.
        let is_there = tokio::task::spawn_blocking(move || drop.is_dir() && make_shared_within(&drop, &made).is_ok()).await?;
        if is_there {
            sweep(&rooms, &clock, own, Some(feed.id)).await?;
        }
    }
    Ok(())
}

/// Takes what lies in one folder: as files to import, or as snapshots of its feed.
async fn sweep(rooms: &Rooms, clock: &Clock, folder: PathBuf, feed: Option<FeedId>) -> anyhow::Result<()> {
    let (looked_in, now_ms) = (folder.clone(), clock.now().0);
    // Without the folder there is nothing to do; the start of the server has said so.
    let Ok(still) = tokio::task::spawn_blocking(move || lying_still(&looked_in, now_ms)).await? else { return Ok(()) };
    for path in still.into_iter().take(AT_ONCE) {
        let opened = path.clone();
        let end = match tokio::task::spawn_blocking(move || read(&opened)).await? {
            Ok(Some(bytes)) => {
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                match feed {
                    Some(feed) => brought(feed, feeds::bring(rooms, feed, file, bytes, None, clock.now()).await?),
                    None => ended(imports::dropped(rooms, file, bytes, clock.now()).await?),
                }
            }
            // Somebody writes to it after all.
            Ok(None) => continue,
            Err(sentence) => refused(sentence),
        };
        let folder = folder.clone();
        tokio::task::spawn_blocking(move || put_away(&folder, &path, &end)).await??;
    }
    Ok(())
}

/// Where a file goes, and what is written beside it.
struct End {
    subfolder: &'static str,
    sentence: String,
}

fn refused(sentence: String) -> End {
    tracing::warn!("a file of the drop folder was refused; why is written beside it");
    End { subfolder: "refused", sentence }
}

fn ended(dropped: Dropped) -> End {
    let done = |sentence| End { subfolder: "done", sentence };
    match dropped {
        Dropped::Again { import, sentence } => {
            tracing::info!(import.id = import.0, "a file of the drop folder was brought before");
            done(sentence)
        }
        Dropped::Runs { import, sentence } => {
            tracing::info!(import.id = import.0, "a file of the drop folder is imported");
            done(sentence)
        }
        Dropped::Waits { import, sentence } => {
            tracing::info!(import.id = import.0, "a file of the drop folder waits for somebody to look at it");
            done(sentence)
        }
        Dropped::Heard { sentence } => {
            tracing::info!("a file of the drop folder brought events of the website");
            done(sentence)
        }
        Dropped::Refused { sentence } => refused(sentence),
    }
}

fn brought(feed: FeedId, brought: Result<Brought, Refusal>) -> End {
    let done = |sentence: &str| End { subfolder: "done", sentence: sentence.to_owned() };
    match brought {
        Ok(Brought::Taken { .. }) => {
            tracing::info!(feed.id = feed.0, "a snapshot of a feed was taken out of its folder");
            done("It was taken; Settings, Feeds shows what it did to which cars.")
        }
        Ok(Brought::Again) => done("The same snapshot was taken before. Nothing was changed."),
        Ok(Brought::Refused { why, .. }) => refused(why),
        Err(_) => refused("The feed of this folder was given up meanwhile.".to_owned()),
    }
}

/// What is finished lying down, by name: files, and links, which are refused. Folders are left alone.
fn lying_still(folder: &Path, now_ms: i64) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // Gone again meanwhile is not there.
        let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
        if (metadata.is_file() || metadata.is_symlink()) && !is_unfinished(&path) && lies_still(&metadata, now_ms) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn is_unfinished(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with(['.', '~']));
    hidden || path.extension().is_some_and(|end| UNFINISHED.iter().any(|u| end.eq_ignore_ascii_case(u)))
}

/// A copy may set the time of writing back to the original's; the time of the last change cannot be set.
fn lies_still(metadata: &Metadata, now_ms: i64) -> bool {
    let changed_ms = metadata.ctime().max(metadata.mtime()).saturating_mul(1_000);
    let age_ms = now_ms.saturating_sub(changed_ms);
    !(-AHEAD_MS..STILL_MS).contains(&age_ms)
}

/// Its bytes; none when it changed while it was read. The error is a sentence.
fn read(path: &Path) -> Result<Option<Vec<u8>>, String> {
    if fs::symlink_metadata(path).is_ok_and(|m| m.is_symlink()) {
        return Err("This is a link, and links are not followed. Put the file itself here.".to_owned());
    }
    let unreadable = |error: io::Error| format!("The file could not be read: {error}. Let the group headlight read it, and put it here again.");
    // No link that takes its place now is followed, and no pipe is waited for.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mut file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path).map_err(unreadable)?;
    let before = file.metadata().map_err(unreadable)?;
    if before.len() > MOST_BYTES {
        let (has, most) = (before.len() >> 20, MOST_BYTES >> 20);
        return Err(format!("The file has {has} MiB, and at most {most} MiB are read here. Export it in parts, for instance a year at a time."));
    }
    let mut bytes = Vec::new();
    Read::by_ref(&mut file).take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let after = file.metadata().map_err(unreadable)?;
    let is_same = bytes.len() as u64 == after.len() && before.mtime_nsec() == after.mtime_nsec() && before.mtime() == after.mtime();
    Ok(is_same.then_some(bytes))
}

/// Moves a file under a name that is still free, and writes beside it what became of it.
fn put_away(folder: &Path, path: &Path, end: &End) -> anyhow::Result<()> {
    let into = folder.join(end.subfolder);
    make_shared(&into).with_context(|| format!("the folder {} could not be made", into.display()))?;
    let to = free_name(&into, path).context("no name was free for a file of the drop folder")?;
    fs::rename(path, &to).context("a file of the drop folder could not be moved")?;
    let mut beside = to.into_os_string();
    beside.push(".txt");
    write_shared(Path::new(&beside), &end.sentence).context("what became of a file of the drop folder could not be written")
}

/// Open to the group, as the drop folder is: whoever puts files there reads what became of them.
fn make_shared(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().mode(0o770).create(folder)?;
    fs::set_permissions(folder, Permissions::from_mode(0o770))
}

/// The folder of a feed, and that over it.
fn make_shared_within(drop: &Path, folder: &Path) -> io::Result<()> {
    if let Some(over) = folder.parent().filter(|over| *over != drop) {
        make_shared(over)?;
    }
    make_shared(folder)
}

fn write_shared(path: &Path, sentence: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    io::Write::write_all(&mut file, format!("{sentence}\n").as_bytes())?;
    file.set_permissions(Permissions::from_mode(0o660))
}

/// `sales.csv`, and `2 sales.csv` where that lies there from another day.
fn free_name(into: &Path, path: &Path) -> Option<PathBuf> {
    const TRIED: u32 = 10_000;
    let name = path.file_name()?;
    let numbered = (2..TRIED).map(|n| {
        let mut other = std::ffi::OsString::from(format!("{n} "));
        other.push(name);
        other
    });
    std::iter::once(name.to_owned()).chain(numbered).map(|name| into.join(name)).find(|to| fs::symlink_metadata(to).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_taken_only_when_nobody_has_written_to_it_for_ten_seconds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sales.csv");
        fs::write(&path, "a,b\n1,2\n").unwrap();
        // As a copy does that keeps the time of the original.
        File::options().write(true).open(&path).unwrap().set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        let written_ms = fs::symlink_metadata(&path).unwrap().ctime() * 1_000;
        assert_eq!(lying_still(folder.path(), written_ms + STILL_MS - 1).unwrap(), Vec::<PathBuf>::new());
        assert_eq!(lying_still(folder.path(), written_ms + STILL_MS).unwrap(), std::slice::from_ref(&path));
        // A share whose clock runs hours ahead would else be waited for that long.
        assert_eq!(lying_still(folder.path(), written_ms - 2 * AHEAD_MS).unwrap(), [path]);
    }
}
