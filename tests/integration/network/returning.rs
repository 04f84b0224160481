//! Everybody's connection dies in one moment, and all consoles come back within a second: all get in, at the rate that the
//! server allows, each where it was; customers are served meanwhile.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Error;

use super::service::{Service, Waits};
use crate::live_server::{Peer, RULES, Server};
use crate::support::faults::FaultMet;

const ALL_WITHIN: Duration = Duration::from_secs(120);
/// Who enters the first time does so in peace.
const ENTER_AT_ONCE: usize = 64;
const A_DAY_MS: i64 = 24 * 3_600 * 1_000;

struct Plan {
    consoles: usize,
    handshakes_per_second: &'static str,
    offers_timed: usize,
}

const SHORT: Plan = Plan { consoles: 600, handshakes_per_second: "200", offers_timed: 50 };
const LONG: Plan = Plan { consoles: 9_000, handshakes_per_second: "2000", offers_timed: 500 };

#[tokio::test(flavor = "multi_thread")]
async fn all_consoles_come_back_within_a_second_and_all_get_in() {
    come_back(SHORT).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "nine thousand consoles: with those of the server nearly all descriptors that a process may have"]
async fn nine_thousand_consoles_come_back_within_a_second_and_all_get_in() {
    come_back(LONG).await;
}

struct Console {
    token: String,
    resume: Value,
}

async fn come_back(plan: Plan) {
    let agents = |folder: &Path| {
        let mut texts = RULES[3].1.to_owned();
        (0..plan.consoles)
            .for_each(|number| writeln!(texts, "[agent.a{number}]\nphone = {{ mode = \"none\" }}").unwrap());
        std::fs::write(folder.join("rules/agents.toml"), texts).unwrap();
    };
    let settings = &[
        ("USHER_SESSION_HANDSHAKES_PER_SECOND", plan.handshakes_per_second),
        ("USHER_SESSION_AGENT_MESSAGES_PER_SECOND", "10000"),
    ];
    let server = Server::start_prepared(settings, agents);
    let tokens = log_in_all(&server, plan.consoles).await;
    let mut service = Service::begins(&server).await;
    let (peers, refused) = enter(&server, tokens.into_iter().map(|token| Console { token, resume: Value::Null })).await;
    println!("entered={} refused_first={refused}", peers.len());
    service.serves(plan.offers_timed).await.tell("before");

    let gone = peers.into_iter().map(|(token, peer)| {
        let resume = peer.resumption(peer.opened["seq"].as_u64().unwrap());
        Console { token, resume }
    });
    let gone: Vec<Console> = gone.collect();
    let begun = Instant::now();
    let are_all_back = AtomicBool::new(false);
    let coming = async {
        let back = return_all(&server, gone).await;
        are_all_back.store(true, Ordering::Relaxed);
        back
    };
    let serving = async {
        let mut waits = Vec::new();
        while !are_all_back.load(Ordering::Relaxed) {
            waits.push(service.serves_one().await);
        }
        waits
    };
    let ((back, refused), waits) = tokio::join!(coming, serving);
    let took = begun.elapsed();
    Waits::of(waits).tell("while all came back");
    service.serves(plan.offers_timed).await.tell("after");
    println!("all_back_after={took:?} refused_with_retry_after={refused}");
    assert_eq!(back.len(), plan.consoles);
    assert!(back.iter().all(|(_, peer)| peer.opened["resumed"] == true), "each where it was");
    assert!(refused > 0, "nobody was too many");
    FaultMet::harmless("all consoles back within a second", plan.consoles, back.len() as u64, Some(took)).tell();
}

/// Rows as a log-in writes them: to hash so many passwords would take an hour.
async fn log_in_all(server: &Server, consoles: usize) -> Vec<String> {
    let file = server.folder.path().join("data/usher.db");
    let mut database = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let now_ms = jiff::Timestamp::now().as_millisecond();
    let mut all = database.begin().await.unwrap();
    let mut tokens = Vec::new();
    for number in 0..consoles {
        let (name, token) = (format!("a{number}"), format!("{number:0>43}"));
        sqlx::query("insert into users (name, password, roles, agent, created_at_ms, cut_no) values (?1, '', 'agent', ?1, 0, 0)")
            .bind(&name)
            .execute(&mut *all)
            .await
            .unwrap();
        sqlx::query("insert into log_in (id, token_hash, user_name, cut_no, created_at_ms, expires_at_ms) values (?1, ?2, ?3, 0, ?4, ?5)")
            .bind(uuid::Uuid::now_v7().to_string())
            .bind(Sha256::digest(token.as_bytes()).to_vec())
            .bind(&name)
            .bind(now_ms)
            .bind(now_ms + A_DAY_MS)
            .execute(&mut *all)
            .await
            .unwrap();
        tokens.push(token);
    }
    all.commit().await.unwrap();
    tokens
}

/// A few at a time.
async fn enter(server: &Server, consoles: impl Iterator<Item = Console>) -> (Vec<(String, Peer)>, usize) {
    let places = Arc::new(Semaphore::new(ENTER_AT_ONCE));
    let refused = Arc::new(AtomicUsize::new(0));
    let mut entering = JoinSet::new();
    for console in consoles {
        let (host, places, refused) = (server.host.clone(), Arc::clone(&places), Arc::clone(&refused));
        entering.spawn(async move {
            let _place = places.acquire().await.unwrap();
            comes_in(&host, console, &refused).await
        });
    }
    (entering.join_all().await, refused.load(Ordering::Relaxed))
}

/// All at some moment of one second.
async fn return_all(server: &Server, consoles: Vec<Console>) -> (Vec<(String, Peer)>, usize) {
    let refused = Arc::new(AtomicUsize::new(0));
    let mut returning = JoinSet::new();
    for console in consoles {
        let (host, refused) = (server.host.clone(), Arc::clone(&refused));
        returning.spawn(async move {
            let at_ms = rand::random_range(0..1_000);
            tokio::time::sleep(Duration::from_millis(at_ms)).await;
            comes_in(&host, console, &refused).await
        });
    }
    let back = tokio::time::timeout(ALL_WITHIN, returning.join_all()).await.expect("all come back");
    (back, refused.load(Ordering::Relaxed))
}

/// As often as it takes. Whoever is too many hears when to come again, and comes at some moment of the seconds after.
async fn comes_in(host: &str, console: Console, refused: &AtomicUsize) -> (String, Peer) {
    let Console { token, resume } = console;
    let peer = loop {
        match Peer::connect(host, Some(&token)).await {
            Ok(peer) => break peer,
            Err(Error::Http(response)) => {
                let why = String::from_utf8_lossy(response.body().as_deref().unwrap_or_default());
                // Handshakes a second, or sockets not yet open.
                let is_full = response.status() == 503 && why.starts_with("too many");
                assert!(is_full, "{}: {why}", response.status());
                let after: u64 = response.headers()["Retry-After"].to_str().unwrap().parse().unwrap();
                refused.fetch_add(1, Ordering::Relaxed);
                let spread = rand::random_range(0..4_000);
                tokio::time::sleep(Duration::from_millis(after * 1_000 + spread)).await;
            }
            Err(error) => panic!("{error}"),
        }
    };
    let mut open = json!({ "role": "agent" });
    if !resume.is_null() {
        open["resume"] = resume;
    }
    (token, peer.opens(open).await)
}
