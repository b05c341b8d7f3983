//! Fills a new data folder from a backup or an export: beside, then given its name, so that a failed restore leaves what was.

use super::{DataArgs, Out};
use crate::{
    app::{Folder, read_key, write_key},
    config::Config,
    store::{
        backend::Backend,
        backup,
        export::{self, is_export},
        seal::MasterKey,
    },
};
use anyhow::{Context, ensure};
use std::{
    fs,
    io::Read,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

pub(super) fn restore(from: &Path, data: &DataArgs, out: Out) -> anyhow::Result<()> {
    let config = Config::read(data.config.as_deref())?;
    let target = Folder::new(&data.data);
    ensure!(!is_zip(from), "{} is a .zip; unpack it first and restore the folder in it", from.display());
    ensure!(from.is_file() || is_export(from), "{} is not a file, and no folder of an export", from.display());
    ensure!(std::os::unix::net::UnixStream::connect(target.socket()).is_err(), "a server is running on {}; stop it first", data.data.display());
    ensure!(!target.store().exists(), "{} already holds a store; restore into an empty folder, or move it away first", data.data.display());
    let key_file = config.key_file(&data.data);
    if from.is_file() { from_backup(from, &data.data, &key_file, out) } else { from_export(from, &data.data, &key_file, out) }
}

fn from_backup(file: &Path, data: &Path, key_file: &Path, out: Out) -> anyhow::Result<()> {
    let key = read_key(key_file)?;
    let beside = Beside::begin(data)?;
    let restored = backup::restore(file, beside.backend(), &key, &mut |rows| out.progress(&format!("{rows} records")));
    out.progress_done();
    let (header, digest) = restored.with_context(|| format!("{} was not restored; the folder is as it was", file.display()))?;
    beside.finish()?;
    out.line(&format!("{} records restored, state digest {}", digest.rows, digest.hex()));
    out.json(&serde_json::json!({ "rows": digest.rows, "digest": digest.hex(), "journal": header.journal, "version": header.version }));
    Ok(())
}

fn from_export(folder: &Path, data: &Path, key_file: &Path, out: Out) -> anyhow::Result<()> {
    // A folder that is not there is empty; what an earlier restore left when it was cut short is nobody's.
    let is_ours = |file: &fs::DirEntry| file.path().with_extension("").ends_with(PART);
    let is_empty = fs::read_dir(data).map_or(true, |mut files| files.all(|file| file.is_ok_and(|file| is_ours(&file))));
    ensure!(is_empty, "{} is not empty; restore an export into a new folder", data.display());
    // What is exported is not sealed: it comes under whatever key there is, or a new one.
    let (key, is_new) = if key_file.exists() { (read_key(key_file)?, false) } else { (MasterKey::random()?, true) };
    let beside = Beside::begin(data)?;
    out.progress("checking every file");
    let restored = export::restore(folder, beside.backend(), &key, &mut |rows| out.progress(&format!("{rows} rows")));
    out.progress_done();
    let (manifest, digest) = restored.with_context(|| format!("{} was not restored; the folder is as it was", folder.display()))?;
    if is_new {
        // Before the store has its name: a store without its key opens for nobody.
        write_key(key_file, &key)?;
    }
    beside.finish()?;
    out.line(&format!("{} rows restored, state digest {}", digest.rows, digest.hex()));
    if manifest.digest != digest.hex() {
        out.line(&format!("The export was made by another version ({}), whose digest of the same rows is {}.", manifest.headlight, manifest.digest));
    }
    out.line("Passwords and keys of lead senders do not come along: `headlight user reset NAME`, `headlight key add NAME`.");
    out.json(&serde_json::json!({ "rows": digest.rows, "digest": digest.hex(), "exported_digest": manifest.digest, "version": manifest.headlight }));
    Ok(())
}

fn is_zip(file: &Path) -> bool {
    let mut start = [0; 4];
    fs::File::open(file).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == *b"PK\x03\x04"
}

/// What it is called until then.
const PART: &str = "restoring";

/// A store that gets its name when it is whole. Dropped before, it goes away.
struct Beside {
    data: PathBuf,
    part: PathBuf,
    was_there: bool,
}

impl Beside {
    fn begin(data: &Path) -> anyhow::Result<Self> {
        let was_there = data.exists();
        fs::create_dir_all(data).with_context(|| format!("{} could not be made", data.display()))?;
        fs::set_permissions(data, fs::Permissions::from_mode(0o700))?;
        let beside = Self { data: data.to_owned(), part: data.join(PART).with_extension("redb"), was_there };
        beside.clear();
        Ok(beside)
    }

    fn backend(&self) -> Backend {
        Backend::File(self.part.clone())
    }

    /// Everything but what has its name by now: the log that stood in front of the file holds nothing.
    fn clear(&self) {
        for ending in ["redb", "new", "log"] {
            // Not there is as good.
            let _ = fs::remove_file(self.part.with_extension(ending));
        }
    }

    fn finish(self) -> anyhow::Result<()> {
        fs::rename(&self.part, Folder::new(&self.data).store())?;
        fs::File::open(&self.data)?.sync_all()?;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.clear();
        if !self.was_there {
            // Only when nothing lies in it.
            let _ = fs::remove_dir(&self.data);
        }
    }
}
