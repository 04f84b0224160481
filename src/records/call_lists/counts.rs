//! How many leads of a list stand how, and what was reached with them. Stops no list.

use crate::customers::customer::CustomFields;
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::lead_progress::LeadEnd;
use crate::outbound::lead_standing::{LeadCounts, LeadReached};
use crate::routing::time::Timestamp;

use super::super::connection::values;
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::statements::leads::{COUNT_STANDINGS, REACHED_LEADS};
use super::super::store::Records;

/// A lead with which something was reached.
#[derive(Clone, PartialEq, Debug)]
pub struct ReachedLead {
    pub lead: LeadId,
    pub reached: LeadReached,
    pub fields: CustomFields,
}

impl Records {
    /// How the leads of a list stand. Goes through all of them.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn lead_counts(&self, list: CallListId, now: Timestamp) -> Result<LeadCounts, RecordsError> {
        let rows: Vec<(String, i64, i64, i64, i64, i64)> = self.rows(COUNT_STANDINGS, values![list.0, now.0]).await?;
        let mut counts = LeadCounts::default();
        for (standing, count, tried, contacts, sales, promised) in rows {
            let count = count.unsigned_abs();
            counts.tried += tried.unsigned_abs();
            counts.contacts += contacts.unsigned_abs();
            counts.sales += sales.unsigned_abs();
            match standing.as_str() {
                "fresh" => counts.fresh = count,
                "due" => (counts.due, counts.callbacks_due) = (count, promised.unsigned_abs()),
                "waiting" => (counts.waiting, counts.callbacks_later) = (count, promised.unsigned_abs()),
                "with_router" => counts.with_router = count,
                ended => {
                    let end = LeadEnd::from_word(ended).ok_or_else(|| Columns("lead").unreadable("ended"))?;
                    counts.ended.insert(end.word(), count);
                }
            }
        }
        Ok(counts)
    }

    /// Those after `after`, in order, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn reached_leads(
        &self,
        list: CallListId,
        after: LeadId,
        limit: u32,
    ) -> Result<Vec<ReachedLead>, RecordsError> {
        let columns = Columns("lead");
        let asked = values![list.0, after.0, i64::from(limit)];
        let rows: Vec<(i64, String, Option<String>)> = self.rows(REACHED_LEADS, asked).await?;
        let reached = |(lead, word, custom): (i64, String, Option<String>)| {
            let fields = custom.map(|text| serde_json::from_str(&text)).transpose();
            Ok(ReachedLead {
                lead: LeadId(lead),
                reached: LeadReached::from_word(&word).ok_or_else(|| columns.unreadable("reached"))?,
                fields: fields.map_err(|_| columns.unreadable("custom"))?.unwrap_or_default(),
            })
        };
        rows.into_iter().map(reached).collect()
    }
}
