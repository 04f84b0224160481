//! How the server's return and new rules change the state. Part of `evolve`; decides nothing.

use std::sync::Arc;

use super::agent::Agent;
use super::command::Presence;
use super::event::{Fact, Reach};
use super::gateway::Link;
use super::hold::BackOff;
use super::ids::{ContactId, QueueId};
use super::rule_set::{ChannelGroup, RuleSet, StepRules, WaitingContacts};
use super::segment::SegmentState;
use super::state::{Queue, State};
use super::time::{Millis, Timestamp};
use super::visit::Contact;

impl State {
    /// The server, its rules, its gateways.
    pub(super) fn apply_to_site(&mut self, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::Resumed { down_for, grace_until } => self.resume(*down_for, *grace_until),
            Fact::ClockStepped { by } => self.wall_offset = self.wall_offset + *by,
            Fact::RulesReplaced { version, rules } => {
                self.rules_version = *version;
                self.replace_rules(rules);
            }
            Fact::GatewayAttached { gateway } => self.gateway_entry(gateway).link = Link::Attached,
            Fact::GatewayDetached { gateway, grace_until } => {
                self.gateway_entry(gateway).link = Link::Away { until: *grace_until };
            }
            Fact::GatewayLost { gateway } => self.gateway_entry(gateway).link = Link::Lost,
            Fact::GatewayLinesSet { gateway, lines } => self.gateway_entry(gateway).lines = *lines,
            Fact::InventoryCompared { gateway, missing, found, unknown } => {
                for (contacts, is_missing) in [(missing, true), (found, false)] {
                    for contact in contacts {
                        self.contact_mut(*contact).missing = is_missing;
                    }
                }
                self.gateway_entry(gateway).unknown = unknown.iter().cloned().collect();
            }
            Fact::QueuePaused { queue } => self.queue_entry(queue).is_paused = true,
            Fact::QueueResumed { queue } => self.queue_entry(queue).is_paused = false,
            Fact::QueueRaised { queue } => self.set_raised(queue, true),
            Fact::QueueLowered { queue } => self.set_raised(queue, false),
            Fact::EndForeseen { gateway, reference } => {
                let gateway = self.gateway_entry_no(gateway);
                self.references.foreseen(gateway, reference.clone(), at);
            }
            other => unreachable!("{other:?} is about something else"),
        }
    }

    /// What an agent chose, and whether he is reached.
    pub(super) fn apply_to_agent(&mut self, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::AgentChanged { agent, presence, next, reach, responding, .. } => {
                let while_not_ready = self.rules.site.idle_clock.not_ready;
                let agent = self.agent_mut(agent);
                if *presence != agent.presence {
                    agent.set_presence(presence.clone(), while_not_ready, at);
                }
                if !responding {
                    agent.misses = [0; ChannelGroup::COUNT];
                }
                agent.next = next.clone();
                agent.reach = *reach;
                agent.responding = *responding;
            }
            Fact::AgentBackedOff { agent, until, cause } => {
                self.agent_mut(agent).back_off = Some(BackOff { until: *until, cause: *cause });
            }
            Fact::BackOffEnded { agent } => self.agent_mut(agent).back_off = None,
            Fact::DeviceChanged { agent, state, .. } => self.agent_mut(agent).device = *state,

            other => unreachable!("{other:?} is about something else"),
        }
    }

    /// With it, everybody in the queue has another place.
    fn set_raised(&mut self, queue: &QueueId, is_raised: bool) {
        self.queue_entry(queue).is_raised = is_raised;
        let no = self.queue_entry_no(queue);
        let in_queue = |(_, contact): &(&ContactId, &Contact)| contact.visit.as_ref().is_some_and(|v| v.queue == no);
        let contacts: Vec<ContactId> = self.contacts.iter().filter(in_queue).map(|(id, _)| *id).collect();
        for contact in contacts {
            let priority = self.visit_mut(contact).priority;
            self.visit_mut(contact).key = self.key_of(contact, priority);
        }
    }

    pub(super) fn resume(&mut self, down_for: Millis, grace_until: Timestamp) {
        self.grace_until = grace_until;
        for agent in self.agents.values_mut() {
            if let Some(back_off) = &mut agent.back_off {
                back_off.until = back_off.until + down_for;
            }
            agent.reach = match agent.reach {
                Reach::Here | Reach::Away { .. } if agent.presence != Presence::Offline => {
                    Reach::Away { until: grace_until }
                }
                Reach::Here | Reach::Away { .. } | Reach::Gone => Reach::Gone,
                Reach::Unreachable { until } => Reach::Unreachable { until: until + down_for },
            };
        }
        for segment in self.segments.values_mut() {
            match &mut segment.state {
                SegmentState::Connecting { connect_by: due }
                | SegmentState::LegLost { until: due, .. }
                | SegmentState::WrapUp { ends_at: due, .. } => *due = *due + down_for,
                SegmentState::Talking | SegmentState::Held { .. } | SegmentState::SetAside { .. } => {}
            }
        }
        for queue in self.queues.values_mut() {
            queue.pace.shift(down_for);
        }
        for contact in self.contacts.values_mut() {
            contact.gap_until = contact.gap_until.map(|until| until + down_for);
            contact.quiet_since = contact.quiet_since.map(|since| since + down_for);
        }
        for leaving in self.contacts.values_mut().filter_map(|contact| contact.leaving.as_mut()) {
            leaving.until = leaving.until.map(|until| until + down_for);
        }
        for visit in self.contacts.values_mut().filter_map(|contact| contact.visit.as_mut()) {
            visit.paused = visit.paused + down_for;
            visit.limited_until = visit.limited_until.map(|until| until + down_for);
            if let Some(direct) = &mut visit.direct {
                direct.until = direct.until + down_for;
            }
            if let Some(preferred) = &mut visit.preferred {
                preferred.alone_until = preferred.alone_until.map(|until| until + down_for);
            }
        }
        for gateway in self.gateways.values_mut() {
            match gateway.link {
                Link::Attached | Link::Away { .. } => gateway.link = Link::Away { until: grace_until },
                Link::Lost => {}
            }
        }
        for dropped in &mut self.dropped {
            dropped.until = dropped.until + down_for;
        }
        self.references.shift(down_for);
    }

    pub(super) fn replace_rules(&mut self, rules: &Arc<RuleSet>) {
        for queue in self.queues.values_mut() {
            queue.in_rules = false;
        }
        self.keep_steps_taken(rules);
        for (name, rules) in &rules.queues {
            let entry = self.queues.entry(name.clone()).or_insert_with(|| Queue::new(Arc::clone(rules), true));
            entry.rules = Arc::clone(rules);
            entry.in_rules = true;
        }
        for agent in self.agents.values_mut() {
            agent.rules = None;
        }
        for (name, rules) in &rules.agents {
            let entry = self.agents.entry(name.clone()).or_insert_with(|| Agent::new(Arc::clone(rules)));
            entry.rules = Some(Arc::clone(rules));
        }
        self.rules = Arc::clone(rules);
        if rules.site.waiting_contacts == WaitingContacts::AtNextStep {
            for visit in self.contacts.values_mut().filter_map(|contact| contact.visit.as_mut()) {
                visit.anew_at_step = visit.by_entry();
            }
        }
    }

    /// Steps are numbered by their place: of a queue's new steps, those count as taken that equal a
    /// taken one.
    fn keep_steps_taken(&mut self, rules: &RuleSet) {
        for visit in self.contacts.values_mut().filter_map(|contact| contact.visit.as_mut()) {
            let (name, queue) = self.queues.get_index(visit.queue.position()).expect("queues are never removed");
            let Some(anew) = rules.queues.get(name).filter(|anew| anew.steps != queue.rules.steps) else { continue };
            let was_taken = |step: &StepRules| {
                queue.rules.steps.iter().enumerate().any(|(no, before)| visit.has_taken(no) && before == step)
            };
            let taken = anew.steps.iter().enumerate().filter(|(_, step)| was_taken(step));
            visit.steps_taken = taken.fold(0, |taken, (no, _)| taken | 1 << no);
        }
    }
}
