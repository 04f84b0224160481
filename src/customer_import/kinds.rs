//! What the rows of a file are: how one is read, and who takes some of them over. Reads no file.

use super::error::ImportFailure;
use crate::customers::change::Stamp;
use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::ids::ImportId;
use crate::customers::import_columns::{BoundMapping, ColumnMapping};
use crate::customers::import_matching::{IfKnown, KnownAddresses};
use crate::customers::import_rows::{CustomerDraft, RowRefusal};
use crate::customers::interaction_columns::{BoundInteractions, InteractionMapping};
use crate::customers::interaction_rows::InteractionDraft;
use crate::records::{ImportChunk, KnownHere, OpenChunk, Records};

/// Where rows go.
#[derive(Clone, Copy)]
pub struct Stores<'r> {
    pub written: &'r Records,
    /// Of a dry run: the records that are looked at and not written.
    pub looked_at: Option<&'r Records>,
}

/// One kind of rows.
pub trait RowKind {
    type Draft;

    fn headings_count(&self) -> usize;

    fn heading(&self, place: usize) -> Option<&str>;

    /// # Errors
    /// When the row is none of this kind.
    fn read(&self, row: u64, cells: &[&str]) -> Result<Self::Draft, RowRefusal>;

    /// # Errors
    /// When the database does not answer, or somebody else goes on with the import.
    async fn take_over(
        &self,
        stores: Stores<'_>,
        import: ImportId,
        chunk: &ImportChunk<'_, Self::Draft>,
        stamp: &Stamp,
    ) -> Result<OpenChunk, ImportFailure>;
}

/// Rows that are customers.
pub struct CustomerRows {
    mapping: BoundMapping,
    if_known: IfKnown,
}

impl CustomerRows {
    /// # Errors
    /// When the mapping does not go with the headings.
    pub fn bound(
        mapping: &ColumnMapping,
        fields: &FieldDeclarations,
        if_known: IfKnown,
        headings: &[&str],
    ) -> Result<CustomerRows, ImportFailure> {
        let mapping = mapping.bound(headings, fields).map_err(ImportFailure::Mapping)?;
        Ok(CustomerRows { mapping, if_known })
    }
}

impl RowKind for CustomerRows {
    type Draft = CustomerDraft;

    fn headings_count(&self) -> usize {
        self.mapping.columns().width()
    }

    fn heading(&self, place: usize) -> Option<&str> {
        self.mapping.columns().heading(place)
    }

    fn read(&self, row: u64, cells: &[&str]) -> Result<CustomerDraft, RowRefusal> {
        self.mapping.read(row, cells)
    }

    async fn take_over(
        &self,
        stores: Stores<'_>,
        import: ImportId,
        chunk: &ImportChunk<'_, CustomerDraft>,
        stamp: &Stamp,
    ) -> Result<OpenChunk, ImportFailure> {
        let known = match stores.looked_at {
            Some(records) => records.known_elsewhere(chunk.rows, self.if_known).await?,
            None => KnownAddresses::default(),
        };
        Ok(stores.written.import_customers_chunk(import, chunk, known, stamp).await?)
    }
}

/// Rows that are interactions of customers.
pub struct InteractionRows {
    mapping: BoundInteractions,
}

impl InteractionRows {
    /// # Errors
    /// When the mapping does not go with the headings.
    pub fn bound(mapping: &InteractionMapping, headings: &[&str]) -> Result<InteractionRows, ImportFailure> {
        Ok(InteractionRows { mapping: mapping.bound(headings).map_err(ImportFailure::Mapping)? })
    }
}

impl RowKind for InteractionRows {
    type Draft = InteractionDraft;

    fn headings_count(&self) -> usize {
        self.mapping.columns().width()
    }

    fn heading(&self, place: usize) -> Option<&str> {
        self.mapping.columns().heading(place)
    }

    fn read(&self, row: u64, cells: &[&str]) -> Result<InteractionDraft, RowRefusal> {
        self.mapping.read(row, cells)
    }

    async fn take_over(
        &self,
        stores: Stores<'_>,
        import: ImportId,
        chunk: &ImportChunk<'_, InteractionDraft>,
        stamp: &Stamp,
    ) -> Result<OpenChunk, ImportFailure> {
        let known = match stores.looked_at {
            Some(records) => records.known_interactions_elsewhere(chunk.rows).await?,
            None => KnownHere::default(),
        };
        Ok(stores.written.import_interactions_chunk(import, chunk, known, stamp).await?)
    }
}
