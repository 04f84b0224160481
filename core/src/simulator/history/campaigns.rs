//! Makes up what campaigns need: their rules, leads as they are due, and what becomes of calls that are placed.
//! Checks nothing.

use std::sync::Arc;

use super::dice::Dice;
use super::messages::CALLERS;
use super::rule_sets::{ASKED, other_queue, skills};
use super::steps::Steps;
use crate::routing::campaign::{CampaignMode, CampaignRules, CampaignRun, PreviewEnd, PreviewRules};
use crate::routing::command::{Action, CallFailure, CallProgress, Direction, LegFailure};
use crate::routing::gateway::Lines;
use crate::routing::ids::{
    AgentId, CallListName, CampaignId, ContactId, EventNo, GatewayId, LeadId, OfferId, PersonId, QueueId, TeamId,
};
use crate::routing::personal::Address;
use crate::routing::rule_set::{Capacity, Channel, FirstCalled, Phone, PhoneMode, Reserve, RuleSet};
use crate::routing::skill::Skills;
use crate::routing::time::{Millis, Timestamp};
use crate::simulator::referee::model::{Contact, Model, Offer, Segment};

const CAMPAIGNS: [&str; 3] = ["spring", "debts", "survey"];
const MODES: [CampaignMode; 5] = [
    CampaignMode::Manual,
    CampaignMode::Preview,
    CampaignMode::Preview,
    CampaignMode::Progressive,
    CampaignMode::Progressive,
];
/// So few that one is often filed while it is here.
const LEADS: u64 = 30;

/// A centre that calls out: its queues serve calls, its agents are seldom kept from them.
pub(super) fn calls_out(dice: &mut Dice, rules: &mut RuleSet) {
    let names: Vec<QueueId> = rules.queues.keys().cloned().collect();
    for queue in rules.queues.values_mut() {
        let queue = Arc::make_mut(queue);
        queue.channels = if dice.chance(88) { Channel::ALL.to_vec() } else { vec![Channel::Email, Channel::Chat] };
        if dice.chance(85) {
            queue.agents = None;
        }
        if dice.chance(80) {
            queue.skills.clear();
        }
        if dice.chance(80) {
            (queue.exits.closed, queue.exits.closing, queue.exits.no_agents) = (None, None, None);
        }
        if dice.chance(60) {
            queue.wrap_up.max = Millis::ZERO;
        }
        if dice.chance(25) {
            let (queue_kept, agents) = (dice.one_of(&names), dice.one_of(&[1, 1, 2, 3]));
            queue.reserve = Some(Reserve { queue: queue_kept, agents });
        }
    }
    for agent in rules.agents.values_mut() {
        let agent = Arc::make_mut(agent);
        if dice.chance(80) {
            agent.capacity = Capacity::default();
        }
        if dice.chance(75) {
            agent.phone = Phone { mode: PhoneMode::Console, endpoint: None };
        }
    }
}

fn any_campaign(dice: &mut Dice) -> CampaignId {
    CampaignId::new(dice.one_of(&CAMPAIGNS)).expect("a short name")
}

impl Steps {
    /// Mostly one that was set.
    fn campaign(&mut self, model: &Model) -> CampaignId {
        let set: Vec<CampaignId> = model.campaigns.iter().map(|known| known.name.clone()).collect();
        let known = self.dice.pick(&set).cloned().filter(|_| self.dice.chance(90));
        known.unwrap_or_else(|| any_campaign(&mut self.dice))
    }

    /// More than is ever carried at once, mostly; sometimes not even one call.
    pub(super) fn lines_of_a_gateway(&mut self) -> Action {
        let calls_max = self.dice.chance(50).then(|| u32::try_from(self.dice.below(8)).expect("less than eight"));
        let kept_for_inbound = self.dice.one_of(&[0, 0, 1, 2]);
        Action::GatewayLines { gateway: self.gateway(), lines: Lines { calls_max, kept_for_inbound } }
    }

    /// Agents who are free again are who campaigns call for.
    fn ends_a_call(&mut self, model: &Model) -> Option<Action> {
        let owned = model.all_contacts().filter_map(|contact| Some((contact.owner()?, contact.id)));
        let talking: Vec<(AgentId, ContactId)> = owned
            .filter(|(owner, _)| owner.connected())
            .map(|(owner, contact)| (owner.agent.clone(), contact))
            .collect();
        let (agent, contact) = self.dice.pick(&talking).cloned()?;
        Some(Action::EndContact { agent, contact })
    }

    /// What a campaign, its agents, its gateway or whoever checks its calls does next.
    pub fn about_campaigns(&mut self, model: &Model, now: Timestamp) -> Action {
        if self.dice.chance([80, 30, 4, 4][model.campaigns.len()]) {
            return self.set_campaign(model);
        }
        if let Some(run) = self.run_campaign(model) {
            return run;
        }
        if self.dice.chance(8)
            && let Some(gateway) = self.gateway_of_a_lead(model)
        {
            return Action::AttachGateway { gateway };
        }
        if self.dice.chance(4) {
            return self.lines_of_a_gateway();
        }
        if self.dice.chance(12)
            && let Some(action) = self.ends_a_call(model)
        {
            return action;
        }
        if self.dice.chance(60)
            && let Some(action) = self.about_placed(model)
        {
            return action;
        }
        if self.dice.chance(55)
            && let Some(action) = self.about_lead_offer(model)
        {
            return action;
        }
        match self.dice.below(100) {
            0..62 => self.file_lead(model, now),
            62..72 => self.call_of_a_lead(model).unwrap_or_else(|| self.file_lead(model, now)),
            72..79 => {
                let (campaign, lead) = self.some_lead(model);
                Action::WithdrawLead { campaign, lead }
            }
            79..94 => self.take_lead(model),
            _rest => self.about_wrong_attempt(model, now),
        }
    }

    fn manager(&mut self) -> PersonId {
        PersonId::new(self.dice.one_of(&["lea", "max"])).expect("a short name")
    }

    fn set_campaign(&mut self, model: &Model) -> Action {
        let name = any_campaign(&mut self.dice);
        let known: Vec<QueueId> = model.rules.iter().flat_map(|rules| rules.queues.keys().cloned()).collect();
        let serves_no_calls = |queue: &&QueueId| !model.queue(queue).channels.contains(&Channel::Voice);
        let silent: Vec<QueueId> = known.iter().filter(serves_no_calls).cloned().collect();
        let from = if !silent.is_empty() && self.dice.chance(15) { &silent } else { &known };
        let queue = self.dice.pick(from).cloned().filter(|_| self.plausibly());
        let rules = CampaignRules {
            queue: queue.unwrap_or_else(|| other_queue(&mut self.dice)),
            mode: self.dice.one_of(&MODES),
            gateway: self.gateway(),
            caller_id: self.dice.chance(50).then(|| Address(Arc::from("+33180000000"))),
            first: self.dice.one_of(&[FirstCalled::Agent, FirstCalled::Customer]),
            ring_for: self.dice.one_of(&[Millis::seconds(1), Millis::seconds(5), Millis::seconds(30)]),
            preview: PreviewRules {
                time: self.dice.one_of(&[Millis(300), Millis::seconds(2), Millis::seconds(10), Millis::minutes(1)]),
                then: self.dice.one_of(&[PreviewEnd::Skip, PreviewEnd::Dial]),
            },
            dispositions: Vec::new(),
        };
        let same = model.campaign(&name).map(|known| Arc::clone(&known.rules)).filter(|_| self.dice.chance(15));
        Action::SetCampaign { by: self.manager(), campaign: name, rules: same.unwrap_or_else(|| Arc::new(rules)) }
    }

    /// Those that stand still are soon started again.
    fn run_campaign(&mut self, model: &Model) -> Option<Action> {
        use CampaignRun::{Draining, Paused, Running, Stopped};
        let still: Vec<CampaignId> = model
            .campaigns
            .iter()
            .filter(|known| matches!(known.run, Stopped | Paused))
            .map(|known| known.name.clone())
            .collect();
        let all_stand_still = still.len() == model.campaigns.len();
        if self.dice.chance(if all_stand_still { 70 } else { 25 })
            && let Some(campaign) = self.dice.pick(&still).cloned()
        {
            let run = if self.dice.chance(92) { Running } else { self.dice.one_of(&[Paused, Draining]) };
            return Some(Action::RunCampaign { by: self.manager(), campaign, run });
        }
        let run = self.dice.one_of(&[Paused, Draining, Stopped, Running]);
        let campaign = self.campaign(model);
        self.dice.chance(4).then(|| Action::RunCampaign { by: self.manager(), campaign, run })
    }

    fn gateway_of_a_lead(&mut self, model: &Model) -> Option<GatewayId> {
        let waiting: Vec<&Contact> = model.all_contacts().filter(|contact| contact.uncalled().is_some()).collect();
        self.dice.pick(&waiting).map(|contact| contact.gateway.clone())
    }

    /// Mostly by somebody who may have one.
    fn take_lead(&mut self, model: &Model) -> Action {
        let leads = model.all_contacts().filter_map(|contact| Some((contact, contact.lead.as_ref()?)));
        let could: Vec<(AgentId, CampaignId)> = leads
            .flat_map(|(contact, lead)| {
                let agents = model.agents.iter().filter(|agent| model.could_be_taken(agent, contact));
                agents.map(|agent| (agent.id.clone(), lead.campaign.clone())).collect::<Vec<_>>()
            })
            .collect();
        if self.dice.chance(75)
            && let Some((agent, campaign)) = self.dice.pick(&could).cloned()
        {
            return Action::TakeLead { agent, campaign };
        }
        Action::TakeLead { agent: self.known_agent(model), campaign: self.campaign(model) }
    }

    /// Whom a campaign calls: some call in as well.
    fn called_number(&mut self) -> Address {
        if self.dice.chance(35) {
            return Address(Arc::from(self.dice.one_of(&CALLERS)));
        }
        Address(Arc::from(format!("+336000003{:02}", self.dice.below(15))))
    }

    fn file_lead(&mut self, model: &Model, now: Timestamp) -> Action {
        let running = model.campaigns.iter().filter(|known| known.run == CampaignRun::Running);
        let running: Vec<CampaignId> = running.map(|known| known.name.clone()).collect();
        let picked = self.dice.pick(&running).cloned().filter(|_| self.plausibly());
        let agent = self.dice.chance(25).then(|| self.known_agent(model));
        let alone_for = [Millis(500), Millis::seconds(5), Millis::minutes(2)];
        let soon = [Millis(100), Millis::seconds(3), Millis::seconds(30), Millis::minutes(10)];
        let closes_in = if self.dice.chance(93) { self.dice.one_of(&soon) } else { Millis(-5) };
        Action::FileLead {
            campaign: picked.unwrap_or_else(|| self.campaign(model)),
            list: CallListName::new(self.dice.one_of(&["april", "may"])).expect("a short name"),
            lead: LeadId(self.dice.below(LEADS) as i64),
            to: self.called_number(),
            attributes: self.attributes(),
            skills: if self.dice.chance(15) { skills(&mut self.dice, 1, &ASKED) } else { Skills::new() },
            alone_for: self.dice.chance(50).then(|| self.dice.one_of(&alone_for)),
            agent,
            team: self.dice.chance(12).then(|| TeamId::new("day").expect("a short name")),
            closes_at: self.dice.chance(30).then(|| now + closes_in),
        }
    }

    /// Whom a campaign is to call calls himself.
    fn call_of_a_lead(&mut self, model: &Model) -> Option<Action> {
        let waiting: Vec<&Contact> = model.all_contacts().filter(|contact| contact.uncalled().is_some()).collect();
        let offered: Vec<&Contact> = waiting.iter().copied().filter(|lead| !lead.offers().is_empty()).collect();
        let picked = if offered.is_empty() { &waiting } else { &offered };
        let from = self.dice.pick(picked)?.from.clone();
        Some(Action::ContactArrived {
            gateway: self.gateway(),
            reference: self.reference(),
            channel: Channel::Voice,
            direction: Direction::Inbound,
            from,
            to: None,
            attributes: self.attributes(),
            event: self.message(),
        })
    }

    fn some_lead(&mut self, model: &Model) -> (CampaignId, LeadId) {
        let leads = model.all_contacts().filter_map(|contact| contact.lead.as_ref());
        let here: Vec<(CampaignId, LeadId)> = leads.map(|lead| (lead.campaign.clone(), lead.lead)).collect();
        let picked = self.dice.pick(&here).cloned().filter(|_| self.plausibly());
        picked.unwrap_or_else(|| (self.campaign(model), LeadId(self.dice.below(LEADS) as i64)))
    }

    /// What its gateway says of a call that is placed.
    fn about_placed(&mut self, model: &Model) -> Option<Action> {
        let placed: Vec<(GatewayId, EventNo, &Contact, &Segment)> = model
            .all_contacts()
            .filter(|contact| contact.lead.is_some() && contact.proposed().is_none())
            .filter_map(|contact| {
                let owner = contact.owner().filter(|owner| !owner.connected())?;
                Some((contact.gateway.clone(), contact.attempt?, contact, owner))
            })
            .collect();
        let (gateway, order, contact, segment) = self.dice.pick(&placed)?.clone();
        let event = self.message();
        if self.dice.chance(if contact.on_line { 60 } else { 12 }) {
            let reference = contact.reference.clone();
            return Some(Action::ContactConnected { gateway, reference, order: Some(segment.order), event });
        }
        let why = self.dice.one_of(&[
            CallFailure::Busy,
            CallFailure::NoAnswer,
            CallFailure::Rejected,
            CallFailure::Machine,
            CallFailure::Fax,
            CallFailure::InvalidNumber,
            CallFailure::Disconnected,
            CallFailure::Congestion,
            CallFailure::Failed,
            CallFailure::TimedOut,
        ]);
        let progress = match self.dice.below(100) {
            0..5 => CallProgress::Ringing,
            5..37 if !contact.on_line => CallProgress::Answered,
            37..85 if !contact.on_line => CallProgress::Failed { why },
            _rest => {
                let why = self.dice.one_of(&[LegFailure::Busy, LegFailure::NoAnswer, LegFailure::Failed]);
                return Some(Action::OrderFailed { gateway, order: segment.order, why, event });
            }
        };
        Some(Action::CallProgress { gateway, order, progress, event })
    }

    /// Of an agent who looks at a lead, mostly one whose number is in a call by now.
    fn about_lead_offer(&mut self, model: &Model) -> Option<Action> {
        let leads: Vec<&Contact> = model.all_contacts().filter(|contact| contact.lead.is_some()).collect();
        let in_call: Vec<&Contact> =
            leads.iter().copied().filter(|contact| model.number_is_in_call(contact) && !contact.on_line).collect();
        let from =
            if self.dice.chance(70) && in_call.iter().any(|lead| !lead.offers().is_empty()) { in_call } else { leads };
        let open: Vec<&Offer> = from.into_iter().flat_map(Contact::offers).collect();
        let open = self.dice.pick(&open).copied()?;
        let (agent, offer): (_, OfferId) = (open.agent.clone(), open.id);
        Some(match self.dice.below(10) {
            0..6 => Action::AcceptOffer { agent, offer },
            6..8 => Action::AcknowledgeOffer { agent, offer },
            _rest => Action::DeclineOffer { agent, offer, reason: None },
        })
    }
}
