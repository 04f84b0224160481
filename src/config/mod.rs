//! Every setting, with its unit, its default and where it came from. It decides nothing and starts nothing.
//!
//! - One struct, [`Config`]; one list of its keys (`keys.rs`), which is the reference too.
//! - Later wins: the defaults, the file (`usher.toml`, or `--config FILE`, or `USHER_CONFIG`), the
//!   environment (`session.heartbeat_ms` is `USHER_SESSION_HEARTBEAT_MS`), the flags
//!   (`--session-heartbeat-ms`).
//! - Each Asterisk has a table of its own, `[asterisk.NAME]` (`asterisk.rs`), and no flags.
//! - An unknown key is an error that names the right one; a bad value names key, unit and range. All
//!   errors are told at once, and a secret is never repeated.

mod asterisk;
mod check;
mod customer_fields;
mod flags;
mod keys;
mod read;
mod reference;
mod report;
mod settings;
#[cfg(test)]
mod tests;
mod value;

pub use asterisk::AsteriskSettings;
pub use flags::ConfigFlags;
pub use read::FILE;
pub use report::{ConfigErrors, ConfigProblem};
pub use settings::{
    AccessSettings, ClockSettings, Config, Database, JournalSettings, ListenSettings, LogFormat, LogSettings,
    PrivacySettings, RetentionSettings, SessionSettings,
};
