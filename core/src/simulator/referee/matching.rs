//! Who is offered what: every pair of visit and agent is looked at, what is held is left out, the first is taken.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::aside::Room;
use super::model::{Agent, Contact, GatewayState, Model, OrderKey, Visit};
use super::tallies::occupied_seconds;
use super::turn::Turn;
use crate::routing::command::{DeviceState, Presence};
use crate::routing::event::{Fact, Reach};
use crate::routing::hold::Hold;
use crate::routing::ids::{AgentId, ContactId, OfferId, QueueId};
use crate::routing::rule_set::{Channel, PhoneMode, RANK_UNNAMED, TieBreaker};
use crate::routing::skill::Skills;
use crate::routing::time::Timestamp;
use crate::routing::why::Why;

/// A match that nothing holds, with what orders it: the visit's key, then the tie-breakers' values.
struct Match {
    order: (OrderKey, Vec<i64>, usize),
    contact: ContactId,
    room: Room,
}

impl Model {
    /// Logged in, available and heard from; he may be busy.
    pub(crate) fn present(&self, agent: &Agent) -> bool {
        agent.in_rules
            && agent.presence == Presence::Available
            && matches!(agent.next, None | Some(Presence::Available))
            && agent.reach == Reach::Here
            && agent.responding
    }

    pub(crate) fn can_serve(&self, agent: &Agent, channel: Channel) -> bool {
        let capacity = &agent.rules.capacity;
        agent.in_rules
            && capacity.channel_max.of(channel) > 0
            && self.site().channel_cost.of(channel) <= capacity.total
            && (!channel.needs_phone() || agent.rules.phone.mode != PhoneMode::None)
    }

    /// Whether the rules let the agent serve the visit at all.
    pub(crate) fn admits(&self, agent: &Agent, contact: &Contact, visit: &Visit) -> bool {
        let may = self.can_serve(agent, contact.channel) && self.may_call(agent, contact);
        if !may || visit.never.contains(&agent.id) {
            return false;
        }
        match &visit.direct {
            Some(direct) => direct.agent == agent.id,
            None => {
                let meets = |queue: &QueueId, skills: &Skills| self.meets(agent, queue, skills, Some(contact));
                meets(&visit.queue, &visit.skills)
                    || visit.joined.iter().any(|joined| meets(joined, &self.queue(joined).skills))
            }
        }
    }

    /// Whether he has these skills and the queue's condition holds of him and the contact.
    pub(crate) fn meets(&self, agent: &Agent, queue: &QueueId, skills: &Skills, contact: Option<&Contact>) -> bool {
        let has = |(skill, level)| agent.rules.skills.get(skill).is_some_and(|has| has >= level);
        skills.iter().all(has) && self.fits(&agent.id, queue, contact)
    }

    /// What stands between an agent who is present with room and a visit that admits him. None: nothing does.
    pub(crate) fn hold_between(&self, agent: &Agent, contact: &Contact, visit: &Visit) -> Option<Hold> {
        let gateway = self.gateway(&contact.gateway).map(|gateway| gateway.state);
        if gateway != Some(GatewayState::Attached) {
            return Some(Hold::GatewayAway);
        }
        if self.paused.contains(&visit.queue) {
            return Some(Hold::QueuePaused);
        }
        if let Some(hold) = self.hold_of_a_call(contact) {
            return Some(hold);
        }
        if visit.limited_until.is_some() {
            return Some(Hold::OfferLimit);
        }
        if contact.gap_until.is_some() {
            return Some(Hold::CallbackGap);
        }
        let alone = visit.preferred.as_ref().filter(|preferred| preferred.alone_until.is_some());
        if alone.is_some_and(|preferred| preferred.agent != agent.id) {
            return Some(Hold::Preferred);
        }
        if !agent.responding {
            return Some(Hold::NotResponding);
        }
        if agent.back_off.is_some() {
            return Some(Hold::BackOff);
        }
        let device_away = matches!(agent.device, DeviceState::InUse | DeviceState::Unregistered);
        if contact.channel.needs_phone() && device_away {
            return Some(Hold::DeviceInUse);
        }
        if self.is_kept_for_inbound(agent, contact, visit) {
            return Some(Hold::ReservedForInbound);
        }
        let another_could = || {
            self.agents.iter().any(|other| {
                !visit.declined.contains(&other.id) && self.present(other) && self.admits(other, contact, visit)
            })
        };
        let one_of_many = alone.is_none() && visit.declined.contains(&agent.id);
        (one_of_many && another_could()).then_some(Hold::AlreadyDeclined)
    }

    /// The channels for which he has everything he needs but the holds.
    pub(super) fn idle_for(&self, agent: &Agent) -> BTreeMap<Channel, Room> {
        let available = agent.in_rules
            && agent.presence == Presence::Available
            && matches!(agent.next, None | Some(Presence::Available))
            && agent.reach == Reach::Here
            && self.consultation_by(&agent.id).is_none();
        if !available {
            return BTreeMap::new();
        }
        let loads = self.loads_of(&agent.id);
        let room = |channel| Some((channel, self.room(agent, &loads, channel)?));
        Channel::ALL.into_iter().filter_map(room).collect()
    }

    /// Of each agent, the channels he is idle for, each with how he has room.
    pub(crate) fn idle_agents(&self) -> Vec<BTreeMap<Channel, Room>> {
        self.agents.iter().map(|agent| self.idle_for(agent)).collect()
    }

    /// The open visit, when nobody has accepted it and it may have one more offer.
    pub(crate) fn up_for_offers<'a>(&self, contact: &'a Contact) -> Option<&'a Visit> {
        contact.waiting().filter(|visit| (visit.offers.len() as u64) < u64::from(self.queue(&visit.queue).offers_max))
    }

    fn matches(&self, now: Timestamp) -> Vec<Match> {
        let mut found = Vec::new();
        let idle = self.idle_agents();
        for contact in self.all_contacts() {
            let Some(visit) = self.up_for_offers(contact) else { continue };
            for (number, agent) in self.agents.iter().enumerate() {
                let already = visit.offers.iter().any(|offer| offer.agent == agent.id);
                let Some(room) = idle[number].get(&contact.channel).filter(|_| !already) else { continue };
                if self.admits(agent, contact, visit) && self.hold_between(agent, contact, visit).is_none() {
                    let values = self.values(visit, contact.id, agent, number, now);
                    found.push(Match { order: (visit.key.clone(), values, number), contact: contact.id, room: *room });
                }
            }
        }
        found.sort_by(|one, other| one.order.cmp(&other.order));
        found
    }

    /// The agent's value for each tie-breaker of the queue; smaller is better.
    fn values(&self, visit: &Visit, contact: ContactId, agent: &Agent, number: usize, now: Timestamp) -> Vec<i64> {
        let queue = self.queue(&visit.queue);
        let value = |tie_breaker: &TieBreaker| match tie_breaker {
            TieBreaker::Preferred => {
                i64::from(visit.preferred.as_ref().is_none_or(|preferred| preferred.agent != agent.id))
            }
            TieBreaker::LeastLoaded => {
                let used = self.used(&self.loads_of(&agent.id));
                i64::from(used) * 1_000 / i64::from(agent.rules.capacity.total.max(1))
            }
            TieBreaker::LeastSkilled => agent.rules.skills.len() as i64,
            TieBreaker::LeastOccupied => occupied_seconds(agent, now),
            TieBreaker::Rank => i64::from(queue.ranks.get(&agent.id).copied().unwrap_or(RANK_UNNAMED)),
            TieBreaker::LongestIdle => agent.idle_since.0,
            TieBreaker::BestSkill => -visit
                .skills
                .keys()
                .filter_map(|skill| agent.rules.skills.get(skill))
                .map(|level| i64::from(level.get()))
                .sum::<i64>(),
            TieBreaker::FewestContacts => i64::from(agent.served),
            TieBreaker::RoundRobin => {
                let last = self.offered_last.get(&visit.queue).map_or(-1, |last| *last as i64);
                (number as i64 - last - 1).rem_euclid(self.agents.len() as i64)
            }
            TieBreaker::Random => shuffled(contact, number),
        };
        queue.select.iter().map(value).collect()
    }
}

impl Turn {
    /// The offer that must be made now, if any.
    pub(crate) fn next_match(&self) -> Option<Fact> {
        let matches = self.model.matches(self.at);
        let contact = &self.model.contacts[&matches.first()?.contact];
        let visit = contact.waiting()?;
        let mut of_this_visit: Vec<&Match> = matches.iter().filter(|one| one.contact == contact.id).collect();
        let roomiest = of_this_visit.iter().map(|one| one.room).min()?;
        of_this_visit.retain(|one| one.room == roomiest);
        let best = of_this_visit[0];
        let queue = self.model.queue(&visit.queue);
        let runner_up = of_this_visit.get(1).map(|one| &one.order.1);
        let decided =
            runner_up.and_then(|other| (0..queue.select.len()).find(|place| best.order.1[*place] != other[*place]));
        let agent = &self.model.agents[best.order.2];
        let why = Why {
            rules: self.model.version,
            matched: of_this_visit.len() as u32,
            decided_by: decided.map(|place| queue.select[place]),
            value: decided.map_or(0, |place| best.order.1[place]),
            runner_up: decided.and_then(|place| runner_up.map(|other| other[place])),
            taken: false,
        };
        Some(self.offered(contact.id, &agent.id, why))
    }

    /// The next offer of a contact that waits.
    pub(super) fn offered(&self, contact: ContactId, agent: &AgentId, why: Why) -> Fact {
        let (contact, agent) = (&self.model.contacts[&contact], self.model.agent(agent));
        let visit = contact.waiting().expect("what is offered waits");
        let looked_at_for = self.model.looked_at_for(contact);
        Fact::ContactOffered {
            contact: contact.id,
            visit: visit.id,
            queue: visit.queue.clone(),
            offer: OfferId(self.next_number()),
            agent: agent.id.clone(),
            acknowledge_by: self.at + self.model.site().acknowledge_within,
            expires_at: self.at + looked_at_for.unwrap_or(self.model.queue(&visit.queue).offer_timeout),
            rings: self.model.rings(contact, agent),
            why,
        }
    }
}

/// The finaliser of splitmix64 over contact and agent, halved so that it is never negative.
fn shuffled(contact: ContactId, number: usize) -> i64 {
    let mut bits = contact.0 << 32 | number as u64;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) >> 1) as i64
}

pub(super) fn describe(agent: &Agent) -> Value {
    let rules = &agent.rules;
    let skills: BTreeMap<&str, u8> = rules.skills.iter().map(|(skill, level)| (skill.as_str(), level.get())).collect();
    json!({
        "id": agent.id.as_str(),
        "name": &*rules.name,
        "site": rules.site.as_ref().map(Arc::clone),
        "teams": rules.teams.iter().map(crate::routing::ids::TeamId::as_str).collect::<Vec<_>>(),
        "skills": skills,
        "attributes": rules.attributes.0,
    })
}
