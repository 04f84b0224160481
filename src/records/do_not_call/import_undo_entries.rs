//! Takes back do-not-call entries that an import added. Judges no import; what other imports say stays.

use crate::customers::ids::{ImportId, UndoPlace};

use super::super::connection::{Transaction, values};
use super::super::customers::UndoneRows;
use super::super::statements::do_not_call::{
    COUNT_ENTRIES_IN, ORIGIN_OF_IMPORT, REMOVE_ORIGIN, REMOVE_WALKED, WALKED_TO,
};

/// Entries passed by at a time, of whatever import: calls wait no longer than it takes.
const WALKED_MAX: i64 = 20_000;

pub(in crate::records) async fn undo_do_not_call(
    transaction: &mut Transaction,
    import: ImportId,
    after: UndoPlace,
) -> Result<UndoneRows, sqlx::Error> {
    let origin: Option<(i64,)> = transaction.row(ORIGIN_OF_IMPORT, values![import.0]).await?;
    let Some((origin,)) = origin else { return Ok(UndoneRows::walked(0, None)) };
    // Prefixes are below zero, and no entry is 0.
    let after = if after == UndoPlace(0) { i64::MIN } else { after.0 };
    let to: Option<(Option<i64>,)> = transaction.row(WALKED_TO, values![after, WALKED_MAX]).await?;
    let Some(to) = to.and_then(|(to,)| to) else {
        transaction.execute(REMOVE_ORIGIN, values![origin]).await?;
        return Ok(UndoneRows::walked(0, None));
    };
    let removed = transaction.execute(REMOVE_WALKED, values![after, to, origin]).await?;
    let gone = i64::try_from(removed).expect("a walk is short");
    transaction.execute(COUNT_ENTRIES_IN, values![origin, -gone]).await?;
    Ok(UndoneRows::walked(removed, Some(UndoPlace(to))))
}
