//! The hash that joins each row of the audit to the one before it. Reads and writes no table.

use std::fmt;

use sha2::{Digest, Sha256};

/// So that no other hash of ours can be taken for one of these.
const DOMAIN: &[u8] = b"usher audit 1";

/// SHA-256 in 64 hexadecimal digits; empty before the first row.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChainHash(String);

impl ChainHash {
    /// As it was stored or noted, right or wrong.
    #[must_use]
    pub fn from_text(text: &str) -> ChainHash {
        ChainHash(text.to_owned())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a row's hash covers, as it lies.
#[derive(Clone, Copy)]
pub(super) struct Link<'l> {
    pub no: i64,
    pub at_ms: i64,
    pub by: &'l str,
    pub act: &'l str,
    pub subjects: &'l str,
    pub detail: &'l str,
}

impl Link<'_> {
    /// Over the domain, the hash before, and every column: whole numbers in eight bytes, texts after their length,
    /// so that nothing can slide from one column into the next.
    pub fn hash_after(self, before: &ChainHash) -> ChainHash {
        let mut digest = Sha256::new();
        let mut text = |text: &[u8]| {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text);
        };
        text(DOMAIN);
        text(before.as_str().as_bytes());
        text(&self.no.to_le_bytes());
        text(&self.at_ms.to_le_bytes());
        for column in [self.by, self.act, self.subjects, self.detail] {
            text(column.as_bytes());
        }
        let hash: [u8; 32] = digest.finalize().into();
        ChainHash(hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_and_its_border_counts() {
        let link = Link { no: 1, at_ms: 2, by: "ana", act: "looked_at", subjects: "[]", detail: "{}" };
        let start = ChainHash::default();
        let hash = link.hash_after(&start);
        assert_eq!(hash.as_str().len(), 64);
        assert_eq!(hash, link.hash_after(&start));
        let others = [
            Link { no: 2, ..link },
            Link { at_ms: 3, ..link },
            Link { by: "an", ..link },
            Link { by: "anal", act: "ooked_at", ..link },
            Link { act: "looked_atx", ..link },
            Link { subjects: "[1]", ..link },
            Link { detail: "{ }", ..link },
        ];
        for other in others {
            assert_ne!(other.hash_after(&start), hash);
        }
        assert_ne!(link.hash_after(&hash), hash);
    }
}
