//! Somebody's own words complain: that is for a manager, and nothing is sold to them.

use super::{Basis, MOST_REASONS, Proposal, new_lead, newest_first};
use crate::{
    domain::{
        alert::{Icon, Level, Matter, Reason, RuleKind},
        consent::Channel,
        picture::Picture,
        rule_setting::Knob,
        time::At,
    },
    engine::{
        intent::tone::{Tone, Wants, tone},
        wording::phrases,
    },
};

/// Unhappy words that nobody has answered.
#[derive(Debug, Clone, Copy)]
struct Said<'p> {
    at: At,
    text: &'p str,
    icon: Icon,
    tone: Tone,
}

/// Stands while a message or a lead with unhappy words has no answer, at most a week or as long as the store set it.
pub(super) fn propose(picture: &Picture, now: At) -> Option<Proposal> {
    let said = said(picture, now);
    let newest = said.first()?;
    let who = phrases::who(picture.customer);
    let words = phrases::quoted(newest.text, 90);
    Some(Proposal {
        matter: Matter::of(RuleKind::Unhappy),
        level: Level::ActNow,
        headline: match newest.tone.wants {
            Wants::Redress => format!("{who} is unhappy with us: {words}"),
            Wants::Peace => format!("{who} asks to be left alone: {words}"),
        },
        short: phrases::quoted(newest.text, 48),
        reasons: newest_first(said.iter().take(MOST_REASONS).map(line).collect()),
        vehicle: None,
        first_response: false,
        evidence: newest.at,
        holds_until: Some(newest.at.plus_ms(picture.rules.ms(RuleKind::Unhappy, Knob::OpenDays))),
        basis: Basis::Told,
    })
}

/// Whether they ask to be left alone: then nothing is written to them at all.
pub(crate) fn wants_peace(picture: &Picture, now: At) -> bool {
    said(picture, now).iter().any(|said| said.tone.wants == Wants::Peace)
}

/// All of it, newest first.
fn said<'p>(picture: &'p Picture, now: At) -> Vec<Said<'p>> {
    let open_ms = picture.rules.ms(RuleKind::Unhappy, Knob::OpenDays);
    let messages = picture.unanswered.iter().map(|u| {
        let icon = match u.channel {
            Channel::Text => Icon::Message,
            Channel::Email => Icon::Mail,
            Channel::Call => Icon::Phone,
        };
        (u.at, u.text.as_str(), icon)
    });
    let leads = picture.leads.iter().filter(|l| new_lead::is_unanswered(picture, l));
    let leads = leads.map(|l| (l.received, l.said.comments.as_str(), Icon::Form));
    let recent = messages.chain(leads).filter(|(at, ..)| now.since(*at) < open_ms);
    let mut all: Vec<Said<'p>> = recent.filter_map(|(at, text, icon)| Some(Said { at, text, icon, tone: tone(text)? })).collect();
    all.sort_by_key(|s| std::cmp::Reverse(s.at));
    all
}

fn line(said: &Said<'_>) -> Reason {
    let meant = match said.tone.wants {
        Wants::Redress => "a complaint",
        Wants::Peace => "a wish to be left alone",
    };
    let text = format!("\u{201c}{}\u{201d} reads as {meant}: {}", said.tone.phrase, phrases::quoted(said.text, 100));
    Reason { at: said.at, icon: said.icon, text, vehicle: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sample::{Sample, hours_ago, now};

    fn proposed(sample: &Sample) -> Option<Proposal> {
        propose(&sample.picture(), now())
    }

    #[test]
    fn it_stands_while_unhappy_words_have_no_answer_for_a_week() {
        for (hours, text, stands) in
            [(1, "This is unacceptable", true), (167, "This is unacceptable", true), (168, "This is unacceptable", false), (1, "Thank you!", false)]
        {
            assert_eq!(proposed(&Sample::dana().wrote(hours, text)).is_some(), stands, "{hours} {text}");
        }
        let lead = || Sample::dana().lead(1, 3, |l| l.said.comments = "Nobody called me back.".into());
        assert!(proposed(&lead()).is_some());
        assert!(proposed(&lead().change(|s| s.last_store_touch = Some(hours_ago(2)))).is_none());
    }

    #[test]
    fn the_card_says_the_words_and_what_they_are_taken_for() {
        let card = proposed(&Sample::dana().wrote(5, "Your salesman was rude").wrote(1, "Please stop calling me")).unwrap();
        assert_eq!(card.headline, "Dana asks to be left alone: \u{201c}Please stop calling me\u{201d}");
        assert_eq!((card.level, card.evidence, card.basis), (Level::ActNow, hours_ago(1), Basis::Told));
        let texts: Vec<&str> = card.reasons.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "\u{201c}stop calling\u{201d} reads as a wish to be left alone: \u{201c}Please stop calling me\u{201d}",
                "\u{201c}rude\u{201d} reads as a complaint: \u{201c}Your salesman was rude\u{201d}"
            ]
        );
    }
}
