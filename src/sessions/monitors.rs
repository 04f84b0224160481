//! Supervisors on the lines of calls: who listens to whom, what the gateway is told of it, and what becomes of it. Not
//! in the journal, as nothing is routed by it: it is audited before it begins, and ends with either session.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::registry::{Registry, SessionNo};
use super::requests::Line;
use super::session::Outgoing;
use super::to_protocol::{self, time};
use crate::audit::Audit;
use crate::protocol as wire;
use crate::protocol::{
    ErrorKind, GatewayOrder, MonitorState, OrderFailure, RequestId, SupervisorHears, answer_text, push_text,
    request_text,
};
use crate::records::{Act, AuditEntry, AuditValue};
use crate::router_handle::{Read, RouterHandle, View};
use crate::routing::ids::{ContactId, ContactRef, GatewayId, PersonId};
use crate::routing::rule_set::Channel;
use crate::routing::segment::SegmentState;
use crate::routing::time::Millis;

/// How long an order that answers a click may still be carried out.
const ORDER_LIFE: Millis = Millis::seconds(10);
const RETRY_AFTER_MS: u64 = 1_000;
/// What an order's id begins with: those of the router begin with `o-`.
const ID_PREFIX: &str = "m-";

/// One supervisor on one line.
#[derive(Clone)]
struct Monitor {
    session: SessionNo,
    outgoing: mpsc::Sender<Outgoing>,
    asked: wire::ContactId,
    gateway: GatewayId,
    reference: ContactRef,
    mode: wire::MonitorMode,
}

/// Where a call is that an agent has in hand.
struct InHand {
    gateway: GatewayId,
    reference: ContactRef,
}

/// All that are on lines now.
pub struct Monitors {
    registry: Arc<Registry>,
    open: DashMap<u64, Monitor>,
    last: AtomicU64,
}

/// A supervisor's session that asks.
pub struct Listener {
    pub monitors: Arc<Monitors>,
    pub router: RouterHandle,
    pub audit: Arc<Audit>,
    pub line: Line,
    pub session: SessionNo,
    pub person: PersonId,
}

impl Listener {
    /// Answers later; the session goes on at once.
    pub fn start(self, id: RequestId, ask: wire::MonitorStart) {
        tokio::spawn(async move {
            let begun = self.begin(&ask).await;
            self.answer(&id, begun);
        });
    }

    pub fn change(self, id: &RequestId, ask: &wire::MonitorChange) {
        let changed =
            self.of(&ask.contact).and_then(|(no, monitor)| self.monitors.change(no, monitor, ask.mode, &self.line));
        self.answer(id, changed);
    }

    pub fn stop(self, id: &RequestId, ask: &wire::MonitorStop) {
        let stopped = self.of(&ask.contact).map(|(no, monitor)| self.monitors.stop(no, &monitor, &self.line));
        self.answer(id, stopped);
    }

    fn answer(&self, id: &RequestId, done: Result<(), ErrorKind>) {
        self.line.give(id, done.map(|()| answer_text(id, &wire::Nothing {})));
    }

    fn of(&self, contact: &wire::ContactId) -> Result<(u64, Monitor), ErrorKind> {
        let mine = self.monitors.of_session(self.session).into_iter().find(|(_, monitor)| monitor.asked == *contact);
        mine.ok_or_else(|| wrong_state(contact, "a call that you are on"))
    }

    async fn begin(&self, ask: &wire::MonitorStart) -> Result<(), ErrorKind> {
        let ids = &self.line.ids;
        let contact = ids.contact(&ask.contact)?;
        let found = self.router.ask(Read::Exact, move |view| in_hand(view, contact)).await;
        let found = found.map_err(|rejection| to_protocol::error(ids, rejection))?;
        let found = found.ok_or_else(|| wrong_state(&ask.contact, "a call that an agent has in hand"))?;
        let entry = AuditEntry::new(self.line.clock.now(), self.person.clone(), Act::Monitored)
            .about(contact)
            .with("mode", AuditValue::Word(mode_word(ask.mode)));
        let unavailable = ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS };
        self.audit.record(entry).await.map_err(|_| unavailable)?;
        for (no, monitor) in self.monitors.of_session(self.session) {
            self.monitors.stop(no, &monitor, &self.line);
        }
        self.monitors.start(self, ask, found)
    }
}

impl Monitors {
    pub fn new(registry: Arc<Registry>) -> Arc<Monitors> {
        Arc::new(Monitors { registry, open: DashMap::new(), last: AtomicU64::new(0) })
    }

    fn of_session(&self, session: SessionNo) -> Vec<(u64, Monitor)> {
        let mine = self.open.iter().filter(|monitor| monitor.session == session);
        mine.map(|monitor| (*monitor.key(), monitor.clone())).collect()
    }

    fn start(&self, listener: &Listener, ask: &wire::MonitorStart, found: InHand) -> Result<(), ErrorKind> {
        let no = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let InHand { gateway, reference } = found;
        let (order, not_after) = self.next_order(&listener.line);
        let monitor = Monitor {
            session: listener.session,
            outgoing: listener.line.outgoing.clone(),
            asked: ask.contact.clone(),
            gateway,
            reference,
            mode: ask.mode,
        };
        let asked = wire::MonitorOrder {
            order,
            not_after,
            contact: ask.contact.clone(),
            r#ref: reference_text(&monitor),
            monitor: name(no),
            endpoint: ask.endpoint.clone(),
            mode: ask.mode,
        };
        self.open.insert(no, monitor.clone());
        if self.send(&monitor, no, &GatewayOrder::MonitorStart(asked)) {
            return Ok(());
        }
        self.open.remove(&no);
        Err(ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS })
    }

    fn change(&self, no: u64, mut monitor: Monitor, mode: wire::MonitorMode, line: &Line) -> Result<(), ErrorKind> {
        let (order, not_after) = self.next_order(line);
        monitor.mode = mode;
        let asked = wire::MonitorModeOrder {
            order,
            not_after,
            contact: monitor.asked.clone(),
            r#ref: reference_text(&monitor),
            monitor: name(no),
            mode,
        };
        if !self.send(&monitor, no, &GatewayOrder::MonitorMode(asked)) {
            return Err(ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS });
        }
        if let Some(mut open) = self.open.get_mut(&no) {
            open.mode = mode;
        }
        Ok(())
    }

    fn stop(&self, no: u64, monitor: &Monitor, line: &Line) {
        let (order, not_after) = self.next_order(line);
        let asked = wire::MonitorStopOrder {
            order,
            not_after,
            contact: monitor.asked.clone(),
            r#ref: reference_text(monitor),
            monitor: name(no),
        };
        self.send(monitor, no, &GatewayOrder::MonitorStop(asked));
        self.told(no, MonitorState::Over, None);
    }

    /// The supervisor's session is over: nobody would hear how his leg goes on.
    pub fn session_gone(&self, session: SessionNo, line: &Line) {
        for (no, monitor) in self.of_session(session) {
            self.stop(no, &monitor, line);
        }
    }

    /// The gateway begins anew, or is away: its legs of supervisors are gone.
    pub fn gateway_gone(&self, gateway: &GatewayId) {
        let gone = self.open.iter().filter(|monitor| monitor.gateway == *gateway);
        let gone: Vec<u64> = gone.map(|monitor| *monitor.key()).collect();
        gone.into_iter().for_each(|no| self.told(no, MonitorState::Over, Some(OrderFailure::Failed)));
    }

    /// A gateway says how one of its legs goes on; of one that is over it says nothing new.
    pub fn gateway_tells(&self, gateway: &GatewayId, told: &wire::GatewayMonitorChanged) {
        let no = told.monitor.as_str().strip_prefix(ID_PREFIX).and_then(|no| no.parse().ok());
        if let Some(no) = no.filter(|no| self.open.get(no).is_some_and(|monitor| monitor.gateway == *gateway)) {
            self.told(no, told.state, told.why);
        }
    }

    /// Whether the answer was to one of these orders. One that is refused ends the leg.
    pub fn order_answered(&self, id: &RequestId, answer: &Result<wire::OrderAnswer, ()>) -> bool {
        let RequestId::Text(text) = id else { return false };
        let Some(asked) = text.strip_prefix(ID_PREFIX) else { return false };
        let no = asked.split('-').next().and_then(|no| no.parse().ok());
        if let (Some(no), true) = (no, !matches!(answer, Ok(answer) if *answer == wire::OrderAnswer::ACCEPTED)) {
            self.told(no, MonitorState::Over, Some(OrderFailure::Failed));
        }
        true
    }

    fn told(&self, no: u64, state: MonitorState, why: Option<OrderFailure>) {
        let monitor = match state {
            MonitorState::Over => self.open.remove(&no).map(|(_, monitor)| monitor),
            MonitorState::Ringing | MonitorState::On => self.open.get(&no).map(|monitor| monitor.clone()),
        };
        let Some(Monitor { outgoing, asked: contact, mode, .. }) = monitor else { return };
        let changed = SupervisorHears::MonitorChanged(wire::MonitorChanged { contact, mode, state, why });
        let _ = outgoing.try_send(Outgoing::Text(Utf8Bytes::from(push_text(&changed))));
    }

    fn next_order(&self, line: &Line) -> (wire::OrderId, wire::Time) {
        let order = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        (wire::OrderId::clipped(&format!("{ID_PREFIX}{order}")), time(line.clock.now() + ORDER_LIFE))
    }

    /// Whether the gateway's session took it.
    fn send(&self, monitor: &Monitor, no: u64, order: &GatewayOrder) -> bool {
        let turn = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let id = RequestId::Text(format!("{ID_PREFIX}{no}-{turn}"));
        self.registry.mention_to_gateway(&monitor.gateway, Utf8Bytes::from(request_text(&id, order)))
    }
}

fn name(no: u64) -> wire::MonitorId {
    wire::MonitorId::clipped(&format!("{ID_PREFIX}{no}"))
}

fn reference_text(monitor: &Monitor) -> wire::Ref {
    wire::Ref::clipped(monitor.reference.as_str())
}

fn wrong_state(contact: &wire::ContactId, expected: &str) -> ErrorKind {
    ErrorKind::WrongState { contact: contact.clone(), expected: expected.to_owned() }
}

fn mode_word(mode: wire::MonitorMode) -> &'static str {
    match mode {
        wire::MonitorMode::Listen => "listen",
        wire::MonitorMode::Whisper => "whisper",
        wire::MonitorMode::Barge => "barge",
    }
}

fn in_hand(view: View<'_>, id: ContactId) -> Option<InHand> {
    let state = view.router.state();
    let contact = state.contacts.get(&id)?;
    let segment = state.segments.get(&contact.segment?)?;
    let is_call = matches!(contact.channel, Channel::Voice | Channel::Callback) && contact.consultation.is_none();
    let is_on = matches!(segment.state, SegmentState::Talking | SegmentState::Held { .. });
    (is_call && is_on)
        .then(|| InHand { gateway: state.gateway_id(contact.gateway), reference: contact.reference.clone() })
}
