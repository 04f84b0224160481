//! What an agent asks about work, answered beside the session: nobody else waits for the database.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::customers;
use super::requests::Line;
use super::to_protocol::{self, agent_name, queue_name};
use crate::customers::card_numbers::mask_card_numbers;
use crate::customers::change::Stamp;
use crate::customers::ids::{CustomerId, Version, WorkId};
use crate::customers::text::{NoteText, TitleText};
use crate::customers::work::{NewWork, Work, WorkFields, WorkKind};
use crate::protocol as wire;
use crate::protocol::{ErrorKind, RequestId, Subject, WorkAsk, answer_text};
use crate::records::{CustomerError, WorkError};
use crate::router_handle::Read;
use crate::router_handle::views::agents_list;
use crate::routing::ids::{AgentId, ContactId, PersonId, QueueId, TeamId};
use crate::routing::time::Timestamp;
use crate::work::{WorkDesk, WorkRefused, Worker};

/// Longer nobody waits for an answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);
const RETRY_AFTER_MS: u64 = 1_000;

/// An agent with a question about work.
pub struct AskedOfWork {
    pub desk: Arc<WorkDesk>,
    pub line: Line,
    pub agent: AgentId,
    pub person: PersonId,
}

impl AskedOfWork {
    /// Answers later; the session goes on at once.
    pub fn answer(self, id: RequestId, ask: WorkAsk) {
        tokio::spawn(async move {
            let stored = timeout(ANSWERED_WITHIN, self.stored(ask)).await;
            let unavailable = ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS };
            self.line.give(&id, stored.unwrap_or(Err(unavailable)).map(|stored| answer_text(&id, &stored)));
        });
    }

    async fn stored(&self, ask: WorkAsk) -> Result<wire::WorkStored, ErrorKind> {
        let (worker, stamp) = (self.worker().await?, Stamp { at: self.line.clock.now(), by: self.person.clone() });
        let (desk, refused) = (&self.desk, |refused| self.refused(refused));
        let (work, contact) = match ask {
            WorkAsk::Watch(_) => return Err(ErrorKind::Internal),
            WorkAsk::Create(asked) => {
                let new = NewWork {
                    fields: fields(&asked.fields)?,
                    customer: asked.customer.as_ref().map(customers::number).transpose()?,
                    contact: self.contact(asked.contact.as_ref())?,
                };
                (desk.create(new, &worker, &stamp).await.map_err(refused)?, None)
            }
            WorkAsk::Take(asked) => {
                let (id, version) = (number(&asked.work)?, version(asked.version));
                desk.take(id, version, &worker, &stamp).await.map_err(refused)?
            }
            WorkAsk::Update(asked) => {
                let (id, version) = (number(&asked.work)?, version(asked.version));
                let fields = fields(&asked.fields)?;
                (desk.update(id, version, &fields, &worker, &stamp).await.map_err(refused)?, None)
            }
            WorkAsk::Escalate(asked) => {
                let (id, version) = (number(&asked.work)?, version(asked.version));
                let (team, reason) = (team("team", &asked.team)?, text("reason", &asked.reason)?);
                (desk.escalate(id, version, &team, &reason, &worker, &stamp).await.map_err(refused)?, None)
            }
            WorkAsk::Close(asked) => {
                let (id, version) = (number(&asked.work)?, version(asked.version));
                let outcome = text("outcome", &asked.outcome)?;
                (desk.close(id, version, &outcome, &worker, &stamp).await.map_err(refused)?, None)
            }
        };
        Ok(wire::WorkStored {
            work: wire::WorkId::clipped(&work.id.to_string()),
            version: work.version.0.unsigned_abs(),
            contact: contact.map(|contact| self.line.ids.contact_text(contact)),
        })
    }

    async fn worker(&self) -> Result<Worker, ErrorKind> {
        let agent = self.agent.clone();
        let asked = self.desk.ask_router(Read::Figures, move |view| agents_list(view, &agent)).await;
        let (_, teams) = asked.map_err(|rejection| to_protocol::error(&self.line.ids, rejection))?.unwrap_or_default();
        Ok(Worker { agent: self.agent.clone(), teams })
    }

    fn contact(&self, asked: Option<&wire::ContactId>) -> Result<Option<ContactId>, ErrorKind> {
        asked.map(|contact| self.line.ids.contact(contact)).transpose()
    }

    fn refused(&self, refused: WorkRefused) -> ErrorKind {
        let work_id = |id: WorkId| wire::WorkId::clipped(&id.to_string());
        match refused {
            WorkRefused::NotHis(id) => ErrorKind::NotYours { subject: Subject::Work, id: id.to_string() },
            WorkRefused::UnknownQueue(queue) => ErrorKind::UnknownQueue { queue: queue_name(&queue) },
            WorkRefused::ServesNoTasks(queue) => {
                ErrorKind::invalid_field("fields.queue", format!("a queue with the channel task, not {queue}"))
            }
            WorkRefused::UnknownAgent(agent) => ErrorKind::UnknownAgent { agent: agent_name(&agent) },
            WorkRefused::UnknownTeam(team) => {
                ErrorKind::invalid_field("team", format!("a team that an agent of the rules is in, not {team}"))
            }
            WorkRefused::Router(rejection) => to_protocol::error(&self.line.ids, rejection),
            WorkRefused::Work(WorkError::Unknown(id)) => ErrorKind::UnknownWork { work: work_id(id) },
            WorkRefused::Work(WorkError::Closed(id)) => ErrorKind::WorkClosed { work: work_id(id) },
            WorkRefused::Work(WorkError::Conflict { found, .. }) => {
                ErrorKind::Conflict { version: found.0.unsigned_abs() }
            }
            WorkRefused::Work(WorkError::Customer(CustomerError::Unknown(customer))) => {
                ErrorKind::UnknownCustomer { customer: wire::CustomerId::clipped(&customer.to_string()) }
            }
            WorkRefused::Work(WorkError::Customer(CustomerError::Merged { customer, into })) => {
                let text = |customer: CustomerId| wire::CustomerId::clipped(&customer.to_string());
                ErrorKind::CustomerMerged { customer: text(customer), into: text(into) }
            }
            WorkRefused::Work(error @ (WorkError::ContactThere { .. } | WorkError::Customer(_))) => {
                tracing::error!(%error, "work was not changed");
                ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS }
            }
        }
    }
}

fn version(asked: u64) -> Version {
    Version(i64::try_from(asked).unwrap_or(i64::MAX))
}

fn number(asked: &wire::WorkId) -> Result<WorkId, ErrorKind> {
    asked.as_str().parse().map(WorkId).map_err(|_| ErrorKind::UnknownWork { work: asked.clone() })
}

fn wrong(field: &str, error: impl std::fmt::Display) -> ErrorKind {
    ErrorKind::invalid_field(field, error.to_string())
}

/// Card numbers are masked before anything is stored.
fn text(field: &str, asked: &wire::Text) -> Result<NoteText, ErrorKind> {
    NoteText::new(mask_card_numbers(asked.as_str()).text).map_err(|error| wrong(field, error))
}

fn team(field: &str, asked: &wire::TeamName) -> Result<TeamId, ErrorKind> {
    TeamId::new(asked.as_str()).map_err(|error| wrong(field, error))
}

fn fields(asked: &wire::WorkFields) -> Result<WorkFields, ErrorKind> {
    if asked.title.as_str().trim().is_empty() {
        return Err(wrong("fields.title", "at least one character"));
    }
    let category = asked.category.as_ref().map(|category| category.as_str().to_owned().try_into());
    let category = category.transpose().map_err(|error| wrong("fields.category", error))?;
    let owner = asked.owner.as_ref().map(|owner| AgentId::new(owner.as_str()));
    let queue = asked.queue.as_ref().map(|queue| QueueId::new(queue.as_str()));
    Ok(WorkFields {
        kind: match asked.kind {
            wire::WorkKind::Task => WorkKind::Task,
            wire::WorkKind::ServiceRequest => WorkKind::ServiceRequest,
            wire::WorkKind::SalesLead => WorkKind::SalesLead,
            wire::WorkKind::Complaint => WorkKind::Complaint,
        },
        category,
        title: TitleText::new(mask_card_numbers(asked.title.as_str()).text)
            .map_err(|error| wrong("fields.title", error))?,
        text: asked.text.as_ref().map(|words| text("fields.text", words)).transpose()?.unwrap_or_default(),
        due: asked.due.map(|due| Timestamp(due.as_ms())),
        owner: owner.transpose().map_err(|error| wrong("fields.owner", error))?,
        owner_team: asked.team.as_ref().map(|named| team("fields.team", named)).transpose()?,
        queue: queue.transpose().map_err(|error| wrong("fields.queue", error))?,
    })
}

/// As the list shows it.
pub(super) fn listed(work: &Work, state: wire::WorkState, contact: Option<wire::ContactId>) -> wire::ListedWork {
    let fields = &work.fields;
    let name = |word: &str| wire::Name::clipped(word);
    wire::ListedWork {
        work: wire::WorkId::clipped(&work.id.to_string()),
        version: work.version.0.unsigned_abs(),
        kind: to_protocol::customer::work_kind(fields.kind),
        state,
        title: wire::Text::clipped(fields.title.as_str()),
        category: fields.category.as_ref().map(|category| name(category.as_str())),
        text: (!fields.text.is_empty()).then(|| to_protocol::customer::shortened(fields.text.as_str())),
        due: fields.due.map(to_protocol::time),
        owner: fields.owner.as_ref().map(agent_name),
        team: fields.owner_team.as_ref().map(|team| wire::TeamName::clipped(team.as_str())),
        queue: fields.queue.as_ref().map(queue_name),
        customer: work.customer.map(to_protocol::customer::customer_id),
        contact,
        escalation: work.escalation.as_ref().map(|escalation| wire::WorkEscalation {
            team: wire::TeamName::clipped(escalation.to.as_str()),
            at: to_protocol::time(escalation.at),
            reason: to_protocol::customer::shortened(escalation.reason.as_str()),
        }),
    }
}
