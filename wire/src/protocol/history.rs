//! The last hours of a queue or of the centre, for a chart. It computes no figure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::error::ErrorKind;
use super::text::QueueName;
use super::time::Time;

const HOURS_MAX: u8 = 8;

/// Asks for the last hours.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema, TS)]
pub struct HistoryShow {
    /// Of which queue; of the whole centre if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// How many hours, from 1 to 8; 4 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 8))]
    pub hours: Option<u8>,
}

impl HistoryShow {
    /// # Errors
    /// `InvalidField` when there are not so many hours.
    pub fn check(&self) -> Result<(), ErrorKind> {
        match self.hours {
            Some(hours) if !(1..=HOURS_MAX).contains(&hours) => {
                Err(ErrorKind::invalid_field("hours", format!("a whole number from 1 to {HOURS_MAX}")))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// What was counted in one span. Of a queue: visits. Of the centre: contacts, each once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct HistoryPoint {
    /// When the span began.
    pub at: Time,
    /// How many came.
    pub entered: u64,
    /// How many were connected to an agent.
    pub answered: u64,
    /// Of these, those within the target.
    pub answered_within: u64,
    /// How many left before.
    pub abandoned: u64,
    /// Of these, those who left sooner than the threshold.
    pub short_abandoned: u64,
    /// The most that waited at once.
    pub waiting_max: u64,
    /// The longest wait of those whose wait ended, in milliseconds.
    pub longest_wait_ms: u64,
    /// answered_within ÷ (answered + abandoned − short_abandoned), from 0 to 1; null when that divides by 0.
    #[schemars(range(min = 0, max = 1))]
    pub service_level: Option<f64>,
}

/// The last hours, oldest first, without gaps; the last span is still under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct HistoryShown {
    /// How long each span is, in milliseconds.
    pub span_ms: u64,
    /// The spans.
    pub points: Vec<HistoryPoint>,
}
