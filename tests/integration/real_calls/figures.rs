//! How long things take, printed: from the first ring until a call is queued, from the accept until both are in the
//! bridge, and from an agent who is free to his next call, beside the switch's own queue. It asserts little.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::centre::{Centre, Wanted};
use super::many::mobiles;
use super::sipp::{Customers, Phone};
use super::switch::Switch;
use super::watch::about;
use crate::live_server::Peer;

const AGENTS: u32 = 40;
const SECONDS: u32 = 20;
const TALKS_MS: u64 = 1_500;
/// One agent, one call after the other, at each of the two.
const ROUNDS: u32 = 30;
/// Shorter than a console of the tests waits for a word.
const IDLE: Duration = Duration::from_secs(10);
const RELAY_TALKS_MS: u64 = 300;
const QUEUE: &str = "[bench]\nstrategy = leastrecent\nautofill = yes\nretry = 1\ntimeout = 15\nwrapuptime = 0\n\
                     ringinuse = no\nmember => PJSIP/1002\n";
const TO_QUEUE: &str = "\n[from-trunk](+)\nexten => 900,1,Answer(,i)\n same => n,Queue(bench)\n same => n,Hangup()\n";
const CHLOE_ALONE: &str = "[queue.general]\noffer_timeout = \"15s\"\n";

/// However long nobody calls.
async fn waits_for(console: &mut Peer, method: &str) -> Value {
    loop {
        if let Ok(heard) = tokio::time::timeout(IDLE, console.wait_for(method)).await {
            return heard;
        }
    }
}

/// p50, p99 and how many.
fn quantiles(mut of: Vec<i64>) -> String {
    of.sort_unstable();
    let at = |share: usize| of.get(((of.len() * share).div_ceil(100)).saturating_sub(1)).copied().unwrap_or_default();
    format!("p50 {} ms, p99 {} ms, {} of them", at(50), at(99), of.len())
}

fn ms(text: &str) -> i64 {
    jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text).unwrap().to_timestamp().unwrap().as_millisecond()
}

fn at(event: &Value) -> i64 {
    ms(event["timestamp"].as_str().unwrap())
}

/// By the switch's clock: from the INVITE until the call was answered, which is when the server has it.
fn until_queued(events: &[Value]) -> Vec<i64> {
    let mut came = BTreeMap::new();
    let mut took = Vec::new();
    for event in events {
        let (id, is_up) = (event["channel"]["id"].as_str().unwrap_or_default(), event["channel"]["state"] == "Up");
        match event["type"].as_str() {
            Some("ChannelCreated") if !id.starts_with("usher-") => drop(came.insert(id, at(event))),
            Some("ChannelStateChange") if is_up => took.extend(came.remove(id).map(|came| at(event) - came)),
            _ => {}
        }
    }
    took
}

/// `accepted`: agent and moment of each accept, in order.
fn until_together(events: &[Value], accepted: &[(String, i64)]) -> Vec<i64> {
    let mut whose: BTreeMap<&str, &str> = BTreeMap::new();
    let mut took = Vec::new();
    for event in events {
        let channel = &event["channel"];
        if let Some((id, agent)) = channel["id"].as_str().zip(channel["channelvars"]["USHER_AGENT"].as_str())
            && !agent.is_empty()
        {
            whose.insert(id, agent);
        }
        let both = event["bridge"]["channels"].as_array().filter(|both| both.len() == 2);
        if event["type"] == "ChannelEnteredBridge"
            && event["bridge"]["bridge_type"] == "mixing"
            && let Some(both) = both
            && let Some(agent) = both.iter().filter_map(Value::as_str).find_map(|id| whose.get(id))
        {
            let moment = at(event);
            let accept = accepted.iter().rev().find(|(by, at)| by == agent && *at <= moment);
            took.extend(accept.map(|(_, at)| moment - at));
        }
    }
    took
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn from_the_first_ring_to_the_talk() {
    for a_second in [1, 5, 10] {
        let agents = mobiles(AGENTS);
        let Some(centre) = Centre::open_with(&Wanted { agents: &agents, ..Wanted::default() }).await else {
            return;
        };
        let calls = a_second * SECONDS;
        let desks = Phone::outside(&centre.switch).answers_calls(calls, 0);
        let (told, mut accepted) = tokio::sync::mpsc::unbounded_channel();
        let mut consoles = Vec::new();
        for nth in 0..AGENTS {
            let agent = format!("mobile{nth}");
            centre.server.add_user(&[&agent, "--role", "agent", "--agent", &agent]);
            let mut console = centre.server.agent(&agent).await;
            console.is_available().await;
            let told = told.clone();
            consoles.push(tokio::spawn(async move {
                loop {
                    let offered = waits_for(&mut console, "contact.offered").await;
                    let offer = serde_json::json!({ "offer": offered["offer"] });
                    let now = jiff::Timestamp::now().as_millisecond();
                    let _ = told.send((agent.clone(), now));
                    if console.ask("offer.accept", offer).await.is_ok() {
                        waits_for(&mut console, "contact.ended").await;
                    }
                }
            }));
        }
        Customers::of(&centre.switch).many(calls, a_second, TALKS_MS).ends_well().await;
        desks.ends_well().await;
        let mut accepts = Vec::new();
        while let Ok(accept) = accepted.try_recv() {
            accepts.push(accept);
        }
        consoles.iter().for_each(tokio::task::JoinHandle::abort);
        let events = centre.watch.events();
        println!("{a_second} calls a second: INVITE to queued {}", quantiles(until_queued(&events)));
        println!(
            "{a_second} calls a second: accept to both in the bridge {}",
            quantiles(until_together(&events, &accepts))
        );
        centre.is_quiet().await;
    }
}

/// How long after each call of this device it was rung for the next.
fn until_next(events: &[Value], device: &str) -> Vec<i64> {
    let mut free = None;
    let mut took = Vec::new();
    for event in events {
        if about("ChannelDestroyed", device)(event) {
            free = Some(at(event));
        } else if about("ChannelCreated", device)(event) {
            took.extend(free.take().map(|free| at(event) - free));
        }
    }
    took
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn from_a_free_agent_to_his_next_call_beside_app_queue() {
    let more = [("queues.conf", QUEUE), ("extensions.conf", TO_QUEUE), ("modules.conf", "load = app_queue.so\n")];
    let Some(switch) = Switch::start_with(&more) else { return };
    let centre = Centre::around(switch, &Wanted { general: "", queue: Some(CHLOE_ALONE), ..Wanted::default() }).await;
    let beside = Phone::registered(&centre.switch, "1002").await;
    let (mut chloe, phone) = centre.works("chloe", "1003").await;
    let talking = tokio::spawn(async move {
        loop {
            waits_for(&mut chloe, "contact.connected").await;
        }
    });
    let desks = [beside.hangs_up_calls(ROUNDS, 0, RELAY_TALKS_MS), phone.hangs_up_calls(ROUNDS, 0, RELAY_TALKS_MS)];
    let ours = Customers::of(&centre.switch).many_wait(ROUNDS);
    let theirs = Customers { to: "900", ..Customers::of(&centre.switch) }.many_wait(ROUNDS);
    for customers in [ours, theirs] {
        customers.ends_well().await;
    }
    for desk in desks {
        desk.ends_well().await;
    }
    talking.abort();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let events = centre.watch.events();
    println!("agent free to next offer, Usher: {}", quantiles(until_next(&events, "PJSIP/1003")));
    println!("agent free to next offer, app_queue: {}", quantiles(until_next(&events, "PJSIP/1002")));
    centre.is_quiet().await;
}
