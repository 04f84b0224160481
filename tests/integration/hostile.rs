//! Clients that mean harm, on the real server: each is cut or refused with its typed reason, holds little, and others are
//! served meanwhile. Who may come in at all is `admission.rs`.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::Request;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async, connect_async};

use crate::live_server::{Peer, Server};
use crate::support::faults::FaultMet;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

const PATIENCE: Duration = Duration::from_secs(20);
const KIB: u64 = 1_024;
/// What one connection may hold in the server, everything included.
const HELD_KIB_MAX: u64 = 64;

async fn connect(server: &Server, secret: &str) -> Result<Socket, Error> {
    connect_async(request(server, secret)).await.map(|(socket, _)| socket)
}

/// With little room for what it does not read.
async fn connect_narrow(server: &Server, secret: &str) -> Socket {
    let narrow = TcpSocket::new_v4().unwrap();
    narrow.set_recv_buffer_size(4_096).unwrap();
    let stream = narrow.connect(server.host.parse().unwrap()).await.unwrap();
    client_async(request(server, secret), MaybeTlsStream::Plain(stream)).await.unwrap().0
}

fn request(server: &Server, secret: &str) -> Request<()> {
    let mut request = format!("ws://{}/ws", server.host).into_client_request().unwrap();
    request.headers_mut().insert("Authorization", format!("Bearer {secret}").parse().unwrap());
    request.headers_mut().insert("Sec-WebSocket-Protocol", "usher.v1".parse().unwrap());
    request
}

async fn open(server: &Server, secret: &str) -> Socket {
    let socket = connect(server, secret).await.unwrap();
    opened(socket, "agent").await
}

async fn opened(mut socket: Socket, role: &str) -> Socket {
    let open = json!({ "jsonrpc": "2.0", "id": 1, "method": "session.open", "params": { "role": role } });
    socket.send(Message::text(open.to_string())).await.unwrap();
    let answered = next_text(&mut socket).await.expect("it is opened");
    assert!(answered["result"].is_object(), "{answered}");
    socket
}

/// None: closed.
async fn next_text(socket: &mut Socket) -> Option<Value> {
    loop {
        match tokio::time::timeout(PATIENCE, socket.next()).await.expect("the server speaks") {
            Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            Some(Ok(_)) => {}
        }
    }
}

/// The code with which the server closes; None: it went without a word, as the client was still sending.
async fn closed(socket: &mut Socket) -> Option<u16> {
    loop {
        match tokio::time::timeout(PATIENCE, socket.next()).await.expect("the server closes") {
            Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return None,
        }
    }
}

/// Kilobytes of the process that lie in memory.
fn resident_kib(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A call comes, is offered and accepted: others are served.
async fn somebody_is_served(gateway: &mut Peer, ana: &mut Peer, reference: &str) {
    gateway.arrives(reference).await;
    ana.accepts().await;
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": reference, "order": order["order"] })).await.unwrap();
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
    let server = Server::start_with(settings);
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    ana.is_available().await;
    let before = resident_kib(&server);
    let begun = Instant::now();
    let mut silent = Vec::new();
    for _ in 0..SILENT {
        silent.push(connect(&server, &server.key).await.unwrap());
    }
    let held = resident_kib(&server).saturating_sub(before);
    assert!(held <= SILENT as u64 * HELD_KIB_MAX, "{SILENT} silent sockets hold {held} KiB");
    match connect(&server, &server.key).await {
        Err(Error::Http(refused)) => assert_eq!(refused.status().as_u16(), 503, "one too many"),
        other => panic!("one too many: {:?}", other.map(drop)),
    }
    assert!(begun.elapsed() < open_within, "opening {SILENT} sockets took {:?}", begun.elapsed());
    somebody_is_served(&mut gateway, &mut ana, "beside silent ones").await;
    for socket in &mut silent {
        assert_eq!(closed(socket).await, Some(4001));
    }
    // One place is free again for each.
    connect(&server, &server.key).await.unwrap();
    FaultMet::harmless("silent socket: cut in time", SILENT, 1, None).tell();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_refused_by_its_rate_and_others_are_served() {
    const FLOOD: usize = 2_000;
    let server = Server::start();
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    ana.is_available().await;
    let token = server.token("ben").await;
    let (mut say, mut hear) = open(&server, &token).await.split();
    let flood = async {
        for id in 0..FLOOD {
            let asked = json!({ "jsonrpc": "2.0", "id": id + 10, "method": "presence.set", "params": { "presence": "available" } });
            say.send(Message::text(asked.to_string())).await.unwrap();
        }
    };
    let listen = async {
        let (mut taken, mut refused) = (0, 0);
        while taken + refused < FLOOD {
            let Some(Ok(Message::Text(text))) = hear.next().await else { continue };
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
    let served = somebody_is_served(&mut gateway, &mut ana, "beside a flood");
    let ((), (taken, refused), ()) =
        tokio::time::timeout(PATIENCE, async { tokio::join!(flood, listen, served) }).await.expect("all is answered");
    // A burst of 40, then 20 a second.
    assert!((40..40 + 20 * PATIENCE.as_secs() as usize).contains(&taken), "{taken} taken, {refused} refused");
    FaultMet::harmless("flood of messages: refused by its rate", FLOOD, taken as u64, None).tell();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_a_hundred_thousand_pieces_holds_no_more_than_a_message_may() {
    let server = Server::start();
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    ana.is_available().await;
    let token = server.token("ben").await;
    let before = resident_kib(&server);
    for (piece, pieces) in [("x", 100_000), ("", 100_000)] {
        let mut socket = open(&server, &token).await;
        for number in 0..pieces {
            let code = if number == 0 { Data::Text } else { Data::Continue };
            let frame = Frame::message(Bytes::from_static(piece.as_bytes()), OpCode::Data(code), number + 1 == pieces);
            if socket.feed(Message::Frame(frame)).await.is_err() {
                break;
            }
        }
        let _ = socket.flush().await;
        let after = resident_kib(&server).saturating_sub(before);
        assert!(after < 8 * KIB, "pieces of {} bytes made the server {after} KiB larger", piece.len());
        if piece.is_empty() {
            let answered = next_text(&mut socket).await.expect("an empty message is answered");
            assert!(answered["error"].is_object(), "{answered}");
        } else {
            assert!(matches!(closed(&mut socket).await, Some(1009) | None), "too big");
        }
    }
    somebody_is_served(&mut gateway, &mut ana, "beside pieces").await;
    FaultMet::harmless("message in 100,000 fragments", 2, 1, None).tell();
}

#[tokio::test(flavor = "multi_thread")]
async fn giant_and_deep_messages_are_refused_and_the_next_client_is_served() {
    let server = Server::start();
    let (mut gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
    ana.is_available().await;
    let token = server.token("ben").await;
    let before = resident_kib(&server);

    let mut giant = open(&server, &token).await;
    let _ = giant.send(Message::text("x".repeat(8 << 20))).await;
    assert!(matches!(closed(&mut giant).await, Some(1009) | None), "eight megabytes");

    let mut deep = open(&server, &token).await;
    for text in ["[".repeat(60_000), r#"{"a":"#.repeat(10_000), format!("{}{}", "[".repeat(30_000), "]".repeat(30_000))]
    {
        deep.send(Message::text(text)).await.unwrap();
        let answered = next_text(&mut deep).await.expect("the session stays");
        assert!(answered["error"].is_object() && answered["id"].is_null(), "{answered}");
    }
    deep.send(Message::binary(vec![0xff; 1_000])).await.unwrap();
    somebody_is_served(&mut gateway, &mut ana, "beside giants").await;
    let after = resident_kib(&server).saturating_sub(before);
    assert!(after < 8 * KIB, "the server is {after} KiB larger");
    FaultMet::harmless("giant or deep message", 5, 1, None).tell();
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
    let mut deaf = opened(connect_narrow(&server, &token).await, "supervisor").await;
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
