-- Who did what when. Rows are only added: `hash` covers the row and the hash before it (src/records/audit/chain.rs).
-- `subjects` and `detail` are JSON, and hold numbers and fixed words only, nothing of a person.
create table audit (
    no integer primary key,
    at_ms integer not null,
    made_by text not null,
    act text not null,
    subjects text not null,
    detail text not null,
    hash text not null
) strict;

create index audit_at on audit (at_ms, no);
create index audit_made_by on audit (made_by, no);

-- What `subjects` says of customers, for look-ups.
create table audit_customer (
    customer integer not null,
    audit integer not null references audit (no) on delete cascade,
    primary key (customer, audit)
) strict, without rowid;

create index audit_customer_audit on audit_customer (audit);

-- Where the chain ends, and where it begins: at the row after `pruned_no`, whose hash was `pruned_hash`.
create table audit_chain (
    id integer primary key check (id = 1),
    last_no integer not null,
    last_hash text not null,
    pruned_no integer not null,
    pruned_hash text not null
) strict;

insert into audit_chain (id, last_no, last_hash, pruned_no, pruned_hash) values (1, 0, '', 0, '');

create trigger audit_is_not_changed before update on audit
begin
    select raise(abort, 'the audit is only added to');
end;

create trigger audit_is_only_pruned before delete on audit
when old.no > (select pruned_no from audit_chain where id = 1)
begin
    select raise(abort, 'the audit is only added to');
end;
