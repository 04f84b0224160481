//! Addresses of a customer, and whether it may be contacted there. Normalises nothing: an address comes in its
//! normal form.
//!
//! One at which somebody who was erased asked not to be contacted is added with that wish, whatever is said with it; who
//! learns better changes the consent then.

use std::collections::BTreeSet;

use crate::customers::change::{ChangedField, Stamp};
use crate::customers::customer::{AddressKey, Consent, KnownAddress, NewAddress};
use crate::customers::ids::{AddressId, CustomerId};
use crate::customers::text::AddressText;

use super::super::connection::{Transaction, Value, values};
use super::super::error::RecordsError;
use super::super::not_to_contact::not_to_contact_among;
use super::super::site_key::SiteKey;
use super::super::statements::customers::{
    ADD_ADDRESS, ADDRESSES, REMOVE_ADDRESSES, SAME_ADDRESSES, SET_CONSENT, SET_LABEL,
};
use super::super::store::Records;
use super::cards::strictest;
use super::change::{finish, lock};
use super::error::CustomerError;
use super::history::History;
use super::rows::{AddressRow, word_of};

impl Records {
    /// # Errors
    /// When there is no such customer, it was merged away, or it has the address already.
    pub async fn add_address(
        &self,
        customer: CustomerId,
        new: &NewAddress,
        stamp: &Stamp,
    ) -> Result<AddressId, CustomerError> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction, customer).await?;
        let mut history = History::of(stamp, Some(customer));
        match insert_address(&mut transaction, self.site_key(), customer, new, stamp, &mut history).await? {
            Inserted::There(address) => Err(CustomerError::AddressThere { customer, address }),
            Inserted::New(address) => {
                finish(transaction, customer, stamp, history).await?;
                Ok(address)
            }
        }
    }

    /// # Errors
    /// When there is no such customer, it was merged away, or it has no such address.
    pub async fn remove_address(
        &self,
        customer: CustomerId,
        address: AddressId,
        stamp: &Stamp,
    ) -> Result<(), CustomerError> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction, customer).await?;
        let mut history = History::of(stamp, Some(customer));
        drop_address(&mut transaction, customer, address, &mut history).await?;
        Ok(finish(transaction, customer, stamp, history).await?)
    }

    /// What the customer said about being contacted at this address; the latest word counts.
    ///
    /// # Errors
    /// When there is no such customer, it was merged away, or it has no such address.
    pub async fn set_consent(
        &self,
        customer: CustomerId,
        address: AddressId,
        consent: Consent,
        stamp: &Stamp,
    ) -> Result<(), CustomerError> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction, customer).await?;
        let mut history = History::of(stamp, Some(customer));
        put_consent(&mut transaction, customer, address, consent, stamp, &mut history).await?;
        Ok(finish(transaction, customer, stamp, history).await?)
    }
}

pub(super) enum Inserted {
    New(AddressId),
    There(AddressId),
}

/// Adds the address unless the customer has it, and notes it in the history.
pub(super) async fn insert_address(
    transaction: &mut Transaction,
    site_key: Option<&SiteKey>,
    customer: CustomerId,
    new: &NewAddress,
    stamp: &Stamp,
    history: &mut History<'_>,
) -> Result<Inserted, RecordsError> {
    let (kind, value) = (new.key.kind.as_str(), new.key.value.as_str());
    let extension = new.extension.as_ref().map(|extension| extension.as_str());
    let same: Option<AddressRow> = transaction.row(SAME_ADDRESSES, values![customer.0, kind, value, extension]).await?;
    if let Some(same) = same {
        return Ok(Inserted::There(KnownAddress::try_from(same)?.id));
    }
    let refused = not_to_contact_among(transaction, site_key, std::iter::once(&new.key)).await?;
    let consent = consent_of(new, &refused);
    let (word, shown) = (word_of(&consent), new.shown.as_str());
    let label = new.label.as_ref().map(|label| label.as_str());
    let known = consent != Consent::Unknown;
    let (at_ms, by) = (known.then_some(stamp.at.0), known.then_some(stamp.by.as_str()));
    let added = values![customer.0, kind, value, extension, shown, label, &word, at_ms, by];
    let address = AddressId(transaction.number(ADD_ADDRESS, added).await?);
    history.note(ChangedField::Address, None, Some(shown.to_owned()));
    if known {
        history.note(ChangedField::Consent, None, Some(told(shown, consent)));
    }
    Ok(Inserted::New(address))
}

/// What is stored with a new address, when these are not to be contacted.
pub(super) fn consent_of(new: &NewAddress, not_to_contact: &BTreeSet<AddressKey>) -> Consent {
    if not_to_contact.contains(&new.key) { Consent::No } else { new.consent }
}

pub(super) async fn drop_address(
    transaction: &mut Transaction,
    customer: CustomerId,
    address: AddressId,
    history: &mut History<'_>,
) -> Result<(), CustomerError> {
    let (known, _) = same_addresses(transaction, customer, address).await?;
    transaction.execute(REMOVE_ADDRESSES, &place(customer, &known)).await?;
    history.note(ChangedField::Address, Some(known.shown.as_str().to_owned()), None);
    Ok(())
}

pub(super) async fn put_consent(
    transaction: &mut Transaction,
    customer: CustomerId,
    address: AddressId,
    consent: Consent,
    stamp: &Stamp,
    history: &mut History<'_>,
) -> Result<(), CustomerError> {
    let (known, before) = same_addresses(transaction, customer, address).await?;
    let word = word_of(&consent);
    let mut bound = place(customer, &known).to_vec();
    bound.extend(values![&word, stamp.at.0, stamp.by.as_str()]);
    transaction.execute(SET_CONSENT, &bound).await?;
    let shown = known.shown.as_str();
    history.note(ChangedField::Consent, Some(told(shown, before)), Some(told(shown, consent)));
    Ok(())
}

/// What the address is for.
pub(super) async fn put_label(
    transaction: &mut Transaction,
    customer: CustomerId,
    address: AddressId,
    label: Option<&AddressText>,
    history: &mut History<'_>,
) -> Result<(), CustomerError> {
    let (known, _) = same_addresses(transaction, customer, address).await?;
    let mut bound = place(customer, &known).to_vec();
    bound.extend(values![label.map(|label| label.as_str())]);
    transaction.execute(SET_LABEL, &bound).await?;
    let of_address = |label: &AddressText| format!("{}: {}", label.as_str(), known.shown.as_str());
    history.note(ChangedField::Label, known.label.as_ref().map(of_address), label.map(of_address));
    Ok(())
}

/// The address, and what it and its doubles from merges come to.
async fn same_addresses(
    transaction: &mut Transaction,
    customer: CustomerId,
    id: AddressId,
) -> Result<(KnownAddress, Consent), CustomerError> {
    let rows: Vec<AddressRow> = transaction.rows(ADDRESSES, values![customer.0]).await?;
    let addresses: Vec<KnownAddress> = rows.into_iter().map(KnownAddress::try_from).collect::<Result<_, _>>()?;
    let unknown = CustomerError::UnknownAddress { customer, address: id };
    let known = addresses.iter().find(|address| address.id == id).cloned().ok_or(unknown)?;
    let same: Vec<KnownAddress> = addresses
        .into_iter()
        .filter(|address| address.key == known.key && address.extension == known.extension)
        .collect();
    let consent = strictest(&same);
    Ok((known, consent))
}

fn place(customer: CustomerId, address: &KnownAddress) -> [Value<'_>; 4] {
    [
        customer.0.into(),
        address.key.kind.as_str().into(),
        address.key.value.as_str().into(),
        address.extension.as_ref().map(|extension| extension.as_str()).into(),
    ]
}

pub(super) fn told(shown: &str, consent: Consent) -> String {
    format!("{}: {shown}", word_of(&consent))
}
