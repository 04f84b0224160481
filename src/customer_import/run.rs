//! An import from its first row to its last: begun, or gone on with where it was. Reads no cell and asks no table itself.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::do_not_call::DoNotCallRows;
use super::error::ImportFailure;
use super::file::TableFile;
use super::kinds::{CustomerRows, InteractionRows, RowKind, Stores};
use super::leads::LeadRows;
use super::refused::{RefusedFile, cells_of};
use super::table::{Row, Table};
use crate::customers::change::Stamp;
use crate::customers::ids::ImportId;
use crate::customers::import_columns::COLUMNS_MAX;
use crate::customers::import_rows::{RowRefusal, WhyRefused};
use crate::imports::import_batch::{
    ImportBatch, ImportCounts, ImportPlace, ImportSettings, ImportState, ImportUpload, ImportedRows, NewImport,
};
use crate::records::{BATCH_ROWS_MAX, ImportChunk, Records, RefusedRow};
use crate::routing::ids::PersonId;
use crate::routing::time::Timestamp;

use super::table::ROW_BYTES_MAX;

/// Text of the rows of one transaction: rows are short, and a file of long ones must not fill the memory.
const CHUNK_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Refusals that are told when no file of them is kept.
pub const TOLD_MAX: usize = 20;

/// What is to be imported how, by whom.
pub struct ImportOrder<'o> {
    pub file: &'o TableFile,
    pub settings: ImportSettings,
    pub by: PersonId,
    /// Although the same file was imported before.
    pub again: bool,
    pub now: fn() -> Timestamp,
}

/// What an import came to.
#[derive(Debug)]
pub struct ImportReport {
    pub import: ImportId,
    /// Done, but for one that was told not to go on.
    pub state: ImportState,
    pub counts: ImportCounts,
    /// The row after which it went on; None when it began.
    pub went_on_after: Option<u64>,
    /// The first of them, [`TOLD_MAX`] at most.
    pub refused: Vec<RowRefusal>,
}

/// Imports the file, or goes on with the import of it that was interrupted.
///
/// # Errors
/// When the mapping does not go with the file, it was imported before, or file or database fail; what was committed
/// by then stands, and the same order goes on with it.
pub async fn import(
    records: &Records,
    order: &ImportOrder<'_>,
    progress: &mut dyn FnMut(ImportPlace),
) -> Result<ImportReport, ImportFailure> {
    import_while(records, order, &mut always(progress)).await
}

/// The same while `goes_on` says so: it is asked before the first row, and wherever rows have been taken over. The same
/// order goes on with what is left.
///
/// # Errors
/// As [`import`].
pub async fn import_while(
    records: &Records,
    order: &ImportOrder<'_>,
    goes_on: &mut dyn FnMut(ImportPlace) -> bool,
) -> Result<ImportReport, ImportFailure> {
    carry_out(Stores { written: records, looked_at: None }, order, goes_on).await
}

/// What an import of the file would come to. Writes nothing into `records`: the rows go to `scratch`, which is empty
/// and the caller's to remove.
///
/// # Errors
/// As [`import`].
pub async fn dry_run(
    records: &Records,
    scratch: &Records,
    order: &ImportOrder<'_>,
    progress: &mut dyn FnMut(ImportPlace),
) -> Result<ImportReport, ImportFailure> {
    dry_run_while(records, scratch, order, &mut always(progress)).await
}

/// The same while `goes_on` says so, as in [`import_while`].
///
/// # Errors
/// As [`import`].
pub async fn dry_run_while(
    records: &Records,
    scratch: &Records,
    order: &ImportOrder<'_>,
    goes_on: &mut dyn FnMut(ImportPlace) -> bool,
) -> Result<ImportReport, ImportFailure> {
    carry_out(Stores { written: scratch, looked_at: Some(records) }, order, goes_on).await
}

fn always(progress: &mut dyn FnMut(ImportPlace)) -> impl FnMut(ImportPlace) -> bool {
    |place| {
        progress(place);
        true
    }
}

async fn carry_out(
    stores: Stores<'_>,
    order: &ImportOrder<'_>,
    goes_on: &mut dyn FnMut(ImportPlace) -> bool,
) -> Result<ImportReport, ImportFailure> {
    let headings: Vec<&str> = order.file.headings.iter().map(String::as_str).collect();
    match &order.settings.rows {
        ImportedRows::Customers { mapping, fields, if_known } => {
            let kind = CustomerRows::bound(mapping, fields, *if_known, &headings)?;
            Run::begun(stores, order, kind).await?.all_rows(goes_on).await
        }
        ImportedRows::Interactions { mapping } => {
            let kind = InteractionRows::bound(mapping, &headings)?;
            Run::begun(stores, order, kind).await?.all_rows(goes_on).await
        }
        ImportedRows::Leads { list, mapping, fields, duplicates } => {
            let mapping = mapping.bound(&headings, fields).map_err(ImportFailure::Mapping)?;
            let kind = LeadRows::of_list(stores, *list, mapping, *duplicates, (order.now)()).await?;
            Run::begun(stores, order, kind).await?.all_rows(goes_on).await
        }
        ImportedRows::DoNotCall { mapping, .. } => {
            let kind = DoNotCallRows::bound(mapping, &headings)?;
            Run::begun(stores, order, kind).await?.all_rows(goes_on).await
        }
    }
}

async fn begin(records: &Records, order: &ImportOrder<'_>, file_hash: String) -> Result<ImportBatch, ImportFailure> {
    if let Some(errors) = order.settings.errors.as_ref().map(Path::new).filter(|errors| errors.exists()) {
        return Err(ImportFailure::ErrorsThere(errors.to_owned()));
    }
    let new = NewImport {
        file_name: order.file.name(),
        file_hash,
        settings: order.settings.clone(),
        place: order.file.first,
        upload: order
            .file
            .uploaded
            .as_ref()
            .map(|uploaded| ImportUpload { file: uploaded.file.clone(), bytes: order.file.bytes }),
    };
    Ok(records.begin_import(&new, &order.stamp()).await?)
}

/// The import of this file that was interrupted.
async fn batch_of(
    records: &Records,
    order: &ImportOrder<'_>,
    file_hash: &str,
) -> Result<Option<ImportBatch>, ImportFailure> {
    let mut batches = records.imports_of_file(file_hash).await?;
    // One file may hold customers and what happened to them, or leads for several lists; a workbook several sheets.
    let is_of = |settings: &ImportSettings| {
        settings.rows.go_with(&order.settings.rows) && settings.format.sheet() == order.settings.format.sheet()
    };
    batches.retain(|batch| is_of(&batch.settings));
    if let Some(running) = batches.iter().find(|batch| batch.state == ImportState::Running) {
        if running.settings != order.settings {
            return Err(ImportFailure::OtherSettings(running.id));
        }
        return Ok(Some(running.clone()));
    }
    match batches.iter().find(|batch| batch.state == ImportState::Done) {
        Some(done) if !order.again => Err(ImportFailure::Done(done.id)),
        Some(_) | None => Ok(None),
    }
}

impl ImportOrder<'_> {
    fn stamp(&self) -> Stamp {
        Stamp { at: (self.now)(), by: self.by.clone() }
    }
}

/// Rows for one transaction.
struct Part<D> {
    taken: Vec<D>,
    /// The number and cells of each of them: the records may refuse it.
    numbers: Vec<u64>,
    cells: Vec<Vec<String>>,
    refused: Vec<(RowRefusal, Vec<String>)>,
    ends: bool,
}

impl<D> Part<D> {
    fn empty() -> Part<D> {
        Part { taken: Vec::new(), numbers: Vec::new(), cells: Vec::new(), refused: Vec::new(), ends: false }
    }
}

struct Run<'r, K> {
    stores: Stores<'r>,
    order: &'r ImportOrder<'r>,
    kind: K,
    batch: ImportBatch,
    table: Table<BufReader<File>>,
    errors: Option<RefusedFile>,
    told: Vec<RowRefusal>,
}

impl<'r, K: RowKind> Run<'r, K> {
    async fn begun(stores: Stores<'r>, order: &'r ImportOrder<'r>, kind: K) -> Result<Run<'r, K>, ImportFailure> {
        let batch = if stores.looked_at.is_some() {
            begin(stores.written, order, String::new()).await?
        } else {
            let hash = order.file.hash()?;
            match batch_of(stores.written, order, &hash).await? {
                Some(batch) => batch,
                None => begin(stores.written, order, hash).await?,
            }
        };
        let errors = order.settings.errors.as_ref();
        let headings = &order.file.headings;
        let errors = errors.map(|path| RefusedFile::open(Path::new(path), batch.id, batch.errors_bytes, headings));
        Ok(Run {
            stores,
            order,
            kind,
            table: order.file.rows_from(batch.place)?,
            batch,
            errors: errors.transpose()?,
            told: Vec::new(),
        })
    }

    async fn all_rows(&mut self, goes_on: &mut dyn FnMut(ImportPlace) -> bool) -> Result<ImportReport, ImportFailure> {
        let begun_at = self.batch.place;
        while goes_on(self.batch.place) && self.batch.state == ImportState::Running {
            let part = self.next_part()?;
            self.take_over(part).await?;
        }
        Ok(ImportReport {
            import: self.batch.id,
            state: self.batch.state,
            counts: self.batch.counts,
            went_on_after: (begun_at != self.order.file.first).then_some(begun_at.row),
            refused: std::mem::take(&mut self.told),
        })
    }

    fn next_part(&mut self) -> Result<Part<K::Draft>, ImportFailure> {
        let mut part = Part::empty();
        let (mut rows, mut begin) = (0, self.table.place().position);
        let keeps_cells = self.errors.is_some();
        while rows < BATCH_ROWS_MAX && self.table.place().position - begin < CHUNK_BYTES_MAX as u64 {
            let Some(row) = self.table.next_row().map_err(|error| self.order.file.failed(error))? else {
                part.ends = true;
                break;
            };
            rows += 1;
            let cells = |row: &Row| if keeps_cells { cells_of(row) } else { Vec::new() };
            match draft_of(&self.kind, row) {
                Ok(draft) => {
                    part.taken.push(draft);
                    part.numbers.push(row.number);
                    part.cells.push(cells(row));
                }
                Err(refusal) => part.refused.push((refusal, cells(row))),
            }
            if row.is_too_long {
                // What was passed over fills no memory.
                begin = self.table.place().position;
            }
        }
        Ok(part)
    }

    async fn take_over(&mut self, mut part: Part<K::Draft>) -> Result<(), ImportFailure> {
        let chunk = ImportChunk {
            rows: &part.taken,
            refused: part.refused.len() as u64,
            from: self.batch.place,
            to: self.table.place(),
            ends: part.ends,
        };
        let mut open = self.kind.take_over(self.stores, self.batch.id, &chunk, &self.order.stamp()).await?;
        for RefusedRow { place, column, reason } in open.refused() {
            let column = column.and_then(|column| self.kind.heading(column)).map(str::to_owned);
            let refusal = RowRefusal { row: part.numbers[*place], column, reason: reason.clone() };
            part.refused.push((refusal, std::mem::take(&mut part.cells[*place])));
        }
        part.refused.sort_by_key(|(refusal, _)| refusal.row);
        if self.batch.upload.is_some() {
            open.keep_refusals(part.refused.iter().map(|(refusal, _)| refusal)).await?;
        }
        let mut errors_bytes = 0;
        if let Some(errors) = &mut self.errors {
            for (refusal, cells) in &part.refused {
                errors.add(refusal, cells)?;
            }
            errors_bytes = errors.sync()?;
        }
        self.batch = open.commit(errors_bytes).await?;
        let room = TOLD_MAX.saturating_sub(self.told.len());
        self.told.extend(part.refused.into_iter().map(|(refusal, _)| refusal).take(room));
        Ok(())
    }
}

fn draft_of<K: RowKind>(kind: &K, row: &Row) -> Result<K::Draft, RowRefusal> {
    let refuse = |column, reason| RowRefusal { row: row.number, column, reason };
    if row.cell_count > COLUMNS_MAX {
        let reason = WhyRefused::CellCount { expected: kind.headings_count(), found: row.cell_count };
        return Err(refuse(None, reason));
    }
    if row.is_too_long {
        return Err(refuse(None, WhyRefused::RowTooLong { bytes_max: ROW_BYTES_MAX }));
    }
    let cells =
        row.texts().map_err(|place| refuse(kind.heading(place).map(str::to_owned), WhyRefused::WrongEncoding))?;
    kind.read(row.number, &cells)
}
