//! A decision of the past: what its event recorded, beside what the state before it gives when it is asked
//! the slow way. The two must agree; when they do not, the answer says so.

use std::sync::Arc;

use serde::Serialize;

use super::candidates::{Candidate, Choice};
use super::contact::{ContactExplained, Standing, explain_contact};
use super::requirement::Scan;
use crate::routing::entry::{ContactFacts, Verdict, first_that_holds};
use crate::routing::event::{Event, Fact, QueuedBy};
use crate::routing::ids::{AgentId, ContactId, EventNo, QueueId};
use crate::routing::rule_set::{Exit, ExitAction, RulesVersion};
use crate::routing::state::State;
use crate::routing::time::Timestamp;
use crate::routing::visit::Contact;
use crate::routing::why::Why;

/// What an event decided.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Offered {
        agent: AgentId,
        queue: QueueId,
        why: Why,
    },
    /// The entry rules chose a queue.
    Entered {
        queue: QueueId,
        rule: Arc<str>,
        rules: RulesVersion,
    },
    /// The entry rules said something else of a contact that waits.
    EnteredAnew {
        rule: Arc<str>,
        rules: RulesVersion,
    },
    StepTaken {
        step: u32,
        rules: RulesVersion,
    },
    ExitTaken {
        exit: Exit,
        action: ExitAction,
        rules: RulesVersion,
    },
}

/// One decision and how it came about.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DecisionExplained {
    pub event: EventNo,
    pub at: Timestamp,
    pub contact: ContactId,
    pub decision: Decision,
    /// Whether the slow way comes to the same. None: it cannot be asked, as the customer has
    /// been erased since, or was in another queue when he was asked about.
    pub agrees: Option<bool>,
    /// The contact right before it.
    pub before: ContactExplained,
    /// Of an offer: those who could have had it, the best first, and whom the slow way chooses. Of one that
    /// its agent took himself, none: nobody was compared with him.
    pub candidates: Vec<Candidate>,
    pub choice: Option<Choice>,
    /// Of an entry: what each rule said, up to the one that holds.
    pub entry: Vec<RuleVerdict>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RuleVerdict {
    pub rule: Arc<str>,
    pub said: Said,
    /// Why its condition could not be evaluated.
    pub failed: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Holds,
    DoesNotHold,
    /// Its queue does not serve the contact's channel.
    OtherChannel,
    /// Counts as not holding.
    Failed,
}

/// What a fact decided about a contact; None: it decided nothing that an expert would ask about.
#[must_use]
pub fn decision_in(fact: &Fact) -> Option<(ContactId, Decision)> {
    match fact {
        Fact::ContactOffered { contact, agent, queue, why, .. } => {
            Some((*contact, Decision::Offered { agent: agent.clone(), queue: queue.clone(), why: *why }))
        }
        Fact::ContactQueued { contact, cause: QueuedBy::Entry { rule }, queue, rules, .. } => {
            let (queue, rule) = (queue.clone(), Arc::clone(rule));
            Some((*contact, Decision::Entered { queue, rule, rules: *rules }))
        }
        Fact::VisitChanged { contact, rule, rules, .. } => {
            Some((*contact, Decision::EnteredAnew { rule: Arc::clone(rule), rules: *rules }))
        }
        Fact::VisitWidened { contact, step, rules, .. } => {
            Some((*contact, Decision::StepTaken { step: *step, rules: *rules }))
        }
        Fact::ExitTaken { contact, exit, action, rules, .. } => {
            Some((*contact, Decision::ExitTaken { exit: *exit, action: action.clone(), rules: *rules }))
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
        | Fact::OfferEnded { .. }
        | Fact::ContactConnecting { .. }
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
        | Fact::EndForeseen { .. } => None,
    }
}

/// Asks the slow way what led to an event. `before`: the state after the event before it. None: the event is
/// no decision, or does not follow that state.
#[must_use]
pub fn explain_decision(before: &State, event: &Event) -> Option<DecisionExplained> {
    let (contact, decision) = decision_in(&event.fact)?;
    let stands = explain_contact(before, contact, event.at)?;
    let scan = Scan::new(before);
    let (mut candidates, mut choice, mut entry) = (Vec::new(), None, Vec::new());
    let agrees = match &decision {
        Decision::Offered { agent, why, .. } if why.taken => {
            let could_have_it = scan.could_take(contact, agent);
            could_have_it && *why == Why { taken: true, ..Why::alone(before.rules_version) }
        }
        Decision::Offered { agent, why, .. } => {
            candidates = scan.candidates(contact, event.at);
            choice = scan.choice(contact, &candidates);
            choice.as_ref().is_some_and(|choice| choice.agent == *agent && choice.why == *why)
        }
        Decision::Entered { rule, rules, .. } | Decision::EnteredAnew { rule, rules } => {
            entry = entry_of(&scan, contact, event.at);
            let holds = entry.last().is_some_and(|last| last.rule == *rule);
            holds && *rules == before.rules_version
        }
        Decision::StepTaken { step, .. } => match &stands.stands {
            Standing::Waiting(waiting) => {
                let steps = &waiting.outlook.steps;
                waiting.outlook.paused.is_none() && steps.iter().any(|known| known.number == *step && known.holds)
            }
            Standing::InHand { .. }
            | Standing::Suspended { .. }
            | Standing::Leaving { .. }
            | Standing::Transferring { .. }
            | Standing::Promised { .. }
            | Standing::Between => false,
        },
        Decision::ExitTaken { exit, action, .. } => exit_agrees(&stands.stands, *exit, action),
    };
    let event_no = before.event_no.plus(1);
    let is_erased = |contact: &Contact| contact.details.iter().any(|details| details.plain().is_none());
    let reads_details = match decision {
        Decision::Entered { .. } | Decision::EnteredAnew { .. } | Decision::ExitTaken { .. } => true,
        Decision::Offered { .. } | Decision::StepTaken { .. } => false,
    };
    let was_erased = reads_details && before.contacts.get(&contact).is_some_and(is_erased);
    let cannot_be_asked = was_erased || enters_again(&event.fact);
    Some(DecisionExplained {
        event: event_no,
        at: event.at,
        contact,
        decision,
        agrees: (!cannot_be_asked).then_some(agrees),
        before: stands,
        candidates,
        choice,
        entry,
    })
}

/// Who enters a second time was asked about before his first visit ended, and what he counted for in the
/// figures was still there. The numbers of a contact and of the visit it arrives with follow each other.
fn enters_again(fact: &Fact) -> bool {
    match fact {
        Fact::ContactQueued { contact, visit, cause: QueuedBy::Entry { .. }, .. } => visit.0 != contact.0 + 1,
        _other => false,
    }
}

/// An exit by a key holds once the key is pressed: that is the event before.
fn exit_agrees(stands: &Standing, taken: Exit, by: &ExitAction) -> bool {
    match stands {
        Standing::Waiting(waiting) => waiting.outlook.exits.iter().any(|known| {
            let holds = match taken {
                Exit::Key { .. } => !known.leads_nowhere,
                Exit::Closed | Exit::Closing | Exit::NoAgents | Exit::Full | Exit::LongWait | Exit::MaxWait => {
                    known.holds && waiting.outlook.paused.is_none()
                }
            };
            known.exit == taken && known.action == *by && holds
        }),
        Standing::InHand { .. }
        | Standing::Suspended { .. }
        | Standing::Leaving { .. }
        | Standing::Transferring { .. }
        | Standing::Promised { .. }
        | Standing::Between => false,
    }
}

/// What the entry rules say of a contact: the last holds, or is the one for which none is needed.
fn entry_of(scan: &Scan<'_>, id: ContactId, now: Timestamp) -> Vec<RuleVerdict> {
    let Some(contact) = scan.state.contacts.get(&id) else { return Vec::new() };
    let rules = &scan.state.rules;
    let queues = scan.figures_named_by(rules.entry.iter().filter_map(|rule| rule.when.as_ref()), now);
    let facts = ContactFacts::of(scan.state, contact, queues, now);
    let Some(entry) = first_that_holds(rules, &facts) else { return Vec::new() };
    let verdict = |(rule, verdict): (&Arc<str>, Verdict)| {
        let (said, failed) = match verdict {
            Verdict::Holds => (Said::Holds, None),
            Verdict::DoesNotHold => (Said::DoesNotHold, None),
            Verdict::OtherChannel => (Said::OtherChannel, None),
            Verdict::Failed(why) => (Said::Failed, Some(why)),
        };
        RuleVerdict { rule: Arc::clone(rule), said, failed }
    };
    let names = rules.entry.iter().map(|rule| &rule.name);
    names.zip(entry.verdicts).map(verdict).collect()
}
