//! What does the file lie on? A disk in service; memory or a disk that fails in tests.

use redb::StorageBackend;
use std::{fmt, io, path::PathBuf, sync::Arc};

/// Makes the thing a store file lies on, anew at each (re)opening.
#[derive(Clone)]
pub enum Backend {
    File(PathBuf),
    /// For tests: memory, or a disk with faults.
    Made(Arc<dyn Fn() -> io::Result<Box<dyn StorageBackend>> + Send + Sync>),
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Made(_) => f.write_str("Made"),
        }
    }
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
