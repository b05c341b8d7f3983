//! What may a store set of a rule, and what holds where it set nothing?

use super::{
    alert::RuleKind,
    staff::Role,
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
};
use RuleKind as Kind;

/// One number a rule decides by. The unit is the last word of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Knob {
    Looks,
    WindowHours,
    /// How long what happened is a reason to act.
    FreshHours,
    /// How long a matter stands when nothing else happens.
    OpenDays,
    WaitMinutes,
    WaitHours,
    UrgentAfterHours,
    SilentDays,
    /// How long ago they cared for the car.
    InterestDays,
    DropDollars,
    DropPercent,
    /// The score from which somebody counts as shopping.
    Points,
    #[serde(other)]
    Unknown,
}

impl Knob {
    /// One of its unit in milliseconds; 1 for what is no time.
    fn unit_ms(self) -> i64 {
        match self {
            Self::WindowHours | Self::FreshHours | Self::WaitHours | Self::UrgentAfterHours => HOUR_MS,
            Self::OpenDays | Self::SilentDays | Self::InterestDays => DAY_MS,
            Self::WaitMinutes => MINUTE_MS,
            Self::Looks | Self::DropDollars | Self::DropPercent | Self::Points | Self::Unknown => 1,
        }
    }
}

/// When a rule may open a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActiveHours {
    /// What comes while the store is closed waits for the opening.
    StoreHours,
    #[default]
    #[serde(other)]
    Always,
}

/// A value somebody gave a knob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Threshold {
    pub knob: Knob,
    pub value: u32,
}

/// How one rule works at this store.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct RuleSetting {
    pub on: bool,
    /// Of the rule's knobs, each once.
    #[serde(default)]
    pub thresholds: Vec<Threshold>,
    /// How long after a card was done the same kind of thing opens no other. 0: at once.
    pub cool_down_hours: u32,
    /// The roles its cards are offered to; none: to whom the customer belongs, else in turn.
    #[serde(default)]
    pub goes_to: Vec<Role>,
    #[serde(default)]
    pub hours: ActiveHours,
}

/// A knob of a rule, what it stands at by itself and how far it turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub knob: Knob,
    pub default: u32,
    pub least: u32,
    pub most: u32,
    /// What it means, as a sentence.
    pub says: &'static str,
}

/// A rule as the program brings it.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub rule: RuleKind,
    pub name: &'static str,
    /// When a card stands by it, as a sentence.
    pub says: &'static str,
    pub knobs: &'static [Bounds],
    pub cool_down_hours: u32,
    pub goes_to: &'static [Role],
}

/// A month: longer is what switching a rule off is for.
pub const COOL_DOWN_MOST_HOURS: u32 = 30 * 24;

const fn knob(knob: Knob, default: u32, (least, most): (u32, u32), says: &'static str) -> Bounds {
    Bounds { knob, default, least, most, says }
}

const fn terms(rule: RuleKind, name: &'static str, says: &'static str, knobs: &'static [Bounds]) -> Terms {
    Terms { rule, name, says, knobs, cool_down_hours: 0, goes_to: &[] }
}

impl Terms {
    /// A day: the same silent signal twice within it is not worth a second interruption.
    const fn cools_for_a_day(self) -> Self {
        Self { cool_down_hours: 24, ..self }
    }

    const fn goes_to(self, goes_to: &'static [Role]) -> Self {
        Self { goes_to, ..self }
    }

    /// The rule as it works where nobody set it.
    #[must_use]
    pub fn setting(&self) -> RuleSetting {
        RuleSetting {
            on: true,
            thresholds: self.knobs.iter().map(|k| Threshold { knob: k.knob, value: k.default }).collect(),
            cool_down_hours: self.cool_down_hours,
            goes_to: self.goes_to.to_vec(),
            hours: ActiveHours::Always,
        }
    }
}

const MANAGERS: &[Role] = &[Role::Manager, Role::Owner];
const fn fresh(default: u32) -> Bounds {
    knob(Knob::FreshHours, default, (1, 336), "Hours for which it is a reason to act.")
}
const fn open_days(default: u32) -> Bounds {
    knob(Knob::OpenDays, default, (1, 90), "Days after which it is let go of.")
}
const CARED: &[Bounds] = &[
    knob(Knob::InterestDays, 60, (7, 365), "Days since they asked about the car or looked at it."),
    knob(Knob::Looks, 2, (1, 20), "Looks at the car that count as caring for it; who asked about it cares."),
    open_days(7),
];
const REDUCED: &[Bounds] = &[
    // The greater of the two (field guide 8, P12).
    knob(Knob::DropDollars, 300, (50, 10_000), "Dollars by which the price came down, at least."),
    knob(Knob::DropPercent, 2, (1, 50), "Percent of the price before, at least."),
    knob(Knob::InterestDays, 60, (7, 365), "Days since they asked about the car or looked at it."),
    knob(Knob::Looks, 2, (1, 20), "Looks at the car that count as caring for it; who asked about it cares."),
    open_days(7),
];

/// Every rule with all that can be set of it, the most urgent first.
pub const TERMS: &[Terms] = &[
    terms(Kind::Unhappy, "Unhappy words", "Their own words complain, or ask to be left alone, and nobody has answered.", &[open_days(7)])
        .goes_to(MANAGERS),
    terms(Kind::ReplyReceived, "Replies", "A message of theirs has no answer yet.", &[]),
    terms(
        Kind::LeadUntouched,
        "Lead untouched",
        "A lead has waited in store hours and nobody has reached for the customer.",
        // "30m M alert if untouched" (field guide 8, P1).
        &[knob(Knob::WaitMinutes, 30, (10, 600), "Minutes of store hours it may wait."), open_days(7)],
    )
    .goes_to(MANAGERS),
    terms(Kind::AskedAgain, "Asked again", "Somebody who asked before asks once more, later or by another road, and waits.", &[open_days(7)]),
    terms(Kind::NewLead, "New leads", "Somebody asked us something and nobody has answered.", &[open_days(7)]),
    terms(
        Kind::InTheLane,
        "In the lane",
        "An advisor asked sales to come to a customer in the service lane, and nobody has said that it is done.",
        // Whoever waits at a counter waits three minutes (design 8.7).
        &[knob(Knob::WaitMinutes, 3, (1, 30), "Minutes the one who is asked has before the next is.")],
    ),
    terms(
        Kind::FollowUpDue,
        "Follow-ups",
        "What somebody promised is due.",
        &[knob(Knob::UrgentAfterHours, 24, (1, 168), "Hours late after which it is urgent.")],
    ),
    terms(
        Kind::VisitEndedUnsold,
        "Left unsold",
        "They left the showroom without a car and nobody has reached for them since.",
        // The thanks of the same day come when they are home (field guide 8, P3).
        &[knob(Knob::WaitHours, 2, (1, 72), "Hours after they left, so that they are home."), open_days(7)],
    ),
    terms(
        Kind::AppointmentMissed,
        "Appointment missed",
        "They were expected in service and neither came nor were heard of.",
        // Repair orders come with a nightly file: sooner, everybody would seem to have missed theirs.
        &[knob(Knob::WaitHours, 24, (1, 96), "Hours after the appointment, until the day's repair orders are here."), open_days(7)],
    )
    .cools_for_a_day()
    .goes_to(&[Role::Advisor]),
    terms(
        Kind::BackOnSameCar,
        "Back on the same car",
        "They keep coming back to one car on the lot.",
        &[
            // "Fourth view in forty-eight hours" (field guide R1).
            knob(Knob::Looks, 4, (2, 20), "Looks at the car."),
            knob(Knob::WindowHours, 48, (6, 336), "Hours within which they fall."),
            fresh(24),
        ],
    )
    .cools_for_a_day(),
    terms(Kind::ClickedToCall, "Tapped to call", "They tapped our phone number on the website.", &[fresh(24)]).cools_for_a_day(),
    // Who asked for a value three days ago has found one.
    terms(Kind::TradeToolUsed, "Trade tool used", "They started or finished the trade-in tool.", &[fresh(72)]).cools_for_a_day(),
    terms(Kind::FinanceFormUsed, "Finance form", "They started or sent a finance form on the website.", &[fresh(72)]).cools_for_a_day(),
    terms(
        Kind::FormAbandoned,
        "Form abandoned",
        "They began a form and did not send it.",
        &[knob(Knob::WaitMinutes, 30, (10, 240), "Minutes they have to finish it."), fresh(24)],
    )
    .cools_for_a_day(),
    terms(Kind::PriceAlertUsed, "Price alert", "They opened or followed a price alert of ours.", &[fresh(48)]).cools_for_a_day(),
    terms(Kind::WatchedCarReduced, "Watched car reduced", "The price of a car they care for came down.", REDUCED).cools_for_a_day(),
    terms(Kind::WatchedCarSold, "Watched car sold", "A car they care for was sold to somebody else.", CARED).cools_for_a_day(),
    terms(
        Kind::WishMatched,
        "Wish matched",
        "A car came in that they wished for, or such as they look for.",
        &[knob(Knob::Points, 70, (50, 100), "How well it fits of a hundred, at least, where they wished for nothing."), open_days(5)],
    ),
    terms(
        Kind::OwnerShopping,
        "Owner shopping",
        "Somebody who bought here or is serviced here looks at cars.",
        &[knob(Knob::Looks, 2, (1, 20), "Looks at cars."), knob(Knob::WindowHours, 168, (24, 720), "Hours within which they fall."), fresh(72)],
    )
    .cools_for_a_day(),
    terms(
        Kind::BackAfterSilence,
        "Back after silence",
        "They are on the website again after a long silence.",
        &[knob(Knob::SilentDays, 30, (7, 720), "Days without a sign of them."), fresh(48)],
    )
    .cools_for_a_day(),
    terms(
        Kind::HouseholdShopping,
        "Household shopping",
        "Somebody of the household of a known customer is near to buying.",
        &[knob(Knob::Points, 40, (10, 100), "Points of the other's score, at least."), open_days(7)],
    )
    .cools_for_a_day(),
    terms(Kind::HoursViewed, "Hours or directions", "They looked up our hours or the way to us.", &[fresh(24)]).cools_for_a_day(),
    terms(Kind::ComparedOrShared, "Compared or shared", "They compared cars, or shared or saved one.", &[fresh(48)]).cools_for_a_day(),
    terms(
        Kind::TryAgain,
        "Try again",
        "They were given up for a reason that passes, and the day has come.",
        // Whoever was not tried again within a month is left in peace.
        &[open_days(30)],
    ),
    terms(Kind::Mentioned, "Mentions", "A colleague wrote a note to somebody.", &[]),
];

/// A rule as the program brings it; `None` for one it does not know.
#[must_use]
pub fn terms_of(rule: RuleKind) -> Option<&'static Terms> {
    TERMS.iter().find(|t| t.rule == rule)
}

/// What the store set; rules that are not among them work as the program brings them.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RuleSettings(Vec<(RuleKind, RuleSetting)>);

impl RuleSettings {
    fn set(&self, rule: RuleKind) -> Option<&RuleSetting> {
        self.0.iter().find(|(kind, _)| *kind == rule).map(|(_, setting)| setting)
    }

    /// How a rule works here, whole; `None` for one the program does not know.
    #[must_use]
    pub fn of(&self, rule: RuleKind) -> Option<RuleSetting> {
        let terms = terms_of(rule)?;
        let thresholds = terms.knobs.iter().map(|k| Threshold { knob: k.knob, value: self.value(rule, k.knob) }).collect();
        Some(self.set(rule).map_or_else(|| terms.setting(), |set| RuleSetting { thresholds, ..set.clone() }))
    }

    #[must_use]
    pub fn is_on(&self, rule: RuleKind) -> bool {
        self.set(rule).is_none_or(|set| set.on)
    }

    /// What a knob of a rule stands at, within its bounds whatever was set when those were others; 0 for a knob the rule does not have.
    #[must_use]
    pub fn value(&self, rule: RuleKind, knob: Knob) -> u32 {
        let Some(bounds) = terms_of(rule).and_then(|t| t.knobs.iter().find(|k| k.knob == knob)) else { return 0 };
        let set = self.set(rule).and_then(|set| set.thresholds.iter().find(|t| t.knob == knob));
        set.map_or(bounds.default, |t| t.value.clamp(bounds.least, bounds.most))
    }

    /// The same as a span of time.
    #[must_use]
    pub fn ms(&self, rule: RuleKind, knob: Knob) -> i64 {
        i64::from(self.value(rule, knob)) * knob.unit_ms()
    }

    #[must_use]
    pub fn cool_down_ms(&self, rule: RuleKind) -> i64 {
        let hours = self.set(rule).map_or_else(|| terms_of(rule).map_or(24, |t| t.cool_down_hours), |set| set.cool_down_hours);
        i64::from(hours) * HOUR_MS
    }

    #[must_use]
    pub fn goes_to(&self, rule: RuleKind) -> &[Role] {
        match self.set(rule) {
            Some(set) => &set.goes_to,
            None => terms_of(rule).map_or(&[], |t| t.goes_to),
        }
    }

    /// Whether what comes outside store hours waits for the opening.
    #[must_use]
    pub fn waits_for_opening(&self, rule: RuleKind) -> bool {
        self.set(rule).is_some_and(|set| set.hours == ActiveHours::StoreHours)
    }

    /// The same with one rule set. One that is set to what the program brings is as if it had never been set.
    #[must_use]
    pub fn with(&self, rule: RuleKind, setting: &RuleSetting) -> Self {
        let mut all: Vec<(RuleKind, RuleSetting)> = self.0.iter().filter(|(kind, _)| *kind != rule).cloned().collect();
        if terms_of(rule).is_some_and(|t| t.setting() != *setting) {
            all.push((rule, setting.clone()));
            all.sort_by_key(|(kind, _)| *kind);
        }
        Self(all)
    }
}

/// A setting as it may be put in force: every knob of the rule once, in the order of its terms; what was left out stands as the program
/// brings it.
///
/// # Errors
/// A sentence: what cannot be set so.
pub fn checked(terms: &Terms, said: &RuleSetting) -> Result<RuleSetting, String> {
    let known = |t: &Threshold| terms.knobs.iter().any(|k| k.knob == t.knob);
    if !said.thresholds.iter().all(known) {
        return Err(format!("\u{201c}{}\u{201d} has no such number to set.", terms.name));
    }
    let mut thresholds = Vec::with_capacity(terms.knobs.len());
    for bounds in terms.knobs {
        let mut values = said.thresholds.iter().filter(|t| t.knob == bounds.knob).map(|t| t.value);
        let value = values.next().unwrap_or(bounds.default);
        if values.next().is_some() {
            return Err("One number is set twice.".to_owned());
        }
        if !(bounds.least..=bounds.most).contains(&value) {
            return Err(format!("From {} to {}: {}", bounds.least, bounds.most, bounds.says));
        }
        thresholds.push(Threshold { knob: bounds.knob, value });
    }
    if said.cool_down_hours > COOL_DOWN_MOST_HOURS {
        return Err(format!("A rule rests for at most {COOL_DOWN_MOST_HOURS} hours after a card was done; switch it off instead."));
    }
    if said.goes_to.contains(&Role::Unknown) {
        return Err("There is no such role.".to_owned());
    }
    let goes_to = Role::ALL.into_iter().filter(|role| said.goes_to.contains(role)).collect();
    Ok(RuleSetting { thresholds, goes_to, ..said.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back() -> &'static Terms {
        terms_of(Kind::BackOnSameCar).unwrap()
    }

    fn setting(change: impl FnOnce(&mut RuleSetting)) -> RuleSetting {
        let mut setting = back().setting();
        change(&mut setting);
        setting
    }

    #[test]
    fn every_rule_has_its_terms_once_and_stands_within_its_own_bounds() {
        for terms in TERMS {
            assert_eq!(TERMS.iter().filter(|t| t.rule == terms.rule).count(), 1, "{}", terms.name);
            assert_eq!(checked(terms, &terms.setting()), Ok(terms.setting()), "{}", terms.name);
            assert!(terms.says.ends_with('.') && terms.knobs.iter().all(|k| k.says.ends_with('.')), "{}", terms.name);
        }
        assert!(terms_of(Kind::Unknown).is_none());
    }

    #[test]
    fn what_nobody_set_is_as_the_program_brings_it() {
        let settings = RuleSettings::default();
        assert_eq!(settings.of(Kind::BackOnSameCar), Some(back().setting()));
        assert_eq!((settings.value(Kind::BackOnSameCar, Knob::Looks), settings.ms(Kind::BackOnSameCar, Knob::WindowHours)), (4, 48 * HOUR_MS));
        assert_eq!(settings.goes_to(Kind::Unhappy), MANAGERS);
        let six = setting(|s| s.thresholds[0].value = 6);
        let set = settings.with(Kind::BackOnSameCar, &six);
        assert_eq!((set.value(Kind::BackOnSameCar, Knob::Looks), set.of(Kind::BackOnSameCar)), (6, Some(six)));
        assert_eq!(set.with(Kind::BackOnSameCar, &back().setting()), settings, "set back is never set");
    }

    #[test]
    fn what_no_store_can_mean_is_refused_with_a_sentence() {
        for (said, sentence) in [
            (setting(|s| s.thresholds[0].value = 1), "From 2 to 20: Looks at the car."),
            (setting(|s| s.thresholds.push(Threshold { knob: Knob::Looks, value: 5 })), "One number is set twice."),
            (
                setting(|s| s.thresholds.push(Threshold { knob: Knob::DropPercent, value: 5 })),
                "\u{201c}Back on the same car\u{201d} has no such number to set.",
            ),
            (setting(|s| s.cool_down_hours = 721), "A rule rests for at most 720 hours after a card was done; switch it off instead."),
            (setting(|s| s.goes_to = vec![Role::Unknown]), "There is no such role."),
        ] {
            assert_eq!(checked(back(), &said), Err(sentence.to_owned()));
        }
        let partial = setting(|s| s.thresholds.clear());
        assert_eq!(checked(back(), &partial), Ok(back().setting()), "what is left out stands as it comes");
    }

    #[test]
    fn a_value_set_under_other_bounds_is_held_within_those_of_today() {
        let far = RuleSettings(vec![(Kind::BackOnSameCar, setting(|s| s.thresholds[0].value = 900))]);
        assert_eq!(far.value(Kind::BackOnSameCar, Knob::Looks), 20);
    }
}
