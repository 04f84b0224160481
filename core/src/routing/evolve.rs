//! How each fact changes the state: the only place where it changes. Decides nothing.

use std::sync::Arc;

use super::event::{DirectTo, Event, Fact, Preference};
use super::ids::{AgentId, ContactId, Request};
use super::lane::OrderKey;
use super::state::{Queue, REQUESTS_REMEMBERED, State};
use super::table::{AgentNo, GatewayNo, QueueNo};
use super::time::{Millis, Timestamp};
use super::visit::{Behind, Direct, Preferred};

impl State {
    /// Applies one event.
    ///
    /// # Panics
    /// When the event cannot follow what came before: the journal is not this router's.
    pub(super) fn apply(&mut self, event: &Event) {
        self.event_no = self.event_no.plus(1);
        self.last_at = event.at;
        if let Some(request) = &event.request {
            self.remember(request, event.fact.contact());
        }
        self.apply_fact(&event.fact, event.at);
    }

    fn remember(&mut self, request: &Request, contact: Option<ContactId>) {
        let done = self.requests.entry(request.by.clone()).or_default();
        match done.back_mut() {
            Some((id, about)) if *id == request.id => *about = about.or(contact),
            Some(_) | None => {
                if done.len() == REQUESTS_REMEMBERED {
                    done.pop_front();
                }
                done.push_back((request.id, contact));
            }
        }
    }

    fn apply_fact(&mut self, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::Resumed { .. }
            | Fact::ClockStepped { .. }
            | Fact::RulesReplaced { .. }
            | Fact::GatewayAttached { .. }
            | Fact::GatewayDetached { .. }
            | Fact::GatewayLost { .. }
            | Fact::GatewayLinesSet { .. }
            | Fact::InventoryCompared { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::EndForeseen { .. } => self.apply_to_site(fact, at),
            Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::LeadFiled { .. }
            | Fact::CallbackProposed { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptProposed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptPlaced { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. } => self.apply_to_lead(fact, at),
            Fact::AgentChanged { .. }
            | Fact::AgentBackedOff { .. }
            | Fact::BackOffEnded { .. }
            | Fact::DeviceChanged { .. } => self.apply_to_agent(fact, at),
            Fact::ContactArrived { .. }
            | Fact::CallbackPromised { .. }
            | Fact::CustomerAnswered { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
            | Fact::ContactUpdated { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { .. }
            | Fact::ExitFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::RecordingTold { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactTakenUp { .. }
            | Fact::ContactEnded { .. } => self.apply_to_contact(fact, at),
            Fact::ContactQueued { .. }
            | Fact::VisitChanged { .. }
            | Fact::VisitWidened { .. }
            | Fact::VisitPrioritised { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::ContactOffered { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::OfferEnded { .. }
            | Fact::VisitEnded { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. } => self.apply_to_visit(fact, at),
            Fact::ConsultationBegun { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ConsultationEnded { .. }
            | Fact::ContactHandedOver { .. } => self.apply_to_consultation(fact, at),
            Fact::AttemptFailed { .. }
            | Fact::CallbackNotPlaced { .. }
            | Fact::LegLost { .. }
            | Fact::LegBack { .. }
            | Fact::ContactConnecting { .. }
            | Fact::ConnectFailed { .. }
            | Fact::ContactConnected { .. }
            | Fact::ContactHeld { .. }
            | Fact::ContactUnheld { .. }
            | Fact::SegmentSetAside { .. }
            | Fact::SegmentTakenUp { .. }
            | Fact::ContactSuspended { .. }
            | Fact::ContactTransferred { .. }
            | Fact::ContactTransferredOutside { .. }
            | Fact::TransferFailed { .. }
            | Fact::ContactReturned { .. }
            | Fact::WrapUpStarted { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::SegmentClosed { .. } => self.apply_to_segment(fact, at),
        }
    }

    pub(super) fn note_gateway_event(&mut self, gateway: GatewayNo, number: u64) {
        let gateway = &mut self.gateways[gateway.position()];
        gateway.last_event = gateway.last_event.max(number);
    }

    pub(super) fn direct(&mut self, direct: &DirectTo) -> Direct {
        let DirectTo { agent, until, behind, skills, priority } = direct;
        let queue = self.queue_entry_no(behind);
        Direct {
            agent: self.agent_no(agent).expect("a direct visit names an agent of the rules"),
            until: *until,
            behind: Behind { queue, skills: Arc::new(skills.clone()), priority: *priority },
        }
    }

    /// The place of a waiting visit with another priority.
    pub(super) fn key_of(&self, contact: ContactId, priority: i32) -> OrderKey {
        let visit = self.contacts[&contact].visit.as_ref().expect("events about a visit come while it is open");
        self.order_key(contact, visit.queue, priority, visit.ordered_since)
    }

    /// The place a contact has in a queue.
    pub(super) fn order_key(
        &self,
        contact: ContactId,
        queue: QueueNo,
        priority: i32,
        ordered_since: Timestamp,
    ) -> OrderKey {
        let found = &self.contacts[&contact];
        if found.is_first {
            return OrderKey::first(contact, ordered_since);
        }
        let Queue { rules, is_raised, .. } = self.queue(queue);
        let by_channel = || u8::try_from(self.rules.site.channel_tier.of(found.channel)).unwrap_or(u8::MAX);
        let tier = rules.tier.unwrap_or_else(by_channel);
        let tier = if *is_raised { tier.saturating_sub(1).max(1) } else { tier };
        let head_start = Millis(i64::from(priority) * rules.priority_step.0 + rules.weight.0);
        let head_start = if rules.strict { Millis::ZERO } else { head_start };
        let place = self.place(queue, found.channel, ordered_since, head_start);
        let strictly_by = rules.strict.then_some(priority);
        OrderKey::new(contact, tier, strictly_by, place, ordered_since)
    }

    pub(super) fn preferred(&self, preference: &Preference) -> Preferred {
        let agent = self.agent_no(&preference.agent).expect("a preference names an agent of the rules");
        Preferred { agent, alone_until: preference.alone_until }
    }

    pub(super) fn agents_no(&self, agents: &[AgentId]) -> smallvec::SmallVec<[AgentNo; 2]> {
        agents.iter().map(|agent| self.agent_no(agent).expect("events name agents of the rules")).collect()
    }

    pub(super) fn gave(&mut self, number: u64) {
        self.next_id = self.next_id.max(number + 1);
    }
}
