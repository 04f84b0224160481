//! Three weeks of a real call centre through the router: the counts balance, the bytes repeat, and
//! the rules stand beside first come, first served. Never runs without the file, and says so; prints
//! how long it took, and never fails by the clock.

use std::time::Instant;

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use usher::routing::rule_set::RuleSet;
use usher::routing::time::Millis;
use usher::rule_files::read_folder;
use usher::rules::load;
use usher::simulator::report::Achieved;
use usher::simulator::simulation::{Inputs, Options, Patience, Simulation, simulate, simulate_against_first_come};

use crate::support::surroundings::{repository_root, shared_data};

fn recorded_calls() -> Option<String> {
    let path = shared_data("bank-calls-1999-02-01-to-21.csv")?;
    Some(std::fs::read_to_string(path).expect("the file is UTF-8"))
}

fn rules() -> RuleSet {
    let files = read_folder(&repository_root().join("routing-rules/examples/bank-1999")).unwrap();
    load(&files).unwrap().rules
}

fn run(calls: &str, patience: Patience) -> Simulation {
    let zone = TimeZone::get("Asia/Jerusalem").unwrap();
    let options = Options { zone, seed: 1, wrap_up: Millis::ZERO, patience, from: None, to: None };
    let inputs = Inputs { calls, shifts: None, rules: rules() };
    simulate(&inputs, &options, &mut |_, _| {}).unwrap()
}

#[test]
fn three_weeks_balance_and_repeat() {
    let Some(calls) = recorded_calls() else { return };
    let started = Instant::now();
    let simulation = run(&calls, Patience::Recorded);
    let took = started.elapsed();
    let recorded = simulation.recorded;
    assert_eq!(
        (recorded.calls, recorded.hung_up, recorded.answered),
        (25_669, 4_770, 20_899),
        "as the file's own notes say"
    );
    assert_eq!(recorded.waited.0 / 20_899 / 100, 397, "39.7 s");
    assert_eq!(
        recorded.service.0 / 100 / recorded.services.cast_signed(),
        1_720,
        "171.5 s over all, 172.1 s over those with a time"
    );

    let report = serde_json::to_value(&simulation.report).unwrap();
    let rows = &report["rows"];
    let (read, left_out, left_before) = (&rows["read"], &rows["left_out"], &rows["left_before_queue"]);
    assert_eq!(
        (read, left_out, left_before, &rows["entered"]),
        (&json!(25_890), &json!(221), &json!(1_684), &json!(23_985))
    );
    let days = report["queues"].as_array().unwrap();
    let mut entered = 0;
    for day in days.iter().chain([&report["total"]]) {
        let count = |name: &str| day[name].as_u64().unwrap();
        let ends = ["answered", "abandoned", "flowed_out", "callbacks", "withdrawn", "lost", "waiting"];
        assert_eq!(count("entered"), ends.into_iter().map(count).sum::<u64>(), "{day}");
        entered += count("entered");
    }
    let total = &report["total"];
    assert_eq!(entered, 2 * total["entered"].as_u64().unwrap(), "the days and their total");
    assert_eq!(
        total["entered"].as_u64().unwrap(),
        23_985 + total["callbacks"].as_u64().unwrap(),
        "each callback waits anew"
    );
    let handled: u64 = report["agents"].as_array().unwrap().iter().map(|day| day["handled"].as_u64().unwrap()).sum();
    assert_eq!(json!(handled), report["total"]["answered"], "every answered call was handled by somebody");
    let total = |name: &str| total[name].as_u64().unwrap();
    let contacts = total("answered") + total("abandoned") + total("withdrawn") + total("waiting");
    assert!(total("callbacks") > 0 && total("flowed_out") > 0, "{}", report["total"]);
    assert!(contacts <= 23_985, "who is called back is answered once: {}", report["total"]);
    eprintln!("{took:?}: {rows} {}\n{recorded:?}\n{:?}", report["total"], simulation.simulated);

    let again = run(&calls, Patience::Recorded);
    let bytes = |simulation: &Simulation| serde_json::to_vec(&simulation.report).unwrap();
    assert!(bytes(&again) == bytes(&simulation), "the same bytes every time");
}

#[test]
fn three_weeks_stand_beside_first_come_first_served() {
    let Some(calls) = recorded_calls() else { return };
    let zone = TimeZone::get("Asia/Jerusalem").unwrap();
    let options = Options { zone, seed: 1, wrap_up: Millis::ZERO, patience: Patience::Recorded, from: None, to: None };
    let inputs = Inputs { calls: &calls, shifts: None, rules: rules() };
    let simulation = simulate_against_first_come(&inputs, &options, &mut |_, _| {}).unwrap();
    let report = serde_json::to_value(&simulation.report).unwrap();
    for figure in ["service_level", "asa_ms", "abandonment"] {
        let (ours, plain) = (&report["compared"]["simulated"][figure], &report["compared"]["first_come"][figure]);
        assert!(ours.is_number() && plain.is_number() && ours != plain, "{figure}: {ours} {plain}");
    }
    let (ours, plain) = (simulation.simulated, simulation.first_come.unwrap());
    let answered_in_time = |of: Achieved| (of.answered_within + of.called_back) as f64 / of.entered as f64;
    assert!(answered_in_time(ours) > answered_in_time(plain), "{ours:?} {plain:?}");
    assert!(ours.abandoned < plain.abandoned, "{ours:?} {plain:?}");
    assert_eq!((plain.asked_to_be_called, plain.called_back), (0, 0));
    assert!(ours.called_back > 0 && ours.called_back <= ours.asked_to_be_called, "{ours:?}");
    eprintln!("{ours:?}\n{plain:?}");
}

#[test]
fn who_waits_for_ever_is_answered_more_often() {
    let Some(calls) = recorded_calls() else { return };
    let total = |patience| serde_json::to_value(run(&calls, patience).report).unwrap()["total"].clone();
    let (recorded, patient): (Value, Value) = (total(Patience::Recorded), total(Patience::None));
    assert!(patient["answered"].as_u64() > recorded["answered"].as_u64(), "{recorded} {patient}");
    let callers = |total: &Value| total["entered"].as_u64().unwrap() - total["callbacks"].as_u64().unwrap();
    assert_eq!(callers(&patient), callers(&recorded));
    eprintln!("patient: {patient}");
}
