//! Customers, what happened with them, leads and do-not-call entries from a CSV file or a workbook into the records: read in bounded memory, checked row by row, taken over in batches.
//!
//! - [`table`]: the rows of a file, whatever it holds, with their place.
//! - [`file`]: a file opened: its headings, its separator, its hash.
//! - [`sheet`], [`workbook_bounds`]: a sheet of a workbook as such a file, and whether it may be unpacked;
//!   [`scratch`]: where to.
//! - [`kinds`], [`leads`], [`do_not_call`]: what a row can be, and who takes it over.
//! - [`run`]: the import itself, begun or gone on with; a dry run that writes nothing into the records.
//! - [`refused`]: the file of refused rows.
//!
//! A row is refused by its number, its column and a reason; its neighbours are taken. Each batch of rows is one
//! transaction together with the place in the file, and the file of refused rows is written before it: a process
//! that was killed goes on where it was, with every row once.

mod do_not_call;
pub mod error;
pub mod file;
mod kinds;
mod leads;
pub mod refused;
pub mod run;
pub mod scratch;
mod sheet;
pub mod table;
mod workbook_bounds;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod workbook_tests;
