//! What a statement is, and how a list of them is written down. Holds none.

/// One statement in the words of each database.
#[derive(Clone, Copy, Debug)]
pub(in crate::records) struct Statement {
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

pub(super) use statements;
