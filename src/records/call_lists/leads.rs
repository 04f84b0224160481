//! Leads as they are stored. Changes none.

use std::collections::BTreeMap;

use crate::customers::ids::ImportId;
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::lead::{Lead, LeadNumber, NewLead, NumberConsent};
use crate::routing::time::Timestamp;

use super::super::connection::{json, values};
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::statements::call_lists::{LEAD, LEADS_OF_IMPORT, NUMBERS_OF_LEADS};
use super::super::statements::leads::LEADS_OF_LIST;
use super::super::store::Records;

#[derive(sqlx::FromRow)]
struct LeadRow {
    id: i64,
    list: i64,
    import_batch: Option<i64>,
    added_at_ms: i64,
    priority: i64,
    attempts: i64,
    name: Option<String>,
    language: Option<String>,
    zone: Option<String>,
    region: Option<String>,
    postcode: Option<String>,
    external_id: Option<String>,
    custom: Option<String>,
}

#[derive(sqlx::FromRow)]
struct NumberRow {
    lead: i64,
    value: String,
    extension: Option<String>,
    label: Option<String>,
    consent: String,
    consent_kind: Option<String>,
    consent_at_ms: Option<i64>,
    consent_source: Option<String>,
}

impl Records {
    /// What the import added to the list and is still there: those after `after`, in order, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn leads_of_import(
        &self,
        list: CallListId,
        import: ImportId,
        after: LeadId,
        limit: u32,
    ) -> Result<Vec<Lead>, RecordsError> {
        let asked = values![list.0, import.0, after.0, i64::from(limit)];
        let rows: Vec<LeadRow> = self.rows(LEADS_OF_IMPORT, asked).await?;
        self.with_numbers(rows).await
    }

    /// Leads of a list after that one, in order, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn leads_of_list(
        &self,
        list: CallListId,
        after: LeadId,
        limit: u32,
    ) -> Result<Vec<LeadId>, RecordsError> {
        let rows: Vec<(i64,)> = self.rows(LEADS_OF_LIST, values![list.0, after.0, i64::from(limit)]).await?;
        Ok(rows.into_iter().map(|(id,)| LeadId(id)).collect())
    }

    pub(super) async fn lead_as_added(&self, id: LeadId) -> Result<Option<Lead>, RecordsError> {
        let rows: Vec<LeadRow> = self.rows(LEAD, values![id.0]).await?;
        Ok(self.with_numbers(rows).await?.pop())
    }

    async fn with_numbers(&self, rows: Vec<LeadRow>) -> Result<Vec<Lead>, RecordsError> {
        let ids = json(&rows.iter().map(|row| row.id).collect::<Vec<_>>());
        let numbers: Vec<NumberRow> = self.rows(NUMBERS_OF_LEADS, values![&ids]).await?;
        let mut by_lead: BTreeMap<i64, Vec<LeadNumber>> = BTreeMap::new();
        for row in numbers {
            by_lead.entry(row.lead).or_default().push(row.try_into()?);
        }
        rows.into_iter().map(|row| row.with_numbers(&mut by_lead)).collect()
    }
}

impl LeadRow {
    fn with_numbers(self, numbers: &mut BTreeMap<i64, Vec<LeadNumber>>) -> Result<Lead, RecordsError> {
        let columns = Columns("lead");
        let custom = self.custom.map(|text| serde_json::from_str(&text)).transpose();
        Ok(Lead {
            id: LeadId(self.id),
            list: CallListId(self.list),
            import: self.import_batch.map(ImportId),
            lead: NewLead {
                numbers: numbers.remove(&self.id).unwrap_or_default(),
                name: columns.text("name", self.name.unwrap_or_default())?,
                language: columns.text_if_any("language", self.language)?,
                zone: columns.text_if_any("zone", self.zone)?,
                region: columns.text_if_any("region", self.region)?,
                postcode: columns.text_if_any("postcode", self.postcode)?,
                priority: self.priority,
                fields: custom.map_err(|_| columns.unreadable("custom"))?.unwrap_or_default(),
                external_id: columns.text_if_any("external_id", self.external_id)?,
            },
            attempts: u64::try_from(self.attempts).map_err(|_| columns.unreadable("attempts"))?,
            added_at: Timestamp(self.added_at_ms),
        })
    }
}

impl TryFrom<NumberRow> for LeadNumber {
    type Error = RecordsError;

    fn try_from(row: NumberRow) -> Result<LeadNumber, RecordsError> {
        let columns = Columns("lead_number");
        Ok(LeadNumber {
            value: columns.text("value", row.value)?,
            extension: columns.text_if_any("extension", row.extension)?,
            label: columns.text_if_any("label", row.label)?,
            consent: NumberConsent {
                state: columns.word("consent", row.consent)?,
                kind: columns.text_if_any("consent_kind", row.consent_kind)?,
                at: row.consent_at_ms.map(Timestamp),
                source: columns.text_if_any("consent_source", row.consent_source)?,
            },
        })
    }
}
