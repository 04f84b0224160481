//! Who stands between people and server: takes a person's WebSocket and opens one of its own with the same secret. It
//! reads no message.

use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

const PROTOCOL: HeaderValue = HeaderValue::from_static("usher.v1");

pub struct Between {
    pub secret: String,
    pub person: WebSocketStream<TcpStream>,
    pub server: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// `url`: where the next is on the way to the server. None: either side is gone, or shows no secret.
pub async fn stand_between(stream: TcpStream, url: &str) -> Option<Between> {
    stream.set_nodelay(true).ok()?;
    let mut secret = None;
    #[expect(clippy::result_large_err, reason = "the signature is the library's")]
    let look = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
        secret = request.headers().get(AUTHORIZATION).cloned();
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, PROTOCOL);
        Ok(response)
    };
    let person = tokio_tungstenite::accept_hdr_async(stream, look).await.ok()?;
    let shown = secret?;
    let secret = shown.to_str().ok()?.trim_start_matches("Bearer ").to_owned();
    let mut request = url.into_client_request().ok()?;
    request.headers_mut().insert(AUTHORIZATION, shown);
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, PROTOCOL);
    let (server, _) = tokio_tungstenite::connect_async_with_config(request, None, true).await.ok()?;
    Some(Between { secret, person, server })
}
