//! Leads of campaigns before their customers are on the line: what the events make of them, who may have them,
//! and what holds them. Looks through all contacts; decides nothing.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::model::{Agent, Contact, GatewayState, Model, Visit};
use crate::routing::campaign::{CampaignRules, CampaignRun};
use crate::routing::command::{DeviceState, Direction};
use crate::routing::event::{Event, Fact};
use crate::routing::hold::Hold;
use crate::routing::ids::{AgentId, CallListName, CampaignId, LeadId, TeamId};
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;

/// A campaign as it was last set.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Campaign {
    pub name: CampaignId,
    pub rules: Arc<CampaignRules>,
    pub run: CampaignRun,
}

/// What makes a contact one of a campaign.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Lead {
    pub campaign: CampaignId,
    pub list: CallListName,
    pub lead: LeadId,
    /// Nobody else calls him.
    pub only: Option<AgentId>,
    /// Only its agents call him.
    pub team: Option<TeamId>,
    pub closes_at: Option<Timestamp>,
    /// An agent has had him on the line.
    pub talked: bool,
}

impl Contact {
    /// The lead, while its customer is not on the line.
    pub(crate) fn uncalled(&self) -> Option<&Lead> {
        self.lead.as_ref().filter(|_| !self.on_line && !self.ended)
    }

    /// The lead, while nobody has tried to call it.
    pub(super) fn untried(&self) -> Option<&Lead> {
        self.uncalled().filter(|_| self.call.is_none())
    }

    /// When it is not called any more, if nobody has tried.
    pub(super) fn closes_at(&self) -> Option<Timestamp> {
        self.untried()?.closes_at
    }
}

impl Model {
    pub(crate) fn campaign(&self, name: &CampaignId) -> Option<&Campaign> {
        self.campaigns.iter().find(|known| known.name == *name)
    }

    /// The campaign of a contact that is a lead's.
    pub(crate) fn campaign_of(&self, lead: &Lead) -> &Campaign {
        self.campaign(&lead.campaign).expect("a lead is of a campaign that was set")
    }

    /// Its contacts that live, by number.
    pub(crate) fn leads_of<'a>(&'a self, campaign: &'a CampaignId) -> impl Iterator<Item = (&'a Contact, &'a Lead)> {
        let living = self.all_contacts().filter(|contact| !contact.ended);
        let leads = living.filter_map(|contact| Some((contact, contact.lead.as_ref()?)));
        leads.filter(move |(_, lead)| lead.campaign == *campaign)
    }

    pub(super) fn apply_to_leads(&mut self, event: &Event) {
        match &event.fact {
            Fact::CampaignSet { campaign, rules } => {
                match self.campaigns.iter_mut().find(|known| known.name == *campaign) {
                    Some(known) => known.rules = rules.clone(),
                    None => self.campaigns.push(Campaign {
                        name: campaign.clone(),
                        rules: rules.clone(),
                        run: CampaignRun::Stopped,
                    }),
                }
            }
            Fact::CampaignRunChanged { campaign, run } => {
                let known = self.campaigns.iter_mut().find(|known| known.name == *campaign);
                known.expect("a campaign is set before it runs").run = *run;
            }
            Fact::ContactConnected { contact, .. } => {
                if let Some(lead) = &mut self.contact_mut(*contact).lead {
                    lead.talked = true;
                }
            }
            _other => {}
        }
    }

    pub(super) fn take_lead_in(&mut self, event: &Event) {
        let Fact::LeadFiled { contact, gateway, reference, campaign, list, lead, agent, team, closes_at, details } =
            &event.fact
        else {
            return;
        };
        self.number_given(contact.0);
        if self.gateway(gateway).is_none() {
            self.set_gateway(gateway, GatewayState::Lost);
        }
        let details = details.plain().expect("the referee reads plain events only");
        let filed = Lead {
            campaign: campaign.clone(),
            list: list.clone(),
            lead: *lead,
            only: agent.clone(),
            team: team.clone(),
            closes_at: *closes_at,
            talked: false,
        };
        let contact = Contact {
            id: *contact,
            gateway: gateway.clone(),
            reference: reference.clone(),
            channel: Channel::Voice,
            direction: Direction::Outbound,
            from: details.from.clone(),
            to: None,
            attributes: details.attributes.clone(),
            fitted: None,
            arrived_at: event.at,
            last_message: 0,
            updates: 0,
            ended: false,
            on_line: false,
            promise: None,
            attempt: None,
            call: None,
            customer: None,
            attempts: 0,
            gap_until: None,
            on_line_since: event.at,
            is_first: false,
            own_wish: false,
            superseded: false,
            visit: None,
            leaving: None,
            recordings: Vec::new(),
            segments: Vec::new(),
            suspended: None,
            quiet_since: None,
            consultation: None,
            lead: Some(filed),
        };
        self.contacts.insert(contact.id, Arc::new(contact));
    }

    /// Whether a lead that is to be called is for this agent at all; anything else is. Who was assigned takes the
    /// place of its owner.
    pub(super) fn may_call(&self, agent: &Agent, contact: &Contact) -> bool {
        let is_assigned = contact.visit.as_ref().is_some_and(|visit| visit.direct.is_some());
        contact.uncalled().is_none_or(|lead| {
            lead.only.as_ref().is_none_or(|only| is_assigned || *only == agent.id)
                && lead.team.as_ref().is_none_or(|team| agent.rules.teams.contains(team))
        })
    }

    /// Whether one more call can be offered to him now, whoever calls.
    fn is_routable_for_voice(&self, agent: &Agent) -> bool {
        self.can_serve(agent, Channel::Voice)
            && self.idle_for(agent).contains_key(&Channel::Voice)
            && agent.responding
            && agent.back_off.is_none()
            && !matches!(agent.device, DeviceState::InUse | DeviceState::Unregistered)
    }

    /// Whether he is one of the last who can take what comes in, and stays free for that.
    pub(super) fn is_kept_for_inbound(&self, agent: &Agent, contact: &Contact, visit: &Visit) -> bool {
        let queue = self.queue(&visit.queue);
        let Some(reserve) = queue.reserve.as_ref().filter(|_| contact.uncalled().is_some()) else { return false };
        if self.rules.as_ref().is_none_or(|rules| !rules.queues.contains_key(&reserve.queue)) {
            return false;
        }
        let asked = self.queue(&reserve.queue);
        let serves =
            |one: &Agent| self.is_routable_for_voice(one) && self.meets(one, &reserve.queue, &asked.skills, None);
        let count = self.agents.iter().filter(|one| serves(one)).count();
        serves(agent) && count <= reserve.agents as usize
    }

    /// Whether an agent who asks for his next lead may have this one.
    pub(crate) fn could_be_taken(&self, agent: &Agent, contact: &Contact) -> bool {
        let Some(visit) = contact.unoffered() else { return false };
        let is_attached = self.gateway(&contact.gateway).map(|gateway| gateway.state) == Some(GatewayState::Attached);
        let alone = visit.preferred.as_ref().filter(|preferred| preferred.alone_until.is_some());
        is_attached
            && !self.paused.contains(&visit.queue)
            && self.hold_of_a_call(contact) == Some(Hold::ByHand)
            && self.may_be_called(contact)
            && visit.limited_until.is_none()
            && alone.is_none_or(|preferred| preferred.agent == agent.id)
            && self.is_routable_for_voice(agent)
            && self.admits(agent, contact, visit)
    }
}
