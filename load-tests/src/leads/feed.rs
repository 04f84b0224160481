//! What the leads of a large call list cost in memory, in their turn, beside the poll of the table that products do instead. Calls
//! nobody.

use std::path::Path;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde::Serialize;
use usher::campaigns::feed::CampaignFeed;
use usher::records::Records;
use usher::routing::ids::CampaignId;
use usher::routing::time::{Millis, Timestamp};
use usher::sqlx::sqlite::SqliteConnectOptions;
use usher::sqlx::{self, Connection, SqliteConnection};

use crate::customers::figures::{Rate, Spread, resident_mib};

/// A Monday at noon in Paris: the campaign calls from 9 to 18 by the leads' clocks.
const NOON: Timestamp = Timestamp(1_795_431_600_000);
const TICKS: u64 = 10_000;
const GIVEN: u64 = 1_000;
const POLLS: u64 = 10;
/// The next lead as a poll finds it; no index serves it, as none can for every order and calendar.
const POLL: &str = "select id from lead where ended is null and contact is null
    and (due_at_ms is null or due_at_ms <= $1) order by priority desc, id limit 1";

#[derive(Serialize)]
pub struct FeedFigures {
    /// Read from the records and filed, when nobody was tried yet.
    read_fresh: Rate,
    bytes_a_lead: u64,
    /// The next lead with its row.
    next: Spread,
    poll_next: Spread,
    /// The same when each is due later.
    read_waiting: Rate,
    /// Asked for a lead when nobody is due.
    nothing_due: Spread,
    poll_nothing_due: Spread,
}

impl FeedFigures {
    pub fn rates(&self) -> [(&'static str, Rate); 2] {
        [("leads read into the feed", self.read_fresh), ("  when each is due later", self.read_waiting)]
    }

    pub fn spreads(&self) -> [&Spread; 4] {
        [&self.next, &self.poll_next, &self.nothing_due, &self.poll_nothing_due]
    }

    pub fn bytes_a_lead(&self) -> u64 {
        self.bytes_a_lead
    }
}

pub async fn measure(records: &Records, database: &Path, campaign: &CampaignId, leads: u64) -> FeedFigures {
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(database))
        .await
        .expect("the database opens");
    let before = resident_mib();
    let (mut feed, read_fresh) = filled(records, campaign, leads).await;
    let bytes_a_lead = (resident_mib().saturating_sub(before) << 20) / leads.max(1);
    let mut given = timed();
    for _ in 0..GIVEN.min(leads) {
        let begun = Instant::now();
        let next = feed.next(NOON).await.expect("the records answer");
        record(&mut given, begun.elapsed());
        assert!(next.is_some(), "somebody can be called");
    }
    let next = Spread::of("the next lead, with its row", &given, given.len(), 0);
    let poll_next = polled("  by a poll of the table", &mut connection).await;
    drop(feed);

    let due = "update lead set due_at_ms = $1 + id % 3600000";
    let later = NOON.0 + Millis::minutes(60).0;
    sqlx::query(due).bind(later).execute(&mut connection).await.expect("the database has room");
    let (mut feed, read_waiting) = filled(records, campaign, leads).await;
    let mut ticks = timed();
    for tick in 0..TICKS {
        let now = NOON + Millis(i64::try_from(tick).expect("few ticks"));
        let begun = Instant::now();
        let next = feed.next(now).await.expect("the records answer");
        let at = feed.when_next(now);
        record(&mut ticks, begun.elapsed());
        assert!(next.is_none() && at.is_some_and(|at| at >= Timestamp(later)), "nobody is due: {at:?}");
    }
    let nothing_due = Spread::of("a tick with nobody due", &ticks, 0, 0);
    let poll_nothing_due = polled("  by a poll of the table", &mut connection).await;
    connection.close().await.expect("the database closes");
    FeedFigures { read_fresh, bytes_a_lead, next, poll_next, read_waiting, nothing_due, poll_nothing_due }
}

async fn filled(records: &Records, campaign: &CampaignId, leads: u64) -> (CampaignFeed, Rate) {
    let begun = Instant::now();
    let feed = CampaignFeed::open(records.clone(), campaign, Vec::new(), NOON).await;
    let mut feed = feed.expect("the campaign is there");
    while feed.read_page().await.expect("the records answer") {}
    let rate = Rate::of(leads, begun.elapsed());
    let filed: u64 = feed.status(NOON).iter().map(|list| list.counts.all()).sum();
    assert_eq!(filed, leads, "each lead is in the feed");
    (feed, rate)
}

async fn polled(what: &str, connection: &mut SqliteConnection) -> Spread {
    let mut polls = timed();
    let mut found = 0;
    for _ in 0..POLLS {
        let begun = Instant::now();
        let rows = sqlx::query(POLL).bind(NOON.0).fetch_all(&mut *connection).await.expect("the database answers");
        record(&mut polls, begun.elapsed());
        found += rows.len() as u64;
    }
    Spread::of(what, &polls, found, 0)
}

fn timed() -> Histogram<u64> {
    Histogram::new(3).expect("three digits")
}

fn record(histogram: &mut Histogram<u64>, took: Duration) {
    histogram.record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX)).expect("the histogram grows");
}
