//! Who works here and what they may do.

use super::{
    ids::StaffId,
    rooftop::{Hours, minute_of_day},
    time::{At, Zone},
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Staff {
    pub id: StaffId,
    pub name: String,
    pub role: Role,
    /// Takes new leads now.
    #[serde(default)]
    pub available: bool,
    #[serde(default)]
    pub active: bool,
    /// When they work, Monday first; none: whenever the store is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<[Option<Hours>; 7]>,
    /// What they are good at, in the store's own words, lower case: "trucks", "spanish".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// When they are away altogether.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away: Option<Away>,
    /// One of their screens is open.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub present: bool,
}

/// Holiday, illness, a day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Away {
    pub from: At,
    pub until: At,
}

/// Why somebody is not at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffDuty {
    Away {
        until: At,
    },
    /// Not one of their hours.
    OffShift,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Rep,
    Bdc,
    Advisor,
    Finance,
    Manager,
    Owner,
    /// Written by a newer Headlight: may do nothing.
    #[serde(other)]
    Unknown,
}

impl Role {
    pub const ALL: [Self; 6] = [Self::Rep, Self::Bdc, Self::Advisor, Self::Finance, Self::Manager, Self::Owner];

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim().to_ascii_lowercase().as_str() {
            "rep" | "sales" => Self::Rep,
            "bdc" => Self::Bdc,
            "advisor" | "service" => Self::Advisor,
            "finance" | "f&i" | "fi" => Self::Finance,
            "manager" => Self::Manager,
            "owner" => Self::Owner,
            _ => return None,
        })
    }

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Rep => "rep",
            Self::Bdc => "bdc",
            Self::Advisor => "advisor",
            Self::Finance => "finance",
            Self::Manager => "manager",
            Self::Owner => "owner",
            Self::Unknown => "unknown",
        }
    }

    /// Sales leads may be offered to them.
    #[must_use]
    pub fn takes_leads(self) -> bool {
        match self {
            Self::Rep | Self::Bdc => true,
            Self::Advisor | Self::Finance | Self::Manager | Self::Owner | Self::Unknown => false,
        }
    }

    /// May see what deals earn, and what is still to do for them.
    #[must_use]
    pub fn sees_money(self) -> bool {
        match self {
            Self::Finance | Self::Manager | Self::Owner => true,
            Self::Rep | Self::Bdc | Self::Advisor | Self::Unknown => false,
        }
    }

    /// May see and change days of birth; everybody else sees the year.
    #[must_use]
    pub fn may_see_births(self) -> bool {
        match self {
            Self::Finance | Self::Manager | Self::Owner => true,
            Self::Rep | Self::Bdc | Self::Advisor | Self::Unknown => false,
        }
    }

    /// May write on the worksheet of a car that somebody brings.
    #[must_use]
    pub fn may_appraise(self) -> bool {
        match self {
            Self::Rep | Self::Finance | Self::Manager | Self::Owner => true,
            Self::Bdc | Self::Advisor | Self::Unknown => false,
        }
    }

    /// May see what things cost the store: recon, what a guide says, what is allowed above the value.
    #[must_use]
    pub fn may_see_cost(self) -> bool {
        self.manages()
    }

    /// May see the whole store's queue and put things right.
    #[must_use]
    pub fn manages(self) -> bool {
        match self {
            Self::Manager | Self::Owner => true,
            Self::Rep | Self::Bdc | Self::Advisor | Self::Finance | Self::Unknown => false,
        }
    }
}

impl Staff {
    /// Somebody new, who works whenever the store is open and has no screen open yet.
    #[must_use]
    pub fn new(id: StaffId, name: String, role: Role) -> Self {
        Self { id, name, role, available: true, active: true, schedule: None, skills: vec![], away: None, present: false }
    }

    /// Why they are not at work at that moment; `None` when they are.
    #[must_use]
    pub fn off_duty(&self, zone: &Zone, now: At) -> Option<OffDuty> {
        if let Some(away) = self.away.filter(|a| a.from <= now && now < a.until) {
            return Some(OffDuty::Away { until: away.until });
        }
        let week = self.schedule.as_ref()?;
        let local = zone.local(now);
        let day = usize::try_from(local.date().weekday().to_monday_zero_offset()).unwrap_or(0);
        let hours = week.get(day).copied().flatten();
        let works = hours.is_some_and(|h| (h.opens..h.closes).contains(&minute_of_day(local)));
        (!works).then_some(OffDuty::OffShift)
    }

    /// `Jo Lindqvist` as `Jo L.`
    #[must_use]
    pub fn short_name(&self) -> String {
        match self.name.split_once(' ') {
            Some((first, rest)) => match rest.rsplit(' ').next().and_then(|l| l.chars().next()) {
                Some(initial) => format!("{first} {initial}."),
                None => first.to_owned(),
            },
            None => self.name.clone(),
        }
    }

    #[must_use]
    pub fn initials(&self) -> String {
        initials(&self.name)
    }
}

/// What somebody has on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Workload {
    /// Cards open with them.
    pub open: u32,
    /// When a card was last offered to them: fair turns.
    pub last_offered: super::time::At,
}

/// First and last initial of a name.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|w| w.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}
