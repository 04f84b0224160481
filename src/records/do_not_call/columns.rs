//! Do-not-call entries between rows and types. Asks the database nothing.

use std::sync::Arc;

use crate::outbound::do_not_call::{DoNotCallScope, DoNotCallWhat, NumberDigits};

use super::super::customers::Columns;
use super::super::error::RecordsError;

/// The key of an entry: a number's digits; a prefix's below zero.
pub(super) fn key_of(what: DoNotCallWhat) -> i64 {
    let signed = |digits: NumberDigits| i64::try_from(u64::from(digits)).expect("fifteen digits fit");
    match what {
        DoNotCallWhat::Number(digits) => signed(digits),
        DoNotCallWhat::Prefix(digits) => -signed(digits),
    }
}

pub(super) fn what_of(key: i64) -> Result<DoNotCallWhat, RecordsError> {
    let unreadable = Columns("do_not_call").unreadable("entry");
    let Ok(digits) = NumberDigits::try_from(key.unsigned_abs()) else { return Err(unreadable) };
    Ok(if key > 0 { DoNotCallWhat::Number(digits) } else { DoNotCallWhat::Prefix(digits) })
}

/// The word of a scope, and of what.
pub(super) fn scope_columns(scope: &DoNotCallScope) -> (&'static str, Option<&str>) {
    match scope {
        DoNotCallScope::Everyone => ("everyone", None),
        DoNotCallScope::Campaign(campaign) => ("campaign", Some(campaign)),
        DoNotCallScope::Account(account) => ("account", Some(account)),
    }
}

pub(super) fn scope_of(word: &str, name: Option<String>) -> Result<DoNotCallScope, RecordsError> {
    match (word, name) {
        ("everyone", None) => Ok(DoNotCallScope::Everyone),
        ("campaign", Some(name)) => Ok(DoNotCallScope::Campaign(Arc::from(name))),
        ("account", Some(name)) => Ok(DoNotCallScope::Account(Arc::from(name))),
        _ => Err(Columns("do_not_call_origin").unreadable("scope")),
    }
}
