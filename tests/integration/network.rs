//! Networks that lose, delay, fall silent and come back all at once; the server, its gateways and consoles must not mind.
//!
//! - [`road`] is a proxy of our own, [`namespace`] a network of the kernel's in which packets are lost, and
//!   [`unfaithful`] a gateway that repeats and forgets.
//! - [`unstable`] has the crash harness's people work over all of them, and its checker judge.
//! - [`boundaries`] cuts a console off after every message, [`half_open`] without anybody noticing, and [`returning`] cuts
//!   off all consoles at once; [`service`] is who is served meanwhile.

mod boundaries;
mod half_open;
mod namespace;
mod returning;
mod road;
mod service;
mod unfaithful;
mod unstable;
