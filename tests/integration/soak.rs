//! Steady load for as long as is asked, on the server as a process: its memory, its descriptors and its journal stay
//! as large as they are once it is warm. What history is kept grows, and how much a contact adds is said.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::crashes::centre::Centre;
use crate::support::faults::FaultMet;

/// `SOAK_MINUTES` asks for less, or for more; it judges nothing before everything that is forgotten in time is (ten
/// minutes): less than half an hour says little.
const MINUTES: u32 = 60;
const CALLS_PER_SECOND: u32 = 25;
const AGENTS: usize = 24;
const KEPT_EVENTS: &str = "20000";
const SAMPLED_EVERY: Duration = Duration::from_secs(5);
const DRAINED_WITHIN: Duration = Duration::from_secs(120);
/// What memory may differ by between two thirds of the time: caches fill, the allocator keeps what it was given.
const RESIDENT_KIB_GROWN_MAX: u64 = 24 * 1_024;
const DESCRIPTORS_GROWN_MAX: u64 = 16;
/// A step of dropping is a part of what is kept; the file has room for it.
const JOURNAL_GROWN_MAX: f64 = 1.1;

#[derive(Clone, Copy, Serialize, Debug)]
struct Sample {
    seconds: u64,
    resident_kib: u64,
    descriptors: u64,
    journal_kib: u64,
    records_kib: u64,
}

impl Sample {
    fn take(centre: &Centre, begun: Instant) -> Sample {
        let process = format!("/proc/{}", centre.server_id());
        let status = fs::read_to_string(format!("{process}/status")).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it is told");
        let kib = |file: &str| {
            let parts = [file.to_owned(), format!("{file}-wal")];
            parts.iter().map(|part| size_of(&centre.data().join(part))).sum::<u64>() / 1_024
        };
        Sample {
            seconds: begun.elapsed().as_secs(),
            resident_kib: resident.split_whitespace().next().unwrap().parse().unwrap(),
            descriptors: fs::read_dir(format!("{process}/fd")).unwrap().count() as u64,
            journal_kib: kib("journal.db"),
            records_kib: kib("usher.db"),
        }
    }
}

fn size_of(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |data| data.len())
}

/// The most in a part of the time.
fn most(samples: &[Sample], of: impl Fn(&Sample) -> u64) -> u64 {
    samples.iter().map(of).max().expect("some were taken")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "an hour of load"]
async fn an_hour_of_load_leaves_memory_descriptors_and_journal_as_they_were() {
    let minutes = std::env::var("SOAK_MINUTES").map_or(MINUTES, |text| text.parse().expect("a number of minutes"));
    let mut centre = Centre::start_with(AGENTS, &[("USHER_JOURNAL_KEEP_EVENTS", KEPT_EVENTS)]).await;
    let calls = minutes * 60 * CALLS_PER_SECOND;
    let mut switch = centre.people(&centre.host, 1, centre.gateway(0, calls, CALLS_PER_SECOND));
    let mut agents = centre.people(&centre.host, 2, centre.agents(false));
    let (begun, mut samples) = (Instant::now(), Vec::new());
    while begun.elapsed() < Duration::from_secs(u64::from(minutes) * 60) {
        tokio::time::sleep(SAMPLED_EVERY).await;
        let sample = Sample::take(&centre, begun);
        println!("{}", serde_json::to_string(&sample).unwrap());
        samples.push(sample);
    }
    centre.drained(DRAINED_WITHIN).await;
    centre.dismiss([&mut switch, &mut agents]);
    centre.stop();

    let third = samples.len() / 3;
    let (warm, last) = (&samples[third..2 * third], &samples[2 * third..]);
    let of_both = |of: fn(&Sample) -> u64| (most(warm, of), most(last, of));
    let resident = of_both(|sample| sample.resident_kib);
    let descriptors = of_both(|sample| sample.descriptors);
    let journal = of_both(|sample| sample.journal_kib);
    let grown = samples[samples.len() - 1].records_kib - samples[third].records_kib;
    let seconds = samples[samples.len() - 1].seconds - samples[third].seconds;
    let a_contact = grown * 1_024 / (seconds * u64::from(CALLS_PER_SECOND));
    println!(
        "most in the second and the last third: resident {resident:?} KiB, descriptors {descriptors:?}, journal {journal:?} KiB; history {a_contact} bytes a contact"
    );
    assert!(resident.1 <= resident.0 + RESIDENT_KIB_GROWN_MAX, "memory grows: {resident:?} KiB");
    assert!(descriptors.1 <= descriptors.0 + DESCRIPTORS_GROWN_MAX, "descriptors grow: {descriptors:?}");
    assert!(journal.1 as f64 <= journal.0 as f64 * JOURNAL_GROWN_MAX, "the journal grows: {journal:?} KiB");
    let fault = format!("{minutes} minutes of load: memory, descriptors and journal flat");
    FaultMet::harmless(&fault, 1, u64::from(calls), None).tell();
}
