//! How a session comes in, comes back after its socket died, and leaves. It serves no socket.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::standing::Standing;
use super::{Attach, Control, Desk, Outgoing, Session, Who};
use crate::counters::session_closed;
use crate::customers::text::NoteText;
use crate::protocol as wire;
use crate::protocol::answer_text;
use crate::router_handle::Answer;
use crate::router_handle::views::{agent_snapshot, gateway_snapshot, lasting_legs};
use crate::routing::command::Action;
use crate::routing::ids::SegmentId;
use crate::sessions::from_protocol::WireIds;
use crate::sessions::registry::Entry;
use crate::sessions::socket::{Socket, send};
use crate::sessions::to_protocol::{self, time};

/// Longer no console waits for them.
const DRAFTS_WITHIN: Duration = Duration::from_secs(1);

impl Session {
    /// The router hears of it first; then, in one step between two commands, the snapshot is taken
    /// and the session begins to hear what comes after it.
    pub(super) async fn enter(&mut self, resumed: Option<Vec<Utf8Bytes>>) {
        match &self.desk {
            Desk::Agent(desk) => {
                let agent = desk.agent.clone();
                self.line.source.tell(Action::OpenConsole { agent }.into(), ignore()).await;
            }
            Desk::Gateway { desk, .. } => {
                let gateway = desk.gateway.clone();
                self.sessions.monitors.gateway_gone(&gateway);
                self.line.source.tell(Action::AttachGateway { gateway }.into(), ignore()).await;
            }
            Desk::Supervisor { .. } => {}
        }
        if resumed.is_none() {
            let drafts = self.drafts().await;
            let question = self.entrance(drafts);
            self.line.source.ask(question).await;
        }
    }

    /// The agent's notes as far as they are written. Without a database he begins anew.
    async fn drafts(&self) -> Vec<(SegmentId, NoteText)> {
        let Desk::Agent(desk) = &self.desk else { return Vec::new() };
        match timeout(DRAFTS_WITHIN, self.sessions.screen_pop.records().note_drafts_of(&desk.agent)).await {
            Ok(Ok(drafts)) => drafts,
            Ok(Err(_)) | Err(_) => {
                tracing::warn!("drafts of notes cannot be read");
                Vec::new()
            }
        }
    }

    fn entrance(&self, drafts: Vec<(SegmentId, NoteText)>) -> Answer {
        let entry =
            Entry { session: self.no, outgoing: self.line.outgoing.clone(), control: self.control_sender.clone() };
        let (registry, ids) = (Arc::clone(&self.sessions.registry), self.line.ids.clone());
        let messages = Arc::clone(&self.sessions.messages);
        let (outgoing, control) = (self.line.outgoing.clone(), self.control_sender.clone());
        let alerts = self.sessions.feed.alerts();
        let who = match &self.desk {
            Desk::Agent(desk) => Who::Agent { agent: desk.agent.clone(), person: desk.person.clone() },
            Desk::Supervisor { desk, .. } => Who::Supervisor { person: desk.person.clone() },
            Desk::Gateway { desk, .. } => Who::Gateway(desk.gateway.clone()),
        };
        Box::new(move |view| {
            let snapshot = view.ok().and_then(|view| match &who {
                Who::Agent { agent, .. } => agent_snapshot(view, agent)
                    .map(|snapshot| to_protocol::agent_snapshot(&ids, &snapshot, view.now))
                    .map(|snapshot| with_drafts(&ids, snapshot, &drafts))
                    .map(|snapshot| wire::Snapshot::Agent(Box::new(snapshot))),
                Who::Supervisor { .. } => {
                    Some(wire::Snapshot::Supervisor(to_protocol::board_snapshot(&ids, view, &alerts)))
                }
                Who::Gateway(gateway) => {
                    let (contacts, last_event) = gateway_snapshot(view, gateway);
                    Some(wire::Snapshot::Gateway(to_protocol::gateway_snapshot(
                        &ids,
                        &contacts,
                        &lasting_legs(view),
                        last_event,
                    )))
                }
            });
            Box::new(move || {
                let Some(snapshot) = snapshot else {
                    let _ = control.try_send(Control::TooSlow);
                    return;
                };
                match who {
                    Who::Agent { agent, .. } => registry.enter_agent(agent, entry),
                    Who::Gateway(gateway) => {
                        registry.enter_gateway(gateway.clone(), entry);
                        messages.send_again(gateway);
                    }
                    Who::Supervisor { .. } => {}
                }
                let _ = outgoing.try_send(Outgoing::Opened(Box::new(snapshot)));
            })
        })
    }

    /// A resumed session goes on from the event the client had last.
    pub(super) fn opened(&self, resumed_from: Option<wire::Seq>, snapshot: Option<wire::Snapshot>) -> Utf8Bytes {
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

    /// Events go on into the outbox; the first socket that comes back in time gets what it missed.
    pub(super) async fn wait_for_client(&mut self) -> Option<Socket> {
        self.console_closed().await;
        let until = Instant::now() + self.sessions.settings.resume_within;
        loop {
            tokio::select! {
                biased;
                _ = self.stopping.changed() => return None,
                Some(control) = self.control.recv() => match control {
                    Control::TakenOver | Control::TooSlow | Control::Cut => return None,
                    Control::Ask if self.standing.may_stay(&self.sessions.access).await => {}
                    Control::Ask => return None,
                },
                () = self.standing.log_in_end() => {
                    if self.standing.is_over(&self.sessions.access) {
                        return None;
                    }
                }
                Some(outgoing) = self.outgoing.recv() => drop(self.encode(outgoing)),
                Some(attach) = self.attach.recv() => return self.resume(attach).await,
                () = tokio::time::sleep_until(until) => return None,
            }
        }
    }

    pub(super) async fn resume(&mut self, attach: Attach) -> Option<Socket> {
        let Attach { mut socket, id, seq, caller } = attach;
        self.opened_by = id;
        self.standing = Standing::new(caller, &self.sessions.access);
        self.take_seat();
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

    /// With whoever has shown last who he is.
    pub(super) fn take_seat(&self) {
        self.sessions.registry.seat(self.no, self.standing.caller.clone(), self.control_sender.clone());
    }

    async fn console_closed(&self) {
        if let Desk::Agent(desk) = &self.desk {
            let agent = desk.agent.clone();
            self.line.source.tell(Action::CloseConsole { agent }.into(), ignore()).await;
        }
    }

    /// Whoever took over keeps what is his.
    pub(super) async fn leave(&mut self) {
        session_closed(self.desk.role_word());
        self.sessions.registry.unseat(self.no);
        self.sessions.registry.forget(&self.resume_token);
        match &mut self.desk {
            Desk::Agent(desk) => {
                if self.sessions.registry.leave_agent(&desk.agent, self.no) {
                    self.console_closed().await;
                }
            }
            Desk::Gateway { desk, arrivals } => {
                arrivals.pass_on_all(desk).await;
                if self.sessions.registry.leave_gateway(&desk.gateway, self.no) {
                    let gateway = desk.gateway.clone();
                    self.sessions.monitors.gateway_gone(&gateway);
                    self.line.source.tell(Action::DetachGateway { gateway }.into(), ignore()).await;
                }
            }
            Desk::Supervisor { .. } => self.sessions.monitors.session_gone(self.no, &self.line),
        }
    }
}

fn with_drafts(
    ids: &WireIds,
    mut snapshot: wire::AgentSnapshot,
    drafts: &[(SegmentId, NoteText)],
) -> wire::AgentSnapshot {
    for (segment, draft) in drafts.iter().filter(|(_, draft)| !draft.is_empty()) {
        let id = ids.segment_text(*segment);
        for shown in snapshot.segments.iter_mut().filter(|shown| shown.segment == id) {
            shown.note = Some(wire::NoteText::clipped(draft.as_str()));
        }
    }
    snapshot
}

fn ignore() -> Answer {
    Box::new(|_| Box::new(|| {}))
}
