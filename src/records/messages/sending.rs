//! Agents' messages on their way to the customer: which are still to be sent, and what became of them. Sends none.

use crate::customers::message::{Message, MessageStatus};
use crate::routing::ids::EventNo;
use crate::routing::time::Timestamp;

use super::super::connection::values;
use super::super::customers::word_of;
use super::super::error::RecordsError;
use super::super::statements::messages::{MESSAGES_TO_SEND, OVERDUE_MESSAGES, SET_MESSAGE_STATUS};
use super::super::store::Records;
use super::read::MessageRow;

/// A message that no gateway has said anything of yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageToSend {
    pub order: EventNo,
    pub not_after: Timestamp,
    pub message: Message,
}

#[derive(sqlx::FromRow)]
struct ToSendRow {
    event_no: i64,
    not_after_ms: i64,
    #[sqlx(flatten)]
    message: MessageRow,
}

impl Records {
    /// What became of the message that the order `order` sends. None: there is no such message, or that was known.
    ///
    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn set_message_status(
        &self,
        order: EventNo,
        status: MessageStatus,
    ) -> Result<Option<Message>, RecordsError> {
        let mut transaction = self.begin().await?;
        let word = word_of(&status);
        let set = values![order.0.cast_signed(), &word];
        let row: Option<MessageRow> = transaction.row(SET_MESSAGE_STATUS, set).await?;
        transaction.commit().await?;
        row.map(Message::try_from).transpose()
    }

    /// Those that have passed and may still be sent, in the order in which they passed; `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn messages_to_send(&self, now: Timestamp, limit: u32) -> Result<Vec<MessageToSend>, RecordsError> {
        let rows: Vec<ToSendRow> = self.rows(MESSAGES_TO_SEND, values![now.0, i64::from(limit)]).await?;
        rows.into_iter()
            .map(|row| {
                let (order, not_after) = (EventNo(row.event_no.cast_unsigned()), Timestamp(row.not_after_ms));
                Ok(MessageToSend { order, not_after, message: row.message.try_into()? })
            })
            .collect()
    }

    /// The orders that nobody said anything of until that time; `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn overdue_messages(&self, until: Timestamp, limit: u32) -> Result<Vec<EventNo>, RecordsError> {
        let rows: Vec<(i64,)> = self.rows(OVERDUE_MESSAGES, values![until.0, i64::from(limit)]).await?;
        Ok(rows.into_iter().map(|(order,)| EventNo(order.cast_unsigned())).collect())
    }
}
