//! The real program over real sockets: a stranger's client, bad input, and a server killed in the
//! middle. Looks at nothing inside.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::support::surroundings::{python, repository_root, temp_dir};

const PASSWORD: &str = "correct horse battery staple";
const PATIENCE: Duration = Duration::from_secs(20);
const RULES: [(&str, &str); 3] = [
    ("entry.toml", "[[entry]]\nname = \"all\"\nqueue = \"general\"\n"),
    ("queues/general.toml", "[queue.general]\n"),
    (
        "agents.toml",
        "[agent.ana]\nname = \"Ana\"\nphone = { mode = \"console\", endpoint = \"SIM/1\" }\n\
         [agent.ben]\nname = \"Ben\"\nphone = { mode = \"console\", endpoint = \"SIM/2\" }\n",
    ),
];

/// `usher serve` as a child on free ports, with users `ana` and `ben` and a key for gateway `gw`.
struct Server {
    child: Child,
    host: String,
    folder: TempDir,
    key: String,
}

fn usher(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_usher"));
    command
        .current_dir(folder)
        .env("USHER_DATA_DIRECTORY", folder.join("data"))
        .env("USHER_RULES_DIRECTORY", folder.join("rules"))
        .env("USHER_LISTEN_ADDRESS", "127.0.0.1:0")
        .env("USHER_LISTEN_ADMINISTRATION_ADDRESS", "127.0.0.1:0")
        .env("USHER_LOG_LEVEL", "warn");
    command
}

impl Server {
    fn start() -> Server {
        let folder = temp_dir();
        std::fs::create_dir_all(folder.path().join("rules/queues")).unwrap();
        for (file, text) in RULES {
            std::fs::write(folder.path().join("rules").join(file), text).unwrap();
        }
        for agent in ["ana", "ben"] {
            let mut adding = usher(folder.path())
                .args(["user", "add", agent, "--role", "agent", "--agent", agent, "--password-stdin"])
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            writeln!(adding.stdin.take().unwrap(), "{PASSWORD}").unwrap();
            assert!(adding.wait().unwrap().success());
        }
        let made = usher(folder.path()).args(["key", "add", "gw"]).output().unwrap();
        let printed = String::from_utf8(made.stdout).unwrap();
        let key = printed.trim().rsplit(' ').next().unwrap().to_owned();
        let (child, host) = serve(folder.path());
        Server { child, host, folder, key }
    }

    /// `kill -9`, then the same data on a new port.
    fn kill_and_start_again(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        (self.child, self.host) = serve(self.folder.path());
    }

    async fn token(&self, user: &str) -> String {
        let password = usher::protocol::Secret::clipped(PASSWORD);
        usher::demo::log_in(&self.host, user, &password).await.unwrap().into_string()
    }

    async fn gateway(&self) -> Peer {
        Peer::open(&self.host, &self.key, json!({ "role": "gateway" })).await
    }

    async fn agent(&self, agent: &str) -> Peer {
        let token = self.token(agent).await;
        Peer::open(&self.host, &token, json!({ "role": "agent" })).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(folder: &Path) -> (Child, String) {
    let mut child = usher(folder).arg("serve").stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().expect("the server says where it listens").unwrap();
    std::thread::spawn(move || lines.for_each(drop));
    (child, first.trim_start_matches("listening on http://").to_owned())
}

/// One socket, spoken to in plain JSON.
struct Peer {
    socket: tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>,
    opened: Value,
    heard: Vec<Value>,
    last_id: u64,
    event: u64,
}

impl Peer {
    async fn open(host: &str, secret: &str, params: Value) -> Peer {
        let mut request = format!("ws://{host}/ws").into_client_request().unwrap();
        request.headers_mut().insert("Authorization", format!("Bearer {secret}").parse().unwrap());
        request.headers_mut().insert("Sec-WebSocket-Protocol", "usher.v1".parse().unwrap());
        let (socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
        let mut peer = Peer { socket, opened: Value::Null, heard: Vec::new(), last_id: 0, event: 0 };
        peer.opened = peer.ask("session.open", params).await.unwrap();
        // What was offered before the session began to hear stands in the snapshot.
        for offer in peer.opened["snapshot"]["offers"].as_array().into_iter().flatten() {
            peer.heard.push(json!({ "method": "contact.offered", "params": offer }));
        }
        peer
    }

    async fn send(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    async fn read(&mut self) -> Option<Value> {
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            match tokio::time::timeout_at(until, self.socket.next()).await.expect("the server speaks") {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(_)) => {}
                Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)) | None => return None,
                Some(Err(_)) => return None,
            }
        }
    }

    /// The result, or the error's `data`.
    async fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.last_id += 1;
        let id = self.last_id;
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()).await;
        loop {
            let message = self.read().await.expect("the session stays");
            if message.get("method").is_some() {
                self.hear(message).await;
            } else if message["id"] == json!(id) {
                return match message.get("result") {
                    Some(result) => Ok(result.clone()),
                    None => Err(message["error"]["data"].clone()),
                };
            }
        }
    }

    async fn hear(&mut self, message: Value) {
        if let Some(id) = message.get("id") {
            let answer = json!({ "jsonrpc": "2.0", "id": id, "result": { "accepted": true } });
            self.send(answer.to_string()).await;
        }
        self.heard.push(message);
    }

    async fn tell(&mut self, method: &str, mut params: Value) -> Result<Value, Value> {
        self.event += 1;
        params["event"] = json!(self.event);
        params["occurred_at"] = json!("2026-11-22T09:00:00.000Z");
        self.ask(method, params).await
    }

    async fn arrives(&mut self, reference: &str) -> Value {
        self.tell("contact.arrived", json!({ "ref": reference, "channel": "voice" })).await.unwrap()
    }

    async fn wait_for(&mut self, method: &str) -> Value {
        loop {
            if let Some(at) = self.heard.iter().position(|message| message["method"] == method) {
                return self.heard.remove(at)["params"].clone();
            }
            let message = self.read().await.expect("the session stays");
            self.hear(message).await;
        }
    }

    async fn is_available(&mut self) {
        self.ask("presence.set", json!({ "presence": "available" })).await.unwrap();
    }

    /// Takes the next offer and says which contact it was.
    async fn accepts(&mut self) -> String {
        let offered = self.wait_for("contact.offered").await;
        self.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
        self.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
        offered["contact"]["id"].as_str().unwrap().to_owned()
    }
}

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
    let mut ana = Peer::open(&server.host, &token, json!({ "role": "agent" })).await;
    ana.is_available().await;
    let seen = ana.wait_for("agent.changed").await["seq"].as_u64().unwrap();
    let resume = json!({ "token": ana.opened["resume_token"], "seq": seen });
    drop(ana);
    gateway.arrives("1").await;
    let mut back = Peer::open(&server.host, &token, json!({ "role": "agent", "resume": resume })).await;
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
