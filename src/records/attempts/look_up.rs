//! Past attempts found by number, customer and lead. Changes none.

use std::sync::Arc;

use crate::customers::ids::CustomerId;
use crate::outbound::do_not_call::NumberDigits;
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::kept_attempt::{AttemptsBeside, CalledLead, KeptAttempt};
use crate::outbound::limits::PastAttempt;
use crate::routing::command::Disposition;
use crate::routing::ids::{AgentId, AttemptId, CampaignId, ContactId};
use crate::routing::time::Timestamp;

use super::super::connection::values;
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::statements::attempts::{ATTEMPTS_BESIDE, ATTEMPTS_OF_LEAD};
use super::super::store::Records;
use super::write::end_of_word;

/// Attempts looked at for one call, the newest: no cap counts so many, and who was called more often is not called.
const ATTEMPTS_BESIDE_MAX: i64 = 1_000;

#[derive(sqlx::FromRow)]
pub(super) struct AttemptRow {
    id: i64,
    contact: i64,
    campaign: Option<String>,
    list: Option<i64>,
    lead: Option<i64>,
    number: Option<i64>,
    customer: Option<i64>,
    proposed_at_ms: i64,
    placed_at_ms: Option<i64>,
    ended_at_ms: Option<i64>,
    refused: Option<String>,
    outcome: Option<String>,
    legal_end: Option<String>,
    agent: Option<String>,
    disposition: Option<String>,
}

impl Records {
    /// Attempts that were placed at `since` or later to this number, this customer (those merged into it too) or this lead,
    /// as the limits see them; the newest first.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn past_attempts(
        &self,
        call: AttemptsBeside<'_>,
        since: Timestamp,
    ) -> Result<Vec<PastAttempt>, RecordsError> {
        let number = i64::try_from(u64::from(call.number)).expect("fifteen digits fit");
        let customer = call.customer.map(|customer| customer.0);
        let asked = values![number, customer, call.lead.map(|lead| lead.0), since.0, ATTEMPTS_BESIDE_MAX];
        let rows: Vec<AttemptRow> = self.rows(ATTEMPTS_BESIDE, asked).await?;
        let mut past = Vec::with_capacity(rows.len());
        for row in rows {
            let mut attempt = KeptAttempt::try_from(row)?;
            let lead = attempt.lead.as_ref().map(|called| called.lead);
            if attempt.number != Some(call.number) && (lead.is_none() || lead != call.lead) {
                // Found by the customer, or by one that was merged into it.
                attempt.customer = call.customer;
            }
            past.extend(attempt.seen_by(call));
        }
        Ok(past)
    }

    /// All that is known of the attempts of a lead, the newest first, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn attempts_of_lead(&self, lead: LeadId, limit: u32) -> Result<Vec<KeptAttempt>, RecordsError> {
        let rows: Vec<AttemptRow> = self.rows(ATTEMPTS_OF_LEAD, values![lead.0, i64::from(limit)]).await?;
        rows.into_iter().map(KeptAttempt::try_from).collect()
    }
}

impl TryFrom<AttemptRow> for KeptAttempt {
    type Error = RecordsError;

    fn try_from(row: AttemptRow) -> Result<KeptAttempt, RecordsError> {
        let columns = Columns("attempt");
        let number = row.number.map(|digits| NumberDigits::try_from(digits.unsigned_abs()));
        let agent = row.agent.as_deref().map(AgentId::new);
        let lead = row.campaign.zip(row.list.zip(row.lead)).map(|(campaign, (list, lead))| {
            let (list, lead) = (CallListId(list), LeadId(lead));
            CampaignId::new(&campaign).map(|campaign| CalledLead { campaign, list, lead })
        });
        Ok(KeptAttempt {
            id: AttemptId(row.id.cast_unsigned()),
            contact: ContactId(row.contact.cast_unsigned()),
            lead: lead.transpose().map_err(|_| columns.unreadable("campaign"))?,
            number: number.transpose().map_err(|_| columns.unreadable("number"))?,
            customer: row.customer.map(CustomerId),
            proposed_at: Timestamp(row.proposed_at_ms),
            placed_at: row.placed_at_ms.map(Timestamp),
            ended_at: row.ended_at_ms.map(Timestamp),
            refused: columns.word_if_any("refused", row.refused)?,
            outcome: columns.word_if_any("outcome", row.outcome)?,
            end: end_of_word(row.legal_end.as_deref()).ok_or_else(|| columns.unreadable("legal_end"))?,
            agent: agent.transpose().map_err(|_| columns.unreadable("agent"))?,
            disposition: row.disposition.map(|word| Disposition(Arc::from(word))),
        })
    }
}
