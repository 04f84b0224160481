//! What an agent writes: to his customer, and in his note. Beside the session: nobody else waits for the database.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::from_protocol::WireIds;
use super::registry::Registry;
use super::requests::Line;
use super::to_protocol::{self, time};
use crate::customers::card_numbers::mask_card_numbers;
use crate::customers::message::{MessageName, MessageText};
use crate::customers::text::{NoteText, ReaderName};
use crate::messages::{MessageDesk, Said, SaidBy};
use crate::protocol as wire;
use crate::protocol::{ErrorKind, GatewayHears, RequestId, Subject, WritingAsk, answer_text, push_text};
use crate::records::{Records, RecordsError};
use crate::router_handle::{Answer, Rejection, View};
use crate::routing::ids::{AgentId, ContactId, ContactRef, GatewayId, SegmentId};
use crate::routing::refusal::Refusal;

/// Longer nobody waits for an answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);
const RETRY_AFTER_MS: u64 = 1_000;
const LISTED_MAX: u32 = 500;
/// Texts of one list together: more does not fit into one frame.
const LISTED_BYTES_MAX: usize = 256 * 1024;

/// An agent who writes.
pub struct Writing {
    pub messages: Arc<MessageDesk>,
    pub registry: Arc<Registry>,
    pub records: Records,
    /// Who files drafts.
    pub reader: ReaderName,
    pub line: Line,
    pub agent: AgentId,
}

impl Writing {
    /// What he sends keeps its order; everything is answered later.
    pub async fn ask(self, id: RequestId, ask: WritingAsk) {
        match ask {
            WritingAsk::Send(asked) => self.send(id, &asked).await,
            WritingAsk::Typing(asked) => self.typing(id, asked.contact).await,
            WritingAsk::List(asked) => {
                self.later(id, |writing, id| async move { Ok(answer_text(&id, &writing.list(asked.contact).await?)) })
            }
            WritingAsk::Note(asked) => self.later(id, |writing, id| async move {
                writing.note(asked).await?;
                Ok(answer_text(&id, &wire::Nothing {}))
            }),
        }
    }

    fn later<F>(self, id: RequestId, work: impl FnOnce(Writing, RequestId) -> F)
    where
        F: Future<Output = Result<String, ErrorKind>> + Send + 'static,
    {
        let line = self.line.clone();
        let work = work(self, id.clone());
        tokio::spawn(async move {
            let done = timeout(ANSWERED_WITHIN, work).await;
            line.give(&id, done.unwrap_or(Err(ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS })));
        });
    }

    async fn send(self, id: RequestId, asked: &wire::MessageSend) {
        let (contact, text) =
            match self.line.ids.contact(&asked.contact).and_then(|contact| Ok((contact, masked(&asked.text)?))) {
                Ok(read) => read,
                Err(kind) => return self.line.refuse(Some(&id), &kind),
            };
        let name = MessageName::new(asked.message.as_str()).expect("a name on the wire is as short");
        let (named, Writing { messages, line, agent, .. }) = (asked.contact.clone(), self);
        let source = line.source.clone();
        let question: Answer = Box::new(move |view| {
            // One that was sent already is answered again, whoever has the contact now.
            let refused = match view {
                Ok(view) => in_hand(view, &agent, contact).err().map(Rejection::Refused),
                Err(rejection) => Some(rejection),
            };
            let said = Said { contact, name, text, by: SaidBy::Agent(agent), refused };
            Box::new(move || {
                messages.say(said, move |written| {
                    let answered = written.map(|at| answer_text(&id, &wire::MessageSent { at: time(at) }));
                    line.give(&id, answered.map_err(|rejection| error_about(&line.ids, &named, rejection)));
                });
            })
        });
        source.ask(question).await;
    }

    async fn typing(self, id: RequestId, contact: wire::ContactId) {
        let number = match self.line.ids.contact(&contact) {
            Ok(number) => number,
            Err(kind) => return self.line.refuse(Some(&id), &kind),
        };
        let Writing { registry, line, agent, .. } = self;
        let source = line.source.clone();
        let question: Answer = Box::new(move |view| {
            let of = view.and_then(|view| in_hand(view, &agent, number).map_err(Rejection::Refused));
            Box::new(move || match of {
                Ok((gateway, reference)) => {
                    let r#ref = wire::Ref::clipped(reference.as_str());
                    let hears = GatewayHears::Typing(wire::AgentTyping { contact, r#ref });
                    registry.mention_to_gateway(&gateway, Utf8Bytes::from(push_text(&hears)));
                    line.give(&id, Ok(answer_text(&id, &wire::Nothing {})));
                }
                Err(rejection) => line.refuse(Some(&id), &error_about(&line.ids, &contact, rejection)),
            })
        });
        source.ask(question).await;
    }

    async fn list(&self, asked: wire::ContactId) -> Result<wire::MessagesListed, ErrorKind> {
        let (contact, agent) = (self.line.ids.contact(&asked)?, self.agent.clone());
        self.allowed(&asked, move |view| may_read(view, &agent, contact)).await?;
        let found = self.records.messages_of_contact(contact, LISTED_MAX, LISTED_BYTES_MAX).await;
        Ok(to_protocol::listed(&found.map_err(unreadable)?))
    }

    async fn note(&self, asked: wire::ContactNote) -> Result<(), ErrorKind> {
        let at = self.line.clock.now();
        let (contact, segment) = (self.line.ids.contact(&asked.contact)?, self.line.ids.segment(&asked.segment)?);
        let agent = self.agent.clone();
        self.allowed(&asked.contact, move |view| has_segment(view, &agent, contact, segment)).await?;
        let text = mask_card_numbers(asked.note.as_str()).text;
        let text = NoteText::new(text).map_err(|error| ErrorKind::invalid_field("note", error.to_string()))?;
        let place = (contact, segment);
        match self.records.keep_note_draft(&self.reader, place, &self.agent, &text, at).await.map_err(unreadable)? {
            true => Ok(()),
            false => Err(ErrorKind::UnknownSegment { segment: asked.segment }),
        }
    }

    async fn allowed(
        &self,
        contact: &wire::ContactId,
        look: impl FnOnce(View<'_>) -> Result<(), Refusal> + Send + 'static,
    ) -> Result<(), ErrorKind> {
        let (sender, answered) = oneshot::channel();
        let question: Answer = Box::new(move |view| {
            let found = view.and_then(|view| look(view).map_err(Rejection::Refused));
            Box::new(move || drop(sender.send(found)))
        });
        self.line.source.ask(question).await;
        let found = answered.await.unwrap_or(Err(Rejection::Unavailable { retry_after_ms: RETRY_AFTER_MS }));
        found.map_err(|rejection| error_about(&self.line.ids, contact, rejection))
    }
}

/// Card numbers in it are masked before it goes anywhere.
pub(super) fn masked(text: &wire::MessageText) -> Result<MessageText, ErrorKind> {
    let masked = MessageText::new(mask_card_numbers(text.as_str()).text);
    masked.map_err(|error| ErrorKind::invalid_field("text", error.to_string()))
}

pub(super) fn error_about(ids: &WireIds, asked: &wire::ContactId, rejection: Rejection) -> ErrorKind {
    match to_protocol::error(ids, rejection) {
        ErrorKind::UnknownContact { .. } => ErrorKind::UnknownContact { contact: asked.clone() },
        ErrorKind::NotYours { subject: Subject::Contact, .. } => {
            ErrorKind::NotYours { subject: Subject::Contact, id: asked.as_str().to_owned() }
        }
        kind => kind,
    }
}

fn in_hand(view: View<'_>, agent: &AgentId, contact: ContactId) -> Result<(GatewayId, ContactRef), Refusal> {
    let state = view.router.state();
    let known = state.contacts.get(&contact).ok_or(Refusal::UnknownContact)?;
    let owner = known.segment.map(|segment| state.agent_id(state.segments[&segment].agent));
    match owner.as_ref() == Some(agent) {
        true => Ok((state.gateway_id(known.gateway), known.reference.clone())),
        false => Err(Refusal::NotInHand { contact }),
    }
}

/// In hand, in wrap-up, or on offer.
fn may_read(view: View<'_>, agent: &AgentId, contact: ContactId) -> Result<(), Refusal> {
    let state = view.router.state();
    let known = state.agents.get(agent).ok_or_else(|| Refusal::UnknownAgent { agent: agent.clone() })?;
    let has = known.segments.iter().any(|(segment, _)| state.segments[segment].contact == contact)
        || known.offers.iter().any(|(offer, _)| state.offers[offer].contact == contact);
    if has { Ok(()) } else { Err(Refusal::NotInHand { contact }) }
}

fn has_segment(view: View<'_>, agent: &AgentId, contact: ContactId, segment: SegmentId) -> Result<(), Refusal> {
    let state = view.router.state();
    let known = state.agents.get(agent).ok_or_else(|| Refusal::UnknownAgent { agent: agent.clone() })?;
    let is_his = known.segments.iter().any(|(id, _)| *id == segment && state.segments[id].contact == contact);
    if is_his { Ok(()) } else { Err(Refusal::UnknownSegment { segment }) }
}

fn unreadable(error: RecordsError) -> ErrorKind {
    tracing::error!(%error, "what was written cannot be read or kept");
    ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS }
}
