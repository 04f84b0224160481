//! The tables in whichever database they are. Knows no statement but the counter of cuts.

use std::sync::{Arc, OnceLock};

use super::error::RecordsError;
use super::postgres::PostgresStore;
use super::sqlite::SqliteStore;
use super::statements::people::{GATEWAYS_CUT, LAST_CUT, USERS_CUT};
use super::{Cut, CutNo, RecordsPlace, SiteKey};

use crate::routing::ids::{GatewayId, PersonId};

/// A handle; clones share their connections.
#[derive(Clone)]
pub struct Records {
    pub(super) store: Store,
    site_key: Arc<OnceLock<SiteKey>>,
}

#[derive(Clone)]
pub(super) enum Store {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

/// The same expression through either database's types.
macro_rules! reading {
    ($records:expr, $readers:ident => $body:expr) => {
        match &$records.store {
            $crate::records::store::Store::Sqlite(store) => {
                let $readers = &store.readers;
                $body
            }
            $crate::records::store::Store::Postgres(store) => {
                let $readers = &store.readers;
                $body
            }
        }
    };
}

/// The same statements in one transaction, committed when `body` is `Ok` and undone when it is not.
macro_rules! changing {
    ($records:expr, $transaction:ident => $body:expr) => {
        match &$records.store {
            $crate::records::store::Store::Sqlite(store) => {
                let mut $transaction = store.begin().await?;
                let done = $body;
                $transaction.commit().await?;
                done
            }
            $crate::records::store::Store::Postgres(store) => {
                let mut $transaction = store.begin().await?;
                let done = $body;
                $transaction.commit().await?;
                done
            }
        }
    };
}

pub(super) use {changing, reading};

impl Records {
    /// Connects and brings the tables up to date.
    ///
    /// # Errors
    /// When the database cannot be reached, or its tables are from a later version.
    pub async fn open(place: &RecordsPlace) -> Result<Records, RecordsError> {
        let store = match place {
            RecordsPlace::Sqlite(file) => Store::Sqlite(SqliteStore::open(file).await?),
            RecordsPlace::Postgres(url) => Store::Postgres(PostgresStore::open(url).await?),
        };
        let records = Records { store, site_key: Arc::default() };
        records.make_name_terms().await?;
        Ok(records)
    }

    /// Takes the key under which addresses are looked for that an erasure left hashes of, for all clones. Of several,
    /// the first counts.
    pub fn hold_site_key(&self, key: SiteKey) {
        self.site_key.get_or_init(|| key);
    }

    pub(super) fn site_key(&self) -> Option<&SiteKey> {
        self.site_key.get()
    }

    /// Ends every connection; clones can do nothing more.
    pub async fn close(&self) {
        match &self.store {
            Store::Sqlite(store) => store.close().await,
            Store::Postgres(store) => store.close().await,
        }
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn last_cut(&self) -> Result<CutNo, RecordsError> {
        let last: i64 = reading!(self, readers => sqlx::query_scalar(LAST_CUT).fetch_one(readers).await)?;
        Ok(CutNo(last))
    }

    /// Everybody cut off after `seen`, in order, and the number to ask with next time.
    ///
    /// # Errors
    /// When the database does not answer, or holds a name that cannot be one.
    pub async fn cuts_after(&self, seen: CutNo) -> Result<(Vec<Cut>, CutNo), RecordsError> {
        // Read first: a cut that commits after it is found by the next call, perhaps twice, never not at all.
        let last = self.last_cut().await?;
        if last == seen {
            return Ok((Vec::new(), seen));
        }
        type Row = (i64, String);
        let users: Vec<Row> =
            reading!(self, readers => sqlx::query_as(USERS_CUT).bind(seen.0).fetch_all(readers).await)?;
        let gateways: Vec<Row> =
            reading!(self, readers => sqlx::query_as(GATEWAYS_CUT).bind(seen.0).fetch_all(readers).await)?;
        let mut cuts = Vec::with_capacity(users.len() + gateways.len());
        for (no, name) in users {
            let name = PersonId::new(&name).map_err(|_| RecordsError::Unreadable { table: "users", column: "name" })?;
            cuts.push((no, Cut::User(name)));
        }
        for (no, name) in gateways {
            let unreadable = RecordsError::Unreadable { table: "gateway_key", column: "gateway" };
            cuts.push((no, Cut::Gateway(GatewayId::new(&name).map_err(|_| unreadable)?)));
        }
        cuts.sort_by_key(|(no, _)| *no);
        Ok((cuts.into_iter().map(|(_, cut)| cut).collect(), last))
    }
}
