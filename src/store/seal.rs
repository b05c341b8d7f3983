//! How is a record kept from being read or changed at rest? One AEAD seal a value, bound to its table and key.
//!
//! redb does not verify pages when it reads, so the seal is also what tells silent damage from data.

use super::{StoreError, key::Hash};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, AeadInOut, KeyInit, Payload},
};
use std::sync::atomic::{AtomicU64, Ordering};

/// The store's secret: 32 random bytes in a file of their own, apart from the data.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    pub const LEN: usize = 32;

    #[must_use]
    pub fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// # Errors
    /// When the system has no randomness to give.
    pub fn random() -> Result<Self, StoreError> {
        let mut bytes = [0; Self::LEN];
        getrandom::fill(&mut bytes).map_err(|e| StoreError::Unavailable(format!("the system gave no random bytes: {e}")))?;
        Ok(Self(bytes))
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Seals and opens values, and hashes what is looked up by.
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    marks: [u8; 32],
    lookup: [u8; 32],
    links: [u8; 32],
    /// Random for this process; with the counter it makes every nonce new.
    nonce_prefix: [u8; 16],
    nonce_count: AtomicU64,
}

const NONCE: usize = 24;
const TAG: usize = 16;
/// The MessagePack of `()`: the row says nothing but its key.
const NOTHING: &[u8] = &[0xC0];
/// Such a row carries no sealed value but a mark: this in place of a version, and a keyed hash of table and key. Most rows of a store are
/// such, and a mark is a fifth of a seal.
const MARKED: u8 = 0;
const MARK: usize = 8;

impl Sealer {
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new(master: &MasterKey) -> Result<Self, StoreError> {
        let records = blake3::derive_key("headlight 2026 record seal", &master.0);
        let marks = blake3::derive_key("headlight 2026 row marks", &master.0);
        let lookup = blake3::derive_key("headlight 2026 lookup keys", &master.0);
        let links = blake3::derive_key("headlight 2026 links in messages", &master.0);
        let mut nonce_prefix = [0; 16];
        getrandom::fill(&mut nonce_prefix).map_err(|e| StoreError::Unavailable(format!("the system gave no random bytes: {e}")))?;
        Ok(Self { cipher: XChaCha20Poly1305::new(&records.into()), marks, lookup, links, nonce_prefix, nonce_count: AtomicU64::new(0) })
    }

    /// `[version][nonce][ciphertext and tag]`. Table, key and version are bound to it: a value cannot be moved or relabelled.
    pub(super) fn seal(&self, table: &str, key: &[u8], version: u8, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.seal_written(table, key, version, plain.len(), |out| {
            out.extend_from_slice(plain);
            Ok(())
        })
    }

    /// The same of what is written in place, of about so many bytes.
    pub(super) fn seal_written(
        &self,
        table: &str,
        key: &[u8],
        version: u8,
        about: usize,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), StoreError>,
    ) -> Result<Vec<u8>, StoreError> {
        const HEAD: usize = 1 + NONCE;
        let mut nonce = [0; NONCE];
        nonce[..16].copy_from_slice(&self.nonce_prefix);
        nonce[16..].copy_from_slice(&self.nonce_count.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        let mut out = Vec::with_capacity(HEAD + about + TAG);
        out.push(version);
        out.extend_from_slice(&nonce);
        write(&mut out)?;
        if version == 1 && out[HEAD..] == *NOTHING {
            return Ok([&[MARKED], &self.mark(table, key)[..]].concat());
        }
        let tag = self
            .cipher
            .encrypt_inout_detached(&XNonce::from(nonce), &associated(table, key, version), (&mut out[HEAD..]).into())
            .map_err(|_| StoreError::Damaged { table: table.to_owned(), why: "could not be sealed".to_owned() })?;
        out.extend_from_slice(&tag);
        Ok(out)
    }

    /// The version and the plain bytes.
    pub(super) fn open(&self, table: &str, key: &[u8], sealed: &[u8]) -> Result<(u8, Vec<u8>), StoreError> {
        let damaged = |why: &str| StoreError::Damaged { table: table.to_owned(), why: why.to_owned() };
        let (version, rest) = sealed.split_first().ok_or_else(|| damaged("is empty"))?;
        if *version == MARKED {
            return if rest == self.mark(table, key) { Ok((1, NOTHING.to_vec())) } else { Err(damaged("does not bear the mark of its place")) };
        }
        let (nonce, text) = rest.split_first_chunk::<NONCE>().ok_or_else(|| damaged("is cut short"))?;
        let aad = associated(table, key, *version);
        let plain = self
            .cipher
            .decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: &aad })
            .map_err(|_| damaged("does not open: damaged, or sealed with another key file"))?;
        Ok((*version, plain))
    }

    fn mark(&self, table: &str, key: &[u8]) -> [u8; MARK] {
        let mut mark = [0; MARK];
        blake3::Hasher::new_keyed(&self.marks).update(table.as_bytes()).update(&[0]).update(key).finalize_xof().fill(&mut mark);
        mark
    }

    /// What the hashes of this store are keyed with. It opens nothing; with it, a guess at what was hashed can be tried.
    pub(super) fn lookup_key(&self) -> &[u8; 32] {
        &self.lookup
    }

    /// The hashes in the data were keyed with this: the data came by an export of a store with another master key.
    pub(super) fn look_up_with(&mut self, lookup: [u8; 32]) {
        self.lookup = lookup;
    }

    /// The keyed hash by which we know again what we gave away ourselves. Its key is in no export: whoever has one can sign nothing.
    #[must_use]
    pub fn sign(&self, kind: &str, bytes: &[u8]) -> [u8; 12] {
        let mut hash = [0; 12];
        blake3::Hasher::new_keyed(&self.links).update(kind.as_bytes()).update(&[0]).update(bytes).finalize_xof().fill(&mut hash);
        hash
    }

    /// The keyed hash under which something personal is found again.
    #[must_use]
    pub fn lookup(&self, kind: &str, text: &str) -> Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.lookup);
        hasher.update(kind.as_bytes()).update(&[0]).update(text.as_bytes());
        let mut hash = [0; 16];
        hasher.finalize_xof().fill(&mut hash);
        hash
    }
}

fn associated(table: &str, key: &[u8], version: u8) -> Vec<u8> {
    let mut aad = Vec::with_capacity(table.len() + key.len() + 2);
    aad.extend_from_slice(table.as_bytes());
    aad.push(0);
    aad.extend_from_slice(key);
    aad.push(version);
    aad
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer() -> Result<Sealer, StoreError> {
        Sealer::new(&MasterKey::from_bytes([7; 32]))
    }

    #[test]
    fn a_value_opens_only_in_its_own_place() -> Result<(), StoreError> {
        let sealer = sealer()?;
        let sealed = sealer.seal("customers", b"1", 1, b"Dana")?;
        assert_eq!(sealer.open("customers", b"1", &sealed)?, (1, b"Dana".to_vec()));
        assert!(sealer.open("customers", b"2", &sealed).is_err());
        assert!(sealer.open("profiles", b"1", &sealed).is_err());
        Ok(())
    }

    #[test]
    fn any_flipped_bit_is_noticed() -> Result<(), StoreError> {
        let sealer = sealer()?;
        let sealed = sealer.seal("t", b"k", 1, b"some value")?;
        for bit in 0..sealed.len() * 8 {
            let mut bad = sealed.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(sealer.open("t", b"k", &bad).is_err(), "bit {bit}");
        }
        Ok(())
    }

    #[test]
    fn a_row_that_is_only_a_key_bears_the_mark_of_its_place() -> Result<(), StoreError> {
        let sealer = sealer()?;
        let marked = sealer.seal("points", b"1", 1, NOTHING)?;
        assert_eq!((marked.len(), sealer.open("points", b"1", &marked)?), (1 + MARK, (1, NOTHING.to_vec())));
        assert!(sealer.open("points", b"2", &marked).is_err() && sealer.open("owned", b"1", &marked).is_err());
        for bit in 0..marked.len() * 8 {
            let mut bad = marked.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(sealer.open("points", b"1", &bad).is_err(), "bit {bit}");
        }
        assert!(Sealer::new(&MasterKey::from_bytes([8; 32]))?.open("points", b"1", &marked).is_err());
        Ok(())
    }

    #[test]
    fn a_lookup_hash_needs_the_key() -> Result<(), StoreError> {
        let other = Sealer::new(&MasterKey::from_bytes([8; 32]))?;
        assert_ne!(sealer()?.lookup("phone", "+12075550148"), other.lookup("phone", "+12075550148"));
        assert_eq!(sealer()?.lookup("phone", "+12075550148"), sealer()?.lookup("phone", "+12075550148"));
        Ok(())
    }
}
