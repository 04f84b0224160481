//! Tags and other names of a customer. Changes no other field.

use crate::customers::change::{ChangedField, Stamp};
use crate::customers::customer::NewName;
use crate::customers::ids::{CustomerId, NameId};
use crate::customers::search_terms::terms_of_name;
use crate::customers::text::Tag;

use super::super::connection::values;
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
        let tags: Vec<(String,)> = transaction.rows(TAGS, values![customer.0]).await?;
        if tags.iter().any(|(there,)| there == tag.as_str()) {
            return Ok(false);
        }
        transaction.execute(ADD_TAG, values![customer.0, tag.as_str()]).await?;
        let mut history = History::of(stamp, Some(customer));
        history.note(ChangedField::Tag, None, Some(tag.to_string()));
        finish(transaction, customer, stamp, history).await?;
        Ok(true)
    }

    /// Whether it had the tag.
    ///
    /// # Errors
    /// When there is no such customer, or it was merged away.
    pub async fn remove_tag(&self, customer: CustomerId, tag: &Tag, stamp: &Stamp) -> Result<bool, CustomerError> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction, customer).await?;
        if transaction.execute(REMOVE_TAG, values![customer.0, tag.as_str()]).await? == 0 {
            return Ok(false);
        }
        let mut history = History::of(stamp, Some(customer));
        history.note(ChangedField::Tag, Some(tag.to_string()), None);
        finish(transaction, customer, stamp, history).await?;
        Ok(true)
    }

    /// # Errors
    /// When there is no such customer, or it was merged away.
    pub async fn add_name(&self, customer: CustomerId, new: &NewName, stamp: &Stamp) -> Result<NameId, CustomerError> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction, customer).await?;
        let before = name_terms(&mut transaction, customer).await?;
        let kind = word_of(&new.kind);
        let added = values![customer.0, &kind, new.name.as_str()];
        let name = NameId(transaction.number(ADD_NAME, added).await?);
        let mut after = before.clone();
        after.extend(terms_of_name(new.name.as_str()));
        replace_name_terms(&mut transaction, customer, &before, &after).await?;
        let mut history = History::of(stamp, Some(customer));
        history.note(ChangedField::OtherName, None, Some(new.name.as_str().to_owned()));
        finish(transaction, customer, stamp, history).await?;
        Ok(name)
    }

    /// # Errors
    /// When there is no such customer, it was merged away, or it has no such name.
    pub async fn remove_name(&self, customer: CustomerId, name: NameId, stamp: &Stamp) -> Result<(), CustomerError> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction, customer).await?;
        let before = name_terms(&mut transaction, customer).await?;
        let removed: Option<(String,)> = transaction.row(REMOVE_NAME, values![customer.0, name.0]).await?;
        let (text,) = removed.ok_or(CustomerError::UnknownName { customer, name })?;
        let after = name_terms(&mut transaction, customer).await?;
        replace_name_terms(&mut transaction, customer, &before, &after).await?;
        let mut history = History::of(stamp, Some(customer));
        history.note(ChangedField::OtherName, Some(text), None);
        Ok(finish(transaction, customer, stamp, history).await?)
    }
}
