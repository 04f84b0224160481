//! Tags and other names of a customer. Changes no other field.

use crate::customers::change::{ChangedField, Stamp};
use crate::customers::customer::NewName;
use crate::customers::ids::{CustomerId, NameId};
use crate::customers::search_terms::terms_of_name;
use crate::customers::text::Tag;

use super::super::connection::{Transaction, values};
use super::super::statements::customers::{ADD_NAME, ADD_TAG, REMOVE_NAME, REMOVE_TAG, TAGS};
use super::super::store::Records;
use super::change::{finish, lock};
use super::error::CustomerError;
use super::history::History;
use super::rows::word_of;
use super::terms::{name_terms, replace_name_terms};

impl Records {
    /// Whether it did not have the tag yet.
    ///
    /// # Errors
    /// When there is no such customer, or it was merged away.
    pub async fn add_tag(&self, customer: CustomerId, tag: &Tag, stamp: &Stamp) -> Result<bool, CustomerError> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction, customer).await?;
        let mut history = History::of(stamp, Some(customer));
        put_tag(&mut transaction, customer, tag, &mut history).await?;
        finish_if_changed(transaction, customer, stamp, history).await
    }

    /// Whether it had the tag.
    ///
    /// # Errors
    /// When there is no such customer, or it was merged away.
    pub async fn remove_tag(&self, customer: CustomerId, tag: &Tag, stamp: &Stamp) -> Result<bool, CustomerError> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction, customer).await?;
        let mut history = History::of(stamp, Some(customer));
        drop_tag(&mut transaction, customer, tag, &mut history).await?;
        finish_if_changed(transaction, customer, stamp, history).await
    }

    /// # Errors
    /// When there is no such customer, or it was merged away.
    pub async fn add_name(&self, customer: CustomerId, new: &NewName, stamp: &Stamp) -> Result<NameId, CustomerError> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction, customer).await?;
        let mut history = History::of(stamp, Some(customer));
        let name = put_name(&mut transaction, customer, new, &mut history).await?;
        finish(transaction, customer, stamp, history).await?;
        Ok(name)
    }

    /// # Errors
    /// When there is no such customer, it was merged away, or it has no such name.
    pub async fn remove_name(&self, customer: CustomerId, name: NameId, stamp: &Stamp) -> Result<(), CustomerError> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction, customer).await?;
        let mut history = History::of(stamp, Some(customer));
        drop_name(&mut transaction, customer, name, &mut history).await?;
        Ok(finish(transaction, customer, stamp, history).await?)
    }
}

async fn finish_if_changed(
    transaction: Transaction,
    customer: CustomerId,
    stamp: &Stamp,
    history: History<'_>,
) -> Result<bool, CustomerError> {
    if history.is_empty() {
        return Ok(false);
    }
    finish(transaction, customer, stamp, history).await?;
    Ok(true)
}

/// The history stays empty when the customer has the tag.
pub(super) async fn put_tag(
    transaction: &mut Transaction,
    customer: CustomerId,
    tag: &Tag,
    history: &mut History<'_>,
) -> Result<(), sqlx::Error> {
    let tags: Vec<(String,)> = transaction.rows(TAGS, values![customer.0]).await?;
    if tags.iter().any(|(there,)| there == tag.as_str()) {
        return Ok(());
    }
    transaction.execute(ADD_TAG, values![customer.0, tag.as_str()]).await?;
    history.note(ChangedField::Tag, None, Some(tag.to_string()));
    Ok(())
}

/// The history stays empty when the customer does not have the tag.
pub(super) async fn drop_tag(
    transaction: &mut Transaction,
    customer: CustomerId,
    tag: &Tag,
    history: &mut History<'_>,
) -> Result<(), sqlx::Error> {
    if transaction.execute(REMOVE_TAG, values![customer.0, tag.as_str()]).await? > 0 {
        history.note(ChangedField::Tag, Some(tag.to_string()), None);
    }
    Ok(())
}

pub(super) async fn put_name(
    transaction: &mut Transaction,
    customer: CustomerId,
    new: &NewName,
    history: &mut History<'_>,
) -> Result<NameId, sqlx::Error> {
    let before = name_terms(transaction, customer).await?;
    let kind = word_of(&new.kind);
    let added = values![customer.0, &kind, new.name.as_str()];
    let name = NameId(transaction.number(ADD_NAME, added).await?);
    let mut after = before.clone();
    after.extend(terms_of_name(new.name.as_str()));
    replace_name_terms(transaction, customer, &before, &after).await?;
    history.note(ChangedField::OtherName, None, Some(new.name.as_str().to_owned()));
    Ok(name)
}

pub(super) async fn drop_name(
    transaction: &mut Transaction,
    customer: CustomerId,
    name: NameId,
    history: &mut History<'_>,
) -> Result<(), CustomerError> {
    let before = name_terms(transaction, customer).await?;
    let removed: Option<(String,)> = transaction.row(REMOVE_NAME, values![customer.0, name.0]).await?;
    let (text,) = removed.ok_or(CustomerError::UnknownName { customer, name })?;
    let after = name_terms(transaction, customer).await?;
    replace_name_terms(transaction, customer, &before, &after).await?;
    history.note(ChangedField::OtherName, Some(text), None);
    Ok(())
}
