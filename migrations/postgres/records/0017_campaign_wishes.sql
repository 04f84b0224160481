-- What people ask of a campaign without a connection to the router: the server passes it on and removes it.
create table campaign_wish (
    campaign text primary key references campaign (name),
    run text not null check (run in ('stopped', 'running', 'paused', 'draining')),
    asked_at_ms bigint not null,
    asked_by text not null
);
