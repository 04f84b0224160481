//! A row of a table to a do-not-call entry, or a refusal that names row, column and reason. Never repeats a cell, never stores.

use super::do_not_call::{DoNotCallWhat, InvalidDigits, NumberDigits, PrefixTooShort};
use super::do_not_call_columns::{BoundDoNotCall, DoNotCallColumn};
use crate::customers::import_rows::{RowRefusal, WhyRefused};
use crate::customers::phone::{NotAPhoneNumber, PhoneNumber, Region};
use crate::routing::time::Timestamp;

/// An entry as a row gives it; for whose calls it holds, its import says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DoNotCallDraft {
    pub what: DoNotCallWhat,
    pub expires_at: Option<Timestamp>,
}

/// A text that is no number to be kept.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoNumber {
    #[error(transparent)]
    Phone(#[from] NotAPhoneNumber),
    #[error("expected a number")]
    Withheld,
    #[error(transparent)]
    Digits(#[from] InvalidDigits),
}

/// A text that is no prefix to be kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoPrefix {
    #[error(transparent)]
    Digits(#[from] InvalidDigits),
    #[error(transparent)]
    TooShort(#[from] PrefixTooShort),
}

/// A number in any written form. One in E.164 is taken as it stands: an entry for a number that no plan has stops nobody.
///
/// # Errors
/// When it is none, or has no country.
pub fn number_of(text: &str, home: Option<Region>) -> Result<DoNotCallWhat, NoNumber> {
    if text.starts_with('+')
        && let Ok(digits) = NumberDigits::new(text)
    {
        return Ok(DoNotCallWhat::Number(digits));
    }
    let number = PhoneNumber::read(text, home)?.ok_or(NoNumber::Withheld)?;
    Ok(DoNotCallWhat::Number(NumberDigits::new(number.e164())?))
}

/// Digits that numbers begin with, their country's code first; blanks, brackets and hyphens between them do not count, and
/// neither does a `*` at the end.
///
/// # Errors
/// When it is none, or so short that it would stop a country.
pub fn prefix_of(text: &str) -> Result<DoNotCallWhat, NoPrefix> {
    let text = text.trim_end_matches('*');
    let digits: String = text.chars().filter(|sign| !matches!(sign, ' ' | '-' | '(' | ')' | '.')).collect();
    Ok(DoNotCallWhat::prefix(NumberDigits::new(&digits)?)?)
}

impl BoundDoNotCall {
    /// The entry of a row. `row` is only told in the refusal.
    ///
    /// # Errors
    /// When a cell cannot be what its column is, or there is not exactly one number or prefix. The first such cell from the
    /// left is named.
    pub fn read(&self, row: u64, texts: &[&str]) -> Result<DoNotCallDraft, RowRefusal> {
        let (mut what, mut expires_at) = (None, None);
        self.columns.each_cell(row, texts, |_, column, cell| {
            let read = match column {
                DoNotCallColumn::Number => number_of(cell, self.home)?,
                DoNotCallColumn::Prefix => prefix_of(cell)?,
                DoNotCallColumn::ExpiresAt => {
                    expires_at = Some(self.times.moment(cell)?);
                    return Ok(());
                }
                DoNotCallColumn::Ignored => return Ok(()),
            };
            if what.replace(read).is_some() { Err(WhyRefused::NumberAndPrefix) } else { Ok(()) }
        })?;
        let refused = RowRefusal { row, column: None, reason: WhyRefused::NoNumberOrPrefix };
        what.map(|what| DoNotCallDraft { what, expires_at }).ok_or(refused)
    }
}

impl From<NoNumber> for WhyRefused {
    fn from(error: NoNumber) -> WhyRefused {
        match error {
            NoNumber::Phone(error) => WhyRefused::Phone(error),
            NoNumber::Withheld => WhyRefused::NoNumberOrPrefix,
            NoNumber::Digits(error) => WhyRefused::Digits(error.to_string()),
        }
    }
}

impl From<NoPrefix> for WhyRefused {
    fn from(error: NoPrefix) -> WhyRefused {
        WhyRefused::Digits(error.to_string())
    }
}
