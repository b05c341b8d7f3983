//! How does a thing done on the site read as a line of evidence?

use crate::{
    domain::{
        alert::{Icon, Reason},
        picture::Picture,
        visitor::{Did, Mark},
    },
    engine::{
        intent::looks::last,
        wording::{cars, phrases::times},
    },
};

/// A line of evidence from something done besides looking; `None` for what says nothing by itself, and for what leads, messages and the
/// look count say better.
pub(super) fn doing(picture: &Picture, mark: &Mark) -> Option<Reason> {
    let on_car = mark.car.and_then(|id| picture.car(id)).map(|car| format!(" on {}", cars::tag(car))).unwrap_or_default();
    let (icon, text) = match mark.did {
        Did::ViewedMedia => (Icon::Eye, format!("Went through photos of {}", cars::tag_of(picture, mark.car))),
        Did::ViewedHours => (Icon::Globe, "Looked up hours or directions".to_owned()),
        Did::UsedPaymentTool => (Icon::Calculator, format!("Used the payment tool{on_car}")),
        Did::StartedTradeTool => (Icon::Calculator, "Started the trade tool".to_owned()),
        Did::FinishedTradeTool => (Icon::Calculator, "Finished the trade tool".to_owned()),
        Did::StartedFinance => (Icon::File, "Started a finance form".to_owned()),
        Did::SubmittedFinance => (Icon::File, "Sent a finance form".to_owned()),
        Did::OpenedPriceAlert => (Icon::Price, format!("Opened the price alert{on_car}")),
        Did::ClickedPriceAlert => (Icon::Price, format!("Clicked the price alert{on_car}")),
        Did::ClickedToCall => (Icon::Phone, "Tapped our phone number".to_owned()),
        Did::EngagedChat => (Icon::Message, "Wrote in the chat".to_owned()),
        Did::GaveContact => (Icon::Form, "Left contact details".to_owned()),
        Did::BookedVisit => (Icon::Check, "Booked a visit".to_owned()),
        Did::Compared => (Icon::Car, format!("Compared {}", cars::tag_of(picture, mark.car))),
        Did::Shared => (Icon::Star, format!("Shared or saved {}", cars::tag_of(picture, mark.car))),
        Did::ViewedPage
        | Did::ViewedLot
        | Did::ViewedCar
        | Did::StartedForm
        | Did::SubmittedForm
        | Did::Searched
        | Did::Enquired
        | Did::Replied
        | Did::Other => return None,
    };
    let again = if mark.times > 1 { format!(", {}", times(usize::from(mark.times))) } else { String::new() };
    Some(Reason { at: last(mark), icon, text: text + &again, vehicle: mark.car })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sample::{CRV, Sample, now};

    #[test]
    fn a_doing_reads_as_a_line() {
        let sample = Sample::dana();
        let mark = |did, car, times| Mark { did, at: now(), until: now(), times, car, late: false };
        for (mark, expected) in [
            (mark(Did::UsedPaymentTool, Some(CRV), 2), Some("Used the payment tool on #24117, twice")),
            (mark(Did::ViewedMedia, Some(CRV), 1), Some("Went through photos of #24117")),
            (mark(Did::FinishedTradeTool, None, 1), Some("Finished the trade tool")),
            (mark(Did::Compared, None, 1), Some("Compared a car")),
            (mark(Did::ViewedPage, None, 3), None),
        ] {
            assert_eq!(doing(&sample.picture(), &mark).map(|r| r.text).as_deref(), expected, "{:?}", mark.did);
        }
    }
}
