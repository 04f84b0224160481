//! What Usher decides: a pure package without clock, chance, file or socket.
#![forbid(unsafe_code)]

pub mod customers;
pub mod explanation;
pub mod imports;
pub mod outbound;
pub mod reporting;
pub mod routing;
pub mod rules;
pub mod simulator;
