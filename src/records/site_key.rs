//! The site's own key, under which addresses are hashed that must be known again without being kept. Reads no file.

use sha2::{Digest, Sha256};

use crate::customers::customer::AddressKey;

/// SHA-256 works on blocks of so many bytes.
const BLOCK: usize = 64;

/// 256 random bits. Does not print itself.
#[derive(Clone)]
pub struct SiteKey([u8; SiteKey::LENGTH]);

impl SiteKey {
    /// In bytes.
    pub const LENGTH: usize = 32;

    #[must_use]
    pub fn from_bytes(bytes: [u8; SiteKey::LENGTH]) -> SiteKey {
        SiteKey(bytes)
    }

    /// By which the tables know under which key their hashes are.
    pub(super) fn fingerprint(&self) -> String {
        hex(&self.keyed_hash(b"usher site key 1"))
    }

    pub(super) fn hash_of(&self, address: &AddressKey) -> String {
        hex(&self.keyed_hash(format!("{}\0{}", address.kind.as_str(), address.value.as_str()).as_bytes()))
    }

    /// HMAC-SHA256.
    fn keyed_hash(&self, message: &[u8]) -> [u8; 32] {
        let mut block = [0; BLOCK];
        block[..SiteKey::LENGTH].copy_from_slice(&self.0);
        let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
        Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
    }
}

impl std::fmt::Debug for SiteKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the site's key")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_hmac_sha256() {
        // RFC 4231, test case 1: a key of 20 bytes, filled up with zeroes.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        assert_eq!(
            hex(&SiteKey(key).keyed_hash(b"Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
    }
}
