//! Who may come in: passwords, sessions, tokens and the keys of lead senders. Secrets are kept as hashes only.

use super::{ids::StaffId, time::At};

/// How somebody signs in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Login {
    pub staff: StaffId,
    /// PHC string of argon2id; empty when nobody may sign in by password yet.
    pub password: String,
}

/// Wrong passwords for one name in a row, whether or not anybody has that name. Kept by a keyed hash of the name.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct FailedSignIns {
    pub count: u32,
    /// No further try before this.
    pub wait_until: At,
    pub last: At,
}

/// A signed-in browser or a token of a script. Kept under the hash of its secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Session {
    pub staff: StaffId,
    pub kind: SessionKind,
    pub opened: At,
    pub last_used: At,
    pub expires: At,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    Browser,
    #[serde(other)]
    Token,
}

/// A lead sender's or a website's key for the public listener. Kept under the hash of its secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct SenderKey {
    pub name: String,
    pub made: At,
    #[serde(default)]
    pub revoked: Option<At>,
}
