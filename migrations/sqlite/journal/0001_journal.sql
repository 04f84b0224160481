-- Who may append. Taking the lease counts the epoch up; every append names its epoch.
create table site_lease (
    site integer primary key check (site = 1),
    epoch integer not null
) strict;

insert into site_lease (site, epoch) values (1, 0);

-- One row a batch. `events` is JSON; `crc` runs over the row before and this one (src/journal/row.rs).
create table journal_batch (
    first_no integer primary key,
    event_count integer not null,
    epoch integer not null,
    at_ms integer not null,
    events text not null,
    crc integer not null
) strict;

-- The key that seals a contact's personal data; null once erased. `since`: the first event sealed under it.
create table journal_key (
    contact integer primary key,
    since integer not null,
    secret blob
) strict;

-- A snapshot counts once its row is here, after all its parts.
create table journal_snapshot (
    event_no integer primary key,
    parts integer not null
) strict;

create table journal_snapshot_part (
    event_no integer not null,
    part integer not null,
    bytes blob not null,
    primary key (event_no, part)
) strict;
