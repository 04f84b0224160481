//! The real program over real sockets: a stranger's client, bad input, and a server killed in the
//! middle. Looks at nothing inside.

use std::process::Command;

use serde_json::json;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::live_server::{Peer, RULES, Server, usher};
use crate::support::surroundings::{python, repository_root, temp_dir};

#[tokio::test(flavor = "multi_thread")]
async fn a_python_client_is_an_agent_and_a_gateway() {
    let Some(python) = python() else { return };
    let server = Server::start();
    let token = server.token("ana").await;
    let root = repository_root();
    let output = tokio::task::spawn_blocking({
        let (url, key) = (format!("ws://{}/ws", server.host), server.key.clone());
        move || {
            Command::new(python)
                .arg(root.join("tests/python/client.py"))
                .args([url.as_str(), root.join("docs/protocol/schemas").to_str().unwrap(), &key, &token, "ana"])
                .output()
                .unwrap()
        }
    })
    .await
    .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.starts_with("OK"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_the_server_keeps_who_waits_in_order_and_offers_nothing_twice() {
    let mut server = Server::start();
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let mut waiting = Vec::new();
    let talking = gateway.arrives("talking").await["contact"].as_str().unwrap().to_owned();
    assert_eq!(ana.accepts().await, talking);
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": "talking", "order": order["order"] })).await.unwrap();
    for reference in ["a", "b", "c", "d"] {
        waiting.push(gateway.arrives(reference).await["contact"].as_str().unwrap().to_owned());
    }
    let mut ben = server.agent("ben").await;
    ben.is_available().await;
    let offered_before = ben.wait_for("contact.offered").await["offer"].clone();

    server.kill_and_start_again();

    let mut gateway = server.gateway().await;
    gateway.event = 100;
    let known = gateway.opened["snapshot"]["contacts"].as_array().unwrap().clone();
    assert_eq!(known.len(), 5, "nobody is forgotten: {known:?}");
    let of_talking = known.iter().find(|contact| contact["ref"] == "talking").unwrap();
    assert_eq!(of_talking["should_be"]["state"], "connected");
    let again = gateway.arrives("a").await;
    assert_eq!(again["contact"], json!(waiting[0]), "a repeat gets the answer of the first time");
    let mut ben = server.agent("ben").await;
    let gone = ben.ask("offer.accept", json!({ "offer": offered_before })).await.unwrap_err();
    assert_eq!(gone["kind"], "offer_gone", "the offer ended with the old process");
    for expected in &waiting {
        let contact = ben.accepts().await;
        assert_eq!(&contact, expected, "places are kept");
        let order = gateway.wait_for("contact.connect").await;
        let reference = order["ref"].clone();
        gateway.tell("contact.connected", json!({ "ref": reference, "order": order["order"] })).await.unwrap();
        gateway.tell("contact.ended", json!({ "ref": reference, "by": "customer" })).await.unwrap();
    }
    let mut ana = server.agent("ana").await;
    assert_eq!(ana.opened["snapshot"]["segments"][0]["contact"], json!(talking), "in hand as before");
    ana.ask("contact.end", json!({ "contact": talking })).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_that_comes_back_gets_what_it_missed_once() {
    let server = Server::start();
    let mut gateway = server.gateway().await;
    let token = server.token("ana").await;
    let (ana, seen) = Peer::available(&server.host, &token).await;
    let resumption = ana.resumption(seen);
    drop(ana);
    gateway.arrives("1").await;
    let mut back = Peer::back(&server.host, &token, &resumption).await;
    assert_eq!(back.opened["resumed"], true);
    assert_eq!(back.opened["seq"], json!(seen));
    let first = loop {
        match back.heard.first() {
            Some(first) => break first.clone(),
            None => {
                let message = back.read().await.unwrap();
                back.hear(message).await;
            }
        }
    };
    assert_eq!(first["params"]["seq"], json!(seen + 1), "no gap");
    back.wait_for("contact.offered").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_answered_and_the_session_stays() {
    let server = Server::start();
    let mut ana = server.agent("ana").await;
    for (text, kind) in [
        ("{", "parse_error"),
        ("[]", "invalid_request"),
        (r#"{"jsonrpc":"2.0","id":99,"method":"no.such"}"#, "unknown_method"),
        (r#"{"jsonrpc":"2.0","id":99,"method":"presence.set","params":{}}"#, "invalid_field"),
        (r#"{"jsonrpc":"2.0","id":99,"method":"offer.accept","params":{"offer":"usher-999"}}"#, "unknown_offer"),
        (r#"{"jsonrpc":"2.0","id":99,"method":"contact.end","params":{"contact":"usher-999"}}"#, "unknown_contact"),
        (r#"{"jsonrpc":"2.0","id":99,"method":"board.watch","params":{}}"#, "wrong_role"),
    ] {
        ana.send(text.to_owned()).await;
        let answer = loop {
            let message = ana.read().await.expect("the session stays");
            if message.get("error").is_some() {
                break message;
            }
        };
        assert_eq!(answer["error"]["data"]["kind"], kind, "{text}");
    }
    let deep = format!("{}1{}", "[".repeat(300), "]".repeat(300));
    ana.send(format!(r#"{{"jsonrpc":"2.0","id":7,"method":"presence.set","params":{{"presence":{deep}}}}}"#)).await;
    assert!(ana.read().await.unwrap().get("error").is_some());
    ana.is_available().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_secret_nobody_gets_in() {
    let server = Server::start();
    for secret in ["wrong", &"0".repeat(64)] {
        let mut request = format!("ws://{}/ws", server.host).into_client_request().unwrap();
        request.headers_mut().insert("Authorization", format!("Bearer {secret}").parse().unwrap());
        assert!(tokio_tungstenite::connect_async(request).await.is_err(), "{secret}");
    }
    let mut request = format!("ws://{}/ws", server.host).into_client_request().unwrap();
    request.headers_mut().insert("Origin", "https://evil.example".parse().unwrap());
    assert!(tokio_tungstenite::connect_async(request).await.is_err(), "another origin");
}

#[test]
fn rules_that_are_wrong_do_not_start_a_server_and_say_where() {
    let folder = temp_dir();
    std::fs::create_dir_all(folder.path().join("rules/queues")).unwrap();
    for (file, text) in RULES {
        let text = text.replace("queue = \"general\"", "queue = \"generl\"");
        std::fs::write(folder.path().join("rules").join(file), text).unwrap();
    }
    let output = usher(folder.path()).arg("serve").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(said.contains("entry.toml") && said.contains("generl"), "{said}");
}
