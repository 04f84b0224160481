//! Asterisk's REST interface (ARI) as far as it is needed here: its events, and what it is asked to do.
//! It knows no contact.

pub mod event;
pub mod request;
