//! The wire: every message that agents' consoles, supervisors' dashboards and gateways exchange
//! with Usher, as types. It never decides, never waits and never reads a clock or a socket.
//!
//! # Contract
//! - Text in, types out, once: [`Frame::parse`] reads the JSON-RPC 2.0 envelope,
//!   [`ClientMessage::parse`] the message in it. What came out cannot be wrong in shape, length or
//!   range later; whether a contact exists or an agent may touch it is for the reader to say.
//! - Bad input is an [`ErrorKind`] that names the field and what was expected, and never repeats
//!   what was sent: errors may be logged without showing anyone's data.
//! - Fields nobody knows are ignored, in both directions. `usher.v1` only grows: a field is added
//!   as optional, and none is renamed, retyped or removed.
//! - Times are [`Time`] (RFC 3339, UTC, milliseconds); durations are integers of milliseconds and
//!   say so in their names; ids are text that nobody parses.
//! - [`METHOD_TABLES`] lists every message once. Parsing, JSON Schemas, the AsyncAPI document and
//!   the TypeScript all come from it: see [`generated_files`].
//! - Arrays that we accept hold at most 1,000 items. Snapshots that we send are whole and unbounded.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod agent;
mod agent_hears;
mod agent_state;
mod asyncapi;
mod attributes;
mod board;
mod close;
mod consultation;
mod customer;
mod drill_down;
mod encode;
mod envelope;
mod error;
mod gateway;
mod generate;
mod history;
mod key;
mod lead;
mod list;
mod messages;
mod methods;
mod monitor;
mod notice;
mod number;
mod offers;
mod order;
mod own_figures;
mod params;
mod recording;
mod session;
mod supervisor;
mod supervisor_commands;
mod text;
mod time;
mod transfer_targets;
mod typescript;
mod why;
mod why_agent;
mod why_words;
mod words;
mod work;
mod writing;

#[cfg(test)]
mod tests;

pub use agent::*;
pub use agent_hears::*;
pub use agent_state::*;
pub use attributes::{ATTRIBUTE_BYTES_MAX, ATTRIBUTE_DEPTH_MAX, ATTRIBUTE_KEYS_MAX, Attributes};
pub use board::*;
pub use close::CloseCode;
pub use consultation::*;
pub use customer::*;
pub use drill_down::*;
pub use encode::{answer_text, error_text, event_text, push_text, request_text};
pub use envelope::{Frame, Malformed, RequestId};
pub use error::{ErrorKind, ErrorObject, Subject};
pub use gateway::*;
pub use generate::{GeneratedFile, generated_files};
pub use history::*;
pub use key::{TelephoneKey, TelephoneKeys};
pub use lead::*;
pub use list::ARRAY_ITEMS_MAX;
pub use messages::*;
pub use methods::{METHOD_TABLES, Message, Method, Way};
pub use monitor::*;
pub use notice::*;
pub use number::{DurationMs, EventNumber, JournalNumber, Seq};
pub use offers::*;
pub use order::*;
pub use own_figures::*;
pub use params::Params;
pub use recording::*;
pub use session::*;
pub use supervisor::*;
pub use supervisor_commands::*;
pub use text::*;
pub use time::Time;
pub use transfer_targets::*;
pub use why::*;
pub use why_agent::*;
pub use why_words::*;
pub use words::*;
pub use work::*;
pub use writing::*;
