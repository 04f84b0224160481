//! Who is in a call: nobody is called whose number, or who himself, is in another, nor when his gateway carries as many
//! as it may. Looks through all contacts.

use std::sync::Arc;

use serde_json::Value;

use super::model::{Contact, Model};
use super::turn::Turn;
use crate::routing::campaign::{CampaignMode, CampaignRun};
use crate::routing::event::{Event, Fact};
use crate::routing::hold::Hold;
use crate::routing::ids::ContactId;
use crate::routing::personal::PersonalDetails;
use crate::routing::refusal::Refusal;
use crate::routing::rule_set::Channel;

/// The customer whom these details name.
fn customer_named(details: &PersonalDetails) -> Option<Arc<str>> {
    let customer = details.plain()?.attributes.get("customer")?.as_object()?;
    customer.get("id").and_then(Value::as_str).map(Arc::from)
}

impl Contact {
    pub(super) fn is_in_call(&self) -> bool {
        let is_called = self.visit.as_ref().is_some_and(|visit| visit.connecting);
        matches!(self.channel, Channel::Voice | Channel::Callback)
            && self.consultation.is_none()
            && !self.ended
            && (self.on_line || is_called)
    }

    fn is_of_same(&self, other: &Contact) -> bool {
        let same_number = self.from.is_some() && self.from == other.from;
        same_number || (self.customer.is_some() && self.customer == other.customer)
    }

    /// A lead or a callback whose customer is not on the line.
    fn is_to_be_called(&self) -> bool {
        self.uncalled().is_some() || self.is_to_be_called_back()
    }
}

impl Model {
    /// Takes in which customer a contact is of, as it was told last.
    pub(super) fn apply_to_customers(&mut self, event: &Event) {
        let (Fact::ContactArrived { contact, details, .. }
        | Fact::CallbackPromised { contact, details, .. }
        | Fact::LeadFiled { contact, details, .. }
        | Fact::ContactUpdated { contact, details, .. }
        | Fact::ContactTransferred { contact, details, .. }
        | Fact::ContactTransferredOutside { contact, details, .. }) = &event.fact
        else {
            return;
        };
        if let Some(named) = customer_named(details) {
            self.contact_mut(*contact).customer = Some(named);
        }
    }

    /// Whether the same number, or the same customer, is on the line or being called for another contact.
    pub(crate) fn number_is_in_call(&self, contact: &Contact) -> bool {
        let mut others = self.all_contacts().filter(|other| other.id != contact.id);
        others.any(|other| other.is_in_call() && other.is_of_same(contact))
    }

    /// Whether its gateway may carry so many calls more that the site itself begins.
    pub(crate) fn has_lines(&self, contact: &Contact, more: u32) -> bool {
        let lines = self.gateway(&contact.gateway).map(|gateway| gateway.lines).unwrap_or_default();
        let Some(calls_max) = lines.calls_max else { return true };
        let calls = self.all_contacts().filter(|other| other.gateway == contact.gateway && other.is_in_call());
        let carried = u32::try_from(calls.count()).expect("contacts are bounded");
        carried + more + lines.kept_for_inbound <= calls_max
    }

    pub(super) fn may_be_called(&self, contact: &Contact) -> bool {
        !self.number_is_in_call(contact) && self.has_lines(contact, 1)
    }

    /// What holds who is to be called from everybody.
    pub(super) fn hold_of_a_call(&self, contact: &Contact) -> Option<Hold> {
        if let Some(lead) = contact.uncalled() {
            let campaign = self.campaign_of(lead);
            match campaign.run {
                CampaignRun::Stopped | CampaignRun::Paused => return Some(Hold::CampaignPaused),
                CampaignRun::Running | CampaignRun::Draining => {}
            }
            if campaign.rules.mode == CampaignMode::Manual {
                return Some(Hold::ByHand);
            }
        }
        if !contact.is_to_be_called() {
            None
        } else if self.number_is_in_call(contact) {
            Some(Hold::NumberInCall)
        } else {
            (!self.has_lines(contact, 1)).then_some(Hold::NoLine)
        }
    }
}

impl Turn {
    pub(super) fn check_may_be_called(&self, contact: ContactId) -> Result<(), Refusal> {
        let known = &self.model.contacts[&contact];
        if known.is_to_be_called() && self.model.number_is_in_call(known) {
            return Err(Refusal::NumberInCall { contact });
        }
        if known.is_to_be_called() && !self.model.has_lines(known, 1) {
            return Err(Refusal::NoLine { contact });
        }
        Ok(())
    }
}
