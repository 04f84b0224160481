//! Columns of a table of do-not-call entries: what each is, as a person confirmed it, or as its heading is usually called.
//! Never opens a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::customers::import_columns::{BoundColumns, Column, MappingError, bind, guessed_columns, shortened};
use crate::customers::import_headings::plain_heading;
use crate::customers::import_times::{DateOrder, TimeReader};
use crate::customers::phone::Region;

/// What a column of the table is of an entry.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoNotCallColumn {
    /// One number.
    Number,
    /// The digits that numbers begin with, their country's code first.
    Prefix,
    /// From then on the entry no longer holds.
    ExpiresAt,
    /// Not taken over.
    Ignored,
}

/// What columns are usually called: lower-cased, only letters and digits kept.
const USUAL_HEADINGS: &[(DoNotCallColumn, &[&str])] = &[
    (
        DoNotCallColumn::Number,
        &[
            "number",
            "phone",
            "phonenumber",
            "telephone",
            "tel",
            "msisdn",
            "mobile",
            "donotcall",
            "dnc",
            "电话",
            "电话号码",
            "号码",
        ],
    ),
    (DoNotCallColumn::Prefix, &["prefix", "numberprefix", "phoneprefix", "range", "前缀", "号段"]),
    (
        DoNotCallColumn::ExpiresAt,
        &["expiresat", "expires", "expiry", "expirydate", "expiration", "validuntil", "until", "到期", "有效期"],
    ),
];

/// What each heading of a table is, as a person confirmed it. Serde type of the mapping file.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoNotCallMapping {
    /// The country of numbers without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<Region>,
    /// Of times without an offset, such as `Europe/Paris`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// What stands first in dates with strokes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dates: Option<DateOrder>,
    /// By heading as the table has it; a heading that is not named here is not taken over.
    pub columns: BTreeMap<String, DoNotCallColumn>,
}

/// A mapping bound to the columns of one table.
#[derive(Clone, Debug)]
pub struct BoundDoNotCall {
    pub(super) columns: BoundColumns<DoNotCallColumn>,
    pub(super) home: Option<Region>,
    pub(super) times: TimeReader,
}

impl BoundDoNotCall {
    #[must_use]
    pub fn columns(&self) -> &BoundColumns<DoNotCallColumn> {
        &self.columns
    }
}

impl DoNotCallMapping {
    /// A mapping by what the headings are usually called, in English and Chinese. What is not recognised is ignored; of
    /// several columns for one target, the first is taken.
    #[must_use]
    pub fn guessed(headings: &[&str], home: Option<Region>) -> Self {
        let guess = |heading: &str| {
            let plain = plain_heading(heading);
            let usual = USUAL_HEADINGS.iter().find(|(_, names)| names.contains(&plain.as_str()));
            usual.map(|(column, _)| column.clone())
        };
        Self { home, columns: guessed_columns(headings, guess), ..Self::default() }
    }

    /// Binds the mapping to the headings of a table.
    ///
    /// # Errors
    /// All that is wrong with it, each naming its column.
    pub fn bound(&self, headings: &[&str]) -> Result<BoundDoNotCall, Vec<MappingError>> {
        let (columns, mut errors) = bind(&self.columns, headings);
        let times = TimeReader::new(self.zone.as_deref(), self.dates);
        if let Err(error) = &times {
            errors
                .push(MappingError::Zone { found: shortened(self.zone.as_deref().unwrap_or_default()), error: *error });
        }
        let says_whom = |column: &DoNotCallColumn| match column {
            DoNotCallColumn::Number | DoNotCallColumn::Prefix => true,
            DoNotCallColumn::ExpiresAt | DoNotCallColumn::Ignored => false,
        };
        if errors.is_empty() && !columns.by_place.iter().any(|(_, column)| says_whom(column)) {
            errors.push(MappingError::NoNumber);
        }
        match (times, errors.is_empty()) {
            (Ok(times), true) => Ok(BoundDoNotCall { columns, home: self.home, times }),
            (Ok(_) | Err(_), _) => Err(errors),
        }
    }
}

impl Column for DoNotCallColumn {
    fn is_ignored(&self) -> bool {
        *self == DoNotCallColumn::Ignored
    }

    fn takes_several(&self) -> bool {
        self.is_ignored()
    }

    fn shown(&self) -> String {
        match self {
            DoNotCallColumn::Number => "number",
            DoNotCallColumn::Prefix => "prefix",
            DoNotCallColumn::ExpiresAt => "expires_at",
            DoNotCallColumn::Ignored => "ignored",
        }
        .to_owned()
    }
}
