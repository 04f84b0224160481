//! Takes over interactions of an import, of customers that are known. Reads no file; whose a row is and which are known
//! already is `customers::interaction_matching`'s.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::customers::address::Address;
use crate::customers::change::Stamp;
use crate::customers::ids::{CustomerId, ImportId};
use crate::customers::import_customer::key_of;
use crate::customers::import_matching::{KnownAddresses, Owner};
use crate::customers::import_rows::WhyRefused;
use crate::customers::interaction::{Interaction, InteractionSegment, InteractionVisit};
use crate::customers::interaction_matching::{
    InteractionLikeness, KnownInteractions, SettledInteraction, customers_of, settle_interactions,
};
use crate::customers::interaction_rows::InteractionDraft;
use crate::imports::import_batch::ImportedRows;
use crate::routing::command::Direction;
use crate::routing::ids::{AgentId, ContactId, QueueId, SegmentId, VisitId};
use crate::routing::time::Timestamp;

use super::super::connection::{Transaction, values};
use super::super::error::RecordsError;
use super::super::not_to_contact::Asked;
use super::super::statements::imports::{
    ADD_INTERACTIONS, ADD_STAND_INS, INTERACTION_IDS, INTERACTIONS_ALIKE, RESERVE_CONTACTS,
};
use super::super::store::Records;
use super::error::ImportError;
use super::history::json;
use super::import_chunk::{ImportChunk, OpenChunk, Outcome, begin_chunk};
use super::import_customers::{erased_of, owners_of};
use super::import_notes::{ImportedNote, add_notes};
use super::interactions_write::{InteractionJson, current_customers, interaction_json, write_parts};
use super::rows::{Columns, contact_of};

/// Of interactions that an import writes elsewhere: who is known here, and what.
#[derive(Clone, Default)]
pub struct KnownHere {
    customers: Vec<Option<CustomerId>>,
    addresses: KnownAddresses,
    interactions: KnownInteractions,
}

#[derive(Serialize)]
struct WantedJson {
    customer: i64,
    at_ms: i64,
}

#[derive(Serialize)]
struct ImportedJson<'i> {
    #[serde(flatten)]
    interaction: InteractionJson<'i>,
    external_id: Option<&'i str>,
}

type AlikeRow = (i64, i64, String, String, Option<String>, Option<String>);

impl Records {
    /// Takes over the rows, with what is known here and `elsewhere`. Nothing stands before [`OpenChunk::commit`].
    ///
    /// # Errors
    /// When there are too many rows, the import is over or not of interactions, or does not stand at `from`: somebody
    /// else goes on with it.
    pub async fn import_interactions_chunk(
        &self,
        import: ImportId,
        chunk: &ImportChunk<'_, InteractionDraft>,
        elsewhere: KnownHere,
        stamp: &Stamp,
    ) -> Result<OpenChunk, ImportError> {
        let (mut transaction, batch) = begin_chunk(self, import, chunk).await?;
        let ImportedRows::Interactions { .. } = batch.settings.rows else {
            return Err(ImportError::OtherRows { import, found: batch.settings.rows.noun() });
        };
        let stand_ins: BTreeSet<i64> = elsewhere.customers.iter().flatten().map(|customer| customer.0).collect();
        if !stand_ins.is_empty() {
            transaction.execute(ADD_STAND_INS, values![&json(&stand_ins)]).await?;
        }
        let mut addresses = elsewhere.addresses;
        owners_of(&mut transaction, addresses_of(chunk.rows), &mut addresses, Owner::Stored).await?;
        erased_of(&mut transaction, self.site_key(), addresses_of(chunk.rows), &mut addresses).await?;
        let mut customers = customers_of(chunk.rows, &addresses);
        let named = customers.iter().filter_map(|customer| customer.as_ref().ok().copied());
        let current = current_customers(&mut transaction, named).await?;
        for customer in &mut customers {
            if let Ok(found) = customer {
                *customer = current.get(&found.0).map(|id| CustomerId(*id)).ok_or(WhyRefused::UnknownCustomer);
            }
        }
        let mut known = elsewhere.interactions;
        known_alike(&mut transaction, chunk.rows, &customers, &mut known).await?;
        let settled = settle_interactions(chunk.rows, customers, known);
        let outcome = take_over(&mut transaction, chunk.rows, settled, stamp, import).await?;
        Ok(OpenChunk::of(transaction, batch, chunk, outcome, stamp))
    }

    /// Whose these rows are and which are known, as an import that writes elsewhere asks.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn known_interactions_elsewhere(&self, rows: &[InteractionDraft]) -> Result<KnownHere, RecordsError> {
        let (mut addresses, mut interactions) = (KnownAddresses::default(), KnownInteractions::default());
        let mut asked = self;
        owners_of(&mut asked, addresses_of(rows), &mut addresses, Owner::Elsewhere).await?;
        erased_of(&mut asked, self.site_key(), addresses_of(rows), &mut addresses).await?;
        let customers = customers_of(rows, &addresses);
        known_alike(&mut asked, rows, &customers, &mut interactions).await?;
        Ok(KnownHere { customers: customers.into_iter().map(Result::ok).collect(), addresses, interactions })
    }
}

fn addresses_of(rows: &[InteractionDraft]) -> impl Iterator<Item = &Address> {
    rows.iter().flat_map(|row| &row.addresses)
}

/// Which interactions there are that the rows may be.
async fn known_alike(
    asked: &mut impl Asked,
    rows: &[InteractionDraft],
    customers: &[Result<CustomerId, WhyRefused>],
    known: &mut KnownInteractions,
) -> Result<(), RecordsError> {
    let own_ids: BTreeSet<&str> = rows.iter().filter_map(|row| row.own_id.as_deref()).collect();
    if !own_ids.is_empty() {
        let there: Vec<(String,)> = asked.ask(INTERACTION_IDS, values![&json(&own_ids)]).await?;
        there.into_iter().for_each(|(own_id,)| known.add_id(own_id));
    }
    let places = rows.iter().zip(customers);
    let places = places.filter_map(|(row, customer)| Some((customer.as_ref().ok()?.0, row.arrived_at.0)));
    let places: BTreeSet<(i64, i64)> = places.collect();
    let wanted: Vec<WantedJson> = places.into_iter().map(|(customer, at_ms)| WantedJson { customer, at_ms }).collect();
    let there: Vec<AlikeRow> = asked.ask(INTERACTIONS_ALIKE, values![&json(&wanted)]).await?;
    let columns = Columns("interaction");
    for (customer, arrived_at_ms, channel, direction, own_id, agent) in there {
        let likeness = InteractionLikeness {
            customer: CustomerId(customer),
            arrived_at: Timestamp(arrived_at_ms),
            channel: columns.word("channel", channel)?,
            direction: columns.word("direction", direction)?,
            agent: Columns("interaction_segment").text_if_any("agent", agent)?,
        };
        known.add(likeness, own_id);
    }
    Ok(())
}

async fn take_over(
    transaction: &mut Transaction,
    rows: &[InteractionDraft],
    settled: Vec<SettledInteraction>,
    stamp: &Stamp,
    import: ImportId,
) -> Result<Outcome, ImportError> {
    let mut outcome = Outcome::default();
    let mut added: Vec<(&InteractionDraft, CustomerId)> = Vec::new();
    for (place, (row, settled)) in rows.iter().zip(settled).enumerate() {
        match settled {
            SettledInteraction::Added(customer) => added.push((row, customer)),
            SettledInteraction::Known => outcome.skipped += 1,
            SettledInteraction::Refused(why) => outcome.refuse(place, why),
        }
    }
    outcome.added = added.len() as u64;
    if added.is_empty() {
        return Ok(outcome);
    }
    let count = i64::try_from(added.len()).expect("a batch is small");
    let last = transaction.number(RESERVE_CONTACTS, values![count]).await?;
    let interactions: Vec<Interaction> = added
        .iter()
        .zip(last - count + 1..)
        .map(|((row, customer), contact)| interaction_of(row, *customer, contact_of(contact)))
        .collect();
    let written: Vec<ImportedJson<'_>> = interactions
        .iter()
        .zip(&added)
        .map(|(interaction, (row, customer))| ImportedJson {
            interaction: interaction_json(interaction, Some(customer.0)),
            external_id: row.own_id.as_deref(),
        })
        .collect();
    transaction.execute(ADD_INTERACTIONS, values![&json(&written), import.0]).await?;
    write_parts(transaction, || interactions.iter()).await?;
    let notes: Vec<ImportedNote> = interactions
        .iter()
        .zip(&added)
        .flat_map(|(interaction, (row, customer))| {
            row.notes.iter().map(|text| ImportedNote {
                customer: *customer,
                contact: Some(interaction.contact),
                text: text.clone(),
                at: row.ended_at.unwrap_or(row.arrived_at),
                by: row.agent.as_ref().map_or(stamp.by.as_str(), |agent| agent.as_str()).to_owned(),
            })
        })
        .collect();
    add_notes(transaction, &notes, import).await?;
    Ok(outcome)
}

/// The row as the interaction that is stored: one visit when it names a queue, one segment when it names an agent.
fn interaction_of(row: &InteractionDraft, customer: CustomerId, contact: ContactId) -> Interaction {
    let (from, to) = match row.direction {
        Direction::Inbound => (row.main_address().map(key_of), None),
        Direction::Outbound => (None, row.main_address().map(key_of)),
        Direction::Internal => (None, None),
    };
    let talked_from = row.answered_at.unwrap_or(row.arrived_at);
    let visit = |queue: &QueueId| InteractionVisit {
        visit: VisitId(contact.0),
        queue: queue.clone(),
        entered_at: row.arrived_at,
        ended_at: row.answered_at.or(row.ended_at),
        end: None,
    };
    let segment = |agent: &AgentId| InteractionSegment {
        segment: SegmentId(contact.0),
        queue: row.queue.clone(),
        agent: agent.clone(),
        started_at: talked_from,
        connected_at: Some(talked_from),
        ended_at: row.ended_at,
        wrapped_up_at: None,
        disposition: row.disposition.clone(),
    };
    Interaction {
        contact,
        customer: Some(customer),
        channel: row.channel,
        direction: row.direction,
        from,
        to,
        arrived_at: row.arrived_at,
        ended_at: row.ended_at,
        ended_by: None,
        disposition: row.disposition.clone(),
        satisfaction: row.satisfaction,
        recording: row.recording.clone(),
        transcript: row.transcript.clone(),
        visits: row.queue.iter().map(visit).collect(),
        segments: row.agent.iter().map(segment).collect(),
    }
}
