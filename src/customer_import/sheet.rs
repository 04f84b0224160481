//! One sheet of a workbook as CSV in a file beside, so that all that is done with rows is done once. Judges no cell.
//!
//! Every row keeps its number, blank ones too. Dates become ISO 8601, spans `h:mm:ss`; of a formula the last value counts,
//! and of cells that are merged the first has what they show.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx};

use super::error::ImportFailure;
use super::table::ROW_BYTES_MAX;
use super::workbook_bounds::WORKBOOK_BOUNDS;

/// As many as a spreadsheet has.
pub const SHEET_ROWS_MAX: u32 = 1_048_576;
/// Cells behind the last column that a spreadsheet has are taken for one: the row has too many in any case.
const SHEET_COLUMNS_MAX: u32 = 16_384;
const MS_OF_DAY: f64 = 86_400_000.0;
/// Floating-point numbers up to here are whole exactly.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// A sheet that was written down.
pub struct SpooledSheet {
    pub name: String,
    /// All that the workbook has, in its order.
    pub sheets: Vec<String>,
}

/// Writes the sheet (the first, when none is named) to `spool`, its first `rows_max` rows.
///
/// # Errors
/// When the workbook is none, too large, or has no such sheet; or when the disk is full.
pub fn spool_sheet(
    workbook: &Path,
    sheet: Option<&str>,
    rows_max: u32,
    spool: &Path,
) -> Result<SpooledSheet, ImportFailure> {
    let failed = |error| ImportFailure::Io { file: workbook.to_owned(), error };
    let mut file = File::open(workbook).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    WORKBOOK_BOUNDS.check(BufReader::new(&file), bytes)?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let unreadable = |error: calamine::XlsxError| ImportFailure::Workbook(error.to_string());
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(unreadable)?;
    let tables = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = tables.map(|sheet| sheet.name.clone()).collect();
    let named = names.iter().find(|name| sheet.is_none_or(|sheet| sheet == *name));
    let name = named.cloned();
    let name =
        name.ok_or_else(|| ImportFailure::NoSheet { expected: sheet.map(str::to_owned), found: names.join(", ") })?;
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(unreadable)?;
    let failed = |error| ImportFailure::Io { file: spool.to_owned(), error };
    let mut spooled = SpooledRows::new(File::create(spool).map_err(failed)?);
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        if row >= rows_max && row < SHEET_ROWS_MAX {
            break;
        }
        if let Some(text) = text_of(cell.get_value()) {
            if row >= SHEET_ROWS_MAX || row < spooled.row {
                return Err(ImportFailure::Workbook(format!(
                    "its rows are not in order behind row {}",
                    spooled.row + 1
                )));
            }
            if row > spooled.row {
                spooled.end_row(row).map_err(failed)?;
            }
            spooled.put(column, text);
        }
        let bytes_max = WORKBOOK_BOUNDS.unpacked_bytes_max;
        if spooled.bytes > bytes_max {
            return Err(ImportFailure::WorkbookTooLarge { what: "sheet", bytes_max });
        }
    }
    spooled.finish().map_err(failed)?;
    Ok(SpooledSheet { name, sheets: names })
}

/// Rows on their way to the file.
struct SpooledRows {
    file: BufWriter<File>,
    bytes: u64,
    /// The row that is being read, from 0.
    row: u32,
    cells: Vec<(u32, String)>,
    row_bytes: usize,
    /// Cells of the first row that is not blank; 0 before it.
    width: u32,
}

impl SpooledRows {
    fn new(file: File) -> SpooledRows {
        SpooledRows { file: BufWriter::new(file), bytes: 0, row: 0, cells: Vec::new(), row_bytes: 0, width: 0 }
    }

    /// What is longer than a row may be is left out behind the limit: the row is refused as too long by whoever reads
    /// it.
    fn put(&mut self, column: u32, text: String) {
        if self.row_bytes > ROW_BYTES_MAX {
            return;
        }
        self.row_bytes += text.len();
        self.cells.push((column.min(SHEET_COLUMNS_MAX), text));
    }

    fn end_row(&mut self, next: u32) -> std::io::Result<()> {
        // One that is named twice: the last counts.
        self.cells.reverse();
        self.cells.sort_by_key(|(column, _)| *column);
        self.cells.dedup_by_key(|(column, _)| *column);
        if let Some((last, _)) = self.cells.last() {
            if self.width == 0 {
                self.width = last + 1;
            }
            let mut line = Vec::with_capacity(self.row_bytes + self.cells.len());
            let mut cells = self.cells.iter().peekable();
            for column in 0..self.width.max(last + 1) {
                if column > 0 {
                    line.push(b',');
                }
                if let Some((_, text)) = cells.next_if(|(of, _)| *of == column) {
                    quote(text, &mut line);
                }
            }
            self.file.write_all(&line)?;
            self.bytes += line.len() as u64;
        }
        self.cells.clear();
        self.row_bytes = 0;
        for _ in self.row..next {
            self.file.write_all(b"\n")?;
        }
        self.bytes += u64::from(next - self.row);
        self.row = next;
        Ok(())
    }

    fn finish(mut self) -> std::io::Result<()> {
        self.end_row(self.row + 1)?;
        self.file.flush()
    }
}

fn quote(text: &str, line: &mut Vec<u8>) {
    if !text.contains([',', '"', '\n', '\r']) {
        return line.extend_from_slice(text.as_bytes());
    }
    line.push(b'"');
    line.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    line.push(b'"');
}

/// None of a cell that is empty.
fn text_of(value: &DataRef<'_>) -> Option<String> {
    let text = match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(is_so) => is_so.to_string(),
        DataRef::DateTime(at) => time_text(at),
        DataRef::Error(error) => error.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// Numbers without an exponent: they may be telephone numbers.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < WHOLE_MAX { format!("{number:.0}") } else { number.to_string() }
}

fn time_text(at: &ExcelDateTime) -> String {
    let ms = (at.as_f64() * MS_OF_DAY).round();
    if at.is_duration() {
        let negative = if ms < 0.0 { "-" } else { "" };
        let ms = ms.abs();
        let hours = (ms / 3_600_000.0).floor();
        return format!("{negative}{hours:.0}:{}", minutes_text(ms - hours * 3_600_000.0));
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let seconds_ms = f64::from(minute) * 60_000.0 + f64::from(second) * 1_000.0 + f64::from(milli);
    let clock = format!("{hour:02}:{}", minutes_text(seconds_ms));
    match (at.as_f64() < 1.0, ms % MS_OF_DAY == 0.0) {
        (true, _) => clock,
        (false, true) => format!("{year:04}-{month:02}-{day:02}"),
        (false, false) => format!("{year:04}-{month:02}-{day:02}T{clock}"),
    }
}

/// `mm:ss` and thousandths, if there are any.
fn minutes_text(ms: f64) -> String {
    let minutes = (ms / 60_000.0).floor();
    let seconds = ((ms - minutes * 60_000.0) / 1_000.0).floor();
    let thousandths = ms - minutes * 60_000.0 - seconds * 1_000.0;
    let fraction = if thousandths > 0.0 { format!(".{thousandths:03.0}") } else { String::new() };
    format!("{minutes:02.0}:{seconds:02.0}{fraction}")
}
