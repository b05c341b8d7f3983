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
    /// Whose it was taken for and is not, by the word of somebody of the store.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parted: Vec<Tie>,
    /// The newest events that were heard of, by what tells each: one that is sent again counts once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heard: Vec<u64>,
    /// Since when it reads pages faster than a person does: nothing of it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<At>,
    #[serde(default)]
    pub activity: Activity,
}

impl Visitor {
    /// After so long a rest a person may have it again; a machine that comes every night does not rest.
    pub const RESTED_MS: i64 = 14 * super::time::DAY_MS;

    /// What a browser could not send is sent again by its next page, and is seldom more than that of one page.
    const HEARD_KEPT: usize = 24;

    /// Whether this event is news; from here on it is not.
    pub fn hears(&mut self, once: u64) -> bool {
        if self.heard.contains(&once) {
            return false;
        }
        let surplus = (self.heard.len() + 1).saturating_sub(Self::HEARD_KEPT);
        self.heard.drain(..surplus);
        self.heard.push(once);
        true
    }
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
    /// We heard of it only when it was over: it is history, and by itself no reason to act now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// It was told under a name of GA4 and not of the Council: of two within a moment, one is an echo of the other.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ga4: bool,
}

/// How we came to hear of something.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    pub at: At,
    /// Under a name of GA4 and not of the Council.
    pub ga4: bool,
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

    /// Beyond this there is no shopper on the page any more. Exports of a site's analytics, and phones that were out of reach, tell of
    /// what was hours ago: it counts, and nobody is called to it.
    pub const FRESH_MS: i64 = 2 * super::time::HOUR_MS;
    /// Sites tell one look twice, under the Council's name and under GA4's, within a moment.
    const ECHO_MS: i64 = 2 * super::time::SECOND_MS;

    /// Adds one thing done, heard of as it was done; the same thing on the same car in the same visit counts up instead.
    pub fn note(&mut self, did: Did, at: At, car: Option<VehicleId>) {
        self.note_heard(did, at, car, Heard { at, ga4: false });
    }

    /// The same of what was heard of at another time, put where it belongs in time. Whether it counts: an echo does not.
    pub fn note_heard(&mut self, did: Did, at: At, car: Option<VehicleId>, heard: Heard) -> bool {
        let late = heard.at.since(at) > Self::FRESH_MS;
        let is_same = |m: &&mut Mark| m.did == did && m.car == car && m.late == late && at.since(m.until).abs() <= Self::VISIT_MS && at >= m.at;
        if let Some(mark) = self.0.iter_mut().rev().take(16).find(is_same) {
            let counts = mark.ga4 == heard.ga4 || at.since(mark.until).abs() > Self::ECHO_MS;
            mark.times = mark.times.saturating_add(u16::from(counts));
            mark.until = mark.until.max(at);
            return counts;
        }
        let place = self.0.partition_point(|m| m.at <= at);
        self.0.insert(place, Mark { did, at, until: at, times: 1, car, late, ga4: heard.ga4 });
        let newest = self.0.last().map_or(at, |m| m.at);
        self.0.retain(|m| newest.since(m.at) <= Self::KEPT_MS);
        if self.0.len() > Self::MOST {
            let surplus = self.0.len() - Self::MOST;
            self.0.drain(..surplus);
        }
        true
    }

    /// Takes what was done at one moment away again, as if it had not been.
    pub fn unnote(&mut self, did: &[Did], at: At) {
        let holds = |m: &Mark| did.contains(&m.did) && m.at <= at && at <= m.until;
        self.0.retain(|m| m.times > 1 || !holds(m));
        self.0.iter_mut().filter(|m| holds(m)).for_each(|m| m.times -= 1);
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
    fn what_was_taken_away_again_leaves_the_rest() {
        let mut activity = Activity::default();
        activity.note(Did::Enquired, At(0), None);
        activity.note(Did::Enquired, At(MINUTE_MS), None);
        activity.note(Did::ViewedCar, At(MINUTE_MS), None);
        activity.unnote(&[Did::Enquired], At(MINUTE_MS));
        assert_eq!(activity.0.iter().map(|m| (m.did, m.times)).collect::<Vec<_>>(), vec![(Did::Enquired, 1), (Did::ViewedCar, 1)]);
        activity.unnote(&[Did::Enquired], At(0));
        assert_eq!(activity.0.iter().map(|m| m.did).collect::<Vec<_>>(), vec![Did::ViewedCar]);
    }

    #[test]
    fn one_look_told_under_two_names_is_one_look() {
        let mut activity = Activity::default();
        for (at, ga4, counts) in [(0, false, true), (300, true, false), (400, false, true), (500, true, false), (60_000, true, true)] {
            assert_eq!(activity.note_heard(Did::ViewedCar, At(at), Some(VehicleId(1)), Heard { at: At(at), ga4 }), counts, "{at}");
        }
        assert_eq!(activity.0.iter().map(|m| (m.times, m.until)).collect::<Vec<_>>(), vec![(3, At(60_000))]);
    }

    #[test]
    fn what_was_heard_of_hours_later_is_marked_as_late_and_kept_apart() {
        let mut activity = Activity::default();
        for (at, heard) in [(0, 0), (MINUTE_MS, HOUR_MS), (2 * MINUTE_MS, 2 * MINUTE_MS + Activity::FRESH_MS), (3 * MINUTE_MS, 3 * HOUR_MS)] {
            activity.note_heard(Did::ViewedCar, At(at), Some(VehicleId(1)), Heard { at: At(heard), ga4: false });
        }
        assert_eq!(activity.0.iter().map(|m| (m.at.0 / MINUTE_MS, m.times, m.late)).collect::<Vec<_>>(), vec![(0, 3, false), (3, 1, true)]);
    }

    #[test]
    fn an_event_that_comes_again_is_no_news() {
        let mut visitor = Visitor {
            id: VisitorId(1),
            first_seen: At(0),
            last_seen: At(0),
            sessions: 1,
            tie: None,
            parted: vec![],
            heard: vec![],
            machine: None,
            activity: Activity::default(),
        };
        assert!(visitor.hears(1) && visitor.hears(2));
        assert!(!visitor.hears(1) && !visitor.hears(2));
        for once in 3..100 {
            assert!(visitor.hears(once));
        }
        assert_eq!(visitor.heard.len(), Visitor::HEARD_KEPT);
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
