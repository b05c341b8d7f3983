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
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Said<T> {
    pub value: T,
    pub by: StaffId,
    pub at: At,
}

/// A list as a person left it: what is shown, in order, and what was taken off. What sources bring later stands behind it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Sorted<T> {
    pub shown: Vec<T>,
    pub hidden: Vec<T>,
}

/// Everything said by hand of one part of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
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
    /// Whose they were before anybody said it by hand: what stands again when that is taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_before: Option<StaffId>,
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

    /// Whether this stands as one person said it at one moment: nobody has said anything else of the same value since.
    #[must_use]
    pub fn stands(&self, edit: &Edit, by: StaffId, at: At) -> bool {
        fn is_theirs<T, S>(now: Option<&Said<T>>, by: StaffId, at: At, said: &S, same: impl Fn(&T, &S) -> bool) -> bool {
            now.is_some_and(|now| now.by == by && now.at == at && same(&now.value, said))
        }
        match edit {
            Edit::Name(said) => is_theirs(self.name.as_ref(), by, at, said, PartialEq::eq),
            Edit::Address(said) => is_theirs(self.address.as_ref(), by, at, said, PartialEq::eq),
            Edit::Birth(said) => is_theirs(self.birth.as_ref(), by, at, said, PartialEq::eq),
            Edit::Phones(said) => is_theirs(self.phones.as_ref(), by, at, said, |now, said| now.shown == *said),
            Edit::Emails(said) => is_theirs(self.emails.as_ref(), by, at, said, |now, said| now.shown == *said),
            Edit::Owner(said) => is_theirs(self.owner.as_ref(), by, at, said, PartialEq::eq),
            Edit::Tag { tag, on } => is_theirs(under(&self.tags, tag), by, at, on, PartialEq::eq),
            Edit::Field { key, value } => is_theirs(under(&self.fields, key), by, at, value, PartialEq::eq),
            Edit::Unknown => false,
        }
    }

    /// Takes back what one person said at one moment, as it was before; what anybody said since stays.
    pub fn take_back(&mut self, edits: &[Edit], before: &Self, by: StaffId, at: At) {
        for edit in edits {
            if self.stands(edit, by, at) {
                self.put_back(edit, before);
            }
        }
    }

    fn put_back(&mut self, edit: &Edit, before: &Self) {
        match edit {
            Edit::Name(_) => self.name.clone_from(&before.name),
            Edit::Address(_) => self.address.clone_from(&before.address),
            Edit::Birth(_) => self.birth.clone_from(&before.birth),
            Edit::Phones(_) => self.phones.clone_from(&before.phones),
            Edit::Emails(_) => self.emails.clone_from(&before.emails),
            Edit::Owner(_) => self.owner.clone_from(&before.owner),
            Edit::Tag { tag, .. } => as_before(&mut self.tags, &before.tags, tag),
            Edit::Field { key, .. } => as_before(&mut self.fields, &before.fields, key),
            Edit::Unknown => {}
        }
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

fn under<'a, T>(all: &'a [(String, T)], key: &str) -> Option<&'a T> {
    all.iter().find(|(k, _)| k == key).map(|(_, said)| said)
}

fn as_before<T: Clone>(all: &mut Vec<(String, T)>, before: &[(String, T)], key: &str) {
    match under(before, key) {
        Some(said) => put(all, key.to_owned(), said.clone()),
        None => all.retain(|(k, _)| k != key),
    }
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

    #[test]
    fn what_is_taken_back_is_as_it_was_and_what_was_said_since_stays() {
        let tag = |tag: &str, on| Edit::Tag { tag: tag.into(), on };
        let mut edits = Edits::default();
        for (edit, at) in [(tag("fleet", true), 1), (tag("vip", true), 1), (tag("cash", true), 1)] {
            edits.say(edit, &[], &[], StaffId(1), At(at));
        }
        let before = edits.clone();
        let said = [tag("vip", false), Edit::Owner(Some(StaffId(3)))];
        for edit in &said {
            edits.say(edit.clone(), &[], &[], StaffId(2), At(5));
        }
        let mut back = edits.clone();
        back.take_back(&said, &before, StaffId(2), At(5));
        assert_eq!(back, before);
        // A colleague in the very same moment.
        edits.say(Edit::Owner(Some(StaffId(4))), &[], &[], StaffId(3), At(5));
        edits.take_back(&said, &before, StaffId(2), At(5));
        assert_eq!(edits, Edits { owner: Some(Said { value: Some(StaffId(4)), by: StaffId(3), at: At(5) }), ..before });
    }
}
