//! How a WebSocket ends on the real server: a client's close is answered, and whoever breaks the protocol is told how, by
//! its code, whether he has opened a session or not.

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::live_server::{Peer, Server};

/// Bytes on the wire, masked with zeros, and the code that answers them.
const BROKEN: [(&str, &[u8], u16); 8] = [
    ("a kind that is reserved", &[0x83, 0x80, 0, 0, 0, 0], 1002),
    ("a bit that is reserved", &[0xC1, 0x80, 0, 0, 0, 0], 1002),
    ("no mask", &[0x81, 0x02, b'{', b'}'], 1002),
    ("a ping in fragments", &[0x09, 0x80, 0, 0, 0, 0], 1002),
    ("the rest of nothing", &[0x80, 0x80, 0, 0, 0, 0], 1002),
    ("a close code of one byte", &[0x88, 0x81, 0, 0, 0, 0, 3], 1002),
    ("text that is no UTF-8", &[0x81, 0x82, 0, 0, 0, 0, 0xFF, 0xFE], 1007),
    ("a mebibyte announced", &[0x81, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0], 1009),
];

/// A socket that has opened no session, and one that has.
async fn bare_and_opened(server: &Server) -> [(&'static str, Peer); 2] {
    let bare = Peer::connect(&server.host, Some(&server.key)).await.unwrap();
    let opened = Peer::open(&server.host, &server.key, json!({ "role": "gateway" })).await;
    [("before session.open", bare), ("in a session", opened)]
}

#[tokio::test(flavor = "multi_thread")]
async fn who_breaks_the_protocol_is_told_how() {
    let server = Server::start();
    for (what, bytes, code) in BROKEN {
        for (when, peer) in bare_and_opened(&server).await {
            let mut socket = peer.into_socket();
            socket.get_mut().write_all(bytes).await.unwrap();
            let closed = Peer::over(socket).closed_or_gone().await;
            assert_eq!(closed.ok(), Some(code), "{what}, {when}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_close_is_answered_with_its_own_code() {
    let server = Server::start();
    for (when, peer) in bare_and_opened(&server).await {
        let mut socket = peer.into_socket();
        let frame = CloseFrame { code: CloseCode::Library(4_321), reason: "enough".into() };
        socket.close(Some(frame)).await.unwrap();
        let answered = Peer::over(socket).closed_or_gone().await;
        assert_eq!(answered.ok(), Some(4_321), "{when}");
    }
}
