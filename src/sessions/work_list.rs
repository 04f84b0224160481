//! An agent's list of work, live: read again when something in it may have changed, and told as what differs. It
//! changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, broadcast};
use tokio::task::AbortHandle;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::requests::Line;
use super::session::Outgoing;
use super::to_protocol::{channel, customer::customer_id, queue_name, time};
use super::work::listed;
use crate::customers::ids::WorkId;
use crate::customers::redaction::Sight;
use crate::customers::work::{Work, WorkState};
use crate::protocol as wire;
use crate::protocol::{ErrorKind, ListEntry, RequestId, answer_text, error_text};
use crate::records::RecordsError;
use crate::router_handle::views::{ListedAs, ListedContact, agents_list};
use crate::router_handle::{Read, Rejection};
use crate::routing::ids::{AgentId, ContactId, TeamId};
use crate::routing::time::Timestamp;
use crate::screen_pop::known::customer_of;
use crate::work::{Touched, WorkDesk, work_of};

/// Lines of one list.
const ENTRIES_MAX: usize = 500;
/// Changes of so long are told together.
const GATHERED_FOR: Duration = Duration::from_millis(50);
/// How soon a database that did not answer is asked again.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
const RETRY_AFTER_MS: u64 = 1_000;

/// A list that is watched, as long as this is kept.
pub struct WorkWatch {
    wake: Arc<Notify>,
    watching: AbortHandle,
}

impl Drop for WorkWatch {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

impl WorkWatch {
    /// The answer to `id` is the whole list; what differs from then on follows it.
    pub fn begin(desk: Arc<WorkDesk>, line: Line, agent: AgentId, sight: Sight, id: RequestId) -> WorkWatch {
        let wake = Arc::new(Notify::new());
        let watcher = Watcher { desk, line, agent, sight, wake: Arc::clone(&wake), teams: Vec::new() };
        WorkWatch { wake, watching: tokio::spawn(watcher.watch(id)).abort_handle() }
    }

    /// Something may have changed that only the session heard of.
    pub fn wake(&self) {
        self.wake.notify_one();
    }
}

#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error(transparent)]
    Router(#[from] Rejection),
    #[error(transparent)]
    Records(#[from] RecordsError),
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Key {
    Contact(ContactId),
    Work(WorkId),
}

type Due = (Timestamp, Key);

struct Entries {
    entries: BTreeMap<Key, (Due, ListEntry)>,
    has_more: bool,
}

impl Entries {
    fn in_order(&self) -> Vec<ListEntry> {
        let mut all: Vec<&(Due, ListEntry)> = self.entries.values().collect();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        all.into_iter().map(|(_, entry)| entry.clone()).collect()
    }
}

struct Watcher {
    desk: Arc<WorkDesk>,
    line: Line,
    agent: AgentId,
    /// What of work he sees.
    sight: Sight,
    wake: Arc<Notify>,
    teams: Vec<TeamId>,
}

impl Watcher {
    async fn watch(mut self, id: RequestId) {
        let mut touched = self.desk.listen();
        let (mut told, text) = match self.read().await {
            Ok(list) => {
                let text = answer_text(&id, &wire::WorkList { entries: list.in_order(), has_more: list.has_more });
                (list, text)
            }
            Err(error) => {
                tracing::warn!(%error, "a list of work could not be read");
                let unavailable = ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS };
                return self.send(Outgoing::Text(Utf8Bytes::from(error_text(Some(&id), &unavailable))));
            }
        };
        self.send(Outgoing::Text(Utf8Bytes::from(text)));
        while self.may_differ(&mut touched).await {
            tokio::time::sleep(GATHERED_FOR).await;
            match self.read().await {
                Ok(list) => {
                    if let Some(changed) = self.difference(&told, &list) {
                        self.send(Outgoing::WorkChanged(Box::new(changed)));
                    }
                    told = list;
                }
                Err(error) => {
                    tracing::warn!(%error, "a list of work could not be read again");
                    tokio::time::sleep(AGAIN_AFTER).await;
                    self.wake.notify_one();
                }
            }
        }
    }

    /// False: the server stops.
    async fn may_differ(&self, touched: &mut broadcast::Receiver<Touched>) -> bool {
        loop {
            tokio::select! {
                () = self.wake.notified() => return true,
                heard = touched.recv() => match heard {
                    Ok(change) if change.is_of(&self.agent, &self.teams) => return true,
                    Ok(_) => {}
                    Err(broadcast::error::RecvError::Lagged(_)) => return true,
                    Err(broadcast::error::RecvError::Closed) => return false,
                },
            }
        }
    }

    async fn read(&mut self) -> Result<Entries, Unread> {
        let agent = self.agent.clone();
        let listed = self.desk.ask_router(Read::Figures, move |view| agents_list(view, &agent)).await?;
        let (contacts, teams) = listed.unwrap_or_default();
        self.teams = teams;
        let limit = u32::try_from(ENTRIES_MAX + 1).expect("a small number");
        let work = self.desk.records().work_list(Some(&self.agent), &self.teams, limit).await?;
        let tasks: Vec<ContactId> = work.iter().filter_map(|work| work.task_contact).collect();
        let alive = if tasks.is_empty() { Vec::new() } else { self.alive(tasks).await? };
        let is_listed = |contact: &ListedContact| {
            let of = work_of(&contact.gateway, &contact.reference);
            of.is_some_and(|id| work.iter().any(|work| work.id == id))
        };
        let contacts = contacts.iter().filter(|contact| !is_listed(contact)).map(|contact| self.contact_entry(contact));
        let of_work = work.iter().map(|work| self.work_entry(work, &alive));
        let mut all: Vec<(Due, ListEntry)> = contacts.chain(of_work).collect();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        let has_more = all.len() > ENTRIES_MAX;
        all.truncate(ENTRIES_MAX);
        let entries = all.into_iter().map(|(due, entry)| (due.1.clone(), (due, entry))).collect();
        Ok(Entries { entries, has_more })
    }

    async fn alive(&self, tasks: Vec<ContactId>) -> Result<Vec<ContactId>, Rejection> {
        let question = move |view: crate::router_handle::View<'_>| {
            let contacts = &view.router.state().contacts;
            tasks.into_iter().filter(|task| contacts.contains_key(task)).collect()
        };
        self.desk.ask_router(Read::Figures, question).await
    }

    fn contact_entry(&self, contact: &ListedContact) -> (Due, ListEntry) {
        let (state, due) = match contact.stands {
            ListedAs::InHand => (wire::WorkState::InHand, None),
            ListedAs::Suspended { until } => (wire::WorkState::Suspended, until),
            ListedAs::Promised { due } => (wire::WorkState::Promised, Some(due)),
        };
        let entry = wire::ListedContact {
            contact: self.line.ids.contact_text(contact.contact),
            channel: channel(contact.channel),
            state,
            queue: contact.queue.as_ref().map(queue_name),
            due: due.map(time),
            customer: customer_of(&contact.attributes).map(customer_id),
        };
        (due_of(due, Key::Contact(contact.contact)), ListEntry::Contact(entry))
    }

    fn work_entry(&self, work: &Work, alive: &[ContactId]) -> (Due, ListEntry) {
        let task = work.task_contact.filter(|task| alive.contains(task));
        let state = match (work.state, task) {
            (WorkState::Taken, Some(_)) => wire::WorkState::InHand,
            (WorkState::Taken, None) => wire::WorkState::Taken,
            (WorkState::Open, Some(_)) => wire::WorkState::Waiting,
            // A list holds nothing that is closed.
            (WorkState::Open | WorkState::Closed, _) => wire::WorkState::Open,
        };
        let entry = listed(&self.sight.work(work), state, task.map(|task| self.line.ids.contact_text(task)));
        (due_of(work.fields.due, Key::Work(work.id)), ListEntry::Work(Box::new(entry)))
    }

    /// None: nothing differs.
    fn difference(&self, told: &Entries, now: &Entries) -> Option<wire::WorkChanged> {
        let is_other = |key: &Key, entry: &ListEntry| told.entries.get(key).is_none_or(|(_, known)| known != entry);
        let mut changed: Vec<&(Due, ListEntry)> =
            now.entries.iter().filter(|(key, (_, entry))| is_other(key, entry)).map(|(_, line)| line).collect();
        changed.sort_by(|one, other| one.0.cmp(&other.0));
        let (mut contacts_gone, mut work_gone) = (Vec::new(), Vec::new());
        for key in told.entries.keys().filter(|key| !now.entries.contains_key(key)) {
            match key {
                Key::Contact(contact) => contacts_gone.push(self.line.ids.contact_text(*contact)),
                Key::Work(work) => work_gone.push(wire::WorkId::clipped(&work.to_string())),
            }
        }
        let differs = !changed.is_empty() || !contacts_gone.is_empty() || !work_gone.is_empty();
        (differs || told.has_more != now.has_more).then(|| wire::WorkChanged {
            entries: changed.into_iter().map(|(_, entry)| entry.clone()).collect(),
            contacts_gone,
            work_gone,
            has_more: now.has_more,
        })
    }

    fn send(&self, outgoing: Outgoing) {
        // A full or closed session is told so by its own task.
        let _ = self.line.outgoing.try_send(outgoing);
    }
}

/// What has no date comes last.
fn due_of(due: Option<Timestamp>, key: Key) -> Due {
    (due.unwrap_or(Timestamp(i64::MAX)), key)
}
