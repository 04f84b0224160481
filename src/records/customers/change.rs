//! Changes a customer's fields, and holds a customer still while anything of it changes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::customers::change::{ChangedField, Stamp};
use crate::customers::customer::{Customer, CustomerFields};
use crate::customers::ids::{CustomerId, Version};

use super::super::connection::{Transaction, values};
use super::super::statements::customers::{ALLOW_CONTACT_OF_MERGED, CHANGE_CUSTOMER, LOCK_CUSTOMER, TOUCH_CUSTOMER};
use super::super::store::Records;
use super::error::CustomerError;
use super::history::{History, json};
use super::rows::CustomerRow;
use super::terms::{name_terms, replace_name_terms};

impl Records {
    /// Changes what differs, if the customer is still at version `expected`: the version it has then. What is
    /// already so is no change.
    ///
    /// # Errors
    /// When there is no such customer, it was merged away, or somebody changed it meanwhile; nothing was changed.
    pub async fn change_customer(
        &self,
        id: CustomerId,
        expected: Version,
        fields: &CustomerFields,
        stamp: &Stamp,
    ) -> Result<Version, CustomerError> {
        let mut transaction = self.begin().await?;
        let before = lock(&mut transaction, id).await?;
        if before.version != expected {
            return Err(CustomerError::Conflict { customer: id, expected, found: before.version });
        }
        let mut history = History::of(stamp, Some(id));
        change_fields(&mut transaction, &before, fields, &mut history).await?;
        if history.is_empty() {
            return Ok(before.version);
        }
        finish(transaction, id, stamp, history).await?;
        Ok(Version(expected.0 + 1))
    }
}

/// Writes what differs and notes it in the history, which stays empty when nothing does.
pub(super) async fn change_fields(
    transaction: &mut Transaction,
    before: &Customer,
    fields: &CustomerFields,
    history: &mut History<'_>,
) -> Result<(), sqlx::Error> {
    let id = before.id;
    note_differences(history, &before.fields, fields);
    if before.fields == *fields {
        return Ok(());
    }
    let terms_before = name_terms(transaction, id).await?;
    let custom = json(&fields.custom);
    let changed = values![
        id.0,
        fields.name.as_str(),
        fields.language.as_ref().map(|language| language.as_str()),
        fields.tier.as_ref().map(|tier| tier.as_str()),
        fields.owner.as_ref().map(|owner| owner.as_str()),
        i64::from(fields.do_not_contact),
        &custom,
    ];
    transaction.execute(CHANGE_CUSTOMER, changed).await?;
    if before.fields.do_not_contact && !fields.do_not_contact {
        transaction.execute(ALLOW_CONTACT_OF_MERGED, values![id.0]).await?;
    }
    let terms_after = name_terms(transaction, id).await?;
    replace_name_terms(transaction, id, &terms_before, &terms_after).await
}

/// The customer as it is; nobody else changes it until the transaction ends.
pub(super) async fn lock(transaction: &mut Transaction, id: CustomerId) -> Result<Customer, CustomerError> {
    let row: Option<CustomerRow> = transaction.row(LOCK_CUSTOMER, values![id.0]).await?;
    let customer = Customer::try_from(row.ok_or(CustomerError::Unknown(id))?)?;
    match customer.merged_into {
        Some(into) => Err(CustomerError::Merged { customer: id, into }),
        None => Ok(customer),
    }
}

/// Counts the change, writes the history and commits.
pub(super) async fn finish(
    mut transaction: Transaction,
    id: CustomerId,
    stamp: &Stamp,
    history: History<'_>,
) -> Result<(), sqlx::Error> {
    touch(&mut transaction, id, stamp).await?;
    history.write(&mut transaction).await?;
    transaction.commit().await
}

pub(super) async fn touch(transaction: &mut Transaction, id: CustomerId, stamp: &Stamp) -> Result<(), sqlx::Error> {
    transaction.execute(TOUCH_CUSTOMER, values![id.0, stamp.at.0, stamp.by.as_str()]).await.map(drop)
}

fn note_differences(history: &mut History<'_>, before: &CustomerFields, after: &CustomerFields) {
    let text = |text: &str| Some(text.to_owned());
    history.note(ChangedField::Name, text(before.name.as_str()), text(after.name.as_str()));
    let language = |fields: &CustomerFields| fields.language.as_ref().map(ToString::to_string);
    history.note(ChangedField::Language, language(before), language(after));
    let tier = |fields: &CustomerFields| fields.tier.as_ref().map(ToString::to_string);
    history.note(ChangedField::Tier, tier(before), tier(after));
    let owner = |fields: &CustomerFields| fields.owner.as_ref().map(ToString::to_string);
    history.note(ChangedField::Owner, owner(before), owner(after));
    let do_not_contact = |fields: &CustomerFields| Some(fields.do_not_contact.to_string());
    history.note(ChangedField::DoNotContact, do_not_contact(before), do_not_contact(after));
    let names: BTreeSet<&String> = before.custom.0.keys().chain(after.custom.0.keys()).collect();
    for name in names {
        let value = |fields: &CustomerFields| fields.custom.0.get(name).map(Value::to_string);
        history.note(ChangedField::Custom(name.clone()), value(before), value(after));
    }
}
