//! What every client of the wire needs, whoever it is: one session, when to come back, what was told and not yet
//! heard, which orders came before. A stranger to the server, and to what it is used for.
//!
//! # Contract
//! - [`Client`] is one WebSocket, over TCP or a line within the process; [`Door`] says where and as whom. Everything
//!   sent and heard is a type of [`crate::protocol`].
//! - [`ReconnectDelay`] says how long to stay away, with full jitter.
//! - Of a gateway: [`Tells`] keeps its events under their numbers until they are acknowledged, one of each contact on
//!   its way; [`Orders`] lets each order be carried out at most once.

mod client;
mod orders;
mod reconnect;
mod tells;

pub use client::{Client, Closed, Credential, Door, Heard, OpenError, ResultText, retry_after};
pub use orders::{Orders, Verdict};
pub use reconnect::ReconnectDelay;
pub use tells::Tells;
