//! Every route on one page. It handles none itself.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;

use super::{Parts, Readiness};
use super::{documents, error, guard, health, log_in, me, metrics, pages, rules, ticket};

/// What consoles, gateways and pages reach.
pub fn routes(parts: Parts) -> Router {
    let web_socket = parts.web_socket.clone();
    let guarded = from_fn_with_state(parts.clone(), guard::check);
    Router::new()
        .route("/api/v1/login", post(log_in::log_in))
        .route("/api/v1/logout", post(log_in::log_out))
        .route("/api/v1/me", get(me::me))
        .route("/api/v1/ticket", post(ticket::ticket))
        .route("/api/v1/rules/reload", post(rules::reload))
        .route("/api/{*path}", any(error::unknown_path))
        .route("/asyncapi.json", get(documents::asyncapi))
        .merge(health_routes(parts.readiness.clone()))
        .with_state(parts)
        .route("/ws", web_socket)
        .method_not_allowed_fallback(error::wrong_method)
        .fallback(pages::page)
        .layer(guarded)
        .layer(from_fn(guard::set_headers))
}

/// What only the operator's own tools reach.
pub fn administration(readiness: watch::Receiver<Readiness>, counters: PrometheusHandle) -> Router {
    Router::new()
        .route("/metrics", get(metrics::metrics))
        .with_state(counters)
        .merge(health_routes(readiness))
        .method_not_allowed_fallback(error::wrong_method)
        .fallback(error::unknown_path)
        .layer(from_fn(guard::set_headers))
}

fn health_routes<S: Clone + Send + Sync + 'static>(readiness: watch::Receiver<Readiness>) -> Router<S> {
    Router::new().route("/healthz", get(health::is_alive)).route("/readyz", get(health::is_ready)).with_state(readiness)
}
