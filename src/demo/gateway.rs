//! Connects a switch with a server, over one session after the other, and lets customers call. It
//! decides nothing: the switch and the plan do.

use std::time::Duration;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior};

use super::callers::{CallerModel, PlannedCall};
use super::habits::Span;
use super::ledger::Ledger;
use super::switch::Switch;
use crate::protocol::{
    ErrorKind, EventNumber, GatewayOrder, OrderAnswer, RequestId, ServerMessage, SessionOpened, Snapshot, answer_text,
    push_text,
};
use crate::wire_client::{
    CentreClock, Client, ClockSetter, Closed, Door, Heard, OpenError, ReconnectDelay, retry_after,
};

/// An inventory every so often, by the wall's clock.
const INVENTORY_EVERY: Duration = Duration::from_secs(30);
/// How long the last events may take to be acknowledged when all is to stop.
const LAST_EVENTS_WITHIN: Duration = Duration::from_secs(10);

/// Who calls.
#[derive(Debug)]
pub enum GatewayPlan {
    /// Callers without end.
    Live(Box<CallerModel>),
    /// These, in the order in which they enter. After the last is over nobody calls.
    Listed(std::vec::IntoIter<PlannedCall>),
}

impl GatewayPlan {
    /// Before the first call: the centre opens.
    fn begin(&mut self, now_ms: i64) {
        match self {
            GatewayPlan::Live(model) => model.begin(now_ms),
            GatewayPlan::Listed(_) => {}
        }
    }

    fn next_call(&mut self) -> Option<PlannedCall> {
        match self {
            GatewayPlan::Live(model) => Some(model.next_call()),
            GatewayPlan::Listed(calls) => calls.next(),
        }
    }
}

struct Gateway {
    switch: Switch,
    clock: CentreClock,
    plan: GatewayPlan,
    next_call: Option<PlannedCall>,
    ledger: Ledger,
    /// Events that the server asked to be sent later, and when.
    later: Vec<(Instant, EventNumber)>,
}

/// Why a session was left.
enum Left {
    Closed(Closed),
    /// Everyone has called and is gone, or all is to stop; the last event is acknowledged.
    Finished,
}

/// Runs a gateway until its plan is over or `stop` says so. The clock is set by its sessions.
/// `seed` decides how long devices ring.
///
/// # Errors
/// When the server refuses the gateway for good.
pub async fn run_gateway(
    door: Door,
    plan: GatewayPlan,
    rings_for: Span,
    seed: u64,
    ledger: Ledger,
    (setter, clock): (ClockSetter, CentreClock),
    mut stop: watch::Receiver<bool>,
) -> Result<(), OpenError> {
    let switch = Switch::new(rings_for, ChaCha8Rng::seed_from_u64(seed), ledger.clone());
    let mut delay = ReconnectDelay::new(ChaCha8Rng::seed_from_u64(seed ^ 1));
    let mut gateway = Gateway { switch, clock, plan, next_call: None, ledger, later: Vec::new() };
    let mut has_been_open = false;
    loop {
        let opening = tokio::select! {
            opened = Client::open(&door, None) => opened,
            () = gateway.let_pass(&mut stop) => return Ok(()),
        };
        let again_after = match opening {
            Ok((client, opened)) => {
                delay.succeeded();
                setter.set(opened.server_time, opened.clock_speed);
                if has_been_open {
                    gateway.ledger.count(|seen| seen.reopened += 1);
                } else {
                    gateway.plan.begin(opened.server_time.as_ms());
                    gateway.next_call = gateway.plan.next_call();
                }
                has_been_open = true;
                match gateway.serve(client, &opened, &mut stop).await {
                    Left::Closed(closed) => closed.retry_after,
                    Left::Finished => return Ok(()),
                }
            }
            Err(error) if error.is_final() => return Err(error),
            Err(error) => error.retry_after(),
        };
        setter.server_is_away();
        gateway.switch.disconnected();
        gateway.later.clear();
        tokio::select! {
            () = tokio::time::sleep(delay.next(again_after)) => {}
            () = gateway.let_pass(&mut stop) => return Ok(()),
        }
    }
}

impl Gateway {
    /// What happens at the switch while there is no session. Ends when all is to stop.
    async fn let_pass(&mut self, stop: &mut watch::Receiver<bool>) {
        loop {
            let due_ms = self.next_due_ms();
            tokio::select! {
                () = self.clock.until(due_ms) => self.advance(),
                () = told_to_stop(stop) => return,
            }
        }
    }

    fn next_due_ms(&self) -> Option<i64> {
        let arrival = self.next_call.as_ref().map(|call| call.enters_at_ms);
        arrival.into_iter().chain(self.switch.next_due_ms()).min()
    }

    fn advance(&mut self) {
        let Some(now_ms) = self.clock.now_ms() else { return };
        while let Some(call) = self.next_call.take_if(|call| call.enters_at_ms <= now_ms) {
            self.switch.advance(call.enters_at_ms);
            self.switch.arrive(call, now_ms);
            self.next_call = self.plan.next_call();
        }
        self.switch.advance(now_ms);
    }

    async fn serve(&mut self, mut client: Client, opened: &SessionOpened, stop: &mut watch::Receiver<bool>) -> Left {
        let now_ms = opened.server_time.as_ms();
        if let Some(Snapshot::Gateway(snapshot)) = &opened.snapshot {
            self.switch.reconnected(snapshot, now_ms);
        }
        let mut inventories = tokio::time::interval(INVENTORY_EVERY);
        inventories.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut stops_at: Option<Instant> = None;
        loop {
            if let Err(closed) = self.send_all(&mut client).await {
                return Left::Closed(closed);
            }
            self.switch.count_live();
            let is_over = stops_at.is_some() || (self.next_call.is_none() && self.switch.is_quiet());
            if is_over && self.switch.pending_events() == 0 {
                client.log_out().await;
                return Left::Finished;
            }
            // When all is to stop, calls stand still, so that the last figures can be compared.
            let due_ms = if stops_at.is_some() { None } else { self.next_due_ms() };
            let later = self.later.iter().map(|(at, _)| *at).min();
            tokio::select! {
                heard = client.next() => {
                    if let Some(left) = self.take(heard, &mut client).await {
                        return left;
                    }
                }
                () = self.clock.until(due_ms) => self.advance(),
                _ = inventories.tick() => self.switch.take_inventory(self.clock.now_ms().unwrap_or(now_ms)),
                () = sleep_until(later) => self.send_later_ones(),
                () = sleep_until(stops_at) => return Left::Finished,
                () = told_to_stop(stop), if stops_at.is_none() => stops_at = Some(Instant::now() + LAST_EVENTS_WITHIN),
            }
        }
    }

    async fn send_all(&mut self, client: &mut Client) -> Result<(), Closed> {
        while let Some((event, tells)) = self.switch.tells.next_to_send() {
            let number = i64::try_from(event.get()).expect("event numbers have 53 bits");
            if client.ask(&RequestId::Number(number), &tells).await.is_err() {
                return Err(Closed::default());
            }
        }
        while let Some(said) = self.switch.says.pop_front() {
            if client.say(push_text(&said)).await.is_err() {
                return Err(Closed::default());
            }
        }
        Ok(())
    }

    fn send_later_ones(&mut self) {
        let now = Instant::now();
        let switch = &mut self.switch;
        self.later.retain(|(at, event)| {
            let is_due = *at <= now;
            if is_due {
                switch.tells.send_again(*event);
            }
            !is_due
        });
    }

    async fn take(&mut self, heard: Heard, client: &mut Client) -> Option<Left> {
        let now_ms = self.clock.now_ms()?;
        match heard {
            Heard::Told { id: Some(id), message: ServerMessage::Gateway(order) } => {
                let answer: OrderAnswer = self.obey(&order, now_ms);
                // A dead socket shows in the next read; the order is then in the next snapshot.
                let _ = client.say(answer_text(&id, &answer)).await;
            }
            Heard::Answered { id: RequestId::Number(number), answer } => {
                let event = u64::try_from(number).ok().and_then(EventNumber::new)?;
                let refusal = answer.err().map(|error| error.kind().unwrap_or(ErrorKind::Internal));
                match refusal.as_ref().and_then(retry_after) {
                    Some(wait) => self.later.push((Instant::now() + wait, event)),
                    None => {
                        if let Some(kind) = &refusal {
                            tracing::debug!(event = event.get(), refusal = %kind, "the server refused an event");
                        }
                        self.switch.acknowledged(event, refusal.as_ref(), now_ms);
                    }
                }
            }
            Heard::Gap { .. } => self.ledger.count(|seen| seen.gaps += 1),
            Heard::Unreadable(what) => {
                tracing::warn!(what, "the server said what the gateway cannot read");
                self.ledger.count(|seen| seen.unreadable += 1);
            }
            Heard::Closed(closed) => return Some(Left::Closed(closed)),
            Heard::Answered { .. } | Heard::Told { .. } => {}
        }
        None
    }

    fn obey(&mut self, order: &GatewayOrder, now_ms: i64) -> OrderAnswer {
        let answer = self.switch.obey(order, now_ms);
        // A device that is lifted at once is connected in the same moment.
        self.switch.advance(now_ms);
        answer
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Until all is to stop; also when nobody is left who could say so.
pub(super) async fn told_to_stop(stop: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, which is the end as well.
    let _ = stop.wait_for(|stop| *stop).await;
}
