//! A customer: names, addresses, consent, tags, custom fields. Matches and merges nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::routing::ids::AgentId;
use crate::routing::time::Timestamp;

use super::change::Stamp;
use super::ids::{AddressId, CustomerId, NameId, Version};
use super::text::{AddressKindWord, AddressText, CustomerName, Language, Tag, Tier};

/// What a person writes of a customer, changed as a whole.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct CustomerFields {
    /// As it is shown; empty while nothing but an address is known.
    pub name: CustomerName,
    pub language: Option<Language>,
    pub tier: Option<Tier>,
    /// The agent whose account it is.
    pub owner: Option<AgentId>,
    pub do_not_contact: bool,
    pub custom: CustomFields,
}

/// Custom fields by name. Prints only how many there are.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomFields(pub BTreeMap<String, Value>);

impl fmt::Debug for CustomFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} custom fields", self.0.len())
    }
}

/// A customer to be added, with all that is known already.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct NewCustomer {
    pub fields: CustomerFields,
    pub addresses: Vec<NewAddress>,
    pub names: Vec<NewName>,
    pub tags: BTreeSet<Tag>,
}

/// A customer as stored.
#[derive(Clone, PartialEq, Debug)]
pub struct Customer {
    pub id: CustomerId,
    pub fields: CustomerFields,
    pub version: Version,
    pub created: Stamp,
    pub changed: Stamp,
    /// The customer that this one is part of now.
    pub merged_into: Option<CustomerId>,
}

/// A customer with all that belongs to it.
#[derive(Clone, PartialEq, Debug)]
pub struct CustomerCard {
    pub customer: Customer,
    /// In the order they were added; one that came in twice by a merge stands here once.
    pub addresses: Vec<KnownAddress>,
    pub names: Vec<KnownName>,
    pub tags: BTreeSet<Tag>,
    /// Those that were merged into it.
    pub merged: Vec<MergedCustomer>,
}

/// A customer that is part of another one now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MergedCustomer {
    pub id: CustomerId,
    pub name: CustomerName,
}

/// What a contact is matched by: an address in its normal form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct AddressKey {
    pub kind: AddressKindWord,
    /// In the normal form of its kind: E.164, a mail address in lower case.
    pub value: AddressText,
}

/// An address to be added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewAddress {
    pub key: AddressKey,
    /// Behind a shared number.
    pub extension: Option<AddressText>,
    /// As it was written.
    pub shown: AddressText,
    /// What the address is for: `work`.
    pub label: Option<AddressText>,
    pub consent: Consent,
}

/// An address as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownAddress {
    pub id: AddressId,
    pub key: AddressKey,
    pub extension: Option<AddressText>,
    pub shown: AddressText,
    pub label: Option<AddressText>,
    pub consent: Consent,
    /// Who learnt of the consent, and when; None while it is unknown.
    pub consent_set: Option<Stamp>,
}

/// Whether the customer may be contacted at an address; from the mildest to the one that wins over the others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    #[default]
    Unknown,
    Yes,
    No,
}

/// Another name of a customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewName {
    pub kind: NameKind,
    pub name: CustomerName,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownName {
    pub id: NameId,
    pub kind: NameKind,
    pub name: CustomerName,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    Former,
    /// The same name in another script.
    OtherScript,
    Company,
    /// What the customer is called, or signs with.
    Alias,
}

/// A customer found by one of its addresses, with what tells several apart.
#[derive(Clone, PartialEq, Debug)]
pub struct CustomerMatch {
    pub customer: Customer,
    pub address: AddressId,
    pub key: AddressKey,
    pub extension: Option<AddressText>,
    pub consent: Consent,
    /// When the customer's last contact of any channel arrived.
    pub last_contact_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_personal_is_printed() {
        let fields = CustomerFields {
            name: CustomerName::new("Wei Li").unwrap(),
            custom: CustomFields([("iban".to_owned(), Value::from("FR76"))].into()),
            ..CustomerFields::default()
        };
        let printed = format!("{fields:?}");
        assert!(!printed.contains("Wei") && !printed.contains("FR76") && !printed.contains("iban"), "{printed}");
    }

    #[test]
    fn a_refusal_wins_over_a_consent() {
        assert_eq!([Consent::Yes, Consent::No, Consent::Unknown].into_iter().max(), Some(Consent::No));
    }
}
