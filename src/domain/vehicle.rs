//! A car; a car on our lot; whose it is.

use super::{
    feature::Feature,
    ids::{CustomerId, PartId, Seq, StaffId, VehicleId},
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
    /// Which of the facts nobody said and the VIN alone tells; they give way to whoever says one. Its trim is a hint and stands in no fact.
    #[serde(default, skip_serializing_if = "CarFacts::is_empty")]
    pub from_vin: CarFacts,
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

impl ListingStatus {
    /// Whether such a car stands on the lot, or will.
    #[must_use]
    pub fn is_on_lot(self) -> bool {
        match self {
            Self::Available | Self::Hold | Self::Recon | Self::Inbound | Self::Unknown => true,
            Self::Sold | Self::Missing => false,
        }
    }
}

impl CarFacts {
    /// Every text of it.
    fn texts(&mut self) -> [&mut String; 11] {
        [
            &mut self.make,
            &mut self.model,
            &mut self.trim,
            &mut self.body,
            &mut self.drivetrain,
            &mut self.fuel,
            &mut self.transmission,
            &mut self.engine,
            &mut self.exterior_color,
            &mut self.interior_color,
            &mut self.plate,
        ]
    }

    /// Forgets what `others` says too.
    fn give_way(&mut self, others: &Self) {
        for (mine, theirs) in self.texts().into_iter().zip(others.clone().texts()) {
            if mine == theirs {
                mine.clear();
            }
        }
        self.year = self.year.filter(|_| self.year != others.year);
        self.odometer_mi = self.odometer_mi.filter(|_| self.odometer_mi != others.odometer_mi);
    }

    /// What of it `less` does not say.
    fn beyond(&self, less: &Self) -> Self {
        let mut beyond = self.clone();
        beyond.give_way(less);
        beyond
    }

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

    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
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

impl Vehicle {
    /// Takes in what somebody says of the car, and then from `decoded` what still nobody said.
    pub fn hear(&mut self, said: &CarFacts, newer: bool, decoded: &CarFacts) {
        self.facts.give_way(&self.from_vin);
        self.facts.absorb(said, newer);
        let heard = self.facts.clone();
        self.facts.absorb(&CarFacts { trim: String::new(), ..decoded.clone() }, false);
        self.from_vin = CarFacts { trim: if heard.trim.is_empty() { decoded.trim.clone() } else { String::new() }, ..self.facts.beyond(&heard) };
    }
}

/// A car on our lot.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Listing {
    /// The store's own number; text because of leading zeros and letters.
    pub stock: String,
    pub status: ListingStatus,
    /// When we heard that it came to this status; unknown of cars that did before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_since: Option<At>,
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
    /// What it is equipped with, in the words of whoever lists it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub options: String,
    /// The same as the closed list that can be searched by; source: `engine::cars::features`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Feature>,
    /// What somebody of the store said of where it stands, while that holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<LotWord>,
}

/// Where a car of the lot stands, as somebody of the store says it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum LotSaid {
    /// It is kept for somebody, until then or until somebody says otherwise.
    Held {
        #[serde(default)]
        customer: Option<CustomerId>,
        #[serde(default)]
        until: Option<At>,
        #[serde(default)]
        note: String,
    },
    /// It is made ready, and this is being done.
    Recon {
        #[serde(default)]
        step: Option<ReconStep>,
    },
    /// It is on its way, and comes about then.
    Inbound {
        #[serde(default)]
        due: Option<At>,
    },
    /// It stands for sale.
    Back,
    #[serde(other)]
    Unknown,
}

/// What is done to a car before it is for sale, in the order in which it is usually done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReconStep {
    Inspection,
    Mechanical,
    Body,
    Detail,
    Photos,
    #[serde(other)]
    Unknown,
}

/// What was said by hand of where a car stands: it holds over what feeds go on saying, until they say it is sold.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct LotWord {
    pub said: LotSaid,
    pub by: StaffId,
    pub at: At,
    /// The journal entry that says it.
    pub cause: Seq,
    /// How it stood before, so that the word can be taken back.
    pub before: Standing,
}

/// How a car stood at one time.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Standing {
    pub status: ListingStatus,
    #[serde(default)]
    pub since: Option<At>,
    /// What somebody had said of it then: who, when, and in which journal entry.
    #[serde(default)]
    pub word: Option<(LotSaid, StaffId, At, Seq)>,
}

impl Listing {
    /// Keeps a price as the newest of its history; the same price again, or one older than the last, changes nothing there.
    pub fn reprice(&mut self, price: Cents, at: At) {
        self.price = Some(price);
        if self.prices.last().is_none_or(|last| last.price != price && last.at <= at) {
            self.prices.push(PricePoint { at, price });
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(year: Option<u16>, model: &str, trim: &str, body: &str) -> CarFacts {
        CarFacts { year, model: model.into(), trim: trim.into(), body: body.into(), ..CarFacts::default() }
    }

    #[test]
    fn what_the_vin_tells_fills_gaps_and_gives_way_to_whoever_says_it() {
        let decoded = facts(Some(2022), "CR-V", "EX-L", "SUV");
        let mut car = Vehicle { id: VehicleId(1), vin: None, facts: CarFacts::default(), from_vin: CarFacts::default(), listing: None };
        car.hear(&facts(None, "", "", "Wagon"), false, &decoded);
        assert_eq!((&car.facts, &car.from_vin), (&facts(Some(2022), "CR-V", "", "Wagon"), &facts(Some(2022), "CR-V", "EX-L", "")));
        // An older source, which says nothing over others, still says it over the VIN.
        car.hear(&facts(Some(2021), "CRV", "Touring", "Van"), false, &decoded);
        assert_eq!((&car.facts, &car.from_vin), (&facts(Some(2021), "CRV", "Touring", "Wagon"), &CarFacts::default()));
        let before = car.clone();
        car.hear(&CarFacts::default(), true, &decoded);
        assert_eq!(car, before, "heard twice is heard once");
    }
}
