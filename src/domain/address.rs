//! Where somebody lives or a store stands.

/// A postal address as a source gave it. Empty parts are unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Address {
    pub line1: String,
    pub line2: String,
    pub city: String,
    /// Two letters in the US and Canada.
    pub region: String,
    pub postal_code: String,
    pub country: String,
}

impl Address {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// `Portland, ME`, or what there is of it.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        match (self.city.as_str(), self.region.as_str()) {
            ("", "") => None,
            (city, "") => Some(city.to_owned()),
            ("", region) => Some(region.to_owned()),
            (city, region) => Some(format!("{city}, {region}")),
        }
    }
}
