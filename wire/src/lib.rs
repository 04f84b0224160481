//! The wire's types, and all that is generated from them: a pure package without clock, chance, file or socket.
#![forbid(unsafe_code)]

pub mod protocol;
