//! CSV text to cells that know their line and column. Reads no file.

use std::fmt;
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::routing::time::{Millis, Timestamp};

/// Mistakes told at once; the rest are counted.
pub const MISTAKES_MAX: usize = 20;
/// Longest piece of a wrong cell that is repeated to the reader, in characters.
const FOUND_LENGTH_MAX: usize = 40;

/// One cell that is not what was expected. `line` counts from 1, the header included.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: expected {expected}, found {found}")]
pub struct InvalidCell {
    pub line: u64,
    pub column: Arc<str>,
    pub expected: String,
    pub found: String,
}

/// Everything that is wrong with a file, up to [`MISTAKES_MAX`].
#[derive(Clone, Debug, PartialEq, Eq, Default, thiserror::Error)]
pub struct InvalidTable {
    pub mistakes: Vec<InvalidCell>,
    /// Mistakes beyond those.
    pub more: usize,
}

impl fmt::Display for InvalidTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.mistakes.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            mistake.fmt(f)?;
        }
        if self.more > 0 {
            write!(f, "\nand {} more", self.more)?;
        }
        Ok(())
    }
}

/// One row, by column.
pub struct Row<'a> {
    pub line: u64,
    columns: &'a [Arc<str>],
    cells: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    /// The text of a column that the header was checked for.
    #[must_use]
    pub fn text(&self, column: &str) -> &'a str {
        let index = self.columns.iter().position(|name| &**name == column).expect("a required column");
        self.cells.get(index).expect("as many cells as columns")
    }

    /// Every column and its text, in the file's order.
    pub fn cells(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.columns.iter().map(|name| &**name).zip(self.cells.iter())
    }

    #[must_use]
    pub fn mistake(&self, column: &str, expected: impl Into<String>) -> InvalidCell {
        InvalidCell {
            line: self.line,
            column: Arc::from(column),
            expected: expected.into(),
            found: shown(self.text(column)),
        }
    }

    /// # Errors
    /// When `read` finds nothing in the column.
    pub fn read<T>(
        &self,
        column: &str,
        expected: &str,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<T, InvalidCell> {
        read(self.text(column)).ok_or_else(|| self.mistake(column, expected))
    }
}

fn shown(text: &str) -> String {
    if text.is_empty() {
        return "nothing".to_owned();
    }
    let head: String = text.chars().take(FOUND_LENGTH_MAX).collect();
    if head.len() < text.len() { format!("{head:?}…") } else { format!("{head:?}") }
}

/// Reads every row, even after a mistake.
///
/// # Errors
/// When a required column is missing or named twice, a row has more or fewer cells, or `read`
/// finds a mistake.
pub fn read_table<T>(
    text: &str,
    required: &[&str],
    mut read: impl FnMut(&Row) -> Result<T, InvalidCell>,
) -> Result<Vec<T>, InvalidTable> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut cells = csv::StringRecord::new();
    let mut wrong = InvalidTable::default();
    let mut read_cells = |cells: &mut csv::StringRecord| {
        let more = reader.read_record(cells).expect("text in memory is valid UTF-8 and reads without failing");
        (more, cells.position().map_or(1, |position| line_at(text, position)))
    };
    let (_, line) = read_cells(&mut cells);
    let columns: Vec<Arc<str>> = cells.iter().map(|name| Arc::from(name.trim())).collect();
    for column in required {
        let count = columns.iter().filter(|name| name.as_ref() == *column).count();
        if count != 1 {
            let found = if count == 0 { "none".to_owned() } else { count.to_string() };
            let expected = "one column of this name".to_owned();
            wrong.add(InvalidCell { line, column: Arc::from(*column), expected, found });
        }
    }
    if !wrong.mistakes.is_empty() {
        return Err(wrong);
    }
    let mut rows = Vec::new();
    loop {
        let (more, line) = read_cells(&mut cells);
        if !more {
            break;
        }
        if cells.len() == columns.len() {
            match read(&Row { line, columns: &columns, cells: &cells }) {
                Ok(row) => rows.push(row),
                Err(mistake) => wrong.add(mistake),
            }
        } else {
            let expected = format!("{} cells", columns.len());
            wrong.add(InvalidCell { line, column: Arc::from("all"), expected, found: cells.len().to_string() });
        }
    }
    if wrong.mistakes.is_empty() { Ok(rows) } else { Err(wrong) }
}

/// The reader counts a line end of two characters, and empty lines, to the row after them.
fn line_at(text: &str, position: &csv::Position) -> u64 {
    let start = usize::try_from(position.byte()).expect("a place in a text in memory");
    let ends = text.as_bytes()[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + ends.filter(|byte| **byte == b'\n').count() as u64
}

impl InvalidTable {
    fn add(&mut self, mistake: InvalidCell) {
        if self.mistakes.len() < MISTAKES_MAX {
            self.mistakes.push(mistake);
        } else {
            self.more += 1;
        }
    }
}

/// Seconds with an optional sign and fraction, to the nearest millisecond: `12`, `0.25`, `-3`.
#[must_use]
pub fn seconds(text: &str) -> Option<Millis> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let ten_thousandths: String = fraction.chars().chain("0000".chars()).take(4).collect();
    let fraction: i64 = ten_thousandths.parse().ok()?;
    let whole: i64 = whole.parse().ok()?;
    Some(Millis(sign * (whole.checked_mul(1_000)? + (fraction + 5) / 10)))
}

/// The instant of a local date and time. A time that a change of clocks skips is read as the one
/// after it, a doubled one as the first.
#[must_use]
pub fn local(zone: &TimeZone, at: DateTime) -> Option<Timestamp> {
    zone.to_timestamp(at).ok().map(|at| Timestamp(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_fractions_and_signs() {
        let read = ["12", "0.25", "-3", "0.0005", "1.23456", "7.5"].map(|text| seconds(text).map(|span| span.0));
        assert_eq!(read, [Some(12_000), Some(250), Some(-3_000), Some(1), Some(1_235), Some(7_500)]);
        for bad in ["", "-", "1.", ".5", "1,5", "1e3", "NaN", "+1", "1.5.2", "99999999999999999999", " 1"] {
            assert_eq!(seconds(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn mistakes_are_named_and_all_told() {
        let read = |text: &str| {
            read_table(text, &["a", "b"], |row| row.read("b", "a whole number", |text| text.parse::<u32>().ok()))
                .map_err(|wrong| wrong.to_string())
        };
        assert_eq!(read("a,b\nx,1\n\"y\nz\",2\n"), Ok(vec![1, 2]));
        assert_eq!(read("\u{feff}b,a\n1,x\n"), Ok(vec![1]), "any order, with a byte order mark");
        let after_empty = "line 4, column b: expected a whole number, found \"x\"".to_owned();
        assert_eq!(read("a,b\r\nx,1\r\n\r\nx,x\r\n"), Err(after_empty), "lines end in two characters, one is empty");
        assert_eq!(read("a\n"), Err("line 1, column b: expected one column of this name, found none".to_owned()));
        assert_eq!(read(""), Err("line 1, column a: expected one column of this name, found none\nline 1, column b: expected one column of this name, found none".to_owned()));
        assert_eq!(
            read("a,b\nx,one\ny\nz,\n"),
            Err("line 2, column b: expected a whole number, found \"one\"\n\
                 line 3, column all: expected 2 cells, found 1\n\
                 line 4, column b: expected a whole number, found nothing"
                .to_owned())
        );
    }
}
