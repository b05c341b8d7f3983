//! How do disks fail? A disk in memory that loses power, tears writes, forgets lengths, refuses, and lies when told to.

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

struct Platter {
    /// What is there when the power comes back.
    durable: Vec<u8>,
    /// What reading gives: the durable bytes with everything unsynced over them.
    cached: Vec<u8>,
    unsynced: Vec<Unsynced>,
    fault: Fault,
    operations: u64,
    refusals: u64,
    /// A write reaches the disk in pieces of this many bytes.
    sector_bytes: usize,
    syncs: bool,
    /// Only the newest handle may touch the disk: an older one is a process that should be gone.
    newest: u64,
    dice: Dice,
}

/// One disk. Clones are the same disk.
#[derive(Clone)]
pub(crate) struct Disk(Arc<Mutex<Platter>>);

impl Disk {
    pub(crate) fn new(contents: Vec<u8>, mut dice: Dice) -> Self {
        let sector_bytes = if dice.one_in(2) { 512 } else { 4096 };
        Self(Arc::new(Mutex::new(Platter {
            cached: contents.clone(),
            durable: contents,
            unsynced: vec![],
            fault: Fault::Nothing,
            operations: 0,
            refusals: 0,
            sector_bytes,
            syncs: true,
            newest: 0,
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
        platter.keep_some(kept_percent, kept_percent);
        let held = &mut *platter;
        held.cached.clone_from(&held.durable);
        platter.fault = Fault::Nothing;
        // Whoever still holds a handle died with the power.
        platter.newest += 1;
    }

    /// What is on it, when everything on it is synced.
    pub(crate) fn contents(&self) -> Vec<u8> {
        self.platter().durable.clone()
    }

    /// Opens the disk as a new process does. What the system had cached and could not write is no longer shown.
    pub(crate) fn handle(&self) -> io::Result<Box<dyn StorageBackend>> {
        let mut platter = self.platter();
        if platter.fault == Fault::PowerIsOff {
            return Err(power_is_off());
        }
        platter.newest += 1;
        platter.forget_what_failed();
        Ok(Box::new(Handle { disk: self.clone(), number: platter.newest }))
    }
}

fn power_is_off() -> io::Error {
    io::Error::other("the power is off")
}

impl Platter {
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
    fn keep_some(&mut self, sectors_percent: u64, lengths_percent: u64) {
        for change in std::mem::take(&mut self.unsynced) {
            match change {
                Unsynced::Resized(len) => {
                    if self.dice.percent(lengths_percent) {
                        self.durable.resize(len, 0);
                    }
                }
                Unsynced::Written { at, bytes } => {
                    let mut done = 0;
                    while done < bytes.len() {
                        let here = at + done;
                        let piece = (self.sector_bytes - here % self.sector_bytes).min(bytes.len() - done);
                        if self.dice.percent(sectors_percent)
                            && let Some(place) = self.durable.get_mut(here..here + piece)
                        {
                            place.copy_from_slice(&bytes[done..done + piece]);
                        }
                        done += piece;
                    }
                }
            }
        }
    }

    fn forget_what_failed(&mut self) {
        let mut shown = self.durable.clone();
        for change in &self.unsynced {
            change.onto(&mut shown);
        }
        self.cached = shown;
    }

    fn write(&mut self, at: usize, bytes: &[u8]) -> io::Result<()> {
        let struck = self.strike();
        // In flight when it struck, so it may be there in part.
        if struck.is_ok() || self.dice.one_in(2) {
            let change = Unsynced::Written { at, bytes: bytes.to_vec() };
            change.onto(&mut self.cached);
            self.unsynced.push(change);
        }
        struck
    }

    fn set_len(&mut self, len: usize) -> io::Result<()> {
        let struck = self.strike();
        if struck.is_ok() || self.dice.one_in(2) {
            self.cached.resize(len, 0);
            self.unsynced.push(Unsynced::Resized(len));
        }
        struck
    }

    fn sync(&mut self) -> io::Result<()> {
        match self.strike() {
            Ok(()) if self.syncs => {
                for change in std::mem::take(&mut self.unsynced) {
                    change.onto(&mut self.durable);
                }
                Ok(())
            }
            Ok(()) => Ok(()),
            Err(error) if self.fault == Fault::PowerIsOff => Err(error),
            // As Linux does: what a refused sync could not write counts as clean from then on, and no later sync writes it.
            Err(error) => {
                let percent = self.dice.below(101);
                self.keep_some(percent, 100);
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
    number: u64,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", self.number)
    }
}

impl Handle {
    fn platter(&self) -> io::Result<MutexGuard<'_, Platter>> {
        let platter = self.disk.platter();
        if platter.newest == self.number { Ok(platter) } else { Err(io::Error::other("this handle is of an earlier life")) }
    }
}

fn place(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(io::Error::other)
}

impl StorageBackend for Handle {
    fn len(&self) -> io::Result<u64> {
        Ok(self.platter()?.cached.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut platter = self.platter()?;
        platter.strike()?;
        let at = place(offset)?;
        let bytes = platter.cached.get(at..at + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.platter()?.set_len(place(len)?)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.platter()?.sync()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.platter()?.write(place(offset)?, data)
    }
}
