-- The state after the last event that was dropped; none: the journal begins with event 1. `crc` and `at_ms` are
-- those of the row that ended there. A base counts once its row is here, after all its parts; rows before it no more.
create table journal_base (
    site integer primary key check (site = 1),
    event_no integer not null,
    crc integer not null,
    at_ms integer not null,
    parts integer not null
) strict;

create table journal_base_part (
    event_no integer not null,
    part integer not null,
    bytes blob not null,
    primary key (event_no, part)
) strict;
