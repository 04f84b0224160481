//! Adds rows to the audit. Looks at none but the last.

use std::collections::BTreeSet;

use serde::Serialize;

use super::super::connection::{Transaction, json, values};
use super::super::error::RecordsError;
use super::super::statements::audit::{ADD_AUDIT, ADD_AUDIT_CUSTOMERS, LOCK_CHAIN, MOVE_CHAIN_END};
use super::super::store::Records;
use super::chain::{ChainHash, Link};
use super::entry::{AuditEntry, AuditNo, AuditSubject};

#[derive(Serialize)]
struct RowJson<'e> {
    no: i64,
    at_ms: i64,
    made_by: &'e str,
    act: &'static str,
    subjects: String,
    detail: String,
    hash: String,
}

#[derive(Serialize)]
struct CustomerJson {
    audit: i64,
    customer: i64,
}

impl Records {
    /// Adds these in one transaction, in their order: the number of the last.
    ///
    /// # Errors
    /// When the database does not answer; nothing was added.
    pub async fn append_audit(&self, entries: &[AuditEntry]) -> Result<AuditNo, RecordsError> {
        let mut transaction = self.begin().await?;
        let last = append(&mut transaction, entries).await?;
        transaction.commit().await?;
        Ok(last)
    }
}

/// The same with the rows of another transaction. It holds the end of the chain until that ends: do it last.
pub(in crate::records) async fn append(
    transaction: &mut Transaction,
    entries: &[AuditEntry],
) -> Result<AuditNo, RecordsError> {
    let (mut last, hash, _, _) = chain(transaction).await?;
    let mut hash = ChainHash::from_text(&hash);
    let mut rows = Vec::with_capacity(entries.len());
    let mut customers = Vec::new();
    for entry in entries {
        last += 1;
        let (subjects, detail) = (entry.subjects_text(), entry.detail_text());
        let (by, act) = (entry.by.as_str(), entry.act.as_str());
        let link = Link { no: last, at_ms: entry.at.0, by, act, subjects: &subjects, detail: &detail };
        hash = link.hash_after(&hash);
        let about: BTreeSet<i64> =
            entry.subjects.iter().filter_map(|subject| AuditSubject::customer(*subject)).map(|id| id.0).collect();
        customers.extend(about.into_iter().map(|customer| CustomerJson { audit: last, customer }));
        rows.push(RowJson { no: last, at_ms: entry.at.0, made_by: by, act, subjects, detail, hash: hash.to_string() });
    }
    transaction.execute(ADD_AUDIT, values![&json(&rows)]).await?;
    if !customers.is_empty() {
        transaction.execute(ADD_AUDIT_CUSTOMERS, values![&json(&customers)]).await?;
    }
    transaction.execute(MOVE_CHAIN_END, values![last, hash.as_str()]).await?;
    Ok(AuditNo(last))
}

/// The last number and hash, and those that the chain begins after.
pub(super) type Chain = (i64, String, i64, String);

/// Nobody else adds or prunes until the transaction ends.
pub(super) async fn chain(transaction: &mut Transaction) -> Result<Chain, RecordsError> {
    Ok(transaction.row(LOCK_CHAIN, values![]).await?.ok_or(sqlx::Error::RowNotFound)?)
}
