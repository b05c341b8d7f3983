//! Somebody wrote to us and waits.

use super::{Basis, Proposal, newest_first};
use crate::{
    domain::{
        alert::{Icon, Level, Matter, Reason, RuleKind},
        consent::Channel,
        ids::VehicleId,
        picture::{Picture, Unanswered},
        score::Score,
        time::At,
    },
    engine::wording::phrases,
};

/// Stands while a message of theirs is unanswered. No window: an unanswered customer is still unanswered tomorrow.
pub(super) fn propose(picture: &Picture, _: &Score, _: At) -> Option<Proposal> {
    let newest = picture.unanswered.iter().max_by_key(|u| u.at)?;
    let count = picture.unanswered.len();
    let wrote = wrote(newest.channel, count);
    let vehicle = picture.leads.iter().rev().find_map(|l| l.vehicle);
    Some(Proposal {
        matter: Matter::of(RuleKind::ReplyReceived),
        level: Level::ActNow,
        headline: format!("{} {wrote}.", phrases::who(picture.customer)),
        short: match newest.text.trim() {
            "" => phrases::capitalised(&wrote),
            words => phrases::quoted(words, 48),
        },
        reasons: newest_first(picture.unanswered.iter().map(|u| line(u, vehicle)).collect()),
        vehicle,
        first_response: true,
        evidence: newest.at,
        holds_until: None,
        basis: Basis::Told,
    })
}

fn wrote(channel: Channel, count: usize) -> String {
    let verb = match channel {
        Channel::Text => "texted",
        Channel::Call => "called",
        Channel::Email => "emailed",
    };
    let often = if count > 1 { format!(" {}", phrases::times(count)) } else { String::new() };
    format!("{verb} us{often} and waits for an answer")
}

/// The car they asked about goes along: that is most likely what they write of.
fn line(message: &Unanswered, vehicle: Option<VehicleId>) -> Reason {
    let (icon, verb) = match message.channel {
        Channel::Text => (Icon::Message, "Texted"),
        Channel::Call => (Icon::Phone, "Called"),
        Channel::Email => (Icon::Mail, "Emailed"),
    };
    let text = match message.text.trim() {
        "" => verb.to_owned(),
        words => format!("{verb}: {}", phrases::quoted(words, 120)),
    };
    Reason { at: message.at, icon, text, vehicle }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sample::{CRV, Sample, hours_ago, now};

    fn proposed(sample: &Sample) -> Option<Proposal> {
        propose(&sample.picture(), &Score::default(), now())
    }

    #[test]
    fn it_stands_while_a_message_is_unanswered_however_old() {
        assert_eq!(proposed(&Sample::dana()), None);
        for hours in [0, 24, 900] {
            assert!(proposed(&Sample::dana().wrote(hours, "Yes please")).is_some(), "{hours}");
        }
    }

    #[test]
    fn the_card_shows_their_words() {
        let card = proposed(
            &Sample::dana().lead(1, 5, |l| l.answered = Some(hours_ago(4))).wrote(2, "Is the white one still there?").wrote(1, "Yes please"),
        )
        .unwrap();
        assert_eq!(card.headline, "Dana texted us twice and waits for an answer.");
        assert_eq!(card.short, "“Yes please”");
        let texts: Vec<&str> = card.reasons.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(texts, ["Texted: “Yes please”", "Texted: “Is the white one still there?”"]);
        assert_eq!(
            (card.vehicle, card.evidence, card.basis, card.first_response, card.level),
            (Some(CRV), hours_ago(1), Basis::Told, true, Level::ActNow)
        );
        let called = proposed(&Sample::dana().wrote(1, "").change(|s| s.unanswered[0].channel = Channel::Call)).unwrap();
        assert_eq!(
            (called.headline.as_str(), called.short.as_str()),
            ("Dana called us and waits for an answer.", "Called us and waits for an answer")
        );
    }
}
