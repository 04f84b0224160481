//! One task a switch: what the switch, the server and the clock say goes to the switchboard, and what the switchboard
//! wants goes out. The server has a session with it only while the switch is heard. It decides nothing, and calls live on
//! when it ends.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::Settings;
use super::ari::access::Access;
use super::ari::client::AriClient;
use super::ari::connection::{Connection, News};
use super::ari::event::Found;
use super::ari::faults::Faults;
use super::ari::lanes::{Lanes, TooMany};
use super::ari::request::{Lane, RequestError, RequestNo};
use super::ari::rest::word_of;
use super::happening::{Happening, Watcher};
use super::session::{FromServer, NewLine, ServerSession};
use super::switchboard::{Switchboard, VARIABLES};
use crate::protocol::{SessionOpened, Snapshot};
use crate::wire_client::{CentreClock, ClockSetter, ReconnectDelay};

/// An inventory for the server every so often.
const INVENTORY_EVERY: Duration = Duration::from_secs(30);
/// Events of the switch that wait to be looked at; beyond them its socket waits.
const NEWS_MAX: usize = 4_096;
/// How long requests under way may take when all is to stop.
const LAST_REPLIES_WITHIN: Duration = Duration::from_secs(1);

/// What a switch needs to be driven.
pub struct Parts {
    /// The name of its gateway.
    pub name: String,
    pub access: Access,
    pub settings: Settings,
    pub new_line: NewLine,
    pub watcher: Watcher,
    pub stop: CancellationToken,
}

struct Replied {
    no: RequestNo,
    lane: Lane,
    word: &'static str,
    reply: Result<(), RequestError>,
}

struct Driver {
    switch: String,
    switchboard: Switchboard,
    session: ServerSession,
    clock: CentreClock,
    setter: ClockSetter,
    client: AriClient,
    lanes: Lanes,
    under_way: FuturesUnordered<BoxFuture<'static, Replied>>,
    faults: Faults,
    watcher: Watcher,
    /// Since the last look.
    events: u64,
    requests: u64,
    inventories: Interval,
    /// What the switch has is known, and what it says is heard.
    is_switch_there: bool,
    /// What the switch had when the server's time was not known yet. Until then nothing else is heard of it.
    found_first: Option<(Found, Instant)>,
}

/// Drives a switch until `stop`. A switch or a server that is away is waited for.
pub async fn run(parts: Parts) {
    let Parts { name, access, settings, new_line, watcher, stop } = parts;
    let random = || ReconnectDelay::new(ChaCha8Rng::from_rng(&mut rand::rng()));
    let client = AriClient::new(Arc::new(access));
    let (sender, mut news) = mpsc::channel(NEWS_MAX);
    let connection = Connection::new(&name, client.clone(), &VARIABLES, random(), sender, Arc::clone(&watcher));
    let mut following = tokio::spawn(connection.follow());
    let (setter, clock) = CentreClock::unset();
    let mut inventories = tokio::time::interval(INVENTORY_EVERY);
    inventories.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut driver = Driver {
        switchboard: Switchboard::new(settings),
        session: ServerSession::new(&name, new_line, random()),
        clock,
        setter,
        client,
        lanes: Lanes::default(),
        under_way: FuturesUnordered::new(),
        faults: Faults::of(&name),
        watcher,
        events: 0,
        requests: 0,
        inventories,
        is_switch_there: false,
        found_first: None,
        switch: name,
    };
    loop {
        driver.send_requests();
        driver.send_to_server().await;
        driver.say_what_happened();
        let due = driver.switchboard.next_due();
        tokio::select! {
            () = stop.cancelled() => break,
            () = driver.clock.until(due) => driver.switchboard.advance(driver.now()),
            said = driver.session.next() => driver.hear_server(said).await,
            Some(replied) = driver.under_way.next() => driver.hear_reply(replied),
            Some(news) = news.recv(), if driver.found_first.is_none() => driver.hear_switch(news),
            _ = driver.inventories.tick() => {
                driver.take_inventory();
                driver.say_how_it_goes();
            }
        }
    }
    drop(news);
    driver.leave().await;
    if tokio::time::timeout(LAST_REPLIES_WITHIN, &mut following).await.is_err() {
        following.abort();
    }
}

impl Driver {
    /// The server's, in milliseconds.
    fn now(&self) -> i64 {
        self.clock.now_ms().unwrap_or_default()
    }

    async fn hear_server(&mut self, said: FromServer) {
        let now = self.now();
        match said {
            FromServer::Opened(opened) => self.opened(&opened),
            FromServer::Lost => {
                self.setter.server_is_away();
                self.switchboard.session_lost();
            }
            FromServer::Ordered { id, order } => {
                let answer = self.switchboard.obey(&order, now);
                self.session.answer(&id, &answer).await;
            }
            FromServer::Answered { event, refusal } => self.switchboard.acknowledged(event, refusal.as_ref(), now),
            FromServer::Placed { r#ref, answer } => self.switchboard.placed(&r#ref, answer.as_ref(), now),
            FromServer::SendAgain(event) => self.switchboard.tells.send_again(event),
        }
    }

    fn opened(&mut self, opened: &SessionOpened) {
        self.setter.set(opened.server_time, opened.clock_speed);
        if let Some((found, as_of)) = self.found_first.take() {
            self.switch_found(found, as_of);
        }
        if let Some(Snapshot::Gateway(snapshot)) = &opened.snapshot {
            self.switchboard.session_opened(snapshot, opened.server_time.as_ms());
        }
        self.switchboard.say_lines(self.now());
        self.take_inventory();
    }

    fn hear_switch(&mut self, news: News) {
        match news {
            News::Found { found, as_of } if self.clock.now_ms().is_none() => {
                self.found_first = Some((found, as_of));
                self.session.open();
            }
            News::Found { found, as_of } => {
                self.switch_found(found, as_of);
                self.session.open();
            }
            News::Heard(event) => {
                self.events += 1;
                self.switchboard.heard(event, self.now());
            }
            News::Lost => {
                self.is_switch_there = false;
                self.lanes.forget_waiting();
                self.switchboard.switch_lost();
                if self.session.is_open() {
                    self.switchboard.session_lost();
                }
                self.session.abandon();
            }
        }
    }

    fn switch_found(&mut self, found: Found, as_of: Instant) {
        self.is_switch_there = true;
        let age_ms = i64::try_from(as_of.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.switchboard.switch_found(found, self.now().saturating_sub(age_ms));
    }

    /// Of a switch that is away nothing is known: what it does not name is not over.
    fn take_inventory(&mut self) {
        if self.is_switch_there && self.session.is_open() {
            self.switchboard.take_inventory(self.now());
            self.inventories.reset();
        }
    }

    fn hear_reply(&mut self, replied: Replied) {
        let Replied { no, lane, word, reply } = replied;
        self.lanes.answered(lane);
        match &reply {
            // Whoever is named has gone meanwhile.
            Ok(()) | Err(RequestError::Refused { status: 404 | 409 | 410 | 412 | 422, .. }) => {}
            Err(RequestError::Refused { status, .. }) => {
                self.faults.count(word, status);
                (self.watcher)(Happening::RequestRefused);
            }
            Err(RequestError::Unanswered(why)) => {
                self.faults.count(word, why);
                (self.watcher)(Happening::RequestUnanswered);
            }
        }
        self.switchboard.replied(no, reply, self.now());
    }

    fn send_requests(&mut self) {
        let mut too_many = Vec::new();
        while let Some((no, request)) = self.switchboard.next_request() {
            if let Err(TooMany) = self.lanes.push(no, request) {
                too_many.push(no);
            }
        }
        while let Some((no, request)) = self.lanes.next_to_send() {
            self.requests += 1;
            let client = self.client.clone();
            self.under_way.push(Box::pin(async move {
                let reply = client.carry_out(&request.action).await;
                Replied { no, lane: request.lane, word: word_of(&request.action), reply }
            }));
        }
        for no in too_many {
            let why = "too many requests wait";
            self.faults.count("requests", &why);
            self.switchboard.replied(no, Err(RequestError::Unanswered(why.to_owned())), self.now());
        }
    }

    async fn send_to_server(&mut self) {
        if !self.session.is_open() {
            return;
        }
        while let Some((event, tells)) = self.switchboard.tells.next_to_send() {
            self.session.tell(event, &tells).await;
        }
        while let Some(contact) = self.switchboard.next_question() {
            self.session.ask_place(contact).await;
        }
    }

    fn say_what_happened(&mut self) {
        while let Some(happening) = self.switchboard.next_happening() {
            (self.watcher)(happening);
        }
    }

    fn say_how_it_goes(&mut self) {
        let (events, requests) = (std::mem::take(&mut self.events), std::mem::take(&mut self.requests));
        let (waiting, untold) = (self.lanes.waiting(), self.switchboard.tells.pending());
        let (switch, is_there) = (&self.switch, self.is_switch_there);
        tracing::debug!(switch, is_there, events, requests, waiting, untold, "a switch is driven");
    }

    /// Hangs nobody up: what is under way is waited for, and the server hears that the gateway goes.
    async fn leave(mut self) {
        let until = Instant::now() + LAST_REPLIES_WITHIN;
        while let Ok(Some(replied)) = tokio::time::timeout_at(until, self.under_way.next()).await {
            self.hear_reply(replied);
        }
        self.session.close().await;
        for (kind, count) in self.faults.counts() {
            tracing::info!(switch = self.switch, kind, count, "requests that the switch did not carry out");
        }
        tracing::info!(switch = self.switch, "the switch is left; its calls live on");
    }
}
