//! Rows that are do-not-call entries. Reads no file.

use super::error::ImportFailure;
use super::kinds::{RowKind, Stores};
use crate::customers::change::Stamp;
use crate::customers::ids::ImportId;
use crate::customers::import_rows::RowRefusal;
use crate::outbound::do_not_call_columns::{BoundDoNotCall, DoNotCallMapping};
use crate::outbound::do_not_call_rows::DoNotCallDraft;
use crate::records::{ImportChunk, OpenChunk};

pub struct DoNotCallRows {
    mapping: BoundDoNotCall,
}

impl DoNotCallRows {
    /// # Errors
    /// When the mapping does not go with the headings.
    pub fn bound(mapping: &DoNotCallMapping, headings: &[&str]) -> Result<DoNotCallRows, ImportFailure> {
        Ok(DoNotCallRows { mapping: mapping.bound(headings).map_err(ImportFailure::Mapping)? })
    }
}

impl RowKind for DoNotCallRows {
    type Draft = DoNotCallDraft;

    fn headings_count(&self) -> usize {
        self.mapping.columns().width()
    }

    fn heading(&self, place: usize) -> Option<&str> {
        self.mapping.columns().heading(place)
    }

    fn read(&self, row: u64, cells: &[&str]) -> Result<DoNotCallDraft, RowRefusal> {
        self.mapping.read(row, cells)
    }

    /// What other imports brought does not matter: a dry run looks at nothing but its own.
    async fn take_over(
        &self,
        stores: Stores<'_>,
        import: ImportId,
        chunk: &ImportChunk<'_, DoNotCallDraft>,
        stamp: &Stamp,
    ) -> Result<OpenChunk, ImportFailure> {
        Ok(stores.written.import_do_not_call_chunk(import, chunk, stamp).await?)
    }
}
