//! The gateway of tasks: carries out what the router orders for them, which is little, and writes down how each goes on.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::desk::{WorkDesk, WorkRefused};
use super::due::usher;
use super::task::{TASKS, gateway, work_of};
use crate::clock::Clock;
use crate::customers::change::Stamp;
use crate::customers::ids::WorkId;
use crate::records::TaskStands;
use crate::router_handle::views::{GatewayDoing, gateway_snapshot};
use crate::router_handle::{Delivery, Listener, Order, OrderKind, Read, Rejection};
use crate::routing::command::{Action, EndedBy, LegFailure};
use crate::routing::ids::{ContactRef, EventNo, GatewayId};

/// Orders that wait while the database is slow; past it the next start makes good what was not written.
const ORDERS_MAX: usize = 65_536;
const WORK_READ_AT_ONCE: u32 = 500;
/// How soon a database that did not answer is asked again.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
const TRIES_MAX: u32 = 60;

/// Keeps back what is for tasks, and passes everything else on.
pub struct Orders {
    rest: Arc<dyn Listener>,
    of_tasks: mpsc::Sender<Order>,
}

impl Listener for Orders {
    fn hear(&self, delivery: Delivery) {
        match delivery {
            Delivery::ToGateway { gateway, order } if gateway.as_str() == TASKS => {
                if self.of_tasks.try_send(order).is_err() {
                    tracing::error!("an order about a task was not carried out: too many wait");
                }
            }
            // A task rings no phone.
            Delivery::LegToGateway { gateway, .. } if gateway.as_str() == TASKS => {}
            other => self.rest.hear(other),
        }
    }
}

pub struct TaskGateway {
    orders: mpsc::Receiver<Order>,
}

impl TaskGateway {
    #[must_use]
    pub fn new(rest: Arc<dyn Listener>) -> (Arc<Orders>, TaskGateway) {
        let (of_tasks, orders) = mpsc::channel(ORDERS_MAX);
        (Arc::new(Orders { rest, of_tasks }), TaskGateway { orders })
    }

    /// For as long as the server runs.
    pub async fn run(mut self, desk: Arc<WorkDesk>, clock: Clock) {
        let attached = desk.router().tell(Action::AttachGateway { gateway: gateway() }).await;
        if attached.is_err() {
            return;
        }
        let carrier = Carrier { desk, clock };
        carrier.trying("after a start", || carrier.take_up()).await;
        while let Some(order) = self.orders.recv().await {
            carrier.trying("an order", || carrier.carry_out(&order)).await;
        }
    }
}

struct Carrier {
    desk: Arc<WorkDesk>,
    clock: Clock,
}

impl Carrier {
    async fn trying<F: Future<Output = Result<(), WorkRefused>>>(&self, what: &str, work: impl Fn() -> F) {
        for _ in 0..TRIES_MAX {
            match work().await {
                Ok(()) | Err(WorkRefused::Router(Rejection::Refused(_))) => return,
                Err(error) => {
                    tracing::warn!(%error, what, "a task's work was not written down yet");
                    tokio::time::sleep(AGAIN_AFTER).await;
                }
            }
        }
        tracing::error!(what, "a task's work was not written down: the next start makes it good");
    }

    /// What happened while nobody listened: tasks that are being connected, and work whose task is over.
    async fn take_up(&self) -> Result<(), WorkRefused> {
        let (contacts, _) = self.desk.router().ask(Read::Exact, |view| gateway_snapshot(view, &gateway())).await?;
        for contact in &contacts {
            let work = work_of(&gateway(), &contact.reference);
            match (&contact.doing, work) {
                (GatewayDoing::Connecting { phone }, Some(_)) => {
                    self.connected(&contact.reference, phone.order).await?
                }
                (GatewayDoing::Connected { agent, .. } | GatewayDoing::Held { agent, .. }, Some(work)) => {
                    self.note(work, &TaskStands::InHand { agent: agent.clone() }).await?;
                }
                (
                    GatewayDoing::Queued { .. }
                    | GatewayDoing::Ringing { .. }
                    | GatewayDoing::Suspended { .. }
                    | GatewayDoing::ToBeCalled
                    | GatewayDoing::Placing { .. }
                    | GatewayDoing::Leaving { .. }
                    | GatewayDoing::Transferring { .. },
                    _,
                )
                | (_, None) => {}
            }
        }
        let alive: Vec<WorkId> =
            contacts.iter().filter_map(|contact| work_of(&gateway(), &contact.reference)).collect();
        let mut after = WorkId(0);
        loop {
            let page = self.desk.records().work_with_task(after, WORK_READ_AT_ONCE).await?;
            for work in page.iter().filter(|work| !alive.contains(&work.id)) {
                let Some(contact) = work.task_contact else { continue };
                let ended_by = self.desk.records().interaction(contact).await?.and_then(|task| task.ended_by);
                if ended_by.is_some_and(is_done) {
                    self.note(work.id, &TaskStands::Done).await?;
                }
            }
            match page.last() {
                Some(last) if page.len() == WORK_READ_AT_ONCE as usize => after = last.id,
                Some(_) | None => return Ok(()),
            }
        }
    }

    async fn carry_out(&self, order: &Order) -> Result<(), WorkRefused> {
        let Some(work) = work_of(&gateway(), &order.reference) else { return Ok(()) };
        match &order.kind {
            OrderKind::Connect { agent, .. } => {
                self.connected(&order.reference, order.order).await?;
                self.note(work, &TaskStands::InHand { agent: agent.clone() }).await
            }
            OrderKind::Complete { agent, .. } => self.note(work, &TaskStands::InHand { agent: agent.clone() }).await,
            OrderKind::RemoveParty { .. } => self.note(work, &TaskStands::Waiting).await,
            OrderKind::End { by } if is_done(*by) => self.note(work, &TaskStands::Done).await,
            OrderKind::End { .. } => self.note(work, &TaskStands::Waiting).await,
            // Nobody hears it: it is over at once.
            OrderKind::Play { .. } => {
                let done = Action::OrderDone { gateway: gateway(), order: order.order, event: 0 };
                Ok(self.desk.router().tell(done).await?)
            }
            OrderKind::Voicemail { .. } | OrderKind::Transfer { .. } | OrderKind::PlaceCall { .. } => {
                let (gateway, order, why) = (gateway(), order.order, LegFailure::Failed);
                Ok(self.desk.router().tell(Action::OrderFailed { gateway, order, why, event: 0 }).await?)
            }
            OrderKind::Join { .. }
            | OrderKind::CancelCall { .. }
            | OrderKind::Hold
            | OrderKind::Unhold
            | OrderKind::Record { .. }
            | OrderKind::Suspend
            | OrderKind::StopPlay => Ok(()),
        }
    }

    /// There is no leg to wait for.
    async fn connected(&self, reference: &ContactRef, order: EventNo) -> Result<(), WorkRefused> {
        let (gateway, reference): (GatewayId, ContactRef) = (gateway(), reference.clone());
        let connected = Action::ContactConnected { gateway, reference, order: Some(order), event: 0 };
        Ok(self.desk.router().tell(connected).await?)
    }

    async fn note(&self, work: WorkId, stands: &TaskStands) -> Result<(), WorkRefused> {
        self.desk.follow_task(work, stands, &Stamp { at: self.clock.now(), by: usher() }).await
    }
}

/// An agent or a supervisor says that nothing is left to be done; a rule or a lost gateway does not.
fn is_done(by: EndedBy) -> bool {
    match by {
        EndedBy::Agent | EndedBy::Supervisor => true,
        EndedBy::Customer | EndedBy::Gateway | EndedBy::Router | EndedBy::LostByGateway | EndedBy::Transfer => false,
    }
}
