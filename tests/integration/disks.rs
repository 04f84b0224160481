//! Disks that fail under a real server: a sync that fails, a disk that is full, a folder that cannot be written; and, on
//! a disk that works, that nothing leaves before it is on it. Cut and flipped journals are `src/journal/tests/damage.rs`.

mod small_disk;
mod strace;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::live_server::{Peer, Server};
use crate::support::faults::FaultMet;
use small_disk::SmallDisk;
use strace::Strace;

const PATIENCE: Duration = Duration::from_secs(20);
/// From the failed sync to the end of the process.
const ENDS_WITHIN: Duration = Duration::from_secs(1);
const SYNCS_FAIL: [&str; 2] = ["trace=fsync,fdatasync", "inject=fsync,fdatasync:error=EIO"];
const WRITES: [&str; 1] = ["trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg"];

fn names(opened: &Value) -> BTreeMap<String, Value> {
    let contacts = opened["snapshot"]["contacts"].as_array().unwrap();
    contacts.iter().map(|known| (known["ref"].as_str().unwrap().to_owned(), known["contact"].clone())).collect()
}

/// Asks again as often as it is told to.
async fn when_available(mut ask: impl AsyncFnMut() -> Result<Value, Value>) {
    let until = Instant::now() + PATIENCE;
    while let Err(refused) = ask().await {
        assert!(refused["kind"] == "unavailable" && Instant::now() < until, "{refused}");
        tokio::time::sleep(Duration::from_millis(refused["retry_after_ms"].as_u64().unwrap())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_sync_that_failed_nothing_is_acknowledged_and_the_server_ends() {
    let mut server = Server::start();
    let mut gateway = server.gateway().await;
    let kept = gateway.arrives("kept").await["contact"].clone();
    let Some(strace) = Strace::attach(server.pid(), &SYNCS_FAIL) else { return };
    let arrived = json!({ "event": 2, "occurred_at": "2026-11-22T09:00:00.000Z", "ref": "late", "channel": "voice" });
    gateway
        .send(json!({ "jsonrpc": "2.0", "id": 77, "method": "contact.arrived", "params": arrived }).to_string())
        .await;
    while let Some(heard) = gateway.read().await {
        assert!(heard.get("result").is_none(), "acknowledged after a sync that failed: {heard}");
    }
    let status = server.ended_within(PATIENCE).expect("the server ends");
    assert!(!status.success());
    let lines = strace.lines();
    let failed = lines.iter().find(|line| line.text.contains("EIO")).expect("a sync failed").at;
    let ended = lines.iter().rev().find(|line| line.text.contains("+++ exited")).expect("strace sees the end").at;
    assert!(ended - failed < ENDS_WITHIN, "it went on for {:?}", ended - failed);

    let again = Instant::now();
    server.kill_and_start_again();
    let recovered = again.elapsed();
    let mut gateway = server.gateway_after(100).await;
    let known = names(&gateway.opened);
    assert_eq!(known.get("kept"), Some(&kept), "{known:?}");
    // What was not acknowledged may be there or not; told again it is there once.
    let late = gateway.arrives("late").await["contact"].clone();
    assert!(known.get("late").is_none_or(|before| *before == late), "{known:?}, then {late}");
    let known = names(&server.gateway().await.opened);
    assert_eq!(known, BTreeMap::from([("kept".to_owned(), kept), ("late".to_owned(), late)]));
    FaultMet::harmless("sync failed (EIO)", 1, 1, Some(recovered)).tell();
}

/// The reserve is for them; whoever is new waits until there is room, and the reserve is there again.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_contacts_in_hand_go_on_to_their_end() {
    let Some(disk) = SmallDisk::of_megabytes(256) else { return };
    let data = disk.path().join("data").to_str().unwrap().to_owned();
    let mut server = Server::start_with(&[("USHER_DATA_DIRECTORY", &data), ("USHER_LOG_LEVEL", "info")]);
    let reserve = disk.path().join("data/journal.reserve");
    assert!(reserve.exists());
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    let before = gateway.arrives("before").await["contact"].clone();
    disk.fill();
    let mut taken = 0;
    let refused = loop {
        let arrived = json!({ "ref": format!("new-{taken}"), "channel": "voice" });
        match gateway.tell("contact.arrived", arrived).await {
            Ok(_) => taken += 1,
            Err(refused) => break refused,
        }
        assert!(taken < 10_000, "a full disk takes everybody");
    };
    assert_eq!((&refused["kind"], refused["retry_after_ms"].is_number()), (&json!("unavailable"), true), "{refused}");
    assert!(!reserve.exists(), "it was given back");

    ana.is_available().await;
    assert_eq!(json!(ana.accepts().await), before);
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": "before", "order": order["order"] })).await.unwrap();
    gateway.tell("contact.ended", json!({ "ref": "before", "by": "customer" })).await.unwrap();

    disk.make_room();
    let arrived = json!({ "ref": "after", "channel": "voice" });
    when_available(async || gateway.tell("contact.arrived", arrived.clone()).await).await;
    assert!(reserve.exists());
    server.kill_and_start_again();
    let known = names(&server.gateway().await.opened);
    assert!(known.contains_key("after") && !known.contains_key("before"), "{known:?}");
    assert_eq!(known.len(), taken + 1);
    FaultMet::harmless("disk full, with a reserve: who is in hand goes on", 1, taken as u64 + 2, None).tell();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_unavailable_until_there_is_room_and_loses_nothing() {
    let Some(disk) = SmallDisk::of_megabytes(8) else { return };
    let data = disk.path().join("data").to_str().unwrap().to_owned();
    let mut server = Server::start_with(&[("USHER_DATA_DIRECTORY", &data), ("USHER_LOG_LEVEL", "error")]);
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    let mut boss = server.supervisor("boss").await;
    disk.fill();
    let mut acknowledged = BTreeMap::new();
    let stuck = loop {
        let reference = format!("call-{}", acknowledged.len());
        match tokio::time::timeout(Duration::from_millis(1_500), gateway.arrives(&reference)).await {
            Ok(queued) => acknowledged.insert(reference, queued["contact"].clone()),
            Err(_) => break reference,
        };
        assert!(acknowledged.len() < 10_000, "a full disk takes everything");
    };
    let refused = ana.ask("presence.set", json!({ "presence": "available" })).await.unwrap_err();
    assert_eq!((&refused["kind"], refused["retry_after_ms"].is_number()), (&json!("unavailable"), true), "{refused}");
    boss.ask("board.watch", json!({})).await.expect("figures are shown all the same");

    disk.make_room();
    let room = Instant::now();
    let queued = loop {
        let heard = gateway.read().await.expect("the session stays");
        if let Some(result) = heard.get("result") {
            break result.clone();
        }
    };
    acknowledged.insert(stuck, queued["contact"].clone());
    when_available(async || ana.ask("presence.set", json!({ "presence": "available" })).await).await;
    let recovered = room.elapsed();
    let first = ana.accepts().await;
    assert_eq!(json!(first), acknowledged["call-0"], "the first who came");
    assert!(server.log().contains("the disk is full"), "{}", server.log());

    server.kill_and_start_again();
    assert_eq!(names(&server.gateway().await.opened), acknowledged);
    FaultMet::harmless("disk full", 1, acknowledged.len() as u64, Some(recovered)).tell();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_written_is_named() {
    let Some(disk) = SmallDisk::of_megabytes(8) else { return };
    let data = disk.path().join("data").to_str().unwrap().to_owned();
    let mut server = Server::start_with(&[("USHER_DATA_DIRECTORY", &data)]);
    server.stop();
    disk.only_read();
    let output = server.command(&["serve"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{said}");
    assert!(said.contains(&data) && said.to_lowercase().contains("read-only"), "{said}");
    FaultMet::harmless("folder read-only: refused to start", 1, 0, None).tell();
}

/// Three gateways at once, so that batches follow each other while answers leave.
#[tokio::test(flavor = "multi_thread")]
async fn no_byte_of_an_answer_leaves_before_the_sync_of_its_batch_has_returned() {
    const GATEWAYS: usize = 3;
    const ARRIVALS: usize = 15;
    let server = Server::start();
    let mut sockets = vec![server.gateway().await];
    for number in 1..GATEWAYS {
        let added = server.command(&["key", "add", &format!("gw-{number}")]).output().unwrap();
        let printed = String::from_utf8(added.stdout).unwrap();
        let key = printed.split_whitespace().last().unwrap();
        sockets.push(Peer::open(&server.host, key, json!({ "role": "gateway" })).await);
    }
    let Some(strace) = Strace::attach(server.pid(), &WRITES) else { return };
    let told = sockets.into_iter().enumerate().map(async |(number, mut gateway)| {
        let mut contacts = Vec::new();
        for arrival in 0..ARRIVALS {
            let reference = format!("proof-{number}-{arrival}-");
            let contact = gateway.arrives(&reference).await["contact"].as_str().unwrap().to_owned();
            contacts.push((reference, contact));
        }
        contacts
    });
    let contacts = futures_util::future::join_all(told).await.concat();
    let lines = strace.lines();
    let mut seen = 0;
    for (reference, contact) in &contacts {
        let written =
            lines.iter().position(|line| line.is_of("pwrite64", "journal.db-wal") && line.text.contains(reference));
        // A name that lies over the end of a page is not found.
        let Some(written) = written else { continue };
        let synced = strace::synced_after(&lines, written, "journal.db-wal").expect("what is written is synced");
        let named = format!("{contact}\\\"");
        let left = lines.iter().position(|line| line.is_sent() && line.text.contains(&named)).expect("it was answered");
        assert!(synced < left, "{reference}: synced in line {synced}, answered in line {left} of the trace");
        seen += 1;
    }
    FaultMet::harmless("an answer looked for before its sync", 1, seen as u64, None).tell();
    assert!(seen >= contacts.len() / 2, "{seen} of {} were found in the trace", contacts.len());
}
