//! The rows of a CSV file, one at a time, in bounded memory whatever the file holds. Judges no cell.

use std::io::{self, BufRead};

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use crate::customers::import_columns::COLUMNS_MAX;
use crate::imports::import_batch::ImportPlace;

/// Longest row that is kept: 512 cells of 500 letters and more. What a longer one holds is passed over.
pub const ROW_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of a cell that are copied at a time.
const PIECE_BYTES: usize = 16 * 1024;

/// Reads on from a place.
pub struct Table<R> {
    source: R,
    reader: Reader,
    place: ImportPlace,
    piece: Vec<u8>,
    row: Row,
}

/// One row as the file has it.
#[derive(Default)]
pub struct Row {
    /// As a spreadsheet counts.
    pub number: u64,
    /// Those of a row with too many are counted, not kept.
    pub cell_count: usize,
    /// More than [`ROW_BYTES_MAX`]: its cells are not all there.
    pub is_too_long: bool,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Row {
    /// The cells that were kept.
    pub fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, end)| &self.bytes[begin..*end])
    }

    /// # Errors
    /// With the place of the first cell that is no UTF-8.
    pub fn texts(&self) -> Result<Vec<&str>, usize> {
        let texts = self.cells().enumerate().map(|(place, cell)| str::from_utf8(cell).map_err(|_| place));
        texts.collect()
    }

    fn clear(&mut self, number: u64) {
        self.number = number;
        self.cell_count = 0;
        self.is_too_long = false;
        self.bytes.clear();
        self.ends.clear();
    }

    fn push(&mut self, piece: &[u8]) {
        if self.cell_count > COLUMNS_MAX {
            return;
        }
        if self.bytes.len() + piece.len() > ROW_BYTES_MAX {
            self.is_too_long = true;
        } else if !self.is_too_long {
            self.bytes.extend_from_slice(piece);
        }
    }

    fn end_cell(&mut self) {
        if self.cell_count <= COLUMNS_MAX {
            self.ends.push(self.bytes.len());
        }
        self.cell_count += 1;
    }
}

impl<R: BufRead> Table<R> {
    /// `source` stands at `place`, the beginning of a row.
    pub fn new(source: R, delimiter: u8, place: ImportPlace) -> Table<R> {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Table { source, reader, place, piece: vec![0; PIECE_BYTES], row: Row::default() }
    }

    /// Behind the last row that was read.
    pub fn place(&self) -> ImportPlace {
        self.place
    }

    /// The next row that is not blank; None at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_row(&mut self) -> io::Result<Option<&Row>> {
        if !self.skip_blank_rows()? {
            return Ok(None);
        }
        self.place.row += 1;
        self.row.clear(self.place.row);
        let mut last_byte = None;
        loop {
            let input = self.source.fill_buf()?;
            let (result, read, written) = self.reader.read_field(input, &mut self.piece);
            last_byte = input[..read].last().copied().or(last_byte);
            self.consume(read);
            self.row.push(&self.piece[..written]);
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end } => {
                    self.row.end_cell();
                    if record_end {
                        break;
                    }
                }
                ReadFieldResult::End => break,
            }
        }
        if last_byte == Some(b'\r') && self.source.fill_buf()?.first() == Some(&b'\n') {
            self.consume(1);
        }
        Ok(Some(&self.row))
    }

    /// Whether there is a row after them. They count as rows, as they do in a spreadsheet.
    fn skip_blank_rows(&mut self) -> io::Result<bool> {
        loop {
            match self.source.fill_buf()?.first() {
                Some(b'\n') => self.consume(1),
                Some(b'\r') => {
                    self.consume(1);
                    if self.source.fill_buf()?.first() == Some(&b'\n') {
                        self.consume(1);
                    }
                }
                Some(_) => return Ok(true),
                None => return Ok(false),
            }
            self.place.row += 1;
        }
    }

    fn consume(&mut self, bytes: usize) {
        self.source.consume(bytes);
        self.place.position += bytes as u64;
    }
}
