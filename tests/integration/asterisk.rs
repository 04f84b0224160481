//! The server drives a switch that speaks the REST interface of an Asterisk: calls become contacts, and a switch that is
//! wrong, late, silent or away costs log lines and time, never the session. A real Asterisk is driven elsewhere.

mod switch;

use std::time::{Duration, Instant};

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tempfile::TempDir;

use self::switch::{Manner, Switch, eventually};
use crate::campaign_calls::asked_file;
use crate::live_server::{Peer, Server, usher};
use crate::support::held::Held;
use crate::support::surroundings::{free_port, temp_dir};

const WRONG: &str = "the switch does what it should not";

/// A server that drives the switch at this address, as the gateway `pbx`.
struct Centre {
    server: Server,
    _settings: TempDir,
}

impl Centre {
    fn at(address: &str) -> Centre {
        Centre::with(address, "secret", "")
    }

    fn with(address: &str, password: &str, more: &str) -> Centre {
        let settings = temp_dir();
        let (file, secret) = (settings.path().join("usher.toml"), settings.path().join("password"));
        std::fs::write(&secret, format!("{password}\n")).unwrap();
        let secret = secret.to_str().unwrap();
        let text = format!("[asterisk.pbx]\nurl = \"http://{address}/ari\"\npassword_file = \"{secret}\"\n{more}");
        std::fs::write(&file, text).unwrap();
        let server = Server::start_with(&[("USHER_CONFIG", file.to_str().unwrap()), ("USHER_LOG_LEVEL", "info")]);
        Centre { server, _settings: settings }
    }

    async fn ana(&self) -> Peer {
        let mut ana = self.server.agent("ana").await;
        ana.is_available().await;
        ana
    }

    fn lines_with(&self, words: &str) -> usize {
        self.server.log().lines().filter(|line| line.contains(words)).count()
    }
}

fn channel(id: &str) -> Value {
    json!({
        "id": id, "name": format!("PJSIP/trunk-{id}"), "state": "Ring", "channelvars": {},
        "caller": { "name": "", "number": "+33612345678" },
        "dialplan": { "context": "in", "exten": "+33142685300", "app_name": "Stasis", "app_data": "usher,inbound" },
    })
}

fn enters(id: &str) -> Value {
    json!({ "type": "StasisStart", "channel": channel(id), "args": ["inbound"], "application": "usher" })
}

fn lifts(id: &str) -> Value {
    let mut lifted = enters(id);
    (lifted["channel"]["state"], lifted["args"]) = (json!("Up"), json!([]));
    lifted
}

fn leaves(id: &str) -> Value {
    json!({ "type": "StasisEnd", "channel": channel(id), "application": "usher" })
}

/// A call enters, and Ana talks with its customer.
async fn is_answered(switch: &Switch, ana: &mut Peer, call: &str) {
    switch.say(&enters(call));
    ana.accepts().await;
    let leg = switch.asked_for("POST", "channels").await;
    assert_eq!(leg.body["endpoint"], "SIM/1");
    switch.say(&lifts(leg.body["channelId"].as_str().unwrap()));
    ana.wait_for("contact.connected").await;
}

/// Its customer hangs up, and Ana is free again: there is no wrap-up here.
async fn hangs_up(switch: &Switch, ana: &mut Peer, call: &str) {
    switch.say(&leaves(call));
    assert_eq!(ana.wait_for("contact.ended").await["by"], "customer");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_router_is_told_how_many_calls_the_switch_carries() {
    let switch = Switch::start().await;
    let mut centre = Centre::with(&switch.address, "secret", "calls_max = 40\nkept_for_inbound = 10\n");
    switch.is_heard().await;
    let mut ana = centre.ana().await;
    is_answered(&switch, &mut ana, "1.1").await;
    centre.server.stop();
    let journal = centre.server.folder.path().join("data/journal.db");
    let told = asked_file(&journal, "select events from journal_batch").concat();
    let lines = r#"{"gateway":"pbx","lines":{"calls_max":40,"kept_for_inbound":10}}"#;
    assert!(told.contains(lines), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_at_the_switch_is_a_contact_until_its_customer_hangs_up() {
    let switch = Switch::start().await;
    let centre = Centre::at(&switch.address);
    let mut ana = centre.ana().await;
    switch.is_heard().await;
    let filter = switch.asked_for("PUT", "applications/usher/eventFilter").await;
    assert!(filter.body["disallowed"].to_string().contains("ChannelVarset"), "{filter:?}");
    let devices = switch.asked_for("POST", "applications/usher/subscription").await;
    assert_eq!(devices.body["eventSource"], json!(["deviceState:"]));
    for call in ["1.1", "1.2", "1.3"] {
        is_answered(&switch, &mut ana, call).await;
        switch.asked_for("POST", &format!("channels/{call}/answer")).await;
        hangs_up(&switch, &mut ana, call).await;
    }
    assert_eq!(centre.lines_with(WRONG), 0, "{}", centre.server.log());
    let log = centre.server.log();
    assert!(!log.contains("612345678") && !log.contains("secret"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_that_is_away_at_the_start_is_driven_once_it_is_there() {
    let address = format!("127.0.0.1:{}", free_port());
    let centre = Centre::at(&address);
    let mut ana = centre.ana().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(centre.lines_with("the switch is away"), 1, "said once: {}", centre.server.log());
    centre.server.figure_is("usher_switch_connected{switch=\"pbx\"}", 0.0).await;
    let switch = Switch::start_at(&address).await;
    switch.is_heard().await;
    is_answered(&switch, &mut ana, "1.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_is_cut_comes_back_and_calls_live_on() {
    let switch = Switch::start().await;
    let centre = Centre::at(&switch.address);
    let mut ana = centre.ana().await;
    switch.is_heard().await;
    is_answered(&switch, &mut ana, "1.1").await;
    let mut customer = channel("1.1");
    customer["state"] = json!("Up");
    switch.has_channels(vec![customer]);
    for _ in 0..3 {
        switch.take_asked();
        switch.cut();
        switch.asked_for("POST", "applications/usher/subscription").await;
        switch.is_heard().await;
    }
    let hung_up: Vec<_> = switch.take_asked().into_iter().filter(|asked| asked.path == "channels/1.1").collect();
    assert!(hung_up.is_empty(), "{hung_up:?}");
    let log = centre.server.log();
    assert_eq!((centre.lines_with("the switch is there"), centre.lines_with("does not last")), (1, 1), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_switch_does_not_list_of_our_channels_is_asked_for() {
    let switch = Switch::start().await;
    let mut leg = channel("usher-agent-7");
    leg["channelvars"] = json!({ "USHER_ROLE": "agent", "USHER_REF": "", "USHER_AGENT": "ana", "USHER_ORDER": "" });
    switch.has_channels(vec![leg, channel("1.1")]);
    let centre = Centre::at(&switch.address);
    switch.is_heard().await;
    switch.asked_for("GET", "channels/usher-agent-7/variable").await;
    eventually(|| (centre.lines_with("the switch is there") == 1).then_some(())).await;
    let asked = switch.take_asked();
    assert!(
        asked.iter().all(|asked| asked.method != "GET" || !asked.path.ends_with("/variable")),
        "one variable, of one channel: {asked:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_that_lets_nobody_in_is_said_to_be_away_and_why() {
    let switch = Switch::start().await;
    let centre = Centre::with(&switch.address, "hunter2", "");
    eventually(|| (centre.lines_with("HTTP 401") == 1).then_some(())).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let log = centre.server.log();
    assert!(centre.lines_with("the switch is") == 1 && !log.contains("hunter2"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_calls_at_once_are_all_taken_in() {
    let switch = Switch::start().await;
    let centre = Centre::at(&switch.address);
    switch.is_heard().await;
    let calls: Vec<String> = (0..500).map(|call| format!("1.{call}")).collect();
    let began = Instant::now();
    for call in &calls {
        switch.say(&enters(call));
    }
    for call in &calls {
        switch.asked_for("POST", &format!("channels/{call}/answer")).await;
    }
    eprintln!("500 calls were answered in {} ms", began.elapsed().as_millis());
    let mut supervisor = centre.server.supervisor("sue").await;
    assert_eq!(supervisor.ask("queue.show", json!({ "queue": "general" })).await.unwrap()["total"], 500);
    assert_eq!(centre.lines_with(WRONG), 0, "{}", centre.server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_that_answers_wrong_late_or_nothing_costs_one_line_a_kind() {
    let switch = Switch::start().await;
    let centre = Centre::at(&switch.address);
    let mut ana = centre.ana().await;
    switch.is_heard().await;
    let manners = [
        Manner::Status(500),
        Manner::Nonsense,
        Manner::Late(Duration::from_millis(300)),
        Manner::Late(Duration::from_secs(3)),
        Manner::Silent,
    ];
    for (number, manner) in manners.into_iter().enumerate() {
        switch.answers(manner);
        for call in 0..3 {
            let call = format!("{}.{call}", number + 1);
            switch.say(&enters(&call));
            switch.asked_for("POST", &format!("channels/{call}/answer")).await;
            switch.say(&leaves(&call));
        }
    }
    switch.answers(Manner::Good);
    // Their customers have gone, whatever the switch made of its requests.
    eventually(|| (switch.sockets() == 1).then_some(())).await;
    switch.take_asked();
    drop(ana);
    ana = centre.ana().await;
    is_answered(&switch, &mut ana, "9.1").await;
    let log = centre.server.log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains(WRONG)).collect();
    for (at, line) in lines.iter().enumerate() {
        let kind = line.split("kind=").nth(1).unwrap().split(" what=").next();
        let again =
            lines[at + 1..].iter().filter(|other| other.split("kind=").nth(1).unwrap().split(" what=").next() == kind);
        assert_eq!(again.count(), 0, "{kind:?}: {log}");
    }
    assert!(!lines.is_empty() && !log.contains("my day"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_at_a_switch_is_counted_for_its_operator() {
    let switch = Switch::start().await;
    let centre = Centre::at(&switch.address);
    let figure = |name: &str| format!("usher_switch_{name}");
    let is = async |name: &str, value: f64| centre.server.figure_is(&figure(name), value).await;
    let is_more = async |name: &str| centre.server.figure_until(&figure(name), |value| value > 0.0).await;
    is("connected{switch=\"pbx\"}", 1.0).await;
    for name in ["calls_total", "fallbacks_total", "not_understood_total"] {
        is(&format!("{name}{{switch=\"pbx\"}}"), 0.0).await;
    }
    switch.is_heard().await;
    switch.say(&enters("1.1"));
    switch.asked_for("POST", "channels/1.1/answer").await;
    is("calls_total{switch=\"pbx\"}", 1.0).await;
    is("requests_failed_total{switch=\"pbx\",why=\"refused\"}", 0.0).await;

    switch.answers(Manner::Status(500));
    switch.say(&enters("1.2"));
    switch.asked_for("POST", "channels/1.2/answer").await;
    is_more("requests_failed_total{switch=\"pbx\",why=\"refused\"}").await;
    switch.answers(Manner::Silent);
    switch.say(&enters("1.3"));
    is_more("requests_failed_total{switch=\"pbx\",why=\"unanswered\"}").await;
    switch.answers(Manner::Good);
    switch.say_text("no event".to_owned());
    is("not_understood_total{switch=\"pbx\"}", 1.0).await;
    is("fallbacks_total{switch=\"pbx\"}", 0.0).await;

    let journal = centre.server.folder.path().join("data/journal.db");
    let held = Held::hold(&journal).await;
    switch.say(&enters("1.4"));
    switch.asked_for("POST", "channels/1.4/continue").await;
    held.let_go().await;
    is("fallbacks_total{switch=\"pbx\"}", 1.0).await;
    switch.cut();
    is("connections_total{switch=\"pbx\"}", 2.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fuzzed_doubled_and_unordered_events_leave_nothing_stuck() {
    let switch = Switch::start().await;
    let centre = Centre::at(&switch.address);
    let mut ana = centre.ana().await;
    switch.is_heard().await;
    let seed: u64 = rand::random();
    eprintln!("seed {seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for _ in 0..5_000 {
        let text = fuzzed(&mut random);
        match random.random_range(0..20) {
            0 => switch.say_bytes(text.into_bytes()),
            1 => {
                switch.say_text(text.clone());
                switch.say_text(text);
            }
            _ => switch.say_text(text),
        }
    }
    for call in 0..8 {
        switch.say(&leaves(&format!("f.{call}")));
    }
    drop(ana);
    ana = centre.ana().await;
    // Whoever was offered meanwhile is gone by now; the next is not.
    tokio::time::sleep(Duration::from_secs(1)).await;
    ana.heard.clear();
    switch.take_asked();
    is_answered(&switch, &mut ana, "9.1").await;
    let kinds = centre.lines_with(WRONG);
    assert!((1..=20).contains(&kinds), "{kinds} lines: {}", centre.server.log());
    assert_eq!(centre.lines_with("panicked"), 0);
}

/// An event of a few channels in any order, sometimes damaged.
fn fuzzed(random: &mut ChaCha8Rng) -> String {
    let kinds = [
        "StasisStart",
        "StasisEnd",
        "ChannelStateChange",
        "ChannelHangupRequest",
        "ChannelDestroyed",
        "ChannelEnteredBridge",
        "ChannelLeftBridge",
        "ChannelDtmfReceived",
        "BridgeDestroyed",
        "PlaybackFinished",
        "RecordingFinished",
        "DeviceStateChanged",
        "Invented",
    ];
    let ids = ["f.0", "f.1", "f.2", "f.3", "f.4", "f.5", "f.6", "f.7", "usher-agent-x", "usher-holding", ""];
    let id = *ids.choose(random).unwrap();
    let mut event = json!({
        "type": kinds.choose(random).unwrap(), "channel": channel(id), "args": ["inbound", "a=b"], "digit": "5", "cause": 16,
        "bridge": { "id": id, "channels": [id] }, "playback": { "id": id, "state": "done" },
        "recording": { "name": id }, "device_state": { "name": "SIM/1", "state": "INUSE" },
    });
    match random.random_range(0..8) {
        0 => event["channel"] = Value::Null,
        1 => event["channel"]["state"] = json!(7),
        2 => event["args"] = json!({ "a": "b" }),
        3 => event["channel"]["caller"]["number"] = json!("\u{0}\u{202e}anonymous\u{7f}".repeat(40)),
        4 => drop(event.as_object_mut().unwrap().remove("type")),
        _ => {}
    }
    let mut text = event.to_string();
    if random.random_range(0..6) == 0 {
        let mut end = random.random_range(0..text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    text
}

#[test]
fn a_switch_has_a_name_of_its_own_and_a_password() {
    let folder = temp_dir();
    for (file, text) in crate::live_server::RULES {
        let file = folder.path().join("rules").join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let key = usher(folder.path()).args(["key", "add", "gw"]).output().unwrap();
    assert!(key.status.success());
    for (table, said) in [
        ("[asterisk.gw]\npassword = \"a\"\n", "usher key revoke gw"),
        ("[asterisk.tasks]\npassword = \"a\"\n", "the gateway of tasks"),
        ("[asterisk.pbx]\npassword_file = \"nothing\"\n", "password_file nothing"),
        ("[asterisk.pbx]\n", "asterisk.pbx.password"),
    ] {
        std::fs::write(folder.path().join("usher.toml"), table).unwrap();
        let refused = usher(folder.path()).arg("serve").output().unwrap();
        let error = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && error.contains(said), "{table}: {error}");
    }
}
