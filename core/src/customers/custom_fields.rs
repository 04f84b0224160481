//! The centre's own fields of a customer: declared with types, and values checked against them. Never reads a file, never repeats a value in an error.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// Fields of one centre: a card shows a screenful, and each is checked with every customer.
pub const FIELDS_MAX: usize = 64;
/// Longest name of a field.
pub const FIELD_NAME_CHARACTERS_MAX: usize = 40;
/// Longest name of a field that people are shown.
pub const FIELD_LABEL_CHARACTERS_MAX: usize = 80;
/// Longest text that a field may be declared for; notes are for more.
pub const FIELD_TEXT_CHARACTERS_MAX: usize = 2_000;
/// A text field whose declaration names no length.
const FIELD_TEXT_CHARACTERS_DEFAULT: usize = 200;
/// Options of one choice: what a person can look through.
pub const OPTIONS_MAX: usize = 200;
/// Longest option.
pub const OPTION_CHARACTERS_MAX: usize = 80;
/// Digits of a decimal before and behind the point: both databases and every host keep as many.
const DECIMAL_WHOLE_DIGITS_MAX: usize = 18;
const DECIMAL_FRACTION_DIGITS_MAX: usize = 9;

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

/// A value of a field, as its type asks. Prints itself redacted.
#[derive(Clone, PartialEq, Eq)]
pub enum FieldValue {
    Text(String),
    Integer(i64),
    /// An optional `-`, digits without leading zeros, and perhaps a point and digits.
    Decimal(String),
    Date(Date),
    Boolean(bool),
    Choice(String),
}

/// A declaration that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidField {
    #[error(
        "field name: expected 1 to {FIELD_NAME_CHARACTERS_MAX} lower-case letters, digits and underscores, a letter first"
    )]
    Name,
    #[error(
        "field {0}: expected a label of 1 to {FIELD_LABEL_CHARACTERS_MAX} characters, none of them a control character"
    )]
    Label(String),
    #[error("field {0}: expected a length_max from 1 to {FIELD_TEXT_CHARACTERS_MAX}")]
    Length(String),
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

/// A value that its field does not take, or a field that is not declared. Never repeats the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("field {field}: expected {expected}")]
pub struct FieldError {
    pub field: String,
    pub expected: String,
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
            return Err(InvalidField::Name);
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
                    return Err(InvalidField::Length(name));
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
        if fields.len() > FIELDS_MAX {
            return Err(InvalidField::TooMany);
        }
        let mut by_name = IndexMap::with_capacity(fields.len());
        for field in fields {
            if let Some(before) = by_name.insert(field.name.clone(), field) {
                return Err(InvalidField::Twice(before.name));
            }
        }
        Ok(Self(by_name))
    }
}

impl From<FieldDeclarations> for Vec<FieldDeclaration> {
    fn from(fields: FieldDeclarations) -> Self {
        fields.0.into_values().collect()
    }
}

impl FieldDeclarations {
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldDeclaration> {
        self.0.get(name)
    }

    /// In the order of declaration.
    pub fn iter(&self) -> impl Iterator<Item = &FieldDeclaration> {
        self.0.values()
    }

    /// A value from text, as people type it and files hold it. `None`: the text is empty, so there is none.
    ///
    /// # Errors
    /// When no field has that name, or the text is no value of its type.
    pub fn read(&self, name: &str, text: &str) -> Result<Option<FieldValue>, FieldError> {
        let field = self.declared(name)?;
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        value_of_text(&field.field_type, text).map(Some).ok_or_else(|| field.refused())
    }

    /// A value from JSON, as hosts send it and the store keeps it. `None`: it is `null` or an empty text.
    ///
    /// # Errors
    /// When no field has that name, or the value is not of its type.
    pub fn check(&self, name: &str, value: &Value) -> Result<Option<FieldValue>, FieldError> {
        let field = self.declared(name)?;
        if value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()) {
            return Ok(None);
        }
        let of_text = || value.as_str().and_then(|text| value_of_text(&field.field_type, text.trim()));
        let read = match &field.field_type {
            FieldType::Text { .. } | FieldType::Date | FieldType::Choice { .. } => of_text(),
            FieldType::Integer => value.as_i64().map(FieldValue::Integer),
            FieldType::Decimal if value.is_number() => decimal(&value.to_string()).map(FieldValue::Decimal),
            FieldType::Decimal => of_text(),
            FieldType::Boolean => value.as_bool().map(FieldValue::Boolean),
        };
        read.map(Some).ok_or_else(|| field.refused())
    }

    fn declared(&self, name: &str) -> Result<&FieldDeclaration, FieldError> {
        self.get(name).ok_or_else(|| FieldError {
            field: name.chars().filter(|letter| !letter.is_control()).take(FIELD_NAME_CHARACTERS_MAX).collect(),
            expected: "the name of a declared field".to_owned(),
        })
    }
}

impl FieldDeclaration {
    fn refused(&self) -> FieldError {
        FieldError { field: self.name.clone(), expected: self.field_type.expected() }
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

impl FieldValue {
    /// As it is stored and sent; [`FieldDeclarations::check`] gives it back.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            FieldValue::Text(text) | FieldValue::Decimal(text) | FieldValue::Choice(text) => {
                Value::String(text.clone())
            }
            FieldValue::Integer(number) => Value::Number(Number::from(*number)),
            FieldValue::Date(date) => Value::String(date.to_string()),
            FieldValue::Boolean(yes) => Value::Bool(*yes),
        }
    }

    /// As it stands in an exported cell; [`FieldDeclarations::read`] gives it back.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            FieldValue::Text(text) | FieldValue::Decimal(text) | FieldValue::Choice(text) => text.clone(),
            FieldValue::Integer(number) => number.to_string(),
            FieldValue::Date(date) => date.to_string(),
            FieldValue::Boolean(yes) => yes.to_string(),
        }
    }
}

impl std::fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            FieldValue::Text(_) => "a text",
            FieldValue::Integer(_) => "a whole number",
            FieldValue::Decimal(_) => "a decimal number",
            FieldValue::Date(_) => "a date",
            FieldValue::Boolean(_) => "a yes or no",
            FieldValue::Choice(_) => "a choice",
        })
    }
}

fn value_of_text(field_type: &FieldType, text: &str) -> Option<FieldValue> {
    match field_type {
        FieldType::Text { characters_max } => {
            let plain = text.chars().all(|letter| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t'));
            let fits = plain && text.chars().nth(*characters_max).is_none();
            fits.then(|| FieldValue::Text(text.to_owned()))
        }
        FieldType::Integer => text.parse().ok().map(FieldValue::Integer),
        FieldType::Decimal => decimal(text).map(FieldValue::Decimal),
        FieldType::Date => date(text).map(FieldValue::Date),
        FieldType::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(FieldValue::Boolean(true)),
            "false" | "no" | "0" => Some(FieldValue::Boolean(false)),
            _ => None,
        },
        FieldType::Choice { options } => {
            options.iter().find(|option| *option == text).map(|option| FieldValue::Choice(option.clone()))
        }
    }
}

/// The same number without a `+` and without leading zeros; the digits behind the point stay as they are written.
fn decimal(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    if !are_digits(whole) || !fraction.is_none_or(are_digits) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() > DECIMAL_WHOLE_DIGITS_MAX
        || fraction.is_some_and(|digits| digits.len() > DECIMAL_FRACTION_DIGITS_MAX)
    {
        return None;
    }
    let is_zero = whole.is_empty() && fraction.is_none_or(|digits| digits.bytes().all(|digit| digit == b'0'));
    let sign = if is_zero { "" } else { sign };
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_some() { "." } else { "" };
    Some(format!("{sign}{whole}{point}{}", fraction.unwrap_or_default()))
}

/// Year, month and day with hyphens, nothing else: other orders are read differently by different people.
fn date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(place, letter)| match place {
            4 | 7 => *letter == b'-',
            _ => letter.is_ascii_digit(),
        });
    if shaped { text.parse().ok() } else { None }
}

fn is_field_name(name: &str) -> bool {
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
