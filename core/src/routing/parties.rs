//! Who is in a call: by number and by customer, each contact that calls him or is from him. Kept ready for whoever is about
//! to call somebody. Never part of a snapshot.

use std::hash::Hash;
use std::sync::Arc;

use smallvec::SmallVec;

use super::callbacks::number_of;
use super::ids::ContactId;
use super::index::Index;
use super::personal::Address;
use super::rule_set::Channel;
use super::state::State;
use super::table::Numbered;
use super::visit::{Contact, Visit};

/// In the order of their numbers; nearly always one.
type Alike = SmallVec<[ContactId; 2]>;

#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Parties {
    of_contact: Numbered<ContactId, Party>,
    by_number: Numbered<Address, Alike>,
    by_customer: Numbered<Arc<str>, Alike>,
}

/// Whom a call is with.
#[derive(Clone, PartialEq, Debug, Default)]
struct Party {
    number: Option<Address>,
    customer: Option<Arc<str>>,
    is_in_call: bool,
}

impl Parties {
    /// Calls from or to a number, callbacks among them, in the order of their contacts.
    pub fn at_number(&self, number: &Address) -> Vec<ContactId> {
        self.by_number.get(number).into_iter().flatten().copied().collect()
    }

    /// Whether another call with the same number or the same customer is going on.
    pub fn is_in_call(&self, contact: ContactId) -> bool {
        let Some(party) = self.of_contact.get(&contact) else { return false };
        self.alike(party).any(|other| other != contact && self.of_contact[&other].is_in_call)
    }

    fn alike(&self, party: &Party) -> impl Iterator<Item = ContactId> {
        let by_number = party.number.as_ref().and_then(|number| self.by_number.get(number));
        let by_customer = party.customer.as_ref().and_then(|customer| self.by_customer.get(customer));
        by_number.into_iter().chain(by_customer).flatten().copied()
    }

    /// As the contact is now. Others who may be called now, or no more.
    fn refresh(&mut self, id: ContactId, contact: Option<&Contact>) -> Vec<ContactId> {
        let contact = contact.filter(|contact| is_call(contact));
        let is_as_it_was = match (self.of_contact.get(&id), contact) {
            (None, None) => true,
            (Some(was), Some(contact)) => was.is_of(contact),
            (Some(_), None) | (None, Some(_)) => false,
        };
        if is_as_it_was {
            return Vec::new();
        }
        let now = contact.map(Party::of);
        let was = match &now {
            Some(now) => self.of_contact.insert(id, now.clone()),
            None => self.of_contact.swap_remove(&id),
        };
        let (was, now) = (was.unwrap_or_default(), now.unwrap_or_default());
        let mut others: Vec<ContactId> = Vec::new();
        if was.is_in_call || now.is_in_call {
            others.extend(self.alike(&was).chain(self.alike(&now)).filter(|other| *other != id));
            others.sort_unstable();
            others.dedup();
        }
        leave(&mut self.by_number, was.number.as_ref(), id);
        leave(&mut self.by_customer, was.customer.as_ref(), id);
        enter(&mut self.by_number, now.number, id);
        enter(&mut self.by_customer, now.customer, id);
        others
    }
}

impl Party {
    fn of(contact: &Contact) -> Party {
        Party {
            number: number_of(contact).cloned(),
            customer: customer_of(contact).map(Arc::from),
            is_in_call: is_in_call(contact),
        }
    }

    fn is_of(&self, contact: &Contact) -> bool {
        self.is_in_call == is_in_call(contact)
            && self.number.as_ref() == number_of(contact)
            && self.customer.as_deref() == customer_of(contact)
    }
}

fn enter<K: Hash + Eq>(by: &mut Numbered<K, Alike>, key: Option<K>, id: ContactId) {
    if let Some(key) = key {
        let alike = by.entry(key).or_default();
        if let Err(place) = alike.binary_search(&id) {
            alike.insert(place, id);
        }
    }
}

fn leave<K: Hash + Eq>(by: &mut Numbered<K, Alike>, key: Option<&K>, id: ContactId) {
    let Some((key, alike)) = key.and_then(|key| Some((key, by.get_mut(key)?))) else { return };
    alike.retain(|other| *other != id);
    if alike.is_empty() {
        by.swap_remove(key);
    }
}

/// Calls with a customer.
pub(super) fn is_call(contact: &Contact) -> bool {
    match contact.channel {
        Channel::Callback => true,
        Channel::Voice => contact.consultation.is_none(),
        Channel::Chat | Channel::Email | Channel::Task => false,
    }
}

/// Whether its customer is on the line, or is about to be.
pub(super) fn is_in_call(contact: &Contact) -> bool {
    contact.on_line || contact.visit.as_ref().and_then(Visit::connecting).is_some()
}

/// As it was last said, as far as it is readable here.
fn customer_of(contact: &Contact) -> Option<&str> {
    contact.details.iter().rev().find_map(|details| details.plain()?.attributes.get("customer")?.get("id")?.as_str())
}

impl Index {
    /// Before anything else of a contact: others wait for the end of its call.
    pub(super) fn refresh_call(&mut self, state: &State, id: ContactId) {
        self.refresh_party(state, id);
        self.refresh_line(state, id);
    }

    fn refresh_party(&mut self, state: &State, id: ContactId) {
        for other in self.parties.refresh(id, state.contacts.get(&id)) {
            let is_to_be_called = state.contacts.get(&other).is_some_and(|contact| !contact.on_line);
            if is_to_be_called {
                self.refresh_contact(state, other);
            }
        }
    }

    /// More is said of it: its customer may be known now.
    pub(super) fn learn_party(&mut self, state: &State, id: ContactId) {
        let held = self.parties.is_in_call(id);
        self.refresh_party(state, id);
        if self.parties.is_in_call(id) != held && !state.contacts[&id].on_line {
            self.refresh_contact(state, id);
        }
    }
}
