//! What has the store set of its rules, what comes of each, and whom would it concern if it were set otherwise?

use super::{Policy, Rooms, advance, people, rethink, seen::Asked, shapes as s, staff, think, weights};
use crate::{
    domain::{
        alert::{AlertState, CloseReason, RuleKind},
        change::Changed,
        event::Event,
        ids::{AlertId, CustomerId},
        picture::Picture,
        rule_setting::{self, COOL_DOWN_MOST_HOURS, RuleSetting, RuleSettings, TERMS, Terms, terms_of},
        time::{At, DAY_MS},
    },
    engine::{intent, rules},
    store::{Rows, Span, StoreError, WriteTx, tables},
};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, ops::ControlFlow, sync::Arc};

/// Cards of so many days are counted.
const COUNTED_MS: i64 = 30 * DAY_MS;
/// More cards than any small store has in a month; behind them none is counted.
const CARDS_MOST: usize = 20_000;
/// Customers looked at for one count: half a second's work.
const LOOKED_AT_MOST: usize = 3_000;
const EXAMPLES_MOST: usize = 5;
const TO_THINK_OF: &str = "rules to think of";

/// Why nothing was set. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    Unusable(String),
    /// Somebody set it since it was read: who, by name, where that is still near.
    ChangedSince(Option<String>),
}

/// Changes with all that is set of a rule.
fn version(setting: &RuleSetting) -> String {
    let bytes = serde_json::to_vec(setting).unwrap_or_default();
    data_encoding::HEXLOWER.encode(&blake3::hash(&bytes).as_bytes()[..12])
}

/// Every rule, the most urgent first.
pub fn all(rooms: &Rooms, now: At) -> Result<s::RuleList, StoreError> {
    let tx = rooms.store.read()?;
    let (settings, cards) = (rooms.policy.rules.of(&tx)?, cards(&tx, now)?);
    Ok(s::RuleList { items: TERMS.iter().map(|terms| shape(terms, &settings, cards.get(&terms.rule).copied().unwrap_or_default())).collect() })
}

fn shape(terms: &Terms, settings: &RuleSettings, cards: Cards) -> s::RuleShape {
    let setting = settings.of(terms.rule).unwrap_or_else(|| terms.setting());
    let knob = |k: &rule_setting::Bounds| s::KnobShape { knob: k.knob, least: k.least, most: k.most, says: k.says.to_owned() };
    s::RuleShape {
        rule: terms.rule,
        name: terms.name.to_owned(),
        says: terms.says.to_owned(),
        knobs: terms.knobs.iter().map(knob).collect(),
        cool_down_most_hours: COOL_DOWN_MOST_HOURS,
        version: version(&setting),
        defaults: terms.setting(),
        setting,
        cards_30_days: cards.lately,
        cards_open: cards.open,
        answered_30_days: cards.answered,
        judged_30_days: cards.judged,
        useful_30_days: cards.useful,
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Cards {
    lately: u32,
    open: u32,
    answered: u32,
    judged: u32,
    useful: u32,
}

/// The cards that each rule leads now or led last.
fn cards(tx: &impl Rows, now: At) -> Result<HashMap<RuleKind, Cards>, StoreError> {
    let mut by_rule: HashMap<RuleKind, Cards> = HashMap::new();
    let mut seen = 0;
    tx.each_back(tables::ALERTS, &Span::all(), |_, alert| {
        seen += 1;
        if now.since(alert.opened) > COUNTED_MS || seen > CARDS_MOST {
            return Ok(ControlFlow::Break(()));
        }
        let cards = by_rule.entry(alert.matter.rule).or_default();
        cards.lately += 1;
        cards.useful += u32::from(alert.judged.is_some_and(|j| j.useful));
        cards.judged += u32::from(alert.judged.is_some());
        cards.answered += u32::from(matches!(alert.state, AlertState::Closed { why: CloseReason::Done { .. }, .. }));
        Ok(ControlFlow::Continue(()))
    })?;
    for id in tx.keys(tables::ALERTS_OPEN, &Span::all(), CARDS_MOST)? {
        if let Some(alert) = tx.get(tables::ALERTS, &id)? {
            by_rule.entry(alert.matter.rule).or_default().open += 1;
        }
    }
    Ok(by_rule)
}

/// Sets a rule. Whom that may concern is thought of anew, some at a time. The same key twice sets it once; old values set it back.
///
/// `seen` is the version that the person looked at.
pub async fn set(
    rooms: &Rooms,
    rule: RuleKind,
    setting: RuleSetting,
    seen: Option<String>,
    asked: Asked,
    now: At,
) -> Result<Result<(), Refusal>, StoreError> {
    let Some(terms) = terms_of(rule) else { return Ok(Err(Refusal::NotThere)) };
    let setting = match rule_setting::checked(terms, &setting) {
        Ok(setting) => setting,
        Err(sentence) => return Ok(Err(Refusal::Unusable(sentence))),
    };
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            asked.once(tx, "set rule", || {
                let in_force = policy.rules.of(tx)?.of(rule).unwrap_or_else(|| terms.setting());
                if in_force == setting {
                    return Ok(Ok(()));
                }
                if seen.as_ref().is_some_and(|seen| *seen != version(&in_force)) {
                    let is_set = |event: &Event| {
                        let Event::RuleSet { rule: set, by, .. } = event else { return None };
                        (*set == rule).then_some(*by)
                    };
                    let by = staff::last_to(tx, is_set)?;
                    return Ok(Err(Refusal::ChangedSince(by)));
                }
                advance::append_applied(tx, &policy, Event::RuleSet { rule, setting: setting.clone(), by: asked.by }, now)?;
                keep(tx, Some(Place::Cards(AlertId(0))))?;
                Ok(Ok(()))
            })
        })
        .await
}

/// One rule as it is set now.
pub fn one(rooms: &Rooms, rule: RuleKind, now: At) -> Result<Option<s::RuleShape>, StoreError> {
    Ok(all(rooms, now)?.items.into_iter().find(|shape| shape.rule == rule))
}

/// The effects of a rule that was set.
pub(super) fn take(tx: &WriteTx<'_>, policy: &Policy, rule: RuleKind, setting: &RuleSetting) -> Result<(), StoreError> {
    tx.announce(Changed::Settings);
    let settings = policy.rules.of(tx)?.with(rule, setting);
    weights::written(&settings).map_or(Ok(()), |text| weights::adopt::<RuleSettings>(tx, &text))
}

// Thinking anew.

/// How far those are thought of whom a change may concern: first who has an open card, then who did something lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Place {
    Cards(AlertId),
    Customers(CustomerId),
}

fn place(tx: &impl Rows) -> Result<Option<Place>, StoreError> {
    // What a newer Headlight wrote here is no loss: everybody is thought of when their own time comes.
    Ok(tx.get(tables::META, &TO_THINK_OF.to_owned())?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn keep(tx: &WriteTx<'_>, place: Option<Place>) -> Result<(), StoreError> {
    let Some(place) = place else { return tx.remove(tables::META, &TO_THINK_OF.to_owned()).map(|_| ()) };
    let damaged = |e: serde_json::Error| StoreError::Damaged { table: "META".to_owned(), why: format!("could not be written: {e}") };
    tx.put(tables::META, &TO_THINK_OF.to_owned(), &serde_json::to_string(&place).map_err(damaged)?)
}

/// The next of those whom a change may concern; whether there was anybody.
pub async fn think_anew(rooms: &Rooms, now: At) -> Result<bool, StoreError> {
    if place(&rooms.store.read()?)?.is_none() {
        return Ok(false);
    }
    let policy = rooms.policy.clone();
    rooms
        .store
        .write(move |tx| {
            let next = match place(tx)? {
                None => return Ok(false),
                Some(Place::Cards(after)) => {
                    Some(rethink::with_cards(tx, &policy, after, now)?.map_or(Place::Customers(CustomerId(0)), Place::Cards))
                }
                Some(Place::Customers(after)) => rethink::customers(tx, &policy, after, now)?.map(Place::Customers),
            };
            keep(tx, next)?;
            Ok(true)
        })
        .await
}

// A count without setting anything.

/// How many customers a rule would see now if it were set so. Looks at those who did something lately, the newest customers first, above a
/// snapshot; nothing is written. Says whether it looked at all of them.
pub async fn matches(rooms: &Rooms, rule: RuleKind, setting: RuleSetting, now: At) -> Result<Result<s::RuleMatches, Refusal>, StoreError> {
    let Some(terms) = terms_of(rule) else { return Ok(Err(Refusal::NotThere)) };
    let setting = match rule_setting::checked(terms, &setting) {
        Ok(setting) => setting,
        Err(sentence) => return Ok(Err(Refusal::Unusable(sentence))),
    };
    let rooms = rooms.clone();
    let counted = tokio::task::spawn_blocking(move || counted(&rooms, rule, &setting, now)).await;
    let broken = |_| StoreError::Unavailable("the count of a rule's customers ended unexpectedly".to_owned());
    Ok(Ok(counted.map_err(broken)??))
}

fn counted(rooms: &Rooms, rule: RuleKind, setting: &RuleSetting, now: At) -> Result<s::RuleMatches, StoreError> {
    let tx = rooms.store.read()?;
    let settings = Arc::new(rooms.policy.rules.of(&tx)?.with(rule, &RuleSetting { on: true, ..setting.clone() }));
    let staff = think::staff_now(&tx)?;
    let mut found = s::RuleMatches { matching: 0, looked_at: 0, is_all: true, examples: vec![] };
    let newest = tx.last(tables::THINK_AGAIN, &Span::all(), LOOKED_AT_MOST + 1)?;
    for (nth, (id, _)) in newest.into_iter().enumerate() {
        if nth == LOOKED_AT_MOST {
            found.is_all = false;
            break;
        }
        let Some(customer) = people::shown(&tx, id)? else { continue };
        found.looked_at += 1;
        let picture = think::gather(&tx, &rooms.policy, &customer, &staff, now)?;
        let picture = Picture { rules: Arc::clone(&settings), ..picture };
        let Some(card) = rules::proposed_by(rule, &picture, &intent::score(&picture, now), now) else { continue };
        found.matching += 1;
        if found.examples.len() < EXAMPLES_MOST {
            found.examples.push(s::RuleMatch { id: customer.id.0, name: customer.display_name(), text: card.headline });
        }
    }
    Ok(found)
}
