//! What each event means for the referee's state. Decides nothing.

use std::sync::Arc;

use super::model::{
    Agent, Contact, ENDED_REF_KEPT, FORESEEN_END_KEPT, Gateway, GatewayState, Model, REQUESTS_KEPT, RememberedRef,
    Segment, SegmentState, Visit,
};
use crate::routing::command::Presence;
use crate::routing::event::{Event, Fact, OfferOutcome, Reach};
use crate::routing::gateway::Lines;
use crate::routing::ids::{AgentId, ContactId, GatewayId, SegmentId};
use crate::routing::rule_set::{AfterOffer, Channel, ChannelGroup, MissedOffers, RuleSet, WhileNotReady};
use crate::routing::time::{Millis, Timestamp};

impl Model {
    /// The only place where the state changes.
    pub fn apply(&mut self, event: &Event) {
        self.event_no += 1;
        self.last_at = event.at;
        if let Some(request) = &event.request {
            let known = self.requests.entry(request.by.clone()).or_default();
            if !known.contains(&request.id) {
                known.push_back(request.id);
                if known.len() > REQUESTS_KEPT {
                    known.pop_front();
                }
            }
        }
        self.tally(event);
        self.tally_lines(event);
        self.apply_to_site(event);
        self.apply_to_leaving(event);
        self.apply_to_agents(event);
        self.apply_to_visits(event);
        self.apply_to_segments(event);
        self.apply_to_legs(event);
        self.apply_to_consultations(event);
        self.apply_to_written(event);
        self.apply_to_orders(event);
        self.apply_to_leads(event);
        self.apply_to_proposals(event);
        self.apply_to_customers(event);
        self.apply_to_rising(event);
        self.apply_to_recordings(event);
        let about = event.fact.contact().and_then(|about| self.contacts.get_mut(&about));
        if let Some(visit) = about.and_then(|about| Arc::make_mut(about).visit.as_mut()) {
            visit.told_at = event.at;
        }
        self.contacts.retain(|_, contact| !contact.ended || !contact.segments.is_empty());
        self.tally_busy(event.at);
        self.tally_looking(event.at);
        self.tally_with_hours(event.at);
        self.fit_contacts();
    }

    fn apply_to_site(&mut self, event: &Event) {
        let at = event.at;
        match &event.fact {
            Fact::Resumed { down_for, grace_until } => self.resume(*down_for, *grace_until),
            Fact::ClockStepped { by } => self.wall_offset = self.wall_offset + *by,
            Fact::RulesReplaced { version, rules } => {
                self.version = *version;
                self.take_rules(rules);
            }
            Fact::GatewayAttached { gateway } => self.set_gateway(gateway, GatewayState::Attached),
            Fact::GatewayDetached { gateway, grace_until } => {
                self.set_gateway(gateway, GatewayState::Detached { grace_until: *grace_until });
            }
            Fact::GatewayLost { gateway } => self.set_gateway(gateway, GatewayState::Lost),
            Fact::GatewayLinesSet { gateway, lines } => {
                self.gateway_mut(gateway).lines = *lines;
            }
            Fact::InventoryCompared { gateway, missing, found, unknown } => {
                let known = self.gateway_mut(gateway);
                known.missing.extend(missing);
                known.missing.retain(|contact| !found.contains(contact));
                known.unknown.clone_from(unknown);
            }
            Fact::ContactArrived { gateway, reference, .. }
            | Fact::CallbackPromised { gateway, reference, .. }
            | Fact::LeadFiled { gateway, reference, .. }
            | Fact::ConsultationBegun { gateway, reference, .. } => {
                self.forget_refs(at);
                for known in self.gateways.iter_mut().filter(|known| known.id == *gateway) {
                    known.unknown.retain(|unknown| unknown != reference);
                }
            }
            Fact::EndForeseen { gateway, reference } => {
                self.forget_refs(at);
                self.remembered.push(RememberedRef {
                    gateway: gateway.clone(),
                    reference: reference.clone(),
                    contact: None,
                    until: at + FORESEEN_END_KEPT,
                });
            }
            Fact::ContactEnded { contact, .. } => {
                self.forget_refs(at);
                let contact = self.contact_mut(*contact);
                contact.ended = true;
                let remembered = RememberedRef {
                    gateway: contact.gateway.clone(),
                    reference: contact.reference.clone(),
                    contact: Some(contact.id),
                    until: at + ENDED_REF_KEPT,
                };
                for gateway in &mut self.gateways {
                    gateway.missing.retain(|missing| Some(*missing) != remembered.contact);
                }
                self.remembered.push(remembered);
            }
            Fact::AgentChanged { .. }
            | Fact::AgentBackedOff { .. }
            | Fact::BackOffEnded { .. }
            | Fact::DeviceChanged { .. }
            | Fact::CustomerAnswered { .. }
            | Fact::AttemptFailed { .. }
            | Fact::CallbackNotPlaced { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
            | Fact::ContactUpdated { .. }
            | Fact::ContactQueued { .. }
            | Fact::VisitChanged { .. }
            | Fact::VisitWidened { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { .. }
            | Fact::ExitFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::RecordingTold { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::ContactOffered { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::OfferEnded { .. }
            | Fact::ContactConnecting { .. }
            | Fact::ConnectFailed { .. }
            | Fact::ContactConnected { .. }
            | Fact::ContactHeld { .. }
            | Fact::ContactUnheld { .. }
            | Fact::SegmentSetAside { .. }
            | Fact::SegmentTakenUp { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactSuspended { .. }
            | Fact::ContactTakenUp { .. }
            | Fact::ContactTransferred { .. }
            | Fact::ContactReturned { .. }
            | Fact::WrapUpStarted { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::SegmentClosed { .. }
            | Fact::VisitEnded { .. }
            | Fact::VisitPrioritised { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::ContactTransferredOutside { .. }
            | Fact::TransferFailed { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ConsultationEnded { .. }
            | Fact::ContactHandedOver { .. }
            | Fact::LegLost { .. }
            | Fact::LegBack { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::CallbackProposed { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptProposed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptPlaced { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. } => {}
        }
    }

    fn resume(&mut self, down_for: Millis, grace_until: Timestamp) {
        self.grace_until = grace_until;
        for agent in &mut self.agents {
            agent.back_off = agent.back_off.map(|until| until + down_for);
            agent.reach = match agent.reach {
                Reach::Here | Reach::Away { .. } if agent.presence != Presence::Offline => {
                    Reach::Away { until: grace_until }
                }
                Reach::Here | Reach::Away { .. } => Reach::Gone,
                Reach::Unreachable { until } => Reach::Unreachable { until: until + down_for },
                Reach::Gone => Reach::Gone,
            };
        }
        for gateway in &mut self.gateways {
            gateway.state = match gateway.state {
                GatewayState::Attached | GatewayState::Detached { .. } => GatewayState::Detached { grace_until },
                GatewayState::Lost => GatewayState::Lost,
            };
        }
        for known in &mut self.remembered {
            known.until = known.until + down_for;
        }
        for caller in &mut self.dropped {
            caller.until = caller.until + down_for;
        }
        for contact in self.all_contacts_mut() {
            contact.gap_until = contact.gap_until.map(|until| until + down_for);
            contact.quiet_since = contact.quiet_since.map(|since| since + down_for);
            if let Some(visit) = &mut contact.visit {
                visit.paused = visit.paused + down_for;
                visit.limited_until = visit.limited_until.map(|until| until + down_for);
                if let Some(preferred) = &mut visit.preferred {
                    preferred.alone_until = preferred.alone_until.map(|until| until + down_for);
                }
                if let Some(direct) = &mut visit.direct {
                    direct.until = direct.until + down_for;
                }
            }
            for segment in &mut contact.segments {
                segment.state = match segment.state {
                    SegmentState::Connecting { connect_by } => {
                        SegmentState::Connecting { connect_by: connect_by + down_for }
                    }
                    SegmentState::Talking => SegmentState::Talking,
                    SegmentState::Held { since } => SegmentState::Held { since },
                    SegmentState::SetAside { since, by } => SegmentState::SetAside { since, by },
                    SegmentState::LegLost { since, until } => SegmentState::LegLost { since, until: until + down_for },
                    SegmentState::WrapUp { since, ends_at } => {
                        SegmentState::WrapUp { since, ends_at: ends_at + down_for }
                    }
                };
            }
        }
    }

    fn take_rules(&mut self, rules: &Arc<RuleSet>) {
        self.keep_taken(rules);
        self.mark_for_next_step(rules);
        for id in rules.queues.keys().filter(|id| !self.queues.contains_key(*id)) {
            self.queue_order.push(id.clone());
        }
        self.rules = Some(Arc::clone(rules));
        self.queues.extend(rules.queues.iter().map(|(id, queue)| (id.clone(), Arc::clone(queue))));
        for agent in &mut self.agents {
            agent.in_rules = false;
        }
        for (id, agent_rules) in &rules.agents {
            match self.agent_no(id) {
                Some(number) => {
                    self.agents[number].in_rules = true;
                    self.agents[number].rules = Arc::clone(agent_rules);
                }
                None => self.agents.push(Agent::new(id, agent_rules)),
            }
        }
        self.fitting = self.who_fits();
        self.all_contacts_mut().for_each(|contact| contact.fitted = None);
    }

    pub(super) fn set_gateway(&mut self, id: &GatewayId, state: GatewayState) {
        match self.gateways.iter_mut().find(|known| known.id == *id) {
            Some(known) => known.state = state,
            None => self.gateways.push(Gateway {
                id: id.clone(),
                state,
                lines: Lines::default(),
                missing: std::collections::BTreeSet::new(),
                unknown: Vec::new(),
            }),
        }
    }

    fn gateway_mut(&mut self, id: &GatewayId) -> &mut Gateway {
        let known = self.gateways.iter_mut().find(|known| known.id == *id);
        known.expect("a gateway attaches before it tells anything")
    }

    fn forget_refs(&mut self, at: Timestamp) {
        self.remembered.retain(|known| known.until > at);
    }

    fn apply_to_agents(&mut self, event: &Event) {
        let at = event.at;
        match &event.fact {
            Fact::AgentChanged { agent, presence, next, reach, responding, .. } => {
                let not_ready = self.site().idle_clock.not_ready;
                let agent = self.agent_mut(agent);
                move_idle_clock(agent, presence, at, not_ready);
                agent.presence.clone_from(presence);
                agent.next.clone_from(next);
                agent.reach = *reach;
                agent.responding = *responding;
                if *presence == Presence::Offline || !responding {
                    agent.misses = MissedOffers([0; ChannelGroup::COUNT]);
                }
            }
            Fact::AgentBackedOff { agent, until, .. } => self.agent_mut(agent).back_off = Some(*until),
            Fact::BackOffEnded { agent } => self.agent_mut(agent).back_off = None,
            Fact::DeviceChanged { agent, state, .. } => self.agent_mut(agent).device = *state,
            Fact::OfferEnded { contact, agent, outcome, .. } => {
                let clock = self.site().idle_clock;
                let resets = match outcome {
                    OfferOutcome::Declined { .. } => clock.declined == AfterOffer::Resets,
                    OfferOutcome::Expired => clock.missed == AfterOffer::Resets,
                    OfferOutcome::Rescinded => clock.rescinded == AfterOffer::Resets,
                    OfferOutcome::LegFailed { .. } => true,
                    OfferOutcome::Revoked { .. } => false,
                };
                if resets {
                    self.agent_mut(agent).idle_from(at);
                }
                if *outcome == OfferOutcome::Expired {
                    let alike = group_of(self.contacts[contact].channel);
                    self.agent_mut(agent).misses.0[alike] += 1;
                }
            }
            Fact::ContactConnecting { agent, .. } => {
                self.agent_mut(agent).misses = MissedOffers([0; ChannelGroup::COUNT]);
            }
            Fact::ConnectFailed { agent, .. } | Fact::SegmentClosed { agent, connected: true, .. } => {
                self.agent_mut(agent).idle_from(at);
            }
            Fact::ContactConnected { agent, .. } => self.agent_mut(agent).served += 1,
            Fact::Resumed { .. }
            | Fact::ClockStepped { .. }
            | Fact::RulesReplaced { .. }
            | Fact::GatewayAttached { .. }
            | Fact::GatewayDetached { .. }
            | Fact::GatewayLost { .. }
            | Fact::GatewayLinesSet { .. }
            | Fact::InventoryCompared { .. }
            | Fact::ContactArrived { .. }
            | Fact::CallbackPromised { .. }
            | Fact::CustomerAnswered { .. }
            | Fact::AttemptFailed { .. }
            | Fact::CallbackNotPlaced { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
            | Fact::ContactUpdated { .. }
            | Fact::ContactQueued { .. }
            | Fact::VisitChanged { .. }
            | Fact::VisitWidened { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { .. }
            | Fact::ExitFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::RecordingTold { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::ContactOffered { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::ContactHeld { .. }
            | Fact::ContactUnheld { .. }
            | Fact::SegmentSetAside { .. }
            | Fact::SegmentTakenUp { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactSuspended { .. }
            | Fact::ContactTakenUp { .. }
            | Fact::ContactTransferred { .. }
            | Fact::ContactReturned { .. }
            | Fact::WrapUpStarted { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::SegmentClosed { connected: false, .. }
            | Fact::VisitEnded { .. }
            | Fact::ContactEnded { .. }
            | Fact::VisitPrioritised { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::ContactTransferredOutside { .. }
            | Fact::TransferFailed { .. }
            | Fact::ConsultationBegun { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ConsultationEnded { .. }
            | Fact::ContactHandedOver { .. }
            | Fact::LegLost { .. }
            | Fact::LegBack { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::LeadFiled { .. }
            | Fact::CallbackProposed { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptProposed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptPlaced { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. }
            | Fact::EndForeseen { .. } => {}
        }
    }

    pub(super) fn number_given(&mut self, number: u64) {
        self.last_number = self.last_number.max(number);
    }

    pub(super) fn agent_mut(&mut self, agent: &AgentId) -> &mut Agent {
        self.agents.iter_mut().find(|known| known.id == *agent).expect("events name known agents only")
    }

    pub(super) fn contact_mut(&mut self, contact: ContactId) -> &mut Contact {
        Arc::make_mut(self.contacts.get_mut(&contact).expect("events name known contacts only"))
    }

    pub(super) fn visit_mut(&mut self, contact: ContactId) -> &mut Visit {
        self.contact_mut(contact).visit.as_mut().expect("the contact has an open visit")
    }

    pub(super) fn segment_mut(&mut self, segment: SegmentId) -> &mut Segment {
        let has_it = |contact: &&Contact| contact.segments.iter().any(|open| open.id == segment);
        let contact = self.all_contacts().find(has_it).expect("events name open segments only").id;
        let mut segments = self.contact_mut(contact).segments.iter_mut();
        segments.find(|open| open.id == segment).expect("it was found there")
    }
}

/// The idle clock runs while the agent is available, and else as the site says; log-in starts it anew.
fn move_idle_clock(agent: &mut Agent, presence: &Presence, at: Timestamp, not_ready: WhileNotReady) {
    let available = *presence == Presence::Available;
    if agent.presence == Presence::Offline && *presence != Presence::Offline {
        agent.idle_since = at;
        agent.paused_at = (!available).then_some(at);
        agent.served = 0;
    } else if agent.presence == Presence::Available && !available {
        agent.paused_at = Some(at);
    } else if agent.presence != Presence::Available && available {
        let paused_at = agent.paused_at.take().unwrap_or(at);
        agent.idle_since = match not_ready {
            WhileNotReady::Pauses => agent.idle_since + at.since(paused_at),
            WhileNotReady::Runs => agent.idle_since,
            WhileNotReady::Resets => at,
        };
    }
}

/// The place of the channel's group among the numbers of misses.
pub(super) fn group_of(channel: Channel) -> usize {
    match channel {
        Channel::Voice | Channel::Callback => 0,
        Channel::Chat => 1,
        Channel::Email | Channel::Task => 2,
    }
}
