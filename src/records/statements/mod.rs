//! Every statement, by subject. Binds nothing.
//!
//! - A statement is one text for both databases, `$1` and all, wherever both read it alike.
//! - Where they do not (arrays of rows, row locks) both texts stand beside each other in one [`Statement`].
//! - [`EVERY`] names each list of them: the contract test has both databases prepare all.

pub(super) mod bulk;
pub(super) mod customers;
pub(super) mod interactions;
pub(super) mod merges;
pub(super) mod notes;
pub(super) mod people;
pub(super) mod work;

#[cfg(test)]
mod plans;

/// One statement in the words of each database.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statement {
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl Statement {
    pub const fn same(text: &'static str) -> Statement {
        Statement { sqlite: text, postgres: text }
    }
}

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $statement:expr;)+) => {
        $($(#[$doc])* pub(in crate::records) const $name: $crate::records::statements::Statement = $statement;)+
        pub(in crate::records) const ALL: &[(&str, $crate::records::statements::Statement)] =
            &[$((stringify!($name), $name)),+];
    };
}

use statements;

/// Every list, for whoever asks the databases whether they understand them.
pub(super) const EVERY: &[&[(&str, Statement)]] =
    &[bulk::ALL, customers::ALL, interactions::ALL, merges::ALL, notes::ALL, people::ALL, work::ALL];
