-- One row a file of customers or interactions that is or was being taken over. `position` is the byte after the last
-- row that was taken, written in one transaction with what that row came to.
create table import_batch (
    id integer primary key autoincrement,
    file_name text not null,
    file_hash text not null,
    settings text not null,
    state text not null check (state in ('running', 'done', 'undoing', 'undone')),
    position integer not null,
    row_no integer not null,
    errors_bytes integer not null,
    rows_read integer not null,
    rows_added integer not null,
    rows_updated integer not null,
    rows_skipped integer not null,
    rows_refused integer not null,
    rows_removed integer not null,
    rows_kept integer not null,
    begun_at_ms integer not null,
    begun_by text not null,
    changed_at_ms integer not null,
    changed_by text not null
) strict;

create index import_batch_file on import_batch (file_hash);

alter table customer add column import_batch integer references import_batch (id);
create index customer_import on customer (import_batch) where import_batch is not null;

alter table note add column import_batch integer references import_batch (id);

-- `external_id`: `system:id` of an interaction in the system that it was imported from.
alter table interaction add column import_batch integer references import_batch (id);
alter table interaction add column external_id text;
create index interaction_import on interaction (import_batch) where import_batch is not null;
create unique index interaction_external_id on interaction (external_id) where external_id is not null;

-- The last number that was given to an imported interaction. They begin far above those that a router comes to, and
-- end below 2^53, so that JavaScript reads them exactly.
create table imported_contact (
    id integer primary key check (id = 1),
    last integer not null
) strict;

insert into imported_contact (id, last) values (1, 4503599627370496);

-- So that numbers of notes can be reserved before the first note is there.
insert into sqlite_sequence (name, seq)
select 'note', 0 where not exists (select 1 from sqlite_sequence where name = 'note');
