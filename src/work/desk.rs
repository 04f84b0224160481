//! Changes work for those whose it is, and tells whose lists that touches. It lists nothing.

use std::sync::Arc;

use tokio::sync::{Notify, broadcast};

use super::Touched;
use super::task::{attributes_of, gateway, reference_of};
use crate::customers::change::Stamp;
use crate::customers::ids::{CustomerId, Version, WorkId};
use crate::customers::text::NoteText;
use crate::customers::work::{NewWork, Work, WorkFields, WorkState};
use crate::records::{Records, RecordsError, TaskStands, WorkError};
use crate::router_handle::{Read, Rejection, RouterHandle, View};
use crate::routing::command::Action;
use crate::routing::gateway::Reference;
use crate::routing::ids::{AgentId, ContactId, ContactRef, QueueId, TeamId};
use crate::routing::personal::Attributes;
use crate::routing::rule_set::Channel;
use crate::screen_pop::ScreenPop;

/// Changes that a list which is read again right now may leave unheard; past it, it is read once more.
const UNHEARD_MAX: usize = 256;

/// Why work was not changed.
#[derive(Debug, thiserror::Error)]
pub enum WorkRefused {
    #[error(transparent)]
    Work(#[from] WorkError),
    #[error("work {0} is another's, and of no team of this agent")]
    NotHis(WorkId),
    #[error("there is no queue {0} in the rules")]
    UnknownQueue(QueueId),
    #[error("queue {0} serves no tasks")]
    ServesNoTasks(QueueId),
    #[error("there is no agent {0} in the rules")]
    UnknownAgent(AgentId),
    #[error("no agent of the rules is in team {0}")]
    UnknownTeam(TeamId),
    #[error(transparent)]
    Router(#[from] Rejection),
}

impl From<RecordsError> for WorkRefused {
    fn from(error: RecordsError) -> WorkRefused {
        WorkRefused::Work(error.into())
    }
}

/// The one writer of work in this process.
pub struct WorkDesk {
    pop: Arc<ScreenPop>,
    router: RouterHandle,
    touched: broadcast::Sender<Touched>,
    /// Another time may be the next at which something falls due.
    pub(super) due_changed: Notify,
}

/// An agent, with the teams that he is in now.
#[derive(Clone, Debug)]
pub struct Worker {
    pub agent: AgentId,
    pub teams: Vec<TeamId>,
}

impl WorkDesk {
    #[must_use]
    pub fn new(pop: Arc<ScreenPop>, router: RouterHandle) -> Arc<WorkDesk> {
        let (touched, _) = broadcast::channel(UNHEARD_MAX);
        Arc::new(WorkDesk { pop, router, touched, due_changed: Notify::new() })
    }

    /// Hears whose lists change.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Touched> {
        self.touched.subscribe()
    }

    #[must_use]
    pub fn records(&self) -> &Records {
        self.pop.records()
    }

    pub(super) fn router(&self) -> &RouterHandle {
        &self.router
    }

    /// # Errors
    /// When the router stops, or holds exact answers back because nothing can be made durable.
    pub async fn ask_router<T: Send + 'static>(
        &self,
        read: Read,
        question: impl FnOnce(View<'_>) -> T + Send + 'static,
    ) -> Result<T, Rejection> {
        self.router.ask(read, question).await
    }

    /// # Errors
    /// When a name is in no rule, or there is no such customer; nothing was added.
    pub async fn create(&self, mut new: NewWork, worker: &Worker, stamp: &Stamp) -> Result<Work, WorkRefused> {
        if new.fields.owner.is_none() && new.fields.owner_team.is_none() {
            new.fields.owner = Some(worker.agent.clone());
        }
        self.check_names(&new.fields).await?;
        let id = self.records().add_work(&new, stamp).await?;
        let added = self.records().work(id).await?.ok_or(WorkError::Unknown(id))?;
        self.tell(None, &added);
        Ok(added)
    }

    /// # Errors
    /// When it is not his, is closed, or was changed meanwhile; or a name is in no rule.
    pub async fn update(
        &self,
        id: WorkId,
        expected: Version,
        fields: &WorkFields,
        worker: &Worker,
        stamp: &Stamp,
    ) -> Result<Work, WorkRefused> {
        let before = self.his(id, worker).await?;
        self.check_names(fields).await?;
        let after = self.records().update_work(id, expected, fields, stamp).await?;
        self.tell(Some(&before), &after);
        Ok(after)
    }

    /// # Errors
    /// When it is not his, is closed, or was changed meanwhile; or nobody is in that team.
    pub async fn escalate(
        &self,
        id: WorkId,
        expected: Version,
        to: &TeamId,
        reason: &NoteText,
        worker: &Worker,
        stamp: &Stamp,
    ) -> Result<Work, WorkRefused> {
        let before = self.his(id, worker).await?;
        let fields = WorkFields { owner_team: Some(to.clone()), ..before.fields.clone() };
        self.check_names(&fields).await?;
        let after = self.records().escalate_work(id, expected, to, reason, stamp).await?;
        self.tell(Some(&before), &after);
        Ok(after)
    }

    /// It is done; the task that it became, too.
    ///
    /// # Errors
    /// When it is not his, is closed already, or was changed meanwhile.
    pub async fn close(
        &self,
        id: WorkId,
        expected: Version,
        outcome: &NoteText,
        worker: &Worker,
        stamp: &Stamp,
    ) -> Result<Work, WorkRefused> {
        let before = self.his(id, worker).await?;
        let after = self.records().close_work(id, expected, outcome, stamp).await?;
        self.tell(Some(&before), &after);
        if let Some(reference) = self.task_alive(&after).await? {
            self.end_task(&after, reference, &worker.agent).await;
        }
        Ok(after)
    }

    /// He begins it: what has a queue becomes a task in his hands. The contact: that task.
    ///
    /// # Errors
    /// When it is not his, is closed, or was changed meanwhile; when the task cannot be offered to him now.
    pub async fn take(
        &self,
        id: WorkId,
        expected: Version,
        worker: &Worker,
        stamp: &Stamp,
    ) -> Result<(Work, Option<ContactId>), WorkRefused> {
        let before = self.his(id, worker).await?;
        if before.version != expected {
            return Err(WorkError::Conflict { work: id, expected, found: before.version }.into());
        }
        if before.state == WorkState::Closed {
            return Err(WorkError::Closed(id).into());
        }
        let Some(queue) = before.fields.queue.clone() else {
            let after = self.records().take_work(id, expected, &worker.agent, stamp).await?;
            self.tell(Some(&before), &after);
            return Ok((after, None));
        };
        let contact = match (before.task_contact, self.task_alive(&before).await?) {
            (Some(contact), Some(_)) => {
                self.router.tell(Action::TakeContact { agent: worker.agent.clone(), contact }).await?;
                contact
            }
            (None, _) | (_, None) => self.open_task(&before, queue, Some(worker.agent.clone()), stamp).await?,
        };
        let in_hand = TaskStands::InHand { agent: worker.agent.clone() };
        let after = self.records().follow_task(id, &in_hand, stamp).await?;
        self.tell(Some(&before), &after);
        Ok((after, Some(contact)))
    }

    /// Somebody changed the row who is no agent: whose lists it touches hear of it, and the task of closed work ends.
    pub async fn changed_elsewhere(&self, before: Option<&Work>, after: &Work) {
        self.tell(before, after);
        if after.state != WorkState::Closed {
            return;
        }
        if let Ok(Some(reference)) = self.task_alive(after).await {
            self.withdraw_task(after, reference).await;
        }
    }

    /// Makes it a task, taken at once by the agent when one is named, and writes down which.
    pub(super) async fn open_task(
        &self,
        work: &Work,
        queue: QueueId,
        taken_by: Option<AgentId>,
        stamp: &Stamp,
    ) -> Result<ContactId, WorkRefused> {
        let (gateway, reference) = (gateway(), reference_of(work));
        let attributes = self.attributes(work).await?;
        let open = Action::OpenTask { gateway, reference: reference.clone(), queue, taken_by, attributes, event: 0 };
        self.router.tell(open).await?;
        self.note_task(work, &reference, stamp).await
    }

    /// What it is known of the work and its customer when it becomes a task.
    pub(super) async fn attributes(&self, work: &Work) -> Result<Attributes, RecordsError> {
        let mut attributes = attributes_of(work);
        if let Some(customer) = work.customer
            && let Some(known) = self.known(customer).await?
        {
            attributes.0.extend(known.over(&attributes));
        }
        Ok(attributes)
    }

    async fn known(&self, customer: CustomerId) -> Result<Option<crate::screen_pop::known::Known>, RecordsError> {
        let known = self.pop.known(customer).await?;
        let merged = known.as_ref().and_then(|known| known.matches.first()?.customer.merged_into);
        match merged {
            Some(into) => self.pop.known(into).await,
            None => Ok(known),
        }
    }

    /// Which contact the arrival of this name has become.
    pub(super) async fn note_task(
        &self,
        work: &Work,
        reference: &ContactRef,
        stamp: &Stamp,
    ) -> Result<ContactId, WorkRefused> {
        let (gateway, asked) = (gateway(), reference.clone());
        let found = self.router.ask(Read::Exact, move |view| view.router.reference(&gateway, &asked, view.now)).await?;
        let contact = match found {
            Some(Reference::Live(contact) | Reference::Ended { contact, .. }) => contact,
            Some(Reference::Foreseen { .. }) | None => return Err(Rejection::Internal.into()),
        };
        let after = self.records().work_became_contact(work.id, contact, work.task_contact, stamp).await?;
        self.tell(Some(work), &after);
        Ok(contact)
    }

    /// What the router says of a task, written down and told.
    pub(super) async fn follow_task(&self, id: WorkId, stands: &TaskStands, stamp: &Stamp) -> Result<(), WorkRefused> {
        let Some(before) = self.records().work(id).await? else { return Ok(()) };
        match self.records().follow_task(id, stands, stamp).await {
            Ok(after) => self.tell(Some(&before), &after),
            // Whoever closed it said what came of it.
            Err(WorkError::Closed(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// The name of the task that it became, while that is not over.
    async fn task_alive(&self, work: &Work) -> Result<Option<ContactRef>, Rejection> {
        let Some(contact) = work.task_contact else { return Ok(None) };
        let question =
            move |view: View<'_>| view.router.state().contacts.get(&contact).map(|contact| contact.reference.clone());
        self.router.ask(Read::Exact, question).await
    }

    /// In his own hands he ends it, to finish up; else it is withdrawn.
    async fn end_task(&self, work: &Work, reference: ContactRef, agent: &AgentId) {
        let Some(contact) = work.task_contact else { return };
        let by_agent = self.router.tell(Action::EndContact { agent: agent.clone(), contact }).await;
        if by_agent.is_err() {
            self.withdraw_task(work, reference).await;
        }
    }

    /// It is over as if its customer no longer wanted it.
    async fn withdraw_task(&self, work: &Work, reference: ContactRef) {
        let over = Action::ContactAbandoned { gateway: gateway(), reference, event: 0 };
        if let Err(error) = self.router.tell(over).await {
            tracing::warn!(work = %work.id, %error, "the task of closed work was not ended");
        }
    }

    /// The work, when it is in his list or in nobody's.
    async fn his(&self, id: WorkId, worker: &Worker) -> Result<Work, WorkRefused> {
        let work = self.records().work(id).await?.ok_or(WorkError::Unknown(id))?;
        let WorkFields { owner, owner_team, .. } = &work.fields;
        let is_nobodys = owner.is_none() && owner_team.is_none();
        let is_of_team = owner_team.as_ref().is_some_and(|team| worker.teams.contains(team));
        let is_his = owner.as_ref() == Some(&worker.agent);
        if is_nobodys || is_of_team || is_his { Ok(work) } else { Err(WorkRefused::NotHis(id)) }
    }

    async fn check_names(&self, fields: &WorkFields) -> Result<(), WorkRefused> {
        let WorkFields { owner, owner_team, queue, .. } = fields.clone();
        let checked = self.router.ask(Read::Figures, move |view| {
            let rules = &view.router.state().rules;
            if let Some(owner) = owner.filter(|owner| !rules.agents.contains_key(owner)) {
                return Err(WorkRefused::UnknownAgent(owner));
            }
            let is_empty = |team: &TeamId| !rules.agents.values().any(|agent| agent.teams.contains(team));
            if let Some(team) = owner_team.filter(is_empty) {
                return Err(WorkRefused::UnknownTeam(team));
            }
            let Some(queue) = queue else { return Ok(()) };
            match rules.queues.get(&queue) {
                Some(known) if known.channels.contains(&Channel::Task) => Ok(()),
                Some(_) => Err(WorkRefused::ServesNoTasks(queue)),
                None => Err(WorkRefused::UnknownQueue(queue)),
            }
        });
        checked.await?
    }

    fn tell(&self, before: Option<&Work>, after: &Work) {
        let mut touched = Touched::default();
        for work in before.into_iter().chain([after]) {
            touched.owners.extend(work.fields.owner.clone());
            touched.teams.extend(work.fields.owner_team.clone());
        }
        // Nobody may be looking.
        let _ = self.touched.send(touched);
        let due = |work: &Work| (work.fields.due, work.fields.queue.is_some(), work.task_contact);
        if before.is_none_or(|before| due(before) != due(after)) {
            self.due_changed.notify_one();
        }
        if let Some(customer) = after.customer {
            self.pop.changed(customer);
        }
    }
}
