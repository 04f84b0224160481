//! Opens the door to the users and keys that the settings name. Starts no server.

use std::sync::Arc;

use anyhow::Context;
use secrecy::ExposeSecret;

use crate::access::{Access, AccessLimits};
use crate::clock::wall_time;
use crate::config::{AccessSettings, Config, Database};
use crate::journal::Place;
use crate::records::{RECORDS_FILE, Records, RecordsPlace};
use crate::routing::time::Millis;

/// Where the records of these settings are. Makes the data directory.
///
/// # Errors
/// When the data directory cannot be made.
pub fn records_place(config: &Config) -> anyhow::Result<RecordsPlace> {
    match &config.database {
        Database::Postgres(url) => Ok(RecordsPlace::Postgres(url.clone())),
        Database::Sqlite => {
            let folder = &config.data_directory;
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
            Ok(RecordsPlace::Sqlite(folder.join(RECORDS_FILE)))
        }
    }
}

/// Where the journal of these settings is. Makes nothing.
///
/// # Errors
/// When the address of the database cannot be read.
pub fn journal_place(config: &Config) -> anyhow::Result<Place> {
    Ok(match config.journal_database() {
        Database::Postgres(url) => Place::Postgres(Box::new(url.expose_secret().parse()?)),
        Database::Sqlite => Place::Sqlite { folder: config.data_directory.clone() },
    })
}

#[must_use]
pub fn access_limits(settings: &AccessSettings) -> AccessLimits {
    let millis =
        |span: std::time::Duration| Millis(i64::try_from(span.as_millis()).expect("the range of every setting fits"));
    AccessLimits {
        failed_per_account_max: settings.failed_per_account_max,
        failed_per_address_max: settings.failed_per_address_max,
        log_in_life: millis(settings.log_in_life),
        ticket_life: millis(settings.ticket_life),
    }
}

/// Both, by the wall's time; the tables are brought up to date.
///
/// # Errors
/// When the database cannot be opened.
pub async fn open(config: &Config) -> anyhow::Result<(Records, Arc<Access>)> {
    let records = Records::open(&records_place(config)?).await.context("cannot open the records")?;
    let access = Access::open(records.clone(), access_limits(&config.access), Arc::new(wall_time)).await?;
    Ok((records, access))
}
