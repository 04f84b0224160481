//! What a supervisor says to agents, passed on to the consoles that are open. Keeps nothing.

use std::sync::Arc;

use super::looks::known_queue;
use super::registry::Registry;
use super::requests::Line;
use super::to_protocol::{self, time};
use crate::protocol as wire;
use crate::protocol::{ErrorKind, NoticeTo, RequestId, answer_text};
use crate::router_handle::{Read, RouterHandle, View};
use crate::routing::ids::AgentId;

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
            let sent = self.pass_on(ask).await;
            self.line.give(&id, sent.map(|consoles| answer_text(&id, &wire::NoticeSent { consoles })));
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
            let queue = known_queue(view, asked)?;
            Ok(everybody().filter(|agent| view.board.could_serve(agent, &queue)).collect())
        }
    }
}

fn known(view: View<'_>, asked: &wire::AgentName) -> Result<AgentId, ErrorKind> {
    let unknown = || ErrorKind::UnknownAgent { agent: asked.clone() };
    let agent = AgentId::new(asked.as_str()).map_err(|_| unknown())?;
    view.board.agent(&agent, view.now).map(|figures| figures.agent).ok_or_else(unknown)
}
