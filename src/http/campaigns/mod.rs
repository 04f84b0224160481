//! Campaigns, their call lists and leads over REST, for those who run them. It calls nobody and starts no campaign.

pub(super) mod call_lists;
pub(super) mod kept;
pub(super) mod leads;
mod refused;
