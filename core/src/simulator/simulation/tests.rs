//! Small days whose figures can be worked out by hand, and the errors of bad files.

use serde_json::{Value, json};

use super::*;
use crate::routing::expression::Expression;
use crate::routing::ids::{QueueId, SkillId};
use crate::routing::rule_set::{AgentRules, EntryRule, ExitAction, MaxWaitExit, QueueRules};
use crate::routing::skill::{Level, Skills};

const HEADER: &str = "date,arrived_at,line,call_id,customer_id,priority,type,vru_s,queue_s,outcome,service_s,agent\n";

/// Stocks (`NE`) have a queue of their own, all else goes to `regular`.
fn rules() -> RuleSet {
    let queue = |name: &str| QueueId::new(name).unwrap();
    let entry = |when: Option<&str>, to: &str| EntryRule {
        name: Arc::from(to),
        when: when.map(|text| Expression::new(text).unwrap()),
        queue: queue(to),
        agent: None,
        skills: Skills::new(),
        priority: 0,
    };
    RuleSet {
        entry: vec![entry(Some(r#"contact.attributes.type == "NE""#), "stocks"), entry(None, "regular")],
        queues: ["regular", "stocks"].map(|name| (queue(name), Arc::new(QueueRules::default()))).into(),
        ..RuleSet::default()
    }
}

fn options() -> Options {
    Options {
        zone: TimeZone::get("Asia/Jerusalem").unwrap(),
        seed: 1,
        wrap_up: Millis::ZERO,
        patience: Patience::Recorded,
        from: None,
        to: None,
    }
}

fn run(rows: &str, shifts: Option<&str>, rules: RuleSet, options: &Options) -> Result<Simulation, SimulationError> {
    let calls = format!("{HEADER}{rows}");
    let shifts = shifts.map(|rows| format!("agent,start,end\n{rows}"));
    let inputs = Inputs { calls: &calls, shifts: shifts.as_deref(), rules };
    simulate(&inputs, options, &mut |_, _| {})
}

fn report(rows: &str, shifts: Option<&str>, rules: RuleSet, options: &Options) -> Value {
    serde_json::to_value(run(rows, shifts, rules, options).unwrap().report).unwrap()
}

const ONE_AGENT: &str = "\
1999-02-01,09:00:00,A,1,,0,PS,10,0,AGENT,100,ana
1999-02-01,09:00:30,A,2,,0,PS,0,75,HANG,0,
1999-02-01,09:00:40,A,3,,0,PS,0,70,AGENT,50.5,ana
1999-02-01,09:00:50,A,4,,0,PS,10,0,HANG,0,
1999-02-01,09:00:50,A,5,,0,PS,10,9,PHANTOM,0,
1999-02-01,09:00:55,A,6,,0,PS,5,2,HANG,0,
";

#[test]
fn a_morning_of_one_agent_in_the_exact_shape() {
    // Ana serves call 1 from 09:00:10 to 09:01:50. Call 2 leaves at 09:01:45, call 6 at 09:01:02;
    // call 3 has waited since 09:00:40 and is served from 09:01:50 to 09:02:40.5.
    let figures = json!({
        "entered": 4, "answered": 2, "answered_within": 1, "abandoned": 2, "short_abandoned": 1,
        "flowed_out": 0, "callbacks": 0, "withdrawn": 0, "lost": 0, "waiting": 0,
        "service_level": 1.0 / 3.0, "abandonment": 0.5, "asa_ms": 35_000, "aht_ms": 75_250, "longest_wait_ms": 75_000,
        // Call 3 came when one had left in 10 s, second in line: 2 × (17/18)³ × 10 s; it waited 70 s.
        "estimated": 1, "within_p50": 0.0, "within_p90": 0.0, "estimate_off_ms": 53_152,
    });
    let time = json!({ "handled": 2, "busy_ms": 150_500, "available_ms": 0, "occupancy": 1.0 });
    let with = |mut head: Value, parts: &[&Value]| {
        for part in parts {
            head.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        }
        head
    };
    let standing = json!({
        "entered": 4, "answered": 2, "abandoned": 2, "asked_to_be_called": 0, "called_back": 0,
        "service_level": 0.25, "abandonment": 0.5, "asa_ms": 35_000,
    });
    let expected = json!({
        "compared": { "recorded": standing, "simulated": standing, "first_come": null },
        "from": "1999-02-01", "to": "1999-02-01", "seed": 1, "rules_version": 1,
        "rows": { "read": 6, "left_out": 1, "left_before_queue": 1, "entered": 4, "drawn": 0, "nobody_on_duty": 0 },
        "queues": [with(json!({ "queue": "regular", "day": "1999-02-01" }), &[&figures])],
        "agents": [with(json!({ "agent": "ana", "day": "1999-02-01" }), &[&time])],
        "total": with(json!({}), &[&figures, &time]),
    });
    let patient = Options { patience: Patience::None, ..options() };
    assert_eq!(report(ONE_AGENT, None, rules(), &patient), expected);
}

#[test]
fn both_centres_are_told_in_the_same_words() {
    let simulation = run(ONE_AGENT, None, rules(), &Options { patience: Patience::None, ..options() }).unwrap();
    let recorded = simulation.recorded;
    assert_eq!((recorded.calls, recorded.hung_up, recorded.answered, recorded.answered_within), (5, 3, 2, 1));
    assert_eq!((recorded.waited, recorded.service), (Millis(70_000), Millis(150_500)));
    assert_eq!(simulation.simulated, recorded, "with one agent who works as he did");
}

#[test]
fn rates_are_null_where_they_would_divide_by_zero() {
    let day = "1999-02-01,09:00:00,A,1,,0,PS,0,2,HANG,0,\n1999-02-02,09:00:00,A,2,,0,PS,0,0,AGENT,10,ana\n";
    let report = report(day, None, rules(), &options());
    let first = &report["queues"][0];
    assert_eq!((&first["abandoned"], &first["service_level"]), (&json!(1), &Value::Null), "only a short abandon");
    assert_eq!((&first["asa_ms"], &first["aht_ms"]), (&Value::Null, &Value::Null));
    assert_eq!(report["rows"]["nobody_on_duty"], json!(1));
    let empty = self::report("", None, rules(), &options());
    assert_eq!(
        (&empty["from"], &empty["total"]["occupancy"], &empty["queues"]),
        (&Value::Null, &Value::Null, &json!([]))
    );
}

#[test]
fn shifts_from_a_table_wrap_up_and_drawn_handle_times() {
    // Ben is there from 09:00; call 2 hung up in truth after 30 s but is answered here at once,
    // with the only recorded handle time of its type.
    let day = "1999-02-01,09:00:00,A,1,,0,PS,0,500,AGENT,100,ana\n1999-02-01,09:03:00,A,2,,0,PS,0,30,HANG,0,\n";
    let rules = RuleSet {
        agents: BTreeMap::from([(AgentId::new("ben").unwrap(), Arc::new(AgentRules::default()))]),
        ..rules()
    };
    let options = Options { wrap_up: Millis::seconds(20), ..options() };
    let report = report(day, Some("ben,1999-02-01 09:00,1999-02-01 09:10\n"), rules, &options);
    assert_eq!(report["rows"]["drawn"], json!(1));
    let ben = json!({ "agent": "ben", "day": "1999-02-01", "handled": 2, "busy_ms": 240_000, "available_ms": 360_000, "occupancy": 0.4 });
    assert_eq!(report["agents"], json!([ben]), "two calls of 100 s with 20 s of wrap-up in 10 minutes");
    assert_eq!(report["total"]["aht_ms"], json!(120_000));
}

#[test]
fn agents_serve_the_queues_they_served_and_no_others() {
    let day = "\
        1999-02-01,09:00:00,A,1,,0,NE,0,0,AGENT,10,ana\n\
        1999-02-01,09:05:00,A,2,,0,NE,0,0,AGENT,600,ana\n\
        1999-02-01,09:00:00,A,3,,0,PS,0,0,AGENT,900,ben\n\
        1999-02-01,09:01:00,A,4,,0,PS,0,60,HANG,0,\n";
    let report = report(day, None, rules(), &options());
    let regular = &report["queues"][0];
    assert_eq!(
        (&regular["queue"], &regular["answered"], &regular["abandoned"]),
        (&json!("regular"), &json!(1), &json!(1)),
        "ana is idle, but stocks only"
    );
    let named = BTreeMap::from([(AgentId::new("ana").unwrap(), Arc::new(AgentRules::default()))]);
    let report = self::report(day, None, RuleSet { agents: named, ..rules() }, &options());
    assert_eq!(report["queues"][0]["answered"], json!(2), "named in the rules, she serves whatever they let her");
}

#[test]
fn a_queue_with_skills_is_served_by_whoever_served_it() {
    let mut rules = rules();
    let asked = Skills::from([(SkillId::new("bank").unwrap(), Level::new(7).unwrap())]);
    Arc::make_mut(rules.queues.get_mut("regular").unwrap()).skills = asked;
    let report = report(ONE_AGENT, None, rules, &Options { patience: Patience::None, ..options() });
    assert_eq!(report["total"]["answered"], json!(2));
}

#[test]
fn a_call_counts_for_its_own_day_and_may_wait_for_the_next() {
    let day = "\
        1999-02-01,23:59:00,A,1,,0,PS,0,0,AGENT,300,ana\n\
        1999-02-01,23:59:30,A,2,,0,PS,0,1,AGENT,0,\n\
        1999-02-01,23:59:40,A,3,,0,PS,0,1,AGENT,0,\n\
        1999-02-02,09:00:00,A,4,,0,PS,0,0,AGENT,60,ana\n";
    let report = report(day, None, rules(), &Options { patience: Patience::None, ..options() });
    let (first, second) = (&report["queues"][0], &report["queues"][1]);
    assert_eq!((&first["day"], &first["entered"], &first["answered"]), (&json!("1999-02-01"), &json!(3), &json!(2)));
    assert_eq!((&first["waiting"], &second["entered"]), (&json!(1), &json!(1)), "the last one waits for ever");
    let shift = "ana,1999-02-01 23:00,1999-02-02 09:30\n";
    let report = self::report(day, Some(shift), rules(), &Options { patience: Patience::None, ..options() });
    assert_eq!((&report["agents"][0]["day"], &report["agents"][1]), (&json!("1999-02-01"), &Value::Null));
}

#[test]
fn only_the_chosen_days_are_simulated() {
    let day = "1999-02-01,09:00:00,A,1,,0,PS,0,0,AGENT,10,ana\n1999-02-02,09:00:00,A,2,,0,PS,0,0,AGENT,20,ana\n1999-02-03,09:00:00,A,3,,0,PS,0,0,HANG,0,\n";
    let date: Date = "1999-02-02".parse().unwrap();
    let report = report(day, None, rules(), &Options { from: Some(date), to: Some(date), ..options() });
    assert_eq!(
        (&report["from"], &report["to"], &report["rows"]["read"]),
        (&json!("1999-02-02"), &json!("1999-02-02"), &json!(1))
    );
    assert_eq!(report["agents"].as_array().unwrap().len(), 1);
}

#[test]
fn the_seed_alone_decides_what_is_drawn() {
    let mut day = String::new();
    for n in 0..200 {
        let (minute, second) = (n / 5, n % 5 * 12);
        let outcome = if n % 3 == 0 { format!("{},HANG,0,", 5 + n) } else { format!("{n},AGENT,{},ana", n % 7 * 40) };
        day += &format!("1999-02-01,09:{minute:02}:{second:02},A,{n},,0,PS,0,{outcome}\n");
    }
    let run = |seed| {
        serde_json::to_string(&run(&day, None, rules(), &Options { seed, ..options() }).unwrap().report).unwrap()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1).replace("\"seed\":1", ""), run(2).replace("\"seed\":2", ""));
}

#[test]
fn progress_is_told_to_the_end() {
    let calls = format!("{HEADER}{ONE_AGENT}");
    let inputs = Inputs { calls: &calls, shifts: None, rules: rules() };
    let mut told = Vec::new();
    simulate(&inputs, &options(), &mut |arrived, of| told.push((arrived, of))).unwrap();
    assert_eq!(told, [(1, 4), (2, 4), (3, 4), (4, 4)]);
}

#[test]
fn bad_files_simulate_nothing_and_name_the_place() {
    let told = |outcome: Result<Simulation, SimulationError>| outcome.unwrap_err().to_string();
    let bad = run("1999-02-01,09:00:00,A,1,,0,PS,soon,0,AGENT,10,ana\n", None, rules(), &options());
    assert_eq!(
        told(bad),
        "the calls cannot be read\nline 2, column vru_s: expected seconds, at most a day, found \"soon\""
    );
    let bad = run(ONE_AGENT, Some("zoe,1999-02-01 09:00,1999-02-01 10:00\n"), rules(), &options());
    assert_eq!(
        told(bad),
        "the shifts cannot be read\nline 2, column agent: expected an agent of the rules or of the calls, found \"zoe\""
    );
    let no_service = run("1999-02-01,09:00:00,A,1,,0,PS,0,9,HANG,0,\n", None, rules(), &options());
    assert_eq!(no_service.unwrap_err(), SimulationError::NoServiceTime);
    let no_entry = run(ONE_AGENT, None, RuleSet::default(), &options());
    assert_eq!(no_entry.unwrap_err(), SimulationError::NoEntryRule);
}

/// One agent talks for 100 s; a second caller comes 10 s later and would wait for ever, but for this
/// exit after 30 s.
fn with_exit(action: ExitAction) -> Simulation {
    let mut rules = rules();
    let regular = rules.queues.get_mut(&QueueId::new("regular").unwrap()).unwrap();
    Arc::make_mut(regular).exits.max_wait = Some(MaxWaitExit { after: Millis::seconds(30), action });
    let rows = "1999-02-01,09:00:00,A,1,,0,PS,0,0,AGENT,100,ana\n1999-02-01,09:00:10,A,2,,0,PS,0,9,AGENT,50,ana\n";
    let shifts = "ana,1999-02-01 09:00,1999-02-01 18:00\n";
    run(rows, Some(shifts), rules, &Options { patience: Patience::None, ..options() }).unwrap()
}

#[test]
fn who_asks_to_be_called_is_called_and_counts_apart() {
    let simulation = with_exit(ExitAction::Callback);
    let total = simulation.report.total.figures;
    assert_eq!((total.entered, total.answered, total.callbacks, total.waiting), (3, 2, 1, 0));
    let Compared { simulated, recorded, first_come } = simulation.report.compared;
    assert_eq!((simulated.answered, simulated.asked_to_be_called, simulated.called_back), (1, 1, 1));
    assert_eq!((simulated.asa_ms, simulated.abandonment), (Some(Millis::ZERO), Some(0.0)));
    assert_eq!((recorded.answered, recorded.asa_ms, first_come), (2, Some(Millis(4_500)), None));
}

#[test]
fn who_leaves_a_message_or_hears_one_is_gone() {
    for action in [ExitAction::Voicemail { mailbox: None }, ExitAction::Announce { message: Arc::from("sorry") }] {
        let total = with_exit(action).report.total.figures;
        assert_eq!((total.entered, total.answered, total.flowed_out, total.waiting), (2, 1, 1, 0));
    }
}
