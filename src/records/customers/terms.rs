//! The terms by which names and notes are found, kept in step with them. Decides no term itself.

use std::collections::BTreeSet;

use serde::Serialize;

use super::super::connection::{Transaction, values};
use super::super::statements::bulk::{ADD_NAME_TERMS, ADD_NOTE_TERMS, REMOVE_NAME_TERMS};
use super::super::statements::customers::NAME_TEXTS;
use super::history::json;
use crate::customers::ids::{CustomerId, NoteId};
use crate::customers::search_terms::{terms_of_name, terms_of_note};

/// The terms of one customer or note, about to be written.
#[derive(Serialize)]
pub(super) struct TermsOf {
    pub subject: i64,
    pub terms: BTreeSet<String>,
}

pub(super) fn terms_of_names<'n>(names: impl IntoIterator<Item = &'n str>) -> BTreeSet<String> {
    names.into_iter().flat_map(terms_of_name).collect()
}

/// The terms of all that the customer is called now.
pub(super) async fn name_terms(
    transaction: &mut Transaction,
    customer: CustomerId,
) -> Result<BTreeSet<String>, sqlx::Error> {
    let texts: Vec<(String,)> = transaction.rows(NAME_TEXTS, values![customer.0]).await?;
    Ok(terms_of_names(texts.iter().map(|(text,)| text.as_str())))
}

/// Writes only what differs: without an index by customer, the terms to be removed have to be named.
pub(super) async fn replace_name_terms(
    transaction: &mut Transaction,
    customer: CustomerId,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
) -> Result<(), sqlx::Error> {
    let gone: Vec<&String> = before.difference(after).collect();
    if !gone.is_empty() {
        transaction.execute(REMOVE_NAME_TERMS, values![customer.0, &json(&gone)]).await?;
    }
    let terms: BTreeSet<String> = after.difference(before).cloned().collect();
    if !terms.is_empty() {
        let rows = json(&[TermsOf { subject: customer.0, terms }]);
        transaction.execute(ADD_NAME_TERMS, values![&rows]).await?;
    }
    Ok(())
}

pub(super) async fn add_note_terms(transaction: &mut Transaction, note: NoteId, text: &str) -> Result<(), sqlx::Error> {
    let terms: BTreeSet<String> = terms_of_note(text).into_iter().collect();
    if terms.is_empty() {
        return Ok(());
    }
    let rows = json(&[TermsOf { subject: note.0, terms }]);
    transaction.execute(ADD_NOTE_TERMS, values![&rows]).await.map(drop)
}
