//! What do the files of an export lie in? A folder beside its place until it is whole, or a .zip that is sent as it is written.

use super::SUMS;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use zip::{
    ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

/// Files written one after the other.
pub trait Bundle {
    /// Ends the file before and begins one at this path.
    ///
    /// # Errors
    /// When the disk or the other side refuses.
    fn file(&mut self, name: &str) -> io::Result<()>;

    /// Goes on with the file.
    ///
    /// # Errors
    /// As for [`Bundle::file`].
    fn put(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// A folder that has another name until it is whole. Dropped before, it goes away.
pub struct Folder {
    part: PathBuf,
    place: PathBuf,
    open: Option<BufWriter<File>>,
    is_whole: bool,
}

impl Folder {
    /// Begins a folder that will be `place`. Only this user may enter it: it holds what everybody said.
    ///
    /// # Errors
    /// When something is in the place already, or the disk refuses.
    pub fn begin(place: PathBuf) -> io::Result<Self> {
        let part = place.with_extension("part");
        if place.exists() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is there already", place.display())));
        }
        if part.exists() {
            let why =
                format!("{} is there: another export is being written, or one was cut short; remove that folder in the second case", part.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, why));
        }
        fs::DirBuilder::new().mode(0o700).create(&part)?;
        Ok(Self { part, place, open: None, is_whole: false })
    }

    fn end_file(&mut self) -> io::Result<()> {
        match self.open.take() {
            Some(file) => file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all(),
            None => Ok(()),
        }
    }

    /// Everything is on disk: gives the folder its name.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(mut self) -> io::Result<PathBuf> {
        self.end_file()?;
        sync_folder(&self.part.join("tables"))?;
        sync_folder(&self.part)?;
        fs::rename(&self.part, &self.place)?;
        self.is_whole = true;
        sync_folder(self.place.parent().unwrap_or(Path::new(".")))?;
        Ok(self.place.clone())
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

impl Bundle for Folder {
    fn file(&mut self, name: &str) -> io::Result<()> {
        self.end_file()?;
        let path = self.part.join(name);
        if let Some(folder) = path.parent() {
            fs::DirBuilder::new().mode(0o700).recursive(true).create(folder)?;
        }
        let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        self.open = Some(BufWriter::with_capacity(1 << 18, file));
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.open.as_mut().map_or(Ok(()), |file| file.write_all(bytes))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.is_whole
            && let Err(error) = fs::remove_dir_all(&self.part)
        {
            tracing::warn!(error = %error, "an export that was not finished could not be removed");
        }
    }
}

/// A .zip written front to back. Dropped before it is finished it has no end, without which no zip opens.
pub struct Zipped<W: Write> {
    /// The folder that everything in it lies in.
    within: String,
    zip: Option<ZipWriter<StreamWriter<Sink<W>>>>,
    given_up: Arc<AtomicBool>,
}

/// A zip writer that is dropped would still write its end: from then on nothing passes.
struct Sink<W> {
    to: W,
    given_up: Arc<AtomicBool>,
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.given_up.load(Ordering::Acquire) { Ok(bytes.len()) } else { self.to.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.given_up.load(Ordering::Acquire) { Ok(()) } else { self.to.flush() }
    }
}

impl<W: Write> Zipped<W> {
    pub fn begin(within: &str, to: W) -> Self {
        let given_up = Arc::<AtomicBool>::default();
        let sink = Sink { to, given_up: Arc::clone(&given_up) };
        Self { within: within.to_owned(), zip: Some(ZipWriter::new_stream(sink)), given_up }
    }

    /// Writes the end.
    ///
    /// # Errors
    /// When the other side refuses.
    pub fn finish(mut self) -> io::Result<()> {
        let Some(zip) = self.zip.take() else { return Ok(()) };
        zip.finish()?.into_inner().flush()
    }
}

impl<W: Write> Bundle for Zipped<W> {
    fn file(&mut self, name: &str) -> io::Result<()> {
        let Some(zip) = &mut self.zip else { return Ok(()) };
        // Fast: rows are short and alike, so that a higher level hardly matters, and somebody waits. Large: a journal may pass 4 GiB.
        let options = SimpleFileOptions::default().compression_level(Some(1)).unix_permissions(0o600).large_file(true);
        Ok(zip.start_file(format!("{}/{name}", self.within), options)?)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.zip.as_mut().map_or(Ok(()), |zip| zip.write_all(bytes))
    }
}

impl<W: Write> Drop for Zipped<W> {
    fn drop(&mut self) {
        self.given_up.store(self.zip.is_some(), Ordering::Release);
    }
}

/// Bytes handed on at once: sums and compression cost little a byte and much a call.
const AT_ONCE_BYTES: usize = 1 << 16;

/// A bundle with the sum of each file.
pub(super) struct Pack<'b> {
    to: &'b mut dyn Bundle,
    buffer: Vec<u8>,
    summing: Option<(String, Sha256)>,
    /// As `sha256sum -c` reads them.
    sums: String,
}

impl<'b> Pack<'b> {
    pub(super) fn new(to: &'b mut dyn Bundle) -> Self {
        Self { to, buffer: Vec::with_capacity(2 * AT_ONCE_BYTES), summing: None, sums: String::new() }
    }

    pub(super) fn file(&mut self, name: &str) -> io::Result<()> {
        self.end_file()?;
        self.summing = Some((name.to_owned(), Sha256::new()));
        self.to.file(name)
    }

    fn hand_on(&mut self) -> io::Result<()> {
        if let Some((_, sum)) = &mut self.summing {
            sum.update(&self.buffer);
        }
        self.to.put(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    fn end_file(&mut self) -> io::Result<()> {
        self.hand_on()?;
        if let Some((name, sum)) = self.summing.take() {
            self.sums.extend([data_encoding::HEXLOWER.encode(&sum.finalize()).as_str(), "  ", &name, "\n"]);
        }
        Ok(())
    }

    /// The last file: the sums of those before.
    pub(super) fn sums(mut self) -> io::Result<()> {
        self.end_file()?;
        self.to.file(SUMS)?;
        self.to.put(self.sums.as_bytes())
    }
}

impl Write for Pack<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= AT_ONCE_BYTES {
            self.hand_on()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Mutex, PoisonError};

    /// Where a zip is written to, to be looked at after the writer is gone.
    #[derive(Clone, Default)]
    struct Sent(Arc<Mutex<Vec<u8>>>);

    impl Write for Sent {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn zip(is_finished: bool) -> io::Result<Vec<u8>> {
        let sent = Sent::default();
        let mut zip = Zipped::begin("out", sent.clone());
        let mut pack = Pack::new(&mut zip);
        pack.file("tables/A.csv")?;
        pack.write_all(b"a row")?;
        pack.sums()?;
        if is_finished {
            zip.finish()?;
        } else {
            drop(zip);
        }
        let bytes = sent.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(bytes)
    }

    #[test]
    fn a_zip_opens_when_it_was_finished_and_never_before() -> io::Result<()> {
        let open = |bytes| zip::ZipArchive::new(io::Cursor::new(bytes));
        assert_eq!(open(zip(true)?)?.by_name("out/tables/A.csv")?.size(), 5);
        assert!(open(zip(false)?).is_err());
        Ok(())
    }
}
