//! The first message of a socket: who is there, in which role, and whether he comes back.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use tokio::sync::OwnedSemaphorePermit;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::handshakes::HandshakeRefused;
use super::session::{Attach, Session, Who};
use super::socket::{Socket, answer_close, fault, hang_up};
use super::upgrade::Sessions;
use crate::access::{KeyHolder, Person, Role as Held};
use crate::counters::handshake_refused;
use crate::protocol::{
    Auth, ClientMessage, CloseCode, ErrorKind, Frame, RequestId, Role, SessionAsk, SessionOpen, error_text,
};
use crate::routing::ids::GatewayId;

/// When the database that knows who is who does not answer.
const RECORDS_RETRY_AFTER_MS: u64 = 1_000;
/// Wrong first messages before the socket is closed.
const TRIES_MAX: usize = 3;

/// Who showed a ticket, a token or a key, or needs none.
#[derive(Clone, Debug)]
pub enum Caller {
    Person(Person),
    Gateway(KeyHolder),
    /// A gateway that is part of the server.
    Within(GatewayId),
}

/// Serves one socket from its first message to its end. `caller`: who the upgrade already showed; `unopened`: the place
/// that a socket from the network holds until it is open.
pub async fn serve(
    sessions: Arc<Sessions>,
    mut socket: Socket,
    caller: Option<Caller>,
    unopened: Option<OwnedSemaphorePermit>,
) {
    let within = sessions.settings.open_within;
    let opened = tokio::time::timeout(within, open(&sessions, &mut socket, caller)).await;
    let (id, open, who, caller) = match opened {
        Ok(Ok(opened)) => opened,
        Ok(Err(Unopened::Left)) => return answer_close(&mut socket).await,
        Ok(Err(Unopened::Refused(code))) => {
            if code == CloseCode::BadToken {
                handshake_refused(HandshakeRefused::BadSecret.word());
            }
            return hang_up(&mut socket, code).await;
        }
        Err(_) => {
            handshake_refused("not_opened_in_time");
            return hang_up(&mut socket, CloseCode::NotOpenedInTime).await;
        }
    };
    drop(unopened);
    let seq = open.resume.as_ref().map_or(sessions.no_seq(), |resume| resume.seq);
    let mut resumed = Attach { socket, id, seq, caller };
    if let (Some(resume), Who::Agent { person, .. }) = (&open.resume, &who)
        && let Some(waiting) = sessions.registry.resumable(resume.token.as_str(), person)
    {
        match waiting.send(resumed).await {
            Ok(()) => return,
            Err(tokio::sync::mpsc::error::SendError(back)) => resumed = back,
        }
    }
    let session = Session::new(sessions, who, resumed.caller, resumed.id);
    session.run(resumed.socket).await;
}

/// Why a socket was not opened.
enum Unopened {
    /// The client closed it, or is gone.
    Left,
    Refused(CloseCode),
}

impl From<CloseCode> for Unopened {
    fn from(code: CloseCode) -> Unopened {
        Unopened::Refused(code)
    }
}

type Opened = (RequestId, SessionOpen, Who, Caller);

async fn open(sessions: &Sessions, socket: &mut Socket, caller: Option<Caller>) -> Result<Opened, Unopened> {
    for _ in 0..TRIES_MAX {
        let text = match socket.next().await {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            Some(Ok(Message::Binary(_) | Message::Frame(_))) => return Err(CloseCode::Protocol.into()),
            Some(Ok(Message::Close(_))) | None => return Err(Unopened::Left),
            Some(Err(error)) => return Err(fault(&error).map_or(Unopened::Left, Unopened::Refused)),
        };
        let (id, kind) = match read_open(&text, sessions.settings.first_message_bytes_max) {
            Ok((id, open)) => match admit(sessions, &open, caller.clone()).await {
                Ok((who, caller)) => return Ok((id, open, who, caller)),
                Err(kind) => (Some(id), kind),
            },
            Err(refused) => refused,
        };
        let refusal = Message::Text(Utf8Bytes::from(error_text(id.as_ref(), &kind)));
        if socket.send(refusal).await.is_err() {
            return Err(Unopened::Left);
        }
        if matches!(kind, ErrorKind::BadToken | ErrorKind::NotPermitted) {
            return Err(CloseCode::BadToken.into());
        }
    }
    Err(CloseCode::Policy.into())
}

fn read_open(text: &str, bytes_max: usize) -> Result<(RequestId, SessionOpen), (Option<RequestId>, ErrorKind)> {
    if text.len() > bytes_max {
        return Err((None, ErrorKind::TooBig { bytes_max: bytes_max as u64 }));
    }
    match Frame::parse(text).map_err(|malformed| (malformed.id, malformed.error))? {
        Frame::Call { id, method, params } => match ClientMessage::parse(&[], id.as_ref(), &method, params) {
            Ok(ClientMessage::Session(SessionAsk::Open(open))) => Ok((id.expect("session.open is asked"), open)),
            Ok(_) => Err((id, ErrorKind::NotOpen)),
            Err(kind) => Err((id, kind)),
        },
        Frame::Answer { id, .. } => Err((id, ErrorKind::NotOpen)),
    }
}

async fn admit(sessions: &Sessions, open: &SessionOpen, caller: Option<Caller>) -> Result<(Who, Caller), ErrorKind> {
    let shown = match &open.auth {
        Some(auth) => shown_by(sessions, auth).await?,
        None => caller,
    };
    let caller = shown.ok_or(ErrorKind::BadToken)?;
    let who = match (&caller, open.role) {
        (Caller::Gateway(holder), Role::Gateway) => Who::Gateway(holder.gateway.clone()),
        (Caller::Within(gateway), Role::Gateway) => Who::Gateway(gateway.clone()),
        (Caller::Person(person), Role::Agent) if person.roles.contains(Held::Agent) => {
            let agent = person.agent.clone().ok_or(ErrorKind::NotPermitted)?;
            Who::Agent { agent, person: person.user.clone() }
        }
        (Caller::Person(person), Role::Supervisor) if may_supervise(person) => {
            Who::Supervisor { person: person.user.clone() }
        }
        (Caller::Person(_) | Caller::Gateway(_) | Caller::Within(_), _) => return Err(ErrorKind::NotPermitted),
    };
    Ok((who, caller))
}

fn may_supervise(person: &Person) -> bool {
    person.roles.contains(Held::Supervisor) || person.roles.contains(Held::Admin)
}

async fn shown_by(sessions: &Sessions, auth: &Auth) -> Result<Option<Caller>, ErrorKind> {
    let found = match auth {
        Auth::Ticket(ticket) => sessions.access.redeem_ticket(ticket.as_str()).await.map(|p| p.map(Caller::Person)),
        Auth::Token(token) => sessions.access.check_token(token.as_str()).await.map(|p| p.map(Caller::Person)),
        Auth::Key(key) => sessions.access.check_gateway_key(key.as_str()).await.map(|g| g.map(Caller::Gateway)),
    };
    found.map_err(|error| {
        tracing::error!(%error, "who is there could not be looked up");
        ErrorKind::Unavailable { retry_after_ms: RECORDS_RETRY_AFTER_MS }
    })
}
