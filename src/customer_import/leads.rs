//! Rows that are leads of one call list. Reads no file.

use super::error::ImportFailure;
use super::kinds::{RowKind, Stores};
use crate::customers::change::Stamp;
use crate::customers::ids::ImportId;
use crate::customers::import_rows::RowRefusal;
use crate::outbound::call_list::DuplicateScope;
use crate::outbound::ids::CallListId;
use crate::outbound::lead_columns::BoundLeads;
use crate::outbound::lead_rows::LeadDraft;
use crate::records::{ImportChunk, KnownLeads, OpenChunk};
use crate::routing::time::Timestamp;

pub struct LeadRows {
    list: CallListId,
    mapping: BoundLeads,
    duplicates: DuplicateScope,
}

impl LeadRows {
    /// # Errors
    /// When there is no such list, it has expired, or the database does not answer.
    pub async fn of_list(
        stores: Stores<'_>,
        list: CallListId,
        mapping: BoundLeads,
        duplicates: DuplicateScope,
        now: Timestamp,
    ) -> Result<LeadRows, ImportFailure> {
        let records = stores.looked_at.unwrap_or(stores.written);
        let found = records.call_list(list).await?.ok_or(ImportFailure::NoList(list))?;
        if let Some(expires_at) = found.settings.expires_at.filter(|_| found.settings.is_expired(now)) {
            let expired_at = jiff::Timestamp::from_millisecond(expires_at.0).unwrap_or(jiff::Timestamp::MAX);
            return Err(ImportFailure::ListExpired { name: found.name, expired_at });
        }
        if stores.looked_at.is_some() {
            stores.written.add_stand_in_list(&found).await?;
        }
        Ok(LeadRows { list, mapping, duplicates })
    }
}

impl RowKind for LeadRows {
    type Draft = LeadDraft;

    fn headings_count(&self) -> usize {
        self.mapping.columns().width()
    }

    fn heading(&self, place: usize) -> Option<&str> {
        self.mapping.columns().heading(place)
    }

    fn read(&self, row: u64, cells: &[&str]) -> Result<LeadDraft, RowRefusal> {
        self.mapping.read(row, cells)
    }

    async fn take_over(
        &self,
        stores: Stores<'_>,
        import: ImportId,
        chunk: &ImportChunk<'_, LeadDraft>,
        stamp: &Stamp,
    ) -> Result<OpenChunk, ImportFailure> {
        let known = match stores.looked_at {
            Some(records) => records.known_leads_elsewhere(chunk.rows, self.list, self.duplicates, stamp).await?,
            None => KnownLeads::default(),
        };
        Ok(stores.written.import_leads_chunk(import, chunk, known, stamp).await?)
    }
}
