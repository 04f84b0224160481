//! The customers' PostgreSQL stopped, frozen, locked and slow: calls are routed, consoles are told that there is no history,
//! and all of the meantime is there afterwards, once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};
use usher::customers::ids::CustomerId;
use usher::records::Records;

use super::{NUMBER, add_customer, call, card, centre_with, serve, until};
use crate::live_server::{Peer, Server};
use crate::support::postgres::PostgresServer;
use crate::support::surroundings::skip;

/// As long as a call may take to be answered and offered, whatever the database does: half a second for the look-up and what a
/// busy machine adds.
const ROUTED_WITHIN: Duration = Duration::from_millis(1_500);
/// Everything is read anew: what was kept would hide that the database is away.
const NOTHING_KEPT: (&str, &str) = ("USHER_CUSTOMERS_CACHE_LIFE_MS", "0");
/// Longer than by default: a machine that runs all tests at once is slower than a database in use.
const LOOKED_UP_WITHIN: (&str, &str) = ("USHER_CUSTOMERS_LOOK_UP_WITHIN_MS", "500");

struct Centre {
    server: Server,
    records: Records,
    zoe: CustomerId,
    gateway: Peer,
    ana: Peer,
    calls: u32,
}

impl Centre {
    async fn on(url: &str, journal: &str) -> Centre {
        let settings = [("USHER_DATABASE", url), ("USHER_JOURNAL_DATABASE", journal), NOTHING_KEPT, LOOKED_UP_WITHIN];
        let (server, records) = centre_with(&settings).await;
        let zoe = add_customer(&records, "Zoé", "gold", NUMBER).await;
        let gateway = server.gateway().await;
        let mut ana = server.agent("ana").await;
        ana.is_available().await;
        Centre { server, records, zoe, gateway, ana, calls: 0 }
    }

    /// A call comes and is offered, in time.
    async fn offered(&mut self) -> Value {
        self.calls += 1;
        let began = Instant::now();
        call(&mut self.gateway, &self.calls.to_string(), NUMBER).await;
        let offered = self.ana.wait_for("contact.offered").await;
        assert!(began.elapsed() < ROUTED_WITHIN, "call {}: {:?}", self.calls, began.elapsed());
        offered
    }

    async fn one_call(&mut self, note: &str) {
        let offered = self.offered().await;
        let began = Instant::now();
        serve(&mut self.ana, &mut self.gateway, &offered, note).await;
        assert!(began.elapsed() < ROUTED_WITHIN * 2, "{note}: {:?}", began.elapsed());
    }

    /// So many calls are written as Zoé's, each once with its note and disposition.
    async fn has_all(&self, notes: &[&str]) {
        until("all calls are written", async || {
            let Ok(past) = self.records.interactions_of_customer(self.zoe, None, 50).await else { return false };
            past.iter().filter(|past| past.segments.iter().any(|segment| segment.wrapped_up_at.is_some())).count()
                >= notes.len()
        })
        .await;
        let past = self.records.interactions_of_customer(self.zoe, None, 50).await.unwrap();
        assert_eq!(past.len(), notes.len(), "{past:?}");
        for interaction in &past {
            let answered = interaction
                .visits
                .iter()
                .filter(|visit| visit.end.as_ref().is_some_and(|end| end.as_str() == "answered"));
            assert_eq!((interaction.segments.len(), answered.count()), (1, 1), "{interaction:?}");
            assert_eq!(interaction.disposition.as_ref().map(|given| &*given.0), Some("sold"));
        }
        let kept = self.records.notes_of_customer(self.zoe, 50).await.unwrap();
        let mut kept: Vec<&str> = kept.iter().map(|note| note.text.as_str()).collect();
        kept.sort_unstable();
        let mut expected = notes.to_vec();
        expected.sort_unstable();
        assert_eq!(kept, expected);
    }
}

fn own_server() -> Option<PostgresServer> {
    let server = PostgresServer::start();
    if server.is_none() {
        skip("PostgreSQL's server is not installed: scripts/setup-tests.sh");
    }
    server
}

/// The journal is on this machine; all else is in a PostgreSQL that goes away and comes back.
async fn goes_away(leave: fn(&mut PostgresServer), come_back: fn(&mut PostgresServer)) {
    let Some(mut postgres) = own_server() else { return };
    let url = postgres.url(&postgres.new_database().await);
    let mut centre = Centre::on(&url, "sqlite").await;
    centre.one_call("before").await;
    centre.has_all(&["before"]).await;

    leave(&mut postgres);
    for note in ["away 1", "away 2", "away 3"] {
        centre.one_call(note).await;
    }
    // A customer who was known before the database went is still on the line when it is back.
    let offered = centre.offered().await;
    centre.ana.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    assert_eq!((&offered["card"], &offered["customer"]), (&Value::Null, &Value::Null));
    let said = &offered["contact"]["attributes"]["customer_lookup"];
    assert_eq!(said, &json!({ "state": "not_yet" }), "the console knows that nobody was found yet");
    let refused = centre.ana.ask("customer.show", json!({ "customer": centre.zoe.to_string() })).await.unwrap_err();
    assert_eq!(refused["kind"], "unavailable");

    come_back(&mut postgres);
    // Known late, a gold customer waits in the gold queue: the offer is another.
    let offered = in_gold(&mut centre.ana).await;
    assert_eq!(card(&mut centre.ana, &offered).await["name"], "Zoé", "who was on the line is known now");
    serve(&mut centre.ana, &mut centre.gateway, &offered, "on the line").await;
    centre.has_all(&["before", "away 1", "away 2", "away 3", "on the line"]).await;

    let offered = centre.offered().await;
    let seen = card(&mut centre.ana, &offered).await;
    let notes: Vec<&str> =
        seen["interactions"].as_array().unwrap().iter().filter_map(|past| past["note"].as_str()).collect();
    assert_eq!(notes, ["on the line", "away 3", "away 2", "away 1", "before"], "the history has caught up");
    drop(centre.server);
}

async fn in_gold(ana: &mut Peer) -> Value {
    loop {
        let offered = ana.wait_for("contact.offered").await;
        if offered["contact"]["queue"] == "gold" {
            return offered;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_is_stopped_delays_no_call_and_loses_nothing() {
    goes_away(PostgresServer::stop, PostgresServer::start_again).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_says_nothing_delays_no_call_and_loses_nothing() {
    goes_away(PostgresServer::freeze, PostgresServer::thaw).await;
}

async fn connected(options: &PgConnectOptions) -> PgConnection {
    options.connect().await.unwrap()
}

/// Everything is in one PostgreSQL, whose tables of customers are locked by somebody.
#[tokio::test(flavor = "multi_thread")]
async fn locked_tables_delay_no_call_and_the_card_follows() {
    let Some(postgres) = PostgresServer::shared() else { return };
    let options = postgres.new_database().await;
    let mut centre = Centre::on(&postgres.url(&options), "same").await;
    centre.one_call("before").await;
    centre.has_all(&["before"]).await;

    let mut other = connected(&options).await;
    let lock = "begin; lock table customer, customer_address, customer_name in access exclusive mode";
    other.execute(lock).await.unwrap();
    centre.one_call("while locked").await;
    let offered = centre.offered().await;
    centre.ana.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    assert_eq!(offered["card"], Value::Null);
    other.execute("commit").await.unwrap();
    let offered = in_gold(&mut centre.ana).await;
    assert_eq!(card(&mut centre.ana, &offered).await["name"], "Zoé");
    serve(&mut centre.ana, &mut centre.gateway, &offered, "after").await;
    centre.has_all(&["before", "while locked", "after"]).await;
}

/// The customer is found, and not all of his card can be read.
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_card_is_told_to_be_away_and_follows() {
    let Some(postgres) = PostgresServer::shared() else { return };
    let options = postgres.new_database().await;
    let mut centre = Centre::on(&postgres.url(&options), "same").await;
    let mut other = connected(&options).await;
    other.execute("begin; lock table customer_name in access exclusive mode").await.unwrap();
    let offered = centre.offered().await;
    centre.ana.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    assert_eq!((&offered["card"], &offered["customer"]["name"]), (&Value::Null, &json!("Zoé")));
    let told = centre.ana.wait_for("contact.updated").await;
    assert_eq!((&told["card_unavailable"], &told["contact"]), (&json!(true), &offered["contact"]["id"]));
    other.execute("commit").await.unwrap();
    assert_eq!(card(&mut centre.ana, &offered).await["name"], "Zoé");
    serve(&mut centre.ana, &mut centre.gateway, &offered, "at last").await;
    centre.has_all(&["at last"]).await;
}

/// Each row of an interaction takes long to be written, and one attempt in the middle fails.
#[tokio::test(flavor = "multi_thread")]
async fn slow_writes_delay_no_call_and_are_made_once() {
    let Some(postgres) = PostgresServer::shared() else { return };
    let options = postgres.new_database().await;
    let mut centre = Centre::on(&postgres.url(&options), "same").await;
    let mut other = connected(&options).await;
    other
        .execute(
            "create function slow() returns trigger language plpgsql as \
             'begin perform pg_sleep(0.5); return new; end'; \
             create trigger slow before insert or update on interaction for each row execute function slow();",
        )
        .await
        .unwrap();
    let notes = ["1", "2", "3", "4", "5"];
    for note in notes {
        centre.one_call(note).await;
    }
    // Whoever writes is thrown out in the middle of it.
    other
        .execute(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where datname = current_database() and wait_event = 'PgSleep' and pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
    other.execute("drop trigger slow on interaction").await.unwrap();
    centre.has_all(&notes).await;
    other.close().await.unwrap();
}
