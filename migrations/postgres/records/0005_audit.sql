-- Who did what when. Rows are only added: `hash` covers the row and the hash before it (src/records/audit/chain.rs).
-- `subjects` and `detail` are JSON, and hold numbers and fixed words only, nothing of a person.
create table audit (
    no bigint primary key,
    at_ms bigint not null,
    made_by text not null,
    act text not null,
    subjects text not null,
    detail text not null,
    hash text not null
);

create index audit_at on audit (at_ms, no);
create index audit_made_by on audit (made_by, no);

-- What `subjects` says of customers, for look-ups.
create table audit_customer (
    customer bigint not null,
    audit bigint not null references audit (no) on delete cascade,
    primary key (customer, audit)
);

create index audit_customer_audit on audit_customer (audit);

-- Where the chain ends, and where it begins: at the row after `pruned_no`, whose hash was `pruned_hash`.
create table audit_chain (
    id bigint primary key check (id = 1),
    last_no bigint not null,
    last_hash text not null,
    pruned_no bigint not null,
    pruned_hash text not null
);

insert into audit_chain (id, last_no, last_hash, pruned_no, pruned_hash) values (1, 0, '', 0, '');

create function audit_keeps_rows() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and old.no <= (select pruned_no from audit_chain where id = 1) then
        return old;
    end if;
    raise exception 'the audit is only added to';
end $$;

create trigger audit_is_only_added_to before update or delete on audit
    for each row execute function audit_keeps_rows();
