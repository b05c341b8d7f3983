//! What happens if they do not answer?

use super::{
    guards::may_ring_from,
    told::{self, Purpose},
};
use crate::domain::{
    alert::{Draft, RuleKind, Step},
    consent::{Channel, ConsentState, state_of},
    picture::Picture,
    rooftop::Rooftop,
    time::{At, DAY_MS, HOUR_MS, MINUTE_MS},
};
use crate::engine::rules::Proposal;

/// Steps a card shows: the one now and the next three.
const MOST: usize = 4;

/// When a step of the playbook is due, counted from the opening of the card in store hours.
#[derive(Debug, Clone, Copy)]
pub(super) enum Due {
    After(i64),
    /// The last open hour of the first day.
    Evening,
}

pub(super) struct PlayStep {
    pub(super) due: Due,
    pub(super) channel: Channel,
    pub(super) words: &'static str,
}

const fn step(due: Due, channel: Channel, words: &'static str) -> PlayStep {
    PlayStep { due, channel, words }
}

const fn day(n: i64) -> Due {
    Due::After(n * DAY_MS)
}

/// P1, fresh internet lead, ninety days (field guide section 8). `{car}` stands for the car in question.
pub(super) const P1: &[PlayStep] = &[
    step(Due::After(5 * MINUTE_MS), Channel::Call, "Call"),
    step(Due::After(7 * MINUTE_MS), Channel::Text, "Text if the call was not answered"),
    step(Due::After(2 * HOUR_MS), Channel::Call, "Call at another time of day"),
    step(Due::Evening, Channel::Email, "Email photos or a video of {car}"),
    step(day(1), Channel::Call, "Call, then text"),
    step(day(2), Channel::Email, "Email three alternatives to {car}"),
    step(day(3), Channel::Call, "Call, then text"),
    step(day(4), Channel::Email, "Email what their trade could bring"),
    step(day(5), Channel::Call, "Call"),
    step(day(7), Channel::Call, "Call; a manager writes"),
    step(day(10), Channel::Text, "Text"),
    step(day(14), Channel::Email, "Email, then call"),
    step(day(21), Channel::Text, "Text"),
    step(day(30), Channel::Call, "Call, then email"),
    step(day(45), Channel::Email, "Email"),
    step(day(60), Channel::Text, "Text"),
    step(day(75), Channel::Email, "Email"),
    step(day(90), Channel::Call, "Call; then keep in touch or close"),
];

/// What to do now, what was due and not done, and the next steps of P1 after the card opened, in store hours and only by ways that are
/// open. A step whose time is past is the newest one missed: what came before it is made up for by doing it.
#[must_use]
pub fn steps(picture: &Picture, card: &Proposal, draft: Option<&Draft>, opened: At, now: At) -> Vec<Step> {
    if card.matter.rule == RuleKind::Unhappy {
        return to_the_unhappy(draft);
    }
    if card.matter.rule == RuleKind::InTheLane {
        return into_the_lane(picture);
    }
    let car = told::car_of(picture, card.matter, card.vehicle, now).map(|car| format!("the {car}"));
    let (way, text) = match draft.map(|d| d.channel) {
        Some(Channel::Text) => (Channel::Text, Some("Text the draft")),
        Some(Channel::Email) => (Channel::Email, Some("Email the draft")),
        Some(Channel::Call) | None => (Channel::Call, may_call(picture).then_some("Call")),
    };
    let first = text.map(|text| Step { at: None, text: text.to_owned() });
    let plan = Plan::of(picture, opened, now);
    let timed = plan.missed(Some(way)).into_iter().chain(plan.ahead());
    let later = timed.map(|(at, step)| Step { at: Some(at), text: in_words(step, car.as_deref()) });
    first.into_iter().chain(later).take(MOST).collect()
}

/// No playbook of sales goes on with somebody who is unhappy (field guide 8, P21).
fn to_the_unhappy(draft: Option<&Draft>) -> Vec<Step> {
    let text = if draft.is_some() { "A manager calls, or sends the draft" } else { "Write nothing; note what they refuse under permissions" };
    vec![Step { at: None, text: text.to_owned() }, Step { at: None, text: "Sell nothing for thirty days".to_owned() }]
}

/// They stand in the lane: nobody writes or calls.
fn into_the_lane(picture: &Picture) -> Vec<Step> {
    let say = picture.lane.as_ref().map(|asked| asked.brief.say.clone()).filter(|say| !say.is_empty());
    [Some("Go to the service lane".to_owned()), say].into_iter().flatten().map(|text| Step { at: None, text }).collect()
}

/// The steps of P1 that may be taken, with their times, the earliest first.
pub(super) struct Plan {
    steps: Vec<(At, &'static PlayStep)>,
    touched: Option<At>,
    now: At,
}

impl Plan {
    pub(super) fn of(picture: &Picture, opened: At, now: At) -> Self {
        let store = picture.rooftop;
        let begin = store.next_open(may_ring_from(&store.zone, store.next_open(opened)));
        let open_to_us = |step: &&PlayStep| match step.channel {
            Channel::Call => may_call(picture),
            Channel::Text | Channel::Email => told::may_write(picture, step.channel, Purpose::Answer, now),
        };
        let mut steps: Vec<_> = P1.iter().filter(open_to_us).filter_map(|step| Some((due(store, step, begin)?, step))).collect();
        steps.sort_by_key(|(at, _)| *at);
        Self { steps, touched: picture.last_store_touch, now }
    }

    pub(super) fn ahead(&self) -> impl Iterator<Item = (At, &'static PlayStep)> + '_ {
        self.steps.iter().copied().filter(|(at, _)| *at > self.now)
    }

    /// The newest step that was due since the store last reached for them and was not taken; not one by a way that is about to be gone.
    pub(super) fn missed(&self, but: Option<Channel>) -> Option<(At, &'static PlayStep)> {
        let due = self.steps.iter().copied().filter(|(at, _)| *at <= self.now && self.touched.is_none_or(|touched| *at > touched));
        due.rev().find(|(_, step)| Some(step.channel) != but)
    }
}

pub(super) fn in_words(step: &PlayStep, car: Option<&str>) -> String {
    step.words.replace("{car}", car.unwrap_or("a car"))
}

pub(super) fn may_call(picture: &Picture) -> bool {
    let refused = state_of(&picture.customer.consent, Channel::Call).is_some_and(|f| f.state == ConsentState::Revoked);
    !picture.customer.phones.is_empty() && !picture.wrong_number && !refused
}

/// `None` for an evening that is already past when the card opens.
fn due(store: &Rooftop, step: &PlayStep, begin: At) -> Option<At> {
    let at = match step.due {
        Due::After(ms) => store.next_open(begin.plus_ms(ms)),
        Due::Evening => Some(closing(store, begin)?.plus_ms(-HOUR_MS)).filter(|evening| *evening > begin)?,
    };
    Some(match step.channel {
        Channel::Text | Channel::Call => store.next_open(may_ring_from(&store.zone, at)),
        Channel::Email => at,
    })
}

/// When the store closes on the day of `begin`, at nine however late that is.
fn closing(store: &Rooftop, begin: At) -> Option<At> {
    const NINE: u16 = 21 * 60;
    let day = store.zone.local(begin).date();
    Some(store.wall(day, store.hours_of(day)?.closes.min(NINE)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{consent::ConsentBasis, score::Score},
        engine::{
            rules,
            sample::{Sample, at, now},
            wording::{draft, times::moment},
        },
    };

    fn check(sample: &Sample, opened: At, now: At, expected: &[&str]) {
        let picture = sample.picture();
        let card = &rules::propose(&picture, &Score::default(), opened)[0];
        let draft = draft(&picture, card, "Priya Nair", now);
        let steps = steps(&picture, card, draft.as_ref(), opened, now);
        let zone = &sample.rooftop.zone;
        let said: Vec<String> = steps.iter().map(|s| format!("{}: {}", s.at.map_or("now".into(), |at| moment(zone, at, now)), s.text)).collect();
        assert_eq!(said, expected);
    }

    fn asked() -> Sample {
        Sample::dana().lead(1, 0, |_| {}).may(Channel::Text, ConsentState::Allowed, ConsentBasis::Enquiry)
    }

    #[test]
    fn the_playbook_goes_on_from_now() {
        check(
            &asked(),
            now(),
            now(),
            &["now: Text the draft", "9:46 am: Call", "9:48 am: Text if the call was not answered", "11:41 am: Call at another time of day"],
        );
        let noon = at("2026-11-24T12:00:00-05:00");
        check(
            &asked(),
            now(),
            noon,
            &[
                "now: Text the draft",
                "11:41 am: Call at another time of day",
                "6:00 pm: Email photos or a video of the 2022 CR-V",
                "tomorrow 9:41 am: Call, then text",
            ],
        );
    }

    #[test]
    fn what_was_taken_is_not_missed() {
        let called = asked().change(|s| s.last_store_touch = Some(at("2026-11-24T11:50:00-05:00")));
        let picture = called.picture();
        let noon = at("2026-11-24T12:00:00-05:00");
        assert!(Plan::of(&picture, now(), noon).missed(None).is_none());
        let evening = at("2026-11-24T18:30:00-05:00");
        let missed = Plan::of(&picture, now(), evening).missed(None).map(|(at, step)| (at, step.channel));
        assert_eq!(missed, Some((at("2026-11-24T18:00:00-05:00"), Channel::Email)));
    }

    #[test]
    fn the_steps_of_a_late_card_stand_in_the_order_of_their_times() {
        let late = at("2026-11-24T16:30:00-05:00");
        check(
            &asked(),
            late,
            at("2026-11-24T16:45:00-05:00"),
            &["now: Text the draft", "4:35 pm: Call", "6:00 pm: Email photos or a video of the 2022 CR-V", "6:30 pm: Call at another time of day"],
        );
    }

    #[test]
    fn nobody_is_called_in_the_night_by_a_store_that_never_closes() {
        let midnight = at("2026-11-24T00:10:00-05:00");
        let always = asked().change(|s| {
            s.rooftop.hours = [Some(crate::domain::rooftop::Hours { opens: 0, closes: 24 * 60 }); 7];
            s.leads[0].received = midnight;
        });
        check(
            &always,
            midnight,
            midnight,
            &["now: Text the draft", "8:05 am: Call", "8:07 am: Text if the call was not answered", "10:00 am: Call at another time of day"],
        );
        let picture = always.picture();
        let evening = Plan::of(&picture, midnight, at("2026-11-24T12:00:00-05:00")).ahead().next().map(|(at, step)| (at, step.channel));
        assert_eq!(evening, Some((at("2026-11-24T20:00:00-05:00"), Channel::Email)));
    }

    #[test]
    fn steps_wait_for_the_store_to_open() {
        let night = at("2026-11-24T22:00:00-05:00");
        check(
            &asked(),
            night,
            night,
            &[
                "now: Text the draft",
                "tomorrow 9:05 am: Call",
                "tomorrow 9:07 am: Text if the call was not answered",
                "tomorrow 11:00 am: Call at another time of day",
            ],
        );
    }

    #[test]
    fn only_open_ways_are_taken() {
        let mail_only = Sample::dana().lead(1, 0, |_| {}).change(|s| s.customer.phones.clear());
        check(
            &mail_only,
            now(),
            now(),
            &[
                "now: Email the draft",
                "6:00 pm: Email photos or a video of the 2022 CR-V",
                "Thursday 9:41 am: Email three alternatives to the 2022 CR-V",
                "Saturday 9:41 am: Email what their trade could bring",
            ],
        );
        let nothing = Sample::dana().lead(1, 0, |_| {}).change(|s| {
            s.customer.phones.clear();
            s.customer.emails.clear();
        });
        check(&nothing, now(), now(), &[]);
    }

    #[test]
    fn the_playbook_is_in_the_order_of_its_days() {
        let days: Vec<i64> = P1
            .iter()
            .filter_map(|s| match s.due {
                Due::After(ms) => Some(ms),
                Due::Evening => None,
            })
            .collect();
        assert!(days.is_sorted() && days.last() == Some(&(90 * DAY_MS)));
    }
}
