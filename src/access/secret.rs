//! Tokens, keys and their hashes. Never prints one.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::records::SecretHash;

/// 256 bits: nobody finds one by trying.
const SECRET_BYTES: usize = 32;
/// Longer text is no secret of ours and is not hashed.
const TEXT_LENGTH_MAX: usize = 128;

/// 64 hexadecimal digits, drawn by the system.
pub(super) fn new_secret() -> SecretString {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
}

pub(super) fn hash_of(secret: &SecretString) -> SecretHash {
    hash_of_text(secret.expose_secret())
}

/// Nothing for what cannot be a secret of ours.
pub(super) fn hash_of_received(text: &str) -> Option<SecretHash> {
    (text.len() <= TEXT_LENGTH_MAX).then(|| hash_of_text(text))
}

fn hash_of_text(text: &str) -> SecretHash {
    SecretHash(Sha256::digest(text.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_hash_alike() {
        let (one, other) = (new_secret(), new_secret());
        assert_eq!(one.expose_secret().len(), 64);
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert_eq!(Some(hash_of(&one)), hash_of_received(one.expose_secret()));
        assert_ne!(hash_of(&one), hash_of(&other));
        assert_eq!(hash_of_received(&"a".repeat(TEXT_LENGTH_MAX + 1)), None);
        assert!(!format!("{one:?}").contains(one.expose_secret()));
    }
}
