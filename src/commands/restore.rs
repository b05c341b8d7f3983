//! Fills a new data folder from a backup: beside, then swapped into place, so that a failed restore leaves what was.

use super::{DataArgs, Out};
use crate::{
    app::{Folder, read_key},
    config::Config,
    store::{backend::Backend, backup},
};
use anyhow::{Context, ensure};
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

pub(super) fn restore(file: &Path, data: &DataArgs, out: Out) -> anyhow::Result<()> {
    let config = Config::read(data.config.as_deref())?;
    ensure!(file.is_file(), "{} is not a file", file.display());
    let target = Folder::new(&data.data);
    ensure!(std::os::unix::net::UnixStream::connect(target.socket()).is_err(), "a server is running on {}; stop it first", data.data.display());
    ensure!(!target.store().exists(), "{} already holds a store; restore into an empty folder, or move it away first", data.data.display());
    let key = read_key(&config.key_file(&data.data))?;
    fs::create_dir_all(&data.data).with_context(|| format!("{} could not be made", data.data.display()))?;
    fs::set_permissions(&data.data, fs::Permissions::from_mode(0o700))?;
    let part = data.data.join("restoring.redb");
    let _ = fs::remove_file(&part);
    let restored = backup::restore(file, Backend::File(part.clone()), &key, &mut |rows| out.progress(&format!("{rows} records")));
    out.progress_done();
    let (header, digest) = match restored {
        Ok(done) => done,
        Err(error) => {
            let _ = fs::remove_file(&part);
            return Err(error).with_context(|| format!("{} was not restored; the folder is as it was", file.display()));
        }
    };
    fs::rename(&part, target.store())?;
    fs::File::open(&data.data)?.sync_all()?;
    out.line(&format!("{} records restored, state digest {}", digest.rows, digest.hex()));
    out.json(&serde_json::json!({ "rows": digest.rows, "digest": digest.hex(), "journal": header.journal, "version": header.version }));
    Ok(())
}
