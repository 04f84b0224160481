//! Adds work and lists it: mine, my teams', a customer's, what falls due. Changes none.

use crate::customers::change::{ChangedField, Stamp};
use crate::customers::ids::{CustomerId, Version, WorkId};
use crate::customers::work::{Escalation, NewWork, Work, WorkFields};
use crate::routing::ids::{AgentId, TeamId};
use crate::routing::time::Timestamp;

use super::super::connection::values;
use super::super::error::RecordsError;
use super::super::statements::work::{
    ADD_WORK, NEXT_WORK_DUE, OPEN_WORK_OF_CUSTOMER, WORK, WORK_DUE, WORK_OF_CUSTOMER, WORK_OF_OWNER, WORK_OF_TEAM,
    WORK_WITH_TASK,
};
use super::super::store::Records;
use super::change::lock;
use super::error::WorkError;
use super::history::History;
use super::rows::{Columns, contact_of, stored, word_of};

/// What stands for no date, so that it comes last on either database.
const NEVER_MS: i64 = i64::MAX;

#[derive(sqlx::FromRow)]
pub(super) struct WorkRow {
    id: i64,
    kind: String,
    category: Option<String>,
    title: String,
    body: String,
    due_ms: i64,
    owner: Option<String>,
    owner_team: Option<String>,
    queue: Option<String>,
    state: String,
    outcome: Option<String>,
    escalated_to: Option<String>,
    escalated_at_ms: Option<i64>,
    escalation_reason: Option<String>,
    pub customer: Option<i64>,
    contact: Option<i64>,
    task_contact: Option<i64>,
    version: i64,
    created_at_ms: i64,
    created_by: String,
    changed_at_ms: i64,
    changed_by: String,
}

impl Records {
    /// # Errors
    /// When there is no such customer, or it was merged away; nothing was added.
    pub async fn add_work(&self, new: &NewWork, stamp: &Stamp) -> Result<WorkId, WorkError> {
        let mut transaction = self.begin().await?;
        if let Some(customer) = new.customer {
            lock(&mut transaction, customer).await?;
        }
        let fields = &new.fields;
        let kind = word_of(&fields.kind);
        let added = values![
            &kind,
            fields.category.as_ref().map(|category| category.as_str()),
            fields.title.as_str(),
            fields.text.as_str(),
            due_ms(fields.due),
            fields.owner.as_ref().map(AgentId::as_str),
            fields.owner_team.as_ref().map(TeamId::as_str),
            fields.queue.as_ref().map(|queue| queue.as_str()),
            new.customer.map(|customer| customer.0),
            new.contact.map(stored),
            stamp.at.0,
            stamp.by.as_str(),
        ];
        let id = WorkId(transaction.number(ADD_WORK, added).await?);
        let mut history = History::of(stamp, new.customer).about_work(id);
        history.note(ChangedField::Added, None, Some(fields.title.as_str().to_owned()));
        history.write(&mut transaction).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn work(&self, id: WorkId) -> Result<Option<Work>, RecordsError> {
        let row: Option<WorkRow> = self.row(WORK, values![id.0]).await?;
        row.map(Work::try_from).transpose()
    }

    /// What is open in the list of an agent and his teams, each once: by due time, without one last, `limit` at
    /// most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn work_list(
        &self,
        owner: Option<&AgentId>,
        teams: &[TeamId],
        limit: u32,
    ) -> Result<Vec<Work>, RecordsError> {
        // One range of an index for each: together they hold the first of all.
        let mut rows: Vec<WorkRow> = Vec::new();
        if let Some(owner) = owner {
            rows.extend(self.rows::<WorkRow>(WORK_OF_OWNER, values![owner.as_str(), i64::from(limit)]).await?);
        }
        for team in teams {
            rows.extend(self.rows::<WorkRow>(WORK_OF_TEAM, values![team.as_str(), i64::from(limit)]).await?);
        }
        rows.sort_by_key(|row| (row.due_ms, row.id));
        rows.dedup_by_key(|row| row.id);
        rows.truncate(limit as usize);
        rows.into_iter().map(Work::try_from).collect()
    }

    /// By due time, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn open_work_of_customer(&self, customer: CustomerId, limit: u32) -> Result<Vec<Work>, RecordsError> {
        let rows: Vec<WorkRow> = self.rows(OPEN_WORK_OF_CUSTOMER, values![customer.0, i64::from(limit)]).await?;
        rows.into_iter().map(Work::try_from).collect()
    }

    /// Closed work too: the newest first, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn work_of_customer(&self, customer: CustomerId, limit: u32) -> Result<Vec<Work>, RecordsError> {
        self.work_of_customer_before(customer, None, limit).await
    }

    /// Those before `before`, for the next page.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn work_of_customer_before(
        &self,
        customer: CustomerId,
        before: Option<WorkId>,
        limit: u32,
    ) -> Result<Vec<Work>, RecordsError> {
        let before = before.map_or(i64::MAX, |before| before.0);
        let rows: Vec<WorkRow> = self.rows(WORK_OF_CUSTOMER, values![customer.0, before, i64::from(limit)]).await?;
        rows.into_iter().map(Work::try_from).collect()
    }

    /// When the next falls due that has a queue and is no contact yet; none: nothing will.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next_work_due(&self) -> Result<Option<Timestamp>, RecordsError> {
        let next: Option<(i64,)> = self.row(NEXT_WORK_DUE, values![NEVER_MS]).await?;
        Ok(next.map(|(due_ms,)| Timestamp(due_ms)))
    }

    /// Open work that became a contact, from the number `after` on, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn work_with_task(&self, after: WorkId, limit: u32) -> Result<Vec<Work>, RecordsError> {
        let rows: Vec<WorkRow> = self.rows(WORK_WITH_TASK, values![after.0, i64::from(limit)]).await?;
        rows.into_iter().map(Work::try_from).collect()
    }

    /// What has a queue, falls due by `until` and is no contact yet: by due time, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn work_due(&self, until: Timestamp, limit: u32) -> Result<Vec<Work>, RecordsError> {
        let until_ms = until.0.min(NEVER_MS - 1);
        let rows: Vec<WorkRow> = self.rows(WORK_DUE, values![until_ms, i64::from(limit)]).await?;
        rows.into_iter().map(Work::try_from).collect()
    }
}

pub(super) fn due_ms(due: Option<Timestamp>) -> i64 {
    due.map_or(NEVER_MS, |due| due.0)
}

impl TryFrom<WorkRow> for Work {
    type Error = RecordsError;

    fn try_from(row: WorkRow) -> Result<Work, RecordsError> {
        let columns = Columns("work");
        let escalation = match (row.escalated_to, row.escalated_at_ms) {
            (Some(to), Some(at_ms)) => Some(Escalation {
                to: columns.text("escalated_to", to)?,
                at: Timestamp(at_ms),
                reason: columns.text("escalation_reason", row.escalation_reason.unwrap_or_default())?,
            }),
            (Some(_), None) | (None, Some(_) | None) => None,
        };
        Ok(Work {
            id: WorkId(row.id),
            fields: WorkFields {
                kind: columns.word("kind", row.kind)?,
                category: columns.text_if_any("category", row.category)?,
                title: columns.text("title", row.title)?,
                text: columns.text("body", row.body)?,
                due: (row.due_ms != NEVER_MS).then_some(Timestamp(row.due_ms)),
                owner: columns.text_if_any("owner", row.owner)?,
                owner_team: columns.text_if_any("owner_team", row.owner_team)?,
                queue: columns.text_if_any("queue", row.queue)?,
            },
            customer: row.customer.map(CustomerId),
            contact: row.contact.map(contact_of),
            task_contact: row.task_contact.map(contact_of),
            state: columns.word("state", row.state)?,
            outcome: columns.text_if_any("outcome", row.outcome)?,
            escalation,
            version: Version(row.version),
            created: columns.stamp(row.created_at_ms, "created_by", row.created_by)?,
            changed: columns.stamp(row.changed_at_ms, "changed_by", row.changed_by)?,
        })
    }
}
