//! One browser of a shopper: an id and what it did lately. Nobody's name until a form, a link or a message ties it to one.

use super::{
    ids::{PartId, VehicleId, VisitorId},
    time::At,
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Visitor {
    pub id: VisitorId,
    pub first_seen: At,
    pub last_seen: At,
    /// Sessions so far; a new one begins after 30 quiet minutes.
    #[serde(default)]
    pub sessions: u32,
    #[serde(default)]
    pub tie: Option<Tie>,
    #[serde(default)]
    pub activity: Activity,
}

/// Why we believe this browser is that person's.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Tie {
    #[serde(rename = "customer")]
    pub part: PartId,
    pub at: At,
    pub why: String,
}

/// What was done lately, oldest first: as much of the past as scores and rules look at.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Activity(pub Vec<Mark>);

/// One thing done, or the same thing done again within one visit.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Mark {
    pub did: Did,
    pub at: At,
    /// The last time in the same visit.
    #[serde(default)]
    pub until: At,
    /// How often in the same visit.
    #[serde(default = "once")]
    pub times: u16,
    #[serde(default)]
    pub car: Option<VehicleId>,
}

fn once() -> u16 {
    1
}

/// What a person can be seen to do. The names are the signals of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// Opened a page that is no car's page.
    ViewedPage,
    /// Opened a results page of the lot.
    ViewedLot,
    /// Opened one car's page (a look).
    ViewedCar,
    /// Photos, video or 360 of a car.
    ViewedMedia,
    ViewedHours,
    UsedPaymentTool,
    StartedTradeTool,
    FinishedTradeTool,
    StartedFinance,
    SubmittedFinance,
    OpenedPriceAlert,
    ClickedPriceAlert,
    ClickedToCall,
    EngagedChat,
    GaveContact,
    StartedForm,
    SubmittedForm,
    BookedVisit,
    Compared,
    Shared,
    Searched,
    /// A lead arrived from them.
    Enquired,
    /// They answered a message of ours or wrote to us.
    Replied,
    /// Anything else a site reports.
    #[serde(other)]
    Other,
}

impl Activity {
    /// No signal of the score reaches back so far; what the store's own sales teach of it does: some eleven months of weeks, each with the
    /// two months before it.
    pub const KEPT_MS: i64 = 420 * super::time::DAY_MS;
    const MOST: usize = 256;
    /// Two of the same within this are one visit: 30 min, the web's own measure of a session.
    pub const VISIT_MS: i64 = 30 * super::time::MINUTE_MS;

    /// Adds one thing done; the same thing on the same car in the same visit counts up instead.
    /// Late events are put where they belong in time.
    pub fn note(&mut self, did: Did, at: At, car: Option<VehicleId>) {
        let same = self.0.iter_mut().rev().take(16).find(|m| m.did == did && m.car == car && at.since(m.until).abs() <= Self::VISIT_MS && at >= m.at);
        if let Some(mark) = same {
            mark.times = mark.times.saturating_add(1);
            mark.until = mark.until.max(at);
            return;
        }
        let place = self.0.partition_point(|m| m.at <= at);
        self.0.insert(place, Mark { did, at, until: at, times: 1, car });
        let newest = self.0.last().map_or(at, |m| m.at);
        self.0.retain(|m| newest.since(m.at) <= Self::KEPT_MS);
        if self.0.len() > Self::MOST {
            let surplus = self.0.len() - Self::MOST;
            self.0.drain(..surplus);
        }
    }

    /// Several browsers of one person as one past.
    #[must_use]
    pub fn merged(parts: &[&Self]) -> Self {
        let mut all: Vec<Mark> = parts.iter().flat_map(|a| a.0.iter().cloned()).collect();
        all.sort_by_key(|m| m.at);
        Self(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{DAY_MS, HOUR_MS, MINUTE_MS};

    #[test]
    fn the_same_look_twice_in_one_visit_counts_up() {
        let mut activity = Activity::default();
        activity.note(Did::ViewedCar, At(0), Some(VehicleId(1)));
        activity.note(Did::ViewedCar, At(5 * MINUTE_MS), Some(VehicleId(1)));
        activity.note(Did::ViewedCar, At(6 * HOUR_MS), Some(VehicleId(1)));
        assert_eq!(activity.0.iter().map(|m| m.times).collect::<Vec<_>>(), vec![2, 1]);
    }

    #[test]
    fn a_late_event_takes_its_place_in_time() {
        let mut activity = Activity::default();
        activity.note(Did::ViewedCar, At(DAY_MS), None);
        activity.note(Did::ViewedHours, At(1), None);
        assert_eq!(activity.0.iter().map(|m| m.did).collect::<Vec<_>>(), vec![Did::ViewedHours, Did::ViewedCar]);
    }

    #[test]
    fn the_past_is_bounded() {
        let mut activity = Activity::default();
        for hour in 0..5_000 {
            activity.note(Did::ViewedCar, At(hour * HOUR_MS), Some(VehicleId(1)));
        }
        assert!(activity.0.len() <= Activity::MOST);
    }
}
