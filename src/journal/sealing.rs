//! Seals what is appended and opens what is read, with the keys of the database. Writes nothing itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::routing::event::{Event, Fact};
use crate::routing::ids::ContactId;
use crate::routing::personal::{Personal, PersonalDetails};

use super::ReadError;
use super::keyring::{KeyState, Keyring};
use super::seal::{self, ContactKey};
use super::store::Store;

/// A batch as it will lie, and the keys that must be written with it.
pub(super) struct SealedBatch {
    pub events: Vec<Event>,
    pub new_keys: Vec<(ContactId, ContactKey)>,
}

pub(super) async fn seal_batch(store: &Store, keyring: &Keyring, batch: &[Event]) -> Result<SealedBatch, ReadError> {
    let mut events = batch.to_vec();
    let mut arrived = BTreeSet::new();
    let mut wanted = BTreeSet::new();
    for event in &mut events {
        let arrives = matches!(event.fact, Fact::ContactArrived { .. });
        if let Some((contact, details)) = event.fact.personal_mut()
            && seal::needs_seal(details)
        {
            // A contact's number is new at its arrival, so it cannot have a key yet.
            if arrives {
                arrived.insert(contact)
            } else {
                wanted.insert(contact)
            };
        }
    }
    wanted.retain(|contact| !arrived.contains(contact));
    let mut states = states_of(store, keyring, &wanted).await?;
    let mut new_keys = Vec::new();
    for contact in arrived.union(&wanted) {
        states.entry(*contact).or_insert_with(|| {
            let key = ContactKey::random();
            new_keys.push((*contact, key));
            KeyState::Known(key)
        });
    }
    for event in &mut events {
        if let Some((contact, details)) = event.fact.personal_mut()
            && seal::needs_seal(details)
        {
            seal_one(contact, details, states[&contact]);
        }
    }
    Ok(SealedBatch { events, new_keys })
}

pub(super) async fn seal_details(
    store: &Store,
    keyring: &Keyring,
    details: &mut [(ContactId, &mut PersonalDetails)],
) -> Result<(), ReadError> {
    let wanted = details.iter().filter(|(_, details)| seal::needs_seal(details)).map(|(contact, _)| *contact).collect();
    let states = states_of(store, keyring, &wanted).await?;
    for (contact, details) in details.iter_mut().filter(|(_, details)| seal::needs_seal(details)) {
        let state = states.get(contact).ok_or(ReadError::Sealed { contact: *contact, why: "it has no key" })?;
        seal_one(*contact, details, *state);
    }
    Ok(())
}

pub(super) async fn open_details(
    store: &Store,
    keyring: &Keyring,
    details: &mut [&mut PersonalDetails],
) -> Result<(), ReadError> {
    let wanted: BTreeSet<ContactId> = details.iter().filter_map(|details| sealed_under(details)).collect();
    let states = states_of(store, keyring, &wanted).await?;
    for details in details {
        let Personal::Sealed { key: contact, text } = &**details else { continue };
        let broken = |why| ReadError::Sealed { contact: *contact, why };
        let opened = match states.get(contact).ok_or_else(|| broken("its key is missing"))? {
            KeyState::Known(key) => Personal::Plain(Arc::new(seal::open(*contact, key, text).map_err(broken)?)),
            KeyState::Erased => Personal::Erased,
        };
        **details = opened;
    }
    Ok(())
}

fn seal_one(contact: ContactId, details: &mut PersonalDetails, state: KeyState) {
    let Personal::Plain(plain) = &*details else { return };
    *details = match state {
        KeyState::Known(key) => seal::seal(contact, &key, plain),
        KeyState::Erased => Personal::Erased,
    };
}

fn sealed_under(details: &PersonalDetails) -> Option<ContactId> {
    match details {
        Personal::Sealed { key, .. } => Some(*key),
        Personal::Plain(_) | Personal::Erased => None,
    }
}

/// What is known of these contacts' keys, asking the database once for those not in memory.
async fn states_of(
    store: &Store,
    keyring: &Keyring,
    contacts: &BTreeSet<ContactId>,
) -> Result<BTreeMap<ContactId, KeyState>, ReadError> {
    let mut states = BTreeMap::new();
    let mut asked = Vec::new();
    for contact in contacts {
        match keyring.get(*contact) {
            Some(state) => drop(states.insert(*contact, state)),
            None => asked.push(*contact),
        }
    }
    if asked.is_empty() {
        return Ok(states);
    }
    let erasures = keyring.erasures();
    for (contact, secret) in store.keys(&asked).await.map_err(ReadError::Keys)? {
        let contact = ContactId(contact.cast_unsigned());
        let state = match secret {
            Some(bytes) => {
                let broken = ReadError::Sealed { contact, why: "its key is not 32 bytes" };
                KeyState::Known(ContactKey::from_bytes(&bytes).ok_or(broken)?)
            }
            None => KeyState::Erased,
        };
        keyring.learn(erasures, contact, state);
        states.insert(contact, state);
    }
    Ok(states)
}
