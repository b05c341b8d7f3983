//! What a person allows: facts with their evidence, never a bare flag.

use super::time::At;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Text,
    Call,
    Email,
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Text, Self::Call, Self::Email];
}

/// What the newest fact for a channel says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    Allowed,
    #[default]
    NotGiven,
    Revoked,
}

/// Why we believe it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentBasis {
    /// They asked us something by a form or a marketplace: enough to answer that enquiry, not for marketing.
    Enquiry,
    /// A consent text on a form, ticked or signed.
    Form,
    /// They wrote to us on this channel.
    Reply,
    /// A block or opt-out flag of the DMS. Only ever a revocation: a "Y" column is not consent.
    DmsFlag,
    Verbal,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct ConsentFact {
    pub channel: Channel,
    pub state: ConsentState,
    pub basis: ConsentBasis,
    pub at: At,
    /// Where the proof is, in a few words ("Cars.com lead", "DMS row").
    pub evidence: String,
}

/// The newest fact of a channel decides; a revocation is ended only by a newer form or a newer message from the person.
/// An enquiry after a revocation does not reopen a channel: asking about a car is not withdrawing a STOP.
#[must_use]
pub fn state_of(facts: &[ConsentFact], channel: Channel) -> Option<&ConsentFact> {
    let mut of_channel: Vec<&ConsentFact> = facts.iter().filter(|f| f.channel == channel).collect();
    of_channel.sort_by_key(|f| f.at);
    let mut held: Option<&ConsentFact> = None;
    for fact in of_channel {
        let revoked = held.is_some_and(|h| h.state == ConsentState::Revoked);
        let reopens = matches!(fact.basis, ConsentBasis::Form | ConsentBasis::Reply | ConsentBasis::Verbal);
        if !revoked || reopens || fact.state == ConsentState::Revoked {
            held = Some(fact);
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(at: i64, state: ConsentState, basis: ConsentBasis) -> ConsentFact {
        ConsentFact { channel: Channel::Text, state, basis, at: At(at), evidence: String::new() }
    }

    #[test]
    fn an_enquiry_does_not_reopen_a_revoked_channel() {
        let facts = [fact(1, ConsentState::Revoked, ConsentBasis::Reply), fact(2, ConsentState::Allowed, ConsentBasis::Enquiry)];
        assert_eq!(state_of(&facts, Channel::Text).map(|f| f.state), Some(ConsentState::Revoked));
    }

    #[test]
    fn a_newer_form_reopens_a_revoked_channel() {
        let facts = [fact(1, ConsentState::Revoked, ConsentBasis::Reply), fact(2, ConsentState::Allowed, ConsentBasis::Form)];
        assert_eq!(state_of(&facts, Channel::Text).map(|f| f.state), Some(ConsentState::Allowed));
    }

    #[test]
    fn nothing_said_is_not_given() {
        assert_eq!(state_of(&[], Channel::Call), None);
    }
}
