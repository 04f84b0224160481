//! One line a row of an import that was refused. Chooses none.

use crate::customers::ids::ImportId;
use crate::records::{Records, RecordsError};

use super::Pages;
use super::table::Table;

/// Rows of one page.
const PAGE: u32 = 1_000;
const HEADING: [&str; 3] = ["row", "field", "why"];

pub struct RefusedPages {
    records: Records,
    import: ImportId,
    table: Table,
    after: u64,
    is_done: bool,
}

impl RefusedPages {
    #[must_use]
    pub fn new(records: Records, import: ImportId) -> RefusedPages {
        RefusedPages { records, import, table: Table::new(&HEADING, true), after: 0, is_done: false }
    }
}

impl Pages for RefusedPages {
    async fn next_page(&mut self) -> Result<Option<Vec<u8>>, RecordsError> {
        if self.is_done {
            return Ok(None);
        }
        let found = self.records.import_refusals(self.import, self.after, PAGE).await?;
        self.is_done = found.len() < PAGE as usize;
        self.after = found.last().map_or(self.after, |last| last.row);
        for refusal in found {
            self.table.add(&[refusal.row.to_string(), refusal.field.unwrap_or_default(), refusal.why]);
        }
        let lines = self.table.take();
        Ok((!lines.is_empty()).then_some(lines))
    }

    fn rows(&self) -> u64 {
        self.table.rows
    }
}
