//! Columns of a table of leads: what each is of a lead, as a person confirmed it. Never opens a file, never guesses.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::import_columns::{BoundColumns, Column, MappingError, bind, shortened};
use crate::customers::import_times::{DateOrder, TimeReader};
use crate::customers::phone::Region;
use crate::customers::text::Tag;

/// What a column of the table is of a lead.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadColumn {
    /// One number, or several with `;` or `|` between, in the order in which they are tried.
    Number,
    /// The same, and what they are of.
    NumberOf {
        label: Tag,
    },
    /// Whether the numbers of the row may be called: yes, no or unknown.
    Consent,
    /// What kind of consent it is.
    ConsentKind,
    ConsentAt,
    /// Where it was given.
    ConsentSource,
    /// The whole name.
    Name,
    GivenName,
    FamilyName,
    /// BCP 47, such as `de` or `zh-Hant`.
    Language,
    /// The lead's time zone, such as `Europe/Paris`.
    Zone,
    Region,
    Postcode,
    /// The higher goes first.
    Priority,
    /// The lead's id in the system that the file comes from.
    Id,
    /// A field that the list declares, by name.
    Field {
        name: String,
    },
    /// Not taken over.
    Ignored,
}

/// What each heading of a table is, as a person confirmed it. Serde type of the mapping file.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeadMapping {
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
    pub columns: BTreeMap<String, LeadColumn>,
}

/// A mapping bound to the columns of one table.
#[derive(Clone, Debug)]
pub struct BoundLeads {
    pub(super) columns: BoundColumns<LeadColumn>,
    pub(super) home: Option<Region>,
    pub(super) times: TimeReader,
    pub(super) fields: FieldDeclarations,
}

impl BoundLeads {
    #[must_use]
    pub fn columns(&self) -> &BoundColumns<LeadColumn> {
        &self.columns
    }
}

impl LeadMapping {
    /// Binds the mapping to the headings of a table.
    ///
    /// # Errors
    /// All that is wrong with it, each naming its column.
    pub fn bound(&self, headings: &[&str], fields: &FieldDeclarations) -> Result<BoundLeads, Vec<MappingError>> {
        let (columns, mut errors) = bind(&self.columns, headings);
        errors.extend(self.columns.iter().filter_map(|(heading, column)| undeclared(heading, column, fields)));
        let times = TimeReader::new(self.zone.as_deref(), self.dates);
        if let Err(error) = &times {
            errors
                .push(MappingError::Zone { found: shortened(self.zone.as_deref().unwrap_or_default()), error: *error });
        }
        let is_number = |column: &LeadColumn| matches!(column, LeadColumn::Number | LeadColumn::NumberOf { .. });
        if errors.is_empty() && !columns.by_place.iter().any(|(_, column)| is_number(column)) {
            errors.push(MappingError::NoNumber);
        }
        match (times, errors.is_empty()) {
            (Ok(times), true) => Ok(BoundLeads { columns, home: self.home, times, fields: fields.clone() }),
            (Ok(_) | Err(_), _) => Err(errors),
        }
    }
}

fn undeclared(heading: &str, column: &LeadColumn, fields: &FieldDeclarations) -> Option<MappingError> {
    let LeadColumn::Field { name } = column else { return None };
    let error = fields.read(name, "").err()?;
    Some(MappingError::Field { heading: shortened(heading), error })
}

impl Column for LeadColumn {
    fn is_ignored(&self) -> bool {
        *self == LeadColumn::Ignored
    }

    fn takes_several(&self) -> bool {
        match self {
            LeadColumn::Number | LeadColumn::NumberOf { .. } | LeadColumn::Ignored => true,
            LeadColumn::Consent
            | LeadColumn::ConsentKind
            | LeadColumn::ConsentAt
            | LeadColumn::ConsentSource
            | LeadColumn::Name
            | LeadColumn::GivenName
            | LeadColumn::FamilyName
            | LeadColumn::Language
            | LeadColumn::Zone
            | LeadColumn::Region
            | LeadColumn::Postcode
            | LeadColumn::Priority
            | LeadColumn::Id
            | LeadColumn::Field { .. } => false,
        }
    }

    fn shown(&self) -> String {
        let name = match self {
            LeadColumn::Number => "number",
            LeadColumn::NumberOf { label } => return format!("number_of {label}"),
            LeadColumn::Consent => "consent",
            LeadColumn::ConsentKind => "consent_kind",
            LeadColumn::ConsentAt => "consent_at",
            LeadColumn::ConsentSource => "consent_source",
            LeadColumn::Name => "name",
            LeadColumn::GivenName => "given_name",
            LeadColumn::FamilyName => "family_name",
            LeadColumn::Language => "language",
            LeadColumn::Zone => "zone",
            LeadColumn::Region => "region",
            LeadColumn::Postcode => "postcode",
            LeadColumn::Priority => "priority",
            LeadColumn::Id => "id",
            LeadColumn::Field { name } => return format!("field {name}"),
            LeadColumn::Ignored => "ignored",
        };
        name.to_owned()
    }
}
