//! The simulated telephone system: it alone knows which calls there are and what each is doing. It
//! never speaks to a socket and is told the time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rand_chacha::ChaCha8Rng;

use super::consulting::Consultation;
use crate::demo::callers::{KeyPress, PlannedCall};
use crate::demo::habits::Span;
use crate::demo::ledger::Ledger;
use crate::protocol::{
    AgentName, CallPlaceOrder, Channel, ContactAbandoned, ContactArrived, Direction, Endpoint, GatewayContactConnected,
    GatewayContactEnded, GatewaySays, GatewayTells, HungUpBy, MonitorId, OrderId, RecordingId, Ref, TelephoneKey,
};
use crate::wire_client::{Orders, Tells};

/// A customer on hold hangs up this long after he would have without.
const HELD_LONGER_MS: i64 = 30_000;

/// What a call is doing at the switch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Leg {
    /// Hears music.
    Waiting,
    /// The agent's device rings.
    Ringing { order: OrderId, agent: AgentName, endpoint: Endpoint },
    /// A customer is being called; he is not on the line.
    Placing { order: OrderId, agent: AgentName, endpoint: Endpoint },
    /// Laid down by the agent: the customer has his time to write.
    Suspended,
    /// Customer and agent are connected.
    Talking { order: OrderId, agent: AgentName, endpoint: Endpoint, is_held: bool },
    /// Hears a message, and then the server ends the call.
    Announcement { order: OrderId },
    /// The caller speaks to voicemail.
    Voicemail,
}

#[derive(Debug)]
pub(super) struct Call {
    pub plan: PlannedCall,
    pub leg: Leg,
    /// The server has acknowledged the arrival.
    pub is_known: bool,
    /// The line is dead; the server has not yet acknowledged that.
    pub is_over: bool,
    /// The server has acknowledged that it is connected, and nothing has ended that.
    pub is_answered: bool,
    /// The server has sent it out of its queue, and it does not wait again.
    pub has_flowed_out: bool,
    /// The agent's line has dropped; he is rung again within the same talk.
    pub has_lost_leg: bool,
    /// Rises with each wait, so that an old patience does not end a new one.
    pub wait: u32,
    /// How often the server said that it does not know the call. None: it has not been asked.
    pub doubts: Option<u32>,
    /// The order that asked for it, when the server did.
    pub placed_by: Option<OrderId>,
    /// A campaign calls.
    pub is_to_lead: bool,
    /// Lines that the customer has written.
    pub lines_written: usize,
    /// Rises when the customer means to write something else.
    pub thought: u32,
}

impl Call {
    pub fn new(plan: PlannedCall, leg: Leg) -> Call {
        let placed_by = match &leg {
            Leg::Placing { order, .. } => Some(order.clone()),
            Leg::Waiting
            | Leg::Ringing { .. }
            | Leg::Suspended
            | Leg::Talking { .. }
            | Leg::Announcement { .. }
            | Leg::Voicemail => None,
        };
        Call {
            plan,
            leg,
            is_known: false,
            is_over: false,
            is_answered: false,
            has_flowed_out: false,
            has_lost_leg: false,
            wait: 0,
            doubts: None,
            placed_by,
            is_to_lead: false,
            lines_written: 0,
            thought: 0,
        }
    }
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Due {
    PatienceOver {
        contact: Ref,
        wait: u32,
    },
    Answered {
        contact: Ref,
        order: OrderId,
    },
    TalkOver {
        contact: Ref,
        order: OrderId,
        is_postponed: bool,
    },
    KeyPressed {
        contact: Ref,
        wait: u32,
        key: TelephoneKey,
    },
    /// The phone that was to ring first is lifted, or it rang in vain.
    FirstLifted {
        asked: Box<CallPlaceOrder>,
    },
    CustomerLifted {
        asked: Box<CallPlaceOrder>,
    },
    /// The customer begins to type what he will write.
    Types {
        contact: Ref,
        thought: u32,
    },
    Writes {
        contact: Ref,
        order: OrderId,
        thought: u32,
    },
    Replies {
        contact: Ref,
    },
    MessageOver {
        contact: Ref,
        order: OrderId,
    },
    VoicemailOver {
        contact: Ref,
        wait: u32,
    },
    ColleagueLifts {
        of: Ref,
        order: OrderId,
    },
    ColleagueLeaves {
        of: Ref,
        order: OrderId,
    },
    /// The agent's line is dead.
    LineDrops {
        contact: Ref,
        order: OrderId,
    },
    CallsAgain(Box<PlannedCall>),
}

/// All calls of one gateway.
#[derive(Debug)]
pub struct Switch {
    pub(super) calls: BTreeMap<Ref, Call>,
    /// Devices whose legs stay up between calls.
    pub(super) lasting_legs: BTreeSet<Endpoint>,
    /// By the name that the server gave them.
    pub(super) consultations: BTreeMap<Ref, Consultation>,
    /// Supervisors, and on whose line each is.
    pub(super) monitors: BTreeMap<MonitorId, Ref>,
    /// Calls that are recorded.
    pub(super) taped: BTreeMap<Ref, RecordingId>,
    due: BTreeMap<(i64, u64), Due>,
    last_due: u64,
    pub(in crate::demo) tells: Tells,
    /// What is said in passing.
    pub(in crate::demo) says: VecDeque<GatewaySays>,
    pub(super) orders: Orders,
    pub(super) rings_for: Span,
    pub(super) random: ChaCha8Rng,
    pub(super) ledger: Ledger,
}

impl Switch {
    /// `rings_for`: from the order to connect until the agent's device is lifted.
    #[must_use]
    pub fn new(rings_for: Span, random: ChaCha8Rng, ledger: Ledger) -> Switch {
        Switch {
            calls: BTreeMap::new(),
            lasting_legs: BTreeSet::new(),
            consultations: BTreeMap::new(),
            monitors: BTreeMap::new(),
            taped: BTreeMap::new(),
            due: BTreeMap::new(),
            last_due: 0,
            tells: Tells::default(),
            says: VecDeque::new(),
            orders: Orders::default(),
            rings_for,
            random,
            ledger,
        }
    }

    /// What a call is doing; None when there is no such call.
    #[must_use]
    pub fn leg(&self, contact: &Ref) -> Option<&Leg> {
        self.calls.get(contact).filter(|call| !call.is_over).map(|call| &call.leg)
    }

    /// Calls with a live line.
    #[must_use]
    pub fn live_calls(&self) -> usize {
        self.calls.values().filter(|call| !call.is_over).count()
    }

    /// Whether no line is live and nobody is about to call again.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.live_calls() == 0 && !self.due.values().any(|due| matches!(due, Due::CallsAgain(_)))
    }

    /// Events that the server has not yet acknowledged.
    #[must_use]
    pub fn pending_events(&self) -> usize {
        self.tells.pending()
    }

    /// A customer calls. A ref that is in use is refused.
    pub fn arrive(&mut self, plan: PlannedCall, now_ms: i64) {
        if self.calls.contains_key(&plan.r#ref) {
            self.ledger.count(|seen| seen.refused += 1);
            return;
        }
        let told = plan.clone();
        self.tells.push(Some(&plan.r#ref), now_ms, |event, occurred_at| {
            GatewayTells::ContactArrived(ContactArrived {
                event,
                occurred_at,
                r#ref: told.r#ref,
                channel: told.channel,
                direction: Direction::Inbound,
                from: told.from,
                to: told.to,
                attributes: told.attributes,
            })
        });
        let contact = plan.r#ref.clone();
        self.calls.insert(contact.clone(), Call::new(plan, Leg::Waiting));
        self.begin_wait(&contact, now_ms);
        self.open_writing(&contact, now_ms);
    }

    pub(super) fn begin_wait(&mut self, contact: &Ref, now_ms: i64) {
        let call = self.calls.get_mut(contact).expect("the caller has found the call");
        let was_answered = std::mem::take(&mut call.is_answered);
        let had_flowed_out = std::mem::take(&mut call.has_flowed_out);
        call.has_lost_leg = false;
        call.leg = Leg::Waiting;
        call.wait += 1;
        let (wait, patience_ms, presses) = (call.wait, call.plan.patience_ms, call.plan.presses);
        if was_answered || had_flowed_out {
            self.ledger.count(|seen| seen.requeued += 1);
        }
        if let Some(KeyPress { key, after_ms }) = presses {
            self.set_due(now_ms + after_ms, Due::KeyPressed { contact: contact.clone(), wait, key });
        }
        if let Some(patience_ms) = patience_ms {
            self.set_due(now_ms + patience_ms, Due::PatienceOver { contact: contact.clone(), wait });
        }
    }

    pub(super) fn set_due(&mut self, at_ms: i64, due: Due) {
        self.last_due += 1;
        self.due.insert((at_ms, self.last_due), due);
    }

    /// When something happens next by itself, in milliseconds since 1970.
    #[must_use]
    pub fn next_due_ms(&self) -> Option<i64> {
        self.due.first_key_value().map(|((at_ms, _), _)| *at_ms)
    }

    /// Lets happen what is due.
    pub fn advance(&mut self, now_ms: i64) {
        while let Some(first) = self.due.first_entry().filter(|first| first.key().0 <= now_ms) {
            let ((at_ms, _), due) = first.remove_entry();
            match due {
                Due::PatienceOver { contact, wait } => self.patience_over(&contact, wait, at_ms),
                Due::Answered { contact, order } => self.answered(&contact, &order, at_ms),
                Due::TalkOver { contact, order, is_postponed } => self.talk_over(&contact, &order, is_postponed, at_ms),
                Due::KeyPressed { contact, wait, key } => self.key_pressed(&contact, wait, key, at_ms),
                Due::FirstLifted { asked } => self.first_lifted(&asked, at_ms),
                Due::CustomerLifted { asked } => self.customer_lifted(&asked, at_ms),
                Due::Types { contact, thought } => self.types(&contact, thought),
                Due::Writes { contact, order, thought } => self.writes(&contact, &order, thought, at_ms),
                Due::Replies { contact } => self.replies(&contact, at_ms),
                Due::MessageOver { contact, order } => self.message_over(&contact, &order, at_ms),
                Due::VoicemailOver { contact, wait } => self.voicemail_over(&contact, wait, at_ms),
                Due::ColleagueLifts { of, order } => self.colleague_lifts(&of, &order, at_ms),
                Due::ColleagueLeaves { of, order } => self.colleague_leaves(&of, &order, at_ms),
                Due::LineDrops { contact, order } => self.line_drops(&contact, &order, at_ms),
                Due::CallsAgain(plan) => {
                    self.ledger.count(|seen| seen.called_again += 1);
                    self.arrive(*plan, at_ms);
                }
            }
        }
        self.end_monitors(now_ms);
    }

    pub(super) fn live(&mut self, contact: &Ref) -> Option<&mut Call> {
        self.calls.get_mut(contact).filter(|call| !call.is_over)
    }

    fn patience_over(&mut self, contact: &Ref, wait: u32, now_ms: i64) {
        let still_waits = |call: &&mut Call| {
            call.wait == wait
                && !call.is_answered
                && match call.leg {
                    Leg::Waiting | Leg::Ringing { .. } => true,
                    Leg::Placing { .. }
                    | Leg::Suspended
                    | Leg::Talking { .. }
                    | Leg::Announcement { .. }
                    | Leg::Voicemail => false,
                }
        };
        let Some(call) = self.live(contact).filter(still_waits) else { return };
        call.is_over = true;
        let again = next_try(&call.plan, now_ms);
        let r#ref = contact.clone();
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::ContactAbandoned(ContactAbandoned { event, occurred_at, r#ref })
        });
        if let Some(again) = again {
            self.set_due(again.enters_at_ms, Due::CallsAgain(Box::new(again)));
        }
    }

    pub(super) fn answered(&mut self, contact: &Ref, ringing: &OrderId, now_ms: i64) {
        let Some(call) = self.live(contact) else { return };
        let talk_ms = call.plan.talk_ms;
        match &call.leg {
            Leg::Ringing { order, agent, endpoint } if order == ringing => {
                let (order, agent, endpoint) = (order.clone(), agent.clone(), endpoint.clone());
                call.leg = Leg::Talking { order, agent, endpoint, is_held: false };
            }
            Leg::Ringing { .. }
            | Leg::Waiting
            | Leg::Placing { .. }
            | Leg::Suspended
            | Leg::Talking { .. }
            | Leg::Announcement { .. }
            | Leg::Voicemail => return,
        }
        let (r#ref, order) = (contact.clone(), ringing.clone());
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::ContactConnected(GatewayContactConnected { event, occurred_at, r#ref, order })
        });
        let due = Due::TalkOver { contact: contact.clone(), order: ringing.clone(), is_postponed: false };
        self.set_due(now_ms + talk_ms, due);
        self.begin_to_write(contact, ringing, now_ms);
        if self.calls.get(contact).is_some_and(|call| call.plan.channel == Channel::Voice) {
            self.may_drop(contact, ringing, now_ms);
        }
    }

    fn talk_over(&mut self, contact: &Ref, of_order: &OrderId, is_postponed: bool, now_ms: i64) {
        let Some(call) = self.live(contact) else { return };
        let is_held = match &call.leg {
            Leg::Talking { order, is_held, .. } if order == of_order => *is_held,
            Leg::Talking { .. }
            | Leg::Waiting
            | Leg::Ringing { .. }
            | Leg::Placing { .. }
            | Leg::Suspended
            | Leg::Announcement { .. }
            | Leg::Voicemail => return,
        };
        if is_held && !is_postponed {
            let due = Due::TalkOver { contact: contact.clone(), order: of_order.clone(), is_postponed: true };
            return self.set_due(now_ms + HELD_LONGER_MS, due);
        }
        self.hang_up(contact, HungUpBy::Customer, now_ms);
    }

    pub(super) fn hang_up(&mut self, contact: &Ref, by: HungUpBy, now_ms: i64) {
        let Some(call) = self.live(contact) else { return };
        call.is_over = true;
        let r#ref = contact.clone();
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::ContactEnded(GatewayContactEnded { event, occurred_at, r#ref, by })
        });
        self.end_tape(contact, now_ms);
    }

    /// Writes what calls are doing now into the ledger.
    pub fn count_live(&self) {
        let known = || self.calls.values().filter(|call| call.is_known && !call.has_flowed_out);
        let talking = known().filter(|call| call.is_answered).count() as u64;
        let waiting = known().count() as u64 - talking;
        let rings = |call: &&Call| call.is_to_lead && !call.is_over && matches!(call.leg, Leg::Placing { .. });
        let ringing = self.calls.values().filter(rings).count() as u64;
        self.ledger.count(|seen| (seen.waiting, seen.talking, seen.leads_ringing) = (waiting, talking, ringing));
    }
}

/// Who hung up in vain calls again once, from the same number, and waits longer.
fn next_try(plan: &PlannedCall, now_ms: i64) -> Option<PlannedCall> {
    let after_ms = plan.calls_again_after_ms?;
    Some(PlannedCall {
        r#ref: Ref::clipped(&format!("{}-again", plan.r#ref.as_str())),
        enters_at_ms: now_ms + after_ms,
        patience_ms: plan.patience_ms.map(|patience_ms| patience_ms * 2),
        calls_again_after_ms: None,
        ..plan.clone()
    })
}
