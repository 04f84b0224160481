//! Stands between people and server, and writes down each message before it passes it on. It knows who holds which
//! secret, and reads no message.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;

use super::relay::{Between, stand_between};

#[derive(Clone)]
pub struct Recorder {
    lines: Arc<Mutex<File>>,
    sockets: Arc<AtomicU64>,
    server: String,
    /// Who holds which secret.
    holders: Arc<BTreeMap<String, String>>,
    cuts: watch::Sender<()>,
}

impl Recorder {
    /// Passes on to `server`, which is a host and its port; also where people find it, likewise.
    pub async fn start(server: &str, holders: BTreeMap<String, String>, lines: &Path) -> (Recorder, String) {
        let file = OpenOptions::new().create(true).append(true).open(lines).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let recorder = Recorder {
            lines: Arc::new(Mutex::new(file)),
            sockets: Arc::default(),
            server: format!("ws://{server}/ws"),
            holders: Arc::new(holders),
            cuts: watch::Sender::default(),
        };
        let accepting = recorder.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let recorder = accepting.clone();
                tokio::spawn(async move { recorder.pass_on(stream).await });
            }
        });
        (recorder, host)
    }

    /// A fault of the harness itself.
    pub fn note_fault(&self, fault: &str) {
        self.write(json!({ "fault": fault }));
    }

    /// Every socket dies, whatever is on its way.
    pub fn cut(&self) {
        self.note_fault("connections cut");
        self.cuts.send_replace(());
    }

    fn write(&self, mut line: Value) {
        line["at_ms"] = json!(jiff::Timestamp::now().as_millisecond());
        self.lines.lock().unwrap().write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Until either side is gone; then the other goes too.
    async fn pass_on(&self, stream: TcpStream) -> Option<()> {
        let Between { secret, mut person, mut server } = stand_between(stream, &self.server).await?;
        let who = self.holders[&secret].clone();
        let socket = self.sockets.fetch_add(1, Ordering::Relaxed);
        let mut cut = self.cuts.subscribe();
        loop {
            let (by_server, message) = tokio::select! {
                _ = cut.changed() => return None,
                message = person.next() => (false, message?.ok()?),
                message = server.next() => (true, message?.ok()?),
            };
            // Either side answers the pings of the other for itself.
            if message.is_ping() || message.is_pong() {
                continue;
            }
            if let Message::Text(text) = &message {
                self.write(json!({ "socket": socket, "who": who, "by_server": by_server, "text": text.as_str() }));
            }
            let passed_on = if by_server { person.send(message).await } else { server.send(message).await };
            passed_on.ok()?;
        }
    }
}
