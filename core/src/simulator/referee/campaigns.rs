//! Campaigns: how they are set and run, which leads they take in and give up, and what an agent asks for by hand.
//! Places no call.

use std::sync::Arc;

use super::attempts::LeadOver;
use super::contacts::Queueing;
use super::entry::customer_of;
use super::model::{Contact, Model, OrderKey};
use super::turn::Turn;
use crate::routing::attempt::ReturnedWhy;
use crate::routing::campaign::{CampaignMode, CampaignRules, CampaignRun};
use crate::routing::command::Action;
use crate::routing::event::{Fact, Preference, QueuedBy};
use crate::routing::ids::{AgentId, CampaignId, ContactId, ContactRef, LeadId};
use crate::routing::personal::{Details, Personal};
use crate::routing::refusal::{Expected, FieldName, Refusal};
use crate::routing::rule_set::Channel;
use crate::routing::why::Why;

impl Model {
    fn known_campaign(&self, campaign: &CampaignId) -> Result<&super::leads::Campaign, Refusal> {
        self.campaign(campaign).ok_or_else(|| Refusal::UnknownCampaign { campaign: campaign.clone() })
    }

    fn lead_here<'a>(&'a self, campaign: &'a CampaignId, lead: LeadId) -> Option<&'a Contact> {
        self.leads_of(campaign).find(|(_, known)| known.lead == lead).map(|(contact, _)| contact)
    }
}

impl Turn {
    pub(super) fn set_campaign(&mut self, campaign: &CampaignId, rules: &Arc<CampaignRules>) -> Result<(), Refusal> {
        self.check_queue_of_rules(&rules.queue)?;
        if !self.model.queue(&rules.queue).channels.contains(&Channel::Voice) {
            let (field, expected) = (FieldName::Queue, Expected::AQueueThatServesCalls);
            return Err(Refusal::InvalidField { field, expected });
        }
        if self.model.campaign(campaign).is_none_or(|known| known.rules != *rules) {
            self.record(Fact::CampaignSet { campaign: campaign.clone(), rules: rules.clone() });
        }
        Ok(())
    }

    pub(super) fn run_campaign(&mut self, campaign: &CampaignId, run: CampaignRun) -> Result<(), Refusal> {
        let before = self.model.known_campaign(campaign)?.run;
        if before == run {
            return Ok(());
        }
        if before == CampaignRun::Stopped && run != CampaignRun::Running {
            let (field, expected) = (FieldName::Run, Expected::ARunningCampaign);
            return Err(Refusal::InvalidField { field, expected });
        }
        self.record(Fact::CampaignRunChanged { campaign: campaign.clone(), run });
        if run == CampaignRun::Stopped {
            let uncalled = self.model.leads_of(campaign).filter(|(contact, _)| !contact.on_line);
            let all: Vec<ContactId> = uncalled.map(|(contact, _)| contact.id).collect();
            for contact in all {
                self.end_lead(contact, LeadOver::Returned(ReturnedWhy::CampaignStopped));
            }
        }
        Ok(())
    }

    /// Campaigns that drain and have no lead any more.
    pub(super) fn stop_what_is_drained(&mut self) {
        let drained = |model: &Model| {
            let mut all = model.campaigns.iter().filter(|campaign| campaign.run == CampaignRun::Draining);
            all.find(|campaign| model.leads_of(&campaign.name).next().is_none()).map(|campaign| campaign.name.clone())
        };
        while let Some(campaign) = drained(&self.model) {
            self.record(Fact::CampaignRunChanged { campaign, run: CampaignRun::Stopped });
        }
    }

    pub(super) fn file_lead(&mut self, action: &Action) -> Result<(), Refusal> {
        let Action::FileLead { campaign, list, lead, to, attributes, skills, agent, alone_for, team, closes_at } =
            action
        else {
            return Ok(());
        };
        let known = self.model.known_campaign(campaign)?.clone();
        if known.run != CampaignRun::Running {
            return Err(Refusal::CampaignNotRunning { campaign: campaign.clone() });
        }
        if self.model.lead_here(campaign, *lead).is_some() {
            return Ok(());
        }
        if closes_at.is_some_and(|closes_at| closes_at <= self.at) {
            let (field, expected) = (FieldName::ClosesAt, Expected::ATimeToCome);
            return Err(Refusal::InvalidField { field, expected });
        }
        let queue = known.rules.queue.clone();
        self.check_queue_of_rules(&queue)?;
        if let Some(agent) = agent {
            self.check_in_rules(agent)?;
        }
        let contact = ContactId(self.next_number());
        let details = Details { from: Some(to.clone()), attributes: attributes.clone(), ..Details::default() };
        self.record(Fact::LeadFiled {
            contact,
            gateway: known.rules.gateway.clone(),
            reference: ContactRef::new(&format!("lead-{contact}")).expect("a short name"),
            campaign: campaign.clone(),
            list: list.clone(),
            lead: *lead,
            agent: agent.clone().filter(|_| alone_for.is_none()),
            team: team.clone(),
            closes_at: *closes_at,
            details: Personal::Plain(details.into()),
        });
        let rules = self.model.queue(&queue);
        let mut asked = rules.skills.clone();
        asked.extend(skills.clone());
        let until = alone_for.map(|alone_for| self.at + alone_for);
        let preferred = agent.clone().zip(until).map(|(agent, until)| Preference { agent, alone_until: Some(until) });
        let never = self.model.never_offered(&customer_of(&self.model.contacts[&contact]));
        self.queue_contact(
            contact,
            Queueing {
                queue,
                cause: QueuedBy::Campaign { campaign: campaign.clone() },
                skills: asked,
                priority: rules.priority,
                ordered_since: self.at,
                direct: None,
                preferred,
                never,
                failed: Vec::new(),
            },
        );
        Ok(())
    }

    pub(super) fn withdraw_lead(&mut self, campaign: &CampaignId, lead: LeadId) {
        let here = self.model.lead_here(campaign, lead);
        let untried = here.filter(|contact| contact.untried().is_some());
        if let Some(contact) = untried.map(|contact| contact.id) {
            self.end_lead(contact, LeadOver::Returned(ReturnedWhy::Withdrawn));
        }
    }

    /// A customer who is connected is not called for a campaign.
    pub(super) fn withdraw_leads_of_who_called(&mut self, connected: ContactId) {
        let Some(number) = self.model.contacts[&connected].from.clone() else { return };
        let same = self.model.all_contacts().filter(|contact| contact.id != connected);
        let to_him = same.filter(|contact| contact.from.as_ref() == Some(&number));
        let untried = to_him.filter(|contact| contact.untried().is_some());
        let all: Vec<ContactId> = untried.map(|contact| contact.id).collect();
        for contact in all {
            self.end_lead(contact, LeadOver::Returned(ReturnedWhy::CustomerCalledIn));
        }
    }

    /// The agent's next lead of a campaign that is worked by hand.
    pub(super) fn take_lead(&mut self, agent: &AgentId, campaign: &CampaignId) -> Result<(), Refusal> {
        self.check_in_rules(agent)?;
        let known = self.model.known_campaign(campaign)?;
        match known.run {
            CampaignRun::Running | CampaignRun::Draining => {}
            CampaignRun::Stopped | CampaignRun::Paused => {
                return Err(Refusal::CampaignNotRunning { campaign: campaign.clone() });
            }
        }
        if known.rules.mode != CampaignMode::Manual {
            let (field, expected) = (FieldName::Campaign, Expected::AManualCampaign);
            return Err(Refusal::InvalidField { field, expected });
        }
        let offered = |(contact, _): (&Contact, _)| contact.offers().iter().any(|offer| offer.agent == *agent);
        if self.model.leads_of(campaign).any(offered) {
            return Ok(());
        }
        let him = self.model.agent(agent);
        let mut could: Vec<(OrderKey, ContactId)> = self
            .model
            .leads_of(campaign)
            .filter(|(contact, _)| self.model.could_be_taken(him, contact))
            .filter_map(|(contact, _)| Some((contact.visit.as_ref()?.key.clone(), contact.id)))
            .collect();
        could.sort();
        let Some((_, contact)) = could.into_iter().next() else {
            return Err(Refusal::NoLead { campaign: campaign.clone() });
        };
        let why = Why { taken: true, ..Why::alone(self.model.version) };
        let offered = self.offered(contact, agent, why);
        self.record(offered);
        Ok(())
    }
}
