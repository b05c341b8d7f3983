//! Is a lower price worth a word, and to whom may it be said?

use crate::domain::{
    consent::{Channel, ConsentBasis, ConsentFact, ConsentState},
    money::Cents,
    time::{At, DAY_MS, HOUR_MS},
};

/// Field guide 8, P12: 300 dollars or 2 %, whichever is more.
const LEAST_CENTS: i64 = 300 * 100;
const LEAST_PERCENT: i64 = 2;
/// Of interest longer ago nobody is told.
pub const INTEREST_MS: i64 = 60 * DAY_MS;
/// Somebody of the store was in touch so lately: they speak for themselves.
const TOUCHED_MS: i64 = 20 * HOUR_MS;
/// One message about a lower price in so long, whichever car it was.
pub const RESTS_MS: i64 = 14 * DAY_MS;
/// Messages a day about one car.
pub const A_DAY_MOST: usize = 15;
/// A round that is not told to its end by then is over.
pub const ROUND_MS: i64 = 7 * DAY_MS;

/// Whether a change of price is worth a word to who only cares for the car.
#[must_use]
pub fn is_worth(from: Cents, to: Cents) -> bool {
    let by = from.0.saturating_sub(to.0);
    by > 0 && by >= LEAST_CENTS.max(from.0.saturating_mul(LEAST_PERCENT) / 100)
}

/// Whether a price came down to what somebody said they would hear of.
#[must_use]
pub fn crosses(limit: Cents, from: Cents, to: Cents) -> bool {
    to <= limit && limit < from
}

/// How one customer stands to us.
#[expect(clippy::struct_excessive_bools, reason = "each is a reason of its own to leave somebody in peace")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Their household has or had this very car.
    pub has_it: bool,
    /// They bought a car here after they cared for this one.
    pub bought_since: bool,
    /// They are in the showroom, or numbers are on the table.
    pub in_deal: bool,
    /// They were given up because they bought.
    pub gone: bool,
    /// A complaint of theirs stands open.
    pub unhappy: bool,
    pub last_touch: Option<At>,
    pub last_told: Option<At>,
}

/// Why somebody who cares for the car is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    HasIt,
    Bought,
    InDeal,
    Gone,
    Unhappy,
    JustTouched,
    ToldLately,
    NoConsent,
}

impl LeftOut {
    pub const ALL: [Self; 8] =
        [Self::HasIt, Self::Bought, Self::InDeal, Self::Gone, Self::Unhappy, Self::JustTouched, Self::ToldLately, Self::NoConsent];

    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::HasIt => "Their household has or had this car",
            Self::Bought => "They bought here since",
            Self::InDeal => "In the showroom, or numbers are on the table",
            Self::Gone => "They bought elsewhere",
            Self::Unhappy => "A complaint of theirs is open",
            Self::JustTouched => "Somebody was in touch within 20 hours",
            Self::ToldLately => "Told of a lower price within 14 days",
            Self::NoConsent => "No consent, or opted out",
        }
    }

    /// It passes within days: they may be told yet.
    #[must_use]
    pub fn passes(self) -> bool {
        match self {
            Self::JustTouched | Self::InDeal => true,
            Self::HasIt | Self::Bought | Self::Gone | Self::Unhappy | Self::ToldLately | Self::NoConsent => false,
        }
    }
}

/// Why they are left out; the weightiest reason where there are several.
#[must_use]
pub fn left_out(standing: &Standing, may_write: bool, now: At) -> Option<LeftOut> {
    let within = |at: Option<At>, ms: i64| at.is_some_and(|at| now.since(at) < ms);
    [
        (standing.has_it, LeftOut::HasIt),
        (standing.bought_since, LeftOut::Bought),
        (standing.in_deal, LeftOut::InDeal),
        (standing.gone, LeftOut::Gone),
        (standing.unhappy, LeftOut::Unhappy),
        (!may_write, LeftOut::NoConsent),
        (within(standing.last_told, RESTS_MS), LeftOut::ToldLately),
        (within(standing.last_touch, TOUCHED_MS), LeftOut::JustTouched),
    ]
    .into_iter()
    .find_map(|(holds, why)| holds.then_some(why))
}

/// Whether somebody agreed to messages of this kind on a channel: by the newest word on it. A text that a machine sends to sell needs a
/// signature or a tick (47 CFR 64.1200(a)(2), (f)(9)); an email needs that they agreed in any way. An enquiry is answered and no more, and a
/// box that was left empty takes nothing back.
#[must_use]
pub fn may(facts: &[&ConsentFact], channel: Channel) -> bool {
    let enough = |basis: ConsentBasis| match channel {
        Channel::Text => matches!(basis, ConsentBasis::Form),
        Channel::Email => matches!(basis, ConsentBasis::Form | ConsentBasis::Reply | ConsentBasis::Verbal),
        Channel::Call => false,
    };
    let mut said: Vec<&&ConsentFact> = facts.iter().filter(|f| f.channel == channel).collect();
    said.sort_by_key(|f| f.at);
    said.into_iter().fold(false, |may, fact| match fact.state {
        ConsentState::Revoked => false,
        ConsentState::Allowed => may || enough(fact.basis),
        ConsentState::NotGiven => may,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sample::{hours_ago, now};

    #[test]
    fn a_drop_is_worth_a_word_from_300_dollars_or_two_percent() {
        for (from, to, worth) in [
            (10_000, 9_700, true),
            (10_000, 9_701, false),
            (30_000, 29_400, true),
            (30_000, 29_401, false),
            (9_000, 10_000, false),
            (9_000, 9_000, false),
        ] {
            assert_eq!(is_worth(Cents(from * 100), Cents(to * 100)), worth, "{from} to {to}");
        }
    }

    #[test]
    fn a_limit_is_crossed_once() {
        for (limit, from, to, crossed) in [(25_000, 25_500, 25_000, true), (25_000, 25_000, 24_000, false), (25_000, 26_000, 25_001, false)] {
            assert_eq!(crosses(Cents(limit), Cents(from), Cents(to)), crossed, "{limit}: {from} to {to}");
        }
    }

    #[test]
    fn each_reason_leaves_somebody_out() {
        let none = Standing::default;
        for (standing, may_write, expected) in [
            (none(), true, None),
            (Standing { has_it: true, ..none() }, false, Some(LeftOut::HasIt)),
            (Standing { bought_since: true, ..none() }, true, Some(LeftOut::Bought)),
            (Standing { in_deal: true, ..none() }, true, Some(LeftOut::InDeal)),
            (Standing { gone: true, ..none() }, true, Some(LeftOut::Gone)),
            (Standing { unhappy: true, ..none() }, true, Some(LeftOut::Unhappy)),
            (Standing { last_touch: Some(hours_ago(19)), ..none() }, true, Some(LeftOut::JustTouched)),
            (Standing { last_touch: Some(hours_ago(20)), ..none() }, true, None),
            (Standing { last_told: Some(hours_ago(24 * 14 - 1)), ..none() }, true, Some(LeftOut::ToldLately)),
            (Standing { last_told: Some(hours_ago(24 * 14)), ..none() }, true, None),
            (none(), false, Some(LeftOut::NoConsent)),
        ] {
            assert_eq!(left_out(&standing, may_write, now()), expected, "{standing:?}");
        }
    }

    #[test]
    fn a_text_needs_a_tick_and_an_email_their_word_and_neither_outlives_a_stop() {
        use ConsentBasis::{Enquiry, Form, Reply, Verbal};
        use ConsentState::{Allowed, NotGiven, Revoked};
        for (said, text, email) in [
            (&[][..], false, false),
            (&[(1, Allowed, Form)], true, true),
            (&[(1, Allowed, Enquiry)], false, false),
            (&[(1, Allowed, Verbal)], false, true),
            (&[(1, Allowed, Form), (2, Allowed, Enquiry)], true, true),
            (&[(1, Allowed, Form), (2, NotGiven, Form)], true, true),
            (&[(1, Allowed, Form), (2, Revoked, Reply)], false, false),
            (&[(2, Revoked, Reply), (1, Allowed, Form)], false, false),
            (&[(1, Revoked, Reply), (2, Allowed, Form)], true, true),
        ] {
            let on = |channel| -> Vec<ConsentFact> {
                said.iter()
                    .map(|(at, state, basis)| ConsentFact { channel, state: *state, basis: *basis, at: At(*at), evidence: String::new() })
                    .collect()
            };
            let may_on = |channel| may(&on(channel).iter().collect::<Vec<_>>(), channel);
            assert_eq!((may_on(Channel::Text), may_on(Channel::Email), may_on(Channel::Call)), (text, email, false), "{said:?}");
        }
    }
}
