//! What people add to an interaction: whose it was, what came of it, how content the customer was. Ends no contact.

use crate::customers::change::{ChangedField, Stamp};
use crate::customers::ids::CustomerId;
use crate::customers::interaction::{Interaction, Satisfaction};
use crate::customers::text::ReferenceText;
use crate::routing::command::Disposition;
use crate::routing::ids::{ContactId, SegmentId};

use super::super::connection::{Transaction, values};
use super::super::statements::interactions::{
    ATTACH_CUSTOMER, ATTACH_NOTES, ATTACH_WORK, LOCK_INTERACTION, SET_DISPOSITION, SET_REFERENCES, SET_SATISFACTION,
    SET_SEGMENT_DISPOSITION,
};
use super::super::store::Records;
use super::change::lock;
use super::error::InteractionError;
use super::history::History;
use super::interactions::{InteractionRow, interaction_of, lock_whole};
use super::rows::stored;

impl Records {
    /// Says whose contact it was, or that it was nobody's. Its notes go along, and its work unless that was
    /// given to somebody else. Whether it was not so already.
    ///
    /// # Errors
    /// When the interaction is not stored (yet), there is no such customer, or it was merged away.
    pub async fn attach_interaction(
        &self,
        contact: ContactId,
        customer: Option<CustomerId>,
        stamp: &Stamp,
    ) -> Result<bool, InteractionError> {
        let mut transaction = self.begin().await?;
        if let Some(customer) = customer {
            lock(&mut transaction, customer).await?;
        }
        let before = lock_interaction(&mut transaction, contact).await?.customer;
        if before == customer {
            return Ok(false);
        }
        let (attached, from) = (customer.map(|customer| customer.0), before.map(|customer| customer.0));
        transaction.execute(ATTACH_CUSTOMER, values![stored(contact), attached]).await?;
        transaction.execute(ATTACH_NOTES, values![stored(contact), attached]).await?;
        transaction.execute(ATTACH_WORK, values![stored(contact), attached, from]).await?;
        let mut history = History::of(stamp, before).about_contact(contact);
        let name = |customer: Option<CustomerId>| customer.map(|customer| customer.to_string());
        if before.is_some() {
            history.note(ChangedField::Customer, name(before), name(customer));
        }
        if customer.is_some() {
            history.turn_to(customer);
            history.note(ChangedField::Customer, name(before), name(customer));
        }
        history.write(&mut transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// What came of the contact, and of one agent's part in it. Whether it was not so already.
    ///
    /// # Errors
    /// When the interaction or the segment is not stored (yet).
    pub async fn set_disposition(
        &self,
        contact: ContactId,
        segment: Option<SegmentId>,
        disposition: &Disposition,
        stamp: &Stamp,
    ) -> Result<bool, InteractionError> {
        let mut transaction = self.begin().await?;
        let before = lock_interaction(&mut transaction, contact).await?;
        if let Some(segment) = segment {
            let set = values![stored(contact), segment.0.cast_signed(), &*disposition.0];
            if transaction.execute(SET_SEGMENT_DISPOSITION, set).await? == 0 {
                return Err(InteractionError::UnknownSegment { contact, segment });
            }
        }
        transaction.execute(SET_DISPOSITION, values![stored(contact), &*disposition.0]).await?;
        let mut history = History::of(stamp, before.customer).about_contact(contact);
        let was = before.disposition.map(|disposition| disposition.0.to_string());
        history.note(ChangedField::Disposition, was, Some(disposition.0.to_string()));
        let changed = !history.is_empty();
        history.write(&mut transaction).await?;
        transaction.commit().await?;
        Ok(changed)
    }

    /// Whether it was not so already.
    ///
    /// # Errors
    /// When the interaction is not stored (yet).
    pub async fn set_satisfaction(
        &self,
        contact: ContactId,
        satisfaction: Satisfaction,
        stamp: &Stamp,
    ) -> Result<bool, InteractionError> {
        let mut transaction = self.begin().await?;
        let before = lock_interaction(&mut transaction, contact).await?;
        let score = i64::from(satisfaction.score());
        transaction.execute(SET_SATISFACTION, values![stored(contact), score]).await?;
        let mut history = History::of(stamp, before.customer).about_contact(contact);
        let was = before.satisfaction.map(|satisfaction| satisfaction.score().to_string());
        history.note(ChangedField::Satisfaction, was, Some(score.to_string()));
        let changed = !history.is_empty();
        history.write(&mut transaction).await?;
        transaction.commit().await?;
        Ok(changed)
    }
}

/// What a person or a host system writes of an interaction; None stays as it is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InteractionChange {
    pub satisfaction: Option<Option<Satisfaction>>,
    pub recording: Option<Option<ReferenceText>>,
    pub transcript: Option<Option<ReferenceText>>,
}

impl Records {
    /// Changes what differs, if the interaction is still as `is_expected` wants it: how it is then.
    ///
    /// # Errors
    /// When the interaction is not stored (yet), or is not as it was expected.
    pub async fn change_interaction(
        &self,
        contact: ContactId,
        change: &InteractionChange,
        is_expected: impl FnOnce(&Interaction) -> bool + Send,
        stamp: &Stamp,
    ) -> Result<Interaction, InteractionError> {
        let mut transaction = self.begin().await?;
        let before = lock_whole(&mut transaction, contact).await?.ok_or(InteractionError::Unknown(contact))?;
        if !is_expected(&before) {
            return Err(InteractionError::Conflict { found: Box::new(before) });
        }
        let mut after = before.clone();
        let InteractionChange { satisfaction, recording, transcript } = change.clone();
        after.satisfaction = satisfaction.unwrap_or(after.satisfaction);
        after.recording = recording.unwrap_or(after.recording);
        after.transcript = transcript.unwrap_or(after.transcript);
        let mut history = History::of(stamp, before.customer).about_contact(contact);
        let score = |of: &Interaction| of.satisfaction.map(|satisfaction| satisfaction.score().to_string());
        history.note(ChangedField::Satisfaction, score(&before), score(&after));
        let text = |text: &Option<ReferenceText>| text.as_ref().map(|text| text.as_str().to_owned());
        history.note(ChangedField::Recording, text(&before.recording), text(&after.recording));
        history.note(ChangedField::Transcript, text(&before.transcript), text(&after.transcript));
        if history.is_empty() {
            return Ok(before);
        }
        let set = values![
            stored(contact),
            after.satisfaction.map(|satisfaction| i64::from(satisfaction.score())),
            after.recording.as_ref().map(|text| text.as_str()),
            after.transcript.as_ref().map(|text| text.as_str()),
        ];
        transaction.execute(SET_REFERENCES, set).await?;
        history.write(&mut transaction).await?;
        transaction.commit().await?;
        Ok(after)
    }
}

/// The interaction without its visits and segments; nobody else changes it until the transaction ends.
async fn lock_interaction(transaction: &mut Transaction, contact: ContactId) -> Result<Interaction, InteractionError> {
    let row: Option<InteractionRow> = transaction.row(LOCK_INTERACTION, values![stored(contact)]).await?;
    Ok(interaction_of(row.ok_or(InteractionError::Unknown(contact))?, Vec::new(), Vec::new())?)
}
