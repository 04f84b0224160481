//! Clients that mean harm, on the real server: each is cut or refused with its typed reason, holds little, and others are
//! served meanwhile. Who may come in at all is `admission.rs`.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{MaybeTlsStream, client_async};

use crate::admission::refused;
use crate::live_server::{Peer, Server, handshake};
use crate::support::faults::FaultMet;

const PATIENCE: Duration = Duration::from_secs(20);
const KIB: u64 = 1_024;
/// What one connection may hold in the server, everything included.
const HELD_KIB_MAX: u64 = 64;

/// A server with people who are to be served whatever happens beside them.
struct Ground {
    server: Server,
    gateway: Peer,
    ana: Peer,
    /// Ben's. A log-in takes much memory for a moment: it is over before any is measured.
    token: String,
}

impl Ground {
    async fn with(settings: &[(&str, &str)]) -> Ground {
        let server = Server::start_with(settings);
        let (gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
        ana.is_available().await;
        let token = server.token("ben").await;
        Ground { server, gateway, ana, token }
    }

    async fn ben(&self) -> Peer {
        Peer::open(&self.server.host, &self.token, json!({ "role": "agent" })).await
    }

    /// A call comes, is offered and accepted.
    async fn somebody_is_served(&mut self, reference: &str) {
        self.gateway.arrives(reference).await;
        self.ana.accepts().await;
        let order = self.gateway.wait_for("contact.connect").await;
        self.gateway.tell("contact.connected", json!({ "ref": reference, "order": order["order"] })).await.unwrap();
    }
}

/// With little room for what it does not read.
async fn connect_narrow(server: &Server, secret: &str) -> Peer {
    let narrow = TcpSocket::new_v4().unwrap();
    narrow.set_recv_buffer_size(4_096).unwrap();
    let stream = narrow.connect(server.host.parse().unwrap()).await.unwrap();
    let request = handshake(&server.host, Some(secret));
    Peer::over(client_async(request, MaybeTlsStream::Plain(stream)).await.unwrap().0)
}

/// Kilobytes of the process that lie in memory.
fn resident_kib(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_sockets_are_cut_in_time_and_hold_little() {
    const SILENT: usize = 600;
    let open_within = Duration::from_secs(8);
    let settings = &[
        ("USHER_SESSION_OPEN_WITHIN_MS", "8000"),
        ("USHER_SESSION_UNOPENED_MAX", "600"),
        ("USHER_SESSION_HANDSHAKES_PER_SECOND", "2000"),
    ];
    let mut ground = Ground::with(settings).await;
    let (host, key) = (ground.server.host.clone(), ground.server.key.clone());
    let before = resident_kib(&ground.server);
    let begun = Instant::now();
    let mut silent = Vec::new();
    for _ in 0..SILENT {
        silent.push(Peer::connect(&host, Some(&key)).await.unwrap());
    }
    let held = resident_kib(&ground.server).saturating_sub(before);
    assert!(held <= SILENT as u64 * HELD_KIB_MAX, "{SILENT} silent sockets hold {held} KiB");
    assert_eq!(refused(&ground.server, Some(&key)).await.0, 503, "one too many");
    assert!(begun.elapsed() < open_within, "opening {SILENT} sockets took {:?}", begun.elapsed());
    ground.somebody_is_served("beside silent ones").await;
    for peer in &mut silent {
        assert_eq!(peer.closed().await, 4001);
    }
    // One place is free again for each.
    Peer::connect(&host, Some(&key)).await.unwrap();
    FaultMet::harmless("silent socket: cut in time", SILENT, 1, None).tell();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_refused_by_its_rate_and_others_are_served() {
    const FLOOD: usize = 2_000;
    let mut ground = Ground::with(&[]).await;
    let (mut say, mut hear) = ground.ben().await.into_socket().split();
    let flood = async {
        for id in 0..FLOOD {
            let asked = json!({ "jsonrpc": "2.0", "id": id + 10, "method": "presence.set", "params": { "presence": "available" } });
            say.send(Message::text(asked.to_string())).await.unwrap();
        }
    };
    let listen = async {
        let (mut taken, mut refused) = (0, 0);
        while taken + refused < FLOOD {
            let Message::Text(text) = hear.next().await.expect("the session stays").unwrap() else { continue };
            let said: Value = serde_json::from_str(&text).unwrap();
            if said["error"]["data"]["kind"] == "rate_limited" {
                assert!(said["error"]["data"]["retry_after_ms"].as_u64().is_some_and(|ms| ms > 0), "{said}");
                refused += 1;
            } else if said.get("id").is_some() && said.get("method").is_none() {
                taken += 1;
            }
        }
        (taken, refused)
    };
    let served = ground.somebody_is_served("beside a flood");
    let ((), (taken, refused), ()) =
        tokio::time::timeout(PATIENCE, async { tokio::join!(flood, listen, served) }).await.expect("all is answered");
    // A burst of 40, then 20 a second.
    assert!((40..40 + 20 * PATIENCE.as_secs() as usize).contains(&taken), "{taken} taken, {refused} refused");
    FaultMet::harmless("flood of messages: refused by its rate", FLOOD, taken as u64, None).tell();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_a_hundred_thousand_pieces_holds_no_more_than_a_message_may() {
    let mut ground = Ground::with(&[]).await;
    let before = resident_kib(&ground.server);
    for (piece, pieces) in [("x", 100_000), ("", 100_000)] {
        let mut socket = ground.ben().await.into_socket();
        for number in 0..pieces {
            let code = if number == 0 { Data::Text } else { Data::Continue };
            let frame = Frame::message(Bytes::from_static(piece.as_bytes()), OpCode::Data(code), number + 1 == pieces);
            if socket.feed(Message::Frame(frame)).await.is_err() {
                break;
            }
        }
        let _ = socket.flush().await;
        let after = resident_kib(&ground.server).saturating_sub(before);
        assert!(after < 8 * KIB, "pieces of {} bytes made the server {after} KiB larger", piece.len());
        let mut ben = Peer::over(socket);
        if piece.is_empty() {
            let answered = ben.read().await.expect("an empty message is answered");
            assert!(answered["error"].is_object(), "{answered}");
        } else {
            assert!(matches!(ben.closed_or_gone().await, Ok(1009) | Err(_)), "too big");
        }
    }
    ground.somebody_is_served("beside pieces").await;
    FaultMet::harmless("message in 100,000 fragments", 2, 1, None).tell();
}

#[tokio::test(flavor = "multi_thread")]
async fn giant_and_deep_messages_are_refused_and_the_next_client_is_served() {
    let mut ground = Ground::with(&[]).await;
    let before = resident_kib(&ground.server);

    let mut giant = ground.ben().await.into_socket();
    let _ = giant.send(Message::text("x".repeat(8 << 20))).await;
    assert!(matches!(Peer::over(giant).closed_or_gone().await, Ok(1009) | Err(_)), "eight megabytes");

    let mut deep = ground.ben().await;
    for text in ["[".repeat(60_000), r#"{"a":"#.repeat(10_000), format!("{}{}", "[".repeat(30_000), "]".repeat(30_000))]
    {
        deep.send(text).await;
        let answered = deep.read().await.expect("the session stays");
        assert!(answered["error"].is_object() && answered["id"].is_null(), "{answered}");
    }
    deep.into_socket().send(Message::binary(vec![0xff; 1_000])).await.unwrap();
    ground.somebody_is_served("beside giants").await;
    let after = resident_kib(&ground.server).saturating_sub(before);
    assert!(after < 8 * KIB, "the server is {after} KiB larger");
    FaultMet::harmless("giant or deep message", 5, 1, None).tell();
}

/// A byte now and then, of a request that has no end; what the server has answered when it has cut it.
async fn drips(host: &str, begins: &str) -> String {
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(begins.as_bytes()).await.unwrap();
    let (mut read, mut write) = stream.split();
    let mut answer = Vec::new();
    let drip = async {
        while write.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        std::future::pending().await
    };
    tokio::select! {
        // Cut with or without a last word.
        _ = read.read_to_end(&mut answer) => {}
        () = drip => {}
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_headers_and_bodies_are_cut_and_hold_little() {
    const SLOW: usize = 200;
    let settings = &[("USHER_LISTEN_HEADER_READ_MS", "2000"), ("USHER_LISTEN_REQUEST_MS", "2000")];
    let mut ground = Ground::with(settings).await;
    let before = resident_kib(&ground.server);
    let mut slow = JoinSet::new();
    for number in 0..SLOW {
        let host = ground.server.host.clone();
        slow.spawn(async move {
            match number % 2 {
                0 => ("", drips(&host, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").await),
                _ => {
                    let head = "POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
                    (
                        "HTTP/1.1 408 ",
                        drips(&host, &format!("{head}Content-Length: 100000\r\n\r\n{{\"user\": \"")).await,
                    )
                }
            }
        });
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    ground.somebody_is_served("beside slow ones").await;
    let held = resident_kib(&ground.server).saturating_sub(before);
    assert!(held <= SLOW as u64 * HELD_KIB_MAX, "{SLOW} slow requests hold {held} KiB");
    let answers = tokio::time::timeout(PATIENCE, slow.join_all()).await.expect("all are cut");
    for (told, answer) in answers {
        // Of headers that have no end nobody knows yet what was asked.
        assert!(answer.starts_with(told) && answer.is_empty() == told.is_empty(), "{answer}");
    }
    FaultMet::harmless("slow headers or body: cut in time", SLOW, 1, None).tell();
}

/// A dashboard asks for long lists, and reads none of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_reads_is_cut_and_holds_little() {
    const WAITING: usize = 1_000;
    const ASKED: usize = 400;
    let server = Server::start();
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    server.add_user(&["boss", "--role", "supervisor"]);
    for number in 0..WAITING {
        gateway.arrives(&format!("waits-{number}")).await;
    }
    let token = server.token("boss").await;
    let deaf = connect_narrow(&server, &token).await.opens(json!({ "role": "supervisor" })).await;
    let mut deaf = deaf.into_socket();
    let before = resident_kib(&server);
    let mut is_cut = false;
    for id in 0..ASKED {
        let asked =
            json!({ "jsonrpc": "2.0", "id": id + 10, "method": "queue.show", "params": { "queue": "general" } });
        let sent = tokio::time::timeout(PATIENCE, deaf.send(Message::text(asked.to_string()))).await;
        is_cut = sent.expect("a socket that is cut takes nothing").is_err();
        if is_cut {
            break;
        }
        // As many a second as a supervisor may ask.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let held = resident_kib(&server).saturating_sub(before);
        assert!(held < 8 * KIB, "answers that nobody reads hold {held} KiB");
    }
    assert!(is_cut, "{ASKED} long answers were not read, and it is still there");
    ana.is_available().await;
    ana.accepts().await;
    FaultMet::harmless("client that never reads: cut", 1, WAITING as u64, None).tell();
}
