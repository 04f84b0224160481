//! Attempts written as they go on. Folds no events.

use serde::Serialize;

use crate::outbound::kept_attempt::KeptAttempt;
use crate::outbound::limits::AttemptEnd;

use super::super::connection::{Transaction, json, values};
use super::super::customers::word_of;
use super::super::error::RecordsError;
use super::super::statements::attempts::WRITE_ATTEMPTS;
use super::super::store::Records;

#[derive(Serialize)]
struct AttemptJson<'a> {
    id: i64,
    contact: i64,
    campaign: Option<&'a str>,
    list: Option<i64>,
    lead: Option<i64>,
    number: Option<u64>,
    customer: Option<i64>,
    proposed_at_ms: i64,
    placed_at_ms: Option<i64>,
    ended_at_ms: Option<i64>,
    refused: Option<String>,
    outcome: Option<String>,
    legal_end: Option<&'static str>,
    agent: Option<&'a str>,
    disposition: Option<&'a str>,
}

impl Records {
    /// Writes what is known of each, over what was known. Of one that is named twice, all that is said counts, the later the
    /// more. Whose it is and which number is taken from the first time.
    ///
    /// # Errors
    /// When the database does not answer; nothing was written.
    pub async fn write_attempts(&self, attempts: &[KeptAttempt]) -> Result<(), RecordsError> {
        let mut transaction = self.begin().await?;
        write_attempts(&mut transaction, attempts).await?;
        Ok(transaction.commit().await?)
    }
}

pub(in crate::records) async fn write_attempts(
    transaction: &mut Transaction,
    attempts: &[KeptAttempt],
) -> Result<(), sqlx::Error> {
    // PostgreSQL changes no row twice in one statement.
    for part in parts(attempts) {
        transaction.execute(WRITE_ATTEMPTS, values![&json(&part)]).await?;
    }
    Ok(())
}

/// In their order, none with the same attempt twice.
fn parts(attempts: &[KeptAttempt]) -> Vec<Vec<AttemptJson<'_>>> {
    let mut parts: Vec<Vec<AttemptJson<'_>>> = Vec::new();
    for attempt in attempts {
        let row = row_of(attempt);
        let is_full = parts.last().is_none_or(|part| part.iter().any(|earlier| earlier.id == row.id));
        if is_full {
            parts.push(Vec::new());
        }
        parts.last_mut().expect("one was pushed").push(row);
    }
    parts
}

fn row_of(attempt: &KeptAttempt) -> AttemptJson<'_> {
    let lead = attempt.lead.as_ref();
    AttemptJson {
        id: attempt.id.0.cast_signed(),
        contact: attempt.contact.0.cast_signed(),
        campaign: lead.map(|called| called.campaign.as_str()),
        list: lead.map(|called| called.list.0),
        lead: lead.map(|called| called.lead.0),
        number: attempt.number.map(u64::from),
        customer: attempt.customer.map(|customer| customer.0),
        proposed_at_ms: attempt.proposed_at.0,
        placed_at_ms: attempt.placed_at.map(|at| at.0),
        ended_at_ms: attempt.ended_at.map(|at| at.0),
        refused: attempt.refused.as_ref().map(word_of),
        outcome: attempt.outcome.as_ref().map(word_of),
        legal_end: end_word(attempt.end),
        agent: attempt.agent.as_ref().map(|agent| agent.as_str()),
        disposition: attempt.disposition.as_ref().map(|disposition| &*disposition.0),
    }
}

/// None while it is open: what is known later comes over it.
fn end_word(end: AttemptEnd) -> Option<&'static str> {
    match end {
        AttemptEnd::Open => None,
        AttemptEnd::NotReached => Some("not_reached"),
        AttemptEnd::Dropped => Some("dropped"),
        AttemptEnd::Conversation => Some("conversation"),
        AttemptEnd::Refused => Some("refused"),
    }
}

pub(super) fn end_of_word(word: Option<&str>) -> Option<AttemptEnd> {
    match word {
        None => Some(AttemptEnd::Open),
        Some("not_reached") => Some(AttemptEnd::NotReached),
        Some("dropped") => Some(AttemptEnd::Dropped),
        Some("conversation") => Some(AttemptEnd::Conversation),
        Some("refused") => Some(AttemptEnd::Refused),
        Some(_) => None,
    }
}
