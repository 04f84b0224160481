//! The keys of gateways: made, checked, revoked. A key is shown once, when it is made.

use crate::records::{GatewayKey, RecordsError};
use crate::routing::ids::GatewayId;

use super::door::Access;
use super::secret::{hash_of, hash_of_received, new_secret};
use super::{KeyHolder, NewGatewayKey};

impl Access {
    /// Which gateway has this key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn check_gateway_key(&self, key: &str) -> Result<Option<KeyHolder>, RecordsError> {
        let Some(key) = hash_of_received(key) else {
            return Ok(None);
        };
        let gateway = self.records.gateway_of_key(key).await?;
        Ok(gateway.map(|gateway| KeyHolder { gateway, key }))
    }

    /// Whether the key that was shown is still good.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_key_current(&self, holder: &KeyHolder) -> Result<bool, RecordsError> {
        let found = self.records.gateway_of_key(holder.key).await?;
        Ok(found.as_ref() == Some(&holder.gateway))
    }

    /// A further key; those the gateway has stay good until they are revoked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_gateway_key(&self, gateway: GatewayId) -> Result<NewGatewayKey, RecordsError> {
        let key = new_secret();
        self.records.add_gateway_key(&gateway, hash_of(&key), self.time()).await?;
        Ok(NewGatewayKey { gateway, key })
    }

    /// In order of gateway, oldest first, the revoked ones too.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn gateway_keys(&self) -> Result<Vec<GatewayKey>, RecordsError> {
        self.records.gateway_keys().await
    }

    /// The gateway is out within a second. How many keys it had.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke_gateway_keys(&self, gateway: &GatewayId) -> Result<u64, RecordsError> {
        let revoked = self.records.revoke_gateway_keys(gateway, self.time()).await?;
        self.tell_cuts().await?;
        Ok(revoked)
    }
}
