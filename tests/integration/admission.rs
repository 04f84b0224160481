//! Who is let in, how many at once, and for how long. Looks at nothing inside.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio_tungstenite::tungstenite::Error;

use crate::live_server::{Peer, Server, usher};
use crate::support::faults::FaultMet;
use crate::support::http;

/// The status of a refused handshake and its `Retry-After`.
pub async fn refused(server: &Server, secret: Option<&str>) -> (u16, Option<u64>) {
    match Peer::connect(&server.host, secret).await {
        Err(Error::Http(response)) => {
            let retry_after =
                response.headers().get("Retry-After").map(|value| value.to_str().unwrap().parse().unwrap());
            (response.status().as_u16(), retry_after)
        }
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("a socket was opened"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_message_may_be_as_long_as_the_setting_says() {
    let server = Server::start_with(&[("USHER_SESSION_FIRST_MESSAGE_BYTES_MAX", "1024")]);
    let mut gateway = Peer::connect(&server.host, Some(&server.key)).await.unwrap();
    let long = json!({ "role": "gateway", "unknown": "x".repeat(1_024) });
    let refused = gateway.ask_unnumbered("session.open", long).await;
    assert_eq!((&refused["kind"], &refused["bytes_max"]), (&json!("too_big"), &json!(1_024)));
    gateway.ask("session.open", json!({ "role": "gateway", "unknown": "x".repeat(512) })).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_have_a_share_and_good_secrets_use_none_of_it() {
    let server = Server::start_with(&[("USHER_SESSION_STRANGER_HANDSHAKES_PER_SECOND", "1")]);
    let mut gateways = Vec::new();
    for _ in 0..5 {
        gateways.push(Peer::connect(&server.host, Some(&server.key)).await.unwrap());
    }
    assert_eq!(refused(&server, Some("wrong")).await, (401, None));
    assert_eq!(refused(&server, Some("wrong")).await, (503, Some(1)), "not even looked up");
    assert_eq!(refused(&server, None).await, (503, Some(1)));
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    Peer::connect(&server.host, None).await.unwrap();
    assert_eq!(refused(&server, None).await, (503, Some(1)), "whoever shows nothing is a stranger too");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_handshakes_together_have_a_limit() {
    let server = Server::start_with(&[("USHER_SESSION_HANDSHAKES_PER_SECOND", "1")]);
    Peer::connect(&server.host, Some(&server.key)).await.unwrap();
    assert_eq!(refused(&server, Some(&server.key)).await, (503, Some(1)));
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    Peer::connect(&server.host, Some(&server.key)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_ends_its_sockets_by_the_clock_on_the_wall() {
    let settings = &[("USHER_ACCESS_LOG_IN_LIFE_MS", "3000"), ("USHER_CLOCK_SPEED", "1000")];
    let server = Server::start_with(settings);
    let before = Instant::now();
    let mut ana = server.agent("ana").await;
    assert_eq!(ana.closed().await, 4010);
    assert!(before.elapsed() >= Duration::from_secs(3), "3 s of the centre's own clock were over at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_cut_off_by_another_process_is_out_within_seconds() {
    let server = Server::start();
    let (mut ana, mut ben, mut gateway) =
        (server.agent("ana").await, server.agent("ben").await, server.gateway().await);
    let cut =
        |arguments: &[&str]| assert!(usher(server.folder.path()).args(arguments).output().unwrap().status.success());
    cut(&["user", "disable", "ana"]);
    assert_eq!(ana.closed().await, 4010);
    cut(&["key", "revoke", "gw"]);
    assert_eq!(gateway.closed().await, 4010);
    ben.is_available().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_socket_of_who_leaves_ends_with_the_log_in() {
    const SOCKETS: usize = 40;
    let server = Server::start();
    let mut boards = Vec::new();
    for user in ["eva", "fay", "gus"] {
        server.add_user(&[user, "--role", "supervisor"]);
        let token = server.token(user).await;
        let mut sockets = Vec::new();
        for _ in 0..SOCKETS {
            sockets.push(Peer::open(&server.host, &token, json!({ "role": "supervisor" })).await);
        }
        boards.push((token, sockets));
    }
    let mut still = server.supervisor("hal").await;

    let cookie = format!("usher_session={}", boards[0].0);
    let left = http::send(&server.host, "POST", "/api/v1/logout", &[("cookie", &cookie)], None).await;
    assert_eq!(left.status, 204, "{:?}", left.json());
    assert!(server.command(&["user", "disable", "fay"]).output().unwrap().status.success());
    server.changes_password("gus");
    let begun = Instant::now();
    for (token, sockets) in &mut boards {
        for socket in sockets {
            assert_eq!(socket.closed().await, 4010);
        }
        assert_eq!(refused(&server, Some(token)).await.0, 401);
    }
    let took = begun.elapsed();
    still.ask("session.ping", json!({})).await.unwrap();
    FaultMet::harmless("log-out, disabling, new password: all sockets cut", boards.len() * SOCKETS, 0, Some(took))
        .tell();
}
