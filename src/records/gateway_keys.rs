//! The keys that gateways sign in with. It sees hashes of keys only.

use crate::routing::ids::GatewayId;
use crate::routing::time::Timestamp;

use super::error::RecordsError;
use super::statements::people::{ADD_GATEWAY_KEY, GATEWAY_KEYS, GATEWAY_OF_KEY, NEXT_CUT, REVOKE_GATEWAY_KEYS};
use super::store::{Records, changing, reading};
use super::{GatewayKey, SecretHash};

impl Records {
    /// Older keys of the gateway stay good.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_gateway_key(
        &self,
        gateway: &GatewayId,
        hash: SecretHash,
        at: Timestamp,
    ) -> Result<(), RecordsError> {
        let hash = hash.0.as_slice();
        changing!(self, transaction => {
            let add = sqlx::query(ADD_GATEWAY_KEY).bind(hash).bind(gateway.as_str()).bind(at.0);
            add.execute(&mut *transaction).await.map(drop)?
        });
        Ok(())
    }

    /// Whose key it is, unless it was revoked.
    ///
    /// # Errors
    /// When the database does not answer, or the row cannot be read.
    pub async fn gateway_of_key(&self, hash: SecretHash) -> Result<Option<GatewayId>, RecordsError> {
        let hash = hash.0.as_slice();
        let name: Option<String> =
            reading!(self, readers => sqlx::query_scalar(GATEWAY_OF_KEY).bind(hash).fetch_optional(readers).await)?;
        name.as_deref().map(gateway_named).transpose()
    }

    /// In order of gateway, oldest first.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn gateway_keys(&self) -> Result<Vec<GatewayKey>, RecordsError> {
        let rows: Vec<(String, i64, Option<i64>)> =
            reading!(self, readers => sqlx::query_as(GATEWAY_KEYS).fetch_all(readers).await)?;
        let key_of = |(gateway, created_at_ms, revoked_at_ms): (String, i64, Option<i64>)| {
            Ok(GatewayKey {
                gateway: gateway_named(&gateway)?,
                created_at: Timestamp(created_at_ms),
                revoked_at: revoked_at_ms.map(Timestamp),
            })
        };
        rows.into_iter().map(key_of).collect()
    }

    /// Cuts the gateway off: every key it has. How many there were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke_gateway_keys(&self, gateway: &GatewayId, at: Timestamp) -> Result<u64, RecordsError> {
        let revoked = changing!(self, transaction => {
            let cut: i64 = sqlx::query_scalar(NEXT_CUT).fetch_one(&mut *transaction).await?;
            let revoke = sqlx::query(REVOKE_GATEWAY_KEYS).bind(gateway.as_str()).bind(at.0).bind(cut);
            revoke.execute(&mut *transaction).await?.rows_affected()
        });
        Ok(revoked)
    }
}

fn gateway_named(name: &str) -> Result<GatewayId, RecordsError> {
    GatewayId::new(name).map_err(|_| RecordsError::Unreadable { table: "gateway_key", column: "gateway" })
}
