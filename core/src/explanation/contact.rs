//! Where a contact stands, and what stands between it and every agent. Says why it still waits, or who has it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::between::{Between, Held, Work};
use super::outlook::Outlook;
use super::requirement::Scan;
use crate::routing::event::QueuedBy;
use crate::routing::hold::Hold;
use crate::routing::ids::{AgentId, ContactId, OfferId, QueueId, SegmentId};
use crate::routing::rule_set::{Channel, Exit, ExitAction, RulesVersion, TieBreaker};
use crate::routing::segment::{Segment, SegmentState};
use crate::routing::skill::Skills;
use crate::routing::state::State;
use crate::routing::table::AgentNo;
use crate::routing::time::{Millis, Timestamp};
use crate::routing::visit::{Contact, LeavingBy, Visit};

/// One contact as it is at a moment.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ContactExplained {
    pub contact: ContactId,
    pub at: Timestamp,
    pub channel: Channel,
    pub arrived_at: Timestamp,
    pub rules: RulesVersion,
    pub stands: Standing,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Waiting(Box<Waiting>),
    /// In this agent's hands, or on its way there.
    InHand {
        agent: AgentId,
        segment: SegmentId,
        queue: QueueId,
        state: SegmentState,
    },
    /// Laid down by this agent until its customer writes, or until `until`.
    Suspended {
        agent: AgentId,
        queue: QueueId,
        until: Option<Timestamp>,
    },
    /// On its way to a number outside.
    Transferring {
        /// Where it was answered from.
        queue: QueueId,
        /// Who gave it on.
        agent: AgentId,
        until: Option<Timestamp>,
    },
    /// On its way out by an exit, in its gateway's hands; `until` None: it speaks to voicemail.
    Leaving {
        queue: QueueId,
        exit: Exit,
        action: ExitAction,
        until: Option<Timestamp>,
    },
    /// A callback that is not yet due.
    Promised {
        queue: QueueId,
        due: Timestamp,
        by: Option<AgentId>,
    },
    /// In no queue and in nobody's hands: it has just come, or is about to end.
    Between,
}

/// A contact in a queue, and all that keeps it there.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Waiting {
    pub queue: QueueId,
    pub cause: QueuedBy,
    pub entered_at: Timestamp,
    pub ordered_since: Timestamp,
    /// From 1, among `waiting` in this queue.
    pub place: usize,
    pub waiting: usize,
    pub tier: u8,
    pub strict: bool,
    /// It goes before all others of tier 1: its customer has answered our call.
    pub first_in_line: bool,
    pub priority: i32,
    /// What priority and queue are worth, in time; nothing in a strict queue.
    pub head_start: Millis,
    pub skills: Skills,
    pub joined: Vec<QueueId>,
    pub waits_for: Option<WaitsFor>,
    /// What keeps it from everybody.
    pub held: Option<Held>,
    pub offers: Vec<OpenOffer>,
    pub offers_in_row: u32,
    pub select: Vec<TieBreaker>,
    pub outlook: Outlook,
    pub totals: Totals,
    /// Everybody: who could be offered it first, the best one leading; then those who match, then the others.
    pub agents: Vec<AgentOfContact>,
}

/// The one agent who is waited for alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct WaitsFor {
    pub agent: AgentId,
    pub until: Timestamp,
    /// Where it goes then; None: anybody of its queue may have it.
    pub behind: Option<QueueId>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OpenOffer {
    pub agent: AgentId,
    pub expires_at: Timestamp,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AgentOfContact {
    pub agent: AgentId,
    pub between: Between,
    /// Of each tie-breaker of `Waiting::select`, when nothing stands between; smaller is better.
    pub values: Vec<i64>,
}

/// How many agents there are, by what stands between. Each counts once.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Totals {
    pub agents: usize,
    /// Who meet what is asked, whatever they do: the sum of all below.
    pub matched: usize,
    pub could_be_offered: usize,
    /// It is held out to them.
    pub offered: usize,
    pub away: usize,
    /// Another contact is held out to them.
    pub offered_another: usize,
    pub busy: usize,
    /// They ask a colleague.
    pub consulting: usize,
    pub wrap_up: usize,
    pub held: BTreeMap<Hold, usize>,
    /// It is held out to as many others as its queue allows.
    pub offers_out: usize,
}

impl Totals {
    fn add(&mut self, between: &Between) {
        self.agents += 1;
        let counted = match between {
            Between::Missing(_) => return,
            Between::Nothing { .. } => &mut self.could_be_offered,
            Between::Offered { .. } => &mut self.offered,
            Between::Away(_) => &mut self.away,
            Between::Works(Work::Offered { .. }) => &mut self.offered_another,
            Between::Works(Work::Busy { .. }) => &mut self.busy,
            Between::Works(Work::Consulting { .. }) => &mut self.consulting,
            Between::Works(Work::WrapUp { .. }) => &mut self.wrap_up,
            Between::Held(held) => self.held.entry(held.by).or_default(),
            Between::OffersOut => &mut self.offers_out,
        };
        *counted += 1;
        self.matched += 1;
    }
}

/// Why a contact is where it is. None: there is no such contact, or it has ended.
#[must_use]
pub fn explain_contact(state: &State, id: ContactId, now: Timestamp) -> Option<ContactExplained> {
    let contact = state.contacts.get(&id)?;
    let stands = standing(state, id, contact, now);
    Some(ContactExplained {
        contact: id,
        at: now,
        channel: contact.channel,
        arrived_at: contact.arrived_at,
        rules: state.rules_version,
        stands,
    })
}

fn standing(state: &State, id: ContactId, contact: &Contact, now: Timestamp) -> Standing {
    let in_hand = |segment: SegmentId| {
        let Segment { agent, ref from, state: is, .. } = state.segments[&segment];
        Standing::InHand { agent: state.agent_id(agent), segment, queue: state.queue_id(from.queue), state: is }
    };
    if let Some(leaving) = &contact.leaving {
        let (queue, until) = (state.queue_id(leaving.from.queue), leaving.until);
        return match &leaving.way {
            LeavingBy::Exit { exit, action } => Standing::Leaving { queue, exit: *exit, action: action.clone(), until },
            LeavingBy::Transfer { agent } => Standing::Transferring { queue, agent: state.agent_id(*agent), until },
        };
    }
    if let Some(laid_down) = &contact.suspended {
        let (agent, queue) = (state.agent_id(laid_down.agent), state.queue_id(laid_down.from.queue_or_behind()));
        return Standing::Suspended { agent, queue, until: laid_down.until };
    }
    if let Some(visit) = &contact.visit {
        return match visit.connecting() {
            Some(segment) => in_hand(segment),
            None => Standing::Waiting(Box::new(waiting(state, id, contact, visit, now))),
        };
    }
    if let Some(promise) = &contact.promise {
        let by = promise.by.map(|agent| state.agent_id(agent));
        return Standing::Promised { queue: state.queue_id(promise.queue), due: promise.due, by };
    }
    contact.segment.map_or(Standing::Between, in_hand)
}

fn waiting(state: &State, id: ContactId, contact: &Contact, visit: &Visit, now: Timestamp) -> Waiting {
    let scan = Scan::new(state);
    let visits = state.contacts.values().filter_map(|contact| contact.visit.as_ref());
    let beside = || visits.clone().filter(|other| other.queue == visit.queue && other.connecting().is_none());
    let offer = |offer: &OfferId| {
        let open = &state.offers[offer];
        OpenOffer { agent: state.agent_id(open.agent), expires_at: open.expires_at }
    };
    let (totals, agents) = agents_of(&scan, id, contact, visit, now);
    let head_start =
        if visit.key.is_strict() { Millis::ZERO } else { Millis(visit.ordered_since.0 - visit.key.place().0) };
    Waiting {
        queue: state.queue_id(visit.queue),
        cause: visit.cause.clone(),
        entered_at: visit.entered_at,
        ordered_since: visit.ordered_since,
        place: 1 + beside().filter(|other| other.key < visit.key).count(),
        waiting: beside().count(),
        tier: visit.key.tier,
        strict: visit.key.is_strict() && !contact.is_first,
        first_in_line: contact.is_first,
        priority: visit.priority,
        head_start,
        skills: (*visit.skills).clone(),
        joined: visit.joined.iter().map(|queue| state.queue_id(*queue)).collect(),
        waits_for: waits_for(state, visit),
        held: scan.held_from_all(contact),
        offers: visit.offers.iter().map(offer).collect(),
        offers_in_row: visit.offers_in_row,
        select: state.queue(visit.queue).rules.select.clone(),
        outlook: scan.outlook(contact, visit, now),
        totals,
        agents,
    }
}

fn waits_for(state: &State, visit: &Visit) -> Option<WaitsFor> {
    if let Some(direct) = &visit.direct {
        let behind = Some(state.queue_id(direct.behind.queue));
        return Some(WaitsFor { agent: state.agent_id(direct.agent), until: direct.until, behind });
    }
    let preferred = visit.preferred?;
    Some(WaitsFor { agent: state.agent_id(preferred.agent), until: preferred.alone_until?, behind: None })
}

fn agents_of(
    scan: &Scan<'_>,
    id: ContactId,
    contact: &Contact,
    visit: &Visit,
    now: Timestamp,
) -> (Totals, Vec<AgentOfContact>) {
    let mut totals = Totals::default();
    let mut rows: Vec<(usize, AgentNo, AgentOfContact)> = Vec::new();
    let candidates = scan.candidates(id, now);
    for no in scan.agents() {
        let between = scan.between(contact, visit, no);
        totals.add(&between);
        let leads = candidates.iter().position(|candidate| candidate.no == no);
        let group = match (leads, &between) {
            (Some(place), _) => place,
            (None, Between::Missing(_)) => candidates.len() + 1,
            (None, _) => candidates.len(),
        };
        let values = match between {
            Between::Nothing { .. } => scan.values(id, visit, no, now),
            Between::Offered { .. }
            | Between::Missing(_)
            | Between::Away(_)
            | Between::Works(_)
            | Between::Held(_)
            | Between::OffersOut => Vec::new(),
        };
        rows.push((group, no, AgentOfContact { agent: scan.state.agent_id(no), between, values }));
    }
    rows.sort_by_key(|(group, no, _)| (*group, *no));
    (totals, rows.into_iter().map(|(_, _, row)| row).collect())
}
