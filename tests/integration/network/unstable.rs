//! The people of the crash harness at work over a network that loses, delays and falls silent, with a gateway that
//! repeats and forgets; then the same checker's word.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::namespace::{Namespace, Packets, plays_inside};
use super::road::{Road, Weather};
use super::unfaithful::unfaithful;
use crate::crashes::centre::Centre;
use crate::crashes::recorder::Recorder;
use crate::crashes::run::{Evidence, Kind, judge, seed, sleep_ms};
use crate::support::faults::FaultMet;

/// Two that nobody answers end a session.
const HEARTBEAT_MS: &str = "700";
/// How long a fault lasts: shorter and longer than a heartbeat's patience, and than all graces of the site.
const LASTS_MS: std::ops::Range<u64> = 200..4_000;
const LASTS_LONG_MS: std::ops::Range<u64> = 8_000..14_000;
/// One in so many lasts long.
const LONG: u32 = 6;
const BETWEEN_MS: std::ops::Range<u64> = 200..1_500;

#[derive(Clone, Copy)]
struct Plan {
    faults: u32,
    agents: usize,
    calls_per_second: u32,
    take_time: bool,
    drained_within: Duration,
}

const SHORT: Plan =
    Plan { faults: 8, agents: 10, calls_per_second: 8, take_time: false, drained_within: Duration::from_secs(150) };
const LONG_RUN: Plan =
    Plan { faults: 150, agents: 30, calls_per_second: 20, take_time: true, drained_within: Duration::from_secs(300) };

#[test]
fn a_bad_network_loses_nothing_and_doubles_nothing() {
    plays_inside("network::unstable::inside_a_namespace");
}

#[test]
#[ignore = "a bad network for a quarter of an hour"]
fn a_bad_network_for_long_loses_nothing_and_doubles_nothing() {
    plays_inside("network::unstable::inside_a_namespace_for_long");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the test above starts it, in a namespace; alone it does nothing"]
async fn inside_a_namespace() {
    if let Some(namespace) = Namespace::around() {
        play(&namespace, SHORT).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the test above starts it, in a namespace; alone it does nothing"]
async fn inside_a_namespace_for_long() {
    if let Some(namespace) = Namespace::around() {
        play(&namespace, LONG_RUN).await;
    }
}

/// What can be wrong with a network.
#[derive(Clone, Copy)]
enum Fault {
    Lost,
    Gone,
    GoneThere,
    GoneBack,
    Slow,
    Late,
    Silent,
    Cut,
}

const FAULTS: [(Fault, Kind); 8] = [
    (Fault::Lost, Kind::hinders("packets lost, 1 in 3 to 1 in 20")),
    (Fault::Gone, Kind::hinders("network gone both ways")),
    (Fault::GoneThere, Kind::hinders("network gone towards the server")),
    (Fault::GoneBack, Kind::hinders("network gone towards the people")),
    (Fault::Slow, Kind::hinders("network of 64 to 512 kbit/s")),
    (Fault::Late, Kind::hinders("messages late by up to 0.8 s")),
    (Fault::Silent, Kind::hinders("half-open connections")),
    (Fault::Cut, Kind::ends("connections reset")),
];

async fn play(namespace: &Namespace, plan: Plan) {
    let seed = seed();
    let mut centre = Centre::start_with(plan.agents, &[("USHER_SESSION_HEARTBEAT_MS", HEARTBEAT_MS)]).await;
    let lines = centre.folder.path().join("wire.jsonl");
    let to_server = Road::to(&centre.host, seed).await;
    let (recorder, recorders_host) = Recorder::start(&to_server.host(), centre.holders(), &lines).await;
    let to_recorder = Road::to(&recorders_host, seed ^ 1).await;
    // What is lost before the recorder has been acknowledged and not heard; what is lost behind it, neither.
    let parts = [(&to_recorder, port_of(&recorders_host)), (&to_server, port_of(&centre.host))];
    let (gateways_host, done) = unfaithful(&to_recorder.host(), seed).await;
    let calls = plan.calls_per_second * plan.faults * 2;
    let mut switch = centre.people(&gateways_host, seed, centre.gateway(0, calls, plan.calls_per_second));
    let mut agents = centre.people(&to_recorder.host(), seed ^ 1, centre.agents(plan.take_time));
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for number in 0..plan.faults {
        sleep_ms(random.random_range(BETWEEN_MS)).await;
        // Each kind in its turn, so that a short run has all.
        let (fault, kind) = FAULTS[number as usize % FAULTS.len()];
        recorder.note_fault(kind.name);
        let (road, port) = parts[random.random_range(0..parts.len())];
        match fault {
            Fault::Lost => namespace.has(Packets::Lost { one_in: random.random_range(3..=20) }, port),
            Fault::Gone => namespace.has(Packets::Gone, port),
            Fault::GoneThere => namespace.has(Packets::GoneThere, port),
            Fault::GoneBack => namespace.has(Packets::GoneBack, port),
            Fault::Slow => namespace.has(Packets::Slow { kilobits: random.random_range(64..=512) }, port),
            Fault::Late => road.has(Weather::late(0..=random.random_range(50..=800))),
            Fault::Silent => road.has(Weather::silent()),
            Fault::Cut => road.cut(),
        }
        let lasts = if random.random_range(0..LONG) == 0 { LASTS_LONG_MS } else { LASTS_MS };
        sleep_ms(random.random_range(lasts)).await;
        namespace.has(Packets::Fine, port);
        road.has(Weather::fair());
    }
    let mended = Instant::now();
    centre.is_ready().await;
    centre.drained(plan.drained_within).await;
    println!("drained_within={:?}", mended.elapsed());
    centre.dismiss([&mut switch, &mut agents]);
    centre.stop();
    let kinds = FAULTS.map(|(_, kind)| kind);
    let looked_at = judge(&centre, &Evidence::of(&centre, &lines).await, &kinds, seed);
    assert!(looked_at >= u64::from(plan.faults) * 20, "too little happened: {looked_at}");
    for (what, times) in [
        ("gateway's message sent again", &done.repeated),
        ("gateway's message overtaken by others", &done.late),
        ("gateway's message forgotten", &done.forgotten),
    ] {
        let times = times.load(Ordering::Relaxed);
        assert!(times > 0, "no {what}");
        let met = FaultMet {
            fault: what,
            times,
            acknowledged: looked_at,
            lost: 0,
            doubled: 0,
            longest_recovery_ms: None,
            seed: Some(seed),
        };
        met.tell();
    }
}

fn port_of(host: &str) -> u16 {
    host.rsplit(':').next().unwrap().parse().unwrap()
}
