//! A switch that speaks the REST interface of an Asterisk as it is told to: well, wrong, late or not at all. It carries no
//! voice, and holds no test subject.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

const PATIENCE: Duration = Duration::from_secs(20);
/// `usher:secret`
const AUTHORIZATION: &str = "Basic dXNoZXI6c2VjcmV0";

/// How requests are answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manner {
    Good,
    Status(u16),
    /// 200, and no JSON.
    Nonsense,
    Late(Duration),
    Silent,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    /// Below the interface's own, without the query.
    pub path: String,
    pub body: Value,
}

#[derive(Clone, Debug)]
enum Frame {
    Text(String),
    Binary(Vec<u8>),
    Cut,
}

/// A switch on a port of its own.
pub struct Switch {
    pub address: String,
    shared: Arc<Shared>,
}

struct Shared {
    manner: Mutex<Manner>,
    asked: Mutex<Vec<Asked>>,
    frames: broadcast::Sender<Frame>,
    sockets: AtomicUsize,
    channels: Mutex<Vec<Value>>,
}

impl Switch {
    pub async fn start() -> Switch {
        Switch::start_at("127.0.0.1:0").await
    }

    pub async fn start_at(address: &str) -> Switch {
        let listener = TcpListener::bind(address).await.unwrap();
        let shared = Arc::new(Shared {
            manner: Mutex::new(Manner::Good),
            asked: Mutex::default(),
            frames: broadcast::Sender::new(65_536),
            sockets: AtomicUsize::new(0),
            channels: Mutex::default(),
        });
        let address = listener.local_addr().unwrap().to_string();
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                tokio::spawn(async move { serve(stream, &shared).await });
            }
        });
        Switch { address, shared }
    }

    pub fn answers(&self, manner: Manner) {
        *self.shared.manner.lock().unwrap() = manner;
    }

    pub fn has_channels(&self, channels: Vec<Value>) {
        *self.shared.channels.lock().unwrap() = channels;
    }

    pub fn say(&self, event: &Value) {
        self.say_text(event.to_string());
    }

    pub fn say_text(&self, text: String) {
        let _ = self.shared.frames.send(Frame::Text(text));
    }

    pub fn say_bytes(&self, bytes: Vec<u8>) {
        let _ = self.shared.frames.send(Frame::Binary(bytes));
    }

    /// Every event socket, without a word.
    pub fn cut(&self) {
        let _ = self.shared.frames.send(Frame::Cut);
    }

    pub fn sockets(&self) -> usize {
        self.shared.sockets.load(Ordering::SeqCst)
    }

    /// Until somebody hears what is said, and has read what there is.
    pub async fn is_heard(&self) {
        self.asked_for("GET", "channels").await;
        eventually(|| (self.sockets() == 1).then_some(())).await;
    }

    /// The first such request, which is taken out.
    pub async fn asked_for(&self, method: &str, path: &str) -> Asked {
        eventually(|| self.was_asked_for(method, path)).await
    }

    pub fn was_asked_for(&self, method: &str, path: &str) -> Option<Asked> {
        let mut asked = self.shared.asked.lock().unwrap();
        let at = asked.iter().position(|asked| asked.method == method && asked.path == path)?;
        Some(asked.remove(at))
    }

    /// All that came since the last look.
    pub fn take_asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.shared.asked.lock().unwrap())
    }
}

/// What `found` finds, in time.
pub async fn eventually<T>(found: impl Fn() -> Option<T>) -> T {
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(tokio::time::Instant::now() < until, "it did not happen in time");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

struct Request {
    asked: Asked,
    authorization: Option<String>,
    /// Of a handshake.
    key: Option<String>,
}

async fn serve(mut stream: TcpStream, shared: &Shared) {
    let mut read = Vec::new();
    while let Some(request) = next_request(&mut stream, &mut read).await {
        if request.authorization.as_deref() != Some(AUTHORIZATION) {
            return answer(&mut stream, 401, r#"{"message":"Authentication required"}"#).await.unwrap_or_default();
        }
        if let Some(key) = request.key {
            return tell_events(stream, &key, shared).await;
        }
        let good = good_answer(&request.asked, shared);
        shared.asked.lock().unwrap().push(request.asked);
        let manner = *shared.manner.lock().unwrap();
        let (status, body) = match manner {
            Manner::Good => good,
            Manner::Status(status) => (status, r#"{"message":"It is not my day"}"#.to_owned()),
            Manner::Nonsense => (200, "<html>What is an Asterisk?".to_owned()),
            Manner::Late(by) => {
                tokio::time::sleep(by).await;
                good
            }
            Manner::Silent => std::future::pending().await,
        };
        if answer(&mut stream, status, &body).await.is_err() {
            return;
        }
    }
}

async fn next_request(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<Request> {
    let head_end = loop {
        if let Some(at) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        (stream.read_buf(read).await.ok()? > 0).then_some(())?;
    };
    let head = String::from_utf8(read.drain(..head_end).collect()).unwrap();
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let length: usize = header("content-length").map_or(0, |length| length.parse().unwrap());
    while read.len() < length {
        (stream.read_buf(read).await.ok()? > 0).then_some(())?;
    }
    let body: Vec<u8> = read.drain(..length).collect();
    let mut words = head.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?);
    let path = target.split('?').next()?.strip_prefix("/ari/")?.to_owned();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let (authorization, key) = (header("authorization"), header("sec-websocket-key"));
    Some(Request { asked: Asked { method, path, body }, authorization, key })
}

fn good_answer(asked: &Asked, shared: &Shared) -> (u16, String) {
    let list = |entries: &Mutex<Vec<Value>>| Value::from(entries.lock().unwrap().clone()).to_string();
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "channels") => (200, list(&shared.channels)),
        ("GET", "bridges") => (200, "[]".to_owned()),
        ("GET", "endpoints") => (200, json!([{ "technology": "SIM", "resource": "1", "state": "online" }]).to_string()),
        ("GET", path) if path.starts_with("deviceStates/") => {
            let name = path.trim_start_matches("deviceStates/").replace("%2F", "/");
            (200, json!({ "name": name, "state": "NOT_INUSE" }).to_string())
        }
        ("GET", _) => (404, r#"{"message":"Resource not found"}"#.to_owned()),
        _ => (200, "{}".to_owned()),
    }
}

async fn answer(stream: &mut TcpStream, status: u16, body: &str) -> std::io::Result<()> {
    let head =
        format!("HTTP/1.1 {status} So\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).await
}

async fn tell_events(mut stream: TcpStream, key: &str, shared: &Shared) {
    let accept = derive_accept_key(key.as_bytes());
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    let mut frames = shared.frames.subscribe();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
    shared.sockets.fetch_add(1, Ordering::SeqCst);
    loop {
        let sent = tokio::select! {
            frame = frames.recv() => match frame.unwrap() {
                Frame::Text(text) => socket.send(Message::text(text)).await,
                Frame::Binary(bytes) => socket.send(Message::binary(bytes)).await,
                Frame::Cut => break,
            },
            heard = socket.next() => match heard {
                Some(Ok(_)) => Ok(()),
                Some(Err(_)) | None => break,
            },
        };
        if sent.is_err() {
            break;
        }
    }
    shared.sockets.fetch_sub(1, Ordering::SeqCst);
}
