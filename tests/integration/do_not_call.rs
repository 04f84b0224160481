//! Do-not-call entries, the same contract on SQLite and on a real PostgreSQL. It calls nobody.

mod by_command;
mod entries;
mod imports;
mod killed;

use std::sync::Arc;

use usher::customers::change::Stamp;
use usher::outbound::do_not_call::{CallTo, DoNotCallEntry, DoNotCallScope, DoNotCallWhat, NumberDigits};
use usher::records::Records;
use usher::routing::ids::PersonId;
use usher::routing::time::Timestamp;

use crate::both_databases::on_both;
use crate::privacy::{on_postgres, on_sqlite};

on_both! {
    entries::added_looked_up_and_removed as sqlite_keeps_do_not_call_entries and postgres_keeps_do_not_call_entries;
    entries::counted_until_they_expire as sqlite_counts_do_not_call_entries and postgres_counts_do_not_call_entries;
    entries::kept_of_who_is_erased as sqlite_keeps_the_promise_to_who_is_erased and postgres_keeps_the_promise_to_who_is_erased;
    entries::dropped_when_long_expired as sqlite_drops_expired_entries and postgres_drops_expired_entries;
    imports::taken_over as sqlite_imports_do_not_call_entries and postgres_imports_do_not_call_entries;
    imports::undone as sqlite_undoes_imported_entries and postgres_undoes_imported_entries;
    imports::one_file_for_two_campaigns as sqlite_imports_one_file_for_two_campaigns and postgres_imports_one_file_for_two_campaigns;
}

fn stamp(at_ms: i64) -> Stamp {
    Stamp { at: Timestamp(at_ms), by: PersonId::new("ana").unwrap() }
}

fn digits(number: &str) -> NumberDigits {
    NumberDigits::new(number).unwrap()
}

fn number(number: &str) -> DoNotCallWhat {
    DoNotCallWhat::Number(digits(number))
}

fn prefix(prefix: &str) -> DoNotCallWhat {
    DoNotCallWhat::prefix(digits(prefix)).unwrap()
}

fn campaign(name: &str) -> DoNotCallScope {
    DoNotCallScope::Campaign(Arc::from(name))
}

fn entry(scope: DoNotCallScope, what: DoNotCallWhat, expires_at: Option<i64>) -> DoNotCallEntry {
    DoNotCallEntry { scope, what, expires_at: expires_at.map(Timestamp) }
}

/// Whether a call of campaign `winback` for client `acme` is stopped.
async fn is_stopped(records: &Records, number: &str, at: i64) -> bool {
    let call = CallTo { number: digits(number), campaign: Some("winback"), account: Some("acme") };
    records.do_not_call_stops(call, Timestamp(at)).await.unwrap().is_some()
}

async fn counts(records: &Records, at: i64) -> Vec<(String, u64)> {
    let counts = records.do_not_call_counts(Timestamp(at)).await.unwrap();
    counts.into_iter().map(|count| (count.scope.to_string(), count.entries)).collect()
}
