//! Writing to one WebSocket, never for longer than allowed. Knows no message.

use std::time::Duration;

use futures_util::SinkExt;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode as WireCloseCode;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};
use tokio_util::either::Either;

use crate::protocol::CloseCode;

/// From the network, or a line within the process.
pub type Socket = WebSocketStream<Either<TokioIo<Upgraded>, DuplexStream>>;

/// How long a socket may take to hear why it is closed.
const HANG_UP_WITHIN: Duration = Duration::from_secs(1);

/// Err: the socket is gone, or too slow.
pub async fn send(socket: &mut Socket, message: Message, within: Duration) -> Result<(), ()> {
    match tokio::time::timeout(within, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(()),
    }
}

/// Err: the socket is gone, or too slow.
pub async fn flush(socket: &mut Socket, within: Duration) -> Result<(), ()> {
    match tokio::time::timeout(within, socket.flush()).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(()),
    }
}

/// What the client did wrong, by the close code that says so; None: it is gone.
pub fn fault(error: &Error) -> Option<CloseCode> {
    match error {
        Error::Capacity(_) => Some(CloseCode::TooBig),
        Error::Utf8(_) => Some(CloseCode::NotUtf8),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        Error::Protocol(_) => Some(CloseCode::Protocol),
        _ => None,
    }
}

/// Sends the answer to the client's close, which lies ready since that was read.
pub async fn answer_close(socket: &mut Socket) {
    let _ = flush(socket, HANG_UP_WITHIN).await;
}

/// Says why and hangs up.
pub async fn hang_up(socket: &mut Socket, code: CloseCode) {
    let frame = CloseFrame { code: WireCloseCode::from(code.number()), reason: Utf8Bytes::from_static(code.reason()) };
    let _ = tokio::time::timeout(HANG_UP_WITHIN, socket.close(Some(frame))).await;
}
