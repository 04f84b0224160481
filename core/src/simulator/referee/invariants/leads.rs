//! What must hold of campaigns, whoever decides: each lead has one end, nothing is placed that was not cleared, no
//! two calls are made to one number. Keeps books of its own; trusts no prediction.

use std::collections::{BTreeMap, BTreeSet};

use super::ensure;
use crate::routing::attempt::Outcome;
use crate::routing::campaign::{CampaignMode, CampaignRun};
use crate::routing::event::Fact;
use crate::routing::ids::{AgentId, AttemptId, CampaignId, ContactId, LeadId, OfferId, SegmentId};
use crate::routing::personal::{Address, PersonalDetails};

#[derive(Default)]
pub(super) struct Leads {
    campaigns: BTreeMap<CampaignId, (CampaignMode, CampaignRun)>,
    filed: BTreeMap<ContactId, Filed>,
    /// Of calls and callbacks that live, with whether they are on the line or being connected.
    calls: BTreeMap<ContactId, Call>,
    /// Attempts that were ever proposed.
    attempts: BTreeSet<AttemptId>,
    connecting: BTreeMap<SegmentId, ContactId>,
    /// The lead whose end was the last word, and whose contact must end with the next.
    ended: Option<ContactId>,
    /// Connecting for a lead, which must be proposed next, but for what is set aside.
    to_propose: Option<ContactId>,
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
    stage: Stage,
    /// So many agents were connected with him.
    talked: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Waiting,
    Proposed(AttemptId),
    Cleared(AttemptId),
    Placed(AttemptId),
    Over,
}

struct Call {
    number: Option<Address>,
    on_line: bool,
    connecting: bool,
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
        self.enter_call(fact);
        Ok(())
    }

    /// # Errors
    /// What does not hold between two commands.
    pub fn check(&self) -> Result<(), String> {
        ensure(self.ended.is_none(), "a lead is over and its contact is not")?;
        ensure(self.to_propose.is_none(), "a lead is connected and was not proposed")?;
        ensure(self.to_accept.is_none(), "a lead was held out to who is idle, and not accepted for him")?;
        for filed in self.filed.values() {
            let run = self.campaigns[&filed.campaign].1;
            ensure(filed.on_line || run != CampaignRun::Stopped, "a stopped campaign has a lead that is not on line")?;
            ensure(!matches!(filed.stage, Stage::Cleared(_)), "an attempt was cleared and not placed")?;
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
        if let Some(contact) = self.to_propose
            && !matches!(fact, Fact::SegmentSetAside { .. })
        {
            let proposed = matches!(fact, Fact::AttemptProposed { contact: of, .. } if *of == contact);
            ensure(proposed, "a lead was connected, and not proposed at once")?;
            self.to_propose = None;
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
            let filed = Filed {
                campaign,
                lead: *lead,
                only,
                on_line: false,
                is_assigned: false,
                stage: Stage::Waiting,
                talked: 0,
            };
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
            self.ensure_alone(*contact)?;
            self.to_accept = (mode == CampaignMode::Progressive).then_some(*offer);
        }
        if let Fact::ContactOffered { contact, why, .. } = fact
            && why.taken
            && self.calls.contains_key(contact)
        {
            let waits = self.filed.get(contact).is_some_and(|filed| !filed.on_line);
            ensure(waits, "a call was taken that is no lead, or one who is on the line")?;
        }
        Ok(())
    }

    fn enter_stage(&mut self, fact: &Fact) -> Result<(), String> {
        if let Fact::ContactQueued { contact, direct, .. } = fact
            && let Some(filed) = self.filed.get_mut(contact)
        {
            filed.is_assigned = direct.is_some();
        }
        if let Fact::ContactConnecting { contact, .. } = fact
            && self.filed.get(contact).is_some_and(|filed| !filed.on_line)
        {
            self.ensure_alone(*contact)?;
            self.to_propose = Some(*contact);
        }
        if let Fact::AttemptProposed { attempt, contact, .. } = fact {
            ensure(self.attempts.insert(*attempt), "an attempt was proposed twice")?;
            self.step(*contact, Stage::Waiting, Stage::Proposed(*attempt))?;
        }
        if let Fact::AttemptCleared { attempt, contact } = fact {
            self.step(*contact, Stage::Proposed(*attempt), Stage::Cleared(*attempt))?;
        }
        if let Fact::AttemptPlaced { attempt, contact, segment, .. } = fact {
            let of_it = self.connecting.get(segment) == Some(contact);
            ensure(of_it, "an attempt was placed for an agent who is not being connected")?;
            self.step(*contact, Stage::Cleared(*attempt), Stage::Placed(*attempt))?;
        }
        if let Fact::CustomerAnswered { contact } | Fact::ContactConnected { contact, .. } = fact
            && let Some(filed) = self.filed.get_mut(contact)
        {
            ensure(matches!(filed.stage, Stage::Placed(_)), "a lead answered whom nobody has called")?;
            filed.on_line = true;
            filed.talked += u32::from(matches!(fact, Fact::ContactConnected { .. }));
        }
        Ok(())
    }

    fn step(&mut self, contact: ContactId, from: Stage, to: Stage) -> Result<(), String> {
        let filed = self.filed.get_mut(&contact).ok_or("an attempt was made of what is no lead")?;
        ensure(filed.stage == from, &format!("an attempt went from {:?} to {to:?}", filed.stage))?;
        filed.stage = to;
        Ok(())
    }

    fn enter_end(&mut self, fact: &Fact) -> Result<(), String> {
        if let Fact::LeadReturned { contact, .. } = fact {
            self.step(*contact, Stage::Waiting, Stage::Over)?;
            self.ended = Some(*contact);
        }
        if let Fact::AttemptRefused { contact, attempt, .. } = fact {
            self.step(*contact, Stage::Proposed(*attempt), Stage::Over)?;
            self.ended = Some(*contact);
        }
        if let Fact::AttemptEnded { contact, attempt, outcome, .. } = fact {
            let filed = self.filed.get(contact).ok_or("an attempt ended of what is no lead")?;
            let told = match (filed.on_line, filed.talked) {
                (true, 1..) => *outcome == Outcome::Answered,
                (true, 0) => *outcome == Outcome::Dropped,
                (false, _) => !matches!(outcome, Outcome::Answered | Outcome::Dropped),
            };
            ensure(told, "an attempt ended otherwise than it went")?;
            self.step(*contact, Stage::Placed(*attempt), Stage::Over)?;
            self.ended = Some(*contact);
        }
        if let Fact::ContactEnded { contact, .. } = fact
            && let Some(filed) = self.filed.remove(contact)
        {
            ensure(filed.stage == Stage::Over, "a lead's contact ended, and the lead's end was not told")?;
        }
        Ok(())
    }

    /// Calls and callbacks, by what is told of them.
    fn enter_call(&mut self, fact: &Fact) {
        let number = |details: &PersonalDetails| details.plain().and_then(|details| details.from.clone());
        match fact {
            Fact::ContactArrived { contact, channel, details, .. } if channel.needs_phone() => {
                let call = Call { number: number(details), on_line: true, connecting: false };
                self.calls.insert(*contact, call);
            }
            Fact::CallbackPromised { contact, details, .. } | Fact::LeadFiled { contact, details, .. } => {
                let call = Call { number: number(details), on_line: false, connecting: false };
                self.calls.insert(*contact, call);
            }
            Fact::ContactConnecting { contact, segment, .. } => {
                self.connecting.insert(*segment, *contact);
                self.change(*contact, |call| call.connecting = true);
            }
            Fact::ConnectFailed { contact, segment, .. } | Fact::AttemptFailed { contact, segment, .. } => {
                self.connecting.remove(segment);
                self.change(*contact, |call| call.connecting = false);
            }
            Fact::CustomerAnswered { contact } => self.change(*contact, |call| call.on_line = true),
            Fact::ContactConnected { contact, segment, .. } => {
                self.connecting.remove(segment);
                self.change(*contact, |call| (call.on_line, call.connecting) = (true, false));
            }
            Fact::SegmentClosed { segment, .. } => {
                self.connecting.remove(segment);
            }
            Fact::ContactEnded { contact, .. } => {
                self.calls.remove(contact);
            }
            _other => {}
        }
    }

    fn change(&mut self, contact: ContactId, change: impl FnOnce(&mut Call)) {
        if let Some(call) = self.calls.get_mut(&contact) {
            change(call);
        }
    }

    /// Nobody else speaks with this number, or calls it.
    fn ensure_alone(&self, contact: ContactId) -> Result<(), String> {
        let number = &self.calls[&contact].number;
        let busy = |call: &Call| call.number.is_some() && call.number == *number && (call.on_line || call.connecting);
        let others = self.calls.iter().any(|(other, call)| *other != contact && busy(call));
        ensure(!others, "a lead was offered or called whose number is in another call")
    }
}

#[cfg(test)]
mod tests;
