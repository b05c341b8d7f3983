//! A customer's car in the service department: where it stands, what it needs, and whether sales was asked to come over.

use super::{
    ids::{AppointmentId, PartId, Seq, ServiceVisitId, StaffId, VehicleId},
    money::Cents,
    time::{At, DAY_MS},
    visit::Visiting,
};

/// One visit to service, from the lane until the car is fetched.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct ServiceVisit {
    pub id: ServiceVisitId,
    #[serde(rename = "customer")]
    pub part: PartId,
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
    /// The booking it came by; none of who came without one.
    #[serde(default)]
    pub appointment: Option<AppointmentId>,
    /// When it was booked for.
    #[serde(default)]
    pub expected: Option<At>,
    pub arrived: At,
    /// Who checked it in, and writes it up.
    pub advisor: StaffId,
    /// What is to be done, a line each.
    #[serde(default)]
    pub work: Vec<String>,
    /// What the work comes to, as the customer was told. Cents.
    #[serde(default)]
    pub quote: Option<Cents>,
    /// The customer stays while the work is done.
    #[serde(default)]
    pub waiting: bool,
    /// Miles as the advisor read them off the car when it came in; none when nobody did.
    #[serde(default)]
    pub odometer_mi: Option<u32>,
    pub lane: Lane,
    /// Which bay, in the shop's own word; empty elsewhere.
    #[serde(default)]
    pub bay: String,
    /// When it came to where it stands.
    pub moved: At,
    /// The journal entry that brought it there.
    #[serde(default)]
    pub moved_by: Seq,
    /// Sales was asked to come over.
    #[serde(default)]
    pub asked: Option<SalesAsked>,
    /// The journal entry that opened it.
    pub cause: Seq,
}

/// Where a car stands. Whoever is due in has no visit yet: that is the day's appointments without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    InLane,
    InBay,
    Ready,
    /// Fetched by its owner.
    Gone,
    /// Checked in by mistake: it never was here.
    Mistake,
    #[serde(other)]
    Unknown,
}

impl Lane {
    /// It is still with us.
    #[must_use]
    pub fn is_here(self) -> bool {
        match self {
            Self::InLane | Self::InBay | Self::Ready => true,
            Self::Gone | Self::Mistake | Self::Unknown => false,
        }
    }
}

/// An advisor asked sales to come to this customer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct SalesAsked {
    pub by: StaffId,
    pub at: At,
    pub brief: LaneBrief,
    /// The journal entry that asked.
    pub cause: Seq,
}

/// What whoever comes over has to know, as it was known when they were asked: a replay says the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct LaneBrief {
    /// Their car, with its miles where they are known.
    pub car: String,
    /// What it is in for.
    pub work: String,
    /// Why it is worth a talk, a line each.
    pub why: Vec<String>,
    /// A way to begin.
    pub say: String,
}

/// Somebody checks in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Arriving {
    pub who: Visiting,
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
    #[serde(default)]
    pub appointment: Option<AppointmentId>,
    #[serde(default)]
    pub work: Vec<String>,
    #[serde(default)]
    pub waiting: bool,
    /// Miles as read off the car; none when nobody looked.
    #[serde(default)]
    pub odometer_mi: Option<u32>,
}

/// A visit to service that was booked at the counter.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Booking {
    pub who: Visiting,
    #[serde(default)]
    pub vehicle: Option<VehicleId>,
    pub at: At,
    #[serde(default)]
    pub work: Vec<String>,
    #[serde(default)]
    pub waiting: bool,
}

/// They were asked whether they want to talk of a change of cars, and do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Refused {
    pub at: At,
    /// Until when nobody asks them again; none while they do not say otherwise.
    pub until: Option<At>,
    pub how: RefusedHow,
    pub by: StaffId,
    /// The journal entry that says so.
    pub cause: Seq,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefusedHow {
    NotToday,
    /// They ask not to be sold to at all. An unknown word of a newer Headlight is read as the stricter one.
    #[serde(other)]
    NotToBeSoldTo,
}

/// Whoever said "not today" is left in peace for this long (field guide 8, P9).
pub const REFUSAL_COOLS_MS: i64 = 180 * DAY_MS;

impl RefusedHow {
    /// Until when it holds.
    #[must_use]
    pub fn until(self, now: At) -> Option<At> {
        match self {
            Self::NotToday => Some(now.plus_ms(REFUSAL_COOLS_MS)),
            Self::NotToBeSoldTo => None,
        }
    }

    /// Past tense, as the story tells it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotToday => "Did not want to talk about another car",
            Self::NotToBeSoldTo => "Asked not to be sold to",
        }
    }
}

impl Refused {
    /// Whether it still holds.
    #[must_use]
    pub fn holds(&self, now: At) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

impl ServiceVisit {
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.lane.is_here()
    }

    /// What it is in for, in a line.
    #[must_use]
    pub fn work_line(&self) -> String {
        self.work.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_holds_for_180_days_and_one_for_good_until_it_is_taken_back() {
        let day = |n: i64| At(n * DAY_MS);
        let refused = |how: RefusedHow| Refused { at: day(0), until: how.until(day(0)), how, by: StaffId(1), cause: Seq(1) };
        let days = [0, 179, 180, 5_000];
        assert_eq!(days.map(|n| refused(RefusedHow::NotToday).holds(day(n))), [true, true, false, false]);
        assert_eq!(days.map(|n| refused(RefusedHow::NotToBeSoldTo).holds(day(n))), [true; 4]);
    }
}
