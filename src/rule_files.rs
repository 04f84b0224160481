//! The rules folder on disk: reads it whole, in bounds, and sees that it changed. Checks no rule itself, keeps no set.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::spawn_blocking;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::outbound::jurisdiction::Jurisdiction;
use crate::rules::{FILE_BYTES_MAX, LoadedRules, RULE_FILES_MAX, RuleErrors, RuleFile, load, load_jurisdictions};

/// How often a watched folder is looked at. A change is taken up when two looks in a row agree.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Most bytes of all files of one folder: what a start or a reload may hold in memory.
pub const FOLDER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Where the packs of jurisdictions stand in a rules folder.
const PACKS_FOLDER: &str = "jurisdictions";

/// Why a rules folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("cannot read {path}: {error}")]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{path}: expected at most {FILE_BYTES_MAX} bytes")]
    FileTooLarge { path: PathBuf },
    #[error("{folder}: expected at most {FOLDER_BYTES_MAX} bytes in all rule files")]
    FolderTooLarge { folder: PathBuf },
    #[error("{folder}: expected at most {RULE_FILES_MAX} rule files")]
    TooManyFiles { folder: PathBuf },
    #[error("{path}:{line}: expected UTF-8, found the byte 0x{byte:02x}")]
    NotUtf8 { path: PathBuf, line: usize, byte: u8 },
}

/// Why a folder's rules are not taken over.
#[derive(Debug, thiserror::Error)]
pub enum RulesRefused {
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// No source of this error: whoever prints the chain would say it twice.
    #[error("the rules are wrong\n{0}")]
    Rules(RuleErrors),
}

impl From<RuleErrors> for RulesRefused {
    fn from(errors: RuleErrors) -> RulesRefused {
        RulesRefused::Rules(errors)
    }
}

/// All `*.toml` of the folder and of its `queues/`, in order of path. Symbolic links are followed;
/// hidden files and other folders are passed over.
///
/// # Errors
/// When the folder or one of its files is unreadable, too large or not UTF-8.
pub fn read_folder(folder: &Path) -> Result<Vec<RuleFile>, FolderError> {
    read_files(folder, list(folder)?)
}

fn read_files(folder: &Path, found: BTreeMap<String, PathBuf>) -> Result<Vec<RuleFile>, FolderError> {
    let mut bytes_left = FOLDER_BYTES_MAX;
    let mut files = Vec::new();
    for (path, found) in found {
        let text = read_text(&found)?;
        bytes_left = bytes_left
            .checked_sub(text.len())
            .ok_or_else(|| FolderError::FolderTooLarge { folder: folder.to_owned() })?;
        files.push(RuleFile { path, text });
    }
    Ok(files)
}

/// Reads a folder and checks it whole.
///
/// # Errors
/// When it cannot be read, or its rules are wrong.
pub fn load_folder(folder: &Path) -> Result<LoadedRules, RulesRefused> {
    Ok(load(&read_folder(folder)?)?)
}

/// The packs of the folder's `jurisdictions/`, each held to its own tests; none when there is no such folder.
///
/// # Errors
/// When one cannot be read, says what cannot be, has a number without a source, or contradicts one of its tests.
pub fn load_packs(folder: &Path) -> Result<Vec<Arc<Jurisdiction>>, RulesRefused> {
    let packs = folder.join(PACKS_FOLDER);
    let mut files = BTreeMap::new();
    if packs.is_dir() {
        list_into(&mut files, folder, &packs, &format!("{PACKS_FOLDER}/"))?;
    }
    let texts = read_files(folder, files)?;
    Ok(load_jurisdictions(&texts)?)
}

/// Watches a rules folder by looking at its files' times and sizes.
pub struct RulesWatch {
    folder: PathBuf,
    ticks: Interval,
    looks: Looks,
}

struct Looks {
    /// As it was when last told.
    told: Look,
    latest: Look,
}

/// Time and size of each file by path; none when the folder cannot be listed.
type Look = Option<BTreeMap<String, (Option<Timestamp>, u64)>>;

impl RulesWatch {
    /// Looks once, now: make it before the folder is first read, so that no change slips between.
    /// Needs a tokio runtime.
    #[must_use]
    pub fn new(folder: PathBuf) -> RulesWatch {
        RulesWatch::looking_every(folder, LOOK_EVERY)
    }

    #[must_use]
    pub fn looking_every(folder: PathBuf, every: Duration) -> RulesWatch {
        let mut ticks = interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.reset();
        let look = look_at(&folder);
        RulesWatch { folder, ticks, looks: Looks { told: look.clone(), latest: look } }
    }

    /// Waits until the folder differs from what was last told and has come to rest.
    /// May be dropped and called again: nothing is missed.
    pub async fn changed(&mut self) {
        loop {
            self.ticks.tick().await;
            let folder = self.folder.clone();
            let look = spawn_blocking(move || look_at(&folder)).await.expect("a look does not panic");
            if self.looks.have_come_to_rest(look) {
                return;
            }
        }
    }

    /// The folder's rules after its next change, read and checked whole. A refusal changes
    /// nothing: whoever asks keeps the set in force and waits for the next.
    /// Dropped while it reads, it does not tell that change again.
    ///
    /// # Errors
    /// When the folder cannot be read, or its rules are wrong.
    pub async fn next_rules(&mut self) -> Result<LoadedRules, RulesRefused> {
        self.changed().await;
        let folder = self.folder.clone();
        spawn_blocking(move || load_folder(&folder)).await.expect("reading rules does not panic")
    }
}

impl Looks {
    /// Whether this look and the one before agree on something not told yet. Then it counts as told.
    fn have_come_to_rest(&mut self, look: Look) -> bool {
        let at_rest = look == self.latest;
        self.latest = look;
        let is_new = at_rest && self.latest != self.told;
        if is_new {
            self.told = self.latest.clone();
        }
        is_new
    }
}

fn look_at(folder: &Path) -> Look {
    let files = list(folder).ok()?;
    let look = |(path, found): (String, PathBuf)| {
        let data = fs::metadata(&found).ok();
        let modified = data.as_ref().and_then(|data| Timestamp::try_from(data.modified().ok()?).ok());
        (path, (modified, data.map_or(0, |data| data.len())))
    };
    Some(files.into_iter().map(look).collect())
}

/// The rule files by their path inside the folder.
fn list(folder: &Path) -> Result<BTreeMap<String, PathBuf>, FolderError> {
    let mut files = BTreeMap::new();
    list_into(&mut files, folder, folder, "")?;
    let queues = folder.join("queues");
    if queues.is_dir() {
        list_into(&mut files, folder, &queues, "queues/")?;
    }
    Ok(files)
}

fn list_into(
    files: &mut BTreeMap<String, PathBuf>,
    folder: &Path,
    part: &Path,
    prefix: &str,
) -> Result<(), FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: part.to_owned(), error };
    for entry in fs::read_dir(part).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if name.starts_with('.') || !name.ends_with(".toml") || path.is_dir() {
            continue;
        }
        files.insert(format!("{prefix}{name}"), path);
        if files.len() > RULE_FILES_MAX {
            return Err(FolderError::TooManyFiles { folder: folder.to_owned() });
        }
    }
    Ok(())
}

fn read_text(path: &Path) -> Result<String, FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: path.to_owned(), error };
    let limit = u64::try_from(FILE_BYTES_MAX).expect("the limit is small") + 1;
    let data = fs::metadata(path).map_err(unreadable)?;
    if !data.is_file() {
        return Err(unreadable(io::Error::other("expected a plain file")));
    }
    let mut bytes = Vec::new();
    fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() > FILE_BYTES_MAX {
        return Err(FolderError::FileTooLarge { path: path.to_owned() });
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        FolderError::NotUtf8 { path: path.to_owned(), line, byte: bytes[at] }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    const EVERY: Duration = Duration::from_millis(20);
    const ENTRY: &str = "[[entry]]\nname = \"all\"\nqueue = \"general\"\n";

    fn folder() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("queues")).unwrap();
        write(&folder, "entry.toml", ENTRY);
        write(&folder, "queues/general.toml", "[queue.general]\n");
        folder
    }

    fn write(folder: &TempDir, path: &str, text: impl AsRef<[u8]>) {
        fs::write(folder.path().join(path), text).unwrap();
    }

    fn paths(folder: &TempDir) -> Vec<String> {
        read_folder(folder.path()).unwrap().into_iter().map(|file| file.path).collect()
    }

    fn check_refused(folder: &TempDir, expected: &str) {
        let told = load_folder(folder.path()).unwrap_err().to_string();
        assert!(told.contains(expected), "{told}");
    }

    #[test]
    fn rule_files_are_read_and_others_passed_over() {
        let folder = folder();
        write(&folder, ".entry.toml.swp", "x");
        write(&folder, ".hidden.toml", "x");
        write(&folder, "README.md", "x");
        fs::create_dir_all(folder.path().join("examples/deep")).unwrap();
        write(&folder, "examples/entry.toml", "x");
        assert_eq!(paths(&folder), ["entry.toml", "queues/general.toml"]);
        assert!(load_folder(folder.path()).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed() {
        let folder = folder();
        let elsewhere = tempfile::tempdir().unwrap();
        write(&elsewhere, "site.toml", "offers_in_row_max = 3\n");
        std::os::unix::fs::symlink(elsewhere.path().join("site.toml"), folder.path().join("site.toml")).unwrap();
        assert_eq!(load_folder(folder.path()).unwrap().rules.site.offers_in_row_max, 3);
        fs::remove_file(elsewhere.path().join("site.toml")).unwrap();
        check_refused(&folder, "site.toml: No such file");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let missing = folder();
        let told = read_folder(&missing.path().join("nowhere")).unwrap_err().to_string();
        assert!(told.contains("nowhere"), "{told}");

        let not_utf8 = folder();
        write(&not_utf8, "site.toml", b"# caf\xe9 is Latin-1\n".as_slice());
        check_refused(&not_utf8, "site.toml:1: expected UTF-8, found the byte 0xe9");

        let large = folder();
        write(&large, "site.toml", " ".repeat(FILE_BYTES_MAX + 1));
        check_refused(&large, "expected at most 4194304 bytes");

        let many = folder();
        for n in 0..RULE_FILES_MAX {
            write(&many, &format!("queues/q{n}.toml"), "");
        }
        check_refused(&many, &format!("expected at most {RULE_FILES_MAX} rule files"));

        let heavy = folder();
        for n in 0..17 {
            write(&heavy, &format!("queues/q{n}.toml"), " ".repeat(FILE_BYTES_MAX));
        }
        check_refused(&heavy, "expected at most 67108864 bytes in all");
    }

    #[tokio::test]
    async fn a_half_saved_file_changes_nothing_and_is_told() {
        let folder = folder();
        let mut watch = RulesWatch::looking_every(folder.path().to_owned(), EVERY);
        let mut in_force = load_folder(folder.path()).unwrap().rules;
        let before = in_force.clone();

        write(&folder, "queues/general.toml", "[queue.general]\ntier = 2\noffer_time");
        match watch.next_rules().await {
            Ok(loaded) => in_force = loaded.rules,
            Err(error) => assert!(error.to_string().contains("queues/general.toml:3"), "{error}"),
        }
        assert_eq!(in_force, before);

        write(&folder, "queues/general.toml", "[queue.general]\ntier = 2\noffer_timeout = \"9s\"\n");
        let after = watch.next_rules().await.unwrap().rules;
        assert_ne!(after, before);
        assert_eq!(after.queues.values().next().unwrap().tier, Some(2));
    }

    #[test]
    fn a_change_is_told_once_two_looks_agree() {
        let look = |size| Some(BTreeMap::from([("site.toml".to_owned(), (None, size))]));
        let mut looks = Looks { told: look(0), latest: look(0) };
        let sizes = [0, 1, 2, 3, 3, 3, 4, 3, 3, 0, 0];
        let told = sizes.map(|size| looks.have_come_to_rest(look(size)));
        assert_eq!(told, [false, false, false, false, true, false, false, false, false, false, true]);
    }

    #[tokio::test]
    async fn an_untouched_folder_tells_nothing_and_a_removed_file_is_told() {
        let folder = folder();
        write(&folder, "site.toml", "");
        let mut watch = RulesWatch::looking_every(folder.path().to_owned(), EVERY);
        assert!(tokio::time::timeout(EVERY * 5, watch.changed()).await.is_err());
        fs::remove_file(folder.path().join("site.toml")).unwrap();
        watch.changed().await;
    }

    #[tokio::test]
    async fn a_folder_that_vanishes_is_told() {
        let folder = folder();
        let mut watch = RulesWatch::looking_every(folder.path().to_owned(), EVERY);
        fs::remove_dir_all(folder.path()).unwrap();
        assert!(matches!(watch.next_rules().await, Err(RulesRefused::Folder(FolderError::Unreadable { .. }))));
    }
}
