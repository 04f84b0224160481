//! Two customers that turn out to be one, and one that turns out to be two. Looks for no duplicates.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::customers::change::{ChangedField, Stamp};
use crate::customers::customer::Customer;
use crate::customers::ids::{CustomerId, MergeId, Version};

use super::super::connection::{Transaction, values};
use super::super::error::RecordsError;
use super::super::statements::Statement;
use super::super::statements::customers::LOCK_CUSTOMER;
use super::super::statements::merges::{
    ADD_MERGE, LOCK_MERGE, MERGE, MERGES_OF_CUSTOMER, MOVE_ADDRESSES, MOVE_ADDRESSES_BACK, MOVE_CHANGES,
    MOVE_CHANGES_BACK, MOVE_INTERACTIONS, MOVE_INTERACTIONS_BACK, MOVE_MERGED, MOVE_MERGED_BACK, MOVE_NAMES,
    MOVE_NAMES_BACK, MOVE_NOTES, MOVE_NOTES_BACK, MOVE_TAGS, MOVE_TAGS_BACK, MOVE_WORK, MOVE_WORK_BACK,
    SET_MERGED_INTO, UNDO_MERGE,
};
use super::super::store::Records;
use super::Merge;
use super::change::{lock, touch};
use super::error::{CustomerError, MergeError};
use super::history::{History, json};
use super::rows::{Columns, CustomerRow};
use super::terms::{name_terms, replace_name_terms};

/// Merges of one customer that are listed: nobody looks further back.
const MERGES_MAX: i64 = 200;

/// The keys of the rows that went over.
#[derive(Serialize, Deserialize)]
struct Moved {
    /// Customers that had been merged into the merged one before.
    customers: Vec<i64>,
    addresses: Vec<i64>,
    names: Vec<i64>,
    tags: Vec<MovedTag>,
    interactions: Vec<i64>,
    work: Vec<i64>,
    notes: Vec<i64>,
    changes: Vec<i64>,
}

#[derive(Serialize, Deserialize)]
struct MovedTag {
    tag: String,
    origin: i64,
}

type MergeRow = (i64, i64, i64, i64, String, Option<i64>, Option<String>);

impl Records {
    /// From now on `merged` is part of `kept`: all that it had belongs to `kept`, whose own fields stay as they
    /// are. Both histories go on as one.
    ///
    /// # Errors
    /// When one of them is not there or was merged away before, or both are the same; nothing was changed.
    pub async fn merge_customers(
        &self,
        kept: CustomerId,
        merged: CustomerId,
        stamp: &Stamp,
    ) -> Result<MergeId, MergeError> {
        self.merge_customers_if(kept, None, merged, stamp).await
    }

    /// The same, if `kept` is still at version `expected`.
    ///
    /// # Errors
    /// As of [`Records::merge_customers`], and when somebody changed `kept` meanwhile.
    pub async fn merge_customers_if(
        &self,
        kept: CustomerId,
        expected: Option<Version>,
        merged: CustomerId,
        stamp: &Stamp,
    ) -> Result<MergeId, MergeError> {
        if kept == merged {
            return Err(MergeError::Same(kept));
        }
        let mut transaction = self.begin().await?;
        let found = lock_both(&mut transaction, kept, merged).await?;
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            return Err(CustomerError::Conflict { customer: kept, expected, found }.into());
        }
        let kept_before = name_terms(&mut transaction, kept).await?;
        let merged_before = name_terms(&mut transaction, merged).await?;

        let moved = move_all(&mut transaction, kept, merged).await?;
        transaction.execute(SET_MERGED_INTO, values![merged.0, kept.0]).await?;
        let kept_after = name_terms(&mut transaction, kept).await?;
        replace_name_terms(&mut transaction, merged, &merged_before, &BTreeSet::new()).await?;
        replace_name_terms(&mut transaction, kept, &kept_before, &kept_after).await?;

        let moved = json(&moved);
        let remembered = values![kept.0, merged.0, &moved, stamp.at.0, stamp.by.as_str()];
        let merge = MergeId(transaction.number(ADD_MERGE, remembered).await?);
        finish(transaction, kept, merged, ChangedField::Merge, stamp).await?;
        Ok(merge)
    }

    /// Gives the merged customer back what it had and what is still there. What was changed meanwhile stays
    /// changed, what came meanwhile stays with the kept one.
    ///
    /// # Errors
    /// When there is no such merge, it was undone before, or the kept customer was itself merged away later;
    /// nothing was changed.
    pub async fn undo_merge(&self, merge: MergeId, stamp: &Stamp) -> Result<(), MergeError> {
        let mut transaction = self.begin().await?;
        let row: Option<(i64, i64, String, Option<i64>)> = transaction.row(LOCK_MERGE, values![merge.0]).await?;
        let (kept, merged, moved, undone_at_ms) = row.ok_or(MergeError::Unknown(merge))?;
        if undone_at_ms.is_some() {
            return Err(MergeError::Undone(merge));
        }
        let (kept, merged) = (CustomerId(kept), CustomerId(merged));
        let unreadable = |_| Columns("customer_merge").unreadable("moved");
        let moved: Moved = serde_json::from_str(&moved).map_err(unreadable)?;
        lock_merged(&mut transaction, kept, merged).await?;
        let kept_before = name_terms(&mut transaction, kept).await?;

        move_all_back(&mut transaction, kept, merged, &moved).await?;
        transaction.execute(SET_MERGED_INTO, values![merged.0, None::<i64>]).await?;
        let kept_after = name_terms(&mut transaction, kept).await?;
        let merged_after = name_terms(&mut transaction, merged).await?;
        replace_name_terms(&mut transaction, kept, &kept_before, &kept_after).await?;
        replace_name_terms(&mut transaction, merged, &BTreeSet::new(), &merged_after).await?;

        transaction.execute(UNDO_MERGE, values![merge.0, stamp.at.0, stamp.by.as_str()]).await?;
        finish(transaction, kept, merged, ChangedField::MergeUndone, stamp).await?;
        Ok(())
    }

    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn merge(&self, id: MergeId) -> Result<Option<Merge>, RecordsError> {
        let row: Option<MergeRow> = self.row(MERGE, values![id.0]).await?;
        row.map(merge_of).transpose()
    }

    /// Every merge of this customer, on either side, undone or not: the newest first, [`MERGES_MAX`] at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn merges_of_customer(&self, customer: CustomerId) -> Result<Vec<Merge>, RecordsError> {
        let rows: Vec<MergeRow> = self.rows(MERGES_OF_CUSTOMER, values![customer.0, MERGES_MAX]).await?;
        rows.into_iter().map(merge_of).collect()
    }
}

/// In the order of their numbers, so that two merges never wait for each other. The version of the kept one.
async fn lock_both(
    transaction: &mut Transaction,
    kept: CustomerId,
    merged: CustomerId,
) -> Result<Version, CustomerError> {
    let first = lock(transaction, kept.min(merged)).await?;
    let second = lock(transaction, kept.max(merged)).await?;
    Ok(if first.id == kept { first.version } else { second.version })
}

async fn lock_merged(transaction: &mut Transaction, kept: CustomerId, merged: CustomerId) -> Result<(), MergeError> {
    for id in [kept.min(merged), kept.max(merged)] {
        let row: Option<CustomerRow> = transaction.row(LOCK_CUSTOMER, values![id.0]).await?;
        let customer = Customer::try_from(row.ok_or(CustomerError::Unknown(id))?)?;
        if let Some(into) = customer.merged_into.filter(|_| id == kept) {
            return Err(MergeError::MergedLater { kept, into });
        }
    }
    Ok(())
}

async fn move_all(transaction: &mut Transaction, kept: CustomerId, merged: CustomerId) -> Result<Moved, sqlx::Error> {
    let tags: Vec<(String, i64)> = transaction.rows(MOVE_TAGS, values![kept.0, merged.0]).await?;
    Ok(Moved {
        customers: move_over(transaction, MOVE_MERGED, kept, merged).await?,
        addresses: move_over(transaction, MOVE_ADDRESSES, kept, merged).await?,
        names: move_over(transaction, MOVE_NAMES, kept, merged).await?,
        tags: tags.into_iter().map(|(tag, origin)| MovedTag { tag, origin }).collect(),
        interactions: move_over(transaction, MOVE_INTERACTIONS, kept, merged).await?,
        work: move_over(transaction, MOVE_WORK, kept, merged).await?,
        // After what they are about: whoever adds one at this moment holds that.
        notes: move_over(transaction, MOVE_NOTES, kept, merged).await?,
        changes: move_over(transaction, MOVE_CHANGES, kept, merged).await?,
    })
}

async fn move_over(
    transaction: &mut Transaction,
    statement: Statement,
    kept: CustomerId,
    merged: CustomerId,
) -> Result<Vec<i64>, sqlx::Error> {
    let keys: Vec<(i64,)> = transaction.rows(statement, values![kept.0, merged.0]).await?;
    let mut keys: Vec<i64> = keys.into_iter().map(|(key,)| key).collect();
    keys.sort_unstable();
    Ok(keys)
}

async fn move_all_back(
    transaction: &mut Transaction,
    kept: CustomerId,
    merged: CustomerId,
    moved: &Moved,
) -> Result<(), sqlx::Error> {
    let lists = [
        (MOVE_MERGED_BACK, &moved.customers),
        (MOVE_ADDRESSES_BACK, &moved.addresses),
        (MOVE_NAMES_BACK, &moved.names),
        (MOVE_INTERACTIONS_BACK, &moved.interactions),
        (MOVE_WORK_BACK, &moved.work),
        (MOVE_NOTES_BACK, &moved.notes),
        (MOVE_CHANGES_BACK, &moved.changes),
    ];
    for (statement, keys) in lists {
        transaction.execute(statement, values![merged.0, kept.0, &json(keys)]).await?;
    }
    transaction.execute(MOVE_TAGS_BACK, values![merged.0, kept.0, &json(&moved.tags)]).await?;
    Ok(())
}

/// Both are changed, and both histories say so.
async fn finish(
    mut transaction: Transaction,
    kept: CustomerId,
    merged: CustomerId,
    field: ChangedField,
    stamp: &Stamp,
) -> Result<(), sqlx::Error> {
    let mut history = History::of(stamp, Some(kept));
    history.note(field.clone(), None, Some(merged.to_string()));
    history.turn_to(Some(merged));
    history.note(field, None, Some(kept.to_string()));
    touch(&mut transaction, kept, stamp).await?;
    touch(&mut transaction, merged, stamp).await?;
    history.write(&mut transaction).await?;
    transaction.commit().await
}

fn merge_of(row: MergeRow) -> Result<Merge, RecordsError> {
    let (id, kept, merged, merged_at_ms, merged_by, undone_at_ms, undone_by) = row;
    let columns = Columns("customer_merge");
    let undone = match (undone_at_ms, undone_by) {
        (Some(at_ms), Some(by)) => Some(columns.stamp(at_ms, "undone_by", by)?),
        (Some(_), None) | (None, Some(_) | None) => None,
    };
    Ok(Merge {
        id: MergeId(id),
        kept: CustomerId(kept),
        merged: CustomerId(merged),
        made: columns.stamp(merged_at_ms, "merged_by", merged_by)?,
        undone,
    })
}
