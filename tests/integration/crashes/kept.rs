//! What is on disk: the journal's rows and the records, read as tables. It knows the names of facts and their fields, and
//! nothing of what they mean to the server.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

/// One event.
#[derive(Clone, Debug)]
pub struct Fact {
    pub no: u64,
    pub at_ms: i64,
    pub kind: String,
    pub fields: Value,
}

impl Fact {
    pub fn number(&self, field: &str) -> Option<u64> {
        self.fields[field].as_u64()
    }

    pub fn text(&self, field: &str) -> &str {
        self.fields[field].as_str().unwrap_or_default()
    }

    pub fn contact(&self) -> Option<u64> {
        self.number("contact")
    }
}

/// The facts by which a contact begins: each names its gateway and its reference.
pub const BEGINNINGS: [&str; 3] = ["contact_arrived", "callback_promised", "consultation_begun"];

#[derive(Debug, Default)]
pub struct Journal {
    pub facts: Vec<Fact>,
    of_contact: BTreeMap<u64, Vec<usize>>,
    of_kind: BTreeMap<String, Vec<usize>>,
}

impl Journal {
    pub async fn read(data: &Path) -> Journal {
        let mut database = open(&data.join("journal.db")).await;
        let rows: Vec<(i64, String)> = sqlx::query_as("select first_no, events from journal_batch order by first_no")
            .fetch_all(&mut database)
            .await
            .unwrap();
        database.close().await.unwrap();
        let mut journal = Journal::default();
        for (first, events) in rows {
            let events: Vec<Value> = serde_json::from_str(&events).unwrap();
            for (no, mut event) in (first.cast_unsigned()..).zip(events) {
                let (kind, fields) = match event["fact"].take() {
                    Value::Object(fact) => fact.into_iter().next().unwrap(),
                    other => panic!("event {no} holds no fact: {other}"),
                };
                journal.add(Fact { no, at_ms: event["at"].as_i64().unwrap(), kind, fields });
            }
        }
        journal
    }

    /// The same, as if this event had been lost and another stood in its place.
    pub fn without(&self, no: u64) -> Journal {
        let mut changed = Journal::default();
        for fact in &self.facts {
            let is_lost = fact.no == no;
            let other = || Fact { no, at_ms: fact.at_ms, kind: "clock_stepped".to_owned(), fields: Value::Null };
            changed.add(if is_lost { other() } else { fact.clone() });
        }
        changed
    }

    /// The same, as if this event had been written again at the end.
    pub fn with_again(&self, no: u64) -> Journal {
        let mut changed = Journal::default();
        self.facts.iter().cloned().for_each(|fact| changed.add(fact));
        let again = self.event(no).expect("it is there").clone();
        changed.add(Fact { no: self.last_no() + 1, ..again });
        changed
    }

    fn add(&mut self, fact: Fact) {
        let at = self.facts.len();
        if let Some(contact) = fact.contact() {
            self.of_contact.entry(contact).or_default().push(at);
        }
        self.of_kind.entry(fact.kind.clone()).or_default().push(at);
        self.facts.push(fact);
    }

    pub fn last_no(&self) -> u64 {
        self.facts.last().map_or(0, |fact| fact.no)
    }

    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Fact> {
        self.of_kind.get(kind).into_iter().flatten().map(|at| &self.facts[*at])
    }

    /// In order.
    pub fn of_contact(&self, contact: u64) -> impl Iterator<Item = &Fact> {
        self.of_contact.get(&contact).into_iter().flatten().map(|at| &self.facts[*at])
    }

    pub fn event(&self, no: u64) -> Option<&Fact> {
        // Numbers have no gap: the event's place is its number.
        self.facts.get(usize::try_from(no).ok()?.checked_sub(1)?)
    }

    /// Contacts that have begun and not ended.
    pub fn open(&self) -> BTreeSet<u64> {
        let begun = BEGINNINGS.iter().flat_map(|kind| self.of_kind(kind)).filter_map(Fact::contact);
        let ended: BTreeSet<u64> = self.of_kind("contact_ended").filter_map(Fact::contact).collect();
        begun.filter(|contact| !ended.contains(contact)).collect()
    }
}

/// The rows of one contact.
#[derive(Debug, sqlx::FromRow)]
pub struct Interaction {
    pub contact: i64,
    pub arrived_at_ms: i64,
    pub ended_at_ms: Option<i64>,
}

#[derive(Debug, Default)]
pub struct Records {
    pub interactions: Vec<Interaction>,
    /// Contact, segment, agent, disposition.
    pub segments: Vec<(i64, i64, String, Option<String>)>,
    /// Contact and agent of each.
    pub notes: Vec<(Option<i64>, String)>,
    /// How far each reader of the journal has come.
    pub cursors: Vec<(String, i64)>,
}

impl Records {
    pub async fn read(data: &Path) -> Records {
        let mut database = open(&data.join("usher.db")).await;
        let interactions = sqlx::query_as("select contact, arrived_at_ms, ended_at_ms from interaction")
            .fetch_all(&mut database)
            .await
            .unwrap();
        let segments = sqlx::query_as("select contact, segment, agent, disposition from interaction_segment")
            .fetch_all(&mut database)
            .await
            .unwrap();
        let notes = sqlx::query_as("select contact, made_by from note").fetch_all(&mut database).await.unwrap();
        let cursors =
            sqlx::query_as("select reader, event_no from reader_cursor").fetch_all(&mut database).await.unwrap();
        database.close().await.unwrap();
        Records { interactions, segments, notes, cursors }
    }
}

async fn open(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).read_only(true).connect().await.unwrap()
}
