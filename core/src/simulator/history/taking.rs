//! Makes up what agents take from the list, and work that names its queue: mostly of what is there, sometimes
//! of what they may not have. Checks nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::dice::Dice;
use super::rule_sets::other_queue;
use super::steps::Steps;
use crate::routing::command::{Action, Presence, PresenceWhen};
use crate::routing::ids::{AgentId, ContactId, QueueId};
use crate::routing::rule_set::{Capacity, Channel, ChannelValues, RuleSet};
use crate::routing::time::Millis;
use crate::simulator::referee::model::{Agent, Contact, Model};

/// Rules under which much waits that somebody who has declined it may have after all.
pub(super) fn takes(dice: &mut Dice, rules: &mut RuleSet) {
    rules.site.back_off.declined = dice.one_of(&[Millis::ZERO, Millis::ZERO, Millis::ZERO, Millis::seconds(3)]);
    rules.site.offers_in_row_max = 10;
    rules.site.channel_cost = ChannelValues([100, 100, 50, 50, 50]);
    if dice.chance(40) {
        rules.site.interrupts = BTreeMap::from([(Channel::Task, vec![Channel::Email, Channel::Chat])]);
    }
    for agent in rules.agents.values_mut() {
        let total = dice.one_of(&[50, 100, 100]);
        Arc::make_mut(agent).capacity = Capacity { total, channel_max: ChannelValues([1, 1, 2, 2, 2]) };
    }
    for queue in rules.queues.values_mut() {
        let queue = Arc::make_mut(queue);
        queue.channels = Channel::ALL.to_vec();
        if dice.chance(60) {
            queue.skills.clear();
            queue.agents = None;
        }
        if dice.chance(60) {
            queue.steps.clear();
        }
    }
}

impl Steps {
    /// What an agent or a gateway does about the list.
    pub fn about_list(&mut self, model: &Model) -> Action {
        match self.dice.below(100) {
            0..40 => self.open_task(model),
            40..65 => self.decline_or_take(model).unwrap_or_else(|| self.take(model)),
            65..70 => {
                let agent = self.known_agent(model);
                Action::SetPresence { agent, presence: Presence::Available, when: PresenceWhen::Now }
            }
            _rest => self.take(model),
        }
    }

    /// What somebody may have who has declined it is taken. Else, what another would do who has no room is
    /// declined, so that it stands on the list.
    fn decline_or_take(&mut self, model: &Model) -> Option<Action> {
        let listed = |contact: &&Contact| matches!(contact.channel, Channel::Email | Channel::Task);
        let waiting = || model.all_contacts().filter(listed).filter_map(|contact| Some((contact, contact.waiting()?)));
        let may_be_taken: Vec<(AgentId, ContactId)> = waiting()
            .flat_map(|(contact, visit)| visit.declined.iter().map(move |agent| (agent, contact)))
            .filter(|(agent, contact)| model.could_be_offered(model.agent(agent), contact))
            .map(|(agent, contact)| (agent.clone(), contact.id))
            .collect();
        if let Some((agent, contact)) = self.dice.pick(&may_be_taken).cloned() {
            return Some(Action::TakeContact { agent, contact });
        }
        let mut may_be_declined = Vec::new();
        for (contact, visit) in waiting() {
            let fits = |other: &Agent| model.present(other) && model.admits(other, contact, visit);
            let another = who(model, |other| fits(other) && !visit.declined.contains(&other.id));
            let offers = visit.offers.iter().filter(|offer| another.iter().any(|other| *other != offer.agent));
            may_be_declined.extend(offers.map(|offer| (offer.agent.clone(), offer.id)));
        }
        let (agent, offer) = self.dice.pick(&may_be_declined)?.clone();
        Some(Action::DeclineOffer { agent, offer, reason: None })
    }

    fn take(&mut self, model: &Model) -> Action {
        let living: Vec<&Contact> = model.all_contacts().filter(|contact| !contact.ended).collect();
        let is_listed = |contact: &&Contact| matches!(contact.channel, Channel::Email | Channel::Task);
        let listed: Vec<&Contact> = living.iter().copied().filter(is_listed).collect();
        let waiting: Vec<&Contact> = listed.iter().copied().filter(|contact| contact.waiting().is_some()).collect();
        let everywhere: Vec<&Contact> = model.all_contacts().collect();
        let from = match self.dice.below(20) {
            0 => &everywhere,
            1 => &living,
            2 => &listed,
            _rest => &waiting,
        };
        let picked = self.dice.pick(from).copied();
        let contact = picked.filter(|_| self.plausibly()).map(|contact| contact.id);
        let contact = contact.unwrap_or_else(|| ContactId(self.number(model)));
        let agent = picked.and_then(|contact| self.taker(model, contact));
        Action::TakeContact { agent: agent.unwrap_or_else(|| self.known_agent(model)), contact }
    }

    /// Whoever may have it, who is offered it, or who has declined it. None: anybody.
    fn taker(&mut self, model: &Model, contact: &Contact) -> Option<AgentId> {
        let visit = contact.waiting()?;
        let may: Vec<AgentId> = who(model, |agent| model.could_be_offered(agent, contact));
        let declined: Vec<AgentId> = visit.declined.iter().cloned().collect();
        let offered: Vec<AgentId> = visit.offers.iter().map(|offer| offer.agent.clone()).collect();
        let fits = who(model, |agent| model.admits(agent, contact, visit));
        let from = match self.dice.below(20) {
            0..11 if !may.is_empty() => &may,
            0..14 if !offered.is_empty() => &offered,
            14..17 => &declined,
            17 => &fits,
            _rest => return None,
        };
        self.dice.pick(from).cloned()
    }

    fn open_task(&mut self, model: &Model) -> Action {
        let queues: Vec<QueueId> = model.rules.iter().flat_map(|rules| rules.queues.keys().cloned()).collect();
        let known = self.dice.pick(&queues).cloned().filter(|_| self.plausibly());
        let queue = known.unwrap_or_else(|| other_queue(&mut self.dice));
        let available = who(model, |agent| model.present(agent));
        let taken_by = match self.dice.below(10) {
            0..5 => self.dice.pick(&available).cloned(),
            5 => Some(self.known_agent(model)),
            _nobody => None,
        };
        Action::OpenTask {
            gateway: self.gateway(),
            reference: self.reference(),
            queue,
            taken_by,
            attributes: self.attributes(),
            event: self.message(),
        }
    }
}

fn who(model: &Model, is_one: impl Fn(&Agent) -> bool) -> Vec<AgentId> {
    model.agents.iter().filter(|agent| is_one(agent)).map(|agent| agent.id.clone()).collect()
}
