-- Where do-not-call entries are from: one row an import, or one an entry that somebody added by hand; for whose calls
-- they hold, and who said so when. `scope_of`: the name of the campaign or account. `entries`: how many of them there are.
create table do_not_call_origin (
    id integer primary key autoincrement,
    scope text not null check (scope in ('everyone', 'campaign', 'account')),
    scope_of text,
    source text,
    import_batch integer,
    entries integer not null,
    added_at_ms integer not null,
    added_by text not null
) strict;

create unique index do_not_call_origin_import on do_not_call_origin (import_batch) where import_batch is not null;

-- Fifty million of them: fourteen bytes each, and the key is all there is to look up. `entry`: the digits of a number; of
-- a prefix the same below zero. No reference to the origin: the row would be looked up with every entry.
create table do_not_call (
    entry integer not null,
    origin integer not null,
    expires_at_ms integer,
    primary key (entry, origin)
) strict, without rowid;

create index do_not_call_expires on do_not_call (expires_at_ms) where expires_at_ms is not null;
