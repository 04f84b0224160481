//! Reads what was written in a contact. Changes nothing.

use crate::customers::message::{Message, MessagePlace};
use crate::routing::ids::ContactId;
use crate::routing::time::Timestamp;

use super::super::connection::values;
use super::super::customers::{Columns, contact_of, stored};
use super::super::error::RecordsError;
use super::super::statements::messages::{COUNT_MESSAGES, MESSAGES_OF_CONTACT};
use super::super::store::Records;
use super::add::no_of;

#[derive(sqlx::FromRow)]
pub(super) struct MessageRow {
    contact: i64,
    no: i64,
    name: String,
    spoken_by: String,
    agent: Option<String>,
    body: String,
    at_ms: i64,
    status: String,
}

impl TryFrom<MessageRow> for Message {
    type Error = RecordsError;

    fn try_from(row: MessageRow) -> Result<Message, RecordsError> {
        let columns = Columns("message");
        Ok(Message {
            place: MessagePlace { contact: contact_of(row.contact), no: no_of(row.no)? },
            name: columns.text("name", row.name)?,
            by: columns.word("spoken_by", row.spoken_by)?,
            agent: columns.text_if_any("agent", row.agent)?,
            text: columns.text("body", row.body)?,
            at: Timestamp(row.at_ms),
            status: columns.word("status", row.status)?,
        })
    }
}

/// The newest messages of a contact.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListedMessages {
    /// The oldest first.
    pub messages: Vec<Message>,
    /// How many older ones there are.
    pub left_out: u64,
}

impl Records {
    /// What has passed: the newest, `limit` at most, and as many of them as have `bytes_max` together.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn messages_of_contact(
        &self,
        contact: ContactId,
        limit: u32,
        bytes_max: usize,
    ) -> Result<ListedMessages, RecordsError> {
        let rows: Vec<MessageRow> = self.rows(MESSAGES_OF_CONTACT, values![stored(contact), i64::from(limit)]).await?;
        let found: Option<(i64,)> = self.row(COUNT_MESSAGES, values![stored(contact)]).await?;
        let mut bytes = 0;
        let newest = rows.into_iter().take_while(|row| {
            bytes += row.body.len();
            bytes <= bytes_max
        });
        let mut messages: Vec<Message> = newest.map(Message::try_from).collect::<Result<_, _>>()?;
        messages.reverse();
        let in_all = found.map_or(0, |(count,)| count.unsigned_abs());
        Ok(ListedMessages { left_out: in_all.saturating_sub(messages.len() as u64), messages })
    }
}
