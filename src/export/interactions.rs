//! One line a contact. Chooses none but by the filter.

use serde::Serialize;

use crate::customers::interaction::Interaction;
use crate::records::{Records, RecordsError};
use crate::routing::ids::ContactId;
use crate::routing::time::Timestamp;

use super::customers::moment;
use super::table::Table;
use super::{InteractionFilter, Pages};

/// Interactions of one page.
const PAGE: u32 = 500;
const HEADING: [&str; 15] = [
    "id",
    "customer",
    "channel",
    "direction",
    "from",
    "to",
    "arrived_at",
    "ended_at",
    "ended_by",
    "queues",
    "agents",
    "disposition",
    "satisfaction",
    "recording",
    "transcript",
];

pub struct InteractionPages {
    records: Records,
    /// What the ids of contacts begin with.
    site: String,
    filter: InteractionFilter,
    table: Table,
    after: Option<ContactId>,
    is_done: bool,
}

impl InteractionPages {
    /// `has_mark`: begin with a byte order mark, for spreadsheets that take UTF-8 for something else without one.
    #[must_use]
    pub fn new(records: Records, site: &str, filter: InteractionFilter, has_mark: bool) -> InteractionPages {
        let table = Table::new(&HEADING, has_mark);
        InteractionPages { records, site: site.to_owned(), filter, table, after: None, is_done: false }
    }

    async fn read(&mut self) -> Result<(), RecordsError> {
        let found = self.records.interactions_after(self.after, PAGE).await?;
        for interaction in &found {
            let at = interaction.arrived_at;
            let InteractionFilter { from, until } = self.filter;
            if from.is_none_or(|from| at >= from) && until.is_none_or(|until| at < until) {
                self.table.add(&cells(&self.site, interaction));
            }
        }
        self.is_done = found.len() < PAGE as usize;
        self.after = found.last().map(|last| last.contact).or(self.after);
        Ok(())
    }
}

impl Pages for InteractionPages {
    async fn next_page(&mut self) -> Result<Option<Vec<u8>>, RecordsError> {
        while !self.is_done {
            self.read().await?;
            let lines = self.table.take();
            if !lines.is_empty() {
                return Ok(Some(lines));
            }
        }
        Ok(None)
    }

    fn rows(&self) -> u64 {
        self.table.rows
    }
}

fn cells(site: &str, interaction: &Interaction) -> [String; HEADING.len()] {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let at = |at: Option<Timestamp>| at.map(moment).unwrap_or_default();
    let queues = interaction.visits.iter().map(|visit| visit.queue.to_string());
    let agents = interaction.segments.iter().map(|segment| segment.agent.to_string());
    [
        format!("{site}-{}", interaction.contact.0),
        interaction.customer.map(|customer| customer.to_string()).unwrap_or_default(),
        word(&interaction.channel),
        word(&interaction.direction),
        text(interaction.from.as_ref().map(|key| key.value.as_str())),
        text(interaction.to.as_ref().map(|key| key.value.as_str())),
        moment(interaction.arrived_at),
        at(interaction.ended_at),
        interaction.ended_by.as_ref().map(word).unwrap_or_default(),
        in_order(queues),
        in_order(agents),
        text(interaction.disposition.as_ref().map(|disposition| &*disposition.0)),
        interaction.satisfaction.map(|satisfaction| satisfaction.score().to_string()).unwrap_or_default(),
        text(interaction.recording.as_ref().map(|text| text.as_str())),
        text(interaction.transcript.as_ref().map(|text| text.as_str())),
    ]
}

fn in_order(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join("; ")
}

fn word(variant: &impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => unreachable!("a variant without fields is one word"),
    }
}
