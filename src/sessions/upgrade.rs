//! From an HTTP request to a WebSocket: headers, origin, who shows a ticket or a key; then the
//! session's own task takes over. Speaks no message.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper_util::rt::TokioIo;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_util::either::Either;

use super::board::BoardFeed;
use super::from_protocol::WireIds;
use super::handshakes::{HandshakeRefused, Handshakes};
use super::monitors::Monitors;
use super::opening::{self, Caller};
use super::outbox::ReplayLimits;
use super::registry::{Registry, SessionNo};
use crate::access::{Access, Origins, Sights, network_of};
use crate::audit::Audit;
use crate::clock::Clock;
use crate::counters::handshake_refused;
use crate::customers::redaction::Sight;
use crate::customers::text::ReaderName;
use crate::hindsight::Hindsight;
use crate::messages::MessageDesk;
use crate::protocol::Seq;
use crate::records::RecordsError;
use crate::router_handle::RouterHandle;
use crate::screen_pop::ScreenPop;
use crate::work::WorkDesk;

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
    pub first_message_bytes_max: usize,
    /// Handshakes a second, from everywhere together.
    pub handshake_rate: u32,
    /// And from one address by those who show nothing good.
    pub stranger_rate: u32,
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
    /// What each role sees of customers.
    pub sights: Sights,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            site: "usher".to_owned(),
            open_within: Duration::from_secs(5),
            unopened_max: 1_000,
            first_message_bytes_max: 4 * 1024,
            handshake_rate: 2_000,
            stranger_rate: 50,
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
            sights: Sights {
                agent: Sight::of_everything(),
                supervisor: Sight::of_nothing(),
                campaign_manager: Sight::of_nothing(),
                admin: Sight::of_nothing(),
                crm: Sight::of_nothing(),
            },
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
    pub hindsight: Arc<Hindsight>,
    pub screen_pop: Arc<ScreenPop>,
    pub audit: Arc<Audit>,
    pub work: Arc<WorkDesk>,
    pub(super) monitors: Arc<Monitors>,
    pub messages: Arc<MessageDesk>,
    /// Who files the drafts of notes.
    pub drafts_filed_by: ReaderName,
    pub(super) stopping: watch::Sender<bool>,
    handshakes: Handshakes,
    unopened: Arc<Semaphore>,
    last_no: AtomicU64,
}

impl Sessions {
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "the parts of the house, each once")]
    pub fn new(
        settings: Settings,
        router: RouterHandle,
        registry: Arc<Registry>,
        access: Arc<Access>,
        clock: Clock,
        origins: Origins,
        hindsight: Arc<Hindsight>,
        screen_pop: Arc<ScreenPop>,
        audit: Arc<Audit>,
        work: Arc<WorkDesk>,
        messages: Arc<MessageDesk>,
        drafts_filed_by: ReaderName,
    ) -> Arc<Sessions> {
        Arc::new(Sessions {
            ids: WireIds::of_site(&settings.site),
            handshakes: Handshakes::new(settings.handshake_rate, settings.stranger_rate),
            unopened: Arc::new(Semaphore::new(settings.unopened_max)),
            settings,
            router,
            monitors: Monitors::new(Arc::clone(&registry)),
            registry,
            access,
            feed: BoardFeed::default(),
            clock,
            origins,
            hindsight,
            screen_pop,
            audit,
            work,
            messages,
            drafts_filed_by,
            stopping: watch::Sender::new(false),
            last_no: AtomicU64::new(0),
        })
    }

    /// Every client is told when to come back and closed with 1012.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Forgets what no longer counts. To be called every few seconds.
    pub fn upkeep(&self) {
        self.handshakes.sweep();
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

/// A handshake that may become a socket.
struct Accepted {
    key: HeaderValue,
    speaks_ours: bool,
    caller: Option<Caller>,
    /// Held until the first message has been answered or refused.
    unopened: OwnedSemaphorePermit,
}

/// `GET /ws`.
pub async fn upgrade(
    State(sessions): State<Arc<Sessions>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
) -> Response {
    let accepted = match accept(&sessions, network_of(peer.ip()), request.headers()).await {
        Ok(accepted) => accepted,
        Err(refused) => {
            handshake_refused(refused.word());
            return refused.into_response();
        }
    };
    let Accepted { key, speaks_ours, caller, unopened } = accepted;
    let bytes_max = match &caller {
        Some(Caller::Person(_)) => sessions.settings.bytes_max,
        Some(Caller::Gateway(_) | Caller::Within(_)) | None => sessions.settings.gateway_bytes_max,
    };
    let on_upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let Ok(upgraded) = on_upgrade.await else { return };
        let stream = Either::Left(TokioIo::new(upgraded));
        let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(limits(bytes_max))).await;
        opening::serve(sessions, socket, caller, Some(unopened)).await;
    });
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = response.headers_mut();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, key);
    if speaks_ours {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    }
    response
}

/// What one socket may hold.
pub(super) fn limits(bytes_max: usize) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_message_size(Some(bytes_max))
        .max_frame_size(Some(bytes_max))
        .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
}

async fn accept(sessions: &Sessions, address: IpAddr, headers: &HeaderMap) -> Result<Accepted, HandshakeRefused> {
    let key = accept_key(headers).ok_or(HandshakeRefused::NotAHandshake)?;
    if !origin_is_allowed(headers, &sessions.origins) {
        return Err(HandshakeRefused::OtherOrigin);
    }
    sessions.handshakes.begin()?;
    let unopened = Arc::clone(&sessions.unopened).try_acquire_owned();
    let unopened = unopened.map_err(|_| HandshakeRefused::TooManyUnopened)?;
    let offered = subprotocols(headers);
    let caller = shown_by(sessions, address, headers, &offered).await?;
    let speaks_ours = offered.iter().any(|protocol| protocol == SUBPROTOCOL);
    Ok(Accepted { key, speaks_ours, caller, unopened })
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

/// None: nothing was shown, and the first message is to show it. Strangers are counted.
async fn shown_by(
    sessions: &Sessions,
    address: IpAddr,
    headers: &HeaderMap,
    offered: &[String],
) -> Result<Option<Caller>, HandshakeRefused> {
    let (access, handshakes) = (&sessions.access, &sessions.handshakes);
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let found = if let Some(ticket) = offered.iter().find_map(|name| name.strip_prefix(TICKET_PREFIX)) {
        // Tickets lie in memory: only a good one is looked up.
        access.redeem_ticket(ticket).await.map(|person| person.map(Caller::Person))
    } else if let Some(secret) = authorization.and_then(|value| value.strip_prefix("Bearer ")) {
        handshakes.may_be_looked_up(address)?;
        holder_of(access, secret).await
    } else {
        return handshakes.count_stranger(address).map(|()| None);
    };
    match found {
        Ok(Some(caller)) => Ok(Some(caller)),
        Ok(None) => {
            handshakes.count_stranger(address)?;
            Err(HandshakeRefused::BadSecret)
        }
        Err(error) => {
            tracing::error!(%error, "who is there could not be looked up");
            Err(HandshakeRefused::Unavailable)
        }
    }
}

async fn holder_of(access: &Access, secret: &str) -> Result<Option<Caller>, RecordsError> {
    match access.check_gateway_key(secret).await? {
        Some(gateway) => Ok(Some(Caller::Gateway(gateway))),
        None => Ok(access.check_token(secret).await?.map(Caller::Person)),
    }
}
