//! A row of a table to the draft of a customer, or a refusal that names row, column and reason. Never repeats a cell, never stores.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{Address, AddressKind, NotAnAddress};
use super::card_numbers::mask_card_numbers;
use super::custom_fields::{FieldError, FieldValue};
use super::defuse::restored;
use super::import_columns::{BoundMapping, CustomerColumn};
use super::import_times::{NotATime, UnknownZone};
use super::interaction::Satisfaction;
use super::phone::NotAPhoneNumber;
use super::search_terms::is_ideographic;
use super::text::InvalidText;
use crate::routing::ids::InvalidName;

/// Longest cell, in characters; XLSX allows 32,767, a note needs less.
pub const CELL_CHARACTERS_MAX: usize = 8_000;
/// Addresses of one customer, and of one cell.
pub const ADDRESSES_MAX: usize = 50;
/// Longest name of a customer, all parts together.
pub const CUSTOMER_NAME_CHARACTERS_MAX: usize = 200;
/// Tags of one customer, and the length of each.
pub const TAGS_MAX: usize = 50;
pub const TAG_CHARACTERS_MAX: usize = 64;
/// Longest tier, owner or language.
pub const WORD_CHARACTERS_MAX: usize = 64;

/// What a formula shows when it has no value.
const SPREADSHEET_ERRORS: [&str; 8] =
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"];

/// A customer as a row gives him, ready to be compared with those that are known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CustomerDraft {
    pub name: PersonalText,
    pub language: Option<String>,
    pub tier: Option<String>,
    pub owner: Option<String>,
    /// Each once, in the order of the row.
    pub addresses: Vec<Address>,
    pub tags: BTreeSet<String>,
    pub do_not_contact: bool,
    /// With card numbers masked.
    pub notes: Vec<PersonalText>,
    pub fields: BTreeMap<String, FieldValue>,
}

/// A name or a note. Prints itself redacted.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PersonalText(pub String);

impl std::fmt::Debug for PersonalText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} characters", self.0.chars().count())
    }
}

/// A row that was not taken. Never repeats what a cell holds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {row}{}: {reason}", in_column(.column.as_deref()))]
pub struct RowRefusal {
    /// As the caller counts, such as the line of the file.
    pub row: u64,
    /// The heading; `None` when it is the row as a whole.
    pub column: Option<String>,
    pub reason: WhyRefused,
}

fn in_column(column: Option<&str>) -> String {
    column.map(|column| format!(", column {column:?}")).unwrap_or_default()
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyRefused {
    #[error("expected {expected} cells, found {found}")]
    CellCount { expected: usize, found: usize },
    #[error("expected a row of at most {} KiB: is a quote left open?", .bytes_max / 1024)]
    RowTooLong { bytes_max: usize },
    #[error("expected at most {CELL_CHARACTERS_MAX} characters")]
    CellTooLong,
    #[error("expected text in UTF-8, found bytes that are none")]
    WrongEncoding,
    #[error("expected text, found a control character")]
    ControlCharacter,
    #[error("expected a value, found a spreadsheet's error")]
    SpreadsheetError,
    #[error("expected a name or an address")]
    Nobody,
    #[error("expected at most {0} characters")]
    TooLong(usize),
    #[error("expected at most {ADDRESSES_MAX} addresses")]
    TooManyAddresses,
    #[error("expected at most {TAGS_MAX} tags of 1 to {TAG_CHARACTERS_MAX} characters")]
    Tags,
    #[error("expected one customer with these addresses, found several")]
    SeveralKnown,
    #[error("expected a customer with one of these addresses, found none")]
    UnknownCustomer,
    #[error("expected nobody who was erased, found an address of such a person: who came back is added by hand")]
    Erased,
    #[error("expected a number to call")]
    NoNumber,
    #[error("expected at most {0} numbers")]
    TooManyNumbers(usize),
    #[error("expected a number that stands in this file once")]
    NumberTwice,
    #[error("expected a number that {0} does not have yet")]
    NumberKnown(String),
    #[error("expected a number or a prefix")]
    NoNumberOrPrefix,
    #[error("expected a number or a prefix, found both")]
    NumberAndPrefix,
    /// What was expected of digits; never the digits.
    #[error("{0}")]
    Digits(String),
    #[error("expected yes, no or unknown")]
    Consent,
    #[error("expected a whole number from -{0} to {0}")]
    Priority(i64),
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    #[error("expected an external id or an address of the customer")]
    NoCustomer,
    #[error("expected when it was")]
    NoTime,
    #[error("expected the wait to end after the arrival, and the whole after the wait")]
    EndsBefore,
    #[error("expected voice, callback, chat, email or task")]
    Channel,
    #[error("expected inbound, outbound or internal")]
    Direction,
    #[error("expected a score of 1 to {}", Satisfaction::MAX)]
    Satisfaction,
    #[error("expected a language, such as de or zh-Hant")]
    Language,
    #[error("expected yes or no")]
    YesOrNo,
    #[error(transparent)]
    Phone(#[from] NotAPhoneNumber),
    #[error(transparent)]
    Address(#[from] NotAnAddress),
    #[error(transparent)]
    Field(#[from] FieldError),
    #[error(transparent)]
    Time(#[from] NotATime),
    #[error(transparent)]
    Name(#[from] InvalidName),
    #[error(transparent)]
    Text(#[from] InvalidText),
}

impl BoundMapping {
    /// The customer of a row. `row` is only told in the refusal.
    ///
    /// # Errors
    /// When a cell cannot be what its column is, or the row names nobody. The first such cell from the left is named.
    pub fn read(&self, row: u64, cells: &[&str]) -> Result<CustomerDraft, RowRefusal> {
        let mut draft = CustomerDraft::default();
        let mut names = NameParts::default();
        self.columns.each_cell(row, cells, |_, column, cell| self.take(&mut draft, &mut names, column, cell))?;
        let name = names.joined();
        let refuse = |reason| RowRefusal { row, column: None, reason };
        if name.chars().nth(CUSTOMER_NAME_CHARACTERS_MAX).is_some() {
            return Err(refuse(WhyRefused::TooLong(CUSTOMER_NAME_CHARACTERS_MAX)));
        }
        draft.name = PersonalText(name);
        if draft.name.0.is_empty() && draft.addresses.is_empty() {
            return Err(refuse(WhyRefused::Nobody));
        }
        Ok(draft)
    }

    fn take(
        &self,
        draft: &mut CustomerDraft,
        names: &mut NameParts,
        column: &CustomerColumn,
        cell: &str,
    ) -> Result<(), WhyRefused> {
        match column {
            CustomerColumn::Name => names.whole = Some(name(cell)?),
            CustomerColumn::GivenName => names.given = Some(name(cell)?),
            CustomerColumn::FamilyName => names.family = Some(name(cell)?),
            CustomerColumn::Language => draft.language = Some(language(cell)?),
            CustomerColumn::Tier => draft.tier = Some(word(cell)?),
            CustomerColumn::Owner => draft.owner = Some(word(cell)?),
            CustomerColumn::Phone => {
                for part in phone_parts(cell) {
                    add_address(&mut draft.addresses, Address::phone(part, self.home)?)?;
                }
            }
            CustomerColumn::Email => {
                for part in email_parts(cell) {
                    add_address(&mut draft.addresses, Some(Address::email(part)?))?;
                }
            }
            CustomerColumn::Handle { network } => {
                for part in handle_parts(cell) {
                    add_address(&mut draft.addresses, Some(Address::handle(network, part)?))?;
                }
            }
            CustomerColumn::External { system } => {
                add_address(&mut draft.addresses, Some(Address::external(system, cell)?))?
            }
            CustomerColumn::Tags => draft.tags.extend(tags(cell)?),
            CustomerColumn::DoNotContact => draft.do_not_contact |= yes_or_no(cell)?,
            CustomerColumn::Note => draft.notes.push(PersonalText(mask_card_numbers(cell).text.into_owned())),
            CustomerColumn::Field { name } => {
                if let Some(value) = self.fields.read(name, cell)? {
                    draft.fields.insert(name.clone(), value);
                }
            }
            CustomerColumn::Ignored => {}
        }
        if draft.tags.len() > TAGS_MAX {
            return Err(WhyRefused::Tags);
        }
        Ok(())
    }
}

impl CustomerDraft {
    /// The first number, else the first address.
    #[must_use]
    pub fn main_address(&self) -> Option<&Address> {
        self.addresses.iter().find(|address| address.kind == AddressKind::Phone).or(self.addresses.first())
    }
}

/// Once each.
pub(super) fn add_address(addresses: &mut Vec<Address>, address: Option<Address>) -> Result<(), WhyRefused> {
    let Some(address) = address else {
        return Ok(());
    };
    let same = |held: &Address| {
        (held.kind, &held.value, &held.extension) == (address.kind, &address.value, &address.extension)
    };
    if addresses.iter().any(same) {
        return Ok(());
    }
    if addresses.len() >= ADDRESSES_MAX {
        return Err(WhyRefused::TooManyAddresses);
    }
    addresses.push(address);
    Ok(())
}

/// The parts of a name as their columns hold them.
#[derive(Default)]
pub(crate) struct NameParts {
    pub whole: Option<String>,
    pub given: Option<String>,
    pub family: Option<String>,
}

impl NameParts {
    /// The whole name when the row has it; else given and family name, ideographs family name first and joined.
    pub fn joined(self) -> String {
        if let Some(whole) = self.whole {
            return whole;
        }
        match (self.given, self.family) {
            (Some(given), Some(family)) => {
                let ideographs = [&given, &family].iter().all(|part| part.ends_with(is_ideographic));
                if ideographs { format!("{family}{given}") } else { format!("{given} {family}") }
            }
            (Some(part), None) | (None, Some(part)) => part,
            (None, None) => String::new(),
        }
    }
}

/// The cell without spaces around it and without our own export's mark against formulas.
pub(crate) fn cell_text(cell: &str) -> Result<&str, WhyRefused> {
    if cell.len() > CELL_CHARACTERS_MAX && cell.chars().nth(CELL_CHARACTERS_MAX).is_some() {
        return Err(WhyRefused::CellTooLong);
    }
    if cell.contains('\u{fffd}') {
        return Err(WhyRefused::WrongEncoding);
    }
    let text = restored(cell.trim()).trim();
    if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
        return Err(WhyRefused::ControlCharacter);
    }
    if SPREADSHEET_ERRORS.contains(&text) {
        return Err(WhyRefused::SpreadsheetError);
    }
    Ok(text)
}

pub(crate) fn name(cell: &str) -> Result<String, WhyRefused> {
    let name = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = name.chars().nth(CUSTOMER_NAME_CHARACTERS_MAX).is_none();
    fits.then_some(name).ok_or(WhyRefused::TooLong(CUSTOMER_NAME_CHARACTERS_MAX))
}

pub(super) fn word(cell: &str) -> Result<String, WhyRefused> {
    if cell.chars().any(char::is_control) {
        return Err(WhyRefused::ControlCharacter);
    }
    let fits = cell.chars().nth(WORD_CHARACTERS_MAX).is_none();
    fits.then(|| cell.to_owned()).ok_or(WhyRefused::TooLong(WORD_CHARACTERS_MAX))
}

/// The shape of BCP 47: two or three letters, then parts of one to eight letters and digits.
pub(crate) fn language(cell: &str) -> Result<String, WhyRefused> {
    let tag = cell.replace('_', "-");
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let begins = (2..=3).contains(&first.len()) && first.bytes().all(|letter| letter.is_ascii_alphabetic());
    let goes_on =
        parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|letter| letter.is_ascii_alphanumeric()));
    if begins && goes_on && tag.len() <= WORD_CHARACTERS_MAX { Ok(tag) } else { Err(WhyRefused::Language) }
}

pub(crate) fn yes_or_no(cell: &str) -> Result<bool, WhyRefused> {
    match cell.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" | "是" => Ok(true),
        "no" | "n" | "false" | "0" | "否" => Ok(false),
        _ => Err(WhyRefused::YesOrNo),
    }
}

fn tags(cell: &str) -> Result<BTreeSet<String>, WhyRefused> {
    let tags: BTreeSet<String> = parts(cell, &[',', ';', '|', '\n', '，', '；', '、']).map(str::to_owned).collect();
    let fit = |tag: &String| tag.chars().nth(TAG_CHARACTERS_MAX).is_none() && !tag.chars().any(char::is_control);
    if tags.len() <= TAGS_MAX && tags.iter().all(fit) { Ok(tags) } else { Err(WhyRefused::Tags) }
}

pub(super) fn email_parts(cell: &str) -> impl Iterator<Item = &str> {
    parts(cell, &[';', ',', '|', '\n', '；', '，'])
}

pub(super) fn handle_parts(cell: &str) -> impl Iterator<Item = &str> {
    parts(cell, &[';', '|', '\n', '；'])
}

fn parts<'c>(cell: &'c str, separators: &'c [char]) -> impl Iterator<Item = &'c str> {
    cell.split(separators).map(str::trim).filter(|part| !part.is_empty())
}

/// Numbers with `;`, `|` or a line end between; a `;` that begins a parameter (`;ext=12`) does not part them.
pub(crate) fn phone_parts(cell: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut begin = 0;
    for (place, sign) in cell.match_indices([';', '|', '\n', '；']) {
        let after = cell[place + sign.len()..].trim_start();
        let parameter =
            sign == ";" && after.starts_with(|letter: char| letter.is_ascii_alphabetic()) && after.contains('=');
        if !parameter {
            found.push(&cell[begin..place]);
            begin = place + sign.len();
        }
    }
    found.push(&cell[begin..]);
    found.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}
