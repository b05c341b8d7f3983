//! Somebody wants to know how to pay for a car.

use super::{Basis, Proposal, seen};
use crate::{
    domain::{alert::RuleKind, picture::Picture, score::Score, time::At, visitor::Did},
    engine::wording::phrases,
};

/// Stands for three days, or as long as the store set it, until somebody reaches for them. Sending it is telling us; only starting is not.
pub(super) fn propose(picture: &Picture, score: &Score, now: At) -> Option<Proposal> {
    let newest = |wanted: Did| seen::newest(picture, RuleKind::FinanceFormUsed, now, |did| did == wanted);
    let sent = newest(Did::SubmittedFinance);
    let mark = sent.or_else(|| newest(Did::StartedFinance))?;
    let (verb, basis) = if sent.is_some() { ("sent", Basis::Told) } else { ("started", Basis::Seen) };
    Some(Proposal {
        level: seen::strong(score),
        headline: format!("{} {verb} a finance form.", phrases::who(picture.customer)),
        short: phrases::capitalised(&format!("{verb} a finance form")),
        basis,
        ..seen::card(picture, RuleKind::FinanceFormUsed, mark, now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::alert::Level, engine::sample::Sample};

    #[test]
    fn it_stands_for_three_days_until_a_touch() {
        for did in [Did::StartedFinance, Did::SubmittedFinance] {
            seen::tests::check_window(propose, did, 72);
            seen::tests::check_levels(propose, did, [(10, Level::NextUp), (90, Level::ActNow)]);
        }
    }

    #[test]
    fn only_who_sent_it_told_us() {
        let started = Sample::dana().did(Did::StartedFinance, 2, None);
        let sent = started.clone().did(Did::SubmittedFinance, 1, None);
        for (sample, headline, basis) in [(started, "Dana started a finance form.", Basis::Seen), (sent, "Dana sent a finance form.", Basis::Told)] {
            let card = seen::tests::proposed(propose, &sample, 0).unwrap();
            assert_eq!((card.headline.as_str(), card.basis), (headline, basis));
        }
    }
}
