//! `usher serve` as a child process and plain sockets to it. It holds no test subject.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::Request;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::support::http;
use crate::support::processes::{ended_within, signal};
use crate::support::surroundings::temp_dir;

pub const PASSWORD: &str = "correct horse battery staple";
const PATIENCE: Duration = Duration::from_secs(20);
pub const RULES: [(&str, &str); 4] = [
    ("site.toml", "outside_prefixes = [\"+33\"]\n"),
    ("entry.toml", "[[entry]]\nname = \"all\"\nqueue = \"general\"\n"),
    ("queues/general.toml", "[queue.general]\n"),
    (
        "agents.toml",
        "[agent.ana]\nname = \"Ana\"\nphone = { mode = \"console\", endpoint = \"SIM/1\" }\nmay_transfer_outside = true\n\
         [agent.ben]\nname = \"Ben\"\nphone = { mode = \"console\", endpoint = \"SIM/2\" }\n",
    ),
];

/// `usher serve` as a child on free ports, with users `ana` and `ben` and a key for gateway `gw`.
pub struct Server {
    child: Child,
    pub host: String,
    pub folder: TempDir,
    pub key: String,
    /// `host:port` of /metrics.
    pub administration: String,
    settings: Vec<(String, String)>,
    log: Log,
}

/// What the servers on one folder have written to standard error.
type Log = Arc<Mutex<String>>;

pub fn usher(folder: &Path) -> Command {
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
    pub fn start() -> Server {
        Server::start_with(&[])
    }

    /// `settings`: as the environment names them.
    pub fn start_with(settings: &[(&str, &str)]) -> Server {
        Server::start_prepared(settings, |_| {})
    }

    /// `prepare`: writes settings and rules into the folder over those of every test.
    pub fn start_prepared(settings: &[(&str, &str)], prepare: impl FnOnce(&Path)) -> Server {
        let settings: Vec<(String, String)> =
            settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let folder = temp_dir();
        std::fs::create_dir_all(folder.path().join("rules/queues")).unwrap();
        for (file, text) in RULES {
            std::fs::write(folder.path().join("rules").join(file), text).unwrap();
        }
        prepare(folder.path());
        for agent in ["ana", "ben"] {
            add_user(folder.path(), &settings, &[agent, "--role", "agent", "--agent", agent]);
        }
        let made = usher(folder.path()).envs(settings.iter().cloned()).args(["key", "add", "gw"]).output().unwrap();
        let printed = String::from_utf8(made.stdout).unwrap();
        let key = printed.trim().rsplit(' ').next().unwrap().to_owned();
        let log = Log::default();
        let (child, host, administration) = serve(folder.path(), &settings, &log);
        Server { child, host, folder, key, administration, settings, log }
    }

    /// `kill -9`, then the same data on a new port.
    pub fn kill_and_start_again(&mut self) {
        self.stop();
        (self.child, self.host, self.administration) = serve(self.folder.path(), &self.settings, &self.log);
    }

    /// Nobody serves until it is started again.
    pub fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// A figure of /metrics by its name with its labels.
    pub async fn figure(&self, name: &str) -> Option<f64> {
        let answer = http::send(&self.administration, "GET", "/metrics", &[], None).await;
        let text = String::from_utf8(answer.bytes).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map(|value| value.parse().unwrap())
    }

    /// The same, once it is so much.
    pub async fn figure_is(&self, name: &str, value: f64) {
        self.figure_until(name, |found| found == value).await;
    }

    /// The same, once it is there and so.
    pub async fn figure_until(&self, name: &str, is_so: impl Fn(f64) -> bool) {
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            let found = self.figure(name).await;
            if found.is_some_and(&is_so) {
                return;
            }
            assert!(tokio::time::Instant::now() < until, "{name} is {found:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// It stands still, with all its sockets open, until it is thawed.
    pub fn freeze(&self) {
        signal(self.pid(), "-STOP");
    }

    pub fn thaw(&self) {
        signal(self.pid(), "-CONT");
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// None: it still runs.
    pub fn ended_within(&mut self, patience: Duration) -> Option<ExitStatus> {
        ended_within(&mut self.child, patience)
    }

    /// A command on the same data.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = usher(self.folder.path());
        command.envs(self.settings.iter().cloned()).args(words);
        command
    }

    /// Every line so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// The same with these settings over those it had.
    pub fn kill_and_start_again_with(&mut self, settings: &[(&str, &str)]) {
        self.settings.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.kill_and_start_again();
    }

    pub async fn token(&self, user: &str) -> String {
        let password = usher::protocol::Secret::clipped(PASSWORD);
        usher::demo::log_in(&self.host, user, &password).await.unwrap().into_string()
    }

    pub async fn gateway(&self) -> Peer {
        Peer::open(&self.host, &self.key, json!({ "role": "gateway" })).await
    }

    /// The gateway `gw` again, which has told so many events.
    pub async fn gateway_after(&self, event: u64) -> Peer {
        let mut gateway = self.gateway().await;
        gateway.event = event;
        gateway
    }

    /// A supervisor of this name, new here.
    pub async fn supervisor(&self, name: &str) -> Peer {
        self.add_user(&[name, "--role", "supervisor"]);
        self.sees(name).await
    }

    /// As `usher user add` takes it.
    pub fn add_user(&self, user: &[&str]) {
        add_user(self.folder.path(), &self.settings, user);
    }

    /// To one that nobody here knows.
    pub fn changes_password(&self, user: &str) {
        types(&mut self.command(&["user", "password", user, "--password-stdin"]), &format!("another {PASSWORD}"));
    }

    /// The same again.
    pub async fn sees(&self, supervisor: &str) -> Peer {
        let token = self.token(supervisor).await;
        Peer::open(&self.host, &token, json!({ "role": "supervisor" })).await
    }

    pub async fn agent(&self, agent: &str) -> Peer {
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

/// As `usher user add` takes it, with [`PASSWORD`].
pub fn add_user(folder: &Path, settings: &[(String, String)], user: &[&str]) {
    let mut adding = usher(folder);
    adding.envs(settings.iter().cloned()).args(["user", "add"]).args(user).arg("--password-stdin");
    types(&mut adding, PASSWORD);
}

/// Runs a command that reads one line, and is to succeed.
fn types(command: &mut Command, line: &str) {
    let mut running = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    writeln!(running.stdin.take().unwrap(), "{line}").unwrap();
    assert!(running.wait().unwrap().success());
}

fn serve(folder: &Path, settings: &[(String, String)], log: &Log) -> (Child, String, String) {
    let mut command = usher(folder);
    command.envs(settings.iter().cloned()).arg("serve").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let is_asked_for = settings.iter().any(|(name, _)| name == "USHER_LOG_LEVEL");
    note(child.stderr.take().unwrap(), Arc::clone(log), !is_asked_for);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = |prefix: &str| {
        let line = lines.next().expect("the server says where it listens").unwrap();
        line.strip_prefix(prefix).expect("an address").to_owned()
    };
    let (host, administration) = (next("listening on http://"), next("administration on http://"));
    std::thread::spawn(move || lines.for_each(drop));
    (child, host, administration)
}

/// Shown as well, where a reader of failures looks for it.
fn note(stderr: ChildStderr, log: Log, is_shown: bool) {
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            if is_shown {
                eprintln!("{line}");
            }
            let mut log = log.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
    });
}

pub type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// Asks for a socket. `secret`: None shows nothing.
pub fn handshake(host: &str, secret: Option<&str>) -> Request<()> {
    let mut request = format!("ws://{host}/ws").into_client_request().unwrap();
    if let Some(secret) = secret {
        request.headers_mut().insert("Authorization", format!("Bearer {secret}").parse().unwrap());
    }
    request.headers_mut().insert("Sec-WebSocket-Protocol", "usher.v1".parse().unwrap());
    request
}

/// One socket, spoken to in plain JSON.
pub struct Peer {
    socket: Socket,
    pub opened: Value,
    pub heard: Vec<Value>,
    last_id: u64,
    pub event: u64,
}

impl Peer {
    /// A socket on which nothing was said yet. `secret`: None shows nothing.
    pub async fn connect(host: &str, secret: Option<&str>) -> Result<Peer, Error> {
        let (socket, _) = tokio_tungstenite::connect_async(handshake(host, secret)).await?;
        Ok(Peer::over(socket))
    }

    pub fn over(socket: Socket) -> Peer {
        Peer { socket, opened: Value::Null, heard: Vec::new(), last_id: 0, event: 0 }
    }

    /// To be spoken to in frames.
    pub fn into_socket(self) -> Socket {
        self.socket
    }

    pub async fn open(host: &str, secret: &str, params: Value) -> Peer {
        Peer::connect(host, Some(secret)).await.unwrap().opens(params).await
    }

    /// What it shows to go on with this session after the event `seq`.
    pub fn resumption(&self, seq: u64) -> Value {
        json!({ "token": self.opened["resume_token"], "seq": seq })
    }

    /// An agent's console that comes back with its [`Peer::resumption`].
    pub async fn back(host: &str, secret: &str, resumption: &Value) -> Peer {
        Peer::open(host, secret, json!({ "role": "agent", "resume": resumption })).await
    }

    pub async fn opens(self, params: Value) -> Peer {
        let mut peer = self;
        peer.opened = peer.ask("session.open", params).await.unwrap();
        // What was offered before the session began to hear stands in the snapshot.
        for offer in peer.opened["snapshot"]["offers"].as_array().into_iter().flatten() {
            peer.heard.push(json!({ "method": "contact.offered", "params": offer }));
        }
        peer
    }

    pub async fn send(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    pub async fn read(&mut self) -> Option<Value> {
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

    /// The code with which the server closes the socket.
    pub async fn closed(&mut self) -> u16 {
        self.closed_or_gone().await.unwrap_or_else(|error| panic!("gone without a word: {error}"))
    }

    /// The same of a client that was still sending: it may not get to hear the code.
    pub async fn closed_or_gone(&mut self) -> Result<u16, Error> {
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            match tokio::time::timeout_at(until, self.socket.next()).await.expect("the server closes") {
                Some(Ok(Message::Close(Some(frame)))) => return Ok(frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Err(Error::ConnectionClosed),
            }
        }
    }

    /// The result, or the error's `data`.
    pub async fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
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

    /// The `data` of an error that names no id, as nobody read that far.
    pub async fn ask_unnumbered(&mut self, method: &str, params: Value) -> Value {
        self.send(json!({ "jsonrpc": "2.0", "id": 0, "method": method, "params": params }).to_string()).await;
        let answer = self.read().await.expect("the session stays");
        assert!(answer["id"].is_null(), "{answer}");
        answer["error"]["data"].clone()
    }

    pub async fn hear(&mut self, message: Value) {
        if let Some(id) = message.get("id") {
            let answer = json!({ "jsonrpc": "2.0", "id": id, "result": { "accepted": true } });
            self.send(answer.to_string()).await;
        }
        self.heard.push(message);
    }

    pub async fn tell(&mut self, method: &str, mut params: Value) -> Result<Value, Value> {
        self.event += 1;
        params["event"] = json!(self.event);
        params["occurred_at"] = json!("2026-11-22T09:00:00.000Z");
        self.ask(method, params).await
    }

    pub async fn arrives(&mut self, reference: &str) -> Value {
        self.tell("contact.arrived", json!({ "ref": reference, "channel": "voice" })).await.unwrap()
    }

    pub async fn wait_for(&mut self, method: &str) -> Value {
        loop {
            if let Some(at) = self.heard.iter().position(|message| message["method"] == method) {
                return self.heard.remove(at)["params"].clone();
            }
            let message = self.read().await.expect("the session stays");
            self.hear(message).await;
        }
    }

    pub async fn is_available(&mut self) {
        self.ask("presence.set", json!({ "presence": "available" })).await.unwrap();
    }

    /// An agent's console, available; the number of the event that said so.
    pub async fn available(host: &str, secret: &str) -> (Peer, u64) {
        let mut agent = Peer::open(host, secret, json!({ "role": "agent" })).await;
        agent.is_available().await;
        let seq = agent.wait_for("agent.changed").await["seq"].as_u64().unwrap();
        (agent, seq)
    }

    /// Takes the next offer and says which contact it was.
    pub async fn accepts(&mut self) -> String {
        let offered = self.wait_for("contact.offered").await;
        self.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
        self.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
        offered["contact"]["id"].as_str().unwrap().to_owned()
    }
}
