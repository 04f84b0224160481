//! Who changed which field when: written with every change, and read back. Changes nothing itself.

use serde::Serialize;

use crate::customers::change::{Change, ChangedField, Stamp};
use crate::customers::ids::{ChangeId, CustomerId, WorkId};
use crate::routing::ids::ContactId;

pub(super) use super::super::connection::json;
use super::super::connection::{Transaction, values};
use super::super::error::RecordsError;
use super::super::statements::Statement;
use super::super::statements::bulk::ADD_CHANGES;
use super::super::statements::customers::{CHANGES_OF_CONTACT, CHANGES_OF_CUSTOMER, CHANGES_OF_WORK};
use super::super::store::Records;
use super::BATCH_ROWS_MAX;
use super::rows::{Columns, contact_of, shortened, stored};

/// One change about to be written.
#[derive(Serialize)]
struct NewChange {
    customer: Option<i64>,
    work: Option<i64>,
    contact: Option<i64>,
    field: String,
    before: Option<String>,
    after: Option<String>,
}

/// The changes of one operation: by whom, when, of what.
pub(super) struct History<'s> {
    stamp: &'s Stamp,
    customer: Option<i64>,
    work: Option<i64>,
    contact: Option<i64>,
    changes: Vec<NewChange>,
}

impl<'s> History<'s> {
    pub fn of(stamp: &'s Stamp, customer: Option<CustomerId>) -> History<'s> {
        History { stamp, customer: customer.map(|customer| customer.0), work: None, contact: None, changes: Vec::new() }
    }

    pub fn about_work(mut self, work: WorkId) -> History<'s> {
        self.work = Some(work.0);
        self
    }

    pub fn about_contact(mut self, contact: ContactId) -> History<'s> {
        self.contact = Some(stored(contact));
        self
    }

    /// What follows belongs to this customer's history.
    pub fn turn_to(&mut self, customer: Option<CustomerId>) {
        self.customer = customer.map(|customer| customer.0);
    }

    /// Notes the change, unless nothing changed.
    pub fn note(&mut self, field: ChangedField, before: Option<String>, after: Option<String>) {
        if before == after {
            return;
        }
        let cut = |text: String| String::from(shortened::<{ crate::customers::change::VALUE_LENGTH_MAX }>(&text));
        self.changes.push(NewChange {
            customer: self.customer,
            work: self.work,
            contact: self.contact,
            field: field.to_string(),
            before: before.map(cut),
            after: after.map(cut),
        });
    }

    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub async fn write(self, transaction: &mut Transaction) -> Result<(), sqlx::Error> {
        for changes in self.changes.chunks(BATCH_ROWS_MAX) {
            let rows = json(&changes);
            transaction.execute(ADD_CHANGES, values![&rows, self.stamp.at.0, self.stamp.by.as_str()]).await?;
        }
        Ok(())
    }
}

type Row = (i64, Option<i64>, Option<i64>, String, Option<String>, Option<String>, i64, String);

impl Records {
    /// The newest first, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn changes_of_customer(&self, customer: CustomerId, limit: u32) -> Result<Vec<Change>, RecordsError> {
        self.changes_of_customer_before(customer, None, limit).await
    }

    /// Those before `before`, for the next page.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn changes_of_customer_before(
        &self,
        customer: CustomerId,
        before: Option<ChangeId>,
        limit: u32,
    ) -> Result<Vec<Change>, RecordsError> {
        let before = before.map_or(i64::MAX, |before| before.0);
        let rows: Vec<Row> = self.rows(CHANGES_OF_CUSTOMER, values![customer.0, before, i64::from(limit)]).await?;
        rows.into_iter().map(change_of).collect()
    }

    /// The newest first, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn changes_of_work(&self, work: WorkId, limit: u32) -> Result<Vec<Change>, RecordsError> {
        self.changes(CHANGES_OF_WORK, work.0, limit).await
    }

    /// The newest first, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn changes_of_contact(&self, contact: ContactId, limit: u32) -> Result<Vec<Change>, RecordsError> {
        self.changes(CHANGES_OF_CONTACT, stored(contact), limit).await
    }

    async fn changes(&self, statement: Statement, subject: i64, limit: u32) -> Result<Vec<Change>, RecordsError> {
        let rows: Vec<Row> = self.rows(statement, values![subject, i64::from(limit)]).await?;
        rows.into_iter().map(change_of).collect()
    }
}

fn change_of(row: Row) -> Result<Change, RecordsError> {
    let (id, work, contact, field, before, after, at_ms, made_by) = row;
    let columns = Columns("customer_change");
    Ok(Change {
        id: ChangeId(id),
        work: work.map(WorkId),
        contact: contact.map(contact_of),
        field: field.parse().map_err(|_| columns.unreadable("field"))?,
        before: columns.text_if_any("value_before", before)?,
        after: columns.text_if_any("value_after", after)?,
        stamp: columns.stamp(at_ms, "made_by", made_by)?,
    })
}
