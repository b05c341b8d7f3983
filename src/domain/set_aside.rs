//! What could not be understood, kept with its bytes until somebody or a better parser reads it.

use super::{
    ids::{SetAsideId, StaffId},
    lead::NoLead,
    time::At,
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct SetAside {
    pub id: SetAsideId,
    pub at: At,
    pub road: SetAsideRoad,
    /// The key's name, the file's name: where it came from, without personal data.
    pub source: String,
    /// One sentence: what is wrong with it and what to do.
    pub reason: String,
    #[serde(with = "serde_bytes_vec")]
    #[schemars(schema_with = "serde_bytes_vec::schema")]
    pub bytes: Vec<u8>,
    /// It was understood, and taken for no lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_lead: Option<NoLead>,
    /// It was read again, and is a lead after all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<Restored>,
}

/// Who took something up that was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Restored {
    pub at: At,
    pub by: StaffId,
}

/// The bytes of something that was understood, kept so that a better parser can read them again.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Raw {
    #[serde(with = "serde_bytes_vec")]
    #[schemars(schema_with = "serde_bytes_vec::schema")]
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetAsideRoad {
    Lead,
    Collect,
    #[serde(other)]
    Import,
}

/// Bytes as one MessagePack `bin`, not as an array of numbers; as base 64 where people can read the rest.
mod serde_bytes_vec {
    use serde::{
        Deserializer, Serializer,
        de::{Error, Visitor},
    };

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() { s.serialize_str(&data_encoding::BASE64.encode(bytes)) } else { s.serialize_bytes(bytes) }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, v: &[u8]) -> Result<Vec<u8>, E> {
                Ok(v.to_vec())
            }
            fn visit_byte_buf<E>(self, v: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(v)
            }
            fn visit_str<E: Error>(self, v: &str) -> Result<Vec<u8>, E> {
                data_encoding::BASE64.decode(v.as_bytes()).map_err(E::custom)
            }
        }
        if d.is_human_readable() { d.deserialize_str(Bytes) } else { d.deserialize_byte_buf(Bytes) }
    }

    /// `byte` is the word of JSON Schema and of OpenAPI for base 64.
    pub(super) fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "byte" })
    }
}
