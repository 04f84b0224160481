//! What customers and agents write, over real sockets, on SQLite and on a real PostgreSQL: chats end to end, whoever goes
//! away in between, and notes that are kept while they are written. It reads rows only where a person would be shown them.

mod chats;
mod drafts;
mod going_away;

use std::future::Future;
use std::time::Duration;

use serde_json::{Value, json};
use usher::records::{Records, RecordsPlace};

use crate::live_server::{Peer, Server};
use crate::support::postgres::PostgresServer;

const PATIENCE: Duration = Duration::from_secs(20);

/// One test a database.
macro_rules! on_both {
    ($($check:path as $sqlite:ident and $postgres:ident;)+) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $sqlite() {
            $check(Chats::on(&[]).await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn $postgres() {
            on_postgres($check).await;
        }
    )+};
}

on_both! {
    chats::a_conversation as sqlite_carries_a_conversation and postgres_carries_a_conversation;
    chats::refused_by_name as sqlite_refuses_what_is_no_message and postgres_refuses_what_is_no_message;
    going_away::a_gateway_that_comes_back as sqlite_sends_again_to_a_gateway and postgres_sends_again_to_a_gateway;
    going_away::a_server_that_is_killed as sqlite_sends_again_after_a_crash and postgres_sends_again_after_a_crash;
    going_away::written_and_never_passed as sqlite_shows_nothing_unsent and postgres_shows_nothing_unsent;
    drafts::kept_and_filed_once as sqlite_files_a_draft_once and postgres_files_a_draft_once;
    drafts::replaced_by_the_note_given as sqlite_replaces_a_draft and postgres_replaces_a_draft;
}

async fn on_postgres<F: Future<Output = ()>>(check: impl Fn(Chats) -> F) {
    let Some(server) = PostgresServer::shared() else { return };
    let url = server.url(&server.new_database().await);
    check(Chats::on(&[("USHER_DATABASE", &url)]).await).await;
}

/// A centre in which one chat is in Ana's hands.
struct Chats {
    server: Server,
    records: Records,
    gateway: Peer,
    ana: Peer,
}

impl Chats {
    async fn on(settings: &[(&str, &str)]) -> Chats {
        let mut server = Server::start_with(settings);
        let rules = server.folder.path().join("rules/queues/general.toml");
        std::fs::write(rules, "[queue.general]\nwrap_up = { max = \"4s\" }\n").unwrap();
        server.kill_and_start_again();
        let place = match settings.iter().find(|(name, _)| *name == "USHER_DATABASE") {
            Some((_, url)) => RecordsPlace::Postgres((*url).to_owned().into()),
            None => RecordsPlace::Sqlite(server.folder.path().join("data/usher.db")),
        };
        let records = Records::open(&place).await.unwrap();
        let (gateway, mut ana) = (server.gateway().await, server.agent("ana").await);
        ana.is_available().await;
        Chats { server, records, gateway, ana }
    }

    /// A contact of this channel comes and is connected with Ana. Its id and her segment.
    async fn begins(&mut self, reference: &str, channel: &str) -> (String, String) {
        self.gateway.tell("contact.arrived", json!({ "ref": reference, "channel": channel })).await.unwrap();
        let contact = self.ana.accepts().await;
        let order = self.gateway.wait_for("contact.connect").await;
        let connected = json!({ "ref": reference, "order": order["order"] });
        self.gateway.tell("contact.connected", connected).await.unwrap();
        let connected = self.ana.wait_for("contact.connected").await;
        (contact, connected["segment"].as_str().unwrap().to_owned())
    }

    async fn customer_writes(&mut self, reference: &str, message: &str, text: &str) {
        let passed = json!({ "ref": reference, "by": "customer", "message": message, "text": text });
        assert_eq!(self.gateway.tell("message.passed", passed).await.unwrap(), json!({}));
    }

    async fn ends(&mut self, reference: &str) {
        self.gateway.tell("contact.ended", json!({ "ref": reference, "by": "customer" })).await.unwrap();
    }
}

/// Name and text of every message that the agent is shown.
async fn listed(agent: &mut Peer, contact: &str) -> Vec<(String, String)> {
    let list = agent.ask("message.list", json!({ "contact": contact })).await.unwrap();
    assert_eq!(list["left_out"], 0);
    let text = |of: &Value| of.as_str().unwrap().to_owned();
    list["messages"].as_array().unwrap().iter().map(|one| (text(&one["message"]), text(&one["text"]))).collect()
}

fn uuid(no: u8) -> String {
    format!("0192a1f0-5c3e-7b7a-9d0e-4f2f6f3c1a{no:02}")
}

fn message(contact: &str, no: u8, text: &str) -> Value {
    json!({ "contact": contact, "message": uuid(no), "text": text })
}

/// As the database says once it has caught up.
async fn until<T, F: Future<Output = Option<T>>>(look: impl Fn() -> F) -> T {
    let looked = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looked).await.expect("in time")
}
