//! The store of campaigns. It decides nothing: whether a campaign runs is the router's, and only told here, or asked for.
//!
//! - A campaign is changed as a whole, by its version, and every change is a row of the audit.
//! - Every version stays, with who made it and when: going back is one more change.
//! - No campaign is removed: lists, attempts and reports name it.

mod error;
mod kept;
mod rows;
mod status;
mod wishes;

pub use error::CampaignError;
pub use kept::CampaignVersion;
pub use status::KeptStatus;
pub use wishes::CampaignWish;
