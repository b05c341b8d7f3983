//! Does a customer care for one of our cars, and how do we know?

use super::{Basis, seen};
use crate::{
    domain::{
        alert::{Level, RuleKind},
        ids::VehicleId,
        lead::LeadKind,
        picture::Picture,
        rule_setting::Knob,
        score::Score,
        time::At,
        visitor::Did,
    },
    engine::intent::looks,
};

/// Why we take it that they care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cares {
    /// They asked about it, else they only looked at it.
    pub(super) asked: bool,
    pub(super) last: At,
}

impl Cares {
    /// Who asked is told what became of it; who only looked is for the rep to know.
    pub(super) fn basis(self) -> Basis {
        if self.asked { Basis::Told } else { Basis::Seen }
    }

    pub(super) fn level(self, score: &Score) -> Level {
        if self.asked { Level::NextUp } else { seen::light(score) }
    }

    pub(super) fn words(self) -> &'static str {
        if self.asked { "asked about" } else { "looked at" }
    }
}

/// Whether they asked about this car or looked at it often enough, not long before something happened to it; not a car they own, nor when
/// they bought one here since.
pub(super) fn cares(picture: &Picture, car: VehicleId, rule: RuleKind, happened: At) -> Option<Cares> {
    let lately_ms = picture.rules.ms(rule, Knob::InterestDays);
    let lately = |at: At| happened.since(at) < lately_ms;
    let asked = picture.leads.iter().filter(|l| l.vehicle == Some(car) && l.said.kind != LeadKind::Test).map(|l| l.received);
    let watched = picture.activity.0.iter().filter(|m| m.car == Some(car) && matches!(m.did, Did::OpenedPriceAlert | Did::ClickedPriceAlert));
    let asked = asked.chain(watched.map(looks::last)).filter(|at| lately(*at)).max();
    let looked: Vec<At> = looks::looks(&picture.activity).iter().filter(|l| l.car == car && lately(l.at)).map(|l| l.at).collect();
    let often = looked.len() >= usize::try_from(picture.rules.value(rule, Knob::Looks)).unwrap_or(usize::MAX);
    let looked = looked.into_iter().max().filter(|_| often);
    let cares = Cares { asked: asked.is_some(), last: asked.max(looked)? };
    let has_bought = picture.owned.iter().any(|o| o.vehicle == car || (o.bought_here && o.since >= cares.last));
    (!has_bought).then_some(cares)
}
