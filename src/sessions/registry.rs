//! Finds the live session of an agent or a gateway. Holds no guard across an await: only clones,
//! inserts and removals.

use std::hash::Hash;

use dashmap::DashMap;
use tokio::sync::mpsc;

use super::session::{Attach, Control, Outgoing};
use crate::router_handle::{Delivery, Listener};
use crate::routing::ids::{AgentId, GatewayId};

/// One session among all of this process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SessionNo(pub u64);

/// How to reach one session.
#[derive(Clone, Debug)]
pub struct Entry {
    pub session: SessionNo,
    pub outgoing: mpsc::Sender<Outgoing>,
    pub control: mpsc::Sender<Control>,
}

struct Table<Key: Eq + Hash>(DashMap<Key, Entry>);

impl<Key: Eq + Hash> Default for Table<Key> {
    fn default() -> Self {
        Table(DashMap::new())
    }
}

impl<Key: Eq + Hash> Table<Key> {
    fn get_cloned(&self, key: &Key) -> Option<Entry> {
        self.0.get(key).map(|entry| entry.clone())
    }

    fn insert(&self, key: Key, entry: Entry) -> Option<Entry> {
        self.0.insert(key, entry)
    }

    fn remove(&self, key: &Key, session: SessionNo) -> bool {
        self.0.remove_if(key, |_, entry| entry.session == session).is_some()
    }
}

/// Who is connected, and which sessions wait for their client to come back.
#[derive(Default)]
pub struct Registry {
    agents: Table<AgentId>,
    gateways: Table<GatewayId>,
    /// By resume token.
    resumable: DashMap<String, mpsc::Sender<Attach>>,
}

impl Registry {
    /// Enters the agent's session; the one before it is told that it was taken over.
    pub fn enter_agent(&self, agent: AgentId, entry: Entry) {
        take_over(self.agents.insert(agent, entry));
    }

    pub fn enter_gateway(&self, gateway: GatewayId, entry: Entry) {
        take_over(self.gateways.insert(gateway, entry));
    }

    /// False: another session had already taken over.
    pub fn leave_agent(&self, agent: &AgentId, session: SessionNo) -> bool {
        self.agents.remove(agent, session)
    }

    pub fn leave_gateway(&self, gateway: &GatewayId, session: SessionNo) -> bool {
        self.gateways.remove(gateway, session)
    }

    pub(super) fn keep_resumable(&self, token: String, attach: mpsc::Sender<Attach>) {
        self.resumable.insert(token, attach);
    }

    pub(super) fn resumable(&self, token: &str) -> Option<mpsc::Sender<Attach>> {
        self.resumable.get(token).map(|attach| attach.clone())
    }

    pub(super) fn forget(&self, token: &str) {
        self.resumable.remove(token);
    }

    /// Everybody, for a planned stop.
    #[must_use]
    pub fn all(&self) -> Vec<Entry> {
        let agents = self.agents.0.iter().map(|entry| entry.clone());
        agents.chain(self.gateways.0.iter().map(|entry| entry.clone())).collect()
    }
}

fn take_over(before: Option<Entry>) {
    if let Some(before) = before {
        // A full or closed inbox means that the session is going anyway.
        let _ = before.control.try_send(Control::TakenOver);
    }
}

impl Listener for Registry {
    fn hear(&self, delivery: Delivery) {
        let (entry, outgoing) = match delivery {
            Delivery::ToAgent { agent, at, news } => {
                (self.agents.get_cloned(&agent), Outgoing::News { at, news: Box::new(news) })
            }
            Delivery::ToGateway { gateway, order } => (self.gateways.get_cloned(&gateway), Outgoing::Order(order)),
        };
        let Some(entry) = entry else { return };
        match entry.outgoing.try_send(outgoing) {
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => {}
            Err(mpsc::error::TrySendError::Full(_)) => {
                let _ = entry.control.try_send(Control::TooSlow);
            }
        }
    }
}
