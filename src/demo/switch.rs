//! The simulated telephone system: it alone knows which calls there are and what each is doing. It
//! never speaks to a socket and is told the time.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;

use super::callers::PlannedCall;
use super::habits::Span;
use super::ledger::Ledger;
use super::orders::{Orders, Verdict};
use super::tells::Tells;
use crate::protocol::{
    AgentName, Attributes, Channel, ConnectOrder, ContactAbandoned, ContactArrived, ContactOrder, Direction, Endpoint,
    ErrorKind, EventNumber, GatewayContactConnected, GatewayContactEnded, GatewayContactUpdated, GatewayOrder,
    GatewaySnapshot, GatewayTells, HungUpBy, Inventory, InventoryAgentLeg, InventoryContact, OrderAnswer, OrderDone,
    OrderFailed, OrderFailure, OrderId, Ref, ShouldBe, Time,
};

/// Contacts on one page of an inventory: what the wire allows.
pub const PAGE_CONTACTS_MAX: usize = 1_000;
/// A customer on hold hangs up this long after he would have without.
const HELD_LONGER_MS: i64 = 30_000;
/// Inventories that may name a call before it is hung up because the server does not take it up.
const DOUBTS_MAX: u32 = 3;

/// What a call is doing at the switch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Leg {
    /// Hears music.
    Waiting,
    /// The agent's device rings.
    Ringing { order: OrderId, agent: AgentName, endpoint: Endpoint },
    /// Customer and agent are connected.
    Talking { order: OrderId, agent: AgentName, endpoint: Endpoint, is_held: bool },
}

#[derive(Debug)]
struct Call {
    plan: PlannedCall,
    leg: Leg,
    /// The server has acknowledged the arrival.
    is_known: bool,
    /// The line is dead; the server has not yet acknowledged that.
    is_over: bool,
    /// The server has acknowledged that it is connected, and nothing has ended that.
    is_answered: bool,
    /// Rises with each wait, so that an old patience does not end a new one.
    wait: u32,
    /// How often the server said that it does not know the call. None: it has not been asked.
    doubts: Option<u32>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Due {
    PatienceOver { contact: Ref, wait: u32 },
    Answered { contact: Ref, order: OrderId },
    TalkOver { contact: Ref, order: OrderId, is_postponed: bool },
}

/// All calls of one gateway.
#[derive(Debug)]
pub struct Switch {
    calls: BTreeMap<Ref, Call>,
    due: BTreeMap<(i64, u64), Due>,
    last_due: u64,
    pub(super) tells: Tells,
    orders: Orders,
    rings_for: Span,
    random: ChaCha8Rng,
    ledger: Ledger,
}

impl Switch {
    /// `rings_for`: from the order to connect until the agent's device is lifted.
    #[must_use]
    pub fn new(rings_for: Span, random: ChaCha8Rng, ledger: Ledger) -> Switch {
        Switch {
            calls: BTreeMap::new(),
            due: BTreeMap::new(),
            last_due: 0,
            tells: Tells::default(),
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
        let (leg, is_answered) = (Leg::Waiting, false);
        let call = Call { plan, leg, is_known: false, is_over: false, is_answered, wait: 0, doubts: None };
        self.calls.insert(contact.clone(), call);
        self.begin_wait(&contact, now_ms);
    }

    fn begin_wait(&mut self, contact: &Ref, now_ms: i64) {
        let call = self.calls.get_mut(contact).expect("the caller has found the call");
        let was_answered = std::mem::take(&mut call.is_answered);
        call.leg = Leg::Waiting;
        call.wait += 1;
        let (wait, patience_ms) = (call.wait, call.plan.patience_ms);
        if was_answered {
            self.ledger.count(|seen| seen.requeued += 1);
        }
        if let Some(patience_ms) = patience_ms {
            self.set_due(now_ms + patience_ms, Due::PatienceOver { contact: contact.clone(), wait });
        }
    }

    fn set_due(&mut self, at_ms: i64, due: Due) {
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
            }
        }
    }

    fn live(&mut self, contact: &Ref) -> Option<&mut Call> {
        self.calls.get_mut(contact).filter(|call| !call.is_over)
    }

    fn patience_over(&mut self, contact: &Ref, wait: u32, now_ms: i64) {
        let still_waits = |call: &&mut Call| call.wait == wait && !matches!(call.leg, Leg::Talking { .. });
        let Some(call) = self.live(contact).filter(still_waits) else { return };
        call.is_over = true;
        let r#ref = contact.clone();
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::ContactAbandoned(ContactAbandoned { event, occurred_at, r#ref })
        });
    }

    fn answered(&mut self, contact: &Ref, ringing: &OrderId, now_ms: i64) {
        let Some(call) = self.live(contact) else { return };
        let talk_ms = call.plan.talk_ms;
        match &call.leg {
            Leg::Ringing { order, agent, endpoint } if order == ringing => {
                let (order, agent, endpoint) = (order.clone(), agent.clone(), endpoint.clone());
                call.leg = Leg::Talking { order, agent, endpoint, is_held: false };
            }
            Leg::Ringing { .. } | Leg::Waiting | Leg::Talking { .. } => return,
        }
        let (r#ref, order) = (contact.clone(), ringing.clone());
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::ContactConnected(GatewayContactConnected { event, occurred_at, r#ref, order })
        });
        let due = Due::TalkOver { contact: contact.clone(), order: ringing.clone(), is_postponed: false };
        self.set_due(now_ms + talk_ms, due);
    }

    fn talk_over(&mut self, contact: &Ref, of_order: &OrderId, is_postponed: bool, now_ms: i64) {
        let Some(call) = self.live(contact) else { return };
        let is_held = match &call.leg {
            Leg::Talking { order, is_held, .. } if order == of_order => *is_held,
            Leg::Talking { .. } | Leg::Waiting | Leg::Ringing { .. } => return,
        };
        if is_held && !is_postponed {
            let due = Due::TalkOver { contact: contact.clone(), order: of_order.clone(), is_postponed: true };
            return self.set_due(now_ms + HELD_LONGER_MS, due);
        }
        self.hang_up(contact, HungUpBy::Customer, now_ms);
    }

    fn hang_up(&mut self, contact: &Ref, by: HungUpBy, now_ms: i64) {
        let Some(call) = self.live(contact) else { return };
        call.is_over = true;
        let r#ref = contact.clone();
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::ContactEnded(GatewayContactEnded { event, occurred_at, r#ref, by })
        });
    }

    /// Carries out an order of the server, unless it came before or too late.
    pub fn obey(&mut self, order: &GatewayOrder, now_ms: i64) -> OrderAnswer {
        let (id, not_after) = match order {
            GatewayOrder::ContactConnect(order) | GatewayOrder::PartyRemove(order) => (&order.order, order.not_after),
            GatewayOrder::ContactHold(order) | GatewayOrder::ContactUnhold(order) | GatewayOrder::ContactEnd(order) => {
                (&order.order, order.not_after)
            }
            GatewayOrder::InventorySend(_) => {
                self.take_inventory(now_ms);
                return OrderAnswer::ACCEPTED;
            }
        };
        match self.orders.judge(id, not_after.as_ms(), now_ms) {
            Verdict::Repeat(answer) => {
                self.ledger.count(|seen| seen.repeated_orders += 1);
                return answer;
            }
            Verdict::TooLate => {
                self.ledger.count(|seen| seen.too_late += 1);
                return OrderAnswer::TOO_LATE;
            }
            Verdict::CarryOut => {}
        }
        match order {
            GatewayOrder::ContactConnect(order) => self.connect(order, now_ms),
            GatewayOrder::PartyRemove(order) => self.remove_party(order, now_ms),
            GatewayOrder::ContactHold(order) => self.hold(order, true, now_ms),
            GatewayOrder::ContactUnhold(order) => self.hold(order, false, now_ms),
            GatewayOrder::ContactEnd(order) => self.end(order, now_ms),
            GatewayOrder::InventorySend(_) => {}
        }
        OrderAnswer::ACCEPTED
    }

    fn connect(&mut self, asked: &ConnectOrder, now_ms: i64) {
        let rings_for_ms = self.rings_for.draw(&mut self.random);
        let is_double = self.calls.values().any(|call| {
            let in_use = match &call.leg {
                Leg::Ringing { endpoint, .. } | Leg::Talking { endpoint, .. } => endpoint == &asked.endpoint,
                Leg::Waiting => false,
            };
            let is_sure = !call.is_over && call.doubts.is_none() && call.plan.channel == Channel::Voice;
            in_use && is_sure && call.plan.r#ref != asked.r#ref
        });
        let is_voice = self.calls.get(&asked.r#ref).is_some_and(|call| call.plan.channel == Channel::Voice);
        if is_double && is_voice {
            self.ledger.count(|seen| seen.double_booked += 1);
        }
        if !self.calls.contains_key(&asked.r#ref) {
            return self.fail(&asked.order, &asked.r#ref, now_ms);
        }
        // A customer who has hung up meanwhile is told by his own event, which is on its way.
        let Some(call) = self.live(&asked.r#ref) else { return };
        let was_answered = std::mem::take(&mut call.is_answered);
        let (order, agent, endpoint) = (asked.order.clone(), asked.agent.clone(), asked.endpoint.clone());
        call.leg = Leg::Ringing { order, agent, endpoint };
        if was_answered {
            self.ledger.count(|seen| seen.requeued += 1);
        }
        self.set_due(now_ms + rings_for_ms, Due::Answered { contact: asked.r#ref.clone(), order: asked.order.clone() });
    }

    fn remove_party(&mut self, asked: &ConnectOrder, now_ms: i64) {
        if let Some(call) = self.live(&asked.r#ref) {
            let is_his = match &call.leg {
                Leg::Waiting => false,
                Leg::Ringing { agent, .. } | Leg::Talking { agent, .. } => *agent == asked.agent,
            };
            if is_his {
                self.begin_wait(&asked.r#ref, now_ms);
            }
        }
        self.done(&asked.order, &asked.r#ref, now_ms);
    }

    fn hold(&mut self, asked: &ContactOrder, hold: bool, now_ms: i64) {
        let talking = self.live(&asked.r#ref).and_then(|call| match &mut call.leg {
            Leg::Talking { is_held, .. } => Some(is_held),
            Leg::Waiting | Leg::Ringing { .. } => None,
        });
        match talking {
            Some(is_held) => {
                *is_held = hold;
                self.done(&asked.order, &asked.r#ref, now_ms);
            }
            None => self.fail(&asked.order, &asked.r#ref, now_ms),
        }
    }

    fn end(&mut self, asked: &ContactOrder, now_ms: i64) {
        if self.live(&asked.r#ref).is_some() {
            self.hang_up(&asked.r#ref, HungUpBy::Agent, now_ms);
        } else {
            self.done(&asked.order, &asked.r#ref, now_ms);
        }
    }

    fn done(&mut self, order: &OrderId, contact: &Ref, now_ms: i64) {
        let order = order.clone();
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::OrderDone(OrderDone { event, occurred_at, order })
        });
    }

    fn fail(&mut self, order: &OrderId, contact: &Ref, now_ms: i64) {
        let (order, why) = (order.clone(), OrderFailure::Failed);
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::OrderFailed(OrderFailed { event, occurred_at, order, why })
        });
    }

    /// The server has taken an event, or refused it for good.
    pub fn acknowledged(&mut self, event: EventNumber, refusal: Option<&ErrorKind>, now_ms: i64) {
        let Some(tells) = self.tells.acknowledged(event) else { return };
        match (tells, refusal) {
            (GatewayTells::ContactArrived(told), None) => {
                self.ledger.count(|seen| seen.arrived += 1);
                if let Some(call) = self.calls.get_mut(&told.r#ref) {
                    call.is_known = true;
                }
            }
            (GatewayTells::ContactArrived(told), Some(_)) => {
                self.ledger.count(|seen| seen.refused += 1);
                self.forget(&told.r#ref);
            }
            (GatewayTells::ContactAbandoned(told), _) => {
                self.ledger.count(|seen| seen.abandoned += 1);
                self.forget(&told.r#ref);
            }
            (GatewayTells::ContactEnded(told), _) => self.end_acknowledged(&told.r#ref, told.by),
            (GatewayTells::ContactConnected(told), None) => self.connection_acknowledged(&told.r#ref),
            (GatewayTells::ContactConnected(told), Some(refusal)) => {
                self.connection_refused(&told.r#ref, refusal, now_ms);
            }
            (GatewayTells::ContactUpdated(told), refusal) => self.asked_about(&told.r#ref, refusal, now_ms),
            (
                GatewayTells::OrderDone(_)
                | GatewayTells::OrderFailed(_)
                | GatewayTells::DeviceState(_)
                | GatewayTells::Inventory(_),
                _,
            ) => {}
        }
    }

    fn connection_acknowledged(&mut self, contact: &Ref) {
        let Some(call) = self.calls.get_mut(contact) else { return };
        if let Leg::Talking { agent, .. } = &call.leg {
            call.is_answered = true;
            let (contact, agent) = (contact.clone(), agent.clone());
            self.ledger.count(|seen| {
                seen.answered += 1;
                seen.connected.push((contact, agent));
            });
        }
    }

    fn end_acknowledged(&mut self, contact: &Ref, by: HungUpBy) {
        let is_answered = self.calls.get(contact).is_some_and(|call| call.is_answered);
        self.ledger.count(|seen| match (is_answered, by) {
            (true, _) => seen.ended += 1,
            (false, HungUpBy::Customer) => seen.abandoned += 1,
            (false, HungUpBy::Agent | HungUpBy::Gateway) => seen.withdrawn += 1,
        });
        self.forget(contact);
    }

    fn forget(&mut self, contact: &Ref) {
        self.calls.remove(contact);
        self.tells.drop_of(contact);
    }

    fn connection_refused(&mut self, contact: &Ref, refusal: &ErrorKind, now_ms: i64) {
        if is_over_for_the_server(refusal) {
            return self.ended_by_server(contact);
        }
        if self.live(contact).is_some() {
            self.begin_wait(contact, now_ms);
        }
    }

    fn ended_by_server(&mut self, contact: &Ref) {
        if let Some(call) = self.calls.get(contact) {
            let is_answered = call.is_answered;
            self.ledger.count(|seen| if is_answered { seen.ended += 1 } else { seen.withdrawn += 1 });
        }
        self.forget(contact);
    }

    /// Asks whether the server still has a call that its snapshot did not name.
    fn ask_about(&mut self, contact: &Ref, now_ms: i64) {
        let r#ref = contact.clone();
        let attributes = Attributes::default();
        self.tells.push(Some(contact), now_ms, |event, occurred_at| {
            GatewayTells::ContactUpdated(GatewayContactUpdated { event, occurred_at, r#ref, attributes })
        });
    }

    fn asked_about(&mut self, contact: &Ref, refusal: Option<&ErrorKind>, now_ms: i64) {
        let Some(call) = self.calls.get_mut(contact) else { return };
        match refusal {
            None => call.doubts = None,
            Some(ErrorKind::ContactEnded { .. }) => self.ended_by_server(contact),
            Some(_) => {
                let doubts = call.doubts.unwrap_or(0) + 1;
                call.doubts = Some(doubts);
                if doubts > DOUBTS_MAX {
                    self.hang_up(contact, HungUpBy::Gateway, now_ms);
                }
            }
        }
    }

    /// The socket died. Calls go on.
    pub fn disconnected(&mut self) {
        self.tells.disconnected();
    }

    /// A session has opened: carries out what was missed, and doubts what the server does not name.
    pub fn reconnected(&mut self, snapshot: &GatewaySnapshot, now_ms: i64) {
        self.tells.go_on_after(snapshot.last_event.map_or(0, EventNumber::get));
        let mut unnamed: BTreeMap<&Ref, ()> = self
            .calls
            .iter()
            .filter(|(_, call)| call.is_known && !call.is_over)
            .map(|(contact, _)| (contact, ()))
            .collect();
        for named in &snapshot.contacts {
            unnamed.remove(&named.r#ref);
        }
        let unnamed: Vec<Ref> = unnamed.into_keys().cloned().collect();
        for named in &snapshot.contacts {
            self.make_it_so(&named.r#ref, &named.should_be, now_ms);
        }
        for contact in unnamed {
            if let Some(call) = self.calls.get_mut(&contact) {
                call.doubts = Some(0);
            }
            self.ask_about(&contact, now_ms);
        }
    }

    fn make_it_so(&mut self, contact: &Ref, should_be: &ShouldBe, now_ms: i64) {
        let tells_connected = self.tells.tells_connected(contact);
        let Some(call) = self.live(contact) else { return };
        // What the server knows has arrived, whether or not its answer came.
        call.doubts = None;
        match (should_be, &mut call.leg) {
            (ShouldBe::Queued { .. }, Leg::Ringing { .. } | Leg::Talking { .. }) if !tells_connected => {
                self.begin_wait(contact, now_ms);
            }
            (ShouldBe::Connecting { order, agent, endpoint, not_after }, _) => {
                let verdict = self.orders.judge(order, not_after.as_ms(), now_ms);
                if verdict == Verdict::CarryOut {
                    let (order, agent, endpoint) = (order.clone(), agent.clone(), endpoint.clone());
                    call_from_snapshot(self, contact, order, agent, endpoint, *not_after, now_ms);
                }
            }
            (ShouldBe::Connected { .. }, Leg::Talking { is_held, .. }) => *is_held = false,
            (ShouldBe::Held { .. }, Leg::Talking { is_held, .. }) => *is_held = true,
            (ShouldBe::Ending { .. }, _) => self.hang_up(contact, HungUpBy::Agent, now_ms),
            (ShouldBe::Queued { .. }, _) | (ShouldBe::Connected { .. } | ShouldBe::Held { .. }, _) => {}
        }
    }

    /// Puts an inventory on its way: what the server knows has arrived and not that it is over. What
    /// it does not take up is asked about again.
    pub fn take_inventory(&mut self, now_ms: i64) {
        let as_of = Time::from_ms(now_ms);
        let known: Vec<&Call> = self.calls.values().filter(|call| call.is_known).collect();
        let contacts: Vec<InventoryContact> = known.iter().map(|call| inventory_contact(&call.plan)).collect();
        let legs: Vec<InventoryAgentLeg> = known.iter().filter_map(|call| inventory_leg(call)).collect();
        let pages = contacts.len().max(legs.len()).div_ceil(PAGE_CONTACTS_MAX).max(1);
        for page in 0..pages {
            let (contacts, agent_legs) = (page_of(&contacts, page), page_of(&legs, page));
            self.tells.push(None, now_ms, |event, occurred_at| {
                let number = u32::try_from(page + 1).expect("a switch has fewer than 4 billion pages of calls");
                let last = page + 1 == pages;
                let devices = Vec::new();
                GatewayTells::Inventory(Inventory {
                    event,
                    occurred_at,
                    as_of,
                    page: number,
                    last,
                    contacts,
                    agent_legs,
                    devices,
                })
            });
        }
        let is_doubted = |call: &&Call| call.doubts.is_some() && !call.is_over;
        let doubted: Vec<Ref> = self.calls.values().filter(is_doubted).map(|call| call.plan.r#ref.clone()).collect();
        for contact in doubted {
            self.ask_about(&contact, now_ms);
        }
    }

    /// Writes what calls are doing now into the ledger.
    pub fn count_live(&self) {
        let known = || self.calls.values().filter(|call| call.is_known);
        let talking = known().filter(|call| call.is_answered).count() as u64;
        let waiting = known().count() as u64 - talking;
        self.ledger.count(|seen| (seen.waiting, seen.talking) = (waiting, talking));
    }
}

/// An order that the snapshot repeats and that had not come.
fn call_from_snapshot(
    switch: &mut Switch,
    contact: &Ref,
    order: OrderId,
    agent: AgentName,
    endpoint: Endpoint,
    not_after: Time,
    now_ms: i64,
) {
    let contact_id = crate::protocol::ContactId::clipped(contact.as_str());
    let asked = ConnectOrder { order, not_after, contact: contact_id, r#ref: contact.clone(), agent, endpoint };
    switch.connect(&asked, now_ms);
}

fn is_over_for_the_server(refusal: &ErrorKind) -> bool {
    matches!(refusal, ErrorKind::ContactEnded { .. } | ErrorKind::UnknownRef { .. } | ErrorKind::UnknownContact { .. })
}

fn inventory_contact(plan: &PlannedCall) -> InventoryContact {
    InventoryContact {
        r#ref: plan.r#ref.clone(),
        channel: plan.channel,
        from: plan.from.clone(),
        to: plan.to.clone(),
        attributes: plan.attributes.clone(),
    }
}

fn inventory_leg(call: &Call) -> Option<InventoryAgentLeg> {
    match &call.leg {
        Leg::Talking { agent, endpoint, .. } => {
            let (agent, endpoint) = (agent.clone(), endpoint.clone());
            Some(InventoryAgentLeg { agent, endpoint, r#ref: Some(call.plan.r#ref.clone()) })
        }
        Leg::Waiting | Leg::Ringing { .. } => None,
    }
}

fn page_of<T: Clone>(items: &[T], page: usize) -> Vec<T> {
    items.iter().skip(page * PAGE_CONTACTS_MAX).take(PAGE_CONTACTS_MAX).cloned().collect()
}
