//! Emails and tasks that agents take from the list themselves, and work that names its queue. Never asks
//! whether somebody else would be better, nor the entry rules.

use super::gateways::Arrival;
use super::model::{Agent, Contact, Model};
use super::turn::Turn;
use crate::routing::event::{AgentChange, Reach};
use crate::routing::hold::Hold;
use crate::routing::ids::{AgentId, ContactId, GatewayId, QueueId};
use crate::routing::refusal::{Expected, FieldName, Refusal};
use crate::routing::rule_set::Channel;
use crate::routing::why::Why;

impl Model {
    /// Whether matching could give it to him, were he alone and had he declined nothing.
    pub(crate) fn could_be_offered(&self, agent: &Agent, contact: &Contact) -> bool {
        let Some(visit) = self.up_for_offers(contact) else { return false };
        let is_his_already = visit.offers.iter().any(|offer| offer.agent == agent.id);
        let holds_nothing = match self.hold_between(agent, contact, visit) {
            None | Some(Hold::AlreadyDeclined) => true,
            Some(
                Hold::GatewayAway
                | Hold::QueuePaused
                | Hold::CampaignPaused
                | Hold::ByHand
                | Hold::NumberInCall
                | Hold::NoLine
                | Hold::OfferLimit
                | Hold::CallbackGap
                | Hold::Preferred
                | Hold::ReservedForInbound
                | Hold::Leased
                | Hold::BackOff
                | Hold::NotResponding
                | Hold::DeviceInUse,
            ) => false,
        };
        !is_his_already
            && self.idle_for(agent).contains_key(&contact.channel)
            && self.admits(agent, contact, visit)
            && holds_nothing
    }
}

fn is_on_the_list(channel: Channel) -> bool {
    match channel {
        Channel::Email | Channel::Task => true,
        Channel::Voice | Channel::Callback | Channel::Chat => false,
    }
}

impl Turn {
    pub(super) fn take_contact(&mut self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        let known = self.living(contact)?;
        if !is_on_the_list(known.channel) {
            let (field, expected) = (FieldName::Contact, Expected::AnEmailOrATask);
            return Err(Refusal::InvalidField { field, expected });
        }
        let visit = Turn::waiting_visit(&known)?;
        if let Some(offer) = visit.offers.iter().find(|offer| offer.agent == *agent) {
            self.hear_from(agent);
            return self.accept(agent, offer.id);
        }
        self.check_could_be_offered(agent, contact)?;
        self.hear_from(agent);
        self.offer_and_accept(agent, contact);
        Ok(())
    }

    /// A task whose queue is named, and perhaps whose agent.
    pub(super) fn open_task(
        &mut self,
        gateway: &GatewayId,
        task: &Arrival,
        queue: &QueueId,
        taken_by: Option<&AgentId>,
    ) -> Result<(), Refusal> {
        let contact = self.record_arrival(gateway, task)?;
        self.check_queue_of_rules(queue)?;
        if let Some(agent) = taken_by
            && self.model.agents.iter().all(|known| known.id != *agent)
        {
            return Err(Refusal::UnknownAgent { agent: agent.clone() });
        }
        self.queue_work(contact, queue, taken_by.is_some());
        if let Some(agent) = taken_by {
            self.check_could_be_offered(agent, contact)?;
            self.hear_from(agent);
            self.offer_and_accept(agent, contact);
        }
        Ok(())
    }

    fn check_could_be_offered(&self, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
        let could = self.model.could_be_offered(self.model.agent(agent), &self.model.contacts[&contact]);
        if could { Ok(()) } else { Err(Refusal::NotToBeOffered { agent: agent.clone() }) }
    }

    fn hear_from(&mut self, agent: &AgentId) {
        self.change_agent_if_it_differs(agent, AgentChange::HeardFrom, |agent| agent.reach = Reach::Here);
    }

    fn offer_and_accept(&mut self, agent: &AgentId, contact: ContactId) {
        let why =
            Why { rules: self.model.version, matched: 1, decided_by: None, value: 0, runner_up: None, taken: true };
        let offered = self.offered(contact, agent, why);
        self.record(offered);
        let offers = self.model.contacts[&contact].offers();
        let his = offers.iter().find(|offer| offer.agent == *agent).expect("it was just offered to him").clone();
        self.won(contact, &his);
    }
}
