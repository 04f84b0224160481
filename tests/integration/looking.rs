//! What agents and supervisors look at when they ask: a line, a path, the last hours, an own day, who is free.

use futures_util::TryStreamExt;
use serde_json::{Value, json};
use usher::journal::{Journal, Place, SqlJournal};
use usher::reporting::live_board::Board;
use usher::routing::ids::{EventNo, QueueId};

use crate::live_server::{Peer, Server, usher};

fn whats(path: &Value) -> Vec<&str> {
    path["path"].as_array().unwrap().iter().map(|event| event["what"].as_str().unwrap()).collect()
}

/// Ana has answered the first call, the second waits.
async fn one_in_hand_one_waiting(gateway: &mut Peer, ana: &mut Peer) -> (Value, Value) {
    ana.is_available().await;
    let customer = json!({ "customer": { "name": "<b>Zoë</b>", "tier": "gold" } });
    let arrival = json!({ "ref": "1", "channel": "voice", "from": "+33612345678", "attributes": customer });
    let first = gateway.tell("contact.arrived", arrival.clone()).await.unwrap()["contact"].clone();
    ana.accepts().await;
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": "1", "order": order["order"] })).await.unwrap();
    ana.wait_for("contact.connected").await;
    let mut arrival = arrival;
    arrival["ref"] = json!("2");
    let second = gateway.tell("contact.arrived", arrival).await.unwrap()["contact"].clone();
    (first, second)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_sees_who_waits_and_what_happened_to_whom() {
    let server = Server::start();
    let mut eva = server.supervisor("eva").await;
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    let (first, second) = one_in_hand_one_waiting(&mut gateway, &mut ana).await;

    let line = eva.ask("queue.show", json!({ "queue": "general" })).await.unwrap();
    assert_eq!(line["total"], 1, "{line}");
    let waits = &line["contacts"][0];
    assert_eq!((&waits["contact"], &waits["place"], &waits["state"]), (&second, &json!(1), &json!("waiting")));
    assert_eq!((&waits["customer"]["tier"], &waits["customer"]["name"]), (&json!("gold"), &Value::Null));

    eva.ask("contact.prioritise", json!({ "contact": second, "priority": 3 })).await.unwrap();
    let shown = eva.ask("contact.show", json!({ "contact": second })).await.unwrap();
    assert_eq!((&shown["state"], &shown["customer"]["name"]), (&json!("waiting"), &json!("<b>Zoë</b>")));
    assert_eq!(whats(&shown), ["arrived", "queued", "prioritised"]);
    let prioritised = &shown["path"][2];
    assert_eq!((&prioritised["by"], &prioritised["why"]), (&json!("eva"), &json!("3")));
    assert_eq!((&shown["path"][1]["why"], &shown["path"][1]["rule"]), (&json!("entry"), &json!("all")));

    let shown = eva.ask("contact.show", json!({ "contact": first })).await.unwrap();
    assert_eq!((&shown["state"], &shown["agents"]), (&json!("talking"), &json!(["ana"])));
    gateway.tell("contact.ended", json!({ "ref": "1", "by": "customer" })).await.unwrap();
    ana.wait_for("segment.closed").await;
    let over = eva.ask("contact.show", json!({ "contact": first })).await.unwrap();
    assert_eq!((&over["state"], &over["from"]), (&json!("ended"), &Value::Null));
    for what in ["arrived", "queued", "offered", "connecting", "connected", "visit_ended", "ended", "segment_closed"] {
        assert!(whats(&over).contains(&what), "{what} is not in {over}");
    }
    for (method, params, kind) in [
        ("queue.show", json!({ "queue": "nowhere" }), "unknown_queue"),
        ("contact.show", json!({ "contact": "usher-999999" }), "unknown_contact"),
        ("history.show", json!({ "queue": "nowhere" }), "unknown_queue"),
        ("history.show", json!({ "hours": 9 }), "invalid_field"),
        ("notice.send", json!({ "to": { "queue": "nowhere" }, "level": "info", "text": "hello" }), "unknown_queue"),
        ("notice.send", json!({ "to": { "agents": ["zoe"] }, "level": "info", "text": "hello" }), "unknown_agent"),
        ("notice.send", json!({ "to": { "everybody": {} }, "level": "info", "text": " " }), "invalid_field"),
    ] {
        let refused = eva.ask(method, params.clone()).await.unwrap_err();
        assert_eq!(refused["kind"], kind, "{method} {params}: {refused}");
    }
    let refused = ana.ask("queue.show", json!({ "queue": "general" })).await.unwrap_err();
    assert_eq!(refused["kind"], "wrong_role");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_hours_the_own_day_and_the_board_are_what_the_journal_folds_to() {
    let mut server = Server::start();
    let mut eva = server.supervisor("eva").await;
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    one_in_hand_one_waiting(&mut gateway, &mut ana).await;
    ana.ask("presence.set", json!({ "presence": "not_ready", "reason": "lunch" })).await.unwrap();
    gateway.tell("contact.ended", json!({ "ref": "1", "by": "customer" })).await.unwrap();
    ana.wait_for("segment.closed").await;
    gateway.tell("contact.abandoned", json!({ "ref": "2" })).await.unwrap();

    let centre = eva.ask("history.show", json!({})).await.unwrap();
    let queue = eva.ask("history.show", json!({ "queue": "general", "hours": 1 })).await.unwrap();
    for history in [&centre, &queue] {
        let sum = |field: &str| -> u64 {
            history["points"].as_array().unwrap().iter().map(|point| point[field].as_u64().unwrap()).sum()
        };
        assert_eq!((sum("entered"), sum("answered"), sum("abandoned")), (2, 1, 1), "{history}");
    }
    assert!(centre["points"].as_array().unwrap().len() > queue["points"].as_array().unwrap().len());
    let own = ana.ask("figures.show", json!({})).await.unwrap();
    assert_eq!((&own["handled"], &own["missed"], &own["declined"]), (&json!(1), &json!(0), &json!(0)));
    let spent = own["talk_ms"].as_u64().unwrap() + own["wrap_up_ms"].as_u64().unwrap();
    assert_eq!(own["aht_ms"].as_u64().unwrap(), spent);

    let shown = eva.ask("board.watch", json!({})).await.unwrap();
    server.stop();
    let folder = server.folder.path().join("data");
    let journal = SqlJournal::open_to_read(&Place::Sqlite { folder }).await.unwrap();
    let (mut board, mut last) = (Board::new(), 0);
    let mut batches = std::pin::pin!(journal.read_after(EventNo::ZERO));
    while let Some(batch) = batches.try_next().await.unwrap() {
        for event in batch.events {
            if last < shown["event_no"].as_u64().unwrap() {
                board.evolve(&event);
                last += 1;
            }
        }
    }
    assert_eq!(json!(last), shown["event_no"]);
    for row in shown["queues"].as_array().unwrap() {
        let queue = QueueId::new(row["queue"].as_str().unwrap()).unwrap();
        let folded = board.queue(&queue).unwrap();
        let visits = &folded.rates.visits;
        let figures = [
            ("entered", visits.entered),
            ("answered", visits.answered),
            ("answered_within", visits.answered_within),
            ("abandoned", visits.abandoned),
            ("flowed_out", visits.flowed_out),
            ("waiting", folded.waiting - u64::from(folded.offered + folded.connecting)),
            ("agents_idle", u64::from(folded.agents.idle)),
            ("agents_not_ready", u64::from(folded.agents.not_ready)),
        ];
        for (field, figure) in figures {
            assert_eq!(row[field], json!(figure), "{field} of {row}");
        }
        assert_eq!(row["service_level"], json!(folded.rates.service_level));
        assert_eq!(row["abandonment"], json!(folded.rates.abandonment));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_finds_who_is_free_and_hears_what_a_supervisor_says() {
    let server = Server::start();
    let mut eva = server.supervisor("eva").await;
    let (mut ana, mut ben) = (server.agent("ana").await, server.agent("ben").await);
    ben.is_available().await;
    let found = ana.ask("transfer.targets", json!({ "search": " BEN " })).await.unwrap();
    assert_eq!((&found["agents"][0]["agent"], &found["agents"][0]["standing"]), (&json!("ben"), &json!("idle")));
    assert_eq!((found["agents"].as_array().unwrap().len(), &found["queues"]), (1, &json!([])));
    let all = ana.ask("transfer.targets", json!({})).await.unwrap();
    let agents: Vec<&Value> = all["agents"].as_array().unwrap().iter().map(|agent| &agent["agent"]).collect();
    assert_eq!(agents, ["ben"], "not oneself");
    assert_eq!((&all["queues"][0]["queue"], &all["queues"][0]["agents_idle"]), (&json!("general"), &json!(1)));

    let sent = json!({ "to": { "everybody": {} }, "level": "warning", "text": "Lines are long\ntoday" });
    assert_eq!(eva.ask("notice.send", sent).await.unwrap()["consoles"], 2);
    for agent in [&mut ana, &mut ben] {
        let heard = agent.wait_for("notice").await;
        assert_eq!((&heard["text"], &heard["level"]), (&json!("Lines are long\ntoday"), &json!("warning")));
    }
    let to_ben = json!({ "to": { "agents": ["ben"] }, "level": "info", "text": "Well done" });
    assert_eq!(eva.ask("notice.send", to_ben).await.unwrap()["consoles"], 1);
    assert_eq!(ben.wait_for("notice").await["text"], "Well done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_over_its_threshold_is_an_alert_until_it_is_back() {
    let server = Server::start();
    let rules = "[queue.general]\nalerts = { waiting = 2, agents_available = 1 }\n";
    std::fs::write(server.folder.path().join("rules/queues/general.toml"), rules).unwrap();
    let mut eva = server.supervisor("eva").await;
    let mut gateway = server.gateway().await;
    let raised = eva.wait_for("alert.raised").await["alert"].clone();
    assert_eq!(
        (&raised["measure"], &raised["value"]),
        (&json!("agents_available"), &json!(0.0)),
        "new rules were read"
    );
    gateway.arrives("1").await;
    gateway.arrives("2").await;
    let raised = eva.wait_for("alert.raised").await["alert"].clone();
    assert_eq!((&raised["queue"], &raised["measure"]), (&json!("general"), &json!("waiting")));
    assert_eq!((&raised["value"], &raised["threshold"]), (&json!(2.0), &json!(2.0)));
    let board = server.sees("eva").await.opened["snapshot"].clone();
    let standing: Vec<&Value> = board["alerts"].as_array().unwrap().iter().map(|alert| &alert["measure"]).collect();
    assert_eq!(standing, ["waiting", "agents_available"], "who comes later sees them, too");
    let nothing = eva.ask("board.watch", json!({ "queues": [] })).await.unwrap();
    assert_eq!(nothing["alerts"], json!([]));
    eva.ask("board.watch", json!({})).await.unwrap();
    gateway.tell("contact.abandoned", json!({ "ref": "1" })).await.unwrap();
    let cleared = eva.wait_for("alert.cleared").await;
    assert_eq!((&cleared["queue"], &cleared["measure"]), (&json!("general"), &json!("waiting")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_listens_speaks_and_leaves_and_it_is_audited() {
    let server = Server::start();
    let mut eva = server.supervisor("eva").await;
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    let (first, second) = one_in_hand_one_waiting(&mut gateway, &mut ana).await;
    let listen = |contact: &Value| json!({ "contact": contact, "mode": "listen", "endpoint": "SIM/9" });
    let refused = eva.ask("monitor.start", listen(&second)).await.unwrap_err();
    assert_eq!(refused["kind"], "wrong_state", "nobody talks with him: {refused}");
    let refused = eva.ask("monitor.mode", json!({ "contact": first, "mode": "barge" })).await.unwrap_err();
    assert_eq!(refused["kind"], "wrong_state");

    eva.ask("monitor.start", listen(&first)).await.unwrap();
    let order = gateway.wait_for("monitor.start").await;
    assert_eq!((&order["ref"], &order["endpoint"], &order["mode"]), (&json!("1"), &json!("SIM/9"), &json!("listen")));
    let told = |state: &str| json!({ "ref": "1", "monitor": order["monitor"], "state": state });
    for state in ["ringing", "on"] {
        gateway.tell("monitor.changed", told(state)).await.unwrap();
        let heard = eva.wait_for("monitor.changed").await;
        assert_eq!((&heard["state"], &heard["contact"]), (&json!(state), &first));
    }
    eva.ask("monitor.mode", json!({ "contact": first, "mode": "whisper" })).await.unwrap();
    let changed = gateway.wait_for("monitor.mode").await;
    assert_eq!((&changed["monitor"], &changed["mode"]), (&order["monitor"], &json!("whisper")));
    eva.ask("monitor.stop", json!({ "contact": first })).await.unwrap();
    gateway.wait_for("monitor.stop").await;
    assert_eq!(eva.wait_for("monitor.changed").await["state"], "over");
    gateway.tell("monitor.changed", told("over")).await.unwrap();

    eva.ask("monitor.start", listen(&first)).await.unwrap();
    let order = gateway.wait_for("monitor.start").await;
    let failed = json!({ "ref": "1", "monitor": order["monitor"], "state": "over", "why": "no_answer" });
    gateway.tell("monitor.changed", failed).await.unwrap();
    let heard = eva.wait_for("monitor.changed").await;
    assert_eq!((&heard["state"], &heard["why"]), (&json!("over"), &json!("no_answer")));

    eva.ask("monitor.start", listen(&first)).await.unwrap();
    gateway.wait_for("monitor.start").await;
    drop(gateway);
    assert_eq!(eva.wait_for("monitor.changed").await["state"], "over", "the gateway is away");
    let audit = usher(server.folder.path()).args(["audit", "list"]).output().unwrap();
    let shown = String::from_utf8(audit.stdout).unwrap();
    assert_eq!(shown.matches("monitored").count(), 3, "{shown}");
}
