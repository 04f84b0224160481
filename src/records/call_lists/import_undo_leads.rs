//! Takes back leads that an import added, as far as nobody tried them. Judges no import.

use crate::customers::ids::{ImportId, UndoPlace};
use crate::imports::import_batch::{Imported, Kept, WhyKept};
use crate::outbound::ids::{CallListId, LeadId};

use super::super::connection::{Transaction, json, values};
use super::super::customers::{UNDONE_ROWS_MAX, UndoneRows};
use super::super::statements::call_lists::{IMPORTED_LEADS, REMOVE_LEADS};

pub(in crate::records) async fn undo_leads(
    transaction: &mut Transaction,
    list: CallListId,
    import: ImportId,
    after: UndoPlace,
) -> Result<UndoneRows, sqlx::Error> {
    let asked = values![list.0, import.0, after.0, UNDONE_ROWS_MAX];
    let rows: Vec<(i64, i64)> = transaction.rows(IMPORTED_LEADS, asked).await?;
    let mut undone = UndoneRows::looked_at(rows.iter().map(|(id, _)| *id));
    let (untried, tried): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, attempts)| *attempts == 0);
    undone.kept.extend(tried.iter().map(|(id, _)| Kept { what: Imported::Lead(LeadId(*id)), why: WhyKept::Tried }));
    undone.removed = untried.len() as u64;
    let ids = json(&untried.iter().map(|(id, _)| *id).collect::<Vec<_>>());
    transaction.execute(REMOVE_LEADS, values![&ids]).await?;
    Ok(undone)
}
