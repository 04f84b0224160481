//! The one task that owns a session, over one socket after the other while its client comes back.
//! Decides nothing: it encodes what it hears, numbers it, and passes on what the client says.

mod entrance;
mod reading;
mod standing;

use std::num::NonZeroU32;
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{broadcast, mpsc, watch};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use standing::Standing;

use super::arrivals::Arrivals;
use super::board::{BoardNews, Selection, whole_board};
use super::cards::Cards;
use super::leads_shown::LeadsShown;
use super::opening::Caller;
use super::outbox::{Outbox, ReplayLimits};
use super::registry::SessionNo;
use super::requests::{AgentDesk, GatewayDesk, Line, SupervisorDesk};
use super::socket::{Socket, flush, hang_up, send};
use super::to_protocol::{self, time};
use super::upgrade::Sessions;
use super::work_list::WorkWatch;
use crate::counters::session_opened;
use crate::customers::message::Message as Written;
use crate::protocol as wire;
use crate::protocol::{CloseCode, RequestId, Role, SessionHears, SupervisorHears, push_text, request_text};
use crate::router_handle::{AgentNews, LegOrder, MessageOrder, Order};
use crate::routing::ids::{AgentId, GatewayId, PersonId};
use crate::routing::time::Timestamp;

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
    LegOrder(LegOrder),
    /// The message that the order sends.
    MessageOrder {
        order: MessageOrder,
        message: Arc<Written>,
    },
    /// What somebody else wrote in a contact of the agent's.
    Message(Arc<Written>),
    /// How far a message of the agent's is.
    MessageStatus(Arc<Written>),
    /// Encoded already: an answer.
    Text(Utf8Bytes),
    Opened(Box<wire::Snapshot>),
    AskInventory,
    /// The customer's card, or that it cannot be read yet.
    Card(Box<wire::ContactUpdated>),
    /// What a supervisor says.
    Notice(Box<wire::Notice>),
    /// What differs in the list of the agent's work.
    WorkChanged(Box<wire::WorkChanged>),
    /// Something may differ there: nothing is told, the list is read again.
    ListChanged,
}

/// What befalls a session from outside.
#[derive(Clone, Copy, Debug)]
pub enum Control {
    TakenOver,
    TooSlow,
    /// Who opened it must leave.
    Cut,
    /// Some who must leave were missed: whoever opened it may be among them.
    Ask,
}

/// A client that came back.
pub struct Attach {
    pub socket: Socket,
    pub id: RequestId,
    pub seq: wire::Seq,
    pub caller: Caller,
}

/// Who opened the session.
#[derive(Clone, Debug)]
pub enum Who {
    Agent { agent: AgentId, person: PersonId },
    Supervisor { person: PersonId },
    Gateway(GatewayId),
}

enum Desk {
    Agent(AgentDesk),
    Supervisor { desk: SupervisorDesk, selection: Selection, feed: broadcast::Receiver<BoardNews> },
    Gateway { desk: GatewayDesk, arrivals: Arrivals },
}

impl Desk {
    fn role(&self) -> Role {
        match self {
            Desk::Agent(_) => Role::Agent,
            Desk::Supervisor { .. } => Role::Supervisor,
            Desk::Gateway { .. } => Role::Gateway,
        }
    }

    /// What it is called where sessions are counted.
    fn role_word(&self) -> &'static str {
        match self {
            Desk::Agent(_) => "agent",
            Desk::Supervisor { .. } => "supervisor",
            Desk::Gateway { .. } => "gateway",
        }
    }
}

/// Why a socket is no longer served.
enum Gone {
    /// The client may come back.
    Lost,
    /// It has come back by another socket before this one was missed.
    Back(Box<Attach>),
    /// Closed by us or for good.
    Closed,
}

pub struct Session {
    sessions: Arc<Sessions>,
    no: SessionNo,
    standing: Standing,
    desk: Desk,
    line: Line,
    /// Of an agent only.
    cards: Option<Cards>,
    leads: Option<LeadsShown>,
    work: Option<WorkWatch>,
    outbox: Outbox,
    outgoing: mpsc::Receiver<Outgoing>,
    control: mpsc::Receiver<Control>,
    control_sender: mpsc::Sender<Control>,
    attach: mpsc::Receiver<Attach>,
    resume_token: String,
    opened_by: RequestId,
    limiter: DefaultDirectRateLimiter,
    stopping: watch::Receiver<bool>,
    unanswered_pings: u32,
}

impl Session {
    pub fn new(sessions: Arc<Sessions>, who: Who, caller: Caller, opened_by: RequestId) -> Session {
        let settings = &sessions.settings;
        let (outgoing_max, replay, per_second, burst) = match who {
            Who::Agent { .. } => {
                (OUTGOING_CONSOLE_MAX, settings.console_replay, settings.agent_rate, settings.agent_burst)
            }
            Who::Supervisor { .. } => {
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
            Who::Supervisor { person } => Desk::Supervisor {
                desk: SupervisorDesk { line: line.clone(), person },
                selection: Selection::default(),
                feed: sessions.feed.listen(),
            },
            Who::Gateway(gateway) => {
                let (line, messages) = (line.clone(), Arc::clone(&sessions.messages));
                let desk = GatewayDesk { line, gateway, messages, inventory: Vec::new(), asked_again: false };
                Desk::Gateway { desk, arrivals: Arrivals::new(Arc::clone(&sessions.screen_pop)) }
            }
        };
        let (cards, leads) = match &desk {
            Desk::Agent(desk) => {
                let cards = Cards::new(&sessions, line.clone(), desk.person.clone());
                (Some(cards), Some(LeadsShown::new(&sessions, line.clone())))
            }
            Desk::Supervisor { .. } | Desk::Gateway { .. } => (None, None),
        };
        let resume_token = sessions.new_token();
        if let Desk::Agent(desk) = &desk {
            sessions.registry.keep_resumable(resume_token.clone(), desk.person.clone(), attach_sender);
        }
        let quota = Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst));
        Session {
            no: sessions.next_no(),
            standing: Standing::new(caller, &sessions.access),
            desk,
            cards,
            leads,
            work: None,
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
            unanswered_pings: 0,
            sessions,
        }
    }

    /// Serves the client until it is gone for good.
    pub async fn run(mut self, mut socket: Socket) {
        session_opened(self.desk.role_word());
        self.take_seat();
        // Looked up before there was a seat to hear of a cut.
        if !self.standing.may_stay(&self.sessions.access).await {
            hang_up(&mut socket, CloseCode::LoggedOut).await;
            return self.leave().await;
        }
        self.enter(None).await;
        let mut socket = Some(socket);
        while let Some(served) = socket.take() {
            let gone = self.serve(served).await;
            socket = match (gone, &self.desk) {
                (Gone::Back(attach), _) => self.resume(*attach).await,
                (Gone::Lost, Desk::Agent(_)) => self.wait_for_client().await,
                (Gone::Lost | Gone::Closed, _) => None,
            };
        }
        self.leave().await;
    }

    async fn serve(&mut self, mut socket: Socket) -> Gone {
        let mut pings = tokio::time::interval(self.sessions.settings.heartbeat);
        pings.reset();
        self.unanswered_pings = 0;
        loop {
            let sent = tokio::select! {
                biased;
                _ = self.stopping.changed() => return self.say_goodbye(&mut socket).await,
                Some(control) = self.control.recv() => match self.controlled(control, &mut socket).await {
                    Some(gone) => return gone,
                    None => Ok(()),
                },
                () = self.standing.log_in_end() => {
                    if self.standing.is_over(&self.sessions.access) {
                        return close(&mut socket, CloseCode::LoggedOut).await;
                    }
                    Ok(())
                }
                Some(attach) = self.attach.recv() => {
                    // Its other end may hear it, or may be gone: nobody waits for that.
                    tokio::spawn(async move { hang_up(&mut socket, CloseCode::TakenOver).await });
                    return Gone::Back(Box::new(attach));
                }
                Some(first) = self.outgoing.recv() => self.pass_on(first, &mut socket).await,
                news = desk_news(&mut self.desk) => match news {
                    DeskNews::Board(news) => self.pass_on_board(news, &mut socket).await,
                    DeskNews::ArrivalReady => {
                        self.pass_on_arrivals().await;
                        Ok(())
                    }
                },
                frame = socket.next() => match self.read(frame, &mut socket).await {
                    Ok(()) => Ok(()),
                    Err(gone) => return gone,
                },
                _ = pings.tick() => match self.beat(&mut socket).await {
                    Ok(()) => Ok(()),
                    Err(gone) => return gone,
                },
            };
            if sent.is_err() {
                return Gone::Lost;
            }
        }
    }

    async fn pass_on(&mut self, first: Outgoing, socket: &mut Socket) -> Result<(), ()> {
        let mut next = Some(first);
        let mut together = 0;
        while let Some(outgoing) = next {
            if let Some(text) = self.encode(outgoing)
                && socket.feed(Message::Text(text)).await.is_err()
            {
                return Err(());
            }
            together += 1;
            next = if together < SENT_TOGETHER_MAX { self.outgoing.try_recv().ok() } else { None };
        }
        flush(socket, self.sessions.settings.write_within).await
    }

    /// None: nothing to be told.
    fn encode(&mut self, outgoing: Outgoing) -> Option<Utf8Bytes> {
        Some(match outgoing {
            Outgoing::Text(text) => text,
            Outgoing::Opened(mut snapshot) => {
                if let (wire::Snapshot::Agent(snapshot), Desk::Agent(desk)) = (&mut *snapshot, &mut self.desk) {
                    desk.remember_wrap_ups(snapshot);
                    // Before the card: it takes out what the agent does not see.
                    if let Some(leads) = &mut self.leads {
                        leads.follow_snapshot(snapshot);
                    }
                    if let Some(cards) = &mut self.cards {
                        cards.follow_snapshot(snapshot);
                    }
                }
                self.opened(None, Some(*snapshot))
            }
            Outgoing::News { at, news } => {
                if let Desk::Agent(desk) = &mut self.desk {
                    desk.follow(&news);
                }
                let mut message = to_protocol::agent_news(&self.line.ids, &news, at, self.line.clock.now());
                if let Some(leads) = &mut self.leads {
                    leads.follow(&message);
                }
                if let Some(cards) = &mut self.cards {
                    cards.follow(&mut message);
                }
                self.list_may_differ();
                self.outbox.push(&message)
            }
            Outgoing::Card(updated) => self.outbox.push(&wire::AgentHears::ContactUpdated(*updated)),
            Outgoing::Notice(notice) => self.outbox.push(&SessionHears::Notice(*notice)),
            Outgoing::Message(message) => {
                self.outbox.push(&wire::AgentHears::MessageReceived(to_protocol::received(&self.line.ids, &message)))
            }
            Outgoing::MessageStatus(message) => self
                .outbox
                .push(&wire::AgentHears::MessageStatus(to_protocol::message_status(&self.line.ids, &message))),
            Outgoing::WorkChanged(changed) => self.outbox.push(&wire::AgentHears::WorkChanged(*changed)),
            Outgoing::ListChanged => {
                self.list_may_differ();
                return None;
            }
            Outgoing::LegOrder(order) => {
                let id = RequestId::Text(format!("o-{}", order.order));
                Utf8Bytes::from(request_text(&id, &to_protocol::leg_order(&order)))
            }
            Outgoing::Order(order) => {
                let id = RequestId::Text(format!("o-{}", order.order));
                Utf8Bytes::from(request_text(&id, &to_protocol::order(&self.line.ids, &order)))
            }
            Outgoing::MessageOrder { order, message } => {
                let id = RequestId::Text(format!("o-{}", order.order));
                Utf8Bytes::from(request_text(&id, &to_protocol::message_order(&self.line.ids, &order, &message)))
            }
            Outgoing::AskInventory => {
                let id = RequestId::Text("inventory".to_owned());
                Utf8Bytes::from(request_text(&id, &wire::GatewayOrder::InventorySend(wire::InventorySend {})))
            }
        })
    }

    fn list_may_differ(&self) {
        if let Some(work) = &self.work {
            work.wake();
        }
    }

    async fn pass_on_board(
        &mut self,
        news: Result<BoardNews, broadcast::error::RecvError>,
        socket: &mut Socket,
    ) -> Result<(), ()> {
        let Desk::Supervisor { selection, .. } = &self.desk else { return Ok(()) };
        let text = match news {
            Ok(BoardNews::Delta(delta, text)) => selection.of_delta(&delta, &text),
            Ok(BoardNews::Alert(news)) => selection.of_alert(&news),
            Ok(BoardNews::Anew) | Err(broadcast::error::RecvError::Lagged(_)) => {
                let (feed, router) = (&self.sessions.feed, &self.sessions.router);
                let Some(board) = whole_board(feed, router, &self.line.ids).await else { return Ok(()) };
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

    async fn pass_on_arrivals(&mut self) {
        if let Desk::Gateway { desk, arrivals } = &mut self.desk {
            arrivals.pass_on_ready(desk).await;
        }
    }

    async fn beat(&mut self, socket: &mut Socket) -> Result<(), Gone> {
        self.unanswered_pings += 1;
        if self.unanswered_pings > MISSED_PINGS_MAX {
            return Err(Gone::Lost);
        }
        if !self.standing.holds_still(&self.sessions.access).await {
            return Err(close(socket, CloseCode::LoggedOut).await);
        }
        let ping = Message::Ping(Default::default());
        send(socket, ping, self.sessions.settings.write_within).await.map_err(|()| Gone::Lost)
    }

    /// None: the session goes on.
    async fn controlled(&mut self, control: Control, socket: &mut Socket) -> Option<Gone> {
        match control {
            Control::TakenOver => {
                let at = time(self.line.clock.now());
                let told = SessionHears::TakenOver(wire::SessionTakenOver { at });
                let text = Utf8Bytes::from(push_text(&told));
                let _ = send(socket, Message::Text(text), self.sessions.settings.write_within).await;
                Some(close(socket, CloseCode::TakenOver).await)
            }
            Control::TooSlow => Some(close(socket, CloseCode::TooSlow).await),
            Control::Cut => Some(close(socket, CloseCode::LoggedOut).await),
            Control::Ask if self.standing.may_stay(&self.sessions.access).await => None,
            Control::Ask => Some(close(socket, CloseCode::LoggedOut).await),
        }
    }

    async fn say_goodbye(&mut self, socket: &mut Socket) -> Gone {
        let retry_after_ms = rand::random_range(0..RESTART_SPREAD_MS);
        let told = SessionHears::GoingAway(wire::GoingAway { retry_after_ms });
        let text = Utf8Bytes::from(push_text(&told));
        let _ = send(socket, Message::Text(text), self.sessions.settings.write_within).await;
        close(socket, CloseCode::Restart).await
    }
}

/// What comes from neither socket nor router.
enum DeskNews {
    Board(Result<BoardNews, broadcast::error::RecvError>),
    /// Something that a gateway said need not be held back any more.
    ArrivalReady,
}

async fn desk_news(desk: &mut Desk) -> DeskNews {
    match desk {
        Desk::Supervisor { feed, .. } => DeskNews::Board(feed.recv().await),
        Desk::Gateway { arrivals, .. } => {
            arrivals.ready().await;
            DeskNews::ArrivalReady
        }
        Desk::Agent(_) => std::future::pending().await,
    }
}

fn at_least_one(rate: u32) -> NonZeroU32 {
    NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN)
}

async fn close(socket: &mut Socket, code: CloseCode) -> Gone {
    hang_up(socket, code).await;
    Gone::Closed
}
