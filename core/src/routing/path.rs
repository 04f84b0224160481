//! How a contact was passed on, for whoever gets it next. It decides nothing.

use serde::{Deserialize, Serialize};

use super::personal::{Note, PersonalDetails};
use super::table::{AgentNo, QueueNo};
use super::time::Timestamp;
use super::visit::Contact;

/// Ways kept of one contact, the last ones: nobody reads more before saying hello.
pub const PATH_MAX: usize = 20;

/// One time that a contact was passed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Passed {
    pub at: Timestamp,
    pub how: PassedHow,
    /// Where it waited before, or had waited for the agent who gave it on.
    pub from: QueueNo,
    /// None: no agent had it.
    pub by: Option<AgentNo>,
    /// What he said with it, as a place in the contact's details.
    pub details: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum PassedHow {
    Transferred,
    /// To a number outside.
    TransferredOutside,
    Escalated,
    /// After a consultation.
    HandedOver,
    /// Its agent went away, or gave it back.
    Returned,
    /// By rules, by a supervisor, or because nobody took it.
    Moved,
}

impl Contact {
    pub(super) fn was_passed_on(&mut self, passed: Passed) {
        if self.path.len() == PATH_MAX {
            self.path.remove(0);
        }
        self.path.push(passed);
    }

    /// Takes in what an agent said who passed it on. The place where it stands.
    pub(super) fn learns_from_agent(&mut self, details: &PersonalDetails) -> Option<u32> {
        let before = self.details.len();
        self.learns(details);
        (self.details.len() > before).then(|| u32::try_from(before).expect("contacts are told far fewer things"))
    }

    /// What was said when it was passed on; None: nothing, or it was erased.
    #[must_use]
    pub fn note_of(&self, passed: &Passed) -> Option<&Note> {
        self.details.get(passed.details? as usize)?.plain()?.note.as_ref()
    }
}
