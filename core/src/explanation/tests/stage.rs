//! A router told commands at seconds, and what it made of them.

use serde_json::{Value, json};

use crate::explanation::agent::{AgentExplained, explain_agent};
use crate::explanation::between::Between;
use crate::explanation::contact::{ContactExplained, Standing, Waiting, explain_contact};
use crate::routing::command::Action;
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{AgentId, ContactId};
use crate::routing::router::ContactRouter;
use crate::routing::time::Timestamp;

pub struct Stage {
    pub router: ContactRouter,
    pub events: Vec<Event>,
    pub now: Timestamp,
}

impl Stage {
    /// `rules`: what the test does not name is left at its default; spans in milliseconds.
    pub fn new(mut rules: Value) -> Stage {
        rules["site"]["acknowledge_within"] = json!(600_000);
        let mut stage = Stage { router: ContactRouter::new(), events: Vec::new(), now: Timestamp(0) };
        stage.tell(0, json!({ "replace_rules": { "rules": rules } }));
        stage
    }

    pub fn pass(&mut self, at_s: i64) {
        self.now = Timestamp(at_s * 1_000);
        self.events.extend(self.router.advance_to(self.now));
    }

    pub fn tell(&mut self, at_s: i64, action: Value) {
        self.pass(at_s);
        let action: Action = serde_json::from_value(action).unwrap();
        let told = self.router.handle(action.into(), self.now).unwrap();
        self.events.extend(told);
    }

    pub fn available(&mut self, at_s: i64, agent: &str) {
        self.tell(at_s, json!({ "set_presence": { "agent": agent, "presence": "available" } }));
    }

    /// Arrives by telephone; its number.
    pub fn calls(&mut self, at_s: i64, reference: &str, attributes: Value) -> ContactId {
        self.arrives(at_s, reference, "voice", attributes)
    }

    pub fn arrives(&mut self, at_s: i64, reference: &str, channel: &str, attributes: Value) -> ContactId {
        self.tell(
            at_s,
            json!({ "contact_arrived": { "gateway": "g", "ref": reference, "channel": channel,
                "from": format!("+336000000{}", reference.len()), "attributes": attributes } }),
        );
        let arrived = self.events.iter().rev().find_map(|event| match &event.fact {
            Fact::ContactArrived { contact, .. } => Some(*contact),
            _ => None,
        });
        arrived.expect("it has just arrived")
    }

    /// The last offer to an agent.
    pub fn offer(&self, agent: &str) -> u64 {
        let offered = self.events.iter().rev().find_map(|event| match &event.fact {
            Fact::ContactOffered { agent: to, offer, .. } if to.as_str() == agent => Some(offer.0),
            _ => None,
        });
        offered.expect("he was offered something")
    }

    pub fn accepts(&mut self, at_s: i64, agent: &str) {
        let offer = self.offer(agent);
        self.tell(at_s, json!({ "accept_offer": { "agent": agent, "offer": offer } }));
    }

    pub fn declines(&mut self, at_s: i64, agent: &str) {
        let offer = self.offer(agent);
        self.tell(at_s, json!({ "decline_offer": { "agent": agent, "offer": offer, "reason": null } }));
    }

    pub fn talks(&mut self, at_s: i64, agent: &str, reference: &str) {
        self.accepts(at_s, agent);
        self.tell(at_s, json!({ "contact_connected": { "gateway": "g", "ref": reference } }));
    }

    pub fn ends(&mut self, at_s: i64, reference: &str) {
        self.tell(at_s, json!({ "contact_ended": { "gateway": "g", "ref": reference, "by": "customer" } }));
    }

    pub fn contact(&self, contact: ContactId) -> ContactExplained {
        explain_contact(self.router.state(), contact, self.now).expect("the contact is there")
    }

    pub fn waiting(&self, contact: ContactId) -> Waiting {
        match self.contact(contact).stands {
            Standing::Waiting(waiting) => *waiting,
            other => panic!("{other:?}"),
        }
    }

    pub fn between(&self, contact: ContactId, agent: &str) -> Between {
        let rows = self.waiting(contact).agents;
        rows.into_iter().find(|row| row.agent.as_str() == agent).expect("every agent has a row").between
    }

    pub fn agent(&self, agent: &str) -> AgentExplained {
        explain_agent(self.router.state(), &AgentId::new(agent).unwrap(), self.now).expect("the rules name him")
    }
}

/// One queue that everybody enters.
pub fn one_queue(queue: Value, agents: Value) -> Value {
    json!({ "entry": [{ "name": "everyone", "queue": "billing" }], "queues": { "billing": queue }, "agents": agents })
}
