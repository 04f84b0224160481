//! Whatever happens in whatever order, doubled or unheard: no caller is lost, none hears another, no phone is left in a
//! call that is over.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::model::{Lab, settings};
use crate::gateways::asterisk::ari::event::ChannelId;
use crate::gateways::asterisk::switchboard::Switchboard;
use crate::protocol::{
    AgentName, Endpoint, EventNumber, GatewayConsultation, GatewayContact, GatewayOrder, GatewaySnapshot, GatewayTells,
    Ref,
};

const HISTORIES: u64 = 300;
const STEPS: usize = 60;

struct History {
    lab: Lab,
    random: ChaCha8Rng,
    calls: u32,
    /// Calls that the server has, as it was told.
    has: BTreeSet<Ref>,
    questions: BTreeSet<Ref>,
    restarts: u64,
    seed: u64,
}

impl History {
    fn step(&mut self) {
        match self.random.random_range(0..100) {
            0..20 => {
                self.calls += 1;
                self.lab.call(&format!("9.{}", self.calls));
            }
            20..40 => self.order_connection(),
            40..55 => self.with_leg("usher-agent-", |lab, leg| lab.ring(leg)),
            55..70 => self.with_leg("usher-agent-", lift),
            70..78 => self.with_leg("usher-agent-", |lab, leg| lab.hang_up(leg, 16)),
            78..82 => self.with_leg("usher-agent-", |lab, leg| lab.hang_up(leg, 38)),
            82..88 => self.with_leg("9.", |lab, leg| lab.hang_up(leg, 16)),
            88..91 => self.order(|lab, of| GatewayOrder::ContactHold(lab.contact_order(of))),
            91..94 => self.order(|lab, of| GatewayOrder::ContactUnhold(lab.contact_order(of))),
            94..96 => self.order(|lab, of| GatewayOrder::ContactEnd(lab.contact_order(of))),
            96..98 => self.cut(),
            98 if self.random.random() => self.restart(),
            98 => self.lab.wait(3_000),
            _ => self.do_more(),
        }
        self.hear();
    }

    /// What makes more of a call than two who talk.
    fn do_more(&mut self) {
        let endpoint = format!("PJSIP/{}", self.random.random_range(1_000..1_006));
        match self.random.random_range(0..9) {
            0 => self.order(|lab, of| GatewayOrder::PartyRemove(lab.connect_order(of, &endpoint))),
            1 => self.order(|lab, of| GatewayOrder::ContactTransfer(lab.transfer_order(of))),
            2 => {
                self.calls += 1;
                let of = Ref::clipped(&format!("lead-{}", self.calls));
                let order = self.lab.place_order(&of, &endpoint, self.random.random());
                self.lab.order(&GatewayOrder::CallPlace(order));
            }
            3 => self.with_leg("usher-customer-", |lab, leg| lab.ring(leg)),
            4 => self.with_leg("usher-customer-", lift),
            5 => self.with_leg("usher-customer-", |lab, leg| lab.hang_up(leg, 17)),
            6 => self.with_leg("usher-outside-", lift),
            7 => self.with_leg("usher-outside-", |lab, leg| lab.hang_up(leg, 17)),
            _ => self.ask_colleague(&endpoint),
        }
    }

    fn ask_colleague(&mut self, endpoint: &str) {
        self.calls += 1;
        let question = Ref::clipped(&format!("question-{}", self.calls));
        let asking = self.random.random_range(1_000..1_006);
        let is_conference = self.random.random();
        self.order(|lab, of| {
            let mut order = lab.connect_order(&question, endpoint);
            order.consultation = Some(GatewayConsultation {
                agent: AgentName::clipped(&format!("agent-{asking}")),
                endpoint: Endpoint::clipped(&format!("PJSIP/{asking}")),
                parent: Some(of.clone()),
                conference: is_conference,
            });
            GatewayOrder::ContactConnect(order)
        });
        self.questions.insert(question);
    }

    /// Everybody goes: nothing is left.
    fn drain(&mut self) {
        for _ in 0..3 {
            let legs: Vec<ChannelId> = self.lab.lines.keys().cloned().collect();
            for leg in legs.iter().filter(|leg| !leg.0.starts_with("usher-agent-")) {
                self.lab.hang_up(&leg.0, 16);
            }
        }
        // Two agents who talk on without a customer hang up themselves.
        let agents: Vec<ChannelId> = self.lab.lines.keys().cloned().collect();
        if let Some(leg) = agents.iter().find(|leg| leg.0.starts_with("usher-agent-")) {
            self.lab.hang_up(&leg.0, 16);
        }
        for question in std::mem::take(&mut self.questions) {
            if self.random.random() {
                let order = self.lab.contact_order(&question);
                self.lab.order(&GatewayOrder::ContactEnd(order));
            }
        }
        self.hear();
        // Agents whose customers are not called yet still ring.
        let placing: Vec<ChannelId> = self.lab.lines.keys().cloned().collect();
        for leg in placing {
            self.lab.hang_up(&leg.0, 19);
        }
        self.lab.wait(120_000);
        for _ in 0..2 {
            let found = self.lab.found();
            self.lab.board.switch_found(found, self.lab.now);
            self.lab.run();
        }
        assert!(self.lab.lines.is_empty(), "seed {}: {:?}", self.seed, self.lab.lines);
        assert_eq!(self.lab.board.calls_and_legs(), (0, 0), "seed {}", self.seed);
        assert!(
            self.lab.bridges.iter().all(|bridge| bridge.0 == "usher-holding"),
            "seed {}: {:?}",
            self.seed,
            self.lab.bridges
        );
    }

    fn order_connection(&mut self) {
        let endpoint = format!("PJSIP/{}", self.random.random_range(1_000..1_006));
        self.order(|lab, of| GatewayOrder::ContactConnect(lab.connect_order(of, &endpoint)));
    }

    fn order(&mut self, order: impl FnOnce(&mut Lab, &Ref) -> GatewayOrder) {
        let has: Vec<Ref> = self.has.iter().cloned().collect();
        if let Some(of) = has.choose(&mut self.random) {
            let order = order(&mut self.lab, of);
            self.lab.order(&order);
        }
    }

    fn with_leg(&mut self, prefix: &str, act: impl FnOnce(&mut Lab, &str)) {
        let legs: Vec<ChannelId> = self.lab.lines.keys().filter(|id| id.0.starts_with(prefix)).cloned().collect();
        if let Some(leg) = legs.choose(&mut self.random) {
            act(&mut self.lab, &leg.0);
        }
    }

    /// The switch is not heard for a while; somebody hangs up meanwhile.
    fn cut(&mut self) {
        self.lab.board.switch_lost();
        self.lab.board.session_lost();
        self.with_leg("", |lab, leg| {
            lab.lines.remove(&ChannelId(leg.to_owned()));
        });
        self.lab.events.clear();
        let found = self.lab.found();
        self.lab.board.switch_found(found, self.lab.now);
        self.lab.run();
    }

    /// This program ends and begins again, knowing nothing; the server has taken back what it held out.
    fn restart(&mut self) {
        let contacts: Vec<GatewayContact> = self.has.iter().filter_map(|of| self.lab.board.as_known(of)).collect();
        // Questions are not carried over here: their legs are of nobody then.
        self.questions.clear();
        self.lab.board = Switchboard::new(settings());
        self.lab.events.clear();
        let found = self.lab.found();
        self.lab.board.switch_found(found, self.lab.now);
        let last_event = EventNumber::new(1_000_000 * (self.restarts + 1));
        self.restarts += 1;
        self.lab.open(&GatewaySnapshot { contacts, agent_legs: Vec::new(), last_event });
    }

    /// Some events come twice, and some are of channels that nobody knows.
    fn hear(&mut self) {
        if self.random.random_range(0..10) == 0 {
            let channel = self.lab.lines.keys().next().cloned();
            if let Some(channel) = channel.map(|id| self.lab.channel(&id)) {
                let event = crate::gateways::asterisk::ari::event::Event::ChannelStateChange { channel };
                self.lab.events.extend([event.clone(), event]);
                self.lab.run();
            }
        }
        for told in std::mem::take(&mut self.lab.told) {
            match told {
                GatewayTells::ContactArrived(told) => {
                    assert!(self.has.insert(told.r#ref), "seed {}: announced twice", self.seed);
                }
                GatewayTells::ContactAbandoned(told) => self.ended(&told.r#ref),
                GatewayTells::ContactEnded(told) => self.ended(&told.r#ref),
                GatewayTells::OrderDone(_) => {
                    // One who is with a number outside is the server's no more.
                    let board = &self.lab.board;
                    self.has.retain(|of| !board.is_outside(of));
                }
                _ => {}
            }
        }
    }

    fn ended(&mut self, of: &Ref) {
        let is_his = of.as_str().starts_with("9.");
        assert!(self.has.remove(of) || !is_his, "seed {}: {of:?} ends twice or without beginning", self.seed);
    }

    fn check(&self) {
        let seed = self.seed;
        let callers: BTreeSet<Ref> =
            self.lab.lines.keys().filter(|id| id.0.starts_with("9.")).map(|id| Ref::clipped(&id.0)).collect();
        let has: BTreeSet<Ref> = self.has.iter().filter(|of| of.as_str().starts_with("9.")).cloned().collect();
        assert!(has.is_subset(&callers), "seed {seed}: {has:?} are not all on the line: {callers:?}");
        let outside = |of: &&Ref| self.lab.board.is_outside(of);
        let others: Vec<&Ref> = callers.difference(&has).filter(|of| !outside(of)).collect();
        assert!(others.is_empty(), "seed {seed}: nobody knows of {others:?}");
        let mut in_bridge: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, line) in &self.lab.lines {
            let bridge = line.is_in.as_ref().map(|bridge| bridge.0.as_str());
            if id.0.starts_with("9.") {
                assert!(bridge.is_some(), "seed {seed}: {id} hears nothing");
            }
            if let Some(bridge) = bridge.filter(|bridge| bridge.starts_with("usher-call-")) {
                in_bridge.entry(bridge).or_default().push(&id.0);
                let is_caller = id.0.starts_with("9.");
                assert!(!is_caller || bridge == format!("usher-call-{id}"), "seed {seed}: {id} in {bridge}");
            }
        }
        for (bridge, legs) in in_bridge {
            let callers =
                legs.iter().filter(|leg| !leg.starts_with("usher-agent") && !leg.starts_with("usher-outside"));
            assert!(callers.count() <= 1, "seed {seed}: {legs:?} in {bridge}");
            // A talk is not one of a caller alone.
            let is_talk = legs.len() > 1 || legs[0].starts_with("usher-agent") || legs[0].starts_with("usher-outside");
            assert!(is_talk, "seed {seed}: {legs:?} alone in {bridge}");
        }
    }
}

fn lift(lab: &mut Lab, leg: &str) {
    if !lab.lines[&ChannelId(leg.to_owned())].is_ours {
        lab.lift(leg);
    }
}

#[test]
fn no_caller_is_lost_and_none_hears_another() {
    for seed in 0..HISTORIES {
        let random = ChaCha8Rng::seed_from_u64(seed);
        let mut history = History {
            lab: Lab::new(settings()),
            random,
            calls: 0,
            has: BTreeSet::new(),
            questions: BTreeSet::new(),
            restarts: 0,
            seed,
        };
        for _ in 0..STEPS {
            history.step();
            history.check();
        }
        history.drain();
    }
}
