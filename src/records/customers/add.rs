//! Adds customers, one or thousands, with all that is known of them. It does not look for duplicates.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::customers::change::{ChangedField, Stamp};
use crate::customers::customer::{AddressKey, Consent, NewAddress, NewCustomer};
use crate::customers::ids::{CustomerId, ImportId};

use super::super::connection::{Transaction, values};
use super::super::error::RecordsError;
use super::super::not_to_contact::not_to_contact_among;
use super::super::site_key::SiteKey;
use super::super::statements::Statement;
use super::super::statements::bulk::{
    ADD_ADDRESSES, ADD_CUSTOMERS, ADD_NAME_TERMS, ADD_NAMES, ADD_TAGS, RESERVE_CUSTOMERS,
};
use super::super::store::Records;
use super::BATCH_ROWS_MAX;
use super::addresses::{consent_of, told};
use super::error::CustomerError;
use super::history::{History, json};
use super::rows::word_of;
use super::terms::{TermsOf, terms_of_names};

#[derive(Serialize)]
struct CustomerJson<'c> {
    id: i64,
    name: &'c str,
    language: Option<&'c str>,
    tier: Option<&'c str>,
    owner: Option<&'c str>,
    do_not_contact: i64,
    /// JSON as text inside the JSON.
    custom: String,
}

#[derive(Serialize)]
struct AddressJson<'c> {
    customer: i64,
    kind: &'c str,
    value: &'c str,
    extension: Option<&'c str>,
    shown: &'c str,
    label: Option<&'c str>,
    consent: String,
    consent_at_ms: Option<i64>,
    consent_by: Option<&'c str>,
}

#[derive(Serialize)]
struct NameJson<'c> {
    customer: i64,
    kind: String,
    name: &'c str,
}

#[derive(Serialize)]
struct TagJson<'c> {
    customer: i64,
    tag: &'c str,
}

impl Records {
    /// # Errors
    /// When the database does not answer; nothing was added.
    pub async fn add_customer(&self, new: &NewCustomer, stamp: &Stamp) -> Result<CustomerId, CustomerError> {
        let added = self.add_customers(std::slice::from_ref(new), stamp).await?;
        Ok(*added.first().expect("one customer was added"))
    }

    /// Adds up to [`BATCH_ROWS_MAX`] customers in one transaction: their numbers, in the same order.
    ///
    /// # Errors
    /// When there are too many, or the database does not answer; nothing was added.
    pub async fn add_customers(&self, new: &[NewCustomer], stamp: &Stamp) -> Result<Vec<CustomerId>, CustomerError> {
        if new.len() > BATCH_ROWS_MAX {
            return Err(CustomerError::TooMany { count: new.len(), max: BATCH_ROWS_MAX });
        }
        let mut transaction = self.begin().await?;
        let ids = add_in(&mut transaction, self.site_key(), new, stamp, None).await?;
        transaction.commit().await?;
        Ok(ids)
    }
}

/// Their numbers, in the same order. At most [`BATCH_ROWS_MAX`].
pub(super) async fn add_in(
    transaction: &mut Transaction,
    site_key: Option<&SiteKey>,
    new: &[NewCustomer],
    stamp: &Stamp,
    import: Option<ImportId>,
) -> Result<Vec<CustomerId>, RecordsError> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let count = i64::try_from(new.len()).expect("a batch is small");
    let reserved: Vec<(i64,)> = transaction.rows(RESERVE_CUSTOMERS, values![count]).await?;
    let ids: Vec<CustomerId> = reserved.into_iter().map(|(id,)| CustomerId(id)).collect();
    assert_eq!(ids.len(), new.len(), "a number for each customer");
    let addresses = new.iter().flat_map(|new| &new.addresses);
    let refused = not_to_contact_among(transaction, site_key, addresses.map(|address| &address.key)).await?;
    insert(transaction, &ids, new, &refused, stamp, import).await?;
    let mut history = History::of(stamp, None);
    for (id, customer) in ids.iter().zip(new) {
        history.turn_to(Some(*id));
        history.note(ChangedField::Added, None, Some(customer.fields.name.as_str().to_owned()));
        for address in once_each(&customer.addresses).filter(|address| refused.contains(&address.key)) {
            history.note(ChangedField::Consent, None, Some(told(address.shown.as_str(), Consent::No)));
        }
    }
    history.write(transaction).await?;
    Ok(ids)
}

async fn insert(
    transaction: &mut Transaction,
    ids: &[CustomerId],
    new: &[NewCustomer],
    not_to_contact: &BTreeSet<AddressKey>,
    stamp: &Stamp,
    import: Option<ImportId>,
) -> Result<(), sqlx::Error> {
    let customers: Vec<CustomerJson<'_>> = ids.iter().zip(new).map(|(id, new)| customer_json(*id, new)).collect();
    let by = stamp.by.as_str();
    let import = import.map(|import| import.0);
    transaction.execute(ADD_CUSTOMERS, values![&json(&customers), stamp.at.0, by, import]).await?;

    let each = || ids.iter().map(|id| id.0).zip(new);
    let addresses: Vec<AddressJson<'_>> = each()
        .flat_map(|(id, new)| {
            once_each(&new.addresses).map(move |address| address_json(id, address, not_to_contact, stamp))
        })
        .collect();
    bind_rows(transaction, ADD_ADDRESSES, &addresses).await?;
    let names: Vec<NameJson<'_>> = each()
        .flat_map(|(customer, new)| {
            new.names.iter().map(move |name| NameJson { customer, kind: word_of(&name.kind), name: name.name.as_str() })
        })
        .collect();
    bind_rows(transaction, ADD_NAMES, &names).await?;
    let tags: Vec<TagJson<'_>> = each()
        .flat_map(|(customer, new)| new.tags.iter().map(move |tag| TagJson { customer, tag: tag.as_str() }))
        .collect();
    bind_rows(transaction, ADD_TAGS, &tags).await?;
    let name_terms: Vec<TermsOf> = each()
        .map(|(subject, new)| {
            let others = new.names.iter().map(|other| other.name.as_str());
            TermsOf { subject, terms: terms_of_names(others.chain([new.fields.name.as_str()])) }
        })
        .collect();
    bind_rows(transaction, ADD_NAME_TERMS, &name_terms).await
}

/// Any number of rows, as many at a time as one array may hold.
pub(super) async fn bind_rows(
    transaction: &mut Transaction,
    statement: Statement,
    rows: &[impl Serialize],
) -> Result<(), sqlx::Error> {
    for rows in rows.chunks(BATCH_ROWS_MAX) {
        transaction.execute(statement, values![&json(&rows)]).await?;
    }
    Ok(())
}

fn customer_json(id: CustomerId, new: &NewCustomer) -> CustomerJson<'_> {
    let fields = &new.fields;
    CustomerJson {
        id: id.0,
        name: fields.name.as_str(),
        language: fields.language.as_ref().map(|language| language.as_str()),
        tier: fields.tier.as_ref().map(|tier| tier.as_str()),
        owner: fields.owner.as_ref().map(|owner| owner.as_str()),
        do_not_contact: i64::from(fields.do_not_contact),
        custom: json(&fields.custom),
    }
}

fn address_json<'c>(
    customer: i64,
    address: &'c NewAddress,
    not_to_contact: &BTreeSet<AddressKey>,
    stamp: &'c Stamp,
) -> AddressJson<'c> {
    let consent = consent_of(address, not_to_contact);
    let known = consent != Consent::Unknown;
    AddressJson {
        customer,
        kind: address.key.kind.as_str(),
        value: address.key.value.as_str(),
        extension: address.extension.as_ref().map(|extension| extension.as_str()),
        shown: address.shown.as_str(),
        label: address.label.as_ref().map(|label| label.as_str()),
        consent: word_of(&consent),
        consent_at_ms: known.then_some(stamp.at.0),
        consent_by: known.then_some(stamp.by.as_str()),
    }
}

/// A file may give a customer the same number twice.
fn once_each(addresses: &[NewAddress]) -> impl Iterator<Item = &NewAddress> {
    let mut seen = BTreeSet::new();
    addresses.iter().filter(move |address| seen.insert((&address.key, &address.extension)))
}
