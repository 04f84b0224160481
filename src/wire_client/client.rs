//! One WebSocket to a server, over TCP or within the process: opens a session, sends, hears, acknowledges. It never
//! reconnects by itself: who uses it knows what to do then.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, header};
use tokio_tungstenite::tungstenite::protocol;
use tokio_tungstenite::tungstenite::{self, Message as WebSocketMessage, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::protocol::{
    Auth, ErrorKind, ErrorObject, Frame, Message, Name, RequestId, Resume, Role, Secret, Seq, ServerMessage,
    SessionAck, SessionAsk, SessionHears, SessionOpen, SessionOpened, push_text, request_text,
};

/// From the first packet to the answer of `session.open`.
const OPEN_WITHIN: Duration = Duration::from_secs(10);
/// Events heard before they are acknowledged together.
const ACKNOWLEDGED_TOGETHER: u64 = 32;

/// How a client shows who it is.
#[derive(Clone, Debug)]
pub enum Credential {
    /// In the header `Authorization: Bearer`: a gateway's key or a person's token.
    Bearer(Secret),
    /// In the first message.
    FirstMessage(Auth),
}

/// Where a server is and as whom to enter it.
#[derive(Clone, Debug)]
pub struct Door {
    /// `ws://host:port/ws`
    pub url: String,
    pub role: Role,
    pub credential: Credential,
    /// The program's name, for the server's logs.
    pub client: Name,
}

/// Why no session was opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the server cannot be reached: {0}")]
    Unreachable(#[from] tungstenite::Error),
    #[error("the server did not answer in time")]
    TimedOut,
    #[error("the server closed the socket before the session was open ({code:?})")]
    Closed { code: Option<u16> },
    #[error("the server refused the session: {error}")]
    Refused { error: String, kind: Option<ErrorKind> },
    #[error("the server said what cannot be read: {0}")]
    Unreadable(String),
}

impl OpenError {
    /// When the server asks to be tried again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            OpenError::Refused { kind: Some(kind), .. } => retry_after(kind),
            OpenError::Refused { kind: None, .. }
            | OpenError::Unreachable(_)
            | OpenError::TimedOut
            | OpenError::Closed { .. }
            | OpenError::Unreadable(_) => None,
        }
    }

    /// Whether the same try would end the same way until somebody does something.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            OpenError::Refused { kind, .. } => kind.as_ref().is_none_or(|kind| retry_after(kind).is_none()),
            OpenError::Unreachable(tungstenite::Error::Http(response)) => response.status().is_client_error(),
            OpenError::Closed { .. } | OpenError::Unreachable(_) | OpenError::TimedOut | OpenError::Unreadable(_) => {
                false
            }
        }
    }
}

/// When the same message may be sent again; None when it was refused for good.
#[must_use]
pub fn retry_after(kind: &ErrorKind) -> Option<Duration> {
    match kind {
        ErrorKind::RateLimited { retry_after_ms }
        | ErrorKind::Busy { retry_after_ms }
        | ErrorKind::Unavailable { retry_after_ms } => Some(Duration::from_millis(*retry_after_ms)),
        ErrorKind::ParseError { .. }
        | ErrorKind::InvalidRequest { .. }
        | ErrorKind::UnknownMethod { .. }
        | ErrorKind::InvalidField { .. }
        | ErrorKind::Internal
        | ErrorKind::NotOpen
        | ErrorKind::AlreadyOpen
        | ErrorKind::WrongRole { .. }
        | ErrorKind::BadToken
        | ErrorKind::NotPermitted
        | ErrorKind::NotYours { .. }
        | ErrorKind::UnknownContact { .. }
        | ErrorKind::UnknownRef { .. }
        | ErrorKind::UnknownAgent { .. }
        | ErrorKind::UnknownQueue { .. }
        | ErrorKind::UnknownOffer { .. }
        | ErrorKind::UnknownSegment { .. }
        | ErrorKind::UnknownOrder { .. }
        | ErrorKind::UnknownCustomer { .. }
        | ErrorKind::UnknownWork { .. }
        | ErrorKind::WorkClosed { .. }
        | ErrorKind::NotToBeOffered { .. }
        | ErrorKind::UnknownCampaign { .. }
        | ErrorKind::CampaignNotRunning { .. }
        | ErrorKind::NoLead { .. }
        | ErrorKind::NumberInCall { .. }
        | ErrorKind::NoLine { .. }
        | ErrorKind::CustomerMerged { .. }
        | ErrorKind::Conflict { .. }
        | ErrorKind::ContactEnded { .. }
        | ErrorKind::OfferGone { .. }
        | ErrorKind::AcceptedByPhone { .. }
        | ErrorKind::WrongState { .. }
        | ErrorKind::NotLoggedIn { .. }
        | ErrorKind::TooLate
        | ErrorKind::TooBig { .. } => None,
    }
}

/// The result of a request, not yet read as a type.
#[derive(Clone, Debug)]
pub struct ResultText(String);

impl ResultText {
    /// # Errors
    /// When the result is not of that type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }
}

/// How a socket ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Closed {
    /// The close code, when the server said one.
    pub code: Option<u16>,
    /// When the server asked to be tried again.
    pub retry_after: Option<Duration>,
}

/// What comes from the server.
#[derive(Debug)]
pub enum Heard {
    /// A notification or, with an id, an order.
    Told {
        id: Option<RequestId>,
        message: ServerMessage,
    },
    Answered {
        id: RequestId,
        answer: Result<ResultText, ErrorObject>,
    },
    /// An event number was left out or came twice: a mistake of the server.
    Gap {
        expected: u64,
        found: u64,
    },
    /// A text that is not as the protocol has it: a mistake of the server.
    Unreadable(String),
    Closed(Closed),
}

/// An open session over this line.
pub struct Client<Line = MaybeTlsStream<TcpStream>> {
    socket: WebSocketStream<Line>,
    role: Role,
    last_seq: u64,
    acknowledged: u64,
    closing: Closed,
}

#[derive(Deserialize)]
struct Numbered {
    seq: Option<Seq>,
}

impl Client {
    /// Connects and opens a session, going on where `resume` says if the server still can.
    ///
    /// # Errors
    /// When there is no server, or it refuses.
    pub async fn open(door: &Door, resume: Option<Resume>) -> Result<(Client, SessionOpened), OpenError> {
        tokio::time::timeout(OPEN_WITHIN, Self::open_patiently(door, resume)).await.map_err(|_| OpenError::TimedOut)?
    }

    async fn open_patiently(door: &Door, resume: Option<Resume>) -> Result<(Client, SessionOpened), OpenError> {
        let mut request = door.url.as_str().into_client_request()?;
        let headers = request.headers_mut();
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("usher.v1"));
        let auth = match &door.credential {
            Credential::Bearer(secret) => {
                let value = HeaderValue::from_str(&format!("Bearer {}", secret.as_str()));
                let value = value.map_err(|error| OpenError::Unreadable(error.to_string()))?;
                headers.insert(header::AUTHORIZATION, value);
                None
            }
            Credential::FirstMessage(auth) => Some(auth.clone()),
        };
        let (socket, _) = tokio_tungstenite::connect_async_with_config(request, None, true).await?;
        let open = SessionOpen { role: door.role, auth, resume, client: Some(door.client.clone()) };
        Self::open_on(socket, open).await
    }
}

impl Client<DuplexStream> {
    /// Opens a session of a gateway over a line within the process: whoever holds the other end knows whose it is.
    ///
    /// # Errors
    /// When nobody answers there, or the server refuses.
    pub async fn open_within(line: DuplexStream, client: &Name) -> Result<(Self, SessionOpened), OpenError> {
        let opening = async {
            let socket = WebSocketStream::from_raw_socket(line, protocol::Role::Client, None).await;
            let open = SessionOpen { role: Role::Gateway, auth: None, resume: None, client: Some(client.clone()) };
            Self::open_on(socket, open).await
        };
        tokio::time::timeout(OPEN_WITHIN, opening).await.map_err(|_| OpenError::TimedOut)?
    }
}

impl<Line: AsyncRead + AsyncWrite + Unpin> Client<Line> {
    async fn open_on(socket: WebSocketStream<Line>, open: SessionOpen) -> Result<(Self, SessionOpened), OpenError> {
        let resumed_after = open.resume.as_ref().map(|resume| resume.seq);
        let mut client = Client { socket, role: open.role, last_seq: 0, acknowledged: 0, closing: Closed::default() };
        client.ask(&RequestId::Number(0), &SessionAsk::Open(open)).await?;
        let opened = client.opened().await?;
        // What was missed follows, from where this client stopped.
        let begins_after = resumed_after.filter(|_| opened.resumed).unwrap_or(opened.seq);
        client.last_seq = begins_after.get();
        client.acknowledged = client.last_seq;
        Ok((client, opened))
    }

    async fn opened(&mut self) -> Result<SessionOpened, OpenError> {
        loop {
            match self.next().await {
                Heard::Answered { answer: Ok(result), .. } => {
                    return result.read().map_err(|error| OpenError::Unreadable(error.to_string()));
                }
                Heard::Answered { answer: Err(error), .. } => {
                    return Err(OpenError::Refused { kind: error.kind(), error: error.message });
                }
                Heard::Closed(closed) => return Err(OpenError::Closed { code: closed.code }),
                Heard::Unreadable(what) => return Err(OpenError::Unreadable(what)),
                Heard::Told { .. } | Heard::Gap { .. } => {}
            }
        }
    }

    /// Sends a request.
    ///
    /// # Errors
    /// When the socket is dead; [`Client::next`] says so too.
    pub async fn ask(&mut self, id: &RequestId, message: &impl Message) -> Result<(), tungstenite::Error> {
        self.say(request_text(id, message)).await
    }

    /// Sends a text that [`crate::protocol`] made.
    ///
    /// # Errors
    /// When the socket is dead; [`Client::next`] says so too.
    pub async fn say(&mut self, text: String) -> Result<(), tungstenite::Error> {
        self.socket.send(WebSocketMessage::Text(Utf8Bytes::from(text))).await
    }

    /// Where a resume would go on.
    #[must_use]
    pub fn last_seq(&self) -> Seq {
        Seq::new(self.last_seq).expect("seq came from the wire or rose by one")
    }

    /// What the server says next. After `Closed` there is nothing more. It may be cancelled: nothing
    /// that was heard is lost.
    pub async fn next(&mut self) -> Heard {
        if self.last_seq >= self.acknowledged + ACKNOWLEDGED_TOGETHER {
            self.acknowledged = self.last_seq;
            let ack = SessionAsk::Ack(SessionAck { seq: self.last_seq() });
            // A dead socket shows in the next read.
            let _ = self.say(push_text(&ack)).await;
        }
        loop {
            match self.socket.next().await {
                Some(Ok(WebSocketMessage::Text(text))) => {
                    if let Some(heard) = self.read(&text) {
                        return heard;
                    }
                }
                Some(Ok(WebSocketMessage::Close(frame))) => {
                    self.closing.code = frame.map(|frame| frame.code.into()).or(self.closing.code);
                }
                Some(Ok(
                    WebSocketMessage::Ping(_)
                    | WebSocketMessage::Pong(_)
                    | WebSocketMessage::Binary(_)
                    | WebSocketMessage::Frame(_),
                )) => {}
                Some(Err(_)) | None => return Heard::Closed(self.closing),
            }
        }
    }

    fn read(&mut self, text: &str) -> Option<Heard> {
        let frame = match Frame::parse(text) {
            Ok(frame) => frame,
            Err(malformed) => return Some(Heard::Unreadable(malformed.error.to_string())),
        };
        match frame {
            Frame::Answer { id: Some(id), answer } => {
                let answer = answer.map(|params| ResultText(params.text().to_owned()));
                Some(Heard::Answered { id, answer })
            }
            Frame::Answer { id: None, answer } => {
                let error = answer.err().map_or_else(|| "an answer to nothing".to_owned(), |error| error.message);
                Some(Heard::Unreadable(error))
            }
            Frame::Call { id, method, params } => {
                let seq = params.read::<Numbered>().ok().and_then(|numbered| numbered.seq).map(Seq::get);
                if let Some(found) = seq {
                    let expected = self.last_seq + 1;
                    if found != expected {
                        return Some(Heard::Gap { expected, found });
                    }
                    self.last_seq = found;
                }
                match ServerMessage::parse(self.role, &method, params)? {
                    Ok(message) => {
                        self.note_farewell(&message);
                        Some(Heard::Told { id, message })
                    }
                    Err(kind) => Some(Heard::Unreadable(format!("{method}: {kind}"))),
                }
            }
        }
    }

    fn note_farewell(&mut self, message: &ServerMessage) {
        if let ServerMessage::Session(SessionHears::GoingAway(going)) = message {
            self.closing.retry_after = Some(Duration::from_millis(going.retry_after_ms));
        }
    }

    /// Logs out of the session and waits until the server has closed it.
    pub async fn log_out(mut self) {
        let closing = async {
            if self.ask(&RequestId::Number(-1), &SessionAsk::Close(crate::protocol::SessionClose {})).await.is_ok() {
                while !matches!(self.next().await, Heard::Closed(_)) {}
            }
        };
        // A server that does not answer finds out by itself.
        let _ = tokio::time::timeout(Duration::from_secs(2), closing).await;
    }
}
