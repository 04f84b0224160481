//! Asterisk as a gateway: it carries the voice, Usher decides.
//!
//! # Contract
//! - [`switchboard`] is pure: events of the switch and orders of the server in, requests to the switch and events for
//!   the server out. It holds what is known of each call.
//! - [`ari`] is the switch's interface: its events, what it is asked to do.
//! - [`run`] joins the two with a session of the server, over any line, for as long as the switch is heard.
//! - Calls outlive this program. Whatever is needed to take them up again is in the names and variables of their
//!   channels, in the bridges they are in, and in the server's snapshot.

pub mod ari;
mod happening;
mod run;
mod session;
mod settings;
pub mod switchboard;

pub use happening::{Happening, Watcher};
pub use run::{Parts, run};
pub use session::NewLine;
pub use settings::Settings;
