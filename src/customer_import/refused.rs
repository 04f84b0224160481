//! The file of refused rows: number, column, reason, and the row's own cells, which no spreadsheet runs. Decides none.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::error::ImportFailure;
use super::table::Row;
use crate::customers::defuse::defused;
use crate::customers::ids::ImportId;
use crate::customers::import_rows::RowRefusal;

/// Open at its end.
pub struct RefusedFile {
    path: PathBuf,
    writer: csv::Writer<CountedFile>,
}

struct CountedFile {
    file: File,
    bytes: u64,
}

impl Write for CountedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl RefusedFile {
    /// The file as it was at the last commit, `bytes` long: what was written after it goes. At 0 it is new.
    ///
    /// # Errors
    /// When it is not there any more or shorter, or cannot be written.
    pub fn open(path: &Path, import: ImportId, bytes: u64, headings: &[String]) -> Result<RefusedFile, ImportFailure> {
        let gone = || ImportFailure::ErrorsGone { import, file: path.to_owned(), expected: bytes };
        let failed = |error| ImportFailure::Io { file: path.to_owned(), error };
        let opened = OpenOptions::new().write(true).create(bytes == 0).truncate(false).open(path);
        let mut file = opened.map_err(|error| if bytes == 0 { failed(error) } else { gone() })?;
        if file.metadata().map_err(failed)?.len() < bytes {
            return Err(gone());
        }
        file.set_len(bytes).map_err(failed)?;
        file.seek(SeekFrom::Start(bytes)).map_err(failed)?;
        let mut refused = RefusedFile::at_end(path, file, bytes);
        if bytes == 0 {
            let own = ["row", "column", "reason"].into_iter().map(str::to_owned);
            refused.write_record(own.chain(headings.iter().map(|heading| defused(heading).into_owned())))?;
        }
        Ok(refused)
    }

    fn at_end(path: &Path, file: File, bytes: u64) -> RefusedFile {
        let writer = csv::WriterBuilder::new().flexible(true).from_writer(CountedFile { file, bytes });
        RefusedFile { path: path.to_owned(), writer }
    }

    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, refusal: &RowRefusal, cells: &[String]) -> Result<(), ImportFailure> {
        let column = refusal.column.clone().unwrap_or_default();
        let own = [refusal.row.to_string(), column, refusal.reason.to_string()];
        let record = own.iter().chain(cells).map(|cell| defused(cell).into_owned());
        self.write_record(record)
    }

    /// Everything is on the disk: its length.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn sync(&mut self) -> Result<u64, ImportFailure> {
        let path = self.path.clone();
        let failed = |error| ImportFailure::Io { file: path.clone(), error };
        self.writer.flush().map_err(failed)?;
        let counted = self.writer.get_ref();
        counted.file.sync_data().map_err(failed)?;
        Ok(counted.bytes)
    }

    fn write_record(&mut self, record: impl Iterator<Item = String>) -> Result<(), ImportFailure> {
        self.writer
            .write_record(record)
            .map_err(|error| ImportFailure::Io { file: self.path.clone(), error: io::Error::other(error) })
    }
}

/// The cells that are kept of a refused row: none of one that is not all there.
#[must_use]
pub fn cells_of(row: &Row) -> Vec<String> {
    if row.is_too_long {
        return Vec::new();
    }
    row.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
}
