//! Finding in the state what a fact is about. Part of `evolve`; a fact names only what there is.

use std::sync::Arc;

use super::agent::Agent;
use super::gateway::{Gateway, Lines, Link};
use super::ids::{AgentId, ContactId, GatewayId, QueueId, SegmentId};
use super::rule_set::QueueRules;
use super::segment::Segment;
use super::state::{Queue, State};
use super::table::{GatewayNo, QueueNo};
use super::visit::{Contact, Visit};

impl State {
    pub(super) fn gateway_entry_no(&mut self, gateway: &GatewayId) -> GatewayNo {
        let entry = self.gateways.entry(gateway.clone());
        let no = GatewayNo::from_position(entry.index());
        let fresh =
            || Gateway { link: Link::Lost, lines: Lines::default(), last_event: 0, unknown: Default::default() };
        entry.or_insert_with(fresh);
        no
    }

    pub(super) fn gateway_entry(&mut self, gateway: &GatewayId) -> &mut Gateway {
        let no = self.gateway_entry_no(gateway);
        &mut self.gateways[no.position()]
    }

    /// An agent's own queue comes into being with its first visit.
    pub(super) fn queue_entry_no(&mut self, queue: &QueueId) -> QueueNo {
        if let Some(no) = self.queue_no(queue) {
            return no;
        }
        let own = Queue::new(Arc::new(QueueRules::default()), false);
        QueueNo::from_position(self.queues.insert_full(queue.clone(), own).0)
    }

    pub(super) fn queue_entry(&mut self, queue: &QueueId) -> &mut Queue {
        let no = self.queue_entry_no(queue);
        &mut self.queues[no.position()]
    }

    pub(super) fn agent_mut(&mut self, agent: &AgentId) -> &mut Agent {
        self.agents.get_mut(agent).expect("events name agents of the rules")
    }

    pub(super) fn contact_mut(&mut self, contact: ContactId) -> &mut Contact {
        self.contacts.get_mut(&contact).expect("events about a contact come while it lives")
    }

    pub(super) fn visit_mut(&mut self, contact: ContactId) -> &mut Visit {
        self.contact_mut(contact).visit.as_mut().expect("events about a visit come while it is open")
    }

    pub(super) fn segment_mut(&mut self, segment: SegmentId) -> &mut Segment {
        self.segments.get_mut(&segment).expect("events about a segment come while it lives")
    }
}
