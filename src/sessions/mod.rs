//! One WebSocket each: agents' consoles, supervisors' dashboards, gateways. Decides nothing about
//! contacts: it translates between the wire and the router, and holds what a client may have missed.
//!
//! - [`upgrade`] takes the socket over, within the limits of [`handshakes`]; gateways that are part of the server come in
//!   by [`within`]; [`opening`] finds out who is there; [`session`] is the one
//!   task that owns a session, over several sockets when the client resumes.
//! - [`registry`] finds the session of an agent or a gateway; the router's news go through it.
//! - Who must leave is named once for all sessions ([`cuts`]); a log-in that ends by itself is seen by
//!   its session's own task.
//! - [`outbox`] numbers events without gaps and keeps what a resume repeats.
//! - [`from_protocol`] and [`to_protocol`] join wire types and the router's by hand.
//! - [`arrivals`] holds a gateway's new contact back for the moment in which its customer is looked up;
//!   [`cards`] brings the customer to the agent's console, [`leads_shown`] the leads at his numbers; [`customers`] answers what people ask about them.
//! - What a role does not see of a customer is taken out before it leaves: records by their own sight, what a console
//!   is told of contacts in [`hidden`]. Who was shown which customer is audited.
//! - [`work`] changes work when an agent asks for it; [`work_list`] keeps his list live.
//! - [`looks`] answers who asks to see a queue, a contact, the last hours, his own day; [`notices`] passes on what a
//!   supervisor says to agents.
//! - [`monitors`] brings supervisors on the lines of calls.
//! - [`erasing`] asks gateways to erase recordings until it is done.
//! - [`board`] conflates the live figures for all dashboards; [`alerts`] tells them which are over their thresholds.
//! - [`writing`] takes what an agent writes, [`gateway_texts`] what a gateway says of texts; [`keypad`] the keys that an
//!   agent presses in a call; [`places`] says to a gateway where its contacts stand.
//! - [`why`] answers supervisors beside the session: the past may take seconds.
//! - What somebody sends that is wrong is answered with a typed error; the session stays.
//!
//! A gateway gets a fresh snapshot at each open, never a replay: the snapshot says what it should
//! be doing with each contact, which makes good any order it missed.

mod alerts;
mod arrivals;
mod board;
mod cards;
mod customers;
mod cuts;
mod erasing;
mod from_protocol;
mod gateway_texts;
mod handshakes;
mod hidden;
mod keypad;
mod leads_shown;
mod looks;
mod monitors;
mod notices;
mod opening;
mod outbox;
mod places;
mod registry;
mod requests;
mod session;
mod socket;
mod to_protocol;
mod upgrade;
mod why;
mod within;
mod work;
mod work_list;
mod writing;

pub use alerts::watch_alerts;
pub use board::{BoardFeed, broadcast_board};
pub use cuts::pass_on_cuts;
pub use erasing::order_erasures;
pub use outbox::ReplayLimits;
pub use registry::Registry;
pub use upgrade::{Sessions, Settings, upgrade};
