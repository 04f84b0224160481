//! Files of every kind to rows: quotes, line ends, what is too much.

use std::io::{self, BufReader, Read, Write};

use super::error::ImportFailure;
use super::file::TableFile;
use super::table::{ROW_BYTES_MAX, Table};
use crate::imports::import_batch::{FileFormat, ImportPlace};

/// Number and cells of every row; read through a small buffer, so that every row is cut somewhere.
fn rows(text: &str, buffer: usize) -> Vec<(u64, Vec<String>)> {
    let mut table = Table::new(BufReader::with_capacity(buffer, text.as_bytes()), b',', ImportPlace::default());
    let mut rows = Vec::new();
    while let Some(row) = table.next_row().unwrap() {
        let cells = row.texts().unwrap().into_iter().map(str::to_owned).collect();
        rows.push((row.number, cells));
    }
    assert_eq!(table.place().position, text.len() as u64);
    rows
}

#[test]
fn rows_are_cells_and_numbers_as_a_spreadsheet_shows_them() {
    let text = "name,note\r\nAnn,\"a \"\"b\"\", c\r\nd\"\r\n\r\n\nBob,\rEve,x";
    let expected: Vec<(u64, Vec<String>)> =
        [(1, ["name", "note"]), (2, ["Ann", "a \"b\", c\r\nd"]), (5, ["Bob", ""]), (6, ["Eve", "x"])]
            .map(|(number, cells)| (number, cells.map(str::to_owned).to_vec()))
            .into();
    for buffer in [1, 2, 3, 7, 4096] {
        assert_eq!(rows(text, buffer), expected, "read {buffer} bytes at a time");
    }
}

#[test]
fn every_place_is_one_to_go_on_from() {
    let text = "a,b\r\n\r\n\"x\ny\",2\n\n\n3,4\r5,6\r\n\r\n7,8";
    let all = rows(text, 4096);
    let mut table = Table::new(text.as_bytes(), b',', ImportPlace::default());
    let mut read = 0;
    while table.next_row().unwrap().is_some() {
        read += 1;
        let place = table.place();
        let rest = &text.as_bytes()[usize::try_from(place.position).unwrap()..];
        let mut again = Table::new(rest, b',', place);
        let mut numbers = Vec::new();
        while let Some(row) = again.next_row().unwrap() {
            numbers.push((row.number, row.texts().unwrap().into_iter().map(str::to_owned).collect()));
        }
        assert_eq!(numbers, all[read..], "after row {}", place.row);
    }
    assert_eq!(read, 5);
}

#[test]
fn a_row_of_a_million_cells_and_one_of_a_gigabyte_fill_no_memory() {
    let million = ",".repeat(1_000_000);
    let gigabyte = io::repeat(b'x').take(1 << 30);
    let source = format!("a,b\n{million}\n1,\"").into_bytes();
    let source = io::Cursor::new(source).chain(gigabyte).chain("\"\n3,4\n".as_bytes());
    let mut table = Table::new(BufReader::new(source), b',', ImportPlace::default());
    assert_eq!(table.next_row().unwrap().unwrap().cell_count, 2);
    let row = table.next_row().unwrap().unwrap();
    assert_eq!((row.number, row.cell_count, row.is_too_long), (2, 1_000_001, false));
    assert!(row.cells().count() <= 513);
    let row = table.next_row().unwrap().unwrap();
    assert!(row.is_too_long);
    assert!(row.cells().map(<[u8]>::len).sum::<usize>() <= ROW_BYTES_MAX);
    let row = table.next_row().unwrap().unwrap();
    assert_eq!((row.number, row.texts().unwrap()), (4, vec!["3", "4"]), "the next one is whole again");
    assert!(table.next_row().unwrap().is_none());
}

fn opened(bytes: &[u8]) -> Result<TableFile, ImportFailure> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    TableFile::open(file.path(), None)
}

#[test]
fn separator_and_headings_are_found() {
    for (text, delimiter, headings) in [
        ("name,phone\nAnn;x;y;z,1\n", ',', &["name", "phone"][..]),
        ("name;\"a,b,c,d\";phone\r\n", ';', &["name", "a,b,c,d", "phone"]),
        ("name\tphone\n", '\t', &["name", "phone"]),
        ("\u{feff}name;phone\n", ';', &["name", "phone"]),
        ("\n\nname\nAnn;;;\n", ',', &["name"]),
        ("姓名,电话", ',', &["姓名", "电话"]),
    ] {
        let file = opened(text.as_bytes()).unwrap();
        assert_eq!(
            (file.format, file.headings),
            (FileFormat::Csv { delimiter }, headings.iter().map(|text| (*text).to_owned()).collect())
        );
    }
}

#[test]
fn what_is_no_table_is_refused_as_a_whole() {
    let many = ",".repeat(512);
    let long = format!("\"{}\n", "x".repeat(ROW_BYTES_MAX + 1));
    for (bytes, reason) in [
        (&b""[..], "row 1: expected headings, found none"),
        (b"\n\n", "expected headings, found none"),
        (b"\xff\xfen\0a\0", "UTF-16"),
        (b"n\0a\0m\0e\0", "UTF-16"),
        (b"PK\x03\x04rest", "expected a workbook that can be read"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (b"name,Stra\xdfe\nAnn,x\n", "row 1: expected headings in UTF-8"),
        (many.as_bytes(), "at most 512 columns, found 513"),
        (long.as_bytes(), "is a quote left open?"),
    ] {
        let Err(refused) = opened(bytes) else { panic!("expected a refusal: {reason}") };
        assert!(refused.to_string().contains(reason), "{refused}");
    }
    let missing = TableFile::open(std::path::Path::new("/no/such/file.csv"), None);
    assert!(matches!(missing, Err(ImportFailure::Io { .. })));
}
