//! Messages between their row and the commit of their event, and the orders that send them. Reads no row.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::customers::message::{Message, MessagePlace};
use crate::routing::ids::EventNo;

/// Orders remembered; of older ones the router is told, which knows none of them.
const ORDERS_MAX: usize = 65_536;

#[derive(Default)]
struct Known {
    messages: BTreeMap<MessagePlace, (Arc<Message>, Option<EventNo>)>,
    orders: BTreeSet<EventNo>,
}

/// Shared by whoever writes messages and whoever tells of them.
#[derive(Default)]
pub struct Underway(Mutex<Known>);

impl Underway {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().expect("nobody panics with it")
    }

    pub(super) fn begin(&self, message: Arc<Message>) {
        self.known().messages.insert(message.place, (message, None));
    }

    /// The order that sends it, if it was ordered.
    pub(super) fn end(&self, place: MessagePlace) -> Option<EventNo> {
        self.known().messages.remove(&place).and_then(|(_, order)| order)
    }

    #[must_use]
    pub fn message(&self, place: MessagePlace) -> Option<Arc<Message>> {
        self.known().messages.get(&place).map(|(message, _)| Arc::clone(message))
    }

    /// The message that this order sends.
    #[must_use]
    pub fn ordered(&self, place: MessagePlace, order: EventNo) -> Option<Arc<Message>> {
        let mut known = self.known();
        let (message, ordered) = known.messages.get_mut(&place)?;
        *ordered = Some(order);
        let message = Arc::clone(message);
        remember(&mut known.orders, order);
        Some(message)
    }

    pub(super) fn ordered_again(&self, order: EventNo) {
        remember(&mut self.known().orders, order);
    }

    /// Whether the order sends a message.
    #[must_use]
    pub fn is_order(&self, order: EventNo) -> bool {
        self.known().orders.contains(&order)
    }

    pub(super) fn forget(&self, order: EventNo) {
        self.known().orders.remove(&order);
    }
}

fn remember(orders: &mut BTreeSet<EventNo>, order: EventNo) {
    orders.insert(order);
    if orders.len() > ORDERS_MAX {
        orders.pop_first();
    }
}
