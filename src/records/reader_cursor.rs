//! How far the readers of the journal have written their rows: moved in the transaction that writes them. Reads no
//! journal.

use crate::customers::text::ReaderName;
use crate::routing::ids::EventNo;

use super::connection::{Transaction, values};
use super::error::RecordsError;
use super::statements::interactions::{ADD_CURSOR, CURSOR, FURTHEST_CURSOR, MOVE_CURSOR};
use super::store::Records;

impl Records {
    /// The last event of which any reader of the journal has written rows.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn furthest_reader(&self) -> Result<EventNo, RecordsError> {
        let row: Option<(i64,)> = self.row(FURTHEST_CURSOR, values![]).await?;
        Ok(row.map_or(EventNo::ZERO, |(no,)| EventNo(no.cast_unsigned())))
    }
}

/// What became of a move.
pub(super) enum CursorMove {
    Moved,
    /// The rows were written before.
    WasThere,
    Elsewhere {
        found: EventNo,
    },
}

pub(super) async fn move_cursor(
    transaction: &mut Transaction,
    reader: &ReaderName,
    after: EventNo,
    up_to: EventNo,
) -> Result<CursorMove, sqlx::Error> {
    transaction.execute(ADD_CURSOR, values![reader.as_str()]).await?;
    let place = values![reader.as_str(), after.0.cast_signed(), up_to.0.cast_signed()];
    if transaction.execute(MOVE_CURSOR, place).await? > 0 {
        return Ok(CursorMove::Moved);
    }
    let found = transaction.number(CURSOR, values![reader.as_str()]).await?;
    let found = EventNo(found.cast_unsigned());
    Ok(if found >= up_to { CursorMove::WasThere } else { CursorMove::Elsewhere { found } })
}
