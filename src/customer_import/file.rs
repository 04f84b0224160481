//! A file of rows, opened: its headings, its separator, its hash. Takes over no row.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::ImportFailure;
use super::scratch::ScratchFolder;
use super::sheet::{SHEET_ROWS_MAX, SpooledSheet, spool_sheet};
use super::table::Table;
use crate::customers::import_columns::COLUMNS_MAX;
use crate::imports::import_batch::{FileFormat, ImportPlace};

const BUFFER_BYTES: usize = 256 * 1024;
/// The beginning of the file by which its separator is guessed.
const HEAD_BYTES: usize = 64 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Of a ZIP file, as XLSX is one.
const WORKBOOK_MARK: &[u8] = b"PK\x03\x04";
/// The likelier first: on a tie it wins.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Rows of a workbook that its beginning has.
const BEGINNING_ROWS: u32 = 64;

/// A file that came over HTTP, and is not called here as where it came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Uploaded {
    /// As it is called here.
    pub file: String,
    pub name: String,
    /// SHA-256 of all of it, in hexadecimal digits.
    pub hash: String,
}

/// The file and what its first row says.
pub struct TableFile {
    path: PathBuf,
    pub headings: Vec<String>,
    pub format: FileFormat,
    /// Where the first row after the headings begins.
    pub first: ImportPlace,
    /// Of the rows, as they are read.
    pub bytes: u64,
    /// Of a workbook, in its order.
    pub sheets: Vec<String>,
    pub(super) uploaded: Option<Uploaded>,
    rows: PathBuf,
    delimiter: u8,
    /// Where the rows of a workbook are; it goes with this.
    _scratch: Option<ScratchFolder>,
}

impl TableFile {
    /// The file, or of a workbook the sheet of this name, else the first.
    ///
    /// # Errors
    /// When it cannot be read, is neither CSV in UTF-8 nor a workbook with this sheet, is too large, or has no headings.
    pub fn open(path: &Path, sheet: Option<&str>) -> Result<TableFile, ImportFailure> {
        TableFile::up_to_row(path, sheet, SHEET_ROWS_MAX)
    }

    /// The same without the later rows, where reading them would take long: to be looked at, not to be imported.
    ///
    /// # Errors
    /// As [`TableFile::open`], as far as its beginning tells.
    pub fn beginning(path: &Path, sheet: Option<&str>) -> Result<TableFile, ImportFailure> {
        TableFile::up_to_row(path, sheet, BEGINNING_ROWS)
    }

    /// The same with as many rows of a workbook.
    ///
    /// # Errors
    /// As [`TableFile::open`], as far as these rows tell.
    pub fn up_to_row(path: &Path, sheet: Option<&str>, rows_max: u32) -> Result<TableFile, ImportFailure> {
        let failed = |error| ImportFailure::Io { file: path.to_owned(), error };
        let head = head_of(path).map_err(failed)?;
        if head.starts_with(WORKBOOK_MARK) {
            let scratch = ScratchFolder::new().map_err(ImportFailure::Scratch)?;
            let rows = scratch.path().join("rows.csv");
            let SpooledSheet { name, sheets } = spool_sheet(path, sheet, rows_max, &rows)?;
            let file = TableFile::of_rows(path, rows, b',', 0, FileFormat::Xlsx { sheet: name })?;
            return Ok(TableFile { sheets, _scratch: Some(scratch), ..file });
        }
        if sheet.is_some() {
            return Err(ImportFailure::NoWorkbook);
        }
        refuse_other_formats(&head)?;
        let mark = if head.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let delimiter = guessed_delimiter(&head[mark..]);
        let format = FileFormat::Csv { delimiter: char::from(delimiter) };
        TableFile::of_rows(path, path.to_owned(), delimiter, mark as u64, format)
    }

    fn of_rows(
        path: &Path,
        rows: PathBuf,
        delimiter: u8,
        position: u64,
        format: FileFormat,
    ) -> Result<TableFile, ImportFailure> {
        let failed = |error| ImportFailure::Io { file: path.to_owned(), error };
        let file = File::open(&rows).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        let mut table = table_at(file, delimiter, ImportPlace { position, row: 0 }).map_err(failed)?;
        let row = table.next_row().map_err(failed)?.ok_or(ImportFailure::NoHeadings)?;
        if row.cell_count > COLUMNS_MAX {
            return Err(ImportFailure::TooManyColumns(row.cell_count));
        }
        if row.is_too_long {
            return Err(ImportFailure::HeadingsTooLong);
        }
        let texts = row.texts().map_err(|_| ImportFailure::HeadingsNotUtf8)?;
        let headings = texts.into_iter().map(str::to_owned).collect();
        let (path, first) = (path.to_owned(), table.place());
        Ok(TableFile {
            path,
            headings,
            format,
            first,
            bytes,
            sheets: Vec::new(),
            uploaded: None,
            rows,
            delimiter,
            _scratch: None,
        })
    }

    /// The same as one that came over HTTP.
    #[must_use]
    pub fn as_uploaded(self, uploaded: Uploaded) -> TableFile {
        TableFile { uploaded: Some(uploaded), ..self }
    }

    /// The rows from a place on.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rows_from(&self, place: ImportPlace) -> Result<Table<BufReader<File>>, ImportFailure> {
        let table = File::open(&self.rows).and_then(|file| table_at(file, self.delimiter, place));
        table.map_err(|error| self.failed(error))
    }

    /// SHA-256 of all of it, of a workbook with every sheet.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn hash(&self) -> Result<String, ImportFailure> {
        if let Some(uploaded) = &self.uploaded {
            return Ok(uploaded.hash.clone());
        }
        let mut file = File::open(&self.path).map_err(|error| self.failed(error))?;
        let (mut hasher, mut buffer) = (Sha256::new(), vec![0; BUFFER_BYTES]);
        loop {
            let read = file.read(&mut buffer).map_err(|error| self.failed(error))?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
        }
        Ok(hasher.finalize().iter().fold(String::new(), |mut digits, byte| {
            write!(digits, "{byte:02x}").expect("a string takes all");
            digits
        }))
    }

    /// Without its folder.
    #[must_use]
    pub fn name(&self) -> String {
        if let Some(uploaded) = &self.uploaded {
            return uploaded.name.clone();
        }
        self.path.file_name().unwrap_or_default().to_string_lossy().replace('\0', "")
    }

    pub(super) fn failed(&self, error: std::io::Error) -> ImportFailure {
        ImportFailure::Io { file: self.path.clone(), error }
    }
}

fn table_at(mut file: File, delimiter: u8, place: ImportPlace) -> std::io::Result<Table<BufReader<File>>> {
    file.seek(SeekFrom::Start(place.position))?;
    Ok(Table::new(BufReader::with_capacity(BUFFER_BYTES, file), delimiter, place))
}

fn head_of(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(head)
}

fn refuse_other_formats(head: &[u8]) -> Result<(), ImportFailure> {
    let found = match head {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=255, ..] | [1..=255, 0, ..] => "UTF-16",
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "an old XLS workbook, or one with a password",
        [0x1f, 0x8b, ..] => "a gzip file",
        [b'%', b'P', b'D', b'F', ..] => "a PDF document",
        _ => return Ok(()),
    };
    Err(ImportFailure::NotCsv { found })
}

/// What stands most often in the first row, outside of quotes.
fn guessed_delimiter(head: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let is_line_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let mut is_quoted = false;
    for byte in head.iter().skip_while(|byte| is_line_end(byte)) {
        if *byte == b'"' {
            is_quoted = !is_quoted;
        } else if is_quoted {
            continue;
        } else if is_line_end(byte) {
            break;
        } else if let Some(place) = DELIMITERS.iter().position(|delimiter| delimiter == byte) {
            counts[place] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or_default();
    let place = counts.iter().position(|count| *count == most).unwrap_or_default();
    DELIMITERS[place]
}
