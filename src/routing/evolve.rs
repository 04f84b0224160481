//! How each fact changes the state: the only place where it changes. Decides nothing.

use std::sync::Arc;

use super::agent::{Agent, Phase};
use super::command::{Presence, Speaker};
use super::event::{DirectTo, Event, Fact, OfferOutcome, Preference, QueuedBy, Reach, VisitEnd};
use super::gateway::{Gateway, Link};
use super::hold::BackOff;
use super::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId, Request, SegmentId};
use super::lane::OrderKey;
use super::rule_set::{Channel, QueueRules, RuleSet, StepRules, WaitingContacts};
use super::segment::{Offer, Segment, SegmentState};
use super::state::{DroppedCaller, Queue, REQUESTS_REMEMBERED, State};
use super::table::{AgentNo, GatewayNo, QueueNo};
use super::time::{Millis, Timestamp};
use super::visit::{Behind, Contact, Direct, Leaving, Preferred, Suspended, Visit, VisitState};

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
            Fact::InventoryCompared { gateway, missing, found, unknown } => {
                for (contacts, is_missing) in [(missing, true), (found, false)] {
                    for contact in contacts {
                        self.contact_mut(*contact).missing = is_missing;
                    }
                }
                self.gateway_entry(gateway).unknown = unknown.iter().cloned().collect();
            }
            Fact::AgentChanged { agent, presence, next, reach, responding, .. } => {
                let agent = self.agent_mut(agent);
                if *presence != agent.presence {
                    agent.set_presence(presence.clone(), at);
                }
                if !responding {
                    agent.misses = 0;
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

            Fact::ContactArrived { contact, gateway, reference, channel, direction, to, details, gateway_event } => {
                let gateway = self.gateway_entry_no(gateway);
                self.note_gateway_event(gateway, *gateway_event);
                self.gateways[gateway.position()].unknown.remove(reference);
                self.references.arrived(gateway, reference.clone(), *contact, at);
                let arrived = Contact {
                    gateway,
                    reference: reference.clone(),
                    channel: *channel,
                    direction: *direction,
                    to: to.clone(),
                    arrived_at: at,
                    details: smallvec::smallvec![details.clone()],
                    gateway_event: *gateway_event,
                    missing: false,
                    visit: None,
                    segment: None,
                    leaving: None,
                    suspended: None,
                    quiet_since: None,
                };
                self.contacts.insert(*contact, arrived);
                self.gave(contact.0);
            }
            Fact::ContactUpdated { contact, details, gateway_event } => {
                let contact = self.contact_mut(*contact);
                contact.details.push(details.clone());
                contact.gateway_event = contact.gateway_event.max(*gateway_event);
                let gateway = contact.gateway;
                self.note_gateway_event(gateway, *gateway_event);
            }
            Fact::ContactQueued {
                contact,
                visit,
                queue,
                cause,
                skills,
                priority,
                ordered_since,
                entered_at,
                direct,
                preferred,
                never,
                estimate,
                rules: _,
            } => {
                let queue = self.queue_entry_no(queue);
                let direct = direct.as_ref().map(|direct| self.direct(direct));
                let by_entry = matches!(cause, QueuedBy::Entry { .. });
                if by_entry {
                    self.forget_dropped(*contact, queue);
                }
                let channel = self.contacts[contact].channel;
                let rules = &self.queue(queue).rules;
                let key = OrderKey::new(*contact, channel, rules, &self.rules.site, *priority, *ordered_since);
                let begun = Visit {
                    id: *visit,
                    queue,
                    skills: Arc::new(skills.clone()),
                    priority: *priority,
                    ordered_since: *ordered_since,
                    entered_at: *entered_at,
                    key,
                    direct,
                    preferred: preferred.as_ref().map(|preferred| self.preferred(preferred)),
                    never: self.agents_no(never),
                    steps_taken: 0,
                    joined: smallvec::SmallVec::new(),
                    paused: Millis::ZERO,
                    exits_failed: matches!(cause, QueuedBy::ExitFailed { .. }),
                    anew_at_step: false,
                    estimate: *estimate,
                    by_entry,
                    state: VisitState::Waiting,
                    offers: smallvec::SmallVec::new(),
                    offers_in_row: 0,
                    limited_until: None,
                    declined: smallvec::SmallVec::new(),
                };
                self.contact_mut(*contact).visit = Some(begun);
                self.queues[queue.position()].pace.joins(at);
                self.gave(visit.0);
            }
            Fact::VisitChanged { contact, skills, priority, preferred, never, .. } => {
                let preferred = preferred.as_ref().map(|preferred| self.preferred(preferred));
                let never = self.agents_no(never);
                let key = self.key_of(*contact, *priority);
                let visit = self.visit_mut(*contact);
                visit.skills = Arc::new(skills.clone());
                (visit.priority, visit.key, visit.preferred, visit.never) = (*priority, key, preferred, never);
                visit.anew_at_step = false;
            }
            Fact::ExitKeyPressed { contact, gateway_event, .. } => {
                let contact = self.contact_mut(*contact);
                contact.gateway_event = contact.gateway_event.max(*gateway_event);
                let gateway = contact.gateway;
                self.note_gateway_event(gateway, *gateway_event);
            }
            Fact::ExitTaken { contact, exit, action, until, .. } => {
                if until.is_some() {
                    let from = self.visit_mut(*contact).place();
                    let (exit, action, until) = (*exit, action.clone(), *until);
                    let leaving = Leaving { order: self.event_no, exit, action, from, until };
                    self.contact_mut(*contact).leaving = Some(leaving);
                }
            }
            Fact::ExitFailed { contact, .. } => self.contact_mut(*contact).leaving = None,
            Fact::VoicemailBegun { contact } => {
                let leaving = self.contact_mut(*contact).leaving.as_mut().expect("an exit was taken to voicemail");
                leaving.until = None;
            }
            Fact::VisitWidened { contact, step, skills, joined, priority, .. } => {
                let joined = joined.iter().map(|queue| self.queue_entry_no(queue)).collect();
                let key = self.key_of(*contact, *priority);
                let visit = self.visit_mut(*contact);
                visit.steps_taken |= 1 << (step - 1);
                visit.skills = Arc::new(skills.clone());
                (visit.priority, visit.key, visit.joined) = (*priority, key, joined);
            }
            Fact::PreferredWaitEnded { contact, .. } => {
                if let Some(preferred) = &mut self.visit_mut(*contact).preferred {
                    preferred.alone_until = None;
                }
            }
            Fact::ContactOffered { contact, offer, agent, acknowledge_by, expires_at, rings, .. } => {
                let agent_no = self.agent_no(agent).expect("an offer names an agent of the rules");
                let channel = self.contacts[contact].channel;
                let visit = self.visit_mut(*contact);
                visit.offers.push(*offer);
                visit.offers_in_row += 1;
                let queue = visit.queue;
                self.queues[queue.position()].last_offered = Some(agent_no);
                self.agents[agent_no.position()].offers.push((*offer, channel));
                let offered = Offer {
                    contact: *contact,
                    agent: agent_no,
                    acknowledged: *rings,
                    acknowledge_by: *acknowledge_by,
                    expires_at: *expires_at,
                    order: rings.then_some(self.event_no),
                };
                self.offers.insert(*offer, offered);
                self.gave(offer.0);
            }
            Fact::OfferAcknowledged { offer } => {
                self.offers.get_mut(offer).expect("an acknowledged offer is open").acknowledged = true;
            }
            Fact::OfferEnded { offer, contact, agent, outcome } => {
                self.offers.swap_remove(offer);
                let agent_no = self.agent_no(agent).expect("an offer names an agent of the rules");
                let agent = self.agent_mut(agent);
                agent.drop_offer(*offer);
                let refused = match outcome {
                    OfferOutcome::Declined { .. } | OfferOutcome::LegFailed { .. } => true,
                    OfferOutcome::Expired => {
                        agent.misses += 1;
                        true
                    }
                    OfferOutcome::Rescinded | OfferOutcome::Revoked { .. } => false,
                };
                if refused {
                    agent.restart_idle(at);
                }
                let visit = self.visit_mut(*contact);
                visit.offers.retain(|other| other != offer);
                if refused {
                    note_declined(visit, agent_no);
                }
            }
            Fact::ContactConnecting { contact, offer, segment, agent, connect_by, .. } => {
                self.connecting(*contact, *segment, *offer, agent, *connect_by, at);
            }
            Fact::ConnectFailed { contact, segment, agent, .. } => {
                self.segments.swap_remove(segment);
                let agent_no = self.agent_no(agent).expect("a segment names an agent of the rules");
                let agent = self.agent_mut(agent);
                agent.drop_segment(*segment, at);
                agent.restart_idle(at);
                let visit = self.visit_mut(*contact);
                visit.state = VisitState::Waiting;
                note_declined(visit, agent_no);
                let queue = visit.queue;
                self.queues[queue.position()].pace.joins(at);
            }
            Fact::ContactConnected { contact, segment, agent } => {
                let connected = self.contact_mut(*contact);
                connected.segment = Some(*segment);
                connected.quiet_since = (connected.channel == Channel::Chat).then_some(at);
                let agent = self.agent_mut(agent);
                agent.set_phase(*segment, Phase::WithCustomer);
                agent.served += 1;
                let segment = self.segment_mut(*segment);
                segment.connected_at = Some(at);
                segment.state = SegmentState::Talking;
            }
            Fact::ContactHeld { segment, .. } => self.segment_mut(*segment).state = SegmentState::Held { since: at },
            Fact::ContactUnheld { segment, .. } => {
                let segment = self.segment_mut(*segment);
                segment.stop(at);
                segment.state = SegmentState::Talking;
            }
            Fact::SegmentSetAside { segment, agent, by, .. } => {
                self.agent_mut(agent).set_phase(*segment, Phase::SetAside);
                let segment = self.segment_mut(*segment);
                segment.stop(at);
                segment.state = SegmentState::SetAside { since: at, by: *by };
            }
            Fact::SegmentTakenUp { contact, segment, agent } => {
                self.agent_mut(agent).set_phase(*segment, Phase::WithCustomer);
                let segment = self.segment_mut(*segment);
                segment.stop(at);
                segment.state = SegmentState::Talking;
                let contact = self.contact_mut(*contact);
                contact.quiet_since = contact.quiet_since.map(|_| at);
            }
            Fact::MessagePassed { contact, by, gateway_event } => {
                let contact = self.contact_mut(*contact);
                contact.gateway_event = contact.gateway_event.max(*gateway_event);
                contact.quiet_since = match by {
                    Speaker::Customer => None,
                    Speaker::Agent => contact.segment.filter(|_| contact.channel == Channel::Chat).map(|_| at),
                };
                let gateway = contact.gateway;
                self.note_gateway_event(gateway, *gateway_event);
            }
            Fact::ContactSuspended { contact, segment, agent, until } => {
                let agent = self.agent_no(agent).expect("a segment names an agent of the rules");
                let from = self.segment_mut(*segment).from.clone();
                let contact = self.contact_mut(*contact);
                contact.suspended = Some(Suspended { agent, until: *until, from });
                contact.segment = None;
                contact.quiet_since = None;
            }
            Fact::ContactTakenUp { contact, .. } => self.contact_mut(*contact).suspended = None,
            Fact::ContactTransferred { contact, .. } | Fact::ContactReturned { contact, .. } => {
                let contact = self.contact_mut(*contact);
                contact.segment = None;
                contact.quiet_since = None;
            }
            Fact::WrapUpStarted { segment, agent, ends_at, .. } => {
                self.agent_mut(agent).set_phase(*segment, Phase::WrapUp);
                let segment = self.segment_mut(*segment);
                segment.stop(at);
                segment.state = SegmentState::WrapUp { since: at, ends_at: *ends_at };
            }
            Fact::WrapUpExtended { segment, ends_at, .. } => {
                let segment = self.segment_mut(*segment);
                if let SegmentState::WrapUp { since, .. } = segment.state {
                    segment.state = SegmentState::WrapUp { since, ends_at: *ends_at };
                }
            }
            Fact::SegmentClosed { segment, agent, connected, .. } => {
                self.segments.swap_remove(segment);
                let agent = self.agent_mut(agent);
                agent.drop_segment(*segment, at);
                if *connected {
                    agent.restart_idle(at);
                }
            }
            Fact::VisitEnded { contact, queue, end, waited, .. } => {
                let queue = self.queue_entry_no(queue);
                let answered_within = self.queue(queue).rules.service_level.answered_within;
                self.queues[queue.position()].recent_ends.add(*end, *waited, answered_within, at);
                if let VisitEnd::Abandoned { .. } = end {
                    self.remember_dropped(*contact, queue, at);
                }
                if self.visit_mut(*contact).connecting().is_none() {
                    self.queues[queue.position()].pace.leaves(at);
                }
                self.contact_mut(*contact).visit = None;
            }
            Fact::ContactEnded { contact, .. } => {
                let ended = self.contacts.swap_remove(contact).expect("a contact ends once");
                self.references.ended(ended.gateway, ended.reference, *contact, at);
            }
            Fact::OfferLimitReached { contact, until, .. } => self.visit_mut(*contact).limited_until = Some(*until),
            Fact::OfferLimitLifted { contact, .. } => {
                let visit = self.visit_mut(*contact);
                visit.limited_until = None;
                visit.offers_in_row = 0;
                visit.declined.clear();
            }
            Fact::EndForeseen { gateway, reference } => {
                let gateway = self.gateway_entry_no(gateway);
                self.references.foreseen(gateway, reference.clone(), at);
            }
        }
    }

    fn connecting(
        &mut self,
        contact: ContactId,
        segment: SegmentId,
        offer: OfferId,
        agent: &AgentId,
        connect_by: Timestamp,
        at: Timestamp,
    ) {
        let offered = self.offers.swap_remove(&offer).expect("an accepted offer is open");
        let order = offered.order.unwrap_or(self.event_no);
        let agent_no = self.agent_no(agent).expect("an offer names an agent of the rules");
        let channel = self.contacts[&contact].channel;
        let visit = self.visit_mut(contact);
        visit.offers.retain(|other| *other != offer);
        visit.state = VisitState::Connecting(segment);
        visit.offers_in_row = 0;
        let from = visit.place();
        self.queues[from.queue.position()].pace.leaves(at);
        let state = SegmentState::Connecting { connect_by };
        self.segments.insert(
            segment,
            Segment {
                contact,
                agent: agent_no,
                channel,
                offer,
                order,
                from,
                state,
                connected_at: None,
                held: Millis::ZERO,
                aside: Millis::ZERO,
            },
        );
        let agent = &mut self.agents[agent_no.position()];
        agent.misses = 0;
        agent.drop_offer(offer);
        agent.take_segment(segment, channel, at);
        self.gave(segment.0);
    }

    fn resume(&mut self, down_for: Millis, grace_until: Timestamp) {
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
                SegmentState::Connecting { connect_by: due } | SegmentState::WrapUp { ends_at: due, .. } => {
                    *due = *due + down_for;
                }
                SegmentState::Talking | SegmentState::Held { .. } | SegmentState::SetAside { .. } => {}
            }
        }
        for queue in self.queues.values_mut() {
            queue.pace.shift(down_for);
        }
        for contact in self.contacts.values_mut() {
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

    fn replace_rules(&mut self, rules: &Arc<RuleSet>) {
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
                visit.anew_at_step = visit.by_entry;
            }
        }
    }

    fn note_gateway_event(&mut self, gateway: GatewayNo, number: u64) {
        let gateway = &mut self.gateways[gateway.position()];
        gateway.last_event = gateway.last_event.max(number);
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

    fn direct(&mut self, direct: &DirectTo) -> Direct {
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
        let found = &self.contacts[&contact];
        let visit = found.visit.as_ref().expect("events about a visit come while it is open");
        let rules = &self.queue(visit.queue).rules;
        OrderKey::new(contact, found.channel, rules, &self.rules.site, priority, visit.ordered_since)
    }

    fn preferred(&self, preference: &Preference) -> Preferred {
        let agent = self.agent_no(&preference.agent).expect("a preference names an agent of the rules");
        Preferred { agent, alone_until: preference.alone_until }
    }

    fn agents_no(&self, agents: &[AgentId]) -> smallvec::SmallVec<[AgentNo; 2]> {
        agents.iter().map(|agent| self.agent_no(agent).expect("events name agents of the rules")).collect()
    }

    /// Who left a queue of the rules keeps his place for a while, if it is known who he is.
    fn remember_dropped(&mut self, contact: ContactId, queue: QueueNo, at: Timestamp) {
        self.dropped.retain(|dropped| dropped.until > at);
        let left = &self.contacts[&contact];
        let place_kept = self.queue(queue).rules.place_kept;
        let details = left.details.first().expect("a contact arrives with details");
        let has_address = details.plain().is_none_or(|details| details.from.is_some());
        let (details, visit) = (details.clone(), left.visit.as_ref());
        let visit = visit.expect("a visit ends while it is open");
        if visit.direct.is_none() && place_kept.0 > 0 && has_address {
            let (ordered_since, until) = (visit.ordered_since, at + place_kept);
            self.dropped.push_back(DroppedCaller { contact, queue, details, ordered_since, until });
        }
    }

    fn forget_dropped(&mut self, contact: ContactId, queue: QueueNo) {
        let details = self.contacts[&contact].details.first().and_then(|details| details.plain());
        if let Some(from) = details.and_then(|details| details.from.clone()) {
            self.dropped.retain(|dropped| !dropped.is(queue, &from));
        }
    }

    fn gave(&mut self, number: u64) {
        self.next_id = self.next_id.max(number + 1);
    }

    fn gateway_entry_no(&mut self, gateway: &GatewayId) -> GatewayNo {
        let entry = self.gateways.entry(gateway.clone());
        let no = GatewayNo::from_position(entry.index());
        entry.or_insert_with(|| Gateway { link: Link::Lost, last_event: 0, unknown: Default::default() });
        no
    }

    fn gateway_entry(&mut self, gateway: &GatewayId) -> &mut Gateway {
        let no = self.gateway_entry_no(gateway);
        &mut self.gateways[no.position()]
    }

    /// An agent's own queue comes into being with its first visit.
    fn queue_entry_no(&mut self, queue: &QueueId) -> QueueNo {
        if let Some(no) = self.queue_no(queue) {
            return no;
        }
        let own = Queue::new(Arc::new(QueueRules::default()), false);
        QueueNo::from_position(self.queues.insert_full(queue.clone(), own).0)
    }

    fn agent_mut(&mut self, agent: &AgentId) -> &mut Agent {
        self.agents.get_mut(agent).expect("events name agents of the rules")
    }

    fn contact_mut(&mut self, contact: ContactId) -> &mut Contact {
        self.contacts.get_mut(&contact).expect("events about a contact come while it lives")
    }

    fn visit_mut(&mut self, contact: ContactId) -> &mut Visit {
        self.contact_mut(contact).visit.as_mut().expect("events about a visit come while it is open")
    }

    fn segment_mut(&mut self, segment: SegmentId) -> &mut Segment {
        self.segments.get_mut(&segment).expect("events about a segment come while it lives")
    }
}

fn note_declined(visit: &mut Visit, agent: AgentNo) {
    if !visit.declined.contains(&agent) {
        visit.declined.push(agent);
    }
}
