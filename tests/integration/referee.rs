//! The router against the referee on random histories. It never touches a server or a file.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use usher::routing::router::ContactRouter;
use usher::simulator::history::kinds::{
    CALLBACK_KINDS, CAMPAIGN_KINDS, CONSULTATION_KINDS, DECISION_KINDS, EVENT_KINDS, EXIT_KINDS, LEAVING_KINDS,
    ORDER_KINDS, READING_KINDS, RECORDING_KINDS, REFUSAL_KINDS, TAKING_KINDS, TRANSFER_KINDS,
};
use usher::simulator::history::run::{Counts, run, run_seeds, shown};
use usher::simulator::referee::model::Model;

use crate::support::faults::FaultMet;

/// Commands in one history.
const COMMANDS: u64 = 150;
/// Histories that every test run plays; a doubled message counts as two commands, so they are a million.
const HISTORIES: u64 = 6_000;
/// What those come to at least.
const COMMANDS_PLAYED: u64 = 1_000_000;
/// Commands of `make test-long`; `USHER_REFEREE_COMMANDS` sets another number.
const COMMANDS_LONG: u64 = 10_000_000;

/// The seeds shared out to as many threads as there are processors.
fn in_parallel<T: Send>(
    seeds: RangeInclusive<u64>,
    play: impl Fn(&mut dyn Iterator<Item = u64>) -> T + Sync,
) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let (seeds, play) = (&seeds, &play);
        let share = |first| move || play(&mut seeds.clone().skip(first).step_by(threads));
        let running: Vec<_> = (0..threads).map(|first| scope.spawn(share(first))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn together<E: std::fmt::Display>(shares: Vec<Result<Counts, E>>) -> Counts {
    let mut counts = Counts::new();
    for share in shares {
        for (kind, count) in share.unwrap_or_else(|failure| panic!("{failure}")) {
            *counts.entry(kind).or_default() += count;
        }
    }
    counts
}

/// Invariants are checked after each command: a contact forgotten or with two agents fails the test.
fn tell(commands: u64) {
    let times = usize::try_from(commands).unwrap_or(usize::MAX);
    FaultMet::harmless("random commands, crashes among them, against the referee", times, commands, None).tell();
}

fn assert_all_reached(counts: &Counts) {
    println!("{}", shown(counts));
    let all = [
        &EVENT_KINDS[..],
        &DECISION_KINDS,
        &EXIT_KINDS,
        &LEAVING_KINDS,
        &CALLBACK_KINDS,
        &CAMPAIGN_KINDS,
        &CONSULTATION_KINDS,
        &ORDER_KINDS,
        &REFUSAL_KINDS,
        &TRANSFER_KINDS,
        &TAKING_KINDS,
        &READING_KINDS,
        &RECORDING_KINDS,
    ];
    for kind in all.into_iter().flatten() {
        assert!(counts.contains_key(kind), "no history reached {kind}");
    }
}

#[test]
fn the_router_and_the_referee_agree_on_random_histories() {
    let counts = together(in_parallel(1..=HISTORIES, |seeds| run_seeds::<ContactRouter>(seeds, COMMANDS)));
    assert_all_reached(&counts);
    tell(counts["commands"]);
    assert!(counts["commands"] >= COMMANDS_PLAYED, "{} commands", counts["commands"]);
}

#[test]
fn seeds_that_ever_failed_hold() {
    let list = include_str!("../referee_seeds.txt");
    for line in list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let seed = line.split_whitespace().next().unwrap().parse().unwrap();
        run::<ContactRouter>(seed, COMMANDS).unwrap_or_else(|failure| panic!("{failure}"));
    }
}

#[test]
fn the_same_seed_gives_the_same_history() {
    assert_eq!(run::<Model>(7, COMMANDS).unwrap(), run::<Model>(7, COMMANDS).unwrap());
}

/// Goes on after a failure and shows the smallest of each kind at the end.
#[test]
#[ignore = "plays millions of commands"]
fn the_router_and_the_referee_agree_for_long() {
    let commands = std::env::var("USHER_REFEREE_COMMANDS").ok().map(|text| text.parse::<u64>().unwrap());
    let histories = commands.unwrap_or(COMMANDS_LONG) / COMMANDS;
    let failures = in_parallel(HISTORIES + 1..=HISTORIES + histories, |seeds| {
        seeds.filter_map(|seed| run::<ContactRouter>(seed, COMMANDS).err()).collect::<Vec<_>>()
    });
    let mut smallest: BTreeMap<String, (u64, usize, String)> = BTreeMap::new();
    for failure in failures.into_iter().flatten() {
        let about = failure.mismatch.on.split("\"action\":").last().unwrap_or_default();
        let kind: String = about.chars().filter(|c| c.is_alphabetic() || *c == '_').take(24).collect();
        let known = smallest.entry(kind).or_insert((0, usize::MAX, String::new()));
        known.0 += 1;
        if failure.steps.len() < known.1 {
            (known.1, known.2) = (failure.steps.len(), failure.to_string());
        }
    }
    let shown = smallest.values().map(|(count, _, text)| format!("{count} like this: {text}\n"));
    if smallest.is_empty() {
        tell(histories * COMMANDS);
    }
    assert!(smallest.is_empty(), "{}", shown.collect::<String>());
}
