//! Writes messages, and with which events they passed. Decides nothing about them.

use crate::customers::message::{MessageBy, MessageName, MessagePlace, MessageStatus, MessageText};
use crate::routing::ids::{AgentId, ContactId, EventNo};
use crate::routing::time::Timestamp;

use super::super::connection::{Transaction, json, values};
use super::super::customers::{Columns, stored, word_of};
use super::super::error::RecordsError;
use super::super::statements::messages::{
    ADD_MESSAGE, DROP_MESSAGE, DROP_MESSAGES_OF_ERASED, MESSAGE_NAMED, SET_MESSAGE_EVENT,
};
use super::super::store::Records;

/// A message to be written.
#[derive(Clone, Debug)]
pub struct NewMessage<'m> {
    pub contact: ContactId,
    pub name: &'m MessageName,
    pub by: MessageBy,
    pub agent: Option<&'m AgentId>,
    pub text: &'m MessageText,
    pub at: Timestamp,
    pub status: MessageStatus,
    /// Of one that a gateway is to send.
    pub not_after: Option<Timestamp>,
}

/// Where a message is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AddedMessage {
    pub place: MessagePlace,
    pub at: Timestamp,
    /// False: it was there.
    pub is_new: bool,
    pub has_passed: bool,
}

impl Records {
    /// Each after those that its contact has; one whose name its contact has already stays as it is.
    ///
    /// # Errors
    /// When the database does not answer; nothing was written.
    pub async fn add_messages(&self, messages: &[NewMessage<'_>]) -> Result<Vec<AddedMessage>, RecordsError> {
        let mut transaction = self.begin().await?;
        let mut added = Vec::with_capacity(messages.len());
        for message in messages {
            added.push(add(&mut transaction, message).await?);
        }
        transaction.commit().await?;
        Ok(added)
    }

    /// The message of this name, if its contact has it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn message_named(
        &self,
        contact: ContactId,
        name: &MessageName,
    ) -> Result<Option<AddedMessage>, RecordsError> {
        let row: Option<NamedRow> = self.row(MESSAGE_NAMED, values![stored(contact), name.as_str()]).await?;
        row.map(|row| there(contact, row)).transpose()
    }

    /// Those that have not passed.
    ///
    /// # Errors
    /// When the database does not answer; nothing was removed.
    pub async fn drop_messages(&self, places: &[MessagePlace]) -> Result<(), RecordsError> {
        let mut transaction = self.begin().await?;
        for place in places {
            transaction.execute(DROP_MESSAGE, values![stored(place.contact), i64::from(place.no)]).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// From now on they are shown. [`EventNo::ZERO`]: it came when its contact was over.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn messages_passed(&self, passed: &[(MessagePlace, EventNo)]) -> Result<(), RecordsError> {
        let mut transaction = self.begin().await?;
        set_passed(&mut transaction, passed).await?;
        Ok(transaction.commit().await?)
    }
}

pub(in crate::records) async fn set_passed(
    transaction: &mut Transaction,
    passed: &[(MessagePlace, EventNo)],
) -> Result<(), sqlx::Error> {
    for (place, event) in passed {
        let set = values![stored(place.contact), i64::from(place.no), event.0.cast_signed()];
        transaction.execute(SET_MESSAGE_EVENT, set).await?;
    }
    Ok(())
}

/// A contact that goes on after its person was erased leaves no texts.
pub(in crate::records) async fn drop_of_erased(
    transaction: &mut Transaction,
    contacts: &[ContactId],
) -> Result<(), sqlx::Error> {
    let contacts: Vec<i64> = contacts.iter().copied().map(stored).collect();
    transaction.execute(DROP_MESSAGES_OF_ERASED, values![&json(&contacts)]).await.map(drop)
}

async fn add(transaction: &mut Transaction, message: &NewMessage<'_>) -> Result<AddedMessage, RecordsError> {
    let contact = stored(message.contact);
    let named: Option<NamedRow> = transaction.row(MESSAGE_NAMED, values![contact, message.name.as_str()]).await?;
    if let Some(row) = named {
        return there(message.contact, row);
    }
    let (by, status) = (word_of(&message.by), word_of(&message.status));
    let added = values![
        contact,
        message.name.as_str(),
        &by,
        message.agent.map(AgentId::as_str),
        message.text.as_str(),
        message.at.0,
        &status,
        message.not_after.map(|at| at.0),
    ];
    let place = MessagePlace { contact: message.contact, no: no_of(transaction.number(ADD_MESSAGE, added).await?)? };
    Ok(AddedMessage { place, at: message.at, is_new: true, has_passed: false })
}

/// Number, time, event.
type NamedRow = (i64, i64, Option<i64>);

fn there(contact: ContactId, (no, at_ms, event_no): NamedRow) -> Result<AddedMessage, RecordsError> {
    let place = MessagePlace { contact, no: no_of(no)? };
    Ok(AddedMessage { place, at: Timestamp(at_ms), is_new: false, has_passed: event_no.is_some() })
}

pub(super) fn no_of(stored: i64) -> Result<u32, RecordsError> {
    u32::try_from(stored).map_err(|_| Columns("message").unreadable("no"))
}
