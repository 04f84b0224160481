-- How leads are called. `settings` is JSON. `run`: what the router said last of it, which alone decides.
create table campaign (
    id integer primary key autoincrement,
    name text not null unique,
    settings text not null,
    run text not null check (run in ('stopped', 'running', 'paused', 'draining')),
    version integer not null,
    created_at_ms integer not null,
    created_by text not null,
    changed_at_ms integer not null,
    changed_by text not null
) strict;

-- Every version that there was, the present one too: the way back.
create table campaign_version (
    campaign integer not null references campaign (id),
    version integer not null,
    settings text not null,
    changed_at_ms integer not null,
    changed_by text not null,
    primary key (campaign, version)
) strict, without rowid;

-- A list that was deleted stays for the sake of its leads that were tried.
alter table call_list add column deleted_at_ms integer;
alter table call_list add column deleted_by text;

create index call_list_deleted on call_list (deleted_at_ms) where deleted_at_ms is not null;

-- Leads that nobody had tried, where not all of a list may be called: so many `released` by hand, so many `taken` by the
-- router, and of these so many in the hour or the day that began then.
create table call_list_release (
    list integer primary key references call_list (id) on delete cascade,
    released integer not null,
    taken integer not null,
    tranche_began_at_ms integer,
    tranche_taken integer not null
) strict;

-- How a lead stands; all null before anybody tried it. `next_number`: its place. `progress` is JSON. `ended`: why it is not
-- called any more. `reached`: `contact` or `sale`. `contact`: with the router, as that contact.
alter table lead add column due_at_ms integer;
alter table lead add column goes_first integer;
alter table lead add column next_number integer;
alter table lead add column progress text;
alter table lead add column ended text;
alter table lead add column reached text;
alter table lead add column contact integer;

create index lead_reached on lead (list) where reached is not null;
create index lead_with_router on lead (list) where contact is not null;
