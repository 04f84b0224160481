//! Takes back interactions that an import added, as far as nobody added to them since. Judges no import.

use crate::customers::ids::{ImportId, UndoPlace};
use crate::customers::search_terms::terms_of_note;
use crate::imports::import_batch::{Imported, Kept, WhyKept};

use super::super::connection::{Transaction, values};
use super::super::statements::imports::{
    IMPORTED_INTERACTIONS, NOTES_OF_CONTACTS, REMOVE_ALL_NOTE_TERMS, REMOVE_INTERACTIONS, REMOVE_NOTES_OF_CONTACTS,
};
use super::add::bind_rows;
use super::history::json;
use super::import_undo::{UNDONE_ROWS_MAX, UndoneRows};
use super::rows::contact_of;
use super::terms::TermsOf;

#[derive(sqlx::FromRow)]
struct ImportedRow {
    contact: i64,
    changes: i64,
    work: i64,
    notes: i64,
}

pub(super) async fn undo_interactions(
    transaction: &mut Transaction,
    import: ImportId,
    after: UndoPlace,
) -> Result<UndoneRows, sqlx::Error> {
    let asked = values![import.0, after.0, UNDONE_ROWS_MAX];
    let rows: Vec<ImportedRow> = transaction.rows(IMPORTED_INTERACTIONS, asked).await?;
    let (mut undone, mut unused) = (UndoneRows::looked_at(rows.iter().map(|row| row.contact)), Vec::new());
    for row in &rows {
        match why_kept(row) {
            Some(why) => undone.kept.push(Kept { what: Imported::Interaction(contact_of(row.contact)), why }),
            None => unused.push(row.contact),
        }
    }
    undone.removed = unused.len() as u64;
    if unused.is_empty() {
        return Ok(undone);
    }
    let contacts = json(&unused);
    let notes: Vec<(i64, String)> = transaction.rows(NOTES_OF_CONTACTS, values![&contacts]).await?;
    let terms: Vec<TermsOf> = notes
        .iter()
        .map(|(subject, body)| TermsOf { subject: *subject, terms: terms_of_note(body).into_iter().collect() })
        .collect();
    bind_rows(transaction, REMOVE_ALL_NOTE_TERMS, &terms).await?;
    transaction.execute(REMOVE_NOTES_OF_CONTACTS, values![&contacts]).await?;
    transaction.execute(REMOVE_INTERACTIONS, values![&contacts]).await?;
    Ok(undone)
}

fn why_kept(row: &ImportedRow) -> Option<WhyKept> {
    [(row.changes > 0, WhyKept::Changed), (row.work > 0, WhyKept::HasWork), (row.notes > 0, WhyKept::HasNotes)]
        .into_iter()
        .find_map(|(is_so, why)| is_so.then_some(why))
}
