//! What must hold of campaigns, whoever decides: each lead has one end, and is held out as its mode says. Keeps books
//! of its own; trusts no prediction.

use std::collections::{BTreeMap, BTreeSet};

use super::ensure;
use crate::routing::attempt::Outcome;
use crate::routing::campaign::{CampaignMode, CampaignRun};
use crate::routing::event::Fact;
use crate::routing::ids::{AgentId, CampaignId, ContactId, LeadId, OfferId};

#[derive(Default)]
pub(super) struct Leads {
    campaigns: BTreeMap<CampaignId, (CampaignMode, CampaignRun)>,
    filed: BTreeMap<ContactId, Filed>,
    /// Calls that came in, and callbacks.
    others: BTreeSet<ContactId>,
    /// The lead whose end was the last word, and whose contact must end with the next.
    ended: Option<ContactId>,
    /// Held out to who is idle, and to be accepted by the next word.
    to_accept: Option<OfferId>,
}

struct Filed {
    campaign: CampaignId,
    lead: LeadId,
    only: Option<AgentId>,
    /// A supervisor gave it to one agent, whoever owns it.
    is_assigned: bool,
    on_line: bool,
    is_over: bool,
    /// So many agents were connected with him.
    talked: u32,
}

impl Leads {
    /// Takes one fact into the books.
    ///
    /// # Errors
    /// What it breaks.
    pub fn enter(&mut self, fact: &Fact) -> Result<(), String> {
        self.enter_what_follows(fact)?;
        self.enter_campaign(fact)?;
        self.enter_offer(fact)?;
        self.enter_stage(fact)?;
        self.enter_end(fact)?;
        self.enter_other(fact);
        Ok(())
    }

    /// # Errors
    /// What does not hold between two commands.
    pub fn check(&self) -> Result<(), String> {
        ensure(self.ended.is_none(), "a lead is over and its contact is not")?;
        ensure(self.to_accept.is_none(), "a lead was held out to who is idle, and not accepted for him")?;
        for filed in self.filed.values() {
            let run = self.campaigns[&filed.campaign].1;
            ensure(filed.on_line || run != CampaignRun::Stopped, "a stopped campaign has a lead that is not on line")?;
        }
        for (campaign, (_, run)) in &self.campaigns {
            let has_leads = self.filed.values().any(|filed| filed.campaign == *campaign);
            ensure(has_leads || *run != CampaignRun::Draining, "a campaign drains that has no lead")?;
        }
        Ok(())
    }

    fn enter_what_follows(&mut self, fact: &Fact) -> Result<(), String> {
        if let Some(over) = self.ended.take() {
            let ends = matches!(fact, Fact::ContactEnded { contact, .. } if *contact == over);
            ensure(ends, "a lead's end was told, and its contact did not end with the next word")?;
        }
        if let Some(offer) = self.to_accept.take() {
            let accepted = matches!(fact, Fact::ContactConnecting { offer: won, .. } if *won == offer);
            ensure(accepted, "a lead was held out to who is idle, and not accepted for him at once")?;
        }
        Ok(())
    }

    fn enter_campaign(&mut self, fact: &Fact) -> Result<(), String> {
        if let Fact::CampaignSet { campaign, rules } = fact {
            let known = self.campaigns.entry(campaign.clone()).or_insert((rules.mode, CampaignRun::Stopped));
            known.0 = rules.mode;
        }
        if let Fact::CampaignRunChanged { campaign, run } = fact {
            let known = self.campaigns.get_mut(campaign).ok_or("a campaign runs that was never set")?;
            let starts = known.1 != CampaignRun::Stopped || *run == CampaignRun::Running;
            ensure(known.1 != *run && starts, "a campaign went on that had not been started")?;
            known.1 = *run;
        }
        if let Fact::LeadFiled { contact, campaign, lead, agent, .. } = fact {
            let run = self.campaigns.get(campaign).map(|known| known.1);
            ensure(run == Some(CampaignRun::Running), "a lead was filed with a campaign that does not run")?;
            let twice = self.filed.values().any(|other| other.campaign == *campaign && other.lead == *lead);
            ensure(!twice, "a lead was filed twice")?;
            let (campaign, only) = (campaign.clone(), agent.clone());
            let filed =
                Filed { campaign, lead: *lead, only, on_line: false, is_assigned: false, is_over: false, talked: 0 };
            self.filed.insert(*contact, filed);
        }
        Ok(())
    }

    fn enter_offer(&mut self, fact: &Fact) -> Result<(), String> {
        if let Fact::ContactOffered { contact, offer, agent, rings, why, .. } = fact
            && let Some(filed) = self.filed.get(contact).filter(|filed| !filed.on_line)
        {
            let (mode, run) = self.campaigns[&filed.campaign];
            let runs = matches!(run, CampaignRun::Running | CampaignRun::Draining);
            ensure(runs, "a lead of a campaign that does not run was offered")?;
            ensure(why.taken == (mode == CampaignMode::Manual), "a lead was offered otherwise than its mode says")?;
            ensure(!rings, "a phone rings with a lead that nobody has called")?;
            let may = filed.is_assigned || filed.only.as_ref().is_none_or(|only| only == agent);
            ensure(may, "a lead was offered to who does not own it")?;
            self.to_accept = (mode == CampaignMode::Progressive).then_some(*offer);
        }
        if let Fact::ContactOffered { contact, why, .. } = fact
            && why.taken
        {
            let on_line = self.filed.get(contact).is_some_and(|filed| filed.on_line);
            ensure(
                !on_line && !self.others.contains(contact),
                "a call was taken that is no lead, or who is on the line",
            )?;
        }
        Ok(())
    }

    fn enter_stage(&mut self, fact: &Fact) -> Result<(), String> {
        if let Fact::ContactQueued { contact, direct, .. } = fact
            && let Some(filed) = self.filed.get_mut(contact)
        {
            filed.is_assigned = direct.is_some();
        }
        if let Fact::CustomerAnswered { contact } | Fact::ContactConnected { contact, .. } = fact
            && let Some(filed) = self.filed.get_mut(contact)
        {
            filed.on_line = true;
            filed.talked += u32::from(matches!(fact, Fact::ContactConnected { .. }));
        }
        Ok(())
    }

    /// Its end, which is told once.
    fn over(&mut self, contact: ContactId) -> Result<(), String> {
        let filed = self.filed.get_mut(&contact).ok_or("the end of what is no lead was told")?;
        ensure(!filed.is_over, "a lead's end was told twice")?;
        filed.is_over = true;
        self.ended = Some(contact);
        Ok(())
    }

    fn enter_end(&mut self, fact: &Fact) -> Result<(), String> {
        if let Fact::LeadReturned { contact, .. } | Fact::AttemptRefused { contact, .. } = fact {
            self.over(*contact)?;
        }
        if let Fact::AttemptEnded { contact, outcome, .. } = fact {
            let filed = self.filed.get(contact).ok_or("an attempt ended of what is no lead")?;
            let told = match (filed.on_line, filed.talked) {
                (true, 1..) => *outcome == Outcome::Answered,
                (true, 0) => *outcome == Outcome::Dropped,
                (false, _) => !matches!(outcome, Outcome::Answered | Outcome::Dropped),
            };
            ensure(told, "an attempt ended otherwise than it went")?;
            self.over(*contact)?;
        }
        if let Fact::ContactEnded { contact, .. } = fact
            && let Some(filed) = self.filed.remove(contact)
        {
            ensure(filed.is_over, "a lead's contact ended, and the lead's end was not told")?;
        }
        Ok(())
    }

    fn enter_other(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactArrived { contact, channel, .. } if channel.needs_phone() => {
                self.others.insert(*contact);
            }
            Fact::CallbackPromised { contact, .. } => {
                self.others.insert(*contact);
            }
            Fact::ContactEnded { contact, .. } => {
                self.others.remove(contact);
            }
            _other => {}
        }
    }
}

#[cfg(test)]
mod tests;
