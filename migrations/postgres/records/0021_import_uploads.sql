-- Imports of files that came over HTTP. `upload` names the file in the data directory, `rows_bytes` is how long its rows are
-- as they are read; `halted` says that nobody goes on with the import by himself, and `halted_why` why it failed.
alter table import_batch add column upload text;
alter table import_batch add column rows_bytes bigint;
alter table import_batch add column halted text check (halted in ('stopped', 'failed'));
alter table import_batch add column halted_why text;

-- Rows of such a file that were refused: number, heading and reason, nothing of what stood in them.
create table import_refusal (
    import bigint not null references import_batch (id),
    row_no bigint not null,
    field text,
    why text not null,
    primary key (import, row_no)
);
