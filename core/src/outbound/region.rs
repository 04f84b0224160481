//! Countries and their parts, as ISO 3166 names them, and where a lead may be. Knows no number and no postcode.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// A country (`US`) or a part of one (`US-FL`), in capitals.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegionCode(Arc<str>);

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected two letters of a country, such as FR, or with its part, such as US-FL")]
pub struct InvalidRegion;

impl RegionCode {
    /// In capitals or not, blanks around it or not.
    ///
    /// # Errors
    /// When it has not the form of ISO 3166.
    pub fn new(text: &str) -> Result<Self, InvalidRegion> {
        let text = text.trim().to_ascii_uppercase();
        let (country, part) =
            text.split_once('-').map_or((text.as_str(), None), |(country, part)| (country, Some(part)));
        let is_country = country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_uppercase());
        let is_part =
            |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|letter| letter.is_ascii_alphanumeric());
        if is_country && part.is_none_or(is_part) { Ok(Self(Arc::from(text.as_str()))) } else { Err(InvalidRegion) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its two letters.
    #[must_use]
    pub fn country(&self) -> &str {
        &self.0[..2]
    }

    #[must_use]
    pub fn part(&self) -> Option<&str> {
        self.0.get(3..)
    }

    /// Whether somebody of whom this much is known may be in `other`: in a country, or in one of its parts.
    #[must_use]
    pub fn may_be_in(&self, other: &RegionCode) -> bool {
        let same_part = || self.part().is_none() || other.part().is_none() || self.part() == other.part();
        self.country() == other.country() && same_part()
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everywhere a lead may be; the law of each place holds.
pub type Regions = BTreeSet<RegionCode>;
