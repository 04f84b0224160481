//! The WebSocket on which a switch tells its events. A socket on which nothing comes, not even an answer to a ping, is
//! dead. It never connects again by itself.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, Interval, MissedTickBehavior};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::http::header;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::access::Access;
use super::event::Event;

/// From the first packet to the upgrade.
const OPEN_WITHIN: Duration = Duration::from_secs(5);
const PING_EVERY: Duration = Duration::from_secs(5);
/// Nothing was heard for so long, though it was pinged twice.
const SILENCE_MAX: Duration = Duration::from_secs(12);
/// Largest event that is read: a bridge of 1,000 channels is a tenth of it.
const EVENT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What comes on the socket.
#[derive(Debug)]
pub enum Said {
    Event(Box<Event>),
    /// What is no event, and why; the socket stays.
    Nonsense(&'static str),
    /// Over, and how.
    Closed(&'static str),
}

/// An open event socket.
#[derive(Debug)]
pub struct EventSocket {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pings: Interval,
    heard_at: Instant,
}

impl EventSocket {
    /// # Errors
    /// In a few words without address and password, when there is no switch or it refuses.
    pub async fn open(access: &Access) -> Result<EventSocket, String> {
        let mut request = access.events().into_client_request().map_err(|_| "it has no address".to_owned())?;
        request.headers_mut().insert(header::AUTHORIZATION, access.authorization.clone());
        let limits =
            WebSocketConfig::default().max_message_size(Some(EVENT_BYTES_MAX)).max_frame_size(Some(EVENT_BYTES_MAX));
        let connecting = tokio_tungstenite::connect_async_with_config(request, Some(limits), true);
        let (socket, _) = match tokio::time::timeout(OPEN_WITHIN, connecting).await {
            Ok(connected) => connected.map_err(|error| why_not(&error))?,
            Err(_) => return Err("no answer in time".to_owned()),
        };
        let mut pings = tokio::time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(EventSocket { socket, pings, heard_at: Instant::now() })
    }

    /// What the switch says next. It may be cancelled: nothing that was heard is lost.
    pub async fn next(&mut self) -> Said {
        loop {
            tokio::select! {
                biased;
                said = self.socket.next() => {
                    self.heard_at = Instant::now();
                    match said {
                        Some(Ok(Message::Text(text))) => return read(&text),
                        Some(Ok(Message::Binary(_))) => return Said::Nonsense("a binary frame"),
                        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_))) => {}
                        Some(Err(error)) => return Said::Closed(how(&error)),
                        None => return Said::Closed("closed"),
                    }
                }
                _ = self.pings.tick() => {
                    if self.heard_at.elapsed() > SILENCE_MAX {
                        return Said::Closed("silent");
                    }
                    // A dead socket shows in the next read.
                    let _ = self.socket.send(Message::Ping(Default::default())).await;
                }
            }
        }
    }
}

fn read(text: &str) -> Said {
    match Event::parse(text) {
        Ok(event) => Said::Event(Box::new(event)),
        Err(error) if error.is_data() => Said::Nonsense("not an event"),
        Err(_) => Said::Nonsense("not JSON"),
    }
}

fn why_not(error: &Error) -> String {
    match error {
        Error::Http(response) => format!("HTTP {}", response.status().as_u16()),
        Error::Io(error) => error.kind().to_string(),
        _ => "no WebSocket".to_owned(),
    }
}

fn how(error: &Error) -> &'static str {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { .. }) => "an event too long",
        Error::Io(_) | Error::ConnectionClosed | Error::AlreadyClosed => "broken off",
        _ => "a frame that is none",
    }
}
