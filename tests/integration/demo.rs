//! The demo against a real server: whole runs that must balance, one of them with the server killed
//! in the middle.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use usher::demo::{
    CallerModel, Cast, Company, GatewayPlan, Habits, PlannedCall, ServerProcess, ServerProgram, Span, VirtualAgent,
    log_in,
};
use usher::protocol::{Address, AgentName, Attributes, Channel, Ref, Secret};
use usher::routing::command::Direction;
use usher::routing::entry::{ContactFacts, first_that_holds, moment};
use usher::routing::personal;
use usher::routing::time::Timestamp;
use usher::rule_files::load_folder;

use crate::campaign_calls::asked_file;
use crate::campaign_days::windows::{self, Cap, Hours, Person};
use crate::support::processes::signal;
use crate::support::surroundings::repository_root;

const USHER: &str = env!("CARGO_BIN_EXE_usher");
const HEADER: &str = "date,arrived_at,line,call_id,customer_id,priority,type,vru_s,queue_s,outcome,service_s,agent";
const PASSWORD: &str = "a password for a test";
/// A run takes seconds; whatever takes longer hangs.
const RUN_WITHIN: Duration = Duration::from_secs(120);

#[test]
fn recorded_calls_played_through_a_real_server_balance() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = format!("{HEADER}\n");
    writeln!(rows, "1999-02-02,07:00:00,L1,900,,0,PS,5,0,PHANTOM,0,").unwrap();
    writeln!(rows, "1999-02-02,07:00:00,L1,901,,0,PS,5,0,HANG,0,").unwrap();
    for call in 0..40_u32 {
        let (minute, second, agent) = (call * 3 / 60, call * 3 % 60, call % 4);
        let kind = if call % 5 == 0 { "IN" } else { "PS" };
        let outcome = if call % 10 == 9 { "5,HANG,0,".to_owned() } else { format!("1,AGENT,10,agent-{agent}") };
        writeln!(rows, "1999-02-02,07:{minute:02}:{second:02},L1,{call},,{},{kind},2,{outcome}", call % 3).unwrap();
    }
    // One long call for each at the end keeps all four on duty.
    for agent in 0..4 {
        writeln!(rows, "1999-02-02,07:02:30,L2,{agent},,0,PS,2,1,AGENT,90,agent-{agent}").unwrap();
        writeln!(rows, "1999-02-02,07:02:15,L3,{agent},,0,IN,2,1,AGENT,5,agent-{agent}").unwrap();
    }
    let calls = folder.path().join("calls.csv");
    fs::write(&calls, rows).unwrap();
    let output = Command::new(USHER)
        .args(["demo", "--port", "0", "--speed", "20", "--minutes", "2", "--data"])
        .arg(folder.path().join("demo"))
        .args(["--rules", "routing-rules/examples/bank-1999", "--calls"])
        .arg(&calls)
        .output()
        .unwrap();
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(said.contains("rows read 50 = left out 1 + left before the queue 1 + calls 48"), "{said}");
    assert!(said.contains("calls 48 = entered 48 + refused 0 + not played 0"), "{said}");
    assert!(said.contains("log in as agent, to take calls yourself: visitor"), "{said}");
}

/// By its own settings, and the law of France and the United States.
const HOURS_OF_CAMPAIGN: Hours = Hours {
    file: "src/cli/demo/campaign.toml",
    weekdays: &[(9 * 60, 20 * 60)],
    saturdays: &[(10 * 60, 19 * 60)],
    sundays: &[(10 * 60, 19 * 60)],
    holidays: &[],
};
/// Where those numbers are that tell it; whoever has another says so himself.
const PLACES: [(&str, &str); 20] = [
    ("+1212", "America/New_York"),
    ("+1305", "America/New_York"),
    ("+1312", "America/Chicago"),
    ("+1512", "America/Chicago"),
    ("+1303", "America/Denver"),
    ("+1602", "America/Phoenix"),
    ("+1415", "America/Los_Angeles"),
    ("+1206", "America/Los_Angeles"),
    ("+1907", "America/Anchorage"),
    ("+1808", "Pacific/Honolulu"),
    ("+1671", "Pacific/Guam"),
    ("+1416", "America/Toronto"),
    ("+1902", "America/Halifax"),
    ("+1709", "America/St_Johns"),
    ("+33", "Europe/Paris"),
    ("+49", "Europe/Berlin"),
    ("+46", "Europe/Stockholm"),
    ("+612", "Australia/Sydney"),
    ("+617", "Australia/Brisbane"),
    ("+44", "Europe/London"),
];

/// Runs a demo in this folder, twenty times as fast as the wall's clock, until so many leads are called; what it said.
fn demo_until(folder: &Path, leads_called: u64) -> String {
    let mut demo = Command::new(USHER)
        .args(["demo", "--port", "0", "--speed", "20", "--data"])
        .arg(folder)
        .env("USHER_CLOCK_STARTS_AT", "2027-03-16T15:00:00Z")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let began = Instant::now();
    for line in BufReader::new(demo.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let called = line.split("leads called ").nth(1).and_then(|rest| rest.split(',').next()?.parse::<u64>().ok());
        said += &format!("{line}\n");
        if called.is_some_and(|called| called >= leads_called) || began.elapsed() > RUN_WITHIN {
            // Once more than needed does no harm.
            signal(demo.id(), "-TERM");
        }
    }
    assert!(demo.wait().unwrap().success(), "{said}");
    said
}

#[test]
fn the_demos_campaign_is_made_once_and_calls_by_day_alone() {
    let folder = tempfile::tempdir().unwrap();
    let said = demo_until(folder.path(), 40);
    assert!(said.contains("campaign spring runs beside the callers, with "), "{said}");
    let leads = asked_of(folder.path(), "select count(*) from lead");
    let said = demo_until(folder.path(), 1);
    assert_eq!(asked_of(folder.path(), "select count(*) from lead"), leads, "{said}");
    let found = asked_of(
        folder.path(),
        "select n.value || '|' || coalesce(l.zone, '') || '|' || n.consent from lead_number n join lead l on l.id = n.lead",
    );
    let people: Vec<Person> = found.iter().map(|row| person(row)).collect();
    let found = asked_of(
        folder.path(),
        "select '+' || number || '|' || placed_at_ms || '|' || coalesce(ended_at_ms, 0) from attempt \
         where placed_at_ms is not null and lead in (select id from lead)",
    );
    let calls: Vec<windows::Call> = found.iter().map(|row| call(row)).collect();
    assert!(calls.len() >= 40, "{} calls", calls.len());
    let cap = Cap { calls: 3, within: SignedDuration::from_hours(7 * 24) };
    assert_eq!(windows::objections(&calls, &people, &[cap]), [""; 0]);
    // Each lead is in one state, and no call without an end is of one that is over.
    let count = |what: &str| asked_of(folder.path(), &format!("select count(*) from lead where {what}"))[0].clone();
    assert_eq!(count("ended is not null and contact is not null"), "0");
    assert_eq!(count("ended is null and (due_at_ms is null) <> (progress is null) and contact is null"), "0");
    let outcomes = asked_of(folder.path(), "select distinct outcome from attempt where outcome is not null");
    assert!(outcomes.len() >= 4, "{outcomes:?}");
}

/// `number|zone|consent`
fn person(row: &str) -> Person {
    let [number, zone, consent] = row.split('|').collect::<Vec<_>>()[..] else { panic!("{row}") };
    let place =
        || PLACES.iter().find(|(begins, _)| number.starts_with(begins)).map_or("Australia/Perth", |(_, zone)| *zone);
    let zone = if zone.is_empty() { place() } else { zone.to_owned().leak() };
    let is_american =
        number.starts_with("+1") && !["+1416", "+1902", "+1709"].iter().any(|code| number.starts_with(code));
    let mut hours = vec![HOURS_OF_CAMPAIGN];
    hours.extend(number.starts_with("+33").then_some(windows::FRANCE));
    hours.extend(is_american.then_some(windows::UNITED_STATES));
    let asks_consent = ["+33", "+1305"].iter().any(|begins| number.starts_with(begins));
    let must_not_be_called = number.starts_with("+1212555019") || consent == "no" || (asks_consent && consent != "yes");
    Person { number: number.to_owned(), zones: Box::leak(Box::new([zone])), hours, must_not_be_called }
}

/// `number|placed|ended`
fn call(row: &str) -> windows::Call {
    let [number, placed, ended] = row.split('|').collect::<Vec<_>>()[..] else { panic!("{row}") };
    let at = |ms: &str| jiff::Timestamp::from_millisecond(ms.parse().unwrap()).unwrap();
    let ended_at = Some(at(ended)).filter(|_| ended != "0");
    windows::Call { number: number.to_owned(), placed_at: at(placed), ended_at }
}

/// The first column of what the demo's records answer.
fn asked_of(folder: &Path, question: &str) -> Vec<String> {
    asked_file(&folder.join("data/usher.db"), question)
}

/// The demo's rules and its callers know each other: every queue has somebody who enters it, and every
/// entry rule somebody for whom it holds, but for the one that waits for figures.
#[test]
fn drawn_callers_enter_every_queue_of_the_demos_rules() {
    let rules = load_folder(&repository_root().join("routing-rules")).unwrap().rules;
    let agents: Vec<AgentName> = rules.agents.keys().map(|agent| AgentName::clipped(agent.as_str())).collect();
    let mut callers = CallerModel::new(1, &agents);
    callers.begin(0);
    let mut entered: BTreeSet<&str> = BTreeSet::new();
    let mut held: BTreeSet<&str> = BTreeSet::new();
    for _ in 0..2_000 {
        let call = callers.next_call();
        let attributes = call.attributes.values().iter().map(|(name, value)| (name.clone(), value.clone()));
        let facts = ContactFacts {
            channel: serde_json::from_value(serde_json::to_value(call.channel).unwrap()).unwrap(),
            direction: Direction::Inbound,
            to: call.to.as_ref().map(Address::as_str),
            from: call.from.as_ref().map(Address::as_str),
            attributes: personal::Attributes(attributes.collect()),
            now: moment("UTC", Timestamp::default()),
            queues: BTreeMap::new(),
        };
        let rule = first_that_holds(&rules, &facts).unwrap().rule;
        entered.insert(rule.queue.as_str());
        held.insert(&rule.name);
    }
    // Leads of the campaign wait in one of their own.
    let queues = rules.queues.keys().map(|queue| queue.as_str()).filter(|queue| *queue != "offers");
    assert_eq!(entered, queues.collect());
    let names: BTreeSet<&str> = rules.entry.iter().map(|rule| &*rule.name).collect();
    assert_eq!(names.difference(&held).copied().collect::<Vec<_>>(), ["billing is too long"]);
}

struct Bench {
    folder: tempfile::TempDir,
    host: String,
    server: ServerProcess,
    gateway_key: Secret,
    supervisor: Secret,
    agents: Vec<(AgentName, Secret)>,
}

impl Bench {
    /// A server of its own with one queue, whose clock runs `speed` times as fast.
    async fn start(speed: u32, agents: usize) -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (1..=agents).map(|number| format!("agent-{number}")).collect();
        write_rules(&folder.path().join("rules"), speed, &names);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let host = format!("127.0.0.1:{port}");
        let environment: Vec<(String, OsString)> = [
            ("USHER_DATA_DIRECTORY", folder.path().join("data").into_os_string()),
            ("USHER_RULES_DIRECTORY", folder.path().join("rules").into_os_string()),
            ("USHER_LISTEN_ADDRESS", host.clone().into()),
            ("USHER_LISTEN_ADMINISTRATION_ADDRESS", "127.0.0.1:0".into()),
            ("USHER_CLOCK_SPEED", speed.to_string().into()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec();
        for name in &names {
            usher(&environment, &["user", "add", name, "--role", "agent", "--agent", name, "--password-stdin"]);
        }
        usher(&environment, &["user", "add", "boss", "--role", "supervisor", "--password-stdin"]);
        let said = usher(&environment, &["key", "add", "switch"]);
        let program = ServerProgram {
            program: USHER.into(),
            arguments: vec!["serve".into(), "--stop-with-stdin".into()],
            environment,
            log: folder.path().join("server.log"),
            host: host.clone(),
        };
        let log = program.log.clone();
        let started = ServerProcess::start(program).await;
        let server = started.unwrap_or_else(|error| panic!("{error}: {}", fs::read_to_string(log).unwrap()));
        let password = Secret::clipped(PASSWORD);
        let mut agents = Vec::new();
        for name in names {
            let token = log_in(&host, &name, &password).await.unwrap();
            agents.push((AgentName::clipped(&name), token));
        }
        let supervisor = log_in(&host, "boss", &password).await.unwrap();
        let gateway_key = Secret::clipped(said.split_whitespace().last().unwrap());
        Bench { folder, host, server, gateway_key, supervisor, agents }
    }

    async fn company(&self, calls: Vec<PlannedCall>) -> Company {
        let agents = self.agents.iter().cloned().map(|(name, token)| {
            (VirtualAgent { name, habits: Habits::at_once(), shifts: Vec::new(), seed: 1 }, token)
        });
        let cast = Cast {
            url: format!("ws://{}/ws", self.host),
            gateway_key: self.gateway_key.clone(),
            supervisor: self.supervisor.clone(),
            agents: agents.collect(),
            plan: GatewayPlan::Listed(calls.into_iter()),
            rings_for: Span { min_ms: 200, max_ms: 200 },
            campaign: None,
            seed: 1,
        };
        Company::start(cast).await.unwrap()
    }

    fn kill(&self) {
        signal(self.server.pid().expect("the server runs"), "-9");
    }
}

fn write_rules(folder: &Path, speed: u32, agents: &[String]) {
    fs::create_dir_all(folder.join("queues")).unwrap();
    fs::write(folder.join("entry.toml"), "[[entry]]\nname = \"all\"\nqueue = \"all\"\n").unwrap();
    fs::write(folder.join("queues/all.toml"), format!("[queue.all]\noffer_timeout = \"{}s\"\n", 15 * speed)).unwrap();
    let mut text = String::new();
    for agent in agents {
        writeln!(text, "[agent.{agent}]").unwrap();
    }
    fs::write(folder.join("agents.toml"), text).unwrap();
    let graces = [("acknowledge_within", 2), ("connect_within", 20), ("console_grace", 30), ("gateway_grace", 60)];
    let site: String = graces.map(|(key, seconds)| format!("{key} = \"{}s\"\n", seconds * speed)).concat();
    fs::write(folder.join("site.toml"), format!("{site}resume_grace = \"{}s\"\n", 60 * speed)).unwrap();
}

fn usher(environment: &[(String, OsString)], arguments: &[&str]) -> String {
    let mut child = Command::new(USHER)
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Who reads no password may be gone before it is written.
    let _ = writeln!(child.stdin.take().unwrap(), "{PASSWORD}");
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn calls(count: i64, begins_ms: i64, gap_ms: i64, talk_ms: i64) -> Vec<PlannedCall> {
    let call = |number: i64| PlannedCall {
        r#ref: Ref::clipped(&format!("call-{number:03}")),
        channel: Channel::Voice,
        from: None,
        to: None,
        attributes: Attributes::default(),
        enters_at_ms: begins_ms + number * gap_ms,
        patience_ms: None,
        talk_ms,
        calls_again_after_ms: None,
        presses: None,
    };
    (0..count).map(call).collect()
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(RUN_WITHIN, waiting).await.unwrap_or_else(|_| panic!("in vain: {what}"));
}

/// One agent and one queue: the order in which callers are connected is the order in which they came,
/// whatever happens to the server meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_comes_back_with_who_waited_in_order_and_nothing_twice() {
    let speed = 10;
    let bench = Bench::start(speed, 1).await;
    let now_ms = jiff::Timestamp::now().as_millisecond();
    let planned = calls(16, now_ms, 100, 4_000);
    let refs: Vec<Ref> = planned.iter().map(|call| call.r#ref.clone()).collect();
    let company = bench.company(planned).await;
    let ledger = company.ledger.clone();
    for kills in 1..=2_u32 {
        let so_many = 4 * kills as usize;
        until("calls are answered", || ledger.seen().connected.len() >= so_many && ledger.seen().arrived == 16).await;
        bench.kill();
        until("the server starts again", || bench.server.starts() == kills + 1).await;
    }
    tokio::time::timeout(RUN_WITHIN, company.calls_are_over()).await.expect("all calls come to their end");
    let totals = company.finish().await.unwrap();
    bench.server.stop().await.unwrap();
    let log = fs::read_to_string(bench.folder.path().join("server.log")).unwrap();
    assert_eq!(totals.disagreements(), [""; 0], "{:?}\n{log}", totals.seen);
    let connected: Vec<Ref> = totals.seen.connected.iter().map(|(contact, _)| contact.clone()).collect();
    assert_eq!(connected, refs, "in the order in which they came, each once");
    assert_eq!((totals.seen.answered, totals.seen.ended, totals.seen.abandoned), (16, 16, 0));
    assert!(totals.seen.reopened >= 4, "gateway and agent came back twice: {:?}", totals.seen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_agents_and_forty_calls_balance_and_each_agent_works() {
    let bench = Bench::start(20, 4).await;
    let now_ms = jiff::Timestamp::now().as_millisecond();
    let mut company = bench.company(calls(40, now_ms, 500, 5_000)).await;
    tokio::time::timeout(RUN_WITHIN, company.calls_are_over()).await.expect("all calls come to their end");
    assert!(company.refused().is_empty());
    let totals = company.finish().await.unwrap();
    bench.server.stop().await.unwrap();
    assert_eq!(totals.disagreements(), [""; 0], "{:?}", totals.seen);
    assert_eq!((totals.seen.arrived, totals.seen.answered), (40, 40));
    let workers: std::collections::BTreeSet<_> = totals.seen.connected.iter().map(|(_, agent)| agent).collect();
    assert_eq!(workers.len(), 4);
}
