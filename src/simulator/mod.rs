//! A contact centre without the waiting: virtual time, virtual people, and a referee for the router.
//!
//! Pure: no clock, no file, no socket. Names `routing`, `rules` and `reporting` only.
//!
//! - [`referee`]: a second, slow opinion on every decision of the router. It shares the router's
//!   plain data types and none of its decisions.
//! - [`history`]: random histories from a seed, run against the referee; what fails is minimised.
//! - [`scenario`]: commands at times and the events expected, as a supervisor reads them.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod history;
pub mod referee;
pub mod scenario;
