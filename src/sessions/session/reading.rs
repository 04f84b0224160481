//! What a client sends: read, measured against its limits, and handed to its desk. Sends only refusals and answers.

use std::sync::Arc;

use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use super::{Desk, Gone, Session, close};
use crate::protocol as wire;
use crate::protocol::{
    AgentAsk, ClientMessage, CloseCode, ErrorKind, Frame, GatewaySays, GatewayTells, RequestId, SessionAsk,
    SupervisorAsk, WorkAsk, answer_text, error_text,
};
use crate::routing::ids::{AgentId, PersonId};
use crate::sessions::arrivals::Said;
use crate::sessions::board::{Selection, whole_board};
use crate::sessions::customers::Customers;
use crate::sessions::erasing::take_outcome;
use crate::sessions::keypad::Keypad;
use crate::sessions::looks::{Looks, Past};
use crate::sessions::monitors::Listener;
use crate::sessions::notices::Notices;
use crate::sessions::socket::{Socket, answer_close, fault, send};
use crate::sessions::to_protocol::time;
use crate::sessions::why::Whys;
use crate::sessions::work::AskedOfWork;
use crate::sessions::work_list::WorkWatch;
use crate::sessions::writing::Writing;

impl Session {
    pub(super) async fn read(
        &mut self,
        frame: Option<Result<Message, Error>>,
        socket: &mut Socket,
    ) -> Result<(), Gone> {
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
            Some(Ok(Message::Close(_))) => {
                answer_close(socket).await;
                Err(Gone::Lost)
            }
            Some(Ok(Message::Frame(_))) | None => Err(Gone::Lost),
            Some(Err(Error::Capacity(_))) => {
                let kind = ErrorKind::TooBig { bytes_max: self.bytes_max() };
                let text = Utf8Bytes::from(error_text(None, &kind));
                let _ = send(socket, Message::Text(text), self.sessions.settings.write_within).await;
                Err(close(socket, CloseCode::TooBig).await)
            }
            Some(Err(error)) => match fault(&error) {
                Some(code) => Err(close(socket, code).await),
                None => Err(Gone::Lost),
            },
        }
    }

    fn bytes_max(&self) -> u64 {
        let settings = &self.sessions.settings;
        let bytes = if let Desk::Gateway { .. } = self.desk { settings.gateway_bytes_max } else { settings.bytes_max };
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
                if let (Desk::Gateway { desk, arrivals }, Some(id)) = (&mut self.desk, id) {
                    let read = answer.map_err(|_| ()).and_then(|params| params.read().map_err(|_| ()));
                    if self.sessions.monitors.order_answered(&id, &read) {
                        return Ok(());
                    }
                    arrivals.take(desk, Said::Answered { id, answer: read }).await;
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

    fn whys(&self) -> Whys {
        let sessions = &self.sessions;
        let (router, hindsight) = (sessions.router.clone(), Arc::clone(&sessions.hindsight));
        Whys { router, hindsight, line: self.line.clone() }
    }

    fn looks(&self) -> Looks {
        let sights = &self.sessions.settings.sights;
        let sight = match &self.desk {
            Desk::Agent(_) | Desk::Gateway { .. } => &sights.agent,
            Desk::Supervisor { .. } => &sights.supervisor,
        };
        Looks { router: self.sessions.router.clone(), line: self.line.clone(), sight: sight.clone() }
    }

    fn listener(&self, person: PersonId) -> Listener {
        let sessions = &self.sessions;
        Listener {
            monitors: Arc::clone(&sessions.monitors),
            router: sessions.router.clone(),
            audit: Arc::clone(&sessions.audit),
            line: self.line.clone(),
            session: self.no,
            person,
        }
    }

    fn past(&self, person: PersonId) -> Past {
        let (hindsight, audit) = (Arc::clone(&self.sessions.hindsight), Arc::clone(&self.sessions.audit));
        Past { hindsight, audit, person, at: self.line.clock.now() }
    }

    /// None: who has this session sees no customers.
    fn customers(&self) -> Option<Customers> {
        let sights = &self.sessions.settings.sights;
        let (person, sight) = match &self.desk {
            Desk::Agent(desk) => (desk.person.clone(), sights.agent.clone()),
            Desk::Supervisor { desk, .. } => (desk.person.clone(), sights.supervisor.clone()),
            Desk::Gateway { .. } => return None,
        };
        let (pop, audit) = (Arc::clone(&self.sessions.screen_pop), Arc::clone(&self.sessions.audit));
        Some(Customers { pop, audit, line: self.line.clone(), person, sight })
    }

    fn writing(&self, agent: AgentId) -> Writing {
        let sessions = &self.sessions;
        Writing {
            messages: Arc::clone(&sessions.messages),
            registry: Arc::clone(&sessions.registry),
            records: sessions.screen_pop.records().clone(),
            reader: sessions.drafts_filed_by.clone(),
            line: self.line.clone(),
            agent,
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
                self.line.give(&id, Ok(answer_text(&id, &wire::Pong { server_time: time(self.line.clock.now()) })));
            }
            (ClientMessage::Session(SessionAsk::Open(_) | SessionAsk::Ping(_)), _, id) => {
                self.line.refuse(id.as_ref(), &ErrorKind::AlreadyOpen);
            }
            (ClientMessage::Agent(AgentAsk::ContactCustomer(asked)), Desk::Agent(desk), Some(id)) => {
                let agent = desk.agent.clone();
                if let Some(customers) = self.customers() {
                    customers.attach(id, agent, asked);
                }
            }
            (ClientMessage::Agent(AgentAsk::TransferTargets(asked)), Desk::Agent(desk), Some(id)) => {
                let asker = desk.agent.clone();
                self.looks().transfer_targets(id, asker, asked);
            }
            (ClientMessage::Agent(AgentAsk::FiguresShow(_)), Desk::Agent(desk), Some(id)) => {
                let agent = desk.agent.clone();
                self.looks().own_figures(id, agent);
            }
            (ClientMessage::Agent(AgentAsk::ContactDtmf(asked)), Desk::Agent(desk), Some(id)) => {
                let (agent, line) = (desk.agent.clone(), self.line.clone());
                Keypad { registry: Arc::clone(&self.sessions.registry), line, agent }.press(id, asked).await;
            }
            (ClientMessage::Agent(ask), Desk::Agent(desk), Some(id)) => desk.handle(&id, &ask).await,
            (ClientMessage::Gateway(GatewayTells::MonitorChanged(told)), Desk::Gateway { desk, .. }, Some(id)) => {
                self.sessions.monitors.gateway_tells(&desk.gateway, &told);
                self.line.give(&id, Ok(answer_text(&id, &wire::Nothing {})));
            }
            (ClientMessage::Gateway(tells), Desk::Gateway { desk, .. }, Some(id))
                if take_outcome(&self.sessions, &self.line, &desk.gateway, (&id, &tells)) => {}
            (ClientMessage::Gateway(tells), Desk::Gateway { desk, arrivals }, Some(id)) => {
                arrivals.take(desk, Said::Tells { id, tells }).await;
            }
            (ClientMessage::GatewayAsk(ask), Desk::Gateway { desk, arrivals }, Some(id)) => {
                arrivals.take(desk, Said::Asks { id, ask }).await;
            }
            (ClientMessage::Customer(ask), _, Some(id)) => match self.customers() {
                Some(customers) => customers.ask(id, ask),
                None => self.line.refuse(Some(&id), &ErrorKind::NotPermitted),
            },
            (ClientMessage::Work(WorkAsk::Watch(_)), Desk::Agent(desk), Some(id)) => {
                let (agent, line) = (desk.agent.clone(), self.line.clone());
                let sight = self.sessions.settings.sights.agent.clone();
                self.work = Some(WorkWatch::begin(Arc::clone(&self.sessions.work), line, agent, sight, id));
            }
            (ClientMessage::Work(ask), Desk::Agent(desk), Some(id)) => {
                let (agent, person) = (desk.agent.clone(), desk.person.clone());
                let asked =
                    AskedOfWork { desk: Arc::clone(&self.sessions.work), line: self.line.clone(), agent, person };
                asked.answer(id, ask);
            }
            (ClientMessage::Writing(ask), Desk::Agent(desk), Some(id)) => {
                let agent = desk.agent.clone();
                self.writing(agent).ask(id, ask).await;
            }
            (ClientMessage::GatewaySays(GatewaySays::Typing(told)), Desk::Gateway { desk, .. }, _) => {
                desk.typing(Arc::clone(&self.sessions.registry), &told).await;
            }
            (ClientMessage::Supervisor(ask), Desk::Supervisor { .. }, Some(id)) => self.supervise(&id, ask).await,
            (
                ClientMessage::Agent(_)
                | ClientMessage::Gateway(_)
                | ClientMessage::GatewayAsk(_)
                | ClientMessage::Supervisor(_)
                | ClientMessage::Work(_)
                | ClientMessage::Writing(_)
                | ClientMessage::GatewaySays(_)
                | ClientMessage::Customer(_),
                _,
                id,
            ) => {
                self.line.refuse(id.as_ref(), &ErrorKind::Internal);
            }
        }
        Ok(())
    }

    async fn supervise(&mut self, id: &RequestId, ask: SupervisorAsk) {
        let Desk::Supervisor { desk, selection, .. } = &mut self.desk else { return };
        match ask {
            SupervisorAsk::BoardWatch(watch) => {
                *selection = Selection::new(watch);
                let Some(board) = whole_board(&self.sessions.feed, &self.sessions.router, &self.line.ids).await else {
                    return self.line.refuse(Some(id), &ErrorKind::Unavailable { retry_after_ms: 1_000 });
                };
                self.line.give(id, Ok(answer_text(id, &selection.of_snapshot(board))));
            }
            SupervisorAsk::QueueShow(ask) => self.looks().queue(id.clone(), ask),
            SupervisorAsk::HistoryShow(ask) => self.looks().history(id.clone(), ask),
            SupervisorAsk::ContactShow(ask) => {
                let person = desk.person.clone();
                self.looks().contact(id.clone(), ask, self.past(person));
            }
            SupervisorAsk::MonitorStart(ask) => {
                let person = desk.person.clone();
                self.listener(person).start(id.clone(), ask);
            }
            SupervisorAsk::MonitorMode(ask) => {
                let person = desk.person.clone();
                self.listener(person).change(id, &ask);
            }
            SupervisorAsk::MonitorStop(ask) => {
                let person = desk.person.clone();
                self.listener(person).stop(id, &ask);
            }
            SupervisorAsk::NoticeSend(ask) => {
                let registry = Arc::clone(&self.sessions.registry);
                Notices { router: self.sessions.router.clone(), registry, line: self.line.clone() }
                    .send(id.clone(), ask);
            }
            SupervisorAsk::WhyContact(ask) => self.whys().contact(id.clone(), ask),
            SupervisorAsk::WhyAgent(ask) => self.whys().agent(id.clone(), ask),
            order @ (SupervisorAsk::AgentSetPresence(_)
            | SupervisorAsk::AgentLogOut(_)
            | SupervisorAsk::ContactMove(_)
            | SupervisorAsk::ContactPrioritise(_)
            | SupervisorAsk::ContactAssign(_)
            | SupervisorAsk::ContactClose(_)
            | SupervisorAsk::QueuePause(_)
            | SupervisorAsk::QueueResume(_)
            | SupervisorAsk::CampaignStart(_)
            | SupervisorAsk::CampaignPause(_)
            | SupervisorAsk::CampaignDrain(_)
            | SupervisorAsk::CampaignStop(_)) => desk.handle(id, &order).await,
        }
    }
}
