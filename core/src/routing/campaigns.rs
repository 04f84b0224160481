//! Campaigns: set, run, drained and stopped; and leads as they come to be called and as they go back uncalled.

use std::sync::Arc;

use serde_json::Value;

use super::attempt::{LeadStayEnd, ReturnedWhy};
use super::campaign::{CampaignMode, CampaignRules, CampaignRun};
use super::entry::{NewVisit, overlaid};
use super::event::{Fact, Preference, QueuedBy};
use super::ids::{AgentId, CallListName, CampaignId, ContactId, ContactRef, LeadId, TeamId};
use super::index::requirement_of;
use super::lane::OrderKey;
use super::personal::{Address, Attributes, Details, Personal};
use super::refusal::{Expected, FieldName, Refusal};
use super::router::ContactRouter;
use super::rule_set::Channel;
use super::selection::Choice;
use super::skill::Skills;
use super::state::CONTACTS_MAX;
use super::table::{AgentNo, CampaignNo};
use super::time::{Millis, Timestamp};
use super::turn::Turn;
use super::why::Why;

/// Whom a campaign is to call.
pub(super) struct NewLead {
    pub list: CallListName,
    pub lead: LeadId,
    pub to: Address,
    pub attributes: Attributes,
    pub skills: Skills,
    pub agent: Option<AgentId>,
    pub alone_for: Option<Millis>,
    pub team: Option<TeamId>,
    pub closes_at: Option<Timestamp>,
}

impl Turn<'_> {
    pub(super) fn set_campaign(&mut self, campaign: CampaignId, rules: Arc<CampaignRules>) -> Result<(), Refusal> {
        let queue = self.queue_in_rules(&rules.queue)?;
        if !self.state().queue(queue).rules.channels.contains(&Channel::Voice) {
            return Err(Refusal::InvalidField { field: FieldName::Queue, expected: Expected::AQueueThatServesCalls });
        }
        if self.state().campaigns.get(&campaign).is_none_or(|known| known.rules != rules) {
            self.record(Fact::CampaignSet { campaign, rules });
        }
        Ok(())
    }

    pub(super) fn run_campaign(&mut self, campaign: CampaignId, run: CampaignRun) -> Result<(), Refusal> {
        let no = self.campaign(&campaign)?;
        let was = self.state().campaign(no).run;
        if was == run {
            return Ok(());
        }
        if was == CampaignRun::Stopped && run != CampaignRun::Running {
            return Err(Refusal::InvalidField { field: FieldName::Run, expected: Expected::ARunningCampaign });
        }
        self.record(Fact::CampaignRunChanged { campaign, run });
        if run == CampaignRun::Stopped {
            for contact in self.router.index.leads.of_campaign(no) {
                if !self.state().contacts[&contact].on_line {
                    self.end_lead(contact, LeadStayEnd::Returned(ReturnedWhy::CampaignStopped));
                }
            }
        }
        Ok(())
    }

    /// A campaign that drains stops with its last lead.
    pub(super) fn stop_drained(&mut self) {
        for no in self.router.index.leads.drained() {
            let campaign = self.state().campaign_id(no);
            self.record(Fact::CampaignRunChanged { campaign, run: CampaignRun::Stopped });
        }
    }

    fn campaign(&self, campaign: &CampaignId) -> Result<CampaignNo, Refusal> {
        self.state().campaign_no(campaign).ok_or_else(|| Refusal::UnknownCampaign { campaign: campaign.clone() })
    }

    pub(super) fn file_lead(&mut self, campaign: CampaignId, lead: NewLead) -> Result<(), Refusal> {
        let no = self.campaign(&campaign)?;
        if self.state().campaign(no).run != CampaignRun::Running {
            return Err(Refusal::CampaignNotRunning { campaign });
        }
        if self.router.index.leads.contact_of(no, lead.lead).is_some() {
            return Ok(());
        }
        if lead.closes_at.is_some_and(|closes_at| closes_at <= self.at) {
            return Err(Refusal::InvalidField { field: FieldName::ClosesAt, expected: Expected::ATimeToCome });
        }
        let rules = Arc::clone(&self.state().campaign(no).rules);
        let queue = self.queue_in_rules(&rules.queue)?;
        if let Some(agent) = &lead.agent {
            self.agent_in_rules(agent)?;
        }
        if self.state().contacts.len() >= CONTACTS_MAX {
            return Err(Refusal::Full);
        }
        let queue_rules = Arc::clone(&self.state().queue(queue).rules);
        let NewLead { list, lead, to, attributes, skills, agent, alone_for, team, closes_at } = lead;
        let never = self.never_offered(attributes.get("customer").unwrap_or(&Value::Null));
        let until = alone_for.map(|span| self.at + span);
        let visit = NewVisit {
            queue: rules.queue.clone(),
            cause: QueuedBy::Campaign { campaign: campaign.clone() },
            skills: overlaid(&queue_rules.skills, &skills),
            priority: queue_rules.priority,
            ordered_since: self.at,
            direct: None,
            preferred: agent.clone().zip(until).map(|(agent, until)| Preference { agent, alone_until: Some(until) }),
            never,
        };
        let contact = ContactId(self.state().next_id);
        let details = Details { from: Some(to), attributes, ..Details::default() };
        self.record(Fact::LeadFiled {
            contact,
            gateway: rules.gateway.clone(),
            reference: ContactRef::of_lead(contact),
            campaign,
            list,
            lead,
            agent: agent.filter(|_| until.is_none()),
            team,
            closes_at,
            details: Personal::Plain(Arc::new(details)),
        });
        self.queue(contact, visit);
        Ok(())
    }

    pub(super) fn withdraw_lead(&mut self, campaign: &CampaignId, lead: LeadId) {
        let no = self.state().campaign_no(campaign);
        if let Some(contact) = no.and_then(|no| self.router.index.leads.contact_of(no, lead)) {
            self.return_uncalled(contact, ReturnedWhy::Withdrawn);
        }
    }

    /// Back to its list, unless somebody is about to call it.
    fn return_uncalled(&mut self, contact: ContactId, why: ReturnedWhy) {
        let found = &self.state().contacts[&contact];
        let is_uncalled = !found.on_line && found.lead.is_some() && found.attempt.is_none();
        if is_uncalled {
            self.end_lead(contact, LeadStayEnd::Returned(why));
        }
    }

    pub(super) fn lead_closes(&mut self, contact: ContactId) {
        self.return_uncalled(contact, ReturnedWhy::WindowClosed);
    }

    /// He got through himself: no campaign calls him now.
    pub(super) fn return_leads_of(&mut self, connected: ContactId, number: &Address) {
        for contact in self.router.index.parties.at_number(number) {
            if contact != connected && self.state().contacts[&contact].lead.is_some() {
                self.return_uncalled(contact, ReturnedWhy::CustomerCalledIn);
            }
        }
    }

    pub(super) fn take_lead(&mut self, agent: &AgentId, campaign: CampaignId) -> Result<(), Refusal> {
        let no = self.agent_in_rules(agent)?;
        let of = self.campaign(&campaign)?;
        let known = self.state().campaign(of);
        match known.run {
            CampaignRun::Running | CampaignRun::Draining => {}
            CampaignRun::Paused | CampaignRun::Stopped => return Err(Refusal::CampaignNotRunning { campaign }),
        }
        if known.rules.mode != CampaignMode::Manual {
            return Err(Refusal::InvalidField { field: FieldName::Campaign, expected: Expected::AManualCampaign });
        }
        let leads = self.router.index.leads.of_campaign(of);
        let is_shown = |contact: &ContactId| {
            let visit = self.state().contacts[contact].visit.as_ref();
            visit.is_some_and(|visit| visit.offers.iter().any(|offer| self.state().offers[offer].agent == no))
        };
        if leads.iter().any(is_shown) {
            return Ok(());
        }
        let first = leads.into_iter().filter_map(|contact| self.could_take(contact, no)).min();
        let contact = first.ok_or(Refusal::NoLead { campaign })?.contact;
        let why = Why { taken: true, ..Why::alone(self.state().rules_version) };
        self.offer(contact, Choice { agent: no, why });
        Ok(())
    }

    /// The place of a lead that waits to be asked for, if this agent could call it now.
    fn could_take(&mut self, contact: ContactId, agent: AgentNo) -> Option<OrderKey> {
        let ContactRouter { state, index } = &mut *self.router;
        let found = &state.contacts[&contact];
        let visit = found.visit.as_ref().filter(|visit| visit.is_waiting())?;
        let is_free = index.hold_of(state, contact) == Some(super::hold::Hold::ByHand)
            && index.routable[Channel::Voice.index()].contains(agent.position())
            && !visit.never.contains(&agent);
        let asked = requirement_of(state, found, visit);
        let is_his = is_free && asked.only.is_none_or(|only| only == agent) && index.lanes.admits(state, &asked, agent);
        is_his.then_some(visit.key)
    }
}
