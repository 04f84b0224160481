//! Many changes of one customer in one transaction, and one customer for one id of another system. Compares no wishes.

use crate::customers::change::Stamp;
use crate::customers::customer::{AddressKey, NewCustomer};
use crate::customers::edit::{AddressEdit, CustomerEdit, NameEdit, TagEdit};
use crate::customers::ids::{CustomerId, Version};

use super::super::connection::{Transaction, values};
use super::super::site_key::SiteKey;
use super::super::statements::customers::{HOLD_TEXT, MATCHES};
use super::super::store::Records;
use super::MATCHES_MAX;
use super::add::add_in;
use super::addresses::{Inserted, drop_address, insert_address, put_consent, put_label};
use super::cards::keys_json;
use super::change::{change_fields, finish, lock};
use super::error::CustomerError;
use super::history::History;
use super::rows::MatchRow;
use super::tags_and_names::{drop_name, drop_tag, put_name, put_tag};

/// Who has an address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FoundOrAdded {
    /// By number, one at least.
    Found(Vec<CustomerId>),
    Added(CustomerId),
}

impl Records {
    /// Does all of it, if the customer is still at version `expected`: the version it has then, one more when
    /// anything changed. None expects no version.
    ///
    /// # Errors
    /// When there is no such customer, address or name, it was merged away, somebody changed it meanwhile, or it has
    /// an address that is to be added; nothing was changed.
    pub async fn edit_customer(
        &self,
        id: CustomerId,
        expected: Option<Version>,
        edit: &CustomerEdit,
        stamp: &Stamp,
    ) -> Result<Version, CustomerError> {
        let mut transaction = self.begin().await?;
        let before = lock(&mut transaction, id).await?;
        let found = before.version;
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            return Err(CustomerError::Conflict { customer: id, expected, found });
        }
        let mut history = History::of(stamp, Some(id));
        if let Some(fields) = &edit.fields {
            change_fields(&mut transaction, &before, fields, &mut history).await?;
        }
        for address in &edit.addresses {
            edit_address(&mut transaction, self.site_key(), id, address, stamp, &mut history).await?;
        }
        for name in &edit.names {
            match name {
                NameEdit::Add(new) => drop(put_name(&mut transaction, id, new, &mut history).await?),
                NameEdit::Remove(name) => drop_name(&mut transaction, id, *name, &mut history).await?,
            }
        }
        for tag in &edit.tags {
            match tag {
                TagEdit::Add(tag) => put_tag(&mut transaction, id, tag, &mut history).await?,
                TagEdit::Remove(tag) => drop_tag(&mut transaction, id, tag, &mut history).await?,
            }
        }
        if history.is_empty() {
            return Ok(found);
        }
        finish(transaction, id, stamp, history).await?;
        Ok(Version(found.0 + 1))
    }

    /// Who has this address, or a new customer when nobody does: of several who ask at once one adds it.
    ///
    /// # Errors
    /// When the database does not answer; nothing was added.
    pub async fn find_or_add_customer(
        &self,
        key: &AddressKey,
        new: &NewCustomer,
        stamp: &Stamp,
    ) -> Result<FoundOrAdded, CustomerError> {
        let mut transaction = self.begin().await?;
        let held = format!("{}:{}", key.kind.as_str(), key.value.as_str());
        transaction.rows::<(i64,)>(HOLD_TEXT, values![&held]).await?;
        let limit = i64::try_from(MATCHES_MAX).expect("the limit is small");
        let keys = keys_json(std::slice::from_ref(key));
        let rows: Vec<MatchRow> = transaction.rows(MATCHES, values![&keys, limit]).await?;
        let mut found: Vec<CustomerId> = rows.iter().map(MatchRow::customer).collect();
        found.sort_unstable();
        found.dedup();
        if !found.is_empty() {
            return Ok(FoundOrAdded::Found(found));
        }
        let added = add_in(&mut transaction, self.site_key(), std::slice::from_ref(new), stamp, None).await?;
        transaction.commit().await?;
        Ok(FoundOrAdded::Added(*added.first().expect("one customer was added")))
    }
}

async fn edit_address(
    transaction: &mut Transaction,
    site_key: Option<&SiteKey>,
    customer: CustomerId,
    edit: &AddressEdit,
    stamp: &Stamp,
    history: &mut History<'_>,
) -> Result<(), CustomerError> {
    match edit {
        AddressEdit::Add(new) => match insert_address(transaction, site_key, customer, new, stamp, history).await? {
            Inserted::New(_) => Ok(()),
            Inserted::There(address) => Err(CustomerError::AddressThere { customer, address }),
        },
        AddressEdit::Remove(address) => drop_address(transaction, customer, *address, history).await,
        AddressEdit::Label(address, label) => put_label(transaction, customer, *address, label.as_ref(), history).await,
        AddressEdit::Consent(address, consent) => {
            put_consent(transaction, customer, *address, *consent, stamp, history).await
        }
    }
}
