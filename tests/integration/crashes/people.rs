//! The demo's gateway, or its agents, as a process of their own: this test binary, started again. They know the server by
//! the recorder's address alone.

use std::io::Read;
use std::process::Command;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::task::JoinSet;
use usher::demo::{GatewayPlan, Habits, Ledger, PlannedCall, Span, VirtualAgent, run_agent, run_gateway};
use usher::protocol::{Address, AgentName, Attributes, Channel, Name, Ref, Role, Secret, Time};
use usher::wire_client::{CentreClock, Credential, Door};

const PART: &str = "CRASH_PART";
/// Of a thousand contacts, so many are calls, so many chats; the rest are emails.
const CALLS: u32 = 700;
const CHATS: u32 = 200;
const A_DAY_MS: i64 = 24 * 3_600 * 1_000;

#[derive(Clone, Serialize, Deserialize)]
pub struct Part {
    pub url: String,
    pub seed: u64,
    pub who: Who,
}

#[derive(Clone, Serialize, Deserialize)]
pub enum Who {
    Gateway {
        key: String,
        /// In the names of its contacts and in their callers' numbers: whoever is killed has forgotten those he gave,
        /// and a caller who calls again may get his old place back.
        life: u32,
        calls: u32,
        calls_per_second: u32,
    },
    Agents {
        /// Name and token of each.
        agents: Vec<(String, String)>,
        /// They also hold, ask colleagues and lay down, which keeps customers for up to a minute.
        take_time: bool,
    },
}

impl Part {
    pub fn command(&self) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["crashes::people::people_as_a_process", "--exact", "--ignored", "--nocapture"])
            .env(PART, serde_json::to_string(self).unwrap());
        command
    }

    fn door(&self, role: Role, secret: &str) -> Door {
        let credential = Credential::Bearer(Secret::new(secret).unwrap());
        Door { url: self.url.clone(), role, credential, client: Name::clipped("usher test") }
    }
}

#[test]
#[ignore = "a part of the harness, which starts it; alone it does nothing"]
fn people_as_a_process() {
    let Ok(part) = std::env::var(PART) else { return };
    let part: Part = serde_json::from_str(&part).unwrap();
    let (stop, stopped) = watch::channel(false);
    std::thread::spawn(move || {
        // The end of the input is the word to stop, and comes with the harness's own end too.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        stop.send_replace(true);
    });
    let ledger = Ledger::default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(work(part, ledger.clone(), stopped));
    let seen = ledger.seen();
    assert!(seen.is_sound(), "{seen:?}");
}

async fn work(part: Part, ledger: Ledger, stopped: watch::Receiver<bool>) {
    let (setter, clock) = CentreClock::unset();
    match &part.who {
        Who::Gateway { key, life, calls, calls_per_second } => {
            let plan = GatewayPlan::Listed(planned(part.seed, *life, *calls, *calls_per_second).into_iter());
            let rings_for = Span { min_ms: 20, max_ms: 250 };
            let door = part.door(Role::Gateway, key);
            run_gateway(door, plan, rings_for, part.seed, ledger, (setter, clock), stopped).await.unwrap();
        }
        Who::Agents { agents, take_time } => {
            setter.set(Time::from_ms(now_ms()), 1.0);
            let mut working = JoinSet::new();
            for (seed, (name, token)) in (part.seed..).zip(agents) {
                let agent = VirtualAgent {
                    name: AgentName::clipped(name),
                    habits: habits(*take_time),
                    shifts: Vec::new(),
                    seed,
                };
                let door = part.door(Role::Agent, token);
                working.spawn(run_agent(door, agent, clock.clone(), ledger.clone(), stopped.clone()));
            }
            while let Some(ended) = working.join_next().await {
                ended.unwrap().unwrap();
            }
        }
    }
}

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Quick people who do everything now and then.
fn habits(take_time: bool) -> Habits {
    let quick = Habits {
        accepts_after: Span { min_ms: 0, max_ms: 300 },
        declines: 40,
        hangs_up: 200,
        hangs_up_after: Span { min_ms: 100, max_ms: 800 },
        promises_callback: 60,
        callback_in: Span { min_ms: 300, max_ms: 1_500 },
        wraps_up_in: Span { min_ms: 0, max_ms: 300 },
        dispositions: vec!["solved", "information given", "passed on"],
        ..Habits::at_once()
    };
    if !take_time {
        return quick;
    }
    Habits {
        holds: 150,
        holds_after: Span { min_ms: 50, max_ms: 300 },
        holds_for: Span { min_ms: 50, max_ms: 400 },
        suspends: 100,
        suspends_after: Span { min_ms: 100, max_ms: 400 },
        consults: 60,
        consults_after: Span { min_ms: 50, max_ms: 300 },
        decides_after: Span { min_ms: 50, max_ms: 300 },
        ..quick
    }
}

/// The last comes in a day: the gateway stays until it is told to go.
fn planned(seed: u64, life: u32, calls: u32, calls_per_second: u32) -> Vec<PlannedCall> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut enters_at_ms = now_ms() + 500;
    let mut planned: Vec<PlannedCall> = (0..calls)
        .map(|number| {
            enters_at_ms += random.random_range(0..=2_000 / i64::from(calls_per_second));
            call((life, number), enters_at_ms, &mut random)
        })
        .collect();
    planned.push(call((life, calls), now_ms() + A_DAY_MS, &mut random));
    planned
}

fn call((life, number): (u32, u32), enters_at_ms: i64, random: &mut ChaCha8Rng) -> PlannedCall {
    let channel = match random.random_range(0..1_000) {
        draw if draw < CALLS => Channel::Voice,
        draw if draw < CALLS + CHATS => Channel::Chat,
        _ => Channel::Email,
    };
    let is_call = channel == Channel::Voice;
    PlannedCall {
        r#ref: Ref::clipped(&format!("life-{life}-{number:05}")),
        channel,
        from: is_call.then(|| Address::clipped(&format!("+3319{life:03}{number:04}"))),
        to: None,
        attributes: Attributes::default(),
        enters_at_ms,
        patience_ms: is_call.then(|| random.random_range(3_000..20_000)),
        talk_ms: random.random_range(100..1_200),
        calls_again_after_ms: None,
        presses: None,
    }
}
