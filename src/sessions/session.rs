//! The one task that owns a session, over one socket after the other while its client comes back.
//! Decides nothing: it encodes what it hears, numbers it, and passes on what the client says.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode as WireCloseCode;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use super::board::{BoardNews, Selection, whole_board};
use super::outbox::{Outbox, ReplayLimits};
use super::registry::{Entry, SessionNo};
use super::requests::{AgentDesk, GatewayDesk, Line};
use super::to_protocol::{self, time};
use super::upgrade::Sessions;
use crate::access::{Person, Revoked};
use crate::protocol as wire;
use crate::protocol::{
    ClientMessage, CloseCode, ErrorKind, Frame, RequestId, Role, SessionAsk, SessionHears, SupervisorAsk,
    SupervisorHears, answer_text, error_text, push_text, request_text,
};
use crate::router_handle::views::{agent_snapshot, gateway_snapshot};
use crate::router_handle::{AgentNews, Answer, Order};
use crate::routing::command::Action;
use crate::routing::ids::{AgentId, GatewayId};
use crate::routing::time::Timestamp;

pub type Socket = WebSocketStream<hyper_util::rt::TokioIo<hyper::upgrade::Upgraded>>;

/// What waits to be sent to a client, consoles and dashboards.
pub const OUTGOING_CONSOLE_MAX: usize = 1_024;
/// And to a gateway.
pub const OUTGOING_GATEWAY_MAX: usize = 65_536;
/// Sent together before the socket is flushed.
const SENT_TOGETHER_MAX: usize = 64;
/// Pings a client may leave unanswered.
const MISSED_PINGS_MAX: u32 = 2;
/// Longest a planned stop asks a client to stay away.
const RESTART_SPREAD_MS: u64 = 2_000;

/// What a session has to pass on to its client, in order.
pub enum Outgoing {
    News {
        at: Timestamp,
        news: Box<AgentNews>,
    },
    Order(Order),
    /// Encoded already: an answer.
    Text(Utf8Bytes),
    Opened(Box<wire::Snapshot>),
    AskInventory,
}

/// What befalls a session from outside.
#[derive(Clone, Copy, Debug)]
pub enum Control {
    TakenOver,
    TooSlow,
}

/// A client that came back.
pub struct Attach {
    pub socket: Socket,
    pub id: RequestId,
    pub seq: wire::Seq,
}

/// Who opened the session.
#[derive(Clone, Debug)]
pub enum Who {
    Agent { agent: AgentId, person: crate::routing::ids::PersonId },
    Supervisor,
    Gateway(GatewayId),
}

enum Desk {
    Agent(AgentDesk),
    Supervisor { selection: Selection, feed: broadcast::Receiver<BoardNews> },
    Gateway(GatewayDesk),
}

impl Desk {
    fn role(&self) -> Role {
        match self {
            Desk::Agent(_) => Role::Agent,
            Desk::Supervisor { .. } => Role::Supervisor,
            Desk::Gateway(_) => Role::Gateway,
        }
    }
}

/// Why a socket is no longer served.
enum Gone {
    /// The client may come back.
    Lost,
    /// Closed by us or for good.
    Closed,
}

pub struct Session {
    sessions: Arc<Sessions>,
    no: SessionNo,
    /// Who opened it, when a person did.
    person: Option<Person>,
    desk: Desk,
    line: Line,
    outbox: Outbox,
    outgoing: mpsc::Receiver<Outgoing>,
    control: mpsc::Receiver<Control>,
    control_sender: mpsc::Sender<Control>,
    attach: mpsc::Receiver<Attach>,
    resume_token: String,
    opened_by: RequestId,
    limiter: DefaultDirectRateLimiter,
    stopping: watch::Receiver<bool>,
    revocations: broadcast::Receiver<Revoked>,
    unanswered_pings: u32,
}

impl Session {
    pub fn new(sessions: Arc<Sessions>, who: Who, person: Option<Person>, opened_by: RequestId) -> Session {
        let settings = &sessions.settings;
        let (outgoing_max, replay, per_second, burst) = match who {
            Who::Agent { .. } => {
                (OUTGOING_CONSOLE_MAX, settings.console_replay, settings.agent_rate, settings.agent_burst)
            }
            Who::Supervisor => {
                (OUTGOING_CONSOLE_MAX, settings.console_replay, settings.supervisor_rate, settings.supervisor_rate)
            }
            Who::Gateway(_) => (
                OUTGOING_GATEWAY_MAX,
                ReplayLimits { events_max: 0, bytes_max: 0 },
                settings.gateway_rate,
                settings.gateway_rate,
            ),
        };
        let (outgoing_sender, outgoing) = mpsc::channel(outgoing_max);
        let (control_sender, control) = mpsc::channel(8);
        let (attach_sender, attach) = mpsc::channel(1);
        let line = Line {
            ids: sessions.ids.clone(),
            source: sessions.router.source(),
            outgoing: outgoing_sender,
            clock: sessions.clock,
        };
        let desk = match who {
            Who::Agent { agent, person } => {
                Desk::Agent(AgentDesk { line: line.clone(), agent, person, wrap_ups: Default::default() })
            }
            Who::Supervisor => Desk::Supervisor { selection: Selection::default(), feed: sessions.feed.listen() },
            Who::Gateway(gateway) => {
                Desk::Gateway(GatewayDesk { line: line.clone(), gateway, inventory: Vec::new(), asked_again: false })
            }
        };
        let resume_token = sessions.new_token();
        if let Desk::Agent(_) = desk {
            sessions.registry.keep_resumable(resume_token.clone(), attach_sender);
        }
        let quota = Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst));
        Session {
            no: sessions.next_no(),
            person,
            desk,
            line,
            outbox: Outbox::new(replay),
            outgoing,
            control,
            control_sender,
            attach,
            resume_token,
            opened_by,
            limiter: RateLimiter::direct(quota),
            stopping: sessions.stopping.subscribe(),
            revocations: sessions.access.revocations(),
            unanswered_pings: 0,
            sessions,
        }
    }

    /// Serves the client until it is gone for good.
    pub async fn run(mut self, socket: Socket) {
        let mut socket = Some(socket);
        self.enter(None).await;
        while let Some(served) = socket.take() {
            let gone = self.serve(served).await;
            socket = match (gone, &self.desk) {
                (Gone::Lost, Desk::Agent(_)) => self.wait_for_client().await,
                (Gone::Lost | Gone::Closed, _) => None,
            };
        }
        self.leave().await;
    }

    /// The router hears of it first; then, in one step between two commands, the snapshot is taken
    /// and the session begins to hear what comes after it.
    async fn enter(&mut self, resumed: Option<Vec<Utf8Bytes>>) {
        match &self.desk {
            Desk::Agent(desk) => {
                let agent = desk.agent.clone();
                self.line.source.tell(Action::OpenConsole { agent }.into(), ignore()).await;
            }
            Desk::Gateway(desk) => {
                let gateway = desk.gateway.clone();
                self.line.source.tell(Action::AttachGateway { gateway }.into(), ignore()).await;
            }
            Desk::Supervisor { .. } => {}
        }
        if resumed.is_none() {
            let question = self.entrance();
            self.line.source.ask(question).await;
        }
    }

    fn entrance(&self) -> Answer {
        let entry =
            Entry { session: self.no, outgoing: self.line.outgoing.clone(), control: self.control_sender.clone() };
        let (registry, ids) = (Arc::clone(&self.sessions.registry), self.line.ids.clone());
        let (outgoing, control) = (self.line.outgoing.clone(), self.control_sender.clone());
        let who = match &self.desk {
            Desk::Agent(desk) => Who::Agent { agent: desk.agent.clone(), person: desk.person.clone() },
            Desk::Supervisor { .. } => Who::Supervisor,
            Desk::Gateway(desk) => Who::Gateway(desk.gateway.clone()),
        };
        Box::new(move |view| {
            let snapshot = view.ok().and_then(|view| match &who {
                Who::Agent { agent, .. } => agent_snapshot(view, agent)
                    .map(|snapshot| wire::Snapshot::Agent(to_protocol::agent_snapshot(&ids, &snapshot, view.now))),
                Who::Supervisor => Some(wire::Snapshot::Supervisor(to_protocol::board_snapshot(&ids, view))),
                Who::Gateway(gateway) => {
                    let (contacts, last_event) = gateway_snapshot(view, gateway);
                    Some(wire::Snapshot::Gateway(to_protocol::gateway_snapshot(&ids, &contacts, last_event)))
                }
            });
            Box::new(move || {
                let Some(snapshot) = snapshot else {
                    let _ = control.try_send(Control::TooSlow);
                    return;
                };
                match who {
                    Who::Agent { agent, .. } => registry.enter_agent(agent, entry),
                    Who::Gateway(gateway) => registry.enter_gateway(gateway, entry),
                    Who::Supervisor => {}
                }
                let _ = outgoing.try_send(Outgoing::Opened(Box::new(snapshot)));
            })
        })
    }

    async fn serve(&mut self, mut socket: Socket) -> Gone {
        let mut pings = tokio::time::interval(self.sessions.settings.heartbeat);
        pings.reset();
        self.unanswered_pings = 0;
        loop {
            let sent = tokio::select! {
                biased;
                _ = self.stopping.changed() => return self.say_goodbye(&mut socket).await,
                revoked = self.revocations.recv() => {
                    if self.is_cut_by(revoked).await {
                        return close(&mut socket, CloseCode::LoggedOut).await;
                    }
                    Ok(())
                }
                Some(control) = self.control.recv() => return self.controlled(control, &mut socket).await,
                Some(first) = self.outgoing.recv() => self.pass_on(first, &mut socket).await,
                news = board_news(&mut self.desk) => self.pass_on_board(news, &mut socket).await,
                frame = socket.next() => match self.read(frame, &mut socket).await {
                    Ok(()) => Ok(()),
                    Err(gone) => return gone,
                },
                _ = pings.tick() => {
                    self.unanswered_pings += 1;
                    if self.unanswered_pings > MISSED_PINGS_MAX {
                        return Gone::Lost;
                    }
                    send(&mut socket, Message::Ping(Default::default()), self.sessions.settings.write_within).await
                }
            };
            if sent.is_err() {
                return Gone::Lost;
            }
        }
    }

    async fn is_cut_by(&self, revoked: Result<Revoked, broadcast::error::RecvError>) -> bool {
        match (revoked, &self.person, &self.desk) {
            (Ok(Revoked::User(user)), Some(person), _) => person.user == user,
            (Ok(Revoked::LogIn(log_in)), Some(person), _) => person.log_in == log_in,
            (Ok(Revoked::Gateway(gateway)), _, Desk::Gateway(desk)) => desk.gateway == gateway,
            (Err(broadcast::error::RecvError::Lagged(_)), Some(person), _) => {
                !self.sessions.access.is_current(person).await.unwrap_or(true)
            }
            (Ok(_) | Err(_), _, _) => false,
        }
    }

    async fn pass_on(&mut self, first: Outgoing, socket: &mut Socket) -> Result<(), ()> {
        let mut next = Some(first);
        let mut together = 0;
        while let Some(outgoing) = next {
            let text = self.encode(outgoing);
            if socket.feed(Message::Text(text)).await.is_err() {
                return Err(());
            }
            together += 1;
            next = if together < SENT_TOGETHER_MAX { self.outgoing.try_recv().ok() } else { None };
        }
        flush(socket, self.sessions.settings.write_within).await
    }

    fn encode(&mut self, outgoing: Outgoing) -> Utf8Bytes {
        match outgoing {
            Outgoing::Text(text) => text,
            Outgoing::Opened(snapshot) => {
                if let (wire::Snapshot::Agent(snapshot), Desk::Agent(desk)) = (&*snapshot, &mut self.desk) {
                    desk.remember_wrap_ups(snapshot);
                }
                self.opened(None, Some(*snapshot))
            }
            Outgoing::News { at, news } => {
                if let Desk::Agent(desk) = &mut self.desk {
                    desk.follow(&news);
                }
                let message = to_protocol::agent_news(&self.line.ids, &news, at, self.line.clock.now());
                self.outbox.push(&message)
            }
            Outgoing::Order(order) => {
                let id = RequestId::Text(format!("o-{}", order.order));
                Utf8Bytes::from(request_text(&id, &to_protocol::order(&self.line.ids, &order)))
            }
            Outgoing::AskInventory => {
                let id = RequestId::Text("inventory".to_owned());
                Utf8Bytes::from(request_text(&id, &wire::GatewayOrder::InventorySend(wire::InventorySend {})))
            }
        }
    }

    /// A resumed session goes on from the event the client had last.
    fn opened(&self, resumed_from: Option<wire::Seq>, snapshot: Option<wire::Snapshot>) -> Utf8Bytes {
        let settings = &self.sessions.settings;
        let opened = wire::SessionOpened {
            session: wire::SessionId::clipped(&format!("s-{}", self.no.0)),
            resume_token: wire::Secret::clipped(&self.resume_token),
            seq: resumed_from.unwrap_or(self.outbox.last_seq()),
            resumed: resumed_from.is_some(),
            heartbeat_ms: u64::try_from(settings.heartbeat.as_millis()).unwrap_or(u64::MAX),
            server_time: time(self.line.clock.now()),
            clock_speed: self.line.clock.speed(),
            site: wire::Name::clipped(&settings.site),
            snapshot,
        };
        Utf8Bytes::from(answer_text(&self.opened_by, &opened))
    }

    async fn read(&mut self, frame: Option<Result<Message, Error>>, socket: &mut Socket) -> Result<(), Gone> {
        match frame {
            Some(Ok(Message::Text(text))) => self.take(&text, socket).await,
            Some(Ok(Message::Pong(_) | Message::Ping(_))) => {
                self.unanswered_pings = 0;
                Ok(())
            }
            Some(Ok(Message::Binary(_))) => {
                let kind = ErrorKind::InvalidRequest { field: String::new(), expected: "text frames".to_owned() };
                self.line.refuse(None, &kind);
                Ok(())
            }
            Some(Ok(Message::Close(_) | Message::Frame(_))) | None => Err(Gone::Lost),
            Some(Err(Error::Capacity(_))) => {
                let kind = ErrorKind::TooBig { bytes_max: self.bytes_max() };
                let text = Utf8Bytes::from(error_text(None, &kind));
                let _ = send(socket, Message::Text(text), self.sessions.settings.write_within).await;
                Err(close(socket, CloseCode::TooBig).await)
            }
            Some(Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake))) => Err(Gone::Lost),
            Some(Err(Error::Utf8(_) | Error::Protocol(_))) => Err(close(socket, CloseCode::Protocol).await),
            Some(Err(_)) => Err(Gone::Lost),
        }
    }

    fn bytes_max(&self) -> u64 {
        let settings = &self.sessions.settings;
        let bytes = if let Desk::Gateway(_) = self.desk { settings.gateway_bytes_max } else { settings.bytes_max };
        bytes as u64
    }

    async fn take(&mut self, text: &str, socket: &mut Socket) -> Result<(), Gone> {
        self.unanswered_pings = 0;
        let frame = match Frame::parse(text) {
            Ok(frame) => frame,
            Err(malformed) => {
                self.line.refuse(malformed.id.as_ref(), &malformed.error);
                return Ok(());
            }
        };
        let (id, method, params) = match frame {
            Frame::Call { id, method, params } => (id, method, params),
            Frame::Answer { id, answer } => {
                if let (Desk::Gateway(desk), Some(id)) = (&self.desk, id) {
                    let read = answer.map_err(|_| ()).and_then(|params| params.read().map_err(|_| ()));
                    desk.order_answered(&id, read).await;
                }
                return Ok(());
            }
        };
        if let Err(not_until) = self.limiter.check() {
            let wait = not_until.wait_time_from(governor::clock::Clock::now(&governor::clock::DefaultClock::default()));
            let retry_after_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
            self.line.refuse(id.as_ref(), &ErrorKind::RateLimited { retry_after_ms });
            return Ok(());
        }
        match ClientMessage::parse(&[self.desk.role()], id.as_ref(), &method, params) {
            Ok(message) => self.obey(message, id, socket).await,
            Err(kind) => {
                self.line.refuse(id.as_ref(), &kind);
                Ok(())
            }
        }
    }

    async fn obey(&mut self, message: ClientMessage, id: Option<RequestId>, socket: &mut Socket) -> Result<(), Gone> {
        match (message, &mut self.desk, id) {
            (ClientMessage::Session(SessionAsk::Ack(ack)), _, _) => self.outbox.acknowledged(ack.seq),
            (ClientMessage::Session(SessionAsk::Close(_)), _, id) => {
                if let Some(id) = id {
                    let text = Utf8Bytes::from(answer_text(&id, &wire::Nothing {}));
                    let _ = send(socket, Message::Text(text), self.sessions.settings.write_within).await;
                }
                return Err(close(socket, CloseCode::LoggedOut).await);
            }
            (ClientMessage::Session(SessionAsk::Ping(_)), _, Some(id)) => {
                let text = answer_text(&id, &wire::Pong { server_time: time(self.line.clock.now()) });
                let _ = self.line.outgoing.try_send(Outgoing::Text(Utf8Bytes::from(text)));
            }
            (ClientMessage::Session(SessionAsk::Open(_) | SessionAsk::Ping(_)), _, id) => {
                self.line.refuse(id.as_ref(), &ErrorKind::AlreadyOpen);
            }
            (ClientMessage::Agent(ask), Desk::Agent(desk), Some(id)) => desk.handle(&id, &ask).await,
            (ClientMessage::Gateway(tells), Desk::Gateway(desk), Some(id)) => desk.handle(&id, tells).await,
            (
                ClientMessage::Supervisor(SupervisorAsk::BoardWatch(watch)),
                Desk::Supervisor { selection, .. },
                Some(id),
            ) => {
                *selection = Selection::new(watch);
                let Some(board) = whole_board(&self.sessions.router, &self.line.ids).await else {
                    self.line.refuse(Some(&id), &ErrorKind::Unavailable { retry_after_ms: 1_000 });
                    return Ok(());
                };
                let text = answer_text(&id, &selection.of_snapshot(board));
                let _ = self.line.outgoing.try_send(Outgoing::Text(Utf8Bytes::from(text)));
            }
            (ClientMessage::Agent(_) | ClientMessage::Gateway(_) | ClientMessage::Supervisor(_), _, id) => {
                self.line.refuse(id.as_ref(), &ErrorKind::Internal);
            }
        }
        Ok(())
    }

    async fn pass_on_board(
        &mut self,
        news: Result<BoardNews, broadcast::error::RecvError>,
        socket: &mut Socket,
    ) -> Result<(), ()> {
        let Desk::Supervisor { selection, .. } = &self.desk else { return Ok(()) };
        let text = match news {
            Ok(BoardNews::Delta(delta, text)) => selection.of_delta(&delta, &text),
            Ok(BoardNews::Anew) | Err(broadcast::error::RecvError::Lagged(_)) => {
                let Some(board) = whole_board(&self.sessions.router, &self.line.ids).await else { return Ok(()) };
                let snapshot = SupervisorHears::BoardSnapshot(selection.of_snapshot(board));
                Some(Utf8Bytes::from(push_text(&snapshot)))
            }
            Err(broadcast::error::RecvError::Closed) => return Err(()),
        };
        match text {
            Some(text) => send(socket, Message::Text(text), self.sessions.settings.write_within).await,
            None => Ok(()),
        }
    }

    async fn controlled(&mut self, control: Control, socket: &mut Socket) -> Gone {
        match control {
            Control::TakenOver => {
                let at = time(self.line.clock.now());
                let told = SessionHears::TakenOver(wire::SessionTakenOver { at });
                let text = Utf8Bytes::from(push_text(&told));
                let _ = send(socket, Message::Text(text), self.sessions.settings.write_within).await;
                close(socket, CloseCode::TakenOver).await
            }
            Control::TooSlow => close(socket, CloseCode::TooSlow).await,
        }
    }

    async fn say_goodbye(&mut self, socket: &mut Socket) -> Gone {
        let retry_after_ms = rand::random_range(0..RESTART_SPREAD_MS);
        let told = SessionHears::GoingAway(wire::GoingAway { retry_after_ms });
        let text = Utf8Bytes::from(push_text(&told));
        let _ = send(socket, Message::Text(text), self.sessions.settings.write_within).await;
        close(socket, CloseCode::Restart).await
    }

    /// Events go on into the outbox; the first socket that comes back in time gets what it missed.
    async fn wait_for_client(&mut self) -> Option<Socket> {
        self.console_closed().await;
        let until = Instant::now() + self.sessions.settings.resume_within;
        loop {
            tokio::select! {
                biased;
                _ = self.stopping.changed() => return None,
                Some(control) = self.control.recv() => match control {
                    Control::TakenOver | Control::TooSlow => return None,
                },
                Some(outgoing) = self.outgoing.recv() => drop(self.encode(outgoing)),
                Some(attach) = self.attach.recv() => return self.resume(attach).await,
                () = tokio::time::sleep_until(until) => return None,
            }
        }
    }

    async fn resume(&mut self, attach: Attach) -> Option<Socket> {
        let Attach { mut socket, id, seq } = attach;
        self.opened_by = id;
        while let Ok(outgoing) = self.outgoing.try_recv() {
            self.encode(outgoing);
        }
        let missed = self.outbox.after(seq);
        let within = self.sessions.settings.write_within;
        if let Some(missed) = &missed {
            let opened = self.opened(Some(seq), None);
            let mut sent = send(&mut socket, Message::Text(opened), within).await;
            for text in missed {
                if sent.is_ok() {
                    sent = send(&mut socket, Message::Text(text.clone()), within).await;
                }
            }
        }
        self.enter(missed).await;
        Some(socket)
    }

    async fn console_closed(&self) {
        if let Desk::Agent(desk) = &self.desk {
            let agent = desk.agent.clone();
            self.line.source.tell(Action::CloseConsole { agent }.into(), ignore()).await;
        }
    }

    /// Whoever took over keeps what is his.
    async fn leave(&mut self) {
        self.sessions.registry.forget(&self.resume_token);
        match &self.desk {
            Desk::Agent(desk) => {
                if self.sessions.registry.leave_agent(&desk.agent, self.no) {
                    self.console_closed().await;
                }
            }
            Desk::Gateway(desk) => {
                if self.sessions.registry.leave_gateway(&desk.gateway, self.no) {
                    let gateway = desk.gateway.clone();
                    self.line.source.tell(Action::DetachGateway { gateway }.into(), ignore()).await;
                }
            }
            Desk::Supervisor { .. } => {}
        }
    }
}

async fn board_news(desk: &mut Desk) -> Result<BoardNews, broadcast::error::RecvError> {
    match desk {
        Desk::Supervisor { feed, .. } => feed.recv().await,
        Desk::Agent(_) | Desk::Gateway(_) => std::future::pending().await,
    }
}

fn ignore() -> Answer {
    Box::new(|_| Box::new(|| {}))
}

fn at_least_one(rate: u32) -> NonZeroU32 {
    NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN)
}

async fn send(socket: &mut Socket, message: Message, within: Duration) -> Result<(), ()> {
    match tokio::time::timeout(within, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(()),
    }
}

async fn flush(socket: &mut Socket, within: Duration) -> Result<(), ()> {
    match tokio::time::timeout(within, socket.flush()).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(()),
    }
}

/// Says why and hangs up.
pub async fn hang_up(socket: &mut Socket, code: CloseCode) {
    let frame = CloseFrame { code: WireCloseCode::from(code.number()), reason: Utf8Bytes::from_static(code.reason()) };
    let _ = tokio::time::timeout(Duration::from_secs(1), socket.close(Some(frame))).await;
}

async fn close(socket: &mut Socket, code: CloseCode) -> Gone {
    hang_up(socket, code).await;
    Gone::Closed
}
