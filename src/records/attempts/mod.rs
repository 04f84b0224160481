//! The store of attempts: every call out that was proposed, whether it was placed or not. It decides nothing: what a past
//! call forbids is `outbound::limits`'.
//!
//! - An attempt is written as often as more is known of it, under the router's number; what is written twice is there once,
//!   and what is not known takes nothing away.
//! - Who was erased is no longer in his attempts; that there were some stays.
//! - No error holds a number.

mod counts;
mod look_up;
mod outdated;
mod tell;
mod write;

pub use tell::{AttemptPlace, AttemptToTell};
pub(super) use write::write_attempts;
