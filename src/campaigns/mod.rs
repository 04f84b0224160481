//! Campaigns beside the router: which lead it is given next, whether a call may be placed, and what came of it. It decides no
//! route.
//!
//! - [`desk`]: the one task that runs them; `follow`: what committed events mean for leads;
//!   `filing`: one lead on its way to the router.
//! - [`feed`]: the open leads of a campaign, read from the records in the background and kept by when they are due; the next
//!   one, as its row stands.
//! - `judging`: calls that were proposed, of leads and of callbacks, put to the [`gate`]: whether one may be placed, by all that
//!   is written down of it.
//! - `changes`: settings that were changed meanwhile, and leads that came.
//! - [`status`]: what is seen of a campaign; `seen`: what only the desk knows of it; `status_keeper`: keeps it in the records.
//! - [`lead_why`]: why one lead is not called now.
//! - `wishes`: that a campaign starts or stops, asked for in the records.
//! - `reading`: how far leads have been read, so that each is read once, those that come later too.

mod changes;
pub mod desk;
pub mod feed;
mod filing;
mod follow;
pub mod gate;
mod judging;
pub mod lead_why;
mod reading;
mod seen;
pub mod status;
mod status_keeper;
mod wishes;

pub use follow::READER;
