//! One call of a callback, folded from its events until it is over: what becomes a row of the attempts. Decides nothing.

use serde::{Deserialize, Serialize};

use super::attempt_outcome::Outcome;
use super::do_not_call::NumberDigits;
use super::kept_attempt::{KeptAttempt, end_of};
use super::limits::AttemptEnd;
use crate::customers::ids::CustomerId;
use crate::routing::attempt::NotPlaced;
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{AgentId, AttemptId, ContactId};
use crate::routing::time::Timestamp;

/// A call that is proposed or going on. Serde type of its row: what was folded of it by the reader's place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CallbackCall {
    pub contact: ContactId,
    pub attempt: AttemptId,
    /// None: it is no number of any plan.
    pub number: Option<NumberDigits>,
    pub customer: Option<CustomerId>,
    pub agent: AgentId,
    proposed_at: Timestamp,
    placed_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    refused: Option<NotPlaced>,
    outcome: Option<Outcome>,
}

impl CallbackCall {
    /// None: the event proposes none.
    #[must_use]
    pub fn begun_with(event: &Event) -> Option<CallbackCall> {
        let Fact::CallbackProposed { attempt, contact, agent, details, .. } = &event.fact else { return None };
        let number = details.plain().and_then(|details| details.from.as_ref());
        Some(CallbackCall {
            contact: *contact,
            attempt: *attempt,
            number: number.and_then(|number| NumberDigits::new(&number.0).ok()),
            customer: None,
            agent: agent.clone(),
            proposed_at: event.at,
            placed_at: None,
            ended_at: None,
            refused: None,
            outcome: None,
        })
    }

    /// Takes in an event about its contact. Whether more is known of the call now.
    pub fn apply(&mut self, event: &Event) -> bool {
        let before = self.clone();
        match &event.fact {
            Fact::AttemptPlaced { .. } => self.placed_at = Some(event.at),
            Fact::CallbackNotPlaced { why, .. } => self.refused = Some(*why),
            Fact::AttemptFailed { why, .. } => self.outcome = Some((*why).into()),
            Fact::CustomerAnswered { .. } | Fact::ContactConnected { .. } => self.outcome = Some(Outcome::Answered),
            Fact::ConnectFailed { .. } if self.outcome.is_none() => self.comes_to_nothing(NotPlaced::NoAgent),
            Fact::ContactEnded { .. } if self.outcome.is_none() => self.comes_to_nothing(NotPlaced::LeadClosed),
            _ => {}
        }
        let is_over = match self.outcome {
            Some(Outcome::Answered) => matches!(event.fact, Fact::ContactEnded { .. }),
            Some(_) => true,
            None => self.refused.is_some(),
        };
        self.ended_at = self.ended_at.or(is_over.then_some(event.at));
        *self != before
    }

    /// Nobody says what became of it: it may have rung.
    fn comes_to_nothing(&mut self, why: NotPlaced) {
        match self.placed_at {
            Some(_) => self.outcome = Some(Outcome::Unknown),
            None => self.refused = self.refused.or(Some(why)),
        }
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ended_at.is_some()
    }

    /// As it is kept. `on_the_wall`: when something was, by the clock on the wall.
    #[must_use]
    pub fn kept(&self, on_the_wall: impl Fn(Timestamp) -> Timestamp) -> KeptAttempt {
        KeptAttempt {
            id: self.attempt,
            contact: self.contact,
            lead: None,
            number: self.number,
            customer: self.customer,
            proposed_at: on_the_wall(self.proposed_at),
            placed_at: self.placed_at.map(&on_the_wall),
            ended_at: self.ended_at.map(&on_the_wall),
            refused: self.refused,
            outcome: self.outcome,
            end: self.outcome.map_or(AttemptEnd::Open, |outcome| end_of(Some(outcome), None)),
            agent: Some(self.agent.clone()),
            disposition: None,
        }
    }
}
