//! What a supervisor is told about an agent, and what stands between him and a contact. It leaves out what has
//! no place on the wire.

use super::agent::hold;
use super::{agent_name, channel, name, presence, queue_name, time};
use crate::explanation::agent::{AgentExplained, ChannelExplained, ContactOfAgent, Hindered, InHand};
use crate::explanation::between::{Away, Between, Held, Work};
use crate::explanation::requirement::Missing;
use crate::protocol as wire;
use crate::routing::agent::Phase;
use crate::routing::command::{DeviceState, Presence};
use crate::routing::event::Reach;
use crate::sessions::from_protocol::WireIds;

fn plain(what: wire::WhyBetween) -> wire::BetweenWhy {
    wire::BetweenWhy {
        what,
        missing: None,
        skill: None,
        level_asked: None,
        level_has: None,
        queue: None,
        agent: None,
        away: None,
        reason: None,
        contact: None,
        hold: None,
        until: None,
        sets_aside: false,
    }
}

pub(super) fn between(ids: &WireIds, between: &Between) -> wire::BetweenWhy {
    match between {
        Between::Nothing { sets_aside } => {
            wire::BetweenWhy { sets_aside: *sets_aside, ..plain(wire::WhyBetween::Nothing) }
        }
        Between::Offered { expires_at, .. } => {
            wire::BetweenWhy { until: Some(time(*expires_at)), ..plain(wire::WhyBetween::Offered) }
        }
        Between::Missing(missing) => missing_why(missing),
        Between::Away(away) => away_why(away),
        Between::Works(work) => work_why(ids, work),
        Between::Held(held) => held_why(*held),
        Between::OffersOut => plain(wire::WhyBetween::OffersOut),
    }
}

fn missing_why(missing: &Missing) -> wire::BetweenWhy {
    let mut why = plain(wire::WhyBetween::Missing);
    why.missing = Some(match missing {
        Missing::NotInRules => wire::WhyMissing::NotInRules,
        Missing::NeverOffered => wire::WhyMissing::NeverOffered,
        Missing::ChannelNotServed => wire::WhyMissing::ChannelNotServed,
        Missing::NoPhone => wire::WhyMissing::NoPhone,
        Missing::NotTheOne { agent } => {
            why.agent = Some(agent_name(agent));
            wire::WhyMissing::NotTheOne
        }
        Missing::NotInTeam { .. } => wire::WhyMissing::NotInTeam,
        Missing::Skill { skill, asked, has } => {
            why.skill = Some(name(skill.as_str()));
            (why.level_asked, why.level_has) = (Some(asked.get()), has.map(|has| has.get()));
            wire::WhyMissing::Skill
        }
        Missing::Condition { queue } => {
            why.queue = Some(queue_name(queue));
            wire::WhyMissing::Condition
        }
    });
    why
}

fn away_why(away: &Away) -> wire::BetweenWhy {
    let mut why = plain(wire::WhyBetween::Away);
    why.away = Some(match away {
        Away::NotLoggedIn => wire::WhyAway::NotLoggedIn,
        Away::NotReady { reason } => {
            why.reason = Some(name(reason));
            wire::WhyAway::NotReady
        }
        Away::About { next } => {
            why.reason = presence(next).1;
            wire::WhyAway::AboutToLeave
        }
        Away::ConsoleLost { until } => {
            why.until = Some(time(*until));
            wire::WhyAway::ConsoleLost
        }
        Away::Unreachable { until } => {
            why.until = Some(time(*until));
            wire::WhyAway::Unreachable
        }
    });
    why
}

fn work_why(ids: &WireIds, work: &Work) -> wire::BetweenWhy {
    let (what, contact, until) = match work {
        Work::Offered { contact, expires_at } => (wire::WhyBetween::OfferedAnother, contact, Some(*expires_at)),
        Work::Busy { contact } => (wire::WhyBetween::Busy, contact, None),
        Work::Consulting { contact } => (wire::WhyBetween::Consulting, contact, None),
        Work::WrapUp { contact, ends_at } => (wire::WhyBetween::WrapUp, contact, Some(*ends_at)),
    };
    wire::BetweenWhy { contact: Some(ids.contact_text(*contact)), until: until.map(time), ..plain(what) }
}

fn held_why(held: Held) -> wire::BetweenWhy {
    wire::BetweenWhy { hold: Some(hold(held.by)), until: held.until.map(time), ..plain(wire::WhyBetween::Held) }
}

pub fn agent_why(ids: &WireIds, explained: &AgentExplained) -> wire::AgentWhy {
    let (chosen, reason) = presence(&explained.presence);
    let (reach, reach_until) = match explained.reach {
        Reach::Here => (wire::WhyReach::Here, None),
        Reach::Away { until } => (wire::WhyReach::Away, Some(until)),
        Reach::Unreachable { until } => (wire::WhyReach::Unreachable, Some(until)),
        Reach::Gone => (wire::WhyReach::Gone, None),
    };
    wire::AgentWhy {
        agent: agent_name(&explained.agent),
        at: time(explained.at),
        name: wire::PersonName::clipped(&explained.name),
        in_rules: explained.in_rules,
        presence: chosen,
        reason,
        next: explained.next.as_ref().map(|next: &Presence| presence(next).0),
        reach,
        reach_until: reach_until.map(time),
        responding: explained.responding,
        back_off_until: explained.back_off.map(|back_off| time(back_off.until)),
        device: match explained.device {
            DeviceState::Unregistered => wire::DeviceState::Unregistered,
            DeviceState::Idle => wire::DeviceState::Idle,
            DeviceState::InUse => wire::DeviceState::InUse,
            DeviceState::Ringing => wire::DeviceState::Ringing,
        },
        idle_since: time(explained.idle_since),
        used: explained.used,
        total: explained.total,
        in_hand: explained.in_hand.iter().map(|in_hand| in_hand_why(ids, in_hand)).collect(),
        channels: explained.channels.iter().map(|on| channel_why(ids, on)).collect(),
        waiting: explained.waiting.iter().map(|waits| contact_of_agent(ids, waits)).collect(),
        waiting_in_all: explained.waiting_in_all as u64,
    }
}

fn in_hand_why(ids: &WireIds, in_hand: &InHand) -> wire::InHandWhy {
    wire::InHandWhy {
        contact: ids.contact_text(in_hand.contact),
        channel: channel(in_hand.channel),
        phase: match in_hand.phase {
            None => wire::WhyPhase::Offered,
            Some(Phase::Connecting) => wire::WhyPhase::Connecting,
            Some(Phase::WithCustomer) => wire::WhyPhase::WithCustomer,
            Some(Phase::LegLost) => wire::WhyPhase::LegLost,
            Some(Phase::SetAside) => wire::WhyPhase::SetAside,
            Some(Phase::WrapUp) => wire::WhyPhase::WrapUp,
        },
        until: in_hand.until.map(time),
    }
}

fn channel_why(ids: &WireIds, on: &ChannelExplained) -> wire::ChannelWhy {
    let between = match &on.hindered {
        Hindered::No => plain(wire::WhyBetween::Nothing),
        Hindered::SetsAside => wire::BetweenWhy { sets_aside: true, ..plain(wire::WhyBetween::Nothing) },
        Hindered::NotServed => missing_why(&Missing::ChannelNotServed),
        Hindered::Away(away) => away_why(away),
        Hindered::Works(work) => work_why(ids, work),
        Hindered::Held(held) => held_why(*held),
    };
    wire::ChannelWhy { channel: channel(on.channel), between }
}

fn contact_of_agent(ids: &WireIds, waits: &ContactOfAgent) -> wire::ContactOfAgentWhy {
    wire::ContactOfAgentWhy {
        contact: ids.contact_text(waits.contact),
        channel: channel(waits.channel),
        queue: queue_name(&waits.queue),
        entered_at: time(waits.entered_at),
        between: between(ids, &waits.between),
        after: waits.after.map(|contact| ids.contact_text(contact)),
    }
}
