//! One sheet of a workbook (Office Open XML), written row by row. Every cell is a text, so that a spreadsheet runs none of it.
//! Knows no column, holds no row.

use std::io::{self, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Rows that a sheet can have, its heading among them.
const ROWS_MAX: u64 = 1_048_576;

const PARTS: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="attempts" sheetId="1" r:id="r1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
];
const SHEET: &str = "xl/worksheets/sheet1.xml";
const SHEET_BEGINS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;
const SHEET_ENDS: &str = "</sheetData></worksheet>";

/// Why a workbook is not written.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    #[error("a sheet has {ROWS_MAX} rows at most: expected fewer days, or a name that ends in .csv")]
    TooManyRows,
    #[error(transparent)]
    Write(#[from] io::Error),
    #[error(transparent)]
    Zip(#[from] zip::result::ZipError),
}

/// Nothing is whole before [`Workbook::finish`].
pub struct Workbook<W: Write + Seek> {
    zip: ZipWriter<W>,
    rows: u64,
}

impl<W: Write + Seek> Workbook<W> {
    /// # Errors
    /// When it cannot be written.
    pub fn begin(file: W, heading: &[&str]) -> Result<Workbook<W>, WorkbookError> {
        let mut zip = ZipWriter::new(file);
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, text) in PARTS {
            zip.start_file(name, options)?;
            zip.write_all(text.as_bytes())?;
        }
        zip.start_file(SHEET, options.large_file(true))?;
        zip.write_all(SHEET_BEGINS.as_bytes())?;
        let mut workbook = Workbook { zip, rows: 0 };
        workbook.add(heading.iter().copied())?;
        Ok(workbook)
    }

    /// # Errors
    /// When the sheet is full, or cannot be written.
    pub fn add<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> Result<(), WorkbookError> {
        if self.rows == ROWS_MAX {
            return Err(WorkbookError::TooManyRows);
        }
        let mut row = String::from("<row>");
        for cell in cells {
            row.push_str(r#"<c t="inlineStr"><is><t xml:space="preserve">"#);
            cell.chars().filter(|character| is_of_xml(*character)).for_each(|character| escape(character, &mut row));
            row.push_str("</t></is></c>");
        }
        row.push_str("</row>");
        self.zip.write_all(row.as_bytes())?;
        self.rows += 1;
        Ok(())
    }

    /// How many rows it has without the heading.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<(W, u64), WorkbookError> {
        self.zip.write_all(SHEET_ENDS.as_bytes())?;
        Ok((self.zip.finish()?, self.rows - 1))
    }
}

fn escape(character: char, text: &mut String) {
    match character {
        '&' => text.push_str("&amp;"),
        '<' => text.push_str("&lt;"),
        '>' => text.push_str("&gt;"),
        other => text.push(other),
    }
}

/// XML 1.0 has no other control characters, escaped or not.
fn is_of_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    #[test]
    fn what_is_written_is_read_as_it_was_and_runs_nowhere() {
        let mut workbook = Workbook::begin(Cursor::new(Vec::new()), &["name", "number"]).unwrap();
        let cells = ["=1+1 & <b>\u{1}", " +33612345678\n"];
        workbook.add(cells).unwrap();
        workbook.add(["", "李"]).unwrap();
        let (file, rows) = workbook.finish().unwrap();
        assert_eq!(rows, 2);
        let mut read: Xlsx<Cursor<Vec<u8>>> = calamine::open_workbook_from_rs(Cursor::new(file.into_inner())).unwrap();
        let sheet = read.worksheet_range("attempts").unwrap();
        let texts: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(texts, [["name", "number"], ["=1+1 & <b>", " +33612345678\n"], ["", "李"]]);
        assert!(matches!(sheet.get((1, 0)), Some(Data::String(_))), "a text, and no formula");
    }
}
