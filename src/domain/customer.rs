//! One person or business: computed from profiles by survivorship, so that it can always be computed again.

use super::{
    address::Address,
    consent::ConsentFact,
    email::Email,
    ids::{AlertId, CustomerId, ProfileId, StaffId, VisitorId},
    phone::Phone,
    profile::PersonName,
    score::Score,
    time::At,
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Customer {
    pub id: CustomerId,
    #[serde(default)]
    pub name: PersonName,
    #[serde(default)]
    pub phones: Vec<Phone>,
    #[serde(default)]
    pub emails: Vec<Email>,
    #[serde(default)]
    pub address: Address,
    #[serde(default)]
    pub consent: Vec<ConsentFact>,
    #[serde(default)]
    pub profiles: Vec<ProfileId>,
    /// Browsers tied to this person.
    #[serde(default)]
    pub visitors: Vec<VisitorId>,
    /// The rep on record.
    #[serde(default)]
    pub owner: Option<StaffId>,
    /// Earliest thing any source says of them.
    pub since: At,
    #[serde(default)]
    pub last_touch: Option<Touch>,
    /// When somebody of the store reached for them, newest last, at most twenty.
    #[serde(default)]
    pub store_touches: Vec<At>,
    /// The last sign of life from them: a lead, a message, a tied browser.
    #[serde(default)]
    pub last_sign: Option<At>,
    /// Somebody found the number wrong; a newer source clears it.
    #[serde(default)]
    pub wrong_number: bool,
    /// The newest car they own by our records, as shown in lists.
    #[serde(default)]
    pub drives: Option<String>,
    #[serde(default)]
    pub score: Score,
    /// The matter that asks for attention now, if any.
    #[serde(default)]
    pub open_alert: Option<AlertId>,
}

/// The newest thing that happened between us and them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Touch {
    pub at: At,
    pub text: String,
}

impl Customer {
    #[must_use]
    pub fn new(id: CustomerId, since: At) -> Self {
        Self {
            id,
            name: PersonName::default(),
            phones: vec![],
            emails: vec![],
            address: Address::default(),
            consent: vec![],
            profiles: vec![],
            visitors: vec![],
            owner: None,
            since,
            last_touch: None,
            store_touches: vec![],
            last_sign: None,
            wrong_number: false,
            drives: None,
            score: Score::default(),
            open_alert: None,
        }
    }

    /// The name, or the best contact point when no source gave one: a phone-only person is a person.
    #[must_use]
    pub fn display_name(&self) -> String {
        self.name
            .display()
            .or_else(|| self.phones.first().map(Phone::display))
            .or_else(|| self.emails.first().map(|e| e.as_str().to_owned()))
            .unwrap_or_else(|| format!("Customer {}", self.id))
    }

    /// How a message addresses them; empty when no first name is known.
    #[must_use]
    pub fn first_name(&self) -> &str {
        if self.name.is_business { "" } else { &self.name.first }
    }
}
