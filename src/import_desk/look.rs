//! What a file looks like: its sheets, its headings, its first rows. Takes over none.

use std::path::Path;

use crate::customer_import::error::ImportFailure;
use crate::customer_import::file::TableFile;

/// Rows that are shown of a file.
pub const SAMPLE_ROWS: usize = 10;
/// Longest cell that is shown.
const CELL_CHARACTERS_MAX: usize = 200;

/// The beginning of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileLook {
    /// Of a workbook, in its order.
    pub sheets: Vec<String>,
    /// Which of them this is.
    pub sheet: Option<String>,
    pub headings: Vec<String>,
    /// As many of the first rows as there are, [`SAMPLE_ROWS`] at most.
    pub rows: Vec<Vec<String>>,
}

impl FileLook {
    /// # Errors
    /// When the file cannot be read, or is none that can be imported.
    pub fn at(path: &Path, sheet: Option<&str>) -> Result<FileLook, ImportFailure> {
        let file = TableFile::beginning(path, sheet)?;
        let mut table = file.rows_from(file.first)?;
        let mut rows = Vec::new();
        while rows.len() < SAMPLE_ROWS {
            let failed = |error| ImportFailure::Io { file: path.to_owned(), error };
            let Some(row) = table.next_row().map_err(failed)? else { break };
            rows.push(row.cells().map(shown).collect());
        }
        let sheet = file.format.sheet().map(str::to_owned);
        Ok(FileLook { sheet, headings: file.headings.clone(), sheets: file.sheets, rows })
    }
}

fn shown(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).chars().take(CELL_CHARACTERS_MAX).collect()
}
