//! The names of what campaigns and their leads can come to. Counts nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::routing::attempt::{NotPlaced, Outcome, ReturnedWhy};
use crate::routing::campaign::CampaignRun;
use crate::routing::event::{Event, Fact};
use crate::routing::hold::Hold;
use crate::routing::ids::{ContactId, OfferId};
use crate::routing::time::Timestamp;
use crate::simulator::referee::model::{Contact, Model};

/// Events of campaigns, what else comes of leads, what holds them, and what is refused.
pub const CAMPAIGN_KINDS: [&str; 63] = [
    "campaign_set",
    "campaign_run_changed",
    "lead_filed",
    "attempt_proposed",
    "attempt_cleared",
    "attempt_placed",
    "campaign.changed",
    "campaign.paused",
    "campaign.drains",
    "campaign.drained",
    "campaign.stopped",
    "lead.of_an_owner",
    "lead.promised_by_an_agent",
    "lead.of_a_team",
    "lead.closes",
    "lead.taken",
    "lead.dialled_at_the_end",
    "lead.offered_on_line",
    "attempt.over_a_restart",
    "lead_promised",
    "promise.for_himself",
    "promise.for_anybody",
    "promise.from_wrap_up",
    "returned.skipped",
    "returned.not_previewed",
    "returned.window_closed",
    "returned.withdrawn",
    "returned.campaign_stopped",
    "returned.customer_called_in",
    "not_placed.by_the_check",
    "not_placed.not_checked",
    "not_placed.no_line",
    "not_placed.no_agent",
    "not_placed.lead_closed",
    "outcome.answered",
    "outcome.no_answer",
    "outcome.busy",
    "outcome.rejected",
    "outcome.machine",
    "outcome.fax",
    "outcome.invalid_number",
    "outcome.disconnected",
    "outcome.congestion",
    "outcome.carrier_error",
    "outcome.dropped",
    "outcome.unknown",
    "held.campaign_paused",
    "held.by_hand",
    "held.number_in_call",
    "held.callback_in_call",
    "held.no_line",
    "held.callback_without_a_line",
    "held.customer_in_call",
    "held.reserved_for_inbound",
    "refused.unknown_campaign",
    "refused.campaign_not_running",
    "refused.no_lead",
    "refused.number_in_call",
    "refused.no_line",
    "refused.queue_without_calls",
    "refused.campaign_not_started",
    "refused.campaign_not_by_hand",
    "refused.closed_already",
];

fn of_return(why: ReturnedWhy) -> &'static str {
    match why {
        ReturnedWhy::Skipped => "returned.skipped",
        ReturnedWhy::NotPreviewed => "returned.not_previewed",
        ReturnedWhy::WindowClosed => "returned.window_closed",
        ReturnedWhy::Withdrawn => "returned.withdrawn",
        ReturnedWhy::CampaignStopped => "returned.campaign_stopped",
        ReturnedWhy::CustomerCalledIn => "returned.customer_called_in",
    }
}

fn of_refused_attempt(why: NotPlaced) -> &'static str {
    match why {
        NotPlaced::Dnc
        | NotPlaced::NoConsent
        | NotPlaced::OutOfWindow
        | NotPlaced::NoZone
        | NotPlaced::Cap
        | NotPlaced::ListInactive
        | NotPlaced::InProgress => "not_placed.by_the_check",
        NotPlaced::LeadClosed => "not_placed.lead_closed",
        NotPlaced::NotChecked => "not_placed.not_checked",
        NotPlaced::NoLine => "not_placed.no_line",
        NotPlaced::NoAgent => "not_placed.no_agent",
    }
}

fn of_outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "outcome.answered",
        Outcome::NoAnswer => "outcome.no_answer",
        Outcome::Busy => "outcome.busy",
        Outcome::Rejected => "outcome.rejected",
        Outcome::Machine | Outcome::MachineMessageLeft => "outcome.machine",
        Outcome::Fax => "outcome.fax",
        Outcome::InvalidNumber => "outcome.invalid_number",
        Outcome::Disconnected => "outcome.disconnected",
        Outcome::Congestion => "outcome.congestion",
        Outcome::CarrierError => "outcome.carrier_error",
        Outcome::Dropped => "outcome.dropped",
        Outcome::CustomerHungUpEarly | Outcome::Unknown => "outcome.unknown",
    }
}

/// What was told of campaigns so far, as far as kinds of later news hang on it.
#[derive(Default)]
pub(crate) struct CampaignNews {
    set: BTreeSet<String>,
    draining: BTreeSet<String>,
    /// Leads, with whether they are on the line.
    leads: BTreeMap<ContactId, bool>,
    /// Offers of leads, with when their time is over.
    offers: BTreeMap<OfferId, Timestamp>,
    /// Leads with a call that is proposed or placed.
    called: BTreeSet<ContactId>,
}

impl CampaignNews {
    /// The kinds of news that the event is.
    pub fn of(&mut self, event: &Event) -> Vec<&'static str> {
        let mut kinds = Vec::new();
        match &event.fact {
            Fact::CampaignSet { campaign, .. } => {
                let is_new = self.set.insert(campaign.to_string());
                kinds.extend((!is_new).then_some("campaign.changed"));
            }
            Fact::CampaignRunChanged { campaign, run } => {
                let drained = self.draining.remove(campaign.as_str());
                kinds.extend(match run {
                    CampaignRun::Running => None,
                    CampaignRun::Paused => Some("campaign.paused"),
                    CampaignRun::Draining => Some("campaign.drains"),
                    CampaignRun::Stopped if drained && event.by.is_none() => Some("campaign.drained"),
                    CampaignRun::Stopped => Some("campaign.stopped"),
                });
                if *run == CampaignRun::Draining {
                    self.draining.insert(campaign.to_string());
                }
            }
            Fact::LeadFiled { contact, agent, team, closes_at, .. } => {
                self.leads.insert(*contact, false);
                kinds.extend(agent.as_ref().map(|_| "lead.of_an_owner"));
                kinds.extend(team.as_ref().map(|_| "lead.of_a_team"));
                kinds.extend(closes_at.map(|_| "lead.closes"));
            }
            Fact::ContactQueued { contact, preferred: Some(_), .. } if self.leads.contains_key(contact) => {
                kinds.push("lead.promised_by_an_agent");
            }
            Fact::ContactOffered { contact, offer, expires_at, why, .. } => match self.leads.get(contact) {
                Some(true) => kinds.push("lead.offered_on_line"),
                Some(false) => {
                    self.offers.insert(*offer, *expires_at);
                    kinds.extend(why.taken.then_some("lead.taken"));
                }
                None => {}
            },
            Fact::ContactConnecting { offer, .. } => {
                let at_the_end = self.offers.remove(offer) == Some(event.at);
                kinds.extend(at_the_end.then_some("lead.dialled_at_the_end"));
            }
            Fact::CustomerAnswered { contact } | Fact::ContactConnected { contact, .. } => {
                self.leads.entry(*contact).and_modify(|on_line| *on_line = true);
            }
            Fact::AttemptProposed { contact, .. } => {
                self.called.insert(*contact);
            }
            Fact::Resumed { .. } if !self.called.is_empty() => kinds.push("attempt.over_a_restart"),
            Fact::LeadPromised { contact, by, .. } => {
                kinds.push(if by.is_some() { "promise.for_himself" } else { "promise.for_anybody" });
                kinds.extend((!self.leads.contains_key(contact)).then_some("promise.from_wrap_up"));
            }
            Fact::LeadReturned { why, .. } => kinds.push(of_return(*why)),
            Fact::AttemptRefused { why, .. } => kinds.push(of_refused_attempt(*why)),
            Fact::AttemptEnded { outcome, .. } => kinds.push(of_outcome(*outcome)),
            Fact::ContactEnded { contact, .. } => {
                self.leads.remove(contact);
                self.called.remove(contact);
            }
            _other => {}
        }
        kinds
    }
}

/// What holds leads and callbacks now.
pub(crate) fn of_holds(model: &Model) -> BTreeSet<&'static str> {
    let mut kinds = BTreeSet::new();
    let called = |contact: &&Contact| contact.uncalled().is_some() || contact.is_to_be_called_back();
    for contact in model.all_contacts().filter(called) {
        let Some(visit) = model.up_for_offers(contact) else { continue };
        let present = model.agents.iter().filter(|agent| model.admits(agent, contact, visit));
        let holds: Vec<Hold> = present.filter_map(|agent| model.hold_between(agent, contact, visit)).collect();
        kinds.extend(holds.iter().filter_map(|hold| match hold {
            Hold::CampaignPaused => Some("held.campaign_paused"),
            Hold::ByHand => Some("held.by_hand"),
            Hold::NumberInCall if contact.is_to_be_called_back() => Some("held.callback_in_call"),
            Hold::NumberInCall => Some("held.number_in_call"),
            Hold::NoLine if contact.is_to_be_called_back() => Some("held.callback_without_a_line"),
            Hold::NoLine => Some("held.no_line"),
            Hold::ReservedForInbound => Some("held.reserved_for_inbound"),
            _other => None,
        }));
        let by_number = model.number_is_in_call(&Contact { customer: None, ..contact.clone() });
        let by_customer = holds.contains(&Hold::NumberInCall) && !by_number;
        kinds.extend(by_customer.then_some("held.customer_in_call"));
    }
    kinds
}
