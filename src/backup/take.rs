//! Taking a backup: reads the databases of a data directory, whether a server runs there or not, and writes one folder.

use std::path::Path;

use super::folder::make_folder;
use super::manifest::FileSum;
use super::state::{StateSum, recovered};
use super::{BackupError, FILES, Manifest};
use crate::clock::wall_time;
use crate::journal::{Place, Recovered, SqlJournal};
use crate::privacy::SITE_KEY_FILE;
use crate::records::{RECORDS_FILE, Records, RecordsPlace};

/// Copies the data into `to`. `say` hears what is done next.
///
/// # Errors
/// When `to` is not empty, or something cannot be read or written; a folder that was begun has no manifest, and may go.
pub async fn take(site: &str, data: &Path, to: &Path, mut say: impl FnMut(&str)) -> Result<Manifest, BackupError> {
    let place = Place::Sqlite { folder: data.to_owned() };
    let journal = SqlJournal::open_to_read(&place).await?;
    make_folder(to)?;
    let taken_at = wall_time();
    let before = journal.last_event().await?;
    say("copying the records");
    Records::copy(&data.join(RECORDS_FILE), &to.join(RECORDS_FILE)).await?;
    let records = Records::open(&RecordsPlace::Sqlite(to.join(RECORDS_FILE))).await?;
    let read_up_to = records.furthest_reader().await;
    records.close().await;
    say("copying the journal");
    let copied = SqlJournal::copy(data, to, before.max(read_up_to?)).await?;
    say("reading the copy");
    let Recovered { state, event_no, .. } = recovered(copied).await?;
    let mut files = FILES.iter().map(|name| FileSum::of(to, name)).collect::<Result<Vec<_>, _>>()?;
    if data.join(SITE_KEY_FILE).exists() {
        files.push(FileSum::copy(data, to, SITE_KEY_FILE)?);
    }
    let manifest = Manifest {
        format: Manifest::FORMAT,
        usher: env!("CARGO_PKG_VERSION").to_owned(),
        site: site.to_owned(),
        taken_at: jiff::Timestamp::from_millisecond(taken_at.0).expect("the wall's time is one").to_string(),
        last_event: event_no.0,
        contacts_in_hand: state.router.state().contacts.len(),
        state: StateSum::of(&state)?,
        files,
    };
    manifest.write(to)?;
    Ok(manifest)
}
