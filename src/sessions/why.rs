//! A supervisor's why: of now from the router, between two commands; of the past from the journal, on a task of
//! its own. Nobody else waits for either.

use std::sync::Arc;

use super::from_protocol::WireIds;
use super::requests::Line;
use super::to_protocol;
use crate::explanation::agent::explain_agent;
use crate::explanation::contact::explain_contact;
use crate::hindsight::{Hindsight, HindsightError};
use crate::protocol as wire;
use crate::protocol::{ErrorKind, RequestId, answer_text};
use crate::router_handle::{Read, RouterHandle};
use crate::routing::ids::{AgentId, EventNo};

/// Until one who asked while another question was being answered should ask again.
const BUSY_RETRY_AFTER_MS: u64 = 500;
/// Decisions of one answer.
const DECISIONS_MAX: usize = 100;

/// Who answers.
#[derive(Clone)]
pub struct Whys {
    pub router: RouterHandle,
    pub hindsight: Arc<Hindsight>,
    pub line: Line,
}

impl Whys {
    /// Answers later; the session goes on at once.
    pub fn contact(self, id: RequestId, ask: wire::WhyContact) {
        tokio::spawn(async move {
            let found = self.find_contact(&ask).await;
            self.line.give(&id, found.map(|why| answer_text(&id, &why)));
        });
    }

    pub fn agent(self, id: RequestId, ask: wire::WhyAgent) {
        tokio::spawn(async move {
            let found = self.find_agent(&ask).await;
            self.line.give(&id, found.map(|why| answer_text(&id, &why)));
        });
    }

    async fn find_contact(&self, ask: &wire::WhyContact) -> Result<wire::ContactWhy, ErrorKind> {
        let ids = &self.line.ids;
        let contact = ids.contact(&ask.contact)?;
        let refuse = |error| refusal(ids, Some(&ask.contact), error);
        let event = ask.event.map(|event| EventNo(event.get()));
        let mut why = match event {
            Some(_) => self.past(ask, event).await?,
            None => {
                let now = self
                    .router
                    .ask(Read::Exact, move |view| explain_contact(view.router.state(), contact, view.now))
                    .await
                    .map_err(|rejection| to_protocol::error(ids, rejection))?;
                match now {
                    Some(explained) => to_protocol::contact_why(ids, &explained),
                    None => self.past(ask, None).await?,
                }
            }
        };
        if ask.decisions {
            let decisions = self.hindsight.story(contact).await.map_err(refuse)?.decisions();
            let left_out = decisions.len().saturating_sub(DECISIONS_MAX);
            why.decisions = decisions[left_out..].iter().map(to_protocol::decided_why).collect();
        }
        Ok(why)
    }

    async fn past(&self, ask: &wire::WhyContact, event: Option<EventNo>) -> Result<wire::ContactWhy, ErrorKind> {
        let ids = &self.line.ids;
        let explained = self.hindsight.contact(ids.contact(&ask.contact)?, event).await;
        let explained = explained.map_err(|error| refusal(ids, Some(&ask.contact), error))?;
        Ok(to_protocol::decision_why(ids, &explained))
    }

    async fn find_agent(&self, ask: &wire::WhyAgent) -> Result<wire::AgentWhy, ErrorKind> {
        let ids = &self.line.ids;
        let unknown = || ErrorKind::UnknownAgent { agent: ask.agent.clone() };
        let agent = AgentId::new(ask.agent.as_str()).map_err(|_| unknown())?;
        let explained = match ask.event {
            Some(event) => {
                let past = self.hindsight.agent(&agent, EventNo(event.get())).await;
                past.map_err(|error| refusal(ids, None, error))?
            }
            None => self
                .router
                .ask(Read::Exact, move |view| explain_agent(view.router.state(), &agent, view.now))
                .await
                .map_err(|rejection| to_protocol::error(ids, rejection))?
                .ok_or_else(unknown)?,
        };
        Ok(to_protocol::agent_why(ids, &explained))
    }
}

pub(super) fn refusal(ids: &WireIds, asked: Option<&wire::ContactId>, error: HindsightError) -> ErrorKind {
    match error {
        HindsightError::UnknownContact { contact } => {
            ErrorKind::UnknownContact { contact: asked.cloned().unwrap_or_else(|| ids.contact_text(contact)) }
        }
        HindsightError::UnknownAgent { agent } => {
            ErrorKind::UnknownAgent { agent: wire::AgentName::clipped(agent.as_str()) }
        }
        HindsightError::Beyond { last } => {
            ErrorKind::invalid_field("event", format!("a number up to {last}, the last event of the journal"))
        }
        HindsightError::Dropped { begins_after } => ErrorKind::invalid_field(
            if asked.is_some() { "contact" } else { "event" },
            format!("what came after event {begins_after}; the journal does not go further back"),
        ),
        HindsightError::NotADecision { .. } => {
            ErrorKind::invalid_field("event", "the number of a decision: an offer, an entry, a step or an exit")
        }
        HindsightError::OtherContact { .. } => ErrorKind::invalid_field("event", "a decision about this contact"),
        HindsightError::NoDecision { .. } => {
            ErrorKind::invalid_field("contact", "a contact about which something was decided")
        }
        HindsightError::TooFarBack { events_max } => ErrorKind::invalid_field(
            "event",
            format!("a decision at most {events_max} events after a snapshot; `usher why` goes further back"),
        ),
        HindsightError::Busy => ErrorKind::Busy { retry_after_ms: BUSY_RETRY_AFTER_MS },
        HindsightError::Journal(error) => {
            tracing::error!(%error, "the past could not be read");
            ErrorKind::Internal
        }
    }
}
