//! What is an agent's though nobody has it in hand: laid down by him, or to be called back by him. Kept ready for those
//! who ask; it decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::ids::ContactId;
use super::state::State;
use super::table::{AgentNo, Numbered};

#[derive(Clone, Debug, Default)]
pub struct Tickets {
    agents: Numbered<ContactId, AgentNo>,
    contacts: BTreeMap<AgentNo, BTreeSet<ContactId>>,
    /// Since the last command: what became an agent's, and what is his no more.
    changed: Vec<(ContactId, AgentNo)>,
}

impl Tickets {
    /// After any change of one contact, its end included.
    pub(super) fn refresh(&mut self, state: &State, id: ContactId) {
        let now = state.contacts.get(&id).and_then(|contact| {
            let laid_down = contact.suspended.as_ref().map(|suspended| suspended.agent);
            laid_down.or_else(|| contact.promise.as_ref().and_then(|promise| promise.by))
        });
        let was = match now {
            Some(agent) => self.agents.insert(id, agent),
            None => self.agents.swap_remove(&id),
        };
        if was == now {
            return;
        }
        if let Some(agent) = was {
            self.contacts.entry(agent).or_default().remove(&id);
            self.changed.push((id, agent));
        }
        if let Some(agent) = now {
            self.contacts.entry(agent).or_default().insert(id);
            self.changed.push((id, agent));
        }
    }

    pub(super) fn begin_anew(&mut self) {
        self.changed.clear();
    }

    /// The oldest first.
    pub fn of_agent(&self, agent: AgentNo) -> impl Iterator<Item = ContactId> + '_ {
        self.contacts.get(&agent).into_iter().flatten().copied()
    }

    /// Whose list the last command changed, by this contact coming into it or leaving it.
    pub fn changed_by(&self, contact: ContactId) -> impl Iterator<Item = AgentNo> + '_ {
        self.changed.iter().filter(move |(changed, _)| *changed == contact).map(|(_, agent)| *agent)
    }
}
