//! Reads the audit by time, user and customer. Checks nothing.

use crate::customers::ids::CustomerId;
use crate::routing::ids::PersonId;
use crate::routing::time::Timestamp;

use super::super::connection::values;
use super::super::error::RecordsError;
use super::super::statements::audit::{AUDIT_BY, AUDIT_OF_CUSTOMER, AUDIT_SINCE};
use super::super::store::Records;
use super::chain::ChainHash;
use super::entry::{AuditNo, AuditRow};

/// Which rows.
#[derive(Clone, Debug)]
pub struct AuditQuestion {
    pub since: Timestamp,
    pub by: Option<PersonId>,
    pub customer: Option<CustomerId>,
    /// Only rows after this one: for the next page.
    pub after: AuditNo,
    pub limit: u32,
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub no: i64,
    pub at_ms: i64,
    pub made_by: String,
    pub act: String,
    pub subjects: String,
    pub detail: String,
    pub hash: String,
}

impl From<Row> for AuditRow {
    fn from(row: Row) -> AuditRow {
        AuditRow {
            no: AuditNo(row.no),
            at: Timestamp(row.at_ms),
            by: row.made_by,
            act: row.act,
            subjects: row.subjects,
            detail: row.detail,
            hash: ChainHash::from_text(&row.hash),
        }
    }
}

impl Records {
    /// In the order they were added, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_rows(&self, asked: &AuditQuestion) -> Result<Vec<AuditRow>, RecordsError> {
        let (since, after, limit) = (asked.since.0, asked.after.0, i64::from(asked.limit));
        let by = asked.by.as_ref().map(|by| by.as_str());
        let rows: Vec<Row> = match (asked.customer, by) {
            (Some(customer), by) => self.rows(AUDIT_OF_CUSTOMER, values![customer.0, since, after, limit, by]).await?,
            (None, Some(by)) => self.rows(AUDIT_BY, values![by, since, after, limit]).await?,
            (None, None) => self.rows(AUDIT_SINCE, values![since, after, limit]).await?,
        };
        Ok(rows.into_iter().map(AuditRow::from).collect())
    }
}
