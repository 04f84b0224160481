//! Asterisk's REST interface (ARI) as far as it is needed here: its events, and what it is asked to do.
//! It knows no contact.
//!
//! - [`access`] says where it is; [`rest`] what each action is there, [`client`] carries it out; [`lanes`] holds what must
//!   go in order.
//! - [`socket`] hears events, [`inventory`] reads all there is; [`connection`] joins the two, again and again.
//! - What a switch does wrong is counted by kind and logged once a kind ([`faults`]).

pub mod access;
pub mod client;
pub mod connection;
pub mod event;
pub mod faults;
pub mod inventory;
pub mod lanes;
pub mod request;
pub mod rest;
pub mod socket;
