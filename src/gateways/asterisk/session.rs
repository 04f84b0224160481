//! The session with the server: opened again for as long as it is wanted, and what the server refuses for now is named
//! again when its time has come. It knows neither calls nor the switch.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::io::DuplexStream;
use tokio::time::Instant;

use crate::protocol::{
    ContactPlace, ContactQueued, ErrorKind, EventNumber, GatewayAsk, GatewayOrder, GatewayTells, Message, Name,
    OrderAnswer, Ref, RequestId, ServerMessage, SessionOpened, answer_text,
};
use crate::wire_client::{Client, Heard, OpenError, ReconnectDelay, retry_after};

/// A new line to the server, on which it serves the gateway's next session.
pub type NewLine = Box<dyn Fn() -> DuplexStream + Send + Sync>;

/// What comes from the server.
#[derive(Debug)]
pub enum FromServer {
    Opened(Box<SessionOpened>),
    Lost,
    Ordered {
        id: RequestId,
        order: Box<GatewayOrder>,
    },
    /// It has taken an event, or refused it for good.
    Answered {
        event: EventNumber,
        refusal: Option<ErrorKind>,
    },
    /// None: it does not wait, or the server could not say.
    Placed {
        r#ref: Ref,
        answer: Option<ContactQueued>,
    },
    /// It has refused an event for a time that is over.
    SendAgain(EventNumber),
}

enum Stage {
    /// The gateway is away.
    Unwanted,
    AwayUntil(Instant),
    Opening(BoxFuture<'static, Result<(Client<DuplexStream>, SessionOpened), OpenError>>),
    Open(Box<Client<DuplexStream>>),
}

/// One session after the other.
pub struct ServerSession {
    switch: String,
    new_line: NewLine,
    delay: ReconnectDelay,
    stage: Stage,
    /// Events that the server asked to be sent later, and when.
    later: BTreeMap<(Instant, u64), EventNumber>,
    /// Which contact each question is about.
    asked: BTreeMap<String, Ref>,
    last_question: u64,
}

impl ServerSession {
    /// `switch`: its name in the log.
    #[must_use]
    pub fn new(switch: &str, new_line: NewLine, delay: ReconnectDelay) -> ServerSession {
        ServerSession {
            switch: switch.to_owned(),
            new_line,
            delay,
            stage: Stage::Unwanted,
            later: BTreeMap::new(),
            asked: BTreeMap::new(),
            last_question: 0,
        }
    }

    /// To be opened, and again whenever it ends.
    pub fn open(&mut self) {
        if matches!(self.stage, Stage::Unwanted) {
            self.stage = Stage::AwayUntil(Instant::now());
        }
    }

    /// The server is left at once: the gateway is away, its contacts keep their places.
    pub fn abandon(&mut self) {
        self.end(Stage::Unwanted);
    }

    fn end(&mut self, stage: Stage) {
        self.stage = stage;
        self.later.clear();
        self.asked.clear();
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open(_))
    }

    /// It may be cancelled: nothing that was heard is lost.
    pub async fn next(&mut self) -> FromServer {
        loop {
            match &mut self.stage {
                Stage::Unwanted => return std::future::pending().await,
                Stage::AwayUntil(until) => {
                    tokio::time::sleep_until(*until).await;
                    let line = (self.new_line)();
                    let opening = async { Client::open_within(line, &Name::clipped("asterisk")).await };
                    self.stage = Stage::Opening(Box::pin(opening));
                }
                Stage::Opening(opening) => match opening.await {
                    Ok((client, opened)) => {
                        self.delay.succeeded();
                        self.stage = Stage::Open(Box::new(client));
                        return FromServer::Opened(Box::new(opened));
                    }
                    Err(error) => {
                        tracing::warn!(switch = self.switch, %error, "no session with the server");
                        self.stage = self.away(error.retry_after());
                    }
                },
                Stage::Open(client) => {
                    let due = self.later.first_key_value().map(|((at, _), _)| *at);
                    let heard = tokio::select! {
                        heard = client.next() => Some(heard),
                        () = sleep_until(due) => None,
                    };
                    let news = match heard {
                        Some(heard) => self.take(heard),
                        None => self.later.pop_first().map(|(_, event)| FromServer::SendAgain(event)),
                    };
                    if let Some(news) = news {
                        return news;
                    }
                }
            }
        }
    }

    fn away(&mut self, retry_after: Option<Duration>) -> Stage {
        Stage::AwayUntil(Instant::now() + self.delay.next(retry_after))
    }

    fn take(&mut self, heard: Heard) -> Option<FromServer> {
        match heard {
            Heard::Told { id: Some(id), message: ServerMessage::Gateway(order) } => {
                Some(FromServer::Ordered { id, order: Box::new(order) })
            }
            Heard::Answered { id: RequestId::Number(number), answer } => {
                let event = u64::try_from(number).ok().and_then(EventNumber::new)?;
                match answer {
                    Ok(_) => Some(FromServer::Answered { event, refusal: None }),
                    Err(error) => self.refused(event, error.kind().unwrap_or(ErrorKind::Internal)),
                }
            }
            Heard::Answered { id: RequestId::Text(id), answer } => {
                let r#ref = self.asked.remove(&id)?;
                Some(FromServer::Placed { r#ref, answer: answer.ok().and_then(|result| result.read().ok()) })
            }
            Heard::Unreadable(_) | Heard::Gap { .. } => {
                tracing::error!(switch = self.switch, "the server said what cannot be read");
                None
            }
            Heard::Closed(closed) => {
                let away = self.away(closed.retry_after);
                self.end(away);
                Some(FromServer::Lost)
            }
            Heard::Told { .. } => None,
        }
    }

    fn refused(&mut self, event: EventNumber, kind: ErrorKind) -> Option<FromServer> {
        if let Some(wait) = retry_after(&kind) {
            self.later.insert((Instant::now() + wait, event.get()), event);
            return None;
        }
        tracing::debug!(switch = self.switch, event = event.get(), refusal = %kind, "the server refused an event");
        Some(FromServer::Answered { event, refusal: Some(kind) })
    }

    /// A dead session shows in the next read: then the event is sent again in the one after.
    pub async fn tell(&mut self, event: EventNumber, tells: &GatewayTells) {
        let number = i64::try_from(event.get()).expect("event numbers have 53 bits");
        self.ask(&RequestId::Number(number), tells).await;
    }

    /// Of a session that is over the order stands in the snapshot of the next.
    pub async fn answer(&mut self, id: &RequestId, answer: &OrderAnswer) {
        self.send(answer_text(id, answer)).await;
    }

    /// Where a contact stands.
    pub async fn ask_place(&mut self, contact: Ref) {
        self.last_question += 1;
        let id = format!("place-{}", self.last_question);
        let asked = GatewayAsk::Place(ContactPlace { r#ref: contact.clone() });
        self.asked.insert(id.clone(), contact);
        self.ask(&RequestId::Text(id), &asked).await;
    }

    async fn ask(&mut self, id: &RequestId, message: &impl Message) {
        if let Stage::Open(client) = &mut self.stage {
            let _ = client.ask(id, message).await;
        }
    }

    async fn send(&mut self, text: String) {
        if let Stage::Open(client) = &mut self.stage {
            let _ = client.say(text).await;
        }
    }

    /// Leaves for good.
    pub async fn close(self) {
        if let Stage::Open(client) = self.stage {
            client.log_out().await;
        }
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
