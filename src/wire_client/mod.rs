//! What every client of the wire needs, whoever it is: one session, when to come back, what was told and not yet
//! heard, which orders came before. A stranger to the server, and to what it is used for.
//!
//! # Contract
//! - [`Client`] is one WebSocket, over TCP or a line within the process; [`Door`] says where and as whom. Everything
//!   sent and heard is a type of [`crate::protocol`].
//! - [`CentreClock`] tells the centre's time, which a demo's server may run faster than the wall's. It is set by what the
//!   server says when a session opens. While that session is away, a faster clock stands still: so does the server's.
//! - [`ReconnectDelay`] says how long to stay away, with full jitter.
//! - Of a gateway: [`Tells`] keeps its events under their numbers until they are acknowledged, one of each contact on
//!   its way; [`Orders`] lets each order be carried out at most once.

mod client;
mod clock;
mod orders;
mod reconnect;
mod tells;

pub use client::{Client, Closed, Credential, Door, Heard, OpenError, ResultText, retry_after};
pub use clock::{CentreClock, ClockSetter};
pub use orders::{Orders, Verdict};
pub use reconnect::ReconnectDelay;
pub use tells::Tells;
