//! Who was served before somebody who had come earlier, and by which rule: a fold over events. What stood
//! between is looked up when the offer is made, and counted when it is accepted. It judges nobody.

use std::collections::BTreeMap;

use serde::Serialize;

use super::between::Between;
use super::requirement::{Missing, Scan};
use crate::routing::event::{Event, Fact};
use crate::routing::hold::Hold;
use crate::routing::ids::{AgentId, ContactId, EventNo, OfferId, QueueId, VisitId};
use crate::routing::router::ContactRouter;
use crate::routing::table::AgentNo;
use crate::routing::time::{Millis, Timestamp};
use crate::routing::visit::{Contact, Visit};

/// Who is looked at for one offer, those who have waited longest first.
pub const PASSED_MAX: usize = 200;
/// Examples of one cause, the longest waits.
pub const EXAMPLES_MAX: usize = 5;

/// Why somebody who came later was served first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The agent lacks what the other asks.
    Requirement,
    /// The other waits for one agent alone.
    WaitsForAnother,
    /// The agent had no room for the other's channel.
    NoRoom,
    /// The other was being offered, to somebody else.
    BeingOffered,
    /// A hold stood between the agent and the other.
    Held(Hold),
    /// He had answered our call.
    FirstInLine,
    Tier,
    /// His queue is strict.
    Strict,
    Priority,
    /// His queue has more weight.
    Weight,
    /// The agent took it from the list himself.
    Taken,
    /// He came later, but to an older place: a callback, a transfer back, a caller who had been dropped.
    KeptPlace,
    /// Nothing of the above: a defect.
    Unexplained,
}

/// A span of time, both ends included; None: without end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Period {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

impl Period {
    fn holds(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at <= to)
    }
}

/// The fold: the router's state, and what open offers passed over.
#[derive(Default)]
pub struct Overtakings {
    router: ContactRouter,
    period: Period,
    open: BTreeMap<OfferId, Passing>,
    report: OvertakingsReport,
}

#[derive(Default)]
struct Passing {
    passed: Vec<Passed>,
    left_out: u64,
}

struct Passed {
    contact: ContactId,
    visit: VisitId,
    cause: Cause,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct OvertakingsReport {
    /// Contacts that an agent accepted.
    pub accepted: u64,
    /// Of these, those before whom somebody waited who had come earlier.
    pub overtook: u64,
    /// By the queue of who was overtaken, and cause.
    pub counts: Vec<Counted>,
    /// Those who had waited longest when they were overtaken, by cause.
    pub examples: Vec<Example>,
    /// Beyond [`PASSED_MAX`] for one offer: counted, but without a cause.
    pub left_out: u64,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Counted {
    pub queue: QueueId,
    pub cause: Cause,
    pub overtakings: u64,
    /// The longest that one of them had waited.
    pub longest: Millis,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Example {
    /// The accept.
    pub event: EventNo,
    pub at: Timestamp,
    pub cause: Cause,
    pub agent: AgentId,
    pub served: Stood,
    pub overtaken: Stood,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Stood {
    pub contact: ContactId,
    pub queue: QueueId,
    pub entered_at: Timestamp,
}

impl Example {
    fn waited(&self) -> Millis {
        self.at.since(self.overtaken.entered_at)
    }
}

impl Overtakings {
    /// From this state on; only accepts of the period count.
    #[must_use]
    pub fn after(router: ContactRouter, period: Period) -> Overtakings {
        Overtakings { router, period, ..Overtakings::default() }
    }

    pub fn evolve(&mut self, event: &Event) {
        match &event.fact {
            Fact::ContactOffered { contact, offer, agent, why, .. } => {
                if let Some(passing) = self.passing(*contact, agent, why.taken) {
                    self.open.insert(*offer, passing);
                }
            }
            Fact::OfferEnded { offer, .. } => {
                self.open.remove(offer);
            }
            Fact::ContactConnecting { contact, offer, agent, .. } => {
                let passing = self.open.remove(offer).unwrap_or_default();
                if self.period.holds(event.at) {
                    self.accepted(*contact, agent, &passing, event.at);
                }
            }
            Fact::Resumed { .. }
            | Fact::ClockStepped { .. }
            | Fact::RulesReplaced { .. }
            | Fact::GatewayAttached { .. }
            | Fact::GatewayDetached { .. }
            | Fact::GatewayLost { .. }
            | Fact::GatewayLinesSet { .. }
            | Fact::InventoryCompared { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentBackedOff { .. }
            | Fact::BackOffEnded { .. }
            | Fact::DeviceChanged { .. }
            | Fact::ContactArrived { .. }
            | Fact::CallbackPromised { .. }
            | Fact::CustomerAnswered { .. }
            | Fact::AttemptFailed { .. }
            | Fact::CallbackNotPlaced { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::LeadFiled { .. }
            | Fact::CallbackProposed { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptProposed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptPlaced { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. }
            | Fact::ContactUpdated { .. }
            | Fact::ContactQueued { .. }
            | Fact::VisitChanged { .. }
            | Fact::VisitWidened { .. }
            | Fact::VisitPrioritised { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::ConsultationBegun { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ConsultationEnded { .. }
            | Fact::ContactHandedOver { .. }
            | Fact::LegLost { .. }
            | Fact::LegBack { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { .. }
            | Fact::ExitFailed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::ContactTransferredOutside { .. }
            | Fact::TransferFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::RecordingTold { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::ConnectFailed { .. }
            | Fact::ContactConnected { .. }
            | Fact::ContactHeld { .. }
            | Fact::ContactUnheld { .. }
            | Fact::SegmentSetAside { .. }
            | Fact::SegmentTakenUp { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactSuspended { .. }
            | Fact::ContactTakenUp { .. }
            | Fact::ContactTransferred { .. }
            | Fact::ContactReturned { .. }
            | Fact::WrapUpStarted { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::SegmentClosed { .. }
            | Fact::VisitEnded { .. }
            | Fact::ContactEnded { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::EndForeseen { .. } => {}
        }
        self.router.evolve(event);
    }

    /// What was counted, most first.
    #[must_use]
    pub fn into_report(mut self) -> OvertakingsReport {
        self.report.counts.sort_by_key(|counted| std::cmp::Reverse(counted.overtakings));
        self.report.examples.sort_by_key(|example| (example.cause, std::cmp::Reverse(example.waited())));
        self.report
    }

    /// Whom an offer passes over who came earlier. None: nobody.
    fn passing(&self, served: ContactId, agent: &AgentId, is_taken: bool) -> Option<Passing> {
        let state = self.router.state();
        let agent = state.agent_no(agent)?;
        let (winner, visit) = waiting(state.contacts.get(&served)?)?;
        let scan = Scan::new(state);
        let mut earlier: Vec<(Timestamp, ContactId)> = Vec::new();
        for (id, contact) in &state.contacts {
            let Some((contact, other)) = waiting(contact) else { continue };
            let is_beside = other.queue == visit.queue || scan.missing(contact.channel, other, agent).is_none();
            if other.entered_at < visit.entered_at && is_beside {
                earlier.push((other.entered_at, *id));
            }
        }
        earlier.sort_unstable();
        let left_out = earlier.len().saturating_sub(PASSED_MAX);
        let passed = earlier.into_iter().take(PASSED_MAX).filter_map(|(_, id)| {
            let (contact, other) = waiting(&state.contacts[&id])?;
            let cause = cause(&scan, (winner, visit), (contact, other), agent)?;
            let cause = if is_taken { Cause::Taken } else { cause };
            Some(Passed { contact: id, visit: other.id, cause })
        });
        let passing = Passing { passed: passed.collect(), left_out: left_out as u64 };
        (!passing.passed.is_empty()).then_some(passing)
    }

    fn accepted(&mut self, served: ContactId, agent: &AgentId, passing: &Passing, at: Timestamp) {
        self.report.accepted += 1;
        let state = self.router.state();
        let event = state.event_no.plus(1);
        let Some((_, winner)) = state.contacts.get(&served).and_then(waiting) else { return };
        let stood = |contact: ContactId, visit: &Visit| Stood {
            contact,
            queue: state.queue_id(visit.queue),
            entered_at: visit.entered_at,
        };
        let winner = stood(served, winner);
        let mut examples = Vec::new();
        for passed in &passing.passed {
            let still_waits = state.contacts.get(&passed.contact).and_then(waiting);
            let Some((_, visit)) = still_waits.filter(|(_, visit)| visit.id == passed.visit) else { continue };
            let overtaken = stood(passed.contact, visit);
            let (agent, served, cause) = (agent.clone(), winner.clone(), passed.cause);
            examples.push(Example { event, at, cause, agent, served, overtaken });
        }
        self.report.overtook += u64::from(!examples.is_empty());
        self.report.left_out += passing.left_out;
        examples.into_iter().for_each(|example| self.report.add(example));
    }
}

impl OvertakingsReport {
    fn add(&mut self, example: Example) {
        let (queue, cause, waited) = (&example.overtaken.queue, example.cause, example.waited());
        let known = self.counts.iter_mut().find(|known| known.queue == *queue && known.cause == cause);
        match known {
            Some(known) => {
                known.overtakings += 1;
                known.longest = known.longest.max(waited);
            }
            None => self.counts.push(Counted { queue: queue.clone(), cause, overtakings: 1, longest: waited }),
        }
        let of_cause = || self.examples.iter().enumerate().filter(|(_, known)| known.cause == cause);
        let shortest = of_cause().min_by_key(|(_, known)| known.waited()).map(|(place, known)| (place, known.waited()));
        match shortest {
            Some((place, shortest)) if of_cause().count() >= EXAMPLES_MAX => {
                if waited > shortest {
                    self.examples[place] = example;
                }
            }
            Some(_) | None => self.examples.push(example),
        }
    }
}

/// A contact that waits, or is held out.
fn waiting(contact: &Contact) -> Option<(&Contact, &Visit)> {
    let visit = contact.visit.as_ref().filter(|visit| visit.connecting().is_none())?;
    Some((contact, visit))
}

/// Why an agent is offered the one and not the other. None: he has the other on offer, too.
fn cause(scan: &Scan<'_>, one: (&Contact, &Visit), other: (&Contact, &Visit), agent: AgentNo) -> Option<Cause> {
    match scan.between(other.0, other.1, agent) {
        Between::Nothing { .. } => Some(by_order(scan, one, other)),
        Between::Offered { .. } => None,
        Between::Missing(Missing::NotTheOne { .. }) => Some(Cause::WaitsForAnother),
        Between::Missing(
            Missing::NotInRules
            | Missing::NeverOffered
            | Missing::ChannelNotServed
            | Missing::NoPhone
            | Missing::NotInTeam { .. }
            | Missing::Skill { .. }
            | Missing::Condition { .. },
        ) => Some(Cause::Requirement),
        Between::Works(_) => Some(Cause::NoRoom),
        Between::Held(held) => Some(Cause::Held(held.by)),
        Between::OffersOut => Some(Cause::BeingOffered),
        // Whoever is offered anything is there.
        Between::Away(_) => Some(Cause::Unexplained),
    }
}

/// What in the order of service puts the one first.
fn by_order(scan: &Scan<'_>, one: (&Contact, &Visit), other: (&Contact, &Visit)) -> Cause {
    let (key, later) = (one.1.key, other.1.key);
    if key > later {
        return Cause::Unexplained;
    }
    if one.0.is_first && !other.0.is_first {
        return Cause::FirstInLine;
    }
    if key.tier != later.tier {
        return Cause::Tier;
    }
    if key.is_strict() != later.is_strict() {
        return Cause::Strict;
    }
    if key.rank() != later.rank() {
        return Cause::Priority;
    }
    if one.1.ordered_since <= other.1.ordered_since {
        return Cause::KeptPlace;
    }
    let of_priority = |visit: &Visit| {
        let rules = &scan.state.queue(visit.queue).rules;
        i64::from(visit.priority) * rules.priority_step.0
    };
    if of_priority(one.1) > of_priority(other.1) { Cause::Priority } else { Cause::Weight }
}
