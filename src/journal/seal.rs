//! Seals personal data under a contact's key and opens it again. Keeps no key and asks no database.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};

use crate::routing::ids::ContactId;
use crate::routing::personal::{Details, Personal, PersonalDetails};

const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 12;

/// The random 256-bit key of one contact. Does not print itself.
#[derive(Clone, Copy)]
pub(super) struct ContactKey([u8; KEY_LENGTH]);

impl ContactKey {
    pub(super) fn random() -> ContactKey {
        ContactKey(random())
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<ContactKey> {
        bytes.try_into().ok().map(ContactKey)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.0.into())
    }
}

impl std::fmt::Debug for ContactKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("key of a contact")
    }
}

/// Whether there is anything of a person in it. Empty details need no seal.
pub(super) fn needs_seal(details: &PersonalDetails) -> bool {
    details.plain().is_some_and(|details| **details != Details::default())
}

/// ChaCha20-Poly1305 over the JSON of the details, with the contact's number (8 bytes, little-endian)
/// as associated data; the text is base64 of nonce and ciphertext.
pub(super) fn seal(contact: ContactId, key: &ContactKey, details: &Details) -> PersonalDetails {
    let plain = serde_json::to_vec(details).expect("details are strings and JSON values");
    let nonce: [u8; NONCE_LENGTH] = random();
    let payload = Payload { msg: &plain, aad: &contact.0.to_le_bytes() };
    let cipher = key.cipher().encrypt(&Nonce::from(nonce), payload).expect("details are far below 256 GiB");
    let text = STANDARD_NO_PAD.encode([nonce.as_slice(), &cipher].concat());
    Personal::Sealed { key: contact, text: Arc::from(text) }
}

/// # Errors
/// What keeps it from being opened.
pub(super) fn open(contact: ContactId, key: &ContactKey, text: &str) -> Result<Details, &'static str> {
    let bytes = STANDARD_NO_PAD.decode(text).map_err(|_| "it is not base64")?;
    let (nonce, cipher) = bytes.split_first_chunk::<NONCE_LENGTH>().ok_or("it is too short")?;
    let payload = Payload { msg: cipher, aad: &contact.0.to_le_bytes() };
    let plain = key.cipher().decrypt(&Nonce::from(*nonce), payload).map_err(|_| "its key does not fit")?;
    serde_json::from_slice(&plain).map_err(|_| "it holds no details")
}

fn random<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::personal::Address;

    #[test]
    fn only_the_same_contact_and_key_open_it() {
        let details = Details { from: Some(Address(Arc::from("+33612345678"))), ..Details::default() };
        let (key, contact) = (ContactKey::random(), ContactId(7));
        let Personal::Sealed { key: owner, text } = seal(contact, &key, &details) else { panic!("not sealed") };
        assert_eq!(owner, contact);
        assert_eq!(open(contact, &key, &text), Ok(details));
        assert_eq!(open(ContactId(8), &key, &text), Err("its key does not fit"));
        assert_eq!(open(contact, &ContactKey::random(), &text), Err("its key does not fit"));
        assert_eq!(open(contact, &key, &text[..8]), Err("it is too short"));
        assert_eq!(open(contact, &key, "{}"), Err("it is not base64"));
    }

    #[test]
    fn the_same_details_never_look_the_same_twice() {
        let details = Details { from: Some(Address(Arc::from("+33612345678"))), ..Details::default() };
        let key = ContactKey::random();
        assert_ne!(seal(ContactId(7), &key, &details), seal(ContactId(7), &key, &details));
    }
}
