//! Who may come in? Passwords by argon2id, sessions and tokens and sender keys as hashes of random secrets, a claim code for the first.

use super::{Rooms, staff};
use crate::{
    domain::{
        access::{FailedSignIns, SenderKey, Session, SessionKind},
        ids::StaffId,
        staff::{Role, Staff},
        time::{At, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS},
    },
    store::{Rows, Span, StoreError, WriteTx, key::Hash, tables},
};
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};

/// A working day and its overtime; then one signs in again.
const SESSION_MS: i64 = 14 * HOUR_MS;
/// A browser left alone this long is signed out.
const IDLE_MS: i64 = 4 * HOUR_MS;
const TOKEN_MS: i64 = 400 * DAY_MS;
/// A session's last use is written no more often than this.
const USE_NOTED_MS: i64 = 5 * MINUTE_MS;
const CLAIM_MS: i64 = 7 * DAY_MS;
/// After so many wrong passwords each further one costs a wait that doubles, from one second to fifteen minutes.
const FREE_FAILURES: u32 = 5;
/// Wrong passwords are forgotten after so long without another.
const FAILURES_KEPT_MS: i64 = DAY_MS;
/// Slots in which wrong passwords are counted, a power of two. Whoever tries all the names there are fills these and no more of the disk;
/// that two of a store's people share one does not happen in practice.
const FAILURE_SLOTS: u32 = 1 << 16;

/// Why nobody was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    WrongNameOrPassword,
    Wait { ms: i64 },
    PasswordTooShort,
    PasswordTooCommon,
    WrongCode,
    AlreadyClaimed,
    Staff(staff::Refusal),
}

/// At least twelve characters, as long as one likes, no composition rules (NIST SP 800-63B 5.1.1.2; OWASP ASVS 6.2).
pub fn check_password(password: &str, name: &str) -> Result<(), Refusal> {
    const COMMON: &[&str] = &["password", "headlight", "qwerty", "letmein", "123456", "welcome", "dealership", "iloveyou"];
    if password.chars().count() < 12 {
        return Err(Refusal::PasswordTooShort);
    }
    let lower = password.to_lowercase();
    let stripped: String = lower.chars().filter(|c| c.is_alphabetic()).collect();
    let only_digits_or_one_letter = lower.chars().all(|c| c.is_ascii_digit()) || lower.chars().all(|c| lower.starts_with(c));
    let is_name = lower.replace(' ', "").contains(&name.to_lowercase().replace(' ', "")) && !name.is_empty();
    if only_digits_or_one_letter || is_name || COMMON.contains(&stripped.as_str()) || password.len() > 512 {
        return Err(Refusal::PasswordTooCommon);
    }
    Ok(())
}

/// m = 19 MiB, t = 2, p = 1: the floor of OWASP's password storage sheet, about 40 ms on a small server.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or(Params::DEFAULT))
}

/// Slow by design: not for the threads that answer requests.
#[must_use]
pub fn hash_password(password: &str) -> Option<String> {
    hasher().hash_password(password.as_bytes()).ok().map(|h| h.to_string())
}

/// Slow by design. An unknown name is checked against a hash too, so that time does not tell who works here.
#[must_use]
pub fn password_is(password: &str, held: Option<&str>) -> bool {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$aGVhZGxpZ2h0bm9ib2R5$0aJ0ZkD3rYw2m1b8Jm0cS2m6m0p4T7yQb0M8V8q0y2k";
    let parsed = PasswordHash::new(held.filter(|h| !h.is_empty()).unwrap_or(NOBODY));
    let right = parsed.is_ok_and(|hash| hasher().verify_password(password.as_bytes(), &hash).is_ok());
    right && held.is_some_and(|h| !h.is_empty())
}

/// A new secret as text: 160 random bits, base 32 without padding.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_secret(prefix: &str) -> Result<String, StoreError> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).map_err(|e| StoreError::Unavailable(format!("the system gave no random bytes: {e}")))?;
    Ok(format!("{prefix}{}", data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase()))
}

fn secret_hash(tx: &impl Rows, kind: &str, secret: &str) -> Hash {
    tx.sealer().lookup(kind, secret)
}

/// Lets somebody in by name and password. The password was checked by the caller, off the writer's thread: `right` is its verdict.
pub fn signed_in(tx: &WriteTx<'_>, name: &str, right: bool, secret: &str, now: At) -> Result<Result<Staff, Refusal>, StoreError> {
    let slot = failure_slot(tx, name);
    let mut failed = tx.get(tables::FAILED_SIGN_INS, &slot)?.unwrap_or_default();
    if now < failed.wait_until {
        return Ok(Err(Refusal::Wait { ms: failed.wait_until.since(now) }));
    }
    let person = staff_by_name(tx, name)?.filter(|s| s.active && right);
    let Some(person) = person else {
        failed.count = failed.count.saturating_add(1);
        failed.last = now;
        let over = failed.count.saturating_sub(FREE_FAILURES);
        if over > 0 {
            failed.wait_until = now.plus_ms((SECOND_MS << (over - 1).min(10)).min(15 * MINUTE_MS));
        }
        tx.put(tables::FAILED_SIGN_INS, &slot, &failed)?;
        return Ok(Err(Refusal::WrongNameOrPassword));
    };
    tx.remove(tables::FAILED_SIGN_INS, &slot)?;
    open_session(tx, person.id, SessionKind::Browser, secret, now)?;
    Ok(Ok(person))
}

/// Where wrong passwords for a name are counted, whether or not anybody has it: answers, waits and times do not tell who works here.
fn failure_slot(tx: &impl Rows, name: &str) -> u32 {
    let [a, b, c, d, ..] = tx.sealer().lookup("login", &staff::login_key(name));
    u32::from_be_bytes([a, b, c, d]) % FAILURE_SLOTS
}

/// Forgets wrong passwords that nobody followed up. How many names' worth.
pub fn forget_failures(tx: &WriteTx<'_>, now: At) -> Result<usize, StoreError> {
    let mut forgotten = 0;
    tx.each(tables::FAILED_SIGN_INS, &Span::all(), |slot, failed: FailedSignIns| {
        if now.since(failed.last) >= FAILURES_KEPT_MS {
            tx.remove(tables::FAILED_SIGN_INS, &slot)?;
            forgotten += 1;
        }
        Ok(std::ops::ControlFlow::Continue(()))
    })?;
    Ok(forgotten)
}

/// Removes sessions past their end. How many.
pub fn forget_ended(tx: &WriteTx<'_>, now: At) -> Result<usize, StoreError> {
    let mut ended = 0;
    tx.each(tables::SESSIONS, &Span::all(), |hash, session| {
        if now >= session.expires {
            tx.remove(tables::SESSIONS, &hash)?;
            ended += 1;
        }
        Ok(std::ops::ControlFlow::Continue(()))
    })?;
    Ok(ended)
}

/// What the login of `name` must be checked against, and how long it must wait.
pub fn held_password(tx: &impl Rows, name: &str, now: At) -> Result<(Option<String>, i64), StoreError> {
    let login = tx.get(tables::LOGINS, &staff::login_key(name))?;
    let failed = tx.get(tables::FAILED_SIGN_INS, &failure_slot(tx, name))?;
    Ok((login.map(|l| l.password), failed.map_or(0, |f| f.wait_until.since(now).max(0))))
}

/// The same for a handler: a snapshot of its own.
pub fn held(rooms: &Rooms, name: &str, now: At) -> Result<(Option<String>, i64), StoreError> {
    held_password(&rooms.store.read()?, name, now)
}

/// Lets somebody in, or counts the failure.
pub async fn enter(rooms: &Rooms, name: String, right: bool, secret: String, now: At) -> Result<Result<Staff, Refusal>, StoreError> {
    rooms.store.write(move |tx| signed_in(tx, &name, right, &secret, now)).await
}

pub async fn leave(rooms: &Rooms, secret: String) -> Result<(), StoreError> {
    rooms.store.write(move |tx| close_session(tx, &secret)).await
}

pub fn open_session(tx: &WriteTx<'_>, staff: StaffId, kind: SessionKind, secret: &str, now: At) -> Result<(), StoreError> {
    let life = match kind {
        SessionKind::Browser => SESSION_MS,
        SessionKind::Token => TOKEN_MS,
    };
    tx.put(tables::SESSIONS, &secret_hash(tx, "session", secret), &Session { staff, kind, opened: now, last_used: now, expires: now.plus_ms(life) })
}

pub fn close_session(tx: &WriteTx<'_>, secret: &str) -> Result<(), StoreError> {
    tx.remove(tables::SESSIONS, &secret_hash(tx, "session", secret)).map(|_| ())
}

/// Ends every session and token of somebody, as after a password reset.
pub fn close_all(tx: &WriteTx<'_>, staff: StaffId) -> Result<(), StoreError> {
    tx.each(tables::SESSIONS, &Span::all(), |hash, session| {
        if session.staff == staff {
            tx.remove(tables::SESSIONS, &hash)?;
        }
        Ok(std::ops::ControlFlow::Continue(()))
    })
}

/// Whose secret this is, if it still opens the door; and whether its use should be written down.
pub fn who(tx: &impl Rows, secret: &str, now: At) -> Result<Option<(Staff, SessionKind, bool)>, StoreError> {
    let Some(session) = tx.get(tables::SESSIONS, &secret_hash(tx, "session", secret))? else { return Ok(None) };
    let idle = session.kind == SessionKind::Browser && now.since(session.last_used) > IDLE_MS;
    if now >= session.expires || idle {
        return Ok(None);
    }
    let person = staff::one(tx, session.staff)?.filter(|s| s.active);
    Ok(person.map(|p| (p, session.kind, now.since(session.last_used) > USE_NOTED_MS)))
}

pub fn note_use(tx: &WriteTx<'_>, secret: &str, now: At) -> Result<(), StoreError> {
    let hash = secret_hash(tx, "session", secret);
    if let Some(mut session) = tx.get(tables::SESSIONS, &hash)? {
        session.last_used = now;
        tx.put(tables::SESSIONS, &hash, &session)?;
    }
    Ok(())
}

/// Sets a new password and ends what was open with the old one.
pub fn reset_password(tx: &WriteTx<'_>, name: &str, password: &str) -> Result<Result<Staff, staff::Refusal>, StoreError> {
    let key = staff::login_key(name);
    let Some(mut login) = tx.get(tables::LOGINS, &key)? else { return Ok(Err(staff::Refusal::NobodyByThatName)) };
    let Some(person) = staff::one(tx, login.staff)? else { return Ok(Err(staff::Refusal::NobodyByThatName)) };
    password.clone_into(&mut login.password);
    tx.put(tables::LOGINS, &key, &login)?;
    tx.remove(tables::FAILED_SIGN_INS, &failure_slot(tx, name))?;
    close_all(tx, person.id)?;
    Ok(Ok(person))
}

pub fn staff_by_name(tx: &impl Rows, name: &str) -> Result<Option<Staff>, StoreError> {
    match tx.get(tables::LOGINS, &staff::login_key(name))? {
        Some(login) => staff::one(tx, login.staff),
        None => Ok(None),
    }
}

/// Nobody works here yet: the first to bring the code becomes the owner.
pub fn is_unclaimed(tx: &impl Rows) -> Result<bool, StoreError> {
    Ok(tx.keys(tables::LOGINS, &Span::all(), 1)?.is_empty())
}

/// The same for the start of a server.
pub fn needs_claim(rooms: &Rooms) -> Result<bool, StoreError> {
    is_unclaimed(&rooms.store.read()?)
}

/// Makes and keeps a claim code: four groups of six, to be read aloud.
pub async fn issue_claim_code(rooms: &Rooms, now: At) -> Result<String, StoreError> {
    let secret = new_secret("")?;
    let code = [&secret[..6], &secret[6..12], &secret[12..18], &secret[18..24]].join("-");
    let kept = code.clone();
    rooms.store.write(move |tx| new_claim_code(tx, &kept, now)).await?;
    Ok(code)
}

/// A fresh claim code, ending the one before. It is shown once, on the console of the machine.
pub fn new_claim_code(tx: &WriteTx<'_>, code: &str, now: At) -> Result<(), StoreError> {
    let text = format!("{} {}", now.plus_ms(CLAIM_MS).0, data_encoding::HEXLOWER.encode(&secret_hash(tx, "claim", code)));
    tx.put(tables::META, &"claim".to_owned(), &text)
}

/// The first person, by the claim code.
pub async fn claim(
    rooms: &Rooms,
    code: String,
    name: String,
    password: String,
    secret: String,
    now: At,
) -> Result<Result<Staff, Refusal>, StoreError> {
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            if !is_unclaimed(tx)? {
                return Ok(Err(Refusal::AlreadyClaimed));
            }
            let held = tx.get(tables::META, &"claim".to_owned())?.unwrap_or_default();
            let expected = data_encoding::HEXLOWER.encode(&secret_hash(tx, "claim", &code.trim().to_lowercase()));
            let valid = held.split_once(' ').is_some_and(|(until, hash)| hash == expected && until.parse::<i64>().is_ok_and(|u| now.0 < u));
            if !valid {
                return Ok(Err(Refusal::WrongCode));
            }
            match staff::add(tx, &policy, &name, Role::Owner, password.clone(), now)? {
                Ok(person) => {
                    tx.remove(tables::META, &"claim".to_owned())?;
                    open_session(tx, person.id, SessionKind::Browser, &secret, now)?;
                    Ok(Ok(person))
                }
                Err(refusal) => Ok(Err(Refusal::Staff(refusal))),
            }
        })
        .await
}

/// Makes a key for a lead sender or a site; an older one of the same name stays valid until revoked.
pub fn add_sender_key(tx: &WriteTx<'_>, name: &str, secret: &str, now: At) -> Result<(), StoreError> {
    tx.put(tables::SENDER_KEYS, &secret_hash(tx, "sender", secret), &SenderKey { name: name.to_owned(), made: now, revoked: None })
}

pub fn sender_keys(tx: &impl Rows) -> Result<Vec<SenderKey>, StoreError> {
    Ok(tx.some(tables::SENDER_KEYS, &Span::all(), 1_000)?.into_iter().map(|(_, k)| k).collect())
}

/// How many keys of that name were ended.
pub fn revoke_sender_key(tx: &WriteTx<'_>, name: &str, now: At) -> Result<usize, StoreError> {
    let mut ended = 0;
    for (hash, mut key) in tx.some(tables::SENDER_KEYS, &Span::all(), 1_000)? {
        if key.name == name && key.revoked.is_none() {
            key.revoked = Some(now);
            tx.put(tables::SENDER_KEYS, &hash, &key)?;
            ended += 1;
        }
    }
    Ok(ended)
}

/// Whose key this is, if it is still good.
pub fn sender(tx: &impl Rows, secret: &str) -> Result<Option<SenderKey>, StoreError> {
    Ok(tx.get(tables::SENDER_KEYS, &secret_hash(tx, "sender", secret))?.filter(|k| k.revoked.is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_a_common_one() {
        for (password, verdict) in [
            ("short", Err(Refusal::PasswordTooShort)),
            ("123456123456", Err(Refusal::PasswordTooCommon)),
            ("password1234!", Err(Refusal::PasswordTooCommon)),
            ("prianair and more", Ok(())),
            ("PriyaNair2026!", Err(Refusal::PasswordTooCommon)),
            ("correct horse battery", Ok(())),
        ] {
            assert_eq!(check_password(password, "Priya Nair"), verdict, "{password}");
        }
    }

    #[test]
    fn only_the_right_password_opens() {
        let hash = hash_password("correct horse battery");
        assert!(password_is("correct horse battery", hash.as_deref()));
        assert!(!password_is("correct horse batterz", hash.as_deref()));
        assert!(!password_is("correct horse battery", None));
        assert!(!password_is("", Some("")));
    }

    #[test]
    fn checking_an_unknown_name_takes_as_long_as_a_known_one() {
        // The stand-in for nobody must be a hash that argon2 really works through.
        assert!(PasswordHash::new("$argon2id$v=19$m=19456,t=2,p=1$aGVhZGxpZ2h0bm9ib2R5$0aJ0ZkD3rYw2m1b8Jm0cS2m6m0p4T7yQb0M8V8q0y2k").is_ok());
    }
}
