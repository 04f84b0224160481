//! All that the tables hold of one person, every column of every row, as they lie. Leaves nothing out, explains nothing.
//!
//! The rows are taken with `select *`: a column that is added later comes along. A table that is added later is missed
//! by the test that goes through the schema.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::customers::ids::CustomerId;
use crate::routing::ids::ContactId;

use super::super::connection::{json, values};
use super::super::statements::Statement;
use super::super::statements::person::{
    PERSON_ADDRESSES, PERSON_ATTEMPTS, PERSON_AUDIT, PERSON_CHANGES, PERSON_CUSTOMERS, PERSON_DO_NOT_CALL,
    PERSON_DRAFTS, PERSON_INTERACTIONS, PERSON_LEAD_NUMBERS, PERSON_LEADS, PERSON_MERGES, PERSON_MESSAGES,
    PERSON_NAMES, PERSON_NOTES, PERSON_RECORDINGS, PERSON_SEGMENTS, PERSON_TAGS, PERSON_VISITS, PERSON_WORK,
};
use super::super::store::Records;
use super::change::lock;
use super::erase::{Person, gather};
use super::error::CustomerError;
use super::rows::contact_of;

/// The rows of each table, by the table's name.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PersonRows {
    pub tables: BTreeMap<&'static str, Vec<Map<String, Value>>>,
    /// Of whom the journal may hold more.
    pub contacts: Vec<ContactId>,
}

/// Which numbers of the person a table is asked for with.
#[derive(Clone, Copy)]
enum By {
    Customers,
    Contacts,
    Work,
    Notes,
    Leads,
    Attempts,
    /// Customers, contacts and work at once.
    All,
}

const TABLES: [(&str, Statement, By); 19] = [
    ("customer", PERSON_CUSTOMERS, By::Customers),
    ("customer_tag", PERSON_TAGS, By::Customers),
    ("customer_address", PERSON_ADDRESSES, By::Customers),
    ("customer_name", PERSON_NAMES, By::Customers),
    ("customer_merge", PERSON_MERGES, By::Customers),
    ("customer_change", PERSON_CHANGES, By::All),
    ("interaction", PERSON_INTERACTIONS, By::Contacts),
    ("interaction_visit", PERSON_VISITS, By::Contacts),
    ("interaction_segment", PERSON_SEGMENTS, By::Contacts),
    ("message", PERSON_MESSAGES, By::Contacts),
    ("note_draft", PERSON_DRAFTS, By::Contacts),
    ("recording", PERSON_RECORDINGS, By::Contacts),
    ("work", PERSON_WORK, By::Work),
    ("note", PERSON_NOTES, By::Notes),
    ("lead", PERSON_LEADS, By::Leads),
    ("lead_number", PERSON_LEAD_NUMBERS, By::Leads),
    ("attempt", PERSON_ATTEMPTS, By::Attempts),
    ("do_not_call", PERSON_DO_NOT_CALL, By::Customers),
    ("audit", PERSON_AUDIT, By::Customers),
];

impl Records {
    /// What [`Records::erase_customer`] would remove or strip, and who looked at it: read in one transaction.
    ///
    /// # Errors
    /// When there is no such customer or it was merged away, or the database does not answer.
    pub async fn person_rows(&self, customer: CustomerId) -> Result<PersonRows, CustomerError> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction, customer).await?;
        let Person { customers, contacts, work, notes, leads, attempts } = gather(&mut transaction, customer).await?;
        let notes: Vec<i64> = notes.into_iter().map(|(id, _)| id).collect();
        let (customers, of_contacts) = (json(&customers), json(&contacts));
        let (work, notes, leads, attempts) = (json(&work), json(&notes), json(&leads), json(&attempts));
        let mut tables = BTreeMap::new();
        for (table, statement, by) in TABLES {
            let asked: &[_] = match by {
                By::Customers => values![&customers],
                By::Contacts => values![&of_contacts],
                By::Work => values![&work],
                By::Notes => values![&notes],
                By::Leads => values![&leads],
                By::Attempts => values![&attempts],
                By::All => values![&customers, &of_contacts, &work],
            };
            tables.insert(table, transaction.objects(statement, asked).await?);
        }
        Ok(PersonRows { tables, contacts: contacts.into_iter().map(contact_of).collect() })
    }
}
