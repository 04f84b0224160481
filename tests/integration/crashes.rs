//! Servers, gateways and agents as processes under load, killed with `kill -9` at random moments; and a checker that
//! knows nothing of the router.
//!
//! - [`people`] are the demo's, each part a process of its own; between them and the server stands the [`recorder`],
//!   which writes down every message before it passes it on.
//! - [`checker`] reads those lines, the rows of the journal and the records, and nothing else: what the server has
//!   acknowledged must be there, once, and mean what it meant.
//! - The seed is printed, and stands in the failure. `CRASH_SEED` gives it: the same calls and the same moments,
//!   as far as a machine repeats itself.

pub mod centre;
mod checker;
pub mod kept;
pub mod people;
pub mod process;
pub mod recorder;
pub mod relay;
pub mod run;
mod wire_log;

use std::time::Duration;

use run::{Plan, play};

/// A run whose people are slow to come back still ends.
const SHORT: Plan =
    Plan { kills: 10, agents: 12, calls_per_second: 10, take_time: false, drained_within: Duration::from_secs(60) };
const LONG: Plan =
    Plan { kills: 200, agents: 30, calls_per_second: 25, take_time: true, drained_within: Duration::from_secs(240) };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_kills_lose_nothing_and_double_nothing() {
    play(SHORT).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "kills a server two hundred times"]
async fn two_hundred_kills_lose_nothing_and_double_nothing() {
    play(LONG).await;
}
