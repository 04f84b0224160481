//! Reads committed events and writes rows, some at a time. Knows no statement.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio::sync::watch;

use crate::customers::customer::AddressKey;
use crate::customers::ids::CustomerId;
use crate::customers::interaction::Interaction;
use crate::customers::interaction_fold::{
    ClosedSegment, ContactNote, apply, begun_with, closed_with, is_over, not_looked_up, note_in,
};
use crate::customers::message::MessagePlace;
use crate::customers::recording::{RecordingNews, recording_in};
use crate::customers::text::ReaderName;
use crate::journal::{Journal, ReadError, open_details};
use crate::records::{InteractionBatch, InteractionsError, Records, RecordsError};
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{ContactId, EventNo};

/// Events that become rows in one transaction: few enough to be done in some milliseconds.
const EVENTS_WRITTEN_MAX: usize = 2_000;
/// Interactions remembered; past it they are read again.
const REMEMBERED_MAX: usize = 50_000;
/// How soon a database that did not answer is asked again, at first and at most.
const AGAIN_AFTER: Duration = Duration::from_millis(200);
const AGAIN_AFTER_MAX: Duration = Duration::from_secs(10);
/// How long new events may wait for others to be written with.
const GATHERED_FOR: Duration = Duration::from_millis(50);
/// What it is called where its place is kept.
pub const READER: &str = "interactions";

#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    #[error(transparent)]
    Journal(#[from] ReadError),
    #[error(transparent)]
    Records(#[from] RecordsError),
    #[error(transparent)]
    Write(#[from] InteractionsError),
}

/// Follows until the journal's owner is gone. What fails is tried again.
pub async fn follow<J: Journal>(journal: &J, records: &Records, mut committed: watch::Receiver<EventNo>) {
    let mut memory = BTreeMap::new();
    let mut again_after = AGAIN_AFTER;
    loop {
        let upto = *committed.borrow_and_update();
        match write_up_to(journal, records, &mut memory, upto).await {
            Ok(()) => {
                if again_after != AGAIN_AFTER {
                    tracing::info!(event_no = upto.0, "the interactions have caught up");
                    again_after = AGAIN_AFTER;
                }
                if committed.changed().await.is_err() {
                    return;
                }
                tokio::time::sleep(GATHERED_FOR).await;
            }
            Err(error) => {
                if again_after == AGAIN_AFTER {
                    tracing::warn!(%error, "the interactions are behind");
                }
                memory.clear();
                tokio::time::sleep(again_after).await;
                again_after = (again_after * 2).min(AGAIN_AFTER_MAX);
            }
        }
    }
}

/// Writes what the events that are not written yet come to. `memory`: interactions as the rows are.
///
/// # Errors
/// When journal or database do not answer; `memory` may then be ahead of the rows.
pub async fn write_up_to<J: Journal>(
    journal: &J,
    records: &Records,
    memory: &mut BTreeMap<ContactId, Interaction>,
    upto: EventNo,
) -> Result<(), FollowError> {
    let reader = ReaderName::new(READER).expect("a short word");
    let mut after = records.reader_cursor(&reader).await?;
    let mut events: Vec<Event> = Vec::new();
    let mut last = after;
    let mut batches = std::pin::pin!(journal.read_after(after));
    while let Some(batch) = batches.try_next().await? {
        if batch.last() > upto {
            break;
        }
        last = batch.last();
        events.extend(batch.events);
        if events.len() >= EVENTS_WRITTEN_MAX {
            write(journal, records, memory, &mut events, (&reader, after, last)).await?;
            after = last;
        }
    }
    if last > after {
        write(journal, records, memory, &mut events, (&reader, after, last)).await?;
    }
    Ok(())
}

async fn write<J: Journal>(
    journal: &J,
    records: &Records,
    memory: &mut BTreeMap<ContactId, Interaction>,
    events: &mut Vec<Event>,
    (reader, after, last): (&ReaderName, EventNo, EventNo),
) -> Result<(), FollowError> {
    open_details(journal, events).await?;
    let mut touched: BTreeMap<ContactId, Option<CustomerId>> = BTreeMap::new();
    let mut notes: Vec<ContactNote> = Vec::new();
    let mut unfound: Vec<(ContactId, AddressKey)> = Vec::new();
    let mut closed: Vec<ClosedSegment> = Vec::new();
    let mut passed: Vec<(MessagePlace, EventNo)> = Vec::new();
    let mut recordings: Vec<RecordingNews> = Vec::new();
    for (no, event) in (after.0 + 1..).map(EventNo).zip(events.drain(..)) {
        notes.extend(note_in(&event));
        closed.extend(closed_with(&event));
        recordings.extend(recording_in(&event));
        if let Fact::MessagePassed { contact, message: Some(message), .. } = &event.fact {
            passed.push((MessagePlace { contact: *contact, no: message.no }, no));
        }
        if let Some(begun) = begun_with(&event) {
            touched.insert(begun.contact, begun.customer);
            unfound.extend(not_looked_up(&event, &begun).map(|address| (begun.contact, address)));
            memory.insert(begun.contact, begun);
        }
        let Some(contact) = event.fact.contact() else { continue };
        if !memory.contains_key(&contact)
            && let Some(stored) = records.interaction(contact).await?
        {
            memory.insert(contact, Interaction { customer: None, disposition: None, ..stored });
        }
        // One that began before there were interactions has none.
        if let Some(interaction) = memory.get_mut(&contact) {
            apply(interaction, &event);
            touched.insert(contact, interaction.customer);
        }
    }
    find_customers(records, memory, &unfound).await?;
    let interactions: Vec<Interaction> = touched.keys().filter_map(|contact| memory.get(contact).cloned()).collect();
    let batch = InteractionBatch {
        interactions: &interactions,
        notes: &notes,
        closed: &closed,
        passed: &passed,
        recordings: &recordings,
    };
    records.write_interactions(reader, after, last, &batch).await?;
    forget(memory, &interactions);
    Ok(())
}

/// Whose address it is and nobody else's, that customer's contact it was: now the database answers, since it is written to.
async fn find_customers(
    records: &Records,
    memory: &mut BTreeMap<ContactId, Interaction>,
    unfound: &[(ContactId, AddressKey)],
) -> Result<(), RecordsError> {
    let mut owners: BTreeMap<&AddressKey, Option<CustomerId>> = BTreeMap::new();
    for (contact, address) in unfound {
        let only = match owners.get(address) {
            Some(known) => *known,
            None => {
                let found = records.customers_at(std::slice::from_ref(address)).await?;
                let only = found.first().filter(|_| found.len() == 1).map(|found| found.customer.id);
                *owners.entry(address).or_insert(only)
            }
        };
        if let Some(interaction) = memory.get_mut(contact) {
            interaction.customer = interaction.customer.or(only);
        }
    }
    Ok(())
}

/// What is over is not asked for again soon; and what was once written, somebody may have put right since.
fn forget(memory: &mut BTreeMap<ContactId, Interaction>, written: &[Interaction]) {
    for interaction in written {
        if is_over(interaction) {
            memory.remove(&interaction.contact);
        } else if let Some(known) = memory.get_mut(&interaction.contact) {
            (known.customer, known.disposition) = (None, None);
        }
    }
    if memory.len() > REMEMBERED_MAX {
        memory.clear();
    }
}
