//! Telephone systems that the server drives itself. Each is a gateway like any other: it speaks the wire's own messages,
//! over a line within the process, and knows the server no other way.
//!
//! - [`asterisk`]: Asterisk, over its REST interface.

pub mod asterisk;
