//! Numbers of what is kept for calls out. The database gives them; nobody parses them out of text.

use std::fmt;

use serde::{Deserialize, Serialize};

pub use crate::routing::ids::LeadId;

/// One campaign; what people call it is its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CampaignNo(pub i64);

/// One call list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallListId(pub i64);

impl fmt::Display for CampaignNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for CallListId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
