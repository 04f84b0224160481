//! HTTP around the sockets: who is there, a ticket, the pages, health, rules on command. It routes no
//! contact and opens no socket: `/ws` is handed in.
//!
//! - Every route stands in `router.rs`, one resource a file or folder: with whom it answers, what goes in and what
//!   comes out. The OpenAPI document is made of the same table. A route that names nobody answers nobody.
//! - `error.rs` alone turns an error into a status: `{"error": {"kind", "message", …}}`, where a bad field has
//!   `field` and `expected`.
//! - Who changes something says which state he has read (`If-Match`); of two at once one is told to read again.
//! - `seen.rs` alone audits who looked at whom and changed what, and `customers/shown.rs` alone shows a customer.
//! - What changes something is refused when a page of another origin sends it; the cookie is
//!   `SameSite=Strict` and out of reach of scripts. Nothing from elsewhere is loaded or may frame us.
//! - `/metrics` is on the administration's own listener only.

mod body;
mod caller;
mod campaigns;
mod changes;
mod customers;
mod documents;
mod error;
mod etag;
mod exports;
mod faults;
mod guard;
mod health;
mod imports;
mod interactions;
mod listen;
mod log_in;
mod me;
mod metrics;
mod notes;
mod openapi;
mod pages;
mod paging;
mod path;
mod query;
mod recordings;
mod route;
mod router;
mod rules;
mod seen;
#[cfg(test)]
mod tests;
mod ticket;
mod words;
mod work;

use std::sync::Arc;
use std::time::Duration;

use axum::routing::MethodRouter;
use futures_util::future::BoxFuture;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::watch;

use crate::access::{Access, Origins, Person, Sights};
use crate::audit::Audit;
use crate::campaigns::gate::Gate;
use crate::import_desk::ImportDesk;
use crate::router_handle::RouterHandle;
use crate::screen_pop::ScreenPop;
use crate::work::WorkDesk;

pub use error::HttpError;
pub use listen::{ListenLimits, listen};
pub use openapi::document as openapi_document;
pub use router::{administration, routes};

/// What the routes need of the rest of the server.
#[derive(Clone)]
pub struct Parts {
    pub access: Arc<Access>,
    pub origins: Arc<Origins>,
    pub readiness: watch::Receiver<Readiness>,
    pub reload_rules: Arc<dyn ReloadRules>,
    /// `GET /ws`.
    pub web_socket: MethodRouter,
    /// The records, and who has to hear of a change.
    pub pop: Arc<ScreenPop>,
    pub router: RouterHandle,
    /// Whether a lead may be called, for whoever asks why not.
    pub gate: Arc<Gate>,
    /// Files to be imported, and imports that go on.
    pub imports: Arc<ImportDesk>,
    /// Work, and whose lists have to hear of a change.
    pub work: Arc<WorkDesk>,
    pub audit: Arc<Audit>,
    /// What each role sees of customers.
    pub sights: Arc<Sights>,
    /// What the ids of contacts begin with.
    pub site: Arc<str>,
    /// The AsyncAPI document of the wire, as committed.
    pub asyncapi: &'static str,
    /// The OpenAPI document of the routes.
    pub openapi: Arc<str>,
    /// Whether browsers reach us over TLS only, so that the cookie may demand it.
    pub is_behind_tls: bool,
    /// How long one request may take, its body included.
    pub request_within: Duration,
    pub body_bytes_max: usize,
}

/// Whether calls can be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Readiness {
    /// Not yet, and why: `recovering`.
    Starting {
        why: String,
    },
    Ready,
    /// No longer: the server ends.
    Stopping,
}

/// Reads the rule files again and publishes them when they are good.
pub trait ReloadRules: Send + Sync {
    /// In the name of `by`. Bad files change nothing.
    fn reload<'a>(&'a self, by: &'a Person) -> BoxFuture<'a, Result<RulesReloaded, ReloadRefused>>;
}

/// The rules are with the router.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub struct RulesReloaded {
    pub version: u64,
}

/// Why the rules are as before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReloadRefused {
    /// All that is wrong with the files.
    Bad(Vec<RuleFault>),
    Unavailable {
        retry_after_ms: u64,
    },
}

/// One thing that is wrong with a rule file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RuleFault {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub message: String,
    pub expected: String,
}
