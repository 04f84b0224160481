//! Open leads page by page, for whoever gives them out. Holds no name, and changes nothing.

use crate::customers::ids::ImportId;
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::lead_standing::OpenLead;
use crate::routing::time::Timestamp;

use super::super::connection::{json, values};
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::statements::leads::{
    LAST_BY_HAND, LAST_LEAD, LAST_OF_IMPORT, NEW_BY_HAND, NEW_OF_IMPORT, NEXT_IMPORT, OPEN_LEADS,
};
use super::super::store::Records;

#[derive(sqlx::FromRow)]
struct OpenRow {
    id: i64,
    list: i64,
    import_batch: Option<i64>,
    priority: i64,
    due_at_ms: Option<i64>,
    goes_first: Option<i64>,
    zone: Option<String>,
    region: Option<String>,
    postcode: Option<String>,
    number: Option<String>,
    custom: Option<String>,
}

/// Lists whose leads are read.
#[derive(Clone, Copy, Debug)]
pub struct OpenLeadsOf<'l> {
    pub lists: &'l [CallListId],
    /// Those of them whose leads' own fields are read too.
    pub with_fields: &'l [CallListId],
}

impl Records {
    /// The highest number of a lead, of whatever list; 0 where there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_lead(&self) -> Result<LeadId, RecordsError> {
        let row: Option<(i64,)> = self.row(LAST_LEAD, values![]).await?;
        Ok(LeadId(row.map_or(0, |(last,)| last)))
    }

    /// Those with numbers over `after`, up to `up_to`, in order: neither over nor with the router.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn open_leads(
        &self,
        of: OpenLeadsOf<'_>,
        after: LeadId,
        up_to: LeadId,
    ) -> Result<Vec<OpenLead>, RecordsError> {
        let (lists, with_fields) = (json(&of.lists), json(&of.with_fields));
        let rows: Vec<OpenRow> = self.rows(OPEN_LEADS, values![&lists, after.0, up_to.0, &with_fields]).await?;
        rows.into_iter().map(OpenLead::try_from).collect()
    }
}

/// Leads of a list that came together: those of one import come in the order of their numbers, and so do those by hand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LeadBatch {
    pub list: CallListId,
    /// None: those that were added by hand.
    pub import: Option<ImportId>,
}

impl Records {
    /// Every batch of a list, with its last lead.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn lead_batches(&self, list: CallListId) -> Result<Vec<(LeadBatch, LeadId)>, RecordsError> {
        let mut batches = Vec::new();
        let by_hand: Option<(Option<i64>,)> = self.row(LAST_BY_HAND, values![list.0]).await?;
        if let Some((Some(last),)) = by_hand {
            batches.push((LeadBatch { list, import: None }, LeadId(last)));
        }
        let mut after = i64::MIN;
        loop {
            let next: Option<(Option<i64>,)> = self.row(NEXT_IMPORT, values![list.0, after]).await?;
            let Some((Some(import),)) = next else { return Ok(batches) };
            let last: Option<(Option<i64>,)> = self.row(LAST_OF_IMPORT, values![list.0, import]).await?;
            if let Some((Some(last),)) = last {
                batches.push((LeadBatch { list, import: Some(ImportId(import)) }, LeadId(last)));
            }
            after = import;
        }
    }

    /// Open leads of a batch over `after`, up to `up_to`, in order, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn open_leads_of_batch(
        &self,
        batch: LeadBatch,
        after: LeadId,
        up_to: LeadId,
        limit: u32,
    ) -> Result<Vec<OpenLead>, RecordsError> {
        let (list, limit) = (batch.list.0, i64::from(limit));
        let rows: Vec<OpenRow> = match batch.import {
            Some(import) => self.rows(NEW_OF_IMPORT, values![list, import.0, after.0, up_to.0, limit]).await?,
            None => self.rows(NEW_BY_HAND, values![list, after.0, up_to.0, limit]).await?,
        };
        rows.into_iter().map(OpenLead::try_from).collect()
    }
}

impl TryFrom<OpenRow> for OpenLead {
    type Error = RecordsError;

    fn try_from(row: OpenRow) -> Result<OpenLead, RecordsError> {
        let fields = row.custom.map(|text| serde_json::from_str(&text)).transpose();
        Ok(OpenLead {
            lead: LeadId(row.id),
            list: CallListId(row.list),
            import: row.import_batch.map(ImportId),
            priority: row.priority,
            due: row.due_at_ms.map(Timestamp),
            goes_first: row.goes_first.is_some_and(|flag| flag != 0),
            zone: row.zone,
            region: row.region,
            postcode: row.postcode,
            number: row.number,
            fields: fields.map_err(|_| Columns("lead").unreadable("custom"))?,
        })
    }
}
