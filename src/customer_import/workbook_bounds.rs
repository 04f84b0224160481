//! Whether a workbook may be unpacked: how large it is, as it says and as it is. Keeps nothing of it, reads no cell.
//!
//! An XLSX file is a ZIP of XML parts. A small one can unpack to terabytes, and its table of contents can lie, so every
//! part is unpacked once into nothing and counted before anything is made of it. What a reader of XML would have to
//! hold in memory as a whole is bounded too.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::error::ImportFailure;
use super::table::ROW_BYTES_MAX;

/// How much a workbook may hold.
#[derive(Clone, Copy)]
pub struct WorkbookBounds {
    pub file_bytes_max: u64,
    /// All parts together, unpacked.
    pub unpacked_bytes_max: u64,
    /// Texts that cells share are held in memory while the sheet is read.
    pub shared_text_bytes_max: u64,
}

/// A full sheet of 40 columns, and a third of its texts different.
pub const WORKBOOK_BOUNDS: WorkbookBounds = WorkbookBounds {
    file_bytes_max: 512 * 1024 * 1024,
    unpacked_bytes_max: 4 * 1024 * 1024 * 1024,
    shared_text_bytes_max: 256 * 1024 * 1024,
};

/// Parts of a workbook; each sheet, picture and comment is one.
pub const PARTS_MAX: usize = 10_000;
/// Between two `<`: a text is held in memory as a whole.
const TEXT_BYTES_MAX: usize = ROW_BYTES_MAX;
const PIECE_BYTES: usize = 64 * 1024;
/// How many texts there are stands in the part itself, and is believed: `<si/>` is the shortest.
const COUNT_NAME: &[u8] = b"uniqueCount";
const SHARED_TEXT_BYTES_MIN: u64 = 5;

impl WorkbookBounds {
    /// # Errors
    /// When it is no ZIP, or anything of it is too large.
    pub fn check(&self, file: impl Read + Seek, bytes: u64) -> Result<(), ImportFailure> {
        if bytes > self.file_bytes_max {
            return Err(ImportFailure::WorkbookTooLarge { what: "file", bytes_max: self.file_bytes_max });
        }
        let mut archive = ZipArchive::new(file).map_err(unreadable)?;
        if archive.len() > PARTS_MAX {
            return Err(ImportFailure::WorkbookParts { found: archive.len() });
        }
        let mut said = 0_u64;
        for place in 0..archive.len() {
            said = said.saturating_add(archive.by_index_raw(place).map_err(unreadable)?.size());
        }
        if said > self.unpacked_bytes_max {
            return Err(self.unpacked_too_large());
        }
        let mut unpacked = 0;
        for place in 0..archive.len() {
            let mut part = archive.by_index(place).map_err(unreadable)?;
            let name = part.name().map_err(unreadable)?.to_ascii_lowercase();
            self.check_part(&mut part, &name, &mut unpacked)?;
        }
        Ok(())
    }

    fn check_part(&self, part: &mut impl Read, name: &str, unpacked: &mut u64) -> Result<(), ImportFailure> {
        let shares_texts = name.ends_with("sharedstrings.xml");
        let mut xml = [".xml", ".rels"].iter().any(|end| name.ends_with(end)).then(XmlBounds::default);
        let mut piece = vec![0; PIECE_BYTES];
        let mut part_bytes = 0_u64;
        loop {
            let read = part.read(&mut piece).map_err(unreadable)?;
            if read == 0 {
                break;
            }
            part_bytes += read as u64;
            *unpacked += read as u64;
            if *unpacked > self.unpacked_bytes_max {
                return Err(self.unpacked_too_large());
            }
            if shares_texts && part_bytes > self.shared_text_bytes_max {
                let bytes_max = self.shared_text_bytes_max;
                return Err(ImportFailure::WorkbookTooLarge { what: "list of texts", bytes_max });
            }
            if let Some(xml) = &mut xml {
                xml.look_at(&piece[..read])?;
            }
        }
        if shares_texts && xml.is_some_and(|xml| xml.largest_count > part_bytes / SHARED_TEXT_BYTES_MIN) {
            return Err(ImportFailure::Workbook("it says that it has more texts than there are".to_owned()));
        }
        Ok(())
    }

    fn unpacked_too_large(&self) -> ImportFailure {
        ImportFailure::WorkbookTooLarge { what: "content unpacked", bytes_max: self.unpacked_bytes_max }
    }
}

fn unreadable(error: impl std::fmt::Display) -> ImportFailure {
    ImportFailure::Workbook(error.to_string())
}

/// What is looked for in the bytes of an XML part.
#[derive(Default)]
struct XmlBounds {
    since_tag: usize,
    is_behind_tag: bool,
    /// Letters of [`COUNT_NAME`] that the last bytes were.
    name_letters: usize,
    /// The number behind the name, while its digits come.
    count: Option<u64>,
    largest_count: u64,
    places: PlaceBounds,
}

impl XmlBounds {
    fn look_at(&mut self, bytes: &[u8]) -> Result<(), ImportFailure> {
        for byte in bytes {
            if self.is_behind_tag && *byte == b'!' {
                return Err(ImportFailure::Workbook("expected no comments, CDATA or entities in it".to_owned()));
            }
            self.is_behind_tag = *byte == b'<';
            self.since_tag = if self.is_behind_tag { 0 } else { self.since_tag + 1 };
            if self.since_tag > TEXT_BYTES_MAX {
                return Err(ImportFailure::WorkbookTooLarge { what: "cell", bytes_max: TEXT_BYTES_MAX as u64 });
            }
            if *byte == 0 {
                return Err(ImportFailure::Workbook("expected XML in UTF-8".to_owned()));
            }
            self.look_for_count(*byte);
            self.places.look_at(*byte)?;
        }
        Ok(())
    }

    fn look_for_count(&mut self, byte: u8) {
        if let Some(count) = self.count {
            match byte {
                b'0'..=b'9' => self.count = Some(count.saturating_mul(10).saturating_add(u64::from(byte - b'0'))),
                b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n' if count == 0 => {}
                _ => self.count = None,
            }
            self.largest_count = self.largest_count.max(self.count.unwrap_or_default());
        }
        let is_next = COUNT_NAME.get(self.name_letters) == Some(&byte);
        self.name_letters = if is_next { self.name_letters + 1 } else { usize::from(byte == COUNT_NAME[0]) };
        if self.name_letters == COUNT_NAME.len() {
            (self.name_letters, self.count) = (0, Some(0));
        }
    }
}

/// Whether places of cells (`r="B2"`, `ref="A1:B2"`) are such that a sheet can have: whoever reads them counts in 32 bits.
#[derive(Default)]
struct PlaceBounds {
    is_in_tag: bool,
    /// The last name of an attribute, or its first letters.
    name: [u8; PlaceBounds::NAME_LETTERS],
    name_letters: usize,
    is_name_over: bool,
    /// Of a value that goes on.
    quote: Option<u8>,
    is_place: bool,
    letters: usize,
    digits: usize,
}

impl PlaceBounds {
    const NAME_LETTERS: usize = 4;
    /// `XFD1048576` is the last place of a sheet.
    const LETTERS_MAX: usize = 3;
    const DIGITS_MAX: usize = 7;

    fn look_at(&mut self, byte: u8) -> Result<(), ImportFailure> {
        match (self.quote, byte) {
            (Some(quote), _) if byte == quote => (self.quote, self.name_letters) = (None, 0),
            (Some(_), _) if self.is_place => self.look_at_place(byte)?,
            (Some(_), _) => {}
            (None, b'<') => (self.is_in_tag, self.name_letters) = (true, 0),
            (None, b'>') => self.is_in_tag = false,
            (None, b'"' | b'\'') if self.is_in_tag => {
                self.quote = Some(byte);
                self.is_place = [b"r".as_slice(), b"ref"].contains(&&self.name[..self.name_letters]);
                (self.letters, self.digits) = (0, 0);
            }
            (None, b'=' | b' ' | b'\t' | b'\r' | b'\n') => self.is_name_over = true,
            (None, _) => self.add_to_name(byte),
        }
        Ok(())
    }

    fn add_to_name(&mut self, byte: u8) {
        if std::mem::take(&mut self.is_name_over) {
            self.name_letters = 0;
        }
        if let Some(place) = self.name.get_mut(self.name_letters) {
            *place = byte;
            self.name_letters += 1;
        }
    }

    fn look_at_place(&mut self, byte: u8) -> Result<(), ImportFailure> {
        (self.letters, self.digits) = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => (self.letters + 1, 0),
            b'0'..=b'9' => (0, self.digits + 1),
            _ => (0, 0),
        };
        if self.letters > PlaceBounds::LETTERS_MAX || self.digits > PlaceBounds::DIGITS_MAX {
            return Err(ImportFailure::Workbook("expected places of cells up to XFD1048576".to_owned()));
        }
        Ok(())
    }
}
