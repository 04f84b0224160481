//! The server as a whole: its parts started in order and stopped in order. It decides nothing about contacts.
//!
//! - [`start`] opens the ports, joins the parts and takes them apart again; [`router_core`] is what stands
//!   before any port: journal, router, rules.
//! - [`switches`] are the telephone systems that it drives itself.
//! - [`background`] holds the tasks beside them, [`reloader`] the rules that change while it runs.
//! - Health checks answer from the first moment, consoles and gateways once calls can be taken.

mod background;
mod reloader;
mod router_core;
mod start;
mod switches;

pub use start::{access_limits, serve, sights};
