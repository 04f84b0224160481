//! What a test of faults tells `RELIABILITY.md`: one line of JSON. It judges nothing.

use std::time::Duration;

use serde::Serialize;

/// A fault, how often it was met, and what came of what had been acknowledged.
#[derive(Serialize)]
pub struct FaultMet<'f> {
    pub fault: &'f str,
    pub times: usize,
    /// Promises that were looked at, each for itself.
    pub acknowledged: u64,
    pub lost: usize,
    pub doubled: usize,
    pub longest_recovery_ms: Option<u128>,
    pub seed: Option<u64>,
}

impl FaultMet<'_> {
    /// After a test that fails when anything is lost or doubled.
    pub fn harmless(fault: &str, times: usize, acknowledged: u64, longest_recovery: Option<Duration>) -> FaultMet<'_> {
        let longest_recovery_ms = longest_recovery.map(|longest| longest.as_millis());
        FaultMet { fault, times, acknowledged, lost: 0, doubled: 0, longest_recovery_ms, seed: None }
    }

    pub fn tell(&self) {
        println!("{}", serde_json::to_string(self).expect("texts and numbers are JSON"));
    }
}
