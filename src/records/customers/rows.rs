//! Customers and their addresses between rows and types. Asks the database nothing.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::customers::change::Stamp;
use crate::customers::customer::{
    AddressKey, Consent, Customer, CustomerFields, CustomerMatch, KnownAddress, KnownName, MergedCustomer,
};
use crate::customers::ids::{AddressId, CustomerId, NameId, Version};
use crate::customers::text::{AddressKindWord, PersonalText};
use crate::routing::ids::{ContactId, PersonId};
use crate::routing::time::Timestamp;

use super::super::error::RecordsError;

/// The one word that a plain variant is on the wire and in a table.
pub(in crate::records) fn word_of(variant: &impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => unreachable!("a variant without fields is one word"),
    }
}

/// Reads the columns of one table; says which one cannot be read, not what it holds.
#[derive(Clone, Copy)]
pub(in crate::records) struct Columns(pub &'static str);

impl Columns {
    pub fn unreadable(self, column: &'static str) -> RecordsError {
        RecordsError::Unreadable { table: self.0, column }
    }

    /// A text of our own types.
    pub fn text<T: TryFrom<String>>(self, column: &'static str, text: String) -> Result<T, RecordsError> {
        T::try_from(text).map_err(|_| self.unreadable(column))
    }

    pub fn text_if_any<T: TryFrom<String>>(
        self,
        column: &'static str,
        text: Option<String>,
    ) -> Result<Option<T>, RecordsError> {
        text.map(|text| self.text(column, text)).transpose()
    }

    /// A variant without fields.
    pub fn word<T: DeserializeOwned>(self, column: &'static str, word: String) -> Result<T, RecordsError> {
        serde_json::from_value(serde_json::Value::String(word)).map_err(|_| self.unreadable(column))
    }

    pub fn word_if_any<T: DeserializeOwned>(
        self,
        column: &'static str,
        word: Option<String>,
    ) -> Result<Option<T>, RecordsError> {
        word.map(|word| self.word(column, word)).transpose()
    }

    pub fn stamp(self, at_ms: i64, column: &'static str, by: String) -> Result<Stamp, RecordsError> {
        let by: PersonId = self.text(column, by)?;
        Ok(Stamp { at: Timestamp(at_ms), by })
    }

    pub fn key(self, column: &'static str, kind: String, value: String) -> Result<AddressKey, RecordsError> {
        let kind: AddressKindWord = self.text(column, kind)?;
        Ok(AddressKey { kind, value: self.text(column, value)? })
    }
}

/// A number of the router's as the tables hold it, and back.
pub(in crate::records) fn stored(contact: ContactId) -> i64 {
    contact.0.cast_signed()
}

pub(in crate::records) fn contact_of(stored: i64) -> ContactId {
    ContactId(stored.cast_unsigned())
}

#[derive(sqlx::FromRow)]
pub(super) struct CustomerRow {
    pub id: i64,
    name: String,
    language: Option<String>,
    tier: Option<String>,
    owner: Option<String>,
    do_not_contact: i64,
    custom: String,
    version: i64,
    created_at_ms: i64,
    created_by: String,
    changed_at_ms: i64,
    changed_by: String,
    merged_into: Option<i64>,
}

impl TryFrom<CustomerRow> for Customer {
    type Error = RecordsError;

    fn try_from(row: CustomerRow) -> Result<Customer, RecordsError> {
        let columns = Columns("customer");
        Ok(Customer {
            id: CustomerId(row.id),
            fields: CustomerFields {
                name: columns.text("name", row.name)?,
                language: columns.text_if_any("language", row.language)?,
                tier: columns.text_if_any("tier", row.tier)?,
                owner: columns.text_if_any("owner", row.owner)?,
                do_not_contact: row.do_not_contact != 0,
                custom: serde_json::from_str(&row.custom).map_err(|_| columns.unreadable("custom"))?,
            },
            version: Version(row.version),
            created: columns.stamp(row.created_at_ms, "created_by", row.created_by)?,
            changed: columns.stamp(row.changed_at_ms, "changed_by", row.changed_by)?,
            merged_into: row.merged_into.map(CustomerId),
        })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct MatchRow {
    #[sqlx(flatten)]
    customer: CustomerRow,
    address: i64,
    kind: String,
    value: String,
    extension: Option<String>,
    consent: String,
    last_contact_at_ms: Option<i64>,
}

impl MatchRow {
    pub fn customer(&self) -> CustomerId {
        CustomerId(self.customer.id)
    }
}

impl TryFrom<MatchRow> for CustomerMatch {
    type Error = RecordsError;

    fn try_from(row: MatchRow) -> Result<CustomerMatch, RecordsError> {
        let columns = Columns("customer_address");
        Ok(CustomerMatch {
            customer: row.customer.try_into()?,
            address: AddressId(row.address),
            key: columns.key("value", row.kind, row.value)?,
            extension: columns.text_if_any("extension", row.extension)?,
            consent: columns.word("consent", row.consent)?,
            last_contact_at: row.last_contact_at_ms.map(Timestamp),
        })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct AddressRow {
    id: i64,
    kind: String,
    value: String,
    extension: Option<String>,
    shown: String,
    label: Option<String>,
    consent: String,
    consent_at_ms: Option<i64>,
    consent_by: Option<String>,
}

/// An address among those of many customers.
#[derive(sqlx::FromRow)]
pub(super) struct OwnedAddressRow {
    pub customer: i64,
    #[sqlx(flatten)]
    pub address: AddressRow,
}

impl TryFrom<AddressRow> for KnownAddress {
    type Error = RecordsError;

    fn try_from(row: AddressRow) -> Result<KnownAddress, RecordsError> {
        let columns = Columns("customer_address");
        let consent: Consent = columns.word("consent", row.consent)?;
        Ok(KnownAddress {
            id: AddressId(row.id),
            key: columns.key("value", row.kind, row.value)?,
            extension: columns.text_if_any("extension", row.extension)?,
            shown: columns.text("shown", row.shown)?,
            label: columns.text_if_any("label", row.label)?,
            consent,
            consent_set: match (row.consent_at_ms, row.consent_by) {
                (Some(at_ms), Some(by)) => Some(columns.stamp(at_ms, "consent_by", by)?),
                (Some(_), None) | (None, Some(_) | None) => None,
            },
        })
    }
}

pub(super) fn name_of((id, kind, name): (i64, String, String)) -> Result<KnownName, RecordsError> {
    let columns = Columns("customer_name");
    Ok(KnownName { id: NameId(id), kind: columns.word("kind", kind)?, name: columns.text("name", name)? })
}

pub(super) fn merged_of((id, name): (i64, String)) -> Result<MergedCustomer, RecordsError> {
    Ok(MergedCustomer { id: CustomerId(id), name: Columns("customer").text("name", name)? })
}

/// A text for a history, which keeps only the beginning of a long one.
pub(super) fn shortened<const MAX: usize>(text: &str) -> PersonalText<MAX> {
    let text: String = text.chars().filter(|character| *character != '\0').take(MAX).collect();
    PersonalText::new(text).expect("it was cut to what fits and holds no NUL")
}
