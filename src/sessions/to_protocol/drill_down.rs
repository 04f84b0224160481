//! One queue's line and one contact's place, as a supervisor looks at them. Tells no reason.

use super::agent::customer;
use super::recording::call_recording;
use super::{address, agent_name, attributes, channel, direction, queue_name, time};
use crate::hindsight::Story;
use crate::protocol as wire;
use crate::router_handle::View;
use crate::router_handle::views::recording_view;
use crate::routing::entry::attributes_of;
use crate::routing::event::Fact;
use crate::routing::ids::{AgentId, ContactId, QueueId};
use crate::routing::segment::SegmentState;
use crate::routing::state::State;
use crate::routing::visit::{Contact, Visit};
use crate::sessions::from_protocol::WireIds;

/// Visits that are put in order for one answer, the oldest of the queue.
const LOOKED_AT_MAX: usize = 2_000;
/// Contacts of one answer.
const SHOWN_MAX: usize = 200;

pub fn queue_shown(ids: &WireIds, view: View<'_>, queue: &QueueId) -> wire::QueueShown {
    let state = view.router.state();
    let of_queue = view.board.contacts_in(queue);
    let mut line: Vec<(ContactId, &Contact, &Visit)> = of_queue
        .take(LOOKED_AT_MAX)
        .filter_map(|id| {
            let contact = state.contacts.get(&id)?;
            Some((id, contact, contact.visit.as_ref()?))
        })
        .collect();
    line.sort_unstable_by_key(|(_, _, visit)| visit.key);
    let shown = line.iter().take(SHOWN_MAX).zip(1..);
    wire::QueueShown {
        queue: queue_name(queue),
        event_no: view.router.event_no().0,
        server_time: time(view.now),
        total: view.board.queue(queue).map_or(0, |figures| figures.waiting),
        contacts: shown.map(|((id, contact, visit), place)| queued(ids, state, *id, (contact, visit), place)).collect(),
    }
}

fn queued(
    ids: &WireIds,
    state: &State,
    id: ContactId,
    (contact, visit): (&Contact, &Visit),
    place: u64,
) -> wire::QueuedContact {
    let (standing, agents) = in_queue(state, visit);
    wire::QueuedContact {
        contact: ids.contact_text(id),
        channel: channel(contact.channel),
        direction: direction(contact.direction),
        place,
        state: standing,
        arrived_at: time(contact.arrived_at),
        entered_at: time(visit.entered_at),
        priority: visit.priority,
        agents: agents.iter().map(agent_name).collect(),
        from: came_from(contact),
        // A line is read again and again: by name the customer stands where looking is audited.
        customer: customer(&attributes_of(contact)).map(|customer| wire::Customer { name: None, ..customer }),
    }
}

fn in_queue(state: &State, visit: &Visit) -> (wire::QueuedState, Vec<AgentId>) {
    if let Some(segment) = visit.connecting() {
        return (wire::QueuedState::Connecting, vec![state.agent_id(state.segments[&segment].agent)]);
    }
    let offered: Vec<AgentId> = visit.offers.iter().map(|offer| state.agent_id(state.offers[offer].agent)).collect();
    match offered.is_empty() {
        true => (wire::QueuedState::Waiting, offered),
        false => (wire::QueuedState::Offered, offered),
    }
}

/// Without its path. None: the router knows it no longer.
pub fn contact_shown(ids: &WireIds, view: View<'_>, id: ContactId) -> Option<wire::ContactShown> {
    let state = view.router.state();
    let contact = state.contacts.get(&id)?;
    let (standing, queue, agents) = place(state, contact);
    let given = attributes_of(contact);
    Some(wire::ContactShown {
        contact: ids.contact_text(id),
        channel: Some(channel(contact.channel)),
        direction: Some(direction(contact.direction)),
        state: standing,
        queue: queue.as_ref().map(queue_name),
        agents: agents.iter().map(agent_name).collect(),
        from: came_from(contact),
        to: contact.to.as_ref().map(address),
        customer: customer(&given),
        attributes: attributes(&given),
        recording: recording_view(contact).map(call_recording),
        path: Vec::new(),
        left_out: 0,
    })
}

/// Without its path: one of which only the journal knows.
pub fn ended_contact(ids: &WireIds, id: ContactId, story: &Story) -> wire::ContactShown {
    let carried = story.events.iter().find_map(|(_, event)| match &event.fact {
        Fact::ContactArrived { channel, .. } => Some(*channel),
        _ => None,
    });
    let queue = story.events.iter().rev().find_map(|(_, event)| match &event.fact {
        Fact::VisitEnded { queue, .. } => Some(queue_name(queue)),
        _ => None,
    });
    wire::ContactShown {
        contact: ids.contact_text(id),
        channel: carried.map(channel),
        direction: None,
        state: wire::ContactStanding::Ended,
        queue,
        agents: Vec::new(),
        from: None,
        to: None,
        customer: None,
        attributes: wire::Attributes::default(),
        recording: None,
        path: Vec::new(),
        left_out: 0,
    }
}

fn place(state: &State, contact: &Contact) -> (wire::ContactStanding, Option<QueueId>, Vec<AgentId>) {
    if let Some(visit) = &contact.visit {
        let (queued, agents) = in_queue(state, visit);
        let standing = match queued {
            wire::QueuedState::Waiting => wire::ContactStanding::Waiting,
            wire::QueuedState::Offered => wire::ContactStanding::Offered,
            wire::QueuedState::Connecting => wire::ContactStanding::Connecting,
        };
        return (standing, Some(state.queue_id(visit.queue)), agents);
    }
    if let Some(segment) = contact.segment.and_then(|segment| state.segments.get(&segment)) {
        let standing = match segment.state {
            SegmentState::Connecting { .. } => wire::ContactStanding::Connecting,
            SegmentState::Talking => wire::ContactStanding::Talking,
            SegmentState::Held { .. } | SegmentState::LegLost { .. } => wire::ContactStanding::Held,
            SegmentState::SetAside { .. } => wire::ContactStanding::SetAside,
            SegmentState::WrapUp { .. } => wire::ContactStanding::Elsewhere,
        };
        return (standing, Some(state.queue_id(segment.from.queue)), vec![state.agent_id(segment.agent)]);
    }
    if let Some(suspended) = &contact.suspended {
        return (wire::ContactStanding::Suspended, None, vec![state.agent_id(suspended.agent)]);
    }
    let standing = match (&contact.leaving, &contact.promise) {
        (Some(_), _) => wire::ContactStanding::Leaving,
        (None, Some(_)) => wire::ContactStanding::Promised,
        (None, None) => wire::ContactStanding::Elsewhere,
    };
    (standing, None, Vec::new())
}

fn came_from(contact: &Contact) -> Option<wire::Address> {
    let arrival = contact.details.first().and_then(|details| details.plain());
    arrival.and_then(|details| details.from.as_ref()).map(address)
}
