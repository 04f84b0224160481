//! One run: people at work, faults at random moments, then the checker's word on all of it. Prints a line of JSON for
//! each kind of fault.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::centre::Centre;
use super::checker::{Findings, findings};
use super::kept::{Fact, Journal, Records};
use super::recorder::Recorder;
use super::wire_log::WireLog;
use crate::support::faults::FaultMet;

/// How long a server lives, by the wall's clock.
const LIVES_MS: std::ops::Range<u64> = 200..2_000;
/// One in so many servers dies while it starts.
const DIES_EARLY: u32 = 5;
const EARLY_MS: std::ops::Range<u64> = 0..400;
/// In the life of one in so many servers, all connections are cut once.
const CONNECTIONS_CUT: u32 = 3;
/// Of ten deaths of the server, the one after which the gateway dies too, and the one after which the agents do.
const GATEWAY_DIES_AT: u32 = 3;
const AGENTS_DIE_AT: u32 = 6;
/// Of a gateway's life, by the wall's clock: so long do its callers come for each death of the server in it.
const CALLS_FOR_MS: u32 = 1_400;
const DEATHS_OF_A_GATEWAY: u32 = 10;

const KINDS: [Kind; 4] = [
    Kind::ends("server killed"),
    Kind::ends("gateway killed"),
    Kind::ends("agents killed"),
    Kind::ends("connections cut"),
];

/// A kind of fault, as the table names it.
#[derive(Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    /// Until a session is opened again is then how long it took to recover.
    ends_sessions: bool,
}

impl Kind {
    pub const fn ends(name: &'static str) -> Kind {
        Kind { name, ends_sessions: true }
    }

    /// Sessions may outlive it.
    pub const fn hinders(name: &'static str) -> Kind {
        Kind { name, ends_sessions: false }
    }
}

/// What is left of a run: what passed on the wire, and what is on disk.
pub struct Evidence {
    log: WireLog,
    journal: Journal,
    records: Records,
}

impl Evidence {
    pub async fn of(centre: &Centre, lines: &Path) -> Evidence {
        let data = centre.data();
        Evidence { log: WireLog::read(lines), journal: Journal::read(&data).await, records: Records::read(&data).await }
    }

    fn findings(&self) -> Findings {
        findings(&self.log, &self.journal, &self.records)
    }
}

#[derive(Clone, Copy)]
pub struct Plan {
    pub kills: u32,
    pub agents: usize,
    pub calls_per_second: u32,
    /// Agents also hold, ask colleagues and lay down, which keeps customers for up to a minute.
    pub take_time: bool,
    /// How long those who are there at the end may take to be served.
    pub drained_within: Duration,
}

/// # Panics
/// When anything acknowledged is lost, doubled or means something else; the folder is kept then.
pub async fn play(plan: Plan) {
    let seed = seed();
    let mut centre = Centre::start(plan.agents).await;
    let lines = centre.folder.path().join("wire.jsonl");
    faults(&mut centre, plan, seed).await;
    let evidence = Evidence::of(&centre, &lines).await;
    let looked_at = judge(&centre, &evidence, &KINDS, seed);
    sees(&evidence);
    assert!(looked_at >= u64::from(plan.kills) * 10, "too little happened: {looked_at}");
}

/// The checker's word on a run that is over, told in a line for each kind of fault: how many acknowledgements it looked
/// at.
///
/// # Panics
/// When anything acknowledged is lost, doubled or means something else.
pub fn judge(centre: &Centre, evidence: &Evidence, kinds: &[Kind], seed: u64) -> u64 {
    let found = evidence.findings();
    tell(&evidence.log, &found, kinds, seed);
    if !found.are_none() {
        panic!("CRASH_SEED={seed}\n{found}\n{}", centre.log());
    }
    found.looked_at
}

/// `CRASH_SEED`, or any.
pub fn seed() -> u64 {
    let given = std::env::var("CRASH_SEED").ok().map(|seed| seed.parse().expect("CRASH_SEED is a number"));
    let seed = given.unwrap_or_else(rand::random);
    println!("CRASH_SEED={seed}");
    seed
}

async fn faults(centre: &mut Centre, plan: Plan, seed: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let lines = centre.folder.path().join("wire.jsonl");
    let (recorder, host) = Recorder::start(&centre.host, centre.holders(), &lines).await;
    let gateway = |centre: &Centre, life: u32| {
        let deaths = (plan.kills - life).min(DEATHS_OF_A_GATEWAY);
        let calls = plan.calls_per_second * deaths * CALLS_FOR_MS / 1_000;
        let who = centre.gateway(life, calls, plan.calls_per_second);
        centre.people(&host, seed ^ u64::from(life), who)
    };
    let (mut switch, mut agents) = (gateway(centre, 0), centre.people(&host, seed ^ 1, centre.agents(plan.take_time)));
    for kill in 0..plan.kills {
        if random.random_range(0..DIES_EARLY) > 0 {
            centre.is_ready().await;
            sleep_ms(random.random_range(LIVES_MS)).await;
            if random.random_range(0..CONNECTIONS_CUT) == 0 {
                recorder.cut();
                sleep_ms(random.random_range(LIVES_MS)).await;
            }
        } else {
            sleep_ms(random.random_range(EARLY_MS)).await;
        }
        centre.kill(&recorder);
        centre.start_again();
        if kill % 10 == GATEWAY_DIES_AT {
            sleep_ms(random.random_range(LIVES_MS)).await;
            switch.kill();
            recorder.note_fault("gateway killed");
            switch = gateway(centre, kill + 1);
        }
        if kill % 10 == AGENTS_DIE_AT {
            sleep_ms(random.random_range(LIVES_MS)).await;
            agents.kill();
            recorder.note_fault("agents killed");
            agents = centre.people(&host, seed ^ u64::from(kill), centre.agents(plan.take_time));
        }
    }
    centre.is_ready().await;
    centre.drained(plan.drained_within).await;
    centre.dismiss([&mut switch, &mut agents]);
    centre.stop();
}

pub async fn sleep_ms(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

/// The checker is worth something: it finds each of these, lost and doubled, in the very run that was whole. Of people who
/// forget nothing, so that the last of each kind was acknowledged.
fn sees(Evidence { log, journal, records }: &Evidence) {
    let arrived: BTreeSet<Option<u64>> = journal.of_kind("contact_arrived").map(Fact::contact).collect();
    for kind in ["contact_arrived", "contact_connecting", "contact_offered", "segment_closed", "contact_ended"] {
        // Of parts of a call that close by themselves nobody is told.
        let is_told = |fact: &&Fact| kind != "segment_closed" || fact.fields["disposition"].is_string();
        let told = journal.of_kind(kind).filter(|fact| arrived.contains(&fact.contact())).filter(is_told);
        let no = told.last().expect("everything happens in a run").no;
        assert!(!findings(log, &journal.without(no), records).lost.is_empty(), "the loss of event {no} is not seen");
        assert!(!findings(log, &journal.with_again(no), records).doubled.is_empty(), "event {no} twice is not seen");
    }
}

fn tell(log: &WireLog, found: &Findings, kinds: &[Kind], seed: u64) {
    for kind in kinds {
        let of_kind: Vec<_> = log.faults.iter().filter(|met| met.what == kind.name).collect();
        let longest = of_kind.iter().filter_map(|met| Some(met.over_at_ms? - met.at_ms)).max();
        let longest = longest.filter(|_| kind.ends_sessions);
        let met = FaultMet {
            fault: kind.name,
            times: of_kind.len(),
            acknowledged: found.looked_at,
            lost: found.lost.len() + found.changed.len(),
            doubled: found.doubled.len(),
            longest_recovery_ms: longest.map(i64::unsigned_abs).map(u128::from),
            seed: Some(seed),
        };
        met.tell();
    }
}
