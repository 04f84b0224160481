//! A host system reads and writes customers over REST: the real program on SQLite and on a real PostgreSQL. Every answer
//! is held to the OpenAPI document. It looks at nothing inside.

mod bad_input;
mod campaigns;
mod exported;
mod fields;
mod history;
mod imports;
mod life;
mod meanwhile;
mod merging;
mod page;
mod recordings;

use std::future::Future;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::live_server::Server;
use crate::support::http::{Answer, send};
use crate::support::postgres::PostgresServer;

const HOME: (&str, &str) = ("USHER_CUSTOMERS_HOME_REGION", "FR");
/// So that a file can be too big.
const SMALL_FILES: (&str, &str) = ("USHER_LISTEN_IMPORT_FILE_BYTES_MAX", "1048576");

/// One test a database.
macro_rules! on_both {
    ($($check:path as $sqlite:ident and $postgres:ident;)+) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $sqlite() {
            $check(Centre::on(&[HOME, SMALL_FILES]).await).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn $postgres() {
            on_postgres($check).await;
        }
    )+};
}

on_both! {
    life::from_added_to_found as sqlite_lives_a_customers_life and postgres_lives_a_customers_life;
    life::by_external_id as sqlite_upserts_by_external_id and postgres_upserts_by_external_id;
    life::searched_page_by_page as sqlite_pages_a_search and postgres_pages_a_search;
    history::notes_work_and_changes as sqlite_keeps_notes_and_work and postgres_keeps_notes_and_work;
    history::after_a_call as sqlite_scores_a_call and postgres_scores_a_call;
    recordings::shown_and_erased as sqlite_erases_recordings and postgres_erases_recordings;
    merging::merged_and_parted as sqlite_merges_by_rest and postgres_merges_by_rest;
    meanwhile::of_many_one_wins as sqlite_lets_one_change_win and postgres_lets_one_change_win;
    bad_input::refused_by_name as sqlite_refuses_bad_input and postgres_refuses_bad_input;
    campaigns::made_changed_and_deleted as sqlite_keeps_campaigns_by_rest and postgres_keeps_campaigns_by_rest;
    campaigns::started_and_stopped as sqlite_runs_campaigns_by_rest and postgres_runs_campaigns_by_rest;
    campaigns::leads_added_one_by_one as sqlite_adds_leads_by_rest and postgres_adds_leads_by_rest;
    campaigns::refused_by_name as sqlite_refuses_campaigns_by_rest and postgres_refuses_campaigns_by_rest;
    imports::sent_looked_at_and_imported as sqlite_imports_leads_by_rest and postgres_imports_leads_by_rest;
    imports::other_kinds as sqlite_imports_other_kinds_by_rest and postgres_imports_other_kinds_by_rest;
    imports::stopped_and_gone_on_with as sqlite_goes_on_with_imports and postgres_goes_on_with_imports;
    imports::lost_with_its_file as sqlite_loses_a_file_of_leads and postgres_loses_a_file_of_leads;
    imports::refused_by_name as sqlite_refuses_imports_by_rest and postgres_refuses_imports_by_rest;
    fields::checked_as_declared as sqlite_checks_custom_fields and postgres_checks_custom_fields;
    exported::whole_and_defused as sqlite_exports_customers and postgres_exports_customers;
}

async fn on_postgres<F: Future<Output = ()>>(check: impl Fn(Centre) -> F) {
    let Some(server) = PostgresServer::shared() else { return };
    let url = server.url(&server.new_database().await);
    check(Centre::on(&[HOME, SMALL_FILES, ("USHER_DATABASE", &url)]).await).await;
}

/// A server with a user of each role.
struct Centre {
    server: Server,
    document: Arc<Value>,
}

impl Centre {
    async fn on(settings: &[(&str, &str)]) -> Centre {
        let server = Server::start_with(settings);
        for (user, role) in [("host", "crm"), ("eva", "supervisor")] {
            server.add_user(&[user, "--role", role]);
        }
        let document = send(&server.host, "GET", "/api/v1/openapi.json", &[], None).await.json();
        Centre { server, document: Arc::new(document) }
    }

    async fn user(&self, name: &str) -> User {
        let token = self.server.token(name).await;
        User { host: self.server.host.clone(), bearer: format!("Bearer {token}"), document: Arc::clone(&self.document) }
    }

    /// The host system.
    async fn host(&self) -> User {
        self.user("host").await
    }
}

#[derive(Clone)]
struct User {
    host: String,
    bearer: String,
    document: Arc<Value>,
}

impl User {
    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, &[], Some(&body.to_string())).await
    }

    async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, &[], Some(&body.to_string())).await
    }

    /// At the state of that etag.
    async fn change(&self, method: &str, path: &str, etag: &str, body: Value) -> Answer {
        let body = (!body.is_null()).then(|| body.to_string());
        self.send(method, path, &[("if-match", etag)], body.as_deref()).await
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Answer {
        let mut all = vec![("authorization", self.bearer.as_str())];
        if body.is_some() && !headers.iter().any(|(name, _)| *name == "content-type") {
            all.push(("content-type", "application/json"));
        }
        all.extend_from_slice(headers);
        let answer = send(&self.host, method, path, &all, body.map(str::as_bytes)).await;
        self.is_as_documented(method, path, &answer);
        answer
    }

    fn is_as_documented(&self, method: &str, path: &str, answer: &Answer) {
        let path = path.split('?').next().unwrap();
        let told = format!("{method} {path}: {} {}", answer.status, String::from_utf8_lossy(&answer.bytes));
        if ["unknown_path", "wrong_method"].contains(&answer.kind().as_str()) {
            return;
        }
        let operation = &self.described(path)[method.to_ascii_lowercase()];
        let mut response = &operation["responses"][answer.status.to_string()];
        assert!(response.is_object(), "not documented: {told}");
        if let Some(reference) = response["$ref"].as_str() {
            response = self.document.pointer(reference.trim_start_matches('#')).unwrap();
        }
        let Some(content) = response["content"].as_object() else {
            assert!(answer.bytes.is_empty(), "{told}");
            return;
        };
        let kind = answer.header("content-type").split(';').next().unwrap();
        let mut schema = content.get(kind).unwrap_or_else(|| panic!("{kind}: {told}"))["schema"].clone();
        if kind == "application/json" {
            schema["components"] = self.document["components"].clone();
            let validator = jsonschema::validator_for(&schema).unwrap();
            if let Err(error) = validator.validate(&answer.json()) {
                panic!("{error}: {told}");
            }
        }
    }

    fn described(&self, path: &str) -> &Value {
        let asked: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let parts: Vec<&str> = template.split('/').collect();
            parts.len() == asked.len()
                && parts.iter().zip(&asked).all(|(part, asked)| part.starts_with('{') || part == asked)
        };
        let paths = self.document["paths"].as_object().unwrap();
        let mut found: Vec<&String> = paths.keys().filter(|template| fits(template)).collect();
        found.sort_by_key(|template| template.matches('{').count());
        &paths[found.first().unwrap_or_else(|| panic!("{path} is not documented")).as_str()]
    }

    /// A new customer's id and etag.
    async fn add(&self, body: Value) -> (String, String) {
        let added = self.post("/api/v1/customers", body).await;
        assert_eq!(added.status, 201, "{}", added.json());
        let id = added.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(added.header("location"), format!("/api/v1/customers/{id}"));
        (id, added.etag())
    }
}

fn phone(number: &str) -> Value {
    json!({ "kind": "phone", "address": number })
}

fn ids(answer: &Answer) -> Vec<String> {
    let items = answer.json()["items"].as_array().unwrap_or_else(|| panic!("{}", answer.json())).clone();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}
