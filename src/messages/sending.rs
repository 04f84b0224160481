//! What became of agents' messages, and those that are ordered again. Writes no text.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::time::timeout;

use super::writer::{AGAIN, WRITTEN_WITHIN, Writer, unanswered};
use crate::customers::message::MessageStatus;
use crate::records::MessageToSend;
use crate::router_handle::{MessageOrder, Read, Rejection};
use crate::routing::ids::{ContactId, ContactRef, EventNo, GatewayId};
use crate::routing::time::{Millis, Timestamp};

/// An order that was carried out in its last moment is heard of a little later.
const HEARD_LATE: Millis = Millis::seconds(5);
/// Read at a time.
const ORDERS_READ_MAX: u32 = 1_000;

impl Writer {
    pub(super) async fn note_outcome(&self, order: EventNo, status: MessageStatus) -> Result<Timestamp, Rejection> {
        let noted = timeout(WRITTEN_WITHIN, self.parts.records.set_message_status(order, status)).await;
        match noted {
            Ok(Ok(changed)) => {
                if let Some(message) = changed
                    && let Some(agent) = message.agent.clone()
                {
                    self.parts.tells.status(&agent, Arc::new(message));
                }
                self.parts.underway.forget(order);
                Ok(self.parts.clock.now())
            }
            Ok(Err(error)) => {
                unanswered(&error);
                Err(AGAIN)
            }
            Err(_) => Err(AGAIN),
        }
    }

    pub(super) async fn give_up_overdue(&self) {
        let until = self.parts.clock.now() - HEARD_LATE;
        match self.parts.records.overdue_messages(until, ORDERS_READ_MAX).await {
            Ok(overdue) => {
                for order in overdue {
                    // Asked again in a moment, when it fails.
                    let _ = self.note_outcome(order, MessageStatus::Failed).await;
                }
            }
            Err(error) => unanswered(&error),
        }
    }

    pub(super) async fn send_again(&self, gateway: GatewayId) {
        let to_send = match self.parts.records.messages_to_send(self.parts.clock.now(), ORDERS_READ_MAX).await {
            Ok(to_send) => to_send,
            Err(error) => return unanswered(&error),
        };
        if to_send.is_empty() {
            return;
        }
        let references = self.references(gateway.clone(), &to_send).await;
        for MessageToSend { order, not_after, message } in to_send {
            let contact = message.place.contact;
            let Some(reference) = references.get(&contact).cloned() else { continue };
            self.parts.underway.ordered_again(order);
            let order = MessageOrder { order, not_after, contact, reference, no: message.place.no };
            self.parts.tells.order(&gateway, order, Arc::new(message));
        }
    }

    /// What the gateway calls those of these contacts that are its own.
    async fn references(&self, gateway: GatewayId, to_send: &[MessageToSend]) -> BTreeMap<ContactId, ContactRef> {
        let contacts: Vec<ContactId> = to_send.iter().map(|one| one.message.place.contact).collect();
        let asked = self.parts.router.ask(Read::Exact, move |view| {
            let state = view.router.state();
            let no = state.gateway_no(&gateway);
            let known = contacts.into_iter().filter_map(|id| Some((id, state.contacts.get(&id)?)));
            known
                .filter(|(_, contact)| Some(contact.gateway) == no)
                .map(|(id, contact)| (id, contact.reference.clone()))
                .collect()
        });
        asked.await.unwrap_or_default()
    }
}
