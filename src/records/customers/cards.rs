//! Finds and shows customers. Ranks nothing, changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::customers::customer::{AddressKey, Consent, Customer, CustomerCard, CustomerMatch, KnownAddress};
use crate::customers::ids::CustomerId;
use crate::customers::text::Tag;

use super::super::connection::values;
use super::super::error::RecordsError;
use super::super::statements::customers::{
    ADDRESSES, ADDRESSES_OF_CUSTOMERS, CUSTOMER, CUSTOMERS_AFTER, CUSTOMERS_AT_AFTER, CUSTOMERS_OF, MATCHES,
    MERGED_CUSTOMERS, MERGED_INTO_CUSTOMERS, NAMES, NAMES_OF_CUSTOMERS, TAGS, TAGS_OF_CUSTOMERS,
};
use super::super::store::Records;
use super::MATCHES_MAX;
use super::history::json;
use super::rows::{AddressRow, Columns, CustomerRow, MatchRow, OwnedAddressRow, merged_of, name_of};

#[derive(Serialize)]
struct KeyJson<'k> {
    kind: &'k str,
    value: &'k str,
}

impl Records {
    /// A merged customer is shown too: `merged_into` says where its belongings are.
    ///
    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn customer(&self, id: CustomerId) -> Result<Option<Customer>, RecordsError> {
        let row: Option<CustomerRow> = self.row(CUSTOMER, values![id.0]).await?;
        row.map(Customer::try_from).transpose()
    }

    /// The customer with addresses, names and tags.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn customer_card(&self, id: CustomerId) -> Result<Option<CustomerCard>, RecordsError> {
        // First: should somebody change it meanwhile, its version is the older one, and a change made on it is refused.
        let Some(customer) = self.customer(id).await? else {
            return Ok(None);
        };
        let addresses: Vec<AddressRow> = self.rows(ADDRESSES, values![id.0]).await?;
        let names: Vec<(i64, String, String)> = self.rows(NAMES, values![id.0]).await?;
        let tags: Vec<(String,)> = self.rows(TAGS, values![id.0]).await?;
        let merged: Vec<(i64, String)> = self.rows(MERGED_CUSTOMERS, values![id.0]).await?;
        let addresses: Result<Vec<KnownAddress>, RecordsError> =
            addresses.into_iter().map(KnownAddress::try_from).collect();
        let tag_of = |(tag,): (String,)| Columns("customer_tag").text::<Tag>("tag", tag);
        Ok(Some(CustomerCard {
            customer,
            addresses: once_each(addresses?),
            names: names.into_iter().map(name_of).collect::<Result<_, _>>()?,
            tags: tags.into_iter().map(tag_of).collect::<Result<_, _>>()?,
            merged: merged.into_iter().map(merged_of).collect::<Result<_, _>>()?,
        }))
    }

    /// The numbers of those after `after`, in their order, `limit` at most; those merged away are left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn customers_after(
        &self,
        after: Option<CustomerId>,
        limit: u32,
    ) -> Result<Vec<CustomerId>, RecordsError> {
        let after = after.map_or(i64::MIN, |after| after.0);
        let rows: Vec<(i64,)> = self.rows(CUSTOMERS_AFTER, values![after, i64::from(limit)]).await?;
        Ok(rows.into_iter().map(|(id,)| CustomerId(id)).collect())
    }

    /// The numbers of those after `after` with one of these addresses, in their order, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn customers_at_after(
        &self,
        keys: &[AddressKey],
        after: Option<CustomerId>,
        limit: u32,
    ) -> Result<Vec<CustomerId>, RecordsError> {
        let after = after.map_or(i64::MIN, |after| after.0);
        let keys = keys_json(keys);
        let rows: Vec<(i64,)> = self.rows(CUSTOMERS_AT_AFTER, values![&keys, after, i64::from(limit)]).await?;
        Ok(rows.into_iter().map(|(id,)| CustomerId(id)).collect())
    }

    /// Many customers with addresses, names and tags, by number; those that are not there are left out.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn customer_cards(&self, customers: &[CustomerId]) -> Result<Vec<CustomerCard>, RecordsError> {
        if customers.is_empty() {
            return Ok(Vec::new());
        }
        let ids = json(&customers);
        let rows: Vec<CustomerRow> = self.rows(CUSTOMERS_OF, values![&ids]).await?;
        let addresses: Vec<OwnedAddressRow> = self.rows(ADDRESSES_OF_CUSTOMERS, values![&ids]).await?;
        let names: Vec<(i64, i64, String, String)> = self.rows(NAMES_OF_CUSTOMERS, values![&ids]).await?;
        let tags: Vec<(i64, String)> = self.rows(TAGS_OF_CUSTOMERS, values![&ids]).await?;
        let merged: Vec<(i64, i64, String)> = self.rows(MERGED_INTO_CUSTOMERS, values![&ids]).await?;
        let mut cards: BTreeMap<i64, CustomerCard> = BTreeMap::new();
        for row in rows {
            cards.insert(row.id, bare(Customer::try_from(row)?));
        }
        for OwnedAddressRow { customer, address } in addresses {
            if let Some(card) = cards.get_mut(&customer) {
                card.addresses.push(address.try_into()?);
            }
        }
        for (customer, id, kind, name) in names {
            if let Some(card) = cards.get_mut(&customer) {
                card.names.push(name_of((id, kind, name))?);
            }
        }
        for (customer, tag) in tags {
            if let Some(card) = cards.get_mut(&customer) {
                card.tags.insert(Columns("customer_tag").text("tag", tag)?);
            }
        }
        for (customer, id, name) in merged {
            if let Some(card) = cards.get_mut(&customer) {
                card.merged.push(merged_of((id, name))?);
            }
        }
        let once = |card: CustomerCard| CustomerCard { addresses: once_each(card.addresses), ..card };
        Ok(cards.into_values().map(once).collect())
    }

    /// Every customer with one of these addresses, each with the first address that matched, [`MATCHES_MAX`]
    /// at most, in the order the addresses were added. Those merged away are not among them: theirs moved.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn customers_at(&self, keys: &[AddressKey]) -> Result<Vec<CustomerMatch>, RecordsError> {
        let keys = keys_json(keys);
        let limit = i64::try_from(MATCHES_MAX).expect("the limit is small");
        let rows: Vec<MatchRow> = self.rows(MATCHES, values![&keys, limit]).await?;
        let mut matches: Vec<CustomerMatch> = Vec::with_capacity(rows.len());
        for row in rows {
            let found = CustomerMatch::try_from(row)?;
            match matches.iter_mut().find(|known| known.customer.id == found.customer.id) {
                Some(known) if same_place(known, &found) => known.consent = known.consent.max(found.consent),
                Some(_) => {}
                None => matches.push(found),
            }
        }
        Ok(matches)
    }
}

pub(super) fn keys_json(keys: &[AddressKey]) -> String {
    let keys = keys.iter().map(|key| KeyJson { kind: key.kind.as_str(), value: key.value.as_str() });
    json(&keys.collect::<Vec<_>>())
}

fn bare(customer: Customer) -> CustomerCard {
    CustomerCard { customer, addresses: Vec::new(), names: Vec::new(), tags: BTreeSet::new(), merged: Vec::new() }
}

fn same_place(one: &CustomerMatch, other: &CustomerMatch) -> bool {
    one.key == other.key && one.extension == other.extension
}

/// A merge can bring the same address twice; a refusal in either is a refusal.
fn once_each(addresses: Vec<KnownAddress>) -> Vec<KnownAddress> {
    let mut once: Vec<KnownAddress> = Vec::with_capacity(addresses.len());
    for address in addresses {
        let known = once.iter_mut().find(|known| known.key == address.key && known.extension == address.extension);
        match known {
            Some(known) if address.consent > known.consent => {
                known.consent = address.consent;
                known.consent_set = address.consent_set;
            }
            Some(_) => {}
            None => once.push(address),
        }
    }
    once
}

/// What several rows of one address come to.
pub(super) fn strictest(addresses: &[KnownAddress]) -> Consent {
    addresses.iter().map(|address| address.consent).max().unwrap_or_default()
}
