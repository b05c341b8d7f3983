//! The number, and the sentences it is made of.

use super::{
    signals::{About, RETURN_MS, Term, terms},
    weights::{Evidence, weight},
};
use crate::{
    domain::{
        picture::Picture,
        score::{Score, ScorePart, Signal, Weighing},
        time::{At, DAY_MS},
    },
    engine::wording::{cars, phrases::times, times::day, times::month},
};

/// Less than half a point is not counted in "3 times".
const FELT: f64 = 0.5;

/// How near to buying: 0 to 100 points, no probability. Additive, so that the parts sum exactly to the number.
///
/// Meaning: start weights of field guide section 7, each fading by its half-life and held by its cap, then turned by what this store's own
/// sales taught ([`super::learn`]). Every part is rounded to a whole point before the sum; a part that rounds to nothing is left out.
/// Source: [`super::weights::WEIGHTS`] and the picture's weighing. It ranks, it does not promise: which chance a number means is said by
/// the model's calibration. A picture without anything that counts has a score of 0 without parts.
#[must_use]
pub fn score(picture: &Picture, now: At) -> Score {
    let mut weighed: Vec<(f64, Term)> = terms(picture, now).into_iter().map(|t| (t.points_at(now), t)).collect();
    weighed.sort_by_key(|(_, t)| weight(t.evidence).signal);
    let mut parts: Vec<ScorePart> = Vec::with_capacity(12);
    for same in weighed.chunk_by(|a, b| weight(a.1.evidence).signal == weight(b.1.evidence).signal) {
        let Some((_, strongest)) = same.iter().max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()).then(a.1.at.cmp(&b.1.at))) else { continue };
        let (signal, cap) = (weight(strongest.evidence).signal, weight(strongest.evidence).cap);
        let points = whole(same.iter().map(|(points, _)| points).sum(), cap, picture.weighing.factor(signal));
        if points != 0 {
            let felt = same.iter().filter(|(points, _)| points.abs() >= FELT).count();
            parts.push(ScorePart { signal, points, text: text(picture, strongest, felt, now) });
        }
    }
    parts.sort_by_key(|p| (std::cmp::Reverse(p.points), p.signal));
    Score::from_parts(parts)
}

/// The number alone, for looking ahead.
pub(super) fn points_at(terms_by_signal: &[Term], weighing: &Weighing, at: At) -> i16 {
    let of_one = |(signal, cap, sum)| whole(sum, cap, weighing.factor(signal));
    by_signal(terms_by_signal, at).map(of_one).fold(0_i16, i16::saturating_add).clamp(0, 100)
}

/// What each signal brings by the shipped weights, capped, in parts of points: what is learnt from.
#[must_use]
pub fn signal_points(picture: &Picture, now: At) -> Vec<(Signal, f64)> {
    let mut terms = terms(picture, now);
    terms.sort_by_key(|t| weight(t.evidence).signal);
    by_signal(&terms, now).map(|(signal, cap, sum)| (signal, sum.clamp(-cap, cap))).collect()
}

/// Each signal with its cap and its sum.
fn by_signal(terms_by_signal: &[Term], at: At) -> impl Iterator<Item = (Signal, f64, f64)> {
    let of_signals = terms_by_signal.chunk_by(|a, b| weight(a.evidence).signal == weight(b.evidence).signal);
    of_signals.filter_map(move |same| {
        let weight = weight(same.first()?.evidence);
        Some((weight.signal, weight.cap, same.iter().map(|t| t.points_at(at)).sum()))
    })
}

/// What one signal brings: its sum, capped and turned, in whole points.
#[expect(clippy::cast_possible_truncation, reason = "caps are below 100, and factors are bounded")]
fn whole(sum: f64, cap: f64, factor: f64) -> i16 {
    (sum.clamp(-cap, cap) * factor).round() as i16
}

/// A sentence for a rep, about the strongest of a signal's terms.
fn text(picture: &Picture, term: &Term, count: usize, now: At) -> String {
    let zone = &picture.rooftop.zone;
    let when = day(zone, term.at, now);
    let source = match term.about {
        About::Lead(lead) if !lead.said.source.is_empty() => format!(" through {}", lead.said.source),
        About::Lead(_) | About::Nothing | About::Looks { .. } | About::Model { .. } => String::new(),
    };
    let again = if count > 1 { format!(", {}", times(count)) } else { String::new() };
    match term.evidence {
        Evidence::FourLooks | Evidence::SomeLooks => looks_text(picture, term, now),
        Evidence::ReturnVisit => format!("Came back to the website {} in {} days", times(count), RETURN_MS / DAY_MS),
        Evidence::ThreeOfOneModel => match term.about {
            About::Model { make, model, count } => format!("Looked at {count} different {}", format!("{make} {model}").trim()),
            About::Nothing | About::Looks { .. } | About::Lead(_) => "Looked at several of one model".to_owned(),
        },
        Evidence::PriceAlertOpened => format!("Opened the price alert {when}{again}"),
        Evidence::PriceAlertClicked => format!("Clicked the price alert {when}{again}"),
        Evidence::TradeToolStarted => format!("Started the trade tool {when}"),
        Evidence::TradeToolFinished => match term.about {
            About::Lead(_) => format!("Offered a trade{source} {when}"),
            About::Nothing | About::Looks { .. } | About::Model { .. } => format!("Finished the trade tool {when}"),
        },
        Evidence::FinanceStarted => format!("Started a finance form {when}"),
        Evidence::FinanceSubmitted => format!("Sent a finance form {when}"),
        Evidence::CreditApplication => format!("Applied for financing{source} {when}"),
        Evidence::PaymentTool => format!("Used the payment tool {when}{again}"),
        Evidence::Hours => format!("Looked up hours or directions {when}{again}"),
        Evidence::ClickToCall => format!("Tapped our phone number {when}"),
        Evidence::InboundCall => format!("Called us {when}"),
        Evidence::ChatEngaged => format!("Wrote in the chat {when}"),
        Evidence::ContactCaptured => format!("Left contact details {when}"),
        Evidence::VisitBooked => format!("Booked a visit {when}"),
        Evidence::VisitKept => format!("Came to the showroom {when}"),
        Evidence::Reply => format!("Wrote to us {when}{again}"),
        Evidence::ShareOrCompare => format!("Compared or shared a car {when}{again}"),
        Evidence::AbandonedForm => format!("Left a form unfinished {when}"),
        Evidence::Enquiry => format!("Asked about a car{source} {when}"),
        Evidence::SecondEnquiry => format!("Asked again{source} {when}"),
        Evidence::BoughtHere => format!("Bought here in {}", month(zone, term.at)),
        Evidence::WrongNumber => "The number on file is wrong".to_owned(),
        Evidence::SilentAttempt => format!("No answer to {} {}", count, if count == 1 { "attempt" } else { "attempts" }),
    }
}

fn looks_text(picture: &Picture, term: &Term, now: At) -> String {
    let (car, count) = match term.about {
        About::Looks { car, count } => (Some(car), count),
        About::Nothing | About::Model { .. } | About::Lead(_) => (None, 1),
    };
    let tag = cars::tag_of(picture, car);
    let last = if now.since(term.at) > DAY_MS { format!(", last {}", day(&picture.rooftop.zone, term.at, now)) } else { String::new() };
    format!("{count} looks at {tag} in 48 h{last}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            consent::{Channel, ConsentBasis, ConsentState},
            ids::{PartId, Seq, StaffId, VehicleId, VisitId},
            lead::LeadKind,
            opportunity::LostReason,
            time::HOUR_MS,
            visit::{Visit, VisitEnd, VisitResult},
            visitor::{Activity, Did, Mark},
        },
        engine::sample::{CRV, RAV4, Sample, at, hours_ago, listed, now},
    };
    use proptest::prelude::*;

    /// The parts as a rep reads them.
    fn check(sample: &Sample, expected: &[(i16, &str)]) {
        let score = score(&sample.picture(), now());
        let parts: Vec<(i16, &str)> = score.parts.iter().map(|p| (p.points, p.text.as_str())).collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn nothing_done_is_no_score() {
        check(&Sample::dana(), &[]);
        check(&Sample::dana().looks(CRV, &[1]), &[]);
    }

    #[test]
    fn looks_within_two_days_count_by_the_car() {
        check(&Sample::dana().looks(CRV, &[20, 0]), &[(12, "2 looks at #24117 in 48 h"), (5, "Came back to the website once in 7 days")]);
        let four = Sample::dana().looks(CRV, &[40, 26, 14, 0]);
        check(&four, &[(30, "4 looks at #24117 in 48 h"), (14, "Came back to the website 3 times in 7 days")]);
        let slow = Sample::dana().looks(CRV, &[400, 300]);
        check(&slow, &[]);
    }

    #[test]
    fn looks_fade_to_half_in_their_half_life() {
        let score = score(&Sample::dana().looks(CRV, &[90, 76, 60, 48]).picture(), now());
        assert_eq!(score.parts.first().map(|p| (p.points, p.text.as_str())), Some((15, "4 looks at #24117 in 48 h, last on Sunday")));
    }

    #[test]
    fn each_doing_weighs_what_the_table_says() {
        for (did, points, text) in [
            (Did::OpenedPriceAlert, 6, "Opened the price alert today"),
            (Did::ClickedPriceAlert, 15, "Clicked the price alert today"),
            (Did::StartedTradeTool, 10, "Started the trade tool today"),
            (Did::FinishedTradeTool, 20, "Finished the trade tool today"),
            (Did::StartedFinance, 12, "Started a finance form today"),
            (Did::SubmittedFinance, 25, "Sent a finance form today"),
            (Did::UsedPaymentTool, 6, "Used the payment tool today"),
            (Did::ViewedHours, 10, "Looked up hours or directions today"),
            (Did::ClickedToCall, 18, "Tapped our phone number today"),
            (Did::EngagedChat, 8, "Wrote in the chat today"),
            (Did::GaveContact, 18, "Left contact details today"),
            (Did::BookedVisit, 30, "Booked a visit today"),
            (Did::Replied, 15, "Wrote to us today"),
            (Did::Compared, 6, "Compared or shared a car today"),
        ] {
            check(&Sample::dana().did(did, 0, None), &[(points, text)]);
        }
    }

    #[test]
    fn a_signal_never_brings_more_than_its_cap() {
        let eager = Sample::dana().did(Did::StartedTradeTool, 0, None).did(Did::FinishedTradeTool, 0, None);
        check(&eager, &[(25, "Finished the trade tool today")]);
        let chatty = Sample::dana().did(Did::Replied, 3, None).did(Did::Replied, 2, None).did(Did::Replied, 1, None);
        check(&chatty, &[(30, "Wrote to us today, 3 times")]);
    }

    #[test]
    fn leads_count_by_what_they_ask() {
        let of = |kind: LeadKind| Sample::dana().lead(1, 1, |l| l.said.kind = kind);
        check(&of(LeadKind::Enquiry), &[(25, "Asked about a car through Cars.com today")]);
        check(&of(LeadKind::TradeIn), &[(20, "Offered a trade through Cars.com today")]);
        check(&of(LeadKind::Finance), &[(30, "Applied for financing through Cars.com today")]);
        check(&of(LeadKind::PhoneCall), &[(25, "Called us today")]);
        check(&of(LeadKind::Test), &[]);
        check(&of(LeadKind::Service), &[]);
    }

    #[test]
    fn asking_again_elsewhere_is_intent_and_a_resend_is_not() {
        let resent = Sample::dana().lead(1, 2, |_| {}).lead(2, 1, |_| {});
        assert!(score(&resent.picture(), now()).parts.iter().all(|p| p.signal != Signal::ReInquiry));
        let elsewhere = Sample::dana().lead(1, 2, |_| {}).lead(2, 1, |l| l.said.source = "CarGurus".into());
        check(&elsewhere, &[(25, "Asked about a car through CarGurus today"), (15, "Asked again through CarGurus today")]);
    }

    #[test]
    fn a_form_left_unfinished_counts_after_the_visit_and_a_sent_one_never() {
        check(&Sample::dana().did(Did::StartedForm, 0, None), &[]);
        check(&Sample::dana().did(Did::StartedForm, 1, None), &[(8, "Left a form unfinished today")]);
        check(&Sample::dana().did(Did::StartedForm, 1, None).did(Did::SubmittedForm, 1, None), &[]);
    }

    #[test]
    fn three_cars_of_one_model_are_one_search() {
        let searching = Sample::dana()
            .change(|s| {
                s.cars.extend([
                    listed(3, "24150", "CR-V", crate::domain::vehicle::ListingStatus::Available),
                    listed(4, "24151", "CR-V", crate::domain::vehicle::ListingStatus::Sold),
                ]);
            })
            .looks(CRV, &[0])
            .looks(VehicleId(3), &[0])
            .looks(VehicleId(4), &[0]);
        check(&searching, &[(8, "Looked at 3 different Honda CR-V")]);
    }

    #[test]
    fn what_led_to_a_purchase_counts_no_more() {
        let buyer = Sample::dana().looks(CRV, &[40, 26, 14, 2]).lead(1, 30, |_| {}).bought(CRV, hours_ago(1));
        check(&buyer, &[]);
    }

    #[test]
    fn an_owner_who_looks_again_weighs_more_and_one_who_does_not_weighs_nothing() {
        let owner = || Sample::dana().bought(VehicleId(9), at("2022-06-03T10:00:00-04:00"));
        check(&owner(), &[]);
        check(&owner().did(Did::BookedVisit, 0, None), &[(30, "Booked a visit today"), (1, "Bought here in Jun 2022")]);
    }

    #[test]
    fn who_came_weighs_more_than_who_booked_and_both_no_more_than_the_cap() {
        let visit = |hours: i64, result: Option<VisitResult>| {
            let end = result.map(|result| VisitEnd { at: hours_ago(hours), by: StaffId(1), result, note: String::new(), cause: Seq(2) });
            Visit {
                id: VisitId(1),
                part: PartId(7),
                with: StaffId(1),
                began: hours_ago(hours),
                vehicle: None,
                be_back: false,
                steps: vec![],
                end,
                cause: Seq(1),
            }
        };
        let came = |visits: Vec<Visit>| Sample::dana().change(|s| s.visits = visits);
        check(&came(vec![visit(2, None)]), &[(35, "Came to the showroom today")]);
        let unsold = Some(VisitResult::Unsold { why: LostReason::Price });
        check(&came(vec![visit(7 * 24, unsold)]), &[(18, "Came to the showroom on Nov 17")]);
        check(&came(vec![visit(2, None)]).did(Did::BookedVisit, 20, None), &[(40, "Came to the showroom today")]);
        check(&came(vec![visit(2, Some(VisitResult::Mistake)), visit(3, Some(VisitResult::Sold))]), &[]);
    }

    #[test]
    fn looks_at_their_own_car_are_no_interest() {
        check(&Sample::dana().bought(RAV4, at("2022-06-03T10:00:00-04:00")).looks(RAV4, &[1, 0]).change(|s| s.activity.0.truncate(1)), &[]);
    }

    #[test]
    fn silence_and_a_wrong_number_count_against() {
        let silent = |touched: i64| {
            Sample::dana().did(Did::BookedVisit, 0, None).change(|s| {
                s.attempts_unanswered = 3;
                s.last_store_touch = Some(hours_ago(touched));
            })
        };
        check(&silent(25), &[(30, "Booked a visit today"), (-9, "No answer to 3 attempts")]);
        check(&silent(1), &[(30, "Booked a visit today"), (-6, "No answer to 2 attempts")]);
        let wrong = Sample::dana().did(Did::BookedVisit, 0, None).change(|s| s.wrong_number = true);
        check(&wrong, &[(30, "Booked a visit today"), (-40, "The number on file is wrong"), (10, "Nobody is less than 0")]);
    }

    #[test]
    fn nobody_is_more_than_a_hundred() {
        let hot = Sample::dana()
            .looks(CRV, &[40, 26, 14, 0])
            .did(Did::BookedVisit, 0, None)
            .did(Did::SubmittedFinance, 0, None)
            .did(Did::ClickedToCall, 0, None)
            .lead(1, 1, |_| {})
            .may(Channel::Text, ConsentState::Allowed, ConsentBasis::Form);
        let score = score(&hot.picture(), now());
        assert_eq!(score.points, 100);
        assert_eq!(score.parts.last().map(|p| p.signal), Some(Signal::Limit));
    }

    #[test]
    fn what_the_store_learnt_turns_whole_points_that_still_make_the_number() {
        let booked = Sample::dana().did(Did::BookedVisit, 0, None).did(Did::ViewedHours, 0, None);
        let turned = booked.change(|s| s.weighing = Weighing(vec![(Signal::VisitBooked, 1.37), (Signal::HoursOrDirections, 0.25)]));
        check(&turned, &[(41, "Booked a visit today"), (3, "Looked up hours or directions today")]);
        assert_eq!(score(&turned.picture(), now()).points, 44);
        assert_eq!(signal_points(&turned.picture(), now()), [(Signal::HoursOrDirections, 10.0), (Signal::VisitBooked, 30.0)]);
    }

    fn marks() -> impl Strategy<Value = Vec<Mark>> {
        let dids = prop::sample::select(vec![
            Did::ViewedCar,
            Did::ViewedPage,
            Did::ViewedHours,
            Did::UsedPaymentTool,
            Did::StartedTradeTool,
            Did::FinishedTradeTool,
            Did::SubmittedFinance,
            Did::ClickedPriceAlert,
            Did::EngagedChat,
            Did::StartedForm,
            Did::SubmittedForm,
            Did::BookedVisit,
            Did::Replied,
        ]);
        let mark = (dids, 0..3_000_i64, 0..40_i64, 1..6_u16, 0..5_u64).prop_map(|(did, hours, minutes, times, car)| {
            let at = hours_ago(hours);
            Mark { did, at, until: at.plus_ms(minutes * 60_000), times, car: (car > 0).then_some(VehicleId(car)), late: false, ga4: false }
        });
        prop::collection::vec(mark, 0..60).prop_map(|mut marks| {
            marks.sort_by_key(|m| m.at);
            marks
        })
    }

    proptest! {
        #[test]
        fn the_parts_and_nothing_else_make_the_number(marks in marks(), turned in 0.25..2.0_f64, attempts in 0..12_u16, wrong in any::<bool>(), later in 0..2_000_i64) {
            let sample = Sample::dana().lead(1, 50, |_| {}).change(|s| {
                s.activity = Activity(marks);
                s.attempts_unanswered = attempts;
                s.last_store_touch = Some(hours_ago(30));
                s.wrong_number = wrong;
                s.weighing = Weighing(vec![(Signal::Finance, turned), (Signal::Enquiry, 2.25 - turned)]);
            });
            let score = score(&sample.picture(), now().plus_ms(later * HOUR_MS));
            prop_assert_eq!(score.parts.iter().map(|p| p.points).sum::<i16>(), score.points);
            prop_assert!((0..=100).contains(&score.points));
            prop_assert!(score.parts.iter().all(|p| p.points != 0 && !p.text.is_empty()));
        }
    }
}
