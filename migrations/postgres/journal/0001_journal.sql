-- Who may append. Taking the lease counts the epoch up; every append names its epoch.
create table site_lease (
    site bigint primary key check (site = 1),
    epoch bigint not null
);

insert into site_lease (site, epoch) values (1, 0);

-- One row a batch. `events` is JSON, as text so that its bytes stay as they are; `crc` runs over the row before
-- and this one (src/journal/row.rs).
create table journal_batch (
    first_no bigint primary key,
    event_count bigint not null,
    epoch bigint not null,
    at_ms bigint not null,
    events text not null,
    crc bigint not null
);

-- The key that seals a contact's personal data; null once erased. `since`: the first event sealed under it.
create table journal_key (
    contact bigint primary key,
    since bigint not null,
    secret bytea
);

-- A snapshot counts once its row is here, after all its parts.
create table journal_snapshot (
    event_no bigint primary key,
    parts bigint not null
);

create table journal_snapshot_part (
    event_no bigint not null,
    part bigint not null,
    bytes bytea not null,
    primary key (event_no, part)
);
