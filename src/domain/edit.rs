//! What people of the store said of a customer by hand. A person's word stands above every source's until a person takes it back.

use super::{
    address::Address,
    birth::BirthDate,
    email::Email,
    ids::StaffId,
    phone::Phone,
    profile::{PersonName, Profile, Source, SourceKind},
    time::At,
};

/// One thing changed by hand.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "t", content = "v", rename_all = "snake_case")]
pub enum Edit {
    Name(PersonName),
    Address(Address),
    Birth(Option<BirthDate>),
    /// All of them, the preferred one first.
    Phones(Vec<Phone>),
    Emails(Vec<Email>),
    Owner(Option<StaffId>),
    Tag {
        tag: String,
        on: bool,
    },
    /// A field the store defined; an empty value takes it away.
    Field {
        key: String,
        value: String,
    },
    #[serde(other)]
    Unknown,
}

/// A value, and who said it when.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Said<T> {
    pub value: T,
    pub by: StaffId,
    pub at: At,
}

/// A list as a person left it: what is shown, in order, and what was taken off. What sources bring later stands behind it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sorted<T> {
    pub shown: Vec<T>,
    pub hidden: Vec<T>,
}

/// Everything said by hand of one part of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Edits {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Said<PersonName>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Said<Address>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth: Option<Said<Option<BirthDate>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phones: Option<Said<Sorted<Phone>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emails: Option<Said<Sorted<Email>>>,
    /// The owner was set by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Said<Option<StaffId>>>,
    /// Tags put on (`true`) and taken off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(String, Said<bool>)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, Said<String>)>,
}

impl Edits {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds one thing said by hand. `phones` and `emails` are those shown until now: of these, what the new list leaves out is hidden.
    pub fn say(&mut self, edit: Edit, phones: &[Phone], emails: &[Email], by: StaffId, at: At) {
        match edit {
            Edit::Name(value) => self.name = Some(Said { value, by, at }),
            Edit::Address(value) => self.address = Some(Said { value, by, at }),
            Edit::Birth(value) => self.birth = Some(Said { value, by, at }),
            Edit::Phones(shown) => self.phones = Some(Said { value: sorted(shown, phones, self.phones.take()), by, at }),
            Edit::Emails(shown) => self.emails = Some(Said { value: sorted(shown, emails, self.emails.take()), by, at }),
            Edit::Owner(value) => self.owner = Some(Said { value, by, at }),
            Edit::Tag { tag, on } => put(&mut self.tags, tag, Said { value: on, by, at }),
            Edit::Field { key, value } => put(&mut self.fields, key, Said { value, by, at }),
            Edit::Unknown => {}
        }
    }

    /// Takes back everything that was said at one moment, as it was before; what was said since stays.
    pub fn take_back(&mut self, before: &Self, at: At) {
        fn back<T: Clone>(now: &mut Option<Said<T>>, before: Option<&Said<T>>, at: At) {
            if now.as_ref().is_some_and(|s| s.at == at) {
                *now = before.cloned();
            }
        }
        fn all_back<T: Clone>(now: &mut Vec<(String, Said<T>)>, before: &[(String, Said<T>)], at: At) {
            let gone: Vec<String> = now.iter().filter(|(_, s)| s.at == at).map(|(key, _)| key.clone()).collect();
            now.retain(|(key, _)| !gone.contains(key));
            now.extend(before.iter().filter(|(key, _)| gone.contains(key)).cloned());
        }
        back(&mut self.name, before.name.as_ref(), at);
        back(&mut self.address, before.address.as_ref(), at);
        back(&mut self.birth, before.birth.as_ref(), at);
        back(&mut self.phones, before.phones.as_ref(), at);
        back(&mut self.emails, before.emails.as_ref(), at);
        back(&mut self.owner, before.owner.as_ref(), at);
        all_back(&mut self.tags, &before.tags, at);
        all_back(&mut self.fields, &before.fields, at);
    }

    /// By what this part can be met with others, as if the store's people were one more source. `None` when they said nothing of it.
    #[must_use]
    pub fn as_profile(&self) -> Option<Profile> {
        let at = [
            self.name.as_ref().map(|s| s.at),
            self.address.as_ref().map(|s| s.at),
            self.phones.as_ref().map(|s| s.at),
            self.emails.as_ref().map(|s| s.at),
        ];
        let at = at.into_iter().flatten().max()?;
        Some(Profile {
            name: self.name.as_ref().map(|s| s.value.clone()).unwrap_or_default(),
            address: self.address.as_ref().map(|s| s.value.clone()).unwrap_or_default(),
            phones: self.phones.as_ref().map(|s| s.value.shown.clone()).unwrap_or_default(),
            emails: self.emails.as_ref().map(|s| s.value.shown.clone()).unwrap_or_default(),
            birth: self.birth.as_ref().and_then(|s| s.value),
            ..Profile::new(Source { kind: SourceKind::Staff, name: "By hand".to_owned() }, at)
        })
    }
}

fn sorted<T: Clone + PartialEq>(shown: Vec<T>, until_now: &[T], before: Option<Said<Sorted<T>>>) -> Sorted<T> {
    let gone = until_now.iter().cloned().chain(before.into_iter().flat_map(|b| b.value.hidden));
    let mut hidden: Vec<T> = Vec::new();
    for one in gone {
        if !shown.contains(&one) && !hidden.contains(&one) {
            hidden.push(one);
        }
    }
    Sorted { shown, hidden }
}

fn put<T>(all: &mut Vec<(String, T)>, key: String, value: T) {
    match all.iter_mut().find(|(k, _)| *k == key) {
        Some((_, held)) => *held = value,
        None => all.push((key, value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_takes_off_a_list_stays_off_and_what_comes_later_stands_behind() {
        let phone = |n: u8| Phone::parse(&format!("207555{:04}", 100 + u16::from(n))).unwrap();
        let mut edits = Edits::default();
        edits.say(Edit::Phones(vec![phone(2)]), &[phone(1), phone(2)], &[], StaffId(1), At(1));
        edits.say(Edit::Phones(vec![phone(3), phone(2)]), &[phone(2)], &[], StaffId(1), At(2));
        assert_eq!(edits.phones.unwrap().value, Sorted { shown: vec![phone(3), phone(2)], hidden: vec![phone(1)] });
    }

    #[test]
    fn a_tag_said_again_is_said_once() {
        let mut edits = Edits::default();
        edits.say(Edit::Tag { tag: "vip".into(), on: true }, &[], &[], StaffId(1), At(1));
        edits.say(Edit::Tag { tag: "vip".into(), on: false }, &[], &[], StaffId(2), At(2));
        assert_eq!(edits.tags.iter().map(|(tag, s)| (tag.as_str(), s.value)).collect::<Vec<_>>(), vec![("vip", false)]);
    }
}
