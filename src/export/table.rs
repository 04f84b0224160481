//! Lines of CSV as RFC 4180 has them. Knows no column.

use crate::customers::defuse::defused;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Lines that were not given out yet.
pub(super) struct Table {
    lines: csv::Writer<Vec<u8>>,
    /// What comes before all lines.
    begin: Vec<u8>,
    pub rows: u64,
}

impl Table {
    pub fn new(heading: &[&str], has_mark: bool) -> Table {
        let mut table = Table { lines: writer(), begin: Vec::new(), rows: 0 };
        if has_mark {
            table.begin.extend_from_slice(BYTE_ORDER_MARK);
        }
        table.lines.write_record(heading).expect("memory takes every line");
        table
    }

    pub fn add(&mut self, cells: &[String]) {
        let cells = cells.iter().map(|cell| defused(cell));
        self.lines
            .write_record(cells.map(|cell| cell.into_owned().into_bytes()))
            .expect("as many cells as the heading");
        self.rows += 1;
    }

    pub fn take(&mut self) -> Vec<u8> {
        let lines = std::mem::replace(&mut self.lines, writer());
        let mut taken = std::mem::take(&mut self.begin);
        taken.extend(lines.into_inner().expect("memory takes every line"));
        taken
    }
}

fn writer() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(Vec::new())
}
