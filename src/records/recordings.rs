//! Recordings of calls, as their gateways told of them, and which files are to go. Orders nothing.

use crate::customers::change::Stamp;
use crate::customers::recording::{CallRecording, RecordingNews};
use crate::routing::ids::{ContactId, GatewayId, RecordingId};
use crate::routing::personal::RecordingFile;
use crate::routing::time::{Millis, Timestamp};

use super::audit::append;
use super::connection::{Transaction, json, values};
use super::customers::{Columns, contact_of, stored, word_of};
use super::error::RecordsError;
use super::statements::recordings::{
    ADD_RECORDING, ASK_TO_ERASE, ASK_TO_ERASE_OF_CONTACTS, ERASE_RECORDING_OF_ERASED, RECORDING,
    RECORDINGS_OF_CONTACTS, RECORDINGS_TO_ERASE, SET_RECORDING_ERASED, TELL_RECORDING,
};
use super::store::Records;
use super::{Act, AuditEntry};

/// How long a gateway may say the last word of a recording before its file is asked to go all the same.
const LAST_WORD_WITHIN: Millis = Millis::minutes(24 * 60);

#[derive(sqlx::FromRow)]
struct RecordingRow {
    id: i64,
    contact: i64,
    gateway: String,
    ordered_at_ms: i64,
    state: Option<String>,
    file: Option<String>,
    duration_ms: Option<i64>,
    failure: Option<String>,
    erase_asked_at_ms: Option<i64>,
    erased_at_ms: Option<i64>,
}

impl RecordingRow {
    fn read(self) -> Result<CallRecording, RecordsError> {
        let columns = Columns("recording");
        Ok(CallRecording {
            id: RecordingId(self.id.cast_unsigned()),
            contact: contact_of(self.contact),
            gateway: columns.text("gateway", self.gateway)?,
            ordered_at: Timestamp(self.ordered_at_ms),
            state: columns.word_if_any("state", self.state)?,
            file: self.file.map(|file| RecordingFile(file.into())),
            length: self.duration_ms.map(Millis),
            failure: columns.word_if_any("failure", self.failure)?,
            erase_asked_at: self.erase_asked_at_ms.map(Timestamp),
            erased_at: self.erased_at_ms.map(Timestamp),
        })
    }
}

impl Records {
    /// The oldest first.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn recordings_of(&self, contacts: &[ContactId]) -> Result<Vec<CallRecording>, RecordsError> {
        let contacts = json(&contacts.iter().copied().map(stored).collect::<Vec<i64>>());
        let rows: Vec<RecordingRow> = self.rows(RECORDINGS_OF_CONTACTS, values![&contacts]).await?;
        rows.into_iter().map(RecordingRow::read).collect()
    }

    /// From now on its gateway is asked to erase the file. None: there is no such recording.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed.
    pub async fn ask_to_erase_recording(
        &self,
        recording: RecordingId,
        stamp: &Stamp,
    ) -> Result<Option<CallRecording>, RecordsError> {
        let mut transaction = self.begin().await?;
        let id = recording.0.cast_signed();
        let asked = transaction.execute(ASK_TO_ERASE, values![id, stamp.at.0]).await?;
        let row: Option<RecordingRow> = transaction.row(RECORDING, values![id]).await?;
        let Some(found) = row.map(RecordingRow::read).transpose()? else { return Ok(None) };
        if asked > 0 {
            let entry = AuditEntry::new(stamp.at, stamp.by.clone(), Act::RecordingErased);
            append(&mut transaction, &[entry.about(found.contact).with("recording", recording.0)]).await?;
        }
        transaction.commit().await?;
        Ok(Some(found))
    }

    /// Those whose files are to go, after that one, `limit` at most. What may still be written to is left for later.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn recordings_to_erase(
        &self,
        after: RecordingId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<CallRecording>, RecordsError> {
        let asked = values![after.0.cast_signed(), (now - LAST_WORD_WITHIN).0, i64::from(limit)];
        let rows: Vec<RecordingRow> = self.rows(RECORDINGS_TO_ERASE, asked).await?;
        rows.into_iter().map(RecordingRow::read).collect()
    }

    /// Its gateway has the file no more. Whether it was one that was to go.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recording_erased(
        &self,
        recording: RecordingId,
        gateway: &GatewayId,
        at: Timestamp,
    ) -> Result<bool, RecordsError> {
        let mut transaction = self.begin().await?;
        let set = values![recording.0.cast_signed(), gateway.as_str(), at.0];
        let changed = transaction.execute(SET_RECORDING_ERASED, set).await?;
        transaction.commit().await?;
        Ok(changed > 0)
    }
}

/// The same again changes nothing more.
pub(super) async fn write_recordings(transaction: &mut Transaction, news: &[RecordingNews]) -> Result<(), sqlx::Error> {
    for one in news {
        match one {
            RecordingNews::Ordered { recording, contact, gateway, at } => {
                let added = values![recording.0.cast_signed(), stored(*contact), gateway.as_str(), at.0];
                transaction.execute(ADD_RECORDING, added).await?;
            }
            RecordingNews::Told { recording, at, state, file, length, why } => {
                let id = recording.0.cast_signed();
                let (state, why) = (word_of(state), why.as_ref().map(word_of));
                let (file, length) = (file.as_ref().map(|file| &*file.0), length.map(|length| length.0));
                let told = values![id, state.as_str(), file, length, why.as_deref()];
                transaction.execute(TELL_RECORDING, told).await?;
                transaction.execute(ERASE_RECORDING_OF_ERASED, values![id, at.0]).await?;
            }
        }
    }
    Ok(())
}

/// Of these contacts, a JSON array.
pub(super) async fn erase_recordings_of(
    transaction: &mut Transaction,
    contacts: &str,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    transaction.execute(ASK_TO_ERASE_OF_CONTACTS, values![contacts, at.0]).await.map(drop)
}
