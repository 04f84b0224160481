//! Calls that the centre makes by itself, between the records and the router. It places none.
//!
//! - [`gate`]: whether a call that was proposed may be placed, by all that is written down of it.

pub mod gate;
