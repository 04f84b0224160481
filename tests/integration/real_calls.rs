//! Real calls: an Asterisk of each test's own, phones and customers by SIPp with real sound, and the real server that
//! drives them. Looked at from three sides: what the switch says, what consoles hear, what the SIP peers saw.
//!
//! They run where the environment variable `ASTERISK` names the folder that `scripts/setup-telephony.sh` made, and say
//! that they were skipped where it does not.

mod away;
mod callbacks;
mod centre;
mod chance;
mod fallback;
mod figures;
mod legs;
mod many;
mod monitors;
mod queueing;
mod recordings;
mod sipp;
mod switch;
mod talking;
mod transfers;
mod watch;
