//! A colleague wrote a note to somebody: it is theirs to look at, and nobody else's.

use super::{Basis, Proposal, newest_first};
use crate::{
    domain::{
        alert::{Icon, Level, Matter, Reason, RuleKind},
        ids::StaffId,
        picture::{Mentioned, Picture},
    },
    engine::wording::phrases,
};
use std::collections::BTreeSet;

/// One matter for each colleague, of all the notes that speak to them. Stands until they are done with it: no window, as a note that
/// waits is still waiting next week.
pub(super) fn propose(picture: &Picture) -> Vec<Proposal> {
    let people: BTreeSet<StaffId> = picture.mentions.iter().map(|m| m.to).collect();
    people.into_iter().filter_map(|to| matter_of(picture, to)).collect()
}

fn matter_of(picture: &Picture, to: StaffId) -> Option<Proposal> {
    // Somebody who has left does nothing any more; the note stays in the story.
    picture.person(to).filter(|p| p.staff.active)?;
    let notes: Vec<&Mentioned> = picture.mentions.iter().filter(|m| m.to == to).collect();
    let newest = notes.iter().max_by_key(|m| m.at)?;
    let by = name(picture, newest.by);
    let often = if notes.len() > 1 { format!(" {}", phrases::times(notes.len())) } else { String::new() };
    Some(Proposal {
        matter: Matter { to: Some(to), ..Matter::of(RuleKind::Mentioned) },
        level: Level::NextUp,
        headline: format!("{by} mentioned you{often} in a note about {}.", phrases::who(picture.customer)),
        short: phrases::quoted(&newest.text, 48),
        reasons: newest_first(notes.iter().map(|m| line(picture, m)).collect()),
        vehicle: None,
        first_response: false,
        evidence: newest.at,
        holds_until: None,
        basis: Basis::Told,
    })
}

fn line(picture: &Picture, note: &Mentioned) -> Reason {
    let text = format!("{}: {}", name(picture, note.by), phrases::quoted(&note.text, 120));
    Reason { at: note.at, icon: Icon::Note, text, vehicle: None }
}

fn name(picture: &Picture, id: StaffId) -> String {
    picture.person(id).map_or_else(|| "A colleague".to_owned(), |p| p.staff.short_name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sample::{Sample, hours_ago};

    fn check(sample: &Sample, expected: &[(u64, &str)]) -> Vec<Proposal> {
        let all = propose(&sample.picture());
        let said: Vec<(u64, &str)> = all.iter().map(|p| (p.matter.to.unwrap().0, p.headline.as_str())).collect();
        assert_eq!(said, expected);
        all
    }

    #[test]
    fn each_colleague_has_one_matter_of_all_notes_to_them() {
        check(&Sample::dana(), &[]);
        let cards = check(
            &Sample::dana().mentions(2, 1, 900, "Can you call her?").mentions(2, 3, 1, "She asked again").mentions(3, 1, 1, "Approve this price?"),
            &[(2, "Mel O. mentioned you twice in a note about Dana."), (3, "Priya N. mentioned you in a note about Dana.")],
        );
        let texts: Vec<&str> = cards[0].reasons.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(texts, ["Mel O.: \u{201c}She asked again\u{201d}", "Priya N.: \u{201c}Can you call her?\u{201d}"]);
        assert_eq!((cards[0].evidence, cards[0].first_response, cards[0].level), (hours_ago(1), false, Level::NextUp));
        assert_eq!(cards[0].short, "\u{201c}She asked again\u{201d}");
    }

    #[test]
    fn who_has_left_is_asked_nothing() {
        check(&Sample::dana().mentions(2, 1, 1, "Can you call her?").change(|s| s.staff[1].staff.active = false), &[]);
    }
}
