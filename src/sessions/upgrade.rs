//! From an HTTP request to a WebSocket: headers, origin, who shows a ticket or a key; then the
//! session's own task takes over. Speaks no message.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper_util::rt::TokioIo;
use tokio::sync::{Semaphore, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::board::BoardFeed;
use super::from_protocol::WireIds;
use super::opening::{self, Caller};
use super::outbox::ReplayLimits;
use super::registry::{Registry, SessionNo};
use crate::access::{Access, Origins};

use crate::clock::Clock;
use crate::protocol::Seq;
use crate::router_handle::RouterHandle;

const SUBPROTOCOL: &str = "usher.v1";
const TICKET_PREFIX: &str = "usher.ticket.";
/// 11 kB a connection instead of 128 KiB.
const READ_BUFFER_BYTES: usize = 8 * 1024;
const WRITE_BUFFER_BYTES_MAX: usize = 1024 * 1024;

/// What every session needs to know; each is a setting of the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    pub site: String,
    pub open_within: Duration,
    pub unopened_max: usize,
    pub heartbeat: Duration,
    pub write_within: Duration,
    /// How long a session waits for its client after the socket died.
    pub resume_within: Duration,
    pub console_replay: ReplayLimits,
    pub bytes_max: usize,
    pub gateway_bytes_max: usize,
    /// Messages a second.
    pub agent_rate: u32,
    pub agent_burst: u32,
    pub supervisor_rate: u32,
    pub gateway_rate: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            site: "usher".to_owned(),
            open_within: Duration::from_secs(5),
            unopened_max: 1_000,
            heartbeat: Duration::from_secs(10),
            write_within: Duration::from_secs(5),
            resume_within: Duration::from_secs(60),
            console_replay: ReplayLimits { events_max: 1_024, bytes_max: 256 * 1024 },
            bytes_max: 64 * 1024,
            gateway_bytes_max: 256 * 1024,
            agent_rate: 20,
            agent_burst: 40,
            supervisor_rate: 50,
            gateway_rate: 2_000,
        }
    }
}

/// What all sessions of this process share.
pub struct Sessions {
    pub settings: Settings,
    pub router: RouterHandle,
    pub registry: Arc<Registry>,
    pub access: Arc<Access>,
    pub feed: BoardFeed,
    pub ids: WireIds,
    pub clock: Clock,
    pub origins: Origins,
    pub(super) stopping: watch::Sender<bool>,
    unopened: Arc<Semaphore>,
    last_no: AtomicU64,
}

impl Sessions {
    #[must_use]
    pub fn new(
        settings: Settings,
        router: RouterHandle,
        registry: Arc<Registry>,
        access: Arc<Access>,
        clock: Clock,
        origins: Origins,
    ) -> Arc<Sessions> {
        Arc::new(Sessions {
            ids: WireIds::of_site(&settings.site),
            unopened: Arc::new(Semaphore::new(settings.unopened_max)),
            settings,
            router,
            registry,
            access,
            feed: BoardFeed::default(),
            clock,
            origins,
            stopping: watch::Sender::new(false),
            last_no: AtomicU64::new(0),
        })
    }

    /// Every client is told when to come back and closed with 1012.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub(super) fn next_no(&self) -> SessionNo {
        SessionNo(self.last_no.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// 256 random bits.
    pub(super) fn new_token(&self) -> String {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the system gives random bytes");
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub(super) fn no_seq(&self) -> Seq {
        Seq::new(0).expect("0 is a seq")
    }
}

/// `GET /ws`.
pub async fn upgrade(State(sessions): State<Arc<Sessions>>, mut request: Request) -> Response {
    let headers = request.headers();
    let Some(accept) = accept_key(headers) else {
        return (StatusCode::UPGRADE_REQUIRED, "a WebSocket handshake, version 13, is expected here").into_response();
    };
    if !origin_is_allowed(headers, &sessions.origins) {
        return (StatusCode::FORBIDDEN, "this origin is not on the list of the server").into_response();
    }
    let offered = subprotocols(headers);
    let Ok(unopened) = Arc::clone(&sessions.unopened).try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], "too many sockets not yet open")
            .into_response();
    };
    let caller = match shown_by(&sessions.access, headers, &offered).await {
        Ok(caller) => caller,
        Err(status) => return (status, "bad token, or nobody could look it up").into_response(),
    };
    let bytes_max = match &caller {
        Some(Caller::Person(_)) => sessions.settings.bytes_max,
        Some(Caller::Gateway(_)) | None => sessions.settings.gateway_bytes_max,
    };
    let on_upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let Ok(upgraded) = on_upgrade.await else { return };
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .max_message_size(Some(bytes_max))
            .max_frame_size(Some(bytes_max))
            .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX);
        let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
        // Held until the first message has been answered or refused.
        opening::serve(sessions, socket, caller, unopened).await;
    });
    let speaks_ours = offered.iter().any(|protocol| protocol == SUBPROTOCOL);
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = response.headers_mut();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if speaks_ours {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    }
    response
}

fn accept_key(headers: &HeaderMap) -> Option<HeaderValue> {
    let has = |name: header::HeaderName, token: &str| {
        let values = headers.get_all(name);
        let mut tokens = values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
        tokens.any(|found| found.trim().eq_ignore_ascii_case(token))
    };
    let is_handshake = has(header::UPGRADE, "websocket")
        && has(header::CONNECTION, "upgrade")
        && has(header::SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| is_handshake)?;
    HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok()
}

/// Browsers say where a page came from: it must be on the list. Programs say nothing.
fn origin_is_allowed(headers: &HeaderMap, allowed: &Origins) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    allowed.allow(origin)
}

fn subprotocols(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL);
    let values = values.iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|name| name.trim().to_owned()).collect()
}

/// Err: something was shown and it is not good, or nobody could look.
async fn shown_by(access: &Access, headers: &HeaderMap, offered: &[String]) -> Result<Option<Caller>, StatusCode> {
    let looked_up = |found: Result<Option<Caller>, crate::records::RecordsError>| match found {
        Ok(Some(caller)) => Ok(Some(caller)),
        Ok(None) => Err(StatusCode::UNAUTHORIZED),
        Err(error) => {
            tracing::error!(%error, "who is there could not be looked up");
            Err(StatusCode::SERVICE_UNAVAILABLE)
        }
    };
    if let Some(ticket) = offered.iter().find_map(|name| name.strip_prefix(TICKET_PREFIX)) {
        return looked_up(access.redeem_ticket(ticket).await.map(|person| person.map(Caller::Person)));
    }
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(secret) = authorization.and_then(|value| value.strip_prefix("Bearer ")) else { return Ok(None) };
    match access.check_gateway_key(secret).await {
        Ok(Some(gateway)) => Ok(Some(Caller::Gateway(gateway))),
        Ok(None) => looked_up(access.check_token(secret).await.map(|person| person.map(Caller::Person))),
        Err(error) => looked_up(Err(error)),
    }
}
