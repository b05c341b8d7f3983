//! What was done on the website lately and nobody has taken up since? What the rules of one doing have in common.

use super::{Basis, Proposal, evidence::doing, newest_first};
use crate::{
    domain::{
        alert::{Level, Matter, RuleKind},
        picture::Picture,
        rule_setting::Knob,
        score::Score,
        time::At,
        visitor::{Did, Mark},
    },
    engine::intent::looks::last,
};

/// The newest of these doings that is still a reason to act: heard of in time, as young as the store set it, and after the store last
/// reached for them.
pub(super) fn newest<'p>(picture: &'p Picture, rule: RuleKind, now: At, is_it: impl Fn(Did) -> bool) -> Option<&'p Mark> {
    let fresh_ms = picture.rules.ms(rule, Knob::FreshHours);
    let fresh = |m: &&Mark| !m.late && now.since(last(m)) < fresh_ms && picture.last_store_touch.is_none_or(|touch| touch < last(m));
    picture.activity.0.iter().filter(|m| is_it(m.did)).filter(fresh).max_by_key(|m| last(m))
}

/// What a card by such a doing says beside its own words: seen, and nobody waits for an answer.
pub(super) fn card(picture: &Picture, rule: RuleKind, mark: &Mark, now: At) -> Proposal {
    let fresh_ms = picture.rules.ms(rule, Knob::FreshHours);
    let doings = picture.activity.0.iter().filter(|m| now.since(last(m)) < fresh_ms);
    Proposal {
        matter: Matter::of(rule),
        level: Level::Later,
        headline: String::new(),
        short: String::new(),
        reasons: newest_first(doings.filter_map(|m| doing(picture, m)).collect()),
        vehicle: mark.car,
        first_response: false,
        evidence: last(mark),
        holds_until: Some(last(mark).plus_ms(fresh_ms)),
        basis: Basis::Seen,
    }
}

/// A light sign can wait; of somebody who is near to buying it comes next.
pub(super) fn light(score: &Score) -> Level {
    if score.level() >= 3 { Level::NextUp } else { Level::Later }
}

/// A strong sign comes next; of somebody who is ready to buy it comes first.
pub(super) fn strong(score: &Score) -> Level {
    if score.level() >= 4 { Level::ActNow } else { Level::NextUp }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::engine::sample::{Sample, hours_ago, now};

    type Propose = fn(&Picture, &Score, At) -> Option<Proposal>;

    pub(in crate::engine::rules) fn proposed(propose: Propose, sample: &Sample, points: i16) -> Option<Proposal> {
        propose(&sample.picture(), &Score { points, parts: vec![] }, now())
    }

    /// A doing is a reason for so many hours, until somebody reaches for them, and not when we hear of it late; other doings are none.
    pub(in crate::engine::rules) fn check_window(propose: Propose, did: Did, hours: i64) {
        let stands = |sample: Sample| proposed(propose, &sample, 0).is_some();
        for (done, touched, expected) in [(0, None, true), (hours - 1, None, true), (hours, None, false), (10, Some(9), false), (10, Some(11), true)]
        {
            let sample = Sample::dana().did(did, done, None).change(|s| s.last_store_touch = touched.map(hours_ago));
            assert_eq!(stands(sample), expected, "{did:?} {done} {touched:?}");
        }
        assert!(!stands(Sample::dana().did(did, 1, None).change(|s| s.activity.0.iter_mut().for_each(|m| m.late = true))), "{did:?}");
        assert!(!stands(Sample::dana().did(Did::Searched, 1, None)), "{did:?}");
    }

    pub(in crate::engine::rules) fn check_levels(propose: Propose, did: Did, expected: [(i16, Level); 2]) {
        for (points, level) in expected {
            assert_eq!(proposed(propose, &Sample::dana().did(did, 1, None), points).map(|p| p.level), Some(level), "{did:?} {points}");
        }
    }
}
