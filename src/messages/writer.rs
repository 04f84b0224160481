//! The one task that writes messages and tells the router of them, many at a time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::desk::{Answer, Asked};
use super::said::{Said, SaidBy, action_of, message_of, row_of};
use super::underway::Underway;
use crate::clock::Clock;
use crate::customers::message::{Message, MessagePlace};
use crate::customers::text::ReaderName;
use crate::records::{AddedMessage, NewMessage, Records, RecordsError};
use crate::router_handle::{Deferred, MessageOrder, Rejection, RouterHandle, Source, View};
use crate::routing::ids::{AgentId, EventNo, GatewayId};
use crate::routing::time::Timestamp;

/// Messages of one transaction.
const BATCH_MAX: usize = 256;
/// Longer no transaction is waited for.
pub(super) const WRITTEN_WITHIN: Duration = Duration::from_secs(5);
pub(super) const AGAIN: Rejection = Rejection::Unavailable { retry_after_ms: 500 };
/// How often messages are looked for of which no gateway has said anything.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(2);

/// Who is told what the router does not know.
pub trait Tells: Send + Sync {
    fn order(&self, gateway: &GatewayId, order: MessageOrder, message: Arc<Message>);
    fn status(&self, agent: &AgentId, message: Arc<Message>);
}

pub struct Parts {
    pub records: Records,
    pub router: RouterHandle,
    pub clock: Clock,
    pub underway: Arc<Underway>,
    pub tells: Arc<dyn Tells>,
    /// Who follows the journal and notes which messages have passed.
    pub reader: ReaderName,
    /// The last event before any that comes from here.
    pub last_event: EventNo,
}

pub(super) struct Writer {
    pub(super) parts: Parts,
    source: Source,
    /// No message passed after it that was told of here.
    told_up_to: EventNo,
}

/// One message on its way to the router.
struct Told {
    said: Said,
    answer: Answer,
    added: AddedMessage,
    outcome: oneshot::Receiver<Result<EventNo, Rejection>>,
    /// The same was said again meanwhile.
    repeats: Vec<Answer>,
}

/// What the rows are to say of a batch.
#[derive(Default)]
struct Marks {
    passed: Vec<(MessagePlace, EventNo)>,
    dropped: Vec<MessagePlace>,
}

impl Writer {
    pub fn new(parts: Parts) -> Writer {
        Writer { source: parts.router.source(), told_up_to: parts.last_event, parts }
    }

    /// For as long as somebody may say something.
    pub async fn run(mut self, mut inbox: mpsc::Receiver<Asked>) {
        let mut ticks = tokio::time::interval(LOOKED_AT_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let mut asked = Vec::new();
            tokio::select! {
                count = inbox.recv_many(&mut asked, BATCH_MAX) => {
                    if count == 0 {
                        return;
                    }
                    self.serve(asked).await;
                }
                _ = ticks.tick() => self.give_up_overdue().await,
            }
        }
    }

    /// In the order in which it was asked.
    async fn serve(&mut self, asked: Vec<Asked>) {
        let mut said = Vec::new();
        for one in asked {
            match one {
                Asked::Say { said: new, answer } => said.push((new, answer)),
                Asked::Outcome { order, status, answer } => {
                    self.pass_on(std::mem::take(&mut said)).await;
                    answer(self.note_outcome(order, status).await);
                }
                Asked::SendAgain { gateway } => {
                    self.pass_on(std::mem::take(&mut said)).await;
                    self.send_again(gateway).await;
                }
            }
        }
        self.pass_on(said).await;
    }

    async fn pass_on(&mut self, said: Vec<(Said, Answer)>) {
        let mut live = Vec::with_capacity(said.len());
        for (mut said, answer) in said {
            match said.refused.take() {
                Some(rejection) => answer(self.known(&said, rejection).await),
                None => live.push((said, answer)),
            }
        }
        if live.is_empty() {
            return;
        }
        let messages: Vec<&Said> = live.iter().map(|(said, _)| said).collect();
        let Some(added) = self.write(&messages).await else {
            return live.into_iter().for_each(|(_, answer)| answer(Err(AGAIN)));
        };
        let mut told: Vec<Told> = Vec::with_capacity(live.len());
        let mut here: BTreeMap<MessagePlace, usize> = BTreeMap::new();
        for ((said, answer), added) in live.into_iter().zip(added) {
            if added.has_passed {
                answer(Ok(added.at));
            } else if let Some(first) = here.get(&added.place) {
                told[*first].repeats.push(answer);
            } else if let Some(added) = self.to_be_told(&said, added).await {
                let outcome = self.tell(&said, added).await;
                here.insert(added.place, told.len());
                told.push(Told { said, answer, added, outcome, repeats: Vec::new() });
            } else {
                answer(Err(AGAIN));
            }
        }
        self.settle(told).await;
    }

    /// Whether it came before.
    async fn known(&self, said: &Said, rejection: Rejection) -> Result<Timestamp, Rejection> {
        match self.parts.records.message_named(said.contact, &said.name).await {
            Ok(Some(known)) if known.has_passed => Ok(known.at),
            Ok(Some(_) | None) => Err(rejection),
            Err(error) => {
                unanswered(&error);
                Err(AGAIN)
            }
        }
    }

    async fn write(&self, said: &[&Said]) -> Option<Vec<AddedMessage>> {
        let at = self.parts.clock.now();
        let messages: Vec<NewMessage<'_>> = said.iter().map(|said| row_of(said, at)).collect();
        match timeout(WRITTEN_WITHIN, self.parts.records.add_messages(&messages)).await {
            Ok(Ok(added)) => Some(added),
            Ok(Err(error)) => {
                unanswered(&error);
                None
            }
            Err(_) => {
                tracing::warn!("messages cannot be written in time");
                None
            }
        }
    }

    /// A row without an event is written anew, once it is certain that there is none. None: it is not yet.
    async fn to_be_told(&self, said: &Said, added: AddedMessage) -> Option<AddedMessage> {
        if added.is_new {
            return Some(added);
        }
        let records = &self.parts.records;
        let seen = records.reader_cursor(&self.parts.reader).await.ok()?;
        if seen < self.told_up_to {
            return None;
        }
        if records.message_named(said.contact, &said.name).await.ok()?.is_some_and(|known| known.has_passed) {
            return None;
        }
        records.drop_messages(&[added.place]).await.ok()?;
        self.write(&[said]).await?.pop()
    }

    async fn tell(&self, said: &Said, added: AddedMessage) -> oneshot::Receiver<Result<EventNo, Rejection>> {
        let (sender, outcome) = oneshot::channel();
        self.parts.underway.begin(Arc::new(message_of(said, added)));
        let answer = Box::new(|view: Result<View<'_>, Rejection>| {
            let outcome = view.map(|view| view.router.event_no());
            Box::new(move || drop(sender.send(outcome))) as Deferred
        });
        self.source.tell(action_of(said, added).into(), answer).await;
        outcome
    }

    async fn settle(&mut self, told: Vec<Told>) {
        let mut marks = Marks::default();
        let mut answers = Vec::with_capacity(told.len());
        for Told { said, answer, added, outcome, repeats } in told {
            let outcome = outcome.await.unwrap_or(Err(AGAIN));
            let order = self.parts.underway.end(added.place);
            let answered = match (outcome, &said.by) {
                (Ok(event), _) => {
                    self.told_up_to = self.told_up_to.max(event);
                    marks.passed.push((added.place, order.unwrap_or(event)));
                    Ok(added.at)
                }
                // Its contact ended while it was written: nothing that a customer wrote is lost.
                (Err(Rejection::Refused(_)), SaidBy::Gateway { .. }) => {
                    marks.passed.push((added.place, EventNo::ZERO));
                    Ok(added.at)
                }
                (Err(rejection), _) => {
                    marks.dropped.push(added.place);
                    Err(rejection)
                }
            };
            answers.push((answer, repeats, answered));
        }
        self.mark(&marks).await;
        for (answer, repeats, answered) in answers {
            repeats.into_iter().chain([answer]).for_each(|answer| answer(answered.clone()));
        }
    }

    /// What cannot be written now the reader of the journal makes good.
    async fn mark(&self, marks: &Marks) {
        let records = &self.parts.records;
        let written = async {
            if !marks.passed.is_empty() {
                records.messages_passed(&marks.passed).await?;
            }
            if !marks.dropped.is_empty() {
                records.drop_messages(&marks.dropped).await?;
            }
            Ok(())
        };
        match timeout(WRITTEN_WITHIN, written).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => unanswered(&error),
            Err(_) => tracing::warn!("messages cannot be marked in time"),
        }
    }
}

pub(super) fn unanswered(error: &RecordsError) {
    tracing::warn!(%error, "messages cannot be written or read");
}
