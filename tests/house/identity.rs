//! Is everybody one customer with one story, whatever came in which order, and can what was joined be taken apart without a trace?

use crate::support::{Fails, rooms, rooms_of};
use headlight::{
    domain::{
        address::Address,
        birth::BirthDate,
        customer::Customer,
        edit::Edit,
        email::Email,
        event::{Event, Reply},
        ids::{CustomerId, PartId, Seq, StaffId},
        phone::Phone,
        profile::{PersonName, Profile, Source, SourceKind},
        score::Score,
        story::StoryRow,
        time::{At, DAY_MS},
    },
    service::{Policy, advance, duplicates, people, story, think},
    store::{Rows, Span, Store, StoreError, WriteTx, tables},
};
use proptest::{prelude::*, sample::select, test_runner::RngSeed};
use std::collections::{BTreeMap, BTreeSet};

const NOW: At = At(1_790_000_000_000);
const JO: StaffId = StaffId(4);

fn store() -> Result<Store, StoreError> {
    rooms().map(|rooms| rooms.store)
}

/// What sources say of a handful of people who share names, phones, addresses and days of birth.
fn profiles() -> impl Strategy<Value = Vec<Profile>> {
    let firsts = select(vec!["Dana", "Dan", "Sam", "Robert", "Bob", "D", ""]);
    let lasts = select(vec!["Whitfield", "Whitfeild", "Lee", ""]);
    let phones = prop::collection::vec(select(vec!["2075550148", "2075550149", "2075550150"]), 0..2);
    let emails = prop::option::weighted(0.4, select(vec!["dana@example.com", "w@example.com", "x@messages.cargurus.com"]));
    let streets = prop::option::weighted(0.4, select(vec!["84 Stevens Avenue", "12 Elm St"]));
    let births = prop::option::weighted(0.3, select(vec!["1956-04-09", "1990-01-02"]));
    let systems = select(vec!["DealerVault", "Old CRM", "Website"]);
    let numbers = prop::option::weighted(0.4, select(vec!["0017", "0018", "0019"]));
    let one = (firsts, lasts, phones, emails, streets, births, systems, numbers);
    prop::collection::vec(one, 1..9).prop_map(|all| {
        let said = all.into_iter().zip(0_i64..);
        said.map(|((first, last, phones, email, street, birth, system, number), day)| Profile {
            name: PersonName { first: first.into(), last: last.into(), ..PersonName::default() },
            phones: phones.into_iter().filter_map(Phone::parse).collect(),
            emails: email.and_then(Email::parse).into_iter().collect(),
            address: street.map_or_else(Address::default, |line1| Address {
                line1: line1.into(),
                city: "Portland".into(),
                postal_code: "04102".into(),
                ..Address::default()
            }),
            birth: birth.and_then(BirthDate::parse),
            number: number.map(str::to_owned),
            ..Profile::new(Source { kind: SourceKind::Import, name: system.into() }, NOW.plus_ms(-day * DAY_MS))
        })
        .collect()
    })
}

fn file_all(store: &Store, profiles: &[Profile]) -> Result<Vec<PartId>, StoreError> {
    let profiles = profiles.to_vec();
    store
        .write_blocking(move |tx| profiles.iter().map(|profile| people::file(tx, &Policy::default(), profile, NOW).map(|filed| filed.part)).collect())
}

/// Who is one: each customer as the set of what was said of them.
fn clusters(tx: &impl Rows) -> Result<BTreeSet<BTreeSet<String>>, StoreError> {
    let mut clusters = BTreeSet::new();
    for (_, customer) in tx.some(tables::CUSTOMERS, &Span::all(), 1_000)? {
        let mut said = BTreeSet::new();
        for id in &customer.profiles {
            said.extend(tx.get(tables::PROFILES, id)?.map(|p| in_short(&p)));
        }
        clusters.insert(said);
    }
    Ok(clusters)
}

fn in_short(p: &Profile) -> String {
    let phones: Vec<&str> = p.phones.iter().map(Phone::e164).collect();
    let emails: Vec<&str> = p.emails.iter().map(Email::as_str).collect();
    let birth = p.birth.map(|b| b.to_string());
    format!("{} {:?}: {} {} {phones:?} {emails:?} {} {birth:?}", p.source.name, p.number, p.name.first, p.name.last, p.address.line1)
}

/// Everything a screen can show of everybody, without the number of a card. Which of its parts' numbers a customer goes by depends on who was
/// a customer first, so that a number in a bookmark stays; here each goes by its least.
fn everybody(tx: &impl Rows) -> Result<Vec<String>, StoreError> {
    let mut all = BTreeMap::new();
    for (_, mut customer) in tx.some(tables::CUSTOMERS, &Span::all(), 1_000)? {
        let lines: Vec<StoryRow> = story::page(tx, &customer, None, None, 500)?.into_iter().map(|(_, row)| row).collect();
        customer.id = least(&customer);
        customer.parts.sort();
        customer.profiles.sort();
        customer.open_alert = None;
        customer.because = None;
        all.insert(
            customer.id,
            format!("{customer:#?}\n{lines:#?}").lines().map(|line| format!("{}: {}", customer.id, line.trim())).collect::<Vec<_>>(),
        );
    }
    Ok(all.into_values().flatten().collect())
}

fn least(customer: &Customer) -> CustomerId {
    customer.all_parts().map(CustomerId::from).min().unwrap_or(customer.id)
}

/// As the timers would in a moment.
fn think_of_all(store: &Store) -> Result<(), StoreError> {
    store.write_blocking(|tx| {
        let ids = tx.keys(tables::CUSTOMERS, &Span::all(), 1_000)?;
        ids.into_iter().try_for_each(|id| think::think(tx, &Policy::default(), id, NOW))
    })
}

/// Each part is in just one customer, and every pointer points to somebody who is there.
fn is_whole(tx: &impl Rows) -> Result<(), StoreError> {
    let mut parts = BTreeSet::new();
    for (id, customer) in tx.some(tables::CUSTOMERS, &Span::all(), 1_000)? {
        assert_eq!(customer.id, id);
        assert_ne!(customer.parts.len(), 1, "one part alone is no list");
        for part in customer.all_parts() {
            assert!(parts.insert(part), "{part} is in two customers");
            assert_eq!(people::root_of(tx, part)?, id);
            assert_eq!(tx.has(tables::PARTS, &part)?, !customer.parts.is_empty());
        }
    }
    for (part, root) in tx.some(tables::JOINED, &Span::all(), 1_000)? {
        assert!(parts.contains(&part) && tx.has(tables::CUSTOMERS, &root)? && !tx.has(tables::CUSTOMERS, &CustomerId::from(part))?);
    }
    Ok(())
}

/// Compares everybody with everybody who could be the same.
fn search(store: &Store) -> Result<(), StoreError> {
    let rooms = rooms_of(store.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| StoreError::Io(e.to_string()))?;
    runtime.block_on(async {
        duplicates::ask(&rooms, NOW).await?;
        duplicates::run(&rooms, NOW).await.map(|ended| assert!(ended.is_some()))
    })
}

fn append(tx: &WriteTx<'_>, event: Event) -> Result<(), StoreError> {
    advance::append_applied(tx, &Policy::default(), event, NOW).map(|_| ())
}

fn writes(profile: &Profile, text: &str) -> Event {
    let mut person = profile.clone();
    person.source = Source { kind: SourceKind::Lead, name: "Email".into() };
    person.number = None;
    Event::Reply(Reply { person, channel: headlight::domain::consent::Channel::Email, at: NOW, text: text.into(), external_id: None })
}

/// Quick runs are the same each time; the slow ones look for what nobody thought of.
fn as_many() -> ProptestConfig {
    if std::env::var_os("HEADLIGHT_SLOW").is_some() {
        ProptestConfig::with_cases(2_000)
    } else {
        ProptestConfig { rng_seed: RngSeed::Fixed(2_075_550_148), ..ProptestConfig::with_cases(96) }
    }
}

proptest! {
    #![proptest_config(as_many())]

    #[test]
    fn the_order_of_imports_does_not_change_who_is_one(profiles in profiles(), seed in any::<u64>()) {
        let (one, other) = (store().unwrap(), store().unwrap());
        file_all(&one, &profiles).unwrap();
        let mut turned = profiles;
        let mut rest = seed;
        for place in (1..turned.len()).rev() {
            turned.swap(place, usize::try_from(rest % (place as u64 + 1)).unwrap());
            rest = rest.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407) >> 1;
        }
        file_all(&other, &turned).unwrap();
        is_whole(&one.read().unwrap()).unwrap();
        let (one, other) = (clusters(&one.read().unwrap()).unwrap(), clusters(&other.read().unwrap()).unwrap());
        prop_assert!(one == other, "{one:#?}\n{other:#?}");
    }

    #[test]
    fn nor_does_it_when_everybody_is_compared_afterwards(profiles in profiles()) {
        let (one, other) = (store().unwrap(), store().unwrap());
        file_all(&one, &profiles).unwrap();
        file_all(&other, &profiles.into_iter().rev().collect::<Vec<_>>()).unwrap();
        for store in [&one, &other] {
            search(store).unwrap();
            is_whole(&store.read().unwrap()).unwrap();
        }
        let (one, other) = (clusters(&one.read().unwrap()).unwrap(), clusters(&other.read().unwrap()).unwrap());
        prop_assert!(one == other, "{one:#?}\n{other:#?}");
    }

    #[test]
    fn a_file_that_comes_twice_changes_nothing(profiles in profiles()) {
        let store = store().unwrap();
        file_all(&store, &profiles).unwrap();
        let all = |tx: &_| (base(tx).unwrap(), everybody(tx).unwrap());
        let before = all(&store.read().unwrap());
        file_all(&store, &profiles).unwrap();
        prop_assert_eq!(all(&store.read().unwrap()), before);
    }

    #[test]
    fn to_join_and_to_take_apart_is_to_do_nothing(profiles in profiles(), pick in any::<(prop::sample::Index, prop::sample::Index)>(), says in any::<prop::sample::Index>()) {
        // The same store twice: in one of them two customers are joined for a while, and things happen meanwhile in both.
        let (joined, plain) = (store().unwrap(), store().unwrap());
        for store in [&joined, &plain] {
            file_all(store, &profiles).unwrap();
        }
        let ids = joined.read().unwrap().keys(tables::CUSTOMERS, &Span::all(), 1_000).unwrap();
        let (kept, folded) = (ids[pick.0.index(ids.len())], ids[pick.1.index(ids.len())]);
        let event = writes(&profiles[says.index(profiles.len())], "Is it still there?");
        let choices = vec![Edit::Name(PersonName { first: "Chosen".into(), last: "Name".into(), ..PersonName::default() })];
        let merge = joined.write_blocking(move |tx| people::merge(tx, &Policy::default(), kept, folded, &choices, JO, NOW)).unwrap();
        prop_assert_eq!(merge.is_some(), kept != folded);
        if merge.is_some() {
            // To take apart is to say that the two are two, which must be said of both, or what comes meanwhile could bridge them in one.
            plain.write_blocking(move |tx| people::keep_apart(tx, kept, folded, Seq(0), NOW)).unwrap();
        }
        is_whole(&joined.read().unwrap()).unwrap();
        for store in [&joined, &plain] {
            let event = event.clone();
            store.write_blocking(move |tx| append(tx, event.clone())).unwrap();
            store.write_blocking(move |tx| append(tx, Event::Noted { customer: kept, by: JO, text: "Called".into(), mentions: vec![], aloud: false })).unwrap();
        }
        if let Some(merge) = merge {
            joined.write_blocking(move |tx| people::unmerge(tx, &Policy::default(), merge, JO, NOW)).unwrap();
        }
        for store in [&joined, &plain] {
            think_of_all(store).unwrap();
        }
        is_whole(&joined.read().unwrap()).unwrap();
        let (joined, plain) = (everybody(&joined.read().unwrap()).unwrap(), everybody(&plain.read().unwrap()).unwrap());
        let differs: Vec<_> = joined.iter().zip(&plain).filter(|(a, b)| a != b).take(4).collect();
        prop_assert!(joined == plain, "joined and taken apart, never joined ({kept}, {folded}, {says:?}): {differs:#?}\nof {:#?}", profiles.iter().map(in_short).collect::<Vec<_>>());
    }

    #[test]
    fn to_take_a_record_out_and_take_that_back_leaves_no_trace(profiles in profiles(), pick in any::<prop::sample::Index>()) {
        let store = store().unwrap();
        let parts = file_all(&store, &profiles).unwrap();
        let part = parts[pick.index(parts.len())];
        let before = base(&store.read().unwrap()).unwrap();
        let parting = says(&store, Event::Separated { part, by: JO }).unwrap();
        is_whole(&store.read().unwrap()).unwrap();
        says(&store, Event::PartingUndone { parting, by: JO }).unwrap();
        is_whole(&store.read().unwrap()).unwrap();
        let after = base(&store.read().unwrap()).unwrap();
        let differs: Vec<_> = before.iter().zip(&after).filter(|(a, b)| a != b).take(4).collect();
        prop_assert!(before == after, "{part}: {differs:#?}\nof {:#?}", profiles.iter().map(in_short).collect::<Vec<_>>());
    }

    #[test]
    fn to_say_that_two_are_two_and_take_that_back_leaves_no_trace(profiles in profiles(), pick in any::<(prop::sample::Index, prop::sample::Index)>()) {
        let store = store().unwrap();
        file_all(&store, &profiles).unwrap();
        let ids = store.read().unwrap().keys(tables::CUSTOMERS, &Span::all(), 1_000).unwrap();
        let (one, other) = (ids[pick.0.index(ids.len())], ids[pick.1.index(ids.len())]);
        prop_assume!(one != other);
        let before = base(&store.read().unwrap()).unwrap();
        let parting = says(&store, Event::KeptApart { one, other, by: JO }).unwrap();
        says(&store, Event::PartingUndone { parting, by: JO }).unwrap();
        prop_assert_eq!(base(&store.read().unwrap()).unwrap(), before);
    }

    #[test]
    fn nor_does_it_when_more_comes_meanwhile(
        profiles in profiles(),
        more in profiles(),
        pick in any::<(prop::sample::Index, prop::sample::Index)>(),
        is_of_one in any::<bool>(),
        writer in any::<prop::sample::Index>(),
    ) {
        // The same store twice: in one of them somebody says that two are two, and takes it back when more has come.
        let (parted, plain) = (store().unwrap(), store().unwrap());
        let parts = file_all(&parted, &profiles).unwrap();
        file_all(&plain, &profiles).unwrap();
        let part = parts[pick.0.index(parts.len())];
        let ids = parted.read().unwrap().keys(tables::CUSTOMERS, &Span::all(), 1_000).unwrap();
        let (one, other) = (ids[pick.0.index(ids.len())], ids[pick.1.index(ids.len())]);
        prop_assume!(is_of_one || one != other);
        let event = if is_of_one { Event::Separated { part, by: JO } } else { Event::KeptApart { one, other, by: JO } };
        let parting = says(&parted, event).unwrap();
        // The lines of a story name their entries: the other journal has as many.
        says(&plain, Event::Availability { staff: JO, available: true }).unwrap();
        for store in [&parted, &plain] {
            file_all(store, &more).unwrap();
            says(store, writes(&profiles[writer.index(profiles.len())], "Is it still there?")).unwrap();
            says(store, Event::Noted { customer: part.into(), by: JO, text: "Called".into(), mentions: vec![], aloud: false }).unwrap();
        }
        says(&parted, Event::PartingUndone { parting, by: JO }).unwrap();
        for store in [&parted, &plain] {
            is_whole(&store.read().unwrap()).unwrap();
            think_of_all(store).unwrap();
        }
        let (parted, plain) = (parted.read().unwrap(), plain.read().unwrap());
        prop_assert_eq!(all_likely(&parted).unwrap(), all_likely(&plain).unwrap(), "{}, {} and {}\nof {:#?}\nthen {:#?}", part, one, other,
            profiles.iter().map(in_short).collect::<Vec<_>>(), more.iter().map(in_short).collect::<Vec<_>>());
        let (parted, plain) = (everybody(&parted).unwrap(), everybody(&plain).unwrap());
        let differs: Vec<_> = parted.iter().zip(&plain).filter(|(a, b)| a != b).take(4).collect();
        prop_assert!(parted == plain, "{part}, {one} and {other}: {differs:#?}\nof {:#?}\nthen {:#?}",
            profiles.iter().map(in_short).collect::<Vec<_>>(), more.iter().map(in_short).collect::<Vec<_>>());
    }
}

fn says(store: &Store, event: Event) -> Result<Seq, StoreError> {
    store.write_blocking(move |tx| advance::append_applied(tx, &Policy::default(), event.clone(), NOW))
}

/// Who is who, to the last byte: customers, their records, what was decided and what waits to be. What a record was thought to be while it
/// stood alone is nobody's any more.
fn base(tx: &impl Rows) -> Result<Vec<String>, StoreError> {
    let mut all: Vec<String> = Vec::new();
    for (id, mut part) in tx.some(tables::PARTS, &Span::all(), 1_000)? {
        (part.score, part.open_alert) = (Score::default(), None);
        all.push(format!("part {id} {part:?}"));
    }
    all.extend(tx.some(tables::CUSTOMERS, &Span::all(), 1_000)?.iter().map(|row| format!("customer {row:?}")));
    all.extend(tx.some(tables::JOINED, &Span::all(), 1_000)?.iter().map(|row| format!("joined {row:?}")));
    all.extend(tx.some(tables::DECISIONS, &Span::all(), 1_000)?.iter().map(|row| format!("decided {row:?}")));
    all.extend(tx.some(tables::MERGES, &Span::all(), 1_000)?.iter().map(|row| format!("merge {row:?}")));
    all.extend(tx.some(tables::LIKELY, &Span::all(), 1_000)?.iter().map(|row| format!("likely {row:?}")));
    all.extend(tx.keys(tables::LIKELY_FIRST, &Span::all(), 1_000)?.iter().map(|row| format!("first {row:?}")));
    all.extend(tx.keys(tables::POINTS, &Span::all(), 10_000)?.iter().map(|row| format!("point {row:?}")));
    Ok(all)
}

/// Who waits to be looked at together.
fn all_likely(tx: &impl Rows) -> Result<BTreeSet<(CustomerId, CustomerId)>, StoreError> {
    let mut all = BTreeSet::new();
    for (_, customer) in tx.some(tables::CUSTOMERS, &Span::all(), 1_000)? {
        for (other, _) in people::likely_of(tx, &customer)? {
            all.extend(tx.get(tables::CUSTOMERS, &other)?.map(|other| (least(&customer), least(&other))));
        }
    }
    Ok(all)
}

fn said(system: &str, number: Option<&str>, first: &str, phone: &str) -> Profile {
    Profile {
        name: PersonName { first: first.into(), last: "Whitfield".into(), ..PersonName::default() },
        phones: Phone::parse(phone).into_iter().collect(),
        number: number.map(str::to_owned),
        ..Profile::new(Source { kind: SourceKind::Dms, name: system.into() }, NOW)
    }
}

#[test]
fn a_record_that_is_two_peoples_joins_them_and_says_why() -> Fails {
    let store = store()?;
    let mut with_email = said("Website", None, "Dana", "2075550199");
    with_email.emails = Email::parse("dana@example.com").into_iter().collect();
    let parts = file_all(&store, &[said("DealerVault", Some("0017"), "Dana", "2075550148"), with_email.clone()])?;
    assert_eq!(store.read()?.count(tables::CUSTOMERS)?, 2);
    let mut both = said("Old CRM", Some("9"), "Dana", "2075550148");
    both.emails = with_email.emails;
    file_all(&store, &[both])?;
    let tx = store.read()?;
    let [(_, customer)] = tx.some(tables::CUSTOMERS, &Span::all(), 10)?.try_into().map_err(|_| "one customer")?;
    assert_eq!(customer.parts.len(), 3);
    let [(_, merge)] = tx.some(tables::MERGES, &Span::all(), 10)?.try_into().map_err(|_| "one joining")?;
    assert_eq!((merge.kept, merge.folded, merge.by), (parts[0].into(), parts[1].into(), None));
    Ok(())
}

#[test]
fn one_phone_of_two_first_names_is_a_household_and_no_customer() -> Fails {
    let store = store()?;
    let parts = file_all(&store, &[said("DealerVault", Some("0017"), "Dana", "2075550148"), said("DealerVault", Some("0018"), "Sam", "2075550148")])?;
    let tx = store.read()?;
    let phone = Phone::parse("2075550148").ok_or("a phone")?;
    assert_eq!(people::sharers(&tx, &phone)?, vec![CustomerId::from(parts[0]), CustomerId::from(parts[1])]);
    Ok(())
}

#[test]
fn a_record_taken_out_of_a_customer_stays_out() -> Fails {
    let store = store()?;
    let parts = file_all(&store, &[said("DealerVault", Some("0017"), "Dana", "2075550148"), said("Old CRM", Some("9"), "Dana", "2075550148")])?;
    assert_eq!(store.read()?.count(tables::CUSTOMERS)?, 1);
    let other = parts[1];
    store.write_blocking(move |tx| people::separate(tx, &Policy::default(), other, Seq(0), NOW))?;
    assert_eq!(store.read()?.count(tables::CUSTOMERS)?, 2);
    file_all(&store, &[said("Old CRM", Some("9"), "Dana", "207-555-0150"), said("Old CRM", Some("9"), "Dana", "2075550148")])?;
    is_whole(&store.read()?)?;
    assert_eq!(store.read()?.count(tables::CUSTOMERS)?, 2);
    Ok(())
}
