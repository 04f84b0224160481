//! What an agent has asked and not yet heard an answer to: asked again as it was, under the same
//! UUID, after a broken socket. It never asks anything of its own.

use std::collections::{BTreeMap, VecDeque};

use uuid::Uuid;

use crate::protocol::{AgentAsk, Message, RequestId, WritingAsk};

/// What an agent asks.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Ask {
    Agent(AgentAsk),
    Writing(WritingAsk),
}

impl Message for Ask {
    fn method(&self) -> &'static str {
        match self {
            Ask::Agent(ask) => ask.method(),
            Ask::Writing(ask) => ask.method(),
        }
    }

    fn params_text(&self) -> String {
        match self {
            Ask::Agent(ask) => ask.params_text(),
            Ask::Writing(ask) => ask.params_text(),
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Requests {
    asked: BTreeMap<RequestId, Ask>,
    outbox: VecDeque<RequestId>,
}

impl Requests {
    pub fn add(&mut self, ask: Ask) {
        let id = RequestId::Text(Uuid::new_v4().to_string());
        self.asked.insert(id.clone(), ask);
        self.outbox.push_back(id);
    }

    /// A new socket: nobody knows which of them came through the old one.
    pub fn repeat_all(&mut self) {
        self.outbox = self.asked.keys().cloned().collect();
    }

    pub fn repeat(&mut self, id: RequestId) {
        self.outbox.push_back(id);
    }

    pub fn next_to_send(&mut self) -> Option<(RequestId, &Ask)> {
        while let Some(id) = self.outbox.pop_front() {
            if self.asked.contains_key(&id) {
                let ask = &self.asked[&id];
                return Some((id, ask));
            }
        }
        None
    }

    pub fn is_open(&self, id: &RequestId) -> bool {
        self.asked.contains_key(id)
    }

    /// It has been answered for good.
    pub fn answered(&mut self, id: &RequestId) -> Option<Ask> {
        self.asked.remove(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{OfferAccept, OfferId};

    #[test]
    fn a_request_is_repeated_under_its_id_until_it_is_answered() {
        let mut requests = Requests::default();
        requests.add(Ask::Agent(AgentAsk::OfferAccept(OfferAccept { offer: OfferId::clipped("o-1") })));
        let (id, ask) = requests.next_to_send().map(|(id, ask)| (id, ask.clone())).unwrap();
        assert!(requests.next_to_send().is_none());
        requests.repeat_all();
        assert_eq!(requests.next_to_send(), Some((id.clone(), &ask)));
        assert_eq!(requests.answered(&id), Some(ask));
        requests.repeat(id.clone());
        assert!(requests.next_to_send().is_none() && !requests.is_open(&id));
    }
}
