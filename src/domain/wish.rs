//! What car does somebody say they want?

use super::{
    ids::{CustomerId, PartId, Seq, StaffId, VehicleId, WishId},
    money::Cents,
    price_alert::Ended,
    profile::Profile,
    time::At,
};

/// A car somebody wishes for that may not be here yet.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Wish {
    pub id: WishId,
    #[serde(rename = "customer")]
    pub part: PartId,
    pub said: WishTerms,
    pub at: At,
    /// Who took it down; none: they said it themselves, on the website.
    #[serde(default)]
    pub by: Option<StaffId>,
    /// The journal entry it came with.
    pub cause: Seq,
    #[serde(default)]
    pub ended: Option<Ended>,
}

impl Wish {
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }
}

/// What it is to be. Empty texts and `None` leave all; what is said is a limit that no car may break.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct WishTerms {
    pub make: String,
    pub model: String,
    /// In the words of a listing: "SUV", "truck".
    pub body: String,
    pub drivetrain: String,
    pub color: String,
    pub seats_least: Option<u8>,
    pub price_most: Option<Cents>,
    pub year_least: Option<u16>,
    pub odometer_most_mi: Option<u32>,
    /// Their own words.
    pub words: String,
}

impl WishTerms {
    /// Whether anything of it tells one car from another.
    #[must_use]
    pub fn says_something(&self) -> bool {
        let is_said = [&self.make, &self.model, &self.body, &self.drivetrain, &self.color].iter().any(|text| !text.trim().is_empty());
        is_said || self.seats_least.is_some() || self.price_most.is_some() || self.year_least.is_some() || self.odometer_most_mi.is_some()
    }

    /// `Honda CR-V, AWD, white, at most $25,000, 2020 or newer, at most 60,000 mi`.
    #[must_use]
    pub fn label(&self) -> String {
        let car = [self.make.trim(), self.model.trim()].iter().filter(|w| !w.is_empty()).copied().collect::<Vec<_>>().join(" ");
        let mut parts: Vec<String> = Vec::new();
        for word in [car.as_str(), self.body.trim(), self.drivetrain.trim(), self.color.trim()] {
            parts.extend((!word.is_empty()).then(|| word.to_owned()));
        }
        parts.extend(self.seats_least.map(|n| format!("{n} seats or more")));
        parts.extend(self.price_most.map(|price| format!("at most {price}")));
        parts.extend(self.year_least.map(|year| format!("{year} or newer")));
        parts.extend(self.odometer_most_mi.map(|mi| format!("at most {} mi", super::money::grouped(mi.into()))));
        parts.join(", ")
    }
}

/// Whose word a wish or a price alert is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Whose {
    /// A customer's, taken down by somebody of the store.
    Customer { id: CustomerId, by: StaffId },
    /// A shopper's on the website; who that is, is found out as of any lead.
    Shopper {
        person: Box<Profile>,
        /// The site's id of their browser.
        #[serde(default)]
        client: Option<String>,
    },
}

/// A car that came and fits what somebody seeks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Match {
    pub vehicle: VehicleId,
    pub at: At,
    /// 0 to 100.
    pub fit: u8,
    /// The wish it meets; none: they looked at such cars.
    #[serde(default)]
    pub wish: Option<WishId>,
    /// What of it fits, in words, the most telling first.
    pub because: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_reads_as_a_line_and_an_empty_one_says_nothing() {
        let wish = WishTerms {
            make: "Honda".into(),
            model: "CR-V".into(),
            drivetrain: "AWD".into(),
            price_most: Some(Cents(2_500_000)),
            year_least: Some(2020),
            odometer_most_mi: Some(60_000),
            seats_least: Some(5),
            ..WishTerms::default()
        };
        assert_eq!(wish.label(), "Honda CR-V, AWD, 5 seats or more, at most $25,000, 2020 or newer, at most 60,000 mi");
        assert!(wish.says_something() && !WishTerms { words: "something nice".into(), ..WishTerms::default() }.says_something());
    }
}
