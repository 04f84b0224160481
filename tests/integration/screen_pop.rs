//! Who is calling, over real sockets: the customer with history, a database that stops and comes back, strangers.
//! Looks at nothing inside but the records.

mod fields;
mod followed_up;
mod leads;
mod passed_on;
mod postgres_away;
mod typed_later;

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions};
use usher::customers::change::Stamp;
use usher::customers::customer::{AddressKey, Consent, CustomerFields, NewAddress, NewCustomer};
use usher::customers::ids::CustomerId;
use usher::customers::text::{AddressKindWord, AddressText, CustomerName, Language, Tag, Tier};
use usher::records::{Records, RecordsPlace};
use usher::routing::ids::PersonId;
use usher::routing::time::Timestamp;

use crate::live_server::{Peer, Server};

const PATIENCE: Duration = Duration::from_secs(20);
const NUMBER: &str = "+33612345678";
const ENTRY: &str = "[[entry]]\nname = \"gold\"\nwhen = 'customer.tier == \"gold\"'\nqueue = \"gold\"\n\
                     [[entry]]\nname = \"all\"\nqueue = \"general\"\n";

fn database(folder: &Path) -> std::path::PathBuf {
    folder.join("data/usher.db")
}

/// Gold customers have a queue of their own; there is time to write a note.
async fn centre() -> (Server, Records) {
    centre_with(&[]).await
}

async fn centre_with(settings: &[(&str, &str)]) -> (Server, Records) {
    let mut server = Server::start_with(&[&[("USHER_CUSTOMERS_HOME_REGION", "FR")], settings].concat());
    let rules = server.folder.path().join("rules");
    std::fs::write(rules.join("entry.toml"), ENTRY).unwrap();
    for queue in ["general", "gold"] {
        let text = format!("[queue.{queue}]\nwrap_up = {{ max = \"5m\" }}\n");
        std::fs::write(rules.join(format!("queues/{queue}.toml")), text).unwrap();
    }
    server.kill_and_start_again();
    let place = match settings.iter().find(|(name, _)| *name == "USHER_DATABASE") {
        Some((_, url)) => RecordsPlace::Postgres((*url).into()),
        None => RecordsPlace::Sqlite(database(server.folder.path())),
    };
    let records = Records::open(&place).await.unwrap();
    (server, records)
}

pub async fn add_customer(records: &Records, name: &str, tier: &str, number: &str) -> CustomerId {
    let key = AddressKey { kind: AddressKindWord::new("phone").unwrap(), value: AddressText::new(number).unwrap() };
    let new = NewCustomer {
        fields: CustomerFields {
            name: CustomerName::new(name).unwrap(),
            tier: Some(Tier::new(tier).unwrap()),
            language: Some(Language::new("fr").unwrap()),
            ..CustomerFields::default()
        },
        addresses: vec![NewAddress {
            key,
            extension: None,
            shown: AddressText::new(number).unwrap(),
            label: None,
            consent: Consent::Yes,
        }],
        tags: [Tag::new("vip").unwrap()].into(),
        ..NewCustomer::default()
    };
    let stamp = Stamp { at: Timestamp(1_000), by: PersonId::new("import").unwrap() };
    records.add_customer(&new, &stamp).await.unwrap()
}

async fn call(gateway: &mut Peer, call: &str, from: &str) -> Value {
    let arrived = json!({ "ref": call, "channel": "voice", "from": from, "to": "+33800000001" });
    gateway.tell("contact.arrived", arrived).await.unwrap()
}

/// The card that comes with the offer or right after it.
async fn card(agent: &mut Peer, offered: &Value) -> Value {
    if !offered["card"].is_null() {
        return offered["card"].clone();
    }
    loop {
        let updated = agent.wait_for("contact.updated").await;
        if updated["contact"] == offered["contact"]["id"] && !updated["card"].is_null() {
            return updated["card"].clone();
        }
    }
}

/// Takes the offer, talks, and finishes with a note.
async fn serve(agent: &mut Peer, gateway: &mut Peer, offered: &Value, note: &str) {
    agent.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    agent.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
    let order = gateway.wait_for("contact.connect").await;
    gateway.tell("contact.connected", json!({ "ref": order["ref"], "order": order["order"] })).await.unwrap();
    agent.wait_for("contact.connected").await;
    gateway.tell("contact.ended", json!({ "ref": order["ref"], "by": "customer" })).await.unwrap();
    agent.wait_for("wrap_up.started").await;
    let finished = json!({ "contact": offered["contact"]["id"], "disposition": "sold", "note": note });
    agent.ask("wrap_up.finish", finished).await.unwrap();
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Takes a table away, so that every question about it fails; or gives it back.
async fn rename(folder: &Path, from: &str, to: &str) {
    let options = SqliteConnectOptions::new().filename(database(folder));
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("alter table {from} rename to {to}"))).execute(&mut connection).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_number_brings_the_customer_and_the_note_of_the_last_call() {
    let (server, records) = centre().await;
    let zoe = add_customer(&records, "Zoé", "gold", NUMBER).await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;

    assert_eq!(call(&mut gateway, "1", NUMBER).await["queue"], "gold", "the entry rules saw who it is");
    let offered = ana.wait_for("contact.offered").await;
    assert_eq!(
        (&offered["customer"]["id"], &offered["customer"]["name"], &offered["customer"]["tier"]),
        (&json!(zoe.to_string()), &json!("Zoé"), &json!("gold"))
    );
    let said = &offered["contact"]["attributes"];
    assert_eq!(said["customer_lookup"], json!({ "state": "known", "customer": zoe.to_string() }));
    let first = card(&mut ana, &offered).await;
    assert_eq!(
        (&first["customer"], &first["tags"], &first["interactions"]),
        (&json!(zoe.to_string()), &json!(["vip"]), &json!([]))
    );
    assert_eq!(first["addresses"][0]["shown"], NUMBER, "an agent sees whom he calls");
    serve(&mut ana, &mut gateway, &offered, "wants a copy of the bill").await;

    until("the note is written", async || {
        let past = records.interactions_of_customer(zoe, None, 1).await.unwrap();
        past.first().is_some_and(|past| past.segments.iter().any(|segment| segment.wrapped_up_at.is_some()))
    })
    .await;
    call(&mut gateway, "2", NUMBER).await;
    let offered = ana.wait_for("contact.offered").await;
    let said = &offered["contact"]["attributes"];
    let second = card(&mut ana, &offered).await;
    let last = &second["interactions"][0];
    assert_eq!(
        (&last["note"], &last["agent"], &last["queue"], &last["disposition"]),
        (&json!("wants a copy of the bill"), &json!("ana"), &json!("gold"), &json!("sold")),
        "{second} {said}"
    );

    let mut ben = server.agent("ben").await;
    let mut eva = server.supervisor("eva").await;
    for query in ["0612345678", "zoe", "Zo", "copy bill"] {
        let found = ben.ask("customer.search", json!({ "query": query })).await.unwrap();
        assert_eq!(found["customers"][0]["customer"], json!(zoe.to_string()), "{query}: {found}");
    }
    let asked = json!({ "customer": zoe.to_string() });
    let shown = ben.ask("customer.show", asked.clone()).await.unwrap();
    assert_eq!(shown["notes"][0]["text"], "wants a copy of the bill");
    let masked = eva.ask("customer.show", asked.clone()).await.unwrap();
    let number = masked["card"]["addresses"][0]["shown"].as_str().unwrap();
    assert!(!number.contains("61234"), "{number}");
    assert_eq!(gateway.ask("customer.show", asked).await.unwrap_err()["kind"], "wrong_role");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gold_customer_found_late_ends_in_the_gold_queue() {
    let (server, records) = centre().await;
    add_customer(&records, "Zoé", "gold", NUMBER).await;
    let mut gateway = server.gateway().await;
    let mut eva = server.supervisor("eva").await;
    rename(server.folder.path(), "customer_address", "customer_address_away").await;

    let began = Instant::now();
    for no in 0..5 {
        let queued = call(&mut gateway, &no.to_string(), NUMBER).await;
        assert_eq!(queued["queue"], "general", "nobody waits for a database that is away");
    }
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    rename(server.folder.path(), "customer_address_away", "customer_address").await;
    until("all are in the gold queue", async || {
        let board = eva.ask("board.watch", json!({ "queues": ["gold"] })).await.unwrap();
        board["queues"][0]["waiting"] == json!(5)
    })
    .await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let offered = ana.wait_for("contact.offered").await;
    assert_eq!((&offered["contact"]["queue"], &offered["customer"]["name"]), (&json!("gold"), &json!("Zoé")));
    assert_eq!(card(&mut ana, &offered).await["name"], "Zoé");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_history_cannot_be_read_the_offer_goes_out_and_the_card_follows() {
    let (server, records) = centre().await;
    add_customer(&records, "Zoé", "gold", NUMBER).await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    rename(server.folder.path(), "customer_name", "customer_name_away").await;
    call(&mut gateway, "1", NUMBER).await;
    let offered = ana.wait_for("contact.offered").await;
    assert_eq!((&offered["card"], &offered["customer"]["name"]), (&Value::Null, &json!("Zoé")));
    let told = ana.wait_for("contact.updated").await;
    assert_eq!((&told["card_unavailable"], &told["attributes"]), (&json!(true), &Value::Null));
    ana.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    ana.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
    rename(server.folder.path(), "customer_name_away", "customer_name").await;
    assert_eq!(card(&mut ana, &offered).await["name"], "Zoé");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_have_no_card_and_a_customer_can_be_added_changed_and_named() {
    let (server, _records) = centre().await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let spoofed = json!({ "customer": { "id": "1", "name": "Said by the gateway" },
        "customer_lookup": { "state": "known", "customer": "1" } });
    let arrived = json!({ "ref": "1", "channel": "voice", "from": NUMBER, "attributes": spoofed });
    assert_eq!(gateway.tell("contact.arrived", arrived).await.unwrap()["queue"], "general");
    let offered = ana.wait_for("contact.offered").await;
    assert_eq!((&offered["card"], &offered["customer"]["name"]), (&Value::Null, &json!("Said by the gateway")));
    assert_eq!(offered["contact"]["attributes"]["customer_lookup"], json!({ "state": "unknown" }));

    let new = |address: &str| json!({ "name": "李伟", "tier": "silver", "tags": [], "addresses": [{ "kind": "phone", "address": address }] });
    let refused = ana.ask("customer.create", new("12")).await.unwrap_err();
    assert_eq!((&refused["kind"], &refused["field"]), (&json!("invalid_field"), &json!("addresses[0].address")));
    let made = ana.ask("customer.create", new("06 98 76 54 32")).await.unwrap();
    let id = made["customer"].clone();
    let change = |version: u64| json!({ "customer": id, "version": version, "name": "李伟", "tier": "gold", "do_not_contact": false });
    assert_eq!(ana.ask("customer.change", change(1)).await.unwrap()["version"], 2);
    let refused = ana.ask("customer.change", change(1)).await.unwrap_err();
    assert_eq!((&refused["kind"], &refused["version"]), (&json!("conflict"), &json!(2)));
    let refused = ana.ask("customer.show", json!({ "customer": "999" })).await.unwrap_err();
    assert_eq!(refused["kind"], "unknown_customer");

    let contact = offered["contact"]["id"].clone();
    let mut ben = server.agent("ben").await;
    let named = json!({ "contact": contact, "customer": id });
    assert_eq!(ben.ask("contact.customer", named.clone()).await.unwrap_err()["kind"], "not_yours");
    ana.ask("contact.customer", named).await.unwrap();
    let offered = loop {
        let offered = ana.wait_for("contact.offered").await;
        if offered["contact"]["queue"] == "gold" {
            break offered;
        }
    };
    assert_eq!(offered["customer"]["id"], id, "it is a gold customer's now");
    assert_eq!(card(&mut ana, &offered).await["name"], "李伟");
    assert_eq!(call(&mut gateway, "2", "+33698765432").await["queue"], "gold", "found by the new number at once");
}
