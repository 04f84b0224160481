//! A person goes through every door of a real server that writes all the log lines it can: none holds anything of him,
//! and no figure does.

use secrecy::SecretString;
use serde_json::{Value, json};
use usher::records::{Records, RecordsPlace};

use super::Ground;
use crate::live_server::{PASSWORD, Peer, Server};
use crate::support::http::send;
use crate::support::postgres::PostgresServer;

const NUMBER: &str = "+33698765432";
/// What the person said, is called, or is reached at; and what opens doors.
const CANARIES: [&str; 13] = [
    "Canary",
    "Zo\u{eb}",
    "Kanarie",
    "6987654",
    "98 76 54",
    "tweety@",
    "@tweety",
    "Canarino",
    "owes a cage",
    "sings at night",
    "birdseed",
    "aviary",
    PASSWORD,
];

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_tells_nobody_in_lines_of_text() {
    nobody_is_told(&[("USHER_LOG_LEVEL", "trace")], None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_tells_nobody_in_lines_of_json() {
    let Some(database) = PostgresServer::shared() else { return };
    let url = database.url(&database.new_database().await);
    let settings = [("USHER_LOG_LEVEL", "trace"), ("USHER_LOG_FORMAT", "json"), ("USHER_DATABASE", url.as_str())];
    nobody_is_told(&settings, Some(&url)).await;
}

async fn nobody_is_told(settings: &[(&str, &str)], database: Option<&str>) {
    let mut server = Server::start_with(settings);
    let queue = server.folder.path().join("rules/queues/general.toml");
    std::fs::write(queue, "[queue.general]\nwrap_up = { max = \"5m\" }\n").unwrap();
    server.kill_and_start_again();
    server.add_user(&["host", "--role", "crm"]);
    let secrets = [server.key.clone(), server.token("ana").await];
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    customer_and_work(&mut ana).await;
    a_call(&mut gateway, &mut ana, "first").await;
    said_wrong(&mut gateway, &mut ana).await;
    over_rest(&server).await;
    without_a_table(&server, database, &mut gateway, &mut ana).await;
    server.kill_and_start_again();
    let mut gateway = server.gateway_after(100).await;
    let mut ana = server.agent("ana").await;
    a_call(&mut gateway, &mut ana, "second").await;
    let figures = send(&server.administration, "GET", "/metrics", &[], None).await;
    let figures = String::from_utf8(figures.bytes).unwrap();
    assert!(figures.contains("usher_customer_look_ups_total"), "{figures}");

    let log = server.log();
    assert_eq!(log.matches("calls can be taken").count(), 3, "the log was read:\n{log}");
    assert!(log.lines().any(|line| line.contains("WARN") && line.contains("usher::")), "something went wrong:\n{log}");
    let secrets = secrets.iter().map(String::as_str);
    for canary in CANARIES.into_iter().chain(secrets) {
        let told = |text: &str| text.lines().find(|line| line.contains(canary)).map(str::to_owned);
        assert_eq!(told(&log), None, "{canary} is in the log");
        assert_eq!(told(&figures), None, "{canary} is in the figures");
    }
}

async fn customer_and_work(ana: &mut Peer) {
    let addresses =
        json!([{ "kind": "phone", "address": NUMBER }, { "kind": "email", "address": "tweety@example.com" }]);
    let new = json!({ "name": "Zo\u{eb} Canary", "tier": "gold", "tags": [], "addresses": addresses });
    let customer = ana.ask("customer.create", new).await.unwrap()["customer"].clone();
    for query in ["Canary", NUMBER, "06 98 76 54 32", "tweety@example.com", "sings at night", "Kanarie"] {
        ana.ask("customer.search", json!({ "query": query })).await.unwrap();
    }
    ana.ask("customer.show", json!({ "customer": customer })).await.unwrap();
    let change = json!({ "customer": customer, "version": 1, "name": "Zo\u{eb} Kanarie", "do_not_contact": false });
    ana.ask("customer.change", change.clone()).await.unwrap();
    ana.ask("customer.change", change).await.unwrap_err();
    let fields = json!({ "kind": "complaint", "title": "the aviary", "text": "owes a cage" });
    ana.ask("work.create", json!({ "fields": fields, "customer": customer })).await.unwrap();
}

async fn a_call(gateway: &mut Peer, ana: &mut Peer, reference: &str) {
    ana.is_available().await;
    let attributes = json!({ "name": "Canarino", "handle": "@tweety", "digits": "0698765432" });
    let arrived = json!({ "ref": reference, "channel": "voice", "from": NUMBER, "attributes": attributes });
    gateway.tell("contact.arrived", arrived).await.unwrap();
    let contact = ana.accepts().await;
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": reference, "order": order["order"] })).await.unwrap();
    let more = json!({ "ref": reference, "attributes": { "wants": "birdseed" } });
    gateway.tell("contact.updated", more).await.unwrap();
    gateway.tell("contact.ended", json!({ "ref": reference, "by": "customer" })).await.unwrap();
    ana.wait_for("wrap_up.started").await;
    let note = json!({ "contact": contact, "disposition": "sold", "note": "sings at night, 4111 1111 1111 1111" });
    ana.ask("wrap_up.finish", note).await.unwrap();
}

/// What is refused is not told either.
async fn said_wrong(gateway: &mut Peer, ana: &mut Peer) {
    for (method, params) in [
        ("contact.arrived", json!({ "ref": "Canary", "channel": "voice", "from": ["Canary"], "event": 1 })),
        ("contact.updated", json!({ "ref": "Zo\u{eb} Canary", "attributes": {}, "event": 50 })),
        ("contact.owes a cage", json!({})),
    ] {
        gateway.ask(method, params).await.unwrap_err();
    }
    let not_one = json!({ "name": "Canary", "addresses": [{ "kind": "phone", "address": "tweety@" }], "tags": [] });
    for (method, params) in [
        ("customer.create", not_one),
        ("customer.show", json!({ "customer": "Canary" })),
        ("wrap_up.finish", json!({ "contact": "aviary", "note": "owes a cage" })),
        ("offer.accept", json!({ "offer": "birdseed" })),
    ] {
        ana.ask(method, params).await.unwrap_err();
    }
    ana.send(r#"{"jsonrpc": "2.0", "id": 9, "method": "customer.show", "params": {"customer": "Canary"#.to_owned())
        .await;
    ana.read().await;
}

/// What goes wrong is told without whom it went wrong for.
async fn without_a_table(server: &Server, database: Option<&str>, gateway: &mut Peer, ana: &mut Peer) {
    let place = match database {
        Some(url) => RecordsPlace::Postgres(SecretString::from(url)),
        None => RecordsPlace::Sqlite(server.folder.path().join("data/usher.db")),
    };
    let ground = Ground { records: Records::open(&place).await.unwrap(), place };
    ground.run("alter table customer_address rename to customer_address_away").await.unwrap();
    ana.ask("customer.search", json!({ "query": NUMBER })).await.unwrap_err();
    let arrived = json!({ "ref": "blind", "channel": "voice", "from": "+33698765433" });
    gateway.tell("contact.arrived", arrived).await.unwrap();
    gateway.tell("contact.abandoned", json!({ "ref": "blind" })).await.unwrap();
    ground.run("alter table customer_address_away rename to customer_address").await.unwrap();
    ground.records.close().await;
}

async fn over_rest(server: &Server) {
    let bearer = format!("Bearer {}", server.token("host").await);
    let ask = async |method: &str, path: &str, body: Option<Value>| {
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = body.map(|body| body.to_string());
        send(&server.host, method, path, &headers, body.as_deref().map(str::as_bytes)).await.status
    };
    let new = json!({ "name": "Zo\u{eb} Canary", "addresses": [{ "kind": "handle", "address": "chat:@tweety" }] });
    assert_eq!(ask("POST", "/api/v1/customers", Some(new)).await, 201);
    assert_eq!(ask("GET", "/api/v1/customers?query=Canary", None).await, 200);
    assert_eq!(ask("GET", "/api/v1/customers?phone=%2B33698765432", None).await, 200);
    let wrong = json!({ "name": "Canary", "addresses": [{ "kind": "phone", "address": "aviary" }] });
    assert_eq!(ask("POST", "/api/v1/customers", Some(wrong)).await, 422);
    assert_eq!(ask("GET", "/api/v1/customers/Canary", None).await, 404);
    ask("GET", "/Canary/6987654?name=Canary", None).await;
    let log_in = json!({ "user": "Canary", "password": "birdseed" });
    assert_eq!(ask("POST", "/api/v1/login", Some(log_in)).await, 401);
}
