//! Workbooks of every kind to rows: typed cells, numbers of rows, what is too much or lies about itself.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::error::ImportFailure;
use super::file::TableFile;
use super::workbook_bounds::WorkbookBounds;
use crate::imports::import_batch::FileFormat;

const WORKBOOK: &str = r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
    <sheet name="People" sheetId="1" r:id="r1"/><sheet name="Calls" sheetId="2" r:id="r2"/></sheets></workbook>"#;
const PACKAGE: &str = r#"<Relationships>
    <Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
    </Relationships>"#;
const RELATIONS: &str = r#"<Relationships>
    <Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/>
    </Relationships>"#;
/// Formats of cells by number: none, a date, date and time, a span of hours, a time of day.
const STYLES: &str = r#"<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="[h]:mm:ss"/></numFmts>
    <cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="21"/></cellXfs>
    </styleSheet>"#;

fn sheet(rows: &str) -> String {
    format!(
        r#"<worksheet><sheetData>{rows}</sheetData><mergeCells count="1"><mergeCell ref="A7:A8"/></mergeCells></worksheet>"#
    )
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn workbook(first: &str, second: &str, texts: &str) -> Vec<u8> {
    zipped(&[
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/styles.xml", STYLES),
        ("xl/sharedStrings.xml", texts),
        ("xl/worksheets/sheet1.xml", &sheet(first)),
        ("xl/worksheets/sheet2.xml", &sheet(second)),
    ])
}

fn opened(bytes: &[u8], sheet: Option<&str>) -> Result<TableFile, ImportFailure> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    TableFile::open(file.path(), sheet)
}

fn refused(bytes: &[u8]) -> String {
    let Err(error) = opened(bytes, None) else { panic!("expected a refusal") };
    error.to_string()
}

fn rows(file: &TableFile) -> Vec<(u64, Vec<String>)> {
    let mut table = file.rows_from(file.first).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = table.next_row().unwrap() {
        rows.push((row.number, row.texts().unwrap().into_iter().map(str::to_owned).collect()));
    }
    rows
}

#[test]
fn typed_cells_are_texts_and_rows_keep_their_numbers() {
    let first = r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is><t>when</t></is></c><c r="C2" t="str"><v>what</v></c></row>
        <row r="3"><c r="A3"><v>33123456789</v></c><c r="B3" s="1"><v>46082</v></c><c r="C3" t="b"><v>1</v></c></row>
        <row r="6"><c r="A6"><v>0.1</v></c><c r="B6" s="2"><v>46082.586909722222</v></c><c r="C6" t="s"><v>1</v></c></row>
        <row r="7"><c r="A7" t="str"><v>both</v></c><c r="B7" s="3"><v>1.0833333333333333</v></c></row>
        <row r="8"><c r="A8"/><c r="B8" s="4"><v>0.5</v></c><c r="C8"><f>1/0</f><v>7</v></c></row>
        <row r="9"><c r="A9" t="e"><v>#N/A</v></c><c r="E9"><v>1</v></c></row>"#;
    let texts = r#"<sst uniqueCount="2"><si><t>who</t></si><si><t>a "b", c
d</t></si></sst>"#;
    let file = opened(&workbook(first, "", texts), None).unwrap();
    assert_eq!(file.format, FileFormat::Xlsx { sheet: "People".to_owned() });
    assert_eq!((file.headings.as_slice(), file.first.row), (["who", "when", "what"].map(str::to_owned).as_slice(), 2));
    let expected: Vec<(u64, Vec<&str>)> = vec![
        (3, vec!["33123456789", "2026-03-01", "true"]),
        (6, vec!["0.1", "2026-03-01T14:05:09", "a \"b\", c\nd"]),
        (7, vec!["both", "26:00:00", ""]),
        (8, vec!["", "12:00:00", "7"]),
        (9, vec!["#N/A", "", "", "", "1"]),
    ];
    let found = rows(&file);
    let found: Vec<(u64, Vec<&str>)> =
        found.iter().map(|(number, cells)| (*number, cells.iter().map(String::as_str).collect())).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_sheet_is_taken_by_its_name() {
    let text = |text: &str| format!(r#"<row r="1"><c r="A1" t="str"><v>{text}</v></c></row>"#);
    let bytes = workbook(&text("name"), &text("caller"), "<sst/>");
    assert_eq!(opened(&bytes, Some("Calls")).unwrap().headings, ["caller"]);
    let Err(error) = opened(&bytes, Some("calls")) else { panic!("expected a refusal") };
    assert_eq!(error.to_string(), "expected a sheet \"calls\", found People, Calls");
    let Err(error) = opened(b"name\nAnn\n", Some("Calls")) else { panic!("expected a refusal") };
    assert!(error.to_string().contains("found CSV"), "{error}");
}

#[test]
fn a_wide_cell_is_one_row_refused_and_a_long_gap_fills_no_memory() {
    let wide = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="XFD2"><v>1</v></c></row>
        <row r="1048576"><c r="A1048576"><v>2</v></c></row>"#;
    let file = opened(&workbook(wide, "", "<sst/>"), None).unwrap();
    let mut table = file.rows_from(file.first).unwrap();
    assert_eq!(table.next_row().unwrap().unwrap().cell_count, 16_384);
    assert_eq!(table.next_row().unwrap().unwrap().number, 1_048_576);
    assert!(file.bytes < 2 << 20, "{}", file.bytes);
}

#[test]
fn a_million_columns_are_one_row_refused() {
    let wide = format!(r#"<row r="2">{}<c><v>1</v></c></row>"#, "<c/>".repeat(1_000_000));
    let first = format!(r#"<row r="1"><c r="A1"><v>1</v></c></row>{wide}<row r="3"><c r="A3"><v>3</v></c></row>"#);
    let file = opened(&workbook(&first, "", "<sst/>"), None).unwrap();
    let mut table = file.rows_from(file.first).unwrap();
    assert_eq!(table.next_row().unwrap().unwrap().cell_count, 16_385);
    assert_eq!(table.next_row().unwrap().unwrap().number, 3);
    let headings = format!(r#"<row r="1">{}</row>"#, "<c><v>1</v></c>".repeat(100_000));
    assert!(refused(&workbook(&headings, "", "<sst/>")).starts_with("row 1: expected at most 512 columns"));
}

#[test]
fn one_text_in_many_cells_does_not_fill_the_disk() {
    let long = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1_000_000));
    let cells: String = (0..200).map(|_| r#"<c t="s"><v>0</v></c>"#).collect();
    let first = format!(r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="2">{cells}</row>"#);
    let file = opened(&workbook(&first, "", &long), None).unwrap();
    assert!(file.bytes < 4 << 20, "{}", file.bytes);
    let mut table = file.rows_from(file.first).unwrap();
    assert!(table.next_row().unwrap().unwrap().is_too_long);
}

#[test]
fn what_is_no_workbook_or_lies_is_refused() {
    let whole = workbook("", "", "<sst/>");
    assert!(refused(&whole[..whole.len() / 2]).starts_with("expected a workbook that can be read: "));
    assert!(refused(&zipped(&[("word/document.xml", "<w/>")])).starts_with("expected a workbook that can be read: "));
    assert!(refused(&whole).contains("expected headings, found none"));
    assert!(refused(b"\xd0\xcf\x11\xe0rest").contains("found an old XLS workbook"));
    for (first, texts, expected) in [
        ("", r#"<sst uniqueCount="99999999999"/>"#, "more texts than there are"),
        ("", r#"<sst a="1"   uniqueCount = '18446744073709551615'/>"#, "more texts than there are"),
        ("<!DOCTYPE x>", "<sst/>", "expected no comments, CDATA or entities"),
        ("<row><c t=\"s\"><v>7</v></c></row>", "<sst/>", ""),
        (
            r#"<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>"#,
            "<sst/>",
            "not in order behind row 3",
        ),
        (r#"<row r="1"><c r="AAAA1"><v>1</v></c></row>"#, "<sst/>", "expected places of cells up to XFD1048576"),
        (r#"<row r="1"><c s="0"  r = 'ZZZZZZZZZ1'><v>1</v></c></row>"#, "<sst/>", "places of cells"),
        (r#"<row r="99999999999"/>"#, "<sst/>", "places of cells"),
        (r#"</sheetData><dimension ref="A1:ZZZZZZZZZ1"/><sheetData>"#, "<sst/>", "places of cells"),
        (r#"<row r="1048577"><c r="A1048577"><v>1</v></c></row>"#, "<sst/>", ""),
        (r#"<row r="4294967295"><c><v>1</v></c></row>"#, "<sst/>", ""),
        (r#"<row r="1"><c r="A1"><v>1</v>"#, "<sst/>", ""),
    ] {
        let told = refused(&workbook(first, "", texts));
        assert!(told.contains(expected), "{first} {texts}: {told}");
    }
    let long = format!("<row><c t=\"str\"><v>{}</v></c></row>", "x".repeat(2 << 20));
    assert!(refused(&workbook(&long, "", "<sst/>")).contains("expected the cell to have at most 1 MiB"));
}

/// How large each part says it is, in the table of contents.
fn says_sizes(bytes: &mut [u8], size: u32) {
    let entries: Vec<usize> = (0..bytes.len() - 4).filter(|place| bytes[*place..].starts_with(b"PK\x01\x02")).collect();
    assert!(!entries.is_empty());
    for place in entries {
        bytes[place + 24..place + 28].copy_from_slice(&size.to_le_bytes());
    }
}

#[test]
fn a_bomb_is_refused_before_anything_is_made_of_it() {
    let bounds =
        WorkbookBounds { file_bytes_max: 100_000, unpacked_bytes_max: 1_000_000, shared_text_bytes_max: 200_000 };
    let check = |bytes: &[u8]| match bounds.check(Cursor::new(bytes), bytes.len() as u64) {
        Ok(()) => String::new(),
        Err(error) => error.to_string(),
    };
    let texts = |count| format!("<sst>{}</sst>", "<si/>".repeat(count));
    assert_eq!(check(&workbook("", "", &texts(30_000))), "");
    assert!(check(&workbook("", "", &texts(50_000))).contains("list of texts"));
    let cells = "<c/>".repeat(300_000);
    let mut bomb = workbook(&cells, "", "<sst/>");
    assert!(bomb.len() < 100_000, "it is packed small");
    assert!(check(&bomb).contains("content unpacked"), "as it says itself");
    says_sizes(&mut bomb, 10);
    let told = check(&bomb);
    assert!(!told.is_empty(), "as it is, whatever it says");
    let mut boast = workbook("", "", "<sst/>");
    says_sizes(&mut boast, u32::MAX - 1);
    assert!(check(&boast).contains("content unpacked"), "what it says is not tried out");
    let many: Vec<String> = (0..10_001).map(|no| format!("xl/{no}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "")).collect();
    let many = zipped(&many);
    let error = WorkbookBounds { file_bytes_max: u64::MAX, ..bounds }.check(Cursor::new(&many), 0).unwrap_err();
    assert_eq!(error.to_string(), "workbook: expected at most 10000 parts, found 10001");
    assert!(check(&vec![0; 100_001]).contains("expected the file to have at most 0 MiB"));
}
