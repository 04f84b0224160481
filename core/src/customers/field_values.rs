//! Values of the centre's own fields, checked against what is declared. Never repeats a value in an error.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Number, Value};

use super::custom_fields::{
    DECIMAL_FRACTION_DIGITS_MAX, DECIMAL_WHOLE_DIGITS_MAX, FIELD_NAME_CHARACTERS_MAX, FIELD_TEXT_CHARACTERS_MAX,
    FIELDS_MAX, FieldDeclaration, FieldDeclarations, FieldType, is_field_name,
};
use super::customer::CustomFields;

/// Declared fields that are named to whoever names another.
const NAMED_MAX: usize = 10;

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

/// A value that its field does not take, or a field that is not declared. Never repeats the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("field {field}: expected {expected}, found {found}")]
pub struct FieldError {
    /// As it was named, shortened and without control characters.
    pub field: String,
    pub expected: String,
    /// What kind of value it was, and how long.
    pub found: String,
}

/// A field of a customer for people.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownField<'f> {
    pub name: &'f str,
    /// As declared; else its name.
    pub label: &'f str,
    pub text: String,
}

impl FieldDeclarations {
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
        value_of_text(&field.field_type, text).map(Some).ok_or_else(|| field.refused(text_found(text)))
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
        read.map(Some).ok_or_else(|| field.refused(found(value)))
    }

    /// Changes what a customer holds: each field that is named becomes that value, `null` takes it away. What it is already
    /// it may stay, declared or not; what is declared no more can be taken away.
    ///
    /// # Errors
    /// At the first field that is not declared or whose value is not of its type; then part of the change is made.
    pub fn change(&self, held: &mut CustomFields, asked: BTreeMap<String, Value>) -> Result<(), FieldError> {
        let CustomFields(held) = held;
        for (name, value) in asked {
            if held.get(&name) == Some(&value) {
                continue;
            }
            let taken_away = value.is_null() && held.contains_key(&name);
            let value = match (taken_away, self.is_empty()) {
                (true, _) => None,
                (false, true) => undeclared(&name, value)?,
                (false, false) => self.check(&name, &value)?.map(|value| value.to_json()),
            };
            match value {
                Some(value) => {
                    held.insert(name.clone(), value);
                }
                None => {
                    held.remove(&name);
                }
            }
            if held.len() > FIELDS_MAX && self.get(&name).is_none() {
                let (expected, found) = (format!("at most {FIELDS_MAX} fields"), held.len().to_string());
                return Err(FieldError { field: named(&name), expected, found });
            }
        }
        Ok(())
    }

    /// The fields of a customer in the order of declaration, then those that are declared no more by name.
    #[must_use]
    pub fn shown<'f>(&'f self, held: &'f CustomFields) -> Vec<ShownField<'f>> {
        let declared = self.iter().filter_map(|field| {
            let value = held.0.get(&field.name)?;
            Some(ShownField { name: &field.name, label: &field.label, text: text_of(value) })
        });
        let others = held.0.iter().filter(|(name, _)| self.get(name).is_none());
        let others = others.map(|(name, value)| ShownField { name, label: name, text: text_of(value) });
        declared.chain(others).collect()
    }

    fn declared(&self, name: &str) -> Result<&FieldDeclaration, FieldError> {
        self.get(name).ok_or_else(|| {
            let names: Vec<&str> = self.iter().take(NAMED_MAX).map(|field| field.name.as_str()).collect();
            let more = if self.iter().count() > NAMED_MAX { ", …" } else { "" };
            let expected = match names[..] {
                [] => "the name of a declared field, of which there is none".to_owned(),
                _ => format!("the name of a declared field: {}{more}", names.join(", ")),
            };
            FieldError { field: named(name), expected, found: "another name".to_owned() }
        })
    }
}

impl FieldDeclaration {
    fn refused(&self, found: String) -> FieldError {
        FieldError { field: self.name.clone(), expected: self.field_type.expected(), found }
    }
}

/// A value of a field while the centre declares none. `None`: there is none.
fn undeclared(name: &str, value: Value) -> Result<Option<Value>, FieldError> {
    let refused = |expected: String, found: String| FieldError { field: named(name), expected, found };
    if !is_field_name(name) {
        let expected = format!(
            "a name of 1 to {FIELD_NAME_CHARACTERS_MAX} lower-case letters, digits and underscores, a letter first"
        );
        return Err(refused(expected, "another name".to_owned()));
    }
    let fits = match &value {
        Value::Null => return Ok(None),
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => text.chars().count() <= FIELD_TEXT_CHARACTERS_MAX && !text.contains('\0'),
        Value::Array(_) | Value::Object(_) => false,
    };
    if fits {
        return Ok(Some(value));
    }
    let expected =
        format!("a text of at most {FIELD_TEXT_CHARACTERS_MAX} characters without NUL, a number, true, false or null");
    Err(refused(expected, found(&value)))
}

fn named(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(FIELD_NAME_CHARACTERS_MAX).collect()
}

fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "true or false".to_owned(),
        Value::Number(number) if number.is_f64() => "a number with a fraction".to_owned(),
        Value::Number(_) => "a whole number".to_owned(),
        Value::String(text) => text_found(text),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

fn text_found(text: &str) -> String {
    format!("a text of {} characters", text.chars().count())
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
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
