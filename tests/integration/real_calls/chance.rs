//! Calls in which everybody does as chance has it, also while a phone is just being rung or a customer just moved: none
//! is lost, none is stuck, nothing is left. The seed is printed; `SEED` in the environment repeats a run.

use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::centre::{CUSTOMER, Centre};
use super::sipp::{Customers, Phone, Sipp};
use super::watch::lifted;
use crate::live_server::Peer;

const CALLS: u32 = 30;
const AGENTS: [(&str, &str); 3] = [("ana", "1001"), ("ben", "1002"), ("chloe", "1003")];
/// Between one message of the server and the next, before a console does something by itself.
const PAUSE_MS: std::ops::Range<u64> = 1..400;
const PATIENCE: Duration = Duration::from_secs(60);

fn seed() -> u64 {
    std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random)
}

/// A phone that does something else with each call.
async fn picks_up(phone: Phone, mut random: ChaCha8Rng) {
    loop {
        let rings_ms = random.random_range(0..600);
        let mut desk: Sipp = match random.random_range(0..10) {
            0 => phone.refuses("486 Busy Here"),
            1 => phone.refuses("480 Temporarily Unavailable"),
            2 | 3 => phone.hangs_up(rings_ms, random.random_range(1..1_500)),
            _ => phone.answers(rings_ms),
        };
        while !desk.is_over() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// An agent who takes most of what he is offered, and then does anything with it.
async fn works(mut console: Peer, mut random: ChaCha8Rng) {
    loop {
        let pause = Duration::from_millis(random.random_range(PAUSE_MS));
        if let Ok(message) = tokio::time::timeout(pause, console.read()).await {
            let Some(message) = message else { return };
            let params = message["params"].clone();
            let is_offer = message["method"] == "contact.offered";
            console.hear(message).await;
            console.heard.clear();
            if is_offer && params["accept"] != "phone" {
                tokio::time::sleep(Duration::from_millis(random.random_range(PAUSE_MS))).await;
                let what = if random.random_bool(0.9) { "offer.accept" } else { "offer.decline" };
                let _ = console.ask(what, json!({ "offer": params["offer"] })).await;
            }
            if let Some(contact) = params["contact"].as_str() {
                let what =
                    ["contact.hold", "contact.unhold", "contact.end", "transfer.cancel"][random.random_range(0..4)];
                if random.random_bool(0.5) {
                    let _ = console.ask(what, json!({ "contact": contact })).await;
                } else if random.random_bool(0.3) {
                    let to =
                        if random.random_bool(0.5) { json!({ "agent": "ben" }) } else { json!({ "queue": "general" }) };
                    let kind = if random.random_bool(0.5) { "blind" } else { "consult" };
                    let asks = json!({ "contact": contact, "to": to, "kind": kind });
                    let _ = console.ask("contact.transfer", asks).await;
                }
            }
        } else {
            let _ = console.ask("presence.set", json!({ "presence": "available" })).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_everybody_does_nothing_is_stuck() {
    let Some(mut centre) = Centre::open().await else { return };
    let seed = seed();
    println!("SEED={seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut busy = Vec::new();
    for (agent, phone) in AGENTS {
        let (console, phone) = centre.works(agent, phone).await;
        busy.push(tokio::spawn(picks_up(phone, ChaCha8Rng::from_rng(&mut random))));
        busy.push(tokio::spawn(works(console, ChaCha8Rng::from_rng(&mut random))));
    }
    let mut customers = Vec::new();
    for _ in 0..CALLS {
        customers.push(Customers::of(&centre.switch).talks(random.random_range(1..6_000)));
        tokio::time::sleep(Duration::from_millis(random.random_range(10..500))).await;
    }
    tokio::time::timeout(PATIENCE, async {
        for customer in &mut customers {
            while !customer.is_over() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    })
    .await
    .unwrap_or_else(|_| panic!("SEED={seed}: customers are stuck"));
    busy.iter().for_each(tokio::task::JoinHandle::abort);
    centre.eva = centre.server.sees("eva").await;
    // Two agents who speak with each other may go on for ever.
    for (agent, _) in AGENTS {
        centre.eva.ask("agent.log_out", json!({ "agent": agent, "how": "force" })).await.unwrap();
    }
    centre.is_quiet().await;
    assert!(centre.waiting().await.is_empty(), "SEED={seed}");
    let talks = centre.watch.count(|event| {
        event["type"] == "ChannelEnteredBridge"
            && event["bridge"]["channels"].as_array().is_some_and(|both| both.len() == 2)
    });
    println!("{talks} times two came together");
    assert!(centre.watch.count(lifted(CUSTOMER)) >= CALLS as usize / 2, "SEED={seed}: most came in");
}
