//! What a supervisor is told about why. It leaves out what has no place on the wire.

use super::agent::{decided_by, hold};
use super::{agent_name, channel, name, presence, queue_name, time};
use crate::explanation::agent::{AgentExplained, ChannelExplained, ContactOfAgent, Hindered, InHand};
use crate::explanation::between::{Away, Between, Held, Work};
use crate::explanation::contact::{AgentOfContact, ContactExplained, Standing, Totals, Waiting};
use crate::explanation::decision::{Decision, DecisionExplained, RuleVerdict, Said};
use crate::explanation::outlook::{ExitOutlook, Paused, StepOutlook};
use crate::explanation::requirement::Missing;
use crate::hindsight::Decided;
use crate::protocol as wire;
use crate::routing::agent::Phase;
use crate::routing::command::{DeviceState, Presence};
use crate::routing::event::{QueuedBy, Reach};
use crate::routing::ids::EventNo;
use crate::routing::rule_set::{Exit, ExitAction, TieBreaker};
use crate::routing::segment::SegmentState;
use crate::routing::skill::Skills;
use crate::routing::time::Timestamp;
use crate::routing::why::Why;
use crate::sessions::from_protocol::WireIds;

/// Agents of one answer.
const AGENTS_SHOWN_MAX: usize = 500;
/// The bits of a draw that are shown: every JSON reader keeps 53.
const DRAW_BITS_LEFT_OUT: u32 = 10;

pub fn contact_why(ids: &WireIds, explained: &ContactExplained) -> wire::ContactWhy {
    let mut why = wire::ContactWhy {
        contact: ids.contact_text(explained.contact),
        at: time(explained.at),
        channel: channel(explained.channel),
        arrived_at: time(explained.arrived_at),
        rules_version: explained.rules.0,
        stands: wire::WhyStanding::Between,
        queue: None,
        agent: None,
        state: None,
        exit: None,
        until: None,
        waiting: None,
        decision: None,
        decisions: Vec::new(),
    };
    match &explained.stands {
        Standing::Waiting(waits) => {
            why.stands = wire::WhyStanding::Waiting;
            why.queue = Some(queue_name(&waits.queue));
            why.waiting = Some(waiting(ids, waits, explained.at));
        }
        Standing::InHand { agent, segment: _, queue, state } => {
            why.stands = wire::WhyStanding::InHand;
            (why.agent, why.queue) = (Some(agent_name(agent)), Some(queue_name(queue)));
            let (state, until) = segment_state(*state);
            (why.state, why.until) = (Some(state), until.map(time));
        }
        Standing::Suspended { agent, queue, until } => {
            why.stands = wire::WhyStanding::Suspended;
            (why.agent, why.queue, why.until) = (Some(agent_name(agent)), Some(queue_name(queue)), until.map(time));
        }
        Standing::Leaving { queue, exit, action: _, until } => {
            why.stands = wire::WhyStanding::Leaving;
            (why.queue, why.exit, why.until) = (Some(queue_name(queue)), Some(exit_name(*exit)), until.map(time));
        }
        Standing::Promised { queue, due, by } => {
            why.stands = wire::WhyStanding::Promised;
            (why.queue, why.agent) = (Some(queue_name(queue)), by.as_ref().map(agent_name));
            why.until = Some(time(*due));
        }
        Standing::Between => {}
    }
    why
}

/// The contact right before a decision, and the decision.
pub fn decision_why(ids: &WireIds, explained: &DecisionExplained) -> wire::ContactWhy {
    let mut why = contact_why(ids, &explained.before);
    let mut decision = decision(explained.event, explained.at, &explained.decision);
    decision.agrees = explained.agrees;
    decision.entry = explained.entry.iter().map(entry).collect();
    why.decision = Some(decision);
    why
}

pub fn decided_why(decided: &Decided) -> wire::DecisionWhy {
    decision(decided.event, decided.at, &decided.decision)
}

fn decision(event: EventNo, at: Timestamp, decided: &Decision) -> wire::DecisionWhy {
    let mut why = wire::DecisionWhy {
        event: wire::JournalNumber::new(event.0).expect("a journal is shorter than 2⁵³ events"),
        at: time(at),
        what: wire::WhyDecided::Offered,
        agent: None,
        queue: None,
        rule: None,
        step: None,
        exit: None,
        decided_by: None,
        value: None,
        runner_up: None,
        agents_matched: None,
        rules_version: 0,
        agrees: None,
        entry: Vec::new(),
    };
    match decided {
        Decision::Offered { agent, queue, why: Why { rules, matched, decided_by: by, value, runner_up } } => {
            (why.agent, why.queue) = (Some(agent_name(agent)), Some(queue_name(queue)));
            why.rules_version = rules.0;
            why.agents_matched = Some(*matched);
            why.decided_by = by.map(decided_by);
            why.value = by.map(|by| shown(by, *value));
            why.runner_up = by.and_then(|by| runner_up.map(|value| shown(by, value)));
        }
        Decision::Entered { queue, rule, rules } => {
            why.what = wire::WhyDecided::Entered;
            (why.queue, why.rule, why.rules_version) = (Some(queue_name(queue)), Some(name(rule)), rules.0);
        }
        Decision::EnteredAnew { rule, rules } => {
            why.what = wire::WhyDecided::EnteredAnew;
            (why.rule, why.rules_version) = (Some(name(rule)), rules.0);
        }
        Decision::StepTaken { step, rules } => {
            why.what = wire::WhyDecided::StepTaken;
            (why.step, why.rules_version) = (Some(*step), rules.0);
        }
        Decision::ExitTaken { exit, action: _, rules } => {
            why.what = wire::WhyDecided::ExitTaken;
            (why.exit, why.rules_version) = (Some(exit_name(*exit)), rules.0);
        }
    }
    why
}

fn entry(verdict: &RuleVerdict) -> wire::EntryWhy {
    let said = match verdict.said {
        Said::Holds => wire::WhySaid::Holds,
        Said::DoesNotHold => wire::WhySaid::DoesNotHold,
        Said::OtherChannel => wire::WhySaid::OtherChannel,
        Said::Failed => wire::WhySaid::Failed,
    };
    wire::EntryWhy { rule: name(&verdict.rule), said, failed: verdict.failed.as_deref().map(wire::Text::clipped) }
}

/// Draws use 63 bits, which not every reader keeps.
fn shown(by: TieBreaker, value: i64) -> i64 {
    if by == TieBreaker::Random { value >> DRAW_BITS_LEFT_OUT } else { value }
}

fn waiting(ids: &WireIds, waits: &Waiting, now: Timestamp) -> wire::WaitingWhy {
    let outlook = &waits.outlook;
    let row = |row: &AgentOfContact| wire::AgentOfContactWhy {
        agent: agent_name(&row.agent),
        between: between(ids, &row.between),
        values: waits.select.iter().zip(&row.values).map(|(by, value)| shown(*by, *value)).collect(),
    };
    wire::WaitingWhy {
        cause: queued_by(&waits.cause),
        rule: match &waits.cause {
            QueuedBy::Entry { rule } => Some(name(rule)),
            QueuedBy::Transfer { .. }
            | QueuedBy::DirectExpired { .. }
            | QueuedBy::AgentLost { .. }
            | QueuedBy::Step { .. }
            | QueuedBy::Exit { .. }
            | QueuedBy::ExitFailed { .. }
            | QueuedBy::QueueDropped { .. }
            | QueuedBy::TakenUp { .. }
            | QueuedBy::Callback { .. }
            | QueuedBy::Moved
            | QueuedBy::Assigned
            | QueuedBy::HandedBack { .. }
            | QueuedBy::Consultation { .. }
            | QueuedBy::Escalated { .. }
            | QueuedBy::LegLost { .. }
            | QueuedBy::CallbackDue => None,
        },
        entered_at: time(waits.entered_at),
        ordered_since: time(waits.ordered_since),
        place: waits.place as u64,
        waiting: waits.waiting as u64,
        tier: u32::from(waits.tier),
        strict: waits.strict,
        first_in_line: waits.first_in_line,
        priority: waits.priority,
        head_start_ms: waits.head_start.0,
        skills: skills(&waits.skills),
        joined: waits.joined.iter().map(queue_name).collect(),
        waits_for: waits.waits_for.as_ref().map(|waits| wire::WaitsForWhy {
            agent: agent_name(&waits.agent),
            until: time(waits.until),
            behind: waits.behind.as_ref().map(queue_name),
        }),
        hold: waits.held.map(|held| hold(held.by)),
        hold_until: waits.held.and_then(|held| held.until).map(time),
        offers: waits
            .offers
            .iter()
            .map(|offer| wire::OpenOfferWhy { agent: agent_name(&offer.agent), expires_at: time(offer.expires_at) })
            .collect(),
        offers_in_row: waits.offers_in_row,
        select: waits.select.iter().map(|by| decided_by(*by)).collect(),
        paused: outlook.paused.map(|paused| match paused {
            Paused::Offered => wire::WhyPaused::Offered,
            Paused::Direct => wire::WhyPaused::Direct,
            Paused::GatewayAway => wire::WhyPaused::GatewayAway,
        }),
        steps: outlook.steps.iter().map(step).collect(),
        exits: outlook.exits.iter().map(exit).collect(),
        next_step: outlook.next_step(now).map(|next| wire::NextStepWhy { step: next.what, at: next.at.map(time) }),
        next_exit: outlook
            .next_exit(now)
            .map(|next| wire::NextExitWhy { exit: exit_name(next.what), at: next.at.map(time) }),
        totals: totals(&waits.totals),
        agents: waits.agents.iter().take(AGENTS_SHOWN_MAX).map(row).collect(),
        agents_left_out: waits.agents.len().saturating_sub(AGENTS_SHOWN_MAX) as u64,
    }
}

fn queued_by(cause: &QueuedBy) -> wire::WhyQueuedBy {
    match cause {
        QueuedBy::Entry { .. } => wire::WhyQueuedBy::Entry,
        QueuedBy::Transfer { .. } => wire::WhyQueuedBy::Transfer,
        QueuedBy::DirectExpired { .. } => wire::WhyQueuedBy::DirectExpired,
        QueuedBy::AgentLost { .. } => wire::WhyQueuedBy::AgentLost,
        QueuedBy::Step { .. } => wire::WhyQueuedBy::Step,
        QueuedBy::Exit { .. } => wire::WhyQueuedBy::Exit,
        QueuedBy::ExitFailed { .. } => wire::WhyQueuedBy::ExitFailed,
        QueuedBy::QueueDropped { .. } => wire::WhyQueuedBy::QueueDropped,
        QueuedBy::TakenUp { .. } => wire::WhyQueuedBy::TakenUp,
        QueuedBy::Callback { .. } => wire::WhyQueuedBy::Callback,
        QueuedBy::CallbackDue => wire::WhyQueuedBy::CallbackDue,
        QueuedBy::Moved => wire::WhyQueuedBy::Moved,
        QueuedBy::Assigned => wire::WhyQueuedBy::Assigned,
        QueuedBy::HandedBack { .. } => wire::WhyQueuedBy::HandedBack,
        QueuedBy::Consultation { .. } => wire::WhyQueuedBy::Consultation,
        QueuedBy::Escalated { .. } => wire::WhyQueuedBy::Escalated,
        QueuedBy::LegLost { .. } => wire::WhyQueuedBy::LegLost,
    }
}

fn skills(skills: &Skills) -> Vec<wire::SkillWhy> {
    let asked = skills.iter();
    asked.map(|(skill, level)| wire::SkillWhy { skill: name(skill.as_str()), level: level.get() }).collect()
}

fn step(step: &StepOutlook) -> wire::StepWhy {
    let failed = step.when.as_ref().and_then(|when| when.failed.as_deref());
    wire::StepWhy {
        step: step.number,
        taken: step.taken,
        due: time(step.due),
        when: step.when.as_ref().map(|when| wire::Text::clipped(&when.text)),
        when_holds: step.when.as_ref().map(|when| when.holds),
        when_failed: failed.map(wire::Text::clipped),
        nobody_could_match: step.nobody_could_match,
        leads_nowhere: step.leads_nowhere,
        holds: step.holds,
        asks: skills(&step.rules.skills),
        drops: step.rules.drop_skills.iter().map(|skill| name(skill.as_str())).collect(),
        joins: step.rules.join_queue.as_ref().map(queue_name),
        raises_by: Some(step.rules.priority).filter(|priority| *priority != 0),
        moves_to: step.rules.move_to.as_ref().map(queue_name),
    }
}

fn exit(exit: &ExitOutlook) -> wire::ExitWhy {
    let (action, to) = match &exit.action {
        ExitAction::Queue(queue) => (wire::WhyAction::Queue, Some(name(queue.as_str()))),
        ExitAction::HangUp => (wire::WhyAction::HangUp, None),
        ExitAction::Voicemail { mailbox } => (wire::WhyAction::Voicemail, mailbox.as_deref().map(name)),
        ExitAction::Announce { message } => (wire::WhyAction::Announce, Some(name(message))),
        ExitAction::Callback => (wire::WhyAction::Callback, None),
    };
    wire::ExitWhy {
        exit: exit_name(exit.exit),
        action,
        to,
        leads_nowhere: exit.leads_nowhere,
        holds: exit.holds,
        at: exit.at.map(time),
    }
}

/// As the rules name it.
fn exit_name(exit: Exit) -> wire::Name {
    match exit {
        Exit::Closed => name("closed"),
        Exit::Closing => name("closing"),
        Exit::NoAgents => name("no_agents"),
        Exit::Full => name("full"),
        Exit::LongWait => name("long_wait"),
        Exit::MaxWait => name("max_wait"),
        Exit::Key { key } => name(&format!("key_{}", char::from(key))),
    }
}

fn totals(totals: &Totals) -> wire::TotalsWhy {
    let held = totals.held.iter();
    wire::TotalsWhy {
        agents: totals.agents as u64,
        matched: totals.matched as u64,
        could_be_offered: totals.could_be_offered as u64,
        offered: totals.offered as u64,
        away: totals.away as u64,
        offered_another: totals.offered_another as u64,
        busy: totals.busy as u64,
        consulting: totals.consulting as u64,
        wrap_up: totals.wrap_up as u64,
        held: held.map(|(by, agents)| wire::HeldWhy { hold: hold(*by), agents: *agents as u64 }).collect(),
        offers_out: totals.offers_out as u64,
    }
}

fn segment_state(state: SegmentState) -> (wire::SegmentState, Option<Timestamp>) {
    match state {
        SegmentState::Connecting { connect_by } => (wire::SegmentState::Connecting, Some(connect_by)),
        SegmentState::Talking => (wire::SegmentState::Talking, None),
        SegmentState::Held { .. } => (wire::SegmentState::Held, None),
        SegmentState::LegLost { until, .. } => (wire::SegmentState::Held, Some(until)),
        SegmentState::SetAside { .. } => (wire::SegmentState::SetAside, None),
        SegmentState::WrapUp { ends_at, .. } => (wire::SegmentState::WrapUp, Some(ends_at)),
    }
}

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

fn between(ids: &WireIds, between: &Between) -> wire::BetweenWhy {
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
