//! Sessions of gateways that are part of the server: the same messages over a line within the process, without key,
//! handshake or port. It never asks whose the line is: whoever has it made says so.

use std::sync::Arc;

use tokio::io::DuplexStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_util::either::Either;

use super::opening::{self, Caller};
use super::upgrade::{Sessions, limits};
use crate::routing::ids::GatewayId;

/// What either side may be ahead of the other before it waits.
const LINE_BYTES: usize = 1024 * 1024;

impl Sessions {
    /// The far end of a line on which one session of this gateway is served.
    #[must_use]
    pub fn line_of(self: &Arc<Self>, gateway: GatewayId) -> DuplexStream {
        let (far, near) = tokio::io::duplex(LINE_BYTES);
        let sessions = Arc::clone(self);
        tokio::spawn(async move {
            let limits = limits(sessions.settings.gateway_bytes_max);
            let socket = WebSocketStream::from_raw_socket(Either::Right(near), Role::Server, Some(limits)).await;
            opening::serve(sessions, socket, Some(Caller::Within(gateway)), None).await;
        });
        far
    }
}
