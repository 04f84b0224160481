//! Files that came over HTTP and the imports of them, which go on beside the server: begun, stopped, gone on with after a
//! restart. Reads no row itself, and routes no contact.
//!
//! - [`ImportFiles`]: the files, each in a folder of its own under `import-files` of the data directory, gone a day after
//!   they came.
//! - [`ImportDesk`]: one import at a time for each place that rows go to, each on a thread where it holds nobody up.
//! - [`ImportDesk::go_on_after_restart`], [`keep_import_files`]: what a restart interrupted goes on, what is too old goes.
//!
//! How far an import has come stands in the records with the rows themselves. Whatever ends the server, an import has every
//! row once, and goes on behind the last when it is begun again.

mod check;
mod desk;
mod error;
mod files;
mod job;
mod look;
mod upkeep;

pub use check::{CHECKED_ROWS, CheckedRows};
pub use desk::{ImportDesk, ImportToBegin};
pub use error::{StartRefused, StopRefused, UploadRefused};
pub use files::{IncomingFile, UploadedFile};
pub use look::{FileLook, SAMPLE_ROWS};
pub use upkeep::keep_import_files;
