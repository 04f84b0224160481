//! A TOML table read key by key, with the place of each value. Knows no rule, keeps no default.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::Keys;
use super::report::{Findings, Source};

/// Longest unknown key that gets a suggestion, in bytes.
const SUGGESTION_KEY_BYTES_MAX: usize = 64;

/// A table whose keys are known to be allowed.
#[derive(Clone)]
pub(super) struct Table<'t> {
    pub(super) found: &'t Findings,
    pub(super) source: &'t Source,
    values: &'t DeTable<'t>,
    /// Where a missing key is reported: the table's header or its name.
    pub(super) span: Range<usize>,
}

/// One value and its key.
#[derive(Clone)]
pub(super) struct Value<'t> {
    pub(super) found: &'t Findings,
    pub(super) source: &'t Source,
    pub(super) key: &'t str,
    pub(super) key_span: Range<usize>,
    pub(super) value: &'t DeValue<'t>,
    pub(super) span: Range<usize>,
}

impl<'t> Table<'t> {
    /// Reports every key that `keys` does not name.
    pub(super) fn new(
        found: &'t Findings,
        source: &'t Source,
        values: &'t DeTable<'t>,
        span: Range<usize>,
        keys: &Keys,
    ) -> Table<'t> {
        let table = Table { found, source, values, span };
        for value in table.values() {
            value.check_key(keys);
        }
        table
    }

    /// In order of key.
    pub(super) fn values(&self) -> impl Iterator<Item = Value<'t>> + use<'t> {
        let (found, source) = (self.found, self.source);
        self.values.iter().map(move |(key, value)| Value::of(found, source, key, value))
    }

    pub(super) fn get(&self, key: &str) -> Option<Value<'t>> {
        let (key, value) = self.values.get_key_value(key)?;
        Some(Value::of(self.found, self.source, key, value))
    }

    /// Reports it when it is not there.
    pub(super) fn required(&self, key: &str, expected: &str) -> Option<Value<'t>> {
        let value = self.get(key);
        if value.is_none() {
            self.found.error(self.source, self.span.clone(), format!("{key} is missing"), expected);
        }
        value
    }
}

impl<'t> Value<'t> {
    fn of(
        found: &'t Findings,
        source: &'t Source,
        key: &'t Spanned<std::borrow::Cow<'t, str>>,
        value: &'t Spanned<DeValue<'t>>,
    ) -> Value<'t> {
        Value { found, source, key: key.get_ref(), key_span: key.span(), value: value.get_ref(), span: value.span() }
    }

    /// Marks the value; the message begins with its key.
    pub(super) fn wrong(&self, message: impl std::fmt::Display, expected: impl Into<String>) {
        self.found.error(self.source, self.span.clone(), format!("{} {message}", self.key), expected);
    }

    fn wrong_type(&self, expected: impl Into<String>) {
        self.wrong(format_args!("is {}", kind(self.value)), expected);
    }

    fn check_key(&self, keys: &Keys) {
        if keys.known.contains(&self.key) || self.found.is_full() {
            return;
        }
        let span = self.key_span.clone();
        if keys.later.contains(&self.key) {
            let message = format!("{} is not supported by this version yet", self.key);
            self.found.error(self.source, span, message, format!("one of {}", keys.listed()));
        } else {
            let expected = match nearest(self.key, keys.known.iter().copied()) {
                Some(right) => format!("{right}?"),
                None => format!("one of {}", keys.listed()),
            };
            self.found.error(self.source, span, format!("unknown key {}", shortened(self.key)), expected);
        }
    }

    pub(super) fn text(&self, expected: &str) -> Option<&'t str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.wrong_type(expected);
        }
        text
    }

    pub(super) fn flag(&self) -> Option<bool> {
        let flag = self.value.as_bool();
        if flag.is_none() {
            self.wrong_type("true or false");
        }
        flag
    }

    pub(super) fn whole(&self, range: RangeInclusive<i64>) -> Option<i64> {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        let Some(number) = self.value.as_integer() else {
            self.wrong_type(expected);
            return None;
        };
        match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) if range.contains(&number) => Some(number),
            Ok(_) | Err(_) => {
                self.wrong(format_args!("is {}", shortened(number.as_str())), expected);
                None
            }
        }
    }

    /// The variant whose name is written; `later` names are refused in plain words.
    pub(super) fn choice<T: Copy>(&self, choices: &[(&str, T)], later: &[&str]) -> Option<T> {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let all = format!("one of {}", names.join(", "));
        let text = self.text(&all)?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == text) {
            return Some(*choice);
        }
        if later.contains(&text) {
            self.wrong(format_args!("{text:?} is not supported by this version yet"), all);
        } else {
            let expected = nearest(text, names).map_or(all, |right| format!("{right}?"));
            self.wrong(format_args!("{:?} is unknown", shortened(text)), expected);
        }
        None
    }

    /// The elements of a list, each as a value under the same key.
    pub(super) fn elements(&self, expected: &str) -> Option<Vec<Value<'t>>> {
        let Some(elements) = self.value.as_array() else {
            self.wrong_type(expected);
            return None;
        };
        let element =
            |value: &'t Spanned<DeValue<'t>>| Value { value: value.get_ref(), span: value.span(), ..self.clone() };
        Some(elements.iter().map(element).collect())
    }

    /// A table with the keys named.
    pub(super) fn table(&self, keys: &Keys) -> Option<Table<'t>> {
        let values = self.any_table(&format!("a table with {}", keys.listed()))?;
        Some(Table::new(self.found, self.source, values.values, values.span, keys))
    }

    /// A table whose keys are the operator's own names.
    pub(super) fn any_table(&self, expected: &str) -> Option<Table<'t>> {
        let Some(values) = self.value.as_table() else {
            self.wrong_type(expected);
            return None;
        };
        Some(Table { found: self.found, source: self.source, values, span: self.key_span.clone() })
    }
}

/// What a value is, in the words of an error.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The known word that was probably meant: few letters apart, or the rest of a longer one.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > SUGGESTION_KEY_BYTES_MAX {
        return None;
    }
    let lower = word.to_lowercase();
    known
        .into_iter()
        .filter_map(|right| {
            let distance = strsim::osa_distance(&lower, right);
            let contained = lower.len() >= 4 && (right.starts_with(&lower) || right.ends_with(&lower));
            let close = distance <= (right.len() / 3).max(1);
            (close || contained).then_some((if close { distance } else { right.len() }, right))
        })
        .min()
        .map(|(_, right)| right)
}

/// A foreign word as an error shows it.
pub(super) fn shortened(word: &str) -> String {
    const SHOWN_MAX: usize = 64;
    let mut shown: String = word.chars().take(SHOWN_MAX).collect();
    if shown.len() < word.len() {
        shown.push('…');
    }
    shown.replace(char::is_control, "\u{fffd}")
}
