//! The questions that may be asked of the past, and why one has no answer.

use std::sync::Arc;

use futures_util::TryStreamExt;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::search::{Follower, before_contact, is_older};
use crate::explanation::agent::{AgentExplained, explain_agent};
use crate::explanation::contact::{ContactExplained, explain_contact};
use crate::explanation::decision::{Decision, DecisionExplained, decision_in, explain_decision};
use crate::explanation::overtakings::{Overtakings, OvertakingsReport, Period};
use crate::journal::{Journal, LiveState, ReadError, RecoveryError, SqlJournal, open_details, recover, recover_at};
use crate::routing::event::Event;
use crate::routing::ids::{AgentId, ContactId, EventNo};
use crate::routing::router::ContactRouter;
use crate::routing::time::Timestamp;

/// Events folded for one question on a server: some seconds of one core, which nobody waits for but who asked.
const EVENTS_FOLDED_MAX: u64 = 2_000_000;
/// Events opened at a time.
const OPENED_MAX: usize = 4_096;

#[derive(Debug, thiserror::Error)]
pub enum HindsightError {
    #[error(transparent)]
    Journal(#[from] RecoveryError),
    #[error("there is no contact {contact}")]
    UnknownContact { contact: ContactId },
    #[error("there is no agent {agent}")]
    UnknownAgent { agent: AgentId },
    #[error("the journal ends with event {last}")]
    Beyond { last: EventNo },
    #[error("the events up to {begins_after} are dropped")]
    Dropped { begins_after: EventNo },
    #[error("event {event} is no decision")]
    NotADecision { event: EventNo },
    #[error("event {event} is about contact {contact}")]
    OtherContact { event: EventNo, contact: ContactId },
    /// Nothing was decided about it.
    #[error("nothing was decided about contact {contact}")]
    NoDecision { contact: ContactId },
    #[error("no snapshot is within {events_max} events before it")]
    TooFarBack { events_max: u64 },
    /// Another question about the past is being answered.
    #[error("busy")]
    Busy,
}

impl From<ReadError> for HindsightError {
    fn from(error: ReadError) -> HindsightError {
        match error {
            ReadError::Dropped { begins_after, .. } => HindsightError::Dropped { begins_after },
            error => HindsightError::Journal(RecoveryError::Read(error)),
        }
    }
}

/// What happened to a contact, in order.
pub struct Story {
    pub events: Vec<(EventNo, Event)>,
    pub has_ended: bool,
}

/// One decision about a contact.
#[derive(Clone, PartialEq, Debug)]
pub struct Decided {
    pub event: EventNo,
    pub at: Timestamp,
    pub decision: Decision,
}

impl Story {
    #[must_use]
    pub fn decisions(&self) -> Vec<Decided> {
        let decided = |(no, event): &(EventNo, Event)| {
            let (_, decision) = decision_in(&event.fact)?;
            Some(Decided { event: *no, at: event.at, decision })
        };
        self.events.iter().filter_map(decided).collect()
    }
}

/// As the journal has it last.
pub struct Now {
    pub router: ContactRouter,
    pub event: EventNo,
    pub at: Timestamp,
}

/// The state right before an event, and the event.
struct Asked {
    before: ContactRouter,
    event: Event,
}

/// Answers questions about the past, one at a time.
pub struct Hindsight {
    journal: Arc<SqlJournal>,
    events_max: u64,
    turn: Semaphore,
}

impl Hindsight {
    /// Beside a server: bounded, so that it can be asked by many.
    #[must_use]
    pub fn of_server(journal: Arc<SqlJournal>) -> Hindsight {
        Hindsight::folding_at_most(EVENTS_FOLDED_MAX, journal)
    }

    /// For a process of its own: as far back as the journal goes.
    #[must_use]
    pub fn unbounded(journal: Arc<SqlJournal>) -> Hindsight {
        Hindsight::folding_at_most(u64::MAX, journal)
    }

    pub(super) fn folding_at_most(events_max: u64, journal: Arc<SqlJournal>) -> Hindsight {
        Hindsight { journal, events_max, turn: Semaphore::new(1) }
    }

    fn my_turn(&self) -> Result<SemaphorePermit<'_>, HindsightError> {
        self.turn.try_acquire().map_err(|_| HindsightError::Busy)
    }

    /// What was decided by an event, or by the last decision about the contact.
    ///
    /// # Errors
    /// When there is no such decision about the contact, or it is too far back.
    pub async fn contact(
        &self,
        contact: ContactId,
        event: Option<EventNo>,
    ) -> Result<DecisionExplained, HindsightError> {
        let _turn = self.my_turn()?;
        let event = match event {
            Some(event) => event,
            None => {
                let story = self.read_story(contact).await?;
                story.decisions().last().ok_or(HindsightError::NoDecision { contact })?.event
            }
        };
        let Asked { before, event: decided } = self.decision(event, Some(contact)).await?;
        explain_decision(before.state(), &decided).ok_or(HindsightError::NotADecision { event })
    }

    /// An agent right before a decision.
    ///
    /// # Errors
    /// When the event is no decision, the agent was not known then, or it is too far back.
    pub async fn agent(&self, agent: &AgentId, event: EventNo) -> Result<AgentExplained, HindsightError> {
        let _turn = self.my_turn()?;
        let Asked { before, event: decided } = self.decision(event, None).await?;
        let unknown = || HindsightError::UnknownAgent { agent: agent.clone() };
        explain_agent(before.state(), agent, decided.at).ok_or_else(unknown)
    }

    /// All that happened to a contact.
    ///
    /// # Errors
    /// When there never was one.
    pub async fn story(&self, contact: ContactId) -> Result<Story, HindsightError> {
        let _turn = self.my_turn()?;
        self.read_story(contact).await
    }

    /// The state after the last event.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn now(&self) -> Result<Now, HindsightError> {
        let _turn = self.my_turn()?;
        let recovered = recover::<LiveState>(&*self.journal).await?;
        let at = recovered.last_event_at.unwrap_or_default();
        Ok(Now { router: recovered.state.router, event: recovered.event_no, at })
    }

    /// Who was served before somebody who had come earlier.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn overtakings(&self, period: Period) -> Result<OvertakingsReport, HindsightError> {
        let _turn = self.my_turn()?;
        let begins_after = self.journal.begins_after().await?;
        let begun = recover_at::<LiveState>(&*self.journal, begins_after, 0).await?.unwrap_or_default();
        let mut overtakings = Overtakings::after(begun.router, period);
        let mut waiting: Vec<Event> = Vec::new();
        let mut batches = std::pin::pin!(self.journal.read_after(begins_after));
        loop {
            let batch = batches.try_next().await?;
            let is_last = batch.as_ref().is_none_or(|batch| period.to.is_some_and(|to| batch.at > to));
            waiting.extend(batch.into_iter().flat_map(|batch| batch.events));
            if waiting.len() >= OPENED_MAX || is_last {
                open_details(&*self.journal, &mut waiting).await?;
                waiting.drain(..).for_each(|event| overtakings.evolve(&event));
            }
            if is_last {
                return Ok(overtakings.into_report());
            }
        }
    }

    async fn decision(&self, event: EventNo, of: Option<ContactId>) -> Result<Asked, HindsightError> {
        let last = self.journal.last_event().await?;
        if event > last {
            return Err(HindsightError::Beyond { last });
        }
        let before = EventNo(event.0.checked_sub(1).ok_or(HindsightError::NotADecision { event })?);
        let batch = {
            let mut batches = std::pin::pin!(self.journal.read_after(before));
            batches.try_next().await?
        };
        let found = batch.and_then(|batch| batch.events.into_iter().next());
        let found = found.ok_or(HindsightError::Beyond { last })?;
        let (contact, _) = decision_in(&found.fact).ok_or(HindsightError::NotADecision { event })?;
        if of.is_some_and(|of| of != contact) {
            return Err(HindsightError::OtherContact { event, contact });
        }
        let too_far = || HindsightError::TooFarBack { events_max: self.events_max };
        let state = recover_at::<LiveState>(&*self.journal, before, self.events_max).await?.ok_or_else(too_far)?;
        Ok(Asked { before: state.router, event: found })
    }

    async fn read_story(&self, contact: ContactId) -> Result<Story, HindsightError> {
        let last = self.journal.last_event().await?;
        let before = before_contact(&self.journal, contact, last).await?;
        let mut follower = Follower::new(contact);
        let mut events = Vec::new();
        let mut batches = std::pin::pin!(self.journal.read_after(before));
        let mut no = before;
        'read: while let Some(batch) = batches.try_next().await? {
            for event in batch.events {
                no = no.plus(1);
                if follower.follow(&event) {
                    events.push((no, event));
                } else if events.is_empty() {
                    // The event found is its first, or there is none.
                    break 'read;
                }
                if follower.is_over() {
                    break 'read;
                }
            }
        }
        if events.is_empty() {
            let begins_after = self.journal.begins_after().await?;
            if begins_after > EventNo::ZERO && is_older(&self.journal, contact, begins_after).await? {
                return Err(HindsightError::Dropped { begins_after });
            }
            return Err(HindsightError::UnknownContact { contact });
        }
        Ok(Story { events, has_ended: follower.has_ended() })
    }
}

impl Now {
    #[must_use]
    pub fn contact(&self, contact: ContactId) -> Option<ContactExplained> {
        explain_contact(self.router.state(), contact, self.at)
    }

    #[must_use]
    pub fn agent(&self, agent: &AgentId) -> Option<AgentExplained> {
        explain_agent(self.router.state(), agent, self.at)
    }
}
