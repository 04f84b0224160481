//! The file of the site's key: made once, for its owner's eyes. Hashes nothing.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::records::SiteKey;

/// In the data directory. A backup without it forgets who is not to be contacted.
pub const SITE_KEY_FILE: &str = "site.key";
/// Only the owner reads and writes it.
const MODE: u32 = 0o600;

#[derive(Debug, thiserror::Error)]
pub enum SiteKeyError {
    #[error("site.key cannot be used: {0}")]
    File(#[from] std::io::Error),
    #[error("site.key: expected {} hexadecimal digits", 2 * SiteKey::LENGTH)]
    Text,
}

/// The key in this folder. A new one, when there is none.
///
/// # Errors
/// When the file cannot be read or made, or holds something else.
pub fn read_or_make(folder: &Path) -> Result<SiteKey, SiteKeyError> {
    let file = folder.join(SITE_KEY_FILE);
    match std::fs::read_to_string(&file) {
        Ok(text) => key_of(text.trim_end()).ok_or(SiteKeyError::Text),
        Err(error) if error.kind() == ErrorKind::NotFound => make(&file),
        Err(error) => Err(error.into()),
    }
}

fn make(file: &Path) -> Result<SiteKey, SiteKeyError> {
    let mut bytes = [0; SiteKey::LENGTH];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut made = OpenOptions::new().write(true).create_new(true).mode(MODE).open(file)?;
    made.write_all(text.as_bytes())?;
    made.sync_all()?;
    Ok(SiteKey::from_bytes(bytes))
}

fn key_of(text: &str) -> Option<SiteKey> {
    let mut bytes = [0; SiteKey::LENGTH];
    if text.len() != 2 * bytes.len() || !text.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(SiteKey::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn it_is_made_once_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        read_or_make(folder.path()).unwrap();
        let file = folder.path().join(SITE_KEY_FILE);
        let made = std::fs::read_to_string(&file).unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, MODE);
        read_or_make(folder.path()).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), made);
        for wrong in ["", "ab", &"x".repeat(64)] {
            std::fs::write(&file, wrong).unwrap();
            assert!(matches!(read_or_make(folder.path()), Err(SiteKeyError::Text)), "{wrong}");
        }
    }
}
