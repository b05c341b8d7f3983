//! To whom does a card go whose rule the store sends to certain people?

use super::{
    routing::{self, Route},
    rules::Proposal,
};
use crate::domain::{
    alert::{Alert, AlertState, Clock, RuleKind},
    ids::StaffId,
    picture::Picture,
    staff::Role,
    time::At,
};

/// As every card is routed; one whose rule goes to certain roles is offered to somebody of those: whom it would go to anyway, else whoever
/// is free, has the fewest cards and waited longest. A card that somebody took or put off stays theirs. Where nobody has such a role, it
/// goes the common way.
#[must_use]
pub fn route(picture: &Picture, card: &Proposal, held: Option<&Alert>, now: At) -> Route {
    let route = routing::route(picture, card, held, now);
    let is_taken = held.is_some_and(is_taken);
    match meant(picture, card).filter(|_| !is_taken) {
        Some(roles) if !is_one_of(picture, route.to, roles) => to_one_of(picture, roles, route, now),
        Some(_) | None => route,
    }
}

/// A card that stands has come to say something that is not for whoever holds it: to whom it goes, its clock as it runs. What somebody took
/// stays theirs, but for a complaint: whoever reads it may be whom it is about.
#[must_use]
pub fn goes_on_to(picture: &Picture, card: &Proposal, held: &Alert, now: At) -> Option<Route> {
    let may_go = !is_taken(held) || card.matter.rule == RuleKind::Unhappy;
    let roles = meant(picture, card).filter(|_| held.matter.rule != card.matter.rule && may_go)?;
    if is_one_of(picture, held.owner, roles) {
        return None;
    }
    let on = to_one_of(picture, roles, routing::route(picture, card, Some(held), now), now);
    (on.to.is_some() && on.to != held.owner).then(|| Route { clock: held.clock.as_ref().map(|c| then_to(c, on.then)), ..on })
}

/// The clock as it runs, with whoever is next when it is out.
fn then_to(clock: &Clock, then: Option<StaffId>) -> Clock {
    Clock { then, ..clock.clone() }
}

fn is_taken(alert: &Alert) -> bool {
    match alert.state {
        AlertState::Claimed { .. } | AlertState::Snoozed { .. } => true,
        AlertState::Open | AlertState::Closed { .. } | AlertState::Unknown => false,
    }
}

/// The roles a card is for; none when it may go to anybody, or is one person's own.
fn meant<'p>(picture: &'p Picture, card: &Proposal) -> Option<&'p [Role]> {
    let roles = picture.rules.goes_to(card.matter.rule);
    (!roles.is_empty() && card.matter.to.is_none()).then_some(roles)
}

fn is_one_of(picture: &Picture, staff: Option<StaffId>, roles: &[Role]) -> bool {
    staff.and_then(|id| picture.person(id)).is_some_and(|s| roles.contains(&s.staff.role))
}

fn to_one_of(picture: &Picture, roles: &[Role], route: Route, now: At) -> Route {
    let able = picture.staff.iter().filter(|s| s.staff.active && roles.contains(&s.staff.role));
    let Some(next) = able.min_by_key(|s| (!routing::is_free(picture, s, now), s.load, s.last_offered, s.staff.id)) else { return route };
    let to = next.staff.id;
    let then = route.then.filter(|then| !next.staff.role.manages() && *then != to);
    Route {
        to: Some(to),
        because: format!("This is for {}", words(next.staff.role)),
        for_all: false,
        then,
        clock: route.clock.as_ref().map(|c| then_to(c, then)),
    }
}

fn words(role: Role) -> &'static str {
    match role {
        Role::Rep => "sales",
        Role::Bdc => "the BDC",
        Role::Advisor => "service",
        Role::Finance => "finance",
        Role::Manager => "a manager",
        Role::Owner => "the owner",
        Role::Unknown => "somebody else",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::score::Score,
        engine::{
            rules,
            sample::{Sample, card, hours_ago, now, person},
        },
    };

    const PRIYA: StaffId = StaffId(1);
    const MEL: StaffId = StaffId(3);

    fn unhappy() -> Sample {
        Sample::dana().wrote(1, "This is unacceptable").change(|s| s.customer.owner = Some(PRIYA))
    }

    fn leading(sample: &Sample) -> Proposal {
        rules::propose(&sample.picture(), &Score::default(), now()).remove(0)
    }

    fn routed(sample: &Sample, held: Option<&Alert>) -> Route {
        route(&sample.picture(), &leading(sample), held, now())
    }

    #[test]
    fn a_complaint_goes_to_a_manager_though_a_rep_knows_them() {
        let route = routed(&unhappy(), None);
        assert_eq!((route.to, route.because.as_str(), route.then), (Some(MEL), "This is for a manager", None));
        let both_free = unhappy().change(|s| s.staff.push(person(4, "Lou Berg", Role::Owner)));
        assert_eq!(routed(&both_free.clone().change(|s| s.staff[2].with_customer = true), None).to, Some(StaffId(4)));
        assert_eq!(routed(&both_free, None).to, Some(MEL));
    }

    #[test]
    fn where_nobody_has_the_role_it_goes_the_common_way() {
        let nobody = unhappy().change(|s| s.staff.truncate(2));
        assert_eq!(routed(&nobody, None).to, Some(PRIYA));
        let set = unhappy().sets(RuleKind::Unhappy, |s| s.goes_to = vec![]);
        assert_eq!((routed(&set, None).to, routed(&set, None).because.as_str()), (Some(PRIYA), "Knows this customer"));
    }

    #[test]
    fn a_card_that_stands_goes_on_when_it_comes_to_complain_even_from_whoever_took_it() {
        let held = |state| Alert { owner: Some(PRIYA), ..card(1, RuleKind::NewLead, state) };
        let on = |sample: &Sample, held: &Alert| goes_on_to(&sample.picture(), &leading(sample), held, now()).and_then(|r| r.to);
        assert_eq!(on(&unhappy(), &held(AlertState::Open)), Some(MEL));
        let taken = AlertState::Claimed { by: PRIYA, at: hours_ago(1) };
        assert_eq!(on(&unhappy(), &held(taken.clone())), Some(MEL));
        let anything = Sample::dana().wrote(1, "Thank you").sets(RuleKind::ReplyReceived, |s| s.goes_to = vec![Role::Manager]);
        assert_eq!((on(&anything, &held(AlertState::Open)), on(&anything, &held(taken))), (Some(MEL), None), "what is no complaint stays");
        assert_eq!(on(&unhappy(), &Alert { owner: Some(MEL), ..held(AlertState::Open) }), None);
        assert_eq!(on(&unhappy(), &Alert { owner: Some(PRIYA), ..card(1, RuleKind::Unhappy, AlertState::Open) }), None, "somebody gave it to them");
        assert_eq!(on(&Sample::dana().wrote(1, "Thank you"), &held(AlertState::Open)), None);
    }
}
