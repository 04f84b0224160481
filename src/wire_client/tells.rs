//! What a gateway has told and not yet heard an answer to, in order, each under its event number.
//! It never forgets one before it is acknowledged, and never lets two of one contact overtake each
//! other.

use std::collections::{BTreeMap, BTreeSet};

use crate::protocol::{EventNumber, GatewayTells, Ref, Time};

#[derive(Debug)]
struct Entry {
    tells: GatewayTells,
    /// The contact it is about; none for inventories.
    of: Option<Ref>,
}

/// Numbered events on their way.
#[derive(Debug, Default)]
pub struct Tells {
    last_number: u64,
    entries: BTreeMap<u64, Entry>,
    by_contact: BTreeMap<Ref, BTreeSet<u64>>,
    /// May be sent now: not sent yet, and the first of their contact.
    ready: BTreeSet<u64>,
}

impl Tells {
    /// Numbers go on after what the server already has of this gateway.
    pub fn go_on_after(&mut self, last_event: u64) {
        self.last_number = self.last_number.max(last_event);
    }

    /// Keeps an event until it is acknowledged.
    pub fn push(&mut self, of: Option<&Ref>, now_ms: i64, tells: impl FnOnce(EventNumber, Time) -> GatewayTells) {
        self.last_number += 1;
        let number = self.last_number;
        let event = EventNumber::new(number).expect("a gateway lives for fewer events than 2⁵³");
        let entry = Entry { tells: tells(event, Time::from_ms(now_ms)), of: of.cloned() };
        self.entries.insert(number, entry);
        let is_first = match of {
            Some(contact) => {
                let of_contact = self.by_contact.entry(contact.clone()).or_default();
                of_contact.insert(number);
                of_contact.first() == Some(&number)
            }
            None => true,
        };
        if is_first {
            self.ready.insert(number);
        }
    }

    /// The next event to send, if any may be.
    pub fn next_to_send(&mut self) -> Option<(EventNumber, GatewayTells)> {
        let number = self.ready.pop_first()?;
        let event = EventNumber::new(number).expect("numbers were checked when they were given");
        Some((event, self.entries[&number].tells.clone()))
    }

    /// It has been answered for good: the contact's next may go.
    pub fn acknowledged(&mut self, event: EventNumber) -> Option<GatewayTells> {
        let number = event.get();
        let entry = self.entries.remove(&number)?;
        self.ready.remove(&number);
        if let Some(contact) = &entry.of
            && let Some(of_contact) = self.by_contact.get_mut(contact)
        {
            of_contact.remove(&number);
            match of_contact.first() {
                Some(next) => {
                    self.ready.insert(*next);
                }
                None => {
                    self.by_contact.remove(contact);
                }
            }
        }
        Some(entry.tells)
    }

    /// To be sent again under its old number.
    pub fn send_again(&mut self, event: EventNumber) {
        if self.entries.contains_key(&event.get()) {
            self.ready.insert(event.get());
        }
    }

    /// The server will hear nothing more of this contact.
    pub fn drop_of(&mut self, contact: &Ref) {
        for number in self.by_contact.remove(contact).unwrap_or_default() {
            self.entries.remove(&number);
            self.ready.remove(&number);
        }
    }

    /// The socket died: everything is sent again, but for inventories, which are old by then.
    pub fn disconnected(&mut self) {
        self.entries.retain(|_, entry| entry.of.is_some());
        self.ready = self.by_contact.values().filter_map(|of_contact| of_contact.first().copied()).collect();
    }

    /// Whether anything of the contact is still to be acknowledged.
    #[must_use]
    pub fn tells_of(&self, contact: &Ref) -> bool {
        self.by_contact.contains_key(contact)
    }

    /// Whether the contact's connection is still to be acknowledged.
    pub fn tells_connected(&self, contact: &Ref) -> bool {
        let numbers = self.by_contact.get(contact).into_iter().flatten();
        numbers.into_iter().any(|number| matches!(self.entries[number].tells, GatewayTells::ContactConnected(_)))
    }

    /// Whether how its call goes on is still to be acknowledged.
    pub fn tells_progress(&self, contact: &Ref) -> bool {
        let numbers = self.by_contact.get(contact).into_iter().flatten();
        numbers.into_iter().any(|number| matches!(self.entries[number].tells, GatewayTells::CallProgress(_)))
    }

    /// Events not yet acknowledged.
    pub fn pending(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ContactAbandoned;

    fn abandoned(contact: &Ref) -> impl FnOnce(EventNumber, Time) -> GatewayTells {
        let r#ref = contact.clone();
        move |event, occurred_at| GatewayTells::ContactAbandoned(ContactAbandoned { event, occurred_at, r#ref })
    }

    fn sent(tells: &mut Tells) -> Vec<u64> {
        std::iter::from_fn(|| tells.next_to_send()).map(|(event, _)| event.get()).collect()
    }

    #[test]
    fn one_of_a_contact_is_on_its_way_and_a_dead_socket_repeats_it_under_its_number() {
        let (a, b) = (Ref::clipped("a"), Ref::clipped("b"));
        let mut tells = Tells::default();
        for contact in [&a, &a, &b] {
            tells.push(Some(contact), 0, abandoned(contact));
        }
        assert_eq!(sent(&mut tells), [1, 3]);
        assert_eq!(sent(&mut tells), [0; 0]);
        tells.send_again(EventNumber::new(3).unwrap());
        assert_eq!(sent(&mut tells), [3]);
        tells.acknowledged(EventNumber::new(1).unwrap()).unwrap();
        tells.disconnected();
        assert_eq!(sent(&mut tells), [2, 3]);
        tells.go_on_after(10);
        tells.drop_of(&b);
        tells.push(Some(&b), 0, abandoned(&b));
        assert_eq!(sent(&mut tells), [11]);
        assert!(tells.acknowledged(EventNumber::new(3).unwrap()).is_none());
        assert_eq!(tells.pending(), 2);
    }
}
