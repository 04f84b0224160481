//! Every statement, by subject. Binds nothing.
//!
//! - A statement is one text for both databases, `$1` and all, wherever both read it alike.
//! - Where they do not (arrays of rows, row locks) both texts stand beside each other in one [`Statement`].
//! - [`EVERY`] names each list of them: the contract test has both databases prepare all.

pub(super) mod attempts;
pub(super) mod audit;
pub(super) mod bulk;
pub(super) mod call_lists;
pub(super) mod campaigns;
pub(super) mod customers;
pub(super) mod do_not_call;
pub(super) mod erasure;
pub(super) mod imports;
pub(super) mod interactions;
pub(super) mod leads;
pub(super) mod merges;
pub(super) mod messages;
pub(super) mod notes;
pub(super) mod people;
pub(super) mod person;
pub(super) mod recordings;
pub(super) mod retention;
pub(super) mod search;
mod statement;
pub(super) mod work;

#[cfg(test)]
mod plans;

pub(super) use statement::Statement;
use statement::statements;

/// Every list, for whoever asks the databases whether they understand them.
pub(super) const EVERY: &[&[(&str, Statement)]] = &[
    bulk::ALL,
    call_lists::ALL,
    campaigns::ALL,
    customers::ALL,
    do_not_call::ALL,
    imports::ALL,
    attempts::ALL,
    audit::ALL,
    erasure::ALL,
    interactions::ALL,
    leads::ALL,
    merges::ALL,
    messages::ALL,
    notes::ALL,
    people::ALL,
    person::ALL,
    recordings::ALL,
    retention::ALL,
    search::ALL,
    work::ALL,
];
