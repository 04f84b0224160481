//! Makes up what agents add to a contact and give on with it, and calls that they give to numbers outside.
//! Checks nothing.

use std::sync::Arc;

use super::dice::Dice;
use super::steps::Steps;
use crate::routing::command::Action;
use crate::routing::ids::{AgentId, ContactId};
use crate::routing::personal::{Address, Attributes, Note};
use crate::routing::rule_set::{AfterOffer, IdleClockRules, SiteRules, WhileNotReady};
use crate::routing::time::Millis;
use crate::simulator::referee::model::{Contact, Model};

const NUMBERS: [&str; 5] = ["+33140000000", "+33900000000", "+14155550100", "+492112345", "0033140000000"];
/// Updates that a contact may have; more is added to none that has them.
const UPDATES_MAX: u32 = 64;

/// What of a site's rules is about transfers and idle time.
pub(super) fn with_prefixes_and_idle_clock(dice: &mut Dice, site: &mut SiteRules) {
    let allowed: &[&str] = dice.one_of(&[&[][..], &["+33"], &["+33", "+1"], &["+"], &["+331"]]);
    site.outside_prefixes = allowed.iter().map(|prefix| Arc::from(*prefix)).collect();
    site.outside_within = dice.between(Millis::seconds(1), Millis::seconds(30));
    let after = |dice: &mut Dice| dice.one_of(&[AfterOffer::Runs, AfterOffer::Resets]);
    site.idle_clock = IdleClockRules {
        not_ready: dice.one_of(&[WhileNotReady::Pauses, WhileNotReady::Runs, WhileNotReady::Resets]),
        missed: after(dice),
        declined: after(dice),
        rescinded: after(dice),
    };
}

impl Steps {
    /// Mostly nothing.
    pub fn added_attributes(&mut self) -> Attributes {
        if self.dice.chance(35) { self.attributes() } else { Attributes::default() }
    }

    pub fn transfer_outside(&mut self, agent: AgentId, contact: ContactId) -> Action {
        Action::TransferOutside {
            agent,
            contact,
            to: Address(Arc::from(self.dice.one_of(&NUMBERS))),
            note: self.dice.chance(30).then(|| Note(Arc::from("asks for the head office"))),
            attributes: self.added_attributes(),
        }
    }

    /// More and more about one contact in hand, and then it is given on. None: nothing is in hand.
    pub fn told_all(&mut self, model: &Model) -> Option<Action> {
        let in_hand = |contact: &&Contact| contact.connected_owner().is_some() && contact.consultation.is_none();
        let contact = model.all_contacts().find(in_hand)?;
        if contact.updates < UPDATES_MAX {
            self.messages += 1;
            return Some(Action::ContactUpdated {
                gateway: contact.gateway.clone(),
                reference: contact.reference.clone(),
                attributes: Attributes([("n".to_owned(), self.dice.below(4).into())].into_iter().collect()),
                event: self.messages,
            });
        }
        let agent = contact.connected_owner()?.agent.clone();
        let (contact, attributes) = (contact.id, self.added_attributes());
        let note = self.dice.chance(50).then(|| Note(Arc::from("once more")));
        Some(match self.dice.below(4) {
            0 => Action::TransferContact { agent, contact, to: self.destination(model), note, attributes },
            1 => self.transfer_outside(agent, contact),
            2 => Action::Consult { agent, contact, to: self.destination(model), note, attributes },
            _rest => Action::EscalateContact { agent, contact, reason: Arc::from("refund"), note, attributes },
        })
    }
}
