//! Campaigns, their call lists and leads over REST, for those who run them. It calls nobody; whether a campaign starts is the router's.

pub(super) mod attempts;
pub(super) mod call_lists;
pub(super) mod kept;
pub(super) mod lead_why;
pub(super) mod leads;
pub(super) mod new_lead;
mod refused;
pub(super) mod runs;
pub(super) mod status;
