-- Since then nothing in the row says whose contact it was, and the reader of the journal puts nothing back.
alter table interaction add column person_erased_at_ms integer;

-- What strangers came from, or were called at: an erasure finds those contacts of a person that nobody attached.
create index interaction_stranger_from on interaction (from_kind, from_value)
    where customer is null and from_value is not null;
create index interaction_stranger_to on interaction (to_kind, to_value)
    where customer is null and to_value is not null;

-- One row an erasure. `contacts`: a JSON array of those whose keys the journal has still to destroy; null once it has.
create table erasure (
    id integer primary key autoincrement,
    customer integer not null,
    erased_at_ms integer not null,
    erased_by text not null,
    contacts text
) strict;

create index erasure_pending on erasure (id) where contacts is not null;

-- Addresses that are not to be contacted although nobody is known by them any more: hashes under the site's key,
-- which lies in a file and not here.
create table do_not_contact (
    address_hash text primary key,
    noted_at_ms integer not null
) strict, without rowid;

-- A hash of the site's key, so that hashes under another key are never mixed with these.
create table site_key (
    id integer primary key check (id = 1),
    key_hash text not null
) strict;
