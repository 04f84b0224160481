-- Addresses of people who were erased and that nobody else had, so that no old file brings them back: hashes under the
-- site's key. `erased_at_ms`: the last time.
create table erased_address (
    address_hash text primary key,
    erased_at_ms integer not null
) strict, without rowid;
