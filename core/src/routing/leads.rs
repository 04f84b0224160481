//! Which leads are here, by campaign and by what is asked of them: kept ready for whoever looks for one. Never part of a
//! snapshot.

use std::collections::{BTreeMap, BTreeSet};

use fixedbitset::FixedBitSet;

use super::campaign::{CampaignMode, CampaignRun};
use super::hold::Hold;
use super::ids::{ContactId, LeadId};
use super::index::Index;
use super::lane::Requirement;
use super::rule_set::Channel;
use super::state::State;
use super::table::{AgentNo, CampaignNo, Numbered, QueueNo};

#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Leads {
    by_campaign: BTreeMap<CampaignNo, BTreeSet<ContactId>>,
    by_lead: BTreeMap<(CampaignNo, LeadId), ContactId>,
    of_contact: Numbered<ContactId, (CampaignNo, LeadId)>,
    draining: BTreeSet<CampaignNo>,
}

impl Leads {
    /// In the order of their numbers.
    pub fn of_campaign(&self, campaign: CampaignNo) -> Vec<ContactId> {
        self.by_campaign.get(&campaign).into_iter().flatten().copied().collect()
    }

    pub fn contact_of(&self, campaign: CampaignNo, lead: LeadId) -> Option<ContactId> {
        self.by_lead.get(&(campaign, lead)).copied()
    }

    /// Campaigns that drain and have no lead here.
    pub fn drained(&self) -> Vec<CampaignNo> {
        self.draining.iter().copied().filter(|campaign| !self.by_campaign.contains_key(campaign)).collect()
    }

    pub fn refresh_campaign(&mut self, state: &State, campaign: CampaignNo) {
        if state.campaign(campaign).run == CampaignRun::Draining {
            self.draining.insert(campaign);
        } else {
            self.draining.remove(&campaign);
        }
    }

    pub fn refresh(&mut self, state: &State, id: ContactId) {
        let lead = state.contacts.get(&id).and_then(|contact| contact.lead.as_ref());
        match lead {
            Some(lead) => {
                let key = (lead.campaign, lead.lead);
                if self.of_contact.insert(id, key).is_none() {
                    self.by_campaign.entry(lead.campaign).or_default().insert(id);
                    self.by_lead.insert(key, id);
                }
            }
            None => {
                if let Some((campaign, lead)) = self.of_contact.swap_remove(&id) {
                    let of_campaign = self.by_campaign.get_mut(&campaign).expect("each lead is kept twice");
                    of_campaign.remove(&id);
                    if of_campaign.is_empty() {
                        self.by_campaign.remove(&campaign);
                    }
                    self.by_lead.remove(&(campaign, lead));
                }
            }
        }
    }
}

impl Index {
    pub(super) fn learn_campaigns(&mut self, state: &State) {
        for position in 0..state.campaigns.len() {
            self.leads.refresh_campaign(state, CampaignNo::from_position(position));
        }
    }

    /// It runs, or runs no more: all of its leads are offered, or none.
    pub(super) fn refresh_campaign(&mut self, state: &State, campaign: CampaignNo) {
        self.leads.refresh_campaign(state, campaign);
        for contact in self.leads.of_campaign(campaign) {
            self.refresh_contact(state, contact);
        }
    }

    pub(super) fn learn_reserves(&mut self, state: &State) {
        let reserves = state.queues.values().filter_map(|queue| queue.rules.reserve.as_ref());
        let queues: BTreeSet<QueueNo> = reserves
            .filter_map(|reserve| state.queue_no(&reserve.queue).filter(|no| state.queue(*no).in_rules))
            .collect();
        for queue in queues {
            let asked = Requirement::of_queue(state, queue, Channel::Voice);
            let serving = self.lanes.admitted(state, &asked);
            self.reserves.insert(queue, serving);
        }
    }

    /// Whom a queue's leads leave to another queue now; None: nobody.
    pub(super) fn kept_for_inbound(&self, state: &State, queue: QueueNo) -> Option<FixedBitSet> {
        let reserve = state.queue(queue).rules.reserve.as_ref()?;
        let mut idle = self.reserves.get(&state.queue_no(&reserve.queue)?)?.clone();
        idle.intersect_with(&self.routable[Channel::Voice.index()]);
        let is_kept = idle.count_ones(..) <= reserve.agents as usize;
        is_kept.then_some(idle)
    }

    /// With one agent more, a queue may have more than are kept for it: each of them may get a lead.
    pub(super) fn unsettle_reserves(&mut self, agent: AgentNo) {
        let routable = &self.routable[Channel::Voice.index()];
        for serving in self.reserves.values().filter(|serving| serving.contains(agent.position())) {
            self.unsettled_agents.extend(serving.intersection(routable).map(AgentNo::from_position));
        }
    }

    /// What keeps a contact's whole visit from being offered to anybody.
    #[must_use]
    pub fn hold_of(&self, state: &State, id: ContactId) -> Option<Hold> {
        let contact = &state.contacts[&id];
        let is_paused = contact.visit.as_ref().is_some_and(|visit| state.queue(visit.queue).is_paused);
        if !state.gateway(contact.gateway).is_attached() {
            return Some(Hold::GatewayAway);
        }
        if is_paused {
            return Some(Hold::QueuePaused);
        }
        let by_campaign = contact.uncalled().map(|lead| state.campaign(lead.campaign));
        let is_in_call = || !contact.on_line && self.parties.is_in_call(id);
        match by_campaign.map(|campaign| (campaign.run, campaign.rules.mode)) {
            Some((CampaignRun::Paused | CampaignRun::Stopped, _)) => Some(Hold::CampaignPaused),
            _ if is_in_call() => Some(Hold::NumberInCall),
            _ if !contact.on_line && !self.has_free_line(state, id) => Some(Hold::NoLine),
            Some((CampaignRun::Running | CampaignRun::Draining, CampaignMode::Manual)) => Some(Hold::ByHand),
            Some((CampaignRun::Running | CampaignRun::Draining, CampaignMode::Preview | CampaignMode::Progressive))
            | None => contact.own_hold(),
        }
    }
}
