//! A sale as the DMS booked it.

use super::{
    ids::{DealId, PartId, VehicleId},
    import_run::RowId,
    money::{Bps, Cents},
    profile::Profile,
    time::At,
    vehicle::CarFacts,
    vin::Vin,
};

/// One row of a deals file, before it is known whose and which car.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct NewDeal {
    /// Text: leading zeros count.
    pub number: String,
    pub sold: At,
    pub buyer: Profile,
    #[serde(default)]
    pub vin: Option<Vin>,
    #[serde(default)]
    pub stock: String,
    #[serde(default)]
    pub facts: CarFacts,
    #[serde(default)]
    pub kind: DealKind,
    #[serde(default)]
    pub price: Option<Cents>,
    #[serde(default)]
    pub financed: Option<Cents>,
    #[serde(default)]
    pub apr: Option<Bps>,
    #[serde(default)]
    pub term_months: Option<u16>,
    #[serde(default)]
    pub payment: Option<Cents>,
    #[serde(default)]
    pub lender: String,
    #[serde(default)]
    pub salesperson: String,
    #[serde(default)]
    pub cancelled: bool,
    #[serde(default)]
    pub trade: Option<LeadTrade>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_trade: Option<LeadTrade>,
    /// Who signed with the buyer, as the same row says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub co_buyer: Option<Profile>,
    /// Everybody who sold it behind the first, in the row's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_salespeople: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub finance_manager: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<At>,
    /// May be negative, as every gross may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub front_gross: Option<Cents>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_gross: Option<Cents>,
    /// What a leased car is to be worth at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub residual: Option<Cents>,
    /// What a lease allows over its whole term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_mi: Option<u32>,
    /// How many payments there are a year, where it is not paid by the month: 52, 26 or 24.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments_a_year: Option<u16>,
    /// How many payments there are in all, where it is not paid by the month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_due: Option<At>,
    /// What is still owed, as the books say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<Cents>,
    /// As of when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance_at: Option<At>,
    /// Of a service contract sold with it: months from the sale, and the odometer at its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warranty_months: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warranty_mi: Option<u32>,
}

impl NewDeal {
    /// A sale of which no more is said.
    #[must_use]
    pub fn new(number: String, sold: At, buyer: Profile) -> Self {
        Self {
            number,
            sold,
            buyer,
            vin: None,
            stock: String::new(),
            facts: CarFacts::default(),
            kind: DealKind::default(),
            price: None,
            financed: None,
            apr: None,
            term_months: None,
            payment: None,
            lender: String::new(),
            salesperson: String::new(),
            cancelled: false,
            trade: None,
            second_trade: None,
            co_buyer: None,
            more_salespeople: vec![],
            finance_manager: String::new(),
            delivered: None,
            front_gross: None,
            back_gross: None,
            residual: None,
            allowed_mi: None,
            payments_a_year: None,
            payments: None,
            first_due: None,
            balance: None,
            balance_at: None,
            warranty_months: None,
            warranty_mi: None,
        }
    }
}

impl NewDeal {
    /// A sale to somebody who drives: not to a trader, not unwound.
    #[must_use]
    pub fn is_retail(&self) -> bool {
        self.kind != DealKind::Wholesale && !self.cancelled
    }

    /// The cars taken in with it.
    pub fn trades(&self) -> impl Iterator<Item = &LeadTrade> {
        self.trade.iter().chain(&self.second_trade)
    }
}

/// A car taken in with a deal.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct LeadTrade {
    pub vin: Option<Vin>,
    pub facts: CarFacts,
    pub acv: Option<Cents>,
    pub payoff: Option<Cents>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DealKind {
    Cash,
    #[default]
    Finance,
    Lease,
    /// Buy here, pay here: the store carries the note.
    Bhph,
    Wholesale,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Deal {
    pub id: DealId,
    #[serde(rename = "customer")]
    pub part: PartId,
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
    pub said: NewDeal,
    /// The row that said it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<RowId>,
}
