//! One switch after all its interruptions: connects, reads what there is, hears events, reads again every 30 s. It knows
//! neither what is done with all that, nor who does it.

use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};

use super::access::encoded;
use super::client::AriClient;
use super::event::{Event, Found};
use super::faults::Faults;
use super::inventory::InventoryReader;
use super::request::RequestError;
use super::rest::{Call, subscribe};
use super::socket::{EventSocket, Said};
use crate::gateways::asterisk::{Happening, Watcher};
use crate::wire_client::ReconnectDelay;

/// What is missed or misread is found by the next inventory.
const READ_EVERY: Duration = Duration::from_secs(30);
/// One server alone comes back to a switch: it need not wait for others.
const AWAY_MAX: Duration = Duration::from_secs(3);
/// A connection that lasts as long was a good one.
const STEADY_AFTER: Duration = Duration::from_secs(10);
/// Events that nobody here reads, and most there are.
const UNHEARD: [&str; 5] = ["ChannelVarset", "ChannelDialplan", "ChannelCallerId", "ChannelConnectedLine", "Dial"];
/// The state of every device.
const DEVICES: &str = "deviceState:";

/// What a switch says, in the order in which it said it.
#[derive(Debug)]
pub enum News {
    /// After each connect, before any event, and from time to time.
    Found {
        found: Found,
        /// When it was begun to be read: what came later is not in it.
        as_of: Instant,
    },
    Heard(Event),
    /// Nothing more is heard until the next `Found`.
    Lost,
}

/// A connection that comes back.
pub struct Connection {
    client: AriClient,
    reader: InventoryReader,
    delay: ReconnectDelay,
    faults: Faults,
    watcher: Watcher,
    switch: String,
    news: mpsc::Sender<News>,
    /// What the log says of it last: that it is there.
    is_said_to_be_there: Option<bool>,
}

impl Connection {
    /// `switch`: its name in the log; `variables`: what is to be read of channels that we made.
    #[must_use]
    pub fn new(
        switch: &str,
        client: AriClient,
        variables: &'static [&'static str],
        delay: ReconnectDelay,
        news: mpsc::Sender<News>,
        watcher: Watcher,
    ) -> Connection {
        Connection {
            reader: InventoryReader::new(client.clone(), variables),
            client,
            delay: delay.at_most(AWAY_MAX),
            faults: Faults::of(switch),
            watcher,
            switch: switch.to_owned(),
            news,
            is_said_to_be_there: None,
        }
    }

    /// Until nobody hears the news any more.
    pub async fn follow(mut self) {
        while !self.news.is_closed() {
            match self.open().await {
                Ok((socket, found)) => {
                    self.is_there(found.0.channels.len());
                    let opened_at = Instant::now();
                    (self.watcher)(Happening::Connected);
                    let how = self.hear(socket, found).await;
                    (self.watcher)(Happening::Lost);
                    if self.news.send(News::Lost).await.is_err() {
                        break;
                    }
                    if opened_at.elapsed() < STEADY_AFTER {
                        self.faults.count("a connection that does not last", &how);
                    } else {
                        self.delay.succeeded();
                        self.is_away(how);
                    }
                }
                Err(why) => self.is_away(&why),
            }
            let wait = self.delay.next(None);
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.news.closed() => {}
            }
        }
        for (kind, count) in self.faults.counts() {
            tracing::info!(switch = self.switch, kind, count, "what the switch did wrong");
        }
    }

    fn is_there(&mut self, channels: usize) {
        if self.is_said_to_be_there.replace(true) != Some(true) {
            tracing::info!(switch = self.switch, channels, "the switch is there");
        }
    }

    fn is_away(&mut self, why: &str) {
        if self.is_said_to_be_there.replace(false) != Some(false) {
            tracing::warn!(switch = self.switch, why, "the switch is away");
        }
    }

    /// A switch that tells events and cannot say what it has is not there.
    async fn open(&mut self) -> Result<(EventSocket, (Found, Instant)), String> {
        let socket = EventSocket::open(self.client.access()).await?;
        self.reader.forget();
        self.choose_events().await.map_err(|error| error.to_string())?;
        let found = self.read().await.map_err(|error| error.to_string())?;
        Ok((socket, found))
    }

    async fn choose_events(&self) -> Result<(), RequestError> {
        let application = &self.client.access().application;
        let unheard: Vec<_> = UNHEARD.iter().map(|kind| json!({ "type": kind })).collect();
        let filter = Call::put(
            format!("applications/{}/eventFilter", encoded(application)),
            json!({ "allowed": [], "disallowed": unheard }),
        );
        self.client.call(filter).await?;
        self.client.call(subscribe(&[DEVICES.to_owned()], application)).await?;
        Ok(())
    }

    async fn read(&mut self) -> Result<(Found, Instant), RequestError> {
        let as_of = Instant::now();
        let (found, unreadable) = self.reader.read().await?;
        if unreadable > 0 {
            self.faults.count("an entry of an inventory that cannot be read", &unreadable);
            (self.watcher)(Happening::NotUnderstood);
        }
        Ok((found, as_of))
    }

    /// Until the socket is over; says how.
    async fn hear(&mut self, mut socket: EventSocket, (found, as_of): (Found, Instant)) -> &'static str {
        let mut readings = tokio::time::interval_at(Instant::now() + READ_EVERY, READ_EVERY);
        readings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut next = Some(News::Found { found, as_of });
        loop {
            if let Some(news) = next.take()
                && self.news.send(news).await.is_err()
            {
                return "nobody listens";
            }
            tokio::select! {
                said = socket.next() => match said {
                    Said::Event(event) => {
                        self.reader.heard(&event);
                        next = Some(News::Heard(*event));
                    }
                    Said::Nonsense(what) => {
                        self.faults.count("an event that is none", &what);
                        (self.watcher)(Happening::NotUnderstood);
                    }
                    Said::Closed(how) => return how,
                },
                // No event is heard meanwhile, so that what is found is never older than what was heard.
                _ = readings.tick() => match self.read().await {
                    Ok((found, as_of)) => next = Some(News::Found { found, as_of }),
                    Err(error) => self.faults.count("an inventory that cannot be had", &error),
                },
                () = self.news.closed() => return "nobody listens",
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_event_is_filtered_away_that_is_read() {
        for kind in UNHEARD {
            assert_eq!(Event::parse(&format!(r#"{{"type":"{kind}"}}"#)).unwrap(), Event::Other);
        }
    }
}
