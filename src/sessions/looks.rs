//! What consoles and dashboards look at when they are asked to: one question to the router, or to the journal, answered
//! beside the session. Changes nothing.

use std::sync::Arc;

use serde::Serialize;

use super::hidden::{hide_in_contact, hide_in_queue};
use super::requests::Line;
use super::to_protocol::{self, contact_shown, history, own_figures, path, queue_shown, transfer_targets};
use super::why::refusal;
use crate::audit::Audit;
use crate::customers::ids::CustomerId;
use crate::customers::redaction::Sight;
use crate::hindsight::{Hindsight, HindsightError};
use crate::protocol as wire;
use crate::protocol::{ErrorKind, RequestId, answer_text};
use crate::records::{Act, AuditEntry};
use crate::router_handle::{Read, RouterHandle, View};
use crate::routing::ids::{AgentId, PersonId, QueueId};
use crate::routing::time::{Millis, Timestamp};

/// Hours of a history that nobody said how long to make.
const HOURS: u8 = 4;
const RETRY_AFTER_MS: u64 = 1_000;

/// Who looks, and what he may see of customers.
pub struct Looks {
    pub router: RouterHandle,
    pub line: Line,
    pub sight: Sight,
}

/// Where the past is read, and who looks at it.
pub struct Past {
    pub hindsight: Arc<Hindsight>,
    pub audit: Arc<Audit>,
    pub person: PersonId,
    pub at: Timestamp,
}

impl Looks {
    pub fn transfer_targets(self, id: RequestId, asker: AgentId, ask: wire::TransferTargets) {
        self.answer(id, move |view| Ok(transfer_targets(view, &asker, ask.search.as_ref())));
    }

    pub fn own_figures(self, id: RequestId, agent: AgentId) {
        self.answer(id, move |view| {
            own_figures(view, &agent).ok_or_else(|| ErrorKind::UnknownAgent { agent: to_protocol::agent_name(&agent) })
        });
    }

    pub fn queue(self, id: RequestId, ask: wire::QueueShow) {
        let (ids, sight) = (self.line.ids.clone(), self.sight.clone());
        self.answer(id, move |view| {
            let queue = known_queue(view, &ask.queue)?;
            let mut shown = queue_shown(&ids, view, &queue);
            hide_in_queue(&mut shown, &sight);
            Ok(shown)
        });
    }

    pub fn history(self, id: RequestId, ask: wire::HistoryShow) {
        self.answer(id, move |view| {
            let queue = ask.queue.as_ref().map(|queue| known_queue(view, queue)).transpose()?;
            Ok(history(view, queue.as_ref(), Millis::minutes(60 * i64::from(ask.hours.unwrap_or(HOURS)))))
        });
    }

    /// As it is, and all that the journal knows of it. Who looked is audited.
    pub fn contact(self, id: RequestId, ask: wire::ContactShow, past: Past) {
        tokio::spawn(async move {
            let shown = self.contact_and_path(&ask, &past).await;
            self.line.give(&id, shown.map(|shown| answer_text(&id, &shown)));
        });
    }

    async fn contact_and_path(&self, ask: &wire::ContactShow, past: &Past) -> Result<wire::ContactShown, ErrorKind> {
        let ids = &self.line.ids;
        let contact = ids.contact(&ask.contact)?;
        let (asked, wire_ids) = (ask.contact.clone(), ids.clone());
        let now = self.router.ask(Read::Exact, move |view| contact_shown(&wire_ids, view, contact)).await;
        let now = now.map_err(|rejection| to_protocol::error(ids, rejection))?;
        let story = match past.hindsight.story(contact).await {
            // The journal is asked after the router: what ended meanwhile is over.
            Ok(story) => story,
            Err(HindsightError::UnknownContact { .. }) if now.is_some() => {
                return Err(ErrorKind::Busy { retry_after_ms: 100 });
            }
            Err(error) => return Err(refusal(ids, Some(&asked), error)),
        };
        let mut shown = now.unwrap_or_else(|| to_protocol::ended_contact(ids, contact, &story));
        (shown.path, shown.left_out) = path(ids, &story);
        hide_in_contact(&mut shown, &self.sight);
        let looked = AuditEntry::new(past.at, past.person.clone(), Act::LookedAt).about(contact);
        let customer = shown.customer.as_ref().and_then(|customer| customer.id.as_ref()?.as_str().parse().ok());
        let looked = customer.into_iter().fold(looked, |looked, customer| looked.about(CustomerId(customer)));
        let unavailable = ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS };
        past.audit.record(looked).await.map_err(|_| unavailable)?;
        Ok(shown)
    }

    fn answer<Shown: Serialize + Send + 'static>(
        self,
        id: RequestId,
        look: impl FnOnce(View<'_>) -> Result<Shown, ErrorKind> + Send + 'static,
    ) {
        tokio::spawn(async move {
            let looked = self.router.ask(Read::Figures, look).await;
            let shown = looked.unwrap_or_else(|rejection| Err(to_protocol::error(&self.line.ids, rejection)));
            self.line.give(&id, shown.map(|shown| answer_text(&id, &shown)));
        });
    }
}

/// A queue of the rules, or another in which somebody is.
pub(super) fn known_queue(view: View<'_>, asked: &wire::QueueName) -> Result<QueueId, ErrorKind> {
    let unknown = || ErrorKind::UnknownQueue { queue: asked.clone() };
    let queue = QueueId::new(asked.as_str()).map_err(|_| unknown())?;
    view.board.queue(&queue).map(|_| queue).ok_or_else(unknown)
}
