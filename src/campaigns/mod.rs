//! Campaigns beside the router: which lead it is given next. It places no call and decides no route.
//!
//! - [`feed`]: the open leads of a campaign, read from the records in the background and kept by when they are due; the next
//!   one, as its row stands.
//! - `changes`: settings that were changed meanwhile, and leads that came.
//! - `reading`: how far leads have been read, so that each is read once, those that come later too.

mod changes;
pub mod feed;
mod reading;
