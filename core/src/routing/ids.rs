//! The names of things: numbers the router gives, names others give. Never parses a wire id.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Longest name of an agent, a queue, a skill or a gateway, in characters.
pub const NAME_LENGTH_MAX: usize = 64;
/// Longest reference a gateway may give a contact, in characters.
pub const REFERENCE_LENGTH_MAX: usize = 128;

macro_rules! numbered {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

numbered! {
    /// One request for service. One counter numbers contacts, visits, segments, offers, attempts and recordings.
    ContactId,
    /// One stay of a contact in one queue.
    VisitId,
    /// One agent's part in a contact.
    SegmentId,
    /// One contact held out to one agent.
    OfferId,
    /// One call to one number of a lead, from the proposal on.
    AttemptId,
    /// One recording of one call.
    RecordingId,
    /// The place of an event in the journal: 1, 2, 3 … without a gap. 0 is before the first.
    EventNo,
}

/// One lead of one call list, as the records number it. Never given twice, even after the lead was removed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeadId(pub i64);

impl fmt::Display for LeadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl EventNo {
    pub const ZERO: EventNo = EventNo(0);

    /// The number of the event `count` places later.
    #[must_use]
    pub fn plus(self, count: u64) -> EventNo {
        EventNo(self.0 + count)
    }
}

/// A name that is empty, too long, or holds a control character.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to {length_max} characters and no control characters")]
pub struct InvalidName {
    pub length_max: usize,
}

macro_rules! named {
    ($($(#[$doc:meta])* $name:ident at most $length_max:expr),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// # Errors
            /// When the text is empty, too long, or holds a control character.
            pub fn new(text: &str) -> Result<Self, InvalidName> {
                let length = text.chars().count();
                if length == 0 || length > $length_max || text.chars().any(char::is_control) {
                    return Err(InvalidName { length_max: $length_max });
                }
                Ok(Self(Arc::from(text)))
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidName;
            fn try_from(text: String) -> Result<Self, InvalidName> {
                Self::new(&text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )+};
}

named! {
    /// An agent, as `agents.toml` names him.
    AgentId at most NAME_LENGTH_MAX,
    /// A queue, as `queues/*.toml` names it. A name that begins with `@` is an agent's own queue.
    QueueId at most NAME_LENGTH_MAX + 1,
    SkillId at most NAME_LENGTH_MAX,
    TeamId at most NAME_LENGTH_MAX,
    GatewayId at most NAME_LENGTH_MAX,
    /// A campaign, as its call lists name it.
    CampaignId at most NAME_LENGTH_MAX,
    /// One call list, whatever its campaign.
    CallListName at most NAME_LENGTH_MAX,
    /// Who sent a request: an agent's or a user's name. Requests are remembered per person.
    PersonId at most NAME_LENGTH_MAX,
    /// The gateway's own name for a contact, unique at that gateway while the contact lives.
    ContactRef at most REFERENCE_LENGTH_MAX,
    /// Where an agent's or a caller's leg is reached, as the gateway names it: `PJSIP/1001`.
    Endpoint at most REFERENCE_LENGTH_MAX,
}

impl QueueId {
    /// The queue of visits that wait for one agent and nobody else.
    #[must_use]
    pub fn of_agent(agent: &AgentId) -> QueueId {
        QueueId(Arc::from(format!("@{agent}")))
    }

    #[must_use]
    pub fn is_of_agent(&self) -> bool {
        self.0.starts_with('@')
    }
}

impl ContactRef {
    /// The name the router gives a customer who is to be called.
    #[must_use]
    pub fn of_callback(contact: ContactId) -> ContactRef {
        ContactRef(Arc::from(format!("callback-{contact}")))
    }

    /// The name the router gives a lead who is to be called.
    #[must_use]
    pub fn of_lead(contact: ContactId) -> ContactRef {
        ContactRef(Arc::from(format!("lead-{contact}")))
    }

    /// The name the router gives one agent's question to another.
    #[must_use]
    pub fn of_consultation(contact: ContactId) -> ContactRef {
        ContactRef(Arc::from(format!("consult-{contact}")))
    }
}

/// A caller's own name for one request, so that a repeat changes nothing.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Request {
    pub by: PersonId,
    pub id: uuid::Uuid,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_bounded_and_printable() {
        assert!(AgentId::new("ana").is_ok());
        assert!(AgentId::new("李伟").is_ok());
        for bad in ["", "a\nb", &"x".repeat(NAME_LENGTH_MAX + 1)] {
            assert_eq!(AgentId::new(bad), Err(InvalidName { length_max: NAME_LENGTH_MAX }));
        }
    }
}
