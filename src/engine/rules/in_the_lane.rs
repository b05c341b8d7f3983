//! Somebody is in the service lane, and an advisor asked sales to come over.

use super::{Basis, MOST_REASONS, Proposal};
use crate::{
    domain::{
        alert::{Icon, Level, Matter, Reason, RuleKind},
        picture::Picture,
    },
    engine::wording::phrases,
};

/// Stands while the car is with us and the asking was not taken back: until whoever has the card says that it is done. It says what the
/// advisor knew when they asked.
pub(super) fn propose(picture: &Picture) -> Option<Proposal> {
    let asked = picture.lane.as_ref()?;
    let by = picture.person(asked.by).map_or_else(|| "an advisor".to_owned(), |p| p.staff.short_name());
    let brief = &asked.brief;
    let car = [brief.car.as_str(), brief.work.as_str()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": ");
    let car = Some(car).filter(|text| !text.is_empty()).map(|text| (Icon::Wrench, text));
    let why = brief.why.iter().map(|text| (Icon::Check, text.clone()));
    let said: Vec<(Icon, String)> = car.into_iter().chain(why).take(MOST_REASONS).collect();
    let asking = || vec![(Icon::Wrench, phrases::capitalised(&format!("{by} asked for sales")))];
    let lines = if said.is_empty() { asking() } else { said };
    Some(Proposal {
        matter: Matter::of(RuleKind::InTheLane),
        level: Level::ActNow,
        headline: format!("{} is in the service lane, and {by} asked for you.", phrases::who(picture.customer)),
        short: "Asked for in the service lane".to_owned(),
        reasons: lines.into_iter().map(|(icon, text)| Reason { at: asked.at, icon, text, vehicle: None }).collect(),
        vehicle: None,
        // The customer stands at the counter: a clock runs, but nothing is sent to them.
        first_response: false,
        evidence: asked.at,
        holds_until: None,
        basis: Basis::Told,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{ids::StaffId, picture::LaneAsk, service_visit::LaneBrief},
        engine::sample::{Sample, hours_ago},
    };

    fn asked(by: u64, change: impl FnOnce(&mut LaneBrief)) -> Sample {
        let mut brief = LaneBrief::default();
        change(&mut brief);
        Sample::dana().change(|s| s.lane = Some(LaneAsk { by: StaffId(by), at: hours_ago(0), brief }))
    }

    #[test]
    fn it_stands_while_sales_is_asked_for_and_says_what_the_advisor_knew() {
        assert_eq!(propose(&Sample::dana().picture()), None);
        for (by, car, work, why, headline, reasons) in [
            (2, "", "", vec![], "Dana is in the service lane, and Jo L. asked for you.", vec!["Jo L. asked for sales"]),
            (9, "2018 Civic EX", "", vec![], "Dana is in the service lane, and an advisor asked for you.", vec!["2018 Civic EX"]),
            (2, "2018 Civic EX", "Brakes", vec!["a"], "Dana is in the service lane, and Jo L. asked for you.", vec!["2018 Civic EX: Brakes", "a"]),
            (2, "", "Brakes", vec!["a", "b", "c", "d"], "Dana is in the service lane, and Jo L. asked for you.", vec!["Brakes", "a", "b", "c"]),
        ] {
            let sample = asked(by, |brief| {
                brief.car = car.to_owned();
                brief.work = work.to_owned();
                brief.why = why.iter().map(|w| (*w).to_owned()).collect();
            });
            let card = propose(&sample.picture()).unwrap();
            assert_eq!((card.headline.as_str(), card.level, card.first_response), (headline, Level::ActNow, false));
            assert_eq!(card.reasons.iter().map(|r| r.text.as_str()).collect::<Vec<_>>(), reasons);
        }
    }
}
