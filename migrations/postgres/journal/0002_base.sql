-- The state after the last event that was dropped; none: the journal begins with event 1. `crc` and `at_ms` are
-- those of the row that ended there. A base counts once its row is here, after all its parts; rows before it no more.
create table journal_base (
    site bigint primary key check (site = 1),
    event_no bigint not null,
    crc bigint not null,
    at_ms bigint not null,
    parts bigint not null
);

create table journal_base_part (
    event_no bigint not null,
    part bigint not null,
    bytes bytea not null,
    primary key (event_no, part)
);
