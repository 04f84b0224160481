//! One rule file as it was found: its path inside the folder and its text. Opens nothing.

use super::table::nearest;

/// Largest rule file, in bytes: 20,000 agents with a dozen skills each fit.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most files of one rules folder: one for each queue, and those with a name of their own.
pub const RULE_FILES_MAX: usize = 1_004;

/// `path` is relative to the rules folder, with `/` between its parts: `queues/billing.toml`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleFile {
    pub path: String,
    pub text: String,
}

/// What a file holds, by its path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FileKind {
    Entry,
    Queues,
    Agents,
    Site,
    Calendars,
}

impl FileKind {
    /// # Errors
    /// With what was expected, when no rule file has this path.
    pub(super) fn of(path: &str) -> Result<FileKind, String> {
        match path {
            "entry.toml" => Ok(FileKind::Entry),
            "agents.toml" => Ok(FileKind::Agents),
            "site.toml" => Ok(FileKind::Site),
            "calendars.toml" => Ok(FileKind::Calendars),
            _ if path.strip_prefix("queues/").is_some_and(|name| name.ends_with(".toml") && !name.contains('/')) => {
                Ok(FileKind::Queues)
            }
            _ => Err(match nearest(path, ["entry.toml", "agents.toml", "site.toml", "calendars.toml"]) {
                Some(right) => format!(
                    "{right}? Rule files are entry.toml, agents.toml, site.toml, calendars.toml and queues/*.toml"
                ),
                None => "entry.toml, agents.toml, site.toml, calendars.toml or queues/*.toml".to_owned(),
            }),
        }
    }
}
