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
    /// Of a part: when each of its browsers was last seen on the website.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<(VisitorId, At)>,
    /// Of a part with browsers: what there would be without them, so that a browser can be taken away without a trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unseen: Option<Box<Signs>>,
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

/// What lately happened with somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Signs {
    pub last_touch: Option<Touch>,
    pub last_sign: Option<At>,
}

impl Signs {
    fn note(&mut self, touch: Touch, theirs: bool) {
        if theirs {
            self.last_sign = self.last_sign.max(Some(touch.at));
        }
        if self.last_touch.as_ref().is_none_or(|t| t.at <= touch.at) {
            self.last_touch = Some(touch);
        }
    }
}

impl Customer {
    /// How a visit is told where there is room for a few words.
    const ON_THE_WEBSITE: &str = "On the website";

    /// Notes the newest thing between us and them; an older one changes nothing.
    pub fn touch(&mut self, at: At, text: &str, theirs: bool) {
        self.change_signs(|signs| signs.note(Touch { at, text: text.to_owned() }, theirs));
    }

    /// Something else was the newest thing between us and them, beside what their browsers did.
    pub fn set_last_touch(&mut self, touch: Option<Touch>) {
        self.change_signs(|signs| signs.last_touch = touch);
    }

    /// One of their browsers was on the website.
    pub fn saw(&mut self, browser: VisitorId, at: At) {
        if self.unseen.is_none() {
            self.unseen = Some(Box::new(Signs { last_touch: self.last_touch.clone(), last_sign: self.last_sign }));
        }
        match self.seen.iter_mut().find(|(id, _)| *id == browser) {
            Some((_, seen)) => *seen = at.max(*seen),
            None => self.seen.push((browser, at)),
        }
        self.seen.sort_unstable();
        if !self.visitors.contains(&browser) {
            self.visitors.push(browser);
            self.visitors.sort_unstable();
        }
        self.change_signs(|_| {});
    }

    /// A browser is not theirs: all is as if it had never been.
    pub fn forget(&mut self, browser: VisitorId) {
        self.visitors.retain(|id| *id != browser);
        self.seen.retain(|(id, _)| *id != browser);
        self.change_signs(|_| {});
    }

    fn change_signs(&mut self, change: impl FnOnce(&mut Signs)) {
        let held = || Signs { last_touch: self.last_touch.clone(), last_sign: self.last_sign };
        let mut signs = self.unseen.as_deref().cloned().unwrap_or_else(held);
        change(&mut signs);
        self.unseen = (!self.seen.is_empty()).then(|| Box::new(signs.clone()));
        if let Some(at) = self.seen.iter().map(|(_, at)| *at).max() {
            signs.last_sign = signs.last_sign.max(Some(at));
            if signs.last_touch.as_ref().is_none_or(|t| t.at < at) {
                signs.last_touch = Some(Touch { at, text: Self::ON_THE_WEBSITE.to_owned() });
            }
        }
        Signs { last_touch: self.last_touch, last_sign: self.last_sign } = signs;
    }

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
            seen: vec![],
            unseen: None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_that_is_taken_away_leaves_no_trace() {
        let (phone, laptop) = (VisitorId(7), VisitorId(3));
        let touched = |customer: &mut Customer| {
            customer.touch(At(100), "Asked about a car", true);
            customer.touch(At(200), "Called", false);
        };
        let mut plain = Customer::new(CustomerId(1), At(0));
        touched(&mut plain);
        let mut seen = Customer::new(CustomerId(1), At(0));
        seen.saw(phone, At(90));
        touched(&mut seen);
        assert_eq!((seen.last_touch.as_ref(), seen.last_sign), (plain.last_touch.as_ref(), Some(At(100))));
        seen.saw(laptop, At(300));
        seen.saw(phone, At(150));
        seen.saw(phone, At(120));
        assert_eq!((seen.last_touch.as_ref().map(|t| t.text.as_str()), seen.last_sign), (Some("On the website"), Some(At(300))));
        assert_eq!((&seen.visitors, &seen.seen), (&vec![laptop, phone], &vec![(laptop, At(300)), (phone, At(150))]));
        seen.forget(laptop);
        assert_eq!((seen.last_touch.as_ref(), seen.last_sign), (plain.last_touch.as_ref(), Some(At(150))));
        seen.forget(phone);
        assert_eq!(seen, plain);
    }
}
