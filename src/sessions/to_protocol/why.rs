//! What a supervisor is told about a contact and a decision. It leaves out what has no place on the wire.

use super::agent::{decided_by, hold};
use super::why_agent::between;
use super::{agent_name, channel, name, queue_name, time};
use crate::explanation::contact::{AgentOfContact, ContactExplained, Standing, Totals, Waiting};
use crate::explanation::decision::{Decision, DecisionExplained, RuleVerdict, Said};
use crate::explanation::outlook::{ExitOutlook, Paused, StepOutlook};
use crate::hindsight::Decided;
use crate::protocol as wire;
use crate::routing::event::QueuedBy;
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
        Standing::Transferring { queue, agent, until } => {
            why.stands = wire::WhyStanding::Transferring;
            (why.queue, why.agent) = (Some(queue_name(queue)), Some(agent_name(agent)));
            why.until = until.map(time);
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
        Decision::Offered { agent, queue, why: Why { rules, matched, decided_by: by, value, runner_up, taken } } => {
            (why.agent, why.queue) = (Some(agent_name(agent)), Some(queue_name(queue)));
            why.rules_version = rules.0;
            why.agents_matched = Some(*matched);
            why.decided_by = if *taken { Some(wire::DecidedBy::Taken) } else { by.map(decided_by) };
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
            | QueuedBy::Work
            | QueuedBy::HandedBack { .. }
            | QueuedBy::Consultation { .. }
            | QueuedBy::Escalated { .. }
            | QueuedBy::LegLost { .. }
            | QueuedBy::TransferFailed { .. }
            | QueuedBy::Campaign { .. }
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

pub(super) fn queued_by(cause: &QueuedBy) -> wire::WhyQueuedBy {
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
        QueuedBy::Work => wire::WhyQueuedBy::Work,
        QueuedBy::Assigned => wire::WhyQueuedBy::Assigned,
        QueuedBy::HandedBack { .. } => wire::WhyQueuedBy::HandedBack,
        QueuedBy::Consultation { .. } => wire::WhyQueuedBy::Consultation,
        QueuedBy::Escalated { .. } => wire::WhyQueuedBy::Escalated,
        QueuedBy::LegLost { .. } => wire::WhyQueuedBy::LegLost,
        QueuedBy::TransferFailed { .. } => wire::WhyQueuedBy::TransferFailed,
        QueuedBy::Campaign { .. } => wire::WhyQueuedBy::Campaign,
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
