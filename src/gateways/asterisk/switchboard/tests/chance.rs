//! Whatever happens in whatever order, doubled or unheard: no caller is lost, none hears another, no phone is left in a
//! call that is over.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::model::{Lab, settings};
use crate::gateways::asterisk::ari::event::ChannelId;
use crate::protocol::{GatewayOrder, GatewayTells, Ref};

const HISTORIES: u64 = 300;
const STEPS: usize = 60;

struct History {
    lab: Lab,
    random: ChaCha8Rng,
    calls: u32,
    /// Calls that the server has, as it was told.
    has: BTreeSet<Ref>,
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
            _ => self.lab.wait(3_000),
        }
        self.hear();
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
                _ => {}
            }
        }
    }

    fn ended(&mut self, of: &Ref) {
        assert!(self.has.remove(of), "seed {}: {of:?} ends twice or without beginning", self.seed);
    }

    fn check(&self) {
        let seed = self.seed;
        let callers: BTreeSet<Ref> =
            self.lab.lines.keys().filter(|id| id.0.starts_with("9.")).map(|id| Ref::clipped(&id.0)).collect();
        assert_eq!(callers, self.has, "seed {seed}: who is on the line and whom the server has");
        let mut in_bridge: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, line) in &self.lab.lines {
            let bridge = line.is_in.as_ref().map(|bridge| bridge.0.as_str());
            if id.0.starts_with("9.") {
                assert!(bridge.is_some(), "seed {seed}: {id} hears nothing");
            }
            if let Some(bridge) = bridge.filter(|bridge| bridge.starts_with("usher-call-")) {
                in_bridge.entry(bridge).or_default().push(&id.0);
                assert!(
                    id.0.starts_with("usher-agent") || bridge == format!("usher-call-{id}"),
                    "seed {seed}: {id} in {bridge}"
                );
            }
            if id.0.starts_with("usher-agent") {
                let of = &line.variables["USHER_REF"];
                assert!(self.has.contains(&Ref::clipped(of)), "seed {seed}: {id} serves {of}, which is over");
            }
        }
        for (bridge, legs) in in_bridge {
            assert!(legs.len() <= 2, "seed {seed}: {legs:?} in {bridge}");
            // A talk is not one of a caller alone.
            assert!(legs.iter().any(|leg| leg.starts_with("usher-agent")), "seed {seed}: {legs:?} alone in {bridge}");
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
        let mut history = History { lab: Lab::new(settings()), random, calls: 0, has: BTreeSet::new(), seed };
        for _ in 0..STEPS {
            history.step();
            history.check();
        }
    }
}
