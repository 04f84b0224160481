//! One lead as a program sends it, read like a row of a file: the same checks, the same normalisation. Never stores.

use std::collections::BTreeMap;

use super::call_list::CallListSettings;
use super::lead_columns::{LeadColumn, LeadMapping};
use super::lead_rows::LeadDraft;
use crate::customers::import_rows::WhyRefused;

/// One value, what it is of the lead, and what its sender calls it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeadCell {
    pub field: String,
    pub column: LeadColumn,
    pub text: String,
}

/// A value that cannot be what it is sent as. Never repeats it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{field}: {expected}")]
pub struct RefusedCell {
    pub field: String,
    pub expected: String,
}

/// What is said when no number is sent.
const NUMBERS: &str = "numbers";

/// The lead that these values are, in a list with these settings.
///
/// # Errors
/// When a value cannot be what it is sent as, the list declares no such field, or there is no number.
pub fn lead_by_hand(cells: &[LeadCell], list: &CallListSettings) -> Result<LeadDraft, RefusedCell> {
    for cell in cells {
        let LeadColumn::Field { name } = &cell.column else { continue };
        list.fields.read(name, "").map_err(|error| refused(cell.field.clone(), &error))?;
    }
    let columns: BTreeMap<String, LeadColumn> =
        cells.iter().map(|cell| (cell.field.clone(), cell.column.clone())).collect();
    let mapping = LeadMapping { home: list.default_country, zone: None, dates: None, columns };
    let headings: Vec<&str> = cells.iter().map(|cell| cell.field.as_str()).collect();
    // Fields are declared and headings are there: nothing but a number can be missing.
    let bound =
        mapping.bound(&headings, &list.fields).map_err(|_| refused(NUMBERS.to_owned(), &WhyRefused::NoNumber))?;
    let texts: Vec<&str> = cells.iter().map(|cell| cell.text.as_str()).collect();
    let read = bound.read(1, &texts);
    read.map_err(|refusal| refused(refusal.column.unwrap_or_else(|| NUMBERS.to_owned()), &refusal.reason))
}

fn refused(field: String, why: &impl ToString) -> RefusedCell {
    let why = why.to_string();
    RefusedCell { field, expected: why.strip_prefix("expected ").unwrap_or(&why).to_owned() }
}
