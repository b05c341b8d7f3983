//! One person or business: computed from profiles by survivorship, so that it can always be computed again.

use super::{
    address::Address,
    birth::BirthDate,
    consent::ConsentFact,
    edit::Edits,
    email::Email,
    ids::{AlertId, CustomerId, PartId, ProfileId, StaffId, VisitorId},
    merge::Because,
    phone::Phone,
    profile::PersonName,
    score::Score,
    time::At,
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
    /// The parts it is joined from, its own first. Empty when it is one part alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartId>,
    /// Of a part: why it was joined to the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
    /// What people of the store said of it by hand.
    #[serde(default, skip_serializing_if = "Edits::is_empty")]
    pub edits: Edits,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<BirthDate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Values of the fields the store defined, by key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, String)>,
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
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Touch {
    pub at: At,
    pub text: String,
}

impl Customer {
    /// As many of the store's touches as rules look back at.
    pub const STORE_TOUCHES_KEPT: usize = 20;

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
            parts: vec![],
            because: None,
            edits: Edits::default(),
            birth: None,
            tags: vec![],
            fields: vec![],
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

    /// The parts it is joined from, at least the one that gave it its number.
    pub fn all_parts(&self) -> impl Iterator<Item = PartId> + '_ {
        let alone = self.parts.is_empty().then_some(PartId::from(self.id));
        alone.into_iter().chain(self.parts.iter().copied())
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
