//! How does a dealer take everything along? As a folder or as a download: of one moment, checked by sums, and never half.

use super::{Policy, Rooms, StoreError};
use crate::{
    domain::time::{At, day_text},
    store::{
        Store,
        export::{self, Bundle, Folder, Made, Manifest, Zipped},
    },
};
use bytes::Bytes;
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};
use tokio::sync::mpsc;

/// An export that is whole and has its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    pub folder: PathBuf,
    pub rows: u64,
    /// What the rows say: a store filled from this export has the same.
    pub digest: String,
}

/// Writes the export into a new folder in `to`.
///
/// # Errors
/// The outer error is the store's; the inner a sentence for whoever asked.
pub async fn to_folder(rooms: &Rooms, to: PathBuf, now: At) -> Result<Result<Exported, String>, StoreError> {
    if !to.is_dir() {
        return Ok(Err(format!("{} is not a folder; make it first or name another.", to.display())));
    }
    let (store, made, name) = begin(rooms, now).await?;
    let written = tokio::task::spawn_blocking(move || write_folder(&store, &made, &to, &name)).await;
    Ok(match written {
        Ok(Ok(exported)) => {
            tracing::info!(export.rows = exported.rows, "everything was exported to a folder");
            Ok(exported)
        }
        Ok(Err(sentence)) => Err(sentence),
        Err(_) => Err("The export ended unexpectedly; nothing counts until an export is named.".to_owned()),
    })
}

/// An export on its way to a browser.
#[derive(Debug)]
pub struct Download {
    pub file: String,
    /// A piece that is an error breaks the download off: what was sent before it does not open.
    pub pieces: mpsc::Receiver<io::Result<Bytes>>,
}

/// Begins the export as one .zip. It is written as it is taken, on a thread of its own, and given up when nobody takes it.
///
/// # Errors
/// The store's.
pub async fn download(rooms: &Rooms, now: At) -> Result<Download, StoreError> {
    /// Pieces that wait for a slow line: 1 MiB.
    const PIECES: usize = 16;
    let (store, made, name) = begin(rooms, now).await?;
    let (sender, pieces) = mpsc::channel(PIECES);
    let file = format!("{name}.zip");
    tokio::task::spawn_blocking(move || {
        let mut zip = Zipped::begin(&name, Pieces { to: sender.clone(), piece: Vec::with_capacity(Pieces::BYTES) });
        let written = write_all(&store, &made, &mut zip).and_then(|manifest| {
            zip.finish()?;
            Ok(manifest)
        });
        match written {
            Ok(manifest) => tracing::info!(export.rows = manifest.rows, "everything was exported as a download"),
            Err(_) if sender.is_closed() => tracing::info!("a download of everything was not taken to its end"),
            Err(error) => {
                tracing::error!(error = %error, "a download of everything failed");
                // Whoever takes it is told by its breaking off.
                let _ = sender.blocking_send(Err(io::Error::other(error.to_string())));
            }
        }
    });
    Ok(Download { file, pieces })
}

/// What lies in the log is of this moment too: any write takes it in.
async fn begin(rooms: &Rooms, now: At) -> Result<(Store, Made, String), StoreError> {
    rooms.store.write(|_| Ok(())).await?;
    Ok((rooms.store.clone(), made(&rooms.policy, now), name(&rooms.policy, now)))
}

fn made(policy: &Policy, now: At) -> Made {
    let zone = &policy.rooftop.zone;
    let shown_at = zone.local(now).strftime("%Y-%m-%d %H:%M").to_string();
    Made { rooftop: policy.rooftop.name.clone(), at: now, shown_at: format!("{shown_at} ({})", zone.name()) }
}

/// `headlight-export-harbor-street-motors-2026-11-24`.
fn name(policy: &Policy, now: At) -> String {
    let words: String = policy.rooftop.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    let rooftop = if words.is_empty() { "store".to_owned() } else { words.join("-") };
    format!("headlight-export-{rooftop}-{}", day_text(policy.rooftop.zone.day_number(now)))
}

fn write_all(store: &Store, made: &Made, to: &mut dyn Bundle) -> Result<Manifest, StoreError> {
    let tx = store.read()?;
    export::write(&tx, store, made, to, &mut |rows| tracing::debug!(export.rows = rows, "an export goes on"))
}

fn write_folder(store: &Store, made: &Made, to: &Path, name: &str) -> Result<Exported, String> {
    let failed = |why: &dyn std::fmt::Display| format!("The export was not made: {why}.");
    ensure_room(store, to)?;
    // The second of a day is told from the first.
    let mut names = std::iter::once(name.to_owned()).chain((2..100).map(|n| format!("{name}-{n}"))).map(|name| to.join(name));
    let place = names.find(|place| !place.exists()).unwrap_or_else(|| to.join(name));
    let mut folder = Folder::begin(place).map_err(|e| failed(&e))?;
    let manifest = write_all(store, made, &mut folder).map_err(|e| failed(&e))?;
    let folder = folder.finish().map_err(|e| failed(&e))?;
    Ok(Exported { folder, rows: manifest.rows, digest: manifest.digest })
}

/// Refuses before a disk is filled to the brim, which would stop the store that lies on it.
fn ensure_room(store: &Store, to: &Path) -> Result<(), String> {
    // Measured on made-up stores: lines and sheets together take some 2.1 times what the rows take sealed.
    const TIMES_STORED: u64 = 3;
    let unknown = |why: &dyn std::fmt::Display| format!("The export was not made: {why}.");
    let stored = store.read().and_then(|tx| export::stored_bytes(&tx)).map_err(|e| unknown(&e))?;
    let disk = rustix::fs::statvfs(to).map_err(|e| unknown(&e))?;
    let (needed, free) = (stored * TIMES_STORED, disk.f_bavail.saturating_mul(disk.f_frsize));
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    if needed <= free {
        return Ok(());
    }
    Err(format!(
        "The export may take {} MB, and {} has {} MB free; make room or name a folder on another disk.",
        megabytes(needed),
        to.display(),
        megabytes(free)
    ))
}

/// Bytes on their way to a browser, a piece at a time.
struct Pieces {
    to: mpsc::Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Pieces {
    const BYTES: usize = 1 << 16;

    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(Self::BYTES));
        if piece.is_empty() {
            return Ok(());
        }
        self.to.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(Self::BYTES - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        if self.piece.len() == Self::BYTES {
            self.send()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}
