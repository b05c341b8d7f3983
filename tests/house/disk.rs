//! How do disks fail? A disk in memory, with the store's file and its log, that loses power, tears writes, forgets lengths, refuses, and lies when told to.

use redb::StorageBackend;
use std::{
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Numbers that look random and come out the same for the same seed (SplitMix64, Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to and without `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }
}

/// What goes wrong next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Nothing,
    /// The power goes at this operation and stays away.
    PowerGoesAt(u64),
    /// This operation, and only this one, is refused.
    RefusesAt(u64),
    PowerIsOff,
}

/// A write or a length that no sync has reached.
enum Unsynced {
    Written { at: usize, bytes: Vec<u8> },
    Resized(usize),
}

/// One file on the disk.
#[derive(Default)]
struct Medium {
    /// What is there when the power comes back.
    durable: Vec<u8>,
    /// What reading gives: the durable bytes with everything unsynced over them.
    cached: Vec<u8>,
    unsynced: Vec<Unsynced>,
    /// Only the newest handle may touch the file: an older one is a process that should be gone.
    newest: u64,
}

struct Platter {
    files: [Medium; 2],
    fault: Fault,
    operations: u64,
    refusals: u64,
    /// A write reaches the disk in pieces of this many bytes.
    sector_bytes: usize,
    syncs: bool,
    dice: Dice,
}

/// One disk with two files, which fail together. Clones are the same disk.
#[derive(Clone)]
pub(crate) struct Disk(Arc<Mutex<Platter>>);

impl Disk {
    pub(crate) fn new(contents: Vec<u8>, mut dice: Dice) -> Self {
        let sector_bytes = if dice.one_in(2) { 512 } else { 4096 };
        Self(Arc::new(Mutex::new(Platter {
            files: [Medium { cached: contents.clone(), durable: contents, ..Medium::default() }, Medium::default()],
            fault: Fault::Nothing,
            operations: 0,
            refusals: 0,
            sector_bytes,
            syncs: true,
            dice,
        })))
    }

    fn platter(&self) -> MutexGuard<'_, Platter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on a sync answers at once and does nothing.
    pub(crate) fn lie(&self) {
        self.platter().syncs = false;
    }

    /// The fault comes after so many more operations.
    pub(crate) fn power_goes_in(&self, operations: u64) {
        let mut platter = self.platter();
        platter.fault = Fault::PowerGoesAt(platter.operations + operations);
    }

    pub(crate) fn refuses_in(&self, operations: u64) {
        let mut platter = self.platter();
        platter.fault = Fault::RefusesAt(platter.operations + operations);
    }

    pub(crate) fn behave(&self) {
        self.platter().fault = Fault::Nothing;
    }

    pub(crate) fn is_off(&self) -> bool {
        self.platter().fault == Fault::PowerIsOff
    }

    pub(crate) fn refusals(&self) -> u64 {
        self.platter().refusals
    }

    /// Pulls the plug, if it is not out already, and puts it in again. What was not synced is there or not, sector by sector.
    pub(crate) fn cut(&self) {
        let mut platter = self.platter();
        let kept_percent = match platter.dice.below(4) {
            0 => 0,
            1 => 100,
            2 => 50,
            _ => platter.dice.below(101),
        };
        for file in [File::Store, File::Log] {
            platter.keep_some(file, kept_percent, kept_percent);
            let medium = platter.file(file);
            medium.cached.clone_from(&medium.durable);
            // Whoever still holds a handle died with the power.
            medium.newest += 1;
        }
        platter.fault = Fault::Nothing;
    }

    /// What is in the store's file, when everything in it is synced.
    pub(crate) fn contents(&self) -> Vec<u8> {
        self.platter().file(File::Store).durable.clone()
    }

    /// Opens the store's file as a new process does. What the system had cached and could not write is no longer shown.
    pub(crate) fn handle(&self) -> io::Result<Box<dyn StorageBackend>> {
        self.open(File::Store)
    }

    /// The same for the log.
    pub(crate) fn log_handle(&self) -> io::Result<Box<dyn StorageBackend>> {
        self.open(File::Log)
    }

    fn open(&self, file: File) -> io::Result<Box<dyn StorageBackend>> {
        let mut platter = self.platter();
        if platter.fault == Fault::PowerIsOff {
            return Err(power_is_off());
        }
        let medium = platter.file(file);
        medium.newest += 1;
        medium.forget_what_failed();
        let number = medium.newest;
        Ok(Box::new(Handle { disk: self.clone(), file, number }))
    }
}

#[derive(Debug, Clone, Copy)]
enum File {
    Store,
    Log,
}

fn power_is_off() -> io::Error {
    io::Error::other("the power is off")
}

impl Medium {
    fn forget_what_failed(&mut self) {
        let mut shown = self.durable.clone();
        for change in &self.unsynced {
            change.onto(&mut shown);
        }
        self.cached = shown;
    }
}

impl Platter {
    fn file(&mut self, file: File) -> &mut Medium {
        &mut self.files[file as usize]
    }

    fn strike(&mut self) -> io::Result<()> {
        self.operations += 1;
        match self.fault {
            Fault::PowerIsOff => Err(power_is_off()),
            Fault::PowerGoesAt(n) if self.operations >= n => {
                self.fault = Fault::PowerIsOff;
                Err(power_is_off())
            }
            Fault::RefusesAt(n) if self.operations >= n => {
                self.fault = Fault::Nothing;
                self.refusals += 1;
                Err(io::Error::other("the disk refused once"))
            }
            Fault::PowerGoesAt(_) | Fault::RefusesAt(_) | Fault::Nothing => Ok(()),
        }
    }

    /// Of what is unsynced, so many sectors in a hundred become durable, and lengths by a chance of their own; the rest is lost.
    fn keep_some(&mut self, file: File, sectors_percent: u64, lengths_percent: u64) {
        let Self { files, dice, sector_bytes, .. } = self;
        let medium = &mut files[file as usize];
        for change in std::mem::take(&mut medium.unsynced) {
            match change {
                Unsynced::Resized(len) => {
                    if dice.percent(lengths_percent) {
                        medium.durable.resize(len, 0);
                    }
                }
                Unsynced::Written { at, bytes } => {
                    let mut done = 0;
                    while done < bytes.len() {
                        let here = at + done;
                        let piece = (*sector_bytes - here % *sector_bytes).min(bytes.len() - done);
                        if dice.percent(sectors_percent)
                            && let Some(place) = medium.durable.get_mut(here..here + piece)
                        {
                            place.copy_from_slice(&bytes[done..done + piece]);
                        }
                        done += piece;
                    }
                }
            }
        }
    }

    fn write(&mut self, file: File, at: usize, bytes: &[u8]) -> io::Result<()> {
        let struck = self.strike();
        // In flight when it struck, so it may be there in part.
        if struck.is_ok() || self.dice.one_in(2) {
            let change = Unsynced::Written { at, bytes: bytes.to_vec() };
            let medium = self.file(file);
            change.onto(&mut medium.cached);
            medium.unsynced.push(change);
        }
        struck
    }

    fn set_len(&mut self, file: File, len: usize) -> io::Result<()> {
        let struck = self.strike();
        if struck.is_ok() || self.dice.one_in(2) {
            let medium = self.file(file);
            medium.cached.resize(len, 0);
            medium.unsynced.push(Unsynced::Resized(len));
        }
        struck
    }

    fn sync(&mut self, file: File) -> io::Result<()> {
        match self.strike() {
            Ok(()) if self.syncs => {
                let medium = self.file(file);
                for change in std::mem::take(&mut medium.unsynced) {
                    change.onto(&mut medium.durable);
                }
                Ok(())
            }
            Ok(()) => Ok(()),
            Err(error) if self.fault == Fault::PowerIsOff => Err(error),
            // As Linux does: what a refused sync could not write counts as clean from then on, and no later sync writes it.
            Err(error) => {
                let percent = self.dice.below(101);
                self.keep_some(file, percent, 100);
                Err(error)
            }
        }
    }
}

impl Unsynced {
    fn onto(&self, disk: &mut Vec<u8>) {
        match self {
            Self::Resized(len) => disk.resize(*len, 0),
            Self::Written { at, bytes } => {
                let end = at + bytes.len();
                if disk.len() < end {
                    disk.resize(end, 0);
                }
                disk[*at..end].copy_from_slice(bytes);
            }
        }
    }
}

/// The disk as one opening of the store sees it.
struct Handle {
    disk: Disk,
    file: File,
    number: u64,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", self.number)
    }
}

impl Handle {
    fn platter(&self) -> io::Result<MutexGuard<'_, Platter>> {
        let mut platter = self.disk.platter();
        if platter.file(self.file).newest == self.number { Ok(platter) } else { Err(io::Error::other("this handle is of an earlier life")) }
    }
}

fn place(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(io::Error::other)
}

impl StorageBackend for Handle {
    fn len(&self) -> io::Result<u64> {
        Ok(self.platter()?.file(self.file).cached.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut platter = self.platter()?;
        platter.strike()?;
        let at = place(offset)?;
        let bytes = platter.file(self.file).cached.get(at..at + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.platter()?.set_len(self.file, place(len)?)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.platter()?.sync(self.file)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.platter()?.write(self.file, place(offset)?, data)
    }
}
