//! What stands between one agent and one waiting visit. The first thing found is named: what he lacks, then
//! where he is, then what he does, then the holds.

use std::sync::Arc;

use serde::Serialize;

use super::requirement::{Asked, Missing, Scan};
use crate::routing::agent::{Agent, Phase, Room};
use crate::routing::campaign::{CampaignMode, CampaignRun};
use crate::routing::command::Presence;
use crate::routing::event::Reach;
use crate::routing::gateway::Link;
use crate::routing::hold::Hold;
use crate::routing::ids::{ContactId, OfferId};
use crate::routing::rule_set::{Channel, ChannelGroup, SiteRules};
use crate::routing::segment::SegmentState;
use crate::routing::state::Campaign;
use crate::routing::table::{AgentNo, QueueNo};
use crate::routing::time::Timestamp;
use crate::routing::visit::{Contact, Visit};

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Between {
    /// He could be offered it at once; `sets_aside`: other contacts of his would have to wait for it.
    Nothing {
        sets_aside: bool,
    },
    /// It is held out to him.
    Offered {
        offer: OfferId,
        expires_at: Timestamp,
    },
    Missing(Missing),
    Away(Away),
    Works(Work),
    Held(Held),
    /// It is held out to as many others as its queue allows.
    OffersOut,
}

/// Why an agent who matches is not there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Away {
    NotLoggedIn,
    NotReady {
        reason: Arc<str>,
    },
    /// He gets nothing new: this is what he has chosen for afterwards.
    About {
        next: Presence,
    },
    /// His console is gone or silent; at `until` he is unreachable.
    ConsoleLost {
        until: Timestamp,
    },
    Unreachable {
        until: Timestamp,
    },
}

/// What takes an agent's room.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Another contact is held out to him.
    Offered {
        contact: ContactId,
        expires_at: Timestamp,
    },
    Busy {
        contact: ContactId,
    },
    /// He asks a colleague, in this contact of its own.
    Consulting {
        contact: ContactId,
    },
    WrapUp {
        contact: ContactId,
        ends_at: Timestamp,
    },
}

/// A hold, and when it ends by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Held {
    pub by: Hold,
    pub until: Option<Timestamp>,
}

/// Room for one more contact of the channel, his presence and his phone apart.
#[must_use]
pub fn room_of(agent: &Agent, channel: Channel, site: &SiteRules) -> Room {
    let Some(rules) = agent.rules.as_ref().filter(|_| agent.consulting.is_none()) else { return Room::None };
    let offered = agent.offers.iter().filter(|(_, offered)| *offered == channel).count();
    let in_hand = agent.segments.iter().filter(|(_, in_hand)| in_hand.channel == channel).count();
    if offered + in_hand >= rules.capacity.channel_max.of(channel) as usize {
        return Room::None;
    }
    let needed = agent.used(site) + site.channel_cost.of(channel);
    if needed <= rules.capacity.total {
        return Room::Free;
    }
    let gives_way = agent
        .segments
        .iter()
        .map(|(_, in_hand)| in_hand)
        .filter(|in_hand| in_hand.phase == Phase::WithCustomer && site.may_interrupt(channel, in_hand.channel));
    let freed: u32 = gives_way.map(|in_hand| site.channel_cost.of(in_hand.channel)).sum();
    if freed > 0 && needed - freed <= rules.capacity.total { Room::ByInterruption } else { Room::None }
}

/// Why an agent is not there; None: he is, whatever he does.
#[must_use]
pub fn away(agent: &Agent) -> Option<Away> {
    match (&agent.presence, agent.reach) {
        (Presence::Offline, _) => Some(Away::NotLoggedIn),
        (_, Reach::Unreachable { until }) => Some(Away::Unreachable { until }),
        (Presence::NotReady { reason }, _) => Some(Away::NotReady { reason: Arc::clone(reason) }),
        (Presence::Available, Reach::Away { until }) => Some(Away::ConsoleLost { until }),
        (Presence::Available, Reach::Gone) => Some(Away::NotLoggedIn),
        (Presence::Available, Reach::Here) => match &agent.next {
            None | Some(Presence::Available) => None,
            Some(next @ (Presence::Offline | Presence::NotReady { .. })) => Some(Away::About { next: next.clone() }),
        },
    }
}

impl Scan<'_> {
    /// What stands between an agent and a visit of a contact.
    #[must_use]
    pub fn between(&self, contact: &Contact, visit: &Visit, no: AgentNo) -> Between {
        let agent = self.state.agent(no);
        if let Some(missing) = self.missing(contact.channel, visit, no) {
            return Between::Missing(missing);
        }
        let open = visit.offers.iter().find(|offer| self.state.offers[*offer].agent == no);
        if let Some(offer) = open {
            return Between::Offered { offer: *offer, expires_at: self.state.offers[offer].expires_at };
        }
        if let Some(away) = away(agent) {
            return Between::Away(away);
        }
        let room = room_of(agent, contact.channel, &self.state.rules.site);
        if let (Room::None, Some(work)) = (room, self.work_of(agent)) {
            return Between::Works(work);
        }
        if let Some(held) = self.held(contact, visit, no) {
            return Between::Held(held);
        }
        if !visit.takes_offers(self.state.queue(visit.queue).rules.offers_max) {
            return Between::OffersOut;
        }
        Between::Nothing { sets_aside: room == Room::ByInterruption }
    }

    /// What an agent has in hand, the most pressing first.
    #[must_use]
    pub fn work_of(&self, agent: &Agent) -> Option<Work> {
        if let Some(contact) = agent.consulting {
            return Some(Work::Consulting { contact });
        }
        let segments = || agent.segments.iter().map(|(segment, _)| &self.state.segments[segment]);
        let busy = segments().find(|segment| !matches!(segment.state, SegmentState::WrapUp { .. }));
        if let Some(segment) = busy {
            return Some(Work::Busy { contact: segment.contact });
        }
        if let Some((offer, _)) = agent.offers.first() {
            let open = &self.state.offers[offer];
            return Some(Work::Offered { contact: open.contact, expires_at: open.expires_at });
        }
        segments().find_map(|segment| match segment.state {
            SegmentState::WrapUp { ends_at, .. } => Some(Work::WrapUp { contact: segment.contact, ends_at }),
            SegmentState::Connecting { .. }
            | SegmentState::Talking
            | SegmentState::Held { .. }
            | SegmentState::LegLost { .. }
            | SegmentState::SetAside { .. } => None,
        })
    }

    /// What keeps the whole visit from everybody.
    #[must_use]
    pub fn held_from_all(&self, contact: &Contact) -> Option<Held> {
        let gateway = self.state.gateway(contact.gateway);
        let is_paused = contact.visit.as_ref().is_some_and(|visit| self.state.queue(visit.queue).is_paused);
        let by = if !gateway.is_attached() {
            Hold::GatewayAway
        } else if is_paused {
            Hold::QueuePaused
        } else {
            self.held_as_called(contact).or_else(|| contact.own_hold())?
        };
        let until = match by {
            Hold::GatewayAway => match gateway.link {
                Link::Away { until } => Some(until),
                Link::Attached | Link::Lost => None,
            },
            Hold::OfferLimit => contact.visit.as_ref().and_then(|visit| visit.limited_until),
            Hold::CallbackGap => contact.gap_until,
            Hold::QueuePaused
            | Hold::CampaignPaused
            | Hold::ByHand
            | Hold::NumberInCall
            | Hold::NoLine
            | Hold::Preferred
            | Hold::ReservedForInbound
            | Hold::Leased
            | Hold::BackOff
            | Hold::AlreadyDeclined
            | Hold::NotResponding
            | Hold::DeviceInUse => None,
        };
        Some(Held { by, until })
    }

    /// What keeps a customer who is not on the line from being called for anybody.
    fn held_as_called(&self, contact: &Contact) -> Option<Hold> {
        let campaign = contact.uncalled().map(|lead| self.state.campaign(lead.campaign));
        let runs = |campaign: &Campaign| matches!(campaign.run, CampaignRun::Running | CampaignRun::Draining);
        if contact.on_line {
            None
        } else if campaign.is_some_and(|campaign| !runs(campaign)) {
            Some(Hold::CampaignPaused)
        } else if self.is_in_call(contact) {
            Some(Hold::NumberInCall)
        } else if !self.has_line(contact) {
            Some(Hold::NoLine)
        } else {
            campaign.filter(|campaign| campaign.rules.mode == CampaignMode::Manual).map(|_| Hold::ByHand)
        }
    }

    /// Whether its gateway may carry one call more that is not a customer's own.
    fn has_line(&self, called: &Contact) -> bool {
        let most = self.state.gateway(called.gateway).lines.for_calls_out();
        let of_gateway = self.state.contacts.values().filter(|other| other.gateway == called.gateway);
        most.is_none_or(|most| of_gateway.filter(|other| is_call_going_on(other)).count() < most as usize)
    }

    /// Whether another call has its number, or its customer.
    fn is_in_call(&self, called: &Contact) -> bool {
        let number_of = |contact: &Contact| contact.details.first()?.plain()?.from.clone();
        let customer_of = |contact: &Contact| {
            let said = contact.details.iter().rev().filter_map(|details| details.plain());
            let mut ids = said.filter_map(|details| details.attributes.get("customer")?.get("id")?.as_str());
            ids.next().map(ToOwned::to_owned)
        };
        let (number, customer) = (number_of(called), customer_of(called));
        self.state.contacts.values().any(|other| {
            let is_other = !std::ptr::eq(other, called) && is_call_going_on(other);
            is_other
                && (number.is_some() && number_of(other) == number
                    || customer.is_some() && customer_of(other) == customer)
        })
    }

    /// What holds an agent back from every contact of a channel.
    #[must_use]
    pub fn held_from_channel(&self, agent: &Agent, channel: Channel) -> Option<Held> {
        if !agent.responding {
            return Some(Held { by: Hold::NotResponding, until: None });
        }
        if let Some(back_off) = agent.back_off {
            return Some(Held { by: Hold::BackOff, until: Some(back_off.until) });
        }
        let in_use = channel.needs_phone() && agent.is_device_taken();
        in_use.then_some(Held { by: Hold::DeviceInUse, until: None })
    }

    fn held(&self, contact: &Contact, visit: &Visit, no: AgentNo) -> Option<Held> {
        if let Some(held) = self.held_from_all(contact) {
            return Some(held);
        }
        if let Some(preferred) = visit.preferred.filter(|preferred| preferred.agent != no)
            && let Some(until) = preferred.alone_until
        {
            return Some(Held { by: Hold::Preferred, until: Some(until) });
        }
        if let Some(held) = self.held_from_channel(self.state.agent(no), contact.channel) {
            return Some(held);
        }
        if self.is_kept_for_inbound(contact, visit, no) {
            return Some(Held { by: Hold::ReservedForInbound, until: None });
        }
        let held = visit.declined.contains(&no) && self.another_is_there(contact, visit);
        held.then_some(Held { by: Hold::AlreadyDeclined, until: None })
    }

    /// What keeps a lead that is dialled by hand from an agent who asks for it, beside that.
    #[must_use]
    pub fn is_held_from_caller(&self, contact: &Contact, visit: &Visit, no: AgentNo) -> bool {
        let waits_for_another =
            visit.preferred.is_some_and(|preferred| preferred.agent != no && preferred.alone_until.is_some());
        let held = self.held_from_channel(self.state.agent(no), contact.channel);
        contact.own_hold().is_some() || waits_for_another || held.is_some()
    }

    /// Too few others could take a call of the queue that the visit's own leaves agents to.
    fn is_kept_for_inbound(&self, contact: &Contact, visit: &Visit, no: AgentNo) -> bool {
        let reserve = self.state.queue(visit.queue).rules.reserve.as_ref();
        let Some(reserve) = reserve.filter(|_| contact.uncalled().is_some()) else { return false };
        let in_rules = |no: &QueueNo| self.state.queue(*no).in_rules;
        let Some(queue) = self.state.queue_no(&reserve.queue).filter(in_rules) else { return false };
        let channel = Channel::Voice;
        let asked = Asked { channel, queue, skills: self.skills_of(queue), joined: &[], contact: None };
        let could_take = |no: AgentNo| {
            let agent = self.state.agent(no);
            away(agent).is_none()
                && room_of(agent, channel, &self.state.rules.site) != Room::None
                && self.held_from_channel(agent, channel).is_none()
                && self.lacks(&asked, no).is_none()
        };
        could_take(no) && self.agents().filter(|other| could_take(*other)).count() <= reserve.agents as usize
    }

    /// Somebody who has not declined the visit is there, busy or idle, and could take it.
    fn another_is_there(&self, contact: &Contact, visit: &Visit) -> bool {
        self.agents().any(|other| {
            !visit.declined.contains(&other)
                && visit.waits_for().is_none_or(|only| only == other)
                && self.state.agent(other).is_present()
                && self.missing(contact.channel, visit, other).is_none()
        })
    }
}

/// A call whose customer is on the line, or is being called.
fn is_call_going_on(contact: &Contact) -> bool {
    let is_call = contact.channel.group() == ChannelGroup::Voice && contact.consultation.is_none();
    is_call && (contact.on_line || contact.visit.as_ref().and_then(Visit::connecting).is_some())
}
