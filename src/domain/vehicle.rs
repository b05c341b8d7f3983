//! A car; a car on our lot; whose it is.

use super::{
    ids::{PartId, VehicleId},
    money::Cents,
    time::At,
    vin::Vin,
};

/// A car as we know it. Empty texts are unknown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Vehicle {
    pub id: VehicleId,
    #[serde(default)]
    pub vin: Option<Vin>,
    #[serde(default)]
    pub facts: CarFacts,
    /// Set while the car is or was on our lot.
    #[serde(default)]
    pub listing: Option<Listing>,
}

/// What a car is, whoever says it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct CarFacts {
    pub year: Option<u16>,
    pub make: String,
    pub model: String,
    pub trim: String,
    pub body: String,
    pub drivetrain: String,
    pub fuel: String,
    pub transmission: String,
    pub engine: String,
    pub exterior_color: String,
    pub interior_color: String,
    pub odometer_mi: Option<u32>,
    /// The licence plate, as somebody of the service saw it last.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub plate: String,
}

impl CarFacts {
    /// `2022 Honda CR-V EX-L`, or what there is of it.
    #[must_use]
    pub fn label(&self) -> String {
        let year = self.year.map(|y| y.to_string()).unwrap_or_default();
        let words: Vec<&str> = [year.as_str(), &self.make, &self.model, &self.trim].into_iter().filter(|w| !w.is_empty()).collect();
        if words.is_empty() { "Vehicle without a description".to_owned() } else { words.join(" ") }
    }

    /// `2022 CR-V`: how people speak of it.
    #[must_use]
    pub fn short(&self) -> String {
        let year = self.year.map(|y| y.to_string()).unwrap_or_default();
        let words: Vec<&str> =
            [year.as_str(), if self.model.is_empty() { &self.make } else { &self.model }].into_iter().filter(|w| !w.is_empty()).collect();
        if words.is_empty() { "car".to_owned() } else { words.join(" ") }
    }

    /// Keeps what is known and takes from `other` what is not; `other` wins where `newer` says so.
    pub fn absorb(&mut self, other: &Self, newer: bool) {
        let text = |mine: &mut String, theirs: &String| {
            if !theirs.is_empty() && (newer || mine.is_empty()) {
                mine.clone_from(theirs);
            }
        };
        text(&mut self.plate, &other.plate);
        text(&mut self.make, &other.make);
        text(&mut self.model, &other.model);
        text(&mut self.trim, &other.trim);
        text(&mut self.body, &other.body);
        text(&mut self.drivetrain, &other.drivetrain);
        text(&mut self.fuel, &other.fuel);
        text(&mut self.transmission, &other.transmission);
        text(&mut self.engine, &other.engine);
        text(&mut self.exterior_color, &other.exterior_color);
        text(&mut self.interior_color, &other.interior_color);
        if other.year.is_some() && (newer || self.year.is_none()) {
            self.year = other.year;
        }
        if other.odometer_mi.is_some() && (newer || self.odometer_mi.is_none()) {
            self.odometer_mi = other.odometer_mi;
        }
    }
}

/// A car on our lot.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Listing {
    /// The store's own number; text because of leading zeros and letters.
    pub stock: String,
    pub status: ListingStatus,
    #[serde(default)]
    pub price: Option<Cents>,
    /// Every price since it came, oldest first.
    #[serde(default)]
    pub prices: Vec<PricePoint>,
    /// Never invented: a feed without a cost leaves it unknown.
    #[serde(default)]
    pub cost: Option<Cents>,
    #[serde(default)]
    pub in_stock_since: Option<At>,
    #[serde(default)]
    pub first_seen: At,
    #[serde(default)]
    pub last_seen: At,
    #[serde(default)]
    pub photos: Vec<String>,
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub condition: Condition,
    #[serde(default)]
    pub certified: bool,
    #[serde(default)]
    pub description: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct PricePoint {
    pub at: At,
    pub price: Cents,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListingStatus {
    Available,
    Hold,
    Recon,
    Inbound,
    Sold,
    /// No longer in the feed; sold is a deal's word, not a feed's.
    Missing,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    New,
    Used,
    #[default]
    #[serde(other)]
    Unknown,
}

/// Whose car it is or was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Ownership {
    #[serde(rename = "customer")]
    pub part: PartId,
    pub vehicle: VehicleId,
    /// When they bought it, or when we first saw them with it.
    pub since: At,
    #[serde(default)]
    pub until: Option<At>,
    #[serde(default)]
    pub bought_here: bool,
    #[serde(default)]
    pub last_seen: At,
    /// The newest purchase here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bought: Option<At>,
    /// When they gave it in trade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gave: Option<At>,
}

/// How much one browser cares for one car of ours.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Interest {
    pub looks: u32,
    pub first: At,
    pub last: At,
    pub used_tools: bool,
}
