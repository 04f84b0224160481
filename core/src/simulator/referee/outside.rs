//! Calls that an agent gives on to a number outside: who may, where to, and what becomes of them. Places no call.

use super::leaving::{Leaving, Way};
use super::model::{Contact, Segment, Visit};
use super::turn::Turn;
use crate::routing::command::LegFailure;
use crate::routing::event::{Fact, QueuedBy};
use crate::routing::ids::{AgentId, ContactId};
use crate::routing::personal::{Address, Attributes, Details, Note, Personal};
use crate::routing::refusal::{Expected, FieldName, Refusal};

/// Most that a contact is told beyond what it came with.
pub(super) const UPDATES_MAX: u32 = 64;

/// What an agent adds to a contact.
#[derive(Clone, Copy)]
pub(super) struct Added<'a> {
    pub note: &'a Option<Note>,
    pub attributes: &'a Attributes,
}

impl Added<'_> {
    pub fn details(&self, to: Option<Address>) -> crate::routing::personal::PersonalDetails {
        let (note, attributes) = (self.note.clone(), self.attributes.clone());
        Personal::Plain(std::sync::Arc::new(Details { from: None, to, note, attributes, file: None }))
    }

    /// Whether the contact has room for it.
    pub fn fits(&self, contact: &Contact) -> Result<(), Refusal> {
        let field = match (self.attributes.0.is_empty(), self.note) {
            (false, _) => FieldName::Attributes,
            (true, Some(_)) => FieldName::Note,
            (true, None) => return Ok(()),
        };
        if contact.updates < UPDATES_MAX {
            return Ok(());
        }
        Err(Refusal::InvalidField { field, expected: Expected::FewerUpdates })
    }
}

impl Turn {
    pub(super) fn transfer_outside(
        &mut self,
        agent: &AgentId,
        contact: ContactId,
        to: &Address,
        added: Added<'_>,
    ) -> Result<(), Refusal> {
        let invalid = |field, expected| Err(Refusal::InvalidField { field, expected });
        let Segment { id: segment, .. } = self.unconsulted(agent, contact)?;
        let known = &self.model.contacts[&contact];
        if known.channel.is_written() {
            return invalid(FieldName::Contact, Expected::AVoiceContact);
        }
        let who = self.model.agent(agent);
        if !who.in_rules || !who.rules.may_transfer_outside {
            return invalid(FieldName::Agent, Expected::TheRightToTransferOutside);
        }
        if !self.model.site().outside_prefixes.iter().any(|prefix| to.0.starts_with(&**prefix)) {
            return invalid(FieldName::To, Expected::AnAllowedNumber);
        }
        added.fits(known)?;
        let until = self.at + self.model.site().outside_within;
        let (agent, details) = (agent.clone(), added.details(Some(to.clone())));
        self.record(Fact::ContactTransferredOutside { contact, segment, agent, details, until });
        self.wrap_up(contact, segment);
        Ok(())
    }

    /// Back where the agent had answered it from, as if he were lost.
    pub(super) fn transfer_failed(&mut self, contact: ContactId, leaving: &Leaving, why: LegFailure) {
        let Way::Transfer { agent } = &leaving.way else { return };
        self.record(Fact::TransferFailed { contact, agent: agent.clone(), why });
        let from: Visit = leaving.from.clone();
        self.queue_where_it_was(contact, &from, QueuedBy::TransferFailed { agent: agent.clone() });
    }
}
