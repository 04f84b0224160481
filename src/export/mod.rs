//! Customers, interactions, attempts and refused rows of imports as CSV, some hundred rows at a time, whoever writes them where. It changes nothing.
//!
//! - Memory is that of one page, however many rows there are; a page begins where the one before ended, by number, so
//!   that nobody is missed or told twice while others add and change.
//! - Every cell is defused: a spreadsheet runs none of it. Our import takes the marks off again. In a workbook every cell is a
//!   text, which needs none.
//! - The heading is the first line; a byte order mark comes first when it is asked for.

mod attempts;
mod customers;
mod interactions;
mod refused;
mod table;
mod workbook;

use std::future::Future;

use crate::records::RecordsError;
use crate::routing::time::Timestamp;

pub use attempts::{AttemptLine, AttemptLines, AttemptPages};
pub use customers::CustomerPages;
pub use interactions::InteractionPages;
pub use refused::RefusedPages;
pub use workbook::{Workbook, WorkbookError};

/// Which customers; a field that is None asks for nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CustomerFilter {
    pub tag: Option<String>,
    pub tier: Option<String>,
    pub language: Option<String>,
    /// Changed at this time or later.
    pub changed_from: Option<Timestamp>,
}

/// Which interactions; a field that is None asks for nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InteractionFilter {
    /// Arrived at this time or later.
    pub from: Option<Timestamp>,
    /// Arrived before this time.
    pub until: Option<Timestamp>,
}

/// A table, page by page.
pub trait Pages: Send {
    /// The next lines, never empty; None: that was all.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    fn next_page(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, RecordsError>> + Send;

    /// Rows that were given so far, without the heading.
    fn rows(&self) -> u64;
}
