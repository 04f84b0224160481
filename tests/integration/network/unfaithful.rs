//! Makes a gateway one that repeats, comes late and forgets: stands between it and the server, message by message. It
//! breaks nothing of the protocol that a careless program would not break.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

use crate::crashes::relay::{Between, stand_between};

/// Of a hundred requests, those that are sent again, those that others overtake, and those, of `FORGOTTEN`, that the
/// server never gets though the gateway believes it.
const REPEATED: u32 = 12;
const LATE: u32 = 15;
const FORGETS: u32 = 8;
const LATE_MS: std::ops::Range<u64> = 10..400;
const AGAIN_MS: std::ops::Range<u64> = 0..2_000;
/// What an inventory makes good.
const FORGOTTEN: [&str; 3] = ["contact.arrived", "contact.abandoned", "contact.ended"];

/// How often each was done.
#[derive(Default)]
pub struct Done {
    pub repeated: AtomicUsize,
    pub late: AtomicUsize,
    pub forgotten: AtomicUsize,
}

/// Where the gateway finds its way to `host`.
pub async fn unfaithful(host: &str, seed: u64) -> (String, Arc<Done>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = listener.local_addr().unwrap().to_string();
    let done = Arc::new(Done::default());
    let (url, counted) = (format!("ws://{host}/ws"), Arc::clone(&done));
    tokio::spawn(async move {
        let mut seeds = ChaCha8Rng::seed_from_u64(seed);
        while let Ok((stream, _)) = listener.accept().await {
            let (url, done, seed) = (url.clone(), Arc::clone(&counted), seeds.random());
            tokio::spawn(async move { pass(stream, &url, seed, &done).await });
        }
    });
    (here, done)
}

/// Until either side is gone; then the other goes too.
async fn pass(stream: TcpStream, url: &str, seed: u64, done: &Done) -> Option<()> {
    let Between { mut person, mut server, .. } = stand_between(stream, url).await?;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (later, mut due) = mpsc::unbounded_channel::<Message>();
    let after = |ms: u64, message: Message| {
        let later = later.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            // The socket may be gone by then, and what was late with it.
            let _ = later.send(message);
        });
    };
    loop {
        tokio::select! {
            message = person.next() => {
                let message = message?.ok()?;
                if message.is_ping() || message.is_pong() {
                    continue;
                }
                match fate(&message, &mut random) {
                    Fate::AsItIs => server.send(message).await.ok()?,
                    Fate::Again => {
                        done.repeated.fetch_add(1, Ordering::Relaxed);
                        after(random.random_range(AGAIN_MS), message.clone());
                        server.send(message).await.ok()?;
                    }
                    Fate::Late => {
                        done.late.fetch_add(1, Ordering::Relaxed);
                        after(random.random_range(LATE_MS), message);
                    }
                    Fate::Forgotten { id } => {
                        done.forgotten.fetch_add(1, Ordering::Relaxed);
                        let answer = json!({ "jsonrpc": "2.0", "id": id, "result": {} });
                        person.send(Message::text(answer.to_string())).await.ok()?;
                    }
                }
            }
            Some(message) = due.recv() => server.send(message).await.ok()?,
            message = server.next() => {
                let message = message?.ok()?;
                if !message.is_ping() && !message.is_pong() {
                    person.send(message).await.ok()?;
                }
            }
        }
    }
}

enum Fate {
    AsItIs,
    Again,
    Late,
    Forgotten { id: Value },
}

/// Only of what the gateway tells: the opening and its answers to orders stay as they are.
fn fate(message: &Message, random: &mut ChaCha8Rng) -> Fate {
    let Message::Text(text) = message else { return Fate::AsItIs };
    let said: Value = serde_json::from_str(text).unwrap();
    let Some(method) = said["method"].as_str().filter(|method| !method.starts_with("session.")) else {
        return Fate::AsItIs;
    };
    let draw = random.random_range(0..100);
    match draw {
        _ if draw < REPEATED => Fate::Again,
        _ if draw < REPEATED + LATE => Fate::Late,
        _ if draw < REPEATED + LATE + FORGETS && FORGOTTEN.contains(&method) => {
            Fate::Forgotten { id: said["id"].clone() }
        }
        _ => Fate::AsItIs,
    }
}
