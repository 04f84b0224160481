//! What becomes of a person's data: taken out whole, erased, or kept for its time, wherever it lies. It decides neither
//! who may ask for that nor what somebody sees.
//!
//! - The tables and the journal are two stores. [`erase()`] strips the tables in one transaction that leaves a note of what
//!   the journal has still to do, then destroys the journal's keys of the person's contacts. Whatever stops in between
//!   is finished by [`follow_erasures`] in the server, at its next start at the latest.
//! - Before either, the tables catch up with the journal ([`catch_up`]): what was not written yet would be missed.
//! - [`export`] writes every row and every event there is, opened.
//! - What was kept long enough goes by kind ([`keep_retention`] in the server): of a contact what an erasure would take.
//! - [`site_key`] is a file beside the data: addresses that are not to be contacted stay known by their hash under it.

mod catch_up;
mod erase;
mod export;
mod retention;
mod site_key;

pub use catch_up::BehindError;
pub use erase::{PrivacyError, erase, follow_erasures};
pub use export::{ExportError, PersonExport, export};
pub use retention::{Outdated, RetentionError, apply, before, keep_retention, outdated};
pub use site_key::{SITE_KEY_FILE, SiteKeyError, read_or_make};
