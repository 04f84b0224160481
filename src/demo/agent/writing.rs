//! What a virtual agent writes to the customers of his chats: a greeting, and an answer to what they write.

use uuid::Uuid;

use super::agenda::Due;
use super::desk::Desk;
use super::requests::Ask;
use crate::demo::conversation::{Language, of_agent};
use crate::demo::habits::Span;
use crate::protocol::{
    Channel, ContactId, ContactOffered, MessageBy, MessageId, MessageReceived, MessageSend, MessageText, WritingAsk,
};

/// Reading and typing.
const WRITES_AFTER: Span = Span::seconds(3, 12);

impl Desk {
    pub(super) fn begin_conversation(&mut self, offered: &ContactOffered) {
        if offered.contact.channel == Channel::Chat {
            let named = offered.contact.attributes.values().get("language").and_then(|named| named.as_str());
            self.conversations.entry(offered.contact.id.clone()).or_insert((Language::named(named), 0));
        }
    }

    pub(super) fn read(&mut self, received: &MessageReceived) {
        if received.message.by == MessageBy::Customer {
            self.mean_to_write(&received.contact);
        }
    }

    /// One answer to all that was written meanwhile.
    pub(super) fn mean_to_write(&mut self, contact: &ContactId) {
        let due = Due::Write(contact.clone());
        if self.conversations.contains_key(contact) && !self.agenda.has(&due) {
            let wait_ms = WRITES_AFTER.draw(&mut self.random);
            self.after(wait_ms, due);
        }
    }

    pub(super) fn write(&mut self, contact: ContactId) {
        let Some((language, turn)) = self.conversations.get_mut(&contact) else { return };
        let text = MessageText::clipped(of_agent(*language, contact.as_str(), *turn));
        *turn += 1;
        let message = MessageId::clipped(&Uuid::new_v4().to_string());
        self.requests.add(Ask::Writing(WritingAsk::Send(MessageSend { contact, message, text })));
    }
}
