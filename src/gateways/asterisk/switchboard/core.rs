//! The switchboard: its state and its doors. What happens behind each stands in the other files.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::calls::{Call, Leg, Phase, Role};
use super::monitors::Monitor;
use super::names;
use super::recordings::Recording;
use crate::gateways::asterisk::ari::event::{BridgeId, ChannelId, Event};
use crate::gateways::asterisk::ari::request::{Action, Lane, Request, RequestError, RequestNo};
use crate::gateways::asterisk::{Happening, Settings};
use crate::protocol::{
    AgentName, DeviceState, Endpoint, EventNumber, GatewayTells, HungUpBy, MonitorId, OrderDone, OrderFailed,
    OrderFailure, OrderId, RecordingId, RecordingState, Ref, Time,
};
use crate::wire_client::{Orders, Tells};

/// What comes by itself, at its time.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Due {
    /// The server has said nothing of a call.
    Fallback(Ref),
    /// Place and wait are to be told.
    Announce(Ref),
    /// No further digit has come.
    DigitsOver(Ref),
    /// The next customer may be called.
    CallNext,
    /// An order has not come true.
    OrderRunsOut(OrderId),
}

/// A request whose reply says something.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Asked {
    Originate(ChannelId),
    Move(ChannelId),
    /// The order is done once the request is, and failed with it.
    ForOrder {
        order: OrderId,
        of: Ref,
    },
    /// The message of an order: it is over when the playback is.
    Message {
        order: OrderId,
        of: Ref,
    },
    Bridge(BridgeId),
    /// Of a recording; it is then in that state.
    Recording {
        recording: RecordingId,
        order: Option<OrderId>,
        becomes: RecordingState,
    },
    Erase(OrderId),
}

/// An order that is done once all legs of its call are where they should be.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Awaited {
    pub order: OrderId,
    pub of: Ref,
}

/// The pure half of the adapter: see the module's contract.
pub struct Switchboard {
    pub(super) settings: Settings,
    /// Told to the server, until it is acknowledged.
    pub tells: Tells,
    pub(super) orders: Orders,
    pub(super) calls: BTreeMap<Ref, Call>,
    pub(super) legs: BTreeMap<ChannelId, Leg>,
    /// Devices whose leg is to stay up between contacts.
    pub(super) lasting: BTreeMap<Endpoint, AgentName>,
    pub(super) bridges: BTreeSet<BridgeId>,
    pub(super) monitors: BTreeMap<MonitorId, Monitor>,
    pub(super) recordings: BTreeMap<RecordingId, Recording>,
    /// Playbacks whose end an order waits for.
    pub(super) messages: BTreeMap<String, (OrderId, Ref)>,
    pub(super) awaited: Vec<Awaited>,
    pub(super) devices: BTreeMap<Endpoint, DeviceState>,
    pub(super) told_devices: BTreeMap<Endpoint, DeviceState>,
    /// Customers to be called as soon as the switch may begin another call, and the moments of the last calls begun.
    pub(super) to_call: VecDeque<Ref>,
    pub(super) calls_begun: VecDeque<i64>,
    /// The bridge of those who wait is known to be there.
    pub(super) holding_is_there: bool,
    pub(super) last_playback: u64,
    /// Nothing was heard of the switch since it was lost: what its next list lacks is gone.
    pub(super) is_lost: bool,
    requests: VecDeque<(RequestNo, Request)>,
    asked: BTreeMap<RequestNo, Asked>,
    last_request: u64,
    pub(super) questions: VecDeque<Ref>,
    pub(super) happenings: VecDeque<Happening>,
    agenda: BTreeSet<(i64, Due)>,
}

impl Switchboard {
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Switchboard {
            settings,
            tells: Tells::default(),
            orders: Orders::default(),
            calls: BTreeMap::new(),
            legs: BTreeMap::new(),
            lasting: BTreeMap::new(),
            bridges: BTreeSet::new(),
            monitors: BTreeMap::new(),
            recordings: BTreeMap::new(),
            messages: BTreeMap::new(),
            awaited: Vec::new(),
            devices: BTreeMap::new(),
            told_devices: BTreeMap::new(),
            to_call: VecDeque::new(),
            calls_begun: VecDeque::new(),
            holding_is_there: false,
            last_playback: 0,
            is_lost: true,
            requests: VecDeque::new(),
            asked: BTreeMap::new(),
            last_request: 0,
            questions: VecDeque::new(),
            happenings: VecDeque::new(),
            agenda: BTreeSet::new(),
        }
    }

    /// An event of the switch.
    pub fn heard(&mut self, event: Event, now: i64) {
        match event {
            Event::StasisStart { channel, args } => self.entered(&channel, &args, now),
            Event::StasisEnd { channel } => self.left_us(&channel.id, now),
            Event::ChannelStateChange { channel } => self.state_changed(&channel, now),
            Event::ChannelDestroyed { channel, cause } => self.gone(&channel.id, Some(cause), now),
            Event::ChannelEnteredBridge { bridge, channel } => self.is_in_bridge(&channel.id, bridge.id),
            Event::ChannelLeftBridge { bridge, channel } => self.has_left_bridge(&channel.id, &bridge.id),
            Event::ChannelDtmfReceived { channel, digit } => self.key_pressed(&channel.id, &digit, now),
            Event::BridgeDestroyed { bridge } => self.bridge_gone(&bridge.id),
            Event::PlaybackFinished { playback } => self.message_over(&playback, now),
            Event::DeviceStateChanged { device_state } => self.device_changed(&device_state, now),
            Event::ChannelHangupRequest { channel, cause } => self.hangs_up(&channel.id, cause),
            Event::RecordingFinished { recording } => self.recording_over(&recording, true, now),
            Event::RecordingFailed { recording } => self.recording_over(&recording, false, now),
            Event::RecordingStarted { .. } | Event::Other => {}
        }
        self.settle(now);
    }

    /// The switch has carried out a request, or not.
    pub fn replied(&mut self, request: RequestNo, reply: Result<(), RequestError>, now: i64) {
        match (self.asked.remove(&request), reply) {
            (Some(Asked::Recording { recording, order, becomes }), reply) => {
                self.recording_is(&recording, order.as_ref(), reply.map(|()| becomes), now);
            }
            (Some(Asked::Erase(order)), reply) => self.erased(&order, &reply, now),
            (Some(Asked::Move(leg)), Ok(())) => self.moved(&leg),
            (Some(Asked::ForOrder { order, of }), Ok(())) => self.done(&order, &of, now),
            (Some(Asked::Originate(leg)), Err(error)) => self.not_made(&leg, &error, now),
            (Some(Asked::Move(leg)), Err(_)) => self.not_moved(&leg, now),
            (Some(Asked::Bridge(bridge)), Err(_)) => self.bridge_gone(&bridge),
            (Some(Asked::ForOrder { order, of } | Asked::Message { order, of }), Err(_)) => {
                self.messages.retain(|_, (other, _)| *other != order);
                self.fail(&order, &of, OrderFailure::Failed, now);
            }
            (Some(Asked::Originate(_) | Asked::Message { .. } | Asked::Bridge(_)), Ok(())) | (None, _) => {}
        }
        self.settle(now);
    }

    /// What has come due.
    pub fn advance(&mut self, now: i64) {
        while let Some((at, due)) = self.agenda.first().cloned().filter(|(at, _)| *at <= now) {
            self.agenda.remove(&(at, due.clone()));
            match due {
                Due::Fallback(call) => self.fall_back(&call, now),
                Due::Announce(call) => self.ask_for_place(&call, now),
                Due::DigitsOver(call) => self.tell_digits(&call, now),
                Due::CallNext => self.call_next(now),
                Due::OrderRunsOut(order) => self.order_runs_out(&order, now),
            }
        }
        self.settle(now);
    }

    /// When to call [`Self::advance`] next, if nothing happens before.
    #[must_use]
    pub fn next_due(&self) -> Option<i64> {
        self.agenda.first().map(|(at, _)| *at)
    }

    /// What the switch is to do, in this order.
    pub fn next_request(&mut self) -> Option<(RequestNo, Request)> {
        self.requests.pop_front()
    }

    /// A waiting call whose place and wait are to be asked for.
    pub fn next_question(&mut self) -> Option<Ref> {
        self.questions.pop_front()
    }

    /// What an operator watches.
    pub fn next_happening(&mut self) -> Option<Happening> {
        self.happenings.pop_front()
    }

    /// The switch is not heard any more; its calls go on.
    pub fn switch_lost(&mut self) {
        self.is_lost = true;
        self.requests.clear();
        self.asked.clear();
    }

    pub(super) fn remind(&mut self, at: i64, due: Due) {
        self.agenda.insert((at, due));
    }

    pub(super) fn forget_due(&mut self, due: &Due) {
        self.agenda.retain(|(_, other)| other != due);
    }

    pub(super) fn forget_dues_of(&mut self, call: &Ref) {
        self.agenda.retain(|(_, due)| match due {
            Due::Fallback(of) | Due::Announce(of) | Due::DigitsOver(of) => of != call,
            Due::CallNext | Due::OrderRunsOut(_) => true,
        });
    }

    pub(super) fn request(&mut self, lane: &str, action: Action, asked: Option<Asked>) {
        self.last_request += 1;
        let no = RequestNo(self.last_request);
        if let Some(asked) = asked {
            self.asked.insert(no, asked);
        }
        self.requests.push_back((no, Request { lane: Lane(lane.to_owned()), action }));
    }

    pub(super) fn hang_up(&mut self, leg: &ChannelId) {
        let lane = self.lane_of(leg);
        if let Some(known) = self.legs.get_mut(leg)
            && !std::mem::replace(&mut known.leaves, true)
        {
            self.request(&lane, Action::HangUp { channel: leg.clone() }, None);
        }
    }

    /// Requests about one customer's call are carried out in their order, its consultations' too.
    pub(super) fn lane_of(&self, leg: &ChannelId) -> String {
        match self.legs.get(leg).and_then(Leg::of) {
            Some(of) => self.head_of(of).as_str().to_owned(),
            None => leg.0.clone(),
        }
    }

    /// The customer's call that a consultation is about; else the call itself.
    pub(super) fn head_of(&self, call: &Ref) -> Ref {
        let parent = self.calls.get(call).and_then(|known| known.asks.as_ref()).and_then(|asks| asks.parent.clone());
        parent.unwrap_or_else(|| call.clone())
    }

    pub(super) fn customer_of(&self, call: &Ref) -> Option<ChannelId> {
        self.calls.get(call).and_then(|known| known.customer.clone())
    }

    /// Legs of agents that serve a call, up or ringing, and not told to go.
    pub(super) fn agents_of<'a>(&'a self, call: &'a Ref) -> impl Iterator<Item = (&'a ChannelId, &'a Leg)> {
        self.legs.iter().filter(move |(_, leg)| leg.is_of_agent() && !leg.leaves && leg.of() == Some(call))
    }

    /// The leg of a device that is up or rings.
    pub(super) fn leg_on(&self, endpoint: &Endpoint) -> Option<ChannelId> {
        let mut on = self.legs.iter().filter(|(_, leg)| !leg.leaves && leg.endpoint() == Some(endpoint));
        on.next().map(|(id, _)| id.clone())
    }

    pub(super) fn tell(&mut self, of: &Ref, now: i64, tells: impl FnOnce(EventNumber, Time) -> GatewayTells) {
        self.tells.push(Some(of), now, tells);
    }

    pub(super) fn done(&mut self, order: &OrderId, of: &Ref, now: i64) {
        let order = order.clone();
        self.tell(of, now, |event, occurred_at| GatewayTells::OrderDone(OrderDone { event, occurred_at, order }));
    }

    pub(super) fn fail(&mut self, order: &OrderId, of: &Ref, why: OrderFailure, now: i64) {
        let order = order.clone();
        self.tell(of, now, |event, occurred_at| {
            GatewayTells::OrderFailed(OrderFailed { event, occurred_at, order, why })
        });
    }

    /// Hangs up the customer's leg; its end is told when it is gone.
    pub(super) fn end_call(&mut self, call: &Ref, by: HungUpBy) {
        let Some(known) = self.calls.get_mut(call) else { return };
        known.ended_by.get_or_insert(by);
        if let Some(customer) = known.customer.clone() {
            self.hang_up(&customer);
        }
    }

    /// Nothing is left of a call but what was told of it. Agents who ask each other about it talk on.
    pub(super) fn forget(&mut self, call: &Ref) {
        self.calls.remove(call);
        self.forget_dues_of(call);
        self.awaited.retain(|awaited| awaited.of != *call);
        self.messages.retain(|_, (_, of)| of != call);
        self.to_call.retain(|of| of != call);
        self.questions.retain(|of| of != call);
        let about: Vec<Ref> = self.consultations_about(call).map(|(of, _)| of.clone()).collect();
        for consultation in &about {
            if let Some(asks) = self.calls.get_mut(consultation).and_then(|known| known.asks.as_mut()) {
                asks.parent = None;
            }
        }
        let legs: Vec<ChannelId> =
            self.legs.iter().filter(|(_, leg)| leg.of() == Some(call)).map(|(id, _)| id.clone()).collect();
        for leg in legs {
            match about.iter().find(|consultation| self.asks_on(consultation, &leg)) {
                Some(consultation) => self.now_serves(&leg, Some(consultation.clone())),
                None => self.release(&leg),
            }
        }
        let bridge = names::bridge_of(call);
        if self.bridges.remove(&bridge) {
            self.request(call.as_str(), Action::EndBridge { bridge }, None);
        }
    }

    /// The leg serves no contact any more: it stays up if it is one of those, else it is hung up.
    pub(super) fn release(&mut self, leg: &ChannelId) {
        let Some(known) = self.legs.get(leg) else { return };
        let stays = known.is_up && known.endpoint().is_some_and(|endpoint| self.lasting.contains_key(endpoint));
        match &known.role {
            Role::Agent { .. } if stays => self.now_serves(leg, None),
            Role::Customer { .. }
            | Role::Agent { .. }
            | Role::Outside { .. }
            | Role::Supervisor { .. }
            | Role::Spy { .. }
            | Role::Listener { .. } => {
                self.hang_up(leg);
            }
        }
    }

    pub(super) fn now_serves(&mut self, leg: &ChannelId, call: Option<Ref>) {
        if let Some(Leg { role: Role::Agent { of, order, .. }, .. }) = self.legs.get_mut(leg) {
            *of = call;
            *order = None;
        }
    }

    pub(super) fn set_phase(&mut self, call: &Ref, phase: Phase) {
        if let Some(known) = self.calls.get_mut(call) {
            known.phase = phase;
        }
    }
}
