//! What does the file lie on? A disk in service; memory or a disk that fails in tests.

use super::StoreError;
use redb::{Builder, Database, StorageBackend, backends::FileBackend};
use std::{
    fmt, fs,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// redb's own page cache, filled as pages are read: it holds the branches of a store of many years, so that a read goes to the file for its
/// leaf alone.
const CACHE_BYTES: usize = 160 << 20;

/// Some 20,000 page views.
const LOG_HALF_BYTES: u64 = 8 << 20;

/// Makes the thing a store file lies on, anew at each (re)opening.
#[derive(Clone)]
pub enum Backend {
    File(PathBuf),
    /// For tests: memory, or a disk with faults.
    Made(Make),
    /// The same with a log in front of it.
    MadeWithLog {
        file: Make,
        log: Make,
        half_bytes: u64,
    },
}

/// Opens what a store or its log lies on.
pub type Make = Arc<dyn Fn() -> io::Result<Box<dyn StorageBackend>> + Send + Sync>;

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Made(_) | Self::MadeWithLog { .. } => f.write_str("Made"),
        }
    }
}

impl Backend {
    /// Opens the file, making it when there is none.
    pub(super) fn create(&self) -> Result<Database, StoreError> {
        match self {
            Self::File(path) if path.exists() => Ok(builder().create(path)?),
            Self::File(path) => born(path),
            Self::Made(make) | Self::MadeWithLog { file: make, .. } => Ok(builder().create_with_backend(Boxed(make()?))?),
        }
    }

    /// Opens the file that was there before. One that is gone (a folder no longer mounted) is not replaced by an empty one.
    pub(super) fn open(&self) -> Result<Database, StoreError> {
        match self {
            Self::File(path) => {
                // After a refused sync the system may still show bytes that it will never write. What is opened is what the disk holds.
                rustix::fs::fadvise(fs::File::open(path)?, 0, None, rustix::fs::Advice::DontNeed).map_err(io::Error::from)?;
                Ok(builder().open(path)?)
            }
            Self::Made(make) | Self::MadeWithLog { file: make, .. } => {
                let made = make()?;
                if made.len()? == 0 {
                    return Err(StoreError::Unavailable("the store file is gone".to_owned()));
                }
                Ok(builder().create_with_backend(Boxed(made))?)
            }
        }
    }
}

/// Reads a store file through once, so that what is asked for first after a start of the machine need not wait for the disk a dozen times:
/// a customer's page lies on that many leaves. Gives its bytes; nothing is read of a file that would take more than half of the memory that
/// is free for it, and none after `go_on` says no.
pub fn warm(path: &Path, go_on: impl Fn() -> bool) -> io::Result<u64> {
    const AT_ONCE: usize = 1 << 20;
    let mut file = fs::File::open(path)?;
    if file.metadata()?.len() > free_memory()? / 2 {
        return Ok(0);
    }
    let mut bytes = vec![0; AT_ONCE];
    let mut read = 0;
    while go_on() {
        match file.read(&mut bytes)? {
            0 => break,
            more => read += more as u64,
        }
        // Whoever waits for the disk goes first.
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(read)
}

/// What the system could give without paging, in bytes.
fn free_memory() -> io::Result<u64> {
    let text = fs::read_to_string("/proc/meminfo")?;
    let kb = text.lines().find_map(|line| line.strip_prefix("MemAvailable:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    Ok(kb.unwrap_or_default() * 1024)
}

impl Backend {
    /// The log in front of the file, made when there is none. `None` where there is never one.
    pub(super) fn log(&self) -> Result<Option<Box<dyn StorageBackend>>, StoreError> {
        match self {
            Self::File(path) => {
                let log = path.with_extension("log");
                let is_new = !log.exists();
                let file = fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&log)?;
                if is_new {
                    sync_folder(&log)?;
                }
                Ok(Some(Box::new(FileBackend::new(file)?)))
            }
            Self::MadeWithLog { log, .. } => Ok(Some(log()?)),
            Self::Made(_) => Ok(None),
        }
    }

    pub(super) fn has_log(&self) -> bool {
        self.log_half_bytes() > 0
    }

    /// Bytes of each half of the log.
    pub(super) fn log_half_bytes(&self) -> u64 {
        match self {
            Self::File(_) => LOG_HALF_BYTES,
            Self::MadeWithLog { half_bytes, .. } => *half_bytes,
            Self::Made(_) => 0,
        }
    }

    /// The log that an earlier life left.
    pub(super) fn old_log(&self) -> Result<Option<Box<dyn StorageBackend>>, StoreError> {
        match self {
            Self::File(path) if !path.with_extension("log").exists() => Ok(None),
            Self::File(_) | Self::MadeWithLog { .. } | Self::Made(_) => self.log(),
        }
    }
}

fn sync_folder(of: &Path) -> io::Result<()> {
    let folder = of.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

/// Makes a file beside its place and gives it its name when it is whole. A power cut in between leaves no half-made store that would
/// be refused for ever after; and the name itself is on disk before anything is acknowledged.
fn born(path: &Path) -> Result<Database, StoreError> {
    let beside = path.with_extension("new");
    let db = match builder().create(&beside).map_err(StoreError::from) {
        Err(StoreError::InUse) => return Err(StoreError::InUse),
        // What an earlier start left when it was cut short. It never had the name, so nothing was ever acknowledged from it.
        Err(_) if beside.exists() => {
            fs::remove_file(&beside)?;
            builder().create(&beside)?
        }
        made => made?,
    };
    // A link, not a rename: a second process that was first keeps its file.
    fs::hard_link(&beside, path).map_err(|e| if e.kind() == io::ErrorKind::AlreadyExists { StoreError::InUse } else { e.into() })?;
    fs::remove_file(&beside)?;
    sync_folder(path)?;
    Ok(db)
}

/// A boxed backend as redb wants it.
#[derive(Debug)]
pub(super) struct Boxed(pub(super) Box<dyn StorageBackend>);

impl StorageBackend for Boxed {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }
    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
    fn close(&self) -> io::Result<()> {
        self.0.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_file_is_read_through_until_told_to_stop() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        fs::write(&path, vec![1; 3 << 20]).unwrap();
        assert_eq!(warm(&path, || true).unwrap(), 3 << 20);
        assert_eq!(warm(&path, || false).unwrap(), 0);
        fs::File::create(&path).unwrap().set_len(1 << 42).unwrap();
        assert_eq!(warm(&path, || true).unwrap(), 0, "more than there is memory");
        assert!(warm(&folder.path().join("gone"), || true).is_err());
    }
}
