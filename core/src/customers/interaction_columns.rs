//! Columns of a table of interactions: what each is of a contact, as a person confirmed it. Never opens a file, never guesses.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::routing::command::Direction;
use crate::routing::rule_set::Channel;

use super::address::Address;
use super::import_columns::{BoundColumns, Column, MappingError, bind, shortened};
use super::import_times::{DateOrder, TimeReader};
use super::phone::Region;

/// What a column of the table is of an interaction.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InteractionColumn {
    /// The interaction's own id in this system, one: by it a row is known again.
    Id {
        system: String,
    },
    /// The customer's id in this system, one.
    External {
        system: String,
    },
    /// The customer's number, or several with `;` or `|` between.
    Phone,
    Email,
    /// The customer's name on this network.
    Handle {
        network: String,
    },
    /// Date and time.
    ArrivedAt,
    /// The date of the arrival, beside a column `time`.
    Date,
    Time,
    EndedAt,
    /// How long it took from the arrival to the end.
    Duration,
    /// How long the customer waited.
    Wait,
    /// How long an agent had it: the time behind the wait.
    Talk,
    Channel,
    Direction,
    Queue,
    Agent,
    Disposition,
    Satisfaction,
    Note,
    /// Where the recording is.
    Recording,
    Transcript,
    /// Not taken over.
    Ignored,
}

/// What each heading of a table is, as a person confirmed it. Serde type of the mapping file or request.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InteractionMapping {
    /// The country of numbers without one.
    #[serde(default)]
    pub home: Option<Region>,
    /// Of times without an offset, such as `Europe/Paris`.
    #[serde(default)]
    pub zone: Option<String>,
    /// What stands first in dates with strokes.
    #[serde(default)]
    pub dates: Option<DateOrder>,
    /// Of rows that do not say it.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// Of rows that do not say it.
    #[serde(default)]
    pub direction: Option<Direction>,
    /// By heading as the table has it; a heading that is not named here is not taken over.
    pub columns: BTreeMap<String, InteractionColumn>,
}

/// A mapping bound to the columns of one table.
#[derive(Clone, Debug)]
pub struct BoundInteractions {
    pub(super) columns: BoundColumns<InteractionColumn>,
    pub(super) home: Option<Region>,
    pub(super) times: TimeReader,
    pub(super) channel: Option<Channel>,
    pub(super) direction: Option<Direction>,
}

impl BoundInteractions {
    #[must_use]
    pub fn columns(&self) -> &BoundColumns<InteractionColumn> {
        &self.columns
    }
}

impl InteractionMapping {
    /// Binds the mapping to the headings of a table.
    ///
    /// # Errors
    /// All that is wrong with it, each naming its column.
    pub fn bound(&self, headings: &[&str]) -> Result<BoundInteractions, Vec<MappingError>> {
        let (columns, mut errors) = bind(&self.columns, headings);
        errors.extend(self.columns.iter().filter_map(|(heading, column)| target_error(heading, column)));
        let times = TimeReader::new(self.zone.as_deref(), self.dates);
        if let Err(error) = &times {
            errors
                .push(MappingError::Zone { found: shortened(self.zone.as_deref().unwrap_or_default()), error: *error });
        }
        let has = |wanted: fn(&InteractionColumn) -> bool| columns.by_place.iter().any(|(_, column)| wanted(column));
        if errors.is_empty() && !has(names_the_customer) {
            errors.push(MappingError::NoCustomer);
        }
        if errors.is_empty() && !has(|column| matches!(column, InteractionColumn::ArrivedAt | InteractionColumn::Date))
        {
            errors.push(MappingError::NoTime);
        }
        if errors.is_empty() && self.channel.is_none() && !has(|column| *column == InteractionColumn::Channel) {
            errors.push(MappingError::NoDefault("channel"));
        }
        if errors.is_empty() && self.direction.is_none() && !has(|column| *column == InteractionColumn::Direction) {
            errors.push(MappingError::NoDefault("direction"));
        }
        match (times, errors.is_empty()) {
            (Ok(times), true) => Ok(BoundInteractions {
                columns,
                home: self.home,
                times,
                channel: self.channel,
                direction: self.direction,
            }),
            (Ok(_) | Err(_), _) => Err(errors),
        }
    }
}

impl Column for InteractionColumn {
    fn is_ignored(&self) -> bool {
        *self == InteractionColumn::Ignored
    }

    fn takes_several(&self) -> bool {
        match self {
            InteractionColumn::Phone
            | InteractionColumn::Email
            | InteractionColumn::Handle { .. }
            | InteractionColumn::Note
            | InteractionColumn::Ignored => true,
            InteractionColumn::Id { .. }
            | InteractionColumn::External { .. }
            | InteractionColumn::ArrivedAt
            | InteractionColumn::Date
            | InteractionColumn::Time
            | InteractionColumn::EndedAt
            | InteractionColumn::Duration
            | InteractionColumn::Wait
            | InteractionColumn::Talk
            | InteractionColumn::Channel
            | InteractionColumn::Direction
            | InteractionColumn::Queue
            | InteractionColumn::Agent
            | InteractionColumn::Disposition
            | InteractionColumn::Satisfaction
            | InteractionColumn::Recording
            | InteractionColumn::Transcript => false,
        }
    }

    fn shown(&self) -> String {
        let name = match self {
            InteractionColumn::Id { system } => return format!("id {system}"),
            InteractionColumn::External { system } => return format!("external {system}"),
            InteractionColumn::Handle { network } => return format!("handle {network}"),
            InteractionColumn::Phone => "phone",
            InteractionColumn::Email => "email",
            InteractionColumn::ArrivedAt => "arrived_at",
            InteractionColumn::Date => "date",
            InteractionColumn::Time => "time",
            InteractionColumn::EndedAt => "ended_at",
            InteractionColumn::Duration => "duration",
            InteractionColumn::Wait => "wait",
            InteractionColumn::Talk => "talk",
            InteractionColumn::Channel => "channel",
            InteractionColumn::Direction => "direction",
            InteractionColumn::Queue => "queue",
            InteractionColumn::Agent => "agent",
            InteractionColumn::Disposition => "disposition",
            InteractionColumn::Satisfaction => "satisfaction",
            InteractionColumn::Note => "note",
            InteractionColumn::Recording => "recording",
            InteractionColumn::Transcript => "transcript",
            InteractionColumn::Ignored => "ignored",
        };
        name.to_owned()
    }
}

fn names_the_customer(column: &InteractionColumn) -> bool {
    match column {
        InteractionColumn::External { .. }
        | InteractionColumn::Phone
        | InteractionColumn::Email
        | InteractionColumn::Handle { .. } => true,
        InteractionColumn::Id { .. }
        | InteractionColumn::ArrivedAt
        | InteractionColumn::Date
        | InteractionColumn::Time
        | InteractionColumn::EndedAt
        | InteractionColumn::Duration
        | InteractionColumn::Wait
        | InteractionColumn::Talk
        | InteractionColumn::Channel
        | InteractionColumn::Direction
        | InteractionColumn::Queue
        | InteractionColumn::Agent
        | InteractionColumn::Disposition
        | InteractionColumn::Satisfaction
        | InteractionColumn::Note
        | InteractionColumn::Recording
        | InteractionColumn::Transcript
        | InteractionColumn::Ignored => false,
    }
}

/// A name that no network or system can have.
fn target_error(heading: &str, column: &InteractionColumn) -> Option<MappingError> {
    let system = match column {
        InteractionColumn::Id { system }
        | InteractionColumn::External { system }
        | InteractionColumn::Handle { network: system } => system,
        InteractionColumn::Phone
        | InteractionColumn::Email
        | InteractionColumn::ArrivedAt
        | InteractionColumn::Date
        | InteractionColumn::Time
        | InteractionColumn::EndedAt
        | InteractionColumn::Duration
        | InteractionColumn::Wait
        | InteractionColumn::Talk
        | InteractionColumn::Channel
        | InteractionColumn::Direction
        | InteractionColumn::Queue
        | InteractionColumn::Agent
        | InteractionColumn::Disposition
        | InteractionColumn::Satisfaction
        | InteractionColumn::Note
        | InteractionColumn::Recording
        | InteractionColumn::Transcript
        | InteractionColumn::Ignored => return None,
    };
    let error = Address::external(system, "any").err()?;
    Some(MappingError::Address { heading: shortened(heading), error })
}
