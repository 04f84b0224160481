//! What an agent does and why he gets nothing now; and what stands between him and those who wait.

use std::sync::Arc;

use serde::Serialize;

use super::between::{Away, Between, Held, Work, away, room_of};
use super::requirement::Scan;
use crate::routing::agent::{Phase, Room};
use crate::routing::command::{DeviceState, Presence};
use crate::routing::event::Reach;
use crate::routing::hold::BackOff;
use crate::routing::ids::{AgentId, ContactId, QueueId};
use crate::routing::rule_set::Channel;
use crate::routing::segment::SegmentState;
use crate::routing::state::State;
use crate::routing::table::AgentNo;
use crate::routing::time::Timestamp;

/// Contacts of one answer about an agent.
pub const CONTACTS_SHOWN_MAX: usize = 20;

/// One agent as he is at a moment.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AgentExplained {
    pub agent: AgentId,
    pub at: Timestamp,
    pub name: Arc<str>,
    pub in_rules: bool,
    pub presence: Presence,
    pub next: Option<Presence>,
    pub reach: Reach,
    pub responding: bool,
    pub back_off: Option<BackOff>,
    pub device: DeviceState,
    pub idle_since: Timestamp,
    /// Units of capacity.
    pub used: u32,
    pub total: u32,
    pub in_hand: Vec<InHand>,
    pub channels: Vec<ChannelExplained>,
    /// Those who wait and whose requirement he meets, in the order of service; the first of them.
    pub waiting: Vec<ContactOfAgent>,
    /// How many there are.
    pub waiting_in_all: usize,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct InHand {
    pub contact: ContactId,
    pub channel: Channel,
    /// None: it is held out to him.
    pub phase: Option<Phase>,
    pub until: Option<Timestamp>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ChannelExplained {
    pub channel: Channel,
    pub hindered: Hindered,
}

/// What keeps an agent from every contact of a channel.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hindered {
    /// He could be offered one now.
    No,
    /// He could be offered one now, and would set others aside for it.
    SetsAside,
    /// The rules do not let him serve it.
    NotServed,
    Away(Away),
    Works(Work),
    Held(Held),
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ContactOfAgent {
    pub contact: ContactId,
    pub channel: Channel,
    pub queue: QueueId,
    pub entered_at: Timestamp,
    pub between: Between,
    /// Somebody who goes first and whom nothing stands before, either.
    pub after: Option<ContactId>,
}

/// Why an agent gets what he gets. None: the rules never named him.
#[must_use]
pub fn explain_agent(state: &State, id: &AgentId, now: Timestamp) -> Option<AgentExplained> {
    let no = state.agent_no(id)?;
    let agent = state.agent(no);
    let scan = Scan::new(state);
    let (waiting, waiting_in_all) = waiting_for(&scan, no);
    let rules = agent.rules.as_ref();
    Some(AgentExplained {
        agent: id.clone(),
        at: now,
        name: rules.map(|rules| Arc::clone(&rules.name)).unwrap_or_default(),
        in_rules: rules.is_some(),
        presence: agent.presence.clone(),
        next: agent.next.clone(),
        reach: agent.reach,
        responding: agent.responding,
        back_off: agent.back_off,
        device: agent.device,
        idle_since: agent.idle_since,
        used: agent.used(&state.rules.site),
        total: rules.map_or(0, |rules| rules.capacity.total),
        in_hand: in_hand(state, no),
        channels: Channel::ALL.map(|channel| channel_of(&scan, no, channel)).into(),
        waiting,
        waiting_in_all,
    })
}

fn in_hand(state: &State, no: AgentNo) -> Vec<InHand> {
    let agent = state.agent(no);
    let segments = agent.segments.iter().map(|(segment, in_hand)| {
        let segment = &state.segments[segment];
        let until = match segment.state {
            SegmentState::Connecting { connect_by } => Some(connect_by),
            SegmentState::WrapUp { ends_at, .. } => Some(ends_at),
            SegmentState::LegLost { until, .. } => Some(until),
            SegmentState::Talking | SegmentState::Held { .. } | SegmentState::SetAside { .. } => None,
        };
        InHand { contact: segment.contact, channel: in_hand.channel, phase: Some(in_hand.phase), until }
    });
    let offers = agent.offers.iter().map(|(offer, channel)| {
        let open = &state.offers[offer];
        InHand { contact: open.contact, channel: *channel, phase: None, until: Some(open.expires_at) }
    });
    segments.chain(offers).collect()
}

fn channel_of(scan: &Scan<'_>, no: AgentNo, channel: Channel) -> ChannelExplained {
    let (agent, site) = (scan.state.agent(no), &scan.state.rules.site);
    let room = room_of(agent, channel, site);
    let hindered = if !agent.may_serve(channel, site) {
        Hindered::NotServed
    } else if let Some(away) = away(agent) {
        Hindered::Away(away)
    } else if let (Room::None, Some(work)) = (room, scan.work_of(agent)) {
        Hindered::Works(work)
    } else if let Some(held) = scan.held_from_channel(agent, channel) {
        Hindered::Held(held)
    } else if room == Room::ByInterruption {
        Hindered::SetsAside
    } else {
        Hindered::No
    };
    ChannelExplained { channel, hindered }
}

fn waiting_for(scan: &Scan<'_>, no: AgentNo) -> (Vec<ContactOfAgent>, usize) {
    let mut matches = Vec::new();
    for (id, contact) in &scan.state.contacts {
        let Some(visit) = contact.visit.as_ref().filter(|visit| visit.connecting().is_none()) else { continue };
        if scan.missing(contact.channel, visit, no).is_none() {
            matches.push((visit.key, *id));
        }
    }
    matches.sort_unstable();
    let mut first_free = None;
    let shown = matches.iter().take(CONTACTS_SHOWN_MAX).map(|(_, id)| {
        let contact = &scan.state.contacts[id];
        let visit = contact.visit.as_ref().expect("only open visits were taken");
        let between = scan.between(contact, visit, no);
        let after = first_free;
        if let Between::Nothing { .. } = between {
            first_free.get_or_insert(*id);
        }
        ContactOfAgent {
            contact: *id,
            channel: contact.channel,
            queue: scan.state.queue_id(visit.queue),
            entered_at: visit.entered_at,
            between,
            after,
        }
    });
    (shown.collect(), matches.len())
}
