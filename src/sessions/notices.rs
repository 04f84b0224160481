//! What a supervisor says to agents, passed on to the consoles that are open. Keeps nothing.

use std::sync::Arc;

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::registry::Registry;
use super::requests::Line;
use super::session::Outgoing;
use super::to_protocol::{self, time};
use crate::protocol as wire;
use crate::protocol::{ErrorKind, NoticeTo, RequestId, answer_text, error_text};
use crate::router_handle::{Read, RouterHandle, View};
use crate::routing::ids::{AgentId, QueueId};

/// Who passes it on.
pub struct Notices {
    pub router: RouterHandle,
    pub registry: Arc<Registry>,
    pub line: Line,
}

impl Notices {
    /// Answers later; the session goes on at once.
    pub fn send(self, id: RequestId, ask: wire::NoticeSend) {
        tokio::spawn(async move {
            let text = match self.pass_on(ask).await {
                Ok(consoles) => answer_text(&id, &wire::NoticeSent { consoles }),
                Err(kind) => error_text(Some(&id), &kind),
            };
            // A full or closed session is told so by its own task.
            let _ = self.line.outgoing.try_send(Outgoing::Text(Utf8Bytes::from(text)));
        });
    }

    async fn pass_on(&self, ask: wire::NoticeSend) -> Result<u64, ErrorKind> {
        if ask.text.as_str().trim().is_empty() {
            return Err(ErrorKind::invalid_field("text", "something to say".to_owned()));
        }
        let (to, ids) = (ask.to, &self.line.ids);
        let asked = self.router.ask(Read::Figures, move |view| who(view, &to)).await;
        let agents = asked.map_err(|rejection| to_protocol::error(ids, rejection))??;
        let notice = wire::Notice { level: ask.level, text: ask.text, at: time(self.line.clock.now()) };
        let told = agents.iter().filter(|agent| self.registry.notify(agent, &notice));
        Ok(told.count() as u64)
    }
}

fn who(view: View<'_>, to: &NoticeTo) -> Result<Vec<AgentId>, ErrorKind> {
    let everybody = || view.board.agents(view.now).map(|figures| figures.agent);
    match to {
        NoticeTo::Everybody {} => Ok(everybody().collect()),
        NoticeTo::Agents(agents) => agents.iter().map(|agent| known(view, agent)).collect(),
        NoticeTo::Queue(asked) => {
            let unknown = || ErrorKind::UnknownQueue { queue: asked.clone() };
            let queue = QueueId::new(asked.as_str()).map_err(|_| unknown())?;
            view.board.queue(&queue).ok_or_else(unknown)?;
            Ok(everybody().filter(|agent| view.board.could_serve(agent, &queue)).collect())
        }
    }
}

fn known(view: View<'_>, asked: &wire::AgentName) -> Result<AgentId, ErrorKind> {
    let unknown = || ErrorKind::UnknownAgent { agent: asked.clone() };
    let agent = AgentId::new(asked.as_str()).map_err(|_| unknown())?;
    view.board.agent(&agent, view.now).map(|figures| figures.agent).ok_or_else(unknown)
}
