//! What the journal promises, tried on both databases. The same tests run on each; damage to files is SQLite's own.

mod contract;
mod damage;
mod folds;
mod full;
mod personal;
mod prune;
mod snapshots;
mod statements;

#[allow(dead_code, reason = "shared with the integration tests, which use all of it")]
#[path = "../../tests/integration/support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, ConnectOptions};
use tempfile::TempDir;

use crate::routing::command::{Direction, EndedBy, Presence};
use crate::routing::event::{AgentChange, Event, Fact, Reach};
use crate::routing::ids::{AgentId, ContactId, ContactRef, EventNo, GatewayId};
use crate::routing::personal::{Address, Attributes, Details, Personal, PersonalDetails};
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;

use super::{Batch, Epoch, Journal, Place, ReadError, SqlJournal};

/// An empty place for a journal; gone with the value.
struct Ground {
    place: Place,
    _folder: Option<TempDir>,
}

impl Ground {
    fn sqlite() -> Ground {
        let folder = support::surroundings::temp_dir();
        Ground { place: Place::Sqlite { folder: folder.path().to_owned() }, _folder: Some(folder) }
    }

    /// None, and said aloud, where PostgreSQL is not installed.
    async fn postgres() -> Option<Ground> {
        let server = support::postgres::PostgresServer::shared()?;
        Some(Ground { place: Place::Postgres(Box::new(server.new_database().await)), _folder: None })
    }

    /// A second one on the same kind of database.
    async fn another(&self) -> Ground {
        match &self.place {
            Place::Sqlite { .. } => Ground::sqlite(),
            Place::Postgres(_) => Ground::postgres().await.expect("it is there"),
        }
    }

    fn folder(&self) -> &Path {
        let Place::Sqlite { folder } = &self.place else { panic!("no folder") };
        folder
    }

    async fn open(&self) -> SqlJournal {
        SqlJournal::open(&self.place).await.unwrap()
    }

    async fn owner(&self) -> (SqlJournal, Epoch) {
        let journal = self.open().await;
        let (epoch, _) = journal.acquire().await.unwrap();
        (journal, epoch)
    }

    /// Past the journal, as an operator or a fault would.
    async fn tamper(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        let changed = match &self.place {
            Place::Sqlite { folder } => {
                sqlx::query(sql).execute(&mut sqlite(folder).await).await.unwrap().rows_affected()
            }
            Place::Postgres(options) => {
                sqlx::query(sql).execute(&mut options.connect().await.unwrap()).await.unwrap().rows_affected()
            }
        };
        assert!(changed > 0, "nothing to tamper with");
    }

    async fn count(&self, table: &str) -> i64 {
        let sql = AssertSqlSafe(format!("select count(*) from {table}"));
        match &self.place {
            Place::Sqlite { folder } => sqlx::query_scalar(sql).fetch_one(&mut sqlite(folder).await).await.unwrap(),
            Place::Postgres(options) => {
                sqlx::query_scalar(sql).fetch_one(&mut options.connect().await.unwrap()).await.unwrap()
            }
        }
    }
}

async fn sqlite(folder: &Path) -> sqlx::SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("journal.db"));
    options.connect().await.unwrap()
}

/// Runs each test on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::super::Ground::sqlite()).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $test() {
                if let Some(ground) = super::super::Ground::postgres().await {
                    super::$test(ground).await;
                }
            })+
        }
    };
}
use on_both;

fn at(ms: i64) -> Timestamp {
    Timestamp(1_700_000_000_000 + ms)
}

fn event(ms: i64, fact: Fact) -> Event {
    Event { at: at(ms), request: None, by: None, fact }
}

fn agent_changed(ms: i64, agent: &str) -> Event {
    event(
        ms,
        Fact::AgentChanged {
            agent: AgentId::new(agent).unwrap(),
            presence: Presence::Available,
            next: None,
            reach: Reach::Here,
            responding: true,
            cause: AgentChange::Chosen,
        },
    )
}

fn details(number: &str) -> PersonalDetails {
    let attributes: Attributes = serde_json::from_str(&format!(r#"{{"name":"Zoë of {number}"}}"#)).unwrap();
    Personal::Plain(Arc::new(Details { from: Some(Address(Arc::from(number))), attributes, ..Details::default() }))
}

fn arrived(ms: i64, contact: u64, number: &str) -> Event {
    event(
        ms,
        Fact::ContactArrived {
            contact: ContactId(contact),
            gateway: GatewayId::new("pbx").unwrap(),
            reference: ContactRef::new(&format!("call/{contact}")).unwrap(),
            channel: Channel::Voice,
            direction: Direction::Inbound,
            to: None,
            details: details(number),
            gateway_event: contact,
        },
    )
}

fn updated(ms: i64, contact: u64, number: &str) -> Event {
    event(ms, Fact::ContactUpdated { contact: ContactId(contact), details: details(number), gateway_event: 1 })
}

fn ended(ms: i64, contact: u64) -> Event {
    event(
        ms,
        Fact::ContactEnded {
            contact: ContactId(contact),
            gateway: GatewayId::new("pbx").unwrap(),
            reference: ContactRef::new(&format!("call/{contact}")).unwrap(),
            by: EndedBy::Customer,
            agent: None,
            never_placed: false,
        },
    )
}

/// The n-th batch of a long story, of one to three events; batch 0, 3, 6 … hold a new contact.
fn batch(n: u64) -> Vec<Event> {
    let ms = n.cast_signed() * 10;
    match n % 3 {
        0 => vec![arrived(ms, n + 1, &format!("+336{n:08}"))],
        1 => vec![updated(ms, n, "+33700000000"), agent_changed(ms, "ana")],
        _ => vec![agent_changed(ms, "bo"), agent_changed(ms, "cy"), ended(ms, n - 1)],
    }
}

/// Appends batches `from..upto` of the story.
async fn tell(journal: &SqlJournal, epoch: Epoch, from: u64, upto: u64) -> EventNo {
    let mut last = last_of(journal).await;
    for n in from..upto {
        last = journal.append(epoch, last, &batch(n)).await.unwrap();
    }
    last
}

fn story(batches: u64) -> Vec<Event> {
    (0..batches).flat_map(batch).collect()
}

async fn last_of(journal: &SqlJournal) -> EventNo {
    let batches: Vec<Batch> = journal.read_after(EventNo::ZERO).try_collect().await.unwrap();
    batches.last().map_or(EventNo::ZERO, Batch::last)
}

/// Every event after `event`, opened; the numbers must have no gap.
async fn read(journal: &SqlJournal, event: EventNo) -> Result<Vec<Event>, ReadError> {
    let mut events = Vec::new();
    let mut next = event.plus(1);
    let mut batches = std::pin::pin!(journal.read_after(event));
    while let Some(batch) = batches.try_next().await? {
        assert_eq!(batch.first, next);
        next = batch.last().plus(1);
        events.extend(batch.events);
    }
    open(journal, &mut events).await?;
    Ok(events)
}

async fn open(journal: &SqlJournal, events: &mut [Event]) -> Result<(), ReadError> {
    let mut details: Vec<&mut PersonalDetails> =
        events.iter_mut().filter_map(|event| event.fact.personal_mut()).map(|(_, details)| details).collect();
    journal.unseal(&mut details).await
}

/// All files of a journal that may hold data.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect()
}

fn lies_in(folder: &Path, canary: &[u8]) -> bool {
    files(folder).iter().any(|file| {
        let bytes = std::fs::read(file).unwrap();
        bytes.windows(canary.len()).any(|window| window == canary)
    })
}
