-- Counts what cut somebody off: a disabled user, a changed password or role, a revoked key. Taken inside the
-- transaction that cuts, so that its order is the order of commits and a reader misses none.
create table cut_counter (
    id integer primary key check (id = 1),
    last integer not null
) strict;

insert into cut_counter (id, last) values (1, 0);

-- `password` is an Argon2id hash in PHC form; `roles` are words parted by spaces; `cut_no` is the user's last cut.
create table users (
    name text primary key,
    password text not null,
    roles text not null,
    agent text,
    created_at_ms integer not null,
    disabled_at_ms integer,
    cut_no integer not null
) strict;

-- An agent is one person at a time.
create unique index users_agent on users (agent) where disabled_at_ms is null;
create index users_cut on users (cut_no);

-- A log-in counts while its `cut_no` is still its user's. The token itself is never stored.
create table log_in (
    id text primary key,
    token_hash blob not null unique,
    user_name text not null references users (name) on delete cascade,
    cut_no integer not null,
    created_at_ms integer not null,
    expires_at_ms integer not null
) strict;

create index log_in_user on log_in (user_name);
create index log_in_expiry on log_in (expires_at_ms);

-- The key itself is never stored. A gateway may have several, so that keys can be changed while it works.
create table gateway_key (
    key_hash blob primary key,
    gateway text not null,
    created_at_ms integer not null,
    revoked_at_ms integer,
    cut_no integer not null
) strict;

create index gateway_key_gateway on gateway_key (gateway);
create index gateway_key_cut on gateway_key (cut_no);
