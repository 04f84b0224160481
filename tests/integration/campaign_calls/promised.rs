//! Calls that were promised, over real sockets: a callback is checked like any call out, a lead is called again when it was
//! told so; and who must not be called now is not, because he is in a call or his list rests.

use std::time::Duration;

use super::*;

const QUIET: Duration = Duration::from_secs(2);

/// Ana speaks with somebody who called.
async fn talks(gateway: &mut Peer, ana: &mut Peer) -> String {
    gateway.arrives("call-1").await;
    let contact = ana.accepts().await;
    let connect = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": "call-1", "order": connect["order"] })).await.unwrap();
    ana.wait_for("contact.connected").await;
    contact
}

/// What the records say of the attempts, in their order.
fn attempts(server: &Server, column: &str) -> Vec<String> {
    asked(server, &format!("select coalesce({column}, '-') from attempt order by id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_is_checked_before_it_is_placed() {
    let server = Server::start();
    run(&server, &["do-not-call", "add", "+33612000099", "--by", "eva"]);
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let contact = talks(&mut gateway, &mut ana).await;
    for to in ["+33612000099", "+33612000098"] {
        ana.ask("callback.schedule", json!({ "contact": contact, "to": to })).await.unwrap();
    }
    gateway.tell("contact.ended", json!({ "ref": "call-1", "by": "customer" })).await.unwrap();
    ana.accepts().await;
    let closed = loop {
        let closed = ana.wait_for("segment.closed").await;
        match closed["not_placed"].as_str() {
            None => {}
            // On a busy machine the gate may be too late: it is offered again.
            Some("not_checked") => drop(ana.accepts().await),
            Some(_) => break closed,
        }
    };
    assert_eq!((&closed["not_placed"], &closed["connected"]), (&json!("dnc"), &json!(false)));
    let shown = ana.wait_for("contact.offered").await;
    ana.ask("offer.received", json!({ "offer": shown["offer"] })).await.unwrap();
    let placed = dials(&mut ana, &mut gateway, shown).await;
    assert_eq!(placed["to"], "+33612000098", "and nobody else was called");
    gateway.tell("call.progress", json!({ "order": placed["order"], "progress": "busy" })).await.unwrap();
    for _ in 0..100 {
        if attempts(&server, "outcome").contains(&"busy".to_owned()) {
            let refused = attempts(&server, "refused");
            assert!(refused.contains(&"dnc".to_owned()), "{refused:?}");
            assert_eq!(attempts(&server, "lead").iter().filter(|lead| *lead != "-").count(), 0);
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{:?}", attempts(&server, "outcome"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_called_again_when_its_agent_promised() {
    let server = Server::start();
    with_leads(&server, str::to_owned, 1);
    let mut eva = server.supervisor("eva").await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    starts(&mut eva).await;
    ana.is_available().await;
    let placed = gateway.wait_for("call.place").await;
    gateway.tell("call.progress", json!({ "order": placed["order"], "progress": "answered" })).await.unwrap();
    gateway.tell("contact.connected", json!({ "ref": placed["ref"], "order": placed["order"] })).await.unwrap();
    let contact = ana.wait_for("contact.connected").await["contact"].clone();
    let due = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(4);
    let promise = json!({ "contact": contact, "due": format!("{due:.3}"), "by_me": true });
    ana.ask("callback.schedule", promise).await.unwrap();
    ana.ask("presence.set", json!({ "presence": "not_ready" })).await.unwrap();
    gateway.tell("contact.ended", json!({ "ref": placed["ref"], "by": "agent" })).await.unwrap();
    let open = "select promised_by from lead where ended is null and contact is null and promised_by is not null";
    for waits in 0.. {
        if asked(&server, open) == ["ana"] {
            break;
        }
        assert!(waits < 30, "{:?}", standings(&server));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Ben is free; for a while it is Ana's alone.
    let mut ben = server.agent("ben").await;
    ben.is_available().await;
    ana.is_available().await;
    let again = gateway.wait_for("call.place").await;
    assert_eq!((&again["to"], &again["agent"]), (&placed["to"], &json!("ana")));
    assert!(jiff::Timestamp::now() >= due, "not before it was promised");
    gateway.tell("call.progress", json!({ "order": again["order"], "progress": "no_answer" })).await.unwrap();
    for _ in 0..100 {
        if standings(&server)[0].1.as_deref() == Some("attempts_used_up") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{:?}", standings(&server));
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_of_a_list_at_rest_are_held_out_to_nobody() {
    let server = Server::start();
    with_leads(&server, |settings| settings.replace("progressive", "preview"), 1);
    let mut eva = server.supervisor("eva").await;
    let _gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    starts(&mut eva).await;
    ana.is_available().await;
    let shown = ana.wait_for("contact.offered").await;
    ana.ask("offer.received", json!({ "offer": shown["offer"] })).await.unwrap();
    run(&server, &["list", "pause", "spring", "--by", "eva"]);
    let gone = ana.wait_for("offer.ended").await;
    assert_eq!(gone["offer"], shown["offer"]);
    run(&server, &["list", "resume", "spring", "--by", "eva"]);
    let again = ana.wait_for("contact.offered").await;
    assert_eq!(again["contact"]["lead"]["lead"], shown["contact"]["lead"]["lead"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_called_once_at_a_time_at_whatever_number() {
    let server = Server::start();
    let customers = "Name,Phone\nZoe,+33612000000;+33612000001\n";
    std::fs::write(server.folder.path().join("customers.csv"), customers).unwrap();
    run(&server, &["import", "customers", "customers.csv", "--accept-guess", "--by", "eva"]);
    with_leads(&server, str::to_owned, 2);
    let mut eva = server.supervisor("eva").await;
    let mut gateway = server.gateway().await;
    let (mut ana, mut ben) = (server.agent("ana").await, server.agent("ben").await);
    ana.is_available().await;
    ben.is_available().await;
    starts(&mut eva).await;
    let placed = gateway.wait_for("call.place").await;
    let second = tokio::time::timeout(QUIET, gateway.wait_for("call.place")).await;
    assert!(second.is_err(), "{second:?} beside {placed:?}");
    gateway.tell("call.progress", json!({ "order": placed["order"], "progress": "busy" })).await.unwrap();
    let next = gateway.wait_for("call.place").await;
    assert_ne!(next["to"], placed["to"]);
    let whose = asked(&server, "select distinct customer from attempt");
    assert_eq!(whose.len(), 1, "both are hers: {whose:?}");
    assert_ne!(whose, ["None"]);
}
