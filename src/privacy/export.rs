//! All that is held about one person, as one JSON value. Changes nothing but the audit.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use serde::Serialize;
use serde_json::{Map, Value};

use super::catch_up::{BehindError, catch_up};
use crate::customers::change::Stamp;
use crate::customers::ids::CustomerId;
use crate::journal::{Journal, ReadError, SqlJournal, open_details};
use crate::records::{Act, AuditEntry, CustomerError, Records, RecordsError};
use crate::routing::event::Event;
use crate::routing::ids::{ContactId, EventNo};

/// Says what the file is, for whoever reads it.
const ABOUT: &str = "all that this contact centre holds about one person: every row of its tables, by table, and every \
                     event of the person's contacts; times are milliseconds since 1970";

/// The file.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PersonExport {
    pub about: &'static str,
    pub customer: i64,
    pub exported_at_ms: i64,
    pub tables: Map<String, Value>,
    pub journal: Vec<JournalEvent>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct JournalEvent {
    pub no: u64,
    pub event: Value,
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Behind(#[from] BehindError),
    #[error(transparent)]
    Customer(#[from] CustomerError),
    #[error(transparent)]
    Journal(#[from] ReadError),
    #[error(transparent)]
    Records(#[from] RecordsError),
}

/// Audited before it comes back; that row is in it too.
///
/// # Errors
/// When there is no such customer or it was merged away, or something cannot be read.
pub async fn export(
    records: &Records,
    journal: &SqlJournal,
    customer: CustomerId,
    stamp: &Stamp,
) -> Result<PersonExport, ExportError> {
    catch_up(records, journal).await?;
    // A customer that is not there is no row of the audit.
    records.person_rows(customer).await?;
    let entry = AuditEntry::new(stamp.at, stamp.by.clone(), Act::PersonExported).about(customer);
    records.append_audit(&[entry]).await?;
    let rows = records.person_rows(customer).await?;
    let table = |(name, rows): (&str, Vec<Map<String, Value>>)| {
        (name.to_owned(), Value::Array(rows.into_iter().map(Value::Object).collect()))
    };
    Ok(PersonExport {
        about: ABOUT,
        customer: customer.0,
        exported_at_ms: stamp.at.0,
        tables: rows.tables.into_iter().map(table).collect(),
        journal: events_of(journal, &rows.contacts).await?,
    })
}

/// Every event of these contacts, opened. From their first on, the whole journal is read.
async fn events_of(journal: &SqlJournal, contacts: &[ContactId]) -> Result<Vec<JournalEvent>, ReadError> {
    let wanted: BTreeSet<ContactId> = contacts.iter().copied().collect();
    let Some(first) = journal.first_sealed(contacts).await? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let before = EventNo(first.0.saturating_sub(1)).max(journal.begins_after().await?);
    let mut batches = std::pin::pin!(journal.read_after(before));
    while let Some(batch) = batches.try_next().await? {
        let first = batch.first.0;
        let mut events: Vec<(u64, Event)> = (first..).zip(batch.events).collect();
        events.retain(|(_, event)| event.fact.contact().is_some_and(|contact| wanted.contains(&contact)));
        let (numbers, mut events): (Vec<u64>, Vec<Event>) = events.into_iter().unzip();
        open_details(journal, &mut events).await?;
        for (no, event) in numbers.into_iter().zip(&events) {
            let event = serde_json::to_value(event).expect("events are JSON in the journal too");
            found.push(JournalEvent { no, event });
        }
    }
    Ok(found)
}
