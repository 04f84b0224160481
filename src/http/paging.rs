//! Lists in pages: at most so many, and where the next one begins. Counts nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::HttpError;
use super::path::number;

pub(super) const LIMIT_MAX: u32 = 200;
const LIMIT_BY_DEFAULT: u32 = 50;

/// Which page.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PageAsked {
    /// How many at most; 50 if it is not said.
    #[serde(deserialize_with = "super::query::number")]
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// One page of a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub(super) struct Page<T> {
    pub items: Vec<T>,
    /// The next page is asked with this as `after`; null: this is the last.
    pub next: Option<String>,
}

/// How many are asked for.
///
/// # Errors
/// When it is none or more than [`LIMIT_MAX`].
pub(super) fn limit(asked: Option<u32>) -> Result<u32, HttpError> {
    let limit = asked.unwrap_or(LIMIT_BY_DEFAULT);
    let fits = (1..=LIMIT_MAX).contains(&limit);
    if fits { Ok(limit) } else { Err(HttpError::field("limit", format!("1 to {LIMIT_MAX}"))) }
}

/// The number that `after` is.
///
/// # Errors
/// When it is no `next` of ours.
pub(super) fn after(asked: Option<&str>) -> Result<Option<i64>, HttpError> {
    asked.map(|text| number(text).ok_or_else(no_next)).transpose()
}

pub(super) fn no_next() -> HttpError {
    HttpError::field("after", "the next of the page before")
}

impl<T> Page<T> {
    /// Of one more than `limit`, when there are so many.
    pub fn of<From>(
        mut found: Vec<From>,
        limit: u32,
        place: impl Fn(&From) -> String,
        shown: impl Fn(&From) -> T,
    ) -> Page<T> {
        let limit = limit as usize;
        let is_last = found.len() <= limit;
        found.truncate(limit);
        let next = found.last().filter(|_| !is_last).map(place);
        Page { items: found.iter().map(shown).collect(), next }
    }
}
