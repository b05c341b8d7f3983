//! How does a store leave the building and come back? One file, written beside a running server, checked before it counts.
//!
//! Layout: `HLB1`, a header, then every table's rows as they are sealed, then the number of rows, the state digest and a checksum of
//! all of it. The rows stay sealed: a backup is as secret as the store, and of use only with the key file.

use super::{
    Rows, SCHEMA, Store, StoreError,
    backend::Backend,
    key::Span,
    seal::{MasterKey, Sealer},
    tables::{self, TABLES},
    tx::{ReadTx, WriteTx},
};
use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    ops::ControlFlow,
    path::Path,
};

const MAGIC: &[u8; 4] = b"HLB1";
const END: u8 = 0;
const TABLE: u8 = 1;
const ROW: u8 = 2;
/// Synced so often while written, a backup does not make the store's own syncs wait for one large one.
const SYNC_EVERY_BYTES: usize = 2 << 20;
/// Longer than any row can be; more is damage, not data.
const ROW_MOST_BYTES: u32 = 64 << 20;

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Header {
    pub version: String,
    pub schema: u64,
    pub store_id: String,
    pub epoch: u64,
    /// The last journal entry in it.
    pub journal: u64,
}

/// What a state says, whatever page it lies on: the same rows give the same digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    pub rows: u64,
    pub hash: [u8; 32],
}

impl Digest {
    #[must_use]
    pub fn hex(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.hash)
    }
}

pub(super) struct Digester {
    rows: u64,
    hash: blake3::Hasher,
}

impl Digester {
    pub(super) fn new() -> Self {
        Self { rows: 0, hash: blake3::Hasher::new() }
    }

    pub(super) fn row(&mut self, table: &str, key: &[u8], version: u8, plain: &[u8]) {
        self.rows += 1;
        // Which life of the store this is, when it was last looked at and how far a look over it has come, says nothing of its state: a restored store must digest as the
        // one it came from.
        if table == "META" && (key == b"epoch" || key == b"soundness" || key == b"duplicates") {
            return;
        }
        for part in [table.as_bytes(), key, &[version], plain] {
            self.hash.update(&(part.len() as u64).to_be_bytes()).update(part);
        }
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn end(&self) -> Digest {
        Digest { rows: self.rows, hash: *self.hash.finalize().as_bytes() }
    }
}

/// Opens every record of a snapshot and digests them: also the check that nothing is damaged.
///
/// # Errors
/// Names the table of the first record that does not open.
pub fn digest(tx: &ReadTx<'_>) -> Result<Digest, StoreError> {
    let mut digester = Digester::new();
    for (index, table) in TABLES.iter().enumerate() {
        tx.each_raw(index, &mut |key, sealed| {
            let (version, plain) = tx.sealer().open(table, key, sealed)?;
            digester.row(table, key, version, &plain);
            Ok(ControlFlow::Continue(()))
        })?;
    }
    Ok(digester.end())
}

/// A file that counts what it wrote, sums it, and syncs as it goes.
struct Summed {
    file: File,
    sum: blake3::Hasher,
    since_sync: usize,
    buffer: Vec<u8>,
}

impl Summed {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= 1 << 18 { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sum.update(&self.buffer);
        self.file.write_all(&self.buffer)?;
        self.since_sync += self.buffer.len();
        self.buffer.clear();
        if self.since_sync >= SYNC_EVERY_BYTES {
            self.file.sync_data()?;
            self.since_sync = 0;
        }
        Ok(())
    }
}

fn io_error(e: &io::Error) -> StoreError {
    StoreError::Io(e.to_string())
}

impl Store {
    /// Writes a backup of this moment to `path` and reads it back before it gets its name. The server goes on meanwhile.
    ///
    /// # Errors
    /// When the file cannot be written, or what was written does not read back as what the store holds.
    pub fn backup(&self, path: &Path, progress: &mut dyn FnMut(u64)) -> Result<(Header, Digest), StoreError> {
        let tx = self.read()?;
        let journal = tx.get(tables::COUNTERS, &"journal".to_owned())?.unwrap_or(0);
        let identity = self.identity();
        let header = Header {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            schema: SCHEMA,
            store_id: data_encoding::HEXLOWER.encode(&identity.store_id),
            epoch: identity.epoch,
            journal,
        };
        let part = path.with_extension("part");
        let written = write_file(&tx, &header, &part, progress)?;
        drop(tx);
        let (_, read) = read_file(&part, self.sealer(), &mut |_, _, _| Ok(()))?;
        if read != written {
            return Err(StoreError::Damaged {
                table: "the backup".to_owned(),
                why: "does not read back as it was written; the disk may be failing".to_owned(),
            });
        }
        std::fs::rename(&part, path).map_err(|e| io_error(&e))?;
        if let Some(folder) = path.parent() {
            File::open(folder).and_then(|f| f.sync_all()).map_err(|e| io_error(&e))?;
        }
        Ok((header, written))
    }
}

fn write_file(tx: &ReadTx<'_>, header: &Header, path: &Path, progress: &mut dyn FnMut(u64)) -> Result<Digest, StoreError> {
    let file = File::create(path).map_err(|e| io_error(&e))?;
    let mut out = Summed { file, sum: blake3::Hasher::new(), since_sync: 0, buffer: Vec::with_capacity(1 << 19) };
    let mut digester = Digester::new();
    let header = rmp_serde::to_vec_named(header).map_err(|e| StoreError::Io(e.to_string()))?;
    let mut put = |bytes: &[u8]| out.put(bytes).map_err(|e| io_error(&e));
    put(MAGIC)?;
    put(&len(header.len())?)?;
    put(&header)?;
    for (index, table) in TABLES.iter().enumerate() {
        put(&[TABLE])?;
        put(&len(table.len())?)?;
        put(table.as_bytes())?;
        tx.each_raw(index, &mut |key, sealed| {
            let (version, plain) = tx.sealer().open(table, key, sealed)?;
            digester.row(table, key, version, &plain);
            put(&[ROW])?;
            put(&len(key.len())?)?;
            put(key)?;
            put(&len(sealed.len())?)?;
            put(sealed)?;
            if digester.rows.is_multiple_of(10_000) {
                progress(digester.rows);
            }
            Ok(ControlFlow::Continue(()))
        })?;
    }
    let digest = digester.end();
    put(&[END])?;
    put(&digest.rows.to_be_bytes())?;
    put(&digest.hash)?;
    let finish = |out: &mut Summed| {
        out.flush()?;
        let sum = *out.sum.finalize().as_bytes();
        out.file.write_all(&sum)?;
        out.file.sync_all()
    };
    finish(&mut out).map_err(|e| io_error(&e))?;
    Ok(digest)
}

fn len(n: usize) -> Result<[u8; 4], StoreError> {
    u32::try_from(n).map(u32::to_be_bytes).map_err(|_| StoreError::Io("a row is too long for a backup".to_owned()))
}

struct Source {
    file: BufReader<File>,
    sum: blake3::Hasher,
}

impl Source {
    fn take(&mut self, n: usize) -> Result<Vec<u8>, StoreError> {
        let mut bytes = vec![0; n];
        self.file.read_exact(&mut bytes).map_err(|e| cut(&e))?;
        self.sum.update(&bytes);
        Ok(bytes)
    }

    fn number(&mut self) -> Result<u32, StoreError> {
        let bytes = self.take(4)?;
        let n = bytes.try_into().map_or(u32::MAX, u32::from_be_bytes);
        if n > ROW_MOST_BYTES { Err(bad("holds a row of an impossible length")) } else { Ok(n) }
    }

    fn part(&mut self) -> Result<Vec<u8>, StoreError> {
        let n = self.number()?;
        self.take(n as usize)
    }
}

fn bad(why: &str) -> StoreError {
    StoreError::Damaged { table: "the backup".to_owned(), why: why.to_owned() }
}

fn cut(e: &io::Error) -> StoreError {
    if e.kind() == io::ErrorKind::UnexpectedEof { bad("is cut short; take another one") } else { io_error(e) }
}

/// Gets table, key and sealed value of each row of a backup.
type EachOfBackup<'e> = dyn FnMut(usize, &[u8], &[u8]) -> Result<(), StoreError> + 'e;

/// Reads a whole backup, opening every row; `each` gets table, key and sealed value.
fn read_file(path: &Path, sealer: &Sealer, each: &mut EachOfBackup<'_>) -> Result<(Header, Digest), StoreError> {
    let file = File::open(path).map_err(|e| io_error(&e))?;
    let mut source = Source { file: BufReader::with_capacity(1 << 20, file), sum: blake3::Hasher::new() };
    if source.take(4)? != MAGIC {
        return Err(bad("is not a Headlight backup"));
    }
    let header: Header = rmp_serde::from_slice(&source.part()?).map_err(|_| bad("has a header that cannot be read"))?;
    if header.schema > SCHEMA {
        return Err(StoreError::TooNew { schema: header.schema });
    }
    let mut digester = Digester::new();
    let mut table = None;
    loop {
        match source.take(1)?.first() {
            Some(&TABLE) => {
                let name = source.part()?;
                let index = TABLES.iter().position(|t| t.as_bytes() == name).ok_or_else(|| bad("has a table this Headlight does not know"))?;
                table = Some(index);
            }
            Some(&ROW) => {
                let index = table.ok_or_else(|| bad("has a row outside any table"))?;
                let key = source.part()?;
                let sealed = source.part()?;
                let (version, plain) = sealer.open(TABLES[index], &key, &sealed)?;
                digester.row(TABLES[index], &key, version, &plain);
                each(index, &key, &sealed)?;
            }
            Some(&END) => break,
            _ => return Err(bad("has a byte that belongs to nothing")),
        }
    }
    let rows = source.take(8)?;
    let hash = source.take(32)?;
    let expected = *source.sum.finalize().as_bytes();
    let mut sum = [0; 32];
    source.file.read_exact(&mut sum).map_err(|e| cut(&e))?;
    let digest = digester.end();
    if sum != expected || rows != digest.rows.to_be_bytes() || hash != digest.hash {
        return Err(bad("does not agree with its own checksum; take another one"));
    }
    Ok((header, digest))
}

/// Fills a new store from a backup, in a new epoch, and compares the digests.
///
/// # Errors
/// When the backup is damaged, of another key, or the new store does not come out the same.
pub fn restore(path: &Path, backend: Backend, master: &MasterKey, progress: &mut dyn FnMut(u64)) -> Result<(Header, Digest), StoreError> {
    let sealer = Sealer::new(master)?;
    // Read once in full before anything is written: a bad backup leaves no half-filled store.
    let (header, digest) = read_file(path, &sealer, &mut |_, _, _| Ok(()))?;
    let store = Store::open(backend, master, |_| {})?;
    let mut batch: Vec<(usize, Vec<u8>, Vec<u8>)> = Vec::new();
    let mut done = 0_u64;
    let flush = |batch: &mut Vec<(usize, Vec<u8>, Vec<u8>)>| {
        let rows = std::mem::take(batch);
        store.write_blocking(move |tx| rows.iter().try_for_each(|(index, key, sealed)| tx.put_raw(*index, key, sealed)))
    };
    // What a new store already holds (its identity) is overwritten by the backup's own rows.
    read_file(path, &sealer, &mut |index, key, sealed| {
        batch.push((index, key.to_vec(), sealed.to_vec()));
        done += 1;
        if batch.len() >= 20_000 {
            progress(done);
            flush(&mut batch)?;
        }
        Ok(())
    })?;
    flush(&mut batch)?;
    let restored = digest_of(&store)?;
    if restored != digest {
        return Err(bad("was read, but the restored store does not hold the same rows"));
    }
    let epoch = (header.epoch + 1).to_string();
    store.write_blocking(move |tx: &WriteTx<'_>| tx.put(tables::META, &"epoch".to_owned(), &epoch))?;
    store.close();
    Ok((header, digest))
}

fn digest_of(store: &Store) -> Result<Digest, StoreError> {
    digest(&store.read()?)
}

/// Walks every record of every table and opens it: what `headlight check` does.
///
/// # Errors
/// Only when the file itself cannot be read; damaged records are listed, not fatal.
pub fn check(tx: &ReadTx<'_>, damaged: &mut Vec<String>) -> Result<u64, StoreError> {
    check_some(tx, &mut Place::default(), usize::MAX, damaged)
}

/// How far a walk over all records has come.
#[derive(Debug, Clone, Default)]
pub struct Place {
    table: usize,
    from: Vec<u8>,
}

impl Place {
    #[must_use]
    pub fn is_at_the_end(&self) -> bool {
        self.table >= TABLES.len()
    }
}

/// The next records of such a walk, at most so many: it may go on in a later snapshot.
///
/// # Errors
/// As for [`check`].
pub fn check_some(tx: &ReadTx<'_>, place: &mut Place, at_most: usize, damaged: &mut Vec<String>) -> Result<u64, StoreError> {
    let mut rows = 0;
    let mut left = at_most;
    while let Some(table) = TABLES.get(place.table) {
        let span = Span { from: place.from.clone(), to: None };
        tx.raw_range(place.table, &span, false, &mut |key, sealed| {
            if left == 0 {
                place.from = key.to_vec();
                return Ok(ControlFlow::Break(()));
            }
            left -= 1;
            rows += 1;
            if let Err(error) = tx.sealer().open(table, key, sealed) {
                damaged.push(error.to_string());
            }
            place.from = key.iter().copied().chain([0]).collect();
            Ok(ControlFlow::Continue(()))
        })?;
        if left == 0 {
            break;
        }
        *place = Place { table: place.table + 1, from: vec![] };
    }
    Ok(rows)
}
