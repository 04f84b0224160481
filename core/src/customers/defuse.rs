//! Cells that a spreadsheet would run as a formula, made plain text for export, and back on import. Never changes a harmless cell.
//!
//! A cell is dangerous when it begins, after spaces or quotes, with `=`, `+`, `-`, `@`, their full-width forms,
//! a tab, a carriage return or a line feed. It gets an apostrophe in front: spreadsheets take what follows for
//! text, and so does our import, which takes the apostrophe off again. Two forms stay as they are, because
//! nothing in them can be run and other programs read them: a number (`-12.50`), and `+` with digits in groups of
//! single spaces (`+33 1 23 45 67 89`). A spreadsheet shows `+33123456789` as a rounded number: export phone numbers
//! as `Address::shown`, which has the spaces.

use std::borrow::Cow;

const TEXT_MARK: char = '\'';

/// The cell as it may stand in a CSV or XLSX file that somebody opens. [`restored`] gives it back.
#[must_use]
pub fn defused(cell: &str) -> Cow<'_, str> {
    if is_dangerous(cell) { Cow::Owned(format!("{TEXT_MARK}{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell as it was before [`defused`]; any other cell as it is.
#[must_use]
pub fn restored(cell: &str) -> &str {
    match cell.strip_prefix(TEXT_MARK) {
        Some(inner) if is_dangerous(inner) => inner,
        _ => cell,
    }
}

fn is_dangerous(cell: &str) -> bool {
    let inner = cell.trim_start_matches(|letter: char| {
        letter == TEXT_MARK || letter == '"' || letter == '\u{feff}' || is_blank(letter)
    });
    let skipped = &cell[..cell.len() - inner.len()];
    if skipped.contains(['\t', '\r', '\n']) {
        return true;
    }
    let begins = inner.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\u{2212}']);
    begins && !(skipped.is_empty() && (is_number(inner) || is_grouped_number(inner)))
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || ('\u{200b}'..='\u{200f}').contains(&letter)
}

fn is_number(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    cell.strip_prefix('-').is_some_and(|number| match number.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(number),
    })
}

fn is_grouped_number(cell: &str) -> bool {
    cell.strip_prefix('+').is_some_and(|groups| {
        groups.split(' ').all(|group| !group.is_empty() && group.bytes().all(|digit| digit.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_would_run_is_text() {
        for cell in [
            "=1+1",
            "=HYPERLINK(\"http://example.com\",\"x\")",
            "@SUM(A1)",
            "+1+2",
            "-1-2",
            "+cmd|' /C calc'!A0",
            "-2+3+cmd|' /C calc'!A0",
            "+(33)1",
            "+33-1-23",
            "+33  1",
            "+",
            "-",
            "--1",
            "-1.",
            "-1e9",
            "\t=1",
            "\rabc",
            "\nabc",
            " =1+1",
            "\u{feff}=1",
            "\"=1",
            "'=1",
            "＝1",
            "－1",
            "\u{2212}1",
        ] {
            assert_eq!(defused(cell), format!("'{cell}"), "{cell:?}");
            assert_eq!(restored(&defused(cell)), cell);
        }
    }

    #[test]
    fn what_is_harmless_stays() {
        for cell in [
            "",
            "Ann",
            "a=b",
            "1-2",
            "+33123456789",
            "+33 1 23 45 67 89",
            "-12",
            "-12.50",
            "0",
            "O'Neill",
            "'quoted'",
            "'",
            "李",
            "a\tb",
            " a",
        ] {
            assert_eq!(defused(cell), cell);
            assert_eq!(restored(cell), cell);
        }
    }

    proptest! {
        #[test]
        fn every_cell_comes_back(cell in "['\"=+@\t\r \u{feff}0-9.-]{0,8}|\\PC{0,20}|.{0,20}") {
            let written = defused(&cell);
            prop_assert_eq!(restored(&written), &cell);
            prop_assert!(!written.starts_with(['=', '@', '\t', '\r', '\n', '＝']));
            if let Some(rest) = written.strip_prefix(['+', '-']) {
                prop_assert!(rest.chars().all(|letter| letter.is_ascii_digit() || letter == '.' || letter == ' '));
            }
        }
    }
}
