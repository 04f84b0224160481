//! Erases a person: all that the tables hold of him in one transaction. What the journal holds goes right after, by its
//! keys; until then the erasure is pending, and whoever finds it so finishes it.

use std::collections::BTreeSet;

use crate::customers::address::AddressKind;
use crate::customers::change::Stamp;
use crate::customers::customer::AddressKey;
use crate::customers::ids::CustomerId;
use crate::customers::search_terms::{folded_words, is_ideographic, terms_of_name, terms_of_note};
use crate::customers::text::Tag;
use crate::routing::ids::ContactId;

use super::super::audit::append;
use super::super::connection::{Transaction, json, values};
use super::super::do_not_call::take_by_hand;
use super::super::error::RecordsError;
use super::super::recordings::erase_recordings_of;
use super::super::site_key::SiteKey;
use super::super::statements::Statement;
use super::super::statements::attempts::{ATTEMPTS_OF_LEADS, ATTEMPTS_OF_PERSON, STRIP_ATTEMPTS};
use super::super::statements::bulk::REMOVE_NAME_TERMS;
use super::super::statements::call_lists::{LEADS_OF_PERSON, REMOVE_LEADS, WHO_LEADS_ARE};
use super::super::statements::customers::MERGED_CUSTOMERS;
use super::super::statements::erasure::{
    ADD_DO_NOT_CONTACT, ADD_ERASED_ADDRESSES, ADD_ERASURE, ADDRESSES_OF_OTHERS, ADDRESSES_OF_PERSON, CONTACTS_OF_NOTES,
    CONTACTS_OF_PERSON, CONTACTS_OF_WORK, DROP_CHANGES_OF_CONTACTS, DROP_CHANGES_OF_WORK, DROP_CUSTOMERS,
    DROP_DRAFTS_OF_CONTACTS, DROP_MESSAGES_OF_CONTACTS, DROP_NOTE_TERMS, DROP_NOTES, ERASURES_AFTER, FINISH_ERASURE,
    LAST_ERASURE, NAMES_OF_PERSON, NOTES_OF_CONTACTS, NOTES_OF_CUSTOMERS, NOTES_OF_WORKS, PENDING_ERASURES,
    REFERENCES_OF_CONTACTS, STRANGERS_FROM, STRANGERS_TO, STRIP_INTERACTIONS, STRIP_WORK, WORK_OF_PERSON,
};
use super::super::store::Records;
use super::super::{Act, AuditEntry};
use super::change::lock;
use super::error::CustomerError;
use super::rows::{Columns, contact_of};
use super::terms::TermsOf;

/// Notes whose terms are removed at a time: each has hundreds.
const NOTES_MAX: usize = 500;
/// Erasures read at a time.
const ERASURES_MAX: i64 = 100;
/// Shorter words of a name may stand in any reason.
const NAMING_WORD_MIN: usize = 3;

/// One erasure, counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ErasureId(pub i64);

/// What went. Nothing in it tells who it was, but the references.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Erased {
    pub erasure: ErasureId,
    /// The customer and those that were merged into it.
    pub customers: Vec<CustomerId>,
    /// Whose keys the journal has to destroy now.
    pub contacts: Vec<ContactId>,
    pub notes: usize,
    pub work: usize,
    /// Of call lists, with a number of the customer.
    pub leads: usize,
    /// Recordings and transcripts, which lie in other systems and are to be erased there.
    pub references: Vec<String>,
    /// Addresses that stay known, by their hash alone, as not to be contacted.
    pub not_to_contact: usize,
}

/// An erasure that the journal does not know of yet, or may not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingErasure {
    pub erasure: ErasureId,
    pub contacts: Vec<ContactId>,
}

#[derive(Debug, thiserror::Error)]
pub enum EraseCustomerError {
    /// The audit keeps the reason for years.
    #[error("the reason names the customer: expected one that tells nothing of the person")]
    ReasonNames,
    #[error(transparent)]
    Customer(#[from] CustomerError),
}

impl From<sqlx::Error> for EraseCustomerError {
    fn from(error: sqlx::Error) -> EraseCustomerError {
        EraseCustomerError::Customer(error.into())
    }
}

impl From<RecordsError> for EraseCustomerError {
    fn from(error: RecordsError) -> EraseCustomerError {
        EraseCustomerError::Customer(error.into())
    }
}

/// The numbers of all that belongs to the person, and the texts of notes, whose terms go with them.
pub(super) struct Person {
    pub customers: Vec<i64>,
    pub contacts: Vec<i64>,
    pub work: Vec<i64>,
    pub notes: Vec<(i64, String)>,
    /// With a number that no other customer has.
    pub leads: Vec<i64>,
    /// Calls to the person, or to those leads.
    pub attempts: Vec<i64>,
}

impl Records {
    /// Removes all that these tables hold of the customer and of those merged into it. Interactions and work stay,
    /// for the counts, and tell nothing of the person. The journal's part is the caller's: to destroy the keys of
    /// [`Erased::contacts`] and call [`Records::finish_erasure`].
    ///
    /// # Errors
    /// When there is no such customer, it was merged away, or the reason names it; nothing was changed.
    pub async fn erase_customer(
        &self,
        customer: CustomerId,
        reason: &Tag,
        site_key: &SiteKey,
        stamp: &Stamp,
    ) -> Result<Erased, EraseCustomerError> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction, customer).await?;
        let person = gather(&mut transaction, customer).await?;
        let customers = json(&person.customers);
        let names: Vec<(i64, String)> = transaction.rows(NAMES_OF_PERSON, values![&customers]).await?;
        let addresses: Vec<(String, String, i64)> = transaction.rows(ADDRESSES_OF_PERSON, values![&customers]).await?;
        let leads: Vec<(Option<String>, String, i64)> =
            transaction.rows(WHO_LEADS_ARE, values![&json(&person.leads)]).await?;
        let of_leads = leads.iter().flat_map(|(name, number, _)| name.iter().chain([number]));
        let named = names.iter().map(|(_, name)| name).chain(addresses.iter().map(|(_, value, _)| value));
        let named = named.chain(of_leads);
        if named.into_iter().any(|text| names_somebody(reason.as_str(), text)) {
            return Err(EraseCustomerError::ReasonNames);
        }
        let own = keep_erased(&mut transaction, &addresses, &customers, site_key, stamp).await?;
        let listed = take_by_hand(&mut transaction, own.iter(), stamp.at).await?;
        let listed = listed.into_iter().map(|key| (key.kind.into(), key.value.into(), 1));
        let of_leads = leads
            .into_iter()
            .map(|(_, number, is_refused)| (AddressKind::Phone.as_str().to_owned(), number, is_refused));
        let said = addresses.into_iter().chain(of_leads).chain(listed);
        let not_to_contact = keep_do_not_contact(&mut transaction, said, site_key, stamp).await?;
        let references = references(&mut transaction, &json(&person.contacts)).await?;
        remove(&mut transaction, &person, &names, stamp).await?;

        let contacts = json(&person.contacts);
        let added = values![customer.0, stamp.at.0, stamp.by.as_str(), contacts.as_str()];
        let erasure = ErasureId(transaction.number(ADD_ERASURE, added).await?);
        let entry = AuditEntry::new(stamp.at, stamp.by.clone(), Act::Erased)
            .with("reason", reason.clone())
            .with("contacts", person.contacts.len())
            .with("notes", person.notes.len())
            .with("work", person.work.len())
            .with("leads", person.leads.len());
        let about = person.customers.iter().fold(entry, |entry, id| entry.about(CustomerId(*id)));
        append(&mut transaction, &[about]).await?;
        transaction.commit().await?;
        Ok(Erased {
            erasure,
            customers: person.customers.into_iter().map(CustomerId).collect(),
            contacts: person.contacts.into_iter().map(contact_of).collect(),
            notes: person.notes.len(),
            work: person.work.len(),
            leads: person.leads.len(),
            references,
            not_to_contact,
        })
    }

    /// To be called when the journal has destroyed the keys.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn finish_erasure(&self, erasure: ErasureId) -> Result<(), RecordsError> {
        let mut transaction = self.begin().await?;
        transaction.execute(FINISH_ERASURE, values![erasure.0]).await?;
        Ok(transaction.commit().await?)
    }

    /// The oldest first; there may be more than are told at once.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn pending_erasures(&self) -> Result<Vec<PendingErasure>, RecordsError> {
        let rows: Vec<(i64, String)> = self.rows(PENDING_ERASURES, values![ERASURES_MAX]).await?;
        rows.into_iter()
            .map(|(id, contacts)| {
                let contacts: Vec<i64> =
                    serde_json::from_str(&contacts).map_err(|_| Columns("erasure").unreadable("contacts"))?;
                let contacts = contacts.into_iter().map(contact_of).collect();
                Ok(PendingErasure { erasure: ErasureId(id), contacts })
            })
            .collect()
    }

    /// The number of the last erasure; 0: there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_erasure(&self) -> Result<ErasureId, RecordsError> {
        let row: Option<(i64,)> = self.row(LAST_ERASURE, values![]).await?;
        Ok(ErasureId(row.map_or(0, |(last,)| last)))
    }

    /// Who was erased after that, in whichever process, in order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn erasures_after(&self, seen: ErasureId) -> Result<Vec<(ErasureId, CustomerId)>, RecordsError> {
        let rows: Vec<(i64, i64)> = self.rows(ERASURES_AFTER, values![seen.0, ERASURES_MAX]).await?;
        Ok(rows.into_iter().map(|(id, customer)| (ErasureId(id), CustomerId(customer))).collect())
    }
}

pub(super) async fn gather(transaction: &mut Transaction, customer: CustomerId) -> Result<Person, sqlx::Error> {
    let merged: Vec<(i64, String)> = transaction.rows(MERGED_CUSTOMERS, values![customer.0]).await?;
    let customers: Vec<i64> = [customer.0].into_iter().chain(merged.into_iter().map(|(id, _)| id)).collect();
    let ids = json(&customers);
    let mut contacts = BTreeSet::new();
    for statement in [CONTACTS_OF_PERSON, CONTACTS_OF_WORK, CONTACTS_OF_NOTES, STRANGERS_FROM, STRANGERS_TO] {
        contacts.extend(numbers(transaction, statement, &ids).await?);
    }
    let work = numbers(transaction, WORK_OF_PERSON, &ids).await?;
    let contacts: Vec<i64> = contacts.into_iter().collect();
    let mut notes = Vec::new();
    let whose = [(NOTES_OF_CUSTOMERS, &ids), (NOTES_OF_CONTACTS, &json(&contacts)), (NOTES_OF_WORKS, &json(&work))];
    for (statement, of) in whose {
        let found: Vec<(i64, String)> = transaction.rows(statement, values![of]).await?;
        notes.extend(found);
    }
    notes.sort_unstable();
    notes.dedup();
    let leads = numbers(transaction, LEADS_OF_PERSON, &ids).await?;
    let mut attempts: BTreeSet<i64> = numbers(transaction, ATTEMPTS_OF_PERSON, &ids).await?.into_iter().collect();
    attempts.extend(numbers(transaction, ATTEMPTS_OF_LEADS, &json(&leads)).await?);
    let attempts = attempts.into_iter().collect();
    Ok(Person { customers, contacts, work, notes, leads, attempts })
}

async fn numbers(transaction: &mut Transaction, statement: Statement, ids: &str) -> Result<Vec<i64>, sqlx::Error> {
    let rows: Vec<(i64,)> = transaction.rows(statement, values![ids]).await?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}

async fn references(transaction: &mut Transaction, contacts: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(Option<String>, Option<String>)> =
        transaction.rows(REFERENCES_OF_CONTACTS, values![contacts]).await?;
    Ok(rows.into_iter().flat_map(|(recording, transcript)| [recording, transcript]).flatten().collect())
}

/// What nobody else has is known again to imports, so that no old file brings the person back. It is returned.
async fn keep_erased(
    transaction: &mut Transaction,
    addresses: &[(String, String, i64)],
    customers: &str,
    site_key: &SiteKey,
    stamp: &Stamp,
) -> Result<BTreeSet<AddressKey>, RecordsError> {
    let columns = Columns("customer_address");
    let mut own = BTreeSet::new();
    for (kind, value, _) in addresses {
        own.insert(columns.key("value", kind.clone(), value.clone())?);
    }
    let shared: Vec<(String, String)> = transaction.rows(ADDRESSES_OF_OTHERS, values![&json(&own), customers]).await?;
    for (kind, value) in shared {
        own.remove(&columns.key("value", kind, value)?);
    }
    let hashes: BTreeSet<String> = own.iter().map(|key: &AddressKey| site_key.hash_of(key)).collect();
    transaction.execute(ADD_ERASED_ADDRESSES, values![&json(&hashes), stamp.at.0]).await?;
    Ok(own)
}

/// What the customer asked not to be contacted at is known again without being known. How many there are.
async fn keep_do_not_contact(
    transaction: &mut Transaction,
    addresses: impl Iterator<Item = (String, String, i64)>,
    site_key: &SiteKey,
    stamp: &Stamp,
) -> Result<usize, RecordsError> {
    let columns = Columns("customer_address");
    let mut hashes = BTreeSet::new();
    for (kind, value, _) in addresses.filter(|(_, _, is_refused)| *is_refused != 0) {
        let key: AddressKey = columns.key("value", kind, value)?;
        hashes.insert(site_key.hash_of(&key));
    }
    if !hashes.is_empty() {
        transaction.execute(ADD_DO_NOT_CONTACT, values![&json(&hashes), stamp.at.0]).await?;
    }
    Ok(hashes.len())
}

/// What refers to something goes before it.
async fn remove(
    transaction: &mut Transaction,
    person: &Person,
    names: &[(i64, String)],
    stamp: &Stamp,
) -> Result<(), sqlx::Error> {
    drop_notes(transaction, &person.notes).await?;
    // Each is found by the names of all: those of the merged are terms of the one they are part of.
    let terms: BTreeSet<String> = names.iter().flat_map(|(_, name)| terms_of_name(name)).collect();
    for customer in &person.customers {
        transaction.execute(REMOVE_NAME_TERMS, values![*customer, &json(&terms)]).await?;
    }
    let (contacts, work) = (json(&person.contacts), json(&person.work));
    transaction.execute(DROP_MESSAGES_OF_CONTACTS, values![&contacts]).await?;
    transaction.execute(DROP_DRAFTS_OF_CONTACTS, values![&contacts]).await?;
    erase_recordings_of(transaction, &contacts, stamp.at).await?;
    transaction.execute(DROP_CHANGES_OF_CONTACTS, values![&contacts]).await?;
    transaction.execute(DROP_CHANGES_OF_WORK, values![&work]).await?;
    transaction.execute(STRIP_WORK, values![&work, stamp.at.0, stamp.by.as_str()]).await?;
    transaction.execute(STRIP_INTERACTIONS, values![&contacts, stamp.at.0]).await?;
    transaction.execute(STRIP_ATTEMPTS, values![&json(&person.attempts)]).await?;
    transaction.execute(REMOVE_LEADS, values![&json(&person.leads)]).await?;
    transaction.execute(DROP_CUSTOMERS, values![&json(&person.customers)]).await.map(drop)
}

/// With the terms they are found by.
pub(super) async fn drop_notes(transaction: &mut Transaction, notes: &[(i64, String)]) -> Result<(), sqlx::Error> {
    for notes in notes.chunks(NOTES_MAX) {
        let terms =
            |(note, body): &(i64, String)| TermsOf { subject: *note, terms: terms_of_note(body).into_iter().collect() };
        let terms: Vec<TermsOf> = notes.iter().map(terms).collect();
        transaction.execute(DROP_NOTE_TERMS, values![&json(&terms)]).await?;
        let ids: Vec<i64> = notes.iter().map(|(id, _)| *id).collect();
        transaction.execute(DROP_NOTES, values![&json(&ids)]).await?;
    }
    Ok(())
}

pub(in crate::records) fn names_somebody(reason: &str, text: &str) -> bool {
    let said = folded_words(reason);
    let is_a_name = |word: &str| word.chars().count() >= NAMING_WORD_MIN || word.starts_with(is_ideographic);
    let is_said = |word: &String| is_a_name(word) && said.contains(word);
    folded_words(text).iter().any(is_said) || (!text.is_empty() && reason.contains(text))
}
