//! The centre's own fields of a customer, declared with types. Never reads a file, and no value: `field_values` does.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use super::field_values::{FieldError, FieldValue};

/// Fields of one centre: a card shows a screenful, and each is checked with every customer.
pub const FIELDS_MAX: usize = 64;
/// Longest name of a field.
pub const FIELD_NAME_CHARACTERS_MAX: usize = 40;
/// Longest name of a field that people are shown, as long as a name on the wire.
pub const FIELD_LABEL_CHARACTERS_MAX: usize = 64;
/// Longest text that a field may be declared for; notes are for more.
pub const FIELD_TEXT_CHARACTERS_MAX: usize = 2_000;
/// A text field whose declaration names no length.
const FIELD_TEXT_CHARACTERS_DEFAULT: usize = 200;
/// Options of one choice: what a person can look through.
pub const OPTIONS_MAX: usize = 200;
/// Longest option.
pub const OPTION_CHARACTERS_MAX: usize = 80;
/// Digits of a decimal before and behind the point: both databases and every host keep as many.
pub(super) const DECIMAL_WHOLE_DIGITS_MAX: usize = 18;
pub(super) const DECIMAL_FRACTION_DIGITS_MAX: usize = 9;

/// What values a field takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldType {
    Text {
        characters_max: usize,
    },
    Integer,
    /// Kept as text, so that no digit is lost.
    Decimal,
    /// A day without a time or zone.
    Date,
    Boolean,
    Choice {
        options: Vec<String>,
    },
}

/// One field as the centre declares it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "WrittenField", into = "WrittenField")]
pub struct FieldDeclaration {
    /// Lower-case letters, digits and `_`, a letter first.
    pub name: String,
    /// What people are shown.
    pub label: String,
    pub field_type: FieldType,
    /// Redacted where personal data is, and erased with the customer. True unless declared otherwise.
    pub personal: bool,
}

/// All declared fields, by name, in the order of declaration.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<FieldDeclaration>", into = "Vec<FieldDeclaration>")]
pub struct FieldDeclarations(IndexMap<String, FieldDeclaration>);

/// A declaration that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidField {
    #[error(
        "field name: expected 1 to {FIELD_NAME_CHARACTERS_MAX} lower-case letters, digits and underscores, a letter first, found {0:?}"
    )]
    Name(String),
    #[error(
        "field {0}: expected a label of 1 to {FIELD_LABEL_CHARACTERS_MAX} characters, none of them a control character"
    )]
    Label(String),
    #[error("field {field}: expected a length_max from 1 to {FIELD_TEXT_CHARACTERS_MAX}, found {found}")]
    Length { field: String, found: usize },
    #[error(
        "field {0}: expected 1 to {OPTIONS_MAX} different options of 1 to {OPTION_CHARACTERS_MAX} characters, none of them a control character or a space at the ends"
    )]
    Options(String),
    #[error("field {field}: {key} is only for the type {of}")]
    NotOfType { field: String, key: &'static str, of: &'static str },
    #[error("field {0}: expected one declaration, found two")]
    Twice(String),
    #[error("expected at most {FIELDS_MAX} fields")]
    TooMany,
}

/// A declaration as it is written in a file.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenField {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(rename = "type")]
    type_name: TypeName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length_max: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    options: Option<Vec<String>>,
    #[serde(default = "yes")]
    personal: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TypeName {
    Text,
    Integer,
    Decimal,
    Date,
    Boolean,
    Choice,
}

fn yes() -> bool {
    true
}

impl TryFrom<WrittenField> for FieldDeclaration {
    type Error = InvalidField;

    fn try_from(written: WrittenField) -> Result<Self, InvalidField> {
        let WrittenField { name, label, type_name, length_max, options, personal } = written;
        if !is_field_name(&name) {
            return Err(InvalidField::Name(name.chars().take(FIELD_NAME_CHARACTERS_MAX).collect()));
        }
        let label = label.unwrap_or_else(|| name.clone());
        if !is_line(&label, FIELD_LABEL_CHARACTERS_MAX) {
            return Err(InvalidField::Label(name));
        }
        if length_max.is_some() && type_name != TypeName::Text {
            return Err(InvalidField::NotOfType { field: name, key: "length_max", of: "text" });
        }
        if options.is_some() && type_name != TypeName::Choice {
            return Err(InvalidField::NotOfType { field: name, key: "options", of: "choice" });
        }
        let field_type = match type_name {
            TypeName::Text => {
                let characters_max = length_max.unwrap_or(FIELD_TEXT_CHARACTERS_DEFAULT);
                if !(1..=FIELD_TEXT_CHARACTERS_MAX).contains(&characters_max) {
                    return Err(InvalidField::Length { field: name, found: characters_max });
                }
                FieldType::Text { characters_max }
            }
            TypeName::Integer => FieldType::Integer,
            TypeName::Decimal => FieldType::Decimal,
            TypeName::Date => FieldType::Date,
            TypeName::Boolean => FieldType::Boolean,
            TypeName::Choice => FieldType::Choice {
                options: options
                    .filter(|options| are_options(options))
                    .ok_or_else(|| InvalidField::Options(name.clone()))?,
            },
        };
        Ok(Self { name, label, field_type, personal })
    }
}

impl From<FieldDeclaration> for WrittenField {
    fn from(field: FieldDeclaration) -> Self {
        let (type_name, length_max, options) = match field.field_type {
            FieldType::Text { characters_max } => (TypeName::Text, Some(characters_max), None),
            FieldType::Integer => (TypeName::Integer, None, None),
            FieldType::Decimal => (TypeName::Decimal, None, None),
            FieldType::Date => (TypeName::Date, None, None),
            FieldType::Boolean => (TypeName::Boolean, None, None),
            FieldType::Choice { options } => (TypeName::Choice, None, Some(options)),
        };
        Self { name: field.name, label: Some(field.label), type_name, length_max, options, personal: field.personal }
    }
}

impl TryFrom<Vec<FieldDeclaration>> for FieldDeclarations {
    type Error = InvalidField;

    fn try_from(fields: Vec<FieldDeclaration>) -> Result<Self, InvalidField> {
        let mut declared = Self::default();
        fields.into_iter().try_for_each(|field| declared.declare(field))?;
        Ok(declared)
    }
}

impl From<FieldDeclarations> for Vec<FieldDeclaration> {
    fn from(fields: FieldDeclarations) -> Self {
        fields.0.into_values().collect()
    }
}

impl FieldDeclarations {
    /// Adds a field after the others.
    ///
    /// # Errors
    /// When there is one of that name, or no room; nothing is changed then.
    pub fn declare(&mut self, field: FieldDeclaration) -> Result<(), InvalidField> {
        if self.0.contains_key(&field.name) {
            return Err(InvalidField::Twice(field.name));
        }
        if self.0.len() == FIELDS_MAX {
            return Err(InvalidField::TooMany);
        }
        self.0.insert(field.name.clone(), field);
        Ok(())
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldDeclaration> {
        self.0.get(name)
    }

    /// In the order of declaration.
    pub fn iter(&self) -> impl Iterator<Item = &FieldDeclaration> {
        self.0.values()
    }

    /// Whether the centre declares none: then what is stored is bounded, and otherwise what somebody says.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names of fields that are not personal data.
    pub fn not_personal(&self) -> impl Iterator<Item = &str> {
        self.0.values().filter(|field| !field.personal).map(|field| field.name.as_str())
    }
}

impl FieldType {
    /// What a value must be, for people.
    #[must_use]
    pub fn expected(&self) -> String {
        match self {
            FieldType::Text { characters_max } => {
                format!("a text of 1 to {characters_max} characters, without control characters but line ends and tabs")
            }
            FieldType::Integer => "a whole number, such as -12, from -2^63 to 2^63 - 1".to_owned(),
            FieldType::Decimal => format!(
                "a decimal number, such as -12.50, of at most {DECIMAL_WHOLE_DIGITS_MAX} digits before and \
                 {DECIMAL_FRACTION_DIGITS_MAX} behind the point"
            ),
            FieldType::Date => "a date, such as 2026-11-22".to_owned(),
            FieldType::Boolean => "true or false".to_owned(),
            FieldType::Choice { options } => {
                const SHOWN: usize = 10;
                let more = if options.len() > SHOWN { ", …" } else { "" };
                format!("one of {}{more}", options[..options.len().min(SHOWN)].join(", "))
            }
        }
    }
}

pub(super) fn is_field_name(name: &str) -> bool {
    name.len() <= FIELD_NAME_CHARACTERS_MAX
        && name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_')
}

fn is_line(text: &str, characters_max: usize) -> bool {
    !text.is_empty()
        && text.trim() == text
        && text.chars().nth(characters_max).is_none()
        && !text.chars().any(char::is_control)
}

fn are_options(options: &[String]) -> bool {
    (1..=OPTIONS_MAX).contains(&options.len())
        && options.iter().all(|option| is_line(option, OPTION_CHARACTERS_MAX))
        && options.iter().collect::<BTreeSet<_>>().len() == options.len()
}
