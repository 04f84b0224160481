//! A router set up step by step, each of which must work. Expects nothing of it.

use serde_json::{Value, json};
use usher::routing::command::{Action, Command};
use usher::routing::event::{Event, Fact};
use usher::routing::refusal::Refusal;
use usher::routing::router::ContactRouter;
use usher::routing::time::Timestamp;

/// A number that was never given.
pub const NEVER: u64 = 9_999;

/// A router with somebody to ask about, and the last numbers it gave.
pub struct Stage {
    pub router: ContactRouter,
    pub now: i64,
    pub agent: &'static str,
    pub queue: &'static str,
    pub reference: String,
    pub contact: u64,
    pub consultation: u64,
    pub offer: u64,
    pub segment: u64,
    pub order: u64,
    pub attempt: u64,
}

pub fn rules(dropped: bool) -> Value {
    let (agent, queue) = (json!({ "may_transfer_outside": true }), json!({}));
    let mut rules = json!({
        "site": { "interrupts": { "voice": ["chat"] }, "acknowledge_within": 600_000, "checked_within": 10_000, "outside_prefixes": ["+33"] },
        "entry": [{ "name": "all", "queue": "general" }],
        "queues": {
            "general": {
                "offer_timeout": 600_000,
                "wrap_up": { "max": 600_000 },
                "escalation": "sales",
                "exits": { "keys": { "1": { "voicemail": { "mailbox": "general" } } } },
            },
            "sales": queue,
        },
        "agents": { "ana": agent, "ben": agent, "pia": { "phone": { "mode": "phone", "endpoint": "PJSIP/9" } } },
    });
    if !dropped {
        rules["queues"]["old"] = queue;
        rules["agents"]["dan"] = agent;
    }
    rules
}

impl Stage {
    pub fn without_rules() -> Stage {
        let router = ContactRouter::new();
        let reference = "none".to_owned();
        let (contact, consultation, offer, segment, order) = (NEVER, NEVER, NEVER, NEVER, NEVER);
        let attempt = NEVER;
        let (agent, queue) = ("ana", "sales");
        Stage { router, now: 0, agent, queue, reference, contact, consultation, offer, segment, order, attempt }
    }

    pub fn new() -> Stage {
        let mut stage = Stage::without_rules();
        stage.done(json!({ "replace_rules": { "rules": rules(false) } }));
        stage
    }

    pub fn tell(&mut self, action: &Value) -> Result<Vec<Event>, Refusal> {
        let action: Action = serde_json::from_value(action.clone()).unwrap_or_else(|e| panic!("{action}: {e}"));
        self.now += 1_000;
        self.router.advance_to(Timestamp(self.now));
        let before = self.router.snapshot();
        let answer = self.router.handle(Command::from(action), Timestamp(self.now));
        if answer.as_ref().is_ok_and(|events| !events.is_empty()) {
            assert_ne!(self.router.snapshot(), before, "events that change nothing");
        } else {
            assert_eq!(self.router.snapshot(), before, "{answer:?} changed the router");
        }
        answer
    }

    /// Sets the scene: it must work.
    pub fn done(&mut self, action: Value) {
        let events = self.tell(&action).unwrap_or_else(|refusal| panic!("{action}: {refusal:?}"));
        assert!(!events.is_empty(), "{action} does nothing");
        let first = self.router.event_no().0 + 1 - events.len() as u64;
        for (event, number) in events.iter().zip(first..) {
            if let Fact::ContactArrived { contact, reference, .. } | Fact::CallbackPromised { contact, reference, .. } =
                &event.fact
            {
                (self.contact, self.reference) = (contact.0, reference.to_string());
            }
            if let Fact::ConsultationBegun { contact, .. } = &event.fact {
                self.consultation = contact.0;
            }
            if let Fact::ContactOffered { offer, rings, .. } = &event.fact {
                self.offer = offer.0;
                self.order = if *rings { number } else { self.order };
            }
            if let Fact::ContactConnecting { segment, .. } = &event.fact {
                (self.segment, self.order) = (segment.0, number);
            }
            if let Fact::CallbackProposed { attempt, .. } = &event.fact {
                self.attempt = attempt.0;
            }
            if let Fact::ExitTaken { .. } | Fact::AttemptPlaced { .. } = &event.fact {
                self.order = number;
            }
        }
    }

    pub fn there(&mut self, agent: &'static str) {
        self.agent = agent;
        self.done(json!({ "set_presence": { "agent": agent, "presence": "available" } }));
    }

    pub fn arrives(&mut self, reference: &str, channel: &str) {
        self.done(json!({ "contact_arrived": { "gateway": "g", "ref": reference, "channel": channel } }));
    }

    pub fn accepted(&mut self) {
        let (agent, offer) = (self.agent, self.offer);
        self.done(json!({ "accept_offer": { "agent": agent, "offer": offer } }));
    }

    /// Whoever checks calls says that this one may be placed.
    pub fn cleared(&mut self) {
        let attempt = self.attempt;
        self.done(json!({ "clear_attempt": { "attempt": attempt } }));
    }

    pub fn connected(&mut self) {
        let reference = self.reference.clone();
        self.done(json!({ "contact_connected": { "gateway": "g", "ref": reference } }));
    }

    pub fn talks(&mut self, agent: &'static str, reference: &str, channel: &str) {
        self.there(agent);
        self.arrives(reference, channel);
        self.accepted();
        self.connected();
    }

    pub fn over(&mut self) {
        let reference = self.reference.clone();
        self.done(json!({ "contact_ended": { "gateway": "g", "ref": reference, "by": "customer" } }));
    }

    pub fn finished(&mut self) {
        let (agent, segment) = (self.agent, self.segment);
        self.done(json!({ "finish_wrap_up": { "agent": agent, "segment": segment } }));
    }

    pub fn promised(&mut self, due: Option<i64>) {
        self.talks("ana", "1", "voice");
        self.done(json!({ "schedule_callback": {
            "agent": "ana", "contact": self.contact, "to": "+33600000001", "queue": "general", "due": due,
        } }));
    }
}
