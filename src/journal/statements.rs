//! Every SQL text of the journal. Tables and columns: migrations/*/journal. Both databases run the same
//! text where their dialects meet; a test prepares each one on its database.

pub(super) const LAST_ROW: &str =
    "select first_no, event_count, epoch, crc from journal_batch order by first_no desc limit 1";

/// The row that holds the event $1 or, when that is its last, ends with it; and the row before.
pub(super) const ROWS_UP_TO: &str = "select first_no, event_count, epoch, crc from journal_batch \
     where first_no <= $1 order by first_no desc limit 2";

pub(super) const ROWS_AFTER: &str = "select first_no, event_count, epoch, at_ms, events, crc from journal_batch \
     where first_no > $1 order by first_no limit $2";

/// $1: the epoch of the last row, in case the lease has fallen behind.
pub(super) const TAKE_LEASE: &str =
    "update site_lease set epoch = 1 + case when epoch >= $1 then epoch else $1 end where site = 1 returning epoch";

pub(super) const SNAPSHOTS: &str = "select event_no, parts from journal_snapshot order by event_no desc";

pub(super) const SNAPSHOT_PARTS: &str =
    "select bytes from journal_snapshot_part where event_no = $1 and part < $2 order by part";

pub(super) const INSERT_SNAPSHOT: &str = "insert into journal_snapshot (event_no, parts) values ($1, $2)";

pub(super) const INSERT_SNAPSHOT_PART: &str =
    "insert into journal_snapshot_part (event_no, part, bytes) values ($1, $2, $3)";

/// Keeps the last two.
pub(super) const DROP_OLD_SNAPSHOTS: &str = "delete from journal_snapshot where event_no not in \
     (select event_no from journal_snapshot order by event_no desc limit 2)";

pub(super) const ORPHANED_PARTS: &str = "select event_no, part from journal_snapshot_part \
     where event_no not in (select event_no from journal_snapshot) order by event_no, part";

pub(super) const DROP_PART: &str = "delete from journal_snapshot_part where event_no = $1 and part = $2";

pub(super) const DROP_ROWS_AFTER: &str = "delete from journal_batch where first_no > $1";
pub(super) const DROP_KEYS_AFTER: &str = "delete from journal_key where since > $1";
pub(super) const DROP_SNAPSHOTS_AFTER: &str = "delete from journal_snapshot where event_no > $1";

pub(super) const BASE: &str = "select event_no, crc, at_ms, parts from journal_base where site = 1";

pub(super) const BASE_PARTS: &str =
    "select bytes from journal_base_part where event_no = $1 and part < $2 order by part";

pub(super) const INSERT_BASE_PART: &str = "insert into journal_base_part (event_no, part, bytes) values ($1, $2, $3)";

/// Changes nothing when the journal begins there already, or later, or not all parts are there.
pub(super) const SET_BASE: &str = "insert into journal_base (site, event_no, crc, at_ms, parts) \
     select 1, $1, $2, $3, $4 from site_lease where site = 1 \
     and (select count(*) from journal_base_part where event_no = $1) = $4 on conflict (site) do update \
     set event_no = excluded.event_no, crc = excluded.crc, at_ms = excluded.at_ms, parts = excluded.parts \
     where journal_base.event_no < excluded.event_no";

pub(super) const ORPHANED_BASE_PARTS: &str = "select event_no, part from journal_base_part \
     where event_no not in (select event_no from journal_base) order by event_no, part";

/// Not of what has become the base since.
pub(super) const DROP_BASE_PART: &str = "delete from journal_base_part where event_no = $1 and part = $2 \
     and event_no not in (select event_no from journal_base)";

/// $1: the last event to drop; $2: how many rows at most.
pub(super) const DROP_ROWS_UP_TO: &str = "delete from journal_batch where first_no in \
     (select first_no from journal_batch where first_no <= $1 order by first_no limit $2)";

/// $1: after this contact; $2: no later than this event; $3: how many at most.
pub(super) const OLD_KEYS: &str =
    "select contact from journal_key where contact > $1 and since <= $2 order by contact limit $3";

/// The time of the row that begins at or before the event $1.
pub(super) const TIME_AT: &str = "select at_ms from journal_batch where first_no <= $1 order by first_no desc limit 1";

/// An older journal that is only read may not have the table.
pub(super) const SQLITE_HAS_BASE: &str = "select count(*) from sqlite_schema where name = 'journal_base'";
pub(super) const POSTGRES_HAS_BASE: &str = "select count(to_regclass('journal_base'))";

pub(super) const SQLITE_BEGIN: &str = "begin immediate";
pub(super) const POSTGRES_BEGIN: &str = "begin";
pub(super) const COMMIT: &str = "commit";
pub(super) const ROLLBACK: &str = "rollback";

pub(super) const SQLITE_INSERT_ROW: &str = "insert into journal_batch (first_no, event_count, epoch, at_ms, events, crc) \
     select $1, $2, epoch, $4, $5, $6 from site_lease where site = 1 and epoch = $3";

/// $1: a JSON array of contact and key in hexadecimal; $2: the first event of the batch.
pub(super) const SQLITE_INSERT_KEYS: &str = "insert into journal_key (contact, since, secret) \
     select json_extract(value, '$[0]'), $2, unhex(json_extract(value, '$[1]')) from json_each($1)";

pub(super) const SQLITE_KEYS: &str =
    "select contact, secret from journal_key where contact in (select value from json_each($1))";

pub(super) const SQLITE_ERASE: &str =
    "update journal_key set secret = null where contact in (select value from json_each($1))";

pub(super) const SQLITE_DROP_KEYS: &str = "delete from journal_key where contact in (select value from json_each($1))";

pub(super) const SQLITE_FIRST_SEALED: &str =
    "select min(since) from journal_key where contact in (select value from json_each($1))";

/// Answers whether a reader was in the way.
pub(super) const SQLITE_CHECKPOINT: &str = "pragma wal_checkpoint(truncate)";

/// The keys in $7 and $8 and the row, or neither: the share lock makes a take-over wait for this statement.
pub(super) const POSTGRES_INSERT_ROW: &str = "with lease as (select epoch from site_lease where site = 1 and epoch = $3 for share), \
     sealed as (insert into journal_key (contact, since, secret) \
         select added.contact, $1::bigint, added.secret \
         from unnest($7::bigint[], $8::bytea[]) as added (contact, secret), lease) \
     insert into journal_batch (first_no, event_count, epoch, at_ms, events, crc) \
     select $1::bigint, $2::bigint, lease.epoch, $4::bigint, $5::text, $6::bigint from lease";

pub(super) const POSTGRES_KEYS: &str = "select contact, secret from journal_key where contact = any($1::bigint[])";

pub(super) const POSTGRES_DROP_KEYS: &str = "delete from journal_key where contact = any($1::bigint[])";

pub(super) const POSTGRES_FIRST_SEALED: &str = "select min(since) from journal_key where contact = any($1::bigint[])";

pub(super) const POSTGRES_ERASE: &str = "update journal_key set secret = null where contact = any($1::bigint[])";

/// The file as one reader sees it, written anew as the file $1.
pub(super) const SQLITE_COPY_FILE: &str = "vacuum into $1";

pub(super) const SQLITE_COPY_ROW: &str =
    "insert into journal_batch (first_no, event_count, epoch, at_ms, events, crc) values ($1, $2, $3, $4, $5, $6)";
pub(super) const SQLITE_KEYS_TO_COPY: &str =
    "select contact, since, secret from journal_key where since <= $1 order by contact";
pub(super) const SQLITE_COPY_KEY: &str = "insert into journal_key (contact, since, secret) values ($1, $2, $3)";
pub(super) const SQLITE_SET_LEASE: &str = "update site_lease set epoch = $1 where site = 1";

#[cfg(test)]
pub(super) const ON_BOTH: &[&str] = &[
    LAST_ROW,
    ROWS_UP_TO,
    ROWS_AFTER,
    TAKE_LEASE,
    SNAPSHOTS,
    SNAPSHOT_PARTS,
    INSERT_SNAPSHOT,
    INSERT_SNAPSHOT_PART,
    DROP_OLD_SNAPSHOTS,
    ORPHANED_PARTS,
    DROP_PART,
    DROP_ROWS_AFTER,
    DROP_KEYS_AFTER,
    DROP_SNAPSHOTS_AFTER,
    BASE,
    BASE_PARTS,
    INSERT_BASE_PART,
    SET_BASE,
    ORPHANED_BASE_PARTS,
    DROP_BASE_PART,
    DROP_ROWS_UP_TO,
    TIME_AT,
    OLD_KEYS,
    COMMIT,
    ROLLBACK,
];

#[cfg(test)]
pub(super) const ON_SQLITE: &[&str] = &[
    SQLITE_HAS_BASE,
    SQLITE_BEGIN,
    SQLITE_INSERT_ROW,
    SQLITE_INSERT_KEYS,
    SQLITE_KEYS,
    SQLITE_ERASE,
    SQLITE_DROP_KEYS,
    SQLITE_FIRST_SEALED,
    SQLITE_CHECKPOINT,
    SQLITE_COPY_FILE,
    SQLITE_COPY_ROW,
    SQLITE_KEYS_TO_COPY,
    SQLITE_COPY_KEY,
    SQLITE_SET_LEASE,
];

#[cfg(test)]
pub(super) const ON_POSTGRES: &[&str] = &[
    POSTGRES_HAS_BASE,
    POSTGRES_BEGIN,
    POSTGRES_INSERT_ROW,
    POSTGRES_KEYS,
    POSTGRES_ERASE,
    POSTGRES_DROP_KEYS,
    POSTGRES_FIRST_SEALED,
];
