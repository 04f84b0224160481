//! Columns of a table of customers: which field of a customer each is, as a person confirmed it. Never opens a file, never guesses.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::address::{Address, NotAnAddress};
use super::custom_fields::{FieldDeclarations, FieldError};
use super::import_rows::{RowRefusal, WhyRefused, cell_text};
use super::import_times::UnknownZone;
use super::phone::Region;

/// Columns of one table; an export of a host system has some hundreds.
pub const COLUMNS_MAX: usize = 512;
/// Longest heading that is kept or shown.
pub const HEADING_CHARACTERS_MAX: usize = 200;

/// What a column of the table is of a customer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerColumn {
    /// The whole name.
    Name,
    GivenName,
    FamilyName,
    /// BCP 47, such as `de` or `zh-Hant`.
    Language,
    Tier,
    /// The agent who owns the account.
    Owner,
    /// One number, or several with `;` or `|` between. The first of the table is the main one.
    Phone,
    /// One address, or several with `;`, `,` or `|` between.
    Email,
    /// Names on this network, with `;` or `|` between.
    Handle {
        network: String,
    },
    /// The customer's id in this system, one.
    External {
        system: String,
    },
    /// With `,`, `;` or `|` between.
    Tags,
    /// Yes or no.
    DoNotContact,
    Note,
    /// A declared field, by name.
    Field {
        name: String,
    },
    /// Not taken over.
    Ignored,
}

/// What each heading of a table is, as a person confirmed it. Serde type of the mapping file or request.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMapping {
    /// By heading as the table has it; a heading that is not named here is not taken over.
    pub columns: BTreeMap<String, CustomerColumn>,
    /// The country of numbers without one.
    #[serde(default)]
    pub home: Option<Region>,
}

/// A mapping that does not go with the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    #[error("expected at most {COLUMNS_MAX} columns, found {0}")]
    TooManyColumns(usize),
    #[error("column {0:?}: expected a heading in the table, found none of that name")]
    Missing(String),
    #[error("column {0:?}: expected one column of that heading for what a customer has once, found several")]
    Doubled(String),
    #[error("column {second:?}: expected one column for {target}, found {first:?} too")]
    SameTarget { target: String, first: String, second: String },
    #[error("column {heading:?}: {error}")]
    Field { heading: String, error: FieldError },
    #[error("column {heading:?}: {error}")]
    Address { heading: String, error: NotAnAddress },
    #[error("expected a column with a number")]
    NoNumber,
    #[error("expected a column with a name or an address")]
    NobodyNamed,
    #[error("expected a column by which the customer is known: an external id or an address")]
    NoCustomer,
    #[error("expected a column `arrived_at` or `date`")]
    NoTime,
    #[error("expected a column `{0}`, or `{0}` of all rows in the mapping")]
    NoDefault(&'static str),
    #[error("zone {found:?}: {error}")]
    Zone { found: String, error: UnknownZone },
}

/// What a column can be, of whatever the rows are.
pub(crate) trait Column: Clone + Ord {
    fn is_ignored(&self) -> bool;
    /// Whether several columns of a table may be this.
    fn takes_several(&self) -> bool;
    /// As the mapping names it.
    fn shown(&self) -> String;
}

/// What each heading is by `guess`. Of several columns for one target that takes one, the first is taken.
pub(crate) fn guessed_columns<C: Column>(headings: &[&str], guess: impl Fn(&str) -> Option<C>) -> BTreeMap<String, C> {
    let mut columns = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for heading in headings.iter().take(COLUMNS_MAX) {
        let guess = guess(heading).filter(|column| column.takes_several() || !taken.contains(column));
        if let Some(column) = guess.filter(|_| !columns.contains_key(*heading)) {
            taken.insert(column.clone());
            columns.insert((*heading).to_owned(), column);
        }
    }
    columns
}

/// The headings of one table, and what is taken over of it.
#[derive(Clone, Debug)]
pub struct BoundColumns<C> {
    pub(crate) headings: Vec<String>,
    /// By place in the row; only those that are taken over.
    pub(crate) by_place: Vec<(usize, C)>,
}

impl<C> BoundColumns<C> {
    /// The heading of a column, as it is shown.
    #[must_use]
    pub fn heading(&self, place: usize) -> Option<&str> {
        self.headings.get(place).map(String::as_str)
    }

    #[must_use]
    pub fn width(&self) -> usize {
        self.headings.len()
    }

    pub(crate) fn refusal(&self, row: u64, place: usize, reason: WhyRefused) -> RowRefusal {
        RowRefusal { row, column: Some(self.headings[place].clone()), reason }
    }

    /// Gives `take` each cell that is taken over and not empty, with its place and column, from the left.
    ///
    /// # Errors
    /// When the row has not as many cells as the table has headings, a cell cannot be read, or `take` refuses one: the
    /// first such from the left is named.
    pub(crate) fn each_cell<'c>(
        &self,
        row: u64,
        cells: &[&'c str],
        mut take: impl FnMut(usize, &C, &'c str) -> Result<(), WhyRefused>,
    ) -> Result<(), RowRefusal> {
        if cells.len() != self.headings.len() {
            let reason = WhyRefused::CellCount { expected: self.headings.len(), found: cells.len() };
            return Err(RowRefusal { row, column: None, reason });
        }
        for (place, column) in &self.by_place {
            let refuse = |reason| self.refusal(row, *place, reason);
            let cell = cell_text(cells[*place]).map_err(refuse)?;
            if !cell.is_empty() {
                take(*place, column, cell).map_err(refuse)?;
            }
        }
        Ok(())
    }
}

/// What the headings are by the mapping, and what is wrong with it.
pub(crate) fn bind<C: Column>(
    mapping: &BTreeMap<String, C>,
    headings: &[&str],
) -> (BoundColumns<C>, Vec<MappingError>) {
    let shown = headings.iter().take(COLUMNS_MAX).map(|heading| shortened(heading)).collect();
    let mut bound = BoundColumns { headings: shown, by_place: Vec::new() };
    let widest = headings.len().max(mapping.len());
    if widest > COLUMNS_MAX {
        return (bound, vec![MappingError::TooManyColumns(widest)]);
    }
    let mut errors = Vec::new();
    for (heading, column) in mapping.iter().filter(|(_, column)| !column.is_ignored()) {
        let places = (0..headings.len()).filter(|place| headings[*place].trim() == heading.trim());
        let places: Vec<usize> = places.collect();
        match places.len() {
            0 => errors.push(MappingError::Missing(shortened(heading))),
            2.. if !column.takes_several() => errors.push(MappingError::Doubled(shortened(heading))),
            _ => bound.by_place.extend(places.into_iter().map(|place| (place, column.clone()))),
        }
    }
    bound.by_place.sort_unstable_by_key(|(place, _)| *place);
    errors.extend(same_targets(&bound));
    (bound, errors)
}

fn same_targets<C: Column>(bound: &BoundColumns<C>) -> Vec<MappingError> {
    let mut first_of: BTreeMap<&C, usize> = BTreeMap::new();
    let mut errors = Vec::new();
    for (place, column) in bound.by_place.iter().filter(|(_, column)| !column.takes_several()) {
        match first_of.get(column) {
            Some(first) => errors.push(MappingError::SameTarget {
                target: column.shown(),
                first: bound.headings[*first].clone(),
                second: bound.headings[*place].clone(),
            }),
            None => {
                first_of.insert(column, *place);
            }
        }
    }
    errors
}

/// A mapping bound to the columns of one table.
#[derive(Clone, Debug)]
pub struct BoundMapping {
    pub(super) columns: BoundColumns<CustomerColumn>,
    pub(super) home: Option<Region>,
    pub(super) fields: FieldDeclarations,
}

impl BoundMapping {
    #[must_use]
    pub fn columns(&self) -> &BoundColumns<CustomerColumn> {
        &self.columns
    }
}

impl ColumnMapping {
    /// Binds the mapping to the headings of a table.
    ///
    /// # Errors
    /// All that is wrong with it, each naming its column.
    pub fn bound(&self, headings: &[&str], fields: &FieldDeclarations) -> Result<BoundMapping, Vec<MappingError>> {
        let (columns, mut errors) = bind(&self.columns, headings);
        errors.extend(self.columns.iter().filter_map(|(heading, column)| target_error(heading, column, fields)));
        if errors.is_empty() && !columns.by_place.iter().any(|(_, column)| names_somebody(column)) {
            errors.push(MappingError::NobodyNamed);
        }
        if errors.is_empty() {
            Ok(BoundMapping { columns, home: self.home, fields: fields.clone() })
        } else {
            Err(errors)
        }
    }
}

impl Column for CustomerColumn {
    fn is_ignored(&self) -> bool {
        *self == CustomerColumn::Ignored
    }

    fn takes_several(&self) -> bool {
        match self {
            CustomerColumn::Phone
            | CustomerColumn::Email
            | CustomerColumn::Handle { .. }
            | CustomerColumn::Tags
            | CustomerColumn::DoNotContact
            | CustomerColumn::Note
            | CustomerColumn::Ignored => true,
            CustomerColumn::Name
            | CustomerColumn::GivenName
            | CustomerColumn::FamilyName
            | CustomerColumn::Language
            | CustomerColumn::Tier
            | CustomerColumn::Owner
            | CustomerColumn::External { .. }
            | CustomerColumn::Field { .. } => false,
        }
    }

    fn shown(&self) -> String {
        let name = match self {
            CustomerColumn::Name => "name",
            CustomerColumn::GivenName => "given_name",
            CustomerColumn::FamilyName => "family_name",
            CustomerColumn::Language => "language",
            CustomerColumn::Tier => "tier",
            CustomerColumn::Owner => "owner",
            CustomerColumn::Phone => "phone",
            CustomerColumn::Email => "email",
            CustomerColumn::Handle { network } => return format!("handle {network}"),
            CustomerColumn::External { system } => return format!("external {system}"),
            CustomerColumn::Tags => "tags",
            CustomerColumn::DoNotContact => "do_not_contact",
            CustomerColumn::Note => "note",
            CustomerColumn::Field { name } => return format!("field {name}"),
            CustomerColumn::Ignored => "ignored",
        };
        name.to_owned()
    }
}

fn names_somebody(column: &CustomerColumn) -> bool {
    match column {
        CustomerColumn::Name
        | CustomerColumn::GivenName
        | CustomerColumn::FamilyName
        | CustomerColumn::Phone
        | CustomerColumn::Email
        | CustomerColumn::Handle { .. }
        | CustomerColumn::External { .. } => true,
        CustomerColumn::Language
        | CustomerColumn::Tier
        | CustomerColumn::Owner
        | CustomerColumn::Tags
        | CustomerColumn::DoNotContact
        | CustomerColumn::Note
        | CustomerColumn::Field { .. }
        | CustomerColumn::Ignored => false,
    }
}

/// What is wrong with the target itself: a field that is not declared, a name that no network or system can have.
fn target_error(heading: &str, column: &CustomerColumn, fields: &FieldDeclarations) -> Option<MappingError> {
    match column {
        CustomerColumn::Field { name } => {
            let error = fields.read(name, "").err()?;
            Some(MappingError::Field { heading: shortened(heading), error })
        }
        CustomerColumn::Handle { network: system } | CustomerColumn::External { system } => {
            let error = Address::external(system, "any").err()?;
            Some(MappingError::Address { heading: shortened(heading), error })
        }
        CustomerColumn::Name
        | CustomerColumn::GivenName
        | CustomerColumn::FamilyName
        | CustomerColumn::Language
        | CustomerColumn::Tier
        | CustomerColumn::Owner
        | CustomerColumn::Phone
        | CustomerColumn::Email
        | CustomerColumn::Tags
        | CustomerColumn::DoNotContact
        | CustomerColumn::Note
        | CustomerColumn::Ignored => None,
    }
}

pub(crate) fn shortened(heading: &str) -> String {
    heading.trim().chars().take(HEADING_CHARACTERS_MAX).collect()
}
