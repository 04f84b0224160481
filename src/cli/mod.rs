//! The commands of `usher`. Reads arguments and files, hands them on; holds no logic of its own.

pub mod config;
pub mod door;
pub mod key;
pub mod user;
