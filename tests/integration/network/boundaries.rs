//! A console's connection is cut after every message of a scripted hour, but while an offer is open and after what a cut
//! itself makes it hear: it hears everything once, in order, as one does whose connection holds.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::live_server::{Peer, Server};
use crate::support::faults::FaultMet;

const ROUNDS: usize = 3;
#[derive(Clone, Copy, PartialEq, Debug)]
enum Cuts {
    None,
    /// It comes back at once.
    AtOnce,
    /// It comes back when its agent has something to do again: what the others do meanwhile is missed.
    Away,
}

/// An agent's console that remembers where it was.
struct Console<'s> {
    server: &'s Server,
    token: String,
    cuts: Cuts,
    /// None: away.
    peer: Option<Peer>,
    resume_token: Value,
    /// The number of the last event it took.
    seq: u64,
    heard: Vec<(String, Value)>,
    /// How many of `heard` the script has asked for.
    looked_at: usize,
    times_cut: usize,
    /// An offer is withdrawn when its console goes: from an arrival to the accept the connection holds, or the hour would
    /// be another one.
    holds: bool,
}

impl Console<'_> {
    async fn open(server: &Server, cuts: Cuts) -> Console<'_> {
        let token = server.token("ana").await;
        let peer = Peer::open(&server.host, &token, json!({ "role": "agent" })).await;
        let (resume_token, seq) = (peer.opened["resume_token"].clone(), peer.opened["seq"].as_u64().unwrap());
        Console {
            server,
            token,
            cuts,
            peer: Some(peer),
            resume_token,
            seq,
            heard: Vec::new(),
            looked_at: 0,
            times_cut: 0,
            holds: false,
        }
    }

    async fn is_there(&mut self) {
        if self.peer.is_none() {
            let resumption = json!({ "token": self.resume_token, "seq": self.seq });
            let peer = Peer::back(&self.server.host, &self.token, &resumption).await;
            assert_eq!((&peer.opened["resumed"], &peer.opened["seq"]), (&json!(true), &json!(self.seq)));
            self.resume_token = peer.opened["resume_token"].clone();
            self.peer = Some(peer);
            self.take_heard().await;
        }
    }

    /// Takes what has come; once the connection is to be cut, what came after that is not taken.
    async fn take_heard(&mut self) {
        let Some(peer) = &mut self.peer else { return };
        for message in std::mem::take(&mut peer.heard) {
            let Some(seq) = message["params"]["seq"].as_u64() else { continue };
            assert_eq!(seq, self.seq + 1, "{message} follows {:?}", self.heard.last());
            self.seq = seq;
            self.heard.push((message["method"].as_str().unwrap().to_owned(), message["params"].clone()));
            // A cut is itself told, twice: to cut again after that would never end.
            let is_of_a_cut = self.heard.last().is_some_and(|(method, _)| method == "agent.changed");
            if self.cuts != Cuts::None && !self.holds && !is_of_a_cut {
                return self.is_cut().await;
            }
        }
    }

    async fn is_cut(&mut self) {
        self.times_cut += 1;
        self.peer = None;
        if self.cuts == Cuts::AtOnce {
            Box::pin(self.is_there()).await;
        }
    }

    async fn asks(&mut self, method: &str, params: Value) -> Value {
        while self.peer.is_none() {
            self.is_there().await;
        }
        let answer = self.peer.as_mut().unwrap().ask(method, params).await;
        self.take_heard().await;
        answer.unwrap_or_else(|refusal| panic!("{method}: {refusal}"))
    }

    /// Nothing is under way to it any more, and the connection holds.
    async fn settles(&mut self) {
        self.holds = true;
        self.asks("session.ping", json!({})).await;
    }

    /// The next of these that the script has not seen.
    async fn hears(&mut self, method: &str) -> Value {
        loop {
            while self.looked_at < self.heard.len() {
                self.looked_at += 1;
                let (heard, params) = &self.heard[self.looked_at - 1];
                if heard == method {
                    return params.clone();
                }
            }
            self.is_there().await;
            if self.looked_at == self.heard.len()
                && let Some(peer) = &mut self.peer
            {
                let message = peer.read().await.expect("the session stays");
                peer.hear(message).await;
                self.take_heard().await;
            }
        }
    }
}

/// Calls of all kinds; what ana heard, and how often she was cut off.
async fn hour(cuts: Cuts) -> (Vec<(String, Value)>, usize) {
    let wraps_up = |folder: &Path| {
        let queue = "[queue.general]\nwrap_up = { max = \"10m\" }\n";
        std::fs::write(folder.join("rules/queues/general.toml"), queue).unwrap();
    };
    let server = Server::start_prepared(&[], wraps_up);
    let mut gateway = server.gateway().await;
    let mut boss = server.supervisor("boss").await;
    let mut ana = Console::open(&server, cuts).await;
    ana.asks("presence.set", json!({ "presence": "available" })).await;
    ana.hears("agent.changed").await;
    for round in 0..ROUNDS {
        is_served(&mut ana, &mut gateway, &format!("served-{round}")).await;
        leaves_while_it_rings(&mut ana, &mut gateway, &format!("left-{round}")).await;
        boss.ask(
            "notice.send",
            json!({ "text": format!("notice {round}"), "level": "info", "to": { "agents": ["ana"] } }),
        )
        .await
        .unwrap();
        ana.hears("notice").await;
        chats(&mut ana, &mut gateway, &format!("chat-{round}")).await;
    }
    ana.settles().await;
    (ana.heard, ana.times_cut)
}

async fn is_served(ana: &mut Console<'_>, gateway: &mut Peer, reference: &str) {
    ana.settles().await;
    let contact = gateway.arrives(reference).await["contact"].clone();
    let order = accepts(ana, gateway).await;
    gateway.tell("contact.connected", json!({ "ref": reference, "order": order })).await.unwrap();
    ana.hears("contact.connected").await;
    for (asked, ordered, heard) in
        [("contact.hold", "contact.hold", "contact.held"), ("contact.unhold", "contact.unhold", "contact.unheld")]
    {
        ana.asks(asked, json!({ "contact": contact })).await;
        let order = gateway.wait_for(ordered).await["order"].clone();
        gateway.tell("order.done", json!({ "order": order })).await.unwrap();
        ana.hears(heard).await;
    }
    gateway.tell("contact.updated", json!({ "ref": reference, "attributes": { "intent": "card" } })).await.unwrap();
    ana.hears("contact.updated").await;
    gateway.tell("contact.ended", json!({ "ref": reference, "by": "customer" })).await.unwrap();
    wraps_up(ana, &contact).await;
}

async fn leaves_while_it_rings(ana: &mut Console<'_>, gateway: &mut Peer, reference: &str) {
    ana.settles().await;
    gateway.arrives(reference).await;
    ana.hears("contact.offered").await;
    gateway.tell("contact.abandoned", json!({ "ref": reference })).await.unwrap();
    ana.hears("offer.ended").await;
    ana.holds = false;
}

async fn chats(ana: &mut Console<'_>, gateway: &mut Peer, reference: &str) {
    ana.settles().await;
    let told = json!({ "ref": reference, "channel": "chat" });
    let contact = gateway.tell("contact.arrived", told).await.unwrap()["contact"].clone();
    let order = accepts(ana, gateway).await;
    gateway.tell("contact.connected", json!({ "ref": reference, "order": order })).await.unwrap();
    for line in 0..3 {
        let message = format!("{reference}-{line}");
        let told = json!({ "ref": reference, "message": message, "by": "customer", "text": "Hello?" });
        gateway.tell("message.passed", told).await.unwrap();
        ana.hears("message.received").await;
    }
    gateway.tell("contact.ended", json!({ "ref": reference, "by": "customer" })).await.unwrap();
    wraps_up(ana, &contact).await;
}

async fn accepts(ana: &mut Console<'_>, gateway: &mut Peer) -> Value {
    let offered = ana.hears("contact.offered").await;
    ana.asks("offer.received", json!({ "offer": offered["offer"] })).await;
    ana.asks("offer.accept", json!({ "offer": offered["offer"] })).await;
    ana.holds = false;
    if ana.cuts != Cuts::None {
        ana.is_cut().await;
    }
    gateway.wait_for("contact.connect").await["order"].clone()
}

async fn wraps_up(ana: &mut Console<'_>, contact: &Value) {
    let started = ana.hears("wrap_up.started").await;
    assert_eq!(&started["contact"], contact);
    ana.asks("wrap_up.finish", json!({ "contact": contact })).await;
    ana.hears("segment.closed").await;
}

/// What was told, and of whom. Of the agent's own state every cut tells more.
fn told(heard: &[(String, Value)]) -> Vec<(&str, &Value, &Value)> {
    let told = heard.iter().filter(|(method, _)| method != "agent.changed");
    told.map(|(method, params)| (method.as_str(), &params["contact"], &params["offer"])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_cut_after_every_message_hears_everything_once() {
    let (whole, _) = hour(Cuts::None).await;
    let offers = whole.iter().filter(|(method, _)| method == "contact.offered").count();
    for (cuts, fault) in [
        (Cuts::AtOnce, "console cut after each message"),
        (Cuts::Away, "console cut after each message, away meanwhile"),
    ] {
        let (heard, times_cut) = hour(cuts).await;
        assert_eq!(told(&heard), told(&whole), "cut {cuts:?}");
        // Once for each, but from an arrival to its offer, and to the end of an offer that nobody took.
        assert!(times_cut >= told(&heard).len() - 2 * offers, "cut {times_cut} times in {}", heard.len());
        FaultMet::harmless(fault, times_cut, heard.len() as u64, None).tell();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_too_late_gets_all_that_is_there_now() {
    let server =
        Server::start_with(&[("USHER_SESSION_REPLAY_KEPT_MS", "1000"), ("USHER_SESSION_REPLAY_EVENTS_MAX", "3")]);
    let mut gateway = server.gateway().await;
    let token = server.token("ana").await;
    let (ana, seen) = Peer::available(&server.host, &token).await;
    let resumption = ana.resumption(seen);
    drop(ana);
    // Longer than it is kept.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let contact = gateway.arrives("1").await["contact"].clone();
    let mut late = Peer::back(&server.host, &token, &resumption).await;
    assert_eq!(late.opened["resumed"], false);
    let offered = late.wait_for("contact.offered").await;
    assert_eq!(offered["contact"]["id"], contact, "in the snapshot or after it, never in a gap");

    // More events than are kept, in time.
    let seen = late.opened["seq"].as_u64().unwrap();
    late.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    let resumption = late.resumption(seen);
    drop(late);
    let mut boss = server.supervisor("boss").await;
    for number in 0..5 {
        let notice = json!({ "text": format!("notice {number}"), "level": "info", "to": { "agents": ["ana"] } });
        boss.ask("notice.send", notice).await.unwrap();
    }
    let back = Peer::back(&server.host, &token, &resumption).await;
    assert_eq!(back.opened["resumed"], false, "{}", back.opened);
    assert_eq!(back.opened["snapshot"]["offers"][0]["contact"]["id"], contact);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_ends_with_its_connection_and_comes_anew() {
    let server = Server::start();
    let (mut gateway, mut ana) = (server.gateway().await, Console::open(&server, Cuts::AtOnce).await);
    ana.asks("presence.set", json!({ "presence": "available" })).await;
    ana.settles().await;
    gateway.arrives("1").await;
    let first = ana.hears("contact.offered").await;
    ana.is_cut().await;
    ana.settles().await;
    assert_eq!(ana.hears("offer.ended").await["offer"], first["offer"]);
    accepts(&mut ana, &mut gateway).await;
    let shown = ana.heard.iter().filter(|(method, _)| method == "contact.offered");
    assert!(shown.map(|(_, params)| &params["contact"]["id"]).all(|id| *id == first["contact"]["id"]));
}
