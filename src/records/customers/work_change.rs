//! Changes work: taken, updated, escalated, closed, turned into a contact. Lists none.

use crate::customers::change::{ChangedField, Stamp};
use crate::customers::ids::{Version, WorkId};
use crate::customers::text::NoteText;
use crate::customers::work::{Escalation, Work, WorkFields, WorkState};
use crate::routing::ids::{AgentId, ContactId, TeamId};
use crate::routing::time::Timestamp;

use super::super::connection::{Transaction, values};
use super::super::statements::work::{CHANGE_WORK, LOCK_WORK};
use super::super::store::Records;
use super::error::WorkError;
use super::history::History;
use super::rows::{stored, word_of};
use super::work::{WorkRow, due_ms};

/// How the task that a piece of work became goes on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TaskStands {
    InHand {
        agent: AgentId,
    },
    /// Nobody has it any more.
    Waiting,
    /// What came of it stands with the contact.
    Done,
}

impl Records {
    /// The agent is at it now, and it stands in his list.
    ///
    /// # Errors
    /// When there is no such work, it is closed, or somebody changed it meanwhile: two who take it at once do
    /// not both get it.
    pub async fn take_work(
        &self,
        id: WorkId,
        expected: Version,
        agent: &AgentId,
        stamp: &Stamp,
    ) -> Result<Work, WorkError> {
        self.change_work(id, Some(expected), stamp, |work| {
            work.state = WorkState::Taken;
            work.fields.owner = Some(agent.clone());
            Ok(())
        })
        .await
    }

    /// Changes what differs. Work that is given to somebody else is open again; work with a new due time falls due
    /// again, whatever contact it became before.
    ///
    /// # Errors
    /// When there is no such work, it is closed, or somebody changed it meanwhile.
    pub async fn update_work(
        &self,
        id: WorkId,
        expected: Version,
        fields: &WorkFields,
        stamp: &Stamp,
    ) -> Result<Work, WorkError> {
        self.change_work(id, Some(expected), stamp, |work| {
            if work.fields.owner != fields.owner {
                work.state = WorkState::Open;
            }
            if work.fields.due != fields.due {
                work.task_contact = None;
            }
            work.fields = fields.clone();
            Ok(())
        })
        .await
    }

    /// Hands it to a team that decides more: it is open, nobody's yet, and stands in that team's list.
    ///
    /// # Errors
    /// When there is no such work, it is closed, or somebody changed it meanwhile.
    pub async fn escalate_work(
        &self,
        id: WorkId,
        expected: Version,
        to: &TeamId,
        reason: &NoteText,
        stamp: &Stamp,
    ) -> Result<Work, WorkError> {
        self.change_work(id, Some(expected), stamp, |work| {
            work.state = WorkState::Open;
            work.fields.owner = None;
            work.fields.owner_team = Some(to.clone());
            work.escalation = Some(Escalation { to: to.clone(), at: stamp.at, reason: reason.clone() });
            Ok(())
        })
        .await
    }

    /// # Errors
    /// When there is no such work, it is closed already, or somebody changed it meanwhile.
    pub async fn close_work(
        &self,
        id: WorkId,
        expected: Version,
        outcome: &NoteText,
        stamp: &Stamp,
    ) -> Result<Work, WorkError> {
        self.change_work(id, Some(expected), stamp, |work| {
            work.state = WorkState::Closed;
            work.outcome = Some(outcome.clone());
            Ok(())
        })
        .await
    }

    /// It is routed as this contact now. `instead_of`: the contact it was known to have become before.
    ///
    /// # Errors
    /// When there is no such work, it is closed, or it became another contact meanwhile.
    pub async fn work_became_contact(
        &self,
        id: WorkId,
        contact: ContactId,
        instead_of: Option<ContactId>,
        stamp: &Stamp,
    ) -> Result<Work, WorkError> {
        self.change_work(id, None, stamp, |work| match work.task_contact {
            Some(there) if there != contact && Some(there) != instead_of => {
                Err(WorkError::ContactThere { work: id, contact: there })
            }
            Some(_) | None => {
                work.task_contact = Some(contact);
                Ok(())
            }
        })
        .await
    }

    /// How its task goes on: in an agent's hands, waiting again, or over.
    ///
    /// # Errors
    /// When there is no such work, or it is closed already.
    pub async fn follow_task(&self, id: WorkId, task: &TaskStands, stamp: &Stamp) -> Result<Work, WorkError> {
        self.change_work(id, None, stamp, |work| {
            match task {
                TaskStands::InHand { agent } => {
                    work.state = WorkState::Taken;
                    work.fields.owner = Some(agent.clone());
                }
                TaskStands::Waiting => work.state = WorkState::Open,
                TaskStands::Done => {
                    work.state = WorkState::Closed;
                    work.outcome = Some(NoteText::default());
                }
            }
            Ok(())
        })
        .await
    }

    /// The work as it is after `change`; what is already so is no change.
    async fn change_work(
        &self,
        id: WorkId,
        expected: Option<Version>,
        stamp: &Stamp,
        change: impl FnOnce(&mut Work) -> Result<(), WorkError>,
    ) -> Result<Work, WorkError> {
        let mut transaction = self.begin().await?;
        let row: Option<WorkRow> = transaction.row(LOCK_WORK, values![id.0]).await?;
        let before = Work::try_from(row.ok_or(WorkError::Unknown(id))?)?;
        let found = before.version;
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            return Err(WorkError::Conflict { work: id, expected, found });
        }
        match before.state {
            WorkState::Open | WorkState::Taken => {}
            WorkState::Closed => return Err(WorkError::Closed(id)),
        }
        let mut after = before.clone();
        change(&mut after)?;
        let mut history = History::of(stamp, before.customer).about_work(id);
        note_differences(&mut history, &before, &after);
        if history.is_empty() {
            return Ok(before);
        }
        after.version = Version(found.0 + 1);
        after.changed = stamp.clone();
        store(&mut transaction, &after).await?;
        history.write(&mut transaction).await?;
        transaction.commit().await?;
        Ok(after)
    }
}

async fn store(transaction: &mut Transaction, work: &Work) -> Result<(), sqlx::Error> {
    let fields = &work.fields;
    let (kind, state) = (word_of(&fields.kind), word_of(&work.state));
    let escalation = work.escalation.as_ref();
    let changed = values![
        work.id.0,
        &kind,
        fields.category.as_ref().map(|category| category.as_str()),
        fields.title.as_str(),
        fields.text.as_str(),
        due_ms(fields.due),
        fields.owner.as_ref().map(AgentId::as_str),
        fields.owner_team.as_ref().map(TeamId::as_str),
        fields.queue.as_ref().map(|queue| queue.as_str()),
        &state,
        work.outcome.as_ref().map(|outcome| outcome.as_str()),
        escalation.map(|escalation| escalation.to.as_str()),
        escalation.map(|escalation| escalation.at.0),
        escalation.map(|escalation| escalation.reason.as_str()),
        work.task_contact.map(stored),
        work.changed.at.0,
        work.changed.by.as_str(),
    ];
    transaction.execute(CHANGE_WORK, changed).await.map(drop)
}

fn note_differences(history: &mut History<'_>, before: &Work, after: &Work) {
    let mut differs = |field: ChangedField, value: fn(&Work) -> Option<String>| {
        history.note(field, value(before), value(after));
    };
    differs(ChangedField::WorkKind, |work| Some(word_of(&work.fields.kind)));
    differs(ChangedField::Category, |work| work.fields.category.as_ref().map(ToString::to_string));
    differs(ChangedField::Title, |work| Some(work.fields.title.as_str().to_owned()));
    differs(ChangedField::Text, |work| Some(work.fields.text.as_str().to_owned()));
    differs(ChangedField::Due, |work| work.fields.due.map(|Timestamp(at_ms)| at_ms.to_string()));
    differs(ChangedField::Owner, |work| work.fields.owner.as_ref().map(ToString::to_string));
    differs(ChangedField::OwnerTeam, |work| work.fields.owner_team.as_ref().map(ToString::to_string));
    differs(ChangedField::Queue, |work| work.fields.queue.as_ref().map(ToString::to_string));
    differs(ChangedField::State, |work| Some(word_of(&work.state)));
    differs(ChangedField::Outcome, |work| work.outcome.as_ref().map(|outcome| outcome.as_str().to_owned()));
    differs(ChangedField::EscalatedTo, |work| {
        work.escalation.as_ref().map(|escalation| format!("{}: {}", escalation.to, escalation.reason.as_str()))
    });
    differs(ChangedField::TaskContact, |work| work.task_contact.map(|contact| contact.to_string()));
}
